GRANT USAGE ON SCHEMA vsys TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_analyst, outbreak_auditor, outbreak_worker;

-- Products, groups, programmes, and who is where, are public.
GRANT SELECT ON vsys.product, vsys.priority_group, vsys.population, vsys.programme, vsys.programme_product
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_analyst, outbreak_auditor, outbreak_worker;
GRANT INSERT, UPDATE, DELETE ON vsys.product, vsys.priority_group, vsys.population, vsys.programme, vsys.programme_product
	TO outbreak_ministry;
