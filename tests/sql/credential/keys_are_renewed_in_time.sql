-- Keys are made in time to be published before they sign, sign one after another without a gap, verify until the last
-- thing that they signed has expired, and lose their private part once they sign no longer. A run that is late or
-- repeated does no harm.
\pset format unaligned
\set SHOW_CONTEXT never
BEGIN;
DELETE FROM credential.signing_key;
-- one key a day for a month: what a job makes and destroys
CREATE TEMP TABLE run AS
SELECT day, credential.rotate_keys(day) AS did
FROM generate_series(timestamptz '2021-01-01 12:00+09', '2021-12-31 12:00+09', '1 day') AS day;
SELECT day, jsonb_array_length(did -> 'made') AS made, jsonb_array_length(did -> 'destroyed') AS destroyed
FROM run
WHERE did -> 'made' <> '[]'
	OR did -> 'destroyed' <> '[]'
ORDER BY day;
SELECT purpose, valid, accepted_until, sealed_key IS NULL AS destroyed, destroyed_at, made_at
FROM credential.signing_key
ORDER BY lower(valid);

\echo -- again on the last day: nothing to do
SELECT credential.rotate_keys('2021-12-31 12:00+09');

\echo -- each moment of the year has a key that signs
SELECT count(*) AS hours_without
FROM generate_series(timestamptz '2021-01-01 12:00+09', '2021-12-31 12:00+09', '1 hour') AS hour
WHERE NOT EXISTS (SELECT FROM credential.signing_key AS k WHERE k.valid @> hour);

\echo -- the trust list has the next key before it signs, and an old one until nothing of it is valid
SELECT at, jsonb_array_length(credential.ticket_trust(at)) AS keys
FROM (VALUES (timestamptz '2021-01-02 12:00+09'), ('2021-03-26 12:00+09'), ('2021-05-31 11:00+09'), ('2021-05-31 12:00+09')) AS t (at)
ORDER BY at;

\echo -- the private part is destroyed with its data key, so that no copy of the row is of use
SELECT bool_and(d.wrapped IS NULL AND d.forgotten_at IS NOT NULL) AS forgotten, count(*) AS keys
FROM credential.signing_key AS k
JOIN access.data_key AS d ON d.subject = k.key
WHERE k.destroyed_at IS NOT NULL;

\echo -- a job that did not run for a year: the first ticket makes a key
SELECT credential.issue_ticket('3f2504e0-4f89-41d3-9a0c-0305e82c3301', 'arrival', '[2023-01-01,2023-01-15)', 'NRT', '2022-12-31') AS ticket \gset
SELECT c.valid, c.reason FROM credential.check_ticket(:'ticket', '2023-01-02') AS c;

\echo -- revoked tickets go once none of their time can be valid
SELECT credential.revoke_ticket('3f2504e0-4f89-41d3-9a0c-0305e82c3301', 'test', '2023-01-01 00:00+09') AS revoked;
SELECT credential.rotate_keys('2023-03-01 23:59+09') -> 'revoked_tickets_gone' AS early, credential.rotate_keys('2023-03-02 00:01+09') -> 'revoked_tickets_gone' AS due;
ROLLBACK;

\echo -- what is not there
SELECT credential.new_key('letters');
\set VERBOSITY sqlstate
SELECT credential.new_key('letters');
