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
