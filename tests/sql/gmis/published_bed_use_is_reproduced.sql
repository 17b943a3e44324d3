-- 療養状況等調査 of 2021-08-11: from the bed counts of the 47 prefectures follow the percentages that the ministry
-- published, to the digit.
\pset format unaligned
SET search_path = public, outbreak;
\set data ''
\getenv data OUTBREAK_DATA
SELECT :'data' = '' AS no_data \gset
\if :no_data
\echo skipped: OUTBREAK_DATA names no folder with the official lists
\quit
\endif
\set csv `cat "$OUTBREAK_DATA/gmis/beds_by_pref_20210811.csv"`
BEGIN;

CREATE TEMP TABLE published AS
WITH line AS (
	SELECT string_to_array(l.text, ',') AS fields, l.number
	FROM string_to_table(btrim(replace(:'csv', E'\r', ''), E'\n'), E'\n') WITH ORDINALITY AS l (text, number)
), named AS (
	SELECT l.number, jsonb_object_agg(h.name, nullif(l.fields[h.position], '')) AS record
	FROM line AS l
	CROSS JOIN LATERAL (
		SELECT u.name, u.position
		FROM line AS head
		CROSS JOIN LATERAL unnest(head.fields) WITH ORDINALITY AS u (name, position)
		WHERE head.number = 1
	) AS h
	WHERE l.number > 1
	GROUP BY l.number
)
SELECT (r.record ->> 'pref')::smallint AS prefecture, p.*
FROM named AS r
CROSS JOIN LATERAL jsonb_to_record(r.record) AS p (
	positive integer, inpatient integer, inpatient_in_secured integer, beds_ready integer, beds_secured integer, bed_use_pct integer, admit_pct integer,
	severe_in_secured integer, severe_ready integer, severe_secured integer, severe_use_pct integer,
	hotel integer, hotel_secured integer, hotel_use_pct integer
);
SELECT count(*) AS prefectures, sum(beds_secured) AS beds_secured, sum(inpatient_in_secured) AS beds_occupied FROM published;

-- each prefecture's beds in two hospitals
INSERT INTO registry.institution (institution, kind, name_ja, beds_licensed)
SELECT outbreak.provisional_institution_code(p.prefecture, n), 'hospital', format('試験%s-%s', p.prefecture, n), 9999
FROM published AS p
CROSS JOIN generate_series(1, 2) AS n;
INSERT INTO gmis.daily (institution, on_date, reported_at, beds_secured, beds_ready, beds_occupied, severe_secured, severe_ready, severe_occupied)
SELECT outbreak.provisional_institution_code(p.prefecture, n), '2021-08-11', '2021-08-11 20:00+09',
	(p.beds_secured + n - 1) / 2, least((p.beds_ready + n - 1) / 2, (p.beds_secured + n - 1) / 2), (p.inpatient_in_secured + n - 1) / 2,
	(p.severe_secured + n - 1) / 2, (p.severe_ready + n - 1) / 2, (p.severe_in_secured + n - 1) / 2
FROM published AS p
CROSS JOIN generate_series(1, 2) AS n;

SELECT count(*) AS prefectures,
	count(*) FILTER (WHERE b.use_pct = p.bed_use_pct) AS use_pct_equal,
	count(*) FILTER (WHERE b.severe_use_pct IS NOT DISTINCT FROM p.severe_use_pct) AS severe_use_pct_equal,
	count(*) FILTER (WHERE outbreak.percent(p.inpatient, p.positive) = p.admit_pct) AS admit_pct_equal,
	count(*) FILTER (WHERE outbreak.percent(p.hotel, p.hotel_secured) = p.hotel_use_pct) AS hotel_use_pct_equal
FROM published AS p
JOIN gmis.bed_occupancy('2021-08-11') AS b ON b.area = to_char(p.prefecture, 'FM00');

\echo prefectures that differ (none)
SELECT p.prefecture, b.use_pct, p.bed_use_pct, b.severe_use_pct, p.severe_use_pct AS published_severe,
	outbreak.percent(p.inpatient, p.positive) AS admit, p.admit_pct, outbreak.percent(p.hotel, p.hotel_secured) AS hotel, p.hotel_use_pct
FROM published AS p
JOIN gmis.bed_occupancy('2021-08-11') AS b ON b.area = to_char(p.prefecture, 'FM00')
WHERE (b.use_pct, b.severe_use_pct, outbreak.percent(p.inpatient, p.positive), outbreak.percent(p.hotel, p.hotel_secured))
	IS DISTINCT FROM (p.bed_use_pct, p.severe_use_pct, p.admit_pct, p.hotel_use_pct)
ORDER BY 1;

SELECT area, name_ja, beds_secured, beds_occupied, use_pct, severe_secured, severe_occupied, severe_use_pct
FROM gmis.bed_occupancy('2021-08-11', 'nation');

ROLLBACK;
