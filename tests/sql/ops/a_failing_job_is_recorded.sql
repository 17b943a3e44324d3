-- The error stays inside, what the job did is undone, and the run can be seen.
BEGIN;
SET LOCAL client_min_messages = error;
SET LOCAL ROLE outbreak_owner;
CREATE TABLE ops.scratch (n integer);
CREATE FUNCTION ops.breaks(as_of timestamptz) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO ops.scratch VALUES (1);
	PERFORM 1 / (extract(year FROM as_of)::integer - 2021);
	RETURN '{"fine": true}';
END
$$;
INSERT INTO ops.job (name, schedule, command, every, comment) VALUES
	('breaks', '0 0 * * *', 'ops.breaks', '1 day', 'test'),
	('missing', '0 0 * * *', 'ops.no_such_function', '1 day', 'test');
SELECT job, ok, result, error ->> 'sqlstate' AS sqlstate, error ->> 'message' AS message FROM ops.run_job('breaks', '2021-05-05');
SELECT count(*) FROM ops.scratch;
SELECT job, ok, result, error FROM ops.run_job('breaks', '2022-05-05');
SELECT count(*) FROM ops.scratch;
SELECT job, ok, error ->> 'sqlstate' AS sqlstate FROM ops.run_job('missing');
SELECT job, as_of, ok, finished_at >= started_at AS timed FROM ops.job_run WHERE job IN ('breaks', 'missing') AND as_of <> now() ORDER BY job_run;
-- runs older than 90 days are forgotten when the job runs again
UPDATE ops.job_run SET started_at = now() - interval '91 days' WHERE job = 'breaks';
SELECT ok FROM ops.run_job('breaks', '2022-05-05');
SELECT count(*) FROM ops.job_run WHERE job = 'breaks';
-- what wants attention
SELECT job, ok, error, missed FROM ops.status WHERE job IN ('breaks', 'missing') ORDER BY job;
UPDATE ops.job_run SET started_at = now() - interval '49 hours' WHERE job = 'breaks';
SELECT job, ok, missed FROM ops.status WHERE job = 'breaks';
DELETE FROM ops.job_run WHERE job = 'breaks';
SELECT job, ok, missed, last_started_at FROM ops.status WHERE job = 'breaks';
ROLLBACK;
\set VERBOSITY terse
SELECT ops.run_job('no_such_job');
\echo :LAST_ERROR_SQLSTATE
-- schedules and commands are checked
BEGIN;
SET LOCAL ROLE outbreak_owner;
SAVEPOINT a;
INSERT INTO ops.job (name, schedule, command, every, comment) VALUES ('x', 'every day', 'ops.remind', '1 day', 'test');
ROLLBACK TO a;
INSERT INTO ops.job (name, schedule, command, every, comment) VALUES ('x', '0 0 * * *', 'pg_sleep(9); SELECT ops.remind', '1 day', 'test');
ROLLBACK;
