-- Coverage by place and age with the bounds that a year of birth leaves, days of cover by the ledger alone, and fairness.
BEGIN;
\i tests/sql/vsys/results.inc
\set ON_ERROR_ROLLBACK on
\set VERBOSITY terse
INSERT INTO vsys.population (municipality, age_from, age_before, persons, as_of_on)
VALUES ('131105', 0, 65, 200, '2021-01-01'), ('131105', 65, NULL, 100, '2021-01-01'),
	('131164', 0, 65, 100, '2021-01-01'), ('131164', 65, NULL, 100, '2021-01-01'), ('141003', 0, NULL, 1000, '2021-01-01');
SELECT vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, n, 1), 't_pfizer EY0779', '2021-06-01 10:00+09') ->> 'outcome' FROM generate_series(1, 8) AS n;
SELECT vsys.record_dose(pg_temp.site(2), pg_temp.ticket(2, n, 1), 't_pfizer EY0779', '2021-06-02 10:00+09') ->> 'outcome' FROM generate_series(1, 2) AS n;
SELECT vsys.record_dose(pg_temp.site(2), pg_temp.ticket(2, 1, 2), 't_pfizer EY0779', '2021-06-23 10:00+09') ->> 'outcome';

\echo -- who was born in 1956 is 64 or 65: in both bands by the upper bound, in none by the lower
CREATE TEMP VIEW by_place AS
SELECT c.* FROM vsys.coverage('t_primary', 'municipality') AS c WHERE area IN ('131105', '131164', '141003');
CREATE TEMP VIEW by_age AS
SELECT c.* FROM vsys.coverage('t_primary', 'municipality', true) AS c WHERE area IN ('131105', '131164');
TABLE by_place;
TABLE by_age;
SELECT (SELECT count(*) FROM vsys.fold_doses()) AS folded;
TABLE by_place;
TABLE by_age;
SELECT * FROM vsys.coverage('t_primary', 'nation');
SELECT * FROM vsys.coverage('t_primary', 'village');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM vsys.daily_doses('t_primary', '2021-06-01', '2021-06-30', 'municipality');
SELECT * FROM vsys.daily_doses('t_primary', '2021-06-02', '2021-06-30', 'prefecture');

\echo -- days of cover: (180 - 8) doses at 8 in 14 days
SELECT * FROM vsys.days_of_cover('2021-06-10 12:00+09', 'municipality') WHERE area IN ('131105', '131164');
SELECT on_hand, per_day, days_left FROM vsys.days_of_cover('2021-06-10 12:00+09', 'site', 9) WHERE area = pg_temp.site(2)::text;
SELECT count(*) FROM vsys.days_of_cover('2021-06-10 12:00+09', 'prefecture', 0);

\echo -- fairness: 8 of 300, 2 of 200 and 0 of 1000
SELECT measure, areas, lowest, highest, highest_area, min_max_ratio, gini, envy FROM vsys.fairness(now(), 'municipality', 't_primary');
SELECT round(outbreak.gini(a, w)::numeric, 4) AS gini, outbreak.envy(a, w), round(outbreak.min_max_ratio(a::float8 / w)::numeric, 4) AS ratio FROM (VALUES (8, 300), (2, 200), (0, 1000)) AS v (a, w);

\echo -- published: by week, small counts hidden, and never changed
INSERT INTO vsys.doses_as_known (municipality, known_on, programme, dose_number, prefecture, doses)
VALUES ('131105', '2021-05-20', 't_primary', 1, 13, 150), ('131164', '2021-05-20', 't_primary', 1, 13, 60), ('131105', '2021-05-27', 't_primary', 1, 13, 3), ('131164', '2021-05-27', 't_primary', 1, 13, 30), ('141003', '2021-05-20', 't_primary', 1, 14, 4);
SELECT vsys.publish_coverage('2021-05-24 00:10+09');
SELECT vsys.publish_coverage('2021-05-24 12:00+09') AS again;
SELECT vsys.publish_coverage('2021-05-31 00:10+09');
SET ROLE outbreak_anon;
SELECT * FROM vsys.published_coverage('t_primary', 'nation');
SELECT * FROM vsys.published_coverage('t_primary', 'prefecture', '2021-05-24');
SELECT * FROM vsys.published_coverage('t_primary', 'municipality', '2021-05-24');
SELECT * FROM vsys.published_coverage('t_primary', 'municipality');
SELECT * FROM vsys.coverage('t_primary');
RESET ROLE;
\echo -- what is entered later for those days is in the next week
INSERT INTO vsys.doses_as_known (municipality, known_on, programme, dose_number, prefecture, doses) VALUES ('131105', '2021-06-03', 't_primary', 1, 13, 40);
SELECT vsys.publish_coverage('2021-06-07 00:10+09');
SELECT week, area, doses, hidden FROM vsys.published_coverage('t_primary', 'municipality');
ROLLBACK;
