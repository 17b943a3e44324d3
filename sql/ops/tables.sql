COMMENT ON SCHEMA ops IS '運用 / running it: jobs and their runs, partitions, reminders, checks of rollups.';

-- ---- jobs

CREATE TABLE ops.job (
	name text PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9_]{0,39}$'),
	schedule text NOT NULL CHECK (schedule ~ '^[^ ]+( [^ ]+){4}$'),
	command text NOT NULL CHECK (command ~ '^[a-z_][a-z0-9_]*[.][a-z_][a-z0-9_]*$'),
	every interval NOT NULL CHECK (every > interval '0'),
	comment text NOT NULL
);
COMMENT ON TABLE ops.job IS 'ジョブ / what runs by the clock. A job is one idempotent function that takes the moment as_of and returns jsonb; it may run late, twice, or for a day long past.';
COMMENT ON COLUMN ops.job.name IS 'ジョブ名 / name, for ops.run_job.';
COMMENT ON COLUMN ops.job.schedule IS '予定 / five cron fields (minute, hour, day, month, weekday) in GMT, the only zone that pg_cron 1.4 knows: 15 in the second field is midnight in Japan.';
COMMENT ON COLUMN ops.job.command IS '関数 / schema and name of the function, such as ops.remind; it is called as function(as_of timestamptz) and returns jsonb. A non-empty array "failed" in its result marks the run as not ok.';
COMMENT ON COLUMN ops.job.every IS '間隔 / how often the schedule runs it. After twice that time without a run, ops.status calls it missed.';
COMMENT ON COLUMN ops.job.comment IS '説明 / what it does.';

CREATE SEQUENCE ops.job_run_number;
COMMENT ON SEQUENCE ops.job_run_number IS 'Numbers of job runs.';
CREATE TABLE ops.job_run (
	job_run bigint PRIMARY KEY DEFAULT nextval('ops.job_run_number'),
	job text NOT NULL REFERENCES ops.job ON UPDATE CASCADE ON DELETE CASCADE,
	as_of timestamptz NOT NULL,
	started_at timestamptz NOT NULL,
	finished_at timestamptz NOT NULL,
	ok boolean NOT NULL,
	result jsonb,
	error jsonb
);
ALTER SEQUENCE ops.job_run_number OWNED BY ops.job_run.job_run;
COMMENT ON TABLE ops.job_run IS '実行記録 / every run of a job, good or bad, for 90 days. A run that was cancelled or lost its connection leaves no row; ops.status shows it as missed.';
COMMENT ON COLUMN ops.job_run.job_run IS '番号 / number of the run.';
COMMENT ON COLUMN ops.job_run.job IS 'ジョブ名 / the job.';
COMMENT ON COLUMN ops.job_run.as_of IS '基準時刻 / the moment that it ran for.';
COMMENT ON COLUMN ops.job_run.started_at IS '開始 / when it started.';
COMMENT ON COLUMN ops.job_run.finished_at IS '終了 / when it ended.';
COMMENT ON COLUMN ops.job_run.ok IS '成否 / false: it raised an error (nothing of it was kept), or its result lists something under "failed".';
COMMENT ON COLUMN ops.job_run.result IS '結果 / what the function returned; NULL after an error.';
COMMENT ON COLUMN ops.job_run.error IS 'エラー / {"sqlstate", "message", "detail", "hint", "context"}; NULL without an error.';
CREATE INDEX job_run_job_idx ON ops.job_run (job, started_at);

-- ---- what jobs write

CREATE TABLE ops.reminder (
	form regclass NOT NULL,
	institution outbreak.institution_code NOT NULL,
	period date NOT NULL,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(institution)) STORED,
	due_at timestamptz NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (form, institution, period)
);
COMMENT ON TABLE ops.reminder IS '督促 / reports that were expected and had not come when their deadline passed. One row for each, made once by the job remind, kept when the report comes late.';
COMMENT ON COLUMN ops.reminder.form IS '調査票 / form.';
COMMENT ON COLUMN ops.reminder.institution IS '医療機関 / who owes the report.';
COMMENT ON COLUMN ops.reminder.period IS '対象日 / the period (its first day) that it is for.';
COMMENT ON COLUMN ops.reminder.prefecture IS '都道府県番号 / prefecture of the institution.';
COMMENT ON COLUMN ops.reminder.due_at IS '期限 / the deadline that passed.';
COMMENT ON COLUMN ops.reminder.created_at IS '作成日時 / when the reminder was made.';
CREATE INDEX reminder_institution_idx ON ops.reminder (institution, period);
CREATE INDEX reminder_prefecture_idx ON ops.reminder (prefecture, period);

CREATE TABLE ops.rollup_check (
	rollup regclass NOT NULL,
	on_date date NOT NULL,
	area text NOT NULL,
	measure text NOT NULL,
	checked_at timestamptz NOT NULL DEFAULT now(),
	in_rollup bigint,
	in_reports bigint,
	PRIMARY KEY (rollup, on_date, area, measure, checked_at),
	CHECK (in_rollup IS DISTINCT FROM in_reports)
);
COMMENT ON TABLE ops.rollup_check IS '集計照合 / differences between a rollup and the sum over its reports that the job check_rollups has found. Empty in a sound system.';
COMMENT ON COLUMN ops.rollup_check.rollup IS '集計表 / the rollup.';
COMMENT ON COLUMN ops.rollup_check.on_date IS '対象日 / the day.';
COMMENT ON COLUMN ops.rollup_check.area IS '地域 / code of the municipality or prefecture.';
COMMENT ON COLUMN ops.rollup_check.measure IS '項目 / column of the rollup.';
COMMENT ON COLUMN ops.rollup_check.checked_at IS '照合日時 / when it was found.';
COMMENT ON COLUMN ops.rollup_check.in_rollup IS '集計値 / what the rollup says; NULL when it has no such row or value.';
COMMENT ON COLUMN ops.rollup_check.in_reports IS '報告値 / what the reports add up to; NULL when none of them has a value.';
