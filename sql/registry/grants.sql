GRANT USAGE ON SCHEMA registry TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_quarantine, outbreak_analyst, outbreak_auditor, outbreak_worker;

-- Places are public.
GRANT SELECT ON registry.prefecture, registry.prefecture_neighbour, registry.block_neighbour, registry.municipality,
	registry.medical_area_vintage, registry.medical_area, registry.medical_area_municipality
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_quarantine, outbreak_analyst, outbreak_auditor, outbreak_worker;

-- Of institutions the public sees what the public portal shows: not whom to call about reports.
GRANT SELECT (institution, prefecture, municipality, kind, name_ja, zip, address, phone, location, designation, beds_licensed, valid)
	ON registry.institution TO outbreak_anon, outbreak_citizen;
-- what an earlier version granted; taken back once, since it takes the columns along
DO $$
BEGIN
	IF has_table_privilege('outbreak_institution', 'registry.institution', 'SELECT') THEN
		REVOKE SELECT ON registry.institution FROM outbreak_institution;
	END IF;
END
$$;
GRANT SELECT (institution, prefecture, municipality, kind, name_ja, kana, zip, address, phone, location, designation,
		beds_general, beds_long_term, beds_psychiatric, beds_tuberculosis, beds_infectious, beds_licensed, valid)
	ON registry.institution TO outbreak_institution, outbreak_analyst, outbreak_wholesaler;
GRANT SELECT ON registry.institution
	TO outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_quarantine, outbreak_auditor, outbreak_worker;

GRANT SELECT ON registry.health_center, registry.institution_identifier, registry.organisation
	TO outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_quarantine, outbreak_analyst, outbreak_auditor, outbreak_worker;
GRANT SELECT ON registry.proxy
	TO outbreak_institution, outbreak_prefecture, outbreak_ministry, outbreak_auditor, outbreak_worker;
GRANT SELECT ON registry.load, registry.load_issue, registry.issue_kind, registry.institution_code_list
	TO outbreak_prefecture, outbreak_ministry, outbreak_auditor, outbreak_worker;

-- Writing. DELETE on institutions is granted so that the trigger can say what to do instead.
GRANT INSERT, UPDATE, DELETE ON registry.prefecture, registry.prefecture_neighbour, registry.block_neighbour, registry.municipality,
	registry.medical_area_vintage, registry.medical_area, registry.medical_area_municipality, registry.health_center,
	registry.institution, registry.institution_identifier, registry.organisation, registry.proxy,
	registry.load, registry.load_issue, registry.institution_code_list
	TO outbreak_ministry;
GRANT INSERT, UPDATE, DELETE ON registry.health_center, registry.institution, registry.proxy TO outbreak_prefecture;
GRANT USAGE ON SEQUENCE registry.health_center_number TO outbreak_ministry, outbreak_prefecture;
GRANT USAGE ON SEQUENCE registry.organisation_number, registry.load_number TO outbreak_ministry;

-- Functions that read.
GRANT EXECUTE ON FUNCTION registry.block_of(integer), registry.current_vintage(date), registry.area_of(outbreak.municipality_code, text)
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_quarantine, outbreak_analyst, outbreak_auditor, outbreak_worker;
GRANT EXECUTE ON FUNCTION registry.load_report(bigint) TO outbreak_prefecture, outbreak_ministry, outbreak_auditor, outbreak_worker;

-- The loaders and what they are made of.
GRANT EXECUTE ON FUNCTION registry.load_municipalities(jsonb, text), registry.load_medical_areas(jsonb, text, text, date),
	registry.load_institution_codes(jsonb, text), registry.load_hospitals(jsonb, text),
	registry.csv_to_rows(text), registry.csv_records(text), registry.csv_record(text[], text[]), registry.rows_of(jsonb), registry.municipality_rows(jsonb), registry.hospital_rows(jsonb),
	registry.code_fault(text, text), registry.plain_name(text), registry.short_name(text), registry.japan_point(text, text),
	registry.is_zero_point(text, text), registry.date_or_null(text), registry.reason(text, text)
	TO outbreak_ministry;

-- ---- persons. What the system sets nobody may name: prefecture, and every column of identity that policies look at.

GRANT SELECT ON registry.person
	TO outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_worker;
GRANT INSERT (person, sex, birth_year, municipality, health_center, institution), UPDATE (sex, birth_year, municipality, health_center, institution, closed_on)
	ON registry.person TO outbreak_institution, outbreak_health_center, outbreak_prefecture;
GRANT SELECT ON registry.identity
	TO outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_prefecture, outbreak_worker;
GRANT INSERT (person, name, kana, birth_on, phone, mail, address), UPDATE (name, kana, birth_on, phone, mail, address)
	ON registry.identity TO outbreak_institution, outbreak_health_center, outbreak_prefecture;

GRANT EXECUTE ON FUNCTION registry.person_faults(text, text, text, text, text, text, text, text, text, text), registry.code_fault(text, text), registry.date_or_null(text),
	registry.refuse_person(jsonb), registry.iso_date(date), registry.person_fault(text, text, text),
	registry.register_person(text, text, date, text, text, text, text, outbreak.municipality_code, bigint, outbreak.institution_code),
	registry.correct_identity(uuid, text, text, date, text, text, text, text, outbreak.municipality_code),
	registry.close_person(uuid, date)
	TO outbreak_institution, outbreak_health_center, outbreak_prefecture;
GRANT EXECUTE ON FUNCTION registry.find_person(text, text, date, text, text)
	TO outbreak_institution, outbreak_health_center, outbreak_prefecture, outbreak_worker;
GRANT EXECUTE ON FUNCTION registry.iso_date(date), registry.date_or_null(text) TO outbreak_worker;
GRANT EXECUTE ON FUNCTION registry.reveal_identity(uuid)
	TO outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_prefecture, outbreak_worker;
GRANT EXECUTE ON FUNCTION registry.forget_person(uuid, boolean) TO outbreak_worker;
