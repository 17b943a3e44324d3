#!/bin/bash
# Eight writers, each entering or correcting one report of two days in a transaction, with rollups and free beds kept current and a fold every
# second, against the same form without them. No deadlock, and afterwards the rollups equal the reports.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
psql -qX -f "$(dirname "$0")/gmis_country.sql" >/dev/null

seconds=${BENCH_SECONDS:-6}
script=$(mktemp)
trap 'rm -f "$script"' EXIT
cat >"$script" <<'END'
\set n random(1, 29942)
\set day random(0, 1)
\set beds random(20, 50)
INSERT INTO gmis.daily (institution, on_date, reported_at, beds_secured, beds_ready, beds_occupied, icu_present, icu_used, doctors, inpatients, tests, positives)
VALUES (outbreak.provisional_institution_code(1 + :n::integer % 47, 500000 + :n::integer / 47), date '2021-12-01' + :day::integer,
	date '2021-12-01' + :day::integer + interval '12 hours', 50, :beds::integer, :beds::integer - 10, 5, :n::integer % 6, '通常', 40, 100, 10)
ON CONFLICT (institution, on_date) DO UPDATE
SET beds_ready = excluded.beds_ready, beds_occupied = excluded.beds_occupied, inpatients = excluded.inpatients;
END

rate() {	# rate: transactions a second of eight writers
	"$PGBIN/pgbench" -n -M prepared -c 8 -j 2 -T "$seconds" -f "$script" 2>&1 | sed -n 's/^tps = \([0-9.]*\).*/\1/p'
}

# What the form does besides taking reports in; the rules are the same in both.
with() { sql "UPDATE report.form SET rollup = true, on_change = 'gmis.note_changed_beds(outbreak.institution_code[])' WHERE form = 'gmis.daily'::regclass"; }
without() { sql "UPDATE report.form SET rollup = false, on_change = NULL WHERE form = 'gmis.daily'::regclass"; }

deadlocks=$(sql 'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()')
rate >/dev/null
ours=()
other=()
for run in 1 2 3; do
	with
	sql 'SELECT gmis.fold()' >/dev/null
	(while sql 'SELECT gmis.fold()' >/dev/null; do sleep 1; done) &
	folder=$!
	ours+=("$(rate)")
	kill "$folder"
	wait "$folder" 2>/dev/null || true
	without
	other+=("$(rate)")
done
with
ours_tps=$(median "${ours[@]}")
other_tps=$(median "${other[@]}")
ratio=$(awk -v a="$ours_tps" -v b="$other_tps" 'BEGIN { printf "%.2f", a / b }')
echo "8 writers, one report a transaction: ours $ours_tps/s, other (no rollups) $other_tps/s, ratio $ratio"
at_least 'rate with rollups / without' "$ratio" 0.70
sleep 1
at_most 'deadlocks' "$(($(sql 'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()') - deadlocks))" 0

# reports were entered while nothing was noted: note them now
sql "INSERT INTO report.dirty SELECT DISTINCT 'gmis.daily'::regclass, on_date, prefecture FROM gmis.daily WHERE on_date BETWEEN '2021-12-01' AND '2021-12-14'"
with
for n in 1 2; do
	timeout 8 "$PGBIN/pgbench" -n -M prepared -c 8 -j 2 -T 3 -f "$script" >/dev/null 2>&1 &
	writers=$!
	sleep 1
	sql 'SELECT gmis.fold()' >/dev/null
	wait "$writers"
	at_most "days and prefectures that differ from the reports, fold $n" "$(sql "
		SELECT count(*)
		FROM gmis.days_by_prefecture('2021-12-01', '2021-12-14') AS r
		FULL JOIN (
			SELECT on_date, prefecture, count(*) AS reported, sum(beds_ready) AS beds_ready, sum(inpatients) AS inpatients
			FROM gmis.daily
			WHERE on_date BETWEEN '2021-12-01' AND '2021-12-14'
			GROUP BY 1, 2
		) AS d ON d.on_date = r.on_date AND d.prefecture = r.prefecture
		WHERE (r.reported, r.beds_ready, r.inpatients) IS DISTINCT FROM (d.reported, d.beds_ready, d.inpatients)")" 0
done
reached
