-- Requests: all or none, with every fault listed. After the deadline nothing is taken; the answer names the deadline and
-- the round that still takes requests. Asking again replaces what was asked.
BEGIN;
\pset format unaligned
\set SHOW_CONTEXT never
SET search_path = public, outbreak;
\getenv srcdir PG_ABS_SRCDIR
\set setup :srcdir /sql/vsys/rounds.inc
\set ECHO none
\i :setup
\set ECHO all
CREATE FUNCTION pg_temp.asks(of_round bigint, requests jsonb, as_of timestamptz DEFAULT '2021-06-20 12:00+09') RETURNS TABLE (answer text)
LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	RETURN QUERY SELECT vsys.submit_requests(of_round, requests, as_of)::text;
EXCEPTION WHEN SQLSTATE 'OB051' THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN QUERY SELECT 'OB051'::text UNION ALL
		SELECT concat_ws(' | ', f ->> 'record', f ->> 'site', f ->> 'code', f ->> 'message_ja', regexp_replace(f ->> 'message_en', 'round, [0-9]+', 'round, N')) FROM jsonb_array_elements(detail::jsonb) AS f;
END
$$;
SELECT vsys.make_round('round_test', '第9クール', 100, '[2021-07-05,2021-07-19)', '[{"kind": "basic", "to_level": "prefecture", "rule": "proportional", "claim": "request", "hold": true}]', '2021-06-25 17:00+09') AS ninth,
	vsys.make_round('round_test', '第10クール', 100, '[2021-07-19,2021-08-02)', '[{"kind": "basic", "to_level": "prefecture", "rule": "hamilton", "weight": "population"}]', '2021-07-09 17:00+09') AS tenth \gset
SELECT * FROM pg_temp.asks(:ninth, jsonb_build_array(jsonb_build_object('site', :'basic', 'priority_group', 'elderly', 'vials', 300), jsonb_build_object('site', :'osaka', 'priority_group', 'elderly', 'vials', 195)));
\echo == asked again: a correction
SELECT * FROM pg_temp.asks(:ninth, jsonb_build_array(jsonb_build_object('site', :'basic', 'priority_group', 'elderly', 'vials', 200), jsonb_build_object('site', :'basic', 'priority_group', 'general', 'vials', 0)));
SELECT site, priority_group, municipality, vials FROM vsys.request WHERE round = :ninth ORDER BY 1, 2;
\echo == everything that is wrong is listed, and nothing of it is taken
SELECT * FROM pg_temp.asks(:ninth, jsonb_build_array(
	jsonb_build_object('site', :'second', 'priority_group', 'elderly', 'vials', 100),
	jsonb_build_object('site', :'second', 'priority_group', 'elderly', 'vials', 120),
	jsonb_build_object('site', :'basic', 'priority_group', 'elderly', 'vials', -5),
	jsonb_build_object('site', :'osaka', 'priority_group', 'elderly', 'vials', 1.5),
	jsonb_build_object('site', :'osaka', 'priority_group', 'nobody', 'vials', 9999999),
	jsonb_build_object('site', '1310000000', 'priority_group', 'elderly', 'vials', 1),
	jsonb_build_object('priority_group', 'elderly'),
	'"text"'::jsonb));
SELECT * FROM pg_temp.asks(:ninth, '{"site": "1"}');
SELECT * FROM pg_temp.asks(-5, '[]');
UPDATE vsys.site SET state = 'paused' WHERE site = :'other_town';
DELETE FROM vsys.site_product WHERE site = :'satellite';
SELECT * FROM pg_temp.asks(:ninth, jsonb_build_array(jsonb_build_object('site', :'other_town', 'priority_group', 'elderly', 'vials', 1), jsonb_build_object('site', :'satellite', 'priority_group', 'elderly', 'vials', 1)));
SELECT count(*) FROM vsys.request WHERE round = :ninth;
\echo == no more than its freezers hold, for all groups together
INSERT INTO vsys.storage_state (product, state, name_ja, name_en, from_c, to_c, arrival) VALUES ('round_test', 'ultra_cold', '超低温', 'Ultra cold', -90, -60, true);
INSERT INTO vsys.freezer (site, freezer, state, vials) VALUES (:'second', 'F1', 'ultra_cold', 500);
SELECT * FROM pg_temp.asks(:ninth, jsonb_build_array(jsonb_build_object('site', :'second', 'priority_group', 'elderly', 'vials', 300), jsonb_build_object('site', :'second', 'priority_group', 'general', 'vials', 201)));
SELECT * FROM pg_temp.asks(:ninth, jsonb_build_array(jsonb_build_object('site', :'second', 'priority_group', 'elderly', 'vials', 300), jsonb_build_object('site', :'second', 'priority_group', 'general', 'vials', 200)));
\echo == a second after the deadline; the next round takes it
SELECT * FROM pg_temp.asks(:ninth, jsonb_build_array(jsonb_build_object('site', :'basic', 'priority_group', 'elderly', 'vials', 1)), '2021-06-25 17:00:00+09');
SELECT * FROM pg_temp.asks(:ninth, jsonb_build_array(jsonb_build_object('site', :'basic', 'priority_group', 'elderly', 'vials', 1)), '2021-06-25 17:00:01+09');
SELECT * FROM pg_temp.asks(:tenth, jsonb_build_array(jsonb_build_object('site', :'basic', 'priority_group', 'elderly', 'vials', 1)), '2021-06-25 17:00:01+09');
SELECT * FROM pg_temp.asks(:ninth, '[]', '2021-07-20 09:00+09');
\echo == nor by writing the row; whoever is not of the system cannot choose the moment either
SELECT pg_temp.tries(format('INSERT INTO vsys.request (round, site, priority_group, vials, requested_at) VALUES (%s, %L, ''general'', 5, ''2021-06-26'')', :ninth, :'basic'));
SELECT pg_temp.tries(format('INSERT INTO vsys.request (round, site, priority_group, vials, requested_at) VALUES (%s, %L, ''general'', 5, ''2021-06-20'')', :ninth, :'other_town'));
CREATE ROLE ob_test_site LOGIN;
GRANT outbreak_institution TO ob_test_site;
INSERT INTO access.account (login, role, institution) VALUES ('ob_test_site', 'outbreak_institution', :'basic');
SET SESSION AUTHORIZATION ob_test_site;
SET search_path = pg_catalog;
SELECT pg_temp.tries(format('SELECT vsys.submit_requests(%s, ''[{"site": "%s", "priority_group": "general", "vials": 5}]'', ''2021-06-20'')', :ninth, :'basic'));
RESET SESSION AUTHORIZATION;
\echo == a decided round takes none
SELECT vsys.run_round(:ninth) ->> 'units' AS units;
SELECT vsys.decide_round(:ninth);
SELECT * FROM pg_temp.asks(:ninth, jsonb_build_array(jsonb_build_object('site', :'basic', 'priority_group', 'elderly', 'vials', 1)));
ROLLBACK;
