-- ---- sessions and their slots

CREATE OR REPLACE FUNCTION vsys.session_ruled() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
DECLARE
	rule record;
BEGIN
	SELECT s.municipality, p.first_dose, least(p.last_dose, p.first_dose + d.course_doses - 1) AS last_dose,
		coalesce(d.interval_min_days, 0) AS interval_min_days, d.interval_max_days, d.min_age
	INTO rule
	FROM vsys.site s
	CROSS JOIN vsys.programme p
	CROSS JOIN vsys.product d
	WHERE s.site = NEW.site
		AND p.programme = NEW.programme
		AND d.product = NEW.product;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no such site, programme or product'
			USING ERRCODE = 'foreign_key_violation';
	END IF;
	NEW.municipality := rule.municipality;
	NEW.first_dose := rule.first_dose;
	NEW.last_dose := rule.last_dose;
	NEW.interval_min_days := rule.interval_min_days;
	NEW.interval_max_days := rule.interval_max_days;
	NEW.min_age := greatest(NEW.min_age, rule.min_age);
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION vsys.session_ruled() IS 'Trigger of vsys.session: copies the municipality of the site, and what programme and product say about doses, intervals and age.';

CREATE OR REPLACE FUNCTION vsys.product_rules_changed() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
BEGIN
	UPDATE vsys.session e
	-- an age that the site raised stays; the product's own follows
	SET min_age = CASE WHEN e.min_age = OLD.min_age THEN NEW.min_age ELSE e.min_age END
	WHERE e.product = NEW.product
		AND e.on_date >= outbreak.local_date();
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION vsys.product_rules_changed() IS 'Trigger of vsys.product: sessions from today on follow a change of intervals and age, through their own trigger.';

CREATE OR REPLACE FUNCTION vsys.programme_rules_changed() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
BEGIN
	UPDATE vsys.session e
	SET programme = e.programme
	WHERE e.programme = NEW.programme
		AND e.on_date >= outbreak.local_date();
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION vsys.programme_rules_changed() IS 'Trigger of vsys.programme: sessions from today on follow a change of its doses, through their own trigger.';

CREATE OR REPLACE FUNCTION vsys.make_sessions(
	of_site outbreak.institution_code,
	programme text,
	product text,
	pattern jsonb,
	from_date date,
	to_date date,
	except_on date[] DEFAULT '{}',
	dose integer DEFAULT NULL,
	mode text DEFAULT 'direct',
	opens_at timestamptz DEFAULT '-infinity',
	close_before interval DEFAULT '0',
	priority_groups text[] DEFAULT '{}',
	min_age integer DEFAULT 0,
	walk_in boolean DEFAULT false
) RETURNS TABLE (sessions integer, slots integer, places bigint)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	zone text := outbreak.time_zone();
	bad text;
BEGIN
	PERFORM vsys.require_site(of_site);
	IF from_date IS NULL OR to_date IS NULL OR to_date - from_date NOT BETWEEN 0 AND 366 THEN
		RAISE EXCEPTION 'the sessions must begin on a day and end within a year of it'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF jsonb_typeof(pattern) IS DISTINCT FROM 'array' OR jsonb_array_length(pattern) NOT BETWEEN 1 AND 100 THEN
		RAISE EXCEPTION 'the pattern of a week must be a JSON array of 1 to 100 objects'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Such as [{"weekday": 1, "start": "09:00", "end": "12:00", "minutes": 15, "capacity": 12}]; weekday 1 is Monday, minutes the length of a slot.';
	END IF;
	SELECT string_agg(n::text, ', ' ORDER BY n) INTO bad
	FROM jsonb_array_elements(pattern) WITH ORDINALITY AS r (part, n)
	WHERE NOT coalesce(
		part ->> 'weekday' ~ '^[1-7]$'
			AND part ->> 'start' ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
			AND part ->> 'end' ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'
			AND part ->> 'start' < part ->> 'end'
			AND coalesce(part ->> 'minutes', '15') ~ '^[1-9][0-9]{0,3}$'
			AND part ->> 'capacity' ~ '^[0-9]{1,5}$', false);
	IF bad IS NOT NULL THEN
		RAISE EXCEPTION 'parts of the pattern are not as they must be: %', bad
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Such as {"weekday": 1, "start": "09:00", "end": "12:00", "minutes": 15, "capacity": 12}.';
	END IF;
	IF EXISTS (SELECT FROM unnest(priority_groups) AS g (name) WHERE NOT EXISTS (SELECT FROM vsys.priority_group p WHERE p.priority_group = g.name)) THEN
		RAISE EXCEPTION 'there is no such priority group'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;

	RETURN QUERY
	WITH day AS MATERIALIZED (
		SELECT d::date AS on_date, part,
			d::date + (part ->> 'start')::time AS from_at,
			d::date + CASE part ->> 'end' WHEN '24:00' THEN interval '24 hours' ELSE (part ->> 'end')::interval END AS to_at,
			make_interval(mins => coalesce(part ->> 'minutes', '15')::integer) AS length
		FROM generate_series(from_date::timestamp, to_date::timestamp, interval '1 day') AS d
		JOIN jsonb_array_elements(pattern) AS p (part) ON (part ->> 'weekday')::integer = extract(isodow FROM d)
		WHERE d::date <> ALL (except_on)
	), session AS (
		INSERT INTO vsys.session AS e (site, programme, product, on_date, dose, mode, opens_at, closes_at, walk_in, priority_groups, min_age)
		SELECT of_site, programme, product, day.on_date, dose, mode, opens_at,
			CASE close_before WHEN interval '0' THEN max(day.to_at) ELSE min(day.from_at) - close_before END AT TIME ZONE zone, walk_in, priority_groups, min_age
		FROM day
		GROUP BY day.on_date
		ORDER BY day.on_date
		-- what was made before gets the slots that it lacks
		ON CONFLICT ON CONSTRAINT session_site_on_date_programme_product_dose_key DO UPDATE
		SET programme = e.programme
		WHERE e.closed_at IS NULL
		RETURNING e.session, e.on_date, e.municipality, e.prefecture
	), slot AS (
		INSERT INTO vsys.slot (session, site, municipality, prefecture, starts_at, ends_at, capacity)
		SELECT s.session, of_site, s.municipality, s.prefecture, t AT TIME ZONE zone, (t + day.length) AT TIME ZONE zone, (day.part ->> 'capacity')::integer
		FROM session AS s
		JOIN day ON day.on_date = s.on_date
		CROSS JOIN LATERAL generate_series(day.from_at, day.to_at - day.length, day.length) AS t
		ORDER BY t
		ON CONFLICT ON CONSTRAINT slot_session_starts_at_key DO NOTHING
		RETURNING session, capacity
	)
	SELECT count(DISTINCT slot.session)::integer, count(*)::integer, coalesce(sum(slot.capacity), 0)
	FROM slot;
END
$$;
COMMENT ON FUNCTION vsys.make_sessions(outbreak.institution_code, text, text, jsonb, date, date, date[], integer, text, timestamptz, interval, text[], integer, boolean) IS
'日程の一括作成 / makes the sessions of a site from the pattern of a week: a JSON array of {"weekday" (1 Monday to 7), "start", "end", "minutes" (length of a slot, default 15), "capacity" (places of a slot)}, for the days from from_date to to_date but those in except_on (holidays). Returns how many sessions got slots, slots and places. Safe to repeat: what is there stays as it is. Booking opens at opens_at and ends close_before before the first slot of the day; without it each slot can be booked until it begins. For the site, its municipality and its prefecture (42501). Errors: 22023 for a pattern that is none, 23503 for a product that the programme does not use.';

CREATE OR REPLACE FUNCTION vsys.set_session(
	session bigint,
	mode text DEFAULT NULL,
	opens_at timestamptz DEFAULT NULL,
	closes_at timestamptz DEFAULT NULL,
	priority_groups text[] DEFAULT NULL,
	min_age integer DEFAULT NULL,
	walk_in boolean DEFAULT NULL
) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM vsys.require_session(session);
	IF EXISTS (SELECT FROM unnest(priority_groups) AS g (name) WHERE NOT EXISTS (SELECT FROM vsys.priority_group p WHERE p.priority_group = g.name)) THEN
		RAISE EXCEPTION 'there is no such priority group'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	UPDATE vsys.session e
	SET mode = coalesce(mode, e.mode),
		opens_at = coalesce(opens_at, e.opens_at),
		closes_at = coalesce(closes_at, e.closes_at),
		priority_groups = coalesce(priority_groups, e.priority_groups),
		min_age = coalesce(min_age, e.min_age),
		walk_in = coalesce(walk_in, e.walk_in)
	WHERE e.session = set_session.session;
END
$$;
COMMENT ON FUNCTION vsys.set_session(bigint, text, timestamptz, timestamptz, text[], integer, boolean) IS
'日程の変更 / changes how a session is booked: what is given, and NULL leaves. Bookings that are there stay. Errors: OB077 no such session, 22023, 23514, 42501.';

CREATE OR REPLACE FUNCTION vsys.set_capacity(slot bigint, capacity integer, as_of timestamptz DEFAULT now())
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	changed vsys.slot;
BEGIN
	PERFORM access.require_now(as_of);
	IF capacity IS NULL OR capacity NOT BETWEEN 0 AND 100000 THEN
		RAISE EXCEPTION 'the capacity must lie between 0 and 100,000'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT s.* INTO changed
	FROM vsys.slot s
	WHERE s.slot = slot;
	IF NOT found THEN
		PERFORM vsys.refuse_booking('slot_unknown');
	END IF;
	PERFORM vsys.require_site(changed.site);
	UPDATE vsys.slot s
	SET capacity = capacity
	WHERE s.slot = set_capacity.slot
		AND s.taken <= capacity;
	IF NOT found THEN
		SELECT s.* INTO changed
		FROM vsys.slot s
		WHERE s.slot = set_capacity.slot;
		PERFORM vsys.refuse_booking('capacity_below_taken', jsonb_build_object('taken', changed.taken));
	END IF;
	RETURN vsys.fill_slot(slot, as_of);
END
$$;
COMMENT ON FUNCTION vsys.set_capacity(bigint, integer, timestamptz) IS
'定員の変更 / changes the places of a slot, never below what is booked (OB078, with the number in DETAIL). More places go to the waiting list first; returns how many were promoted. Errors: OB077 no such slot, 22023, 42501.';

CREATE OR REPLACE FUNCTION vsys.close_session(session bigint, reason text, as_of timestamptz DEFAULT now())
RETURNS TABLE (booking bigint, municipality outbreak.municipality_code, number text, dose smallint, starts_at timestamptz, pair_starts_at timestamptz)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	closed vsys.session;
BEGIN
	PERFORM access.require_now(as_of);
	IF coalesce(btrim(reason), '') = '' THEN
		RAISE EXCEPTION 'closing a session needs a reason'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT e.* INTO closed
	FROM vsys.session e
	WHERE e.session = session;
	IF NOT found THEN
		PERFORM vsys.refuse_booking('session_unknown');
	END IF;
	PERFORM vsys.require_site(closed.site);
	UPDATE vsys.session e
	SET closed_at = as_of,
		close_reason = reason
	WHERE e.session = closed.session
		AND e.closed_at IS NULL;

	-- slots before bookings, by number, as everybody takes them; whoever is booking at this moment is waited for
	PERFORM
	FROM vsys.slot s
	WHERE s.session = closed.session
	ORDER BY s.slot
	FOR NO KEY UPDATE;
	UPDATE vsys.slot s
	SET open = false
	WHERE s.session = closed.session
		AND s.open;
	UPDATE vsys.waiting w
	SET state = 'overtaken',
		ended_at = as_of
	WHERE w.session = closed.session
		AND w.state = 'waiting';

	RETURN QUERY
	WITH displaced AS (
		UPDATE vsys.booking b
		SET state = 'displaced',
			in_force = NULL,
			ended_at = as_of,
			reason = reason
		WHERE b.slot = ANY (ARRAY(SELECT s.slot FROM vsys.slot s WHERE s.session = closed.session))
			AND b.state = 'booked'
		RETURNING b.booking, b.slot, b.person, b.municipality, b.number, b.dose, b.site, b.programme
	), given_back AS (
		UPDATE vsys.slot s
		SET taken = s.taken - d.bookings
		FROM (SELECT d.slot, count(*) AS bookings FROM displaced AS d GROUP BY d.slot) AS d
		WHERE s.slot = d.slot
	), partner AS (
		-- the other doses of the same people, which may now be too early or too late
		SELECT d.booking AS displaced, o.booking, o.dose, o.slot
		FROM displaced AS d
		JOIN vsys.booking AS o ON o.person = d.person
			AND o.programme = d.programme
			AND o.in_force
			AND o.state = 'booked'
			AND o.dose > d.dose
	), told AS (
		INSERT INTO vsys.booking_notice (kind, booking, person, municipality, number, site, made_at)
		SELECT 'displaced', d.booking, d.person, d.municipality, d.number, d.site, as_of
		FROM displaced AS d
		UNION ALL
		SELECT 'pair_displaced', p.booking, d.person, d.municipality, d.number, d.site, as_of
		FROM partner AS p
		JOIN displaced AS d ON d.booking = p.displaced
	)
	SELECT d.booking, d.municipality, d.number, d.dose, s.starts_at,
		(SELECT min(o.starts_at) FROM partner AS p JOIN vsys.slot AS o ON o.slot = p.slot WHERE p.displaced = d.booking)
	FROM displaced AS d
	JOIN vsys.slot AS s ON s.slot = d.slot
	ORDER BY s.starts_at, d.booking;
END
$$;
COMMENT ON FUNCTION vsys.close_session(bigint, text, timestamptz) IS
'日程の中止 / closes a session. From then on nobody books it; its bookings end as displaced (their people are free to book anew at once), and are returned as the list of whom to tell: ticket, dose, time, and the time of a later dose of the same person that is still booked. The same people stand in vsys.booking_notice until they were told. Closing again returns nobody. Errors: 22023 without a reason, OB077 no such session, 42501.';

CREATE OR REPLACE FUNCTION vsys.reopen_session(session bigint) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM vsys.require_session(session);
	UPDATE vsys.session e
	SET closed_at = NULL,
		close_reason = NULL
	WHERE e.session = reopen_session.session;
	PERFORM
	FROM vsys.slot s
	WHERE s.session = reopen_session.session
	ORDER BY s.slot
	FOR NO KEY UPDATE;
	UPDATE vsys.slot s
	SET open = true
	WHERE s.session = reopen_session.session
		AND NOT s.open;
END
$$;
COMMENT ON FUNCTION vsys.reopen_session(bigint) IS
'日程の再開 / opens a session that was closed: its slots can be booked again. Bookings that were displaced stay so; their people were told to book anew. Errors: OB077 no such session, 42501.';

CREATE OR REPLACE FUNCTION vsys.day_list(of_site outbreak.institution_code, on_date date)
RETURNS TABLE (booking bigint, starts_at timestamptz, slot bigint, municipality outbreak.municipality_code, number text, dose smallint, product text, state text, source text)
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT b.booking,
		s.starts_at,
		s.slot,
		b.municipality,
		b.number,
		b.dose,
		e.product,
		b.state,
		b.source
	FROM vsys.session AS e
	JOIN vsys.slot AS s ON s.session = e.session
	JOIN vsys.booking AS b ON b.slot = s.slot
	WHERE e.site OPERATOR(outbreak.=) of_site
		AND e.on_date = day_list.on_date
		AND b.state = ANY ('{booked,completed,no_show}'::text[])
	ORDER BY s.starts_at, b.booking;
END;
COMMENT ON FUNCTION vsys.day_list(outbreak.institution_code, date) IS '当日の予約一覧 / who comes on a day: numbers of tickets, no names. A site sees its own.';

CREATE OR REPLACE FUNCTION vsys.check_slots(from_date date DEFAULT NULL, to_date date DEFAULT NULL)
RETURNS TABLE (slot bigint, starts_at timestamptz, capacity integer, taken integer, in_force bigint, problem text)
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH held AS (
		SELECT b.slot, count(*) AS bookings
		FROM vsys.booking AS b
		WHERE b.in_force
			AND b.slot IS NOT NULL
			AND b.on_date BETWEEN coalesce(from_date, '-infinity') AND coalesce(to_date, 'infinity')
		GROUP BY b.slot
	), here AS (
		SELECT s.slot, s.session, s.starts_at, s.capacity, s.taken, s.open
		FROM vsys.slot AS s
		JOIN vsys.session AS e ON e.session = s.session
		WHERE e.on_date BETWEEN coalesce(from_date, '-infinity') AND coalesce(to_date, 'infinity')
	)
	SELECT coalesce(s.slot, h.slot), s.starts_at, s.capacity, s.taken, coalesce(h.bookings, 0),
		CASE
			WHEN s.slot IS NULL THEN 'bookings of a slot that is not there'
			ELSE 'taken is not the number of bookings in force'
		END
	FROM here AS s
	FULL JOIN held AS h ON h.slot = s.slot
	WHERE s.taken IS DISTINCT FROM coalesce(h.bookings, 0)
	UNION ALL
	SELECT b.slot, NULL, NULL, NULL, NULL, format('booking %s is %s, but in_force is %s', b.booking, b.state, coalesce(b.in_force::text, 'NULL'))
	FROM vsys.booking AS b
	WHERE (b.in_force IS NOT NULL) <> (b.state = ANY ('{booked,completed}'::text[]))
		AND b.on_date BETWEEN coalesce(from_date, '-infinity') AND coalesce(to_date, 'infinity')
	ORDER BY 1;
END;
COMMENT ON FUNCTION vsys.check_slots(date, date) IS '予約数の照合 / slots whose number of places taken is not that of their bookings in force, and bookings whose state contradicts itself, of sessions on those days (all for NULL). Empty in a sound system; the job check_slots fails when it is not.';
