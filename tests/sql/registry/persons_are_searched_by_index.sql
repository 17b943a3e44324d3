-- A search for a person reads the index of the key that is given, under every policy: not the persons of a prefecture
-- one by one. The roles that may search are tried, on 20,000 persons.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
INSERT INTO registry.institution (institution, kind, name_ja) VALUES (outbreak.provisional_institution_code(13, 1), 'hospital', 'H');
INSERT INTO registry.health_center (health_center, prefecture, name_ja) VALUES (1001, 13, 'C');
INSERT INTO registry.person (person, institution, health_center, birth_year)
SELECT md5(n::text)::uuid, outbreak.provisional_institution_code(13, 1), 1001, 1950 FROM generate_series(1, 20000) AS n;
INSERT INTO registry.identity (person, name, kana, birth_on, phone, mail)
SELECT p.person, outbreak.seal('氏名' || n, 'name', p.person), outbreak.seal(repeat('ア', 1 + n % 40) || repeat('イ', n / 40), 'kana', p.person),
	outbreak.seal((date '1950-01-01' + n)::text, 'birth_on', p.person), outbreak.seal('090' || 10000000 + n, 'phone', p.person), outbreak.seal(n || '@x.jp', 'mail', p.person)
FROM generate_series(1, 20000) AS n JOIN registry.person AS p ON p.person = md5(n::text)::uuid;
ANALYZE registry.person;
ANALYZE registry.identity;
CREATE FUNCTION pg_temp.plan_of(key text, value text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; lines text;
BEGIN
	FOR line IN EXECUTE format('EXPLAIN (COSTS OFF) SELECT p.* FROM registry.identity AS i JOIN registry.person AS p ON p.person = i.person WHERE i.%I OPERATOR(outbreak.=) outbreak.seal_lookup(%L, %L)', key, value, key) LOOP
		lines := concat_ws(' ', lines, (regexp_match(line, '(Seq Scan on \w+|Scan using \w+|Bitmap Index Scan on \w+)'))[1]);
	END LOOP;
	RETURN CASE WHEN lines ~ 'Seq Scan' THEN lines WHEN lines ~ format('identity_%s_idx', key) THEN 'index of the key' WHEN lines ~ 'identity_\w+_idx' THEN 'index of the scope' ELSE lines END;
END $$;
CREATE FUNCTION pg_temp.as_role(role text, claims text) RETURNS TABLE (key text, plan text, found bigint) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('request.jwt.claims', claims, true), set_config('role', role, true);
	RETURN QUERY SELECT 'name', pg_temp.plan_of('name', '氏名7'), (SELECT count(*) FROM registry.find_person(name => '氏名7'));
	RETURN QUERY SELECT 'kana', pg_temp.plan_of('kana', 'アア'), (SELECT count(*) FROM registry.find_person(kana => 'あああ ああああ あ'));
	RETURN QUERY SELECT 'birth_on', pg_temp.plan_of('birth_on', '1950-01-08'), (SELECT count(*) FROM registry.find_person(birth_on => '1950-01-08'));
	RETURN QUERY SELECT 'phone', pg_temp.plan_of('phone', '09010000007'), (SELECT count(*) FROM registry.find_person(phone => '090-1000-0007'));
	RETURN QUERY SELECT 'mail', pg_temp.plan_of('mail', '7@x.jp'), (SELECT count(*) FROM registry.find_person(mail => '7@X.jp'));
	PERFORM set_config('role', 'none', true);
END $$;
SET SESSION AUTHORIZATION outbreak_authenticator;
SELECT * FROM pg_temp.as_role('outbreak_institution', format('{"institution": "%s"}', outbreak.provisional_institution_code(13, 1)));
SELECT * FROM pg_temp.as_role('outbreak_health_center', '{"health_center": 1001}');
SELECT * FROM pg_temp.as_role('outbreak_prefecture', '{"prefecture": 13}');
-- the same search by those whose persons they are not
SELECT * FROM pg_temp.as_role('outbreak_prefecture', '{"prefecture": 27}');
SELECT * FROM pg_temp.as_role('outbreak_health_center', '{}');
RESET SESSION AUTHORIZATION;
ROLLBACK;
