-- Entries lie in the partition of their month. Old months are dropped whole, after a check, and what remains is checked
-- from where they ended.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
-- in the month of now, in local time
SELECT tableoid::regclass = ('access.audit_' || to_char(recorded_at AT TIME ZONE outbreak.time_zone(), 'YYYYMM'))::regclass AS own_month, count(*) > 0 AS some
FROM access.audit
GROUP BY 1;
SELECT t.relation, t.key_column, t.key_type FROM ops.partitioned_tables() AS t WHERE t.relation::text LIKE 'access.%';
SELECT count(*) AS unsecured
FROM pg_class AS c
JOIN pg_inherits AS i ON i.inhrelid = c.oid
WHERE i.inhparent = 'access.audit'::regclass
	AND NOT (c.relrowsecurity AND c.relforcerowsecurity
		AND EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = c.oid AND p.polname = 'owner')
		AND EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = c.oid AND t.tgname = 'guard')
		AND EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = c.oid AND t.tgname = 'guard_truncate')
		AND coalesce(c.relacl = acldefault('r', c.relowner), true));

-- two chains of long ago: their months are made, rows lie in them, and in the default partition
SET session_replication_role = replica;
CREATE TEMP TABLE made (chain smallint, number bigint, recorded_at timestamptz, hash bytea);
CREATE FUNCTION pg_temp.make(chain smallint, count integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	hash bytea := decode(repeat('00', 32), 'hex');
	at timestamptz;
BEGIN
	FOR n IN 1..count LOOP
		at := '2020-01-10 00:00+09'::timestamptz + n * interval '10 days';
		hash := sha256(hash || sha256(outbreak.audit_bytes(chain, n, at, '1', 'a', 'a', NULL, 'note', NULL, NULL, NULL)));
		INSERT INTO access.audit (number, id, recorded_at, transaction, chain, login, role, action, hash) VALUES (n, n * 256 + chain, at, '1', chain, 'a', 'a', 'note', hash);
	END LOOP;
	INSERT INTO access.audit_head VALUES (chain, count, at, hash);
END
$$;
SELECT pg_temp.make(100::smallint, 20), pg_temp.make(101::smallint, 12);
SET session_replication_role = origin;
SELECT jsonb_array_length(ops.make_partitions_of('access.audit', 'recorded_at', 'timestamptz', '2020-01-01', '2020-04-01') -> 'made') > 3 AS made;
SELECT tableoid::regclass AS partition, count(*) FROM access.audit WHERE chain >= 100 GROUP BY 1 ORDER BY 1;
SELECT v.* FROM access.verify_audit() AS v WHERE v.chain >= 100;
SELECT v.chain, v.first_number, v.last_number, v.checked, v.problem FROM access.verify_audit('2020-02-15 00:00+09', '2020-04-20 00:00+09') AS v WHERE v.chain >= 100;
-- a broken chain is not dropped
SAVEPOINT sound;
SET session_replication_role = replica;
UPDATE access.audit SET login = 'b' WHERE chain = 100 AND number = 3;
SET session_replication_role = origin;
\set VERBOSITY terse
SELECT access.drop_audit_before('2020-04-01');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK TO sound;
SELECT access.drop_audit_before('2020-03-31');
SELECT access.drop_audit_before('2020-03-31');
SELECT chain, number, recorded_at FROM access.audit_anchor WHERE chain >= 100 ORDER BY 1, 2;
SELECT v.chain, v.first_number, v.last_number, v.checked, v.problem FROM access.verify_audit() AS v WHERE v.chain >= 100;
SELECT v.chain, v.first_number, v.last_number, v.checked, v.problem FROM access.verify_audit('2020-06-15', 'infinity') AS v WHERE v.chain >= 100;
SELECT access.audit_proof(min(a.id)) ->> 'previous_hash' = encode(n.hash, 'hex') AS follows_anchor
FROM access.audit AS a
JOIN access.audit_anchor AS n ON n.chain = a.chain
WHERE a.chain = 100
GROUP BY n.hash, n.number
ORDER BY n.number DESC
LIMIT 1;
-- all of a chain may be gone
SELECT access.drop_audit_before('2020-12-01');
SELECT v.chain, v.first_number, v.last_number, v.checked, v.problem FROM access.verify_audit() AS v WHERE v.chain >= 100;
-- what goes on behind an anchor is found
SET session_replication_role = replica;
DELETE FROM access.audit_anchor WHERE chain = 100 AND number > 5;
SELECT v.chain, v.broken_number, v.problem FROM access.verify_audit() AS v WHERE v.chain >= 100;
ROLLBACK;
