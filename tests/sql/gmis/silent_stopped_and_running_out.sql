-- What an official looks at in the morning: who is silent, which services stopped, what runs out.
\pset format unaligned
SET search_path = public, outbreak;
BEGIN;
INSERT INTO registry.institution (institution, kind, name_ja, contact, phone)
SELECT provisional_institution_code(13, n), 'hospital', '試験' || n, '担当 ' || n, '03-0000-000' || n
FROM generate_series(1, 6) AS n;
INSERT INTO report.expected (form, institution, valid)
VALUES
	('gmis.daily', provisional_institution_code(13, 1), '(,)'),
	('gmis.daily', provisional_institution_code(13, 2), '(,)'),
	('gmis.daily', provisional_institution_code(13, 3), '[2020-12-10,)'),
	('gmis.daily', provisional_institution_code(13, 4), '(,)'),
	('gmis.daily', provisional_institution_code(13, 5), '[2020-12-15,)'),
	('gmis.daily', provisional_institution_code(13, 6), '[2020-12-12,)');
INSERT INTO gmis.daily (institution, on_date, reported_at)
VALUES
	(provisional_institution_code(13, 1), '2020-12-14', '2020-12-14 12:00+09'),
	(provisional_institution_code(13, 2), '2020-12-11', '2020-12-11 12:00+09'),
	(provisional_institution_code(13, 2), '2020-12-15', '2020-12-15 12:00+09'),
	(provisional_institution_code(13, 6), '2020-12-10', '2020-12-10 12:00+09');
\echo silent: 2 since the 12th, 3 and 6 since they are expected, 4 has never reported
SELECT * FROM gmis.silent('2020-12-14');
SELECT institution, silent_since, days FROM gmis.silent('2020-12-15');

INSERT INTO gmis.service_status (institution, on_date, service, status, reported_at)
SELECT provisional_institution_code(13, s.n), s.on_date::date, s.service, s.status, s.on_date::timestamptz + interval '12 hours'
FROM (
	VALUES
		(1, '2020-12-13', 'emergency', '通常'), (1, '2020-12-14', 'emergency', '停止'),
		(2, '2020-12-10', 'surgery', '制限'), (2, '2020-12-14', 'surgery', '停止'),
		(3, '2020-12-13', 'inpatient', '停止'), (3, '2020-12-14', 'inpatient', '停止'),
		(4, '2020-12-14', 'outpatient', '停止'),
		(5, '2020-12-13', 'dialysis', '停止'), (5, '2020-12-14', 'dialysis', '通常'),
		(6, '2020-12-12', 'inpatient', '通常'), (6, '2020-12-13', 'inpatient', NULL), (6, '2020-12-14', 'inpatient', '停止')
) AS s (n, on_date, service, status);
\echo stopped on the 14th, and not before
SELECT * FROM gmis.stopped('2020-12-14');

INSERT INTO gmis.weekly_supply (institution, week_on, item, stock, used, expected_arrivals, reported_at)
SELECT provisional_institution_code(13, s.n), s.week_on::date, s.item, s.stock, s.used, s.arrivals, s.week_on::timestamptz + interval '12 hours'
FROM (
	VALUES
		-- 700 used in two of the three weeks that were answered: (700 + 700 + 1400) / 3 / 7 = 133.3 a day
		(1, '2020-11-23', 'n95_mask', 4000, 700, 0), (1, '2020-11-30', 'n95_mask', 3300, 700, 0), (1, '2020-12-07', 'n95_mask', 2600, NULL, 0),
		(1, '2020-12-14', 'n95_mask', 1200, 1400, 500),
		-- the newest answer is a week old
		(2, '2020-12-07', 'gloves', 1000, 350, NULL),
		-- nothing used, nothing known, nothing left, too old
		(3, '2020-12-14', 'goggles', 10, 0, 0), (4, '2020-12-14', 'goggles', NULL, 7, 0), (5, '2020-12-14', 'goggles', 0, 7, 70), (6, '2020-11-16', 'goggles', 1, 7, 0)
) AS s (n, week_on, item, stock, used, arrivals);
SELECT * FROM gmis.supply_outlook('2020-12-16');
ROLLBACK;
