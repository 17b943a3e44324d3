-- A recalled lot: who has how much of it, who gave it to how many, from the ledger as of the moment.
\pset format unaligned
BEGIN;
\getenv srcdir PG_ABS_SRCDIR
\set goods :srcdir /sql/vsys/goods.inc
\set ECHO none
\i :goods
UPDATE registry.institution SET phone = '03-0000-0001' WHERE name_ja = '見本13-1';
SELECT vsys.post_stock(s::outbreak.institution_code, 'sample', l, 'received', n, happened_at => '2021-06-01 09:00+09') FROM (VALUES (:'basic', 'LOT1', 20), (:'basic', 'LOT2', 30), (:'osaka', 'LOT1', 2), (:'other_town', 'LOT2', 1)) AS v (s, l, n) \g /dev/null
SELECT vsys.post_stock(:'basic', 'sample', 'LOT1', 'given', 0, 10, '2021-06-02 09:00+09') \g /dev/null
SELECT vsys.post_stock(:'osaka', 'sample', 'LOT1', 'given', 0, 12, '2021-06-02 09:00+09') \g /dev/null
SELECT vsys.post_stock(:'basic', 'sample', 'LOT1', 'moved_out', 3, happened_at => '2021-06-03 09:00+09') \g /dev/null
SELECT vsys.post_stock(:'satellite', 'sample', 'LOT1', 'moved_in', 3, happened_at => '2021-06-03 10:00+09') \g /dev/null
\set ECHO all
SELECT pg_temp.tries('SELECT count(*) FROM vsys.recall_lot(''sample'', ''LOT1'', '' '')');
SELECT pg_temp.tries('SELECT count(*) FROM vsys.recall_lot(''sample'', ''NONE'', ''異物'')');
SELECT w.name_ja, w.prefecture, w.phone, w.vials, w.open_doses, w.doses_given FROM vsys.recall_lot('sample', 'LOT1', '異物混入', '2021-06-04 12:00+09') AS w;
SELECT recalled_at, recall_reason FROM vsys.lot WHERE product = 'sample' AND lot = 'LOT1';
-- recalled again later: it stays recalled from the first time on
SELECT count(*) FROM vsys.recall_lot('sample', 'LOT1', '異物混入(続報)', '2021-06-10 12:00+09');
SELECT recalled_at, recall_reason FROM vsys.lot WHERE product = 'sample' AND lot = 'LOT1';
SELECT s.lot, s.recalled FROM vsys.stock(:'basic') AS s;
-- as it was before the move
SELECT w.name_ja, w.vials, w.open_doses, w.doses_given FROM vsys.lot_whereabouts('sample', 'LOT1', '2021-06-02 12:00+09') AS w;
-- whoever has it sees their own; nobody but the ministry recalls
SELECT pg_temp.become('outbreak_institution', jsonb_build_object('sub', 's', 'institution', :'basic'));
SELECT w.name_ja, w.vials FROM vsys.lot_whereabouts('sample', 'LOT1') AS w;
SELECT left(pg_temp.tries('SELECT count(*) FROM vsys.recall_lot(''sample'', ''LOT2'', ''x'')'), 5) AS answer;
RESET ROLE;
SELECT pg_temp.become('outbreak_prefecture', '{"sub": "s", "prefecture": 27}');
SELECT w.name_ja, w.vials FROM vsys.lot_whereabouts('sample', 'LOT1') AS w;
SELECT left(pg_temp.tries('UPDATE vsys.lot SET recalled_at = now(), recall_reason = ''x'''), 5) AS answer;
SELECT left(pg_temp.tries('INSERT INTO vsys.lot (product, lot, expiry_on, recalled_at, recall_reason) VALUES (''sample'', ''X'', ''2021-12-31'', now(), ''x'')'), 5) AS answer;
SELECT pg_temp.tries('INSERT INTO vsys.lot (product, lot, expiry_on) VALUES (''sample'', ''NEW1'', ''2021-12-31'') RETURNING lot') AS a_shipment_brings_a_lot;
ROLLBACK;
