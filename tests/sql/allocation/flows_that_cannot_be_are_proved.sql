-- What has no flow of least cost is refused with a proof, and what is no problem at all with what is wrong.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
\pset format unaligned
-- SQLSTATE, message, detail and hint of a refusal
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	hint text;
	detail text;
BEGIN
	EXECUTE statement;
	RETURN 'not refused';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(E'\n  ', SQLSTATE || ' ' || SQLERRM, nullif(detail, ''), nullif(hint, ''));
END
$$;
CREATE FUNCTION pg_temp.edges(list text) RETURNS text LANGUAGE sql
RETURN format('SELECT * FROM (VALUES %s) AS e (id, source, target, capacity, cost)', list);
CREATE FUNCTION pg_temp.supplies(list text) RETURNS text LANGUAGE sql
RETURN format('SELECT * FROM (VALUES %s) AS s (node, supply)', list);
CREATE FUNCTION pg_temp.flow(edges text, supplies text DEFAULT NULL, method text DEFAULT 'auto') RETURNS text LANGUAGE sql
RETURN pg_temp.refusal(format('SELECT * FROM outbreak.min_cost_flow(%L, %L, %L)', edges, supplies, method));

-- ---- no flow: a bottleneck, a lower bound, parts that do not hang together, a node without edges
SELECT pg_temp.flow(pg_temp.edges('(1, 1, 2, 9, 1), (2, 2, 3, 4, 1), (3, 1, 3, 3, 1), (4, 3, 4, 9, 0)'), pg_temp.supplies('(1, 8), (4, -8)'), m) FROM unnest('{simplex,scaling}'::text[]) AS m;
SELECT pg_temp.flow($$SELECT 7 AS id, 1 AS source, 2 AS target, 9 AS capacity, 1 AS cost, 5 AS lower_bound$$, NULL, m) FROM unnest('{simplex,scaling}'::text[]) AS m;
SELECT pg_temp.flow(pg_temp.edges('(1, 1, 2, NULL::int, 1), (2, 3, 4, NULL, 1)'), pg_temp.supplies('(1, 8), (4, -8)'), m) FROM unnest('{simplex,scaling}'::text[]) AS m;
SELECT pg_temp.flow(pg_temp.edges('(1, 1, 2, 5, 1)'), pg_temp.supplies('(9, 3), (2, -3)'), m) FROM unnest('{simplex,scaling}'::text[]) AS m;
SELECT pg_temp.flow('SELECT 1 AS id, 1 AS source, 2 AS target, 3 AS capacity, 4 AS cost WHERE false', pg_temp.supplies('(9, 3), (2, -3)'), m) FROM unnest('{simplex,scaling}'::text[]) AS m;

-- ---- no least cost
SELECT pg_temp.flow(pg_temp.edges('(1, 1, 2, NULL::int, 3), (2, 2, 3, NULL, -7), (3, 3, 1, NULL, 3), (4, 3, 2, 5, -100)'), NULL, m) FROM unnest('{simplex,scaling}'::text[]) AS m;
SELECT pg_temp.flow(pg_temp.edges('(8, 5, 5, NULL::int, -1), (9, 5, 6, 3, 2)'), pg_temp.supplies('(5, 3), (6, -3)'), m) FROM unnest('{simplex,scaling}'::text[]) AS m;
-- where there is no flow at all, that comes first
SELECT pg_temp.flow(pg_temp.edges('(8, 5, 5, NULL::int, -1), (7, 6, 6, NULL, -1), (9, 5, 6, 3, 2)'), pg_temp.supplies('(5, 4), (6, -4)'), m) FROM unnest('{simplex,scaling}'::text[]) AS m;
-- a cycle that pays nothing may be as large as it likes
SELECT * FROM outbreak.min_cost_flow_solution(pg_temp.edges('(1, 1, 2, NULL::int, 3), (2, 2, 1, NULL, -3)'), pg_temp.supplies('(1, 1), (2, -1)'), 'scaling');

-- ---- every cut is a proof, every cycle too: 400 random networks, many of them too narrow or with costs below 0
CREATE TEMP TABLE edge (id bigint, source bigint, target bigint, capacity bigint, cost bigint, lower_bound bigint);
CREATE TEMP TABLE supply (node bigint, supply bigint);
CREATE FUNCTION pg_temp.proof(detail jsonb, state text) RETURNS text LANGUAGE sql
RETURN CASE state
	WHEN 'OB031' THEN (
		SELECT CASE WHEN c.supply + c.lower_in > c.capacity_out AND (c.supply, c.lower_in, c.capacity_out, c.supply + c.lower_in - c.capacity_out)
			= ((detail ->> 'supply')::numeric, (detail ->> 'lower_in')::numeric, (detail ->> 'capacity_out')::numeric, (detail ->> 'missing')::numeric)
			THEN 'a cut' ELSE 'no proof' END
		FROM (
			SELECT (SELECT coalesce(sum(s.supply), 0) FROM supply AS s WHERE detail -> 'nodes' @> to_jsonb(s.node)) AS supply,
				(SELECT coalesce(sum(e.lower_bound), 0) FROM edge AS e WHERE detail -> 'nodes' @> to_jsonb(e.target) AND NOT detail -> 'nodes' @> to_jsonb(e.source)) AS lower_in,
				(SELECT coalesce(sum(coalesce(e.capacity, 1e30)), 0) FROM edge AS e WHERE detail -> 'nodes' @> to_jsonb(e.source) AND NOT detail -> 'nodes' @> to_jsonb(e.target)) AS capacity_out
		) AS c
	)
	WHEN 'OB032' THEN (
		SELECT CASE WHEN sum(e.cost) = (detail ->> 'cost')::numeric AND sum(e.cost) < 0 AND bool_and(e.capacity IS NULL) AND bool_and(e.target = n.source)
			AND count(*) = jsonb_array_length(detail -> 'edges') THEN 'a cycle' ELSE 'no proof' END
		FROM jsonb_array_elements(detail -> 'edges') WITH ORDINALITY AS c (id, place)
		JOIN edge AS e ON e.id = c.id::bigint
		JOIN edge AS n ON n.id = (detail -> 'edges' ->> (c.place % jsonb_array_length(detail -> 'edges'))::integer)::bigint
	)
	ELSE state
END;
CREATE FUNCTION pg_temp.random_answer(method text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	state text;
	detail text;
	cost numeric;
BEGIN
	SELECT s.cost INTO cost FROM outbreak.min_cost_flow_solution('SELECT * FROM edge', 'SELECT * FROM supply', method) AS s;
	RETURN 'a flow';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, detail = PG_EXCEPTION_DETAIL;
	RETURN pg_temp.proof(detail::jsonb, state);
END
$$;
CREATE FUNCTION pg_temp.random_network(n integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	TRUNCATE edge, supply;
	INSERT INTO edge
	SELECT i, 1 + floor(random() * 6), 1 + floor(random() * 6), CASE WHEN random() < 0.7 THEN 4 + floor(random() * 8) END, floor(random() * 12) - n % 8, floor(random() * 4)
	FROM generate_series(1, 14) AS i;
	INSERT INTO supply SELECT 1, 6 UNION ALL SELECT 2, 5 UNION ALL SELECT 5, -4 UNION ALL SELECT 6, -7;
END
$$;
SELECT setseed(0.31);
CREATE TEMP TABLE answer AS SELECT ''::text AS simplex, ''::text AS scaling WHERE false;
DO $$
BEGIN
	FOR n IN 1 .. 400 LOOP
		PERFORM pg_temp.random_network(n);
		INSERT INTO answer VALUES (pg_temp.random_answer('simplex'), pg_temp.random_answer('scaling'));
	END LOOP;
END
$$;
SELECT simplex, scaling, count(*) > 10 AS often FROM answer GROUP BY 1, 2 ORDER BY 1, 2;

-- ---- supplies and demands
SELECT pg_temp.flow(pg_temp.edges('(1, 1, 2, 5, 1)'), pg_temp.supplies('(1, 5), (2, -3)'));
SELECT pg_temp.flow(pg_temp.edges('(1, 1, 2, 5, 1)'), pg_temp.supplies('(1, 5), (2, -8)'));
SELECT pg_temp.flow(pg_temp.edges('(1, 1, 2, 5, 1)'), pg_temp.supplies('(1, 9223372036854775807), (2, 9223372036854775807)'));
SELECT pg_temp.flow(pg_temp.edges('(1, 1, 2, 5, 1)'), pg_temp.supplies('(1, 5), (1, 5), (2, -10)'));
SELECT pg_temp.flow(pg_temp.edges('(1, 1, 2, 5, 1)'), pg_temp.supplies('(1, 5), (2, NULL)'));
SELECT pg_temp.flow(pg_temp.edges('(1, 1, 2, 5, 1)'), pg_temp.supplies('(1, 5), (NULL, -5)'));

-- ---- edges
SELECT pg_temp.flow(pg_temp.edges('(1, 1, 2, 5, 1), (2, 1, 2, 5, 1), (1, 2, 1, 5, 1)'));
SELECT pg_temp.flow(pg_temp.edges('(1, 1, 2, 5, 1), (NULL, 1, 2, 5, 1)'));
SELECT pg_temp.flow(pg_temp.edges('(1, 1, 2, 5, 1), (2, NULL, 2, 5, 1)'));
SELECT pg_temp.flow(pg_temp.edges('(1, 1, 2, 5, 1), (2, 1, 2, 5, NULL)'));
SELECT pg_temp.flow(pg_temp.edges('(1, 1, 2, -5, 1)'));
SELECT pg_temp.flow(pg_temp.edges('(1, 1, 2, 5.5, 1)'));
SELECT pg_temp.flow(pg_temp.edges('(1, 1, 2, 5, 1e19)'));
SELECT pg_temp.flow(pg_temp.edges($$(1, 1, 2, 5, 'NaN'::numeric)$$));
SELECT pg_temp.flow('SELECT 1 AS id, 1 AS source, 2 AS target, 3 AS capacity, 4 AS cost, 5 AS lower_bound');
SELECT pg_temp.flow('SELECT 1 AS id, 1 AS source, 2 AS target, 4 AS cost');
SELECT pg_temp.flow('SELECT 1 AS id, 1 AS source, 2 AS target, 3 AS capacity, 4 AS cost, 5 AS price');
SELECT pg_temp.flow('SELECT 1 AS id, 1 AS source, 2 AS target, 3 AS capacity, 4 AS cost, 5 AS cost');
SELECT pg_temp.flow($$SELECT 1 AS id, 'a' AS source, 2 AS target, 3 AS capacity, 4 AS cost$$);
SELECT pg_temp.flow('SELECT 1 AS id, 1 AS source, 2 AS target, 3 AS capacity, 4.5::real AS cost');
SELECT pg_temp.flow(NULL), pg_temp.flow('SELECT 1; SELECT 2'), pg_temp.flow('');
SELECT pg_temp.flow('SELECT 1 AS id, 1 AS source, 2 AS target, 3 AS capacity, 4 AS cost', NULL, 'dual');
-- nothing is changed on the way
SELECT pg_temp.flow('DELETE FROM edge RETURNING id, source, target, capacity, cost, lower_bound');
SELECT count(*) AS edges_left FROM edge;

-- ---- numbers too large to compute with
SELECT pg_temp.flow(pg_temp.edges('(1, 1, 2, 5, 9223372036854775807)'), pg_temp.supplies('(1, 5), (2, -5)'));
SELECT pg_temp.flow(pg_temp.edges('(1, 1, 2, 5, -9223372036854775808)'), pg_temp.supplies('(1, 5), (2, -5)'));
SELECT pg_temp.flow(pg_temp.edges('(1, 1, 2, 9223372036854775807, 1)'), pg_temp.supplies('(1, 9223372036854775807), (2, -9223372036854775807)'));
-- capacities that stand for none: each fits, and so does the flow, though not their sum
SELECT * FROM outbreak.min_cost_flow(pg_temp.edges('(1, 1, 2, 9223372036854775806, 1), (2, 1, 2, 9223372036854775806, 2), (3, 2, 3, 9223372036854775806, 1)'),
	pg_temp.supplies('(1, 2305843009213693951), (3, -2305843009213693951)'), 'scaling');
-- two that pay: the third must carry both
SELECT pg_temp.flow(pg_temp.edges('(1, 1, 2, 9223372036854775806, -5), (2, 1, 2, 9223372036854775806, -5), (3, 2, 1, NULL, 1)'));

-- ---- memory
SET LOCAL outbreak.allocation_memory = '1MB';
SELECT pg_temp.flow('SELECT n AS id, n AS source, n + 1 AS target, 3 AS capacity, 4 AS cost FROM generate_series(1, 5000) AS n');
SELECT pg_temp.flow('SELECT n AS id, n AS source, n + 1 AS target, 3 AS capacity, 4 AS cost FROM generate_series(1, 500000) AS n');
RESET outbreak.allocation_memory;
SELECT pg_temp.flow('SELECT n AS id, n AS source, n + 1 AS target, 3 AS capacity, 4 AS cost FROM generate_series(1, 5000) AS n');

-- ---- rights: the queries run as the caller
SELECT has_function_privilege(r, 'outbreak.min_cost_flow(text, text, text)', 'EXECUTE') AS may, string_agg(r, ' ' ORDER BY r) AS roles
FROM unnest('{outbreak_anon,outbreak_citizen,outbreak_owner,outbreak_ministry,outbreak_prefecture,outbreak_worker}'::text[]) AS r
GROUP BY 1;
CREATE TABLE hidden_edge AS SELECT 1 AS id, 1 AS source, 2 AS target, 3 AS capacity, 4 AS cost;
SET LOCAL ROLE outbreak_ministry;
SELECT * FROM outbreak.min_cost_flow('SELECT * FROM public.hidden_edge');
ROLLBACK;
