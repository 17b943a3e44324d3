-- The private part of a signing key is in no plain column, no audit entry, no error and no role's reach: roles read the
-- public parts, a quarantine officer has a ticket signed, and a row that is copied elsewhere signs nothing.
\pset format unaligned
\set SHOW_CONTEXT never
BEGIN;
SELECT credential.issue_ticket('3f2504e0-4f89-41d3-9a0c-0305e82c3301', 'arrival', '[2021-04-01,2021-04-15)', 'NRT', '2021-03-20') IS NOT NULL AS issued;

\echo -- who may read what of a key
SELECT a.attname AS column, string_agg(r.rolname, ' ' ORDER BY r.rolname) AS roles
FROM pg_attribute AS a
JOIN pg_roles AS r ON r.rolname ~ '^outbreak_' AND has_column_privilege(r.rolname, 'credential.signing_key', a.attname, 'SELECT')
WHERE a.attrelid = 'credential.signing_key'::regclass
	AND a.attnum > 0
	AND NOT a.attisdropped
GROUP BY a.attnum, a.attname
ORDER BY a.attnum;
SELECT string_agg(r.rolname, ' ' ORDER BY r.rolname) AS may_sign_with_a_sealed_key
FROM pg_roles AS r
WHERE r.rolname ~ '^outbreak_'
	AND (has_function_privilege(r.rolname, 'outbreak.ticket_sign_sealed(uuid, smallint, timestamptz, timestamptz, text, bytea, bytea, uuid)', 'EXECUTE')
		OR has_function_privilege(r.rolname, 'outbreak.dcc_sign_sealed(jsonb, text, timestamptz, timestamptz, bytea, bytea, uuid)', 'EXECUTE')
		OR has_function_privilege(r.rolname, 'outbreak.signing_key_make(uuid)', 'EXECUTE'));

\echo -- officers have tickets signed and check them; others do not
SAVEPOINT s;
SET LOCAL ROLE outbreak_quarantine;
SELECT credential.issue_ticket('3f2504e0-4f89-41d3-9a0c-0305e82c3302', 'arrival', tstzrange(now(), now() + interval '14 days'), 'NRT') AS code \gset
SELECT c.valid, c.kind FROM credential.check_ticket(:'code', now() + interval '1 day') AS c;
SELECT credential.revoke_ticket('3f2504e0-4f89-41d3-9a0c-0305e82c3302', 'test') AS revoked;
SELECT sealed_key FROM credential.signing_key;
ROLLBACK TO s;
SET LOCAL ROLE outbreak_prefecture;
SELECT count(*) > 0 AS sees_public_parts FROM (SELECT kid, public_key, valid, revoked_at, reason FROM credential.signing_key) AS k;
SELECT credential.issue_ticket('3f2504e0-4f89-41d3-9a0c-0305e82c3303', 'arrival', '[2021-04-01,2021-04-15)', 'NRT', '2021-03-20');
ROLLBACK TO s;
SET LOCAL ROLE outbreak_anon;
SELECT jsonb_array_length(credential.ticket_trust('2021-04-01')) > 0 AS public_list;
SELECT credential.check_ticket('OBT1:');
ROLLBACK TO s;

\echo -- the envelope: of one key alone, changed in no bit, revealed by nobody
CREATE TEMP TABLE other AS SELECT (outbreak.signing_key_make('5a5a5a5a-0000-4000-8000-000000000001')).*;
CREATE FUNCTION pg_temp.sign(sealed bytea, number uuid) RETURNS text
LANGUAGE plpgsql
AS $$
DECLARE
	state text;
	message text;
	detail text;
	hint text;
BEGIN
	PERFORM outbreak.ticket_sign_sealed('3f2504e0-4f89-41d3-9a0c-0305e82c3301', 1::smallint, '2021-04-01', '2021-04-15', 'NRT', '\x0102030405060708', sealed, number);
	RETURN 'signed';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN state || ' ' || message || detail;
END
$$;
SELECT 'its own' AS what, pg_temp.sign(sealed_key, '5a5a5a5a-0000-4000-8000-000000000001') FROM other
UNION ALL
SELECT 'another key''s number', pg_temp.sign(o.sealed_key, k.key) FROM other AS o, (SELECT key FROM credential.signing_key LIMIT 1) AS k
UNION ALL
SELECT 'no such number', pg_temp.sign(sealed_key, '5a5a5a5a-0000-4000-8000-000000000099') FROM other
UNION ALL
SELECT 'cut', pg_temp.sign(substr(sealed_key, 1, 77), '5a5a5a5a-0000-4000-8000-000000000001') FROM other
UNION ALL
SELECT 'empty', pg_temp.sign('', '5a5a5a5a-0000-4000-8000-000000000001') FROM other;
SELECT count(*) AS bits, count(*) FILTER (WHERE pg_temp.sign(set_bit(sealed_key, bit, 1 - get_bit(sealed_key, bit)), '5a5a5a5a-0000-4000-8000-000000000001') = 'OB020 the signing key cannot be opened') AS refused
FROM other, generate_series(0, 8 * length(sealed_key) - 1) AS bit;
SELECT count(*) AS roles_that_may_reveal FROM access.reveal_right WHERE purpose = 'signing_key';

\echo -- destroyed with its data key
SELECT access.destroy_key('5a5a5a5a-0000-4000-8000-000000000001') AS destroyed;
SELECT pg_temp.sign(sealed_key, '5a5a5a5a-0000-4000-8000-000000000001') FROM other;
ROLLBACK;
