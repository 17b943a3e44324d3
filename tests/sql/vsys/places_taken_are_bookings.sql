-- taken is the number of bookings in force, whatever happens: done by a scan, given elsewhere or without a booking, not
-- come, a person who should never have been entered; and what is wrong is found.
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
SELECT slot('1310000018', '2021-06-07') AS s, slot('1310000018', '2021-06-28') AS later \gset
SELECT session AS session FROM vsys.slot WHERE slot = :s \gset
SELECT vsys.book(:s + n / 2, '131016', to_char(n + 1, 'FM0000000000'), make_date(1951 + n, 1, 2), second_slot => CASE WHEN n < 2 THEN :later END, as_of => :now) > 0 AS booked FROM generate_series(0, 4) AS n;
SELECT sum(taken) AS taken, wrong() FROM vsys.slot;
-- the dose was given where it was booked; the same scan twice is one
SELECT vsys.complete_booking('131016', '0000000001', 'test_first', 1, '1310000018', '2021-06-07 09:05+09') IS NOT NULL AS done, vsys.complete_booking('131016', '0000000001', 'test_first', 1, '1310000018', '2021-06-07 09:05+09') IS NOT NULL AS twice;
-- at another place than booked, and without a booking
SELECT vsys.complete_booking('131016', '0000000003', 'test_first', 1, '2710000015', '2021-06-05 09:05+09') IS NOT NULL AS elsewhere;
SELECT vsys.complete_booking('131016', '0000000009', 'test_first', 1, '2710000015', '2021-06-05 09:05+09') IS NOT NULL AS walk_in;
SELECT b.number, b.dose, b.site, b.state, b.in_force, b.source, b.reason FROM vsys.booking AS b ORDER BY b.number, b.dose, b.booking;
SELECT sum(taken) AS taken, wrong() FROM vsys.slot;
-- who had it cannot book it again
SELECT refusal(format('vsys.book(%s, ''131016'', ''0000000009'', ''1959-01-02'', as_of => %L)', :s + 2, :now)) AS again;
-- nobody else came
SELECT n.number, n.dose FROM vsys.mark_no_shows(:session, '2021-06-07 20:00+09') AS n ORDER BY 1;
SELECT sum(taken) AS taken, wrong() FROM vsys.slot;
-- a person who should never have been entered
SELECT person AS p4 FROM vsys.ticket WHERE number = '0000000004' AND municipality::text = '131016' \gset
SELECT sum(taken) AS before FROM vsys.slot \gset
SELECT f.relation, f.due, f.done FROM registry.forget_person(:'p4', true) AS f WHERE f.relation::text ~ '^vsys' ORDER BY 1;
SELECT :before - sum(taken) AS given_back, wrong() FROM vsys.slot;
-- broken by hand, it is found
SAVEPOINT broken;
UPDATE vsys.slot SET taken = taken + 1 WHERE slot = :s + 1;
UPDATE vsys.booking SET in_force = NULL WHERE number = '0000000001' AND dose = 1;
INSERT INTO vsys.booking (slot, person, booked_at, site, municipality, on_date, prefecture, dose, in_force, programme, number, state, source) VALUES (:s + 999999, gen_random_uuid(), now(), '1310000018', '131016', '2021-06-07', 13, 1, true, 'test_first', '0000000001', 'booked', 'direct');
SELECT c.slot - :s AS slot, c.taken, c.in_force, regexp_replace(c.problem, 'booking \d+', 'booking n') AS problem FROM vsys.check_slots() AS c;
SELECT jsonb_array_length(vsys.verify_bookings('2021-06-07 12:00+09') -> 'failed') AS failed, jsonb_array_length(vsys.verify_bookings('2031-06-07 12:00+09') -> 'failed') AS years_later;
ROLLBACK TO broken;
SELECT vsys.verify_bookings('2021-06-07 12:00+09');
ROLLBACK;
