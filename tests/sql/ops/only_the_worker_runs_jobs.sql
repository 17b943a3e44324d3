-- ops.run_job works with the owner's rights. Nobody but the worker may call it, and it runs what ops.job names and nothing else.
\set VERBOSITY terse
CREATE FUNCTION pg_temp.try(role text, statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('SET LOCAL ROLE %I', role);
	EXECUTE statement;
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END
$$;
BEGIN;
SELECT r.role, pg_temp.try(r.role, 'SELECT ops.run_job(''remind'')') AS runs,
	pg_temp.try(r.role, 'INSERT INTO ops.job VALUES (''x'', ''* * * * *'', ''ops.remind'', ''1 day'', ''x'')') AS adds,
	pg_temp.try(r.role, 'UPDATE ops.job SET command = ''pg_catalog.pg_sleep''') AS changes,
	pg_temp.try(r.role, 'SELECT ops.make_partitions()') AS calls,
	pg_temp.try(r.role, 'SELECT count(*) FROM ops.status') AS looks
FROM unnest('{outbreak_anon,outbreak_institution,outbreak_prefecture,outbreak_ministry,outbreak_analyst,outbreak_auditor,outbreak_worker,outbreak_owner}'::text[]) AS r (role);
ROLLBACK;
-- the name of a job is a name, never SQL
BEGIN;
SET LOCAL ROLE outbreak_worker;
SELECT ops.run_job('remind; DROP TABLE ops.job');
ROLLBACK;
BEGIN;
SET LOCAL ROLE outbreak_worker;
SELECT ops.run_job('ops.remind');
ROLLBACK;
-- objects that the caller puts into the search path are not taken for ours
BEGIN;
CREATE SCHEMA trap;
GRANT USAGE, CREATE ON SCHEMA trap TO outbreak_worker;
SET LOCAL ROLE outbreak_worker;
CREATE FUNCTION trap.format(text, VARIADIC text[]) RETURNS text LANGUAGE sql AS $$ SELECT 'SELECT 1 / 0' $$;
CREATE FUNCTION trap.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$ SELECT 1 / 0; SELECT now() $$;
SET LOCAL search_path = trap, pg_catalog;
SELECT job, ok, error FROM ops.run_job('fold_rollups');
ROLLBACK;
