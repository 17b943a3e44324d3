-- ---- accounts

DROP POLICY IF EXISTS owner ON access.account;
CREATE POLICY owner ON access.account TO outbreak_owner
	USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS ministry ON access.account;
CREATE POLICY ministry ON access.account TO outbreak_ministry
	USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS auditor ON access.account;
CREATE POLICY auditor ON access.account FOR SELECT TO outbreak_auditor
	USING (true);
-- A prefecture sees the accounts that lie in it, and issues and withdraws those of its institutions. It cannot take a
-- withdrawal back, nor choose a subject, which might be that of somebody whose tokens come from elsewhere.
DROP POLICY IF EXISTS prefecture ON access.account;
CREATE POLICY prefecture ON access.account FOR SELECT TO outbreak_prefecture
	USING (home = outbreak.my_prefecture());
DROP POLICY IF EXISTS prefecture_issues ON access.account;
CREATE POLICY prefecture_issues ON access.account FOR INSERT TO outbreak_prefecture
	WITH CHECK (home = outbreak.my_prefecture() AND institution IS NOT NULL AND role = 'outbreak_institution' AND login IS NULL
		AND starts_with(subject, outbreak.text(institution) || '-') AND withdrawn_at IS NULL);
DROP POLICY IF EXISTS prefecture_withdraws ON access.account;
CREATE POLICY prefecture_withdraws ON access.account FOR UPDATE TO outbreak_prefecture
	USING (home = outbreak.my_prefecture() AND institution IS NOT NULL AND login IS NULL AND withdrawn_at IS NULL)
	WITH CHECK (home = outbreak.my_prefecture() AND withdrawn_at IS NOT NULL);

-- ---- limits of the API

DROP POLICY IF EXISTS owner ON access.api_limit;
CREATE POLICY owner ON access.api_limit TO outbreak_owner
	USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS ministry ON access.api_limit;
CREATE POLICY ministry ON access.api_limit TO outbreak_ministry
	USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS readers ON access.api_limit;
CREATE POLICY readers ON access.api_limit FOR SELECT
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_wholesaler, outbreak_quarantine, outbreak_analyst, outbreak_auditor, outbreak_worker
	USING (true);

-- ---- retention

-- How long what is kept is public knowledge.
DROP POLICY IF EXISTS owner ON access.retention;
CREATE POLICY owner ON access.retention TO outbreak_owner
	USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS ministry ON access.retention;
CREATE POLICY ministry ON access.retention TO outbreak_ministry
	USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS readers ON access.retention;
CREATE POLICY readers ON access.retention FOR SELECT TO outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_quarantine, outbreak_auditor, outbreak_worker
	USING (true);

-- A prefecture holds what is its own; a hold that names no prefecture is the ministry's.
DROP POLICY IF EXISTS owner ON access.legal_hold;
CREATE POLICY owner ON access.legal_hold TO outbreak_owner
	USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS ministry ON access.legal_hold;
CREATE POLICY ministry ON access.legal_hold TO outbreak_ministry
	USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS prefecture ON access.legal_hold;
CREATE POLICY prefecture ON access.legal_hold TO outbreak_prefecture
	USING (prefecture = outbreak.my_prefecture()) WITH CHECK (prefecture = outbreak.my_prefecture());
DROP POLICY IF EXISTS readers ON access.legal_hold;
CREATE POLICY readers ON access.legal_hold FOR SELECT TO outbreak_auditor, outbreak_worker
	USING (true);

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

-- ---- small cells

DROP POLICY IF EXISTS owner ON access.release_series;
CREATE POLICY owner ON access.release_series TO outbreak_owner
	USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS public ON access.release_series;
CREATE POLICY public ON access.release_series FOR SELECT
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_quarantine, outbreak_analyst, outbreak_auditor, outbreak_worker
	USING (true);
DROP POLICY IF EXISTS owner ON access.released;
CREATE POLICY owner ON access.released TO outbreak_owner
	USING (true) WITH CHECK (true);
-- what is published is everybody's; what is hidden is not in the table
DROP POLICY IF EXISTS public ON access.released;
CREATE POLICY public ON access.released FOR SELECT
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_quarantine, outbreak_analyst, outbreak_auditor, outbreak_worker
	USING (true);
DROP POLICY IF EXISTS owner ON access.release_proof;
CREATE POLICY owner ON access.release_proof TO outbreak_owner
	USING (true) WITH CHECK (true);
