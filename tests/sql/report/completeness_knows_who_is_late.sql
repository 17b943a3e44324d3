-- Who was expected, who answered, in time or late, who is missing, and who may still answer.
BEGIN;
\set ON_ERROR_ROLLBACK on
\getenv srcdir PG_ABS_SRCDIR
\set setup :srcdir /sql/report/setup.inc
\i :setup
INSERT INTO report.expected (form, institution, valid) SELECT 'survey.flu', survey.i(n), CASE n WHEN 5 THEN '(,2020-12-01)' ELSE '(,)' END::daterange FROM generate_series(1, 5) AS n;
INSERT INTO survey.flu (institution, on_date, reported_at) VALUES (survey.i(1), '2020-12-01', '2020-12-01 23:00+09'), (survey.i(2), '2020-12-01', '2020-12-02 12:00+09'), (survey.i(3), '2020-12-01', '2020-12-02 12:00:01+09'), (survey.i(6), '2020-12-01', '2020-12-01 23:00+09');
SELECT report.due_at('survey.flu', '2020-12-01');
SELECT * FROM report.completeness('survey.flu', '2020-12-01') ORDER BY 1;
SELECT institution, status FROM report.completeness('survey.flu', '2020-12-01', '2020-12-02 11:00+09') ORDER BY 1;
SELECT institution, status FROM report.completeness('survey.flu', '2020-12-01', '2020-12-02 13:00+09') ORDER BY 1;
SET outbreak.time_zone = 'UTC';
SELECT report.due_at('survey.flu', '2020-12-01');
ROLLBACK;
