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
	one record;
	two record;
	first record;
BEGIN
	IF as_of <> now() OR as_of IS NULL THEN
		PERFORM access.require_now(as_of);
	END IF;
	IF array_ndims(slots) IS DISTINCT FROM 1 OR cardinality(slots) > 10 OR array_position(slots, NULL) IS NOT NULL
		OR second_slots IS NOT NULL AND (array_ndims(second_slots) IS DISTINCT FROM 1 OR cardinality(second_slots) <> cardinality(slots))
	THEN
		PERFORM vsys.refuse_booking('slot_malformed');
	END IF;
	one := outbreak.note_request(slots, municipality, number, birth_on, dose, second_slots, wait, as_of);
	IF one.request IS NOT NULL THEN
		request := one.request;
		claim := one.claim;
		RETURN NEXT;
		RETURN;
	END IF;
	-- something is out of the ordinary: step by step, to say what it is
	first := outbreak.judge_booking(slots[1], municipality, number, birth_on, dose, as_of, true, NULL, NULL);
	IF first.failed_lately THEN
		PERFORM vsys.count_attempt(municipality, number, false);
	END IF;
	IF first.reason IS NOT NULL THEN
		PERFORM vsys.answer_refusal(first.reason, municipality, number, NULL, NULL, NULL, NULL, NULL);
	END IF;
	IF cardinality(slots) > 1 OR second_slots IS NOT NULL THEN
		FOR i IN 1..cardinality(slots) LOOP
			one := outbreak.judge_booking(slots[i], municipality, number, birth_on, first.dose_number, as_of, true, NULL, NULL);
			IF one.reason IS NOT NULL THEN
				PERFORM vsys.refuse_booking(one.reason, jsonb_build_object('choice', i));
			END IF;
			CONTINUE WHEN second_slots[i] IS NULL;
			two := outbreak.judge_booking(second_slots[i], municipality, number, birth_on, first.dose_number + 1, as_of, true, one.on_date, NULL);
			IF two.reason IS NOT NULL THEN
				PERFORM vsys.refuse_booking(two.reason, jsonb_build_object('choice', i, 'second', true));
			ELSIF second_slots[i] = slots[i] OR two.product <> one.product THEN
				PERFORM vsys.refuse_booking('second_slot_wrong', jsonb_build_object('choice', i, 'second', true));
			END IF;
		END LOOP;
	END IF;
	-- a person who sends request after request makes the queue longer for the others: three, and one more a minute
	IF NOT first.staff AND outbreak.take_token('request ' || first.person::text || ' ' || first.dose_number::text, 1 / 60.0, 3) > interval '0' THEN
		PERFORM vsys.refuse_booking('too_many_attempts', '{"seconds": 60}');
	END IF;

	INSERT INTO vsys.queue_request (requested_at, person, municipality, dose, wait, number, programme, slots, second_slots)
	VALUES (as_of, first.person, municipality, first.dose_number, wait, number, first.programme, slots, second_slots)
	RETURNING queue_request.request, queue_request.claim INTO request, claim;
	RETURN NEXT;
END
$$;
COMMENT ON FUNCTION vsys.request_booking(bigint[], outbreak.municipality_code, text, date, integer, bigint[], boolean, timestamptz) IS
'順番予約の申込 / takes down a request for a place of a session in queue mode: up to ten slots, the best first, for each a slot of the second dose where both are wanted together; wait: join the waiting list of the first choice when all of them are taken. Returns the number, which is the order of the queue, and the key to ask for it (vsys.queue_place). The ticket is judged at once, by the same rules and with the same errors as vsys.book(); whether there is a place is decided in turn.';

CREATE OR REPLACE FUNCTION vsys.grant_requests(batch integer DEFAULT 1000, as_of timestamptz DEFAULT now())
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, outbreak, pg_temp
-- the planner knows nothing of arrays; all else is found by key
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_seqscan = off
SET jit = off
AS $$
DECLARE
	progress vsys.allocator;
	low bigint;
	at_once record;
	earliest timestamptz;
	latest timestamptz;
	-- the slots of the batch, ascending, and by the same place what is free of each and where it is
	ids bigint[];
	free integer[];
	sites outbreak.institution_code[];
	prefectures smallint[];
	days date[];
	withdrawn uuid[];
	one record;
	it vsys.queue_request;
	outcome vsys.queue_request[] := '{}';
	failed bigint[];
	x integer;
	y integer;
	wanted integer := 0;
	seconds integer := 0;
	waits boolean := false;
	made integer;
BEGIN
	-- one allocator at a time; the lock goes with the transaction
	IF NOT pg_try_advisory_xact_lock(hashtextextended('vsys.grant_requests', 0)) THEN
		RETURN NULL;
	END IF;
	SELECT a.* INTO progress
	FROM vsys.allocator a;
	-- A number is drawn a moment before it commits, so a lower one may come after a higher one. The index is read from a
	-- little below what was decided, and from its beginning every few seconds, so that none is passed over for good.
	low := CASE WHEN progress.searched_at > as_of - interval '5 s' THEN progress.decided_to - 10000 ELSE 0 END;

	at_once := outbreak.decide_requests(low, batch, as_of);
	IF at_once.decided IS NOT NULL THEN
		IF at_once.waiting IS NOT NULL THEN
			PERFORM vsys.let_wait(ARRAY(SELECT q FROM vsys.queue_request q WHERE q.request = ANY (at_once.waiting) AND q.state = 'refused'), as_of);
		END IF;
		UPDATE vsys.allocator a
		SET ran_at = as_of,
			searched_at = CASE low WHEN 0 THEN as_of ELSE a.searched_at END,
			decided_to = greatest(a.decided_to, at_once.reached),
			decided = a.decided + at_once.decided;
		RETURN at_once.decided;
	END IF;

	-- the long way, where somebody has attached something to the tables
	SELECT array_agg(DISTINCT s.slot), min(r.requested_at), max(r.requested_at)
	INTO ids, earliest, latest
	FROM (
		SELECT q.slots, q.second_slots, q.requested_at
		FROM vsys.queue_request q
		WHERE q.state = 'waiting'
			AND q.request > low
		ORDER BY q.request
		LIMIT batch
	) AS r
	CROSS JOIN LATERAL unnest(r.slots || r.second_slots) AS s (slot)
	WHERE s.slot IS NOT NULL;
	IF ids IS NULL THEN
		UPDATE vsys.allocator a
		SET ran_at = as_of,
			searched_at = CASE low WHEN 0 THEN as_of ELSE a.searched_at END;
		RETURN 0;
	END IF;
	-- locked by number, as everybody does; a place that cannot be had any more is none
	SELECT array_agg(l.slot ORDER BY l.slot),
		array_agg(CASE WHEN l.open AND l.starts_at > as_of THEN l.capacity - l.taken ELSE -1 END ORDER BY l.slot),
		array_agg(l.site ORDER BY l.slot),
		array_agg(l.prefecture ORDER BY l.slot),
		array_agg((SELECT e.on_date FROM vsys.session e WHERE e.session = l.session) ORDER BY l.slot)
	INTO ids, free, sites, prefectures, days
	FROM (
		SELECT s.slot, s.session, s.site, s.prefecture, s.capacity, s.taken, s.open, s.starts_at
		FROM vsys.slot s
		WHERE s.slot = ANY (ids)
		ORDER BY s.slot
		FOR NO KEY UPDATE
	) AS l;
	-- tickets were judged when the requests came
	withdrawn := ARRAY(
		SELECT t.person
		FROM vsys.ticket t
		WHERE t.withdrawn_at >= earliest
			AND t.withdrawn_reason <> 'reissued');

	FOR one IN
		SELECT q.*,
			-- a person's second request waits for the first to be decided
			row_number() OVER (PARTITION BY q.person ORDER BY q.request) AS turn,
			EXISTS (
				SELECT
				FROM vsys.booking b
				WHERE b.person = q.person
					AND b.programme = q.programme
					AND b.in_force
					AND b.dose BETWEEN q.dose AND q.dose + (q.second_slots IS NOT NULL)::integer) AS already
		FROM (
			SELECT w.*
			FROM vsys.queue_request w
			WHERE w.state = 'waiting'
				AND w.request > low
			ORDER BY w.request
			LIMIT batch
		) AS q
		ORDER BY q.request
	LOOP
		CONTINUE WHEN one.turn > 1;
		it := one;
		it.state := 'refused';
		it.decided_at := as_of;
		IF one.already THEN
			it.reason := 'already_booked';
		ELSIF it.person = ANY (withdrawn) THEN
			it.reason := 'ticket_withdrawn';
		ELSE
			it.reason := 'session_closed';
			FOR i IN 1..cardinality(it.slots) LOOP
				x := width_bucket(it.slots[i], ids);
				y := CASE WHEN it.second_slots[i] IS NOT NULL THEN width_bucket(it.second_slots[i], ids) END;
				IF x = 0 OR ids[x] <> it.slots[i] OR y = 0 OR ids[y] <> it.second_slots[i] THEN
					-- it came between the two looks at the queue, and its slots are not locked: the next round has it
					it.state := 'waiting';
					EXIT;
				ELSIF free[x] > 0 AND coalesce(free[y] > 0, true) THEN
					it.state := 'granted';
					it.reason := NULL;
					it.slots := ARRAY[it.slots[i]];
					free[x] := free[x] - 1;
					IF y IS NOT NULL THEN
						it.second_slots := ARRAY[it.second_slots[i]];
						free[y] := free[y] - 1;
						seconds := seconds + 1;
					ELSE
						it.second_slots := NULL;
					END IF;
					it.booking := nextval('vsys.booking_number');
					wanted := wanted + 1;
					EXIT;
				ELSIF free[x] = 0 OR free[y] = 0 THEN
					it.reason := 'sold_out';
				END IF;
			END LOOP;
			CONTINUE WHEN it.state = 'waiting';
			waits := waits OR it.wait AND it.reason = 'sold_out';
		END IF;
		outcome := outcome || it;
	END LOOP;

	-- in the order of the people, as every batch does, so that two who insert the same people do not wait for each other
	INSERT INTO vsys.booking (booking, slot, person, booked_at, site, municipality, on_date, prefecture, dose, in_force, programme, number, state, source, pair, key)
	SELECT d.booking, d.slots[1], d.person, as_of, sites[width_bucket(d.slots[1], ids)], d.municipality, days[width_bucket(d.slots[1], ids)], prefectures[width_bucket(d.slots[1], ids)],
		d.dose, true, d.programme, d.number, 'booked', 'queue', CASE WHEN d.second_slots IS NOT NULL THEN d.booking END, 'request ' || d.request::text
	FROM unnest(outcome) AS d
	WHERE d.state = 'granted'
	ORDER BY d.person
	ON CONFLICT ON CONSTRAINT booking_once DO NOTHING;
	GET DIAGNOSTICS made = ROW_COUNT;
	IF seconds > 0 THEN
		INSERT INTO vsys.booking (slot, person, booked_at, site, municipality, on_date, prefecture, dose, in_force, programme, number, state, source, pair, key)
		SELECT d.second_slots[1], d.person, as_of, sites[width_bucket(d.second_slots[1], ids)], d.municipality, days[width_bucket(d.second_slots[1], ids)], prefectures[width_bucket(d.second_slots[1], ids)],
			d.dose + 1, true, d.programme, d.number, 'booked', 'queue', d.booking, 'request ' || d.request::text
		FROM unnest(outcome) AS d
		WHERE d.second_slots IS NOT NULL
			AND d.state = 'granted'
			AND (made = wanted OR EXISTS (SELECT FROM vsys.booking b WHERE b.booking = d.booking))
		ORDER BY d.person
		ON CONFLICT ON CONSTRAINT booking_once DO NOTHING;
		GET DIAGNOSTICS x = ROW_COUNT;
	END IF;
	IF made < wanted OR x < seconds AND seconds > 0 THEN
		failed := vsys.undo_halves(outcome, as_of);
	END IF;

	UPDATE vsys.slot s
	SET taken = s.taken + t.bookings
	FROM (
		SELECT p.slot, count(*) AS bookings
		FROM unnest(outcome) AS d
		CROSS JOIN LATERAL unnest(ARRAY[d.slots[1], d.second_slots[1]]) AS p (slot)
		WHERE d.state = 'granted'
			AND p.slot IS NOT NULL
			AND (failed IS NULL OR d.booking <> ALL (failed))
		GROUP BY p.slot
	) AS t
	WHERE s.slot = t.slot;
	UPDATE vsys.queue_request q
	SET state = CASE WHEN d.booking = ANY (failed) THEN 'refused' ELSE d.state END,
		decided_at = d.decided_at,
		-- whoever booked elsewhere at this very moment has a place already
		reason = CASE WHEN d.booking = ANY (failed) THEN 'already_booked' ELSE d.reason END,
		booking = CASE WHEN d.booking = ANY (failed) THEN NULL ELSE d.booking END
	FROM unnest(outcome) AS d
	WHERE q.request = d.request
		AND q.requested_at = d.requested_at
		AND q.requested_at BETWEEN earliest AND latest;
	GET DIAGNOSTICS made = ROW_COUNT;
	IF waits THEN
		PERFORM vsys.let_wait(outcome, as_of);
	END IF;
	UPDATE vsys.allocator a
	SET ran_at = as_of,
		searched_at = CASE low WHEN 0 THEN as_of ELSE a.searched_at END,
		decided_to = greatest(a.decided_to, (SELECT max(d.request) FROM unnest(outcome) AS d)),
		decided = a.decided + made;
	RETURN made;
END
$$;
COMMENT ON FUNCTION vsys.grant_requests(integer, timestamptz) IS
'順番予約の確定 / the allocator: decides up to batch requests in the order of their numbers, each by its first choice with a free place, and returns how many; 0 when none waits, NULL when another session is at it (one at a time). What it sees is decided by number; a request that was numbered early and committed late is decided in the next round, not lost. One transaction: slots are locked by number, bookings, places and requests change together.';

CREATE OR REPLACE FUNCTION vsys.undo_halves(decided vsys.queue_request[], as_of timestamptz) RETURNS bigint[]
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
DECLARE
	failed bigint[];
BEGIN
	SELECT array_agg(d.booking) INTO failed
	FROM unnest(decided) AS d
	WHERE d.state = 'granted'
		AND NOT (EXISTS (SELECT FROM vsys.booking b WHERE b.booking = d.booking)
			AND (d.second_slots IS NULL OR EXISTS (SELECT FROM vsys.booking b WHERE b.person = d.person AND b.programme = d.programme AND b.dose = d.dose + 1 AND b.pair = d.booking)));
	-- both or none: what was booked of a pair whose other half was booked elsewhere at this moment
	UPDATE vsys.booking b
	SET state = 'cancelled',
		in_force = NULL,
		ended_at = as_of,
		reason = 'the other dose could not be booked with it'
	WHERE b.booking = ANY (failed);
	RETURN failed;
END
$$;
COMMENT ON FUNCTION vsys.undo_halves(vsys.queue_request[], timestamptz) IS 'Part of vsys.grant_requests(): which of the bookings that it numbered were not made, because their people booked elsewhere at this very moment; of a pair the half that was made is cancelled.';

CREATE OR REPLACE FUNCTION vsys.let_wait(decided vsys.queue_request[], as_of timestamptz) RETURNS void
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	INSERT INTO vsys.waiting (session, site, person, municipality, number, programme, dose, joined_at)
	SELECT s.session, s.site, d.person, d.municipality, d.number, d.programme, d.dose, as_of
	FROM unnest(decided) AS d
	JOIN vsys.slot AS s ON s.slot = d.slots[1]
	WHERE d.wait
		AND d.state = 'refused'
		AND d.reason = 'sold_out'
	ORDER BY d.request
	ON CONFLICT DO NOTHING;
END;
COMMENT ON FUNCTION vsys.let_wait(vsys.queue_request[], timestamptz) IS 'Part of vsys.grant_requests(): who asked to wait, and found all choices taken, joins the waiting list of the first.';

CREATE OR REPLACE FUNCTION vsys.queue_place(request bigint, claim uuid, as_of timestamptz DEFAULT now())
RETURNS TABLE (state text, place bigint, reason text, booking bigint, slot bigint, starts_at timestamptz)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER ROWS 1
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	asked vsys.queue_request;
	reached vsys.allocator;
BEGIN
	PERFORM access.require_now(as_of);
	SELECT q.* INTO asked
	FROM vsys.queue_request q
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
			FROM vsys.queue_request q
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
	PERFORM access.require_now(as_of);
	IF NOT EXISTS (SELECT FROM vsys.queue_request q WHERE q.request = withdraw_request.request AND q.claim = withdraw_request.claim) THEN
		PERFORM vsys.refuse_booking('request_unknown');
	END IF;
	-- not while a batch is being decided
	PERFORM pg_advisory_xact_lock(hashtextextended('vsys.grant_requests', 0));
	UPDATE vsys.queue_request q
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
