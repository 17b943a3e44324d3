-- Anybody can set request.jwt.claims; only the authenticator's sessions are believed. Everybody else has the scope of
-- the account of the login role, and nobody has one by default.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
CREATE ROLE ob_test_officer LOGIN;
CREATE ROLE ob_test_nobody LOGIN;
GRANT outbreak_prefecture TO ob_test_officer;
GRANT outbreak_ministry TO ob_test_nobody;
INSERT INTO access.account (login, prefecture) VALUES ('ob_test_officer', 13);
CREATE VIEW scope AS SELECT outbreak.my_prefecture() AS prefecture, outbreak.my_institution() AS institution, outbreak.my_institutions() AS institutions, outbreak.my_organisation() AS organisation;
GRANT SELECT ON scope TO PUBLIC;
-- the authenticator, as PostgREST uses it
SET SESSION AUTHORIZATION outbreak_authenticator;
SELECT * FROM scope;
SET LOCAL request.jwt.claims = '{"role": "outbreak_prefecture", "prefecture": 27}';
SET LOCAL ROLE outbreak_prefecture;
SELECT * FROM scope;
-- other claims in the same transaction are other claims
SET LOCAL request.jwt.claims = '{"institution": "0110112489", "organisation": "7"}';
SELECT * FROM scope;
-- claims of the wrong shape are no scope
SELECT c, (SELECT set_config('request.jwt.claims', c, true) IS NULL) AS failed, outbreak.my_prefecture(), outbreak.my_institution(), outbreak.my_organisation()
FROM unnest(ARRAY['', '{}', '[]', '7', '"x"', 'null', '{"prefecture": 0}', '{"prefecture": 48}', '{"prefecture": "13"}', '{"prefecture": "13 or 1"}', '{"prefecture": 1.5}', '{"prefecture": [13]}', '{"prefecture": 99999999999999999999}',
	'{"institution": "0110112480"}', '{"institution": 110112489}', '{"organisation": -1}', '{"organisation": null}', '{"Prefecture": 13}']) AS c;
SET LOCAL request.jwt.claims = '{"prefecture": ';
SELECT outbreak.my_prefecture();
SET LOCAL request.jwt.claims = '{"prefecture": 27}';
SELECT outbreak.my_prefecture();
RESET ROLE;
-- an officer who connects directly
SET SESSION AUTHORIZATION ob_test_officer;
SELECT * FROM scope;
SET LOCAL request.jwt.claims = '{"prefecture": 1}';
SELECT * FROM scope;
SET LOCAL ROLE outbreak_prefecture;
SELECT * FROM scope;
RESET ROLE;
-- somebody without an account
SET SESSION AUTHORIZATION ob_test_nobody;
SET LOCAL request.jwt.claims = '{"prefecture": 1, "institution": "0110112489", "organisation": 7}';
SELECT * FROM scope;
-- and nobody may say who the authenticator is
SET outbreak.access_authenticator = 'ob_test_nobody';
\echo :LAST_ERROR_SQLSTATE
RESET SESSION AUTHORIZATION;
-- an account counts on the dates of its validity
UPDATE access.account SET valid = '(,2020-01-01)';
SET SESSION AUTHORIZATION ob_test_officer;
SELECT * FROM scope;
RESET SESSION AUTHORIZATION;
-- an association enters for its members, from the day on which it may
INSERT INTO registry.municipality (municipality, prefecture, name_ja) VALUES ('011002', 1, '札幌市');
INSERT INTO registry.institution (institution, municipality, kind, name_ja) SELECT outbreak.provisional_institution_code(1, n), '011002', 'clinic', 'C' || n FROM generate_series(1, 3) AS n;
INSERT INTO registry.organisation (organisation, kind, name_ja, prefecture) VALUES (7, 'medical_association', '札幌市医師会', 1);
INSERT INTO registry.proxy (organisation, institution, valid) SELECT 7, outbreak.provisional_institution_code(1, n), CASE n WHEN 3 THEN '(,2020-01-01)' ELSE '(,)' END::daterange FROM generate_series(1, 3) AS n;
SET SESSION AUTHORIZATION outbreak_authenticator;
SET LOCAL request.jwt.claims = '{"organisation": 7}';
SELECT ARRAY(SELECT unnest(outbreak.my_institutions())::text ORDER BY 1) AS institutions;
RESET SESSION AUTHORIZATION;
-- the getters are cheap enough for policies: they hold in parallel workers and keep index scans
SELECT p.proname, p.provolatile, p.proleakproof, p.proparallel FROM pg_proc AS p WHERE p.pronamespace = 'outbreak'::regnamespace AND (p.proname LIKE 'my\_%' OR p.proname = 'scope') ORDER BY 1;
CREATE TABLE many AS SELECT (n % 47 + 1)::smallint AS prefecture, n FROM generate_series(1, 50000) AS n;
CREATE INDEX ON many (prefecture);
ANALYZE many;
ALTER TABLE many ENABLE ROW LEVEL SECURITY;
CREATE POLICY prefecture ON many TO outbreak_prefecture USING (prefecture = outbreak.my_prefecture());
GRANT SELECT ON many TO outbreak_prefecture;
UPDATE access.account SET valid = '(,)';
SET SESSION AUTHORIZATION ob_test_officer;
EXPLAIN (COSTS OFF) SELECT count(*) FROM many WHERE n < 100;
SELECT count(*), min(prefecture), max(prefecture) FROM many;
SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0; SET LOCAL min_parallel_table_scan_size = 0; SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL force_parallel_mode = on;
SELECT count(*), min(prefecture), max(prefecture) FROM many;
RESET SESSION AUTHORIZATION;
ROLLBACK;
