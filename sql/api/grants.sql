GRANT USAGE ON SCHEMA api TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_quarantine, outbreak_analyst, outbreak_auditor;

-- What the public portal shows, everybody sees.
GRANT SELECT ON api.covid19_daily_survey, api.forms, api.prefectures
	TO outbreak_anon, outbreak_institution, outbreak_prefecture, outbreak_ministry, outbreak_analyst;
GRANT EXECUTE ON FUNCTION api.covid19_daily_survey_since(date, text, text, text), api.service_counts(date, text), api.reporting_rate(date)
	TO outbreak_anon, outbreak_institution, outbreak_prefecture, outbreak_ministry, outbreak_analyst;

-- Forms: what comes back is a matter of row-level security.
GRANT SELECT ON api.rules, api.institutions
	TO outbreak_institution, outbreak_prefecture, outbreak_ministry, outbreak_analyst;
GRANT SELECT ON api.findings, api.rejected, api.reminders
	TO outbreak_institution, outbreak_prefecture, outbreak_ministry;
GRANT EXECUTE ON FUNCTION api.submit(text, jsonb, text), api.give_reason(text, jsonb, text, text), api.resubmit(bigint, jsonb),
	api."check"(text, jsonb), api.reports(text, date, date, text), api.as_known_at(text, timestamptz, date, date), api.history(text, jsonb),
	api.completeness(text, date)
	TO outbreak_institution, outbreak_prefecture, outbreak_ministry;

-- Finding a bed.
GRANT EXECUTE ON FUNCTION api.nearest_free(double precision, double precision, text, integer, integer, interval),
	api.nearest_free_geojson(double precision, double precision, text, integer, integer, interval)
	TO outbreak_institution, outbreak_health_center, outbreak_prefecture, outbreak_ministry;

-- The morning of an official.
GRANT EXECUTE ON FUNCTION api.bed_occupancy(date, text, integer), api.service_counts_all(date, text)
	TO outbreak_prefecture, outbreak_ministry, outbreak_analyst;
GRANT EXECUTE ON FUNCTION api.supply_outlook(date), api.silent(date), api.stopped(date)
	TO outbreak_prefecture, outbreak_ministry;

-- Persons: pseudonyms, and those who treat them. A citizen sees the one that is himself.
GRANT SELECT ON api.persons TO outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_prefecture;
GRANT EXECUTE ON FUNCTION api.identity(text)
	TO outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_prefecture;
GRANT EXECUTE ON FUNCTION api.register_person(text, text, text, text, text, text, text, text, text, text), api.find_persons(text, text, text, text, text),
	api.correct_person(text, text, text, text, text, text, text, text, text), api.close_person(text, date)
	TO outbreak_institution, outbreak_health_center, outbreak_prefecture;
GRANT EXECUTE ON FUNCTION api.my_scope()
	TO outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_quarantine, outbreak_analyst, outbreak_auditor;
