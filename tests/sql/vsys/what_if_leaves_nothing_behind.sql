-- A hypothetical round is calculated in a read-only transaction, changes no table, and moves no sequence.
\pset format unaligned
\set SHOW_CONTEXT never
\set ON_ERROR_ROLLBACK on
BEGIN;
SET search_path = public, outbreak;
SELECT vsys.make_round('comirnaty', '仮定', 100, '[2021-07-05,2021-07-19)', '[
	{"kind": "basic", "to_level": "prefecture", "boxes": 80, "rule": "hamilton", "weight": "share"},
	{"kind": "bonus", "to_level": "prefecture", "rule": "proportional", "claim": "asked"}]') AS round \gset
SELECT vsys.set_indicator(:round, 'share', 'prefecture', '{"01": 10, "13": 50, "27": 40}'), vsys.set_indicator(:round, 'asked', 'prefecture', '{"01": 20, "13": 10}');
SELECT vsys.run_round(:round) - 'certificate' - 'round' AS calculated;
\echo == everything that vsys and allocation hold, and where their sequences stand
CREATE FUNCTION pg_temp.state(relation regclass, kind "char") RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	state text;
BEGIN
	IF kind = 'S' THEN
		RETURN pg_sequence_last_value(relation)::text;
	END IF;
	EXECUTE format('SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), %L)) FROM %s AS t', '', relation) INTO state;
	RETURN state;
END
$$;
CREATE TEMP TABLE before AS
SELECT c.oid::regclass AS relation, c.relkind, pg_temp.state(c.oid, c.relkind) AS state
FROM pg_class AS c
WHERE c.relnamespace IN ('vsys'::regnamespace, 'allocation'::regnamespace)
	AND c.relkind IN ('r', 'S');
SELECT count(*) > 20 AS many FROM before;
\echo == from here on the transaction is read only
SET TRANSACTION READ ONLY;
SELECT unit, name_ja, vials_now / 195 AS now, vials_then / 195 AS then, difference / 195 AS difference FROM vsys.what_if(:round, '{"boxes": 101}') WHERE difference <> 0;
SELECT unit, vials_now / 195 AS now, vials_then / 195 AS then FROM vsys.what_if(:round, '{"frames": [{"frame": 2, "rule": "constrained_equal_awards"}]}') WHERE difference <> 0;
SELECT unit, vials_now / 195 AS now, vials_then / 195 AS then FROM vsys.what_if(:round, '{"without": [2], "frames": [{"frame": 1, "boxes": null}]}') WHERE difference <> 0;
SELECT unit, vials_now / 195 AS now, vials_then / 195 AS then FROM vsys.what_if(:round, '{"indicators": [{"indicator": "share", "level": "prefecture", "unit": "27", "value": 0}]}') WHERE difference <> 0;
SELECT unit, vials_now / 195 AS now, vials_then / 195 AS then FROM vsys.what_if(:round, '{"boxes": 120, "frames": [{"frame": 2, "boxes": 20}, {"frame": 3, "kind": "adjustment", "to_level": "prefecture", "rule": "dhondt", "weight": "share"}]}') WHERE difference <> 0;
\echo == changed since (none)
SELECT b.relation
FROM before AS b
WHERE b.state IS DISTINCT FROM pg_temp.state(b.relation, b.relkind);
\echo == what cannot be says why
SELECT * FROM vsys.what_if(:round, '{"boxes": 50}');
SELECT * FROM vsys.what_if(:round, '{"frames": [{"frame": 1, "rule": "hamilton", "weight": "nothing"}]}');
SELECT * FROM vsys.what_if(:round, '{"frames": [{"frame": 9, "kind": "bonus"}]}');
SELECT * FROM vsys.what_if(:round, '{"frames": [{"frame": 2, "boxes": 40}]}');
SELECT * FROM vsys.what_if(-1, '{}');
ROLLBACK;
