COMMENT ON SCHEMA gmis IS '医療機関等情報支援システム / G-MIS: daily and weekly reports of medical institutions, the beds of the nation read from them, and the nearest free bed.';

-- ---- code lists ---------------------------------------------------------------------------

CREATE TABLE gmis.service (
	service text PRIMARY KEY CHECK (service ~ '^[a-z_]+$'),
	name_ja text NOT NULL UNIQUE,
	name_en text NOT NULL UNIQUE,
	public boolean NOT NULL DEFAULT false,
	position integer NOT NULL UNIQUE
);
COMMENT ON TABLE gmis.service IS '診療機能 / services whose provision is surveyed. A list and not an enumeration: surveys add and drop services.';
COMMENT ON COLUMN gmis.service.service IS '診療機能コード / code.';
COMMENT ON COLUMN gmis.service.name_ja IS '名称 / name as the public API writes it (facilityType).';
COMMENT ON COLUMN gmis.service.name_en IS '英語名 / name in English.';
COMMENT ON COLUMN gmis.service.public IS '公開 / part of the open data. The policy "public" of gmis.service_status repeats this list, since policies hold no sub-selects.';
COMMENT ON COLUMN gmis.service.position IS '表示順 / order on forms and in lists.';

CREATE TABLE gmis.supply_item (
	item text PRIMARY KEY CHECK (item ~ '^[a-z0-9_]+$'),
	name_ja text NOT NULL UNIQUE,
	name_en text NOT NULL UNIQUE,
	unit text NOT NULL
);
COMMENT ON TABLE gmis.supply_item IS '医療物資 / supplies that the weekly survey asks for.';
COMMENT ON COLUMN gmis.supply_item.item IS '物資コード / code.';
COMMENT ON COLUMN gmis.supply_item.name_ja IS '名称 / name.';
COMMENT ON COLUMN gmis.supply_item.name_en IS '英語名 / name in English.';
COMMENT ON COLUMN gmis.supply_item.unit IS '単位 / unit in which it is counted.';

-- ---- the daily survey ---------------------------------------------------------------------
-- Forms refer to registry.institution without a foreign key: it would cost COPY more than the rest of the row (one
-- trigger call for each). The settling of a statement looks all its institutions up at once instead.

CREATE TABLE gmis.daily (
	institution outbreak.institution_code NOT NULL,
	on_date date NOT NULL,
	beds_secured integer,
	beds_ready integer,
	beds_occupied integer,
	severe_secured integer,
	severe_ready integer,
	severe_occupied integer,
	icu_present integer,
	icu_used integer,
	ventilators_present integer,
	ventilators_used integer,
	ventilator_patients integer,
	ecmo_present integer,
	ecmo_used integer,
	doctors text,
	nurses text,
	other_staff text,
	outpatients integer,
	inpatients integer,
	severe_patients integer,
	tests integer,
	positives integer,
	PRIMARY KEY (institution, on_date)
) PARTITION BY RANGE (on_date);
COMMENT ON TABLE gmis.daily IS '日次調査 / the daily survey: one row for each institution and day. NULL is "not answered" and never 0. Partitioned by month; ops makes the months ahead.';
COMMENT ON COLUMN gmis.daily.institution IS '医療機関コード / institution.';
COMMENT ON COLUMN gmis.daily.on_date IS '調査日 / local date that the answers describe.';
COMMENT ON COLUMN gmis.daily.beds_secured IS '確保病床数 / beds secured for patients of the disease (beds). The denominator of bed use.';
COMMENT ON COLUMN gmis.daily.beds_ready IS '即応病床数 / secured beds that can take a patient at once (beds).';
COMMENT ON COLUMN gmis.daily.beds_occupied IS '確保病床使用数 / beds occupied by patients of the disease (beds).';
COMMENT ON COLUMN gmis.daily.severe_secured IS '重症者用確保病床数 / beds secured for severe cases, part of the secured beds (beds).';
COMMENT ON COLUMN gmis.daily.severe_ready IS '重症者用即応病床数 / of these, ready at once (beds).';
COMMENT ON COLUMN gmis.daily.severe_occupied IS '重症者用病床使用数 / beds for severe cases that are occupied (beds).';
COMMENT ON COLUMN gmis.daily.icu_present IS 'ICU病床数 / ICU beds present (beds).';
COMMENT ON COLUMN gmis.daily.icu_used IS 'ICU使用数 / ICU beds in use (beds).';
COMMENT ON COLUMN gmis.daily.ventilators_present IS '人工呼吸器保有数 / ventilators present (machines).';
COMMENT ON COLUMN gmis.daily.ventilators_used IS '人工呼吸器使用数 / ventilators in use (machines).';
COMMENT ON COLUMN gmis.daily.ventilator_patients IS '人工呼吸器装着患者数 / patients on a ventilator (persons).';
COMMENT ON COLUMN gmis.daily.ecmo_present IS 'ECMO保有数 / ECMO devices present (machines).';
COMMENT ON COLUMN gmis.daily.ecmo_used IS 'ECMO使用数 / ECMO devices in use (machines).';
COMMENT ON COLUMN gmis.daily.doctors IS '医師の充足状況 / doctors: 通常 as usual, 欠員あり vacancies, 枯渇 exhausted.';
COMMENT ON COLUMN gmis.daily.nurses IS '看護師の充足状況 / nurses: 通常, 欠員あり, 枯渇.';
COMMENT ON COLUMN gmis.daily.other_staff IS 'その他職員の充足状況 / other staff: 通常, 欠員あり, 枯渇.';
COMMENT ON COLUMN gmis.daily.outpatients IS '外来患者数 / outpatients with the disease or its symptoms seen on that day (persons).';
COMMENT ON COLUMN gmis.daily.inpatients IS '入院患者数 / inpatients with the disease (persons).';
COMMENT ON COLUMN gmis.daily.severe_patients IS '重症患者数 / of these, severe cases (persons).';
COMMENT ON COLUMN gmis.daily.tests IS '検査数 / tests made on that day.';
COMMENT ON COLUMN gmis.daily.positives IS '陽性数 / of these, positive.';

CREATE TABLE gmis.daily_default PARTITION OF gmis.daily DEFAULT;
COMMENT ON TABLE gmis.daily_default IS '日次調査(月別区分なし) / daily reports of months that have no partition of their own.';

-- Days are read through a BRIN index: reports arrive day by day, so the rows of a day lie together, and unlike a
-- second B-tree it costs COPY nothing and lets updates stay heap-only. No fillfactor below 100: a report is corrected
-- seldom, and room for it on every page would slow every day scan.
CREATE INDEX daily_on_date_idx ON gmis.daily USING brin (on_date) WITH (pages_per_range = 16, autosummarize = on);

-- ---- the service survey -------------------------------------------------------------------

CREATE TABLE gmis.service_status (
	institution outbreak.institution_code NOT NULL,
	on_date date NOT NULL,
	service text NOT NULL REFERENCES gmis.service,
	status text,
	PRIMARY KEY (institution, on_date, service)
) PARTITION BY RANGE (on_date);
COMMENT ON TABLE gmis.service_status IS '診療機能の提供状況 / whether an institution provides a service on a day. No row, or NULL, is 未回答. 停止 and 制限 do not mean that the infection was found in the institution.';
COMMENT ON COLUMN gmis.service_status.institution IS '医療機関コード / institution.';
COMMENT ON COLUMN gmis.service_status.on_date IS '調査日 / local date that the answer describes.';
COMMENT ON COLUMN gmis.service_status.service IS '診療機能 / service, from gmis.service.';
COMMENT ON COLUMN gmis.service_status.status IS '提供状況 / 通常 normal, 制限 limited, 停止 stopped, 設置なし not installed.';

CREATE TABLE gmis.service_status_default PARTITION OF gmis.service_status DEFAULT;
COMMENT ON TABLE gmis.service_status_default IS '診療機能の提供状況(月別区分なし) / answers of months that have no partition of their own.';

-- A B-tree here: the public page asks for the newest day (max), which BRIN cannot answer.
CREATE INDEX service_status_on_date_idx ON gmis.service_status (on_date);
CREATE INDEX service_status_stopped_idx ON gmis.service_status (on_date) WHERE status = '停止';

-- ---- the weekly supply survey -------------------------------------------------------------

CREATE TABLE gmis.weekly_supply (
	institution outbreak.institution_code NOT NULL,
	week_on date NOT NULL,
	item text NOT NULL REFERENCES gmis.supply_item,
	stock integer,
	used integer,
	expected_arrivals integer,
	PRIMARY KEY (institution, week_on, item)
) PARTITION BY RANGE (week_on);
COMMENT ON TABLE gmis.weekly_supply IS '物資調査 / the weekly supply survey: one row for each institution, week and item.';
COMMENT ON COLUMN gmis.weekly_supply.institution IS '医療機関コード / institution.';
COMMENT ON COLUMN gmis.weekly_supply.week_on IS '調査週 / the Monday on which the week begins.';
COMMENT ON COLUMN gmis.weekly_supply.item IS '物資 / item, from gmis.supply_item.';
COMMENT ON COLUMN gmis.weekly_supply.stock IS '在庫数 / stock on hand on that Monday (in the unit of the item).';
COMMENT ON COLUMN gmis.weekly_supply.used IS '使用数 / used in the seven days before it.';
COMMENT ON COLUMN gmis.weekly_supply.expected_arrivals IS '入荷予定数 / arrivals expected in the seven days from it.';

CREATE TABLE gmis.weekly_supply_default PARTITION OF gmis.weekly_supply DEFAULT;
COMMENT ON TABLE gmis.weekly_supply_default IS '物資調査(月別区分なし) / answers of months that have no partition of their own.';

CREATE INDEX weekly_supply_week_on_idx ON gmis.weekly_supply (week_on);

-- ---- free beds ----------------------------------------------------------------------------

CREATE TABLE gmis.free_bed (
	institution outbreak.institution_code NOT NULL,
	bed_kind text NOT NULL CHECK (bed_kind = ANY ('{general,severe,icu,ventilator,ecmo}'::text[])),
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(institution)) STORED,
	free integer CHECK (free >= 0),
	accepting boolean NOT NULL DEFAULT true,
	available boolean NOT NULL GENERATED ALWAYS AS (accepting AND free IS NOT NULL AND free > 0) STORED,
	location @postgis@.geography(Point, 4326),
	on_date date,
	reported_at timestamptz,
	PRIMARY KEY (institution, bed_kind)
) WITH (fillfactor = 70);
COMMENT ON TABLE gmis.free_bed IS '空床 / free beds by the newest report of each institution, as gmis.fold() last found them; gmis.changed_bed names those that reported since. gmis.nearest_free() reads both. The index of free beds hangs on "available", which changes seldom, so that a changed number is a heap-only update; the fill factor leaves room for it.';
COMMENT ON COLUMN gmis.free_bed.institution IS '医療機関コード / institution.';
COMMENT ON COLUMN gmis.free_bed.bed_kind IS '病床種別 / general 確保病床, severe 重症者用, icu ICU, ventilator 人工呼吸器, ecmo ECMO.';
COMMENT ON COLUMN gmis.free_bed.prefecture IS '都道府県番号 / prefecture.';
COMMENT ON COLUMN gmis.free_bed.free IS '空き数 / beds or machines that are free: ready (if not answered: secured or present) less occupied, 0 when over full; NULL when not answered.';
COMMENT ON COLUMN gmis.free_bed.accepting IS '受入可 / false when the newest answer about inpatient service is 停止.';
COMMENT ON COLUMN gmis.free_bed.available IS '空床あり / accepting, and at least one is free.';
COMMENT ON COLUMN gmis.free_bed.location IS '所在地 / point of the institution, as in registry.institution.';
COMMENT ON COLUMN gmis.free_bed.on_date IS '調査日 / day of the newest report.';
COMMENT ON COLUMN gmis.free_bed.reported_at IS '報告日時 / when that report was made.';
CREATE TABLE gmis.changed_bed (
	institution outbreak.institution_code NOT NULL
);
COMMENT ON TABLE gmis.changed_bed IS '空床の変更 / institutions that reported since their free beds were last brought up to date: appended by every statement that changes reports, taken away by gmis.fold(). Readers compute these from the reports. The same institution may stand here many times.';
COMMENT ON COLUMN gmis.changed_bed.institution IS '医療機関コード / institution.';

CREATE INDEX free_bed_general_idx ON gmis.free_bed USING gist (location) WHERE bed_kind = 'general' AND available;
CREATE INDEX free_bed_severe_idx ON gmis.free_bed USING gist (location) WHERE bed_kind = 'severe' AND available;
CREATE INDEX free_bed_icu_idx ON gmis.free_bed USING gist (location) WHERE bed_kind = 'icu' AND available;
CREATE INDEX free_bed_ventilator_idx ON gmis.free_bed USING gist (location) WHERE bed_kind = 'ventilator' AND available;
CREATE INDEX free_bed_ecmo_idx ON gmis.free_bed USING gist (location) WHERE bed_kind = 'ecmo' AND available;

-- ---- rollups ------------------------------------------------------------------------------
-- For each count of the daily survey its sum (NULL when nobody answered) and the number of answers. A sum fits an
-- integer: an institution answers 10,000 at most, and there are fewer than 200,000 of them.
-- No column is a counter that writers update: writers only note the key in report.dirty, so they never wait here.

CREATE TABLE gmis.daily_by_municipality (
	on_date date NOT NULL,
	prefecture smallint NOT NULL,
	municipality outbreak.municipality_code,
	reported integer NOT NULL,
	beds_secured integer,
	beds_secured_answers integer NOT NULL,
	beds_ready integer,
	beds_ready_answers integer NOT NULL,
	beds_occupied integer,
	beds_occupied_answers integer NOT NULL,
	severe_secured integer,
	severe_secured_answers integer NOT NULL,
	severe_ready integer,
	severe_ready_answers integer NOT NULL,
	severe_occupied integer,
	severe_occupied_answers integer NOT NULL,
	icu_present integer,
	icu_present_answers integer NOT NULL,
	icu_used integer,
	icu_used_answers integer NOT NULL,
	ventilators_present integer,
	ventilators_present_answers integer NOT NULL,
	ventilators_used integer,
	ventilators_used_answers integer NOT NULL,
	ventilator_patients integer,
	ventilator_patients_answers integer NOT NULL,
	ecmo_present integer,
	ecmo_present_answers integer NOT NULL,
	ecmo_used integer,
	ecmo_used_answers integer NOT NULL,
	outpatients integer,
	outpatients_answers integer NOT NULL,
	inpatients integer,
	inpatients_answers integer NOT NULL,
	severe_patients integer,
	severe_patients_answers integer NOT NULL,
	tests integer,
	tests_answers integer NOT NULL,
	positives integer,
	positives_answers integer NOT NULL,
	secured_most integer NOT NULL,
	secured_open integer NOT NULL,
	occupied_most integer NOT NULL,
	occupied_open integer NOT NULL,
	UNIQUE NULLS NOT DISTINCT (on_date, prefecture, municipality)
);
COMMENT ON TABLE gmis.daily_by_municipality IS '市区町村別日次集計 / sums of gmis.daily by day and municipality, written by gmis.fold(). Rows whose key stands in report.dirty are out of date: gmis.daily_sums() recomputes those.';
COMMENT ON COLUMN gmis.daily_by_municipality.municipality IS '市区町村 / municipality of the institutions; NULL when the register does not know it.';
COMMENT ON COLUMN gmis.daily_by_municipality.secured_most IS '確保病床数回答施設の病床上限 / most beds (gmis.most_beds) of the expected institutions that answered beds_secured; those of the others bound what is missing.';
COMMENT ON COLUMN gmis.daily_by_municipality.secured_open IS '同・上限不明施設数 / of these, institutions without a known number of beds.';
COMMENT ON COLUMN gmis.daily_by_municipality.occupied_most IS '使用数回答施設の病床上限 / the same for beds_occupied.';
COMMENT ON COLUMN gmis.daily_by_municipality.occupied_open IS '同・上限不明施設数 / of these, institutions without a known number of beds.';

CREATE TABLE gmis.daily_by_prefecture (
	on_date date NOT NULL,
	prefecture smallint NOT NULL,
	reported integer NOT NULL,
	beds_secured integer,
	beds_secured_answers integer NOT NULL,
	beds_ready integer,
	beds_ready_answers integer NOT NULL,
	beds_occupied integer,
	beds_occupied_answers integer NOT NULL,
	severe_secured integer,
	severe_secured_answers integer NOT NULL,
	severe_ready integer,
	severe_ready_answers integer NOT NULL,
	severe_occupied integer,
	severe_occupied_answers integer NOT NULL,
	icu_present integer,
	icu_present_answers integer NOT NULL,
	icu_used integer,
	icu_used_answers integer NOT NULL,
	ventilators_present integer,
	ventilators_present_answers integer NOT NULL,
	ventilators_used integer,
	ventilators_used_answers integer NOT NULL,
	ventilator_patients integer,
	ventilator_patients_answers integer NOT NULL,
	ecmo_present integer,
	ecmo_present_answers integer NOT NULL,
	ecmo_used integer,
	ecmo_used_answers integer NOT NULL,
	outpatients integer,
	outpatients_answers integer NOT NULL,
	inpatients integer,
	inpatients_answers integer NOT NULL,
	severe_patients integer,
	severe_patients_answers integer NOT NULL,
	tests integer,
	tests_answers integer NOT NULL,
	positives integer,
	positives_answers integer NOT NULL,
	PRIMARY KEY (on_date, prefecture)
);
COMMENT ON TABLE gmis.daily_by_prefecture IS '都道府県別日次集計 / sums of gmis.daily by day and prefecture, written by gmis.fold(). Rows whose key stands in report.dirty are out of date: gmis.daily_totals() recomputes those.';

CREATE TABLE gmis.expected_step (
	prefecture smallint NOT NULL,
	municipality outbreak.municipality_code,
	since date NOT NULL,
	expected integer NOT NULL,
	most integer NOT NULL,
	open integer NOT NULL
);
COMMENT ON TABLE gmis.expected_step IS '報告対象の増減 / who is expected to fill in gmis.daily, by municipality, as steps: the sum of all steps up to a day holds on it. Triggers append a step for each change of report.expected and of the register, gmis.fold() joins them; so nobody waits for anybody.';
COMMENT ON COLUMN gmis.expected_step.prefecture IS '都道府県番号 / prefecture of the institutions.';
COMMENT ON COLUMN gmis.expected_step.municipality IS '市区町村 / municipality of the institutions; NULL when the register does not know it.';
COMMENT ON COLUMN gmis.expected_step.since IS '起点日 / first day that the step counts for; -infinity for those expected without a beginning.';
COMMENT ON COLUMN gmis.expected_step.expected IS '報告対象施設数の増減 / institutions more (or, below 0, fewer).';
COMMENT ON COLUMN gmis.expected_step.most IS '病床上限の増減 / most beds (gmis.most_beds) that they can have together.';
COMMENT ON COLUMN gmis.expected_step.open IS '上限不明施設数の増減 / institutions without a known number of beds.';

-- The columns that both rollups and the survey share are described once, in the survey.
DO $$
DECLARE
	rollup text;
	item record;
BEGIN
	FOREACH rollup IN ARRAY '{daily_by_municipality,daily_by_prefecture}'::text[]
	LOOP
		EXECUTE format('COMMENT ON COLUMN gmis.%I.on_date IS %L', rollup, '調査日 / local date of the reports.');
		EXECUTE format('COMMENT ON COLUMN gmis.%I.prefecture IS %L', rollup, '都道府県番号 / prefecture, 1 to 47.');
		EXECUTE format('COMMENT ON COLUMN gmis.%I.reported IS %L', rollup, '報告施設数 / institutions with a report of that day.');
		FOR item IN
			SELECT a.attname AS name,
				split_part(col_description(a.attrelid, a.attnum), ' / ', 1) AS label_ja,
				split_part(col_description(a.attrelid, a.attnum), ' / ', 2) AS label_en
			FROM pg_attribute AS a
			WHERE a.attrelid = 'gmis.daily'::regclass
				AND a.attnum > 0
				AND a.atttypid = 'integer'::regtype
		LOOP
			EXECUTE format('COMMENT ON COLUMN gmis.%I.%I IS %L', rollup, item.name,
				item.label_ja || 'の合計 / sum of: ' || item.label_en);
			EXECUTE format('COMMENT ON COLUMN gmis.%I.%I IS %L', rollup, item.name || '_answers',
				item.label_ja || 'の回答施設数 / institutions that answered: ' || item.label_en);
		END LOOP;
	END LOOP;
END
$$;

-- ---- registration -------------------------------------------------------------------------

-- report.register() wants to know whom to call; the body stands in functions.sql.
CREATE FUNCTION gmis.note_changed_beds(reporters outbreak.institution_code[])
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
END
$$;

SELECT report.register(
	'gmis.daily', 'institution', 'on_date',
	period_kind => 'day',
	deadline => '36 hours',
	title_ja => '日次調査',
	title_en => 'Daily survey of beds, equipment, staff and tests',
	meanings => '{
		"beds_secured": "stock", "beds_ready": "stock", "beds_occupied": "stock",
		"severe_secured": "stock", "severe_ready": "stock", "severe_occupied": "stock",
		"icu_present": "stock", "icu_used": "stock",
		"ventilators_present": "stock", "ventilators_used": "stock", "ventilator_patients": "stock",
		"ecmo_present": "stock", "ecmo_used": "stock",
		"doctors": "status", "nurses": "status", "other_staff": "status",
		"outpatients": "count", "inpatients": "stock", "severe_patients": "stock",
		"tests": "count", "positives": "count"
	}',
	lookback => 14,
	rollup => true,
	on_change => 'gmis.note_changed_beds(outbreak.institution_code[])'
);

SELECT report.register(
	'gmis.service_status', 'institution', 'on_date',
	period_kind => 'day',
	deadline => '36 hours',
	title_ja => '診療機能の提供状況',
	title_en => 'Daily survey of services',
	meanings => '{"status": "status"}',
	lookback => 14,
	on_change => 'gmis.note_changed_beds(outbreak.institution_code[])'
);

SELECT report.register(
	'gmis.weekly_supply', 'institution', 'week_on',
	period_kind => 'week',
	deadline => '60 hours',
	title_ja => '物資調査',
	title_en => 'Weekly survey of supplies',
	meanings => '{"stock": "stock", "used": "count", "expected_arrivals": "count"}',
	lookback => 28
);
