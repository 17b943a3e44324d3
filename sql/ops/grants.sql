GRANT USAGE ON SCHEMA ops TO outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_worker;

-- The worker starts jobs; what they do, they do as outbreak_owner.
GRANT EXECUTE ON FUNCTION ops.run_job(text, timestamptz) TO outbreak_worker;
GRANT SELECT ON ops.job, ops.job_run, ops.status TO outbreak_worker, outbreak_ministry;

GRANT SELECT ON ops.reminder TO outbreak_institution, outbreak_prefecture, outbreak_ministry;
GRANT SELECT ON ops.rollup_check TO outbreak_ministry;

-- What the API resolves names with.
GRANT EXECUTE ON FUNCTION ops.form_name(regclass), ops.form_named(text), ops.json_value(jsonb), ops.column_is(regclass, name, text)
	TO outbreak_institution, outbreak_prefecture, outbreak_ministry, outbreak_analyst;
GRANT EXECUTE ON FUNCTION ops.form_name(regclass) TO outbreak_anon;
GRANT EXECUTE ON FUNCTION ops.json_value(jsonb) TO outbreak_municipality, outbreak_health_center;
GRANT EXECUTE ON FUNCTION ops.person_named(text)
	TO outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_prefecture;
