-- A superuser whom no trigger stops changes, deletes, adds, moves and rebuilds entries, heads and signatures: each time
-- verify_audit names the chain and the first entry that is wrong. What only an outside copy of a signed head shows is
-- shown by bringing that copy back.
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
CREATE SCHEMA tampered;
CREATE TABLE tampered.person (person uuid, note text);
SELECT access.audit_table('tampered.person', 'person');

-- chain 0: entries of several transactions, a signed head, more entries, a signed head, and some that are not signed
SET outbreak.access_audit_chains = 1;
CREATE PROCEDURE tampered.live(times integer) LANGUAGE plpgsql AS $$
BEGIN
	FOR n IN 1..times LOOP
		INSERT INTO tampered.person SELECT ('aaaaaaaa-0000-4000-8000-00000000000' || m)::uuid, 'note' FROM generate_series(1, 4) AS m;
		COMMIT;
		UPDATE tampered.person SET note = 'changed ' || n WHERE note = 'note';
		COMMIT;
	END LOOP;
END
$$;
CALL tampered.live(20);
SELECT max(number) AS early FROM access.audit WHERE chain = 0 \gset
SELECT count(*) > 0 AS signed FROM access.sign_audit();
CALL tampered.live(20);
SELECT max(number) AS late FROM access.audit WHERE chain = 0 \gset
SELECT count(*) > 0 AS signed FROM access.sign_audit();
CALL tampered.live(5);
SELECT max(number) AS last FROM access.audit WHERE chain = 0 \gset
SELECT :early - 160 AS before, :last - :late AS unsigned \gset
SELECT count(*) FROM access.verify_audit() WHERE problem IS NOT NULL;

-- ---- the attacker's tools

CREATE TABLE tampered.result (kind text, statement text, expected bigint, found bigint, problem text);
-- runs the statement, looks, and takes it back
CREATE FUNCTION tampered.try(kind text, statement text, expected bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	seen record;
BEGIN
	BEGIN
		EXECUTE statement;
		SELECT * INTO seen FROM access.verify_audit() AS v WHERE v.chain = 0;
		RAISE EXCEPTION 'taken back' USING ERRCODE = 'P0099';
	EXCEPTION WHEN SQLSTATE 'P0099' THEN
		NULL;
	END;
	INSERT INTO tampered.result VALUES (kind, statement, expected, seen.broken_number, seen.problem);
END
$$;
-- makes all links from an entry on right again, and the head
CREATE FUNCTION tampered.rebuild(first bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	previous bytea := coalesce((SELECT a.hash FROM access.audit AS a WHERE a.chain = 0 AND a.number < first ORDER BY a.number DESC LIMIT 1), decode(repeat('00', 32), 'hex'));
	position bigint := first;
	entry record;
BEGIN
	FOR entry IN SELECT a.*, a.ctid, a.tableoid FROM access.audit AS a WHERE a.chain = 0 AND a.number >= first ORDER BY a.number, a.recorded_at LOOP
		previous := sha256(previous || sha256(outbreak.audit_bytes(0::smallint, position, entry.recorded_at, entry.transaction, entry.login, entry.role, entry.actor,
			entry.action, entry.relation, entry.subject, entry.image_hash)));
		UPDATE access.audit SET number = position, id = position * 256, hash = previous WHERE ctid = entry.ctid AND tableoid = entry.tableoid;
		position := position + 1;
	END LOOP;
	DELETE FROM access.audit_head WHERE chain = 0;
	INSERT INTO access.audit_head (chain, number, recorded_at, hash) VALUES (0, position - 1, now(), previous);
END
$$;
CREATE TABLE tampered.victim AS
SELECT n AS number FROM generate_series(:before + 1, :last, 17) AS n;
SET session_replication_role = replica;
-- starting workers hundreds of times takes longer than all the rest
SET max_parallel_workers_per_gather = 0;

-- ---- fields

SELECT count(tampered.try('field ' || f.name, format('UPDATE access.audit SET %s WHERE chain = 0 AND number = %s', f.change, v.number), v.number))
FROM tampered.victim AS v
CROSS JOIN (VALUES ('login', 'login = login || ''x'''), ('role', 'role = ''nobody'''), ('actor', 'actor = '''''), ('action', 'action = ''delete'''),
	('relation', 'relation = NULL'), ('subject', 'subject = gen_random_uuid()'), ('subject gone', 'subject = NULL'), ('transaction', 'transaction = ''1'''),
	('recorded_at', 'recorded_at = recorded_at + interval ''1 microsecond'''), ('recorded_at infinite', 'recorded_at = ''infinity'''), ('id', 'id = id + 1'), ('image', 'image = replace(image, ''note'', ''nota'')'),
	('image gone', 'image = NULL'), ('salt', 'salt = salt || ''\x00'''), ('salt gone', 'salt = NULL'), ('image hash', 'image_hash = sha256(''x'')'),
	('image hash gone', 'image_hash = NULL, image = NULL, salt = NULL'), ('image and its hash', 'image = ''{}'', image_hash = sha256(salt || ''{}'')'),
	('hash', 'hash = sha256(hash)'), ('hash short', 'hash = ''\x00'''), ('login and relation', 'login = ''post'', role = ''gres'' || role'),
	('texts shifted', 'login = login || left(role, 1), role = substr(role, 2)')) AS f (name, change);

-- ---- entries that go, come and move

SELECT count(tampered.try('deleted', format('DELETE FROM access.audit WHERE chain = 0 AND number = %s', v.number), v.number)) FROM tampered.victim AS v;
SELECT count(tampered.try('several deleted', format('DELETE FROM access.audit WHERE chain = 0 AND number IN (%1$s, %1$s - 1, %1$s - 5)', v.number), v.number - 5))
FROM tampered.victim AS v WHERE v.number > :before + 5;
SELECT count(tampered.try('moved to another chain', format('UPDATE access.audit SET chain = 255 WHERE chain = 0 AND number = %s', v.number), v.number)) FROM tampered.victim AS v;
SELECT count(tampered.try('swapped', format('UPDATE access.audit SET number = - number WHERE chain = 0 AND number IN (%1$s, %1$s + 1); UPDATE access.audit SET number = 2 * %1$s + 1 + number, id = (2 * %1$s + 1 + number) * 256 WHERE number < 0', v.number), v.number))
FROM tampered.victim AS v WHERE v.number < :last;
SELECT count(tampered.try('added with a taken number', format('INSERT INTO access.audit SELECT a.number, a.id, a.recorded_at + interval ''1 s'', a.transaction, a.subject, a.chain, a.login, a.role, a.actor, a.action, a.relation, a.image, a.salt, a.image_hash, a.hash FROM access.audit AS a WHERE chain = 0 AND number = %s', v.number), v.number))
FROM tampered.victim AS v;
SELECT count(tampered.try('added at the end', format('INSERT INTO access.audit SELECT a.number + 1, a.id + 256, a.recorded_at, a.transaction, a.subject, a.chain, a.login, a.role, a.actor, a.action, a.relation, NULL, NULL, NULL,
	sha256(a.hash || sha256(outbreak.audit_bytes(a.chain, a.number + 1, a.recorded_at, a.transaction, a.login, a.role, a.actor, a.action, a.relation, a.subject, NULL)))
	FROM access.audit AS a WHERE chain = 0 AND number = %s', :last), :last + 1));
SELECT count(tampered.try('tail cut', format('DELETE FROM access.audit WHERE chain = 0 AND number >= %s', v.number), v.number)) FROM tampered.victim AS v;
SELECT count(tampered.try('all cut', 'DELETE FROM access.audit WHERE chain = 0', 1));
SELECT count(tampered.try('tail and head cut before a signed head', format('DELETE FROM access.audit WHERE chain = 0 AND number >= %1$s; DELETE FROM access.audit_head WHERE chain = 0;
	INSERT INTO access.audit_head SELECT chain, number, recorded_at, hash FROM access.audit WHERE chain = 0 AND number = %1$s - 1', v.number), v.number))
FROM tampered.victim AS v WHERE v.number < :late;

-- ---- rebuilt

SELECT count(tampered.try('rebuilt with a field changed', format('UPDATE access.audit SET login = ''x'' WHERE chain = 0 AND number = %1$s; SELECT tampered.rebuild(%1$s)', v.number), CASE WHEN v.number <= :early THEN :early ELSE :late END))
FROM tampered.victim AS v WHERE v.number <= :late;
SELECT count(tampered.try('rebuilt without an entry', format('DELETE FROM access.audit WHERE chain = 0 AND number = %1$s; SELECT tampered.rebuild(%1$s)', v.number), CASE WHEN v.number <= :early THEN :early ELSE :late END))
FROM tampered.victim AS v WHERE v.number <= :late;

-- ---- heads and signatures

SELECT count(tampered.try('head', format('UPDATE access.audit_head SET hash = sha256(hash) WHERE chain = 0 AND number = %s', :last), :last));
SELECT count(tampered.try('head too far', 'INSERT INTO access.audit_head VALUES (0, 1000000, now(), sha256(''''))', :last + 1));
SELECT count(tampered.try('head gone', 'DELETE FROM access.audit_head WHERE chain = 0', :last));
SELECT count(tampered.try('signature ' || s.change, format('UPDATE access.audit_signature SET %s WHERE chain = 0 AND number = %s', s.change, n.number), n.number))
FROM unnest('{"signature = sha256(''x'')","signature = set_byte(signature, 9, get_byte(signature, 9) # 1)","public_key = sha256(public_key)","message = message || ''x''","hash = sha256(hash)","message = replace(message, ''chain 0'', ''chain 1'')"}'::text[]) AS s (change)
CROSS JOIN (VALUES (:early), (:late)) AS n (number);
SELECT count(tampered.try('signature of another head', format('UPDATE access.audit_signature AS s SET signature = o.signature, message = o.message FROM access.audit_signature AS o WHERE s.chain = 0 AND s.number = %s AND o.chain = 0 AND o.number = %s', :early, :late), :early));

SELECT kind, count(*) AS made, count(*) FILTER (WHERE found = expected) AS found, regexp_replace(min(problem), '[0-9]+', 'N') AS problem
FROM tampered.result
GROUP BY kind
ORDER BY kind COLLATE "C";
SELECT count(*) >= 500 AS many, count(*) FILTER (WHERE found IS DISTINCT FROM expected) AS not_found FROM tampered.result;
SELECT * FROM tampered.result WHERE found IS DISTINCT FROM expected LIMIT 5;

-- ---- what needs a copy outside: the unsigned tail, and a chain that was rebuilt together with its signatures

CREATE TEMP TABLE published AS SELECT * FROM access.audit_signature;
DELETE FROM tampered.result;
SELECT count(tampered.try('unsigned tail and head cut', format('DELETE FROM access.audit WHERE chain = 0 AND number > %1$s; SELECT tampered.rebuild(%1$s)', :late), NULL));
SELECT count(tampered.try('rebuilt, signatures deleted', format('UPDATE access.audit SET login = ''x'' WHERE chain = 0 AND number = %1$s; SELECT tampered.rebuild(%1$s); DELETE FROM access.audit_signature WHERE chain = 0', :before + 1), NULL));
SELECT count(tampered.try('the same, held against the published heads', format('UPDATE access.audit SET login = ''x'' WHERE chain = 0 AND number = %1$s; SELECT tampered.rebuild(%1$s);
	DELETE FROM access.audit_signature; INSERT INTO access.audit_signature SELECT * FROM published', :before + 1), :early));
SELECT kind, found IS NOT DISTINCT FROM expected AS as_expected, problem FROM tampered.result ORDER BY kind;

-- ---- nothing is left of it

RESET session_replication_role;
RESET max_parallel_workers_per_gather;
SELECT count(*) FROM access.verify_audit() WHERE problem IS NOT NULL;
-- a part of the time: the entry that was changed is found in it and not beside it
SELECT recorded_at AS middle FROM access.audit WHERE chain = 0 AND number = :early \gset
BEGIN;
SET LOCAL session_replication_role = replica;
UPDATE access.audit SET login = 'x' WHERE chain = 0 AND number = :early - 5;
SELECT broken_number = :early - 5 AS found FROM access.verify_audit('-infinity', :'middle') WHERE chain = 0;
SELECT problem IS NULL AS sound, first_number <= :early AS first, last_number = :last AS last FROM access.verify_audit(:'middle', 'infinity') WHERE chain = 0;
SELECT problem IS NULL AS sound, checked FROM access.verify_audit('2100-01-01', 'infinity') WHERE chain = 0;
ROLLBACK;
DROP SCHEMA tampered CASCADE;
