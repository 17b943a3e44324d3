DROP POLICY IF EXISTS owner ON access.account;
CREATE POLICY owner ON access.account TO outbreak_owner
	USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS ministry ON access.account;
CREATE POLICY ministry ON access.account TO outbreak_ministry
	USING (true) WITH CHECK (true);

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
