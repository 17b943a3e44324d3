-- 5,852 of 8,282 hospitals and 519 of 550 designated ones answer on 2020-12-14, and what they answer keeps the rules.
BEGIN;
INSERT INTO registry.municipality (municipality, prefecture, name_ja)
SELECT outbreak.municipality_code_from_jis(lpad(p::text, 2, '0') || '990'), p, '見本市'
FROM generate_series(1, 47) AS p;
INSERT INTO registry.institution (institution, municipality, kind, name_ja, designation, beds_general, beds_long_term, beds_psychiatric, beds_tuberculosis, beds_infectious, beds_licensed, location)
SELECT institution, municipality, kind, name_ja, designation, beds_general, beds_long_term, beds_psychiatric, beds_tuberculosis, beds_infectious, beds_licensed, location::geography
FROM demo.institution(20201214, 8282, 2000);
INSERT INTO report.expected (form, institution)
SELECT 'gmis.daily', institution
FROM registry.institution
WHERE kind = 'hospital';

SELECT on_date, count(*), count(*) FILTER (WHERE designated) AS designated
FROM demo.answer(20201214, '2020-12-12', '2020-12-14')
GROUP BY on_date
ORDER BY on_date;

-- no error: the statement would fail
INSERT INTO gmis.daily (institution, on_date, beds_secured, beds_ready, beds_occupied, severe_secured, severe_ready, severe_occupied, icu_present, icu_used, ventilators_present, ventilators_used, ventilator_patients, ecmo_present, ecmo_used, doctors, nurses, other_staff, outpatients, inpatients, severe_patients, tests, positives, source)
SELECT d.*, 'import'
FROM demo.daily(20201214, '2020-12-13', '2020-12-14') AS d
ORDER BY d.on_date, d.institution;
SELECT * FROM gmis.reporting_rate('2020-12-14') WHERE registered > 0;
-- warnings there are, on the last day
SELECT period, code
FROM report.finding
WHERE form = 'gmis.daily'::regclass
GROUP BY period, code
ORDER BY code;
INSERT INTO gmis.service_status (institution, on_date, service, status, source)
SELECT s.*, 'import'
FROM demo.service_status(20201214, '2020-12-14', '2020-12-14') AS s
WHERE outbreak.prefecture(s.institution) = 31;
SELECT count(*) AS answers, count(DISTINCT status) AS statuses FROM gmis.service_status WHERE on_date = '2020-12-14';
INSERT INTO gmis.weekly_supply (institution, week_on, item, stock, used, expected_arrivals, source)
SELECT w.*, 'import'
FROM unnest('{2020-12-07,2020-12-14}'::date[]) AS week (on_date)
CROSS JOIN LATERAL demo.weekly_supply(20201214, week.on_date) AS w
WHERE outbreak.prefecture(w.institution) = 31;
SELECT count(*) AS answers, min(stock) >= 0 AS stock_is_there FROM gmis.weekly_supply WHERE week_on = '2020-12-14';

-- and those that are meant to break a rule do
SET LOCAL outbreak.on_invalid = 'quarantine';
INSERT INTO gmis.daily
SELECT r.*
FROM demo.faulty_daily(20201214, '2020-12-14', 27) AS f
CROSS JOIN LATERAL jsonb_populate_record(NULL::gmis.daily, f.report || jsonb_build_object('institution', f.institution::text, 'on_date', f.on_date, 'source', 'import')) AS p
CROSS JOIN LATERAL (SELECT p.institution, p.on_date, p.beds_secured, p.beds_ready, p.beds_occupied, p.severe_secured, p.severe_ready, p.severe_occupied, p.icu_present, p.icu_used, p.ventilators_present, p.ventilators_used, p.ventilator_patients, p.ecmo_present, p.ecmo_used, p.doctors, p.nurses, p.other_staff, p.outpatients, p.inpatients, p.severe_patients, p.tests, p.positives) AS r;
SELECT count(*) FROM report.rejected;
ROLLBACK;
