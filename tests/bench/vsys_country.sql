-- For the benches of rounds: 1,741 municipalities of 47 prefectures with inhabitants in three bands, and 70,000 sites,
-- one in twelve of basic type, the others its partners. All of them handle the vaccine and ask for some. Safe to run twice.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET search_path = public, outbreak;
SELECT EXISTS (SELECT FROM vsys.product WHERE product = 'bench') AS there \gset
\if :there
\quit
\endif
BEGIN;
INSERT INTO vsys.product (product, name_ja, name_en, maker_ja, vials_per_box, doses_per_vial, course_doses, interval_min_days, interval_days, min_age, route)
VALUES ('bench', '計測ワクチン', 'Bench vaccine', 'ファイザー', 195, 6, 2, 18, 21, 12, 'carrier');
INSERT INTO vsys.priority_group (priority_group, position, name_ja, name_en) VALUES ('bench', 30000, '計測', 'bench');
INSERT INTO registry.municipality (municipality, prefecture, name_ja)
SELECT municipality_code_from_jis(to_char(1 + n % 47, 'FM00') || to_char(701 + n / 47, 'FM000')), 1 + n % 47, '計測町' || n
FROM generate_series(0, 1740) AS n;
INSERT INTO vsys.population (municipality, age_from, age_before, persons, as_of_on)
SELECT municipality_code_from_jis(to_char(1 + n % 47, 'FM00') || to_char(701 + n / 47, 'FM000')), b.age_from, b.age_before,
	-- a few cities, many small towns
	(b.part * 4000000 / (n + 20))::integer + 100 + (n * 7919) % 997, '2021-01-01'
FROM generate_series(0, 1740) AS n
CROSS JOIN (VALUES (0, 12, 0.1), (12, 65, 0.6), (65, NULL, 0.3)) AS b (age_from, age_before, part);
CREATE TEMP TABLE place AS
SELECT n, 1 + (n % 1741) % 47 AS prefecture, (n % 1741) AS town, n / 1741 AS serial,
	provisional_institution_code(1 + (n % 1741) % 47, 200000 + (n / 1741) * 40 + (n % 1741) / 47) AS code,
	provisional_institution_code(1 + (n % 1741) % 47, 200000 + (n / 1741 / 12 * 12) * 40 + (n % 1741) / 47) AS basic
FROM generate_series(0, 69999) AS n;
INSERT INTO registry.institution (institution, municipality, kind, name_ja)
SELECT code, municipality_code_from_jis(to_char(prefecture, 'FM00') || to_char(701 + town / 47, 'FM000')), 'clinic', '計測施設' || n
FROM place;
INSERT INTO vsys.site (site, municipality, kind, basic_site, state)
SELECT code, municipality_code_from_jis(to_char(prefecture, 'FM00') || to_char(701 + town / 47, 'FM000')),
	CASE WHEN code = basic THEN 'basic' ELSE 'satellite' END, nullif(basic, code), 'open'
FROM place
ORDER BY code <> basic, n;
INSERT INTO vsys.site_product (site, product)
SELECT code, 'bench' FROM place;
SELECT vsys.make_round('bench', '計測クール', 11000, '[2021-07-05,2021-07-19)', '[
	{"kind": "basic", "to_level": "prefecture", "boxes": 8000, "rule": "hamilton", "weight": "population"},
	{"kind": "basic", "from_level": "prefecture", "to_level": "municipality", "takes": ["basic"], "rule": "hamilton", "weight": "population"},
	{"kind": "adjustment", "to_level": "prefecture", "boxes": 2000, "rule": "proportional", "claim": "request"},
	{"kind": "adjustment", "from_level": "prefecture", "to_level": "municipality", "takes": ["adjustment"], "rule": "constrained_equal_awards", "claim": "request"},
	{"kind": "bonus", "to_level": "municipality", "boxes": 1000, "rule": "ranked", "weight": "usage", "claim": "request", "claim_less": true},
	{"kind": "split", "from_level": "municipality", "to_level": "basic_site", "rule": "hamilton", "weight": "request"},
	{"kind": "split", "from_level": "basic_site", "to_level": "site", "pack": "vial", "rule": "hamilton", "weight": "request"}
]') AS round \gset
INSERT INTO vsys.indicator (round, indicator, level, unit, value)
SELECT :round, 'usage', 'municipality', municipality_code_from_jis(to_char(1 + n % 47, 'FM00') || to_char(701 + n / 47, 'FM000'))::text, 3000 + (n * 6007) % 6007
FROM generate_series(0, 1740) AS n;
SET LOCAL session_replication_role = replica;
INSERT INTO vsys.request (round, site, priority_group, municipality, vials)
SELECT :round, code, 'bench', municipality_code_from_jis(to_char(prefecture, 'FM00') || to_char(701 + town / 47, 'FM000')), 20 + (n * 31) % 90
FROM place;
COMMIT;
ANALYZE registry.institution, registry.municipality, vsys.site, vsys.site_product, vsys.population, vsys.request, vsys.indicator;
