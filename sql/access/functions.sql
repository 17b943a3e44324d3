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
		SELECT a.institution, NULL, NULL, a.withdrawn_at IS NULL AND a.valid @> outbreak.local_date(as_of), (a.withdrawn_at IS NOT NULL)::integer
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
			ELSE 'address ' || coalesce(btrim(split_part(nullif(current_setting('request.headers', true), '')::json ->> 'x-forwarded-for', ',', -1)), '')
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
