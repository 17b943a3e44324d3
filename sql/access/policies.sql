DROP POLICY IF EXISTS owner ON access.account;
CREATE POLICY owner ON access.account TO outbreak_owner
	USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS ministry ON access.account;
CREATE POLICY ministry ON access.account TO outbreak_ministry
	USING (true) WITH CHECK (true);

-- ---- sealed fields: keys are for the functions of outbreak_owner alone; who may reveal what is no secret
DROP POLICY IF EXISTS owner ON access.master_key;
CREATE POLICY owner ON access.master_key TO outbreak_owner
	USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS owner ON access.data_key;
CREATE POLICY owner ON access.data_key TO outbreak_owner
	USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS owner ON access.reveal_right;
CREATE POLICY owner ON access.reveal_right TO outbreak_owner
	USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS ministry ON access.reveal_right;
CREATE POLICY ministry ON access.reveal_right TO outbreak_ministry
	USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS auditor ON access.reveal_right;
CREATE POLICY auditor ON access.reveal_right FOR SELECT TO outbreak_auditor
	USING (true);
