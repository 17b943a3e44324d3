GRANT SELECT ON api.doses, api.dose_issues TO outbreak_institution, outbreak_municipality;
GRANT EXECUTE ON FUNCTION api.record_dose(text, text, text, timestamptz, smallint, text, text, boolean), api.check_dose(text, text, text, timestamptz, smallint),
	api.correct_dose(bigint, jsonb, text), api.withdraw_dose(bigint, text), api.mend_dose(bigint, jsonb), api.dismiss_dose(bigint, text)
	TO outbreak_institution, outbreak_municipality;
GRANT EXECUTE ON FUNCTION api.import_vrs(bytea), api.export_vrs(text, date, date, text) TO outbreak_municipality;
GRANT EXECUTE ON FUNCTION api.dose_issue_counts(text, timestamptz) TO outbreak_municipality, outbreak_prefecture, outbreak_ministry;
GRANT EXECUTE ON FUNCTION api.my_doses() TO outbreak_citizen;
GRANT EXECUTE ON FUNCTION api.add_result(text, date, text, smallint, integer, text) TO outbreak_institution, outbreak_prefecture, outbreak_ministry;
GRANT EXECUTE ON FUNCTION api.site_results(text, date) TO outbreak_institution, outbreak_prefecture, outbreak_ministry, outbreak_analyst;
GRANT EXECUTE ON FUNCTION api.vsys_site(text)
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst;
GRANT EXECUTE ON FUNCTION api.vaccination_coverage(text, text, date)
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst;
GRANT EXECUTE ON FUNCTION api.coverage(text, text, boolean), api.daily_doses(text, date, date, text), api.usage_rate(timestamptz, text, text)
	TO outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst;
GRANT EXECUTE ON FUNCTION api.days_of_cover(timestamptz, text, integer) TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst;
GRANT EXECUTE ON FUNCTION api.fairness(timestamptz, text, text) TO outbreak_prefecture, outbreak_ministry, outbreak_analyst;
GRANT EXECUTE ON FUNCTION api.prefecture_ndjson(text, date, date) TO outbreak_prefecture, outbreak_ministry, outbreak_analyst;
