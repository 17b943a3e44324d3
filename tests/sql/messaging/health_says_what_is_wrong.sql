-- messaging.health and the job that watches it say what waits and what is wrong; the job that tends messages ends what is
-- too late, and notes whose contacts are no longer needed.
BEGIN;
\getenv srcdir PG_ABS_SRCDIR
\set world :srcdir /sql/messaging/world.inc
\set ECHO none
\i :world
\set ECHO all
SELECT channel, endpoint, launcher_runs, served, waiting, due, problems FROM messaging.health ORDER BY channel COLLATE "C";
SELECT messaging.send(pg_temp.person(n), 'now', 't.plain', not_before => CASE n WHEN 1 THEN now() + interval '1 hour' ELSE now() - interval '20 minutes' END) IS NOT NULL AS queued FROM generate_series(1, 3) AS n;
INSERT INTO messaging.breaker (endpoint, state, failures, until_at, reason) VALUES ('sms', 'open', 10, now() + interval '1 minute', '500');
UPDATE messaging.message SET state = 'parked', next_at = NULL WHERE key = outbreak.message_key(pg_temp.person(3), outbreak.local_date(), 'now');
SELECT channel, waiting, due, oldest_due >= interval '20 minutes' AS oldest, parked, breaker, problems FROM messaging.health WHERE endpoint IS NOT NULL ORDER BY channel COLLATE "C";
SELECT r.ok, r.result FROM ops.run_job('check_messages') AS r;
-- ---- the job of every ten minutes
SELECT messaging.send(pg_temp.person(n), 'late', 't.plain', day => :day, not_before => :noon, expires_at => CASE n WHEN 5 THEN :noon::timestamptz + interval '1 hour' END) IS NOT NULL AS queued FROM generate_series(5, 6) AS n;
UPDATE registry.person SET closed_on = '2021-02-09' WHERE person = pg_temp.person(7);
SELECT messaging.tend_messages('2021-02-10 13:00+09') AS first, messaging.tend_messages('2021-02-10 13:00+09') AS again;
SELECT messaging.tend_messages('2021-02-12 00:00+09') AS later;
SELECT channel, closed_on FROM messaging.contact WHERE person = pg_temp.person(7) ORDER BY channel;
SELECT kind, state, reason FROM messaging.message WHERE kind = 'late' ORDER BY key;
-- ---- by day
SELECT day, prefecture, channel, kind, messages, accepted, expired, waiting FROM messaging.by_day WHERE day = :day;
ROLLBACK;
