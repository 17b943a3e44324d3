-- report.register() says why a table cannot be a form, can be called again, and copes with wide tables and dropped columns.
BEGIN;
\set ON_ERROR_ROLLBACK on
\getenv srcdir PG_ABS_SRCDIR
\set setup :srcdir /sql/report/setup.inc
\i :setup
\set VERBOSITY terse
CREATE TABLE survey.keyless (institution institution_code, on_date date);
SELECT report.register('survey.keyless', 'institution', 'on_date');
\echo :LAST_ERROR_SQLSTATE
CREATE TABLE survey.timed (institution institution_code, on_date timestamp, PRIMARY KEY (institution, on_date));
SELECT report.register('survey.timed', 'institution', 'on_date');
\echo :LAST_ERROR_SQLSTATE
CREATE VIEW survey.seen AS SELECT 1;
SELECT report.register('survey.seen', 'institution', 'on_date');
\echo :LAST_ERROR_SQLSTATE
SELECT report.register('survey.flu', 'institution', 'on_date', meanings => '{"beds": "heap"}');
\echo :LAST_ERROR_SQLSTATE
SELECT report.register('survey.flu', 'institution', 'on_date', 'year');
\echo :LAST_ERROR_SQLSTATE
-- again, with other meanings: rules stay
SELECT report.register('survey.flu', 'institution', 'on_date', meanings => '{"beds": "stock"}');
SELECT count(*) FROM report.rule WHERE form = 'survey.flu'::regclass;
SELECT item, meaning FROM report.item WHERE form = 'survey.flu'::regclass;
-- a new column: rules may name it after the form was registered again
ALTER TABLE survey.flu ADD COLUMN deaths int;
SELECT report.reattach('survey.flu');
INSERT INTO report.rule (form, code, expression, severity, message_ja, message_en) VALUES ('survey.flu', 'deaths', 'deaths <= cases', 'error', '-', 'deaths');
INSERT INTO survey.flu (institution, on_date, cases, beds, deaths) VALUES (survey.i(1), '2020-12-01', 5, 10, 6);
\echo :LAST_ERROR_SQLSTATE
INSERT INTO survey.flu (institution, on_date, cases, beds, deaths) VALUES (survey.i(1), '2020-12-01', 5, 10, 4);
DELETE FROM survey.flu;
-- dropping a column drops the CHECK that names it: then no report is taken until the form is mended
ALTER TABLE survey.flu DROP COLUMN note;
INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(1), '2020-12-01', 5, 10);
\echo :LAST_ERROR_SQLSTATE
SELECT report.reattach('survey.flu');
INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(1), '2020-12-01', 5, 10);
INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(1), '2020-12-02', 50, 10);
\echo :LAST_ERROR_SQLSTATE
-- renamed, it is the same form
ALTER TABLE survey.flu RENAME COLUMN cases TO patients;
INSERT INTO survey.flu (institution, on_date, patients, beds) VALUES (survey.i(1), '2020-12-02', 50, 10);
\echo :LAST_ERROR_SQLSTATE
-- 120 columns
SELECT format('CREATE TABLE survey.wide (institution institution_code, on_date date, %s, PRIMARY KEY (institution, on_date))', string_agg('c' || n || ' int', ', ')) FROM generate_series(1, 120) AS n \gexec
SELECT report.register('survey.wide', 'institution', 'on_date');
INSERT INTO report.rule (form, code, expression, severity, message_ja, message_en) VALUES ('survey.wide', 'c120', 'c120 >= c1', 'error', '-', 'c120');
INSERT INTO survey.wide (institution, on_date, c1, c120) VALUES (survey.i(1), '2020-12-01', 5, 4);
\echo :LAST_ERROR_SQLSTATE
INSERT INTO survey.wide (institution, on_date, c1, c120) VALUES (survey.i(1), '2020-12-01', 5, 6);
-- no form any more: an ordinary table, whose rows stay
SELECT report.unregister('survey.wide');
INSERT INTO survey.wide (institution, on_date, c1, c120) VALUES (survey.i(1), '2020-12-02', 5, 4);
SELECT count(*) FROM survey.wide;
SELECT count(*) FROM report.rule WHERE form = 'survey.wide'::regclass;
SELECT report.reattach('survey.wide');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK;
