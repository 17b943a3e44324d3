#!/bin/bash
# How many messages a second the delivery worker delivers to a loopback gateway that answers in 20 ms: one request each,
# and packed 500 to a request; and how much memory of its own it has meanwhile. What is compared: one request after
# another, which a gateway of 20 ms cannot answer more than 50 times a second.
#
# Memory: Pss_Anon of /proc/PID/smaps_rollup (anonymous memory, its share of what it has in common with the postmaster
# counted in part), less that of a backend that has just connected. The lines Private_* of that file count pages of
# shared buffers that no other process has mapped, so they tell nothing of the worker's own memory.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

people=${BENCH_PEOPLE:-100000}
server=$(mktemp)
out=$(mktemp)
cc -O2 "$(dirname "$0")/messaging_server.c" -o "$server"
"$server" 20 >"$out" &
gateway=$!
finish() {
	kill "$gateway" 2>/dev/null || true
	rm -f "$server" "$out"
	for setting in databases allow_http allow_private; do
		psql -qXAt -c "ALTER SYSTEM RESET outbreak.messaging_$setting" || true
	done
	psql -qXAt -c 'SELECT pg_reload_conf()' >/dev/null || true
}
trap finish EXIT
for _ in $(seq 50); do [ -s "$out" ] && break; sleep 0.1; done
port=$(head -1 "$out")

for setting in "databases = '$PGDATABASE'" 'allow_http = on' 'allow_private = on'; do
	sql "ALTER SYSTEM SET outbreak.messaging_$setting"
done
sql 'SELECT pg_reload_conf()' >/dev/null
sql "
INSERT INTO messaging.template (template, language, body) VALUES ('bench.each', 'ja', '{{slot}} 本日の体調を回答してください。'), ('bench.same', 'ja', '本日の体調を回答してください。');
UPDATE messaging.quiet_hours SET quiet_from = '00:00', quiet_until = '00:00';
UPDATE messaging.endpoint SET url = 'http://127.0.0.1:$port', enabled = true, pack = 1, per_second = 100000, burst = 100000, in_flight = 128 WHERE endpoint = 'line';
INSERT INTO registry.person (person, prefecture) SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 13 FROM generate_series(1, $people) AS n;
INSERT INTO messaging.contact (person, channel, address, prefecture) SELECT person, 'line', outbreak.seal('U' || md5(person::text), 'line', person), 13 FROM registry.person"
sql 'VACUUM ANALYZE messaging.contact, registry.person'

anonymous() { awk '/^Pss_Anon:/ { print $2 }' "/proc/$1/smaps_rollup" 2>/dev/null || echo 0; }

# rate KIND TEMPLATE: queues a message for everybody, waits until all are accepted; $rate messages a second from the first
# try to the last answer, $memory the most that the worker had, in kB
rate() {
	local worker now
	sql "INSERT INTO messaging.message (day, key, person, prefecture, kind, template, parameters)
		SELECT outbreak.local_date(), outbreak.message_key(person, outbreak.local_date(), '$1'), person, prefecture, '$1', '$2', jsonb_build_object('slot', right(person::text, 12)) FROM registry.person"
	memory=0
	while [ "$(sql 'SELECT EXISTS (SELECT FROM messaging.message WHERE next_at IS NOT NULL)')" = t ]; do
		worker=$(sql 'SELECT worker FROM outbreak.messaging_worker()')
		now=$([ -z "$worker" ] && echo 0 || anonymous "$worker")
		[ "${now:-0}" -le "$memory" ] || memory=$now
		sleep 1
	done
	rate=$(sql "SELECT round((count(*) / extract(epoch FROM max(a.at + a.took) - min(a.at)))::numeric) FROM messaging.attempt AS a JOIN messaging.message AS m USING (day, key) WHERE m.kind = '$1'")
}

echo "$people messages, a gateway that answers in 20 ms, $(nproc) cores for worker, server and gateway; load before: $(cut -d' ' -f1 /proc/loadavg)"
rate warm bench.each
rate each bench.each
each_memory=$memory
echo "one request each: ours $rate/s, other (one after another) 50/s, ratio $(awk -v r="$rate" 'BEGIN { printf "%.0f", r / 50 }')"
at_least 'messages a second, one request each' "$rate" 2000
plain=$(sql "SELECT (regexp_match(pg_read_file('/proc/' || pg_backend_pid() || '/smaps_rollup'), 'Pss_Anon: *([0-9]+)'))[1]")
at_most 'memory of the worker beyond that of a backend (MB)' "$(awk -v w="$each_memory" -v p="$plain" 'BEGIN { printf "%.1f", (w - p) / 1024 }')" 30

sql "UPDATE messaging.endpoint SET pack = 500 WHERE endpoint = 'line'"
sleep 6
rate packed bench.same
echo "packed, 500 to a request: ours $rate/s"
at_most 'memory of the worker beyond that of a backend, packed (MB)' "$(awk -v w="$memory" -v p="$plain" 'BEGIN { printf "%.1f", (w - p) / 1024 }')" 30
kill -USR1 "$gateway"
for _ in $(seq 20); do [ "$(wc -l <"$out")" -ge 2 ] && break; sleep 0.1; done
at_most 'messages that the gateway was not handed, or twice' "$(awk -v n=$((3 * people)) 'NR == 2 { d = $3 - n; print d < 0 ? -d : d }' "$out")" 0
at_most 'messages without evidence' "$(sql "SELECT count(*) FROM messaging.message AS m WHERE NOT EXISTS (SELECT FROM messaging.acceptance AS a WHERE a.day = m.day AND a.key = m.key AND a.stands)")" 0
reached
