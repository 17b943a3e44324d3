GRANT USAGE ON SCHEMA vsys TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_worker;

-- ---- code lists and what the public sees
GRANT SELECT ON vsys.booking_reason, vsys.product_coding
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_worker;
GRANT SELECT (site, prefecture, status, entered_at) ON vsys.site_status
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_worker;
GRANT INSERT, UPDATE, DELETE ON vsys.product_coding TO outbreak_ministry;
GRANT EXECUTE ON FUNCTION outbreak.site_availability(outbreak.institution_code),
	vsys.public_sites(smallint, outbreak.municipality_code, outbreak.institution_code, text), vsys.public_slots(outbreak.institution_code, date, date, timestamptz),
	vsys.fhir_locations(smallint), vsys.fhir_schedules(smallint, timestamptz), vsys.fhir_slots(smallint, date, timestamptz), vsys.fhir_files(timestamptz),
	vsys.fhir_instant(timestamptz), vsys.read_ticket(text), vsys.read_municipality(text), vsys.number_fault(text), vsys.refuse_booking(text, jsonb), outbreak.comes_of_age(date, integer)
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst;

-- ---- booking: for everybody with a ticket, and for who helps them
GRANT EXECUTE ON FUNCTION vsys.book(bigint, outbreak.municipality_code, text, date, integer, bigint, text, timestamptz),
	vsys.cancel(bigint, outbreak.municipality_code, text, date, text, boolean, timestamptz),
	vsys.rebook(bigint, bigint, outbreak.municipality_code, text, date, text, timestamptz),
	vsys.my_bookings(outbreak.municipality_code, text, date),
	vsys.join_waiting_list(bigint, outbreak.municipality_code, text, date, integer, bigint[], timestamptz, timestamptz),
	vsys.leave_waiting_list(bigint, outbreak.municipality_code, text, date, timestamptz),
	vsys.my_waiting(outbreak.municipality_code, text, date),
	vsys.request_booking(bigint[], outbreak.municipality_code, text, date, integer, bigint[], boolean, timestamptz),
	vsys.queue_place(bigint, uuid, timestamptz),
	vsys.withdraw_request(bigint, uuid, timestamptz),
	vsys.require_few_failures()
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_municipality;

-- ---- running sites
GRANT SELECT ON vsys.session, vsys.slot TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst;
GRANT SELECT (booking, slot, booked_at, site, municipality, on_date, prefecture, dose, in_force, programme, number, state, source, pair, ended_at, reason)
	ON vsys.booking TO outbreak_institution, outbreak_municipality;
GRANT SELECT (waiting, session, slots, site, prefecture, municipality, number, programme, dose, joined_at, expires_at, state, ended_at, booking)
	ON vsys.waiting TO outbreak_institution, outbreak_municipality;
GRANT SELECT (notice, kind, booking, municipality, number, site, prefecture, made_at, told_at), UPDATE (told_at)
	ON vsys.booking_notice TO outbreak_institution, outbreak_municipality;
GRANT SELECT, UPDATE (told_at) ON vsys.booking_notice TO outbreak_worker;
GRANT SELECT ON vsys.booking, vsys.waiting, vsys.booking_notice TO outbreak_citizen;
GRANT EXECUTE ON FUNCTION vsys.day_list(outbreak.institution_code, date) TO outbreak_institution, outbreak_municipality;
GRANT EXECUTE ON FUNCTION vsys.make_sessions(outbreak.institution_code, text, text, jsonb, date, date, date[], integer, text, timestamptz, interval, text[], integer, boolean),
	vsys.set_session(bigint, text, timestamptz, timestamptz, text[], integer, boolean), vsys.set_capacity(bigint, integer, timestamptz),
	vsys.close_session(bigint, text, timestamptz), vsys.reopen_session(bigint), vsys.mark_no_shows(bigint, timestamptz), vsys.enter_status(outbreak.institution_code, text)
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture;

-- ---- tickets
GRANT SELECT ON vsys.ticket TO outbreak_municipality, outbreak_citizen;
GRANT UPDATE (priority_group, valid) ON vsys.ticket TO outbreak_municipality;
GRANT EXECUTE ON FUNCTION vsys.issue_tickets(jsonb, text, outbreak.municipality_code, timestamptz), vsys.reissue_ticket(text, text, outbreak.municipality_code, timestamptz),
	vsys.withdraw_tickets(text[], text, outbreak.municipality_code, timestamptz)
	TO outbreak_municipality;

-- ---- jobs
GRANT SELECT ON vsys.allocator TO outbreak_worker, outbreak_ministry;
GRANT EXECUTE ON FUNCTION vsys.allocate(integer) TO outbreak_worker;
GRANT EXECUTE ON PROCEDURE vsys.run_allocator(integer, integer) TO outbreak_worker;
