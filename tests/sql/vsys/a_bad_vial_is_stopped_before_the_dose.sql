-- One scan before the dose: the vial that is expired, recalled, thawed out, unknown, not here or of another programme is
-- named as such in both languages; a scan that is none is an error.
\pset format unaligned
BEGIN;
\getenv srcdir PG_ABS_SRCDIR
\set goods :srcdir /sql/vsys/goods.inc
\set ECHO none
\i :goods
INSERT INTO vsys.lot (product, lot, expiry_on) VALUES ('comirnaty', 'EX1', '2021-09-30'), ('comirnaty', 'OLD', '2021-06-10'), ('comirnaty', 'BAD', '2021-09-30'), ('comirnaty', 'FAR', '2021-09-30'), ('comirnaty', 'EXT', '2021-10-31'), ('vaxzevria', 'AZ1', '2021-10-31');
INSERT INTO vsys.product_pack (gtin, product, level, vials) VALUES ('04912345678904', 'comirnaty', 'vial', 1), ('14912345678901', 'comirnaty', 'box', 195), ('04987654321018', 'vaxzevria', 'vial', 1);
SELECT count(vsys.post_stock(:'basic', v.product, v.lot, 'received', 10, happened_at => '2021-06-01 09:00+09')) FROM (VALUES ('comirnaty', 'EX1'), ('comirnaty', 'OLD'), ('comirnaty', 'BAD'), ('comirnaty', 'EXT'), ('vaxzevria', 'AZ1')) AS v (product, lot) \g /dev/null
CREATE FUNCTION pg_temp.checked(site text, scan text, at text, programme text DEFAULT NULL) RETURNS TABLE (ok boolean, product text, lot text, expiry_on date, use_by text, codes text[])
LANGUAGE SQL AS $$ SELECT s.ok, s.product, s.lot, s.expiry_on, to_char(s.use_by AT TIME ZONE 'Asia/Tokyo', 'MM-DD HH24:MI'), s.codes FROM vsys.stop_check(scan, site::outbreak.institution_code, programme, (at || '+09')::timestamptz) AS s $$;
\set ECHO all
-- good: from the freezer, of the box, and as the scanner sends it
SELECT * FROM pg_temp.checked(:'basic', '(01)04912345678904(17)210930(10)EX1', '2021-06-05 10:00');
SELECT * FROM pg_temp.checked(:'basic', '(01)14912345678901(17)210930(10)EX1', '2021-06-05 10:00', 'covid19_primary');
SELECT * FROM pg_temp.checked(:'basic', E']d201049123456789041721093010EX1\x1D', '2021-06-05 10:00');
-- a label that was extended after it was printed
SELECT * FROM pg_temp.checked(:'basic', '(01)04912345678904(17)210731(10)EXT', '2021-08-05 10:00');
-- ---- bad: each with its reason, and nothing is raised
SELECT * FROM pg_temp.checked(:'basic', '(01)04912345678904(17)210610(10)OLD', '2021-06-11 10:00');
SELECT * FROM pg_temp.checked(:'basic', '(01)04912345678904(17)210610(10)OLD', '2021-06-10 23:59') AS on_its_last_day;
SELECT count(*) FROM vsys.recall_lot('comirnaty', 'BAD', '異物', '2021-06-05 12:00+09');
SELECT * FROM pg_temp.checked(:'basic', '(01)04912345678904(17)210930(10)BAD', '2021-06-05 11:59');
SELECT * FROM pg_temp.checked(:'basic', '(01)04912345678904(17)210930(10)BAD', '2021-06-05 12:00');
SELECT * FROM pg_temp.checked(:'basic', '(01)04912345678904(17)210930(10)NEVER', '2021-06-05 10:00');
SELECT * FROM pg_temp.checked(:'basic', '(01)04912345678904(17)210930(10)FAR', '2021-06-05 10:00');
SELECT * FROM pg_temp.checked(:'osaka', '(01)04912345678904(17)210930(10)EX1', '2021-06-05 10:00');
SELECT * FROM pg_temp.checked(:'basic', '(01)04912345678904(17)211231(10)EX1', '2021-06-05 10:00');
SELECT * FROM pg_temp.checked(:'basic', '(01)04900000000009(17)210930(10)EX1', '2021-06-05 10:00');
SELECT * FROM pg_temp.checked(:'basic', '(01)04912345678904(17)210930', '2021-06-05 10:00');
SELECT * FROM pg_temp.checked(:'basic', '(01)04987654321018(17)211031(10)AZ1', '2021-12-05 10:00', 'covid19_third');
SELECT * FROM pg_temp.checked(:'basic', '(01)04987654321018(17)211031(10)AZ1', '2021-06-05 10:00', 'covid19_third') AS not_begun_yet;
-- thawed: a month, and then no more, though the label has two to go
SELECT vsys.store(:'basic', 'comirnaty', 'EX1', 'thawed', 10, '2021-06-05 10:00+09') > 0 AS thawed;
SELECT * FROM pg_temp.checked(:'basic', '(01)04912345678904(17)210930(10)EX1', '2021-07-06 09:59');
SELECT * FROM pg_temp.checked(:'basic', '(01)04912345678904(17)210930(10)EX1', '2021-07-06 10:00');
-- opened: six hours
SELECT vsys.post_stock(:'basic', 'comirnaty', 'EXT', 'given', 0, 58, '2021-06-05 09:00+09') > 0 AS given;
SELECT * FROM pg_temp.checked(:'basic', '(01)04912345678904(17)211031(10)EXT', '2021-06-05 14:59');
SELECT * FROM pg_temp.checked(:'basic', '(01)04912345678904(17)211031(10)EXT', '2021-06-05 15:00');
-- the words
SELECT codes, reasons_ja, reasons_en FROM vsys.stop_check('(01)04912345678904(17)211231(10)BAD', :'osaka', 'covid19_third', '2021-12-05 10:00+09');
-- ---- no scan at all is an error, with its place
SELECT left(pg_temp.tries(format('SELECT ok FROM vsys.stop_check(%L, %L)', s, :'basic')), 5) AS sqlstate, s AS scan
FROM unnest(ARRAY['hello', '', '(01)04912345678905(10)EX1', '(01)04912345678904(17)219930(10)EX1']) AS s;
ROLLBACK;
