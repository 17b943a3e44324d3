-- For the benches of gmis: 8,282 hospitals and 21,661 clinics in 1,800 municipalities of 47 prefectures, all expected
-- to report every day, with monthly partitions for 2020-12 to 2021-12 and today. Safe to run twice.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET search_path = public, outbreak;
SELECT EXISTS (SELECT FROM registry.institution WHERE name_ja = '計測 1') AS there \gset
\if :there
\quit
\endif
BEGIN;
SELECT setseed(0.5);
INSERT INTO registry.municipality (municipality, prefecture, name_ja)
SELECT municipality_code_from_jis(to_char(p.prefecture, 'FM00') || to_char(700 + n, 'FM000')), p.prefecture, format('計測%s-%s', p.prefecture, n)
FROM registry.prefecture AS p
CROSS JOIN generate_series(1, 38) AS n;
INSERT INTO registry.institution (institution, municipality, kind, name_ja, beds_licensed, location)
SELECT provisional_institution_code(1 + n % 47, 500000 + n / 47),
	municipality_code_from_jis(to_char(1 + n % 47, 'FM00') || to_char(701 + (random() * 37)::integer, 'FM000')),
	CASE WHEN n <= 8282 THEN 'hospital' ELSE 'clinic' END,
	'計測 ' || n,
	CASE WHEN n <= 8282 THEN 20 + (random() * 500)::integer END,
	ST_SetSRID(ST_MakePoint(129 + 16 * random(), 31 + 14 * random()), 4326)::geography
FROM generate_series(1, 29943) AS n;
INSERT INTO report.expected (form, institution)
SELECT f.form, i.institution
FROM registry.institution AS i
CROSS JOIN (VALUES ('gmis.daily'::regclass), ('gmis.service_status')) AS f (form)
WHERE i.name_ja LIKE '計測 %';
SELECT ops.make_partitions(month)
FROM generate_series(timestamptz '2021-01-15', '2021-09-15', interval '4 months') AS month \g /dev/null
COMMIT;
-- The reports of institutions number from_n to to_n on some days, always the same.
CREATE OR REPLACE FUNCTION public.bench_report(from_n integer, to_n integer, from_on date, to_on date)
RETURNS TABLE (institution outbreak.institution_code, on_date date, beds_secured integer, beds_ready integer, beds_occupied integer,
	severe_secured integer, severe_ready integer, severe_occupied integer, icu_present integer, icu_used integer,
	ventilators_present integer, ventilators_used integer, ventilator_patients integer, ecmo_present integer, ecmo_used integer,
	doctors text, nurses text, other_staff text, outpatients integer, inpatients integer, severe_patients integer, tests integer, positives integer,
	source text, reported_at timestamptz)
LANGUAGE SQL STABLE AS $$
	SELECT outbreak.provisional_institution_code(1 + n % 47, 500000 + n / 47), d::date,
		30 + n % 50, 20 + n % 50, 10 + n % 20, 8, 6, n % 5, 10, n % 9,
		12, 3 + n % 4, n % 3, 2, n % 2,
		'通常', '欠員あり', '通常', n % 300, 30 + n % 20, 3 + n % 6, 50 + n % 100, n % 50,
		'own', d + interval '18 hours'
	FROM generate_series(from_on::timestamptz, to_on::timestamptz, interval '1 day') AS d
	CROSS JOIN generate_series(from_n, to_n) AS n
$$;
ANALYZE registry.institution, registry.municipality, report.expected;
