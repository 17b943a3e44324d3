-- Booking: what anybody with a ticket does, what sites and municipalities do, and what the public sees. Everything runs as
-- the caller. What belongs to a person goes in a POST. Two calls that wait for each other are 409, to be sent again.

-- ---- with a ticket

CREATE OR REPLACE FUNCTION api.read_ticket(line text)
RETURNS TABLE (kind smallint, dose smallint, municipality text, number text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN QUERY
	SELECT t.kind, t.dose, t.municipality::text, t.number
	FROM vsys.read_ticket(line) AS t;
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same places'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.read_ticket(text) IS '接種券の読取り / The 18 digits under the bars of a ticket (kind 1, dose 1, municipality 6, number 10), taken apart. 400 for anything else.';

CREATE OR REPLACE FUNCTION api.book(slot bigint, municipality text, number text, birth_on date DEFAULT NULL, dose integer DEFAULT NULL, second_slot bigint DEFAULT NULL, key text DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post(), vsys.require_few_failures();
	IF length(key) > 200 THEN
		RAISE EXCEPTION 'a key has at most 200 characters'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	RETURN vsys.book(slot, municipality::outbreak.municipality_code, number, birth_on, dose, second_slot, key);
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same places'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.book(bigint, text, text, date, integer, bigint, text) IS '予約 / Books a place with the ticket: municipality and number as printed, and the birth date. With second_slot the second dose is booked together with the first, or neither is. The same key again answers with the booking that is there, so a call whose answer was lost may be sent again.

400 with the reason in "details": {"reason", "message_ja", "message_en"}. A ticket that is not recognised is told with the same words whatever is wrong with it.';

CREATE OR REPLACE FUNCTION api.cancel_booking(booking bigint, municipality text, number text, birth_on date DEFAULT NULL, reason text DEFAULT NULL, with_pair boolean DEFAULT true)
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post(), vsys.require_few_failures();
	RETURN vsys.cancel(booking, municipality::outbreak.municipality_code, number, birth_on, reason, with_pair);
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same places'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.cancel_booking(bigint, text, text, date, text, boolean) IS '予約の取消 / Cancels a booking of the ticket, and the other dose that was booked with it unless with_pair is false; answers how many ended. The place goes to who waits for it.';

CREATE OR REPLACE FUNCTION api.rebook(booking bigint, slot bigint, municipality text, number text, birth_on date DEFAULT NULL, key text DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post(), vsys.require_few_failures();
	IF length(key) > 200 THEN
		RAISE EXCEPTION 'a key has at most 200 characters'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	RETURN vsys.rebook(booking, slot, municipality::outbreak.municipality_code, number, birth_on, key);
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same places'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.rebook(bigint, bigint, text, text, date, text) IS '予約の変更 / Moves a booking to another slot: the old place is given back only when the new one is had.';

CREATE OR REPLACE FUNCTION api.my_bookings(municipality text, number text, birth_on date DEFAULT NULL)
RETURNS TABLE (booking bigint, state text, programme text, dose smallint, site text, product text, starts_at timestamptz, ends_at timestamptz, booked_at timestamptz, ended_at timestamptz, reason text, pair bigint)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post(), vsys.require_few_failures();
	RETURN QUERY
	SELECT t.booking, t.state, t.programme, t.dose, t.site::text, t.product, t.starts_at, t.ends_at, t.booked_at, t.ended_at, t.reason, t.pair
	FROM vsys.my_bookings(municipality::outbreak.municipality_code, number, birth_on) AS t;
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same places'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.my_bookings(text, text, date) IS '予約の確認 / All bookings of the ticket, ended ones too, with time and reason.';

CREATE OR REPLACE FUNCTION api.join_waiting_list(session bigint, municipality text, number text, birth_on date DEFAULT NULL, dose integer DEFAULT NULL, slots bigint[] DEFAULT NULL, expires_at timestamptz DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post(), vsys.require_few_failures();
	RETURN vsys.join_waiting_list(session, municipality::outbreak.municipality_code, number, birth_on, dose, slots, expires_at);
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same places'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.join_waiting_list(bigint, text, text, date, integer, bigint[], timestamptz) IS 'キャンセル待ち / Waits for a place of a session (of these slots only, until then only), where all are taken. Who comes first is first.';

CREATE OR REPLACE FUNCTION api.leave_waiting_list(waiting bigint, municipality text, number text, birth_on date DEFAULT NULL)
RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post(), vsys.require_few_failures();
	RETURN vsys.leave_waiting_list(waiting, municipality::outbreak.municipality_code, number, birth_on);
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same places'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.leave_waiting_list(bigint, text, text, date) IS 'キャンセル待ちの取消 / Waits no longer; false when that was over already.';

CREATE OR REPLACE FUNCTION api.my_waiting(municipality text, number text, birth_on date DEFAULT NULL)
RETURNS TABLE (waiting bigint, session bigint, site text, on_date date, dose smallint, state text, place bigint, joined_at timestamptz, ended_at timestamptz, booking bigint)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post(), vsys.require_few_failures();
	RETURN QUERY
	SELECT t.waiting, t.session, t.site::text, t.on_date, t.dose, t.state, t.place, t.joined_at, t.ended_at, t.booking
	FROM vsys.my_waiting(municipality::outbreak.municipality_code, number, birth_on) AS t;
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same places'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.my_waiting(text, text, date) IS 'キャンセル待ちの確認 / Where the ticket waits, and in which place.';

CREATE OR REPLACE FUNCTION api.request_booking(slots bigint[], municipality text, number text, birth_on date DEFAULT NULL, dose integer DEFAULT NULL, second_slots bigint[] DEFAULT NULL, wait boolean DEFAULT false)
RETURNS TABLE (request bigint, claim uuid)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post(), vsys.require_few_failures();
	RETURN QUERY
	SELECT t.request, t.claim
	FROM vsys.request_booking(slots, municipality::outbreak.municipality_code, number, birth_on, dose, second_slots, wait) AS t;
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same places'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.request_booking(bigint[], text, text, date, integer, bigint[], boolean) IS '予約の申込み / Asks for a place where an opening is by queue: slots in the order of preference, ten at most; second_slots beside them for the second dose; wait puts it on the waiting list when all are taken. Answers the number of the request and a claim, with which queue_place tells how it stands. The ticket is looked at when its turn comes.';

CREATE OR REPLACE FUNCTION api.queue_place(request bigint, claim uuid)
RETURNS TABLE (state text, place bigint, reason text, booking bigint, slot bigint, starts_at timestamptz)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN QUERY
	SELECT t.state, t.place, t.reason, t.booking, t.slot, t.starts_at
	FROM vsys.queue_place(request, claim) AS t;
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same places'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.queue_place(bigint, uuid) IS '申込みの状況 / How a request stands: waiting with its place in the queue, granted with booking and slot, or refused with the reason.';

CREATE OR REPLACE FUNCTION api.withdraw_request(request bigint, claim uuid)
RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN vsys.withdraw_request(request, claim);
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same places'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.withdraw_request(bigint, uuid) IS '申込みの取下げ / Takes a request back that waits; false when it is decided already.';

-- ---- running a site

CREATE OR REPLACE FUNCTION api.make_sessions(site text, programme text, product text, pattern jsonb, from_date date, to_date date, except_on date[] DEFAULT '{}', dose integer DEFAULT NULL, mode text DEFAULT 'direct', opens_at timestamptz DEFAULT '-infinity', close_before interval DEFAULT '0', priority_groups text[] DEFAULT '{}', min_age integer DEFAULT 0, walk_in boolean DEFAULT false)
RETURNS TABLE (sessions integer, slots integer, places bigint)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN QUERY
	SELECT t.sessions, t.slots, t.places
	FROM vsys.make_sessions(site::outbreak.institution_code, programme, product, ops.json_value(pattern), from_date, to_date, except_on, dose, mode, opens_at, close_before, priority_groups, min_age, walk_in) AS t;
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same places'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.make_sessions(text, text, text, jsonb, date, date, date[], integer, text, timestamptz, interval, text[], integer, boolean) IS '予約枠の作成 / Makes sessions and slots of a site from a week: pattern is an array of {"weekday" (1 Monday to 7 Sunday), "start", "end", "minutes", "capacity"}; except_on are days without. Answers how many sessions, slots and places came to be.';

CREATE OR REPLACE FUNCTION api.set_session(session bigint, mode text DEFAULT NULL, opens_at timestamptz DEFAULT NULL, closes_at timestamptz DEFAULT NULL, priority_groups text[] DEFAULT NULL, min_age integer DEFAULT NULL, walk_in boolean DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	PERFORM vsys.set_session(session, mode, opens_at, closes_at, priority_groups, min_age, walk_in);
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same places'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.set_session(bigint, text, timestamptz, timestamptz, text[], integer, boolean) IS '接種日の設定 / Changes what is given of a session; what is NULL stays.';

CREATE OR REPLACE FUNCTION api.set_capacity(slot bigint, capacity integer)
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN vsys.set_capacity(slot, capacity);
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same places'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.set_capacity(bigint, integer) IS '定員の変更 / Changes the places of a slot, not below what is booked; new ones go to who waits. Answers what is taken then.';

CREATE OR REPLACE FUNCTION api.close_session(session bigint, reason text)
RETURNS TABLE (booking bigint, municipality text, number text, dose smallint, starts_at timestamptz, pair_starts_at timestamptz)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN QUERY
	SELECT t.booking, t.municipality::text, t.number, t.dose, t.starts_at, t.pair_starts_at
	FROM vsys.close_session(session, reason) AS t;
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same places'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.close_session(bigint, text) IS '接種日の中止 / Closes a session. Its bookings end with the reason and may be booked anew; answers whom to tell, by number.';

CREATE OR REPLACE FUNCTION api.reopen_session(session bigint)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	PERFORM vsys.reopen_session(session);
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same places'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.reopen_session(bigint) IS '接種日の再開 / Opens a closed session again, without its former bookings.';

CREATE OR REPLACE FUNCTION api.mark_no_shows(session bigint)
RETURNS TABLE (booking bigint, municipality text, number text, dose smallint, starts_at timestamptz)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN QUERY
	SELECT t.booking, t.municipality::text, t.number, t.dose, t.starts_at
	FROM vsys.mark_no_shows(session) AS t;
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same places'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.mark_no_shows(bigint) IS '来場なし / Marks who has not come to a session that is over; their tickets may book again.';

CREATE OR REPLACE FUNCTION api.day_list(site text, on_date date)
RETURNS TABLE (booking bigint, starts_at timestamptz, slot bigint, municipality text, number text, dose smallint, product text, state text, source text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN QUERY
	SELECT t.booking, t.starts_at, t.slot, t.municipality::text, t.number, t.dose, t.product, t.state, t.source
	FROM vsys.day_list(site::outbreak.institution_code, on_date) AS t;
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same places'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.day_list(text, date) IS '当日の予約一覧 / The bookings of a site on a day, by slot: numbers of tickets, no names.';

CREATE OR REPLACE FUNCTION api.enter_status(site text, status text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	PERFORM vsys.enter_status(site::outbreak.institution_code, status);
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same places'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.enter_status(text, text) IS '予約状況の入力 / A site with a reservation of its own says whether it has places: available, few or full.';

-- ---- tickets of a municipality

CREATE OR REPLACE FUNCTION api.issue_tickets(rows jsonb, programme text)
RETURNS TABLE (line integer, field text, code text, message_ja text, message_en text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN QUERY
	SELECT t.line, t.field, t.code, t.message_ja, t.message_en
	FROM vsys.issue_tickets(ops.json_value(rows), programme) AS t;
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same places'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.issue_tickets(jsonb, text) IS '接種券の発行 / Issues tickets: rows are an array of {"number", "birth_on", "sex", "priority_group", "valid_from", "valid_to", "former_number"}. All or none: answers every fault by its line, and nothing when all were issued.';

CREATE OR REPLACE FUNCTION api.reissue_ticket(number text, new_number text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	PERFORM vsys.reissue_ticket(number, new_number);
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same places'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.reissue_ticket(text, text) IS '接種券の再発行 / Gives a ticket a new number; bookings and waiting go on under it.';

CREATE OR REPLACE FUNCTION api.withdraw_tickets(numbers text[], reason text)
RETURNS TABLE (number text, outcome text, bookings integer)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN QUERY
	SELECT t.number, t.outcome, t.bookings
	FROM vsys.withdraw_tickets(numbers, reason) AS t;
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same places'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.withdraw_tickets(text[], text) IS '接種券の失効 / Withdraws tickets (moved away, died, wrong); their bookings end. Answers each with what became of it.';

-- ---- what the public sees

CREATE OR REPLACE FUNCTION api.vaccination_sites(prefecture smallint DEFAULT NULL, municipality text DEFAULT NULL, site text DEFAULT NULL, product text DEFAULT NULL)
RETURNS TABLE (site text, name_ja text, prefecture smallint, municipality text, municipality_ja text, zip text, address text, phone text, longitude double precision, latitude double precision,
	products text[], reservation text, reservation_url text, reservation_phone text, notes text, status text, free integer, places integer, entered_at timestamptz, counted_at timestamptz)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT s.site::text, s.name_ja, s.prefecture, s.municipality::text, s.municipality_ja, s.zip, s.address, s.phone, s.longitude, s.latitude,
		s.products, s.reservation, s.reservation_url, s.reservation_phone, s.notes, s.status, s.free, s.places, s.entered_at, s.counted_at
	FROM vsys.public_sites($1, $2::outbreak.municipality_code, $3::outbreak.institution_code, $4) AS s;
END;
COMMENT ON FUNCTION api.vaccination_sites(smallint, text, text, text) IS
'接種会場の一覧 / Vaccination sites that are open to the public, of a prefecture, a municipality, or one; of a vaccine where that is given. status: available (予約可能), few (残り僅か, less than a tenth is left), full (予約不可), unneeded (予約不要), unknown (the site has said nothing).';

CREATE OR REPLACE FUNCTION api.vaccination_sites_geojson(prefecture smallint DEFAULT NULL, municipality text DEFAULT NULL, product text DEFAULT NULL)
RETURNS api."application/geo+json"
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT json_build_object(
			'type', 'FeatureCollection',
			'features', coalesce(json_agg(json_build_object(
				'type', 'Feature',
				'id', s.site::text,
				'geometry', CASE WHEN s.longitude IS NOT NULL THEN json_build_object('type', 'Point', 'coordinates', json_build_array(s.longitude, s.latitude)) END,
				'properties', json_build_object(
					'name_ja', s.name_ja,
					'address', s.address,
					'phone', s.phone,
					'products', s.products,
					'reservation', s.reservation,
					'reservation_url', s.reservation_url,
					'reservation_phone', s.reservation_phone,
					'notes', s.notes,
					'status', s.status,
					'free', s.free,
					'entered_at', s.entered_at))
				ORDER BY s.site), '[]'))::api."application/geo+json"
	FROM vsys.public_sites($1, $2::outbreak.municipality_code, NULL, $3) AS s;
END;
COMMENT ON FUNCTION api.vaccination_sites_geojson(smallint, text, text) IS '接種会場の地図 / What vaccination_sites lists, as a GeoJSON FeatureCollection for a map (application/geo+json).';

CREATE OR REPLACE FUNCTION api.site_slots(site text, from_date date DEFAULT NULL, to_date date DEFAULT NULL)
RETURNS TABLE (slot bigint, session bigint, starts_at timestamptz, ends_at timestamptz, programme text, product text, dose smallint, free integer, places integer, mode text,
	opens_at timestamptz, closes_at timestamptz, priority_groups text[], min_age smallint, walk_in boolean)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT s.slot, s.session, s.starts_at, s.ends_at, s.programme, s.product, s.dose, s.free, s.places, s.mode, s.opens_at, s.closes_at, s.priority_groups, s.min_age, s.walk_in
	FROM vsys.public_slots(site::outbreak.institution_code, from_date, to_date) AS s;
END;
COMMENT ON FUNCTION api.site_slots(text, date, date) IS '予約枠 / The slots to come of a site, with free places, and who may book them from when.';

-- ---- SMART Scheduling Links

CREATE OR REPLACE FUNCTION api."$bulk-publish"() RETURNS json
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	WITH caller AS (
		SELECT coalesce(h.headers ->> 'x-forwarded-proto', 'http') || '://' || coalesce(h.headers ->> 'x-forwarded-host', h.headers ->> 'host', 'localhost') || '/rpc/' AS base
		FROM (SELECT nullif(current_setting('request.headers', true), '')::json AS headers) AS h
	)
	SELECT json_build_object(
			'transactionTime', vsys.fhir_instant(now()),
			'request', (SELECT c.base FROM caller AS c) || '$bulk-publish',
			'output', coalesce(json_agg(json_build_object(
				'type', f.type,
				'url', (SELECT c.base FROM caller AS c) || 'fhir_' || lower(f.type) || 's?prefecture=' || f.prefecture || coalesce('&week_on=' || f.week_on, ''),
				'extension', json_build_object('state', json_build_array(f.prefecture_ja)))
				ORDER BY f.prefecture, f.type, f.week_on), '[]'),
			'error', '[]'::json)
	FROM vsys.fhir_files() AS f;
END;
COMMENT ON FUNCTION api."$bulk-publish"() IS 'SMART Scheduling Links / The manifest: which files of Location, Schedule and Slot there are, by prefecture (and week of slots). Addresses as the caller reaches this one.';

CREATE OR REPLACE FUNCTION api.fhir_locations(prefecture smallint DEFAULT NULL)
RETURNS api."*/*"
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT set_config('response.headers', '[{"Content-Type": "application/fhir+ndjson"}]', true);
	SELECT coalesce(string_agg(f.line::text || E'\n', ''), '')::api."*/*"
	FROM vsys.fhir_locations(prefecture) AS f (line);
END;
COMMENT ON FUNCTION api.fhir_locations(smallint) IS 'SMART Scheduling Links / Sites that are booked here, as FHIR Location resources, one a line (application/fhir+ndjson).';

CREATE OR REPLACE FUNCTION api.fhir_schedules(prefecture smallint DEFAULT NULL)
RETURNS api."*/*"
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT set_config('response.headers', '[{"Content-Type": "application/fhir+ndjson"}]', true);
	SELECT coalesce(string_agg(f.line::text || E'\n', ''), '')::api."*/*"
	FROM vsys.fhir_schedules(prefecture) AS f (line);
END;
COMMENT ON FUNCTION api.fhir_schedules(smallint) IS 'SMART Scheduling Links / What each of them gives, as FHIR Schedule resources, one a line (application/fhir+ndjson).';

CREATE OR REPLACE FUNCTION api.fhir_slots(prefecture smallint DEFAULT NULL, week_on date DEFAULT NULL)
RETURNS api."*/*"
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT set_config('response.headers', '[{"Content-Type": "application/fhir+ndjson"}]', true);
	SELECT coalesce(string_agg(f.line::text || E'\n', ''), '')::api."*/*"
	FROM vsys.fhir_slots(prefecture, week_on) AS f (line);
END;
COMMENT ON FUNCTION api.fhir_slots(smallint, date) IS 'SMART Scheduling Links / Places that are free and that are taken, as FHIR Slot resources, one a line (application/fhir+ndjson).';
