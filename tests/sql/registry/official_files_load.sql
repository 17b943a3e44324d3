-- The official lists load: real municipalities, medical areas, codes and hospitals, with their real faults.
-- The lists are no part of the project; OUTBREAK_DATA names the folder that has them in gmis/.
\set ON_ERROR_STOP 1
\pset format unaligned
\set have `test -r "$OUTBREAK_DATA/gmis/hospitals_mhlw_20250601.csv" && echo on || echo off`
\if :have
\else
\echo skipped: no data
\quit
\endif
\set municipalities `cat "$OUTBREAK_DATA/gmis/localgovjp.csv"`
\set areas `cat "$OUTBREAK_DATA/gmis/areas/area_basic.csv"`
\set members `cat "$OUTBREAK_DATA/gmis/areas/area_municipalities.csv"`
\set codes `cat "$OUTBREAK_DATA/gmis/med_inst_codes_sample.csv"`
\set hospitals `cat "$OUTBREAK_DATA/gmis/hospitals_mhlw_20250601.csv"`

BEGIN;
SET LOCAL ROLE outbreak_ministry;

SELECT registry.load_municipalities(registry.csv_to_rows(:'municipalities'), 'localgovjp.csv') AS load \gset
SELECT accepted, refused FROM registry.load WHERE load = :load;
SELECT code, refused, issues FROM registry.load_report(:load);
SELECT count(DISTINCT prefecture) AS prefectures, count(*) >= 1916 AS municipalities, count(location) >= 1916 AS points
FROM registry.municipality;

\echo -- the list of areas holds two vintages
SELECT registry.load_medical_areas(registry.csv_to_rows(:'areas'), 'R7', 'area_basic.csv') AS load \gset
SELECT accepted, refused FROM registry.load WHERE load = :load;
SELECT code, refused, issues FROM registry.load_report(:load);
SELECT registry.load_medical_areas(registry.csv_to_rows(:'members'), 'R7', 'area_municipalities.csv') AS load \gset
SELECT accepted, refused FROM registry.load WHERE load = :load;
SELECT code, refused, issues FROM registry.load_report(:load);
SELECT record ->> 'pref' AS prefecture, count(*)
FROM registry.load_issue
WHERE load = :load AND code = 'area_code_missing'
GROUP BY 1
ORDER BY 2 DESC;
SELECT count(*) AS areas, sum(population) AS inhabitants FROM registry.medical_area WHERE vintage = 'R7';
SELECT registry.area_of('012025', 'R7') AS hakodate, registry.current_vintage('2025-10-01') AS vintage;

SELECT registry.load_institution_codes(registry.csv_to_rows(:'codes'), 'med_inst_codes_sample.csv') AS load \gset
SELECT accepted, refused FROM registry.load WHERE load = :load;
SELECT code, refused, issues FROM registry.load_report(:load);

SELECT registry.load_hospitals(registry.csv_to_rows(:'hospitals'), 'hospitals_mhlw_20250601.csv') AS load \gset
SELECT accepted, refused FROM registry.load WHERE load = :load;
SELECT code, refused, issues FROM registry.load_report(:load);
SELECT line, record ->> '正式名称' AS name, reason_ja FROM registry.load_issue WHERE load = :load AND code = 'point_elsewhere' ORDER BY line;
SELECT count(*) AS hospitals,
	sum(o.beds_licensed) AS beds,
	count(*) FILTER (WHERE o.location IS NULL) AS without_location,
	count(*) FILTER (WHERE o.municipality IS NULL) AS without_municipality,
	count(*) FILTER (WHERE NOT outbreak.is_provisional(o.institution)) AS with_the_insurers_code
FROM registry.institution_identifier AS i
JOIN registry.institution AS o ON o.institution OPERATOR(outbreak.=) i.institution
WHERE i.system = 'iryojoho';
SELECT o.institution, o.name_ja, o.municipality, o.beds_general AS general, o.beds_psychiatric AS psychiatric, o.beds_infectious AS infectious, o.beds_licensed AS licensed
FROM registry.institution AS o
WHERE o.name_ja = '札幌医科大学附属病院';

\echo -- again: the same hospitals under the same codes, nothing new
CREATE TEMP TABLE before AS SELECT institution, xmin AS version FROM registry.institution;
SELECT registry.load_hospitals(registry.csv_to_rows(:'hospitals'), 'hospitals_mhlw_20250601.csv') AS load \gset
SELECT accepted, refused FROM registry.load WHERE load = :load;
SELECT (SELECT count(*) FROM registry.institution) = (SELECT count(*) FROM before) AS same_number,
	(
		SELECT count(*)
		FROM registry.institution o
		LEFT JOIN before b ON b.institution OPERATOR(outbreak.=) o.institution
		WHERE b.version IS DISTINCT FROM o.xmin
	) AS rewritten;
ROLLBACK;
