-- The lists and figures of those who call: most urgent first, our failures never counted against anybody, and how much
-- work is to be expected.
SET client_min_messages = warning;
SET timezone = 'Asia/Tokyo';
SET datestyle = 'ISO, YMD';
BEGIN;
\set ON_ERROR_ROLLBACK on
\set VERBOSITY terse
\getenv srcdir PG_ABS_SRCDIR
\set world :srcdir /sql/followup/world.inc
\set ECHO none
\i :world
\set ECHO all
\pset format unaligned
\pset tuples_only on
-- p1 to p4 in Tokyo and p5 in Osaka, all contacts of 10 January, asked once a day
SELECT count(followup.enrol(p(n), 'contact', '2021-01-10', as_of => '2021-01-10 18:00+09')) FROM generate_series(1, 5) AS n;
SELECT count(accepted(s.day, s.message_key, s.opens_at)) FROM followup.slot AS s WHERE s.day <= '2021-01-15' AND s.person <> p(4);
-- p1 answers in time, p2 late, p3 not at all, of p4 our messages did not arrive, p5 not at all
UPDATE followup.slot SET state = 'answered', answered_at = opens_at + interval '1 hour', channel = 'line' WHERE person = p(1) AND day <= '2021-01-15';
UPDATE followup.slot SET state = 'answered', answered_at = due_at + interval '1 hour', channel = CASE WHEN day < '2021-01-13' THEN 'web' ELSE 'call' END WHERE person = p(2) AND day <= '2021-01-15';
UPDATE followup.enrolment SET last_answer_at = '2021-01-15 13:00+09' WHERE person IN (p(1), p(2));
UPDATE followup.slot SET state = 'missed', evidence = true WHERE person IN (p(3), p(5)) AND day <= '2021-01-15';
UPDATE followup.slot SET state = 'undelivered', reason = 'no_contact' WHERE person = p(4) AND day <= '2021-01-15';
INSERT INTO followup.call (enrolment, person, responder, prefecture, health_center, day, reason, priority, made_at, attempts, last_attempt_at)
VALUES (stay(3), p(3), p(3), 13, 9131, '2021-01-11', 'missed', 5, '2021-01-11 13:00+09', 2, '2021-01-12 13:00+09'),
	(stay(4), p(4), p(4), 13, 9131, '2021-01-11', 'undelivered', 5, '2021-01-11 14:00+09', 0, NULL),
	(stay(1), p(1), p(1), 13, 9131, '2021-01-15', 'alert', 2, '2021-01-15 09:30+09', 0, NULL),
	(stay(5), p(5), p(5), 27, 9271, '2021-01-11', 'missed', 5, '2021-01-11 13:00+09', 0, NULL);
INSERT INTO followup.alert (enrolment, person, prefecture, health_center, day, prompt, n, measure, level, value, threshold, raised_at)
VALUES (stay(1), p(1), 13, 9131, '2021-01-15', 'health', 1, 'spo2', 'emergency', 92, 1, '2021-01-15 09:30+09');

\echo == the call list of a health centre: the emergency, then who was tried least
SELECT who(person), day, reason, alert_level, waiting, attempts, last_answer_at, missed, undelivered FROM followup.call_list(9131, '2021-01-15 18:00+09');
\echo == reply rates by day: an answer too late is one; what did not arrive counts against nobody
SELECT * FROM followup.compliance('2021-01-14', '2021-01-15');
SELECT day, expected, answered, missed, undelivered, rate FROM followup.compliance('2021-01-15', '2021-01-15', 9131);
\echo == and by channel
SELECT * FROM followup.compliance_by_channel('2021-01-11', '2021-01-13') ORDER BY day, channel;
\echo == silent for four days; p4 is our failure, and so stands after p3
SELECT who(person), prefecture, plan, silent_days, missed, undelivered FROM followup.silent(4, NULL, '2021-01-15 18:00+09');
SELECT count(*) FROM followup.silent(4, NULL, '2021-01-13 18:00+09');
\echo == published (facts 1.4): in May 2021 some 5,050 of 22,600 did not reply, here 101 of 452
INSERT INTO messaging.acceptance (day, key, prefecture, accepted_at) SELECT '2021-05-15', outbreak.message_key(p(1), '2021-05-15', 'f' || n), 13, '2021-05-15 11:00+09' FROM generate_series(1, 452) AS n;
INSERT INTO followup.slot (day, enrolment, prompt, n, prefecture, opens_at, due_at, answered_at, person, responder, message_key, state, evidence)
SELECT '2021-05-15', 900000 + n, 'health', 1, 13, '2021-05-15 11:00+09', '2021-05-15 14:00+09', CASE WHEN n > 101 THEN '2021-05-15 12:00+09'::timestamptz END, p(1), p(1),
	outbreak.message_key(p(1), '2021-05-15', 'f' || n), CASE WHEN n > 101 THEN 'answered' ELSE 'missed' END, CASE WHEN n <= 101 THEN true END
FROM generate_series(1, 452) AS n;
SELECT expected, answered, missed, rate FROM followup.compliance('2021-05-15', '2021-05-15');

\echo == what to expect: those known, and who will come
SELECT * FROM followup.workload(9131, '2021-01-16', 3, new_a_day => 0);
SELECT day, in_follow_up, of_them_new FROM followup.workload(9131, '2021-01-16', 3, new_a_day => 10);
-- the stay ends on the 24th
SELECT day, in_follow_up FROM followup.workload(9131, '2021-01-24', 2, new_a_day => 0);
-- without a past there is nothing to expect but those known
SELECT day, in_follow_up, calls FROM followup.workload(9271, '2020-06-01', 1);

\echo == a health centre sees its own
SET LOCAL ROLE outbreak_health_center;
SELECT count(*) FROM followup.call_list(NULL, '2021-01-15 18:00+09');
RESET ROLE;
ROLLBACK;
