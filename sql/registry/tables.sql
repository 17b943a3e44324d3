COMMENT ON SCHEMA registry IS '台帳 / who and where: prefectures, municipalities, medical areas by vintage, health centres, institutions, associations, and the loaders of the official lists.';

-- ---- places

CREATE TABLE registry.prefecture (
	prefecture smallint PRIMARY KEY CHECK (prefecture BETWEEN 1 AND 47),
	code outbreak.municipality_code NOT NULL UNIQUE,
	name_ja text NOT NULL UNIQUE,
	kana text NOT NULL,
	name_en text NOT NULL UNIQUE,
	block text NOT NULL CHECK (block = ANY ('{北海道,東北,関東,中部,近畿,中国,四国,九州・沖縄}'::text[])),
	iso text NOT NULL UNIQUE CHECK (iso ~ '^JP-[0-9]{2}$'),
	CHECK (outbreak.prefecture(code) = prefecture)
);
COMMENT ON TABLE registry.prefecture IS '都道府県 / the 47 prefectures.';
COMMENT ON COLUMN registry.prefecture.prefecture IS '都道府県番号 / number of JIS X 0401, 1 to 47.';
COMMENT ON COLUMN registry.prefecture.code IS '全国地方公共団体コード / the six-digit code of the prefecture itself, with its check digit.';
COMMENT ON COLUMN registry.prefecture.name_ja IS '名称 / name with 都, 道, 府 or 県.';
COMMENT ON COLUMN registry.prefecture.kana IS 'ふりがな / reading in hiragana.';
COMMENT ON COLUMN registry.prefecture.name_en IS '英語名 / name in Latin letters without macrons.';
COMMENT ON COLUMN registry.prefecture.block IS '地方ブロック / one of the eight blocks of the disaster medical teams (日本DMAT活動要領). They differ from the schoolbook regions: 新潟 is in 東北; 山梨, 長野 and 三重 are in 中部.';
COMMENT ON COLUMN registry.prefecture.iso IS 'ISO 3166-2, JP-01 to JP-47.';
CREATE INDEX prefecture_block_idx ON registry.prefecture (block);

CREATE TABLE registry.prefecture_neighbour (
	prefecture smallint NOT NULL REFERENCES registry.prefecture,
	neighbour smallint NOT NULL REFERENCES registry.prefecture,
	kind text NOT NULL CHECK (kind = ANY ('{land,link}'::text[])),
	PRIMARY KEY (prefecture, neighbour),
	CHECK (prefecture <> neighbour)
);
COMMENT ON TABLE registry.prefecture_neighbour IS '隣接都道府県 / which prefectures touch. Symmetric: each pair stands twice.';
COMMENT ON COLUMN registry.prefecture_neighbour.prefecture IS '都道府県番号 / prefecture.';
COMMENT ON COLUMN registry.prefecture_neighbour.neighbour IS '隣接都道府県番号 / its neighbour.';
COMMENT ON COLUMN registry.prefecture_neighbour.kind IS '接続 / land: a common border on land; link: a fixed road or rail link over or under the sea (橋梁・トンネル) and no border on land.';
CREATE INDEX prefecture_neighbour_neighbour_idx ON registry.prefecture_neighbour (neighbour);

CREATE TABLE registry.block_neighbour (
	block text NOT NULL,
	neighbour text NOT NULL,
	kind text NOT NULL CHECK (kind = ANY ('{land,link}'::text[])),
	PRIMARY KEY (block, neighbour),
	CHECK (block <> neighbour)
);
COMMENT ON TABLE registry.block_neighbour IS '隣接地方ブロック / which blocks touch: those that hold neighbouring prefectures. Symmetric: each pair stands twice.';
COMMENT ON COLUMN registry.block_neighbour.block IS '地方ブロック / block.';
COMMENT ON COLUMN registry.block_neighbour.neighbour IS '隣接地方ブロック / its neighbour.';
COMMENT ON COLUMN registry.block_neighbour.kind IS '接続 / land: a common border on land; link: only by bridge or tunnel.';

CREATE TABLE registry.municipality (
	municipality outbreak.municipality_code PRIMARY KEY,
	prefecture smallint NOT NULL REFERENCES registry.prefecture,
	name_ja text NOT NULL CHECK (name_ja <> ''),
	kana text,
	name_en text,
	valid daterange NOT NULL DEFAULT '(,)' CHECK (NOT isempty(valid)),
	location @postgis@.geography(Point, 4326),
	CHECK (outbreak.prefecture(municipality) = prefecture)
);
COMMENT ON TABLE registry.municipality IS '市区町村 / municipalities, and the wards of designated cities besides the cities themselves. Filled by registry.load_municipalities.';
COMMENT ON COLUMN registry.municipality.municipality IS '全国地方公共団体コード / six-digit code with check digit.';
COMMENT ON COLUMN registry.municipality.prefecture IS '都道府県番号 / prefecture, the first two digits of the code.';
COMMENT ON COLUMN registry.municipality.name_ja IS '名称 / name without county; a ward carries its city in front (札幌市中央区).';
COMMENT ON COLUMN registry.municipality.kana IS 'ふりがな / reading.';
COMMENT ON COLUMN registry.municipality.name_en IS '英語名 / name in Latin letters; the official lists have none.';
COMMENT ON COLUMN registry.municipality.valid IS '有効期間 / local dates on which the municipality exists. Unbounded where the list gives no dates.';
COMMENT ON COLUMN registry.municipality.location IS '代表点 / its point (the town hall in the usual list), WGS 84. Unknown when NULL.';
CREATE INDEX municipality_prefecture_idx ON registry.municipality (prefecture, name_ja);
CREATE INDEX municipality_name_idx ON registry.municipality (name_ja);
CREATE INDEX municipality_location_idx ON registry.municipality USING gist (location);

CREATE TABLE registry.medical_area_vintage (
	vintage text PRIMARY KEY CHECK (vintage <> ''),
	valid daterange NOT NULL CHECK (NOT isempty(valid) AND NOT lower_inf(valid))
);
COMMENT ON TABLE registry.medical_area_vintage IS '二次医療圏の版 / editions of the list of medical areas. An area code means something only together with its vintage.';
COMMENT ON COLUMN registry.medical_area_vintage.vintage IS '版 / label of the edition as published, such as R7 for fiscal 2025.';
COMMENT ON COLUMN registry.medical_area_vintage.valid IS '有効期間 / local dates from which (and, if closed, until which) it counts. Where several hold, the one that began last is current.';
CREATE INDEX medical_area_vintage_valid_idx ON registry.medical_area_vintage USING gist (valid);

CREATE TABLE registry.medical_area (
	vintage text NOT NULL REFERENCES registry.medical_area_vintage,
	area text NOT NULL CHECK (area ~ '^[0-9]{4}$'),
	prefecture smallint NOT NULL REFERENCES registry.prefecture,
	name_ja text NOT NULL CHECK (name_ja <> ''),
	population integer CHECK (population >= 0),
	surface_km2 numeric CHECK (surface_km2 >= 0),
	PRIMARY KEY (vintage, area),
	CHECK (left(area, 2)::smallint = prefecture)
);
COMMENT ON TABLE registry.medical_area IS '二次医療圏・構想区域 / secondary medical areas of one vintage. Filled by registry.load_medical_areas.';
COMMENT ON COLUMN registry.medical_area.vintage IS '版 / edition of the list.';
COMMENT ON COLUMN registry.medical_area.area IS '医療圏コード / four digits: prefecture and number within it.';
COMMENT ON COLUMN registry.medical_area.prefecture IS '都道府県番号 / prefecture.';
COMMENT ON COLUMN registry.medical_area.name_ja IS '名称 / name.';
COMMENT ON COLUMN registry.medical_area.population IS '人口 / inhabitants (persons; census 2020 in the official list).';
COMMENT ON COLUMN registry.medical_area.surface_km2 IS '面積 / surface in square kilometres.';
CREATE INDEX medical_area_prefecture_idx ON registry.medical_area (prefecture);

CREATE TABLE registry.medical_area_municipality (
	vintage text NOT NULL,
	municipality outbreak.municipality_code NOT NULL REFERENCES registry.municipality,
	area text NOT NULL,
	population integer CHECK (population >= 0),
	PRIMARY KEY (vintage, municipality),
	FOREIGN KEY (vintage, area) REFERENCES registry.medical_area
);
COMMENT ON TABLE registry.medical_area_municipality IS '医療圏の構成市区町村 / which municipalities make up a medical area of one vintage. Both a designated city and its wards may stand here: do not add up their populations.';
COMMENT ON COLUMN registry.medical_area_municipality.vintage IS '版 / edition of the list.';
COMMENT ON COLUMN registry.medical_area_municipality.municipality IS '市区町村 / municipality.';
COMMENT ON COLUMN registry.medical_area_municipality.area IS '医療圏コード / its area in this vintage.';
COMMENT ON COLUMN registry.medical_area_municipality.population IS '人口 / inhabitants (persons); NULL where the list gives none, as for wards.';
CREATE INDEX medical_area_municipality_area_idx ON registry.medical_area_municipality (vintage, area);
CREATE INDEX medical_area_municipality_municipality_idx ON registry.medical_area_municipality (municipality);

CREATE SEQUENCE registry.health_center_number;
COMMENT ON SEQUENCE registry.health_center_number IS 'Numbers of health centres.';
CREATE TABLE registry.health_center (
	health_center bigint PRIMARY KEY DEFAULT nextval('registry.health_center_number'),
	prefecture smallint NOT NULL REFERENCES registry.prefecture,
	name_ja text NOT NULL CHECK (name_ja <> ''),
	municipality outbreak.municipality_code REFERENCES registry.municipality
);
ALTER SEQUENCE registry.health_center_number OWNED BY registry.health_center.health_center;
COMMENT ON TABLE registry.health_center IS '保健所 / health centres.';
COMMENT ON COLUMN registry.health_center.health_center IS '番号 / number, given here.';
COMMENT ON COLUMN registry.health_center.prefecture IS '都道府県番号 / prefecture.';
COMMENT ON COLUMN registry.health_center.name_ja IS '名称 / name.';
COMMENT ON COLUMN registry.health_center.municipality IS '所在市区町村 / where it stands.';
CREATE INDEX health_center_prefecture_idx ON registry.health_center (prefecture);
CREATE INDEX health_center_municipality_idx ON registry.health_center (municipality);

-- ---- institutions

CREATE TABLE registry.institution (
	institution outbreak.institution_code PRIMARY KEY,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(institution)) STORED REFERENCES registry.prefecture,
	municipality outbreak.municipality_code REFERENCES registry.municipality,
	kind text NOT NULL CHECK (kind = ANY ('{hospital,clinic,dental_clinic,pharmacy,visiting_nurse,other}'::text[])),
	name_ja text NOT NULL CHECK (name_ja <> ''),
	kana text,
	zip text CHECK (zip ~ '^[0-9]{7}$'),
	address text,
	phone text,
	location @postgis@.geography(Point, 4326),
	designation text[] NOT NULL DEFAULT '{}',
	beds_general integer CHECK (beds_general >= 0),
	beds_long_term integer CHECK (beds_long_term >= 0),
	beds_psychiatric integer CHECK (beds_psychiatric >= 0),
	beds_tuberculosis integer CHECK (beds_tuberculosis >= 0),
	beds_infectious integer CHECK (beds_infectious >= 0),
	beds_licensed integer CHECK (beds_licensed >= 0),
	contact text,
	valid daterange NOT NULL DEFAULT '[2000-01-01,)' CHECK (NOT isempty(valid))
);
COMMENT ON TABLE registry.institution IS '医療機関 / medical institutions. A row is never deleted, since reports refer to it: an institution that closes gets an end in "valid".';
COMMENT ON COLUMN registry.institution.institution IS '医療機関コード / ten digits with check digit. A third digit of 9 marks a number given here until the insurers'' number is known.';
COMMENT ON COLUMN registry.institution.prefecture IS '都道府県番号 / prefecture, the first two digits of the code.';
COMMENT ON COLUMN registry.institution.municipality IS '所在市区町村 / where it stands. Unknown when NULL.';
COMMENT ON COLUMN registry.institution.kind IS '種別 / hospital 病院, clinic 診療所, dental_clinic 歯科診療所, pharmacy 薬局, visiting_nurse 訪問看護, other その他.';
COMMENT ON COLUMN registry.institution.name_ja IS '正式名称 / full name as registered.';
COMMENT ON COLUMN registry.institution.kana IS 'フリガナ / reading.';
COMMENT ON COLUMN registry.institution.zip IS '郵便番号 / postal code, seven digits without hyphen.';
COMMENT ON COLUMN registry.institution.address IS '所在地 / address.';
COMMENT ON COLUMN registry.institution.phone IS '電話番号 / telephone of the institution.';
COMMENT ON COLUMN registry.institution.location IS '所在地座標 / its point, WGS 84. NULL when unknown or when the point of the source cannot be right.';
COMMENT ON COLUMN registry.institution.designation IS '指定 / designations, such as designated_infectious_disease 感染症指定医療機関, disaster_base 災害拠点病院, dmat DMAT指定医療機関.';
COMMENT ON COLUMN registry.institution.beds_general IS '一般病床 / licensed general beds (beds, 0 and above). NULL is unknown, here and below.';
COMMENT ON COLUMN registry.institution.beds_long_term IS '療養病床 / licensed long-term care beds.';
COMMENT ON COLUMN registry.institution.beds_psychiatric IS '精神病床 / licensed psychiatric beds.';
COMMENT ON COLUMN registry.institution.beds_tuberculosis IS '結核病床 / licensed tuberculosis beds.';
COMMENT ON COLUMN registry.institution.beds_infectious IS '感染症病床 / licensed beds for infectious diseases.';
COMMENT ON COLUMN registry.institution.beds_licensed IS '許可病床数(合計) / all licensed beds as the source states them; need not equal the sum of the kinds (issue beds_do_not_add_up).';
COMMENT ON COLUMN registry.institution.contact IS '連絡先 / whom to call about its reports. Not public.';
COMMENT ON COLUMN registry.institution.valid IS '有効期間 / local dates on which it is open.';
CREATE INDEX institution_prefecture_idx ON registry.institution (prefecture);
CREATE INDEX institution_municipality_idx ON registry.institution (municipality);
CREATE INDEX institution_name_idx ON registry.institution (name_ja);
CREATE INDEX institution_location_idx ON registry.institution USING gist (location);
CREATE INDEX institution_designation_idx ON registry.institution USING gin (designation);

CREATE TABLE registry.institution_identifier (
	system text NOT NULL CHECK (system <> ''),
	value text NOT NULL CHECK (value <> ''),
	institution outbreak.institution_code NOT NULL REFERENCES registry.institution,
	PRIMARY KEY (system, value)
);
COMMENT ON TABLE registry.institution_identifier IS '他システムの番号 / numbers of an institution in other systems. They are opaque text: several of those systems break their own rules.';
COMMENT ON COLUMN registry.institution_identifier.system IS '体系 / iryojoho: 医療情報ネット ID; insurance: the insurers'' ten digits that became known after a provisional code was given; emis: EMIS 機関コード; others as needed.';
COMMENT ON COLUMN registry.institution_identifier.value IS '番号 / the number as written there.';
COMMENT ON COLUMN registry.institution_identifier.institution IS '医療機関 / whose it is.';
CREATE INDEX institution_identifier_institution_idx ON registry.institution_identifier (institution);

CREATE SEQUENCE registry.organisation_number;
COMMENT ON SEQUENCE registry.organisation_number IS 'Numbers of organisations.';
CREATE TABLE registry.organisation (
	organisation bigint PRIMARY KEY DEFAULT nextval('registry.organisation_number'),
	kind text NOT NULL CHECK (kind <> ''),
	name_ja text NOT NULL CHECK (name_ja <> ''),
	prefecture smallint REFERENCES registry.prefecture
);
ALTER SEQUENCE registry.organisation_number OWNED BY registry.organisation.organisation;
COMMENT ON TABLE registry.organisation IS '団体 / organisations that act for institutions, such as county medical associations (とりまとめ団体).';
COMMENT ON COLUMN registry.organisation.organisation IS '番号 / number, given here.';
COMMENT ON COLUMN registry.organisation.kind IS '種別 / such as medical_association 医師会.';
COMMENT ON COLUMN registry.organisation.name_ja IS '名称 / name.';
COMMENT ON COLUMN registry.organisation.prefecture IS '都道府県番号 / prefecture; NULL for a national body.';
CREATE INDEX organisation_prefecture_idx ON registry.organisation (prefecture);

CREATE TABLE registry.proxy (
	organisation bigint NOT NULL REFERENCES registry.organisation,
	institution outbreak.institution_code NOT NULL REFERENCES registry.institution,
	valid daterange NOT NULL DEFAULT '(,)' CHECK (NOT isempty(valid)),
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(institution)) STORED REFERENCES registry.prefecture,
	PRIMARY KEY (organisation, institution)
);
COMMENT ON TABLE registry.proxy IS '代行入力 / which organisation may enter reports for which institution.';
COMMENT ON COLUMN registry.proxy.organisation IS '団体 / who enters.';
COMMENT ON COLUMN registry.proxy.institution IS '医療機関 / for whom.';
COMMENT ON COLUMN registry.proxy.valid IS '有効期間 / local dates on which it may.';
COMMENT ON COLUMN registry.proxy.prefecture IS '都道府県番号 / prefecture of the institution.';
CREATE INDEX proxy_institution_idx ON registry.proxy (institution);
CREATE INDEX proxy_prefecture_idx ON registry.proxy (prefecture);

-- ---- loading the official lists

CREATE SEQUENCE registry.load_number;
COMMENT ON SEQUENCE registry.load_number IS 'Numbers of loads.';
CREATE TABLE registry.load (
	load bigint PRIMARY KEY DEFAULT nextval('registry.load_number'),
	loader text NOT NULL,
	source text NOT NULL,
	at timestamptz NOT NULL DEFAULT now(),
	by_role text NOT NULL DEFAULT current_user,
	accepted integer NOT NULL DEFAULT 0 CHECK (accepted >= 0),
	refused integer NOT NULL DEFAULT 0 CHECK (refused >= 0)
);
ALTER SEQUENCE registry.load_number OWNED BY registry.load.load;
COMMENT ON TABLE registry.load IS '取込 / one row for each run of a loader.';
COMMENT ON COLUMN registry.load.load IS '取込番号 / number of the run, which the loader returns.';
COMMENT ON COLUMN registry.load.loader IS '取込処理 / the loader: municipalities, medical_areas, hospitals or institution_codes.';
COMMENT ON COLUMN registry.load.source IS '出典 / where the rows came from, as the caller named it.';
COMMENT ON COLUMN registry.load.at IS '日時 / when.';
COMMENT ON COLUMN registry.load.by_role IS '実行者 / the role that ran it.';
COMMENT ON COLUMN registry.load.accepted IS '受入件数 / rows taken in, changed or not.';
COMMENT ON COLUMN registry.load.refused IS '拒否件数 / rows left out, each with its reason in registry.load_issue.';

CREATE TABLE registry.load_issue (
	load bigint NOT NULL REFERENCES registry.load ON DELETE CASCADE,
	source text NOT NULL,
	line integer,
	record jsonb,
	code text NOT NULL,
	refused boolean NOT NULL,
	reason_ja text NOT NULL,
	reason_en text NOT NULL,
	found_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE registry.load_issue IS '取込時の問題 / every row of an official list that was refused, or taken in with something wrong, and why. One row of the list can have several.';
COMMENT ON COLUMN registry.load_issue.load IS '取込番号 / the run.';
COMMENT ON COLUMN registry.load_issue.source IS '出典 / where the row came from.';
COMMENT ON COLUMN registry.load_issue.line IS '行 / number of the record in the list, 1 for the first after the header; NULL when the matter is something that the list lacks.';
COMMENT ON COLUMN registry.load_issue.record IS '元データ / the record as read.';
COMMENT ON COLUMN registry.load_issue.code IS '問題コード / what is wrong, from registry.issue_kind.';
COMMENT ON COLUMN registry.load_issue.refused IS '拒否 / true: the row was left out; false: it was taken in, without the doubtful part.';
COMMENT ON COLUMN registry.load_issue.reason_ja IS '理由(日本語) / the reason in Japanese.';
COMMENT ON COLUMN registry.load_issue.reason_en IS '理由(英語) / the reason in English.';
COMMENT ON COLUMN registry.load_issue.found_at IS '日時 / when; its retention counts from here.';
CREATE INDEX load_issue_load_idx ON registry.load_issue (load, code);

CREATE TABLE registry.institution_code_list (
	institution outbreak.institution_code PRIMARY KEY,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(institution)) STORED,
	name_ja text NOT NULL CHECK (name_ja <> ''),
	zip text,
	address text
);
COMMENT ON TABLE registry.institution_code_list IS 'コード内容別医療機関一覧 / the insurers'' list of ten-digit codes with names, in which registry.load_hospitals looks up the code of a hospital. Filled by registry.load_institution_codes.';
COMMENT ON COLUMN registry.institution_code_list.institution IS '医療機関コード / ten digits.';
COMMENT ON COLUMN registry.institution_code_list.prefecture IS '都道府県番号 / prefecture, the first two digits of the code.';
COMMENT ON COLUMN registry.institution_code_list.name_ja IS '名称 / name as the insurers write it.';
COMMENT ON COLUMN registry.institution_code_list.zip IS '郵便番号 / postal code.';
COMMENT ON COLUMN registry.institution_code_list.address IS '所在地 / address without the prefecture.';
CREATE INDEX institution_code_list_prefecture_idx ON registry.institution_code_list (prefecture);

-- ---- persons

CREATE TABLE registry.person (
	person uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	sex text CHECK (sex = ANY ('{male,female,other}'::text[])),
	birth_year smallint CHECK (birth_year BETWEEN 1850 AND 2200),
	municipality outbreak.municipality_code REFERENCES registry.municipality,
	prefecture smallint NOT NULL REFERENCES registry.prefecture,
	health_center bigint REFERENCES registry.health_center,
	institution outbreak.institution_code REFERENCES registry.institution,
	made_at timestamptz NOT NULL DEFAULT now(),
	closed_on date
);
COMMENT ON TABLE registry.person IS '対象者 / persons, under a pseudonym: what may be known without knowing who it is. Who it is stands in registry.identity.';
COMMENT ON COLUMN registry.person.person IS '仮ID / random number that stands for the person everywhere. It says nothing and cannot be guessed.';
COMMENT ON COLUMN registry.person.sex IS '性別 / male 男, female 女, other その他. Unknown when NULL.';
COMMENT ON COLUMN registry.person.birth_year IS '生年 / year of birth.';
COMMENT ON COLUMN registry.person.municipality IS '市区町村 / where the person lives.';
COMMENT ON COLUMN registry.person.prefecture IS '都道府県番号 / prefecture in charge: that of the health centre, else of the institution, else of who entered the person. Set by the system.';
COMMENT ON COLUMN registry.person.health_center IS '担当保健所 / health centre in charge.';
COMMENT ON COLUMN registry.person.institution IS '医療機関 / institution that entered or treats the person.';
COMMENT ON COLUMN registry.person.made_at IS '登録日時 / when the person was entered.';
COMMENT ON COLUMN registry.person.closed_on IS '終了日 / day on which everything about the person ended (治癒, 対応終了); the retention counts from here. NULL as long as it goes on.';
CREATE INDEX person_prefecture_idx ON registry.person (prefecture);
CREATE INDEX person_health_center_idx ON registry.person (health_center);
CREATE INDEX person_institution_idx ON registry.person (institution);
CREATE INDEX person_municipality_idx ON registry.person (municipality);
CREATE INDEX person_closed_idx ON registry.person (closed_on) WHERE closed_on IS NOT NULL;

CREATE TABLE registry.identity (
	person uuid PRIMARY KEY REFERENCES registry.person,
	prefecture smallint NOT NULL,
	health_center bigint,
	institution outbreak.institution_code,
	closed_on date,
	name outbreak.sealed NOT NULL,
	kana outbreak.sealed,
	birth_on outbreak.sealed,
	phone outbreak.sealed,
	mail outbreak.sealed,
	address outbreak.sealed
);
COMMENT ON TABLE registry.identity IS '本人情報 / who a person is, sealed. Written by registry.register_person() and registry.correct_identity(), found by registry.find_person(), opened by registry.reveal_identity().';
COMMENT ON COLUMN registry.identity.person IS '仮ID / the person.';
COMMENT ON COLUMN registry.identity.prefecture IS '都道府県番号 / prefecture in charge; kept equal to registry.person, as are the next three.';
COMMENT ON COLUMN registry.identity.health_center IS '担当保健所 / health centre in charge.';
COMMENT ON COLUMN registry.identity.institution IS '医療機関 / institution.';
COMMENT ON COLUMN registry.identity.closed_on IS '終了日 / day on which everything about the person ended.';
COMMENT ON COLUMN registry.identity.name IS '氏名 / name; sealed for the purpose name, and so on.';
COMMENT ON COLUMN registry.identity.kana IS 'フリガナ / reading in katakana.';
COMMENT ON COLUMN registry.identity.birth_on IS '生年月日 / date of birth, YYYY-MM-DD.';
COMMENT ON COLUMN registry.identity.phone IS '電話番号 / telephone.';
COMMENT ON COLUMN registry.identity.mail IS 'メールアドレス / mail address.';
COMMENT ON COLUMN registry.identity.address IS '住所 / address.';
CREATE INDEX identity_prefecture_idx ON registry.identity (prefecture);
CREATE INDEX identity_health_center_idx ON registry.identity (health_center);
CREATE INDEX identity_institution_idx ON registry.identity (institution);
CREATE INDEX identity_name_idx ON registry.identity (name);
CREATE INDEX identity_kana_idx ON registry.identity (kana);
CREATE INDEX identity_birth_on_idx ON registry.identity (birth_on);
CREATE INDEX identity_phone_idx ON registry.identity (phone);
CREATE INDEX identity_mail_idx ON registry.identity (mail);
CREATE INDEX identity_closed_idx ON registry.identity (closed_on) WHERE closed_on IS NOT NULL;
