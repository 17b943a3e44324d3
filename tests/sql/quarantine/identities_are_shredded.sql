-- Fourteen days after everything ended nobody can tell any more who the traveller was; an arrival that never came is
-- shredded as well. Whoever became a case, or is under a legal hold, is not. The pseudonymous rows stay for the figures.
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
SELECT count(*) FILTER (WHERE s.outcome = 'registered') AS arrived
FROM generate_series(1, 4) AS n CROSS JOIN LATERAL quarantine.scan(ticket_of(entered(jsonb_build_array(someone(n, (10 * n) || 'A')), 'NH ' || n)), 'NRT-0001', '2020-12-14 17:00+09'::timestamptz + n * interval '1 minute') AS s;
SELECT entered(jsonb_build_array(someone(5, '50A')), 'NH 5') IS NOT NULL AS never_comes;
CREATE VIEW them AS SELECT t.conveyance_key AS flight, t.person, t.gone_on, (SELECT count(*) FROM quarantine.identity AS i WHERE i.person = t.person) AS declared, (SELECT count(*) FROM registry.identity AS i WHERE i.person = t.person) AS registered,
	(SELECT count(*) FROM messaging.contact AS c WHERE c.person = t.person) AS contacts, (SELECT count(*) FROM access.data_key AS k WHERE k.subject = t.person AND k.wrapped IS NOT NULL) AS keys FROM quarantine.traveller AS t;
-- one becomes a case, one is under a legal hold
SELECT p.detection > 0 AS positive FROM them CROSS JOIN LATERAL quarantine.positive(them.person, '2020-12-14 18:00+09', as_of => '2020-12-14 20:00+09') AS p WHERE them.flight = 'NH3';
INSERT INTO access.legal_hold (subject, reason) SELECT person, 'court' FROM them WHERE flight = 'NH4';
-- too early
SELECT quarantine.close_gone('2020-12-16 16:00+09'), quarantine.shred('2020-12-16 16:00+09');
SELECT followup.complete('2020-12-29 00:30+09');
SELECT quarantine.close_gone('2020-12-29 01:25+09') AS closed, quarantine.close_gone('2020-12-29 01:25+09') AS again;
SELECT * FROM (SELECT flight, gone_on, declared, registered, contacts, keys FROM them) AS t ORDER BY flight;
SELECT quarantine.shred('2021-01-12 01:40+09') AS on_the_14th_day;
SELECT quarantine.shred('2021-01-13 01:40+09') AS after_it, quarantine.shred('2021-01-13 01:40+09') AS again;
-- … and what never came goes by its rule of retention
SELECT p.relation, p.action, p.done FROM access.purge('2021-01-13 02:20+09') AS p WHERE p.relation::text LIKE 'quarantine.%' AND p.done > 0;
SELECT * FROM (SELECT flight, gone_on, declared, registered, contacts, keys FROM them) AS t ORDER BY flight;
SELECT count(*) AS answers, count(DISTINCT q.seat) AS seats FROM quarantine.questionnaire AS q;
SELECT refusal(format('outbreak.seal(%L, %L, %L)', 'x', 'name', person)) AS sealed_again FROM them WHERE flight = 'NH1';
SELECT count(*) AS images FROM access.audit AS a JOIN them ON them.person = a.subject WHERE them.flight = ANY ('{NH1,NH2}') AND a.image IS NOT NULL;
-- a device that was offline sends what it read after the traveller was given up: nothing of it goes while the follow-up lasts
SELECT ticket_of(entered(jsonb_build_array(someone(6, '60A')), 'NH 6')) AS late \gset
SELECT quarantine.close_gone('2020-12-17 01:25+09') AS given_up;
SELECT (quarantine.scan(:'late', 'NRT-0001', '2020-12-16 15:00+09')).outcome;
SELECT t.gone_on AS traveller, i.gone_on AS identity FROM quarantine.traveller AS t JOIN quarantine.identity AS i USING (person) WHERE t.conveyance_key = 'NH6';
-- who is followed again after the end has not ended
SELECT followup.close(e.enrolment, 'completed', NULL, '2020-12-20 09:00+09') AS ended FROM followup.enrolment AS e JOIN them USING (person) WHERE them.flight = 'NH6' AND e.state = 'open';
SELECT quarantine.close_gone('2020-12-21 01:25+09') ->> 'followed_to_the_end' AS ended;
SELECT gone_on FROM them WHERE flight = 'NH6';
SELECT followup.enrol(person, 'contact', '2020-12-28', as_of => '2020-12-28 09:00+09') > 0 AS again FROM them WHERE flight = 'NH6';
SELECT quarantine.shred('2021-01-05 01:40+09') AS still_marked;
SELECT quarantine.close_gone('2021-01-05 01:45+09') ->> 'followed_to_the_end' AS ended;
SELECT gone_on, registered, keys FROM them WHERE flight = 'NH6';
-- the rows themselves go after a year
SELECT p.relation, p.action, p.done FROM access.purge('2022-01-20 02:20+09') AS p WHERE p.relation::text LIKE 'quarantine.%' AND p.done > 0 ORDER BY 1::text, 2;
SELECT r.relation, r.since, r.action, r.keep, r.subject FROM access.retention AS r WHERE r.relation::text LIKE 'quarantine.%' ORDER BY r.relation::text, r.since;
ROLLBACK;
