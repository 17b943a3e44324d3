-- The schema may stand already (a restored dump, an administrator's choice), but never be somebody else's, or hold
-- anything: its owner, or whoever may create in it, could put objects in the way of ours.
DO $$
DECLARE
	found_schema oid;
	problem text;
BEGIN
	SELECT n.oid,
		CASE
			WHEN NOT r.rolsuper THEN 'belongs to a role that is not a superuser'
			WHEN EXISTS (
				SELECT
				FROM pg_catalog.aclexplode(n.nspacl) a
				WHERE a.privilege_type OPERATOR(pg_catalog.=) 'CREATE'
					AND a.grantee OPERATOR(pg_catalog.<>) n.nspowner
			) THEN 'lets others create objects in it'
		END
	INTO STRICT found_schema, problem
	FROM pg_catalog.pg_namespace n
	JOIN pg_catalog.pg_roles r ON r.oid OPERATOR(pg_catalog.=) n.nspowner
	WHERE n.nspname OPERATOR(pg_catalog.=) 'outbreak';
	IF problem IS NULL AND (
		EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relnamespace OPERATOR(pg_catalog.=) found_schema)
		OR EXISTS (SELECT FROM pg_catalog.pg_proc p WHERE p.pronamespace OPERATOR(pg_catalog.=) found_schema)
		OR EXISTS (SELECT FROM pg_catalog.pg_type t WHERE t.typnamespace OPERATOR(pg_catalog.=) found_schema)
		OR EXISTS (SELECT FROM pg_catalog.pg_operator o WHERE o.oprnamespace OPERATOR(pg_catalog.=) found_schema)
	) THEN
		problem := 'is not empty';
	END IF;
	IF problem IS NOT NULL THEN
		RAISE EXCEPTION 'schema "outbreak" %', problem
			USING ERRCODE = 'invalid_schema_definition',
				HINT = 'Drop or rename that schema, then create the extension again.';
	END IF;
END
$$;

GRANT USAGE ON SCHEMA outbreak TO PUBLIC;
COMMENT ON SCHEMA outbreak IS 'C types, functions and the deployment engine of the extension outbreak; the systems live in schemas of their own.';

CREATE FUNCTION outbreak.version() RETURNS text
AS 'MODULE_PATHNAME', 'ob_common_version' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.version() IS 'Version of the loaded library. After an upgrade it equals the version of the extension once the session reconnects.';

CREATE FUNCTION outbreak.time_zone() RETURNS text
AS 'MODULE_PATHNAME', 'ob_common_time_zone' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.time_zone() IS 'The setting outbreak.time_zone: the zone in which local dates and deadlines are counted (default Asia/Tokyo).';

CREATE FUNCTION outbreak.local_date(as_of timestamptz DEFAULT now()) RETURNS date
LANGUAGE SQL STABLE PARALLEL SAFE
RETURN (as_of AT TIME ZONE outbreak.time_zone())::date;
COMMENT ON FUNCTION outbreak.local_date(timestamptz) IS 'The local date (暦日) of an instant in the zone outbreak.time_zone.';

CREATE FUNCTION outbreak.percent(numerator bigint, denominator bigint) RETURNS integer
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN denominator > 0 THEN pg_catalog.div(200 * numerator::numeric + denominator, 2 * denominator::numeric)::integer
END;
COMMENT ON FUNCTION outbreak.percent(bigint, bigint) IS 'Whole per cent, halves rounded up, as the ministry publishes bed use (使用率): numerator 1, denominator 200 gives 1. NULL when there is no denominator. For numerators of 0 and above.';

-- ---- the deployment engine

CREATE TABLE outbreak.word (
	word text PRIMARY KEY,
	ordinal integer NOT NULL UNIQUE,
	uses text[] NOT NULL
);
COMMENT ON TABLE outbreak.word IS 'The parts of the system in dependency order, from sql/order.txt.';
COMMENT ON COLUMN outbreak.word.uses IS 'The words below that this one needs; deploying it deploys them too.';

CREATE TABLE outbreak.blueprint (
	position integer PRIMARY KEY,
	word text NOT NULL,
	part text NOT NULL CHECK (part = ANY ('{roles,tables,seed,functions,triggers,views,policies,grants,migration}'::text[])),
	number integer NOT NULL,
	body text NOT NULL,
	UNIQUE (word, part, number)
);
COMMENT ON TABLE outbreak.blueprint IS 'What outbreak.deploy() runs: one row for each deployable SQL file of this version.';
COMMENT ON COLUMN outbreak.blueprint.part IS 'roles, tables and seed run once; functions, triggers, views, policies and grants run at every deployment; a migration runs once on systems older than it.';
COMMENT ON COLUMN outbreak.blueprint.number IS 'Number of a migration, or of a piece where a part has several: they run in this order.';
COMMENT ON COLUMN outbreak.blueprint.body IS 'SQL, run as outbreak_owner. @postgis@ stands for the schema of PostGIS.';

CREATE TABLE outbreak.deployment (
	word text PRIMARY KEY,
	version text NOT NULL,
	migration integer NOT NULL,
	deployed_at timestamptz NOT NULL
);
COMMENT ON TABLE outbreak.deployment IS 'What is deployed in this database, by word.';
COMMENT ON COLUMN outbreak.deployment.migration IS 'The highest migration that the word has behind it.';
COMMENT ON COLUMN outbreak.deployment.deployed_at IS 'When this version was deployed first.';

-- Deployments are the user''s data: a dump carries them.
SELECT pg_catalog.pg_extension_config_dump('outbreak.deployment', '');

ALTER TABLE outbreak.word ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbreak.blueprint ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbreak.deployment ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON outbreak.deployment FOR SELECT USING (true);
GRANT SELECT ON outbreak.deployment TO PUBLIC;

CREATE FUNCTION outbreak.deploy_order(words text[]) RETURNS SETOF text
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH RECURSIVE wanted (word) AS (
		SELECT w.word
		FROM outbreak.word AS w
		WHERE words IS NULL
			OR w.word = ANY (words)
		UNION
		SELECT used.word
		FROM wanted
		JOIN outbreak.word AS w ON w.word = wanted.word
		CROSS JOIN LATERAL unnest(w.uses) AS used (word)
	)
	SELECT w.word
	FROM wanted
	JOIN outbreak.word AS w ON w.word = wanted.word
	ORDER BY w.ordinal;
END;
COMMENT ON FUNCTION outbreak.deploy_order(text[]) IS 'The given words (all for NULL) and the words that they use, in the order in which they are deployed.';
REVOKE EXECUTE ON FUNCTION outbreak.deploy_order(text[]) FROM PUBLIC;

CREATE PROCEDURE outbreak.deploy_part(word text, part text, body text, runner text)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	caller text := current_setting('role');
	postgis text;
	message text;
	detail text;
	hint text;
	context text;
BEGIN
	SELECT quote_ident(n.nspname) INTO postgis
	FROM pg_extension e
	JOIN pg_namespace n ON n.oid = e.extnamespace
	WHERE e.extname = 'postgis';
	PERFORM set_config('role', runner, true);
	EXECUTE replace(body, '@postgis@', postgis);
	PERFORM set_config('role', caller, true);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT,
		detail = PG_EXCEPTION_DETAIL,
		hint = PG_EXCEPTION_HINT,
		context = PG_EXCEPTION_CONTEXT;
	RAISE EXCEPTION 'deployment of "%", part %, failed: %', word, part, message
		USING ERRCODE = SQLSTATE,
			DETAIL = concat_ws(E'\n', nullif(detail, ''), left(context, 2000)),
			HINT = coalesce(nullif(hint, ''), 'Nothing was deployed.');
END
$$;
COMMENT ON PROCEDURE outbreak.deploy_part(text, text, text, text) IS 'Runs one body of the blueprint as the role "runner" and names it in any error.';
REVOKE EXECUTE ON PROCEDURE outbreak.deploy_part(text, text, text, text) FROM PUBLIC;

CREATE PROCEDURE outbreak.deploy(words text[] DEFAULT NULL)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
	library text := outbreak.version();
	installed text;
	unknown text;
	caller text := current_setting('role');
	current_word text;
	known outbreak.deployment;
	latest integer;
	piece record;
BEGIN
	IF NOT (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user) THEN
		RAISE EXCEPTION 'must be superuser to deploy'
			USING ERRCODE = 'insufficient_privilege',
				HINT = 'outbreak.deploy() makes roles and schemas. Call it as a superuser.';
	END IF;
	SELECT e.extversion INTO installed
	FROM pg_extension e
	WHERE e.extname = 'outbreak';
	IF installed <> library THEN
		RAISE EXCEPTION 'the library is of version %, the extension of version %', library, installed
			USING ERRCODE = 'object_not_in_prerequisite_state',
				HINT = 'Run ALTER EXTENSION outbreak UPDATE, or reconnect if it has just run.';
	END IF;
	SELECT w.word INTO unknown
	FROM unnest(words) AS w (word)
	WHERE NOT EXISTS (SELECT FROM outbreak.word o WHERE o.word = w.word)
	LIMIT 1;
	IF found THEN
		RAISE EXCEPTION 'there is no word "%" to deploy', unknown
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'The words are: ' || (SELECT string_agg(o.word, ', ' ORDER BY o.ordinal) FROM outbreak.word o) || '.';
	END IF;

	-- one deployment at a time, in the whole cluster, because roles belong to all of its databases
	LOCK TABLE outbreak.deployment, pg_catalog.pg_authid IN SHARE ROW EXCLUSIVE MODE;

	FOR piece IN
		SELECT b.word, b.part, b.body
		FROM outbreak.blueprint b
		WHERE b.part = 'roles'
		ORDER BY b.position
	LOOP
		CALL outbreak.deploy_part(piece.word, piece.part, piece.body, caller);
	END LOOP;
	GRANT USAGE ON SCHEMA outbreak TO outbreak_owner;
	-- with the option, so that the grants of a word can say who may call them
	GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA outbreak TO outbreak_owner WITH GRANT OPTION;
	-- PostGIS may live in a schema that PUBLIC cannot use
	FOR piece IN
		SELECT n.nspname, r.rolname
		FROM pg_extension e
		JOIN pg_namespace n ON n.oid = e.extnamespace
		JOIN pg_roles r ON starts_with(r.rolname, 'outbreak_')
		WHERE e.extname = 'postgis'
			AND NOT has_schema_privilege(r.oid, n.oid, 'USAGE')
	LOOP
		EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', piece.nspname, piece.rolname);
	END LOOP;

	FOR current_word IN
		SELECT o.word
		FROM outbreak.deploy_order(words) AS o (word)
		WHERE EXISTS (SELECT FROM outbreak.blueprint b WHERE b.word = o.word)
	LOOP
		SELECT * INTO known
		FROM outbreak.deployment d
		WHERE d.word = current_word;
		IF NOT found THEN
			IF to_regnamespace(current_word) IS NOT NULL THEN
				RAISE EXCEPTION 'schema "%" exists and was not made by outbreak.deploy()', current_word
					USING ERRCODE = 'duplicate_schema',
						HINT = format('Rename it first: ALTER SCHEMA %I RENAME TO …. Nothing was deployed.', current_word);
			END IF;
			EXECUTE format('CREATE SCHEMA %I AUTHORIZATION outbreak_owner', current_word);
		END IF;
		SELECT coalesce(max(b.number), 0) INTO latest
		FROM outbreak.blueprint b
		WHERE b.word = current_word
			AND b.part = 'migration';

		FOR piece IN
			SELECT b.part, b.number, b.body
			FROM outbreak.blueprint b
			WHERE b.word = current_word
				AND CASE b.part
					WHEN 'roles' THEN false
					WHEN 'tables' THEN known.word IS NULL
					WHEN 'seed' THEN known.word IS NULL
					WHEN 'migration' THEN b.number > known.migration
					ELSE true
				END
			-- the seed is written through the functions and under the policies of its word
			ORDER BY array_position('{migration,tables,functions,triggers,views,policies,seed,grants}'::text[], b.part), b.number
		LOOP
			CALL outbreak.deploy_part(current_word, piece.part, piece.body, 'outbreak_owner');
		END LOOP;

		IF known.word IS NULL THEN
			INSERT INTO outbreak.deployment (word, version, migration, deployed_at)
			VALUES (current_word, library, latest, now());
		ELSIF known.version <> library OR known.migration <> latest THEN
			UPDATE outbreak.deployment d
			SET version = library,
				migration = latest,
				deployed_at = now()
			WHERE d.word = current_word;
		END IF;
	END LOOP;
	NOTIFY pgrst, 'reload schema';
END
$$;
COMMENT ON PROCEDURE outbreak.deploy(text[]) IS
'Makes or upgrades the systems of this database: for each word (all for NULL, in dependency order, with the words that it uses) the tables and seed rows once, pending migrations, and always functions, triggers, views, policies and grants. One transaction: a failing part leaves nothing behind. Safe to call twice. Errors: 42501 for a caller who is no superuser, 22023 for an unknown word, 42P06 for a schema of that name which somebody else made; the error of a failing part keeps its SQLSTATE and names the part.';
REVOKE EXECUTE ON PROCEDURE outbreak.deploy(text[]) FROM PUBLIC;
