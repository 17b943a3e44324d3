-- Nobody missed what did not arrive: a slot is missed only where the gateway accepted our message before the deadline and
-- the message did not bounce. A constraint says so, and no UPDATE gets around it; a bounce that comes later takes it back.
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
CREATE VIEW slots AS SELECT who(person), state, evidence, reason, channel, answered_at FROM followup.slot WHERE day = '2021-08-06' AND prompt = 'health';
CREATE FUNCTION key(n integer, suffix text DEFAULT '') RETURNS uuid LANGUAGE SQL RETURN outbreak.message_key(p(n), '2021-08-06', 'health.1' || suffix);
CREATE FUNCTION attempt(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	of_table text;
	of_constraint text;
BEGIN
	EXECUTE statement;
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS of_constraint = CONSTRAINT_NAME;
	-- on this side foreign keys are numbered by partition
	RETURN SQLSTATE || ' ' || CASE WHEN SQLSTATE = '23503' THEN 'evidence' ELSE of_constraint END;
END
$$;
SELECT count(followup.enrol(p(n), 'contact', '2021-08-05', as_of => '2021-08-05 10:00+09')) FROM generate_series(1, 6) AS n;
-- 1: accepted; 2: accepted and bounced at once; 3: failed; 4: still in the queue; 5: accepted when it was too late; 6: answers
SELECT accepted('2021-08-06', key(n), '2021-08-06 08:00:05+09') FROM unnest('{1,2,6}'::integer[]) AS n;
SELECT messaging.bounce('2021-08-06', key(2), 'unreachable', '2021-08-06 08:30+09');
UPDATE messaging.message SET state = 'failed', next_at = NULL, reason = 'blocked' WHERE day = '2021-08-06' AND key = key(3);
SELECT accepted('2021-08-06', key(5), '2021-08-06 12:00:01+09');
SELECT followup.take_answer(p(6), 'health', '{"temperature_c": 36.5}', as_of => '2021-08-06 09:00+09') ->> 'state' AS answered;
-- what bounced or failed is known at once, what nobody answers at the deadline
SELECT followup.settle_slots('2021-08-06 09:30+09') AS before;
SELECT * FROM slots ORDER BY 1;
SELECT followup.settle_slots('2021-08-06 12:00:02+09') AS after, followup.settle_slots('2021-08-06 12:10+09') AS again;
SELECT * FROM slots ORDER BY 1;
-- no UPDATE says otherwise: without evidence, with evidence that is not there, that bounced, or of another message
SELECT attempt($q$UPDATE followup.slot SET state = 'missed' WHERE person = p(4) AND day = '2021-08-06'$q$);
SELECT attempt($q$UPDATE followup.slot SET state = 'missed', evidence = true WHERE person = p(4) AND day = '2021-08-06'$q$);
SELECT attempt($q$UPDATE followup.slot SET state = 'missed', evidence = true WHERE person = p(2) AND day = '2021-08-06'$q$);
SELECT attempt($q$UPDATE followup.slot SET state = 'missed', evidence = true WHERE person = p(3) AND day = '2021-08-06'$q$);
SELECT attempt($q$UPDATE followup.slot SET state = 'missed', evidence = false WHERE person = p(2) AND day = '2021-08-06'$q$);
SELECT attempt($q$UPDATE followup.slot SET state = 'missed', evidence = true, day = '2021-08-07', n = 2 WHERE person = p(1) AND day = '2021-08-06'$q$);
SELECT attempt($q$UPDATE followup.slot SET evidence = NULL WHERE person = p(1) AND day = '2021-08-06'$q$);
SELECT attempt($q$UPDATE followup.slot SET evidence = true WHERE person = p(6) AND day = '2021-08-06'$q$);
SELECT attempt($q$INSERT INTO followup.slot (day, enrolment, prompt, n, prefecture, opens_at, due_at, person, responder, message_key, state, evidence) VALUES ('2021-08-06', -1, 'health', 1, 13, now(), now(), p(4), p(4), key(4), 'missed', true)$q$);
-- nor is evidence taken away under a slot that stands on it
SELECT attempt($q$DELETE FROM messaging.acceptance WHERE key = key(1)$q$);
SELECT attempt($q$UPDATE messaging.acceptance SET bounced_at = now() WHERE key = key(1)$q$);
-- a bounce the day after, as messaging reports it: the handler first, then the acceptance
SELECT messaging.bounce('2021-08-06', key(1), 'unreachable', '2021-08-07 10:00+09');
SELECT * FROM slots ORDER BY 1;
SELECT stands, bounced_at FROM messaging.acceptance WHERE key = key(1);
SELECT followup.settle_slots('2021-08-07 11:00+09') AS stays_so;
-- an answer that comes late takes a miss away, too
SELECT followup.enrol(p(1), 'arrival', '2021-08-05', as_of => '2021-08-05 10:00+09') > 0 AS enrolled;
SELECT accepted('2021-08-06', message_key, '2021-08-06 11:00+09') FROM followup.slot WHERE person = p(1) AND prompt = 'video' AND day = '2021-08-06';
SELECT followup.settle_slots('2021-08-06 20:00+09') -> 'missed' AS missed;
SELECT state, evidence FROM followup.slot WHERE person = p(1) AND prompt = 'video' AND day = '2021-08-06';
SELECT followup.take_answer(p(1), 'video', '{"mode": "staff", "face_seen": true, "place_seen": true}', as_of => '2021-08-06 20:30+09') - 'alerts' AS late;
SELECT state, evidence, answered_at > due_at AS late FROM followup.slot WHERE person = p(1) AND prompt = 'video' AND day = '2021-08-06';
-- the second channel counts as well: the first failed, the second arrived
SELECT accepted('2021-08-06', key(3, '.second'), '2021-08-06 09:45+09');
UPDATE followup.slot SET state = 'awaited', reason = NULL WHERE person = p(3) AND day = '2021-08-06';
UPDATE messaging.message SET state = 'queued', next_at = now() WHERE key = key(3);
SELECT followup.settle_slots('2021-08-06 12:30+09') -> 'missed' AS missed;
SELECT state, message_key = key(3, '.second') AS by_the_second FROM followup.slot WHERE person = p(3) AND day = '2021-08-06' AND prompt = 'health';
-- a day that nobody planned was asked of nobody: no slot of it is silent, and none is missed
SELECT followup.settle_slots('2021-08-08 12:30+09') -> 'missed' AS missed;
SELECT state, reason, count(*) FROM followup.slot WHERE day = '2021-08-08' AND due_at <= '2021-08-08 12:30+09' GROUP BY 1, 2;
ROLLBACK;
