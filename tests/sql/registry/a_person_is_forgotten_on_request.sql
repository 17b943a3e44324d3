-- At the request of a person everything goes that the law does not ask for any more and no court has asked for; a person
-- who was entered by mistake goes at once. Afterwards nothing opens what copies may still hold, and nothing confirms a guess.
BEGIN;
\set ON_ERROR_ROLLBACK on
\set SHOW_CONTEXT never
\pset null -
SET client_min_messages = warning;
INSERT INTO registry.institution (institution, kind, name_ja) VALUES (outbreak.provisional_institution_code(13, 1), 'hospital', 'H');
CREATE FUNCTION pg_temp.enter(name text) RETURNS uuid LANGUAGE sql AS $$ SELECT registry.register_person(name, phone => '0901234567' || length(name), institution => outbreak.provisional_institution_code(13, 1)) $$;
SELECT pg_temp.enter('本人') AS old, pg_temp.enter('本人二') AS young, pg_temp.enter('本人三三') AS held, pg_temp.enter('取違四四四') AS wrong, pg_temp.enter('隣人五五五五') AS neighbour \gset
UPDATE access.retention SET keep = '30 years' WHERE relation = ANY ('{registry.person,registry.identity}'::regclass[]);
SELECT registry.close_person(:'old', '2010-03-31'), registry.close_person(:'held', '2010-03-31'), registry.close_person(:'young', outbreak.local_date()), registry.close_person(:'neighbour', '2010-03-31') \g /dev/null
INSERT INTO access.account (subject, role, person, reason, withdrawn_at) SELECT 'sub-' || n, 'outbreak_citizen', p, 'r', now() FROM unnest(ARRAY[:'old', :'young', :'held', :'wrong', :'neighbour']::uuid[]) WITH ORDINALITY AS u (p, n);
INSERT INTO access.legal_hold (subject, reason) VALUES (:'held', '照会');
-- copies made before, as a backup has them
CREATE TEMP TABLE copy AS SELECT * FROM registry.identity;
CREATE TEMP TABLE key_copy AS SELECT * FROM access.data_key;
GRANT SELECT ON copy TO outbreak_worker;
-- the purge leaves all of them: 30 years are not over
SELECT sum(done) AS purged FROM access.purge('2025-01-01');
CREATE ROLE ob_test_worker LOGIN;
GRANT outbreak_worker TO ob_test_worker;
SET SESSION AUTHORIZATION ob_test_worker;
-- closed long ago: the five years of the law are over; no law asks for a withdrawn account
SELECT * FROM registry.forget_person(:'old');
SELECT * FROM registry.forget_person(:'old');
-- the law still asks for this one
SELECT * FROM registry.forget_person(:'young');
SELECT name FROM registry.reveal_identity(:'young');
-- a court asked for this one, even against an error
SELECT * FROM registry.forget_person(:'held');
SELECT * FROM registry.forget_person(:'held', true);
SELECT name FROM registry.reveal_identity(:'held');
-- never closed: stays; entered by mistake: goes
SELECT * FROM registry.forget_person(:'wrong');
SELECT * FROM registry.forget_person(:'wrong', entered_in_error => true);
SELECT * FROM registry.forget_person(NULL);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM registry.forget_person('00000000-0000-4000-8000-000000000000', true);
-- what a copy holds does not open
SELECT outbreak.reveal(name, 'name', person) FROM copy WHERE person = :'old';
\echo :LAST_ERROR_SQLSTATE
SELECT outbreak.reveal(name, 'name', person) FROM copy WHERE person = :'neighbour';
-- no tag is left to confirm a guess by
SELECT count(*) AS found FROM registry.find_person('本人');
RESET SESSION AUTHORIZATION;
SELECT k.wrapped IS NULL AS destroyed, count(*) FROM access.data_key AS k WHERE k.subject IN (SELECT c.person FROM copy AS c) GROUP BY 1 ORDER BY 1;
SELECT count(*) AS accounts, count(person) AS named, count(reason) AS reasons FROM access.account;
-- nothing is sealed for a forgotten person again
SELECT outbreak.seal('x', 'name', :'old');
\echo :LAST_ERROR_SQLSTATE
-- nobody else forgets
CREATE ROLE ob_test_others LOGIN;
GRANT outbreak_ministry, outbreak_prefecture, outbreak_health_center, outbreak_institution, outbreak_citizen TO ob_test_others;
SET SESSION AUTHORIZATION ob_test_others;
SELECT registry.forget_person(:'neighbour', true);
SELECT access.purge_person(:'neighbour', true);
SELECT access.purge_rules(now(), false, 1, :'neighbour', true);
RESET SESSION AUTHORIZATION;

-- ---- disclosure: what there is about a person, for those who may see it
CREATE FUNCTION pg_temp.become(role text, claims text) RETURNS void LANGUAGE sql AS $$ SELECT set_config('request.jwt.claims', claims, true), set_config('role', role, true) $$;
SET SESSION AUTHORIZATION outbreak_authenticator;
SELECT pg_temp.become('outbreak_citizen', format('{"person": "%s"}', :'neighbour')) \g /dev/null
SELECT relation, record - '{person,made_at}'::text[] - '{name,phone}'::text[] AS record, record ? 'name' AS has_name, (record ->> 'name') LIKE 'ob1.%' AS sealed FROM access.disclose(:'neighbour') ORDER BY relation::text COLLATE "C";
SELECT count(*) AS of_another FROM access.disclose(:'held');
SELECT pg_temp.become('outbreak_institution', format('{"institution": "%s"}', outbreak.provisional_institution_code(13, 1))) \g /dev/null
SELECT relation FROM access.disclose(:'held') ORDER BY 1;
SELECT pg_temp.become('outbreak_institution', '{}') \g /dev/null
SELECT count(*) FROM access.disclose(:'held');
RESET ROLE;
RESET SESSION AUTHORIZATION;
SELECT relation FROM access.disclose(:'held') ORDER BY relation::text COLLATE "C";
ROLLBACK;
