-- A day of thousands of events is summed up in blocks of some hundred, so that stock as of noon is read as fast as that of
-- midnight. In whatever order the events are entered, the blocks follow one another in time, and say what the ledger says.
\pset format unaligned
BEGIN;
\getenv srcdir PG_ABS_SRCDIR
\set goods :srcdir /sql/vsys/goods.inc
\set ECHO none
\i :goods
\set ECHO all
-- 1,200 doses of a day at each of three sites, two at each moment: as they were given, backwards, and in no order at all
INSERT INTO vsys.stock_event (site, product, lot, kind, vials, happened_at)
SELECT s.site::outbreak.institution_code, 'sample', 'LOT1', 'received', 201, '2021-06-01 08:00+09'
FROM (VALUES (:'basic'), (:'other_town'), (:'osaka')) AS s (site);
CREATE TEMP TABLE given AS
SELECT n, '2021-06-01 09:00+09'::timestamptz + (n / 2) * interval '30 seconds' AS at FROM generate_series(0, 1199) AS n;
INSERT INTO vsys.stock_event (site, product, lot, kind, doses, happened_at)
SELECT :'basic', 'sample', 'LOT1', 'given', 1, g.at FROM given AS g ORDER BY g.n;
INSERT INTO vsys.stock_event (site, product, lot, kind, doses, happened_at)
SELECT :'other_town', 'sample', 'LOT1', 'given', 1, g.at FROM given AS g ORDER BY g.n DESC;
INSERT INTO vsys.stock_event (site, product, lot, kind, doses, happened_at)
SELECT :'osaka', 'sample', 'LOT1', 'given', 1, g.at FROM given AS g ORDER BY (g.n * 7919) % 1201;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
-- several blocks, one after the other in time, the last of them known as such
CREATE VIEW pg_temp.block AS
SELECT CASE d.site::text WHEN :'basic' THEN 'as given' WHEN :'other_town' THEN 'backwards' ELSE 'in no order' END AS entered,
	d.*, lag(d.last_at) OVER w AS before_at, lead(d.first_at) OVER w AS after_at
FROM vsys.stock_day AS d
WINDOW w AS (PARTITION BY d.site ORDER BY d.first_at);
SELECT b.entered, count(*) > 1 AS several, sum(b.events) AS events, bool_and(b.before_at IS NULL OR b.before_at < b.first_at) AS one_after_the_other,
	bool_and(b.latest = (b.after_at IS NULL)) AS last_known
FROM pg_temp.block AS b
GROUP BY b.entered
ORDER BY b.entered COLLATE "C";
SELECT b.entered, max(b.events) <= 804 AS of_some_hundred FROM pg_temp.block AS b GROUP BY b.entered ORDER BY b.entered COLLATE "C";
-- every block sums up its events, and knows how low they brought the doses on hand
SELECT count(*) AS wrong
FROM pg_temp.block AS b
CROSS JOIN LATERAL (
	SELECT sum(t.events) AS events, sum(t.change) AS change, min(t.stand) AS low, min(t.stand) FILTER (WHERE t.at < b.last_at) AS low_before
	FROM (
		SELECT e.happened_at AS at, count(*) AS events, sum(e.delta) AS change, sum(sum(e.delta)) OVER (ORDER BY e.happened_at) AS stand
		FROM vsys.stock_event AS e
		WHERE e.site OPERATOR(outbreak.=) b.site
			AND e.happened_at BETWEEN b.first_at AND b.last_at
		GROUP BY e.happened_at
	) AS t
) AS l
WHERE (b.events, b.delta, b.low, b.low_before) IS DISTINCT FROM (l.events, l.change, l.low, l.low_before);
-- as of any moment, at and between events: what the events until then add up to
SELECT count(*) AS moments, count(*) FILTER (WHERE a.doses IS DISTINCT FROM l.doses OR a.given IS DISTINCT FROM l.given) AS wrong
FROM (VALUES (:'basic'), (:'other_town'), (:'osaka')) AS s (site)
CROSS JOIN generate_series('2021-06-01 07:59:45+09'::timestamptz, '2021-06-01 14:15+09', '4 minutes 15 seconds') AS m (at)
LEFT JOIN LATERAL vsys.stock_account(s.site::outbreak.institution_code, m.at) AS a ON true
LEFT JOIN LATERAL (
	SELECT sum(e.delta) AS doses, sum(e.doses) AS given
	FROM vsys.stock_event AS e
	WHERE e.site::text = s.site
		AND e.happened_at <= m.at
) AS l ON true;
SELECT s.doses, s.vials, s.open_doses FROM vsys.stock(:'osaka', '2021-06-01 11:29:59+09') AS s;
-- six doses are left in the end: seven more at noon are one too many, in the evening, and six are not
SELECT pg_temp.tries(format('SELECT vsys.post_stock(%L, ''sample'', ''LOT1'', ''given'', 0, 7, ''2021-06-01 12:00:10+09'')', s.site)) ~ 'OB040 .*: 1 doses short at 2021-06-01 13:59:30' AS refused,
	pg_temp.tries(format('SELECT vsys.post_stock(%L, ''sample'', ''LOT1'', ''given'', 0, 6, ''2021-06-01 12:00:10+09'')', s.site)) ~ '^[0-9]+$' AS taken
FROM (VALUES (:'basic'), (:'other_town'), (:'osaka')) AS s (site);
-- what is short in the middle of the day alone is seen too, whatever came later
INSERT INTO vsys.stock_event (site, product, lot, kind, vials, happened_at)
VALUES (:'basic', 'sample', 'LOT1', 'received', 100, '2021-06-01 13:30+09');
SELECT pg_temp.tries(format('SELECT vsys.post_stock(%L, ''sample'', ''LOT1'', ''given'', 0, 200, ''2021-06-01 09:10:10+09'')', :'basic')) ~ 'OB040 .*: [0-9]+ doses short at 2021-06-01 1[23]:[0-9:]+ ' AS refused;
SELECT vsys.check_stock();
ROLLBACK;
