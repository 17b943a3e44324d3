-- ---- figures of the day

CREATE OR REPLACE FUNCTION quarantine.rate(part bigint, whole bigint) RETURNS numeric
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN round(100.0 * part / nullif(whole, 0), 1);
COMMENT ON FUNCTION quarantine.rate(bigint, bigint) IS '率(%) / per cent with one decimal, as the ministry published reply rates; NULL of nothing.';

CREATE OR REPLACE FUNCTION quarantine.unreachable(day date, days integer DEFAULT 4)
RETURNS TABLE (person uuid, enrolment bigint, port text, prefecture smallint, health_center bigint, silent_since date, missed bigint, undelivered bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	SELECT t.person, t.enrolment, t.port, t.prefecture, t.health_center, min(s.day), count(*) FILTER (WHERE s.state = 'missed'), count(*) FILTER (WHERE s.state = 'undelivered')
	FROM followup.slot AS s
	JOIN quarantine.traveller AS t ON t.enrolment = s.enrolment
	JOIN followup.enrolment AS e ON e.enrolment = s.enrolment
	WHERE s.day BETWEEN unreachable.day - (unreachable.days - 1) AND unreachable.day
		-- what is not due yet says nothing
		AND s.state = ANY ('{answered,missed,undelivered}'::text[])
		AND (e.state = 'open' OR outbreak.local_date(e.closed_at) > unreachable.day)
	GROUP BY t.person, t.enrolment, t.port, t.prefecture, t.health_center
	-- asked on each of these days, and not one answer to anything
	HAVING count(DISTINCT s.day) = unreachable.days
		AND count(*) FILTER (WHERE s.state = 'answered') = 0
	ORDER BY t.prefecture, t.port, t.person;
END;
COMMENT ON FUNCTION quarantine.unreachable(date, integer) IS '連絡不能 / persons who were asked on each of so many days (4) up to a day and answered nothing at all, with how many checks they missed and how many our messages did not reach: who has undelivered ones alone is not to blame. Within what the caller may see.';

CREATE OR REPLACE FUNCTION quarantine.daily_figures(day date, port text DEFAULT NULL, prefecture integer DEFAULT NULL, as_of timestamptz DEFAULT now())
RETURNS TABLE (
	port text, prefecture smallint, in_followup bigint,
	health_asked bigint, health_answered bigint, health_rate numeric,
	location_asked bigint, location_answered bigint, location_rate numeric,
	video_asked bigint, video_answered bigint, video_rate numeric,
	missed bigint, undelivered bigint, unreachable bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	-- by persons, as published: who answered a kind of check at all on that day, of those whom it was asked of and whose time is up
	WITH person AS (
		SELECT t.port, t.prefecture, s.enrolment, s.prompt,
			bool_or(s.state = 'answered') AS answered,
			bool_or(s.state = 'missed') AS missed,
			bool_or(s.state = 'undelivered') AS undelivered
		FROM followup.slot AS s
		JOIN quarantine.traveller AS t ON t.enrolment = s.enrolment
		WHERE s.day = daily_figures.day
			AND s.state <> 'cancelled'
			AND s.due_at <= daily_figures.as_of
			AND (daily_figures.port IS NULL OR t.port = daily_figures.port)
			AND (daily_figures.prefecture IS NULL OR t.prefecture = daily_figures.prefecture)
		GROUP BY t.port, t.prefecture, s.enrolment, s.prompt
	), asked AS (
		SELECT p.port, p.prefecture,
			count(*) FILTER (WHERE p.prompt = 'health') AS health_asked,
			count(*) FILTER (WHERE p.prompt = 'health' AND p.answered) AS health_answered,
			count(*) FILTER (WHERE p.prompt = 'location') AS location_asked,
			count(*) FILTER (WHERE p.prompt = 'location' AND p.answered) AS location_answered,
			count(*) FILTER (WHERE p.prompt = 'video') AS video_asked,
			count(*) FILTER (WHERE p.prompt = 'video' AND p.answered) AS video_answered,
			count(*) FILTER (WHERE NOT p.answered AND p.missed) AS missed,
			count(*) FILTER (WHERE NOT p.answered AND p.undelivered AND NOT p.missed) AS undelivered
		FROM person AS p
		GROUP BY p.port, p.prefecture
	), followed AS (
		SELECT t.port, t.prefecture, count(*) AS in_followup
		FROM quarantine.traveller AS t
		JOIN followup.enrolment AS e ON e.enrolment = t.enrolment
		WHERE e.day0 <= daily_figures.day
			AND e.until >= daily_figures.day
			-- on that day; who was closed since was in follow-up then
			AND (e.closed_at IS NULL OR outbreak.local_date(e.closed_at) > daily_figures.day)
			AND (daily_figures.port IS NULL OR t.port = daily_figures.port)
			AND (daily_figures.prefecture IS NULL OR t.prefecture = daily_figures.prefecture)
		GROUP BY t.port, t.prefecture
	), silent AS (
		SELECT u.port, u.prefecture, count(*) AS unreachable
		FROM quarantine.unreachable(daily_figures.day) AS u
		GROUP BY u.port, u.prefecture
	)
	SELECT f.port, f.prefecture, f.in_followup,
		coalesce(a.health_asked, 0), coalesce(a.health_answered, 0), quarantine.rate(a.health_answered, a.health_asked),
		coalesce(a.location_asked, 0), coalesce(a.location_answered, 0), quarantine.rate(a.location_answered, a.location_asked),
		coalesce(a.video_asked, 0), coalesce(a.video_answered, 0), quarantine.rate(a.video_answered, a.video_asked),
		coalesce(a.missed, 0), coalesce(a.undelivered, 0), coalesce(s.unreachable, 0)
	FROM followed AS f
	LEFT JOIN asked AS a ON a.port = f.port
		AND a.prefecture = f.prefecture
	LEFT JOIN silent AS s ON s.port = f.port
		AND s.prefecture = f.prefecture
	ORDER BY f.port, f.prefecture;
END;
COMMENT ON FUNCTION quarantine.daily_figures(date, text, integer, timestamptz) IS
'日次集計 / follow-up of arrivals on a day, by port of arrival and prefecture of stay: persons in follow-up; persons who were asked about health, location and by video and whose time is up, who of them answered at least once, and the rate in per cent; checks missed although our message arrived, checks that our message did not reach (which count against nobody), and persons without any answer for four days. Within what the caller may see.';

CREATE OR REPLACE FUNCTION quarantine.national_figures(day date, as_of timestamptz DEFAULT now())
RETURNS TABLE (day date, in_followup bigint, health_rate numeric, location_rate numeric, video_rate numeric, health_no_reply bigint, location_no_reply bigint, unreachable bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT national_figures.day, coalesce(sum(f.in_followup), 0)::bigint,
		quarantine.rate(sum(f.health_answered)::bigint, sum(f.health_asked)::bigint),
		quarantine.rate(sum(f.location_answered)::bigint, sum(f.location_asked)::bigint),
		quarantine.rate(sum(f.video_answered)::bigint, sum(f.video_asked)::bigint),
		coalesce(sum(f.health_asked - f.health_answered), 0)::bigint,
		coalesce(sum(f.location_asked - f.location_answered), 0)::bigint,
		coalesce(sum(f.unreachable), 0)::bigint
	FROM quarantine.daily_figures(national_figures.day, NULL, NULL, national_figures.as_of) AS f;
END;
COMMENT ON FUNCTION quarantine.national_figures(date, timestamptz) IS '全国集計 / the figures that the ministry published of a day: persons in follow-up, reply rates in per cent, persons without a reply, persons unreachable for four days.';

-- ---- throughput and queues

CREATE OR REPLACE FUNCTION quarantine.throughput(on_date date, port text DEFAULT NULL)
RETURNS TABLE (port text, hour timestamptz, readings bigint, registered bigint, persons bigint, seen_before bigint, refused bigint, readers bigint, per_reader numeric, median_seconds numeric)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 24
BEGIN ATOMIC
	SELECT r.port,
		date_trunc('hour', r.scanned_at, outbreak.time_zone()),
		count(*),
		count(*) FILTER (WHERE r.outcome = 'registered'),
		sum(r.persons),
		count(*) FILTER (WHERE r.outcome = 'seen_before'),
		count(*) FILTER (WHERE r.outcome = 'refused'),
		count(DISTINCT r.reader),
		round(1.0 * count(*) / count(DISTINCT r.reader), 1),
		-- between two readings of one device; longer gaps are rests
		round((percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM r.gap)::double precision) FILTER (WHERE r.gap BETWEEN interval '1 second' AND interval '10 minutes'))::numeric, 1)
	FROM (
		SELECT g.*, g.scanned_at - lag(g.scanned_at) OVER (PARTITION BY g.reader ORDER BY g.scanned_at) AS gap
		FROM quarantine.reading AS g
		WHERE g.scanned_at >= throughput.on_date::timestamp AT TIME ZONE outbreak.time_zone()
			AND g.scanned_at < (throughput.on_date + 1)::timestamp AT TIME ZONE outbreak.time_zone()
			AND (throughput.port IS NULL OR g.port = throughput.port)
	) AS r
	GROUP BY r.port, date_trunc('hour', r.scanned_at, outbreak.time_zone())
	ORDER BY 1, 2;
END;
COMMENT ON FUNCTION quarantine.throughput(date, text) IS '読取実績 / readings by port and hour of a day: all, registered entries and their persons, read before, refused, devices at work, readings for each device, and the median of seconds between two readings of a device. Within what the caller may see.';

CREATE OR REPLACE FUNCTION quarantine.seconds_per_reading(port text, day date) RETURNS numeric
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	-- of the last week with readings; 20 seconds as long as nothing is known
	SELECT coalesce(round((percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM r.gap)::double precision))::numeric, 1), 20)
	FROM (
		SELECT g.scanned_at - lag(g.scanned_at) OVER (PARTITION BY g.reader ORDER BY g.scanned_at) AS gap
		FROM quarantine.reading AS g
		WHERE g.port = seconds_per_reading.port
			AND g.scanned_at >= (seconds_per_reading.day - 7)::timestamp AT TIME ZONE outbreak.time_zone()
			AND g.scanned_at < (seconds_per_reading.day + 1)::timestamp AT TIME ZONE outbreak.time_zone()
	) AS r
	WHERE r.gap BETWEEN interval '1 second' AND interval '2 minutes';
END;
COMMENT ON FUNCTION quarantine.seconds_per_reading(text, date) IS '1件の所要秒数 / median seconds from one reading to the next of a busy device of a port, over the week up to a day; 20 where nothing is known.';

CREATE OR REPLACE FUNCTION quarantine.forecast(port text, on_date date, readers integer DEFAULT NULL, wait_most interval DEFAULT '15 minutes', walk interval DEFAULT '20 minutes')
RETURNS TABLE (hour timestamptz, persons bigint, entries bigint, without_entry bigint, capacity bigint, queue bigint, wait interval, readers_needed integer)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 24
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	seconds numeric := quarantine.seconds_per_reading(forecast.port, forecast.on_date - 1);
	devices integer := coalesce(forecast.readers, (
		SELECT count(*)::integer
		FROM quarantine.reader r
		WHERE r.port = forecast.port
			AND r.installed_on <= forecast.on_date
			AND coalesce(r.retired_on, 'infinity') >= forecast.on_date));
	-- readings that all devices make in ten minutes
	per_step double precision;
	waiting double precision := 0;
	longest double precision;
	needed double precision;
	-- readings that each step brings, and of the last steps together
	come double precision[] := ARRAY[]::double precision[];
	together double precision;
	step record;
	h timestamptz;
	people double precision := 0;
	parties double precision := 0;
	bare double precision := 0;
BEGIN
	IF devices < 0 OR devices > 10000 OR forecast.wait_most < interval '0' OR forecast.walk NOT BETWEEN interval '0' AND interval '6 hours' THEN
		RAISE EXCEPTION 'the forecast needs 0 to 10000 devices, a wait and a way of 0 to 6 hours'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	per_step := devices * 600.0 / seconds;
	longest := 0;
	needed := 0;
	FOR step IN
		WITH party AS (
			SELECT e.entry, e.persons, e.conveyance_key, e.arrives_at
			FROM quarantine.entry e
			WHERE e.port = forecast.port
				AND e.on_date = forecast.on_date
				AND e.state = ANY ('{open,arrived}'::text[])
		), flight AS (
			-- a flight that is known, and how many of its passengers have made no entry yet
			SELECT f.conveyance_key, coalesce(f.arrived_at, f.scheduled_at) AS at, greatest(coalesce(f.passengers, 0) - coalesce(sum(p.persons), 0), 0) AS bare
			FROM quarantine.flight f
			LEFT JOIN party p ON p.conveyance_key = f.conveyance_key
			WHERE f.port = forecast.port
				AND f.on_date = forecast.on_date
			GROUP BY f.conveyance_key, f.on_date, f.port
		), come AS (
			SELECT coalesce(f.at, p.arrives_at) + forecast.walk AS at, p.persons::double precision AS persons, 1::double precision AS parties, 0::double precision AS bare
			FROM party p
			LEFT JOIN flight f ON f.conveyance_key = p.conveyance_key
			UNION ALL
			SELECT f.at + forecast.walk, f.bare::double precision, 0, f.bare::double precision
			FROM flight f
			WHERE f.bare > 0
		), spread AS (
			-- people of one flight come over half an hour
			SELECT date_bin('10 minutes', c.at + k * interval '10 minutes', 'epoch') AS at, c.persons / 3 AS persons, c.parties / 3 AS parties, c.bare / 3 AS bare
			FROM come c
			CROSS JOIN generate_series(0, 2) AS k
		)
		SELECT s.at, coalesce(sum(x.persons), 0) AS persons, coalesce(sum(x.parties), 0) AS parties, coalesce(sum(x.bare), 0) AS bare
		FROM generate_series(forecast.on_date::timestamp AT TIME ZONE outbreak.time_zone(), (forecast.on_date + 1)::timestamp AT TIME ZONE outbreak.time_zone() + interval '50 minutes', interval '10 minutes') AS s (at)
		LEFT JOIN spread x ON x.at = s.at
		GROUP BY s.at
		ORDER BY s.at
	LOOP
		h := coalesce(h, step.at);
		IF step.at >= h + interval '1 hour' THEN
			hour := h;
			persons := round(people);
			entries := round(parties);
			without_entry := round(bare);
			capacity := floor(per_step * 6);
			queue := ceil(longest);
			wait := CASE WHEN per_step > 0 THEN make_interval(secs => round((longest / per_step * 600)::numeric)::double precision) END;
			readers_needed := ceil(round(needed::numeric, 6))::integer;
			RETURN NEXT;
			h := step.at;
			people := 0;
			parties := 0;
			bare := 0;
			longest := waiting;
			needed := 0;
		END IF;
		people := people + step.persons;
		parties := parties + step.parties;
		bare := bare + step.bare;
		-- one reading for an entry, one for each person without
		come := come || (step.parties + step.bare);
		-- nobody waits longer than W, if what comes in any stretch of time is read within that time and W
		together := 0;
		FOR k IN 1..cardinality(come) LOOP
			together := together + come[cardinality(come) + 1 - k];
			needed := greatest(needed, together * seconds::double precision / (k * 600 + extract(epoch FROM forecast.wait_most)::double precision));
		END LOOP;
		waiting := greatest(0, waiting + step.parties + step.bare - per_step);
		longest := greatest(longest, waiting);
	END LOOP;
END
$$;
COMMENT ON FUNCTION quarantine.forecast(text, date, integer, interval, interval) IS '混雑予測 / what a day at a port will be like, by hour: persons who come (their flights, and the way to the readers), entries, people of known flights who have made no entry, readings that the devices can make, the longest queue and its wait (NULL without a device), and how many devices are needed for nobody to wait longer than wait_most. readers: what if there were so many; by default those that are installed. The time of a reading comes from the week before.';

CREATE OR REPLACE FUNCTION quarantine.station_figures(day date, as_of timestamptz DEFAULT now())
RETURNS TABLE (
	port text, prefecture smallint, in_followup bigint,
	health_asked bigint, health_answered bigint, health_rate numeric,
	location_asked bigint, location_answered bigint, location_rate numeric,
	video_asked bigint, video_answered bigint, video_rate numeric,
	missed bigint, undelivered bigint, unreachable bigint)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER ROWS 50
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM quarantine.require_officer(outbreak.my_organisation());
	RETURN QUERY
	SELECT f.*
	FROM quarantine.port p
	CROSS JOIN LATERAL quarantine.daily_figures(station_figures.day, p.port, NULL, station_figures.as_of) AS f
	WHERE p.station = outbreak.my_organisation();
END
$$;
COMMENT ON FUNCTION quarantine.station_figures(date, timestamptz) IS '検疫所の日次集計 / what quarantine.daily_figures() tells of travellers who came in by the ports of the caller''s station, wherever they stay: counts alone. 42501 for others.';
