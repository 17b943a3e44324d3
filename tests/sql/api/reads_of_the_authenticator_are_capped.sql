-- outbreak.api_max_rows becomes the LIMIT of the queries that PostgREST writes around reads, in sessions of the
-- authenticator and nowhere else; and a statement that was cancelled there is PT504, which is no server error.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
CREATE ROLE ob_test_officer LOGIN;
CREATE TABLE many AS SELECT generate_series(1, 100) AS n;
GRANT SELECT, INSERT ON many TO PUBLIC;
CREATE FUNCTION nap() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(60); RETURN true; EXCEPTION WHEN OTHERS THEN RETURN false; END $$;
-- as PostgREST 12 writes it: a table, a function; prepared, and one plan for all
SET plan_cache_mode = force_generic_plan;
PREPARE of_table (bigint, bigint) AS WITH pgrst_source AS (SELECT many.* FROM many ORDER BY n DESC LIMIT $1 OFFSET $2) SELECT pg_catalog.count(_postgrest_t) AS page_total, json_agg(_postgrest_t.n) AS body FROM (SELECT * FROM pgrst_source) _postgrest_t;
PREPARE of_function (bigint, bigint) AS WITH pgrst_source AS (SELECT pgrst_call.* FROM generate_series(1, 100) pgrst_call) SELECT pg_catalog.count(_postgrest_t) AS page_total, json_agg(_postgrest_t.pgrst_call) AS body FROM (SELECT record.* FROM pgrst_source AS record LIMIT $1 OFFSET $2) _postgrest_t;
SET SESSION AUTHORIZATION outbreak_authenticator;
EXECUTE of_table (4, 0);
SET LOCAL outbreak.api_max_rows = 3;
EXECUTE of_table (4, 0);
EXECUTE of_table (NULL, 10);
EXECUTE of_table (2, 0);
EXECUTE of_table (0, 0);
EXECUTE of_function (4, 0);
EXECUTE of_function (NULL, 10);
EXECUTE of_function (2, 0);
SET LOCAL outbreak.api_max_rows = 5;
EXECUTE of_table (NULL, 10);
EXECUTE of_function (NULL, 10);
EXPLAIN (COSTS OFF) EXECUTE of_table (NULL, 10);
-- what is written comes back whole; other queries are left alone
WITH pgrst_source AS (INSERT INTO many SELECT generate_series(101, 110) RETURNING n) SELECT count(*) FROM (SELECT * FROM pgrst_source) _postgrest_t;
WITH other AS (SELECT n FROM many) SELECT count(*) FROM (SELECT * FROM other) _postgrest_t;
WITH pgrst_source AS (SELECT n FROM many) SELECT count(*) FROM (SELECT * FROM pgrst_source) another;
SELECT count(*) FROM many;
-- PT504 for the one who waits, 57014 for what runs inside of it
SET LOCAL statement_timeout = '50 ms';
\set VERBOSITY sqlstate
SELECT pg_sleep(60);
SELECT nap();
SET LOCAL statement_timeout = 0;
-- another login
SET SESSION AUTHORIZATION ob_test_officer;
DEALLOCATE of_table;
WITH pgrst_source AS (SELECT n FROM many) SELECT count(*) FROM (SELECT * FROM pgrst_source) _postgrest_t;
SET LOCAL statement_timeout = '50 ms';
SELECT pg_sleep(60);
SET LOCAL statement_timeout = 0;
RESET SESSION AUTHORIZATION;
ROLLBACK;
