-- The figures that the ministry published of the follow-up of arrivals: 22,600 people in May 2021 of whom 6,644 gave no
-- position (about 30 %), average reply rates of 78.8, 69.6 and 8.4 % in May, 84.9, 74.1 and 87.6 % in July, 95.3, 86.4 and
-- 95.4 % in August, and people unreachable for four days. From counts in that proportion the same rates come out.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
SET timezone = 'Asia/Tokyo';
\pset format unaligned
SELECT quarantine.rate(6644, 22600) AS no_position, quarantine.rate(22600 - 5050, 22600) AS health_in_that_week, quarantine.rate(1, 0) AS of_nothing, quarantine.rate(1, 8) AS rounded_half_up;
-- 1,000 people in follow-up on three days; who answered what
SET session_replication_role = replica;
INSERT INTO quarantine.entry (entry, token, station, arrives_at, made_at, changed_at, arrived_at, on_date, persons, state, port, kind, conveyance, conveyance_key, language, reader)
SELECT -m * 1000 - k, sha256((m || '/' || k)::bytea), p.station, d.day - 1 + time '12:00', d.day - 2, d.day - 2, d.day - 1 + time '12:30', d.day - 1, 100, 'arrived', p.port, 'flight', 'TE 1', 'TE1', 'en', p.port || '-0001'
FROM (VALUES (1, '2021-05-16'::date, 'NRT'), (2, '2021-07-15', 'NRT'), (3, '2021-08-15', 'KIX')) AS d (m, day, port) JOIN quarantine.port AS p ON p.port = d.port CROSS JOIN generate_series(0, 9) AS k;
INSERT INTO quarantine.traveller (person, entry, station, enrolment, arrived_at, on_date, answers_on, n, age, seat_kind, prefecture, port, conveyance_key)
SELECT md5(e.entry || ' ' || n)::uuid, e.entry, e.station, e.entry / 1000 * 10000 - i.i, e.arrived_at, e.on_date, e.on_date, n, 30, 'unknown', CASE WHEN i.i <= 600 THEN 13 ELSE 27 END, e.port, 'TE1'
FROM quarantine.entry AS e CROSS JOIN generate_series(1, 100) AS n CROSS JOIN LATERAL (SELECT -e.entry % 1000 * 100 + n AS i) AS i WHERE e.entry < 0;
INSERT INTO followup.enrolment (enrolment, person, responder, plan, class, time_zone, day0, until, prefecture, opened_at)
SELECT t.enrolment, t.person, t.person, 'arrival', 'standard', 'Asia/Tokyo', t.on_date, t.on_date + 14, t.prefecture, t.arrived_at FROM quarantine.traveller AS t WHERE t.entry < 0;
-- one of the two position checks is enough; the messages of 20 did not arrive
INSERT INTO followup.slot (day, enrolment, prompt, n, prefecture, evidence, opens_at, due_at, answered_at, person, responder, message_key, state)
SELECT t.on_date + 1, t.enrolment, s.prompt, s.n, t.prefecture, CASE WHEN s.answered OR o.undelivered THEN NULL ELSE true END, t.on_date + 1 + time '11:00', t.on_date + 1 + time '14:00',
	CASE WHEN s.answered THEN t.on_date + 1 + time '12:00' END, t.person, t.person, gen_random_uuid(), CASE WHEN s.answered THEN 'answered' WHEN o.undelivered THEN 'undelivered' ELSE 'missed' END
FROM quarantine.traveller AS t
CROSS JOIN LATERAL (SELECT -t.enrolment % 10000 AS i) AS i
CROSS JOIN LATERAL (SELECT i.i > 980 AS undelivered) AS o
JOIN (VALUES (-1, 788, 696, 84), (-2, 849, 741, 876), (-3, 953, 864, 954)) AS r (entry, health, location, video) ON r.entry = t.entry / 1000
CROSS JOIN LATERAL (VALUES ('health', 1, i.i <= r.health), ('location', 1, false), ('location', 2, i.i <= r.location), ('video', 1, i.i <= r.video)) AS s (prompt, n, answered)
WHERE t.entry < 0;
SET session_replication_role = origin;
SELECT f.* FROM unnest('{2021-05-16,2021-07-15,2021-08-15}'::date[]) AS d (day) CROSS JOIN LATERAL quarantine.national_figures(d.day, d.day + time '23:59') AS f ORDER BY f.day;
SELECT f.port, f.prefecture, f.in_followup, f.health_asked, f.health_answered, f.health_rate, f.missed, f.undelivered FROM quarantine.daily_figures('2021-05-16', NULL, NULL, '2021-05-16 23:59+09') AS f;
SELECT count(*) AS of_osaka FROM quarantine.daily_figures('2021-05-16', 'KIX', NULL, '2021-05-16 23:59+09');
SELECT f.prefecture, f.in_followup FROM quarantine.daily_figures('2021-05-16', NULL, 27, '2021-05-16 23:59+09') AS f;
-- before the time to answer is up nobody is counted as silent
SELECT f.health_asked, f.health_answered FROM quarantine.daily_figures('2021-05-16', NULL, 27, '2021-05-16 13:00+09') AS f;
-- four days without any answer: 75 people of May; who was not reached at all is told apart
SET session_replication_role = replica;
INSERT INTO followup.slot (day, enrolment, prompt, n, prefecture, evidence, opens_at, due_at, answered_at, person, responder, message_key, state)
SELECT t.on_date + 1 + d, t.enrolment, 'health', 1, t.prefecture, CASE WHEN i.i > 925 AND i.i <= 990 THEN true END, t.on_date + 1 + d + time '11:00', t.on_date + 1 + d + time '14:00',
	CASE WHEN i.i <= 925 THEN t.on_date + 1 + d + time '12:00' END, t.person, t.person, gen_random_uuid(), CASE WHEN i.i <= 925 THEN 'answered' WHEN i.i > 990 THEN 'undelivered' ELSE 'missed' END
FROM quarantine.traveller AS t CROSS JOIN LATERAL (SELECT -t.enrolment % 10000 AS i) AS i CROSS JOIN generate_series(1, 3) AS d WHERE t.entry / 1000 = -1;
SET session_replication_role = origin;
SELECT d.day, count(u.person) AS unreachable, count(*) FILTER (WHERE u.missed = 0 AND u.undelivered > 0) AS never_reached_by_us FROM unnest('{2021-05-18,2021-05-19,2021-05-20}'::date[]) AS d (day) LEFT JOIN LATERAL quarantine.unreachable(d.day) AS u ON true GROUP BY d.day ORDER BY d.day;
SELECT count(*) AS three_days FROM quarantine.unreachable('2021-05-18', 3);
SELECT f.in_followup, f.unreachable FROM quarantine.national_figures('2021-05-19', '2021-05-19 23:59+09') AS f;
-- a day whose questions are not due yet makes nobody unreachable
INSERT INTO followup.slot (day, enrolment, prompt, n, prefecture, opens_at, due_at, person, responder, message_key)
SELECT '2021-05-20', t.enrolment, 'health', 1, t.prefecture, '2021-05-20 11:00+09', '2021-05-20 14:00+09', t.person, t.person, gen_random_uuid() FROM quarantine.traveller AS t WHERE t.entry / 1000 = -1;
SELECT count(*) AS too_early FROM quarantine.unreachable('2021-05-20');
ROLLBACK;
