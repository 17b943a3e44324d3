-- outbreak.suggest() lists the codes that one typing error could have turned into a text.

SELECT * FROM outbreak.suggest('0110112480') AS code;
SELECT * FROM outbreak.suggest(' ０１１００３　') AS code;
-- A code that is right gives itself alone
SELECT * FROM outbreak.suggest('0110112489') AS code;
SELECT * FROM outbreak.suggest('131016') AS code;
-- Nothing to go by
SELECT count(*) FROM unnest(ARRAY[NULL, '', '13101', '011011248', '01101124899', '011011248x', '01-1011-2480', '9990112489']) AS written, outbreak.suggest(written);

-- Of each code with a wrong digit or exchanged neighbours at places 4 to 10 that is refused, the right one is among the
-- suggestions; they ascend, are distinct and are codes.
CREATE TEMP TABLE mistake AS
WITH code AS (
	SELECT outbreak.provisional_institution_code(1 + n % 47, n * 7919 % 1000000)::text AS code
	FROM generate_series(1, 100) AS n
)
SELECT code, overlay(code PLACING d::text FROM i FOR 1) AS written, 'digit' AS kind
FROM code, generate_series(4, 10) AS i, generate_series(0, 9) AS d
WHERE substr(code, i, 1) <> d::text
UNION ALL
SELECT code, overlay(code PLACING reverse(substr(code, i, 2)) FROM i FOR 2), 'neighbours'
FROM code, generate_series(4, 9) AS i
WHERE substr(code, i, 1) <> substr(code, i + 1, 1)
	AND substr(code, i, 2) NOT IN ('09', '90');
SELECT kind, count(*) AS mistakes, count(*) FILTER (WHERE code = ANY (found)) AS found,
	bool_and(found = ARRAY(SELECT DISTINCT f::outbreak.institution_code::text FROM unnest(found) AS f ORDER BY 1)) AS ascending_codes,
	bool_and(cardinality(found) BETWEEN 1 AND 20) AS few
FROM mistake, LATERAL (SELECT ARRAY(SELECT outbreak.suggest(written))) AS s(found)
GROUP BY kind
ORDER BY kind;
