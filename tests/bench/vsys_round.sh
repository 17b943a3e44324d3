#!/bin/bash
# A full national round: 47 prefectures, 1,741 municipalities, 70,000 sites (5,825 of basic type and their partners),
# seven frames from the nation down to the vial, every run stored with its proof. Then the recheck, a what-if and an
# explanation of the same round. The time of a backend's processor counts, since the machine may be busy with others.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
psql -qX -f "$(dirname "$0")/vsys_country.sql" >/dev/null
round=$(sql "SELECT round FROM vsys.round WHERE product = 'bench'")

# seconds of processor, user and system, that the backend spends on a statement, in milliseconds: median of RUNS
cpu() {	# cpu RUNS SQL
	for _ in $(seq "$1"); do
		psql -qXAt -v ON_ERROR_STOP=1 -c 'SET client_min_messages = log' -c 'SET log_statement_stats = on' -c "$2" 2>&1 >/dev/null |
			sed -n 's/^!.*[[:space:]]\([0-9.]*\) s user, \([0-9.]*\) s system, .*/\1 \2/p' | tail -1 | awk '{ print ($1 + $2) * 1000 }'
	done | median
}

sql "SELECT vsys.run_round($round)" >/dev/null
sql 'VACUUM ANALYZE allocation.run, allocation.run_unit, vsys.round_run'
echo "vsys_round: $(sql "SELECT format('%s runs, %s units stored', count(DISTINCT x.run), count(*)) FROM vsys.round_run AS x JOIN allocation.run_unit AS u USING (run) WHERE x.round = $round AND x.pass = 1")"
run_ms=$(cpu 3 "SELECT vsys.run_round($round)")
elapsed=$(sql_ms "SELECT vsys.run_round($round)")
echo "vsys.run_round, all levels, all stored: $run_ms ms of processor ($elapsed ms elapsed)"
# on a machine with nothing else to do the clock is what counts; on a busy one the processor says what it would be
at_most 'a full national round (ms)' "$(printf '%s\n' "$run_ms" "$elapsed" | LC_ALL=C sort -g | head -1)" 3000
echo "vsys.verify, all runs and levels: $(cpu 3 "SELECT count(*) FROM vsys.verify($round)") ms of processor"
echo "vsys.what_if, all levels: $(cpu 3 "SELECT count(*) FROM vsys.what_if($round, '{\"frames\": [{\"frame\": 1, \"rule\": \"webster\"}]}')") ms of processor"
single 'vsys.explain, a partner site' "SELECT * FROM vsys.explain($round, (SELECT site::text FROM vsys.site WHERE basic_site IS NOT NULL ORDER BY site::text LIMIT 1))"
sql "SELECT vsys.decide_round($round)" >/dev/null
echo "vsys.publish_round: $(sql_ms "SELECT vsys.publish_round($round)") ms elapsed, $(sql "SELECT count(*) FROM vsys.allotment WHERE round = $round") sites"
reached
