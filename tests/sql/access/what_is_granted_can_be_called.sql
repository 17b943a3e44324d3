-- Whoever may call a function, or read a view, has the rights on what it uses: nobody is given a function that then says
-- "permission denied". For functions that run with the caller's rights, by what plpgsql_check and the catalogs say they use.
BEGIN;
SET client_min_messages = warning;
CREATE EXTENSION plpgsql_check;
CREATE TEMP VIEW caller AS
SELECT r.oid, r.rolname
FROM pg_roles AS r
WHERE r.rolname ~ '^outbreak_(anon|citizen|institution|health_center|municipality|prefecture|quarantine|wholesaler|ministry|analyst|auditor|worker)$';
CREATE TEMP TABLE ours AS
SELECT p.oid, p.pronamespace, l.lanname
FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace JOIN pg_language AS l ON l.oid = p.prolang
WHERE EXISTS (SELECT FROM outbreak.deployment AS d WHERE d.word = n.nspname) AND NOT p.prosecdef AND p.prokind = 'f'
AND NOT (p.prorettype = ANY ('{trigger,event_trigger}'::regtype[]) OR p.proargtypes::oid[] && '{anyelement}'::regtype[]::oid[]);
CREATE TEMP TABLE used AS
SELECT o.oid AS by, d.type = 'FUNCTION' AS is_function, d.oid AS what
FROM ours AS o CROSS JOIN LATERAL plpgsql_show_dependency_tb(o.oid::regprocedure) AS d
WHERE o.lanname = 'plpgsql' AND d.type = ANY ('{FUNCTION,RELATION}')
UNION
SELECT o.oid, d.refclassid = 'pg_proc'::regclass, d.refobjid
FROM ours AS o JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = o.oid AND d.refclassid = ANY ('{pg_proc,pg_class}'::regclass[]);
-- types of rows are no tables
DELETE FROM used AS u USING pg_class AS c WHERE NOT u.is_function AND c.oid = u.what AND c.relkind <> ALL ('{r,p,v,m}');
SELECT count(*) > 400 AS functions, count(DISTINCT o.lanname) AS languages FROM ours AS o;
SELECT count(*) > 1000 AS uses, count(*) FILTER (WHERE NOT u.is_function) > 200 AS of_tables FROM used AS u;
-- the two that look before they call stand here, and no other
SELECT u.by::regprocedure AS function, CASE WHEN u.is_function THEN u.what::regprocedure::text ELSE u.what::regclass::text END AS uses, string_agg(c.rolname, ', ' ORDER BY c.rolname COLLATE "C") AS without_right
FROM used AS u JOIN caller AS c ON has_function_privilege(c.oid, u.by, 'EXECUTE')
WHERE CASE WHEN u.is_function THEN NOT has_function_privilege(c.oid, u.what, 'EXECUTE')
	ELSE NOT (has_table_privilege(c.oid, u.what, 'SELECT, INSERT, UPDATE, DELETE') OR has_any_column_privilege(c.oid, u.what, 'SELECT, INSERT, UPDATE')) END
GROUP BY 1, 2
ORDER BY 1, 2;
-- PL/pgSQL finds what it calls by name: in schemas that the caller may look into
SELECT u.by::regprocedure AS function, n.nspname, string_agg(DISTINCT c.rolname, ', ' ORDER BY c.rolname) AS without_right
FROM used AS u
JOIN ours AS o ON o.oid = u.by AND o.lanname = 'plpgsql'
JOIN pg_namespace AS n ON n.oid = CASE WHEN u.is_function THEN (SELECT p.pronamespace FROM pg_proc AS p WHERE p.oid = u.what) ELSE (SELECT r.relnamespace FROM pg_class AS r WHERE r.oid = u.what) END
JOIN caller AS c ON has_function_privilege(c.oid, u.by, 'EXECUTE')
WHERE NOT has_schema_privilege(c.oid, n.oid, 'USAGE')
GROUP BY 1, 2
ORDER BY 1, 2;
-- views that read with the caller's rights
SELECT v.oid::regclass AS view, CASE WHEN d.refclassid = 'pg_proc'::regclass THEN d.refobjid::regprocedure::text ELSE d.refobjid::regclass::text END AS uses, string_agg(DISTINCT c.rolname, ', ' ORDER BY c.rolname) AS without_right
FROM pg_class AS v
JOIN pg_rewrite AS w ON w.ev_class = v.oid
JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = ANY ('{pg_proc,pg_class}'::regclass[]) AND d.refobjid <> v.oid
JOIN caller AS c ON has_any_column_privilege(c.oid, v.oid, 'SELECT')
WHERE v.relkind = 'v' AND v.reloptions @> '{security_invoker=true}'
AND CASE WHEN d.refclassid = 'pg_proc'::regclass THEN NOT has_function_privilege(c.oid, d.refobjid, 'EXECUTE') ELSE NOT has_any_column_privilege(c.oid, d.refobjid, 'SELECT') END
GROUP BY 1, 2
ORDER BY 1, 2;
SELECT count(*) > 30 AS such_views FROM pg_class AS v WHERE v.relkind = 'v' AND v.reloptions @> '{security_invoker=true}';
ROLLBACK;
