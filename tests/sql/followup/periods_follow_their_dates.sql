-- How long people are followed changed from 14 days to 10, to 7 and to 3: the rule of day 0 holds, and a later one only
-- where it says that it holds for those already in the country. Day 0 is not counted; the period ends at 24:00 of day N.
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
-- entered on ..., what holds on the day of entry
SELECT d.day0, d.class, followup.period_days('arrival', d.class, d.day0, d.day0) AS days
FROM (VALUES ('2020-04-14'::date, 'standard'), ('2021-09-30', 'standard'), ('2021-09-30', 'vaccinated'), ('2021-10-01', 'standard'), ('2021-10-01', 'vaccinated'), ('2022-01-14', 'standard'),
	('2022-01-15', 'standard'), ('2022-01-28', 'standard'), ('2022-01-28', 'vaccinated'), ('2022-01-29', 'standard'), ('2022-03-01', 'standard'), ('2022-03-01', 'test_release')) AS d (day0, class)
ORDER BY 1, 2;
-- seen later: 10 days of 15 January were for whoever entered from then on, 7 days of 29 January also for those who were there
SELECT d.day0, followup.period_days('arrival', 'standard', d.day0, '2022-01-28') AS on_28, followup.period_days('arrival', 'standard', d.day0, '2022-01-29') AS on_29
FROM (VALUES ('2022-01-10'::date), ('2022-01-14'), ('2022-01-15'), ('2022-01-20'), ('2022-01-28')) AS d (day0);
SELECT (followup.period_of('arrival', 'standard', '2022-01-20', '2022-01-29')).basis;
-- no rule, no days
SELECT followup.period_days('arrival', 'test_release', '2022-02-28', '2022-02-28') IS NULL AS before_it, followup.period_days('arrival', 'nobody', '2022-02-28', '2022-02-28') IS NULL AS no_class;
SELECT refusal($$followup.enrol(p(1), 'arrival', '2022-02-28', 'test_release', as_of => '2022-02-28 12:00+09')$$);
SELECT refusal($$followup.enrol(p(1), 'tourist', '2022-02-28', as_of => '2022-02-28 12:00+09')$$);
SELECT refusal($$followup.enrol('00000000-0000-4000-8000-0000000000ff', 'arrival', '2022-02-28', as_of => '2022-02-28 12:00+09')$$);
SELECT refusal($$followup.enrol(p(1), 'arrival', '2022-02-28', responder => '00000000-0000-4000-8000-0000000000ff', as_of => '2022-02-28 12:00+09')$$);
SELECT refusal($$followup.enrol(p(1), 'arrival', '2022-02-28', time_zone => 'Asia/Edo', as_of => '2022-02-28 12:00+09')$$);
-- two rules never hold at once
INSERT INTO followup.period (plan, class, valid, days, basis) VALUES ('arrival', 'standard', '[2022-09-07,)', 5, 'too early');
UPDATE followup.period SET valid = daterange(lower(valid), '2022-09-07') WHERE plan = 'arrival' AND class = 'standard' AND days = 7;
INSERT INTO followup.period (plan, class, valid, days, basis) VALUES ('arrival', 'standard', '[2022-09-07,)', 5, 'after the other ended');
-- from entry to the morning after: an arrival of 1 August in Tokyo and one who lives by the clock of Honolulu
SELECT followup.enrol(p(1), 'arrival', '2021-08-01', as_of => '2021-08-01 15:00+09') > 0 AS tokyo, followup.enrol(p(6), 'arrival', '2021-08-01', time_zone => 'Pacific/Honolulu', as_of => '2021-08-01 15:00+09') > 0 AS honolulu;
SELECT who(person), day0, until, min(day), max(day), count(*) FILTER (WHERE prompt = 'health') AS health, min(opens_at) FILTER (WHERE prompt = 'health') AS first_asked FROM followup.enrolment JOIN followup.slot USING (enrolment, person) GROUP BY 1, 2, 3 ORDER BY 1;
SELECT followup.complete('2021-08-15 23:59:59+09') AS too_early;
SELECT followup.complete('2021-08-16 00:00+09') AS midnight, followup.complete('2021-08-16 00:05+09') AS again;
SELECT who(person), state, closed_at FROM followup.enrolment WHERE person IN (p(1), p(6)) ORDER BY 1;
SELECT followup.complete('2021-08-16 19:00+09') AS midnight_in_honolulu;
SELECT who(person), kind, day, not_before, parameters ->> 'until' AS until FROM messaging.message WHERE kind LIKE 'completed.%' ORDER BY 1;
-- patients end by release, not by the calendar
SELECT followup.enrol(p(5), 'patient', '2021-08-01', as_of => '2021-08-02 09:00+09') > 0 AS patient;
SELECT followup.complete('2021-12-01 00:00+09') AS nobody;
SELECT followup.plan_day('2021-08-20', '2021-08-19 18:00+09') AS after_the_period;
ROLLBACK;
