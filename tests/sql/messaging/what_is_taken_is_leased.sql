-- The worker takes what is due, first things first, and each message for one worker at a time; what cannot go is decided
-- then: other channel, too late, parked, nobody to send to, no text.
BEGIN;
\getenv srcdir PG_ABS_SRCDIR
\set world :srcdir /sql/messaging/world.inc
\set ECHO none
\i :world
SELECT pg_temp.queue(1, 'a', priority => 5), pg_temp.queue(2, 'a', priority => 1), pg_temp.queue(3, 'a', priority => 9), pg_temp.queue(4, 'a', 't.ask', at => '2021-02-10 12:00:01+09'), pg_temp.queue(5, 'a', at => '2021-02-10 11:00+09') \g /dev/null
\set ECHO all
-- two at a time: by priority, then by age; not before its time
SELECT pg_temp.whose(key) AS person, decision, attempt, body FROM messaging.claim('line', 2, '1 min', :noon) ORDER BY 1;
SELECT pg_temp.whose(key) AS person, decision FROM messaging.claim('line', 10, '1 min', :noon) ORDER BY 1;
SELECT count(*) AS nothing_more FROM messaging.claim('line', 10, '1 min', :noon);
SELECT pg_temp.whose(key) AS person, state, next_at, attempts, first_tried_at FROM messaging.message WHERE day = :day ORDER BY 1;
SELECT messaging.next_due('line') AS next_due, messaging.next_due('sms') AS next_of_sms;
-- with all that the request needs
SELECT pg_temp.whose(key) AS person, address = pg_temp.user_id(4) AS address, body, buttons, seconds_left FROM messaging.claim('line', 10, '1 min', '2021-02-10 12:00:01+09');
-- the lease of a lost worker ends, and the message comes again, under its key
SELECT pg_temp.whose(key) AS person, decision, attempt FROM messaging.claim('line', 10, '1 min', '2021-02-10 12:01+09') ORDER BY 1;
-- an endpoint that is not in use takes nothing
SELECT count(*) FROM messaging.claim('nothing', 10, '1 min', '2021-02-10 13:00+09');
DELETE FROM messaging.message;
-- ---- decisions
SELECT pg_temp.queue(1, 'late', expires => '2021-02-10 12:30+09'), pg_temp.queue(2, 'end of the next day'), pg_temp.queue(3, 'blocked'), pg_temp.queue(4, 'blocked and fixed', channel => 'line'), pg_temp.queue(9, 'no contact'), pg_temp.queue(10, 'opted out'), pg_temp.queue(11, 'poison'), pg_temp.queue(12, 'too long'), pg_temp.queue(13, 'no text'), pg_temp.queue(14, 'no parameter', 't.ask'), pg_temp.queue(15, 'forgotten'), pg_temp.queue(16, 'odd address'), pg_temp.queue(17, 'good') \g /dev/null
UPDATE messaging.contact SET state = 'blocked' WHERE channel = 'line' AND person = ANY (ARRAY[pg_temp.person(3), pg_temp.person(4)]);
UPDATE messaging.contact SET state = 'opted_out' WHERE person = pg_temp.person(10);
UPDATE messaging.message SET attempts = 12 WHERE kind = 'poison';
UPDATE messaging.message SET first_tried_at = '2021-02-09 12:00+09', attempts = 2 WHERE kind = 'too long';
UPDATE messaging.message SET template = 't.none' WHERE kind = 'no text';
UPDATE messaging.message SET parameters = '{}' WHERE kind = 'no parameter';
SELECT access.forget(pg_temp.person(15)) AS forgotten;
UPDATE messaging.contact SET address = outbreak.seal('nowhere', 'line', person) WHERE person = pg_temp.person(16);
SELECT pg_temp.whose(key) AS person, decision FROM messaging.claim('line', 100, '1 min', '2021-02-10 12:30+09') ORDER BY 1;
SELECT m.kind, m.state, m.channel, m.attempts, m.next_at, m.ended_at, m.reason FROM messaging.message AS m WHERE day = :day ORDER BY m.kind COLLATE "C";
-- the other channel takes over
SELECT pg_temp.whose(key) AS person, decision, address FROM messaging.claim('sms', 100, '1 min', '2021-02-10 12:30+09');
-- and the day after tomorrow is too late for what nobody gave an end
UPDATE messaging.message SET state = 'queued', next_at = :noon, attempts = 0, first_tried_at = NULL WHERE kind = 'end of the next day';
SELECT decision FROM messaging.claim('line', 100, '1 min', '2021-02-11 19:59:59+09') WHERE pg_temp.whose(key) = 2;
UPDATE messaging.message SET state = 'queued', next_at = :noon, attempts = 0, first_tried_at = NULL WHERE kind = 'end of the next day';
SELECT decision FROM messaging.claim('line', 100, '1 min', '2021-02-12 00:00+09') WHERE pg_temp.whose(key) = 2;
-- ---- a parked message goes on when somebody says so
SELECT messaging.resume(:day, outbreak.message_key(pg_temp.person(11), :day, 'poison'), '2021-02-12 09:00+09') AS resumed, messaging.resume(:day, outbreak.message_key(pg_temp.person(11), :day, 'poison'), '2021-02-12 09:00+09') AS again;
SELECT pg_temp.whose(key) AS person, decision, attempt FROM messaging.claim('line', 100, '1 min', '2021-02-12 09:00+09') WHERE pg_temp.whose(key) = 11;
ROLLBACK;
