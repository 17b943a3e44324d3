-- A rule of severity warning lets the report in and records a finding; the finding goes with the report.
BEGIN;
\set ON_ERROR_ROLLBACK on
\getenv srcdir PG_ABS_SRCDIR
\set setup :srcdir /sql/report/setup.inc
\i :setup
INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(1), '2020-12-01', 5, 600), (survey.i(2), '2020-12-01', 5, 10);
SELECT key, code, severity, reporter, prefecture, period, reason FROM report.finding WHERE form = 'survey.flu'::regclass ORDER BY key, code;
SELECT report.give_reason('survey.flu', '{"institution": "0190000018", "on_date": "2020-12-01"}', 'beds_many', ' 臨時病棟を開設 ');
SELECT reason, reason_at = now() AS now, reason_by = current_user AS me FROM report.finding WHERE form = 'survey.flu'::regclass;
\set VERBOSITY terse
SELECT report.give_reason('survey.flu', '{"institution": "0190000018"}', 'beds_many', 'x');
\echo :LAST_ERROR_SQLSTATE
-- corrected: the finding is gone; wrong again: it wants a new reason; deleted: it is gone
UPDATE survey.flu SET beds = 60 WHERE institution = survey.i(1);
SELECT count(*) FROM report.finding WHERE form = 'survey.flu'::regclass;
UPDATE survey.flu SET beds = 700 WHERE institution = survey.i(1);
SELECT code, reason FROM report.finding WHERE form = 'survey.flu'::regclass;
DELETE FROM survey.flu WHERE institution = survey.i(1);
SELECT count(*) FROM report.finding WHERE form = 'survey.flu'::regclass;
-- ON CONFLICT DO NOTHING stores nothing, so it finds nothing
INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(2), '2020-12-01', 5, 900) ON CONFLICT DO NOTHING;
SELECT count(*) FROM report.finding WHERE form = 'survey.flu'::regclass;
-- ten thousand findings in one statement
INSERT INTO survey.flu (institution, on_date, cases, beds) SELECT survey.i(1 + n % 20), date '1990-01-01' + n / 20, 1, 500 FROM generate_series(0, 11999) AS n;
SELECT code, count(*) FROM report.finding WHERE form = 'survey.flu'::regclass GROUP BY code;
ROLLBACK;
