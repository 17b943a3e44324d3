# For benches: `. "$(dirname "$0")/lib.sh"` at the top. Everything runs in database $PGDATABASE with psql.
#
#   sql 'SQL'                      runs it and prints the rows, unaligned (setting up, a figure to check)
#   sql_ms 'SQL'                   milliseconds that the server takes for it, in a session of its own
#   pair NAME OURS OTHER [RUNS]    runs OURS and OTHER in turns in one session (one warm-up each, then RUNS = 5
#                                  of each) and prints
#                                    NAME: ours 12.345 ms, other 45.678 ms, ratio 0.27
#                                  of the medians; the medians stay in $ours_ms, $other_ms and $ratio
#   single NAME SQL [RUNS]         the same for one alone: "NAME: ours 12.345 ms"; the median stays in $ours_ms
#   median N...                    median of the numbers given, or of standard input, one a line
#   at_most LABEL VALUE LIMIT      prints whether a figure is reached; `reached` ends the bench with that verdict
#   at_least LABEL VALUE LIMIT
#   load NAME SCRIPT CLIENTS EACH  so many pgbench clients run a script so many times each; prints and leaves how many a
#                                  second ($per_second)
#   cost NAME SCRIPT EACH          what one of them costs of CPU: of the server's ($server_us) and of pgbench's ($client_us),
#                                  and how many a second two cores have the CPU for ($two_cores). One session that does not
#                                  wait for the disk, so what others do on the machine counts little
#                                  $load_options are PGOPTIONS of the sessions of both
#
# The time is that between sending a statement and its last row being read, as psql's \timing gives it: one
# session, no connection, no start of psql in it. OURS and OTHER are one or more statements, each ended by ";"
# where there are several; their times add up. What must stand between two runs but is not to be timed
# (TRUNCATE, DROP) goes into $between, what prepares the session (SET, PREPARE) into $session.
# Rows are read and thrown away.
set -euo pipefail

between=
session=
load_options=
missed=0

sql() { psql -qXAt -v ON_ERROR_STOP=1 -c 'SET client_min_messages = warning' -c "$1"; }

median() {
	if [ $# -gt 0 ]; then printf '%s\n' "$@"; else cat; fi | LC_ALL=C sort -g | awk '
		{ v[NR] = $1 }
		END { if (NR) printf "%.3f\n", NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# One run of a candidate as psql input: its name, then its statements timed.
timed_run() {	# timed_run LABEL SQL
	[ -z "$between" ] || printf '%s\n;\n' "$between"
	printf '\\o\n\\echo run %s\n\\timing on\n\\o /dev/null\n%s\n;\n\\o\n\\timing off\n' "$1" "$2"
}

# Reads psql's output, prints "label milliseconds" for each run.
add_up() {
	awk '/^run / { if (label) print label, sum; label = $2; sum = 0 }
		/^Time: / { sum += $2 }
		END { if (label) print label, sum }'
}

timings() { LC_ALL=C psql -qXAt -v ON_ERROR_STOP=1 -f - | add_up; }

sql_ms() { { [ -z "$session" ] || printf '%s\n;\n' "$session"; timed_run ours "$1"; } | timings | cut -d' ' -f2; }

pair() {	# pair NAME OURS OTHER [RUNS]
	local name=$1 runs=${4:-5} times run
	times=$({
		printf 'SET client_min_messages = warning;\n'
		[ -z "$session" ] || printf '%s\n;\n' "$session"
		timed_run warm "$2"
		timed_run warm "$3"
		for run in $(seq "$runs"); do
			timed_run ours "$2"
			timed_run other "$3"
		done
	} | timings)
	ours_ms=$(sed -n 's/^ours //p' <<<"$times" | median)
	other_ms=$(sed -n 's/^other //p' <<<"$times" | median)
	ratio=$(awk -v a="$ours_ms" -v b="$other_ms" 'BEGIN { if (b > 0) printf "%.2f", a / b; else print "-" }')
	echo "$name: ours $ours_ms ms, other $other_ms ms, ratio $ratio"
}

single() {	# single NAME SQL [RUNS]
	local name=$1 runs=${3:-5} times run
	times=$({
		printf 'SET client_min_messages = warning;\n'
		[ -z "$session" ] || printf '%s\n;\n' "$session"
		timed_run warm "$2"
		for run in $(seq "$runs"); do
			timed_run ours "$2"
		done
	} | timings)
	ours_ms=$(sed -n 's/^ours //p' <<<"$times" | median)
	echo "$name: ours $ours_ms ms"
}

# Microseconds of CPU of all backends that have ended.
ended_us() {
	sleep 0.3
	sql "SELECT (f[14]::bigint + f[15]::bigint) * 1000000 / $(getconf CLK_TCK)
		FROM (SELECT string_to_array(regexp_replace(pg_read_file('/proc/' || split_part(pg_read_file('postmaster.pid'), E'\n', 1) || '/stat'), '^.*\) ', ''), ' ')) AS s (f)"
}

bench_clients() {	# bench_clients OPTIONS SCRIPT CLIENTS EACH: what pgbench says; fails when not all succeeded
	local out
	out=$(PGOPTIONS="$load_options $1" "$PGBIN/pgbench" -n -M prepared -c "$3" -j 1 -t "$4" -f "$2" 2>&1)
	[ "$(sed -n 's/^number of transactions actually processed: \([0-9]*\).*/\1/p' <<<"$out")" = $(($3 * $4)) ] || { echo "$out" >&2; return 1; }
	echo "$out"
}

load() {	# load NAME SCRIPT CLIENTS EACH
	per_second=$(bench_clients '' "$2" "$3" "$4" | sed -n 's/^tps = \([0-9]*\).*/\1/p')
	echo "$1: $per_second a second with $3 clients (load $(cut -d' ' -f1 /proc/loadavg))"
}

cost() {	# cost NAME SCRIPT EACH
	local off='-c synchronous_commit=off' times start warm end
	times=$(mktemp)
	start=$(ended_us)
	# what it costs to connect
	bench_clients "$off" "$2" 1 1 >/dev/null
	warm=$(ended_us)
	(TIMEFORMAT='%U %S'; time bench_clients "$off" "$2" 1 "$3" >/dev/null) 2>"$times"
	end=$(ended_us)
	server_us=$(awk -v n="$3" -v s="$start" -v w="$warm" -v e="$end" 'BEGIN { printf "%.1f", (e - w - (w - s)) / n }')
	client_us=$(awk -v n="$3" '{ printf "%.1f", ($1 + $2) * 1e6 / n }' "$times")
	rm -f "$times"
	two_cores=$(awk -v s="$server_us" -v c="$client_us" 'BEGIN { printf "%d", 2e6 / (s + c) }')
	echo "$1: $server_us us of CPU in the server, $client_us us in pgbench"
}

verdict() {	# verdict LABEL VALUE LIMIT WORDS HOLDS
	if [ "$5" = 1 ]; then
		echo "  reached: $1 is $2, $4 $3 asked"
	else
		echo "  MISSED: $1 is $2, $4 $3 asked"
		missed=1
	fi
}
at_most() { verdict "$1" "$2" "$3" 'at most' "$(awk -v v="$2" -v l="$3" 'BEGIN { print (v + 0 <= l + 0) }')"; }
at_least() { verdict "$1" "$2" "$3" 'at least' "$(awk -v v="$2" -v l="$3" 'BEGIN { print (v + 0 >= l + 0) }')"; }
reached() { [ "$missed" = 0 ]; }
