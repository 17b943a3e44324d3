GRANT USAGE ON SCHEMA api TO outbreak_citizen, outbreak_health_center, outbreak_prefecture, outbreak_quarantine, outbreak_ministry, outbreak_analyst;
GRANT SELECT ON api.random_commitments
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_quarantine, outbreak_analyst, outbreak_auditor;
GRANT SELECT ON api.followups, api.followup_slots, api.followup_notifications TO outbreak_health_center, outbreak_prefecture, outbreak_quarantine;
GRANT SELECT ON api.health_answers TO outbreak_citizen, outbreak_health_center, outbreak_prefecture;
GRANT SELECT ON api.followup_alerts, api.followup_calls TO outbreak_health_center, outbreak_prefecture;
GRANT SELECT ON api.followup_slots TO outbreak_ministry, outbreak_analyst;
GRANT EXECUTE ON FUNCTION api.my_slots(date), api.my_followups(), api.answer_household(boolean, date, integer) TO outbreak_citizen;
GRANT EXECUTE ON FUNCTION api.answer(text, jsonb, uuid, date, integer, text), api.set_place_of_stay(bigint, double precision, double precision, integer)
	TO outbreak_citizen, outbreak_health_center, outbreak_prefecture;
GRANT EXECUTE ON FUNCTION api.enrol(uuid, text, date, text, uuid, text, jsonb), api.close_followup(bigint, text, text), api.convert_followup(bigint, text, date, text, jsonb),
	api.move_followup(bigint, bigint), api.note_call(bigint, text), api.handle_alert(bigint, text)
	TO outbreak_health_center, outbreak_prefecture;
GRANT EXECUTE ON FUNCTION api.note_notification(bigint) TO outbreak_prefecture;
