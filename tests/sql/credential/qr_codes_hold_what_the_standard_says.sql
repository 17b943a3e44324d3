-- A QR code is the smallest that holds the data, holds as much as ISO/IEC 18004 says, and what is too long is refused.
\pset format unaligned
\set SHOW_CONTEXT never

CREATE TEMP TABLE capacity (version integer, ec text, digits integer, letters integer, bytes integer);
INSERT INTO capacity
VALUES
	(5, 'L', 255, 154, 106), (5, 'M', 202, 122, 84), (5, 'Q', 144, 87, 60), (5, 'H', 106, 64, 44),
	(10, 'L', 652, 395, 271), (10, 'M', 513, 311, 213), (10, 'Q', 364, 221, 151), (10, 'H', 288, 174, 119),
	(16, 'L', 1408, 854, 586), (16, 'M', 1082, 656, 450), (16, 'Q', 775, 470, 322), (16, 'H', 602, 365, 250),
	(19, 'L', 1903, 1153, 792), (19, 'M', 1500, 909, 624), (19, 'Q', 1063, 644, 442), (19, 'H', 813, 493, 338),
	(22, 'L', 2409, 1460, 1003), (22, 'M', 1872, 1134, 779), (22, 'Q', 1358, 823, 565), (22, 'H', 1056, 640, 439),
	(40, 'L', 7089, 4296, 2953), (40, 'M', 5596, 3391, 2331), (40, 'Q', 3993, 2420, 1663), (40, 'H', 3057, 1852, 1273);

\echo -- the last that fits a version, and one more
SELECT version, ec,
	outbreak.qr_version(repeat('7', digits), ec) = version AS digits,
	outbreak.qr_version(repeat('Z', letters), ec) = version AS letters,
	outbreak.qr_version(repeat('z', bytes), ec) = version AS text,
	outbreak.qr_version(decode(repeat('9c', bytes), 'hex'), ec) = version AS bytes,
	version = 40 OR outbreak.qr_version(repeat('7', digits + 1), ec) = version + 1 AS more_digits,
	version = 40 OR outbreak.qr_version(repeat('Z', letters + 1), ec) = version + 1 AS more_letters,
	version = 40 OR outbreak.qr_version(decode(repeat('9c', bytes + 1), 'hex'), ec) = version + 1 AS more_bytes
FROM capacity
ORDER BY version, ec COLLATE "C";

\echo -- the table of all versions, where there is one
\set have `test -r "$OUTBREAK_DATA/qr/qr_capacity.txt" && echo on || echo off`
\if :have
\set lines `grep -E '^[0-9]+ [0-9]+ \|' "$OUTBREAK_DATA/qr/qr_capacity.txt"`
SELECT count(*) > 40 AS rows,
	count(*) FILTER (WHERE n.version <> CASE n.mode
		WHEN 2 THEN outbreak.qr_version(repeat('7', n.value::integer), l.ec)
		WHEN 3 THEN outbreak.qr_version(repeat('Z', n.value::integer), l.ec)
		ELSE outbreak.qr_version(decode(repeat('9c', n.value::integer), 'hex'), l.ec)
	END) AS wrong
FROM (
	SELECT split_part(line, ' ', 1)::integer AS version, m.mode, v.value, v.position
	FROM regexp_split_to_table(:'lines', E'\n') AS line
	CROSS JOIN generate_series(2, 4) AS m (mode)
	CROSS JOIN LATERAL regexp_split_to_table(btrim(split_part(line, '|', m.mode)), ' ') WITH ORDINALITY AS v (value, position)
) AS n
JOIN (VALUES (1, 'L'), (2, 'M'), (3, 'Q'), (4, 'H')) AS l (position, ec) ON l.position = n.position;
\else
\echo skipped: no data
\endif

\echo -- a ticket with an airport fits version 8 with Q
SELECT length(code) AS characters, outbreak.qr_version(code, 'Q') AS version
FROM (SELECT 'OBT1:' || outbreak.base45_encode(decode(repeat('ab', 101), 'hex')) AS code) AS t;

\echo -- one path, four modules of margin, and it grows with the code alone
SELECT outbreak.qr_svg('1', 'L') ~ '^<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h29v29H0z"/><path stroke="#000" d="M4 4\.5[mh0-9 -]+"/></svg>$' AS svg,
	length(outbreak.qr_svg(repeat('A', 395), 'L')) < 16000 AS compact;
SELECT substr(outbreak.qr_png('1', 'L'), 1, 8) AS signature, encode(substr(outbreak.qr_png('1', 'L'), 17, 8), 'hex') AS sides,
	encode(substr(outbreak.qr_png('1', 'L', 32), 17, 8), 'hex') AS large_sides;

\echo -- what is refused
SELECT outbreak.qr_svg('');
SELECT outbreak.qr_svg(''::bytea);
SELECT outbreak.qr_svg(repeat('Z', 2421), 'Q');
SELECT outbreak.qr_png(repeat('7', 7090), 'L');
SELECT outbreak.qr_png(decode(repeat('9c', 1274), 'hex'), 'H');
SELECT outbreak.qr_svg(repeat('z', 100000), 'L');
SELECT outbreak.qr_svg('1', 'X');
SELECT outbreak.qr_svg('1', '');
SELECT outbreak.qr_png('1'::text, 'M', 0);
SELECT outbreak.qr_png('1'::text, 'M', 33);
\set VERBOSITY sqlstate
SELECT outbreak.qr_svg(repeat('Z', 2421), 'Q');
SELECT outbreak.qr_svg('1', 'X');
\set VERBOSITY default
SELECT outbreak.qr_svg(NULL::text) IS NULL AS none;
