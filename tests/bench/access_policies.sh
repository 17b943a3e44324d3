#!/bin/bash
# Reading the reports of one prefecture, counting and fetching, of 1,000,000 daily reports: as an official whom policies
# confine to it, against the same read by the owner with WHERE prefecture = 13. All months, and one day; through a
# login's account, and through claims as PostgREST sets them.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
psql -qX -f "$(dirname "$0")/gmis_country.sql" >/dev/null

columns='institution, on_date, beds_secured, beds_ready, beds_occupied, severe_secured, severe_ready, severe_occupied, icu_present, icu_used, ventilators_present, ventilators_used, ventilator_patients, ecmo_present, ecmo_used, doctors, nurses, other_staff, outpatients, inpatients, severe_patients, tests, positives, source, reported_at'
sql "INSERT INTO gmis.daily ($columns) SELECT * FROM bench_report(1, 8282, '2020-12-15', '2021-04-14') LIMIT 1000000"
sql 'VACUUM ANALYZE gmis.daily'
sql "
	DROP ROLE IF EXISTS ob_bench_officer;
	CREATE ROLE ob_bench_officer LOGIN;
	GRANT outbreak_prefecture TO ob_bench_officer;
	DELETE FROM access.account WHERE login = 'ob_bench_officer';
	INSERT INTO access.account (login, prefecture) VALUES ('ob_bench_officer', 13)"
trap 'sql "DROP ROLE IF EXISTS ob_bench_officer"' EXIT
echo "access_policies: $(sql 'SELECT count(*) FROM gmis.daily') reports, $(sql 'SELECT count(*) FROM gmis.daily WHERE prefecture = 13') of the prefecture"

# as SESSION-USER ROLE SQL: the statement in a transaction of that user
as() { printf "SET SESSION AUTHORIZATION %s; BEGIN; SET LOCAL ROLE %s; SET LOCAL request.jwt.claims = '{\"prefecture\": 13}'; %s; COMMIT; RESET SESSION AUTHORIZATION" "$1" "$2" "$3"; }
compare() {	# compare NAME SQL-UNDER-POLICIES SQL-OF-THE-OWNER
	local login
	for login in ob_bench_officer outbreak_authenticator; do
		pair "$1, $login" "$(as $login outbreak_prefecture "$2")" "$(as postgres outbreak_owner "$3")" "${runs:-9}"
		at_most 'under policies / WHERE by the owner' "$ratio" 1.2
	done
}

compare 'counting all months' 'SELECT count(*) FROM gmis.daily' 'SELECT count(*) FROM gmis.daily WHERE prefecture = 13'
compare 'fetching all months' 'SELECT * FROM gmis.daily' 'SELECT * FROM gmis.daily WHERE prefecture = 13'
compare 'summing all months' 'SELECT on_date, sum(beds_ready), sum(inpatients) FROM gmis.daily GROUP BY 1' 'SELECT on_date, sum(beds_ready), sum(inpatients) FROM gmis.daily WHERE prefecture = 13 GROUP BY 1'
compare 'counting without parallel workers' 'SET LOCAL max_parallel_workers_per_gather = 0; SELECT count(*) FROM gmis.daily' 'SET LOCAL max_parallel_workers_per_gather = 0; SELECT count(*) FROM gmis.daily WHERE prefecture = 13'
# short ones: twenty in a row, more runs
runs=25
twenty() { local n; for n in $(seq 20); do printf "$1; " "$((n % 20 + 1))"; done; printf 'SELECT'; }
compare 'fetching twenty days, one by one' "$(twenty "SELECT * FROM gmis.daily WHERE on_date = date '2021-02-01' + %s")" \
	"$(twenty "SELECT * FROM gmis.daily WHERE on_date = date '2021-02-01' + %s AND prefecture = 13")"
compare 'twenty institutions by name' "$(twenty "SELECT count(*) FROM registry.institution WHERE name_ja = '計測 500%s' AND prefecture = 13")" \
	"$(twenty "SELECT count(*) FROM registry.institution WHERE name_ja = '計測 500%s' AND prefecture = 13")"
# for each row the getter alone
session='SET SESSION AUTHORIZATION ob_bench_officer'
single 'ten million calls of the getter' 'SELECT count(*) FROM generate_series(1, 10000000) AS n WHERE outbreak.my_prefecture() = 13' 3
reached
