-- The ministry divides the nation's boxes; a prefecture sees its own chain and divides its own part, a municipality too;
-- a site asks for itself and sees what it gets. Nobody writes certificates, results or states by hand.
BEGIN;
\pset format unaligned
\set SHOW_CONTEXT never
SET search_path = public, outbreak;
\getenv srcdir PG_ABS_SRCDIR
\set setup :srcdir /sql/vsys/rounds.inc
\set ECHO none
\i :setup
\set ECHO all
SELECT vsys.make_round('round_test', '連鎖', 40, '[2021-07-05,2021-07-19)', '[
	{"kind": "basic", "to_level": "prefecture", "rule": "hamilton", "weight": "least"},
	{"kind": "basic", "from_level": "prefecture", "to_level": "municipality", "takes": ["basic"], "rule": "hamilton", "weight": "population"},
	{"kind": "split", "from_level": "municipality", "to_level": "basic_site", "rule": "hamilton", "weight": "request"},
	{"kind": "split", "from_level": "basic_site", "to_level": "site", "pack": "vial", "rule": "hamilton", "weight": "request"}]') AS round \gset
SELECT vsys.set_indicator(:round, 'least', 'prefecture', '{"13": 1, "27": 3}') AS prefectures;
CREATE FUNCTION pg_temp.as_role(role text, claims jsonb, query text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	answer text;
BEGIN
	PERFORM pg_temp.become(role, claims);
	answer := pg_temp.tries(query);
	RESET ROLE;
	PERFORM set_config('request.jwt.claims', '', true);
	RETURN answer;
END
$$;
\echo == requests: a site for itself, officials for their sites
SELECT who.label, pg_temp.as_role(who.role, who.claims, format('SELECT vsys.submit_requests(%s, ''[{"site": "%s", "priority_group": "general", "vials": %s}]'')', :round, site.code, site.vials)) AS answer
FROM (VALUES (1, 'institution', 'outbreak_institution', jsonb_build_object('institution', :'basic')), (2, 'municipality 131016', 'outbreak_municipality', '{"municipality": "131016"}'), (3, 'prefecture 13', 'outbreak_prefecture', '{"prefecture": 13}'),
	(4, 'ministry', 'outbreak_ministry', '{}'), (5, 'no claim', 'outbreak_institution', '{}')) AS who (n, label, role, claims)
CROSS JOIN (VALUES (1, :'basic', 500), (2, :'satellite', 100), (3, :'other_town', 900), (4, :'osaka', 4000)) AS site (n, code, vials)
ORDER BY who.n, site.n;
SELECT vsys.submit_requests(:round, jsonb_build_array(jsonb_build_object('site', :'second', 'priority_group', 'general', 'vials', 300))) ->> 'accepted' AS accepted;
\echo == commands belong to the ministry
SELECT who.label, what.name, pg_temp.as_role(who.role, who.claims, format(what.query, :round)) AS answer
FROM (VALUES (1, 'prefecture 13', 'outbreak_prefecture', '{"prefecture": 13}'::jsonb), (2, 'institution', 'outbreak_institution', jsonb_build_object('institution', :'basic')), (3, 'analyst', 'outbreak_analyst', '{}'), (4, 'ministry', 'outbreak_ministry', '{}')) AS who (n, label, role, claims)
CROSS JOIN (VALUES
	(1, 'state', 'UPDATE vsys.round SET state = ''published'' WHERE round = %s'),
	(2, 'certificate', 'UPDATE vsys.round SET certificate = ''\x00'' WHERE round = %s'),
	(3, 'a run', 'INSERT INTO allocation.run (purpose, rule, offered, seats, units, inputs_hash, result_hash) VALUES (''vsys.round %s'', ''given'', 1, 1, 1, '''', '''')'),
	(4, 'a result', 'INSERT INTO vsys.allotment (round, site, vials) VALUES (%s, ''1399100013'', 1)'),
	(5, 'an indicator', 'SELECT vsys.set_indicator(%s, ''mine'', ''prefecture'', ''{"13": 5}'')'),
	(6, 'run', 'SELECT vsys.run_round(%s) ->> ''runs'''),
	(7, 'verify', 'SELECT count(*)::text FROM vsys.verify(%s)')
) AS what (n, name, query)
ORDER BY who.n, what.n;
\echo == who sees what of the calculation: runs by frame, units, and what they got
CREATE TEMP TABLE look (n serial, what text, query text);
INSERT INTO look (what, query)
VALUES
	('runs', format('SELECT string_agg(DISTINCT frame || '':'' || parent, '' '' ORDER BY frame || '':'' || parent) FROM vsys.round_run WHERE round = %s', :round)),
	('units', format('SELECT string_agg(DISTINCT u.unit, '' '' ORDER BY u.unit) FROM allocation.run_unit AS u JOIN vsys.round_run AS x USING (run) WHERE x.round = %s AND u.granted > 0', :round)),
	('requests', format('SELECT string_agg(site::text, '' '' ORDER BY site::text) FROM vsys.request WHERE round = %s', :round)),
	('indicators', format('SELECT string_agg(unit, '' '' ORDER BY unit) FROM vsys.indicator WHERE round = %s', :round)),
	('allotments', format('SELECT string_agg(site::text || '':'' || vials, '' '' ORDER BY site::text) FROM vsys.allotment WHERE round = %s', :round)),
	('promises', format('SELECT string_agg(unit, '' '' ORDER BY unit) FROM vsys.promise WHERE product = ''round_test''', :round)),
	('explain 13', format('SELECT count(*)::text FROM vsys.explain(%s, ''13'')', :round)),
	('explain 271004', format('SELECT string_agg(concat_ws('':'', frame, granted), '' '' ORDER BY step) FROM vsys.explain(%s, ''271004'')', :round)),
	('explain its site', format('SELECT string_agg(concat_ws('':'', frame, granted), '' '' ORDER BY step) FROM vsys.explain(%s, %L)', :round, :'satellite')),
	('published', format('SELECT string_agg(concat_ws('':'', frame, granted), '' '' ORDER BY step) FROM vsys.explain_published(%s, ''271004'')', :round)),
	('published, a site', format('SELECT string_agg(concat_ws('':'', frame, granted), '' '' ORDER BY step) FROM vsys.explain_published(%s, %L)', :round, :'basic'));
CREATE TEMP TABLE who AS
SELECT *
FROM (VALUES (1, 'ministry', 'outbreak_ministry', '{}'::jsonb), (2, 'prefecture 13', 'outbreak_prefecture', '{"prefecture": 13}'), (3, 'prefecture 27', 'outbreak_prefecture', '{"prefecture": 27}'), (4, 'municipality 131016', 'outbreak_municipality', '{"municipality": "131016"}'),
	(5, 'site', 'outbreak_institution', jsonb_build_object('institution', :'basic')), (6, 'other site', 'outbreak_institution', jsonb_build_object('institution', :'osaka')), (7, 'public', 'outbreak_anon', '{}'), (8, 'analyst', 'outbreak_analyst', '{}'), (9, 'wholesaler', 'outbreak_wholesaler', '{}')) AS who (n, label, role, claims);
SELECT w.label, l.what, pg_temp.as_role(w.role, w.claims, l.query) AS sees
FROM who AS w
CROSS JOIN look AS l
ORDER BY w.n, l.n;
\echo == a prefecture divides its own part, a municipality its own; all of it, among whom it has
SELECT who.label, what.frame, what.parent, pg_temp.as_role(who.role, who.claims, format('SELECT vsys.submit_split(%s, %s::smallint, %L, %L) - ''round''', :round, what.frame, what.parent, what.amounts)) AS answer
FROM (VALUES (1, 'prefecture 13', 'outbreak_prefecture', '{"prefecture": 13}'::jsonb), (2, 'prefecture 27', 'outbreak_prefecture', '{"prefecture": 27}'), (3, 'municipality 131016', 'outbreak_municipality', '{"municipality": "131016"}')) AS who (n, label, role, claims)
CROSS JOIN (VALUES
	(1, 2, '13', '{"131016": 6, "131024": 4}'::jsonb),
	(2, 2, '13', '{"131016": 6, "131024": 5}'),
	(3, 2, '13', '{"131016": 6, "271004": 4}'),
	(4, 2, '13', '{"131016": -6, "131024": 16}'),
	(5, 1, '13', '{"131016": 10}'),
	(6, 3, '131016', jsonb_build_object(:'basic', 1, :'second', 2))
) AS what (n, frame, parent, amounts)
ORDER BY what.n, who.n;
SELECT vsys.run_round(:round) ->> 'pass' AS pass;
SELECT frame, parent, split FROM vsys.round_run WHERE round = :round AND pass = 2 AND split IS NOT NULL ORDER BY 1, 2;
SELECT unit, received / 195 AS boxes FROM vsys.round_totals(:round, 2) WHERE level = 'municipality' ORDER BY 1;
SELECT ja FROM vsys.explain(:round, '131016') WHERE frame = 2;
SELECT ja FROM vsys.explain(:round, :'basic') WHERE frame = 3;
SELECT * FROM vsys.verify(:round);
\echo == the municipality divides what it has now
SELECT pg_temp.as_role('outbreak_municipality', '{"municipality": "131016"}', format('SELECT vsys.submit_split(%s, 3::smallint, ''131016'', %L) - ''round''', :round, jsonb_build_object(:'basic', 1, :'second', 5))) AS answer;
SELECT vsys.run_round(:round) ->> 'pass' AS pass;
SELECT ja FROM vsys.explain(:round, :'basic') WHERE frame = 3;
\echo == published
UPDATE vsys.round SET promises = true WHERE round = :round;
SELECT pg_temp.as_role('outbreak_ministry', '{}', format('SELECT vsys.decide_round(%s)', :round)) AS decided;
SELECT pg_temp.as_role('outbreak_ministry', '{}', format('SELECT vsys.publish_round(%s) - ''round''', :round)) AS published;
SELECT w.label, l.what, pg_temp.as_role(w.role, w.claims, l.query) AS sees
FROM who AS w
CROSS JOIN look AS l
WHERE l.what IN ('allotments', 'promises', 'published', 'published, a site')
ORDER BY w.n, l.n;
ROLLBACK;
