-- ---- running jobs

CREATE OR REPLACE FUNCTION ops.run_job(name text, as_of timestamptz DEFAULT now()) RETURNS ops.job_run
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	run ops.job_run;
	command text;
	message text;
	detail text;
	hint text;
	context text;
BEGIN
	-- The row lock lets one run of a job go at a time; a second one leaves at once.
	SELECT j.command INTO command
	FROM ops.job j
	WHERE j.name = run_job.name
	FOR NO KEY UPDATE SKIP LOCKED;
	IF NOT found THEN
		IF EXISTS (SELECT FROM ops.job j WHERE j.name = run_job.name) THEN
			RAISE EXCEPTION 'job "%" is running already', run_job.name
				USING ERRCODE = 'lock_not_available';
		END IF;
		RAISE EXCEPTION 'there is no job "%"', run_job.name
			USING ERRCODE = 'undefined_object',
				HINT = 'The jobs are: ' || coalesce((SELECT string_agg(j.name, ', ' ORDER BY j.name) FROM ops.job j), 'none') || '.';
	END IF;

	run.job := run_job.name;
	run.as_of := run_job.as_of;
	run.started_at := clock_timestamp();
	BEGIN
		IF to_regprocedure(command || '(timestamp with time zone)') IS NULL THEN
			RAISE EXCEPTION 'function %(timestamp with time zone) does not exist', command
				USING ERRCODE = 'undefined_function';
		END IF;
		EXECUTE format('SELECT %s($1)', command) INTO run.result USING run_job.as_of;
		run.ok := coalesce(jsonb_array_length(nullif(run.result -> 'failed', 'null')), 0) = 0;
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS message = MESSAGE_TEXT,
			detail = PG_EXCEPTION_DETAIL,
			hint = PG_EXCEPTION_HINT,
			context = PG_EXCEPTION_CONTEXT;
		run.ok := false;
		run.result := NULL;
		run.error := jsonb_strip_nulls(jsonb_build_object('sqlstate', SQLSTATE, 'message', message,
			'detail', nullif(detail, ''), 'hint', nullif(hint, ''), 'context', left(nullif(context, ''), 2000)));
		RAISE WARNING 'job "%" failed: %', run_job.name, message;
	END;
	run.finished_at := clock_timestamp();

	INSERT INTO ops.job_run (job, as_of, started_at, finished_at, ok, result, error)
	VALUES (run.job, run.as_of, run.started_at, run.finished_at, run.ok, run.result, run.error)
	RETURNING job_run INTO run.job_run;
	DELETE FROM ops.job_run r
	WHERE r.job = run_job.name
		AND r.started_at < run.started_at - interval '90 days';
	RETURN run;
END
$$;
COMMENT ON FUNCTION ops.run_job(text, timestamptz) IS
'ジョブの実行 / runs one job for the moment as_of and records the run, which it returns. An error of the job does not come out of this function: what the job did is undone, the run is recorded with ok false and the error, and a warning is raised, so that a failure stays visible in ops.job_run and ops.status. Runs as outbreak_owner. Errors: 42704 there is no such job, 55P03 it is running already. A cancelled run (57014) is not recorded.';

-- ---- the scheduler

CREATE OR REPLACE FUNCTION ops.cron_name(job text) RETURNS text
LANGUAGE SQL STABLE PARALLEL SAFE
RETURN ('outbreak ' || job || ' ' || current_database())::name::text;
COMMENT ON FUNCTION ops.cron_name(text) IS 'Name under which pg_cron knows a job of this database, 63 bytes at most.';

CREATE OR REPLACE FUNCTION ops.schedule_jobs()
RETURNS TABLE (job text, jobid bigint, statement text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	planned record;
BEGIN
	IF EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'pg_cron') THEN
		-- what a former version or another role scheduled
		EXECUTE 'SELECT cron.unschedule(c.jobid)
			FROM cron.job c
			WHERE c.database = current_database()
				AND c.jobname LIKE ''outbreak %''
				AND (c.username <> current_user OR NOT EXISTS (SELECT FROM ops.job j WHERE ops.cron_name(j.name) = c.jobname))';
	END IF;
	FOR planned IN
		SELECT j.name,
			ops.cron_name(j.name) AS cron_name,
			j.schedule,
			format('SELECT ops.run_job(%L)', j.name) AS command
		FROM ops.job j
		ORDER BY j.name
	LOOP
		job := planned.name;
		IF EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'pg_cron') THEN
			EXECUTE 'SELECT cron.schedule($1, $2, $3)' INTO jobid
			USING planned.cron_name, planned.schedule, planned.command;
		ELSE
			statement := format('SELECT cron.schedule_in_database(%L, %L, %L, %L)',
				planned.cron_name, planned.schedule, planned.command, current_database());
		END IF;
		RETURN NEXT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION ops.schedule_jobs() IS
'ジョブの登録 / has pg_cron run every job of ops.job, as the calling role (a superuser, or a login role that is a member of outbreak_worker). Where pg_cron is installed in this database, it registers them and returns their numbers; calling it again changes what changed and leaves one of each. Elsewhere it registers nothing and returns the statements to run in the database where pg_cron is. Times are GMT.';

CREATE OR REPLACE FUNCTION ops.unschedule_jobs()
RETURNS TABLE (job text, jobid bigint, statement text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'pg_cron') THEN
		RETURN QUERY EXECUTE 'SELECT split_part(c.jobname, '' '', 2), c.jobid, NULL::text
			FROM cron.job c
			CROSS JOIN LATERAL cron.unschedule(c.jobid) AS gone
			WHERE c.database = current_database()
				AND c.jobname LIKE ''outbreak %''
				AND gone
			ORDER BY 1';
	ELSE
		RETURN QUERY
		SELECT NULL::text,
			NULL::bigint,
			format('SELECT cron.unschedule(c.jobid) FROM cron.job AS c WHERE c.database = %L AND c.jobname LIKE %L',
				current_database(), 'outbreak %');
	END IF;
END
$$;
COMMENT ON FUNCTION ops.unschedule_jobs() IS
'ジョブの登録解除 / takes every job of this database out of pg_cron and returns what it took out. Where pg_cron is not installed in this database, it returns the statement to run in the database where it is.';

-- ---- partitions

CREATE OR REPLACE FUNCTION ops.partitioned_tables()
RETURNS TABLE (relation regclass, key_column name, key_type regtype)
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT c.oid::regclass,
		a.attname,
		a.atttypid::regtype
	FROM pg_class AS c
	JOIN pg_namespace AS n ON n.oid = c.relnamespace
	JOIN pg_partitioned_table AS p ON p.partrelid = c.oid
	JOIN pg_attribute AS a ON a.attrelid = c.oid
		AND a.attnum = p.partattrs[0]
	WHERE p.partstrat = 'r'
		AND p.partnatts = 1
		AND a.atttypid IN ('date'::regtype, 'timestamptz'::regtype)
		AND NOT c.relispartition
		AND (EXISTS (SELECT FROM outbreak.deployment AS d WHERE d.word = n.nspname)
			OR EXISTS (
				SELECT
				FROM report.form AS f
				JOIN pg_class AS formed ON formed.oid = f.form
				WHERE c.relnamespace = formed.relnamespace
					AND c.relname IN (formed.relname, (formed.relname || '_history')::name)
			))
	ORDER BY n.nspname::text, c.relname;
END;
COMMENT ON FUNCTION ops.partitioned_tables() IS 'The tables that are partitioned by range of one column of type date or timestamptz, and that column: those of the deployed words, and the forms and histories of anybody.';

CREATE OR REPLACE FUNCTION ops.partition_cover(relation regclass) RETURNS datemultirange
LANGUAGE SQL STABLE PARALLEL SAFE
SET datestyle = 'ISO, YMD'
BEGIN ATOMIC
	SELECT coalesce(range_agg(daterange(
			CASE WHEN b.bound[1] <> 'MINVALUE' THEN (trim(b.bound[1], '''')::timestamptz AT TIME ZONE z.zone)::date END,
			CASE WHEN b.bound[2] <> 'MAXVALUE' THEN (trim(b.bound[2], '''')::timestamptz AT TIME ZONE z.zone)::date END)), '{}')
	FROM pg_inherits AS i
	JOIN pg_class AS c ON c.oid = i.inhrelid
	CROSS JOIN LATERAL regexp_match(pg_get_expr(c.relpartbound, c.oid), '^FOR VALUES FROM \((.*)\) TO \((.*)\)$') AS b (bound)
	-- a date has no zone, so it is read in the one that it is taken back to
	CROSS JOIN (SELECT current_setting('TimeZone') AS zone) AS z
	WHERE i.inhparent = relation
		AND b.bound IS NOT NULL;
END;
COMMENT ON FUNCTION ops.partition_cover(regclass) IS 'The days that the partitions of a table cover, its default partition aside. Days are counted in the zone of the session; ops.make_partitions sets it.';

CREATE OR REPLACE FUNCTION ops.move_rows(source regclass, target regclass, key_column name, lower text, upper text) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	columns text;
	moved bigint;
	waking text[];
	statement text;
BEGIN
	-- Moving is no change: triggers of either side sleep through it, and afterwards stand as they stood.
	SELECT array_agg(format('ALTER TABLE %s ENABLE %s TRIGGER %I', t.tgrelid::regclass,
		CASE t.tgenabled WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' ELSE '' END, t.tgname)) INTO waking
	FROM pg_trigger t
	WHERE t.tgrelid IN (source, target)
		AND NOT t.tgisinternal
		AND t.tgenabled <> 'D';
	EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', source);
	EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', target);

	SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) INTO columns
	FROM pg_attribute a
	WHERE a.attrelid = source
		AND a.attnum > 0
		AND NOT a.attisdropped
		AND a.attgenerated = '';
	EXECUTE format('WITH moved AS (DELETE FROM ONLY %1$s WHERE %2$I >= %3$L AND %2$I < %4$L RETURNING %5$s)
		INSERT INTO %6$s (%5$s) OVERRIDING SYSTEM VALUE SELECT %5$s FROM moved',
		source, key_column, lower, upper, columns, target);
	GET DIAGNOSTICS moved = ROW_COUNT;

	FOREACH statement IN ARRAY coalesce(waking, '{}')
	LOOP
		EXECUTE statement;
	END LOOP;
	RETURN moved;
END
$$;
COMMENT ON FUNCTION ops.move_rows(regclass, regclass, name, text, text) IS 'Moves the rows with lower <= key_column < upper from one table into another of the same columns, without firing triggers; returns how many. The caller holds both tables locked.';

CREATE OR REPLACE FUNCTION ops.make_partitions_of(relation regclass, key_column name, key_type regtype, first_month date, last_month date) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET datestyle = 'ISO, YMD'
AS $$
DECLARE
	home name;
	base name;
	owner name;
	fallback regclass;
	in_default date[] := '{}';
	cover datemultirange;
	month date;
	span daterange;
	child text;
	lower text;
	upper text;
	moved bigint;
	guard record;
	made jsonb := '[]';
	skipped jsonb := '[]';
BEGIN
	SELECT n.nspname, c.relname, r.rolname, nullif(p.partdefid, 0)
	INTO home, base, owner, fallback
	FROM pg_class c
	JOIN pg_namespace n ON n.oid = c.relnamespace
	JOIN pg_roles r ON r.oid = c.relowner
	JOIN pg_partitioned_table p ON p.partrelid = c.oid
	WHERE c.oid = relation;

	-- nothing is granted on partitions, but their rows have to be seen to be moved
	IF fallback IS NOT NULL AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = fallback AND p.polname = 'owner') THEN
		EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', fallback);
		EXECUTE format('CREATE POLICY owner ON %s TO outbreak_owner USING (true) WITH CHECK (true)', fallback);
	END IF;

	-- Looked at twice: without a lock whether there is anything to do, then under it what.
	FOR pass IN 1..2 LOOP
		IF fallback IS NOT NULL THEN
			-- newest first and two years at a time, so that nonsense dates do not make partitions without end
			EXECUTE format('SELECT coalesce(array_agg(m.month), ''{}'')
				FROM (
					SELECT DISTINCT date_trunc(''month'', d.%1$I)::date AS month
					FROM ONLY %2$s AS d
					WHERE isfinite(d.%1$I)
					ORDER BY 1 DESC
					LIMIT 24
				) AS m', key_column, fallback) INTO in_default;
		END IF;
		cover := ops.partition_cover(relation);
		IF pass = 1 THEN
			IF NOT EXISTS (
				SELECT
				FROM generate_series(first_month::timestamp, last_month::timestamp, interval '1 month') AS s (month)
				WHERE NOT cover && daterange(s.month::date, (s.month + interval '1 month')::date)
			) AND in_default = '{}' THEN
				RETURN jsonb_build_object('made', made, 'skipped', skipped);
			END IF;
			EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', relation);
		END IF;
	END LOOP;

	IF fallback IS NOT NULL THEN
		EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', relation, fallback);
	END IF;
	FOR month IN
		SELECT s.month::date
		FROM generate_series(first_month::timestamp, last_month::timestamp, interval '1 month') AS s (month)
		UNION
		SELECT unnest(in_default)
		ORDER BY 1
	LOOP
		span := daterange(month, (month + interval '1 month')::date);
		CONTINUE WHEN cover @> span;
		child := format('%I.%I', home, left(base, 56) || to_char(month, '_YYYYMM'));
		IF cover && span THEN
			IF month = ANY (in_default) THEN
				skipped := skipped || jsonb_build_array(jsonb_build_object('partition', child,
					'reason', 'another partition covers a part of this month, and rows of the rest lie in the default partition'));
			END IF;
			CONTINUE;
		END IF;
		IF key_type = 'date'::regtype THEN
			lower := month::text;
			upper := (month + interval '1 month')::date::text;
		ELSE
			lower := month::timestamptz::text;
			upper := ((month + interval '1 month')::timestamptz)::text;
		END IF;
		EXECUTE format('CREATE TABLE %s PARTITION OF %s FOR VALUES FROM (%L) TO (%L)', child, relation, lower, upper);
		EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', child);
		EXECUTE format('CREATE POLICY owner ON %s TO outbreak_owner USING (true) WITH CHECK (true)', child);
		EXECUTE format('COMMENT ON TABLE %s IS %L', child, format('%s: %s', relation, to_char(month, 'YYYY-MM')));
		-- row triggers come with the partition, those of TRUNCATE do not
		FOR guard IN
			SELECT t.tgname, t.tgfoid::regprocedure AS function, t.tgtype & 2 = 2 AS before
			FROM pg_trigger t
			WHERE t.tgrelid = relation
				AND NOT t.tgisinternal
				AND t.tgtype & 32 = 32
				AND t.tgnargs = 0
		LOOP
			EXECUTE format('CREATE TRIGGER %I %s TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION %s', guard.tgname,
				CASE WHEN guard.before THEN 'BEFORE' ELSE 'AFTER' END, child, guard.function);
		END LOOP;
		IF owner <> current_user THEN
			EXECUTE format('ALTER TABLE %s OWNER TO %I', child, owner);
		END IF;
		moved := 0;
		IF month = ANY (in_default) THEN
			moved := ops.move_rows(fallback, child::regclass, key_column, lower, upper);
		END IF;
		made := made || jsonb_build_array(jsonb_build_object('partition', child, 'moved', moved));
	END LOOP;
	IF fallback IS NOT NULL THEN
		EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s DEFAULT', relation, fallback);
	END IF;
	RETURN jsonb_build_object('made', made, 'skipped', skipped);
END
$$;
COMMENT ON FUNCTION ops.make_partitions_of(regclass, name, regtype, date, date) IS
'Makes the monthly partitions <table>_YYYYMM that are missing from first_month to last_month (first days of months), and one for each month that has rows in the default partition, into which it moves them. Holds the table in ACCESS EXCLUSIVE mode from the first change to the end of the transaction: readers and writers wait, none of them sees a row missing or twice. The default partition is detached meanwhile, so the move passes no trigger of the table. A month that other partitions cover is left alone. Returns {"made": [{"partition", "moved"}], "skipped": [{"partition", "reason"}]}.';

CREATE OR REPLACE FUNCTION ops.make_partitions(as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '10s'
AS $$
DECLARE
	month timestamp := date_trunc('month', outbreak.local_date(as_of)::timestamp);
	session_zone text := current_setting('TimeZone');
	piece record;
	one jsonb;
	made jsonb := '[]';
	skipped jsonb := '[]';
	failed jsonb := '[]';
BEGIN
	-- months begin at local midnight
	PERFORM set_config('TimeZone', outbreak.time_zone(), true);
	FOR piece IN
		SELECT t.relation, t.key_column, t.key_type
		FROM ops.partitioned_tables() t
	LOOP
		BEGIN
			one := ops.make_partitions_of(piece.relation, piece.key_column, piece.key_type,
				(month - interval '1 month')::date, (month + interval '3 months')::date);
			made := made || (one -> 'made');
			skipped := skipped || (one -> 'skipped');
		EXCEPTION WHEN OTHERS THEN
			failed := failed || jsonb_build_array(jsonb_build_object('table', piece.relation, 'sqlstate', SQLSTATE, 'message', SQLERRM));
		END;
	END LOOP;
	PERFORM set_config('TimeZone', session_zone, true);
	RETURN jsonb_build_object('made', made, 'skipped', skipped, 'failed', failed);
END
$$;
COMMENT ON FUNCTION ops.make_partitions(timestamptz) IS
'パーティション作成 / job: for every partitioned table of a deployed word, and every partitioned form and history, the monthly partitions from the month before as_of to the third month after it, and one for each month that has rows in the default partition (24 at a time, newest first), into which those rows are moved. A table that cannot be locked within 10 seconds, or fails otherwise, is listed under "failed" and left as it was; the others are done. Returns {"made": [{"partition", "moved"}], "skipped": [{"partition", "reason"}], "failed": [{"table", "sqlstate", "message"}]}; a second call makes nothing.';

-- ---- forms by name, for callers who write text

CREATE OR REPLACE FUNCTION ops.form_name(form regclass) RETURNS text
LANGUAGE SQL STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT n.nspname || '.' || c.relname
	FROM pg_class AS c
	JOIN pg_namespace AS n ON n.oid = c.relnamespace
	WHERE c.oid = form;
END;
COMMENT ON FUNCTION ops.form_name(regclass) IS 'Schema and name of a form, such as gmis.daily, whatever the search_path says.';

CREATE OR REPLACE FUNCTION ops.form_named(form text) RETURNS regclass
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	found_form regclass;
	usable text[];
BEGIN
	SELECT f.form INTO found_form
	FROM report.form f
	WHERE ops.form_name(f.form) = form_named.form;
	IF NOT found THEN
		SELECT coalesce(array_agg(ops.form_name(f.form) ORDER BY ops.form_name(f.form)), '{}') INTO usable
		FROM report.form f
		WHERE has_table_privilege(f.form, 'SELECT, INSERT');
		RAISE EXCEPTION 'there is no form of that name'
			USING ERRCODE = 'OB004',
				DETAIL = jsonb_build_object('forms', usable)::text,
				HINT = CASE usable WHEN '{}' THEN 'There is none that you may use.'
					ELSE 'The forms that you may use: ' || array_to_string(usable, ', ') || '.' END;
	END IF;
	RETURN found_form;
END
$$;
COMMENT ON FUNCTION ops.form_named(text) IS 'The registered form of that schema and name, such as gmis.daily. Nothing else is ever looked up or run. Error OB004 when there is none; its DETAIL is {"forms": [those that the caller may use]}.';

CREATE OR REPLACE FUNCTION ops.json_value(value jsonb) RETURNS jsonb
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN jsonb_typeof(value) = 'string' THEN (value #>> '{}')::jsonb ELSE value END;
COMMENT ON FUNCTION ops.json_value(jsonb) IS 'The JSON that a JSON string holds, or the value itself: PostgREST hands the JSON parameters of a GET over as strings. 22P02 for a string that is no JSON.';

CREATE OR REPLACE FUNCTION ops.refuse_write() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RAISE EXCEPTION '% is read only', TG_TABLE_NAME
		USING ERRCODE = 'insufficient_privilege';
END
$$;
COMMENT ON FUNCTION ops.refuse_write() IS 'Trigger of views that nobody writes to: 42501. Without it PostgreSQL raises 55000 before it looks at rights, which PostgREST calls a server error.';

CREATE OR REPLACE FUNCTION ops.column_is(form regclass, column_name name, value text) RETURNS text
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE
			WHEN t.oid IN ('outbreak.institution_code'::regtype, 'outbreak.municipality_code'::regtype)
				THEN format('t.%I OPERATOR(outbreak.=) %L::outbreak.%I', a.attname, value, t.typname)
			WHEN t.typnamespace = 'pg_catalog'::regnamespace
				THEN format('t.%I OPERATOR(pg_catalog.=) %L::pg_catalog.%I', a.attname, value, t.typname)
			ELSE format('t.%I::text = %L', a.attname, value)
		END
	FROM pg_attribute AS a
	JOIN pg_type AS t ON t.oid = a.atttypid
	WHERE a.attrelid = form
		AND a.attname = column_name
		AND a.attnum > 0;
END;
COMMENT ON FUNCTION ops.column_is(regclass, name, text) IS 'The SQL condition that a column of the table aliased t has that value; one that an index can serve, whatever search_path holds.';

-- ---- persons, for callers who write text

CREATE OR REPLACE FUNCTION ops.person_named(person text) RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	-- whatever is not the number of a person is no person
	IF person ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' THEN
		RETURN person::uuid;
	END IF;
	RAISE EXCEPTION 'there is no such person'
		USING ERRCODE = 'PT404',
			HINT = 'persons lists those that you may see.';
END
$$;
COMMENT ON FUNCTION ops.person_named(text) IS 'The pseudonym that a text holds; 404 when it holds none, without quoting it.';

-- ---- reminders

CREATE OR REPLACE FUNCTION ops.remind(as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	WITH due AS (
		SELECT f.form,
			s.at::date AS period,
			report.due_at(f.form, s.at::date) AS due_at
		FROM report.form AS f
		CROSS JOIN LATERAL (
			SELECT interval '1 day' * CASE f.period_kind WHEN 'day' THEN 1 WHEN 'week' THEN 7 END AS length
		) AS step
		CROSS JOIN LATERAL generate_series(
			date_trunc(f.period_kind, outbreak.local_date(as_of)::timestamp) - 7 * coalesce(step.length, '1 month'),
			date_trunc(f.period_kind, outbreak.local_date(as_of)::timestamp),
			coalesce(step.length, '1 month')) AS s (at)
		WHERE report.is_institution(f.form, f.reporter)
	), reminded AS (
		INSERT INTO ops.reminder (form, institution, period, due_at, created_at)
		SELECT d.form,
			c.institution,
			d.period,
			d.due_at,
			as_of
		FROM due AS d
		CROSS JOIN LATERAL report.completeness(d.form, d.period, as_of) AS c
		WHERE d.due_at <= as_of
			AND c.status = 'missing'
		ON CONFLICT (form, institution, period) DO NOTHING
		RETURNING form
	)
	SELECT jsonb_build_object('reminded', count(*))
	FROM reminded;
END;
COMMENT ON FUNCTION ops.remind(timestamptz) IS
'督促 / job: writes a row into ops.reminder for every institution that was expected to report and, by as_of, had not though the deadline had passed; looks at the seven periods before the current one too, so that it may run late. Idempotent. Returns {"reminded": rows made}.';

-- ---- rollups

CREATE OR REPLACE FUNCTION ops.fold_rollups(as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
RETURN jsonb_build_object('folded', gmis.fold());
COMMENT ON FUNCTION ops.fold_rollups(timestamptz) IS '集計の更新 / job: gmis.fold(), which brings the rollups up to the reports that came in. as_of does not matter. Returns {"folded": keys recomputed}.';

CREATE OR REPLACE FUNCTION ops.rollup_differences(rollup regclass, form regclass, from_date date, to_date date)
RETURNS TABLE (on_date date, area text, measure text, in_rollup bigint, in_reports bigint)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	period name;
	reporter name;
	by_municipality boolean;
	stored text;
	counted text;
BEGIN
	SELECT f.period, f.reporter INTO STRICT period, reporter
	FROM report.form f
	WHERE f.form = rollup_differences.form;
	by_municipality := EXISTS (
		SELECT
		FROM pg_attribute a
		WHERE a.attrelid = rollup
			AND a.attname = 'municipality'
			AND NOT a.attisdropped);
	-- a column of the rollup means the sum of the form's column of that name; x_answers how many answered x
	SELECT string_agg(format('r.%1$I::bigint AS %1$I', a.attname), ', ' ORDER BY a.attnum),
		string_agg(format('%s AS %I', CASE
			WHEN a.attname = 'reported' THEN 'count(*)'
			WHEN answers.attname IS NOT NULL THEN format('count(d.%I)', answers.attname)
			ELSE format('sum(d.%I)::bigint', summed.attname) END, a.attname), ', ' ORDER BY a.attnum)
	INTO STRICT stored, counted
	FROM pg_attribute a
	LEFT JOIN pg_attribute summed ON summed.attrelid = form
		AND summed.attnum > 0
		AND summed.attname = a.attname
	LEFT JOIN pg_attribute answers ON answers.attrelid = form
		AND answers.attnum > 0
		AND answers.attname || '_answers' = a.attname
	WHERE a.attrelid = rollup
		AND a.attnum > 0
		AND NOT a.attisdropped
		AND a.attname NOT IN (period, 'prefecture', 'municipality')
		AND (a.attname = 'reported' OR summed.attname IS NOT NULL OR answers.attname IS NOT NULL);

	-- One statement, hence one snapshot. A fold takes the dirty keys and writes the rollup in one transaction, so a key
	-- that is not dirty here has to be right here.
	RETURN QUERY EXECUTE format('
		WITH reports AS (
			SELECT s.on_date, s.prefecture, coalesce(s.municipality, to_char(s.prefecture, ''FM00'')) AS area,
				to_jsonb(s) - ''{on_date,prefecture,municipality}''::text[] AS measures
			FROM (
				SELECT d.%1$I AS on_date, d.prefecture, %2$s AS municipality, %3$s
				FROM %4$s AS d
				%5$s
				WHERE d.%1$I BETWEEN $1 AND $2
				GROUP BY 1, 2, 3
			) AS s
		), folded AS (
			SELECT s.on_date, s.prefecture, coalesce(s.municipality, to_char(s.prefecture, ''FM00'')) AS area,
				to_jsonb(s) - ''{on_date,prefecture,municipality}''::text[] AS measures
			FROM (
				SELECT r.%1$I AS on_date, r.prefecture, %6$s AS municipality, %7$s
				FROM %8$s AS r
				WHERE r.%1$I BETWEEN $1 AND $2
			) AS s
		), pair AS (
			SELECT on_date, prefecture, area, folded.measures AS stored, reports.measures AS counted
			FROM reports
			FULL JOIN folded USING (on_date, prefecture, area)
			WHERE reports.measures IS DISTINCT FROM folded.measures
		)
		SELECT p.on_date, p.area, m.measure, (p.stored ->> m.measure)::bigint, (p.counted ->> m.measure)::bigint
		FROM pair AS p
		CROSS JOIN LATERAL jsonb_object_keys(coalesce(p.counted, p.stored)) AS m (measure)
		WHERE (p.stored ->> m.measure) IS DISTINCT FROM (p.counted ->> m.measure)
			AND NOT EXISTS (
				SELECT
				FROM report.dirty AS k
				WHERE k.form = $3
					AND k.period = p.on_date
					AND k.prefecture IS NOT DISTINCT FROM p.prefecture)
		ORDER BY 1, 2, 3',
		period,
		CASE WHEN by_municipality THEN 'i.municipality::text' ELSE 'NULL::text' END,
		counted,
		form,
		CASE WHEN by_municipality
			THEN format('LEFT JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) d.%I', reporter)
			ELSE '' END,
		CASE WHEN by_municipality THEN 'r.municipality::text' ELSE 'NULL::text' END,
		stored,
		rollup)
	USING from_date, to_date, form;
END
$$;
COMMENT ON FUNCTION ops.rollup_differences(regclass, regclass, date, date) IS
'Where a rollup by day and municipality or prefecture differs from the sum over the reports of its form, for the days from from_date to to_date. Works from the columns that both tables have, not from how the rollup is folded. Keys in report.dirty are left out: they are known to be behind.';

CREATE OR REPLACE FUNCTION ops.check_rollups(as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	WITH found AS (
		INSERT INTO ops.rollup_check (rollup, on_date, area, measure, in_rollup, in_reports)
		SELECT r.rollup,
			d.on_date,
			d.area,
			d.measure,
			d.in_rollup,
			d.in_reports
		FROM unnest('{gmis.daily_by_municipality,gmis.daily_by_prefecture}'::regclass[]) AS r (rollup)
		CROSS JOIN LATERAL ops.rollup_differences(r.rollup, 'gmis.daily'::regclass,
			outbreak.local_date(as_of) - 14, outbreak.local_date(as_of)) AS d
		ON CONFLICT DO NOTHING
		RETURNING rollup, on_date
	), by_day AS (
		SELECT f.rollup,
			f.on_date,
			count(*) AS differences
		FROM found AS f
		GROUP BY f.rollup, f.on_date
	)
	SELECT jsonb_build_object(
			'differences', coalesce(sum(b.differences), 0),
			'failed', coalesce(jsonb_agg(jsonb_build_object('rollup', b.rollup, 'on_date', b.on_date, 'differences', b.differences)
				ORDER BY b.on_date, b.rollup::text), '[]'))
	FROM by_day AS b;
END;
COMMENT ON FUNCTION ops.check_rollups(timestamptz) IS
'集計照合 / job: compares the rollups of G-MIS of the day of as_of and the 14 days before it with the reports, records each difference in ops.rollup_check, and returns {"differences", "failed": [{"rollup", "on_date", "differences"}]}, so that a run that finds something is not ok. Changes no rollup.';


-- ---- retention

CREATE OR REPLACE FUNCTION ops.purge(as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	result jsonb;
BEGIN
	IF as_of > now() THEN
		RAISE EXCEPTION 'the job purge does not run for a moment that has not come'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'access.purge(as_of, dry_run => true) counts what will be due.';
	END IF;
	SELECT jsonb_build_object(
			'due', coalesce(sum(p.due), 0),
			'done', coalesce(sum(p.done), 0),
			'held', coalesce(sum(p.held), 0),
			'needed', coalesce(sum(p.needed), 0),
			'rules', coalesce(jsonb_agg(jsonb_build_object('table', p.relation, 'action', p.action, 'due', p.due, 'done', p.done, 'held', p.held, 'needed', p.needed)
				ORDER BY p.relation::text COLLATE "C", p.action) FILTER (WHERE p.due > 0), '[]'),
			'failed', coalesce(jsonb_agg(jsonb_build_object('table', p.relation, 'action', p.action, 'problem', p.problem)
				ORDER BY p.relation::text COLLATE "C", p.action) FILTER (WHERE p.problem IS NOT NULL), '[]'))
	INTO result
	FROM access.purge(as_of) AS p;
	RETURN result;
END
$$;
COMMENT ON FUNCTION ops.purge(timestamptz) IS
'保存期間満了の廃棄 / job: access.purge(as_of). Returns {"due", "done", "held", "needed", "rules": [{"table", "action", "due", "done", "held", "needed"}] for those with anything due, "failed": [{"table", "action", "problem"}]}. 22023 for a moment in the future.';

-- ---- the audit trail

CREATE OR REPLACE FUNCTION ops.sign_audit(as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT jsonb_build_object('signed', coalesce(jsonb_agg(jsonb_build_object(
			'chain', s.chain,
			'number', s.number,
			'message', s.message,
			'public_key', encode(s.public_key, 'hex'),
			'signature', encode(s.signature, 'hex')) ORDER BY s.chain), '[]'))
	FROM access.sign_audit() AS s;
END;
COMMENT ON FUNCTION ops.sign_audit(timestamptz) IS
'監査証跡の署名 / job: signs the heads of the chains of the audit trail that grew. as_of does not matter. Returns {"signed": [{"chain", "number", "message", "public_key", "signature"}]}, which is what is to be published outside of this server.';

CREATE OR REPLACE FUNCTION ops.verify_audit(as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT jsonb_build_object(
			'checked', coalesce(sum(v.checked), 0),
			'failed', coalesce(jsonb_agg(jsonb_build_object('chain', v.chain, 'number', v.broken_number, 'problem', v.problem) ORDER BY v.chain)
				FILTER (WHERE v.problem IS NOT NULL), '[]'))
	FROM access.verify_audit(as_of - interval '2 days', 'infinity') AS v;
END;
COMMENT ON FUNCTION ops.verify_audit(timestamptz) IS
'監査証跡の検証 / job: checks what was recorded in the audit trail from two days before as_of on. Returns {"checked", "failed": [{"chain", "number", "problem"}]}, so that a run that finds a broken chain is not ok. A check of everything is access.verify_audit().';
