-- Answers are given by the person, by who answers for the person, and by who is in charge; nobody else reads or writes them,
-- and analysts and the ministry see figures without persons.
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
SELECT followup.enrol(p(1), 'arrival', outbreak.local_date() - 2, as_of => now() - interval '2 days') > 0 AS mother, followup.enrol(p(2), 'arrival', outbreak.local_date() - 2, responder => p(1), as_of => now() - interval '2 days') > 0 AS child,
	followup.enrol(p(5), 'contact', outbreak.local_date() - 2, as_of => now() - interval '2 days') > 0 AS other;
SELECT enrolment AS e1 FROM followup.enrolment WHERE person = p(1) \gset
SELECT enrolment AS e5 FROM followup.enrolment WHERE person = p(5) \gset
GRANT EXECUTE ON FUNCTION p(integer), who(uuid), refusal(text), stay(integer) TO PUBLIC;
SELECT p(1) AS p1, p(2) AS p2, p(5) AS p5 \gset
SET SESSION AUTHORIZATION outbreak_authenticator;
-- the mother
SET ROLE outbreak_citizen;
SELECT set_config('request.jwt.claims', jsonb_build_object('role', 'outbreak_citizen', 'person', :'p1', 'sub', 'mother')::text, true) IS NOT NULL AS mother;
SELECT followup.answer(:'p1', 'health', '{"fever": false}') ->> 'state' AS own, followup.answer(:'p2', 'health', '{"fever": false}') ->> 'state' AS childs;
SELECT count(*) AS answers, count(*) FILTER (WHERE person = :'p1') AS own FROM followup.health_answer;
SELECT count(DISTINCT person) AS persons FROM followup.slot;
SELECT refusal(format('followup.answer(%L, ''health'', ''{"fever": false}'')', :'p5')) AS anothers, refusal(format('followup.answer(%L, ''video'', ''{"mode": "ai", "face_seen": true}'')', :'p1')) AS my_own_call, refusal(format('followup.answer(%L, ''health'', ''{"fever": false}'', as_of => now() - interval ''1 hour'')', :'p1')) AS before_now;
SELECT (followup.answer_household(false)) -> 'persons' AS household;
SELECT followup.give_place_of_stay(:e1, 35.68, 139.76) IS NOT NULL AS given;
SELECT refusal(format('followup.give_place_of_stay(%s, 35.68, 139.77)', :e1)) AS moved_by_herself, refusal(format('followup.give_place_of_stay(%s, 35.68, 139.77)', :e5)) AS anothers;
SELECT refusal(format('followup.staff_close(%s, ''died'')', :e1)) AS ends_it, refusal(format('followup.take_answer(%L, ''health'', ''{}'')', :'p1')) AS around_it, refusal($$(SELECT count(*)::text FROM followup.random_seed)$$) AS seeds, refusal($$(SELECT count(*)::text FROM followup.place_of_stay)$$) AS place;
-- her health centre, and another
RESET ROLE;
SET ROLE outbreak_health_center;
SELECT set_config('request.jwt.claims', '{"role": "outbreak_health_center", "health_center": 9131, "sub": "nurse"}', true) IS NOT NULL AS tokyo;
SELECT followup.answer(:'p1', 'health', '{"temperature_c": 38.5}', channel => 'call') ->> 'state' AS entered;
SELECT who(person), channel, entered_by, source, temperature_c FROM followup.health_answer WHERE person = :'p1';
SELECT who(person), measure, level FROM followup.alert;
SELECT followup.handle_alert(alert, '受診を案内') IS NOT NULL AS handled FROM followup.alert;
SELECT state, handled_by, outcome FROM followup.alert;
SELECT followup.note_call(call, 'answered') FROM followup.call;
SELECT refusal(format('followup.answer(%L, ''health'', ''{"fever": false}'', channel => ''call'')', :'p5')) AS anothers, refusal(format('followup.staff_close(%s, ''lost'')', :e5)) AS anothers_end, refusal(format('followup.staff_move(%s, 9131)', :e5)) AS grabs, refusal(format('followup.staff_enrol(%L, ''contact'', %L)', :'p5', '2021-08-01')) AS enrols_anothers,
	refusal(format('followup.staff_enrol(%L, ''contact'', %L, responder => %L)', :'p1', '2021-08-01', :'p5')) AS with_anothers_responder, refusal(format('followup.staff_close(%s, ''released'')', :e1)) AS releases_by_hand;
SELECT refusal(format('followup.staff_enrol(%L, ''contact'', outbreak.local_date())', :'p1')) ~ '^taken: \d+' AS enrols;
SELECT followup.staff_convert(:e1, 'patient', outbreak.local_date()) > 0 AS converts;
SELECT followup.staff_move((SELECT enrolment FROM followup.enrolment WHERE person = :'p1' AND plan = 'patient'), 9271) IS NOT NULL AS moves;
SELECT count(*) AS gone_with_her FROM followup.enrolment WHERE person = :'p1' AND plan = 'patient';
-- she moved on, and a follow-up that ended here gives no right to what is asked there
SELECT plan, state FROM followup.enrolment WHERE person = :'p1' ORDER BY plan;
SELECT refusal(format('followup.answer(%L, ''health'', ''{"fever": true}'', channel => ''call'')', :'p1')) AS answers_after_the_move;
UPDATE followup.alert SET level = 'caution';
UPDATE followup.slot SET state = 'missed';
DELETE FROM followup.health_answer;
INSERT INTO followup.threshold (plan, prefecture, measure, level, at_least, message_ja, message_en) VALUES ('patient', 13, 'temperature_c', 'caution', 36.0, 'x', 'x');
-- the prefecture: thresholds of its own, notifications
RESET ROLE;
SET ROLE outbreak_prefecture;
SELECT set_config('request.jwt.claims', '{"role": "outbreak_prefecture", "prefecture": 13, "sub": "governor"}', true) IS NOT NULL AS tokyo;
SELECT who(person), reason, read_at IS NULL AS new FROM followup.notification;
SELECT followup.note_notification(notification) IS NOT NULL AS noted FROM followup.notification;
SELECT read_at IS NOT NULL AS read, read_by FROM followup.notification;
INSERT INTO followup.threshold (plan, prefecture, measure, level, at_least, message_ja, message_en) VALUES ('patient', 13, 'temperature_c', 'caution', 37.0, '37.0℃以上です。', '37.0 °C or more.');
INSERT INTO followup.threshold (plan, prefecture, measure, level, at_least, message_ja, message_en) VALUES ('patient', 27, 'temperature_c', 'caution', 37.0, 'x', 'x');
INSERT INTO followup.threshold (plan, prefecture, measure, level, at_least, message_ja, message_en) VALUES ('patient', NULL, 'temperature_c', 'emergency', 37.0, 'x', 'x');
-- quarantine officers: arrivals, not patients and contacts, and slots without persons
RESET ROLE;
SET ROLE outbreak_quarantine;
SELECT set_config('request.jwt.claims', '{"role": "outbreak_quarantine", "organisation": 1, "sub": "officer"}', true) IS NOT NULL AS officer;
SELECT plan, count(*) AS followed FROM followup.enrolment GROUP BY plan ORDER BY plan;
SELECT count(*) > 3 AS slots FROM followup.slot;
SELECT refusal($$(SELECT count(person)::text FROM followup.slot)$$) AS persons, refusal($$(SELECT count(responder)::text FROM followup.slot)$$) AS responders, refusal($$(SELECT count(*)::text FROM followup.health_answer)$$) AS answers;
-- analysts and the ministry: no persons
RESET ROLE;
SET ROLE outbreak_analyst;
SELECT set_config('request.jwt.claims', '{"role": "outbreak_analyst", "sub": "analyst"}', true) IS NOT NULL AS analyst;
SELECT count(*) > 3 AS slots, count(DISTINCT health_center) > 1 AS of_all FROM followup.slot;
SELECT refusal($$(SELECT count(person)::text FROM followup.slot)$$), refusal($$(SELECT count(person)::text FROM followup.health_answer)$$), refusal($$(SELECT count(basis)::text FROM followup.enrolment)$$), refusal($$(SELECT count(*)::text FROM followup.place_of_stay)$$);
-- nobody
RESET ROLE;
SET ROLE outbreak_anon;
SELECT set_config('request.jwt.claims', '{"role": "outbreak_anon"}', true) IS NOT NULL AS anybody;
SELECT count(*) > 100 AS promises, count(seed) AS seeds FROM followup.random_commitment;
SELECT refusal($$(SELECT count(*)::text FROM followup.slot)$$), refusal(format('followup.answer(%L, ''health'', ''{"fever": false}'')', :'p1')), refusal('followup.answer_household(false)');
RESET ROLE;
RESET SESSION AUTHORIZATION;
ROLLBACK;
