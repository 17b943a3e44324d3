-- What is purged does not live on in the audit trail: the images of its rows are erased, and its going is noted without
-- one. Who did what when stays, and the chain verifies. Entries are written when a transaction commits, so this one does.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
\set VERBOSITY terse
INSERT INTO registry.institution (institution, kind, name_ja, contact, valid) VALUES (outbreak.provisional_institution_code(13, 991), 'clinic', 'C', 'シルシ担当', '[2010-01-01,2015-01-01)'),
	(outbreak.provisional_institution_code(13, 992), 'clinic', 'C', 'シルシ現役', '(,)');
SELECT registry.register_person('シルシ甲', phone => '09011112222', institution => outbreak.provisional_institution_code(13, 991)) AS kou \gset
SELECT registry.register_person('シルシ乙', phone => '09011112223', institution => outbreak.provisional_institution_code(13, 991)) AS otsu \gset
INSERT INTO access.account (subject, role, person, reason, withdrawn_at) VALUES ('images-test', 'outbreak_citizen', :'kou', 'シルシ理由', '2012-01-01');
SELECT registry.close_person(:'kou', '2012-01-01'), registry.close_person(:'otsu', outbreak.local_date()) \g /dev/null
CREATE VIEW pg_temp.trail AS
SELECT CASE WHEN a.subject = current_setting('test.kou')::uuid THEN 'kou' WHEN a.subject = current_setting('test.otsu')::uuid THEN 'otsu' ELSE CASE WHEN a.image LIKE '%シルシ%' THEN 'institution' END END AS about,
	a.relation, a.action, a.image IS NOT NULL AS image, a.image_hash IS NOT NULL AS had_image
FROM access.audit AS a;
SELECT set_config('test.kou', :'kou', false), set_config('test.otsu', :'otsu', false), set_config('test.since', clock_timestamp()::text, false) \g /dev/null
SELECT about, relation, action, image, count(*) FROM pg_temp.trail WHERE about IS NOT NULL GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4;
SELECT relation, action, due, done, problem FROM access.purge('2020-02-01') WHERE due > 0 OR problem IS NOT NULL ORDER BY relation::text COLLATE "C";
-- of the one that went: entries, but no image; of the one that stayed: all
SELECT about, relation, action, image, count(*), count(*) FILTER (WHERE had_image) AS had_image FROM pg_temp.trail WHERE about IS NOT NULL GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4;
-- no envelope, key or word of it anywhere in the trail
SELECT count(*) FROM access.audit AS a WHERE a.image ~ 'シルシ(担当|理由|甲)' OR (a.image LIKE '%' || :'kou' || '%' AND a.action IN ('insert', 'update', 'delete'));
-- the purge is noted
SELECT a.image::jsonb - 'images' AS purge FROM access.audit AS a WHERE a.action = 'purge' AND a.recorded_at > current_setting('test.since')::timestamptz ORDER BY a.image::jsonb ->> 'table' COLLATE "C";
SELECT count(*) AS broken FROM access.verify_audit() WHERE problem IS NOT NULL;
-- a purge that fails in the middle leaves the images of what comes after it alone
UPDATE registry.institution SET contact = '再' WHERE institution OPERATOR(outbreak.=) outbreak.provisional_institution_code(13, 991);
CREATE FUNCTION pg_temp.stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'stop'; END $$;
CREATE TRIGGER zz_stop AFTER UPDATE ON registry.institution FOR EACH ROW EXECUTE FUNCTION pg_temp.stop();
BEGIN;
UPDATE access.account SET reason = 'シルシ終' WHERE subject = 'images-test';
SELECT relation, action, due, done, problem FROM access.purge('2200-01-01', dry_run => true) WHERE problem IS NOT NULL;
DROP TRIGGER zz_stop ON registry.institution;
UPDATE registry.institution SET contact = 'シルシ後' WHERE institution OPERATOR(outbreak.=) outbreak.provisional_institution_code(13, 992);
COMMIT;
SELECT relation, action, image IS NOT NULL AS image FROM access.audit WHERE image ~ 'シルシ(終|後)' ORDER BY relation;
-- images have a period of their own; nobody blanks them otherwise
UPDATE access.audit SET image = NULL;
SELECT count(*) > 0 AS images_before FROM access.audit WHERE image IS NOT NULL AND recorded_at > current_setting('test.since')::timestamptz - interval '1 minute';
SELECT a.relation, a.action, a.done = a.due AND a.done > 0 AS done, a.problem FROM access.purge(now() + interval '5 years 2 days') AS a WHERE a.relation = 'access.audit'::regclass;
SELECT count(*) AS images_after FROM access.audit WHERE image IS NOT NULL AND action <> ALL ('{purge,forget}'::text[]);
SELECT count(*) AS broken FROM access.verify_audit() WHERE problem IS NOT NULL;
-- the rest of what this test made
SELECT count(*) FROM registry.forget_person(:'otsu', true) \g /dev/null
SET session_replication_role = replica;
DELETE FROM registry.institution WHERE institution OPERATOR(outbreak.>=) outbreak.provisional_institution_code(13, 991) AND institution OPERATOR(outbreak.<=) outbreak.provisional_institution_code(13, 992);
DELETE FROM access.account WHERE subject = 'images-test';
DELETE FROM access.data_key WHERE subject IN (:'kou', :'otsu');
RESET session_replication_role;
SELECT (SELECT count(*) FROM registry.person), (SELECT count(*) FROM registry.identity), (SELECT count(*) FROM access.data_key WHERE subject IN (:'kou', :'otsu'));
