-- One input is corrected, and everything that followed from it is put right in the same transaction: slots, messages,
-- misses, calls, notices, releases; and the person is told. (ArriveCAN told 10,200 people to quarantine by mistake, and
-- the correction of the officers did not reach what had been derived.)
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
CREATE FUNCTION slots(n integer) RETURNS text LANGUAGE SQL STABLE
RETURN (SELECT string_agg(x.t, ', ' ORDER BY x.t) FROM (SELECT s.state || ' ' || min(s.day) || '..' || max(s.day) || ' ' || count(*) AS t FROM followup.slot AS s WHERE s.enrolment = stay(slots.n) GROUP BY s.state) AS x);
CREATE FUNCTION messages(n integer) RETURNS text LANGUAGE SQL STABLE
RETURN (SELECT string_agg(x.t, ', ' ORDER BY x.t) FROM (SELECT m.template || ' ' || m.state || ' ' || count(*) AS t FROM messaging.message AS m WHERE m.person = p(n) GROUP BY m.template, m.state) AS x);
CREATE FUNCTION effects(n integer, patch jsonb, at timestamptz) RETURNS text LANGUAGE SQL
RETURN (SELECT (x.c -> 'before' ->> 'until') || ' -> ' || (x.c -> 'after' ->> 'until') || ' ' || (x.c -> 'after' ->> 'state') || ' ' || ((x.c -> 'effects') - 'withdrawal'::text)::text || CASE WHEN x.c -> 'effects' ->> 'withdrawal' IS NULL THEN ' not told' ELSE ' told' END FROM (SELECT followup.correct(stay(n), patch, 'test', at) AS c) AS x);

\echo == an arrival entered a day earlier than the form said: the last day moves, so does what is owed
SELECT FROM followup.enrol(p(1), 'contact', '2021-01-10', as_of => '2021-01-10 18:00+09');
SELECT slots(1);
SELECT messages(1);
SELECT effects(1, '{"day0": "2021-01-08"}', '2021-01-12 07:00+09');
SELECT slots(1);
SELECT messages(1);
\echo == … and back again: nothing is lost, nothing stands twice
SELECT effects(1, '{"day0": "2021-01-10"}', '2021-01-12 07:00+09');
SELECT slots(1);
SELECT messages(1);
\echo == the same correction again changes nothing and tells nobody
SELECT effects(1, '{"day0": "2021-01-10"}', '2021-01-12 07:00+09');

\echo == a miss that should never have been asked is taken back, with the call and the notice
SELECT FROM followup.enrol(p(5), 'arrival', '2021-01-10', as_of => '2021-01-10 18:00+09');
SELECT accepted(s.day, s.message_key, s.opens_at) FROM (SELECT DISTINCT day, message_key, opens_at FROM followup.slot WHERE enrolment = stay(5) AND day = '2021-01-11' AND prompt = 'health') AS s;
UPDATE followup.slot SET state = 'missed', evidence = true WHERE enrolment = stay(5) AND day = '2021-01-11' AND prompt = 'health';
INSERT INTO followup.call (enrolment, person, responder, prefecture, health_center, day, reason, made_at) VALUES (stay(5), p(5), p(5), 27, 9271, '2021-01-11', 'missed', '2021-01-11 15:00+09');
INSERT INTO followup.notification (enrolment, person, prefecture, health_center, day, reason, made_at) VALUES (stay(5), p(5), 27, 9271, '2021-01-11', 'unreachable', '2021-01-15 15:00+09');
SELECT effects(5, '{"day0": "2021-01-11"}', '2021-01-15 16:00+09');
SELECT state, evidence, reason FROM followup.slot WHERE enrolment = stay(5) AND day = '2021-01-11' AND prompt = 'health';
SELECT state FROM followup.call WHERE enrolment = stay(5);
SELECT withdrawn_at FROM followup.notification WHERE enrolment = stay(5);

\echo == who should never have been followed is let go, with an apology
SELECT FROM followup.enrol(p(6), 'contact', '2021-01-10', as_of => '2021-01-10 18:00+09');
SELECT slots(6);
SELECT followup.correct(stay(6), '{"not_exposed": true}', 'mixed up with somebody of the same name', '2021-01-12 07:00+09') -> 'after' ->> 'state';
SELECT slots(6);
SELECT messages(6);
SELECT refusal(format('followup.correct(%s, %L, %L)', stay(6), '{"day0": "2021-01-08"}', 'too late'));

\echo == the other responder gets the messages; those of the old one are withdrawn
SELECT FROM followup.enrol(p(2), 'contact', '2021-01-10', responder => p(1), as_of => '2021-01-10 18:00+09');
SELECT effects(2, jsonb_build_object('responder', p(4)), '2021-01-12 07:00+09');
SELECT DISTINCT who(responder) FROM followup.slot WHERE enrolment = stay(2) AND state = 'awaited';
\echo == another time zone: the same days, at other moments
SELECT min(opens_at) FROM followup.slot WHERE enrolment = stay(2) AND day = '2021-01-14';
SELECT effects(2, '{"time_zone": "America/New_York"}', '2021-01-12 07:30+09');
SELECT min(opens_at) FROM followup.slot WHERE enrolment = stay(2) AND day = '2021-01-14';

\echo == one who had completed the period has not, after all
SELECT FROM followup.enrol(p(3), 'contact', '2021-01-01', as_of => '2021-01-02 18:00+09');
SELECT followup.complete('2021-01-16 00:30+09') ->> 'completed';
SELECT effects(3, '{"day0": "2021-01-05"}', '2021-01-17 09:00+09');
SELECT slots(3);
\echo == becoming symptomatic restarts as symptomatic from the onset
SELECT FROM followup.enrol(p(4), 'patient', '2021-01-10', 'asymptomatic', as_of => '2021-01-11 09:00+09');
SELECT effects(4, '{"class": "symptomatic", "day0": "2021-01-14", "began_at": "2021-01-14 06:00+09"}', '2021-01-15 09:00+09');
SELECT ready_at, missing FROM followup.may_release(stay(4), '2021-01-25 09:00+09');
-- the hour goes when the day does
SELECT effects(4, '{"day0": "2021-01-13"}', '2021-01-15 10:00+09');
SELECT began_at FROM followup.clinical WHERE enrolment = stay(4);

\echo == what is kept of it
SELECT who(person), reason, patch, before ->> 'day0', after ->> 'day0' FROM followup.correction WHERE enrolment = stay(4) ORDER BY correction;

\echo == refused, with every fault; nothing is changed
CREATE FUNCTION faults(patch jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	PERFORM followup.correct(stay(4), patch, 'test', '2021-01-16 09:00+09');
	RETURN 'taken';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN SQLSTATE || ' ' || (SELECT string_agg(coalesce(f ->> 'item', '') || ' ' || coalesce(f ->> 'code', f ->> 'reason') || ': ' || (f ->> 'message_en'), '; ') FROM jsonb_array_elements(CASE WHEN detail LIKE '[%' THEN detail::jsonb ELSE jsonb_build_array(detail::jsonb) END) AS f);
END
$$;
SELECT faults('{"day0": "2021-02-30", "class": "x", "time_zone": "Asia/Edo", "responder": "me", "began_at": "soon", "eased": "yes", "setting": "hotel", "until": "2021-01-20"}');
SELECT faults('{"day0": "2021-01-17"}');
SELECT faults('{}');
SELECT faults('[]');
SELECT faults('{"not_exposed": true, "day0": "2021-01-10"}');
SELECT faults('{"eased": true}');
SELECT faults('{"began_at": "2021-01-10 09:00+09"}');
SELECT refusal(format('followup.correct(%s, %L, %L)', stay(4), '{"day0": "2021-01-14"}', ' '));
SELECT refusal(format('followup.correct(%s, %L, %L)', -1, '{"day0": "2021-01-14"}', 'x'));
SELECT state, day0, class FROM followup.enrolment WHERE enrolment = stay(4);
ROLLBACK;
