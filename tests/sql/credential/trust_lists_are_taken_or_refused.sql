-- A trust list is taken in whatever form countries and issuers publish theirs; what is none is refused with the key at
-- fault; a later list withdraws what it leaves out, and an earlier moment is still judged by what was trusted then.
\pset format unaligned
\set SHOW_CONTEXT never
\set a `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj /CN=a -days 30 -outform DER 2>/dev/null | base64 -w 0`
\set b `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj /CN=b -days 30 -outform DER 2>/dev/null | base64 -w 0`
\set weak `openssl req -x509 -newkey rsa:1024 -nodes -keyout /dev/null -subj /CN=weak -days 30 -outform DER 2>/dev/null | base64 -w 0`

BEGIN;
SELECT credential.load_trust('dcc', jsonb_build_array(:'a'), 'first list', '2021-06-01');
SELECT credential.load_trust('dcc', jsonb_build_array(:'a', jsonb_build_object('rawData', :'b')), 'second list', '2021-06-02');
SELECT credential.load_trust('dcc', jsonb_build_array(:'a', jsonb_build_object('rawData', :'b')), 'second list', '2021-06-02');
SELECT credential.load_trust('dcc', jsonb_build_object('certificates', jsonb_build_array(jsonb_build_object('certificate', :'b'), :'weak')), 'third list', '2021-06-03');
SELECT count(*) AS keys, count(withdrawn_at) AS withdrawn, jsonb_array_length(credential.trust('dcc')) AS in_the_list
FROM credential.trust_key;
SELECT jsonb_array_length(credential.trust('dcc', (SELECT kid FROM outbreak.trust_keys(jsonb_build_array(:'a'))))) AS with_its_kid,
	credential.trust('dcc', 'AAAAAAAAAAA=') AS with_another;
SELECT credential.load_trust('dcc', jsonb_build_array(:'a'), 'fourth list', '2021-06-04');

\echo -- issuers of health cards, with their lists of revoked cards
SELECT credential.load_trust('shc', jsonb_build_object(
	'https://a.example/issuer', jsonb_build_object('keys', jsonb_build_array(outbreak.public_key_jwk(outbreak.public_key_of(decode(:'a', 'base64')))),
		'crls', '[{"kid": "k", "method": "rid", "ctr": 1, "rids": ["abc", "def.1600000000"]}]'::jsonb),
	'https://b.example/issuer', jsonb_build_array(outbreak.public_key_jwk(outbreak.public_key_of(decode(:'b', 'base64'))))), 'directory', '2021-06-01');
SELECT credential.load_trust('shc', credential.trust('shc'), 'directory again', '2021-06-02');
SELECT issuer, rid FROM credential.revoked_card ORDER BY rid COLLATE "C";
ROLLBACK;

\echo -- keys of other kinds are left out, not refused
SELECT count(*) AS usable FROM outbreak.trust_keys(jsonb_build_array(:'a', :'weak'));
SELECT count(*) AS usable FROM outbreak.trust_keys('[{"kty": "OKP", "crv": "Ed25519", "x": "AAAA", "kid": "1234"}, {"kty": "EC", "crv": "P-384", "x": "AAAA", "y": "AAAA", "kid": "1234"}]');
SELECT count(*) AS usable FROM outbreak.trust_keys('[]');
SELECT count(*) AS usable FROM outbreak.trust_keys('{}');

\echo -- what is no trust list
SELECT outbreak.trust_keys('1');
SELECT outbreak.trust_keys('"x"');
SELECT outbreak.trust_keys('{"a": 1}');
SELECT outbreak.trust_keys('[1]');
SELECT outbreak.trust_keys('[{}]');
SELECT outbreak.trust_keys('["not base64!"]');
SELECT outbreak.trust_keys(jsonb_build_array(:'a', jsonb_build_object('publicKey', 'AAAA')));
SELECT outbreak.trust_keys('[{"kty": "EC", "x": "AAAA", "kid": "1234"}]');
SELECT outbreak.trust_keys('[{"kty": "EC", "x": "AAAA", "y": "AAAA"}]');
SELECT outbreak.trust_keys('["-----BEGIN CERTIFICATE-----"]');
SELECT outbreak.trust_keys('{"https://a": {"keys": [], "crls": [{"kid": "k"}]}}', true);
SELECT outbreak.trust_keys('{"https://a": {"keys": [], "crls": [{"kid": "k", "rids": ["abc.x"]}]}}', true);
SELECT credential.load_trust('icao', '[]', 'x');
SELECT credential.load_trust('dcc', NULL, 'x');
SELECT credential.load_trust('dcc', '[]', '');
SELECT credential.load_trust('dcc', '["x!"]', 'x');
\set VERBOSITY sqlstate
SELECT outbreak.trust_keys('[{}]');
SELECT credential.load_trust('icao', '[]', 'x');

\echo -- bad codes raise no error, whatever they are
\set VERBOSITY default
SELECT coalesce(left(code, 12), 'NULL') AS code, credential.verify(code, '2021-06-01') AS verdict
FROM (VALUES (NULL), (''), ('x'), ('HC1:'), ('HC1:' || repeat('0', 20000)), ('HC1:' || outbreak.base45_encode('\x789c030000000001')), ('shc:/'), ('shc:/1/'), ('shc:/0/0/11'), ('shc:/2/1/11'), ('shc:/100/100/11'), ('shc:/9999'), ('eyJ'), ('eyJ.a.b'), ('eyJ9.e30.e30'), ('OBT1:')) AS t (code);
