-- ---- the outbox

-- Narrow, with two indexes: a million rows are queued in one statement. What a text needs at sending (contact, language,
-- template) is looked up then.
CREATE TABLE messaging.message (
	day date NOT NULL DEFAULT outbreak.local_date(),
	key uuid NOT NULL,
	person uuid NOT NULL,
	next_at timestamptz DEFAULT now(),
	not_before timestamptz,
	expires_at timestamptz,
	made_at timestamptz NOT NULL DEFAULT now(),
	first_tried_at timestamptz,
	accepted_at timestamptz,
	bounced_at timestamptz,
	ended_at timestamptz,
	prefecture smallint NOT NULL,
	priority smallint NOT NULL DEFAULT 5,
	attempts smallint NOT NULL DEFAULT 0,
	fixed boolean NOT NULL DEFAULT false,
	state text NOT NULL DEFAULT 'queued',
	channel text NOT NULL DEFAULT 'line',
	kind text NOT NULL,
	template text NOT NULL,
	language text,
	parameters jsonb NOT NULL DEFAULT '{}',
	pack uuid,
	reason text,
	PRIMARY KEY (day, key),
	CHECK (priority BETWEEN 1 AND 9
		AND state = ANY ('{queued,leased,accepted,bounced,failed,expired,withdrawn,parked}'::text[])
		AND channel = ANY ('{line,sms,mail,webhook}'::text[])
		AND (next_at IS NOT NULL) = (state = ANY ('{queued,leased}'::text[])))
) PARTITION BY RANGE (day);
COMMENT ON TABLE messaging.message IS '送信箱 / one row for each message, from its queueing to its end. The same person, day and kind is one message. Partitioned by month; ops makes the months ahead.';
COMMENT ON COLUMN messaging.message.day IS '対象日 / local date that the message is about.';
COMMENT ON COLUMN messaging.message.key IS '冪等キー / outbreak.message_key(person, day, kind), which gateways know a repeated request by.';
COMMENT ON COLUMN messaging.message.person IS '仮ID / whom it is for.';
COMMENT ON COLUMN messaging.message.next_at IS '次回 / when it may be sent; while it is leased, until when the lease holds. NULL once nothing more is to be done.';
COMMENT ON COLUMN messaging.message.not_before IS '送信開始 / not before this moment; NULL: at once.';
COMMENT ON COLUMN messaging.message.expires_at IS '期限 / not sent from this moment on; NULL: from the end of the day after its day.';
COMMENT ON COLUMN messaging.message.made_at IS '登録日時 / when it was queued.';
COMMENT ON COLUMN messaging.message.first_tried_at IS '初回送信 / when it was first tried.';
COMMENT ON COLUMN messaging.message.accepted_at IS '受理日時 / when the gateway took it.';
COMMENT ON COLUMN messaging.message.bounced_at IS '不達日時 / when the gateway said that it did not arrive.';
COMMENT ON COLUMN messaging.message.ended_at IS '終了日時 / when it was accepted, or came to nothing; the retention counts from here.';
COMMENT ON COLUMN messaging.message.prefecture IS '都道府県番号 / prefecture in charge of the person.';
COMMENT ON COLUMN messaging.message.priority IS '優先度 / 1 is sent first, and in quiet hours too; 9 last.';
COMMENT ON COLUMN messaging.message.attempts IS '試行回数 / tries so far.';
COMMENT ON COLUMN messaging.message.fixed IS '手段固定 / only by this channel; otherwise another contact of the person stands in for one that is missing or blocked.';
COMMENT ON COLUMN messaging.message.state IS '状態 / queued 待機, leased 送信中, accepted 受理, bounced 不達, failed 送信不能, expired 期限切れ, withdrawn 取消, parked 保留 (for a human).';
COMMENT ON COLUMN messaging.message.channel IS '手段 / line, sms, mail, webhook.';
COMMENT ON COLUMN messaging.message.kind IS '種類 / what it is about: one message of a kind for a person and day.';
COMMENT ON COLUMN messaging.message.template IS '文面 / the text (messaging.template).';
COMMENT ON COLUMN messaging.message.language IS '言語 / in this language; NULL: in that of the contact.';
COMMENT ON COLUMN messaging.message.parameters IS '差込値 / values for the text. Nothing that tells who the person is.';
COMMENT ON COLUMN messaging.message.pack IS '一斉送信 / request that it shares with others of the same text (messaging.pack).';
COMMENT ON COLUMN messaging.message.reason IS '理由 / why it waits, or what became of it; NULL when all is well.';
CREATE INDEX message_due_idx ON messaging.message (channel, priority, next_at) WHERE next_at IS NOT NULL AND pack IS NULL;
CREATE INDEX message_pack_idx ON messaging.message (pack) WHERE pack IS NOT NULL;
CREATE INDEX message_parked_idx ON messaging.message (prefecture, day) WHERE state = 'parked';
CREATE TABLE messaging.message_default PARTITION OF messaging.message DEFAULT;
COMMENT ON TABLE messaging.message_default IS 'messaging.message: months without a partition of their own.';

CREATE TABLE messaging.pack (
	pack uuid PRIMARY KEY,
	channel text NOT NULL,
	members integer NOT NULL CHECK (members > 0),
	next_at timestamptz,
	attempts smallint NOT NULL DEFAULT 1,
	first_tried_at timestamptz NOT NULL,
	ended_at timestamptz
);
COMMENT ON TABLE messaging.pack IS '一斉送信 / messages of the same text that go as one request. A retry repeats the pack under the same key, so that nobody is told twice and nobody is left out.';
COMMENT ON COLUMN messaging.pack.pack IS '冪等キー / key of the request, made of the keys of its messages.';
COMMENT ON COLUMN messaging.pack.channel IS '手段 / channel.';
COMMENT ON COLUMN messaging.pack.members IS '件数 / messages in it.';
COMMENT ON COLUMN messaging.pack.next_at IS '次回 / when it may be tried; NULL once it has ended.';
COMMENT ON COLUMN messaging.pack.attempts IS '試行回数 / tries so far.';
COMMENT ON COLUMN messaging.pack.first_tried_at IS '初回送信 / when it was first tried.';
COMMENT ON COLUMN messaging.pack.ended_at IS '終了日時 / when it was accepted, or given up.';
CREATE INDEX pack_due_idx ON messaging.pack (channel, next_at) WHERE next_at IS NOT NULL;

-- ---- evidence

CREATE TABLE messaging.attempt (
	day date NOT NULL,
	key uuid NOT NULL,
	at timestamptz NOT NULL,
	took interval NOT NULL,
	prefecture smallint NOT NULL,
	attempt smallint NOT NULL,
	status smallint,
	endpoint text NOT NULL,
	outcome text NOT NULL CHECK (outcome = ANY ('{accepted,repeated,retry,refused,gone,unpacked}'::text[])),
	pack uuid,
	request text,
	reason text
) PARTITION BY RANGE (day);
COMMENT ON TABLE messaging.attempt IS '送信記録 / every try that has an answer, or waited for one in vain. Rows are added and never changed. Partitioned by month.';
COMMENT ON COLUMN messaging.attempt.day IS '対象日 / day of the message.';
COMMENT ON COLUMN messaging.attempt.key IS '冪等キー / key of the message.';
COMMENT ON COLUMN messaging.attempt.at IS '日時 / when the request began.';
COMMENT ON COLUMN messaging.attempt.took IS '所要時間 / how long it took.';
COMMENT ON COLUMN messaging.attempt.prefecture IS '都道府県番号 / prefecture in charge of the person.';
COMMENT ON COLUMN messaging.attempt.attempt IS '回 / number of the try, from 1.';
COMMENT ON COLUMN messaging.attempt.status IS '応答コード / HTTP or SMTP status; NULL: no answer came.';
COMMENT ON COLUMN messaging.attempt.endpoint IS '送信先 / endpoint.';
COMMENT ON COLUMN messaging.attempt.outcome IS '結果 / accepted 受理, repeated 受理済み (the gateway had taken it before: 409), retry 再試行, refused 拒否, gone 宛先なし (blocked, or not there), unpacked 個別送信へ (the pack was refused; its messages go one by one).';
COMMENT ON COLUMN messaging.attempt.pack IS '一斉送信 / the request that it shared with others.';
COMMENT ON COLUMN messaging.attempt.request IS '受付番号 / number that the gateway gave the request.';
COMMENT ON COLUMN messaging.attempt.reason IS '理由 / what the gateway said, without addresses and numbers; NULL for success.';
CREATE INDEX attempt_message_idx ON messaging.attempt (day, key);
CREATE INDEX attempt_at_idx ON messaging.attempt USING brin (at);
CREATE TABLE messaging.attempt_default PARTITION OF messaging.attempt DEFAULT;
COMMENT ON TABLE messaging.attempt_default IS 'messaging.attempt: months without a partition of their own.';

CREATE TABLE messaging.acceptance (
	day date NOT NULL,
	key uuid NOT NULL,
	stands boolean NOT NULL GENERATED ALWAYS AS (bounced_at IS NULL) STORED,
	prefecture smallint NOT NULL,
	accepted_at timestamptz NOT NULL,
	bounced_at timestamptz,
	PRIMARY KEY (day, key, stands)
) PARTITION BY RANGE (day);
COMMENT ON TABLE messaging.acceptance IS '受理の証拠 / messages that a gateway accepted. Who blames a person for silence refers to (day, key, stands) with stands true by a foreign key: no such row, no blame. A bounce makes stands false; the handlers of bounce are called before it does. Partitioned by month.';
COMMENT ON COLUMN messaging.acceptance.day IS '対象日 / day of the message.';
COMMENT ON COLUMN messaging.acceptance.key IS '冪等キー / key of the message.';
COMMENT ON COLUMN messaging.acceptance.stands IS '有効 / true as long as nobody said that it did not arrive.';
COMMENT ON COLUMN messaging.acceptance.prefecture IS '都道府県番号 / prefecture in charge of the person.';
COMMENT ON COLUMN messaging.acceptance.accepted_at IS '受理日時 / when the gateway took it.';
COMMENT ON COLUMN messaging.acceptance.bounced_at IS '不達日時 / when it was said that it did not arrive; NULL: never.';
CREATE TABLE messaging.acceptance_default PARTITION OF messaging.acceptance DEFAULT;
COMMENT ON TABLE messaging.acceptance_default IS 'messaging.acceptance: months without a partition of their own.';

-- ---- what people answer

CREATE TABLE messaging.incoming (
	day date NOT NULL,
	event text NOT NULL,
	channel text NOT NULL CHECK (channel = ANY ('{line,sms,mail,webhook}'::text[])),
	kind text NOT NULL,
	person uuid,
	data jsonb NOT NULL DEFAULT '{}',
	at timestamptz NOT NULL,
	received_at timestamptz NOT NULL DEFAULT now(),
	taken_at timestamptz,
	problem text,
	PRIMARY KEY (day, event)
) PARTITION BY RANGE (day);
COMMENT ON TABLE messaging.incoming IS '受信 / what gateways told us: answers, follows, blocks, bounces; each event once, however often it is sent. Partitioned by month.';
COMMENT ON COLUMN messaging.incoming.day IS '日 / local date of the event.';
COMMENT ON COLUMN messaging.incoming.event IS 'イベント番号 / number that the gateway gave it (LINE: webhookEventId), which repeats are known by.';
COMMENT ON COLUMN messaging.incoming.channel IS '手段 / where it came from.';
COMMENT ON COLUMN messaging.incoming.kind IS '種類 / postback, message, follow, unfollow, accountLink, bounce, delivered, or another of the gateway''s.';
COMMENT ON COLUMN messaging.incoming.person IS '仮ID / who it is from; NULL: nobody whom we know by this address.';
COMMENT ON COLUMN messaging.incoming.data IS '内容 / {"data"} of a postback, {"text"} of a message, {"day", "key", "reason"} of a bounce.';
COMMENT ON COLUMN messaging.incoming.at IS '発生日時 / when it happened.';
COMMENT ON COLUMN messaging.incoming.received_at IS '受信日時 / when it came.';
COMMENT ON COLUMN messaging.incoming.taken_at IS '処理日時 / when a handler took it; NULL: nobody has yet.';
COMMENT ON COLUMN messaging.incoming.problem IS '問題 / why a handler could not take it: SQLSTATE and message.';
CREATE INDEX incoming_waiting_idx ON messaging.incoming (kind, day) WHERE taken_at IS NULL;
CREATE INDEX incoming_person_idx ON messaging.incoming (person, day);
CREATE TABLE messaging.incoming_default PARTITION OF messaging.incoming DEFAULT;
COMMENT ON TABLE messaging.incoming_default IS 'messaging.incoming: months without a partition of their own.';

CREATE TABLE messaging.handler (
	kind text NOT NULL,
	prefix text NOT NULL DEFAULT '',
	function regprocedure NOT NULL,
	PRIMARY KEY (kind, prefix)
);
COMMENT ON TABLE messaging.handler IS '受信処理 / functions that take what came in, in the transaction in which it came. The longest prefix that fits is called.';
COMMENT ON COLUMN messaging.handler.kind IS '種類 / kind of the event.';
COMMENT ON COLUMN messaging.handler.prefix IS '先頭 / beginning of the data of a postback or of the text of a message; empty: any.';
COMMENT ON COLUMN messaging.handler.function IS '関数 / (kind text, person uuid, data jsonb, at timestamptz) returning boolean: whether it took the event. It runs as outbreak_owner. An error is noted with the event, which then waits.';
