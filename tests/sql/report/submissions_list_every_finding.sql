-- report.submit() takes all of its records or none, and tells everything that is wrong with any of them.
BEGIN;
\set ON_ERROR_ROLLBACK on
\getenv srcdir PG_ABS_SRCDIR
\set setup :srcdir /sql/report/setup.inc
\i :setup
SELECT report.submit('survey.flu', '[{"institution": "0190000018", "on_date": "2020-12-01", "cases": 1, "beds": 10}, {"institution": "0190000026", "on_date": "2020-12-01", "cases": 1, "beds": 700}]');
DO $$
DECLARE
	detail text;
	finding jsonb;
BEGIN
	PERFORM report.submit('survey.flu', '[{"institution": "0190000034", "on_date": "2020-12-01", "cases": 1, "beds": 10},
		{"institution": "0190000042", "on_date": "2020-12-01", "cases": 2000, "beds": 10}, {"institution": "0190000059", "cases": "x"}]');
EXCEPTION WHEN SQLSTATE 'OB001' THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	FOR finding IN SELECT * FROM jsonb_array_elements(detail::jsonb) LOOP
		RAISE NOTICE '% % % %', finding ->> 'record', finding ->> 'code', finding ->> 'verdict', finding -> 'fields';
	END LOOP;
END
$$;
SELECT institution, on_date, cases, beds, source FROM survey.flu ORDER BY 1;
-- precedence: own entry, then proxy, then import; what is kept out is not lost
SELECT report.submit('survey.flu', '{"institution": "0190000018", "on_date": "2020-12-01", "cases": 2, "beds": 10}', 'import') - 'findings' AS import;
SELECT report.submit('survey.flu', '{"institution": "0190000018", "on_date": "2020-12-01", "cases": 3, "beds": 10}') - 'findings' AS own;
SELECT report.submit('survey.flu', '{"institution": "0190000034", "on_date": "2020-12-01", "cases": 4, "beds": 10}', 'import') - 'findings' AS import;
SELECT report.submit('survey.flu', '{"institution": "0190000034", "on_date": "2020-12-01", "cases": 5, "beds": 10}', 'proxy') - 'findings' AS proxy;
SELECT report.submit('survey.flu', '{"institution": "0190000034", "on_date": "2020-12-01", "cases": 6, "beds": 10}', 'import') - 'findings' AS import;
SELECT institution, cases, source FROM survey.flu ORDER BY 1;
SELECT reporter, record ->> 'cases' AS cases, findings -> 0 ->> 'code' AS code FROM report.rejected WHERE form = 'survey.flu'::regclass ORDER BY id;
\set VERBOSITY terse
-- the same holds for whoever writes to the table itself
UPDATE survey.flu SET cases = 9, source = 'import' WHERE source = 'proxy';
\echo :LAST_ERROR_SQLSTATE
UPDATE survey.flu SET cases = 9, source = 'own' WHERE source = 'proxy';
SELECT report.submit('survey.flu', '"x"');
\echo :LAST_ERROR_SQLSTATE
SELECT report.submit('survey.flu', NULL);
\echo :LAST_ERROR_SQLSTATE
SELECT report.submit('survey.flu', '[]', 'rumour');
\echo :LAST_ERROR_SQLSTATE
SELECT report.submit('survey.flu', '[]') AS nothing;
SELECT report.submit('survey.flu', '[{"institution": "0190000018", "on_date": "2020-12-05"}, {"institution": "0190000018", "on_date": "2020-12-05"}]');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK;
