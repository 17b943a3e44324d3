-- A long computation ends when it is told to, by either method, and leaves nothing behind.
\pset format unaligned
-- A strip of 20,000 by 5 nodes and much to carry from one end to the other: few rows, long ways. Read in half a second;
-- solved in some 9 s by scaling, in nearly a minute by the simplex: a machine would have to be nine times as fast to be done in time.
CREATE TEMP TABLE edge AS
SELECT row_number() OVER () AS id, x * 5 + y AS source, (x + dx) * 5 + (y + dy + 5) % 5 AS target,
	1000 + (x * 7919 + y * 104729 + k * 1299709) % 9000 AS capacity, 1 + (x * 15485863::bigint + y * 32452843 + k * 49979687) % 1000000 AS cost
FROM generate_series(0, 19999) AS x, generate_series(0, 4) AS y, (VALUES (1, 1, 0), (2, 0, 1), (3, 0, -1), (4, 1, 1), (5, -1, 0)) AS d (k, dx, dy)
WHERE x + dx BETWEEN 0 AND 19999;
CREATE TEMP TABLE supply AS SELECT y AS node, 3000 AS supply FROM generate_series(0, 4) AS y UNION ALL SELECT 99995 + y, -3000 FROM generate_series(0, 4) AS y;
SET statement_timeout = '1000ms';
SELECT count(*) FROM outbreak.min_cost_flow('SELECT * FROM edge', 'SELECT * FROM supply', 'simplex');
SELECT count(*) FROM outbreak.min_cost_flow('SELECT * FROM edge', 'SELECT * FROM supply', 'scaling');
RESET statement_timeout;
SELECT * FROM outbreak.min_cost_flow('SELECT 1 AS id, 1 AS source, 2 AS target, 3 AS capacity, 4 AS cost', 'SELECT 1 AS node, 2 AS supply UNION ALL SELECT 2, -2');
SELECT count(*) AS contexts_left FROM pg_backend_memory_contexts WHERE name ~ '^outbreak flow';
