-- Codes that are kept are verified again in one query when a key is revoked, a list changes or time passes; the verdict
-- changes and nothing is revealed. What is kept is sealed, and goes with the person.
\pset format unaligned
\set SHOW_CONTEXT never
BEGIN;
INSERT INTO registry.municipality (municipality, prefecture, name_ja) VALUES ('131016', 13, '千代田区') ON CONFLICT DO NOTHING;
INSERT INTO registry.person (person, birth_year, municipality, prefecture)
SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 1980, '131016', 13
FROM generate_series(1, 5) AS n;
SELECT credential.new_key('dcc', '2021-06-01') AS kid \gset
CREATE TEMP TABLE code AS
SELECT n, ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid AS person,
	CASE WHEN n <= 3 THEN credential.sign_dcc(jsonb_build_object('ver', '1.3.3', 'nam', jsonb_build_object('fnt', 'SECRET' || chr(64 + n)), 'dob', '1980', 'r',
			'[{"tg": "840539006", "fr": "2021-01-10", "co": "JP", "is": "MHLW", "df": "2021-01-24", "du": "2021-06-30", "ci": "URN:UVCI:01:JP:1"}]'::jsonb), '[2021-06-12,2021-09-12)', '2021-06-12')
		ELSE credential.issue_ticket(('10000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'arrival', '[2021-06-12,2021-06-26)', 'NRT', '2021-06-12')
	END AS text
FROM generate_series(1, 5) AS n;

SELECT n, credential.store(person, text, '2021-06-13') ->> 'valid' AS valid FROM code ORDER BY n;
SELECT credential.store(person, text, '2021-06-13') ->> 'valid' AS again FROM code WHERE n = 1;
SELECT system, count(*), count(ticket) AS tickets, bool_and(valid) AS valid FROM credential.stored GROUP BY system ORDER BY system COLLATE "C";
SELECT count(*) AS shown FROM credential.stored AS s WHERE s::text ~ 'SECRET|HC1:|OBT1:';

\echo -- nothing changed
SELECT credential.reverify(as_of => '2021-06-14');
\echo -- the key of the certificates was stolen
SELECT credential.revoke_key(:'kid', 'stolen', '2021-06-15') AS revoked;
SELECT credential.reverify(encode(:'kid', 'base64'), as_of => '2021-06-15');
\echo -- one ticket is revoked, one person forgotten, and the tickets expire
SELECT credential.revoke_ticket('10000000-0000-4000-8000-000000000004', 'lost', '2021-06-16') AS revoked;
SELECT credential.reverify(of_system => 'ticket', as_of => '2021-06-16');
SELECT access.forget('00000000-0000-4000-8000-000000000003') AS forgotten;
SELECT credential.reverify_all('2021-06-27');
SELECT c.n, s.system, s.judged_at, s.valid, s.reason FROM credential.stored AS s JOIN code AS c USING (person) ORDER BY c.n;
\echo -- a late run for an earlier day says what was so on that day
SELECT credential.reverify_all('2021-06-14') -> 'reasons' AS reasons;

\echo -- verifying again reveals nothing
SELECT count(*) AS reveals FROM access.audit WHERE action = 'reveal' AND subject IN (SELECT person FROM code);

\echo -- what cannot be kept
SAVEPOINT s;
SELECT credential.store('00000000-0000-4000-8000-000000000001', 'https://example.org');
ROLLBACK TO s;
SELECT credential.store(NULL, 'OBT1:');
ROLLBACK TO s;
SELECT credential.store('00000000-0000-4000-8000-000000000003', 'HC1:');
ROLLBACK TO s;
SELECT credential.store('00000000-0000-4000-8000-000000000001', 'HC1:broken', '2021-06-13') ->> 'reason' AS kept_although_bad;
ROLLBACK TO s;

\echo -- a quarantine officer keeps codes and sees the verdicts; neither writes a verdict, nor names another moment, nor gets the codes back
SET LOCAL ROLE outbreak_quarantine;
SELECT credential.store('00000000-0000-4000-8000-000000000001', 'HC1:broken') ->> 'valid' AS valid;
SELECT count(*) AS kept, count(*) FILTER (WHERE valid) AS valid FROM credential.stored;
SAVEPOINT s;
SELECT code FROM credential.stored;
ROLLBACK TO s;
UPDATE credential.stored SET valid = true, reason = NULL;
ROLLBACK TO s;
INSERT INTO credential.stored SELECT;
ROLLBACK TO s;
SELECT credential.store('00000000-0000-4000-8000-000000000001', 'HC1:broken', '2021-06-13');
ROLLBACK TO s;
SELECT credential.issue_ticket('10000000-0000-4000-8000-000000000009', 'arrival', '[2021-06-12,2021-06-26)', 'NRT', '2021-06-12');
ROLLBACK;
