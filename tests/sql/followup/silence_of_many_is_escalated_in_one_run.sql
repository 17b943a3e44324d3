-- Whoever is silent is settled, noted and listed in one pass: 15,000 at once take seconds, though the planner does not know how
-- many they will be. (Two lists of that length that are joined row by row take a minute and more: 225 million comparisons.)
BEGIN;
SET client_min_messages = warning;
SET timezone = 'Asia/Tokyo';
SET LOCAL statement_timeout = '100s';
CREATE TEMP TABLE silent AS
SELECT n, md5('silent ' || n)::uuid AS person
FROM generate_series(1, 15000) AS n;
INSERT INTO registry.person (person, birth_year, prefecture)
SELECT person, 1980, 13
FROM silent;
INSERT INTO followup.enrolment (person, responder, plan, class, time_zone, day0, until, prefecture, opened_at)
SELECT person, person, 'arrival', 'standard', 'Asia/Tokyo', '2021-03-09', '2021-03-23', 13, '2021-03-09 16:00+09'
FROM silent;
SELECT followup.plan_day('2021-03-10', '2021-03-10 06:00+09');
-- two of three messages arrived
INSERT INTO messaging.acceptance (day, key, prefecture, accepted_at)
SELECT m.day, m.key, m.prefecture, '2021-03-10 11:01+09'
FROM messaging.message AS m
JOIN silent AS s ON s.person = m.person
WHERE m.day = '2021-03-10'
	AND m.kind = 'health.1'
	AND s.n % 3 > 0;
ANALYZE registry.person, followup.enrolment, followup.slot, messaging.message, messaging.acceptance;
-- half an hour before the time is over: everybody is reminded; an hour and a half after it they are settled, and all are to be called
SELECT followup.escalate('2021-03-10 13:30+09');
SELECT followup.escalate('2021-03-10 15:30+09');
SELECT followup.escalate('2021-03-10 15:40+09');
SELECT step, count(*), count(message_key) AS messages
FROM followup.escalation
WHERE day = '2021-03-10'
GROUP BY step
ORDER BY step;
SELECT reason, state, count(*)
FROM followup.call
WHERE day = '2021-03-10'
GROUP BY reason, state;
SELECT kind, count(*)
FROM messaging.message
WHERE day = '2021-03-10'
GROUP BY kind
ORDER BY kind;
ROLLBACK;
