#!/bin/bash
# Minimum-cost flow against LEMON 1.3.1 (the faster of its network simplex and its cost scaling on each instance): the
# NETGEN family netgen_8_12a to 16a, and transports as V-SYS has them (branches x sites, each site with its nearest
# branches). Solver against solver, in processor time, from arrays to arrays; then the whole SQL call, reading the edges
# included. Without liblemon-dev (or g++) ours is timed alone, and the bench says so: nothing is compared then.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$(dirname "$0")/../.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cc -O2 tests/bench/netgen.c -o "$folder/netgen" -lm
cc -std=gnu11 -O2 -Isrc tests/bench/allocation_flow_kernel.c src/allocation/flow_kernel.c src/allocation/flow_simplex.c \
	src/allocation/flow_scaling.c src/allocation/flow_verify.c -o "$folder/kernel"
lemon=
if g++ -O2 tests/bench/allocation_flow_lemon.cc -o "$folder/lemon" 2>"$folder/lemon.log"; then
	lemon=there
elif command -v g++ >/dev/null && echo '#include <lemon/network_simplex.h>' | g++ -E -x c++ - >/dev/null 2>&1; then
	cat "$folder/lemon.log"
	exit 1
else
	echo "allocation_flow: no liblemon-dev here (apt-get install liblemon-dev g++): ours alone is timed, nothing is compared"
fi

# the instances by their published rule are those that were published
if [ -r "${OUTBREAK_DATA:-}/allocation/dimacs/netgen_8_12a.min" ]; then
	for k in 8 10 12; do
		"$folder/netgen" $k | cmp -s - "$OUTBREAK_DATA/allocation/dimacs/netgen_8_$(printf %02d $k)a.min" || { echo "netgen_8_$k differs from the published instance"; exit 1; }
	done
	echo "allocation_flow: netgen_8_08a, 10a and 12a are byte for byte those published"
fi

sql "CREATE TABLE bench_edge (instance text, id bigint, source bigint, target bigint, capacity bigint, cost bigint);
	CREATE TABLE bench_supply (instance text, node bigint, supply bigint)"

load() {	# load NAME FILE: an instance into the tables
	awk -v name="$1" -v OFS='\t' '/^a / { print name, ++id, $2, $3, $5, $6 }' "$2" | psql -qX -c 'COPY bench_edge FROM STDIN'
	awk -v name="$1" -v OFS='\t' '/^n / { print name, $2, $3 }' "$2" | psql -qX -c 'COPY bench_supply FROM STDIN'
	sql "CREATE TABLE \"edge $1\" AS SELECT id, source, target, capacity, cost FROM bench_edge WHERE instance = '$1' ORDER BY id;
		CREATE TABLE \"supply $1\" AS SELECT node, supply FROM bench_supply WHERE instance = '$1' ORDER BY node;
		TRUNCATE bench_edge, bench_supply"
}

transport() {	# transport BRANCHES SITES NEAREST CAPACITY: branches with equal supplies, a reserve that any branch may use
	sql "SELECT setseed(0.1741);
		CREATE TEMP TABLE branch AS SELECT n, random() AS x, random() AS y FROM generate_series(1, $1) AS n;
		CREATE TEMP TABLE site AS SELECT $1 + n AS n, random() AS x, random() AS y, 1 + floor(random() * 60)::bigint AS demand FROM generate_series(1, $2) AS n;
		CREATE TEMP TABLE arc AS
		SELECT b.n AS source, s.n AS target, $4 AS capacity, (10000 * sqrt((b.x - s.x) ^ 2 + (b.y - s.y) ^ 2))::bigint AS cost
		FROM site AS s
		CROSS JOIN LATERAL (SELECT * FROM branch AS b ORDER BY (b.x - s.x) ^ 2 + (b.y - s.y) ^ 2, b.n LIMIT $3) AS b
		UNION ALL SELECT n, 1 + $1 + $2, 1000000000, 0 FROM branch
		UNION ALL SELECT 1 + $1 + $2, n, 1000000000, 3000 FROM branch;
		SELECT format('p min %s %s', 1 + $1 + $2, (SELECT count(*) FROM arc));
		SELECT format('n %s %s', n, total / $1 + (n <= total % $1)::integer) FROM branch, (SELECT sum(demand)::bigint AS total FROM site) AS t ORDER BY n;
		SELECT format('n %s %s', n, -demand) FROM site ORDER BY n;
		SELECT format('a %s %s 0 %s %s', source, target, capacity, cost) FROM arc ORDER BY target, cost, source" | grep '^[pna] '
}

middle() { awk -v c="$1" '{ print $c }' | median; }

compare() {	# compare NAME FILE RUNS [LIMIT]: ours and LEMON's in turns
	local run file best method
	for file in ours ours_scaling simplex scaling; do : >"$folder/$file"; done
	# the first run of each process only warms up
	for run in $(seq "$3"); do
		"$folder/kernel" "$2" auto 2 | tail -1 >>"$folder/ours"
		"$folder/kernel" "$2" scaling 2 | tail -1 >>"$folder/ours_scaling"
		[ -n "$lemon" ] || continue
		"$folder/lemon" "$2" simplex 2 | tail -1 >>"$folder/simplex"
		"$folder/lemon" "$2" scaling 2 | tail -1 >>"$folder/scaling"
	done
	[ "$(cut -d' ' -f3 "$folder/ours" "$folder/ours_scaling" "$folder/simplex" "$folder/scaling" | sort -u | wc -l)" = 1 ] || { echo "$1: costs differ"; exit 1; }
	ours=$(middle 2 <"$folder/ours")
	line="allocation_flow: $1: ours $ours ms (with potentials $(middle 4 <"$folder/ours"), scaling alone $(middle 2 <"$folder/ours_scaling"))"
	if [ -n "$lemon" ]; then
		simplex=$(middle 2 <"$folder/simplex")
		scaling=$(middle 2 <"$folder/scaling")
		read -r best method < <(printf '%s network simplex\n%s cost scaling\n' "$simplex" "$scaling" | LC_ALL=C sort -g | head -1)
		ratio=$(awk -v a="$ours" -v b="$best" 'BEGIN { printf "%.2f", a / b }')
		echo "$line, LEMON network simplex $simplex ms, cost scaling $scaling ms; ours to LEMON's $method $ratio"
		[ -z "${4:-}" ] || at_most "$1, ours to LEMON's $method" "$ratio" "$4"
	else
		echo "$line"
	fi
	load "$1" "$2"
	single "allocation_flow: $1, whole SQL call" "SELECT count(*) FROM outbreak.min_cost_flow('SELECT * FROM \"edge $1\"', 'SELECT * FROM \"supply $1\"')" 3
}

for k in 12 13 14 15 16; do
	"$folder/netgen" $k >"$folder/instance"
	compare "netgen_8_${k}a" "$folder/instance" 5 1.2
done
transport 47 1741 12 1000000 >"$folder/instance"
compare "transport 47 x 1741" "$folder/instance" 5 1.2
transport 500 1741 34 1000000 >"$folder/instance"
compare "transport 500 x 1741" "$folder/instance" 5 1.2
transport 500 10000 20 1000000 >"$folder/instance"
compare "transport 500 x 10000" "$folder/instance" 3 1.2
transport 500 10000 20 40 >"$folder/instance"
compare "transport 500 x 10000 with capacities" "$folder/instance" 3 1.2
reached
