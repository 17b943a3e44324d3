-- ---- booking

CREATE OR REPLACE FUNCTION vsys.book(
	slot bigint,
	municipality outbreak.municipality_code,
	number text,
	birth_on date DEFAULT NULL,
	dose integer DEFAULT NULL,
	second_slot bigint DEFAULT NULL,
	key text DEFAULT NULL,
	as_of timestamptz DEFAULT now()
) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	one record;
	two record;
	made bigint;
BEGIN
	IF as_of <> now() OR as_of IS NULL THEN
		PERFORM access.require_now(as_of);
	END IF;
	IF second_slot IS NULL THEN
		made := outbreak.book_place(slot, municipality, number, birth_on, dose, key, as_of);
		IF made IS NOT NULL THEN
			RETURN made;
		END IF;
	END IF;
	-- something is out of the ordinary: step by step, to say what it is
	one := outbreak.judge_booking(slot, municipality, number, birth_on, dose, as_of, false, NULL, NULL);
	IF one.failed_lately THEN
		PERFORM vsys.count_attempt(municipality, number, false);
	END IF;
	IF one.reason IS NOT NULL THEN
		RETURN vsys.answer_refusal(one.reason, municipality, number, one.person, one.programme, one.dose_number, slot, key);
	END IF;
	-- a key books once, also when what it booked has ended since
	IF key IS NOT NULL AND EXISTS (SELECT FROM vsys.booking b WHERE b.person = one.person AND b.programme = one.programme AND b.key = book.key) THEN
		RETURN vsys.answer_refusal('key_reused', municipality, number, one.person, one.programme, one.dose_number, slot, key);
	END IF;

	IF second_slot IS NULL THEN
		UPDATE vsys.slot s
		SET taken = s.taken + 1
		WHERE s.slot = book.slot
			AND s.taken < s.capacity
			AND s.open;
		IF NOT found THEN
			RETURN vsys.answer_refusal('sold_out', municipality, number, one.person, one.programme, one.dose_number, slot, key);
		END IF;
		INSERT INTO vsys.booking (slot, person, booked_at, site, municipality, on_date, prefecture, dose, in_force, programme, number, state, source, key)
		VALUES (slot, one.person, as_of, one.site, municipality, one.on_date, one.prefecture, one.dose_number, true, one.programme, number, 'booked',
			CASE WHEN one.staff THEN 'staff' ELSE 'direct' END, key)
		ON CONFLICT ON CONSTRAINT booking_once DO NOTHING
		RETURNING booking.booking INTO made;
		IF made IS NULL THEN
			-- the person booked elsewhere, or sent this again, at the same moment: the place goes back
			UPDATE vsys.slot s
			SET taken = s.taken - 1
			WHERE s.slot = book.slot;
			RETURN vsys.answer_refusal('already_booked', municipality, number, one.person, one.programme, one.dose_number, slot, key);
		END IF;
		RETURN made;
	END IF;

	two := outbreak.judge_booking(second_slot, municipality, number, birth_on, one.dose_number + 1, as_of, false, one.on_date, NULL);
	IF two.reason IS NOT NULL THEN
		PERFORM vsys.refuse_booking(two.reason, '{"second": true}');
	ELSIF second_slot = slot OR two.programme <> one.programme OR two.product <> one.product THEN
		PERFORM vsys.refuse_booking('second_slot_wrong', '{"second": true}');
	END IF;
	made := vsys.book_pair(slot, second_slot, municipality, number, one.person, one.programme, one.dose_number,
		CASE WHEN one.staff THEN 'staff' ELSE 'direct' END, key, as_of);
	RETURN coalesce(made, vsys.answer_refusal('already_booked', municipality, number, one.person, one.programme, one.dose_number, slot, key));
END
$$;
COMMENT ON FUNCTION vsys.book(bigint, outbreak.municipality_code, text, date, integer, bigint, text, timestamptz) IS
'予約 / books a place with a ticket and returns the number of the booking; with second_slot both doses together or none (the second booking''s "pair" is the number that is returned). dose: NULL is the first of the programme. birth_on need not be given by the person with a token of their own and by the municipality that issued the ticket. key: the same key sent again returns the booking that it made, however it is resent. One place for a person and dose at all sites together.

Errors, with "reason" and its texts in DETAIL: OB070 the ticket is not recognised, OB071, OB072 it is not for this session, OB073 sold out (told without a lock), OB074 already booked, OB075 not bookable now, OB076 too many wrong attempts, OB077 no such slot; 42501 for another moment than now, which is for administrators.';

CREATE OR REPLACE FUNCTION vsys.answer_refusal(reason text, municipality outbreak.municipality_code, number text, person uuid, programme text, dose smallint, slot bigint, key text)
RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	fault text;
	sent vsys.booking;
BEGIN
	IF reason = 'ticket_not_recognised' THEN
		PERFORM vsys.count_attempt(municipality, number, true);
		fault := vsys.number_fault(coalesce(number, ''));
	ELSIF key IS NOT NULL AND person IS NOT NULL THEN
		-- whatever stands in the way may be what this key did before
		SELECT b.* INTO sent
		FROM vsys.booking b
		WHERE b.person = answer_refusal.person
			AND b.programme = answer_refusal.programme
			AND b.dose = answer_refusal.dose
			AND b.key = answer_refusal.key
		ORDER BY b.booking DESC
		LIMIT 1;
		IF sent.slot = slot AND sent.in_force THEN
			RETURN sent.booking;
		ELSIF sent.slot = slot THEN
			fault := 'booking_ended';
		ELSIF found THEN
			fault := 'key_reused';
		END IF;
	END IF;
	PERFORM vsys.refuse_booking(coalesce(fault, reason));
END
$$;
COMMENT ON FUNCTION vsys.answer_refusal(text, outbreak.municipality_code, text, uuid, text, smallint, bigint, text) IS 'What a booking that cannot be made is answered: the booking that the same key made before, if it did; otherwise the error. Counts a ticket that was not recognised.';

CREATE OR REPLACE FUNCTION vsys.book_pair(slot bigint, second_slot bigint, municipality outbreak.municipality_code, number text, person uuid, programme text, dose smallint, source text, key text, as_of timestamptz)
RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	first bigint;
	places integer;
BEGIN
	-- by number, so that two who want A with B and B with A do not wait for each other
	PERFORM
	FROM vsys.slot s
	WHERE s.slot = ANY (ARRAY[slot, second_slot])
	ORDER BY s.slot
	FOR NO KEY UPDATE;
	SELECT count(*) INTO places
	FROM vsys.slot s
	WHERE s.slot = ANY (ARRAY[book_pair.slot, second_slot])
		AND s.taken < s.capacity
		AND s.open;
	IF places < 2 THEN
		RETURN vsys.answer_refusal('sold_out', municipality, number, person, programme, dose, slot, key);
	END IF;
	UPDATE vsys.slot s
	SET taken = s.taken + 1
	WHERE s.slot = ANY (ARRAY[book_pair.slot, second_slot]);
	first := nextval('vsys.booking_number');
	INSERT INTO vsys.booking (booking, slot, person, booked_at, site, municipality, on_date, prefecture, dose, in_force, programme, number, state, source, pair, key)
	SELECT CASE s.slot WHEN slot THEN first ELSE nextval('vsys.booking_number') END, s.slot, person, as_of, s.site, municipality, e.on_date, s.prefecture,
		CASE s.slot WHEN slot THEN dose ELSE dose + 1 END, true, programme, number, 'booked', source, first, key
	FROM vsys.slot s
	JOIN vsys.session e ON e.session = s.session
	WHERE s.slot = ANY (ARRAY[book_pair.slot, second_slot])
	ORDER BY s.slot = second_slot
	ON CONFLICT ON CONSTRAINT booking_once DO NOTHING;
	GET DIAGNOSTICS places = ROW_COUNT;
	IF places = 2 THEN
		RETURN first;
	ELSIF places = 1 THEN
		-- one of the doses was booked elsewhere at this moment: neither is booked here
		PERFORM vsys.refuse_booking('already_booked');
	END IF;
	UPDATE vsys.slot s
	SET taken = s.taken - 1
	WHERE s.slot = ANY (ARRAY[book_pair.slot, second_slot]);
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION vsys.book_pair(bigint, bigint, outbreak.municipality_code, text, uuid, text, smallint, text, text, timestamptz) IS 'Books both doses together, once they are judged, and returns the first booking. NULL, with nothing changed, when the person has booked both elsewhere at this moment; errors OB073, OB074.';

-- ---- what becomes of a booking

CREATE OR REPLACE FUNCTION vsys.my_booking(booking bigint, municipality outbreak.municipality_code, number text, birth_on date)
RETURNS vsys.booking
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	holder uuid := (vsys.recognise(municipality, number, birth_on)).person;
	named vsys.booking;
BEGIN
	SELECT b.* INTO named
	FROM vsys.booking b
	WHERE b.booking = my_booking.booking
		AND b.person = holder;
	IF NOT found THEN
		PERFORM vsys.refuse_booking('booking_unknown');
	END IF;
	RETURN named;
END
$$;
COMMENT ON FUNCTION vsys.my_booking(bigint, outbreak.municipality_code, text, date) IS 'A booking of the person of a ticket. OB077, with the same words, whether there is none of that number or it is somebody else''s; errors of vsys.recognise().';

CREATE OR REPLACE FUNCTION vsys.end_booking(booking bigint, state text, reason text, as_of timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	place bigint;
BEGIN
	SELECT b.slot INTO place
	FROM vsys.booking b
	WHERE b.booking = end_booking.booking;
	-- the slot first, as everybody does
	PERFORM
	FROM vsys.slot s
	WHERE s.slot = place
	FOR NO KEY UPDATE;
	UPDATE vsys.booking b
	SET state = state,
		in_force = NULL,
		ended_at = as_of,
		reason = reason
	WHERE b.booking = end_booking.booking
		AND b.state = 'booked';
	IF NOT found THEN
		RETURN false;
	END IF;
	PERFORM vsys.give_place(place, as_of);
	RETURN true;
END
$$;
COMMENT ON FUNCTION vsys.end_booking(bigint, text, text, timestamptz) IS 'Ends a booking that is booked: its place goes to the waiting list or back to the slot, exactly once. False when it has ended already, whoever ended it.';

CREATE OR REPLACE FUNCTION vsys.cancel(
	booking bigint,
	municipality outbreak.municipality_code,
	number text,
	birth_on date DEFAULT NULL,
	reason text DEFAULT NULL,
	with_pair boolean DEFAULT true,
	as_of timestamptz DEFAULT now()
) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	named vsys.booking;
	one record;
	ended integer := 0;
BEGIN
	PERFORM access.require_now(as_of);
	named := vsys.my_booking(booking, municipality, number, birth_on);
	IF named.state = ANY ('{completed,no_show}'::text[]) THEN
		PERFORM vsys.refuse_booking('booking_ended');
	END IF;
	-- a later dose goes with the one that it was booked with; slots by number
	FOR one IN
		SELECT b.booking, b.slot, s.starts_at
		FROM vsys.booking b
		JOIN vsys.slot s ON s.slot = b.slot
		WHERE b.person = named.person
			AND b.programme = named.programme
			AND b.state = 'booked'
			AND (b.booking = named.booking OR with_pair AND b.pair = named.pair AND b.dose > named.dose)
		ORDER BY b.slot
	LOOP
		IF one.starts_at <= as_of THEN
			PERFORM vsys.refuse_booking('too_late');
		END IF;
		PERFORM
		FROM vsys.slot s
		WHERE s.slot = one.slot
		FOR NO KEY UPDATE;
	END LOOP;
	FOR one IN
		SELECT b.booking
		FROM vsys.booking b
		WHERE b.person = named.person
			AND b.programme = named.programme
			AND b.state = 'booked'
			AND (b.booking = named.booking OR with_pair AND b.pair = named.pair AND b.dose > named.dose)
		ORDER BY b.slot
	LOOP
		ended := ended + vsys.end_booking(one.booking, 'cancelled', coalesce(left(nullif(btrim(reason), ''), 200), 'by the person'), as_of)::integer;
	END LOOP;
	RETURN ended;
END
$$;
COMMENT ON FUNCTION vsys.cancel(bigint, outbreak.municipality_code, text, date, text, boolean, timestamptz) IS
'予約の取消 / cancels a booking of the person of the ticket, with the later dose that was booked together with it (unless with_pair is false), and returns how many bookings ended by this call: 0 when it had ended already. Each place is given back exactly once: to the first of the waiting list, in this transaction, or to the slot. Errors: OB077 there is no such booking, or it is somebody else''s; OB079 it was kept, or its time has come; those of the ticket; 42501.';

CREATE OR REPLACE FUNCTION vsys.rebook(
	booking bigint,
	slot bigint,
	municipality outbreak.municipality_code,
	number text,
	birth_on date DEFAULT NULL,
	key text DEFAULT NULL,
	as_of timestamptz DEFAULT now()
) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	named vsys.booking;
	one record;
	made bigint;
BEGIN
	PERFORM access.require_now(as_of);
	named := vsys.my_booking(booking, municipality, number, birth_on);
	IF named.state <> 'booked' THEN
		RETURN vsys.answer_refusal('booking_ended', municipality, number, named.person, named.programme, named.dose, slot, key);
	ELSIF named.slot = slot THEN
		RETURN named.booking;
	END IF;
	IF EXISTS (SELECT FROM vsys.slot s WHERE s.slot = named.slot AND s.starts_at <= as_of) THEN
		PERFORM vsys.refuse_booking('too_late');
	END IF;
	one := outbreak.judge_booking(slot, municipality, number, birth_on, named.dose, as_of, false, NULL, named.booking);
	IF one.reason IS NOT NULL THEN
		PERFORM vsys.refuse_booking(one.reason);
	END IF;

	PERFORM
	FROM vsys.slot s
	WHERE s.slot = ANY (ARRAY[slot, named.slot])
	ORDER BY s.slot
	FOR NO KEY UPDATE;
	UPDATE vsys.slot s
	SET taken = s.taken + 1
	WHERE s.slot = rebook.slot
		AND s.taken < s.capacity
		AND s.open;
	IF NOT found THEN
		PERFORM vsys.refuse_booking('sold_out');
	END IF;
	IF NOT vsys.end_booking(named.booking, 'moved', 'rebooked', as_of) THEN
		PERFORM vsys.refuse_booking('booking_ended');
	END IF;
	INSERT INTO vsys.booking (slot, person, booked_at, site, municipality, on_date, prefecture, dose, in_force, programme, number, state, source, pair, key)
	VALUES (slot, one.person, as_of, one.site, municipality, one.on_date, one.prefecture, one.dose_number, true, one.programme, number, 'booked',
		CASE WHEN one.staff THEN 'staff' ELSE 'direct' END, named.pair, key)
	ON CONFLICT ON CONSTRAINT booking_once DO NOTHING
	RETURNING booking.booking INTO made;
	IF made IS NULL THEN
		PERFORM vsys.refuse_booking('already_booked');
	END IF;
	RETURN made;
END
$$;
COMMENT ON FUNCTION vsys.rebook(bigint, bigint, outbreak.municipality_code, text, date, text, timestamptz) IS
'予約の変更 / moves a booking to another slot, of any site, in one step: the new place is taken before the old one is given back, and if it cannot be had the old one stays. Returns the new booking; the old one stays as moved. Errors: those of vsys.book() and vsys.cancel().';

CREATE OR REPLACE FUNCTION vsys.complete_booking(municipality outbreak.municipality_code, number text, programme text, dose integer, site outbreak.institution_code, at timestamptz)
RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	holder uuid;
	held vsys.booking;
	done bigint;
BEGIN
	SELECT t.person INTO holder
	FROM vsys.ticket t
	WHERE t.municipality = complete_booking.municipality
		AND t.number = complete_booking.number;
	IF holder IS NULL THEN
		RETURN NULL;
	END IF;
	SELECT b.* INTO held
	FROM vsys.booking b
	WHERE b.person = holder
		AND b.programme = complete_booking.programme
		AND b.dose = complete_booking.dose
		AND b.in_force;
	IF held.state = 'completed' THEN
		RETURN held.booking;
	END IF;
	IF held.site = site AND held.on_date = outbreak.local_date(at) THEN
		UPDATE vsys.booking b
		SET state = 'completed',
			ended_at = at
		WHERE b.booking = held.booking
			AND b.state = 'booked'
		RETURNING b.booking INTO done;
		IF done IS NOT NULL THEN
			RETURN done;
		END IF;
	ELSIF held.booking IS NOT NULL THEN
		PERFORM vsys.end_booking(held.booking, 'cancelled', 'given elsewhere or on another day', at);
	END IF;
	-- given without a booking there: the dose counts all the same
	INSERT INTO vsys.booking (person, booked_at, site, municipality, on_date, prefecture, dose, in_force, programme, number, state, source, ended_at)
	VALUES (holder, at, site, municipality, outbreak.local_date(at), outbreak.prefecture(site), dose, true, programme, number, 'completed', 'walk_in', at)
	ON CONFLICT ON CONSTRAINT booking_once DO NOTHING
	RETURNING booking.booking INTO done;
	IF done IS NULL THEN
		-- the person booked at this moment: next time round it is there to be seen
		RETURN vsys.complete_booking(municipality, number, programme, dose, site, at);
	END IF;
	RETURN done;
END
$$;
COMMENT ON FUNCTION vsys.complete_booking(outbreak.municipality_code, text, text, integer, outbreak.institution_code, timestamptz) IS
'接種による予約の完了 / a dose was given: the booking of that dose at that site and day is completed. One elsewhere, or on another day, gives its place back (cancelled), and the dose is noted without a slot, so that it is not booked again. Returns the booking; the same for a dose that was completed before; NULL for a ticket that was not issued. Part of recording results, whose functions call it as the owner.';

CREATE OR REPLACE FUNCTION vsys.mark_no_shows(session bigint, as_of timestamptz DEFAULT now())
RETURNS TABLE (booking bigint, municipality outbreak.municipality_code, number text, dose smallint, starts_at timestamptz)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.require_now(as_of);
	PERFORM vsys.require_session(session);
	PERFORM
	FROM vsys.slot s
	WHERE s.session = mark_no_shows.session
		AND s.ends_at <= as_of
	ORDER BY s.slot
	FOR NO KEY UPDATE;
	RETURN QUERY
	WITH missed AS (
		UPDATE vsys.booking b
		SET state = 'no_show',
			in_force = NULL,
			ended_at = as_of,
			reason = 'did not come'
		WHERE b.slot = ANY (ARRAY(SELECT s.slot FROM vsys.slot s WHERE s.session = mark_no_shows.session AND s.ends_at <= as_of))
			AND b.state = 'booked'
		RETURNING b.booking, b.slot, b.municipality, b.number, b.dose
	), given_back AS (
		UPDATE vsys.slot s
		SET taken = s.taken - m.bookings
		FROM (SELECT m.slot, count(*) AS bookings FROM missed AS m GROUP BY m.slot) AS m
		WHERE s.slot = m.slot
	)
	SELECT m.booking, m.municipality, m.number, m.dose, s.starts_at
	FROM missed AS m
	JOIN vsys.slot AS s ON s.slot = m.slot
	ORDER BY s.starts_at, m.booking;
END
$$;
COMMENT ON FUNCTION vsys.mark_no_shows(bigint, timestamptz) IS
'来場なし / ends the bookings of a session whose slots are over and that were neither kept nor cancelled, and returns them. Their people may book again. Errors: OB077 no such session, 42501.';

CREATE OR REPLACE FUNCTION vsys.my_bookings(municipality outbreak.municipality_code, number text, birth_on date DEFAULT NULL)
RETURNS TABLE (booking bigint, state text, programme text, dose smallint, site outbreak.institution_code, product text, starts_at timestamptz, ends_at timestamptz, booked_at timestamptz, ended_at timestamptz, reason text, pair bigint)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER ROWS 5
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	holder uuid := (vsys.recognise(municipality, number, birth_on)).person;
BEGIN
	RETURN QUERY
	SELECT b.booking, b.state, b.programme, b.dose, b.site, e.product, s.starts_at, s.ends_at, b.booked_at, b.ended_at, b.reason, b.pair
	FROM vsys.booking b
	LEFT JOIN vsys.slot s ON s.slot = b.slot
	LEFT JOIN vsys.session e ON e.session = s.session
	WHERE b.person = holder
	ORDER BY coalesce(s.starts_at, b.booked_at), b.booking;
END
$$;
COMMENT ON FUNCTION vsys.my_bookings(outbreak.municipality_code, text, date) IS
'自分の予約 / every booking of the person of a ticket, with those that ended and why: none vanishes. Errors: those of the ticket.';

-- ---- tickets that are withdrawn

CREATE OR REPLACE FUNCTION vsys.withdraw_tickets(numbers text[], reason text, municipality outbreak.municipality_code DEFAULT outbreak.my_municipality(), as_of timestamptz DEFAULT now())
RETURNS TABLE (number text, outcome text, bookings integer)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	holder uuid;
	of_programme text;
BEGIN
	PERFORM access.require_now(as_of);
	PERFORM vsys.require_municipality(municipality);
	IF coalesce(btrim(reason), '') = '' OR reason = 'reissued' THEN
		RAISE EXCEPTION 'a withdrawal needs a reason'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Such as moved, died or error; a ticket that is issued anew is vsys.reissue_ticket().';
	END IF;
	FOREACH number IN ARRAY coalesce(numbers, '{}')
	LOOP
		bookings := 0;
		UPDATE vsys.ticket t
		SET withdrawn_at = as_of,
			withdrawn_reason = reason
		WHERE t.municipality = withdraw_tickets.municipality
			AND t.number = withdraw_tickets.number
			AND t.withdrawn_at IS NULL
		RETURNING t.person, t.programme INTO holder, of_programme;
		IF found THEN
			outcome := 'withdrawn';
			bookings := vsys.end_bookings_of(holder, of_programme, as_of);
		ELSE
			outcome := CASE WHEN EXISTS (
				SELECT
				FROM vsys.ticket t
				WHERE t.municipality = withdraw_tickets.municipality
					AND t.number = withdraw_tickets.number) THEN 'withdrawn before' ELSE 'unknown' END;
		END IF;
		RETURN NEXT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION vsys.withdraw_tickets(text[], text, outbreak.municipality_code, timestamptz) IS
'接種券の失効 / withdraws tickets, for a reason (moved, died, error): their bookings that have not been kept are cancelled, the places given back, and who held them noted in vsys.booking_notice. Returns for each number withdrawn, withdrawn before or unknown, and how many bookings ended. 22023 without a reason, 42501.';

CREATE OR REPLACE FUNCTION vsys.end_bookings_of(person uuid, programme text, as_of timestamptz) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	held vsys.booking;
	ended integer := 0;
BEGIN
	UPDATE vsys.waiting w
	SET state = 'overtaken',
		ended_at = as_of
	WHERE w.person = end_bookings_of.person
		AND w.programme = end_bookings_of.programme
		AND w.state = 'waiting';
	PERFORM
	FROM vsys.slot s
	WHERE s.slot = ANY (ARRAY(
			SELECT b.slot
			FROM vsys.booking b
			WHERE b.person = end_bookings_of.person
				AND b.programme = end_bookings_of.programme
				AND b.state = 'booked'))
	ORDER BY s.slot
	FOR NO KEY UPDATE;
	FOR held IN
		SELECT b.*
		FROM vsys.booking b
		WHERE b.person = end_bookings_of.person
			AND b.programme = end_bookings_of.programme
			AND b.state = 'booked'
		ORDER BY b.slot
	LOOP
		IF vsys.end_booking(held.booking, 'cancelled', 'the ticket was withdrawn', as_of) THEN
			ended := ended + 1;
			INSERT INTO vsys.booking_notice (kind, booking, person, municipality, number, site, made_at)
			VALUES ('withdrawn', held.booking, held.person, held.municipality, held.number, held.site, as_of);
		END IF;
	END LOOP;
	RETURN ended;
END
$$;
COMMENT ON FUNCTION vsys.end_bookings_of(uuid, text, timestamptz) IS 'Cancels what a person has booked of a programme and waits for; returns how many bookings ended.';
