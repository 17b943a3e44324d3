#!/bin/bash
# A day of 1,000,000 persons in follow-up, in one call of followup.plan_day(): their slots made and their messages queued; and
# the messages alone, where the slots are there since the stay began, as they are every night. Against plain INSERT ... SELECT
# of the same rows into tables with the same primary keys and nothing else.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

persons=${BENCH_ROWS:-1000000}
day=2021-03-10

sql "
	SET session_replication_role = replica;
	DELETE FROM followup.slot WHERE day >= '2021-03-01' AND day < '2021-04-01';
	INSERT INTO registry.person (person, birth_year, prefecture)
	SELECT outbreak.message_key('00000000-0000-0000-0000-000000000000', '2021-03-01', 'bench' || i), 1980, 1 + i % 47
	FROM generate_series(1, $persons) AS i
	ON CONFLICT DO NOTHING;
	INSERT INTO followup.enrolment (person, responder, plan, class, time_zone, day0, until, prefecture, opened_at)
	SELECT p, p, 'contact', 'standard', 'Asia/Tokyo', '2021-03-01', '2021-03-15', 1 + i % 47, '2021-03-01 12:00+09'
	FROM generate_series(1, $persons) AS i
	CROSS JOIN LATERAL outbreak.message_key('00000000-0000-0000-0000-000000000000', '2021-03-01', 'bench' || i) AS p
	ON CONFLICT DO NOTHING;" >/dev/null
# the month has partitions of its own, as ops makes them
sql "
	SELECT ops.make_partitions_of('followup.slot', 'day', 'date', '2021-03-01', '2021-03-01'),
		ops.make_partitions_of('messaging.message', 'day', 'date', '2021-03-01', '2021-03-01');
	DROP SCHEMA IF EXISTS bench_plan CASCADE;
	CREATE SCHEMA bench_plan;
	CREATE TABLE bench_plan.slot (LIKE followup.slot INCLUDING DEFAULTS, PRIMARY KEY (day, enrolment, prompt, n));
	CREATE TABLE bench_plan.message (LIKE messaging.message INCLUDING DEFAULTS, PRIMARY KEY (day, key))" >/dev/null
sql 'VACUUM ANALYZE followup.enrolment' 
[ "$(sql "SELECT count(*) FROM followup.enrolment WHERE state = 'open' AND '$day' BETWEEN day0 AND until AND plan = 'contact'")" -ge "$persons" ]

between='TRUNCATE followup.slot_202103; TRUNCATE messaging.message_202103; TRUNCATE bench_plan.slot, bench_plan.message; CHECKPOINT'
single "a day of $persons planned and queued" "SELECT followup.plan_day('$day', '2021-03-09 18:00+09')" "${BENCH_RUNS:-3}"
planned_ms=$ours_ms
sql "SELECT followup.plan_day('$day', '2021-03-09 18:00+09')" >/dev/null
[ "$(sql "SELECT count(*) FROM followup.slot WHERE day = '$day' AND state = 'awaited'")" = "$persons" ]
[ "$(sql "SELECT count(*) FROM messaging.message WHERE day = '$day' AND kind = 'health.1'")" = "$persons" ]
sql "
	CREATE TABLE bench_plan.slot_rows AS SELECT * FROM followup.slot WHERE day = '$day';
	CREATE TABLE bench_plan.message_rows AS SELECT * FROM messaging.message WHERE day = '$day'" >/dev/null
single 'the same rows, plain INSERT ... SELECT' "INSERT INTO bench_plan.slot SELECT * FROM bench_plan.slot_rows; INSERT INTO bench_plan.message SELECT * FROM bench_plan.message_rows" "${BENCH_RUNS:-3}"
awk -v a="$planned_ms" -v b="$ours_ms" 'BEGIN { printf "ratio to plain INSERT ... SELECT: %.2f\n", a / b }'

# every night: the slots were made with the stay
between="
	TRUNCATE followup.slot_202103; TRUNCATE messaging.message_202103;
	INSERT INTO followup.slot SELECT * FROM bench_plan.slot_rows;
	VACUUM ANALYZE followup.slot_202103;
	CHECKPOINT"
single "a day of $persons queued, their slots being there" "SELECT followup.plan_day('$day', '2021-03-09 18:00+09')" "${BENCH_RUNS:-3}"
nightly_ms=$ours_ms
[ "$(sql "SELECT count(*) FROM messaging.message WHERE day = '$day' AND kind = 'health.1'")" = "$persons" ]

# one person after the other, as a loop would: the first 2,000, and what a million would take
sql 'TRUNCATE followup.slot_202103; TRUNCATE messaging.message_202103' >/dev/null
between='TRUNCATE followup.slot_202103; TRUNCATE messaging.message_202103'
single 'one by one, 2,000 persons' "SELECT count(followup.make_slots(ARRAY[e.enrolment], '$day', '2021-03-14 18:00+09')) FROM (SELECT enrolment FROM followup.enrolment WHERE plan = 'contact' AND day0 = '2021-03-01' LIMIT 2000) AS e" 1
awk -v a="$planned_ms" -v b="$ours_ms" -v n="$persons" 'BEGIN { printf "a loop would take %.0f s: %.0f times as long\n", b * n / 2000 / 1000, b * n / 2000 / a }'

sql "
	DROP SCHEMA bench_plan CASCADE;
	TRUNCATE followup.slot_202103; TRUNCATE messaging.message_202103;
	SET session_replication_role = replica;
	DELETE FROM followup.enrolment WHERE day0 = '2021-03-01' AND plan = 'contact';
	DELETE FROM registry.person WHERE birth_year = 1980 AND health_center IS NULL AND person IN (SELECT outbreak.message_key('00000000-0000-0000-0000-000000000000', '2021-03-01', 'bench' || i) FROM generate_series(1, $persons) AS i)" >/dev/null
limit=$(awk -v n="$persons" 'BEGIN { print 12000 * n / 1000000 }')
at_most "planning $persons" "$planned_ms" "$limit"
at_most "planning $persons who have their slots" "$nightly_ms" "$limit"
reached
