GRANT SELECT ON followup.release_rule
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_quarantine, outbreak_analyst, outbreak_auditor, outbreak_worker;
GRANT INSERT, UPDATE, DELETE ON followup.release_rule TO outbreak_ministry;
GRANT SELECT ON followup.clinical, followup.test, followup.correction TO outbreak_health_center, outbreak_prefecture;
GRANT EXECUTE ON FUNCTION followup.release_conditions(bigint, timestamptz), followup.may_release(bigint, timestamptz), followup.ready_for_release(bigint, timestamptz),
	followup.staff_release(bigint, timestamptz), followup.staff_correct(bigint, jsonb, text, timestamptz), followup.enter_test(bigint, timestamptz, text, text, timestamptz),
	followup.call_list(bigint, timestamptz)
	TO outbreak_health_center, outbreak_prefecture;
GRANT EXECUTE ON FUNCTION followup.workload(bigint, date, integer, numeric, numeric)
	TO outbreak_health_center, outbreak_prefecture;
GRANT EXECUTE ON FUNCTION followup.compliance(date, date, bigint), followup.compliance_by_channel(date, date, bigint)
	TO outbreak_health_center, outbreak_prefecture, outbreak_ministry, outbreak_quarantine, outbreak_analyst;
GRANT EXECUTE ON FUNCTION followup.silent(integer, bigint, timestamptz)
	TO outbreak_health_center, outbreak_prefecture, outbreak_quarantine;
GRANT EXECUTE ON FUNCTION followup.preview_period(text, text, integer, date, timestamptz) TO outbreak_prefecture, outbreak_ministry;
GRANT EXECUTE ON FUNCTION followup.change_period(text, text, integer, date, text, boolean, timestamptz) TO outbreak_ministry;
