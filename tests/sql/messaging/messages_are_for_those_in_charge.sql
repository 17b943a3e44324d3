-- A prefecture and its health centres see the messages to persons in their charge and what became of them, without what
-- they said and where they went; a person sees their own; the worker may do its work and no more; the public nothing.
BEGIN;
\getenv srcdir PG_ABS_SRCDIR
\set world :srcdir /sql/messaging/world.inc
\set ECHO none
\i :world
SELECT count(pg_temp.queue(n)) FROM unnest(ARRAY[1, 2, 55]) AS n \g /dev/null
SELECT messaging.record_results('line', array_agg(day), array_agg(key), array_agg(now()), array_agg(1), array_agg('accepted'::text), array_agg(200::smallint), array_agg(NULL::text), array_agg(NULL::text), array_agg(NULL::timestamptz)) FROM messaging.claim('line', 10, '1 min', :noon) \g /dev/null
CREATE FUNCTION pg_temp.become(role text, claims text) RETURNS void LANGUAGE SQL AS $$ SELECT set_config('request.jwt.claims', claims, true), set_config('role', role, true) $$;
CREATE FUNCTION pg_temp.sees() RETURNS TABLE (messages text, attempts text, acceptances text, contacts text, evidence text, parameters text, addresses text, endpoints text) LANGUAGE SQL AS $$
	SELECT pg_temp.tries('SELECT count(day) FROM messaging.message'), pg_temp.tries('SELECT count(*) FROM messaging.attempt'), pg_temp.tries('SELECT count(*) FROM messaging.acceptance'), pg_temp.tries('SELECT count(person) FROM messaging.contact'),
		pg_temp.tries(format('SELECT messaging.evidence(''2021-02-10'', %L) ->> ''proven''', outbreak.message_key(pg_temp.person(55), '2021-02-10', 'k'))),
		pg_temp.tries('SELECT count(parameters) FROM messaging.message'), pg_temp.tries('SELECT count(address) FROM messaging.contact'), pg_temp.tries('SELECT count(*) FROM messaging.endpoint') $$;
GRANT EXECUTE ON FUNCTION outbreak.message_key(uuid, date, text) TO PUBLIC;
SET SESSION AUTHORIZATION outbreak_authenticator;
\pset format unaligned
\set ECHO all
SELECT pg_temp.become('outbreak_prefecture', '{"prefecture": 13}') \g /dev/null
SELECT 'Tokyo' AS who, * FROM pg_temp.sees();
RESET ROLE;
SELECT pg_temp.become('outbreak_health_center', '{"prefecture": 27, "health_center": 1}') \g /dev/null
SELECT 'a health centre of Osaka' AS who, * FROM pg_temp.sees();
RESET ROLE;
SELECT pg_temp.become('outbreak_citizen', '{"person": "00000000-0000-4000-8000-000000000002"}') \g /dev/null
SELECT 'a person' AS who, * FROM pg_temp.sees();
SELECT messaging.opt_out(outbreak.my_person()) AS own, messaging.opt_out(pg_temp.person(1)) AS of_somebody_else;
RESET ROLE;
SELECT pg_temp.become('outbreak_ministry', '{}') \g /dev/null
SELECT 'the ministry' AS who, * FROM pg_temp.sees();
RESET ROLE;
SELECT pg_temp.become('outbreak_anon', '{}') \g /dev/null
SELECT 'the public' AS who, * FROM pg_temp.sees();
RESET ROLE;
SELECT pg_temp.become('outbreak_analyst', '{}') \g /dev/null
SELECT 'an analyst' AS who, * FROM pg_temp.sees();
RESET SESSION AUTHORIZATION;
-- ---- the worker
SET ROLE outbreak_worker;
SELECT pg_temp.tries(s) AS answer, s AS statement
FROM unnest(ARRAY['DELETE FROM messaging.message', 'INSERT INTO messaging.message (key, person, prefecture, kind, template) VALUES (gen_random_uuid(), gen_random_uuid(), 13, ''x'', ''t.plain'')', 'UPDATE messaging.attempt SET outcome = ''accepted''', 'DELETE FROM messaging.acceptance',
	'UPDATE messaging.contact SET address = NULL', 'UPDATE messaging.endpoint SET url = ''https://evil.example''', 'SELECT count(*) FROM messaging.incoming', 'SELECT messaging.bounce(''2021-02-10'', gen_random_uuid(), ''x'')', 'SELECT messaging.receive_line('''', '''')']) AS s;
ROLLBACK;
