-- An answer that reaches a threshold raises an alert in its own transaction: 37.5 and 38.0 °C, SpO2 of 95 and 93 per cent,
-- each of the 13 emergency signs, symptoms, a YES of a household. Thresholds are dated, and a prefecture has its own.
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
CREATE VIEW alerts AS SELECT who(person), day, prompt, n, measure, level, value, details, state FROM followup.alert;
SELECT count(followup.enrol(p(n), 'patient', '2021-08-05', as_of => '2021-08-05 10:00+09')) FROM generate_series(1, 6) AS n;
-- around each limit; the gravest counts
SELECT v.answer, (SELECT string_agg(a ->> 'level', ', ') FROM jsonb_array_elements(followup.take_answer(p(1), 'health', v.answer, as_of => '2021-08-06 08:00+09') -> 'alerts') AS a) AS alerts
FROM (VALUES (1, '{"temperature_c": 37.4}'::jsonb), (2, '{"temperature_c": 37.5}'), (3, '{"temperature_c": 37.9}'), (4, '{"temperature_c": 38.0}'), (5, '{"spo2": 96}'), (6, '{"spo2": 95}'), (7, '{"spo2": 94}'), (8, '{"spo2": 93}'),
	(9, '{"fever": true}'), (10, '{"fever": true, "temperature_c": 38.5}'), (11, '{"any_symptom": true}'), (12, '{"cough": true, "headache": true}'), (13, '{"any_symptom": false, "fever": false}'), (14, '{"household_yes": true}')) AS v (place, answer)
ORDER BY v.place;
-- every item of the emergency list by itself
SELECT a.attname AS sign, alert ->> 'level' AS level, alert ->> 'value' AS value
FROM pg_attribute AS a
CROSS JOIN LATERAL jsonb_array_elements(followup.take_answer(p(2), 'health', jsonb_build_object(a.attname, true), as_of => '2021-08-06 08:00+09') -> 'alerts') AS alert
WHERE a.attrelid = 'followup.health_answer'::regclass AND col_description(a.attrelid, a.attnum) LIKE '緊急性%'
ORDER BY a.attnum;
SELECT * FROM alerts WHERE who = 'p2';
-- the alert is there with the answer, goes with its correction, and comes back with another
SELECT followup.take_answer(p(3), 'health', '{"temperature_c": 38.6, "spo2": 93, "cough": true, "chest_pain": true, "drowsy": true}', as_of => '2021-08-06 08:10+09');
SELECT * FROM alerts WHERE who = 'p3' ORDER BY measure;
SELECT who(person), reason, priority, state FROM followup.call WHERE person = p(3);
SELECT followup.take_answer(p(3), 'health', '{"temperature_c": 36.8, "spo2": 93, "cough": true}', as_of => '2021-08-06 08:15+09') - 'alerts' AS corrected;
SELECT measure, level, state FROM alerts WHERE who = 'p3' ORDER BY measure;
SELECT followup.take_answer(p(3), 'health', '{"temperature_c": 39.1, "spo2": 93, "cough": true}', as_of => '2021-08-06 08:20+09') ->> 'state' AS again;
SELECT measure, level, value, state FROM alerts WHERE who = 'p3' AND measure = 'temperature_c';
-- the same answer twice is one, and an alert that was handled stays handled
UPDATE followup.alert SET state = 'handled', handled_at = '2021-08-06 09:00+09', outcome = 'seen by a doctor' WHERE person = p(3) AND state = 'open';
SELECT followup.take_answer(p(3), 'health', '{"temperature_c": 39.1, "spo2": 93, "cough": true}', as_of => '2021-08-06 08:25+09') - 'alerts' AS repeated;
SELECT count(*) FILTER (WHERE state = 'open') AS open FROM alerts WHERE who = 'p3';
-- what was answered before stays known
SELECT temperature_c, spo2, chest_pain, answered_at FROM followup.health_answer_history WHERE person = p(3) ORDER BY answered_at;
-- Osaka wants to know from 37.0 on, from the 8th; elsewhere and before it the national limit holds
INSERT INTO followup.threshold (plan, prefecture, measure, level, at_least, valid, message_ja, message_en) VALUES ('patient', 27, 'temperature_c', 'caution', 37.0, '[2021-08-08,)', '37.0℃以上です。', '37.0 °C or more.');
INSERT INTO followup.threshold (plan, prefecture, measure, level, at_least, valid, message_ja, message_en) VALUES ('patient', 27, 'temperature_c', 'caution', 37.2, '[2021-09-01,)', '二重です。', 'Two at once.');
SELECT d.day, who(q.person), jsonb_path_query_array(followup.take_answer(q.person, 'health', '{"temperature_c": 37.2}', d.day, 1, as_of => d.day + time '08:00' AT TIME ZONE 'Asia/Tokyo'), '$.alerts[*].level') AS alerts
FROM unnest('{2021-08-07,2021-08-08}'::date[]) AS d (day), unnest(ARRAY[p(4), p(5)]) AS q (person) ORDER BY 1, 2;
-- 38 °C is a warning in Osaka as everywhere
SELECT jsonb_path_query_array(followup.take_answer(p(5), 'health', '{"temperature_c": 38.0}', '2021-08-08', 2, as_of => '2021-08-08 13:30+09'), '$.alerts[*].level');
-- an arrival with signs of illness: the governor is notified; being away from the place of stay is another matter
SELECT followup.enrol(p(6), 'arrival', '2021-08-05', as_of => '2021-08-05 10:00+09') AS e \gset
SELECT followup.set_place_of_stay(:e, 34.6937, 135.5023, as_of => '2021-08-05 12:00+09');
SELECT n, opens_at FROM followup.slot WHERE person = p(6) AND day = '2021-08-06' AND prompt = 'location' ORDER BY 1;
SELECT followup.take_answer(p(6), 'location', '{"latitude": 34.7025, "longitude": 135.4959, "accuracy_m": 15}', '2021-08-06', 1, as_of => (SELECT opens_at + interval '5 minutes' FROM followup.slot WHERE person = p(6) AND day = '2021-08-06' AND prompt = 'location' AND n = 1)) AS kilometre;
SELECT followup.take_answer(p(6), 'location', '{"latitude": 34.6938, "longitude": 135.5024}', '2021-08-06', 1, as_of => (SELECT opens_at + interval '9 minutes' FROM followup.slot WHERE person = p(6) AND day = '2021-08-06' AND prompt = 'location' AND n = 1)) - 'alerts' AS back_too_soon;
SELECT followup.take_answer(p(6), 'location', '{"latitude": 34.7025, "longitude": 135.4959, "accuracy_m": 1000}', '2021-08-06', 2, as_of => (SELECT opens_at + interval '5 minutes' FROM followup.slot WHERE person = p(6) AND day = '2021-08-06' AND prompt = 'location' AND n = 2)) -> 'alerts' AS too_vague_to_accuse;
SELECT n, distance_m, accuracy_m, away FROM followup.location_answer WHERE person = p(6) ORDER BY 1;
SELECT attname FROM pg_attribute WHERE attrelid = 'followup.location_answer'::regclass AND atttypid::regtype::text ~ 'geo|point|double';
SELECT reason FROM followup.notification WHERE person = p(6);
SELECT followup.take_answer(p(6), 'health', '{"temperature_c": 38.4}', '2021-08-06', 1, as_of => '2021-08-06 11:30+09') ->> 'slots' AS slots_of_both_plans;
SELECT who(person), reason, day, prefecture FROM followup.notification;
SELECT plan, measure, level, a.state FROM followup.alert AS a JOIN followup.enrolment USING (enrolment) WHERE a.person = p(6) ORDER BY 1, 2;
ROLLBACK;
