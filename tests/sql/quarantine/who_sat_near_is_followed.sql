-- Minutes after a positive result: companions and everybody within two rows on the same flight are followed as contacts,
-- with messages, in the transaction that enters the result. A seat that is corrected, and a result that is taken back,
-- take their contacts along.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
SET timezone = 'Asia/Tokyo';
\getenv srcdir PG_ABS_SRCDIR
\set world :srcdir /sql/quarantine/world.inc
\set ECHO none
\i :world
\set ECHO all
\set VERBOSITY terse
\pset format unaligned
INSERT INTO quarantine.flight (port, conveyance, scheduled_at, passengers, missing_rows) VALUES ('NRT', 'NH 109', '2020-12-14 16:20+09', 200, '{13}');
-- parties by rows; row 13 is not there
SELECT count(*) FILTER (WHERE s.outcome = 'registered') AS registered
FROM (VALUES (1, '["12C","30A"]'::jsonb), (2, '["11A"]'), (3, '["10K"]'), (4, '["9C"]'), (5, '["14C","14D INF"]'), (6, '["15C"]'), (7, '["16C"]'), (8, '["CREW"]'), (9, '["UNKNOWN"]'), (10, '["12H"]')) AS p (n, seats)
CROSS JOIN LATERAL (SELECT jsonb_agg(someone(10 * p.n + x.place::integer, x.seat) ORDER BY x.place) AS people FROM jsonb_array_elements_text(p.seats) WITH ORDINALITY AS x (seat, place)) AS a
CROSS JOIN LATERAL quarantine.scan(ticket_of(entered(a.people, CASE p.n WHEN 6 THEN 'nh-0109' ELSE 'NH 109' END)), 'NRT-0001', '2020-12-14 17:00+09'::timestamptz + p.n * interval '1 minute') AS s;
-- the same seat on another flight, on another day, and of somebody who never came
SELECT (quarantine.scan(ticket_of(entered(jsonb_build_array(someone(201, '12C')), 'NH 110')), 'NRT-0001', '2020-12-14 17:30+09')).outcome;
SELECT (quarantine.scan(ticket_of(entered(jsonb_build_array(someone(202, '12D')), 'NH 109', '2020-12-15T16:20')), 'NRT-0001', '2020-12-15 17:30+09')).outcome;
SELECT entered(jsonb_build_array(someone(203, '12E'))) IS NOT NULL AS entered;
SELECT w.person AS positive FROM who AS w JOIN quarantine.entry AS e USING (entry) WHERE w.seat = '12C' AND e.conveyance_key = 'NH109' \gset
SELECT w.seat, c.relation, c.rows_apart, c.automatic FROM quarantine.contacts_of(:'positive') AS c JOIN who AS w USING (person) ORDER BY c.automatic DESC, w.seat;
SELECT w.seat, c.relation, c.rows_apart FROM quarantine.contacts_of(:'positive', 0) AS c JOIN who AS w USING (person) WHERE c.automatic ORDER BY w.seat;
-- the result, four hours after landing
SELECT p.contacts, p.undecided, p.detection > 0 AS entered, p.enrolment > 0 AS followed FROM quarantine.positive(:'positive', '2020-12-14 17:40+09', 'antigen_quantitative', as_of => '2020-12-14 20:20+09') AS p;
SELECT d.detection FROM quarantine.detection AS d WHERE d.person = :'positive' \gset
SELECT w.seat, k.relation, k.rows_apart, k.state, e.plan, e.day0, e.until, (SELECT count(*) FROM followup.slot AS s WHERE s.enrolment = k.enrolment) AS slots, m.state AS message
FROM quarantine.contact AS k JOIN who AS w USING (person) LEFT JOIN followup.enrolment AS e ON e.enrolment = k.enrolment
LEFT JOIN messaging.message AS m ON m.person = coalesce(e.responder, w.person) AND m.kind = 'quarantine.near.' || :detection
ORDER BY k.state, w.seat;
-- the follow-up of the arrival became that of a patient, from the specimen, for there was no symptom
SELECT e.plan, e.class, e.state, e.day0, e.reason FROM followup.enrolment AS e WHERE e.person = :'positive' ORDER BY e.enrolment;
SELECT s.state, count(*) FROM followup.slot AS s JOIN followup.enrolment AS e USING (enrolment) WHERE e.person = :'positive' AND e.plan = 'arrival' GROUP BY s.state ORDER BY s.state;
-- entered again: the same detection, nothing more
SELECT p.detection = :detection AS the_same, p.contacts, p.undecided FROM quarantine.positive(:'positive', '2020-12-14 17:40+09', 'antigen_quantitative', as_of => '2020-12-14 20:21+09') AS p;
SELECT count(*) AS messages FROM messaging.message AS m WHERE m.kind LIKE 'quarantine.near.%';
-- officers decide about the others
SELECT quarantine.decide_contact(:detection, w.person, w.seat = 'CREW', 'served the front cabin only', '2020-12-14 21:00+09') IS NOT NULL AS followed, w.seat FROM who AS w WHERE w.seat = ANY ('{CREW,UNKNOWN}') ORDER BY w.seat;
SELECT w.seat, k.state, k.decided_by IS NOT NULL AS by_an_officer, k.reason FROM quarantine.contact AS k JOIN who AS w USING (person) WHERE w.seat = ANY ('{CREW,UNKNOWN}') ORDER BY w.seat;
SELECT refusal(format('quarantine.decide_contact(%s, %L, %s, NULL, %L)', :detection, w.person, c, '2020-12-14 21:00+09')) FROM who AS w CROSS JOIN unnest(ARRAY['false', 'NULL']) AS c WHERE w.seat = '11A';
SELECT refusal(format('quarantine.decide_contact(%s, %L, true, NULL, %L)', :detection, w.person, '2020-12-14 21:00+09')) AS not_near FROM who AS w WHERE w.seat = '9C';
-- seats were wrong: 9C sat in 12D, 15C in 25C; one becomes a contact, one is released and told
SELECT quarantine.correct_answers(w.person, '{"seat": "12D"}', '2020-12-14 22:00+09') FROM who AS w WHERE w.seat = '9C';
UPDATE messaging.message AS m SET state = 'accepted', next_at = NULL, accepted_at = '2020-12-14 21:30+09', ended_at = '2020-12-14 21:30+09' FROM who AS w WHERE w.seat = '15C' AND m.person = w.person AND m.kind LIKE 'quarantine.near.%';
SELECT quarantine.correct_answers(w.person, '{"seat": "25C"}', '2020-12-14 22:00+09') FROM who AS w WHERE w.seat = '15C';
SELECT w.seat, k.state, k.reason, e.plan, e.state, (SELECT string_agg(replace(m.kind, '.' || :detection, '') || ' ' || m.state, ', ' ORDER BY m.kind) FROM messaging.message AS m WHERE m.person = w.person AND m.kind LIKE 'quarantine.%') AS messages
FROM quarantine.contact AS k JOIN who AS w USING (person) LEFT JOIN followup.enrolment AS e ON e.enrolment = k.enrolment WHERE w.seat = ANY ('{12D,25C}') ORDER BY w.seat;
SELECT refusal(format('quarantine.correct_answers(%L, %L, %L)', w.person, c.answers, '2020-12-14 22:00+09')) FROM who AS w CROSS JOIN (VALUES (1, '{"seat": ""}'), (2, '{"name": "x"}'), (3, '[]'), (4, '{"municipality": "131017"}')) AS c (n, answers) WHERE w.seat = '11A' ORDER BY c.n;
SELECT refusal(format('quarantine.correct_answers(%L, %L, %L)', gen_random_uuid(), '{"seat": "1A"}', '2020-12-14 22:00+09')) AS nobody;
-- settled twice is settled
SELECT quarantine.settle_contacts(:detection, '2020-12-14 22:30+09');
-- the specimen was somebody else's: everything that followed is taken back
SELECT refusal(format('quarantine.withdraw_positive(%s, %L, %L)', :detection, ' ', '2020-12-15 09:00+09')) AS without_a_reason;
SELECT w.released, w.enrolment > 0 AS goes_on FROM quarantine.withdraw_positive(:detection, 'specimens were mixed up', '2020-12-15 09:00+09') AS w;
SELECT w.released FROM quarantine.withdraw_positive(:detection, 'specimens were mixed up', '2020-12-15 09:00+09') AS w;
SELECT k.state, e.plan, e.state AS followup, count(*) FROM quarantine.contact AS k LEFT JOIN followup.enrolment AS e ON e.enrolment = k.enrolment GROUP BY k.state, e.plan, e.state ORDER BY 1, 2, 3;
SELECT e.plan, e.state, e.day0, e.until, e.reason FROM followup.enrolment AS e WHERE e.person = :'positive' ORDER BY e.enrolment;
SELECT split_part(m.kind, '.', 1) || '.' || split_part(m.kind, '.', 2) AS kind, m.state, count(*) FROM messaging.message AS m WHERE m.kind ~ '^(quarantine|enrolled.contact)' GROUP BY 1, 2 ORDER BY 1, 2;
SELECT refusal(format('quarantine.decide_contact(%s, %L, true, NULL, %L)', :detection, w.person, '2020-12-15 10:00+09')) AS afterwards FROM who AS w WHERE w.seat = '11A';
-- what cannot be
SELECT refusal(format('quarantine.positive(%L, %L, %L, %s, %L)', p.person, p.specimen, p.method, p.near, '2020-12-14 20:20+09'))
FROM (VALUES (1, :'positive', '2020-12-14 21:00+09', 'naat', 2), (2, :'positive', '2020-10-14 17:40+09', 'naat', 2), (3, :'positive', '2020-12-14 17:40+09', 'guess', 2), (4, :'positive', '2020-12-14 17:40+09', 'naat', 21), (5, gen_random_uuid()::text, '2020-12-14 17:40+09', 'naat', 2)) AS p (n, person, specimen, method, near) ORDER BY p.n;
SELECT refusal(format('quarantine.positive(%L, %L, as_of => %L)', t.person, '2020-12-14 17:40+09', '2020-12-14 20:20+09')) AS not_arrived FROM who AS t WHERE t.seat = '12E';
ROLLBACK;
