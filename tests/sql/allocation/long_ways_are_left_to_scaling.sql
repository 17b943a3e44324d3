-- Where ways are long the simplex gives up after a while and scaling goes on: the answer is the same, and proved.
\pset format unaligned
BEGIN;
CREATE TEMP TABLE edge AS
SELECT row_number() OVER () AS id, x * 10 + y AS source, (x + dx) * 10 + (y + dy + 10) % 10 AS target,
	1 + (x * 7919 + y * 104729 + k * 1299709) % 9 AS capacity, 1 + (x * 15485863::bigint + y * 32452843 + k * 49979687) % 1000 AS cost
FROM generate_series(0, 1499) AS x, generate_series(0, 9) AS y, (VALUES (1, 1, 0), (2, 0, 1), (3, 0, -1), (4, 1, 1), (5, -1, 0)) AS d (k, dx, dy)
WHERE x + dx BETWEEN 0 AND 1499;
CREATE TEMP TABLE supply AS SELECT y AS node, 3 AS supply FROM generate_series(0, 9) AS y UNION ALL SELECT 14990 + y, -3 FROM generate_series(0, 9) AS y;
CREATE TEMP TABLE solution AS
SELECT m.method, s.*
FROM unnest('{auto,simplex,scaling}'::text[]) AS m (method)
CROSS JOIN LATERAL outbreak.min_cost_flow_solution('SELECT * FROM edge', 'SELECT * FROM supply', m.method) AS s;
SELECT s.method, s.used_method, s.cost = a.cost AS same_cost, s.potentials = a.potentials AS same_potentials, v.ok
FROM solution AS s
JOIN solution AS a ON a.method = 'auto'
CROSS JOIN LATERAL outbreak.verify_flow('SELECT * FROM edge', 'SELECT * FROM supply',
	format('SELECT f.edge_id, f.flow FROM solution AS s, unnest(s.edge_ids, s.flows) AS f (edge_id, flow) WHERE s.method = %L', s.method),
	format('SELECT p.node, p.potential FROM solution AS s, unnest(s.nodes, s.potentials) AS p (node, potential) WHERE s.method = %L', s.method)) AS v
ORDER BY s.method;
ROLLBACK;
