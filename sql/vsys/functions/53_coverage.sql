-- ---- coverage, days of cover, fairness

CREATE OR REPLACE FUNCTION vsys.known_level(level text, choices text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF level = ANY (choices) THEN
		RETURN level;
	END IF;
	RAISE EXCEPTION 'there is no such level'
		USING ERRCODE = 'invalid_parameter_value',
			HINT = 'The levels are: ' || array_to_string(choices, ', ') || '.';
END
$$;
COMMENT ON FUNCTION vsys.known_level(text, text[]) IS 'The level, or 22023 with the levels that there are.';

CREATE OR REPLACE FUNCTION vsys.coverage(programme text, level text DEFAULT 'prefecture', by_age boolean DEFAULT false)
RETURNS TABLE (area text, prefecture smallint, age_from smallint, age_before smallint, dose_number smallint, doses_lower bigint, doses_upper bigint, persons bigint,
	percent_lower numeric, percent_upper numeric)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 5000
BEGIN ATOMIC
	WITH given AS MATERIALIZED (
		SELECT g.municipality, g.dose_number, g.given_year, g.birth_year, sum(g.doses) AS doses
		FROM (
			SELECT r.municipality, r.dose_number, r.given_year, r.birth_year, r.doses
			FROM vsys.doses_by_age AS r
			WHERE r.programme = coverage.programme
			UNION ALL
			SELECT c.municipality, c.dose_number, extract(year FROM c.given_on)::smallint, c.birth_year, c.doses
			FROM vsys.dose_change AS c
			WHERE c.programme = coverage.programme
		) AS g
		GROUP BY g.municipality, g.dose_number, g.given_year, g.birth_year
	), counted AS (
		SELECT g.municipality, NULL::smallint AS age_from, NULL::smallint AS age_before, g.dose_number, sum(g.doses) AS lower, sum(g.doses) AS upper
		FROM given AS g
		WHERE NOT by_age
		GROUP BY g.municipality, g.dose_number
		UNION ALL
		-- a year of birth leaves two ages open
		SELECT g.municipality, b.age_from, b.age_before, g.dose_number,
			sum(g.doses) FILTER (WHERE g.given_year - g.birth_year - 1 >= b.age_from AND (b.age_before IS NULL OR g.given_year - g.birth_year < b.age_before)),
			sum(g.doses)
		FROM given AS g
		JOIN vsys.population AS b ON b.municipality OPERATOR(outbreak.=) g.municipality
			AND g.given_year - g.birth_year >= b.age_from
			AND (b.age_before IS NULL OR g.given_year - g.birth_year - 1 < b.age_before)
		WHERE by_age
		GROUP BY g.municipality, b.age_from, b.age_before, g.dose_number
	), lived AS (
		SELECT p.municipality, CASE WHEN by_age THEN p.age_from END AS age_from, CASE WHEN by_age THEN p.age_before END AS age_before, sum(p.persons) AS persons
		FROM vsys.population AS p
		GROUP BY 1, 2, 3
	), town AS (
		-- every dose number stands for every town, also where nobody has had it
		SELECT l.municipality, l.age_from, l.age_before, n.dose_number, l.persons, coalesce(c.lower, 0) AS lower, coalesce(c.upper, 0) AS upper
		FROM lived AS l
		CROSS JOIN (SELECT DISTINCT g.dose_number FROM given AS g) AS n
		LEFT JOIN counted AS c ON c.municipality OPERATOR(outbreak.=) l.municipality
			AND c.dose_number = n.dose_number
			AND c.age_from IS NOT DISTINCT FROM l.age_from
		UNION ALL
		SELECT c.municipality, c.age_from, c.age_before, c.dose_number, NULL, coalesce(c.lower, 0), c.upper
		FROM counted AS c
		WHERE NOT EXISTS (SELECT FROM vsys.population AS p WHERE p.municipality OPERATOR(outbreak.=) c.municipality)
	), area AS (
		SELECT CASE coverage.level WHEN 'municipality' THEN t.municipality::text WHEN 'prefecture' THEN p.code::text ELSE 'nation' END AS area,
			CASE WHEN coverage.level <> 'nation' THEN p.prefecture END AS prefecture,
			t.age_from, t.age_before, t.dose_number, sum(t.lower)::bigint AS lower, sum(t.upper)::bigint AS upper, sum(t.persons)::bigint AS persons
		FROM town AS t
		JOIN registry.prefecture AS p ON p.prefecture = outbreak.prefecture(t.municipality)
		WHERE vsys.known_level(coverage.level, '{nation,prefecture,municipality}') IS NOT NULL
		GROUP BY 1, 2, t.age_from, t.age_before, t.dose_number
	)
	SELECT a.area, a.prefecture, a.age_from, a.age_before, a.dose_number, a.lower, a.upper, a.persons,
		round(100.0 * a.lower / nullif(a.persons, 0), 1), round(100.0 * a.upper / nullif(a.persons, 0), 1)
	FROM area AS a
	ORDER BY a.area COLLATE "C", a.age_from, a.dose_number;
END;
COMMENT ON FUNCTION vsys.coverage(text, text, boolean) IS
'接種率 / residents who have had each dose of a programme, by nation, prefecture or municipality of the ticket (level), against the inhabitants of vsys.population. With by_age by the age bands of that table, at the age on the day of the dose: a ticket knows the year of birth alone, so doses_lower counts those who are in the band whatever their birthday, doses_upper also those who may be. Without it both are the same. Percent with one decimal; NULL where the population is not known. As of now, also what has come in this second. 22023 for an unknown level. For what the caller may see.';

CREATE OR REPLACE FUNCTION vsys.daily_doses(programme text, from_on date, to_on date, level text DEFAULT 'nation')
RETURNS TABLE (area text, prefecture smallint, given_on date, dose_number smallint, doses bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 5000
BEGIN ATOMIC
	SELECT CASE daily_doses.level WHEN 'municipality' THEN g.municipality::text WHEN 'prefecture' THEN p.code::text ELSE 'nation' END,
		CASE WHEN daily_doses.level <> 'nation' THEN p.prefecture END,
		g.given_on, g.dose_number, sum(g.doses)::bigint
	FROM (
		SELECT r.municipality, r.prefecture, r.given_on, r.dose_number, r.doses
		FROM vsys.doses_by_day AS r
		WHERE r.programme = daily_doses.programme
			AND r.given_on BETWEEN from_on AND to_on
		UNION ALL
		SELECT c.municipality, outbreak.prefecture(c.municipality), c.given_on, c.dose_number, c.doses
		FROM vsys.dose_change AS c
		WHERE c.programme = daily_doses.programme
			AND c.given_on BETWEEN from_on AND to_on
	) AS g
	JOIN registry.prefecture AS p ON p.prefecture = g.prefecture
	WHERE vsys.known_level(daily_doses.level, '{nation,prefecture,municipality}') IS NOT NULL
	GROUP BY 1, 2, 3, 4
	HAVING sum(g.doses) <> 0
	ORDER BY 1, 3, 4;
END;
COMMENT ON FUNCTION vsys.daily_doses(text, date, date, text) IS '日別接種数 / recorded doses of residents by day and dose number of a programme, from one day to another (both included), by nation, prefecture or municipality of the ticket. For what the caller may see. 22023 for an unknown level.';

CREATE OR REPLACE FUNCTION vsys.days_of_cover(as_of timestamptz DEFAULT now(), level text DEFAULT 'municipality', days integer DEFAULT 14)
RETURNS TABLE (area text, prefecture smallint, on_hand bigint, per_day numeric, days_left numeric)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 2000
BEGIN ATOMIC
	WITH stock AS (
		SELECT d.site, d.municipality, sum(d.delta) AS doses,
			sum(d.given) FILTER (WHERE d.on_date > outbreak.local_date(as_of) - 1 - days AND d.on_date < outbreak.local_date(as_of)) AS given
		FROM vsys.stock_day AS d
		WHERE d.on_date <= outbreak.local_date(as_of)
		GROUP BY d.site, d.municipality
	), area AS (
		SELECT CASE days_of_cover.level WHEN 'site' THEN s.site::text WHEN 'municipality' THEN s.municipality::text WHEN 'prefecture' THEN p.code::text ELSE 'nation' END AS area,
			CASE WHEN days_of_cover.level <> 'nation' THEN p.prefecture END AS prefecture,
			sum(s.doses)::bigint AS on_hand,
			sum(s.given) / days AS per_day
		FROM stock AS s
		JOIN registry.prefecture AS p ON p.prefecture = outbreak.prefecture(s.site)
		WHERE vsys.known_level(days_of_cover.level, '{nation,prefecture,municipality,site}') IS NOT NULL
			AND days > 0
		GROUP BY 1, 2
	)
	SELECT a.area, a.prefecture, a.on_hand, round(coalesce(a.per_day, 0)::numeric, 2), round((a.on_hand / nullif(a.per_day, 0))::numeric, 1)
	FROM area AS a
	ORDER BY a.area COLLATE "C";
END;
COMMENT ON FUNCTION vsys.days_of_cover(timestamptz, text, integer) IS
'在庫日数 / how many days the stock on hand lasts: doses on hand at the end of the local day of as_of, divided by the doses given a day in the whole days before it (14 unless said). Both are those of the stock ledger: what came less what was given, moved and thrown away, and no guess. By site, municipality, prefecture or nation. days_left is NULL where nothing was given. For what the caller may see. 22023 for an unknown level; no rows when days is below 1.';

CREATE OR REPLACE FUNCTION vsys.fairness(as_of timestamptz DEFAULT now(), level text DEFAULT 'prefecture', programme text DEFAULT NULL)
RETURNS TABLE (measure text, areas bigint, lowest numeric, lowest_area text, highest numeric, highest_area text, min_max_ratio numeric, gini numeric, envy bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 3
BEGIN ATOMIC
	WITH lived AS (
		SELECT CASE fairness.level WHEN 'municipality' THEN p.municipality::text ELSE c.code::text END AS area, sum(p.persons) AS persons
		FROM vsys.population AS p
		JOIN registry.prefecture AS c ON c.prefecture = p.prefecture
		WHERE vsys.known_level(fairness.level, '{prefecture,municipality}') IS NOT NULL
			-- everybody may know who lives where, but whoever sees the doses of one prefecture alone compares within it
			AND p.prefecture = coalesce(outbreak.my_prefecture(), p.prefecture)
		GROUP BY 1
	), amount AS (
		SELECT 'delivered_per_person' AS measure, l.area, coalesce(d.delivered, 0)::bigint AS amount, l.persons::bigint AS weight
		FROM lived AS l
		LEFT JOIN (
			SELECT CASE fairness.level WHEN 'municipality' THEN d.municipality::text ELSE c.code::text END AS area, sum(d.delivered) AS delivered
			FROM vsys.delivered_doses(outbreak.local_date(as_of)) AS d
			JOIN registry.prefecture AS c ON c.prefecture = d.prefecture
			GROUP BY 1
		) AS d ON d.area = l.area
		UNION ALL
		SELECT 'vaccinated_per_person', l.area, coalesce(g.doses, 0)::bigint, l.persons::bigint
		FROM lived AS l
		LEFT JOIN (
			SELECT g.area, sum(g.doses) AS doses
			FROM (
				SELECT CASE fairness.level WHEN 'municipality' THEN r.municipality::text ELSE c.code::text END AS area, r.doses
				FROM vsys.doses_by_day AS r
				JOIN registry.prefecture AS c ON c.prefecture = r.prefecture
				WHERE r.dose_number = 1
					AND r.given_on <= outbreak.local_date(as_of)
					AND r.programme = coalesce(fairness.programme, r.programme)
				UNION ALL
				SELECT CASE fairness.level WHEN 'municipality' THEN d.municipality::text ELSE c.code::text END, d.doses
				FROM vsys.dose_change AS d
				JOIN registry.prefecture AS c ON c.prefecture = outbreak.prefecture(d.municipality)
				WHERE d.dose_number = 1
					AND d.given_on <= outbreak.local_date(as_of)
					AND d.programme = coalesce(fairness.programme, d.programme)
			) AS g
			GROUP BY g.area
		) AS g ON g.area = l.area
		UNION ALL
		SELECT 'used_of_delivered', u.area, (u.given + u.missing)::bigint, u.delivered
		FROM vsys.usage_rate(as_of, fairness.level) AS u
	)
	SELECT a.measure,
		count(*),
		round(min(a.amount::numeric / a.weight), 4),
		(array_agg(a.area ORDER BY a.amount::numeric / a.weight, a.area))[1],
		round(max(a.amount::numeric / a.weight), 4),
		(array_agg(a.area ORDER BY a.amount::numeric / a.weight DESC, a.area))[1],
		round(outbreak.min_max_ratio(a.amount::double precision / a.weight)::numeric, 4),
		round(outbreak.gini(a.amount::double precision, a.weight::double precision)::numeric, 4),
		outbreak.envy(a.amount, a.weight)
	FROM amount AS a
	WHERE a.weight > 0
		AND a.amount >= 0
	GROUP BY a.measure
	ORDER BY a.measure;
END;
COMMENT ON FUNCTION vsys.fairness(timestamptz, text, text) IS
'公平性 / how evenly vaccine was divided among prefectures or municipalities (level), as of a moment: doses delivered per inhabitant, first doses recorded per inhabitant (of a programme or all), and doses used of those delivered (corrected for late entry). For each the lowest and the highest area, min_max_ratio (1: equal), gini (0: equal; by inhabitants, or doses delivered) and envy (pairs of areas in which one has reason to envy the other, see outbreak.envy). A prefecture compares its own municipalities. 22023 for an unknown level.';

-- ---- what is published

CREATE OR REPLACE FUNCTION vsys.coverage_atoms(programme text, weeks date[])
RETURNS TABLE (value bigint, cells text[])
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 10000
BEGIN ATOMIC
	-- what became known in a week counts in the totals of that week's end and of all later ones
	SELECT sum(k.doses)::bigint,
		access.crossed(
			ARRAY(SELECT w.week::text FROM unnest(weeks) AS w (week) WHERE w.week >= k.known_on ORDER BY w.week),
			ARRAY[k.municipality::text, p.code::text, 'nation'],
			ARRAY[k.dose_number::text])
	FROM (
		SELECT r.municipality, r.prefecture, r.dose_number, r.doses,
			(SELECT min(w.week) FROM unnest(weeks) AS w (week) WHERE w.week >= r.known_on) AS known_on
		FROM vsys.doses_as_known AS r
		WHERE r.programme = coverage_atoms.programme
	) AS k
	JOIN registry.prefecture AS p ON p.prefecture = k.prefecture
	WHERE k.known_on IS NOT NULL
	GROUP BY k.municipality, p.code, k.dose_number, k.known_on;
END;
COMMENT ON FUNCTION vsys.coverage_atoms(text, date[]) IS 'What vsys.publish_coverage() hands to access.release(): recorded doses by municipality, dose number and week in which they became known, with the published totals (week|area|dose number) that each counts in.';

CREATE OR REPLACE FUNCTION vsys.publish_coverage(as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	threshold CONSTANT integer := 10;
	-- the last Sunday that is over
	week date := outbreak.local_date(as_of) - extract(isodow FROM outbreak.local_date(as_of))::integer;
	programme record;
	weeks date[];
	shown bigint;
	hidden bigint;
	result jsonb := '[]';
	failed jsonb := '[]';
BEGIN
	PERFORM vsys.fold_doses(as_of);
	FOR programme IN
		SELECT p.programme, 'vsys.coverage.' || p.programme AS series
		FROM vsys.programme p
		WHERE EXISTS (SELECT FROM vsys.doses_as_known k WHERE k.programme = p.programme AND k.known_on <= week)
		ORDER BY p.programme
	LOOP
		CONTINUE WHEN EXISTS (SELECT FROM access.released r WHERE r.series = programme.series AND r.cell >= week::text);
		weeks := ARRAY(
			SELECT DISTINCT left(r.cell, 10)::date
			FROM access.released r
			WHERE r.series = programme.series
			ORDER BY 1) || week;
		BEGIN
			SELECT count(*) FILTER (WHERE NOT r.hidden), count(*) FILTER (WHERE r.hidden)
			INTO shown, hidden
			FROM access.release(programme.series, format('SELECT value, cells FROM vsys.coverage_atoms(%L, %L)', programme.programme, weeks), threshold) r
			WHERE starts_with(r.cell, week::text);
			result := result || jsonb_build_array(jsonb_build_object('programme', programme.programme, 'week', week, 'shown', shown, 'hidden', hidden));
		EXCEPTION WHEN OTHERS THEN
			failed := failed || jsonb_build_array(jsonb_build_object('programme', programme.programme, 'sqlstate', SQLSTATE, 'message', SQLERRM));
		END;
	END LOOP;
	RETURN jsonb_build_object('published', result, 'failed', failed);
END
$$;
COMMENT ON FUNCTION vsys.publish_coverage(timestamptz) IS
'接種率の公表 / job: publishes once a week, for each programme, the doses that were recorded by the end of the last Sunday: of the nation, the prefectures and the municipalities, by dose number. Published through access.release(), which hides counts of 1 to 9 (the guideline of NDB) and whatever would give them away, over all weeks that were published. A figure is that which was known on the Sunday and never changes; doses entered later are in the next one. Idempotent. Returns {"published": [{"programme", "week", "shown", "hidden"}], "failed": […]}. Runs as the owner of the counts.';

CREATE OR REPLACE FUNCTION vsys.published_coverage(programme text, level text DEFAULT 'prefecture', week_on date DEFAULT NULL)
RETURNS TABLE (week date, area text, name_ja text, dose_number smallint, doses bigint, persons bigint, percent numeric, hidden boolean)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 2000
BEGIN ATOMIC
	WITH chosen AS (
		SELECT max(left(r.cell, 10)) AS week
		FROM access.released AS r
		WHERE r.series = 'vsys.coverage.' || published_coverage.programme
			AND left(r.cell, 10) <= coalesce(week_on, 'infinity')::text
	), cell AS (
		SELECT c.week::date AS week, split_part(r.cell, '|', 2) AS area, split_part(r.cell, '|', 3)::smallint AS dose_number, r.value, r.hidden
		FROM chosen AS c
		JOIN access.released AS r ON r.series = 'vsys.coverage.' || published_coverage.programme
			AND starts_with(r.cell, c.week)
	), place AS (
		SELECT 'nation' AS area, '全国' AS name_ja, NULL::outbreak.municipality_code AS municipality, NULL::smallint AS prefecture
		WHERE vsys.known_level(published_coverage.level, '{nation,prefecture,municipality}') = 'nation'
		UNION ALL
		SELECT p.code::text, p.name_ja, NULL, p.prefecture
		FROM registry.prefecture AS p
		WHERE published_coverage.level = 'prefecture'
		UNION ALL
		SELECT m.municipality::text, m.name_ja, m.municipality, NULL
		FROM registry.municipality AS m
		WHERE published_coverage.level = 'municipality'
	), lived AS (
		SELECT CASE published_coverage.level WHEN 'municipality' THEN p.municipality::text WHEN 'prefecture' THEN p.prefecture::text ELSE 'nation' END AS area, sum(p.persons)::bigint AS persons
		FROM vsys.population AS p
		GROUP BY 1
	)
	SELECT c.week, c.area, p.name_ja, c.dose_number, c.value, l.persons, round(100.0 * c.value / nullif(l.persons, 0), 1), c.hidden
	FROM cell AS c
	JOIN place AS p ON p.area = c.area
	LEFT JOIN lived AS l ON l.area = coalesce(p.prefecture::text, p.area)
	ORDER BY c.area COLLATE "C", c.dose_number;
END;
COMMENT ON FUNCTION vsys.published_coverage(text, text, date) IS
'公表接種率 / published doses of a programme by nation, prefecture or municipality, as known at the end of a week (the last one published until week_on; the newest unless said), with inhabitants and per cent. A hidden figure is small, or would give a small one away (vsys.publish_coverage). Open to everybody. 22023 for an unknown level.';

CREATE OR REPLACE FUNCTION vsys.prefecture_ndjson(programme text, from_on date, to_on date, threshold integer DEFAULT 10) RETURNS SETOF text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE ROWS 10000
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN QUERY
	WITH cell AS (
		SELECT g.prefecture, g.given_on, g.dose_number, g.medical_worker, g.sex, g.age, sum(g.doses)::bigint AS doses
		FROM (
			SELECT r.prefecture, r.given_on, r.dose_number, r.priority_group = 'health_worker' AS medical_worker, r.sex, r.age, r.doses
			FROM vsys.doses_by_prefecture r
			WHERE r.programme = prefecture_ndjson.programme
				AND r.given_on BETWEEN from_on AND to_on
			UNION ALL
			SELECT outbreak.prefecture(c.municipality), c.given_on, c.dose_number, c.priority_group = 'health_worker',
				CASE c.sex WHEN 'female' THEN 'F' WHEN 'male' THEN 'M' ELSE 'U' END,
				vsys.age_class(extract(year FROM c.given_on)::integer, c.birth_year), c.doses
			FROM vsys.dose_change c
			WHERE c.programme = prefecture_ndjson.programme
				AND c.given_on BETWEEN from_on AND to_on
		) g
		GROUP BY 1, 2, 3, 4, 5, 6
	)
	SELECT format('{"date":"%s","prefecture":"%s","gender":"%s","age":"%s","medical_worker":%s,"status":%s,"count":%s}',
		c.given_on, lpad(c.prefecture::text, 2, '0'), c.sex, c.age, CASE WHEN c.medical_worker THEN 'true' ELSE 'false' END, c.dose_number,
		CASE WHEN c.doses >= greatest(threshold, 1) THEN c.doses::text ELSE 'null' END)
	FROM cell c
	WHERE c.doses > 0
	ORDER BY c.given_on, c.prefecture, c.sex, c.age, c.medical_worker, c.dose_number;
END
$$;
COMMENT ON FUNCTION vsys.prefecture_ndjson(text, date, date, integer) IS
'VRSオープンデータ形式 / recorded doses in the shape of prefecture.ndjson, the open data of the VRS, one JSON object a line: date, prefecture (two digits, of the ticket), gender (F, M, U), age (-64, 65-; UNK for those who turn 65 in that year), medical_worker (group health_worker), status (dose number), count. Only these finest counts and no sums, so hiding the small ones (null, below the threshold; 1 shows all) gives none away. Late entries change the days that they belong to: do not publish two editions of the same days without looking at their difference. For those who may see the sums.';
