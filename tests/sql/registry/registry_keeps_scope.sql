-- Who reads and who writes the registry: the public sees its public columns, a prefecture keeps its own part,
-- an institution sees its own proxies, and institutions are closed, never deleted.
\set ON_ERROR_STOP 1
\pset format unaligned
BEGIN;
SELECT registry.load_municipalities('[{"code": "131041", "name": "新宿区"}, {"code": "141003", "name": "横浜市"}]', 'made up') AS load \gset
INSERT INTO registry.institution (institution, municipality, kind, name_ja, contact, beds_licensed)
VALUES
	(outbreak.provisional_institution_code(13, 900001), '131041', 'hospital', '都の病院', '院長', 10),
	(outbreak.provisional_institution_code(13, 900002), '131041', 'clinic', '都の診療所', '看護師長', 0),
	(outbreak.provisional_institution_code(14, 900001), '141003', 'hospital', '県の病院', '事務', 20);
INSERT INTO registry.organisation (organisation, kind, name_ja, prefecture)
VALUES (-7, 'medical_association', '都の医師会', 13), (-8, 'medical_association', '県の医師会', 14);
INSERT INTO registry.proxy (organisation, institution)
VALUES (-7, outbreak.provisional_institution_code(13, 900002)), (-8, outbreak.provisional_institution_code(14, 900001));
SELECT outbreak.provisional_institution_code(13, 900002) AS clinic \gset
SELECT name_ja, prefecture FROM registry.institution WHERE name_ja ~ '^[都県]の' ORDER BY name_ja;

-- Sessions of the API: they log in as the authenticator and take their scope from the token.
SET LOCAL SESSION AUTHORIZATION outbreak_authenticator;

\echo -- the public
SET LOCAL ROLE outbreak_anon;
SET LOCAL request.jwt.claims = '{"role": "outbreak_anon"}';
SELECT name_ja, kind, beds_licensed FROM registry.institution WHERE name_ja ~ '^[都県]の' ORDER BY name_ja;
SELECT count(*) FROM registry.prefecture;
SELECT registry.block_of(13);
CREATE FUNCTION pg_temp.try(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	touched bigint;
BEGIN
	EXECUTE command;
	GET DIAGNOSTICS touched = ROW_COUNT;
	RETURN 'done: ' || touched;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;
SELECT pg_temp.try('SELECT contact FROM registry.institution') AS contact,
	pg_temp.try('SELECT * FROM registry.load_issue') AS issues,
	pg_temp.try('SELECT * FROM registry.proxy') AS proxies,
	pg_temp.try('UPDATE registry.institution SET phone = ''1''') AS writing;
SELECT pg_temp.try('SELECT registry.load_municipalities(''[]'')') AS loading;

\echo -- a prefecture
SET LOCAL ROLE outbreak_prefecture;
SET LOCAL request.jwt.claims = '{"role": "outbreak_prefecture", "prefecture": 13}';
SELECT name_ja, contact FROM registry.institution WHERE name_ja ~ '^[都県]の' ORDER BY name_ja;
SELECT pg_temp.try('UPDATE registry.institution SET phone = ''1'' WHERE name_ja ~ ''^[都県]の''') AS own_part;
SELECT pg_temp.try('INSERT INTO registry.institution (institution, kind, name_ja) VALUES (outbreak.provisional_institution_code(13, 900003), ''other'', ''新設'')') AS own,
	pg_temp.try('INSERT INTO registry.institution (institution, kind, name_ja) VALUES (outbreak.provisional_institution_code(14, 900003), ''other'', ''越境'')') AS other;
SELECT pg_temp.try('INSERT INTO registry.health_center (prefecture, name_ja) VALUES (13, ''都の保健所'')') AS own,
	pg_temp.try('INSERT INTO registry.health_center (prefecture, name_ja) VALUES (14, ''県の保健所'')') AS other;
SELECT pg_temp.try('UPDATE registry.prefecture SET name_en = ''Edo'' WHERE prefecture = 13') AS places;
SELECT organisation, prefecture FROM registry.proxy ORDER BY organisation;
SELECT count(*) > 0 AS sees_loads FROM registry.load;
SELECT regexp_replace(pg_temp.try('DELETE FROM registry.institution WHERE name_ja = ''都の病院'''), '[0-9]{10}', 'nnnnnnnnnn') AS own_institution,
	pg_temp.try('DELETE FROM registry.institution WHERE name_ja = ''県の病院''') AS other_institution;
SELECT pg_temp.try('UPDATE registry.institution SET valid = daterange(lower(valid), ''2030-01-01'') WHERE name_ja = ''都の病院''') AS closing;

\echo -- an institution, and an association
SET LOCAL ROLE outbreak_institution;
SELECT set_config('request.jwt.claims', json_build_object('role', 'outbreak_institution', 'institution', :'clinic')::text, true) <> '' AS claims;
SELECT organisation, institution OPERATOR(outbreak.=) outbreak.my_institution() AS mine FROM registry.proxy;
SET LOCAL request.jwt.claims = '{"role": "outbreak_institution", "organisation": -8}';
SELECT organisation, prefecture FROM registry.proxy;
SELECT pg_temp.try('UPDATE registry.institution SET phone = ''2''') AS writing;
SET LOCAL request.jwt.claims = '{}';
SELECT count(*) FROM registry.proxy;

\echo -- the hint of a refused deletion says what to do
RESET SESSION AUTHORIZATION;
DO $$
DECLARE
	hint text;
BEGIN
	DELETE FROM registry.institution WHERE name_ja = '県の病院';
EXCEPTION WHEN SQLSTATE 'OB010' THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RAISE NOTICE '%', regexp_replace(hint, '[0-9]{10}', 'nnnnnnnnnn');
END
$$;
ROLLBACK;

\echo -- every table of the registry has row-level security, forced
SELECT count(*) AS open_tables
FROM pg_class c
WHERE c.relnamespace = 'registry'::regnamespace
	AND c.relkind IN ('r', 'p')
	AND NOT (c.relrowsecurity AND c.relforcerowsecurity);
