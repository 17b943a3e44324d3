-- A token whose subject has an account acts for what the account says, whatever else the token says; a withdrawn
-- account, or one outside its dates, has no scope at once. Tokens of other subjects are believed.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
CREATE VIEW mine AS SELECT outbreak.scope() ->> 'source' AS source, outbreak.my_subject() AS subject, outbreak.my_prefecture() AS prefecture, outbreak.my_health_center() AS health_center, outbreak.my_municipality() AS municipality, outbreak.my_institution() AS institution, outbreak.my_organisation() AS organisation, outbreak.my_person() AS person;
GRANT SELECT ON mine TO PUBLIC;
INSERT INTO access.account (subject, role, prefecture, health_center, municipality, institution, organisation, person) VALUES
	('p', 'outbreak_prefecture', 13, NULL, NULL, NULL, NULL, NULL),
	('h', 'outbreak_health_center', 13, 4711, NULL, NULL, NULL, NULL),
	('m', 'outbreak_municipality', NULL, NULL, '131041', NULL, NULL, NULL),
	('i', 'outbreak_institution', NULL, NULL, NULL, '0110112489', NULL, NULL),
	('o', 'outbreak_institution', NULL, NULL, NULL, NULL, 7, NULL),
	('c', 'outbreak_citizen', NULL, NULL, NULL, NULL, NULL, '0c3b6d4e-2f7a-4b1c-9d8e-5f6a7b8c9d0e');
-- where each lies
SELECT subject, home FROM access.account ORDER BY 1;
SET SESSION AUTHORIZATION outbreak_authenticator;
SELECT m.* FROM unnest('{p,h,m,i,o,c,nobody}'::text[]) AS s
CROSS JOIN LATERAL set_config('request.jwt.claims', json_build_object('sub', s, 'prefecture', 27, 'institution', '1310110049')::text, true) AS c
CROSS JOIN LATERAL (SELECT * FROM mine WHERE c IS NOT NULL OFFSET 0) AS m;
-- withdrawn, then over, then not yet: no scope, from the next transaction on (here: the next change of the session)
RESET SESSION AUTHORIZATION;
UPDATE access.account SET withdrawn_at = now(), reason = 'lost' WHERE subject = 'p';
UPDATE access.account SET valid = '(,2020-01-01)' WHERE subject = 'm';
UPDATE access.account SET valid = daterange(outbreak.local_date() + 1, NULL) WHERE subject = 'i';
UPDATE access.account SET valid = daterange(outbreak.local_date(), outbreak.local_date() + 1) WHERE subject = 'o';
SET SESSION AUTHORIZATION outbreak_authenticator;
SELECT m.* FROM unnest('{p,h,m,i,o}'::text[]) AS s
CROSS JOIN LATERAL set_config('request.jwt.claims', json_build_object('sub', s, 'prefecture', 27, 'institution', '1310110049')::text, true) AS c
CROSS JOIN LATERAL (SELECT * FROM mine WHERE c IS NOT NULL OFFSET 0) AS m;
-- a login is no subject, and a subject no login
RESET SESSION AUTHORIZATION;
CREATE ROLE ob_test_login LOGIN;
CREATE ROLE h LOGIN;
INSERT INTO access.account (login, prefecture) VALUES ('ob_test_login', 13);
SET SESSION AUTHORIZATION h;
SELECT * FROM mine;
SET SESSION AUTHORIZATION outbreak_authenticator;
SET LOCAL request.jwt.claims = '{"sub": "ob_test_login"}';
SELECT * FROM mine;
SET SESSION AUTHORIZATION ob_test_login;
SELECT * FROM mine;
RESET SESSION AUTHORIZATION;
-- the shape of an account
\set VERBOSITY terse
INSERT INTO access.account (prefecture) VALUES (13);
INSERT INTO access.account (login, subject, role) VALUES ('a', 'a', 'outbreak_citizen');
INSERT INTO access.account (subject, prefecture) VALUES ('x', 13);
INSERT INTO access.account (subject, role) VALUES ('x', 'outbreak_owner');
INSERT INTO access.account (subject, role) VALUES ('x', 'outbreak_worker');
INSERT INTO access.account (subject, role, prefecture, institution) VALUES ('x', 'outbreak_institution', 13, '0110112489');
INSERT INTO access.account (subject, role, health_center, person) VALUES ('x', 'outbreak_institution', 1, '0c3b6d4e-2f7a-4b1c-9d8e-5f6a7b8c9d0e');
INSERT INTO access.account (subject, role, prefecture) VALUES ('x', 'outbreak_prefecture', 48);
INSERT INTO access.account (subject, role, prefecture) VALUES ('p', 'outbreak_prefecture', 1);
ROLLBACK;
