-- Institution codes are checked: what is read, what is refused and why, and which wrong digits are caught.

-- The refusal of a text, as one row; nothing when it is accepted.
CREATE FUNCTION pg_temp.refusal(written text)
RETURNS TABLE (code text, message text, detail text, hint text)
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM written::outbreak.institution_code;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
		detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN NEXT;
END $$;
CREATE FUNCTION pg_temp.accepted(written text) RETURNS boolean
LANGUAGE sql AS $$ SELECT NOT EXISTS (SELECT FROM pg_temp.refusal(written)) $$;

-- Accepted: ASCII and full-width digits, spaces around them (U+3000 too)
SELECT '0110112489'::outbreak.institution_code AS ascii,
	'０１１０１１２４８９'::outbreak.institution_code AS full_width,
	E' \t０１10112489　'::outbreak.institution_code AS mixed,
	'0110112489'::text::outbreak.institution_code::text AS through_text;

-- Refused, each with its reason
\pset format unaligned
\pset null '-'
SELECT r.*
FROM unnest(ARRAY[
	'0110112480', '1310112480', '011011248', '110112489', '01101124890', '', '　',
	'0110 112489', '01-1-0112489', 'O110112489', '01101あ2489', '０１１０１１２４８９x',
	'0010112489', '4810112489', '0100112489', '0120112489', '0150112489', '0170112489', '0180112489']) AS written,
	pg_temp.refusal(written) AS r;
\pset format aligned

-- Third digit: what each one gives
SELECT third, pg_temp.accepted(s) AS accepted
FROM generate_series(0, 9) AS third,
	LATERAL (SELECT s FROM generate_series(0, 9) AS d, concat('27', third, '012345', d) AS s
		ORDER BY pg_temp.accepted(s) DESC LIMIT 1) AS best
ORDER BY third;

-- Written forms: 7, 9 and 10 digits, with and without separators
SELECT written, outbreak.institution_code(1, written)
FROM unnest(ARRAY['0112489', '01,1248-9', '01・1248－9', '０１．１２４８．９', '010112489', '01-01,1248.9',
	' 01 01 1248 9 ', '0110112489', '01-1-01-1248-9']) WITH ORDINALITY AS w(written, n)
ORDER BY n;
SELECT outbreak.institution_code(13, written)
FROM unnest(ARRAY['0112482', '130112482', '1310112482']) AS written;
SELECT outbreak.institution_code(NULL, '0112489') IS NULL AS null_prefecture,
	outbreak.institution_code(1, NULL) IS NULL AS null_text;
\set VERBOSITY default
SELECT outbreak.institution_code(1, '01,1248-8');
SELECT outbreak.institution_code(1, '01,,12489');
SELECT outbreak.institution_code(1, '0112489-');
SELECT outbreak.institution_code(1, '-0112489');
SELECT outbreak.institution_code(1, '01/1248/9');
SELECT outbreak.institution_code(1, '01112489');
SELECT outbreak.institution_code(13, '01 0112489');
SELECT outbreak.institution_code(48, '0112489');

-- Prefecture and provisional codes
SELECT code, outbreak.prefecture(code), outbreak.is_provisional(code)
FROM (VALUES ('0110112489'::outbreak.institution_code),
	(outbreak.provisional_institution_code(1, 0)),
	(outbreak.provisional_institution_code(13, 999999)),
	(outbreak.provisional_institution_code(47, 123456))) AS v(code);
SELECT count(*) AS codes, count(DISTINCT code::text) AS different, bool_and(pg_temp.accepted(code::text)) AS accepted
FROM (SELECT outbreak.provisional_institution_code(1 + n % 47, n) AS code FROM generate_series(0, 999) AS n) AS v;
SELECT outbreak.provisional_institution_code(0, 1);
SELECT outbreak.provisional_institution_code(1, 1000000);
SELECT outbreak.provisional_institution_code(1, -1);

-- Luhn's digit once more, in SQL: the second opinion for what follows.
CREATE FUNCTION pg_temp.luhn(body text) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
	SELECT ((10 - sum(CASE WHEN (length(body) - i) % 2 = 1 THEN d WHEN d > 4 THEN 2 * d - 9 ELSE 2 * d END) % 10) % 10)::integer
	FROM generate_series(1, length(body)) AS i, LATERAL (SELECT substr(body, i, 1)::integer) AS x(d)
$$;
CREATE FUNCTION pg_temp.luhn_code(prefecture integer, third integer, serial bigint) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
	SELECT body || pg_temp.luhn(CASE WHEN third = 1 AND prefecture BETWEEN 11 AND 14 THEN substr(body, 4) ELSE body END)
	FROM concat(lpad(prefecture::text, 2, '0'), third, lpad(serial::text, 6, '0')) AS body
$$;
SELECT pg_temp.luhn('7992739871') AS three, pg_temp.luhn_code(1, 1, 11248) AS sapporo;

-- Every code of one wrong digit, with the place of that digit.
CREATE FUNCTION pg_temp.wrong_digits(code text) RETURNS TABLE (place integer, wrong text)
LANGUAGE sql AS $$
	SELECT i, overlay(code PLACING d::text FROM i FOR 1)
	FROM generate_series(1, length(code)) AS i, generate_series(0, 9) AS d
	WHERE substr(code, i, 1) <> d::text
$$;

-- The rule of the four prefectures leaves places 1 to 3 out of the sum, so there some wrong digits cannot be seen. Which
-- ones depends on these three digits alone: of all prefectures and third digits, these and no others, whatever follows.
CREATE TEMP TABLE prefix AS
SELECT p AS prefecture, t AS third, lpad(p::text, 2, '0') || t AS prefix
FROM generate_series(1, 47) AS p, unnest(ARRAY[1, 3, 4, 6, 9]) AS t;
CREATE TEMP TABLE unseen AS
SELECT serial, prefix, left(wrong, 3) AS taken_for
FROM prefix, unnest(ARRAY[0, 11248, 999999]) AS serial, pg_temp.wrong_digits(pg_temp.luhn_code(prefecture, third, serial))
WHERE place <= 3 AND pg_temp.accepted(wrong);
SELECT prefix, string_agg(DISTINCT taken_for, ' ') AS taken_for, count(*) / 3.0 = count(DISTINCT taken_for) AS whatever_follows
FROM unseen
GROUP BY prefix
ORDER BY prefix;

-- 1,000 codes of all other prefectures and third digits: every one of the 90,000 wrong digits is caught.
CREATE TEMP TABLE certain AS
SELECT n, pg_temp.luhn_code(prefecture, third, n * 7919 % 1000000) AS code
FROM (SELECT row_number() OVER (ORDER BY prefix) - 1 AS i, count(*) OVER () AS prefixes, prefecture, third
	FROM prefix WHERE prefix NOT IN (SELECT prefix FROM unseen)) AS p
JOIN generate_series(0, 999) AS n ON n % prefixes = i;
SELECT count(*) AS codes, count(DISTINCT left(code, 3)) AS prefixes, count(*) FILTER (WHERE pg_temp.accepted(code)) AS accepted FROM certain;
SELECT count(*) AS wrong_digits, count(*) FILTER (WHERE pg_temp.accepted(wrong)) AS accepted
FROM certain, pg_temp.wrong_digits(code);

-- 200 codes of those prefixes: from place 4 on every wrong digit is caught there too.
SELECT least(place, 4) AS from_place, count(*) AS wrong_digits, count(*) FILTER (WHERE pg_temp.accepted(wrong)) AS accepted
FROM (SELECT pg_temp.luhn_code(left(prefix, 2)::integer, right(prefix, 1)::integer, n * 7919 % 1000000)
	FROM (SELECT DISTINCT prefix FROM unseen) AS p, generate_series(1, 25) AS n) AS u(code), pg_temp.wrong_digits(code)
GROUP BY least(place, 4)
ORDER BY from_place;

-- Exchanged neighbours: only 09 for 90 passes.
SELECT swapped.pair IN ('09', '90') AS nine_and_zero, count(*) AS exchanges, count(*) FILTER (WHERE pg_temp.accepted(swapped.code)) AS accepted
FROM certain, generate_series(4, 9) AS i,
	LATERAL (SELECT substr(certain.code, i, 2), overlay(certain.code PLACING reverse(substr(certain.code, i, 2)) FROM i FOR 2)) AS swapped(pair, code)
WHERE swapped.code <> certain.code
GROUP BY 1
ORDER BY 1;
