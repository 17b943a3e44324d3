#!/bin/bash
# COPY of 1,000,000 daily reports with the full rule pack, against the same table (partitions, primary key, BRIN) with
# the row rules of severity error as SQL CHECK constraints, and with the same rules in a PL/pgSQL BEFORE ROW trigger.
# Ours also evaluates the warnings and the rules about the previous report, and notes what rollups and free beds
# have to read anew.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
psql -qX -f "$(dirname "$0")/gmis_country.sql" >/dev/null

rows=${BENCH_ROWS:-1000000}
file=/tmp/gmis_copy_$$.csv
columns='institution, on_date, beds_secured, beds_ready, beds_occupied, severe_secured, severe_ready, severe_occupied, icu_present, icu_used, ventilators_present, ventilators_used, ventilator_patients, ecmo_present, ecmo_used, doctors, nurses, other_staff, outpatients, inpatients, severe_patients, tests, positives, source, reported_at'
trap 'sql "COPY (SELECT) TO PROGRAM '"'rm -f $file'"'"' EXIT
sql "COPY (SELECT * FROM bench_report(1, 8282, '2020-12-15', '2021-04-14') LIMIT $rows) TO '$file' (FORMAT csv)"

sql "
	DROP SCHEMA IF EXISTS bench_copy CASCADE;
	CREATE SCHEMA bench_copy;
	DO \$\$
	DECLARE
		variant text;
		month date;
		rule record;
		body text := '';
	BEGIN
		FOREACH variant IN ARRAY '{checks,trigger}'::text[]
		LOOP
			EXECUTE format('CREATE TABLE bench_copy.daily_%s (LIKE gmis.daily INCLUDING DEFAULTS INCLUDING GENERATED, PRIMARY KEY (institution, on_date)) PARTITION BY RANGE (on_date)', variant);
			EXECUTE format('CREATE INDEX ON bench_copy.daily_%s USING brin (on_date) WITH (pages_per_range = 16)', variant);
			FOR month IN SELECT generate_series('2020-12-01', '2021-12-01', interval '1 month')
			LOOP
				EXECUTE format('CREATE TABLE bench_copy.daily_%s_%s PARTITION OF bench_copy.daily_%s FOR VALUES FROM (%L) TO (%L)',
					variant, to_char(month, 'YYYY_MM'), variant, month, month + interval '1 month');
			END LOOP;
		END LOOP;
		FOR rule IN
			SELECT r.code, r.expression, r.message_en
			FROM report.rule AS r
			WHERE r.form = 'gmis.daily'::regclass AND r.severity = 'error' AND NOT r.uses_previous
			ORDER BY r.code
		LOOP
			EXECUTE format('ALTER TABLE bench_copy.daily_checks ADD CONSTRAINT %I CHECK (%s)', rule.code, rule.expression);
			body := body || format(E'IF NOT (%s) THEN findings := findings || %L::text; END IF;\n',
				regexp_replace(rule.expression, '\m(' || (SELECT string_agg(attname, '|' ORDER BY length(attname) DESC) FROM pg_attribute WHERE attrelid = 'gmis.daily'::regclass AND attnum > 0) || ')\M', 'NEW.\1', 'g'),
				rule.code);
		END LOOP;
		EXECUTE format('CREATE FUNCTION bench_copy.judge() RETURNS trigger LANGUAGE plpgsql AS %L',
			E'DECLARE findings text[] := ''{}''; BEGIN\n' || body || E'IF findings <> ''{}'' THEN RAISE EXCEPTION ''%'', findings; END IF; RETURN NEW; END');
		CREATE TRIGGER judge BEFORE INSERT ON bench_copy.daily_trigger FOR EACH ROW EXECUTE FUNCTION bench_copy.judge();
	END
	\$\$"
echo "gmis_copy: $rows reports, $(sql "SELECT count(*) FROM report.rule WHERE form = 'gmis.daily'::regclass") rules, of which $(sql "SELECT count(*) FROM pg_constraint WHERE conrelid = 'bench_copy.daily_checks'::regclass AND contype = 'c'") as CHECK or in the trigger"

# No autovacuum between the runs: it would read some of the tables and not others.
for table in gmis.daily bench_copy.daily_checks bench_copy.daily_trigger; do
	sql "SELECT format('ALTER TABLE %s SET (autovacuum_enabled = false)', inhrelid::regclass) FROM pg_inherits WHERE inhparent = '$table'::regclass" | while read -r statement; do sql "$statement"; done
done
# Emptied partition by partition, so that nothing goes to the history, and past the trigger that keeps a form from it.
partitions() { sql "SELECT string_agg(inhrelid::regclass::text, ', ') FROM pg_inherits WHERE inhparent = '$1'::regclass"; }
between="SET session_replication_role = replica; TRUNCATE $(partitions gmis.daily), $(partitions bench_copy.daily_checks), $(partitions bench_copy.daily_trigger), report.finding, report.dirty; RESET session_replication_role; CHECKPOINT"
pair 'COPY, against CHECK constraints' "COPY gmis.daily ($columns) FROM '$file' (FORMAT csv)" "COPY bench_copy.daily_checks ($columns) FROM '$file' (FORMAT csv)" 3
at_most 'COPY / CHECK constraints' "$ratio" 1.3
pair 'COPY, against a PL/pgSQL trigger' "COPY gmis.daily ($columns) FROM '$file' (FORMAT csv)" "COPY bench_copy.daily_trigger ($columns) FROM '$file' (FORMAT csv)" 3
at_most 'COPY / PL/pgSQL trigger' "$ratio" 0.8
sql "$between" >/dev/null
sql "SELECT format('ALTER TABLE %s RESET (autovacuum_enabled)', inhrelid::regclass) FROM pg_inherits WHERE inhparent = 'gmis.daily'::regclass" | while read -r statement; do sql "$statement"; done
sql 'DROP SCHEMA bench_copy CASCADE'
reached
