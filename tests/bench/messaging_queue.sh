#!/bin/bash
# How long it takes to queue 1,000,000 messages in one statement, in the order of their keys, as a plan of the day does it
# (tests/bench/followup_plan.sh holds the issue's figure, 12 s for slots and messages), and with ON CONFLICT in whatever
# order they come. What is compared: calling messaging.send() for each, measured with a fiftieth and scaled up.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

messages=${BENCH_MESSAGES:-1000000}

sql "
INSERT INTO messaging.template (template, language, body) VALUES ('bench.each', 'ja', '{{slot}} 本日の体調を回答してください。');
INSERT INTO registry.person (person, prefecture) SELECT gen_random_uuid(), 1 + n % 47 FROM generate_series(1, $messages) AS n"
sql 'VACUUM ANALYZE registry.person'
sql 'SELECT ops.make_partitions(now())' >/dev/null
between='TRUNCATE messaging.message; CHECKPOINT'

queue() {	# queue ORDER-AND-CONFLICT
	echo "
INSERT INTO messaging.message (day, key, person, prefecture, kind, template, parameters, expires_at)
SELECT outbreak.local_date(), k.key, p.person, p.prefecture, 'health-1', 'bench.each', '{\"slot\": 1}', outbreak.local_date() + interval '20 hours'
FROM registry.person AS p
CROSS JOIN LATERAL outbreak.message_key(p.person, outbreak.local_date(), 'health-1') AS k (key)
$1"
}
single "queueing $messages messages with ON CONFLICT, in any order" "$(queue 'ON CONFLICT (day, key) DO NOTHING')" 3
single "queueing $messages messages in the order of their keys" "$(queue 'ORDER BY k.key')" 3
bulk=$ours_ms
single 'one by one, a fiftieth' "SELECT count(messaging.send(p.person, 'health-1', 'bench.each', '{\"slot\": 1}')) FROM (SELECT person FROM registry.person LIMIT $((messages / 50))) AS p" 1
echo "ours $bulk ms, other (messaging.send() for each, scaled) $(awk -v ms="$ours_ms" 'BEGIN { printf "%.0f", 50 * ms }') ms, ratio $(awk -v a="$bulk" -v b="$ours_ms" 'BEGIN { printf "%.2f", a / (50 * b) }')"
echo "room for a message, indexes included: $(sql "SELECT pg_total_relation_size('messaging.message_' || to_char(outbreak.local_date(), 'YYYYMM')) / greatest(1, (SELECT count(*) FROM messaging.message))") bytes"
