-- The API reads the past with the periods pushed down; it says what report.as_known_at() says.
BEGIN;
SET LOCAL ROLE outbreak_owner;
INSERT INTO registry.institution (institution, kind, name_ja)
SELECT outbreak.provisional_institution_code(1, n), 'hospital', 'past ' || n
FROM generate_series(900001, 900003) AS n;
INSERT INTO gmis.daily (institution, on_date, beds_secured, source, reported_at)
SELECT i.institution, d::date, 10, 'import', d + interval '1 day'
FROM registry.institution AS i
CROSS JOIN generate_series('2021-08-01'::timestamp, '2021-08-03', '1 day') AS d
WHERE i.name_ja LIKE 'past %';
-- a past, written behind the back of the triggers: entered 2 hours ago, the 2nd corrected and the 3rd deleted an hour ago
ALTER TABLE gmis.daily DISABLE TRIGGER USER;
UPDATE gmis.daily SET recorded_at = now() - interval '2 hours' WHERE on_date BETWEEN '2021-08-01' AND '2021-08-03';
INSERT INTO gmis.daily_history
SELECT d.*, now() - interval '1 hour', 'test'
FROM gmis.daily AS d
WHERE d.on_date BETWEEN '2021-08-02' AND '2021-08-03';
UPDATE gmis.daily SET beds_secured = 11, recorded_at = now() - interval '1 hour' WHERE on_date = '2021-08-02';
DELETE FROM gmis.daily WHERE on_date = '2021-08-03';
ALTER TABLE gmis.daily ENABLE TRIGGER USER;
SELECT past.what, count(r) AS reports, count(DISTINCT r ->> 'beds_secured') AS versions,
	(
		SELECT count(*)
		FROM report.as_known_at(NULL::gmis.daily, past.at) AS k
		WHERE k.on_date BETWEEN '2021-08-01' AND '2021-08-03'
			AND to_jsonb(k) NOT IN (SELECT x::jsonb FROM api.as_known_at('gmis.daily', past.at, '2021-08-01', '2021-08-03') AS x)
	) AS missing
FROM (VALUES
	('before anything', now() - interval '3 hours'),
	('first versions', now() - interval '90 minutes'),
	('corrected and deleted', now() - interval '30 minutes'),
	('now', now())) AS past (what, at)
LEFT JOIN LATERAL api.as_known_at('gmis.daily', past.at, '2021-08-01', '2021-08-03') AS r ON true
GROUP BY past.what, past.at
ORDER BY past.at;
-- one report through its versions
SELECT h -> 'report' ->> 'beds_secured' AS beds_secured, h ->> 'replaced_at' IS NULL AS stands
FROM api.history('gmis.daily', jsonb_build_object('institution', outbreak.provisional_institution_code(1, 900001), 'on_date', '2021-08-02')) AS h;
\set VERBOSITY terse
SELECT api.history('gmis.daily', '{"institution": "0110112489"}');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK;
