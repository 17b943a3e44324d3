-- Gini coefficients of published examples, envy against a count over all pairs, and the same by parallel workers.
SET search_path = public, outbreak;
\set VERBOSITY terse
\pset null -
-- two countries of five households each, with the same income in all: 0.2 both times
SELECT round(gini(v)::numeric, 6) FROM unnest('{20000,30000,40000,50000,60000}'::float8[]) AS v;
SELECT round(gini(v)::numeric, 6) FROM unnest('{9000,40000,48000,48000,55000}'::float8[]) AS v;
-- the first n numbers: (n - 1) / 3n; one has all: (n - 1) / n; all have the same, or nothing
SELECT n, round(gini(i)::numeric, 6) AS first_numbers, round((n - 1)::numeric / (3 * n), 6) AS formula,
	round(gini(CASE i WHEN n THEN 1 ELSE 0 END)::numeric, 6) AS one_has_all, gini(7) AS all_alike, gini(0) AS nothing
FROM unnest('{1,2,5,10,1000}'::integer[]) AS n CROSS JOIN LATERAL generate_series(1, n) AS i GROUP BY n ORDER BY n;
-- with weights: 20 of 100 people have 80 of 100; a weight is that many units of one
SELECT gini(a, w) FROM (VALUES (80, 20), (20, 80)) AS v (a, w);
SELECT round((gini(a, w) - (SELECT gini(a::float8 / w) FROM (VALUES (10, 2), (3, 1), (40, 5)) AS v (a, w) CROSS JOIN LATERAL generate_series(1, w)))::numeric, 12) AS difference FROM (VALUES (10, 2), (3, 1), (40, 5)) AS v (a, w);
SELECT gini(NULL::float8), gini(a, w), envy(a, w), min_max_ratio(a) FROM (VALUES (NULL::integer, 1)) AS v (a, w);
SELECT gini(v) FROM unnest('{1,-1}'::float8[]) AS v;
SELECT gini(v) FROM unnest('{1,Infinity}'::float8[]) AS v;
SELECT gini(v) FROM unnest('{1,NaN}'::float8[]) AS v;
SELECT gini(v, 0) FROM unnest('{1}'::float8[]) AS v;
SELECT gini(v) FROM unnest('{1e308,1e308}'::float8[]) AS v;
-- the ratio of the smallest and the largest
SELECT min_max_ratio(v) FROM unnest('{2,8,4}'::float8[]) AS v;
SELECT min_max_ratio(v) AS nobody_has_anything FROM unnest('{0,0}'::float8[]) AS v;
SELECT min_max_ratio(v) FROM unnest('{1,-1}'::float8[]) AS v;
-- envy: one piece more is nobody's fault; exact beyond doubles
SELECT envy(a, w) AS one_more, envy(a + CASE a WHEN 3 THEN 1 ELSE 0 END, w) AS two_more FROM (VALUES (2, 1), (3, 1)) AS v (a, w);
SELECT envy(a, w) FROM (VALUES (9007199254740993, 9007199254740992), (1, 1)) AS v (a, w);
SELECT envy(a, w) FROM (VALUES (9223372036854775807, 1), (0, 9223372036854775807), (1, 1)) AS v (a, w);
SELECT setseed(0.5);
CREATE TEMP TABLE unit AS
SELECT n, floor(40 * random())::bigint AS a, 1 + floor(30 * random())::bigint AS w FROM generate_series(1, 300) AS n;
SELECT (SELECT envy(a, w) FROM unit) = count(*) AS every_pair FROM unit AS i JOIN unit AS j ON (j.a - 1) * i.w > i.a * j.w;
SELECT envy(-1, 1);
SELECT envy(1, 0);
-- what Adams' method gives out leaves no envy; another may
SELECT m AS method, envy(s, w) AS pairs FROM unnest('{adams,dhondt}'::text[]) AS m CROSS JOIN LATERAL unnest(outbreak.apportion(100::bigint, '{900,90,9,1,1,1}'::bigint[], m), '{900,90,9,1,1,1}'::bigint[]) AS v (s, w) GROUP BY m ORDER BY m;
-- in parts, as parallel workers and other nodes do it
SELECT gini_result(array_cat(gini_add(gini_add(NULL, 9000), 40000), gini_add(gini_add(gini_add(NULL, 48000), 48000), 55000))) AS in_parts;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
SET enable_partitionwise_aggregate = on;
CREATE TABLE fairness_unit AS
SELECT n, n % 97 AS a, 1 + n % 31 AS w FROM generate_series(1, 50000) AS n;
ANALYZE fairness_unit;
CREATE TEMP TABLE alone AS SELECT 0 AS workers, NULL::numeric AS g, NULL::bigint AS e, NULL::numeric AS r LIMIT 0;
INSERT INTO alone SELECT 2, round(gini(a, w)::numeric, 9), envy(a, w), min_max_ratio(a) FROM fairness_unit;
SET max_parallel_workers_per_gather = 0;
INSERT INTO alone SELECT 0, round(gini(a, w)::numeric, 9), envy(a, w), min_max_ratio(a) FROM fairness_unit;
SELECT count(DISTINCT (g, e, r)) AS answers FROM alone;
DROP TABLE fairness_unit;
