-- What became of each try is kept; an accepted message is a fact that others may build on by a foreign key, until it
-- bounces, and then those who built on it are told first.
BEGIN;
SET LOCAL intervalstyle = 'postgres';
\getenv srcdir PG_ABS_SRCDIR
\set world :srcdir /sql/messaging/world.inc
\set ECHO none
\i :world
SELECT count(pg_temp.queue(n)) FROM generate_series(1, 12) AS n WHERE n <> 9 \g /dev/null
SELECT count(*) FROM messaging.claim('line', 100, '1 min', :noon) \g /dev/null
CREATE FUNCTION pg_temp.key(n integer) RETURNS uuid LANGUAGE SQL RETURN outbreak.message_key(pg_temp.person(n), '2021-02-10', 'k');
CREATE FUNCTION pg_temp.result(n integer, outcome text, status integer DEFAULT 200, reason text DEFAULT NULL, next_at timestamptz DEFAULT NULL, as_of timestamptz DEFAULT '2021-02-10 12:00:01+09') RETURNS integer LANGUAGE SQL
RETURN messaging.record_results('line', ARRAY['2021-02-10'::date], ARRAY[pg_temp.key(n)], ARRAY['2021-02-10 12:00+09'::timestamptz], ARRAY[250], ARRAY[outcome], ARRAY[status::smallint], ARRAY['req-' || n], ARRAY[reason], ARRAY[next_at], as_of);
\set ECHO all
SELECT pg_temp.result(1, 'accepted') AS accepted, pg_temp.result(2, 'repeated', 409) AS repeated, pg_temp.result(3, 'retry', 500, '500', '2021-02-10 12:05+09') AS retry, pg_temp.result(10, 'refused', 400, '400: bad') AS refused, pg_temp.result(11, 'gone', 410, '410') AS gone, pg_temp.result(4, 'gone', 410, '410') AS gone_but_reached_otherwise, pg_temp.result(5, 'released', NULL, NULL, '2021-02-10 12:01+09') AS released;
-- at the end of its tries, or of the time in which they are safe, it waits for a human
UPDATE messaging.message SET attempts = 12 WHERE key = pg_temp.key(6);
SELECT pg_temp.result(6, 'retry', NULL, 'no answer', '2021-02-10 12:05+09') AS given_up, pg_temp.result(7, 'retry', 503, '503', '2021-02-11 11:00+09') AS too_long;
-- withdrawn while it was on its way: it stays withdrawn, and the evidence tells that it arrived
SELECT messaging.withdraw(:day, pg_temp.key(8), '訂正') AS withdrawn, pg_temp.result(8, 'accepted') AS accepted;
SELECT pg_temp.whose(key) AS person, state, channel, attempts, next_at, accepted_at, ended_at IS NOT NULL AS ended, reason FROM messaging.message WHERE day = :day ORDER BY 1;
SELECT person, state FROM messaging.contact WHERE channel = 'line' AND state = 'blocked' ORDER BY person;
SELECT jsonb_pretty(messaging.evidence(:day, pg_temp.key(2)) - 'made_at');
SELECT messaging.evidence(:day, gen_random_uuid()) AS of_nothing;
-- the same answer twice is one acceptance
SELECT pg_temp.result(1, 'repeated', 409) AS again;
SELECT count(*) AS acceptances, (SELECT count(*) FROM messaging.attempt WHERE key = pg_temp.key(1)) AS attempts FROM messaging.acceptance WHERE key = pg_temp.key(1);
-- ---- who blames a person for silence needs the evidence
CREATE TABLE public.blame (day date NOT NULL, key uuid NOT NULL, missed boolean NOT NULL, evidence boolean, CHECK (NOT missed OR evidence IS TRUE), FOREIGN KEY (day, key, evidence) REFERENCES messaging.acceptance (day, key, stands));
INSERT INTO public.blame SELECT :day, pg_temp.key(n), false, NULL FROM unnest(ARRAY[1, 3, 10]) AS n;
SELECT n, pg_temp.tries(format('UPDATE public.blame SET missed = true, evidence = true WHERE key = %L RETURNING missed', pg_temp.key(n))) AS blamed FROM unnest(ARRAY[1, 3]) AS n;
SET CONSTRAINTS ALL IMMEDIATE;
SELECT pg_temp.tries(format('UPDATE public.blame SET missed = true WHERE key = %L', pg_temp.key(10))) AS without_evidence;
-- ---- it bounces
SELECT left(pg_temp.tries(format('SELECT messaging.bounce(''2021-02-10'', %L, ''no such number'', ''2021-02-10 13:00+09'')', pg_temp.key(1))), 5) AS held_by_the_blame;
CREATE FUNCTION public.unblame(kind text, person uuid, data jsonb, at timestamptz) RETURNS boolean LANGUAGE SQL
AS $$ UPDATE public.blame SET missed = false, evidence = NULL WHERE day = (data ->> 'day')::date AND key = (data ->> 'key')::uuid RETURNING true $$;
INSERT INTO messaging.handler (kind, function) VALUES ('bounce', 'public.unblame(text, uuid, jsonb, timestamptz)');
SELECT messaging.bounce(:day, pg_temp.key(1), 'no such number', '2021-02-10 13:00+09') AS noted, messaging.bounce(:day, pg_temp.key(1), 'again', '2021-02-10 13:01+09') AS again, messaging.bounce(:day, pg_temp.key(3), 'never accepted') AS never_accepted, messaging.bounce(:day, gen_random_uuid(), 'x') AS unknown;
SELECT missed, evidence FROM public.blame WHERE key = pg_temp.key(1);
SELECT m.state, m.bounced_at, m.reason, a.stands, c.state AS contact FROM messaging.message AS m JOIN messaging.acceptance AS a USING (day, key) JOIN messaging.contact AS c USING (person, channel) WHERE m.key = pg_temp.key(1);
-- a handler that fails keeps the bounce out, so that it can be said again
CREATE OR REPLACE FUNCTION public.unblame(kind text, person uuid, data jsonb, at timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not now' USING ERRCODE = '55P03'; END $$;
SELECT pg_temp.tries(format('SELECT messaging.bounce(''2021-02-10'', %L, ''x'')', pg_temp.key(2))) AS failed;
SELECT state FROM messaging.message WHERE key = pg_temp.key(2);
DELETE FROM messaging.handler WHERE kind = 'bounce';
-- ---- what a gateway reports
CREATE FUNCTION pg_temp.report(body text, endpoint text DEFAULT 'sms', signature text DEFAULT NULL) RETURNS text LANGUAGE SQL
RETURN pg_temp.tries(format('SELECT messaging.receive_status(%L, %L, %L, ''2021-02-10 14:00+09'')', endpoint, convert_to(body, 'UTF8'), coalesce(signature, pg_temp.signature('test-callback-secret', convert_to(body, 'UTF8')))));
SELECT pg_temp.report(format('[{"id": "20210210-%s", "status": "bounced", "reason": "unreachable"}, {"id": "20210210-%s", "status": "delivered"}, {"id": "20210231-%s", "status": "bounced"}, {"id": "nonsense", "status": "bounced"}, 3]', pg_temp.key(2), pg_temp.key(8), pg_temp.key(8))) AS taken;
SELECT pg_temp.report(format('{"id": "20210210-%s", "status": "bounced"}', pg_temp.key(2))) AS again;
SELECT pg_temp.report('{}', signature => 'x') AS forged, pg_temp.report('{}', 'nobody') AS unknown_gateway, pg_temp.report('not json') AS no_json, pg_temp.report('1') AS no_report;
SELECT state, reason FROM messaging.message WHERE key = pg_temp.key(2);
ROLLBACK;
