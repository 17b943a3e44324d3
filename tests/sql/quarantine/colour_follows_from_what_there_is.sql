-- The colour of an entry is never stored: red, yellow and blue follow from answers, documents, the rules of the day of
-- arrival and the hour. Documents are reviewed until the closing time: 16 hours before arrival, 6 from November 2022.
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
SELECT d AS on_date, (quarantine.regime_of(d)).close_before FROM unnest('{2020-08-31,2020-09-01,2022-10-31,2022-11-01}'::date[]) AS d;
-- 2020: no documents; whoever is well goes through, others are asked
SELECT p.what, r.colour, r.reason, r.message_ja
FROM (VALUES (1, 'well', '{}'), (2, 'cough', '{"cough": true, "onset_on": "2020-12-10"}'), (3, '37.4', '{"temperature_c": 37.4}'), (4, '37.5', '{"temperature_c": 37.5, "fever": true}'), (5, 'fever reducer', '{"fever_reducer": true}'), (6, 'met a patient', '{"met_patient": true}')) AS p (n, what, but)
CROSS JOIN LATERAL quarantine.enter('{"port": "NRT", "kind": "flight", "conveyance": "NH 109", "arrives_at": "2020-12-14T16:20"}', jsonb_build_array(someone(p.n, p.n || 'A', p.but::jsonb)), '2020-12-12 10:00+09') AS r
ORDER BY p.n;
-- 2022: a test within 72 hours before departure, and the pledge
SELECT refusal(format('entered(%L, %L, %L, %L, %L)', jsonb_build_array(someone(10, '1A', p.but::jsonb)), 'NH 9', '2022-05-10T16:00', 'NRT', '2022-05-08 16:00+09')) AS outcome
FROM (VALUES (1, '{}'), (2, '{"pledged": true, "test_at": "2022-05-06T15:59+09", "test_method": "naat", "test_negative": true, "departed_at": "2022-05-09T16:00+09"}'), (3, '{"pledged": true, "test_at": "2022-05-06T16:00+09", "test_method": "naat", "test_negative": true}'),
	(4, '{"pledged": true, "test_at": "2022-05-06T16:00+09"}')) AS p (n, but) ORDER BY p.n;
SELECT entered(jsonb_build_array(someone(10, '1A', '{"pledged": true, "test_at": "2022-05-06T16:00+09", "test_method": "naat", "test_negative": true, "departed_at": "2022-05-09T16:00+09"}'), someone(11, '1B', '{"pledged": true}')), 'NH 9', '2022-05-10T16:00', 'NRT', '2022-05-08 16:00+09') AS token \gset
SELECT e.entry FROM quarantine.entry AS e WHERE e.conveyance_key = 'NH9' \gset
SELECT c.colour, c.reason FROM quarantine.colour_of(:entry, '2022-05-08 17:00+09') AS c;
SELECT colour, reason FROM quarantine.submit_document(:'token', 1, 'test', 'AAAABBBB', 'image/jpeg', '2022-05-08 17:00+09');
SELECT colour, reason FROM quarantine.submit_document(:'token', 2, 'test', 'AAAABBBB', 'image/png', '2022-05-08 17:05+09');
SELECT q.n, q.document, q.port, q.conveyance, q.hours_left FROM quarantine.review_queue('NRT', '2022-05-08 18:00+09') AS q;
SELECT colour, why FROM quarantine.review(:entry, 1, 'test', 'accepted', NULL, '2022-05-08 18:00+09');
SELECT colour, why FROM quarantine.review(:entry, 2, 'test', 'refused', 'the name differs', '2022-05-08 18:01+09');
SELECT t ->> 'n' AS n, t -> 'documents' AS documents FROM jsonb_array_elements(quarantine.my_entry(:'token', '2022-05-08 18:30+09') -> 'travellers') AS t ORDER BY 1;
SELECT colour, reason FROM quarantine.submit_document(:'token', 2, 'test', 'CCCCDDDD', 'application/pdf', '2022-05-08 19:00+09');
SELECT refusal(format('quarantine.submit_document(%L, 1, %L, %L, %L, %L)', :'token', 'test', 'EEEEFFFF', 'image/jpeg', '2022-05-08 19:00+09')) AS accepted_already;
SELECT colour, why FROM quarantine.review(:entry, 2, 'test', 'at_desk', 'blurred: show the original', '2022-05-08 20:00+09');
SELECT colour, why FROM quarantine.review(:entry, 2, 'test', 'accepted', NULL, '2022-05-10 16:30+09');
-- every state of a document and every decision
SELECT refusal(format('quarantine.review(%s, 2, %L, %L, %L, %L)', :entry, 'test', d, NULL, '2022-05-10 16:30+09')) FROM unnest('{lost,refused,at_desk}'::text[]) AS d;
SELECT refusal(format('quarantine.review(%s, 3, %L, %L, NULL, %L)', :entry, 'test', 'accepted', '2022-05-10 16:30+09')) AS nobody, refusal(format('quarantine.review(%s, 1, %L, %L, NULL, %L)', :entry, 'vaccination', 'accepted', '2022-05-10 16:30+09')) AS nothing;
-- what is no document
SELECT refusal(format('quarantine.submit_document(%L, %s, %L, %L, %L, %L)', :'token', d.n, d.document, d.content, d.media, '2022-05-08 19:00+09'))
FROM (VALUES (1, 9, 'test', 'AAAABBBB', 'image/jpeg'), (2, 2, 'diary', 'AAAABBBB', 'image/jpeg'), (3, 2, 'test', 'A', 'image/jpeg'), (4, 2, 'test', 'not base64!', 'image/jpeg'), (5, 2, 'test', 'AAAABBBB', 'image/gif'), (6, 2, 'test', NULL, 'image/jpeg')) AS d (k, n, document, content, media) ORDER BY d.k;
-- sealed from the first moment
SELECT count(*) FROM quarantine.document AS d WHERE d::text ~ 'AAAABBBB|CCCCDDDD';
SELECT r.media_type, r.content FROM quarantine.reveal_document(:entry, 2, 'test') AS r;
-- closing time: afterwards the documents are shown at the airport
SELECT entered(jsonb_build_array(someone(12, '1A', '{"pledged": true}')), 'NH 10', t.arrives_at, 'NRT', t.as_of::timestamptz) AS token, t.arrives_at, t.before, t.after
FROM (VALUES ('2022-10-31T16:00', '2022-10-30 09:00+09', '2022-10-30 23:59:59+09', '2022-10-31 00:00+09')) AS t (arrives_at, as_of, before, after) \gset
SELECT m.e ->> 'documents_until' AS until, m.e ->> 'colour' AS colour, m.e ->> 'reason' AS reason FROM (SELECT quarantine.my_entry(:'token', :'before') AS e) AS m;
SELECT m.e ->> 'colour' AS colour, m.e ->> 'reason' AS reason, m.e ->> 'message_en' AS message FROM (SELECT quarantine.my_entry(:'token', :'after') AS e) AS m;
SELECT refusal(format('quarantine.submit_document(%L, 1, %L, %L, %L, %L)', :'token', 'test', 'EEEEFFFF', 'image/jpeg', :'after')) AS too_late;
-- a test that was not negative
SELECT r.colour, r.reason FROM quarantine.enter('{"port": "NRT", "kind": "flight", "conveyance": "NH 11", "arrives_at": "2022-05-10T16:00"}',
	jsonb_build_array(someone(13, '1A', '{"pledged": true, "test_at": "2022-05-08T16:00+09", "test_method": "antigen_quantitative", "test_negative": false, "departed_at": "2022-05-09T16:00+09"}')), '2022-05-09 10:00+09') AS r;
-- every reason has its colour
SELECT r.colour, string_agg(r.reason, ' ' ORDER BY r.reason) FROM quarantine.reason AS r WHERE r.colour IS NOT NULL GROUP BY r.colour ORDER BY r.colour;
-- the page: QR code and colour, in the language of the traveller, no name
SELECT p.page ~ '<html lang="en">' AS english, p.page ~ '<svg' AS code, p.page ~ 'To be checked|Complete|Not complete' AS colour, p.page ~ 'TEST' AS name, p.page ~ 'NH 10' AS flight FROM (SELECT quarantine.ticket_page(:'token', NULL, :'before') AS page) AS p;
SELECT p.page ~ '<html lang="th">' AS thai, p.page ~ 'ขั้นตอนกักกันโรค' AS title FROM (SELECT quarantine.ticket_page(:'token', 'th', :'before') AS page) AS p;
SELECT left(quarantine.ticket_svg(:'token', :'before'), 4) AS svg;
SELECT quarantine.escape_html('<b title="x">R&D''s</b>');
ROLLBACK;
