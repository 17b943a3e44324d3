-- ---- random checks that can be audited

CREATE OR REPLACE FUNCTION followup.make_seeds(from_day date, to_day date, as_of timestamptz) RETURNS bigint
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	WITH made AS (
		INSERT INTO followup.random_seed AS s (day, seed, made_at)
		SELECT from_day + i, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), as_of
		FROM generate_series(0, to_day - from_day) AS i
		ON CONFLICT DO NOTHING
		RETURNING s.day, s.seed
	), published AS (
		INSERT INTO followup.random_commitment (day, commitment, published_at)
		SELECT m.day, outbreak.seed_commitment(m.day, m.seed), as_of
		FROM made AS m
		RETURNING day
	)
	SELECT count(*)
	FROM published;
END;
COMMENT ON FUNCTION followup.make_seeds(date, date, timestamptz) IS 'Draws the seeds of these days that have none, and publishes their commitments in the same moment. Returns how many.';

CREATE OR REPLACE FUNCTION followup.publish_commitment(as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	today date := outbreak.local_date(as_of);
	published bigint;
	revealed bigint;
BEGIN
	-- the plans make slots for whole stays: their seeds are promised before the first of them is used
	published := followup.make_seeds(today + 1, today + 45, as_of);
	-- a day is over everywhere when it is over in the last zone (UTC-12), and a window may last into the next day
	UPDATE followup.random_commitment c
	SET seed = s.seed,
		revealed_at = as_of
	FROM followup.random_seed s
	WHERE s.day = c.day
		AND c.seed IS NULL
		AND c.day + 1 < (as_of AT TIME ZONE 'Etc/GMT+12')::date;
	GET DIAGNOSTICS revealed = ROW_COUNT;
	RETURN jsonb_build_object('published', published, 'revealed', revealed);
END
$$;
COMMENT ON FUNCTION followup.publish_commitment(timestamptz) IS '無作為抽出の公表 / job: publishes the commitments of the next 45 days, and reveals the seeds of days that are over in every time zone. Returns {"published", "revealed"}; a second call changes nothing.';

CREATE OR REPLACE FUNCTION followup.verify_random(day date)
RETURNS TABLE (published_before boolean, commitment_holds boolean, checks bigint, wrong bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT c.published_at < c.day::timestamp AT TIME ZONE 'Etc/GMT-14',
		c.commitment = outbreak.seed_commitment(c.day, r.seed),
		k.checks,
		k.wrong
	FROM followup.random_commitment AS c
	JOIN followup.random_seed AS r ON r.day = c.day
	CROSS JOIN LATERAL (
		SELECT count(*) AS checks,
			count(*) FILTER (WHERE s.opens_at <> outbreak.random_check(r.seed, s.person, s.day, s.prompt, a.per_day, s.n, a.opens_at, a.closes_at, a.min_gap)) AS wrong
		FROM followup.slot AS s
		JOIN followup.enrolment AS e ON e.enrolment = s.enrolment
		JOIN (
			SELECT z.plan, z.time_zone, q.prompt, q.per_day, q.min_gap, lower(w.span) AS opens_at, upper(w.span) AS closes_at
			FROM (SELECT DISTINCT x.plan, x.time_zone FROM followup.enrolment AS x WHERE verify_random.day BETWEEN x.day0 AND x.until + 366) AS z
			JOIN followup.prompt AS q ON q.plan = z.plan
			CROSS JOIN LATERAL (SELECT outbreak.window_instant(verify_random.day, q.window_from, q.window_to, z.time_zone) AS span) AS w
			WHERE q.random
				AND q.valid @> verify_random.day
		) AS a ON a.plan = e.plan
			AND a.time_zone = e.time_zone
			AND a.prompt = s.prompt
		WHERE s.day = verify_random.day
	) AS k
	WHERE c.day = verify_random.day;
END;
COMMENT ON FUNCTION followup.verify_random(date) IS '無作為抽出の検証 / are the random checks of a day those that its seed gives? published_before: the commitment stood before the day began anywhere; commitment_holds: the seed is the one that was promised; checks: slots of random prompts; wrong: those at another time than the seed says (0 in a sound system). No row for a day without a seed.';
