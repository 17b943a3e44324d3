-- Vials that a basic site hands to its satellites, or one municipality to another: within three hours, or what the product's
-- rule says; later they are discarded with a reason; what never arrives is seen.
\pset format unaligned
BEGIN;
\getenv srcdir PG_ABS_SRCDIR
\set setup :srcdir /sql/vsys/delivery.inc
\i :setup
SELECT vsys.post_stock(pg_temp.i(13, n), 'test_box', 'BOX-A', 'received', 195, happened_at => '2021-07-05 09:00+09', doses_per_vial => 6::smallint) IS NOT NULL AS stocked FROM unnest('{1,4}'::int[]) AS n;
CREATE VIEW pg_temp.ledger AS
SELECT e.site::text, sum(e.vials) FILTER (WHERE e.kind = 'received') AS received, sum(e.vials) FILTER (WHERE e.kind = 'moved_out') AS out, sum(e.vials) FILTER (WHERE e.kind = 'moved_in') AS "in",
	sum(e.vials) FILTER (WHERE e.kind = 'discarded') AS discarded, sum(e.delta) AS doses
FROM vsys.stock_event AS e
WHERE e.product = 'test_box'
GROUP BY e.site
ORDER BY e.site::text;
-- out = in + in transit + lost, over all sites
CREATE VIEW pg_temp.balance AS
SELECT sum(out) = coalesce(sum("in"), 0) + (SELECT coalesce(sum(vials), 0) FROM vsys.in_transit('infinity') WHERE kind = 'transfer' AND product = 'test_box') + (SELECT coalesce(sum(lost), 0) FROM vsys.arrival) AS moved_is_accounted_for
FROM pg_temp.ledger;

-- from the basic site to its satellite
SELECT vsys.send_vials(pg_temp.i(13, 1), pg_temp.i(13, 5), 'test_box', 'BOX-A', 30, '2021-07-06 08:00+09', 't1', 6::smallint) AS t \gset
SELECT state, due_at, from_municipality::text, to_municipality::text, permit FROM vsys.transfer WHERE transfer = :t;
SELECT vsys.send_vials(pg_temp.i(13, 1), pg_temp.i(13, 5), 'test_box', 'BOX-A', 30, '2021-07-06 08:00+09', 't1', 6::smallint) = :t AS recognised;
SELECT pg_temp.try(format('SELECT vsys.send_vials(%L, %L, %L, %L, 31, %L, %L, 6::smallint)', pg_temp.i(13, 1), pg_temp.i(13, 5), 'test_box', 'BOX-A', '2021-07-06 08:00+09', 't1'));
SELECT kind, from_site::text, to_site::text, vials, due_at FROM vsys.in_transit('2021-07-06 09:00+09') WHERE product = 'test_box';
SELECT count(*) FROM vsys.overdue_transfers('2021-07-06 10:59+09');
SELECT from_site::text, to_site::text, vials, overdue FROM vsys.overdue_transfers('2021-07-06 11:30+09');
SELECT * FROM pg_temp.balance;
-- part in time, part later: no stock, whatever is said
SELECT vsys.receive_vials(:t, '2021-07-06 10:59+09', 20, '試験 花子', key => 'a1') AS a \gset
SELECT vsys.receive_vials(:t, '2021-07-06 10:59+09', 20, '試験 花子', key => 'a1') = :a AS recognised;
SELECT pg_temp.try(format('SELECT vsys.receive_vials(%s, %L, 10, %L, key => %L)', :t, '2021-07-06 10:59+09', '試験 花子', 'a1'));
SELECT pg_temp.try(format('SELECT vsys.receive_vials(%s, %L, 10, %L)', :t, '2021-07-06 11:01+09', '試験 花子'));
SELECT pg_temp.try(format('SELECT vsys.receive_vials(%s, %L, 0, %L, discarded => 5)', :t, '2021-07-06 11:01+09', '試験 花子'));
SELECT pg_temp.try(format('SELECT vsys.receive_vials(%s, %L, 0, %L, discarded => 11, reason => %L)', :t, '2021-07-06 11:01+09', '試験 花子', '遅延'));
SELECT pg_temp.try(format('SELECT vsys.receive_vials(%s, %L, 1, %L)', :t, '2021-07-06 07:00+09', '試験 花子'));
SELECT pg_temp.try(format('SELECT vsys.receive_vials(%s, %L, 1, %L)', :t, '2021-07-06 10:00+09', ' '));
SELECT pg_temp.try('SELECT vsys.receive_vials(-1, now(), 1, ''x'')');
SELECT vsys.receive_vials(:t, '2021-07-06 11:01+09', 0, '試験 花子', discarded => 8, reason => '渋滞で3時間を超過') IS NOT NULL AS discarded;
SELECT state FROM vsys.transfer WHERE transfer = :t;
SELECT vials, overdue FROM vsys.overdue_transfers('2021-07-06 12:00+09');
SELECT vsys.receive_vials(:t, '2021-07-06 12:00+09', 0, '試験 花子', lost => 2, reason => '破損') IS NOT NULL AS lost;
SELECT state FROM vsys.transfer WHERE transfer = :t;
SELECT pg_temp.try(format('SELECT vsys.receive_vials(%s, %L, 1, %L)', :t, '2021-07-06 10:00+09', '試験 花子'));
SELECT count(*) FROM vsys.overdue_transfers('2021-07-07 12:00+09');
SELECT * FROM pg_temp.ledger;
SELECT * FROM pg_temp.balance;

-- the product's own rule
INSERT INTO vsys.transfer_rule (product, at_most) VALUES ('test_box', '12 hours');
SELECT vsys.send_vials(pg_temp.i(13, 1), pg_temp.i(13, 5), 'test_box', 'BOX-A', 1, '2021-07-06 08:00+09', doses_per_vial => 6::smallint) AS t \gset
SELECT due_at FROM vsys.transfer WHERE transfer = :t;
SELECT vsys.receive_vials(:t, '2021-07-06 19:00+09', 1, '試験 花子') IS NOT NULL AS received;

-- within a municipality freely, to another one with the prefecture's consent, never beyond
SELECT pg_temp.try(format('SELECT vsys.send_vials(%L, %L, %L, %L, 10, %L, NULL, 6::smallint)', pg_temp.i(13, 1), pg_temp.i(13, 4), 'test_box', 'BOX-A', '2021-07-06 08:00+09'));
INSERT INTO vsys.permit (from_municipality, to_municipality, product, vials, valid, reason) VALUES ('131016', '131024', 'test_box', 15, '[2021-07-05,2021-07-10)', '余剰分の融通');
SELECT vsys.send_vials(pg_temp.i(13, 1), pg_temp.i(13, 4), 'test_box', 'BOX-A', 10, '2021-07-06 08:00+09', doses_per_vial => 6::smallint) IS NOT NULL AS sent;
SELECT pg_temp.try(format('SELECT vsys.send_vials(%L, %L, %L, %L, 6, %L, NULL, 6::smallint)', pg_temp.i(13, 1), pg_temp.i(13, 4), 'test_box', 'BOX-A', '2021-07-06 08:00+09'));
SELECT pg_temp.try(format('SELECT vsys.send_vials(%L, %L, %L, %L, 5, %L, NULL, 6::smallint)', pg_temp.i(13, 1), pg_temp.i(13, 4), 'test_box', 'BOX-A', '2021-07-10 08:00+09'));
SELECT vsys.send_vials(pg_temp.i(13, 1), pg_temp.i(13, 4), 'test_box', 'BOX-A', 5, '2021-07-06 08:00+09', doses_per_vial => 6::smallint) IS NOT NULL AS sent;
SELECT vsys.send_vials(pg_temp.i(13, 1), pg_temp.i(13, 2), 'test_box', 'BOX-A', 5, '2021-07-06 08:00+09', doses_per_vial => 6::smallint) IS NOT NULL AS sent;
SELECT pg_temp.try(format('SELECT vsys.send_vials(%L, %L, %L, %L, 5)', pg_temp.i(13, 1), pg_temp.i(27, 1), 'test_box', 'BOX-A'));
SELECT pg_temp.try(format('SELECT vsys.send_vials(%L, %L, %L, %L, 5)', pg_temp.i(13, 1), pg_temp.i(13, 1), 'test_box', 'BOX-A'));
SELECT pg_temp.try(format('SELECT vsys.send_vials(%L, %L, %L, %L, 0)', pg_temp.i(13, 1), pg_temp.i(13, 2), 'test_box', 'BOX-A'));
SELECT pg_temp.try(format('SELECT vsys.send_vials(%L, %L, %L, %L, 1, %L)', pg_temp.i(13, 1), pg_temp.i(13, 2), 'test_box', 'BOX-OLD', '2021-07-06 08:00+09'));
DELETE FROM vsys.site_product WHERE site = pg_temp.i(13, 3) AND product = 'test_box';
SELECT pg_temp.try(format('SELECT vsys.send_vials(%L, %L, %L, %L, 1, %L)', pg_temp.i(13, 1), pg_temp.i(13, 3), 'test_box', 'BOX-A', '2021-07-06 08:00+09'));
-- more than there is: the ledger says so when the transaction ends
SELECT pg_temp.try(format('SELECT vsys.send_vials(%L, %L, %L, %L, 1000, %L, NULL, 6::smallint)', pg_temp.i(13, 1), pg_temp.i(13, 2), 'test_box', 'BOX-A', '2021-07-06 08:00+09')) ~ '^\d+$' AS taken_for_now;
SAVEPOINT before;
SELECT regexp_replace(pg_temp.try('SET CONSTRAINTS ALL IMMEDIATE'), '(OB\d+).*', '\1') AS refused;
ROLLBACK;
