GRANT SELECT ON vsys.storage_state, vsys.storage_step
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_analyst, outbreak_auditor, outbreak_worker;
GRANT INSERT, UPDATE, DELETE ON vsys.storage_state, vsys.storage_step TO outbreak_ministry;
GRANT SELECT ON vsys.storage_batch, vsys.storage_move, vsys.storage_flow, vsys.freezer
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_auditor, outbreak_worker;
GRANT INSERT (site, product, lot, state, vials, moved_at, key)
	ON vsys.storage_move TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry;
GRANT INSERT, UPDATE, DELETE ON vsys.freezer TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry;

GRANT EXECUTE ON FUNCTION vsys.storage_rule(text, text, date), vsys.label_end(date)
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_analyst, outbreak_auditor, outbreak_worker;
GRANT EXECUTE ON FUNCTION vsys.store(outbreak.institution_code, text, text, text, integer, timestamptz, text)
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry;
GRANT EXECUTE ON FUNCTION vsys.storage(outbreak.institution_code, timestamptz), vsys.pick(outbreak.institution_code, text, integer, timestamptz),
	vsys.use_today(outbreak.institution_code, timestamptz), vsys.freezer_room(outbreak.institution_code, text, timestamptz),
	vsys.site_room(text, date), vsys.freezer_count(date)
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_auditor, outbreak_worker;
