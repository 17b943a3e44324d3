-- Published instances of minimum-cost flow reach their published optima by both methods, each proved by its potentials.
-- The instances are no part of the project; OUTBREAK_DATA names the folder that has them in allocation/.
\set ON_ERROR_STOP 1
\pset format unaligned
\set have `test -r "$OUTBREAK_DATA/allocation/OPTIMA.tsv" && echo on || echo off`
\if :have
\else
\echo skipped: no data
\quit
\endif
\set optima `cat "$OUTBREAK_DATA/allocation/OPTIMA.tsv"`
-- every line of every file, the name of its file before it
\set lines `cd "$OUTBREAK_DATA/allocation/dimacs" && grep -HE '^[pna] ' * | tr ':' ' '`
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE TEMP TABLE line AS
SELECT split[1] AS file, split[2] AS kind, split[3:]::text[] AS words, n
FROM regexp_split_to_table(:'lines', E'\n') WITH ORDINALITY AS l (line, n), LATERAL (SELECT regexp_split_to_array(trim(l.line), '\s+')) AS s (split);
CREATE TEMP TABLE edge AS
SELECT file, n AS id, words[1]::bigint AS source, words[2]::bigint AS target, words[3]::bigint AS lower_bound, words[4]::bigint AS capacity, words[5]::bigint AS cost
FROM line
WHERE kind = 'a';
CREATE TEMP TABLE supply AS SELECT file, words[1]::bigint AS node, words[2]::bigint AS supply FROM line WHERE kind = 'n';
CREATE INDEX ON edge (file);
ANALYZE edge;
CREATE TEMP TABLE optimum AS
SELECT regexp_replace(w[1], '.*/', '') AS file, w[2]::bigint AS nodes, w[3]::bigint AS arcs, w[4]::numeric AS optimum
FROM regexp_split_to_table(:'optima', E'\n') AS l (line), LATERAL (SELECT string_to_array(l.line, E'\t')) AS s (w)
WHERE w[4] ~ '^-?\d+$';

CREATE TEMP TABLE solution AS
SELECT f.file, m.method, s.*
FROM (SELECT DISTINCT file FROM line) AS f
CROSS JOIN unnest('{simplex,scaling}'::text[]) AS m (method)
CROSS JOIN LATERAL outbreak.min_cost_flow_solution(
	format('SELECT id, source, target, capacity, cost, lower_bound FROM edge WHERE file = %L', f.file),
	format('SELECT node, supply FROM supply WHERE file = %L', f.file), m.method) AS s;
SELECT s.file, count(DISTINCT s.cost) AS costs, min(s.cost) AS cost, min(s.cost) = o.optimum AS as_published,
	count(DISTINCT s.potentials) AS potentials, min(cardinality(s.edge_ids)) = o.arcs AS all_arcs
FROM solution AS s
LEFT JOIN optimum AS o USING (file)
GROUP BY s.file, o.optimum, o.arcs
ORDER BY s.file COLLATE "C";
SELECT s.method, count(*) FILTER (WHERE v.ok AND v.cost = s.cost AND v.bound = s.cost) AS verified, count(*) FILTER (WHERE s.used_method <> s.method) AS otherwise
FROM solution AS s
CROSS JOIN LATERAL outbreak.verify_flow(
	format('SELECT id, source, target, capacity, cost, lower_bound FROM edge WHERE file = %L', s.file),
	format('SELECT node, supply FROM supply WHERE file = %L', s.file),
	format('SELECT f.edge_id, f.flow FROM solution AS s, unnest(s.edge_ids, s.flows) AS f (edge_id, flow) WHERE s.file = %L AND s.method = %L', s.file, s.method),
	format('SELECT p.node, p.potential FROM solution AS s, unnest(s.nodes, s.potentials) AS p (node, potential) WHERE s.file = %L AND s.method = %L', s.file, s.method)) AS v
GROUP BY s.method
ORDER BY s.method;
SELECT o.file AS not_there FROM optimum AS o WHERE NOT EXISTS (SELECT FROM line AS l WHERE l.file = o.file);
ROLLBACK;
