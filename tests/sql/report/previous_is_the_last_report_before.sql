-- previous.<column> is the reporter's last report before this one, however the statement orders its rows.
BEGIN;
\set ON_ERROR_ROLLBACK on
\getenv srcdir PG_ABS_SRCDIR
\set setup :srcdir /sql/report/setup.inc
\i :setup
CREATE FUNCTION survey.jumps() RETURNS TABLE (institution text, on_date text) LANGUAGE SQL
AS $$ SELECT key ->> 'institution', key ->> 'on_date' FROM report.finding WHERE form = 'survey.flu'::regclass AND code = 'beds_jump' ORDER BY 1, 2 $$;
-- in order, in one statement
INSERT INTO survey.flu (institution, on_date, cases, beds)
SELECT survey.i(1), date '2020-12-01' + n, 1, (ARRAY[10, 20, 50, 60, 100])[n + 1] FROM generate_series(0, 4) AS n;
SELECT * FROM survey.jumps();
-- backwards
INSERT INTO survey.flu (institution, on_date, cases, beds)
SELECT survey.i(2), date '2020-12-01' + n, 1, (ARRAY[10, 20, 50, 60, 100])[n + 1] FROM generate_series(4, 0, -1) AS n;
SELECT * FROM survey.jumps() WHERE institution = survey.i(2)::text;
-- with gaps, and between reports that are there
INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(3), '2020-12-01', 1, 10), (survey.i(3), '2020-12-20', 1, 100);
INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(3), '2020-12-19', 1, 90), (survey.i(3), '2020-12-21', 1, 110);
SELECT * FROM survey.jumps() WHERE institution = survey.i(3)::text;
-- one at a time
INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(4), '2020-12-01', 1, 10);
INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(4), '2020-12-02', 1, 40);
-- an upsert replaces the row that was warned of
INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(4), '2020-12-02', 1, 30) ON CONFLICT (institution, on_date) DO UPDATE SET beds = excluded.beds;
SELECT * FROM survey.jumps() WHERE institution = survey.i(4)::text;
INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(4), '2020-12-02', 1, 31) ON CONFLICT (institution, on_date) DO UPDATE SET beds = excluded.beds;
SELECT * FROM survey.jumps() WHERE institution = survey.i(4)::text;
-- further back than the lookback of 31 days there is no previous report
INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(5), '2020-10-01', 1, 10), (survey.i(5), '2020-12-01', 1, 400);
SELECT count(*) FROM survey.jumps() WHERE institution = survey.i(5)::text;
-- an update judges against the report before
UPDATE survey.flu SET beds = beds + 100 WHERE institution = survey.i(3) AND on_date = '2020-12-21';
SELECT * FROM survey.jumps() WHERE institution = survey.i(3)::text;
-- a rule of severity error about the previous report refuses the statement, though no CHECK could
INSERT INTO report.rule (form, code, expression, severity, message_ja, message_en)
VALUES ('survey.flu', 'cases_leap', 'cases <= previous.cases + 100', 'error', '急増', 'cases leapt');
\set VERBOSITY terse
INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(1), '2020-12-06', 102, 120);
\echo :LAST_ERROR_SQLSTATE
SET outbreak.on_invalid = 'quarantine';
INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(1), '2020-12-06', 102, 120), (survey.i(1), '2020-12-07', 103, 120);
SELECT on_date, cases FROM survey.flu WHERE institution = survey.i(1) AND on_date > '2020-12-05';
SELECT period, findings -> 0 ->> 'code' FROM report.rejected WHERE form = 'survey.flu'::regclass ORDER BY 1;
-- forms with further key columns: the last report about the same item, by its own step
CREATE TABLE survey.stock (institution institution_code, week_on date, item text, stock int, PRIMARY KEY (institution, week_on, item)) PARTITION BY RANGE (week_on);
CREATE TABLE survey.stock_default PARTITION OF survey.stock DEFAULT;
SELECT report.register('survey.stock', 'institution', 'week_on', 'week', '9 days');
INSERT INTO report.rule (form, code, expression, severity, message_ja, message_en)
VALUES ('survey.stock', 'stock_jump', 'stock <= previous.stock * 2', 'warning', '急増', 'stock doubled');
INSERT INTO survey.stock (institution, week_on, item, stock)
SELECT survey.i(1), date '2020-12-07' + 7 * w, item, CASE item WHEN 'mask' THEN 10 * (w + 1) ELSE 10 * 3 ^ w END
FROM generate_series(0, 2) AS w, unnest('{mask,gown}'::text[]) AS item;
SELECT key, code FROM report.finding WHERE form = 'survey.stock'::regclass ORDER BY 1;
ROLLBACK;
