-- Every code of the published lists is read (the lists are no part of the project; OUTBREAK_DATA names their folder).
\set data ''
\getenv data OUTBREAK_DATA
SELECT :'data' = '' AS missing \gset
\if :missing
\echo skipped: no data
\quit
\endif

CREATE TEMP TABLE institution (code10 text, name text, zip text, address text, check_rule text);
\set load '\\copy institution from ''' :data '/gmis/med_inst_codes_sample.csv'' csv header'
:load
SELECT check_rule, count(*) AS rows, count(DISTINCT code10::outbreak.institution_code) AS codes,
	bool_and(code10::outbreak.institution_code::text = code10) AS unchanged,
	bool_and(outbreak.prefecture(code10::outbreak.institution_code) = left(code10, 2)::integer) AS prefecture,
	count(DISTINCT left(code10, 2)) AS prefectures
FROM institution
GROUP BY check_rule
ORDER BY check_rule;

-- Their 7-digit and 9-digit forms give the same codes, where they are medical
SELECT count(*) AS medical,
	bool_and(outbreak.institution_code(left(code10, 2)::integer, substr(code10, 4))::text = code10) AS seven,
	bool_and(outbreak.institution_code(left(code10, 2)::integer, overlay(code10 PLACING '' FROM 3 FOR 1))::text = code10) AS nine
FROM institution
WHERE substr(code10, 3, 1) = '1';

-- One wrong digit in 1,000 of them: caught from place 4 on; before it, what passes is told in institution_codes_are_checked
CREATE FUNCTION pg_temp.accepted(written text) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM written::outbreak.institution_code;
	RETURN true;
EXCEPTION WHEN invalid_text_representation THEN
	RETURN false;
END $$;
SELECT check_rule, least(place, 4) AS from_place, count(*) AS wrong_digits,
	count(*) FILTER (WHERE pg_temp.accepted(overlay(code10 PLACING d::text FROM place FOR 1))) AS accepted
FROM (SELECT code10, check_rule, row_number() OVER (ORDER BY code10::outbreak.institution_code) AS n
	FROM institution GROUP BY code10, check_rule) AS listed,
	generate_series(1, 10) AS place, generate_series(0, 9) AS d
WHERE n % 9 = 0 AND n <= 9000 AND substr(code10, place, 1) <> d::text
GROUP BY check_rule, least(place, 4)
ORDER BY check_rule, from_place;

CREATE TEMP TABLE municipality (pid text, pref text, cid text, city text, citykana text, lat text, lng text, url text, phrase text, lgcode text);
\set load '\\copy municipality from ''' :data '/gmis/localgovjp.csv'' csv header'
:load
SELECT count(*) AS rows, count(DISTINCT lgcode::outbreak.municipality_code) AS codes,
	bool_and(lgcode::outbreak.municipality_code::text = lgcode) AS unchanged,
	bool_and(outbreak.prefecture(lgcode::outbreak.municipality_code) = pid::integer) AS prefecture,
	bool_and(outbreak.municipality_code_from_jis(lpad(cid, 5, '0'))::text = lgcode) AS from_jis
FROM municipality;
