GRANT USAGE ON SCHEMA vsys TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_analyst, outbreak_auditor, outbreak_worker;

-- Public: products, lots, which site has which vaccine, groups, programmes, and who is where.
GRANT SELECT ON vsys.product, vsys.lot, vsys.site_product, vsys.priority_group, vsys.population, vsys.programme, vsys.programme_product
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_analyst, outbreak_auditor, outbreak_worker;
GRANT INSERT, UPDATE, DELETE ON vsys.product, vsys.lot, vsys.priority_group, vsys.population, vsys.programme, vsys.programme_product
	TO outbreak_ministry;
GRANT INSERT (product, lot, expiry_on) ON vsys.lot TO outbreak_wholesaler, outbreak_prefecture;

-- Of sites the public sees what visitors need.
GRANT SELECT (site, prefecture, municipality, kind, public, reservation, reservation_url, reservation_phone, notes, state)
	ON vsys.site TO outbreak_anon, outbreak_citizen;
GRANT SELECT ON vsys.site
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_analyst, outbreak_auditor, outbreak_worker;
GRANT INSERT, UPDATE, DELETE ON vsys.site TO outbreak_ministry;
GRANT INSERT (site, municipality, kind, basic_site, association, state), UPDATE (kind, basic_site, public, reservation, reservation_url, reservation_phone, notes, association, state)
	ON vsys.site TO outbreak_institution;
GRANT INSERT, UPDATE ON vsys.site TO outbreak_municipality, outbreak_prefecture;
GRANT INSERT (site, product, valid), UPDATE (valid), DELETE ON vsys.site_product
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry;

GRANT SELECT ON vsys.ticket TO outbreak_municipality, outbreak_citizen;
GRANT INSERT, UPDATE ON vsys.ticket TO outbreak_municipality;

GRANT EXECUTE ON FUNCTION vsys.in_my_municipality(outbreak.institution_code), vsys.may_enter(outbreak.institution_code)
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry;

GRANT EXECUTE ON FUNCTION vsys.site_refused(text, text, jsonb, text), vsys.site_state(outbreak.institution_code, text),
	vsys.apply_site(outbreak.institution_code, outbreak.municipality_code, text, outbreak.institution_code, bigint),
	vsys.authorise_site(outbreak.institution_code),
	vsys.register_site(outbreak.institution_code, text[], boolean, text, text, text, text),
	vsys.open_site(outbreak.institution_code), vsys.pause_site(outbreak.institution_code), vsys.close_site(outbreak.institution_code),
	vsys.change_site_kind(outbreak.institution_code, text, outbreak.institution_code),
	vsys.change_sites(text[], text), registry.code_fault(text, text)
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry;
