-- Nothing goes a day early, and everything goes the day after its last. The first day is not counted; a period ends on
-- the day before the one that corresponds to its first, or with the last month where that day is missing (民法140条,
-- 143条). Days are local days.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
SELECT since, keep, access.kept_until(since::date, keep::interval) AS kept_until
FROM (VALUES ('2020-04-10', '5 years'), ('2020-02-28', '5 years'), ('2020-02-29', '5 years'), ('2019-02-28', '5 years'), ('2019-03-01', '5 years'), ('2020-12-31', '5 years'),
	('2020-02-29', '4 years'), ('2025-01-29', '1 mon'), ('2025-01-30', '1 mon'), ('2025-01-31', '1 mon'), ('2025-02-28', '1 mon'), ('2025-01-31', '14 days'), ('2025-01-31', '0')) AS v (since, keep);
-- never shorter than a period of the same days read either way, and by no more than the 3 days that months differ
SELECT count(*) AS days, count(*) FILTER (WHERE access.kept_until(d::date, k) < (d + k)::date) AS short, max(access.kept_until(d::date, k) - (d + k)::date) AS most_over
FROM generate_series(timestamp '2019-01-01', timestamp '2024-12-31', '1 day') AS d
CROSS JOIN unnest('{1 mon,6 mons,1 year,4 years,5 years,100 days}'::interval[]) AS k;

CREATE FUNCTION pg_temp.left_after(as_of timestamptz) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM access.purge(as_of);
	RETURN (SELECT string_agg(r.rejected_by, ' ' ORDER BY r.rejected_by COLLATE "C") FROM report.rejected r);
END $$;
-- the local date is what counts: half past midnight in Japan is the day before in Greenwich
INSERT INTO report.rejected (form, record, findings, rejected_at, rejected_by)
VALUES ('gmis.daily', '{}', '[]', '2020-02-28 23:59:59.999999+09', 'a'),
	('gmis.daily', '{}', '[]', '2020-02-29 00:00+09', 'b'),
	('gmis.daily', '{}', '[]', '2020-02-29 23:59:59.999999+09', 'c'),
	('gmis.daily', '{}', '[]', '2020-03-01 00:00+09', 'd'),
	('gmis.daily', '{}', '[]', 'infinity', 'e'),
	('gmis.daily', '{}', '[]', '-infinity', 'f');
SELECT at, pg_temp.left_after(at)
FROM unnest('{2021-02-28 00:00+09,2021-02-28 23:59:59.999999+09,2021-03-01 00:00+09,2021-03-01 23:59:59.999999+09,2021-03-02 00:00+09,2121-01-01 00:00+09}'::timestamptz[]) AS at;
-- in another zone the same moments are other days
SET outbreak.time_zone = 'UTC';
INSERT INTO report.rejected (form, record, findings, rejected_at, rejected_by)
VALUES ('gmis.daily', '{}', '[]', '2020-02-28 23:59:59.999999+09', 'a'), ('gmis.daily', '{}', '[]', '2020-03-01 08:59:59.999999+09', 'c'), ('gmis.daily', '{}', '[]', '2020-03-01 09:00+09', 'd');
SELECT at, pg_temp.left_after(at)
FROM unnest('{2021-03-01 08:59:59.999999+09,2021-03-01 09:00+09,2021-03-02 08:59:59.999999+09,2021-03-02 09:00+09}'::timestamptz[]) AS at;
RESET outbreak.time_zone;
-- whatever the session thinks of dates, zones and intervals
SET TimeZone = 'America/New_York'; SET DateStyle = 'SQL, DMY'; SET IntervalStyle = 'sql_standard';
INSERT INTO report.rejected (form, record, findings, rejected_at, rejected_by) VALUES ('gmis.daily', '{}', '[]', '2020-02-29 00:00+09', 'b');
SELECT pg_temp.left_after('2021-02-28 23:59:59+09'), pg_temp.left_after('2021-03-01 00:00+09');
RESET TimeZone; RESET DateStyle; RESET IntervalStyle;
-- a range counts from its last day, a range without end not at all
INSERT INTO registry.institution (institution, kind, name_ja, contact, valid)
SELECT outbreak.provisional_institution_code(13, n::integer), 'hospital', 'H' || n, '担当 ' || n, v::daterange
FROM unnest('{"[2019-04-01,2020-03-01)","[2019-04-01,2020-02-29)","[2019-04-01,)","(,)"}'::text[]) WITH ORDINALITY AS u (v, n);
CREATE FUNCTION pg_temp.contacts_after(as_of timestamptz) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM access.purge(as_of);
	RETURN (SELECT string_agg(coalesce(i.contact, '-'), ' ' ORDER BY i.name_ja) FROM registry.institution i);
END $$;
SELECT at, pg_temp.contacts_after(at) FROM unnest('{2021-02-28 12:00+09,2021-03-01 12:00+09,2021-03-02 00:00+09}'::timestamptz[]) AS at;
ROLLBACK;
