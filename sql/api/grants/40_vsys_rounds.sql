GRANT SELECT ON api.vaccine_rounds
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_analyst, outbreak_auditor;
GRANT SELECT ON api.vaccine_requests, api.vaccine_allotments
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst;
GRANT SELECT ON api.vaccine_allotments TO outbreak_wholesaler;
GRANT EXECUTE ON FUNCTION api.request_vaccine(bigint, jsonb)
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry;
GRANT EXECUTE ON FUNCTION api.explain_allotment(bigint, text)
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_analyst, outbreak_auditor;
GRANT EXECUTE ON FUNCTION api.round_result(bigint, text), api.compare_rounds(bigint, bigint, text), api.round_fairness(bigint, text)
	TO outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst;
GRANT EXECUTE ON FUNCTION api.what_if_round(bigint, jsonb, text) TO outbreak_ministry, outbreak_analyst;
GRANT EXECUTE ON FUNCTION api.submit_split(bigint, integer, text, jsonb) TO outbreak_municipality, outbreak_prefecture, outbreak_ministry;
