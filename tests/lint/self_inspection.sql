-- Every breach of a rule of the house, one a line: object | kind | rule | what is wrong.
-- Variables: security_definer, public_execute, owner_views (names, one a line).
\set QUIET on
SET search_path = pg_catalog;
CREATE FUNCTION pg_temp.names(list text) RETURNS SETOF text
LANGUAGE SQL IMMUTABLE
RETURN regexp_split_to_table(nullif(list, ''), E'\n');

-- ---- what is ours

CREATE TEMP VIEW our_schema AS
SELECT n.oid, n.nspname, n.nspname <> 'outbreak' AS deployed
FROM pg_namespace AS n
WHERE n.nspname = 'outbreak'
	OR n.nspname IN (SELECT d.word FROM outbreak.deployment AS d);

CREATE TEMP VIEW our_function AS
SELECT p.*, s.nspname, s.deployed, p.oid::regprocedure::text AS name, s.nspname || '.' || p.proname AS short,
	-- schema outbreak too belongs to superusers alone
	coalesce(p.proconfig && '{"search_path=pg_catalog, pg_temp","search_path=pg_catalog, outbreak, pg_temp"}'::text[], false) AS safe_path
FROM pg_proc AS p
JOIN our_schema AS s ON s.oid = p.pronamespace;

CREATE TEMP VIEW our_relation AS
SELECT c.*, s.nspname, s.deployed, c.oid::regclass::text AS name
FROM pg_class AS c
JOIN our_schema AS s ON s.oid = c.relnamespace;

-- every privilege that somebody else than the owner holds on something
CREATE TEMP VIEW our_grant AS
SELECT c.oid, c.name, a.grantee, a.privilege_type, a.is_grantable
FROM our_relation AS c
CROSS JOIN LATERAL aclexplode(c.relacl) AS a
WHERE a.grantee <> c.relowner
UNION ALL
SELECT c.oid, c.name, a.grantee, a.privilege_type, a.is_grantable
FROM our_relation AS c
JOIN pg_attribute AS t ON t.attrelid = c.oid
CROSS JOIN LATERAL aclexplode(t.attacl) AS a
WHERE a.grantee <> c.relowner;

-- functions that do the work of an operator, an operator class, a cast, a type or an aggregate: that one is commented
CREATE TEMP VIEW helper AS
SELECT o.oprcode::oid AS function FROM pg_operator AS o
UNION SELECT a.amproc::oid FROM pg_amproc AS a
UNION SELECT c.castfunc FROM pg_cast AS c
UNION SELECT unnest(ARRAY[t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout, t.typanalyze]::oid[]) FROM pg_type AS t
UNION SELECT unnest(ARRAY[g.aggtransfn, g.aggfinalfn, g.aggcombinefn, g.aggserialfn, g.aggdeserialfn, g.aggmtransfn, g.aggminvtransfn, g.aggmfinalfn]::oid[])
	FROM pg_aggregate AS g;

CREATE TEMP TABLE finding (object text, kind text, rule text, problem text);

-- ---- functions

INSERT INTO finding
SELECT f.name, 'function', 'search path', 'SECURITY DEFINER without search_path = pg_catalog, pg_temp or a BEGIN ATOMIC body'
FROM our_function AS f
WHERE f.prosecdef
	AND f.prosqlbody IS NULL
	AND NOT f.safe_path;

INSERT INTO finding
SELECT f.name, 'function', 'search path', 'PL/pgSQL without search_path = pg_catalog, pg_temp'
FROM our_function AS f
JOIN pg_language AS l ON l.oid = f.prolang
WHERE l.lanname = 'plpgsql'
	AND NOT f.prosecdef
	AND NOT f.safe_path
	-- a procedure that commits can have none; its names are written in full, operators too
	AND NOT (f.prokind = 'p' AND f.prosrc ~ '\mCOMMIT;');

INSERT INTO finding
SELECT coalesce(f.short, allowed.name), 'function', 'security definer',
	CASE WHEN allowed.name IS NULL THEN 'is not in security_definer.txt' ELSE 'in security_definer.txt, but is not there or not SECURITY DEFINER' END
FROM (SELECT DISTINCT short FROM our_function WHERE prosecdef) AS f
FULL JOIN pg_temp.names(:'security_definer') AS allowed (name) ON allowed.name = f.short
WHERE f.short IS NULL
	OR allowed.name IS NULL;

INSERT INTO finding
SELECT f.name, 'function', 'public', 'EXECUTE for PUBLIC in a deployed schema'
FROM our_function AS f
WHERE f.deployed
	AND EXISTS (
		SELECT
		FROM aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) AS a
		WHERE a.grantee = 0
	);

INSERT INTO finding
SELECT coalesce(f.short, allowed.name), 'function', 'public',
	CASE WHEN allowed.name IS NULL THEN 'EXECUTE for PUBLIC, but is not in public_execute.txt' ELSE 'in public_execute.txt, but is not there or not executable by PUBLIC' END
FROM (
	SELECT DISTINCT o.short
	FROM our_function AS o
	CROSS JOIN LATERAL aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) AS a
	WHERE NOT o.deployed
		AND a.grantee = 0
		-- what can use a type can use what belongs to it
		AND NOT EXISTS (SELECT FROM helper AS h WHERE h.function = o.oid)
) AS f
FULL JOIN pg_temp.names(:'public_execute') AS allowed (name) ON allowed.name = f.short
WHERE f.short IS NULL
	OR allowed.name IS NULL;

INSERT INTO finding
SELECT f.name, 'function', 'label', 'PARALLEL SAFE, but PL/pgSQL with an EXCEPTION block cannot run in a worker'
FROM our_function AS f
JOIN pg_language AS l ON l.oid = f.prolang
WHERE l.lanname = 'plpgsql'
	AND f.proparallel = 's'
	AND f.prosrc ~ '\mEXCEPTION\s+WHEN\M';

INSERT INTO finding
SELECT f.name, 'function', 'label', 'LEAKPROOF belongs to C and to the functions of PostgreSQL itself'
FROM our_function AS f
JOIN pg_language AS l ON l.oid = f.prolang
WHERE f.proleakproof
	AND l.lanname NOT IN ('c', 'internal');

-- ---- tables and views

INSERT INTO finding
SELECT c.name, 'table', 'row security', 'row-level security is off'
FROM our_relation AS c
WHERE c.relkind IN ('r', 'p')
	AND NOT c.relrowsecurity;

INSERT INTO finding
SELECT c.name, 'table', 'row security', 'row-level security is not forced'
FROM our_relation AS c
WHERE c.deployed
	AND c.relkind IN ('r', 'p')
	AND c.relrowsecurity
	AND NOT c.relforcerowsecurity;

-- a table of the extension that nobody is granted needs none
INSERT INTO finding
SELECT c.name, 'table', 'row security', 'no policy'
FROM our_relation AS c
WHERE c.relkind IN ('r', 'p')
	AND NOT c.relispartition
	AND (c.deployed OR EXISTS (SELECT FROM our_grant AS g WHERE g.oid = c.oid))
	AND NOT EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = c.oid);

-- a granted table with policies for nobody of those who are granted answers with nothing, silently
INSERT INTO finding
SELECT c.name, 'table', 'row security', format('%s is granted to %s, and no policy speaks of it', string_agg(DISTINCT g.privilege_type, ', '), coalesce(r.rolname, 'PUBLIC'))
FROM our_relation AS c
JOIN our_grant AS g ON g.oid = c.oid
LEFT JOIN pg_roles AS r ON r.oid = g.grantee
WHERE c.relkind IN ('r', 'p')
	AND NOT c.relispartition
	AND g.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
	AND NOT EXISTS (
		SELECT
		FROM pg_policy AS p
		WHERE p.polrelid = c.oid
			AND (0 = ANY (p.polroles)
				OR EXISTS (SELECT FROM unnest(p.polroles) AS m (role) WHERE g.grantee <> 0 AND pg_has_role(g.grantee, m.role, 'MEMBER')))
			AND p.polcmd = ANY (ARRAY['*', CASE g.privilege_type WHEN 'SELECT' THEN 'r' WHEN 'INSERT' THEN 'a' WHEN 'UPDATE' THEN 'w' ELSE 'd' END]::"char"[])
	)
GROUP BY c.name, r.rolname;

-- rows of a partition are moved and purged by the owner; everybody else goes through the table
INSERT INTO finding
SELECT c.name, 'partition', 'row security', CASE WHEN p.oid IS NULL THEN 'no policy of the owner' ELSE format('policy %s for %s, where only the owner has one', p.polname, array_to_string(p.polroles::regrole[], ', ')) END
FROM our_relation AS c
LEFT JOIN pg_policy AS p ON p.polrelid = c.oid
WHERE c.relispartition
	AND c.relkind IN ('r', 'p')
	AND (p.oid IS NULL OR p.polroles <> ARRAY['outbreak_owner'::regrole::oid]);

INSERT INTO finding
SELECT c.name, 'table', 'row security', 'no policy lets outbreak_owner see and write all rows, on which the functions that run as it rely'
FROM our_relation AS c
WHERE c.deployed
	AND c.relkind IN ('r', 'p')
	AND NOT EXISTS (
		SELECT
		FROM pg_policy AS p
		WHERE p.polrelid = c.oid
			AND p.polroles = ARRAY['outbreak_owner'::regrole::oid]
			AND p.polcmd = '*'
			AND p.polpermissive
			AND pg_get_expr(p.polqual, c.oid) = 'true'
			AND coalesce(pg_get_expr(p.polwithcheck, c.oid), 'true') = 'true'
	);

-- row-level security knows nothing of these, and foreign keys and triggers of others would run on our rows
INSERT INTO finding
SELECT DISTINCT c.name, 'relation', 'grants', format('%s granted to %s', g.privilege_type, coalesce(r.rolname, 'PUBLIC'))
FROM our_relation AS c
JOIN our_grant AS g ON g.oid = c.oid
LEFT JOIN pg_roles AS r ON r.oid = g.grantee
WHERE g.privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER');

INSERT INTO finding
SELECT DISTINCT c.name, 'relation', 'grants', format('%s may be granted further by %s', g.privilege_type, coalesce(r.rolname, 'PUBLIC'))
FROM our_relation AS c
JOIN our_grant AS g ON g.oid = c.oid
LEFT JOIN pg_roles AS r ON r.oid = g.grantee
WHERE g.is_grantable;

INSERT INTO finding
SELECT DISTINCT c.name, 'relation', 'grants', format('%s granted to %s, which is no role of ours', g.privilege_type, coalesce(r.rolname, 'PUBLIC'))
FROM our_relation AS c
JOIN our_grant AS g ON g.oid = c.oid
LEFT JOIN pg_roles AS r ON r.oid = g.grantee
WHERE c.deployed
	AND NOT coalesce(starts_with(r.rolname, 'outbreak_'), false);

-- the extension's own tables are for the deployment engine; what is deployed may be looked up
INSERT INTO finding
SELECT DISTINCT c.name, 'member table', 'grants', format('%s granted to %s', g.privilege_type, coalesce(r.rolname, 'PUBLIC'))
FROM our_relation AS c
JOIN our_grant AS g ON g.oid = c.oid
LEFT JOIN pg_roles AS r ON r.oid = g.grantee
WHERE NOT c.deployed
	AND (g.privilege_type <> 'SELECT' OR r.rolname IS DISTINCT FROM 'outbreak_owner')
	AND (g.privilege_type <> 'SELECT' OR c.relname <> 'deployment');

INSERT INTO finding
SELECT s.nspname, 'schema', 'grants', format('CREATE granted to %s', coalesce(r.rolname, 'PUBLIC'))
FROM our_schema AS s
JOIN pg_namespace AS n ON n.oid = s.oid
CROSS JOIN LATERAL aclexplode(n.nspacl) AS a
LEFT JOIN pg_roles AS r ON r.oid = a.grantee
WHERE a.privilege_type = 'CREATE'
	AND a.grantee <> n.nspowner;

INSERT INTO finding
SELECT coalesce(n.nspname, 'all schemas'), 'default privileges', 'grants', format('%s on new objects for %s', a.privilege_type, coalesce(r.rolname, 'PUBLIC'))
FROM pg_default_acl AS d
LEFT JOIN pg_namespace AS n ON n.oid = d.defaclnamespace
CROSS JOIN LATERAL aclexplode(d.defaclacl) AS a
LEFT JOIN pg_roles AS r ON r.oid = a.grantee
WHERE d.defaclrole = 'outbreak_owner'::regrole
	AND a.grantee <> d.defaclrole
	-- types: their use tells nothing
	AND d.defaclobjtype <> 'T';

-- ---- roles

INSERT INTO finding
SELECT r.rolname, 'role', 'attributes', concat_ws(' ', CASE WHEN r.rolsuper THEN 'SUPERUSER' END, CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END, CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END,
	CASE WHEN r.rolcreatedb THEN 'CREATEDB' END, CASE WHEN r.rolreplication THEN 'REPLICATION' END, CASE WHEN r.rolcanlogin AND r.rolname <> 'outbreak_authenticator' THEN 'LOGIN' END,
	CASE WHEN r.rolinherit AND r.rolname = 'outbreak_authenticator' THEN 'INHERIT' END)
FROM pg_roles AS r
WHERE starts_with(r.rolname, 'outbreak_')
	AND (r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication
		OR r.rolcanlogin <> (r.rolname = 'outbreak_authenticator')
		OR r.rolinherit = (r.rolname = 'outbreak_authenticator'));

-- The authenticator may become who faces the outside, and nobody else becomes anybody: neither the owner nor the
-- worker, nor what PostgreSQL lets read files or all tables.
INSERT INTO finding
SELECT m.member::regrole::text, 'role', 'membership', format('is a member of %s', m.roleid::regrole)
FROM pg_auth_members AS m
WHERE starts_with(m.member::regrole::text, 'outbreak_')
	AND (m.member <> 'outbreak_authenticator'::regrole
		OR NOT starts_with(m.roleid::regrole::text, 'outbreak_')
		OR m.roleid IN ('outbreak_owner'::regrole, 'outbreak_worker'::regrole, 'outbreak_authenticator'::regrole)
		OR m.admin_option);

-- Citus refuses sub-selects in policies, and each costs a plan
INSERT INTO finding
SELECT c.name, 'table', 'row security', format('policy %s holds a sub-select', p.polname)
FROM our_relation AS c
JOIN pg_policy AS p ON p.polrelid = c.oid
WHERE concat(pg_get_expr(p.polqual, c.oid), pg_get_expr(p.polwithcheck, c.oid)) ~ '\mSELECT\M';

INSERT INTO finding
SELECT c.name, 'partition', 'grants', format('%s granted to %s', string_agg(DISTINCT g.privilege_type, ', '), coalesce(r.rolname, 'PUBLIC'))
FROM our_relation AS c
JOIN our_grant AS g ON g.oid = c.oid
LEFT JOIN pg_roles AS r ON r.oid = g.grantee
WHERE c.relispartition
GROUP BY c.name, r.rolname;

INSERT INTO finding
SELECT coalesce(v.name, allowed.name), 'view', 'security invoker',
	CASE WHEN allowed.name IS NULL THEN 'reads with the rights of its owner, but is not in owner_views.txt' ELSE 'in owner_views.txt, but is not there or is security_invoker' END
FROM (
	SELECT c.name
	FROM our_relation AS c
	WHERE c.relkind = 'v'
		AND NOT coalesce(c.reloptions && '{security_invoker=true,security_invoker=on,security_invoker=1}'::text[], false)
) AS v
FULL JOIN pg_temp.names(:'owner_views') AS allowed (name) ON allowed.name = v.name
WHERE v.name IS NULL
	OR allowed.name IS NULL;

-- row-level security does not reach into a materialised view
INSERT INTO finding
SELECT DISTINCT c.name, 'materialized view', 'grants', 'granted to somebody'
FROM our_relation AS c
JOIN our_grant AS g ON g.oid = c.oid
WHERE c.relkind = 'm';

-- ---- retention

-- What is sealed, and what names a person, is personal: somebody has to say how long it stays.
INSERT INTO finding
SELECT c.name, 'table', 'retention', format('column %s is personal, but access.retention has no rule for the table', string_agg(a.attname, ', ' ORDER BY a.attnum))
FROM our_relation AS c
JOIN pg_attribute AS a ON a.attrelid = c.oid
WHERE c.relkind IN ('r', 'p')
	AND NOT c.relispartition
	AND a.attnum > 0
	AND NOT a.attisdropped
	AND (a.atttypid = 'outbreak.sealed'::regtype OR (a.atttypid = 'uuid'::regtype AND a.attname IN ('person', 'subject')))
	-- the rules themselves
	AND NOT EXISTS (SELECT FROM access.retention AS r WHERE r.relation = c.oid)
GROUP BY c.name;

-- what a purge deletes from a form goes into its history, which has to let it go the same day
INSERT INTO finding
SELECT c.name, 'table', 'retention', format('%s by %s of the form, but not of its history', r.action, r.since)
FROM access.retention AS r
JOIN our_relation AS c ON c.oid = r.relation
JOIN our_relation AS h ON h.relnamespace = c.relnamespace
	AND h.relname = c.relname || '_history'
WHERE NOT EXISTS (
		SELECT
		FROM access.retention AS k
		WHERE k.relation = h.oid
			AND k.since = r.since
			AND k.action = r.action
			AND k.keep <= r.keep
	);

-- a rule that the purge cannot follow
INSERT INTO finding
SELECT p.relation::text, 'table', 'retention', p.problem
FROM access.purge('2000-01-01', true) AS p
WHERE p.problem IS NOT NULL;

-- ---- owners

INSERT INTO finding
SELECT o.name, o.kind, 'owner', format('belongs to %I instead of outbreak_owner', pg_get_userbyid(o.owner))
FROM (
	SELECT name, 'function', proowner FROM our_function WHERE deployed
	UNION ALL
	SELECT name, CASE relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'v' THEN 'view' WHEN 'S' THEN 'sequence' ELSE 'relation' END, relowner
	FROM our_relation
	WHERE deployed
		AND relkind NOT IN ('i', 'I', 't')
) AS o (name, kind, owner)
WHERE o.owner <> 'outbreak_owner'::regrole;

-- ---- operators

INSERT INTO finding
SELECT o.oid::regoperator::text, 'operator', 'estimates', 'no RESTRICT or no JOIN estimator'
FROM pg_operator AS o
JOIN our_schema AS s ON s.oid = o.oprnamespace
WHERE o.oprresult = 'boolean'::regtype
	AND o.oprkind = 'b'
	AND (o.oprrest = 0 OR o.oprjoin = 0);

-- ---- comments

INSERT INTO finding
SELECT o.name, o.kind, 'comment', 'has none'
FROM (
	SELECT s.nspname, 'schema', obj_description(s.oid, 'pg_namespace')
	FROM our_schema AS s
	UNION ALL
	SELECT c.name, CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE 'table' END, obj_description(c.oid, 'pg_class')
	FROM our_relation AS c
	WHERE c.relkind IN ('r', 'p', 'v', 'm')
		AND NOT c.relispartition
	UNION ALL
	SELECT c.name || '.' || a.attname, 'column', col_description(c.oid, a.attnum)
	FROM our_relation AS c
	JOIN pg_attribute AS a ON a.attrelid = c.oid
	WHERE c.relkind IN ('r', 'p')
		AND c.deployed
		AND NOT c.relispartition
		AND a.attnum > 0
		AND NOT a.attisdropped
	UNION ALL
	SELECT f.name, CASE f.prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' ELSE 'function' END, obj_description(f.oid, 'pg_proc')
	FROM our_function AS f
	WHERE f.oid NOT IN (SELECT h.function FROM helper AS h WHERE h.function IS NOT NULL)
	UNION ALL
	SELECT t.oid::regtype::text, 'type', obj_description(t.oid, 'pg_type')
	FROM pg_type AS t
	JOIN our_schema AS s ON s.oid = t.typnamespace
	LEFT JOIN pg_class AS c ON c.oid = t.typrelid
	WHERE t.typtype IN ('b', 'd', 'e', 'r', 'c')
		AND t.typelem = 0
		AND (c.oid IS NULL OR c.relkind = 'c')
	UNION ALL
	SELECT o.oid::regoperator::text, 'operator', obj_description(o.oid, 'pg_operator')
	FROM pg_operator AS o
	JOIN our_schema AS s ON s.oid = o.oprnamespace
	UNION ALL
	SELECT format('(%s AS %s)', c.castsource::regtype, c.casttarget::regtype), 'cast', obj_description(c.oid, 'pg_cast')
	FROM pg_cast AS c
	WHERE EXISTS (
		SELECT
		FROM pg_depend AS d
		JOIN pg_extension AS e ON e.oid = d.refobjid
		WHERE d.classid = 'pg_cast'::regclass
			AND d.objid = c.oid
			AND d.deptype = 'e'
			AND e.extname = 'outbreak'
	)
	UNION ALL
	SELECT r.rolname, 'role', shobj_description(r.oid, 'pg_authid')
	FROM pg_roles AS r
	WHERE starts_with(r.rolname, 'outbreak_')
) AS o (name, kind, comment)
WHERE coalesce(o.comment, '') = '';

INSERT INTO finding
SELECT c.name, 'sequence', 'grants', 'granted to PUBLIC'
FROM our_relation AS c
JOIN our_grant AS g ON g.oid = c.oid
WHERE c.relkind = 'S'
	AND g.grantee = 0;

SELECT object, kind, rule, problem
FROM finding
ORDER BY rule COLLATE "C", kind COLLATE "C", object COLLATE "C", problem COLLATE "C";
