-- covid19DailySurvey: the fields and values of the public API, one record for each institution and public service.
\pset format unaligned
SET search_path = public, outbreak;
SELECT string_agg(attname, ',' ORDER BY attnum) AS fields, string_agg(DISTINCT atttypid::regtype::text, ',') AS types
FROM pg_attribute
WHERE attrelid = 'gmis.covid19_daily_survey'::regclass
	AND attnum > 0;

BEGIN;
INSERT INTO registry.municipality (municipality, prefecture, name_ja)
VALUES (municipality_code_from_jis('13101'), 13, '千代田区')
ON CONFLICT DO NOTHING;
INSERT INTO registry.institution (institution, kind, name_ja, municipality, zip, address, phone, location, contact)
VALUES
	(provisional_institution_code(13, 1), 'hospital', '試験病院', municipality_code_from_jis('13101'), '1000001', '千代田区千代田1番1号', '03-0000-0000', 'POINT(139.7528 35.6852)', '担当者'),
	(provisional_institution_code(27, 1), 'hospital', '試験医療センター', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO report.expected (form, institution)
VALUES
	('gmis.service_status', provisional_institution_code(13, 1)),
	('gmis.service_status', provisional_institution_code(27, 1));
INSERT INTO gmis.service_status (institution, on_date, service, status, reported_at)
VALUES
	(provisional_institution_code(27, 1), '2020-12-12', 'inpatient', '制限', '2020-12-12 12:00+09'),
	(provisional_institution_code(13, 1), '2020-12-14', 'inpatient', '通常', '2020-12-14 12:00+09'),
	(provisional_institution_code(13, 1), '2020-12-14', 'emergency', '設置なし', '2020-12-14 12:00+09'),
	(provisional_institution_code(13, 1), '2020-12-14', 'outpatient', NULL, '2020-12-14 12:00+09'),
	(provisional_institution_code(13, 1), '2020-12-14', 'dialysis', '停止', '2020-12-14 12:00+09');
\echo the newest day
SELECT to_jsonb(s) AS record FROM gmis.covid19_daily_survey AS s;
\echo since the 12th; the 13th was no survey day
SELECT "facilityId", "submitDate", "facilityType", "ansType" FROM gmis.covid19_daily_survey_since('2020-12-12');
\echo filters
SELECT count(*) FROM gmis.covid19_daily_survey_since('2020-12-12', pref_name => '大阪府');
SELECT count(*) FROM gmis.covid19_daily_survey_since('2020-12-12', local_gov_code => '131016');
SELECT count(*) FROM gmis.covid19_daily_survey_since('2020-12-12', facility_name => '医療センター');
SELECT count(*) FROM gmis.covid19_daily_survey_since('2020-12-15');

\echo the public reads the same, and nothing else of gmis
CREATE TEMP TABLE all_of_it AS TABLE gmis.covid19_daily_survey;
GRANT SELECT ON all_of_it TO outbreak_anon;
SET LOCAL ROLE outbreak_anon;
SELECT count(*) AS records FROM gmis.covid19_daily_survey;
(TABLE gmis.covid19_daily_survey EXCEPT TABLE all_of_it) UNION ALL (TABLE all_of_it EXCEPT TABLE gmis.covid19_daily_survey);
SELECT service, status FROM gmis.service_status WHERE on_date = '2020-12-14' ORDER BY 1;
\set VERBOSITY terse
SAVEPOINT s;
SELECT reported_at FROM gmis.service_status;
ROLLBACK TO s;
SELECT count(*) FROM gmis.daily;
ROLLBACK TO s;
SELECT count(*) FROM gmis.service_status_default;
ROLLBACK TO s;
SELECT count(*) FROM gmis.free_bed;
ROLLBACK TO s;
SELECT count(*) FROM gmis.daily_by_prefecture;
ROLLBACK TO s;
SELECT * FROM gmis.bed_occupancy('2020-12-14');
ROLLBACK TO s;
SELECT * FROM gmis.reporting_rate('2020-12-14');
ROLLBACK TO s;
SELECT * FROM gmis.silent('2020-12-14');
ROLLBACK TO s;
SELECT gmis.fold();
ROLLBACK;

\echo a service that becomes public must be added to the policy (t)
SELECT (SELECT array_agg(service ORDER BY position) FROM gmis.service WHERE public)
	= substring(pg_get_expr(polqual, polrelid) FROM '\{.*\}')::text[] AS agree
FROM pg_policy
WHERE polname = 'public'
	AND polrelid = 'gmis.service_status'::regclass;
