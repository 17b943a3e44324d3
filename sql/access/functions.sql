-- ---- sealed fields

CREATE OR REPLACE FUNCTION access.forget(subject uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	destroyed boolean;
BEGIN
	IF subject IS NULL THEN
		RAISE EXCEPTION 'the subject to forget must not be null'
			USING ERRCODE = 'null_value_not_allowed';
	END IF;
	-- a row in any case, so that nothing is sealed for the person later either
	INSERT INTO access.data_key AS d (subject, version, forgotten_at)
	VALUES (forget.subject, 0, now())
	ON CONFLICT ON CONSTRAINT data_key_pkey DO UPDATE
	SET wrapped = NULL,
		forgotten_at = now()
	WHERE d.wrapped IS NOT NULL
	RETURNING d.version > 0 INTO destroyed;
	RETURN coalesce(destroyed, false);
END
$$;
COMMENT ON FUNCTION access.forget(uuid) IS
'消去 / destroys the key of a person: from the commit on nothing that was sealed for them can be revealed (OB020), and nothing more is sealed for them (OB022). Returns whether there was a key. There is no way back. Copies of the database taken before still hold the wrapped key, which the master key of that time opens: rotate the master key and destroy its old version (docs/security.md).';

CREATE OR REPLACE FUNCTION access.rotate_keys(batch integer DEFAULT 10000) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '500ms'
AS $$
DECLARE
	newest integer;
	remaining bigint;
BEGIN
	IF batch IS NULL OR batch < 1 THEN
		RAISE EXCEPTION 'the batch must be 1 or more'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	newest := outbreak.use_newest_key();

	-- whoever is forgotten at this moment is skipped here and found without a key next time
	WITH old AS MATERIALIZED (
		SELECT d.subject
		FROM access.data_key AS d
		WHERE d.version < newest
			AND d.wrapped IS NOT NULL
		LIMIT batch
		FOR NO KEY UPDATE SKIP LOCKED
	)
	UPDATE access.data_key AS d
	SET wrapped = outbreak.rewrap_key(d.subject, d.version, d.wrapped),
		version = newest
	FROM old
	WHERE d.subject = old.subject
		AND d.wrapped IS NOT NULL;

	SELECT count(*) INTO remaining
	FROM access.data_key AS d
	WHERE d.version < newest
		AND d.wrapped IS NOT NULL;
	IF remaining > 0 THEN
		RETURN remaining;
	END IF;

	-- A transaction that looked into the file earlier may be making a key with an older version still. This lock waits
	-- for those that have sealed something; the others find the older version retired and look into the file again.
	BEGIN
		LOCK TABLE access.data_key IN SHARE MODE;
	EXCEPTION WHEN lock_not_available THEN
		RAISE NOTICE 'a running transaction may still be using an older master key'
			USING HINT = 'Call access.rotate_keys() again later.';
		RETURN 1;
	END;
	SELECT count(*) INTO remaining
	FROM access.data_key AS d
	WHERE d.version < newest
		AND d.wrapped IS NOT NULL;
	IF remaining = 0 THEN
		UPDATE access.master_key AS m
		SET retired_at = now(),
			tag_key = NULL
		WHERE m.version < newest
			AND m.retired_at IS NULL;
	END IF;
	RETURN remaining;
END
$$;
COMMENT ON FUNCTION access.rotate_keys(integer) IS
'鍵の更新 / wraps up to batch keys by the newest version of the key file instead of an older one, and returns how many are left on older versions. Readers and writers go on meanwhile. Call it until it returns 0: then the older versions are retired (access.master_key.retired_at) and can be taken out of the file and destroyed. 1 also stands for a transaction that may still be using an older version. Each call reads access.data_key once, so take large batches for large tables. Errors: OB021 no usable master key, 55P03 another rotation runs.';

-- ---- the audit trail

CREATE OR REPLACE FUNCTION access.audit_table(target regclass, subject name DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = target AND c.relkind IN ('r', 'p')) THEN
		RAISE EXCEPTION '% is no table', target
			USING ERRCODE = 'wrong_object_type';
	END IF;
	IF EXISTS (
		SELECT
		FROM pg_class c
		WHERE c.oid = target
			AND c.relnamespace = 'access'::regnamespace
			AND (c.relname = 'audit' OR starts_with(c.relname, 'audit_'))
	) THEN
		RAISE EXCEPTION 'the audit trail is not audited'
			USING ERRCODE = 'wrong_object_type';
	END IF;
	IF subject IS NOT NULL AND NOT EXISTS (
		SELECT
		FROM pg_attribute a
		WHERE a.attrelid = target
			AND a.attname = subject
			AND a.attnum > 0
			AND NOT a.attisdropped
			AND a.atttypid = 'uuid'::regtype
	) THEN
		RAISE EXCEPTION '% has no uuid column "%"', target, subject
			USING ERRCODE = 'undefined_column';
	END IF;
	EXECUTE format('CREATE OR REPLACE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION outbreak.audit_change(%s)',
		target, coalesce(quote_literal(subject), ''));
	EXECUTE format('COMMENT ON TRIGGER audit ON %s IS %L', target, '監査 / notes every change for access.audit.');
	EXECUTE format('CREATE OR REPLACE TRIGGER audit_truncate AFTER TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION outbreak.audit_change()', target);
	EXECUTE format('COMMENT ON TRIGGER audit_truncate ON %s IS %L', target, '監査 / notes a TRUNCATE for access.audit.');
END
$$;
COMMENT ON FUNCTION access.audit_table(regclass, name) IS
'監査対象にする / from now on every INSERT, UPDATE, DELETE and TRUNCATE of the table is noted in access.audit; for the owner of the table. subject names the uuid column that holds the person. Of a partitioned table the parent is named, and stands in the entries. A row that an UPDATE moves to another partition is noted as delete and insert. Nothing is noted where triggers sleep: logical replication, restoring a dump, session_replication_role = replica. Safe to repeat. Errors: 42809 no table, 42703 no such uuid column.';

CREATE OR REPLACE FUNCTION access.note(action text, subject uuid DEFAULT NULL, detail jsonb DEFAULT NULL) RETURNS void
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT outbreak.audit_note(action, subject, detail);
END;
COMMENT ON FUNCTION access.note(text, uuid, jsonb) IS '監査への記録 / notes in the audit trail something that is no change of a row: its action, the person, details. Written when the transaction commits; the session''s login, role and actor stand with it.';

CREATE OR REPLACE FUNCTION access.verify_audit("from" timestamptz DEFAULT '-infinity', "to" timestamptz DEFAULT 'infinity')
RETURNS TABLE (chain smallint, first_number bigint, last_number bigint, checked bigint, broken_number bigint, broken_at timestamptz, problem text)
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT v.chain, v.first_number, v.last_number, v.checked, v.broken_number, v.broken_at, v.problem
	FROM outbreak.audit_verify("from", "to") AS v;
END;
COMMENT ON FUNCTION access.verify_audit(timestamptz, timestamptz) IS
'監査証跡の検証 / checks the entries that were recorded from one instant until before another. One row a chain: the numbers checked, how many, and the first thing that is wrong, if anything is (problem is NULL otherwise): a changed field or image, a missing, added or moved entry, a chain that ends before its head, or one that contradicts a signed head. Several processes share the work (max_parallel_workers_per_gather).';

CREATE OR REPLACE FUNCTION access.audit_proof(id bigint) RETURNS jsonb
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT jsonb_build_object(
			'format', 'outbreak audit 1',
			'entry', jsonb_build_object(
				'id', a.id,
				'chain', a.chain,
				'number', a.number,
				'recorded_at', to_char(a.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
				'transaction', a.transaction::text,
				'login', a.login,
				'role', a.role,
				'actor', a.actor,
				'action', a.action,
				'relation', a.relation,
				'subject', a.subject),
			'image', a.image,
			'salt', encode(a.salt, 'hex'),
			'image_hash', encode(a.image_hash, 'hex'),
			'canonical', encode(outbreak.audit_bytes(a.chain, a.number, a.recorded_at, a.transaction, a.login, a.role, a.actor,
				a.action, a.relation, a.subject, a.image_hash), 'hex'),
			'previous_hash', encode(coalesce(before.hash, anchor.hash, decode(repeat('00', 32), 'hex')), 'hex'),
			'hash', encode(a.hash, 'hex'),
			'following', coalesce(behind.digests, '[]'),
			'head', CASE WHEN s.chain IS NOT NULL THEN jsonb_build_object(
				'number', s.number,
				'hash', encode(s.hash, 'hex'),
				'message', s.message,
				'signature', encode(s.signature, 'hex'),
				'public_key', encode(s.public_key, 'hex'),
				'key_version', s.version) END)
	FROM access.audit AS a
	LEFT JOIN access.audit AS before ON before.chain = a.chain
		AND before.number = a.number - 1
	LEFT JOIN access.audit_anchor AS anchor ON anchor.chain = a.chain
		AND anchor.number = a.number - 1
	LEFT JOIN LATERAL (
		SELECT g.*
		FROM access.audit_signature AS g
		WHERE g.chain = a.chain
			AND g.number >= a.number
		ORDER BY g.number, g.version DESC
		LIMIT 1
	) AS s ON true
	LEFT JOIN LATERAL (
		SELECT jsonb_agg(encode(sha256(outbreak.audit_bytes(f.chain, f.number, f.recorded_at, f.transaction, f.login, f.role, f.actor,
			f.action, f.relation, f.subject, f.image_hash)), 'hex') ORDER BY f.number) AS digests
		FROM access.audit AS f
		WHERE f.chain = a.chain
			AND f.number > a.number
			AND f.number <= s.number
	) AS behind ON true
	WHERE a.chain = (audit_proof.id % 256)::smallint
		AND a.number = audit_proof.id / 256;
END;
COMMENT ON FUNCTION access.audit_proof(bigint) IS
'監査証跡の証明 / what an outsider needs to check one entry without this database: its fields, its canonical bytes (hex), image and salt, the hash before it, the digests of the entries that follow up to the next signed head (nothing else of them), and that head with its signature and public key. "head" is null when the entry is newer than the last signature. docs/security.md says how it is checked with openssl. NULL when there is no such entry.';

CREATE OR REPLACE FUNCTION access.sign_audit() RETURNS SETOF access.audit_signature
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN QUERY
	INSERT INTO access.audit_signature AS s (chain, number, hash, signed_at, version, public_key, signature, message)
	SELECT h.chain, h.number, h.hash, clock_timestamp(), k.version, k.public_key, k.signature, m.message
	FROM (
		SELECT DISTINCT ON (n.chain) n.chain, n.number, n.hash
		FROM access.audit_head n
		ORDER BY n.chain, n.number DESC
	) AS h
	CROSS JOIN LATERAL (
		SELECT format(E'outbreak audit head\ncluster %s\ndatabase %s\nchain %s\nnumber %s\nhash %s\nsigned_at %s\n',
			(SELECT c.system_identifier FROM pg_control_system() c), current_database(), h.chain, h.number, encode(h.hash, 'hex'),
			to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
		OFFSET 0
	) AS m (message)
	CROSS JOIN LATERAL outbreak.audit_sign(m.message) AS k
	ON CONFLICT ON CONSTRAINT audit_signature_pkey DO NOTHING
	RETURNING s.*;
	PERFORM outbreak.audit_prune();
END
$$;
COMMENT ON FUNCTION access.sign_audit() IS
'監査証跡の署名 / signs the head of every chain that grew since the last time with the Ed25519 key derived from the newest master key, and returns the signed heads: publish them where this server''s administrators cannot take them back. Deletes heads that were overtaken. Error OB021 without a master key.';

CREATE OR REPLACE FUNCTION access.erase_audit_images(relation text, before timestamptz, subject uuid DEFAULT NULL) RETURNS bigint
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT outbreak.audit_erase(relation, before, subject);
END;
COMMENT ON FUNCTION access.erase_audit_images(text, timestamptz, uuid) IS
'内容の消去 / erases image and salt of the changes (not of notes) of that relation (schema.table; all for NULL) that were recorded before that instant, of one person or (NULL) of all; returns how many, and notes it as "erase". The chain still verifies, since it holds the hash of the image. For retention; outbreak_owner only.';

CREATE OR REPLACE FUNCTION access.drop_audit_before(before date) RETURNS SETOF text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET datestyle = 'ISO, YMD'
AS $$
DECLARE
	until timestamptz;
	piece record;
	broken record;
BEGIN
	LOCK TABLE access.audit IN ACCESS EXCLUSIVE MODE;
	until := before::timestamp AT TIME ZONE outbreak.time_zone();
	SELECT v.* INTO broken
	FROM access.verify_audit('-infinity', until) v
	WHERE v.problem IS NOT NULL
	LIMIT 1;
	IF found THEN
		RAISE EXCEPTION 'chain % of the audit trail is broken at number %: %', broken.chain, broken.broken_number, broken.problem
			USING ERRCODE = 'object_not_in_prerequisite_state',
				HINT = 'Nothing was dropped. Find out what happened first.';
	END IF;
	FOR piece IN
		SELECT c.oid::regclass AS partition, c.relname
		FROM pg_inherits i
		JOIN pg_class c ON c.oid = i.inhrelid
		CROSS JOIN LATERAL regexp_match(pg_get_expr(c.relpartbound, c.oid), '^FOR VALUES FROM \(.*\) TO \(''(.*)''\)$') AS b (bound)
		WHERE i.inhparent = 'access.audit'::regclass
			AND b.bound[1]::timestamptz <= until
		ORDER BY b.bound[1]::timestamptz
	LOOP
		-- nothing is granted on partitions and they may lack the policy of the owner, so the parent is read
		INSERT INTO access.audit_anchor (chain, number, recorded_at, hash)
		SELECT DISTINCT ON (a.chain) a.chain, a.number, a.recorded_at, a.hash
		FROM access.audit a
		WHERE a.tableoid = piece.partition
		ORDER BY a.chain, a.number DESC;
		EXECUTE format('DROP TABLE %s', piece.partition);
		PERFORM outbreak.audit_note('drop', NULL, jsonb_build_object('partition', piece.relname));
		RETURN NEXT piece.relname;
	END LOOP;
END
$$;
COMMENT ON FUNCTION access.drop_audit_before(date) IS
'古い監査証跡の削除 / drops the partitions of access.audit that end on or before local midnight of that date, and returns their names. Checks them first (55000 when a chain is broken), and keeps the last hash of each chain in access.audit_anchor, on which what remains is checked. Noted as "drop". Not undone by any later call: publish the signed heads, and keep a copy of the partitions if they may be needed. outbreak_owner only.';
