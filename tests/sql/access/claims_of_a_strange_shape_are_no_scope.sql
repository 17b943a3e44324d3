-- Claims of the wrong shape are an empty scope, never an error: the getters stand in policies and are LEAKPROOF.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
SET SESSION AUTHORIZATION outbreak_authenticator;
-- the right shapes
SET LOCAL request.jwt.claims = '{"role": "outbreak_health_center", "sub": "somebody", "prefecture": 13, "health_center": "4711", "municipality": "131041", "institution": "0110112489", "organisation": 7, "person": "0C3B6D4E-2f7a-4b1c-9d8e-5f6a7b8c9d0e"}';
SELECT outbreak.my_subject(), outbreak.my_prefecture(), outbreak.my_health_center(), outbreak.my_municipality(), outbreak.my_institution(), outbreak.my_organisation(), outbreak.my_person();
SELECT jsonb_pretty(outbreak.scope());
-- what reaches the scope of one claim after another, wrong shape by wrong shape
CREATE TEMP TABLE strange AS
SELECT name, value, (SELECT set_config('request.jwt.claims', '{"' || name || '": ' || value || '}', true)) AS claims,
	outbreak.scope() - '{source,login,role}'::text[] AS scope
FROM unnest('{sub,prefecture,health_center,municipality,institution,organisation,person}'::text[]) AS n (name)
CROSS JOIN unnest(ARRAY['null', 'true', '[]', '["13"]', '{}', '{"prefecture": 13}', '""', '" "', '"x"', '-1', '0', '1.5', '1e1', '1e999999', '"13 "', '" 13"', '"+13"', '"0x0d"', '"13; SELECT 1"', '"１３"', '99999999999999999999999', '9223372036854775807', '9223372036854775808',
	'"13104"', '"131040"', '131041', '"0110112480"', '110112489', '"0c3b6d4e2f7a4b1c9d8e5f6a7b8c9d0e"', '"{0c3b6d4e-2f7a-4b1c-9d8e-5f6a7b8c9d0e}"', '"0c3b6d4e-2f7a-4b1c-9d8e-5f6a7b8c9d0g"', '"0c3b6d4e-2f7a-4b1c-9d8e-5f6a7b8c9d0"', '"' || repeat('9', 5000) || '"']) AS v (value);
SELECT name, left(value, 40) AS value, scope FROM strange WHERE scope <> '{}' AND name <> 'sub' ORDER BY name, value COLLATE "C";
-- a subject is any text
SELECT left(value, 40) AS value, left(scope ->> 'subject', 40) AS subject FROM strange WHERE scope <> '{}' AND name = 'sub' ORDER BY value COLLATE "C";
-- no JSON, no object, broken, twice the same name, inside of something else
SELECT claims, outbreak.my_prefecture() AS prefecture, outbreak.scope() - '{login,role}'::text[] AS scope
FROM (SELECT c AS claims, set_config('request.jwt.claims', c, true) FROM unnest(ARRAY['', ' ', 'x', '{', '{"prefecture": 13', '{"prefecture": 13}}', '{"prefecture": 13,}', '{''prefecture'': 13}', '{prefecture: 13}', '[{"prefecture": 13}]', '"prefecture"', '13', 'null',
	'{"a": {"prefecture": 13}}', '{"a": [{"prefecture": 13}]}', '{"prefecture": {"prefecture": 13}}', '{"PREFECTURE": 13}', '{"pre\u0066ecture": 13}', '{"prefecture": "1\u0033"}', '{"prefecture": 13, "x": "\u0000"}', '{"prefecture": 13, "x": "\ud800"}',
	'{"prefecture": 13, "prefecture": 14}', '{"prefecture": 13, "prefecture": null}', '{"prefecture": 13, "prefecture": [14]}', ' {"prefecture" : 13 } ']) AS c OFFSET 0) AS c;
-- nested deeply, beside
SELECT set_config('request.jwt.claims', '{"prefecture": 13, "x": ' || repeat('[', 5000) || repeat(']', 5000) || '}', true) IS NOT NULL AS set;
SELECT outbreak.my_prefecture();
-- without claims there is nothing
RESET request.jwt.claims;
SELECT outbreak.scope() - '{login}'::text[] AS scope;
ROLLBACK;
