-- A delivery from the plan to the proof of receipt, and what can go wrong on the way: nothing that was sent is lost
-- without a line that says so.
\pset format unaligned
BEGIN;
\getenv srcdir PG_ABS_SRCDIR
\set setup :srcdir /sql/vsys/delivery.inc
\i :setup
INSERT INTO vsys.round (product, name_ja, boxes, deliver, state) VALUES ('test_box', '配送試験クール', 100, '[2021-07-05,2021-07-17)', 'published') RETURNING round \gset
INSERT INTO vsys.allotment (round, site, vials) SELECT :round, pg_temp.i(13, n), 390 FROM generate_series(1, 4) AS n;
INSERT INTO vsys.delivery (round, product, site, municipality, branch, on_date, vials)
SELECT :round, 'test_box', s.site, s.municipality, 990101, '2021-07-05', 390
FROM vsys.allotment AS a
JOIN vsys.site AS s ON s.site = a.site
WHERE a.round = :round
ORDER BY s.site::text;
CREATE VIEW pg_temp.chain AS
SELECT c.site, c.allotted, c.unplanned, c.planned, c.shipped, c.in_transit, c.received, c.rejected, c.written_off, c.surplus, c.not_again, c.rerouted_in, c.rerouted_out
FROM vsys.chain((SELECT round FROM vsys.round WHERE name_ja = '配送試験クール')) AS c
ORDER BY c.site::text;
-- over all sites: allotted = unplanned + planned + shipped + surplus - rejected - written off, shipped + surplus = in transit + received + rejected + written off,
-- and the ledger has what was received
CREATE VIEW pg_temp.balance AS
SELECT sum(allotted) = sum(unplanned + planned + shipped + surplus - rejected - written_off + not_again) AS allotted_is_accounted_for,
	sum(shipped + surplus) = sum(in_transit + received + rejected + written_off) AS shipped_is_accounted_for,
	sum(received) = (SELECT coalesce(sum(e.vials), 0) FROM vsys.stock_event AS e WHERE e.kind = 'received' AND e.product = 'test_box') AS the_ledger_agrees,
	sum(in_transit) = (SELECT coalesce(sum(t.vials), 0) FROM vsys.in_transit('infinity') AS t WHERE t.product = 'test_box') AS in_transit_agrees
FROM pg_temp.chain;
SELECT * FROM pg_temp.chain;

-- 1: not before the site knows
SELECT pg_temp.try(format('SELECT vsys.ship(%s, %L, 195)', pg_temp.d(1), 'BOX-A'));
SELECT pg_temp.know(n) FROM generate_series(1, 4) AS n;
SELECT state, count(*) FROM vsys.delivery WHERE round = :round GROUP BY state;
SELECT pg_temp.try(format('SELECT vsys.receive(%s, 195, %L)', pg_temp.d(1), '試験 花子'));

-- 2: shipped in two boxes of different lots; six doses a vial in one of them
SELECT vsys.ship(pg_temp.d(1), 'BOX-A', 195, '2021-07-05 07:00+09', sscc => '049123450000000019', logger => 'L-1', key => 'k1') AS box1 \gset
SELECT vsys.ship(pg_temp.d(1), 'BOX-NEW', 195, '2021-07-05 07:00+09', 6::smallint, sscc => '049123450000000026', expiry_on => '2021-11-30', key => 'k2') IS NOT NULL AS shipped;
SELECT lot, expiry_on FROM vsys.lot WHERE product = 'test_box' AND lot = 'BOX-NEW';
-- the same again is the same; another step with the same key, the same box again, are not
SELECT vsys.ship(pg_temp.d(1), 'BOX-A', 195, '2021-07-05 07:00+09', sscc => '049123450000000019', logger => 'L-1', key => 'k1') = :box1 AS recognised;
SELECT pg_temp.try(format('SELECT vsys.ship(%s, %L, 195, key => %L)', pg_temp.d(2), 'BOX-A', 'k1'));
SELECT pg_temp.try(format('SELECT vsys.ship(%s, %L, 195, sscc => %L)', pg_temp.d(2), 'BOX-A', '049123450000000019'));
-- what is wrong is said
SELECT pg_temp.try(format('SELECT vsys.ship(%s, %L, 195, %L)', pg_temp.d(1), 'BOX-A', '2021-07-05 08:00+09'));
SELECT pg_temp.try(format('SELECT vsys.ship(%s, %L, 100, %L)', pg_temp.d(2), 'BOX-A', '2021-07-05 08:00+09'));
SELECT pg_temp.try(format('SELECT vsys.ship(%s, %L, 195, %L)', pg_temp.d(2), 'BOX-X', '2021-07-05 08:00+09'));
SELECT pg_temp.try(format('SELECT vsys.ship(%s, %L, 195, %L, expiry_on => %L)', pg_temp.d(2), 'BOX-A', '2021-07-05 08:00+09', '2022-01-31'));
SELECT pg_temp.try(format('SELECT vsys.ship(%s, %L, 195, %L)', pg_temp.d(2), 'BOX-OLD', '2021-07-05 08:00+09'));
SELECT pg_temp.try(format('SELECT vsys.ship(%s, %L, 195, %L, logger_ok => false)', pg_temp.d(2), 'BOX-A', '2021-07-05 08:00+09'));
SELECT pg_temp.try(format('SELECT vsys.ship(%s, %L, 195, %L, sscc => %L)', pg_temp.d(2), 'BOX-A', '2021-07-05 08:00+09', '049123450000000018'));
SELECT pg_temp.try('SELECT vsys.ship(-1, ''BOX-A'', 195)');
UPDATE vsys.lot SET recalled_at = '2021-07-04 00:00+09', recall_reason = '異物' WHERE product = 'test_box' AND lot = 'BOX-B';
SELECT pg_temp.try(format('SELECT vsys.ship(%s, %L, 195, %L)', pg_temp.d(2), 'BOX-B', '2021-07-05 08:00+09'));
UPDATE vsys.lot SET recalled_at = NULL, recall_reason = NULL WHERE product = 'test_box' AND lot = 'BOX-B';
SELECT * FROM pg_temp.balance;

-- 3: received, with a proof; the stock is there in the same transaction, with the doses of the shipment
SELECT pg_temp.try(format('SELECT vsys.receive(%s, 195, %L, received_at => %L)', pg_temp.d(1), '試験 花子', '2021-07-05 10:00+09'));
SELECT vsys.receive(pg_temp.d(1), 195, '試験 花子', 'BOX-A', received_at => '2021-07-05 10:00+09', key => 'r1') AS first \gset
SELECT state FROM vsys.delivery WHERE delivery = pg_temp.d(1);
SELECT vsys.receive(pg_temp.d(1), 195, '試験 花子', 'BOX-A', received_at => '2021-07-05 10:00+09', key => 'r1') = :first AS recognised;
SELECT pg_temp.try(format('SELECT vsys.receive(%s, 190, %L, %L, key => %L)', pg_temp.d(1), '試験 花子', 'BOX-A', 'r1'));
SELECT vsys.receive(pg_temp.d(1), 195, '試験 花子', 'BOX-NEW', received_at => '2021-07-05 10:05+09') IS NOT NULL AS received;
SELECT state FROM vsys.delivery WHERE delivery = pg_temp.d(1);
SELECT pg_temp.try(format('SELECT vsys.receive(%s, 195, %L, %L)', pg_temp.d(1), '試験 次郎', 'BOX-NEW'));
SELECT lot, vials, doses_per_vial FROM vsys.stock_event WHERE site = pg_temp.i(13, 1) AND product = 'test_box' ORDER BY lot;
SELECT * FROM pg_temp.balance;

-- 4: fewer than shipped: a discrepancy, open until it is explained
SELECT vsys.ship(pg_temp.d(2), 'BOX-A', 390, '2021-07-05 07:00+09') IS NOT NULL AS shipped;
SELECT vsys.receive(pg_temp.d(2), 385, '試験 三郎', received_at => '2021-07-05 11:00+09') IS NOT NULL AS received;
SELECT d.state, x.kind, x.lot, x.vials, x.explanation FROM vsys.delivery AS d JOIN vsys.discrepancy AS x ON x.delivery = d.delivery WHERE d.delivery = pg_temp.d(2);
SELECT kind, to_site, lot, vials, missing, since FROM vsys.in_transit('2021-07-05 12:00+09') WHERE product = 'test_box';
SELECT discrepancy FROM vsys.discrepancy WHERE delivery = pg_temp.d(2) \gset
SELECT pg_temp.try(format('SELECT vsys.explain_discrepancy(%s, %L, %L)', :discrepancy, 'found', 'x'));
SELECT pg_temp.try(format('SELECT vsys.explain_discrepancy(%s, %L, %L)', :discrepancy, 'forgotten', 'x'));
SELECT pg_temp.try(format('SELECT vsys.explain_discrepancy(%s, %L, %L)', :discrepancy, 'lost', ' '));
SELECT pg_temp.try('SELECT vsys.explain_discrepancy(-1, ''lost'', ''x'')');
SELECT * FROM pg_temp.balance;
-- two of them turn up, three were never in the box
SELECT vsys.receive(pg_temp.d(2), 2, '試験 三郎', received_at => '2021-07-05 15:00+09', more_to_come => true) IS NOT NULL AS received;
SELECT vsys.explain_discrepancy(:discrepancy, 'miscounted', '営業所で数え直し、3本不足と確認', explained_at => '2021-07-06 09:00+09');
SELECT d.state, x.written_off, x.explanation FROM vsys.delivery AS d JOIN vsys.discrepancy AS x ON x.delivery = d.delivery WHERE d.delivery = pg_temp.d(2);
SELECT pg_temp.try(format('SELECT vsys.explain_discrepancy(%s, %L, %L)', :discrepancy, 'lost', 'x'));
SELECT * FROM pg_temp.balance;

-- 5: another lot than shipped, and too many of it
SELECT vsys.ship(pg_temp.d(3), 'BOX-A', 195, '2021-07-05 07:00+09') IS NOT NULL AS shipped;
SELECT vsys.receive(pg_temp.d(3), 195, '試験 四郎', 'BOX-B', received_at => '2021-07-05 11:00+09') IS NOT NULL AS received;
SELECT d.state, x.kind, x.lot, x.vials FROM vsys.delivery AS d JOIN vsys.discrepancy AS x ON x.delivery = d.delivery WHERE d.delivery = pg_temp.d(3);
SELECT kind, to_site, lot, vials, missing FROM vsys.in_transit('2021-07-05 12:00+09') WHERE product = 'test_box' AND to_site = pg_temp.i(13, 3);
SELECT * FROM pg_temp.balance;
SELECT discrepancy FROM vsys.discrepancy WHERE delivery = pg_temp.d(3) \gset
SELECT vsys.explain_discrepancy(:discrepancy, 'relabelled', '箱の取違え', 'BOX-A', explained_at => '2021-07-06 09:00+09');
SELECT state FROM vsys.delivery WHERE delivery = pg_temp.d(3);
SELECT lot, vials FROM vsys.stock_event WHERE site = pg_temp.i(13, 3) AND product = 'test_box';
SELECT * FROM pg_temp.balance;

-- 6: rejected for its temperature
SELECT vsys.ship(pg_temp.d(4), 'BOX-A', 195, '2021-07-05 07:00+09', logger => 'L-4') IS NOT NULL AS shipped;
SELECT pg_temp.try(format('SELECT vsys.receive(%s, 195, %L, received_at => %L, logger_ok => false)', pg_temp.d(4), '試験 五郎', '2021-07-05 11:00+09'));
SELECT pg_temp.try(format('SELECT vsys.receive(%s, 0, %L, rejected => 195)', pg_temp.d(4), '試験 五郎'));
SELECT pg_temp.try(format('SELECT vsys.receive(%s, 195, %L, received_at => %L)', pg_temp.d(4), '試験 五郎', '2021-07-04 11:00+09'));
SELECT pg_temp.try(format('SELECT vsys.receive(%s, 195, %L)', pg_temp.d(4), ' '));
SELECT vsys.receive(pg_temp.d(4), 0, '試験 五郎', rejected => 195, condition => 'temperature', logger_ok => false, received_at => '2021-07-05 11:00+09', note => '最高 -40度') IS NOT NULL AS received;
SELECT state FROM vsys.delivery WHERE delivery = pg_temp.d(4);
SELECT count(*) FROM vsys.stock_event WHERE site = pg_temp.i(13, 4);
SELECT * FROM pg_temp.balance;
SELECT * FROM pg_temp.chain;

-- 7: what is not there as of an earlier moment
SELECT coalesce(sum(vials), 0) AS in_transit FROM vsys.in_transit('2021-07-05 06:00+09') WHERE product = 'test_box';
SELECT to_site, lot, vials FROM vsys.in_transit('2021-07-05 09:00+09') WHERE product = 'test_box' ORDER BY to_site::text, lot;

-- 8: states do not go back, and a delivery keeps what it is
SELECT pg_temp.try(format('UPDATE vsys.delivery SET state = %L WHERE delivery = %s', 'planned', pg_temp.d(1)));
SELECT pg_temp.try(format('UPDATE vsys.delivery SET site = %L WHERE delivery = %s', pg_temp.i(13, 2), pg_temp.d(1)));
SELECT pg_temp.try(format('UPDATE vsys.delivery SET vials = 1, reason = %L WHERE delivery = %s', 'x', pg_temp.d(1)));

-- 9: one scan fills lot, expiry, SSCC and vials, at both ends
INSERT INTO vsys.product_pack (gtin, product, level, vials) VALUES ('14912345000016', 'test_box', 'box', 195), ('14912345000023', 'test_vial', 'box', 10);
INSERT INTO vsys.delivery (round, product, site, municipality, branch, on_date, vials) SELECT :round, 'test_box', site, municipality, 990101, '2021-07-12', 195 FROM vsys.site WHERE site = pg_temp.i(13, 4);
SELECT pg_temp.know(5);
SELECT pg_temp.try(format('SELECT vsys.ship_scan(%s, %L, shipped_at => %L)', pg_temp.d(5), '(01)14912345000023(17)211130(10)SCAN1', '2021-07-12 07:00+09'));
SELECT pg_temp.try(format('SELECT vsys.ship_scan(%s, %L, shipped_at => %L)', pg_temp.d(5), '(01)14912345000030(17)211130(10)SCAN1', '2021-07-12 07:00+09'));
SELECT pg_temp.try(format('SELECT vsys.ship_scan(%s, %L, shipped_at => %L)', pg_temp.d(5), '(00)049123450000000033', '2021-07-12 07:00+09'));
SELECT pg_temp.try(format('SELECT vsys.ship_scan(%s, %L, shipped_at => %L)', pg_temp.d(5), 'SCAN1', '2021-07-12 07:00+09')) ~ '^22P02' AS no_code;
SELECT vsys.ship_scan(pg_temp.d(5), '(00)049123450000000033(01)14912345000016(17)211130(10)SCAN1', shipped_at => '2021-07-12 07:00+09') IS NOT NULL AS shipped;
SELECT lot, expiry_on, sscc, vials FROM vsys.shipment WHERE delivery = pg_temp.d(5);
SELECT vsys.receive_scan(pg_temp.d(5), '(00)049123450000000033', '試験 四郎', received_at => '2021-07-12 10:00+09') IS NOT NULL AS received;
SELECT d.state, r.lot, r.vials FROM vsys.delivery AS d JOIN vsys.receipt AS r ON r.delivery = d.delivery WHERE d.delivery = pg_temp.d(5);
SELECT * FROM pg_temp.balance;
SET CONSTRAINTS ALL IMMEDIATE;
ROLLBACK;
