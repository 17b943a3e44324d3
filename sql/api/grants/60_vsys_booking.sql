GRANT EXECUTE ON FUNCTION api.read_ticket(text),
	api.book(bigint, text, text, date, integer, bigint, text),
	api.cancel_booking(bigint, text, text, date, text, boolean),
	api.rebook(bigint, bigint, text, text, date, text),
	api.my_bookings(text, text, date),
	api.join_waiting_list(bigint, text, text, date, integer, bigint[], timestamptz),
	api.leave_waiting_list(bigint, text, text, date),
	api.my_waiting(text, text, date),
	api.request_booking(bigint[], text, text, date, integer, bigint[], boolean),
	api.queue_place(bigint, uuid),
	api.withdraw_request(bigint, uuid)
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_municipality;
GRANT EXECUTE ON FUNCTION api.make_sessions(text, text, text, jsonb, date, date, date[], integer, text, timestamptz, interval, text[], integer, boolean),
	api.set_session(bigint, text, timestamptz, timestamptz, text[], integer, boolean),
	api.set_capacity(bigint, integer),
	api.close_session(bigint, text),
	api.reopen_session(bigint),
	api.mark_no_shows(bigint),
	api.enter_status(text, text)
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture;
GRANT EXECUTE ON FUNCTION api.day_list(text, date)
	TO outbreak_institution, outbreak_municipality;
GRANT EXECUTE ON FUNCTION api.issue_tickets(jsonb, text),
	api.reissue_ticket(text, text),
	api.withdraw_tickets(text[], text)
	TO outbreak_municipality;
GRANT EXECUTE ON FUNCTION api.vaccination_sites(smallint, text, text, text),
	api.vaccination_sites_geojson(smallint, text, text),
	api.site_slots(text, date, date),
	api."$bulk-publish"(),
	api.fhir_locations(smallint),
	api.fhir_schedules(smallint),
	api.fhir_slots(smallint, date)
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst;
