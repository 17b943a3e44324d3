-- How many entries of doses wait to be mended the ministry, a prefecture and a municipality are told, by what is wrong and
-- by place, at any moment; and of whose they are, nothing.
BEGIN;
\i tests/sql/vsys/results.inc
\set ON_ERROR_ROLLBACK on
\set VERBOSITY terse
-- 目黒区: two unknown tickets and a second dose without the first, at its own site and at that of 豊島区; 横浜市: one
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(1), '131105' || '9999999991', 't_pfizer EY0779', '2021-06-01 10:00+09', dose_number => 1::smallint, as_of => '2021-06-01 10:01+09'));
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(2), '131105' || '9999999992', 't_pfizer EY0779', '2021-06-02 10:00+09', dose_number => 1::smallint, as_of => '2021-06-02 10:01+09'));
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(1), pg_temp.ticket(1, 1, 2), 't_pfizer EY0779', '2021-06-03 10:00+09', as_of => '2021-06-03 10:01+09'));
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(3), '141003' || '9999999993', 't_pfizer EY0779', '2021-06-04 10:00+09', dose_number => 1::smallint, as_of => '2021-06-04 10:01+09'));
-- one was no dose; of one neither the town nor its prefecture is known, but the site is; of one nothing
UPDATE vsys.dose_issue SET state = 'dismissed', settled_at = '2021-06-05 09:00+09', settled_by = 'x', reason = '読取誤り' WHERE entry::text LIKE '%9999999991%';
INSERT INTO vsys.dose_issue (code, site, entry, source, found_at)
VALUES ('record_unreadable', pg_temp.site(2), '{}', 'vrs', '2021-06-05 08:00+09'), ('record_unreadable', NULL, '{}', 'vrs', '2021-06-05 08:00+09');

SET timezone = 'Asia/Tokyo';
SET ROLE outbreak_ministry;
\echo -- before and after one was settled, to the second
SELECT area, prefecture, code, waiting, oldest_at FROM vsys.issue_counts('nation', '2021-06-05 08:59:59+09');
SELECT area, prefecture, code, waiting, oldest_at FROM vsys.issue_counts('nation', '2021-06-05 09:00:00+09');
SELECT count(*) AS before_the_first FROM vsys.issue_counts('nation', '2021-06-01 10:00+09');
SELECT area, prefecture, code, waiting, message_ja, message_en FROM vsys.issue_counts(as_of => '2021-06-06 00:00+09');
SELECT area, prefecture, code, waiting FROM vsys.issue_counts('municipality', '2021-06-06 00:00+09');
SELECT * FROM vsys.issue_counts('village');
\echo :LAST_ERROR_SQLSTATE
\echo -- but nothing by which a person could be told
SELECT person FROM vsys.dose_issue;
SELECT entry FROM vsys.dose_issue;
SELECT detail FROM vsys.dose_issue;
SELECT * FROM vsys.dose_issue;
\echo :LAST_ERROR_SQLSTATE
RESET ROLE;

\echo -- a prefecture and a municipality: their own
CREATE ROLE ob_test_prefecture LOGIN IN ROLE outbreak_prefecture;
CREATE ROLE ob_test_town LOGIN IN ROLE outbreak_municipality;
INSERT INTO access.account (login, role, prefecture) VALUES ('ob_test_prefecture', 'outbreak_prefecture', 14);
INSERT INTO access.account (login, role, municipality) VALUES ('ob_test_town', 'outbreak_municipality', '131105');
SET SESSION AUTHORIZATION ob_test_prefecture;
SELECT area, prefecture, code, waiting FROM vsys.issue_counts('municipality', '2021-06-06 00:00+09');
SELECT entry FROM vsys.dose_issue;
SET SESSION AUTHORIZATION ob_test_town;
SELECT area, prefecture, code, waiting FROM vsys.issue_counts('municipality', '2021-06-06 00:00+09');
RESET SESSION AUTHORIZATION;
\echo -- and nobody else
SELECT r AS role, has_function_privilege(r, 'vsys.issue_counts(text, timestamptz)', 'EXECUTE') AS may
FROM unnest('{outbreak_anon,outbreak_citizen,outbreak_institution,outbreak_wholesaler,outbreak_analyst,outbreak_auditor}'::text[]) AS r;
ROLLBACK;
