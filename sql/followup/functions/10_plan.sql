-- ---- plans: which rules hold

CREATE OR REPLACE FUNCTION followup.rule_overlaps() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	key_columns text[] := TG_ARGV[0]::text[];
	clash boolean;
BEGIN
	-- one writer at a time, so that two rows do not slip in side by side
	PERFORM pg_advisory_xact_lock(TG_RELID::bigint);
	EXECUTE format('SELECT count(*) > 1 FROM %s AS r WHERE r.valid && $1.valid AND %s', TG_RELID::regclass,
		(SELECT string_agg(format('r.%1$I IS NOT DISTINCT FROM $1.%1$I', k), ' AND ') FROM unnest(key_columns) AS k))
	INTO clash
	USING NEW;
	IF clash THEN
		RAISE EXCEPTION 'two rows of % hold at the same time', TG_RELID::regclass
			USING ERRCODE = 'exclusion_violation',
				DETAIL = format('Rows with the same %s overlap within %s.', array_to_string(key_columns, ', '), NEW.valid),
				HINT = 'End the one that is in force first: its valid ends on the day on which the new one begins.';
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION followup.rule_overlaps() IS 'Trigger of tables of dated rules, after each row: two rows with the same key columns (its argument) never hold on the same day (23P01).';

CREATE OR REPLACE FUNCTION followup.prompt_fits() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	span tstzrange;
BEGIN
	IF NEW.random THEN
		span := outbreak.window_instant('2000-01-01', NEW.window_from, NEW.window_to, 'UTC');
		-- raises 22023 when the checks do not fit
		PERFORM outbreak.random_check(sha256('\x'), '00000000-0000-0000-0000-000000000000', '2000-01-01', NEW.prompt, NEW.per_day, 1, lower(span), upper(span), NEW.min_gap);
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION followup.prompt_fits() IS 'Trigger of followup.prompt: random checks fit into their window with their gap (22023).';

-- In PL/pgSQL, whose plans last as long as the session: every enrolment asks.
CREATE OR REPLACE FUNCTION followup.period_of(plan text, class text, day0 date, on_date date) RETURNS followup.period
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	found_period followup.period;
BEGIN
	SELECT p.* INTO found_period
	FROM followup.period p
	WHERE p.plan = period_of.plan
		AND p.class = period_of.class
		AND (p.valid @> period_of.day0 OR p.retroactive AND lower(p.valid) > period_of.day0 AND lower(p.valid) <= period_of.on_date)
	ORDER BY lower(p.valid) DESC NULLS LAST
	LIMIT 1;
	RETURN found_period;
END
$$;
COMMENT ON FUNCTION followup.period_of(text, text, date, date) IS '適用される期間 / the period that holds, on on_date, for somebody whose day 0 was day0: that of day 0, or a later retroactive one that had begun by on_date. NULL when there is none.';

CREATE OR REPLACE FUNCTION followup.period_days(plan text, class text, day0 date, on_date date DEFAULT outbreak.local_date()) RETURNS integer
LANGUAGE SQL STABLE PARALLEL SAFE
RETURN (followup.period_of(plan, class, day0, on_date)).days;
COMMENT ON FUNCTION followup.period_days(text, text, date, date) IS '期間(日数) / days after day 0 for which somebody of this class is followed, by the rules in force on on_date; the period ends at 24:00 of that day. NULL when no rule covers day 0.';

CREATE OR REPLACE FUNCTION followup.asks(plan text, time_zone text, from_day date, to_day date)
RETURNS TABLE (day date, prompt text, n smallint, per_day smallint, opens_at timestamptz, due_at timestamptz, closes_at timestamptz,
	random boolean, min_gap interval, answer_within interval, first_day smallint, children boolean, ends text, kind text, template text, priority smallint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	SELECT d.day,
		q.prompt,
		g.n,
		q.per_day,
		CASE WHEN q.random THEN lower(w.span) ELSE lower(w.span) + f.step * (g.n - 1) END,
		lower(w.span) + f.step * (g.n - 1) + coalesce(q.answer_within, f.step),
		upper(w.span),
		q.random,
		q.min_gap,
		q.answer_within,
		q.first_day,
		q.children,
		p.ends,
		q.prompt || '.' || g.n,
		q.template,
		q.priority
	FROM followup.plan AS p
	JOIN followup.prompt AS q ON q.plan = p.plan
	CROSS JOIN LATERAL (
		SELECT (from_day + i)::date AS day
		FROM generate_series(0, to_day - from_day) AS i
	) AS d
	CROSS JOIN LATERAL (SELECT outbreak.window_instant(d.day, q.window_from, q.window_to, time_zone) AS span) AS w
	CROSS JOIN LATERAL (SELECT (upper(w.span) - lower(w.span)) / q.per_day AS step) AS f
	CROSS JOIN LATERAL (SELECT i::smallint AS n FROM generate_series(1, q.per_day) AS i) AS g
	WHERE p.plan = asks.plan
		AND q.valid @> d.day;
END;
COMMENT ON FUNCTION followup.asks(text, text, date, date) IS '問いかけの一覧 / every slot that a plan has on these days in a time zone, with its times; for random prompts opens_at is the opening of the window, and outbreak.random_check() says when within it a person is asked. kind is the kind of its message: health.1.';
