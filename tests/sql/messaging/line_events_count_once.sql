-- A webhook of LINE is believed by its signature over the very bytes; each event counts once; follow, block and account link
-- move the contact; answers go to who handles them, in the same transaction.
BEGIN;
\getenv srcdir PG_ABS_SRCDIR
\set world :srcdir /sql/messaging/world.inc
\set ECHO none
\i :world
CREATE FUNCTION pg_temp.hook(body text, signature text DEFAULT NULL) RETURNS text LANGUAGE SQL
RETURN pg_temp.tries(format('SELECT messaging.receive_line(%L, %L, ''2021-02-10 12:00+09'')', convert_to(body, 'UTF8'), coalesce(signature, pg_temp.signature('test-channel-secret', convert_to(body, 'UTF8')))));
CREATE FUNCTION pg_temp.event(id text, kind text, n integer, rest text DEFAULT '', mode text DEFAULT 'active', redelivery boolean DEFAULT false) RETURNS text LANGUAGE SQL
RETURN format('{"type": "%s", "mode": "%s", "timestamp": 1612926000123, "webhookEventId": "%s", "deliveryContext": {"isRedelivery": %s}, "source": {"type": "user", "userId": "%s"}%s}', kind, mode, id, redelivery::text, pg_temp.user_id(n), rest);
CREATE FUNCTION pg_temp.hooks(VARIADIC events text[]) RETURNS text LANGUAGE SQL RETURN pg_temp.hook(format('{"destination": "x", "events": [%s]}', array_to_string(events, ', ')));
CREATE TABLE public.answer (kind text, person uuid, data jsonb, at timestamptz);
CREATE FUNCTION public.answered(kind text, person uuid, data jsonb, at timestamptz) RETURNS boolean LANGUAGE SQL AS $$ INSERT INTO public.answer VALUES (kind, person, data, at) RETURNING person IS NOT NULL $$;
CREATE FUNCTION public.fails(kind text, person uuid, data jsonb, at timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.answer VALUES (kind, person, data, at); RAISE EXCEPTION 'cannot be' USING ERRCODE = 'OB120'; END $$;
INSERT INTO messaging.handler VALUES ('postback', 'a=', 'public.answered(text, uuid, jsonb, timestamptz)'), ('postback', 'a=9', 'public.fails(text, uuid, jsonb, timestamptz)');
GRANT ALL ON public.answer TO outbreak_owner;
\set ECHO all
-- ---- the signature
SELECT pg_temp.hook('{"destination": "x", "events": []}') AS connection_test;
SELECT outbreak.signature_holds('line.channel', '\x7b7d', pg_temp.signature('test-channel-secret', '\x7b7d')) AS holds, outbreak.signature_holds('line.channel', '\x7b7d20', pg_temp.signature('test-channel-secret', '\x7b7d')) AS one_blank_more,
	outbreak.signature_holds('line.channel', '\x7b7d', NULL) AS none, outbreak.signature_holds('line.channel', '\x7b7d', '') AS empty;
SELECT pg_temp.tries('SELECT outbreak.signature_holds(''nothing'', ''\x00'', ''x'')') AS no_secret;
SELECT pg_temp.hook('{"events": []}', 'AAAA') AS forged, pg_temp.hook('{"events": []}', pg_temp.signature('another secret', convert_to('{"events": []}', 'UTF8'))) AS of_somebody_else;
SELECT pg_temp.hook('no json') AS no_json, pg_temp.hook('{"events": {}}') AS no_array, pg_temp.hook('[]') AS no_object;
-- ---- events
SELECT pg_temp.hooks(pg_temp.event('E1', 'postback', 1, ', "postback": {"data": "a=1&v=ok"}'), pg_temp.event('E2', 'message', 2, ', "message": {"type": "text", "text": "こんにちは"}'), pg_temp.event('E3', 'postback', 99, ', "postback": {"data": "a=2"}')) AS first;
SELECT pg_temp.hooks(pg_temp.event('E1', 'postback', 1, ', "postback": {"data": "a=1&v=ok"}', redelivery => true), pg_temp.event('E4', 'postback', 1, ', "postback": {"data": "a=9"}')) AS second;
SELECT pg_temp.hooks(pg_temp.event('E5', 'postback', 1, mode => 'standby'), '{"type": "follow"}', '3', pg_temp.event('E6', 'postback', 1, ', "postback": {"data": "other"}')) AS passed_over;
SELECT event, kind, right(person::text, 2) AS person, data, at, day, taken_at, problem FROM messaging.incoming ORDER BY event COLLATE "C";
SELECT kind, right(person::text, 2) AS person, data FROM public.answer ORDER BY data::text COLLATE "C";
-- ---- follow and block
SELECT pg_temp.hooks(pg_temp.event('F1', 'unfollow', 3)) AS blocked, (SELECT state FROM messaging.contact WHERE person = pg_temp.person(3) AND channel = 'line') AS state;
SELECT state FROM messaging.contact WHERE person = pg_temp.person(3) AND channel = 'line';
SELECT pg_temp.hooks(pg_temp.event('F2', 'follow', 3)) AS back;
SELECT state FROM messaging.contact WHERE person = pg_temp.person(3) AND channel = 'line';
-- ---- account link: a number of ours, good once and for ten minutes
SELECT messaging.make_link(pg_temp.person(9), '2021-02-10 11:55+09') AS nonce, messaging.make_link(pg_temp.person(9), '2021-02-10 11:49+09') AS old \gset
SELECT length(:'nonce') AS length, count(*) AS kept, bool_or(nonce = convert_to(:'nonce', 'UTF8')) AS in_clear FROM messaging.link;
SELECT pg_temp.hooks(pg_temp.event('L1', 'accountLink', 77, format(', "link": {"result": "ok", "nonce": "%s"}', :'old'))) AS too_old;
SELECT count(*) AS contacts FROM messaging.contact WHERE person = pg_temp.person(9);
SELECT pg_temp.hooks(pg_temp.event('L2', 'accountLink', 77, format(', "link": {"result": "ok", "nonce": "%s"}', :'nonce'))) AS linked;
SELECT channel, state, outbreak.reveal(address, 'line', person) = pg_temp.user_id(77) AS address FROM messaging.contact WHERE person = pg_temp.person(9);
SELECT pg_temp.hooks(pg_temp.event('L3', 'accountLink', 78, format(', "link": {"result": "ok", "nonce": "%s"}', :'nonce'))) AS used_up;
SELECT outbreak.reveal(address, 'line', person) = pg_temp.user_id(77) AS still FROM messaging.contact WHERE person = pg_temp.person(9);
SELECT pg_temp.tries('SELECT messaging.make_link(pg_temp.person(99))') AS nobody;
ROLLBACK;
