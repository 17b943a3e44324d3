-- The published SMART Health Cards: all four hold, in one code, in three in any order, and as JWS; times with a fraction
-- count; a card that its issuer revoked, a forged one and one with a chunk missing are told with their reason.
\set ON_ERROR_STOP 1
\pset format unaligned
\set SHOW_CONTEXT never
\set have `test -d "$OUTBREAK_DATA/qr/shc/gh-pages/examples" && echo on || echo off`
\if :have
\else
\echo skipped: no data
\quit
\endif
\set jwks `cat "$OUTBREAK_DATA/qr/shc/gh-pages/examples/issuer/.well-known/jwks.json"`
\set crl `cat "$OUTBREAK_DATA"/qr/shc/gh-pages/examples/issuer/.well-known/crl/*.json`
\set all `cd "$OUTBREAK_DATA/qr/shc/gh-pages/examples" && printf '[' && for n in 00 01 02 03; do printf '%s{"name": "%s", "code": "' "$comma" "$n"; for f in example-$n-f-*.txt; do tr -d '\n' <"$f"; printf ' '; done; printf '", "jws": "'; tr -d '\n' <example-$n-d-jws.txt; printf '", "payload": '; cat example-$n-b-*.json; printf '}'; comma=,; done && printf ']'`

BEGIN;
CREATE TEMP TABLE card AS
SELECT e ->> 'name' AS name, btrim(e ->> 'code') AS code, e ->> 'jws' AS jws, e -> 'payload' AS payload
FROM jsonb_array_elements(:'all') AS e;
CREATE TEMP TABLE trust AS
SELECT jsonb_build_object('https://spec.smarthealth.cards/examples/issuer', :'jwks'::jsonb) AS list,
	jsonb_build_object('https://spec.smarthealth.cards/examples/issuer', :'jwks'::jsonb || jsonb_build_object('crls', jsonb_build_array(:'crl'::jsonb))) AS with_crl;

SELECT name, v ->> 'valid' AS valid, v ->> 'reason' AS reason, v ->> 'issued_at' AS issued_at, v ->> 'expires_at' AS expires_at, v ->> 'rid' AS rid,
	v -> 'certificate' = payload -> 'vc' AS as_published, outbreak.shc_verify(jws, (SELECT list FROM trust), '2024-01-01') = v AS jws_alike,
	v ->> 'kid' = outbreak.shc_kid(code) AS kid
FROM card
CROSS JOIN LATERAL outbreak.shc_verify(code, (SELECT list FROM trust), '2024-01-01') AS v
ORDER BY name;
SELECT name, outbreak.shc_digits(jws) = code AS digits_as_published, outbreak.qr_version(code, 'L') AS version
FROM card
WHERE code NOT LIKE '% %'
ORDER BY name;

\echo -- the kid of a key is its thumbprint
SELECT k ->> 'kid' = outbreak.public_key_jwk(t.public_key) ->> 'kid' AS thumbprint, outbreak.public_key_jwk(t.public_key) ->> 'x' = k ->> 'x' AS x
FROM jsonb_array_elements(:'jwks'::jsonb -> 'keys') AS k
JOIN outbreak.trust_keys(:'jwks', true) AS t ON t.kid = k ->> 'kid'
ORDER BY k ->> 'kid' COLLATE "C";

\echo -- revoked: 03 is on the issuer''s list with a moment after it was issued
SELECT name, v ->> 'valid' AS valid, v ->> 'reason' AS reason
FROM card
CROSS JOIN LATERAL outbreak.shc_verify(code, (SELECT with_crl FROM trust), '2024-01-01') AS v
ORDER BY name;
SELECT seconds, v ->> 'reason' AS reason
FROM card
CROSS JOIN (VALUES ('.1687450764'), ('.1687450765'), ('')) AS s (seconds)
CROSS JOIN LATERAL outbreak.shc_verify(code, jsonb_build_object('https://spec.smarthealth.cards/examples/issuer',
	:'jwks'::jsonb || jsonb_build_object('crls', jsonb_build_array(jsonb_build_object('kid', outbreak.shc_kid(code), 'rids', jsonb_build_array('vwAjHdarZuc' || seconds))))), '2024-01-01') AS v
WHERE name = '03';

\echo -- three codes in any order, twice, with line ends; one missing, one that belongs elsewhere
CREATE TEMP TABLE chunk AS
SELECT c.part, c.number
FROM card
CROSS JOIN LATERAL regexp_split_to_table(code, ' +') WITH ORDINALITY AS c (part, number)
WHERE name = '02';
SELECT parts, v ->> 'valid' AS valid, v ->> 'reason' AS reason
FROM (
	SELECT o.parts, string_agg(CASE WHEN p.number = 4 THEN replace((SELECT part FROM chunk WHERE number = 3), 'shc:/3/3', 'shc:/3/4') ELSE c.part END, E'\r\n' ORDER BY p.position) AS code
	FROM (VALUES ('{1,2,3}'::integer[]), ('{3,1,2}'), ('{2,2,3,1,3}'), ('{1,2}'), ('{2}'), ('{1,2,4}')) AS o (parts)
	CROSS JOIN LATERAL unnest(o.parts) WITH ORDINALITY AS p (number, position)
	LEFT JOIN chunk AS c ON c.number = p.number
	GROUP BY o.parts
) AS t
CROSS JOIN LATERAL outbreak.shc_verify(t.code, (SELECT list FROM trust), '2024-01-01') AS v
ORDER BY parts;

\echo -- before it was issued by less than a second, and from its last second on
SELECT at, v ->> 'reason' AS reason
FROM card
CROSS JOIN (VALUES (timestamptz '2023-06-22 16:19:24.656Z'), ('2023-06-22 16:19:24.657Z'), ('2024-06-21 16:19:24.656Z'), ('2024-06-21 16:19:24.657Z'), ('-infinity'), ('infinity')) AS t (at)
CROSS JOIN LATERAL outbreak.shc_verify(code, (SELECT list FROM trust), at) AS v
WHERE name = '03'
ORDER BY at;

\echo -- other issuers, other keys, other signatures
SELECT what, v ->> 'reason' AS reason, v ->> 'issuer' IS NOT NULL AS issuer, v ->> 'issued_at' AS issued_at, v -> 'certificate' AS certificate
FROM card
CROSS JOIN LATERAL (VALUES
	(1, 'issuer', jws, '{"https://elsewhere.example": {"keys": []}}'::jsonb),
	(2, 'key', jws, '{"https://spec.smarthealth.cards/examples/issuer": {"keys": []}}'),
	(3, 'key of another issuer', jws, jsonb_build_object('https://elsewhere.example', :'jwks'::jsonb, 'https://spec.smarthealth.cards/examples/issuer', '[]'::jsonb)),
	(4, 'signature', left(jws, length(jws) - 5) || 'AAAAA', (SELECT list FROM trust)),
	(5, 'header', replace(jws, split_part(jws, '.', 1), translate(encode(convert_to(replace(convert_from(decode(translate(split_part(jws, '.', 1), '-_', '+/') || repeat('=', (4 - length(split_part(jws, '.', 1)) % 4) % 4), 'base64'), 'UTF8'), 'ES256', 'HS256'), 'UTF8'), 'base64'), E'+/=\n', '-_')), (SELECT list FROM trust))
) AS t (position, what, code, list)
CROSS JOIN LATERAL outbreak.shc_verify(t.code, t.list, '2024-01-01') AS v
WHERE name = '00'
ORDER BY t.position;

\echo -- every cut and every changed character is noticed
SELECT v ->> 'reason' AS reason, count(*) AS codes
FROM (
	SELECT outbreak.shc_verify(left(code, n), (SELECT list FROM trust), '2024-01-01') AS v
	FROM card
	CROSS JOIN LATERAL generate_series(0, length(code) - 1) AS n
	WHERE name = '00'
	UNION ALL
	SELECT outbreak.shc_verify(overlay(jws PLACING chr(CASE WHEN substr(jws, n, 1) = 'A' THEN 81 ELSE 65 END) FROM n FOR 1), (SELECT list FROM trust), '2024-01-01')
	FROM card
	CROSS JOIN LATERAL generate_series(1, length(jws)) AS n
	WHERE name = '00'
) AS t
WHERE v ->> 'valid' <> 'false'
GROUP BY 1;
ROLLBACK;
