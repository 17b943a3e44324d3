-- A ticket holds between its first and its last second, for who has the public keys; whatever keeps it from holding is
-- told with its reason, and no code raises an error.
\pset format unaligned
\set SHOW_CONTEXT never
BEGIN;
SET LOCAL search_path = public, outbreak, pg_catalog;
SELECT credential.issue_ticket('3f2504e0-4f89-41d3-9a0c-0305e82c3301', 'arrival', '[2021-04-01 09:00+09,2021-04-15 09:00+09)', 'NRT', '2021-03-20') AS ticket \gset
SELECT length(:'ticket') AS characters, :'ticket' ~ '^OBT1:[0-9A-Z $%*+./:-]+$' AS alphabet, outbreak.qr_version(:'ticket', 'Q') AS version;

\echo -- in time
SELECT t.at, c.*
FROM (VALUES (timestamptz '2021-04-01 08:59:59.999999+09'), ('2021-04-01 09:00+09'), ('2021-04-15 08:59:59.999999+09'), ('2021-04-15 09:00+09'), ('-infinity'), ('infinity')) AS t (at)
CROSS JOIN LATERAL credential.check_ticket(:'ticket', t.at) AS c
ORDER BY t.at;

\echo -- offline: with the list of public keys alone
SELECT v.valid, v.reason, v.ticket, v.kind, v.place, v.valid_from, v.valid_until, v.kid = outbreak.ticket_kid(:'ticket') AS kid
FROM outbreak.ticket_verify(:'ticket', credential.ticket_trust('2021-04-02'), '2021-04-02') AS v;
SELECT v.valid, v.reason
FROM outbreak.ticket_verify(:'ticket', (SELECT jsonb_build_object('keys', jsonb_agg(outbreak.public_key_jwk(k.public_key) || jsonb_build_object('kid', encode(k.kid, 'base64')))) FROM credential.signing_key AS k), '2021-04-02') AS v;

\echo -- a reader that types adds white space; a place is optional
SELECT c.valid, c.reason FROM credential.check_ticket(E' \t' || :'ticket' || E'\r\n', '2021-04-02') AS c;
SELECT c.valid, c.kind, c.place = '' AS no_place
FROM credential.check_ticket(credential.issue_ticket('3f2504e0-4f89-41d3-9a0c-0305e82c3302', 'crew', '[2021-04-01,2021-04-02)', NULL, '2021-03-20'), '2021-04-01') AS c;

\echo -- parts of a second: from when is rounded down, until when up
SELECT c.valid_from, c.valid_until
FROM credential.check_ticket(credential.issue_ticket('3f2504e0-4f89-41d3-9a0c-0305e82c3303', 'staff', '[2021-04-01 00:00:00.9+09,2021-04-01 00:00:01.1+09)', 'HND', '2021-03-20'), '2021-04-01') AS c;
ROLLBACK;

BEGIN;
SELECT credential.issue_ticket('3f2504e0-4f89-41d3-9a0c-0305e82c3301', 'arrival', '[2021-04-01 09:00+09,2021-04-15 09:00+09)', 'NRT', '2021-03-20') AS ticket \gset
\echo -- what is no ticket
SELECT t.code, c.valid, c.reason
FROM (VALUES (NULL), (''), ('OBT1'), ('OBT1:'), ('OBT1:BB8'), ('OBT2:BB8'), ('obt1:BB8'), ('HC1:NCF'), ('OBT1:' || repeat('0', 10000)), ('検疫'), ('OBT1:検疫'), (E'\x01')) AS t (code)
CROSS JOIN LATERAL credential.check_ticket(t.code, '2021-04-02') AS c
WHERE length(t.code) < 100 OR c.valid OR c.reason <> 'damaged' OR t.code IS NULL;

\echo -- cut anywhere, or with any bit changed: never valid, and never anything told of it
-- (a signature that is cut may be no base45, or bytes that sign nothing: that depends on the key)
SELECT CASE WHEN c.reason = ANY ('{damaged,forged}'::text[]) THEN 'damaged or forged' ELSE c.reason END AS reason, c.ticket IS NULL AS silent, count(*)
FROM generate_series(0, length(:'ticket') - 1) AS n
CROSS JOIN LATERAL credential.check_ticket(left(:'ticket', n), '2021-04-02') AS c
GROUP BY 1, 2
ORDER BY 1;
SELECT n.part, string_agg(DISTINCT n.reason, ', ' ORDER BY n.reason) AS reasons, bool_and(n.silent) AS silent, count(*) AS bits
FROM (
	SELECT CASE WHEN bit < 8 THEN 'version' WHEN bit < 72 THEN 'kid' WHEN bit < 272 THEN 'head' WHEN bit < 296 THEN 'place' ELSE 'signature' END AS part,
		coalesce(c.reason, 'VALID') AS reason, c.ticket IS NULL AS silent
	FROM (SELECT outbreak.base45_decode(substr(:'ticket', 6)) AS bytes) AS p
	CROSS JOIN LATERAL generate_series(0, 8 * length(p.bytes) - 1) AS bit
	CROSS JOIN LATERAL credential.check_ticket('OBT1:' || outbreak.base45_encode(set_bit(p.bytes, bit, 1 - get_bit(p.bytes, bit))), '2021-04-02') AS c
) AS n
GROUP BY n.part
ORDER BY n.part COLLATE "C";

\echo -- signed with a key that is not ours, and with one that only claims to be ours
\set private `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 2>/dev/null | openssl pkcs8 -topk8 -nocrypt -outform DER 2>/dev/null | base64 -w 0`
SELECT what, c.valid, c.reason, c.ticket
FROM (VALUES ('foreign', '\x0102030405060708'::bytea), ('forged', outbreak.ticket_kid(:'ticket'))) AS f (what, kid)
CROSS JOIN LATERAL credential.check_ticket(outbreak.ticket_sign('3f2504e0-4f89-41d3-9a0c-0305e82c3301', 1::smallint, '2021-04-01', '2021-04-15', 'NRT', f.kid, decode(:'private', 'base64')), '2021-04-02') AS c;

\echo -- one ticket is revoked, its neighbour is not
SELECT credential.issue_ticket('3f2504e0-4f89-41d3-9a0c-0305e82c3309', 'companion', '[2021-04-01 09:00+09,2021-04-15 09:00+09)', 'NRT', '2021-03-20') AS neighbour \gset
SELECT credential.revoke_ticket('3f2504e0-4f89-41d3-9a0c-0305e82c3301', 'lost and reissued', '2021-04-03') AS revoked, credential.revoke_ticket('3f2504e0-4f89-41d3-9a0c-0305e82c3301', 'again', '2021-04-04') AS again;
SELECT t.at, t.who, c.valid, c.reason, c.kind
FROM (VALUES (1, timestamptz '2021-04-02', 'ticket', :'ticket'), (2, '2021-04-03', 'ticket', :'ticket'), (3, '2021-04-03', 'neighbour', :'neighbour')) AS t (position, at, who, code)
CROSS JOIN LATERAL credential.check_ticket(t.code, t.at) AS c
ORDER BY t.position;

\echo -- the key is revoked: nothing that it signed counts, and the next ticket has another one
SELECT credential.revoke_key(outbreak.ticket_kid(:'ticket'), 'the server was broken into', '2021-04-05') AS revoked, credential.revoke_key(outbreak.ticket_kid(:'ticket'), 'again', '2021-04-06') AS again;
SELECT t.at, c.valid, c.reason
FROM (VALUES (timestamptz '2021-04-04'), ('2021-04-05')) AS t (at)
CROSS JOIN LATERAL credential.check_ticket(:'neighbour', t.at) AS c
ORDER BY t.at;
SELECT v.valid, v.reason FROM outbreak.ticket_verify(:'neighbour', credential.ticket_trust('2021-04-06'), '2021-04-06') AS v;
SELECT credential.issue_ticket('3f2504e0-4f89-41d3-9a0c-0305e82c3310', 'arrival', '[2021-04-06,2021-04-07)', 'KIX', '2021-04-06') AS after \gset
SELECT outbreak.ticket_kid(:'after') <> outbreak.ticket_kid(:'ticket') AS another_key, c.valid FROM credential.check_ticket(:'after', '2021-04-06') AS c;
SELECT jsonb_array_length(credential.rotate_keys('2021-04-06 01:00+09') -> 'destroyed') AS destroyed,
	(SELECT k.sealed_key IS NULL AND k.destroyed_at = '2021-04-06 00:00+09' FROM credential.signing_key AS k WHERE k.kid = outbreak.ticket_kid(:'ticket')) AS private_part_is_gone;
ROLLBACK;

\echo -- what is refused to be signed
SELECT credential.issue_ticket('3f2504e0-4f89-41d3-9a0c-0305e82c3301', 'visitor', '[2021-04-01,2021-04-15)', 'NRT', '2021-03-20');
SELECT credential.issue_ticket('3f2504e0-4f89-41d3-9a0c-0305e82c3301', 'arrival', '[2021-04-01,)', 'NRT', '2021-03-20');
SELECT credential.issue_ticket('3f2504e0-4f89-41d3-9a0c-0305e82c3301', 'arrival', 'empty', 'NRT', '2021-03-20');
SELECT credential.issue_ticket('3f2504e0-4f89-41d3-9a0c-0305e82c3301', 'arrival', '[2021-04-01,2021-06-01)', 'NRT', '2021-03-20');
SELECT credential.issue_ticket(NULL, 'arrival', '[2021-04-01,2021-04-15)', 'NRT', '2021-03-20');
SELECT credential.issue_ticket('3f2504e0-4f89-41d3-9a0c-0305e82c3301', 'arrival', '[2021-04-01,2021-04-15)', 'NRT T1', '2021-03-20');
SELECT credential.issue_ticket('3f2504e0-4f89-41d3-9a0c-0305e82c3301', 'arrival', '[2021-04-01,2021-04-15)', repeat('X', 33), '2021-03-20');
SELECT outbreak.ticket_sign('3f2504e0-4f89-41d3-9a0c-0305e82c3301', 256::smallint, '2021-04-01', '2021-04-15', 'NRT', '\x0102030405060708', '\x');
SELECT outbreak.ticket_sign('3f2504e0-4f89-41d3-9a0c-0305e82c3301', 1::smallint, '2021-04-01', '2021-04-15', 'NRT', '\x01020304050607', '\x');
SELECT outbreak.ticket_sign('3f2504e0-4f89-41d3-9a0c-0305e82c3301', 1::smallint, '2021-04-01', '2107-04-15', 'NRT', '\x0102030405060708', '\x');
SELECT outbreak.ticket_sign('3f2504e0-4f89-41d3-9a0c-0305e82c3301', 1::smallint, '2021-04-01', '2021-04-15', 'NRT', '\x0102030405060708', '\x5ec4e7');
SELECT credential.revoke_ticket(NULL, 'why');
SELECT credential.revoke_ticket('3f2504e0-4f89-41d3-9a0c-0305e82c3301', ' ');
SELECT credential.revoke_key('\x00', 'why');
SELECT credential.revoke_key('\x00', NULL);
\set VERBOSITY sqlstate
SELECT credential.issue_ticket('3f2504e0-4f89-41d3-9a0c-0305e82c3301', 'visitor', '[2021-04-01,2021-04-15)', 'NRT', '2021-03-20');
SELECT outbreak.ticket_sign('3f2504e0-4f89-41d3-9a0c-0305e82c3301', 1::smallint, '2021-04-01', '2021-04-15', 'NRT', '\x0102030405060708', '\x5ec4e7');
SELECT credential.revoke_key('\x00', 'why');
SELECT credential.revoke_key('\x00', NULL);
