-- Sessions are made from the pattern of a week, without holidays; made again they stay as they are. Rules of vaccine and
-- programme are copied and follow. A capacity is never below what is booked. A session that is closed loses nobody.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
\getenv srcdir PG_ABS_SRCDIR
\set world :srcdir /sql/vsys/booking_world.inc
\set ECHO none
\i :world
\set ECHO all
\set VERBOSITY terse
\set now '''2021-06-01 10:00+09'''
\set week '''[{"weekday": 1, "start": "09:00", "end": "12:00", "minutes": 30, "capacity": 10}, {"weekday": 1, "start": "13:00", "end": "14:00", "minutes": 30, "capacity": 8}, {"weekday": 6, "start": "18:00", "end": "24:00", "minutes": 120, "capacity": 3}]'''
SELECT * FROM vsys.make_sessions('1310000026', 'test_first', 'test_p', :week, '2021-07-01', '2021-07-31', '{2021-07-05,2021-07-24}', opens_at => '2021-06-20 09:00+09', close_before => '1 day');
SELECT e.on_date, extract(isodow FROM e.on_date) AS weekday, min(s.starts_at)::time AS first, max(s.ends_at) AS last, count(*) AS slots, sum(s.capacity) AS places, e.closes_at, e.municipality, e.first_dose, e.last_dose, e.min_age, e.interval_min_days, e.interval_max_days
FROM vsys.session AS e JOIN vsys.slot AS s USING (session) WHERE e.site::text = '1310000026' GROUP BY e.session ORDER BY 1;
-- again: nothing; a longer pattern: what is lacking
SELECT * FROM vsys.make_sessions('1310000026', 'test_first', 'test_p', :week, '2021-07-01', '2021-07-31', '{2021-07-05,2021-07-24}');
SELECT * FROM vsys.make_sessions('1310000026', 'test_first', 'test_p', '[{"weekday": 1, "start": "09:00", "end": "15:00", "minutes": 30, "capacity": 10}]', '2021-07-12', '2021-07-12');
SELECT count(*) FROM vsys.session WHERE site::text = '1310000026' AND on_date = '2021-07-12';
-- patterns that are none
SELECT p, refusal(format('vsys.make_sessions(''1310000026'', ''test_first'', ''test_p'', %L, ''2021-07-01'', ''2021-07-31'')', p)) FROM unnest(ARRAY['{}', '[]', '[1]', '[{"weekday": 8, "start": "09:00", "end": "12:00", "capacity": 1}]', '[{"weekday": 1, "start": "9:00", "end": "12:00", "capacity": 1}]', '[{"weekday": 1, "start": "12:00", "end": "09:00", "capacity": 1}]',
	'[{"weekday": 1, "start": "09:00", "end": "12:00", "capacity": -1}]', '[{"weekday": 1, "start": "09:00", "end": "12:00", "minutes": 0, "capacity": 1}]', '[{"weekday": 1, "start": "09:00", "end": "12:00"}]', '[{"weekday": 1, "start": "09:00", "end": "24:30", "capacity": 1}]']) AS p;
SELECT refusal('vsys.make_sessions(''1310000026'', ''test_first'', ''test_p'', ''[{"weekday": 1, "start": "09:00", "end": "12:00", "capacity": 1}]'', ''2021-07-01'', ''2023-07-31'')') AS too_long, refusal('vsys.make_sessions(''1310000026'', ''test_third'', ''test_m'', ''[{"weekday": 1, "start": "09:00", "end": "12:00", "capacity": 1}]'', ''2021-07-01'', ''2021-07-31'')') AS product_not_used,
	refusal('vsys.make_sessions(''1310000026'', ''test_first'', ''test_p'', ''[{"weekday": 1, "start": "09:00", "end": "12:00", "capacity": 1}]'', ''2021-07-01'', ''2021-07-31'', priority_groups => ''{nobody}'')') AS no_group, refusal('vsys.make_sessions(''1310000034'', ''test_first'', ''test_p'', ''[{"weekday": 1, "start": "09:00", "end": "12:00", "capacity": 1}]'', ''2021-07-01'', ''2021-07-31'')') AS no_site;
-- a rule of the vaccine changes: sessions to come follow, what the site raised stays
SELECT vsys.set_session((SELECT min(session) FROM vsys.session WHERE site::text = '1310000026'), min_age => 65);
UPDATE vsys.session SET on_date = on_date + 36500 WHERE site::text = '1310000026';
UPDATE vsys.product SET min_age = 16, interval_max_days = 56, course_doses = 1, interval_days = NULL WHERE product = 'test_p';
SELECT e.min_age, e.last_dose, e.interval_max_days, count(*) FROM vsys.session AS e WHERE e.site::text = '1310000026' GROUP BY 1, 2, 3 ORDER BY 1;
UPDATE vsys.programme SET last_dose = 1 WHERE programme = 'test_first';
-- capacity, with bookings there
SELECT slot('1310000018', '2021-06-07') AS s, (SELECT session FROM vsys.slot WHERE slot = slot('1310000018', '2021-06-07')) AS session \gset
SELECT vsys.book(:s, '131016', '0000000001', '1951-01-02', as_of => :now) > 0 AS one, vsys.book(:s, '131016', '0000000002', '1952-01-02', as_of => :now) > 0 AS two, vsys.book(:s + 1, '131016', '0000000003', '1953-01-02', as_of => :now) > 0 AS three;
SELECT refusal(format('vsys.set_capacity(%s, 1, %L)', :s, :now)) AS below, vsys.set_capacity(:s, 3, :now) AS above, vsys.set_capacity(:s, 2, :now) AS to_what_is_booked, refusal(format('vsys.set_capacity(%s, -1, %L)', :s, :now)) AS negative, refusal(format('vsys.set_capacity(999999, 1, %L)', :now)) AS no_slot;
SELECT vsys.set_capacity(:s + 1, 1, :now) AS full_now, refusal(format('vsys.book(%s, ''131016'', ''0000000004'', ''1954-01-02'', as_of => %L)', :s + 1, :now)) AS told;
-- closing: nobody books any more, everybody who had is on the list, free to book anew at once
SELECT refusal(format('vsys.close_session(%s, '' '', %L)', :session, :now)) AS no_reason, refusal(format('vsys.close_session(999999, ''x'', %L)', :now)) AS no_session;
SELECT vsys.join_waiting_list(:session, '131016', '0000000005', '1955-01-02', slots => ARRAY[:s], as_of => :now) > 0 AS waits;
SELECT c.municipality, c.number, c.dose, c.starts_at, c.pair_starts_at FROM vsys.close_session(:session, 'freezer failed', :now) AS c;
SELECT count(*) AS again FROM vsys.close_session(:session, 'freezer failed', :now);
SELECT number, state, in_force, reason FROM vsys.booking ORDER BY booking;
SELECT taken, open, wrong() FROM vsys.slot WHERE session = :session ORDER BY slot;
SELECT kind, number, told_at FROM vsys.booking_notice ORDER BY notice;
SELECT state FROM vsys.waiting;
SELECT refusal(format('vsys.book(%s, ''131016'', ''0000000004'', ''1954-01-02'', as_of => %L)', :s + 2, :now)) AS closed;
SELECT vsys.book(slot('2710000015', '2021-06-07'), '131016', '0000000001', '1951-01-02', as_of => :now) > 0 AS booked_anew;
SELECT * FROM vsys.make_sessions('1310000018', 'test_first', 'test_p', '[{"weekday": 1, "start": "09:00", "end": "11:00", "minutes": 15, "capacity": 2}]', '2021-06-07', '2021-06-07');
-- opened again, it can be booked and filled up; who was displaced stays so
SELECT vsys.reopen_session(:session), refusal('vsys.reopen_session(999999)') AS no_session;
SELECT * FROM vsys.make_sessions('1310000018', 'test_first', 'test_p', '[{"weekday": 1, "start": "09:00", "end": "11:00", "minutes": 15, "capacity": 2}]', '2021-06-07', '2021-06-07');
SELECT vsys.book(:s, '131016', '0000000002', '1952-01-02', as_of => :now) > 0 AS booked;
SELECT wrong();
ROLLBACK;

-- the second dose of somebody whose first is displaced: both are told, the second stays until the person moves it
BEGIN;
SET client_min_messages = warning;
\set ECHO none
\i :world
\set ECHO all
SELECT vsys.book(slot('1310000018', '2021-06-07'), '131016', '0000000002', '1952-01-02', second_slot => slot('1310000018', '2021-06-28'), as_of => :now) AS b \gset
SELECT c.number, c.dose, c.starts_at, c.pair_starts_at FROM vsys.close_session((SELECT session FROM vsys.slot WHERE slot = slot('1310000018', '2021-06-07')), 'storm', :now) AS c;
SELECT kind FROM vsys.booking_notice ORDER BY notice;
SELECT dose, state, in_force FROM vsys.booking ORDER BY booking;
SELECT vsys.book(slot('2710000015', '2021-06-07'), '131016', '0000000002', '1952-01-02', as_of => :now) > 0 AS first_dose_anew, wrong();
ROLLBACK;
