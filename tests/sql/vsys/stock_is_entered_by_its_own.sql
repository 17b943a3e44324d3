-- Who enters and reads stock: the site, its municipality, its prefecture, the ministry. Others are told nothing, not by
-- an error either: neither totals, nor events, nor keys.
\pset format unaligned
BEGIN;
\getenv srcdir PG_ABS_SRCDIR
\set goods :srcdir /sql/vsys/goods.inc
\set ECHO none
\i :goods
\set ECHO all
SELECT vsys.post_stock(s::outbreak.institution_code, 'sample', 'LOT1', 'received', 10, happened_at => '2021-06-01 09:00+09', key => 'box') > 0 AS entered FROM unnest(ARRAY[:'basic', :'other_town', :'osaka']) AS s;
SELECT event AS osaka_event FROM vsys.stock_event WHERE site::text = :'osaka' \gset
CREATE TEMP TABLE who (n serial, what text, role text, claims jsonb);
INSERT INTO who (what, role, claims) VALUES
	('the site', 'outbreak_institution', jsonb_build_object('sub', 'a', 'institution', :'basic')),
	('its municipality', 'outbreak_municipality', '{"sub": "b", "municipality": "131016"}'),
	('its prefecture', 'outbreak_prefecture', '{"sub": "c", "prefecture": 13}'),
	('the ministry', 'outbreak_ministry', '{"sub": "d"}'),
	('another site', 'outbreak_institution', jsonb_build_object('sub', 'e', 'institution', :'osaka')),
	('another municipality', 'outbreak_municipality', '{"sub": "f", "municipality": "131024"}'),
	('another prefecture', 'outbreak_prefecture', '{"sub": "g", "prefecture": 27}'),
	('a wholesaler', 'outbreak_wholesaler', '{"sub": "h", "organisation": 1}'),
	('a citizen', 'outbreak_citizen', '{"sub": "i"}'),
	('the public', 'outbreak_anon', '{}');
GRANT ALL ON who TO PUBLIC;
CREATE FUNCTION pg_temp.as_who(n integer, query text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	w record;
	answer text;
BEGIN
	SELECT * INTO w FROM who WHERE who.n = as_who.n;
	PERFORM pg_temp.become(w.role, w.claims);
	answer := pg_temp.tries(query);
	PERFORM set_config('role', 'none', true);
	RETURN regexp_replace(answer, ' for (function|table) .*', '');
END
$$;
SELECT w.what,
	pg_temp.as_who(w.n, format('SELECT vsys.post_stock(%L, ''sample'', ''LOT1'', ''given'', 0, 1, ''2021-06-02 10:00+09'', ''dose %s'') > 0', :'basic', w.n)) AS enters,
	pg_temp.as_who(w.n, format('SELECT string_agg(s.doses::text, '','') FROM vsys.stock(%L, ''2021-06-01 12:00+09'') AS s', :'basic')) AS reads
FROM who AS w
ORDER BY w.n;
-- probing: each would give something away if it were answered before the right is asked
SELECT w.what, p.what AS probe, replace(pg_temp.as_who(w.n, p.query), :'osaka_event', '#') AS answer
FROM who AS w
CROSS JOIN LATERAL (VALUES
	('a total', format('SELECT vsys.report_total(%L, ''sample'', ''LOT1'', ''received'', 10)', :'osaka')),
	('a lower total', format('SELECT vsys.report_total(%L, ''sample'', ''LOT1'', ''received'', 9)', :'osaka')),
	('a key', format('SELECT vsys.post_stock(%L, ''sample'', ''LOT1'', ''received'', 10, key => ''box'')', :'osaka')),
	('another content', format('SELECT vsys.post_stock(%L, ''sample'', ''LOT1'', ''received'', 11, key => ''box'')', :'osaka')),
	('an event', format('SELECT vsys.reverse_stock(%s, ''x'')', :osaka_event)),
	('an event by name', format('SELECT vsys.post_stock(%L, ''sample'', ''LOT1'', ''reversed'', 0, reason => ''x'', of_event => %s)', :'osaka', :osaka_event)),
	('straight into the table', format('INSERT INTO vsys.stock_event (site, product, lot, kind, total) VALUES (%L, ''sample'', ''LOT1'', ''received'', 10)', :'osaka'))
) AS p (what, query)
WHERE w.n = ANY ('{1,3}'::integer[])
ORDER BY w.n, p.what;
-- who entered it stands there
SELECT recorded_by, count(*) FROM vsys.stock_event WHERE site::text = :'basic' AND kind = 'given' GROUP BY 1 ORDER BY 1;
-- sums are written by nobody
SELECT pg_temp.as_who(4, format('UPDATE vsys.%s SET %s', v.name, v.change)) AS answer
FROM (VALUES ('stock_day', 'given = 0'), ('holding', 'doses = 0'), ('stock_key', 'event = 0')) AS v (name, change);
ROLLBACK;
