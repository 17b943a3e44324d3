-- The allocations of the CDC, 28 weeks of 2020/21 to 63 jurisdictions: the second dose is the first dose's amount in all
-- but 21 of 1,764 rows, and population alone explains few of the published trays.
\pset format unaligned
SET search_path = public, outbreak;
\set data ''
\getenv data OUTBREAK_DATA
SELECT :'data' = '' AS no_data \gset
\if :no_data
\echo skipped: OUTBREAK_DATA names no folder with the official lists
\quit
\endif
\set pfizer `cat "$OUTBREAK_DATA/allocation/cdc/pfizer.csv"`
\set people `cat "$OUTBREAK_DATA/allocation/cdc/pop18.csv"`
BEGIN;
CREATE TEMP TABLE week AS
SELECT r.row ->> 'Jurisdiction' AS jurisdiction, to_date(r.row ->> 'Week of Allocations', 'MM/DD/YYYY') AS week_on,
	replace(r.row ->> '1st Dose Allocations', ',', '')::bigint AS first, replace(r.row ->> '2nd Dose Allocations', ',', '')::bigint AS second
FROM jsonb_array_elements(registry.csv_to_rows(:'pfizer')) AS r (row);
SELECT count(*) AS rows, count(DISTINCT week_on) AS weeks, count(DISTINCT jurisdiction) AS jurisdictions, count(*) FILTER (WHERE second = first) AS second_as_first,
	sum(first) FILTER (WHERE week_on = '2020-12-14') AS first_week
FROM week;
\echo == a tray has 975 doses (5 a vial) to 15 February, 1,170 (6 a vial) from 22 February, and units of 450 come in from 31 May
SELECT CASE WHEN week_on <= '2021-02-15' THEN 1 WHEN week_on <= '2021-05-24' THEN 2 ELSE 3 END AS period, min(week_on), max(week_on), count(*) AS rows,
	count(*) FILTER (WHERE first % 975 = 0) AS in_975, count(*) FILTER (WHERE first % 1170 = 0) AS in_1170
FROM week
GROUP BY 1
ORDER BY 1;
CREATE TEMP TABLE state AS
SELECT m[1] AS jurisdiction, replace(m[2], ',', '')::bigint AS adults
FROM regexp_matches(:'people', '^\.?([A-Z][^,"]+),"[0-9,]+","([0-9,]+)",', 'gn') AS m;
DELETE FROM state WHERE jurisdiction IN ('United States', 'Northeast', 'Midwest', 'South', 'West');
SELECT count(*) AS states, sum(adults) AS adults FROM state;
-- three cities are supplied by themselves, and counted with their states
CREATE TEMP TABLE state_week AS
SELECT coalesce(c.state, w.jurisdiction) AS jurisdiction, w.week_on, sum(w.first)::bigint AS first
FROM week AS w
LEFT JOIN (VALUES ('Chicago', 'Illinois'), ('New York City', 'New York'), ('Philadelphia', 'Pennsylvania')) AS c (city, state) ON c.city = w.jurisdiction
GROUP BY 1, 2;
\echo == the trays of each week divided among these by people of 18 and above: how many get what was published
CREATE TEMP TABLE replay AS
SELECT w.week_on, method, allocation.divide('replay', method, (sum(w.first) / t.tray)::bigint, array_agg(w.jurisdiction ORDER BY w.jurisdiction), array_agg(s.adults ORDER BY w.jurisdiction)) AS run, t.tray
FROM state_week AS w
JOIN state AS s ON s.jurisdiction = w.jurisdiction
CROSS JOIN LATERAL (SELECT CASE WHEN w.week_on <= '2021-02-15' THEN 975 ELSE 1170 END AS tray) AS t
CROSS JOIN unnest('{hamilton,webster,adams}'::text[]) AS method
WHERE w.week_on <= '2021-05-24'
GROUP BY w.week_on, method, t.tray
HAVING sum(w.first) > 0;
SELECT x.method, count(*) AS weeks, min(x.same) AS least, max(x.same) AS most, max(x.units) AS of, min(x.moved) AS least_moved, max(x.moved) AS most_moved
FROM (
	SELECT r.method, r.week_on, count(*) AS units, count(*) FILTER (WHERE u.granted = w.first / r.tray) AS same, sum(abs(u.granted - w.first / r.tray))::bigint / 2 AS moved
	FROM replay AS r
	JOIN allocation.run_unit AS u ON u.run = r.run
	JOIN state_week AS w ON w.week_on = r.week_on AND w.jurisdiction = u.unit
	GROUP BY r.method, r.week_on
) AS x
GROUP BY x.method
ORDER BY x.method;
SELECT count(*) AS runs_that_fail_their_recheck FROM allocation.verify_runs(ARRAY(SELECT run FROM replay));
\echo == does more to divide cost a state anything, from one week to the next? (not in these weeks)
SELECT count(*) AS pairs_of_weeks, sum(found) AS alabama
FROM (
	SELECT a.run, b.run, (SELECT count(*) FROM allocation.paradox(a.run, b.run) WHERE paradox = 'alabama') AS found
	FROM replay AS a
	JOIN replay AS b ON b.method = a.method AND b.week_on = a.week_on + 7
	WHERE a.method = 'hamilton'
) AS x;
ROLLBACK;
