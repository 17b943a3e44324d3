-- What belongs to a session and not to a statement brings no rows of others either: COPY to the client, plans and
-- cursors kept over SET ROLE, other claims in the same transaction, parallel workers, large objects.
-- The generated attacks are in nobody_reaches_anothers_rows; like it in a database of its own, since dead rows outlast a
-- rollback, and other tests look at plans.
SET client_min_messages = warning;
\set home :DBNAME
DROP DATABASE IF EXISTS ob_test_session;
CREATE DATABASE ob_test_session TEMPLATE :"home";
\c ob_test_session
SET client_min_messages = warning;
SET timezone = 'Asia/Tokyo';
SET datestyle = 'ISO, YMD';
BEGIN;
\set ON_ERROR_ROLLBACK on
\set VERBOSITY terse
\getenv srcdir PG_ABS_SRCDIR
\getenv builddir PG_ABS_BUILDDIR
\set world :srcdir /sql/access/hostile_world.inc
\set ECHO none
\i :world
INSERT INTO hostile.filler (relation, attribute, mine, other) VALUES (NULL, 'doctors', '''通常''', '''通常'''), (NULL, 'nurses', '''通常''', '''通常'''), (NULL, 'other_staff', '''通常''', '''通常'''),
	(NULL, 'zip', '''1000001''', '''5300001'''), (NULL, 'service', '''inpatient''', '''inpatient'''), (NULL, 'status', '''停止''', '''停止'''), (NULL, 'item', '''mask''', '''mask'''), (NULL, 'birth_year', '1971', '1972');
\set rows '^(gmis\\.(daily|service_status|weekly_supply)(_history)?|report\\.(rejected|finding|expected)|ops\\.reminder|registry\\.(institution|proxy|person|identity))$'
CALL hostile.settle(1, :'rows');
CALL hostile.settle(2, :'rows');
\set ECHO all
\pset format unaligned
\pset tuples_only on
\set tokyo '{"prefecture": "13", "institution": "1310110049", "person": "00000000-0000-4000-8000-000000000013"}'
SELECT count(*) AS of_both FROM registry.person;
-- ---- COPY to the client, of every table that the role may read, and of queries that leak
\set copied :builddir /results/access/copied
SET SESSION AUTHORIZATION outbreak_authenticator;
SELECT set_config('request.jwt.claims', :'tokyo', true) <> '';
\o :copied
SET LOCAL ROLE outbreak_prefecture;
COPY gmis.daily TO STDOUT;
COPY gmis.daily_history TO STDOUT (FORMAT csv, HEADER);
COPY (SELECT * FROM registry.person) TO STDOUT;
COPY (SELECT * FROM registry.identity) TO STDOUT (FORMAT csv);
COPY (SELECT to_jsonb(r) FROM report.rejected AS r) TO STDOUT;
COPY report.finding TO STDOUT;
COPY report.expected TO STDOUT;
COPY ops.reminder TO STDOUT;
COPY registry.proxy TO STDOUT;
COPY (DELETE FROM registry.proxy RETURNING *) TO STDOUT;
SET LOCAL ROLE outbreak_institution;
COPY gmis.daily TO STDOUT;
COPY gmis.weekly_supply TO STDOUT;
COPY (UPDATE gmis.daily SET tests = tests RETURNING *) TO STDOUT;
COPY registry.identity TO STDOUT;
SET LOCAL ROLE outbreak_citizen;
COPY registry.person TO STDOUT;
COPY registry.identity TO STDOUT;
\o
RESET ROLE;
RESET SESSION AUTHORIZATION;
\set text `cat "$PG_ABS_BUILDDIR"/results/access/copied`
-- rows of one's own came, and none of the other's
SELECT :'text' ~ '1310110049' AS mine, :'text' ~ '\m7\d\d\d\M' AS mine_too, :'text' ~ 'w2:|2790000018|\m6\d\d\d\M|000000000027' AS others;
\! rm -f "$PG_ABS_BUILDDIR"/results/access/copied
-- COPY into tables with policies is not done at all, nor with the rows of a partition
SET SESSION AUTHORIZATION outbreak_authenticator;
SELECT set_config('request.jwt.claims', :'tokyo', true) <> '';
SET LOCAL ROLE outbreak_prefecture;
COPY gmis.daily (institution, on_date) FROM STDIN;
\.
\echo :LAST_ERROR_SQLSTATE
COPY gmis.daily_default TO STDOUT;
\echo :LAST_ERROR_SQLSTATE
SET LOCAL row_security = off;
COPY gmis.daily TO STDOUT;
\echo :LAST_ERROR_SQLSTATE
SET LOCAL row_security = on;
-- ---- plans kept over SET ROLE and over other claims
SET LOCAL plan_cache_mode = force_generic_plan;
SET LOCAL ROLE outbreak_ministry;
PREPARE reports AS SELECT institution FROM gmis.daily ORDER BY 1;
PREPARE people AS SELECT person FROM registry.person ORDER BY 1;
EXECUTE reports;
EXECUTE people;
SET LOCAL ROLE outbreak_prefecture;
EXECUTE reports;
EXECUTE people;
SET LOCAL ROLE outbreak_citizen;
EXECUTE reports;
\echo :LAST_ERROR_SQLSTATE
EXECUTE people;
SET LOCAL ROLE outbreak_institution;
EXECUTE people;
SELECT set_config('request.jwt.claims', '{"institution": "2790000018"}', true) <> '';
EXECUTE people;
SELECT set_config('request.jwt.claims', '{}', true) <> '';
EXECUTE people;
EXECUTE reports;
SELECT set_config('request.jwt.claims', :'tokyo', true) <> '';
EXECUTE people;
-- ---- a cursor shows what its opener might see, to whoever holds the session; it ends with the transaction
DECLARE mine CURSOR FOR SELECT person FROM registry.person;
SET LOCAL ROLE outbreak_anon;
FETCH ALL FROM mine;
SET LOCAL ROLE outbreak_institution;
SELECT set_config('request.jwt.claims', '{"institution": "2790000018"}', true) <> '';
DECLARE others CURSOR FOR SELECT person FROM registry.person;
SELECT set_config('request.jwt.claims', :'tokyo', true) <> '';
-- the getter is asked when the plan runs, by then for the new claims
FETCH ALL FROM others;
-- ---- parallel workers act for the same session
SET LOCAL ROLE outbreak_prefecture;
SET LOCAL force_parallel_mode = on;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
EXPLAIN (COSTS OFF) SELECT outbreak.my_prefecture();
SELECT outbreak.my_prefecture();
SELECT count(*) FROM registry.person;
SELECT count(*) FROM gmis.daily;
SET LOCAL ROLE outbreak_citizen;
SELECT person FROM registry.person;
RESET ROLE;
RESET SESSION AUTHORIZATION;
RESET force_parallel_mode;
-- ---- who shadows a table or a getter shadows it for himself
SET SESSION AUTHORIZATION outbreak_authenticator;
SELECT set_config('request.jwt.claims', :'tokyo', true) <> '';
SET LOCAL ROLE outbreak_prefecture;
CREATE FUNCTION pg_temp.my_prefecture() RETURNS smallint LANGUAGE SQL RETURN 27::smallint;
CREATE TEMP TABLE account AS SELECT 'outbreak_authenticator' AS login, 27 AS prefecture;
SET LOCAL search_path = pg_temp, outbreak, pg_catalog;
SELECT prefecture FROM gmis.daily;
SELECT outbreak.my_prefecture();
RESET search_path;
-- ---- large objects belong to the role that made them; nobody reads those of another role
SELECT lo_from_bytea(990027, 'w2:something') AS made \gset
SET LOCAL ROLE outbreak_institution;
SELECT lo_get(990027);
\echo :LAST_ERROR_SQLSTATE
SELECT lo_unlink(990027);
\echo :LAST_ERROR_SQLSTATE
ROLLBACK;
\c :home
DROP DATABASE ob_test_session;
