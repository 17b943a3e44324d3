-- Draft, decided, published, withdrawn: only a draft is calculated, what was decided does not change, and what was
-- published stays as it was. Every way around that is refused, and says why.
BEGIN;
\pset format unaligned
\set SHOW_CONTEXT never
SET search_path = public, outbreak;
\getenv srcdir PG_ABS_SRCDIR
\set setup :srcdir /sql/vsys/rounds.inc
\set ECHO none
\i :setup
\set ECHO all
SELECT vsys.make_round('round_test', '一方通行', 20, '[2021-07-05,2021-07-19)', '[
	{"kind": "basic", "to_level": "prefecture", "rule": "hamilton", "weight": "population"},
	{"kind": "split", "from_level": "prefecture", "to_level": "basic_site", "rule": "hamilton", "weight": "asked"}]') AS round \gset
SELECT vsys.set_indicator(:round, 'asked', 'basic_site', jsonb_build_object(:'basic', 2, :'second', 1, :'other_town', 4, :'osaka', 9)) AS sites;
CREATE TEMP TABLE attempt (n serial, what text, query text);
INSERT INTO attempt (what, query)
SELECT v.what, format(v.query, :round)
FROM (VALUES
	('calculate', 'SELECT vsys.run_round(%s) - ''certificate'' - ''round'''),
	('decide', 'SELECT vsys.decide_round(%s)'),
	('publish', 'SELECT vsys.publish_round(%s) - ''round'''),
	('change boxes', 'UPDATE vsys.round SET boxes = boxes + 1 WHERE round = %s RETURNING ''changed'''),
	('change state by hand', 'UPDATE vsys.round SET state = ''published'' WHERE round = %s RETURNING ''changed'''),
	('back to draft', 'UPDATE vsys.round SET state = ''draft'' WHERE round = %s RETURNING ''changed'''),
	('another certificate', 'UPDATE vsys.round SET certificate = ''\x00'' WHERE round = %s RETURNING ''changed'''),
	('change a frame', 'UPDATE vsys.frame SET rule = ''webster'' WHERE round = %s AND frame = 1 RETURNING ''changed'''),
	('drop a frame', 'DELETE FROM vsys.frame WHERE round = %s AND frame = 2 RETURNING ''changed'''),
	('add an indicator', 'SELECT vsys.set_indicator(%s, ''later'', ''prefecture'', ''{"13": 1}'')'),
	('change a result', 'UPDATE vsys.allotment SET vials = vials + 1 WHERE round = %s RETURNING ''changed'''),
	('take a result away', 'DELETE FROM vsys.allotment WHERE round = %s RETURNING ''changed'''),
	('change a calculation', 'UPDATE vsys.round_run SET parent = ''00'' WHERE round = %s RETURNING ''changed'''),
	('withdraw without a reason', 'SELECT vsys.withdraw_round(%s, '' '')'),
	('a round that is not there', 'SELECT vsys.run_round(%s + 1000000)')
) AS v (what, query);
CREATE FUNCTION pg_temp.all_of_them() RETURNS TABLE (what text, answer text)
LANGUAGE plpgsql AS $$
BEGIN
	-- none is kept: each is tried from the same state
	FOR what, answer IN SELECT a.what, a.query FROM attempt AS a ORDER BY a.n LOOP
		BEGIN
			answer := pg_temp.tries(answer);
			RAISE EXCEPTION USING ERRCODE = 'TT000';
		EXCEPTION WHEN SQLSTATE 'TT000' THEN
			RETURN NEXT;
		END;
	END LOOP;
END
$$;
\echo == a draft
SELECT * FROM pg_temp.all_of_them();
SELECT vsys.run_round(:round) - 'certificate' - 'round' AS calculated;
\echo == what it goes by changes after the calculation
SELECT vsys.set_indicator(:round, 'asked', 'basic_site', jsonb_build_object(:'second', 2)) AS sites;
SELECT pg_temp.tries(format('SELECT vsys.decide_round(%s)', :round));
SELECT vsys.run_round(:round) ->> 'pass' AS pass;
SELECT vsys.decide_round(:round, NULL, '2021-07-01 10:00+09');
\echo == decided
SELECT * FROM pg_temp.all_of_them();
SELECT vsys.publish_round(:round, '2021-07-01 12:00+09') - 'round' AS published;
\echo == published
SELECT * FROM pg_temp.all_of_them();
SELECT state, pass, decided_at, published_at, length(certificate) FROM vsys.round WHERE round = :round;
SELECT i.name_ja, a.vials / 195 AS boxes FROM vsys.allotment AS a JOIN registry.institution AS i ON i.institution = a.site WHERE a.round = :round ORDER BY 1;
\echo == withdrawn: the numbers stay, and the audit trail has each step
SELECT vsys.withdraw_round(:round, '知事会の要望により', '2021-07-10 10:00+09');
SELECT * FROM pg_temp.all_of_them() WHERE what IN ('calculate', 'decide', 'publish', 'withdraw without a reason', 'change boxes');
SELECT state, remark, withdrawn_at FROM vsys.round WHERE round = :round;
SELECT count(*) FROM vsys.allotment WHERE round = :round;
\echo == frames that cannot be
SELECT f.what, split_part(pg_temp.tries(format('SELECT vsys.make_round(''round_test'', ''不可'', 10, ''[2021-07-05,2021-07-19)'', %L)', f.frames)), ' | Failing', 1)
FROM (VALUES
	('upwards', '[{"kind": "basic", "from_level": "municipality", "to_level": "prefecture", "rule": "hamilton", "weight": "population"}]'),
	('boxes of a prefecture', '[{"kind": "basic", "from_level": "prefecture", "to_level": "municipality", "boxes": 5, "rule": "hamilton", "weight": "population"}]'),
	('two amounts', '[{"kind": "basic", "to_level": "prefecture", "boxes": 5, "percent": 10, "rule": "hamilton", "weight": "population"}]'),
	('no weight', '[{"kind": "basic", "to_level": "prefecture", "rule": "hamilton"}]'),
	('no claim', '[{"kind": "basic", "to_level": "prefecture", "rule": "talmud"}]'),
	('a penalty without allowance', '[{"kind": "penalty", "from_level": "municipality", "to_level": "prefecture", "takes": ["basic"], "rule": "deduction", "percent": 10, "claim": "stock"}]'),
	('unknown rule', '[{"kind": "basic", "to_level": "prefecture", "rule": "lottery", "weight": "population"}]'),
	('negative boxes', '[{"kind": "basic", "to_level": "prefecture", "boxes": -1, "rule": "hamilton", "weight": "population"}]')
) AS f (what, frames);
SELECT f.what, pg_temp.tries(format('SELECT vsys.run_round(vsys.make_round(''round_test'', ''不可%s'', 10, ''[2021-07-05,2021-07-19)'', %L))', f.n, f.frames))
FROM (VALUES
	(1, 'less than the round', '[{"kind": "basic", "to_level": "prefecture", "boxes": 9, "rule": "hamilton", "weight": "population"}]'),
	(2, 'more than the round', '[{"kind": "basic", "to_level": "prefecture", "boxes": 11, "rule": "hamilton", "weight": "population"}]'),
	(3, 'two rests', '[{"kind": "basic", "to_level": "prefecture", "rule": "hamilton", "weight": "population"}, {"kind": "bonus", "to_level": "prefecture", "rule": "hamilton", "weight": "population"}]'),
	(4, 'no frame', '[]'),
	(5, 'population of sites', '[{"kind": "basic", "to_level": "site", "rule": "hamilton", "weight": "population"}]'),
	(6, 'floor above cap', '[{"kind": "basic", "to_level": "prefecture", "rule": "hamilton", "weight": "population", "floor": "3", "cap": "2"}]'),
	(7, 'caps too low', '[{"kind": "basic", "to_level": "prefecture", "rule": "hamilton", "weight": "population", "cap": "2"}]'),
	(8, 'claims too low', '[{"kind": "basic", "to_level": "prefecture", "rule": "proportional", "claim": "request"}]'),
	(9, 'an indicator that is not there', '[{"kind": "basic", "to_level": "prefecture", "rule": "hamilton", "weight": "nothing"}]')
) AS f (n, what, frames);
ROLLBACK;
