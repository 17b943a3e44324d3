GRANT USAGE ON SCHEMA gmis TO outbreak_anon, outbreak_institution, outbreak_health_center, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_auditor, outbreak_worker;

GRANT SELECT ON gmis.service, gmis.supply_item TO outbreak_anon, outbreak_institution, outbreak_health_center, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_auditor, outbreak_worker;
GRANT INSERT, UPDATE, DELETE ON gmis.service, gmis.supply_item TO outbreak_ministry;

-- The open data: statuses, and what the view needs to show them; not when and by whom they were reported.
GRANT SELECT (institution, on_date, service, status, prefecture) ON gmis.service_status TO outbreak_anon;
GRANT SELECT (form, institution, valid) ON report.expected TO outbreak_anon;
-- with a token one sees of them what one's role may see of the reports
GRANT SELECT ON gmis.covid19_daily_survey TO outbreak_anon, outbreak_institution, outbreak_prefecture, outbreak_ministry, outbreak_analyst;
GRANT EXECUTE ON FUNCTION gmis.covid19_daily_survey_since(date, text, text, text)
	TO outbreak_anon, outbreak_institution, outbreak_prefecture, outbreak_ministry, outbreak_analyst;

-- Sums and lists, within what the caller may see.
GRANT SELECT ON gmis.daily_by_municipality, gmis.daily_by_prefecture, gmis.expected_step TO outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_worker;
GRANT EXECUTE ON FUNCTION gmis.known(text, text, text[]), gmis.known_level(text, text[]), gmis.most_beds(text, integer), gmis.areas(text, text),
	gmis.recompute_day(date, smallint[]), gmis.daily_sums(date), gmis.days_by_prefecture(date, date), gmis.daily_totals(date, date, text),
	gmis.expected_sums(date), gmis.newest_sums(date, integer), gmis.bed_occupancy(date, text, integer), gmis.service_counts(date, text),
	gmis.reporting_rate(date), gmis.stopped(date), gmis.supply_outlook(date)
	TO outbreak_prefecture, outbreak_ministry, outbreak_analyst;
-- with names of persons to call
GRANT EXECUTE ON FUNCTION gmis.silent(date) TO outbreak_prefecture, outbreak_ministry;

-- Finding a bed.
GRANT SELECT ON gmis.free_bed, gmis.changed_bed TO outbreak_institution, outbreak_health_center, outbreak_prefecture, outbreak_ministry, outbreak_analyst;
GRANT EXECUTE ON FUNCTION gmis.nearest_free(@postgis@.geometry, text, integer, integer, timestamptz, interval),
	gmis.changed_free_beds(timestamptz, text),
	gmis.free_of(integer, integer, integer, integer, integer, integer, integer, integer, integer, integer, integer, integer), gmis.known(text, text, text[])
	TO outbreak_institution, outbreak_health_center, outbreak_prefecture, outbreak_ministry, outbreak_analyst;
-- … as it was, for those who read reports and their history
GRANT EXECUTE ON FUNCTION gmis.free_beds_as_of(timestamptz, timestamptz, text) TO outbreak_institution, outbreak_prefecture, outbreak_ministry;

-- The job. What forms and triggers call is for the owner alone: they call it as the owner.
GRANT EXECUTE ON FUNCTION gmis.fold() TO outbreak_worker;
