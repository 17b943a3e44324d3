-- Messages wait through quiet hours, in the zone of the person, over midnight and over changes of the clock; those of
-- priority 1 do not.
BEGIN;
SET timezone = 'Asia/Tokyo';
SELECT v.quiet_from, v.quiet_until, v.zone, v.at, messaging.quiet_end(v.quiet_from::time, v.quiet_until::time, v.zone, v.at::timestamptz) AS until
FROM (VALUES
	('21:00', '07:00', 'Asia/Tokyo', '2021-02-10 20:59:59+09'), ('21:00', '07:00', 'Asia/Tokyo', '2021-02-10 21:00+09'), ('21:00', '07:00', 'Asia/Tokyo', '2021-02-11 06:59:59+09'), ('21:00', '07:00', 'Asia/Tokyo', '2021-02-11 07:00+09'),
	('13:00', '15:00', 'Asia/Tokyo', '2021-02-10 12:59+09'), ('13:00', '15:00', 'Asia/Tokyo', '2021-02-10 13:00+09'), ('13:00', '15:00', 'Asia/Tokyo', '2021-02-10 15:00+09'),
	('00:00', '00:00', 'Asia/Tokyo', '2021-02-10 00:00+09'),
	-- clocks go forward in New York at 02:00 on 14 March and back on 7 November 2021
	('22:00', '06:00', 'America/New_York', '2021-03-13 23:00-05'), ('22:00', '06:00', 'America/New_York', '2021-11-06 23:00-04'), ('22:00', '02:30', 'America/New_York', '2021-03-13 23:00-05')
) AS v (quiet_from, quiet_until, zone, at);
\getenv srcdir PG_ABS_SRCDIR
\set world :srcdir /sql/messaging/world.inc
\set ECHO none
\i :world
SELECT messaging.set_contact(pg_temp.person(4), 'line', pg_temp.user_id(4), quiet_from => '00:00', quiet_until => '00:00'), messaging.set_contact(pg_temp.person(5), 'line', pg_temp.user_id(5), time_zone => 'America/New_York'), messaging.set_contact(pg_temp.person(6), 'line', pg_temp.user_id(6), quiet_from => '20:00', quiet_until => '10:00') \g /dev/null
SELECT count(pg_temp.queue(n, priority => CASE n WHEN 3 THEN 1 ELSE 5 END)) FROM generate_series(2, 6) AS n \g /dev/null
\set ECHO all
SELECT pg_temp.whose(key) AS person, decision FROM messaging.claim('line', 100, '1 min', :night) ORDER BY 1;
SELECT pg_temp.whose(key) AS person, state, next_at, reason, attempts FROM messaging.message WHERE day = :day ORDER BY 1;
-- in the morning they go
SELECT pg_temp.whose(key) AS person, decision FROM messaging.claim('line', 100, '1 min', '2021-02-11 07:00+09') WHERE decision <> 'send' OR pg_temp.whose(key) IN (2, 6) ORDER BY 1;
SELECT pg_temp.whose(key) AS person, decision FROM messaging.claim('line', 100, '10 min', '2021-02-11 10:00+09') WHERE pg_temp.whose(key) = 6;
ROLLBACK;
