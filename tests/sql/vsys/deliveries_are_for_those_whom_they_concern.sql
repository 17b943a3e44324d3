-- Who sees and does what with deliveries: the branch its own with the address of its sites, the site its own, municipality
-- and prefecture theirs, the ministry all, the public nothing. Nobody does another's step.
\pset format unaligned
BEGIN;
\getenv srcdir PG_ABS_SRCDIR
\set setup :srcdir /sql/vsys/delivery.inc
\i :setup
SET client_min_messages = warning;
INSERT INTO vsys.round (product, name_ja, boxes, deliver, state) VALUES ('test_box', '配送試験クール', 100, '[2021-07-05,2021-07-17)', 'published') RETURNING round \gset
INSERT INTO vsys.allotment (round, site, vials) SELECT :round, pg_temp.i(p, n), 195 FROM (VALUES (13), (27)) AS p (p) CROSS JOIN generate_series(1, 4) AS n;
INSERT INTO vsys.delivery (round, product, site, municipality, branch, on_date, vials)
SELECT :round, 'test_box', s.site, s.municipality, CASE WHEN s.prefecture = 13 THEN 990101 ELSE 990102 END, '2021-07-05', 195
FROM vsys.allotment AS a
JOIN vsys.site AS s ON s.site = a.site
WHERE a.round = :round
ORDER BY s.site::text;
SELECT pg_temp.know(n) FROM generate_series(1, 8) AS n \g /dev/null
SELECT vsys.ship(pg_temp.d(n), 'BOX-A', 195, '2021-07-05 07:00+09') FROM unnest('{1,2,5}'::int[]) AS n \g /dev/null
SELECT vsys.receive(pg_temp.d(2), 190, '試験 花子', received_at => '2021-07-05 09:00+09') \g /dev/null
SELECT vsys.post_stock(pg_temp.i(13, 1), 'test_box', 'BOX-A', 'received', 100, happened_at => '2021-07-01 09:00+09') \g /dev/null
SELECT vsys.send_vials(pg_temp.i(13, 1), pg_temp.i(13, 5), 'test_box', 'BOX-A', 30, '2021-07-06 08:00+09') AS sent \gset
INSERT INTO vsys.receiving (site, product) VALUES (pg_temp.i(13, 1), 'test_box'), (pg_temp.i(27, 1), 'test_box');
INSERT INTO vsys.permit (from_municipality, to_municipality, product, vials, valid, reason) VALUES ('131016', '131024', 'test_box', 1, '[2021-07-05,2021-07-10)', 'x');

CREATE FUNCTION pg_temp.tries(query text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	EXECUTE query INTO result;
	RETURN coalesce(result, 'nothing');
EXCEPTION WHEN insufficient_privilege THEN
	RETURN 'no right';
WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || regexp_replace(SQLERRM, '\d{1,9}\M', '#', 'g');
END
$$;
CREATE TEMP TABLE attempt (n serial, what text, query text);
INSERT INTO attempt (what, query)
VALUES
	('deliveries', $$SELECT string_agg(concat(prefecture, '-', municipality), ' ' ORDER BY site::text) FROM vsys.delivery$$),
	('schedule', $$SELECT concat(count(*), ' ', min(address), ' ', min(phone), ' ', min(branch_phone)) FROM vsys.schedule('2021-07-01', '2021-07-31')$$),
	('notices', $$SELECT count(*)::text FROM vsys.notice$$),
	('shipments, receipts, discrepancies', $$SELECT concat_ws(' ', (SELECT count(vials) FROM vsys.shipment), (SELECT count(vials) FROM vsys.receipt), (SELECT count(vials) FROM vsys.discrepancy))$$),
	('who received', $$SELECT string_agg(received_by, ' ') FROM vsys.receipt$$),
	('transfers', $$SELECT count(*)::text FROM vsys.transfer$$),
	('in transit', $$SELECT string_agg(concat(kind, ' ', vials), ', ' ORDER BY kind, to_site::text) FROM vsys.in_transit()$$),
	('unnoticed', $$SELECT string_agg(DISTINCT recipient, ' ') FROM vsys.unnoticed('2021-07-04 09:00+09')$$),
	('branches', $$SELECT count(*)::text FROM vsys.branch WHERE organisation BETWEEN 990101 AND 990104$$),
	('capacity', $$SELECT count(DISTINCT branch)::text FROM vsys.branch_weekday$$),
	('receiving', $$SELECT count(*)::text FROM vsys.receiving$$),
	('plans', $$SELECT count(*)::text FROM vsys.plan$$),
	('permits', $$SELECT count(*)::text FROM vsys.permit$$),
	('own capacity, write', $$INSERT INTO vsys.branch_day (branch, on_date, stops, vials) VALUES (990101, '2021-07-09', 0, 0) RETURNING 'done'$$),
	('ship', format($$SELECT vsys.ship(%s, 'BOX-A', 195, '2021-07-05 07:00+09') IS NOT NULL$$, pg_temp.d(3))),
	('ship, Osaka', format($$SELECT vsys.ship(%s, 'BOX-A', 195, '2021-07-05 07:00+09') IS NOT NULL$$, pg_temp.d(6))),
	('ship by a row, Osaka', format($$INSERT INTO vsys.shipment (delivery, lot, vials) VALUES (%s, 'BOX-A', 195) RETURNING 'done'$$, pg_temp.d(6))),
	('receive, site 1', format($$SELECT vsys.receive(%s, 195, 'x', received_at => '2021-07-05 10:00+09') IS NOT NULL$$, pg_temp.d(1))),
	('receive by a row, site 5', format($$INSERT INTO vsys.receipt (delivery, lot, vials, received_by, received_at) VALUES (%s, 'BOX-A', 195, 'x', '2021-07-05 10:00+09') RETURNING 'done'$$, pg_temp.d(5))),
	('another date', format($$SELECT vsys.move_delivery(%s, '2021-07-08', 'x', '2021-07-01 09:00+09')::text$$, pg_temp.d(4))),
	('the state by hand', $$UPDATE vsys.delivery SET state = 'lost' RETURNING 'done'$$),
	('confirm as site', format($$WITH u AS (UPDATE vsys.notice SET acknowledged_by = 'x' WHERE recipient = 'site' AND delivery = %s RETURNING 1) SELECT count(*)::text FROM u$$, pg_temp.d(4))),
	('confirm as municipality', $$WITH u AS (UPDATE vsys.notice SET acknowledged_by = 'x' WHERE recipient = 'municipality' RETURNING 1) SELECT count(*)::text FROM u$$),
	('confirm as prefecture', $$WITH u AS (UPDATE vsys.notice SET acknowledged_by = 'x' WHERE recipient = 'prefecture' RETURNING 1) SELECT count(*)::text FROM u$$),
	('explain', $$WITH u AS (UPDATE vsys.discrepancy SET explanation = 'lost', note = 'x' WHERE explanation IS NULL RETURNING 1) SELECT count(*)::text FROM u$$),
	('reroute', format($$SELECT vsys.reroute_delivery(%s, %L, '2021-07-06', 'x', '2021-07-05 12:00+09') IS NOT NULL$$, pg_temp.d(4), pg_temp.i(13, 1))),
	('reroute to Osaka', format($$SELECT vsys.reroute_delivery(%s, %L, '2021-07-06', 'x', '2021-07-05 12:00+09') IS NOT NULL$$, pg_temp.d(3), pg_temp.i(27, 1))),
	('cancel', format($$SELECT vsys.cancel_delivery(%s, 'x')::text$$, pg_temp.d(8))),
	('send', format($$SELECT vsys.send_vials(%L, %L, 'test_box', 'BOX-A', 1, '2021-07-06 08:00+09') IS NOT NULL$$, pg_temp.i(13, 1), pg_temp.i(13, 2))),
	('receive a transfer', format($$SELECT vsys.receive_vials(%s, '2021-07-06 10:00+09', 30, 'x') IS NOT NULL$$, :sent)),
	('permit', $$INSERT INTO vsys.permit (from_municipality, to_municipality, product, vials, valid, reason) VALUES ('131016', '131024', 'test_box', 1, '[2021-07-05,2021-07-10)', 'x') RETURNING 'done'$$),
	('area', $$INSERT INTO vsys.branch_area (municipality, product, from_on, branch) VALUES ('131016', 'test_vial', '2021-08-01', 990104) RETURNING 'done'$$);
GRANT SELECT ON attempt TO PUBLIC;
-- each tries everything in a transaction of its own
CREATE PROCEDURE pg_temp.all_of(role text, claims jsonb) LANGUAGE plpgsql AS $$
DECLARE
	a record;
BEGIN
	FOR a IN SELECT * FROM attempt ORDER BY n LOOP
		BEGIN
			PERFORM pg_temp.become(role, claims);
			RAISE EXCEPTION USING ERRCODE = 'ZZ001', MESSAGE = pg_temp.tries(a.query);
		EXCEPTION WHEN SQLSTATE 'ZZ001' THEN
			INSERT INTO answer VALUES (a.n, role || coalesce(' ' || (SELECT string_agg(value, ' ') FROM jsonb_each_text(claims)), ''), SQLERRM);
		END;
	END LOOP;
END
$$;
CREATE TEMP TABLE answer (n int, who text, answer text);
\set ECHO none
CALL pg_temp.all_of('outbreak_ministry', '{}');
CALL pg_temp.all_of('outbreak_wholesaler', '{"organisation": 990101}');
CALL pg_temp.all_of('outbreak_wholesaler', '{"organisation": 990102}');
CALL pg_temp.all_of('outbreak_institution', jsonb_build_object('institution', pg_temp.i(13, 1)));
CALL pg_temp.all_of('outbreak_institution', jsonb_build_object('institution', pg_temp.i(13, 5)));
CALL pg_temp.all_of('outbreak_institution', jsonb_build_object('institution', pg_temp.i(27, 1)));
CALL pg_temp.all_of('outbreak_institution', '{}');
CALL pg_temp.all_of('outbreak_municipality', '{"municipality": "131016"}');
CALL pg_temp.all_of('outbreak_municipality', '{"municipality": "131024"}');
CALL pg_temp.all_of('outbreak_prefecture', '{"prefecture": 13}');
CALL pg_temp.all_of('outbreak_prefecture', '{"prefecture": 27}');
CALL pg_temp.all_of('outbreak_analyst', '{}');
CALL pg_temp.all_of('outbreak_anon', '{}');
CALL pg_temp.all_of('outbreak_citizen', '{}');
\set ECHO all
-- what | who: answer; those without any right to it are left out
SELECT a.what, x.who, x.answer
FROM answer AS x
JOIN attempt AS a ON a.n = x.n
WHERE x.answer <> 'no right'
ORDER BY a.n, x.who COLLATE "C";
ROLLBACK;
