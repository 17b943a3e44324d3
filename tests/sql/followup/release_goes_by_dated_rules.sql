-- Patients are released by the rules of the day on which it is asked, and what is not known is named, never guessed.
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
-- the judgement on a person at a moment, in a line
CREATE FUNCTION judged(n integer, at timestamptz) RETURNS text LANGUAGE SQL STABLE
RETURN (SELECT concat_ws(' | ', coalesce(m.verdict::text, 'unknown'), coalesce(m.rule, '-'), coalesce(to_char(m.ready_at, 'MM-DD HH24:MI'), '-'), m.missing::text, m.reason_en) FROM followup.may_release(stay(n), at) AS m);
-- the first local midnight from which somebody may be released
CREATE FUNCTION first_day(n integer, from_on date) RETURNS integer LANGUAGE SQL STABLE
RETURN (SELECT min(i) FROM generate_series(0, 40) AS i CROSS JOIN LATERAL followup.may_release(stay(n), (from_on + i)::timestamp AT TIME ZONE 'Asia/Tokyo') AS m WHERE m.verdict);

\echo == facts 1.6, row by row: day 0 is the day of onset (specimen), and the day of release is ...
-- with symptoms, 2020-06-12: 10 days and 72 hours => day 11
SELECT FROM followup.enrol(p(1), 'patient', '2021-01-10', 'symptomatic', as_of => '2021-01-12 09:00+09');
SELECT FROM followup.correct(stay(1), '{"eased_at": "2021-01-15 08:00+09"}', 'entered', '2021-01-16 09:00+09');
SELECT 'symptomatic 2021: day ' || first_day(1, '2021-01-10');
-- the symptoms eased late: the 72 hours decide
SELECT FROM followup.correct(stay(1), '{"eased_at": "2021-01-20 08:00+09"}', 'entered', '2021-01-20 09:00+09');
SELECT judged(1, '2021-01-22 09:00+09');
SELECT judged(1, '2021-01-23 07:59+09');
SELECT judged(1, '2021-01-23 08:00+09');
-- by tests: 24 hours after easing, two negatives 24 hours apart
SELECT t ->> 'verdict' FROM followup.enter_test(stay(1), '2021-01-21 09:00+09', 'naat', 'negative') AS t;
SELECT judged(1, '2021-01-22 08:00+09');
SELECT FROM followup.enter_test(stay(1), '2021-01-22 08:59+09', 'naat', 'negative');
SELECT 'a minute too early: ' || judged(1, '2021-01-22 12:00+09');
SELECT FROM followup.enter_test(stay(1), '2021-01-22 09:00+09', 'antigen', 'negative');
SELECT '24 hours apart: ' || judged(1, '2021-01-22 12:00+09');
-- a positive specimen in between starts it anew
SELECT FROM followup.enter_test(stay(1), '2021-01-21 20:00+09', 'naat', 'positive');
SELECT 'positive in between: ' || judged(1, '2021-01-22 12:00+09');
-- a kit does not count here
SELECT FROM followup.enter_test(stay(1), '2021-01-23 09:00+09', 'kit', 'negative');

-- without symptoms, 2020-06-12: 10 days => day 11; or after 6 days two negatives
SELECT FROM followup.enrol(p(2), 'patient', '2021-01-10', 'asymptomatic', as_of => '2021-01-11 09:00+09');
SELECT 'asymptomatic 2021: day ' || first_day(2, '2021-01-10');
SELECT FROM followup.enter_test(stay(2), '2021-01-16 23:59+09', 'naat', 'negative');
SELECT FROM followup.enter_test(stay(2), '2021-01-17 23:59+09', 'naat', 'negative');
SELECT 'the first one within the 6 days: ' || judged(2, '2021-01-18 09:00+09');
SELECT FROM followup.enter_test(stay(2), '2021-01-18 23:59+09', 'naat', 'negative');
SELECT 'two after them: ' || judged(2, '2021-01-19 09:00+09');
-- from 2022-01-28: 7 days => day 8
SELECT FROM followup.enrol(p(3), 'patient', '2022-02-01', 'asymptomatic', as_of => '2022-02-02 09:00+09');
SELECT 'asymptomatic February 2022: day ' || first_day(3, '2022-02-01');
-- severe, 2021-02-25: 15 days and 72 hours => day 16
SELECT FROM followup.enrol(p(4), 'patient', '2021-03-01', 'severe', as_of => '2021-03-02 09:00+09');
SELECT FROM followup.correct(stay(4), '{"eased_at": "2021-03-05 08:00+09"}', 'entered', '2021-03-06 09:00+09');
SELECT 'severe: day ' || first_day(4, '2021-03-01');
-- 2022-09-07, at home: 7 days and 24 hours => day 8; in a hospital 10 days and 72 hours => day 11
SELECT FROM followup.enrol(p(5), 'patient', '2022-09-10', 'symptomatic', as_of => '2022-09-11 09:00+09');
SELECT FROM followup.correct(stay(5), '{"eased_at": "2022-09-13 08:00+09", "setting": "home"}', 'entered', '2022-09-14 09:00+09');
SELECT 'home: day ' || first_day(5, '2022-09-10');
SELECT FROM followup.correct(stay(5), '{"setting": "facility"}', 'was admitted', '2022-09-14 10:00+09');
SELECT 'facility: day ' || first_day(5, '2022-09-10');
-- without symptoms, a negative kit on day 5 => day 6; one on day 4 does not do
SELECT FROM followup.enrol(p(6), 'patient', '2022-09-10', 'asymptomatic', as_of => '2022-09-11 09:00+09');
SELECT 'no test: day ' || first_day(6, '2022-09-10');
SELECT FROM followup.enter_test(stay(6), '2022-09-14 09:00+09', 'kit', 'negative');
SELECT 'kit on day 4: day ' || first_day(6, '2022-09-10');
SELECT FROM followup.enter_test(stay(6), '2022-09-15 09:00+09', 'kit', 'negative');
SELECT 'kit on day 5: day ' || first_day(6, '2022-09-10');

\echo == the rule of the day decides, also for those who fell ill before it (2022-09-07)
SELECT FROM followup.close(stay(2), 'cancelled', 'test', '2021-01-20 09:00+09');
SELECT FROM followup.enrol(p(2), 'patient', '2022-08-30', 'symptomatic', as_of => '2022-08-31 09:00+09');
SELECT FROM followup.correct(stay(2), '{"eased_at": "2022-09-02 08:00+09", "setting": "home"}', 'entered', '2022-09-03 09:00+09');
SELECT '6 September: ' || judged(2, '2022-09-06 23:59+09');
SELECT '7 September: ' || judged(2, '2022-09-07 00:00+09');

\echo == the hour of the onset counts where it is known: 240 hours
SELECT FROM followup.close(stay(4), 'cancelled', 'test', '2021-03-20 09:00+09');
SELECT FROM followup.enrol(p(4), 'patient', '2021-05-01', 'symptomatic', as_of => '2021-05-02 09:00+09');
SELECT FROM followup.correct(stay(4), '{"eased_at": "2021-05-03 08:00+09", "began_at": "2021-05-01 15:00+09"}', 'entered', '2021-05-04 09:00+09');
SELECT judged(4, '2021-05-11 14:59+09');
SELECT judged(4, '2021-05-11 15:00+09');

\echo == what is not known is named: unknown is neither yes nor no
SELECT FROM followup.close(stay(5), 'cancelled', 'test', '2022-09-14 11:00+09');
SELECT FROM followup.enrol(p(5), 'patient', '2022-10-01', 'symptomatic', as_of => '2022-10-02 09:00+09');
SELECT 'early, nothing known: ' || judged(5, '2022-10-03 09:00+09');
SELECT 'day 11, nothing known: ' || judged(5, '2022-10-12 09:00+09');
SELECT FROM followup.correct(stay(5), '{"setting": "home"}', 'entered', '2022-10-12 09:00+09');
SELECT 'setting known: ' || judged(5, '2022-10-12 09:00+09');
SELECT FROM followup.correct(stay(5), '{"eased": false}', 'still coughs', '2022-10-12 09:00+09');
SELECT 'not eased: ' || judged(5, '2022-10-12 09:00+09');
SELECT FROM followup.correct(stay(5), '{"eased": null}', 'nobody knows', '2022-10-12 09:00+09');
SELECT FROM followup.enter_test(stay(5), '2022-10-10 09:00+09', 'naat');
SELECT FROM followup.enter_test(stay(5), '2022-10-11 09:00+09', 'naat', 'negative');
SELECT 'a result is awaited: ' || judged(5, '2022-10-12 09:00+09');
-- every condition on its own
SELECT rule, condition, holds, ready_at, lacks FROM followup.release_conditions(stay(5), '2022-10-12 09:00+09') ORDER BY rule COLLATE "C", condition COLLATE "C";

\echo == release, once, with a message; refused with what is missing
SELECT refusal(format('followup.release(%s, %L)', stay(5), '2022-10-12 09:00+09'));
SELECT FROM followup.correct(stay(5), '{"eased_at": "2022-10-05 09:00+09"}', 'asked by phone', '2022-10-12 09:00+09');
SELECT followup.release(stay(5), '2022-10-12 10:00+09');
SELECT followup.release(stay(5), '2022-10-12 11:00+09');
SELECT state, reason, closed_at FROM followup.enrolment WHERE enrolment = stay(5);
SELECT template, parameters FROM messaging.message WHERE person = p(5) AND kind LIKE 'released.%';
-- nothing is asked any more
SELECT count(*) FROM followup.slot WHERE enrolment = stay(5) AND state = 'awaited' AND due_at > '2022-10-12 10:00+09';

\echo == a release that rests on a wrong result is taken back, and told
SELECT t ->> 'verdict', t ->> 'rule', t ->> 'reopened' FROM followup.enter_test(stay(6), '2022-09-15 09:00+09', 'kit', 'negative') AS t;
SELECT followup.release(stay(6), '2022-09-16 09:00+09');
SELECT t ->> 'verdict', t ->> 'reopened' FROM followup.enter_test(stay(6), '2022-09-15 09:00+09', 'kit', 'positive') AS t;
SELECT state, closed_at FROM followup.enrolment WHERE enrolment = stay(6);
SELECT count(*) > 0 FROM messaging.message WHERE person = p(6) AND template = 'followup.corrected';

\echo == who may, and what is refused
SELECT refusal(format('followup.release(%s, now())', -1));
SELECT refusal(format('followup.release(%s, now())', (SELECT min(enrolment) FROM followup.enrolment WHERE person = p(4))));
SELECT refusal(format('followup.enter_test(%s, %L, %L)', stay(4), 'infinity', 'naat'));
SELECT refusal(format('followup.enter_test(%s, %L, %L)', stay(4), '2021-05-02', 'smell'));
SELECT refusal(format('followup.enter_test(%s, %L, %L, %L)', stay(4), '2021-05-02', 'naat', 'maybe'));
ROLLBACK;
