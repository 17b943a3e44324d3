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
