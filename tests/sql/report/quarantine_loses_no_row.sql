-- With on_invalid = quarantine a COPY of 10,000 rows with three bad ones takes 9,997 and sets three aside; a mended row is taken in.
BEGIN;
\set ON_ERROR_ROLLBACK on
\getenv srcdir PG_ABS_SRCDIR
\set setup :srcdir /sql/report/setup.inc
\i :setup
CREATE TABLE survey.batch AS
SELECT survey.i(1 + n % 20) AS institution, date '2019-01-01' + n / 20 AS on_date, CASE WHEN n IN (5, 5000) THEN 50 ELSE 1 END AS cases, CASE WHEN n = 9999 THEN -1 ELSE 10 END AS beds
FROM generate_series(0, 9999) AS n;
\copy survey.batch TO 'results/report/quarantine.csv' (FORMAT csv)
\copy survey.flu (institution, on_date, cases, beds) FROM 'results/report/quarantine.csv' (FORMAT csv)
SET outbreak.on_invalid = 'quarantine';
\copy survey.flu (institution, on_date, cases, beds) FROM 'results/report/quarantine.csv' (FORMAT csv)
SELECT count(*) FROM survey.flu;
SELECT reporter, prefecture, period, record ->> 'cases' AS cases, findings -> 0 ->> 'code' AS code, rejected_by = current_user AS me FROM report.rejected WHERE form = 'survey.flu'::regclass ORDER BY period;
-- nothing of the rows set aside is left elsewhere
SELECT count(*) FROM survey.flu_history;
SELECT count(*) FROM report.finding WHERE form = 'survey.flu'::regclass;
-- an unknown institution is set aside as well
INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(21), '2020-12-01', 1, 1), (survey.i(20), '2020-12-01', 1, 10);
SELECT reporter, findings -> 0 ->> 'code' AS code FROM report.rejected WHERE form = 'survey.flu'::regclass AND period = '2020-12-01';
-- mended and taken in; still wrong, it stays aside
\set VERBOSITY terse
SELECT report.resubmit(id, '{"cases": 60}') FROM report.rejected WHERE form = 'survey.flu'::regclass AND period = '2019-01-01';
\echo :LAST_ERROR_SQLSTATE
SELECT report.resubmit(id, '{"cases": 6}') - 'findings' AS result FROM report.rejected WHERE form = 'survey.flu'::regclass AND period = '2019-01-01';
SELECT cases FROM survey.flu WHERE institution = survey.i(6) AND on_date = '2019-01-01';
\set VERBOSITY sqlstate
SELECT report.resubmit(id) FROM report.rejected WHERE form = 'survey.flu'::regclass AND period = '2019-01-01';
\set VERBOSITY terse
-- an update has a good row to lose, so it is refused all the same; so is an upsert
UPDATE survey.flu SET cases = 5000 WHERE on_date = '2020-12-01';
\echo :LAST_ERROR_SQLSTATE
INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(20), '2020-12-01', 5000, 10) ON CONFLICT (institution, on_date) DO UPDATE SET cases = excluded.cases;
\echo :LAST_ERROR_SQLSTATE
ROLLBACK;
