COMMENT ON SCHEMA messaging IS '連絡 / messages that arrive: templates, contacts, the outbox, what became of each try, and what people answer.';

-- ---- where messages go

CREATE TABLE messaging.endpoint (
	endpoint text PRIMARY KEY CHECK (endpoint ~ '^[a-z][a-z0-9_]{0,39}$'),
	kind text NOT NULL CHECK (kind = ANY ('{line,sms,mail,webhook}'::text[])),
	style text NOT NULL CHECK (style = ANY ('{line,json,twilio,smtp}'::text[])),
	url text NOT NULL CHECK (url ~ '^(https?|smtps?)://[^\s@]+$'),
	secret text CHECK (secret ~ '^[a-z][a-z0-9_.]{0,39}$'),
	sender text CHECK (sender <> ''),
	enabled boolean NOT NULL DEFAULT false,
	per_second integer NOT NULL DEFAULT 100 CHECK (per_second BETWEEN 1 AND 100000),
	burst integer NOT NULL DEFAULT 100 CHECK (burst BETWEEN 1 AND 100000),
	in_flight integer NOT NULL DEFAULT 64 CHECK (in_flight BETWEEN 1 AND 1000),
	pack integer NOT NULL DEFAULT 1 CHECK (pack BETWEEN 1 AND 500),
	timeout interval NOT NULL DEFAULT '20 s' CHECK (timeout BETWEEN interval '100 ms' AND interval '5 minutes'),
	most_attempts smallint NOT NULL DEFAULT 12 CHECK (most_attempts BETWEEN 1 AND 100),
	backoff interval NOT NULL DEFAULT '2 s' CHECK (backoff BETWEEN interval '1 ms' AND interval '1 hour'),
	backoff_most interval NOT NULL DEFAULT '30 minutes' CHECK (backoff_most BETWEEN interval '1 ms' AND interval '24 hours'),
	retry_within interval NOT NULL DEFAULT '23 hours' CHECK (retry_within BETWEEN interval '1 s' AND interval '7 days'),
	break_after integer NOT NULL DEFAULT 10 CHECK (break_after BETWEEN 1 AND 100000),
	break_window interval NOT NULL DEFAULT '30 s' CHECK (break_window BETWEEN interval '1 s' AND interval '1 hour'),
	break_pause interval NOT NULL DEFAULT '10 s' CHECK (break_pause BETWEEN interval '1 ms' AND interval '1 hour'),
	CONSTRAINT endpoint_style_fits_kind CHECK (
		CASE kind
			WHEN 'line' THEN style = 'line'
			WHEN 'sms' THEN style = ANY ('{json,twilio}'::text[])
			WHEN 'mail' THEN style = ANY ('{json,smtp}'::text[])
			ELSE style = 'json'
		END),
	CONSTRAINT endpoint_url_fits_style CHECK ((style = 'smtp') = (url ~ '^smtps?:')),
	CONSTRAINT endpoint_packs_line CHECK (pack = 1 OR style = 'line'),
	-- the retry key of LINE counts for 24 hours
	CONSTRAINT endpoint_line_retries_in_time CHECK (style <> 'line' OR retry_within <= interval '23 hours 30 minutes'),
	CONSTRAINT endpoint_sends_as_somebody CHECK (style <> ALL ('{twilio,smtp}'::text[]) OR sender IS NOT NULL)
);
COMMENT ON TABLE messaging.endpoint IS '送信先 / gateways that messages are handed to, and how hard each may be driven. One of each kind is in use. Secrets stand in the file of outbreak.messaging_secret_file, never here.';
COMMENT ON COLUMN messaging.endpoint.endpoint IS '名前 / name.';
COMMENT ON COLUMN messaging.endpoint.kind IS '種別 / the channel that it serves: line, sms, mail, webhook.';
COMMENT ON COLUMN messaging.endpoint.style IS '方式 / how it is spoken to: line (LINE Messaging API: POST url/push and url/multicast), json (POST of {"id", "to", "from", "subject", "text"} with the header Idempotency-Key), twilio (POST of the form fields To, From, Body), smtp.';
COMMENT ON COLUMN messaging.endpoint.url IS 'URL / where; https or smtps, unless outbreak.messaging_allow_http is on. Private addresses only with outbreak.messaging_allow_private. No user or password in it.';
COMMENT ON COLUMN messaging.endpoint.secret IS '秘密の名前 / name of a line of the secret file: bearer token (line, json), user:password (twilio, smtp). Answers of LINE are verified with the line NAME.channel. NULL: none.';
COMMENT ON COLUMN messaging.endpoint.sender IS '差出人 / number or address that messages come from.';
COMMENT ON COLUMN messaging.endpoint.enabled IS '使用中 / whether messages go there; at most one of a kind.';
COMMENT ON COLUMN messaging.endpoint.per_second IS '毎秒 / requests a second at most (LINE: 2,000 for push, 200 for multicast).';
COMMENT ON COLUMN messaging.endpoint.burst IS 'まとめ / requests that may go at once after a pause.';
COMMENT ON COLUMN messaging.endpoint.in_flight IS '同時数 / requests that may wait for their answer at the same time.';
COMMENT ON COLUMN messaging.endpoint.pack IS '一斉送信 / recipients that share one request (multicast, LINE: 500); 1: none.';
COMMENT ON COLUMN messaging.endpoint.timeout IS '待ち時間 / longest wait for an answer, from the start of the request.';
COMMENT ON COLUMN messaging.endpoint.most_attempts IS '最大回数 / tries after which a message is parked for a human.';
COMMENT ON COLUMN messaging.endpoint.backoff IS '再試行間隔 / the wait before a retry is drawn between 0 and this, doubled with each try.';
COMMENT ON COLUMN messaging.endpoint.backoff_most IS '再試行間隔の上限 / … and never above this.';
COMMENT ON COLUMN messaging.endpoint.retry_within IS '再試行期限 / from the first try; after it the message is parked. LINE recognises a repeated request for 24 hours only.';
COMMENT ON COLUMN messaging.endpoint.break_after IS '遮断の失敗数 / failures within break_window, at least half of all answers, after which nothing is sent for a while.';
COMMENT ON COLUMN messaging.endpoint.break_window IS '遮断の観察時間 / the time in which they are counted.';
COMMENT ON COLUMN messaging.endpoint.break_pause IS '遮断時間 / the first pause; each failed probe doubles it, up to 10 minutes or this.';
CREATE UNIQUE INDEX endpoint_in_use_idx ON messaging.endpoint (kind) WHERE enabled;

CREATE TABLE messaging.breaker (
	endpoint text PRIMARY KEY REFERENCES messaging.endpoint ON UPDATE CASCADE ON DELETE CASCADE,
	state text NOT NULL DEFAULT 'closed' CHECK (state = ANY ('{closed,open,probing}'::text[])),
	failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
	pause interval NOT NULL DEFAULT '0',
	until_at timestamptz,
	reason text,
	changed_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE messaging.breaker IS '遮断器 / whether an endpoint is being spared because it failed; kept here so that a restart does not forget it.';
COMMENT ON COLUMN messaging.breaker.endpoint IS '送信先 / the endpoint.';
COMMENT ON COLUMN messaging.breaker.state IS '状態 / closed 通常, open 遮断中 (nothing is sent until until_at), probing 試行中 (one request is on its way to see).';
COMMENT ON COLUMN messaging.breaker.failures IS '失敗数 / failures that opened it.';
COMMENT ON COLUMN messaging.breaker.pause IS '遮断時間 / length of the current pause; a failed probe doubles it.';
COMMENT ON COLUMN messaging.breaker.until_at IS '次の試行 / when the next probe may go.';
COMMENT ON COLUMN messaging.breaker.reason IS '理由 / the last failure.';
COMMENT ON COLUMN messaging.breaker.changed_at IS '変更日時 / when this was written.';

-- ---- whom and what

CREATE TABLE messaging.contact (
	person uuid NOT NULL REFERENCES registry.person,
	channel text NOT NULL CHECK (channel = ANY ('{line,sms,mail,webhook}'::text[])),
	address outbreak.sealed NOT NULL,
	language text NOT NULL DEFAULT 'ja' CHECK (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$'),
	state text NOT NULL DEFAULT 'active' CHECK (state = ANY ('{active,blocked,opted_out}'::text[])),
	preference smallint NOT NULL DEFAULT 1 CHECK (preference BETWEEN 1 AND 9),
	quiet_from time,
	quiet_until time,
	time_zone text CHECK (time_zone <> ''),
	prefecture smallint NOT NULL,
	changed_at timestamptz NOT NULL DEFAULT now(),
	closed_on date,
	PRIMARY KEY (person, channel),
	CHECK (num_nonnulls(quiet_from, quiet_until) <> 1)
);
COMMENT ON TABLE messaging.contact IS '連絡先 / how a person is reached, by channel; the address is sealed. Written by messaging.set_contact() and by what LINE tells.';
COMMENT ON COLUMN messaging.contact.person IS '仮ID / the person (registry.person).';
COMMENT ON COLUMN messaging.contact.channel IS '手段 / line, sms, mail, webhook.';
COMMENT ON COLUMN messaging.contact.address IS '宛先 / LINE user ID, telephone number in international form, mail address, or the person''s number at the webhook; sealed for the purpose line, phone, mail, webhook.';
COMMENT ON COLUMN messaging.contact.language IS '言語 / language tag (BCP 47); ja-x-easy is easy Japanese (やさしい日本語).';
COMMENT ON COLUMN messaging.contact.state IS '状態 / active 有効, blocked 不達 (the person blocked us, or the address does not exist), opted_out 配信停止 (the person asked for no messages here).';
COMMENT ON COLUMN messaging.contact.preference IS '優先順 / 1 is tried first.';
COMMENT ON COLUMN messaging.contact.quiet_from IS '静穏時間の始め / local time from which messages wait, unless their priority is 1; NULL: that of messaging.quiet_hours.';
COMMENT ON COLUMN messaging.contact.quiet_until IS '静穏時間の終わり / local time at which they go; may lie behind midnight. Equal to quiet_from: no quiet hours.';
COMMENT ON COLUMN messaging.contact.time_zone IS '時間帯 / zone of the quiet hours; NULL: outbreak.time_zone.';
COMMENT ON COLUMN messaging.contact.prefecture IS '都道府県番号 / prefecture in charge of the person.';
COMMENT ON COLUMN messaging.contact.changed_at IS '変更日時 / when it was last changed.';
COMMENT ON COLUMN messaging.contact.closed_on IS '終了日 / day on which everything about the person ended; the retention counts from here.';
CREATE INDEX contact_address_idx ON messaging.contact (address);
CREATE INDEX contact_prefecture_idx ON messaging.contact (prefecture);
CREATE INDEX contact_closed_idx ON messaging.contact (closed_on) WHERE closed_on IS NOT NULL;

CREATE TABLE messaging.quiet_hours (
	channel text PRIMARY KEY CHECK (channel = ANY ('{line,sms,mail,webhook}'::text[])),
	quiet_from time NOT NULL,
	quiet_until time NOT NULL
);
COMMENT ON TABLE messaging.quiet_hours IS '静穏時間 / local times at which messages of a channel wait, unless their priority is 1 or the person chose others.';
COMMENT ON COLUMN messaging.quiet_hours.channel IS '手段 / channel.';
COMMENT ON COLUMN messaging.quiet_hours.quiet_from IS '始め / from when they wait.';
COMMENT ON COLUMN messaging.quiet_hours.quiet_until IS '終わり / when they go; equal to quiet_from: no quiet hours.';

CREATE TABLE messaging.template (
	template text NOT NULL CHECK (template ~ '^[a-z][a-z0-9_.]{0,59}$'),
	language text NOT NULL CHECK (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$'),
	channel text NOT NULL DEFAULT '*' CHECK (channel = ANY ('{*,line,sms,mail,webhook}'::text[])),
	subject text CHECK (subject <> ''),
	body text NOT NULL CHECK (body <> '' AND length(body) <= 4000),
	buttons jsonb,
	parameters text[] NOT NULL DEFAULT '{}',
	PRIMARY KEY (template, language, channel)
);
COMMENT ON TABLE messaging.template IS '文面 / texts of messages by language. A text of the channel is preferred to that for all; a language that is missing falls back as messaging.fallback says.';
COMMENT ON COLUMN messaging.template.template IS '文面名 / name.';
COMMENT ON COLUMN messaging.template.language IS '言語 / language tag; ja-x-easy is easy Japanese.';
COMMENT ON COLUMN messaging.template.channel IS '手段 / the channel that it is written for; *: all.';
COMMENT ON COLUMN messaging.template.subject IS '件名 / subject, for mail.';
COMMENT ON COLUMN messaging.template.body IS '本文 / text; {{name}} stands for the parameter of that name.';
COMMENT ON COLUMN messaging.template.buttons IS '返信ボタン / quick replies of LINE: [{"label", "data"}], at most 13; data comes back as the answer, and may hold {{name}}. A label has at most 20 characters.';
COMMENT ON COLUMN messaging.template.parameters IS '差込項目 / the parameters that body, subject and buttons need; kept by a trigger.';

CREATE TABLE messaging.fallback (
	language text NOT NULL,
	position smallint NOT NULL CHECK (position BETWEEN 1 AND 20),
	other text NOT NULL,
	PRIMARY KEY (language, position)
);
COMMENT ON TABLE messaging.fallback IS '代替言語 / the language that stands in where a text is missing, in order. Before these comes the language without its subtags (zh-Hant: zh); the row * is for languages that have no rows of their own. Last of all comes ja.';
COMMENT ON COLUMN messaging.fallback.language IS '言語 / language that is missing; *: any other.';
COMMENT ON COLUMN messaging.fallback.position IS '順 / order.';
COMMENT ON COLUMN messaging.fallback.other IS '代替 / language to take instead.';
