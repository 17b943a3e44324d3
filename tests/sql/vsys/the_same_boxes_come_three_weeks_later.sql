-- First doses promise the second: the first tranche of 2021 sent 500 boxes, and the same boxes to the same sites three
-- weeks later. A shortage shows weeks before, and no round is decided that forgets a promise.
BEGIN;
\pset format unaligned
\set SHOW_CONTEXT never
SET search_path = public, outbreak;
\getenv srcdir PG_ABS_SRCDIR
\set setup :srcdir /sql/vsys/rounds.inc
\set ECHO none
\i :setup
\set ECHO all
SELECT vsys.submit_requests(r.round, format('[{"site": "%s", "priority_group": "health_worker", "vials": 500}, {"site": "%s", "priority_group": "health_worker", "vials": 90},
	{"site": "%s", "priority_group": "health_worker", "vials": 400}, {"site": "%s", "priority_group": "health_worker", "vials": 900}, {"site": "%s", "priority_group": "health_worker", "vials": 97000}]',
	:'basic', :'satellite', :'second', :'other_town', :'osaka')::jsonb, '2021-02-20 12:00+09') AS requested, r.round AS first
FROM vsys.make_round('round_test', '1回目', 500, '[2021-03-01,2021-03-08)', '[
	{"kind": "basic", "to_level": "basic_site", "rule": "hamilton", "weight": "request"},
	{"kind": "basic", "from_level": "basic_site", "to_level": "site", "takes": ["basic"], "pack": "vial", "rule": "hamilton", "weight": "request"}]',
	'2021-02-25 17:00+09', true) AS r (round) \gset
\echo :requested
SELECT vsys.run_round(:first) - 'certificate' - 'round' AS calculated;
SELECT vsys.decide_round(:first, NULL, '2021-02-26 10:00+09');
SELECT vsys.publish_round(:first, '2021-02-26 11:00+09') - 'round' AS published;
SELECT i.name_ja, a.vials, a.vials % 195 AS beside_boxes, p.vials AS promised, p.due_on
FROM vsys.allotment AS a
JOIN registry.institution AS i ON i.institution = a.site
LEFT JOIN vsys.promise AS p ON p.unit = a.site::text
WHERE a.round = :first
ORDER BY 1;

\echo == three weeks before: 500 boxes are due in the week of 22 March; 450 come. And if 200 came a week later?
SELECT vsys.make_round('round_test', '2回目', 450, '[2021-03-22,2021-03-29)', '[
	{"kind": "promise", "to_level": "site", "pack": "vial", "rule": "proportional", "claim": "promise"},
	{"kind": "basic", "to_level": "prefecture", "rule": "hamilton", "weight": "population", "hold": true}]') AS second_round \gset
SELECT week_on, due_vials / 195 AS due_boxes, supply_vials / 195 AS supply_boxes, missing_vials / 195 AS missing_boxes FROM vsys.promise_shortfall('round_test', '2021-03-01 09:00+09');
SELECT week_on, due_vials / 195 AS due_boxes, supply_vials / 195 AS supply_boxes, missing_vials / 195 AS missing_boxes FROM vsys.promise_shortfall('round_test', '2021-03-01 09:00+09', '{"2021-03-22": 300, "2021-03-29": 200}');

\echo == with 450 boxes each gets nine tenths; that is not decided without a reason
SELECT vsys.run_round(:second_round) ->> 'units' AS units;
SELECT level, count(*), sum(promised) AS promised, sum(kept) AS kept FROM vsys.broken_promises(:second_round) GROUP BY level;
SELECT pg_temp.tries(format('SELECT vsys.decide_round(%s)', :second_round)) AS refused;

\echo == a round that forgets them is not decided either
SELECT vsys.make_round('round_test', '忘れた', 450, '[2021-03-22,2021-03-29)', '[{"kind": "basic", "to_level": "prefecture", "rule": "hamilton", "weight": "population"}]') AS forgetful \gset
SELECT vsys.run_round(:forgetful) ->> 'units' AS units;
SELECT left(pg_temp.tries(format('SELECT vsys.decide_round(%s)', :forgetful)), 62) AS refused;

\echo == 530 boxes: the same 500 to the same sites first, and 30 by population
UPDATE vsys.round SET boxes = 530 WHERE round = :second_round;
SELECT pg_temp.tries(format('SELECT vsys.decide_round(%s)', :second_round)) AS stale;
SELECT vsys.run_round(:second_round) ->> 'units' AS units;
SELECT frame, ja, en FROM vsys.explain(:second_round, :'satellite');
SELECT count(*) AS sites, count(*) FILTER (WHERE c.difference = 0) AS same FROM vsys.compare_rounds(:first, :second_round, 'site') AS c;
SELECT unit, difference / 195 AS boxes_more FROM vsys.compare_rounds(:first, :second_round, 'prefecture') WHERE difference > 0;
SELECT vsys.decide_round(:second_round, NULL, '2021-03-15 10:00+09');
SELECT vsys.publish_round(:second_round, '2021-03-15 11:00+09') - 'round' AS published;
SELECT count(*) AS still_open FROM vsys.open_promises('round_test');

\echo == a withdrawn round keeps no promise, and what the first round promised is void when that is withdrawn
SELECT vsys.withdraw_round(:second_round, '供給の遅れ', '2021-03-16 10:00+09');
SELECT count(*) AS open_again, sum(vials)::bigint / 195 AS boxes FROM vsys.open_promises('round_test');
SELECT vsys.withdraw_round(:first, '出荷の取消', '2021-03-16 10:00+09');
SELECT count(*) AS void FROM vsys.open_promises('round_test');

\echo == of a round that keeps half, half is owed; what is overdue is due in this week
INSERT INTO vsys.promise (product, level, unit, due_on, vials) VALUES ('round_test', 'prefecture', '13', '2021-04-05', 1000), ('round_test', 'prefecture', '27', '2021-04-05', 2000), ('round_test', 'prefecture', '27', '2021-04-12', 900);
SELECT vsys.make_round('round_test', '半分', 10, '[2021-04-05,2021-04-12)', '[
	{"kind": "promise", "to_level": "prefecture", "pack": "vial", "rule": "proportional", "claim": "promise"},
	{"kind": "basic", "to_level": "prefecture", "rule": "hamilton", "weight": "population", "hold": true}]') AS half \gset
SELECT vsys.run_round(:half) ->> 'units' AS units;
SELECT vsys.decide_round(:half, '輸入の遅れ', '2021-04-02 10:00+09');
SELECT vsys.publish_round(:half, '2021-04-02 11:00+09') - 'round' AS published;
SELECT unit, due_on, promised, vials AS owed FROM vsys.open_promises('round_test') ORDER BY due_on, unit;
SELECT * FROM vsys.promise_shortfall('round_test', '2021-04-20 09:00+09', '{"2021-05-06": 3}');

\echo == a prefecture sees what it is owed, and what was kept of that
CREATE ROLE ob_test_osaka LOGIN IN ROLE outbreak_prefecture;
INSERT INTO access.account (login, role, prefecture) VALUES ('ob_test_osaka', 'outbreak_prefecture', 27);
SET SESSION AUTHORIZATION ob_test_osaka;
SELECT unit, due_on, promised, vials AS owed FROM vsys.open_promises('round_test') ORDER BY due_on, unit;
SELECT prefecture, municipality, vials FROM vsys.promise_kept ORDER BY promise;
SELECT count(*) FILTER (WHERE f.unit <> '27') AS of_others FROM vsys.round_fairness(:half, 'prefecture', 'promise') AS f;
RESET SESSION AUTHORIZATION;
ROLLBACK;
