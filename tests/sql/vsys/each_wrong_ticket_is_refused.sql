-- What the booking of the Self-Defence Forces took in May 2021 (券番号0000000000, 市区町村コード000000, age 51, one ticket many
-- times, the wrong week), and every other ticket that is not for a slot: each is refused, with its own reason.
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
-- numbers and codes that are none
SELECT refusal(format('vsys.book(%s, ''131016'', ''0000000000'', ''1951-01-02'', as_of => %L)', :s, :now)) AS number_zero;
SELECT refusal(format('vsys.book(%s, ''000000'', ''0000000001'', ''1951-01-02'', as_of => %L)', :s, :now)) AS code_zero;
SELECT refusal(format('vsys.book(%s, ''131017'', ''0000000001'', ''1951-01-02'', as_of => %L)', :s, :now)) AS check_digit;
SELECT refusal(format('vsys.book(%s, ''131016'', ''000000001'', ''1951-01-02'', as_of => %L)', :s, :now)) AS nine_digits;
SELECT refusal(format('vsys.book(%s, ''131016'', ''00000000011'', ''1951-01-02'', as_of => %L)', :s, :now)) AS eleven_digits;
SELECT refusal(format('vsys.book(%s, ''131016'', ''000000000A'', ''1951-01-02'', as_of => %L)', :s, :now)) AS letters;
SELECT refusal(format('vsys.book(%s, ''131016'', NULL, ''1951-01-02'', as_of => %L)', :s, :now)) AS no_number;
SELECT refusal(format('vsys.book(%s, NULL, ''0000000001'', ''1951-01-02'', as_of => %L)', :s, :now)) AS no_municipality;
-- an unknown number, a wrong date, a date that is missing, a number of another town, a ticket that was withdrawn: the same words
SELECT number FROM vsys.withdraw_tickets('{0000000020}', 'moved', '131016', '2021-05-30 10:00+09');
SELECT t.what, refusal(format('vsys.book(%s, %L, %L, %L, as_of => %L)', :s, t.municipality, t.number, t.born, :now))
FROM (VALUES (1, 'unknown', '131016', '0000000099', '1951-01-02'), (2, 'wrong date', '131016', '0000000001', '1951-01-03'), (3, 'no date', '131016', '0000000002', NULL), (4, 'no such day', '131016', '0000000003', 'infinity'),
	(5, 'town without tickets', '011002', '0000000001', '1951-01-02'), (6, 'withdrawn', '131016', '0000000020', '1970-01-02')) AS t (n, what, municipality, number, born)
ORDER BY t.n;
-- a ticket for another programme, another dose, another week, a group whose turn has not come
SELECT count(*) AS faults FROM vsys.issue_tickets('[{"number": "9000000001", "birth_on": "1951-01-02", "priority_group": "test_elderly", "valid_from": "2021-04-12"}]', 'test_third', '131016');
SELECT refusal(format('vsys.book(%s, ''131016'', ''9000000001'', ''1951-01-02'', as_of => %L)', :s, :now)) AS other_programme;
SELECT refusal(format('vsys.book(%s, ''131016'', ''0000000001'', ''1951-01-02'', dose => %s, as_of => %L)', :s, d, :now)) AS dose_of_no_programme FROM unnest('{0,3,-1,100}'::integer[]) AS d;
SELECT sessions FROM vsys.make_sessions('1310000018', 'test_first', 'test_p', '[{"weekday": 2, "start": "09:00", "end": "09:15", "capacity": 5}]', '2021-06-08', '2021-06-29', dose => 2);
SELECT refusal(format('vsys.book(%s, ''131016'', ''0000000001'', ''1951-01-02'', as_of => %L)', slot('1310000018', '2021-06-08'), :now)) AS other_dose;
UPDATE vsys.ticket SET valid = '[2021-06-14,)' WHERE number = '0000000005' AND municipality::text = '131016';
SELECT refusal(format('vsys.book(%s, ''131016'', ''0000000005'', ''1955-01-02'', as_of => %L)', :s, :now)) AS wrong_week;
SELECT vsys.book(:later, '131016', '0000000005', '1955-01-02', as_of => :now) > 0 AS right_week;
SELECT vsys.set_session(e.session, priority_groups => '{test_elderly}') FROM vsys.session AS e JOIN vsys.slot AS s USING (session) WHERE s.slot = :s;
SELECT refusal(format('vsys.book(%s, ''131016'', ''0000000011'', ''1961-01-02'', as_of => %L)', :s, :now)) AS not_your_turn;
-- the age of 51 at a site for people of 65 and more; by the day, as Japan counts
SELECT vsys.set_session(e.session, priority_groups => '{}', min_age => 65) FROM vsys.session AS e JOIN vsys.slot AS s USING (session) WHERE s.slot = :s;
SELECT count(*) AS faults FROM vsys.issue_tickets('[{"number": "5100000001", "birth_on": "1970-03-01", "priority_group": "test_others"}, {"number": "6500000001", "birth_on": "1956-06-08", "priority_group": "test_others"},
	{"number": "6500000002", "birth_on": "1956-06-09", "priority_group": "test_others"}, {"number": "6500000003", "birth_on": "1956-02-29", "priority_group": "test_others"}]', 'test_first', '131016', '2021-05-01 09:00+09');
SELECT refusal(format('vsys.book(%s, ''131016'', ''5100000001'', ''1970-03-01'', as_of => %L)', :s, :now)) AS age_51;
SELECT refusal(format('vsys.book(%s, ''131016'', ''6500000002'', ''1956-06-09'', as_of => %L)', :s, :now)) AS a_day_too_young;
SELECT vsys.book(:s, '131016', '6500000001', '1956-06-08', as_of => :now) > 0 AS birthday_is_tomorrow;
SELECT vsys.book(:s, '131016', '6500000003', '1956-02-29', as_of => :now) > 0 AS born_in_a_leap_year;
SELECT d AS born, outbreak.comes_of_age(d, 12) FROM unnest('{2009-06-02,2008-02-29,2009-02-28,2009-03-01,2009-01-01,2000-01-01}'::date[]) AS d;
-- the kernel and the law, read as the Civil Code has it, agree on every day of 60 years and every age
SELECT count(*) AS tried, count(*) FILTER (WHERE outbreak.comes_of_age(d::date, a) <> access.kept_until(d::date - 1, make_interval(years => a))) AS differ
FROM generate_series(timestamp '1900-01-01', '1960-12-31', '1 day') AS d, generate_series(0, 120, 7) AS a;
-- the same ticket many times, and at two sites
SELECT vsys.book(slot('1310000018', '2021-06-28', 2), '131016', '0000000001', '1951-01-02', as_of => :now) > 0 AS first_time;
SELECT refusal(format('vsys.book(%s, ''131016'', ''0000000001'', ''1951-01-02'', as_of => %L)', slot('1310000018', '2021-06-28', 2), :now)) AS again;
SELECT refusal(format('vsys.book(%s, ''131016'', ''0000000001'', ''1951-01-02'', as_of => %L)', slot('2710000015', '2021-07-05', 1), :now)) AS at_another_site;
-- before the opening, after the end, a slot that has begun, one that does not exist, a session in queue mode
SELECT vsys.set_session(e.session, opens_at => '2021-06-02 09:00+09', min_age => 0) FROM vsys.session AS e JOIN vsys.slot AS s USING (session) WHERE s.slot = :s;
SELECT refusal(format('vsys.book(%s, ''131016'', ''0000000006'', ''1956-01-02'', as_of => %L)', :s + 1, '2021-06-02 08:59:59.999+09')) AS before_the_opening;
SELECT vsys.book(:s + 1, '131016', '0000000006', '1956-01-02', as_of => '2021-06-02 09:00+09') > 0 AS at_the_opening;
SELECT refusal(format('vsys.book(%s, ''131016'', ''0000000007'', ''1957-01-02'', as_of => %L)', :s + 1, '2021-06-07 09:15+09')) AS begun;
SELECT vsys.book(:s + 2, '131016', '0000000007', '1957-01-02', as_of => '2021-06-07 09:29:59+09') > 0 AS not_begun;
SELECT vsys.set_session(e.session, closes_at => '2021-06-06 17:00+09') FROM vsys.session AS e JOIN vsys.slot AS s USING (session) WHERE s.slot = :s;
SELECT refusal(format('vsys.book(%s, ''131016'', ''0000000008'', ''1958-01-02'', as_of => %L)', :s + 2, '2021-06-06 17:00+09')) AS after_the_end;
SELECT refusal(format('vsys.book(%L, ''131016'', ''0000000008'', ''1958-01-02'', as_of => %L)', s, :now)) AS no_slot FROM unnest('{0,-1,999999999999,NULL}'::bigint[]) AS s;
SELECT vsys.set_session(e.session, mode => 'queue') FROM vsys.session AS e JOIN vsys.slot AS s USING (session) WHERE s.slot = slot('1310000018', '2021-07-05');
SELECT refusal(format('vsys.book(%s, ''131016'', ''0000000008'', ''1958-01-02'', as_of => %L)', slot('1310000018', '2021-07-05'), :now)) AS queue_only;
SELECT refusal(format('vsys.request_booking(''{%s}'', ''131016'', ''0000000008'', ''1958-01-02'', as_of => %L)', slot('1310000018', '2021-06-28', 3), :now)) AS not_queue;
-- a moment of one's own choice is for administrators
SET LOCAL ROLE outbreak_anon;
SELECT vsys.book(:s, '131016', '0000000008', '1958-01-02', as_of => '2021-06-03 10:00+09');
\echo :LAST_ERROR_SQLSTATE
SELECT vsys.book(:s, '131016', '0000000008', '1958-01-02', as_of => NULL);
\echo :LAST_ERROR_SQLSTATE
RESET ROLE;
-- the line under the bar code
SELECT * FROM vsys.read_ticket('121310160000000001');
SELECT * FROM vsys.read_ticket('１２ 131016-0000000001');
SELECT line, refusal(format('vsys.read_ticket(%L)', line)) FROM unnest(ARRAY['', '12131016000000000', '1213101600000000011', '12131017 0000000001', '12 000000 0000000001', '1213101６000000000O', '12 131016 0000000000', NULL]) AS line;
SELECT * FROM vsys.check_slots();
ROLLBACK;
