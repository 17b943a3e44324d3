-- A result may be faster than the queue at the airport, or than a device that was offline: whoever is read afterwards, near
-- a case that is known, is followed as a contact by the reading itself. Who came by one flight belongs together, whichever
-- side of midnight the ticket was read; the flight of the next day is another one.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
SET timezone = 'Asia/Tokyo';
\getenv srcdir PG_ABS_SRCDIR
\set world :srcdir /sql/quarantine/world.inc
\set ECHO none
\i :world
-- an arrival at twenty to twelve at night, and its ticket
CREATE FUNCTION late(n integer, seat text, arrives_at text DEFAULT '2020-12-14T23:40') RETURNS text
LANGUAGE SQL
RETURN ticket_of(entered(jsonb_build_array(someone(n, seat)), 'NH 109', arrives_at));
CREATE VIEW contacts AS
SELECT w.seat, w.arrived_at, k.relation, k.rows_apart, k.state, e.day0, (SELECT count(*) FROM followup.slot AS s WHERE s.enrolment = k.enrolment) AS slots,
	(SELECT m.state FROM messaging.message AS m WHERE m.person = k.person AND m.kind = 'quarantine.near.' || k.detection) AS message
FROM quarantine.contact AS k JOIN who AS w USING (person) LEFT JOIN followup.enrolment AS e ON e.enrolment = k.enrolment;
\set ECHO all
\pset format unaligned
-- row 13 is not there, and the flight stands in the list on the day before midnight
INSERT INTO quarantine.flight (port, conveyance, scheduled_at, passengers, missing_rows) VALUES ('NRT', 'NH 109', '2020-12-14 23:40+09', 200, '{13}');
SELECT (quarantine.scan(late(1, '12C'), 'NRT-0001', '2020-12-15 00:10+09')).outcome;
SELECT (quarantine.scan(late(2, '11A'), 'NRT-0002', '2020-12-14 23:55+09')).outcome;
SELECT (quarantine.scan(late(3, '15C'), 'NRT-0002', '2020-12-14 23:56+09')).outcome;
SELECT late(4, '12D') AS in_the_queue, late(5, '12E') AS offline, late(6, '20A') AS far, late(7, 'CREW') AS crew, late(8, '12F', '2020-12-15T23:40') AS next_day \gset
SELECT p.contacts, p.undecided, p.detection FROM quarantine.positive((SELECT w.person FROM who AS w WHERE w.seat = '12C'), '2020-12-15 00:20+09', 'antigen_quantitative', as_of => '2020-12-15 00:50+09') AS p \gset
\echo :contacts followed, :undecided undecided
SELECT * FROM contacts ORDER BY seat;
-- in the queue; from a device that was offline, read before the result; not near; crew
SELECT (quarantine.scan(:'in_the_queue', 'NRT-0001', '2020-12-15 00:55+09')).outcome;
SELECT (quarantine.scan(:'offline', 'NRT-0003', '2020-12-15 00:30+09')).outcome;
SELECT (quarantine.scan(:'far', 'NRT-0001', '2020-12-15 00:57+09')).outcome;
SELECT (quarantine.scan(:'crew', 'NRT-0001', '2020-12-15 00:58+09')).outcome;
SELECT * FROM contacts ORDER BY seat;
SELECT k.seat, k.decided_at FROM (SELECT w.seat, k.decided_at FROM quarantine.contact AS k JOIN who AS w USING (person)) AS k ORDER BY k.seat;
-- the same ticket again makes nothing again
SELECT (quarantine.scan(:'in_the_queue', 'NRT-0002', '2020-12-15 00:59+09')).outcome;
SELECT count(*) AS contacts, count(DISTINCT k.person) AS persons FROM quarantine.contact AS k;
SELECT count(*) AS told FROM messaging.message AS m WHERE m.kind LIKE 'quarantine.near.%';
-- the same flight a day later
SELECT (quarantine.scan(:'next_day', 'NRT-0001', '2020-12-15 23:55+09')).outcome;
SELECT count(*) AS of_the_next_day FROM quarantine.contact AS k JOIN who AS w USING (person) WHERE w.seat = '12F';
-- a result that was taken back concerns nobody who comes later
SELECT w.released FROM quarantine.withdraw_positive(:detection, 'specimens were mixed up', '2020-12-15 01:30+09') AS w;
SELECT (quarantine.scan(late(9, '12G'), 'NRT-0001', '2020-12-15 01:40+09')).outcome;
SELECT count(*) AS of_a_result_taken_back FROM quarantine.contact AS k JOIN who AS w USING (person) WHERE w.seat = '12G';
ROLLBACK;
