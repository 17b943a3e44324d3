-- GS1 scans say what is in the box: the forms that scanners send, dates, and every refusal with its place.
BEGIN;
\pset null '-'
-- facts 4: dispensing and sales units carry (01)(17)(10), cartons (01)(17)(30)(10); the same in every form
SELECT n, s.*
FROM (VALUES
	(1, '(01)14912345678901(17)250331(10)EK4241'),
	(2, '(01) 14912345678901 (17) 250331 (10) EK4241 '),
	(3, '01149123456789011725033110EK4241'),
	(4, E']d201149123456789011725033110EK4241\r\n'),
	(5, E']C1\x1D01149123456789011725033110EK4241\x1D'),
	(6, E'\x1D01149123456789011725033110EK4241'),
	(7, E'\x16\x16]Q3011491234567\x1689011725033110EK4241'),
	(8, E']e00114912345678901\x1D17250331\x1D10EK4241'),
	(9, E']J110EK4241\x1D01149123456789011725033110EK4241'),
	(10, '(01)24912345678908(17)250331(30)195(10)EK4241'),
	(11, E'012491234567890817250331301950\x1D10EK4241'),
	(12, E']C1012491234567890817250331' || '30195' || E'\x1D' || '10EK4241' || E'\x1D' || '21SN-0001'),
	(13, '(00)123456789012345675(02)14912345678901(37)20(17)250331(10)EK4241'),
	(14, '(01)14912345678901(11)210331(7003)2107312359'),
	(15, '(8006)149123456789010102(10)A'),
	(16, '(01)14912345678901(10)A\(17)B'),
	(17, ']E04912345678904'),
	(18, ']E402345673'),
	(19, ']I114912345678901')
) AS v (n, scan)
CROSS JOIN LATERAL outbreak.gs1_scan(scan, '2021-04-05') AS s
ORDER BY n;
SELECT * FROM outbreak.gs1_parse(E']C1012491234567890817250300' || '30195' || E'\x1D' || E'10EK\x1D' || '21SN-0001' || E'\x1D' || '3103000123410491234567890' || '4' || '91(note)', '2021-04-05');

-- day 00 is the end of the month, in leap years too
SELECT yymm, (outbreak.gs1_scan('(01)14912345678901(17)' || yymm || '00', '2021-04-05')).expiry_on
FROM unnest(ARRAY['2502', '2402', '2504', '2512', '0002']) AS yymm;
-- the century: less than 51 years ahead, at most 49 back
SELECT as_of, yy, (outbreak.gs1_scan('(01)14912345678901(17)' || yy || '0101', as_of)).expiry_on
FROM unnest(ARRAY['2021-04-05', '1999-12-31', '2060-06-30']::date[]) AS as_of
CROSS JOIN unnest(ARRAY['00', '09', '10', '11', '21', '49', '50', '71', '72', '99']) AS yy
ORDER BY as_of, yy;
-- 29 February: of 2000 and not of 1900, as as_of has it; of 2100 not
SELECT (outbreak.gs1_scan('(01)14912345678901(17)000229', '2021-04-05')).expiry_on;
SAVEPOINT here;
SELECT (outbreak.gs1_scan('(01)14912345678901(17)000229', '1920-04-05')).expiry_on;
ROLLBACK TO here;
SELECT (outbreak.gs1_scan('(01)14912345678901(17)000229', '2060-04-05')).expiry_on;
ROLLBACK TO here;
SELECT outbreak.gs1_scan('(01)14912345678901', 'infinity');
ROLLBACK TO here;
SELECT outbreak.gs1_scan(NULL), (SELECT count(*) FROM outbreak.gs1_parse(NULL));
-- today is the default
SELECT count(*) FROM outbreak.gs1_parse('(01)14912345678901(10)A'), outbreak.gs1_scan('(01)14912345678901');

-- refused, each with its place
CREATE FUNCTION pg_temp.refusal(scan text)
RETURNS TABLE (code text, message text, detail text, hint text)
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM outbreak.gs1_scan(scan, '2021-04-05');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
		detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN NEXT;
END $$;
\pset format unaligned
\pset tuples_only on
SELECT DISTINCT ON (n) scan, E'\n  ' || coalesce(concat_ws(E'\n  ', CASE WHEN code <> '22P02' THEN code END, detail, hint), 'accepted')
FROM unnest(ARRAY[
	'', '   ', ']d2', ']Q1TEXT', ']', 'hello', 'https://id.example.jp/01/04912345678904', '4912345678904', '0491234567890', ']E0491234567890', ']E04912345678905', ']E0491234567890X',
	'(01)04912345678904(', '(01)04912345678904(17', '(01)04912345678904(1A)250331', '(01)04912345678904 17', '(1)04912345678904', '(12345)1', '()1',
	'(01)', '(01)0491234567890', '(01)049123456789045', '(01)0491234567890X', '(01)04912345678905', '(00)123456789012345670', '89123', '(236)A', '(3106)000123', '3106000123',
	'(01)14912345678901(10)', '(01)14912345678901(10)ABCDEFGHIJKLMNOPQRSTU', '(01)14912345678901(10)EK 41', '(01)14912345678901(10)ロット', '(01)14912345678901(10)EK#1',
	'(01)14912345678901(17)251331', '(01)14912345678901(17)250230', '(01)14912345678901(17)25033', '(01)14912345678901(7003)2503002359', '(01)14912345678901(7003)2503312400', '(01)14912345678901(30)1A', '(01)14912345678901(30)123456789',
	'0114912345678901172503311' || '0EK42412112345678901234567890', '(17)250331', '(10)EK4241', '(02)14912345678901', '(02)14912345678901(37)3', '(01)14912345678901(37)3', '(01)14912345678901(02)14912345678901(37)3', '(255)1234567890128(01)14912345678901',
	'(01)14912345678901(250)A', '(01)14912345678901(10)A(10)B', '(01)14912345678901(01)24912345678908', '(01)14912345678901(3100)000001(3103)000001', '(01)14912345678901(3925)12599',
	'(8006)149123456789010302', '(8013)123456ABXX', '(00)123456789012345675(4300)A%2', '(253)1234567890128(8030)ABC']) WITH ORDINALITY AS u (scan, n)
LEFT JOIN LATERAL pg_temp.refusal(scan) AS r ON true
ORDER BY n;
\pset tuples_only off
\pset format aligned
-- the refusal shows no value: scans may name a person
SELECT concat(message, detail, hint) ~ 'YAMADA|19700101|123456789012345675' AS shown
FROM pg_temp.refusal('(8018)123456789012345675(7256)YAMADA%2(7250)19700101');

-- what is written is read: in brackets and raw, with everything and with little
SELECT outbreak.gs1_element_string('14912345678901', '2025-03-31', 'EK4241', 'SN(1)', 195),
	replace(outbreak.gs1_element_string('14912345678901', '2025-03-31', 'EK4241', 'SN(1)', 195, true), E'\x1D', '<GS>'),
	replace(outbreak.gs1_element_string('14912345678901', lot => 'A', raw => true), E'\x1D', '<GS>'),
	outbreak.gs1_element_string('14912345678901');
SELECT setseed(0.01);
CREATE FUNCTION pg_temp.word(n integer) RETURNS text
LANGUAGE sql VOLATILE AS $$
	SELECT string_agg(substr('!"%&''()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz', 1 + floor(random() * 82)::integer, 1), '')
	FROM generate_series(1, 1 + n % 20)
$$;
SELECT count(*) AS tried, count(*) FILTER (WHERE (s.gtin::text, s.expiry_on, s.lot, s.serial, s.quantity) IS DISTINCT FROM (i.gtin::text, i.expiry_on, i.lot, i.serial, i.quantity)) AS differ
FROM (
	SELECT (body || mod(10 - mod(sum, 10), 10))::outbreak.gtin AS gtin,
		CASE WHEN random() < 0.9 THEN date '1990-01-01' + floor(random() * 20000)::integer END AS expiry_on,
		CASE WHEN random() < 0.9 THEN pg_temp.word(n) END AS lot,
		CASE WHEN random() < 0.5 THEN pg_temp.word(n + 7) END AS serial,
		CASE WHEN random() < 0.5 THEN floor(random() * 1e8)::integer END AS quantity,
		n % 2 = 0 AS raw
	FROM (SELECT n, lpad(floor(random() * 1e13)::bigint::text, 13, '0') AS body FROM generate_series(1, 2000) AS n) AS b
	CROSS JOIN LATERAL (SELECT sum(substr(body, p, 1)::integer * CASE WHEN p % 2 = 1 THEN 3 ELSE 1 END)::integer AS sum FROM generate_series(1, 13) AS p) AS c
) AS i
CROSS JOIN LATERAL outbreak.gs1_scan(outbreak.gs1_element_string(i.gtin, i.expiry_on, i.lot, i.serial, i.quantity, i.raw), '2021-04-05') AS s;
-- what no element string can hold
SAVEPOINT here;
SELECT outbreak.gs1_element_string('14912345678901', lot => 'ABCDEFGHIJKLMNOPQRSTU');
ROLLBACK TO here;
SELECT outbreak.gs1_element_string('14912345678901', lot => 'A B');
ROLLBACK TO here;
SELECT outbreak.gs1_element_string('14912345678901', lot => '');
ROLLBACK TO here;
SELECT outbreak.gs1_element_string('14912345678901', lot => 'A ');
ROLLBACK TO here;
SELECT outbreak.gs1_element_string('14912345678901', serial => 'ロット');
ROLLBACK TO here;
SELECT outbreak.gs1_element_string('14912345678901', lot => E'A\x1D21B', raw => true);
ROLLBACK TO here;
SELECT outbreak.gs1_element_string('14912345678901', quantity => -1);
ROLLBACK TO here;
SELECT outbreak.gs1_element_string('14912345678901', quantity => 123456789);
ROLLBACK TO here;
SELECT outbreak.gs1_element_string(NULL, lot => 'A');
ROLLBACK TO here;
SELECT outbreak.gs1_element_string(NULL);
ROLLBACK TO here;
SELECT outbreak.gs1_element_string('14912345678901', 'infinity');
ROLLBACK;
