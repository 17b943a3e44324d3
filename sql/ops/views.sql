CREATE OR REPLACE VIEW ops.status WITH (security_invoker = true) AS
SELECT j.name AS job,
	j.schedule,
	j.every,
	r.started_at AS last_started_at,
	r.finished_at - r.started_at AS took,
	now() - r.started_at AS age,
	r.ok,
	r.error ->> 'message' AS error,
	coalesce(r.started_at + 2 * j.every < now(), true) AS missed,
	j.comment
FROM ops.job AS j
LEFT JOIN LATERAL (
	SELECT x.started_at,
		x.finished_at,
		x.ok,
		x.error
	FROM ops.job_run AS x
	WHERE x.job = j.name
	ORDER BY x.started_at DESC, x.job_run DESC
	LIMIT 1
) AS r ON true;
COMMENT ON VIEW ops.status IS '稼働状況 / each job with its last run. What wants attention: WHERE missed OR NOT ok.';
COMMENT ON COLUMN ops.status.job IS 'ジョブ名 / the job.';
COMMENT ON COLUMN ops.status.schedule IS '予定 / cron fields in GMT.';
COMMENT ON COLUMN ops.status.every IS '間隔 / how often it should run.';
COMMENT ON COLUMN ops.status.last_started_at IS '最終開始 / when it last started; NULL when never.';
COMMENT ON COLUMN ops.status.took IS '所要時間 / how long that run took.';
COMMENT ON COLUMN ops.status.age IS '経過時間 / how long ago that was.';
COMMENT ON COLUMN ops.status.ok IS '成否 / whether that run was good; NULL when it never ran.';
COMMENT ON COLUMN ops.status.error IS 'エラー / what went wrong.';
COMMENT ON COLUMN ops.status.missed IS '未実行 / it never ran, or not within twice its interval.';
COMMENT ON COLUMN ops.status.comment IS '説明 / what the job does.';
