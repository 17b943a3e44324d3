-- ---- the level of a rule, and the exact share that follows from it
--
-- Hamilton's method and the claims rules are one thing: each unit's exact share is weight * t between its floor and its
-- cap, where the level t makes the shares add up. Shares are rounded down, and what is left goes to the largest
-- remainders, ties to the earlier unit. The level is found here from the inputs alone, not by the solver.

CREATE OR REPLACE FUNCTION allocation.level(amount bigint, weights bigint[], floors bigint[] DEFAULT NULL, caps bigint[] DEFAULT NULL, OUT numerator numeric, OUT denominator numeric)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF floors IS NULL AND caps IS NULL THEN
		numerator := amount;
		denominator := (SELECT nullif(sum(w), 0) FROM unnest(weights) AS w);
		RETURN;
	END IF;
	-- What all units have at t: what their floors add up to, plus t * slope - offset. Slope and offset change where a
	-- unit leaves its floor or reaches its cap, at bound / weight. The last such point with no more than the amount decides.
	WITH unit AS (
		SELECT u.weight, coalesce(u.floor, 0) AS floor, u.cap
		FROM unnest(weights, floors, caps) AS u (weight, floor, cap)
	), step AS (
		SELECT floor AS bound, weight, weight AS slope, floor AS off
		FROM unit
		WHERE weight > 0
			AND cap IS DISTINCT FROM floor
		UNION ALL
		SELECT cap, weight, -weight, -cap
		FROM unit
		WHERE weight > 0
			AND cap > floor
	), summed AS (
		SELECT bound, weight, sum(slope) OVER w AS slope, sum(off) OVER w AS off, row_number() OVER w AS place
		FROM step
		-- more digits than two different quotients of these numbers can share
		WINDOW w AS (ORDER BY div(bound::numeric * 1e40, weight), bound ROWS UNBOUNDED PRECEDING)
	)
	SELECT CASE WHEN s.slope > 0 THEN amount - b.base + s.off ELSE s.bound END,
		CASE WHEN s.slope > 0 THEN s.slope ELSE s.weight END
	INTO numerator, denominator
	FROM summed AS s
	CROSS JOIN (SELECT sum(floor) AS base FROM unit) AS b
	WHERE s.bound * s.slope + (b.base - s.off) * s.weight <= amount::numeric * s.weight
	ORDER BY s.place DESC
	LIMIT 1;
	IF NOT found AND EXISTS (SELECT FROM unnest(weights) AS u (weight) WHERE u.weight > 0) THEN
		-- floor and cap of each unit are the same
		numerator := 0;
		denominator := 1;
	END IF;
END
$$;
COMMENT ON FUNCTION allocation.level(bigint, bigint[], bigint[], bigint[]) IS
'配分の水準 / the t, as a fraction, at which weight * t between floor and cap adds up to the amount. Units of weight 0 have their floor. NULL when no unit has a weight.';

CREATE OR REPLACE FUNCTION allocation.exact(rule text, losses boolean, level_numerator numeric, level_denominator numeric, weight bigint, claim bigint, floor bigint, cap bigint)
RETURNS numeric
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE rule
	WHEN 'hamilton' THEN CASE
		WHEN weight > 0 THEN greatest(coalesce(floor, 0) * level_denominator, least(weight * level_numerator, cap * level_denominator))
		ELSE coalesce(floor, 0) * level_denominator
	END
	WHEN 'proportional' THEN claim * level_numerator
	WHEN 'constrained_equal_awards' THEN least(claim * level_denominator, coalesce(weight, 1) * level_numerator)
	WHEN 'constrained_equal_losses' THEN greatest(0, claim * level_denominator - coalesce(weight, 1) * level_numerator)
	WHEN 'talmud' THEN CASE
		WHEN losses THEN 2 * claim * level_denominator - least(claim * level_denominator, level_numerator)
		ELSE least(claim * level_denominator, level_numerator)
	END
	-- divisor methods: the plain quota, for comparison
	ELSE weight * level_numerator
END;
COMMENT ON FUNCTION allocation.exact(text, boolean, numeric, numeric, bigint, bigint, bigint, bigint) IS
'正確な配分 / what falls to a unit before rounding at the level of its run: the numerator over allocation.exact_denominator(). losses: more than half of the claims is there (talmud). For divisor methods the plain quota.';

CREATE OR REPLACE FUNCTION allocation.exact_denominator(rule text, level_denominator numeric) RETURNS numeric
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE rule WHEN 'talmud' THEN 2 * level_denominator ELSE level_denominator END;
COMMENT ON FUNCTION allocation.exact_denominator(text, numeric) IS 'The denominator of allocation.exact(), of quota, remainder and cut_off: that of the level, twice that for talmud, which works in halves.';

CREATE OR REPLACE FUNCTION allocation.priority(rule text, weight bigint, seats bigint) RETURNS numeric
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE
	-- the first seat of all before every other; among those the larger weight
	WHEN seats = 0 AND rule IN ('adams', 'huntington_hill', 'dean') THEN 1e200 + weight
	WHEN rule = 'webster' THEN div(weight * 1e80, 2 * seats::numeric + 1)
	WHEN rule = 'dhondt' THEN div(weight * 1e80, seats::numeric + 1)
	WHEN rule = 'adams' THEN div(weight * 1e80, seats)
	WHEN rule = 'huntington_hill' THEN div(weight::numeric * weight * 1e80, seats::numeric * (seats + 1))
	WHEN rule = 'dean' THEN div(weight * (2 * seats::numeric + 1) * 1e80, seats::numeric * (seats + 1))
END;
COMMENT ON FUNCTION allocation.priority(text, bigint, bigint) IS
'優先値 / what a unit of that weight and so many seats brings to bear for its next one under a divisor method (weight / signpost; squared for huntington_hill), with so many digits that two priorities that differ never come out equal.';

-- ---- canonical text of a run, for its hashes

CREATE OR REPLACE FUNCTION allocation.digest(canonical text) RETURNS bytea
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN sha256(convert_to(canonical, 'UTF8'));
COMMENT ON FUNCTION allocation.digest(text) IS 'SHA-256 of a text in UTF-8.';

CREATE OR REPLACE FUNCTION allocation.input_head(rule text, offered bigint, seats bigint, percent numeric) RETURNS text
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN rule || '|' || offered || '|' || seats || '|' || coalesce(trim_scale(percent)::text, '') || E'\n';
COMMENT ON FUNCTION allocation.input_head(text, bigint, bigint, numeric) IS 'The first line of a run''s inputs; the lines of its units follow in their order.';

CREATE OR REPLACE FUNCTION allocation.input_line(unit text, weight bigint, claim bigint, floor bigint, cap bigint, reserved bigint) RETURNS text
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN unit || '|' || coalesce(weight::text, '') || '|' || coalesce(claim::text, '') || '|' || coalesce(floor::text, '') || '|' || coalesce(cap::text, '') || '|' || coalesce(reserved::text, '') || E'\n';
COMMENT ON FUNCTION allocation.input_line(text, bigint, bigint, bigint, bigint, bigint) IS 'The line of a unit in a run''s inputs.';

CREATE OR REPLACE FUNCTION allocation.result_line(unit text, granted bigint, reason text) RETURNS text
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN unit || '|' || granted || '|' || reason || E'\n';
COMMENT ON FUNCTION allocation.result_line(text, bigint, text) IS 'The line of a unit in a run''s result.';

-- ---- solving

CREATE OR REPLACE FUNCTION allocation.reason(rule text, weight bigint, claim bigint, floor bigint, cap bigint, level_numerator numeric, level_denominator numeric, remainder numeric, up boolean, granted bigint)
RETURNS text
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN rule = 'given' THEN 'given'
	WHEN rule = 'deduction' THEN CASE WHEN claim > cap THEN 'deducted' ELSE 'kept' END
	WHEN rule = 'ranked' THEN CASE WHEN granted = claim AND claim > 0 THEN 'full' WHEN granted > 0 THEN 'partial' ELSE 'none' END
	WHEN rule = ANY ('{proportional,constrained_equal_awards,constrained_equal_losses,talmud}'::text[]) AND (claim = 0 OR level_numerator = 0 AND rule <> 'constrained_equal_losses') THEN 'none'
	WHEN rule = ANY ('{proportional,constrained_equal_awards,constrained_equal_losses,talmud}'::text[]) AND granted = claim THEN 'full'
	WHEN rule = ANY ('{hamilton,webster,dhondt,adams,huntington_hill,dean}'::text[]) AND coalesce(weight, 0) = 0 THEN CASE WHEN granted > 0 THEN 'floor' ELSE 'none' END
	WHEN rule = 'hamilton' AND cap IS NOT NULL AND weight * level_numerator >= cap * level_denominator THEN 'cap'
	WHEN rule = 'hamilton' AND floor > 0 AND weight * level_numerator <= floor * level_denominator THEN 'floor'
	WHEN rule = ANY ('{webster,dhondt,adams,huntington_hill,dean}'::text[]) THEN CASE WHEN granted = cap THEN 'cap' WHEN granted = floor AND floor > 0 THEN 'floor' ELSE 'priority' END
	WHEN remainder = 0 THEN 'exact'
	WHEN up THEN 'rounded_up'
	ELSE 'rounded_down'
END;
COMMENT ON FUNCTION allocation.reason(text, bigint, bigint, bigint, bigint, numeric, numeric, numeric, boolean, bigint) IS '配分の理由 / the code in allocation.run_unit.reason for what a unit got. up: more than its exact share rounded down.';

CREATE OR REPLACE FUNCTION allocation.refuse_sum(problem text, offered bigint, bound numeric, unit text DEFAULT NULL, label text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RAISE EXCEPTION '%', coalesce(label || ': ', '') || CASE problem
			WHEN 'floors' THEN format('the floors add up to %s, but there are only %s to divide', bound, offered)
			WHEN 'floor_above_cap' THEN format('the floor of %s is above its cap', unit)
			WHEN 'caps' THEN format('there are %s to divide, but the units cannot take more than %s', offered, bound)
			WHEN 'claims' THEN format('there are %s to divide, but only %s are claimed', offered, bound)
			WHEN 'no_units' THEN format('there are %s to divide, and nobody to divide them among', offered)
			ELSE format('the amounts given add up to %s instead of %s', bound, offered)
		END
		USING ERRCODE = 'OB030',
			DETAIL = jsonb_strip_nulls(jsonb_build_object('problem', problem, 'offered', offered, 'bound', bound, 'unit', unit, 'label', label))::text,
			HINT = CASE WHEN problem IN ('caps', 'claims', 'no_units') THEN 'Let the rest be held, or change the units and their bounds.' ELSE 'Change the bounds or the amount.' END;
END
$$;
COMMENT ON FUNCTION allocation.refuse_sum(text, bigint, numeric, text, text) IS 'Says why a sum cannot be reached, after a label: OB030; DETAIL is {"problem", "offered", "bound", "unit", "label"}.';

CREATE OR REPLACE FUNCTION allocation.solve(rule text, offered bigint, units text[], weights bigint[] DEFAULT NULL, claims bigint[] DEFAULT NULL,
	floors bigint[] DEFAULT NULL, caps bigint[] DEFAULT NULL, percent numeric DEFAULT NULL, hold boolean DEFAULT false, label text DEFAULT NULL)
RETURNS TABLE (all_offered bigint, seats bigint, level_numerator numeric, level_denominator numeric, cut_off numeric, "position" integer, unit text,
	weight bigint, claim bigint, floor bigint, cap bigint, quota numeric, remainder numeric, granted bigint, reason text)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE ROWS 50
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	by_weight boolean := rule = ANY ('{hamilton,webster,dhondt,adams,huntington_hill,dean}');
	amount bigint := offered;
	least_of_all numeric := 0;
	most_of_all numeric;
	conflict text;
	result bigint[];
	numerator numeric;
	denominator numeric;
	losses boolean := false;
	ones bigint[];
	weight_of_all numeric;
BEGIN
	IF by_weight THEN
		weight_of_all := (SELECT sum(u.weight) FROM unnest(weights) AS u (weight));
		IF floors IS NOT NULL OR caps IS NOT NULL THEN
			SELECT sum(coalesce(u.floor, 0)),
				CASE WHEN count(*) FILTER (WHERE u.weight > 0 AND u.cap IS NULL) = 0
					THEN sum(CASE WHEN u.weight > 0 THEN u.cap ELSE coalesce(u.floor, 0) END) END,
				min(u.unit) FILTER (WHERE u.floor > u.cap)
			INTO least_of_all, most_of_all, conflict
			FROM unnest(units, weights, floors, caps) AS u (unit, weight, floor, cap);
			IF conflict IS NOT NULL THEN
				PERFORM allocation.refuse_sum('floor_above_cap', offered, NULL, conflict, label);
			ELSIF least_of_all > offered THEN
				PERFORM allocation.refuse_sum('floors', offered, least_of_all, NULL, label);
			END IF;
		ELSIF weight_of_all = 0 THEN
			most_of_all := 0;
		END IF;
	ELSIF rule <> 'deduction' THEN
		most_of_all := (SELECT coalesce(sum(u.claim), 0) FROM unnest(claims) AS u (claim));
		IF rule = 'given' AND most_of_all > offered THEN
			PERFORM allocation.refuse_sum('given', offered, most_of_all, NULL, label);
		END IF;
	END IF;
	IF most_of_all < offered THEN
		IF NOT hold THEN
			PERFORM allocation.refuse_sum(CASE WHEN rule = 'given' THEN 'given' WHEN by_weight THEN 'caps' ELSE 'claims' END, offered, most_of_all, NULL, label);
		END IF;
		amount := most_of_all;
	END IF;

	IF by_weight THEN
		IF weight_of_all = 0 THEN
			-- nothing to go by: the floors are all there is
			result := ARRAY(SELECT coalesce(u.floor, 0) FROM unnest(units, floors) WITH ORDINALITY AS u (unit, floor, n) ORDER BY u.n);
		ELSE
			IF floors IS NULL AND caps IS NULL THEN
				result := outbreak.apportion(amount, weights, rule);
			ELSE
				-- the solver takes a bound of each unit, or of none
				result := outbreak.apportion(amount, weights, rule,
					CASE WHEN floors IS NOT NULL THEN ARRAY(SELECT coalesce(u.floor, 0) FROM unnest(floors) WITH ORDINALITY AS u (floor, n) ORDER BY u.n) END,
					CASE WHEN caps IS NOT NULL THEN ARRAY(SELECT coalesce(u.cap, 9223372036854775807) FROM unnest(caps) WITH ORDINALITY AS u (cap, n) ORDER BY u.n) END);
			END IF;
			IF rule = 'hamilton' AND (floors IS NOT NULL OR caps IS NOT NULL) THEN
				SELECT l.numerator, l.denominator INTO numerator, denominator FROM allocation.level(amount, weights, floors, caps) AS l;
			ELSE
				numerator := amount;
				denominator := weight_of_all;
			END IF;
		END IF;
	ELSIF rule = 'deduction' THEN
		result := ARRAY(
			SELECT CASE WHEN u.claim > u.cap THEN trunc(u.weight * solve.percent / 100)::bigint ELSE 0 END
			FROM unnest(weights, claims, caps) WITH ORDINALITY AS u (weight, claim, cap, n)
			ORDER BY u.n);
		amount := (SELECT sum(u.taken) FROM unnest(result) AS u (taken));
		offered := amount;
	ELSIF rule = 'given' THEN
		result := claims;
	ELSIF rule = 'ranked' THEN
		result := ARRAY(
			SELECT greatest(0, least(u.claim, amount - u.before))::bigint
			FROM (
				SELECT x.claim, x.n, coalesce(sum(x.claim) OVER (ORDER BY x.weight DESC NULLS LAST, x.n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
				FROM unnest(weights, claims) WITH ORDINALITY AS x (weight, claim, n)
			) AS u
			ORDER BY u.n);
	ELSE
		result := outbreak.share(amount, claims, rule, CASE WHEN rule <> ALL ('{proportional,talmud}') THEN weights END);
		losses := rule = 'constrained_equal_losses' OR (rule = 'talmud' AND amount > most_of_all - amount);
		-- where every claim is met there is no level
		IF amount < most_of_all THEN
			IF rule = 'proportional' THEN
				SELECT l.numerator, l.denominator INTO numerator, denominator FROM allocation.level(amount, claims) AS l;
			ELSE
				ones := array_fill(1::bigint, ARRAY[cardinality(claims)]);
				SELECT l.numerator, l.denominator INTO numerator, denominator
				FROM allocation.level(
					CASE WHEN losses THEN most_of_all::bigint - amount ELSE amount END * CASE rule WHEN 'talmud' THEN 2 ELSE 1 END,
					CASE WHEN rule = 'talmud' OR weights IS NULL THEN ones ELSE weights END, NULL, claims) AS l;
			END IF;
		END IF;
	END IF;

	RETURN QUERY
	WITH proof AS (
		SELECT u.*, allocation.exact(rule, losses, numerator, denominator, u.weight, u.claim, u.floor, u.cap) AS quota
		FROM unnest(units, weights, claims, floors, caps, result) WITH ORDINALITY AS u (unit, weight, claim, floor, cap, granted, n)
	), rounded AS (
		SELECT p.*,
			mod(p.quota, allocation.exact_denominator(rule, denominator)) AS remainder,
			p.granted > div(p.quota, allocation.exact_denominator(rule, denominator)) AS up
		FROM proof AS p
	)
	SELECT offered,
		amount,
		numerator,
		denominator,
		CASE
			WHEN rule = ANY ('{hamilton,proportional,constrained_equal_awards,constrained_equal_losses,talmud}') THEN min(r.remainder) FILTER (WHERE r.up) OVER ()
			WHEN rule = 'ranked' THEN min(r.weight) FILTER (WHERE r.granted > 0) OVER ()
		END,
		r.n::integer,
		r.unit,
		r.weight,
		r.claim,
		r.floor,
		r.cap,
		r.quota,
		r.remainder,
		r.granted,
		allocation.reason(rule, r.weight, r.claim, r.floor, r.cap, numerator, denominator, r.remainder, r.up, r.granted)
	FROM rounded AS r
	ORDER BY r.n;
END
$$;
COMMENT ON FUNCTION allocation.solve(text, bigint, text[], bigint[], bigint[], bigint[], bigint[], numeric, boolean, text) IS
'配分の計算 / divides what is offered among the units by a rule, and returns the proof with it; writes nothing. Of equals the unit that comes first is served first.

hamilton, webster, dhondt, adams, huntington_hill and dean go by weights, between floors and caps (NULL: 0, none). proportional, constrained_equal_awards, constrained_equal_losses (both by weights too, where given) and talmud go by claims. ranked meets whole claims from the highest weight down while it lasts; the unit at the end gets the rest. given takes the claims as they are. deduction takes percent of the weight, rounded down, from each unit whose claim is above its cap.

Where the units cannot take all of it, the rest is held (seats < all_offered) if hold is set. Error OB030 otherwise, and where floors cannot be met; label stands in front of it.';

CREATE OR REPLACE FUNCTION allocation.divide(purpose text, rule text, offered bigint, units text[], weights bigint[] DEFAULT NULL, claims bigint[] DEFAULT NULL,
	floors bigint[] DEFAULT NULL, caps bigint[] DEFAULT NULL, reserved bigint[] DEFAULT NULL, percent numeric DEFAULT NULL, hold boolean DEFAULT false,
	prefecture smallint DEFAULT NULL, municipality outbreak.municipality_code DEFAULT NULL)
RETURNS bigint
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	WITH line AS MATERIALIZED (
		SELECT s.*, reserved[s."position"] AS reserved
		FROM allocation.solve(rule, offered, units, weights, claims, floors, caps, percent, hold) AS s
	), made AS (
		INSERT INTO allocation.run (purpose, rule, offered, seats, percent, units, level_numerator, level_denominator, cut_off, prefecture, municipality, inputs_hash, result_hash)
		SELECT divide.purpose, divide.rule, min(l.all_offered), min(l.seats), divide.percent, count(*), min(l.level_numerator), min(l.level_denominator), min(l.cut_off),
			divide.prefecture, divide.municipality,
			allocation.digest(allocation.input_head(divide.rule, min(l.all_offered), min(l.seats), divide.percent)
				|| string_agg(allocation.input_line(l.unit, l.weight, l.claim, l.floor, l.cap, l.reserved), '' ORDER BY l."position")),
			allocation.digest(string_agg(allocation.result_line(l.unit, l.granted, l.reason), '' ORDER BY l."position"))
		FROM line AS l
		HAVING count(*) > 0
		RETURNING run
	), unit_made AS (
		INSERT INTO allocation.run_unit (run, position, unit, prefecture, municipality, weight, claim, floor, cap, reserved, quota, remainder, granted, reason)
		SELECT m.run, l."position", l.unit, divide.prefecture, divide.municipality, l.weight, l.claim, l.floor, l.cap, l.reserved, l.quota, l.remainder, l.granted, l.reason
		FROM made AS m
		CROSS JOIN line AS l
	)
	SELECT m.run
	FROM made AS m;
END;
COMMENT ON FUNCTION allocation.divide(text, text, bigint, text[], bigint[], bigint[], bigint[], bigint[], bigint[], numeric, boolean, smallint, outbreak.municipality_code) IS
'配分の実行 / divides as allocation.solve() and keeps the run with its units; returns its number. reserved notes what was promised to each unit. prefecture and municipality say whose share it is, and so who may read it.';

-- ---- rechecking

CREATE OR REPLACE FUNCTION allocation.verify_runs(runs bigint[])
RETURNS TABLE (run bigint, problem text, "position" integer, unit text, message_ja text, message_en text)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 1
-- thousands of runs at a time, of which no statistics tell
SET enable_nestloop = off
BEGIN ATOMIC
	WITH head AS MATERIALIZED (
		SELECT r.*
		FROM allocation.run AS r
		WHERE r.run = ANY (runs)
	), unit AS MATERIALIZED (
		SELECT u.*, h.rule, h.seats, h.percent, h.level_numerator, h.level_denominator,
			h.rule = ANY ('{hamilton,proportional,constrained_equal_awards,constrained_equal_losses,talmud}'::text[]) AND h.level_denominator IS NOT NULL AS rounds,
			h.rule = ANY ('{webster,dhondt,adams,huntington_hill,dean}'::text[]) AS divides
		FROM head AS h
		JOIN allocation.run_unit AS u ON u.run = h.run
	), summed AS MATERIALIZED (
		SELECT u.run,
			count(*) AS units,
			max(u."position") AS last_position,
			sum(u.granted) AS granted,
			coalesce(sum(u.claim), 0) AS claims,
			coalesce(sum(u.weight), 0) AS weights,
			string_agg(allocation.input_line(u.unit, u.weight, u.claim, u.floor, u.cap, u.reserved), '' ORDER BY u."position") AS inputs,
			string_agg(allocation.result_line(u.unit, u.granted, u.reason), '' ORDER BY u."position") AS results
		FROM unit AS u
		GROUP BY u.run
	), exact AS MATERIALIZED (
		-- every exact share anew from the inputs and the level
		SELECT u.*,
			allocation.exact(u.rule, u.rule = 'constrained_equal_losses' OR (u.rule = 'talmud' AND 2 * u.seats > s.claims),
				u.level_numerator, u.level_denominator, u.weight, u.claim, u.floor, u.cap) AS share,
			allocation.exact_denominator(u.rule, u.level_denominator) AS whole
		FROM unit AS u
		JOIN summed AS s ON s.run = u.run
		WHERE u.rounds
	), rounded AS MATERIALIZED (
		SELECT e.*,
			e.granted > div(e.share, e.whole) AS up,
			-- larger remainder first, then earlier unit, in one number
			mod(e.share, e.whole) * 1e10 - e."position" AS key
		FROM exact AS e
	), rounding AS (
		SELECT r.run,
			sum(r.share) = min(r.seats) * min(r.whole) AS adds_up,
			min(r.key) FILTER (WHERE r.up) AS last_up,
			max(r.key) FILTER (WHERE NOT r.up AND mod(r.share, r.whole) > 0) AS first_down
		FROM rounded AS r
		GROUP BY r.run
	), prior AS MATERIALIZED (
		SELECT u.run, u."position", u.unit,
			CASE WHEN u.granted > coalesce(u.floor, 0) THEN allocation.priority(u.rule, u.weight, u.granted - 1) * 1e10 - u."position" END AS last_given,
			CASE WHEN u.weight > 0 AND u.granted < coalesce(u.cap, u.granted + 1) THEN allocation.priority(u.rule, u.weight, u.granted) * 1e10 - u."position" END AS next_due
		FROM unit AS u
		WHERE u.divides
	), cut AS (
		SELECT p.run, min(p.last_given) AS last_given, max(p.next_due) AS next_due
		FROM prior AS p
		GROUP BY p.run
	), ranked AS (
		SELECT u.*,
			greatest(0, least(u.claim, u.seats - coalesce(sum(u.claim) OVER (PARTITION BY u.run ORDER BY u.weight DESC NULLS LAST, u."position" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0))) AS due
		FROM unit AS u
		WHERE u.rule = 'ranked'
	), found AS (
		SELECT asked.run, 1 AS grade, 'missing' AS problem, NULL::integer AS "position", NULL::text AS unit, NULL::text AS detail
		FROM unnest(runs) AS asked (run)
		WHERE NOT EXISTS (SELECT FROM head AS h WHERE h.run = asked.run)
		UNION ALL
		SELECT h.run, 2, 'units' AS problem, NULL AS "position", NULL AS unit, coalesce(s.units, 0) || ' / ' || h.units
		FROM head AS h
		LEFT JOIN summed AS s ON s.run = h.run
		WHERE s.units IS DISTINCT FROM h.units
			OR s.last_position IS DISTINCT FROM h.units
		UNION ALL
		SELECT h.run, 3, 'sum' AS problem, NULL AS "position", NULL AS unit, s.granted || ' / ' || h.seats
		FROM head AS h
		JOIN summed AS s ON s.run = h.run
		WHERE s.granted <> h.seats
		UNION ALL
		SELECT u.run, 4, 'bounds' AS problem, u."position", u.unit, u.granted::text
		FROM unit AS u
		WHERE u.granted < coalesce(u.floor, 0)
			OR (u.rule <> 'deduction' AND u.granted > least(u.cap, u.claim))
			OR (u.rule = 'deduction' AND u.granted > u.weight)
		UNION ALL
		SELECT h.run, 5, 'inputs_hash' AS problem, NULL AS "position", NULL AS unit, encode(h.inputs_hash, 'hex')
		FROM head AS h
		JOIN summed AS s ON s.run = h.run
		WHERE h.inputs_hash <> allocation.digest(allocation.input_head(h.rule, h.offered, h.seats, h.percent) || s.inputs)
		UNION ALL
		-- without a level every claim must be met, or no unit have a weight
		SELECT h.run, 6, 'level' AS problem, NULL AS "position", NULL AS unit, h.rule
		FROM head AS h
		JOIN summed AS s ON s.run = h.run
		LEFT JOIN rounding AS r ON r.run = h.run
		WHERE h.rule = ANY ('{hamilton,proportional,constrained_equal_awards,constrained_equal_losses,talmud}'::text[])
			AND CASE
				WHEN h.level_denominator IS NOT NULL THEN NOT r.adds_up
				WHEN h.rule = 'hamilton' THEN s.weights > 0
				ELSE s.claims <> h.seats
			END
		UNION ALL
		SELECT r.run, 7, 'rounding' AS problem, r."position", r.unit, r.granted || ' / ' || trim_scale(round(r.share / r.whole, 6))
		FROM rounded AS r
		WHERE r.granted <> div(r.share, r.whole) + CASE WHEN r.up THEN 1 ELSE 0 END
			OR (r.up AND mod(r.share, r.whole) = 0)
		UNION ALL
		SELECT r.run, 8, 'remainder' AS problem, r."position", r.unit, trim_scale(round(r.share / r.whole, 6))::text
		FROM rounding AS c
		JOIN rounded AS r ON r.run = c.run
			AND NOT r.up
			AND r.key = c.first_down
		WHERE c.first_down > c.last_up
		UNION ALL
		SELECT p.run, 8, 'priority' AS problem, p."position", p.unit, NULL AS detail
		FROM cut AS c
		JOIN prior AS p ON p.run = c.run
			AND p.next_due = c.next_due
		WHERE c.next_due > c.last_given
		UNION ALL
		SELECT u.run, 9, 'rank', u."position", u.unit, u.granted || ' / ' || u.due
		FROM ranked AS u
		WHERE u.granted <> u.due
		UNION ALL
		SELECT u.run, 9, 'given', u."position", u.unit, u.granted || ' / ' || u.claim
		FROM unit AS u
		WHERE u.rule = 'given'
			AND u.granted IS DISTINCT FROM u.claim
		UNION ALL
		SELECT u.run, 9, 'deduction', u."position", u.unit, u.granted::text
		FROM unit AS u
		WHERE u.rule = 'deduction'
			AND u.granted <> CASE WHEN u.claim > u.cap THEN trunc(u.weight * u.percent / 100) ELSE 0 END
		UNION ALL
		SELECT r.run, 10, 'quota', r."position", r.unit, r.quota::text
		FROM rounded AS r
		WHERE r.quota IS DISTINCT FROM r.share
			OR r.remainder IS DISTINCT FROM mod(r.share, r.whole)
		UNION ALL
		SELECT h.run, 11, 'result_hash', NULL, NULL, encode(h.result_hash, 'hex')
		FROM head AS h
		JOIN summed AS s ON s.run = h.run
		WHERE h.result_hash <> allocation.digest(s.results)
	)
	SELECT DISTINCT ON (f.run) f.run,
		f.problem,
		f."position",
		f.unit,
		CASE f.problem
			WHEN 'missing' THEN '計算がありません。'
			WHEN 'units' THEN format('明細の件数が合いません(%s)。', f.detail)
			WHEN 'sum' THEN format('明細の合計が配分数と合いません(%s)。', f.detail)
			WHEN 'bounds' THEN format('%s の配分 %s は下限・上限・要求の範囲にありません。', f.unit, f.detail)
			WHEN 'inputs_hash' THEN '入力が計算時から変わっています。'
			WHEN 'level' THEN '正確な配分の合計が配分数と合いません。'
			WHEN 'rounding' THEN format('%s の配分は正確な値の切捨てでも切上げでもありません(%s)。', f.unit, f.detail)
			WHEN 'remainder' THEN format('%s は端数の順位が上なのに切り上げられていません(正確な値 %s)。', f.unit, f.detail)
			WHEN 'priority' THEN format('%s の優先値は最後に配分された単位より高いのに配分されていません。', f.unit)
			WHEN 'rank' THEN format('%s の配分が順位どおりではありません(%s)。', f.unit, f.detail)
			WHEN 'given' THEN format('%s の配分が指定と違います(%s)。', f.unit, f.detail)
			WHEN 'deduction' THEN format('%s の削減が規則と違います(%s)。', f.unit, f.detail)
			WHEN 'quota' THEN format('%s の記録された正確な値が違います。', f.unit)
			ELSE '結果が計算時から変わっています。'
		END,
		CASE f.problem
			WHEN 'missing' THEN 'There is no such run.'
			WHEN 'units' THEN format('The number of units is not right (%s).', f.detail)
			WHEN 'sum' THEN format('The units do not add up to what was divided (%s).', f.detail)
			WHEN 'bounds' THEN format('What %s got, %s, is not between its floor, cap and claim.', f.unit, f.detail)
			WHEN 'inputs_hash' THEN 'The inputs are not those of the time of the run.'
			WHEN 'level' THEN 'The exact shares do not add up to what was divided.'
			WHEN 'rounding' THEN format('What %s got is its exact share rounded neither down nor up (%s).', f.unit, f.detail)
			WHEN 'remainder' THEN format('%s has a remainder above one that was rounded up, and was not (exact share %s).', f.unit, f.detail)
			WHEN 'priority' THEN format('%s has a priority above that of the last one served, and was not served.', f.unit)
			WHEN 'rank' THEN format('What %s got is not what its rank gives it (%s).', f.unit, f.detail)
			WHEN 'given' THEN format('What %s got is not what was typed in (%s).', f.unit, f.detail)
			WHEN 'deduction' THEN format('What was taken from %s does not follow the rule (%s).', f.unit, f.detail)
			WHEN 'quota' THEN format('The exact share noted for %s is wrong.', f.unit)
			ELSE 'The result is not that of the time of the run.'
		END
	FROM found AS f
	ORDER BY f.run, f.grade, f."position" NULLS FIRST;
END;
COMMENT ON FUNCTION allocation.verify_runs(bigint[]) IS
'検算 / rechecks runs from their inputs, without the solver, and returns the first problem of each run that has one, with the unit that breaks it: missing, units, sum, bounds, inputs_hash, level (the exact shares do not add up), rounding, remainder (a larger remainder was passed over), priority (max-min inequality of divisor methods), rank, given, deduction, quota, result_hash. Time is linear in the units. No row means that all is well. For who sees every unit of the run.';

CREATE OR REPLACE FUNCTION allocation.verify(run bigint)
RETURNS TABLE (problem text, "position" integer, unit text, message_ja text, message_en text)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT v.problem, v."position", v.unit, v.message_ja, v.message_en
	FROM allocation.verify_runs(ARRAY[run]) AS v;
END;
COMMENT ON FUNCTION allocation.verify(bigint) IS '検算 / rechecks one run, as allocation.verify_runs(): no row, or its first problem.';

CREATE OR REPLACE FUNCTION allocation.paradox(run_a bigint, run_b bigint)
RETURNS TABLE (paradox text, unit text, other text, weight_a bigint, weight_b bigint, granted_a bigint, granted_b bigint, message_ja text, message_en text)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	WITH run AS (
		SELECT a.run AS run_a, b.run AS run_b, a.seats AS seats_a, b.seats AS seats_b
		FROM allocation.run AS a
		JOIN allocation.run AS b ON b.run = paradox.run_b
		WHERE a.run = paradox.run_a
	), pair AS MATERIALIZED (
		SELECT a.unit, coalesce(a.claim, a.weight) AS weight_a, coalesce(b.claim, b.weight) AS weight_b, a.granted AS granted_a, b.granted AS granted_b
		FROM run AS r
		JOIN allocation.run_unit AS a ON a.run = r.run_a
		JOIN allocation.run_unit AS b ON b.run = r.run_b
			AND b.unit = a.unit
	), alabama AS (
		SELECT p.*
		FROM run AS r
		JOIN pair AS p ON (p.granted_b - p.granted_a) * sign(r.seats_b - r.seats_a) < 0
		WHERE NOT EXISTS (SELECT FROM pair AS x WHERE x.weight_a IS DISTINCT FROM x.weight_b)
	), population AS (
		SELECT DISTINCT ON (l.unit) l.*, g.unit AS other
		FROM run AS r
		JOIN pair AS l ON l.granted_b < l.granted_a
		JOIN pair AS g ON g.granted_b > g.granted_a
			AND l.weight_b::numeric * g.weight_a > g.weight_b::numeric * l.weight_a
		WHERE r.seats_a = r.seats_b
		ORDER BY l.unit, g.unit
	)
	SELECT 'alabama' AS paradox, a.unit, NULL AS other_unit, a.weight_a, a.weight_b, a.granted_a, a.granted_b,
		format('%s は、配分総数が増えたのに %s から %s に減っています(アラバマのパラドックス)。', a.unit, greatest(a.granted_a, a.granted_b), least(a.granted_a, a.granted_b)),
		format('%s falls from %s to %s though there is more to divide (Alabama paradox).', a.unit, greatest(a.granted_a, a.granted_b), least(a.granted_a, a.granted_b))
	FROM alabama AS a
	UNION ALL
	SELECT 'population' AS paradox, p.unit, p.other, p.weight_a, p.weight_b, p.granted_a, p.granted_b,
		format('%s は、%s より伸びが大きいのに配分が減り、%s は増えています(人口のパラドックス)。', p.unit, p.other, p.other),
		format('%s grew more than %s, but loses while %s gains (population paradox).', p.unit, p.other, p.other)
	FROM population AS p
	ORDER BY 1, 2;
END;
COMMENT ON FUNCTION allocation.paradox(bigint, bigint) IS
'配分のパラドックス / what is odd between two runs over the same units: alabama, the same weights and more to divide, yet a unit gets less; population, as much to divide, and a unit whose weight grew by more than another''s loses to it. Hamilton''s method can do both, divisor methods neither.';
