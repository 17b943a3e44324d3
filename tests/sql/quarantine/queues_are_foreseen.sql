-- What was read, by port and hour; and what a day will be like: how many come, how long the queue gets, how many readers
-- are needed, what if there were fewer.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
SET timezone = 'Asia/Tokyo';
\getenv srcdir PG_ABS_SRCDIR
\set world :srcdir /sql/quarantine/world.inc
\set ECHO none
\i :world
\set ECHO all
\set VERBOSITY terse
\pset format unaligned
-- two devices, a reading every 20 seconds and every 30 seconds, one rest, one device of another port
INSERT INTO quarantine.reading (scanned_at, uploaded_at, station, persons, reader, port, outcome, reason, code)
SELECT r.at, r.at, p.station, CASE WHEN r.outcome = 'registered' THEN 2 ELSE 0 END, r.reader, split_part(r.reader, '-', 1), r.outcome, CASE r.outcome WHEN 'refused' THEN 'expired' END, sha256(r.at::text::bytea)
FROM (
	SELECT '2020-12-13 09:00+09'::timestamptz + n * interval '20 s' AS at, 'NRT-0001' AS reader, CASE WHEN n % 20 = 0 THEN 'refused' WHEN n % 20 = 1 THEN 'seen_before' ELSE 'registered' END AS outcome FROM generate_series(0, 199) AS n
	UNION ALL
	SELECT '2020-12-13 09:10+09'::timestamptz + n * interval '30 s' + CASE WHEN n > 50 THEN interval '1 hour' ELSE '0' END, 'NRT-0002', 'registered' FROM generate_series(0, 99) AS n
	UNION ALL
	SELECT '2020-12-13 09:00+09'::timestamptz + n * interval '10 s', 'KIX-0001', 'registered' FROM generate_series(0, 9) AS n
) AS r JOIN quarantine.port AS p ON p.port = split_part(r.reader, '-', 1);
SELECT * FROM quarantine.throughput('2020-12-13');
SELECT (SELECT count(*) FROM quarantine.throughput('2020-12-12')) AS another_day, (SELECT count(*) FROM quarantine.throughput('2020-12-13', 'HND')) AS another_port;
SELECT p.port, quarantine.seconds_per_reading(p.port, '2020-12-13') FROM unnest('{NRT,KIX,HND}'::text[]) AS p (port);
-- 300 people of one flight, 180 of them entered as 60 families; at 20 to 30 seconds and three devices
INSERT INTO quarantine.flight (port, conveyance, scheduled_at, passengers) VALUES ('NRT', 'NH 109', '2020-12-14 16:20+09', 300), ('NRT', 'JL 9', '2020-12-14 22:00+09', 0);
SELECT count(entered((SELECT jsonb_agg(someone(3 * n + k, n || 'A') ORDER BY k) FROM generate_series(0, 2) AS k))) AS families FROM generate_series(1, 60) AS n;
SELECT to_char(f.hour AT TIME ZONE 'Asia/Tokyo', 'HH24') AS hour, f.persons, f.entries, f.without_entry, f.capacity, f.queue, f.wait, f.readers_needed FROM quarantine.forecast('NRT', '2020-12-14') AS f WHERE f.persons > 0 OR f.queue > 0;
SELECT r.readers, max(f.queue) AS queue, max(f.wait) AS wait, max(f.readers_needed) AS needed FROM unnest('{1,3,10,40}'::integer[]) AS r (readers) CROSS JOIN LATERAL quarantine.forecast('NRT', '2020-12-14', r.readers) AS f GROUP BY r.readers ORDER BY r.readers;
-- with as many as are needed nobody waits longer than was asked
SELECT w.most, max(n.readers_needed) AS needed, (SELECT max(g.wait) <= w.most FROM quarantine.forecast('NRT', '2020-12-14', max(n.readers_needed), w.most) AS g) AS kept
FROM unnest('{5 minutes,15 minutes,30 minutes}'::interval[]) AS w (most) CROSS JOIN LATERAL quarantine.forecast('NRT', '2020-12-14', NULL, w.most) AS n GROUP BY w.most ORDER BY w.most;
SELECT count(*) AS hours, sum(f.persons) AS persons FROM quarantine.forecast('CTS', '2020-12-14') AS f;
SELECT refusal('(SELECT count(*) FROM quarantine.forecast(''NRT'', ''2020-12-14'', -1))') AS fewer_than_none;
ROLLBACK;
