CREATE OR REPLACE VIEW messaging.health WITH (security_invoker = true) AS
SELECT c.channel,
	e.endpoint,
	w.launcher IS NOT NULL AS launcher_runs,
	w.served,
	w.worker,
	w.last_round_at,
	w.in_flight,
	coalesce(q.waiting, 0) AS waiting,
	coalesce(q.due, 0) AS due,
	coalesce(q.leased, 0) AS leased,
	now() - q.oldest AS oldest_due,
	coalesce(k.parked, 0) AS parked,
	b.state AS breaker,
	b.until_at AS breaker_until,
	coalesce(r.accepted, 0) AS accepted,
	coalesce(r.retried, 0) AS retried,
	coalesce(r.refused, 0) AS refused,
	round(coalesce(r.accepted, 0) / 300.0, 1) AS per_second,
	array_remove(ARRAY[
		CASE WHEN w.launcher IS NULL THEN 'no launcher runs' END,
		CASE WHEN w.launcher IS NOT NULL AND NOT w.served THEN 'the database is not in outbreak.messaging_databases' END,
		CASE WHEN w.failures > 0 THEN 'the worker fails: ' || coalesce(w.problem, '?') END,
		CASE WHEN e.endpoint IS NULL AND q.due > 0 THEN 'messages wait, and no endpoint is in use' END,
		CASE WHEN b.state <> 'closed' THEN 'nothing is sent for a while: ' || coalesce(b.reason, '?') END,
		CASE WHEN q.oldest < now() - interval '10 minutes' THEN 'a message is due for more than 10 minutes' END,
		CASE WHEN k.parked > 0 THEN 'messages are parked' END], NULL) AS problems
FROM unnest('{line,sms,mail,webhook}'::text[]) AS c (channel)
CROSS JOIN outbreak.messaging_worker() AS w
LEFT JOIN messaging.endpoint AS e ON e.kind = c.channel
	AND e.enabled
LEFT JOIN messaging.breaker AS b ON b.endpoint = e.endpoint
LEFT JOIN (
	SELECT m.channel,
		count(*) FILTER (WHERE m.state = 'queued') AS waiting,
		count(*) FILTER (WHERE m.state = 'queued' AND m.next_at <= now()) AS due,
		count(*) FILTER (WHERE m.state = 'leased') AS leased,
		-- one that waits for a second try is no sign of trouble by itself
		min(m.next_at) FILTER (WHERE m.state = 'queued' AND m.next_at <= now()) AS oldest
	FROM messaging.message AS m
	WHERE m.next_at IS NOT NULL
	GROUP BY m.channel
) AS q ON q.channel = c.channel
LEFT JOIN (
	SELECT m.channel,
		count(*) AS parked
	FROM messaging.message AS m
	WHERE m.state = 'parked'
	GROUP BY m.channel
) AS k ON k.channel = c.channel
LEFT JOIN (
	SELECT a.endpoint,
		count(*) FILTER (WHERE a.outcome IN ('accepted', 'repeated')) AS accepted,
		count(*) FILTER (WHERE a.outcome = 'retry') AS retried,
		count(*) FILTER (WHERE a.outcome IN ('refused', 'gone')) AS refused
	FROM messaging.attempt AS a
	WHERE a.at > now() - interval '5 minutes'
	GROUP BY a.endpoint
) AS r ON r.endpoint = e.endpoint;
COMMENT ON VIEW messaging.health IS '配信状況 / each channel: what waits, for how long, whether the worker is there, and how it went in the last 5 minutes. What wants attention: WHERE problems <> ''{}''.';
COMMENT ON COLUMN messaging.health.channel IS '手段 / line, sms, mail, webhook.';
COMMENT ON COLUMN messaging.health.endpoint IS '送信先 / endpoint in use; NULL: none.';
COMMENT ON COLUMN messaging.health.launcher_runs IS '起動プロセス / whether the process that starts workers is there.';
COMMENT ON COLUMN messaging.health.served IS '対象 / whether this database stands in outbreak.messaging_databases.';
COMMENT ON COLUMN messaging.health.worker IS '配信プロセス / pid of the worker; NULL: it has nothing to do now.';
COMMENT ON COLUMN messaging.health.last_round_at IS '最終確認 / when a worker last looked.';
COMMENT ON COLUMN messaging.health.in_flight IS '送信中 / requests that wait for their answer, of all channels.';
COMMENT ON COLUMN messaging.health.waiting IS '待機 / messages queued.';
COMMENT ON COLUMN messaging.health.due IS '送信可能 / … of which could go now.';
COMMENT ON COLUMN messaging.health.leased IS '受持ち / messages that a worker has taken.';
COMMENT ON COLUMN messaging.health.oldest_due IS '最長待ち / how long the oldest of those that could go has been due.';
COMMENT ON COLUMN messaging.health.parked IS '保留 / messages that wait for a human (messaging.resume).';
COMMENT ON COLUMN messaging.health.breaker IS '遮断器 / state of the breaker; NULL: never opened.';
COMMENT ON COLUMN messaging.health.breaker_until IS '次の試行 / when an open one lets a probe go.';
COMMENT ON COLUMN messaging.health.accepted IS '受理 / messages accepted in the last 5 minutes.';
COMMENT ON COLUMN messaging.health.retried IS '再試行 / tries that failed for now, in the last 5 minutes.';
COMMENT ON COLUMN messaging.health.refused IS '拒否 / messages refused for good, in the last 5 minutes.';
COMMENT ON COLUMN messaging.health.per_second IS '毎秒 / messages accepted a second, in the last 5 minutes.';
COMMENT ON COLUMN messaging.health.problems IS '問題 / what wants attention.';

CREATE OR REPLACE VIEW messaging.by_day WITH (security_invoker = true) AS
SELECT m.day,
	m.prefecture,
	m.channel,
	m.kind,
	count(*) AS messages,
	count(m.accepted_at) AS accepted,
	count(m.bounced_at) AS bounced,
	count(*) FILTER (WHERE m.state = 'failed') AS failed,
	count(*) FILTER (WHERE m.state = 'expired') AS expired,
	count(*) FILTER (WHERE m.state = 'withdrawn') AS withdrawn,
	count(*) FILTER (WHERE m.state = 'parked') AS parked,
	count(*) FILTER (WHERE m.next_at IS NOT NULL) AS waiting
FROM messaging.message AS m
GROUP BY m.day, m.prefecture, m.channel, m.kind;
COMMENT ON VIEW messaging.by_day IS '日別の連絡件数 / messages by day, prefecture, channel and kind, and what became of them.';
COMMENT ON COLUMN messaging.by_day.day IS '対象日 / day of the messages.';
COMMENT ON COLUMN messaging.by_day.prefecture IS '都道府県番号 / prefecture in charge.';
COMMENT ON COLUMN messaging.by_day.channel IS '手段 / channel.';
COMMENT ON COLUMN messaging.by_day.kind IS '種類 / kind of message.';
COMMENT ON COLUMN messaging.by_day.messages IS '件数 / messages.';
COMMENT ON COLUMN messaging.by_day.accepted IS '受理 / accepted by the gateway.';
COMMENT ON COLUMN messaging.by_day.bounced IS '不達 / of these, not arrived.';
COMMENT ON COLUMN messaging.by_day.failed IS '送信不能 / never sent: nobody to send to, or refused.';
COMMENT ON COLUMN messaging.by_day.expired IS '期限切れ / too late.';
COMMENT ON COLUMN messaging.by_day.withdrawn IS '取消 / withdrawn.';
COMMENT ON COLUMN messaging.by_day.parked IS '保留 / waiting for a human.';
COMMENT ON COLUMN messaging.by_day.waiting IS '待機 / queued or on their way.';
