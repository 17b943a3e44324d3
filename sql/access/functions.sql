-- ---- accounts

CREATE OR REPLACE FUNCTION access.issue_accounts(kind text, of_prefecture smallint DEFAULT NULL, role text DEFAULT 'outbreak_institution', valid daterange DEFAULT NULL, as_of timestamptz DEFAULT now())
RETURNS TABLE (prefecture smallint, name_ja text, institutions bigint, issued bigint, had_already bigint)
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	WITH due AS MATERIALIZED (
		SELECT i.institution,
			i.prefecture,
			EXISTS (
				SELECT
				FROM access.account AS a
				WHERE a.institution OPERATOR(outbreak.=) i.institution
					AND a.subject IS NOT NULL
					AND a.withdrawn_at IS NULL
					AND a.valid @> outbreak.local_date(as_of)
			) AS has_one
		FROM registry.institution AS i
		WHERE i.kind = issue_accounts.kind
			AND i.valid @> outbreak.local_date(as_of)
			AND i.prefecture = coalesce(of_prefecture, outbreak.my_prefecture(), i.prefecture)
	), made AS (
		INSERT INTO access.account (subject, role, institution, valid, issued_at)
		SELECT d.institution::text || '-' || gen_random_uuid()::text,
			issue_accounts.role,
			d.institution,
			coalesce(issue_accounts.valid, daterange(outbreak.local_date(as_of), NULL)),
			as_of
		FROM due AS d
		WHERE NOT d.has_one
		RETURNING home
	), issued AS (
		-- counted before they meet: nothing is known of either when the plan is made
		SELECT m.home, count(*) AS accounts
		FROM made AS m
		GROUP BY m.home
	), counted AS (
		SELECT d.prefecture, count(*) AS institutions, count(*) FILTER (WHERE d.has_one) AS had_already
		FROM due AS d
		GROUP BY d.prefecture
	)
	SELECT p.prefecture,
		CASE WHEN grouping(p.prefecture) = 0 THEN p.name_ja ELSE '合計' END,
		coalesce(sum(c.institutions), 0)::bigint,
		coalesce(sum(i.accounts), 0)::bigint,
		coalesce(sum(c.had_already), 0)::bigint
	FROM counted AS c
	JOIN registry.prefecture AS p ON p.prefecture = c.prefecture
	LEFT JOIN issued AS i ON i.home = c.prefecture
	GROUP BY GROUPING SETS ((p.prefecture, p.name_ja), ())
	ORDER BY p.prefecture NULLS LAST;
END;
COMMENT ON FUNCTION access.issue_accounts(text, smallint, text, daterange, timestamptz) IS
'アカウントの一括発行 / issues an account to every institution of a kind that is open on the local day of as_of and has none: a subject for its tokens, made of its code and a random part that nobody can guess. Whose account was withdrawn is given a new one. Returns counts by prefecture, and those of all in a last row without a number.

The ministry issues for all prefectures or for one (of_prefecture), a prefecture for its own institutions; 42501 for those of another. valid is from that day on, unless given.';

CREATE OR REPLACE FUNCTION access.withdraw_accounts(reason text, subjects text[] DEFAULT NULL, kind text DEFAULT NULL, of_prefecture smallint DEFAULT NULL, as_of timestamptz DEFAULT now())
RETURNS TABLE (prefecture smallint, name_ja text, accounts bigint, withdrawn bigint, had_already bigint)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF coalesce(btrim(withdraw_accounts.reason), '') = '' THEN
		RAISE EXCEPTION 'a withdrawal needs a reason'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF num_nonnulls(subjects, kind, of_prefecture) = 0 THEN
		RAISE EXCEPTION 'which accounts are to be withdrawn is not said'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Name subjects, or a kind of institution, or a prefecture.';
	END IF;
	RETURN QUERY
	WITH named AS MATERIALIZED (
		SELECT a.account, a.home, a.withdrawn_at
		FROM access.account a
		LEFT JOIN registry.institution i ON i.institution OPERATOR(outbreak.=) a.institution
		WHERE a.subject IS NOT NULL
			AND (subjects IS NULL OR a.subject = ANY (subjects))
			-- by kind or prefecture, those of institutions alone; by name, whatever is named
			AND (subjects IS NOT NULL OR a.institution IS NOT NULL)
			AND (withdraw_accounts.kind IS NULL OR i.kind = withdraw_accounts.kind)
			AND (of_prefecture IS NULL OR a.home = of_prefecture)
	), changed AS (
		UPDATE access.account a
		SET withdrawn_at = as_of,
			reason = withdraw_accounts.reason
		WHERE a.account = ANY (ARRAY(SELECT n.account FROM named n WHERE n.withdrawn_at IS NULL))
		RETURNING a.home
	), seen AS (
		SELECT n.home, 1 AS named, 0 AS withdrawn, (n.withdrawn_at IS NOT NULL)::integer AS already
		FROM named n
		UNION ALL
		SELECT c.home, 0, 1, 0
		FROM changed c
	)
	SELECT p.prefecture,
		CASE WHEN grouping(s.home) = 1 THEN '合計' ELSE p.name_ja END,
		coalesce(sum(s.named), 0)::bigint,
		coalesce(sum(s.withdrawn), 0)::bigint,
		coalesce(sum(s.already), 0)::bigint
	FROM seen s
	LEFT JOIN registry.prefecture p ON p.prefecture = s.home
	GROUP BY GROUPING SETS ((s.home, p.prefecture, p.name_ja), ())
	ORDER BY grouping(s.home), p.prefecture;
END
$$;
COMMENT ON FUNCTION access.withdraw_accounts(text, text[], text, smallint, timestamptz) IS
'アカウントの一括停止 / withdraws accounts of tokens, for a reason: those of the given subjects, or those of institutions of a kind, of a prefecture, or both. Their tokens have no scope from then on. Returns counts by the prefecture in which they lie (NULL for those that lie in none), and those of all in a last row: how many were named, were withdrawn now, and had been already. An unknown subject counts nowhere.

The ministry withdraws any, a prefecture those of its own institutions. Error 22023 without a reason, or when nothing says which.';

CREATE OR REPLACE FUNCTION access.accounts_noted() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	counts jsonb;
BEGIN
	-- The rows themselves are in the trail one by one; this is what was done, in one line.
	IF TG_OP = 'INSERT' THEN
		SELECT jsonb_object_agg(coalesce(c.home::text, 'none'), c.accounts) INTO counts
		FROM (SELECT n.home, count(*) AS accounts FROM now_there n GROUP BY n.home) c;
	ELSE
		SELECT jsonb_object_agg(coalesce(c.home::text, 'none'), c.accounts) INTO counts
		FROM (
			SELECT n.home, count(*) AS accounts
			FROM now_there n
			JOIN was_there w ON w.account = n.account
			WHERE n.withdrawn_at IS NOT NULL
				AND w.withdrawn_at IS NULL
			GROUP BY n.home
		) c;
	END IF;
	IF counts IS NOT NULL THEN
		PERFORM access.note(CASE TG_OP WHEN 'INSERT' THEN 'issue' ELSE 'withdraw' END, NULL, jsonb_build_object('accounts_by_prefecture', counts));
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION access.accounts_noted() IS 'Trigger: notes in the audit trail how many accounts a statement issued or withdrew, by prefecture.';

CREATE OR REPLACE FUNCTION access.accounts_by_prefecture(as_of timestamptz DEFAULT now())
RETURNS TABLE (prefecture smallint, name_ja text, kind text, institutions bigint, with_account bigint, without_account bigint, withdrawn bigint)
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	-- Grouped instead of joined: right after a bulk issue nothing is known of the table, and a join might loop.
	WITH listed AS (
		SELECT i.institution, i.prefecture, i.kind, false AS counts, 0 AS withdrawn
		FROM registry.institution AS i
		WHERE i.valid @> outbreak.local_date(as_of)
			AND i.prefecture = coalesce(outbreak.my_prefecture(), i.prefecture)
		UNION ALL
		-- named, since what PostgreSQL would call them changes with a dump
		SELECT a.institution, NULL::smallint AS prefecture, NULL::text AS kind, a.withdrawn_at IS NULL AND a.valid @> outbreak.local_date(as_of) AS counts,
			(a.withdrawn_at IS NOT NULL)::integer AS withdrawn
		FROM access.account AS a
		WHERE a.institution IS NOT NULL
			AND a.subject IS NOT NULL
	), institution AS (
		SELECT max(l.prefecture) AS prefecture, max(l.kind) AS kind, bool_or(l.counts) AS has_one, sum(l.withdrawn) AS withdrawn
		FROM listed AS l
		GROUP BY l.institution
		HAVING max(l.kind) IS NOT NULL
	)
	SELECT p.prefecture,
		CASE WHEN grouping(p.prefecture) = 0 THEN p.name_ja ELSE '合計' END,
		i.kind,
		count(*),
		count(*) FILTER (WHERE i.has_one),
		count(*) FILTER (WHERE NOT i.has_one),
		sum(i.withdrawn)::bigint
	FROM institution AS i
	JOIN registry.prefecture AS p ON p.prefecture = i.prefecture
	GROUP BY GROUPING SETS ((i.kind, p.prefecture, p.name_ja), (i.kind))
	ORDER BY i.kind, p.prefecture NULLS LAST;
END;
COMMENT ON FUNCTION access.accounts_by_prefecture(timestamptz) IS
'アカウントの発行状況 / by prefecture and kind, and for each kind altogether in a row without a number: institutions that are open on the local day of as_of, those with an account that counts on it, those without, and accounts that were withdrawn. For the ministry and auditors of all prefectures, for a prefecture of its own.';

-- ---- limits of the API
-- Not in schema api: everything there is an endpoint.

CREATE OR REPLACE FUNCTION access.caller_address() RETURNS text
LANGUAGE SQL STABLE PARALLEL SAFE
RETURN btrim(split_part(nullif(current_setting('request.headers', true), '')::json ->> 'x-forwarded-for', ',', -1));
COMMENT ON FUNCTION access.caller_address() IS 'The address that the proxy in front of PostgREST saw last (X-Forwarded-For), or NULL: for counting what callers without a token do.';

CREATE OR REPLACE FUNCTION access.in_a_post() RETURNS void
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF current_setting('transaction_read_only')::boolean THEN
		RAISE EXCEPTION 'personal values are sent in the body of a POST'
			USING ERRCODE = 'PT405',
				HINT = 'A URL is logged on its way. Send the parameters as a JSON object.';
	END IF;
END
$$;
COMMENT ON FUNCTION access.in_a_post() IS 'Refuses to go on (405) when the call came as a GET.';

CREATE OR REPLACE FUNCTION access.before_request() RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	scope jsonb := outbreak.scope();
	own access.api_limit;
	wait interval;
BEGIN
	IF scope ->> 'source' = 'withdrawn' THEN
		RAISE EXCEPTION 'this account cannot be used'
			USING ERRCODE = 'PT401';
	ELSIF scope ->> 'account_role' <> scope ->> 'role' THEN
		RAISE EXCEPTION 'this account cannot be used in this role'
			USING ERRCODE = 'PT403';
	END IF;

	SELECT l.* INTO own
	FROM access.api_limit l
	WHERE l.role = scope ->> 'role';
	IF NOT found THEN
		RETURN;
	END IF;
	wait := outbreak.take_token(
		CASE
			WHEN scope ? 'subject' THEN 'subject ' || (scope ->> 'subject')
			-- tokens without a subject: those of one scope together
			WHEN NOT own.per_address THEN 'scope ' || scope::text
			ELSE 'address ' || coalesce(access.caller_address(), '')
		END,
		own.requests_per_second::double precision, own.burst);
	IF wait > interval '0' THEN
		-- the only way to give an error a header
		RAISE SQLSTATE 'PGRST'
			USING MESSAGE = json_build_object('code', 'PT429', 'message', 'too many requests', 'hint', 'Wait as long as Retry-After says.')::text,
				DETAIL = json_build_object('status', 429, 'headers', json_build_object('Retry-After', ceil(extract(epoch FROM wait))::text))::text;
	END IF;
	PERFORM set_config('statement_timeout', (extract(epoch FROM own.statement_timeout) * 1000)::bigint::text, true),
		set_config('outbreak.api_max_rows', own.max_rows::text, true);
END
$$;
COMMENT ON FUNCTION access.before_request() IS
'要求の前処理 / What PostgREST runs before every request (db-pre-request); nothing to call yourself.

Answers 401 to the token of a withdrawn account, 403 to one that names another role than its account has, 429 with Retry-After to one request too many, and limits time and rows of what follows, by access.api_limit.';

-- ---- sealed fields

CREATE OR REPLACE FUNCTION access.destroy_key(subject uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	destroyed boolean;
BEGIN
	-- a row in any case, so that nothing is sealed for the person later either
	INSERT INTO access.data_key AS d (subject, version, forgotten_at)
	VALUES (destroy_key.subject, 0, now())
	ON CONFLICT ON CONSTRAINT data_key_pkey DO UPDATE
	SET wrapped = NULL,
		forgotten_at = now()
	WHERE d.wrapped IS NOT NULL
	RETURNING d.version > 0 INTO destroyed;
	IF destroyed THEN
		PERFORM access.note('forget', destroy_key.subject, NULL);
	END IF;
	RETURN coalesce(destroyed, false);
END
$$;
COMMENT ON FUNCTION access.destroy_key(uuid) IS 'What access.forget() does once nothing holds the person: the key goes, and the audit trail notes it. For access.forget() and access.purge(), which has looked for holds itself.';

CREATE OR REPLACE FUNCTION access.forget(subject uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF subject IS NULL THEN
		RAISE EXCEPTION 'the subject to forget must not be null'
			USING ERRCODE = 'null_value_not_allowed';
	END IF;
	IF access.is_held(subject) THEN
		RAISE EXCEPTION 'a legal hold keeps the key of this person'
			USING ERRCODE = 'object_in_use',
				HINT = 'access.legal_hold says why, and until when.';
	END IF;
	RETURN access.destroy_key(subject);
END
$$;
COMMENT ON FUNCTION access.forget(uuid) IS
'消去 / destroys the key of a person: from the commit on nothing that was sealed for them can be revealed (OB020), and nothing more is sealed for them (OB022). Returns whether there was a key. Noted in the audit trail. There is no way back. Destroys the key alone: registry.forget_person() also takes away the rows, whose tags would still confirm a guess. 55006 while a legal hold keeps anything that speaks of the person. Copies of the database taken before still hold the wrapped key, which the master key of that time opens: rotate the master key and destroy its old version (docs/security.md).';

CREATE OR REPLACE FUNCTION access.rotate_keys(batch integer DEFAULT 10000) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '500ms'
AS $$
DECLARE
	newest integer;
	rewrapped bigint;
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
	GET DIAGNOSTICS rewrapped = ROW_COUNT;
	IF rewrapped > 0 THEN
		PERFORM access.note('rotate', NULL, jsonb_build_object('version', newest, 'wrapped', rewrapped));
	END IF;

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
		IF found THEN
			PERFORM access.note('rotate', NULL, jsonb_build_object('version', newest, 'retired', true));
		END IF;
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

-- ---- retention

CREATE OR REPLACE FUNCTION access.kept_until(since date, keep interval) RETURNS date
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
-- The later of two readings, because adding months clips to the end of a month: 28 February 2019 and five years end
-- on 29 February 2024, 29 February 2020 and five years on 28 February 2025.
RETURN greatest((since + keep)::date, (since + 1 + keep)::date - 1);
COMMENT ON FUNCTION access.kept_until(date, interval) IS '保存期限 / the last day on which a row is kept. Counted as the Civil Code counts (民法140条, 143条): the first day is not counted, and a period of months or years ends on the day before the one that corresponds to its first, or with the last month where that day is missing. keep is a whole number of days, months or years.';

CREATE OR REPLACE FUNCTION access.column_type(relation regclass, column_name name) RETURNS regtype
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT a.atttypid::regtype
	FROM pg_attribute AS a
	WHERE a.attrelid = relation
		AND a.attname = column_name
		AND a.attnum > 0
		AND NOT a.attisdropped;
END;
COMMENT ON FUNCTION access.column_type(regclass, name) IS 'Type of a column; NULL when the table has none of that name.';

CREATE OR REPLACE FUNCTION access.blank(relation regclass, column_name name) RETURNS text
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE
			WHEN NOT a.attnotnull THEN format('NULL::%s', format_type(a.atttypid, a.atttypmod))
			WHEN a.atttypid = ANY ('{text,varchar,bytea}'::regtype[]) THEN format('''''::%s', a.atttypid::regtype)
			WHEN a.atttypid = 'jsonb'::regtype THEN '''{}''::jsonb'
		END
	FROM pg_attribute AS a
	WHERE a.attrelid = relation
		AND a.attname = column_name
		AND a.attnum > 0
		AND NOT a.attisdropped
		-- what the row is found by, and what is computed, cannot be blank
		AND a.attgenerated = ''
		AND NOT EXISTS (
			SELECT
			FROM pg_index AS i
			WHERE i.indrelid = relation
				AND i.indisprimary
				AND a.attnum = ANY (i.indkey)
		);
END;
COMMENT ON FUNCTION access.blank(regclass, name) IS 'What a column holds once it is erased, as SQL: NULL, or the empty text or object where it is NOT NULL. NULL when the column cannot be blank.';

CREATE OR REPLACE FUNCTION access.over_condition(rule access.retention) RETURNS text
LANGUAGE SQL STABLE PARALLEL SAFE
RETURN CASE access.column_type(rule.relation, rule.since)
	-- the first part is what an index or the choice of partitions can use; adding and taking away months differ by 3 days at most
	WHEN 'date'::regtype
		THEN format('t.%1$I <= ($1 - %2$L::interval)::date + 5 AND isfinite(t.%1$I) AND access.kept_until(t.%1$I, %2$L) < $1', rule.since, rule.keep)
	WHEN 'timestamptz'::regtype
		THEN format('t.%1$I <= (($1 - %2$L::interval)::date + 6)::timestamp AT TIME ZONE outbreak.time_zone() AND isfinite(t.%1$I) AND access.kept_until(outbreak.local_date(t.%1$I), %2$L) < $1', rule.since, rule.keep)
	WHEN 'daterange'::regtype
		THEN format('isfinite(upper(t.%1$I)) AND access.kept_until(upper(t.%1$I) - 1, %2$L) < $1', rule.since, rule.keep)
END;
COMMENT ON FUNCTION access.over_condition(access.retention) IS 'SQL over a row t: is its period over on the local date $1? NULL when the column that it counts from is gone.';

CREATE OR REPLACE FUNCTION access.begun_condition(rule access.retention) RETURNS text
LANGUAGE SQL STABLE PARALLEL SAFE
RETURN CASE access.column_type(rule.relation, rule.since)
	WHEN 'date'::regtype THEN format('t.%I <= $1', rule.since)
	WHEN 'timestamptz'::regtype THEN format('outbreak.local_date(t.%I) <= $1', rule.since)
	WHEN 'daterange'::regtype THEN format('upper(t.%I) <= $1', rule.since)
END;
COMMENT ON FUNCTION access.begun_condition(access.retention) IS 'SQL over a row t: has its period begun by the local date $1? NULL when the column that it counts from is gone.';

CREATE OR REPLACE FUNCTION access.left_condition(rule access.retention) RETURNS text
LANGUAGE SQL STABLE PARALLEL SAFE
RETURN CASE
	WHEN rule.action <> 'erase' THEN 'true'
	ELSE (
		SELECT CASE
				WHEN bool_and(access.blank(rule.relation, c.name) IS NOT NULL)
					THEN '(' || string_agg(format('t.%I IS DISTINCT FROM %s', c.name, access.blank(rule.relation, c.name)), ' OR ' ORDER BY c.place) || ')'
			END
		FROM unnest(rule.columns) WITH ORDINALITY AS c (name, place)
	)
END;
COMMENT ON FUNCTION access.left_condition(access.retention) IS 'SQL over a row t: is there anything left for the rule to do? NULL when a column that it erases is gone or cannot be blank.';

CREATE OR REPLACE FUNCTION access.held_condition(relation regclass, subject name, alias text) RETURNS text
LANGUAGE SQL STABLE PARALLEL SAFE
RETURN format(
	'EXISTS (SELECT FROM access.legal_hold AS h WHERE h.valid && $2 AND (h.relation IS NULL OR h.relation = %L::regclass) AND %s AND %s)',
	relation::oid,
	CASE WHEN subject IS NULL THEN 'h.subject IS NULL' ELSE format('(h.subject IS NULL OR h.subject = %I.%I)', alias, subject) END,
	CASE access.column_type(relation, 'prefecture')
		WHEN 'smallint'::regtype THEN format('(h.prefecture IS NULL OR h.prefecture = %I.prefecture)', alias)
		ELSE 'h.prefecture IS NULL'
	END);
COMMENT ON FUNCTION access.held_condition(regclass, name, text) IS 'SQL over a row of a table under an alias: does a legal hold that is valid on a day of the range $2 concern it? A hold on a person or a prefecture does not concern a table without such a column, nor a row in which it is NULL: hold the table then.';

CREATE OR REPLACE FUNCTION access.kept_condition(rule access.retention) RETURNS text
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT coalesce(string_agg(k.condition, ' OR ' ORDER BY k.condition), 'false')
	FROM (
		-- rows that refer to this one by a foreign key have rules of their own
		SELECT format('EXISTS (SELECT FROM %s AS r WHERE %s)', c.conrelid::regclass, string_agg(
				format('t.%I OPERATOR(%I.%s) r.%I', here.attname, o.oprnamespace::regnamespace, o.oprname, there.attname), ' AND ' ORDER BY k.place))
		FROM pg_constraint AS c
		CROSS JOIN LATERAL unnest(c.confkey, c.conkey, c.conpfeqop) WITH ORDINALITY AS k (here, there, equal, place)
		JOIN pg_attribute AS here ON here.attrelid = c.confrelid
			AND here.attnum = k.here
		JOIN pg_attribute AS there ON there.attrelid = c.conrelid
			AND there.attnum = k.there
		JOIN pg_operator AS o ON o.oid = k.equal
		WHERE c.contype = 'f'
			AND c.conparentid = 0
			AND c.confrelid = rule.relation
			AND rule.action <> 'erase'
		GROUP BY c.oid, c.conrelid
		UNION
		-- the key goes last: what else is sealed for the person could not be read any more
		SELECT format('EXISTS (SELECT FROM %s AS r WHERE r.%I = t.%I)', other.relation, other.subject, rule.subject)
		FROM access.retention AS other
		JOIN pg_attribute AS a ON a.attrelid = other.relation
		WHERE rule.action = 'forget'
			AND other.relation <> rule.relation
			AND other.subject IS NOT NULL
			AND a.attnum > 0
			AND NOT a.attisdropped
			AND a.atttypid = to_regtype('outbreak.sealed')
	) AS k (condition);
END;
COMMENT ON FUNCTION access.kept_condition(access.retention) IS 'SQL over a row t: do other rows still need it? Rows that refer to it by a foreign key; before a key is destroyed also other rows of the same person with sealed fields.';

CREATE OR REPLACE FUNCTION access.held_elsewhere_condition(rule access.retention) RETURNS text
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT string_agg(h.condition, ' OR ' ORDER BY h.condition)
	FROM (
		SELECT access.held_condition(rule.relation, rule.subject, 't')
		UNION
		-- destroying a key reaches every table that speaks of the person
		SELECT format('EXISTS (SELECT FROM %s AS o WHERE o.%I = t.%I AND %s)', other.relation, other.subject, rule.subject,
				access.held_condition(other.relation, other.subject, 'o'))
		FROM access.retention AS other
		WHERE rule.action = 'forget'
			AND other.relation <> rule.relation
			AND other.subject IS NOT NULL
			-- which says who did what, and has no index by person; what it shows of the person is held with the person
			AND other.relation <> 'access.audit'::regclass
	) AS h (condition);
END;
COMMENT ON FUNCTION access.held_elsewhere_condition(access.retention) IS 'SQL over a row t: is it held? Before a key is destroyed also: is anything held that speaks of the person?';

CREATE OR REPLACE FUNCTION access.require_now(as_of timestamptz) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF as_of IS NULL OR as_of <> now() AND NOT outbreak.acts_as('outbreak_owner') THEN
		RAISE EXCEPTION 'another moment than now is for administrators'
			USING ERRCODE = 'insufficient_privilege';
	END IF;
END
$$;
COMMENT ON FUNCTION access.require_now(timestamptz) IS 'Raises 42501 when somebody else than an administrator names another moment than now: whoever could would answer in time afterwards, enter after the closing time, book before the opening, or sign with a key of the past. For functions that run with the owner''s rights.';

CREATE OR REPLACE FUNCTION access.is_held(subject uuid) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	condition text;
	held boolean;
BEGIN
	-- nearly always there is no hold at all
	IF NOT EXISTS (SELECT FROM access.legal_hold h WHERE h.valid @> outbreak.local_date()) THEN
		RETURN false;
	END IF;
	SELECT string_agg(format('EXISTS (SELECT FROM %s AS o WHERE o.%I = $1 AND %s)', r.relation, r.subject, access.held_condition(r.relation, r.subject, 'o')), ' OR ') INTO condition
	FROM access.retention r
	WHERE r.subject IS NOT NULL
		-- as in access.held_elsewhere_condition()
		AND r.relation <> 'access.audit'::regclass;
	EXECUTE 'SELECT ' || coalesce(condition, 'false')
	INTO held
	USING subject, daterange(outbreak.local_date(), outbreak.local_date(), '[]');
	RETURN held;
END
$$;
COMMENT ON FUNCTION access.is_held(uuid) IS 'Does a legal hold that is valid today keep anything that speaks of a person?';

CREATE OR REPLACE FUNCTION access.is_audited(relation regclass) RETURNS boolean
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT EXISTS (
			SELECT
			FROM pg_trigger AS t
			WHERE t.tgrelid = relation
				AND t.tgfoid = 'outbreak.audit_change()'::regprocedure
		);
END;
COMMENT ON FUNCTION access.is_audited(regclass) IS 'Do changes of the table stand in access.audit?';

CREATE OR REPLACE FUNCTION access.key_of(relation regclass, source text) RETURNS text
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT 'jsonb_build_array(' || string_agg(format(source, a.attname), ', ' ORDER BY a.attname) || ')::text'
	FROM pg_index AS i
	JOIN pg_attribute AS a ON a.attrelid = i.indrelid
		AND a.attnum = ANY (i.indkey)
	WHERE i.indrelid = relation
		AND i.indisprimary;
END;
COMMENT ON FUNCTION access.key_of(regclass, text) IS 'SQL for the primary key of a row as one text; source is a format for how a column of it is written as text. NULL for a table without one.';

CREATE OR REPLACE FUNCTION access.erase_images_of(relation regclass, keys text[], people uuid[]) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	ids bigint[];
BEGIN
	-- one pass over the trail for all of them
	EXECUTE format(
		'SELECT array_agg(a.id)
		FROM access.audit AS a
		WHERE a.image IS NOT NULL
			AND CASE
				WHEN a.subject = ANY ($3) THEN true
				WHEN a.relation = $1 THEN (
					SELECT %s = ANY ($2)
					FROM (SELECT coalesce(a.image::jsonb -> ''old'', a.image::jsonb -> ''new'') AS image) AS v)
				ELSE false
			END', coalesce(access.key_of(relation, 'v.image ->> %L'), 'false'))
	INTO ids
	USING (SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = relation), keys, people;
	RETURN outbreak.audit_erase_entries(coalesce(ids, '{}'));
END
$$;
COMMENT ON FUNCTION access.erase_images_of(regclass, text[], uuid[]) IS 'Part of access.purge_rule(): erases the audit images of the rows of a table with these keys (access.key_of), and all of these people; returns how many.';

CREATE OR REPLACE FUNCTION access.purge_rule(rule access.retention, condition text, on_date date, days daterange, most bigint, person uuid) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
-- how the audit trail writes keys
SET datestyle = 'ISO, YMD'
SET timezone = 'UTC'
AS $$
DECLARE
	audited boolean := access.is_audited(rule.relation);
	statement text;
	leaf oid;
	places tid[];
	gone bigint;
	keys text[];
	people uuid[];
	erased bigint := 0;
	done bigint := 0;
BEGIN
	statement := CASE rule.action
		WHEN 'erase' THEN format('UPDATE %s AS t SET %s', rule.relation, (
			SELECT string_agg(format('%I = %s', c.name, access.blank(rule.relation, c.name)), ', ')
			FROM unnest(rule.columns) AS c (name)))
		ELSE format('DELETE FROM %s AS t', rule.relation)
	END;
	statement := format(
		'WITH gone AS (%s WHERE t.tableoid = $3 AND t.ctid = ANY ($5) AND %s RETURNING %s AS key, %s AS person)
		SELECT count(*), array_agg(g.key), array_agg(DISTINCT g.person) FILTER (WHERE g.person IS NOT NULL) FROM gone AS g',
		statement, condition,
		coalesce(CASE WHEN audited THEN access.key_of(rule.relation, 't.%I::text') END, 'NULL::text'),
		CASE WHEN rule.action = 'forget' THEN format('t.%I', rule.subject) ELSE 'NULL::uuid' END);

	-- One scan finds and locks the rows, passing over those that somebody else has locked; they wait for the next run.
	-- Partitions are then worked on one by one, since a place (ctid) means something only within one, but through the
	-- table that they belong to, whose triggers and rights count.
	FOR leaf, places IN EXECUTE format(
		'SELECT p.leaf, array_agg(p.place)
		FROM (
			SELECT v.leaf, v.place, (row_number() OVER (PARTITION BY v.leaf) - 1) / 10000 AS part
			FROM (
				SELECT t.tableoid AS leaf, t.ctid AS place
				FROM %s AS t
				WHERE %s AND NOT (%s) AND NOT (%s)
				LIMIT $3
				FOR UPDATE SKIP LOCKED
			) AS v
		) AS p
		GROUP BY p.leaf, p.part',
		rule.relation, condition, access.held_elsewhere_condition(rule), access.kept_condition(rule))
	USING on_date, days, most, person
	LOOP
		-- what goes must not live on in the trail of its going
		PERFORM outbreak.audit_images(false);
		EXECUTE statement INTO gone, keys, people USING on_date, days, leaf, person, places;
		PERFORM outbreak.audit_images(true);
		done := done + gone;
		IF rule.action = 'forget' THEN
			PERFORM access.destroy_key(p.person)
			FROM unnest(people) AS p (person);
		END IF;
		IF audited OR people IS NOT NULL THEN
			erased := erased + access.erase_images_of(rule.relation, keys, people);
		END IF;
	END LOOP;
	IF done > 0 THEN
		PERFORM access.note('purge', person, jsonb_build_object('table', rule.relation, 'action', rule.action, 'since', rule.since,
			'on', on_date, 'rows', done, 'images', erased));
	END IF;
	RETURN done;
END
$$;
COMMENT ON FUNCTION access.purge_rule(access.retention, text, date, daterange, bigint, uuid) IS 'Part of access.purge_rules(): follows one rule for the rows of a condition, for up to that many, 10,000 at a time, and returns how many. Erases their images in the audit trail, and notes there what it did.';

CREATE OR REPLACE FUNCTION access.purge_rules(as_of timestamptz, dry_run boolean, most bigint, person uuid, whatever_age boolean)
RETURNS TABLE (relation regclass, action text, due bigint, done bigint, held bigint, needed bigint, since name, problem text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '10s'
AS $$
#variable_conflict use_variable
DECLARE
	on_date date := outbreak.local_date(as_of);
	-- a hold that is valid on any day from then to now counts
	days daterange := daterange(least(on_date, outbreak.local_date()), greatest(on_date, outbreak.local_date()), '[]');
	rules access.retention[];
	rule access.retention;
	n integer;
	conditions text[];
	counts bigint[];
	problems text[];
	moved bigint;
	still_due bigint[];
	still_held bigint[];
	still_needed bigint[];
BEGIN
	SELECT array_agg(r ORDER BY array_position('{forget,erase,delete}'::text[], r.action), r.relation::text COLLATE "C", r.since) INTO rules
	FROM access.retention r
	WHERE person IS NULL
		OR r.subject IS NOT NULL;
	n := coalesce(cardinality(rules), 0);
	counts := array_fill(0::bigint, ARRAY[n]);
	problems := array_fill(NULL::text, ARRAY[n]);
	FOR i IN 1..n LOOP
		rule := rules[i];
		-- at the request of a person rows go as soon as the law lets them
		IF person IS NOT NULL THEN
			rule.keep := rule.minimum;
		END IF;
		conditions[i] := access.left_condition(rule) || ' AND ' || CASE
				WHEN whatever_age THEN 'true'
				WHEN person IS NOT NULL AND rule.minimum = interval '0' THEN access.begun_condition(rule)
				ELSE access.over_condition(rule)
			END || CASE WHEN person IS NULL THEN '' ELSE format(' AND t.%I = $4', rule.subject) END;
		IF conditions[i] IS NULL THEN
			problems[i] := '42703 the table has no longer, or cannot blank, a column of the rule: ' || (
				SELECT string_agg(quote_ident(c.name), ', ')
				FROM unnest(rule.since || rule.columns) AS c (name)
				WHERE access.column_type(rule.relation, c.name) IS NULL
					OR (c.name <> rule.since AND access.blank(rule.relation, c.name) IS NULL));
		END IF;
	END LOOP;

	BEGIN
		-- What goes in one pass may be what a row of another table waited for.
		FOR pass IN 1..10 LOOP
			moved := 0;
			FOR i IN 1..n LOOP
				CONTINUE WHEN problems[i] IS NOT NULL;
				BEGIN
					done := access.purge_rule(rules[i], conditions[i], on_date, days, most - counts[i], person);
					counts[i] := counts[i] + done;
					moved := moved + done;
				EXCEPTION WHEN OTHERS THEN
					-- one table that fails does not keep the others
					problems[i] := concat_ws(' ', SQLSTATE, SQLERRM);
				END;
			END LOOP;
			EXIT WHEN moved = 0;
		END LOOP;

		FOR i IN 1..n LOOP
			rule := rules[i];
			due := 0;
			held := 0;
			needed := 0;
			IF problems[i] IS NULL THEN
				-- of a person everything counts as due, so that what the law still keeps shows
				EXECUTE format(
					'SELECT count(*), count(*) FILTER (WHERE v.held), count(*) FILTER (WHERE v.needed AND NOT v.held)
					FROM (SELECT %s AS held, %s AS needed FROM %s AS t WHERE %s) AS v',
					access.held_elsewhere_condition(rule), access.kept_condition(rule), rule.relation,
					CASE WHEN person IS NULL THEN conditions[i] ELSE format('%s AND t.%I = $3', access.left_condition(rule), rule.subject) END)
				INTO due, held, needed
				USING on_date, days, person;
			END IF;
			still_due[i] := due;
			still_held[i] := held;
			still_needed[i] := needed;
		END LOOP;
		IF dry_run THEN
			-- A dry run is the run itself, undone: so its counts are those of the run.
			RAISE SQLSTATE '40000';
		END IF;
	EXCEPTION WHEN transaction_rollback THEN
		NULL;
	END;

	FOR i IN 1..n LOOP
		relation := rules[i].relation;
		since := rules[i].since;
		action := rules[i].action;
		due := counts[i] + still_due[i];
		done := counts[i];
		held := still_held[i];
		needed := still_needed[i];
		problem := problems[i];
		RETURN NEXT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION access.purge_rules(timestamptz, boolean, bigint, uuid, boolean) IS 'What access.purge() and access.purge_person() share: all rules, in passes until nothing moves, with counts.';

CREATE OR REPLACE FUNCTION access.purge(as_of timestamptz DEFAULT now(), dry_run boolean DEFAULT false, most bigint DEFAULT 1000000)
RETURNS TABLE (relation regclass, action text, due bigint, done bigint, held bigint, needed bigint, since name, problem text)
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT p.relation, p.action, p.due, p.done, p.held, p.needed, p.since, p.problem
	FROM access.purge_rules(as_of, dry_run, most, NULL, false) AS p;
END;
COMMENT ON FUNCTION access.purge(timestamptz, boolean, bigint) IS
'保存期間満了の廃棄 / follows every rule of access.retention as of a moment and returns one row for each: due (rows whose period is over), done (deleted, forgotten or erased), held (they stay for a legal hold), needed (they stay because rows of other tables still refer to them); whatever else is due but not done was locked by somebody, or beyond the number of rows that one call takes ("most", for each rule), and goes in the next call. problem names the error of a rule that failed; the others are done. A dry run does everything and undoes it, so its counts are exact; it costs as much. Idempotent: a second call finds nothing. For outbreak_owner alone, since a moment far in the future would empty every table; everybody else runs the job purge.';

CREATE OR REPLACE FUNCTION access.purge_person(person uuid, whatever_age boolean DEFAULT false)
RETURNS TABLE (relation regclass, action text, due bigint, done bigint, held bigint, needed bigint, problem text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	IF person IS NULL THEN
		RAISE EXCEPTION 'no person is named'
			USING ERRCODE = 'null_value_not_allowed';
	END IF;
	RETURN QUERY
	SELECT p.relation, p.action, p.due, p.done, p.held, p.needed, p.problem
	FROM access.purge_rules(now(), false, 1000000, purge_person.person, whatever_age) AS p
	WHERE p.due > 0
		OR p.problem IS NOT NULL;
END
$$;
COMMENT ON FUNCTION access.purge_person(uuid, boolean) IS 'Everything that retention rules know a person by, down to the minimum of each rule, or whatever its age; registry.forget_person() is for callers. Part of nothing that runs by the clock. 22004 without a person.';

CREATE OR REPLACE FUNCTION access.disclose(subject uuid)
RETURNS TABLE (relation regclass, record jsonb)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	place record;
BEGIN
	FOR place IN
		SELECT DISTINCT r.relation, r.subject
		FROM access.retention r
		WHERE r.subject IS NOT NULL
			AND has_table_privilege(r.relation, 'SELECT')
			AND has_schema_privilege((SELECT c.relnamespace FROM pg_class c WHERE c.oid = r.relation), 'USAGE')
		ORDER BY 1
	LOOP
		RETURN QUERY EXECUTE format('SELECT %L::regclass, to_jsonb(t) FROM %s AS t WHERE t.%I = $1', place.relation::oid, place.relation, place.subject)
		USING disclose.subject;
	END LOOP;
END
$$;
COMMENT ON FUNCTION access.disclose(uuid) IS '保有個人データの開示 / every row that speaks of a person in any table with a retention rule, as far as the caller may see it, for an answer to a request for disclosure (個人情報保護法33条, 76条). Sealed fields come as envelopes; registry.reveal_identity() opens those of the identity.';

-- ---- tables that are only added to

CREATE OR REPLACE FUNCTION access.refuse_change() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	passed_over text[];
BEGIN
	IF TG_NARGS > 0 AND TG_OP = 'UPDATE' THEN
		-- what is computed from other columns is not there yet before an update
		passed_over := TG_ARGV || ARRAY(
			SELECT a.attname::text
			FROM pg_attribute a
			WHERE a.attrelid = TG_RELID
				AND a.attgenerated <> ''
		);
		IF to_jsonb(NEW) - passed_over = to_jsonb(OLD) - passed_over
			AND NOT EXISTS (SELECT FROM unnest(TG_ARGV) AS c (name) WHERE to_jsonb(NEW) ->> c.name <> '') THEN
			RETURN NEW;
		END IF;
	END IF;
	-- a job of retention names the tables from which it takes rows away, as the owner
	IF TG_OP = 'DELETE' AND current_user = 'outbreak_owner'
		AND format('%s.%s', TG_TABLE_SCHEMA, TG_TABLE_NAME) = ANY (string_to_array(current_setting('access.purging', true), ',')) THEN
		RETURN OLD;
	END IF;
	RAISE EXCEPTION '%.% is only added to', TG_TABLE_SCHEMA, TG_TABLE_NAME
		USING ERRCODE = 'insufficient_privilege',
			HINT = 'What is wrong in it is put right by a new row.';
END
$$;
COMMENT ON FUNCTION access.refuse_change() IS 'Trigger of tables that are only added to: 42501 for UPDATE, DELETE and TRUNCATE. As a row trigger with arguments it lets an UPDATE through that only empties the columns which it names: those that access.retention takes away. Rows are deleted by outbreak_owner alone, and only from tables that the setting access.purging names (schema.table, with commas between): jobs such as vsys.purge_drafts() set it while they work.';

-- ---- triggers of retention

CREATE OR REPLACE FUNCTION access.retention_checked() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	known pg_class;
	wrong text;
	hint text;
	code text := 'undefined_column';
BEGIN
	SELECT c.* INTO known
	FROM pg_class c
	WHERE c.oid = NEW.relation;
	IF NOT found OR known.relkind <> ALL ('{r,p}'::"char"[]) OR known.relispartition THEN
		RAISE EXCEPTION '% is no table that can have a retention rule', NEW.relation
			USING ERRCODE = 'wrong_object_type',
				HINT = 'A rule is for an ordinary table, or for a partitioned table as a whole.';
	END IF;
	IF access.column_type(NEW.relation, NEW.since) IS NULL THEN
		wrong := format('has no column "%s"', NEW.since);
	ELSIF NEW.subject IS NOT NULL AND access.column_type(NEW.relation, NEW.subject) IS NULL THEN
		wrong := format('has no column "%s"', NEW.subject);
	ELSE
		SELECT format('has no column "%s"', c.name) INTO wrong
		FROM unnest(NEW.columns) AS c (name)
		WHERE access.column_type(NEW.relation, c.name) IS NULL
		LIMIT 1;
	END IF;
	IF wrong IS NULL THEN
		code := 'invalid_parameter_value';
		IF access.column_type(NEW.relation, NEW.since) <> ALL ('{date,timestamptz,daterange}'::regtype[]) THEN
			wrong := format('cannot count from "%s", which is of type %s', NEW.since, access.column_type(NEW.relation, NEW.since));
			hint := 'A period counts from a date, a timestamptz or the end of a daterange.';
		ELSIF access.column_type(NEW.relation, NEW.subject) <> 'uuid'::regtype THEN
			wrong := format('cannot name a person by "%s", which is of type %s', NEW.subject, access.column_type(NEW.relation, NEW.subject));
			hint := 'A person is a uuid.';
		ELSIF NEW.action = 'forget' AND NEW.subject IS NULL THEN
			wrong := 'cannot forget a person without a column that names one';
			hint := 'Give the column in "subject", or use the action delete.';
		ELSIF (NEW.action = 'erase') <> (NEW.columns <> '{}') THEN
			wrong := CASE NEW.action WHEN 'erase' THEN 'has nothing to erase' ELSE format('has columns to erase, but the action is %s', NEW.action) END;
			hint := 'The action erase names its columns; the others take the whole row.';
		ELSIF NOT pg_has_role('outbreak_owner', known.relowner, 'USAGE') THEN
			wrong := 'does not belong to outbreak_owner, which purges';
			hint := format('ALTER TABLE %s OWNER TO outbreak_owner;', NEW.relation);
		ELSE
			SELECT format('cannot blank "%s"', c.name),
				'A key or a generated column cannot be blank, nor a column that is NOT NULL and neither text nor jsonb. Use the action delete, or allow NULL.'
			INTO wrong, hint
			FROM unnest(NEW.columns) AS c (name)
			WHERE access.blank(NEW.relation, c.name) IS NULL
			LIMIT 1;
		END IF;
	END IF;
	IF wrong IS NOT NULL THEN
		RAISE EXCEPTION 'retention rule of %: the table %', NEW.relation, wrong
			USING ERRCODE = code,
				HINT = coalesce(hint, 'The columns are: ' || (
					SELECT string_agg(a.attname, ', ' ORDER BY a.attnum)
					FROM pg_attribute a
					WHERE a.attrelid = NEW.relation
						AND a.attnum > 0
						AND NOT a.attisdropped) || '.');
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION access.retention_checked() IS 'Trigger of access.retention: a rule that access.purge() could not follow is refused (42809 no table, 42703 no such column, 22023 anything else).';

CREATE OR REPLACE FUNCTION access.legal_hold_checked() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF NEW.relation IS NULL THEN
		RETURN NEW;
	END IF;
	IF NOT EXISTS (SELECT FROM access.retention r WHERE r.relation = NEW.relation) THEN
		RAISE EXCEPTION '% has no retention rule, so nothing of it goes', NEW.relation
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF NEW.subject IS NOT NULL AND NOT EXISTS (SELECT FROM access.retention r WHERE r.relation = NEW.relation AND r.subject IS NOT NULL) THEN
		RAISE EXCEPTION '% does not say which person a row is about', NEW.relation
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Hold the table, or a prefecture of it.';
	END IF;
	IF NEW.prefecture IS NOT NULL AND access.column_type(NEW.relation, 'prefecture') IS DISTINCT FROM 'smallint'::regtype THEN
		RAISE EXCEPTION '% does not say which prefecture a row belongs to', NEW.relation
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Hold the table.';
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION access.legal_hold_checked() IS 'Trigger of access.legal_hold: a hold on a table without a rule, or by a person or prefecture that the table does not know, would hold nothing and is refused (22023).';

-- ---- small cells

CREATE OR REPLACE FUNCTION access.release(series text, atoms text, threshold integer DEFAULT 10)
RETURNS TABLE (cell text, value bigint, hidden boolean)
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT r.cell,
		r.value,
		r.hidden
	FROM outbreak.release_cells(series, atoms, threshold) AS r;
END;
COMMENT ON FUNCTION access.release(text, text, integer) IS
'公表 / Publishes counts under the name of a series: outbreak.suppress() over everything that the series has published yet. atoms must count the old cells too; what was shown stays shown, what was hidden stays hidden, the same cell always gets the same answer, and new cells are protected against all of it, so that neither yesterday''s figure nor the difference of two cumulative ones gives a small count away. Releases of one series wait for each other. For members of outbreak_ministry and outbreak_worker (the nation) and outbreak_prefecture (series of its own). Errors: 22023 the query leaves out cells that were published, or another threshold; OB025 a published figure has changed; OB024 what was published gives a count away, whatever is hidden now; 42501 not your series.';

CREATE OR REPLACE FUNCTION access.crossed(labels_1 text[], labels_2 text[] DEFAULT NULL, labels_3 text[] DEFAULT NULL, labels_4 text[] DEFAULT NULL)
RETURNS text[]
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT array_agg(a.label || coalesce('|' || b.label, '') || coalesce('|' || c.label, '') || coalesce('|' || d.label, ''))
	FROM unnest(labels_1) AS a (label)
	CROSS JOIN unnest(coalesce(labels_2, ARRAY[NULL::text])) AS b (label)
	CROSS JOIN unnest(coalesce(labels_3, ARRAY[NULL::text])) AS c (label)
	CROSS JOIN unnest(coalesce(labels_4, ARRAY[NULL::text])) AS d (label);
END;
COMMENT ON FUNCTION access.crossed(text[], text[], text[], text[]) IS
'セル名の組合せ / names of the cells that a count stands in, for the column cells of access.release() and outbreak.suppress(): every combination of one label of each dimension, joined by |. Give for each dimension the labels from fine to coarse, such as {町 13101, 県 13, *}: what you leave out is not published. Labels must not contain |.';
