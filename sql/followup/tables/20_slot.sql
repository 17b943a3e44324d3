-- ---- what is expected: one row for each answer that is due

-- No foreign key to the enrolment and few indexes: a million rows of a day are written in one statement.
CREATE TABLE followup.slot (
	day date NOT NULL,
	enrolment bigint NOT NULL,
	prompt text NOT NULL,
	n smallint NOT NULL,
	prefecture smallint NOT NULL,
	evidence boolean,
	opens_at timestamptz NOT NULL,
	due_at timestamptz NOT NULL,
	answered_at timestamptz,
	health_center bigint,
	person uuid NOT NULL,
	responder uuid NOT NULL,
	message_key uuid NOT NULL,
	state text NOT NULL DEFAULT 'awaited',
	channel text,
	reason text,
	PRIMARY KEY (day, enrolment, prompt, n),
	CONSTRAINT slot_state CHECK (state = ANY ('{awaited,answered,undelivered,missed,cancelled}'::text[])),
	CONSTRAINT slot_answered CHECK ((state = 'answered') = (answered_at IS NOT NULL)),
	-- nobody missed what was not sent, or did not arrive: the foreign key slot_evidence ties evidence to an acceptance that stands
	CONSTRAINT slot_missed_with_evidence CHECK ((state = 'missed') = (evidence IS NOT NULL) AND evidence IS DISTINCT FROM false)
) PARTITION BY RANGE (day);
CREATE TABLE followup.slot_default PARTITION OF followup.slot DEFAULT;
COMMENT ON TABLE followup.slot IS '回答枠 / each answer that is expected of a person on a day: silence is a row, not an absence. Partitioned by month; ops makes the months ahead. Functions alone write it.';
COMMENT ON TABLE followup.slot_default IS '回答枠(月なし) / slots of months that have no partition yet; ops.make_partitions() empties it.';
COMMENT ON COLUMN followup.slot.day IS '対象日 / local day in the person''s time zone.';
COMMENT ON COLUMN followup.slot.enrolment IS '対象番号 / enrolment.';
COMMENT ON COLUMN followup.slot.prompt IS '種別 / health 健康状態, location 位置情報, video ビデオ通話.';
COMMENT ON COLUMN followup.slot.n IS '回 / number within the day, from 1.';
COMMENT ON COLUMN followup.slot.prefecture IS '都道府県番号 / prefecture in charge, as at the time.';
COMMENT ON COLUMN followup.slot.evidence IS '送達の証拠 / true on missed slots alone, and only while the provider''s acceptance of our message stands (messaging.acceptance, by a foreign key). NULL otherwise; never false.';
COMMENT ON COLUMN followup.slot.opens_at IS '開始 / when the person is asked.';
COMMENT ON COLUMN followup.slot.due_at IS '期限 / until when the answer is in time.';
COMMENT ON COLUMN followup.slot.answered_at IS '回答日時 / when the answer came; after due_at: late.';
COMMENT ON COLUMN followup.slot.health_center IS '担当保健所 / health centre in charge, as at the time.';
COMMENT ON COLUMN followup.slot.person IS '仮ID / the person.';
COMMENT ON COLUMN followup.slot.responder IS '回答者 / who answers for the person.';
COMMENT ON COLUMN followup.slot.message_key IS '通知キー / key of the message that asks (messaging.message of the same day): that of the responder, day and prompt, or of the second channel''s message once that one counts.';
COMMENT ON COLUMN followup.slot.state IS '状態 / awaited 回答待ち (asked from opens_at on, to come before), answered 回答済, undelivered 未達 (our message did not arrive), missed 未回答 (it did, and no answer came in time), cancelled 取消.';
COMMENT ON COLUMN followup.slot.channel IS '回答手段 / line, web, phone, call, staff, import: how the answer came.';
COMMENT ON COLUMN followup.slot.reason IS '理由 / why it is undelivered (no_contact, bounced, failed, expired, …) or cancelled.';
-- who has not answered, by time: escalation reads this alone
CREATE INDEX slot_unanswered_idx ON followup.slot (opens_at) WHERE state = ANY ('{awaited,undelivered,missed}'::text[]);
-- for the foreign key, when a message bounces
CREATE INDEX slot_evidence_idx ON followup.slot (message_key) WHERE evidence IS NOT NULL;
-- the evidence: what the provider accepted, and as long as that stands
ALTER TABLE followup.slot ADD CONSTRAINT slot_evidence FOREIGN KEY (day, message_key, evidence) REFERENCES messaging.acceptance (day, key, stands);
