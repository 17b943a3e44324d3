#!/bin/bash
# What the check of an institution code costs above text: 1,000,000 codes, cast and COPY, median CPU of 5 rounds in one session.
# The goal is at most 300 ms more CPU than text. CPU is the backend's own (/proc/self/schedstat), so neighbours do not disturb it.
# PSQL names the client; the database is the client's default and needs the extension.
set -euo pipefail

${PSQL:-psql} -qAtX -v ON_ERROR_STOP=1 <<'SQL'
SET client_min_messages = warning;
SET max_parallel_workers_per_gather = 0;
SET synchronous_commit = off;

CREATE FUNCTION pg_temp.cpu_ms() RETURNS double precision
LANGUAGE sql VOLATILE AS $$
	SELECT split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::double precision / 1e6
$$;

CREATE TEMP TABLE written AS
SELECT outbreak.provisional_institution_code(1 + n % 47, n)::text AS code
FROM generate_series(0, 999999) AS n;
VACUUM ANALYZE written;
CREATE TEMP TABLE as_text (code text);
CREATE TEMP TABLE as_code (code outbreak.institution_code);
CREATE TEMP TABLE cost (what text, ours boolean, cpu_ms double precision);
SELECT current_setting('data_directory') || '/outbreak_bench_codes.txt' AS file \gset
COPY written TO :'file';
SELECT set_config('bench.file', :'file', false) \g /dev/null

CREATE PROCEDURE pg_temp.measure(what text, ours boolean, command text)
LANGUAGE plpgsql AS $$
DECLARE
	start double precision := pg_temp.cpu_ms();
BEGIN
	EXECUTE command;
	INSERT INTO cost VALUES (what, ours, pg_temp.cpu_ms() - start);
END $$;

DO $$
BEGIN
	FOR round IN 1 .. 5 LOOP
		CALL pg_temp.measure('code_types_cast', false, 'SELECT count(code::text) FROM written');
		CALL pg_temp.measure('code_types_cast', true, 'SELECT count(code::outbreak.institution_code) FROM written');
		TRUNCATE as_text, as_code;
		CALL pg_temp.measure('code_types_copy', false, format('COPY as_text FROM %L', current_setting('bench.file')));
		CALL pg_temp.measure('code_types_copy', true, format('COPY as_code FROM %L', current_setting('bench.file')));
	END LOOP;
END $$;

SELECT format('%s ours=%sms other=%sms ratio=%s above=%sms goal<=300ms', what, round(ours), round(other), round(ours / other, 2), round(ours - other))
FROM (
	SELECT what,
		(percentile_cont(0.5) WITHIN GROUP (ORDER BY cpu_ms) FILTER (WHERE ours))::numeric AS ours,
		(percentile_cont(0.5) WITHIN GROUP (ORDER BY cpu_ms) FILTER (WHERE NOT ours))::numeric AS other
	FROM cost
	GROUP BY what
) AS median
ORDER BY what;

\set remove 'rm "' :file '"'
COPY (SELECT WHERE false) TO PROGRAM :'remove';
SQL
