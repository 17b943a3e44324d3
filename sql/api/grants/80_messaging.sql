-- Gateways are nobody: their signature decides.
GRANT EXECUTE ON FUNCTION api.line_webhook(json), api.delivery_report(json) TO outbreak_anon;
GRANT SELECT ON api.messages TO outbreak_citizen, outbreak_health_center, outbreak_prefecture, outbreak_ministry;
GRANT SELECT ON api.messages_by_day TO outbreak_health_center, outbreak_prefecture, outbreak_ministry;
GRANT SELECT ON api.messaging_health TO outbreak_ministry;
GRANT EXECUTE ON FUNCTION api.message_evidence(date, uuid) TO outbreak_health_center, outbreak_prefecture, outbreak_ministry;
GRANT EXECUTE ON FUNCTION api.stop_messages(text), api.allow_messages(text) TO outbreak_citizen;
