-- Codes survive binary transfer, and indexes, sorts, hashes and aggregates work on them.
SET client_min_messages = warning;

CREATE TEMP TABLE place (
	institution outbreak.institution_code,
	municipality outbreak.municipality_code
);
INSERT INTO place
SELECT outbreak.provisional_institution_code(1 + n % 47, n),
	outbreak.municipality_code_from_jis(lpad((1000 + n * 7 % 47000)::text, 5, '0'))
FROM generate_series(0, 9999) AS n;
INSERT INTO place VALUES (NULL, NULL);
CREATE TEMP TABLE returned (LIKE place);

-- Binary round trip
SELECT current_setting('data_directory') || '/outbreak_codes.bin' AS file \gset
COPY place TO :'file' (FORMAT binary);
COPY returned FROM :'file' (FORMAT binary);
SELECT count(*) AS rows, count(institution) AS institutions
FROM (SELECT * FROM place INTERSECT ALL SELECT * FROM returned) AS same;
SELECT outbreak.institution_code_send('0110112489') AS institution, outbreak.municipality_code_send('131016') AS municipality;

-- Binary input is as strict as text
CREATE TEMP TABLE institution_in (code outbreak.institution_code);
CREATE TEMP TABLE municipality_in (code outbreak.municipality_code);
\set VERBOSITY default
COPY (SELECT 110112480::bigint) TO :'file' (FORMAT binary);
COPY institution_in FROM :'file' (FORMAT binary);
\echo :LAST_ERROR_SQLSTATE
COPY (SELECT 10110112489::bigint) TO :'file' (FORMAT binary);
COPY institution_in FROM :'file' (FORMAT binary);
COPY (SELECT -110112489::bigint) TO :'file' (FORMAT binary);
COPY institution_in FROM :'file' (FORMAT binary);
COPY (SELECT 4810112489::bigint) TO :'file' (FORMAT binary);
COPY institution_in FROM :'file' (FORMAT binary);
COPY (SELECT 0::bigint) TO :'file' (FORMAT binary);
COPY institution_in FROM :'file' (FORMAT binary);
COPY (SELECT 131015) TO :'file' (FORMAT binary);
COPY municipality_in FROM :'file' (FORMAT binary);
COPY (SELECT 1000000) TO :'file' (FORMAT binary);
COPY municipality_in FROM :'file' (FORMAT binary);
COPY (SELECT 1::smallint) TO :'file' (FORMAT binary);
COPY municipality_in FROM :'file' (FORMAT binary);
\echo :LAST_ERROR_SQLSTATE
\set remove 'rm "' :file '"'
COPY (SELECT WHERE false) TO PROGRAM :'remove';
SELECT count(*) AS taken FROM (SELECT code::text FROM institution_in UNION ALL SELECT code::text FROM municipality_in) AS taken;

-- Order is the order of the digits; NULLs where they belong
SELECT bool_and(institution::text >= before) AS ordered
FROM (SELECT institution, lag(institution::text) OVER (ORDER BY institution) AS before FROM place) AS sorted;
SELECT institution FROM place ORDER BY institution NULLS FIRST LIMIT 3;
SELECT '0110112489'::outbreak.institution_code OPERATOR(outbreak.<) '1390000006' AS lt,
	'0110112489'::outbreak.institution_code OPERATOR(outbreak.<=) '0110112489' AS le,
	'0110112489'::outbreak.institution_code OPERATOR(outbreak.<>) '0110112489' AS ne,
	'131016'::outbreak.municipality_code OPERATOR(outbreak.>) '011011' AS gt,
	'131016'::outbreak.municipality_code OPERATOR(outbreak.>=) '131016' AS ge,
	'131016'::outbreak.municipality_code OPERATOR(outbreak.=) NULL AS eq_null;
-- Operators and aggregates are found in schema outbreak; with it on the search path they need no name of it
SET search_path = pg_catalog, outbreak, pg_temp;
SELECT min(institution), max(institution) FROM place;
SELECT min(municipality), max(municipality) FROM place;
SELECT max(institution) IS NULL AS none FROM place WHERE institution IS NULL;

-- Indexes are used, also through a prefecture expression
CREATE INDEX place_institution ON place (institution);
CREATE INDEX place_municipality ON place USING hash (municipality);
CREATE INDEX place_prefecture ON place (outbreak.prefecture(institution));
VACUUM ANALYZE place;
EXPLAIN (COSTS OFF) SELECT * FROM place WHERE institution = '0190000471';
EXPLAIN (COSTS OFF) SELECT * FROM place WHERE municipality = '131016';
EXPLAIN (COSTS OFF) SELECT max(institution) FROM place;
SET enable_seqscan = off;
SET enable_bitmapscan = off;
EXPLAIN (COSTS OFF) SELECT * FROM place WHERE prefecture(institution) = 13::smallint;
EXPLAIN (COSTS OFF) SELECT institution FROM place WHERE institution < '0190001008';
RESET enable_bitmapscan;
RESET enable_seqscan;
SELECT institution, municipality FROM place WHERE institution = '0190000471';
SELECT count(*) AS before FROM place WHERE institution < '0190001008';
SELECT count(*) AS tokyo FROM place WHERE prefecture(institution) = 13::smallint;
SELECT count(*) AS chiyoda FROM place WHERE municipality = '131016';

-- Hash and merge joins, and grouping by hash
SET enable_mergejoin = off;
SET enable_nestloop = off;
EXPLAIN (COSTS OFF) SELECT count(*) FROM place JOIN returned USING (institution, municipality);
SELECT count(*) FROM place JOIN returned USING (institution, municipality);
RESET enable_mergejoin;
SET enable_hashjoin = off;
SELECT count(*) FROM place JOIN returned USING (institution, municipality);
RESET enable_hashjoin;
RESET enable_nestloop;
SELECT count(*) AS groups FROM (SELECT municipality FROM place GROUP BY municipality) AS g;

-- Hash partitioning works, so the extended hash does
CREATE TEMP TABLE parted (code outbreak.institution_code) PARTITION BY HASH (code);
CREATE TEMP TABLE parted_0 PARTITION OF parted FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TEMP TABLE parted_1 PARTITION OF parted FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO parted SELECT institution FROM place;
SELECT sum(n) AS rows, count(*) AS partitions, min(n) > 4500 AS even
FROM (SELECT count(*) AS n FROM parted GROUP BY tableoid) AS p;

-- B-tree deduplication is allowed, every comparison is leakproof, and every operator has its estimators.
SELECT opcname, amname, bool_and(amname <> 'btree' OR amproc = 'pg_catalog.btequalimage(oid)'::regprocedure) FILTER (WHERE amprocnum = 4) AS equalimage
FROM pg_catalog.pg_opclass AS c
JOIN pg_catalog.pg_am AS m ON m.oid = c.opcmethod
JOIN pg_catalog.pg_amproc AS p ON p.amprocfamily = c.opcfamily
WHERE opcintype IN ('outbreak.institution_code'::regtype, 'outbreak.municipality_code'::regtype) AND opcdefault
GROUP BY opcname, amname
ORDER BY opcname, amname;
SELECT count(*) AS operators, bool_and(proleakproof) AS leakproof, bool_and(oprrest <> 0 AND oprjoin <> 0 AND oprcom <> 0 AND oprnegate <> 0) AS complete
FROM pg_catalog.pg_operator AS o
JOIN pg_catalog.pg_proc AS f ON f.oid = o.oprcode
WHERE oprleft IN ('outbreak.institution_code'::regtype, 'outbreak.municipality_code'::regtype);

-- JSON keeps the leading zero
SELECT to_json('0110112489'::outbreak.institution_code) AS institution, to_jsonb('011011'::outbreak.municipality_code) AS municipality;
