CREATE OR REPLACE VIEW api.followups WITH (security_invoker = true) AS
SELECT e.enrolment, e.person, e.responder, e.plan, e.class, e.day0, e.until, e.time_zone, e.prefecture, e.health_center, e.child, e.state, e.opened_at, e.closed_at, e.last_answer_at, e.reason, e.former, e.basis
FROM followup.enrolment AS e;
COMMENT ON VIEW api.followups IS 'フォローアップ対象 / Who is followed, for the health centre, prefecture and quarantine officers; state=eq.open are those that go on.';
COMMENT ON COLUMN api.followups.enrolment IS '番号 / number.';
COMMENT ON COLUMN api.followups.person IS '仮ID / pseudonym of the person.';
COMMENT ON COLUMN api.followups.responder IS '回答者 / who answers.';
COMMENT ON COLUMN api.followups.plan IS '計画 / arrival, contact or patient.';
COMMENT ON COLUMN api.followups.class IS '区分 / class within it.';
COMMENT ON COLUMN api.followups.day0 IS '0日目 / date of entry, last exposure or onset.';
COMMENT ON COLUMN api.followups.until IS '最終日 / last day.';
COMMENT ON COLUMN api.followups.time_zone IS '時間帯 / zone in which days and times count.';
COMMENT ON COLUMN api.followups.prefecture IS '都道府県番号 / prefecture in charge.';
COMMENT ON COLUMN api.followups.health_center IS '担当保健所 / health centre in charge.';
COMMENT ON COLUMN api.followups.child IS '小児 / under 13.';
COMMENT ON COLUMN api.followups.state IS '状態 / open, completed, released, converted, moved, lost, died, cancelled.';
COMMENT ON COLUMN api.followups.opened_at IS '登録日時 / since when.';
COMMENT ON COLUMN api.followups.closed_at IS '終了日時 / when it ended.';
COMMENT ON COLUMN api.followups.last_answer_at IS '最終回答日時 / last answer.';
COMMENT ON COLUMN api.followups.reason IS '終了理由 / why it ended.';
COMMENT ON COLUMN api.followups.former IS '前の対象番号 / the one that it continues.';
COMMENT ON COLUMN api.followups.basis IS '根拠 / what it follows from.';

CREATE OR REPLACE VIEW api.followup_slots WITH (security_invoker = true) AS
SELECT s.day, s.enrolment, s.prompt, s.n, s.prefecture, s.health_center, s.opens_at, s.due_at, s.state, s.answered_at, s.channel, s.reason, s.evidence
FROM followup.slot AS s;
COMMENT ON VIEW api.followup_slots IS '回答枠 / What was expected of whom, and whether it came: filter by day. missed stands on evidence that our message arrived; undelivered means that it did not.';
COMMENT ON COLUMN api.followup_slots.day IS '対象日 / local day.';
COMMENT ON COLUMN api.followup_slots.enrolment IS '対象番号 / enrolment.';
COMMENT ON COLUMN api.followup_slots.prompt IS '種別 / health, location or video.';
COMMENT ON COLUMN api.followup_slots.n IS '回 / number within the day.';
COMMENT ON COLUMN api.followup_slots.prefecture IS '都道府県番号 / prefecture.';
COMMENT ON COLUMN api.followup_slots.health_center IS '担当保健所 / health centre.';
COMMENT ON COLUMN api.followup_slots.opens_at IS '開始 / when it is asked.';
COMMENT ON COLUMN api.followup_slots.due_at IS '期限 / until when.';
COMMENT ON COLUMN api.followup_slots.state IS '状態 / awaited (asked from opens_at on), answered, undelivered, missed, cancelled.';
COMMENT ON COLUMN api.followup_slots.answered_at IS '回答日時 / when the answer came.';
COMMENT ON COLUMN api.followup_slots.channel IS '回答手段 / how it came.';
COMMENT ON COLUMN api.followup_slots.reason IS '理由 / why it is undelivered or cancelled.';
COMMENT ON COLUMN api.followup_slots.evidence IS '送達の証拠 / true on missed slots.';

CREATE OR REPLACE VIEW api.health_answers WITH (security_invoker = true) AS
SELECT h.day, h.person, h.n, h.prefecture, h.health_center, h.answered_at, h.channel, h.fever, h.any_symptom, h.household_yes, h.temperature_c, h.fever_reducer, h.spo2,
	h.cough, h.sore_throat, h.runny_nose, h.blocked_nose, h.fatigue, h.breathlessness, h.headache, h.diarrhoea, h.taste_smell_loss, h.other_cold_symptom,
	h.face_pale, h.lips_purple, h.behaviour_unusual, h.breathing_fast, h.dyspnoea_sudden, h.breathless_moving, h.chest_pain, h.cannot_lie_flat, h.shoulder_breathing, h.wheezing, h.response_dull, h.drowsy, h.pulse_irregular
FROM followup.health_answer AS h;
COMMENT ON VIEW api.health_answers IS '健康観察の回答 / Answers about the state of health: people see their own, health centres and prefectures those in their charge.';
DO $$
DECLARE
	item record;
BEGIN
	FOR item IN
		SELECT v.attname, col_description('followup.health_answer'::regclass, t.attnum) AS label
		FROM pg_attribute v
		JOIN pg_attribute t ON t.attrelid = 'followup.health_answer'::regclass
			AND t.attname = v.attname
		WHERE v.attrelid = 'api.health_answers'::regclass
			AND v.attnum > 0
	LOOP
		EXECUTE format('COMMENT ON COLUMN api.health_answers.%I IS %L', item.attname, item.label);
	END LOOP;
END
$$;

CREATE OR REPLACE VIEW api.followup_alerts WITH (security_invoker = true) AS
SELECT a.alert, a.enrolment, a.person, a.prefecture, a.health_center, a.day, a.prompt, a.n, a.measure, a.level, a.value, a.details, t.message_ja, t.message_en, a.raised_at, a.state, a.handled_at, a.handled_by, a.outcome
FROM followup.alert AS a
LEFT JOIN followup.threshold AS t ON t.threshold = a.threshold;
COMMENT ON VIEW api.followup_alerts IS '警戒 / Alerts that answers raised; state=eq.open are those that nobody has handled.';
COMMENT ON COLUMN api.followup_alerts.alert IS '番号 / number, for handle_alert.';
COMMENT ON COLUMN api.followup_alerts.enrolment IS '対象番号 / enrolment.';
COMMENT ON COLUMN api.followup_alerts.person IS '仮ID / pseudonym of the person.';
COMMENT ON COLUMN api.followup_alerts.prefecture IS '都道府県番号 / prefecture.';
COMMENT ON COLUMN api.followup_alerts.health_center IS '担当保健所 / health centre.';
COMMENT ON COLUMN api.followup_alerts.day IS '対象日 / day of the answer.';
COMMENT ON COLUMN api.followup_alerts.prompt IS '種別 / what was answered.';
COMMENT ON COLUMN api.followup_alerts.n IS '回 / number within the day.';
COMMENT ON COLUMN api.followup_alerts.measure IS '項目 / what reached its threshold.';
COMMENT ON COLUMN api.followup_alerts.level IS '段階 / caution, warning, emergency.';
COMMENT ON COLUMN api.followup_alerts.value IS '値 / the value.';
COMMENT ON COLUMN api.followup_alerts.details IS '内訳 / symptoms or signs.';
COMMENT ON COLUMN api.followup_alerts.message_ja IS '説明 / what it says.';
COMMENT ON COLUMN api.followup_alerts.message_en IS 'What it says, in English.';
COMMENT ON COLUMN api.followup_alerts.raised_at IS '発生日時 / when.';
COMMENT ON COLUMN api.followup_alerts.state IS '状態 / open, handled, withdrawn.';
COMMENT ON COLUMN api.followup_alerts.handled_at IS '対応日時 / when it was handled.';
COMMENT ON COLUMN api.followup_alerts.handled_by IS '対応者 / by whom.';
COMMENT ON COLUMN api.followup_alerts.outcome IS '対応内容 / what was done.';

CREATE OR REPLACE VIEW api.followup_calls WITH (security_invoker = true) AS
SELECT c.call, c.enrolment, c.person, c.responder, c.prefecture, c.health_center, c.day, c.reason, c.priority, c.made_at, c.state, c.attempts, c.last_attempt_at, c.ended_at, c.outcome
FROM followup.call AS c;
COMMENT ON VIEW api.followup_calls IS '架電リスト / Whom to call: state=eq.open, order=priority,made_at.';
COMMENT ON COLUMN api.followup_calls.call IS '番号 / number, for note_call.';
COMMENT ON COLUMN api.followup_calls.enrolment IS '対象番号 / enrolment.';
COMMENT ON COLUMN api.followup_calls.person IS '仮ID / pseudonym of the person.';
COMMENT ON COLUMN api.followup_calls.responder IS '回答者 / whom to call.';
COMMENT ON COLUMN api.followup_calls.prefecture IS '都道府県番号 / prefecture.';
COMMENT ON COLUMN api.followup_calls.health_center IS '担当保健所 / health centre that calls.';
COMMENT ON COLUMN api.followup_calls.day IS '対象日 / day that it is for.';
COMMENT ON COLUMN api.followup_calls.reason IS '理由 / missed, undelivered, alert, household, manual.';
COMMENT ON COLUMN api.followup_calls.priority IS '優先度 / 1 first.';
COMMENT ON COLUMN api.followup_calls.made_at IS '作成日時 / since when it is on the list.';
COMMENT ON COLUMN api.followup_calls.state IS '状態 / open, done, overtaken.';
COMMENT ON COLUMN api.followup_calls.attempts IS '架電回数 / calls tried.';
COMMENT ON COLUMN api.followup_calls.last_attempt_at IS '最終架電日時 / last call.';
COMMENT ON COLUMN api.followup_calls.ended_at IS '終了日時 / when it left the list.';
COMMENT ON COLUMN api.followup_calls.outcome IS '結果 / outcome of the last call.';

CREATE OR REPLACE VIEW api.followup_notifications WITH (security_invoker = true) AS
SELECT x.notification, x.enrolment, x.person, x.prefecture, x.health_center, x.day, x.reason, x.made_at, x.read_at, x.read_by
FROM followup.notification AS x;
COMMENT ON VIEW api.followup_notifications IS '知事通知 / What the prefecture was notified of (Quarantine Act art. 18(3)); read_at=is.null are new.';
COMMENT ON COLUMN api.followup_notifications.notification IS '番号 / number, for note_notification.';
COMMENT ON COLUMN api.followup_notifications.enrolment IS '対象番号 / enrolment.';
COMMENT ON COLUMN api.followup_notifications.person IS '仮ID / pseudonym of the person.';
COMMENT ON COLUMN api.followup_notifications.prefecture IS '都道府県番号 / prefecture.';
COMMENT ON COLUMN api.followup_notifications.health_center IS '担当保健所 / health centre.';
COMMENT ON COLUMN api.followup_notifications.day IS '対象日 / day.';
COMMENT ON COLUMN api.followup_notifications.reason IS '理由 / unreachable, undelivered, abnormal.';
COMMENT ON COLUMN api.followup_notifications.made_at IS '通知日時 / when.';
COMMENT ON COLUMN api.followup_notifications.read_at IS '確認日時 / when it was noted.';
COMMENT ON COLUMN api.followup_notifications.read_by IS '確認者 / by whom.';

CREATE OR REPLACE VIEW api.random_commitments WITH (security_invoker = true) AS
SELECT c.day, encode(c.commitment, 'hex') AS commitment, c.published_at, encode(c.seed, 'hex') AS seed, c.revealed_at
FROM followup.random_commitment AS c;
COMMENT ON VIEW api.random_commitments IS '無作為抽出の証明 / For each day the hash of the seed of its random checks, published before it, and the seed once it is over: sha256("YYYY-MM-DD" || seed) is the commitment.';
COMMENT ON COLUMN api.random_commitments.day IS '対象日 / day.';
COMMENT ON COLUMN api.random_commitments.commitment IS '約束値 / the hash, in hex.';
COMMENT ON COLUMN api.random_commitments.published_at IS '公表日時 / since when it stands here.';
COMMENT ON COLUMN api.random_commitments.seed IS '種 / the seed, in hex; null until the day is over everywhere.';
COMMENT ON COLUMN api.random_commitments.revealed_at IS '開示日時 / when it was revealed.';

-- Views over joins and sums: whoever tries to write is told that there is no right to.
CREATE OR REPLACE TRIGGER refuse_write
INSTEAD OF INSERT OR UPDATE OR DELETE ON api.followup_alerts
FOR EACH ROW
EXECUTE FUNCTION ops.refuse_write();
