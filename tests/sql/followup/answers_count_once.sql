-- An answer is taken once, in its time, by its rules: repeated ones change nothing, later ones replace it, late ones count as
-- late, too late ones are refused; a household answers with one word, by LINE too.
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
SELECT followup.enrol(p(1), 'arrival', '2021-08-05', as_of => '2021-08-05 10:00+09') > 0 AS mother, followup.enrol(p(2), 'arrival', '2021-08-05', responder => p(1), as_of => '2021-08-05 10:00+09') > 0 AS child,
	followup.enrol(p(5), 'contact', '2021-08-05', as_of => '2021-08-05 10:00+09') > 0 AS other;
SELECT count(followup.plan_day('2021-08-05'::date + n, '2021-08-05 18:00+09')) FROM generate_series(1, 3) AS n;
CREATE VIEW answers AS SELECT who(person), day, n, channel, fever, any_symptom, household_yes, temperature_c, answered_at FROM followup.health_answer;
-- before the message, in time, again, differently, late, too late
SELECT followup.take_answer(p(5), 'health', '{"fever": false}', as_of => '2021-08-06 06:00+09') AS before_the_message;
SELECT followup.take_answer(p(5), 'health', '{"fever": false}', as_of => '2021-08-06 09:00+09') AS again;
SELECT followup.take_answer(p(5), 'health', '{"fever": false, "temperature_c": 36.4}', as_of => '2021-08-06 09:05+09') AS more;
SELECT * FROM answers;
SELECT followup.take_answer(p(5), 'health', '{"fever": false}', '2021-08-07', as_of => '2021-08-07 20:00+09') - 'alerts' AS late;
SELECT refusal($$followup.take_answer(p(5), 'health', '{"fever": false}', '2021-08-06', as_of => '2021-08-07 12:00:01+09')$$) AS too_late;
SELECT refusal($$followup.take_answer(p(5), 'health', '{"fever": false}', '2021-08-08', as_of => '2021-08-07 21:00+09')$$) AS tomorrow;
-- told without being asked: in the night before the first day
SELECT followup.take_answer(p(1), 'health', '{"temperature_c": 38.9}', as_of => '2021-08-05 22:00+09') - 'alerts' AS unasked;
-- a random check cannot be answered before it is asked, nor what nobody asks
SELECT refusal($$followup.take_answer(p(1), 'location', '{"latitude": 35, "longitude": 139}', '2021-08-06', 1, as_of => '2021-08-06 08:59+09')$$) AS too_soon;
SELECT refusal($$followup.take_answer(p(5), 'location', '{"latitude": 35, "longitude": 139}', as_of => '2021-08-06 12:00+09')$$) AS not_asked;
SELECT refusal($$followup.take_answer(p(4), 'health', '{"fever": false}', as_of => '2021-08-06 12:00+09')$$) AS not_followed;
-- what an answer may say
SELECT refusal($$followup.take_answer(p(1), 'mood', '{}')$$), refusal($$followup.take_answer(p(1), 'health', '[]')$$), refusal($$followup.take_answer(p(1), 'health', '{}', as_of => '2021-08-06 12:00+09')$$);
SELECT refusal($$followup.take_answer(p(1), 'health', '{"blood_pressure": 120}', as_of => '2021-08-06 12:00+09')$$) AS unknown, refusal($$followup.take_answer(p(1), 'health', '{"person": "x"}', as_of => '2021-08-06 12:00+09')$$) AS not_theirs_to_say;
SELECT refusal($$followup.take_answer(p(1), 'health', '{"temperature_c": "hot"}', as_of => '2021-08-06 12:00+09')$$) AS no_number, refusal($$followup.take_answer(p(1), 'health', '{"fever": true}', channel => 'pigeon', as_of => '2021-08-06 12:00+09')$$) AS no_channel;
SELECT refusal($$followup.take_answer(p(1), 'location', '{"latitude": 95, "longitude": 139}', as_of => '2021-08-06 20:59+09')$$) AS no_place, refusal($$followup.take_answer(p(1), 'location', '{"latitude": "here"}', as_of => '2021-08-06 20:59+09')$$) AS no_position,
	refusal($$followup.take_answer(p(1), 'video', '{"mode": "ghost"}', as_of => '2021-08-06 17:59+09')$$) AS no_mode;
-- every rule that an answer breaks is said, in both languages
DO $$
DECLARE
	detail text;
BEGIN
	PERFORM followup.take_answer(p(1), 'health', '{"temperature_c": 45.5, "spo2": 12, "any_symptom": false, "cough": true, "fever": false}', as_of => '2021-08-06 12:00+09');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RAISE WARNING '% %', SQLSTATE, (SELECT string_agg(f ->> 'code', ', ' ORDER BY f ->> 'code') FROM jsonb_array_elements(detail::jsonb) AS f);
	RAISE WARNING '%', (SELECT f ->> 'message_ja' FROM jsonb_array_elements(detail::jsonb) AS f WHERE f ->> 'code' = 'temperature_range');
END
$$;
SELECT code, verdict FROM report.check('followup.health_answer', jsonb_build_object('day', '2021-08-06', 'person', p(1), 'n', 1, 'prefecture', 13, 'answered_at', now(), 'channel', 'web', 'temperature_c', 37.5, 'spo2', 100, 'fever', true)) ORDER BY 1;
-- one word for the household: NO is everybody's, YES is somebody's
SELECT followup.take_household(p(1), false, as_of => '2021-08-06 11:30+09') -> 'persons' AS persons;
SELECT * FROM answers WHERE who IN ('p1', 'p2') AND day = '2021-08-06' ORDER BY 1, 2, 3;
SELECT followup.take_household(p(1), true, as_of => '2021-08-07 11:30+09') -> 'persons' AS persons;
SELECT * FROM answers WHERE who IN ('p1', 'p2') AND day = '2021-08-07' ORDER BY 1, 2, 3;
SELECT who(person), measure, level FROM followup.alert WHERE day = '2021-08-07';
SELECT who(person), who(responder) AS call_whom, reason, priority FROM followup.call WHERE day = '2021-08-07';
SELECT refusal($$followup.take_household(p(2), false, as_of => '2021-08-07 11:30+09')$$) AS nobody_to_answer_for;
-- the buttons of LINE
SELECT followup.take_postback('postback', p(1), '{"data": "a=2021-08-08.health.1.no"}', '2021-08-08 11:10+09') AS household,
	followup.take_postback('postback', p(1), jsonb_build_object('data', 'a=2021-08-08.health.1.yes.' || p(2)), '2021-08-08 11:11+09') AS of_the_child;
SELECT * FROM answers WHERE day = '2021-08-08' ORDER BY 1;
SELECT d AS data, followup.take_postback('postback', p(5), jsonb_build_object('data', d), '2021-08-08 11:12+09') AS taken
FROM unnest(ARRAY['a=2021-08-08.health.1.maybe', 'a=2021-99-08.health.1.no', 'a=2021-08-08.location.1.no', 'hello', 'a=2021-08-08.health.1.no.' || p(2)]) AS d;
SELECT followup.take_postback('postback', NULL, '{"data": "a=2021-08-08.health.1.no"}', '2021-08-08 11:10+09') AS of_nobody;
-- an answer that could not be taken when it came is tried again
INSERT INTO messaging.incoming (day, event, channel, kind, person, data, at, problem) VALUES ('2021-08-08', '01HTESTEVENT', 'line', 'postback', p(5), '{"data": "a=2021-08-08.health.1.no"}', '2021-08-08 11:30+09', 'deadlock'), ('2021-08-08', '01HTESTEVENU', 'line', 'postback', p(4), '{"data": "a=2021-08-08.health.1.no"}', '2021-08-08 11:30+09', 'OB122');
SELECT followup.take_incoming('2021-08-08 11:40+09') AS first, followup.take_incoming('2021-08-08 11:50+09') AS second;
SELECT who, channel, answered_at FROM answers WHERE day = '2021-08-08' AND who = 'p5';
-- after the end of a stay its last answers are still taken, new ones are not
SELECT followup.close(max(enrolment), 'cancelled', NULL, '2021-08-08 13:00+09') FROM followup.enrolment WHERE person = p(5);
SELECT followup.take_answer(p(5), 'health', '{"fever": true}', '2021-08-08', as_of => '2021-08-08 14:00+09') ->> 'state' AS of_that_day, refusal($$followup.take_answer(p(5), 'health', '{"fever": true}', as_of => '2021-08-12 09:00+09')$$) AS days_later;
ROLLBACK;
