-- Queue mode: a request is taken down and decided later, first come first served by its number, each by its first choice
-- that has a place; both doses or none; refused with a reason, or put on the waiting list. Whoever asks may decide.
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
SELECT slot('1310000018', '2021-06-07') AS s, slot('1310000018', '2021-06-28') AS later, slot('2710000015', '2021-06-07') AS osaka \gset
SELECT vsys.set_session(e.session, mode => 'queue') FROM vsys.session AS e WHERE e.on_date < '2021-07-01';
CREATE FUNCTION ask(n integer, slots bigint[], second_slots bigint[] DEFAULT NULL, wait boolean DEFAULT false) RETURNS boolean LANGUAGE SQL AS $$
	SELECT r.claim IS NOT NULL FROM vsys.request_booking(slots, '131016', to_char(n, 'FM0000000000'), make_date(1950 + n, 1, 2), NULL, second_slots, wait, '2021-06-01 10:00+09') AS r
$$;
CREATE VIEW queue AS SELECT rank() OVER (ORDER BY q.request) AS place, q.number, q.state, q.reason, b.slot - :s AS slot, b.state AS booking, b.source, (SELECT o.slot FROM vsys.booking AS o WHERE o.pair = b.booking AND o.booking <> b.booking) - :later AS second FROM vsys.queue_request AS q LEFT JOIN vsys.booking AS b ON b.booking = q.booking;
-- 1 and 2 take the first slot, 3 its second choice, 4 has none, 5 waits, 6 both doses, 7 both doses though the first choice's second is full
SELECT ask(1, ARRAY[:s]), ask(2, ARRAY[:s]), ask(3, ARRAY[:s, :s + 1]), ask(4, ARRAY[:s]), ask(5, ARRAY[:s], wait => true), ask(6, ARRAY[:s + 1], ARRAY[:later]);
SELECT vsys.grant_requests(as_of => :now) AS decided, vsys.grant_requests(as_of => :now) AS no_more, wrong();
SELECT * FROM queue;
SELECT vsys.grant_requests(as_of => :now) AS nothing;
SELECT ask(7, ARRAY[:s + 2, :s + 2], ARRAY[:later, :later + 1]), ask(8, ARRAY[:s + 2, :s + 1], ARRAY[:later, NULL]), ask(9, ARRAY[:s + 1, :s + 2]);
SELECT vsys.grant_requests(1, :now) AS one_by_one, vsys.grant_requests(1, :now), vsys.grant_requests(1, :now), wrong();
SELECT place, number, state, reason, slot, second FROM queue OFFSET 6;
SELECT number, state FROM vsys.waiting;
SELECT taken, capacity FROM vsys.slot WHERE slot BETWEEN :s AND :s + 2 ORDER BY slot;
-- one person, one place: a second request waits for the first and is refused; so is one who booked meanwhile
SELECT vsys.set_capacity(slot, 10, :now) AS promoted FROM vsys.slot WHERE slot BETWEEN :s AND :s + 2 ORDER BY slot;
SELECT ask(10, ARRAY[:s + 2]), ask(10, ARRAY[:s]), ask(11, ARRAY[:s + 2]);
SELECT vsys.book(slot('1310000018', '2021-07-05'), '131016', '0000000011', '1961-01-02', as_of => :now) > 0 AS elsewhere;
SELECT vsys.grant_requests(as_of => :now) AS first_round, vsys.grant_requests(as_of => :now) AS second_round, wrong();
SELECT place, number, state, reason FROM queue OFFSET 9;
-- a ticket that is withdrawn, a session that is closed, before the turn has come
SELECT ask(12, ARRAY[:s + 2]), ask(13, ARRAY[:osaka]), ask(14, ARRAY[:osaka, :s + 2]);
SELECT outcome FROM vsys.withdraw_tickets('{0000000012}', 'moved', '131016', :now);
SELECT count(*) FROM vsys.close_session((SELECT session FROM vsys.slot WHERE slot = :osaka), 'storm', :now);
SELECT vsys.grant_requests(as_of => :now) AS decided, wrong();
SELECT place, number, state, reason, slot FROM queue OFFSET 12;
-- taken back before it is decided; afterwards it is a booking like any other
SELECT r.request, r.claim FROM vsys.request_booking(ARRAY[:s + 2], '131016', '0000000015', '1965-01-02', as_of => :now) AS r \gset
SELECT vsys.withdraw_request(:request, :'claim', :now) AS taken_back, vsys.withdraw_request(:request, :'claim', :now) AS again, refusal(format('vsys.withdraw_request(%s, gen_random_uuid())', :request)) AS not_his;
SELECT vsys.grant_requests(as_of => :now) AS decided;
SELECT vsys.cancel(booking, '131016', '0000000001', '1951-01-02', as_of => :now) AS cancelled FROM vsys.queue_request WHERE number = '0000000001';
-- the place in the queue: by number and key together, and where nobody grants, who asks does
SELECT r.request, r.claim FROM vsys.request_booking(ARRAY[:s + 2], '131016', '0000000016', '1966-01-02', as_of => :now) AS r \gset
UPDATE vsys.allocator SET ran_at = :now;
SELECT q.state, q.place, q.booking FROM vsys.queue_place(:request, :'claim', :now) AS q;
SELECT refusal(format('vsys.queue_place(%s, gen_random_uuid())', :request)) AS wrong_key, refusal('vsys.queue_place(0, gen_random_uuid())') AS wrong_number;
SELECT q.state, q.place, q.booking IS NOT NULL AS booked, q.slot - :s AS slot, q.starts_at FROM vsys.queue_place(:request, :'claim', '2021-06-01 10:00:01+09') AS q;
-- numbers that were drawn early and committed late are decided too, also below what was decided
UPDATE vsys.allocator SET decided_to = decided_to + 20000, searched_at = :now;
SELECT ask(17, ARRAY[:s + 2]);
SELECT vsys.grant_requests(as_of => :now) AS not_looked_for, vsys.grant_requests(as_of => '2021-06-01 10:00:06+09') AS looked_for;
-- what is asked is judged at once, and by the same rules
SELECT refusal(format('vsys.request_booking(ARRAY[%s], ''131016'', ''0000000018'', ''1968-01-03'', as_of => %L)', :s + 2, :now)) AS wrong_date, refusal(format('vsys.request_booking(ARRAY[%s, 999999], ''131016'', ''0000000018'', ''1968-01-02'', as_of => %L)', :s + 2, :now)) AS no_slot, refusal(format('vsys.request_booking(ARRAY[%s], ''131016'', ''0000000016'', ''1966-01-02'', as_of => %L)', :s + 2, :now)) AS has_a_place,
	refusal(format('vsys.request_booking(ARRAY[%s], ''131016'', ''0000000018'', ''1968-01-02'', second_slots => ARRAY[%s], as_of => %L)', :s + 2, :s + 1, :now)) AS too_near, refusal(format('vsys.request_booking(''{}'', ''131016'', ''0000000018'', ''1968-01-02'', as_of => %L)', :now)) AS no_choice, refusal(format('vsys.request_booking(NULL, ''131016'', ''0000000018'', ''1968-01-02'', as_of => %L)', :now)) AS nothing,
	refusal(format('vsys.request_booking(''{{%s},{%s}}'', ''131016'', ''0000000018'', ''1968-01-02'', as_of => %L)', :s, :s, :now)) AS a_matrix, refusal(format('vsys.request_booking(array_fill(%s::bigint, ''{11}''), ''131016'', ''0000000018'', ''1968-01-02'', as_of => %L)', :s, :now)) AS too_many, refusal(format('vsys.request_booking(ARRAY[%s], ''131016'', ''0000000018'', ''1968-01-02'', second_slots => ''{1,2}'', as_of => %L)', :s, :now)) AS uneven;
-- nobody makes the queue longer by asking again and again
SELECT string_agg(refusal(format('vsys.request_booking(ARRAY[%s], ''131016'', ''0000000018'', ''1968-01-02'', as_of => %L)', :s + 2, :now)) ~ '^NOT' || '', ' ') AS four_times FROM generate_series(1, 4);
SELECT vsys.tend_bookings('2021-06-01 10:00:20+09') ->> 'decided' AS by_the_job, (SELECT count(*) FROM vsys.queue_request WHERE state = 'waiting') AS waiting, wrong();
SELECT decided_to > 0 AS decided_to, decided = (SELECT count(*) FROM vsys.queue_request WHERE state <> 'withdrawn') AS all_counted FROM vsys.allocator;
ROLLBACK;
-- the procedure that ops keeps running commits after each batch and ends in time
CALL vsys.run_allocator(0);
SET ROLE outbreak_worker;
CALL vsys.run_allocator(0, 10);
SELECT vsys.allocate(0);
RESET ROLE;
