-- What is held before a reader and is no ticket of this entry gets its reason, and nothing is written but the reading,
-- without the code. A reader reads at its own port, in its own time.
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
SELECT entered(jsonb_build_array(someone(1, '34A'))) AS token \gset
SELECT ticket_of(:'token') AS ticket \gset
SELECT entered(jsonb_build_array(someone(2, '34B'))) AS cancelled \gset
SELECT ticket_of(:'cancelled') AS cancelled_ticket \gset
SELECT quarantine.cancel_entry(:'cancelled', '2020-12-13 09:00+09');
SELECT c.what, s.outcome, s.reason, s.message_en, s.persons, s.number IS NULL AS says_nothing_more
FROM (VALUES
	(1, 'one character is another', overlay(:'ticket' PLACING CASE substr(:'ticket', 60, 1) WHEN 'A' THEN 'B' ELSE 'A' END FROM 60 FOR 1)),
	(2, 'cut off', left(:'ticket', 100)), (3, 'only the prefix', 'OBT1:'), (4, 'cancelled', :'cancelled_ticket'),
	(5, 'an EU certificate', 'HC1:NCFOXN%TS3DH3ZSUZK+.V0ETD%65NL-AH-R6IOOK.IR9B+9G4G50PHZF0AT4V22F/8X*G3M9JUPY0BX/KR96R/S09T./0LWTKD33236J3TA3M*4VV2 73-E3ND3DAJ-43%*48YIB73A*G3W19UEBY5:PI0EGSP4*2DN43U*0CEBQ/GXQFY73CIBC:G 7376BXBJBAJ UNFMJCRN0H3PQN*E33H3OA70M3FMJIJN523.K5QZ4A+2XEN QT QTHC31M3+E32R44$28A9H0D3ZCL4JMYAZ+S-A5$XKX6T2YC 35H/ITX8GL2-LH/CJTK96L6SR9MU9RFGJA6Q3QR$P2OIC0JVLA8J3ET3:H3A+2+33U SAAUOT3TPTO4UBZIC0JKQTL*QDKBO.AI9BVYTOCFOPS4IJCOT0$89NT2V457U8+9W2KQ-7LF9-DF07U$B97JJ1D7WKP/HLIJLRKF1MFHJP7NVDEBU1J*Z222E.GJFQ4E6F%Q10C8W0U7BFPJOPG5D-W1SF3QF%GJ4XKCF8FS2ZAY7D:8F7NFWJU6L3D2G'),
	(6, 'a health card', 'shc:/567629095243206034602924374044603122295953265460346029254077280433602870286471674522280928682431'),
	(7, 'VDS-NC', '{"data":{"hdr":{"is":"UTO","t":"icao.vacc","v":1},"msg":{}},"sig":{}}'), (8, 'a web page', 'https://example.com/'),
	(9, 'a boarding pass', 'M1DOE/JOHN            EABC123 NRTLAXNH 0006 350Y034A0025 100'), (10, 'nothing', ''), (11, 'nothing at all', NULL), (12, 'text', 'hello'), (13, 'very long', repeat('A', 20000)), (14, 'not ASCII', '検疫')
) AS c (n, what, code)
CROSS JOIN LATERAL quarantine.scan(c.code, 'NRT-0001', '2020-12-14 16:55+09'::timestamptz + c.n * interval '1 second') AS s
ORDER BY c.n;
-- before and after its time; another kind of ticket; another system's key; a key that was revoked; an entry that is not here
SELECT s.outcome, s.reason FROM quarantine.scan(:'ticket', 'NRT-0001', '2020-12-13 16:19:59+09') AS s;
SELECT s.outcome, s.reason FROM quarantine.scan(:'ticket', 'NRT-0001', '2020-12-16 16:20+09') AS s;
SELECT s.outcome, s.reason FROM quarantine.scan(credential.issue_ticket(gen_random_uuid(), 'follow_up', '[2020-12-14 00:00+09,2020-12-15 00:00+09)', 'NRT'), 'NRT-0001', '2020-12-14 17:00+09') AS s;
SELECT s.outcome, s.reason FROM quarantine.scan(credential.issue_ticket(gen_random_uuid(), 'arrival', '[2020-12-14 00:00+09,2020-12-15 00:00+09)', 'NRT'), 'NRT-0001', '2020-12-14 17:01+09') AS s;
SELECT ticket_of(entered(jsonb_build_array(someone(3, '34C')))) AS of_a_lost_key \gset
SELECT count(credential.revoke_key(k.kid, 'lost', '2020-12-14 10:00+09')) > 0 AS revoked FROM credential.signing_key AS k WHERE k.purpose = 'ticket';
SELECT s.outcome, s.reason FROM quarantine.scan(:'of_a_lost_key', 'NRT-0001', '2020-12-14 17:02+09') AS s;
-- nothing is there of all this but readings, and no code in them
SELECT (SELECT count(*) FROM quarantine.traveller WHERE arrived_at IS NOT NULL) AS arrived, (SELECT count(*) FROM followup.enrolment) AS followed, (SELECT count(*) FROM messaging.message) AS messages;
SELECT r.outcome, r.reason, count(*), sum(r.persons), bool_or(encode(r.code, 'escape') ~ 'OBT|HC1|shc') AS holds_the_code FROM quarantine.reading AS r GROUP BY r.outcome, r.reason ORDER BY r.outcome, r.reason;

-- readers: unknown, planned, of the day before they were installed, retired; a clock that is wrong
SELECT count(*) AS planned FROM quarantine.install_readers('CTS', 13, NULL);
SELECT refusal(format('quarantine.scan(%L, %L, %L)', 'x', r.reader, r.at))
FROM (VALUES (1, 'XXX-0001', '2020-12-14 17:00+09'), (2, NULL, '2020-12-14 17:00+09'), (3, 'CTS-0001', '2020-12-14 17:00+09'), (4, 'NRT-0001', '2020-09-29 17:00+09'), (5, 'NRT-0001', 'infinity')) AS r (n, reader, at)
ORDER BY r.n;
SELECT quarantine.retire_reader('NRT-0003', 'stolen', '2020-12-14 12:00+09') AS retired, quarantine.retire_reader('NRT-0003', 'stolen', '2020-12-14 12:00+09') AS again;
SELECT refusal('quarantine.scan(''x'', ''NRT-0003'', ''2020-12-15 17:00+09'')') AS stolen;
SELECT r.port, count(*) FILTER (WHERE r.installed_on IS NOT NULL) AS installed, count(*) FILTER (WHERE r.installed_on IS NULL) AS planned, count(a.subject) AS accounts, count(a.withdrawn_at) AS withdrawn
FROM quarantine.reader AS r LEFT JOIN access.account AS a ON a.subject = r.subject GROUP BY r.port ORDER BY r.port;
-- the seed's devices: 210 at five airports and 13 to come
SELECT sum((SELECT count(*) FROM quarantine.install_readers(p.port, p.readers, p.installed_on))) FROM (VALUES ('HND', 70, '2020-09-30'::date), ('NGO', 20, '2020-09-30'), ('FUK', 15, '2020-09-30')) AS p (port, readers, installed_on);

-- with the rights of a device: its own port, its own number, a moment of the last day
CREATE ROLE ob_test_reader LOGIN;
GRANT outbreak_quarantine TO ob_test_reader;
SELECT r.subject AS reader_subject, r.station AS reader_station FROM quarantine.reader AS r WHERE r.reader = 'NRT-0001' \gset
SELECT now() - interval '2 hours' AS two_hours_ago, now() - interval '2 days' AS long_ago, now() + interval '1 hour' AS to_come \gset
SET outbreak.access_authenticator = 'ob_test_reader';
SET SESSION AUTHORIZATION ob_test_reader;
SELECT set_config('request.jwt.claims', json_build_object('sub', :'reader_subject', 'role', 'outbreak_quarantine')::text, true) <> '' AS in_scope;
SELECT s.outcome, s.reason FROM quarantine.scan('hello', 'NRT-0001') AS s;
SELECT s.outcome, s.reason, s.repeated FROM quarantine.scan('hello', 'NRT-0001', :'two_hours_ago') AS s;
SELECT s.outcome, s.reason, s.repeated FROM quarantine.scan('hello', 'NRT-0001', :'two_hours_ago') AS s;
SELECT refusal(format('quarantine.scan(%L, %L, %L)', 'hello', 'NRT-0001', m)) FROM unnest(ARRAY[:'long_ago', :'to_come']) AS m;
SELECT refusal('quarantine.scan(''hello'', ''NRT-0002'')') AS another_device, refusal('quarantine.scan(''hello'', ''KIX-0001'')') AS another_port;
SELECT refusal(format('quarantine.review(1, 1, %L, %L)', 'test', 'accepted')) AS reviews, refusal('quarantine.retire_reader(''NRT-0002'', ''x'')') AS retires;
RESET SESSION AUTHORIZATION;
ROLLBACK;
