-- Small counts are hidden with what would give them back; the examples are worked out by hand.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
\pset format unaligned
-- SQLSTATE, message and hint of a refusal
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	hint text;
BEGIN
	EXECUTE statement;
	RETURN 'not refused';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(E'\n  ', SQLSTATE || ' ' || SQLERRM, nullif(hint, ''));
END
$$;

-- ---- the classic: rows, columns and totals. One 3 needs three companions, the corners of a rectangle.
CREATE TEMP TABLE classic (ward text, age text, cases bigint);
INSERT INTO classic VALUES ('A', 'young', 3), ('A', 'old', 20), ('A', 'aged', 60),
	('B', 'young', 40), ('B', 'old', 30), ('B', 'aged', 70),
	('C', 'young', 50), ('C', 'old', 45), ('C', 'aged', 80);
CREATE TEMP VIEW classic_atoms AS
SELECT sum(cases)::bigint AS value, access.crossed(ARRAY[ward, '*'], ARRAY[age, '*']) AS cells
FROM classic
GROUP BY ward, age;
SELECT cells FROM classic_atoms WHERE value = 3;
SELECT cell, value, hidden FROM outbreak.suppress('SELECT * FROM classic_atoms');
-- with threshold 3 nothing is small
SELECT count(*) FILTER (WHERE hidden) AS hidden FROM outbreak.suppress('SELECT * FROM classic_atoms', 3);
-- the order of the rows does not matter
SELECT count(*) AS differences
FROM outbreak.suppress('SELECT * FROM classic_atoms ORDER BY cells') AS a
FULL JOIN outbreak.suppress('SELECT * FROM classic_atoms ORDER BY value DESC') AS b USING (cell)
WHERE a.value IS DISTINCT FROM b.value OR a.hidden IS DISTINCT FROM b.hidden;

-- ---- one area alone: a total equal to the small cell is hidden too
SELECT * FROM outbreak.suppress($$SELECT 7 AS value, ARRAY['town', 'district', 'prefecture'] AS cells$$);
-- a row of one small cell and zeros: its total is the small cell
SELECT * FROM outbreak.suppress($$SELECT v AS value, ARRAY['age ' || n, 'all'] AS cells FROM unnest('{0,4,0,0}'::int[]) WITH ORDINALITY AS u (v, n)$$);
-- two small cells hide behind each other if their sum leaves room for 1 to 11: 13 does, 11 does not
SELECT * FROM outbreak.suppress($$SELECT v AS value, ARRAY['age ' || n, 'all'] AS cells FROM unnest('{6,7,0}'::int[]) WITH ORDINALITY AS u (v, n)$$);
SELECT * FROM outbreak.suppress($$SELECT v AS value, ARRAY['age ' || n, 'all'] AS cells FROM unnest('{5,6,0}'::int[]) WITH ORDINALITY AS u (v, n)$$);
-- nor do twelve ones: who knows that a hidden cell is not 0 would know them all by their sum
SELECT count(*) FILTER (WHERE hidden) AS hidden, count(*) FILTER (WHERE NOT hidden) AS shown
FROM outbreak.suppress($$SELECT 1 AS value, ARRAY['age ' || n, 'all'] AS cells FROM generate_series(1, 12) AS n$$);
-- all cells small, a total that is not
SELECT cell, value, hidden FROM outbreak.suppress($$SELECT 1 + n % 9 AS value, ARRAY['town ' || n, 'prefecture'] AS cells FROM generate_series(1, 8) AS n$$);

-- ---- overlapping areas: 医療圏 and 保健所 differ by one town. 100 - 96 would be the town, although nobody publishes towns.
SELECT cell, value, hidden FROM outbreak.suppress($$
	SELECT v AS value, c AS cells FROM (VALUES (96, '{medical area,health centre,prefecture}'::text[]), (4, '{medical area,prefecture}'), (300, '{prefecture}')) AS a (v, c)$$);

-- ---- successive days: cumulative minus cumulative is the day
SELECT cell, value, hidden FROM outbreak.suppress($$
	SELECT v AS value, c AS cells FROM (VALUES (50, '{to day 1,to day 2,to day 3}'::text[]), (3, '{to day 2,to day 3}'), (40, '{to day 3}')) AS a (v, c)$$);
SELECT cell, value, hidden FROM outbreak.suppress($$
	SELECT v AS value, c AS cells FROM (VALUES (50, '{to day 1,to day 2,to day 3}'::text[]), (3, '{to day 2,to day 3}'), (40, '{to day 3}')) AS a (v, c)$$,
	published => '{to day 1}');

-- ---- what was shown before cannot be hidden: then others are
SELECT cell, value, hidden FROM outbreak.suppress('SELECT * FROM classic_atoms', published => '{A|old,B|young,*|*}');
-- all of it shown before: nothing is left to be hidden
SELECT pg_temp.refusal($q$SELECT * FROM outbreak.suppress('SELECT * FROM classic_atoms', published => '{A|old,A|aged,A|*}')$q$);
SELECT pg_temp.refusal($q$SELECT * FROM outbreak.suppress('SELECT * FROM classic_atoms', published => '{A|young}')$q$);
SELECT pg_temp.refusal($q$SELECT * FROM outbreak.suppress('SELECT * FROM classic_atoms', published => '{A|old,D|old,E|old,F|old,G|old,H|old,I|old}')$q$);
SELECT pg_temp.refusal($q$SELECT * FROM outbreak.suppress('SELECT * FROM classic_atoms', published => ARRAY['A|old', NULL])$q$);

-- ---- refusals
SELECT pg_temp.refusal($q$SELECT * FROM outbreak.suppress('SELECT -1 AS value, ARRAY[''a''] AS cells')$q$);
SELECT pg_temp.refusal($q$SELECT * FROM outbreak.suppress('SELECT NULL::bigint AS value, ARRAY[''a''] AS cells')$q$);
SELECT pg_temp.refusal($q$SELECT * FROM outbreak.suppress('SELECT 1 AS value, NULL::text[] AS cells')$q$);
SELECT pg_temp.refusal($q$SELECT * FROM outbreak.suppress('SELECT 1 AS value, ARRAY[''a'', NULL] AS cells')$q$);
SELECT pg_temp.refusal($q$SELECT * FROM outbreak.suppress('SELECT 1.5 AS value, ARRAY[''a''] AS cells')$q$);
SELECT pg_temp.refusal($q$SELECT * FROM outbreak.suppress('SELECT 1 AS number, ARRAY[''a''] AS cells')$q$);
SELECT pg_temp.refusal($q$SELECT * FROM outbreak.suppress('SELECT 1 AS value, ''a'' AS cell')$q$);
SELECT pg_temp.refusal($q$SELECT * FROM outbreak.suppress('SELECT ''1'' AS value, ARRAY[''a''] AS cells')$q$);
SELECT pg_temp.refusal($q$SELECT * FROM outbreak.suppress('SELECT 1 AS value, ARRAY[1] AS cells')$q$);
SELECT pg_temp.refusal($q$SELECT * FROM outbreak.suppress('SELECT 4000000000000000000 AS value, ARRAY[''a''] AS cells')$q$);
SELECT pg_temp.refusal($q$SELECT * FROM outbreak.suppress('SELECT 1 AS value, ARRAY[''a''] AS cells', 0)$q$);
SELECT pg_temp.refusal($q$SELECT * FROM outbreak.suppress('CREATE TEMP TABLE nothing (a int)')$q$);
SELECT pg_temp.refusal($q$SELECT * FROM outbreak.suppress('SELECT 1; SELECT 2')$q$);
SELECT pg_temp.refusal($q$SELECT * FROM outbreak.suppress('')$q$);
SELECT pg_temp.refusal($q$SELECT * FROM outbreak.suppress('SELECT * FROM nowhere')$q$);

-- ---- edges
SELECT * FROM outbreak.suppress('SELECT 1 AS value, ARRAY[''a''] AS cells WHERE false');
SELECT * FROM outbreak.suppress('SELECT 5 AS value, ARRAY[]::text[] AS cells');
SELECT * FROM outbreak.suppress(NULL);
-- a cell named twice counts once; numeric sums are taken when they are whole
SELECT * FROM outbreak.suppress('SELECT sum(12::bigint) AS value, ARRAY[''a'', ''a'', ''''] AS cells');
-- threshold 1 hides nothing
SELECT * FROM outbreak.suppress('SELECT 1 AS value, ARRAY[''a''] AS cells', 1);

-- ---- the query runs with the rights of the caller
CREATE TABLE public.ob_test_secret AS SELECT 12 AS value, ARRAY['secret'] AS cells;
SET LOCAL ROLE outbreak_analyst;
SELECT * FROM outbreak.suppress('SELECT * FROM public.ob_test_secret');
SELECT * FROM outbreak.suppress('SELECT 12 AS value, ARRAY[''own''] AS cells');
SELECT * FROM access.release('x', 'SELECT 12 AS value, ARRAY[''own''] AS cells');
SELECT * FROM outbreak.release_cells('x', 'SELECT 12 AS value, ARRAY[''own''] AS cells', 10);
RESET ROLE;
SET LOCAL ROLE outbreak_anon;
SELECT * FROM outbreak.suppress('SELECT 12 AS value, ARRAY[''own''] AS cells');
RESET ROLE;
ROLLBACK;
