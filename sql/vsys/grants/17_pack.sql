GRANT SELECT ON vsys.product_pack
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_analyst, outbreak_auditor, outbreak_worker;
GRANT INSERT, UPDATE, DELETE ON vsys.product_pack TO outbreak_ministry;
GRANT EXECUTE ON FUNCTION vsys.stop_check(text, outbreak.institution_code, text, timestamptz)
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry;
