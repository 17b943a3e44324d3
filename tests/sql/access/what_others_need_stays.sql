-- A row that rows of other tables refer to stays until they are gone, and is counted as needed. The key of a person goes
-- last, after everything else that is sealed for them; nor does it go while anything about them is held.
BEGIN;
\set ON_ERROR_ROLLBACK on
\set SHOW_CONTEXT never
SET client_min_messages = warning;
INSERT INTO registry.institution (institution, kind, name_ja) VALUES (outbreak.provisional_institution_code(13, 1), 'hospital', 'H');
CREATE SCHEMA survey AUTHORIZATION outbreak_owner;
CREATE TABLE survey.dose (dose bigint PRIMARY KEY, person uuid REFERENCES registry.person, given_on date, prefecture smallint);
CREATE TABLE survey.letter (letter bigint PRIMARY KEY, person uuid, body outbreak.sealed, sent_on date, prefecture smallint);
ALTER TABLE survey.dose OWNER TO outbreak_owner;
ALTER TABLE survey.letter OWNER TO outbreak_owner;
INSERT INTO access.retention (relation, since, action, keep, subject, basis, comment)
VALUES ('survey.dose', 'given_on', 'delete', '5 years', 'person', '予防接種法施行規則', '-'), ('survey.letter', 'sent_on', 'delete', '7 years', 'person', '-', '-');
SELECT registry.register_person('甲', institution => outbreak.provisional_institution_code(13, 1)) AS kou, registry.register_person('乙', institution => outbreak.provisional_institution_code(13, 1)) AS otsu,
	registry.register_person('丙', institution => outbreak.provisional_institution_code(13, 1)) AS hei \gset
UPDATE registry.person SET closed_on = '2010-03-31';
-- the first was vaccinated a year later, and written to a year after that; the second's letter is under a hold; the third has nothing
INSERT INTO survey.dose VALUES (1, :'kou', '2011-03-31', 13);
INSERT INTO survey.letter VALUES (1, :'kou', outbreak.seal('拝啓', 'body', :'kou'), '2012-03-31', 13), (2, :'otsu', outbreak.seal('前略', 'body', :'otsu'), '2005-03-31', 27);
INSERT INTO access.legal_hold (relation, prefecture, reason) VALUES ('survey.letter', 27, '訴訟');
CREATE FUNCTION pg_temp.purged(as_of date) RETURNS TABLE (what text, due bigint, done bigint, held bigint, needed bigint) LANGUAGE sql AS $$
	SELECT p.relation || ' ' || p.action, p.due, p.done, p.held, p.needed FROM access.purge(as_of::timestamp AT TIME ZONE 'Asia/Tokyo') AS p WHERE p.due > 0 ORDER BY p.relation::text COLLATE "C" $$;
CREATE FUNCTION pg_temp.names() RETURNS text LANGUAGE sql AS $$ SELECT string_agg((r).name, ' ' ORDER BY (r).name) FROM registry.identity AS i CROSS JOIN LATERAL registry.reveal_identity(i.person) AS r $$;
SELECT * FROM pg_temp.purged('2015-04-01');
SELECT pg_temp.names();
SELECT * FROM pg_temp.purged('2016-04-01');
SELECT pg_temp.names();
-- the letter goes, and with it everything of the first in one run
SELECT * FROM pg_temp.purged('2019-04-01');
SELECT pg_temp.names();
-- no more than so many rows at a time; the rest in the next call
INSERT INTO survey.dose SELECT n, NULL, '2000-01-01', 13 FROM generate_series(10, 24) AS n;
SELECT p.due, p.done FROM access.purge('2019-04-01', most => 10) AS p WHERE p.relation = 'survey.dose'::regclass;
SELECT p.due, p.done FROM access.purge('2019-04-01', most => 10) AS p WHERE p.relation = 'survey.dose'::regclass;
SELECT p.due, p.done FROM access.purge('2019-04-01', most => 10) AS p WHERE p.relation = 'survey.dose'::regclass;
-- nor does anybody destroy that key by hand while the hold lasts
CREATE ROLE ob_test_ministry LOGIN;
GRANT outbreak_ministry TO ob_test_ministry;
SET SESSION AUTHORIZATION ob_test_ministry;
SELECT access.forget(:'otsu');
\echo :LAST_ERROR_SQLSTATE
SELECT access.forget(:'hei') AS had_a_key, access.forget(gen_random_uuid()) AS unknown_had_one;
RESET SESSION AUTHORIZATION;
-- the hold ends
UPDATE access.legal_hold SET valid = daterange(NULL, '2019-01-01');
SELECT * FROM pg_temp.purged('2019-04-01');
SELECT (SELECT count(*) FROM registry.person) AS persons, (SELECT count(*) FROM access.data_key WHERE wrapped IS NOT NULL AND subject IN (:'kou', :'otsu', :'hei')) AS keys;
ROLLBACK;
