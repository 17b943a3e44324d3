GRANT USAGE ON SCHEMA report TO outbreak_anon, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_auditor, outbreak_worker;
GRANT SELECT ON report.form, report.item, report.rule, report.dirty TO outbreak_anon, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_auditor, outbreak_worker;
GRANT INSERT, UPDATE, DELETE ON report.rule TO outbreak_ministry;
GRANT SELECT, UPDATE (reason, reason_at, reason_by) ON report.finding TO outbreak_institution, outbreak_prefecture, outbreak_ministry;
-- not the id: an insert with a given one would tell whether somebody else's row has it
REVOKE INSERT ON report.rejected FROM outbreak_institution, outbreak_prefecture, outbreak_ministry;
GRANT SELECT, INSERT (form, reporter, prefecture, period, record, findings, rejected_by), UPDATE (resubmitted_at)
	ON report.rejected TO outbreak_institution, outbreak_prefecture, outbreak_ministry;
GRANT USAGE ON SEQUENCE report.rejected_id TO outbreak_institution, outbreak_prefecture, outbreak_ministry;
GRANT SELECT ON report.expected TO outbreak_institution, outbreak_prefecture, outbreak_ministry, outbreak_analyst;
GRANT INSERT, UPDATE, DELETE ON report.expected TO outbreak_ministry;

GRANT EXECUTE ON FUNCTION report.registered(regclass), report.key_columns(regclass), report.data_columns(regclass), report.history_of(regclass),
	report.finding_of(text, name[], text, text), report.misfits(regclass, jsonb), report.check(regclass, jsonb), report.precedence(text),
	report.is_institution(regclass, name), report.due_at(regclass, date), report.is_code(regtype), report.previous_query(report.form)
TO outbreak_anon, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst;
GRANT EXECUTE ON FUNCTION report.submit(regclass, jsonb, text), report.resubmit(bigint, jsonb), report.give_reason(regclass, jsonb, text, text)
TO outbreak_institution, outbreak_prefecture, outbreak_ministry;
GRANT EXECUTE ON FUNCTION report.verdicts(regclass, date, date), report.as_known_at(anyelement, timestamptz), report.completeness(regclass, date, timestamptz)
TO outbreak_institution, outbreak_prefecture, outbreak_ministry, outbreak_analyst;
GRANT EXECUTE ON FUNCTION report.take_dirty(regclass) TO outbreak_worker;
