-- A long computation ends when it is told to, by either method, and leaves nothing behind.
\pset format unaligned
-- a strip of 8,000 by 10 nodes with 30 units to carry from one end to the other: few rows, long ways
CREATE TEMP TABLE edge AS
SELECT row_number() OVER () AS id, x * 10 + y AS source, (x + dx) * 10 + (y + dy + 10) % 10 AS target,
	1 + (x * 7919 + y * 104729 + k * 1299709) % 9 AS capacity, 1 + (x * 15485863::bigint + y * 32452843 + k * 49979687) % 1000 AS cost
FROM generate_series(0, 7999) AS x, generate_series(0, 9) AS y, (VALUES (1, 1, 0), (2, 0, 1), (3, 0, -1), (4, 1, 1), (5, -1, 0)) AS d (k, dx, dy)
WHERE x + dx BETWEEN 0 AND 7999;
CREATE TEMP TABLE supply AS SELECT y AS node, 3 AS supply FROM generate_series(0, 9) AS y UNION ALL SELECT 79990 + y, -3 FROM generate_series(0, 9) AS y;
SET statement_timeout = '1500ms';
SELECT count(*) FROM outbreak.min_cost_flow('SELECT * FROM edge', 'SELECT * FROM supply', 'simplex');
SELECT count(*) FROM outbreak.min_cost_flow('SELECT * FROM edge', 'SELECT * FROM supply', 'scaling');
RESET statement_timeout;
SELECT * FROM outbreak.min_cost_flow('SELECT 1 AS id, 1 AS source, 2 AS target, 3 AS capacity, 4 AS cost', 'SELECT 1 AS node, 2 AS supply UNION ALL SELECT 2, -2');
SELECT count(*) AS contexts_left FROM pg_backend_memory_contexts WHERE name ~ '^outbreak flow';
