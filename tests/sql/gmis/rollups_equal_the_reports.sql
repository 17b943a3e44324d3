-- What is read through the rollups always equals the sum over the reports: before and after folding, after inserts,
-- updates, deletes and rollbacks, and when an institution moves or is no longer expected. The comparison is written
-- without the rollups' own list of measures: a sum that went into the wrong column shows.
\pset format unaligned
SET search_path = public, outbreak;
BEGIN;
SELECT setseed(0.2020);

INSERT INTO registry.municipality (municipality, prefecture, name_ja)
VALUES
	(outbreak.municipality_code_from_jis('13101'), 13, '千代田区'),
	(outbreak.municipality_code_from_jis('13102'), 13, '中央区'),
	(outbreak.municipality_code_from_jis('27102'), 27, '大阪市都島区')
ON CONFLICT DO NOTHING;

INSERT INTO registry.institution (institution, municipality, kind, name_ja, beds_licensed)
SELECT outbreak.provisional_institution_code(p.prefecture, n),
	CASE n % 4
		WHEN 0 THEN NULL
		ELSE outbreak.municipality_code_from_jis(CASE p.prefecture WHEN 27 THEN '27102' WHEN 13 THEN '1310' || 1 + n % 2 END)
	END,
	CASE n % 3 WHEN 0 THEN 'clinic' ELSE 'hospital' END,
	format('試験%s-%s', p.prefecture, n),
	CASE WHEN n % 5 > 0 THEN 100 + n END
FROM unnest('{13,27}'::smallint[]) AS p (prefecture)
CROSS JOIN generate_series(1, 30) AS n;
CREATE TEMP VIEW ours AS
SELECT * FROM registry.institution WHERE name_ja LIKE '試験%';

INSERT INTO report.expected (form, institution)
SELECT 'gmis.daily', institution FROM ours WHERE right(name_ja, 1) <> '7';

CREATE FUNCTION pg_temp.number() RETURNS integer
LANGUAGE SQL VOLATILE
RETURN CASE WHEN random() > 0.2 THEN floor(random() * 20) END;

CREATE FUNCTION pg_temp.enter(days integer[]) RETURNS void
LANGUAGE SQL VOLATILE
BEGIN ATOMIC
	INSERT INTO gmis.daily (institution, on_date, source, reported_at, beds_secured, beds_ready, beds_occupied, severe_secured, severe_ready, severe_occupied,
		icu_present, icu_used, ventilators_present, ventilators_used, ventilator_patients, ecmo_present, ecmo_used,
		outpatients, inpatients, severe_patients, tests, positives)
	SELECT o.institution, date '2020-12-01' + d, 'import', '2020-12-31 12:00+09', 60, 20 + pg_temp.number(), 40 + pg_temp.number(),
		40 + pg_temp.number(), pg_temp.number(), pg_temp.number(), 20 + pg_temp.number(), pg_temp.number(), 60 + pg_temp.number(), 20 + pg_temp.number(),
		pg_temp.number(), 100 + pg_temp.number(), pg_temp.number(), pg_temp.number(), 50 + pg_temp.number(), pg_temp.number(), 30 + pg_temp.number(), pg_temp.number()
	FROM ours AS o
	CROSS JOIN unnest(enter.days) AS d
	WHERE random() > 0.3;
	UPDATE gmis.daily SET beds_secured = NULL WHERE beds_ready % 7 = 0;
END;

-- measure by measure, from the reports alone
CREATE TEMP VIEW truth AS
SELECT d.on_date, d.prefecture, i.municipality, m.key AS measure, sum(m.value::integer) AS total, count(m.value) AS answers
FROM gmis.daily AS d
JOIN registry.institution AS i USING (institution)
CROSS JOIN LATERAL jsonb_each_text(to_jsonb(d)) AS m
WHERE m.key IN (SELECT attname FROM pg_attribute WHERE attrelid = 'gmis.daily'::regclass AND attnum > 0 AND atttypid = 'integer'::regtype)
GROUP BY 1, 2, 3, 4;
CREATE TEMP VIEW truth_bound AS
SELECT d.on_date, d.prefecture, i.municipality,
	count(*) AS reported,
	coalesce(sum(gmis.most_beds(i.kind, i.beds_licensed)) FILTER (WHERE d.beds_secured IS NOT NULL AND expected), 0) AS secured_most,
	coalesce(sum(gmis.most_beds(i.kind, i.beds_licensed)) FILTER (WHERE d.beds_occupied IS NOT NULL AND expected), 0) AS occupied_most,
	count(*) FILTER (WHERE d.beds_secured IS NOT NULL AND expected AND gmis.most_beds(i.kind, i.beds_licensed) IS NULL) AS secured_open,
	count(*) FILTER (WHERE d.beds_occupied IS NOT NULL AND expected AND gmis.most_beds(i.kind, i.beds_licensed) IS NULL) AS occupied_open
FROM gmis.daily AS d
JOIN registry.institution AS i USING (institution)
CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM report.expected e WHERE e.form = 'gmis.daily'::regclass AND e.institution = d.institution AND e.valid @> d.on_date)) AS e (expected)
GROUP BY 1, 2, 3;

CREATE FUNCTION pg_temp.agrees(step text) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	counted bigint;
	wrong bigint := 0;
BEGIN
	SELECT count(*) INTO counted FROM truth;
	CREATE TEMP TABLE reading ON COMMIT DROP AS
	SELECT s.on_date, s.prefecture, s.municipality, m.key AS measure, m.value::integer AS total, (to_jsonb(s) ->> (m.key || '_answers'))::bigint AS answers
	FROM generate_series(date '2020-12-01', date '2020-12-05', '1 day') AS day
	CROSS JOIN LATERAL gmis.daily_sums(day::date) AS s
	CROSS JOIN LATERAL jsonb_each_text(to_jsonb(s)) AS m
	WHERE to_jsonb(s) ? (m.key || '_answers');
	CREATE TEMP TABLE reading_p ON COMMIT DROP AS
	SELECT s.on_date, s.prefecture, m.key AS measure, m.value::integer AS total, (to_jsonb(s) ->> (m.key || '_answers'))::bigint AS answers
	FROM gmis.days_by_prefecture('2020-12-01', '2020-12-05') AS s
	CROSS JOIN LATERAL jsonb_each_text(to_jsonb(s)) AS m
	WHERE to_jsonb(s) ? (m.key || '_answers');

	wrong := wrong + (SELECT count(*) FROM ((TABLE truth EXCEPT TABLE reading) UNION ALL (TABLE reading EXCEPT TABLE truth)) AS x);
	wrong := wrong + (SELECT count(*) FROM (
		SELECT on_date, prefecture, measure, sum(total) AS total, sum(answers) AS answers FROM truth GROUP BY 1, 2, 3
		EXCEPT
		TABLE reading_p) AS x);
	wrong := wrong + (SELECT abs(count(*) - (SELECT count(*) FROM (SELECT DISTINCT on_date, prefecture, measure FROM truth) AS t)) FROM reading_p);
	wrong := wrong + (SELECT count(*) FROM (
		TABLE truth_bound
		EXCEPT
		SELECT s.on_date, s.prefecture, s.municipality, s.reported, s.secured_most, s.occupied_most, s.secured_open, s.occupied_open
		FROM generate_series(date '2020-12-01', date '2020-12-05', '1 day') AS day
		CROSS JOIN LATERAL gmis.daily_sums(day::date) AS s) AS x);
	-- who is expected, on days before, on and after each bound
	wrong := wrong + (SELECT count(*) FROM unnest('{2020-11-30,2020-12-02,2020-12-03,2020-12-04}'::date[]) AS day (on_date)
		CROSS JOIN LATERAL (
			(SELECT * FROM gmis.expected_sums(day.on_date)
			EXCEPT
			SELECT prefecture(e.institution), i.municipality, count(*), coalesce(sum(gmis.most_beds(i.kind, i.beds_licensed)), 0), count(*) FILTER (WHERE gmis.most_beds(i.kind, i.beds_licensed) IS NULL)
			FROM report.expected AS e LEFT JOIN registry.institution AS i USING (institution)
			WHERE e.form = 'gmis.daily'::regclass AND e.valid @> day.on_date GROUP BY 1, 2)
			UNION ALL
			(SELECT prefecture(e.institution), i.municipality, count(*), coalesce(sum(gmis.most_beds(i.kind, i.beds_licensed)), 0), count(*) FILTER (WHERE gmis.most_beds(i.kind, i.beds_licensed) IS NULL)
			FROM report.expected AS e LEFT JOIN registry.institution AS i USING (institution)
			WHERE e.form = 'gmis.daily'::regclass AND e.valid @> day.on_date GROUP BY 1, 2
			EXCEPT
			SELECT * FROM gmis.expected_sums(day.on_date))
		) AS x);
	DROP TABLE reading, reading_p;
	RETURN format('%s: %s', step, CASE WHEN wrong > 0 THEN wrong || ' DIFFERENCES' WHEN counted = 0 THEN 'no reports' ELSE 'equal' END);
END
$$;

\echo reports of others (0)
SELECT count(*) AS reports_of_others FROM gmis.daily;

SELECT pg_temp.enter('{0,1,2,3}');
SELECT pg_temp.agrees('entered, not folded');
SELECT gmis.fold() AS keys;
SELECT pg_temp.agrees('folded');
SELECT count(*) AS dirty FROM report.dirty WHERE form = 'gmis.daily'::regclass;
SELECT gmis.fold() AS keys_again;

UPDATE gmis.daily SET inpatients = inpatients + 1, positives = NULL WHERE on_date = '2020-12-02' AND prefecture = 13;
SELECT pg_temp.agrees('changed one prefecture of one day, not folded');
SELECT gmis.fold() AS keys;
SELECT pg_temp.agrees('changed and folded');

SELECT count(*) > 0 AS some FROM gmis.daily_by_municipality WHERE on_date = '2020-12-03' AND prefecture = 27;
DELETE FROM gmis.daily WHERE on_date = '2020-12-03' AND prefecture = 27;
SELECT pg_temp.agrees('deleted one prefecture of one day, not folded');
SELECT gmis.fold() AS keys;
SELECT pg_temp.agrees('deleted and folded');
SELECT count(*) AS left_of_vanished_keys FROM gmis.daily_by_municipality WHERE on_date = '2020-12-03' AND prefecture = 27;

SAVEPOINT before;
SELECT pg_temp.enter('{4}');
DELETE FROM gmis.daily WHERE on_date = '2020-12-01';
SELECT gmis.fold() AS keys;
SELECT pg_temp.agrees('a day more and one less, folded');
ROLLBACK TO before;
SELECT pg_temp.agrees('rolled back');

-- what the sums take from the register
UPDATE registry.institution SET municipality = outbreak.municipality_code_from_jis('13102')
WHERE municipality = outbreak.municipality_code_from_jis('13101') AND name_ja LIKE '試験%';
SELECT pg_temp.agrees('moved to another municipality');
UPDATE registry.institution SET name_ja = name_ja || 'x' WHERE name_ja LIKE '試験%';
SELECT gmis.fold() > 0 AS folded;
SELECT pg_temp.agrees('moved and folded');
UPDATE registry.institution SET name_ja = name_ja || 'x' WHERE name_ja LIKE '試験%';
SELECT gmis.fold() AS keys_after_a_change_of_name;
UPDATE registry.institution SET beds_licensed = 999 WHERE beds_licensed IS NULL AND name_ja LIKE '試験13%';
SELECT pg_temp.agrees('licensed beds became known');
SELECT gmis.fold() > 0 AS folded;
DELETE FROM report.expected WHERE form = 'gmis.daily'::regclass AND outbreak.prefecture(institution) = 27;
UPDATE report.expected SET valid = '[2020-12-03,)' WHERE form = 'gmis.daily'::regclass;
SELECT pg_temp.agrees('expectations changed');
SELECT gmis.fold() > 0 AS folded;
SELECT pg_temp.agrees('and folded');
-- expected before the register knows them
INSERT INTO report.expected (form, institution, valid)
VALUES ('gmis.daily', provisional_institution_code(27, 500), '[2020-12-03,2020-12-04)'), ('gmis.service_status', provisional_institution_code(27, 501), '(,)');
SELECT pg_temp.agrees('expected, but not in the register');
INSERT INTO registry.institution (institution, municipality, kind, name_ja)
VALUES (provisional_institution_code(27, 500), municipality_code_from_jis('27102'), 'clinic', '試験500');
SELECT pg_temp.agrees('and now in the register');
SELECT gmis.fold() AS keys;
SELECT pg_temp.agrees('and steps joined');
SELECT count(*) = count(DISTINCT (prefecture, coalesce(municipality::text, ''), since)) AS steps_joined FROM gmis.expected_step;

DELETE FROM gmis.daily;
SELECT gmis.fold() > 0 AS folded;
SELECT (SELECT count(*) FROM gmis.daily_by_municipality) AS municipality_rows, (SELECT count(*) FROM gmis.daily_by_prefecture) AS prefecture_rows;

ROLLBACK;
