-- What follows when no answer comes: a reminder, another channel, the call list, notice to the prefecture, each once, by the
-- times of the plan, however often and late the job runs; and nothing of it for whoever answered.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
SET timezone = 'Asia/Tokyo';
\set VERBOSITY terse
\getenv srcdir PG_ABS_SRCDIR
\set world :srcdir /sql/followup/world.inc
\set ECHO none
\i :world
\set ECHO all
CREATE VIEW steps AS SELECT who(person), day, prompt, n, step, taken_at, message_key IS NOT NULL AS message FROM followup.escalation;
CREATE VIEW calls AS SELECT who(person), who(responder) AS call_whom, health_center, day, reason, priority, state, attempts, outcome FROM followup.call;
CREATE FUNCTION key(n integer, d date, suffix text DEFAULT '') RETURNS uuid LANGUAGE SQL RETURN outbreak.message_key(p(n), d, 'health.1' || suffix);
-- 1 answers, 2 (a child, mother 1) not, 4 has no contact but LINE, 5 has mail besides, of 6 the first message bounces
INSERT INTO messaging.contact (person, channel, address, preference, prefecture)
SELECT p(c.n), c.channel, outbreak.seal(c.address, c.channel, p(c.n)), c.preference, 13
FROM (VALUES (1, 'line', 'U0000000000000000000000000000091a1', 1), (4, 'line', 'U0000000000000000000000000000091a4', 1), (5, 'line', 'U0000000000000000000000000000091a5', 1), (5, 'mail', 'p5@example.jp', 2), (6, 'line', 'U0000000000000000000000000000091a6', 1), (6, 'sms', '09000000006', 2)) AS c (n, channel, address, preference);
SELECT count(followup.enrol(p(n), 'arrival', '2020-12-01', as_of => '2020-12-01 15:00+09')) FROM unnest('{1,4,5,6}'::integer[]) AS n;
SELECT followup.enrol(p(2), 'arrival', '2020-12-01', responder => p(1), as_of => '2020-12-01 15:00+09') > 0 AS child;
SELECT accepted('2020-12-02', key(n, '2020-12-02'), '2020-12-02 11:00:03+09') FROM unnest('{1,4,5,6}'::integer[]) AS n;
SELECT messaging.bounce('2020-12-02', key(6, '2020-12-02'), 'unreachable', '2020-12-02 11:20+09');
SELECT followup.take_answer(p(1), 'health', '{"fever": false, "any_symptom": false}', as_of => '2020-12-02 11:30+09') ->> 'state' AS answered;
-- asked at 11:00, due at 14:00; reminder after 2 hours, another channel after 3, call after 4
SELECT followup.escalate('2020-12-02 10:59+09') AS before, followup.escalate('2020-12-02 12:59+09') AS bounced_only;
SELECT * FROM steps ORDER BY 1, 4;
SELECT who(person), kind, template, channel, fixed, expires_at FROM messaging.message WHERE kind LIKE 'health.1.%' ORDER BY 1, 2;
SELECT followup.escalate('2020-12-02 13:00+09') AS reminds, followup.escalate('2020-12-02 13:05+09') AS again;
SELECT who(person), kind, channel, expires_at FROM messaging.message WHERE kind = 'health.1.remind' ORDER BY 1;
SELECT followup.escalate('2020-12-02 14:00+09') AS deadline;
SELECT who(person), state, reason FROM followup.slot WHERE day = '2020-12-02' ORDER BY 1;
SELECT who(person), kind, channel, fixed FROM messaging.message WHERE kind = 'health.1.second' ORDER BY 1;
SELECT followup.escalate('2020-12-02 15:00+09') AS calls, followup.escalate('2020-12-02 15:05+09') AS again;
SELECT * FROM calls ORDER BY 1;
-- an answer takes the person off the list, and 4 days of silence reach the prefecture; the one whose messages never arrived is told apart
SELECT followup.take_answer(p(4), 'health', '{"fever": false}', as_of => '2020-12-02 16:00+09') -> 'late' AS late;
SELECT who, state FROM calls WHERE who = 'p4';
SELECT followup.escalate('2020-12-06 10:59+09') -> 'notified' AS not_yet, followup.escalate('2020-12-06 11:00+09') -> 'notified' AS four_days, followup.escalate('2020-12-06 11:05+09') -> 'notified' AS again;
SELECT who(person), reason, day, prefecture, health_center, made_at FROM followup.notification ORDER BY 1;
SELECT * FROM steps WHERE step = 'notify' ORDER BY 1;
-- a day late it takes the steps that still make sense: no reminder of what is over
SELECT followup.plan_day('2020-12-07', '2020-12-06 18:00+09') -> 'messages' AS messages;
SELECT accepted('2020-12-07', key(n, '2020-12-07'), '2020-12-07 11:00:03+09') FROM unnest('{1,4,5}'::integer[]) AS n;
SELECT followup.escalate('2020-12-08 13:00+09') AS a_day_late;
SELECT who, step FROM steps WHERE day = '2020-12-07' ORDER BY 1, 2;
-- calls: tried twice, then reached; whoever calls enters the answer
SELECT call AS c FROM followup.call WHERE person = p(5) AND state = 'open' \gset
SELECT followup.note_call(:c, 'no_answer', '2020-12-08 14:00+09'), followup.note_call(:c, 'answered', '2020-12-08 14:20+09');
SELECT who, state, attempts, outcome FROM calls WHERE who = 'p5';
SELECT refusal(format('followup.note_call(%s, ''answered'')', :c)) AS off_the_list, refusal('followup.note_call(-1, ''answered'')') AS nothing;
SELECT call AS c FROM followup.call WHERE person = p(6) AND state = 'open' \gset
SELECT refusal(format('followup.note_call(%s, ''mumbled'')', :c)) LIKE '23514%' AS no_outcome;
-- the end of a stay ends its calls
SELECT followup.close(stay(6), 'lost', 'never reached', '2020-12-08 15:00+09');
SELECT who, state FROM calls WHERE who = 'p6';
SELECT refusal('followup.handle_alert(-1, ''called'')') AS no_alert, refusal('followup.handle_alert(1, '' '')') AS no_outcome, refusal('followup.note_notification(-1)') AS no_notification;
ROLLBACK;
