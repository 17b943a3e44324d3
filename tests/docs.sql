-- The reference page of one word in Markdown, from the comments in the database.
-- Variables: word; created, the names that its extension.sql creates in schema outbreak, one a line.
SET client_min_messages = warning;
SET search_path = pg_catalog;
SET intervalstyle = postgres;
SET datestyle = 'ISO, YMD';
SELECT outbreak.version() \g /dev/null

-- text that stands in a cell of a table
CREATE FUNCTION pg_temp.cell(written text) RETURNS text
LANGUAGE SQL IMMUTABLE
RETURN replace(regexp_replace(coalesce(written, ''), '\s*\n\s*', '<br>', 'g'), '|', '\|');

-- text that stands alone
CREATE FUNCTION pg_temp.prose(written text) RETURNS text
LANGUAGE SQL IMMUTABLE
RETURN coalesce(regexp_replace(written, '\n(?!\n)', E'  \n', 'g') || E'\n', '');

-- a default or expression is shown as it is written, on one line
CREATE FUNCTION pg_temp.code(written text) RETURNS text
LANGUAGE SQL IMMUTABLE
RETURN CASE WHEN written <> '' THEN '`' || replace(regexp_replace(written, '\s+', ' ', 'g'), '|', '\|') || '`' ELSE '' END;

CREATE TEMP TABLE created AS
SELECT name
FROM regexp_split_to_table(:'created', E'\n') AS name;

CREATE TEMP VIEW in_word AS
SELECT p.oid, p.proname AS name, 'f' AS what
FROM pg_proc AS p
WHERE p.pronamespace = 'outbreak'::regnamespace
UNION ALL
SELECT t.oid, t.typname, 't'
FROM pg_type AS t
WHERE t.typnamespace = 'outbreak'::regnamespace
UNION ALL
SELECT c.oid, c.relname, 'c'
FROM pg_class AS c
WHERE c.relnamespace = 'outbreak'::regnamespace;

CREATE TEMP TABLE ours AS
SELECT i.oid, i.what
FROM in_word AS i
JOIN created USING (name)
UNION
SELECT p.oid, 'f' FROM pg_proc AS p WHERE p.pronamespace = to_regnamespace(quote_ident(:'word'))
UNION
SELECT t.oid, 't' FROM pg_type AS t WHERE t.typnamespace = to_regnamespace(quote_ident(:'word'))
UNION
SELECT c.oid, 'c' FROM pg_class AS c WHERE c.relnamespace = to_regnamespace(quote_ident(:'word'));

-- functions that readers meet as a type, an operator, a cast or an aggregate
CREATE TEMP TABLE helper AS
SELECT o.oprcode::oid AS oid FROM pg_operator AS o
UNION SELECT a.amproc::oid FROM pg_amproc AS a
UNION SELECT unnest(ARRAY[t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout, t.typanalyze]::oid[]) FROM pg_type AS t
UNION SELECT unnest(ARRAY[g.aggtransfn, g.aggfinalfn, g.aggcombinefn, g.aggserialfn, g.aggdeserialfn]::oid[]) FROM pg_aggregate AS g;

-- ---- the word itself

SELECT pg_temp.prose(CASE WHEN :'word' = 'common' THEN obj_description('outbreak'::regnamespace) ELSE obj_description(to_regnamespace(quote_ident(:'word'))) END);

-- ---- types and operators

SELECT E'\n## Types\n'
WHERE EXISTS (SELECT FROM ours JOIN pg_type AS t USING (oid) LEFT JOIN pg_class AS c ON c.oid = t.typrelid
	WHERE what = 't' AND t.typtype IN ('b', 'd', 'e', 'r', 'c') AND t.typelem = 0 AND (c.oid IS NULL OR c.relkind = 'c'));

SELECT E'\n### ' || t.oid::regtype || E'\n\n' || pg_temp.prose(obj_description(t.oid, 'pg_type'))
	|| CASE WHEN c.oid IS NOT NULL THEN E'\n| field | type | |\n|---|---|---|\n' || (
		SELECT string_agg(format('| `%s` | %s | %s |', a.attname, format_type(a.atttypid, a.atttypmod), pg_temp.cell(col_description(c.oid, a.attnum))), E'\n' ORDER BY a.attnum)
		FROM pg_attribute AS a
		WHERE a.attrelid = c.oid
			AND a.attnum > 0
			AND NOT a.attisdropped
	) || E'\n' ELSE '' END
	|| coalesce(E'\nOperators: ' || (
		SELECT string_agg(format('`%s %s %s`', l.typname, o.oprname, r.typname), ', ' ORDER BY o.oprname COLLATE "C", l.typname, r.typname)
		FROM pg_operator AS o
		JOIN pg_type AS l ON l.oid = o.oprleft
		JOIN pg_type AS r ON r.oid = o.oprright
		WHERE o.oprnamespace = 'outbreak'::regnamespace
			AND o.oprleft = t.oid
	) || E'.\n', '')
	|| coalesce(E'\nCasts: ' || (
		SELECT string_agg(format('`%s` to `%s` (%s)', s.typname, d.typname, CASE k.castcontext WHEN 'i' THEN 'implicit' WHEN 'a' THEN 'on assignment' ELSE 'explicit' END), ', '
			ORDER BY s.typname COLLATE "C", d.typname COLLATE "C")
		FROM pg_cast AS k
		JOIN pg_type AS s ON s.oid = k.castsource
		JOIN pg_type AS d ON d.oid = k.casttarget
		WHERE t.oid IN (k.castsource, k.casttarget)
	) || E'.\n', '')
	|| coalesce(E'\nIndexes: ' || (
		SELECT string_agg(format('%s (`%s`%s)', m.amname, k.opcname, CASE WHEN k.opcdefault THEN ', default' ELSE '' END), ', ' ORDER BY m.amname, k.opcname)
		FROM pg_opclass AS k
		JOIN pg_am AS m ON m.oid = k.opcmethod
		WHERE k.opcintype = t.oid
	) || E'.\n', '')
FROM ours
JOIN pg_type AS t USING (oid)
LEFT JOIN pg_class AS c ON c.oid = t.typrelid
WHERE what = 't'
	AND t.typtype IN ('b', 'd', 'e', 'r', 'c')
	AND t.typelem = 0
	AND (c.oid IS NULL OR c.relkind = 'c')
ORDER BY t.typname COLLATE "C";

-- ---- tables

SELECT E'\n## Tables\n'
WHERE EXISTS (SELECT FROM ours JOIN pg_class AS c USING (oid) WHERE what = 'c' AND c.relkind IN ('r', 'p') AND NOT c.relispartition);

SELECT E'\n### ' || c.oid::regclass || E'\n\n' || pg_temp.prose(obj_description(c.oid, 'pg_class'))
	|| E'\n| column | type | |\n|---|---|---|\n' || (
		SELECT string_agg(format('| `%s` | %s%s%s | %s |', a.attname,
			format_type(a.atttypid, a.atttypmod),
			CASE WHEN a.attnotnull THEN ', not null' ELSE '' END,
			CASE WHEN a.attgenerated = 's' THEN ', generated: ' || pg_temp.code(pg_get_expr(d.adbin, d.adrelid))
				WHEN d.adbin IS NOT NULL THEN ', default ' || pg_temp.code(pg_get_expr(d.adbin, d.adrelid)) ELSE '' END,
			pg_temp.cell(col_description(c.oid, a.attnum))), E'\n' ORDER BY a.attnum)
		FROM pg_attribute AS a
		LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
		WHERE a.attrelid = c.oid
			AND a.attnum > 0
			AND NOT a.attisdropped
	) || E'\n'
	|| coalesce(E'\n' || (
		SELECT string_agg(format('- %s %s', CASE k.contype WHEN 'p' THEN 'key' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'reference' WHEN 'x' THEN 'excludes' ELSE 'check' END,
			pg_temp.code(CASE k.contype WHEN 'c' THEN pg_get_expr(k.conbin, k.conrelid, true)
				ELSE regexp_replace(pg_get_constraintdef(k.oid), '^(PRIMARY KEY|UNIQUE|FOREIGN KEY|EXCLUDE) ', '') END)), E'\n'
			ORDER BY array_position('{p,u,x,f,c}'::"char"[], k.contype), k.conname COLLATE "C")
		FROM pg_constraint AS k
		WHERE k.conrelid = c.oid
			AND k.contype IN ('p', 'u', 'x', 'f', 'c')
	) || E'\n', '')
	|| CASE WHEN c.relkind = 'p' THEN E'\nPartitioned by ' || pg_temp.code(pg_get_partkeydef(c.oid)) || E'.\n' ELSE '' END
FROM ours
JOIN pg_class AS c USING (oid)
WHERE what = 'c'
	AND c.relkind IN ('r', 'p')
	AND NOT c.relispartition
ORDER BY c.relname COLLATE "C";

-- ---- views

SELECT E'\n## Views\n'
WHERE EXISTS (SELECT FROM ours JOIN pg_class AS c USING (oid) WHERE what = 'c' AND c.relkind IN ('v', 'm'));

SELECT E'\n### ' || c.oid::regclass || E'\n\n' || pg_temp.prose(obj_description(c.oid, 'pg_class'))
	|| E'\n| column | type | |\n|---|---|---|\n' || (
		SELECT string_agg(format('| `%s` | %s | %s |', a.attname, format_type(a.atttypid, a.atttypmod), pg_temp.cell(col_description(c.oid, a.attnum))), E'\n' ORDER BY a.attnum)
		FROM pg_attribute AS a
		WHERE a.attrelid = c.oid
			AND a.attnum > 0
			AND NOT a.attisdropped
	) || E'\n'
FROM ours
JOIN pg_class AS c USING (oid)
WHERE what = 'c'
	AND c.relkind IN ('v', 'm')
ORDER BY c.relname COLLATE "C";

-- ---- functions

SELECT E'\n## Functions\n'
WHERE EXISTS (SELECT FROM ours WHERE what = 'f' AND oid NOT IN (SELECT h.oid FROM helper AS h WHERE h.oid IS NOT NULL));

SELECT E'\n### ' || p.oid::regproc || E'\n\n```sql\n'
	|| CASE p.prokind WHEN 'p' THEN 'CALL ' ELSE '' END || n.nspname || '.' || p.proname || '(' || pg_get_function_arguments(p.oid) || ')'
	|| coalesce(E'\n  RETURNS ' || CASE WHEN p.prokind = 'p' THEN NULL ELSE pg_get_function_result(p.oid) END, '')
	|| E'\n```\n\n' || pg_temp.prose(obj_description(p.oid, 'pg_proc'))
	|| CASE WHEN p.prokind = 'p' THEN '' ELSE E'\n' || concat_ws(', ',
		CASE p.prokind WHEN 'a' THEN 'aggregate' END,
		CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END,
		CASE p.proparallel WHEN 's' THEN 'parallel safe' WHEN 'r' THEN 'parallel restricted' ELSE 'parallel unsafe' END,
		CASE WHEN p.proisstrict AND p.pronargs > 0 THEN 'NULL for NULL' END,
		CASE WHEN p.prosecdef THEN 'runs as ' || pg_get_userbyid(p.proowner) END) || E'.\n' END
	|| coalesce(E'\nMay be called by ' || (
		SELECT string_agg(CASE a.grantee WHEN 0 THEN 'everyone' ELSE pg_get_userbyid(a.grantee)::text END, ', ' ORDER BY CASE a.grantee WHEN 0 THEN '' ELSE pg_get_userbyid(a.grantee) END COLLATE "C")
		FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
		WHERE a.grantee <> p.proowner
			AND a.privilege_type = 'EXECUTE'
			AND a.grantee <> 'outbreak_owner'::regrole
	) || E'.\n', '')
FROM ours
JOIN pg_proc AS p USING (oid)
JOIN pg_namespace AS n ON n.oid = p.pronamespace
WHERE what = 'f'
	AND p.oid NOT IN (SELECT h.oid FROM helper AS h WHERE h.oid IS NOT NULL)
	AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)
ORDER BY n.nspname = 'outbreak' DESC, p.proname COLLATE "C", pg_get_function_identity_arguments(p.oid) COLLATE "C";

SELECT E'\n## Trigger functions\n\n' || string_agg(format('- `%s`: %s', p.oid::regprocedure, regexp_replace(obj_description(p.oid, 'pg_proc'), '\s*\n\s*', ' ', 'g')), E'\n' ORDER BY p.proname COLLATE "C") || E'\n'
FROM ours
JOIN pg_proc AS p USING (oid)
WHERE what = 'f'
	AND p.prorettype IN ('trigger'::regtype, 'event_trigger'::regtype)
HAVING count(*) > 0;

-- ---- forms of this word, with the rules that they are held against

SELECT to_regclass('report.rule') IS NOT NULL AS has_forms \gset
\if :has_forms
SELECT E'\n## Forms\n'
WHERE EXISTS (SELECT FROM report.form AS f JOIN ours AS o ON o.oid = f.form::oid AND o.what = 'c');

SELECT E'\n### ' || concat_ws(' / ', f.title_ja, f.title_en, f.form) || E'\n\n'
	|| format(E'Reporter `%s`, period `%s` (%s), deadline %s after the period begins; the previous report is looked for in %s days.\n',
		f.reporter, f.period, f.period_kind, f.deadline, f.lookback)
	|| coalesce(E'\n| rule | what must be true | severity | |\n|---|---|---|---|\n' || (
		SELECT string_agg(format('| `%s` | %s | %s | %s<br>%s |', r.code, pg_temp.code(r.expression),
			concat_ws(', ', r.severity, nullif(r.valid::text, '(,)')), pg_temp.cell(r.message_ja), pg_temp.cell(r.message_en)), E'\n' ORDER BY r.code COLLATE "C")
		FROM report.rule AS r
		WHERE r.form = f.form
	) || E'\n', '')
FROM report.form AS f
JOIN ours AS o ON o.oid = f.form::oid AND o.what = 'c'
ORDER BY f.form::text COLLATE "C";
\endif

-- ---- roles and settings, each with the word that makes them

SELECT E'\n## Roles\n\n| role | |\n|---|---|\n' || string_agg(format('| `%s` | %s |', r.rolname, pg_temp.cell(shobj_description(r.oid, 'pg_authid'))), E'\n' ORDER BY r.rolname COLLATE "C") || E'\n'
FROM pg_roles AS r
WHERE starts_with(r.rolname, 'outbreak_')
	AND :'word' = 'access';

SELECT E'\n## Settings\n\n| setting | default | who sets it | |\n|---|---|---|---|\n' || string_agg(format('| `%s` | `%s` | %s | %s |', s.name, s.boot_val,
	CASE s.context WHEN 'user' THEN 'anyone' WHEN 'superuser' THEN 'superuser' WHEN 'sighup' THEN 'configuration file' WHEN 'postmaster' THEN 'configuration file, at start' ELSE s.context END,
	pg_temp.cell(concat_ws(' ', s.short_desc, s.extra_desc, 'One of ' || array_to_string(s.enumvals, ', ') || '.'))), E'\n' ORDER BY s.name COLLATE "C") || E'\n'
FROM pg_settings AS s
WHERE starts_with(s.name, 'outbreak.')
	AND :'word' = 'common';
