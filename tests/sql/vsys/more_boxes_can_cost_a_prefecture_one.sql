-- The paradoxes of largest remainders are found between two rounds: with a box more in all, a prefecture gets one less; and
-- where nothing is odd, nothing is said. Another frame or another level is not compared.
BEGIN;
\pset format unaligned
SET search_path = public, outbreak;
\getenv srcdir PG_ABS_SRCDIR
\set setup :srcdir /sql/vsys/rounds.inc
\set ECHO none
\i :setup
\set ECHO all
CREATE FUNCTION pg_temp.calculated(name text, boxes integer, weights jsonb, rule text, level text DEFAULT 'prefecture') RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	made bigint := vsys.make_round('round_test', name, boxes, '[2021-07-05,2021-07-19)', jsonb_build_array(jsonb_build_object('kind', 'basic', 'to_level', level, 'rule', rule, 'weight', 'asked')));
BEGIN
	PERFORM vsys.set_indicator(made, 'asked', level, weights), vsys.run_round(made);
	RETURN made;
END $$;
SELECT pg_temp.calculated('十', 10, '{"13": 6, "14": 2, "27": 6}', 'hamilton') AS ten, pg_temp.calculated('十一', 11, '{"13": 6, "14": 2, "27": 6}', 'hamilton') AS eleven,
	pg_temp.calculated('十 W', 10, '{"13": 6, "14": 2, "27": 6}', 'webster') AS ten_w, pg_temp.calculated('十一 W', 11, '{"13": 6, "14": 2, "27": 6}', 'webster') AS eleven_w,
	pg_temp.calculated('市区町村', 11, '{"131016": 6, "131024": 2, "271004": 6}', 'hamilton', 'municipality') AS towns \gset
SELECT frame, parent, paradox, unit, other, granted_a, granted_b, message_ja, message_en FROM vsys.paradoxes(:ten, :eleven);
SELECT count(*) AS whichever_comes_first FROM vsys.paradoxes(:eleven, :ten);
SELECT count(*) AS of_a_divisor_method FROM vsys.paradoxes(:ten_w, :eleven_w);
SELECT count(*) AS of_another_level FROM vsys.paradoxes(:ten, :towns);
SELECT count(*) AS of_no_round FROM vsys.paradoxes(:ten, -1);
ROLLBACK;
