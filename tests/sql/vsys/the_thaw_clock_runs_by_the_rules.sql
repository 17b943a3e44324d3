-- Comirnaty by the facts: ultra-cold until its label expiry; −25 to −15 at most 14 days in all, back into the deep freezer
-- once; thawed 5 days, by a later rule 31; 2 hours at room temperature; 6 hours once diluted; never frozen again. What is
-- used is what expires first by its clock, not by its label.
\pset format unaligned
BEGIN;
\getenv srcdir PG_ABS_SRCDIR
\set goods :srcdir /sql/vsys/goods.inc
\set ECHO none
\i :goods
INSERT INTO vsys.lot (product, lot, expiry_on) VALUES ('comirnaty', 'EX1', '2021-09-30'), ('comirnaty', 'EX2', '2021-08-31'), ('spikevax', 'MO1', '2021-11-30'), ('vaxzevria', 'AZ1', '2021-10-31');
-- state, vials and effective expiry of what a site has unopened
CREATE FUNCTION pg_temp.kept(site text, OUT lot text, OUT state text, OUT vials integer, OUT expires text) RETURNS SETOF record
LANGUAGE SQL AS $$ SELECT s.lot, s.state, s.vials, to_char(s.expires_at AT TIME ZONE 'Asia/Tokyo', 'YYYY-MM-DD HH24:MI') FROM vsys.storage(site::outbreak.institution_code) AS s $$;
\set ECHO all
-- the rules as they are seeded
SELECT product, state, since, from_c, to_c, max_stay, cumulative, arrival, opened FROM vsys.storage_state WHERE product = 'comirnaty' ORDER BY since, from_c, state;
-- ---- before the rule of a month: 5 days
SELECT vsys.post_stock(:'basic', 'comirnaty', 'EX1', 'received', 195, happened_at => '2021-04-12 09:00+09') > 0 AS received;
SELECT * FROM pg_temp.kept(:'basic');
SELECT vsys.store(:'basic', 'comirnaty', 'EX1', 'thawed', 20, '2021-04-12 10:00+09', 'thaw 1') > 0 AS thawed;
SELECT * FROM pg_temp.kept(:'basic');
-- the same key again is the same move
SELECT vsys.store(:'basic', 'comirnaty', 'EX1', 'thawed', 20, '2021-04-12 10:00+09', 'thaw 1') = (SELECT move FROM vsys.storage_move WHERE key = 'thaw 1') AS the_same;
SELECT pg_temp.tries(format('SELECT vsys.store(%L, ''comirnaty'', ''EX1'', ''thawed'', 21, ''2021-04-12 10:00+09'', ''thaw 1'')', :'basic')) ~ '^OB042' AS refused;
-- two hours at room temperature are the end of these, though the refrigerator would have kept them five days
SELECT vsys.store(:'basic', 'comirnaty', 'EX1', 'room', 5, '2021-04-13 09:00+09') > 0 AS warmed;
SELECT vsys.store(:'basic', 'comirnaty', 'EX1', 'diluted', 1, '2021-04-13 10:00+09') > 0 AS diluted;
SELECT * FROM pg_temp.kept(:'basic');
-- ---- never frozen again, and other ways that do not exist: refused with the rule
SELECT vsys.post_stock(:'other_town', 'comirnaty', 'EX1', 'moved_in', 3, happened_at => '2021-04-13 09:00+09') > 0 AS moved_in;
SELECT replace(pg_temp.tries(format('SELECT vsys.store(%L, ''comirnaty'', ''EX1'', %L, 1, ''2021-04-13 12:00+09'')', :'other_town', s)), :'other_town', '#') AS answer FROM unnest('{frozen,ultra_cold,thawed,melted}'::text[]) AS s;
SELECT replace(pg_temp.tries(format('SELECT vsys.store(%L, ''comirnaty'', ''EX1'', ''room'', 4, ''2021-04-13 12:00+09'')', :'other_town')), :'other_town', '#') AS more_than_there_are;
SELECT replace(pg_temp.tries(format('SELECT vsys.store(%L, ''comirnaty'', ''EX1'', ''room'', 1, ''2021-04-18 09:00+09'')', :'other_town')), :'other_town', '#') AS after_its_time;
SELECT pg_temp.tries(format('SELECT vsys.store(%L, ''comirnaty'', ''EX1'', ''room'', 1, ''2021-04-13 08:00+09'')', :'other_town')) ~ '^OB044' AS before_it_came;
SELECT pg_temp.tries(format('SELECT vsys.store(%L, ''comirnaty'', ''EX1'', ''room'', 1, ''2999-04-13 08:00+09'')', :'other_town')) ~ '^OB041 . what has not happened yet' AS refused;
SELECT pg_temp.tries(format('SELECT vsys.store(%L, ''comirnaty'', ''EX1'', ''room'', 0)', :'other_town')) ~ '^OB044|^23514' AS refused;
-- ---- −20: 14 days in all, one return, and the clock goes on where it stopped
SELECT vsys.post_stock(:'osaka', 'comirnaty', 'EX2', 'received', 10, happened_at => '2021-06-01 00:00+09') > 0 AS received;
SELECT vsys.store(:'osaka', 'comirnaty', 'EX2', 'frozen', 10, '2021-06-01 00:00+09') > 0 AS to_20;
SELECT * FROM pg_temp.kept(:'osaka');
SELECT vsys.store(:'osaka', 'comirnaty', 'EX2', 'ultra_cold', 10, '2021-06-05 00:00+09') > 0 AS back_once;
SELECT * FROM pg_temp.kept(:'osaka');
SELECT vsys.store(:'osaka', 'comirnaty', 'EX2', 'frozen', 10, '2021-07-01 00:00+09') > 0 AS to_20_again;
SELECT * FROM pg_temp.kept(:'osaka');
SELECT replace(pg_temp.tries(format('SELECT vsys.store(%L, ''comirnaty'', ''EX2'', ''ultra_cold'', 1, ''2021-07-02 00:00+09'')', :'osaka')), :'osaka', '#') AS second_return;
-- thawed under the rule of a month
SELECT vsys.store(:'osaka', 'comirnaty', 'EX2', 'thawed', 4, '2021-07-03 00:00+09') > 0 AS thawed;
SELECT * FROM pg_temp.kept(:'osaka');
-- the label ends before the month does
SELECT vsys.store(:'osaka', 'comirnaty', 'EX2', 'thawed', 2, '2021-07-10 00:00+09') > 0 AS thawed;
SELECT * FROM pg_temp.kept(:'osaka');
UPDATE vsys.lot SET expiry_on = '2021-08-05' WHERE product = 'comirnaty' AND lot = 'EX2';
SELECT * FROM pg_temp.kept(:'osaka');
-- a label that is extended counts for what is there
UPDATE vsys.lot SET expiry_on = '2021-11-30' WHERE product = 'comirnaty' AND lot = 'EX2';
SELECT * FROM pg_temp.kept(:'osaka');
-- ---- first expiry first out by the clock: lot EX1, whose label ends later, was thawed and goes before EX2
SELECT vsys.post_stock(:'osaka', 'comirnaty', 'EX1', 'moved_in', 2, happened_at => '2021-07-01 09:00+09') > 0 AS moved_in;
SELECT place, lot, state, vials, to_char(expires_at AT TIME ZONE 'Asia/Tokyo', 'MM-DD HH24:MI') AS expires FROM vsys.pick(:'osaka', 'comirnaty', 5, '2021-07-12 09:00+09');
-- not what is expired then, nor recalled
SELECT place, lot, state, vials FROM vsys.pick(:'osaka', 'comirnaty', 5, '2021-08-01 09:00+09');
UPDATE vsys.lot SET recalled_at = '2021-07-15 12:00+09', recall_reason = '異物' WHERE product = 'comirnaty' AND lot = 'EX2';
SELECT place, lot, state, vials FROM vsys.pick(:'osaka', 'comirnaty', 5, '2021-07-16 09:00+09');
-- ---- use today, and what is over
SELECT u.lot, u.state, u.vials, u.open_doses, u.expired, u.message_ja, u.message_en FROM vsys.use_today(:'osaka', '2021-07-11 09:00+09') AS u;
SELECT u.lot, u.state, u.vials, u.open_doses, u.expired FROM vsys.use_today(:'osaka', '2021-08-01 08:00+09') AS u;
SELECT u.lot, u.state, u.vials, u.open_doses, u.expired FROM vsys.use_today(:'osaka', '2021-08-01 10:00+09') AS u;
-- an opened vial has six hours from its first dose
SELECT vsys.post_stock(:'osaka', 'comirnaty', 'EX1', 'given', 0, 2, '2021-07-12 10:00+09') > 0 AS given;
SELECT u.lot, u.state, u.vials, u.open_doses, to_char(u.expires_at AT TIME ZONE 'Asia/Tokyo', 'MM-DD HH24:MI') AS expires, u.expired FROM vsys.use_today(:'osaka', '2021-07-12 12:00+09') AS u;
SELECT * FROM pg_temp.kept(:'osaka');
-- ---- the clock goes along to another site, and comes back with a reversal
SELECT vsys.post_stock(:'basic', 'comirnaty', 'EX1', 'moved_out', 18, happened_at => '2021-04-13 10:30+09') AS sent \gset
SELECT vsys.post_stock(:'satellite', 'comirnaty', 'EX1', 'moved_in', 18, happened_at => '2021-04-13 12:00+09', of_event => :sent) > 0 AS arrived;
SELECT * FROM pg_temp.kept(:'satellite');
SELECT * FROM pg_temp.kept(:'basic');
SELECT vsys.reverse_stock((SELECT event FROM vsys.stock_event WHERE site::text = :'satellite'), '届いていない') > 0 AS reversed;
SELECT vsys.reverse_stock(:sent, '送っていない') > 0 AS reversed;
SELECT * FROM pg_temp.kept(:'satellite');
SELECT * FROM pg_temp.kept(:'basic');
-- doses open vials, those that expire first; what is thrown away comes from the expired ones
SELECT vsys.post_stock(:'basic', 'comirnaty', 'EX1', 'given', 0, 13, '2021-04-13 10:45+09') > 0 AS given;
SELECT * FROM pg_temp.kept(:'basic');
SELECT vsys.post_stock(:'basic', 'comirnaty', 'EX1', 'discarded', 16, happened_at => '2021-04-20 09:00+09') > 0 AS discarded;
SELECT * FROM pg_temp.kept(:'basic');
-- what is unopened by the ledger is what the batches hold, everywhere
SELECT count(*) AS lots, bool_and(h.doses / h.doses_per_vial = (SELECT sum(b.vials) FROM vsys.storage_batch AS b WHERE b.site OPERATOR(outbreak.=) h.site AND b.product = h.product AND b.lot = h.lot AND b.doses_per_vial = h.doses_per_vial)) AS agree
FROM vsys.holding AS h WHERE outbreak.is_provisional(h.site);
-- ---- the other vaccines: −20 ± 5, and 2 to 8
SELECT vsys.post_stock(:'basic', p, l, 'received', 10, happened_at => '2021-06-01 09:00+09') > 0 AS received FROM (VALUES ('spikevax', 'MO1'), ('vaxzevria', 'AZ1')) AS v (p, l);
SELECT vsys.store(:'basic', 'spikevax', 'MO1', 'thawed', 10, '2021-06-01 10:00+09') > 0 AS thawed;
SELECT k.* FROM pg_temp.kept(:'basic') AS k WHERE k.lot = ANY ('{MO1,AZ1}'::text[]);
SELECT pg_temp.tries(format('SELECT vsys.store(%L, ''spikevax'', ''MO1'', ''frozen'', 1, ''2021-06-02 10:00+09'')', :'basic')) ~ '^OB044 .*from thawed they may be brought into: opened, room' AS refused;
SELECT pg_temp.tries(format('SELECT vsys.store(%L, ''vaxzevria'', ''AZ1'', ''frozen'', 1, ''2021-06-02 10:00+09'')', :'basic'));
-- ---- freezers
INSERT INTO vsys.freezer (site, freezer, state, vials, valid) VALUES (:'basic', 'DF-1', 'ultra_cold', 400, '[2021-02-01,)'), (:'basic', 'DF-2', 'ultra_cold', 300, '[2021-02-01,2021-06-01)'), (:'osaka', 'DF-9', 'ultra_cold', 195, '(,)'), (:'osaka', 'F-1', 'frozen', 100, '(,)');
SELECT * FROM vsys.freezer_room(:'basic', 'comirnaty', '2021-05-01 09:00+09');
SELECT * FROM vsys.freezer_room(:'basic', 'comirnaty', '2021-06-01 09:00+09');
SELECT * FROM vsys.freezer_room(:'basic', 'spikevax', '2021-06-01 09:00+09');
SELECT s.site::text = :'basic' AS basic, s.vials FROM vsys.site_room('comirnaty', '2021-06-01') AS s ORDER BY 1;
SELECT c.prefecture, c.name_ja, c.state, c.sites, c.freezers, c.vials FROM vsys.freezer_count('2021-05-01') AS c;
ROLLBACK;
