#!/bin/bash
# How many GS1 element strings are read in a second: by the kernel alone, compiled without the server (target of the
# facts: 10 million), and by outbreak.gs1_scan() over a table, against substr() at the places where the three usual
# elements stand, which checks nothing. Medians of 5.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
here=$(cd "$(dirname "$0")" && pwd)

program=$(mktemp)
trap 'rm -f "$program"' EXIT
(cd "$here/../.." && cc -std=gnu11 -O2 -Isrc tests/bench/registry_gs1.c src/registry/gs1_kernel.c src/registry/gs1_check.c src/registry/gs1_table.c src/registry/code_kernel.c -o "$program")
"$program" 3000000

sql "CREATE TABLE bench_scan AS
	SELECT outbreak.gs1_element_string('14912345678901', date '2021-01-01' + n % 1500, 'EK' || n, raw => true) AS scan
	FROM generate_series(1, 200000) AS n" >/dev/null
session='SET max_parallel_workers_per_gather = 0'
pair 'registry_gs1: 200,000 scans, against substr() without any check' \
	"SELECT count(expiry_on), count(lot) FROM bench_scan CROSS JOIN LATERAL outbreak.gs1_scan(scan, '2021-04-05')" \
	"SELECT count(to_date(substr(scan, 19, 6), 'YYMMDD')), count(substr(scan, 27)), count(substr(scan, 3, 14)::bigint) FROM bench_scan"
awk -v ms="$ours_ms" 'BEGIN { printf "registry_gs1: outbreak.gs1_scan(), %.0f a second\n", 200000 / ms * 1000 }'
