-- Who may do what with which table, view, sequence and function, read from the catalogs: whoever changes a right
-- changes the expected output of this test, and so has to look at it.
--
-- A table lets a role do what is granted to it AND a policy allows. A line is
--     table | role | commands (columns, where not all) | rows that it sees or touches; rows that it may leave behind
-- "all rows" is a policy USING (true). Lines of roles of the same rights are one. What no line names is refused.
BEGIN;
SET client_min_messages = warning;
SET search_path = pg_catalog, pg_temp;
\set ECHO none
\pset format unaligned
\pset tuples_only on
\pset fieldsep ' | '

-- ---- what is ours

CREATE TEMP VIEW word AS
SELECT n.oid, n.nspname
FROM outbreak.deployment AS d
JOIN pg_namespace AS n ON n.nspname = d.word;

CREATE TEMP VIEW relation AS
SELECT c.*, w.nspname || '.' || quote_ident(c.relname) AS name
FROM pg_class AS c
JOIN word AS w ON w.oid = c.relnamespace
WHERE c.relkind = ANY ('{r,p,v,m,S,f}'::"char"[]);

CREATE TEMP VIEW our_role AS
SELECT r.oid, r.rolname
FROM pg_roles AS r
WHERE starts_with(r.rolname, 'outbreak_')
UNION ALL
SELECT 0, 'PUBLIC';

CREATE TEMP VIEW command (privilege, code, position) AS
VALUES ('SELECT', 'r', 1), ('INSERT', 'a', 2), ('UPDATE', 'w', 3), ('DELETE', 'd', 4);

-- what is granted to somebody else than the owner, on the whole (columns NULL) or on columns
CREATE TEMP VIEW granted AS
SELECT c.oid AS relation, a.grantee, a.privilege_type AS privilege, NULL::text AS columns, a.is_grantable
FROM relation AS c
CROSS JOIN LATERAL aclexplode(c.relacl) AS a
WHERE a.grantee <> c.relowner
UNION ALL
SELECT c.oid, a.grantee, a.privilege_type, string_agg(t.attname, ', ' ORDER BY t.attnum), bool_or(a.is_grantable)
FROM relation AS c
JOIN pg_attribute AS t ON t.attrelid = c.oid
CROSS JOIN LATERAL aclexplode(t.attacl) AS a
WHERE a.grantee <> c.relowner
	AND NOT EXISTS (SELECT FROM aclexplode(c.relacl) AS whole WHERE whole.grantee = a.grantee AND whole.privilege_type = a.privilege_type)
GROUP BY c.oid, a.grantee, a.privilege_type;

-- an expression as it is written in a matrix
CREATE FUNCTION pg_temp.tidy(expression text) RETURNS text
LANGUAGE SQL IMMUTABLE
RETURN CASE expression WHEN 'true' THEN 'all rows'
	ELSE regexp_replace(regexp_replace(expression, '^\((.*)\)$', '\1'), '\s+', ' ', 'g') END;

CREATE TEMP VIEW policy AS
SELECT p.polrelid AS relation,
	r.oid AS role,
	p.polpermissive,
	c.privilege,
	CASE WHEN c.privilege <> 'INSERT' THEN pg_temp.tidy(pg_get_expr(p.polqual, p.polrelid)) END AS sees,
	CASE WHEN c.privilege = ANY ('{INSERT,UPDATE}'::text[]) THEN pg_temp.tidy(pg_get_expr(coalesce(p.polwithcheck, p.polqual), p.polrelid)) END AS leaves
FROM pg_policy AS p
JOIN our_role AS r ON r.oid = ANY (p.polroles) OR p.polroles = '{0}'
JOIN command AS c ON p.polcmd = ANY (ARRAY['*', c.code]::"char"[]);

-- ---- tables

\echo '== tables: table | roles | commands | rows'
WITH conditions AS (
	SELECT g.relation,
		g.grantee,
		g.privilege,
		g.privilege || coalesce(' (' || g.columns || ')', '') AS what,
		-- permissive policies add up: one that allows all makes the others idle
		CASE WHEN bool_or(p.sees = 'all rows') FILTER (WHERE p.polpermissive) THEN 'all rows'
			ELSE string_agg(DISTINCT p.sees COLLATE "C", ' OR ' ORDER BY p.sees COLLATE "C") FILTER (WHERE p.polpermissive) END AS sees,
		CASE WHEN bool_or(p.leaves = 'all rows') FILTER (WHERE p.polpermissive) THEN 'all rows'
			ELSE string_agg(DISTINCT p.leaves COLLATE "C", ' OR ' ORDER BY p.leaves COLLATE "C") FILTER (WHERE p.polpermissive) END AS leaves,
		string_agg(DISTINCT coalesce(p.sees, p.leaves) COLLATE "C", ' AND ' ORDER BY coalesce(p.sees, p.leaves) COLLATE "C") FILTER (WHERE NOT p.polpermissive) AS fence,
		count(p.role) FILTER (WHERE p.polpermissive) AS policies
	FROM granted AS g
	JOIN relation AS c ON c.oid = g.relation
		AND c.relkind = ANY ('{r,p,f}'::"char"[])
		AND NOT c.relispartition
	LEFT JOIN policy AS p ON p.relation = g.relation
		AND p.role = g.grantee
		AND p.privilege = g.privilege
	GROUP BY g.relation, g.grantee, g.privilege, g.columns
), rows_of AS (
	-- commands with the same conditions share a line
	SELECT c.relation,
		c.grantee,
		string_agg(c.what, ' ' ORDER BY k.position, c.what) AS what,
		concat_ws('; ',
			CASE WHEN c.policies = 0 THEN 'NO POLICY' ELSE coalesce(c.sees, c.leaves) END,
			CASE WHEN c.sees <> c.leaves THEN 'leaves ' || c.leaves END,
			'never without ' || c.fence) AS condition,
		min(k.position) AS position
	FROM conditions AS c
	LEFT JOIN command AS k ON k.privilege = c.privilege
	GROUP BY c.relation, c.grantee, 4
), role_lines AS (
	SELECT relation,
		grantee,
		array_agg(what || ' | ' || condition ORDER BY position, what COLLATE "C") AS lines
	FROM rows_of
	GROUP BY relation, grantee
)
SELECT format('%s | %s | %s', c.name, string_agg(r.rolname, ', ' ORDER BY r.rolname COLLATE "C"), line.text)
FROM role_lines AS l
JOIN relation AS c ON c.oid = l.relation
JOIN our_role AS r ON r.oid = l.grantee
CROSS JOIN LATERAL unnest(l.lines) WITH ORDINALITY AS line (text, n)
GROUP BY c.name, line.text
ORDER BY c.name COLLATE "C", min(line.n), min(r.rolname COLLATE "C"), line.text COLLATE "C";

\echo '== tables that no role but their owner is granted'
SELECT c.name
FROM relation AS c
WHERE c.relkind = ANY ('{r,p,f}'::"char"[])
	AND NOT c.relispartition
	AND NOT EXISTS (SELECT FROM granted AS g WHERE g.relation = c.oid)
ORDER BY c.name COLLATE "C";

\echo '== none left out: word | tables, each held against every role'
SELECT n.nspname,
	count(c.oid) || ' tables',
	(SELECT count(*) FROM our_role AS r WHERE r.rolname <> 'outbreak_owner') || ' roles',
	count(c.oid) FILTER (WHERE EXISTS (SELECT FROM granted AS g WHERE g.relation = c.oid)) || ' granted to somebody'
FROM word AS n
LEFT JOIN relation AS c ON c.relnamespace = n.oid
	AND c.relkind = ANY ('{r,p,f}'::"char"[])
	AND NOT c.relispartition
GROUP BY n.nspname
ORDER BY n.nspname COLLATE "C";

\echo '== owner: every table has the policy "owner" and belongs to outbreak_owner; others'
SELECT c.name, pg_get_userbyid(c.relowner)
FROM relation AS c
WHERE c.relkind = ANY ('{r,p}'::"char"[])
	AND (c.relowner <> 'outbreak_owner'::regrole
		OR NOT c.relispartition AND NOT EXISTS (
			SELECT
			FROM pg_policy AS p
			WHERE p.polrelid = c.oid
				AND p.polroles = ARRAY['outbreak_owner'::regrole::oid]
				AND p.polcmd = '*'
				AND pg_get_expr(p.polqual, c.oid) = 'true'))
ORDER BY c.name COLLATE "C";

\echo '== broken rules (none is right)'
SELECT 'row-level security is not on and forced', c.name
FROM relation AS c
WHERE c.relkind = ANY ('{r,p}'::"char"[])
	AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
UNION ALL
SELECT 'a foreign table or a materialised view knows no policies', c.name
FROM relation AS c
WHERE c.relkind = ANY ('{f,m}'::"char"[])
UNION ALL
SELECT format('%s granted to %s without a policy', g.privilege, r.rolname), c.name
FROM granted AS g
JOIN relation AS c ON c.oid = g.relation
	AND c.relkind = ANY ('{r,p}'::"char"[])
JOIN our_role AS r ON r.oid = g.grantee
WHERE NOT EXISTS (SELECT FROM policy AS p WHERE p.relation = g.relation AND p.role = g.grantee AND p.privilege = g.privilege AND p.polpermissive)
UNION ALL
SELECT format('granted on a partition to %s', coalesce(r.rolname, g.grantee::regrole::text)), c.name
FROM granted AS g
JOIN relation AS c ON c.oid = g.relation
	AND c.relispartition
LEFT JOIN our_role AS r ON r.oid = g.grantee
UNION ALL
SELECT format('%s granted to %s', g.privilege, coalesce(r.rolname, g.grantee::regrole::text)), c.name
FROM granted AS g
JOIN relation AS c ON c.oid = g.relation
LEFT JOIN our_role AS r ON r.oid = g.grantee
WHERE g.privilege = ANY ('{TRUNCATE,REFERENCES,TRIGGER}'::text[])
	OR g.is_grantable
	OR g.grantee = 0
	OR r.oid IS NULL
ORDER BY 1, 2;

\echo '== idle policies, which allow what nothing is granted for: table | policy | roles'
SELECT c.name, p.polname, string_agg(r.rolname, ', ' ORDER BY r.rolname COLLATE "C")
FROM pg_policy AS p
JOIN relation AS c ON c.oid = p.polrelid
	AND NOT c.relispartition
JOIN our_role AS r ON r.oid = ANY (p.polroles)
WHERE r.rolname <> ALL ('{PUBLIC,outbreak_owner}'::text[])
	AND NOT EXISTS (
		SELECT
		FROM granted AS g
		JOIN command AS k ON k.privilege = g.privilege
		WHERE g.relation = c.oid
			AND g.grantee = r.oid
			AND p.polcmd = ANY (ARRAY['*', k.code]::"char"[]))
GROUP BY c.name, p.polname
ORDER BY c.name COLLATE "C", p.polname COLLATE "C";

-- ---- views, sequences, schemas

\echo '== views: view | roles | commands | whose rights it reads with'
WITH lines AS (
	SELECT g.relation,
		g.grantee,
		string_agg(g.privilege || coalesce(' (' || g.columns || ')', ''), ' ' ORDER BY k.position) AS what
	FROM granted AS g
	LEFT JOIN command AS k ON k.privilege = g.privilege
	GROUP BY g.relation, g.grantee
)
SELECT c.name,
	coalesce(string_agg(r.rolname, ', ' ORDER BY r.rolname COLLATE "C"), '-'),
	coalesce(l.what, '-'),
	CASE WHEN coalesce(c.reloptions && '{security_invoker=true,security_invoker=on,security_invoker=1}'::text[], false) THEN 'the caller''s' ELSE 'the OWNER''S' END
FROM relation AS c
LEFT JOIN lines AS l ON l.relation = c.oid
LEFT JOIN our_role AS r ON r.oid = l.grantee
WHERE c.relkind = ANY ('{v,m}'::"char"[])
GROUP BY c.name, c.reloptions, l.what
ORDER BY c.name COLLATE "C", l.what COLLATE "C";

\echo '== sequences: sequence | roles | rights'
SELECT c.name,
	coalesce(string_agg(r.rolname, ', ' ORDER BY r.rolname COLLATE "C"), '-'),
	coalesce(l.what, '-')
FROM relation AS c
LEFT JOIN (
	SELECT g.relation, g.grantee, string_agg(g.privilege, ' ' ORDER BY g.privilege COLLATE "C") AS what
	FROM granted AS g
	GROUP BY g.relation, g.grantee
) AS l ON l.relation = c.oid
LEFT JOIN our_role AS r ON r.oid = l.grantee
WHERE c.relkind = 'S'
GROUP BY c.name, l.what
ORDER BY c.name COLLATE "C", l.what COLLATE "C";

\echo '== schemas: word | roles | rights'
SELECT w.nspname,
	string_agg(r.rolname, ', ' ORDER BY r.rolname COLLATE "C"),
	l.what
FROM (SELECT oid, nspname FROM word UNION ALL SELECT 'outbreak'::regnamespace, 'outbreak') AS w
JOIN pg_namespace AS n ON n.oid = w.oid
CROSS JOIN LATERAL (
	SELECT a.grantee, string_agg(a.privilege_type, ' ' ORDER BY a.privilege_type COLLATE "C") AS what
	FROM aclexplode(n.nspacl) AS a
	WHERE a.grantee <> n.nspowner
	GROUP BY a.grantee
) AS l
LEFT JOIN our_role AS r ON r.oid = l.grantee
GROUP BY w.nspname, l.what
ORDER BY w.nspname COLLATE "C", l.what COLLATE "C";

-- ---- functions

\echo '== functions: word | roles that may EXECUTE | functions'
-- what implements a type, an operator, a cast or an aggregate of schema outbreak goes with it
WITH helper AS (
	SELECT o.oprcode::oid AS function FROM pg_operator AS o
	UNION SELECT a.amproc::oid FROM pg_amproc AS a
	UNION SELECT c.castfunc FROM pg_cast AS c
	UNION SELECT unnest(ARRAY[t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout, t.typanalyze]::oid[]) FROM pg_type AS t
	UNION SELECT unnest(ARRAY[g.aggtransfn, g.aggfinalfn, g.aggcombinefn, g.aggserialfn, g.aggdeserialfn, g.aggmtransfn, g.aggminvtransfn, g.aggmfinalfn]::oid[])
		FROM pg_aggregate AS g
), executable AS (
	SELECT n.nspname,
		p.proname || CASE WHEN p.prosecdef THEN ' (DEFINER)' ELSE '' END AS name,
		coalesce(string_agg(r.rolname, ', ' ORDER BY r.rolname COLLATE "C"), 'nobody but the owner') AS roles
	FROM pg_proc AS p
	JOIN (SELECT oid, nspname FROM word UNION ALL SELECT 'outbreak'::regnamespace, 'outbreak') AS n ON n.oid = p.pronamespace
	LEFT JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a ON a.grantee <> ALL (ARRAY[p.proowner, 'outbreak_owner'::regrole])
	LEFT JOIN our_role AS r ON r.oid = a.grantee
	WHERE p.oid NOT IN (SELECT h.function FROM helper AS h WHERE h.function IS NOT NULL)
	GROUP BY n.nspname, p.oid, p.proname, p.prosecdef
)
SELECT e.nspname,
	e.roles,
	string_agg(DISTINCT e.name COLLATE "C", ', ' ORDER BY e.name COLLATE "C")
FROM executable AS e
-- of those that nobody but the owner calls, the ones that run as the owner: triggers call them
WHERE e.roles <> 'nobody but the owner'
	OR e.name ~ 'DEFINER'
GROUP BY e.nspname, e.roles
ORDER BY e.nspname COLLATE "C", (e.roles = 'nobody but the owner'), e.roles COLLATE "C";

-- ---- roles

\echo '== memberships: member | role'
SELECT m.member::regrole, string_agg(m.roleid::regrole::text, ', ' ORDER BY m.roleid::regrole::text COLLATE "C")
FROM pg_auth_members AS m
-- whom an administrator gives a role of ours is no matter of this test
JOIN our_role AS r ON r.oid = m.member
GROUP BY m.member
ORDER BY m.member::regrole::text COLLATE "C";

\echo '== attributes: role | what it has'
SELECT r.rolname,
	concat_ws(' ', CASE WHEN r.rolcanlogin THEN 'LOGIN' END, CASE WHEN NOT r.rolinherit THEN 'NOINHERIT' END, CASE WHEN r.rolsuper THEN 'SUPERUSER' END,
		CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END, CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END, CASE WHEN r.rolcreatedb THEN 'CREATEDB' END, CASE WHEN r.rolreplication THEN 'REPLICATION' END)
FROM pg_roles AS r
WHERE starts_with(r.rolname, 'outbreak_')
	AND (r.rolcanlogin OR NOT r.rolinherit OR r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication)
ORDER BY r.rolname COLLATE "C";
ROLLBACK;
