-- verify_flow() finds the first thing wrong with a flow, whoever made it.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
\pset format unaligned
CREATE TEMP TABLE edge (id bigint, source bigint, target bigint, capacity bigint, cost bigint, lower_bound bigint);
CREATE TEMP TABLE supply (node bigint, supply bigint);
INSERT INTO edge VALUES (1, 1, 2, 4, 1, 0), (2, 1, 3, NULL, 3, 0), (3, 2, 3, 4, 1, 1), (4, 3, 4, 9, 0, 0);
INSERT INTO supply VALUES (1, 6), (4, -6);
CREATE FUNCTION pg_temp.verify(flows text, potentials text DEFAULT NULL)
RETURNS TABLE (ok boolean, cost numeric, bound numeric, edge_id bigint, node bigint, problem text) LANGUAGE sql AS $$
	SELECT v.*
	FROM outbreak.verify_flow('SELECT * FROM edge', 'SELECT * FROM supply',
		format('SELECT * FROM (VALUES %s) AS f (edge_id, flow)', flows),
		CASE WHEN potentials IS NOT NULL THEN format('SELECT * FROM (VALUES %s) AS p (node, potential)', potentials) END) AS v
$$;

-- the optimum: 4 by node 2, 2 straight; both edges of node 2 are full, so it may be worth 1 or 2 more than node 1
SELECT * FROM outbreak.min_cost_flow_solution('SELECT * FROM edge', 'SELECT * FROM supply');
SELECT * FROM pg_temp.verify('(1, 4), (2, 2), (3, 4), (4, 6)', '(1, 0), (2, 2), (3, 3), (4, 3)');
-- without potentials, any flow within bounds and supplies will do; what has no row carries nothing
SELECT * FROM pg_temp.verify('(1, 1), (2, 5), (3, 1), (4, 6)');
SELECT * FROM pg_temp.verify('(1, 1), (3, 1), (4, 6)');
-- bounds
SELECT * FROM pg_temp.verify('(1, 5), (2, 1), (3, 5), (4, 6)');
SELECT * FROM pg_temp.verify('(1, 0), (2, 6), (3, 0), (4, 6)');
SELECT * FROM pg_temp.verify('(1, 4), (2, -2), (3, 4), (4, 6)');
-- conservation
SELECT * FROM pg_temp.verify('(1, 4), (2, 2), (3, 3), (4, 6)');
-- dearer than need be, and the potentials of the optimum say which edge, either way
SELECT * FROM pg_temp.verify('(1, 3), (2, 3), (3, 3), (4, 6)', '(1, 0), (2, 2), (3, 3), (4, 3)');
SELECT * FROM pg_temp.verify('(1, 4), (2, 2), (3, 4), (4, 6)', '(1, 0), (2, 1), (3, 1), (4, 1)');
-- a bound that is right, though not reached; and potentials that give none
SELECT * FROM pg_temp.verify('(1, 1), (2, 5), (3, 1), (4, 6)', '(1, 0), (2, 1), (3, 2), (4, 2)');
SELECT * FROM pg_temp.verify('(1, 4), (2, 2), (3, 4), (4, 6)', '(1, 0), (2, 9), (3, 9), (4, 9)');
-- potentials at the ends of bigint
SELECT * FROM pg_temp.verify('(1, 4), (2, 2), (3, 4), (4, 6)', '(1, 9223372036854775807), (2, -9223372036854775808), (3, 9223372036854775807), (4, -9223372036854775808)');
-- strangers and what is missing
SELECT * FROM pg_temp.verify('(1, 4), (2, 2), (3, 4), (4, 6), (5, 1)');
SELECT * FROM pg_temp.verify('(1, 4), (2, 2), (3, 4), (4, 6)', '(1, 0), (2, 2), (3, 3), (4, 3), (7, 0)');
SELECT * FROM pg_temp.verify('(1, 4), (2, 2), (3, 4), (4, 6)', '(1, 0), (2, 2), (3, 3)');
SELECT * FROM pg_temp.verify('(1, 4), (2, 2), (3, 4), (4, 6), (1, 4)');
SELECT * FROM pg_temp.verify('(1, NULL), (2, 2)');
SELECT * FROM outbreak.verify_flow('SELECT * FROM edge', 'SELECT * FROM supply', 'SELECT id, 1 AS flow FROM edge');
SELECT * FROM outbreak.verify_flow('SELECT * FROM edge', 'SELECT * FROM supply', NULL);
-- supplies that do not add up are met by no flow
UPDATE supply SET supply = 7 WHERE node = 1;
SELECT * FROM pg_temp.verify('(1, 4), (2, 3), (3, 4), (4, 7)');
-- costs of flows add up beyond bigint, exactly
TRUNCATE edge, supply;
INSERT INTO edge SELECT n, 1, 2, NULL, 9223372036854775807, 0 FROM generate_series(1, 3) AS n;
INSERT INTO supply VALUES (1, 4611686018427387904), (2, -4611686018427387904);
SELECT v.*, 3.0 * 4611686018427387904 * 9223372036854775807 = v.cost AS exact
FROM outbreak.verify_flow('SELECT * FROM edge', 'SELECT * FROM supply', 'SELECT n AS edge_id, 4611686018427387904 AS flow FROM generate_series(1, 3) AS n') AS v;
ROLLBACK;
