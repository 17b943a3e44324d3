GRANT EXECUTE ON FUNCTION api.may_release(bigint), api.ready_for_release(bigint), api.release_patient(bigint), api.enter_test(bigint, timestamptz, text, text),
	api.correct_followup(bigint, jsonb, text), api.call_list(bigint), api.workload(bigint, integer, numeric)
	TO outbreak_health_center, outbreak_prefecture;
GRANT EXECUTE ON FUNCTION api.preview_period(text, text, integer, date) TO outbreak_prefecture, outbreak_ministry;
GRANT EXECUTE ON FUNCTION api.change_period(text, text, integer, date, text, boolean) TO outbreak_ministry;
GRANT EXECUTE ON FUNCTION api.compliance(date, date, bigint), api.compliance_by_channel(date, date, bigint)
	TO outbreak_health_center, outbreak_prefecture, outbreak_ministry, outbreak_quarantine, outbreak_analyst;
GRANT EXECUTE ON FUNCTION api.silent_persons(integer, bigint) TO outbreak_health_center, outbreak_prefecture, outbreak_quarantine;
