-- ---- when no answer comes

CREATE OR REPLACE FUNCTION followup.mark_slots(state text, days date[], enrolments bigint[], prompts text[], ns smallint[], keys uuid[], reasons text[], as_of timestamptz) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
-- nothing is known of how many there are, or of how many still wait: joining them one by one is never right
SET enable_nestloop = off
AS $$
DECLARE
	marked bigint;
BEGIN
	UPDATE followup.slot s
	SET state = mark_slots.state,
		evidence = CASE WHEN v.key IS NOT NULL THEN true END,
		message_key = coalesce(v.key, s.message_key),
		reason = v.reason
	FROM unnest(days, enrolments, prompts, ns, keys, reasons) AS v (day, enrolment, prompt, n, key, reason)
	WHERE s.day = v.day
		AND s.enrolment = v.enrolment
		AND s.prompt = v.prompt
		AND s.n = v.n
		-- those alone that wait for an answer
		AND s.state = 'awaited'
		AND s.opens_at BETWEEN as_of - interval '10 days' AND as_of;
	GET DIAGNOSTICS marked = ROW_COUNT;
	RETURN marked;
END
$$;
COMMENT ON FUNCTION followup.mark_slots(text, date[], bigint[], text[], smallint[], uuid[], text[], timestamptz) IS 'Part of followup.settle_slots(): says of slots that wait for an answer that they are missed (with the key of the message that was accepted) or undelivered (with the reason). One element of each array for a slot. Returns how many it marked.';

CREATE OR REPLACE FUNCTION followup.settle_slots(as_of timestamptz) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	missed bigint;
	undelivered bigint;
BEGIN
	-- Missed: a message of ours was accepted before the deadline, and its acceptance stands. Holding the acceptance keeps a
	-- bounce waiting until this is committed; it then finds the slot.
	WITH evidence AS MATERIALIZED (
		SELECT s.day, s.enrolment, s.prompt, s.n, a.key
		FROM followup.slot s
		CROSS JOIN LATERAL (
			VALUES (s.message_key), (outbreak.message_key(s.responder, s.day, s.prompt || '.' || s.n || '.second'))
		) AS k (key)
		JOIN messaging.acceptance a ON a.day = s.day
			AND a.key = k.key
		WHERE s.state = 'awaited'
			AND s.opens_at BETWEEN as_of - interval '10 days' AND as_of
			AND s.due_at <= as_of
			AND a.stands
			AND a.accepted_at < s.due_at
		FOR KEY SHARE OF a
	)
	SELECT followup.mark_slots('missed', array_agg(v.day), array_agg(v.enrolment), array_agg(v.prompt), array_agg(v.n), array_agg(v.key), array_agg(NULL::text), as_of) INTO missed
	FROM (
		SELECT DISTINCT ON (e.day, e.enrolment, e.prompt, e.n) e.day, e.enrolment, e.prompt, e.n, e.key
		FROM evidence e
		ORDER BY e.day, e.enrolment, e.prompt, e.n, e.key
	) AS v;

	-- Undelivered: it bounced or failed, or the deadline came before the message went out. Ours, not theirs.
	SELECT followup.mark_slots('undelivered', array_agg(f.day), array_agg(f.enrolment), array_agg(f.prompt), array_agg(f.n), array_agg(NULL::uuid), array_agg(f.reason), as_of) INTO undelivered
	FROM (
		SELECT s.day, s.enrolment, s.prompt, s.n,
			CASE WHEN a.key IS NOT NULL AND NOT a.stands THEN 'bounced'
				WHEN a.key IS NOT NULL THEN 'accepted_late'
				WHEN m.state = ANY ('{bounced,failed,expired,withdrawn,parked}'::text[]) THEN m.state
				ELSE 'not_sent' END AS reason
		FROM followup.slot s
		LEFT JOIN messaging.acceptance a ON a.day = s.day
			AND a.key = s.message_key
		LEFT JOIN messaging.message m ON m.day = s.day
			AND m.key = s.message_key
		WHERE s.state = 'awaited'
			AND s.opens_at BETWEEN as_of - interval '10 days' AND as_of
			AND (s.due_at <= as_of OR NOT a.stands OR m.state = ANY ('{bounced,failed,expired}'::text[]))
	) AS f;
	RETURN jsonb_build_object('missed', missed, 'undelivered', undelivered);
END
$$;
COMMENT ON FUNCTION followup.settle_slots(timestamptz) IS 'Part of followup.escalate(): slots without an answer whose deadline has passed become missed where the acceptance of our message stands and came before the deadline, and undelivered otherwise; those whose message bounced or failed become undelivered at once.';

CREATE OR REPLACE FUNCTION followup.send_step(step text, as_of timestamptz) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	suffix text := CASE step WHEN 'remind' THEN '.remind' ELSE '.second' END;
	taken bigint;
BEGIN
	WITH silent AS (
		SELECT s.day, s.enrolment, s.prompt, s.n, s.person, s.responder, s.prefecture, s.health_center, s.due_at, e.time_zone, q.template, q.priority,
			other.channel AS other_channel,
			q.late_until,
			CASE WHEN step = 'remind' OR other.channel IS NOT NULL THEN outbreak.message_key(s.responder, s.day, s.prompt || '.' || s.n || suffix) END AS step_key
		FROM followup.slot s
		JOIN followup.enrolment e ON e.enrolment = s.enrolment
		JOIN followup.prompt q ON q.plan = e.plan
			AND q.prompt = s.prompt
			AND q.valid @> s.day
		LEFT JOIN messaging.message m ON m.day = s.day
			AND m.key = outbreak.message_key(s.responder, s.day, s.prompt || '.' || s.n)
		LEFT JOIN LATERAL (
			SELECT c.channel
			FROM messaging.contact c
			WHERE step = 'second_channel'
				AND c.person = s.responder
				AND c.state = 'active'
				AND c.channel = ANY (q.channels)
				AND c.channel <> coalesce(m.channel, 'line')
			ORDER BY array_position(q.channels, c.channel)
			LIMIT 1
		) AS other ON true
		WHERE e.state = 'open'
			AND s.opens_at BETWEEN as_of - interval '10 days' AND as_of
			AND s.state = ANY ('{awaited,undelivered,missed}'::text[])
			AND CASE step
				-- reminding of what is over, or was never asked, would only annoy
				WHEN 'remind' THEN s.state = 'awaited' AND m.key IS NOT NULL AND s.opens_at + q.remind_after <= as_of AND s.due_at > as_of
				-- who did not get the first message is tried at once
				ELSE (s.state = 'undelivered' AND q.second_channel_after IS NOT NULL OR s.opens_at + q.second_channel_after <= as_of)
					AND s.due_at + q.late_until > as_of
			END
			AND NOT EXISTS (
				SELECT
				FROM followup.escalation x
				WHERE x.day = s.day
					AND x.enrolment = s.enrolment
					AND x.prompt = s.prompt
					AND x.n = s.n
					AND x.step = send_step.step
			)
	), noted AS (
		INSERT INTO followup.escalation (day, enrolment, prompt, n, step, person, prefecture, health_center, taken_at, message_key)
		SELECT s.day, s.enrolment, s.prompt, s.n, step, s.person, s.prefecture, s.health_center, as_of, s.step_key
		FROM silent s
		ON CONFLICT DO NOTHING
		RETURNING 1
	), queued AS (
		INSERT INTO messaging.message (day, key, person, prefecture, kind, template, parameters, priority, next_at, expires_at, channel, fixed)
		SELECT DISTINCT ON (s.day, s.step_key) s.day, s.step_key, s.responder, s.prefecture, s.prompt || '.' || s.n || suffix, s.template || '.remind',
			jsonb_build_object('day', s.day, 'prompt', s.prompt, 'n', s.n, 'due', to_char(s.due_at AT TIME ZONE s.time_zone, 'HH24:MI')),
			s.priority, as_of, CASE WHEN step = 'remind' THEN s.due_at ELSE s.due_at + s.late_until END,
			coalesce(s.other_channel, 'line'), s.other_channel IS NOT NULL
		-- the same rows that are noted: a join of the two would be by nested loops, for nothing is known of how many there are
		FROM silent s
		WHERE s.step_key IS NOT NULL
		ORDER BY s.day, s.step_key
		ON CONFLICT (day, key) DO NOTHING
	)
	SELECT count(*) INTO taken
	FROM noted;
	RETURN taken;
END
$$;
COMMENT ON FUNCTION followup.send_step(text, timestamptz) IS 'Part of followup.escalate(): reminders (remind), and messages by another channel than the first (second_channel); each once for a slot. Returns for how many slots.';

CREATE OR REPLACE FUNCTION followup.call_step(as_of timestamptz) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	called bigint;
BEGIN
	WITH silent AS (
		SELECT s.day, s.enrolment, s.prompt, s.n, s.state, s.person, e.responder, e.prefecture, e.health_center
		FROM followup.slot s
		JOIN followup.enrolment e ON e.enrolment = s.enrolment
		JOIN followup.prompt q ON q.plan = e.plan
			AND q.prompt = s.prompt
			AND q.valid @> s.day
		WHERE e.state = 'open'
			AND s.opens_at BETWEEN as_of - interval '10 days' AND as_of
			AND s.state = ANY ('{undelivered,missed}'::text[])
			AND s.opens_at + q.call_after <= as_of
			-- an answer that came since says that the person can be reached
			AND (e.last_answer_at IS NULL OR e.last_answer_at < s.opens_at)
			AND NOT EXISTS (
				SELECT
				FROM followup.escalation x
				WHERE x.day = s.day
					AND x.enrolment = s.enrolment
					AND x.prompt = s.prompt
					AND x.n = s.n
					AND x.step = 'call'
			)
	), noted AS (
		INSERT INTO followup.escalation (day, enrolment, prompt, n, step, person, prefecture, health_center, taken_at)
		SELECT s.day, s.enrolment, s.prompt, s.n, 'call', s.person, s.prefecture, s.health_center, as_of
		FROM silent s
		ON CONFLICT DO NOTHING
	), listed AS (
		INSERT INTO followup.call (enrolment, person, responder, prefecture, health_center, day, reason, priority, made_at)
		SELECT DISTINCT ON (s.enrolment) s.enrolment, s.person, s.responder, s.prefecture, s.health_center, s.day, s.state, 5, as_of
		FROM silent s
		ORDER BY s.enrolment, s.day, s.prompt, s.n
		ON CONFLICT (enrolment) WHERE state = 'open' DO NOTHING
		RETURNING 1
	)
	SELECT count(*) INTO called
	FROM listed;
	RETURN called;
END
$$;
COMMENT ON FUNCTION followup.call_step(timestamptz) IS 'Part of followup.escalate(): puts who has not answered, or was not reached, on the call list of the health centre, one open row for each enrolment. Returns how many.';

CREATE OR REPLACE FUNCTION followup.notify_step(as_of timestamptz) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	notified bigint;
BEGIN
	WITH silent AS (
		SELECT DISTINCT ON (s.enrolment) s.day, s.enrolment, s.prompt, s.n, s.state, s.person, e.prefecture, e.health_center
		FROM followup.slot s
		JOIN followup.enrolment e ON e.enrolment = s.enrolment
		JOIN followup.prompt q ON q.plan = e.plan
			AND q.prompt = s.prompt
			AND q.valid @> s.day
		WHERE e.state = 'open'
			AND s.opens_at BETWEEN as_of - interval '30 days' AND as_of
			AND s.state = ANY ('{undelivered,missed}'::text[])
			AND s.opens_at + q.notify_after <= as_of
			AND (e.last_answer_at IS NULL OR e.last_answer_at < s.opens_at)
			-- one notification for one silence
			AND NOT EXISTS (
				SELECT
				FROM followup.notification x
				WHERE x.enrolment = s.enrolment
					AND x.reason = ANY ('{unreachable,undelivered}'::text[])
					AND (e.last_answer_at IS NULL OR x.made_at > e.last_answer_at)
			)
		-- where one of our messages arrived, the silence is the person's
		ORDER BY s.enrolment, (s.state = 'missed') DESC, s.day, s.prompt, s.n
	), noted AS (
		INSERT INTO followup.escalation (day, enrolment, prompt, n, step, person, prefecture, health_center, taken_at)
		SELECT s.day, s.enrolment, s.prompt, s.n, 'notify', s.person, s.prefecture, s.health_center, as_of
		FROM silent s
		ON CONFLICT DO NOTHING
	), told AS (
		INSERT INTO followup.notification (enrolment, person, prefecture, health_center, day, reason, made_at)
		SELECT s.enrolment, s.person, s.prefecture, s.health_center, s.day, CASE s.state WHEN 'missed' THEN 'unreachable' ELSE 'undelivered' END, as_of
		FROM silent s
		ON CONFLICT DO NOTHING
		RETURNING 1
	)
	SELECT count(*) INTO notified
	FROM told;
	RETURN notified;
END
$$;
COMMENT ON FUNCTION followup.notify_step(timestamptz) IS 'Part of followup.escalate(): notifies the prefecture of whoever gave no sign since a slot that opened notify_after ago (検疫法18条3項), once for one silence. Returns how many.';

CREATE OR REPLACE FUNCTION followup.escalate(as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	settled jsonb;
	reminded bigint;
	second bigint;
	called bigint;
	notified bigint;
BEGIN
	-- one run at a time; a second one finds what the first left
	PERFORM pg_advisory_xact_lock(hashtextextended('followup.escalate', 0));
	settled := followup.settle_slots(as_of);
	reminded := followup.send_step('remind', as_of);
	second := followup.send_step('second_channel', as_of);
	called := followup.call_step(as_of);
	notified := followup.notify_step(as_of);
	RETURN settled || jsonb_build_object('reminded', reminded, 'second_channel', second, 'called', called, 'notified', notified);
END
$$;
COMMENT ON FUNCTION followup.escalate(timestamptz) IS '督促 / job: what follows when no answer comes, by the times of followup.prompt: a reminder, another channel, the call list of the health centre, notice to the prefecture. Every step of a slot is taken once, however often and late it runs. Returns {"missed", "undelivered", "reminded", "second_channel", "called", "notified"}.';
