COMMENT ON SCHEMA quarantine IS '検疫 / arrivals: the questionnaire before arrival, the ticket that is read at the airport, who sat near whom, and the figures of the day.';

-- ---- stations, ports, readers

CREATE TABLE quarantine.station (
	-- what the claim "organisation" of its officers and readers names, so of the same numbers
	station bigint PRIMARY KEY DEFAULT nextval('registry.organisation_number'),
	code text NOT NULL UNIQUE CHECK (code ~ '^[a-z][a-z_]{1,39}$'),
	name_ja text NOT NULL CHECK (name_ja <> ''),
	name_en text NOT NULL CHECK (name_en <> ''),
	prefecture smallint NOT NULL REFERENCES registry.prefecture
);
COMMENT ON TABLE quarantine.station IS '検疫所 / quarantine stations. An account of the role outbreak_quarantine acts for one of them: its claim "organisation" is the number of the station.';
COMMENT ON COLUMN quarantine.station.station IS '番号 / number, from the numbers of organisations.';
COMMENT ON COLUMN quarantine.station.code IS '略称 / short name.';
COMMENT ON COLUMN quarantine.station.name_ja IS '名称 / name in Japanese.';
COMMENT ON COLUMN quarantine.station.name_en IS 'Name in English.';
COMMENT ON COLUMN quarantine.station.prefecture IS '都道府県番号 / prefecture where it stands.';

CREATE TABLE quarantine.port (
	port text PRIMARY KEY CHECK (port ~ '^([A-Z]{3}|JP[A-Z]{3})$'),
	kind text NOT NULL CHECK (kind = ANY ('{airport,seaport}'::text[])),
	name_ja text NOT NULL CHECK (name_ja <> ''),
	name_en text NOT NULL CHECK (name_en <> ''),
	prefecture smallint NOT NULL REFERENCES registry.prefecture,
	station bigint NOT NULL REFERENCES quarantine.station,
	open boolean NOT NULL DEFAULT true
);
COMMENT ON TABLE quarantine.port IS '空港・海港 / airports and seaports where travellers enter the country.';
COMMENT ON COLUMN quarantine.port.port IS '空海港コード / IATA code of an airport (NRT), UN/LOCODE of a seaport (JPYOK).';
COMMENT ON COLUMN quarantine.port.kind IS '種別 / airport 空港, seaport 海港.';
COMMENT ON COLUMN quarantine.port.name_ja IS '名称 / name in Japanese.';
COMMENT ON COLUMN quarantine.port.name_en IS 'Name in English.';
COMMENT ON COLUMN quarantine.port.prefecture IS '都道府県番号 / prefecture.';
COMMENT ON COLUMN quarantine.port.station IS '検疫所 / station in charge.';
COMMENT ON COLUMN quarantine.port.open IS '受入中 / whether travellers from abroad may land there.';
CREATE INDEX port_station_idx ON quarantine.port (station);

CREATE TABLE quarantine.reader (
	reader text PRIMARY KEY CHECK (reader ~ '^[A-Z]{3,5}-[0-9]{3,4}$'),
	port text NOT NULL REFERENCES quarantine.port,
	station bigint NOT NULL REFERENCES quarantine.station,
	subject text UNIQUE CHECK (subject <> ''),
	installed_on date,
	retired_on date,
	lane text CHECK (lane <> ''),
	CHECK (split_part(reader, '-', 1) = port),
	CHECK (retired_on >= installed_on),
	-- a device that is there has an account
	CHECK (installed_on IS NULL OR subject IS NOT NULL)
);
COMMENT ON TABLE quarantine.reader IS 'QRコード読取端末 / devices that read tickets, each with an account of its own. A device reads at its own port only.';
COMMENT ON COLUMN quarantine.reader.reader IS '端末番号 / port and number (NRT-001).';
COMMENT ON COLUMN quarantine.reader.port IS '空海港 / where it stands.';
COMMENT ON COLUMN quarantine.reader.station IS '検疫所 / station that it belongs to.';
COMMENT ON COLUMN quarantine.reader.subject IS '利用者ID / subject of its tokens (access.account); NULL as long as it is planned.';
COMMENT ON COLUMN quarantine.reader.installed_on IS '設置日 / day from which it works; NULL: planned.';
COMMENT ON COLUMN quarantine.reader.retired_on IS '撤去日 / last day of it; NULL: it works on.';
COMMENT ON COLUMN quarantine.reader.lane IS '設置場所 / lane or counter.';
CREATE INDEX reader_port_idx ON quarantine.reader (port);
CREATE INDEX reader_station_idx ON quarantine.reader (station);

-- ---- what arrives

CREATE TABLE quarantine.flight (
	on_date date NOT NULL,
	conveyance_key text NOT NULL CHECK (conveyance_key <> ''),
	port text NOT NULL REFERENCES quarantine.port,
	station bigint NOT NULL,
	kind text NOT NULL DEFAULT 'flight' CHECK (kind = ANY ('{flight,ship,other}'::text[])),
	conveyance text NOT NULL CHECK (length(conveyance) BETWEEN 1 AND 80),
	scheduled_at timestamptz NOT NULL,
	arrived_at timestamptz,
	passengers integer CHECK (passengers BETWEEN 0 AND 20000),
	country text CHECK (country ~ '^[A-Z]{2}$'),
	missing_rows smallint[] NOT NULL DEFAULT '{}' CHECK (cardinality(missing_rows) <= 20),
	PRIMARY KEY (on_date, conveyance_key, port)
);
COMMENT ON TABLE quarantine.flight IS '到着便 / flights and vessels that are expected, as far as they are known: the forecast counts on them. A traveller may name one that is not here.';
COMMENT ON COLUMN quarantine.flight.on_date IS '到着日 / local date of arrival by the schedule.';
COMMENT ON COLUMN quarantine.flight.conveyance_key IS '便名(照合用) / designation as it is compared (quarantine.conveyance_key).';
COMMENT ON COLUMN quarantine.flight.port IS '空海港 / port of arrival.';
COMMENT ON COLUMN quarantine.flight.station IS '検疫所 / station of the port.';
COMMENT ON COLUMN quarantine.flight.kind IS '種別 / flight 航空機, ship 船舶, other その他.';
COMMENT ON COLUMN quarantine.flight.conveyance IS '便名・船名 / flight number or name of the vessel, as written: any text, for vessels have long names.';
COMMENT ON COLUMN quarantine.flight.scheduled_at IS '到着予定 / scheduled time of arrival.';
COMMENT ON COLUMN quarantine.flight.arrived_at IS '到着日時 / when it came; NULL: not yet, or nobody said.';
COMMENT ON COLUMN quarantine.flight.passengers IS '乗客数 / persons on board as the carrier states them.';
COMMENT ON COLUMN quarantine.flight.country IS '出発国 / country that it comes from (ISO 3166-1 alpha-2).';
COMMENT ON COLUMN quarantine.flight.missing_rows IS '欠番の座席列 / numbers of rows that this cabin does not have (often 13): they are no distance between two seats.';
CREATE INDEX flight_port_idx ON quarantine.flight (port, scheduled_at);
CREATE INDEX flight_station_idx ON quarantine.flight (station, on_date);

-- ---- rules as data

CREATE TABLE quarantine.regime (
	from_on date PRIMARY KEY,
	close_before interval NOT NULL CHECK (close_before BETWEEN interval '0' AND interval '30 days'),
	ahead interval NOT NULL DEFAULT '30 days' CHECK (ahead BETWEEN interval '1 day' AND interval '366 days'),
	party_most smallint NOT NULL DEFAULT 20 CHECK (party_most BETWEEN 1 AND 100),
	flight_most integer NOT NULL DEFAULT 900 CHECK (flight_most BETWEEN 1 AND 20000),
	ship_most integer NOT NULL DEFAULT 7000 CHECK (ship_most BETWEEN 1 AND 20000),
	changes_most smallint NOT NULL DEFAULT 200 CHECK (changes_most BETWEEN 1 AND 10000),
	ticket_before interval NOT NULL DEFAULT '1 day' CHECK (ticket_before >= interval '0'),
	ticket_after interval NOT NULL DEFAULT '2 days' CHECK (ticket_after > interval '0'),
	offline_within interval NOT NULL DEFAULT '1 day' CHECK (offline_within >= interval '0'),
	shred_after interval NOT NULL DEFAULT '14 days' CHECK (shred_after >= interval '0' AND date_trunc('day', shred_after) = shred_after),
	basis text NOT NULL CHECK (basis <> '')
);
COMMENT ON TABLE quarantine.regime IS '運用ルール / limits and times of entries, by date of arrival: the row with the latest from_on that is not after it holds.';
COMMENT ON COLUMN quarantine.regime.from_on IS '適用開始日 / first local date of arrival that it is for.';
COMMENT ON COLUMN quarantine.regime.close_before IS '事前審査の締切 / documents for review are taken until so long before arrival.';
COMMENT ON COLUMN quarantine.regime.ahead IS '受付開始 / how long before arrival an entry may be made.';
COMMENT ON COLUMN quarantine.regime.party_most IS '1件の人数の上限 / persons that one entry may have.';
COMMENT ON COLUMN quarantine.regime.flight_most IS '1便の人数の上限 / persons that may enter themselves for one flight where the carrier states no number; otherwise a fifth more than that number.';
COMMENT ON COLUMN quarantine.regime.ship_most IS '1船の人数の上限 / the same for a vessel or anything else.';
COMMENT ON COLUMN quarantine.regime.changes_most IS '変更回数の上限 / how often one entry may be changed.';
COMMENT ON COLUMN quarantine.regime.ticket_before IS '券の有効開始 / the ticket is valid from so long before the stated arrival,';
COMMENT ON COLUMN quarantine.regime.ticket_after IS '券の有効終了 / to so long after it.';
COMMENT ON COLUMN quarantine.regime.offline_within IS 'オフライン読取の受入 / a device that was offline may send what it read within so long.';
COMMENT ON COLUMN quarantine.regime.shred_after IS '本人情報の廃棄 / so many whole days after the end of follow-up nobody can tell any more who the person was, unless a case, a contact or a legal hold needs it.';
COMMENT ON COLUMN quarantine.regime.basis IS '根拠 / the decision that it follows.';

CREATE TABLE quarantine.requirement (
	document text NOT NULL CHECK (document = ANY ('{test,vaccination,pledge}'::text[])),
	valid daterange NOT NULL CHECK (NOT isempty(valid)),
	countries text[] NOT NULL DEFAULT '{}',
	min_age smallint NOT NULL DEFAULT 0 CHECK (min_age BETWEEN 0 AND 120),
	hours smallint CHECK (hours > 0),
	waived_by text CHECK (waived_by = ANY ('{test,vaccination,pledge}'::text[])),
	at_desk boolean NOT NULL DEFAULT true,
	basis text NOT NULL CHECK (basis <> ''),
	PRIMARY KEY (document, valid)
);
COMMENT ON TABLE quarantine.requirement IS '必要書類 / documents that travellers must have, by date of arrival and country of stay.';
COMMENT ON COLUMN quarantine.requirement.document IS '書類 / test 出国前検査証明書, vaccination ワクチン接種証明書, pledge 誓約書.';
COMMENT ON COLUMN quarantine.requirement.valid IS '適用期間 / local dates of arrival.';
COMMENT ON COLUMN quarantine.requirement.countries IS '対象国 / only for stays in these countries; empty: all.';
COMMENT ON COLUMN quarantine.requirement.min_age IS '対象年齢 / from this age on, in years.';
COMMENT ON COLUMN quarantine.requirement.hours IS '有効時間 / for a test: hours before departure within which the specimen must have been taken.';
COMMENT ON COLUMN quarantine.requirement.waived_by IS '代替 / another document that makes it unnecessary once it is accepted.';
COMMENT ON COLUMN quarantine.requirement.at_desk IS '窓口提示可 / it may also be shown at the airport.';
COMMENT ON COLUMN quarantine.requirement.basis IS '根拠 / the decision that it follows.';

CREATE TABLE quarantine.class_rule (
	position smallint PRIMARY KEY,
	class text NOT NULL CHECK (class ~ '^[a-z][a-z0-9_]{0,39}$'),
	valid daterange NOT NULL DEFAULT '(,)' CHECK (NOT isempty(valid)),
	countries text[] NOT NULL DEFAULT '{}',
	min_doses smallint NOT NULL DEFAULT 0 CHECK (min_doses BETWEEN 0 AND 10),
	basis text NOT NULL CHECK (basis <> '')
);
COMMENT ON TABLE quarantine.class_rule IS '健康観察区分の決め方 / which class of the plan of arrivals a traveller is put into: the first rule by position that fits. Without one the class is the default of the plan.';
COMMENT ON COLUMN quarantine.class_rule.position IS '順 / order.';
COMMENT ON COLUMN quarantine.class_rule.class IS '区分 / class of the plan (followup.class).';
COMMENT ON COLUMN quarantine.class_rule.valid IS '適用期間 / local dates of arrival.';
COMMENT ON COLUMN quarantine.class_rule.countries IS '対象国 / for who stayed in one of these; empty: all.';
COMMENT ON COLUMN quarantine.class_rule.min_doses IS '接種回数 / from so many doses of vaccine on, with an accepted certificate; 0: none is asked for.';
COMMENT ON COLUMN quarantine.class_rule.basis IS '根拠 / the decision that it follows.';

-- ---- languages as data

CREATE TABLE quarantine.language (
	language text PRIMARY KEY CHECK (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$'),
	name text NOT NULL CHECK (name <> ''),
	name_ja text NOT NULL CHECK (name_ja <> ''),
	position smallint NOT NULL UNIQUE,
	fallback text[] NOT NULL DEFAULT '{}',
	complete boolean NOT NULL DEFAULT false,
	official boolean NOT NULL DEFAULT true
);
COMMENT ON TABLE quarantine.language IS '言語 / languages of the questionnaire: the eleven of the ministry''s page, and easy Japanese.';
COMMENT ON COLUMN quarantine.language.language IS '言語タグ / language tag (BCP 47); ja-x-easy is easy Japanese.';
COMMENT ON COLUMN quarantine.language.name IS '自称 / its name in itself.';
COMMENT ON COLUMN quarantine.language.name_ja IS '日本語名 / its name in Japanese.';
COMMENT ON COLUMN quarantine.language.position IS '表示順 / order in lists.';
COMMENT ON COLUMN quarantine.language.fallback IS '代替言語 / languages that stand in where a text is missing, in this order; last of all comes ja.';
COMMENT ON COLUMN quarantine.language.complete IS '完備 / whether every text is there; quarantine.missing_texts() says what is not.';
COMMENT ON COLUMN quarantine.language.official IS '公式 / one of the languages of the ministry''s page.';

CREATE TABLE quarantine.item (
	item text PRIMARY KEY CHECK (item ~ '^[a-z][a-z0-9_]{0,59}$'),
	part text NOT NULL CHECK (part = ANY ('{entry,identity,stay,travel,health,document,pledge,page}'::text[])),
	position smallint NOT NULL,
	type text NOT NULL CHECK (type = ANY ('{text,number,date,time,choice,choices,boolean,country,countries,phone,mail,note}'::text[])),
	required boolean NOT NULL DEFAULT false,
	per_person boolean NOT NULL DEFAULT true,
	choices text[] NOT NULL DEFAULT '{}',
	valid daterange NOT NULL DEFAULT '(,)',
	basis text,
	UNIQUE (part, position)
);
COMMENT ON TABLE quarantine.item IS '質問項目 / what the questionnaire asks, in its order. The names are those of the columns of quarantine.questionnaire and quarantine.identity.';
COMMENT ON COLUMN quarantine.item.item IS '項目 / name.';
COMMENT ON COLUMN quarantine.item.part IS '区分 / entry 到着便, identity 本人情報, stay 滞在先, travel 渡航歴, health 健康状態, document 書類, pledge 誓約; page: a text of the page that is no question.';
COMMENT ON COLUMN quarantine.item.position IS '順 / order within its part.';
COMMENT ON COLUMN quarantine.item.type IS '形式 / how it is answered.';
COMMENT ON COLUMN quarantine.item.required IS '必須 / whether an answer is needed.';
COMMENT ON COLUMN quarantine.item.per_person IS '各人 / asked for each person; false: once for all who travel together.';
COMMENT ON COLUMN quarantine.item.choices IS '選択肢 / codes to choose from; their texts are in quarantine.text.';
COMMENT ON COLUMN quarantine.item.valid IS '適用期間 / local dates of arrival for which it is asked.';
COMMENT ON COLUMN quarantine.item.basis IS '根拠 / article of the law that allows the question.';

CREATE TABLE quarantine.text (
	item text NOT NULL REFERENCES quarantine.item ON UPDATE CASCADE ON DELETE CASCADE,
	language text NOT NULL REFERENCES quarantine.language,
	label text NOT NULL CHECK (label <> ''),
	help text CHECK (help <> ''),
	choices jsonb CHECK (jsonb_typeof(choices) = 'object'),
	PRIMARY KEY (item, language)
);
COMMENT ON TABLE quarantine.text IS '文言 / texts of the questionnaire by language.';
COMMENT ON COLUMN quarantine.text.item IS '項目 / question.';
COMMENT ON COLUMN quarantine.text.language IS '言語 / language.';
COMMENT ON COLUMN quarantine.text.label IS '質問文 / the question.';
COMMENT ON COLUMN quarantine.text.help IS '説明 / what helps to answer it.';
COMMENT ON COLUMN quarantine.text.choices IS '選択肢の文言 / text of each choice: {"code": "text"}.';

CREATE TABLE quarantine.reason (
	reason text PRIMARY KEY CHECK (reason ~ '^[a-z_]+$'),
	sqlstate text CHECK (sqlstate ~ '^OB13[0-9]$'),
	colour text CHECK (colour = ANY ('{red,yellow,blue}'::text[])),
	message_ja text NOT NULL,
	message_en text NOT NULL
);
COMMENT ON TABLE quarantine.reason IS '理由 / why a ticket or an entry is not taken, or has the colour that it has: code and texts. Errors carry them in DETAIL as JSON.';
COMMENT ON COLUMN quarantine.reason.reason IS '理由コード / code.';
COMMENT ON COLUMN quarantine.reason.sqlstate IS 'SQLSTATE / of the error that is raised; NULL: it is an answer, no error.';
COMMENT ON COLUMN quarantine.reason.colour IS '色 / the colour that it gives an entry.';
COMMENT ON COLUMN quarantine.reason.message_ja IS 'メッセージ / text in Japanese.';
COMMENT ON COLUMN quarantine.reason.message_en IS '英語メッセージ / text in English.';
