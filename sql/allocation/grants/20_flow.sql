-- Who plans deliveries may solve them; the queries see what their caller may see.
GRANT EXECUTE ON FUNCTION outbreak.min_cost_flow(text, text, text), outbreak.min_cost_flow_duals(text, text, text),
	outbreak.min_cost_flow_solution(text, text, text), outbreak.verify_flow(text, text, text, text)
	TO outbreak_ministry, outbreak_prefecture, outbreak_municipality, outbreak_wholesaler, outbreak_analyst, outbreak_auditor, outbreak_worker;
