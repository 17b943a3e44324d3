-- ---- openings: requests in a queue
-- A request is an INSERT into a log. One allocator at a time goes through the log in the order of the numbers and grants
-- a thousand at once, so a slot that everybody wants is locked once a batch and not once a booking.

CREATE OR REPLACE FUNCTION vsys.request_booking(
	slots bigint[],
	municipality outbreak.municipality_code,
	number text,
	birth_on date DEFAULT NULL,
	dose integer DEFAULT NULL,
	second_slots bigint[] DEFAULT NULL,
	wait boolean DEFAULT false,
	as_of timestamptz DEFAULT now()
) RETURNS TABLE (request bigint, claim uuid)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER ROWS 1
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	staff boolean := false;
	one record;
	two record;
	first record;
BEGIN
	IF as_of <> now() OR as_of IS NULL THEN
		PERFORM vsys.require_now(as_of);
	END IF;
	IF array_ndims(slots) IS DISTINCT FROM 1 OR cardinality(slots) > 10 OR array_position(slots, NULL) IS NOT NULL
		OR second_slots IS NOT NULL AND (array_ndims(second_slots) IS DISTINCT FROM 1 OR cardinality(second_slots) <> cardinality(slots))
	THEN
		PERFORM vsys.refuse_booking('slot_malformed');
	END IF;
	IF vsys.acts_as('outbreak_municipality') THEN
		staff := coalesce(outbreak.my_municipality() = municipality, false);
	END IF;
	IF NOT staff AND vsys.failed_lately(municipality, number) THEN
		PERFORM vsys.count_attempt(municipality, number, false);
	END IF;

	SELECT j.* INTO first
	FROM vsys.judge_booking(slots[1], municipality, number, birth_on, dose, as_of, staff, true, NULL, NULL) AS j;
	IF first.reason IS NOT NULL OR first.session IS NULL THEN
		PERFORM vsys.answer_refusal(coalesce(first.reason, 'slot_unknown'), municipality, number, NULL, NULL, NULL, NULL, NULL);
	END IF;
	FOR i IN 2..cardinality(slots) LOOP
		SELECT j.* INTO one
		FROM vsys.judge_booking(slots[i], municipality, number, birth_on, first.dose, as_of, staff, true, NULL, NULL) AS j;
		IF one.reason IS NOT NULL OR one.session IS NULL THEN
			PERFORM vsys.refuse_booking(coalesce(one.reason, 'slot_unknown'), jsonb_build_object('choice', i));
		END IF;
	END LOOP;
	FOR i IN 1..cardinality(second_slots) LOOP
		CONTINUE WHEN second_slots[i] IS NULL;
		SELECT s.on_date, s.product INTO one
		FROM vsys.judge_booking(slots[i], municipality, number, birth_on, first.dose, as_of, staff, true, NULL, NULL) AS s;
		SELECT j.* INTO two
		FROM vsys.judge_booking(second_slots[i], municipality, number, birth_on, first.dose + 1, as_of, staff, true, one.on_date, NULL) AS j;
		IF two.reason IS NOT NULL OR two.session IS NULL THEN
			PERFORM vsys.refuse_booking(coalesce(two.reason, 'slot_unknown'), jsonb_build_object('choice', i, 'second', true));
		ELSIF second_slots[i] = slots[i] OR two.product <> one.product THEN
			PERFORM vsys.refuse_booking('second_slot_wrong', jsonb_build_object('choice', i, 'second', true));
		END IF;
	END LOOP;
	-- a person who sends request after request makes the queue longer for the others: three, and one more a minute
	IF NOT staff AND outbreak.take_token('request ' || first.person::text || ' ' || first.dose::text, 1 / 60.0, 3) > interval '0' THEN
		PERFORM vsys.refuse_booking('too_many_attempts', '{"seconds": 60}');
	END IF;

	INSERT INTO vsys.request (requested_at, person, municipality, dose, wait, number, programme, slots, second_slots)
	VALUES (as_of, first.person, municipality, first.dose, wait, number, first.programme, slots, second_slots)
	RETURNING request.request, request.claim INTO request, claim;
	RETURN NEXT;
END
$$;
COMMENT ON FUNCTION vsys.request_booking(bigint[], outbreak.municipality_code, text, date, integer, bigint[], boolean, timestamptz) IS
'順番予約の申込 / takes down a request for a place of a session in queue mode: up to ten slots, the best first, for each a slot of the second dose where both are wanted together; wait: join the waiting list of the first choice when all of them are taken. Returns the number, which is the order of the queue, and the key to ask for it (vsys.queue_place). The ticket is judged at once, by the same rules and with the same errors as vsys.book(); whether there is a place is decided in turn.';

CREATE OR REPLACE FUNCTION vsys.grant_requests(batch integer DEFAULT 1000, as_of timestamptz DEFAULT now())
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, outbreak, pg_temp
-- the planner knows nothing of the arrays, and everything is looked up by key
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_seqscan = off
SET jit = off
AS $$
DECLARE
	state vsys.allocator;
	low bigint;
	-- the slots of the batch, ascending, and what is free of each
	ids bigint[];
	free integer[];
	-- the requests of the batch that are decided, and how
	request bigint[] := '{}';
	requested_at timestamptz[] := '{}';
	reason text[] := '{}';
	slot bigint[] := '{}';
	second bigint[] := '{}';
	earliest timestamptz;
	latest timestamptz;
	one record;
	x integer;
	y integer;
	fault text;
	chosen bigint;
	chosen_second bigint;
	later boolean;
	granted integer;
BEGIN
	-- one allocator at a time; the lock goes with the transaction
	IF NOT pg_try_advisory_xact_lock(hashtextextended('vsys.grant_requests', 0)) THEN
		RETURN NULL;
	END IF;
	SELECT a.* INTO state
	FROM vsys.allocator a;
	-- A number is drawn a moment before it commits, so a lower one may come after a higher one. The index is read from a
	-- little below what was decided, and from its beginning every few seconds, so that none is passed over for good.
	low := CASE WHEN state.searched_at > as_of - interval '5 s' THEN state.decided_to - 10000 ELSE 0 END;

	SELECT array_agg(DISTINCT s.slot ORDER BY s.slot), min(r.requested_at), max(r.requested_at)
	INTO ids, earliest, latest
	FROM (
		SELECT q.slots, q.second_slots, q.requested_at
		FROM vsys.request q
		WHERE q.state = 'waiting'
			AND q.request > low
		ORDER BY q.request
		LIMIT batch
	) AS r
	CROSS JOIN LATERAL unnest(r.slots || r.second_slots) AS s (slot)
	WHERE s.slot IS NOT NULL;
	IF ids IS NULL THEN
		UPDATE vsys.allocator
		SET ran_at = as_of,
			searched_at = CASE low WHEN 0 THEN as_of ELSE searched_at END;
		RETURN 0;
	END IF;

	SELECT array_agg(l.slot ORDER BY l.slot), array_agg(CASE WHEN l.open AND l.starts_at > as_of THEN l.capacity - l.taken ELSE -1 END ORDER BY l.slot)
	INTO ids, free
	FROM (
		SELECT s.slot, s.capacity, s.taken, s.open, s.starts_at
		FROM vsys.slot s
		WHERE s.slot = ANY (ids)
		ORDER BY s.slot
		FOR NO KEY UPDATE
	) AS l;

	FOR one IN
		SELECT q.request, q.requested_at, q.slots, q.second_slots, q.turn,
			CASE
				WHEN NOT EXISTS (
					SELECT
					FROM vsys.ticket t
					WHERE t.person = q.person
						AND t.programme = q.programme
						AND t.withdrawn_at IS NULL) THEN 'ticket_withdrawn'
				WHEN EXISTS (
					SELECT
					FROM vsys.booking b
					WHERE b.person = q.person
						AND b.programme = q.programme
						AND b.in_force
						AND b.dose IN (q.dose, q.dose + (q.second_slots IS NOT NULL)::integer)) THEN 'already_booked'
			END AS fault
		FROM (
			-- a person's second request waits for the first to be decided
			SELECT r.*, row_number() OVER (PARTITION BY r.person, r.programme ORDER BY r.request) AS turn
			FROM (
				SELECT w.request, w.requested_at, w.slots, w.second_slots, w.person, w.programme, w.dose
				FROM vsys.request w
				WHERE w.state = 'waiting'
					AND w.request > low
				ORDER BY w.request
				LIMIT batch
			) AS r
		) AS q
		WHERE q.turn = 1
		ORDER BY q.request
	LOOP
		fault := one.fault;
		chosen := NULL;
		chosen_second := NULL;
		later := false;
		IF fault IS NULL THEN
			fault := 'session_closed';
			FOR i IN 1..cardinality(one.slots) LOOP
				x := width_bucket(one.slots[i], ids);
				-- what came between the two looks at the queue may have slots that are not locked: next time
				later := x = 0 OR ids[x] <> one.slots[i];
				EXIT WHEN later;
				IF one.second_slots[i] IS NULL THEN
					IF free[x] > 0 THEN
						chosen := one.slots[i];
						free[x] := free[x] - 1;
						EXIT;
					END IF;
				ELSE
					y := width_bucket(one.second_slots[i], ids);
					later := y = 0 OR ids[y] <> one.second_slots[i];
					EXIT WHEN later;
					IF free[x] > 0 AND free[y] > 0 THEN
						chosen := one.slots[i];
						chosen_second := one.second_slots[i];
						free[x] := free[x] - 1;
						free[y] := free[y] - 1;
						EXIT;
					END IF;
					IF free[y] = 0 THEN
						fault := 'sold_out';
					END IF;
				END IF;
				IF free[x] = 0 THEN
					fault := 'sold_out';
				END IF;
			END LOOP;
		END IF;
		CONTINUE WHEN later;
		request := request || one.request;
		requested_at := requested_at || one.requested_at;
		reason := reason || CASE WHEN chosen IS NULL THEN fault END;
		slot := slot || chosen;
		second := second || chosen_second;
	END LOOP;

	WITH decided AS MATERIALIZED (
		SELECT q.request, q.requested_at, d.reason, d.slot, d.second, q.person, q.municipality, q.number, q.programme, q.dose, q.wait, q.slots[1] AS first_choice
		FROM unnest(request, requested_at, reason, slot, second) AS d (request, requested_at, reason, slot, second)
		JOIN vsys.request AS q ON q.request = d.request
			AND q.requested_at = d.requested_at
			AND q.requested_at BETWEEN earliest AND latest
	), wanted AS (
		SELECT d.request, d.slot, d.second, d.person, d.municipality, d.number, d.programme, d.dose, s.site, s.prefecture, e.on_date
		FROM decided AS d
		JOIN vsys.slot AS s ON s.slot = d.slot
		JOIN vsys.session AS e ON e.session = s.session
	), made AS (
		-- in the order of the people, as every batch does, so that two who insert the same people do not wait for each other
		INSERT INTO vsys.booking (slot, person, booked_at, site, municipality, on_date, prefecture, dose, in_force, programme, number, state, source, key)
		SELECT w.slot, w.person, as_of, w.site, w.municipality, w.on_date, w.prefecture, w.dose, true, w.programme, w.number, 'booked', 'queue', 'request ' || w.request::text
		FROM wanted AS w
		ORDER BY w.person
		ON CONFLICT DO NOTHING
		RETURNING booking.booking, booking.slot, booking.person, booking.programme
	), counted AS (
		UPDATE vsys.slot AS s
		SET taken = s.taken + m.bookings
		FROM (SELECT m.slot, count(*) AS bookings FROM made AS m GROUP BY m.slot) AS m
		WHERE s.slot = m.slot
	)
	UPDATE vsys.request AS q
	SET state = CASE WHEN m.booking IS NULL THEN 'refused' ELSE 'granted' END,
		decided_at = as_of,
		-- whoever booked elsewhere at this very moment has a place already
		reason = CASE WHEN m.booking IS NULL THEN coalesce(d.reason, 'already_booked') END,
		booking = m.booking
	FROM decided AS d
	LEFT JOIN made AS m ON m.person = d.person
		AND m.programme = d.programme
	WHERE q.request = d.request
		AND q.requested_at = d.requested_at
		AND q.requested_at BETWEEN earliest AND latest;
	GET DIAGNOSTICS granted = ROW_COUNT;

	IF array_length(array_remove(second, NULL), 1) > 0 THEN
		PERFORM vsys.grant_second(request, second, as_of);
	END IF;
	IF 'sold_out' = ANY (reason) THEN
		PERFORM vsys.let_wait(request, as_of);
	END IF;
	UPDATE vsys.allocator AS a
	SET ran_at = as_of,
		searched_at = CASE low WHEN 0 THEN as_of ELSE a.searched_at END,
		decided_to = greatest(a.decided_to, (SELECT max(r) FROM unnest(request) AS r)),
		decided = a.decided + granted;
	RETURN granted;
END
$$;
COMMENT ON FUNCTION vsys.grant_requests(integer, timestamptz) IS
'順番予約の確定 / the allocator: decides up to batch requests in the order of their numbers, each by its first choice with a free place, and returns how many; 0 when none waits, NULL when another session is at it (one at a time). What it sees is decided by number; a request that was numbered early and committed late is decided in the next round, not lost. One transaction: slots are locked by number, bookings, places and requests change together.';

CREATE OR REPLACE FUNCTION vsys.grant_second(request bigint[], second bigint[], as_of timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
DECLARE
	failed record;
BEGIN
	WITH wanted AS MATERIALIZED (
		SELECT d.request, d.second AS slot, b.booking AS first, b.person, b.municipality, b.number, b.programme, b.dose, s.site, s.prefecture, e.on_date
		FROM unnest(grant_second.request, grant_second.second) AS d (request, second)
		JOIN vsys.request AS q ON q.request = d.request
		JOIN vsys.booking AS b ON b.booking = q.booking
		JOIN vsys.slot AS s ON s.slot = d.second
		JOIN vsys.session AS e ON e.session = s.session
		WHERE q.state = 'granted'
	), made AS (
		INSERT INTO vsys.booking (slot, person, booked_at, site, municipality, on_date, prefecture, dose, in_force, programme, number, state, source, pair, key)
		SELECT w.slot, w.person, as_of, w.site, w.municipality, w.on_date, w.prefecture, w.dose + 1, true, w.programme, w.number, 'booked', 'queue', w.first, 'request ' || w.request::text
		FROM wanted AS w
		ORDER BY w.person
		ON CONFLICT DO NOTHING
		RETURNING booking.slot, booking.pair
	), counted AS (
		UPDATE vsys.slot AS s
		SET taken = s.taken + m.bookings
		FROM (SELECT m.slot, count(*) AS bookings FROM made AS m GROUP BY m.slot) AS m
		WHERE s.slot = m.slot
	)
	UPDATE vsys.booking AS b
	SET pair = m.pair
	FROM made AS m
	WHERE b.booking = m.pair;

	-- Both or none. The second dose was booked elsewhere at this very moment, so the first is not kept either.
	FOR failed IN
		SELECT q.request, b.booking, b.slot
		FROM unnest(grant_second.request, grant_second.second) AS d (request, second)
		JOIN vsys.request AS q ON q.request = d.request
		JOIN vsys.booking AS b ON b.booking = q.booking
		WHERE d.second IS NOT NULL
			AND q.state = 'granted'
			AND b.pair IS NULL
	LOOP
		UPDATE vsys.booking b
		SET state = 'cancelled',
			in_force = NULL,
			ended_at = as_of,
			reason = 'the second dose could not be booked with it'
		WHERE b.booking = failed.booking;
		UPDATE vsys.slot s
		SET taken = s.taken - 1
		WHERE s.slot = failed.slot;
		UPDATE vsys.request q
		SET state = 'refused',
			reason = 'already_booked',
			booking = NULL
		WHERE q.request = failed.request;
	END LOOP;
END
$$;
COMMENT ON FUNCTION vsys.grant_second(bigint[], bigint[], timestamptz) IS 'Part of vsys.grant_requests(): the second doses of what was just granted.';

CREATE OR REPLACE FUNCTION vsys.let_wait(request bigint[], as_of timestamptz) RETURNS void
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	INSERT INTO vsys.waiting (session, site, person, municipality, number, programme, dose, joined_at)
	SELECT s.session, s.site, q.person, q.municipality, q.number, q.programme, q.dose, as_of
	FROM unnest(request) AS r (request)
	JOIN vsys.request AS q ON q.request = r.request
	JOIN vsys.slot AS s ON s.slot = q.slots[1]
	WHERE q.wait
		AND q.state = 'refused'
		AND q.reason = 'sold_out'
	ORDER BY q.request
	ON CONFLICT DO NOTHING;
END;
COMMENT ON FUNCTION vsys.let_wait(bigint[], timestamptz) IS 'Part of vsys.grant_requests(): who asked to wait, and found all choices taken, joins the waiting list of the first.';

CREATE OR REPLACE FUNCTION vsys.queue_place(request bigint, claim uuid, as_of timestamptz DEFAULT now())
RETURNS TABLE (state text, place bigint, reason text, booking bigint, slot bigint, starts_at timestamptz)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER ROWS 1
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	asked vsys.request;
	reached vsys.allocator;
BEGIN
	PERFORM vsys.require_now(as_of);
	SELECT q.* INTO asked
	FROM vsys.request q
	WHERE q.request = queue_place.request
		AND q.claim = queue_place.claim;
	IF NOT found THEN
		PERFORM vsys.refuse_booking('request_unknown');
	END IF;
	IF asked.state = 'waiting' THEN
		SELECT a.* INTO reached
		FROM vsys.allocator a;
		-- nobody is granting: then whoever waits does, for up to a few batches
		IF reached.ran_at < as_of - interval '500 ms' THEN
			FOR n IN 1..5 LOOP
				EXIT WHEN coalesce(vsys.grant_requests(1000, as_of), 0) = 0;
			END LOOP;
			SELECT q.* INTO asked
			FROM vsys.request q
			WHERE q.request = queue_place.request
				AND q.claim = queue_place.claim;
			SELECT a.* INTO reached
			FROM vsys.allocator a;
		END IF;
	END IF;
	state := asked.state;
	reason := asked.reason;
	booking := asked.booking;
	IF state = 'waiting' THEN
		place := greatest(asked.request - reached.decided_to, 1);
	ELSIF state = 'granted' THEN
		SELECT s.slot, s.starts_at INTO slot, starts_at
		FROM vsys.booking b
		JOIN vsys.slot s ON s.slot = b.slot
		WHERE b.booking = asked.booking;
	END IF;
	RETURN NEXT;
END
$$;
COMMENT ON FUNCTION vsys.queue_place(bigint, uuid, timestamptz) IS
'順番の照会 / how a request stands: waiting (place: at most so many requests, this one included, are still to be decided), granted with booking, slot and time, refused with its reason, or withdrawn. Where no allocator has run for half a second, the one who asks is it: so nobody waits for a job. OB077 for a number and key that do not belong together.';

CREATE OR REPLACE FUNCTION vsys.withdraw_request(request bigint, claim uuid, as_of timestamptz DEFAULT now())
RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM vsys.require_now(as_of);
	IF NOT EXISTS (SELECT FROM vsys.request q WHERE q.request = withdraw_request.request AND q.claim = withdraw_request.claim) THEN
		PERFORM vsys.refuse_booking('request_unknown');
	END IF;
	-- not while a batch is being decided
	PERFORM pg_advisory_xact_lock(hashtextextended('vsys.grant_requests', 0));
	UPDATE vsys.request q
	SET state = 'withdrawn',
		decided_at = as_of
	WHERE q.request = withdraw_request.request
		AND q.state = 'waiting';
	RETURN found;
END
$$;
COMMENT ON FUNCTION vsys.withdraw_request(bigint, uuid, timestamptz) IS '順番予約の取下げ / takes a request back; false when it was decided already (granted: cancel the booking). OB077 as vsys.queue_place().';

CREATE OR REPLACE PROCEDURE vsys.run_allocator(seconds integer DEFAULT 55, batch integer DEFAULT 1000)
LANGUAGE plpgsql
AS $$
-- A procedure that commits can have no search_path of its own, so every name is written in full.
DECLARE
	until timestamptz := pg_catalog.clock_timestamp() OPERATOR(pg_catalog.+) pg_catalog.make_interval(secs => seconds::pg_catalog.float8);
	decided integer;
BEGIN
	LOOP
		decided := vsys.allocate(batch);
		COMMIT;
		EXIT WHEN pg_catalog.clock_timestamp() OPERATOR(pg_catalog.>=) until;
		IF decided IS NULL OR decided OPERATOR(pg_catalog.=) 0 THEN
			PERFORM pg_catalog.pg_sleep(0.05);
			COMMIT;
		END IF;
	END LOOP;
END
$$;
COMMENT ON PROCEDURE vsys.run_allocator(integer, integer) IS
'順番予約の連続処理 / grants requests as they come, for so many seconds, with a commit for each batch: what ops keeps running during an opening, in a session of its own or from pg_cron every minute. It looks twenty times a second while nothing waits. Several are harmless: one works, the others wait for their turn.';

CREATE OR REPLACE FUNCTION vsys.allocate(batch integer DEFAULT 1000) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF batch NOT BETWEEN 1 AND 100000 THEN
		RAISE EXCEPTION 'a batch has 1 to 100,000 requests'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	RETURN vsys.grant_requests(batch, now());
END
$$;
COMMENT ON FUNCTION vsys.allocate(integer) IS '順番予約の確定(ops用) / vsys.grant_requests() as of now, for the worker. 22023 for a batch that is none.';
