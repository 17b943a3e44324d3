-- Whoever enters a person has it, finds it however it is written, and reads who it is; nobody else does.
BEGIN;
\set ON_ERROR_ROLLBACK on
\set SHOW_CONTEXT never
\pset null -
SET client_min_messages = warning;
INSERT INTO registry.municipality (municipality, prefecture, name_ja) VALUES ('131016', 13, '千代田区'), ('271004', 27, '大阪市');
INSERT INTO registry.health_center (health_center, prefecture, name_ja) VALUES (1001, 13, '千代田保健所'), (1002, 13, 'みなと保健所'), (2701, 27, '大阪市保健所');
INSERT INTO registry.institution (institution, kind, name_ja) SELECT outbreak.provisional_institution_code(p, n), 'hospital', p || '-' || n FROM (VALUES (13, 1), (13, 2), (27, 1)) AS v (p, n);
SELECT outbreak.provisional_institution_code(13, 1) AS hospital_a, outbreak.provisional_institution_code(13, 2) AS hospital_b, outbreak.provisional_institution_code(27, 1) AS hospital_c \gset
CREATE FUNCTION pg_temp.become(role text, claims text) RETURNS void LANGUAGE sql AS $$
	SELECT set_config('request.jwt.claims', claims, true), set_config('role', role, true) $$;
-- everything that a role sees of persons
CREATE VIEW seen AS
SELECT (SELECT count(*) FROM registry.person) AS persons, (SELECT count(*) FROM registry.identity) AS identities,
	(SELECT string_agg((r).name, ', ' ORDER BY (r).name) FROM registry.identity AS i CROSS JOIN LATERAL registry.reveal_identity(i.person) AS r) AS names;
ALTER VIEW seen SET (security_invoker = true);
GRANT SELECT ON seen TO PUBLIC;
SET SESSION AUTHORIZATION outbreak_authenticator;

-- ---- a hospital enters a person
SELECT pg_temp.become('outbreak_institution', format('{"institution": "%s"}', :'hospital_a')) \g /dev/null
SELECT registry.register_person('山田　太郎', 'やまだ　たろう', '1980-02-29', 'male', '090-1234-5678', 'Taro@Example.JP', '東京都千代田区丸の内1-1', '131016') AS taro \gset
SELECT registry.register_person('山田 花子', birth_on => '1980-02-29', health_center => 2701) AS hanako \gset
SELECT sex, birth_year, municipality, prefecture, health_center, institution OPERATOR(outbreak.=) :'hospital_a' AS mine, closed_on FROM registry.person ORDER BY sex;
SELECT * FROM registry.reveal_identity(:'taro');
SELECT * FROM registry.reveal_identity(:'hanako');
-- nothing of it is stored in clear
SELECT count(*) AS rows, count(*) FILTER (WHERE i::text ~ '山田|太郎|ヤマダ|やまだ|1980|5678|xample|丸の内') AS clear FROM registry.identity AS i;
-- found by each key, and by all together, however they are written
SELECT key, (SELECT count(*) FROM registry.find_person(name, kana, birth_on, phone, mail) AS f WHERE f.person = :'taro') AS found
FROM (VALUES ('name', '山田太郎', NULL, NULL::date, NULL, NULL), ('name in half width', '山田 太郎', NULL, NULL, NULL, NULL), ('kana', NULL, 'ﾔﾏﾀﾞ ﾀﾛｳ', NULL, NULL, NULL),
	('birth', NULL, NULL, '1980-02-29', NULL, NULL), ('phone', NULL, NULL, NULL, '+81 90 1234 5678', NULL), ('phone in full width', NULL, NULL, NULL, '０９０（１２３４）５６７８', NULL),
	('mail', NULL, NULL, NULL, NULL, ' taro@example.jp'), ('all', '山田太郎', 'ヤマダタロウ', '1980-02-29', '09012345678', 'taro@example.jp'),
	('all but one wrong', '山田太郎', 'ヤマダタロウ', '1980-02-28', '09012345678', 'taro@example.jp'), ('another', '山田次郎', NULL, NULL, NULL, NULL), ('part of it', '山田', NULL, NULL, NULL, NULL),
	('a key of another kind', NULL, NULL, NULL, NULL, '山田太郎')) AS v (key, name, kana, birth_on, phone, mail);
SELECT count(*) FROM registry.find_person(birth_on => '1980-02-29');
SELECT count(*) FROM registry.find_person('', ' 　', NULL, '-', '');
\echo :LAST_ERROR_SQLSTATE
-- it cannot say whose a person is: not by naming the columns, not by handing it to a stranger
INSERT INTO registry.person (prefecture) VALUES (27);
UPDATE registry.person SET prefecture = 27;
UPDATE registry.identity SET prefecture = 27;
INSERT INTO registry.identity (person, prefecture, name) SELECT :'taro', 27, outbreak.seal_lookup('x', 'name');
SELECT registry.register_person('山田 三郎', institution => :'hospital_c');
\echo :LAST_ERROR_SQLSTATE
UPDATE registry.person SET institution = :'hospital_b' WHERE person = :'taro';
\echo :LAST_ERROR_SQLSTATE
DELETE FROM registry.person;
DELETE FROM registry.identity;
-- an identity for a person of somebody else, or of nobody, is the same to it
INSERT INTO registry.identity (person, name) VALUES ('00000000-0000-4000-8000-000000000000', outbreak.seal_lookup('x', 'name'));
\echo :LAST_ERROR_SQLSTATE

-- ---- who sees it
RESET ROLE;
SELECT pg_temp.become('outbreak_institution', format('{"institution": "%s"}', :'hospital_a')) \g /dev/null
SELECT 'the hospital' AS who, * FROM seen;
SELECT pg_temp.become('outbreak_institution', format('{"institution": "%s"}', :'hospital_b')) \g /dev/null
SELECT 'another hospital' AS who, * FROM seen;
INSERT INTO registry.identity (person, name) VALUES (:'taro', outbreak.seal_lookup('x', 'name'));
SELECT pg_temp.become('outbreak_institution', '{}') \g /dev/null
SELECT 'a hospital without scope' AS who, * FROM seen;
SELECT pg_temp.become('outbreak_prefecture', '{"prefecture": 13}') \g /dev/null
SELECT 'its prefecture' AS who, * FROM seen;
SELECT pg_temp.become('outbreak_prefecture', '{"prefecture": 27}') \g /dev/null
SELECT 'the prefecture of the health centre in charge' AS who, * FROM seen;
SELECT pg_temp.become('outbreak_health_center', '{"health_center": 2701}') \g /dev/null
SELECT 'that health centre' AS who, * FROM seen;
SELECT pg_temp.become('outbreak_health_center', '{"health_center": 1001}') \g /dev/null
SELECT 'another health centre' AS who, * FROM seen;
SELECT pg_temp.become('outbreak_citizen', format('{"person": "%s"}', :'taro')) \g /dev/null
SELECT 'the person' AS who, * FROM seen;
UPDATE registry.person SET sex = 'other';
\echo :LAST_ERROR_SQLSTATE
SELECT pg_temp.become('outbreak_citizen', '{"person": "00000000-0000-4000-8000-000000000000"}') \g /dev/null
SELECT 'another person' AS who, * FROM seen;
SELECT pg_temp.become('outbreak_ministry', '{}') \g /dev/null
SELECT count(*) AS pseudonyms_of_the_ministry FROM registry.person;
SELECT count(*) FROM registry.identity;
SELECT * FROM registry.find_person('山田太郎');
SELECT * FROM registry.reveal_identity(:'taro');
SELECT pg_temp.become('outbreak_analyst', '{}') \g /dev/null
SELECT count(*) AS pseudonyms_of_the_analyst FROM registry.person;
SELECT name FROM registry.identity;
SELECT outbreak.seal_lookup('山田太郎', 'name');
SELECT pg_temp.become('outbreak_anon', '{}') \g /dev/null
SELECT count(*) FROM registry.person;
RESET ROLE;

-- ---- correcting
SELECT pg_temp.become('outbreak_institution', format('{"institution": "%s"}', :'hospital_a')) \g /dev/null
SELECT registry.correct_identity(:'taro', name => '山田 太朗', birth_on => '1981-03-01', phone => '', sex => '');
SELECT * FROM registry.reveal_identity(:'taro');
SELECT birth_year, sex FROM registry.person WHERE person = :'taro';
SELECT count(*) AS by_old_name FROM registry.find_person('山田太郎');
SELECT count(*) AS by_new_name FROM registry.find_person('山田太朗');
SELECT registry.correct_identity('00000000-0000-4000-8000-000000000000', name => 'x');
\echo :LAST_ERROR_SQLSTATE
SELECT pg_temp.become('outbreak_institution', format('{"institution": "%s"}', :'hospital_b')) \g /dev/null
SELECT registry.correct_identity(:'taro', name => 'x');
\echo :LAST_ERROR_SQLSTATE
SELECT registry.close_person(:'taro');
\echo :LAST_ERROR_SQLSTATE

-- ---- moving: the identity goes along
RESET ROLE;
SELECT pg_temp.become('outbreak_prefecture', '{"prefecture": 13}') \g /dev/null
UPDATE registry.person SET health_center = 1001 WHERE person = :'taro';
SELECT p.health_center, i.health_center AS of_identity, p.prefecture, i.prefecture AS of_identity FROM registry.person AS p JOIN registry.identity AS i USING (person);
UPDATE registry.person SET health_center = 1002 WHERE person = :'taro';
SELECT p.health_center, i.health_center AS of_identity FROM registry.person AS p JOIN registry.identity AS i USING (person);
-- not into another prefecture: that takes both
UPDATE registry.person SET health_center = 2701 WHERE person = :'taro';
\echo :LAST_ERROR_SQLSTATE
SELECT pg_temp.become('outbreak_health_center', '{"health_center": 1001}') \g /dev/null
SELECT 'the former health centre' AS who, * FROM seen;
SELECT pg_temp.become('outbreak_health_center', '{"health_center": 1002}') \g /dev/null
SELECT 'the new one' AS who, * FROM seen;
SELECT registry.register_person('鈴木 一郎') AS ichiro \gset
SELECT prefecture, health_center, institution FROM registry.person WHERE person = :'ichiro';
SELECT registry.close_person(:'ichiro', '2020-12-31');
SELECT p.closed_on, i.closed_on AS of_identity FROM registry.person AS p JOIN registry.identity AS i USING (person) WHERE person = :'ichiro';
SELECT registry.close_person(:'ichiro', outbreak.local_date() + 1);
\echo :LAST_ERROR_SQLSTATE
SELECT registry.close_person(:'ichiro', NULL);
SELECT p.closed_on, i.closed_on AS of_identity FROM registry.person AS p JOIN registry.identity AS i USING (person) WHERE person = :'ichiro';
RESET ROLE;
RESET SESSION AUTHORIZATION;
-- whatever the owner itself writes into the columns of the identity, they are the person's
UPDATE registry.identity SET prefecture = 27, health_center = 2701, institution = NULL, closed_on = '2000-01-01' WHERE person = :'ichiro';
SELECT i.prefecture, i.health_center, i.institution, i.closed_on FROM registry.identity AS i WHERE person = :'ichiro';

-- ---- what is wrong is said field by field, and never repeated
CREATE FUNCTION pg_temp.refused(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE detail text; hint text;
BEGIN
	EXECUTE statement;
	RETURN 'taken';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLSTATE, SQLERRM, (SELECT string_agg(f ->> 'message_en', '; ') FROM jsonb_array_elements(CASE WHEN detail LIKE '[%' THEN detail::jsonb ELSE '[]' END) AS f), nullif(hint, ''))
		|| CASE WHEN concat(SQLERRM, detail, hint) ~ 'SECRET|ひみつ|9999|3000' THEN ' LEAK' ELSE '' END;
END $$;
SELECT call, pg_temp.refused('SELECT registry.register_person(' || call || ')') FROM unnest(ARRAY[
	'NULL', '''''', '''　''', 'repeat(''SECRET'', 20)', 'E''SECRET\n''', '''A'', kana => ''SECRET''', '''A'', birth_on => ''3000-01-01''', '''A'', birth_on => ''infinity''', '''A'', birth_on => ''1700-01-01''', '''A'', sex => ''SECRET''',
	'''A'', phone => ''9999''', '''A'', phone => ''+81 9999''', '''A'', phone => ''SECRET''', '''A'', mail => ''SECRET''', '''A'', mail => ''SECRET@x''', '''A'', mail => ''SE CRET@x.jp''', '''A'', address => repeat(''SECRET'', 51)',
	'''A'', municipality => ''011002''', '''A'', health_center => 9999', '''A'', institution => outbreak.provisional_institution_code(1, 9999)',
	'''ひみつ'', ''SECRET'', ''3000-01-01'', ''SECRET'', ''SECRET'', ''SECRET''', '''A'', municipality => ''131016''', '''A''']) AS call;
ROLLBACK;
