-- Reading and keeping the daily survey. The rollups are read only through gmis.daily_sums() and
-- gmis.days_by_prefecture(), which recompute what report.dirty lists; so a reader sees exactly the reports of its
-- snapshot, whether or not gmis.fold() has run.

-- ---- small helpers ------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION gmis.known(kind text, value text, choices text[])
RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF value = ANY (choices) THEN
		RETURN value;
	END IF;
	RAISE EXCEPTION 'there is no % "%"', kind, coalesce(value, 'NULL')
		USING ERRCODE = 'invalid_parameter_value',
			HINT = 'Choose one of: ' || array_to_string(choices, ', ') || '.';
END
$$;
COMMENT ON FUNCTION gmis.known(text, text, text[]) IS '選択肢の確認 / the value itself if it is one of the choices; otherwise error 22023, which calls it a "kind".';

CREATE OR REPLACE FUNCTION gmis.known_level(level text, choices text[])
RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	-- what a prefecture or an institution may see is not the nation; the owner sees all on behalf of anybody
	IF level = 'nation'
		AND (outbreak.my_prefecture() IS NOT NULL OR cardinality(outbreak.my_institutions()) > 0)
		AND NOT pg_has_role(current_user, 'outbreak_owner', 'USAGE') THEN
		RAISE EXCEPTION 'a prefecture sees its own reports, which are not the nation'
			USING ERRCODE = 'insufficient_privilege',
				HINT = 'Ask for level prefecture, medical_area or municipality.';
	END IF;
	RETURN gmis.known('level', level, choices);
END
$$;
COMMENT ON FUNCTION gmis.known_level(text, text[]) IS '集計単位の確認 / the level itself if it is one of the choices and the session may see the whole of it; otherwise error 22023, or 42501 for the nation asked for by those who see a part of it.';

CREATE OR REPLACE FUNCTION gmis.most_beds(kind text, beds_licensed integer)
RETURNS integer
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN coalesce(
	beds_licensed,
	CASE
		WHEN kind IN ('clinic', 'dental_clinic') THEN 19
		WHEN kind IN ('pharmacy', 'visiting_nurse') THEN 0
	END
);
COMMENT ON FUNCTION gmis.most_beds(text, integer) IS '病床数の上限 / most beds that an institution can have: the licensed ones; where they are unknown 19 for a clinic (医療法第1条の5: with 20 it would be a hospital), 0 for a pharmacy or visiting nurses; NULL when nothing bounds them.';

CREATE OR REPLACE FUNCTION gmis.areas(level text, vintage text)
RETURNS TABLE (area text, name_ja text)
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT '00' AS area, '全国' AS name_ja
	WHERE areas.level = 'nation'
	UNION ALL
	SELECT lpad(p.prefecture::text, 2, '0'), p.name_ja
	FROM registry.prefecture AS p
	WHERE areas.level = 'prefecture'
	UNION ALL
	SELECT m.area, m.name_ja
	FROM registry.medical_area AS m
	WHERE areas.level = 'medical_area'
		AND m.vintage = areas.vintage
	UNION ALL
	SELECT m.municipality::text, m.name_ja
	FROM registry.municipality AS m
	WHERE areas.level = 'municipality';
END;
COMMENT ON FUNCTION gmis.areas(text, text) IS '地域の一覧 / codes and names of the areas of a level: municipality (six digits), medical_area (four digits, of that vintage), prefecture (01 to 47), nation (00).';

-- ---- rollups: recomputing, folding, reading -----------------------------------------------

-- PL/pgSQL, so that a reader who finds nothing to recompute does not plan for all partitions.
CREATE OR REPLACE FUNCTION gmis.recompute_day(on_date date, prefectures smallint[])
RETURNS SETOF gmis.daily_by_municipality
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT d.on_date,
		d.prefecture,
		i.municipality,
		count(*)::integer,
		sum(d.beds_secured)::integer,
		count(d.beds_secured)::integer,
		sum(d.beds_ready)::integer,
		count(d.beds_ready)::integer,
		sum(d.beds_occupied)::integer,
		count(d.beds_occupied)::integer,
		sum(d.severe_secured)::integer,
		count(d.severe_secured)::integer,
		sum(d.severe_ready)::integer,
		count(d.severe_ready)::integer,
		sum(d.severe_occupied)::integer,
		count(d.severe_occupied)::integer,
		sum(d.icu_present)::integer,
		count(d.icu_present)::integer,
		sum(d.icu_used)::integer,
		count(d.icu_used)::integer,
		sum(d.ventilators_present)::integer,
		count(d.ventilators_present)::integer,
		sum(d.ventilators_used)::integer,
		count(d.ventilators_used)::integer,
		sum(d.ventilator_patients)::integer,
		count(d.ventilator_patients)::integer,
		sum(d.ecmo_present)::integer,
		count(d.ecmo_present)::integer,
		sum(d.ecmo_used)::integer,
		count(d.ecmo_used)::integer,
		sum(d.outpatients)::integer,
		count(d.outpatients)::integer,
		sum(d.inpatients)::integer,
		count(d.inpatients)::integer,
		sum(d.severe_patients)::integer,
		count(d.severe_patients)::integer,
		sum(d.tests)::integer,
		count(d.tests)::integer,
		sum(d.positives)::integer,
		count(d.positives)::integer,
		coalesce(sum(gmis.most_beds(i.kind, i.beds_licensed)) FILTER (WHERE e.institution IS NOT NULL AND d.beds_secured IS NOT NULL), 0)::integer,
		count(*) FILTER (WHERE e.institution IS NOT NULL AND d.beds_secured IS NOT NULL AND gmis.most_beds(i.kind, i.beds_licensed) IS NULL)::integer,
		coalesce(sum(gmis.most_beds(i.kind, i.beds_licensed)) FILTER (WHERE e.institution IS NOT NULL AND d.beds_occupied IS NOT NULL), 0)::integer,
		count(*) FILTER (WHERE e.institution IS NOT NULL AND d.beds_occupied IS NOT NULL AND gmis.most_beds(i.kind, i.beds_licensed) IS NULL)::integer
	FROM gmis.daily AS d
	LEFT JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) d.institution
	LEFT JOIN report.expected AS e ON e.form = 'gmis.daily'::regclass
		AND e.institution OPERATOR(outbreak.=) d.institution
		AND e.valid @> d.on_date
	WHERE d.on_date = recompute_day.on_date
		AND d.prefecture = ANY (recompute_day.prefectures)
	GROUP BY d.on_date, d.prefecture, i.municipality;
END
$$;
COMMENT ON FUNCTION gmis.recompute_day(date, smallint[]) IS '日次集計の再計算 / rows of gmis.daily_by_municipality for one day and these prefectures, from the reports.';

CREATE OR REPLACE FUNCTION gmis.fold()
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	day record;
	changed outbreak.institution_code[];
	folded integer := 0;
BEGIN
	IF NOT pg_try_advisory_xact_lock(hashtextextended('gmis.fold', 0)) THEN
		RETURN 0;
	END IF;
	WITH taken AS (
		DELETE FROM gmis.changed_bed AS c
		RETURNING c.institution
	)
	SELECT array_agg(DISTINCT t.institution) INTO changed
	FROM taken AS t;
	IF changed IS NOT NULL THEN
		PERFORM gmis.refresh_free_beds(changed);
	END IF;

	-- Later statements see at least what take_dirty() saw, so no taken key is recomputed from too old a state.
	FOR day IN
		SELECT t.period AS on_date, array_agg(t.prefecture) AS prefectures
		FROM report.take_dirty('gmis.daily') AS t
		GROUP BY t.period
		ORDER BY t.period
	LOOP
		DELETE FROM gmis.daily_by_municipality AS m
		WHERE m.on_date = day.on_date
			AND m.prefecture = ANY (day.prefectures);
		INSERT INTO gmis.daily_by_municipality
		SELECT r.*
		FROM gmis.recompute_day(day.on_date, day.prefectures) AS r;

		DELETE FROM gmis.daily_by_prefecture AS p
		WHERE p.on_date = day.on_date
			AND p.prefecture = ANY (day.prefectures);
		INSERT INTO gmis.daily_by_prefecture
		SELECT m.on_date,
			m.prefecture,
			sum(m.reported)::integer,
			sum(m.beds_secured)::integer,
			sum(m.beds_secured_answers)::integer,
			sum(m.beds_ready)::integer,
			sum(m.beds_ready_answers)::integer,
			sum(m.beds_occupied)::integer,
			sum(m.beds_occupied_answers)::integer,
			sum(m.severe_secured)::integer,
			sum(m.severe_secured_answers)::integer,
			sum(m.severe_ready)::integer,
			sum(m.severe_ready_answers)::integer,
			sum(m.severe_occupied)::integer,
			sum(m.severe_occupied_answers)::integer,
			sum(m.icu_present)::integer,
			sum(m.icu_present_answers)::integer,
			sum(m.icu_used)::integer,
			sum(m.icu_used_answers)::integer,
			sum(m.ventilators_present)::integer,
			sum(m.ventilators_present_answers)::integer,
			sum(m.ventilators_used)::integer,
			sum(m.ventilators_used_answers)::integer,
			sum(m.ventilator_patients)::integer,
			sum(m.ventilator_patients_answers)::integer,
			sum(m.ecmo_present)::integer,
			sum(m.ecmo_present_answers)::integer,
			sum(m.ecmo_used)::integer,
			sum(m.ecmo_used_answers)::integer,
			sum(m.outpatients)::integer,
			sum(m.outpatients_answers)::integer,
			sum(m.inpatients)::integer,
			sum(m.inpatients_answers)::integer,
			sum(m.severe_patients)::integer,
			sum(m.severe_patients_answers)::integer,
			sum(m.tests)::integer,
			sum(m.tests_answers)::integer,
			sum(m.positives)::integer,
			sum(m.positives_answers)::integer
		FROM gmis.daily_by_municipality AS m
		WHERE m.on_date = day.on_date
			AND m.prefecture = ANY (day.prefectures)
		GROUP BY m.on_date, m.prefecture;

		folded := folded + cardinality(day.prefectures);
	END LOOP;

	-- Steps of the same place and day become one. What others append meanwhile stays as it is.
	IF EXISTS (
		SELECT
		FROM gmis.expected_step AS s
		GROUP BY s.prefecture, s.municipality, s.since
		HAVING count(*) > 1
	) THEN
		WITH taken AS (
			DELETE FROM gmis.expected_step AS s
			RETURNING s.*
		)
		INSERT INTO gmis.expected_step (prefecture, municipality, since, expected, most, open)
		SELECT t.prefecture, t.municipality, t.since, sum(t.expected), sum(t.most), sum(t.open)
		FROM taken AS t
		GROUP BY t.prefecture, t.municipality, t.since
		HAVING (sum(t.expected), sum(t.most), sum(t.open)) <> (0, 0, 0);
	END IF;
	RETURN folded;
END
$$;
COMMENT ON FUNCTION gmis.fold() IS '日次集計の更新 / brings the rollups up to date: recomputes every (day, prefecture) in report.dirty from the reports and returns how many there were; and refreshes the free beds of gmis.changed_bed. One fold works at a time; a second one returns 0 at once. Readers do not depend on it, it only makes them fast. Runs as the owner: nobody else writes the rollups.';

CREATE OR REPLACE FUNCTION gmis.daily_sums(on_date date)
RETURNS SETOF gmis.daily_by_municipality
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH dirty AS MATERIALIZED (
		SELECT coalesce(array_agg(DISTINCT k.prefecture), '{}') AS prefectures
		FROM report.dirty AS k
		WHERE k.form = 'gmis.daily'::regclass
			AND k.period = daily_sums.on_date
	)
	SELECT m.*
	FROM gmis.daily_by_municipality AS m
	WHERE m.on_date = daily_sums.on_date
		AND m.prefecture <> ALL ((SELECT dirty.prefectures FROM dirty)::smallint[])
	UNION ALL
	SELECT r.*
	FROM dirty
	CROSS JOIN LATERAL gmis.recompute_day(daily_sums.on_date, dirty.prefectures) AS r
	WHERE dirty.prefectures <> '{}';
END;
COMMENT ON FUNCTION gmis.daily_sums(date) IS '市区町村別日次集計の参照 / the rollup of one day by municipality as it follows from the reports: folded rows, and recomputed ones where the reports have changed since.';

CREATE OR REPLACE FUNCTION gmis.days_by_prefecture(from_on date, to_on date)
RETURNS SETOF gmis.daily_by_prefecture
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH dirty AS MATERIALIZED (
		SELECT DISTINCT k.period AS on_date, k.prefecture
		FROM report.dirty AS k
		WHERE k.form = 'gmis.daily'::regclass
			AND k.period BETWEEN days_by_prefecture.from_on AND days_by_prefecture.to_on
	), dirty_day AS (
		SELECT k.on_date, array_agg(k.prefecture) AS prefectures
		FROM dirty AS k
		GROUP BY k.on_date
	)
	SELECT p.*
	FROM gmis.daily_by_prefecture AS p
	WHERE p.on_date BETWEEN days_by_prefecture.from_on AND days_by_prefecture.to_on
		AND NOT EXISTS (
			SELECT
			FROM dirty AS k
			WHERE k.on_date = p.on_date
				AND k.prefecture = p.prefecture
		)
	UNION ALL
	SELECT r.*
	FROM dirty_day AS k
	CROSS JOIN LATERAL (
		SELECT d.on_date,
			d.prefecture,
			count(*)::integer,
			sum(d.beds_secured)::integer,
			count(d.beds_secured)::integer,
			sum(d.beds_ready)::integer,
			count(d.beds_ready)::integer,
			sum(d.beds_occupied)::integer,
			count(d.beds_occupied)::integer,
			sum(d.severe_secured)::integer,
			count(d.severe_secured)::integer,
			sum(d.severe_ready)::integer,
			count(d.severe_ready)::integer,
			sum(d.severe_occupied)::integer,
			count(d.severe_occupied)::integer,
			sum(d.icu_present)::integer,
			count(d.icu_present)::integer,
			sum(d.icu_used)::integer,
			count(d.icu_used)::integer,
			sum(d.ventilators_present)::integer,
			count(d.ventilators_present)::integer,
			sum(d.ventilators_used)::integer,
			count(d.ventilators_used)::integer,
			sum(d.ventilator_patients)::integer,
			count(d.ventilator_patients)::integer,
			sum(d.ecmo_present)::integer,
			count(d.ecmo_present)::integer,
			sum(d.ecmo_used)::integer,
			count(d.ecmo_used)::integer,
			sum(d.outpatients)::integer,
			count(d.outpatients)::integer,
			sum(d.inpatients)::integer,
			count(d.inpatients)::integer,
			sum(d.severe_patients)::integer,
			count(d.severe_patients)::integer,
			sum(d.tests)::integer,
			count(d.tests)::integer,
			sum(d.positives)::integer,
			count(d.positives)::integer
		FROM gmis.daily AS d
		WHERE d.on_date = k.on_date
			AND d.prefecture = ANY (k.prefectures)
		GROUP BY d.on_date, d.prefecture
	) AS r;
END;
COMMENT ON FUNCTION gmis.days_by_prefecture(date, date) IS '都道府県別日次集計の参照 / the rollup by prefecture for a span of days as it follows from the reports: folded rows, and recomputed ones where the reports have changed since.';

CREATE OR REPLACE FUNCTION gmis.daily_totals(from_on date, to_on date, level text DEFAULT 'nation')
RETURNS TABLE (
	on_date date,
	area text,
	reported bigint,
	beds_secured bigint,
	beds_ready bigint,
	beds_occupied bigint,
	severe_secured bigint,
	severe_ready bigint,
	severe_occupied bigint,
	icu_present bigint,
	icu_used bigint,
	ventilators_present bigint,
	ventilators_used bigint,
	ventilator_patients bigint,
	ecmo_present bigint,
	ecmo_used bigint,
	outpatients bigint,
	inpatients bigint,
	severe_patients bigint,
	tests bigint,
	positives bigint
)
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT p.on_date,
		'00' AS area,
		sum(p.reported),
		sum(p.beds_secured),
		sum(p.beds_ready),
		sum(p.beds_occupied),
		sum(p.severe_secured),
		sum(p.severe_ready),
		sum(p.severe_occupied),
		sum(p.icu_present),
		sum(p.icu_used),
		sum(p.ventilators_present),
		sum(p.ventilators_used),
		sum(p.ventilator_patients),
		sum(p.ecmo_present),
		sum(p.ecmo_used),
		sum(p.outpatients),
		sum(p.inpatients),
		sum(p.severe_patients),
		sum(p.tests),
		sum(p.positives)
	FROM gmis.days_by_prefecture(daily_totals.from_on, daily_totals.to_on) AS p
	WHERE gmis.known_level(daily_totals.level, '{prefecture,nation}') = 'nation'
	GROUP BY p.on_date
	UNION ALL
	SELECT p.on_date,
		lpad(p.prefecture::text, 2, '0'),
		p.reported::bigint,
		p.beds_secured::bigint,
		p.beds_ready::bigint,
		p.beds_occupied::bigint,
		p.severe_secured::bigint,
		p.severe_ready::bigint,
		p.severe_occupied::bigint,
		p.icu_present::bigint,
		p.icu_used::bigint,
		p.ventilators_present::bigint,
		p.ventilators_used::bigint,
		p.ventilator_patients::bigint,
		p.ecmo_present::bigint,
		p.ecmo_used::bigint,
		p.outpatients::bigint,
		p.inpatients::bigint,
		p.severe_patients::bigint,
		p.tests::bigint,
		p.positives::bigint
	FROM gmis.days_by_prefecture(daily_totals.from_on, daily_totals.to_on) AS p
	WHERE daily_totals.level = 'prefecture'
	ORDER BY 1, 2;
END;
COMMENT ON FUNCTION gmis.daily_totals(date, date, text) IS '日次推移 / totals of the daily survey for each day of a span, for the nation (area 00) or each prefecture (01 to 47). NULL where nobody answered. Sums of what was reported, without bounds; gmis.bed_occupancy() gives those.';

-- ---- beds of the nation -------------------------------------------------------------------

CREATE OR REPLACE FUNCTION gmis.expected_sums(on_date date)
RETURNS TABLE (prefecture smallint, municipality outbreak.municipality_code, expected bigint, most bigint, open bigint)
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT s.prefecture, s.municipality, sum(s.expected), sum(s.most), sum(s.open)
	FROM gmis.expected_step AS s
	WHERE s.since <= expected_sums.on_date
	GROUP BY s.prefecture, s.municipality
	HAVING sum(s.expected) > 0;
END;
COMMENT ON FUNCTION gmis.expected_sums(date) IS '報告対象施設の集計 / institutions expected to report on that day by municipality, the most beds that they can have together, and how many of them have no known bound.';

-- PL/pgSQL for the same reason.
CREATE OR REPLACE FUNCTION gmis.newest_sums(on_date date, max_age_days integer)
RETURNS TABLE (
	prefecture smallint,
	municipality outbreak.municipality_code,
	reported integer,
	carried_forward integer,
	beds_secured integer,
	beds_ready integer,
	beds_occupied integer,
	severe_secured integer,
	severe_occupied integer,
	secured_most integer,
	secured_open integer,
	occupied_most integer,
	occupied_open integer
)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH newest AS (
		SELECT DISTINCT ON (d.institution) d.*
		FROM gmis.daily AS d
		WHERE d.on_date BETWEEN newest_sums.on_date - newest_sums.max_age_days AND newest_sums.on_date
		ORDER BY d.institution, d.on_date DESC
	)
	SELECT d.prefecture,
		i.municipality,
		count(*) FILTER (WHERE d.on_date = newest_sums.on_date)::integer,
		count(*) FILTER (WHERE d.on_date < newest_sums.on_date)::integer,
		sum(d.beds_secured)::integer,
		sum(d.beds_ready)::integer,
		sum(d.beds_occupied)::integer,
		sum(d.severe_secured)::integer,
		sum(d.severe_occupied)::integer,
		coalesce(sum(gmis.most_beds(i.kind, i.beds_licensed)) FILTER (WHERE e.institution IS NOT NULL AND d.beds_secured IS NOT NULL), 0)::integer,
		count(*) FILTER (WHERE e.institution IS NOT NULL AND d.beds_secured IS NOT NULL AND gmis.most_beds(i.kind, i.beds_licensed) IS NULL)::integer,
		coalesce(sum(gmis.most_beds(i.kind, i.beds_licensed)) FILTER (WHERE e.institution IS NOT NULL AND d.beds_occupied IS NOT NULL), 0)::integer,
		count(*) FILTER (WHERE e.institution IS NOT NULL AND d.beds_occupied IS NOT NULL AND gmis.most_beds(i.kind, i.beds_licensed) IS NULL)::integer
	FROM newest AS d
	LEFT JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) d.institution
	LEFT JOIN report.expected AS e ON e.form = 'gmis.daily'::regclass
		AND e.institution OPERATOR(outbreak.=) d.institution
		AND e.valid @> newest_sums.on_date
	-- an institution that is no longer expected has no present to carry its past into
	WHERE d.on_date = newest_sums.on_date
		OR e.institution IS NOT NULL
	GROUP BY d.prefecture, i.municipality;
END
$$;
COMMENT ON FUNCTION gmis.newest_sums(date, integer) IS '直近報告の集計 / sums by municipality over the newest report of each institution that is at most max_age_days older than the day; reported counts those of the day itself, carried_forward the older ones.';

CREATE OR REPLACE FUNCTION gmis.bed_occupancy(on_date date, level text DEFAULT 'prefecture', max_age_days integer DEFAULT 0)
RETURNS TABLE (
	area text,
	name_ja text,
	expected bigint,
	reported bigint,
	carried_forward bigint,
	beds_secured bigint,
	beds_secured_lower bigint,
	beds_secured_upper bigint,
	beds_ready bigint,
	beds_occupied bigint,
	beds_occupied_lower bigint,
	beds_occupied_upper bigint,
	use_pct integer,
	severe_secured bigint,
	severe_occupied bigint,
	severe_use_pct integer
)
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH asked AS MATERIALIZED (
		SELECT gmis.known_level(bed_occupancy.level, '{municipality,medical_area,prefecture,nation}') AS level,
			registry.current_vintage(bed_occupancy.on_date) AS vintage
	), part AS (
		-- integers, because sums of bigint are numeric and slow
		SELECT e.prefecture, e.municipality, e.expected::integer, 0 AS reported, 0 AS carried_forward,
			NULL::integer AS beds_secured, NULL::integer AS beds_ready, NULL::integer AS beds_occupied,
			NULL::integer AS severe_secured, NULL::integer AS severe_occupied,
			e.most::integer AS secured_gap, e.open::integer AS secured_gap_open, e.most::integer AS occupied_gap, e.open::integer AS occupied_gap_open
		FROM gmis.expected_sums(bed_occupancy.on_date) AS e
		UNION ALL
		SELECT m.prefecture, m.municipality, 0, m.reported, 0,
			m.beds_secured, m.beds_ready, m.beds_occupied, m.severe_secured, m.severe_occupied,
			- m.secured_most, - m.secured_open, - m.occupied_most, - m.occupied_open
		FROM gmis.daily_sums(bed_occupancy.on_date) AS m
		WHERE coalesce(bed_occupancy.max_age_days, 0) <= 0
		UNION ALL
		SELECT n.prefecture, n.municipality, 0, n.reported, n.carried_forward,
			n.beds_secured, n.beds_ready, n.beds_occupied, n.severe_secured, n.severe_occupied,
			- n.secured_most, - n.secured_open, - n.occupied_most, - n.occupied_open
		FROM gmis.newest_sums(bed_occupancy.on_date, bed_occupancy.max_age_days) AS n
		WHERE bed_occupancy.max_age_days > 0
	), placed AS (
		SELECT
			CASE a.level
				WHEN 'nation' THEN '00'
				WHEN 'prefecture' THEN lpad(p.prefecture::text, 2, '0')
				WHEN 'medical_area' THEN am.area
				ELSE p.municipality::text
			END AS area,
			p.*
		FROM asked AS a
		CROSS JOIN part AS p
		LEFT JOIN registry.medical_area_municipality AS am ON a.level = 'medical_area'
			AND am.vintage = a.vintage
			AND am.municipality OPERATOR(outbreak.=) p.municipality
	), summed AS (
		SELECT p.area,
			sum(p.expected) AS expected,
			sum(p.reported) AS reported,
			sum(p.carried_forward) AS carried_forward,
			sum(p.beds_secured) AS beds_secured,
			sum(p.beds_ready) AS beds_ready,
			sum(p.beds_occupied) AS beds_occupied,
			sum(p.severe_secured) AS severe_secured,
			sum(p.severe_occupied) AS severe_occupied,
			CASE WHEN sum(p.secured_gap_open) = 0 THEN sum(p.secured_gap) END AS secured_gap,
			CASE WHEN sum(p.occupied_gap_open) = 0 THEN sum(p.occupied_gap) END AS occupied_gap
		FROM placed AS p
		GROUP BY p.area
	)
	SELECT s.area,
		coalesce(n.name_ja, '所在地不明'),
		s.expected,
		s.reported,
		s.carried_forward,
		s.beds_secured,
		coalesce(s.beds_secured, 0),
		coalesce(s.beds_secured, 0) + s.secured_gap,
		s.beds_ready,
		s.beds_occupied,
		coalesce(s.beds_occupied, 0),
		coalesce(s.beds_occupied, 0) + s.occupied_gap,
		outbreak.percent(s.beds_occupied, s.beds_secured),
		s.severe_secured,
		s.severe_occupied,
		outbreak.percent(s.severe_occupied, s.severe_secured)
	FROM asked AS a
	CROSS JOIN summed AS s
	LEFT JOIN gmis.areas(bed_occupancy.level, a.vintage) AS n ON n.area = s.area
	ORDER BY s.area;
END;
COMMENT ON FUNCTION gmis.bed_occupancy(date, text, integer) IS
'病床使用状況 / beds by area on a day. level: municipality, medical_area (vintage of that day), prefecture (area 01 to 47), nation (area 00). Area NULL gathers institutions whose place is unknown.
expected: institutions that were to report (report.expected); reported: those that did; carried_forward: those counted with a report up to max_age_days older (0: none). Sums are over answers given, NULL when there is none.
The lower bound counts 0 for each expected institution that did not answer, the upper one its licensed beds (gmis.most_beds), NULL where these are unknown.
use_pct is beds occupied in per cent of beds secured, and not of beds ready, halves rounded up; it may exceed 100 in a surge. Errors: 22023 for an unknown level.';

-- ---- services -----------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION gmis.service_counts(on_date date, level text DEFAULT 'prefecture')
RETURNS TABLE (
	area text,
	name_ja text,
	service text,
	normal bigint,
	limited bigint,
	stopped bigint,
	not_installed bigint,
	unanswered bigint
)
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH asked AS MATERIALIZED (
		SELECT gmis.known_level(service_counts.level, '{municipality,medical_area,prefecture,nation}') AS level,
			registry.current_vintage(service_counts.on_date) AS vintage
	), answer AS MATERIALIZED (
		SELECT s.institution, s.service, s.status
		FROM gmis.service_status AS s
		WHERE s.on_date = service_counts.on_date
	), surveyed AS (
		SELECT e.institution
		FROM report.expected AS e
		WHERE e.form = 'gmis.service_status'::regclass
			AND e.valid @> service_counts.on_date
		UNION
		SELECT s.institution
		FROM answer AS s
	), placed AS (
		SELECT p.institution,
			CASE a.level
				WHEN 'nation' THEN '00'
				WHEN 'prefecture' THEN lpad(outbreak.prefecture(p.institution)::text, 2, '0')
				WHEN 'medical_area' THEN am.area
				ELSE i.municipality::text
			END AS area
		FROM asked AS a
		CROSS JOIN surveyed AS p
		LEFT JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) p.institution
		LEFT JOIN registry.medical_area_municipality AS am ON a.level = 'medical_area'
			AND am.vintage = a.vintage
			AND am.municipality OPERATOR(outbreak.=) i.municipality
	), population AS (
		SELECT p.area, count(*) AS institutions
		FROM placed AS p
		GROUP BY p.area
	), answered AS (
		SELECT p.area,
			s.service,
			count(*) FILTER (WHERE s.status = '通常') AS normal,
			count(*) FILTER (WHERE s.status = '制限') AS limited,
			count(*) FILTER (WHERE s.status = '停止') AS stopped,
			count(*) FILTER (WHERE s.status = '設置なし') AS not_installed,
			count(s.status) AS answers
		FROM placed AS p
		JOIN answer AS s ON s.institution OPERATOR(outbreak.=) p.institution
		GROUP BY p.area, s.service
	)
	SELECT p.area,
		coalesce(n.name_ja, '所在地不明'),
		s.service,
		coalesce(c.normal, 0),
		coalesce(c.limited, 0),
		coalesce(c.stopped, 0),
		coalesce(c.not_installed, 0),
		p.institutions - coalesce(c.answers, 0)
	FROM asked AS a
	CROSS JOIN population AS p
	CROSS JOIN gmis.service AS s
	LEFT JOIN gmis.areas(service_counts.level, a.vintage) AS n ON n.area = p.area
	LEFT JOIN answered AS c ON c.area IS NOT DISTINCT FROM p.area
		AND c.service = s.service
	ORDER BY p.area, s.position;
END;
COMMENT ON FUNCTION gmis.service_counts(date, text) IS
'診療機能別施設数 / institutions by area, service and status on a day: normal 通常, limited 制限, stopped 停止, not_installed 設置なし, unanswered 未回答. Levels as for gmis.bed_occupancy. The five add up to the institutions surveyed: those expected to answer (report.expected) and those that did. Leave not_installed out of denominators. Errors: 22023 for an unknown level.';

CREATE OR REPLACE FUNCTION gmis.covid19_daily_survey_since(
	since date,
	pref_name text DEFAULT NULL,
	local_gov_code text DEFAULT NULL,
	facility_name text DEFAULT NULL
)
RETURNS TABLE (
	"facilityId" text,
	"facilityName" text,
	"zipCode" text,
	"prefName" text,
	"facilityAddr" text,
	"facilityTel" text,
	latitude text,
	longitude text,
	"submitDate" text,
	"facilityType" text,
	"ansType" text,
	"localGovCode" text,
	"cityName" text,
	"facilityCode" text
)
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH day AS MATERIALIZED (
		SELECT g.day::date AS on_date
		FROM generate_series(covid19_daily_survey_since.since, (SELECT max(s.on_date) FROM gmis.service_status AS s), interval '1 day') AS g (day)
		WHERE EXISTS (
			SELECT
			FROM gmis.service_status AS s
			WHERE s.on_date = g.day::date
		)
	), surveyed AS (
		SELECT day.on_date, e.institution
		FROM day
		JOIN report.expected AS e ON e.valid @> day.on_date
		WHERE e.form = 'gmis.service_status'::regclass
		UNION
		SELECT s.on_date, s.institution
		FROM gmis.service_status AS s
		WHERE s.on_date >= covid19_daily_survey_since.since
	)
	SELECT p.institution::text,
		coalesce(i.name_ja, ''),
		coalesce(i.zip, ''),
		coalesce(f.name_ja, ''),
		coalesce(i.address, ''),
		coalesce(i.phone, ''),
		coalesce(@postgis@.ST_Y(i.location::@postgis@.geometry)::text, ''),
		coalesce(@postgis@.ST_X(i.location::@postgis@.geometry)::text, ''),
		to_char(p.on_date, 'YYYY-MM-DD'),
		v.name_ja,
		coalesce(s.status, '未回答'),
		coalesce(m.municipality::text, ''),
		coalesce(m.name_ja, ''),
		p.institution::text
	FROM surveyed AS p
	CROSS JOIN gmis.service AS v
	LEFT JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) p.institution
	LEFT JOIN registry.prefecture AS f ON f.prefecture = outbreak.prefecture(p.institution)
	LEFT JOIN registry.municipality AS m ON m.municipality OPERATOR(outbreak.=) i.municipality
	LEFT JOIN gmis.service_status AS s ON s.institution OPERATOR(outbreak.=) p.institution
		AND s.on_date = p.on_date
		AND s.service = v.service
	WHERE v.public
		AND (covid19_daily_survey_since.pref_name IS NULL OR f.name_ja = covid19_daily_survey_since.pref_name)
		AND (covid19_daily_survey_since.local_gov_code IS NULL OR m.municipality::text = covid19_daily_survey_since.local_gov_code)
		AND (covid19_daily_survey_since.facility_name IS NULL OR strpos(i.name_ja, covid19_daily_survey_since.facility_name) > 0)
	ORDER BY p.on_date, p.institution, v.position;
END;
COMMENT ON FUNCTION gmis.covid19_daily_survey_since(date, text, text, text) IS
'医療提供体制の公開データ / the public API covid19DailySurvey with its fields and values, all text: one record for each institution surveyed, public service and survey day from "since" on. ansType is 通常, 制限, 停止, 設置なし or 未回答. Unknown texts are empty. Filters: prefName and localGovCode exactly, facilityName as a part of the name. 停止 and 制限 do not mean that the infection was found in the institution. Source: opendata.corona.go.jp, fields as published.';

CREATE OR REPLACE FUNCTION gmis.stopped(on_date date)
RETURNS TABLE (
	institution outbreak.institution_code,
	name_ja text,
	prefecture smallint,
	service text,
	service_ja text,
	status_before text,
	before_on date
)
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT s.institution,
		i.name_ja,
		s.prefecture,
		s.service,
		v.name_ja,
		b.status,
		b.on_date
	FROM gmis.service_status AS s
	JOIN gmis.service AS v ON v.service = s.service
	LEFT JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) s.institution
	LEFT JOIN LATERAL (
		SELECT p.status, p.on_date
		FROM gmis.service_status AS p
		WHERE p.institution OPERATOR(outbreak.=) s.institution
			AND p.service = s.service
			AND p.on_date < stopped.on_date
			AND p.status IS NOT NULL
		ORDER BY p.on_date DESC
		LIMIT 1
	) AS b ON true
	WHERE s.on_date = stopped.on_date
		AND s.status = '停止'
		AND b.status IS DISTINCT FROM '停止'
	ORDER BY s.prefecture, s.institution, v.position;
END;
COMMENT ON FUNCTION gmis.stopped(date) IS '新規停止 / services that are 停止 on that day and were not in the answer before (status_before on before_on; NULL when there is no earlier answer).';

-- ---- who reports --------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION gmis.reporting_rate(on_date date)
RETURNS TABLE (population text, registered bigint, reported bigint, rate_pct numeric(5, 1))
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH surveyed AS (
		SELECT i.kind,
			i.designation @> '{designated_infectious_disease}' AS designated,
			d.institution IS NOT NULL AS reported
		FROM report.expected AS e
		LEFT JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) e.institution
		LEFT JOIN (
			SELECT d.institution
			FROM gmis.daily AS d
			WHERE d.on_date = reporting_rate.on_date
		) AS d ON d.institution OPERATOR(outbreak.=) e.institution
		WHERE e.form = 'gmis.daily'::regclass
			AND e.valid @> reporting_rate.on_date
	), population AS (
		SELECT p.position, p.population, p.kind, p.only_designated
		FROM (
			VALUES
				(1, 'all', NULL::text, false),
				(2, 'designated', NULL, true),
				(3, 'hospital', 'hospital', false),
				(4, 'clinic', 'clinic', false)
		) AS p (position, population, kind, only_designated)
	), counted AS (
		SELECT p.population,
			p.position,
			count(s.reported) AS registered,
			count(*) FILTER (WHERE s.reported) AS reported
		FROM population AS p
		LEFT JOIN surveyed AS s ON (p.kind IS NULL OR s.kind = p.kind)
			AND (NOT p.only_designated OR s.designated)
		GROUP BY p.population, p.position
	)
	SELECT c.population,
		c.registered,
		c.reported,
		round(100.0 * c.reported / nullif(c.registered, 0), 1)::numeric(5, 1)
	FROM counted AS c
	ORDER BY c.position;
END;
COMMENT ON FUNCTION gmis.reporting_rate(date) IS '報告率 / institutions registered for the daily survey on that day, and those that reported it: all, designated (感染症指定医療機関), hospital, clinic. rate_pct in per cent with one decimal, halves away from zero; NULL when none is registered. Within what the caller may see; not for the public, whom the portal shows statuses only.';

CREATE OR REPLACE FUNCTION gmis.silent(on_date date)
RETURNS TABLE (
	institution outbreak.institution_code,
	name_ja text,
	prefecture smallint,
	silent_since date,
	days integer,
	contact text,
	phone text
)
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH missing AS (
		SELECT e.institution, e.valid
		FROM report.expected AS e
		WHERE e.form = 'gmis.daily'::regclass
			AND e.valid @> silent.on_date
			AND NOT EXISTS (
				SELECT
				FROM gmis.daily AS d
				WHERE d.on_date = silent.on_date
					AND d.institution OPERATOR(outbreak.=) e.institution
			)
	), dated AS (
		SELECT m.institution,
			greatest(
				CASE WHEN NOT lower_inf(m.valid) THEN lower(m.valid) END,
				(
					SELECT max(d.on_date) + 1
					FROM gmis.daily AS d
					WHERE d.institution OPERATOR(outbreak.=) m.institution
						AND d.on_date < silent.on_date
				)
			) AS silent_since
		FROM missing AS m
	)
	SELECT s.institution,
		i.name_ja,
		outbreak.prefecture(s.institution),
		s.silent_since,
		silent.on_date - s.silent_since + 1,
		i.contact,
		i.phone
	FROM dated AS s
	LEFT JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) s.institution
	ORDER BY outbreak.prefecture(s.institution), s.silent_since NULLS FIRST, s.institution;
END;
COMMENT ON FUNCTION gmis.silent(date) IS '未報告施設 / institutions expected to report that day that did not: since when (the first day without a report since they last reported, or since they are expected; NULL: never, and expected without a beginning), for how many days, and whom to call.';

-- ---- supplies -----------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION gmis.supply_outlook(on_date date)
RETURNS TABLE (
	institution outbreak.institution_code,
	name_ja text,
	prefecture smallint,
	item text,
	stock integer,
	used_per_day numeric,
	expected_arrivals integer,
	days_left numeric,
	week_on date
)
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH recent AS (
		SELECT w.institution,
			w.prefecture,
			w.item,
			w.week_on,
			w.stock,
			w.expected_arrivals,
			avg(w.used) OVER (PARTITION BY w.institution, w.item) / 7 AS used_per_day,
			row_number() OVER (PARTITION BY w.institution, w.item ORDER BY w.week_on DESC) AS age
		FROM gmis.weekly_supply AS w
		WHERE w.week_on BETWEEN supply_outlook.on_date - 27 AND supply_outlook.on_date
	), newest AS (
		SELECT r.*,
			-- greatest() would take 0 for what is not known
			CASE WHEN r.stock IS NOT NULL AND r.used_per_day > 0 THEN greatest(r.stock / r.used_per_day - (supply_outlook.on_date - r.week_on), 0) END AS days_left
		FROM recent AS r
		WHERE r.age = 1
	)
	SELECT n.institution,
		i.name_ja,
		n.prefecture,
		n.item,
		n.stock,
		round(n.used_per_day, 1),
		n.expected_arrivals,
		round(n.days_left, 1),
		n.week_on
	FROM newest AS n
	LEFT JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) n.institution
	ORDER BY n.days_left NULLS LAST, n.institution, n.item;
END;
COMMENT ON FUNCTION gmis.supply_outlook(date) IS
'備蓄見通し / for each institution and item the newest stock of the last four weeks and the days that it lasts from that day on, shortest first. used_per_day is the mean use over the weeks that were answered among those four (never over unanswered ones), divided by 7. days_left = stock / used_per_day less the days since the stock was counted, at least 0, one decimal; NULL when use is 0 or unknown, or the stock is. Expected arrivals are shown and not counted: what was promised may not come.';

-- ---- free beds ----------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION gmis.free_of(
	beds_secured integer, beds_ready integer, beds_occupied integer,
	severe_secured integer, severe_ready integer, severe_occupied integer,
	icu_present integer, icu_used integer,
	ventilators_present integer, ventilators_used integer,
	ecmo_present integer, ecmo_used integer
)
RETURNS TABLE (bed_kind text, free integer)
LANGUAGE SQL IMMUTABLE PARALLEL SAFE ROWS 5
BEGIN ATOMIC
	SELECT k.bed_kind,
		CASE WHEN k.present >= k.used THEN k.present - k.used WHEN k.present < k.used THEN 0 END
	FROM (
		VALUES
			('general', coalesce(free_of.beds_ready, free_of.beds_secured), free_of.beds_occupied),
			('severe', coalesce(free_of.severe_ready, free_of.severe_secured), free_of.severe_occupied),
			('icu', free_of.icu_present, free_of.icu_used),
			('ventilator', free_of.ventilators_present, free_of.ventilators_used),
			('ecmo', free_of.ecmo_present, free_of.ecmo_used)
	) AS k (bed_kind, present, used);
END;
COMMENT ON FUNCTION gmis.free_of(integer, integer, integer, integer, integer, integer, integer, integer, integer, integer, integer, integer) IS '空き数 / what a daily report leaves free, by kind: general and severe beds that are ready (if not answered: secured) less those occupied, ICU beds, ventilators and ECMO devices present less those in use. 0 when over full, NULL when not answered.';

CREATE OR REPLACE FUNCTION gmis.refresh_free_beds(reporters outbreak.institution_code[])
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
-- planning for all partitions costs more than the work; and the plan must not depend on the size of the array
SET plan_cache_mode = force_generic_plan
-- The keys come as an array, of one institution or of all: indexes are right for both, whatever the planner thought
-- of the tables when it first saw them, perhaps empty.
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_seqscan = off
AS $$
DECLARE
	wanted outbreak.institution_code[] := reporters;
	since date;
	locked bigint;
BEGIN
	-- Whoever changes the beds of an institution holds its row "general". The statement after the lock sees all that
	-- was committed before it, so the newest report wins whoever comes last. Always in the order of the codes.
	LOOP
		SELECT min(coalesce(f.on_date, '-infinity')), count(*) INTO since, locked
		FROM (
			SELECT f.on_date
			FROM gmis.free_bed AS f
			WHERE f.institution OPERATOR(outbreak.=) ANY (reporters)
				AND f.bed_kind = 'general'
			ORDER BY f.institution
			FOR UPDATE
		) AS f;
		EXIT WHEN locked = (SELECT count(DISTINCT r.institution) FROM unnest(reporters) AS r (institution));
		INSERT INTO gmis.free_bed (institution, bed_kind, location)
		SELECT r.institution, 'general', i.location
		FROM unnest(reporters) AS r (institution)
		LEFT JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) r.institution
		ORDER BY r.institution
		ON CONFLICT DO NOTHING;
	END LOOP;

	-- The newest report is of the day known or of a later one: older partitions are not opened. Only for institutions
	-- whose newest report was taken back, all are searched in a second round.
	LOOP
		WITH newest AS MATERIALIZED (
			SELECT r.institution AS reporter, d.*, s.status
			FROM unnest(wanted) AS r (institution)
			LEFT JOIN LATERAL (
				SELECT d.*
				FROM gmis.daily AS d
				WHERE d.institution OPERATOR(outbreak.=) r.institution
					AND d.on_date >= since
				ORDER BY d.on_date DESC
				LIMIT 1
			) AS d ON true
			LEFT JOIN LATERAL (
				SELECT s.status
				FROM gmis.service_status AS s
				WHERE s.institution OPERATOR(outbreak.=) r.institution
					AND s.service = 'inpatient'
					AND s.status IS NOT NULL
					AND s.on_date >= since - 31
					AND s.on_date >= d.on_date - 31
				ORDER BY s.on_date DESC
				LIMIT 1
			) AS s ON true
		), written AS (
			INSERT INTO gmis.free_bed AS f (institution, bed_kind, location, free, accepting, on_date, reported_at)
			SELECT n.reporter, k.bed_kind, anchor.location, k.free, n.status IS DISTINCT FROM '停止', n.on_date, n.reported_at
			FROM newest AS n
			-- OFFSET 0 keeps these two look-ups by key, also when a bulk load has left the planner without statistics
			CROSS JOIN LATERAL (
				SELECT f.location
				FROM gmis.free_bed AS f
				WHERE f.institution OPERATOR(outbreak.=) n.reporter
					AND f.bed_kind = 'general'
				OFFSET 0
			) AS anchor
			CROSS JOIN LATERAL gmis.free_of(n.beds_secured, n.beds_ready, n.beds_occupied, n.severe_secured, n.severe_ready, n.severe_occupied,
				n.icu_present, n.icu_used, n.ventilators_present, n.ventilators_used, n.ecmo_present, n.ecmo_used) AS k
			LEFT JOIN LATERAL (
				SELECT f.*
				FROM gmis.free_bed AS f
				WHERE f.institution OPERATOR(outbreak.=) n.reporter
					AND f.bed_kind = k.bed_kind
				OFFSET 0
			) AS known ON true
			WHERE (n.institution IS NOT NULL OR since = '-infinity')
				AND (known.institution IS NOT NULL OR k.free IS NOT NULL)
				AND (known.free, known.accepting, known.on_date, known.reported_at)
					IS DISTINCT FROM (k.free, n.status IS DISTINCT FROM '停止', n.on_date, n.reported_at)
			ON CONFLICT (institution, bed_kind) DO UPDATE
			SET free = excluded.free,
				accepting = excluded.accepting,
				on_date = excluded.on_date,
				reported_at = excluded.reported_at
		)
		SELECT array_agg(n.reporter) INTO wanted
		FROM newest AS n
		WHERE n.institution IS NULL;
		EXIT WHEN wanted IS NULL OR since = '-infinity';
		since := '-infinity';
	END LOOP;
END
$$;
COMMENT ON FUNCTION gmis.refresh_free_beds(outbreak.institution_code[]) IS '空床の更新 / brings gmis.free_bed up to date for these institutions, from the newest daily report and the newest answer about inpatient service that is at most 31 days older than it. gmis.fold() calls it.';

CREATE OR REPLACE FUNCTION gmis.note_changed_beds(reporters outbreak.institution_code[])
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	INSERT INTO gmis.changed_bed (institution)
	SELECT r.institution
	FROM unnest(reporters) AS r (institution);
END
$$;
COMMENT ON FUNCTION gmis.note_changed_beds(outbreak.institution_code[]) IS '空床の変更の記録 / notes that these institutions reported. The forms call it once per statement; it makes no writer wait for another.';

CREATE OR REPLACE FUNCTION gmis.changed_free_beds(since timestamptz, bed_kind text)
RETURNS TABLE (institution outbreak.institution_code, free integer, reported_at timestamptz, location @postgis@.geography)
LANGUAGE SQL STABLE PARALLEL SAFE SECURITY DEFINER
BEGIN ATOMIC
	SELECT c.institution, k.free, d.reported_at, i.location
	FROM (
		SELECT DISTINCT c.institution
		FROM gmis.changed_bed AS c
	) AS c
	JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) c.institution
	CROSS JOIN LATERAL (
		SELECT d.*
		FROM gmis.daily AS d
		WHERE d.institution OPERATOR(outbreak.=) c.institution
		ORDER BY d.on_date DESC
		LIMIT 1
	) AS d
	CROSS JOIN LATERAL gmis.free_of(d.beds_secured, d.beds_ready, d.beds_occupied, d.severe_secured, d.severe_ready, d.severe_occupied,
		d.icu_present, d.icu_used, d.ventilators_present, d.ventilators_used, d.ecmo_present, d.ecmo_used) AS k
	LEFT JOIN LATERAL (
		SELECT s.status
		FROM gmis.service_status AS s
		WHERE s.institution OPERATOR(outbreak.=) c.institution
			AND s.service = 'inpatient'
			AND s.status IS NOT NULL
			AND s.on_date >= d.on_date - 31
		ORDER BY s.on_date DESC
		LIMIT 1
	) AS s ON true
	WHERE i.location IS NOT NULL
		AND d.reported_at > changed_free_beds.since
		AND k.bed_kind = changed_free_beds.bed_kind
		AND k.free > 0
		AND s.status IS DISTINCT FROM '停止';
END;
COMMENT ON FUNCTION gmis.changed_free_beds(timestamptz, text) IS '変更後の空床 / what gmis.free_bed will say after the next fold of free beds of a kind at the institutions of gmis.changed_bed, by reports made after "since". Runs as the owner, because a bed is sought in all prefectures, and shows what gmis.free_bed shows.';

CREATE OR REPLACE FUNCTION gmis.free_beds_as_of(as_of timestamptz, since timestamptz, bed_kind text)
RETURNS TABLE (institution outbreak.institution_code, free integer, reported_at timestamptz)
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	-- a row stood in its form from recorded_at until, in the history, replaced_at
	SELECT i.institution, k.free, d.reported_at
	FROM registry.institution AS i
	CROSS JOIN LATERAL (
		SELECT v.*
		FROM (
			SELECT d.on_date, d.reported_at, d.beds_secured, d.beds_ready, d.beds_occupied, d.severe_secured, d.severe_ready, d.severe_occupied,
				d.icu_present, d.icu_used, d.ventilators_present, d.ventilators_used, d.ecmo_present, d.ecmo_used
			FROM gmis.daily AS d
			WHERE d.institution OPERATOR(outbreak.=) i.institution
				AND d.recorded_at <= free_beds_as_of.as_of
			UNION ALL
			SELECT h.on_date, h.reported_at, h.beds_secured, h.beds_ready, h.beds_occupied, h.severe_secured, h.severe_ready, h.severe_occupied,
				h.icu_present, h.icu_used, h.ventilators_present, h.ventilators_used, h.ecmo_present, h.ecmo_used
			FROM gmis.daily_history AS h
			WHERE h.institution OPERATOR(outbreak.=) i.institution
				AND h.recorded_at <= free_beds_as_of.as_of
				AND h.replaced_at > free_beds_as_of.as_of
		) AS v
		ORDER BY v.on_date DESC
		LIMIT 1
	) AS d
	CROSS JOIN LATERAL gmis.free_of(d.beds_secured, d.beds_ready, d.beds_occupied, d.severe_secured, d.severe_ready, d.severe_occupied,
		d.icu_present, d.icu_used, d.ventilators_present, d.ventilators_used, d.ecmo_present, d.ecmo_used) AS k
	LEFT JOIN LATERAL (
		SELECT v.status
		FROM (
			SELECT s.on_date, s.status
			FROM gmis.service_status AS s
			WHERE s.institution OPERATOR(outbreak.=) i.institution
				AND s.service = 'inpatient'
				AND s.on_date >= d.on_date - 31
				AND s.recorded_at <= free_beds_as_of.as_of
			UNION ALL
			SELECT h.on_date, h.status
			FROM gmis.service_status_history AS h
			WHERE h.institution OPERATOR(outbreak.=) i.institution
				AND h.service = 'inpatient'
				AND h.on_date >= d.on_date - 31
				AND h.recorded_at <= free_beds_as_of.as_of
				AND h.replaced_at > free_beds_as_of.as_of
		) AS v
		WHERE v.status IS NOT NULL
		ORDER BY v.on_date DESC
		LIMIT 1
	) AS s ON true
	WHERE i.location IS NOT NULL
		AND d.reported_at > free_beds_as_of.since
		AND k.bed_kind = free_beds_as_of.bed_kind
		AND k.free > 0
		AND s.status IS DISTINCT FROM '停止';
END;
COMMENT ON FUNCTION gmis.free_beds_as_of(timestamptz, timestamptz, text) IS '過去時点の空床 / what gmis.free_bed would have said at a past moment about free beds of a kind, by reports made after "since": from the reports and their history, so within what the caller may see of them.';

CREATE OR REPLACE FUNCTION gmis.nearest_free(
	location @postgis@.geometry,
	bed_kind text,
	at_least integer DEFAULT 1,
	k integer DEFAULT 5,
	as_of timestamptz DEFAULT now(),
	max_age interval DEFAULT '24 hours'
)
RETURNS TABLE (
	institution outbreak.institution_code,
	name_ja text,
	distance_m double precision,
	free integer,
	reported_at timestamptz
)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
-- the index of each kind of bed is partial: only a plan for the kind itself can use it
SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
DECLARE
	here @postgis@.geography(Point, 4326) := nearest_free.location::@postgis@.geography;
	kind text := gmis.known('kind of bed', nearest_free.bed_kind, '{general,severe,icu,ventilator,ecmo}');
	since timestamptz := nearest_free.as_of - nearest_free.max_age;
	changed outbreak.institution_code[] := ARRAY(SELECT DISTINCT c.institution FROM gmis.changed_bed AS c);
	reach double precision;
BEGIN
	IF here IS NULL OR NOT nearest_free.at_least >= 1 OR NOT nearest_free.k >= 1 THEN
		RAISE EXCEPTION 'location, at_least and k must be given, and the numbers be 1 or more'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF nearest_free.as_of < now() THEN
		IF NOT has_function_privilege('gmis.free_beds_as_of(timestamptz, timestamptz, text)', 'EXECUTE') THEN
			RAISE EXCEPTION 'where a bed was free in the past is for those who read the reports'
				USING ERRCODE = 'insufficient_privilege',
					HINT = 'Leave as_of out: where one is free now.';
		END IF;
		RETURN QUERY
		SELECT b.institution, i.name_ja, @postgis@.ST_Distance(i.location, here) AS distance_m, b.free, b.reported_at
		FROM gmis.free_beds_as_of(nearest_free.as_of, since, kind) AS b
		JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) b.institution
		WHERE b.free >= nearest_free.at_least
			AND i.location IS NOT NULL
		ORDER BY distance_m, b.institution
		LIMIT nearest_free.k;
		RETURN;
	END IF;

	-- Institutions that reported since the last fold are looked up in their reports, all others in the index.
	-- The index orders by distance on the sphere. On the ellipsoid the order may differ a little: so the k nearest
	-- by the index only tell how far to look, and everything within that reach is then sorted by true distance. The
	-- index looks for the reach on the sphere too, where a distance may be 0.6 % longer: hence a little more.
	SELECT 1.01 * max(@postgis@.ST_Distance(n.location, here)) + 1 INTO reach
	FROM (
		SELECT f.location
		FROM gmis.free_bed AS f
		WHERE f.bed_kind = kind
			AND f.available
			AND f.free >= nearest_free.at_least
			AND f.reported_at > since
			AND f.institution OPERATOR(outbreak.<>) ALL (changed)
			AND f.location IS NOT NULL
		ORDER BY f.location OPERATOR(@postgis@.<->) here
		LIMIT nearest_free.k
	) AS n;
	RETURN QUERY
	SELECT f.institution, i.name_ja, f.distance_m, f.free, f.reported_at
	FROM (
		SELECT f.institution, f.free, f.reported_at, @postgis@.ST_Distance(f.location, here) AS distance_m
		FROM gmis.free_bed AS f
		WHERE f.bed_kind = kind
			AND f.available
			AND f.free >= nearest_free.at_least
			AND f.reported_at > since
			AND f.institution OPERATOR(outbreak.<>) ALL (changed)
			AND @postgis@.ST_DWithin(f.location, here, reach)
		UNION ALL
		SELECT c.institution, c.free, c.reported_at, @postgis@.ST_Distance(c.location, here)
		FROM gmis.changed_free_beds(since, kind) AS c
		WHERE cardinality(changed) > 0
			AND c.free >= nearest_free.at_least
		ORDER BY distance_m, institution
		LIMIT nearest_free.k
	) AS f
	LEFT JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) f.institution
	ORDER BY f.distance_m, f.institution;
END
$$;
COMMENT ON FUNCTION gmis.nearest_free(@postgis@.geometry, text, integer, integer, timestamptz, interval) IS
'最寄りの空床 / the k institutions nearest to a point (WGS 84) with at least so many free beds of a kind (general, severe, icu, ventilator, ecmo), by the newest report that each made, if that is younger than max_age. Distance is in metres on the ellipsoid, and the order is exact. Institutions whose inpatient service is 停止 are left out, and so are those without a known point. With as_of in the past it answers from the reports as they stood then, to those who read reports. Errors: 22023 for an unknown kind or a number below 1; 42501 for the past.';
