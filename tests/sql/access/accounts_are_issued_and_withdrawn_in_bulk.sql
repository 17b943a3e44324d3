-- Every hospital and clinic of the country gets an ID at one stroke (8,282 and 21,661, as in December 2020), with counts
-- by prefecture; each has one and nobody a second; a withdrawn one is worth nothing at once, and is replaced by a new one.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
INSERT INTO registry.municipality (municipality, prefecture, name_ja)
SELECT outbreak.municipality_code_from_jis(lpad(p::text, 2, '0') || '9' || n), p, format('見本%s市', n)
FROM generate_series(1, 47) AS p
CROSS JOIN generate_series(90, 93) AS n;
INSERT INTO registry.institution (institution, municipality, kind, name_ja) SELECT institution, municipality, kind, name_ja FROM demo.institution(1);
-- one that closed, and one that opens later, get none
UPDATE registry.institution SET valid = '[2000-01-01,2020-12-01)' WHERE institution OPERATOR(outbreak.=) (SELECT min(institution::text) FROM registry.institution WHERE kind = 'hospital')::outbreak.institution_code;
UPDATE registry.institution SET valid = '[2021-01-01,)' WHERE institution OPERATOR(outbreak.=) (SELECT max(institution::text) FROM registry.institution WHERE kind = 'hospital')::outbreak.institution_code;
CREATE TEMP TABLE seats AS
SELECT prefecture, outbreak.apportion(8282, inhabitants, 'hamilton') OVER (ORDER BY prefecture)::integer AS seats
FROM demo.profile();
GRANT SELECT ON seats TO PUBLIC;

SET ROLE outbreak_ministry;
SELECT * FROM access.issue_accounts('hospital', as_of => '2020-12-14') WHERE prefecture IN (1, 13, 47) OR prefecture IS NULL;
SELECT * FROM access.issue_accounts('clinic', as_of => '2020-12-14') WHERE prefecture IN (1, 13, 47) OR prefecture IS NULL;
-- the counts are those of the apportionment, less the two
SELECT count(*) AS prefectures, sum(abs(r.institutions - a.seats)) AS differ
FROM access.accounts_by_prefecture('2020-12-14') AS r
JOIN seats AS a ON a.prefecture = r.prefecture
WHERE r.kind = 'hospital';
SELECT * FROM access.accounts_by_prefecture('2020-12-14') WHERE prefecture IS NULL;
-- again: everybody has one already; on a later day the one that opened gets its own
SELECT * FROM access.issue_accounts('hospital', as_of => '2020-12-14') WHERE prefecture IS NULL;
SELECT * FROM access.issue_accounts('hospital', as_of => '2021-01-04') WHERE prefecture IS NULL;
-- a stable part, a random part, one role, one institution
SELECT count(*), count(DISTINCT subject) AS subjects, count(DISTINCT substr(subject, 12)) AS random_parts, bool_and(left(subject, 10) = institution::text) AS own_code,
	bool_and(subject ~ '^[0-9]{10}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$') AS shape, min(role), max(role), count(DISTINCT valid) AS dates, count(DISTINCT institution::text) AS institutions
FROM access.account WHERE institution IS NOT NULL;

-- a token of such an ID acts for its institution
SELECT subject, institution::text AS code FROM access.account WHERE home = 13 ORDER BY institution::text LIMIT 1 \gset
SET SESSION AUTHORIZATION outbreak_authenticator;
SET ROLE outbreak_institution;
SELECT set_config('request.jwt.claims', json_build_object('sub', :'subject', 'role', 'outbreak_institution')::text, true) IS NOT NULL AS claims;
SELECT outbreak.my_institution()::text = :'code' AS acts;
SELECT count(*) FROM access.account;
\echo :LAST_ERROR_SQLSTATE

-- what a prefecture may: its own institutions, and nothing but withdraw and issue
SELECT set_config('request.jwt.claims', '{"sub": "officer", "role": "outbreak_prefecture", "prefecture": 13}', true) IS NOT NULL AS claims;
SET ROLE outbreak_prefecture;
SELECT count(*) > 3000 AS many, min(home), max(home) FROM access.account;
SELECT * FROM access.withdraw_accounts('', kind => 'hospital');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM access.withdraw_accounts('for no reason');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM access.withdraw_accounts('lost', subjects => ARRAY[:'subject', 'nobody']);
SELECT * FROM access.withdraw_accounts('lost', subjects => ARRAY[:'subject']);
SELECT * FROM access.withdraw_accounts('closed', kind => 'clinic', of_prefecture => 27::smallint);
SELECT * FROM access.issue_accounts('clinic', 27::smallint, as_of => '2020-12-14');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM access.issue_accounts('pharmacy');
INSERT INTO access.account (subject, role, prefecture) VALUES ('x', 'outbreak_prefecture', 13);
\echo :LAST_ERROR_SQLSTATE
INSERT INTO access.account (subject, role, institution) VALUES ('x', 'outbreak_ministry', :'code');
\echo :LAST_ERROR_SQLSTATE
INSERT INTO access.account (subject, role, institution) VALUES ('somebody-elses-subject', 'outbreak_institution', :'code');
\echo :LAST_ERROR_SQLSTATE
INSERT INTO access.account (login, institution) VALUES ('postgres', :'code');
\echo :LAST_ERROR_SQLSTATE
UPDATE access.account SET institution = '2710110046' WHERE subject = :'subject';
\echo :LAST_ERROR_SQLSTATE
-- nor may it take back a withdrawal
UPDATE access.account SET withdrawn_at = NULL WHERE subject = :'subject';
UPDATE access.account SET withdrawn_at = NULL WHERE subject <> :'subject';
\echo :LAST_ERROR_SQLSTATE
DELETE FROM access.account WHERE subject = :'subject';
\echo :LAST_ERROR_SQLSTATE

-- the withdrawn one is worth nothing, and the institution gets another
SET ROLE outbreak_institution;
SELECT set_config('request.jwt.claims', json_build_object('sub', :'subject', 'role', 'outbreak_institution', 'institution', :'code')::text, true) IS NOT NULL AS claims;
SELECT outbreak.my_institution(), outbreak.scope() ->> 'source' AS source;
SELECT set_config('request.jwt.claims', '{"sub": "officer", "role": "outbreak_prefecture", "prefecture": 13}', true) IS NOT NULL AS claims;
SET ROLE outbreak_prefecture;
SELECT * FROM access.accounts_by_prefecture('2021-01-04') WHERE kind = 'hospital';
SELECT * FROM access.issue_accounts('hospital', as_of => '2021-01-04');
SELECT count(*), count(withdrawn_at) AS withdrawn, count(reason) AS reasons, count(DISTINCT subject) AS subjects FROM access.account WHERE institution OPERATOR(outbreak.=) :'code'::outbreak.institution_code;

-- a whole prefecture, by the ministry; no officer's account is among them
RESET SESSION AUTHORIZATION;
INSERT INTO access.account (subject, role, prefecture) VALUES ('tokyo', 'outbreak_prefecture', 13);
SET ROLE outbreak_ministry;
SELECT * FROM access.withdraw_accounts('exercise over', of_prefecture => 13::smallint);
SELECT * FROM access.withdraw_accounts('exercise over', subjects => '{tokyo}');
DELETE FROM access.account;
\echo :LAST_ERROR_SQLSTATE
UPDATE access.account SET subject = 'another' WHERE subject = 'tokyo';
\echo :LAST_ERROR_SQLSTATE
RESET ROLE;
-- nobody else sees or issues any
SELECT r AS role, has_table_privilege(r, 'access.account', 'SELECT') AS reads,
	has_function_privilege(r, 'access.issue_accounts(text, smallint, text, daterange, timestamptz)', 'EXECUTE') AS issues
FROM unnest('{outbreak_anon,outbreak_citizen,outbreak_institution,outbreak_health_center,outbreak_municipality,outbreak_prefecture,outbreak_ministry,outbreak_wholesaler,outbreak_quarantine,outbreak_analyst,outbreak_auditor,outbreak_worker}'::text[]) AS r;
ROLLBACK;
