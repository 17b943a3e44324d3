GRANT EXECUTE ON FUNCTION api.delivery_schedule(date, date), api.delivery_schedule_geojson(date, date), api.delivery_calendar(date, date),
	api.delivery_notices(boolean), api.confirm_delivery(bigint, text), api.unnoticed_deliveries(integer), api.delivery_discrepancies(boolean)
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler;
GRANT EXECUTE ON FUNCTION api.set_branch_day(date, integer, integer, text) TO outbreak_wholesaler;
GRANT EXECUTE ON FUNCTION api.move_delivery(bigint, date, text), api.lose_delivery(bigint, text), api.ship_scan(bigint, text, integer, timestamptz, smallint, text, boolean, text),
	api.ship_delivery(bigint, text, integer, timestamptz, smallint, text, date, text, boolean, text)
	TO outbreak_wholesaler, outbreak_ministry;
GRANT EXECUTE ON FUNCTION api.receive_scan(bigint, text, text, integer, integer, text, boolean, timestamptz, boolean, text, text), api.receive_delivery(bigint, integer, text, text, integer, text, boolean, timestamptz, boolean, date, text, text),
	api.send_vials(text, text, text, text, integer, timestamptz, text, smallint),
	api.receive_vials(bigint, timestamptz, integer, text, integer, integer, text, text)
	TO outbreak_institution, outbreak_ministry;
GRANT EXECUTE ON FUNCTION api.overdue_transfers(), api.in_transit(timestamptz)
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst;
GRANT EXECUTE ON FUNCTION api.delivery_chain(bigint) TO outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst;
GRANT EXECUTE ON FUNCTION api.explain_discrepancy(bigint, text, text, text) TO outbreak_wholesaler, outbreak_prefecture, outbreak_ministry;
GRANT EXECUTE ON FUNCTION api.reroute_delivery(bigint, text, date, text), api.assign_area(bigint, text, date, text[], smallint) TO outbreak_prefecture, outbreak_ministry;
GRANT EXECUTE ON FUNCTION api.plan_delivery(bigint, smallint, smallint, integer, integer, integer), api.plan_lines(bigint), api.verify_plan(bigint), api.publish_plan(bigint, text), api.withdraw_plan(bigint),
	api.cancel_delivery(bigint, text)
	TO outbreak_ministry;
