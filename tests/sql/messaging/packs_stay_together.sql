-- Messages of the same text share a request, of up to as many as the endpoint takes; a retry repeats the same pack under the
-- same key without leaving anybody out, and a pack that is refused falls apart into single messages.
BEGIN;
\getenv srcdir PG_ABS_SRCDIR
\set world :srcdir /sql/messaging/world.inc
\set ECHO none
\i :world
UPDATE messaging.endpoint SET pack = 4 WHERE endpoint = 'line';
SELECT count(pg_temp.queue(n)) FROM generate_series(20, 29) AS n \g /dev/null
SELECT count(messaging.set_contact(pg_temp.person(n), 'line', pg_temp.user_id(n), 'en')) FROM generate_series(30, 31) AS n \g /dev/null
SELECT count(pg_temp.queue(n, 'q', 't.ask')) FROM generate_series(30, 32) AS n \g /dev/null
CREATE TEMP TABLE taken AS SELECT * FROM messaging.claim('line', 100, '1 min', :noon);
\set ECHO all
-- ten of one text make packs of 4, 4 and 2; two in English make one; one in Japanese goes alone
SELECT members, body FROM (SELECT count(*) AS members, min(body) AS body, pack FROM taken GROUP BY pack) AS x ORDER BY body COLLATE "C", members;
SELECT bool_and(pack = (SELECT outbreak.pack_key(array_agg(o.key)) FROM taken AS o WHERE o.pack = t.pack)) AS key_of_their_keys FROM taken AS t WHERE pack IS NOT NULL;
SELECT members, attempts, next_at, ended_at FROM messaging.pack ORDER BY members;
-- ---- the answer is lost: the lease ends, all come again under the same key
SELECT count(*) AS too_early FROM messaging.claim('line', 100, '1 min', '2021-02-10 12:00:59+09');
SELECT messaging.withdraw(:day, (SELECT min(key::text)::uuid FROM taken WHERE pack = (SELECT pack FROM messaging.pack WHERE members = 2 AND pack IN (SELECT pack FROM taken WHERE body = 'お知らせ'))), '訂正') AS withdrawn;
CREATE TEMP TABLE again AS SELECT * FROM messaging.claim('line', 100, '1 min', '2021-02-10 12:01+09');
SELECT count(*) AS taken_again, count(*) FILTER (WHERE t.pack IS NOT DISTINCT FROM a.pack) AS in_the_same_pack, count(*) FILTER (WHERE a.attempt = 2) AS second_try FROM again AS a JOIN taken AS t USING (day, key);
SELECT count(*) AS left_out FROM taken AS t WHERE NOT EXISTS (SELECT FROM again AS a WHERE a.key = t.key);
ROLLBACK;
BEGIN;
\set ECHO none
\i :world
UPDATE messaging.endpoint SET pack = 4 WHERE endpoint = 'line';
SELECT count(pg_temp.queue(n)) FROM generate_series(20, 27) AS n \g /dev/null
CREATE TEMP TABLE taken AS SELECT * FROM messaging.claim('line', 100, '1 min', :noon);
\set ECHO all
SELECT count(*) FROM messaging.claim('line', 1, '1 min', '2021-02-10 12:02+09');
SELECT count(*) FROM messaging.claim('line', 1, '1 min', '2021-02-10 12:02+09');
SELECT count(*) FROM messaging.claim('line', 1, '1 min', '2021-02-10 12:02+09');
-- ---- refused as a whole: one recipient may be wrong, so each goes alone
SELECT messaging.record_results('line', array_agg(day), array_agg(key), array_agg('2021-02-10 12:02+09'::timestamptz), array_agg(20), array_agg('unpacked'::text), array_agg(400::smallint), array_agg(NULL::text), array_agg('400: bad'::text), array_agg(NULL::timestamptz), '2021-02-10 12:02:01+09') AS accepted
FROM taken WHERE pack = (SELECT min(pack::text)::uuid FROM taken);
SELECT count(*) AS alone, count(pack) AS packed FROM messaging.claim('line', 100, '1 min', '2021-02-10 12:02:01+09');
SELECT count(*) AS ended FROM messaging.pack WHERE ended_at IS NOT NULL;
-- ---- accepted as a whole
SELECT messaging.record_results('line', array_agg(day), array_agg(key), array_agg('2021-02-10 12:02+09'::timestamptz), array_agg(20), array_agg('repeated'::text), array_agg(409::smallint), array_agg('r-1'::text), array_agg(NULL::text), array_agg(NULL::timestamptz), '2021-02-10 12:02:01+09') AS accepted
FROM taken WHERE pack = (SELECT max(pack::text)::uuid FROM taken);
SELECT state, count(*) FROM messaging.message WHERE day = :day GROUP BY state ORDER BY state;
SELECT count(*) FROM messaging.acceptance WHERE day = :day AND stands;
-- ---- given up: everybody in it is parked
UPDATE messaging.pack SET ended_at = NULL, next_at = :noon, attempts = 12;
UPDATE messaging.message SET state = 'leased', next_at = :noon, pack = (SELECT min(pack::text)::uuid FROM messaging.pack) WHERE state <> 'accepted';
SELECT count(*) FROM messaging.claim('line', 100, '1 min', '2021-02-10 12:05+09');
SELECT state, count(*) FROM messaging.message WHERE day = :day GROUP BY state ORDER BY state;
ROLLBACK;
