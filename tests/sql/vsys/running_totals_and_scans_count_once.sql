-- Results reported as running totals, as V-SYS asked for them, or as additions, and doses scanned person by person, are
-- brought together: what a site has given is what was scanned and what it reported besides, and nothing counts twice.
BEGIN;
\i tests/sql/vsys/results.inc
\set ON_ERROR_ROLLBACK on
\set VERBOSITY terse
CREATE FUNCTION pg_temp.total(on_date date, priority_group text, doses_total integer) RETURNS jsonb LANGUAGE SQL
RETURN report.submit('vsys.result_report', jsonb_build_object('site', pg_temp.site(1)::text, 'on_date', on_date, 'priority_group', priority_group, 'dose_number', 1, 'doses_total', doses_total)) - 'findings';

\echo -- previous 50, today 30: enter 80; the number of the day instead of the total is refused; the same total again is fine
SELECT pg_temp.total('2021-06-01', 't_elderly', 50);
SELECT pg_temp.total('2021-06-02', 't_elderly', 30);
\echo :LAST_ERROR_SQLSTATE
SELECT pg_temp.total('2021-06-02', 't_elderly', 80);
SELECT pg_temp.total('2021-06-02', 't_elderly', 80);
SELECT pg_temp.total('2021-06-03', 't_elderly', 80);
SELECT pg_temp.total('2021-06-02', 't_elderly', -1);
SELECT pg_temp.total('2999-06-02', 't_elderly', 90);
SELECT * FROM vsys.site_results(pg_temp.site(1), '2021-06-02');
\echo -- or as an addition: 20 more make 100, once; for a day in between, later totals rise
SELECT vsys.add_result(pg_temp.site(1), '2021-06-04', 't_elderly', 1::smallint, 20, 'k1');
SELECT vsys.add_result(pg_temp.site(1), '2021-06-04', 't_elderly', 1::smallint, 20, 'k1');
SELECT vsys.add_result(pg_temp.site(1), '2021-06-04', 't_elderly', 1::smallint, 21, 'k1');
\echo :LAST_ERROR_SQLSTATE
SELECT vsys.add_result(pg_temp.site(1), '2021-06-02', 't_elderly', 1::smallint, 5, 'k2');
SELECT vsys.add_result(pg_temp.site(1), '2021-06-04', 't_elderly', 1::smallint, -1, 'k3');
SELECT on_date, doses_total FROM vsys.result_report ORDER BY on_date;

\echo -- scans of the same days take the place of what was reported; later ones come on top
SELECT vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, n, 1), 't_pfizer EY0779', '2021-06-04 10:00+09') ->> 'outcome' FROM generate_series(1, 4) AS n;
SELECT * FROM vsys.site_results(pg_temp.site(1), '2021-06-30');
SELECT vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, n, 1), 't_pfizer EY0779', '2021-06-05 10:00+09') ->> 'outcome' FROM generate_series(5, 6) AS n;
SELECT * FROM vsys.site_results(pg_temp.site(1), '2021-06-30');
SELECT * FROM vsys.site_results(pg_temp.site(1), '2021-06-04');
\echo -- folded, it is the same; and it is known for the whole nation
SELECT * FROM vsys.fold_doses();
SELECT * FROM vsys.site_results(pg_temp.site(1), '2021-06-30');
SELECT priority_group, dose_number, reported_on, reported, persons, doses FROM vsys.unscanned WHERE site = pg_temp.site(1);
\echo -- scans that come late for a reported day, after the fold
SELECT vsys.record_dose(pg_temp.site(1), pg_temp.ticket(2, n, 1), 't_pfizer EY0779', '2021-06-03 10:00+09') ->> 'outcome' FROM generate_series(1, 3) AS n;
SELECT vsys.fold_doses() ->> 'sites' AS compared;
SELECT reported, persons, doses FROM vsys.unscanned WHERE site = pg_temp.site(1);

\echo -- one dose reported under one group and scanned under another is one dose
DELETE FROM vsys.result_report;
SELECT pg_temp.total('2021-06-10', 't_elderly', 7), pg_temp.total('2021-06-10', 't_other', 4);
SELECT vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, n, 1), 't_pfizer EY0779', '2021-06-09 10:00+09') ->> 'outcome' FROM generate_series(7, 8) AS n;
SELECT r.*, (SELECT count(*) FROM vsys.dose WHERE site = pg_temp.site(1)) AS all_scanned, 7 + 4 AS all_reported FROM vsys.site_results(pg_temp.site(1), '2021-06-10') AS r;
SELECT sum(total) AS total FROM vsys.site_results(pg_temp.site(1), '2021-06-10');
\echo -- a report that lags behind the scans adds nothing
SELECT pg_temp.total('2021-06-11', 't_elderly', 8), pg_temp.total('2021-06-11', 't_other', 4);
SELECT sum(total) AS total, sum(unscanned) AS unscanned FROM vsys.site_results(pg_temp.site(1), '2021-06-11');
\echo -- history of what was reported is kept
SELECT count(*) > 0 AS kept FROM vsys.result_report_history;
ROLLBACK;
