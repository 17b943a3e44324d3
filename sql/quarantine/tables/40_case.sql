-- ---- positive travellers and who sat near them

CREATE SEQUENCE quarantine.detection_number;
COMMENT ON SEQUENCE quarantine.detection_number IS 'Numbers of detections.';
CREATE TABLE quarantine.detection (
	detection bigint PRIMARY KEY DEFAULT nextval('quarantine.detection_number'),
	person uuid NOT NULL REFERENCES quarantine.traveller,
	station bigint NOT NULL,
	health_center bigint,
	enrolment bigint,
	former bigint,
	specimen_at timestamptz NOT NULL,
	found_at timestamptz NOT NULL,
	notified_at timestamptz,
	withdrawn_at timestamptz,
	on_date date NOT NULL,
	prefecture smallint NOT NULL,
	conveyance_key text NOT NULL,
	method text NOT NULL CHECK (method = ANY ('{naat,antigen_quantitative,antigen_kit}'::text[])),
	rows_near smallint NOT NULL CHECK (rows_near BETWEEN 0 AND 20),
	found_by text NOT NULL,
	reason text,
	CHECK ((withdrawn_at IS NULL) = (reason IS NULL)),
	CHECK (found_at >= specimen_at)
);
ALTER SEQUENCE quarantine.detection_number OWNED BY quarantine.detection.detection;
COMMENT ON TABLE quarantine.detection IS '陽性者 / travellers who were found positive. What followed from it (follow-up of the patient, contacts, messages) stands with it, so that a wrong result can be taken back with all its consequences.';
COMMENT ON COLUMN quarantine.detection.detection IS '番号 / number, given here.';
COMMENT ON COLUMN quarantine.detection.person IS '仮ID / the traveller.';
COMMENT ON COLUMN quarantine.detection.station IS '検疫所 / station of the port of arrival.';
COMMENT ON COLUMN quarantine.detection.health_center IS '担当保健所 / health centre of the place of stay.';
COMMENT ON COLUMN quarantine.detection.enrolment IS '健康観察番号 / follow-up as a patient (followup.enrolment).';
COMMENT ON COLUMN quarantine.detection.former IS '前の健康観察番号 / follow-up as an arrival or contact that it was made of.';
COMMENT ON COLUMN quarantine.detection.specimen_at IS '検体採取日時 / when the specimen was taken.';
COMMENT ON COLUMN quarantine.detection.found_at IS '判明日時 / when the result was entered.';
COMMENT ON COLUMN quarantine.detection.notified_at IS '届出日時 / when it became a notified case; set by the notification.';
COMMENT ON COLUMN quarantine.detection.withdrawn_at IS '取消日時 / when the result was taken back.';
COMMENT ON COLUMN quarantine.detection.on_date IS '到着日 / local date on which the traveller arrived.';
COMMENT ON COLUMN quarantine.detection.prefecture IS '都道府県番号 / prefecture of the place of stay.';
COMMENT ON COLUMN quarantine.detection.conveyance_key IS '便名(照合用) / what the traveller came by: whoever is read after the result is compared with it (quarantine.settle_flight_contacts).';
COMMENT ON COLUMN quarantine.detection.method IS '検査方法 / naat 核酸増幅, antigen_quantitative 抗原定量, antigen_kit 抗原定性.';
COMMENT ON COLUMN quarantine.detection.rows_near IS '対象列数 / rows in front and behind whose passengers count as contacts.';
COMMENT ON COLUMN quarantine.detection.found_by IS '入力者 / who entered it.';
COMMENT ON COLUMN quarantine.detection.reason IS '取消理由 / why it was taken back.';
CREATE UNIQUE INDEX detection_once_idx ON quarantine.detection (person, specimen_at) WHERE withdrawn_at IS NULL;
-- every reading of a ticket asks whether there is a case on board
CREATE INDEX detection_flight_idx ON quarantine.detection (conveyance_key, on_date) WHERE withdrawn_at IS NULL;
CREATE INDEX detection_station_idx ON quarantine.detection (station, found_at);
CREATE INDEX detection_prefecture_idx ON quarantine.detection (prefecture, found_at);
CREATE INDEX detection_health_center_idx ON quarantine.detection (health_center, found_at);

CREATE TABLE quarantine.contact (
	detection bigint NOT NULL REFERENCES quarantine.detection,
	person uuid NOT NULL,
	station bigint NOT NULL,
	health_center bigint,
	enrolment bigint,
	made_at timestamptz NOT NULL DEFAULT now(),
	decided_at timestamptz,
	prefecture smallint NOT NULL,
	rows_apart smallint,
	relation text NOT NULL CHECK (relation = ANY ('{companion,row,lap,crew,unknown_seat}'::text[])),
	state text NOT NULL CHECK (state = ANY ('{followed,undecided,dismissed,withdrawn}'::text[])),
	decided_by text,
	reason text,
	PRIMARY KEY (detection, person),
	CHECK (state <> 'followed' OR enrolment IS NOT NULL)
);
COMMENT ON TABLE quarantine.contact IS '機内濃厚接触者 / who came near a positive traveller on the way: companions and passengers within the rows are followed at once; crew and people without a known seat wait for a decision.';
COMMENT ON COLUMN quarantine.contact.detection IS '陽性者番号 / detection.';
COMMENT ON COLUMN quarantine.contact.person IS '仮ID / the contact.';
COMMENT ON COLUMN quarantine.contact.station IS '検疫所 / station of the contact''s port of arrival.';
COMMENT ON COLUMN quarantine.contact.health_center IS '担当保健所 / health centre of the contact''s place of stay.';
COMMENT ON COLUMN quarantine.contact.enrolment IS '健康観察番号 / follow-up as a contact.';
COMMENT ON COLUMN quarantine.contact.made_at IS '登録日時 / when it came to stand here.';
COMMENT ON COLUMN quarantine.contact.decided_at IS '判断日時 / when it was decided.';
COMMENT ON COLUMN quarantine.contact.prefecture IS '都道府県番号 / prefecture of the contact''s place of stay.';
COMMENT ON COLUMN quarantine.contact.rows_apart IS '列の隔たり / rows between the seats; 0 the same row; NULL unknown.';
COMMENT ON COLUMN quarantine.contact.relation IS '関係 / companion 同行者, row 近い座席, lap 膝上の乳児, crew 乗務員, unknown_seat 座席不明.';
COMMENT ON COLUMN quarantine.contact.state IS '状態 / followed 健康観察中, undecided 要判断, dismissed 対象外, withdrawn 取消.';
COMMENT ON COLUMN quarantine.contact.decided_by IS '判断者 / who decided; NULL: the rule.';
COMMENT ON COLUMN quarantine.contact.reason IS '理由 / why it was dismissed or withdrawn.';
CREATE INDEX contact_person_idx ON quarantine.contact (person);
CREATE INDEX contact_undecided_idx ON quarantine.contact (station, detection) WHERE state = 'undecided';
CREATE INDEX contact_prefecture_idx ON quarantine.contact (prefecture);
CREATE INDEX contact_health_center_idx ON quarantine.contact (health_center);
