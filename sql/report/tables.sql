COMMENT ON SCHEMA report IS '調査・報告 / forms: what is asked, the rules of an answer, who is expected, what was found, set aside and replaced.';

CREATE TABLE report.form (
	form regclass PRIMARY KEY,
	title_ja text,
	title_en text,
	reporter name NOT NULL,
	period name NOT NULL,
	keys name[] NOT NULL DEFAULT '{}',
	period_kind text NOT NULL CHECK (period_kind = ANY ('{day,week,month}'::text[])),
	deadline interval NOT NULL,
	lookback integer NOT NULL CHECK (lookback BETWEEN 1 AND 3660),
	rollup boolean NOT NULL DEFAULT false,
	on_change text
);
COMMENT ON TABLE report.form IS '調査票 / the registered forms. report.register() writes this table.';
COMMENT ON COLUMN report.form.form IS 'The table that is the form.';
COMMENT ON COLUMN report.form.title_ja IS '調査名 / its title in Japanese.';
COMMENT ON COLUMN report.form.title_en IS 'Its title in English.';
COMMENT ON COLUMN report.form.reporter IS 'Column that names who reports.';
COMMENT ON COLUMN report.form.period IS 'Column (a date) that names the day, or the first day of the week or month, that is reported on.';
COMMENT ON COLUMN report.form.keys IS 'Further key columns, such as the service or the item.';
COMMENT ON COLUMN report.form.period_kind IS 'day, week (from Monday) or month.';
COMMENT ON COLUMN report.form.deadline IS '締切 / a report is in time until this long after the local midnight with which its period begins.';
COMMENT ON COLUMN report.form.lookback IS 'Days in which previous.<column> finds the reporter''s last report.';
COMMENT ON COLUMN report.form.rollup IS 'Whether changes are noted in report.dirty for rollups.';
COMMENT ON COLUMN report.form.on_change IS 'Function (with its argument type) that each statement calls once with the reporters that it touched, or NULL. As text, because pg_upgrade takes no column that holds the OID of a function.';

CREATE TABLE report.item (
	form regclass NOT NULL REFERENCES report.form ON DELETE CASCADE,
	item name NOT NULL,
	meaning text NOT NULL CHECK (meaning = ANY ('{count,stock,ratio,status}'::text[])),
	PRIMARY KEY (form, item)
);
COMMENT ON TABLE report.item IS '調査項目 / what the numbers of a form mean, so that nothing is added up that does not add up.';
COMMENT ON COLUMN report.item.form IS 'The form.';
COMMENT ON COLUMN report.item.item IS 'Column of the form. Its label is the comment of the column.';
COMMENT ON COLUMN report.item.meaning IS 'count adds up over places and time, stock over places only, ratio and status over neither.';

CREATE TABLE report.rule (
	form regclass NOT NULL REFERENCES report.form ON DELETE CASCADE,
	code text NOT NULL,
	expression text NOT NULL,
	severity text NOT NULL CHECK (severity = ANY ('{error,warning}'::text[])),
	message_ja text NOT NULL,
	message_en text NOT NULL,
	valid daterange NOT NULL DEFAULT '(,)',
	fields name[] NOT NULL,
	uses_previous boolean NOT NULL,
	PRIMARY KEY (form, code)
);
COMMENT ON TABLE report.rule IS '入力チェック / what must be true of a report. Insert, update or delete rows: the change holds in every session from its next statement on. A rule of severity error that covers past periods is taken only when the stored reports pass it (OB005 lists those that do not).';
COMMENT ON COLUMN report.rule.form IS 'The form.';
COMMENT ON COLUMN report.rule.code IS 'Short name of the rule, unique in the form; what a finding is called.';
COMMENT ON COLUMN report.rule.expression IS 'Boolean SQL over the columns of the form and over previous.<column>, the reporter''s last report. Immutable functions of pg_catalog and outbreak only. NULL is undecidable, not passed.';
COMMENT ON COLUMN report.rule.severity IS 'error refuses the report; warning lets it in and records a finding that wants a reason.';
COMMENT ON COLUMN report.rule.message_ja IS '説明 / what is wrong, in Japanese.';
COMMENT ON COLUMN report.rule.message_en IS 'What is wrong, in English.';
COMMENT ON COLUMN report.rule.valid IS 'Periods that the rule is for.';
COMMENT ON COLUMN report.rule.fields IS 'Columns that the expression names; filled in by the system.';
COMMENT ON COLUMN report.rule.uses_previous IS 'Whether the expression names previous.*; filled in by the system.';

CREATE TABLE report.finding (
	form regclass NOT NULL,
	key jsonb NOT NULL,
	code text NOT NULL,
	severity text NOT NULL,
	reporter outbreak.institution_code,
	prefecture smallint,
	period date NOT NULL,
	found_at timestamptz NOT NULL DEFAULT now(),
	reason text,
	reason_at timestamptz,
	reason_by text,
	PRIMARY KEY (form, key, code)
);
CREATE INDEX finding_reporter ON report.finding (reporter, period);
CREATE INDEX finding_prefecture ON report.finding (prefecture, period);
COMMENT ON TABLE report.finding IS '要確認 / stored reports that break a rule of severity warning. A finding wants a reason; it goes when the report is replaced.';
COMMENT ON COLUMN report.finding.form IS 'The form.';
COMMENT ON COLUMN report.finding.key IS 'Key of the report, by column.';
COMMENT ON COLUMN report.finding.code IS 'The rule that it breaks.';
COMMENT ON COLUMN report.finding.severity IS 'warning.';
COMMENT ON COLUMN report.finding.reporter IS 'The institution, for forms that institutions fill in.';
COMMENT ON COLUMN report.finding.prefecture IS '都道府県 / its prefecture.';
COMMENT ON COLUMN report.finding.period IS 'Period of the report.';
COMMENT ON COLUMN report.finding.found_at IS 'When it was found.';
COMMENT ON COLUMN report.finding.reason IS '理由 / what the reporter says to it; NULL as long as nothing was said.';
COMMENT ON COLUMN report.finding.reason_at IS 'When the reason was given.';
COMMENT ON COLUMN report.finding.reason_by IS 'By whom: a role.';

CREATE SEQUENCE report.rejected_id;
CREATE TABLE report.rejected (
	id bigint PRIMARY KEY DEFAULT nextval('report.rejected_id'),
	form regclass NOT NULL,
	reporter outbreak.institution_code,
	prefecture smallint,
	period date,
	record jsonb NOT NULL,
	findings jsonb NOT NULL,
	rejected_at timestamptz NOT NULL DEFAULT now(),
	rejected_by text NOT NULL,
	resubmitted_at timestamptz
);
ALTER SEQUENCE report.rejected_id OWNED BY report.rejected.id;
CREATE INDEX rejected_reporter ON report.rejected (reporter, period);
CREATE INDEX rejected_prefecture ON report.rejected (prefecture, period);
COMMENT ON TABLE report.rejected IS '差戻し / reports that were set aside instead of lost: those that broke rules under outbreak.on_invalid = ''quarantine'', and those that an entry of higher precedence kept out.';
COMMENT ON SEQUENCE report.rejected_id IS 'Numbers of report.rejected.';
COMMENT ON COLUMN report.rejected.id IS 'Number, for report.resubmit().';
COMMENT ON COLUMN report.rejected.form IS 'The form.';
COMMENT ON COLUMN report.rejected.reporter IS 'The institution, where the record names one.';
COMMENT ON COLUMN report.rejected.prefecture IS '都道府県 / its prefecture.';
COMMENT ON COLUMN report.rejected.period IS 'Period of the report.';
COMMENT ON COLUMN report.rejected.record IS 'The report as it came.';
COMMENT ON COLUMN report.rejected.findings IS 'Why it was set aside: an array of findings.';
COMMENT ON COLUMN report.rejected.rejected_at IS 'When.';
COMMENT ON COLUMN report.rejected.rejected_by IS 'The role that brought it.';
COMMENT ON COLUMN report.rejected.resubmitted_at IS 'When a mended version was taken in; NULL as long as it waits.';

CREATE TABLE report.expected (
	form regclass NOT NULL,
	institution outbreak.institution_code NOT NULL,
	valid daterange NOT NULL DEFAULT '(,)',
	PRIMARY KEY (form, institution)
);
CREATE INDEX expected_institution ON report.expected (institution);
COMMENT ON TABLE report.expected IS '報告対象 / who is expected to fill in which form.';
COMMENT ON COLUMN report.expected.form IS 'The form.';
COMMENT ON COLUMN report.expected.institution IS '医療機関 / the institution.';
COMMENT ON COLUMN report.expected.valid IS 'Periods for which it is expected.';

CREATE TABLE report.dirty (
	form regclass NOT NULL,
	period date NOT NULL,
	prefecture smallint NOT NULL
);
COMMENT ON TABLE report.dirty IS 'Days of a prefecture whose rollups are not up to date: appended by every statement that changes reports, taken away by whoever folds them in. Readers compute these days from the reports. The same day may stand here many times.';
COMMENT ON COLUMN report.dirty.form IS 'The form.';
COMMENT ON COLUMN report.dirty.period IS 'The period.';
COMMENT ON COLUMN report.dirty.prefecture IS '都道府県 / the prefecture.';

ALTER TABLE report.form ENABLE ROW LEVEL SECURITY;
ALTER TABLE report.form FORCE ROW LEVEL SECURITY;
ALTER TABLE report.item ENABLE ROW LEVEL SECURITY;
ALTER TABLE report.item FORCE ROW LEVEL SECURITY;
ALTER TABLE report.rule ENABLE ROW LEVEL SECURITY;
ALTER TABLE report.rule FORCE ROW LEVEL SECURITY;
ALTER TABLE report.finding ENABLE ROW LEVEL SECURITY;
ALTER TABLE report.finding FORCE ROW LEVEL SECURITY;
ALTER TABLE report.rejected ENABLE ROW LEVEL SECURITY;
ALTER TABLE report.rejected FORCE ROW LEVEL SECURITY;
ALTER TABLE report.expected ENABLE ROW LEVEL SECURITY;
ALTER TABLE report.expected FORCE ROW LEVEL SECURITY;
ALTER TABLE report.dirty ENABLE ROW LEVEL SECURITY;
ALTER TABLE report.dirty FORCE ROW LEVEL SECURITY;
