-- ---- who is followed, from when to when

CREATE OR REPLACE FUNCTION followup.refuse(code text, sqlstate text, message_en text, message_ja text) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RAISE EXCEPTION '%', message_en
		USING ERRCODE = sqlstate,
			DETAIL = jsonb_build_object('reason', code, 'message_ja', message_ja, 'message_en', message_en),
			HINT = message_ja;
END
$$;
COMMENT ON FUNCTION followup.refuse(text, text, text, text) IS 'Raises an error of follow-up with its reason and texts as DETAIL.';

CREATE OR REPLACE FUNCTION followup.enrol(
	person uuid,
	plan text,
	day0 date,
	class text DEFAULT NULL,
	responder uuid DEFAULT NULL,
	health_center bigint DEFAULT NULL,
	time_zone text DEFAULT NULL,
	basis jsonb DEFAULT '{}',
	as_of timestamptz DEFAULT now()
) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	them registry.person;
	days integer;
	zone text := coalesce(time_zone, outbreak.time_zone());
	of_class text := coalesce(class, (SELECT c.class FROM followup.class c WHERE c.plan = enrol.plan AND c.is_default));
	center bigint;
	standing followup.enrolment;
	stay followup.enrolment;
	today date := outbreak.local_date(as_of);
	from_day date := day0;
BEGIN
	SELECT p.* INTO them
	FROM registry.person p
	WHERE p.person = enrol.person;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no such person'
			USING ERRCODE = 'no_data_found';
	END IF;
	IF responder IS NOT NULL AND NOT EXISTS (SELECT FROM registry.person p WHERE p.person = enrol.responder) THEN
		RAISE EXCEPTION 'there is no such responder'
			USING ERRCODE = 'no_data_found';
	END IF;
	-- raises 22023 for an unknown zone, and for a day that is none
	PERFORM outbreak.window_instant(day0, '00:00', '00:00', zone);
	days := followup.period_days(plan, of_class, day0, today);
	IF days IS NULL THEN
		RAISE EXCEPTION 'no period is laid down for that plan, class and day'
			USING ERRCODE = 'OB120',
				DETAIL = jsonb_build_object('reason', 'no_period', 'plan', plan, 'class', of_class, 'day0', day0),
				HINT = 'followup.plan and followup.class list what there is, followup.period since when.';
	END IF;
	center := coalesce(health_center, them.health_center);

	FOR attempt IN 1..10 LOOP
		INSERT INTO followup.enrolment AS e (person, responder, health_center, plan, class, time_zone, day0, until, prefecture, child, opened_at, former, basis)
		VALUES (person, coalesce(responder, person), center, plan, of_class, zone, day0, day0 + days,
			coalesce((SELECT h.prefecture FROM registry.health_center h WHERE h.health_center = center), them.prefecture),
			coalesce(extract(year FROM day0) - them.birth_year < 13, false), as_of, standing.enrolment, basis)
		-- one open enrolment of a person in a plan
		ON CONFLICT DO NOTHING
		RETURNING e.* INTO stay;
		EXIT WHEN found;

		SELECT e.* INTO standing
		FROM followup.enrolment e
		WHERE e.person = enrol.person
			AND e.plan = enrol.plan
			AND e.state = 'open'
		FOR NO KEY UPDATE;
		-- closed in the meantime: try again
		CONTINUE WHEN NOT found;
		IF standing.day0 >= day0 THEN
			-- the same entry or exposure again, or one that was before it
			RETURN standing.enrolment;
		END IF;
		-- entered or exposed anew: the days are counted from there; the old slots serve up to that day
		PERFORM followup.close(standing.enrolment, 'cancelled', 'restarted', as_of, day0);
		from_day := day0 + 1;
	END LOOP;

	PERFORM followup.make_stay(stay, from_day, as_of);
	INSERT INTO messaging.message (day, key, person, prefecture, kind, template, parameters, next_at)
	SELECT today, outbreak.message_key(stay.responder, today, 'enrolled.' || plan), stay.responder, stay.prefecture, 'enrolled.' || plan,
		'followup.enrolled', jsonb_build_object('day0', stay.day0, 'until', stay.until, 'plan', p.name_en, 'plan_ja', p.name_ja), as_of
	FROM followup.plan p
	WHERE p.plan = enrol.plan
		AND stay.until >= today
	ON CONFLICT DO NOTHING;
	RETURN stay.enrolment;
END
$$;
COMMENT ON FUNCTION followup.enrol(uuid, text, date, text, uuid, bigint, text, jsonb, timestamptz) IS
'フォローアップ登録 / takes a person into a plan, makes every slot of the stay and queues the first messages, in one transaction; returns the number of the enrolment. The same person, plan and day 0 again give the same number, an earlier day 0 too; a later one (re-exposure, re-entry) restarts the period in a new enrolment, whose former is the old one. class NULL: that of the plan; responder NULL: the person; health_center NULL: that of the person in the registry; time_zone NULL: outbreak.time_zone. For functions that run as the owner; people use followup.staff_enrol(). Errors: P0002 no such person, OB120 no period for that plan, class and day, 22023 unknown time zone.';

CREATE OR REPLACE FUNCTION followup.close(enrolment bigint, state text, reason text DEFAULT NULL, as_of timestamptz DEFAULT now(), keep_to date DEFAULT NULL) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	closed followup.enrolment;
BEGIN
	IF state <> ALL ('{completed,released,converted,moved,lost,died,cancelled}'::text[]) THEN
		RAISE EXCEPTION 'a follow-up does not end in that state'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'The states are completed, released, converted, moved, lost, died and cancelled.';
	END IF;
	UPDATE followup.enrolment e
	SET state = close.state,
		closed_at = as_of,
		reason = close.reason
	WHERE e.enrolment = close.enrolment
		AND e.state = 'open'
	RETURNING e.* INTO closed;
	IF NOT found THEN
		IF NOT EXISTS (SELECT FROM followup.enrolment e WHERE e.enrolment = close.enrolment) THEN
			RAISE EXCEPTION 'there is no such enrolment'
				USING ERRCODE = 'no_data_found';
		END IF;
		RETURN false;
	END IF;
	PERFORM followup.cancel_slots(ARRAY[enrolment], coalesce(keep_to, (as_of AT TIME ZONE closed.time_zone)::date - 1), coalesce(reason, state), as_of);
	UPDATE followup.call c
	SET state = 'overtaken',
		ended_at = as_of
	WHERE c.enrolment = close.enrolment
		AND c.state = 'open';
	UPDATE followup.place_of_stay s
	SET leaves_on = (as_of AT TIME ZONE closed.time_zone)::date
	WHERE s.enrolment = close.enrolment;
	RETURN true;
END
$$;
COMMENT ON FUNCTION followup.close(bigint, text, text, timestamptz, date) IS
'フォローアップ終了 / ends an enrolment (completed 期間満了, released 解除, converted 患者へ移行, moved 転出, lost 連絡不能, died 死亡, cancelled 取消): what is still to be asked or answered is cancelled, messages not sent yet are withdrawn, calls leave the list; everything that happened stays. keep_to: slots up to this day stay as they are. True when it was open; false, and nothing changes, when it had ended. Errors: P0002, 22023.';

CREATE OR REPLACE FUNCTION followup.convert(
	enrolment bigint,
	plan text,
	day0 date,
	class text DEFAULT NULL,
	basis jsonb DEFAULT '{}',
	as_of timestamptz DEFAULT now()
) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	old followup.enrolment;
	number bigint;
BEGIN
	SELECT e.* INTO old
	FROM followup.enrolment e
	WHERE e.enrolment = convert.enrolment
	FOR NO KEY UPDATE;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no such enrolment'
			USING ERRCODE = 'no_data_found';
	END IF;
	IF plan = old.plan THEN
		RAISE EXCEPTION 'the enrolment is in that plan already'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'followup.enrol() with a later day 0 restarts a period.';
	END IF;
	IF old.state = 'converted' THEN
		SELECT e.enrolment INTO number
		FROM followup.enrolment e
		WHERE e.former = old.enrolment
			AND e.plan = convert.plan
		ORDER BY e.enrolment
		LIMIT 1;
		IF found THEN
			RETURN number;
		END IF;
	END IF;
	-- what is to come is cancelled first, lest two messages ask the same
	PERFORM followup.close(old.enrolment, 'converted', plan, as_of);
	number := followup.enrol(old.person, plan, day0, class, old.responder, old.health_center, old.time_zone, basis, as_of);
	UPDATE followup.enrolment e
	SET former = old.enrolment
	WHERE e.enrolment = number
		AND e.former IS NULL;
	INSERT INTO followup.place_of_stay (enrolment, person, prefecture, health_center, location, radius_m, given_at)
	SELECT e.enrolment, e.person, e.prefecture, e.health_center, s.location, s.radius_m, s.given_at
	FROM followup.place_of_stay s
	JOIN followup.enrolment e ON e.enrolment = number
	WHERE s.enrolment = old.enrolment
	ON CONFLICT DO NOTHING;
	RETURN number;
END
$$;
COMMENT ON FUNCTION followup.convert(bigint, text, date, text, jsonb, timestamptz) IS
'移行 / a contact or arrival becomes a patient: the enrolment ends as converted, its future slots are cancelled, its history stays, and the person is followed in the other plan from its day 0, under the same responder and health centre. Returns the number of the new enrolment; a second call the same one. Errors: P0002, 22023 for the plan that it is in, OB120.';

CREATE OR REPLACE FUNCTION followup.move(enrolment bigint, health_center bigint, as_of timestamptz DEFAULT now()) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	moved followup.enrolment;
	enrolments bigint[];
	last_day date;
	today date;
	to_prefecture smallint := (SELECT h.prefecture FROM registry.health_center h WHERE h.health_center = move.health_center);
BEGIN
	IF to_prefecture IS NULL THEN
		RAISE EXCEPTION 'there is no such health centre'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT e.* INTO moved
	FROM followup.enrolment e
	WHERE e.enrolment = move.enrolment;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no such enrolment'
			USING ERRCODE = 'no_data_found';
	END IF;
	-- in the order in which everybody takes several of a person
	PERFORM
	FROM followup.enrolment e
	WHERE e.person = moved.person
		AND e.state = 'open'
	ORDER BY e.enrolment
	FOR NO KEY UPDATE;
	-- whoever moves takes every follow-up along that stood with the same centre; another's is not ours to hand on
	SELECT array_agg(e.enrolment), max(e.until) INTO enrolments, last_day
	FROM followup.enrolment e
	WHERE e.person = moved.person
		AND e.state = 'open'
		AND (e.prefecture, e.health_center) IS NOT DISTINCT FROM (moved.prefecture, moved.health_center);
	IF enrolments IS NULL OR move.enrolment <> ALL (enrolments) THEN
		PERFORM followup.refuse('ended', 'OB121', 'the follow-up has ended', 'フォローアップは終了しています。');
	END IF;
	UPDATE followup.enrolment e
	SET health_center = move.health_center,
		prefecture = to_prefecture
	WHERE e.enrolment = ANY (enrolments);
	UPDATE registry.person p
	SET health_center = move.health_center
	WHERE p.person = moved.person
		AND p.health_center IS DISTINCT FROM move.health_center;
	-- what is still to come is the new centre's, and what it needs for the release; slots and answers of the past stay the old one's
	today := (as_of AT TIME ZONE moved.time_zone)::date;
	UPDATE followup.slot s
	SET health_center = move.health_center,
		prefecture = to_prefecture
	WHERE s.enrolment = ANY (enrolments)
		AND s.day = ANY (ARRAY(SELECT today + i FROM generate_series(0, greatest(last_day - today, 2)) AS i))
		AND s.state <> ALL ('{answered,cancelled}'::text[]);
	UPDATE followup.alert a
	SET health_center = move.health_center,
		prefecture = to_prefecture
	WHERE a.enrolment = ANY (enrolments)
		AND a.state = 'open';
	UPDATE followup.call c
	SET health_center = move.health_center,
		prefecture = to_prefecture
	WHERE c.enrolment = ANY (enrolments)
		AND c.state = 'open';
	UPDATE followup.place_of_stay s
	SET health_center = move.health_center,
		prefecture = to_prefecture
	WHERE s.enrolment = ANY (enrolments);
	UPDATE followup.clinical c
	SET health_center = move.health_center,
		prefecture = to_prefecture
	WHERE c.enrolment = ANY (enrolments);
	UPDATE followup.test t
	SET health_center = move.health_center,
		prefecture = to_prefecture
	WHERE t.enrolment = ANY (enrolments);
END
$$;
COMMENT ON FUNCTION followup.move(bigint, bigint, timestamptz) IS '転居 / hands a person in follow-up to another health centre: the enrolment and any other that stands with the same centre, what is still to be answered, open alerts and calls, the facts and tests that the release goes by, and the person in the registry. Slots and answers of the past stay with the centre that had them. Errors: P0002, 22023 no such centre, OB121 it has ended.';

CREATE OR REPLACE FUNCTION followup.set_place_of_stay(enrolment bigint, latitude double precision, longitude double precision, radius_m integer DEFAULT NULL, as_of timestamptz DEFAULT now()) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	IF latitude IS NULL OR longitude IS NULL OR latitude NOT BETWEEN -90 AND 90 OR longitude NOT BETWEEN -180 AND 180 THEN
		RAISE EXCEPTION 'no place on earth'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'latitude is -90 to 90 degrees north, longitude -180 to 180 degrees east.';
	END IF;
	INSERT INTO followup.place_of_stay AS s (enrolment, person, prefecture, health_center, location, radius_m, given_at)
	SELECT e.enrolment, e.person, e.prefecture, e.health_center,
		@postgis@.st_setsrid(@postgis@.st_makepoint(longitude, latitude), 4326)::@postgis@.geography, coalesce(radius_m, 300), as_of
	FROM followup.enrolment e
	WHERE e.enrolment = set_place_of_stay.enrolment
		AND e.state = 'open'
	ON CONFLICT ON CONSTRAINT place_of_stay_pkey DO UPDATE
	SET location = excluded.location,
		radius_m = coalesce(set_place_of_stay.radius_m, s.radius_m),
		given_at = excluded.given_at;
	IF NOT found THEN
		PERFORM followup.refuse('ended', 'OB121', 'there is no such follow-up, or it has ended', 'フォローアップがないか、終了しています。');
	END IF;
END
$$;
COMMENT ON FUNCTION followup.set_place_of_stay(bigint, double precision, double precision, integer, timestamptz) IS '待機場所の登録 / where a person stays, in degrees; again: where the person stays now. radius_m: metres around it that count as there (300). Errors: 22023 for no place on earth, OB121.';

CREATE OR REPLACE FUNCTION followup.complete(as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	completed bigint;
BEGIN
	WITH done AS (
		UPDATE followup.enrolment e
		SET state = 'completed',
			closed_at = (e.until + 1)::timestamp AT TIME ZONE e.time_zone
		FROM followup.plan p
		WHERE p.plan = e.plan
			AND p.ends = 'period'
			AND e.state = 'open'
			-- 24:00 of the last day, where the person is
			AND (e.until + 1)::timestamp AT TIME ZONE e.time_zone <= as_of
		RETURNING e.enrolment, e.responder, e.prefecture, e.until, e.time_zone, p.plan, p.name_ja, p.name_en
	), called AS (
		UPDATE followup.call c
		SET state = 'overtaken',
			ended_at = as_of
		FROM done d
		WHERE c.enrolment = d.enrolment
			AND c.state = 'open'
	), left_place AS (
		UPDATE followup.place_of_stay s
		SET leaves_on = d.until + 1
		FROM done d
		WHERE s.enrolment = d.enrolment
	), told AS (
		INSERT INTO messaging.message (day, key, person, prefecture, kind, template, parameters, next_at, not_before)
		SELECT d.until + 1, outbreak.message_key(d.responder, d.until + 1, 'completed.' || d.plan), d.responder, d.prefecture, 'completed.' || d.plan,
			'followup.completed', jsonb_build_object('until', d.until, 'plan', d.name_en, 'plan_ja', d.name_ja),
			greatest(m.morning, as_of), m.morning
		FROM done d
		CROSS JOIN LATERAL (SELECT lower(outbreak.window_instant(d.until + 1, '08:00', '20:00', d.time_zone)) AS morning) AS m
		WHERE d.until + 2 >= outbreak.local_date(as_of)
		ON CONFLICT (day, key) DO NOTHING
	)
	SELECT count(*) INTO completed
	FROM done;
	RETURN jsonb_build_object('completed', completed);
END
$$;
COMMENT ON FUNCTION followup.complete(timestamptz) IS '期間満了 / job: ends enrolments whose period ended at 24:00 of its last day, in the person''s time zone, and tells the responder at 8:00 of the morning after. Patients end by release alone. Returns {"completed"}; a second call completes none.';
