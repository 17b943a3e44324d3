-- A delivery that goes to another site becomes a delivery of that site, with the shipments that are on their way; what was
-- received before stays; both sites, their municipalities and prefectures are told.
\pset format unaligned
BEGIN;
\getenv srcdir PG_ABS_SRCDIR
\set setup :srcdir /sql/vsys/delivery.inc
\i :setup
INSERT INTO vsys.round (product, name_ja, boxes, deliver, state) VALUES ('test_box', '配送試験クール', 100, '[2021-07-05,2021-07-17)', 'published') RETURNING round \gset
INSERT INTO vsys.allotment (round, site, vials) SELECT :round, pg_temp.i(13, n), 390 FROM generate_series(1, 3) AS n;
INSERT INTO vsys.delivery (round, product, site, municipality, branch, on_date, vials)
SELECT :round, 'test_box', s.site, s.municipality, 990101, '2021-07-05', 390
FROM vsys.allotment AS a
JOIN vsys.site AS s ON s.site = a.site
WHERE a.round = :round
ORDER BY s.site::text;
SELECT pg_temp.know(n) FROM generate_series(1, 3) AS n;
CREATE VIEW pg_temp.chain AS
SELECT c.site::text, c.allotted, c.unplanned, c.planned, c.shipped, c.in_transit, c.received, c.rejected, c.written_off, c.surplus, c.not_again, c.rerouted_in, c.rerouted_out
FROM vsys.chain((SELECT round FROM vsys.round WHERE name_ja = '配送試験クール')) AS c
ORDER BY c.site::text;
CREATE VIEW pg_temp.balance AS
SELECT sum(allotted) = sum(unplanned + planned + shipped + surplus - rejected - written_off + not_again) AS allotted_is_accounted_for,
	sum(shipped + surplus) = sum(in_transit + received + rejected + written_off) AS shipped_is_accounted_for,
	sum(received) = (SELECT coalesce(sum(e.vials), 0) FROM vsys.stock_event AS e WHERE e.kind = 'received' AND e.product = 'test_box') AS the_ledger_agrees
FROM pg_temp.chain;

-- not where it cannot go
SELECT pg_temp.try(format('SELECT vsys.reroute_delivery(%s, %L, %L, %L)', pg_temp.d(1), pg_temp.i(13, 5), '2021-07-06', 'x'));
SELECT pg_temp.try(format('SELECT vsys.reroute_delivery(%s, %L, %L, %L)', pg_temp.d(1), pg_temp.i(13, 1), '2021-07-06', 'x'));
SELECT pg_temp.try(format('SELECT vsys.reroute_delivery(%s, %L, %L, %L)', pg_temp.d(1), pg_temp.i(13, 4), '2021-07-06', ' '));
SELECT pg_temp.try(format('SELECT vsys.reroute_delivery(-1, %L, %L, %L)', pg_temp.i(13, 4), '2021-07-06', 'x'));
UPDATE vsys.site SET state = 'closed' WHERE site = pg_temp.i(13, 4);
SELECT pg_temp.try(format('SELECT vsys.reroute_delivery(%s, %L, %L, %L)', pg_temp.d(1), pg_temp.i(13, 4), '2021-07-06', 'x'));
UPDATE vsys.site SET state = 'open' WHERE site = pg_temp.i(13, 4);

-- before it left
SELECT vsys.reroute_delivery(pg_temp.d(1), pg_temp.i(13, 4), '2021-07-06', '冷凍庫の故障', '2021-07-03 10:00+09') IS NOT NULL AS made;
SELECT site::text, state, on_date, vials, rerouted_from IS NOT NULL AS rerouted, reason FROM vsys.delivery WHERE round = :round ORDER BY delivery;
SELECT n.site::text, n.recipient, n.kind, n.on_date, n.reason FROM vsys.notice AS n WHERE n.delivery IN (pg_temp.d(1), pg_temp.d(4)) AND n.reason IS NOT NULL ORDER BY n.notice;
SELECT pg_temp.try(format('SELECT vsys.ship(%s, %L, 195)', pg_temp.d(1), 'BOX-A'));
SELECT pg_temp.try(format('SELECT vsys.receive(%s, 195, %L, %L)', pg_temp.d(1), '試験', 'BOX-A'));
SELECT * FROM pg_temp.balance;

-- on its way, one box received already
SELECT vsys.ship(pg_temp.d(2), 'BOX-A', 195, '2021-07-05 07:00+09', 6::smallint, '049123450000000019') IS NOT NULL AS shipped;
SELECT vsys.ship(pg_temp.d(2), 'BOX-B', 195, '2021-07-05 07:00+09', sscc => '049123450000000026') IS NOT NULL AS shipped;
SELECT vsys.receive(pg_temp.d(2), 195, '試験 花子', 'BOX-B', received_at => '2021-07-05 10:00+09') IS NOT NULL AS received;
SELECT vsys.reroute_delivery(pg_temp.d(2), pg_temp.i(13, 4), '2021-07-05', '停電', '2021-07-05 11:00+09') IS NOT NULL AS made;
SELECT site::text, state, vials, rerouted_from IS NOT NULL AS rerouted FROM vsys.delivery WHERE delivery IN (pg_temp.d(2), pg_temp.d(5)) ORDER BY delivery;
SELECT lot, vials, doses_per_vial, sscc, moved_from IS NOT NULL AS moved FROM vsys.shipment WHERE delivery = pg_temp.d(5);
SELECT to_site::text, lot, vials FROM vsys.in_transit('2021-07-05 10:30+09') WHERE product = 'test_box';
SELECT to_site::text, lot, vials FROM vsys.in_transit('2021-07-05 11:30+09') WHERE product = 'test_box';
SELECT * FROM pg_temp.balance;
SELECT vsys.receive(pg_temp.d(5), 195, '試験 四郎', received_at => '2021-07-05 13:00+09') IS NOT NULL AS received;
SELECT site::text, lot, vials, doses_per_vial FROM vsys.stock_event WHERE product = 'test_box' ORDER BY site::text, lot;
SELECT pg_temp.try(format('SELECT vsys.receive(%s, 195, %L, %L)', pg_temp.d(2), '試験', 'BOX-A'));

-- all of it, then to a third site, where half is lost and then all
SELECT vsys.ship(pg_temp.d(3), 'BOX-A', 390, '2021-07-05 07:00+09') IS NOT NULL AS shipped;
SELECT vsys.reroute_delivery(pg_temp.d(3), pg_temp.i(13, 2), '2021-07-05', '受入不可', '2021-07-05 08:00+09') IS NOT NULL AS made;
SELECT vsys.reroute_delivery(pg_temp.d(6), pg_temp.i(13, 1), '2021-07-05', '受入不可', '2021-07-05 09:00+09') IS NOT NULL AS made;
SELECT state FROM vsys.delivery WHERE delivery IN (pg_temp.d(3), pg_temp.d(6), pg_temp.d(7)) ORDER BY delivery;
SELECT pg_temp.try(format('SELECT vsys.reroute_delivery(%s, %L, %L, %L)', pg_temp.d(6), pg_temp.i(13, 4), '2021-07-06', 'x'));
SELECT vsys.receive(pg_temp.d(7), 100, '試験 一郎', received_at => '2021-07-05 12:00+09') IS NOT NULL AS received;
SELECT pg_temp.try(format('SELECT vsys.reroute_delivery(%s, %L, %L, %L)', pg_temp.d(7), pg_temp.i(13, 4), '2021-07-06', 'x'));
SELECT pg_temp.try(format('SELECT vsys.lose_delivery(%s, %L)', pg_temp.d(7), ''));
SELECT pg_temp.try('SELECT vsys.lose_delivery(-1, ''x'')');
SELECT vsys.lose_delivery(pg_temp.d(7), '交通事故', '2021-07-05 18:00+09');
SELECT kind, lot, vials, explanation, written_off FROM vsys.discrepancy WHERE delivery = pg_temp.d(7) ORDER BY discrepancy;
SELECT state FROM vsys.delivery WHERE delivery = pg_temp.d(7);
SELECT pg_temp.try(format('SELECT vsys.lose_delivery(%s, %L)', pg_temp.d(7), 'x'));
SELECT * FROM pg_temp.balance;
SELECT * FROM pg_temp.chain;
-- nothing came of it at all
SELECT pg_temp.know(4), vsys.ship(pg_temp.d(4), 'BOX-A', 195, '2021-07-06 07:00+09') IS NOT NULL AS shipped;
SELECT vsys.lose_delivery(pg_temp.d(4), '盗難', '2021-07-06 18:00+09');
SELECT state FROM vsys.delivery WHERE delivery = pg_temp.d(4);
SELECT * FROM pg_temp.balance;
SELECT reason, vials, site::text, to_site::text FROM vsys.reroute ORDER BY reroute;
ROLLBACK;
