-- ---- V-SYS: doses and results
-- Codes come as text, since the errors of their types would be those of a number that cannot be read.

CREATE OR REPLACE FUNCTION api.vsys_site(site text) RETURNS outbreak.institution_code
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	known outbreak.institution_code;
BEGIN
	IF ARRAY(SELECT s.code FROM outbreak.suggest(vsys_site.site) AS s (code)) = ARRAY[vsys_site.site] AND length(vsys_site.site) = 10 THEN
		SELECT s.site INTO known
		FROM vsys.site s
		WHERE s.site OPERATOR(outbreak.=) vsys_site.site::outbreak.institution_code;
	END IF;
	IF known IS NULL THEN
		RAISE EXCEPTION 'there is no such vaccination site'
			USING ERRCODE = 'PT404';
	END IF;
	RETURN known;
END
$$;
COMMENT ON FUNCTION api.vsys_site(text) IS '施設の特定 / The vaccination site of that ten-digit code, for the functions below; 404 when there is none.';

CREATE OR REPLACE FUNCTION api.record_dose(
	site text,
	ticket text,
	vial text,
	given_at timestamptz DEFAULT now(),
	dose_number smallint DEFAULT NULL,
	doctor text DEFAULT NULL,
	key text DEFAULT NULL,
	confirmed boolean DEFAULT false
) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM access.in_a_post();
	RETURN vsys.record_dose(api.vsys_site(site), ticket, vial, given_at, dose_number, doctor, key, confirmed);
END
$$;
COMMENT ON FUNCTION api.record_dose(text, text, text, timestamptz, smallint, text, text, boolean) IS
'接種の登録 / Records a dose: who got it (ticket: the 18 digits under its bar code), out of which vial (what a scanner reads of it, or product and lot), when. POST only.

Answers {"outcome", "dose", "dose_number", "warnings"}; outcome is recorded, duplicate (entered already; nothing is written twice) or kept (the entry waits in dose_issues to be mended, and counts for nobody). 400 with code OB080 and every finding in "details" for what can be scanned again: an unreadable ticket or vial, a wrong check digit, a date in the future, an expired or recalled vial (with confirmed=true a dose that was given all the same is recorded).';

CREATE OR REPLACE FUNCTION api.check_dose(site text, ticket text, vial text, given_at timestamptz DEFAULT now(), dose_number smallint DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM access.in_a_post();
	RETURN vsys.check_dose(api.vsys_site(site), ticket, vial, given_at, dose_number);
END
$$;
COMMENT ON FUNCTION api.check_dose(text, text, text, timestamptz, smallint) IS
'接種前の確認 / What record_dose would say, before the dose is given: {"outcome" (recorded, duplicate, kept or refused), "dose_number", "priority_group", "findings"}. Changes nothing. POST only.';

CREATE OR REPLACE FUNCTION api.correct_dose(dose bigint, changes jsonb, reason text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN vsys.correct_dose(dose, ops.json_value(changes), reason);
EXCEPTION WHEN no_data_found THEN
	RAISE EXCEPTION 'there is no such dose'
		USING ERRCODE = 'PT404',
			HINT = 'doses lists those that you may see.';
END
$$;
COMMENT ON FUNCTION api.correct_dose(bigint, jsonb, text) IS
'接種記録の訂正 / Puts a recorded dose right, for a reason: "changes" holds the items that were wrong, such as {"dose_number": 2}, {"vial": "comirnaty EY0779"} or {"ticket": "…"}. The old row stays, as corrected. Answers as record_dose; 400 with every finding, 404 for a dose that is not yours.';

CREATE OR REPLACE FUNCTION api.withdraw_dose(dose bigint, reason text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM vsys.withdraw_dose(dose, reason);
EXCEPTION WHEN no_data_found THEN
	RAISE EXCEPTION 'there is no such dose'
		USING ERRCODE = 'PT404',
			HINT = 'doses lists those that you may see.';
END
$$;
COMMENT ON FUNCTION api.withdraw_dose(bigint, text) IS '接種記録の取消 / Takes back a dose that was not given, for a reason. The row stays, as withdrawn. 404 for a dose that is not yours.';

CREATE OR REPLACE FUNCTION api.mend_dose(issue bigint, changes jsonb DEFAULT '{}') RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN vsys.mend_dose(issue, ops.json_value(changes));
EXCEPTION WHEN no_data_found THEN
	RAISE EXCEPTION 'there is no such entry to mend'
		USING ERRCODE = 'PT404',
			HINT = 'dose_issues lists what is open and yours.';
END
$$;
COMMENT ON FUNCTION api.mend_dose(bigint, jsonb) IS '保留された接種記録の修正 / Records an entry of dose_issues, with the items of "changes" put right. Answers as record_dose; 400 with every finding when it is still wrong, 404 when nothing of yours waits under that number.';

CREATE OR REPLACE FUNCTION api.dismiss_dose(issue bigint, reason text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM vsys.dismiss_dose(issue, reason);
EXCEPTION WHEN no_data_found THEN
	RAISE EXCEPTION 'there is no such entry to dismiss'
		USING ERRCODE = 'PT404',
			HINT = 'dose_issues lists what is open and yours.';
END
$$;
COMMENT ON FUNCTION api.dismiss_dose(bigint, text) IS '保留された接種記録の除外 / Ends an entry of dose_issues that was no dose, for a reason. 404 when nothing of yours waits under that number.';

CREATE OR REPLACE FUNCTION api.my_doses()
RETURNS TABLE (programme text, dose_number smallint, given_on date, vaccine text, maker text, lot text, site text, place text)
LANGUAGE SQL STABLE PARALLEL UNSAFE ROWS 5
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT d.programme, d.dose_number, d.given_on, p.name_ja, p.maker_ja, d.lot, d.site::text, coalesce(i.name_ja, d.site_name)
	FROM vsys.dose AS d
	JOIN vsys.product AS p ON p.product = d.product
	LEFT JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) d.site
	WHERE d.person = outbreak.my_person()
		AND d.state = 'in_force'
	ORDER BY d.given_on, d.programme, d.dose_number;
END;
COMMENT ON FUNCTION api.my_doses() IS '自分の接種記録 / The doses that you have had.';

CREATE OR REPLACE FUNCTION api.dose_issue_counts(level text DEFAULT 'prefecture', as_of timestamptz DEFAULT now())
RETURNS TABLE (area text, prefecture smallint, code text, message_ja text, message_en text, waiting bigint, oldest_at timestamptz)
LANGUAGE SQL STABLE PARALLEL UNSAFE ROWS 1000
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT c.area, c.prefecture, c.code, c.message_ja, c.message_en, c.waiting, c.oldest_at
	FROM vsys.issue_counts(level, as_of) AS c;
END;
COMMENT ON FUNCTION api.dose_issue_counts(text, timestamptz) IS '保留中の接種記録の件数 / How many entries of doses wait to be mended, and since when the oldest, by what is wrong with them and by nation, prefecture or municipality (level); within what you may see. Numbers alone, nothing of whose they are.';

-- ---- files

CREATE OR REPLACE FUNCTION api.import_vrs(bytea) RETURNS jsonb
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT vsys.import_vrs($1, 'api');
END;
COMMENT ON FUNCTION api.import_vrs(bytea) IS
'VRSファイルの取込 / Takes in a CSV file of the vaccination record system, sent as it is (Content-Type: application/octet-stream): UTF-8, with or without a byte order mark, or Shift-JIS (CP932).

Answers {"encoding", "lines", "doses", "recorded", "duplicates", "kept", "issues": [{"line", "code", "message_ja", …}]}: every dose of the file is recorded, known already, or waits in dose_issues with its line and reason. 400 for a file that is none (OB083, OB012).';

CREATE OR REPLACE FUNCTION api.export_vrs(municipality text, from_date date, to_date date, encoding text DEFAULT 'UTF8 with BOM') RETURNS api."text/csv"
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	made record;
BEGIN
	IF outbreak.municipality_code(municipality) IS NULL THEN
		RAISE EXCEPTION 'there is no such municipality'
			USING ERRCODE = 'PT404';
	END IF;
	SELECT e.file, e.replaced INTO made
	FROM vsys.export_vrs(outbreak.municipality_code(municipality), from_date, to_date, encoding) AS e;
	PERFORM set_config('response.headers', jsonb_build_array(
		jsonb_build_object('Content-Disposition', format('attachment; filename="vrs_%s_%s_%s.csv"', municipality, from_date, to_date)),
		jsonb_build_object('Replaced-Characters', made.replaced::text))::text, true);
	RETURN made.file;
END
$$;
COMMENT ON FUNCTION api.export_vrs(text, date, date, text) IS
'VRSファイルの出力 / The doses of the tickets of a municipality, given from from_date to to_date, as a CSV file that import_vrs reads (Accept: text/csv). POST only; exports are written down.

encoding: "UTF8 with BOM" (spreadsheets open it without garbling), UTF8 or SJIS (CP932); the header Replaced-Characters counts characters that CP932 lacks, which became 〓. A field that a spreadsheet would take for a formula begins with an apostrophe.';

CREATE OR REPLACE FUNCTION api.prefecture_ndjson(programme text, from_date date, to_date date) RETURNS api."application/x-ndjson"
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT coalesce(string_agg(l.line, E'\n') || E'\n', '')
	FROM vsys.prefecture_ndjson(programme, from_date, to_date) AS l (line);
END;
COMMENT ON FUNCTION api.prefecture_ndjson(text, date, date) IS 'VRSオープンデータ形式 / Recorded doses in the shape of prefecture.ndjson (date, prefecture, gender, age, medical_worker, status, count), one JSON object a line (Accept: application/x-ndjson). Counts below 10 are null.';

-- ---- results and figures

CREATE OR REPLACE FUNCTION api.add_result(site text, on_date date, priority_group text, dose_number smallint, doses integer, key text) RETURNS jsonb
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT vsys.add_result(api.vsys_site(site), on_date, priority_group, dose_number, doses, key);
END;
COMMENT ON FUNCTION api.add_result(text, date, text, smallint, integer, text) IS
'接種実績の加算 / Adds the doses of a day to the running total that the site reports (submit with form vsys.result_report enters the total itself). "key" names the entry: sent again it adds nothing. Answers {"outcome", "doses_total", "findings"}.';

CREATE OR REPLACE FUNCTION api.site_results(site text, on_date date DEFAULT outbreak.local_date())
RETURNS TABLE (priority_group text, dose_number smallint, persons bigint, unscanned bigint, total bigint, reported_on date, reported integer)
LANGUAGE SQL STABLE PARALLEL UNSAFE ROWS 20
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT r.priority_group, r.dose_number, r.persons, r.unscanned, r.total, r.reported_on, r.reported
	FROM vsys.site_results(api.vsys_site(site), on_date) AS r;
END;
COMMENT ON FUNCTION api.site_results(text, date) IS '施設の接種実績 / Doses that a site has given up to the end of a day, by group and dose number: recorded one by one (persons), reported as numbers besides (unscanned), and both.';

CREATE OR REPLACE FUNCTION api.vaccination_coverage(programme text, level text DEFAULT 'prefecture', week_on date DEFAULT NULL)
RETURNS TABLE (week date, area text, name_ja text, dose_number smallint, doses bigint, persons bigint, percent numeric, hidden boolean)
LANGUAGE SQL STABLE PARALLEL UNSAFE ROWS 2000
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT p.week, p.area, p.name_ja, p.dose_number, p.doses, p.persons, p.percent, p.hidden
	FROM vsys.published_coverage(programme, level, week_on) AS p;
END;
COMMENT ON FUNCTION api.vaccination_coverage(text, text, date) IS
'接種率(公表値) / Published doses of a programme by nation, prefecture or municipality (level), as known at the end of a week, with inhabitants and per cent; without week_on the newest. Hidden figures are small, or would give small ones away.';

CREATE OR REPLACE FUNCTION api.coverage(programme text, level text DEFAULT 'prefecture', by_age boolean DEFAULT false)
RETURNS TABLE (area text, prefecture smallint, age_from smallint, age_before smallint, dose_number smallint, doses_lower bigint, doses_upper bigint, persons bigint,
	percent_lower numeric, percent_upper numeric)
LANGUAGE SQL STABLE PARALLEL UNSAFE ROWS 5000
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT c.area, c.prefecture, c.age_from, c.age_before, c.dose_number, c.doses_lower, c.doses_upper, c.persons, c.percent_lower, c.percent_upper
	FROM vsys.coverage(programme, level, by_age) AS c;
END;
COMMENT ON FUNCTION api.coverage(text, text, boolean) IS '接種率 / Residents who have had each dose of a programme, as of now, by nation, prefecture or municipality, and by age; within what you may see. A year of birth leaves two ages open: hence lower and upper.';

CREATE OR REPLACE FUNCTION api.daily_doses(programme text, from_date date, to_date date, level text DEFAULT 'nation')
RETURNS TABLE (area text, prefecture smallint, given_on date, dose_number smallint, doses bigint)
LANGUAGE SQL STABLE PARALLEL UNSAFE ROWS 5000
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT d.area, d.prefecture, d.given_on, d.dose_number, d.doses
	FROM vsys.daily_doses(programme, from_date, to_date, level) AS d;
END;
COMMENT ON FUNCTION api.daily_doses(text, date, date, text) IS '日別接種数 / Recorded doses of residents by day and dose number, by nation, prefecture or municipality; within what you may see.';

CREATE OR REPLACE FUNCTION api.usage_rate(as_of timestamptz DEFAULT now(), level text DEFAULT 'municipality', product text DEFAULT NULL)
RETURNS TABLE (area text, prefecture smallint, delivered bigint, given bigint, raw numeric, corrected numeric, lower numeric, upper numeric, missing bigint, entered_within_3_days numeric)
LANGUAGE SQL STABLE PARALLEL UNSAFE ROWS 2000
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT u.area, u.prefecture, u.delivered, u.given, u.raw, u.corrected, u.lower, u.upper, u.missing, u.entered_within_3_days
	FROM vsys.usage_rate(as_of, level, product) AS u;
END;
COMMENT ON FUNCTION api.usage_rate(timestamptz, text, text) IS
'使用率 / Doses given of those delivered, by nation, prefecture or municipality of the sites: raw as entered, and corrected for doses that are given but not entered yet, with the interval (lower, upper) in which the true rate lies in 19 of 20 cases. Compare places by their intervals.';

CREATE OR REPLACE FUNCTION api.days_of_cover(as_of timestamptz DEFAULT now(), level text DEFAULT 'municipality', days integer DEFAULT 14)
RETURNS TABLE (area text, prefecture smallint, on_hand bigint, per_day numeric, days_left numeric)
LANGUAGE SQL STABLE PARALLEL UNSAFE ROWS 2000
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT d.area, d.prefecture, d.on_hand, d.per_day, d.days_left
	FROM vsys.days_of_cover(as_of, level, days) AS d;
END;
COMMENT ON FUNCTION api.days_of_cover(timestamptz, text, integer) IS '在庫日数 / How many days the stock on hand lasts at the pace of the last days (14), by site, municipality, prefecture or nation.';

CREATE OR REPLACE FUNCTION api.fairness(as_of timestamptz DEFAULT now(), level text DEFAULT 'prefecture', programme text DEFAULT NULL)
RETURNS TABLE (measure text, areas bigint, lowest numeric, lowest_area text, highest numeric, highest_area text, min_max_ratio numeric, gini numeric, envy bigint)
LANGUAGE SQL STABLE PARALLEL UNSAFE ROWS 3
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT f.measure, f.areas, f.lowest, f.lowest_area, f.highest, f.highest_area, f.min_max_ratio, f.gini, f.envy
	FROM vsys.fairness(as_of, level, programme) AS f;
END;
COMMENT ON FUNCTION api.fairness(timestamptz, text, text) IS '公平性 / How evenly vaccine was divided among prefectures or municipalities: lowest and highest area, their ratio, the Gini coefficient, and how many areas have reason to envy how many.';
