-- Minimum-cost flows whose answers are worked out by hand, or published.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
\pset format unaligned
CREATE TEMP TABLE edge (id bigint, source bigint, target bigint, capacity bigint, cost bigint, lower_bound bigint);
CREATE TEMP TABLE supply (node bigint, supply bigint);
-- solves what stands in the two tables by both methods: cost, or SQLSTATE; both must be proved by their potentials
CREATE FUNCTION pg_temp.solve() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	edges text := 'SELECT * FROM edge';
	supplies text := 'SELECT * FROM supply';
	answer text;
	answers text[] := '{}';
	potentials bigint[];
	s record;
	v record;
BEGIN
	FOR m IN 1 .. 2 LOOP
		BEGIN
			SELECT * INTO s FROM outbreak.min_cost_flow_solution(edges, supplies, ('{simplex,scaling}'::text[])[m]);
			SELECT * INTO v FROM outbreak.verify_flow(edges, supplies,
				format('SELECT * FROM unnest(%L::bigint[], %L::bigint[]) AS f (edge_id, flow)', s.edge_ids, s.flows),
				format('SELECT * FROM unnest(%L::bigint[], %L::bigint[]) AS p (node, potential)', s.nodes, s.potentials));
			answer := s.cost;
			IF v.ok IS NOT TRUE OR v.cost <> s.cost OR v.bound <> s.cost THEN
				answer := format('%s, but %s', s.cost, v);
			ELSIF potentials <> s.potentials THEN
				answer := format('%s, but potentials %s and %s', s.cost, potentials, s.potentials);
			END IF;
			potentials := s.potentials;
		EXCEPTION WHEN OTHERS THEN
			answer := SQLSTATE;
		END;
		answers := answers || answer;
	END LOOP;
	RETURN CASE WHEN answers[1] = answers[2] THEN answers[1] ELSE answers::text END;
END
$$;

-- ---- a transport by hand: 20 and 30 to 15, 20 and 15. Plant 2 supplies site 5 and what is left of site 4; site 3 is near plant 1.
INSERT INTO edge VALUES (13, 1, 3, NULL, 2, 0), (14, 1, 4, NULL, 4, 0), (15, 1, 5, NULL, 5, 0),
	(23, 2, 3, NULL, 3, 0), (24, 2, 4, NULL, 1, 0), (25, 2, 5, NULL, 3, 0);
INSERT INTO supply VALUES (1, 20), (2, 30), (3, -15), (4, -20), (5, -15);
SELECT pg_temp.solve();
SELECT * FROM outbreak.min_cost_flow('SELECT * FROM edge', 'SELECT * FROM supply');
-- plant 2 is 2 dearer than plant 1 (site 5 costs 5 from there, 3 from here); sites cost what the way there costs
SELECT * FROM outbreak.min_cost_flow_duals('SELECT * FROM edge', 'SELECT * FROM supply');
SELECT * FROM outbreak.min_cost_flow_solution('SELECT * FROM edge', 'SELECT * FROM supply', 'simplex');
-- the order of rows is nothing to it
SELECT count(*) AS differences
FROM outbreak.min_cost_flow('SELECT * FROM edge ORDER BY id DESC', 'SELECT * FROM supply ORDER BY supply') AS a
JOIN outbreak.min_cost_flow('SELECT * FROM edge ORDER BY cost', 'SELECT * FROM supply ORDER BY node DESC') AS b USING (edge_id)
WHERE a.flow <> b.flow;

-- ---- the cheap way is narrow, and must carry something: 3 by it at 1, 5 by the other at 4; at least 6 by the other
TRUNCATE edge, supply;
INSERT INTO edge VALUES (1, 1, 2, 3, 1, 0), (2, 1, 2, 9, 4, NULL);
INSERT INTO supply VALUES (1, 8), (2, -8);
SELECT pg_temp.solve();
UPDATE edge SET lower_bound = 6 WHERE id = 2;
SELECT pg_temp.solve();
SELECT * FROM outbreak.min_cost_flow('SELECT * FROM edge', 'SELECT * FROM supply');

-- ---- costs below 0: a cycle that pays is filled, whatever the supplies: 2 around for -1 each
TRUNCATE edge, supply;
INSERT INTO edge VALUES (1, 1, 2, 5, 2, 0), (2, 2, 3, 2, -6, 0), (3, 3, 1, 7, 3, 0);
SELECT pg_temp.solve();
SELECT * FROM outbreak.min_cost_flow('SELECT * FROM edge');
-- as part of a path: 4 from 1 to 3, of which 2 by the cheap edge and its continuation
INSERT INTO edge VALUES (4, 1, 3, NULL, 1, 0);
INSERT INTO supply VALUES (1, 4), (3, -4);
SELECT pg_temp.solve();

-- ---- loops, parallel edges, edges without capacity, isolated nodes, parts that do not hang together
TRUNCATE edge, supply;
INSERT INTO edge VALUES (1, 1, 1, 5, 2, 0), (2, 1, 1, 5, -2, 0), (3, 2, 2, 4, 7, 3), (4, 5, 6, 0, -100, 0),
	(5, 3, 4, 1, 9, 0), (6, 3, 4, 2, 8, 0), (7, 3, 4, NULL, 10, 0), (8, 8, 9, 6, 1, 0);
INSERT INTO supply VALUES (3, 5), (4, -5), (7, 0), (8, 6), (9, -6);
-- -10 in loop 2, 21 in loop 3, 9 + 16 + 20 by the parallel edges, 6 elsewhere
SELECT pg_temp.solve();
SELECT * FROM outbreak.min_cost_flow('SELECT * FROM edge', 'SELECT * FROM supply');
-- every part has a node of potential 0
SELECT * FROM outbreak.min_cost_flow_duals('SELECT * FROM edge', 'SELECT * FROM supply');

-- ---- nothing to do
TRUNCATE edge, supply;
SELECT pg_temp.solve();
SELECT * FROM outbreak.min_cost_flow_solution('SELECT * FROM edge', 'SELECT * FROM supply');
INSERT INTO supply VALUES (1, 0), (2, 0);
SELECT pg_temp.solve();
SELECT * FROM outbreak.min_cost_flow_duals('SELECT * FROM edge', 'SELECT * FROM supply');

-- ---- whole numbers of other types; bigint ends
SELECT * FROM outbreak.min_cost_flow(
	$$SELECT 1::smallint AS id, 1 AS source, 2::bigint AS target, 3.00 AS capacity, (-2)::numeric AS cost$$,
	$$SELECT n AS node, sum(s) AS supply FROM (VALUES (1, 3::bigint), (2, -1), (2, -2)) AS v (n, s) GROUP BY n$$);
-- the ids at both ends, capacities at the end
SELECT * FROM outbreak.min_cost_flow_solution(
	$$SELECT * FROM (VALUES (-9223372036854775808, 9223372036854775807, -9223372036854775808, 9223372036854775806, 5)) AS e (id, source, target, capacity, cost)$$,
	$$SELECT * FROM (VALUES (9223372036854775807, 2), (-9223372036854775808, -2)) AS s (node, supply)$$);
-- 2^60 units at a cost of 2^58: the sum is beyond bigint, and exact
SELECT cost, flows, potentials FROM outbreak.min_cost_flow_solution(
	$$SELECT 1 AS id, 1 AS source, 2 AS target, NULL::int AS capacity, 1::bigint << 58 AS cost$$,
	$$SELECT 1 AS node, 1::bigint << 60 AS supply UNION ALL SELECT 2, -(1::bigint << 60)$$);

-- ---- the network of LEMON's own test, with what LEMON expects
TRUNCATE edge, supply;
CREATE TEMP TABLE lemon_edge AS
SELECT row_number() OVER () AS id, e.*
FROM (VALUES (1, 2, 70, 11, 8, 8), (1, 3, 150, 3, 1, 0), (1, 4, 80, 15, 2, 2), (2, 8, 80, 12, 0, 0), (3, 5, 140, 5, 3, 1),
	(4, 6, 60, 10, 1, 0), (4, 7, 80, 2, 0, 0), (4, 8, 110, 3, 0, 0), (5, 7, 60, 14, 0, 0), (5, 11, 120, 12, 0, 0),
	(6, 3, 0, 3, 0, 0), (6, 9, 140, 4, 0, 0), (6, 10, 90, 8, 0, 0), (7, 1, 30, 5, 0, -5), (8, 12, 60, 16, 4, 3),
	(9, 12, 50, 6, 0, 0), (10, 12, 70, 13, 5, 2), (10, 2, 100, 7, 0, 0), (10, 7, 60, 10, 0, -3), (11, 10, 20, 14, 6, -20),
	(12, 11, 30, 10, 0, -10)) AS e (source, target, cost, capacity, low2, low3);
CREATE TEMP TABLE lemon_supply AS
SELECT set, node, supply
FROM (VALUES (1, '{20,-4,0,0,9,-6,0,0,3,-2,0,-20}'::int[]), (2, '{27,0,0,0,0,0,0,0,0,0,0,-27}'), (3, '{0,0,0,0,0,0,0,0,0,0,0,0}'),
	(4, '{30,0,0,0,0,0,0,0,0,0,0,-30}'), (5, '{20,-8,0,0,6,-5,0,0,0,-7,-10,-30}'), (6, '{30,-3,0,0,11,-6,0,3,0,-2,0,-20}')) AS s (set, supplies),
	unnest(supplies) WITH ORDINALITY AS u (supply, node);
CREATE FUNCTION pg_temp.lemon(lower_of text, priced boolean, limited boolean, of_set integer, form text DEFAULT 'equal') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	TRUNCATE edge, supply;
	INSERT INTO edge
	SELECT id, source, target, CASE WHEN limited THEN capacity END, CASE WHEN priced THEN cost ELSE 1 END,
		CASE lower_of WHEN 'low1' THEN 0 WHEN 'low2' THEN low2 ELSE low3 END
	FROM lemon_edge;
	INSERT INTO supply SELECT node, supply FROM lemon_supply WHERE set = of_set;
	-- demand may go unmet, or supply stay: through a node of its own
	IF form <> 'equal' THEN
		INSERT INTO edge
		SELECT 100 + n, CASE WHEN form = 'demand unmet' THEN 0 ELSE n END, CASE WHEN form = 'demand unmet' THEN n ELSE 0 END, NULL, 0, 0
		FROM generate_series(1, 12) AS n;
		INSERT INTO supply SELECT 0, -sum(supply) FROM supply;
	END IF;
	RETURN pg_temp.solve();
END
$$;
SELECT pg_temp.lemon('low1', true, true, 1) AS "5240", pg_temp.lemon('low1', true, true, 2) AS "7620", pg_temp.lemon('low2', true, true, 1) AS "5970",
	pg_temp.lemon('low2', true, true, 2) AS "8010", pg_temp.lemon('low1', false, false, 1) AS "74", pg_temp.lemon('low2', false, false, 2) AS "94",
	pg_temp.lemon('low1', false, false, 3) AS "0", pg_temp.lemon('low2', false, true, 3) AS infeasible, pg_temp.lemon('low3', true, true, 4) AS "6360";
SELECT pg_temp.lemon('low1', true, true, 5, 'demand unmet') AS "3530", pg_temp.lemon('low2', true, true, 5, 'demand unmet') AS "4540",
	pg_temp.lemon('low2', true, true, 6, 'demand unmet') AS infeasible;
SELECT pg_temp.lemon('low1', true, true, 6, 'supply unused') AS "5080", pg_temp.lemon('low2', true, true, 6, 'supply unused') AS "5930",
	pg_temp.lemon('low2', true, true, 5, 'supply unused') AS infeasible;
-- costs below 0: unbounded, -40000 with capacities of 5000, unbounded with lower bounds
TRUNCATE edge, supply;
INSERT INTO edge VALUES (1, 1, 2, NULL, 100, 0), (2, 1, 3, NULL, 30, 0), (3, 2, 4, NULL, 20, 0), (4, 3, 4, NULL, 80, 0), (5, 3, 2, NULL, 50, 0),
	(6, 5, 3, NULL, 10, 0), (7, 5, 6, NULL, 80, 0), (8, 6, 7, NULL, 30, 0), (9, 7, 5, NULL, -120, 0);
INSERT INTO supply VALUES (1, 100), (4, -100);
SELECT pg_temp.solve() AS unbounded;
UPDATE edge SET capacity = 5000;
SELECT pg_temp.solve() AS "-40000";
UPDATE edge SET capacity = NULL;
UPDATE edge SET lower_bound = CASE id WHEN 7 THEN 1000 WHEN 8 THEN -1000 END WHERE id IN (7, 8);
SELECT pg_temp.solve() AS unbounded;
ROLLBACK;
