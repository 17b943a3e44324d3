-- ---- the calculation: reads, writes nothing

CREATE OR REPLACE FUNCTION vsys.hypothetical_frames(of_round bigint, changes jsonb) RETURNS SETOF vsys.frame
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	SELECT (jsonb_populate_record(f, coalesce(c.change, '{}'))).*
	FROM vsys.frame AS f
	LEFT JOIN jsonb_array_elements(changes -> 'frames') AS c (change) ON c.change -> 'frame' = to_jsonb(f.frame)
	WHERE f.round = of_round
		AND NOT coalesce(changes -> 'without' @> to_jsonb(f.frame), false)
	UNION ALL
	SELECT (jsonb_populate_record(NULL::vsys.frame,
		jsonb_build_object('round', of_round, 'from_level', 'nation', 'pack', 'box', 'claim_less', false, 'cap_times', 1, 'by_group', false, 'hold', false) || c.change)).*
	FROM jsonb_array_elements(changes -> 'frames') AS c (change)
	WHERE NOT EXISTS (SELECT FROM vsys.frame AS f WHERE f.round = of_round AND c.change -> 'frame' = to_jsonb(f.frame));
END;
COMMENT ON FUNCTION vsys.hypothetical_frames(bigint, jsonb) IS 'The frames of a round with changes: "frames" changes or adds frames by their number, "without" leaves some out.';

CREATE OR REPLACE FUNCTION vsys.nation_amounts(of_round vsys.round, frames vsys.frame[], vials_per_box integer)
RETURNS TABLE (frame smallint, vials bigint)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	total bigint := of_round.boxes::bigint * vials_per_box;
	fixed bigint;
	promised bigint;
	rests integer;
BEGIN
	SELECT coalesce(sum(coalesce(f.boxes, trunc(f.percent * of_round.boxes / 100)) * vials_per_box) FILTER (WHERE f.kind <> 'promise'), 0),
		count(*) FILTER (WHERE f.kind <> 'promise' AND num_nonnulls(f.boxes, f.percent) = 0)
	INTO fixed, rests
	FROM unnest(frames) AS f
	WHERE f.from_level = 'nation';
	-- promises come before what is left to be divided, but not before what was fixed
	SELECT least(coalesce(sum(o.vials), 0), greatest(total - fixed, 0)) INTO promised
	FROM vsys.open_promises(of_round.product, upper(of_round.deliver)) AS o
	WHERE EXISTS (SELECT FROM unnest(frames) AS f WHERE f.kind = 'promise' AND f.to_level = o.level);
	IF rests > 1 THEN
		RAISE EXCEPTION 'two frames are to take what the others leave'
			USING ERRCODE = 'OB052',
				HINT = 'Give boxes or percent to all frames of the nation but one.';
	ELSIF fixed + promised > total OR (rests = 0 AND total - fixed - promised >= vials_per_box) THEN
		RAISE EXCEPTION 'the frames add up to % boxes, but the round has %', trim_scale(round((fixed + promised)::numeric / vials_per_box, 2)), of_round.boxes
			USING ERRCODE = 'OB052',
				DETAIL = jsonb_build_object('problem', 'frames', 'boxes', of_round.boxes, 'fixed', fixed / vials_per_box, 'promised_vials', promised)::text,
				HINT = 'A frame of the nation without boxes and percent takes what the others leave.';
	END IF;
	RETURN QUERY
	WITH due AS (
		-- each promise frame in turn
		SELECT f.frame, sum(o.vials) AS vials, sum(sum(o.vials)) OVER (ORDER BY f.frame) AS so_far
		FROM unnest(frames) AS f
		JOIN vsys.open_promises(of_round.product, upper(of_round.deliver)) AS o ON o.level = f.to_level
		WHERE f.kind = 'promise'
		GROUP BY f.frame
	)
	SELECT f.frame,
		CASE
			WHEN f.kind = 'promise' THEN coalesce(greatest(0, least(d.vials, promised - (d.so_far - d.vials))), 0)
			WHEN num_nonnulls(f.boxes, f.percent) = 0 THEN total - fixed - promised
			ELSE coalesce(f.boxes, trunc(f.percent * of_round.boxes / 100)) * vials_per_box
		END::bigint
	FROM unnest(frames) AS f
	LEFT JOIN due AS d ON d.frame = f.frame
	WHERE f.from_level = 'nation';
END
$$;
COMMENT ON FUNCTION vsys.nation_amounts(vsys.round, vsys.frame[], integer) IS
'国の枠の数量 / vials of each frame of the nation: its boxes, its per cent of the round (whole boxes), the promises that are due, or what the others leave. Error OB052 when they do not add up to the round.';

CREATE OR REPLACE FUNCTION vsys.frame_parents(held vsys.round_holding[], of_level text, kinds text[], size integer)
RETURNS TABLE (unit text, packs bigint)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 200
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN QUERY
	SELECT h.unit, sum(h.vials)::bigint / size
	FROM unnest(held) AS h
	WHERE h.level = of_level
		AND h.kind <> 'nation'
		AND (kinds IS NULL OR h.kind = ANY (kinds))
	GROUP BY h.unit;
END
$$;
COMMENT ON FUNCTION vsys.frame_parents(vsys.round_holding[], text, text[], integer) IS 'Whose holdings a frame divides, and how many packs of that size each has of the kinds (NULL: of all).';

CREATE OR REPLACE FUNCTION vsys.frame_units(r vsys.round, f vsys.frame, vials_per_box integer, min_age smallint, held vsys.round_holding[], delivered vsys.round_holding[], changes jsonb DEFAULT NULL)
RETURNS TABLE (parent text, unit text, prefecture smallint, municipality text, packs bigint, priority_group text, place smallint, floor bigint, cap bigint, weight bigint, claim bigint)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED ROWS 70000
SET search_path = pg_catalog, pg_temp
-- everything comes from functions, of which the planner knows nothing
SET enable_nestloop = off
SET enable_mergejoin = off
SET work_mem = '64MB'
AS $$
DECLARE
	size integer := CASE f.pack WHEN 'box' THEN vials_per_box ELSE 1 END;
	youngest smallint := coalesce(f.weight_age, min_age);
	kinds text[] := CASE f.from_level WHEN 'nation' THEN ARRAY[f.kind] ELSE f.takes END;
	-- a claim without weight gets nothing where claims are weighed
	weighs boolean := f.rule IN ('constrained_equal_awards', 'constrained_equal_losses');
	-- what stands for every unit alike
	weight_number bigint := CASE WHEN f.weight ~ '^[0-9]+$' THEN f.weight::bigint END;
	claim_number bigint := CASE WHEN f.claim ~ '^[0-9]+$' THEN f.claim::bigint END;
	floor_number bigint := CASE WHEN f.floor ~ '^[0-9]+$' THEN f.floor::bigint END;
	cap_number bigint := CASE WHEN f.cap ~ '^[0-9]+$' THEN f.cap::bigint END;
BEGIN
	RETURN QUERY
	WITH named AS (
		SELECT u.*, a.packs,
			coalesce(weight_number, w.value, CASE WHEN f.weight IS NOT NULL THEN 0 END) AS weight,
			coalesce(c.priority_group, '') AS priority_group,
			coalesce(c.place, 0::smallint) AS place,
			coalesce(claim_number, c.value, CASE WHEN f.claim IS NOT NULL THEN 0 END) AS claim,
			CASE WHEN f.floor IS NOT NULL THEN coalesce(floor_number, l.value, 0) END AS floor,
			CASE WHEN f.cap IS NOT NULL THEN trunc(coalesce(cap_number, k.value, CASE WHEN f.cap IN ('request', 'population') THEN 0 END) * f.cap_times)::bigint END AS cap
		FROM vsys.round_units(r.product, lower(r.deliver), f.from_level, f.to_level) AS u
		JOIN vsys.frame_parents(held, f.from_level, kinds, size) AS a ON a.unit = u.parent
		LEFT JOIN vsys.source_values(r, f.weight, f.to_level, f.pack, youngest, vials_per_box, false, delivered, changes) AS w ON w.unit = u.unit
		LEFT JOIN vsys.source_values(r, f.claim, f.to_level, f.pack, youngest, vials_per_box, f.by_group, delivered, changes) AS c ON c.unit = u.unit
		LEFT JOIN vsys.source_values(r, f.floor, f.to_level, f.pack, youngest, vials_per_box, false, delivered, changes) AS l ON l.unit = u.unit
		LEFT JOIN vsys.source_values(r, f.cap, f.to_level, f.pack, youngest, vials_per_box, false, delivered, changes) AS k ON k.unit = u.unit
	)
	SELECT n.parent, n.unit, n.prefecture, n.municipality, n.packs, n.priority_group, n.place, n.floor, n.cap,
		CASE WHEN weighs AND n.weight = 0 THEN 1 ELSE n.weight END,
		-- what was given before, and a cap, cut a claim
		CASE
			WHEN f.claim IS NULL THEN NULL
			WHEN weighs AND n.weight = 0 THEN 0
			ELSE least(n.cap, CASE WHEN f.claim_less THEN greatest(0, n.claim - coalesce(h.packs, 0)) ELSE n.claim END)
		END
	FROM named AS n
	LEFT JOIN (
		SELECT x.unit, sum(x.vials)::bigint / size AS packs
		FROM unnest(held) AS x
		WHERE f.claim_less
			AND x.level = f.to_level
		GROUP BY x.unit
	) AS h ON h.unit = n.unit;
END
$$;
COMMENT ON FUNCTION vsys.frame_units(vsys.round, vsys.frame, integer, smallint, vsys.round_holding[], vsys.round_holding[], jsonb) IS
'枠の配分先 / the units among which a frame divides, with what their parent has (packs) and with the numbers that the frame names, by priority group where it goes by those. As vsys.frame_lines().';

CREATE OR REPLACE FUNCTION vsys.frame_lines(r vsys.round, f vsys.frame, vials_per_box integer, min_age smallint, held vsys.round_holding[], delivered vsys.round_holding[], changes jsonb DEFAULT NULL)
RETURNS SETOF vsys.round_line
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED ROWS 70000
SET search_path = pg_catalog, pg_temp
-- everything comes from functions, of which the planner knows nothing
SET enable_nestloop = off
SET enable_mergejoin = off
SET work_mem = '64MB'
AS $$
DECLARE
	size integer := CASE f.pack WHEN 'box' THEN vials_per_box ELSE 1 END;
	-- of the nation a frame divides its own amount, and what penalties gave to its kind
	kinds text[] := CASE f.from_level WHEN 'nation' THEN ARRAY[f.kind] ELSE f.takes END;
	by_weight boolean := f.rule = ANY ('{hamilton,webster,dhondt,adams,huntington_hill,dean}'::text[]);
	bounded boolean := f.floor IS NOT NULL OR f.cap IS NOT NULL;
	weighed boolean := f.weight IS NOT NULL AND f.rule = ANY ('{constrained_equal_awards,constrained_equal_losses}'::text[]);
BEGIN
	RETURN QUERY
	WITH parent AS MATERIALIZED (
		SELECT p.unit COLLATE "C" AS unit, p.packs
		FROM vsys.frame_parents(held, f.from_level, kinds, size) AS p
	), asked AS MATERIALIZED (
		SELECT u.parent COLLATE "C" AS parent, u.unit COLLATE "C" AS unit, u.prefecture, u.municipality, u.packs,
			u.priority_group COLLATE "C" AS priority_group, u.place, u.floor, u.cap, u.weight, u.claim
		FROM vsys.frame_units(r, f, vials_per_box, min_age, held, delivered, changes) AS u
	), summed AS MATERIALIZED (
		SELECT a.parent, a.packs, a.place, a.priority_group,
			sum(a.weight) AS weights,
			sum(a.claim) AS claims,
			sum(coalesce(a.floor, 0)) AS floors,
			CASE WHEN count(*) FILTER (WHERE a.weight > 0 AND a.cap IS NULL) = 0
				THEN sum(CASE WHEN a.weight > 0 THEN a.cap ELSE coalesce(a.floor, 0) END) END AS caps,
			min(a.unit) FILTER (WHERE a.floor > a.cap) AS conflict
		FROM asked AS a
		GROUP BY a.parent, a.packs, a.place, a.priority_group
	), idle AS (
		-- whoever has something to divide has somebody to divide it among
		SELECT allocation.refuse_sum('no_units', a.packs, NULL, a.unit, format('frame %s, %s', f.frame, a.unit))
		FROM parent AS a
		WHERE a.packs > 0
			AND NOT (f.hold OR f.kind = 'promise')
			AND NOT EXISTS (SELECT FROM summed AS x WHERE x.parent = a.unit)
	), listed AS (
		-- only where the level takes more than a sum
		SELECT a.parent, a.place, a.priority_group,
			array_agg(a.weight ORDER BY a.unit) AS weights,
			array_agg(a.claim ORDER BY a.unit) AS claims,
			CASE WHEN f.floor IS NOT NULL THEN array_agg(a.floor ORDER BY a.unit) END AS floors,
			CASE WHEN f.cap IS NOT NULL THEN array_agg(a.cap ORDER BY a.unit) END AS caps
		FROM asked AS a
		WHERE (bounded AND f.rule = 'hamilton')
			OR f.rule = ANY ('{constrained_equal_awards,constrained_equal_losses,talmud}'::text[])
		GROUP BY a.parent, a.place, a.priority_group
	), own_split AS MATERIALIZED (
		-- what a parent divides itself counts where it is all of what it has
		SELECT s.parent,
			CASE WHEN sum(s.amount) = min(a.packs) AND bool_and(u.unit IS NOT NULL) THEN 'used' ELSE 'stale' END AS split
		FROM vsys.split AS s
		JOIN parent AS a ON a.unit = s.parent
		LEFT JOIN (SELECT DISTINCT x.parent, x.unit FROM asked AS x) AS u ON u.parent = s.parent
			AND u.unit = s.unit
		WHERE s.round = r.round
			AND s.frame = f.frame
		GROUP BY s.parent
	), turned AS (
		-- a priority group is served what those before it leave; the last one answers for what is too much
		SELECT s.*, o.split,
			CASE
				WHEN NOT f.by_group THEN s.packs
				WHEN lead(1) OVER turn IS NULL THEN greatest(0, s.packs - coalesce(sum(s.claims) OVER earlier, 0))
				ELSE least(s.claims, greatest(0, s.packs - coalesce(sum(s.claims) OVER earlier, 0)))
			END::bigint AS offered,
			row_number() OVER turn = 1 AS first
		FROM summed AS s
		LEFT JOIN own_split AS o ON o.parent = s.parent
		WINDOW turn AS (PARTITION BY s.parent ORDER BY s.place, s.priority_group),
			earlier AS (PARTITION BY s.parent ORDER BY s.place, s.priority_group ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
	), ready AS MATERIALIZED (
		SELECT t.*, CASE WHEN t.most < t.offered THEN t.most::bigint ELSE t.offered END AS seats,
			-- the first thing that cannot be
			CASE
				WHEN t.split IS NOT DISTINCT FROM 'used' THEN NULL
				WHEN t.conflict IS NOT NULL THEN allocation.refuse_sum('floor_above_cap', t.offered, NULL, t.conflict, format('frame %s, %s', f.frame, t.parent))
				WHEN by_weight AND t.floors > t.offered THEN allocation.refuse_sum('floors', t.offered, t.floors, NULL, format('frame %s, %s', f.frame, t.parent))
				WHEN f.rule = 'given' AND t.claims > t.offered THEN allocation.refuse_sum('given', t.offered, t.claims, NULL, format('frame %s, %s', f.frame, t.parent))
				WHEN t.most < t.offered AND NOT (f.hold OR f.kind = 'promise')
					THEN allocation.refuse_sum(CASE WHEN f.rule = 'given' THEN 'given' WHEN by_weight THEN 'caps' ELSE 'claims' END, t.offered, t.most, NULL, format('frame %s, %s', f.frame, t.parent))
			END IS NULL AS possible
		FROM (
			SELECT x.*,
				CASE WHEN NOT by_weight THEN x.claims
					WHEN x.weights = 0 THEN x.floors
					WHEN f.floor IS NOT NULL OR f.cap IS NOT NULL THEN x.caps END AS most
			FROM turned AS x
		) AS t
	), level AS (
		SELECT y.parent, y.place, y.priority_group, v.numerator, v.denominator
		FROM listed AS y
		JOIN ready AS g ON g.parent = y.parent
			AND g.place = y.place
			AND g.priority_group = y.priority_group
			-- where every claim is met there is none
			AND (by_weight OR g.seats < g.claims)
		CROSS JOIN LATERAL allocation.level(
			CASE
				WHEN by_weight THEN g.seats
				WHEN f.rule = 'constrained_equal_losses' OR (f.rule = 'talmud' AND 2 * g.seats > g.claims) THEN g.claims::bigint - g.seats
				ELSE g.seats
			END * CASE f.rule WHEN 'talmud' THEN 2 ELSE 1 END,
			CASE WHEN by_weight OR weighed THEN y.weights ELSE array_fill(1::bigint, ARRAY[cardinality(y.claims)]) END,
			y.floors,
			CASE WHEN by_weight THEN y.caps ELSE y.claims END) AS v
	), levelled AS MATERIALIZED (
		SELECT g.parent, g.place, g.priority_group, g.split, g.offered, g.seats, g.claims,
			f.rule = 'constrained_equal_losses' OR (f.rule = 'talmud' AND 2 * g.seats > g.claims) AS losses,
			-- without bounds the level is the amount over the sum of the weights
			coalesce(v.numerator, CASE WHEN (by_weight AND NOT (bounded AND f.rule = 'hamilton') AND g.weights > 0) OR (f.rule = 'proportional' AND g.seats < g.claims) THEN g.seats END) AS numerator,
			coalesce(v.denominator, CASE WHEN by_weight AND NOT (bounded AND f.rule = 'hamilton') AND g.weights > 0 THEN g.weights WHEN f.rule = 'proportional' AND g.seats < g.claims THEN g.claims END) AS denominator
		FROM ready AS g
		LEFT JOIN level AS v ON v.parent = g.parent
			AND v.place = g.place
			AND v.priority_group = g.priority_group
		-- by a used split the groups are one
		WHERE g.possible
			AND (SELECT count(*) FROM idle) = 0
			AND (g.split IS DISTINCT FROM 'used' OR g.first)
	), unit AS NOT MATERIALIZED (
		-- of the branches below all but one are empty before they begin
		SELECT a.parent, a.unit, a.prefecture, a.municipality, a.weight, a.claim, a.floor, a.cap,
			g.place, g.priority_group, g.split, g.offered, g.seats, g.losses, g.numerator, g.denominator
		FROM levelled AS g
		JOIN asked AS a ON a.parent = g.parent
			AND a.place = g.place
			AND a.priority_group = g.priority_group
		WHERE g.split IS DISTINCT FROM 'used'
	), given AS (
		-- one branch has the rows: each rule is one pass over all parents
		SELECT u.*, f.rule AS rule, outbreak.apportion(u.seats, u.weight, f.rule) OVER o AS granted, row_number() OVER o AS position
		FROM unit AS u
		WHERE by_weight
			AND NOT bounded
		WINDOW o AS (PARTITION BY u.parent, u.place, u.priority_group ORDER BY u.unit)
		UNION ALL
		SELECT u.*, f.rule, outbreak.apportion(u.seats, u.weight, f.rule, coalesce(u.floor, 0), coalesce(u.cap, 9223372036854775807)) OVER o, row_number() OVER o
		FROM unit AS u
		WHERE by_weight
			AND bounded
		WINDOW o AS (PARTITION BY u.parent, u.place, u.priority_group ORDER BY u.unit)
		UNION ALL
		SELECT u.*, f.rule, outbreak.share(u.seats, u.claim, f.rule) OVER o, row_number() OVER o
		FROM unit AS u
		WHERE f.rule = ANY ('{proportional,constrained_equal_awards,constrained_equal_losses,talmud}'::text[])
			AND NOT weighed
		WINDOW o AS (PARTITION BY u.parent, u.place, u.priority_group ORDER BY u.unit)
		UNION ALL
		SELECT u.*, f.rule, outbreak.share(u.seats, u.claim, f.rule, u.weight) OVER o, row_number() OVER o
		FROM unit AS u
		WHERE weighed
		WINDOW o AS (PARTITION BY u.parent, u.place, u.priority_group ORDER BY u.unit)
		UNION ALL
		SELECT u.*, f.rule,
			greatest(0, least(u.claim, u.seats - coalesce(sum(u.claim) OVER (PARTITION BY u.parent, u.place, u.priority_group ORDER BY u.weight DESC, u.unit ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)))::bigint,
			row_number() OVER (PARTITION BY u.parent, u.place, u.priority_group ORDER BY u.unit)
		FROM unit AS u
		WHERE f.rule = 'ranked'
		UNION ALL
		SELECT u.*, f.rule, u.claim, row_number() OVER (PARTITION BY u.parent, u.place, u.priority_group ORDER BY u.unit)
		FROM unit AS u
		WHERE f.rule = 'given'
		UNION ALL
		SELECT x.parent, x.unit, x.prefecture, x.municipality, NULL::bigint, coalesce(s.amount, 0)::bigint, NULL::bigint, NULL::bigint,
			0::smallint, ''::text COLLATE "C", 'used'::text, x.packs, x.packs, false, NULL::numeric, NULL::numeric, 'given'::text, coalesce(s.amount, 0)::bigint,
			row_number() OVER (PARTITION BY x.parent ORDER BY x.unit)
		FROM (
			SELECT DISTINCT a.parent, a.unit, a.prefecture, a.municipality, a.packs
			FROM own_split AS o
			JOIN asked AS a ON a.parent = o.parent
			WHERE o.split = 'used'
		) AS x
		LEFT JOIN vsys.split AS s ON s.round = r.round
			AND s.frame = f.frame
			AND s.parent = x.parent
			AND s.unit = x.unit
		-- the order in which each branch comes: nobody has to sort again, and what follows is worked out once for a unit
		ORDER BY parent, place, priority_group
	), proof AS (
		SELECT g.*,
			allocation.exact(g.rule, g.losses, g.numerator, g.denominator, g.weight, g.claim, g.floor, g.cap) AS quota,
			allocation.exact_denominator(g.rule, g.denominator) AS whole
		FROM given AS g
		ORDER BY g.parent, g.place, g.priority_group
	), rounded AS (
		SELECT x.*, mod(x.quota, x.whole) AS remainder, x.granted * x.whole > x.quota AS up
		FROM proof AS x
		ORDER BY x.parent, x.place, x.priority_group
	)
	SELECT f.frame, f.kind, f.from_level, f.to_level, f.pack, x.parent, x.priority_group, x.split,
		nullif(left(x.parent, 2), '00')::smallint,
		CASE length(x.parent) WHEN 6 THEN x.parent WHEN 10 THEN x.municipality END,
		x.rule, NULL::numeric, x.offered, x.seats, x.numerator, x.denominator, x.cut_off,
		x.position::integer, x.unit, x.prefecture, x.municipality, CASE length(x.unit) WHEN 10 THEN x.unit END,
		x.weight, x.claim, x.floor, x.cap,
		CASE WHEN f.kind = 'promise' THEN x.claim END,
		x.quota, x.remainder, x.granted,
		CASE WHEN f.kind = 'promise' AND x.reason = 'full' THEN 'promised' ELSE x.reason END
	FROM (
		SELECT y.*,
			allocation.reason(y.rule, y.weight, y.claim, y.floor, y.cap, y.numerator, y.denominator, y.remainder, y.up, y.granted) AS reason,
			CASE
				WHEN y.rule = ANY ('{hamilton,proportional,constrained_equal_awards,constrained_equal_losses,talmud}'::text[])
					THEN min(y.remainder) FILTER (WHERE y.up) OVER (PARTITION BY y.parent, y.place, y.priority_group)
				WHEN y.rule = 'ranked'
					THEN min(y.weight) FILTER (WHERE y.granted > 0) OVER (PARTITION BY y.parent, y.place, y.priority_group)
			END AS cut_off
		FROM rounded AS y
	) AS x;
END
$$;
COMMENT ON FUNCTION vsys.frame_lines(vsys.round, vsys.frame, integer, smallint, vsys.round_holding[], vsys.round_holding[], jsonb) IS
'枠の計算 / divides what the parents of a frame hold among their units, all parents in one pass, and returns every unit with its proof, as allocation.solve() does for one. Equals are served in the order of their codes. held: what everybody holds before; delivered: vsys.requests_delivered(). Errors OB030 with frame and parent in front, OB052.';

CREATE OR REPLACE FUNCTION vsys.penalty_lines(r vsys.round, f vsys.frame, vials_per_box integer, held vsys.round_holding[], delivered vsys.round_holding[], changes jsonb DEFAULT NULL)
RETURNS SETOF vsys.round_line
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED ROWS 2000
SET search_path = pg_catalog, pg_temp
SET enable_nestloop = off
AS $$
DECLARE
	size integer := CASE f.pack WHEN 'box' THEN vials_per_box ELSE 1 END;
	claim_number bigint := CASE WHEN f.claim ~ '^[0-9]+$' THEN f.claim::bigint END;
	cap_number bigint := CASE WHEN f.cap ~ '^[0-9]+$' THEN f.cap::bigint END;
BEGIN
	RETURN QUERY
	WITH unit AS (
		SELECT u.parent, u.unit, u.prefecture, u.municipality, h.packs AS weight,
			coalesce(claim_number, c.value) AS claim,
			trunc(coalesce(cap_number, k.value) * f.cap_times)::bigint AS cap,
			row_number() OVER (PARTITION BY u.parent ORDER BY u.unit COLLATE "C")::integer AS position
		FROM vsys.round_units(r.product, lower(r.deliver), f.to_level, f.from_level) AS u
		JOIN (
			SELECT x.unit, sum(x.vials)::bigint / size AS packs
			FROM unnest(held) AS x
			WHERE x.level = f.from_level
				AND x.kind = ANY (f.takes)
			GROUP BY x.unit
		) AS h ON h.unit = u.unit
		LEFT JOIN vsys.source_values(r, f.claim, f.from_level, f.pack, 0::smallint, vials_per_box, false, delivered, changes) AS c ON c.unit = u.unit
		LEFT JOIN vsys.source_values(r, f.cap, f.from_level, f.pack, 0::smallint, vials_per_box, false, delivered, changes) AS k ON k.unit = u.unit
	), taken AS (
		SELECT u.*, CASE WHEN u.claim > u.cap THEN trunc(u.weight * f.percent / 100)::bigint ELSE 0 END AS granted
		FROM unit AS u
	)
	SELECT f.frame, f.kind, f.from_level, f.to_level, f.pack, t.parent, '', NULL,
		nullif(left(t.parent, 2), '00')::smallint,
		CASE length(t.parent) WHEN 6 THEN t.parent END,
		f.rule, f.percent,
		(sum(t.granted) OVER (PARTITION BY t.parent))::bigint, (sum(t.granted) OVER (PARTITION BY t.parent))::bigint, NULL::numeric, NULL::numeric, NULL::numeric,
		t.position, t.unit, t.prefecture, t.municipality, CASE length(t.unit) WHEN 10 THEN t.unit END,
		t.weight, t.claim, NULL::bigint, t.cap, NULL::bigint, NULL::numeric, NULL::numeric, t.granted,
		allocation.reason(f.rule, t.weight, t.claim, NULL, t.cap, NULL, NULL, NULL, NULL, t.granted)
	FROM taken AS t;
END
$$;
COMMENT ON FUNCTION vsys.penalty_lines(vsys.round, vsys.frame, integer, vsys.round_holding[], vsys.round_holding[], jsonb) IS
'削減の計算 / what a frame of kind penalty takes from each unit whose claim (stock) is above its allowance (cap), by who is given it. Whose stock or allowance is unknown keeps all.';

CREATE OR REPLACE FUNCTION vsys.compute(of_round bigint, changes jsonb DEFAULT NULL) RETURNS SETOF vsys.round_line
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED ROWS 70000
SET search_path = pg_catalog, pg_temp
-- what is returned stays in memory
SET work_mem = '64MB'
AS $$
DECLARE
	r vsys.round;
	p vsys.product;
	f vsys.frame;
	frames vsys.frame[];
	held vsys.round_holding[];
	delivered vsys.round_holding[];
	lines vsys.round_line[];
	size integer;
BEGIN
	SELECT * INTO r FROM vsys.round AS x WHERE x.round = of_round;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no round %', of_round
			USING ERRCODE = 'no_data_found';
	END IF;
	IF jsonb_typeof(changes) <> 'object' OR EXISTS (
		SELECT
		FROM jsonb_each(CASE jsonb_typeof(changes) WHEN 'object' THEN changes END) AS c
		WHERE jsonb_typeof(c.value) IS DISTINCT FROM CASE c.key
			WHEN 'boxes' THEN 'number'
			WHEN 'frames' THEN 'array'
			WHEN 'without' THEN 'array'
			WHEN 'indicators' THEN 'array'
			WHEN 'requests' THEN 'array'
		END
	) THEN
		RAISE EXCEPTION 'changes are an object of boxes (a number), frames, without, indicators and requests (arrays)'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	r.boxes := coalesce((changes ->> 'boxes')::integer, r.boxes);
	SELECT * INTO STRICT p FROM vsys.product AS x WHERE x.product = r.product;
	frames := ARRAY(SELECT h FROM vsys.hypothetical_frames(of_round, changes) AS h ORDER BY h.frame);
	IF r.boxes < 0 OR EXISTS (SELECT FROM unnest(frames) AS x WHERE x.kind IS NULL OR x.to_level IS NULL OR x.rule IS NULL OR x.frame IS NULL) THEN
		RAISE EXCEPTION 'a frame needs its number, kind, to_level and rule, and boxes must be 0 or more'
			USING ERRCODE = 'invalid_parameter_value';
	ELSIF NOT EXISTS (SELECT FROM unnest(frames) AS x WHERE x.from_level = 'nation') THEN
		RAISE EXCEPTION 'the round has no frame that divides what the nation has'
			USING ERRCODE = 'OB052';
	END IF;
	-- the amount of each frame of the nation waits under its number until its turn
	held := ARRAY(SELECT ROW('nation', a.frame::text, 'nation', a.vials)::vsys.round_holding FROM vsys.nation_amounts(r, frames, p.vials_per_box) AS a);
	IF EXISTS (SELECT FROM unnest(frames) AS x WHERE 'request' IN (x.weight, x.claim, x.floor, x.cap)) THEN
		delivered := vsys.requests_delivered(of_round, changes);
	END IF;

	FOREACH f IN ARRAY frames LOOP
		size := CASE f.pack WHEN 'box' THEN p.vials_per_box ELSE 1 END;
		IF f.from_level = 'nation' THEN
			held := ARRAY(SELECT CASE WHEN h.kind = 'nation' AND h.unit = f.frame::text THEN ROW('nation', '00', f.kind, h.vials)::vsys.round_holding ELSE h END FROM unnest(held) AS h);
		END IF;
		-- nobody asks what is held after the last frame
		IF f.frame = frames[cardinality(frames)].frame AND f.kind <> 'penalty' THEN
			RETURN QUERY SELECT * FROM vsys.frame_lines(r, f, p.vials_per_box, p.min_age, held, delivered, changes);
			EXIT;
		END IF;
		IF f.kind = 'penalty' THEN
			lines := ARRAY(SELECT l FROM vsys.penalty_lines(r, f, p.vials_per_box, held, delivered, changes) AS l);
		ELSE
			lines := ARRAY(SELECT l FROM vsys.frame_lines(r, f, p.vials_per_box, p.min_age, held, delivered, changes) AS l);
		END IF;
		RETURN QUERY SELECT * FROM unnest(lines);
		held := ARRAY(
			SELECT ROW(x.level, x.unit, x.kind, sum(x.vials))::vsys.round_holding
			FROM (
				SELECT h.level, h.unit,
					-- what was taken up together is one kind from here on
					CASE
						WHEN h.level <> f.from_level OR h.kind = 'nation' THEN h.kind
						WHEN f.from_level = 'nation' THEN h.kind
						WHEN f.takes IS NOT NULL AND h.kind <> ALL (f.takes) THEN h.kind
						WHEN f.kind = 'penalty' THEN f.takes[1]
						ELSE f.kind
					END AS kind,
					h.vials
				FROM unnest(held) AS h
				UNION ALL
				-- who gives: the parent, or, of a penalty, the unit
				SELECT f.from_level, CASE f.kind WHEN 'penalty' THEN l.unit ELSE l.parent END, CASE f.kind WHEN 'penalty' THEN f.takes[1] ELSE f.kind END, -l.granted * size
				FROM unnest(lines) AS l
				UNION ALL
				-- what a penalty takes goes to the adjustment frame above
				SELECT f.to_level, CASE f.kind WHEN 'penalty' THEN l.parent ELSE l.unit END, CASE f.kind WHEN 'penalty' THEN 'adjustment' ELSE f.kind END, l.granted * size
				FROM unnest(lines) AS l
			) AS x
			GROUP BY x.level, x.unit, x.kind
			HAVING sum(x.vials) > 0);
	END LOOP;
END
$$;
COMMENT ON FUNCTION vsys.compute(bigint, jsonb) IS
'クールの計算 / goes through the frames of a round and returns every unit of every run with its proof. Reads only, so that it works in a read-only transaction: vsys.run_round() keeps what it returns, vsys.what_if() calls it with changes. The same rows always give the same result.

Errors: P0002 no such round; OB052 frames that do not add up, or name what is not there; OB030 an amount that cannot be divided, with frame and parent in front.';
