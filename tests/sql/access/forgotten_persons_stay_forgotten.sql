-- access.forget() destroys a person's key: nothing of theirs is revealed again, nothing more is sealed for them, and
-- nobody else is touched. It holds within the statement that forgets, and in a transaction with an older snapshot.
BEGIN;
\set ON_ERROR_ROLLBACK on
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\set anna '\'aaaaaaaa-0000-4000-8000-000000000001\''
\set berta '\'bbbbbbbb-0000-4000-8000-000000000002\''
CREATE TABLE person AS SELECT s::uuid AS person, outbreak.seal(n, 'name', s::uuid) AS name FROM (VALUES (:anna, 'Anna'), (:berta, 'Berta')) AS v (s, n);
CREATE FUNCTION pg_temp.outcome(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	EXECUTE command INTO result;
	RETURN result;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
-- taken back, it was not
SAVEPOINT before;
SELECT access.forget(:anna);
SELECT outbreak.reveal(name, 'name', person) FROM person WHERE person = :anna;
\echo :LAST_ERROR_SQLSTATE
ROLLBACK TO before;
SELECT outbreak.reveal(name, 'name', person) FROM person WHERE person = :anna;
-- also in the statement itself, after the key has been used
SELECT pg_temp.outcome(format('SELECT outbreak.reveal(%L, ''name'', %L)', name, person)) AS first, access.forget(person) AS had_a_key, pg_temp.outcome(format('SELECT outbreak.reveal(%L, ''name'', %L)', name, person)) AS then
FROM person WHERE person = :anna;
SELECT person, pg_temp.outcome(format('SELECT outbreak.reveal(%L, ''name'', %L)', name, person)) FROM person ORDER BY 1;
SELECT outbreak.seal('Anna', 'name', :anna);
\echo :LAST_ERROR_SQLSTATE
-- the whole error names nobody
SELECT outbreak.seal('Anna', 'phone', :anna);
-- forgotten twice, and before anything was sealed
SELECT access.forget(:anna) AS again, access.forget('cccccccc-0000-4000-8000-000000000003') AS never_sealed;
SELECT outbreak.seal('Carla', 'name', 'cccccccc-0000-4000-8000-000000000003');
\echo :LAST_ERROR_SQLSTATE
SELECT access.forget(NULL);
\echo :LAST_ERROR_SQLSTATE
SELECT subject, wrapped IS NULL AS destroyed, forgotten_at = now() AS now FROM access.data_key WHERE subject IN (:anna, :berta, 'cccccccc-0000-4000-8000-000000000003') ORDER BY 1;
-- rotation brings nobody back
SELECT access.rotate_keys();
SELECT outbreak.reveal(name, 'name', person) FROM person WHERE person = :anna;
\echo :LAST_ERROR_SQLSTATE
-- the look-up still finds the row, until it is purged
SELECT count(*) FROM person WHERE name OPERATOR(outbreak.=) outbreak.seal_lookup('anna', 'name');
-- who may: the ministry and the jobs
SET ROLE outbreak_ministry;
SELECT access.forget('dddddddd-0000-4000-8000-000000000004');
SET ROLE outbreak_worker;
SELECT access.forget('dddddddd-0000-4000-8000-000000000004');
SET ROLE outbreak_auditor;
SELECT access.forget('dddddddd-0000-4000-8000-000000000004');
\echo :LAST_ERROR_SQLSTATE
SET ROLE outbreak_health_center;
SELECT access.forget('dddddddd-0000-4000-8000-000000000004');
\echo :LAST_ERROR_SQLSTATE
RESET ROLE;
-- what a DBA attaches to the table of keys is respected: a trigger, an index, a column
CREATE TABLE made (subject uuid);
CREATE FUNCTION pg_temp.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.made VALUES (NEW.subject); RETURN NEW; END $$;
CREATE TRIGGER note BEFORE INSERT ON access.data_key FOR EACH ROW EXECUTE FUNCTION pg_temp.note();
ALTER TABLE access.data_key ADD COLUMN remark text DEFAULT 'none';
CREATE INDEX ON access.data_key (version);
GRANT INSERT ON made TO outbreak_owner;
SELECT outbreak.reveal(outbreak.seal('Dora', 'name', s::uuid), 'name', s::uuid) FROM (VALUES ('eeeeeeee-0000-4000-8000-000000000005'), (:berta)) AS v (s);
SELECT m.subject, d.remark FROM made AS m JOIN access.data_key AS d USING (subject);
ROLLBACK;
