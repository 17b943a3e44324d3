-- The key of a message is a UUID of version 5 of person, day and kind, and that of a pack one of the keys in it: the same
-- wherever and whenever they are made, since gateways know a repeated request by them.
\set VERBOSITY terse
SELECT outbreak.message_key('00000000-0000-4000-8000-000000000001', '2021-01-01', 'health') AS key;
SELECT outbreak.message_key('00000000-0000-4000-8000-000000000001', '2021-01-01', '健康確認') AS key;
-- as the definition has it: SHA-1 is not in SQL, so the version and the variant
SELECT substr(k::text, 15, 1) AS version, substr(k::text, 20, 1) ~ '[89ab]' AS variant, count(*) OVER () FROM outbreak.message_key('00000000-0000-4000-8000-000000000002', '2022-12-31', 'x') AS k;
-- each part counts, and no two of them run together
SELECT count(DISTINCT outbreak.message_key(p, d, k)) AS different, count(*) AS all
FROM unnest('{00000000-0000-4000-8000-000000000001,00000000-0000-4000-8000-000000000002}'::uuid[]) AS p, unnest('{1999-12-31,2000-01-01,2021-02-28,2021-03-01}'::date[]) AS d, unnest('{a,b,ab,a1,1}'::text[]) AS k;
SELECT outbreak.message_key(NULL, '2021-01-01', 'x') IS NULL AS strict;
SELECT outbreak.message_key('00000000-0000-4000-8000-000000000001', 'infinity', 'x');
\echo :LAST_ERROR_SQLSTATE
SELECT outbreak.message_key('00000000-0000-4000-8000-000000000001', '2021-01-01', '');
\echo :LAST_ERROR_SQLSTATE
SELECT outbreak.message_key('00000000-0000-4000-8000-000000000001', '2021-01-01', repeat('x', 201));
\echo :LAST_ERROR_SQLSTATE
-- packs: the order does not matter
SELECT outbreak.pack_key(ARRAY[a, b, c]) AS key, outbreak.pack_key(ARRAY[a, b, c]) = outbreak.pack_key(ARRAY[c, a, b]) AS in_any_order, outbreak.pack_key(ARRAY[a, b]) <> outbreak.pack_key(ARRAY[a, c]) AS others_differ
FROM (VALUES ('00000000-0000-4000-8000-000000000001'::uuid, '00000000-0000-4000-8000-000000000002'::uuid, 'ffffffff-0000-4000-8000-000000000003'::uuid)) AS v (a, b, c);
SELECT outbreak.pack_key('{}');
\echo :LAST_ERROR_SQLSTATE
SELECT outbreak.pack_key(ARRAY[NULL::uuid]);
\echo :LAST_ERROR_SQLSTATE
