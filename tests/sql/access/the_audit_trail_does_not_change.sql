-- Nobody updates, deletes or truncates the trail: not readers, not outbreak_owner, not a superuser while triggers are on;
-- through the parent, a partition or the heads. Erasing images for retention is the one way, and the trail stays sound.
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
CREATE SCHEMA fixed;
CREATE TABLE fixed.person (person uuid, note text);
SELECT access.audit_table('fixed.person', 'person');
INSERT INTO fixed.person
SELECT ('aaaaaaaa-0000-4000-8000-00000000000' || n)::uuid, 'note ' || n
FROM generate_series(1, 4) AS n;
SELECT count(*) > 0 AS signed FROM access.sign_audit();
SELECT tableoid::regclass AS partition FROM access.audit WHERE relation = 'fixed.person' LIMIT 1 \gset
\set VERBOSITY terse

-- ---- nobody

UPDATE access.audit SET login = 'x';
\echo :LAST_ERROR_SQLSTATE
DELETE FROM access.audit;
TRUNCATE access.audit;
UPDATE :partition SET image = NULL;
DELETE FROM :partition;
TRUNCATE :partition;
TRUNCATE access.audit_default;
UPDATE access.audit_head SET number = 1;
DELETE FROM access.audit_head;
TRUNCATE access.audit_head;
UPDATE access.audit_signature SET number = 1;
DELETE FROM access.audit_signature;
TRUNCATE access.audit_signature;
INSERT INTO access.audit_anchor (chain, number, recorded_at, hash) VALUES (200, 1, now(), '\x00');
UPDATE access.audit_anchor SET number = 2 WHERE chain = 200;
DELETE FROM access.audit_anchor WHERE chain = 200;
\echo :LAST_ERROR_SQLSTATE
TRUNCATE access.audit_anchor;
SET ROLE outbreak_owner;
UPDATE access.audit SET login = 'x';
DELETE FROM access.audit;
TRUNCATE access.audit;
MERGE INTO access.audit AS a USING (VALUES (1)) AS v (n) ON a.number = v.n WHEN MATCHED THEN DELETE;
RESET ROLE;
-- the anchor above is no true one
SET session_replication_role = replica;
DELETE FROM access.audit_anchor WHERE chain = 200;
RESET session_replication_role;

-- ---- what each role may

SELECT r.role, string_agg(p.privilege, ', ' ORDER BY p.privilege) FILTER (WHERE has_table_privilege(r.role, t.name, p.privilege)) AS may
FROM unnest('{outbreak_anon,outbreak_citizen,outbreak_institution,outbreak_prefecture,outbreak_ministry,outbreak_analyst,outbreak_auditor,outbreak_worker,outbreak_authenticator}'::text[]) AS r (role)
CROSS JOIN unnest('{access.audit,access.audit_head,access.audit_signature,access.audit_anchor}'::text[]) AS t (name)
CROSS JOIN unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) AS p (privilege)
GROUP BY r.role
HAVING bool_or(has_table_privilege(r.role, t.name, p.privilege))
ORDER BY r.role;
SET ROLE outbreak_auditor;
SELECT count(*) FROM access.audit WHERE relation = 'fixed.person';
SELECT count(*) FROM access.verify_audit() WHERE problem IS NOT NULL;
INSERT INTO access.audit SELECT * FROM access.audit;
SELECT access.erase_audit_images('fixed.person', now());
\echo :LAST_ERROR_SQLSTATE
SELECT outbreak.audit_erase('fixed.person', now(), NULL);
SELECT outbreak.audit_prune();
SELECT access.drop_audit_before('2000-01-01');
SELECT access.sign_audit();
SELECT outbreak.audit_sign('anything');
SELECT access.note('anything');
SELECT access.audit_table('access.account');
CREATE TEMP TABLE mine (a integer);
CREATE TRIGGER forged AFTER INSERT ON mine FOR EACH ROW EXECUTE FUNCTION outbreak.audit_change();
RESET ROLE;
SET ROLE outbreak_analyst;
SELECT access.verify_audit();
\echo :LAST_ERROR_SQLSTATE
RESET ROLE;

-- ---- erasing

SELECT access.erase_audit_images('fixed.person', NULL);
\echo :LAST_ERROR_SQLSTATE
SET ROLE outbreak_owner;
SELECT access.erase_audit_images('fixed.person', '2000-01-01') AS too_old;
SELECT access.erase_audit_images('fixed.person', clock_timestamp(), 'aaaaaaaa-0000-4000-8000-000000000002') AS of_one;
SELECT access.erase_audit_images('fixed.person', clock_timestamp()) AS of_all;
SELECT access.erase_audit_images('fixed.person', clock_timestamp()) AS again;
-- the door is closed again
UPDATE access.audit SET login = 'x';
RESET ROLE;
SELECT action, subject, image IS NULL AND salt IS NULL AS erased, image_hash IS NOT NULL AS hashed, image::jsonb ->> 'count' AS count
FROM access.audit
WHERE relation = 'fixed.person'
ORDER BY recorded_at, number;
SELECT count(*) FROM access.verify_audit() WHERE problem IS NOT NULL;
-- an error on the way closes it too
CREATE FUNCTION fixed.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'failed'; END $$;
INSERT INTO fixed.person VALUES (NULL, 'late');
CREATE TRIGGER zz_fail AFTER UPDATE ON access.audit FOR EACH ROW EXECUTE FUNCTION fixed.fail();
BEGIN;
SELECT access.erase_audit_images('fixed.person', 'infinity');
DELETE FROM access.audit;
ROLLBACK;
DROP TRIGGER zz_fail ON access.audit;
SELECT count(*) FROM access.verify_audit() WHERE problem IS NOT NULL;
DROP SCHEMA fixed CASCADE;
