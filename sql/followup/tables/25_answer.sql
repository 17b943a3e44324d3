-- ---- answers

-- One answer of a person for a slot serves every plan that asks for it.
CREATE TABLE followup.health_answer (
	day date NOT NULL,
	person uuid NOT NULL,
	n smallint NOT NULL DEFAULT 1 CHECK (n BETWEEN 0 AND 24),
	prefecture smallint NOT NULL,
	health_center bigint,
	answered_at timestamptz NOT NULL,
	channel text NOT NULL CHECK (channel = ANY ('{line,web,phone,call,staff,import}'::text[])),
	entered_by text,
	-- the two questions of the daily message
	fever boolean,
	any_symptom boolean,
	household_yes boolean,
	-- what was measured
	temperature_c numeric(4, 1),
	fever_reducer boolean,
	spo2 smallint,
	-- symptoms
	cough boolean,
	sore_throat boolean,
	runny_nose boolean,
	blocked_nose boolean,
	fatigue boolean,
	breathlessness boolean,
	headache boolean,
	diarrhoea boolean,
	taste_smell_loss boolean,
	other_cold_symptom boolean,
	-- the 13 emergency signs
	face_pale boolean,
	lips_purple boolean,
	behaviour_unusual boolean,
	breathing_fast boolean,
	dyspnoea_sudden boolean,
	breathless_moving boolean,
	chest_pain boolean,
	cannot_lie_flat boolean,
	shoulder_breathing boolean,
	wheezing boolean,
	response_dull boolean,
	drowsy boolean,
	pulse_irregular boolean,
	PRIMARY KEY (day, person, n)
) PARTITION BY RANGE (day);
CREATE TABLE followup.health_answer_default PARTITION OF followup.health_answer DEFAULT;
COMMENT ON TABLE followup.health_answer IS '健康観察の回答 / daily state of health of a person: a form. NULL is not answered. Written by followup.answer() and followup.enter_answer().';
COMMENT ON TABLE followup.health_answer_default IS '健康観察の回答(月なし) / answers of months that have no partition yet; ops.make_partitions() empties it.';
COMMENT ON COLUMN followup.health_answer.day IS '対象日 / local day of the slot.';
COMMENT ON COLUMN followup.health_answer.person IS '仮ID / the person.';
COMMENT ON COLUMN followup.health_answer.n IS '回 / number of the slot within the day; 0: told without being asked.';
COMMENT ON COLUMN followup.health_answer.prefecture IS '都道府県番号 / prefecture in charge.';
COMMENT ON COLUMN followup.health_answer.health_center IS '担当保健所 / health centre in charge.';
COMMENT ON COLUMN followup.health_answer.answered_at IS '回答日時 / when it came.';
COMMENT ON COLUMN followup.health_answer.channel IS '回答手段 / line LINE, web ウェブ, phone 自動架電, call 保健所の電話, staff 職員入力, import 一括取込.';
COMMENT ON COLUMN followup.health_answer.entered_by IS '入力者 / subject of the official who entered it; NULL: the person or the responder.';
COMMENT ON COLUMN followup.health_answer.fever IS '37.5℃以上 / 37.5 °C or more.';
COMMENT ON COLUMN followup.health_answer.any_symptom IS '症状の有無 / any of cough, sore throat, runny or blocked nose, severe fatigue, breathlessness, other cold symptom.';
COMMENT ON COLUMN followup.health_answer.household_yes IS '世帯の有症状 / one YES for the whole household: somebody of it has fever or symptoms, and it is not known who. The other items stay open; staff call.';
COMMENT ON COLUMN followup.health_answer.temperature_c IS '体温(℃) / body temperature in °C, 33.0 to 43.0.';
COMMENT ON COLUMN followup.health_answer.fever_reducer IS '解熱剤の使用 / a fever reducer was taken.';
COMMENT ON COLUMN followup.health_answer.spo2 IS '酸素飽和度(%) / SpO2 in per cent, 50 to 100.';
COMMENT ON COLUMN followup.health_answer.cough IS '咳 / cough.';
COMMENT ON COLUMN followup.health_answer.sore_throat IS '咽頭痛 / sore throat.';
COMMENT ON COLUMN followup.health_answer.runny_nose IS '鼻水 / runny nose.';
COMMENT ON COLUMN followup.health_answer.blocked_nose IS '鼻づまり / blocked nose.';
COMMENT ON COLUMN followup.health_answer.fatigue IS '強いだるさ / severe fatigue.';
COMMENT ON COLUMN followup.health_answer.breathlessness IS '息苦しさ / breathlessness.';
COMMENT ON COLUMN followup.health_answer.headache IS '頭痛 / headache.';
COMMENT ON COLUMN followup.health_answer.diarrhoea IS '下痢 / diarrhoea.';
COMMENT ON COLUMN followup.health_answer.taste_smell_loss IS '味覚・嗅覚障害 / loss of taste or smell.';
COMMENT ON COLUMN followup.health_answer.other_cold_symptom IS 'その他の感冒様症状 / another cold symptom.';
COMMENT ON COLUMN followup.health_answer.face_pale IS '緊急性: 顔色が明らかに悪い / emergency sign: face clearly pale.';
COMMENT ON COLUMN followup.health_answer.lips_purple IS '緊急性: 唇が紫色になっている / emergency sign: purple lips.';
COMMENT ON COLUMN followup.health_answer.behaviour_unusual IS '緊急性: いつもと違う、様子がおかしい / emergency sign: unusual behaviour.';
COMMENT ON COLUMN followup.health_answer.breathing_fast IS '緊急性: 息が荒くなった(呼吸数が多くなった) / emergency sign: fast breathing.';
COMMENT ON COLUMN followup.health_answer.dyspnoea_sudden IS '緊急性: 急に息苦しくなった / emergency sign: sudden dyspnoea.';
COMMENT ON COLUMN followup.health_answer.breathless_moving IS '緊急性: 少し動くと息苦しい / emergency sign: short of breath on slight movement.';
COMMENT ON COLUMN followup.health_answer.chest_pain IS '緊急性: 胸の痛みがある / emergency sign: chest pain.';
COMMENT ON COLUMN followup.health_answer.cannot_lie_flat IS '緊急性: 横になれない、座らないと息ができない / emergency sign: cannot lie flat, must sit up to breathe.';
COMMENT ON COLUMN followup.health_answer.shoulder_breathing IS '緊急性: 肩で息をしている / emergency sign: shoulder breathing.';
COMMENT ON COLUMN followup.health_answer.wheezing IS '緊急性: 突然ゼーゼーしはじめた / emergency sign: wheeze.';
COMMENT ON COLUMN followup.health_answer.response_dull IS '緊急性: 返事がぼんやりしている / emergency sign: dull response.';
COMMENT ON COLUMN followup.health_answer.drowsy IS '緊急性: もうろうとしている、返事がない / emergency sign: drowsy or no reply.';
COMMENT ON COLUMN followup.health_answer.pulse_irregular IS '緊急性: 脈がとぶ、脈のリズムが乱れる / emergency sign: irregular pulse.';
CREATE INDEX health_answer_person_idx ON followup.health_answer (person, day);
CREATE INDEX health_answer_health_center_idx ON followup.health_answer (health_center, day);
CREATE INDEX health_answer_prefecture_idx ON followup.health_answer (prefecture, day);
SELECT report.register(
	'followup.health_answer',
	reporter => 'person',
	period => 'day',
	title_ja => '健康観察',
	title_en => 'Daily state of health',
	meanings => '{"temperature_c": "ratio", "spo2": "ratio", "fever": "status", "any_symptom": "status", "household_yes": "status"}',
	lookback => 7
);

CREATE TABLE followup.location_answer (
	day date NOT NULL,
	person uuid NOT NULL,
	n smallint NOT NULL,
	prefecture smallint NOT NULL,
	health_center bigint,
	answered_at timestamptz NOT NULL,
	channel text NOT NULL CHECK (channel = ANY ('{line,web,phone,call,staff,import}'::text[])),
	distance_m integer CHECK (distance_m >= 0),
	accuracy_m integer CHECK (accuracy_m BETWEEN 0 AND 100000),
	away boolean,
	PRIMARY KEY (day, person, n)
) PARTITION BY RANGE (day);
CREATE TABLE followup.location_answer_default PARTITION OF followup.location_answer DEFAULT;
COMMENT ON TABLE followup.location_answer IS '位置情報の回答 / how far from the place of stay a person was. The position itself is not kept: no track can be drawn.';
COMMENT ON TABLE followup.location_answer_default IS '位置情報の回答(月なし) / answers of months that have no partition yet; ops.make_partitions() empties it.';
COMMENT ON COLUMN followup.location_answer.day IS '対象日 / local day of the slot.';
COMMENT ON COLUMN followup.location_answer.person IS '仮ID / the person.';
COMMENT ON COLUMN followup.location_answer.n IS '回 / number of the slot within the day.';
COMMENT ON COLUMN followup.location_answer.prefecture IS '都道府県番号 / prefecture in charge.';
COMMENT ON COLUMN followup.location_answer.health_center IS '担当保健所 / health centre in charge.';
COMMENT ON COLUMN followup.location_answer.answered_at IS '回答日時 / when it came.';
COMMENT ON COLUMN followup.location_answer.channel IS '回答手段 / as in followup.health_answer.';
COMMENT ON COLUMN followup.location_answer.distance_m IS '待機場所からの距離(m) / metres from the place of stay, rounded to 10; NULL: no place of stay is known.';
COMMENT ON COLUMN followup.location_answer.accuracy_m IS '測位精度(m) / accuracy in metres that the phone gave.';
COMMENT ON COLUMN followup.location_answer.away IS '不在 / farther away than the place of stay allows, even if the position was off by its accuracy; NULL: cannot be told.';
CREATE INDEX location_answer_person_idx ON followup.location_answer (person, day);
CREATE INDEX location_answer_health_center_idx ON followup.location_answer (health_center, day);
CREATE INDEX location_answer_prefecture_idx ON followup.location_answer (prefecture, day);

CREATE TABLE followup.video_answer (
	day date NOT NULL,
	person uuid NOT NULL,
	n smallint NOT NULL,
	prefecture smallint NOT NULL,
	health_center bigint,
	answered_at timestamptz NOT NULL,
	channel text NOT NULL CHECK (channel = ANY ('{line,web,phone,call,staff,import}'::text[])),
	mode text NOT NULL CHECK (mode = ANY ('{ai,staff}'::text[])),
	face_seen boolean,
	place_seen boolean,
	entered_by text,
	PRIMARY KEY (day, person, n)
) PARTITION BY RANGE (day);
CREATE TABLE followup.video_answer_default PARTITION OF followup.video_answer DEFAULT;
COMMENT ON TABLE followup.video_answer IS 'ビデオ通話の記録 / video calls that were answered, and what was seen. No picture is kept.';
COMMENT ON TABLE followup.video_answer_default IS 'ビデオ通話の記録(月なし) / calls of months that have no partition yet; ops.make_partitions() empties it.';
COMMENT ON COLUMN followup.video_answer.day IS '対象日 / local day of the slot.';
COMMENT ON COLUMN followup.video_answer.person IS '仮ID / the person.';
COMMENT ON COLUMN followup.video_answer.n IS '回 / number of the slot within the day.';
COMMENT ON COLUMN followup.video_answer.prefecture IS '都道府県番号 / prefecture in charge.';
COMMENT ON COLUMN followup.video_answer.health_center IS '担当保健所 / health centre in charge.';
COMMENT ON COLUMN followup.video_answer.answered_at IS '応答日時 / when the call was answered.';
COMMENT ON COLUMN followup.video_answer.channel IS '回答手段 / as in followup.health_answer.';
COMMENT ON COLUMN followup.video_answer.mode IS '方式 / ai 自動架電, staff 職員.';
COMMENT ON COLUMN followup.video_answer.face_seen IS '本人確認 / it was the person, by face.';
COMMENT ON COLUMN followup.video_answer.place_seen IS '場所確認 / the background was that of the place of stay.';
COMMENT ON COLUMN followup.video_answer.entered_by IS '入力者 / subject of the official who called; NULL: an automatic call.';
CREATE INDEX video_answer_person_idx ON followup.video_answer (person, day);
CREATE INDEX video_answer_health_center_idx ON followup.video_answer (health_center, day);
CREATE INDEX video_answer_prefecture_idx ON followup.video_answer (prefecture, day);
