-- 2020-12-14, as in the seed: 5,852 of 8,282 hospitals reported, 519 of the 550 designated ones among them.
\pset format unaligned
SET search_path = public, outbreak;
BEGIN;
INSERT INTO registry.institution (institution, kind, name_ja, designation)
SELECT provisional_institution_code(n % 47 + 1, n), 'hospital', '試験' || n,
	CASE WHEN n <= 550 THEN '{disaster_base,designated_infectious_disease}'::text[] ELSE '{}' END
FROM generate_series(1, 8282) AS n;
INSERT INTO report.expected (form, institution, valid)
SELECT 'gmis.daily', institution, '[2020-03-01,2020-12-15)'
FROM registry.institution
WHERE name_ja LIKE '試験%';
INSERT INTO gmis.daily (institution, on_date, reported_at)
SELECT provisional_institution_code(n % 47 + 1, n), '2020-12-14', '2020-12-14 15:00+09'
FROM generate_series(1, 8282) AS n
WHERE n <= 519 OR n > 550 AND n <= 550 + 5852 - 519;

SELECT * FROM gmis.reporting_rate('2020-12-14');
\echo nobody reported the day before, and nobody is expected the day after
SELECT * FROM gmis.reporting_rate('2020-12-13');
SELECT * FROM gmis.reporting_rate('2020-12-15');
ROLLBACK;
