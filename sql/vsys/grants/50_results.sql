GRANT SELECT ON vsys.dose_fault TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_auditor, outbreak_worker;

-- Doses of persons are written by functions alone.
GRANT SELECT ON vsys.dose TO outbreak_institution, outbreak_municipality, outbreak_citizen;
GRANT SELECT ON vsys.dose_issue TO outbreak_institution, outbreak_municipality;
-- how many wait: nothing of whose they are
GRANT SELECT (code, municipality, prefecture, site, found_at, state, settled_at) ON vsys.dose_issue TO outbreak_prefecture, outbreak_ministry;
GRANT EXECUTE ON FUNCTION vsys.issue_counts(text, timestamptz) TO outbreak_municipality, outbreak_prefecture, outbreak_ministry;
GRANT SELECT ON vsys.vrs_import, vsys.resident_number TO outbreak_municipality;
GRANT EXECUTE ON FUNCTION vsys.record_dose(outbreak.institution_code, text, text, timestamptz, smallint, text, text, boolean, text, timestamptz),
	vsys.check_dose(outbreak.institution_code, text, text, timestamptz, smallint, timestamptz),
	vsys.correct_dose(bigint, jsonb, text, timestamptz), vsys.withdraw_dose(bigint, text),
	vsys.mend_dose(bigint, jsonb, timestamptz), vsys.dismiss_dose(bigint, text)
	TO outbreak_institution, outbreak_municipality;
GRANT EXECUTE ON FUNCTION vsys.import_vrs(bytea, text, timestamptz), vsys.export_vrs(outbreak.municipality_code, date, date, text)
	TO outbreak_municipality;
GRANT EXECUTE ON FUNCTION vsys.read_date(text), vsys.read_time(text), vsys.day_or_null(integer, integer, integer)
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_worker;

-- Results as numbers.
GRANT SELECT, INSERT ON vsys.result_entry TO outbreak_institution, outbreak_prefecture, outbreak_ministry;
GRANT EXECUTE ON FUNCTION vsys.add_result(outbreak.institution_code, date, text, smallint, integer, text)
	TO outbreak_institution, outbreak_prefecture, outbreak_ministry;
GRANT EXECUTE ON FUNCTION vsys.site_results(outbreak.institution_code, date), vsys.unscanned_of(outbreak.institution_code[], date), vsys.site_doses(outbreak.institution_code[], date, date)
	TO outbreak_institution, outbreak_prefecture, outbreak_ministry, outbreak_analyst;
-- Sums.
GRANT SELECT ON vsys.dose_change, vsys.doses_by_site
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_worker;
GRANT SELECT ON vsys.doses_by_lag, vsys.doses_by_day, vsys.doses_by_age, vsys.doses_as_known
	TO outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_worker;
GRANT SELECT ON vsys.doses_by_prefecture TO outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_worker;
GRANT SELECT ON vsys.unscanned TO outbreak_institution, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_worker;
GRANT EXECUTE ON FUNCTION vsys.known_level(text, text[]), vsys.coverage(text, text, boolean), vsys.daily_doses(text, date, date, text),
	vsys.days_of_cover(timestamptz, text, integer), vsys.usage_rate(timestamptz, text, text), vsys.delivered_doses(date, text),
	vsys.missing_doses(timestamptz, text), vsys.entry_lag(timestamptz, text), vsys.lag_cells(date, integer, text), vsys.entered_doses(date, integer, text)
	TO outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_worker;
GRANT EXECUTE ON FUNCTION vsys.fairness(timestamptz, text, text) TO outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_worker;
GRANT EXECUTE ON FUNCTION vsys.prefecture_ndjson(text, date, date, integer), vsys.age_class(integer, integer) TO outbreak_prefecture, outbreak_ministry, outbreak_analyst;
GRANT EXECUTE ON FUNCTION vsys.days_of_cover(timestamptz, text, integer), vsys.known_level(text, text[]) TO outbreak_institution;

-- What is published.
GRANT EXECUTE ON FUNCTION vsys.published_coverage(text, text, date), vsys.known_level(text, text[])
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst;

-- Jobs.
GRANT EXECUTE ON FUNCTION vsys.fold_doses(timestamptz), vsys.take_unbooked_doses(timestamptz), vsys.publish_coverage(timestamptz) TO outbreak_worker;
