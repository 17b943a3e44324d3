-- What PostgREST serves. Thin: rights, rules and arithmetic live below. Functions run as the caller, but for the three
-- of the open data. Codes go out as text, since filters are written without our operators in sight.

-- ---- writing

CREATE OR REPLACE FUNCTION api.submit(form text, records jsonb, source text DEFAULT 'own') RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN report.submit(ops.form_named(form), ops.json_value(records), source);
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	-- PostgREST would make a server error of it
	RAISE EXCEPTION 'others are entering the same reports'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was taken. Send the reports again in a moment.';
END
$$;
COMMENT ON FUNCTION api.submit(text, jsonb, text) IS
'報告の提出 / Hands in reports: one record or an array of them, each an object of items.

All or nothing: if one record breaks a rule, none is taken, and the answer is 400 with code OB001 and all findings of all records in "details": [{"record", "key", "code", "severity", "verdict", "fields", "message_ja", "message_en"}]. Otherwise {"accepted", "kept", "findings"}: "kept" counts records that stand behind an entry of higher precedence (own before proxy before import), "findings" are warnings that want a reason (give_reason). "source" is own, proxy (代行入力, by an association) or import. Handing in a report again replaces it; the old one stays in its history. 400 with OB004 for an unknown form lists the forms that you may use.';

CREATE OR REPLACE FUNCTION api.give_reason(form text, key jsonb, code text, reason text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM report.give_reason(ops.form_named(form), ops.json_value(key), code, reason);
EXCEPTION WHEN no_data_found THEN
	-- PostgREST would make a server error of it
	RAISE EXCEPTION 'there is no such finding'
		USING ERRCODE = 'PT404',
			HINT = 'The report may have been replaced since; findings lists what is open and yours.';
END
$$;
COMMENT ON FUNCTION api.give_reason(text, jsonb, text, text) IS
'理由の回答 / Answers a warning (see findings): why the figures are right though the rule doubts them.

An empty reason takes the answer back. 404 when you have no such finding.';

CREATE OR REPLACE FUNCTION api.resubmit(id bigint, patch jsonb DEFAULT '{}') RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF jsonb_typeof(patch) IS DISTINCT FROM 'object' THEN
		RAISE EXCEPTION 'the patch must be a JSON object of items'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	RETURN report.resubmit(id, patch);
EXCEPTION WHEN no_data_found THEN
	RAISE EXCEPTION 'there is no such rejected row'
		USING ERRCODE = 'PT404',
			HINT = 'It may have been handed in again already; rejected lists what waits and is yours.';
END
$$;
COMMENT ON FUNCTION api.resubmit(bigint, jsonb) IS
'差し戻し分の再提出 / Hands in a rejected row again, with the items of "patch" in place of its own.

Answers as submit does. 404 when you have no such row waiting.';

-- ---- reading forms

CREATE OR REPLACE FUNCTION api."check"(form text, record jsonb)
RETURNS TABLE (code text, severity text, verdict text, fields name[], message_ja text, message_en text)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT c.code,
		c.severity,
		c.verdict,
		c.fields,
		c.message_ja,
		c.message_en
	FROM report."check"(ops.form_named(form), ops.json_value(record)) AS c;
END;
COMMENT ON FUNCTION api."check"(text, jsonb) IS
'入力チェック / Tries a record against every rule of the form and takes nothing in: one row for each rule with its verdict (passed, violated, undecidable because an item is not answered), and for each item of a wrong type or name.';

CREATE OR REPLACE FUNCTION api.reports(form text, from_date date, to_date date, reporter text DEFAULT NULL) RETURNS SETOF json
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	known report.form;
BEGIN
	SELECT f.* INTO known
	FROM report.form f
	WHERE f.form = ops.form_named(reports.form);
	RETURN QUERY EXECUTE format(
		'SELECT to_json(t) FROM %s AS t WHERE t.%I BETWEEN $1 AND $2 AND %s ORDER BY %s',
		known.form, known.period,
		CASE WHEN reporter IS NULL THEN 'true' ELSE ops.column_is(known.form, known.reporter, reporter) END,
		(SELECT string_agg(format('t.%I', k.key), ', ' ORDER BY k.place)
			FROM unnest(ARRAY[known.period, known.reporter] || known.keys) WITH ORDINALITY AS k (key, place)))
	USING from_date, to_date;
END
$$;
COMMENT ON FUNCTION api.reports(text, date, date, text) IS
'報告の閲覧 / The reports of a form for the periods from from_date to to_date (both included), as far as you may see them; of one reporter only, if named. Ordered by period and key.';

CREATE OR REPLACE FUNCTION api.as_known_at(form text, at timestamptz, from_date date, to_date date) RETURNS SETOF json
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	known report.form;
BEGIN
	SELECT f.* INTO known
	FROM report.form f
	WHERE f.form = ops.form_named(as_known_at.form);
	-- report.as_known_at() with the periods inside, so that it need not read years of history for a day
	RETURN QUERY EXECUTE format(
		'SELECT to_json(v)
		FROM (
			SELECT %1$s FROM %2$s AS t WHERE t.%3$I BETWEEN $1 AND $2 AND t.recorded_at <= $3
			UNION ALL
			SELECT %1$s FROM %4$s AS t WHERE t.%3$I BETWEEN $1 AND $2 AND t.recorded_at <= $3 AND t.replaced_at > $3
		) AS v
		ORDER BY %5$s',
		(SELECT string_agg(format('t.%I', a.attname), ', ' ORDER BY a.attnum)
			FROM pg_attribute a
			WHERE a.attrelid = known.form
				AND a.attnum > 0
				AND NOT a.attisdropped),
		known.form, known.period, report.history_of(known.form),
		(SELECT string_agg(format('v.%I', k.key), ', ' ORDER BY k.place)
			FROM unnest(ARRAY[known.period, known.reporter] || known.keys) WITH ORDINALITY AS k (key, place)))
	USING from_date, to_date, at;
END
$$;
COMMENT ON FUNCTION api.as_known_at(text, timestamptz, date, date) IS
'過去時点の閲覧 / The reports of a form for the periods from from_date to to_date as they stood at that moment, whatever was corrected since.';

CREATE OR REPLACE FUNCTION api.history(form text, key jsonb) RETURNS SETOF json
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	known report.form;
	named jsonb := ops.json_value(key);
	condition text;
	wanted name[];
BEGIN
	SELECT f.* INTO known
	FROM report.form f
	WHERE f.form = ops.form_named(history.form);
	wanted := ARRAY[known.reporter, known.period] || known.keys;
	IF jsonb_typeof(named) IS DISTINCT FROM 'object'
		OR (SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(named) AS k) IS DISTINCT FROM (SELECT array_agg(k::text ORDER BY k::text) FROM unnest(wanted) AS k) THEN
		RAISE EXCEPTION 'the key must be a JSON object with the key items of the form'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'The key items are: ' || array_to_string(wanted, ', ') || '.';
	END IF;
	SELECT string_agg(ops.column_is(known.form, k, named ->> k::text), ' AND ') INTO condition
	FROM unnest(wanted) AS k;
	RETURN QUERY EXECUTE format(
		'SELECT json_build_object(''report'', v.report, ''recorded_at'', v.recorded_at, ''replaced_at'', v.replaced_at, ''replaced_by'', v.replaced_by)
		FROM (
			SELECT to_jsonb(t) - ''{replaced_at,replaced_by}''::text[] AS report, t.recorded_at, t.replaced_at, t.replaced_by
			FROM %s AS t
			WHERE %s
			UNION ALL
			SELECT to_jsonb(t), t.recorded_at, NULL, NULL
			FROM %s AS t
			WHERE %s
		) AS v
		ORDER BY v.recorded_at, v.replaced_at NULLS LAST',
		report.history_of(known.form), condition, known.form, condition);
END
$$;
COMMENT ON FUNCTION api.history(text, jsonb) IS
'修正履歴 / Every version of one report, oldest first: {"report", "recorded_at", "replaced_at", "replaced_by"}; the version that stands has no replaced_at.

"key" is an object with all key items of the form, as in findings.';

CREATE OR REPLACE FUNCTION api.completeness(form text, on_period date)
RETURNS TABLE (institution text, prefecture smallint, answered boolean, reported_at timestamptz, status text)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT c.institution::text,
		c.prefecture,
		c.answered,
		c.reported_at,
		c.status
	FROM report.completeness(ops.form_named(form), on_period) AS c;
END;
COMMENT ON FUNCTION api.completeness(text, date) IS
'回答状況 / Who was expected to report for a period, and whether the report came in_time, late, is missing or still open.';

-- ---- reading G-MIS

CREATE OR REPLACE FUNCTION api.bed_occupancy(on_date date, level text DEFAULT 'prefecture', max_age_days integer DEFAULT 0)
RETURNS TABLE (area text, name_ja text, expected bigint, reported bigint, carried_forward bigint,
	beds_secured bigint, beds_secured_lower bigint, beds_secured_upper bigint, beds_ready bigint,
	beds_occupied bigint, beds_occupied_lower bigint, beds_occupied_upper bigint, use_pct integer,
	severe_secured bigint, severe_occupied bigint, severe_use_pct integer)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF max_age_days NOT BETWEEN 0 AND 366 THEN
		RAISE EXCEPTION 'max_age_days must lie between 0 and 366'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	RETURN QUERY
	SELECT b.*
	FROM gmis.bed_occupancy(on_date, level, max_age_days) AS b;
END
$$;
COMMENT ON FUNCTION api.bed_occupancy(date, text, integer) IS
'病床使用状況 / Beds secured, ready and occupied on a day, by level municipality, medical_area, prefecture or nation. "reported" of "expected" institutions are in the totals, "carried_forward" of them with a report up to max_age_days old; _lower and _upper bound what the total can be with the missing ones. use_pct is occupied on secured in whole per cent, halves up.';

-- The owner's rights: the public may not read who was expected to answer, and every caller must get the same, whole figures.
CREATE OR REPLACE FUNCTION api.service_counts(on_date date, level text DEFAULT 'prefecture')
RETURNS TABLE (area text, name_ja text, service text, normal bigint, limited bigint, stopped bigint, not_installed bigint, unanswered bigint)
LANGUAGE SQL STABLE PARALLEL UNSAFE SECURITY DEFINER
BEGIN ATOMIC
	SELECT s.area,
		s.name_ja,
		s.service,
		s.normal,
		s.limited,
		s.stopped,
		s.not_installed,
		s.unanswered
	FROM gmis.service_counts(on_date, level) AS s
	JOIN gmis.service AS v ON v.service = s.service
	WHERE v.public;
END;
COMMENT ON FUNCTION api.service_counts(date, text) IS
'診療機能の集計 / How many institutions provide inpatient, outpatient and emergency care as usual (通常), limited (制限), have stopped it (停止), do not have it (設置なし) or did not answer (未回答) on a day, by area and service.

Counts what covid19_daily_survey shows, and like it is open data. level: municipality, medical_area, prefecture or nation.';

CREATE OR REPLACE FUNCTION api.service_counts_all(on_date date, level text DEFAULT 'prefecture')
RETURNS TABLE (area text, name_ja text, service text, normal bigint, limited bigint, stopped bigint, not_installed bigint, unanswered bigint)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT s.area,
		s.name_ja,
		s.service,
		s.normal,
		s.limited,
		s.stopped,
		s.not_installed,
		s.unanswered
	FROM gmis.service_counts(on_date, level) AS s;
END;
COMMENT ON FUNCTION api.service_counts_all(date, text) IS
'診療機能の集計(全機能) / As service_counts, for every service of the survey, over the institutions that you may see.';

-- Totals of the nation for everybody alike, hence the owner's rights.
CREATE OR REPLACE FUNCTION api.reporting_rate(on_date date)
RETURNS TABLE (population text, registered bigint, reported bigint, rate_pct numeric)
LANGUAGE SQL STABLE PARALLEL UNSAFE SECURITY DEFINER
BEGIN ATOMIC
	SELECT r.population,
		r.registered,
		r.reported,
		r.rate_pct
	FROM gmis.reporting_rate(on_date) AS r;
END;
COMMENT ON FUNCTION api.reporting_rate(date) IS
'報告率 / How many of the registered institutions reported on a day: all, designated hospitals, hospitals, clinics; rate_pct in per cent with one decimal.';

CREATE OR REPLACE FUNCTION api.nearest_free(longitude double precision, latitude double precision, bed_kind text DEFAULT 'general', at_least integer DEFAULT 1, k integer DEFAULT 5, max_age interval DEFAULT '24 hours')
RETURNS TABLE (institution text, name_ja text, distance_m double precision, free integer, reported_at timestamptz)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT n.institution::text,
		n.name_ja,
		n.distance_m,
		n.free,
		n.reported_at
	FROM gmis.nearest_free(@postgis@.st_setsrid(@postgis@.st_makepoint(longitude, latitude), 4326), bed_kind, at_least, k, now(), max_age) AS n;
END;
COMMENT ON FUNCTION api.nearest_free(double precision, double precision, text, integer, integer, interval) IS
'最寄りの空床 / The k institutions nearest to a point (degrees, WGS 84) that have at_least free beds of a kind (general, severe, icu, ventilator, ecmo) by a report no older than max_age, nearest first by true distance in metres.';

CREATE OR REPLACE FUNCTION api.nearest_free_geojson(longitude double precision, latitude double precision, bed_kind text DEFAULT 'general', at_least integer DEFAULT 1, k integer DEFAULT 5, max_age interval DEFAULT '24 hours')
RETURNS api."application/geo+json"
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT json_build_object(
			'type', 'FeatureCollection',
			'features', coalesce(json_agg(json_build_object(
				'type', 'Feature',
				'id', n.institution::text,
				'geometry', @postgis@.st_asgeojson(i.location)::json,
				'properties', json_build_object(
					'institution', n.institution::text,
					'name_ja', n.name_ja,
					'distance_m', round(n.distance_m),
					'free', n.free,
					'bed_kind', bed_kind,
					'reported_at', n.reported_at))
				ORDER BY n.distance_m, n.institution), '[]'))::api."application/geo+json"
	FROM gmis.nearest_free(@postgis@.st_setsrid(@postgis@.st_makepoint(longitude, latitude), 4326), bed_kind, at_least, k, now(), max_age) AS n
	JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) n.institution;
END;
COMMENT ON FUNCTION api.nearest_free_geojson(double precision, double precision, text, integer, integer, interval) IS
'最寄りの空床(地図) / What nearest_free finds, as a GeoJSON FeatureCollection of points for a map (application/geo+json).';

CREATE OR REPLACE FUNCTION api.supply_outlook(on_date date)
RETURNS TABLE (institution text, name_ja text, prefecture smallint, item text, stock integer, used_per_day numeric,
	expected_arrivals integer, days_left numeric, week_on date)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT s.institution::text,
		s.name_ja,
		s.prefecture,
		s.item,
		s.stock,
		s.used_per_day,
		s.expected_arrivals,
		s.days_left,
		s.week_on
	FROM gmis.supply_outlook(on_date) AS s;
END;
COMMENT ON FUNCTION api.supply_outlook(date) IS
'物資の見通し / How many days the stock of each item lasts at each institution, by its last weekly report.';

CREATE OR REPLACE FUNCTION api.silent(on_date date)
RETURNS TABLE (institution text, name_ja text, prefecture smallint, silent_since date, days integer, contact text, phone text)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT s.institution::text,
		s.name_ja,
		s.prefecture,
		s.silent_since,
		s.days,
		s.contact,
		s.phone
	FROM gmis.silent(on_date) AS s;
END;
COMMENT ON FUNCTION api.silent(date) IS
'未報告の医療機関 / Who did not report for a day, since when, and whom to call.';

CREATE OR REPLACE FUNCTION api.stopped(on_date date)
RETURNS TABLE (institution text, name_ja text, prefecture smallint, service text, service_ja text, status_before text, before_on date)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT s.institution::text,
		s.name_ja,
		s.prefecture,
		s.service,
		s.service_ja,
		s.status_before,
		s.before_on
	FROM gmis.stopped(on_date) AS s;
END;
COMMENT ON FUNCTION api.stopped(date) IS
'新規停止 / Institutions that stopped a service on a day, and what they answered before.';

-- ---- persons
-- What a person is called travels in the body of a POST, never in a URL, which servers and proxies log; and no message
-- holds a value. Parameters are text, since the errors of PostgreSQL's own types quote what they could not read.

CREATE OR REPLACE FUNCTION api.my_scope() RETURNS jsonb
LANGUAGE SQL STABLE PARALLEL UNSAFE
-- with a setting of its own the planner does not put the body in place of the call, and so a kept plan asks each role
-- for its right to call
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT outbreak.scope();
END;
COMMENT ON FUNCTION api.my_scope() IS
'自分の権限範囲 / Whom you act for: {"source", "role", "subject", "prefecture", "health_center", "institution", …}, as your account or your token says; what you do not have is left out.';

CREATE OR REPLACE FUNCTION api.register_person(
	name text,
	kana text DEFAULT NULL,
	birth_on text DEFAULT NULL,
	sex text DEFAULT NULL,
	phone text DEFAULT NULL,
	mail text DEFAULT NULL,
	address text DEFAULT NULL,
	municipality text DEFAULT NULL,
	health_center text DEFAULT NULL,
	institution text DEFAULT NULL
) RETURNS uuid
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	kana := nullif(kana, '');
	birth_on := nullif(birth_on, '');
	sex := nullif(sex, '');
	phone := nullif(phone, '');
	mail := nullif(mail, '');
	municipality := nullif(municipality, '');
	health_center := nullif(health_center, '');
	institution := nullif(institution, '');
	PERFORM registry.refuse_person(registry.person_faults(name, kana, birth_on, sex, phone, mail, address, municipality, health_center, institution));
	RETURN registry.register_person(name, kana, birth_on::date, sex, phone, mail, address,
		municipality::outbreak.municipality_code, health_center::bigint, institution::outbreak.institution_code);
END
$$;
COMMENT ON FUNCTION api.register_person(text, text, text, text, text, text, text, text, text, text) IS
'対象者の登録 / Enters a person and returns the pseudonym that stands for the person from then on. Search with find_persons first.

A person that an institution enters is the institution''s, one that a health centre enters the health centre''s, and so on; "institution" and "health_center" hand the person to another in charge besides. birth_on is written YYYY-MM-DD; sex is male, female or other. 400 with every fault in "details": [{"field", "message_ja", "message_en"}]; no message repeats a value.';

CREATE OR REPLACE FUNCTION api.find_persons(
	name text DEFAULT NULL,
	kana text DEFAULT NULL,
	birth_on text DEFAULT NULL,
	phone text DEFAULT NULL,
	mail text DEFAULT NULL
)
RETURNS TABLE (person uuid, sex text, birth_year smallint, municipality text, prefecture smallint, health_center bigint, institution text, made_at timestamptz, closed_on date)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE ROWS 10
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	birth_on := nullif(birth_on, '');
	IF birth_on IS NOT NULL AND registry.date_or_null(birth_on) IS NULL THEN
		RAISE EXCEPTION 'birth_on is no date written as YYYY-MM-DD'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	RETURN QUERY
	SELECT f.person, f.sex, f.birth_year, f.municipality::text, f.prefecture, f.health_center, f.institution::text, f.made_at, f.closed_on
	FROM registry.find_person(name, kana, birth_on::date, phone, mail) AS f;
END
$$;
COMMENT ON FUNCTION api.find_persons(text, text, text, text, text) IS
'対象者の検索 / The persons with all of the keys that you give, among those that you may see. POST only.

Exact search, but however it is written: full and half width, hiragana and katakana, spaces and hyphens make no difference. 400 when no key is given.';

CREATE OR REPLACE FUNCTION api.identity(person text)
RETURNS TABLE (person_id uuid, name text, kana text, birth_on date, phone text, mail text, address text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE ROWS 1
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	person_id := ops.person_named(person);
	SELECT r.name, r.kana, r.birth_on, r.phone, r.mail, r.address
	INTO name, kana, birth_on, phone, mail, address
	FROM registry.reveal_identity(person_id) AS r;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no such person'
			USING ERRCODE = 'PT404',
				HINT = 'persons lists those that you may see.';
	END IF;
	RETURN NEXT;
END
$$;
COMMENT ON FUNCTION api.identity(text) IS
'本人情報の閲覧 / Who a person is: one row. POST only; whom you looked at is written down.

404 for a person that does not exist or is not yours.';

CREATE OR REPLACE FUNCTION api.correct_person(
	person text,
	name text DEFAULT NULL,
	kana text DEFAULT NULL,
	birth_on text DEFAULT NULL,
	sex text DEFAULT NULL,
	phone text DEFAULT NULL,
	mail text DEFAULT NULL,
	address text DEFAULT NULL,
	municipality text DEFAULT NULL
) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	birth_on := nullif(birth_on, '');
	municipality := nullif(municipality, '');
	PERFORM registry.refuse_person(registry.person_faults(coalesce(name, '-'), nullif(kana, ''), birth_on, nullif(sex, ''), nullif(phone, ''), nullif(mail, ''),
		nullif(address, ''), municipality, NULL, NULL));
	PERFORM registry.correct_identity(ops.person_named(person), name, kana, birth_on::date, sex, phone, mail, address, municipality::outbreak.municipality_code);
EXCEPTION WHEN no_data_found THEN
	RAISE EXCEPTION 'there is no such person'
		USING ERRCODE = 'PT404',
			HINT = 'persons lists those that you may see.';
END
$$;
COMMENT ON FUNCTION api.correct_person(text, text, text, text, text, text, text, text, text) IS
'本人情報の訂正 / Changes what you give of a person; the empty text takes a value away (not the name). 404 for a person that does not exist or is not yours, 400 as register_person.';

CREATE OR REPLACE FUNCTION api.close_person(person text, closed_on date DEFAULT outbreak.local_date()) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM registry.close_person(ops.person_named(person), closed_on);
EXCEPTION WHEN no_data_found THEN
	RAISE EXCEPTION 'there is no such person'
		USING ERRCODE = 'PT404',
			HINT = 'persons lists those that you may see.';
END
$$;
COMMENT ON FUNCTION api.close_person(text, date) IS
'対応終了 / Everything about the person ended on that day (default today); from then on the records are kept for as long as the law asks, and then go. null opens the person again. 404 for a person that does not exist or is not yours.';
