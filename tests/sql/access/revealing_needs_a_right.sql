-- To reveal takes three things: EXECUTE on the function, a right by purpose, and the row. Rights are looked up for the
-- role that the user is at that moment, are counted by user and hour, and are of no use in a read-only transaction.
BEGIN;
\set ON_ERROR_ROLLBACK on
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\set anna '\'aaaaaaaa-0000-4000-8000-000000000001\''
CREATE TABLE person (person uuid, name outbreak.sealed, note outbreak.sealed);
INSERT INTO person SELECT s::uuid, outbreak.seal('Anna', 'name', s::uuid), outbreak.seal('a note', 'note', s::uuid) FROM (VALUES (:anna)) AS v (s);
GRANT SELECT ON person TO PUBLIC;
CREATE ROLE ob_test_officer LOGIN;
CREATE ROLE ob_test_other LOGIN;
CREATE ROLE ob_test_noinherit LOGIN NOINHERIT;
GRANT outbreak_health_center TO ob_test_officer, ob_test_noinherit;
GRANT outbreak_analyst TO ob_test_officer, ob_test_other;
-- what each role may call, and reveal by default
SELECT r AS role, has_function_privilege(r, 'outbreak.seal(text, text, uuid)', 'EXECUTE') AS seal, has_function_privilege(r, 'outbreak.reveal(outbreak.sealed, text, uuid)', 'EXECUTE') AS reveal, has_function_privilege(r, 'outbreak.seal_lookup(text, text)', 'EXECUTE') AS lookup,
	has_function_privilege(r, 'access.forget(uuid)', 'EXECUTE') AS forget, has_function_privilege(r, 'access.rotate_keys(integer)', 'EXECUTE') AS rotate, (SELECT string_agg(purpose, ' ' ORDER BY purpose COLLATE "C") FROM access.reveal_right AS a WHERE a.role = r) AS purposes
FROM (SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'outbreak\_%' UNION ALL SELECT 'ob_test_other') AS v (r) ORDER BY r COLLATE "C";
SELECT count(*) AS readable_key_tables FROM pg_roles AS r, unnest('{access.master_key,access.data_key}'::regclass[]) AS t WHERE r.rolname <> 'outbreak_owner' AND NOT r.rolsuper AND r.rolname !~ '^pg_' AND has_table_privilege(r.oid, t, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER');
-- by membership
SET SESSION AUTHORIZATION ob_test_officer;
SELECT outbreak.reveal(name, 'name', person) FROM person;
SELECT outbreak.reveal(note, 'note', person) FROM person;
\echo :LAST_ERROR_SQLSTATE
-- the right is that of the role that he is now, also within one transaction and for one call of a plan
SET ROLE outbreak_analyst;
SELECT outbreak.reveal(name, 'name', person) FROM person;
\echo :LAST_ERROR_SQLSTATE
RESET ROLE;
SELECT outbreak.reveal(name, 'name', person) FROM person;
RESET SESSION AUTHORIZATION;
-- EXECUTE alone is not enough, and a right alone neither
GRANT EXECUTE ON FUNCTION outbreak.reveal(outbreak.sealed, text, uuid) TO outbreak_analyst;
SET SESSION AUTHORIZATION ob_test_other;
SELECT outbreak.reveal(name, 'name', person) FROM person;
\echo :LAST_ERROR_SQLSTATE
RESET SESSION AUTHORIZATION;
REVOKE EXECUTE ON FUNCTION outbreak.reveal(outbreak.sealed, text, uuid) FROM outbreak_analyst;
INSERT INTO access.reveal_right VALUES ('name', 'outbreak_analyst');
SET SESSION AUTHORIZATION ob_test_other;
SELECT outbreak.reveal(name, 'name', person) FROM person;
\echo :LAST_ERROR_SQLSTATE
RESET SESSION AUTHORIZATION;
-- who does not inherit has the right after SET ROLE only
GRANT EXECUTE ON FUNCTION outbreak.reveal(outbreak.sealed, text, uuid) TO ob_test_noinherit;
SET SESSION AUTHORIZATION ob_test_noinherit;
SELECT outbreak.reveal(name, 'name', person) FROM person;
\echo :LAST_ERROR_SQLSTATE
SET ROLE outbreak_health_center;
SELECT outbreak.reveal(name, 'name', person) FROM person;
RESET SESSION AUTHORIZATION;
-- a right is given and taken by the ministry, for the next statement on
SET ROLE outbreak_ministry;
INSERT INTO access.reveal_right VALUES ('note', 'outbreak_health_center');
RESET ROLE;
SET SESSION AUTHORIZATION ob_test_officer;
SELECT outbreak.reveal(note, 'note', person) FROM person;
INSERT INTO access.reveal_right VALUES ('mail', 'ob_test_officer');
\echo :LAST_ERROR_SQLSTATE
RESET SESSION AUTHORIZATION;
DELETE FROM access.reveal_right WHERE purpose = 'note';
SET SESSION AUTHORIZATION ob_test_officer;
SELECT outbreak.reveal(note, 'note', person) FROM person;
\echo :LAST_ERROR_SQLSTATE
RESET SESSION AUTHORIZATION;
-- a right of a role that is gone is nobody's
INSERT INTO access.reveal_right VALUES ('note', 'ob_test_never_was'), ('note', 'public');
SET SESSION AUTHORIZATION ob_test_officer;
SELECT outbreak.reveal(note, 'note', person) FROM person;
\echo :LAST_ERROR_SQLSTATE
RESET SESSION AUTHORIZATION;
-- a superuser may reveal, and is counted and noted like everybody
SELECT outbreak.reveal(note, 'note', person) FROM person;
-- the limit by user and hour; attempts count
SET outbreak.access_reveal_limit = 3;
SET SESSION AUTHORIZATION ob_test_officer;
SELECT outbreak.reveal(name, 'name', person) FROM person, generate_series(1, 2);
SELECT outbreak.reveal(name, 'name', :anna) FROM person;
SELECT outbreak.reveal(name, 'name', person) FROM person;
\echo :LAST_ERROR_SQLSTATE
SET outbreak.access_reveal_limit = 0;
\echo :LAST_ERROR_SQLSTATE
SET SESSION AUTHORIZATION ob_test_noinherit;
SET ROLE outbreak_health_center;
SELECT outbreak.reveal(name, 'name', person) FROM person;
RESET SESSION AUTHORIZATION;
RESET outbreak.access_reveal_limit;
-- read-only: nothing could be noted, so nothing is revealed; a value can be sealed for a person who has a key
-- (in the transaction itself, not in a savepoint of psql)
\set ON_ERROR_ROLLBACK off
SET TRANSACTION READ ONLY;
\set ON_ERROR_ROLLBACK on
SELECT outbreak.reveal(name, 'name', person) FROM person;
\echo :LAST_ERROR_SQLSTATE
SELECT outbreak.seal('Anna', 'name', :anna) OPERATOR(outbreak.=) outbreak.seal_lookup('anna', 'name') AS sealed;
SELECT outbreak.seal('Berta', 'name', gen_random_uuid());
\echo :LAST_ERROR_SQLSTATE
SELECT access.rotate_keys();
\echo :LAST_ERROR_SQLSTATE
SELECT access.forget(:anna);
\echo :LAST_ERROR_SQLSTATE
ROLLBACK;
