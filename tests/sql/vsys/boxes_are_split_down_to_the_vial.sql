-- Nation, prefecture, municipality, basic site, site: boxes go to basic sites, and vials, which V-SYS could not divide,
-- from there to their partners. Every run is kept, and everything adds up.
BEGIN;
\pset format unaligned
\set SHOW_CONTEXT never
SET search_path = public, outbreak;
\getenv srcdir PG_ABS_SRCDIR
\set setup :srcdir /sql/vsys/rounds.inc
\set ECHO none
\i :setup
\set ECHO all
SELECT vsys.make_round('round_test', '一巡', 60, '[2021-07-05,2021-07-19)', '[
	{"kind": "equity", "to_level": "prefecture", "percent": 10, "rule": "webster", "weight": "vulnerability"},
	{"kind": "basic", "to_level": "prefecture", "rule": "hamilton", "weight": "population", "floor": "10"},
	{"kind": "basic", "from_level": "prefecture", "to_level": "municipality", "takes": ["basic", "equity"], "rule": "hamilton", "weight": "population", "weight_age": 65},
	{"kind": "split", "from_level": "municipality", "to_level": "basic_site", "rule": "constrained_equal_awards", "claim": "request", "hold": true},
	{"kind": "split", "from_level": "basic_site", "to_level": "site", "takes": ["split"], "pack": "vial", "rule": "constrained_equal_awards", "claim": "request", "by_group": true, "hold": true}]') AS round \gset
SELECT vsys.set_indicator(:round, 'vulnerability', 'prefecture', (SELECT jsonb_object_agg(to_char(p.prefecture, 'FM00'), CASE p.prefecture WHEN 13 THEN 52 WHEN 27 THEN 61 ELSE 0 END) FROM registry.prefecture AS p)) AS prefectures;
\echo == forty-five prefectures have nobody here: their floor cannot be met
SELECT pg_temp.tries(format('SELECT vsys.run_round(%s)', :round));
UPDATE vsys.frame SET floor = 'least' WHERE round = :round AND frame = 2;
SELECT pg_temp.tries(format('SELECT vsys.run_round(%s)', :round));
SELECT vsys.set_indicator(:round, 'least', 'prefecture', '{"13": 10, "27": 10}') AS prefectures;
SELECT pg_temp.tries(format('SELECT vsys.run_round(%s)', :round)) LIKE '{%' AS runs;
SELECT vsys.submit_requests(:round, format('[{"site": "%1$s", "priority_group": "elderly", "vials": 400}, {"site": "%1$s", "priority_group": "general", "vials": 300}, {"site": "%2$s", "priority_group": "elderly", "vials": 90}, {"site": "%2$s", "priority_group": "general", "vials": 400},
	{"site": "%3$s", "priority_group": "elderly", "vials": 200}, {"site": "%4$s", "priority_group": "general", "vials": 3000}, {"site": "%5$s", "priority_group": "general", "vials": 9000}]',
	:'basic', :'satellite', :'second', :'other_town', :'osaka')::jsonb) AS requested;
SELECT vsys.run_round(:round) - 'certificate' - 'round' AS calculated;
SELECT * FROM vsys.verify(:round);
\echo == by level: boxes held back for the vulnerable, then by population with a floor; in vials
SELECT t.level, CASE WHEN length(t.unit) = 10 THEN vsys.unit_name('site', t.unit) ELSE t.unit END AS unit, t.received, t.passed_on, t.held
FROM vsys.round AS r
CROSS JOIN LATERAL vsys.round_totals(r.round, r.pass) AS t
WHERE r.round = :round
	AND t.level <> 'nation'
	AND t.received > 0
ORDER BY array_position('{prefecture,municipality,basic_site,site}', t.level), t.unit;
\echo == the elderly first: general requests get what they leave
SELECT x.priority_group, vsys.unit_name('site', u.unit) AS site, u.claim, u.granted, u.reason, a.offered, a.seats
FROM vsys.round_run AS x
JOIN allocation.run AS a USING (run)
JOIN allocation.run_unit AS u USING (run)
JOIN vsys.priority_group AS g USING (priority_group)
WHERE x.round = :round
	AND x.pass = 2
	AND x.frame = 5
	AND x.parent = :'basic'
ORDER BY g.position, u.unit;
SELECT step, frame, level, name_ja, granted, pack, ja, en FROM vsys.explain(:round, :'satellite');
\echo == what if no site got more boxes than its freezers have room for?
INSERT INTO vsys.storage_state (product, state, name_ja, name_en, from_c, to_c, arrival) VALUES ('round_test', 'ultra_cold', '超低温', 'Ultra cold', -90, -60, true);
INSERT INTO vsys.freezer (site, freezer, state, vials) VALUES (:'osaka', 'F1', 'ultra_cold', 5000);
SELECT name_ja, vials_now / 195 AS boxes_now, vials_then / 195 AS boxes_then FROM vsys.what_if(:round, '{"frames": [{"frame": 4, "cap": "room"}]}', 'basic_site') WHERE difference <> 0;
\echo == published, the vials of each site are what delivery goes by
SELECT vsys.decide_round(:round);
SELECT vsys.publish_round(:round) - 'round' AS published;
SELECT i.name_ja, a.prefecture, a.municipality, a.vials FROM vsys.allotment AS a JOIN registry.institution AS i ON i.institution = a.site WHERE a.round = :round ORDER BY 1;
SELECT * FROM vsys.verify(:round);
ROLLBACK;
