-- ---- who is followed

CREATE SEQUENCE followup.enrolment_number CACHE 32;
COMMENT ON SEQUENCE followup.enrolment_number IS 'Numbers of enrolments.';
CREATE TABLE followup.enrolment (
	enrolment bigint PRIMARY KEY DEFAULT nextval('followup.enrolment_number'),
	person uuid NOT NULL,
	responder uuid NOT NULL,
	health_center bigint,
	plan text NOT NULL,
	class text NOT NULL,
	time_zone text NOT NULL,
	state text NOT NULL DEFAULT 'open' CHECK (state = ANY ('{open,completed,released,converted,moved,lost,died,cancelled}'::text[])),
	day0 date NOT NULL,
	until date NOT NULL,
	prefecture smallint NOT NULL,
	child boolean NOT NULL DEFAULT false,
	opened_at timestamptz NOT NULL,
	closed_at timestamptz,
	last_answer_at timestamptz,
	reason text,
	former bigint,
	basis jsonb NOT NULL DEFAULT '{}',
	FOREIGN KEY (plan, class) REFERENCES followup.class,
	CHECK (until >= day0),
	CHECK ((state = 'open') = (closed_at IS NULL))
) WITH (fillfactor = 80);
ALTER SEQUENCE followup.enrolment_number OWNED BY followup.enrolment.enrolment;
COMMENT ON TABLE followup.enrolment IS 'フォローアップ対象 / one stay of a person in a plan. A new exposure or entry closes it and opens another; a contact who becomes a case, and a person who moves away, likewise. Functions alone write it.';
COMMENT ON COLUMN followup.enrolment.enrolment IS '番号 / number, given here.';
COMMENT ON COLUMN followup.enrolment.person IS '仮ID / the person (registry.person).';
COMMENT ON COLUMN followup.enrolment.responder IS '回答者 / who answers: the person, or the head of the household or another proxy. Messages go to the responder, one for all that the responder answers for.';
COMMENT ON COLUMN followup.enrolment.health_center IS '担当保健所 / health centre in charge.';
COMMENT ON COLUMN followup.enrolment.plan IS '計画 / plan.';
COMMENT ON COLUMN followup.enrolment.class IS '区分 / class of the person within it.';
COMMENT ON COLUMN followup.enrolment.time_zone IS '時間帯 / zone in which the windows of the prompts and the days count.';
COMMENT ON COLUMN followup.enrolment.state IS '状態 / open 継続中, completed 期間満了, released 解除, converted 患者へ移行, moved 転出, lost 連絡不能, died 死亡, cancelled 取消.';
COMMENT ON COLUMN followup.enrolment.day0 IS '0日目 / local date of entry, last exposure, or onset (specimen, for those without symptoms).';
COMMENT ON COLUMN followup.enrolment.until IS '最終日 / last local day; the period ends at its 24:00.';
COMMENT ON COLUMN followup.enrolment.prefecture IS '都道府県番号 / prefecture in charge.';
COMMENT ON COLUMN followup.enrolment.child IS '小児 / under 13 on day 0, as far as the year of birth tells.';
COMMENT ON COLUMN followup.enrolment.opened_at IS '登録日時 / since when.';
COMMENT ON COLUMN followup.enrolment.closed_at IS '終了日時 / when it was closed; NULL: open.';
COMMENT ON COLUMN followup.enrolment.last_answer_at IS '最終回答日時 / last answer that came, of whatever kind.';
COMMENT ON COLUMN followup.enrolment.reason IS '終了理由 / why it was closed.';
COMMENT ON COLUMN followup.enrolment.former IS '前の対象番号 / enrolment that this one continues: re-exposure, conversion, move.';
COMMENT ON COLUMN followup.enrolment.basis IS '根拠 / what it follows from: flight and seat, the case that was met, test results; derived obligations are recomputed from it.';
CREATE UNIQUE INDEX enrolment_open_idx ON followup.enrolment (person, plan) WHERE state = 'open';
CREATE INDEX enrolment_person_idx ON followup.enrolment (person);
CREATE INDEX enrolment_responder_idx ON followup.enrolment (responder) WHERE state = 'open';
CREATE INDEX enrolment_health_center_idx ON followup.enrolment (health_center, until);
CREATE INDEX enrolment_prefecture_idx ON followup.enrolment (prefecture, until);
CREATE INDEX enrolment_former_idx ON followup.enrolment (former) WHERE former IS NOT NULL;

CREATE TABLE followup.place_of_stay (
	enrolment bigint PRIMARY KEY REFERENCES followup.enrolment ON DELETE CASCADE,
	person uuid NOT NULL,
	prefecture smallint NOT NULL,
	health_center bigint,
	location @postgis@.geography(Point, 4326) NOT NULL,
	radius_m integer NOT NULL DEFAULT 300 CHECK (radius_m BETWEEN 10 AND 100000),
	given_at timestamptz NOT NULL DEFAULT now(),
	leaves_on date
);
COMMENT ON TABLE followup.place_of_stay IS '待機場所 / where a person stays during follow-up. Location answers are compared with it and only their distance is kept.';
COMMENT ON COLUMN followup.place_of_stay.enrolment IS '対象番号 / enrolment.';
COMMENT ON COLUMN followup.place_of_stay.person IS '仮ID / the person.';
COMMENT ON COLUMN followup.place_of_stay.prefecture IS '都道府県番号 / prefecture in charge.';
COMMENT ON COLUMN followup.place_of_stay.health_center IS '担当保健所 / health centre in charge.';
COMMENT ON COLUMN followup.place_of_stay.location IS '位置 / the place.';
COMMENT ON COLUMN followup.place_of_stay.radius_m IS '許容距離 / metres around it that count as there.';
COMMENT ON COLUMN followup.place_of_stay.given_at IS '登録日時 / when it was given.';
COMMENT ON COLUMN followup.place_of_stay.leaves_on IS '終了日 / day on which the enrolment ended; its retention counts from here.';
CREATE INDEX place_of_stay_person_idx ON followup.place_of_stay (person);
