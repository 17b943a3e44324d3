-- ---- what the worker does in the database: takes messages, and writes what became of them

-- Plans are made for whatever the tables will hold, so the planner is not asked.
CREATE OR REPLACE FUNCTION messaging.claim(endpoint text, most integer, lease interval, as_of timestamptz DEFAULT clock_timestamp())
RETURNS TABLE (day date, key uuid, decision text, attempt smallint, pack uuid, address text, subject text, body text, buttons text, seconds_left double precision)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_sort = off
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
	way messaging.endpoint;
	local_zone text := outbreak.time_zone();
BEGIN
	SELECT e.* INTO way
	FROM messaging.endpoint e
	WHERE e.endpoint = claim.endpoint
		AND e.enabled;
	IF NOT found OR most < 1 THEN
		RETURN;
	END IF;
	IF way.pack > 1 THEN
		RETURN QUERY SELECT * FROM messaging.claim_packs(way, most, lease, as_of);
	END IF;
	RETURN QUERY
	WITH due AS MATERIALIZED (
		SELECT m.*
		FROM generate_series(1, 9) AS p (priority)
		CROSS JOIN LATERAL (
			SELECT x.day, x.key, x.person, x.expires_at, x.first_tried_at, x.priority, x.attempts, x.fixed, x.template, x.language, x.parameters
			FROM messaging.message x
			WHERE x.channel = way.kind
				AND x.priority = p.priority
				AND x.next_at <= claim.as_of
				AND x.pack IS NULL
			ORDER BY x.next_at
			LIMIT claim.most
			FOR UPDATE SKIP LOCKED
		) AS m
		LIMIT claim.most
	), reached AS MATERIALIZED (
		SELECT d.*,
			c.address,
			c.state AS contact_state,
			coalesce(d.language, c.language, 'ja') AS in_language,
			CASE WHEN d.priority > 1
				THEN messaging.quiet_end(coalesce(c.quiet_from, q.quiet_from), coalesce(c.quiet_until, q.quiet_until), coalesce(c.time_zone, local_zone), claim.as_of)
			END AS quiet_until,
			coalesce(d.expires_at, (d.day + 2)::timestamp AT TIME ZONE local_zone) AS too_late_at
		FROM due AS d
		LEFT JOIN messaging.contact AS c ON c.person = d.person
			AND c.channel = way.kind
		LEFT JOIN messaging.quiet_hours AS q ON q.channel = way.kind
	), written AS MATERIALIZED (
		SELECT w.template, w.in_language, t.subject, t.body, t.buttons
		FROM (SELECT DISTINCT r.template, r.in_language FROM reached AS r) AS w
		CROSS JOIN LATERAL messaging.text_for(w.template, way.kind, w.in_language) AS t
	), judged AS MATERIALIZED (
		SELECT r.*,
			CASE
				WHEN claim.as_of >= r.too_late_at THEN 'expired'
				WHEN r.attempts >= way.most_attempts OR claim.as_of >= r.first_tried_at + way.retry_within THEN 'parked'
				WHEN r.contact_state IS DISTINCT FROM 'active' THEN 'unreached'
				WHEN r.quiet_until IS NOT NULL THEN 'quiet'
				WHEN w.body IS NULL THEN 'no_text'
				ELSE 'send'
			END AS first_decision,
			outbreak.render_template(w.subject, r.parameters) AS full_subject,
			outbreak.render_template(w.body, r.parameters) AS full_body,
			outbreak.render_template(w.buttons, r.parameters, true) AS full_buttons,
			w.buttons IS NOT NULL AS has_buttons
		FROM reached AS r
		LEFT JOIN written AS w ON w.template = r.template
			AND w.in_language = r.in_language
	), opened AS MATERIALIZED (
		SELECT j.*,
			CASE WHEN j.first_decision = 'send' AND j.full_body IS NOT NULL AND (j.full_buttons IS NOT NULL OR NOT j.has_buttons)
				THEN messaging.open_address(j.address, way.kind, j.person) END AS open_address,
			CASE WHEN j.first_decision = 'unreached' AND NOT j.fixed THEN (
				SELECT o.channel
				FROM messaging.contact AS o
				JOIN messaging.endpoint AS e ON e.kind = o.channel
					AND e.enabled
				WHERE o.person = j.person
					AND o.channel <> way.kind
					AND o.state = 'active'
				ORDER BY o.preference, o.channel
				LIMIT 1) END AS other
		FROM judged AS j
	), decided AS MATERIALIZED (
		SELECT o.*,
			CASE
				WHEN o.first_decision = 'unreached' AND o.other IS NOT NULL THEN 'other'
				WHEN o.first_decision <> 'send' THEN o.first_decision
				WHEN o.full_body IS NULL OR (o.has_buttons AND o.full_buttons IS NULL) THEN 'no_parameter'
				WHEN NOT coalesce(outbreak.is_address(way.kind, o.open_address), false) THEN 'unreached'
				ELSE 'send'
			END AS decision,
			-- what was tried alone goes alone
			way.pack > 1 AND o.attempts = 0 AND coalesce(outbreak.is_address(way.kind, o.open_address), false) AS packs
		FROM opened AS o
	), parted AS MATERIALIZED (
		SELECT d.*,
			CASE WHEN d.packs THEN (row_number() OVER (PARTITION BY d.packs, d.full_body, d.full_buttons ORDER BY d.key) - 1) / way.pack END AS part
		FROM decided AS d
	), made AS MATERIALIZED (
		SELECT p.full_body, p.full_buttons, p.part, outbreak.pack_key(array_agg(p.key)) AS pack, count(*)::integer AS members
		FROM parted AS p
		WHERE p.packs
		GROUP BY p.full_body, p.full_buttons, p.part
		HAVING count(*) > 1
	), noted AS (
		INSERT INTO messaging.pack (pack, channel, members, next_at, first_tried_at)
		SELECT m.pack, way.kind, m.members, claim.as_of + claim.lease, claim.as_of
		FROM made AS m
	)
	UPDATE messaging.message AS m
	SET state = CASE p.decision
			WHEN 'send' THEN 'leased'
			WHEN 'quiet' THEN 'queued'
			WHEN 'other' THEN 'queued'
			WHEN 'expired' THEN 'expired'
			WHEN 'parked' THEN 'parked'
			ELSE 'failed'
		END,
		next_at = CASE p.decision
			WHEN 'send' THEN claim.as_of + claim.lease
			WHEN 'quiet' THEN p.quiet_until
			WHEN 'other' THEN claim.as_of
		END,
		ended_at = CASE WHEN p.decision = ANY ('{expired,unreached,no_text,no_parameter}'::text[]) THEN claim.as_of END,
		attempts = m.attempts + CASE p.decision WHEN 'send' THEN 1 ELSE 0 END,
		first_tried_at = CASE p.decision WHEN 'send' THEN coalesce(m.first_tried_at, claim.as_of) ELSE m.first_tried_at END,
		channel = coalesce(p.other, m.channel),
		pack = k.pack,
		reason = CASE p.decision
			WHEN 'quiet' THEN 'quiet hours'
			WHEN 'other' THEN 'not reached by ' || m.channel
			WHEN 'expired' THEN coalesce(m.reason, 'too late')
			WHEN 'parked' THEN coalesce(m.reason, 'no answer')
			WHEN 'unreached' THEN CASE WHEN p.contact_state = 'active' THEN 'the address is none, or cannot be opened' ELSE coalesce(p.contact_state, 'no contact') END
			WHEN 'no_text' THEN 'no such text'
			WHEN 'no_parameter' THEN 'a parameter of the text is missing'
			ELSE m.reason
		END
	FROM parted AS p
	LEFT JOIN made AS k ON p.packs
		AND k.part = p.part
		AND k.full_body = p.full_body
		AND k.full_buttons IS NOT DISTINCT FROM p.full_buttons
	WHERE m.day = p.day
		AND m.key = p.key
	RETURNING m.day, m.key, p.decision, m.attempts, k.pack, p.open_address, p.full_subject, p.full_body, p.full_buttons,
		extract(epoch FROM p.too_late_at - claim.as_of)::double precision;
END
$$;
COMMENT ON FUNCTION messaging.claim(text, integer, interval, timestamptz) IS
'送信の受持ち / takes up to so many messages that are due at an endpoint, highest priority first, and leases them; one row for each, with what was decided: send 送信 (with everything that the request needs), quiet 静穏時間 (waits), other 他の手段 (goes by another contact), expired, parked (too many tries, or too long since the first), unreached 宛先なし, no_text, no_parameter (failed). Two callers never get the same message. Where the endpoint packs, new messages of the same text share a pack; rows of a pack that is tried again all come, under their old key. For the delivery worker: the addresses are open, and that they were is noted in the audit trail.';

CREATE OR REPLACE FUNCTION messaging.claim_packs(way messaging.endpoint, most integer, lease interval, as_of timestamptz)
RETURNS TABLE (day date, key uuid, decision text, attempt smallint, pack uuid, address text, subject text, body text, buttons text, seconds_left double precision)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	due messaging.pack;
	open_members integer;
	given_up boolean;
BEGIN
	FOR due IN
		SELECT p.*
		FROM messaging.pack p
		WHERE p.channel = way.kind
			AND p.next_at <= claim_packs.as_of
		ORDER BY p.next_at
		LIMIT greatest(1, claim_packs.most / way.pack)
		FOR UPDATE SKIP LOCKED
	LOOP
		-- A repeated pack must not leave out anybody who is still waiting: the others' answer would count for them. So this waits
		-- for whoever is withdrawing one.
		PERFORM m.key
		FROM messaging.message m
		WHERE m.pack = due.pack
		ORDER BY m.day, m.key
		FOR UPDATE;
		given_up := due.attempts >= way.most_attempts OR claim_packs.as_of >= due.first_tried_at + way.retry_within;
		UPDATE messaging.message m
		SET state = CASE WHEN given_up THEN 'parked' WHEN claim_packs.as_of >= coalesce(m.expires_at, (m.day + 2)::timestamp AT TIME ZONE outbreak.time_zone()) THEN 'expired' ELSE 'leased' END,
			next_at = CASE WHEN given_up OR claim_packs.as_of >= coalesce(m.expires_at, (m.day + 2)::timestamp AT TIME ZONE outbreak.time_zone()) THEN NULL ELSE claim_packs.as_of + claim_packs.lease END,
			ended_at = CASE WHEN NOT given_up AND claim_packs.as_of >= coalesce(m.expires_at, (m.day + 2)::timestamp AT TIME ZONE outbreak.time_zone()) THEN claim_packs.as_of END,
			attempts = m.attempts + CASE WHEN given_up THEN 0 ELSE 1 END
		WHERE m.pack = due.pack
			AND m.next_at IS NOT NULL;
		SELECT count(*) INTO open_members
		FROM messaging.message m
		WHERE m.pack = due.pack
			AND m.next_at IS NOT NULL;
		UPDATE messaging.pack p
		SET next_at = CASE WHEN open_members > 0 THEN claim_packs.as_of + claim_packs.lease END,
			ended_at = CASE WHEN open_members = 0 THEN claim_packs.as_of END,
			attempts = p.attempts + CASE WHEN open_members > 0 THEN 1 ELSE 0 END
		WHERE p.pack = due.pack;
		CONTINUE WHEN open_members = 0;
		RETURN QUERY
		SELECT m.day, m.key, 'send', m.attempts, m.pack, messaging.open_address(c.address, way.kind, m.person),
			outbreak.render_template(t.subject, m.parameters), outbreak.render_template(t.body, m.parameters), outbreak.render_template(t.buttons, m.parameters, true),
			extract(epoch FROM coalesce(m.expires_at, (m.day + 2)::timestamp AT TIME ZONE outbreak.time_zone()) - claim_packs.as_of)::double precision
		FROM messaging.message m
		LEFT JOIN messaging.contact c ON c.person = m.person
			AND c.channel = way.kind
		LEFT JOIN LATERAL messaging.text_for(m.template, way.kind, coalesce(m.language, c.language, 'ja')) AS t ON true
		WHERE m.pack = due.pack
			AND m.next_at IS NOT NULL;
	END LOOP;
END
$$;
COMMENT ON FUNCTION messaging.claim_packs(messaging.endpoint, integer, interval, timestamptz) IS 'Part of messaging.claim(): packs that are tried again. All of their messages that still wait come, and no other.';

CREATE OR REPLACE FUNCTION messaging.record_results(endpoint text, days date[], keys uuid[], ats timestamptz[], tooks integer[], outcomes text[], statuses smallint[],
	requests text[], reasons text[], nexts timestamptz[], as_of timestamptz DEFAULT clock_timestamp())
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
	way messaging.endpoint;
	accepted integer;
BEGIN
	SELECT e.* INTO way
	FROM messaging.endpoint e
	WHERE e.endpoint = record_results.endpoint;

	WITH result AS MATERIALIZED (
		SELECT r.*
		FROM unnest(days, keys, ats, tooks, outcomes, statuses, requests, reasons, nexts)
			AS r (day, key, at, took, outcome, status, request, reason, next_at)
	), closed AS (
		-- whoever is gone is not tried again at this address
		UPDATE messaging.contact AS c
		SET state = 'blocked',
			changed_at = record_results.as_of
		FROM result AS r
		JOIN messaging.message AS m ON m.day = r.day
			AND m.key = r.key
		WHERE r.outcome = 'gone'
			AND c.person = m.person
			AND c.channel = way.kind
			AND c.state = 'active'
		RETURNING c.person
	), judged AS MATERIALIZED (
		SELECT r.*,
			CASE
				WHEN r.outcome = 'gone' AND NOT m.fixed AND m.state = 'leased' THEN (
					SELECT o.channel
					FROM messaging.contact AS o
					JOIN messaging.endpoint AS e ON e.kind = o.channel
						AND e.enabled
					WHERE o.person = m.person
						AND o.channel <> way.kind
						AND o.state = 'active'
					ORDER BY o.preference, o.channel
					LIMIT 1)
			END AS other,
			m.prefecture,
			r.outcome = 'retry' AND (m.attempts >= way.most_attempts OR r.next_at >= m.first_tried_at + way.retry_within) AS given_up,
			m.pack AS in_pack
		FROM result AS r
		JOIN messaging.message AS m ON m.day = r.day
			AND m.key = r.key
	), changed AS (
		UPDATE messaging.message AS m
		SET state = CASE
				WHEN m.state = ANY ('{withdrawn,bounced}'::text[]) THEN m.state
				-- it arrived, whatever was thought meanwhile
				WHEN j.outcome = ANY ('{accepted,repeated}'::text[]) THEN 'accepted'
				WHEN j.given_up THEN 'parked'
				WHEN j.outcome = ANY ('{retry,unpacked,released}'::text[]) OR j.other IS NOT NULL THEN 'queued'
				ELSE 'failed'
			END,
			next_at = CASE
				WHEN m.state <> 'leased' OR j.given_up OR j.outcome = ANY ('{accepted,repeated,refused}'::text[]) THEN NULL
				WHEN j.outcome = 'gone' AND j.other IS NULL THEN NULL
				WHEN j.outcome = ANY ('{unpacked,gone}'::text[]) THEN record_results.as_of
				ELSE j.next_at
			END,
			ended_at = CASE
				WHEN j.outcome = ANY ('{accepted,repeated}'::text[]) THEN coalesce(m.ended_at, record_results.as_of)
				WHEN m.state = 'leased' AND (j.outcome = 'refused' OR j.outcome = 'gone' AND j.other IS NULL) THEN record_results.as_of
				ELSE m.ended_at
			END,
			accepted_at = CASE WHEN j.outcome = ANY ('{accepted,repeated}'::text[]) THEN coalesce(m.accepted_at, j.at + j.took * interval '1 ms') ELSE m.accepted_at END,
			attempts = m.attempts - CASE WHEN j.outcome = 'released' AND m.attempts > 0 THEN 1 ELSE 0 END,
			channel = coalesce(j.other, m.channel),
			pack = CASE WHEN j.outcome = 'unpacked' OR j.other IS NOT NULL THEN NULL ELSE m.pack END,
			reason = CASE WHEN m.state = 'withdrawn' THEN m.reason ELSE j.reason END
		FROM judged AS j
		WHERE m.day = j.day
			AND m.key = j.key
			AND (m.state = 'leased' OR j.outcome = ANY ('{accepted,repeated}'::text[]))
		RETURNING m.day, m.key
	), proven AS (
		INSERT INTO messaging.acceptance (day, key, prefecture, accepted_at)
		SELECT r.day, r.key, r.prefecture, r.at + r.took * interval '1 ms'
		FROM judged AS r
		WHERE r.outcome = ANY ('{accepted,repeated}'::text[])
		ON CONFLICT DO NOTHING
		RETURNING 1
	), tried AS (
		INSERT INTO messaging.attempt (day, key, at, took, prefecture, attempt, status, endpoint, outcome, pack, request, reason)
		SELECT j.day, j.key, j.at, j.took * interval '1 ms', j.prefecture, m.attempts, j.status, record_results.endpoint, j.outcome, j.in_pack, j.request, j.reason
		FROM judged AS j
		JOIN messaging.message AS m ON m.day = j.day
			AND m.key = j.key
		WHERE j.outcome <> 'released'
	), packed AS (
		UPDATE messaging.pack AS p
		SET next_at = CASE WHEN r.outcome = ANY ('{retry,released}'::text[]) AND NOT r.given_up THEN r.next_at END,
			ended_at = CASE WHEN r.outcome = ANY ('{retry,released}'::text[]) AND NOT r.given_up THEN NULL ELSE record_results.as_of END,
			attempts = p.attempts - CASE WHEN r.outcome = 'released' AND p.attempts > 0 THEN 1 ELSE 0 END
		FROM (
			SELECT DISTINCT ON (j.in_pack) j.in_pack, j.outcome, j.next_at, j.given_up
			FROM judged AS j
			WHERE j.in_pack IS NOT NULL
			-- those of a pack share their fate; what is still to be tried decides
			ORDER BY j.in_pack, j.outcome = ANY ('{retry,released}'::text[]) DESC, j.given_up
		) AS r
		WHERE p.pack = r.in_pack
	)
	SELECT count(*) INTO accepted
	FROM proven;
	RETURN accepted;
END
$$;
COMMENT ON FUNCTION messaging.record_results(text, date[], uuid[], timestamptz[], integer[], text[], smallint[], text[], text[], timestamptz[], timestamptz) IS
'送信結果の記録 / writes what became of requests to an endpoint, one element of each array for a message: when it began, how long it took (ms), the outcome (accepted, repeated, retry, refused, gone, unpacked, or released: not tried after all), status, number of the gateway, reason, and when to try again. Evidence is kept for each. A message that was withdrawn while it was on its way stays so, with the evidence that it arrived. Returns how many were accepted for the first time. For the delivery worker.';

CREATE OR REPLACE FUNCTION messaging.next_due(channel text) RETURNS timestamptz
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_sort = off
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
	earliest timestamptz;
BEGIN
	SELECT least(min(d.next_at), (
			SELECT p.next_at
			FROM messaging.pack p
			WHERE p.channel = next_due.channel
				AND p.next_at IS NOT NULL
			ORDER BY p.next_at
			LIMIT 1)) INTO earliest
	FROM generate_series(1, 9) AS n (priority)
	CROSS JOIN LATERAL (
		SELECT m.next_at
		FROM messaging.message m
		WHERE m.channel = next_due.channel
			AND m.priority = n.priority
			AND m.next_at IS NOT NULL
			AND m.pack IS NULL
		ORDER BY m.next_at
		LIMIT 1
	) AS d;
	RETURN earliest;
END
$$;
COMMENT ON FUNCTION messaging.next_due(text) IS 'When the next message of a channel is due, or a lease ends; NULL when nothing waits. For the delivery worker.';

CREATE OR REPLACE FUNCTION messaging.note_breaker(endpoint text, state text, failures integer, pause interval, until_at timestamptz, reason text, as_of timestamptz DEFAULT clock_timestamp()) RETURNS void
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	INSERT INTO messaging.breaker AS b (endpoint, state, failures, pause, until_at, reason, changed_at)
	VALUES (note_breaker.endpoint, note_breaker.state, note_breaker.failures, note_breaker.pause, note_breaker.until_at, note_breaker.reason, as_of)
	ON CONFLICT (endpoint) DO UPDATE
	SET state = excluded.state,
		failures = excluded.failures,
		pause = excluded.pause,
		until_at = excluded.until_at,
		reason = coalesce(excluded.reason, b.reason),
		changed_at = excluded.changed_at;
END;
COMMENT ON FUNCTION messaging.note_breaker(text, text, integer, interval, timestamptz, text, timestamptz) IS 'Keeps the state of the breaker of an endpoint. For the delivery worker.';
