-- What was released of a series stays as it was released, and new figures give nothing of it back.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
\pset format unaligned
-- SQLSTATE, message and hint of a refusal
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	hint text;
BEGIN
	EXECUTE statement;
	RETURN 'not refused';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(E'\n  ', SQLSTATE || ' ' || SQLERRM, nullif(hint, ''));
END
$$;
CREATE TABLE public.ob_test_case (on_date date, town text, cases bigint);
GRANT SELECT ON public.ob_test_case TO outbreak_ministry, outbreak_prefecture, outbreak_worker;
-- each day's figure of a town and of the district, and the sums up to each day that is published yet
CREATE FUNCTION public.ob_test_atoms(upto date) RETURNS TABLE (value bigint, cells text[])
LANGUAGE SQL STABLE PARALLEL SAFE AS $$
	SELECT sum(c.cases)::bigint,
		access.crossed(ARRAY[c.town, 'district'],
			ARRAY[c.on_date::text] || ARRAY(SELECT 'to ' || d::date FROM generate_series(c.on_date, upto, '1 day') AS d))
	FROM public.ob_test_case AS c
	WHERE c.on_date <= upto
	GROUP BY c.on_date, c.town
$$;
INSERT INTO public.ob_test_case VALUES ('2020-04-01', 'A', 30), ('2020-04-01', 'B', 25), ('2020-04-01', 'C', 60),
	('2020-04-02', 'A', 20), ('2020-04-02', 'B', 4), ('2020-04-02', 'C', 40),
	('2020-04-03', 'A', 35), ('2020-04-03', 'B', 50), ('2020-04-03', 'C', 0);
CREATE ROLE ob_test_ministry LOGIN;
GRANT outbreak_ministry TO ob_test_ministry;
CREATE ROLE ob_test_prefecture LOGIN;
GRANT outbreak_prefecture TO ob_test_prefecture;
INSERT INTO access.account (login, prefecture) VALUES ('ob_test_prefecture', 13);
CREATE ROLE ob_test_nobody LOGIN;
GRANT outbreak_prefecture TO ob_test_nobody;

SET SESSION AUTHORIZATION ob_test_ministry;
\echo ---- day 1: nothing is small
SELECT * FROM access.release('daily', $$SELECT * FROM public.ob_test_atoms('2020-04-01')$$);
\echo ---- day 2: B has 4. Its sum to day 2 goes with it, since 29 - 25 is 4; and one town goes along, since the district less the others is B
SELECT * FROM access.release('daily', $$SELECT * FROM public.ob_test_atoms('2020-04-02')$$);
\echo ---- day 3: the sums to day 3 less the figures of day 3 would be the sums to day 2, which are hidden
SELECT * FROM access.release('daily', $$SELECT * FROM public.ob_test_atoms('2020-04-03')$$);
\echo ---- the same again, in another order: the same answer
SELECT count(*) AS cells, count(*) FILTER (WHERE a.value IS DISTINCT FROM b.value OR a.hidden IS DISTINCT FROM b.hidden) AS differences
FROM access.release('daily', $$SELECT * FROM public.ob_test_atoms('2020-04-03') ORDER BY value$$) AS a
FULL JOIN access.released AS b ON b.series = 'daily' AND b.cell = a.cell;
SELECT series, threshold, prefecture, releases FROM access.release_series;
SELECT count(*) FILTER (WHERE value IS NOT NULL) AS values_of_hidden_cells FROM access.released WHERE hidden;

\echo ---- refusals
SELECT pg_temp.refusal($q$SELECT * FROM access.release('daily', $$SELECT * FROM public.ob_test_atoms('2020-04-01')$$)$q$);
SELECT pg_temp.refusal($q$SELECT * FROM access.release('daily', $$SELECT * FROM public.ob_test_atoms('2020-04-03')$$, 4)$q$);
SELECT pg_temp.refusal($q$SELECT * FROM access.release('daily', $$SELECT value + 1 AS value, cells FROM public.ob_test_atoms('2020-04-03')$$)$q$);
SELECT pg_temp.refusal($q$SELECT * FROM access.release('', $$SELECT * FROM public.ob_test_atoms('2020-04-03')$$)$q$);
-- nothing of a refused release is kept
SELECT series, releases FROM access.release_series;
-- a hidden figure may be revised, since it has not been said, as long as the figures shown stay
RESET SESSION AUTHORIZATION;
UPDATE public.ob_test_case SET cases = cases + CASE town WHEN 'B' THEN 1 ELSE -1 END WHERE town IN ('A', 'B') AND on_date = '2020-04-02';
UPDATE public.ob_test_case SET cases = cases - CASE town WHEN 'B' THEN 1 ELSE -1 END WHERE town IN ('A', 'B') AND on_date = '2020-04-03';
SET SESSION AUTHORIZATION ob_test_ministry;
SELECT count(*) FILTER (WHERE hidden) AS hidden FROM access.release('daily', $$SELECT * FROM public.ob_test_atoms('2020-04-03')$$);
-- two figures that were released as if they had nothing in common; now it turns out that one is part of the other
SELECT * FROM access.release('too late', $$SELECT v AS value, c AS cells FROM (VALUES (50, '{medical area}'::text[]), (47, '{health centre}')) AS a (v, c)$$);
SELECT pg_temp.refusal($q$SELECT * FROM access.release('too late', $$SELECT v AS value, c AS cells FROM (VALUES (47, '{medical area,health centre}'::text[]), (3, '{medical area}')) AS a (v, c)$$)$q$);

\echo ---- whose series
RESET SESSION AUTHORIZATION;
SET SESSION AUTHORIZATION ob_test_prefecture;
SELECT * FROM access.release('Tokyo', $$SELECT 12 AS value, ARRAY['Tokyo'] AS cells$$);
SELECT pg_temp.refusal($q$SELECT * FROM access.release('daily', $$SELECT 12 AS value, ARRAY['A'] AS cells$$)$q$);
RESET SESSION AUTHORIZATION;
SET SESSION AUTHORIZATION ob_test_ministry;
SELECT pg_temp.refusal($q$SELECT * FROM access.release('Tokyo', $$SELECT 12 AS value, ARRAY['Tokyo'] AS cells$$)$q$);
RESET SESSION AUTHORIZATION;
SET SESSION AUTHORIZATION ob_test_nobody;
SELECT pg_temp.refusal($q$SELECT * FROM access.release('nation', $$SELECT 12 AS value, ARRAY['A'] AS cells$$)$q$);
RESET SESSION AUTHORIZATION;

\echo ---- nobody writes the tables but the release itself; everybody reads them
SET SESSION AUTHORIZATION ob_test_ministry;
INSERT INTO access.released (series, cell, value, hidden) VALUES ('daily', 'x', 3, false);
UPDATE access.released SET value = 4 WHERE hidden;
DELETE FROM access.released;
UPDATE access.release_series SET threshold = 1;
RESET SESSION AUTHORIZATION;
SET LOCAL ROLE outbreak_anon;
SELECT cell, value, hidden FROM access.released WHERE series = 'Tokyo';
SELECT pg_temp.refusal($q$SELECT * FROM access.release('daily', $$SELECT 12 AS value, ARRAY['A'] AS cells$$)$q$);
SELECT * FROM access.account;
RESET ROLE;
-- the query runs as the caller, not as the owner of the tables
CREATE TABLE public.ob_test_secret AS SELECT 12 AS value, ARRAY['secret'] AS cells;
SET SESSION AUTHORIZATION ob_test_ministry;
SELECT pg_temp.refusal($q$SELECT * FROM access.release('secret', 'SELECT * FROM public.ob_test_secret')$q$);
SELECT cell FROM access.release('who', 'SELECT 12 AS value, ARRAY[current_user::text] AS cells');
RESET SESSION AUTHORIZATION;
-- nor do its own statements, which run as the owner, meet operators and tables of the caller
CREATE SCHEMA hostile;
CREATE TABLE hostile.caught (who name);
GRANT ALL ON SCHEMA hostile TO PUBLIC;
GRANT ALL ON hostile.caught TO PUBLIC;
SET SESSION AUTHORIZATION ob_test_ministry;
CREATE FUNCTION hostile.equal(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO hostile.caught VALUES (current_user); RETURN true; END $$;
CREATE OPERATOR hostile.= (LEFTARG = text, RIGHTARG = text, FUNCTION = hostile.equal);
CREATE FUNCTION hostile.equal(integer, integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO hostile.caught VALUES (current_user); RETURN true; END $$;
CREATE OPERATOR hostile.= (LEFTARG = integer, RIGHTARG = integer, FUNCTION = hostile.equal);
CREATE FUNCTION hostile.unnest(text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN INSERT INTO hostile.caught VALUES (current_user); RETURN; END $$;
CREATE TEMP TABLE released (series text, cell text, value bigint, hidden boolean);
SET search_path = hostile, pg_temp, pg_catalog;
SELECT * FROM access.release('hostile', $$SELECT 12 AS value, ARRAY['A'] AS cells$$);
SELECT * FROM access.release('hostile', $$SELECT 12 AS value, ARRAY['A'] AS cells$$);
RESET search_path;
RESET SESSION AUTHORIZATION;
SELECT who FROM hostile.caught WHERE who <> 'ob_test_ministry';
ROLLBACK;
