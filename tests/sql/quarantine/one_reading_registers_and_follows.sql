-- One reading of a ticket: the signature holds, every person of the entry is registered with the identity that was sealed
-- before, every slot of the stay is there and the first message is queued. A second reading says when and where the first was.
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
SELECT entered(jsonb_build_array(someone(1, '34A'), someone(2, '34B', '{"birth_on": "2015-05-05", "phone": "", "mail": ""}'))) AS token \gset
SELECT ticket_of(:'token') AS ticket \gset
SELECT s.outcome, s.reason, s.message_ja, s.message_en, s.colour, s.persons, s.arrived_at, s.port, s.first_reader, s.repeated FROM quarantine.scan(:'ticket', 'NRT-0001', '2020-12-14 16:55+09') AS s;
-- who it is went along as it was sealed; the registry knows the person
SELECT t.n, p.sex, p.birth_year, p.municipality, p.prefecture, p.health_center, i.name::text = q.name::text AS same_envelope
FROM quarantine.traveller AS t JOIN registry.person AS p USING (person) JOIN registry.identity AS i USING (person) JOIN quarantine.identity AS q USING (person) ORDER BY t.n;
SELECT t.n, c.channel, c.language, c.state FROM quarantine.traveller AS t JOIN messaging.contact AS c USING (person) ORDER BY t.n, c.channel;
SELECT f.name, f.birth_on, f.phone FROM registry.find_person(phone => '+81 90 1234 0001') AS w CROSS JOIN LATERAL registry.reveal_identity(w.person) AS f;
-- 14 days of 2020: a slot for each day, the first asked with its message; the child is answered for by the first
SELECT t.n, e.plan, e.class, e.state, e.day0, e.until, e.child, e.responder = first.person AS answered_for_by_the_first, e.health_center, e.basis ->> 'seat' AS seat
FROM quarantine.traveller AS t JOIN followup.enrolment AS e USING (enrolment) JOIN quarantine.traveller AS first ON first.entry = t.entry AND first.n = 1 ORDER BY t.n;
SELECT t.n, s.prompt, count(*) AS slots, min(s.day), max(s.day), count(m.key) AS asked FROM quarantine.traveller AS t JOIN followup.slot AS s USING (enrolment) LEFT JOIN messaging.message AS m ON m.day = s.day AND m.key = s.message_key GROUP BY t.n, s.prompt ORDER BY t.n, s.prompt;
SELECT m.kind, m.state, count(*) FROM messaging.message AS m GROUP BY m.kind, m.state ORDER BY m.kind;
-- again: at another device, at the same one later, and the same reading sent again by a device that was offline
SELECT s.outcome, s.reason, s.persons, s.arrived_at, s.first_reader, s.repeated FROM quarantine.scan(:'ticket', 'NRT-0002', '2020-12-14 16:56+09') AS s;
SELECT s.outcome, s.reason, s.persons, s.arrived_at, s.first_reader, s.repeated FROM quarantine.scan(:'ticket', 'NRT-0001', '2020-12-14 17:56+09') AS s;
SELECT s.outcome, s.reason, s.persons, s.arrived_at, s.first_reader, s.repeated FROM quarantine.scan(:'ticket', 'NRT-0001', '2020-12-14 16:55+09') AS s;
SELECT (SELECT count(*) FROM registry.person JOIN quarantine.traveller USING (person)) AS persons, (SELECT count(*) FROM followup.enrolment) AS enrolments, (SELECT count(*) FROM followup.slot) AS slots, (SELECT count(*) FROM quarantine.reading) AS readings;
SELECT refusal(format('quarantine.change_entry(%L, %L, %L, %L)', :'token', '{}', '[{"n": 1, "seat": "1A"}]', '2020-12-14 18:00+09')) AS changed_afterwards;
SELECT m.e ->> 'state' AS state, m.e ->> 'ticket' AS ticket, m.e ->> 'arrived_at' AS arrived_at FROM (SELECT quarantine.my_entry(:'token', '2020-12-14 18:00+09') AS e) AS m;
-- a flight that landed elsewhere, the day after: registered there, on that day
SELECT ticket_of(entered(jsonb_build_array(someone(3, '12C')))) AS ticket \gset
SELECT s.outcome, s.reason, s.persons, s.port FROM quarantine.scan(:'ticket', 'KIX-0001', '2020-12-15 01:10+09') AS s;
SELECT e.port, e.on_date, t.port, t.on_date, q.on_date AS answers_of, f.day0 FROM quarantine.entry AS e JOIN quarantine.traveller AS t USING (entry) JOIN quarantine.questionnaire AS q USING (person) JOIN followup.enrolment AS f ON f.enrolment = t.enrolment WHERE t.seat_row = 12;
-- the same passport by another entry is the same arrival
SELECT ticket_of(entered(jsonb_build_array(someone(1, '34A', '{"name": "TEST A SECOND"}')))) AS ticket \gset
SELECT s.outcome, s.reason, s.persons, s.arrived_at, s.first_reader, s.colour FROM quarantine.scan(:'ticket', 'NRT-0003', '2020-12-14 17:20+09') AS s;
SELECT s.outcome, s.reason, s.persons FROM quarantine.scan(:'ticket', 'NRT-0003', '2020-12-14 17:21+09') AS s;
-- a certificate of vaccination decides the class; so many days as the rule of that day says
SELECT entered(jsonb_build_array(someone(5, '20A', '{"vaccine_doses": 2, "last_dose_on": "2021-09-01"}'), someone(6, '20B', '{"vaccine_doses": 2}')), 'NH 5', '2021-11-05T09:00', 'NRT', '2021-11-03 09:00+09') AS token \gset
SELECT colour, reason FROM quarantine.submit_document(:'token', 1, 'vaccination', 'HC1:EXAMPLE', 'text/plain', '2021-11-03 09:05+09');
SELECT e.entry FROM quarantine.entry AS e WHERE e.conveyance_key = 'NH5' \gset
SELECT colour, why FROM quarantine.review(:entry, 1, 'vaccination', 'accepted', NULL, '2021-11-03 10:00+09');
SELECT s.outcome, s.persons FROM quarantine.scan(quarantine.my_entry(:'token', '2021-11-03 11:00+09') ->> 'ticket', 'NRT-0001', '2021-11-05 09:40+09') AS s;
SELECT t.n, t.class, f.class, f.until - f.day0 AS days FROM quarantine.traveller AS t JOIN followup.enrolment AS f USING (enrolment) WHERE t.entry = :entry ORDER BY t.n;
SELECT s.prompt, count(*) FROM followup.slot AS s JOIN quarantine.traveller AS t USING (enrolment) WHERE t.entry = :entry AND t.n = 1 GROUP BY s.prompt ORDER BY s.prompt;
ROLLBACK;
