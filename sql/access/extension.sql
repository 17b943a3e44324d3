CREATE FUNCTION outbreak.my_prefecture() RETURNS smallint
AS 'MODULE_PATHNAME', 'ob_access_my_prefecture' LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.my_prefecture() IS 'Prefecture (都道府県, JIS X 0401: 1 to 47) that the session acts for, or NULL. Taken from the claim "prefecture" when the login role is outbreak.access_authenticator, otherwise from access.account.';

CREATE FUNCTION outbreak.my_organisation() RETURNS bigint
AS 'MODULE_PATHNAME', 'ob_access_my_organisation' LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.my_organisation() IS 'Organisation (とりまとめ団体) that the session acts for, or NULL; claim "organisation".';

CREATE FUNCTION outbreak.my_institution() RETURNS outbreak.institution_code
AS 'MODULE_PATHNAME', 'ob_access_my_institution' LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.my_institution() IS 'Institution (医療機関) that the session acts for, or NULL; claim "institution".';

CREATE FUNCTION outbreak.my_institutions() RETURNS outbreak.institution_code[]
AS 'MODULE_PATHNAME', 'ob_access_my_institutions' LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.my_institutions() IS 'Institutions that the session may enter for: its own, and those of its organisation by proxy (代行入力) in registry.proxy today. Empty, never NULL.';

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
