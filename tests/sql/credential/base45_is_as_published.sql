-- Base45 writes and reads as RFC 9285 says, and refuses what no bytes are written as, with the character at fault.
\set VERBOSITY default
\pset format unaligned
\set SHOW_CONTEXT never

SELECT outbreak.base45_encode('AB') AS ab, outbreak.base45_encode('Hello!!') AS hello, outbreak.base45_encode('base-45') AS base, outbreak.base45_encode('ietf!') AS ietf,
	outbreak.base45_encode('\xffff') AS ffff, outbreak.base45_encode('') = '' AS empty;
SELECT convert_from(outbreak.base45_decode('BB8'), 'UTF8') AS ab, convert_from(outbreak.base45_decode('%69 VD92EX0'), 'UTF8') AS hello,
	convert_from(outbreak.base45_decode('QED8WEX0'), 'UTF8') AS ietf, outbreak.base45_decode('FGW') AS ffff, outbreak.base45_decode('') = '' AS empty;

\echo -- every byte and every pair of bytes comes back
SELECT count(*) AS bytes, count(*) FILTER (WHERE outbreak.base45_decode(outbreak.base45_encode(set_byte('\x00', 0, n))) = set_byte('\x00', 0, n)) AS same
FROM generate_series(0, 255) AS n;
SELECT count(*) AS pairs, count(*) FILTER (WHERE outbreak.base45_decode(outbreak.base45_encode(pair)) = pair) AS same,
	count(DISTINCT outbreak.base45_encode(pair)) AS distinct_texts
FROM (SELECT set_byte(set_byte('\x0000', 0, n / 256), 1, n % 256) AS pair FROM generate_series(0, 65535) AS n) AS p;

\echo -- what is refused
SELECT outbreak.base45_decode('GGW');
SELECT outbreak.base45_decode('BB8::');
SELECT outbreak.base45_decode('U5');
SELECT outbreak.base45_decode('BB8A');
SELECT outbreak.base45_decode('BBa');
SELECT outbreak.base45_decode('BB検');
SELECT outbreak.base45_decode(E'BB8\n');
\set VERBOSITY sqlstate
SELECT outbreak.base45_decode('GGW');
