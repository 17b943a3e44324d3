-- ---- registration

CREATE OR REPLACE FUNCTION report.key_columns(form regclass) RETURNS name[]
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT array_agg(a.attname ORDER BY k.position)
	FROM pg_index AS i
	CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (attnum, position)
	JOIN pg_attribute AS a ON a.attrelid = i.indrelid
		AND a.attnum = k.attnum
	WHERE i.indrelid = key_columns.form
		AND i.indisprimary;
END;
COMMENT ON FUNCTION report.key_columns(regclass) IS 'Columns of the primary key of a table, in its order; NULL when it has none.';

CREATE OR REPLACE FUNCTION report.data_columns(form regclass) RETURNS name[]
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT array_agg(a.attname ORDER BY a.attnum)
	FROM pg_attribute AS a
	WHERE a.attrelid = data_columns.form
		AND a.attnum > 0
		AND NOT a.attisdropped
		AND a.attgenerated = ''
		AND a.attname <> 'recorded_at';
END;
COMMENT ON FUNCTION report.data_columns(regclass) IS 'Columns of a form that a report fills in: all but generated ones and recorded_at, in order.';

CREATE OR REPLACE FUNCTION report.history_of(form regclass) RETURNS regclass
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT h.oid::regclass
	FROM pg_class AS c
	JOIN pg_class AS h ON h.relnamespace = c.relnamespace
		AND h.relname = (c.relname || '_history')::name
	WHERE c.oid = history_of.form;
END;
COMMENT ON FUNCTION report.history_of(regclass) IS 'The table that keeps the replaced reports of a form: <form>_history.';

CREATE OR REPLACE PROCEDURE report.attach_columns(form regclass, reporter name, is_institution boolean)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
	wanted record;
BEGIN
	FOR wanted IN
		SELECT *
		FROM (VALUES
			('prefecture', format('smallint GENERATED ALWAYS AS (outbreak.prefecture(%I)) STORED', reporter), is_institution,
				'都道府県 / prefecture of the institution (JIS X 0401).'),
			('source', 'text NOT NULL DEFAULT ''own'' CHECK (source = ANY (''{own,proxy,import}''::text[]))', true,
				'入力元 / who entered it: own (本人), proxy (代行), import (一括取込). An entry of lower precedence never replaces a higher one.'),
			('reported_at', 'timestamptz NOT NULL DEFAULT now()', true,
				'報告日時 / when it was reported, as the reporter says.'),
			('recorded_at', 'timestamptz NOT NULL DEFAULT now()', true,
				'記録日時 / when this row came to stand here; set by the system.')
		) AS c (name, definition, needed, label)
		WHERE c.needed
			AND NOT EXISTS (
				SELECT
				FROM pg_attribute a
				WHERE a.attrelid = form
					AND a.attname = c.name
					AND NOT a.attisdropped
			)
	LOOP
		EXECUTE format('ALTER TABLE %s ADD COLUMN %I %s', form, wanted.name, wanted.definition);
		EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', form, wanted.name, wanted.label);
	END LOOP;
END
$$;
COMMENT ON PROCEDURE report.attach_columns(regclass, name, boolean) IS 'Part of report.register(): the columns that every form has.';

CREATE OR REPLACE PROCEDURE report.attach_history(form regclass, period name)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
	history regclass := report.history_of(form);
	table_name text := (SELECT c.relname FROM pg_class c WHERE c.oid = form);
	schema_name text := (SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = form);
	partitioned boolean := (SELECT c.relkind = 'p' FROM pg_class c WHERE c.oid = form);
	missing record;
BEGIN
	IF history IS NULL THEN
		EXECUTE format('CREATE TABLE %I.%I (LIKE %s, replaced_at timestamptz NOT NULL DEFAULT now(), replaced_by text NOT NULL DEFAULT session_user)%s',
			schema_name, table_name || '_history', form, CASE WHEN partitioned THEN format(' PARTITION BY RANGE (%I)', period) ELSE '' END);
		history := report.history_of(form);
		EXECUTE format('CREATE INDEX ON %s (%s)', history,
			(SELECT string_agg(quote_ident(k), ', ') FROM unnest(report.key_columns(form)) AS k));
		IF partitioned THEN
			EXECUTE format('CREATE TABLE %I.%I PARTITION OF %s DEFAULT', schema_name, table_name || '_history_default', history);
			EXECUTE format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', schema_name, table_name || '_history_default');
			EXECUTE format('ALTER TABLE %I.%I FORCE ROW LEVEL SECURITY', schema_name, table_name || '_history_default');
		END IF;
		EXECUTE format('COMMENT ON TABLE %s IS %L', history,
			format('修正履歴 / reports of %s that were replaced or deleted; report.as_known_at() reads them.', form));
		EXECUTE format('COMMENT ON COLUMN %s.replaced_at IS %L', history, 'Until when the row stood in the form.');
		EXECUTE format('COMMENT ON COLUMN %s.replaced_by IS %L', history, 'Login role that replaced it.');
	END IF;
	FOR missing IN
		SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS type, col_description(form, a.attnum) AS label,
			NOT EXISTS (SELECT FROM pg_attribute h WHERE h.attrelid = history AND h.attname = a.attname AND NOT h.attisdropped) AS absent
		FROM pg_attribute a
		WHERE a.attrelid = form
			AND a.attnum > 0
			AND NOT a.attisdropped
		ORDER BY a.attnum
	LOOP
		IF missing.absent THEN
			EXECUTE format('ALTER TABLE %s ADD COLUMN %I %s', history, missing.attname, missing.type);
		END IF;
		EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', history, missing.attname, missing.label);
	END LOOP;
END
$$;
COMMENT ON PROCEDURE report.attach_history(regclass, name) IS 'Part of report.register(): the table <form>_history, with a column for each column of the form.';

CREATE OR REPLACE PROCEDURE report.attach_triggers(form regclass)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
	columns text;
	count integer;
BEGIN
	SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum), count(*) INTO columns, count
	FROM pg_attribute a
	WHERE a.attrelid = form
		AND a.attnum > 0
		AND NOT a.attisdropped;
	EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS report_rules', form);
	-- a function takes 100 arguments
	EXECUTE format('ALTER TABLE %s ADD CONSTRAINT report_rules CHECK (outbreak.check_row(%L::regclass, %s))',
		form, form, CASE WHEN count < 100 THEN columns ELSE format('ROW(%s)', columns) END);

	EXECUTE format('CREATE OR REPLACE TRIGGER report_begin BEFORE INSERT OR UPDATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION outbreak.form_begin()', form);
	EXECUTE format('CREATE OR REPLACE TRIGGER report_settle AFTER INSERT OR UPDATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION outbreak.form_settle()', form);
	EXECUTE format('CREATE OR REPLACE TRIGGER report_stamp BEFORE UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION outbreak.form_stamp()', form);
	-- settling comes after these by name
	EXECUTE format('CREATE OR REPLACE TRIGGER report_replaced AFTER UPDATE ON %s REFERENCING OLD TABLE AS replaced FOR EACH STATEMENT EXECUTE FUNCTION outbreak.form_replaced()', form);
	EXECUTE format('CREATE OR REPLACE TRIGGER report_deleted AFTER DELETE ON %s REFERENCING OLD TABLE AS replaced FOR EACH STATEMENT WHEN (NOT outbreak.is_settling()) EXECUTE FUNCTION outbreak.form_replaced()', form);
	EXECUTE format('CREATE OR REPLACE TRIGGER report_truncate BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION report.form_truncated()', form);
END
$$;
COMMENT ON PROCEDURE report.attach_triggers(regclass) IS 'Part of report.register(): the CHECK and the triggers of a form.';

CREATE OR REPLACE PROCEDURE report.attach_policies(form regclass, reporter name, is_institution boolean)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
	target regclass;
	policy record;
BEGIN
	-- nobody is granted what no policy of theirs is for
	EXECUTE format('GRANT USAGE ON SCHEMA %I TO outbreak_owner, %s outbreak_ministry, outbreak_analyst',
		(SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = form),
		CASE WHEN is_institution THEN 'outbreak_institution, outbreak_prefecture,' ELSE '' END);
	FOREACH target IN ARRAY ARRAY[form, report.history_of(form)]
	LOOP
		EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
		EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
		FOR policy IN
			SELECT *
			FROM (VALUES
				('owner', 'ALL', 'outbreak_owner', 'true', true),
				('ministry', 'ALL', 'outbreak_ministry', 'true', true),
				('analyst', 'SELECT', 'outbreak_analyst', 'true', true),
				('institution', 'ALL', 'outbreak_institution', format('%I OPERATOR(outbreak.=) ANY (outbreak.my_institutions())', reporter), is_institution),
				('prefecture', 'ALL', 'outbreak_prefecture', 'prefecture = outbreak.my_prefecture()', is_institution)
			) AS p (name, command, role, condition, applies)
			WHERE p.applies
		LOOP
			EXECUTE format('DROP POLICY IF EXISTS %I ON %s', policy.name, target);
			EXECUTE format('CREATE POLICY %I ON %s FOR %s TO %I USING (%s)', policy.name, target, policy.command, policy.role, policy.condition);
		END LOOP;
	END LOOP;
	EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO outbreak_owner', form);
	EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO outbreak_owner', report.history_of(form));
	EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO outbreak_ministry', form);
	EXECUTE format('GRANT SELECT ON %s TO outbreak_analyst', form);
	EXECUTE format('GRANT SELECT ON %s TO outbreak_ministry', report.history_of(form));
	IF is_institution THEN
		EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %s TO outbreak_institution, outbreak_prefecture', form);
		EXECUTE format('GRANT SELECT ON %s TO outbreak_institution, outbreak_prefecture', report.history_of(form));
	END IF;
END
$$;
COMMENT ON PROCEDURE report.attach_policies(regclass, name, boolean) IS 'Part of report.register(): an institution sees and enters its own reports (and those that it may enter by proxy), a prefecture those of its institutions, the ministry all; an analyst reads all. Forms that are not filled in by institutions are for the ministry and analysts until they are given policies of their own.';

CREATE OR REPLACE FUNCTION report.complete_history(form regclass) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	-- where the history is not ours to change, report.reattach() by its owner has to do it
	IF pg_has_role((SELECT c.relowner FROM pg_class c WHERE c.oid = report.history_of(form)), 'USAGE') THEN
		CALL report.attach_history(form, (report.registered(form)).period);
	END IF;
END
$$;
COMMENT ON FUNCTION report.complete_history(regclass) IS 'Gives the history of a form the columns that an administrator added to the form. Forms call it when they first replace a row after that.';

CREATE OR REPLACE FUNCTION report.reattach(form regclass) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	f report.form := report.registered(form);
BEGIN
	CALL report.attach_columns(form, f.reporter, report.is_institution(form, f.reporter));
	CALL report.attach_history(form, f.period);
	CALL report.attach_triggers(form);
	CALL report.attach_policies(form, f.reporter, report.is_institution(form, f.reporter));
END
$$;
COMMENT ON FUNCTION report.reattach(regclass) IS 'Puts what belongs to a registered form in place again: columns, CHECK, triggers, history, policies. Needed after a column of it was added (so that rules and the history see it) or dropped (which drops the CHECK). What was registered stays as it is. Caller: as for report.register(). OB004 for a table that is no form.';

CREATE OR REPLACE FUNCTION report.unregister(form regclass) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
#variable_conflict use_variable
DECLARE
	trigger_name name;
BEGIN
	PERFORM report.registered(form);
	FOREACH trigger_name IN ARRAY '{report_begin,report_settle,report_stamp,report_replaced,report_deleted,report_truncate}'::name[]
	LOOP
		EXECUTE format('DROP TRIGGER IF EXISTS %I ON %s', trigger_name, form);
	END LOOP;
	EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS report_rules', form);
	DELETE FROM report.dirty d WHERE d.form = unregister.form;
	DELETE FROM report.finding d WHERE d.form = unregister.form;
	DELETE FROM report.expected e WHERE e.form = unregister.form;
	-- items and rules go with it
	DELETE FROM report.form f WHERE f.form = unregister.form;
END
$$;
COMMENT ON FUNCTION report.unregister(regclass) IS '調査票の登録解除 / makes a form an ordinary table again: its rules, findings and expectations go, its rows, history, rejected rows and policies stay. Call it before dropping the table. Caller: as for report.register().';

CREATE OR REPLACE FUNCTION report.register(
	form regclass,
	reporter name,
	period name,
	period_kind text DEFAULT 'day',
	deadline interval DEFAULT '36 hours',
	title_ja text DEFAULT NULL,
	title_en text DEFAULT NULL,
	meanings jsonb DEFAULT '{}',
	lookback integer DEFAULT NULL,
	rollup boolean DEFAULT false,
	on_change regprocedure DEFAULT NULL
) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	key name[] := report.key_columns(form);
	wrong text;
BEGIN
	IF (SELECT c.relkind FROM pg_class c WHERE c.oid = form) <> ALL ('{r,p}'::"char"[]) THEN
		RAISE EXCEPTION '% is no table', form
			USING ERRCODE = 'wrong_object_type',
				HINT = 'A form is an ordinary or a partitioned table.';
	END IF;
	IF key IS NULL OR NOT key @> ARRAY[reporter, period] OR reporter = period THEN
		RAISE EXCEPTION 'the primary key of % must hold its reporter "%" and its period "%"', form, reporter, period
			USING ERRCODE = 'OB004',
				DETAIL = format('The primary key is (%s).', array_to_string(key, ', ')),
				HINT = 'A report is named by who reports and for which period, and further columns where there are several of them.';
	END IF;
	IF (SELECT a.atttypid <> 'date'::regtype FROM pg_attribute a WHERE a.attrelid = form AND a.attname = period) THEN
		RAISE EXCEPTION 'the period "%" of % must be a date', period, form
			USING ERRCODE = 'OB004',
				HINT = 'Weeks and months are named by their first day.';
	END IF;
	SELECT format('%s: %s', m.key, m.value) INTO wrong
	FROM jsonb_each_text(meanings) AS m
	WHERE m.value <> ALL ('{count,stock,ratio,status}'::text[])
		OR NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = form AND a.attname = m.key AND a.attnum > 0)
	LIMIT 1;
	IF found THEN
		RAISE EXCEPTION 'no meaning of an item of %: %', form, wrong
			USING ERRCODE = 'OB004',
				HINT = 'Give {"column": "count"}, or stock, ratio, status.';
	END IF;

	INSERT INTO report.form AS f (form, title_ja, title_en, reporter, period, keys, period_kind, deadline, lookback, rollup, on_change)
	VALUES (form, title_ja, title_en, reporter, period, array_remove(array_remove(key, reporter), period), period_kind, deadline,
		coalesce(lookback, CASE period_kind WHEN 'day' THEN 31 WHEN 'week' THEN 56 ELSE 400 END), rollup, on_change::text)
	ON CONFLICT ON CONSTRAINT form_pkey DO UPDATE
	SET title_ja = excluded.title_ja,
		title_en = excluded.title_en,
		reporter = excluded.reporter,
		period = excluded.period,
		keys = excluded.keys,
		period_kind = excluded.period_kind,
		deadline = excluded.deadline,
		lookback = excluded.lookback,
		rollup = excluded.rollup,
		on_change = excluded.on_change;
	DELETE FROM report.item i
	WHERE i.form = register.form;
	INSERT INTO report.item (form, item, meaning)
	SELECT register.form, m.key::name, m.value
	FROM jsonb_each_text(meanings) AS m;
	PERFORM report.reattach(form);
END
$$;
COMMENT ON FUNCTION report.register(regclass, name, name, text, interval, text, text, jsonb, integer, boolean, regprocedure) IS
'調査票の登録 / takes a table in as a form. Its primary key must hold the reporter and the period (a date). The table gains the columns prefecture, source, reported_at and recorded_at where it has none of that name, the CHECK report_rules, triggers, <form>_history, row-level security with policies by role. meanings: {"column": "count"|"stock"|"ratio"|"status"}. deadline: after the local midnight with which the period begins. lookback: days in which previous.<column> is looked for (31 for days, 56 for weeks, 400 for months). rollup: note changed days in report.dirty. on_change: a function(reporter[]) called once a statement. Calling it again replaces all of this; report.reattach() is for a form whose columns changed. Caller: the owner of the table, and a member of outbreak_owner. Errors: OB004 for a table that cannot be a form.';

-- ---- triggers

CREATE OR REPLACE FUNCTION report.form_truncated() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RAISE EXCEPTION 'a form is not truncated: %', TG_RELID::regclass
		USING ERRCODE = 'OB006',
			HINT = 'DELETE keeps the replaced reports in the history; TRUNCATE would lose them.';
END
$$;
COMMENT ON FUNCTION report.form_truncated() IS 'Trigger of forms: refuses TRUNCATE (OB006).';

CREATE OR REPLACE FUNCTION report.rule_compiled() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, outbreak, pg_temp
AS $$
DECLARE
	form report.form := report.registered(NEW.form);
	key text;
	broken bigint;
	examples jsonb;
BEGIN
	SELECT c.fields, c.uses_previous INTO NEW.fields, NEW.uses_previous
	FROM outbreak.compile_rule(NEW.form, NEW.expression) AS c;
	IF NEW.severity <> 'error' OR NEW.uses_previous THEN
		RETURN NEW;
	END IF;
	IF TG_OP = 'UPDATE' THEN
		IF NEW.expression = OLD.expression AND NEW.severity = OLD.severity AND NEW.valid <@ OLD.valid AND NEW.form = OLD.form THEN
			RETURN NEW;
		END IF;
	END IF;

	-- Writers that began before us end first; those that come after see the rule.
	EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', NEW.form);
	SELECT string_agg(format('%L, %I', k, k), ', ') INTO key
	FROM unnest(report.key_columns(NEW.form)) AS k;
	-- the expression has just been read as one expression and nothing else
	EXECUTE format('SELECT count(*), jsonb_agg(jsonb_build_object(%s)) FILTER (WHERE "#" <= 20)'
		' FROM (SELECT *, row_number() OVER (ORDER BY %I, %I) AS "#" FROM %s WHERE %I <@ $1 AND (%s) IS FALSE) AS %I',
		key, form.period, form.reporter, NEW.form, form.period, NEW.expression,
		(SELECT c.relname FROM pg_class c WHERE c.oid = NEW.form))
	INTO broken, examples
	USING NEW.valid;
	IF broken > 0 THEN
		RAISE EXCEPTION 'stored reports of % break the rule %: %', NEW.form, NEW.code, broken
			USING ERRCODE = 'OB005',
				DETAIL = examples,
				HINT = 'Give the rule dates (valid) that begin after these reports, or mend them first. Up to 20 are listed.';
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION report.rule_compiled() IS 'Trigger of report.rule: compiles the rule, and takes an error rule for past periods only when the stored reports pass it (OB005).';

-- ---- judging

CREATE OR REPLACE FUNCTION report.registered(form regclass) RETURNS report.form
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	found_form report.form;
BEGIN
	SELECT * INTO found_form
	FROM report.form f
	WHERE f.form = registered.form;
	IF NOT found THEN
		RAISE EXCEPTION '% is not a registered form', coalesce(registered.form::text, 'NULL')
			USING ERRCODE = 'OB004',
				HINT = 'The forms are: ' || coalesce((SELECT string_agg(f.form::text, ', ' ORDER BY f.form::text) FROM report.form f), 'none yet') || '.';
	END IF;
	RETURN found_form;
END
$$;
COMMENT ON FUNCTION report.registered(regclass) IS 'The registration of a form; OB004 with the list of forms when it is none.';

CREATE OR REPLACE FUNCTION report.finding_of(code text, fields name[], message_ja text, message_en text) RETURNS jsonb
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN jsonb_build_object('code', code, 'severity', 'error', 'verdict', 'violated', 'fields', to_jsonb(fields),
	'message_ja', message_ja, 'message_en', message_en);
COMMENT ON FUNCTION report.finding_of(text, name[], text, text) IS 'A finding about the shape of a record, as JSON.';

CREATE OR REPLACE FUNCTION report.is_code(type regtype) RETURNS boolean
LANGUAGE SQL STABLE PARALLEL SAFE
RETURN type = ANY ('{outbreak.institution_code,outbreak.municipality_code}'::regtype[]);
COMMENT ON FUNCTION report.is_code(regtype) IS 'Is it one of our code types, whose operators live in schema outbreak?';

CREATE OR REPLACE FUNCTION report.misfits(form regclass, record jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	found_form report.form := report.registered(form);
	result jsonb := '[]';
	field record;
	detail text;
BEGIN
	IF record IS NULL OR jsonb_typeof(record) <> 'object' THEN
		RETURN jsonb_build_array(report.finding_of('type', '{}', '報告はJSONオブジェクトで入力してください', 'a report is a JSON object'));
	END IF;
	SELECT coalesce(jsonb_agg(report.finding_of('unknown_field', ARRAY[r.key::name],
		format('「%s」という項目はありません', left(r.key, 60)), format('there is no item "%s"', left(r.key, 60))) ORDER BY r.key), '[]')
	INTO result
	FROM jsonb_object_keys(record) AS r (key)
	WHERE NOT EXISTS (
		SELECT
		FROM pg_attribute a
		WHERE a.attrelid = misfits.form
			AND a.attname = r.key
			AND a.attnum > 0
			AND NOT a.attisdropped
	);
	SELECT result || coalesce(jsonb_agg(report.finding_of('missing_key', ARRAY[k.name],
		format('「%s」は必須です', k.name), format('"%s" is missing', k.name))), '[]')
	INTO result
	FROM unnest(array_cat(ARRAY[found_form.reporter, found_form.period], found_form.keys)) AS k (name)
	WHERE record -> k.name::text IS NULL
		OR record -> k.name::text = 'null';
	-- mostly everything fits
	BEGIN
		EXECUTE format('SELECT jsonb_populate_record(NULL::%s, $1)', form)
		USING record;
		RETURN result;
	EXCEPTION WHEN data_exception OR datatype_mismatch OR numeric_value_out_of_range OR check_violation THEN
		NULL;	-- which field it is, the loop finds out
	END;
	FOR field IN
		SELECT a.attname AS name, a.atttypid::regtype AS type, record ->> a.attname AS value, jsonb_typeof(record -> a.attname) AS kind
		FROM pg_attribute a
		WHERE a.attrelid = misfits.form
			AND a.attnum > 0
			AND NOT a.attisdropped
			AND record ? a.attname
		ORDER BY a.attnum
	LOOP
		BEGIN
			IF field.kind = ANY ('{object}'::text[]) AND field.type <> ALL ('{json,jsonb}'::regtype[]) THEN
				RAISE EXCEPTION USING ERRCODE = 'datatype_mismatch';
			END IF;
			EXECUTE format('SELECT jsonb_populate_record(NULL::%s, jsonb_build_object(%L, $1 -> %L))', form, field.name, field.name)
			USING record;
		EXCEPTION WHEN data_exception OR datatype_mismatch OR numeric_value_out_of_range OR check_violation THEN
			-- our own types say which digit is wrong; others might repeat the value
			GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
			IF NOT report.is_code(field.type) THEN
				detail := '';
			END IF;
			result := result || report.finding_of('type', ARRAY[field.name],
				concat_ws(' ', format('「%s」は%s型で入力してください', field.name, field.type), nullif(detail, '')),
				concat_ws(': ', format('"%s" must be of type %s', field.name, field.type), nullif(detail, '')));
		END;
	END LOOP;
	RETURN result;
END
$$;
COMMENT ON FUNCTION report.misfits(regclass, jsonb) IS 'What keeps a JSON record from being a row of the form: findings with code unknown_field, missing_key or type. An empty array when nothing does. Values are not repeated in the texts.';

CREATE OR REPLACE FUNCTION report.previous_query(form report.form) RETURNS text
LANGUAGE SQL STABLE PARALLEL SAFE
RETURN (
	SELECT format('SELECT p FROM %1$s AS p WHERE %2$s AND p.%3$I < r.%3$I AND p.%3$I >= r.%3$I - %4$s ORDER BY p.%3$I DESC LIMIT 1',
		(form).form, string_agg(format('p.%1$I OPERATOR(%2$I.=) r.%1$I', a.attname,
			CASE WHEN report.is_code(a.atttypid) THEN 'outbreak' ELSE 'pg_catalog' END), ' AND '), (form).period, (form).lookback)
	FROM pg_attribute AS a
	WHERE a.attrelid = (form).form
		AND a.attname = ANY (array_prepend((form).reporter, (form).keys))
);
COMMENT ON FUNCTION report.previous_query(report.form) IS 'Query for the report before r by the same reporter, as a row p of the form.';

CREATE OR REPLACE FUNCTION report.check(
	form regclass,
	record jsonb,
	OUT code text,
	OUT severity text,
	OUT verdict text,
	OUT fields name[],
	OUT message_ja text,
	OUT message_en text
) RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL UNSAFE ROWS 30
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	f report.form := report.registered($1);
	misfits jsonb := report.misfits($1, $2);
	defaults jsonb := jsonb_build_object('source', 'own', 'reported_at', now(), 'recorded_at', now());
BEGIN
	IF misfits <> '[]' THEN
		RETURN QUERY
		SELECT m.code, m.severity, m.verdict, m.fields, m.message_ja, m.message_en
		FROM jsonb_to_recordset(misfits) AS m (code text, severity text, verdict text, fields name[], message_ja text, message_en text);
		RETURN;
	END IF;
	IF EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = $1 AND a.attname = 'prefecture' AND a.attgenerated = 's') THEN
		EXECUTE format('SELECT $2 || jsonb_build_object(''prefecture'', outbreak.prefecture((jsonb_populate_record(NULL::%s, $1)).%I))', $1, f.reporter)
		INTO defaults
		USING record, defaults;
	END IF;
	RETURN QUERY EXECUTE format(
		'SELECT j.* FROM jsonb_populate_record(NULL::%1$s, $1) AS r'
		' LEFT JOIN LATERAL (%2$s) AS q (q) ON true'
		' CROSS JOIN LATERAL outbreak.judge(%1$L::regclass, r, q.q) AS j',
		$1, report.previous_query(f))
	USING defaults || record;
END
$$;
COMMENT ON FUNCTION report.check(regclass, jsonb) IS '入力チェックの試行 / what the rules of a form say of a record, without storing it: one row for each rule (passed, violated, undecidable, not_applicable), or for each misfit (code type, unknown_field, missing_key) when the record is no row of the form. Error OB004 for a table that is no form.';

CREATE OR REPLACE FUNCTION report.verdicts(
	form regclass,
	period_from date,
	period_to date,
	OUT code text,
	OUT passed bigint,
	OUT violated bigint,
	OUT undecidable bigint,
	OUT not_applicable bigint
) RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL UNSAFE ROWS 30
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	f report.form := report.registered($1);
BEGIN
	RETURN QUERY EXECUTE format(
		'SELECT j.code, count(*) FILTER (WHERE j.verdict = ''passed''), count(*) FILTER (WHERE j.verdict = ''violated''),'
		' count(*) FILTER (WHERE j.verdict = ''undecidable''), count(*) FILTER (WHERE j.verdict = ''not_applicable'')'
		' FROM %1$s AS r'
		' LEFT JOIN LATERAL (%2$s) AS q (q) ON true'
		' CROSS JOIN LATERAL outbreak.judge(%1$L::regclass, r, q.q) AS j'
		' WHERE r.%3$I BETWEEN $1 AND $2 GROUP BY j.code ORDER BY j.code',
		$1, report.previous_query(f), f.period)
	USING period_from, period_to;
END
$$;
COMMENT ON FUNCTION report.verdicts(regclass, date, date) IS 'How many stored reports of these periods pass each rule, violate it, or leave it undecided because something is not answered. Judged now, against the previous report as it stands now.';

-- ---- entering

CREATE OR REPLACE FUNCTION report.precedence(source text) RETURNS integer
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN array_position('{import,proxy,own}'::text[], source);
COMMENT ON FUNCTION report.precedence(text) IS '優先順位 / rank of who entered a report: own entry 3, proxy 2, import 1. A lower one never replaces a higher one.';

CREATE OR REPLACE FUNCTION report.submit(form regclass, records jsonb, source text DEFAULT 'own') RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	f report.form := report.registered(form);
	submitted jsonb := CASE WHEN jsonb_typeof(records) = 'object' THEN jsonb_build_array(records) ELSE records END;
	findings jsonb;
	misfits integer;
	columns name[] := report.data_columns(form);
	key name[] := report.key_columns(form);
	taken bigint;
	kept bigint;
BEGIN
	IF report.precedence(source) IS NULL THEN
		RAISE EXCEPTION 'there is no source "%"', left(source, 60)
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'A report is entered as own, proxy or import.';
	END IF;
	IF submitted IS NULL OR jsonb_typeof(submitted) <> 'array' THEN
		RAISE EXCEPTION 'reports come as a JSON array of objects'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Write [{"column": value, …}, …], one object for each report.';
	END IF;

	SELECT coalesce(jsonb_agg(jsonb_build_object('record', r.n, 'key', (
			SELECT jsonb_object_agg(k.name, r.record -> k.name::text)
			FROM unnest(key) AS k (name)
		), 'code', c.code, 'severity', c.severity, 'verdict', c.verdict, 'fields', to_jsonb(c.fields),
		'message_ja', c.message_ja, 'message_en', c.message_en) ORDER BY r.n, c.code), '[]'),
		count(*) FILTER (WHERE c.severity = 'error' AND c.verdict = 'violated')
	INTO findings, misfits
	FROM jsonb_array_elements(submitted) WITH ORDINALITY AS r (record, n)
	CROSS JOIN LATERAL report.check(form, r.record) AS c
	WHERE c.verdict = ANY ('{violated,undecidable}'::text[]);
	IF misfits > 0 THEN
		RAISE EXCEPTION 'reports to % refused; errors found: %', form, misfits
			USING ERRCODE = 'OB001',
				DETAIL = jsonb_path_query_array(findings, '$[*] ? (@.verdict == "violated")'),
				HINT = 'Mend the fields named in the detail and send the reports again. None of them was taken.';
	END IF;

	EXECUTE format(
		-- an organisation enters for others, whatever it says
		'WITH entered AS (SELECT (jsonb_populate_record(NULL::%1$s, jsonb_build_object(''reported_at'', now()) || e.record || jsonb_build_object(''source'','
		'   CASE WHEN $2 = ''own'' AND outbreak.my_organisation() IS NOT NULL THEN ''proxy'' ELSE $2 END))).* FROM jsonb_array_elements($1) AS e (record)),'
		-- in the order of keys, so that submissions with the same keys wait for each other and do not deadlock
		' taken AS (INSERT INTO %1$s AS stored (%2$s) SELECT %2$s FROM entered ORDER BY %3$s'
		'   ON CONFLICT (%3$s) DO UPDATE SET (%2$s) = ROW(%4$s)'
		'   WHERE report.precedence(stored.source) <= report.precedence(excluded.source)'
		'   RETURNING %3$s),'
		' kept AS (INSERT INTO report.rejected (form, reporter, prefecture, period, record, findings, rejected_by)'
		'   SELECT %5$L::regclass, %6$s, %7$s, e.%8$I, to_jsonb(e) - ''{prefecture,recorded_at}''::text[], $3, current_user FROM entered e'
		'   WHERE NOT EXISTS (SELECT FROM taken t WHERE %9$s) RETURNING 1)'
		' SELECT (SELECT count(*) FROM taken), (SELECT count(*) FROM kept)',
		form,
		(SELECT string_agg(quote_ident(c), ', ') FROM unnest(columns) AS c),
		(SELECT string_agg(quote_ident(c), ', ') FROM unnest(key) AS c),
		(SELECT string_agg('excluded.' || quote_ident(c), ', ') FROM unnest(columns) AS c),
		form,
		CASE WHEN report.is_institution(form, f.reporter) THEN format('e.%I', f.reporter) ELSE 'NULL' END,
		CASE WHEN report.is_institution(form, f.reporter) THEN format('outbreak.prefecture(e.%I)', f.reporter) ELSE 'NULL' END,
		f.period,
		(SELECT string_agg(format('t.%I::text = e.%I::text', c, c), ' AND ') FROM unnest(key) AS c))
	INTO taken, kept
	USING submitted, source, jsonb_build_array(report.finding_of('precedence', '{source}',
		'より優先順位の高い入力（本人 > 代行 > 取込）が既にあります', 'an entry of higher precedence stands: own, then proxy, then import'));
	RETURN jsonb_build_object('accepted', taken, 'kept', kept, 'findings', findings);
EXCEPTION WHEN cardinality_violation THEN
	RAISE EXCEPTION 'a report is named twice in one submission'
		USING ERRCODE = 'OB001',
			DETAIL = jsonb_build_array(report.finding_of('named_twice', key, '同じキーの報告が重複しています', 'two reports have the same key')),
			HINT = 'Send each report once. None of them was taken.';
END
$$;
COMMENT ON FUNCTION report.submit(regclass, jsonb, text) IS
'報告の提出 / enters reports given as JSON (an array of objects, or one): new ones and replacements. All or nothing: error OB001 lists every violated rule over all records in its DETAIL. Otherwise returns {"accepted": n, "kept": n, "findings": […]}: kept reports were not taken, because an entry of higher precedence stands; they are in report.rejected. findings holds warnings and undecidable rules. An organisation''s entries count as proxy. Runs with the rights of the caller.';

CREATE OR REPLACE FUNCTION report.is_institution(form regclass, reporter name) RETURNS boolean
LANGUAGE SQL STABLE PARALLEL SAFE
RETURN (
	SELECT a.atttypid = 'outbreak.institution_code'::regtype
	FROM pg_attribute AS a
	WHERE a.attrelid = form
		AND a.attname = reporter
);
COMMENT ON FUNCTION report.is_institution(regclass, name) IS 'Is the reporter of the form an institution?';

CREATE OR REPLACE FUNCTION report.resubmit(id bigint, patch jsonb DEFAULT '{}') RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	aside report.rejected;
	mended jsonb;
	result jsonb;
BEGIN
	SELECT * INTO aside
	FROM report.rejected r
	WHERE r.id = resubmit.id
		AND r.resubmitted_at IS NULL
	FOR UPDATE;
	IF NOT found THEN
		RAISE EXCEPTION 'no report % waits in report.rejected', id
			USING ERRCODE = 'no_data_found',
				HINT = 'It was taken in already, or it is not yours.';
	END IF;
	mended := aside.record || patch;
	result := report.submit(aside.form, jsonb_build_array(mended - 'source'), coalesce(mended ->> 'source', 'own'));
	UPDATE report.rejected r
	SET resubmitted_at = now()
	WHERE r.id = resubmit.id;
	RETURN result;
END
$$;
COMMENT ON FUNCTION report.resubmit(bigint, jsonb) IS '再提出 / takes a report in that was set aside, with the columns of patch mended. Returns what report.submit() returns, and raises OB001 as it does when the report still breaks rules; it then stays aside. P0002 when no such report waits.';

CREATE OR REPLACE FUNCTION report.give_reason(form regclass, key jsonb, code text, reason text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	UPDATE report.finding f
	SET reason = nullif(btrim(give_reason.reason), ''),
		reason_at = now(),
		reason_by = current_user
	WHERE f.form = give_reason.form
		AND f.key = give_reason.key
		AND f.code = give_reason.code;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no finding "%" about that report', left(code, 60)
			USING ERRCODE = 'no_data_found',
				HINT = 'The report may have been replaced since. report.finding lists what is open.';
	END IF;
END
$$;
COMMENT ON FUNCTION report.give_reason(regclass, jsonb, text, text) IS '理由の入力 / says why a report is right although it breaks a warning. An empty reason takes it back. P0002 when there is no such finding.';

-- ---- reading

CREATE OR REPLACE FUNCTION report.as_known_at(form anyelement, at timestamptz) RETURNS SETOF anyelement
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	known_form regclass := pg_typeof(form)::text::regclass;
	columns text;
	kept text;
BEGIN
	PERFORM report.registered(known_form);
	SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum),
		string_agg(CASE WHEN h.attname IS NULL THEN format('NULL::%s', format_type(a.atttypid, a.atttypmod)) ELSE quote_ident(a.attname) END, ', ' ORDER BY a.attnum)
	INTO columns, kept
	FROM pg_attribute a
	LEFT JOIN pg_attribute h ON h.attrelid = report.history_of(known_form)
		AND h.attname = a.attname
		AND NOT h.attisdropped
	WHERE a.attrelid = known_form
		AND a.attnum > 0
		AND NOT a.attisdropped;
	RETURN QUERY EXECUTE format(
		'SELECT %1$s FROM %2$s WHERE recorded_at <= $1 UNION ALL SELECT %4$s FROM %3$s WHERE recorded_at <= $1 AND replaced_at > $1',
		columns, known_form, report.history_of(known_form), kept)
	USING at;
END
$$;
COMMENT ON FUNCTION report.as_known_at(anyelement, timestamptz) IS '時点参照 / the form as it stood at a moment: SELECT * FROM report.as_known_at(NULL::gmis.daily, ''2020-12-14 09:00+09''). Rows as they were committed by transactions that began until then.';

CREATE OR REPLACE FUNCTION report.due_at(form regclass, period date) RETURNS timestamptz
LANGUAGE SQL STABLE PARALLEL SAFE
RETURN (
	SELECT (due_at.period::timestamp + f.deadline) AT TIME ZONE outbreak.time_zone()
	FROM report.form AS f
	WHERE f.form = due_at.form
);
COMMENT ON FUNCTION report.due_at(regclass, date) IS '締切 / until when a report for that period is in time.';

CREATE OR REPLACE FUNCTION report.completeness(
	form regclass,
	on_period date,
	as_of timestamptz DEFAULT now(),
	OUT institution outbreak.institution_code,
	OUT prefecture smallint,
	OUT answered boolean,
	OUT reported_at timestamptz,
	OUT status text
) RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL UNSAFE ROWS 30000
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	f report.form := report.registered($1);
BEGIN
	IF NOT report.is_institution($1, f.reporter) THEN
		RAISE EXCEPTION '% is not filled in by institutions, so nobody is expected', $1
			USING ERRCODE = 'OB004';
	END IF;
	RETURN QUERY EXECUTE format(
		'SELECT e.institution, outbreak.prefecture(e.institution), a.reported_at IS NOT NULL, a.reported_at,'
		' CASE WHEN a.reported_at <= $3 THEN ''in_time'' WHEN a.reported_at > $3 THEN ''late'' WHEN $2 > $3 THEN ''missing'' ELSE ''open'' END'
		' FROM report.expected AS e'
		' LEFT JOIN (SELECT d.%1$I AS institution, min(d.reported_at) AS reported_at FROM %2$s AS d WHERE d.%3$I = $1 AND d.reported_at <= $2 GROUP BY d.%1$I) AS a'
		' ON a.institution OPERATOR(outbreak.=) e.institution'
		' WHERE e.form = %4$L::regclass AND e.valid @> $1',
		f.reporter, $1, f.period, $1)
	USING on_period, as_of, report.due_at($1, on_period);
END
$$;
COMMENT ON FUNCTION report.completeness(regclass, date, timestamptz) IS '報告状況 / who was expected to report for a period, and whether the answer came in time, late, not at all (missing), or may still come (open), as of a moment.';

-- ---- rollups

CREATE OR REPLACE FUNCTION report.take_dirty(form regclass, OUT period date, OUT prefecture smallint) RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	-- two at a time could write the same rollup rows, the later one from the older reports
	IF NOT pg_try_advisory_xact_lock(hashtextextended('outbreak.take_dirty ' || $1::text, 0)) THEN
		RETURN;
	END IF;
	RETURN QUERY
	WITH taken AS (
		DELETE FROM report.dirty d
		WHERE d.form = $1
		RETURNING d.period, d.prefecture
	)
	SELECT DISTINCT taken.period, taken.prefecture
	FROM taken
	ORDER BY 1, 2;
END
$$;
COMMENT ON FUNCTION report.take_dirty(regclass) IS 'Takes the changed days of a form out of report.dirty, to fold them into rollups in the same transaction. One at a time: while another transaction is at it, nothing is returned. What commits meanwhile stays for the next one.';
