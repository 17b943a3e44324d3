-- Every change of an audited table leaves an entry that says the same whatever the session's settings are: of plain,
-- partitioned and inherited keys, of every kind of column. A change of nothing leaves none; nor does what is rolled back.
-- Entries are written at commit, so this test commits, and drops its schema at the end.
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
CREATE SCHEMA audited;
CREATE VIEW audited.entry AS
SELECT a.login, a.role, a.actor, a.action, a.relation, a.subject, a.image, a.transaction, a.number, a.chain
FROM access.audit AS a
WHERE a.relation LIKE 'audited.%'
	OR a.relation IS NULL AND a.image LIKE '%audited%';
CREATE TYPE audited.level AS ENUM ('low', 'high');
CREATE TYPE audited.pair AS (a integer, b date);
CREATE TABLE audited.everything (
	gone integer,
	person uuid,
	small smallint,
	large bigint,
	yes boolean,
	plain text,
	twice bigint GENERATED ALWAYS AS (large * 2) STORED,
	fixed char(4),
	day date,
	moment timestamptz,
	local timestamp,
	length interval,
	ratio double precision,
	amount numeric,
	bytes bytea,
	span daterange,
	times tstzrange,
	moments timestamptz[],
	words text[],
	level audited.level,
	pair audited.pair,
	object regclass,
	kind jsonb,
	institution outbreak.institution_code,
	municipality outbreak.municipality_code,
	sealed outbreak.sealed,
	place public.geography(Point, 4326)
);
ALTER TABLE audited.everything DROP COLUMN gone;
SELECT access.audit_table('audited.everything', 'person');
-- repeating it changes nothing
SELECT access.audit_table('audited.everything', 'person');

-- ---- the same image under any settings

CREATE FUNCTION audited.add(n integer) RETURNS void LANGUAGE SQL AS $$
	INSERT INTO audited.everything (person, small, large, yes, plain, fixed, day, moment, local, length, ratio, amount, bytes, span, times, moments, words,
		level, pair, object, kind, institution, municipality, place)
	VALUES ('aaaaaaaa-0000-4000-8000-000000000001', -1, 9007199254740993, true, E'quote " slash \\ tab \t unit \x01 東京', 'ab', '2021-02-03', '2021-02-03 04:05:06.789+09', '2021-02-03 04:05:06',
		'1 day 02:03:04', 0.1, 1.50, '\x00ff', '[2021-01-01,2021-02-01)', '[2021-01-01 00:00+09,)', '{"2021-01-01 00:00+09"}', '{a,"b c"}',
		'high', ROW(1, '2021-02-03'), 'audited.everything', '{"a": 1}', '1310000018', '131016', 'POINT(139.7 35.6)');
$$;
SELECT audited.add(1);
BEGIN;
SET LOCAL DateStyle = 'German';
SET LOCAL TimeZone = 'America/New_York';
SET LOCAL IntervalStyle = 'iso_8601';
SET LOCAL extra_float_digits = -3;
SET LOCAL bytea_output = 'escape';
SET LOCAL search_path = public, audited, outbreak;
SELECT audited.add(2);
-- and the session keeps its own
SELECT '2021-02-03'::date, '2021-02-03 04:05:06+09'::timestamptz, interval '1 day', 0.1::float8, '\x00ff'::bytea;
COMMIT;
SELECT image FROM audited.entry ORDER BY number LIMIT 1;
SELECT count(DISTINCT image) AS images, count(DISTINCT subject) AS subjects, min(action) AS action, min(relation) AS relation FROM audited.entry;
-- infinities, and every column NULL
INSERT INTO audited.everything (day, moment, local, ratio) VALUES ('infinity', '-infinity', 'infinity', 'NaN'), (NULL, NULL, NULL, NULL);
SELECT image, subject FROM audited.entry ORDER BY number DESC LIMIT 2;

-- ---- update and delete

-- a change of nothing, and one that a generated column alone would show
UPDATE audited.everything SET plain = plain, place = place WHERE person IS NOT NULL;
SELECT count(*) FROM audited.entry WHERE action = 'update';
UPDATE audited.everything SET plain = NULL, large = 5 WHERE day = 'infinity';
UPDATE audited.everything SET large = NULL, yes = false WHERE day = 'infinity';
SELECT image FROM audited.entry WHERE action = 'update' ORDER BY number;
DELETE FROM audited.everything WHERE day = 'infinity';
SELECT action, image FROM audited.entry ORDER BY number DESC LIMIT 1;
-- long values are stored out of line
INSERT INTO audited.everything (plain) SELECT string_agg(md5(n::text), '') FROM generate_series(1, 1000) AS n;
UPDATE audited.everything SET small = 3 WHERE length(plain) > 1000;
SELECT action, length(image), md5(image::jsonb -> 'old' ->> 'plain') = md5(e.plain) AS old_is_whole, image::jsonb -> 'new' AS new
FROM audited.entry
JOIN audited.everything AS e ON length(e.plain) > 1000
WHERE action = 'update'
ORDER BY number DESC LIMIT 1;
-- columns that come and go
ALTER TABLE audited.everything ADD COLUMN late text DEFAULT 'x';
ALTER TABLE audited.everything DROP COLUMN object;
UPDATE audited.everything SET late = 'y' WHERE length(plain) > 1000;
SELECT image::jsonb -> 'old' ->> 'late' AS old, image::jsonb -> 'new' AS new FROM audited.entry ORDER BY number DESC LIMIT 1;
TRUNCATE audited.everything;
SELECT action, relation, image FROM audited.entry ORDER BY number DESC LIMIT 1;

-- ---- sealed values stay in their envelopes

INSERT INTO audited.everything (person, sealed)
SELECT 'aaaaaaaa-0000-4000-8000-000000000001', outbreak.seal('山田', 'name', 'aaaaaaaa-0000-4000-8000-000000000001');
SELECT image::jsonb -> 'new' ->> 'sealed' = e.sealed::text AS envelope, image LIKE '%山田%' AS clear
FROM audited.entry, audited.everything AS e
ORDER BY number DESC LIMIT 1;

-- ---- partitions

CREATE TABLE audited.parted (id integer, day date, note text) PARTITION BY RANGE (day);
CREATE TABLE audited.parted_1 PARTITION OF audited.parted FOR VALUES FROM ('2021-01-01') TO ('2021-02-01');
SELECT access.audit_table('audited.parted');
-- one that was made after, with its columns in another order
CREATE TABLE audited.parted_2 (note text, unused integer, day date, id integer);
ALTER TABLE audited.parted_2 DROP COLUMN unused;
ALTER TABLE audited.parted ATTACH PARTITION audited.parted_2 FOR VALUES FROM ('2021-02-01') TO ('2021-03-01');
INSERT INTO audited.parted VALUES (1, '2021-01-05', 'a'), (2, '2021-02-05', 'b');
INSERT INTO audited.parted_2 (id, day) VALUES (3, '2021-02-06');
COPY audited.parted FROM stdin (FORMAT csv);
4,2021-01-07,copied
\.
UPDATE audited.parted SET day = '2021-02-07' WHERE id = 1;
SELECT action, relation, image FROM audited.entry WHERE relation = 'audited.parted' ORDER BY number;

-- ---- what is rolled back

CREATE TABLE audited.plain (id integer PRIMARY KEY, parent integer REFERENCES audited.plain ON DELETE CASCADE);
SELECT access.audit_table('audited.plain');
BEGIN;
INSERT INTO audited.plain VALUES (1);
ROLLBACK;
BEGIN;
INSERT INTO audited.plain VALUES (2);
SAVEPOINT a;
INSERT INTO audited.plain VALUES (3);
SAVEPOINT b;
INSERT INTO audited.plain VALUES (4);
ROLLBACK TO b;
INSERT INTO audited.plain VALUES (5);
RELEASE a;
SAVEPOINT c;
INSERT INTO audited.plain VALUES (6);
ROLLBACK TO c;
INSERT INTO audited.plain VALUES (7, 2);
COMMIT;
SELECT action, image FROM audited.entry WHERE relation = 'audited.plain' ORDER BY number;
-- what a foreign key sets off is a change too; ON CONFLICT notes what became of the row
DELETE FROM audited.plain WHERE id = 2;
INSERT INTO audited.plain VALUES (5) ON CONFLICT (id) DO UPDATE SET parent = 3;
INSERT INTO audited.plain VALUES (5) ON CONFLICT DO NOTHING;
SELECT action, image FROM audited.entry WHERE relation = 'audited.plain' ORDER BY number OFFSET 4;
-- very much in one transaction is written on the way, also within a sub-transaction, and goes with it
BEGIN;
SAVEPOINT a;
INSERT INTO audited.plain SELECT n FROM generate_series(1000, 34000) AS n;
SELECT count(*) BETWEEN 1 AND 33000 AS on_the_way FROM audited.entry WHERE relation = 'audited.plain' AND transaction = pg_current_xact_id();
ROLLBACK TO a;
SELECT count(*) FROM audited.entry WHERE transaction = pg_current_xact_id();
INSERT INTO audited.plain SELECT n FROM generate_series(1000, 34000) AS n;
SAVEPOINT b;
INSERT INTO audited.plain SELECT n FROM generate_series(50000, 84000) AS n;
ROLLBACK TO b;
INSERT INTO audited.plain VALUES (999);
COMMIT;
SELECT count(*) AS entries, count(DISTINCT transaction) AS transactions, max(number) - min(number) + 1 AS numbers
FROM audited.entry
WHERE relation = 'audited.plain'
	AND (image::jsonb -> 'new' ->> 'id')::integer >= 999;

-- ---- who

CREATE ROLE ob_test_login LOGIN;
CREATE ROLE ob_test_role;
GRANT ob_test_role TO ob_test_login;
GRANT outbreak_ministry TO ob_test_login;
GRANT USAGE ON SCHEMA audited TO PUBLIC;
GRANT ALL ON audited.plain TO PUBLIC;
CREATE FUNCTION audited.as_owner() RETURNS void LANGUAGE SQL SECURITY DEFINER AS $$ INSERT INTO audited.plain VALUES (-3) $$;
SET SESSION AUTHORIZATION ob_test_login;
SET request.jwt.claims = '{"sub": "somebody else"}';
INSERT INTO audited.plain VALUES (-1);
SET ROLE ob_test_role;
INSERT INTO audited.plain VALUES (-2);
SELECT audited.as_owner();
RESET ROLE;
RESET SESSION AUTHORIZATION;
SET SESSION AUTHORIZATION outbreak_authenticator;
BEGIN;
SET LOCAL ROLE outbreak_ministry;
SET LOCAL request.jwt.claims = '{"sub": "jane", "role": "outbreak_ministry"}';
INSERT INTO audited.plain VALUES (-4);
SET LOCAL request.jwt.claims = '{"sub": "john", "role": "outbreak_ministry"}';
INSERT INTO audited.plain VALUES (-5);
COMMIT;
RESET SESSION AUTHORIZATION;
SELECT image::jsonb -> 'new' ->> 'id' AS id, login, role, actor FROM audited.entry WHERE image LIKE '%"id":-%' ORDER BY 1;

-- ---- what is not audited

SET session_replication_role = replica;
INSERT INTO audited.plain VALUES (-9);
RESET session_replication_role;
SELECT count(*) FROM audited.entry WHERE image LIKE '%"id":-9%';
\set VERBOSITY terse
\set SHOW_CONTEXT never
SELECT access.audit_table('audited.entry');
\echo :LAST_ERROR_SQLSTATE
SELECT access.audit_table('access.audit_head');
\echo :LAST_ERROR_SQLSTATE
SELECT access.audit_table('audited.plain', 'id');
\echo :LAST_ERROR_SQLSTATE
CREATE TRIGGER wrong BEFORE INSERT ON audited.plain FOR EACH ROW EXECUTE FUNCTION outbreak.audit_change();
INSERT INTO audited.plain VALUES (-10);
\echo :LAST_ERROR_SQLSTATE
DROP TRIGGER wrong ON audited.plain;
-- a person column that is gone
ALTER TABLE audited.everything RENAME person TO somebody;
INSERT INTO audited.everything (small) VALUES (1);
\echo :LAST_ERROR_SQLSTATE
\set VERBOSITY default

-- ---- all of it is one sound trail

SELECT count(*) FROM access.verify_audit() WHERE problem IS NOT NULL;
DROP SCHEMA audited CASCADE;
DELETE FROM access.data_key WHERE subject = 'aaaaaaaa-0000-4000-8000-000000000001';
REVOKE outbreak_ministry FROM ob_test_login;
DROP ROLE ob_test_login, ob_test_role;
