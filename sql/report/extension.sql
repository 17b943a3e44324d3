CREATE FUNCTION outbreak.check_row(form regclass, VARIADIC columns "any") RETURNS boolean
AS 'MODULE_PATHNAME', 'ob_report_check_row' LANGUAGE C STABLE PARALLEL RESTRICTED COST 20;
COMMENT ON FUNCTION outbreak.check_row(regclass, "any") IS 'The CHECK of every form: evaluates its rules (report.rule) on the columns of a row. True, or error OB001 whose DETAIL is a JSON array with every rule that is violated. report.register() puts it in place.';

CREATE FUNCTION outbreak.judge(
	form regclass,
	report record,
	previous record,
	OUT code text,
	OUT severity text,
	OUT verdict text,
	OUT fields name[],
	OUT message_ja text,
	OUT message_en text
) RETURNS SETOF record
AS 'MODULE_PATHNAME', 'ob_report_judge' LANGUAGE C STABLE PARALLEL RESTRICTED ROWS 30;
COMMENT ON FUNCTION outbreak.judge(regclass, record, record) IS 'What each rule of a form says of a report (a row of the form) and of the reporter''s previous one (NULL: there is none): passed, violated, undecidable (something is not answered) or not_applicable (outside the dates of the rule). Stores nothing.';

CREATE FUNCTION outbreak.compile_rule(form regclass, expression text, OUT fields name[], OUT uses_previous boolean)
AS 'MODULE_PATHNAME', 'ob_report_compile_rule' LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION outbreak.compile_rule(regclass, text) IS 'Reads a rule without storing it: the columns that it names, and whether it looks at previous.*. Errors carry the position in the rule; OB003 for what a rule may not say.';

CREATE FUNCTION outbreak.rules_changed() RETURNS trigger
AS 'MODULE_PATHNAME', 'ob_report_rules_changed' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION outbreak.rules_changed() IS 'Trigger of report.rule and report.form: every session loads the form anew at its next statement.';
REVOKE EXECUTE ON FUNCTION outbreak.rules_changed() FROM PUBLIC;

CREATE FUNCTION outbreak.form_begin() RETURNS trigger
AS 'MODULE_PATHNAME', 'ob_report_before_statement' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION outbreak.form_begin() IS 'Trigger of forms, before each statement: from here on the CHECK notes what the end of the statement has to look at.';
REVOKE EXECUTE ON FUNCTION outbreak.form_begin() FROM PUBLIC;

CREATE FUNCTION outbreak.form_settle() RETURNS trigger
AS 'MODULE_PATHNAME', 'ob_report_after_statement' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION outbreak.form_settle() IS 'Trigger of forms, after each statement: rules about the previous report, warnings, quarantine, unknown institutions, rollups.';
REVOKE EXECUTE ON FUNCTION outbreak.form_settle() FROM PUBLIC;

CREATE FUNCTION outbreak.form_replaced() RETURNS trigger
AS 'MODULE_PATHNAME', 'ob_report_replaced' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION outbreak.form_replaced() IS 'Trigger of forms, after UPDATE and DELETE: keeps the replaced rows in the history, and takes back what was derived from them.';
REVOKE EXECUTE ON FUNCTION outbreak.form_replaced() FROM PUBLIC;

CREATE FUNCTION outbreak.form_stamp() RETURNS trigger
AS 'MODULE_PATHNAME', 'ob_report_stamp' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION outbreak.form_stamp() IS 'Trigger of forms, before each updated row: sets recorded_at.';
REVOKE EXECUTE ON FUNCTION outbreak.form_stamp() FROM PUBLIC;

CREATE FUNCTION outbreak.is_settling() RETURNS boolean
AS 'MODULE_PATHNAME', 'ob_report_is_settling' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION outbreak.is_settling() IS 'Is a form''s statement being settled? Then rows on their way to report.rejected leave no history.';

CREATE TYPE outbreak.partial_total AS (
	expected bigint,
	reported bigint,
	total bigint,
	lower bigint,
	upper bigint
);
COMMENT ON TYPE outbreak.partial_total IS 'A sum with what it leaves open: values expected and reported, their total (NULL when nothing was reported), and the bounds between which the whole lies. upper is NULL when a missing value has no known limit.';

CREATE FUNCTION outbreak.total_add(state bigint[], value bigint, low bigint, high bigint) RETURNS bigint[]
AS 'MODULE_PATHNAME', 'ob_report_total_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.total_add(bigint[], bigint, bigint, bigint) IS 'Transition of outbreak.total. 22003 when the sum leaves bigint.';
CREATE FUNCTION outbreak.total_combine(a bigint[], b bigint[]) RETURNS bigint[]
AS 'MODULE_PATHNAME', 'ob_report_total_combine' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.total_combine(bigint[], bigint[]) IS 'Joins two states of outbreak.total.';
CREATE FUNCTION outbreak.total_result(state bigint[]) RETURNS outbreak.partial_total
AS 'MODULE_PATHNAME', 'ob_report_total_result' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.total_result(bigint[]) IS 'The result of a state of outbreak.total.';

CREATE AGGREGATE outbreak.total(value bigint, low bigint, high bigint) (
	SFUNC = outbreak.total_add,
	STYPE = bigint[],
	INITCOND = '{0,0,0,0,0,0}',
	COMBINEFUNC = outbreak.total_combine,
	FINALFUNC = outbreak.total_result,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE outbreak.total(bigint, bigint, bigint) IS 'Sum of reported values that says how many are missing and what they leave open: a NULL value lies anywhere from low to high (NULL high: no limit known). No row gives expected 0.';
