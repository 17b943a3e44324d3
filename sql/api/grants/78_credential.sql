GRANT USAGE ON SCHEMA api TO outbreak_anon, outbreak_quarantine, outbreak_health_center, outbreak_prefecture, outbreak_ministry;
GRANT EXECUTE ON FUNCTION api.trust_list()
	TO outbreak_anon, outbreak_citizen, outbreak_health_center, outbreak_prefecture, outbreak_ministry, outbreak_quarantine;
GRANT EXECUTE ON FUNCTION api.check_ticket(text), api.verify_code(text), api.qr_svg(text, text)
	TO outbreak_quarantine, outbreak_health_center, outbreak_prefecture, outbreak_ministry;
GRANT EXECUTE ON FUNCTION api.revoke_ticket(uuid, text) TO outbreak_quarantine;
GRANT EXECUTE ON FUNCTION api.revoke_key(text, text), api.load_trust_list(text, jsonb, text) TO outbreak_ministry;
GRANT SELECT ON api.signing_keys TO outbreak_prefecture, outbreak_ministry, outbreak_quarantine;
