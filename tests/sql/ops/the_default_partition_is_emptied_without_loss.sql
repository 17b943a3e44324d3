-- Rows that came before their month had a partition move into one: none lost, none twice, no trigger fired.
BEGIN;
CREATE SCHEMA survey AUTHORIZATION outbreak_owner;
SET LOCAL ROLE outbreak_owner;
CREATE TABLE survey.ward (
	institution outbreak.institution_code,
	on_date date,
	beds integer,
	PRIMARY KEY (institution, on_date)
) PARTITION BY RANGE (on_date);
CREATE TABLE survey.ward_default PARTITION OF survey.ward DEFAULT;
SELECT report.register('survey.ward', 'institution', 'on_date', rollup => true);
CREATE TABLE survey.fired (what text);
GRANT ALL ON survey.fired TO PUBLIC;
CREATE FUNCTION survey.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO survey.fired VALUES (TG_OP || ' ' || TG_LEVEL || ' ' || TG_TABLE_NAME);
	RETURN NULL;
END
$$;
INSERT INTO registry.institution (institution, kind, name_ja)
SELECT outbreak.provisional_institution_code(1, n), 'hospital', 'ward ' || n
FROM generate_series(900001, 900003) AS n;
INSERT INTO survey.ward (institution, on_date, beds)
SELECT i.institution, d::date, 7
FROM registry.institution AS i
CROSS JOIN generate_series('2019-12-30'::timestamp, '2020-02-02', '1 day') AS d
WHERE i.name_ja LIKE 'ward %';
-- recorded a day ago, so that what is replaced now has a history
ALTER TABLE survey.ward DISABLE TRIGGER USER;
UPDATE survey.ward SET recorded_at = now() - interval '1 day';
ALTER TABLE survey.ward ENABLE TRIGGER USER;
UPDATE survey.ward SET beds = 8 WHERE on_date = '2020-01-15';
CREATE TRIGGER note_row AFTER INSERT OR DELETE ON survey.ward FOR EACH ROW EXECUTE FUNCTION survey.note();
CREATE TRIGGER note_default AFTER INSERT OR DELETE ON survey.ward_default FOR EACH STATEMENT EXECUTE FUNCTION survey.note();
CREATE TRIGGER note_asleep AFTER INSERT OR DELETE ON survey.ward_default FOR EACH ROW EXECUTE FUNCTION survey.note();
ALTER TABLE survey.ward_default DISABLE TRIGGER note_asleep;
SELECT tableoid::regclass, count(*) FROM survey.ward GROUP BY 1;
SELECT tableoid::regclass, count(*) FROM survey.ward_history GROUP BY 1;
CREATE TEMP TABLE before AS SELECT * FROM survey.ward;
CREATE TEMP TABLE history_before AS SELECT * FROM survey.ward_history;
SELECT count(*) AS dirty FROM report.dirty WHERE form = 'survey.ward'::regclass;
RESET ROLE;

SELECT p ->> 'partition' AS partition, p -> 'moved' AS moved
FROM jsonb_array_elements((ops.run_job('make_partitions', '2020-01-15 00:00:00+00')).result -> 'made') AS p
WHERE p ->> 'partition' LIKE 'survey.%'
ORDER BY 1;
SELECT tableoid::regclass, count(*) FROM survey.ward GROUP BY tableoid ORDER BY tableoid::regclass::text;
SELECT tableoid::regclass, count(*) FROM survey.ward_history GROUP BY tableoid ORDER BY tableoid::regclass::text;
SELECT count(*) AS differences FROM ((TABLE survey.ward EXCEPT ALL TABLE before) UNION ALL (TABLE before EXCEPT ALL TABLE survey.ward)) AS d;
SELECT count(*) AS differences FROM ((TABLE survey.ward_history EXCEPT ALL TABLE history_before) UNION ALL (TABLE history_before EXCEPT ALL TABLE survey.ward_history)) AS d;
SELECT * FROM survey.fired;
SELECT count(*) AS dirty FROM report.dirty WHERE form = 'survey.ward'::regclass;
-- triggers stand as they stood, and fire again
SELECT tgrelid::regclass, tgname, tgenabled FROM pg_trigger WHERE tgname LIKE 'note%' AND tgrelid::regclass::text ~ 'default|202001' ORDER BY 1, 2;
DELETE FROM survey.ward WHERE on_date = '2020-01-01';
SELECT what, count(*) FROM survey.fired GROUP BY 1 ORDER BY 1;
-- the default partition takes rows still, and they move as well, whatever as_of says
INSERT INTO survey.ward (institution, on_date, beds) SELECT outbreak.provisional_institution_code(1, 900001), '2018-07-07', 1;
SELECT p ->> 'partition' AS partition, p -> 'moved' AS moved
FROM jsonb_array_elements((ops.run_job('make_partitions', '2020-01-15 00:00:00+00')).result -> 'made') AS p;
ROLLBACK;
