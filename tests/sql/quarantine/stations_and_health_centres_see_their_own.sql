-- Officers see what comes in by the ports of their station, and who it is; health centre and prefecture see whoever stays
-- with them; ministry and analysts work with pseudonyms; the public sees ports, rules and texts.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
SET timezone = 'Asia/Tokyo';
\getenv srcdir PG_ABS_SRCDIR
\set world :srcdir /sql/quarantine/world.inc
\set ECHO none
\i :world
\set ECHO all
\set VERBOSITY terse
\pset format unaligned
-- two who land at Narita, one of whom stays in Osaka; one who lands at Kansai and stays in Tokyo
SELECT (quarantine.scan(ticket_of(entered(jsonb_build_array(someone(1, '10A'), someone(2, '10B', '{"municipality": "271004"}')), 'NH 1')), 'NRT-0001', '2020-12-14 17:00+09')).persons;
SELECT (quarantine.scan(ticket_of(entered(jsonb_build_array(someone(3, '10C')), 'NH 2', port => 'KIX')), 'KIX-0001', '2020-12-14 17:00+09')).persons;
SELECT (quarantine.positive(t.person, '2020-12-14 17:30+09', as_of => '2020-12-14 19:00+09')).contacts FROM quarantine.traveller AS t JOIN quarantine.questionnaire AS q USING (person) WHERE q.seat = '10A';
SELECT t.person AS at_narita FROM quarantine.traveller AS t JOIN quarantine.questionnaire AS q USING (person) WHERE q.seat = '10A' \gset
SELECT t.person AS at_kansai FROM quarantine.traveller AS t JOIN quarantine.questionnaire AS q USING (person) WHERE q.seat = '10C' \gset
SELECT p.station AS narita FROM quarantine.port AS p WHERE p.port = 'NRT' \gset
SELECT r.subject AS device FROM quarantine.reader AS r WHERE r.reader = 'NRT-0001' \gset
SELECT p.station AS kansai FROM quarantine.port AS p WHERE p.port = 'KIX' \gset
CREATE FUNCTION sees(query text) RETURNS text
LANGUAGE plpgsql
AS $$
DECLARE
	n bigint;
BEGIN
	EXECUTE 'SELECT count(*) FROM ' || query INTO n;
	RETURN n;
EXCEPTION WHEN insufficient_privilege THEN
	RETURN 'no right';
END
$$;
GRANT EXECUTE ON FUNCTION sees(text), refusal(text) TO PUBLIC;
CREATE ROLE ob_test_officer LOGIN NOINHERIT;
GRANT outbreak_quarantine, outbreak_health_center, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_anon, outbreak_municipality TO ob_test_officer;
SET outbreak.access_authenticator = 'ob_test_officer';
SET SESSION AUTHORIZATION ob_test_officer;
\set looks 'SELECT sees(''quarantine.entry'') AS entry, sees(''quarantine.traveller'') AS traveller, sees(''quarantine.questionnaire'') AS answers, sees(''quarantine.identity'') AS identity, sees(''quarantine.reader'') AS reader, sees(''quarantine.reading'') AS reading, sees(''quarantine.detection'') AS detection, sees(''quarantine.contact'') AS contact, sees(''quarantine.port'') AS port;'
SET ROLE outbreak_quarantine;
SELECT set_config('request.jwt.claims', json_build_object('organisation', :narita)::text, true) <> '' AS narita;
:looks
SELECT r.name, r.passport FROM quarantine.reveal_traveller(:'at_narita') AS r;
SELECT count(*) FROM quarantine.reveal_traveller(:'at_kansai') AS r;
SELECT refusal(format('quarantine.positive(%L, now())', :'at_kansai')) AS of_another_station, refusal(format('quarantine.correct_answers(%L, %L)', :'at_kansai', '{"seat": "1A"}')) AS its_answers;
SELECT refusal(format('quarantine.correct_answers(%L, %L)', :'at_narita', '{"seat": "11A"}')) AS own_answers;
SELECT count(*) AS own_figures FROM quarantine.station_figures('2020-12-15', '2020-12-15 23:59+09');
INSERT INTO quarantine.flight (port, conveyance, scheduled_at) VALUES ('NRT', 'NH 7', '2020-12-20 10:00+09');
INSERT INTO quarantine.flight (port, conveyance, scheduled_at) VALUES ('KIX', 'NH 7', '2020-12-20 10:00+09');
-- a device has the account of its station, and a stolen one tells nobody who somebody is
SELECT set_config('request.jwt.claims', json_build_object('sub', :'device')::text, true) <> '' AS device, outbreak.my_organisation() = :narita AS of_narita, quarantine.is_device() AS is_device;
SELECT count(*) AS revealed FROM quarantine.reveal_traveller(:'at_narita') AS r;
SELECT refusal(format('quarantine.correct_answers(%L, %L)', :'at_narita', '{"seat": "12A"}')) AS corrects;
SELECT set_config('request.jwt.claims', '{}', true) <> '' AS of_no_station;
:looks
SET ROLE outbreak_health_center;
SELECT set_config('request.jwt.claims', '{"health_center": 990271}', true) <> '' AS osaka;
:looks
SET ROLE outbreak_prefecture;
SELECT set_config('request.jwt.claims', '{"prefecture": 13}', true) <> '' AS tokyo;
:looks
SET ROLE outbreak_ministry;
SELECT set_config('request.jwt.claims', '{}', true) <> '' AS ministry;
:looks
SELECT c.age, c.conveyance FROM quarantine.case_for_notification(:'at_narita') AS c;
SET ROLE outbreak_analyst;
:looks
SELECT refusal('quarantine.reveal_traveller(gen_random_uuid())') AS reveals;
SET ROLE outbreak_municipality;
:looks
SET ROLE outbreak_anon;
:looks
SELECT sees('quarantine.text WHERE language = ''ja''') > '0' AS texts, refusal('quarantine.install_readers(''NRT'', 1)') AS installs, refusal('quarantine.close_gone()') AS jobs;
RESET ROLE;
RESET SESSION AUTHORIZATION;
ROLLBACK;
