-- What is no change of a row is noted: by access.note, and each reveal of a sealed value, many of one purpose in one
-- entry, also when a savepoint was rolled back after it. Entries are written at commit, so this test commits.
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
CREATE VIEW pg_temp.noted AS
SELECT a.login, a.role, a.action, a.relation, a.subject, a.image, a.recorded_at, a.number
FROM access.audit AS a;
CREATE ROLE ob_test_center LOGIN;
GRANT outbreak_health_center, outbreak_worker TO ob_test_center;
CREATE TABLE public.note_probe (person uuid PRIMARY KEY, name outbreak.sealed, phone outbreak.sealed);
GRANT SELECT ON public.note_probe TO ob_test_center;
INSERT INTO public.note_probe
SELECT s.person, outbreak.seal('name ' || s.n, 'name', s.person), outbreak.seal('03-1234-000' || s.n, 'phone', s.person)
FROM (SELECT ('bbbbbbbb-0000-4000-8000-00000000000' || n)::uuid AS person, n FROM generate_series(1, 3) AS n) AS s;

-- ---- notes

SET SESSION AUTHORIZATION ob_test_center;
SELECT access.note('hold', 'bbbbbbbb-0000-4000-8000-000000000001', '{"reason": "court", "quote": "\"\n"}');
BEGIN;
SELECT access.note('issue', NULL, '{"accounts": 8282}');
SAVEPOINT a;
SELECT access.note('never');
ROLLBACK TO a;
COMMIT;
SELECT access.note(NULL);
\echo :LAST_ERROR_SQLSTATE

-- ---- reveals

SELECT outbreak.reveal(name, 'name', person) AS name FROM public.note_probe ORDER BY person;
SELECT outbreak.reveal(name, 'name', person) AS name, outbreak.reveal(phone, 'phone', person) AS phone FROM public.note_probe WHERE person = 'bbbbbbbb-0000-4000-8000-000000000002';
-- seen is seen
BEGIN;
SAVEPOINT a;
SELECT outbreak.reveal(phone, 'phone', person) AS phone FROM public.note_probe WHERE person = 'bbbbbbbb-0000-4000-8000-000000000003';
ROLLBACK TO a;
COMMIT;
-- not opened is not revealed
SELECT outbreak.reveal(phone, 'name', person) FROM public.note_probe;
RESET SESSION AUTHORIZATION;
SELECT login, role, action, subject, image
FROM pg_temp.noted
WHERE login = 'ob_test_center'
ORDER BY recorded_at, number;
-- no value stands anywhere in the trail
SELECT count(*) FROM pg_temp.noted WHERE image ~ 'name [123]|1234-000';

-- a thousand a time
SET SESSION AUTHORIZATION ob_test_center;
SELECT count(outbreak.reveal(p.name, 'name', p.person)) FROM public.note_probe AS p CROSS JOIN generate_series(1, 834);
RESET SESSION AUTHORIZATION;
SELECT image::jsonb ->> 'count' AS count, jsonb_array_length(image::jsonb -> 'subjects') AS subjects
FROM pg_temp.noted
WHERE login = 'ob_test_center'
ORDER BY recorded_at DESC, number DESC
LIMIT 3;

SELECT count(*) FROM access.verify_audit() WHERE problem IS NOT NULL;
DROP TABLE public.note_probe CASCADE;
DELETE FROM access.data_key WHERE subject::text LIKE 'bbbbbbbb-0000-4000-8000-00000000000_';
REVOKE outbreak_health_center, outbreak_worker FROM ob_test_center;
DROP ROLE ob_test_center;
