-- ---- lists and figures of those who call

CREATE OR REPLACE FUNCTION followup.call_list(health_center bigint DEFAULT outbreak.my_health_center(), as_of timestamptz DEFAULT now())
RETURNS TABLE (call bigint, enrolment bigint, person uuid, responder uuid, plan text, day integer, reason text, priority smallint, alert_level text, waiting interval,
	attempts smallint, last_attempt_at timestamptz, last_answer_at timestamptz, missed bigint, undelivered bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	SELECT c.call, c.enrolment, c.person, c.responder, e.plan, (as_of AT TIME ZONE e.time_zone)::date - e.day0, c.reason, c.priority, a.level,
		as_of - c.made_at, c.attempts, c.last_attempt_at, e.last_answer_at, s.missed, s.undelivered
	FROM followup.call AS c
	JOIN followup.enrolment AS e ON e.enrolment = c.enrolment
	LEFT JOIN LATERAL (
		SELECT x.level
		FROM followup.alert AS x
		WHERE x.enrolment = c.enrolment
			AND x.state = 'open'
		ORDER BY followup.level_rank(x.level) DESC
		LIMIT 1
	) AS a ON true
	CROSS JOIN LATERAL (
		-- the last week, the days one by one for the primary key
		SELECT count(*) FILTER (WHERE x.state = 'missed') AS missed, count(*) FILTER (WHERE x.state = 'undelivered') AS undelivered
		FROM followup.slot AS x
		WHERE x.day IN (SELECT (as_of AT TIME ZONE e.time_zone)::date - i FROM generate_series(0, 7) AS i)
			AND x.enrolment = c.enrolment
	) AS s
	WHERE c.state = 'open'
		AND (call_list.health_center IS NULL OR c.health_center = call_list.health_center)
	ORDER BY followup.level_rank(a.level) DESC NULLS LAST, c.priority, c.attempts, c.made_at, c.call;
END;
COMMENT ON FUNCTION followup.call_list(bigint, timestamptz) IS '架電リスト / whom a health centre is to call, the most urgent first: open alerts, then priority, then who was tried least and waits longest. day: days since day 0; missed and undelivered: slots of the last 7 days, missed being those for which our message arrived; undelivered ones are our failure. health_center NULL: all that the caller sees. Names and numbers: registry.reveal_identity(responder).';

CREATE OR REPLACE FUNCTION followup.workload(health_center bigint DEFAULT outbreak.my_health_center(), from_day date DEFAULT outbreak.local_date(), days integer DEFAULT 7,
	new_a_day numeric DEFAULT NULL, minutes_a_call numeric DEFAULT 8)
RETURNS TABLE (day date, in_follow_up numeric, of_them_new numeric, messages numeric, calls numeric, hours numeric)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 7
BEGIN ATOMIC
	WITH past AS (
		-- what the last 14 days were like, here and everywhere that the caller sees
		SELECT count(*) FILTER (WHERE here) AS persons_here, count(*) AS persons
		FROM (
			SELECT e.health_center IS NOT DISTINCT FROM coalesce(workload.health_center, e.health_center) AS here
			FROM generate_series(1, 14) AS i
			JOIN followup.enrolment AS e ON from_day - i > e.day0
				AND from_day - i <= e.until
				AND (e.closed_at IS NULL OR outbreak.local_date(e.closed_at) > from_day - i)
				AND e.until >= from_day - 14
		) AS d
	), called AS (
		SELECT count(*) FILTER (WHERE c.health_center IS NOT DISTINCT FROM coalesce(workload.health_center, c.health_center)) AS calls_here, count(*) AS calls
		FROM followup.call AS c
		WHERE c.day BETWEEN from_day - 14 AND from_day - 1
	), asked AS (
		SELECT count(*) AS slots
		FROM generate_series(1, 14) AS i
		JOIN followup.slot AS s ON s.day = from_day - i
		WHERE s.state <> 'cancelled'
			AND (workload.health_center IS NULL OR s.health_center = workload.health_center)
	), came AS (
		SELECT count(*) / 14.0 AS a_day, coalesce(avg(e.until - e.day0), 0) AS stays
		FROM followup.enrolment AS e
		WHERE outbreak.local_date(e.opened_at) BETWEEN from_day - 14 AND from_day - 1
			AND (workload.health_center IS NULL OR e.health_center = workload.health_center)
	), rate AS (
		-- calls a person and day; a centre with few persons leans on all of them (as if it had seen 50 person-days more)
		SELECT (k.calls_here + 50 * coalesce(k.calls::numeric / nullif(p.persons, 0), 0)) / (p.persons_here + 50) AS calls,
			coalesce(a.slots::numeric / nullif(p.persons_here, 0), 1) AS messages,
			coalesce(workload.new_a_day, c.a_day) AS new_a_day,
			c.stays
		FROM past AS p
		CROSS JOIN called AS k
		CROSS JOIN asked AS a
		CROSS JOIN came AS c
	), ahead AS (
		SELECT d.day, d.i,
			(
				SELECT count(*)
				FROM followup.enrolment AS e
				JOIN followup.plan AS p ON p.plan = e.plan
				WHERE e.state = 'open'
					AND d.day > e.day0
					AND (d.day <= e.until OR p.ends = 'release')
					AND (workload.health_center IS NULL OR e.health_center = workload.health_center)
			) AS known
		FROM (SELECT from_day + i AS day, i FROM generate_series(0, workload.days - 1) AS i) AS d
	)
	SELECT a.day,
		round(a.known + n.persons, 1),
		round(n.persons, 1),
		round((a.known + n.persons) * r.messages, 1),
		round((a.known + n.persons) * r.calls, 1),
		round((a.known + n.persons) * r.calls * minutes_a_call / 60, 1)
	FROM ahead AS a
	CROSS JOIN rate AS r
	-- whoever comes from tomorrow on, and has not left again
	CROSS JOIN LATERAL (SELECT r.new_a_day * least(a.i, r.stays) AS persons) AS n
	ORDER BY a.day;
END;
COMMENT ON FUNCTION followup.workload(bigint, date, integer, numeric, numeric) IS
'業務量の見込み / what a health centre has to expect: persons in follow-up on each day (those known, and of_them_new who come from then on), slots that are asked, calls that staff will have to make, and the hours that takes. Calls and slots a person and day, and how many come a day and how long they stay, are those of the last 14 days; new_a_day sets how many come. minutes_a_call: working time of one call. health_center NULL: all that the caller sees. An estimate: nothing is promised.';

CREATE OR REPLACE FUNCTION followup.compliance(from_day date, to_day date, health_center bigint DEFAULT NULL)
RETURNS TABLE (day date, prompt text, expected bigint, answered bigint, in_time bigint, late bigint, missed bigint, undelivered bigint, awaited bigint, rate numeric, in_time_rate numeric)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 50
BEGIN ATOMIC
	SELECT s.day,
		s.prompt,
		count(*),
		count(*) FILTER (WHERE s.state = 'answered'),
		count(*) FILTER (WHERE s.state = 'answered' AND s.answered_at <= s.due_at),
		count(*) FILTER (WHERE s.state = 'answered' AND s.answered_at > s.due_at),
		count(*) FILTER (WHERE s.state = 'missed'),
		count(*) FILTER (WHERE s.state = 'undelivered'),
		count(*) FILTER (WHERE s.state = 'awaited'),
		round(100.0 * count(*) FILTER (WHERE s.state = 'answered') / nullif(count(*) FILTER (WHERE s.state = ANY ('{answered,missed}'::text[])), 0), 1),
		round(100.0 * count(*) FILTER (WHERE s.state = 'answered' AND s.answered_at <= s.due_at) / nullif(count(*) FILTER (WHERE s.state = ANY ('{answered,missed}'::text[])), 0), 1)
	FROM followup.slot AS s
	WHERE s.day BETWEEN from_day AND to_day
		AND s.state <> 'cancelled'
		AND (compliance.health_center IS NULL OR s.health_center = compliance.health_center)
	GROUP BY s.day, s.prompt
	ORDER BY s.day, s.prompt COLLATE "C";
END;
COMMENT ON FUNCTION followup.compliance(date, date, bigint) IS '回答率 / by day and prompt: slots expected; answered in time or late; missed, though our message arrived; undelivered, which counts against nobody; awaited, not due or not settled yet. rate: per cent answered of those answered or missed; in_time_rate: of those, in time. As far as the caller may see the slots. health_center NULL: all of them.';

CREATE OR REPLACE FUNCTION followup.compliance_by_channel(from_day date, to_day date, health_center bigint DEFAULT NULL)
RETURNS TABLE (day date, channel text, answered bigint, in_time bigint, share numeric, in_time_rate numeric)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 50
BEGIN ATOMIC
	SELECT s.day,
		s.channel,
		count(*),
		count(*) FILTER (WHERE s.answered_at <= s.due_at),
		round(100.0 * count(*) / sum(count(*)) OVER (PARTITION BY s.day), 1),
		round(100.0 * count(*) FILTER (WHERE s.answered_at <= s.due_at) / count(*), 1)
	FROM followup.slot AS s
	WHERE s.day BETWEEN from_day AND to_day
		AND s.state = 'answered'
		AND (compliance_by_channel.health_center IS NULL OR s.health_center = compliance_by_channel.health_center)
	GROUP BY s.day, s.channel
	ORDER BY s.day, s.channel COLLATE "C";
END;
COMMENT ON FUNCTION followup.compliance_by_channel(date, date, bigint) IS '手段別の回答 / by day and channel through which answers came (line, web, phone, call, staff, import): how many, of them in time, the share of the day''s answers in per cent, and the per cent that came in time. As far as the caller may see the slots.';

CREATE OR REPLACE FUNCTION followup.silent(days integer DEFAULT 4, health_center bigint DEFAULT NULL, as_of timestamptz DEFAULT now())
RETURNS TABLE (enrolment bigint, person uuid, prefecture smallint, health_center_of bigint, plan text, silent_days integer, missed bigint, undelivered bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	SELECT e.enrolment, e.person, e.prefecture, e.health_center, e.plan, d.silent, s.missed, s.undelivered
	FROM followup.enrolment AS e
	CROSS JOIN LATERAL (
		SELECT (as_of AT TIME ZONE e.time_zone)::date - greatest((e.last_answer_at AT TIME ZONE e.time_zone)::date, (e.opened_at AT TIME ZONE e.time_zone)::date, e.day0) AS silent
	) AS d
	CROSS JOIN LATERAL (
		SELECT count(*) FILTER (WHERE x.state = 'missed') AS missed, count(*) FILTER (WHERE x.state = 'undelivered') AS undelivered
		FROM followup.slot AS x
		WHERE x.day IN (SELECT (as_of AT TIME ZONE e.time_zone)::date - i FROM generate_series(0, d.silent) AS i)
			AND x.enrolment = e.enrolment
	) AS s
	WHERE e.state = 'open'
		AND d.silent >= silent.days
		AND (silent.health_center IS NULL OR e.health_center = silent.health_center)
		-- silence is theirs only where something of ours arrived
		AND s.missed + s.undelivered > 0
	ORDER BY s.missed > 0 DESC, d.silent DESC, e.enrolment;
END;
COMMENT ON FUNCTION followup.silent(integer, bigint, timestamptz) IS '連絡不能 / who has not answered anything for so many days (4: the count of the ministry): silent_days since the last answer, the registration or day 0; slots missed since (our message arrived) and undelivered (it did not: find another way to reach them, nobody is to be blamed). As far as the caller may see them.';
