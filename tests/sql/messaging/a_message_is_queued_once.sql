-- Sending queues: the same person, day and kind is one message; what cannot be sent is refused when it is queued; what has
-- not gone can be withdrawn.
BEGIN;
\getenv srcdir PG_ABS_SRCDIR
\set world :srcdir /sql/messaging/world.inc
\set ECHO none
\i :world
\set ECHO all
SELECT messaging.send(pg_temp.person(1), 'health', 't.ask', '{"slot": 1}', :day) = outbreak.message_key(pg_temp.person(1), :day, 'health') AS its_key;
SELECT messaging.send(pg_temp.person(1), 'health', 't.ask', '{"slot": 2}', :day, priority => 1::smallint) = outbreak.message_key(pg_temp.person(1), :day, 'health') AS same_key;
SELECT count(*), min(parameters ->> 'slot') AS slot, min(priority) AS priority FROM messaging.message WHERE day = :day;
-- by the channel that is preferred, by another when it is named, and then by no other
SELECT messaging.send(pg_temp.person(1), 'sms', 't.plain', day => :day, channel => 'sms') IS NOT NULL AS sms, messaging.set_contact(pg_temp.person(2), 'sms', '+819000000002', preference => 1::smallint) IS NULL,
	messaging.set_contact(pg_temp.person(2), 'line', pg_temp.user_id(2), preference => 2::smallint) IS NULL, messaging.send(pg_temp.person(2), 'any', 't.plain', day => :day) IS NOT NULL AS preferred \g /dev/null
SELECT kind, channel, fixed, prefecture, state FROM messaging.message WHERE day = :day ORDER BY kind COLLATE "C";
SELECT messaging.send(pg_temp.person(3), 'today', 't.plain') IS NOT NULL AS sent;
SELECT day = outbreak.local_date() AS today, next_at = now() AS at_once FROM messaging.message WHERE kind = 'today';
-- ---- refused
SELECT pg_temp.tries(format('SELECT messaging.send(pg_temp.person(1), ''x'', %s)', a)) AS answer
FROM unnest(ARRAY['''t.nothing''', '''t.ask''', '''t.ask'', ''{"slot": null}''', '''t.plain'', ''[]''', '''t.plain'', channel => ''fax''', '''t.plain'', priority => 0::smallint',
	'''t.plain'', not_before => ''2021-02-10 12:00+09'', expires_at => ''2021-02-10 12:00+09''', '''t.plain'', day => ''infinity''']) AS a;
SELECT pg_temp.tries('SELECT messaging.send(pg_temp.person(99), ''x'', ''t.plain'')') AS nobody;
SELECT pg_temp.tries('SELECT messaging.send(pg_temp.person(1), '''', ''t.plain'')') AS no_kind;
-- ---- in one statement
INSERT INTO messaging.message (day, key, person, prefecture, kind, template)
SELECT :day, outbreak.message_key(pg_temp.person(n), :day, 'bulk'), pg_temp.person(n), 13, 'bulk', 't.plain' FROM generate_series(1, 40) AS n ON CONFLICT (day, key) DO NOTHING;
INSERT INTO messaging.message (day, key, person, prefecture, kind, template)
SELECT :day, outbreak.message_key(pg_temp.person(n), :day, 'bulk'), pg_temp.person(n), 13, 'bulk', 't.plain' FROM generate_series(1, 45) AS n ON CONFLICT (day, key) DO NOTHING;
SELECT count(*), count(DISTINCT key) FROM messaging.message WHERE kind = 'bulk';
-- ---- withdrawn
SELECT messaging.withdraw(:day, outbreak.message_key(pg_temp.person(1), :day, 'bulk'), '訂正') AS first, messaging.withdraw(:day, outbreak.message_key(pg_temp.person(1), :day, 'bulk'), '訂正') AS again, messaging.withdraw(:day, gen_random_uuid(), '訂正') AS unknown;
SELECT state, reason, next_at, ended_at = now() AS ended FROM messaging.message WHERE key = outbreak.message_key(pg_temp.person(1), :day, 'bulk');
SELECT pg_temp.tries('SELECT messaging.withdraw(''2021-02-10'', gen_random_uuid(), '' '')') AS without_reason;
-- a withdrawn message stays withdrawn when it is queued again
SELECT messaging.send(pg_temp.person(1), 'bulk', 't.plain', day => :day) IS NOT NULL AS sent_again;
SELECT state FROM messaging.message WHERE key = outbreak.message_key(pg_temp.person(1), :day, 'bulk');
-- ---- contacts
SELECT pg_temp.tries(format('SELECT messaging.set_contact(pg_temp.person(1), %s)', a)) AS answer
FROM unnest(ARRAY['''line'', ''U123''', '''sms'', ''090-1234-5678''', '''mail'', ''no mail''', '''mail'', ''a@b'', quiet_from => ''22:00''', '''mail'', ''a@b'', time_zone => ''Mars''', '''fax'', ''1''', '''mail'', NULL', '''mail'', ''taro@example.jp''']) AS a;
SELECT messaging.opt_out(pg_temp.person(1)) AS channels, messaging.opt_out(pg_temp.person(1)) AS again;
SELECT messaging.set_contact(pg_temp.person(1), 'mail', 'hanako@example.jp') IS NOT NULL AS set, (SELECT state FROM messaging.contact WHERE person = pg_temp.person(1) AND channel = 'mail') AS stays;
SELECT messaging.opt_in(pg_temp.person(1), 'mail') AS back, messaging.opt_in(pg_temp.person(1), 'mail') AS again;
-- no address stands anywhere in clear
SELECT count(*) AS rows, count(*) FILTER (WHERE c::text ~ 'example|8190|U[0-9a-f]{32}') AS clear FROM messaging.contact AS c WHERE person = ANY (ARRAY[pg_temp.person(1), pg_temp.person(2)]);
ROLLBACK;
