-- Each rule of the rule pack is broken once, by the smallest change of a valid report; exactly the rule that is named
-- (and those that the same change must break too) says so, in the dry run and when the report is entered.
\pset format unaligned
SET search_path = public, outbreak;
BEGIN;

INSERT INTO registry.institution (institution, kind, name_ja)
VALUES (outbreak.provisional_institution_code(13, 1), 'hospital', '試験病院');

-- A valid report of each form, with the one before it stored.
CREATE TEMP TABLE valid_report (form regclass, before jsonb, now jsonb);
INSERT INTO valid_report
SELECT v.form, v.report || v.before, v.report || v.now
FROM (
	VALUES
		(
			'gmis.daily'::regclass,
			'{
				"beds_secured": 30, "beds_ready": 20, "beds_occupied": 10,
				"severe_secured": 6, "severe_ready": 4, "severe_occupied": 2,
				"icu_present": 8, "icu_used": 3,
				"ventilators_present": 12, "ventilators_used": 4, "ventilator_patients": 2,
				"ecmo_present": 2, "ecmo_used": 1,
				"doctors": "通常", "nurses": "欠員あり", "other_staff": "枯渇",
				"outpatients": 40, "inpatients": 12, "severe_patients": 3, "tests": 100, "positives": 15
			}'::jsonb,
			'{"on_date": "2020-12-13", "reported_at": "2020-12-13 18:00+09"}'::jsonb,
			'{"on_date": "2020-12-14", "reported_at": "2020-12-14 18:00+09"}'::jsonb
		),
		(
			'gmis.service_status', '{"service": "surgery"}',
			'{"on_date": "2020-12-13", "reported_at": "2020-12-13 18:00+09", "status": "設置なし"}',
			'{"on_date": "2020-12-14", "reported_at": "2020-12-14 18:00+09", "status": "停止"}'
		),
		(
			'gmis.weekly_supply', '{"item": "n95_mask"}',
			'{"week_on": "2020-12-07", "reported_at": "2020-12-07 18:00+09", "stock": 500, "used": 100, "expected_arrivals": 50}',
			'{"week_on": "2020-12-14", "reported_at": "2020-12-14 18:00+09", "stock": 400, "used": 150, "expected_arrivals": 100}'
		)
) AS v (form, report, before, now);
UPDATE valid_report
SET before = before || jsonb_build_object('institution', outbreak.provisional_institution_code(13, 1)::text),
	now = now || jsonb_build_object('institution', outbreak.provisional_institution_code(13, 1)::text);

CREATE TEMP TABLE violation (form regclass, code text, patch jsonb, companions text[] NOT NULL DEFAULT '{}');
INSERT INTO violation (form, code, patch, companions)
VALUES
	('gmis.daily', 'beds_secured_range', '{"beds_secured": 10001}', '{beds_secured_jump}'),
	('gmis.daily', 'beds_ready_range', '{"beds_ready": -1}', '{}'),
	('gmis.daily', 'beds_occupied_range', '{"beds_occupied": -1}', '{severe_occupied_within_beds_occupied}'),
	('gmis.daily', 'severe_secured_range', '{"severe_secured": -1}', '{severe_ready_within_severe_secured,severe_occupied_within_severe_secured}'),
	('gmis.daily', 'severe_ready_range', '{"severe_ready": -1}', '{}'),
	('gmis.daily', 'severe_occupied_range', '{"severe_occupied": -1}', '{}'),
	('gmis.daily', 'icu_present_range', '{"icu_present": 10001}', '{}'),
	('gmis.daily', 'icu_used_range', '{"icu_used": -1}', '{}'),
	('gmis.daily', 'ventilators_present_range', '{"ventilators_present": 10001}', '{}'),
	('gmis.daily', 'ventilators_used_range', '{"ventilators_used": -1}', '{ventilator_patients_per_ventilator}'),
	('gmis.daily', 'ventilator_patients_range', '{"ventilator_patients": -1}', '{}'),
	('gmis.daily', 'ecmo_present_range', '{"ecmo_present": 10001}', '{}'),
	('gmis.daily', 'ecmo_used_range', '{"ecmo_used": -1}', '{}'),
	('gmis.daily', 'outpatients_range', '{"outpatients": -1}', '{}'),
	('gmis.daily', 'inpatients_range', '{"inpatients": 10001}', '{inpatients_jump}'),
	('gmis.daily', 'severe_patients_range', '{"severe_patients": -1}', '{ventilator_patients_within_severe_patients}'),
	('gmis.daily', 'tests_range', '{"tests": 10001}', '{}'),
	('gmis.daily', 'positives_range', '{"positives": -1}', '{}'),
	('gmis.daily', 'beds_ready_within_beds_secured', '{"beds_ready": 31}', '{}'),
	('gmis.daily', 'severe_secured_within_beds_secured', '{"severe_secured": 31}', '{}'),
	('gmis.daily', 'severe_ready_within_severe_secured', '{"severe_ready": 7}', '{}'),
	('gmis.daily', 'severe_occupied_within_beds_occupied', '{"severe_occupied": 11}', '{severe_occupied_within_severe_secured}'),
	('gmis.daily', 'icu_used_within_icu_present', '{"icu_used": 9}', '{}'),
	('gmis.daily', 'ventilators_used_within_ventilators_present', '{"ventilators_used": 13}', '{}'),
	('gmis.daily', 'ecmo_used_within_ecmo_present', '{"ecmo_used": 3}', '{}'),
	('gmis.daily', 'ventilator_patients_within_inpatients', '{"ventilator_patients": 13}', '{ventilator_patients_within_severe_patients}'),
	('gmis.daily', 'severe_patients_within_inpatients', '{"severe_patients": 13}', '{}'),
	('gmis.daily', 'positives_within_tests', '{"positives": 101}', '{}'),
	('gmis.daily', 'beds_occupied_within_beds_secured', '{"beds_occupied": 31}', '{beds_occupied_within_inpatients}'),
	('gmis.daily', 'severe_occupied_within_severe_secured', '{"severe_occupied": 7}', '{}'),
	('gmis.daily', 'beds_occupied_within_inpatients', '{"beds_occupied": 13}', '{}'),
	('gmis.daily', 'ventilator_patients_within_severe_patients', '{"ventilator_patients": 4}', '{}'),
	('gmis.daily', 'ventilator_patients_per_ventilator', '{"ventilators_used": 0}', '{}'),
	('gmis.daily', 'doctors_known', '{"doctors": "不足"}', '{}'),
	('gmis.daily', 'nurses_known', '{"nurses": ""}', '{}'),
	('gmis.daily', 'other_staff_known', '{"other_staff": "未回答"}', '{}'),
	('gmis.daily', 'beds_secured_jump', '{"beds_secured": 51}', '{}'),
	('gmis.daily', 'inpatients_jump', '{"inpatients": 33}', '{}'),
	('gmis.daily', 'on_date_not_future', '{"on_date": "2020-12-15"}', '{}'),
	('gmis.daily', 'on_date_not_old', '{"reported_at": "2021-01-15 00:00+09"}', '{}'),
	('gmis.service_status', 'status_known', '{"status": "未回答"}', '{}'),
	('gmis.service_status', 'status_installed_overnight', '{"status": "通常"}', '{}'),
	('gmis.service_status', 'on_date_not_future', '{"on_date": "2020-12-15"}', '{}'),
	('gmis.service_status', 'on_date_not_old', '{"reported_at": "2021-01-15 00:00+09"}', '{}'),
	('gmis.weekly_supply', 'week_on_monday', '{"week_on": "2020-12-13"}', '{}'),
	('gmis.weekly_supply', 'stock_range', '{"stock": -1}', '{}'),
	('gmis.weekly_supply', 'used_range', '{"used": -1}', '{}'),
	('gmis.weekly_supply', 'expected_arrivals_range', '{"expected_arrivals": 10000001}', '{}'),
	('gmis.weekly_supply', 'used_within_supply', '{"used": 551, "stock": null}', '{}'),
	('gmis.weekly_supply', 'stock_within_supply', '{"stock": 401}', '{}'),
	('gmis.weekly_supply', 'week_on_not_future', '{"week_on": "2020-12-21"}', '{}'),
	('gmis.weekly_supply', 'week_on_not_old', '{"reported_at": "2021-01-15 00:00+09"}', '{}');

-- The last values that are still within bounds.
CREATE TEMP TABLE limit_case (form regclass, patch jsonb);
INSERT INTO limit_case
VALUES
	('gmis.daily', '{}'),
	('gmis.daily', '{"beds_secured": 50}'),
	('gmis.daily', '{"inpatients": 32}'),
	('gmis.daily', '{"beds_ready": 30, "severe_ready": 6, "beds_occupied": 12, "severe_occupied": 6}'),
	('gmis.daily', '{"icu_used": 8, "ventilators_used": 12, "ecmo_used": 2, "positives": 100}'),
	('gmis.daily', '{"tests": 10000, "positives": 0, "outpatients": 0}'),
	('gmis.daily', '{"reported_at": "2021-01-14 23:59+09"}'),
	('gmis.daily', '{"reported_at": "2020-12-14 00:00+09"}'),
	('gmis.daily', '{"reported_at": "2026-01-01 00:00+09", "source": "import"}'),
	('gmis.service_status', '{}'),
	('gmis.service_status', '{"status": "制限"}'),
	('gmis.weekly_supply', '{}'),
	('gmis.weekly_supply', '{"used": 550, "stock": 0}');

\echo rules without a case, and cases without a rule (none)
SELECT coalesce(r.form, v.form) AS form, r.code AS rule, v.code AS case
FROM report.rule AS r
FULL JOIN violation AS v ON v.form = r.form AND v.code = r.code
WHERE coalesce(r.form, v.form) IN ('gmis.daily'::regclass, 'gmis.service_status'::regclass, 'gmis.weekly_supply'::regclass)
	AND (r.code IS NULL OR v.code IS NULL)
ORDER BY 1, 2, 3;

\echo rules without a text in either language (none)
SELECT r.form, r.code
FROM report.rule AS r
WHERE r.form IN ('gmis.daily'::regclass, 'gmis.service_status'::regclass, 'gmis.weekly_supply'::regclass)
	AND (r.message_ja !~ '[ぁ-ん]' OR r.message_en !~ '^[ -~（-）通常欠員あり枯渇制限停止設置なし]+$');

SELECT v.form, (report.submit(v.form, jsonb_build_array(v.before))) ->> 'accepted' AS stored_before
FROM valid_report AS v
ORDER BY v.form::text;

\echo limit cases that anything is said of (none)
SELECT l.form, l.patch, c.code, c.verdict
FROM limit_case AS l
JOIN valid_report AS v ON v.form = l.form
CROSS JOIN LATERAL report.check(l.form, v.now || l.patch) AS c
WHERE c.verdict = 'violated';

\echo cases whose findings are not exactly those named (none)
SELECT b.form, b.code, b.patch, array(SELECT unnest(b.companions || b.code) ORDER BY 1) AS wanted, f.found
FROM violation AS b
JOIN valid_report AS v ON v.form = b.form
CROSS JOIN LATERAL (
	SELECT array_agg(c.code ORDER BY c.code) AS found
	FROM report.check(b.form, v.now || b.patch) AS c
	WHERE c.verdict = 'violated'
) AS f
WHERE f.found IS DISTINCT FROM array(SELECT unnest(b.companions || b.code) ORDER BY 1);

-- Entered, a report that breaks a rule of severity error is refused with the same findings; one that breaks warnings
-- only is stored with them.
CREATE FUNCTION pg_temp.enter(form regclass, record jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	detail text;
	answer jsonb;
BEGIN
	BEGIN
		answer := report.submit(form, jsonb_build_array(record));
		RAISE EXCEPTION 'undo' USING ERRCODE = 'ZZ001', DETAIL = answer -> 'findings';
	EXCEPTION
		WHEN SQLSTATE 'ZZ001' OR SQLSTATE 'OB001' THEN
			GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
			RETURN (
				SELECT format('%s: %s',
					CASE SQLSTATE WHEN 'OB001' THEN 'refused' ELSE 'taken' END,
					string_agg(f ->> 'code', ',' ORDER BY f ->> 'code'))
				FROM jsonb_array_elements(detail::jsonb) AS f
				WHERE f ->> 'verdict' = 'violated'
			);
	END;
END
$$;
CREATE TEMP TABLE entered AS
SELECT b.form, b.code, e.wanted, e.got
FROM violation AS b
JOIN valid_report AS v ON v.form = b.form
CROSS JOIN LATERAL (
	SELECT format('%s: %s',
			CASE WHEN bool_or(c.severity = 'error') THEN 'refused' ELSE 'taken' END,
			string_agg(c.code, ',' ORDER BY c.code)),
		pg_temp.enter(b.form, v.now || b.patch)
	FROM report.check(b.form, v.now || b.patch) AS c
	WHERE c.verdict = 'violated'
) AS e (wanted, got);

\echo cases that entry judges differently from the dry run (none)
SELECT *
FROM entered AS e
WHERE e.wanted IS DISTINCT FROM e.got;

SELECT form, split_part(got, ':', 1) AS outcome, count(*)
FROM entered
GROUP BY 1, 2
ORDER BY form::text, 2;

\echo what is not answered is undecidable, never passed or violated
SELECT c.code, c.verdict
FROM report.check('gmis.daily', jsonb_build_object('institution', outbreak.provisional_institution_code(13, 1)::text,
	'on_date', '2020-12-14', 'reported_at', '2020-12-14 18:00+09', 'beds_secured', 30)) AS c
WHERE c.code IN ('beds_secured_range', 'beds_ready_range', 'beds_ready_within_beds_secured', 'doctors_known', 'beds_secured_jump', 'inpatients_jump')
ORDER BY c.code;

ROLLBACK;
