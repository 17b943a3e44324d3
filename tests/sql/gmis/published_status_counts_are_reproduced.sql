-- covid19DailySurvey of 2023-04-08: from 8,200 institutions with the published statuses follow the published counts,
-- in gmis.service_counts() and in the open data alike.
\pset format unaligned
SET search_path = public, outbreak;
\set data ''
\getenv data OUTBREAK_DATA
SELECT :'data' = '' AS no_data \gset
\if :no_data
\echo skipped: OUTBREAK_DATA names no folder with the official lists
\quit
\endif
\set json `cat "$OUTBREAK_DATA/gmis/gmis_status_counts_20230408.json"`
BEGIN;

CREATE TEMP TABLE published AS
SELECT f.prefecture, s.service, c.*
FROM jsonb_each(:'json'::jsonb -> 'data') AS p (key, value)
JOIN registry.prefecture AS f ON f.name_ja = p.value -> 'prefectureInfo' ->> 'name'
CROSS JOIN (VALUES ('inpatient', 'hospitalize'), ('outpatient', 'outPatient'), ('emergency', 'emergency')) AS s (service, name)
CROSS JOIN LATERAL jsonb_to_record(p.value -> s.name) AS c (normal integer, "limit" integer, stopped integer, unintroduced integer, unanswered integer);
SELECT count(*) AS cells, count(DISTINCT prefecture) AS prefectures FROM published;

INSERT INTO registry.institution (institution, kind, name_ja)
SELECT outbreak.provisional_institution_code(p.prefecture, n), 'hospital', format('試験%s-%s', p.prefecture, n)
FROM published AS p
CROSS JOIN LATERAL generate_series(1, p.normal + p."limit" + p.stopped + p.unintroduced + p.unanswered) AS n (n)
WHERE p.service = 'inpatient';
INSERT INTO report.expected (form, institution)
SELECT 'gmis.service_status', institution
FROM registry.institution
WHERE name_ja LIKE '試験%';

-- the first answer 通常, the next 制限, and so on; the last do not answer
INSERT INTO gmis.service_status (institution, on_date, service, status, reported_at)
SELECT outbreak.provisional_institution_code(p.prefecture, n), '2023-04-08', p.service,
	CASE
		WHEN n <= p.normal THEN '通常'
		WHEN n <= p.normal + p."limit" THEN '制限'
		WHEN n <= p.normal + p."limit" + p.stopped THEN '停止'
		ELSE '設置なし'
	END, '2023-04-08 12:00+09'
FROM published AS p
CROSS JOIN LATERAL generate_series(1, p.normal + p."limit" + p.stopped + p.unintroduced) AS n (n);

\echo cells that differ (none)
SELECT p.*, c.*
FROM published AS p
FULL JOIN (
	SELECT *
	FROM gmis.service_counts('2023-04-08')
	WHERE service IN ('inpatient', 'outpatient', 'emergency')
) AS c ON c.area = to_char(p.prefecture, 'FM00') AND c.service = p.service
WHERE (p.normal, p."limit", p.stopped, p.unintroduced, p.unanswered) IS DISTINCT FROM (c.normal, c.limited, c.stopped, c.not_installed, c.unanswered);

SELECT * FROM gmis.service_counts('2023-04-08', 'nation');

SELECT "facilityType", "ansType", "submitDate", count(*)
FROM gmis.covid19_daily_survey
GROUP BY 1, 2, 3
ORDER BY 1, 2;

\echo prefectures whose open data differ (none)
SELECT p.prefecture, p.service
FROM published AS p
JOIN registry.prefecture AS f ON f.prefecture = p.prefecture
JOIN gmis.service AS v ON v.service = p.service
LEFT JOIN (
	SELECT s."prefName", s."facilityType",
		count(*) FILTER (WHERE s."ansType" = '通常') AS normal,
		count(*) FILTER (WHERE s."ansType" = '未回答') AS unanswered,
		count(*) AS records
	FROM gmis.covid19_daily_survey AS s
	GROUP BY 1, 2
) AS s ON s."prefName" = f.name_ja AND s."facilityType" = v.name_ja
WHERE (s.normal, s.unanswered, s.records) IS DISTINCT FROM (p.normal, p.unanswered, p.normal + p."limit" + p.stopped + p.unintroduced + p.unanswered);

ROLLBACK;
