-- The 38 published EU Digital COVID Certificates (dgc-testdata, common): valid ones are valid, bad ones are refused for
-- the reason that was published with them, at the moment that was published with them.
-- They are no part of the project; OUTBREAK_DATA names the folder that has them in qr/.
\set ON_ERROR_STOP 1
\pset format unaligned
\set SHOW_CONTEXT never
\set have `test -d "$OUTBREAK_DATA/qr/dgc-testdata/common/2DCode/raw" && echo on || echo off`
\if :have
\else
\echo skipped: no data
\quit
\endif
\set all `cd "$OUTBREAK_DATA/qr/dgc-testdata/common/2DCode/raw" && printf '[' && for f in *.json; do printf '%s{"name": "%s", "doc": ' "$comma" "${f%.json}"; cat "$f"; printf '}'; comma=,; done && printf ']'`

BEGIN;
CREATE TEMP TABLE vector AS
SELECT e ->> 'name' AS name, e #>> '{doc,PREFIX}' AS code, e #>> '{doc,TESTCTX,CERTIFICATE}' AS certificate,
	(e #>> '{doc,TESTCTX,VALIDATIONCLOCK}')::timestamptz AS at, e #> '{doc,EXPECTEDRESULTS}' AS expected,
	e #> '{doc,JSON}' AS json, e #>> '{doc,BASE45}' AS base45, e #>> '{doc,COMPRESSED}' AS compressed
FROM jsonb_array_elements(:'all') AS e;
-- the list of all their signers, as a country gets it
CREATE TEMP TABLE trust AS
SELECT jsonb_agg(DISTINCT certificate) AS list FROM vector WHERE certificate <> '';
CREATE TEMP TABLE verdict AS
SELECT name, expected, json, outbreak.dcc_verify(code, (SELECT list FROM trust), at) AS v FROM vector;

SELECT name, v ->> 'valid' AS valid, v ->> 'reason' AS reason, v ->> 'alg' AS alg, v ->> 'issuer' AS issuer, v ->> 'issued_at' AS issued_at, v ->> 'expires_at' AS expires_at
FROM verdict
ORDER BY name COLLATE "C";

\echo -- what was published against what came out; none may be left
SELECT name, k.key AS step, k.value AS published, v ->> 'reason' AS reason
FROM verdict
CROSS JOIN LATERAL jsonb_each_text(expected) AS k
WHERE k.key <> 'EXPECTEDPICTUREDECODE'
	AND (k.value = 'true') = (v ->> 'reason' IS NOT NULL AND v ->> 'reason' = ANY (CASE k.key
		WHEN 'EXPECTEDUNPREFIX' THEN '{not_a_dcc}'::text[]
		WHEN 'EXPECTEDB45DECODE' THEN '{bad_base45}'
		WHEN 'EXPECTEDCOMPRESSION' THEN '{bad_zlib}'
		WHEN 'EXPECTEDDECODE' THEN '{bad_cbor,bad_cose,bad_claims}'
		WHEN 'EXPECTEDVERIFY' THEN '{bad_cbor,bad_cose,unknown_key,forged,unsupported_algorithm}'
		WHEN 'EXPECTEDKEYUSAGE' THEN '{wrong_key_usage}'
		WHEN 'EXPECTEDEXPIRATIONCHECK' THEN '{not_yet_valid,expired}'
		WHEN 'EXPECTEDSCHEMAVALIDATION' THEN '{bad_schema}'
		WHEN 'EXPECTEDVALIDJSON' THEN '{bad_claims,bad_schema}'
	END));

\echo -- content as published; base45 as published
SELECT count(*) FILTER (WHERE v -> 'certificate' = json) AS same, count(*) FILTER (WHERE v -> 'certificate' <> json AND v -> 'certificate' <> 'null') AS other
FROM verdict;
SELECT count(*) AS texts, count(*) FILTER (WHERE outbreak.base45_encode(decode(compressed, 'hex')) = base45) AS same
FROM vector
WHERE compressed <> ''
	AND base45 <> ''
	AND name !~ '^[BZ]';

\echo -- without their signers, and with each kind of list
SELECT v ->> 'reason' AS reason, count(*)
FROM (SELECT outbreak.dcc_verify(code, '[]', at) AS v FROM vector) AS t
GROUP BY v ->> 'reason'
ORDER BY (v ->> 'reason') COLLATE "C";
SELECT form, v ->> 'valid' AS valid
FROM vector
CROSS JOIN LATERAL (VALUES
	('strings', jsonb_build_array(certificate)),
	('objects', jsonb_build_array(jsonb_build_object('rawData', certificate))),
	('x5c', jsonb_build_object('keys', jsonb_build_array(jsonb_build_object('x5c', jsonb_build_array(certificate))))),
	('pem', jsonb_build_array(E'-----BEGIN CERTIFICATE-----\n' || certificate || E'\n-----END CERTIFICATE-----\n')),
	('public key', jsonb_build_array(jsonb_build_object('kid', (SELECT kid FROM outbreak.trust_keys(jsonb_build_array(certificate))),
		'publicKey', (SELECT encode(public_key, 'base64') FROM outbreak.trust_keys(jsonb_build_array(certificate))))))
) AS l (form, list)
CROSS JOIN LATERAL outbreak.dcc_verify(code, list, at) AS v
WHERE name = 'CO3';

\echo -- another certificate with the same kid stands first: all of them are tried
SELECT v ->> 'valid' AS valid
FROM vector AS a
JOIN vector AS b ON b.name = 'DGC3'
CROSS JOIN LATERAL outbreak.dcc_verify(a.code, jsonb_build_array(
	jsonb_build_object('kid', encode(outbreak.dcc_kid(a.code), 'base64'), 'certificate', b.certificate), a.certificate), a.at) AS v
WHERE a.name = 'CO3';

\echo -- a key whose trust has ended, before and after
SELECT t.at, v ->> 'valid' AS valid, v ->> 'reason' AS reason
FROM vector
CROSS JOIN (VALUES (timestamptz '2021-05-03 18:00:00Z'), ('2021-05-04 00:00:00Z')) AS t (at)
CROSS JOIN LATERAL outbreak.dcc_verify(code, jsonb_build_array(jsonb_build_object('certificate', certificate, 'revoked_at', extract(epoch FROM timestamptz '2021-05-04 00:00:00Z'))), t.at) AS v
WHERE name = 'CO3';

\echo -- every bit that is changed is noticed, or changes nothing (padding of deflate), and every cut
SELECT v ->> 'reason' AS reason, count(*) > 0 AS some
FROM (
	SELECT outbreak.dcc_verify('HC1:' || outbreak.base45_encode(set_bit(packed, bit, 1 - get_bit(packed, bit))), list, at) AS v
	FROM (SELECT outbreak.base45_decode(substr(code, 5)) AS packed, at, (SELECT t.list FROM trust AS t) AS list FROM vector WHERE name = 'CO3') AS p
	CROSS JOIN LATERAL generate_series(0, 8 * length(packed) - 1) AS bit
	UNION ALL
	SELECT outbreak.dcc_verify(left(code, n), (SELECT t.list FROM trust AS t), at)
	FROM vector
	CROSS JOIN LATERAL generate_series(0, length(code) - 1) AS n
	WHERE name = 'CO3'
) AS t
WHERE v ->> 'valid' <> 'false'
	AND v <> (SELECT d.v FROM verdict AS d WHERE d.name = 'CO3')
GROUP BY v ->> 'reason';
ROLLBACK;
