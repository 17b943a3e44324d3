-- V-SYS shared allocations with the wholesalers too: once a round is published, a branch sees what is allotted to the sites of
-- its areas, before anybody plans a delivery; not what other branches are to bring, nor what the maker's carrier brings.
-- Whoever had the area when it was published keeps what it saw.
\pset format unaligned
BEGIN;
\getenv srcdir PG_ABS_SRCDIR
\set setup :srcdir /sql/vsys/delivery.inc
\i :setup
CREATE FUNCTION pg_temp.published(product text, name text, deliver daterange) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	made bigint := vsys.make_round(product, name, 30, deliver, '[{"kind": "basic", "to_level": "basic_site", "rule": "hamilton", "weight": "asked"}]');
BEGIN
	PERFORM vsys.set_indicator(made, 'asked', 'basic_site', (SELECT jsonb_object_agg(s.site::text, 1) FROM vsys.site AS s WHERE s.site IN (SELECT pg_temp.i(p, n) FROM (VALUES (13), (27)) AS p (p), generate_series(2, 4) AS n)));
	PERFORM vsys.run_round(made), vsys.decide_round(made), vsys.publish_round(made);
	RETURN made;
END $$;
SELECT pg_temp.published('test_vial', '瓶の割当', '[2021-07-05,2021-07-17)') AS first \gset
SELECT pg_temp.published('test_box', '箱の割当', '[2021-07-05,2021-07-17)') AS boxes \gset
-- the area changes hands for later rounds; an area that begins after the round is none yet; one may be nobody's
SELECT vsys.assign_area(990104, 'test_vial', '2021-08-01', '{131016}') AS given;
SELECT vsys.assign_area(NULL, 'test_vial', '2021-08-01', '{131024}') AS taken;
SELECT vsys.assign_area(990103, 'test_vial', '2021-08-01', '{271004}') AS given;
SELECT pg_temp.published('test_vial', '次の割当', '[2021-08-02,2021-08-16)') AS second \gset
\echo -- all of it
SELECT r.name_ja, a.site::text, a.municipality::text, a.vials, a.branch, vsys.supplier(r.product, a.municipality, lower(r.deliver)) IS NOT DISTINCT FROM a.branch AS supplies
FROM vsys.allotment AS a JOIN vsys.round AS r USING (round) WHERE r.round IN (:first, :boxes, :second) ORDER BY r.round, a.site::text;
\echo -- what each branch sees, also through the API; a login without a branch; the carrier
CREATE FUNCTION pg_temp.sees(claims jsonb) RETURNS TABLE (name_ja text, site text, vials integer, branch bigint, in_api bigint) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_temp.become('outbreak_wholesaler', claims);
	RETURN QUERY
	SELECT r.name_ja, a.site::text, a.vials, a.branch, (SELECT count(*) FROM api.vaccine_allotments AS v WHERE v.round = a.round AND v.site = a.site::text)
	FROM vsys.allotment AS a JOIN vsys.round AS r USING (round) ORDER BY r.round, a.site::text;
	RESET ROLE;
END $$;
SELECT * FROM pg_temp.sees('{"organisation": 990103}');
SELECT * FROM pg_temp.sees('{"organisation": 990104}');
SELECT * FROM pg_temp.sees('{"organisation": 990101}');
SELECT count(*) AS without_a_branch FROM pg_temp.sees('{}');
-- and changes nothing
SELECT pg_temp.become('outbreak_wholesaler', '{"organisation": 990103}') \g /dev/null
SELECT pg_temp.try('UPDATE vsys.allotment SET vials = 0');
RESET ROLE;
ROLLBACK;
