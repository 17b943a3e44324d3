-- An entry is made by anybody, and read and changed by whoever has its token, until its ticket is read. Every fault of
-- every person comes at once. Nobody else sees it, and who holds the token sees what was answered, never who it is.
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
-- a family: one entry, one ticket, a child answered for by the first
SELECT token, length(token) AS characters, left(ticket, 5) AS ticket, colour, reason
FROM quarantine.enter('{"port": "NRT", "kind": "flight", "conveyance": "ＮＨ-0109", "arrives_at": "2020-12-14T16:20", "language": "en"}',
	jsonb_build_array(someone(1, '34A'), someone(2, '34B', '{"birth_on": "2015-05-05", "phone": "", "mail": ""}'), someone(3, '34A INF', '{"birth_on": "2020-03-03", "phone": null, "mail": null}')), '2020-12-12 10:00+09') \gset
SELECT :characters AS characters, :'ticket' AS ticket, :'colour' AS colour, :'reason' AS reason;
SELECT e.conveyance, e.conveyance_key, e.persons, e.on_date, e.state, octet_length(e.token) AS kept_of_the_token FROM quarantine.entry AS e;
SELECT t.n, t.age, t.seat_row, t.seat_letter, t.seat_kind, t.prefecture, t.health_center, t.arrived_at FROM quarantine.traveller AS t ORDER BY t.n;
-- nothing is stored in clear
SELECT count(*) FROM quarantine.identity AS i WHERE i::text ~ 'TEST|TK0|1234|千代田';
-- what the token shows
SELECT m.e ->> 'state' AS state, m.e -> 'entry' ->> 'arrives_at' AS arrives_at, m.e ->> 'documents_until' AS documents_until, m.e::text ~ 'TEST|TK0|1234|千代田' AS tells_who FROM (SELECT quarantine.my_entry(:'token', '2020-12-12 11:00+09') AS e) AS m;
SELECT t ->> 'n' AS n, t -> 'given' AS given, t -> 'answers' ->> 'seat' AS seat, t -> 'answers' -> 'countries' AS countries FROM jsonb_array_elements(quarantine.my_entry(:'token', '2020-12-12 11:00+09') -> 'travellers') AS t ORDER BY 1;
SELECT refusal(format('quarantine.my_entry(%L, %L)', t.token, '2020-12-12 11:00+09')) FROM (VALUES ('no such token'), (''), (NULL), (left(:'token', 42))) AS t (token);

-- every fault of everybody at once, without a value
SELECT refusal(format('quarantine.enter(%L, %L, %L)', '{"port": "XXX", "kind": "balloon", "conveyance": "", "arrives_at": "2020-12-14T16:20", "language": "xx", "colour": "blue"}',
	jsonb_build_array(someone(1, '', '{"birth_on": "2018-01-01", "passport": "?", "phone": "", "mail": "", "sex": "m", "hobby": "x"}'), someone(2, '34B', '{"countries": ["USA"], "country_days": [1, 2], "cough": null, "declared_true": false, "temperature_c": 20, "onset_on": "2020-12-20", "municipality": "131017"}'),
		someone(3, '34C', '{"age": 200}'), someone(4, '34D', '{"temperature_c": "hot"}')), '2020-12-12 10:00+09'));
SELECT refusal(format('quarantine.enter(%L, %L, %L)', e.entry, e.people, '2020-12-12 10:00+09'))
FROM (VALUES
	(1, 'null', '[]'), (2, '{"port": "NRT"}', '[]'), (3, '{"port": "NRT", "kind": "flight", "conveyance": "NH 109", "arrives_at": "tomorrow"}', '[{}]'),
	(4, '{"port": "NRT", "kind": "flight", "conveyance": "NH 109", "arrives_at": "2020-12-14T16:20"}', '{}'),
	(5, '{"port": "NRT", "kind": "flight", "conveyance": "NH 109", "arrives_at": "2020-12-14T16:20"}', '[1, 2]'),
	(6, '{"port": "NRT", "kind": "flight", "conveyance": "NH 109", "arrives_at": "2020-12-10T16:20"}', '[{}]'),
	(7, '{"port": "NRT", "kind": "flight", "conveyance": "NH 109", "arrives_at": "2021-02-14T16:20"}', '[{}]'),
	(8, '{"port": "NRT", "kind": "flight", "conveyance": "my plane", "arrives_at": "2020-12-14T16:20"}', jsonb_build_array(someone(9, '1A'))::text)) AS e (n, entry, people)
ORDER BY e.n;
SELECT refusal(format('quarantine.enter(%L, %L, %L)', '{"port": "NRT", "kind": "flight", "conveyance": "NH 1", "arrives_at": "2020-12-14T16:20"}', jsonb_agg(someone(n, '1A')), '2020-12-12 10:00+09')) AS too_many FROM generate_series(1, 21) AS n;
-- a vessel with a long name: the lesson of 2009
SELECT token IS NOT NULL AS taken FROM quarantine.enter('{"port": "JPYOK", "kind": "ship", "conveyance": "DIAMOND PRINCESS (IMO 9228198)", "arrives_at": "2020-12-14T16:20"}', jsonb_build_array(someone(20, 'UNKNOWN')), '2020-12-12 10:00+09');

-- changes: a seat, a companion more, one less; what is not sent stays
SELECT colour FROM quarantine.change_entry(:'token', '{}', '[{"n": 2, "seat": "35B"}]', '2020-12-13 10:00+09');
SELECT colour FROM quarantine.change_entry(:'token', '{}', jsonb_build_array(someone(4, '35C') || '{"n": 4}', '{"n": 3, "remove": true}'::jsonb), '2020-12-13 10:00+09');
SELECT t.n, t.seat_row, t.seat_letter, q.seat, q.occupation FROM quarantine.traveller AS t JOIN quarantine.questionnaire AS q USING (person) JOIN quarantine.entry AS e USING (entry) WHERE e.port = 'NRT' ORDER BY t.n;
SELECT e.persons, e.changes FROM quarantine.entry AS e WHERE e.port = 'NRT';
-- the key of who does not come along is destroyed
SELECT count(*) FROM access.data_key AS k WHERE k.wrapped IS NULL;
SELECT refusal(format('quarantine.change_entry(%L, %L, %L, %L)', :'token', c.entry, c.people, '2020-12-13 10:00+09'))
FROM (VALUES (1, '{}', '[{"n": 1, "remove": true}]'), (2, '{}', '[{"seat": "1A"}]'), (3, '{}', '[{"n": 2, "seat": ""}]'), (4, '{"port": "XXX"}', '[]'), (5, '[]', '[]'), (6, '{}', '[{"n": 2, "phone": "12"}]'), (7, '{}', '[{"n": 1, "phone": "", "mail": ""}]'), (8, '{}', '[{"n": 9}]')) AS c (n, entry, people)
ORDER BY c.n;
-- another flight: another ticket, and the old one is worth nothing
SELECT ticket_of(:'token') AS old_ticket \gset
SELECT ticket AS new_ticket FROM quarantine.change_entry(:'token', '{"port": "KIX", "arrives_at": "2020-12-15T09:00+09:00"}', '[]', '2020-12-13 10:00+09') \gset
SELECT c.valid, c.reason FROM credential.check_ticket(:'old_ticket', '2020-12-14 16:00+09') AS c;
SELECT c.valid, c.place, c.kind, c.valid_from, c.valid_until FROM credential.check_ticket(:'new_ticket', '2020-12-14 16:00+09') AS c;
SELECT q.on_date, q.port, q.seat FROM quarantine.questionnaire AS q JOIN quarantine.traveller AS t USING (person) WHERE t.port = 'KIX' ORDER BY t.n;

-- no more people than the flight carries
INSERT INTO quarantine.flight (port, conveyance, scheduled_at, passengers) VALUES ('NRT', 'JL 5', '2020-12-14 15:00+09', 1);
SELECT count(entered(jsonb_build_array(someone(30 + n, n || 'A')), 'JL005')) AS entered FROM generate_series(1, 11) AS n;
SELECT refusal(format('entered(%L, %L)', jsonb_build_array(someone(50, '50A')), 'jl 5')) AS full;
-- cancelled: it stays with its reason, the ticket is revoked
SELECT quarantine.cancel_entry(:'token', '2020-12-13 12:00+09') AS cancelled, quarantine.cancel_entry(:'token', '2020-12-13 12:00+09') AS again;
SELECT refusal(format('quarantine.change_entry(%L, %L, %L, %L)', :'token', '{}', '[]', '2020-12-13 13:00+09')) AS afterwards;
SELECT c.reason FROM credential.check_ticket(:'new_ticket', '2020-12-14 16:00+09') AS c;
SELECT m.e ->> 'colour' AS colour, m.e ->> 'reason' AS reason, m.e ->> 'ticket' AS ticket FROM (SELECT quarantine.my_entry(:'token', '2020-12-13 13:00+09') AS e) AS m;

-- the public calls these and reads nothing else; it names no other moment than now
SET LOCAL ROLE outbreak_anon;
SELECT refusal('(SELECT count(*) FROM quarantine.entry)') AS entries, refusal('(SELECT count(*) FROM quarantine.questionnaire)') AS answers;
SELECT refusal(format('quarantine.my_entry(%L)', :'token')) AS mine, refusal(format('quarantine.my_entry(%L, %L)', :'token', '2020-12-13 13:00+09')) AS at_another_time;
SELECT refusal(format('quarantine.scan(%L, %L)', :'new_ticket', 'NRT-0001')) AS scan;
RESET ROLE;
ROLLBACK;
