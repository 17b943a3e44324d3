-- Every replaced or deleted report is kept with its time; the form can be read as it stood at any moment.
\getenv srcdir PG_ABS_SRCDIR
\set setup :srcdir /sql/report/setup.inc
\i :setup
CREATE TABLE survey.moment (n int, at timestamptz);
INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(1), '2020-12-01', 1, 10), (survey.i(2), '2020-12-01', 1, 10);
INSERT INTO survey.moment VALUES (1, clock_timestamp());
UPDATE survey.flu SET cases = 2 WHERE institution = survey.i(1);
INSERT INTO survey.moment VALUES (2, clock_timestamp());
INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(1), '2020-12-01', 3, 10) ON CONFLICT (institution, on_date) DO UPDATE SET cases = excluded.cases;
DELETE FROM survey.flu WHERE institution = survey.i(2);
INSERT INTO survey.moment VALUES (3, clock_timestamp());
-- within one transaction only the last version ever stood
BEGIN;
UPDATE survey.flu SET cases = 4;
UPDATE survey.flu SET cases = 5;
COMMIT;
BEGIN;
UPDATE survey.flu SET cases = 9;
ROLLBACK;
INSERT INTO survey.moment VALUES (4, clock_timestamp());
SELECT m.n, k.institution, k.cases FROM survey.moment AS m CROSS JOIN LATERAL report.as_known_at(NULL::survey.flu, m.at) AS k ORDER BY 1, 2;
SELECT count(*) FROM report.as_known_at(NULL::survey.flu, '2000-01-01');
SELECT institution, cases, replaced_at > recorded_at AS later, replaced_by = session_user AS me FROM survey.flu_history ORDER BY recorded_at, 1;
\set VERBOSITY terse
SELECT count(*) FROM report.as_known_at(NULL::pg_class, now());
\echo :LAST_ERROR_SQLSTATE
DELETE FROM survey.flu;
DELETE FROM report.form WHERE form = 'survey.flu'::regclass;
DELETE FROM report.dirty WHERE form = 'survey.flu'::regclass;
DROP SCHEMA survey CASCADE;
BEGIN;
SET LOCAL session_replication_role = replica;
DELETE FROM registry.institution WHERE institution::text LIKE '0190000%';
COMMIT;
DELETE FROM registry.municipality WHERE municipality = '011002'::outbreak.municipality_code;
