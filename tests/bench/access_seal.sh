#!/bin/bash
# Sealing and revealing in bulk, one value of each of 200,000 persons in one session: values a second, against
# pgcrypto's pgp_sym_encrypt and pgp_sym_decrypt with one password a person (on fewer rows: it stretches passwords, and
# neither binds a value to a column nor finds one without decrypting). The issue asks for 100,000 a second of each on one
# core, so these figures are of the backend's CPU time (/proc/self/schedstat), median of 5; neighbours do not count.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

rows=${BENCH_ROWS:-200000}
few=$((rows / 200))
sql "
	CREATE EXTENSION IF NOT EXISTS pgcrypto SCHEMA public;
	DROP SCHEMA IF EXISTS bench_seal CASCADE;
	CREATE SCHEMA bench_seal;
	TRUNCATE access.data_key;
	CREATE TABLE bench_seal.person AS
	SELECT gen_random_uuid() AS subject, '090-' || lpad(n::text, 8, '0') AS phone FROM generate_series(1, $rows) AS n;
	CREATE TABLE bench_seal.few AS SELECT * FROM bench_seal.person LIMIT $few;"
sql 'VACUUM ANALYZE bench_seal.person, bench_seal.few'
session="SET max_parallel_workers_per_gather = 0; SET synchronous_commit = off; SELECT outbreak.seal('x', 'phone', '00000000-0000-4000-8000-000000000000')"

# cpu NAME SQL: CPU of the backend for SQL; the median stays in $ours_ms
cpu() {
	local clock="SELECT split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::double precision / 1e6" run
	ours_ms=$({
		printf '\\o /dev/null\n%s;\n' "$session"
		for run in 0 1 2 3 4 5; do
			[ -z "$between" ] || printf '%s;\n' "$between"
			printf '%s AS start \\gset\n%s;\n\\o\nSELECT %s, clock.ms - :start FROM (%s) AS clock (ms);\n\\o /dev/null\n' "$clock" "$2" "$run" "$clock"
		done
	} | psql -qXAt -v ON_ERROR_STOP=1 -F ' ' -f - | sed -n 's/^[1-5] //p' | median)
	echo "$1: ours $ours_ms ms of CPU"
}
per_second() { awk -v n="$1" -v ms="$ours_ms" 'BEGIN { printf "%d", n / ms * 1000 }'; }

between='TRUNCATE access.data_key'
cpu 'access_seal_new_keys' "SELECT count(outbreak.seal(phone, 'phone', subject)) FROM bench_seal.person"
at_least 'values sealed a second, each with a new key' "$(per_second "$rows")" 100000

between=
cpu 'access_seal' "SELECT count(outbreak.seal(phone, 'phone', subject)) FROM bench_seal.person"
at_least 'values sealed a second with keys that exist' "$(per_second "$rows")" 100000

sql "
	CREATE TABLE bench_seal.sealed AS
	SELECT subject, outbreak.seal(phone, 'phone', subject) AS phone, pgp_sym_encrypt(phone, subject::text, 'cipher-algo=aes256') AS pgp
	FROM bench_seal.few;
	CREATE TABLE bench_seal.all_sealed AS SELECT subject, outbreak.seal(phone, 'phone', subject) AS phone FROM bench_seal.person;
	CREATE INDEX ON bench_seal.all_sealed (phone);"
sql 'VACUUM ANALYZE bench_seal.sealed, bench_seal.all_sealed'
cpu 'access_reveal' "SELECT count(outbreak.reveal(phone, 'phone', subject)) FROM bench_seal.all_sealed"
at_least 'values revealed a second' "$(per_second "$rows")" 100000

cpu 'access_seal_lookup' "SELECT count(s.phone) FROM bench_seal.person AS p JOIN bench_seal.all_sealed AS s ON s.phone OPERATOR(outbreak.=) outbreak.seal_lookup(p.phone, 'phone')"
echo "  $(per_second "$rows") exact searches a second in one join"

pair 'access_seal against pgp_sym_encrypt' "SELECT count(outbreak.seal(phone, 'phone', subject)) FROM bench_seal.few" \
	"SELECT count(pgp_sym_encrypt(phone, subject::text, 'cipher-algo=aes256')) FROM bench_seal.few" 3
pair 'access_reveal against pgp_sym_decrypt' "SELECT count(outbreak.reveal(phone, 'phone', subject)) FROM bench_seal.sealed" \
	"SELECT count(pgp_sym_decrypt(pgp, subject::text)) FROM bench_seal.sealed" 3
sql 'DROP SCHEMA bench_seal CASCADE; DROP EXTENSION pgcrypto; TRUNCATE access.data_key'
reached
