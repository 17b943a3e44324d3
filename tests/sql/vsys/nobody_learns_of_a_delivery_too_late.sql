-- Site, municipality and prefecture are told each delivery, and each change with the old date, the new one and the reason,
-- in the transaction that makes it; nothing is shipped to a site that did not confirm the date. On 2021-04-05 four cities
-- did not know the day of that week's delivery.
\pset format unaligned
BEGIN;
\getenv srcdir PG_ABS_SRCDIR
\set setup :srcdir /sql/vsys/delivery.inc
\i :setup
INSERT INTO vsys.round (product, name_ja, boxes, deliver, state) VALUES ('test_box', '配送試験クール', 100, '[2021-07-05,2021-07-17)', 'decided') RETURNING round \gset
INSERT INTO vsys.allotment (round, site, vials) SELECT :round, pg_temp.i(13, n), 195 FROM generate_series(1, 4) AS n;
-- each site has days that it likes best, so that one plan alone is the cheapest, and which day is told to whom is no accident
INSERT INTO vsys.receiving (site, product, preferred) VALUES (pg_temp.i(13, 1), 'test_box', '{2}'), (pg_temp.i(13, 2), 'test_box', '{2}'), (pg_temp.i(13, 3), 'test_box', '{1}'), (pg_temp.i(13, 4), 'test_box', '{1,3}');
\set early '\'2021-06-28 09:00+09\''
CREATE VIEW pg_temp.told AS
SELECT n.site::text, n.recipient, n.kind, n.municipality::text, n.prefecture, n.on_date, n.old_on_date, n.vials, n.old_vials, n.boxes, n.lot, n.reason, n.acknowledged_by
FROM vsys.notice AS n
JOIN vsys.delivery AS d ON d.delivery = n.delivery
JOIN vsys.round AS r ON r.round = d.round
WHERE r.name_ja = '配送試験クール';
SELECT vsys.plan_delivery(:round, as_of => :early) AS plan \gset
SELECT count(*) AS told FROM pg_temp.told;
SELECT * FROM vsys.publish_plan(:plan, as_of => :early);
SELECT pg_temp.try(format('SELECT vsys.publish_plan(%s)', :plan)) ~ '^OB062 plan \d+ is published already' AS once;
SELECT pg_temp.try('SELECT vsys.publish_plan(-1)');
SELECT state, published_at FROM vsys.plan WHERE plan = :plan;
SELECT * FROM pg_temp.told ORDER BY site, recipient DESC LIMIT 3;
SELECT state, count(*), bool_and((SELECT count(*) FROM vsys.notice AS n WHERE n.delivery = d.delivery) = 3) AS three_notices_each FROM vsys.delivery AS d WHERE round = :round GROUP BY state;

-- who does not know yet, with whom to call
SELECT count(*), count(DISTINCT delivery) AS deliveries FROM vsys.unnoticed('2021-06-28 09:00+09', 3);
SELECT on_date, days_left, recipient, kind, site::text, vials FROM vsys.unnoticed('2021-07-02 09:00+09', 3) ORDER BY site::text, recipient DESC;
SELECT pg_temp.know(n) FROM generate_series(1, 3) AS n;
SELECT state, count(*) FROM vsys.delivery WHERE round = :round GROUP BY state ORDER BY state;
SELECT recipient, count(*) FROM vsys.unnoticed('2021-07-02 09:00+09', 30) GROUP BY 1 ORDER BY 1;
-- confirming again changes nothing; by nobody, or what there is not, is refused
SELECT vsys.acknowledge(max(notice), '別人') FROM vsys.notice WHERE delivery = pg_temp.d(1) AND recipient = 'site';
SELECT DISTINCT acknowledged_by FROM pg_temp.told WHERE acknowledged_by IS NOT NULL;
SELECT pg_temp.try('SELECT vsys.acknowledge(-1, ''x'')');
SELECT pg_temp.try('SELECT vsys.acknowledge(1, '' '')');

-- another date: old and new are told, and the site confirms anew before anything is shipped
SELECT pg_temp.try(format('SELECT vsys.move_delivery(%s, %L, NULL, %L)', pg_temp.d(1), '2021-07-08', :early));
SELECT pg_temp.try(format('SELECT vsys.move_delivery(%s, %L, %L, %L)', pg_temp.d(1), '2021-06-01', '大雨', :early));
SELECT pg_temp.try(format('SELECT vsys.move_delivery(-1, %L, %L, %L)', '2021-07-08', '大雨', :early));
SELECT vsys.move_delivery(pg_temp.d(1), '2021-07-08', '大雨による道路通行止め', :early);
SELECT recipient, kind, on_date, old_on_date, vials, old_vials, reason FROM vsys.notice WHERE delivery = pg_temp.d(1) AND kind <> 'planned' ORDER BY notice;
SELECT pg_temp.try(format('SELECT vsys.ship(%s, %L, 195)', pg_temp.d(1), 'BOX-A'));
SELECT pg_temp.try(format('SELECT vsys.acknowledge(min(notice), %L) FROM vsys.notice WHERE delivery = %s AND recipient = %L', '試験', pg_temp.d(1), 'site'));
SELECT state FROM vsys.delivery WHERE delivery = pg_temp.d(1);
-- whatever statement changes it, also one that no function makes
UPDATE vsys.delivery SET vials = 390, reason = '割当の追加' WHERE delivery = pg_temp.d(2);
SELECT recipient, kind, on_date, old_on_date, vials, old_vials, boxes, reason FROM vsys.notice WHERE delivery = pg_temp.d(2) AND kind <> 'planned' ORDER BY notice;
SELECT pg_temp.try(format('UPDATE vsys.delivery SET vials = 195, reason = NULL WHERE delivery = %s', pg_temp.d(2)));
UPDATE vsys.delivery SET vials = 195, reason = '追加の取消' WHERE delivery = pg_temp.d(2);

-- the lot is told when it leaves; a cancellation is told
SELECT pg_temp.know(3), vsys.ship(pg_temp.d(3), 'BOX-A', 195, '2021-07-05 07:00+09') IS NOT NULL AS shipped;
SELECT recipient, kind, on_date, lot FROM vsys.notice WHERE delivery = pg_temp.d(3) AND kind <> 'planned' ORDER BY notice;
SELECT pg_temp.try(format('SELECT vsys.cancel_delivery(%s, NULL)', pg_temp.d(4)));
SELECT vsys.cancel_delivery(pg_temp.d(4), '施設の閉鎖');
SELECT recipient, kind, on_date, reason FROM vsys.notice WHERE delivery = pg_temp.d(4) AND kind <> 'planned' ORDER BY notice;
SELECT pg_temp.try(format('SELECT vsys.move_delivery(%s, %L, %L, %L)', pg_temp.d(4), '2021-07-08', 'x', :early));
-- no delivery without its notices, whatever happened
SELECT count(*) FROM vsys.delivery AS d WHERE d.round = :round AND NOT EXISTS (SELECT FROM vsys.notice AS n WHERE n.delivery = d.delivery AND n.recipient = 'site' AND n.on_date = d.on_date AND n.vials = d.vials);

-- planning anew: what was shipped stays, who keeps the day is not told again, who does not is told why
INSERT INTO vsys.branch_day (branch, on_date, stops, vials, reason) VALUES (990101, '2021-07-05', 0, 0, '車両点検'), (990101, '2021-07-07', 1, 1000, '車両点検');
SELECT vsys.plan_delivery(:round, as_of => '2021-07-02 09:00+09') AS plan2 \gset
SELECT site::text, branch, on_date, vials FROM vsys.plan_line WHERE plan = :plan2 ORDER BY 1;
SELECT pg_temp.try(format('SELECT vsys.publish_plan(%s, as_of => %L)', :plan2, '2021-07-02 09:00+09'));
SELECT * FROM vsys.publish_plan(:plan2, '車両点検のため', '2021-07-02 09:00+09');
SELECT site::text, state, on_date, vials, reason FROM vsys.delivery WHERE round = :round ORDER BY delivery;
SELECT site, kind, on_date, old_on_date, reason FROM pg_temp.told WHERE recipient = 'site' AND reason = '車両点検のため' ORDER BY 1;
SELECT state, count(*) FROM vsys.plan WHERE round = :round GROUP BY state ORDER BY state;
-- a plan that was overtaken by what happened is refused
SELECT vsys.plan_delivery(:round, as_of => '2021-07-02 09:00+09') AS plan3 \gset
SELECT pg_temp.know(2), vsys.ship(pg_temp.d(2), 'BOX-A', 195, '2021-07-03 07:00+09') IS NOT NULL AS shipped;
SELECT regexp_replace(pg_temp.try(format('SELECT vsys.publish_plan(%s, %L, %L)', :plan3, 'x', '2021-07-02 09:00+09')), 'plan \d+', 'plan #');
SELECT vsys.plan_delivery(:round, as_of => '2021-07-02 09:00+09') AS plan4 \gset
SELECT regexp_replace(pg_temp.try(format('SELECT vsys.publish_plan(%s, %L, %L)', :plan4, 'x', '2021-07-06 09:00+09')), 'plan \d+', 'plan #');
SELECT * FROM vsys.publish_plan(:plan4, 'x', '2021-07-02 09:00+09');
SELECT vsys.undelivered(:round);
ROLLBACK;
