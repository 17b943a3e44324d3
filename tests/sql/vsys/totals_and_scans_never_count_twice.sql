-- V-SYS asked for running totals ("previous 50 + today 30 = enter 80"), the record system for one scan a person. Both
-- go into one ledger: a total enters the difference to what is there, entering it again enters nothing.
\pset format unaligned
BEGIN;
\getenv srcdir PG_ABS_SRCDIR
\set goods :srcdir /sql/vsys/goods.inc
\set ECHO none
\i :goods
\set ECHO all
SELECT vsys.post_stock(:'basic', 'sample', 'LOT1', 'received', 195, happened_at => '2021-06-01 09:00+09') > 0 AS entered;
SELECT posted, message_ja, message_en FROM vsys.report_total(:'basic', 'sample', 'LOT1', 'given', 50, '2021-06-01 18:00+09');
SELECT posted, message_ja, message_en FROM vsys.report_total(:'basic', 'sample', 'LOT1', 'given', 80, '2021-06-02 18:00+09');
-- entered twice: V-SYS only warned
SELECT posted, event, message_ja, message_en FROM vsys.report_total(:'basic', 'sample', 'LOT1', 'given', 80, '2021-06-02 18:05+09');
SELECT sum(doses) AS given FROM vsys.stock_event WHERE site::text = :'basic' AND kind = 'given';
-- lower: refused, with the difference and what to do
SELECT replace(pg_temp.tries(format('SELECT vsys.report_total(%L, ''sample'', ''LOT1'', ''given'', 30, ''2021-06-02 18:10+09'')', :'basic')), :'basic', '#');
SELECT posted FROM vsys.reverse_stock((SELECT max(event) FROM vsys.stock_event WHERE site::text = :'basic'), '打ち間違い') AS r (event) CROSS JOIN LATERAL vsys.report_total(:'basic', 'sample', 'LOT1', 'given', 70, '2021-06-02 18:11+09');
-- three persons are scanned; the total that counts them too adds the rest alone
SELECT count(vsys.post_stock(:'basic', 'sample', 'LOT1', 'given', 0, 1, '2021-06-03 10:00+09', 'scan ' || n)) FROM generate_series(1, 3) AS n;
SELECT posted FROM vsys.report_total(:'basic', 'sample', 'LOT1', 'given', 75, '2021-06-03 18:00+09');
-- a scan that comes late, for a time that the total covered: the next total takes it into account
SELECT vsys.post_stock(:'basic', 'sample', 'LOT1', 'given', 0, 1, '2021-06-03 11:00+09', 'scan 4') > 0 AS late;
SELECT posted FROM vsys.report_total(:'basic', 'sample', 'LOT1', 'given', 80, '2021-06-04 18:00+09');
SELECT given FROM vsys.stock_account(:'basic');
-- a total of the past counts what had happened by then
SELECT posted FROM vsys.report_total(:'basic', 'sample', 'LOT1', 'given', 52, '2021-06-01 19:00+09');
-- vials too
SELECT posted, message_en FROM vsys.report_total(:'basic', 'sample', 'LOT1', 'discarded', 2, '2021-06-04 18:00+09');
SELECT posted, message_en FROM vsys.report_total(:'basic', 'sample', 'LOT1', 'discarded', 2, '2021-06-05 18:00+09');
-- keys: the same total under the same key is the event that is there; another is refused
SELECT posted FROM vsys.report_total(:'basic', 'sample', 'LOT1', 'given', 100, '2021-06-06 18:00+09', 'evening of 6 June');
SELECT posted, event = (SELECT max(event) FROM vsys.stock_event WHERE site::text = :'basic') AS the_same FROM vsys.report_total(:'basic', 'sample', 'LOT1', 'given', 100, '2021-06-06 18:00+09', 'evening of 6 June');
SELECT pg_temp.tries(format('SELECT vsys.report_total(%L, ''sample'', ''LOT1'', ''given'', 101, ''2021-06-06 18:00+09'', ''evening of 6 June'')', :'basic')) ~ '^OB042 . this key was used for another event . \{.*"total": 100' AS refused;
SELECT pg_temp.tries(format('SELECT vsys.post_stock(%L, ''sample'', ''LOT1'', ''given'', 0, 2, ''2021-06-03 10:00+09'', ''scan 1'')', :'basic')) ~ '^OB042' AS refused;
SELECT pg_temp.tries(format('SELECT vsys.post_stock(%L, ''sample'', ''LOT2'', ''given'', 0, 1, ''2021-06-03 10:00+09'', ''scan 1'')', :'basic')) ~ '^OB042' AS refused;
SELECT vsys.post_stock(:'basic', 'sample', 'LOT1', 'given', 0, 1, '2021-06-03 10:00+09', 'scan 1') = (SELECT event FROM vsys.stock_key WHERE site::text = :'basic' AND key = 'scan 1') AS the_same;
-- the key of one site is not that of another
SELECT vsys.post_stock(:'osaka', 'sample', 'LOT1', 'received', 1, happened_at => '2021-06-01 09:00+09', key => 'scan 1') > 0 AS entered;
-- what has no running total
SELECT pg_temp.tries(format('SELECT vsys.report_total(%L, ''sample'', ''LOT1'', ''counted'', 1)', :'basic'));
SELECT pg_temp.tries(format('SELECT vsys.report_total(%L, ''sample'', ''LOT1'', NULL, 1)', :'basic'));
SELECT pg_temp.tries(format('SELECT vsys.report_total(%L, ''sample'', ''LOT1'', ''given'', NULL)', :'basic'));
SELECT left(pg_temp.tries(format('SELECT vsys.report_total(%L, ''sample'', ''LOT1'', ''given'', -1)', :'basic')), 5);
SELECT vsys.check_stock();
ROLLBACK;
