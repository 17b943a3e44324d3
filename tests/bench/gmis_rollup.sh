#!/bin/bash
# Reading the beds of the nation: one day of 29,943 institutions, and a year of daily totals over 3,000,000 reports,
# against GROUP BY over the reports. The reports are those of 8,282 hospitals on 365 days, and of all on one day.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
psql -qX -f "$(dirname "$0")/gmis_country.sql" >/dev/null

columns='institution, on_date, beds_secured, beds_ready, beds_occupied, severe_secured, severe_ready, severe_occupied, icu_present, icu_used, ventilators_present, ventilators_used, ventilator_patients, ecmo_present, ecmo_used, doctors, nurses, other_staff, outpatients, inpatients, severe_patients, tests, positives, source, reported_at'
for month in 2020-12 2021-{01,02,03,04,05,06,07,08,09,10,11}; do
	sql "INSERT INTO gmis.daily ($columns)
		SELECT * FROM bench_report(1, 8282, date '$month-01' + 14, (date '$month-01' + 14 + interval '1 month - 1 day')::date)"
done
sql "INSERT INTO gmis.daily ($columns) SELECT * FROM bench_report(1, 29943, '2020-12-14', '2020-12-14')"
sql 'VACUUM ANALYZE gmis.daily'
echo "gmis_rollup: $(sql 'SELECT count(*) FROM gmis.daily') reports, folding all of them: $(sql_ms 'SELECT gmis.fold()') ms"
sql 'VACUUM ANALYZE gmis.daily_by_municipality, gmis.daily_by_prefecture, gmis.expected_step, report.dirty'
for level in nation prefecture medical_area municipality; do
	single "gmis.bed_occupancy, one day, 29,943 institutions, $level" "SELECT * FROM gmis.bed_occupancy('2020-12-14', '$level')" 9
	at_most 'bed_occupancy (ms)' "$ours_ms" 30
done

pair 'a year of daily national and prefecture totals' \
	"SELECT on_date, area, reported, beds_secured, beds_ready, beds_occupied, severe_secured, severe_occupied, inpatients
	FROM gmis.daily_totals('2020-12-15', '2021-12-14', 'nation');
	SELECT on_date, area, reported, beds_secured, beds_ready, beds_occupied, severe_secured, severe_occupied, inpatients
	FROM gmis.daily_totals('2020-12-15', '2021-12-14', 'prefecture')" \
	"SELECT on_date, prefecture, count(*), sum(beds_secured), sum(beds_ready), sum(beds_occupied), sum(severe_secured), sum(severe_occupied), sum(inpatients)
	FROM gmis.daily
	WHERE on_date BETWEEN '2020-12-15' AND '2021-12-14'
	GROUP BY GROUPING SETS ((on_date), (on_date, prefecture))" 3
at_least 'GROUP BY / daily_totals' "$(awk -v a="$ours_ms" -v b="$other_ms" 'BEGIN { printf "%.1f", b / a }')" 20

# Nothing folded for one prefecture of the day, then for all of them.
sql "UPDATE gmis.daily SET tests = tests + 1 WHERE on_date = '2020-12-14' AND prefecture = 13"
single 'gmis.bed_occupancy, one prefecture not folded' "SELECT * FROM gmis.bed_occupancy('2020-12-14', 'prefecture')"
sql "INSERT INTO report.dirty SELECT 'gmis.daily', '2020-12-14', p FROM generate_series(1, 47) AS p"
single 'gmis.bed_occupancy, no prefecture folded' "SELECT * FROM gmis.bed_occupancy('2020-12-14', 'prefecture')"
single 'gmis.bed_occupancy, three days carried forward' "SELECT * FROM gmis.bed_occupancy('2020-12-17', 'prefecture', 3)"
single 'gmis.reporting_rate' "SELECT * FROM gmis.reporting_rate('2020-12-17')"
single 'gmis.silent' "SELECT * FROM gmis.silent('2020-12-17')" 3
reached
