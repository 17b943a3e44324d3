#!/bin/bash
# How long it takes to queue 1,000,000 messages in one statement, as a plan of the day does: with their keys, conflicts
# looked for. The issue gives 12 s for planning and queueing 1,000,000 slots; queueing is to take at most 5 of them. What
# is compared: calling messaging.send() for each, measured with a fiftieth and scaled up.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

messages=${BENCH_MESSAGES:-1000000}

sql "
INSERT INTO messaging.template (template, language, body) VALUES ('bench.each', 'ja', '{{slot}} 本日の体調を回答してください。');
INSERT INTO registry.person (person, prefecture) SELECT gen_random_uuid(), 1 + n % 47 FROM generate_series(1, $messages) AS n"
sql 'VACUUM ANALYZE registry.person'
sql 'SELECT ops.make_partitions(now())' >/dev/null
between='TRUNCATE messaging.message; CHECKPOINT'

single "queueing $messages messages" "
INSERT INTO messaging.message (day, key, person, prefecture, kind, template, parameters, expires_at)
SELECT outbreak.local_date(), outbreak.message_key(p.person, outbreak.local_date(), 'health-1'), p.person, p.prefecture, 'health-1', 'bench.each', '{\"slot\": 1}', outbreak.local_date() + interval '20 hours'
FROM registry.person AS p
ON CONFLICT (day, key) DO NOTHING" 3
at_most "seconds for $messages messages" "$(awk -v ms="$ours_ms" 'BEGIN { printf "%.2f", ms / 1000 }')" 5
bulk=$ours_ms
single 'one by one, a fiftieth' "SELECT count(messaging.send(p.person, 'health-1', 'bench.each', '{\"slot\": 1}')) FROM (SELECT person FROM registry.person LIMIT $((messages / 50))) AS p" 1
echo "ours $bulk ms, other (messaging.send() for each, scaled) $(awk -v ms="$ours_ms" 'BEGIN { printf "%.0f", 50 * ms }') ms, ratio $(awk -v a="$bulk" -v b="$ours_ms" 'BEGIN { printf "%.2f", a / (50 * b) }')"
echo "room for a message, indexes included: $(sql "SELECT pg_total_relation_size('messaging.message_' || to_char(outbreak.local_date(), 'YYYYMM')) / greatest(1, (SELECT count(*) FROM messaging.message))") bytes"
reached
