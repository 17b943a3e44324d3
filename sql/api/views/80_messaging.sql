CREATE OR REPLACE VIEW api.messages WITH (security_invoker = true) AS
SELECT m.day,
	m.key,
	m.person,
	m.kind,
	m.channel,
	m.state,
	m.priority,
	m.not_before,
	m.expires_at,
	m.made_at,
	m.attempts,
	m.first_tried_at,
	m.accepted_at,
	m.bounced_at,
	m.ended_at,
	m.reason
FROM messaging.message AS m;
COMMENT ON VIEW api.messages IS '連絡 / Messages to persons in your charge, or to you, and what became of them. Filter by day and person.';
COMMENT ON COLUMN api.messages.day IS '対象日 / day that it is about.';
COMMENT ON COLUMN api.messages.key IS '冪等キー / key.';
COMMENT ON COLUMN api.messages.person IS '仮ID / whom it is for.';
COMMENT ON COLUMN api.messages.kind IS '種類 / what it is about.';
COMMENT ON COLUMN api.messages.channel IS '手段 / line, sms, mail, webhook.';
COMMENT ON COLUMN api.messages.state IS '状態 / queued, leased, accepted, bounced, failed, expired, withdrawn, parked.';
COMMENT ON COLUMN api.messages.priority IS '優先度 / 1 first.';
COMMENT ON COLUMN api.messages.not_before IS '送信開始 / not before.';
COMMENT ON COLUMN api.messages.expires_at IS '期限 / not after.';
COMMENT ON COLUMN api.messages.made_at IS '登録日時 / when it was queued.';
COMMENT ON COLUMN api.messages.attempts IS '試行回数 / tries.';
COMMENT ON COLUMN api.messages.first_tried_at IS '初回送信 / first try.';
COMMENT ON COLUMN api.messages.accepted_at IS '受理日時 / when the gateway took it.';
COMMENT ON COLUMN api.messages.bounced_at IS '不達日時 / when it was said that it did not arrive.';
COMMENT ON COLUMN api.messages.ended_at IS '終了日時 / when it ended.';
COMMENT ON COLUMN api.messages.reason IS '理由 / why it waits or what became of it.';

CREATE OR REPLACE VIEW api.messages_by_day WITH (security_invoker = true) AS
SELECT b.day,
	b.prefecture,
	b.channel,
	b.kind,
	b.messages,
	b.accepted,
	b.bounced,
	b.failed,
	b.expired,
	b.withdrawn,
	b.parked,
	b.waiting
FROM messaging.by_day AS b;
COMMENT ON VIEW api.messages_by_day IS '日別の連絡件数 / Messages by day, prefecture, channel and kind, and what became of them.';
COMMENT ON COLUMN api.messages_by_day.day IS '対象日 / day.';
COMMENT ON COLUMN api.messages_by_day.prefecture IS '都道府県番号 / prefecture in charge.';
COMMENT ON COLUMN api.messages_by_day.channel IS '手段 / channel.';
COMMENT ON COLUMN api.messages_by_day.kind IS '種類 / kind of message.';
COMMENT ON COLUMN api.messages_by_day.messages IS '件数 / messages.';
COMMENT ON COLUMN api.messages_by_day.accepted IS '受理 / accepted by the gateway.';
COMMENT ON COLUMN api.messages_by_day.bounced IS '不達 / not arrived.';
COMMENT ON COLUMN api.messages_by_day.failed IS '送信不能 / never sent.';
COMMENT ON COLUMN api.messages_by_day.expired IS '期限切れ / too late.';
COMMENT ON COLUMN api.messages_by_day.withdrawn IS '取消 / withdrawn.';
COMMENT ON COLUMN api.messages_by_day.parked IS '保留 / waiting for a human.';
COMMENT ON COLUMN api.messages_by_day.waiting IS '待機 / queued or on their way.';

CREATE OR REPLACE VIEW api.messaging_health WITH (security_invoker = true) AS
SELECT h.channel,
	h.endpoint,
	h.launcher_runs,
	h.served,
	h.last_round_at,
	h.in_flight,
	h.waiting,
	h.due,
	h.oldest_due,
	h.parked,
	h.breaker,
	h.accepted,
	h.retried,
	h.refused,
	h.problems
FROM messaging.health AS h;
COMMENT ON VIEW api.messaging_health IS '配信状況 / Each channel: what waits and for how long, and what wants attention (problems). For the ministry.';
COMMENT ON COLUMN api.messaging_health.channel IS '手段 / channel.';
COMMENT ON COLUMN api.messaging_health.endpoint IS '送信先 / gateway in use.';
COMMENT ON COLUMN api.messaging_health.launcher_runs IS '起動プロセス / whether the process that starts workers is there.';
COMMENT ON COLUMN api.messaging_health.served IS '対象 / whether this database is served.';
COMMENT ON COLUMN api.messaging_health.last_round_at IS '最終確認 / when a worker last looked.';
COMMENT ON COLUMN api.messaging_health.in_flight IS '送信中 / requests in flight.';
COMMENT ON COLUMN api.messaging_health.waiting IS '待機 / messages queued.';
COMMENT ON COLUMN api.messaging_health.due IS '送信可能 / … of which could go now.';
COMMENT ON COLUMN api.messaging_health.oldest_due IS '最長待ち / how long the oldest of these has been due.';
COMMENT ON COLUMN api.messaging_health.parked IS '保留 / waiting for a human.';
COMMENT ON COLUMN api.messaging_health.breaker IS '遮断器 / state of the breaker.';
COMMENT ON COLUMN api.messaging_health.accepted IS '受理 / accepted in the last 5 minutes.';
COMMENT ON COLUMN api.messaging_health.retried IS '再試行 / failed for now, in the last 5 minutes.';
COMMENT ON COLUMN api.messaging_health.refused IS '拒否 / refused in the last 5 minutes.';
COMMENT ON COLUMN api.messaging_health.problems IS '問題 / what wants attention.';

-- Views over joins and sums: whoever tries to write is told that there is no right to.
CREATE OR REPLACE TRIGGER refuse_write
INSTEAD OF INSERT OR UPDATE OR DELETE ON api.messages_by_day
FOR EACH ROW
EXECUTE FUNCTION ops.refuse_write();
CREATE OR REPLACE TRIGGER refuse_write
INSTEAD OF INSERT OR UPDATE OR DELETE ON api.messaging_health
FOR EACH ROW
EXECUTE FUNCTION ops.refuse_write();
