-- A stay has all its slots from the beginning, each day is asked once however often it is planned, a household gets one
-- message for all, and whoever is exposed anew, becomes a case, moves, dies or is lost is asked nothing that is over.
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
CREATE VIEW slots AS SELECT who(person), plan, prompt, slot.state, count(*), min(day), max(day) FROM followup.slot JOIN followup.enrolment USING (enrolment, person) GROUP BY 1, 2, 3, 4;
CREATE VIEW messages AS SELECT day, who(person), kind, state, next_at, not_before, expires_at FROM messaging.message WHERE person::text LIKE '00000000-0000-4000-8000-0000000091%';
-- mother 1 with children 2 and 3, who are under 13 and show neither place nor face
SELECT followup.enrol(p(1), 'arrival', '2021-08-01', basis => '{"flight": "JL001", "seat": "12A"}', as_of => '2021-08-01 15:00+09') AS e1 \gset
SELECT followup.enrol(p(2), 'arrival', '2021-08-01', responder => p(1), as_of => '2021-08-01 15:00+09') AS e2 \gset
SELECT followup.enrol(p(3), 'arrival', '2021-08-01', responder => p(1), as_of => '2021-08-01 15:01+09') AS e3 \gset
SELECT * FROM slots ORDER BY 1, 2, 3, 4;
SELECT day, who, kind, state, not_before, expires_at FROM messages ORDER BY 1, 3;
-- the same again is the same; an earlier day is no news
SELECT followup.enrol(p(1), 'arrival', '2021-08-01', as_of => '2021-08-01 16:00+09') = :e1 AS same, followup.enrol(p(1), 'arrival', '2021-07-30', as_of => '2021-08-01 16:00+09') = :e1 AS earlier;
-- the evening before: one message a question for three persons, in one go, once
SELECT followup.plan_day('2021-08-03', '2021-08-02 18:00+09'), followup.plan_day('2021-08-03', '2021-08-02 19:00+09') AS again;
SELECT day, who, kind, state, not_before, expires_at FROM messages WHERE day = '2021-08-03' ORDER BY 1, 3;
SELECT count(*) FILTER (WHERE m.key IS NULL) AS without_message, count(*) FROM followup.slot AS s LEFT JOIN messaging.message AS m ON m.day = s.day AND m.key = s.message_key WHERE s.day <= '2021-08-03';
-- the job plans every day that it is somewhere
SELECT followup.plan_days('2021-08-03 18:00+09') AS planned, followup.plan_days('2021-08-03 18:10+09') AS again;
-- slots that a stay has not got are made by planning, and those whose time is over are not
DELETE FROM followup.slot WHERE day = '2021-08-06';
SELECT followup.plan_day('2021-08-06', '2021-08-06 13:00+09') -> 'slots' > '0' AS made;
SELECT prompt, count(*), bool_and(due_at > '2021-08-06 13:00+09') AS still_open FROM followup.slot WHERE day = '2021-08-06' GROUP BY 1 ORDER BY 1;
-- a contact with a case on the 4th, met again on the 9th: the days are counted anew, the old ones up to then stay
SELECT followup.enrol(p(5), 'contact', '2021-08-04', as_of => '2021-08-05 10:00+09') AS c1 \gset
SELECT followup.plan_day('2021-08-06', '2021-08-05 18:00+09') ->> 'messages' AS messages;
SELECT followup.take_answer(p(5), 'health', '{"fever": false, "any_symptom": false}', as_of => '2021-08-06 08:30+09') - 'alerts' AS answered;
SELECT followup.enrol(p(5), 'contact', '2021-08-09', as_of => '2021-08-10 07:00+09') AS c2 \gset
SELECT e.enrolment = :c1 AS first, e.former = :c1 AS follows, e.state, e.reason, e.day0, e.until, count(s.day), count(*) FILTER (WHERE s.state = 'cancelled') AS cancelled, min(s.day) FILTER (WHERE s.state <> 'cancelled'), max(s.day) FILTER (WHERE s.state <> 'cancelled')
FROM followup.enrolment AS e JOIN followup.slot AS s USING (enrolment) WHERE e.person = p(5) GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY e.day0;
-- becomes a case on the 11th: nothing of the contact's is asked any more, the history stays
SELECT followup.set_place_of_stay(:c2, 34.69, 135.50);
SELECT followup.convert(:c2, 'patient', '2021-08-11', basis => '{"test": "pcr"}', as_of => '2021-08-11 12:30+09') AS c3 \gset
SELECT followup.convert(:c2, 'patient', '2021-08-11', as_of => '2021-08-11 12:31+09') = :c3 AS again;
SELECT plan, state, reason, former = :c2 AS follows, basis FROM followup.enrolment WHERE enrolment IN (:c2, :c3) ORDER BY enrolment;
SELECT * FROM slots WHERE who = 'p5' ORDER BY 2, 3, 4;
SELECT count(*) AS both_ask FROM followup.slot WHERE person = p(5) AND day > '2021-08-11' AND state <> 'cancelled' GROUP BY day, n HAVING count(*) > 1;
SELECT enrolment = :c3 AS of_the_patient, radius_m FROM followup.place_of_stay WHERE person = p(5) AND leaves_on IS NULL;
SELECT refusal(format('followup.convert(%s, ''patient'', ''2021-08-12'')', :c3)) AS same_plan, refusal('followup.convert(-1, ''patient'', ''2021-08-12'')') AS nothing;
-- the messages of a household stay as long as one of it is asked
SELECT followup.plan_day('2021-08-07', '2021-08-06 18:00+09') ->> 'messages' AS messages;
SELECT followup.close(:e1, 'lost', 'phone is off', '2021-08-07 12:00+09') AS closed, followup.close(:e1, 'died', NULL, '2021-08-07 12:05+09') AS again;
SELECT state, reason, closed_at FROM followup.enrolment WHERE enrolment = :e1;
SELECT kind, state FROM messages WHERE day = '2021-08-07' ORDER BY 1;
SELECT followup.close(:e2, 'cancelled', NULL, '2021-08-07 12:10+09'), followup.close(:e3, 'cancelled', NULL, '2021-08-07 12:10+09');
SELECT kind, state, next_at IS NULL AS idle FROM messages WHERE day = '2021-08-07' ORDER BY 1;
SELECT count(*) AS to_come FROM followup.slot WHERE person IN (p(1), p(2), p(3)) AND state = 'awaited' AND due_at > '2021-08-07 12:10+09';
SELECT refusal('followup.close(-1, ''lost'')') AS nothing, refusal(format('followup.close(%s, ''gone'')', :e1)) AS no_state;
-- moves from Osaka to Tokyo: what is to come is Tokyo's
SELECT followup.move(:c3, 9131, '2021-08-13 09:00+09');
SELECT health_center, prefecture, min(day), max(day) FROM followup.slot WHERE person = p(5) AND state <> 'cancelled' GROUP BY 1, 2 ORDER BY 1 DESC;
SELECT e.health_center, e.prefecture, p.health_center, p.prefecture FROM followup.enrolment AS e JOIN registry.person AS p USING (person) WHERE e.enrolment = :c3;
SELECT refusal(format('followup.move(%s, -5)', :c3)) AS no_center, refusal('followup.move(-1, 9131)') AS nothing, refusal(format('followup.move(%s, 9131)', :e1)) AS ended;
-- a stay that is cut short and then lengthened again asks again
SELECT followup.cancel_slots(ARRAY[:c3], '2021-08-14', 'shortened', '2021-08-13 10:00+09') > 0 AS cancelled, followup.cancel_slots(ARRAY[:c3], '2021-08-14', 'shortened', '2021-08-13 10:00+09') AS again;
SELECT followup.make_slots(ARRAY[:c3], '2021-08-13', '2021-08-13 11:00+09') > 0 AS made, followup.make_slots(ARRAY[:c3], '2021-08-13', '2021-08-13 11:00+09') AS again;
SELECT state, count(*) FROM followup.slot WHERE enrolment = :c3 AND day > '2021-08-14' GROUP BY 1;
-- one open stay of a person in a plan, whoever writes
INSERT INTO followup.enrolment (person, responder, plan, class, time_zone, day0, until, prefecture, opened_at) VALUES (p(5), p(5), 'patient', 'symptomatic', 'Asia/Tokyo', '2021-08-20', '2021-08-30', 13, now());
ROLLBACK;
