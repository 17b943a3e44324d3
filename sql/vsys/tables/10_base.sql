COMMENT ON SCHEMA vsys IS 'ワクチン接種円滑化システム / V-SYS: vaccine from the nation to a person''s arm. Products, lots and sites, allocation rounds, delivery, stock, booking, results.';

-- ---- products

CREATE TABLE vsys.product (
	product text PRIMARY KEY CHECK (product ~ '^[a-z0-9_]+$'),
	name_ja text NOT NULL UNIQUE CHECK (name_ja <> ''),
	name_en text NOT NULL UNIQUE CHECK (name_en <> ''),
	maker_ja text NOT NULL CHECK (maker_ja <> ''),
	vials_per_box integer NOT NULL CHECK (vials_per_box BETWEEN 1 AND 100000),
	doses_per_vial smallint NOT NULL CHECK (doses_per_vial BETWEEN 1 AND 100),
	course_doses smallint NOT NULL CHECK (course_doses BETWEEN 1 AND 9),
	interval_min_days smallint CHECK (interval_min_days BETWEEN 1 AND 1000),
	interval_days smallint CHECK (interval_days BETWEEN 1 AND 1000),
	interval_max_days smallint CHECK (interval_max_days BETWEEN 1 AND 1000),
	min_age smallint NOT NULL DEFAULT 0 CHECK (min_age BETWEEN 0 AND 120),
	route text NOT NULL CHECK (route = ANY ('{carrier,wholesaler}'::text[])),
	own_basic boolean NOT NULL DEFAULT false,
	CHECK (interval_min_days <= interval_days AND interval_days <= interval_max_days),
	CHECK ((course_doses > 1) = (interval_days IS NOT NULL))
);
COMMENT ON TABLE vsys.product IS 'ワクチン / vaccines. What a vial may go through stands in vsys.storage_state and vsys.storage_step, so that a rule that changes is a row and no code.';
COMMENT ON COLUMN vsys.product.product IS 'ワクチンコード / code.';
COMMENT ON COLUMN vsys.product.name_ja IS '名称 / name.';
COMMENT ON COLUMN vsys.product.name_en IS '英語名 / name in English.';
COMMENT ON COLUMN vsys.product.maker_ja IS 'メーカー / maker as the vaccination record system (VRS) writes it: ファイザー, 武田/モデルナ, アストラゼネカ.';
COMMENT ON COLUMN vsys.product.vials_per_box IS '1箱のバイアル数 / vials in the smallest delivery unit (箱; Comirnaty 195).';
COMMENT ON COLUMN vsys.product.doses_per_vial IS '1バイアルの回数 / doses that a vial gives where a shipment does not say otherwise (Comirnaty 5, later 6).';
COMMENT ON COLUMN vsys.product.course_doses IS '接種回数 / doses of a primary course.';
COMMENT ON COLUMN vsys.product.interval_min_days IS '最短間隔 / days that must at least lie between two doses.';
COMMENT ON COLUMN vsys.product.interval_days IS '標準間隔 / days that should lie between two doses; second doses are booked and promised for then.';
COMMENT ON COLUMN vsys.product.interval_max_days IS '最長間隔 / days after which a second dose is late (it is still given); NULL: no limit.';
COMMENT ON COLUMN vsys.product.min_age IS '対象年齢 / youngest age in years.';
COMMENT ON COLUMN vsys.product.route IS '配送経路 / carrier: the maker''s carrier straight to basic-type sites; wholesaler: by the regional wholesaler (地域担当卸).';
COMMENT ON COLUMN vsys.product.own_basic IS '基本型のみ / whether it goes to basic sites alone: for AstraZeneca every site is its own basic site.';

CREATE TABLE vsys.lot (
	product text NOT NULL REFERENCES vsys.product,
	lot text NOT NULL CHECK (lot ~ '^[!-z]{1,20}$'),
	expiry_on date NOT NULL,
	recalled_at timestamptz,
	recall_reason text,
	PRIMARY KEY (product, lot),
	CHECK ((recalled_at IS NULL) = (recall_reason IS NULL))
);
COMMENT ON TABLE vsys.lot IS 'ロット / lots. The label expiry is that of the coldest storage; when a vial must be used by is a matter of what it went through.';
COMMENT ON COLUMN vsys.lot.product IS 'ワクチン / product.';
COMMENT ON COLUMN vsys.lot.lot IS 'ロット番号 / lot number as printed, GS1 AI (10): 1 to 20 characters.';
COMMENT ON COLUMN vsys.lot.expiry_on IS '最終有効年月日 / last day of the label, GS1 AI (17).';
COMMENT ON COLUMN vsys.lot.recalled_at IS '回収日時 / from when it may not be given any more; NULL: not recalled.';
COMMENT ON COLUMN vsys.lot.recall_reason IS '回収理由 / why.';

-- ---- sites

CREATE TABLE vsys.site (
	site outbreak.institution_code PRIMARY KEY REFERENCES registry.institution,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(site)) STORED,
	municipality outbreak.municipality_code NOT NULL REFERENCES registry.municipality,
	kind text NOT NULL CHECK (kind = ANY ('{basic,linked,satellite}'::text[])),
	basic_site outbreak.institution_code REFERENCES vsys.site,
	public boolean NOT NULL DEFAULT false,
	reservation text NOT NULL DEFAULT 'none' CHECK (reservation = ANY ('{vsys,web,phone,municipality,none}'::text[])),
	reservation_url text CHECK (reservation_url ~ '^https?://[^[:space:]]+$'),
	reservation_phone text,
	notes text,
	association bigint REFERENCES registry.organisation,
	wholesaler bigint REFERENCES registry.organisation,
	state text NOT NULL DEFAULT 'applied' CHECK (state = ANY ('{applied,authorised,registered,open,paused,closed}'::text[])),
	CHECK ((kind = 'basic') = (basic_site IS NULL)),
	CHECK (basic_site IS NULL OR basic_site OPERATOR(outbreak.<>) site),
	CHECK (outbreak.prefecture(municipality) = outbreak.prefecture(site))
);
COMMENT ON TABLE vsys.site IS '接種施設 / vaccination sites: hospitals, clinics and mass sites, under their ten-digit code. A site without an insurers'' number has a provisional one from the registry.';
COMMENT ON COLUMN vsys.site.site IS '施設コード / ten-digit code; the key of orders of vaccine, needles and syringes.';
COMMENT ON COLUMN vsys.site.prefecture IS '都道府県番号 / prefecture, from the code.';
COMMENT ON COLUMN vsys.site.municipality IS '市区町村 / municipality that allots to it.';
COMMENT ON COLUMN vsys.site.kind IS '施設種別 / basic 基本型 (has a deep freezer, is delivered to), linked 連携型 and satellite サテライト型 (are moved vaccine by their basic site within three hours).';
COMMENT ON COLUMN vsys.site.basic_site IS '基本型施設 / the basic site of a linked or satellite site.';
COMMENT ON COLUMN vsys.site.public IS '公開 / shown on the public site (ワクチンナビ).';
COMMENT ON COLUMN vsys.site.reservation IS '予約方法 / vsys: here; web, phone: the site''s own; municipality: through the municipality; none: no reservation needed.';
COMMENT ON COLUMN vsys.site.reservation_url IS '予約URL / page of its own reservation.';
COMMENT ON COLUMN vsys.site.reservation_phone IS '予約電話番号 / telephone for reservations.';
COMMENT ON COLUMN vsys.site.notes IS '備考 / notes for visitors: car park, entrance.';
COMMENT ON COLUMN vsys.site.association IS '取りまとめ医師会 / medical association that confirms its power of attorney (集合契約).';
COMMENT ON COLUMN vsys.site.wholesaler IS '地域担当卸 / regional wholesaler that delivers to it; NULL: none, or the maker''s carrier alone.';
COMMENT ON COLUMN vsys.site.state IS '登録状況 / applied 申込 (power of attorney made), authorised 委任確認済 (the medical association confirmed it), registered 初期登録済, open 稼働中, paused 休止中, closed 終了.';
CREATE INDEX site_prefecture_idx ON vsys.site (prefecture);
CREATE INDEX site_municipality_idx ON vsys.site (municipality);
CREATE INDEX site_association_idx ON vsys.site (association) WHERE association IS NOT NULL;
CREATE INDEX site_wholesaler_idx ON vsys.site (wholesaler) WHERE wholesaler IS NOT NULL;
CREATE INDEX site_basic_site_idx ON vsys.site (basic_site) WHERE basic_site IS NOT NULL;

CREATE TABLE vsys.site_product (
	site outbreak.institution_code NOT NULL REFERENCES vsys.site,
	product text NOT NULL REFERENCES vsys.product,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(site)) STORED,
	valid daterange NOT NULL DEFAULT '(,)' CHECK (NOT isempty(valid)),
	PRIMARY KEY (site, product)
);
COMMENT ON TABLE vsys.site_product IS '取扱ワクチン / which vaccines a site handles.';
COMMENT ON COLUMN vsys.site_product.site IS '施設コード / site.';
COMMENT ON COLUMN vsys.site_product.product IS 'ワクチン / product.';
COMMENT ON COLUMN vsys.site_product.prefecture IS '都道府県番号 / prefecture of the site.';
COMMENT ON COLUMN vsys.site_product.valid IS '期間 / local dates on which it does.';
CREATE INDEX site_product_product_idx ON vsys.site_product (product);

-- ---- people

CREATE TABLE vsys.priority_group (
	priority_group text PRIMARY KEY CHECK (priority_group ~ '^[a-z0-9_]+$'),
	position smallint NOT NULL UNIQUE,
	name_ja text NOT NULL UNIQUE,
	name_en text NOT NULL UNIQUE
);
COMMENT ON TABLE vsys.priority_group IS '接種順位の区分 / groups in their order of priority; also the attributes by which results are counted.';
COMMENT ON COLUMN vsys.priority_group.priority_group IS '区分コード / code.';
COMMENT ON COLUMN vsys.priority_group.position IS '順位 / order, the first is served first.';
COMMENT ON COLUMN vsys.priority_group.name_ja IS '名称 / name.';
COMMENT ON COLUMN vsys.priority_group.name_en IS '英語名 / name in English.';

CREATE TABLE vsys.population (
	municipality outbreak.municipality_code NOT NULL REFERENCES registry.municipality,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(municipality)) STORED,
	age_from smallint NOT NULL CHECK (age_from BETWEEN 0 AND 120),
	age_before smallint CHECK (age_before BETWEEN 1 AND 200),
	persons integer NOT NULL CHECK (persons >= 0),
	as_of_on date NOT NULL,
	PRIMARY KEY (municipality, age_from),
	CHECK (age_before > age_from)
);
COMMENT ON TABLE vsys.population IS '人口 / inhabitants by municipality and age band (住民基本台帳): the denominator of coverage and the weight of rounds. Designated cities stand as one, without their wards.';
COMMENT ON COLUMN vsys.population.municipality IS '市区町村 / municipality.';
COMMENT ON COLUMN vsys.population.prefecture IS '都道府県番号 / prefecture.';
COMMENT ON COLUMN vsys.population.age_from IS '年齢(以上) / youngest age of the band in years.';
COMMENT ON COLUMN vsys.population.age_before IS '年齢(未満) / age that is no longer in the band; NULL: open.';
COMMENT ON COLUMN vsys.population.persons IS '人数 / persons.';
COMMENT ON COLUMN vsys.population.as_of_on IS '基準日 / day of the count.';
CREATE INDEX population_prefecture_idx ON vsys.population (prefecture);

-- ---- programmes and tickets

CREATE TABLE vsys.programme (
	programme text PRIMARY KEY CHECK (programme ~ '^[a-z0-9_]+$'),
	name_ja text NOT NULL UNIQUE,
	name_en text NOT NULL UNIQUE,
	valid daterange NOT NULL CHECK (NOT isempty(valid)),
	first_dose smallint NOT NULL DEFAULT 1 CHECK (first_dose BETWEEN 1 AND 9),
	last_dose smallint NOT NULL DEFAULT 2 CHECK (last_dose BETWEEN 1 AND 9),
	CHECK (first_dose <= last_dose)
);
COMMENT ON TABLE vsys.programme IS '接種事業 / vaccination programmes, such as the primary course (初回接種) and the third dose.';
COMMENT ON COLUMN vsys.programme.programme IS '事業コード / code.';
COMMENT ON COLUMN vsys.programme.name_ja IS '名称 / name.';
COMMENT ON COLUMN vsys.programme.name_en IS '英語名 / name in English.';
COMMENT ON COLUMN vsys.programme.valid IS '実施期間 / local dates on which doses are given.';
COMMENT ON COLUMN vsys.programme.first_dose IS '最初の接種回 / number of its first dose, as on the ticket: 3 for the programme of the third dose.';
COMMENT ON COLUMN vsys.programme.last_dose IS '最後の接種回 / number of its last dose; a product whose course is shorter ends earlier.';

CREATE TABLE vsys.programme_product (
	programme text NOT NULL REFERENCES vsys.programme,
	product text NOT NULL REFERENCES vsys.product,
	PRIMARY KEY (programme, product)
);
COMMENT ON TABLE vsys.programme_product IS '事業のワクチン / which vaccines a programme uses.';
COMMENT ON COLUMN vsys.programme_product.programme IS '事業 / programme.';
COMMENT ON COLUMN vsys.programme_product.product IS 'ワクチン / product.';

CREATE TABLE vsys.ticket (
	municipality outbreak.municipality_code NOT NULL,
	number text NOT NULL CHECK (number ~ '^[0-9]{10}$' AND number <> '0000000000'),
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(municipality)) STORED,
	programme text NOT NULL REFERENCES vsys.programme,
	person uuid NOT NULL REFERENCES registry.person,
	birth_year smallint NOT NULL CHECK (birth_year BETWEEN 1850 AND 2200),
	birth_on outbreak.sealed,
	priority_group text NOT NULL REFERENCES vsys.priority_group,
	valid daterange NOT NULL CHECK (NOT isempty(valid)),
	issued_at timestamptz NOT NULL DEFAULT now(),
	withdrawn_at timestamptz,
	withdrawn_reason text CHECK (withdrawn_reason <> ''),
	PRIMARY KEY (municipality, number),
	CHECK (withdrawn_at IS NOT NULL OR withdrawn_reason IS NULL)
);
COMMENT ON TABLE vsys.ticket IS '接種券 / issued vaccination tickets. A number has no check digit and is unique inside its municipality only: whoever books or is vaccinated is looked up here, and the date of birth must agree.';
COMMENT ON COLUMN vsys.ticket.municipality IS '市区町村 / municipality that issued it, six digits with check digit as on the ticket.';
COMMENT ON COLUMN vsys.ticket.number IS '券番号 / ten digits.';
COMMENT ON COLUMN vsys.ticket.prefecture IS '都道府県番号 / prefecture of the municipality.';
COMMENT ON COLUMN vsys.ticket.programme IS '事業 / programme that it is for; every dose of the programme is booked with it.';
COMMENT ON COLUMN vsys.ticket.person IS '仮ID / the person (registry.person).';
COMMENT ON COLUMN vsys.ticket.birth_year IS '生年 / year of birth, for age.';
COMMENT ON COLUMN vsys.ticket.birth_on IS '生年月日 / date of birth YYYY-MM-DD, sealed for the purpose birth_on: it is compared and never opened. NULL: not known, so that only the municipality can use the ticket.';
COMMENT ON COLUMN vsys.ticket.priority_group IS '優先区分 / group.';
COMMENT ON COLUMN vsys.ticket.valid IS '有効期間 / local dates of the sessions that it may be used for; it begins when the group''s turn comes.';
COMMENT ON COLUMN vsys.ticket.issued_at IS '発行日時 / when it was entered.';
COMMENT ON COLUMN vsys.ticket.withdrawn_at IS '失効日時 / moved away, died, or issued anew; NULL: in force.';
COMMENT ON COLUMN vsys.ticket.withdrawn_reason IS '失効理由 / why: moved, died, reissued, error, or another word.';
CREATE UNIQUE INDEX ticket_person_idx ON vsys.ticket (person, programme) WHERE withdrawn_at IS NULL;
CREATE INDEX ticket_prefecture_idx ON vsys.ticket (prefecture);
CREATE INDEX ticket_withdrawn_idx ON vsys.ticket (withdrawn_at) WHERE withdrawn_at IS NOT NULL;
