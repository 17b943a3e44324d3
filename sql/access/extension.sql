-- ---- the scope of a session

CREATE FUNCTION outbreak.my_prefecture() RETURNS smallint
AS 'MODULE_PATHNAME', 'ob_access_my_prefecture' LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.my_prefecture() IS 'Prefecture (都道府県, JIS X 0401: 1 to 47) that the session acts for, or NULL. Taken from the claim "prefecture" when the login role is outbreak.access_authenticator and the token''s subject has no account, otherwise from access.account. So are all the getters below.';

CREATE FUNCTION outbreak.my_health_center() RETURNS bigint
AS 'MODULE_PATHNAME', 'ob_access_my_health_center' LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.my_health_center() IS 'Health centre (保健所) that the session acts for, or NULL; claim "health_center".';

CREATE FUNCTION outbreak.my_municipality() RETURNS outbreak.municipality_code
AS 'MODULE_PATHNAME', 'ob_access_my_municipality' LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.my_municipality() IS 'Municipality (市区町村) that the session acts for, or NULL; claim "municipality", six digits.';

CREATE FUNCTION outbreak.my_organisation() RETURNS bigint
AS 'MODULE_PATHNAME', 'ob_access_my_organisation' LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.my_organisation() IS 'Organisation (とりまとめ団体) that the session acts for, or NULL; claim "organisation".';

CREATE FUNCTION outbreak.my_institution() RETURNS outbreak.institution_code
AS 'MODULE_PATHNAME', 'ob_access_my_institution' LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.my_institution() IS 'Institution (医療機関) that the session acts for, or NULL; claim "institution".';

CREATE FUNCTION outbreak.my_institutions() RETURNS outbreak.institution_code[]
AS 'MODULE_PATHNAME', 'ob_access_my_institutions' LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.my_institutions() IS 'Institutions that the session may enter for: its own, and those of its organisation by proxy (代行入力) in registry.proxy today. Empty, never NULL.';

CREATE FUNCTION outbreak.my_person() RETURNS uuid
AS 'MODULE_PATHNAME', 'ob_access_my_person' LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.my_person() IS 'Person (本人) that the session acts for, or NULL; claim "person", a UUID in its usual form.';

CREATE FUNCTION outbreak.my_subject() RETURNS text
AS 'MODULE_PATHNAME', 'ob_access_my_subject' LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.my_subject() IS 'Who the session is: the claim "sub" of its token (NULL without one), or the login role of a direct connection.';

CREATE FUNCTION outbreak.acts_as(role name) RETURNS boolean
AS 'MODULE_PATHNAME', 'ob_access_sql_acts_as' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.acts_as(name) IS 'Does the session act in this role? The role that was set, or the login, is it or has it: also inside functions that run with the owner''s rights, where current_user tells nothing. False for a role that there is not.';

CREATE FUNCTION outbreak.scope() RETURNS jsonb
AS 'MODULE_PATHNAME', 'ob_access_scope' LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.scope() IS
'The whole scope of the session: {"source", "login", "role", "subject", "account", "account_role", "prefecture", "health_center", "municipality", "institution", "organisation", "person"}; what it has not is left out, and every value is text.

source is "claims" (of the token), "account" (of the login role, or of the token''s subject), "withdrawn" (there is such an account, but it is withdrawn or outside its dates: an empty scope) or "none".';

-- ---- limits

CREATE FUNCTION outbreak.take_token(key text, per_second double precision, burst integer) RETURNS interval
AS 'MODULE_PATHNAME', 'ob_access_take_token' LANGUAGE C VOLATILE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION outbreak.take_token(text, double precision, integer) IS
'Takes a token from the bucket of a key, which holds up to burst of them and regains per_second: returns 0 when there was one, otherwise how long to wait for it. Buckets stand in shared memory when outbreak is preloaded (32,768 keys, the least used give way; in the memory of the session otherwise), belong to the login role, and need no right to write: usable in READ ONLY transactions and on standbys. A token is not given back when the transaction aborts. Error 22023 for a rate that is none.';
REVOKE EXECUTE ON FUNCTION outbreak.take_token(text, double precision, integer) FROM PUBLIC;

CREATE FUNCTION outbreak.tokens_left(key text, per_second double precision, burst integer) RETURNS double precision
AS 'MODULE_PATHNAME', 'ob_access_sql_tokens_left' LANGUAGE C VOLATILE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION outbreak.tokens_left(text, double precision, integer) IS
'How many tokens are in the bucket of a key at this moment, by the same rate and burst as outbreak.take_token(); takes none. burst for a key from which nothing was taken, or which gave way. For counting failures alone: look before, take after one. Error 22023 for a rate that is none.';
REVOKE EXECUTE ON FUNCTION outbreak.tokens_left(text, double precision, integer) FROM PUBLIC;

-- ---- sealed: the type ---------------------------------------------------------------------

CREATE TYPE outbreak.sealed;

CREATE FUNCTION outbreak.sealed_in(cstring) RETURNS outbreak.sealed
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_access_sealed_in';
COMMENT ON FUNCTION outbreak.sealed_in(cstring) IS 'Text input of sealed: an envelope, "ob1." and base64url. Raises 22P02, which does not show the text.';

CREATE FUNCTION outbreak.sealed_out(outbreak.sealed) RETURNS cstring
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_access_sealed_out';
COMMENT ON FUNCTION outbreak.sealed_out(outbreak.sealed) IS 'Text output of sealed: the envelope, never the value.';

CREATE FUNCTION outbreak.sealed_recv(internal) RETURNS outbreak.sealed
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_access_sealed_recv';
COMMENT ON FUNCTION outbreak.sealed_recv(internal) IS 'Binary input of sealed: the bytes of an envelope, checked as strictly as text. Raises 22P03.';

CREATE FUNCTION outbreak.sealed_send(outbreak.sealed) RETURNS bytea
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE
AS 'byteasend';
COMMENT ON FUNCTION outbreak.sealed_send(outbreak.sealed) IS 'Binary output of sealed: the bytes of the envelope.';

-- nothing to compress: ciphertext is as good as random
CREATE TYPE outbreak.sealed (
	INPUT = outbreak.sealed_in,
	OUTPUT = outbreak.sealed_out,
	RECEIVE = outbreak.sealed_recv,
	SEND = outbreak.sealed_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = int4,
	STORAGE = external
);
COMMENT ON TYPE outbreak.sealed IS
'封緘値 / a personal value that only its envelope shows. Made by outbreak.seal(value, purpose, subject) with the key of that person, opened by outbreak.reveal(sealed, purpose, subject) with the same purpose and person; text, CSV, dumps and replicas hold the envelope: "ob1." and base64url of version (1 byte), flags (1), tag (16), nonce (12), ciphertext, mac (16). AES-256-GCM, bound to purpose and person.
= compares the tag, a keyed hash of purpose and normalised value, so that WHERE phone = outbreak.seal_lookup(number, ''phone'') uses an index and decrypts nothing. Two persons of one name have equal tags. The order of < is that of the tags and means nothing.';

-- ---- sealed: equality, hash and order of the tag --------------------------------------------

CREATE FUNCTION outbreak.sealed_eq(outbreak.sealed, outbreak.sealed) RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'MODULE_PATHNAME', 'ob_access_sealed_eq';
COMMENT ON FUNCTION outbreak.sealed_eq(outbreak.sealed, outbreak.sealed) IS 'Implements operator = of sealed, on the tag alone.';

CREATE FUNCTION outbreak.sealed_ne(outbreak.sealed, outbreak.sealed) RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'MODULE_PATHNAME', 'ob_access_sealed_ne';
COMMENT ON FUNCTION outbreak.sealed_ne(outbreak.sealed, outbreak.sealed) IS 'Implements operator <> of sealed, on the tag alone.';

CREATE FUNCTION outbreak.sealed_lt(outbreak.sealed, outbreak.sealed) RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'MODULE_PATHNAME', 'ob_access_sealed_lt';
COMMENT ON FUNCTION outbreak.sealed_lt(outbreak.sealed, outbreak.sealed) IS 'Implements operator < of sealed, on the tag alone.';

CREATE FUNCTION outbreak.sealed_le(outbreak.sealed, outbreak.sealed) RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'MODULE_PATHNAME', 'ob_access_sealed_le';
COMMENT ON FUNCTION outbreak.sealed_le(outbreak.sealed, outbreak.sealed) IS 'Implements operator <= of sealed, on the tag alone.';

CREATE FUNCTION outbreak.sealed_gt(outbreak.sealed, outbreak.sealed) RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'MODULE_PATHNAME', 'ob_access_sealed_gt';
COMMENT ON FUNCTION outbreak.sealed_gt(outbreak.sealed, outbreak.sealed) IS 'Implements operator > of sealed, on the tag alone.';

CREATE FUNCTION outbreak.sealed_ge(outbreak.sealed, outbreak.sealed) RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'MODULE_PATHNAME', 'ob_access_sealed_ge';
COMMENT ON FUNCTION outbreak.sealed_ge(outbreak.sealed, outbreak.sealed) IS 'Implements operator >= of sealed, on the tag alone.';

CREATE FUNCTION outbreak.sealed_cmp(outbreak.sealed, outbreak.sealed) RETURNS integer
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'MODULE_PATHNAME', 'ob_access_sealed_cmp';
COMMENT ON FUNCTION outbreak.sealed_cmp(outbreak.sealed, outbreak.sealed) IS 'Compares two tags for btree: below 0, 0, above 0.';

CREATE FUNCTION outbreak.sealed_hash(outbreak.sealed) RETURNS integer
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'MODULE_PATHNAME', 'ob_access_sealed_hash';
COMMENT ON FUNCTION outbreak.sealed_hash(outbreak.sealed) IS 'Hash of the tag.';

CREATE FUNCTION outbreak.sealed_hash_extended(outbreak.sealed, bigint) RETURNS bigint
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
AS 'MODULE_PATHNAME', 'ob_access_sealed_hash_extended';
COMMENT ON FUNCTION outbreak.sealed_hash_extended(outbreak.sealed, bigint) IS 'Hash of the tag with a seed.';

CREATE OPERATOR outbreak.= (
	FUNCTION = outbreak.sealed_eq,
	LEFTARG = outbreak.sealed,
	RIGHTARG = outbreak.sealed,
	COMMUTATOR = OPERATOR(outbreak.=),
	NEGATOR = OPERATOR(outbreak.<>),
	HASHES,
	MERGES,
	RESTRICT = pg_catalog.eqsel,
	JOIN = pg_catalog.eqjoinsel
);
COMMENT ON OPERATOR outbreak.= (outbreak.sealed, outbreak.sealed) IS 'equal: the same purpose and normalised value';

CREATE OPERATOR outbreak.<> (
	FUNCTION = outbreak.sealed_ne,
	LEFTARG = outbreak.sealed,
	RIGHTARG = outbreak.sealed,
	COMMUTATOR = OPERATOR(outbreak.<>),
	NEGATOR = OPERATOR(outbreak.=),
	RESTRICT = pg_catalog.neqsel,
	JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR outbreak.<> (outbreak.sealed, outbreak.sealed) IS 'not equal';

CREATE OPERATOR outbreak.< (
	FUNCTION = outbreak.sealed_lt,
	LEFTARG = outbreak.sealed,
	RIGHTARG = outbreak.sealed,
	COMMUTATOR = OPERATOR(outbreak.>),
	NEGATOR = OPERATOR(outbreak.>=),
	RESTRICT = pg_catalog.scalarltsel,
	JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR outbreak.< (outbreak.sealed, outbreak.sealed) IS 'the tag is lower';

CREATE OPERATOR outbreak.<= (
	FUNCTION = outbreak.sealed_le,
	LEFTARG = outbreak.sealed,
	RIGHTARG = outbreak.sealed,
	COMMUTATOR = OPERATOR(outbreak.>=),
	NEGATOR = OPERATOR(outbreak.>),
	RESTRICT = pg_catalog.scalarlesel,
	JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR outbreak.<= (outbreak.sealed, outbreak.sealed) IS 'the tag is lower or equal';

CREATE OPERATOR outbreak.> (
	FUNCTION = outbreak.sealed_gt,
	LEFTARG = outbreak.sealed,
	RIGHTARG = outbreak.sealed,
	COMMUTATOR = OPERATOR(outbreak.<),
	NEGATOR = OPERATOR(outbreak.<=),
	RESTRICT = pg_catalog.scalargtsel,
	JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR outbreak.> (outbreak.sealed, outbreak.sealed) IS 'the tag is higher';

CREATE OPERATOR outbreak.>= (
	FUNCTION = outbreak.sealed_ge,
	LEFTARG = outbreak.sealed,
	RIGHTARG = outbreak.sealed,
	COMMUTATOR = OPERATOR(outbreak.<=),
	NEGATOR = OPERATOR(outbreak.<),
	RESTRICT = pg_catalog.scalargesel,
	JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR outbreak.>= (outbreak.sealed, outbreak.sealed) IS 'the tag is higher or equal';

-- no function 4: equal envelopes are not the same bytes, so an index must not keep one for all of them
CREATE OPERATOR CLASS outbreak.sealed_ops DEFAULT FOR TYPE outbreak.sealed USING btree AS
	OPERATOR 1 outbreak.<,
	OPERATOR 2 outbreak.<=,
	OPERATOR 3 outbreak.=,
	OPERATOR 4 outbreak.>=,
	OPERATOR 5 outbreak.>,
	FUNCTION 1 outbreak.sealed_cmp(outbreak.sealed, outbreak.sealed);

CREATE OPERATOR CLASS outbreak.sealed_ops DEFAULT FOR TYPE outbreak.sealed USING hash AS
	OPERATOR 1 outbreak.=,
	FUNCTION 1 outbreak.sealed_hash(outbreak.sealed),
	FUNCTION 2 outbreak.sealed_hash_extended(outbreak.sealed, bigint);

-- ---- sealed: sealing and revealing ----------------------------------------------------------

CREATE FUNCTION outbreak.seal(value text, purpose text, subject uuid) RETURNS outbreak.sealed
LANGUAGE c VOLATILE PARALLEL UNSAFE COST 100
AS 'MODULE_PATHNAME', 'ob_access_sealed_seal';
COMMENT ON FUNCTION outbreak.seal(text, text, uuid) IS
'封緘 / encrypts a value (at most 16 MiB) with the key of the subject, which is made at first use, for one purpose (a word of 1 to 63 bytes, as a rule the name of the column). NULL gives NULL. Errors: OB021 no usable master key, OB022 the person was forgotten, 22004 no purpose or subject, 25006 a key would have to be made in a read-only transaction.';
REVOKE EXECUTE ON FUNCTION outbreak.seal(text, text, uuid) FROM PUBLIC;

CREATE FUNCTION outbreak.reveal(sealed outbreak.sealed, purpose text, subject uuid) RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE COST 100
AS 'MODULE_PATHNAME', 'ob_access_sealed_reveal';
COMMENT ON FUNCTION outbreak.reveal(outbreak.sealed, text, uuid) IS
'開封 / the value that was sealed, for a user who has by some role a row of that purpose in access.reveal_right. NULL gives NULL. Counted and noted in the audit trail, therefore not in read-only transactions (25006). Errors: OB020 for whatever keeps the value from being opened (wrong key, subject or purpose, changed bytes, a forgotten person), with the same words for all of them; OB021 no usable master key; OB023 too many in this hour (outbreak.access_reveal_limit); 42501 no right to reveal this purpose.';
REVOKE EXECUTE ON FUNCTION outbreak.reveal(outbreak.sealed, text, uuid) FROM PUBLIC;

CREATE FUNCTION outbreak.seal_lookup(value text, purpose text) RETURNS outbreak.sealed
LANGUAGE c STABLE PARALLEL SAFE COST 20
AS 'MODULE_PATHNAME', 'ob_access_sealed_lookup';
COMMENT ON FUNCTION outbreak.seal_lookup(text, text) IS
'照合用 / an envelope without a value, equal to every sealed value of that purpose that is normalised alike: for WHERE phone OPERATOR(outbreak.=) outbreak.seal_lookup($1, ''phone''). It cannot be revealed. NULL gives NULL. Errors: OB021 no usable master key, 22004 no purpose.';
REVOKE EXECUTE ON FUNCTION outbreak.seal_lookup(text, text) FROM PUBLIC;

CREATE FUNCTION outbreak.use_newest_key() RETURNS integer
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ob_access_use_newest_key';
COMMENT ON FUNCTION outbreak.use_newest_key() IS
'For access.rotate_keys(): has access.master_key hold the newest version of the key file, with the tag key wrapped by it, and returns that version. Locks the table against another rotation. Errors: OB021.';
REVOKE EXECUTE ON FUNCTION outbreak.use_newest_key() FROM PUBLIC;

CREATE FUNCTION outbreak.rewrap_key(subject uuid, version integer, wrapped bytea) RETURNS bytea
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ob_access_rewrap_key';
COMMENT ON FUNCTION outbreak.rewrap_key(uuid, integer, bytea) IS
'For access.rotate_keys(): a wrapped key of access.data_key, wrapped by the newest version of the key file instead. Errors: OB021, also where it cannot be unwrapped.';
REVOKE EXECUTE ON FUNCTION outbreak.rewrap_key(uuid, integer, bytea) FROM PUBLIC;

-- ---- the audit trail

CREATE FUNCTION outbreak.audit_change() RETURNS trigger
AS 'MODULE_PATHNAME', 'ob_access_audit_change' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION outbreak.audit_change() IS 'Trigger of audited tables: AFTER, for each row of INSERT, UPDATE and DELETE, or for each statement of TRUNCATE. Notes the change for access.audit; an update that changes nothing is not noted. The argument names the uuid column that holds the person. access.audit_table() attaches it.';
REVOKE EXECUTE ON FUNCTION outbreak.audit_change() FROM PUBLIC;

CREATE FUNCTION outbreak.audit_guard() RETURNS trigger
AS 'MODULE_PATHNAME', 'ob_access_audit_guard' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION outbreak.audit_guard() IS 'Trigger of the tables of the audit trail: refuses UPDATE, DELETE and TRUNCATE with 42501, for outbreak_owner and superusers too. outbreak.audit_erase and outbreak.audit_prune alone pass.';
REVOKE EXECUTE ON FUNCTION outbreak.audit_guard() FROM PUBLIC;

CREATE FUNCTION outbreak.audit_note(action text, subject uuid, detail jsonb) RETURNS void
AS 'MODULE_PATHNAME', 'ob_access_audit_note_sql' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION outbreak.audit_note(text, uuid, jsonb) IS 'Notes for the audit trail what is no change of a row; access.note() is for callers.';
REVOKE EXECUTE ON FUNCTION outbreak.audit_note(text, uuid, jsonb) FROM PUBLIC;

CREATE FUNCTION outbreak.audit_erase(relation text, before timestamptz, subject uuid) RETURNS bigint
AS 'MODULE_PATHNAME', 'ob_access_audit_erase' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION outbreak.audit_erase(text, timestamptz, uuid) IS 'Erases images and their salts from the audit trail; access.erase_audit_images() is for callers.';
REVOKE EXECUTE ON FUNCTION outbreak.audit_erase(text, timestamptz, uuid) FROM PUBLIC;

CREATE FUNCTION outbreak.audit_erase_entries(ids bigint[]) RETURNS bigint
AS 'MODULE_PATHNAME', 'ob_access_audit_erase_entries' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION outbreak.audit_erase_entries(bigint[]) IS 'Erases image and salt of these entries of access.audit; returns how many had one. For retention.';
REVOKE EXECUTE ON FUNCTION outbreak.audit_erase_entries(bigint[]) FROM PUBLIC;

CREATE FUNCTION outbreak.audit_images("on" boolean) RETURNS void
AS 'MODULE_PATHNAME', 'ob_access_audit_images' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION outbreak.audit_images(boolean) IS 'From false to true, or to the end of the transaction or of the block that it was called in, changed rows are noted in the audit trail without an image. For retention: what it takes away would live on in the trail.';
REVOKE EXECUTE ON FUNCTION outbreak.audit_images(boolean) FROM PUBLIC;

CREATE FUNCTION outbreak.audit_prune() RETURNS bigint
AS 'MODULE_PATHNAME', 'ob_access_audit_prune' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION outbreak.audit_prune() IS 'Deletes the heads of the audit trail that a later one of the same chain follows; returns how many.';
REVOKE EXECUTE ON FUNCTION outbreak.audit_prune() FROM PUBLIC;

CREATE FUNCTION outbreak.audit_bytes(chain smallint, number bigint, recorded_at timestamptz, transaction xid8, login text, role text, actor text,
	action text, relation text, subject uuid, image_hash bytea) RETURNS bytea
AS 'MODULE_PATHNAME', 'ob_access_audit_bytes' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.audit_bytes(smallint, bigint, timestamptz, xid8, text, text, text, text, text, uuid, bytea) IS 'The canonical bytes of an entry of the audit trail: each field with its length in four bytes in front. The SHA-256 of these bytes is the digest of the entry; the SHA-256 of the hash of the entry before it and the digest is its hash.';

CREATE FUNCTION outbreak.audit_verify(from_at timestamptz, to_at timestamptz)
RETURNS TABLE (chain smallint, first_number bigint, last_number bigint, checked bigint, broken_number bigint, broken_at timestamptz, problem text)
AS 'MODULE_PATHNAME', 'ob_access_audit_verify' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE ROWS 16;
COMMENT ON FUNCTION outbreak.audit_verify(timestamptz, timestamptz) IS 'Checks the chains of the audit trail; access.verify_audit() is for callers.';
REVOKE EXECUTE ON FUNCTION outbreak.audit_verify(timestamptz, timestamptz) FROM PUBLIC;

CREATE FUNCTION outbreak.audit_sign(message text, OUT version integer, OUT public_key bytea, OUT signature bytea) RETURNS record
AS 'MODULE_PATHNAME', 'ob_access_audit_sign_message' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION outbreak.audit_sign(text) IS 'Signs a message with the Ed25519 key that is derived from the newest master key for heads of the audit trail. OB021 without a master key.';
REVOKE EXECUTE ON FUNCTION outbreak.audit_sign(text) FROM PUBLIC;

CREATE FUNCTION outbreak.audit_signature_holds(public_key bytea, message text, signature bytea) RETURNS boolean
AS 'MODULE_PATHNAME', 'ob_access_audit_signature_holds' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.audit_signature_holds(bytea, text, bytea) IS 'Is this the Ed25519 signature of the message (UTF-8) under the public key (32 bytes)? False for anything else.';

-- ---- small cells

CREATE FUNCTION outbreak.suppress(atoms text, threshold integer DEFAULT 10, published text[] DEFAULT '{}')
RETURNS TABLE (cell text, value bigint, hidden boolean)
AS 'MODULE_PATHNAME', 'ob_access_suppress_cells' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE ROWS 1000 COST 100000;
REVOKE EXECUTE ON FUNCTION outbreak.suppress(text, integer, text[]) FROM PUBLIC;
COMMENT ON FUNCTION outbreak.suppress(text, integer, text[]) IS '秘匿処理 / Published counts without small cells. atoms is a query with the columns value (bigint) and cells (text[]): the finest counts, each with the names of all published cells that it counts in; it runs with your rights. A cell is the sum of its atoms. value is NULL where hidden: cells of 1 to threshold - 1, and the others that would give them back, by subtraction over totals, overlapping areas or days, even to somebody who knows this rule. Whatever count can be worked out from the rest is above threshold or is made of no count below it. 0 is always shown. published: cells that were shown before and so cannot be hidden any more. threshold: 10 as in the guideline of NDB, 4 as HHS.';

CREATE FUNCTION outbreak.release_cells(series text, atoms text, threshold integer)
RETURNS TABLE (cell text, value bigint, hidden boolean)
AS 'MODULE_PATHNAME', 'ob_access_release_cells' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE ROWS 1000 COST 100000;
REVOKE EXECUTE ON FUNCTION outbreak.release_cells(text, text, integer) FROM PUBLIC;
COMMENT ON FUNCTION outbreak.release_cells(text, text, integer) IS 'What access.release() does: runs the query with your rights, and keeps what is released with those of the owner of access.released.';
