-- A bucket for each key: so many requests at once, then so many a second; usable where nothing may be written. What
-- PostgREST runs before each request takes from it, and sets the time and the rows that the request may have.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
-- buckets outlive the test: keys of its own
SELECT 'test ' || gen_random_uuid() AS key \gset
SET TRANSACTION READ ONLY;
SELECT n, outbreak.take_token(:'key', 0.001, 3) = '0' AS passed FROM generate_series(1, 5) AS n;
SELECT outbreak.take_token(:'key', 0.001, 3) BETWEEN '990 s' AND '1000.1 s' AS waits;
SELECT outbreak.take_token(:'key' || '2', 0.001, 3) AS another_key;
-- looking takes none
SELECT outbreak.tokens_left(:'key' || '0', 0.001, 3) AS untouched, outbreak.take_token(:'key' || '0', 0.001, 3) = '0' AS taken, round(outbreak.tokens_left(:'key' || '0', 0.001, 3)) AS two, round(outbreak.tokens_left(:'key' || '0', 0.001, 3)) AS still_two, outbreak.tokens_left(:'key', 0.001, 3) < 1 AS used_up;
SELECT outbreak.tokens_left(:'key', 0, 1);
\echo :LAST_ERROR_SQLSTATE
-- tokens come back evenly, up to the burst
SELECT outbreak.take_token(:'key' || '3', 2, 1) = '0' AS first, outbreak.take_token(:'key' || '3', 2, 1) BETWEEN '1 ms' AND '501 ms' AS second, pg_sleep(0.6) IS NOT NULL AS slept, outbreak.take_token(:'key' || '3', 2, 1) = '0' AS third, outbreak.take_token(:'key' || '3', 2, 1) > '0' AS fourth;
-- a smaller burst holds at once
SELECT outbreak.take_token(:'key' || '4', 0.001, 100) = '0' AS one, (SELECT count(*) FILTER (WHERE outbreak.take_token(:'key' || '4', 0.001, 2) = '0') FROM generate_series(1, 9)) AS then_two;
-- not given back
SAVEPOINT s;
SELECT outbreak.take_token(:'key' || '5', 0.001, 1) = '0' AS passed;
ROLLBACK TO s;
SELECT outbreak.take_token(:'key' || '5', 0.001, 1) = '0' AS passed;
-- no rate at all
SELECT outbreak.take_token(:'key', 0, 1);
\echo :LAST_ERROR_SQLSTATE
SELECT outbreak.take_token(:'key', -1, 1);
\echo :LAST_ERROR_SQLSTATE
SELECT outbreak.take_token(:'key', 'NaN', 1);
\echo :LAST_ERROR_SQLSTATE
SELECT outbreak.take_token(:'key', 'Infinity', 1);
\echo :LAST_ERROR_SQLSTATE
SELECT outbreak.take_token(:'key', 1, 0);
\echo :LAST_ERROR_SQLSTATE
SELECT outbreak.take_token(:'key' || '6', 1e-300, 1) AS passed, outbreak.take_token(:'key' || '6', 1e-300, 1) > '300 days' AS waits, outbreak.take_token(:'key' || '7', 1e300, 2147483647) AS fast, outbreak.take_token(NULL, 1, 1) AS nobody;
SELECT outbreak.take_token('', 1000, 1) = '0' AS the_empty_key, outbreak.take_token(repeat(:'key', 100000), 0.001, 1) = '0' AS a_long_key, outbreak.take_token(repeat(:'key', 100000) || '.', 0.001, 1) = '0' AS another;
-- more keys than there are places: the oldest go, none is refused
SELECT count(*) FILTER (WHERE outbreak.take_token(:'key' || ' ' || n, 0.001, 1) = '0') AS passed FROM generate_series(1, 60000) AS n;
SELECT outbreak.take_token(:'key' || ' 60000', 0.001, 1) > '0' AS the_last_is_remembered;
ROLLBACK;

-- before each request
BEGIN;
SET client_min_messages = warning;
UPDATE access.api_limit SET burst = 3, requests_per_second = 0.001, max_rows = 77, statement_timeout = '1234 ms' WHERE role = 'outbreak_institution';
DELETE FROM access.api_limit WHERE role = 'outbreak_analyst';
INSERT INTO access.account (subject, role, institution, withdrawn_at) VALUES (:'key' || ' valid', 'outbreak_institution', '0110112489', NULL), (:'key' || ' withdrawn', 'outbreak_institution', '0110112489', now());
CREATE VIEW limits AS SELECT current_setting('statement_timeout') AS statement_timeout, current_setting('outbreak.api_max_rows') AS max_rows, outbreak.api_row_cap() AS cap;
GRANT SELECT ON limits TO PUBLIC;
SELECT role, statement_timeout, max_rows, requests_per_second, burst, per_address FROM access.api_limit ORDER BY role COLLATE "C";
SET SESSION AUTHORIZATION outbreak_authenticator;
SET LOCAL ROLE outbreak_institution;
SELECT set_config('request.jwt.claims', json_build_object('sub', :'key' || ' a')::text, true) <> '' AS claims;
SAVEPOINT before;
SELECT access.before_request();
SELECT * FROM limits;
ROLLBACK TO before;
SELECT * FROM limits;
SELECT access.before_request();
SELECT access.before_request();
-- one too many: what PostgREST makes its answer of
CREATE FUNCTION pg_temp.refusal() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	PERFORM access.before_request();
	RETURN 'let through';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN SQLSTATE || ' ' || SQLERRM || ' ' || detail;
END
$$;
SELECT regexp_replace(pg_temp.refusal(), '"(99\d|1000)"', '"about 1000"');
-- another subject, another scope without a subject, another login: buckets of their own
SELECT set_config('request.jwt.claims', json_build_object('sub', :'key' || ' b')::text, true) <> '' AS claims, pg_temp.refusal();
SELECT set_config('request.jwt.claims', json_build_object('organisation', abs(hashtext(:'key')))::text, true) <> '' AS claims;
SELECT string_agg(left(pg_temp.refusal(), 11), ',') FROM generate_series(1, 4);
SELECT set_config('request.jwt.claims', json_build_object('organisation', abs(hashtext(:'key')) + 1)::text, true) <> '' AS claims, pg_temp.refusal();
-- accounts
SELECT set_config('request.jwt.claims', json_build_object('sub', :'key' || ' valid')::text, true) <> '' AS claims, pg_temp.refusal();
SELECT set_config('request.jwt.claims', json_build_object('sub', :'key' || ' withdrawn', 'institution', '0110112489')::text, true) <> '' AS claims, pg_temp.refusal();
SET LOCAL ROLE outbreak_ministry;
SELECT set_config('request.jwt.claims', json_build_object('sub', :'key' || ' valid')::text, true) <> '' AS claims, pg_temp.refusal();
-- a role without a row has no limit
SET LOCAL ROLE outbreak_analyst;
SELECT set_config('request.jwt.claims', json_build_object('sub', :'key' || ' c')::text, true) <> '' AS claims, set_config('statement_timeout', '0', true) AS timeout, set_config('outbreak.api_max_rows', '0', true) AS rows;
SELECT string_agg(pg_temp.refusal(), ',') FROM generate_series(1, 4);
SELECT * FROM limits;

-- who sets limits
SET LOCAL ROLE outbreak_institution;
SELECT count(*) FROM access.api_limit;
SAVEPOINT s;
UPDATE access.api_limit SET max_rows = 1000000;
\echo :LAST_ERROR_SQLSTATE
ROLLBACK TO s;
SET LOCAL ROLE outbreak_ministry;
UPDATE access.api_limit SET max_rows = 78 WHERE role = 'outbreak_institution';
SELECT max_rows FROM access.api_limit WHERE role = 'outbreak_institution';
RESET SESSION AUTHORIZATION;
SELECT r.rolname, has_function_privilege(r.oid, 'access.before_request()', 'EXECUTE') AS before_request, has_function_privilege(r.oid, 'outbreak.take_token(text, double precision, integer)', 'EXECUTE') AS take_token
FROM pg_roles AS r WHERE starts_with(r.rolname, 'outbreak_') ORDER BY 1;
ROLLBACK;
