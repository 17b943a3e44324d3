-- The format that docs/security.md describes is the format: the digest and the hash of an entry, its image, the way to the
-- signed head and the signature follow from what audit_proof hands over. tests/tap checks the same with openssl alone.
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
-- known answers: lengths in front, most significant byte first, ffffffff for NULL
SELECT outbreak.audit_bytes(1::smallint, 2, '1970-01-01 00:00:00.000003+00', '4', 'a', 'bc', NULL, 'insert', '', '00000000-0000-0000-0000-0000000000ff', NULL) AS bytes;
SELECT outbreak.audit_bytes(-1::smallint, 2, '2021-01-01 00:00+00', '18446744073709551615', '東京', NULL, NULL, NULL, NULL, NULL, sha256('x')) AS bytes;
SELECT outbreak.audit_bytes(1::smallint, NULL, now(), '1', 'a', 'a', NULL, 'a', NULL, NULL, NULL) IS NULL AS without_number;
SELECT outbreak.audit_bytes(1::smallint, 1, now(), '1', 'a', 'a', NULL, 'a', NULL, NULL, '\x00');
\echo :LAST_ERROR_SQLSTATE
-- where one text ends and the next begins makes a difference; so does NULL and empty
SELECT count(DISTINCT outbreak.audit_bytes(1::smallint, 1, '2021-01-01', '1', v.a, v.b, v.c, 'x', NULL, NULL, NULL))
FROM (VALUES ('ab', 'c', NULL), ('a', 'bc', NULL), ('abc', '', NULL), ('abc', NULL, ''), ('', 'abc', NULL)) AS v (a, b, c);

CREATE SCHEMA proved;
CREATE TABLE proved.person (person uuid, note text);
SELECT access.audit_table('proved.person', 'person');
INSERT INTO proved.person SELECT gen_random_uuid(), 'note ' || n FROM generate_series(1, 5) AS n;
UPDATE proved.person SET note = 'changed' WHERE note = 'note 3';
CREATE VIEW proved.entry AS SELECT a.* FROM access.audit AS a WHERE a.relation = 'proved.person';
-- not signed yet
SELECT access.audit_proof(min(id)) -> 'head' AS head, access.audit_proof(min(id)) -> 'following' AS following FROM proved.entry;
SELECT access.audit_proof(-5) IS NULL AS unknown;
SELECT bool_or(relation = 'proved.person') FROM access.sign_audit() AS s JOIN access.audit AS a ON a.chain = s.chain AND a.number = s.number;
-- signing again signs nothing
SELECT count(*) FROM access.sign_audit();

-- an auditor asks; everything else is arithmetic
SET ROLE outbreak_auditor;
CREATE TEMP TABLE proof AS SELECT access.audit_proof(e.id) AS p FROM access.audit AS e WHERE e.relation = 'proved.person';
RESET ROLE;
CREATE FUNCTION proved.hex(p jsonb, key text) RETURNS bytea LANGUAGE SQL RETURN decode(p ->> key, 'hex');
CREATE FUNCTION proved.walk(p jsonb) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
	hash bytea := sha256(proved.hex(p, 'previous_hash') || sha256(proved.hex(p, 'canonical')));
	digest text;
BEGIN
	FOR digest IN SELECT jsonb_array_elements_text(p -> 'following') LOOP
		hash := sha256(hash || decode(digest, 'hex'));
	END LOOP;
	RETURN hash;
END
$$;
SELECT count(*) AS entries,
	bool_and(sha256(proved.hex(p, 'salt') || convert_to(p ->> 'image', 'UTF8')) = proved.hex(p, 'image_hash')) AS images,
	bool_and(position(proved.hex(p, 'image_hash') IN proved.hex(p, 'canonical')) > 0) AS image_in_entry,
	bool_and(position(convert_to(p -> 'entry' ->> 'relation', 'UTF8') IN proved.hex(p, 'canonical')) > 0) AS relation_in_entry,
	bool_and(sha256(proved.hex(p, 'previous_hash') || sha256(proved.hex(p, 'canonical'))) = proved.hex(p, 'hash')) AS hashes,
	bool_and(proved.walk(p) = proved.hex(p -> 'head', 'hash')) AS lead_to_head,
	bool_and(p -> 'head' ->> 'message' LIKE E'outbreak audit head\ncluster %\ndatabase %\nchain ' || (p -> 'entry' ->> 'chain') || E'\nnumber ' || (p -> 'head' ->> 'number') || E'\nhash ' || (p -> 'head' ->> 'hash') || E'\nsigned_at %Z\n') AS message_names_head,
	bool_and(outbreak.audit_signature_holds(proved.hex(p -> 'head', 'public_key'), p -> 'head' ->> 'message', proved.hex(p -> 'head', 'signature'))) AS signatures,
	max(jsonb_array_length(p -> 'following')) >= 5 AS some_follow
FROM proof;
-- neighbours stay unknown: nothing of the other entries but digests
SELECT count(*) FROM proof AS a JOIN proof AS b ON a.p -> 'entry' ->> 'id' <> b.p -> 'entry' ->> 'id'
WHERE a.p::text LIKE '%' || (b.p -> 'entry' ->> 'subject') || '%' AND a.p -> 'entry' ->> 'subject' <> b.p -> 'entry' ->> 'subject';
SELECT outbreak.audit_signature_holds('\x00', 'x', '\x00') AS short, outbreak.audit_signature_holds(sha256('x'), 'x', sha256('x') || sha256('y')) AS wrong;

-- an erased image is proved by its hash
SELECT access.erase_audit_images('proved.person', 'infinity');
SELECT count(*) AS entries, count(p ->> 'image') AS images, bool_and(proved.walk(p) = proved.hex(p -> 'head', 'hash')) AS lead_to_head
FROM (SELECT access.audit_proof(e.id) AS p FROM proved.entry AS e WHERE e.action <> 'erase') AS s;
DROP SCHEMA proved CASCADE;
