-- The same seed gives the same country and reports, another seed others; codes are valid, and no real institution's.
BEGIN;
INSERT INTO registry.municipality (municipality, prefecture, name_ja)
SELECT outbreak.municipality_code_from_jis(lpad(p::text, 2, '0') || '9' || n), p, format('見本%s市', n)
FROM generate_series(1, 47) AS p
CROSS JOIN generate_series(90, 93) AS n;

CREATE TEMP TABLE one AS SELECT * FROM demo.institution(1, 300, 700, 60);
CREATE TEMP TABLE again AS SELECT * FROM demo.institution(1, 300, 700, 60);
CREATE TEMP TABLE other AS SELECT * FROM demo.institution(2, 300, 700, 60);
SELECT kind, count(*), count(DISTINCT institution) AS codes, count(DISTINCT outbreak.prefecture(institution)) AS prefectures,
	count(*) FILTER (WHERE designation <> '{}') AS designated
FROM one
GROUP BY kind
ORDER BY kind;
SELECT md5(string_agg(o::text, '' ORDER BY o.institution)) = (SELECT md5(string_agg(a::text, '' ORDER BY a.institution)) FROM again AS a) AS same,
	md5(string_agg(o::text, '' ORDER BY o.institution)) = (SELECT md5(string_agg(a::text, '' ORDER BY a.institution)) FROM other AS a) AS same_for_another_seed
FROM one AS o;
-- district 00
SELECT DISTINCT substr(institution::text, 3, 3) AS digits
FROM one;
-- the kinds of beds add up, and clinics have none
SELECT kind, bool_and(beds_general + beds_long_term + beds_psychiatric + beds_tuberculosis + beds_infectious = beds_licensed) AS add_up, count(beds_licensed) AS with_beds
FROM one
GROUP BY kind
ORDER BY kind;
-- largest remainders: every total is met
SELECT total, sum(a.seats)
FROM unnest('{0,1,46,550,8282,21661}'::integer[]) AS t (total)
CROSS JOIN LATERAL (
	SELECT outbreak.apportion(total, inhabitants, 'hamilton') OVER (ORDER BY prefecture) AS seats
	FROM demo.profile()
) AS a
GROUP BY total
ORDER BY total;
-- every code of the demo passes the check of the type, in the four prefectures of the other rule too
SELECT count(demo.code(p, serial))
FROM unnest('{1,11,12,13,14,27,47}'::integer[]) AS p
CROSS JOIN generate_series(1, 9999) AS serial;
ROLLBACK;
