-- A plan keeps to the stops and vials of each branch and day, to weekdays and freezers, is proved the cheapest, and says
-- in words what is too small when there is none.
\pset format unaligned
BEGIN;
\getenv srcdir PG_ABS_SRCDIR
\set setup :srcdir /sql/vsys/delivery.inc
\i :setup
INSERT INTO vsys.round (product, name_ja, boxes, deliver, state) VALUES ('test_box', '配送試験クール', 100, '[2021-07-05,2021-07-17)', 'draft') RETURNING round \gset
INSERT INTO vsys.allotment (round, site, vials) SELECT :round, pg_temp.i(p, n), 195 * n FROM (VALUES (13), (27)) AS p (p) CROSS JOIN generate_series(1, 4) AS n;
\set early '\'2021-06-28 09:00+09\''
-- What every plan promises, whichever of the cheapest it is: each site gets all that it is allotted, on days on which somebody
-- is there and the branch drives, one stop a day, and no branch goes to more sites or carries more than it can. What differs
-- between two plans of equal cost is not shown.
CREATE FUNCTION pg_temp.kept(of_plan bigint) RETURNS TABLE (promise text, kept boolean) LANGUAGE SQL STABLE AS $$
	WITH line AS (
		SELECT l.*, p.round, r.deliver
		FROM vsys.plan_line AS l JOIN vsys.plan AS p USING (plan) JOIN vsys.round AS r ON r.round = p.round
		WHERE l.plan = of_plan
	)
	SELECT 'each site gets all of its share', bool_and(x.vials IS NOT DISTINCT FROM a.vials) AND count(*) > 0
	FROM vsys.plan AS p JOIN vsys.allotment AS a ON a.round = p.round AND (p.prefecture IS NULL OR a.prefecture = p.prefecture)
	LEFT JOIN (SELECT site, sum(vials) AS vials FROM line GROUP BY site) AS x ON x.site = a.site
	WHERE p.plan = of_plan
	UNION ALL
	SELECT 'on days of the round on which somebody is there, once a day', bool_and(l.deliver @> l.on_date AND extract(isodow FROM l.on_date) = ANY (coalesce(w.weekdays, '{1,2,3,4,5}'))) AND count(*) = count(DISTINCT (l.site, l.on_date))
	FROM line AS l LEFT JOIN vsys.receiving AS w ON w.site = l.site AND w.product = (SELECT r.product FROM vsys.round AS r WHERE r.round = l.round)
	UNION ALL
	SELECT 'no branch does more than it can', bool_and(x.stops <= c.stops AND x.vials <= c.vials AND c.branch IS NOT NULL)
	FROM (SELECT branch, on_date, count(*) AS stops, sum(vials) AS vials FROM line GROUP BY branch, on_date) AS x
	LEFT JOIN vsys.branch_capacity('2021-07-05', '2021-07-16') AS c ON c.branch = x.branch AND c.on_date = x.on_date
	UNION ALL
	SELECT 'the recheck: ' || v.claim, v.holds FROM vsys.verify_plan(of_plan) AS v;
$$;
-- who asks for nonsense is told
SELECT pg_temp.try('SELECT vsys.plan_delivery(-1)');
SELECT pg_temp.try(format('SELECT vsys.plan_delivery(%s)', :round)) ~ '^OB062 round \d+ is draft' AS not_decided;
UPDATE vsys.round SET state = 'decided' WHERE round = :round;
SELECT pg_temp.try(format('SELECT vsys.plan_delivery(%s, as_of => %L)', :round, '2021-08-01 00:00+09')) ~ '^OB060 the days of round \d+ are over' AS over;
INSERT INTO vsys.round (product, name_ja, boxes, deliver, state) VALUES ('test_box', '配送試験クール誤', 100, '[2021-07-05,2021-07-17)', 'decided') RETURNING round AS faulty \gset
INSERT INTO vsys.allotment (round, site, vials) VALUES (:faulty, pg_temp.i(13, 1), 200), (:faulty, pg_temp.i(13, 2), 195), (:faulty, pg_temp.i(13, 5), 195);
SELECT regexp_replace(pg_temp.try(format('SELECT vsys.plan_delivery(%s, as_of => %L)', :faulty, :early)), 'round \d+', 'round #');

-- the nearest depot, on the first days, two stops a day; 780 vials are no more than a vehicle takes
SELECT vsys.plan_delivery(:round, as_of => :early) AS plan \gset
SELECT site::text, branch, vials, round(distance_m / 1000.0) AS km FROM vsys.plan_line WHERE plan = :plan ORDER BY site::text;
SELECT state, stops, vials, cost_m > distance_m AS lateness_counts FROM vsys.plan WHERE plan = :plan;
SELECT * FROM pg_temp.kept(:plan);
SELECT count(*) AS deliveries FROM vsys.delivery WHERE round = :round;

-- a plan that was tampered with is found out
UPDATE vsys.plan_line SET on_date = on_date + 1 WHERE plan = :plan AND site = pg_temp.i(13, 1);
SELECT claim, holds FROM vsys.verify_plan(:plan) WHERE NOT holds;
UPDATE vsys.plan_line SET on_date = on_date - 1 WHERE plan = :plan AND site = pg_temp.i(13, 1);
UPDATE vsys.plan_line SET vials = vials - 5 WHERE plan = :plan AND site = pg_temp.i(13, 1);
SELECT claim, holds, detail FROM vsys.verify_plan(:plan) WHERE NOT holds;
UPDATE vsys.plan_network SET duals[2] = duals[2] + 1000000 WHERE plan = :plan;
SELECT claim, holds FROM vsys.verify_plan(:plan) WHERE NOT holds ORDER BY claim LIMIT 1;
SELECT pg_temp.try('SELECT claim FROM vsys.verify_plan(-1)');
SELECT vsys.withdraw_plan(:plan);
SELECT pg_temp.try(format('SELECT vsys.withdraw_plan(%s)', :plan)) ~ '^OB060 there is no draft plan' AS once;

-- the true optimum of a small case, by trying everything: four sites of Tokyo, two depots, three days, one stop each
INSERT INTO vsys.branch_day (branch, on_date, stops, vials)
SELECT b, d, CASE WHEN d <= '2021-07-07' THEN 1 ELSE 0 END, 1000
FROM unnest('{990101,990102}'::bigint[]) AS b
CROSS JOIN generate_series('2021-07-05'::date, '2021-07-16', '1 day') AS d;
INSERT INTO vsys.receiving (site, product, weekdays, preferred) VALUES (pg_temp.i(13, 1), 'test_box', '{1,2,3,4,5}', '{2}'), (pg_temp.i(13, 2), 'test_box', '{1,3}', '{}');
SELECT vsys.plan_delivery(:round, 13::smallint, late_m => 50000, unwanted_m => 30000, as_of => :early) AS plan \gset
SELECT promise FROM pg_temp.kept(:plan) WHERE kept IS NOT TRUE;
WITH slot AS (
	SELECT b.organisation AS branch, d.n AS day, row_number() OVER (ORDER BY b.organisation, d.n) AS slot
	FROM vsys.branch AS b
	CROSS JOIN generate_series(0, 2) AS d (n)
	WHERE b.organisation IN (990101, 990102)
), cost AS (
	SELECT n AS site, s.slot, round(ST_Distance(b.location, i.location)) + 50000 * s.day + CASE WHEN n = 1 AND s.day <> 1 THEN 30000 ELSE 0 END AS cost
	FROM generate_series(1, 4) AS n
	JOIN registry.institution AS i ON i.institution = pg_temp.i(13, n)
	CROSS JOIN slot AS s
	JOIN vsys.branch AS b ON b.organisation = s.branch
	WHERE n <> 2 OR s.day IN (0, 2)
)
SELECT min(c1.cost + c2.cost + c3.cost + c4.cost) = (SELECT cost_m FROM vsys.plan WHERE plan = :plan) AS cheapest, count(*) AS ways
FROM cost AS c1
JOIN cost AS c2 ON c2.site = 2 AND c2.slot <> c1.slot
JOIN cost AS c3 ON c3.site = 3 AND c3.slot NOT IN (c1.slot, c2.slot)
JOIN cost AS c4 ON c4.site = 4 AND c4.slot NOT IN (c1.slot, c2.slot, c3.slot)
WHERE c1.site = 1;
SELECT vsys.withdraw_plan(:plan);

-- too few stops: which branch, by how much
UPDATE vsys.branch_day SET stops = 0 WHERE on_date > '2021-07-06';
SELECT regexp_replace(pg_temp.try(format('SELECT vsys.plan_delivery(%s, as_of => %L)', :round, :early)), '("days": \[)[^]]*', '\1…', 'g');
-- too few days on which somebody is there
UPDATE vsys.receiving SET weekdays = '{6}', preferred = '{}' WHERE site = pg_temp.i(13, 1);
SELECT x.value ->> 'cause' AS cause, x.value ->> 'branch' AS branch, x.value ->> 'site' AS site, x.value ->> 'stops' AS stops, x.value ->> 'text_ja' AS text_ja, x.value ->> 'text_en' AS text_en
FROM jsonb_array_elements((split_part(pg_temp.try(format('SELECT vsys.plan_delivery(%s, as_of => %L)', :round, :early)), E'\n  ', 2)::jsonb) -> 'shortages') AS x;
DELETE FROM vsys.branch_day;
DELETE FROM vsys.receiving;

-- vehicles that carry 800 vials a day
UPDATE vsys.branch_weekday SET vials = 800 WHERE branch IN (990101, 990102);
SELECT vsys.plan_delivery(:round, as_of => :early) AS plan \gset
SELECT count(*) AS stops, sum(vials) AS vials FROM vsys.plan_line WHERE plan = :plan;
SELECT promise FROM pg_temp.kept(:plan) WHERE kept IS NOT TRUE;
SELECT vsys.withdraw_plan(:plan);
-- smaller vehicles: a share comes in equal parts of whole boxes
UPDATE vsys.branch_weekday SET vials = 400 WHERE branch IN (990101, 990102);
SELECT vsys.plan_delivery(:round, as_of => :early) AS plan \gset
SELECT site::text, string_agg(vials::text, ' + ' ORDER BY vials DESC) AS parts, count(DISTINCT on_date) AS days FROM vsys.plan_line WHERE plan = :plan GROUP BY 1 ORDER BY 1;
SELECT promise FROM pg_temp.kept(:plan) WHERE kept IS NOT TRUE;
SELECT vsys.withdraw_plan(:plan);
-- none that takes a box
UPDATE vsys.branch_weekday SET vials = 100 WHERE branch IN (990101, 990102);
SELECT pg_temp.try(format('SELECT vsys.plan_delivery(%s, 27::smallint, as_of => %L)', :round, :early));
UPDATE vsys.branch_weekday SET vials = 1000 WHERE branch IN (990101, 990102);

-- freezers: what does not fit at once comes when room was made
-- what comes to the site until a day, less what it has used until then, fits into the room that there was
CREATE FUNCTION pg_temp.freezer(of_plan bigint, room integer, used_a_day integer) RETURNS TABLE (parts text, it_fits boolean, at_once_it_would_not boolean) LANGUAGE SQL STABLE AS $$
	SELECT string_agg(x.vials::text, ' + ' ORDER BY x.vials DESC), bool_and(x.so_far <= room + used_a_day * (x.on_date - date '2021-07-05')), sum(x.vials) > room
	FROM (SELECT l.on_date, l.vials, sum(l.vials) OVER (ORDER BY l.on_date) AS so_far FROM vsys.plan_line AS l WHERE l.plan = of_plan AND l.site = pg_temp.i(13, 4)) AS x;
$$;
INSERT INTO vsys.storage_state (product, state, name_ja, name_en, from_c, to_c, arrival) VALUES ('test_box', 'ultra_cold', '超低温', 'Ultra cold', -90, -60, true);
INSERT INTO vsys.freezer (site, freezer, state, vials) VALUES (pg_temp.i(13, 4), 'F1', 'ultra_cold', 390);
SELECT x.value ->> 'cause' AS cause, x.value ->> 'site' AS site, x.value ->> 'stops' AS stops, x.value ->> 'vials' AS vials, x.value ->> 'text_ja' AS text_ja, x.value ->> 'text_en' AS text_en
FROM jsonb_array_elements((split_part(pg_temp.try(format('SELECT vsys.plan_delivery(%s, as_of => %L)', :round, :early)), E'\n  ', 2)::jsonb) -> 'shortages') AS x;
INSERT INTO vsys.receiving (site, product, use_vials) VALUES (pg_temp.i(13, 4), 'test_box', 60);
SELECT vsys.plan_delivery(:round, as_of => :early) AS plan \gset
SELECT * FROM pg_temp.freezer(:plan, 390, 60);
SELECT promise FROM pg_temp.kept(:plan) WHERE kept IS NOT TRUE;
-- one box is in the freezer already: smaller parts, and each when the one before is used up
SELECT vsys.post_stock(pg_temp.i(13, 4), 'test_box', 'BOX-A', 'received', 195, happened_at => '2021-06-27 09:00+09') IS NOT NULL AS stocked;
UPDATE vsys.receiving SET use_vials = 90 WHERE site = pg_temp.i(13, 4);
SELECT vsys.plan_delivery(:round, as_of => :early) AS plan \gset
SELECT * FROM pg_temp.freezer(:plan, 195, 90);
SELECT promise FROM pg_temp.kept(:plan) WHERE kept IS NOT TRUE;
DELETE FROM vsys.freezer;
DELETE FROM vsys.receiving;

-- by the vial: the branch of the area and no other, from the day on that it is its
INSERT INTO vsys.round (product, name_ja, boxes, deliver, state) VALUES ('test_vial', '配送試験クール瓶', 100, '[2021-07-05,2021-07-17)', 'decided') RETURNING round AS vials \gset
INSERT INTO vsys.allotment (round, site, vials) SELECT :vials, pg_temp.i(13, n), 7 + n FROM generate_series(1, 5) AS n;
SELECT vsys.plan_delivery(:vials, as_of => :early) AS plan \gset
SELECT site::text, branch, vials, round(distance_m / 1000.0) AS km FROM vsys.plan_line WHERE plan = :plan ORDER BY site::text;
SELECT promise FROM pg_temp.kept(:plan) WHERE kept IS NOT TRUE;
SELECT vsys.assign_area(990104, 'test_vial', '2021-07-06', '{131016}');
SELECT vsys.plan_delivery(:vials, as_of => :early, late_m => 0) AS plan \gset
SELECT bool_and(l.branch = vsys.supplier('test_vial', s.municipality, l.on_date)) AS by_who_has_the_area_then, count(DISTINCT l.branch) AS branches
FROM vsys.plan_line AS l JOIN vsys.site AS s ON s.site = l.site WHERE l.plan = :plan;
SELECT promise FROM pg_temp.kept(:plan) WHERE kept IS NOT TRUE;
SELECT vsys.assign_area(NULL, 'test_vial', '2021-01-01', of_prefecture => 13::smallint) >= 2 AS taken;
SELECT vsys.assign_area(NULL, 'test_vial', '2021-07-06', '{131016}');
SELECT x.value ->> 'cause' AS cause, x.value ->> 'site' AS site, x.value ->> 'vials' AS vials, x.value ->> 'text_en' AS text_en
FROM jsonb_array_elements((split_part(pg_temp.try(format('SELECT vsys.plan_delivery(%s, as_of => %L)', :vials, :early)), E'\n  ', 2)::jsonb) -> 'shortages') AS x;

-- an area has one supplier of a product: there is no second row for the same day
SELECT pg_temp.try('INSERT INTO vsys.branch_area (municipality, product, from_on, branch) VALUES (''131024'', ''test_vial'', ''2021-01-01'', 990103)') ~ '^23505' AS one_supplier;
INSERT INTO vsys.branch_area (municipality, product, from_on, branch) VALUES ('131024', 'test_vial', '2021-03-01', 990103), ('131024', 'test_vial', '2021-05-01', NULL);
SELECT d, vsys.supplier('test_vial', '131024', d) AS branch FROM unnest('{2020-12-31,2021-03-01,2021-04-30,2021-05-01}'::date[]) AS d;
SELECT pg_temp.try('INSERT INTO vsys.branch_product (branch, product) VALUES (990101, ''test_vial'')');
SELECT pg_temp.try('SELECT vsys.assign_area(990101, ''test_vial'', ''2021-01-01'', ''{131016}'')');
SELECT pg_temp.try('SELECT vsys.assign_area(990103, ''test_vial'', ''2021-01-01'', ''{131016,131032}'')');
SELECT pg_temp.try('SELECT vsys.assign_area(990103, ''test_vial'', ''2021-01-01'')');
ROLLBACK;
