-- What a site has follows from the ledger alone, as of any moment; an event of the past is carried to every later
-- moment; nothing is ever less than nothing; nothing is changed, only reversed.
\pset format unaligned
BEGIN;
\getenv srcdir PG_ABS_SRCDIR
\set goods :srcdir /sql/vsys/goods.inc
\set ECHO none
\i :goods
\set ECHO all
CREATE VIEW pg_temp.on_hand AS
SELECT s.lot, s.vials, s.open_doses, s.doses_per_vial, s.doses FROM vsys.stock(outbreak.provisional_institution_code(13, 900001)) AS s;
-- ---- a box, two days of vaccination, a vial dropped, the rest of an opened vial thrown away
SELECT vsys.post_stock(:'basic', 'sample', 'LOT1', 'received', 195, happened_at => '2021-06-01 09:00+09') > 0 AS entered;
SELECT vsys.post_stock(:'basic', 'sample', 'LOT1', 'given', 0, 100, '2021-06-01 15:00+09') > 0 AS entered;
SELECT vsys.post_stock(:'basic', 'sample', 'LOT1', 'wasted', 0, 2, '2021-06-01 18:00+09') > 0 AS entered;
SELECT vsys.post_stock(:'basic', 'sample', 'LOT1', 'discarded', 1, happened_at => '2021-06-02 08:30+09', reason => '落下') > 0 AS entered;
SELECT vsys.post_stock(:'basic', 'sample', 'LOT1', 'given', 0, 31, '2021-06-02 15:00+09') > 0 AS entered;
-- 195 vials less 17 opened on the first day, 1 dropped, 6 opened on the second
SELECT * FROM pg_temp.on_hand;
-- as of any moment
SELECT a.at, s.vials, s.open_doses, s.doses
FROM unnest('{2021-06-01 08:59+09,2021-06-01 09:00+09,2021-06-01 15:00+09,2021-06-01 17:59+09,2021-06-02 08:00+09,2021-06-02 09:00+09,2021-06-02 23:00+09}'::timestamptz[]) AS a (at)
LEFT JOIN vsys.stock(:'basic', a.at) AS s ON true
ORDER BY a.at;
-- received = given / doses per vial + discarded + moved + on hand, in the books of every moment
SELECT bool_and(b.doses = b.doses_per_vial * (b.received + b.moved_in - b.moved_out - b.discarded + b.counted) - b.given - b.wasted) AS conserved, count(*)
FROM generate_series('2021-06-01 00:00+09'::timestamptz, '2021-06-03 00:00+09', '1 hour') AS a (at)
CROSS JOIN LATERAL vsys.stock_account(:'basic', a.at) AS b;
-- ---- a back-dated event changes every moment after it, and the rows of its day alone
CREATE TEMP TABLE before AS SELECT d.* FROM vsys.stock_day AS d WHERE d.site::text = :'basic';
SELECT vsys.post_stock(:'basic', 'sample', 'LOT1', 'moved_out', 10, happened_at => '2021-06-01 12:00+09') > 0 AS entered;
SELECT s.at, (SELECT t.vials FROM vsys.stock(:'basic', s.at) AS t) AS vials
FROM unnest('{2021-06-01 11:59+09,2021-06-01 12:00+09,2021-06-02 08:00+09,2021-06-03 00:00+09}'::timestamptz[]) AS s (at);
SELECT d.on_date, d.delta - b.delta AS changed FROM vsys.stock_day AS d JOIN before AS b USING (on_date) WHERE d.site::text = :'basic' ORDER BY 1;
-- ---- never less than nothing, at no moment: the error names site, lot, first moment, and by how much
SELECT pg_temp.tries(format('SELECT vsys.post_stock(%L, ''sample'', ''LOT1'', ''discarded'', 172, happened_at => ''2021-06-03 10:00+09'')', :'basic')) = format('OB040 | site %s does not have so much of sample lot LOT1: 61 doses short at 2021-06-03 10:00:00 | {"at": "2021-06-03T10:00:00+09:00", "lot": "LOT1", "site": "%s", "product": "sample", "doses_short": 61, "doses_per_vial": 6, "most_doses_short": 61}', :'basic', :'basic') AS refused;
-- enough on its own day, but not for what was given later
SELECT pg_temp.tries(format('SELECT vsys.post_stock(%L, ''sample'', ''LOT1'', ''moved_out'', 165, happened_at => ''2021-06-01 14:00+09'')', :'basic')) ~ 'OB040 .*: 19 doses short at 2021-06-02 15:00:00' AS refused;
-- at a moment before the receipt
SELECT pg_temp.tries(format('SELECT vsys.post_stock(%L, ''sample'', ''LOT1'', ''given'', 0, 1, ''2021-06-01 08:00+09'')', :'basic')) ~ 'OB040 .*: 1 doses short at 2021-06-01 08:00:00' AS refused;
-- what was never there
SELECT pg_temp.tries(format('SELECT vsys.post_stock(%L, ''sample'', ''LOT2'', ''given'', 0, 1, ''2021-06-01 10:00+09'')', :'basic')) ~ 'OB040 .*LOT2: 1 doses short at 2021-06-01 10:00:00' AS refused;
-- within a day: fewer at noon than the evening shows
SAVEPOINT noon;
SELECT vsys.post_stock(:'satellite', 'sample', 'LOT1', 'received', 1, happened_at => '2021-06-05 09:00+09') > 0 AS entered;
SELECT vsys.post_stock(:'satellite', 'sample', 'LOT1', 'received', 5, happened_at => '2021-06-05 17:00+09') > 0 AS entered;
SELECT pg_temp.tries(format('SELECT vsys.post_stock(%L, ''sample'', ''LOT1'', ''given'', 0, 7, ''2021-06-05 12:00+09'')', :'satellite')) ~ 'OB040 .*: 1 doses short at 2021-06-05 12:00:00' AS refused;
SELECT pg_temp.tries(format('SELECT vsys.post_stock(%L, ''sample'', ''LOT1'', ''given'', 0, 6, ''2021-06-05 12:00+09'')', :'satellite')) ~ '^[0-9]+$' AS taken;
-- the same moment counts as one
SELECT pg_temp.tries(format('SELECT vsys.post_stock(%L, ''sample'', ''LOT1'', ''given'', 0, 30, ''2021-06-05 17:00+09'')', :'satellite')) ~ '^[0-9]+$' AS taken;
SELECT pg_temp.tries(format('SELECT vsys.post_stock(%L, ''sample'', ''LOT1'', ''given'', 0, 1, ''2021-06-05 17:00+09'')', :'satellite')) ~ 'OB040 .*: 1 doses short' AS refused;
ROLLBACK TO noon;
-- the events of one transaction may come in any order
SELECT vsys.post_stock(:'satellite', 'sample', 'LOT1', 'given', 0, 6, '2021-06-05 12:00+09') > 0 AS given_first;
SELECT vsys.post_stock(:'satellite', 'sample', 'LOT1', 'moved_in', 1, happened_at => '2021-06-05 09:00+09') > 0 AS then_moved_in;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
-- ---- counts and reversals
SELECT vsys.post_stock(:'basic', 'sample', 'LOT1', 'counted', -3, happened_at => '2021-06-03 09:00+09', reason => '棚卸') > 0 AS entered;
SELECT * FROM pg_temp.on_hand;
SELECT e.event AS counted FROM vsys.stock_event AS e WHERE e.site::text = :'basic' AND e.kind = 'counted' \gset
SELECT vsys.reverse_stock(:counted, '数え直し') AS reversal \gset
SELECT * FROM pg_temp.on_hand;
-- it never was: also not between the count and now
SELECT s.vials FROM vsys.stock(:'basic', '2021-06-03 09:30+09') AS s;
SELECT vsys.reverse_stock(:counted, '二度目') = :reversal AS the_same;
SELECT replace(pg_temp.tries(format('SELECT vsys.reverse_stock(%s, ''x'')', :reversal)), :'reversal', '#') ~ 'OB041 . a reversal is not reversed: enter the event again' AS refused;
SELECT pg_temp.tries(format('SELECT vsys.reverse_stock(%s, ''x'', ''another key'')', :counted)) ~ 'OB041 . this event is reversed already' AS refused;
SELECT pg_temp.tries('SELECT vsys.reverse_stock(-1, ''x'')');
SELECT e.event AS receipt FROM vsys.stock_event AS e WHERE e.site::text = :'basic' AND e.kind = 'received' \gset
SELECT pg_temp.tries(format('SELECT vsys.reverse_stock(%s, ''x'')', :receipt)) ~ 'OB040 .*: 60 doses short at 2021-06-01 12:00:00' AS refused;
-- ---- nothing is changed, by nobody
SELECT pg_temp.tries('UPDATE vsys.stock_event SET doses = 1');
SELECT pg_temp.tries('DELETE FROM vsys.stock_event');
SELECT pg_temp.tries('TRUNCATE vsys.stock_event');
SELECT pg_temp.tries('TRUNCATE vsys.stock_event_default');
SELECT pg_temp.tries('DELETE FROM vsys.stock_key');
-- ---- what is no event
SELECT pg_temp.tries(format('SELECT vsys.post_stock(%L, %L, %L, %L, %s, %s, %L, reason => %L)', v.site, v.product, v.lot, v.kind, v.vials, v.doses, v.at, v.reason)) AS answer
FROM (VALUES
	(:'basic', 'sample', 'NONE', 'received', 1, 0, '2021-06-01 09:00+09', NULL),
	(:'basic', 'none', 'LOT1', 'received', 1, 0, '2021-06-01 09:00+09', NULL),
	(:'basic', 'sample', 'LOT1', 'received', 1, 0, '2999-06-01 09:00+09', NULL),
	(:'basic', 'sample', 'LOT1', 'wasted', 0, 6, '2021-06-02 16:00+09', NULL)
) AS v (site, product, lot, kind, vials, doses, at, reason);
SELECT left(pg_temp.tries(format('SELECT vsys.post_stock(%L, ''sample'', ''LOT1'', %L, %s, %s, ''2021-06-01 09:00+09'')', :'basic', v.kind, v.vials, v.doses)), 5) AS sqlstate, v.what
FROM (VALUES
	('received', 0, 0, 'nothing'), ('received', -1, 0, 'less than nothing'), ('received', 1, 1, 'vials and doses'), ('given', 1, 0, 'doses as vials'), ('given', 0, -1, 'a negative dose'),
	('counted', -1, 0, 'a count without a reason'), ('stolen', 1, 0, 'an unknown kind'), ('reversed', 0, 0, 'a reversal of nothing'), ('received', 2000000, 0, 'too many')
) AS v (kind, vials, doses, what);
SELECT pg_temp.tries('SELECT vsys.post_stock(''1310000018'', ''sample'', ''LOT1'', ''received'', 1)');
-- ---- what comes with fewer doses a vial is kept apart, and goes first
SAVEPOINT mixed;
SELECT vsys.post_stock(:'other_town', 'sample', 'LOT1', 'received', 2, happened_at => '2021-06-01 09:00+09', doses_per_vial => 6::smallint) > 0 AS six;
SELECT vsys.post_stock(:'other_town', 'sample', 'LOT1', 'received', 2, happened_at => '2021-06-01 09:00+09', doses_per_vial => 5::smallint) > 0 AS five;
SELECT vsys.post_stock(:'other_town', 'sample', 'LOT1', 'given', 0, 1, '2021-06-01 10:00+09') > 0 AS given;
SELECT vsys.post_stock(:'other_town', 'sample', 'LOT1', 'given', 0, 1, '2021-06-01 10:01+09') > 0 AS given;
SELECT vsys.post_stock(:'other_town', 'sample', 'LOT1', 'given', 0, 12, '2021-06-01 10:02+09') > 0 AS given_of_those_with_enough;
SELECT s.vials, s.open_doses, s.doses_per_vial FROM vsys.stock(:'other_town') AS s;
SET CONSTRAINTS ALL IMMEDIATE;
ROLLBACK TO mixed;
-- ---- the sums are right, and a wrong one is found
SELECT vsys.check_stock();
SAVEPOINT wrong;
ALTER TABLE vsys.stock_event DISABLE TRIGGER guard;
UPDATE vsys.stock_event SET vials = 196 WHERE event = :receipt;
SELECT jsonb_path_query(vsys.check_stock(), '$.failed[*].in_ledger') AS in_ledger, jsonb_path_query(vsys.check_stock(), '$.failed[*].on_hand') AS on_hand;
ROLLBACK TO wrong;
UPDATE vsys.stock_day SET received = received + 1 WHERE site::text = :'basic' AND on_date = '2021-06-01';
SELECT pg_temp.tries(format('SELECT vsys.post_stock(%L, ''sample'', ''LOT1'', ''given'', 0, 1, ''2021-06-03 10:00+09'')', :'basic')) ~ 'XX001 .* do not agree: ' AS found;
ROLLBACK;
