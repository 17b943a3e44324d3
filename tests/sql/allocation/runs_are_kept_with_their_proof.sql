-- A division is kept with what went in and what came out. allocation.verify() rechecks it from the inputs, without the
-- solver, and names the first unit that does not fit; whoever tampers with any of it is found.
BEGIN;
\pset format unaligned
\set SHOW_CONTEXT never
SELECT allocation.divide('test', 'hamilton', 473, '{a,b,c,d}', '{114000,52000,76000,16000}') AS run \gset
\echo == three equal remainders of a third: the earliest is rounded up
SELECT unit, weight, quota, remainder, granted, reason FROM allocation.run_unit WHERE run = :run ORDER BY position;
SELECT purpose, rule, offered, seats, units, level_numerator, level_denominator, cut_off, encode(inputs_hash, 'hex') AS inputs_hash, made_by FROM allocation.run WHERE run = :run;
SELECT * FROM allocation.verify(:run);

\echo == every rule, with floors and caps, rests that are held, and claims that are met
CREATE TEMP TABLE made AS
SELECT *
FROM (VALUES
	(1, 'hamilton', allocation.divide('test', 'hamilton', 100, '{a,b,c,d}', '{90,5,4,1}', NULL, '{NULL,10,10,2}', '{60,NULL,NULL,NULL}')),
	(2, 'webster', allocation.divide('test', 'webster', 100, '{a,b,c,d}', '{90,5,4,1}', NULL, '{NULL,10,10,2}', '{60,NULL,NULL,NULL}')),
	(3, 'dhondt', allocation.divide('test', 'dhondt', 10, '{a,b,c,d}', '{53,24,23,0}')),
	(4, 'adams', allocation.divide('test', 'adams', 3, '{a,b,c,d}', '{53,24,23,1}')),
	(5, 'huntington_hill', allocation.divide('test', 'huntington_hill', 10, '{a,b,c}', '{53,24,23}')),
	(6, 'dean', allocation.divide('test', 'dean', 10, '{a,b,c}', '{53,24,23}')),
	(7, 'proportional', allocation.divide('test', 'proportional', 100, '{a,b,c}', NULL, '{100,200,300}')),
	(8, 'constrained_equal_awards', allocation.divide('test', 'constrained_equal_awards', 350, '{a,b,c}', NULL, '{100,200,300}')),
	(9, 'constrained_equal_awards', allocation.divide('test', 'constrained_equal_awards', 100, '{a,b,c}', '{1,2,3}', '{10,200,300}')),
	(10, 'constrained_equal_losses', allocation.divide('test', 'constrained_equal_losses', 200, '{a,b,c}', NULL, '{100,200,300}')),
	(11, 'talmud', allocation.divide('test', 'talmud', 100, '{a,b,c}', NULL, '{100,200,300}')),
	(12, 'talmud', allocation.divide('test', 'talmud', 200, '{a,b,c}', NULL, '{100,200,300}')),
	(13, 'talmud', allocation.divide('test', 'talmud', 300, '{a,b,c}', NULL, '{100,200,300}')),
	(14, 'talmud', allocation.divide('test', 'talmud', 451, '{a,b,c}', NULL, '{100,200,300}')),
	(15, 'ranked', allocation.divide('test', 'ranked', 500, '{a,b,c}', '{1,9,5}', '{100,200,400}')),
	(16, 'given', allocation.divide('test', 'given', 7, '{a,b}', NULL, '{3,4}')),
	(17, 'deduction', allocation.divide('test', 'deduction', 0, '{osaka,nagoya,other}', '{164,137,99}', '{601,601,600}', NULL, '{600,600,600}', percent => 10)),
	(18, 'hamilton', allocation.divide('test', 'hamilton', 100, '{a,b}', '{1,2}', NULL, NULL, '{3,4}', hold => true)),
	(19, 'proportional', allocation.divide('test', 'proportional', 100, '{a,b}', NULL, '{3,4}', hold => true)),
	(20, 'hamilton', allocation.divide('test', 'hamilton', 5, '{a,b}', '{0,0}', hold => true))
) AS r (n, rule, run);
SELECT m.n, m.rule, a.seats, array_agg(u.granted ORDER BY u.position) AS granted, array_agg(u.reason ORDER BY u.position) AS reasons,
	(SELECT count(*) FROM allocation.verify(m.run)) AS problems
FROM made AS m
JOIN allocation.run AS a USING (run)
JOIN allocation.run_unit AS u USING (run)
GROUP BY m.n, m.rule, m.run, a.seats
ORDER BY m.n;

\echo == nothing is changed in place
CREATE FUNCTION pg_temp.tries(query text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	EXECUTE query;
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', sqlstate, sqlerrm, nullif(detail, ''));
END
$$;
SELECT t.query, pg_temp.tries(t.query)
FROM (VALUES
	('UPDATE allocation.run_unit SET granted = granted + 1'), ('DELETE FROM allocation.run_unit'), ('TRUNCATE allocation.run_unit'), ('UPDATE allocation.run SET seats = 1'), ('DELETE FROM allocation.run')
) AS t (query);

\echo == who gets round that (a superuser with triggers off) is found: what was changed | what verify says
CREATE FUNCTION pg_temp.tampered(of_run bigint, change text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	found record;
	said text;
BEGIN
	BEGIN
		SET LOCAL session_replication_role = replica;
		EXECUTE change USING of_run;
		SET LOCAL session_replication_role = origin;
		SELECT * INTO found FROM allocation.verify(of_run);
		said := concat_ws(' | ', found.problem, found.unit, found.message_en, found.message_ja);
		RAISE EXCEPTION USING ERRCODE = 'TT000';
	EXCEPTION WHEN SQLSTATE 'TT000' THEN
		RETURN coalesce(nullif(said, ''), 'NOTHING FOUND');
	END;
END
$$;
-- a run of each kind whose hashes the tamperer makes anew, so that only the recheck of the numbers can find it
CREATE FUNCTION pg_temp.rehash(of_run bigint) RETURNS void
LANGUAGE SQL AS $$
	UPDATE allocation.run AS r
	SET inputs_hash = allocation.digest(allocation.input_head(r.rule, r.offered, r.seats, r.percent)
			|| (SELECT string_agg(allocation.input_line(u.unit, u.weight, u.claim, u.floor, u.cap, u.reserved), '' ORDER BY u.position) FROM allocation.run_unit AS u WHERE u.run = r.run)),
		result_hash = allocation.digest((SELECT string_agg(allocation.result_line(u.unit, u.granted, u.reason), '' ORDER BY u.position) FROM allocation.run_unit AS u WHERE u.run = r.run))
	WHERE r.run = of_run
$$;
SELECT t.change, pg_temp.tampered(:run, t.change)
FROM (VALUES
	('UPDATE allocation.run_unit SET granted = granted + 1 WHERE run = $1 AND unit = ''a'''),
	('UPDATE allocation.run_unit SET granted = granted + CASE unit WHEN ''a'' THEN 1 ELSE -1 END WHERE run = $1 AND unit IN (''a'', ''d'')'),
	('UPDATE allocation.run_unit SET granted = granted + CASE unit WHEN ''b'' THEN -1 ELSE 1 END WHERE run = $1 AND unit IN (''b'', ''c'')'),
	('UPDATE allocation.run_unit SET weight = weight + 1 WHERE run = $1 AND unit = ''b'''),
	('UPDATE allocation.run_unit SET reason = ''exact'' WHERE run = $1 AND unit = ''b'''),
	('UPDATE allocation.run_unit SET quota = quota + 1 WHERE run = $1 AND unit = ''b'''),
	('UPDATE allocation.run_unit SET cap = 100 WHERE run = $1 AND unit = ''a'''),
	('UPDATE allocation.run SET level_numerator = level_numerator + 1 WHERE run = $1'),
	('UPDATE allocation.run SET seats = 472 WHERE run = $1'),
	('UPDATE allocation.run SET offered = 500 WHERE run = $1'),
	('DELETE FROM allocation.run_unit WHERE run = $1 AND unit = ''c'''),
	('DELETE FROM allocation.run WHERE run = $1')
) AS t (change);
\echo == … with one moved from the last to the first, and the hashes made anew: rule | what verify says
DO $$
DECLARE
	t record;
	found record;
BEGIN
	SET LOCAL session_replication_role = replica;
	FOR t IN
		SELECT r.run, r.rule, r.seats
		FROM allocation.run AS r
		WHERE r.purpose = 'test'
			AND r.rule <> 'given'
			AND r.units > 1
			AND r.seats > 0
			AND r.seats = r.offered
		ORDER BY r.run
	LOOP
		-- one from the last that has any to the first that can take it
		UPDATE allocation.run_unit AS u SET granted = granted - 1
		WHERE u.run = t.run AND u.position = (SELECT max(x.position) FROM allocation.run_unit AS x WHERE x.run = t.run AND x.granted > coalesce(x.floor, 0));
		UPDATE allocation.run_unit AS u SET granted = granted + 1
		WHERE u.run = t.run AND u.position = (SELECT min(x.position) FROM allocation.run_unit AS x WHERE x.run = t.run AND x.granted < least(x.claim, x.cap, 1000));
		PERFORM pg_temp.rehash(t.run);
		SELECT * INTO found FROM allocation.verify(t.run);
		RAISE INFO '%, % seats: % (%)', t.rule, t.seats, coalesce(found.problem, 'NOTHING FOUND'), found.unit;
	END LOOP;
END
$$;
ROLLBACK;

BEGIN;
\echo == what cannot be divided says why
CREATE FUNCTION pg_temp.tries(query text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	EXECUTE query;
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', sqlstate, sqlerrm, nullif(detail, ''));
END
$$;
SELECT pg_temp.tries('SELECT allocation.solve(' || t.arguments || ')')
FROM (VALUES
	('''hamilton'', 10, ''{a,b}'', ''{1,2}'', NULL, ''{6,6}'''),
	('''hamilton'', 10, ''{a,b}'', ''{1,2}'', NULL, NULL, ''{3,4}'''),
	('''hamilton'', 10, ''{a,b}'', ''{1,2}'', NULL, ''{5,0}'', ''{4,9}'''),
	('''hamilton'', 10, ''{a,b}'', ''{0,0}'''),
	('''hamilton'', 10, ''{a,b}'', ''{-1,2}'''),
	('''hamilton'', -1, ''{a,b}'', ''{1,2}'''),
	('''talmud'', 10, ''{a,b}'', NULL, ''{1,2}'''),
	('''given'', 10, ''{a,b}'', NULL, ''{10,2}'''),
	('''given'', 10, ''{a,b}'', NULL, ''{5,2}'''),
	('''proportional'', 1, ''{a,b}'', NULL, ''{-5,9}''')
) AS t (arguments);
ROLLBACK;
