-- A rule that does not compile, that could run foreign code, or that stored reports break is refused when it is written.
BEGIN;
\set ON_ERROR_ROLLBACK on
\getenv srcdir PG_ABS_SRCDIR
\set setup :srcdir /sql/report/setup.inc
\i :setup
INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(1), '2020-12-01', 5, 10), (survey.i(2), '2020-12-02', 50, 60);
CREATE FUNCTION survey.peek(int) RETURNS boolean LANGUAGE SQL IMMUTABLE AS 'SELECT true';
CREATE OPERATOR public.<= (LEFTARG = int, RIGHTARG = int, FUNCTION = int4gt);
CREATE FUNCTION survey.try(expression text, severity text DEFAULT 'warning', valid daterange DEFAULT '(,)') RETURNS text LANGUAGE plpgsql
AS $$
DECLARE
	message text; detail text; hint text; context text; pos text;
BEGIN
	INSERT INTO report.rule (form, code, expression, severity, message_ja, message_en, valid) VALUES ('survey.flu', 'tried', expression, severity, '-', '-', valid);
	DELETE FROM report.rule WHERE code = 'tried';
	RETURN 'taken';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(E'\n', SQLSTATE || ': ' || message, nullif(detail, ''));
END
$$;
\pset format unaligned
\pset tuples_only on
SELECT e, survey.try(e)
FROM (VALUES ('cases <'), ('cases <= bedz'), ('cases'), ('cases + 1'), ('previous.cases'), ('cases <= previous.bedz'), ('true FROM pg_class'), ('true; SELECT true'), ('true AS x'),
	('cases IN (SELECT 1)'), ('max(cases) > 1'), ('random() < 1'), ('on_date <= current_date'), ('reported_at < now()'), ('current_user = ''x'''), ('survey.peek(cases)'),
	('flu IS NOT NULL'), ('ctid IS NOT NULL'), ('$1 = 1'), (''), ('pg_sleep(1) IS NULL'), ('note ~ ''x'''), ('flu.cases <= flu.beds'), ('on_date <= (reported_at AT TIME ZONE ''Asia/Tokyo'')::date'), ('outbreak.prefecture(institution) = 1')) AS v (e);
-- the position of the mistake
\set VERBOSITY default
\set SHOW_CONTEXT never
INSERT INTO report.rule (form, code, expression, severity, message_ja, message_en) VALUES ('survey.flu', 'tried', 'cases >= 0 AND random() < 1', 'error', '-', '-');
INSERT INTO report.rule (form, code, expression, severity, message_ja, message_en) VALUES ('survey.flu', 'tried', 'cases >= 0 AND cases <= bedz', 'error', '-', '-');
-- an operator of another schema does not stand in for PostgreSQL's own
SELECT survey.try('cases <= 1000', 'error');
-- stored reports come first: the rule is refused with those that break it, or dated
SELECT survey.try('cases <= 40', 'error');
SELECT survey.try('cases <= 40', 'error', '[2020-12-03,)');
SELECT survey.try('cases <= 40', 'error', '(,2020-12-02)');
SELECT survey.try('cases <= 40', 'error', '[2020-12-02,2020-12-03)');
SELECT survey.try('cases <= 40', 'warning');
-- widening the dates of a rule asks again, narrowing does not
INSERT INTO report.rule (form, code, expression, severity, message_ja, message_en, valid) VALUES ('survey.flu', 'few', 'cases <= 40', 'error', '-', '-', '[2020-12-03,)');
UPDATE report.rule SET valid = '[2020-12-02,)' WHERE code = 'few';
\echo :LAST_ERROR_SQLSTATE
UPDATE report.rule SET valid = '[2020-12-05,)', message_en = 'few' WHERE code = 'few';
-- no form, no rule
INSERT INTO report.rule (form, code, expression, severity, message_ja, message_en) VALUES ('pg_class', 'x', 'true', 'error', '-', '-');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK;
