-- Calculating a draft again keeps every line of the one before; after 30 days those go that do not count. Keys of the stock
-- ledger are forgotten after 13 months. What counts stays, and nobody else deletes any of it.
\pset format unaligned
SET search_path = public, outbreak;
BEGIN;
\getenv srcdir PG_ABS_SRCDIR
\set rounds :srcdir /sql/vsys/rounds.inc
\set ECHO none
\i :rounds
\set ECHO all
SELECT vsys.make_round('round_test', '古い計算', 12, '[2021-07-05,2021-07-19)', '[{"kind": "basic", "to_level": "prefecture", "boxes": 12, "rule": "hamilton", "weight": "population"}]') AS round \gset
SELECT vsys.make_round('round_test', '通知済', 12, '[2021-07-05,2021-07-19)', '[{"kind": "basic", "to_level": "prefecture", "boxes": 12, "rule": "hamilton", "weight": "population"}]') AS published \gset
SELECT count(vsys.run_round(:round)) FROM generate_series(1, 3);
SELECT count(vsys.run_round(:published)) FROM generate_series(1, 2);
SELECT vsys.decide_round(:published) IS NOT NULL AS decided;
-- time passes: the guards sleep for a moment
SET LOCAL session_replication_role = replica;
UPDATE vsys.round_pass SET made_at = now() - interval '31 days' WHERE round IN (:round, :published);
SET LOCAL session_replication_role = origin;
CREATE TEMP TABLE gone AS SELECT x.run FROM vsys.round_run AS x JOIN vsys.round AS r USING (round) WHERE x.round IN (:round, :published) AND x.pass <> r.pass;
-- two calculations of the draft and one of the decided round, each of one run over 47 prefectures
SELECT vsys.purge_drafts();
SELECT r.round = :published AS decided, p.pass, p.pass = r.pass AS counts, count(x.run) AS runs, bool_and(octet_length(p.certificate) = 32) AS certificate
FROM vsys.round_pass AS p
JOIN vsys.round AS r USING (round)
LEFT JOIN vsys.round_run AS x ON x.round = p.round
	AND x.pass = p.pass
WHERE p.round IN (:round, :published)
GROUP BY 1, 2, 3
ORDER BY 1, 2;
SELECT count(*) FROM allocation.run WHERE run IN (SELECT run FROM gone);
SELECT count(*) FROM allocation.run_unit WHERE run IN (SELECT run FROM gone);
-- what is left holds
SELECT count(*) FILTER (WHERE v.problem IS NOT NULL) AS problems FROM vsys.verify(:published) AS v;
-- again it finds nothing, also at a moment far ahead; nothing is deleted before its time
SELECT vsys.purge_drafts();
SELECT count(vsys.run_round(:round)) FROM generate_series(1, 2);
SELECT vsys.purge_drafts('2999-01-01') ->> 'passes' AS old_pass_of_the_draft;
SELECT vsys.purge_drafts('2999-01-01');
-- ---- keys
INSERT INTO vsys.lot (product, lot, expiry_on) VALUES ('round_test', 'K1', '2021-12-31');
SELECT vsys.post_stock(:'basic', 'round_test', 'K1', 'received', 10, happened_at => '2021-06-01 09:00+09', key => 'long ago') AS long_ago,
	vsys.post_stock(:'basic', 'round_test', 'K1', 'received', 10, happened_at => '2021-06-01 10:00+09', key => 'entered late') AS entered_late,
	vsys.post_stock(:'basic', 'round_test', 'K1', 'received', 10, happened_at => '2021-06-01 11:00+09', key => 'reversed') AS wrong \gset
SELECT vsys.reverse_stock(:wrong, '誤り') > :wrong AS reversed;
SET LOCAL session_replication_role = replica;
UPDATE vsys.stock_event SET recorded_at = now() - interval '14 months' WHERE site::text = :'basic' AND event <> :entered_late;
SET LOCAL session_replication_role = origin;
SELECT vsys.purge_stock_keys('2999-01-01') ->> 'keys' AS forgotten;
-- one that was entered since, however long ago it happened, and that an event is reversed
SELECT k.key = 'entered late' AS entered_late, k.reverses = :wrong AS reverses FROM vsys.stock_key AS k WHERE k.site::text = :'basic' ORDER BY 1;
SELECT vsys.post_stock(:'basic', 'round_test', 'K1', 'received', 10, happened_at => '2021-06-01 10:00+09', key => 'entered late') = :entered_late AS known;
SELECT pg_temp.tries(format('SELECT vsys.post_stock(%L, %L, %L, %L, 0, of_event => %s, reason => %L, key => %L)', :'basic', 'round_test', 'K1', 'reversed', :wrong, 'again', 'another')) ~ 'OB041 . this event is reversed already' AS still_once;
-- ---- nobody else: the setting alone opens nothing
SET LOCAL access.purging = 'vsys.stock_key,vsys.round_run,allocation.run_unit,allocation.run';
SELECT pg_temp.tries('DELETE FROM vsys.stock_key');
SELECT pg_temp.tries('DELETE FROM allocation.run_unit');
SELECT pg_temp.tries('DELETE FROM vsys.round_run');
SELECT pg_temp.tries('DELETE FROM vsys.stock_event');
SET LOCAL ROLE outbreak_owner;
SELECT pg_temp.tries('DELETE FROM vsys.stock_event');
SELECT pg_temp.tries('UPDATE vsys.stock_key SET event = 0');
ROLLBACK;
