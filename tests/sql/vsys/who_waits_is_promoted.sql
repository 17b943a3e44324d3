-- A place that becomes free goes, in the transaction that frees it, to the first of the waiting list who still wants it and
-- may have it. Who booked elsewhere, left, waited until a moment that is over, or lost the ticket is passed over.
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
SELECT s.slot AS s, s.session FROM vsys.slot AS s WHERE s.slot = slot('1310000018', '2021-06-07') \gset
CREATE VIEW list AS SELECT rank() OVER (ORDER BY waiting) AS n, number, municipality, dose, state, ended_at IS NOT NULL AS ended, booking IS NOT NULL AS booked FROM vsys.waiting;
-- not while there are places
SELECT refusal(format('vsys.join_waiting_list(%s, ''131016'', ''0000000001'', ''1951-01-02'', as_of => %L)', :session, :now)) AS not_full;
SELECT vsys.book(:s + n / 2, '131016', to_char(n + 1, 'FM0000000000'), make_date(1951 + n, 1, 2), as_of => :now) > 0 AS booked FROM generate_series(0, 5) AS n;
SELECT taken FROM vsys.slot WHERE session = :session ORDER BY slot;
-- seven wait: for any slot, for one, until a moment
SELECT vsys.join_waiting_list(:session, '131016', '0000000007', '1957-01-02', as_of => :now) AS w7 \gset
SELECT vsys.join_waiting_list(:session, '131016', '0000000008', '1958-01-02', as_of => :now) AS w8 \gset
SELECT vsys.join_waiting_list(:session, '131016', '0000000009', '1959-01-02', expires_at => '2021-06-02 09:00+09', as_of => :now) AS w9 \gset
SELECT vsys.join_waiting_list(:session, '131016', '0000000010', '1960-01-02', slots => ARRAY[:s + 2], as_of => :now) AS w10 \gset
SELECT vsys.join_waiting_list(:session, '131016', '0000000011', '1961-01-02', as_of => :now) AS w11 \gset
SELECT vsys.join_waiting_list(:session, '131016', '0000000012', '1962-01-02', as_of => :now) AS w12 \gset
SELECT vsys.join_waiting_list(:session, '271004', '0000000013', '1963-01-02', as_of => :now) AS w13 \gset
SELECT refusal(format('vsys.join_waiting_list(%s, ''131016'', ''0000000007'', ''1957-01-02'', as_of => %L)', :session, :now)) AS twice;
SELECT refusal(format('vsys.join_waiting_list(%s, ''131016'', ''0000000001'', ''1951-01-02'', as_of => %L)', :session, :now)) AS has_a_place;
SELECT refusal(format('vsys.join_waiting_list(%s, ''131016'', ''0000000014'', ''1964-01-03'', as_of => %L)', :session, :now)) AS wrong_date, refusal(format('vsys.join_waiting_list(999999, ''131016'', ''0000000014'', ''1964-01-02'', as_of => %L)', :now)) AS no_session,
	refusal(format('vsys.join_waiting_list(%s, ''131016'', ''0000000014'', ''1964-01-02'', slots => ''{1,999999}'', as_of => %L)', :session, :now)) AS no_slot, refusal(format('vsys.join_waiting_list(%s, ''131016'', ''0000000014'', ''1964-01-02'', expires_at => %L, as_of => %L)', :session, :now, :now)) AS over_before,
	refusal(format('vsys.join_waiting_list(%s, ''131016'', ''0000000014'', ''1964-01-02'', as_of => ''2021-06-07 12:00+09'')', :session)) AS session_over;
SELECT waiting - :w7 AS n, state, place, on_date FROM vsys.my_waiting('131016', '0000000012', '1962-01-02');
-- the first books elsewhere, the second leaves, the third waited until the 2nd, the fourth wants another slot, the fifth loses the ticket
SELECT vsys.book(slot('2710000015', '2021-06-07'), '131016', '0000000007', '1957-01-02', as_of => :now) > 0 AS elsewhere;
SELECT refusal(format('vsys.leave_waiting_list(%s, ''131016'', ''0000000009'', ''1959-01-02'', as_of => %L)', :w8, :now)) AS not_his, vsys.leave_waiting_list(:w8, '131016', '0000000008', '1958-01-02', as_of => :now) AS leaves, vsys.leave_waiting_list(:w8, '131016', '0000000008', '1958-01-02', as_of => :now) AS again;
SELECT number, outcome, bookings FROM vsys.withdraw_tickets('{0000000011}', 'died', '131016', :now);
-- so a place of the first slot, given back on the 3rd, is the sixth's
SELECT vsys.cancel((SELECT booking FROM vsys.booking WHERE number = '0000000001'), '131016', '0000000001', '1951-01-02', as_of => '2021-06-03 10:00+09') AS cancelled;
SELECT * FROM list;
SELECT b.number, b.state, b.source, b.slot - :s AS slot, b.in_force, wrong() FROM vsys.booking AS b WHERE b.source = 'waiting';
SELECT n.kind, n.number, n.municipality, n.site, n.told_at FROM vsys.booking_notice AS n ORDER BY n.notice;
-- the third slot's place is that of the fourth, who wants only this one
SELECT vsys.cancel((SELECT booking FROM vsys.booking WHERE number = '0000000005'), '131016', '0000000005', '1955-01-02', as_of => '2021-06-03 10:00+09') AS cancelled;
SELECT number, state FROM list WHERE n IN (4, 7);
-- a place more for the next, and none more when the list is empty
SELECT vsys.set_capacity(:s, 5, :now) AS promoted, taken, capacity FROM vsys.slot WHERE slot = :s;
SELECT number, state FROM list WHERE n = 7;
SELECT taken, capacity, wrong() FROM vsys.slot WHERE slot = :s;
-- a moved booking frees its place too
SELECT vsys.join_waiting_list(:session, '131016', '0000000014', '1964-01-02', slots => ARRAY[:s + 1], as_of => :now) > 0 AS waits;
SELECT vsys.rebook((SELECT booking FROM vsys.booking WHERE number = '0000000003' AND in_force), slot('1310000018', '2021-06-28'), '131016', '0000000003', '1953-01-02', as_of => :now) > 0 AS moved;
SELECT b.number, b.slot - :s AS slot, b.state, wrong() FROM vsys.booking AS b WHERE b.number = '0000000014';
-- promoted, but it is not wanted any more: cancel; nobody waits, so the slot has it
SELECT vsys.cancel((SELECT booking FROM vsys.booking WHERE number = '0000000014'), '131016', '0000000014', '1964-01-02', as_of => :now) AS cancelled, (SELECT taken FROM vsys.slot WHERE slot = :s + 1) AS taken_before;
SELECT taken, wrong() FROM vsys.slot WHERE slot = :s + 1;
-- what is left over the job ends: a place that is free though somebody waits, and waits that are over
SELECT vsys.book(:s + 1, '131016', '0000000015', '1965-01-02', as_of => :now) > 0 AS full_again, vsys.book(:s, '131016', '0000000016', '1966-01-02', as_of => :now) > 0, vsys.book(:s, '131016', '0000000017', '1967-01-02', as_of => :now) > 0;
SELECT vsys.join_waiting_list(:session, '131016', '0000000018', '1968-01-02', slots => ARRAY[:s], as_of => :now) > 0 AS waits, vsys.join_waiting_list(:session, '131016', '0000000019', '1969-01-02', slots => ARRAY[:s], expires_at => '2021-06-02 10:00+09', as_of => :now) > 0 AS waits_until;
UPDATE vsys.slot SET capacity = capacity + 1 WHERE slot = :s;
SELECT vsys.tend_bookings('2021-06-03 10:00+09');
SELECT vsys.tend_bookings('2021-06-03 10:00+09') AS again, wrong();
SELECT number, state FROM list ORDER BY n DESC LIMIT 2;
ROLLBACK;
