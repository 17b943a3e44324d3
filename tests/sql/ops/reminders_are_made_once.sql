-- Who was expected and silent when the deadline passed, once for each report; late runs catch up.
BEGIN;
CREATE SCHEMA survey AUTHORIZATION outbreak_owner;
SET LOCAL ROLE outbreak_owner;
CREATE TABLE survey.ward (institution outbreak.institution_code, on_date date, beds integer, PRIMARY KEY (institution, on_date));
CREATE TABLE survey.stock (institution outbreak.institution_code, week_on date, masks integer, PRIMARY KEY (institution, week_on));
CREATE TABLE survey.people (person bigint, on_date date, PRIMARY KEY (person, on_date));
SELECT report.register('survey.ward', 'institution', 'on_date');
SELECT report.register('survey.stock', 'institution', 'week_on', 'week', '3 days');
SELECT report.register('survey.people', 'person', 'on_date');
DELETE FROM report.expected;
INSERT INTO registry.institution (institution, kind, name_ja)
SELECT outbreak.provisional_institution_code(p, 900001), 'hospital', 'remind ' || p
FROM generate_series(1, 3) AS p;
INSERT INTO report.expected (form, institution, valid)
SELECT 'survey.ward'::regclass, i.institution, daterange(CASE outbreak.prefecture(i.institution) WHEN 3 THEN '2021-08-11'::date END, NULL)
FROM registry.institution AS i
WHERE i.name_ja LIKE 'remind %';
INSERT INTO survey.ward (institution, on_date, beds, reported_at)
SELECT i.institution, d::date, 7, d + interval '30 hours'
FROM registry.institution AS i
CROSS JOIN generate_series('2021-08-01'::timestamp, '2021-08-10', '1 day') AS d
WHERE i.name_ja = 'remind 1'
	OR i.name_ja = 'remind 2' AND d < '2021-08-09';
-- the deadline of the 9th is noon of the 10th in Japan
SELECT ops.remind('2021-08-10 02:59:59+00');
SELECT ops.remind('2021-08-10 03:00:01+00');
SELECT ops.remind('2021-08-10 03:10:00+00');
-- two days without a run: the 10th and the 11th are caught up
SELECT ops.remind('2021-08-12 06:00:00+00');
SELECT form, institution, period, prefecture, due_at, created_at FROM ops.reminder ORDER BY period, institution;
-- a report that comes late leaves the reminder as it is
INSERT INTO survey.ward (institution, on_date, beds) VALUES (outbreak.provisional_institution_code(2, 900001), '2021-08-09', 5);
SELECT ops.remind('2021-08-12 07:00:00+00');
-- weeks
INSERT INTO report.expected (form, institution, valid)
VALUES ('survey.stock', outbreak.provisional_institution_code(1, 900001), '[2021-08-02,)');
SELECT ops.remind('2021-08-12 08:00:00+00');
SELECT form, period, due_at FROM ops.reminder WHERE form = 'survey.stock'::regclass ORDER BY period;
RESET ROLE;
-- who sees which
INSERT INTO access.account (login, prefecture) VALUES (session_user, 2);
SET LOCAL ROLE outbreak_prefecture;
SELECT prefecture, count(*) FROM ops.reminder GROUP BY 1;
SET LOCAL ROLE outbreak_ministry;
SELECT prefecture, count(*) FROM ops.reminder GROUP BY 1 ORDER BY 1;
SET LOCAL ROLE outbreak_institution;
SELECT count(*) FROM ops.reminder;
ROLLBACK;
