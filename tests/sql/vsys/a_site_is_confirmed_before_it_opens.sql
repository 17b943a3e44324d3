-- From the power of attorney to the open site: the institution applies, its medical association confirms it, it registers
-- and opens; nobody takes a step that is another's, or one that there is not. What belongs to whom stays true.
\pset format unaligned
BEGIN;
\getenv srcdir PG_ABS_SRCDIR
\set goods :srcdir /sql/vsys/goods.inc
\set ECHO none
\i :goods
INSERT INTO registry.institution (institution, kind, name_ja, municipality)
VALUES (outbreak.provisional_institution_code(13, 900011), 'clinic', '申込医院', '131016'), (outbreak.provisional_institution_code(13, 900012), 'other', '大規模会場', '131016'), (outbreak.provisional_institution_code(13, 900013), 'other', '特別養護老人ホーム', '131016');
INSERT INTO registry.organisation (organisation, kind, name_ja, prefecture) VALUES (990201, 'medical_association', '見本医師会', 13), (990202, 'medical_association', '別の医師会', 13);
SELECT outbreak.provisional_institution_code(13, 900011) AS clinic, outbreak.provisional_institution_code(13, 900012) AS hall, outbreak.provisional_institution_code(13, 900013) AS home \gset
CREATE FUNCTION pg_temp.as_role(who text, query text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	answer text;
BEGIN
	PERFORM pg_temp.become('outbreak_' || split_part(who, ' ', 1), (CASE split_part(who, ' ', 1)
		WHEN 'institution' THEN jsonb_build_object(CASE WHEN length(split_part(who, ' ', 2)) = 10 THEN 'institution' ELSE 'organisation' END, CASE WHEN length(split_part(who, ' ', 2)) = 10 THEN to_jsonb(split_part(who, ' ', 2)) ELSE to_jsonb(split_part(who, ' ', 2)::bigint) END)
		WHEN 'prefecture' THEN jsonb_build_object('prefecture', split_part(who, ' ', 2)::integer)
		WHEN 'municipality' THEN jsonb_build_object('municipality', split_part(who, ' ', 2))
		ELSE '{}' END) || jsonb_build_object('sub', who));
	answer := pg_temp.tries(query);
	PERFORM set_config('role', 'none', true);
	RETURN answer;
END
$$;
\set ECHO all
-- ---- the way of a clinic
SELECT pg_temp.as_role('institution ' || :'clinic', format('SELECT vsys.apply_site(%L, ''131016'', ''satellite'', %L, 990201)', :'clinic', :'basic'));
-- not for itself
SELECT pg_temp.as_role('institution ' || :'clinic', format('SELECT vsys.authorise_site(%L)', :'clinic')) ~ '^42501' AS refused;
SELECT pg_temp.as_role('institution ' || :'clinic', format('SELECT vsys.open_site(%L)', :'clinic')) ~ '^OB045 . a site does not go from applied to open' AS refused;
SELECT pg_temp.as_role('institution ' || :'clinic', format('SELECT vsys.register_site(%L, ''{sample}'')', :'clinic')) ~ '^OB045 . a site that is applied is not registered' AS refused;
SELECT pg_temp.as_role('municipality 131016', format('SELECT vsys.authorise_site(%L)', :'clinic')) ~ '^42501' AS refused;
-- another association does not see it
SELECT pg_temp.as_role('institution 990202', format('SELECT vsys.authorise_site(%L)', :'clinic')) AS another_association;
SELECT pg_temp.as_role('institution 990201', format('SELECT vsys.authorise_site(%L)', :'clinic')) AS its_association;
-- which confirms and does nothing else
SELECT pg_temp.as_role('institution 990201', format('SELECT vsys.register_site(%L, ''{sample}'')', :'clinic')) ~ '^42501' AS refused;
SELECT pg_temp.as_role('institution 990201', format('UPDATE vsys.site SET notes = ''x'' WHERE site::text = %L', :'clinic')) ~ '^42501' AS refused;
-- the one that confirmed is not exchanged
SELECT pg_temp.as_role('institution ' || :'clinic', format('UPDATE vsys.site SET association = 990202 WHERE site::text = %L', :'clinic')) ~ '^OB045 . the association of a confirmed site stays' AS refused;
SELECT pg_temp.as_role('institution ' || :'clinic', format('SELECT vsys.open_site(%L)', :'clinic')) ~ '^OB045' AS not_registered_yet;
-- a vaccine that its basic site does not have
SELECT pg_temp.as_role('institution ' || :'clinic', format('SELECT vsys.register_site(%L, ''{sample}'')', :'clinic')) ~ '^OB045 . site [0-9]+ has sample, but its basic site does not' AS refused;
INSERT INTO vsys.site_product (site, product) VALUES (:'basic', 'sample');
SELECT pg_temp.as_role('institution ' || :'clinic', format('SELECT vsys.register_site(%L, ''{sample}'', true, ''web'', ''https://example.jp/yoyaku'')', :'clinic')) AS registers;
SELECT pg_temp.as_role('institution ' || :'clinic', format('SELECT vsys.register_site(%L, ''{sample}'', true, ''web'', ''javascript:alert(1)'')', :'clinic')) ~ '^23514' AS refused;
SELECT pg_temp.as_role('institution ' || :'clinic', format('SELECT vsys.open_site(%L)', :'clinic')) AS opens;
SELECT pg_temp.as_role('anon', format('SELECT reservation_url FROM vsys.site WHERE site::text = %L', :'clinic')) AS the_public_sees;
SELECT pg_temp.as_role('anon', 'SELECT association FROM vsys.site LIMIT 1') ~ '^42501' AS but_not_all;
SELECT pg_temp.as_role('municipality 131016', format('SELECT vsys.pause_site(%L)', :'clinic')) AS its_municipality_pauses;
SELECT pg_temp.as_role('anon', format('SELECT reservation_url FROM vsys.site WHERE site::text = %L', :'clinic')) AS the_public_sees;
SELECT pg_temp.as_role('municipality 131024', format('SELECT vsys.open_site(%L)', :'clinic')) AS another_municipality;
SELECT pg_temp.as_role('prefecture 27', format('SELECT vsys.open_site(%L)', :'clinic')) AS another_prefecture;
SELECT pg_temp.as_role('prefecture 13', format('SELECT vsys.open_site(%L)', :'clinic')) AS its_prefecture;
SELECT pg_temp.as_role('institution ' || :'clinic', format('SELECT vsys.close_site(%L)', :'clinic')) AS closes;
SELECT pg_temp.as_role('institution ' || :'clinic', format('SELECT vsys.open_site(%L)', :'clinic')) ~ '^OB045 . a site does not go from closed to open' AS refused;
-- ---- for oneself alone
SELECT pg_temp.as_role('institution ' || :'clinic', format('SELECT vsys.apply_site(%L, ''131016'')', :'hall')) ~ '^42501' AS refused;
SELECT pg_temp.as_role('institution ' || :'clinic', format('SELECT vsys.apply_site(%L, ''131016'')', :'clinic')) ~ '^23505' AS twice;
SELECT pg_temp.as_role('institution ' || :'hall', format('INSERT INTO vsys.site (site, municipality, kind, state) VALUES (%L, ''131016'', ''basic'', ''open'')', :'hall')) ~ '^(42501|OB045)' AS refused;
SELECT pg_temp.as_role('anon', format('SELECT vsys.apply_site(%L, ''131016'')', :'hall')) ~ '^42501' AS refused;
-- a hall without an insurers' number has a code of the same look, and goes the same way, by its prefecture
SELECT pg_temp.as_role('prefecture 13', format('SELECT vsys.apply_site(%L, ''131016'')', :'hall')), pg_temp.as_role('prefecture 13', format('SELECT vsys.authorise_site(%L)', :'hall')), outbreak.is_provisional(:'hall');
-- ---- the kind is changed later, with checks
SELECT pg_temp.as_role('prefecture 13', format('SELECT vsys.change_site_kind(%L, ''linked'', %L)', :'basic', :'hall')) ~ '^OB045 . site [0-9]+ is the basic site of 2 others' AS refused;
SELECT pg_temp.as_role('prefecture 13', format('SELECT vsys.change_site_kind(%L, ''linked'', %L)', :'hall', :'satellite')) ~ '^OB045 . site [0-9]+ belongs to site [0-9]+, which is no basic site' AS refused;
SELECT pg_temp.as_role('prefecture 13', format('SELECT vsys.change_site_kind(%L, ''linked'')', :'hall')) ~ '^23514' AS refused;
SELECT pg_temp.as_role('prefecture 13', format('SELECT vsys.change_site_kind(%L, ''basic'', %L)', :'hall', :'basic')) ~ '^23514' AS refused;
SELECT pg_temp.as_role('prefecture 27', format('SELECT vsys.change_site_kind(%L, ''linked'', %L)', :'hall', :'basic')) AS answer;
SELECT pg_temp.as_role('prefecture 13', format('SELECT vsys.change_site_kind(%L, ''linked'', %L)', :'hall', :'basic')) AS linked;
-- AstraZeneca: every site is its own basic site
SELECT pg_temp.as_role('prefecture 13', format('SELECT vsys.register_site(%L, ''{vaxzevria}'')', :'hall')) ~ '^OB045 . vaxzevria goes to basic sites alone' AS refused;
SELECT pg_temp.as_role('prefecture 13', format('SELECT vsys.change_site_kind(%L, ''basic'')', :'hall')) AS basic;
SELECT pg_temp.as_role('prefecture 13', format('SELECT vsys.register_site(%L, ''{vaxzevria}'')', :'hall')) AS answer;
SELECT pg_temp.as_role('prefecture 13', format('SELECT vsys.change_site_kind(%L, ''satellite'', %L)', :'hall', :'basic')) ~ '^OB045 . vaxzevria goes' AS refused;
-- the basic site keeps what those that belong to it have
SELECT pg_temp.as_role('prefecture 13', format('DELETE FROM vsys.site_product WHERE site::text = %L', :'basic')) ~ '^OB045 . site [0-9]+ has sample, but its basic site does not' AS refused;
-- ---- many at once, by a list of codes
SELECT r.line, r.done, r.problem
FROM jsonb_to_recordset(pg_temp.as_role('prefecture 13', format('SELECT jsonb_agg(c ORDER BY c.line) FROM vsys.change_sites(ARRAY[%L, ''1310000019'', '''', %L, %L, ''hello'', NULL], ''paused'') AS c', :'other_town', :'home', :'osaka'))::jsonb) AS r (line integer, done boolean, problem text)
ORDER BY r.line;
SELECT s.site::text = :'other_town' AS other_town, s.state FROM vsys.site AS s JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) s.site WHERE i.name_ja LIKE '見本%' ORDER BY s.site::text;
-- ---- stock goes along to another municipality
SELECT vsys.post_stock(:'other_town', 'sample', 'LOT1', 'received', 5, happened_at => '2021-06-01 09:00+09') > 0 AS received;
UPDATE vsys.site SET municipality = '131016' WHERE site::text = :'other_town';
SELECT pg_temp.as_role('municipality 131016', format('SELECT doses FROM vsys.stock(%L)', :'other_town')) AS new_town, pg_temp.as_role('municipality 131024', format('SELECT doses FROM vsys.stock(%L)', :'other_town')) AS old_town;
ROLLBACK;
