-- A period is changed retroactively or not, by choice; whom it affects is shown before, and is what then happens.
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
-- the rules as they were on 28 January 2022: 10 days
DELETE FROM followup.period WHERE plan = 'arrival' AND class IN ('standard', 'vaccinated') AND lower(valid) >= '2022-01-29';
UPDATE followup.period SET valid = daterange(lower(valid), NULL) WHERE plan = 'arrival' AND upper(valid) = '2022-01-29';
SELECT FROM followup.enrol(p(1), 'arrival', '2022-01-20', as_of => '2022-01-20 18:00+09');
SELECT FROM followup.enrol(p(5), 'arrival', '2022-01-26', as_of => '2022-01-26 18:00+09');
SELECT FROM followup.enrol(p(6), 'arrival', '2022-01-17', as_of => '2022-01-17 18:00+09');
SELECT FROM followup.enrol(p(4), 'arrival', '2022-01-28', 'vaccinated', as_of => '2022-01-28 18:00+09');
CREATE TABLE stays AS SELECT who(person), day0, until FROM followup.enrolment;
SELECT who(person), day0, until FROM followup.enrolment ORDER BY 1;
\echo == 7 days from 29 January, for those in the country already: who would be affected?
SELECT who(e.person), v.day0, v.until_now, v.until_new, v.effect, v.slots_cancelled, v.slots_made
FROM followup.preview_period('arrival', 'standard', 7, '2022-01-29', '2022-01-29 00:00+09') AS v
JOIN followup.enrolment AS e USING (enrolment) ORDER BY 1;
-- looking changed nothing
SELECT count(*) FROM followup.enrolment AS e JOIN stays AS s ON s.who = who(e.person) AND s.until = e.until;
\echo == only for those who come from then on: nobody is affected
SELECT followup.change_period('arrival', 'standard', 7, '2022-01-29', 'from now on', false, '2022-01-29 00:00+09');
SELECT followup.period_days('arrival', 'standard', '2022-01-28', '2022-01-29'), followup.period_days('arrival', 'standard', '2022-01-29', '2022-01-29');
\echo == for everybody: what was shown is what happens
SELECT followup.change_period('arrival', 'standard', 7, '2022-01-29', 'for everybody', true, '2022-01-29 00:00+09');
SELECT who(person), day0, until, state FROM followup.enrolment ORDER BY 1;
SELECT who(person), template, parameters FROM messaging.message WHERE template = 'followup.period' ORDER BY 1;
SELECT who(person), count(*) FROM followup.slot WHERE state = 'cancelled' GROUP BY 1 ORDER BY 1;
SELECT count(*) FROM followup.slot AS s JOIN followup.enrolment AS e USING (enrolment) WHERE s.day > e.until AND s.state <> 'cancelled' AND s.due_at > '2022-01-29';
-- the job finds nothing more to do, and ends what is over
SELECT followup.apply_periods('2022-01-29 00:10+09');
SELECT followup.complete('2022-01-29 00:10+09') ->> 'completed';
SELECT who(person), state, closed_at FROM followup.enrolment WHERE state = 'completed' ORDER BY 1;
\echo == longer again, for those who are still there
SELECT who(e.person), v.until_now, v.until_new, v.effect, v.slots_cancelled, v.slots_made
FROM followup.preview_period('arrival', 'standard', 14, '2022-01-30', '2022-01-30 00:00+09') AS v
JOIN followup.enrolment AS e USING (enrolment) ORDER BY 1;
SELECT followup.change_period('arrival', 'standard', 14, '2022-01-30', 'for everybody', true, '2022-01-30 00:00+09');
SELECT who(e.person), max(s.day), count(*) FILTER (WHERE s.state = 'awaited') FROM followup.slot AS s JOIN followup.enrolment AS e USING (enrolment) WHERE e.state = 'open' AND e.class = 'standard' GROUP BY 1 ORDER BY 1;
\echo == a rule to come waits for its day
SELECT followup.change_period('arrival', 'standard', 3, '2022-02-03', 'from Thursday', true, '2022-02-01 00:00+09');
SELECT who(person), until FROM followup.enrolment WHERE state = 'open' AND class = 'standard' ORDER BY 1;
SELECT followup.apply_periods('2022-02-03 00:05+09') - 'slots_cancelled';
\echo == refused
SELECT refusal($$followup.change_period('arrival', 'standard', 5, '2022-02-01', 'x')$$);
SELECT refusal($$followup.change_period('arrival', 'nobody', 5, '2022-02-05', 'x')$$);
SELECT refusal($$followup.change_period('arrival', 'standard', 5, NULL, 'x')$$);
SELECT refusal($$followup.change_period('arrival', 'standard', -1, '2022-02-05', 'x')$$);
SET ROLE outbreak_health_center;
SELECT followup.change_period('arrival', 'standard', 5, '2022-02-05', 'x');
RESET ROLE;
ROLLBACK;
