-- pg_cron is not in this database: nothing is scheduled, and the lines to run where it is come back.
SELECT * FROM ops.schedule_jobs();
SELECT * FROM ops.unschedule_jobs();
-- what the jobs name is there
SELECT count(*) AS jobs, bool_and(to_regproc(command) IS NOT NULL) AS all_there FROM ops.job;
