-- outbreak.total never passes a part off as the whole.
BEGIN;
\set ON_ERROR_ROLLBACK on
\getenv srcdir PG_ABS_SRCDIR
\set setup :srcdir /sql/report/setup.inc
\i :setup
SELECT t.* FROM (SELECT outbreak.total(v, lo, hi) AS t FROM (VALUES (10::bigint, 0::bigint, 20::bigint), (NULL, 0, 30), (5, NULL, NULL), (NULL, 1, 3)) AS x (v, lo, hi)) AS s, LATERAL (SELECT (t).*) AS t;
-- no limit known for a missing value: no upper bound
SELECT (total(v, 0, NULL)).* FROM (VALUES (10::bigint), (NULL)) AS x (v);
-- nothing reported is not zero; no rows are no rows
SELECT (total(NULL, 0, 5)).*;
SELECT (total(v, 0, 0)).* FROM (SELECT 1::bigint AS v WHERE false) AS x;
-- a suppressed cell lies between its bounds
SELECT (total(v, 1, 3)).* FROM (VALUES (10::bigint), (NULL), (NULL)) AS x (v);
\set VERBOSITY terse
SELECT (total(v, 0, 0)).* FROM (VALUES (9223372036854775807), (1)) AS x (v);
\echo :LAST_ERROR_SQLSTATE
SELECT total_add('{1,2}', 1, 1, 1);
\echo :LAST_ERROR_SQLSTATE
SELECT total_result(total_combine('{2,1,10,0,5,0}', '{3,3,7,0,0,0}'));
-- the same in parallel
CREATE TABLE survey.many AS SELECT CASE WHEN n % 10 = 0 THEN NULL ELSE n END::bigint AS v, n % 7 AS g FROM generate_series(1, 100000) AS n;
ANALYZE survey.many;
SELECT (total(v, 0, 5)).* FROM survey.many;
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
EXPLAIN (COSTS OFF) SELECT total(v, 0, 5) FROM survey.many;
SELECT (total(v, 0, 5)).* FROM survey.many;
ROLLBACK;
