-- Who received, confirmed, entered or calculated something stands with it for five years and not a day longer; then the name
-- goes, and what was received, confirmed, entered and calculated stays as it was. Nobody else can take a name away.
\pset format unaligned
BEGIN;
\getenv srcdir PG_ABS_SRCDIR
\set setup :srcdir /sql/vsys/delivery.inc
\i :setup
\set ON_ERROR_ROLLBACK on
\set VERBOSITY terse
SET timezone = 'Asia/Tokyo';
-- what is made now was made by somebody in July 2021
CREATE FUNCTION pg_temp.in_july(relation regclass, stamp name, name name) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('session_replication_role', 'replica', true);
	EXECUTE format('UPDATE %s SET %I = ''2021-07-05 10:00+09'', %I = ''試験 花子'' WHERE %2$I > ''2022-01-01''', relation, stamp, name);
	PERFORM set_config('session_replication_role', 'origin', true);
END $$;
INSERT INTO vsys.storage_state (product, state, name_ja, name_en, from_c, to_c, arrival) VALUES ('test_box', 'frozen', '冷凍', 'Frozen', -25, -15, true), ('test_box', 'thawed', '冷蔵', 'Thawed', 2, 8, false);
INSERT INTO vsys.storage_step (product, from_state, to_state) VALUES ('test_box', 'frozen', 'thawed');
INSERT INTO vsys.round (product, name_ja, boxes, deliver, state) VALUES ('test_box', '配送試験クール', 2, '[2021-07-05,2021-07-17)', 'published') RETURNING round \gset
INSERT INTO vsys.allotment (round, site, vials) VALUES (:round, pg_temp.i(13, 1), 195);
INSERT INTO vsys.delivery (round, product, site, municipality, branch, on_date, vials) VALUES (:round, 'test_box', pg_temp.i(13, 1), '131016', 990101, '2021-07-05', 195);
SELECT vsys.acknowledge(notice, '試験 花子', '2021-07-05 10:00+09') FROM vsys.notice WHERE delivery = pg_temp.d(1) AND recipient = 'site';
SELECT vsys.ship(pg_temp.d(1), 'BOX-A', 195, '2021-07-05 07:00+09') > 0 AS shipped;
SELECT vsys.receive(pg_temp.d(1), 195, '試験 花子', received_at => '2021-07-05 10:00+09') > 0 AS received;
SELECT vsys.send_vials(pg_temp.i(13, 1), pg_temp.i(13, 5), 'test_box', 'BOX-A', 30, '2021-07-05 10:00+09') AS sent \gset
SELECT vsys.receive_vials(:sent, '2021-07-05 10:00+09', 30, '試験 花子') > 0 AS arrived;
SELECT vsys.store(pg_temp.i(13, 1), 'test_box', 'BOX-A', 'thawed', 1, '2021-07-05 10:00+09') > 0 AS stored;
INSERT INTO vsys.site_status (site, status) VALUES (pg_temp.i(13, 1), 'few');
INSERT INTO vsys.vrs_import (municipality, name, encoding, sha256) VALUES ('131016', 'x.csv', 'UTF8', '\x00');
SELECT vsys.make_round('test_box', '計算', 1, '[2021-08-02,2021-08-16)', '[{"kind": "basic", "to_level": "basic_site", "rule": "hamilton", "weight": "asked"}]') AS calculated \gset
SELECT vsys.set_indicator(:calculated, 'asked', 'basic_site', jsonb_build_object(pg_temp.i(13, 1), 1)) AS sites;
SELECT vsys.run_round(:calculated) ->> 'pass' AS pass;
SELECT pg_temp.in_july(r, s, n) FROM (VALUES ('vsys.stock_event'::regclass, 'recorded_at'::name, 'recorded_by'::name), ('vsys.storage_move', 'recorded_at', 'recorded_by'), ('vsys.round_pass', 'made_at', 'made_by'),
	('allocation.run', 'made_at', 'made_by'), ('vsys.site_status', 'entered_at', 'entered_by'), ('vsys.vrs_import', 'imported_at', 'imported_by')) AS v (r, s, n) \g /dev/null

-- where the name stands, and everything but the name
CREATE FUNCTION pg_temp.names() RETURNS TABLE (place text, names bigint, without bigint) LANGUAGE plpgsql AS $$
BEGIN
	FOR place IN SELECT r.relation::text FROM access.retention AS r WHERE r.action = 'erase' AND r.relation::text ~ '^(vsys|allocation)\.' ORDER BY r.relation::text COLLATE "C" LOOP
		EXECUTE format('SELECT count(*) FILTER (WHERE t::text LIKE ''%%試験 花子%%''), count(*) FILTER (WHERE t::text NOT LIKE ''%%試験 花子%%'') FROM %s AS t', place) INTO names, without;
		RETURN NEXT;
	END LOOP;
END $$;
CREATE FUNCTION pg_temp.rest() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	relation regclass;
	name name;
	one text;
	all_of_it text := '';
BEGIN
	FOR relation, name IN SELECT r.relation, r.columns[1] FROM access.retention AS r WHERE r.action = 'erase' AND r.relation::text ~ '^(vsys|allocation)\.' ORDER BY r.relation::text COLLATE "C" LOOP
		EXECUTE format('SELECT md5(coalesce(string_agg((to_jsonb(t) - %L)::text, '' '' ORDER BY (to_jsonb(t) - %1$L)::text COLLATE "C"), '''')) FROM %s AS t', name, relation) INTO one;
		all_of_it := md5(all_of_it || one);
	END LOOP;
	RETURN all_of_it;
END $$;
SELECT * FROM pg_temp.names();
SELECT pg_temp.rest() AS rest \gset
\echo -- the last day: nothing goes; the next: every name, once
SELECT count(*) FILTER (WHERE done > 0) AS gone FROM access.purge('2026-07-05 23:59:59+09') WHERE relation::text ~ '^(vsys|allocation)\.';
SELECT relation, due, done, held, needed, problem FROM access.purge('2026-07-06 00:00+09') WHERE relation::text ~ '^(vsys|allocation)\.' AND (due > 0 OR problem IS NOT NULL) ORDER BY relation::text COLLATE "C";
SELECT * FROM pg_temp.names();
SELECT pg_temp.rest() = :'rest' AS the_rest_is_as_it_was;
SELECT coalesce(sum(done), 0) AS again FROM access.purge('2026-07-06 00:00+09') WHERE relation::text ~ '^(vsys|allocation)\.';

\echo -- a row is not entered without a name, and a name is not taken away
INSERT INTO vsys.delivery (round, product, site, municipality, branch, on_date, vials) VALUES (:round, 'test_box', pg_temp.i(13, 2), '131016', 990101, '2021-07-06', 195);
SELECT vsys.acknowledge(notice, '試験 次郎', '2021-07-06 10:00+09') FROM vsys.notice WHERE delivery = pg_temp.d(2) AND recipient = 'site';
SELECT vsys.ship(pg_temp.d(2), 'BOX-A', 195, '2021-07-06 11:00+09') > 0 AS shipped;
SELECT pg_temp.try(format('INSERT INTO vsys.receipt (delivery, lot, vials, received_at) VALUES (%s, %L, 195, %L)', pg_temp.d(2), 'BOX-A', '2021-07-06 12:00+09'));
SELECT vsys.send_vials(pg_temp.i(13, 1), pg_temp.i(13, 5), 'test_box', 'BOX-A', 1, '2021-07-06 10:00+09') AS sent \gset
SELECT pg_temp.try(format('INSERT INTO vsys.arrival (transfer, arrived_at, vials) VALUES (%s, %L, 1)', :sent, '2021-07-06 10:00+09'));
SELECT pg_temp.try(format('INSERT INTO vsys.arrival (transfer, arrived_at, vials, received_by) VALUES (%s, %L, 1, %L)', :sent, '2021-07-06 10:00+09', ' ')) ~ '^23514' AS blank_is_refused;
UPDATE vsys.stock_event SET recorded_by = 'x' WHERE site = pg_temp.i(13, 1);
UPDATE vsys.stock_event SET recorded_by = '', reason = 'x' WHERE site = pg_temp.i(13, 1);
UPDATE allocation.run SET made_by = '', seats = 2 WHERE prefecture IS NULL;
UPDATE vsys.round_pass SET made_by = 'x' WHERE round = :calculated;
DELETE FROM vsys.round_pass WHERE round = :calculated;
SELECT pg_temp.become('outbreak_institution', jsonb_build_object('institution', pg_temp.i(13, 2)));
UPDATE vsys.notice SET acknowledged_by = NULL, acknowledged_at = NULL WHERE recipient = 'site';
SELECT acknowledged_by, acknowledged_at FROM vsys.notice WHERE recipient = 'site';
RESET ROLE;
ROLLBACK;
