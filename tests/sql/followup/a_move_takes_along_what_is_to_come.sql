-- Who moves to another health centre takes along what is still to be done and what the release goes by, and nothing of it
-- is left with two; what was answered stays where it was answered, and a stay that another centre holds is not handed on.
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
\pset format unaligned
\pset tuples_only on
-- p1 of Tokyo is ill at home; p5 of Osaka stands with Osaka as a contact and with Tokyo as a patient
SELECT FROM followup.enrol(p(1), 'patient', '2021-08-05', 'symptomatic', as_of => '2021-08-05 18:00+09');
SELECT FROM followup.enrol(p(5), 'contact', '2021-08-05', as_of => '2021-08-05 18:00+09');
SELECT FROM followup.enrol(p(5), 'patient', '2021-08-06', 'symptomatic', health_center => 9131, as_of => '2021-08-06 07:00+09');
CREATE FUNCTION of_plan(n integer, of_plan text) RETURNS bigint LANGUAGE SQL STABLE RETURN (SELECT e.enrolment FROM followup.enrolment AS e WHERE e.person = p(n) AND e.plan = of_plan);
SELECT FROM followup.set_place_of_stay(stay(1), 35.68, 139.76, as_of => '2021-08-05 18:00+09');
SELECT FROM followup.correct(stay(1), '{"setting": "home", "eased_at": "2021-08-07 20:00+09"}', 'by phone', '2021-08-07 21:00+09');
SELECT FROM followup.enter_test(stay(1), '2021-08-07 09:00+09', 'naat', 'positive');
-- an answer with an alert that is dealt with, one with an alert that is open, and a call to make
SELECT followup.take_answer(p(1), 'health', '{"temperature_c": 36.5, "chest_pain": true}', as_of => '2021-08-06 08:30+09') ->> 'state';
UPDATE followup.alert SET state = 'handled', handled_at = '2021-08-06 09:00+09', outcome = 'called' WHERE person = p(1);
SELECT followup.take_answer(p(1), 'health', '{"temperature_c": 36.5, "lips_purple": true}', as_of => '2021-08-07 08:30+09') ->> 'state';
INSERT INTO followup.call (enrolment, person, responder, prefecture, health_center, day, reason, priority, made_at)
SELECT stay(1), p(1), p(1), 13, 9131, '2021-08-07', 'alert', 2, '2021-08-07 09:00+09' WHERE NOT EXISTS (SELECT FROM followup.call WHERE person = p(1) AND state = 'open');
CREATE VIEW holders AS
SELECT who(w.person), w.what, w.prefecture, w.health_center, count(*)
FROM (
	SELECT person, 'stay ' || plan AS what, prefecture, health_center FROM followup.enrolment
	UNION ALL SELECT person, 'slot ' || state || CASE WHEN day < '2021-08-08' THEN ' of the past' ELSE '' END, prefecture, health_center FROM followup.slot
	UNION ALL SELECT person, 'answer', prefecture, health_center FROM followup.health_answer
	UNION ALL SELECT person, 'alert ' || state, prefecture, health_center FROM followup.alert
	UNION ALL SELECT person, 'call ' || state, prefecture, health_center FROM followup.call
	UNION ALL SELECT person, 'place of stay', prefecture, health_center FROM followup.place_of_stay
	UNION ALL SELECT person, 'facts', prefecture, health_center FROM followup.clinical
	UNION ALL SELECT person, 'test', prefecture, health_center FROM followup.test
	UNION ALL SELECT person, 'person', prefecture, health_center FROM registry.person
) AS w
WHERE w.person IN (p(1), p(5))
GROUP BY 1, 2, 3, 4;
SELECT * FROM holders ORDER BY who, what COLLATE "C", health_center;
SELECT FROM followup.move(stay(1), 9271, '2021-08-08 07:00+09');
-- p1 stands with Osaka now; what is past stays with Tokyo
SELECT * FROM holders WHERE who = 'p1' ORDER BY what COLLATE "C", health_center;
-- the patient of Tokyo moves to Osaka; the contact of Osaka was there before
SELECT FROM followup.move(of_plan(5, 'patient'), 9271, '2021-08-08 07:00+09');
SELECT * FROM holders WHERE who = 'p5' ORDER BY what COLLATE "C", health_center;
-- and now that both stand with Osaka, they move on together
SELECT FROM followup.move(of_plan(5, 'contact'), 9131, '2021-08-09 07:00+09');
SELECT what, health_center, count FROM holders WHERE who = 'p5' AND what ~ '^(stay|person)' ORDER BY what COLLATE "C";
SELECT count(*) AS left_behind FROM followup.slot WHERE person = p(5) AND health_center = 9271 AND day >= '2021-08-09' AND state NOT IN ('answered', 'cancelled');
ROLLBACK;
