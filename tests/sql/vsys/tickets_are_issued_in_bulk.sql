-- Tickets come as a list: good rows are issued, every fault of the others is named by line, without values. Birth dates are
-- sealed at once. A reissue keeps bookings, a withdrawal gives them back; both are for the town that issued the ticket.
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
SELECT f.line, f.field, f.code, f.message_ja <> '' AND f.message_en <> '' AS texts FROM vsys.issue_tickets('[
	{"number": "0000000101", "birth_on": "1940-02-29", "sex": "female", "priority_group": "test_elderly"},
	{"number": "0000000000", "birth_on": "1940-01-02", "priority_group": "test_elderly"},
	{"number": "12345", "birth_on": "1940-02-30", "priority_group": "nobody", "sex": "f", "valid_from": "2021-13-01"},
	{"number": "0000000001", "birth_on": "1940-01-02", "priority_group": "test_elderly"},
	{"number": "0000000102", "birth_on": "1940-01-02", "priority_group": "test_elderly"},
	{"number": "0000000102", "birth_on": "1941-01-02", "priority_group": "test_elderly"},
	{"number": "0000000103", "birth_on": "2031-01-02", "priority_group": "test_elderly"},
	{"number": "0000000104", "birth_on": "1940/01/02", "priority_group": "test_elderly"},
	{"number": "0000000105", "priority_group": "test_elderly"},
	{"number": "0000000106", "birth_on": "1940-01-02", "priority_group": "test_elderly", "valid_from": "2021-06-02", "valid_to": "2021-06-01"},
	{"number": "0000000107", "birth_on": "1940-01-02", "priority_group": "test_elderly", "former_number": "0000000001"},
	{"number": "0000000108", "birth_on": "1940-01-02", "priority_group": "test_elderly", "former_number": "0000099999"},
	{"number": "０００００００１０９", "birth_on": "1940-01-02", "priority_group": "test_elderly"},
	"a string", {}, null, [1]
]', 'test_first', '131016', :now) AS f;
SELECT t.number, t.programme, t.birth_year, starts_with(t.birth_on::text, 'ob1.') AS sealed, t.birth_on OPERATOR(outbreak.=) outbreak.seal_lookup('1940-02-29', 'birth_on') AS compares, t.valid, p.sex, p.birth_year, p.municipality FROM vsys.ticket AS t JOIN registry.person AS p USING (person) WHERE t.number BETWEEN '0000000101' AND '0000000110';
SELECT count(*) AS without_name FROM vsys.ticket AS t WHERE NOT EXISTS (SELECT FROM registry.identity AS i WHERE i.person = t.person);
-- the next programme: the same person by the former number, once
SELECT f.line, f.field, f.code FROM vsys.issue_tickets('[{"number": "3000000001", "birth_on": "1951-01-02", "priority_group": "test_elderly", "former_number": "0000000001"},
	{"number": "3000000002", "birth_on": "1951-01-02", "priority_group": "test_elderly", "former_number": "0000000001"}]', 'test_third', '131016', :now) AS f;
SELECT count(*) AS tickets, count(DISTINCT person) AS persons FROM vsys.ticket WHERE number IN ('3000000001', '0000000001') AND municipality::text = '131016';
SELECT refusal('vsys.issue_tickets(''{}'', ''test_first'', ''131016'')') AS no_list, refusal('vsys.issue_tickets(''[]'', ''nothing'', ''131016'')') AS no_programme, refusal('vsys.issue_tickets(''[]'', ''test_first'', ''471003'')') AS town_not_in_the_registry, refusal('vsys.issue_tickets(NULL, ''test_first'', ''131016'')') AS nothing;
-- a reissue: the booking stays, the old number is over, the new one counts
SELECT vsys.book(slot('1310000018', '2021-06-07'), '131016', '0000000001', '1951-01-02', as_of => :now) AS b \gset
SELECT vsys.reissue_ticket('0000000001', '0000000201', '131016', :now);
SELECT refusal(format('vsys.cancel(%s, ''131016'', ''0000000001'', ''1951-01-02'', as_of => %L)', :b, :now)) AS by_the_old_number;
SELECT m.state, m.booking = :b AS it_is, (SELECT b.number FROM vsys.booking AS b WHERE b.booking = m.booking) FROM vsys.my_bookings('131016', '0000000201', '1951-01-02') AS m;
SELECT refusal(format('vsys.book(%s, ''131016'', ''0000000201'', ''1951-01-02'', as_of => %L)', slot('2710000015', '2021-06-07'), :now)) AS still_one_place;
SELECT refusal('vsys.reissue_ticket(''0000000001'', ''0000000202'', ''131016'')') AS twice, refusal('vsys.reissue_ticket(''0000099999'', ''0000000202'', ''131016'')') AS unknown, refusal('vsys.reissue_ticket(''0000000002'', ''0000000000'', ''131016'')') AS zero, refusal('vsys.reissue_ticket(''0000000002'', ''0000000003'', ''131016'')') AS issued_before;
SELECT withdrawn_reason, withdrawn_at = :now AS at FROM vsys.ticket WHERE number = '0000000001' AND municipality::text = '131016';
-- a withdrawal: bookings end, places go back, somebody is to be told
SELECT vsys.book(slot('1310000018', '2021-06-07', 2), '131016', '0000000002', '1952-01-02', second_slot => slot('1310000018', '2021-06-28'), as_of => :now) > 0 AS pair;
SELECT * FROM vsys.withdraw_tickets('{0000000002,0000000002,0000000201,0000099999}', 'moved', '131016', :now);
SELECT number, dose, state, reason, in_force FROM vsys.booking ORDER BY booking;
SELECT kind, number FROM vsys.booking_notice ORDER BY notice;
SELECT sum(taken) AS taken, wrong() FROM vsys.slot;
SELECT refusal('vsys.withdraw_tickets(''{0000000003}'', '''', ''131016'')') AS no_reason, refusal('vsys.withdraw_tickets(''{0000000003}'', ''reissued'', ''131016'')') AS not_the_way;
-- another town's tickets are not one's own
CREATE ROLE ob_test_osaka LOGIN;
GRANT outbreak_municipality TO ob_test_osaka;
INSERT INTO access.account (login, municipality) VALUES ('ob_test_osaka', '271004');
GRANT EXECUTE ON FUNCTION refusal(text), slot(text, date, integer), wrong() TO PUBLIC;
SET SESSION AUTHORIZATION ob_test_osaka;
SELECT count(*) AS mine, count(*) FILTER (WHERE municipality::text <> '271004') AS others FROM vsys.ticket;
SELECT refusal('vsys.issue_tickets(''[]'', ''test_first'', ''131016'')') AS issue, refusal('vsys.reissue_ticket(''0000000003'', ''0000000203'', ''131016'')') AS reissue, refusal('vsys.withdraw_tickets(''{0000000003}'', ''moved'', ''131016'')') AS withdraw;
SELECT count(*) AS faults FROM vsys.issue_tickets('[{"number": "0000000301", "birth_on": "1940-02-29", "priority_group": "test_elderly"}]', 'test_first');
UPDATE vsys.ticket SET valid = '[2021-07-01,)' WHERE number = '0000000301';
UPDATE vsys.ticket SET person = gen_random_uuid() WHERE number = '0000000301';
\echo :LAST_ERROR_SQLSTATE
INSERT INTO vsys.ticket (municipality, number, programme, person, birth_year, priority_group, valid) SELECT municipality, '0000000302', programme, person, birth_year, priority_group, valid FROM vsys.ticket LIMIT 1;
\echo :LAST_ERROR_SQLSTATE
DELETE FROM vsys.ticket;
\echo :LAST_ERROR_SQLSTATE
-- the town is told what is wrong, and need not ask for the date of birth
SELECT refusal('vsys.my_bookings(''271004'', ''0000099999'')') AS unknown, refusal('vsys.my_bookings(''271004'', ''0000000003'', ''1999-01-02'')') AS differs, refusal('vsys.my_bookings(''271004'', ''0000000003'')') AS no_date, refusal('vsys.my_bookings(''131016'', ''0000000003'')') AS of_another_town;
RESET SESSION AUTHORIZATION;
ROLLBACK;
