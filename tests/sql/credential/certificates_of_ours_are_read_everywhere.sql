-- Certificates that we sign hold for who trusts our certificate, with ES256 and PS256; content comes back as it went in;
-- what the schema does not allow is refused with the member at fault, before anything is signed.
\pset format unaligned
\set SHOW_CONTEXT never
\set vaccination '{"ver": "1.3.3", "nam": {"fn": "検疫", "fnt": "KENEKI", "gn": "花子", "gnt": "HANAKO"}, "dob": "1998-02-26", "v": [{"tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215", "dn": 2, "sd": 2, "dt": "2021-06-11", "co": "JP", "is": "Ministry of Health, Labour and Welfare", "ci": "URN:UVCI:01:JP:SAMPLE0001#G"}]}'
\set test '{"ver": "1.3.3", "nam": {"fnt": "KENEKI<YAMADA"}, "dob": "", "t": [{"tg": "840539006", "tt": "LP6464-4", "nm": "PCR", "sc": "2021-06-11T09:30:00+09:00", "tr": "260415000", "tc": "成田空港検疫所", "co": "JP", "is": "MHLW", "ci": "URN:UVCI:01:JP:SAMPLE0002#X"}]}'
\set recovery '{"ver": "1.3.3", "nam": {"gnt": "TARO"}, "dob": "1964-10", "r": [{"tg": "840539006", "fr": "2021-01-10", "co": "JP", "is": "MHLW", "df": "2021-01-24", "du": "2021-06-30", "ci": "URN:UVCI:01:JP:SAMPLE0003#Y"}]}'

BEGIN;
\echo -- with our own key
SELECT credential.sign_dcc(:'vaccination', '[2021-06-12,2021-12-12)', '2021-06-12');
ROLLBACK;
BEGIN;
SELECT credential.new_key('dcc', '2021-06-01') AS kid \gset
SELECT substr(sha256(certificate), 1, 8) = kid AS kid_is_of_the_certificate, outbreak.public_key_of(certificate) = public_key AS its_key
FROM credential.signing_key
WHERE purpose = 'dcc';
SELECT what, v ->> 'valid' AS valid, v ->> 'reason' AS reason, v ->> 'alg' AS alg, v ->> 'issuer' AS issuer, v ->> 'issued_at' AS issued_at, v ->> 'expires_at' AS expires_at,
	v -> 'certificate' = t.payload AS content, v ->> 'kid' = encode(:'kid', 'base64') AS kid, length(code) < 700 AS fits_a_card
FROM (VALUES ('vaccination', :'vaccination'::jsonb), ('test', :'test'), ('recovery', :'recovery')) AS t (what, payload)
CROSS JOIN LATERAL credential.sign_dcc(t.payload, '[2021-06-12,2021-12-12)', '2021-06-12') AS code
CROSS JOIN LATERAL outbreak.dcc_verify(code, credential.trust('dcc'), '2021-07-01') AS v
ORDER BY what COLLATE "C" DESC;
SELECT credential.sign_dcc(:'vaccination', '[2021-06-12,2021-12-12)', '2021-06-12') AS code \gset
SELECT credential.verify(:'code', '2021-07-01') - 'kid' - 'certificate' AS verdict;
SELECT credential.verify(:'code', '2021-06-11') ->> 'reason' AS early, credential.verify(:'code', '2021-12-12') ->> 'reason' AS late;
SELECT credential.revoke_key(:'kid', 'test', '2021-08-01') AS revoked;
SELECT credential.verify(:'code', '2021-07-31') ->> 'valid' AS before, credential.verify(:'code', '2021-08-01') ->> 'reason' AS after;

\echo -- the certificate of an authority takes the place of our own, with a kid of its own
SELECT credential.new_key('dcc', '2021-09-01') AS kid \gset
SELECT 'x' AS no_certificate FROM credential.certify_key(:'kid', '\x3000');
ROLLBACK;
BEGIN;
SELECT credential.new_key('dcc', '2021-09-01') AS kid \gset
SELECT credential.certify_key(:'kid', k.certificate) = :'kid' AS same FROM credential.signing_key AS k WHERE k.kid = :'kid';
ROLLBACK;
SELECT credential.certify_key('\x0102030405060708', '\x3000');

\echo -- with keys of one''s own: P-256 and RSA
\set ec `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 2>/dev/null | openssl pkcs8 -topk8 -nocrypt -outform DER 2>/dev/null | base64 -w 0`
\set ec_public `true`
\setenv EC_KEY :ec
\set ec_public `printf %s "$EC_KEY" | base64 -d | openssl pkey -inform DER -pubout -outform DER 2>/dev/null | base64 -w 0`
\set rsa `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 2>/dev/null | openssl pkcs8 -topk8 -nocrypt -outform DER 2>/dev/null | base64 -w 0`
\setenv RSA_KEY :rsa
\set rsa_public `printf %s "$RSA_KEY" | base64 -d | openssl pkey -inform DER -pubout -outform DER 2>/dev/null | base64 -w 0`
SELECT k.what, v ->> 'valid' AS valid, v ->> 'reason' AS reason, v ->> 'alg' AS alg
FROM (VALUES ('ec', :'ec', :'ec_public'), ('rsa', :'rsa', :'rsa_public'), ('crossed', :'ec', :'rsa_public')) AS k (what, private, public)
CROSS JOIN LATERAL outbreak.dcc_sign(:'vaccination', 'JP', '2021-06-12', '2021-12-12', '\x0102030405060708', decode(k.private, 'base64')) AS code
CROSS JOIN LATERAL outbreak.dcc_verify(code, jsonb_build_array(jsonb_build_object('kid', 'AQIDBAUGBwg=', 'publicKey', k.public)), '2021-07-01') AS v
ORDER BY k.what COLLATE "C";

\echo -- keys that are too weak or of another curve sign nothing and verify nothing
\set small `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 2>/dev/null | openssl pkcs8 -topk8 -nocrypt -outform DER 2>/dev/null | base64 -w 0`
\set curve `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 2>/dev/null | openssl pkcs8 -topk8 -nocrypt -outform DER 2>/dev/null | base64 -w 0`
\set edwards `openssl genpkey -algorithm ED25519 2>/dev/null | openssl pkcs8 -topk8 -nocrypt -outform DER 2>/dev/null | base64 -w 0`
SELECT outbreak.dcc_sign(:'vaccination', 'JP', '2021-06-12', '2021-12-12', '\x0102030405060708', decode(:'small', 'base64'));
SELECT outbreak.dcc_sign(:'vaccination', 'JP', '2021-06-12', '2021-12-12', '\x0102030405060708', decode(:'curve', 'base64'));
SELECT outbreak.dcc_sign(:'vaccination', 'JP', '2021-06-12', '2021-12-12', '\x0102030405060708', decode(:'edwards', 'base64'));
SELECT outbreak.ticket_sign('3f2504e0-4f89-41d3-9a0c-0305e82c3301', 1::smallint, '2021-04-01', '2021-04-15', 'NRT', '\x0102030405060708', decode(:'rsa', 'base64'));

\echo -- numbers, texts, nothing and nesting come back as they went in
SELECT v -> 'certificate' -> 'x' AS x
FROM outbreak.dcc_sign(:'recovery'::jsonb || '{"x": {"whole": [0, 23, 24, 255, 256, 65535, 65536, 4294967295, 4294967296, 9007199254740993, -1, -24, -25, -257], "real": [0.5, -1.25, 1e300, 0.1], "text": ["", "検疫", "👍", "a\"b\\c"], "other": [true, false, null, {}, []]}}', 'JP', '2021-06-12', '2021-12-12', '\x0102030405060708', decode(:'ec', 'base64')) AS code
CROSS JOIN LATERAL outbreak.dcc_verify(code, jsonb_build_array(jsonb_build_object('kid', 'AQIDBAUGBwg=', 'publicKey', :'ec_public')), '2021-07-01') AS v;

\echo -- what is no certificate is refused, with the member at fault
CREATE FUNCTION pg_temp.refused(payload jsonb) RETURNS text
LANGUAGE plpgsql
AS $$
DECLARE
	detail text;
BEGIN
	PERFORM outbreak.dcc_sign(payload, 'JP', '2021-06-12', '2021-12-12', '\x0102030405060708', '\x');
	RETURN 'SIGNED';
EXCEPTION WHEN invalid_parameter_value THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN detail;
END
$$;
SELECT what, pg_temp.refused(payload) AS refused
FROM (VALUES
	(1, 'nothing', '{}'::jsonb), (2, 'an array', '[]'), (3, 'a scalar', '1'),
	(4, 'no name', :'vaccination'::jsonb - 'nam'), (5, 'empty name', :'vaccination'::jsonb || '{"nam": {}}'), (6, 'lower case', :'vaccination'::jsonb || '{"nam": {"fnt": "Keneki"}}'),
	(7, 'birth', :'vaccination'::jsonb || '{"dob": "26.2.1998"}'), (8, 'birth day', :'vaccination'::jsonb || '{"dob": "1998-02-30"}'), (9, 'birth century', :'vaccination'::jsonb || '{"dob": "1898"}'),
	(10, 'version', :'vaccination'::jsonb || '{"ver": "1.3"}'),
	(11, 'no group', :'vaccination'::jsonb - 'v'), (12, 'empty group', :'vaccination'::jsonb || '{"v": []}'), (13, 'two entries', jsonb_set(:'vaccination', '{v,1}', :'vaccination'::jsonb #> '{v,0}')),
	(14, 'two groups', :'vaccination'::jsonb || (:'recovery'::jsonb - '{ver,nam,dob}'::text[])),
	(15, 'dose 0', jsonb_set(:'vaccination', '{v,0,dn}', '0')), (16, 'half a dose', jsonb_set(:'vaccination', '{v,0,dn}', '1.5')), (17, 'dose as text', jsonb_set(:'vaccination', '{v,0,sd}', '"2"')),
	(18, 'no date', :'vaccination'::jsonb #- '{v,0,dt}'), (19, 'date', jsonb_set(:'vaccination', '{v,0,dt}', '"2021-02-29"')),
	(20, 'country', jsonb_set(:'vaccination', '{v,0,co}', '"japan"')), (21, 'long issuer', jsonb_set(:'vaccination', '{v,0,is}', to_jsonb(repeat('検', 81)))),
	(22, 'test without time', jsonb_set(:'test', '{t,0,sc}', '"2021-06-11"')), (23, 'recovery', :'recovery'::jsonb #- '{r,0,du}')
) AS t (position, what, payload)
ORDER BY position;

\echo -- other arguments
SELECT outbreak.dcc_sign(:'vaccination', 'Japan', '2021-06-12', '2021-12-12', '\x0102030405060708', '\x');
SELECT outbreak.dcc_sign(:'vaccination', 'JP', '2021-06-12', '2021-06-12', '\x0102030405060708', '\x');
SELECT outbreak.dcc_sign(:'vaccination', 'JP', '2021-06-12', 'infinity', '\x0102030405060708', '\x');
SELECT outbreak.dcc_sign(:'vaccination', 'JP', '2021-06-12', '2021-12-12', '\x01', '\x');
SELECT credential.sign_dcc(:'vaccination', '[2021-06-12,2024-12-12)', '2021-06-12');
\set VERBOSITY sqlstate
SELECT credential.sign_dcc(:'vaccination', '[2021-06-12,2021-12-12)', '2021-06-12');
SELECT outbreak.dcc_sign('{}', 'JP', '2021-06-12', '2021-12-12', '\x0102030405060708', '\x');
SELECT credential.certify_key('\x0102030405060708', '\x3000');
