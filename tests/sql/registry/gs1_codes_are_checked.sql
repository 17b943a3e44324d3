-- GTIN and SSCC are checked: what is read, what is refused and why, which wrong digits are caught; they survive binary
-- transfer, indexes and joins.
BEGIN;
CREATE FUNCTION pg_temp.refusal(kind regtype, written text)
RETURNS TABLE (code text, message text, detail text, hint text)
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('SELECT %L::%s', written, kind);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
		detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN NEXT;
END $$;
-- 14 digits whatever was read: GTIN-8, GTIN-12, GTIN-13 (JAN), GTIN-14; full-width; spaces around them
SELECT written, written::outbreak.gtin, outbreak.gtin_indicator(written::outbreak.gtin), (written::outbreak.gtin)::text
FROM unnest(ARRAY['02345673', '416000336108', '4912345678904', '14912345678901', '24012345678905', '０４９１２３４５６７８９０４', ' 4912345678904　']) AS written;
SELECT '123456789012345675'::outbreak.sscc, '012345678901234560'::outbreak.sscc::text;
\pset format unaligned
\pset null '-'
SELECT r.*
FROM unnest(ARRAY['4912345678905', '14912345678902', '491234567890', '1234567', '2345673', '16000336108', '', '49123456 78904', '4912345678 904', '49-12345678904', '491234567890X',
	'149123456789012', '0104912345678904', '02345670']) AS written,
	pg_temp.refusal('outbreak.gtin', written) AS r;
SELECT r.*
FROM unnest(ARRAY['123456789012345670', '12345678901234566', '00123456789012345675', '12345678901234567', '1234567890123456789']) AS written,
	pg_temp.refusal('outbreak.sscc', written) AS r;
\pset format aligned
-- one wrong digit is always caught; exchanged neighbours but for those that differ by 5
SELECT kind, count(*) FILTER (WHERE NOT caught) AS missed, count(*) AS tried
FROM (VALUES ('outbreak.gtin'::regtype, '14912345678901'), ('outbreak.sscc', '123456789012345675')) AS v (kind, code)
CROSS JOIN LATERAL (
	SELECT EXISTS (SELECT FROM pg_temp.refusal(kind, overlay(code PLACING digit::text FROM place))) AS caught
	FROM generate_series(1, length(code)) AS place
	CROSS JOIN generate_series(0, 9) AS digit
	WHERE substr(code, place, 1) <> digit::text
) AS t
GROUP BY kind
ORDER BY kind::text;
SELECT a, b, NOT EXISTS (SELECT FROM pg_temp.refusal('outbreak.gtin', swapped)) AS missed
FROM generate_series(0, 9) AS a
CROSS JOIN generate_series(a + 1, 9) AS b
CROSS JOIN LATERAL (SELECT d FROM generate_series(0, 9) AS d WHERE NOT EXISTS (SELECT FROM pg_temp.refusal('outbreak.gtin', concat('1491234567', a, b, '1', d)))) AS d
CROSS JOIN LATERAL concat('1491234567', b, a, '1', d) AS swapped
WHERE NOT EXISTS (SELECT FROM pg_temp.refusal('outbreak.gtin', swapped))
ORDER BY a, b;

-- order, index, hash, join, min and max, binary
CREATE TEMP TABLE item (gtin outbreak.gtin PRIMARY KEY, sscc outbreak.sscc);
INSERT INTO item VALUES ('4912345678904', '123456789012345675'), ('14912345678901', NULL), ('416000336108', '012345678901234560');
INSERT INTO item VALUES ('04912345678904', NULL) ON CONFLICT DO NOTHING;
SELECT gtin FROM item ORDER BY gtin DESC;
SELECT outbreak.min(gtin), outbreak.max(gtin), outbreak.min(sscc), outbreak.max(sscc) FROM item;
SET LOCAL enable_seqscan = off;
EXPLAIN (COSTS OFF) SELECT * FROM item WHERE gtin OPERATOR(outbreak.=) '4912345678904';
RESET enable_seqscan;
SET LOCAL enable_mergejoin = off;
SET LOCAL enable_nestloop = off;
EXPLAIN (COSTS OFF) SELECT * FROM item AS a JOIN item AS b ON a.gtin OPERATOR(outbreak.=) b.gtin;
SELECT count(*) FROM item AS a JOIN item AS b ON a.gtin OPERATOR(outbreak.=) b.gtin;
SELECT count(DISTINCT gtin), count(DISTINCT sscc) FROM item;
SELECT outbreak.gtin_send('4912345678904'), outbreak.sscc_send('123456789012345675');
SELECT current_setting('data_directory') || '/gs1_codes.bin' AS file \gset
COPY item TO :'file' (FORMAT binary);
CREATE TEMP TABLE item_again (LIKE item);
COPY item_again FROM :'file' (FORMAT binary);
SELECT count(*) FROM item AS a JOIN item_again AS b ON a.gtin OPERATOR(outbreak.=) b.gtin;
-- a number that is no code does not come in by binary transfer either
CREATE TEMP TABLE number (gtin bigint, sscc bigint);
INSERT INTO number VALUES (4912345678905, 123456789012345675);
COPY number TO :'file' (FORMAT binary);
SAVEPOINT here;
COPY item_again FROM :'file' (FORMAT binary);
ROLLBACK TO here;
UPDATE number SET gtin = 100000000000000;
COPY number TO :'file' (FORMAT binary);
SAVEPOINT here;
COPY item_again FROM :'file' (FORMAT binary);
ROLLBACK TO here;
UPDATE number SET gtin = -1;
COPY number TO :'file' (FORMAT binary);
SAVEPOINT here;
COPY item_again FROM :'file' (FORMAT binary);
ROLLBACK TO here;
UPDATE number SET gtin = 4912345678904, sscc = 123456789012345676;
COPY number TO :'file' (FORMAT binary);
SAVEPOINT here;
COPY item_again FROM :'file' (FORMAT binary);
ROLLBACK TO here;
\set remove 'rm "' :file '"'
COPY (SELECT WHERE false) TO PROGRAM :'remove';
ROLLBACK;
