-- A sealed column is searched by its tag: through a btree or hash index, in a join, under a policy as a role with few
-- rights, and without the right to reveal. Nothing is decrypted for it, and two tags say nothing but equal or not.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
CREATE ROLE ob_test_officer LOGIN;
GRANT outbreak_health_center TO ob_test_officer;
CREATE TABLE person (person uuid PRIMARY KEY, prefecture smallint NOT NULL, phone outbreak.sealed, name outbreak.sealed);
INSERT INTO person
SELECT u, n % 47 + 1, outbreak.seal('090-' || lpad(n::text, 8, '0'), 'phone', u), outbreak.seal('name ' || n % 1000, 'name', u)
FROM (SELECT n, md5(n::text)::uuid AS u FROM generate_series(1, 5000) AS n) AS s;
CREATE INDEX person_phone ON person (phone);
CREATE INDEX person_name ON person USING hash (name);
ANALYZE person;
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
CREATE POLICY prefecture ON person TO outbreak_health_center USING (prefecture = 13);
GRANT SELECT ON person TO outbreak_health_center;
-- the keys are out of reach, and nobody may reveal: the search needs neither
DELETE FROM access.reveal_right;
UPDATE access.data_key SET wrapped = NULL, forgotten_at = now();
SET SESSION AUTHORIZATION ob_test_officer;
EXPLAIN (COSTS OFF) SELECT person FROM person WHERE phone OPERATOR(outbreak.=) outbreak.seal_lookup('09000000012', 'phone');
EXPLAIN (COSTS OFF) SELECT person FROM person WHERE name OPERATOR(outbreak.=) outbreak.seal_lookup('Name  12', 'name');
SELECT person = md5('12')::uuid AS found FROM person WHERE phone OPERATOR(outbreak.=) outbreak.seal_lookup('０９０ー００００ー００１２', 'phone');
SELECT count(*) FROM person WHERE name OPERATOR(outbreak.=) outbreak.seal_lookup('Name  12', 'name');
SET enable_indexscan = off; SET enable_bitmapscan = off;
SELECT count(*) FROM person WHERE name OPERATOR(outbreak.=) outbreak.seal_lookup('Name  12', 'name');
RESET enable_indexscan; RESET enable_bitmapscan;
-- the policy holds: 11 lives elsewhere
SELECT count(*) FROM person WHERE phone OPERATOR(outbreak.=) outbreak.seal_lookup('090-00000011', 'phone');
-- not by another purpose, not by another value
SELECT count(*) FROM person WHERE phone OPERATOR(outbreak.=) outbreak.seal_lookup('090-00000012', 'name') OR phone OPERATOR(outbreak.=) outbreak.seal_lookup('090-00000013x', 'phone') OR phone OPERATOR(outbreak.=) outbreak.seal_lookup('090-0000001', 'phone');
SELECT outbreak.reveal(phone, 'phone', person) FROM person LIMIT 1;
\echo :LAST_ERROR_SQLSTATE
RESET SESSION AUTHORIZATION;
-- estimates know about distinct values
SELECT attname, round(-n_distinct * 5000) AS distinct_values FROM pg_stats WHERE tablename = 'person' AND attname IN ('phone', 'name') ORDER BY 1;
-- what an operator class must do: merge, hash and sort agree, in parallel too
SET enable_nestloop = off; SET enable_mergejoin = off;
SELECT count(*) FROM person AS a JOIN person AS b ON a.name OPERATOR(outbreak.=) b.name;
SET enable_mergejoin = on; SET enable_hashjoin = off;
SELECT count(*) FROM person AS a JOIN person AS b ON a.name OPERATOR(outbreak.=) b.name;
RESET enable_nestloop; RESET enable_hashjoin;
SELECT count(DISTINCT name) FROM person;
SELECT count(*) FROM (SELECT name FROM person GROUP BY name) AS g;
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET enable_indexscan = off; SET enable_bitmapscan = off; SET force_parallel_mode = on;
SELECT count(*) FROM person WHERE name OPERATOR(outbreak.=) outbreak.seal_lookup('name 12', 'name');
RESET ALL;
SET client_min_messages = warning;
SELECT count(*) AS wrong
FROM (SELECT phone, lag(phone) OVER (ORDER BY phone) AS before FROM person) AS p
WHERE NOT (before OPERATOR(outbreak.<) phone AND before OPERATOR(outbreak.<=) phone AND phone OPERATOR(outbreak.>) before AND phone OPERATOR(outbreak.>=) before AND phone OPERATOR(outbreak.<>) before) OR phone OPERATOR(outbreak.=) before
	OR outbreak.sealed_cmp(before, phone) >= 0 OR outbreak.sealed_hash(phone) = outbreak.sealed_hash(before) AND outbreak.sealed_hash_extended(phone, 0) = outbreak.sealed_hash_extended(before, 0);
SELECT p.proname, p.provolatile, p.proleakproof, p.proparallel FROM pg_proc AS p WHERE p.pronamespace = 'outbreak'::regnamespace AND p.proname IN ('seal', 'reveal', 'seal_lookup', 'sealed_eq', 'sealed_cmp', 'sealed_hash', 'normalise') ORDER BY 1;
-- equal values in an index keep their own envelopes
CREATE TABLE same AS SELECT u AS person, outbreak.seal('same', 'name', u) AS name FROM (SELECT md5('x' || n)::uuid AS u FROM generate_series(1, 300) AS n) AS s;
CREATE INDEX ON same (name);
SET enable_seqscan = off;
SELECT count(DISTINCT name::text) AS envelopes FROM same WHERE name OPERATOR(outbreak.=) outbreak.seal_lookup('SAME', 'name');
ROLLBACK;
