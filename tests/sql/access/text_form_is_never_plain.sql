-- Whatever leaves the database as text is the envelope: casts, COPY, CSV, JSON, errors. And only an envelope comes in, by
-- text as by binary form; what is refused is not shown, since it may be what somebody meant to seal.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
\set anna '\'aaaaaaaa-0000-4000-8000-000000000001\''
CREATE TABLE person (person uuid, name outbreak.sealed);
INSERT INTO person VALUES (:anna, outbreak.seal('SECRET NAME', 'name', :anna));
-- every way out
CREATE TEMP TABLE went_out (way text, what text);
SELECT current_setting('data_directory') || '/outbreak_sealed.out' AS file \gset
COPY person TO :'file'; INSERT INTO went_out SELECT 'copy', pg_read_file(:'file');
COPY person TO :'file' (FORMAT csv, FORCE_QUOTE *); INSERT INTO went_out SELECT 'csv', pg_read_file(:'file');
COPY person TO :'file' (FORMAT binary); INSERT INTO went_out SELECT 'binary', encode(pg_read_binary_file(:'file'), 'hex');
INSERT INTO went_out SELECT 'cast', name::text FROM person UNION ALL SELECT 'json', to_jsonb(p)::text FROM person AS p UNION ALL SELECT 'row', p::text FROM person AS p UNION ALL SELECT 'xml', table_to_xml('person', false, false, '')::text UNION ALL SELECT 'format', format('%s %L', name, name) FROM person UNION ALL SELECT 'array', array_agg(name)::text FROM person;
SELECT way, what ~ '(ob1\.AQ[A-D]|0100)' AS envelope, what ~ 'SECRET|534543524554' AS plain FROM went_out ORDER BY way COLLATE "C";
-- the same number of letters each time, of the alphabet of base64url
SELECT name::text ~ '^ob1\.[A-Za-z0-9_-]+$' AS alphabet, length(name::text) FROM person;
-- every way in
CREATE TABLE returned (LIKE person);
COPY person TO :'file' (FORMAT csv); COPY returned FROM :'file' (FORMAT csv);
COPY person TO :'file' (FORMAT binary); COPY returned FROM :'file' (FORMAT binary);
INSERT INTO returned SELECT person, name::text::outbreak.sealed FROM person;
SELECT count(*) AS returned, count(*) FILTER (WHERE r.name::text = p.name::text AND outbreak.reveal(r.name, 'name', r.person) = 'SECRET NAME') AS same FROM returned AS r, person AS p;
-- text that is no envelope: every length, every character that does not belong there
CREATE FUNCTION pg_temp.taken(t text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN CASE WHEN (t::outbreak.sealed)::text = t THEN 'taken' ELSE 'changed' END;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || CASE WHEN SQLERRM LIKE '%' || t || '%' AND length(t) > 4 THEN 'shows it' ELSE SQLERRM END;
END $$;
SELECT pg_temp.taken(t), t FROM (VALUES ('SECRET NAME'), (''), ('ob1.'), ('ob1'), ('ob2.AQAAAAAAAAAAAAAAAAAAAAAA'), (' ob1.AQEAAAAAAAAAAAAAAAAAAAAA'), ('AQEAAAAAAAAAAAAAAAAAAAAA'), ('OB1.AQEAAAAAAAAAAAAAAAAAAAAA'), ('ob1.AQEAAAAAAAAAAAAAAAAAAAAAAAA='),
	('ob1.AQEAAAAAAAAAAAAAAAAAAAAA'), ('ob1.AQAAAAAAAAAAAAAAAAAAAAAA'), ('ob1.AgEAAAAAAAAAAAAAAAAAAAAA'), ('ob1.AQIAAAAAAAAAAAAAAAAAAAAA'), ('ob1.AQMAAAAAAAAAAAAAAAAAAAAA'), ('ob1.AQEAAAAAAAAAAAAAAAAAAAAAAA'), ('ob1.AQEAAAAAAAAAAAAAAAAAAAA'), ('ob1.AQEAAAAAAAAAAAAAAAAAAAA+'), ('ob1.AQEAAAAAAAAAAAAAAAAAAAA/'), (E'ob1.AQEAAAAAAAAAAAAA\nAAAAAAAA'), ('ob1.AQEAAAAAAAAAAAAAAAAAAAAA\x00')) AS v (t);
SELECT count(*) FILTER (WHERE n < 66 AND cut = '22P02 invalid input syntax for type sealed') AS too_short_refused, count(*) FILTER (WHERE n >= 66 AND cut NOT IN ('taken', '22P02 invalid input syntax for type sealed')) AS neither FROM person, generate_series(0, length(name::text)) AS n, pg_temp.taken(substr(name::text, 1, n)) AS cut;
SELECT DISTINCT pg_temp.taken(overlay(name::text PLACING c FROM 20 FOR 1)) AS character_replaced FROM person, unnest(string_to_array('+,/,=, ,.,山,~', ',')) AS c;
-- the bits behind the last byte are zero: one envelope has one text
SELECT count(*) FILTER (WHERE pg_temp.taken(overlay(t PLACING substr('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_', n, 1) FROM length(t) FOR 1)) = 'taken') AS last_letters_taken, length(t) % 4 AS rest
FROM (SELECT outbreak.seal(repeat('x', n), 'name', :anna)::text FROM generate_series(0, 2) AS n) AS s (t), generate_series(1, 64) AS n GROUP BY t, length(t) % 4 ORDER BY 2;
-- the whole error, and what a log would get
\set VERBOSITY default
INSERT INTO person VALUES (:anna, 'SECRET NAME');
\echo :LAST_ERROR_SQLSTATE
-- binary form is as strict
CREATE TABLE bytes (person uuid, name bytea);
CREATE FUNCTION pg_temp.receive(file text, b bytea) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	TRUNCATE bytes; INSERT INTO bytes VALUES ('aaaaaaaa-0000-4000-8000-000000000001', b); TRUNCATE returned;
	EXECUTE format('COPY bytes TO %L (FORMAT binary)', file);
	EXECUTE format('COPY returned FROM %L (FORMAT binary)', file);
	RETURN 'taken';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT what, pg_temp.receive(:'file', b)
FROM person, LATERAL (VALUES ('whole', outbreak.sealed_send(name)), ('empty', ''), ('version alone', '\x01'), ('another version', set_byte(outbreak.sealed_send(name), 0, 2)), ('another flag', set_byte(outbreak.sealed_send(name), 1, 2)), ('look-up with a value', set_byte(outbreak.sealed_send(name), 1, 1)),
	('look-up', '\x0101' || decode(repeat('00', 16), 'hex')), ('short look-up', '\x0101' || decode(repeat('00', 15), 'hex')), ('value as look-up', '\x0100' || decode(repeat('00', 16), 'hex')), ('too short for a value', substr(outbreak.sealed_send(name), 1, 45)), ('plain', 'SECRET NAME')) AS v (what, b);
COPY (SELECT WHERE false) TO :'file';
-- statistics hold envelopes
INSERT INTO person SELECT person, name FROM person, generate_series(1, 500);
ANALYZE person;
SELECT most_common_vals::text ~ 'ob1\.' AS envelope, most_common_vals::text ~ 'SECRET' AS plain FROM pg_stats WHERE tablename = 'person' AND attname = 'name';
ROLLBACK;
