-- What was sealed comes back for its own purpose and subject. Moved to another person or another column, changed by a
-- byte or cut, under another key, or with no key at all, it stays closed, and the error says the same each time.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
\set SHOW_CONTEXT never
CREATE FUNCTION pg_temp.outcome(sealed outbreak.sealed, purpose text, subject uuid) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	m text; d text; h text;
BEGIN
	RETURN outbreak.reveal(sealed, purpose, subject);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS m = MESSAGE_TEXT, d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLSTATE, m, nullif(d, ''), nullif(h, ''));
END $$;
\set anna '\'aaaaaaaa-0000-4000-8000-000000000001\''
\set berta '\'bbbbbbbb-0000-4000-8000-000000000002\''
CREATE TABLE person AS
SELECT subject::uuid, outbreak.seal(name, 'name', subject::uuid) AS name, outbreak.seal(phone, 'phone', subject::uuid) AS phone
FROM (VALUES (:anna, '山田 花子', '090-1234-5678'), (:berta, '', NULL)) AS v (subject, name, phone);
-- each comes back as it was written, an empty one too, and nothing stays nothing
SELECT subject, outbreak.reveal(name, 'name', subject) AS name, outbreak.reveal(phone, 'phone', subject) AS phone FROM person ORDER BY subject;
-- sealed twice, a value looks different and is equal
SELECT one::text = other::text AS same_text, one OPERATOR(outbreak.=) other AS equal, outbreak.reveal(other, 'name', :anna) AS value
FROM (SELECT outbreak.seal('山田花子', 'name', :anna) AS one, outbreak.seal('山田　花子', 'name', :anna) AS other) AS s;
-- the same value of two persons, and of two purposes
SELECT outbreak.seal('x', 'name', :anna) OPERATOR(outbreak.=) outbreak.seal('x', 'name', :berta) AS of_two_persons, outbreak.seal('x', 'name', :anna) OPERATOR(outbreak.=) outbreak.seal('x', 'mail', :anna) AS of_two_purposes;
-- moved: to another person, to another purpose, to a person without a key
SELECT v.what, pg_temp.outcome(p.name, v.purpose, v.subject::uuid)
FROM person AS p, (VALUES ('another person', 'name', :berta), ('another purpose', 'phone', :anna), ('nobody', 'name', '00000000-0000-0000-0000-000000000000'), ('its own', 'name', :anna)) AS v (what, purpose, subject)
WHERE p.subject = :anna;
-- every byte changed in each of eight bits, every length cut, a byte added: text that is an envelope still is refused alike
CREATE FUNCTION pg_temp.to_text(envelope bytea) RETURNS text LANGUAGE sql AS $$
	SELECT 'ob1.' || rtrim(translate(encode(envelope, 'base64'), E'+/\n', '-_'), '=')
$$;
CREATE FUNCTION pg_temp.outcome_of_bytes(envelope bytea) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN pg_temp.outcome(pg_temp.to_text(envelope)::outbreak.sealed, 'name', 'aaaaaaaa-0000-4000-8000-000000000001');
EXCEPTION WHEN invalid_text_representation THEN
	RETURN SQLSTATE || ' | ' || SQLERRM;
END $$;
SELECT pg_temp.outcome_of_bytes(outbreak.sealed_send(name)) AS untouched FROM person WHERE subject = :anna;
SELECT CASE WHEN byte < 2 THEN 'version and flags' ELSE 'everything else' END AS changed, outcome, count(*)
FROM person AS p, generate_series(0, length(outbreak.sealed_send(p.name)) - 1) AS byte, generate_series(0, 7) AS bit,
	LATERAL (SELECT pg_temp.outcome_of_bytes(set_byte(e, byte, get_byte(e, byte) # (1 << bit))) FROM (SELECT outbreak.sealed_send(p.name)) AS s (e)) AS o (outcome)
WHERE p.subject = :anna
GROUP BY 1, 2 ORDER BY 1, 2;
SELECT outcome, count(*), min(cut), max(cut)
FROM person AS p, generate_series(1, length(outbreak.sealed_send(p.name)) - 1) AS cut,
	LATERAL (SELECT pg_temp.outcome_of_bytes(substr(outbreak.sealed_send(p.name), 1, cut))) AS o (outcome)
WHERE p.subject = :anna
GROUP BY 1 ORDER BY 1;
SELECT pg_temp.outcome_of_bytes(outbreak.sealed_send(name) || '\x00') FROM person WHERE subject = :anna;
-- an envelope for looking up holds nothing to reveal
SELECT pg_temp.outcome(outbreak.seal_lookup('山田花子', 'name'), 'name', :anna);
-- the person's key taken away, changed, or exchanged for another's
SAVEPOINT keys;
DELETE FROM access.data_key WHERE subject = :anna;
SELECT 'no key', pg_temp.outcome(name, 'name', subject) FROM person WHERE subject = :anna;
ROLLBACK TO keys;
UPDATE access.data_key SET wrapped = (SELECT wrapped FROM access.data_key WHERE subject = :berta) WHERE subject = :anna;
SELECT 'key of another', pg_temp.outcome(name, 'name', subject) FROM person WHERE subject = :anna;
ROLLBACK TO keys;
UPDATE access.data_key SET wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1) WHERE subject = :anna;
SELECT 'changed key', pg_temp.outcome(name, 'name', subject) FROM person WHERE subject = :anna;
ROLLBACK TO keys;
SELECT 'restored', pg_temp.outcome(name, 'name', subject) FROM person WHERE subject = :anna;
-- nothing is sealed for nobody or for no purpose
SELECT outbreak.seal('x', NULL, :anna);
\echo :LAST_ERROR_SQLSTATE
SELECT outbreak.seal('x', 'name', NULL);
\echo :LAST_ERROR_SQLSTATE
SELECT outbreak.seal('x', '', :anna);
\echo :LAST_ERROR_SQLSTATE
SELECT outbreak.seal('x', repeat('p', 64), :anna);
\echo :LAST_ERROR_SQLSTATE
SELECT outbreak.reveal(name, NULL, subject) FROM person;
\echo :LAST_ERROR_SQLSTATE
SELECT outbreak.reveal(name, 'name', NULL) FROM person;
\echo :LAST_ERROR_SQLSTATE
SELECT outbreak.seal_lookup('x', NULL);
\echo :LAST_ERROR_SQLSTATE
SELECT outbreak.seal(NULL, NULL, NULL) IS NULL AS seal, outbreak.reveal(NULL, NULL, NULL) IS NULL AS reveal, outbreak.seal_lookup(NULL, NULL) IS NULL AS lookup;
-- long ones, up to the limit
SELECT n, outbreak.reveal(outbreak.seal(repeat('あ', n), 'address', :anna), 'address', :anna) = repeat('あ', n) AS same FROM unnest('{1,15,16,17,1000,100000}'::int[]) AS n;
SELECT outbreak.seal(repeat('x', 16 * 1024 * 1024 + 1), 'address', :anna);
\echo :LAST_ERROR_SQLSTATE
ROLLBACK;
