-- NULL means not answered. A rule that it leaves undecided is reported so, and refuses nothing.
BEGIN;
\set ON_ERROR_ROLLBACK on
\getenv srcdir PG_ABS_SRCDIR
\set setup :srcdir /sql/report/setup.inc
\i :setup
SELECT code, severity, verdict, fields FROM report.check('survey.flu', '{"institution": "0190000018", "on_date": "2020-12-01", "cases": 5}');
SELECT code, verdict FROM report.check('survey.flu', '{"institution": "0190000018", "on_date": "2020-12-01", "cases": 5, "beds": null}');
SELECT code, verdict FROM report.check('survey.flu', '{"institution": "0190000018", "on_date": "2020-12-01", "beds": 9, "cases": 10}');
INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(1), '2020-12-01', 5, NULL), (survey.i(1), '2020-12-02', 5, 10), (survey.i(1), '2020-12-03', 5, 40);
SELECT * FROM report.verdicts('survey.flu', '2020-12-01', '2020-12-31');
-- a rule is for the periods of its validity
UPDATE report.rule SET valid = '[2020-12-03,)' WHERE form = 'survey.flu'::regclass AND code = 'cases_range';
SELECT * FROM report.verdicts('survey.flu', '2020-12-01', '2020-12-31') WHERE code = 'cases_range';
INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(2), '2020-12-01', 5000, 6000);
\set VERBOSITY terse
INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(2), '2020-12-03', 5000, 6000);
\echo :LAST_ERROR_SQLSTATE
-- misfits are findings too, and their texts do not repeat what was sent
SELECT code, verdict, fields, message_ja, message_en FROM report.check('survey.flu', '{"institution": "0190000011", "on_date": "2020-13-01", "cases": "secret", "beds": 1.5, "nosuch": 1}');
SELECT code, fields FROM report.check('survey.flu', '{"cases": 99999999999}');
SELECT code, message_en FROM report.check('survey.flu', '[1]');
SELECT code, message_en FROM report.check('survey.flu', '{"institution": "0190000018", "on_date": "2020-12-01", "cases": {"a": 1}}');
SELECT report.check('pg_class', '{}');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK;
