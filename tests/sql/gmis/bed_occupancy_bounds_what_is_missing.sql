-- Beds by area: totals of what was reported, bounds of what was not, and older reports carried forward when asked.
\pset format unaligned
SET search_path = public, outbreak;
BEGIN;

INSERT INTO registry.municipality (municipality, prefecture, name_ja)
VALUES
	(municipality_code_from_jis('13101'), 13, '千代田区'),
	(municipality_code_from_jis('13102'), 13, '中央区'),
	(municipality_code_from_jis('27102'), 27, '大阪市都島区')
ON CONFLICT DO NOTHING;
INSERT INTO registry.medical_area_vintage (vintage, valid) VALUES ('試験', '[2020-01-01,2021-01-01)');
INSERT INTO registry.medical_area (vintage, area, prefecture, name_ja) VALUES ('試験', '1301', 13, '区中央部');
INSERT INTO registry.medical_area_municipality (vintage, municipality, area)
VALUES
	('試験', municipality_code_from_jis('13101'), '1301'),
	('試験', municipality_code_from_jis('13102'), '1301');

INSERT INTO registry.institution (institution, municipality, kind, name_ja, beds_licensed)
VALUES
	(provisional_institution_code(13, 1), municipality_code_from_jis('13101'), 'hospital', '試験 回答', 300),
	(provisional_institution_code(13, 2), municipality_code_from_jis('13101'), 'hospital', '試験 未報告', 200),
	(provisional_institution_code(13, 3), municipality_code_from_jis('13102'), 'hospital', '試験 使用数のみ', 150),
	(provisional_institution_code(13, 4), municipality_code_from_jis('13102'), 'clinic', '試験 診療所', NULL),
	(provisional_institution_code(27, 1), municipality_code_from_jis('27102'), 'hospital', '試験 病床数不明', NULL),
	(provisional_institution_code(27, 2), NULL, 'hospital', '試験 所在地不明', 80),
	(provisional_institution_code(27, 3), municipality_code_from_jis('27102'), 'hospital', '試験 対象外', 70);
INSERT INTO report.expected (form, institution, valid)
SELECT 'gmis.daily', institution, CASE name_ja WHEN '試験 対象外' THEN daterange('2020-01-01', '2020-12-14') ELSE '(,)' END
FROM registry.institution
WHERE name_ja LIKE '試験%';

INSERT INTO gmis.daily (institution, on_date, reported_at, beds_secured, beds_ready, beds_occupied, severe_secured, severe_occupied)
VALUES
	(provisional_institution_code(13, 1), '2020-12-14', '2020-12-14 12:00+09', 40, 30, 20, 8, 1),
	(provisional_institution_code(13, 3), '2020-12-14', '2020-12-14 12:00+09', NULL, NULL, 5, NULL, NULL),
	(provisional_institution_code(27, 2), '2020-12-14', '2020-12-14 12:00+09', 10, 10, 12, NULL, NULL),
	-- older ones
	(provisional_institution_code(13, 1), '2020-12-13', '2020-12-13 12:00+09', 99, 99, 99, NULL, NULL),
	(provisional_institution_code(13, 2), '2020-12-13', '2020-12-13 12:00+09', 20, 10, 10, 4, 4),
	(provisional_institution_code(13, 2), '2020-12-11', '2020-12-11 12:00+09', 77, 77, 77, NULL, NULL),
	(provisional_institution_code(27, 1), '2020-12-11', '2020-12-11 12:00+09', 7, 7, 7, NULL, NULL),
	(provisional_institution_code(27, 3), '2020-12-13', '2020-12-13 12:00+09', 50, 50, 50, NULL, NULL);

\echo municipality
SELECT * FROM gmis.bed_occupancy('2020-12-14', 'municipality');
\echo medical area
SELECT * FROM gmis.bed_occupancy('2020-12-14', 'medical_area');
\echo prefecture
SELECT * FROM gmis.bed_occupancy('2020-12-14');
\echo nation
SELECT * FROM gmis.bed_occupancy('2020-12-14', 'nation');
\echo prefecture, reports of the day before carried forward
SELECT * FROM gmis.bed_occupancy('2020-12-14', 'prefecture', 1);
\echo and of three days
SELECT * FROM gmis.bed_occupancy('2020-12-14', 'prefecture', 3);

\echo the same after folding (none)
CREATE TEMP TABLE before AS
SELECT l.level, b.*
FROM unnest('{municipality,medical_area,prefecture,nation}'::text[]) AS l (level)
CROSS JOIN LATERAL gmis.bed_occupancy('2020-12-14', l.level) AS b;
SELECT gmis.fold() > 0 AS folded;
TABLE before
EXCEPT
SELECT l.level, b.*
FROM unnest('{municipality,medical_area,prefecture,nation}'::text[]) AS l (level)
CROSS JOIN LATERAL gmis.bed_occupancy('2020-12-14', l.level) AS b;

\echo carrying nothing forward from the reports equals the rollups (none)
SELECT prefecture, municipality, reported, beds_secured, beds_ready, beds_occupied, severe_secured, severe_occupied, secured_most, secured_open, occupied_most, occupied_open
FROM gmis.daily_sums('2020-12-14')
EXCEPT
SELECT prefecture, municipality, reported, beds_secured, beds_ready, beds_occupied, severe_secured, severe_occupied, secured_most, secured_open, occupied_most, occupied_open
FROM gmis.newest_sums('2020-12-14', 0);

\echo a day without reports
SELECT * FROM gmis.bed_occupancy('2020-12-20', 'nation');

SELECT on_date, area, reported, beds_secured, inpatients FROM gmis.daily_totals('2020-12-11', '2020-12-14');
SELECT on_date, area, reported, beds_secured FROM gmis.daily_totals('2020-12-13', '2020-12-14', 'prefecture');

\set VERBOSITY terse
SAVEPOINT s;
SELECT * FROM gmis.bed_occupancy('2020-12-14', 'village');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK TO s;
SELECT * FROM gmis.bed_occupancy('2020-12-14', NULL);
\echo :LAST_ERROR_SQLSTATE
ROLLBACK TO s;
SELECT * FROM gmis.daily_totals('2020-12-11', '2020-12-14', 'municipality');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK;
