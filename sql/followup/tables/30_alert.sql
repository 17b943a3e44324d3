-- ---- thresholds and alerts

CREATE SEQUENCE followup.threshold_number;
COMMENT ON SEQUENCE followup.threshold_number IS 'Numbers of thresholds.';
CREATE TABLE followup.threshold (
	threshold bigint PRIMARY KEY DEFAULT nextval('followup.threshold_number'),
	plan text NOT NULL REFERENCES followup.plan,
	prefecture smallint REFERENCES registry.prefecture,
	measure text NOT NULL CHECK (measure = ANY ('{temperature_c,spo2,fever,symptoms,emergency_signs,household_yes,distance_m,identity_unconfirmed}'::text[])),
	level text NOT NULL CHECK (level = ANY ('{caution,warning,emergency}'::text[])),
	at_least numeric,
	at_most numeric,
	valid daterange NOT NULL DEFAULT '(,)' CHECK (NOT isempty(valid)),
	message_ja text NOT NULL CHECK (message_ja <> ''),
	message_en text NOT NULL CHECK (message_en <> ''),
	CHECK (num_nonnulls(at_least, at_most) = 1)
);
ALTER SEQUENCE followup.threshold_number OWNED BY followup.threshold.threshold;
COMMENT ON TABLE followup.threshold IS '警戒基準 / when an answer raises an alert. A prefecture''s row of the same plan, measure and level stands in for the national one. Rows of the same plan, prefecture, measure and level never overlap in time (23P01).';
COMMENT ON COLUMN followup.threshold.threshold IS '番号 / number, given here; an alert names the threshold that raised it.';
COMMENT ON COLUMN followup.threshold.plan IS '計画 / plan.';
COMMENT ON COLUMN followup.threshold.prefecture IS '都道府県番号 / prefecture that set it; NULL: national.';
COMMENT ON COLUMN followup.threshold.measure IS '項目 / temperature_c 体温, spo2 酸素飽和度, fever 37.5℃以上の申告 (1), symptoms 症状数, emergency_signs 緊急性の高い症状の数, household_yes 世帯の有症状 (1), distance_m 待機場所からの距離 (only when away), identity_unconfirmed 本人・場所未確認 (1).';
COMMENT ON COLUMN followup.threshold.level IS '段階 / caution 注意, warning 警戒, emergency 緊急.';
COMMENT ON COLUMN followup.threshold.at_least IS '下限 / alert from this value upwards.';
COMMENT ON COLUMN followup.threshold.at_most IS '上限 / alert from this value downwards. An at_least or an at_most; a value that switches a national threshold off for a prefecture is one that is never reached.';
COMMENT ON COLUMN followup.threshold.valid IS '適用期間 / local days of the answers that it is for.';
COMMENT ON COLUMN followup.threshold.message_ja IS '説明 / what the alert says, in Japanese.';
COMMENT ON COLUMN followup.threshold.message_en IS 'What the alert says, in English.';
CREATE INDEX threshold_plan_idx ON followup.threshold (plan, measure);

CREATE SEQUENCE followup.alert_number;
COMMENT ON SEQUENCE followup.alert_number IS 'Numbers of alerts.';
CREATE TABLE followup.alert (
	alert bigint PRIMARY KEY DEFAULT nextval('followup.alert_number'),
	enrolment bigint NOT NULL REFERENCES followup.enrolment ON DELETE CASCADE,
	person uuid NOT NULL,
	prefecture smallint NOT NULL,
	health_center bigint,
	day date NOT NULL,
	prompt text NOT NULL,
	n smallint NOT NULL,
	measure text NOT NULL,
	level text NOT NULL,
	value numeric NOT NULL,
	details text[] NOT NULL DEFAULT '{}',
	threshold bigint NOT NULL,
	raised_at timestamptz NOT NULL,
	state text NOT NULL DEFAULT 'open' CHECK (state = ANY ('{open,handled,withdrawn}'::text[])),
	handled_at timestamptz,
	handled_by text,
	outcome text,
	UNIQUE (enrolment, day, prompt, n, measure),
	CHECK ((state = 'open') = (handled_at IS NULL))
);
ALTER SEQUENCE followup.alert_number OWNED BY followup.alert.alert;
COMMENT ON TABLE followup.alert IS '警戒 / answers that reached a threshold, raised in the transaction of the answer: the gravest threshold of each measure. A corrected answer raises it anew or withdraws it.';
COMMENT ON COLUMN followup.alert.alert IS '番号 / number, given here.';
COMMENT ON COLUMN followup.alert.enrolment IS '対象番号 / enrolment.';
COMMENT ON COLUMN followup.alert.person IS '仮ID / the person.';
COMMENT ON COLUMN followup.alert.prefecture IS '都道府県番号 / prefecture in charge.';
COMMENT ON COLUMN followup.alert.health_center IS '担当保健所 / health centre in charge.';
COMMENT ON COLUMN followup.alert.day IS '対象日 / day of the answer.';
COMMENT ON COLUMN followup.alert.prompt IS '種別 / prompt of the answer.';
COMMENT ON COLUMN followup.alert.n IS '回 / number of its slot within the day; 0: told without being asked.';
COMMENT ON COLUMN followup.alert.measure IS '項目 / what reached its threshold.';
COMMENT ON COLUMN followup.alert.level IS '段階 / caution 注意, warning 警戒, emergency 緊急.';
COMMENT ON COLUMN followup.alert.value IS '値 / the value that did.';
COMMENT ON COLUMN followup.alert.details IS '内訳 / the symptoms or signs that were counted.';
COMMENT ON COLUMN followup.alert.threshold IS '基準番号 / the threshold as it stood then.';
COMMENT ON COLUMN followup.alert.raised_at IS '発生日時 / when it was raised.';
COMMENT ON COLUMN followup.alert.state IS '状態 / open 未対応, handled 対応済, withdrawn 取下げ (the answer was corrected).';
COMMENT ON COLUMN followup.alert.handled_at IS '対応日時 / when it was handled or withdrawn.';
COMMENT ON COLUMN followup.alert.handled_by IS '対応者 / subject of who handled it.';
COMMENT ON COLUMN followup.alert.outcome IS '対応内容 / what was done: called, seen by a doctor, ambulance, false alarm, …';
CREATE INDEX alert_open_health_center_idx ON followup.alert (health_center, raised_at) WHERE state = 'open';
CREATE INDEX alert_open_prefecture_idx ON followup.alert (prefecture, raised_at) WHERE state = 'open';
CREATE INDEX alert_person_idx ON followup.alert (person);

-- ---- escalation

CREATE TABLE followup.escalation (
	day date NOT NULL,
	enrolment bigint NOT NULL,
	prompt text NOT NULL,
	n smallint NOT NULL,
	step text NOT NULL CHECK (step = ANY ('{remind,second_channel,call,notify}'::text[])),
	person uuid NOT NULL,
	prefecture smallint NOT NULL,
	health_center bigint,
	taken_at timestamptz NOT NULL,
	message_key uuid,
	PRIMARY KEY (day, enrolment, prompt, n, step)
) PARTITION BY RANGE (day);
CREATE TABLE followup.escalation_default PARTITION OF followup.escalation DEFAULT;
COMMENT ON TABLE followup.escalation IS '督促の経過 / steps that were taken for a slot without an answer, each once.';
COMMENT ON TABLE followup.escalation_default IS '督促の経過(月なし) / steps of months that have no partition yet; ops.make_partitions() empties it.';
COMMENT ON COLUMN followup.escalation.day IS '対象日 / day of the slot.';
COMMENT ON COLUMN followup.escalation.enrolment IS '対象番号 / enrolment.';
COMMENT ON COLUMN followup.escalation.prompt IS '種別 / prompt.';
COMMENT ON COLUMN followup.escalation.n IS '回 / number within the day.';
COMMENT ON COLUMN followup.escalation.step IS '段階 / remind 督促, second_channel 別手段, call 架電リスト, notify 知事通知.';
COMMENT ON COLUMN followup.escalation.person IS '仮ID / the person.';
COMMENT ON COLUMN followup.escalation.prefecture IS '都道府県番号 / prefecture in charge.';
COMMENT ON COLUMN followup.escalation.health_center IS '担当保健所 / health centre in charge.';
COMMENT ON COLUMN followup.escalation.taken_at IS '実施日時 / when (as_of of the run).';
COMMENT ON COLUMN followup.escalation.message_key IS '通知キー / message that went out for it.';

CREATE SEQUENCE followup.call_number;
COMMENT ON SEQUENCE followup.call_number IS 'Numbers of calls.';
CREATE TABLE followup.call (
	call bigint PRIMARY KEY DEFAULT nextval('followup.call_number'),
	enrolment bigint NOT NULL REFERENCES followup.enrolment ON DELETE CASCADE,
	person uuid NOT NULL,
	responder uuid NOT NULL,
	prefecture smallint NOT NULL,
	health_center bigint,
	day date NOT NULL,
	reason text NOT NULL CHECK (reason = ANY ('{missed,undelivered,alert,household,manual}'::text[])),
	priority smallint NOT NULL DEFAULT 5 CHECK (priority BETWEEN 1 AND 9),
	made_at timestamptz NOT NULL,
	state text NOT NULL DEFAULT 'open' CHECK (state = ANY ('{open,done,overtaken}'::text[])),
	attempts smallint NOT NULL DEFAULT 0,
	last_attempt_at timestamptz,
	ended_at timestamptz,
	ended_by text,
	outcome text CHECK (outcome = ANY ('{answered,no_answer,wrong_number,refused,hospital,visited,other}'::text[])),
	CHECK ((state = 'open') = (ended_at IS NULL))
);
ALTER SEQUENCE followup.call_number OWNED BY followup.call.call;
COMMENT ON TABLE followup.call IS '架電リスト / whom the health centre is to call, one open row for each enrolment. An answer that comes meanwhile overtakes it.';
COMMENT ON COLUMN followup.call.call IS '番号 / number, given here.';
COMMENT ON COLUMN followup.call.enrolment IS '対象番号 / enrolment.';
COMMENT ON COLUMN followup.call.person IS '仮ID / the person.';
COMMENT ON COLUMN followup.call.responder IS '回答者 / whom to call.';
COMMENT ON COLUMN followup.call.prefecture IS '都道府県番号 / prefecture in charge.';
COMMENT ON COLUMN followup.call.health_center IS '担当保健所 / health centre that calls.';
COMMENT ON COLUMN followup.call.day IS '対象日 / day of the slot or answer that it is for.';
COMMENT ON COLUMN followup.call.reason IS '理由 / missed 未回答, undelivered 未達 (our message did not arrive: nobody is to be blamed), alert 警戒, household 世帯の有症状, manual 職員.';
COMMENT ON COLUMN followup.call.priority IS '優先度 / 1 first.';
COMMENT ON COLUMN followup.call.made_at IS '作成日時 / since when it stands on the list.';
COMMENT ON COLUMN followup.call.state IS '状態 / open 未了, done 完了, overtaken 不要 (an answer came, or the follow-up ended).';
COMMENT ON COLUMN followup.call.attempts IS '架電回数 / calls that were tried.';
COMMENT ON COLUMN followup.call.last_attempt_at IS '最終架電日時 / when the last one was.';
COMMENT ON COLUMN followup.call.ended_at IS '終了日時 / when it left the list.';
COMMENT ON COLUMN followup.call.ended_by IS '終了者 / subject of who ended it.';
COMMENT ON COLUMN followup.call.outcome IS '結果 / outcome of the last call.';
CREATE UNIQUE INDEX call_open_idx ON followup.call (enrolment) WHERE state = 'open';
CREATE INDEX call_enrolment_idx ON followup.call (enrolment);
CREATE INDEX call_health_center_idx ON followup.call (health_center, made_at);
CREATE INDEX call_prefecture_idx ON followup.call (prefecture, made_at);
CREATE INDEX call_person_idx ON followup.call (person);

CREATE SEQUENCE followup.notification_number;
COMMENT ON SEQUENCE followup.notification_number IS 'Numbers of notifications.';
CREATE TABLE followup.notification (
	notification bigint PRIMARY KEY DEFAULT nextval('followup.notification_number'),
	enrolment bigint NOT NULL REFERENCES followup.enrolment ON DELETE CASCADE,
	person uuid NOT NULL,
	prefecture smallint NOT NULL,
	health_center bigint,
	day date NOT NULL,
	reason text NOT NULL CHECK (reason = ANY ('{unreachable,undelivered,abnormal}'::text[])),
	made_at timestamptz NOT NULL,
	read_at timestamptz,
	read_by text,
	UNIQUE (enrolment, reason, day)
);
ALTER SEQUENCE followup.notification_number OWNED BY followup.notification.notification;
COMMENT ON TABLE followup.notification IS '知事通知 / what the prefecture of the place of stay was notified of (検疫法18条3項, Quarantine Act art. 18(3)).';
COMMENT ON COLUMN followup.notification.notification IS '番号 / number, given here.';
COMMENT ON COLUMN followup.notification.enrolment IS '対象番号 / enrolment.';
COMMENT ON COLUMN followup.notification.person IS '仮ID / the person.';
COMMENT ON COLUMN followup.notification.prefecture IS '都道府県番号 / prefecture that is notified.';
COMMENT ON COLUMN followup.notification.health_center IS '担当保健所 / health centre in charge.';
COMMENT ON COLUMN followup.notification.day IS '対象日 / day of the first slot without an answer, or of the answer.';
COMMENT ON COLUMN followup.notification.reason IS '理由 / unreachable 連絡不能 (our messages arrived, no answer came since), undelivered 未達 (they did not arrive), abnormal 体調異常 (an arrival has signs of illness).';
COMMENT ON COLUMN followup.notification.made_at IS '通知日時 / when.';
COMMENT ON COLUMN followup.notification.read_at IS '確認日時 / when the prefecture took note; NULL: not yet.';
COMMENT ON COLUMN followup.notification.read_by IS '確認者 / subject of who did.';
CREATE INDEX notification_prefecture_idx ON followup.notification (prefecture, made_at);
CREATE INDEX notification_health_center_idx ON followup.notification (health_center, made_at);
CREATE INDEX notification_person_idx ON followup.notification (person);
