-- A frame divides for all parents in one pass; what comes out is, line by line, what allocation.solve() gives for one:
-- every rule, with floors, caps and weights, whole amounts and rests that are held.
BEGIN;
\pset format unaligned
SET search_path = public, outbreak;
SELECT vsys.make_round('comirnaty', '照合', 500, '[2021-07-05,2021-07-19)', '[{"kind": "basic", "to_level": "prefecture", "rule": "hamilton", "weight": "w", "hold": true}]') AS round \gset
SELECT setseed(0.5) \g /dev/null
SELECT vsys.set_indicator(:round, i.name, 'prefecture', (SELECT jsonb_object_agg(to_char(p.prefecture, 'FM00'), CASE WHEN random() < i.zero THEN 0 ELSE 1 + floor(random() * i.size)::bigint END) FROM registry.prefecture AS p)) AS prefectures
FROM (VALUES ('w', 1000000, 0.1), ('even', 3, 0), ('least', 6, 0.3), ('most', 30, 0), ('asked', 40, 0.1), ('rank', 9, 0)) AS i (name, size, zero);
-- a cap below the floor is an error of its own
UPDATE vsys.indicator SET value = value + 10 WHERE round = :round AND indicator = 'most';
CREATE TEMP TABLE tried AS
SELECT row_number() OVER () AS n, v.rule, v.weight, v.claim, v.floor, v.cap, b.boxes
FROM (
	SELECT m.rule, w.weight, NULL::text AS claim, x.floor, x.cap
	FROM unnest('{hamilton,webster,dhondt,adams,huntington_hill,dean}'::text[]) AS m (rule)
	CROSS JOIN unnest('{w,even}'::text[]) AS w (weight)
	CROSS JOIN (VALUES (NULL, NULL), ('least', NULL), (NULL, 'most'), ('least', 'most'), (NULL, '12')) AS x (floor, cap)
	UNION ALL
	SELECT s.rule, s.weight, 'asked', NULL, x.cap
	FROM (VALUES ('proportional', NULL), ('constrained_equal_awards', NULL), ('constrained_equal_awards', 'even'), ('constrained_equal_losses', NULL), ('constrained_equal_losses', 'even'), ('talmud', NULL), ('ranked', 'rank')) AS s (rule, weight)
	CROSS JOIN (VALUES (NULL), ('most')) AS x (cap)
) AS v
CROSS JOIN unnest('{250,431,900,5000}'::integer[]) AS b (boxes);
SELECT count(*) AS frames FROM tried;
WITH value AS (
	SELECT i.indicator, array_agg(i.value ORDER BY i.unit) AS list, array_agg(i.unit ORDER BY i.unit) AS units
	FROM vsys.indicator AS i
	WHERE i.round = :round
	GROUP BY i.indicator
), line AS (
	SELECT t.n, t.rule, l.position, l.unit, l.seats, l.level_numerator / l.level_denominator AS level, l.cut_off, l.weight, l.claim, l.floor, l.cap, l.quota, l.remainder, l.granted, l.reason
	FROM tried AS t
	CROSS JOIN LATERAL vsys.compute(:round, jsonb_build_object('boxes', t.boxes, 'frames', jsonb_build_array(
		jsonb_build_object('frame', 1, 'rule', t.rule, 'weight', t.weight, 'claim', t.claim, 'floor', t.floor, 'cap', t.cap)))) AS l
), solved AS (
	SELECT t.n, t.rule, s.position, s.unit, s.seats, s.level_numerator / s.level_denominator AS level, s.cut_off, s.weight, s.claim, s.floor,
		CASE WHEN t.claim IS NULL THEN s.cap ELSE k.cap END AS cap, s.quota, s.remainder, s.granted, s.reason
	FROM tried AS t
	LEFT JOIN value AS w ON w.indicator = t.weight
	LEFT JOIN value AS c ON c.indicator = t.claim
	LEFT JOIN value AS f ON f.indicator = t.floor
	LEFT JOIN value AS m ON m.indicator = t.cap
	CROSS JOIN value AS u
	CROSS JOIN LATERAL (SELECT coalesce(m.list, CASE WHEN t.cap = '12' THEN array_fill(12::bigint, '{47}') END) AS caps) AS x
	CROSS JOIN LATERAL allocation.solve(t.rule, t.boxes, u.units, w.list,
		CASE WHEN t.claim IS NOT NULL THEN ARRAY(SELECT least(a.claim, a.cap) FROM unnest(c.list, x.caps) WITH ORDINALITY AS a (claim, cap, n) ORDER BY a.n) END,
		f.list, CASE WHEN t.claim IS NULL THEN x.caps END, hold => true) AS s
	LEFT JOIN LATERAL (SELECT x.caps[s.position] AS cap) AS k ON true
	WHERE u.indicator = 'w'
)
SELECT coalesce(l.rule, s.rule) AS rule, count(*) AS lines, count(*) FILTER (WHERE l IS DISTINCT FROM s) AS different
FROM line AS l
FULL JOIN solved AS s ON s.n = l.n AND s.position = l.position
GROUP BY 1
ORDER BY 1;
ROLLBACK;
