-- ---- results: one row for each dose that somebody was given
-- A dose refers to persons by a foreign key, so that a person stays as long as the doses do. Programmes, products and
-- sites are looked up by the functions that write: a foreign key would have every writer lock the same few rows.

CREATE SEQUENCE vsys.dose_serial;
COMMENT ON SEQUENCE vsys.dose_serial IS 'Numbers of doses.';
CREATE TABLE vsys.dose (
	dose bigint NOT NULL DEFAULT nextval('vsys.dose_serial'),
	given_on date NOT NULL,
	given_at timestamptz,
	person uuid NOT NULL REFERENCES registry.person,
	municipality outbreak.municipality_code NOT NULL,
	number text NOT NULL,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(municipality)) STORED,
	programme text NOT NULL,
	dose_number smallint NOT NULL CHECK (dose_number BETWEEN 1 AND 9),
	site outbreak.institution_code,
	site_name text,
	product text NOT NULL,
	lot text,
	doctor text,
	priority_group text NOT NULL,
	birth_year smallint NOT NULL,
	sex text,
	source text NOT NULL CHECK (source = ANY ('{scan,vrs,correction}'::text[])),
	registered_at timestamptz NOT NULL DEFAULT now(),
	recorded_at timestamptz NOT NULL DEFAULT now(),
	recorded_by text NOT NULL DEFAULT coalesce(outbreak.my_subject(), session_user),
	key text,
	stock_event bigint,
	replaces bigint,
	state text NOT NULL DEFAULT 'in_force' CHECK (state = ANY ('{in_force,corrected,withdrawn}'::text[])),
	ended_at timestamptz,
	ended_by text,
	reason text,
	PRIMARY KEY (dose, given_on),
	CHECK ((state = 'in_force') = (ended_at IS NULL)),
	CHECK (num_nonnulls(site, site_name) > 0)
) PARTITION BY RANGE (given_on);
ALTER SEQUENCE vsys.dose_serial OWNED BY vsys.dose.dose;
COMMENT ON TABLE vsys.dose IS '接種記録 / doses given, one row each. A row is never changed but for its end: what was wrong is replaced by a new row (corrected) or withdrawn, and stays. Partitioned by month of the vaccination. Written by vsys.record_dose(), vsys.import_vrs() and the functions that mend.';
COMMENT ON COLUMN vsys.dose.dose IS '番号 / number, given here.';
COMMENT ON COLUMN vsys.dose.given_on IS '接種日 / local date.';
COMMENT ON COLUMN vsys.dose.given_at IS '接種日時 / when; NULL where only the day is known, as in files of the VRS.';
COMMENT ON COLUMN vsys.dose.person IS '仮ID / the person (registry.person).';
COMMENT ON COLUMN vsys.dose.municipality IS '市区町村 / municipality of the ticket.';
COMMENT ON COLUMN vsys.dose.number IS '券番号 / ticket number.';
COMMENT ON COLUMN vsys.dose.prefecture IS '都道府県番号 / prefecture of that municipality.';
COMMENT ON COLUMN vsys.dose.programme IS '事業 / programme of the ticket.';
COMMENT ON COLUMN vsys.dose.dose_number IS '回数 / first, second, … dose of the programme.';
COMMENT ON COLUMN vsys.dose.site IS '施設コード / site; NULL where a file names a place that is no site here.';
COMMENT ON COLUMN vsys.dose.site_name IS '接種会場 / the place as a file of the VRS wrote it.';
COMMENT ON COLUMN vsys.dose.product IS 'ワクチン / vaccine.';
COMMENT ON COLUMN vsys.dose.lot IS 'ロット番号 / lot; NULL where a file has none.';
COMMENT ON COLUMN vsys.dose.doctor IS '接種医師 / doctor.';
COMMENT ON COLUMN vsys.dose.priority_group IS '優先区分 / group of the person then: the attribute by which results are counted.';
COMMENT ON COLUMN vsys.dose.birth_year IS '生年 / year of birth, from the ticket.';
COMMENT ON COLUMN vsys.dose.sex IS '性別 / as in registry.person; NULL: not known.';
COMMENT ON COLUMN vsys.dose.source IS '入力元 / scan: at the site; vrs: from a file; correction: put right later.';
COMMENT ON COLUMN vsys.dose.registered_at IS '登録日時 / when the dose was first entered, here or in the system that a file comes from. The lag of reporting is counted from it. A correction keeps it.';
COMMENT ON COLUMN vsys.dose.recorded_at IS '記録日時 / when this row came to stand here.';
COMMENT ON COLUMN vsys.dose.recorded_by IS '記録者 / who entered it.';
COMMENT ON COLUMN vsys.dose.key IS '冪等キー / what the client called the entry, so that sending it twice enters it once.';
COMMENT ON COLUMN vsys.dose.stock_event IS '在庫台帳番号 / event of vsys.stock_event by which the dose was taken from stock; NULL: the site''s books held none of the lot then. vsys.take_unbooked_doses() takes it when they do.';
COMMENT ON COLUMN vsys.dose.replaces IS '訂正元 / number of the row that this one corrects.';
COMMENT ON COLUMN vsys.dose.state IS '状態 / in_force 有効, corrected 訂正済, withdrawn 取消.';
COMMENT ON COLUMN vsys.dose.ended_at IS '訂正・取消日時 / when it was corrected or withdrawn.';
COMMENT ON COLUMN vsys.dose.ended_by IS '訂正・取消者 / by whom.';
COMMENT ON COLUMN vsys.dose.reason IS '訂正・取消理由 / why.';
CREATE INDEX dose_person_idx ON vsys.dose (person);
CREATE INDEX dose_site_idx ON vsys.dose (site, given_on);
CREATE INDEX dose_ticket_idx ON vsys.dose (municipality, given_on, number);
CREATE INDEX dose_unbooked_idx ON vsys.dose (site) WHERE stock_event IS NULL AND state = 'in_force' AND lot IS NOT NULL;
CREATE TABLE vsys.dose_default PARTITION OF vsys.dose DEFAULT;
COMMENT ON TABLE vsys.dose_default IS '接種記録(月別区分なし) / doses of months that have no partition of their own.';

CREATE TABLE vsys.person_dose (
	person uuid NOT NULL,
	programme text NOT NULL,
	dose_number smallint NOT NULL,
	dose bigint NOT NULL,
	given_on date NOT NULL,
	given_at timestamptz,
	site outbreak.institution_code,
	product text NOT NULL,
	key text,
	PRIMARY KEY (person, programme, dose_number)
);
COMMENT ON TABLE vsys.person_dose IS '接種済の回 / which doses of a programme each person has had: the rows of vsys.dose that are in force. Its key makes one dose number one dose, across all sites and months.';
COMMENT ON COLUMN vsys.person_dose.person IS '仮ID / the person.';
COMMENT ON COLUMN vsys.person_dose.programme IS '事業 / programme.';
COMMENT ON COLUMN vsys.person_dose.dose_number IS '回数 / dose number.';
COMMENT ON COLUMN vsys.person_dose.dose IS '番号 / the row of vsys.dose.';
COMMENT ON COLUMN vsys.person_dose.given_on IS '接種日 / local date of it.';
COMMENT ON COLUMN vsys.person_dose.given_at IS '接種日時 / when, if known.';
COMMENT ON COLUMN vsys.person_dose.site IS '施設コード / site, if known.';
COMMENT ON COLUMN vsys.person_dose.product IS 'ワクチン / vaccine.';
COMMENT ON COLUMN vsys.person_dose.key IS '冪等キー / what the client called the entry.';
CREATE INDEX person_dose_given_idx ON vsys.person_dose USING brin (given_on);

CREATE TYPE vsys.dose_entry AS (
	site outbreak.institution_code,
	site_name text,
	municipality outbreak.municipality_code,
	number text,
	dose_number smallint,
	product text,
	lot text,
	scan text,
	given_on date,
	given_at timestamptz,
	doctor text,
	priority_group text,
	registered_at timestamptz,
	key text,
	source text,
	confirmed boolean,
	replaces bigint
);
COMMENT ON TYPE vsys.dose_entry IS 'An entry of a dose, read but not yet judged: the items of vsys.dose that come from outside.';

-- ---- what can be wrong with an entry

CREATE TABLE vsys.dose_fault (
	code text PRIMARY KEY CHECK (code ~ '^[a-z_]+$'),
	outcome text NOT NULL CHECK (outcome = ANY ('{refused,kept,warning}'::text[])),
	position smallint NOT NULL UNIQUE,
	message_ja text NOT NULL,
	message_en text NOT NULL
);
COMMENT ON TABLE vsys.dose_fault IS '接種記録の誤り / what an entry of a dose may have wrong, and what becomes of it.';
COMMENT ON COLUMN vsys.dose_fault.code IS 'コード / code.';
COMMENT ON COLUMN vsys.dose_fault.outcome IS '扱い / refused: a scan is sent back at once, since whoever scans has the ticket in hand (a row of a file is kept in vsys.dose_issue); kept: the dose was given and somebody has to mend the entry, so it goes to vsys.dose_issue and counts for nobody until then; warning: it is recorded, and the answer says so.';
COMMENT ON COLUMN vsys.dose_fault.position IS '順位 / the first that applies names the issue.';
COMMENT ON COLUMN vsys.dose_fault.message_ja IS '説明 / what is wrong.';
COMMENT ON COLUMN vsys.dose_fault.message_en IS '英語の説明 / the same in English.';

CREATE SEQUENCE vsys.vrs_import_number;
COMMENT ON SEQUENCE vsys.vrs_import_number IS 'Numbers of imported files.';
CREATE TABLE vsys.vrs_import (
	import bigint PRIMARY KEY DEFAULT nextval('vsys.vrs_import_number'),
	municipality outbreak.municipality_code,
	prefecture smallint GENERATED ALWAYS AS (outbreak.prefecture(municipality)) STORED,
	name text NOT NULL,
	encoding text NOT NULL,
	sha256 bytea NOT NULL,
	imported_at timestamptz NOT NULL DEFAULT now(),
	imported_by text NOT NULL DEFAULT coalesce(outbreak.my_subject(), session_user),
	lines integer NOT NULL DEFAULT 0,
	doses integer NOT NULL DEFAULT 0,
	recorded integer NOT NULL DEFAULT 0,
	duplicates integer NOT NULL DEFAULT 0,
	kept integer NOT NULL DEFAULT 0
);
ALTER SEQUENCE vsys.vrs_import_number OWNED BY vsys.vrs_import.import;
COMMENT ON TABLE vsys.vrs_import IS 'VRSファイルの取込 / one row for each imported file. Every dose of it was recorded, known already, or kept in vsys.dose_issue: the three add up.';
COMMENT ON COLUMN vsys.vrs_import.import IS '取込番号 / number.';
COMMENT ON COLUMN vsys.vrs_import.municipality IS '市区町村 / municipality that imported it; NULL: somebody else did.';
COMMENT ON COLUMN vsys.vrs_import.prefecture IS '都道府県番号 / its prefecture.';
COMMENT ON COLUMN vsys.vrs_import.name IS 'ファイル名 / name of the file as the caller gave it.';
COMMENT ON COLUMN vsys.vrs_import.encoding IS '文字コード / UTF8, UTF8 with BOM, or SJIS (CP932), as it was found to be.';
COMMENT ON COLUMN vsys.vrs_import.sha256 IS 'ハッシュ / SHA-256 of the file.';
COMMENT ON COLUMN vsys.vrs_import.imported_at IS '取込日時 / when.';
COMMENT ON COLUMN vsys.vrs_import.imported_by IS '取込者 / who.';
COMMENT ON COLUMN vsys.vrs_import.lines IS '行数 / records in the file, without its header.';
COMMENT ON COLUMN vsys.vrs_import.doses IS '接種数 / doses in them; a record that cannot be read at all counts as one.';
COMMENT ON COLUMN vsys.vrs_import.recorded IS '登録数 / doses recorded.';
COMMENT ON COLUMN vsys.vrs_import.duplicates IS '既登録数 / doses that stood here already.';
COMMENT ON COLUMN vsys.vrs_import.kept IS '保留数 / doses kept in vsys.dose_issue.';
CREATE INDEX vrs_import_municipality_idx ON vsys.vrs_import (municipality);

CREATE SEQUENCE vsys.dose_issue_number;
COMMENT ON SEQUENCE vsys.dose_issue_number IS 'Numbers of kept entries.';
CREATE TABLE vsys.dose_issue (
	issue bigint PRIMARY KEY DEFAULT nextval('vsys.dose_issue_number'),
	code text NOT NULL REFERENCES vsys.dose_fault,
	detail text,
	person uuid,
	municipality outbreak.municipality_code,
	prefecture smallint GENERATED ALWAYS AS (outbreak.prefecture(municipality)) STORED,
	site outbreak.institution_code,
	given_on date,
	entry jsonb NOT NULL,
	source text NOT NULL CHECK (source = ANY ('{scan,vrs,correction}'::text[])),
	import bigint REFERENCES vsys.vrs_import,
	line integer,
	stock_event bigint,
	found_at timestamptz NOT NULL DEFAULT now(),
	found_by text NOT NULL DEFAULT coalesce(outbreak.my_subject(), session_user),
	state text NOT NULL DEFAULT 'open' CHECK (state = ANY ('{open,mended,dismissed}'::text[])),
	dose bigint,
	settled_at timestamptz,
	settled_by text,
	reason text,
	CHECK ((state = 'open') = (settled_at IS NULL)),
	CHECK ((state = 'mended') = (dose IS NOT NULL))
);
ALTER SEQUENCE vsys.dose_issue_number OWNED BY vsys.dose_issue.issue;
COMMENT ON TABLE vsys.dose_issue IS '要修正の接種記録 / entries of doses that are not recorded until somebody has mended them: nothing that was entered is lost. vsys.mend_dose() records a mended one, vsys.dismiss_dose() ends one that was no dose.';
COMMENT ON COLUMN vsys.dose_issue.issue IS '番号 / number.';
COMMENT ON COLUMN vsys.dose_issue.code IS 'コード / what is wrong (vsys.dose_fault), the gravest where it is several things.';
COMMENT ON COLUMN vsys.dose_issue.detail IS '詳細 / the part of the entry that is wrong, and what it might be instead.';
COMMENT ON COLUMN vsys.dose_issue.person IS '仮ID / the person, where the ticket is known.';
COMMENT ON COLUMN vsys.dose_issue.municipality IS '市区町村 / municipality of the ticket, or that imported the file; NULL where neither is known.';
COMMENT ON COLUMN vsys.dose_issue.prefecture IS '都道府県番号 / its prefecture.';
COMMENT ON COLUMN vsys.dose_issue.site IS '施設コード / site, where known.';
COMMENT ON COLUMN vsys.dose_issue.given_on IS '接種日 / local date, where it can be read.';
COMMENT ON COLUMN vsys.dose_issue.entry IS '内容 / the entry as it came, by item; a record of a file whose items cannot be told apart under "fields".';
COMMENT ON COLUMN vsys.dose_issue.source IS '入力元 / scan, vrs or correction, as in vsys.dose.';
COMMENT ON COLUMN vsys.dose_issue.import IS '取込番号 / file that it came in.';
COMMENT ON COLUMN vsys.dose_issue.line IS '行 / number of the record in the file, 1 for the first after the header.';
COMMENT ON COLUMN vsys.dose_issue.stock_event IS '在庫台帳番号 / event of vsys.stock_event by which the dose was taken from stock already: the vial is a fact, whoever got the dose. NULL: nothing was taken.';
COMMENT ON COLUMN vsys.dose_issue.found_at IS '検出日時 / when.';
COMMENT ON COLUMN vsys.dose_issue.found_by IS '入力者 / who had entered it.';
COMMENT ON COLUMN vsys.dose_issue.state IS '状態 / open 未処理, mended 修正済, dismissed 対象外.';
COMMENT ON COLUMN vsys.dose_issue.dose IS '接種記録 / the dose that it became.';
COMMENT ON COLUMN vsys.dose_issue.settled_at IS '処理日時 / when it was mended or dismissed.';
COMMENT ON COLUMN vsys.dose_issue.settled_by IS '処理者 / by whom.';
COMMENT ON COLUMN vsys.dose_issue.reason IS '処理理由 / why it was dismissed.';
CREATE INDEX dose_issue_site_idx ON vsys.dose_issue (site, found_at);
CREATE INDEX dose_issue_municipality_idx ON vsys.dose_issue (municipality, found_at);
CREATE INDEX dose_issue_person_idx ON vsys.dose_issue (person) WHERE person IS NOT NULL;
CREATE INDEX dose_issue_import_idx ON vsys.dose_issue (import, line) WHERE import IS NOT NULL;
CREATE INDEX dose_issue_open_idx ON vsys.dose_issue (code) WHERE state = 'open';
CREATE INDEX dose_issue_settled_idx ON vsys.dose_issue (settled_at) WHERE settled_at IS NOT NULL;

CREATE TABLE vsys.resident_number (
	municipality outbreak.municipality_code NOT NULL,
	number text NOT NULL,
	person uuid NOT NULL,
	resident_number text NOT NULL CHECK (resident_number ~ '^[0-9A-Za-z-]{1,20}$'),
	noted_on date NOT NULL DEFAULT outbreak.local_date(),
	PRIMARY KEY (municipality, number)
);
COMMENT ON TABLE vsys.resident_number IS '宛名番号 / the number by which a municipality knows the resident of a ticket in its own systems. It comes with files of the VRS and goes back with them.';
COMMENT ON COLUMN vsys.resident_number.municipality IS '市区町村 / municipality.';
COMMENT ON COLUMN vsys.resident_number.number IS '券番号 / ticket number.';
COMMENT ON COLUMN vsys.resident_number.person IS '仮ID / the person.';
COMMENT ON COLUMN vsys.resident_number.resident_number IS '宛名番号 / number of the resident.';
COMMENT ON COLUMN vsys.resident_number.noted_on IS '登録日 / when it was last seen; its retention counts from here.';
CREATE INDEX resident_number_person_idx ON vsys.resident_number (person);

-- ---- results that a site reports as numbers

CREATE TABLE vsys.result_report (
	site outbreak.institution_code NOT NULL,
	on_date date NOT NULL,
	priority_group text NOT NULL REFERENCES vsys.priority_group,
	dose_number smallint NOT NULL,
	doses_total integer,
	PRIMARY KEY (site, on_date, priority_group, dose_number)
);
COMMENT ON TABLE vsys.result_report IS '接種実績報告 / results as V-SYS asked for them: doses that a site has given since it began, up to the end of a day, by attribute and dose number. A running total: yesterday''s 50 and today''s 30 are entered as 80, or as 30 by vsys.add_result(). All doses count, scanned or not; vsys.site_results() counts none twice. Discarded vials are a matter of the stock ledger.';
COMMENT ON COLUMN vsys.result_report.site IS '施設コード / site.';
COMMENT ON COLUMN vsys.result_report.on_date IS '報告日 / local date; the total is that of its end.';
COMMENT ON COLUMN vsys.result_report.priority_group IS '属性 / group of the vaccinated.';
COMMENT ON COLUMN vsys.result_report.dose_number IS '回数 / first, second, … dose.';
COMMENT ON COLUMN vsys.result_report.doses_total IS '接種回数(累計) / doses given since the beginning (doses).';

-- report.register() wants to know whom to call; the body stands in functions.
CREATE OR REPLACE FUNCTION vsys.note_changed_results(sites outbreak.institution_code[])
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
END
$$;
SELECT report.register(
	'vsys.result_report', 'site', 'on_date',
	period_kind => 'day',
	deadline => '36 hours',
	title_ja => '接種実績報告',
	title_en => 'Vaccinations given, by attribute and dose',
	-- a running total adds up over places, not over days
	meanings => '{"doses_total": "stock"}',
	lookback => 400,
	on_change => 'vsys.note_changed_results(outbreak.institution_code[])'
);

CREATE TABLE vsys.result_entry (
	site outbreak.institution_code NOT NULL,
	key text NOT NULL CHECK (key <> ''),
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(site)) STORED,
	on_date date NOT NULL,
	priority_group text NOT NULL,
	dose_number smallint NOT NULL,
	doses integer NOT NULL,
	doses_total integer NOT NULL,
	entered_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (site, key)
);
COMMENT ON TABLE vsys.result_entry IS '接種実績の加算入力 / doses that were entered as an addition to the running total, by what the client called the entry: sent twice, an entry adds once.';
COMMENT ON COLUMN vsys.result_entry.site IS '施設コード / site.';
COMMENT ON COLUMN vsys.result_entry.key IS '冪等キー / name of the entry, chosen by the client.';
COMMENT ON COLUMN vsys.result_entry.prefecture IS '都道府県番号 / prefecture of the site.';
COMMENT ON COLUMN vsys.result_entry.on_date IS '報告日 / day.';
COMMENT ON COLUMN vsys.result_entry.priority_group IS '属性 / group.';
COMMENT ON COLUMN vsys.result_entry.dose_number IS '回数 / dose number.';
COMMENT ON COLUMN vsys.result_entry.doses IS '加算数 / doses added.';
COMMENT ON COLUMN vsys.result_entry.doses_total IS '累計 / total that it came to.';
COMMENT ON COLUMN vsys.result_entry.entered_at IS '入力日時 / when.';

-- ---- sums
-- Who writes a dose appends what changed to vsys.dose_change; vsys.fold_doses() adds it to the sums. Readers take both,
-- so they are always right, and no writer waits for another's row.

CREATE TABLE vsys.dose_change (
	given_on date NOT NULL,
	registered_on date NOT NULL,
	known_on date NOT NULL,
	site outbreak.institution_code,
	site_municipality outbreak.municipality_code,
	municipality outbreak.municipality_code NOT NULL,
	programme text NOT NULL,
	dose_number smallint NOT NULL,
	product text NOT NULL,
	priority_group text NOT NULL,
	birth_year smallint NOT NULL,
	sex text,
	doses integer NOT NULL
);
COMMENT ON TABLE vsys.dose_change IS '集計待ち / doses that came (positive) or were corrected or withdrawn (negative) since the last fold.';
COMMENT ON COLUMN vsys.dose_change.given_on IS '接種日 / day of the vaccination.';
COMMENT ON COLUMN vsys.dose_change.registered_on IS '登録日 / local date on which the dose was first entered.';
COMMENT ON COLUMN vsys.dose_change.known_on IS '反映日 / local date of this change.';
COMMENT ON COLUMN vsys.dose_change.site IS '施設コード / site.';
COMMENT ON COLUMN vsys.dose_change.site_municipality IS '施設の市区町村 / municipality of the site.';
COMMENT ON COLUMN vsys.dose_change.municipality IS '市区町村 / municipality of the ticket.';
COMMENT ON COLUMN vsys.dose_change.programme IS '事業 / programme.';
COMMENT ON COLUMN vsys.dose_change.dose_number IS '回数 / dose number.';
COMMENT ON COLUMN vsys.dose_change.product IS 'ワクチン / vaccine.';
COMMENT ON COLUMN vsys.dose_change.priority_group IS '優先区分 / group.';
COMMENT ON COLUMN vsys.dose_change.birth_year IS '生年 / year of birth.';
COMMENT ON COLUMN vsys.dose_change.sex IS '性別 / sex.';
COMMENT ON COLUMN vsys.dose_change.doses IS '増減 / doses more or less.';

CREATE TABLE vsys.doses_by_site (
	site outbreak.institution_code NOT NULL,
	given_on date NOT NULL,
	programme text NOT NULL,
	dose_number smallint NOT NULL,
	product text NOT NULL,
	priority_group text NOT NULL,
	prefecture smallint NOT NULL,
	municipality outbreak.municipality_code NOT NULL,
	doses integer NOT NULL,
	PRIMARY KEY (site, given_on, programme, dose_number, product, priority_group)
) PARTITION BY RANGE (given_on);
COMMENT ON TABLE vsys.doses_by_site IS '施設別集計 / recorded doses by site and day.';
COMMENT ON COLUMN vsys.doses_by_site.site IS '施設コード / site.';
COMMENT ON COLUMN vsys.doses_by_site.given_on IS '接種日 / day.';
COMMENT ON COLUMN vsys.doses_by_site.programme IS '事業 / programme.';
COMMENT ON COLUMN vsys.doses_by_site.dose_number IS '回数 / dose number.';
COMMENT ON COLUMN vsys.doses_by_site.product IS 'ワクチン / vaccine.';
COMMENT ON COLUMN vsys.doses_by_site.priority_group IS '優先区分 / group.';
COMMENT ON COLUMN vsys.doses_by_site.prefecture IS '都道府県番号 / prefecture of the site.';
COMMENT ON COLUMN vsys.doses_by_site.municipality IS '市区町村 / municipality of the site.';
COMMENT ON COLUMN vsys.doses_by_site.doses IS '接種回数 / doses.';
CREATE INDEX doses_by_site_day_idx ON vsys.doses_by_site (given_on, municipality);
CREATE TABLE vsys.doses_by_site_default PARTITION OF vsys.doses_by_site DEFAULT;
COMMENT ON TABLE vsys.doses_by_site_default IS '施設別集計(月別区分なし) / sums of months that have no partition of their own.';

CREATE TABLE vsys.doses_by_lag (
	municipality outbreak.municipality_code NOT NULL,
	given_on date NOT NULL,
	registered_on date NOT NULL,
	product text NOT NULL,
	prefecture smallint NOT NULL,
	doses integer NOT NULL,
	PRIMARY KEY (municipality, given_on, registered_on, product)
);
COMMENT ON TABLE vsys.doses_by_lag IS '登録遅れ別集計 / recorded doses by municipality of the site, day of the vaccination and day on which they were entered: the reporting triangle from which vsys.usage_rate() tells what is still to come.';
COMMENT ON COLUMN vsys.doses_by_lag.municipality IS '市区町村 / municipality of the site.';
COMMENT ON COLUMN vsys.doses_by_lag.given_on IS '接種日 / day of the vaccination.';
COMMENT ON COLUMN vsys.doses_by_lag.registered_on IS '登録日 / day on which it was entered.';
COMMENT ON COLUMN vsys.doses_by_lag.product IS 'ワクチン / vaccine.';
COMMENT ON COLUMN vsys.doses_by_lag.prefecture IS '都道府県番号 / prefecture.';
COMMENT ON COLUMN vsys.doses_by_lag.doses IS '接種回数 / doses.';
CREATE INDEX doses_by_lag_day_idx ON vsys.doses_by_lag (given_on);

CREATE TABLE vsys.doses_by_day (
	municipality outbreak.municipality_code NOT NULL,
	given_on date NOT NULL,
	programme text NOT NULL,
	dose_number smallint NOT NULL,
	prefecture smallint NOT NULL,
	doses integer NOT NULL,
	PRIMARY KEY (municipality, given_on, programme, dose_number)
);
COMMENT ON TABLE vsys.doses_by_day IS '日別集計 / recorded doses of the residents of a municipality (by the ticket), by day.';
COMMENT ON COLUMN vsys.doses_by_day.municipality IS '市区町村 / municipality of the ticket.';
COMMENT ON COLUMN vsys.doses_by_day.given_on IS '接種日 / day.';
COMMENT ON COLUMN vsys.doses_by_day.programme IS '事業 / programme.';
COMMENT ON COLUMN vsys.doses_by_day.dose_number IS '回数 / dose number.';
COMMENT ON COLUMN vsys.doses_by_day.prefecture IS '都道府県番号 / prefecture.';
COMMENT ON COLUMN vsys.doses_by_day.doses IS '接種回数 / doses.';
CREATE INDEX doses_by_day_idx ON vsys.doses_by_day (given_on);

CREATE TABLE vsys.doses_by_age (
	municipality outbreak.municipality_code NOT NULL,
	programme text NOT NULL,
	dose_number smallint NOT NULL,
	given_year smallint NOT NULL,
	birth_year smallint NOT NULL,
	prefecture smallint NOT NULL,
	doses integer NOT NULL,
	PRIMARY KEY (municipality, programme, dose_number, given_year, birth_year)
);
COMMENT ON TABLE vsys.doses_by_age IS '年齢別集計 / recorded doses of the residents of a municipality by year of birth and year of the vaccination: between them lies the age.';
COMMENT ON COLUMN vsys.doses_by_age.municipality IS '市区町村 / municipality of the ticket.';
COMMENT ON COLUMN vsys.doses_by_age.programme IS '事業 / programme.';
COMMENT ON COLUMN vsys.doses_by_age.dose_number IS '回数 / dose number.';
COMMENT ON COLUMN vsys.doses_by_age.given_year IS '接種年 / year of the vaccination.';
COMMENT ON COLUMN vsys.doses_by_age.birth_year IS '生年 / year of birth.';
COMMENT ON COLUMN vsys.doses_by_age.prefecture IS '都道府県番号 / prefecture.';
COMMENT ON COLUMN vsys.doses_by_age.doses IS '接種回数 / doses.';

CREATE TABLE vsys.doses_by_prefecture (
	prefecture smallint NOT NULL,
	given_on date NOT NULL,
	programme text NOT NULL,
	dose_number smallint NOT NULL,
	priority_group text NOT NULL,
	sex text NOT NULL,
	age text NOT NULL CHECK (age = ANY ('{-64,65-,UNK}'::text[])),
	doses integer NOT NULL,
	PRIMARY KEY (prefecture, given_on, programme, dose_number, priority_group, sex, age)
);
COMMENT ON TABLE vsys.doses_by_prefecture IS '都道府県別集計 / recorded doses of the residents of a prefecture by day, group, sex and age: the open data of the VRS.';
COMMENT ON COLUMN vsys.doses_by_prefecture.prefecture IS '都道府県番号 / prefecture of the ticket.';
COMMENT ON COLUMN vsys.doses_by_prefecture.given_on IS '接種日 / day.';
COMMENT ON COLUMN vsys.doses_by_prefecture.programme IS '事業 / programme.';
COMMENT ON COLUMN vsys.doses_by_prefecture.dose_number IS '回数 / dose number.';
COMMENT ON COLUMN vsys.doses_by_prefecture.priority_group IS '優先区分 / group.';
COMMENT ON COLUMN vsys.doses_by_prefecture.sex IS '性別 / F, M or U (other or not known).';
COMMENT ON COLUMN vsys.doses_by_prefecture.age IS '年齢 / -64, 65-, or UNK for those who turn 65 in the year of the vaccination, since the day is not known.';
COMMENT ON COLUMN vsys.doses_by_prefecture.doses IS '接種回数 / doses.';
CREATE INDEX doses_by_prefecture_day_idx ON vsys.doses_by_prefecture (given_on);

CREATE TABLE vsys.doses_as_known (
	municipality outbreak.municipality_code NOT NULL,
	known_on date NOT NULL,
	programme text NOT NULL,
	dose_number smallint NOT NULL,
	prefecture smallint NOT NULL,
	doses integer NOT NULL,
	PRIMARY KEY (municipality, known_on, programme, dose_number)
);
COMMENT ON TABLE vsys.doses_as_known IS '反映日別集計 / changes of the recorded doses of the residents of a municipality by the day on which they became known here. What stood on a past day never changes, so published figures rest on it.';
COMMENT ON COLUMN vsys.doses_as_known.municipality IS '市区町村 / municipality of the ticket.';
COMMENT ON COLUMN vsys.doses_as_known.known_on IS '反映日 / local date of the change.';
COMMENT ON COLUMN vsys.doses_as_known.programme IS '事業 / programme.';
COMMENT ON COLUMN vsys.doses_as_known.dose_number IS '回数 / dose number.';
COMMENT ON COLUMN vsys.doses_as_known.prefecture IS '都道府県番号 / prefecture.';
COMMENT ON COLUMN vsys.doses_as_known.doses IS '増減 / doses more or less on that day.';
CREATE INDEX doses_as_known_day_idx ON vsys.doses_as_known (known_on);

CREATE TABLE vsys.changed_result (
	site outbreak.institution_code NOT NULL
);
COMMENT ON TABLE vsys.changed_result IS '実績報告の変更 / sites that reported numbers since the last fold. The same site may stand here many times.';
COMMENT ON COLUMN vsys.changed_result.site IS '施設コード / site.';

CREATE TABLE vsys.unscanned (
	site outbreak.institution_code NOT NULL,
	priority_group text NOT NULL,
	dose_number smallint NOT NULL,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(site)) STORED,
	reported_on date NOT NULL,
	reported integer NOT NULL,
	persons integer NOT NULL,
	doses integer NOT NULL CHECK (doses >= 0),
	PRIMARY KEY (site, priority_group, dose_number)
);
COMMENT ON TABLE vsys.unscanned IS '未登録の実績 / doses that a site reported as numbers and for which no person is recorded, as of its last report; vsys.fold_doses() keeps it.';
COMMENT ON COLUMN vsys.unscanned.site IS '施設コード / site.';
COMMENT ON COLUMN vsys.unscanned.priority_group IS '属性 / group.';
COMMENT ON COLUMN vsys.unscanned.dose_number IS '回数 / dose number.';
COMMENT ON COLUMN vsys.unscanned.prefecture IS '都道府県番号 / prefecture of the site.';
COMMENT ON COLUMN vsys.unscanned.reported_on IS '報告日 / day of the last report.';
COMMENT ON COLUMN vsys.unscanned.reported IS '報告累計 / total reported then.';
COMMENT ON COLUMN vsys.unscanned.persons IS '個人記録数 / recorded doses up to then.';
COMMENT ON COLUMN vsys.unscanned.doses IS '未登録数 / of the doses reported, those without a person. Over a site they add up to what it reported less what is recorded, never below 0: a group that was reported otherwise than it was scanned counts once.';
CREATE INDEX unscanned_prefecture_idx ON vsys.unscanned (prefecture);
