-- A rule of severity error refuses the statement; the DETAIL lists every finding about the row, not only the first.
BEGIN;
\set ON_ERROR_ROLLBACK on
\getenv srcdir PG_ABS_SRCDIR
\set setup :srcdir /sql/report/setup.inc
\i :setup
INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(1), '2020-12-01', 5, 10);
\set VERBOSITY terse
INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(1), '2020-12-02', 2000, 10);
\echo :LAST_ERROR_SQLSTATE
UPDATE survey.flu SET cases = 11;
\echo :LAST_ERROR_SQLSTATE
COPY survey.flu (institution, on_date, cases, beds) FROM stdin (FORMAT csv);
0190000018,2020-12-02,3,10
0190000018,2020-12-03,-3,10
\.
\echo :LAST_ERROR_SQLSTATE
\set VERBOSITY default
DO $$
DECLARE
	detail text;
BEGIN
	INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(1), '2020-12-02', 2000, 600);
EXCEPTION WHEN SQLSTATE 'OB001' THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RAISE NOTICE '%', jsonb_pretty(detail::jsonb);
END
$$;
-- what was good stands, what was refused does not
SELECT institution, on_date, cases, beds FROM survey.flu ORDER BY 1, 2;
-- an institution that is not in the registry is no reporter, even where it could write
\set VERBOSITY terse
INSERT INTO survey.flu (institution, on_date) VALUES (survey.i(21), '2020-12-01'), (survey.i(22), '2020-12-01');
\echo :LAST_ERROR_SQLSTATE
-- the system's column is the system's
INSERT INTO survey.flu (institution, on_date, recorded_at) VALUES (survey.i(2), '2020-12-01', '2020-12-01');
\echo :LAST_ERROR_SQLSTATE
INSERT INTO survey.flu (institution, on_date, recorded_at) VALUES (survey.i(2), '2020-12-01', now() + interval '1 day');
\echo :LAST_ERROR_SQLSTATE
UPDATE survey.flu SET on_date = '2020-12-05';
\echo :LAST_ERROR_SQLSTATE
TRUNCATE survey.flu;
\echo :LAST_ERROR_SQLSTATE
-- a direct call with other columns than the form's
SELECT check_row('survey.flu', 1, 2);
\echo :LAST_ERROR_SQLSTATE
SELECT check_row('pg_class', 1, 2), check_row(NULL, 1);
ROLLBACK;
