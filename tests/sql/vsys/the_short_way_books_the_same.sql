-- Booking, asking in turn and granting go a short way, without a query, where nothing is out of the ordinary. With a trigger, a check
-- or a column that somebody added they go the long way: what is written is the same, and the trigger fires. The key that
-- dates of birth are compared by is remembered, but what became of access.master_key meanwhile is seen at once.
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
SELECT sessions FROM vsys.make_sessions('2710000015', 'test_first', 'test_p', '[{"weekday": 2, "start": "09:00", "end": "09:30", "capacity": 5}]', '2021-06-08', '2021-06-08', mode => 'queue');
SELECT slot('2710000015', '2021-06-08') AS q \gset
SELECT sessions FROM vsys.make_sessions('2710000015', 'test_first', 'test_p', '[{"weekday": 3, "start": "09:00", "end": "09:30", "capacity": 5}]', '2021-07-07', '2021-07-07', mode => 'queue');
SELECT slot('2710000015', '2021-07-07') AS q2 \gset
-- the function of the short way by itself: NULL is whatever it leaves to the long one
SELECT outbreak.book_place(:s, '131016', '0000000001', '1951-01-02', NULL, 'key 1', :now) IS NOT NULL AS booked;
SELECT outbreak.book_place(:s, '131016', '0000000001', '1951-01-02', NULL, 'key 1', :now) AS already;
SELECT outbreak.book_place(:s, '131016', '0000000002', '1951-01-02', NULL, NULL, :now) AS wrong_date;
SELECT outbreak.book_place(NULL, '131016', '0000000002', '1952-01-02', NULL, NULL, :now) AS no_slot, outbreak.book_place(:s, '131016', '0000000002', '1952-01-02', NULL, NULL, NULL) AS no_moment;
SELECT * FROM outbreak.note_request(ARRAY[:s], '131016', '0000000002', '1952-01-02', NULL, NULL, false, :now) AS not_in_turn;
SELECT count(*) = 1 AS one_booking, wrong() FROM vsys.booking;
-- a key that was used before, for another slot or after it ended, is for vsys.book() to answer
SELECT outbreak.book_place(:later, '131016', '0000000001', '1951-01-02', 2, 'key 1', :now) AS key_used, outbreak.book_place(:later, '131016', '0000000001', '1951-01-02', 2, 'key 2', :now) IS NOT NULL AS another_key;
-- the last place, then none
SELECT vsys.book(:s, '131016', '0000000002', '1952-01-02', as_of => :now) > 0 AS the_last_place;
SELECT outbreak.book_place(:s, '131016', '0000000003', '1953-01-02', NULL, NULL, :now) AS none_left;
-- the same with a trigger on the table of the slots, on that of the bookings, with a check, with a column
CREATE TABLE seen (what text);
GRANT INSERT ON seen TO PUBLIC;
CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN INSERT INTO public.seen VALUES (TG_TABLE_NAME || ' ' || TG_OP); RETURN NULL; END$$;
CREATE FUNCTION booked(n integer) RETURNS text LANGUAGE SQL STABLE AS
	$$SELECT to_jsonb(b) - '{booking,person,number,slot,added}'::text[] FROM vsys.booking AS b WHERE b.number = to_char($1, 'FM0000000000') AND b.municipality::text = '131016'$$;
SELECT vsys.book(:s + 1, '131016', '0000000004', '1954-01-02', key => 'k', as_of => :now) > 0 AS short_way;
CREATE TRIGGER see AFTER UPDATE ON vsys.slot FOR EACH ROW EXECUTE FUNCTION see();
SELECT outbreak.book_place(:s + 1, '131016', '0000000005', '1955-01-02', NULL, 'k', :now) AS left_to_the_long_way;
SELECT vsys.book(:s + 1, '131016', '0000000005', '1955-01-02', key => 'k', as_of => :now) > 0 AS long_way;
SELECT booked(4) = booked(5) AS the_same;
DROP TRIGGER see ON vsys.slot;
CREATE TRIGGER see AFTER INSERT ON vsys.booking FOR EACH ROW EXECUTE FUNCTION see();
SELECT vsys.book(:s + 2, '131016', '0000000006', '1956-01-02', key => 'k', as_of => :now) > 0 AS long_way;
SELECT booked(4) = booked(6) AS the_same;
DROP TRIGGER see ON vsys.booking;
-- requests: by themselves, with choices, with a second dose, with a trigger
CREATE FUNCTION asked(n integer) RETURNS text LANGUAGE SQL STABLE AS
	$$SELECT to_jsonb(q) - '{request,person,number,claim}'::text[] FROM vsys.queue_request AS q WHERE q.number = to_char($1, 'FM0000000000') AND q.municipality::text = '131016'$$;
SELECT r.request > 0 AS short_way FROM vsys.request_booking(ARRAY[:q], '131016', '0000000009', '1959-01-02', as_of => :now) AS r;
SELECT r.request > 0 AS choices FROM vsys.request_booking(ARRAY[:q + 1, :q], '131016', '0000000011', '1961-01-02', second_slots => ARRAY[NULL, :q2], wait => true, as_of => :now) AS r;
SELECT outbreak.note_request(ARRAY[:q, :s], '131016', '0000000012', '1962-01-02', NULL, NULL, false, :now) AS one_is_not_in_turn, outbreak.note_request(ARRAY[:q], '131016', '0000000012', '1962-01-02', NULL, ARRAY[:q], false, :now) AS twice_the_same, outbreak.note_request('[0:0]={1}', '131016', '0000000012', '1962-01-02', NULL, NULL, false, :now) AS strange_array;
CREATE TRIGGER see AFTER INSERT ON vsys.queue_request FOR EACH ROW EXECUTE FUNCTION see();
SELECT outbreak.note_request(ARRAY[:q], '131016', '0000000012', '1962-01-02', NULL, NULL, false, :now) AS left_to_the_long_way;
SELECT r.request > 0 AS long_way FROM vsys.request_booking(ARRAY[:q], '131016', '0000000012', '1962-01-02', as_of => :now) AS r;
SELECT r.request > 0 AS long_way FROM vsys.request_booking(ARRAY[:q + 1, :q], '131016', '0000000013', '1963-01-02', second_slots => ARRAY[NULL, :q2], wait => true, as_of => :now) AS r;
DROP TRIGGER see ON vsys.queue_request;
SELECT asked(9) = asked(12) AS the_same, asked(11) = asked(13) AS the_same_with_choices;
-- granting: two the short way, two the long way, with one row of a pair each
CREATE FUNCTION granted(n integer) RETURNS text LANGUAGE SQL STABLE AS $$
	SELECT string_agg((to_jsonb(b) - '{booking,person,number,pair,key}'::text[])::text || (b.key = 'request ' || q.request)::text || coalesce((b.pair = q.booking)::text, 'alone'), E'\n' ORDER BY b.dose)
		|| (to_jsonb(q) - '{request,person,number,claim,booking}'::text[])::text
	FROM vsys.queue_request AS q JOIN vsys.booking AS b ON b.person = q.person
	WHERE q.number = to_char($1, 'FM0000000000') AND q.municipality::text = '131016'
	GROUP BY q.request, q.*
$$;
SELECT d.decided, d.reached > 0 AS reached, d.waiting FROM outbreak.decide_requests(0, 2, :now) AS d;
CREATE TRIGGER see AFTER INSERT ON vsys.queue_request FOR EACH ROW EXECUTE FUNCTION see();
SELECT * FROM outbreak.decide_requests(0, 2, :now) AS left_to_the_long_way;
SELECT vsys.grant_requests(2, :now) AS long_way;
DROP TRIGGER see ON vsys.queue_request;
SELECT number, state, reason FROM vsys.queue_request ORDER BY request;
SELECT granted(9) = granted(12) AS the_same, granted(11) = granted(13) AS the_same_with_choices, granted(11) LIKE '%true%true%' AS both_doses, wrong();
-- who asks twice in a batch is booked once, and told so in the next; who waits, waits
SELECT (vsys.request_booking(ARRAY[:q], '131016', '0000000015', '1965-01-02', as_of => :now)).request > 0 AS once;
SELECT (vsys.request_booking(ARRAY[:q], '131016', '0000000015', '1965-01-02', as_of => :now)).request > 0 AS twice;
SELECT r.request > 0 AS waits FROM vsys.request_booking(ARRAY[:q], '131016', '0000000016', '1966-01-02', wait => true, as_of => :now) AS r;
SELECT vsys.set_capacity(:q, (SELECT taken FROM vsys.slot WHERE slot = :q) + 1, :now) AS one_place_more;
SELECT vsys.grant_requests(as_of => :now) AS first_round, vsys.grant_requests(as_of => :now) AS second_round;
SELECT number, state, reason, booking IS NOT NULL AS booked FROM vsys.queue_request WHERE number IN ('0000000015', '0000000016') ORDER BY request;
SELECT number, state FROM vsys.waiting;
SELECT vsys.set_capacity(:q, 5, :now) AS promoted, wrong();
ALTER TABLE vsys.booking ADD CHECK (dose < 9);
SELECT outbreak.book_place(:s + 2, '131016', '0000000007', '1957-01-02', NULL, 'k', :now) AS left_to_the_long_way;
SELECT vsys.book(:s + 2, '131016', '0000000007', '1957-01-02', key => 'k', as_of => :now) > 0 AS long_way;
SELECT booked(4) = booked(7) AS the_same;
ALTER TABLE vsys.booking DROP CONSTRAINT booking_dose_check;
ALTER TABLE vsys.booking ADD added integer DEFAULT 7;
SELECT vsys.book(:later + 1, '131016', '0000000008', '1958-01-02', key => 'k', as_of => :now) > 0 AS long_way;
SELECT added FROM vsys.booking WHERE number = '0000000008';
SELECT what, count(*) FROM seen GROUP BY what ORDER BY what;
SELECT wrong();
-- three requests of a person for a dose, and no fourth
SELECT refusal(format('(vsys.request_booking(ARRAY[%s], ''131016'', ''0000000014'', ''1964-01-02'', as_of => %L)).request > 0', :q, :now)) FROM generate_series(1, 4);
ROLLBACK;
-- the remembered key
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
\set ECHO none
\i :world
\set ECHO all
SELECT slot('1310000018', '2021-06-07') AS s \gset
CREATE FUNCTION judged(born date) RETURNS text LANGUAGE SQL AS
	$$SELECT coalesce(refusal(format('(outbreak.judge_booking(%s, ''131016'', ''0000000001'', %L, NULL, ''2021-06-01 10:00+09'', false, NULL, NULL)).reason', slot('1310000018', '2021-06-07'), $1)), '')$$;
SELECT judged('1951-01-02') AS right_date, judged('1951-01-03') AS wrong_date;
SELECT judged('1951-01-02') AS right_date, judged('1951-01-03') AS wrong_date;
SAVEPOINT other_key;
UPDATE access.master_key SET check_value = '\x00112233445566778899aabbccddeeff';
SELECT judged('1951-01-02') AS of_another_master_key;
ROLLBACK TO other_key;
SELECT judged('1951-01-02') AS right_date, judged('1951-01-03') AS wrong_date;
SAVEPOINT changed_key;
UPDATE access.master_key SET tag_key = set_byte(tag_key, 20, get_byte(tag_key, 20) # 1);
SELECT judged('1951-01-02') AS of_a_changed_tag_key;
ROLLBACK TO changed_key;
SELECT judged('1951-01-02') AS right_date;
-- who may write nothing books nothing
\set ON_ERROR_ROLLBACK off
SET LOCAL transaction_read_only = on;
SELECT outbreak.book_place(:s, '131016', '0000000001', '1951-01-02', NULL, NULL, '2021-06-01 10:00+09') AS read_only;
SELECT refusal(format('vsys.book(%s, ''131016'', ''0000000001'', ''1951-01-02'', as_of => ''2021-06-01 10:00+09'')', :s)) AS read_only;
ROLLBACK;
