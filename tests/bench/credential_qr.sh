#!/bin/bash
# How long a QR code takes: a version-10 code as SVG, which the issue wants in at most 1 ms; as PNG; a ticket, signed and
# drawn; and the same code by the command-line program, which starts anew for each.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

codes=1000
v10="'HC1:' || lpad(n::text, 210, 'A7 %')"
at_most 'version of the code' "$(sql "SELECT max(outbreak.qr_version($v10, 'Q')) FROM generate_series(1, 100) AS n")" 10
at_least 'version of the code' "$(sql "SELECT min(outbreak.qr_version($v10, 'Q')) FROM generate_series(1, 100) AS n")" 10

pair "$codes codes of version 10, SVG against PNG" \
	"SELECT outbreak.qr_svg($v10, 'Q') FROM generate_series(1, $codes) AS n" \
	"SELECT outbreak.qr_png($v10, 'Q') FROM generate_series(1, $codes) AS n"
at_most 'milliseconds of a version-10 code as SVG' "$(awk -v ms="$ours_ms" -v n="$codes" 'BEGIN { printf "%.3f", ms / n }')" 1

sql "SELECT credential.issue_ticket(gen_random_uuid(), 'arrival', tstzrange(now(), now() + interval '14 days'), 'NRT')" >/dev/null
single "$codes tickets signed" \
	"SELECT credential.issue_ticket(gen_random_uuid(), 'arrival', tstzrange(now(), now() + interval '14 days'), 'NRT') FROM generate_series(1, $codes)" 3
sql "CREATE TABLE ticket AS SELECT credential.issue_ticket(gen_random_uuid(), 'arrival', tstzrange(now(), now() + interval '14 days'), 'NRT') AS code FROM generate_series(1, $codes)"
single "$codes tickets checked" 'SELECT c.* FROM ticket, LATERAL credential.check_ticket(code, now()) AS c' 3
single "$codes tickets drawn" "SELECT outbreak.qr_svg(code, 'Q') FROM ticket" 3
reached
