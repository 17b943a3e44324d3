-- The nearest institutions with a free bed, against a sort of all of them by geodesic distance, at 2,000 points; and
-- what keeps an institution out of the list.
\pset format unaligned
SET search_path = public, outbreak;
BEGIN;
SELECT setseed(0.35);

-- 3,000 institutions between 24 and 45 degrees north; some at the same point, some without one
INSERT INTO registry.institution (institution, kind, name_ja, location)
SELECT outbreak.provisional_institution_code(n % 47 + 1, n), 'hospital', '試験' || n,
	CASE WHEN n % 100 > 0 THEN ST_SetSRID(ST_MakePoint(round((129 + 16 * random())::numeric, 3 - n % 3), round((24 + 21 * random())::numeric, 3 - n % 3)), 4326)::geography END
FROM generate_series(1, 3000) AS n;
INSERT INTO gmis.daily (institution, on_date, beds_secured, beds_ready, beds_occupied, icu_present, icu_used)
SELECT i.institution, local_date(), 20, CASE WHEN random() < 0.5 THEN 20 END, CASE WHEN random() < 0.92 THEN 20 ELSE floor(21 * random()) END,
	10, CASE WHEN random() < 0.003 THEN 0 ELSE 10 END
FROM registry.institution AS i
WHERE i.name_ja LIKE '試験%';

CREATE TEMP TABLE question AS
SELECT n, ST_SetSRID(ST_MakePoint(128 + 18 * random(), 23 + 23 * random()), 4326) AS location,
	CASE WHEN n % 20 = 0 THEN 'icu' ELSE 'general' END AS bed_kind,
	1 + n % 3 AS at_least,
	1 + n % 6 AS k
FROM generate_series(1, 2000) AS n;

-- every one with a free bed, and the distance to each of them
CREATE TEMP VIEW reported_free_bed AS
SELECT i.institution, i.location, k.bed_kind, k.free
FROM registry.institution AS i
JOIN gmis.daily AS d ON d.institution = i.institution AND d.on_date = local_date()
CROSS JOIN LATERAL (
	VALUES
		('general', coalesce(d.beds_ready, d.beds_secured) - d.beds_occupied),
		('icu', d.icu_present - d.icu_used)
) AS k (bed_kind, free)
WHERE i.location IS NOT NULL
	AND k.free > 0;
CREATE TEMP TABLE with_free_bed AS
SELECT *
FROM reported_free_bed;
CREATE TEMP VIEW truth AS
SELECT q.n, b.*
FROM question AS q
CROSS JOIN LATERAL (
	SELECT array_agg(s.institution ORDER BY s.distance_m, s.institution) AS institutions, max(s.distance_m) AS farthest
	FROM (
		SELECT h.institution, ST_Distance(h.location, q.location::geography) AS distance_m
		FROM with_free_bed AS h
		WHERE h.bed_kind = q.bed_kind
			AND h.free >= q.at_least
		ORDER BY 2, 1
		LIMIT q.k
	) AS s
) AS b;

CREATE TEMP VIEW comparison AS
SELECT q.n, a.institutions IS NOT DISTINCT FROM t.institutions AS equal, a.farthest IS NOT DISTINCT FROM t.farthest AS distance_equal,
	cardinality(t.institutions) AS answers
FROM question AS q
JOIN truth AS t USING (n)
CROSS JOIN LATERAL (
	SELECT array_agg(f.institution ORDER BY f.position) AS institutions, max(f.distance_m) AS farthest
	FROM gmis.nearest_free(q.location, q.bed_kind, q.at_least, q.k) WITH ORDINALITY AS f (institution, name_ja, distance_m, free, reported_at, position)
) AS a;
-- nothing is folded yet: every answer comes from the reports
SELECT count(*) AS points, count(*) FILTER (WHERE equal) AS equal, count(*) FILTER (WHERE distance_equal) AS distance_equal, sum(answers) AS answers
FROM comparison
WHERE n <= 4;
-- folded: from the index
SELECT gmis.fold() > 0 AS folded;
SELECT count(*) AS points, count(*) FILTER (WHERE equal) AS equal, count(*) FILTER (WHERE distance_equal) AS distance_equal, sum(answers) AS answers
FROM comparison;
-- some reported since: from both
UPDATE gmis.daily SET beds_occupied = CASE beds_occupied WHEN 10 THEN 0 ELSE 10 END, reported_at = now() WHERE institution IN (SELECT institution FROM registry.institution WHERE name_ja LIKE '試験%7');
TRUNCATE with_free_bed;
INSERT INTO with_free_bed
SELECT *
FROM reported_free_bed;
SELECT count(*) AS points, count(*) FILTER (WHERE equal) AS equal, count(*) FILTER (WHERE distance_equal) AS distance_equal, sum(answers) AS answers
FROM comparison
WHERE n <= 40;
SELECT gmis.fold() > 0 AS folded;
SELECT count(*) AS points, count(*) FILTER (WHERE equal) AS equal, count(*) FILTER (WHERE distance_equal) AS distance_equal, sum(answers) AS answers
FROM comparison
WHERE n <= 40;

\echo the index of the kind answers (t)
CREATE FUNCTION pg_temp.plan(query text) RETURNS SETOF text
LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) ' || query;
END
$$;
SET LOCAL enable_seqscan = off;
SELECT bool_or(line LIKE '%Index Scan using free_bed_icu_idx%') AS partial_index
FROM pg_temp.plan($$
	SELECT f.location FROM gmis.free_bed AS f
	WHERE f.bed_kind = 'icu' AND f.available AND f.free >= 1
	ORDER BY f.location <-> 'POINT(139 35)'::geography LIMIT 5
$$) AS p (line);
SET LOCAL enable_seqscan = on;

-- Whom the list leaves out.
DELETE FROM gmis.daily;
INSERT INTO registry.institution (institution, kind, name_ja, location)
VALUES
	(provisional_institution_code(13, 900001), 'hospital', '近い', 'POINT(139.70 35.70)'),
	(provisional_institution_code(13, 900002), 'hospital', '遠い', 'POINT(139.90 35.70)');
CREATE TEMP VIEW answer AS
SELECT name_ja, free, round(distance_m) AS distance_m
FROM gmis.nearest_free('SRID=4326;POINT(139.69 35.70)', 'severe');
SELECT * FROM answer;
INSERT INTO gmis.daily (institution, on_date, severe_secured, severe_occupied)
VALUES
	(provisional_institution_code(13, 900001), local_date(), 9, 4),
	(provisional_institution_code(13, 900002), local_date(), 9, 7);
\echo both have free beds
SELECT * FROM answer;
\echo at least 3
SELECT name_ja FROM gmis.nearest_free('SRID=4326;POINT(139.69 35.70)', 'severe', at_least => 3);
\echo the nearer one fills up
UPDATE gmis.daily SET severe_occupied = 9 WHERE institution = provisional_institution_code(13, 900001);
SELECT * FROM answer;
\echo frees two again, and admits nobody
UPDATE gmis.daily SET severe_occupied = 7 WHERE institution = provisional_institution_code(13, 900001);
INSERT INTO gmis.service_status (institution, on_date, service, status) VALUES (provisional_institution_code(13, 900001), local_date(), 'inpatient', '停止');
SELECT * FROM answer;
\echo admits again
UPDATE gmis.service_status SET status = '制限' WHERE institution = provisional_institution_code(13, 900001);
SELECT * FROM answer;
\echo moves away
UPDATE registry.institution SET location = 'POINT(140.00 35.70)' WHERE institution = provisional_institution_code(13, 900001);
SELECT * FROM answer;
\echo its newest report is not answered; the one before is not used
INSERT INTO gmis.daily (institution, on_date, severe_secured, severe_occupied)
VALUES (provisional_institution_code(13, 900002), local_date() - 2, 9, 0);
SELECT * FROM answer;
UPDATE gmis.daily SET severe_occupied = NULL WHERE institution = provisional_institution_code(13, 900002) AND on_date = local_date();
SELECT * FROM answer;
\echo the newest report goes: the one before counts again
DELETE FROM gmis.daily WHERE institution = provisional_institution_code(13, 900002) AND on_date = local_date();
SELECT * FROM answer;
\echo too old
UPDATE gmis.daily SET reported_at = now() - interval '25 hours' WHERE institution = provisional_institution_code(13, 900002);
SELECT * FROM answer;
SELECT name_ja FROM gmis.nearest_free('SRID=4326;POINT(139.69 35.70)', 'severe', max_age => '26 hours');

-- The past, from the reports as they stood: written here as the forms write it.
DELETE FROM gmis.daily;
DELETE FROM gmis.service_status;
SET LOCAL session_replication_role = replica;
INSERT INTO gmis.daily_history (institution, on_date, prefecture, source, reported_at, recorded_at, replaced_at, icu_present, icu_used)
VALUES
	(provisional_institution_code(13, 900001), '2020-12-14', 13, 'own', '2020-12-14 09:00+09', '2020-12-14 09:00+09', '2020-12-14 15:00+09', 5, 5),
	(provisional_institution_code(13, 900001), '2020-12-14', 13, 'own', '2020-12-14 15:00+09', '2020-12-14 15:00+09', '2020-12-14 18:00+09', 5, 3);
INSERT INTO gmis.daily (institution, on_date, reported_at, recorded_at, icu_present, icu_used)
VALUES
	(provisional_institution_code(13, 900001), '2020-12-14', '2020-12-14 18:00+09', '2020-12-14 18:00+09', 5, 4),
	(provisional_institution_code(13, 900002), '2020-12-13', '2020-12-13 12:00+09', '2020-12-13 12:00+09', 6, 3);
INSERT INTO gmis.service_status (institution, on_date, service, status, reported_at, recorded_at)
VALUES (provisional_institution_code(13, 900001), '2020-12-14', 'inpatient', '停止', '2020-12-14 19:00+09', '2020-12-14 19:00+09');
SET LOCAL session_replication_role = origin;
SELECT t.as_of, string_agg(f.name_ja || ' ' || f.free, ', ' ORDER BY f.distance_m) AS free_icu_beds
FROM (
	VALUES
		('2020-12-13 11:59+09'::timestamptz),
		('2020-12-13 12:00+09'),
		('2020-12-14 09:00+09'),
		('2020-12-14 14:59+09'),
		('2020-12-14 15:00+09'),
		('2020-12-14 17:59+09'),
		('2020-12-14 18:00+09'),
		('2020-12-14 19:00+09')
) AS t (as_of)
LEFT JOIN LATERAL gmis.nearest_free('SRID=4326;POINT(139.69 35.70)', 'icu', as_of => t.as_of) AS f ON true
GROUP BY 1
ORDER BY 1;

-- Errors say what is wrong.
\set VERBOSITY terse
SAVEPOINT s;
SELECT * FROM gmis.nearest_free('SRID=4326;POINT(139 35)', 'bed');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK TO s;
SELECT * FROM gmis.nearest_free('SRID=4326;POINT(139 35)', 'icu', k => 0);
\echo :LAST_ERROR_SQLSTATE
ROLLBACK TO s;
SELECT * FROM gmis.nearest_free(NULL, 'icu');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK TO s;
-- the past is read from reports, which a health centre does not see
SET LOCAL ROLE outbreak_health_center;
SELECT count(*) FROM gmis.nearest_free('SRID=4326;POINT(139 35)', 'icu');
SELECT * FROM gmis.nearest_free('SRID=4326;POINT(139 35)', 'icu', as_of => now() - interval '1 hour');
\echo :LAST_ERROR_SQLSTATE

ROLLBACK;
