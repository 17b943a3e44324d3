GRANT USAGE ON SCHEMA api TO outbreak_anon, outbreak_citizen, outbreak_health_center, outbreak_prefecture, outbreak_quarantine, outbreak_ministry, outbreak_analyst;
GRANT USAGE ON SCHEMA ops TO outbreak_quarantine, outbreak_ministry;
GRANT EXECUTE ON FUNCTION ops.json_value(jsonb) TO outbreak_quarantine, outbreak_ministry;
GRANT EXECUTE ON FUNCTION access.in_a_post() TO outbreak_anon, outbreak_citizen, outbreak_health_center, outbreak_prefecture, outbreak_quarantine, outbreak_ministry;
GRANT EXECUTE ON FUNCTION quarantine.json_instant(text) TO outbreak_quarantine, outbreak_ministry;
GRANT SELECT ON api.ports TO outbreak_anon, outbreak_citizen, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_quarantine, outbreak_ministry, outbreak_analyst, outbreak_auditor;
GRANT EXECUTE ON FUNCTION api.arrival_form(text, date)
	TO outbreak_anon, outbreak_citizen, outbreak_health_center, outbreak_prefecture, outbreak_quarantine, outbreak_ministry, outbreak_analyst;
GRANT EXECUTE ON FUNCTION api.enter_arrival(jsonb, jsonb), api.change_arrival(text, jsonb, jsonb), api.cancel_arrival(text), api.my_arrival(text),
	api.submit_document(text, integer, text, text, text), api.arrival_ticket_page(text, text), api.arrival_ticket_svg(text)
	TO outbreak_anon, outbreak_citizen;
GRANT SELECT ON api.travellers TO outbreak_quarantine, outbreak_health_center, outbreak_prefecture, outbreak_ministry, outbreak_analyst;
GRANT SELECT ON api.flights TO outbreak_quarantine, outbreak_ministry, outbreak_analyst;
GRANT INSERT (port, kind, conveyance, scheduled_at, arrived_at, passengers, country, missing_rows), UPDATE (scheduled_at, arrived_at, passengers, country, missing_rows), DELETE ON api.flights TO outbreak_quarantine, outbreak_ministry;
GRANT SELECT ON api.positive_arrivals, api.contacts_on_flights TO outbreak_quarantine, outbreak_health_center, outbreak_prefecture, outbreak_ministry, outbreak_analyst;
GRANT EXECUTE ON FUNCTION api.scan_ticket(text, text, timestamptz), api.scan_tickets(jsonb) TO outbreak_quarantine, outbreak_ministry;
GRANT EXECUTE ON FUNCTION api.review_document(bigint, integer, text, text, text), api.correct_traveller(uuid, jsonb) TO outbreak_quarantine, outbreak_ministry;
GRANT EXECUTE ON FUNCTION api.review_queue(text), api.arrival_document(bigint, integer, text), api.reveal_traveller(uuid), api.station_figures(date) TO outbreak_quarantine;
GRANT EXECUTE ON FUNCTION api.flight_contacts(uuid, integer) TO outbreak_quarantine, outbreak_ministry, outbreak_analyst;
GRANT EXECUTE ON FUNCTION api.positive_arrival(uuid, timestamptz, text, integer), api.withdraw_positive_arrival(bigint, text), api.decide_flight_contact(bigint, uuid, boolean, text)
	TO outbreak_quarantine, outbreak_health_center, outbreak_prefecture, outbreak_ministry;
GRANT EXECUTE ON FUNCTION api.arrival_throughput(date, text), api.arrival_forecast(text, date, integer, integer) TO outbreak_quarantine, outbreak_ministry, outbreak_analyst;
GRANT EXECUTE ON FUNCTION api.arrival_figures(date, text, smallint), api.arrival_figures_of_the_nation(date), api.unreachable_arrivals(date, integer)
	TO outbreak_health_center, outbreak_prefecture, outbreak_ministry, outbreak_analyst;
