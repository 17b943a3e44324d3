-- Whoever guesses dates of birth is stopped after five for a while, and a ticket that many guess at after thirty for
-- seconds; right answers are not counted, and another ticket, another caller and the town itself are not held up.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
\getenv srcdir PG_ABS_SRCDIR
\set world :srcdir /sql/vsys/booking_world.inc
\set ECHO none
\i :world
\set ECHO all
\set VERBOSITY terse
-- buckets outlive the test: numbers of its own
SELECT to_char(5000000000 + (random() * 900000000)::bigint * 2, 'FM0000000000') AS n, to_char(7000000000 + (random() * 900000000)::bigint * 2, 'FM0000000000') AS m \gset
SELECT count(*) AS faults FROM vsys.issue_tickets(jsonb_build_array(jsonb_build_object('number', :'n', 'birth_on', '1951-01-02', 'priority_group', 'test_elderly', 'valid_from', '2021-04-12'), jsonb_build_object('number', :'m', 'birth_on', '1952-01-02', 'priority_group', 'test_elderly', 'valid_from', '2021-04-12')), 'test_first', '131016');
GRANT EXECUTE ON FUNCTION refusal(text), slot(text, date, integer), wrong() TO PUBLIC;
CREATE FUNCTION try(number text, born text, who text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('request.jwt.claims', json_build_object('sub', who)::text, true);
	RETURN refusal(format('count(*) FROM vsys.my_bookings(''131016'', %L, %L)', number, born));
END
$$;
SET SESSION AUTHORIZATION outbreak_authenticator;
SET LOCAL ROLE outbreak_citizen;
-- right ones are free
SELECT DISTINCT try(:'n', '1951-01-02', 'a') FROM generate_series(1, 20);
SELECT i, try(:'n', '1960-01-0' || i, 'a') FROM generate_series(1, 7) AS i;
SELECT try(:'n', '1951-01-02', 'a') AS the_right_one_too, try(:'m', '1952-01-02', 'a') AS another_ticket, try(:'n', '1951-01-02', 'b') AS another_caller;
SELECT refusal(format('vsys.book(1, ''131016'', %L, ''1951-01-02'')', :'n')) AS booking_too FROM (SELECT try(:'m', '1952-01-02', 'a') OFFSET 0) AS x;
-- many callers: thirty in all, then everybody waits for seconds
SELECT count(*) FILTER (WHERE t ~ 'ticket_not_recognised') AS told_wrong, count(*) FILTER (WHERE t ~ 'too_many') AS stopped FROM (SELECT try(:'n', '1960-02-01', 'c' || i / 4) AS t FROM generate_series(1, 40) AS i) AS x;
SELECT try(:'n', '1951-01-02', 'owner') AS owner_waits;
RESET SESSION AUTHORIZATION;
SELECT outbreak.tokens_left(format('ticket 131016 %s', :'n'), 0.05, 30) < 1 AS this_login_has_buckets_of_its_own;
-- not the town that issued it
SET SESSION AUTHORIZATION outbreak_authenticator;
SET LOCAL ROLE outbreak_municipality;
SET LOCAL request.jwt.claims = '{"sub": "town", "municipality": "131016"}';
SELECT refusal(format('count(*) FROM vsys.my_bookings(''131016'', %L)', :'n')) AS town, refusal(format('count(*) FROM vsys.my_bookings(''131016'', %L, ''1999-01-01'')', :'n')) AS told_what_is_wrong;
-- the person with a token of one's own
RESET ROLE;
RESET SESSION AUTHORIZATION;
SELECT person FROM vsys.ticket WHERE number = :'m' \gset
SET SESSION AUTHORIZATION outbreak_authenticator;
SET LOCAL ROLE outbreak_citizen;
SELECT set_config('request.jwt.claims', json_build_object('sub', 'p', 'person', :'person')::text, true) <> '' AS set;
SELECT refusal(format('count(*) FROM vsys.my_bookings(''131016'', %L)', :'m')) AS own, refusal(format('count(*) FROM vsys.my_bookings(''131016'', %L)', :'n')) AS not_own, refusal(format('count(*) FROM vsys.my_bookings(''131016'', %L, ''1999-01-01'')', :'m')) AS own_with_a_wrong_date;
RESET SESSION AUTHORIZATION;
ROLLBACK;
