#!/bin/bash
# How many EU certificates are verified a second on one core, against OpenSSL's own limit for P-256 on the same machine
# in the same minute; with a list of 2,000 signers; and all kept codes again in one query. The issue wants 1,000 a second,
# or OpenSSL's limit where that is lower.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

codes=2000
sql "
SELECT credential.new_key('dcc', now() - interval '1 hour');
CREATE TABLE dcc AS
SELECT n, credential.sign_dcc(jsonb_build_object('ver', '1.3.3', 'nam', jsonb_build_object('fn', '検疫', 'fnt', 'KENEKI', 'gn', '花子', 'gnt', 'HANAKO'), 'dob', '1980-01-02', 'v',
	jsonb_build_array(jsonb_build_object('tg', '840539006', 'vp', '1119349007', 'mp', 'EU/1/20/1528', 'ma', 'ORG-100030215', 'dn', 2, 'sd', 2, 'dt', '2021-06-11', 'co', 'JP',
		'is', 'Ministry of Health, Labour and Welfare', 'ci', 'URN:UVCI:01:JP:' || n))), tstzrange(now(), now() + interval '180 days')) AS code
FROM generate_series(1, $codes) AS n;
-- the signers of a continent: bare keys of others, and ours
CREATE TABLE list AS
SELECT credential.trust('dcc') AS short, credential.trust('dcc') || jsonb_agg(jsonb_build_object('kid', encode(substr(sha256(n::text::bytea), 1, 8), 'base64'), 'publicKey', (SELECT encode(public_key, 'base64') FROM credential.signing_key LIMIT 1))) AS long
FROM generate_series(1, 2000) AS n" >/dev/null
sql 'VACUUM ANALYZE dcc' >/dev/null
at_least 'codes that are valid' "$(sql "SELECT count(*) FROM dcc WHERE (outbreak.dcc_verify(code, (SELECT short FROM list)) ->> 'valid')::boolean")" $codes

session='SET max_parallel_workers_per_gather = 0'
limits=()
rates=()
for run in 1 2 3; do
	limits+=("$(openssl speed -seconds 1 ecdsap256 2>/dev/null | awk '/nistp256/ { print $NF }')")
	single "$codes certificates" "SELECT count(*) FROM dcc WHERE (outbreak.dcc_verify(code, (SELECT short FROM list)) ->> 'valid')::boolean" 3
	rates+=("$(awk -v ms="$ours_ms" -v n="$codes" 'BEGIN { printf "%.0f", n * 1000 / ms }')")
done
limit=$(median "${limits[@]}")
rate=$(median "${rates[@]}")
echo "certificates verified a second on one core: ours $rate, other (OpenSSL's ECDSA P-256 alone) $limit, ratio $(awk -v a="$rate" -v b="$limit" 'BEGIN { printf "%.2f", a / b }')"
at_least 'certificates verified a second' "$rate" "$(awk -v l="$limit" 'BEGIN { print (l < 1000 ? l : 1000) }')"

pair "$codes certificates, 1 signer against 2,001" \
	"SELECT count(*) FROM dcc WHERE (outbreak.dcc_verify(code, (SELECT short FROM list)) ->> 'valid')::boolean" \
	"SELECT count(*) FROM dcc WHERE (outbreak.dcc_verify(code, (SELECT long FROM list)) ->> 'valid')::boolean" 3
single "$codes certificates signed" "SELECT count(outbreak.dcc_kid(credential.sign_dcc('{\"ver\": \"1.3.3\", \"nam\": {\"fnt\": \"KENEKI\"}, \"dob\": \"1980\", \"r\": [{\"tg\": \"840539006\", \"fr\": \"2021-01-10\", \"co\": \"JP\", \"is\": \"MHLW\", \"df\": \"2021-01-24\", \"du\": \"2021-06-30\", \"ci\": \"URN:UVCI:01:JP:1\"}]}', tstzrange(now(), now() + interval '180 days')))) FROM dcc" 3

sql "SELECT count(credential.store(('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, code)) FROM dcc" >/dev/null
single "$codes kept codes verified again in one query" 'SELECT credential.reverify_all(now())' 3
reached
