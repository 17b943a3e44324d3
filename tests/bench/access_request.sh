#!/bin/bash
# What access.before_request() adds to a request: calls a second in one session, of it and of outbreak.take_token alone,
# and whole transactions as PostgREST sends them (role, claims, a small read), with and without it, for a token whose
# subject has no account and for one whose account has to be looked up.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

sql "
	UPDATE access.api_limit SET requests_per_second = 1000000, burst = 1000000;
	DELETE FROM access.account WHERE subject LIKE 'bench %';
	INSERT INTO access.account (subject, role, institution)
	SELECT 'bench ' || n, 'outbreak_institution', outbreak.provisional_institution_code(13, n)
	FROM generate_series(1, 30000) AS n;
	ANALYZE access.account"
session="SET SESSION AUTHORIZATION outbreak_authenticator; SET ROLE outbreak_institution; SET request.jwt.claims = '{\"sub\": \"bench 1\"}'"
per_second() { awk -v n=100000 -v ms="$ours_ms" 'BEGIN { printf "%.0f\n", n / ms * 1000 }'; }
single '100,000 calls of take_token' "SELECT count(outbreak.take_token('bench', 1000000, 1000000)) FROM generate_series(1, 100000)"
echo "  $(per_second) calls/s"
at_least 'take_token, calls/s' "$(per_second)" 500000
single '100,000 calls of before_request in one transaction' 'SELECT count(access.before_request()::text) FROM generate_series(1, 100000)'
echo "  $(per_second) calls/s"
at_least 'before_request, calls/s' "$(per_second)" 20000

seconds=${BENCH_SECONDS:-4}
script=$(mktemp)
trap 'rm -f "$script"; sql "DELETE FROM access.account WHERE subject LIKE '"'bench %'"'"' EXIT
micros() {	# micros SUBJECT STATEMENT: microseconds of a transaction
	cat >"$script" <<-END
	\set n random(1, 30000)
	BEGIN;
	SELECT set_config('role', 'outbreak_institution', true), set_config('request.jwt.claims', format('{"sub": "%s %s"}', '$1', :n::integer), true);
	$2
	SELECT form FROM report.form LIMIT 1;
	COMMIT;
	END
	"$PGBIN/pgbench" -n -M prepared -c 1 -T "$seconds" -U outbreak_authenticator -f "$script" 2>&1 | sed -n 's/^latency average = \([0-9.]*\) ms/\1/p' | awk '{ printf "%.1f\n", $1 * 1000 }'
}
for subject in nobody bench; do
	with=()
	without=()
	for run in 1 2 3; do
		with+=("$(micros $subject 'SELECT access.before_request();')")
		without+=("$(micros $subject '')")
	done
	added=$(awk -v a="$(median "${with[@]}")" -v b="$(median "${without[@]}")" 'BEGIN { printf "%.1f", a - b }')
	echo "a transaction of subject $subject: $(median "${with[@]}") µs with before_request, $(median "${without[@]}") µs without, $added µs added"
	at_most "before_request, microseconds added to a request (subject $subject)" "$added" 200
done
reached
