-- ---- the waiting list

CREATE OR REPLACE FUNCTION vsys.promote(of_slot bigint, as_of timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
DECLARE
	place record;
	first vsys.waiting;
	entitled boolean;
	made bigint;
BEGIN
	SELECT s.session, s.site, s.prefecture, s.starts_at, e.on_date, e.interval_min_days
	INTO place
	FROM vsys.slot s
	JOIN vsys.session e ON e.session = s.session
	WHERE s.slot = of_slot
		AND s.open
		AND s.starts_at > as_of;
	IF NOT found THEN
		RETURN false;
	END IF;
	LOOP
		-- who is just leaving, or being promoted by another cancellation, is passed over
		SELECT w.* INTO first
		FROM vsys.waiting w
		WHERE w.session = place.session
			AND w.state = 'waiting'
			AND (w.slots IS NULL OR of_slot = ANY (w.slots))
		ORDER BY w.waiting
		LIMIT 1
		FOR UPDATE SKIP LOCKED;
		IF NOT found THEN
			RETURN false;
		END IF;
		made := NULL;
		IF first.expires_at > as_of IS NOT FALSE THEN
			SELECT t.valid @> place.on_date
				AND NOT EXISTS (
					SELECT
					FROM vsys.booking b
					WHERE b.person = first.person
						AND b.programme = first.programme
						AND b.in_force
						AND (b.dose = first.dose
							OR b.dose < first.dose AND place.on_date < b.on_date + place.interval_min_days
							OR b.dose > first.dose AND b.on_date < place.on_date + place.interval_min_days))
			INTO entitled
			FROM vsys.ticket t
			WHERE t.person = first.person
				AND t.programme = first.programme
				AND t.withdrawn_at IS NULL;
			IF entitled THEN
				INSERT INTO vsys.booking (slot, person, booked_at, site, municipality, on_date, prefecture, dose, in_force, programme, number, state, source)
				VALUES (of_slot, first.person, as_of, place.site, first.municipality, place.on_date, place.prefecture, first.dose, true, first.programme, first.number, 'booked', 'waiting')
				ON CONFLICT ON CONSTRAINT booking_once DO NOTHING
				RETURNING booking INTO made;
			END IF;
		END IF;
		UPDATE vsys.waiting w
		SET state = CASE
				WHEN made IS NOT NULL THEN 'promoted'
				WHEN first.expires_at <= as_of THEN 'expired'
				ELSE 'overtaken'
			END,
			ended_at = as_of,
			booking = made
		WHERE w.waiting = first.waiting;
		IF made IS NOT NULL THEN
			INSERT INTO vsys.booking_notice (kind, booking, person, municipality, number, site, made_at)
			VALUES ('promoted', made, first.person, first.municipality, first.number, place.site, as_of);
			RETURN true;
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION vsys.promote(bigint, timestamptz) IS 'Books a place of a slot, which the caller has locked and counts, for the first of the waiting list who still wants it and may have it, and notes that the person is to be told. Those who booked elsewhere meanwhile, whose ticket or time is over, are taken off the list on the way. False when nobody is left.';

CREATE OR REPLACE FUNCTION vsys.give_place(of_slot bigint, as_of timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
BEGIN
	-- a place that goes on to the next stays taken
	IF NOT vsys.promote(of_slot, as_of) THEN
		UPDATE vsys.slot s
		SET taken = s.taken - 1
		WHERE s.slot = of_slot;
	END IF;
END
$$;
COMMENT ON FUNCTION vsys.give_place(bigint, timestamptz) IS 'Passes on a place that a booking has just left: to the waiting list, or back to the slot. The caller has locked the slot.';

CREATE OR REPLACE FUNCTION vsys.fill_slot(of_slot bigint, as_of timestamptz) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
DECLARE
	free integer;
	promoted integer := 0;
BEGIN
	SELECT s.capacity - s.taken INTO free
	FROM vsys.slot s
	WHERE s.slot = of_slot
	FOR NO KEY UPDATE;
	WHILE promoted < free AND vsys.promote(of_slot, as_of)
	LOOP
		promoted := promoted + 1;
	END LOOP;
	IF promoted > 0 THEN
		UPDATE vsys.slot s
		SET taken = s.taken + promoted
		WHERE s.slot = of_slot;
	END IF;
	RETURN promoted;
END
$$;
COMMENT ON FUNCTION vsys.fill_slot(bigint, timestamptz) IS 'Gives the free places of a slot to the waiting list; returns how many people were promoted.';

CREATE OR REPLACE FUNCTION vsys.join_waiting_list(
	session bigint,
	municipality outbreak.municipality_code,
	number text,
	birth_on date DEFAULT NULL,
	dose integer DEFAULT NULL,
	slots bigint[] DEFAULT NULL,
	expires_at timestamptz DEFAULT NULL,
	as_of timestamptz DEFAULT now()
) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	wanted bigint[];
	place bigint;
	one record;
	joined bigint;
BEGIN
	PERFORM access.require_now(as_of);
	PERFORM vsys.recognise(municipality, number, birth_on);
	IF expires_at <= as_of THEN
		RAISE EXCEPTION 'a wait cannot end before it begins'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	-- Whoever is cancelling in one of the slots is waited for, and whoever cancels later sees this entry: no place is
	-- free while somebody waits for it.
	SELECT array_agg(s.slot) INTO wanted
	FROM (
		SELECT s.slot
		FROM vsys.slot s
		WHERE s.session = join_waiting_list.session
			AND s.starts_at > as_of
			AND (slots IS NULL OR s.slot = ANY (slots))
		ORDER BY s.slot
		FOR SHARE
	) AS s;
	IF wanted IS NULL OR cardinality(slots) > cardinality(wanted) THEN
		PERFORM vsys.refuse_booking(CASE
			WHEN NOT EXISTS (SELECT FROM vsys.session e WHERE e.session = join_waiting_list.session) THEN 'session_unknown'
			WHEN wanted IS NULL AND slots IS NULL THEN 'booking_closed'
			ELSE 'slot_unknown'
		END);
	END IF;
	FOREACH place IN ARRAY wanted
	LOOP
		one := outbreak.judge_booking(place, municipality, number, birth_on, dose, as_of, false, NULL, NULL);
		IF one.reason IS NULL THEN
			PERFORM vsys.refuse_booking('not_full');
		ELSIF one.reason <> ALL ('{sold_out,queue_only}'::text[]) THEN
			PERFORM vsys.refuse_booking(one.reason);
		END IF;
	END LOOP;
	INSERT INTO vsys.waiting (session, slots, site, person, municipality, number, programme, dose, joined_at, expires_at)
	VALUES (session, CASE WHEN slots IS NOT NULL THEN wanted END, one.site, one.person, municipality, number, one.programme, one.dose_number, as_of, expires_at)
	ON CONFLICT DO NOTHING
	RETURNING waiting INTO joined;
	IF joined IS NULL THEN
		PERFORM vsys.refuse_booking('already_waiting');
	END IF;
	RETURN joined;
END
$$;
COMMENT ON FUNCTION vsys.join_waiting_list(bigint, outbreak.municipality_code, text, date, integer, bigint[], timestamptz, timestamptz) IS
'キャンセル待ちの登録 / puts the person of a ticket on the waiting list of a session, for any of its slots or only some, until expires_at, and returns the number of the entry. The first of the list gets a place in the transaction that frees it. Errors: OB075 not_full where there is a free place, OB074 already on the list or booked, and those of vsys.book().';

CREATE OR REPLACE FUNCTION vsys.leave_waiting_list(waiting bigint, municipality outbreak.municipality_code, number text, birth_on date DEFAULT NULL, as_of timestamptz DEFAULT now())
RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	holder uuid;
BEGIN
	PERFORM access.require_now(as_of);
	holder := (vsys.recognise(municipality, number, birth_on)).person;
	IF NOT EXISTS (SELECT FROM vsys.waiting w WHERE w.waiting = leave_waiting_list.waiting AND w.person = holder) THEN
		PERFORM vsys.refuse_booking('waiting_unknown');
	END IF;
	UPDATE vsys.waiting w
	SET state = 'left',
		ended_at = as_of
	WHERE w.waiting = leave_waiting_list.waiting
		AND w.state = 'waiting';
	RETURN found;
END
$$;
COMMENT ON FUNCTION vsys.leave_waiting_list(bigint, outbreak.municipality_code, text, date, timestamptz) IS
'キャンセル待ちの辞退 / takes the person of a ticket off a waiting list; false when the wait was over already (promoted: cancel the booking). OB077 for an entry that is not there or somebody else''s, and those of the ticket.';

CREATE OR REPLACE FUNCTION vsys.my_waiting(municipality outbreak.municipality_code, number text, birth_on date DEFAULT NULL)
RETURNS TABLE (waiting bigint, session bigint, site outbreak.institution_code, on_date date, dose smallint, state text, place bigint, joined_at timestamptz, ended_at timestamptz, booking bigint)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER ROWS 5
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	holder uuid := (vsys.recognise(municipality, number, birth_on)).person;
BEGIN
	RETURN QUERY
	SELECT w.waiting, w.session, w.site, e.on_date, w.dose, w.state,
		CASE WHEN w.state = 'waiting' THEN (
			SELECT count(*)
			FROM vsys.waiting o
			WHERE o.session = w.session
				AND o.state = 'waiting'
				AND o.waiting <= w.waiting) END,
		w.joined_at, w.ended_at, w.booking
	FROM vsys.waiting w
	JOIN vsys.session e ON e.session = w.session
	WHERE w.person = holder
	ORDER BY w.waiting;
END
$$;
COMMENT ON FUNCTION vsys.my_waiting(outbreak.municipality_code, text, date) IS '自分のキャンセル待ち / the waiting lists of the person of a ticket, with the place in each. Errors: those of the ticket.';

CREATE OR REPLACE FUNCTION vsys.tend_bookings(as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
DECLARE
	one record;
	expired bigint;
	promoted bigint := 0;
	withdrawn bigint := 0;
	decided bigint := 0;
	granted integer;
BEGIN
	LOOP
		granted := vsys.grant_requests(5000, as_of);
		EXIT WHEN coalesce(granted, 0) = 0;
		decided := decided + granted;
	END LOOP;

	-- one after the other by number, as everybody takes slots
	FOR one IN
		SELECT s.slot
		FROM vsys.slot s
		WHERE s.session IN (SELECT w.session FROM vsys.waiting w WHERE w.state = 'waiting')
			AND s.taken < s.capacity
			AND s.open
			AND s.starts_at > as_of
		ORDER BY s.slot
	LOOP
		promoted := promoted + vsys.fill_slot(one.slot, as_of);
	END LOOP;

	UPDATE vsys.waiting w
	SET state = 'expired',
		ended_at = as_of
	FROM vsys.session e
	WHERE e.session = w.session
		AND w.state = 'waiting'
		AND (w.expires_at <= as_of OR e.on_date < outbreak.local_date(as_of));
	GET DIAGNOSTICS expired = ROW_COUNT;

	-- who booked at the very moment in which the ticket was withdrawn
	FOR one IN
		SELECT DISTINCT t.person, t.programme
		FROM vsys.ticket t
		JOIN vsys.booking b ON b.person = t.person
			AND b.programme = t.programme
			AND b.state = 'booked'
		WHERE t.withdrawn_at BETWEEN as_of - interval '1 day' AND as_of
			AND NOT EXISTS (
				SELECT
				FROM vsys.ticket o
				WHERE o.person = t.person
					AND o.programme = t.programme
					AND o.withdrawn_at IS NULL)
		ORDER BY t.person
	LOOP
		withdrawn := withdrawn + vsys.end_bookings_of(one.person, one.programme, as_of);
	END LOOP;
	RETURN jsonb_build_object('decided', decided, 'promoted', promoted, 'expired', expired, 'withdrawn', withdrawn);
END
$$;
COMMENT ON FUNCTION vsys.tend_bookings(timestamptz) IS
'予約の整理 / job: decides requests that nobody decided, gives free places to those who wait for them, ends waits that are over, and cancels what was booked in the moment in which its ticket was withdrawn. Returns {"decided", "promoted", "expired", "withdrawn"}.';

CREATE OR REPLACE FUNCTION vsys.verify_bookings(as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT jsonb_build_object('failed', coalesce(jsonb_agg(jsonb_build_object('slot', c.slot, 'taken', c.taken, 'in_force', c.in_force, 'problem', c.problem) ORDER BY c.slot), '[]'))
	FROM vsys.check_slots(outbreak.local_date(as_of) - 31, NULL) AS c;
END;
COMMENT ON FUNCTION vsys.verify_bookings(timestamptz) IS '予約数の照合 / job: vsys.check_slots() for sessions from 31 days before as_of on. Returns {"failed": [{"slot", "taken", "in_force", "problem"}]}, so that a run that finds something is not ok.';
