-- SET ROLE leaves the scope alone; prepared statements, generic plans, cursors and parallel workers read the scope of
-- the moment in which they run, and never that of a former role, login, transaction or token.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
CREATE ROLE ob_test_officer LOGIN;
GRANT outbreak_prefecture, outbreak_ministry TO ob_test_officer;
INSERT INTO access.account (login, prefecture) VALUES ('ob_test_officer', 13);
CREATE TABLE many AS SELECT (n % 47 + 1)::smallint AS prefecture, n FROM generate_series(1, 47000) AS n;
CREATE INDEX many_idx ON many (prefecture);
ANALYZE many;
ALTER TABLE many ENABLE ROW LEVEL SECURITY;
CREATE POLICY prefecture ON many TO outbreak_prefecture USING (prefecture = outbreak.my_prefecture());
CREATE POLICY ministry ON many TO outbreak_ministry USING (true);
GRANT SELECT ON many TO outbreak_prefecture, outbreak_ministry;

-- one plan, other claims, roles and logins
SET plan_cache_mode = force_generic_plan;
PREPARE mine AS SELECT outbreak.my_prefecture() AS mine, count(*), min(prefecture), max(prefecture) FROM many;
SET SESSION AUTHORIZATION outbreak_authenticator;
SET LOCAL ROLE outbreak_prefecture;
EXECUTE mine;
SET LOCAL request.jwt.claims = '{"prefecture": 13}';
EXECUTE mine;
SET LOCAL request.jwt.claims = '{"prefecture": 27}';
EXECUTE mine;
EXPLAIN (COSTS OFF) EXECUTE mine;
SET LOCAL ROLE outbreak_ministry;
EXECUTE mine;
SET LOCAL ROLE outbreak_prefecture;
EXECUTE mine;
SAVEPOINT s;
SET LOCAL request.jwt.claims = '{"prefecture": 1}';
EXECUTE mine;
ROLLBACK TO s;
EXECUTE mine;
SET SESSION AUTHORIZATION ob_test_officer;
EXECUTE mine;
SET LOCAL ROLE outbreak_prefecture;
SET LOCAL request.jwt.claims = '{"prefecture": 27}';
EXECUTE mine;
RESET SESSION AUTHORIZATION;
RESET plan_cache_mode;

-- a function that runs as somebody else keeps the scope of the session
CREATE FUNCTION elsewhere() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT current_user || '' '' || coalesce(outbreak.my_prefecture()::text, ''nothing'')';
SELECT replace(elsewhere(), session_user, 'superuser');
SET SESSION AUTHORIZATION outbreak_authenticator;
SET LOCAL request.jwt.claims = '{"prefecture": 27}';
SELECT outbreak.scope() ->> 'role' AS role, outbreak.my_prefecture();
SELECT regexp_replace(elsewhere(), '^\S+', 'superuser');

-- a cursor goes on as it began when an index found its rows, and judges the rest by the new claims in a filter: never
-- does it give rows that neither of its scopes has
SET LOCAL ROLE outbreak_prefecture;
SET LOCAL enable_seqscan = off;
DECLARE by_index CURSOR FOR SELECT prefecture FROM many;
SET LOCAL enable_seqscan = on; SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_indexonlyscan = off;
DECLARE by_filter CURSOR FOR SELECT prefecture FROM many;
FETCH 1 FROM by_index;
FETCH 1 FROM by_filter;
SET LOCAL request.jwt.claims = '{"prefecture": 13}';
FETCH 1 FROM by_index;
FETCH 1 FROM by_filter;
-- opened under other claims, but asked first under these
SET LOCAL request.jwt.claims = '{"prefecture": 27}';
DECLARE later CURSOR FOR SELECT prefecture FROM many;
SET LOCAL request.jwt.claims = '{}';
FETCH 1 FROM later;
-- its role is that of its opener
SET LOCAL request.jwt.claims = '{"prefecture": 27}';
RESET ROLE;
FETCH 1 FROM by_filter;
SELECT count(*) FROM many;
\echo :LAST_ERROR_SQLSTATE

-- parallel workers: claims and accounts
SET LOCAL ROLE outbreak_prefecture;
SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0; SET LOCAL min_parallel_table_scan_size = 0; SET LOCAL max_parallel_workers_per_gather = 4; SET LOCAL parallel_leader_participation = off;
EXPLAIN (COSTS OFF) SELECT count(*) FROM many;
SELECT count(*), min(prefecture), max(prefecture) FROM many;
SET LOCAL force_parallel_mode = on;
SET LOCAL request.jwt.claims = '{"sub": "somebody", "prefecture": 27, "health_center": 4711, "municipality": "271004", "institution": "0110112489", "organisation": 7, "person": "0c3b6d4e-2f7a-4b1c-9d8e-5f6a7b8c9d0e"}';
SELECT outbreak.my_subject(), outbreak.my_prefecture(), outbreak.my_health_center(), outbreak.my_municipality(), outbreak.my_institution(), outbreak.my_organisation(), outbreak.my_person(), outbreak.my_institutions();
SELECT outbreak.scope();
SELECT count(*), min(prefecture), max(prefecture) FROM many;
SET LOCAL request.jwt.claims = '{"prefecture": ';
SELECT count(*) FROM many;
SET SESSION AUTHORIZATION ob_test_officer;
SET LOCAL ROLE outbreak_prefecture;
SELECT count(*), min(prefecture), max(prefecture) FROM many;
-- row_security = off, as pg_dump and pg_restore set it, asks whether policies would hide anything; the scope does not mind
SET LOCAL row_security = off;
SELECT outbreak.my_prefecture();
SELECT count(*) FROM many;
\echo :LAST_ERROR_SQLSTATE
RESET SESSION AUTHORIZATION;
SET LOCAL row_security = off;
INSERT INTO registry.organisation (organisation, kind, name_ja) VALUES (7, 'medical_association', '医師会');
SET SESSION AUTHORIZATION outbreak_authenticator;
SET LOCAL request.jwt.claims = '{"sub": "somebody", "organisation": 7}';
SELECT outbreak.my_institutions(), outbreak.my_subject();
RESET SESSION AUTHORIZATION;
ROLLBACK;
-- nothing of it outlives the transaction
BEGIN;
SET SESSION AUTHORIZATION outbreak_authenticator;
SELECT outbreak.my_prefecture(), outbreak.scope() ->> 'source' AS source;
RESET SESSION AUTHORIZATION;
ROLLBACK;
