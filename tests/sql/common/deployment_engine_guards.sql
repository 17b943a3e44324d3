-- What outbreak.deploy() refuses, with its SQLSTATE, and that nothing is left of it. (Whatever needs a second
-- database or server is in tests/tap/001_deploy_twice.pl.)
\set VERBOSITY terse
SET client_min_messages = warning;
\pset format unaligned
\pset tuples_only on
BEGIN;
\set ON_ERROR_ROLLBACK on

-- a word that does not exist, also beside one that does
CALL outbreak.deploy('{registry,gmsi}');
\echo :LAST_ERROR_SQLSTATE
CALL outbreak.deploy('{""}');
\echo :LAST_ERROR_SQLSTATE

-- a caller who is no superuser, though somebody granted him the procedure
SET LOCAL ROLE outbreak_ministry;
CALL outbreak.deploy();
\echo :LAST_ERROR_SQLSTATE
RESET ROLE;
GRANT EXECUTE ON PROCEDURE outbreak.deploy(text[]) TO outbreak_ministry;
SET LOCAL ROLE outbreak_ministry;
CALL outbreak.deploy();
\echo :LAST_ERROR_SQLSTATE
-- nor do its parts and tables serve as a way in
CALL outbreak.deploy_part('registry', 'seed', 'SELECT 1', 'postgres');
\echo :LAST_ERROR_SQLSTATE
INSERT INTO outbreak.blueprint VALUES (9999, 'fake', 'tables', 0, 'SELECT 1');
\echo :LAST_ERROR_SQLSTATE
UPDATE outbreak.deployment SET migration = 0;
\echo :LAST_ERROR_SQLSTATE
RESET ROLE;

-- a library that is not of the extension's version
UPDATE pg_extension SET extversion = '0.0.9' WHERE extname = 'outbreak';
CALL outbreak.deploy();
\echo :LAST_ERROR_SQLSTATE
UPDATE pg_extension SET extversion = outbreak.version() WHERE extname = 'outbreak';

-- a schema that somebody else made
INSERT INTO outbreak.word (word, ordinal, uses) VALUES ('fake', 900, '{registry}');
INSERT INTO outbreak.blueprint (position, word, part, number, body) VALUES
	(9001, 'fake', 'tables', 0, 'CREATE TABLE fake.t (a integer); INSERT INTO fake.t VALUES (1);'),
	(9002, 'fake', 'functions', 0, 'SELECT 1 / 0;');
CREATE SCHEMA fake;
CALL outbreak.deploy('{fake}');
\echo :LAST_ERROR_SQLSTATE
DROP SCHEMA fake;

-- a part that fails: it is named, keeps its SQLSTATE, and takes everything back
CALL outbreak.deploy('{fake}');
\echo :LAST_ERROR_SQLSTATE
SELECT to_regnamespace('fake') IS NULL, (SELECT count(*) FROM outbreak.deployment WHERE word = 'fake');
UPDATE outbreak.blueprint SET body = 'CREATE TABEL fake.t ()' WHERE position = 9001;
CALL outbreak.deploy('{fake}');
\echo :LAST_ERROR_SQLSTATE
-- a body runs as outbreak_owner, not as the superuser who deploys
UPDATE outbreak.blueprint SET body = 'CREATE TABLE fake.t AS SELECT current_user AS by; COMMENT ON DATABASE regression IS NULL;' WHERE position = 9001;
CALL outbreak.deploy('{fake}');
\echo :LAST_ERROR_SQLSTATE
SELECT current_user = session_user, current_setting('role');

-- what it made belongs to outbreak_owner, and PUBLIC may not execute it
UPDATE outbreak.blueprint SET body = 'CREATE TABLE fake.t AS SELECT current_user AS by;' WHERE position = 9001;
UPDATE outbreak.blueprint SET body = 'CREATE OR REPLACE FUNCTION fake.f() RETURNS integer LANGUAGE SQL RETURN 1;' WHERE position = 9002;
CALL outbreak.deploy('{fake}');
TABLE fake.t;
SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'fake';
SELECT has_function_privilege('outbreak_anon', 'fake.f()', 'EXECUTE'), has_schema_privilege('outbreak_anon', 'fake', 'USAGE');

-- the extension does not go away under its systems
\set VERBOSITY sqlstate
DROP EXTENSION outbreak;
\echo :LAST_ERROR_SQLSTATE
ROLLBACK;
