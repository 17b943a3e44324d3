-- Two who travel together are both positive: each is followed as a patient, and not as a contact of the other besides.
-- A result that was wrong gives back what it ended, every follow-up of it, and its person is a contact again.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
SET timezone = 'Asia/Tokyo';
\getenv srcdir PG_ABS_SRCDIR
\set world :srcdir /sql/quarantine/world.inc
\set ECHO none
\i :world
CREATE VIEW followed AS
SELECT w.seat, e.plan, e.state, e.day0, e.enrolment = w.enrolment AS of_the_arrival, e.reason, EXISTS (SELECT FROM followup.slot AS s WHERE s.enrolment = e.enrolment AND s.state = 'awaited') AS asked
FROM followup.enrolment AS e JOIN who AS w USING (person);
CREATE VIEW contacts AS
SELECT c.seat AS of_case, w.seat, k.relation, k.state, e.state AS followup
FROM quarantine.contact AS k JOIN who AS w USING (person) JOIN quarantine.detection AS d USING (detection) JOIN who AS c ON c.person = d.person LEFT JOIN followup.enrolment AS e ON e.enrolment = k.enrolment;
\set ECHO all
\pset format unaligned
SELECT (quarantine.scan(ticket_of(entered(jsonb_build_array(someone(1, '12C'), someone(2, '12D'), someone(3, 'UNKNOWN')))), 'NRT-0001', '2020-12-14 17:00+09')).outcome;
SELECT (quarantine.scan(ticket_of(entered(jsonb_build_array(someone(4, 'UNKNOWN')))), 'NRT-0001', '2020-12-14 17:05+09')).outcome;
SELECT w.person AS mother FROM who AS w WHERE w.seat = '12C' \gset
SELECT w.person AS son FROM who AS w WHERE w.seat = '12D' \gset
SELECT p.detection AS of_mother, p.contacts, p.undecided FROM quarantine.positive(:'mother', '2020-12-14 17:40+09', as_of => '2020-12-14 20:20+09') AS p \gset
\echo :contacts followed, :undecided undecided
SELECT p.detection AS of_son, p.contacts, p.undecided FROM quarantine.positive(:'son', '2020-12-14 17:45+09', as_of => '2020-12-14 20:40+09') AS p \gset
\echo :contacts followed, :undecided undecided
SELECT * FROM followed WHERE seat LIKE '12_' ORDER BY seat, plan, state;
SELECT * FROM contacts ORDER BY of_case, seat, relation;
SELECT count(*) AS told_the_cases FROM messaging.message AS m WHERE m.person IN (:'mother', :'son') AND m.kind LIKE 'quarantine.near.' || :of_son;
-- nobody can decide otherwise
SELECT k.person AS other FROM quarantine.contact AS k WHERE k.detection = :of_son AND k.state = 'undecided' \gset
SELECT detection AS of_other FROM quarantine.positive(:'other', '2020-12-14 18:00+09', as_of => '2020-12-14 20:50+09') \gset
SELECT refusal(format('quarantine.decide_contact(%s, %L, true, NULL, %L)', :of_son, :'other', '2020-12-14 21:00+09'));
SELECT quarantine.decide_contact(:of_son, :'other', false, 'a case', '2020-12-14 21:00+09') IS NULL AS dismissed;
-- the result of the son was wrong: he is a contact of his mother's again, and an arrival
SELECT w.released, w.enrolment IS NOT NULL AS goes_on FROM quarantine.withdraw_positive(:of_son, 'specimens were mixed up', '2020-12-15 09:00+09') AS w;
SELECT * FROM followed WHERE seat = '12D' ORDER BY plan, state;
SELECT * FROM contacts WHERE seat = '12D' ORDER BY of_case, relation;
-- so was the mother's, after that of the son was entered anew: she is a contact of his
SELECT p.detection AS of_son_again, p.contacts, p.undecided FROM quarantine.positive(:'son', '2020-12-15 10:00+09', as_of => '2020-12-15 12:00+09') AS p \gset
\echo :contacts followed, :undecided undecided
SELECT w.released, w.enrolment IS NOT NULL AS goes_on FROM quarantine.withdraw_positive(:of_mother, 'specimens were mixed up', '2020-12-15 13:00+09') AS w;
SELECT * FROM followed WHERE seat = '12C' ORDER BY plan, state;
SELECT * FROM contacts WHERE seat = '12C' ORDER BY of_case, relation;
-- what is settled is settled
SELECT quarantine.settle_contacts(d.detection, '2020-12-15 14:00+09') FROM quarantine.detection AS d WHERE d.withdrawn_at IS NULL ORDER BY d.detection;
-- a second specimen of a patient: one follow-up, whose days go on; the first one was wrong: they count from the second
SELECT (quarantine.scan(ticket_of(entered(jsonb_build_array(someone(6, '60C')))), 'NRT-0001', '2020-12-14 17:06+09')).outcome;
SELECT w.person AS twice FROM who AS w WHERE w.seat = '60C' \gset
SELECT detection AS first_one, enrolment AS stay FROM quarantine.positive(:'twice', '2020-12-14 17:50+09', as_of => '2020-12-14 21:00+09') \gset
SELECT detection AS second_one, enrolment = :stay AS the_same FROM quarantine.positive(:'twice', '2020-12-17 10:00+09', as_of => '2020-12-17 12:00+09') \gset
SELECT * FROM followed WHERE seat = '60C' ORDER BY plan, state;
SELECT enrolment = :stay AS borne_by_the_other FROM quarantine.withdraw_positive(:first_one, 'specimens were mixed up', '2020-12-17 15:00+09');
SELECT * FROM followed WHERE seat = '60C' ORDER BY plan, state;
SELECT enrolment <> :stay AS arrival_goes_on FROM quarantine.withdraw_positive(:second_one, 'specimens were mixed up', '2020-12-17 16:00+09');
SELECT * FROM followed WHERE seat = '60C' ORDER BY plan, state;
-- a patient whom somebody else found is no contact either
SELECT (quarantine.scan(ticket_of(entered(jsonb_build_array(someone(5, '40C')))), 'NRT-0001', '2020-12-14 17:10+09')).outcome;
SELECT followup.convert(e.enrolment, 'patient', '2020-12-15', as_of => '2020-12-15 15:00+09') > 0 AS converted FROM followup.enrolment AS e JOIN who AS w USING (person) WHERE w.seat = '40C' AND e.plan = 'arrival';
SELECT quarantine.correct_answers(w.person, '{"seat": "13C"}', '2020-12-15 16:00+09') FROM who AS w WHERE w.seat = '40C';
SELECT e.plan, e.state FROM followup.enrolment AS e JOIN who AS w USING (person) WHERE w.seat = '13C' ORDER BY e.enrolment;
-- … and a result here joins that follow-up, and does not end it when it was wrong
SELECT detection AS joined FROM quarantine.positive((SELECT w.person FROM who AS w WHERE w.seat = '13C'), '2020-12-16 09:00+09', as_of => '2020-12-16 12:00+09') \gset
SELECT enrolment IS NULL AS nothing_ended FROM quarantine.withdraw_positive(:joined, 'specimens were mixed up', '2020-12-16 13:00+09');
SELECT e.plan, e.state FROM followup.enrolment AS e JOIN who AS w USING (person) WHERE w.seat = '13C' ORDER BY e.enrolment;
ROLLBACK;
