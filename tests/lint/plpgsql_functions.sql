-- Findings of plpgsql_check, one a line: function | table of a trigger | line | level | SQLSTATE | message | detail.
-- A trigger function that stands on no table cannot be checked and is itself a finding.
CREATE TEMP VIEW ours AS
SELECT p.oid AS function, p.prorettype
FROM pg_proc AS p
JOIN pg_language AS l ON l.oid = p.prolang
JOIN pg_namespace AS n ON n.oid = p.pronamespace
WHERE l.lanname = 'plpgsql'
	AND (n.nspname = 'outbreak' OR n.nspname IN (SELECT d.word FROM outbreak.deployment AS d));

WITH calls AS (
	SELECT o.function, 0::oid AS relation, NULL::name AS old_table, NULL::name AS new_table
	FROM ours AS o
	WHERE o.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)
	UNION
	SELECT o.function, t.tgrelid, t.tgoldtable, t.tgnewtable
	FROM ours AS o
	JOIN pg_trigger AS t ON t.tgfoid = o.function
	WHERE t.tgparentid = 0
		AND NOT t.tgisinternal
)
SELECT c.function::regprocedure, nullif(c.relation, 0)::regclass, f.lineno, f.level, f.sqlstate, f.message, concat_ws(' ', f.detail, f.hint)
FROM calls AS c
CROSS JOIN LATERAL plpgsql_check_function_tb(c.function::regprocedure, c.relation, fatal_errors => false,
	performance_warnings => false, security_warnings => true, oldtable => c.old_table, newtable => c.new_table) AS f
UNION ALL
SELECT o.function::regprocedure, NULL, NULL, 'error', NULL, 'trigger function that stands on no table', NULL
FROM ours AS o
WHERE o.prorettype = 'trigger'::regtype
	AND NOT EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgfoid = o.function)
ORDER BY 1, 2, 3, 6;
