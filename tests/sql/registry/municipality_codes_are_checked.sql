-- Municipality codes are checked: what is read, what is refused and why, and which wrong digits are caught.

CREATE FUNCTION pg_temp.refusal(written text)
RETURNS TABLE (code text, message text, detail text, hint text)
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM written::outbreak.municipality_code;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
		detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN NEXT;
END $$;
CREATE FUNCTION pg_temp.accepted(written text) RETURNS boolean
LANGUAGE sql AS $$ SELECT NOT EXISTS (SELECT FROM pg_temp.refusal(written)) $$;

-- Accepted: ASCII and full-width digits, spaces around them; a prefecture's own code too
SELECT '131016'::outbreak.municipality_code AS ascii,
	'　１３１０１６ '::outbreak.municipality_code AS full_width,
	'011011'::text::outbreak.municipality_code::text AS through_text,
	outbreak.prefecture('011011'::outbreak.municipality_code),
	outbreak.prefecture('470007'::outbreak.municipality_code) AS okinawa;

-- Refused, each with its reason
\pset format unaligned
SELECT r.*
FROM unnest(ARRAY['131015', '10006', '13101', '99999', '1310160', '', '13101６x', '13-1016', '000001', '481017']) AS written,
	pg_temp.refusal(written) AS r;
\pset format aligned

-- The five digits of JIS X 0401 and JIS X 0402
SELECT written, outbreak.municipality_code_from_jis(written)
FROM unnest(ARRAY['01000', '13101', '１３１０１', ' 47382 ', '01101']) WITH ORDINALITY AS w(written, n)
ORDER BY n;
SELECT outbreak.municipality_code_from_jis(NULL) IS NULL AS null_text;
\set VERBOSITY default
SELECT outbreak.municipality_code_from_jis('1101');
SELECT outbreak.municipality_code_from_jis('131016');
SELECT outbreak.municipality_code_from_jis('131');
SELECT outbreak.municipality_code_from_jis('48101');
SELECT outbreak.municipality_code_from_jis('13-101');

-- The check digit once more, in SQL, against all 47,000 bodies
SELECT count(*) AS bodies,
	count(*) FILTER (WHERE code::text = lpad(n::text, 5, '0') ||
		(11 - (6 * (n / 10000) + 5 * (n / 1000 % 10) + 4 * (n / 100 % 10) + 3 * (n / 10 % 10) + 2 * (n % 10)) % 11) % 10) AS agree
FROM generate_series(1000, 47999) AS n, outbreak.municipality_code_from_jis(lpad(n::text, 5, '0')) AS code;

-- One wrong digit in 1,000 codes. A wrong check digit is always caught. Before it, remainders 0 and 10 share the check
-- digit 1, so a code that ends in 1 can hide a wrong digit, and no other can.
SELECT right(code, 1) = '1' AS ends_in_1, place = 6 AS check_digit,
	count(*) AS wrong_digits, count(*) FILTER (WHERE pg_temp.accepted(overlay(code PLACING d::text FROM place FOR 1))) AS accepted
FROM generate_series(0, 999) AS n,
	LATERAL (SELECT outbreak.municipality_code_from_jis(lpad((1000 + 47 * n)::text, 5, '0'))::text) AS c(code),
	generate_series(1, 6) AS place, generate_series(0, 9) AS d
WHERE substr(code, place, 1) <> d::text
GROUP BY 1, 2
ORDER BY 1, 2;
