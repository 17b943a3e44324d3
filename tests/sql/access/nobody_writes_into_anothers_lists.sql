-- What a role writes stays with it: a row set aside does not show up at another prefecture or institution, a prefecture
-- places nothing into a municipality of another one (its figures would change), and no insert tells whether somebody
-- else's row is there. Whom to call about reports is for officials, not for other institutions.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
\set VERBOSITY terse
INSERT INTO registry.municipality (municipality, prefecture, name_ja) VALUES ('131016', 13, '千代田区'), ('271004', 27, '大阪市');
INSERT INTO registry.institution (institution, municipality, kind, name_ja, contact) VALUES
	(outbreak.provisional_institution_code(13, 1), '131016', 'hospital', 'Tokyo', 'somebody in Tokyo'), (outbreak.provisional_institution_code(27, 1), '271004', 'hospital', 'Osaka', 'somebody in Osaka');
INSERT INTO report.rejected (id, form, reporter, prefecture, period, record, findings, rejected_by) VALUES (900027, 'gmis.daily', outbreak.provisional_institution_code(27, 1), 27, '2021-02-01', '{}', '[]', 'x');
\set into 'INSERT INTO report.rejected (form, reporter, prefecture, period, record, findings, rejected_by) VALUES (''gmis.daily'', '
\set rest ', ''2021-02-01'', ''{}'', ''[]'', ''x'')'
SET SESSION AUTHORIZATION outbreak_authenticator;
SET LOCAL request.jwt.claims = '{"prefecture": 13, "institution": "1390000014"}';
SET LOCAL ROLE outbreak_institution;
SELECT outbreak.my_institution() OPERATOR(outbreak.=) outbreak.provisional_institution_code(13, 1) AS mine;
-- into the list of a prefecture that the institution is not in
:into outbreak.my_institution(), 27 :rest;
\echo :LAST_ERROR_SQLSTATE
:into outbreak.my_institution(), NULL :rest;
\echo :LAST_ERROR_SQLSTATE
-- for another institution
:into outbreak.provisional_institution_code(27, 1), 27 :rest;
\echo :LAST_ERROR_SQLSTATE
-- is row 900027 there?
INSERT INTO report.rejected (id, form, reporter, prefecture, record, findings, rejected_by) VALUES (900027, 'gmis.daily', outbreak.my_institution(), 13, '{}', '[]', 'x');
\echo :LAST_ERROR_SQLSTATE
-- its own
:into outbreak.my_institution(), 13 :rest;
SELECT reporter, prefecture FROM report.rejected;
-- whom to call
SELECT contact FROM registry.institution;
\echo :LAST_ERROR_SQLSTATE
SELECT name_ja FROM registry.institution WHERE prefecture IN (13, 27) ORDER BY institution;
SET LOCAL ROLE outbreak_prefecture;
:into outbreak.provisional_institution_code(27, 1), 13 :rest;
\echo :LAST_ERROR_SQLSTATE
:into outbreak.provisional_institution_code(13, 1), 27 :rest;
\echo :LAST_ERROR_SQLSTATE
:into outbreak.provisional_institution_code(13, 1), 13 :rest;
UPDATE registry.institution SET municipality = '271004';
\echo :LAST_ERROR_SQLSTATE
INSERT INTO registry.institution (institution, municipality, kind, name_ja) VALUES (outbreak.provisional_institution_code(13, 2), '271004', 'hospital', 'Tokyo 2');
\echo :LAST_ERROR_SQLSTATE
INSERT INTO registry.health_center (prefecture, name_ja, municipality) VALUES (13, '大阪', '271004');
\echo :LAST_ERROR_SQLSTATE
-- in its own, or nowhere yet
UPDATE registry.institution SET municipality = NULL;
UPDATE registry.institution SET municipality = '131016';
SELECT name_ja, contact FROM registry.institution WHERE prefecture IN (13, 27) ORDER BY institution;
RESET ROLE;
RESET SESSION AUTHORIZATION;
SELECT reporter, prefecture, count(*) FROM report.rejected GROUP BY 1, 2 ORDER BY 1;
SELECT institution, municipality FROM registry.institution WHERE name_ja IN ('Tokyo', 'Osaka') ORDER BY 1;
ROLLBACK;
