DROP POLICY IF EXISTS owner ON access.account;
CREATE POLICY owner ON access.account TO outbreak_owner
	USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS ministry ON access.account;
CREATE POLICY ministry ON access.account TO outbreak_ministry
	USING (true) WITH CHECK (true);
