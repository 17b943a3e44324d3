-- check_rollups is silent while the rollups are right or known to be behind, and names every wrong figure otherwise.
BEGIN;
SET LOCAL ROLE outbreak_owner;
DELETE FROM gmis.daily;
SELECT gmis.fold() >= 0 AS folded;
INSERT INTO registry.municipality (municipality, prefecture, name_ja) VALUES ('011002', 1, '札幌市') ON CONFLICT DO NOTHING;
INSERT INTO registry.institution (institution, kind, name_ja, municipality)
SELECT outbreak.provisional_institution_code(p, n), 'hospital', 'rollup ' || n, CASE WHEN p = 1 AND n < 900003 THEN '011002'::outbreak.municipality_code END
FROM generate_series(1, 2) AS p
CROSS JOIN generate_series(900001, 900003) AS n;
INSERT INTO gmis.daily (institution, on_date, beds_secured, beds_occupied, source, reported_at)
SELECT i.institution, d::date, 10, CASE WHEN i.prefecture = 1 THEN 5 END, 'import', d + interval '1 day'
FROM registry.institution AS i
CROSS JOIN generate_series('2021-08-01'::timestamp, '2021-08-03', '1 day') AS d
WHERE i.name_ja LIKE 'rollup %';
-- everything is dirty: nothing to say
SELECT ops.check_rollups('2021-08-04 00:00:00+00');
SELECT ops.fold_rollups() ->> 'folded' AS folded;
SELECT ops.check_rollups('2021-08-04 00:00:00+00');
-- changed behind the back of the rollups
UPDATE gmis.daily_by_municipality SET beds_occupied = beds_occupied + 1 WHERE on_date = '2021-08-02' AND municipality OPERATOR(outbreak.=) '011002'::outbreak.municipality_code;
UPDATE gmis.daily_by_prefecture SET beds_secured_answers = 0 WHERE on_date = '2021-08-03' AND prefecture = 2;
DELETE FROM gmis.daily_by_prefecture WHERE on_date = '2021-08-01' AND prefecture = 2;
INSERT INTO report.dirty (form, period, prefecture) VALUES ('gmis.daily', '2021-08-03', 2);
SELECT ok, jsonb_pretty(result) FROM ops.run_job('check_rollups', '2021-08-04 00:00:00+00');
SELECT rollup, on_date, area, measure, in_rollup, in_reports FROM ops.rollup_check ORDER BY 1, 2, 3, 4;
-- once folded again, the dirty one is right too
SELECT ops.fold_rollups() ->> 'folded' AS folded;
SELECT DISTINCT on_date FROM ops.rollup_differences('gmis.daily_by_prefecture', 'gmis.daily', '2021-08-01', '2021-08-04') ORDER BY 1;
ROLLBACK;
