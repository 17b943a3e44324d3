-- A rule that access.purge() could not follow is refused when it is written, and so is a hold that would hold nothing.
-- The ministry changes periods, but not below what the law asks for, nor which table is purged and how.
BEGIN;
\set ON_ERROR_ROLLBACK on
\set SHOW_CONTEXT never
\pset null -
SET client_min_messages = warning;
CREATE SCHEMA survey AUTHORIZATION outbreak_owner;
CREATE TABLE survey.visit (visit bigint PRIMARY KEY, person uuid, seen_on date, seen_at timestamptz, stay daterange, note text, remark text NOT NULL, extra jsonb NOT NULL, score integer NOT NULL,
	length integer GENERATED ALWAYS AS (length(remark)) STORED, prefecture smallint) PARTITION BY RANGE (visit);
CREATE TABLE survey.visit_1 PARTITION OF survey.visit FOR VALUES FROM (1) TO (100);
CREATE TABLE survey.foreign_visit (seen_on date);
ALTER TABLE survey.visit OWNER TO outbreak_owner;
CREATE FUNCTION pg_temp.refused(values_list text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE hint text;
BEGIN
	EXECUTE 'INSERT INTO access.retention (relation, since, action, keep, subject, columns, basis, comment) VALUES (' || values_list || ', ''b'', ''c'')';
	RETURN 'taken';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLSTATE, SQLERRM, nullif(hint, ''));
END $$;
SELECT v, pg_temp.refused(v) FROM (VALUES
	(1, '''survey.visit'', ''seen'', ''delete'', ''1 year'', NULL, ''{}'''),
	(2, '''survey.visit'', ''note'', ''delete'', ''1 year'', NULL, ''{}'''),
	(3, '''survey.visit'', ''seen_on'', ''delete'', ''1 year'', ''patient'', ''{}'''),
	(4, '''survey.visit'', ''seen_on'', ''delete'', ''1 year'', ''note'', ''{}'''),
	(5, '''survey.visit'', ''seen_on'', ''forget'', ''1 year'', NULL, ''{}'''),
	(6, '''survey.visit'', ''seen_on'', ''erase'', ''1 year'', NULL, ''{}'''),
	(7, '''survey.visit'', ''seen_on'', ''erase'', ''1 year'', NULL, ''{note,notes}'''),
	(8, '''survey.visit'', ''seen_on'', ''erase'', ''1 year'', NULL, ''{visit}'''),
	(9, '''survey.visit'', ''seen_on'', ''erase'', ''1 year'', NULL, ''{note,score}'''),
	(10, '''survey.visit'', ''seen_on'', ''erase'', ''1 year'', NULL, ''{length}'''),
	(11, '''survey.visit'', ''seen_on'', ''delete'', ''1 year'', NULL, ''{note}'''),
	(12, '''survey.visit'', ''seen_on'', ''shred'', ''1 year'', NULL, ''{}'''),
	(13, '''survey.visit'', ''seen_on'', ''delete'', ''36 hours'', NULL, ''{}'''),
	(14, '''survey.visit'', ''seen_on'', ''delete'', ''-1 day'', NULL, ''{}'''),
	(15, '''survey.visit_1'', ''seen_on'', ''delete'', ''1 year'', NULL, ''{}'''),
	(16, '''survey.foreign_visit'', ''seen_on'', ''delete'', ''1 year'', NULL, ''{}'''),
	(17, '''pg_catalog.pg_stats'', ''seen_on'', ''delete'', ''1 year'', NULL, ''{}'''),
	(18, '''survey.nothing'', ''seen_on'', ''delete'', ''1 year'', NULL, ''{}'''),
	(19, '''survey.visit'', ''xmin'', ''delete'', ''1 year'', NULL, ''{}'''),
	(20, '''survey.visit'', ''seen_on'', ''erase'', ''1 year'', ''person'', ''{note,remark,extra}'''),
	(21, '''survey.visit'', ''seen_at'', ''delete'', ''2 years'', ''person'', ''{}'''),
	(22, '''survey.visit'', ''stay'', ''delete'', ''14 days'', ''person'', ''{}'''),
	(23, '''survey.visit'', ''stay'', ''delete'', ''14 days'', ''person'', ''{}''')) AS t (n, v)
ORDER BY n;
-- a column that goes after the rule was written: the rule fails and says so, the others are followed
INSERT INTO report.rejected (form, record, findings, rejected_at, rejected_by) VALUES ('gmis.daily', '{}', '[]', '2001-01-01', 'x');
INSERT INTO survey.visit (visit, seen_at, stay, remark, extra, score) VALUES (1, '2001-01-01', '[2001-01-01,2001-01-02]', '', '{}', 1);
ALTER TABLE survey.visit DROP COLUMN seen_at;
SELECT relation, action, since, due, done, held, needed, problem FROM access.purge() WHERE due > 0 OR problem IS NOT NULL ORDER BY relation::text, since;
-- holds
CREATE FUNCTION pg_temp.hold(values_list text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE hint text;
BEGIN
	EXECUTE 'INSERT INTO access.legal_hold (relation, subject, prefecture, reason, valid) VALUES (' || values_list || ')';
	RETURN 'taken';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLSTATE, SQLERRM, nullif(hint, ''));
END $$;
SELECT v, pg_temp.hold(v) FROM (VALUES
	(1, 'NULL, NULL, NULL, ''all'', ''(,)'''),
	(2, '''survey.foreign_visit'', NULL, NULL, ''r'', ''(,)'''),
	(3, '''registry.load_issue'', NULL, 13, ''r'', ''(,)'''),
	(4, '''registry.load_issue'', ''00000000-0000-4000-8000-000000000001'', NULL, ''r'', ''(,)'''),
	(5, 'NULL, NULL, 48, ''r'', ''(,)'''),
	(6, 'NULL, NULL, 13, '''', ''(,)'''),
	(7, 'NULL, NULL, 13, ''r'', ''empty'''),
	(8, '''survey.visit'', ''00000000-0000-4000-8000-000000000001'', 13, ''令和2年(ワ)第1号'', ''[2020-01-01,)''')) AS t (n, v)
ORDER BY n;
-- who may write what
CREATE ROLE ob_test_ministry LOGIN;
GRANT outbreak_ministry TO ob_test_ministry;
UPDATE access.retention SET keep = '6 years', minimum = '5 years' WHERE relation = 'registry.load'::regclass;
SET SESSION AUTHORIZATION ob_test_ministry;
UPDATE access.retention SET keep = '7 years', basis = '訴訟' WHERE relation = 'registry.load'::regclass RETURNING keep, minimum, basis;
UPDATE access.retention SET keep = '4 years' WHERE relation = 'registry.load'::regclass;
UPDATE access.retention SET minimum = '0';
UPDATE access.retention SET columns = '{}';
DELETE FROM access.retention;
INSERT INTO access.retention (relation, since, action, keep, basis, comment) VALUES ('registry.proxy', 'valid', 'delete', '0', 'x', 'x');
INSERT INTO access.legal_hold (prefecture, reason, placed_by) VALUES (13, 'r', 'somebody else');
INSERT INTO access.legal_hold (prefecture, reason) VALUES (13, 'r') RETURNING placed_by, lower(valid) = outbreak.local_date() AS from_today, upper_inf(valid) AS without_end;
DELETE FROM access.legal_hold;
SELECT access.purge();
SELECT access.purge_rule(r, now(), 1) FROM access.retention AS r;
RESET SESSION AUTHORIZATION;
-- a prefecture holds its own
SET SESSION AUTHORIZATION outbreak_authenticator;
SET LOCAL request.jwt.claims = '{"role": "outbreak_prefecture", "prefecture": 27}';
SET LOCAL ROLE outbreak_prefecture;
SELECT count(*) FROM access.legal_hold;
INSERT INTO access.legal_hold (prefecture, reason) VALUES (13, 'r');
INSERT INTO access.legal_hold (subject, reason) VALUES ('00000000-0000-4000-8000-000000000001', 'r');
INSERT INTO access.legal_hold (prefecture, reason) VALUES (27, 'r');
UPDATE access.legal_hold SET valid = daterange(lower(valid), lower(valid) + 1) RETURNING prefecture;
RESET ROLE;
RESET SESSION AUTHORIZATION;
-- the job runs for moments that have come
SELECT (ops.run_job('purge', now() + interval '1 day')).error - 'context';
ROLLBACK;
