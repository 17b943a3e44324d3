ALTER TABLE vsys.product_pack ENABLE ROW LEVEL SECURITY;
ALTER TABLE vsys.product_pack FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS owner ON vsys.product_pack;
CREATE POLICY owner ON vsys.product_pack TO outbreak_owner
	USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS ministry ON vsys.product_pack;
CREATE POLICY ministry ON vsys.product_pack TO outbreak_ministry
	USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS readers ON vsys.product_pack;
CREATE POLICY readers ON vsys.product_pack FOR SELECT TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_wholesaler, outbreak_analyst, outbreak_auditor, outbreak_worker
	USING (true);
