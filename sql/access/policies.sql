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

-- ---- the audit trail

ALTER TABLE access.audit ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.audit FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS owner ON access.audit;
CREATE POLICY owner ON access.audit TO outbreak_owner
	USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON access.audit;
CREATE POLICY reader ON access.audit FOR SELECT TO outbreak_auditor, outbreak_ministry
	USING (true);
ALTER TABLE access.audit_default ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.audit_default FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS owner ON access.audit_default;
CREATE POLICY owner ON access.audit_default TO outbreak_owner
	USING (true) WITH CHECK (true);

ALTER TABLE access.audit_head ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.audit_head FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS owner ON access.audit_head;
CREATE POLICY owner ON access.audit_head TO outbreak_owner
	USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON access.audit_head;
CREATE POLICY reader ON access.audit_head FOR SELECT TO outbreak_auditor, outbreak_ministry
	USING (true);

ALTER TABLE access.audit_signature ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.audit_signature FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS owner ON access.audit_signature;
CREATE POLICY owner ON access.audit_signature TO outbreak_owner
	USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON access.audit_signature;
CREATE POLICY reader ON access.audit_signature FOR SELECT TO outbreak_auditor, outbreak_ministry
	USING (true);

ALTER TABLE access.audit_anchor ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.audit_anchor FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS owner ON access.audit_anchor;
CREATE POLICY owner ON access.audit_anchor TO outbreak_owner
	USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON access.audit_anchor;
CREATE POLICY reader ON access.audit_anchor FOR SELECT TO outbreak_auditor, outbreak_ministry
	USING (true);
