-- ---- what is kept of calculations and keys

-- The guards (access.refuse_change) let a row go for the owner alone, and only while one of these functions runs.
CREATE OR REPLACE FUNCTION vsys.purge_drafts(as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_nestloop = off
AS $$
DECLARE
	-- nobody empties the tables by a moment to come
	before timestamptz := least(as_of, now()) - interval '30 days';
	runs bigint[];
	passes bigint;
	units bigint;
BEGIN
	PERFORM set_config('access.purging', 'vsys.round_run,allocation.run_unit,allocation.run', true);
	-- Of each round the calculation that counts stays, whether it was decided on, published, withdrawn or is a draft still.
	WITH gone AS (
		DELETE FROM vsys.round_run AS x
		USING vsys.round_pass AS p
		JOIN vsys.round AS r ON r.round = p.round
		WHERE p.round = x.round
			AND p.pass = x.pass
			AND p.pass IS DISTINCT FROM r.pass
			AND p.made_at < before
		RETURNING x.run, x.round, x.pass
	)
	SELECT array_agg(g.run), count(DISTINCT (g.round, g.pass)) INTO runs, passes
	FROM gone AS g;
	DELETE FROM allocation.run_unit AS u
	USING unnest(runs) AS g (run)
	WHERE u.run = g.run;
	GET DIAGNOSTICS units = ROW_COUNT;
	DELETE FROM allocation.run AS a
	USING unnest(runs) AS g (run)
	WHERE a.run = g.run;
	PERFORM set_config('access.purging', '', true);
	RETURN jsonb_build_object('passes', passes, 'runs', coalesce(cardinality(runs), 0), 'units', units);
END
$$;
COMMENT ON FUNCTION vsys.purge_drafts(timestamptz) IS
'過去の計算の廃棄 / job: deletes the lines of calculations of rounds that are older than 30 days and do not count: each time a draft is calculated anew all of its lines are kept (76,000 of a national round), so that it can be compared with the one before. What stays for good: the calculation that counts of every round, and of the others vsys.round_pass with its frames and certificate. Returns {"passes", "runs", "units"} that went. A moment to come is taken as now. Runs as the owner: calculations are never changed otherwise.';

CREATE OR REPLACE FUNCTION vsys.purge_stock_keys(as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	before timestamptz := least(as_of, now()) - interval '13 months';
	gone bigint;
BEGIN
	PERFORM set_config('access.purging', 'vsys.stock_key', true);
	-- Counted from when the event was entered, however far back it happened. That an event is reversed stays known as long
	-- as the event.
	DELETE FROM vsys.stock_key AS k
	WHERE k.happened_at < before
		AND NOT EXISTS (
			SELECT
			FROM vsys.stock_event AS e
			WHERE e.event = k.event
				AND e.site OPERATOR(outbreak.=) k.site
				AND e.happened_at = k.happened_at
				AND e.recorded_at >= before
		)
		AND (k.reverses IS NULL OR NOT EXISTS (
			SELECT
			FROM vsys.stock_event AS e
			WHERE e.event = k.event
				AND e.site OPERATOR(outbreak.=) k.site
				AND e.happened_at = k.happened_at
		));
	GET DIAGNOSTICS gone = ROW_COUNT;
	PERFORM set_config('access.purging', '', true);
	RETURN jsonb_build_object('keys', gone);
END
$$;
COMMENT ON FUNCTION vsys.purge_stock_keys(timestamptz) IS
'冪等キーの廃棄 / job: forgets the keys under which events of the ledger were sent 13 months ago and earlier: by then nobody sends one again. Keys of reversals stay as long as the reversal does, since an event is reversed once. (The table is not partitioned: a key must be found whatever the day of its event.) Returns {"keys": how many}. A moment to come is taken as now. Runs as the owner.';
