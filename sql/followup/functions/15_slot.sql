-- ---- slots and the messages that ask

CREATE OR REPLACE FUNCTION followup.plan_day(day date, as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET work_mem = '256MB'
-- nothing is known of how many rows there will be: joining them one by one is never right
SET enable_nestloop = off
-- nor is sorting everybody by plan and time zone
SET enable_mergejoin = off
AS $$
#variable_conflict use_variable
DECLARE
	slots bigint;
	messages bigint;
BEGIN
	-- one planner of a day at a time; enrolments do not wait for it
	PERFORM pg_advisory_xact_lock(hashtextextended('followup.plan_day ' || (day - '2000-01-01'::date), 0));
	IF EXISTS (SELECT FROM followup.prompt q WHERE q.random AND q.valid @> day) THEN
		PERFORM followup.make_seeds(day, day, as_of);
	END IF;
	-- Looking first and then writing costs a third less than ON CONFLICT. What an enrolment writes in between is seen at the next try.
	FOR attempt IN 1..5 LOOP
		BEGIN
			WITH zone AS MATERIALIZED (
				SELECT DISTINCT e.plan, e.time_zone
				FROM followup.enrolment e
				WHERE e.state = 'open'
			), ask AS MATERIALIZED (
				SELECT (row_number() OVER ())::integer AS place, z.plan, z.time_zone, a.*, s.seed,
					jsonb_build_object('day', plan_day.day, 'prompt', a.prompt, 'n', a.n, 'due', to_char(a.due_at AT TIME ZONE z.time_zone, 'HH24:MI')) AS parameters
				FROM zone z
				CROSS JOIN LATERAL followup.asks(z.plan, z.time_zone, plan_day.day, plan_day.day) AS a
				LEFT JOIN followup.random_seed s ON a.random
					AND s.day = plan_day.day
			), wanted AS MATERIALIZED (
				-- Who has no slot yet, or has one that nobody was told of. There may be a million: what an ask says for all is looked up by its place.
				SELECT e.enrolment, a.prompt, a.n, coalesce(x.prefecture, e.prefecture) AS prefecture, a.place, t.opens_at, t.due_at, e.health_center, e.person,
					-- of a slot that is there: whom its key names
					coalesce(x.responder, e.responder) AS responder, t.key,
					x.day IS NULL AS no_slot,
					y.day IS NULL AS no_message
				FROM ask a
				JOIN followup.enrolment e ON e.plan = a.plan
					AND e.time_zone = a.time_zone
				LEFT JOIN followup.slot x ON x.day = plan_day.day
					AND x.enrolment = e.enrolment
					AND x.prompt = a.prompt
					AND x.n = a.n
				CROSS JOIN LATERAL (
					SELECT coalesce(x.opens_at, CASE WHEN a.random THEN outbreak.random_check(a.seed, e.person, plan_day.day, a.prompt, a.per_day, a.n, a.opens_at, a.closes_at, a.min_gap) ELSE a.opens_at END) AS opens_at
				) AS o
				CROSS JOIN LATERAL (
					SELECT o.opens_at,
						coalesce(x.due_at, CASE WHEN a.random THEN o.opens_at + a.answer_within ELSE a.due_at END) AS due_at,
						coalesce(x.message_key, outbreak.message_key(e.responder, plan_day.day, a.kind)) AS key
				) AS t
				LEFT JOIN messaging.message y ON y.day = plan_day.day
					AND y.key = t.key
				WHERE e.state = 'open'
					AND t.due_at > as_of
					AND CASE WHEN x.day IS NULL
						THEN plan_day.day >= e.day0 + a.first_day
							AND (plan_day.day <= e.until OR a.ends = 'release')
							AND (a.children OR NOT e.child)
						ELSE x.state = 'awaited'
							AND y.day IS NULL
					END
			), made AS (
				INSERT INTO followup.slot (day, enrolment, prompt, n, prefecture, opens_at, due_at, health_center, person, responder, message_key)
				SELECT plan_day.day, w.enrolment, w.prompt, w.n, w.prefecture, w.opens_at, w.due_at, w.health_center, w.person, w.responder, w.key
				FROM wanted w
				WHERE w.no_slot
			), queued AS (
				INSERT INTO messaging.message (day, key, person, prefecture, kind, template, parameters, priority, next_at, not_before, expires_at)
				-- one message for all that a responder answers for; in the order of the keys, or each would go to a page of its own of their index
				SELECT DISTINCT ON (w.key) plan_day.day, w.key, w.responder, w.prefecture, a.kind, a.template,
					CASE WHEN a.random THEN a.parameters || jsonb_build_object('due', to_char(w.due_at AT TIME ZONE a.time_zone, 'HH24:MI')) ELSE a.parameters END,
					a.priority, greatest(w.opens_at, as_of), w.opens_at, w.due_at
				FROM wanted w
				JOIN ask a ON a.place = w.place
				WHERE w.no_message
				ORDER BY w.key
				RETURNING 1
			)
			SELECT (SELECT count(*) FROM wanted), (SELECT count(*) FROM queued) INTO slots, messages;
			EXIT;
		EXCEPTION WHEN unique_violation THEN
			IF attempt = 5 THEN
				RAISE;
			END IF;
		END;
	END LOOP;
	RETURN jsonb_build_object('day', day, 'slots', slots, 'messages', messages);
END
$$;
COMMENT ON FUNCTION followup.plan_day(date, timestamptz) IS '日次計画 / plans one local day of everybody in follow-up: makes the slots that a stay does not have yet, and queues the messages of all that wait for an answer and have none, in one statement. Slots whose deadline has passed are not made. Returns {"day", "slots", "messages"}: slots made or told of, messages queued; a second call finds nothing to do.';

CREATE OR REPLACE FUNCTION followup.plan_days(as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	-- it is this day where the day begins first (UTC+14), or it will be within six hours
	last_day date := (as_of AT TIME ZONE 'Etc/GMT-14' + interval '6 hours')::date;
	days jsonb := '[]';
BEGIN
	FOR i IN REVERSE 2..0 LOOP
		days := days || followup.plan_day(last_day - i, as_of);
	END LOOP;
	RETURN jsonb_build_object('days', days);
END
$$;
COMMENT ON FUNCTION followup.plan_days(timestamptz) IS '日次計画 / job: followup.plan_day() of each day that it is somewhere, or is about to be. Returns {"days": [...]}.';

CREATE OR REPLACE FUNCTION followup.make_slots(enrolments bigint[], from_day date, as_of timestamptz DEFAULT now()) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	first_day date;
	last_day date;
	asked_to date := (as_of AT TIME ZONE 'Etc/GMT-14' + interval '6 hours')::date;
	made bigint;
BEGIN
	SELECT greatest(from_day, min(e.day0)), max(e.until) INTO first_day, last_day
	FROM followup.enrolment e
	WHERE e.enrolment = ANY (enrolments)
		AND e.state = 'open';
	IF first_day IS NULL OR last_day < first_day THEN
		RETURN 0;
	END IF;
	IF (SELECT count(*) FROM followup.random_seed s WHERE s.day BETWEEN first_day AND last_day) <= last_day - first_day THEN
		PERFORM followup.make_seeds(first_day, last_day, as_of);
	END IF;
	WITH zone AS MATERIALIZED (
		SELECT e.plan, e.time_zone, min(e.day0) AS day0, max(e.until) AS until
		FROM followup.enrolment e
		WHERE e.enrolment = ANY (enrolments)
			AND e.state = 'open'
		GROUP BY e.plan, e.time_zone
	), ask AS MATERIALIZED (
		SELECT z.plan, z.time_zone, a.*, s.seed
		FROM zone z
		CROSS JOIN LATERAL followup.asks(z.plan, z.time_zone, greatest(z.day0, from_day), z.until) AS a
		LEFT JOIN followup.random_seed s ON a.random
			AND s.day = a.day
	), wanted AS MATERIALIZED (
		SELECT a.day, e.enrolment, a.prompt, a.n, a.kind, a.template, a.priority, e.prefecture, e.health_center, e.person, e.responder, e.time_zone,
			coalesce(t.at, a.opens_at) AS opens_at,
			coalesce(t.at + a.answer_within, a.due_at) AS due_at,
			-- the first day is asked for at once, and whatever was planned for everybody already
			a.day <= asked_to OR a.day = min(a.day) OVER (PARTITION BY e.enrolment) AS asked
		FROM ask a
		JOIN followup.enrolment e ON e.plan = a.plan
			AND e.time_zone = a.time_zone
		CROSS JOIN LATERAL (
			SELECT CASE WHEN a.random THEN outbreak.random_check(a.seed, e.person, a.day, a.prompt, a.per_day, a.n, a.opens_at, a.closes_at, a.min_gap) END AS at
		) AS t
		WHERE e.enrolment = ANY (enrolments)
			AND e.state = 'open'
			AND a.day BETWEEN e.day0 + a.first_day AND e.until
			AND (a.children OR NOT e.child)
			AND coalesce(t.at + a.answer_within, a.due_at) > as_of
	), made AS (
		INSERT INTO followup.slot AS s (day, enrolment, prompt, n, prefecture, opens_at, due_at, health_center, person, responder, message_key)
		SELECT w.day, w.enrolment, w.prompt, w.n, w.prefecture, w.opens_at, w.due_at, w.health_center, w.person, w.responder,
			outbreak.message_key(w.responder, w.day, w.kind)
		FROM wanted w
		ON CONFLICT ON CONSTRAINT slot_pkey DO UPDATE
		SET state = excluded.state,
			opens_at = excluded.opens_at,
			due_at = excluded.due_at,
			reason = NULL
		-- what was cancelled when the stay was shorter comes back
		WHERE s.state = 'cancelled'
		RETURNING s.day, s.enrolment, s.prompt, s.n, s.message_key, s.opens_at
	), queued AS (
		INSERT INTO messaging.message (day, key, person, prefecture, kind, template, parameters, priority, next_at, not_before, expires_at)
		SELECT w.day, m.message_key, w.responder, w.prefecture, w.kind, w.template,
			jsonb_build_object('day', w.day, 'prompt', w.prompt, 'n', w.n, 'due', to_char(w.due_at AT TIME ZONE w.time_zone, 'HH24:MI')),
			w.priority, greatest(w.opens_at, as_of), w.opens_at, w.due_at
		FROM made m
		JOIN wanted w ON w.day = m.day
			AND w.enrolment = m.enrolment
			AND w.prompt = m.prompt
			AND w.n = m.n
		WHERE w.asked
		ON CONFLICT DO NOTHING
	), revived AS (
		-- a message that was withdrawn with its slot goes out after all
		UPDATE messaging.message x
		SET state = 'queued',
			next_at = greatest(m.opens_at, as_of),
			ended_at = NULL,
			reason = NULL
		FROM made m
		WHERE x.day = m.day
			AND x.key = m.message_key
			AND x.state = 'withdrawn'
	)
	SELECT count(*) INTO made
	FROM made;
	RETURN made;
END
$$;
COMMENT ON FUNCTION followup.make_slots(bigint[], date, timestamptz) IS '回答枠の作成 / makes the slots of these open enrolments from a day to the end of their stay that are missing or were cancelled, all in one statement; those of the first day and of days that are planned already are asked at once, with their messages. Slots whose deadline has passed are not made. Returns how many; a second call makes none.';

CREATE OR REPLACE FUNCTION followup.cancel_slots(enrolments bigint[], after_day date, reason text, as_of timestamptz DEFAULT now()) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	cancelled bigint;
BEGIN
	WITH gone AS (
		UPDATE followup.slot s
		SET state = 'cancelled',
			reason = cancel_slots.reason
		FROM followup.enrolment e
		WHERE e.enrolment = ANY (enrolments)
			AND s.enrolment = e.enrolment
			-- the days one by one, for the primary key
			AND s.day = ANY (ARRAY(SELECT after_day + i FROM generate_series(1, (SELECT greatest(max(x.until), outbreak.local_date(as_of) + 2) FROM followup.enrolment x WHERE x.enrolment = ANY (enrolments)) + 1 - after_day) AS i))
			AND s.state = 'awaited'
			AND s.due_at > as_of
		RETURNING s.day, s.enrolment, s.prompt, s.n, s.responder, s.message_key
	), orphaned AS (
		-- messages that nobody of the household waits for any more
		SELECT DISTINCT g.day, g.message_key
		FROM gone g
		WHERE NOT EXISTS (
			SELECT
			FROM followup.enrolment e
			JOIN followup.slot s ON s.day = g.day
				AND s.enrolment = e.enrolment
				AND s.prompt = g.prompt
				AND s.n = g.n
			WHERE e.responder = g.responder
				AND e.state = 'open'
				AND e.enrolment <> ALL (enrolments)
				AND s.state = 'awaited'
		)
	), withdrawn AS (
		UPDATE messaging.message m
		SET state = 'withdrawn',
			next_at = NULL,
			ended_at = as_of,
			reason = cancel_slots.reason
		FROM orphaned o
		WHERE m.day = o.day
			AND m.key = o.message_key
			AND m.state = 'queued'
	)
	SELECT count(*) INTO cancelled
	FROM gone;
	RETURN cancelled;
END
$$;
COMMENT ON FUNCTION followup.cancel_slots(bigint[], date, text, timestamptz) IS '回答枠の取消 / cancels what these enrolments are still to be asked or to answer on days later than after_day, and withdraws the messages that are not sent yet and that no other member of the household waits for. Returns how many slots.';

CREATE OR REPLACE FUNCTION followup.make_stay(stay followup.enrolment, from_day date, as_of timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	first_day date := greatest(from_day, stay.day0);
	-- asked at once: the first day, and whatever was planned for everybody already
	asked_to date := greatest((as_of AT TIME ZONE 'Etc/GMT-14' + interval '6 hours')::date, stay.day0 + 1);
BEGIN
	IF (SELECT count(*) FROM followup.random_seed s WHERE s.day BETWEEN first_day AND stay.until) <= stay.until - first_day THEN
		PERFORM followup.make_seeds(first_day, stay.until, as_of);
	END IF;
	-- Nothing of a new stay is there yet, so there is nothing to look for. Scanning an arrival's ticket comes through here: one
	-- statement, and each random moment drawn once.
	WITH ask AS (
		SELECT a.day, a.prompt, a.n, a.kind, a.template, a.priority, t.opens_at,
			CASE WHEN a.random THEN t.opens_at + a.answer_within ELSE a.due_at END AS due_at,
			outbreak.message_key(stay.responder, a.day, a.kind) AS key,
			a.day <= asked_to AS asked
		FROM followup.asks(stay.plan, stay.time_zone, first_day, stay.until) AS a
		LEFT JOIN followup.random_seed s ON a.random
			AND s.day = a.day
		CROSS JOIN LATERAL (
			SELECT CASE WHEN a.random THEN outbreak.random_check(s.seed, stay.person, a.day, a.prompt, a.per_day, a.n, a.opens_at, a.closes_at, a.min_gap) ELSE a.opens_at END AS opens_at
			OFFSET 0
		) AS t
		WHERE a.day >= stay.day0 + a.first_day
			AND (a.children OR NOT stay.child)
	), wanted AS MATERIALIZED (
		SELECT a.*
		FROM ask a
		WHERE a.due_at > as_of
	), made AS (
		INSERT INTO followup.slot (day, enrolment, prompt, n, prefecture, opens_at, due_at, health_center, person, responder, message_key)
		SELECT w.day, stay.enrolment, w.prompt, w.n, stay.prefecture, w.opens_at, w.due_at, stay.health_center, stay.person, stay.responder, w.key
		FROM wanted w
	)
	INSERT INTO messaging.message (day, key, person, prefecture, kind, template, parameters, priority, next_at, not_before, expires_at)
	SELECT w.day, w.key, stay.responder, stay.prefecture, w.kind, w.template,
		jsonb_build_object('day', w.day, 'prompt', w.prompt, 'n', w.n, 'due', to_char(w.due_at AT TIME ZONE stay.time_zone, 'HH24:MI')),
		w.priority, greatest(w.opens_at, as_of), w.opens_at, w.due_at
	FROM wanted w
	WHERE w.asked
	-- one message for all that a responder answers for
	ON CONFLICT DO NOTHING;
END
$$;
COMMENT ON FUNCTION followup.make_stay(followup.enrolment, date, timestamptz) IS 'Part of followup.enrol(): every slot of a new stay from a day on, and the messages of its first day and of days that are planned already. For an enrolment that has no slots yet; followup.make_slots() looks first.';
