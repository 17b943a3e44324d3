-- ---- entries before arrival

CREATE SEQUENCE quarantine.entry_number CACHE 32;
COMMENT ON SEQUENCE quarantine.entry_number IS 'Numbers of entries.';
CREATE TABLE quarantine.entry (
	entry bigint PRIMARY KEY DEFAULT nextval('quarantine.entry_number'),
	ticket uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
	token bytea NOT NULL UNIQUE CHECK (length(token) = 32),
	station bigint NOT NULL,
	arrives_at timestamptz NOT NULL,
	made_at timestamptz NOT NULL,
	changed_at timestamptz NOT NULL,
	arrived_at timestamptz,
	on_date date NOT NULL,
	persons smallint NOT NULL CHECK (persons BETWEEN 1 AND 100),
	changes smallint NOT NULL DEFAULT 0,
	state text NOT NULL DEFAULT 'open' CHECK (state = ANY ('{open,arrived,cancelled,duplicate}'::text[])),
	port text NOT NULL REFERENCES quarantine.port,
	kind text NOT NULL CHECK (kind = ANY ('{flight,ship,other}'::text[])),
	conveyance text NOT NULL CHECK (length(conveyance) BETWEEN 1 AND 80),
	conveyance_key text NOT NULL CHECK (conveyance_key <> ''),
	language text NOT NULL REFERENCES quarantine.language,
	reader text,
	reason text,
	CHECK (state <> 'arrived' OR (arrived_at IS NOT NULL AND reader IS NOT NULL))
) WITH (fillfactor = 80);
ALTER SEQUENCE quarantine.entry_number OWNED BY quarantine.entry.entry;
COMMENT ON TABLE quarantine.entry IS '事前登録 / one entry for a person or for people who travel together. Read and changed only with its secret token, of which the hash alone is kept.';
COMMENT ON COLUMN quarantine.entry.entry IS '番号 / number, given here.';
COMMENT ON COLUMN quarantine.entry.ticket IS '券番号 / what the ticket (QR) carries. A ticket that no longer fits, because the arrival changed, is revoked and gets another one.';
COMMENT ON COLUMN quarantine.entry.token IS '照合値 / SHA-256 of the token that the traveller was given.';
COMMENT ON COLUMN quarantine.entry.station IS '検疫所 / station of the port.';
COMMENT ON COLUMN quarantine.entry.arrives_at IS '到着予定日時 / arrival as the traveller states it.';
COMMENT ON COLUMN quarantine.entry.made_at IS '登録日時 / when it was made.';
COMMENT ON COLUMN quarantine.entry.changed_at IS '変更日時 / when it was last changed.';
COMMENT ON COLUMN quarantine.entry.arrived_at IS '入国日時 / when its ticket was read.';
COMMENT ON COLUMN quarantine.entry.on_date IS '到着日 / local date of the stated arrival; of the reading once it was read.';
COMMENT ON COLUMN quarantine.entry.persons IS '人数 / persons.';
COMMENT ON COLUMN quarantine.entry.changes IS '変更回数 / how often it was changed.';
COMMENT ON COLUMN quarantine.entry.state IS '状態 / open 到着前, arrived 入国済, cancelled 取消, duplicate 重複 (the same passport came in by another entry).';
COMMENT ON COLUMN quarantine.entry.port IS '空海港 / port of arrival; where it was read once it was read.';
COMMENT ON COLUMN quarantine.entry.kind IS '種別 / flight 航空機, ship 船舶, other その他.';
COMMENT ON COLUMN quarantine.entry.conveyance IS '便名・船名 / flight number or name of the vessel, any text: a field of seven characters once made a system useless at 31 seaports.';
COMMENT ON COLUMN quarantine.entry.conveyance_key IS '便名(照合用) / the same as it is compared.';
COMMENT ON COLUMN quarantine.entry.language IS '言語 / language of the travellers.';
COMMENT ON COLUMN quarantine.entry.reader IS '端末 / device that read the ticket.';
COMMENT ON COLUMN quarantine.entry.reason IS '理由 / why it was cancelled, or which entry it repeats.';
CREATE INDEX entry_flight_idx ON quarantine.entry (on_date, conveyance_key, port);
CREATE INDEX entry_station_idx ON quarantine.entry (station, on_date);

CREATE TABLE quarantine.traveller (
	person uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	entry bigint NOT NULL REFERENCES quarantine.entry,
	station bigint NOT NULL,
	health_center bigint,
	enrolment bigint,
	arrived_at timestamptz,
	on_date date NOT NULL,
	answers_on date NOT NULL,
	gone_on date,
	n smallint NOT NULL CHECK (n BETWEEN 1 AND 100),
	age smallint NOT NULL CHECK (age BETWEEN 0 AND 130),
	seat_row smallint,
	prefecture smallint NOT NULL,
	municipality outbreak.municipality_code,
	port text NOT NULL,
	conveyance_key text NOT NULL,
	seat_letter text,
	seat_kind text NOT NULL CHECK (seat_kind = ANY ('{seat,lap,crew,unknown}'::text[])),
	class text,
	UNIQUE (entry, n),
	CHECK ((seat_kind = ANY ('{seat,lap}'::text[])) = (seat_row IS NOT NULL))
) WITH (fillfactor = 80);
COMMENT ON TABLE quarantine.traveller IS '入国者 / each person of an entry: where from, where to, which seat, and the follow-up that came of it. What was answered stands in quarantine.questionnaire, who it is in quarantine.identity.';
COMMENT ON COLUMN quarantine.traveller.person IS '仮ID / pseudonym, given at the entry; the person stands in registry.person from the reading of the ticket on.';
COMMENT ON COLUMN quarantine.traveller.entry IS '事前登録番号 / entry.';
COMMENT ON COLUMN quarantine.traveller.station IS '検疫所 / station of the port.';
COMMENT ON COLUMN quarantine.traveller.health_center IS '担当保健所 / health centre of the place of stay, where it is known.';
COMMENT ON COLUMN quarantine.traveller.enrolment IS '健康観察番号 / follow-up that the reading began (followup.enrolment).';
COMMENT ON COLUMN quarantine.traveller.arrived_at IS '入国日時 / when the ticket was read; NULL: not arrived.';
COMMENT ON COLUMN quarantine.traveller.on_date IS '到着日 / local date of arrival.';
COMMENT ON COLUMN quarantine.traveller.answers_on IS '質問票の到着日 / date of arrival that the questionnaire was answered for; differs from on_date for who arrived on another day.';
COMMENT ON COLUMN quarantine.traveller.gone_on IS '終了日 / day on which everything ended: the follow-up, or the arrival that never was.';
COMMENT ON COLUMN quarantine.traveller.n IS '続番 / 1 who answers for all, 2 and on the companions.';
COMMENT ON COLUMN quarantine.traveller.age IS '年齢 / age in years on arrival.';
COMMENT ON COLUMN quarantine.traveller.seat_row IS '座席の列番号 / row of the seat; a lap infant has that of the lap.';
COMMENT ON COLUMN quarantine.traveller.prefecture IS '都道府県番号 / prefecture of the place of stay.';
COMMENT ON COLUMN quarantine.traveller.municipality IS '市区町村 / municipality of the place of stay, where it is known.';
COMMENT ON COLUMN quarantine.traveller.port IS '空海港 / port of arrival.';
COMMENT ON COLUMN quarantine.traveller.conveyance_key IS '便名(照合用) / flight or vessel as it is compared.';
COMMENT ON COLUMN quarantine.traveller.seat_letter IS '座席の文字 / letter of the seat.';
COMMENT ON COLUMN quarantine.traveller.seat_kind IS '座席の種別 / seat 座席, lap 膝上の乳児, crew 乗務員, unknown 不明.';
COMMENT ON COLUMN quarantine.traveller.class IS '健康観察区分 / class of the follow-up.';
CREATE INDEX traveller_flight_idx ON quarantine.traveller (on_date, conveyance_key, seat_row);
CREATE INDEX traveller_station_idx ON quarantine.traveller (station, on_date);
CREATE INDEX traveller_prefecture_idx ON quarantine.traveller (prefecture, on_date);
CREATE INDEX traveller_health_center_idx ON quarantine.traveller (health_center, on_date);

CREATE TABLE quarantine.identity (
	person uuid PRIMARY KEY,
	station bigint NOT NULL,
	prefecture smallint NOT NULL,
	gone_on date,
	name outbreak.sealed NOT NULL,
	kana outbreak.sealed,
	birth_on outbreak.sealed,
	passport outbreak.sealed,
	phone outbreak.sealed,
	mail outbreak.sealed,
	address outbreak.sealed
);
COMMENT ON TABLE quarantine.identity IS '入国者の本人情報 / who a traveller is, as declared, sealed from the first moment. When the ticket is read the same envelopes go into registry.identity.';
COMMENT ON COLUMN quarantine.identity.person IS '仮ID / the traveller.';
COMMENT ON COLUMN quarantine.identity.station IS '検疫所 / station of the port.';
COMMENT ON COLUMN quarantine.identity.prefecture IS '都道府県番号 / prefecture of the place of stay.';
COMMENT ON COLUMN quarantine.identity.gone_on IS '終了日 / day of an arrival that never was; the retention counts from here. That of who arrived is a matter of quarantine.shred().';
COMMENT ON COLUMN quarantine.identity.name IS '氏名 / name; sealed for the purpose name, and so on.';
COMMENT ON COLUMN quarantine.identity.kana IS 'フリガナ / reading in katakana.';
COMMENT ON COLUMN quarantine.identity.birth_on IS '生年月日 / date of birth.';
COMMENT ON COLUMN quarantine.identity.passport IS '旅券番号 / number of the passport.';
COMMENT ON COLUMN quarantine.identity.phone IS '電話番号 / telephone, in international form.';
COMMENT ON COLUMN quarantine.identity.mail IS 'メールアドレス / mail address.';
COMMENT ON COLUMN quarantine.identity.address IS '滞在先の住所 / address of the place of stay.';
CREATE INDEX identity_passport_idx ON quarantine.identity (passport);
CREATE INDEX identity_gone_idx ON quarantine.identity (gone_on) WHERE gone_on IS NOT NULL;

-- ---- the questionnaire: a form

CREATE TABLE quarantine.questionnaire (
	person uuid NOT NULL,
	on_date date NOT NULL,
	station bigint NOT NULL,
	health_center bigint,
	port text NOT NULL,
	seat text,
	age smallint,
	sex text,
	nationality text,
	occupation text,
	prefecture smallint,
	municipality outbreak.municipality_code,
	stay_kind text,
	stay_until date,
	countries text[],
	country_days smallint[],
	departed_at timestamptz,
	infection_place text,
	temperature_c numeric(4, 1),
	fever_reducer boolean,
	fever boolean,
	cough boolean,
	sore_throat boolean,
	runny_nose boolean,
	fatigue boolean,
	breathlessness boolean,
	taste_smell_loss boolean,
	other_symptom boolean,
	onset_on date,
	met_patient boolean,
	test_at timestamptz,
	test_method text,
	test_negative boolean,
	vaccine_doses smallint,
	last_dose_on date,
	pledged boolean,
	declared_true boolean,
	PRIMARY KEY (person, on_date)
);
COMMENT ON TABLE quarantine.questionnaire IS '質問票 / the questionnaire of the Quarantine Act art. 12 and 18(2), without who it is: a form. NULL is not answered. Written by the functions of entries and of officers.';
COMMENT ON COLUMN quarantine.questionnaire.person IS '仮ID / the traveller.';
COMMENT ON COLUMN quarantine.questionnaire.on_date IS '到着日 / local date of arrival.';
COMMENT ON COLUMN quarantine.questionnaire.station IS '検疫所 / station of the port; set by the system, as are the next two.';
COMMENT ON COLUMN quarantine.questionnaire.health_center IS '担当保健所 / health centre of the place of stay.';
COMMENT ON COLUMN quarantine.questionnaire.port IS '空海港 / port of arrival.';
COMMENT ON COLUMN quarantine.questionnaire.seat IS '座席番号 / seat as on the boarding pass (34A), CREW for crew, 34A INF for an infant on that lap, UNKNOWN for who has none. Mandatory.';
COMMENT ON COLUMN quarantine.questionnaire.age IS '年齢 / age in years.';
COMMENT ON COLUMN quarantine.questionnaire.sex IS '性別 / male 男, female 女, other その他.';
COMMENT ON COLUMN quarantine.questionnaire.nationality IS '国籍 / nationality (ISO 3166-1 alpha-2).';
COMMENT ON COLUMN quarantine.questionnaire.occupation IS '職業 / occupation.';
COMMENT ON COLUMN quarantine.questionnaire.prefecture IS '滞在先の都道府県 / prefecture of the place of stay.';
COMMENT ON COLUMN quarantine.questionnaire.municipality IS '滞在先の市区町村 / municipality of the place of stay.';
COMMENT ON COLUMN quarantine.questionnaire.stay_kind IS '滞在先の種別 / home 自宅, family 親族・知人宅, hotel 宿泊施設, work 勤務先, other その他, transit 乗継.';
COMMENT ON COLUMN quarantine.questionnaire.stay_until IS '出国予定日 / day on which the person leaves the country again; NULL: stays.';
COMMENT ON COLUMN quarantine.questionnaire.countries IS '滞在国 / countries of stay in the last 14 days (ISO 3166-1 alpha-2), the last one first. Changing planes without entering is no stay.';
COMMENT ON COLUMN quarantine.questionnaire.country_days IS '滞在日数 / days in each of them, in the same order.';
COMMENT ON COLUMN quarantine.questionnaire.departed_at IS '出発日時 / departure of the flight to Japan.';
COMMENT ON COLUMN quarantine.questionnaire.infection_place IS '感染が疑われる場所 / place of a suspected infection.';
COMMENT ON COLUMN quarantine.questionnaire.temperature_c IS '体温(℃) / body temperature in °C.';
COMMENT ON COLUMN quarantine.questionnaire.fever_reducer IS '解熱剤の使用 / a fever reducer was taken.';
COMMENT ON COLUMN quarantine.questionnaire.fever IS '発熱 / fever in the last 14 days, this and the next seven.';
COMMENT ON COLUMN quarantine.questionnaire.cough IS '咳 / cough.';
COMMENT ON COLUMN quarantine.questionnaire.sore_throat IS '咽頭痛 / sore throat.';
COMMENT ON COLUMN quarantine.questionnaire.runny_nose IS '鼻水・鼻づまり / runny or blocked nose.';
COMMENT ON COLUMN quarantine.questionnaire.fatigue IS '強いだるさ / severe fatigue.';
COMMENT ON COLUMN quarantine.questionnaire.breathlessness IS '息苦しさ / breathlessness.';
COMMENT ON COLUMN quarantine.questionnaire.taste_smell_loss IS '味覚・嗅覚障害 / loss of taste or smell.';
COMMENT ON COLUMN quarantine.questionnaire.other_symptom IS 'その他の症状 / another symptom.';
COMMENT ON COLUMN quarantine.questionnaire.onset_on IS '発症日 / day of the first symptom.';
COMMENT ON COLUMN quarantine.questionnaire.met_patient IS '患者との接触 / contact in the last 14 days with a patient, or with somebody who had fever or a cough.';
COMMENT ON COLUMN quarantine.questionnaire.test_at IS '検体採取日時 / when the specimen of the test before departure was taken.';
COMMENT ON COLUMN quarantine.questionnaire.test_method IS '検査方法 / naat 核酸増幅, antigen_quantitative 抗原定量, antigen_kit 抗原定性.';
COMMENT ON COLUMN quarantine.questionnaire.test_negative IS '陰性 / the test was negative.';
COMMENT ON COLUMN quarantine.questionnaire.vaccine_doses IS 'ワクチン接種回数 / doses of vaccine.';
COMMENT ON COLUMN quarantine.questionnaire.last_dose_on IS '最終接種日 / day of the last dose.';
COMMENT ON COLUMN quarantine.questionnaire.pledged IS '誓約 / the pledge of art. 16-2 is given (from April 2022).';
COMMENT ON COLUMN quarantine.questionnaire.declared_true IS '申告の確認 / the person declares that all is true and knows that false answers are punished (art. 36).';
CREATE INDEX questionnaire_station_idx ON quarantine.questionnaire (station, on_date);
CREATE INDEX questionnaire_prefecture_idx ON quarantine.questionnaire (prefecture, on_date);
CREATE INDEX questionnaire_health_center_idx ON quarantine.questionnaire (health_center, on_date);
SELECT report.register(
	'quarantine.questionnaire',
	reporter => 'person',
	period => 'on_date',
	title_ja => '質問票',
	title_en => 'Questionnaire on arrival',
	meanings => '{"temperature_c": "ratio", "age": "ratio", "fever": "status"}',
	lookback => 1
);

-- ---- documents for review

CREATE TABLE quarantine.document (
	person uuid NOT NULL REFERENCES quarantine.traveller,
	document text NOT NULL CHECK (document = ANY ('{test,vaccination,pledge}'::text[])),
	station bigint NOT NULL,
	on_date date NOT NULL,
	submitted_at timestamptz NOT NULL,
	reviewed_at timestamptz,
	state text NOT NULL DEFAULT 'submitted' CHECK (state = ANY ('{submitted,accepted,refused,at_desk}'::text[])),
	media_type text CHECK (media_type = ANY ('{image/jpeg,image/png,application/pdf,text/plain}'::text[])),
	content outbreak.sealed,
	reviewed_by text,
	reason text,
	PRIMARY KEY (person, document),
	CHECK ((state = 'submitted') = (reviewed_at IS NULL)),
	CHECK (state <> 'refused' OR reason IS NOT NULL)
);
COMMENT ON TABLE quarantine.document IS '提出書類 / documents of travellers, and what the review said: submitted → accepted, refused or at_desk; refused → submitted again; at_desk → accepted or refused at the airport.';
COMMENT ON COLUMN quarantine.document.person IS '仮ID / the traveller.';
COMMENT ON COLUMN quarantine.document.document IS '書類 / test 出国前検査証明書, vaccination ワクチン接種証明書, pledge 誓約書.';
COMMENT ON COLUMN quarantine.document.station IS '検疫所 / station of the port.';
COMMENT ON COLUMN quarantine.document.on_date IS '到着日 / local date of arrival; the retention counts from here.';
COMMENT ON COLUMN quarantine.document.submitted_at IS '提出日時 / when it was sent in.';
COMMENT ON COLUMN quarantine.document.reviewed_at IS '審査日時 / when it was decided on.';
COMMENT ON COLUMN quarantine.document.state IS '状態 / submitted 審査中, accepted 承認, refused 不承認, at_desk 窓口で提示.';
COMMENT ON COLUMN quarantine.document.media_type IS '形式 / media type of the content.';
COMMENT ON COLUMN quarantine.document.content IS '内容 / the document, in base64 for images and PDF, sealed for the purpose document; or the text of a digital certificate.';
COMMENT ON COLUMN quarantine.document.reviewed_by IS '審査者 / who decided.';
COMMENT ON COLUMN quarantine.document.reason IS '理由 / why it was refused or is to be shown.';
CREATE INDEX document_waiting_idx ON quarantine.document (station, on_date) WHERE state = 'submitted';
