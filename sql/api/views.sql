CREATE OR REPLACE VIEW api.forms WITH (security_invoker = true) AS
SELECT ops.form_name(f.form) AS form,
	f.title_ja,
	f.title_en,
	obj_description(f.form, 'pg_class') AS description,
	f.reporter::text AS reporter,
	f.period::text AS period,
	(ARRAY[f.reporter, f.period] || f.keys)::text[] AS keys,
	f.period_kind,
	f.deadline,
	has_table_privilege(f.form, 'INSERT') AS may_submit,
	has_table_privilege(f.form, 'SELECT') AS may_read,
	(
		SELECT jsonb_agg(jsonb_build_object(
				'item', a.attname,
				'label', col_description(a.attrelid, a.attnum),
				'type', format_type(a.atttypid, a.atttypmod),
				'meaning', i.meaning,
				'key', a.attname = ANY (ARRAY[f.reporter, f.period] || f.keys),
				'required', a.attnotnull AND NOT a.atthasdef)
			ORDER BY a.attnum)
		FROM pg_attribute AS a
		LEFT JOIN report.item AS i ON i.form = f.form
			AND i.item = a.attname
		WHERE a.attrelid = f.form
			AND a.attnum > 0
			AND NOT a.attisdropped
			AND a.attgenerated = ''
			AND a.attname <> ALL ('{source,reported_at,recorded_at}'::name[])
	) AS items
FROM report.form AS f
-- a table may have been dropped without its registration
WHERE EXISTS (SELECT FROM pg_class AS c WHERE c.oid = f.form);
COMMENT ON VIEW api.forms IS '調査票 / The surveys, with their items. An item''s "meaning" says how it adds up: count over places and time, stock over places only, ratio and status over neither.';
COMMENT ON COLUMN api.forms.form IS '調査票名 / name, as submit and reports take it.';
COMMENT ON COLUMN api.forms.title_ja IS '表題 / title in Japanese.';
COMMENT ON COLUMN api.forms.title_en IS '英語表題 / title in English.';
COMMENT ON COLUMN api.forms.description IS '説明 / what it is.';
COMMENT ON COLUMN api.forms.reporter IS '報告者項目 / the item that names who reports.';
COMMENT ON COLUMN api.forms.period IS '対象期間項目 / the item that holds the (first) day of the period.';
COMMENT ON COLUMN api.forms.keys IS 'キー項目 / the items that name a report.';
COMMENT ON COLUMN api.forms.period_kind IS '周期 / day, week or month.';
COMMENT ON COLUMN api.forms.deadline IS '期限 / how long after the start of the period a report is in time.';
COMMENT ON COLUMN api.forms.may_submit IS '提出可 / whether your role may hand it in.';
COMMENT ON COLUMN api.forms.may_read IS '閲覧可 / whether your role may read reports.';
COMMENT ON COLUMN api.forms.items IS '項目 / [{"item", "label", "type", "meaning", "key", "required"}].';

CREATE OR REPLACE VIEW api.rules WITH (security_invoker = true) AS
SELECT ops.form_name(r.form) AS form,
	r.code,
	r.severity,
	r.expression,
	r.fields::text[] AS fields,
	r.message_ja,
	r.message_en,
	r.uses_previous,
	lower(r.valid) AS valid_from,
	upper(r.valid) AS valid_before
FROM report.rule AS r;
COMMENT ON VIEW api.rules IS 'チェックルール / What the reports of a form are held against.';
COMMENT ON COLUMN api.rules.form IS '調査票名 / form.';
COMMENT ON COLUMN api.rules.code IS 'ルールコード / the code that findings carry.';
COMMENT ON COLUMN api.rules.severity IS '重要度 / error refuses the report, warning wants a reason.';
COMMENT ON COLUMN api.rules.expression IS '条件式 / SQL over the items that must be true; previous.x is the last report''s x.';
COMMENT ON COLUMN api.rules.fields IS '対象項目 / the items that it looks at.';
COMMENT ON COLUMN api.rules.message_ja IS 'メッセージ / what it says in Japanese.';
COMMENT ON COLUMN api.rules.message_en IS '英語メッセージ / what it says in English.';
COMMENT ON COLUMN api.rules.uses_previous IS '前回比較 / whether it looks at the reporter''s last report.';
COMMENT ON COLUMN api.rules.valid_from IS '適用開始 / first period that it holds for; NULL is always.';
COMMENT ON COLUMN api.rules.valid_before IS '適用終了 / first period that it holds for no longer; NULL is never.';

CREATE OR REPLACE VIEW api.findings WITH (security_invoker = true) AS
SELECT ops.form_name(f.form) AS form,
	f.key,
	f.code,
	f.severity,
	r.message_ja,
	r.message_en,
	r.fields::text[] AS fields,
	f.reporter::text AS reporter,
	f.prefecture,
	f.period,
	f.found_at,
	f.reason,
	f.reason_at,
	f.reason_by
FROM report.finding AS f
LEFT JOIN report.rule AS r ON r.form = f.form
	AND r.code = f.code;
COMMENT ON VIEW api.findings IS '警告 / Warnings about reports that were taken in, and the reasons that were given; reason=is.null lists those that want one.';
COMMENT ON COLUMN api.findings.form IS '調査票名 / form.';
COMMENT ON COLUMN api.findings.key IS 'キー / the report, by its key items.';
COMMENT ON COLUMN api.findings.code IS 'ルールコード / the rule.';
COMMENT ON COLUMN api.findings.severity IS '重要度 / severity.';
COMMENT ON COLUMN api.findings.message_ja IS 'メッセージ / what the rule says in Japanese.';
COMMENT ON COLUMN api.findings.message_en IS '英語メッセージ / what the rule says in English.';
COMMENT ON COLUMN api.findings.fields IS '対象項目 / the items that it looks at.';
COMMENT ON COLUMN api.findings.reporter IS '報告者 / who reported.';
COMMENT ON COLUMN api.findings.prefecture IS '都道府県番号 / prefecture of the reporter.';
COMMENT ON COLUMN api.findings.period IS '対象日 / period of the report.';
COMMENT ON COLUMN api.findings.found_at IS '検出日時 / when it was found.';
COMMENT ON COLUMN api.findings.reason IS '理由 / what the reporter answered; NULL while open.';
COMMENT ON COLUMN api.findings.reason_at IS '回答日時 / when.';
COMMENT ON COLUMN api.findings.reason_by IS '回答者 / by which role.';

CREATE OR REPLACE VIEW api.rejected WITH (security_invoker = true) AS
SELECT r.id,
	ops.form_name(r.form) AS form,
	r.reporter::text AS reporter,
	r.prefecture,
	r.period,
	r.record,
	r.findings,
	r.rejected_at,
	r.rejected_by,
	r.resubmitted_at
FROM report.rejected AS r;
COMMENT ON VIEW api.rejected IS '差し戻し / Rows that were not taken in, with the reasons; resubmit hands a mended one in again.';
COMMENT ON COLUMN api.rejected.id IS '番号 / number, for resubmit.';
COMMENT ON COLUMN api.rejected.form IS '調査票名 / form.';
COMMENT ON COLUMN api.rejected.reporter IS '報告者 / who reported, where the row says.';
COMMENT ON COLUMN api.rejected.prefecture IS '都道府県番号 / prefecture of the reporter.';
COMMENT ON COLUMN api.rejected.period IS '対象日 / period, where the row says.';
COMMENT ON COLUMN api.rejected.record IS '内容 / the report as it came.';
COMMENT ON COLUMN api.rejected.findings IS '理由 / every finding, as in submit.';
COMMENT ON COLUMN api.rejected.rejected_at IS '差し戻し日時 / when.';
COMMENT ON COLUMN api.rejected.rejected_by IS '提出者 / the role that handed it in.';
COMMENT ON COLUMN api.rejected.resubmitted_at IS '再提出日時 / when a mended row was taken in; NULL while open.';

CREATE OR REPLACE VIEW api.reminders WITH (security_invoker = true) AS
SELECT ops.form_name(r.form) AS form,
	r.institution::text AS institution,
	r.period,
	r.prefecture,
	r.due_at,
	r.created_at
FROM ops.reminder AS r;
COMMENT ON VIEW api.reminders IS '督促 / Reports that were expected and had not come when their deadline passed.';
COMMENT ON COLUMN api.reminders.form IS '調査票名 / form.';
COMMENT ON COLUMN api.reminders.institution IS '医療機関コード / who owes the report.';
COMMENT ON COLUMN api.reminders.period IS '対象日 / period.';
COMMENT ON COLUMN api.reminders.prefecture IS '都道府県番号 / prefecture.';
COMMENT ON COLUMN api.reminders.due_at IS '期限 / the deadline that passed.';
COMMENT ON COLUMN api.reminders.created_at IS '作成日時 / when the reminder was made.';

CREATE OR REPLACE VIEW api.prefectures WITH (security_invoker = true) AS
SELECT p.prefecture,
	p.code::text AS code,
	p.name_ja,
	p.kana,
	p.name_en,
	p.block,
	p.iso
FROM registry.prefecture AS p;
COMMENT ON VIEW api.prefectures IS '都道府県 / The 47 prefectures.';
COMMENT ON COLUMN api.prefectures.prefecture IS '都道府県番号 / number, 1 to 47.';
COMMENT ON COLUMN api.prefectures.code IS '全国地方公共団体コード / six-digit code.';
COMMENT ON COLUMN api.prefectures.name_ja IS '名称 / name.';
COMMENT ON COLUMN api.prefectures.kana IS 'ふりがな / reading.';
COMMENT ON COLUMN api.prefectures.name_en IS '英語名 / name in English.';
COMMENT ON COLUMN api.prefectures.block IS '地方ブロック / block.';
COMMENT ON COLUMN api.prefectures.iso IS 'ISO 3166-2 code.';

CREATE OR REPLACE VIEW api.institutions WITH (security_invoker = true) AS
SELECT i.institution::text AS institution,
	i.prefecture,
	i.municipality::text AS municipality,
	i.kind,
	i.name_ja,
	i.zip,
	i.address,
	i.phone,
	@postgis@.st_y(i.location::@postgis@.geometry) AS latitude,
	@postgis@.st_x(i.location::@postgis@.geometry) AS longitude,
	i.designation,
	i.beds_licensed,
	lower(i.valid) AS valid_from,
	upper(i.valid) AS valid_before
FROM registry.institution AS i;
COMMENT ON VIEW api.institutions IS '医療機関 / Medical institutions: what is public about them.';
COMMENT ON COLUMN api.institutions.institution IS '医療機関コード / ten digits.';
COMMENT ON COLUMN api.institutions.prefecture IS '都道府県番号 / prefecture.';
COMMENT ON COLUMN api.institutions.municipality IS '所在市区町村 / six-digit code of the municipality.';
COMMENT ON COLUMN api.institutions.kind IS '種別 / hospital, clinic, dental_clinic, pharmacy, visiting_nurse or other.';
COMMENT ON COLUMN api.institutions.name_ja IS '名称 / name.';
COMMENT ON COLUMN api.institutions.zip IS '郵便番号 / postal code.';
COMMENT ON COLUMN api.institutions.address IS '所在地 / address.';
COMMENT ON COLUMN api.institutions.phone IS '電話番号 / telephone.';
COMMENT ON COLUMN api.institutions.latitude IS '緯度 / degrees, WGS 84.';
COMMENT ON COLUMN api.institutions.longitude IS '経度 / degrees, WGS 84.';
COMMENT ON COLUMN api.institutions.designation IS '指定 / designations.';
COMMENT ON COLUMN api.institutions.beds_licensed IS '許可病床数 / licensed beds.';
COMMENT ON COLUMN api.institutions.valid_from IS '開設 / open from.';
COMMENT ON COLUMN api.institutions.valid_before IS '廃止 / closed from.';

-- Open data, the same for everybody, and with those that did not answer; hence the owner's rights.
CREATE OR REPLACE FUNCTION api.covid19_daily_survey_since(since date DEFAULT NULL, "prefName" text DEFAULT NULL, "localGovCode" text DEFAULT NULL, "facilityName" text DEFAULT NULL)
RETURNS TABLE ("facilityId" text, "facilityName" text, "zipCode" text, "prefName" text, "facilityAddr" text, "facilityTel" text, "latitude" text, "longitude" text, "submitDate" text, "facilityType" text, "ansType" text, "localGovCode" text, "cityName" text, "facilityCode" text)
LANGUAGE SQL STABLE PARALLEL UNSAFE SECURITY DEFINER ROWS 25000
BEGIN ATOMIC
	SELECT s."facilityId",
		s."facilityName",
		s."zipCode",
		s."prefName",
		s."facilityAddr",
		s."facilityTel",
		s."latitude",
		s."longitude",
		s."submitDate",
		s."facilityType",
		s."ansType",
		s."localGovCode",
		s."cityName",
		s."facilityCode"
	FROM gmis.covid19_daily_survey_since(
		CASE WHEN isfinite(since) THEN since
			WHEN since IS NULL THEN (SELECT max(n.on_date) FROM gmis.service_status AS n)
			WHEN since = '-infinity' THEN (SELECT min(n.on_date) FROM gmis.service_status AS n) END,
		"prefName", "localGovCode", "facilityName") AS s;
END;
COMMENT ON FUNCTION api.covid19_daily_survey_since(date, text, text, text) IS
'医療提供体制の状況(指定日以降) / What covid19_daily_survey shows, for every day of the survey from "since" on; without it, for the newest day.

prefName and localGovCode match exactly, facilityName as a part of the name.';

CREATE OR REPLACE VIEW api.covid19_daily_survey WITH (security_invoker = true) AS
SELECT s."facilityId",
	s."facilityName",
	s."zipCode",
	s."prefName",
	s."facilityAddr",
	s."facilityTel",
	s."latitude",
	s."longitude",
	s."submitDate",
	s."facilityType",
	s."ansType",
	s."localGovCode",
	s."cityName",
	s."facilityCode"
FROM api.covid19_daily_survey_since() AS s;
COMMENT ON VIEW api.covid19_daily_survey IS '医療提供体制の状況(オープンデータ) / Whether each institution provides inpatient, outpatient and emergency care, on the newest day of the survey; fields and values are those of the ministry''s open data of 2021. All values are text. 停止 and 制限 do not mean that the infection was found there.';
COMMENT ON COLUMN api.covid19_daily_survey."facilityId" IS '医療機関ID / identifier of the institution.';
COMMENT ON COLUMN api.covid19_daily_survey."facilityName" IS '医療機関名 / name.';
COMMENT ON COLUMN api.covid19_daily_survey."zipCode" IS '郵便番号 / postal code.';
COMMENT ON COLUMN api.covid19_daily_survey."prefName" IS '都道府県名 / prefecture.';
COMMENT ON COLUMN api.covid19_daily_survey."facilityAddr" IS '所在地 / address.';
COMMENT ON COLUMN api.covid19_daily_survey."facilityTel" IS '電話番号 / telephone.';
COMMENT ON COLUMN api.covid19_daily_survey."latitude" IS '緯度 / latitude in degrees.';
COMMENT ON COLUMN api.covid19_daily_survey."longitude" IS '経度 / longitude in degrees.';
COMMENT ON COLUMN api.covid19_daily_survey."submitDate" IS '回答日 / day of the answer, YYYY-MM-DD.';
COMMENT ON COLUMN api.covid19_daily_survey."facilityType" IS '診療機能 / service: 入院, 外来 or 救急.';
COMMENT ON COLUMN api.covid19_daily_survey."ansType" IS '回答 / 通常, 制限, 停止, 設置なし or 未回答.';
COMMENT ON COLUMN api.covid19_daily_survey."localGovCode" IS '全国地方公共団体コード / code of the municipality.';
COMMENT ON COLUMN api.covid19_daily_survey."cityName" IS '市区町村名 / municipality.';
COMMENT ON COLUMN api.covid19_daily_survey."facilityCode" IS '医療機関コード / ten-digit code of the institution.';

CREATE OR REPLACE VIEW api.persons WITH (security_invoker = true) AS
SELECT p.person,
	p.sex,
	p.birth_year,
	p.municipality::text AS municipality,
	p.prefecture,
	p.health_center,
	p.institution::text AS institution,
	p.made_at,
	p.closed_on
FROM registry.person AS p;
COMMENT ON VIEW api.persons IS '対象者 / The persons that you may see, under their pseudonyms. Who they are: identity. Whom you have in hand: find_persons.';
COMMENT ON COLUMN api.persons.person IS '仮ID / pseudonym.';
COMMENT ON COLUMN api.persons.sex IS '性別 / male, female or other; null when not known.';
COMMENT ON COLUMN api.persons.birth_year IS '生年 / year of birth.';
COMMENT ON COLUMN api.persons.municipality IS '市区町村 / code of the municipality where the person lives.';
COMMENT ON COLUMN api.persons.prefecture IS '都道府県番号 / prefecture in charge.';
COMMENT ON COLUMN api.persons.health_center IS '担当保健所 / number of the health centre in charge.';
COMMENT ON COLUMN api.persons.institution IS '医療機関 / code of the institution that entered or treats the person.';
COMMENT ON COLUMN api.persons.made_at IS '登録日時 / when the person was entered.';
COMMENT ON COLUMN api.persons.closed_on IS '終了日 / day on which everything about the person ended.';

-- Views over joins and functions: whoever tries to write is told that there is no right to.
CREATE OR REPLACE TRIGGER refuse_write
INSTEAD OF INSERT OR UPDATE OR DELETE ON api.findings
FOR EACH ROW
EXECUTE FUNCTION ops.refuse_write();
CREATE OR REPLACE TRIGGER refuse_write
INSTEAD OF INSERT OR UPDATE OR DELETE ON api.covid19_daily_survey
FOR EACH ROW
EXECUTE FUNCTION ops.refuse_write();
