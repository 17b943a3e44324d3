-- ---- when somebody is released: dated rules, and the facts that they go by

CREATE TABLE followup.release_rule (
	rule text PRIMARY KEY CHECK (rule ~ '^[a-z][a-z0-9_]{0,39}$'),
	plan text NOT NULL DEFAULT 'patient',
	class text NOT NULL,
	setting text NOT NULL DEFAULT 'any' CHECK (setting = ANY ('{any,home,facility}'::text[])),
	valid daterange NOT NULL CHECK (NOT isempty(valid)),
	after_days smallint CHECK (after_days BETWEEN 1 AND 60),
	eased_hours smallint CHECK (eased_hours BETWEEN 1 AND 720),
	negatives smallint NOT NULL DEFAULT 0 CHECK (negatives BETWEEN 0 AND 2),
	methods text[] NOT NULL DEFAULT '{}',
	negative_after_days smallint CHECK (negative_after_days BETWEEN 0 AND 60),
	negative_eased_hours smallint CHECK (negative_eased_hours BETWEEN 1 AND 720),
	negatives_apart interval NOT NULL DEFAULT '0',
	name_ja text NOT NULL CHECK (name_ja <> ''),
	name_en text NOT NULL CHECK (name_en <> ''),
	basis text NOT NULL CHECK (basis <> ''),
	FOREIGN KEY (plan, class) REFERENCES followup.class,
	CHECK (num_nonnulls(after_days, eased_hours) > 0 OR negatives > 0),
	CHECK ((negatives > 0) = (methods <> '{}')),
	CHECK (methods <@ '{naat,antigen,kit}'::text[]),
	CHECK (negatives > 0 OR num_nonnulls(negative_after_days, negative_eased_hours) = 0)
);
COMMENT ON TABLE followup.release_rule IS '療養解除基準 / when patients may be released. All conditions of a rule have to hold, and one rule is enough. A rule holds on the day on which it is asked for, also for those who fell ill before it (notice of 2022-09-07).';
COMMENT ON COLUMN followup.release_rule.rule IS '基準 / short name.';
COMMENT ON COLUMN followup.release_rule.plan IS '計画 / plan that it is for.';
COMMENT ON COLUMN followup.release_rule.class IS '区分 / class that it is for: symptomatic 有症状, asymptomatic 無症状, severe 重症.';
COMMENT ON COLUMN followup.release_rule.setting IS '療養場所 / home 自宅・宿泊, facility 入院・高齢者施設, any どこでも.';
COMMENT ON COLUMN followup.release_rule.valid IS '適用期間 / local days on which it may be released by.';
COMMENT ON COLUMN followup.release_rule.after_days IS '経過日数 / so many full days after day 0: from 0:00 of day N + 1, or N times 24 hours after the onset (specimen) where its hour is known. NULL: not asked for.';
COMMENT ON COLUMN followup.release_rule.eased_hours IS '症状軽快後 / so many hours after the symptoms eased. NULL: not asked for.';
COMMENT ON COLUMN followup.release_rule.negatives IS '陰性回数 / negative tests in a row that are asked for: 0, 1 or 2.';
COMMENT ON COLUMN followup.release_rule.methods IS '検査方法 / methods that count: naat 核酸検出(PCR等), antigen 抗原定量, kit 抗原定性キット.';
COMMENT ON COLUMN followup.release_rule.negative_after_days IS '検査開始日数 / the first negative specimen is taken after so many full days. NULL: any day.';
COMMENT ON COLUMN followup.release_rule.negative_eased_hours IS '軽快後の検査 / … and so many hours after the symptoms eased. NULL: any time.';
COMMENT ON COLUMN followup.release_rule.negatives_apart IS '検査間隔 / the two specimens are taken at least so far apart.';
COMMENT ON COLUMN followup.release_rule.name_ja IS '名称 / what it asks for, in Japanese.';
COMMENT ON COLUMN followup.release_rule.name_en IS 'What it asks for, in English.';
COMMENT ON COLUMN followup.release_rule.basis IS '根拠 / the notice that it follows.';

CREATE TABLE followup.clinical (
	enrolment bigint PRIMARY KEY REFERENCES followup.enrolment ON DELETE CASCADE,
	person uuid NOT NULL,
	prefecture smallint NOT NULL,
	health_center bigint,
	began_at timestamptz,
	eased boolean,
	eased_at timestamptz,
	setting text CHECK (setting = ANY ('{home,facility}'::text[])),
	entered_at timestamptz NOT NULL,
	entered_by text,
	CHECK ((eased IS TRUE) = (eased_at IS NOT NULL))
);
COMMENT ON TABLE followup.clinical IS '療養の事実 / what is known of a patient for the release. NULL is not known, and never taken for no.';
COMMENT ON COLUMN followup.clinical.enrolment IS '対象番号 / enrolment.';
COMMENT ON COLUMN followup.clinical.person IS '仮ID / the person.';
COMMENT ON COLUMN followup.clinical.prefecture IS '都道府県番号 / prefecture in charge.';
COMMENT ON COLUMN followup.clinical.health_center IS '担当保健所 / health centre in charge.';
COMMENT ON COLUMN followup.clinical.began_at IS '発症(検体採取)時刻 / moment of onset (of the specimen, without symptoms), where the hour is known; it lies on day 0 of the enrolment.';
COMMENT ON COLUMN followup.clinical.eased IS '症状軽快 / have the symptoms eased (no fever without antipyretics, breathing better)? NULL: not known.';
COMMENT ON COLUMN followup.clinical.eased_at IS '軽快時刻 / since when; given exactly when eased is true.';
COMMENT ON COLUMN followup.clinical.setting IS '療養場所 / home 自宅・宿泊, facility 入院・高齢者施設. NULL: not known.';
COMMENT ON COLUMN followup.clinical.entered_at IS '入力日時 / when it was entered last.';
COMMENT ON COLUMN followup.clinical.entered_by IS '入力者 / subject of who entered it.';
CREATE INDEX clinical_person_idx ON followup.clinical (person);
CREATE INDEX clinical_health_center_idx ON followup.clinical (health_center);
CREATE INDEX clinical_prefecture_idx ON followup.clinical (prefecture);

CREATE SEQUENCE followup.test_number;
COMMENT ON SEQUENCE followup.test_number IS 'Numbers of tests.';
CREATE TABLE followup.test (
	test bigint PRIMARY KEY DEFAULT nextval('followup.test_number'),
	enrolment bigint NOT NULL REFERENCES followup.enrolment ON DELETE CASCADE,
	person uuid NOT NULL,
	prefecture smallint NOT NULL,
	health_center bigint,
	taken_at timestamptz NOT NULL,
	method text NOT NULL CHECK (method = ANY ('{naat,antigen,kit}'::text[])),
	result text CHECK (result = ANY ('{negative,positive,invalid}'::text[])),
	entered_at timestamptz NOT NULL,
	entered_by text,
	UNIQUE (enrolment, taken_at, method)
);
ALTER SEQUENCE followup.test_number OWNED BY followup.test.test;
COMMENT ON TABLE followup.test IS '検査 / tests during follow-up. A test without a result is one that the laboratory has not answered yet.';
COMMENT ON COLUMN followup.test.test IS '番号 / number, given here.';
COMMENT ON COLUMN followup.test.enrolment IS '対象番号 / enrolment.';
COMMENT ON COLUMN followup.test.person IS '仮ID / the person.';
COMMENT ON COLUMN followup.test.prefecture IS '都道府県番号 / prefecture in charge.';
COMMENT ON COLUMN followup.test.health_center IS '担当保健所 / health centre in charge.';
COMMENT ON COLUMN followup.test.taken_at IS '採取日時 / when the specimen was taken.';
COMMENT ON COLUMN followup.test.method IS '検査方法 / naat 核酸検出(PCR等), antigen 抗原定量, kit 抗原定性キット.';
COMMENT ON COLUMN followup.test.result IS '結果 / negative 陰性, positive 陽性, invalid 判定不能. NULL: not known yet.';
COMMENT ON COLUMN followup.test.entered_at IS '入力日時 / when it was entered last.';
COMMENT ON COLUMN followup.test.entered_by IS '入力者 / subject of who entered it.';
CREATE INDEX test_person_idx ON followup.test (person);
CREATE INDEX test_health_center_idx ON followup.test (health_center);
CREATE INDEX test_prefecture_idx ON followup.test (prefecture);

-- ---- corrections

CREATE SEQUENCE followup.correction_number;
COMMENT ON SEQUENCE followup.correction_number IS 'Numbers of corrections.';
CREATE TABLE followup.correction (
	correction bigint PRIMARY KEY DEFAULT nextval('followup.correction_number'),
	enrolment bigint NOT NULL REFERENCES followup.enrolment ON DELETE CASCADE,
	person uuid NOT NULL,
	prefecture smallint NOT NULL,
	health_center bigint,
	corrected_at timestamptz NOT NULL,
	corrected_by text,
	reason text NOT NULL CHECK (reason <> ''),
	patch jsonb NOT NULL,
	before jsonb NOT NULL,
	after jsonb NOT NULL,
	effects jsonb NOT NULL
);
ALTER SEQUENCE followup.correction_number OWNED BY followup.correction.correction;
COMMENT ON TABLE followup.correction IS '訂正の記録 / what was corrected about a follow-up, and what followed from it: obligations that came, went, and were taken back.';
COMMENT ON COLUMN followup.correction.correction IS '番号 / number, given here.';
COMMENT ON COLUMN followup.correction.enrolment IS '対象番号 / enrolment.';
COMMENT ON COLUMN followup.correction.person IS '仮ID / the person.';
COMMENT ON COLUMN followup.correction.prefecture IS '都道府県番号 / prefecture in charge.';
COMMENT ON COLUMN followup.correction.health_center IS '担当保健所 / health centre in charge.';
COMMENT ON COLUMN followup.correction.corrected_at IS '訂正日時 / when.';
COMMENT ON COLUMN followup.correction.corrected_by IS '訂正者 / subject of who did; NULL: a rule that changed.';
COMMENT ON COLUMN followup.correction.reason IS '理由 / why.';
COMMENT ON COLUMN followup.correction.patch IS '訂正内容 / what was asked for.';
COMMENT ON COLUMN followup.correction.before IS '訂正前 / day0, until, class, state, responder, time_zone as they were.';
COMMENT ON COLUMN followup.correction.after IS '訂正後 / … and as they are.';
COMMENT ON COLUMN followup.correction.effects IS '影響 / counts: slots_cancelled, slots_made, misses_taken_back, calls_ended, notifications_withdrawn; withdrawal: key of the message that tells the person, if one had to.';
CREATE INDEX correction_enrolment_idx ON followup.correction (enrolment);
CREATE INDEX correction_person_idx ON followup.correction (person);
CREATE INDEX correction_health_center_idx ON followup.correction (health_center);
CREATE INDEX correction_prefecture_idx ON followup.correction (prefecture);

ALTER TABLE followup.notification ADD COLUMN withdrawn_at timestamptz;
COMMENT ON COLUMN followup.notification.withdrawn_at IS '取下げ日時 / when it was taken back, because a correction showed that there was no such duty; NULL: it stands.';
