-- What one statement noted is settled with it or gone with it: savepoints, failed statements, nested writes, partitions.
BEGIN;
\set ON_ERROR_ROLLBACK on
\getenv srcdir PG_ABS_SRCDIR
\set setup :srcdir /sql/report/setup.inc
\i :setup
-- a failed statement leaves nothing for the next one
\set VERBOSITY terse
INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(1), '2020-12-01', 1, 600), (survey.i(2), '2020-12-01', 20, 10);
INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(3), '2020-12-01', 1, 10);
SELECT count(*) FROM report.finding WHERE form = 'survey.flu'::regclass;
SELECT * FROM report.dirty WHERE form = 'survey.flu'::regclass;
-- a failure inside a subtransaction
DO $$
BEGIN
	FOR n IN 4..8 LOOP
		BEGIN
			INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(n), '2020-12-01', CASE WHEN n % 2 = 0 THEN 20 ELSE 1 END, 700);
			IF n = 5 THEN
				RAISE EXCEPTION 'undone';
			END IF;
			INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(n), '2020-12-02', 701, 700);
		EXCEPTION WHEN OTHERS THEN
			RAISE NOTICE '% %', n, SQLSTATE;
		END;
	END LOOP;
END
$$;
INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(9), '2020-12-01', 1, 700);
SELECT reporter, code FROM report.finding WHERE form = 'survey.flu'::regclass ORDER BY 1;
-- a trigger of an administrator writes to another form in mid-statement
CREATE TABLE survey.copy (institution institution_code, on_date date, beds int, PRIMARY KEY (institution, on_date));
SELECT report.register('survey.copy', 'institution', 'on_date');
INSERT INTO report.rule (form, code, expression, severity, message_ja, message_en) VALUES ('survey.copy', 'copied_many', 'beds < 500', 'warning', '-', 'many');
CREATE FUNCTION survey.copy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO survey.copy (institution, on_date, beds) VALUES (NEW.institution, NEW.on_date, NEW.beds); RETURN NEW; END $$;
CREATE TRIGGER copy BEFORE INSERT ON survey.flu FOR EACH ROW EXECUTE FUNCTION survey.copy();
INSERT INTO survey.flu (institution, on_date, cases, beds) VALUES (survey.i(10), '2020-12-01', 1, 700), (survey.i(11), '2020-12-01', 1, 10);
SELECT form, reporter, code FROM report.finding WHERE period = '2020-12-01' AND reporter = ANY (ARRAY[survey.i(10), survey.i(11)]) ORDER BY 1, 2;
DROP TRIGGER copy ON survey.flu;
-- MERGE, and a statement without rows
MERGE INTO survey.flu AS f USING (VALUES (survey.i(10), 1), (survey.i(12), 900)) AS n (institution, beds) ON f.institution = n.institution AND f.on_date = '2020-12-01'
WHEN MATCHED THEN UPDATE SET beds = n.beds WHEN NOT MATCHED THEN INSERT (institution, on_date, beds) VALUES (n.institution, '2020-12-01', n.beds);
SELECT reporter, code FROM report.finding WHERE form = 'survey.flu'::regclass AND reporter = ANY (ARRAY[survey.i(10), survey.i(12)]) ORDER BY 1;
INSERT INTO survey.flu (institution, on_date) SELECT survey.i(1), '2020-12-01' WHERE false;
-- a partition written directly is still checked
CREATE TABLE survey.part (institution institution_code, on_date date, beds int, PRIMARY KEY (institution, on_date)) PARTITION BY RANGE (on_date);
CREATE TABLE survey.part_old (beds int, on_date date NOT NULL, institution institution_code NOT NULL);
ALTER TABLE survey.part ATTACH PARTITION survey.part_old FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
SELECT report.register('survey.part', 'institution', 'on_date');
INSERT INTO report.rule (form, code, expression, severity, message_ja, message_en) VALUES ('survey.part', 'range', 'beds BETWEEN 0 AND 10', 'error', '-', 'range'), ('survey.part', 'jump', 'beds < previous.beds + 5', 'warning', '-', 'jump');
INSERT INTO survey.part_old (institution, on_date, beds) VALUES (survey.i(1), '2020-12-01', 11);
\echo :LAST_ERROR_SQLSTATE
CREATE TABLE survey.part_new PARTITION OF survey.part FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
INSERT INTO survey.part (institution, on_date, beds) VALUES (survey.i(1), '2020-12-31', 1), (survey.i(1), '2021-01-01', 9);
SELECT key, code FROM report.finding WHERE form = 'survey.part'::regclass;
UPDATE survey.part SET beds = 2 WHERE on_date = '2020-12-31';
UPDATE survey.part SET beds = 12 WHERE on_date = '2020-12-31';
\echo :LAST_ERROR_SQLSTATE
UPDATE survey.part SET on_date = '2021-12-31' WHERE on_date = '2020-12-31';
\echo :LAST_ERROR_SQLSTATE
ROLLBACK;
