-- Who sees what of G-MIS: a prefecture its own reports and sums, the ministry all, an institution its own reports and
-- the board of free beds, the public none of it.
\pset format unaligned
SET search_path = public, outbreak;
BEGIN;
INSERT INTO registry.institution (institution, kind, name_ja, beds_licensed, location)
SELECT provisional_institution_code(p, n), 'hospital', format('試験%s-%s', p, n), 100, ST_SetSRID(ST_MakePoint(130 + p / 10.0, 35 + n / 10.0), 4326)::geography
FROM unnest('{13,27}'::integer[]) AS p
CROSS JOIN generate_series(1, 3) AS n;
INSERT INTO report.expected (form, institution)
SELECT f.form, i.institution
FROM registry.institution AS i
CROSS JOIN (VALUES ('gmis.daily'::regclass), ('gmis.service_status')) AS f (form)
WHERE i.name_ja LIKE '試験%';
INSERT INTO gmis.daily (institution, on_date, beds_secured, beds_occupied)
SELECT institution, local_date(), 10, 5 FROM registry.institution WHERE name_ja LIKE '試験%' AND name_ja NOT LIKE '%3';
-- one prefecture folded, one not, and a mixture in each
SELECT gmis.fold() AS folded;
UPDATE gmis.daily SET beds_occupied = 6 WHERE prefecture = 27;
INSERT INTO gmis.service_status (institution, on_date, service, status)
SELECT institution, local_date(), 'inpatient', '通常' FROM registry.institution WHERE name_ja LIKE '試験%-1';

CREATE FUNCTION pg_temp.become(role text, claims jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('outbreak.access_authenticator', session_user, true), set_config('request.jwt.claims', claims::text, true), set_config('role', role, true);
END
$$;
CREATE FUNCTION pg_temp.tries(query text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	EXECUTE query INTO result;
	RETURN coalesce(result, 'nothing');
EXCEPTION WHEN insufficient_privilege THEN
	RETURN 'no right';
END
$$;
CREATE TEMP TABLE attempt (n serial, what text, query text);
INSERT INTO attempt (what, query)
VALUES
	('reports', $$SELECT string_agg(DISTINCT prefecture::text, ',') FROM gmis.daily$$),
	('history', $$SELECT string_agg(DISTINCT prefecture::text, ',') FROM gmis.daily_history$$),
	('partition', $$SELECT string_agg(DISTINCT prefecture::text, ',') FROM gmis.daily_default$$),
	('rollup', $$SELECT string_agg(DISTINCT prefecture::text, ',') FROM gmis.daily_by_municipality$$),
	('rollup by prefecture', $$SELECT string_agg(DISTINCT prefecture::text, ',') FROM gmis.daily_by_prefecture$$),
	('bed_occupancy', $$SELECT string_agg(concat_ws(':', area, expected, reported, beds_occupied), ' ' ORDER BY area) FROM gmis.bed_occupancy(outbreak.local_date())$$),
	('bed_occupancy, carried', $$SELECT string_agg(concat_ws(':', area, expected, reported, beds_occupied), ' ' ORDER BY area) FROM gmis.bed_occupancy(outbreak.local_date(), 'nation', 3)$$),
	('daily_totals', $$SELECT string_agg(concat_ws(':', area, reported, beds_occupied), ' ' ORDER BY area) FROM gmis.daily_totals(outbreak.local_date(), outbreak.local_date(), 'prefecture')$$),
	('service_counts', $$SELECT string_agg(concat_ws(':', area, normal, unanswered), ' ' ORDER BY area) FROM gmis.service_counts(outbreak.local_date()) WHERE service = 'inpatient'$$),
	('reporting_rate', $$SELECT concat_ws(':', registered, reported, rate_pct) FROM gmis.reporting_rate(outbreak.local_date()) WHERE population = 'all'$$),
	('silent', $$SELECT string_agg(DISTINCT prefecture::text, ',') FROM gmis.silent(outbreak.local_date())$$),
	('open data', $$SELECT count(*)::text FROM gmis.covid19_daily_survey$$),
	('nearest_free', $$SELECT count(*)::text FROM gmis.nearest_free('SRID=4326;POINT(139 35)', 'general')$$),
	('free beds, write', $$UPDATE gmis.free_bed SET free = 99 RETURNING 'done'$$),
	('rollup, write', $$UPDATE gmis.daily_by_prefecture SET reported = 99 RETURNING 'done'$$),
	('fold', $$SELECT gmis.fold()::text$$);
GRANT SELECT ON attempt TO PUBLIC;

SELECT pg_temp.become('outbreak_prefecture', '{"prefecture": 13}');
SELECT what, pg_temp.tries(query) AS prefecture_13 FROM attempt ORDER BY n;
RESET ROLE;
SELECT pg_temp.become('outbreak_prefecture', '{"prefecture": 27}');
SELECT what, pg_temp.tries(query) AS prefecture_27 FROM attempt ORDER BY n;
RESET ROLE;
SELECT pg_temp.become('outbreak_prefecture', '{}');
SELECT what, pg_temp.tries(query) AS prefecture_without_claim FROM attempt ORDER BY n;
RESET ROLE;
SELECT pg_temp.become('outbreak_institution', jsonb_build_object('institution', provisional_institution_code(13, 1)));
SELECT what, pg_temp.tries(query) AS institution FROM attempt ORDER BY n;
RESET ROLE;
SELECT pg_temp.become('outbreak_analyst', '{}');
SELECT what, pg_temp.tries(query) AS analyst FROM attempt ORDER BY n;
RESET ROLE;
SELECT pg_temp.become('outbreak_anon', '{}');
SELECT what, pg_temp.tries(query) AS anon FROM attempt ORDER BY n;
RESET ROLE;
SAVEPOINT ministry;
SELECT pg_temp.become('outbreak_ministry', '{}');
SELECT what, pg_temp.tries(query) AS ministry FROM attempt ORDER BY n;
ROLLBACK;
