-- Booking, cancelling, booking anew: one person has one place for one dose at all sites together, both doses go together or
-- not at all, a key books once however often it is sent, nothing vanishes, and what is given back can be taken at once.
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
SELECT slot('1310000018', '2021-06-07') AS s, slot('1310000018', '2021-06-28') AS later, slot('1310000018', '2021-07-05') AS late, slot('2710000015', '2021-06-07') AS osaka \gset
CREATE VIEW bookings AS SELECT rank() OVER (ORDER BY b.booking) AS n, b.number, b.municipality, b.dose, b.site, b.on_date, b.state, b.in_force, b.source, b.ended_at IS NOT NULL AS ended, b.reason, b.pair - min(b.booking) OVER () + 1 AS pair FROM vsys.booking AS b;
CREATE VIEW counts AS SELECT s.site, e.on_date, string_agg(s.taken || '/' || s.capacity, ' ' ORDER BY s.starts_at) AS taken, wrong() FROM vsys.slot AS s JOIN vsys.session AS e USING (session) WHERE e.dose IS NULL GROUP BY s.site, e.on_date ORDER BY 1, 2;
-- the first dose; then both of another person
SELECT vsys.book(:s, '131016', '0000000001', '1951-01-02', as_of => :now) AS one \gset
SELECT vsys.book(:s, '131016', '0000000002', '1952-01-02', second_slot => :later, as_of => :now) AS pair \gset
SELECT * FROM bookings;
SELECT * FROM counts;
-- full: told so; nothing is left of the attempt, neither of a pair whose second half is full
SELECT refusal(format('vsys.book(%s, ''131016'', ''0000000003'', ''1953-01-02'', as_of => %L)', :s, :now)) AS full_slot;
SELECT vsys.book(:later, '271004', '0000000004', '1954-01-02', as_of => :now) > 0 AS fills_the_later_one;
SELECT refusal(format('vsys.book(%s, ''131016'', ''0000000003'', ''1953-01-02'', second_slot => %s, as_of => %L)', :s + 1, :later, :now)) AS second_full;
SELECT count(*) AS of_third_person FROM vsys.booking WHERE number = '0000000003';
SELECT * FROM counts;
-- the interval of the vaccine: 18 to 42 days for both together; the second alone not before the first
SELECT sessions FROM vsys.make_sessions('2710000015', 'test_first', 'test_p', '[{"weekday": 2, "start": "09:00", "end": "09:15", "capacity": 5}]', '2021-06-22', '2021-07-20');
SELECT d AS second_on, refusal(format('vsys.book(%s, ''131016'', ''0000000003'', ''1953-01-02'', second_slot => %s, as_of => %L)', :osaka, slot('2710000015', d), :now)) FROM unnest('{2021-06-22,2021-07-20}'::date[]) AS d;
SELECT refusal(format('vsys.book(%s, ''131016'', ''0000000003'', ''1953-01-02'', second_slot => %s, as_of => %L)', :osaka, :osaka, :now)) AS twice_the_same_slot;
SELECT refusal(format('vsys.book(%s, ''131016'', ''0000000003'', ''1953-01-02'', dose => 2, as_of => %L)', :osaka, :now)) AS second_without_first;
SELECT sessions FROM vsys.make_sessions('2710000015', 'test_first', 'test_m', '[{"weekday": 3, "start": "09:00", "end": "09:15", "capacity": 5}]', '2021-07-07', '2021-07-07');
SELECT refusal(format('vsys.book(%s, ''131016'', ''0000000003'', ''1953-01-02'', second_slot => (SELECT s.slot FROM vsys.slot AS s JOIN vsys.session AS e USING (session) WHERE e.product = ''test_m''), as_of => %L)', :osaka, :now)) AS another_vaccine;
SELECT vsys.book(slot('2710000015', '2021-07-06'), '131016', '0000000001', '1951-01-02', dose => 2, as_of => :now) > 0 AS second_after_first;
-- a key
SELECT vsys.book(:osaka, '131016', '0000000003', '1953-01-02', second_slot => slot('2710000015', '2021-06-28'), key => 'key 3', as_of => :now) AS keyed \gset
SELECT vsys.book(:osaka, '131016', '0000000003', '1953-01-02', second_slot => slot('2710000015', '2021-06-28'), key => 'key 3', as_of => :now) = :keyed AS the_same_again, count(*) FROM vsys.booking WHERE number = '0000000003';
SELECT refusal(format('vsys.book(%s, ''131016'', ''0000000003'', ''1953-01-02'', key => ''key 3'', as_of => %L)', :osaka + 1, :now)) AS key_for_something_else;
SELECT refusal(format('vsys.book(%s, ''131016'', ''0000000003'', ''1953-01-02'', key => ''key 4'', as_of => %L)', :osaka, :now)) AS another_key;
-- cancelling: not somebody else's, and once
SELECT refusal(format('vsys.cancel(%s, ''131016'', ''0000000002'', ''1952-01-02'', as_of => %L)', :one, :now)) AS somebody_elses, refusal(format('vsys.cancel(999999, ''131016'', ''0000000002'', ''1952-01-02'', as_of => %L)', :now)) AS nobodys;
SELECT refusal(format('vsys.cancel(%s, ''131016'', ''0000000001'', ''1951-01-03'', as_of => %L)', :one, :now)) AS wrong_date;
SELECT vsys.cancel(:keyed, '131016', '0000000003', '1953-01-02', 'fever', as_of => :now) AS both_doses, vsys.cancel(:keyed, '131016', '0000000003', '1953-01-02', as_of => :now) AS no_more;
SELECT refusal(format('vsys.book(%s, ''131016'', ''0000000003'', ''1953-01-02'', second_slot => %s, key => ''key 3'', as_of => %L)', :osaka, slot('2710000015', '2021-06-28'), :now)) AS a_retry_that_comes_late;
SELECT n, number, dose, state, in_force, ended, reason FROM bookings WHERE number = '0000000003';
-- re-booking is not blocked: at once, at another site, with the same ticket
SELECT vsys.book(:s + 1, '131016', '0000000003', '1953-01-02', as_of => :now) AS anew \gset
-- only the first of a pair
SELECT vsys.cancel(:pair, '131016', '0000000002', '1952-01-02', with_pair => false, as_of => :now) AS one_dose;
SELECT * FROM counts;
-- moving: the new place before the old one is given back; another site; the same slot is no move
SELECT vsys.book(:s, '131016', '0000000005', '1955-01-02', as_of => :now) > 0 AS fills_it;
SELECT refusal(format('vsys.rebook(%s, %s, ''131016'', ''0000000003'', ''1953-01-02'', as_of => %L)', :anew, :s, :now)) AS to_a_full_slot, (SELECT state FROM vsys.booking WHERE booking = :anew) AS the_old_one;
SELECT vsys.rebook(:anew, :s + 1, '131016', '0000000003', '1953-01-02', as_of => :now) = :anew AS no_move;
SELECT vsys.rebook(:anew, :osaka, '131016', '0000000003', '1953-01-02', key => 'move', as_of => :now) AS moved \gset
SELECT vsys.rebook(:anew, :osaka, '131016', '0000000003', '1953-01-02', key => 'move', as_of => :now) = :moved AS sent_again;
SELECT refusal(format('vsys.rebook(%s, %s, ''131016'', ''0000000003'', ''1953-01-02'', as_of => %L)', :anew, :s + 2, :now)) AS a_booking_that_ended;
SELECT refusal(format('vsys.rebook(%s, %s, ''131016'', ''0000000001'', ''1951-01-02'', as_of => %L)', :one, slot('2710000015', '2021-06-22'), :now)) AS too_near_to_the_second;
SELECT * FROM counts;
-- when it has begun
SELECT refusal(format('vsys.cancel(%s, ''131016'', ''0000000001'', ''1951-01-02'', as_of => %L)', :one, '2021-06-07 09:00+09')) AS cancel_too_late, refusal(format('vsys.rebook(%s, %s, ''131016'', ''0000000001'', ''1951-01-02'', as_of => %L)', :one, :s + 2, '2021-06-07 09:00+09')) AS move_too_late;
-- what a person sees: everything, with what became of it
SELECT b.state, b.dose, b.site, b.product, b.starts_at, b.reason FROM vsys.my_bookings('131016', '0000000003', '1953-01-02') AS b;
SELECT refusal('vsys.my_bookings(''131016'', ''0000000003'', ''1953-01-03'')') AS others_see_nothing;
-- what a booking is does not change, and no role deletes it
UPDATE vsys.booking SET slot = slot + 1;
\echo :LAST_ERROR_SQLSTATE
UPDATE vsys.booking SET person = gen_random_uuid();
\echo :LAST_ERROR_SQLSTATE
SELECT r.rolname, p.privilege FROM pg_roles AS r, unnest('{INSERT,UPDATE,DELETE,TRUNCATE}'::text[]) AS p (privilege) WHERE r.rolname ~ '^outbreak_' AND r.rolname <> 'outbreak_owner' AND (has_table_privilege(r.oid, 'vsys.booking', p.privilege) OR has_table_privilege(r.oid, 'vsys.slot', p.privilege) OR p.privilege IN ('INSERT', 'UPDATE') AND has_any_column_privilege(r.oid, 'vsys.booking', p.privilege));
-- overselling by hand is not possible either
UPDATE vsys.slot SET taken = capacity + 1 WHERE slot = :s;
\echo :LAST_ERROR_SQLSTATE
UPDATE vsys.slot SET taken = -1 WHERE slot = :s;
\echo :LAST_ERROR_SQLSTATE
SELECT wrong();
ROLLBACK;
