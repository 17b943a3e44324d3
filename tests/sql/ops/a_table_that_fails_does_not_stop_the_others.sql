-- A form whose partitions cannot be made is listed under "failed"; the others are done, and the run is not ok.
BEGIN;
CREATE SCHEMA survey AUTHORIZATION outbreak_owner;
SET LOCAL ROLE outbreak_owner;
CREATE TABLE survey.ward (
	institution outbreak.institution_code,
	on_date date,
	PRIMARY KEY (institution, on_date)
) PARTITION BY RANGE (on_date);
SELECT report.register('survey.ward', 'institution', 'on_date');
CREATE TABLE survey.ward_213103 (in_the_way integer);
SELECT r.ok, r.result -> 'failed' AS failed, jsonb_path_query_array(r.result, '$.made[*].partition ? (@ starts with "survey.ward" || @ starts with "gmis.daily_2")') AS made
FROM ops.run_job('make_partitions', '2131-02-10 00:00:00+00') AS r;
SELECT ok, error FROM ops.job_run WHERE job = 'make_partitions' ORDER BY job_run DESC LIMIT 1;
SELECT ok FROM ops.status WHERE job = 'make_partitions';
ROLLBACK;
