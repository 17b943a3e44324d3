-- Three functions of the API work with the owner's rights, because the public may not read what they count. None of them
-- gives away more than the open data: services that are not public, who is silent to the survey of beds, other tables.
BEGIN;
SET LOCAL ROLE outbreak_owner;
DELETE FROM gmis.service_status;
DELETE FROM gmis.daily;
DELETE FROM report.expected;
INSERT INTO registry.institution (institution, kind, name_ja, contact)
SELECT outbreak.provisional_institution_code(1, n), 'hospital', 'open ' || n, 'secret'
FROM generate_series(900001, 900003) AS n;
INSERT INTO report.expected (form, institution)
SELECT f.form, i.institution
FROM unnest('{gmis.daily,gmis.service_status}'::regclass[]) AS f (form)
CROSS JOIN registry.institution AS i
WHERE i.name_ja LIKE 'open %';
INSERT INTO gmis.service_status (institution, on_date, service, status, source, reported_at)
SELECT outbreak.provisional_institution_code(1, 900001), '2021-08-11', s.service, '停止', 'import', '2021-08-12'
FROM gmis.service AS s;
INSERT INTO gmis.daily (institution, on_date, beds_secured, source, reported_at)
VALUES (outbreak.provisional_institution_code(1, 900002), '2021-08-11', 10, 'import', '2021-08-12');
RESET ROLE;
SET LOCAL ROLE outbreak_anon;
SELECT * FROM api.service_counts('2021-08-11', 'nation');
SELECT * FROM api.reporting_rate('2021-08-11');
SELECT "facilityCode", "facilityType", "ansType", "submitDate" FROM api.covid19_daily_survey ORDER BY 1, 2;
SELECT count(*) FROM api.covid19_daily_survey_since('-infinity');
SELECT count(*) FROM api.covid19_daily_survey_since('infinity');
SELECT count(*) FROM api.covid19_daily_survey_since('2021-08-11', "facilityName" => '%'), LATERAL (SELECT 1) AS x;
SELECT count(*) FROM api.covid19_daily_survey_since('2021-08-11', "facilityName" => ''' OR true --');
-- the same for an institution, which sees its own rows only elsewhere
RESET ROLE;
INSERT INTO access.account (login, institution) VALUES (session_user, outbreak.provisional_institution_code(1, 900003));
SET LOCAL ROLE outbreak_institution;
SELECT * FROM api.service_counts('2021-08-11', 'nation');
SELECT count(*) AS own FROM gmis.service_status;
SELECT count(*), count(*) FILTER (WHERE "ansType" = '停止') AS stopped FROM api.covid19_daily_survey;
ROLLBACK;
-- functions of the caller's making are not taken for ours
BEGIN;
CREATE SCHEMA trap;
GRANT USAGE, CREATE ON SCHEMA trap TO outbreak_anon;
SET LOCAL ROLE outbreak_anon;
CREATE FUNCTION trap.max(date) RETURNS date LANGUAGE sql AS $$ SELECT 1 / 0; SELECT $1 $$;
CREATE FUNCTION trap.count(anyelement) RETURNS bigint LANGUAGE sql AS $$ SELECT 1 / 0; SELECT 1::bigint $$;
SET LOCAL search_path = trap, pg_catalog;
SELECT pg_catalog.count(*) >= 0 AS fine FROM api.covid19_daily_survey;
ROLLBACK;
