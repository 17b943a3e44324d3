-- Findings of plpgsql_check, one a line: function | a table of a trigger | line | level | SQLSTATE | message | detail.
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
	-- a function with branches for several commands names the transition tables of all of them
	SELECT o.function, t.tgrelid, coalesce(t.tgoldtable, max(t.tgoldtable::text) OVER of_function), coalesce(t.tgnewtable, max(t.tgnewtable::text) OVER of_function)
	FROM ours AS o
	JOIN pg_trigger AS t ON t.tgfoid = o.function
	WHERE t.tgparentid = 0
		AND NOT t.tgisinternal
	WINDOW of_function AS (PARTITION BY t.tgfoid)
)
SELECT c.function::regprocedure, min(nullif(c.relation, 0)::regclass::text), f.lineno, f.level, f.sqlstate, f.message, concat_ws(' ', f.detail, f.hint)
FROM calls AS c
CROSS JOIN LATERAL plpgsql_check_function_tb(c.function::regprocedure, c.relation, fatal_errors => false,
	performance_warnings => false, security_warnings => true, oldtable => c.old_table, newtable => c.new_table) AS f
-- what is wrong on every table is said once
GROUP BY c.function, f.lineno, f.level, f.sqlstate, f.message, f.detail, f.hint
UNION ALL
SELECT o.function::regprocedure, NULL, NULL, 'error', NULL, 'trigger function that stands on no table', NULL
FROM ours AS o
WHERE o.prorettype = 'trigger'::regtype
	AND NOT EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgfoid = o.function)
ORDER BY 1, 3, 6, 2;
