-- What PostgREST serves. Thin: rights, rules and arithmetic live below. Every function runs as the caller.

-- ---- writing

CREATE OR REPLACE FUNCTION api.submit(form text, records jsonb, source text DEFAULT 'own') RETURNS jsonb
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
RETURN report.submit(ops.form_named(form), records, source);
COMMENT ON FUNCTION api.submit(text, jsonb, text) IS
'報告の提出 / Hands in reports: one record or an array of them, each an object of items.

All or nothing: if one record breaks a rule, none is taken, and the answer is 400 with code OB001 and all findings of all records in "details": [{"record", "key", "code", "severity", "verdict", "fields", "message_ja", "message_en"}]. Otherwise {"accepted", "kept", "findings"}: "kept" counts records that stand behind an entry of higher precedence (own before proxy before import), "findings" are warnings that want a reason (give_reason). "source" is own, proxy (代行入力, by an association) or import. Handing in a report again replaces it; the old one stays in its history. 400 with OB004 for an unknown form lists the forms that you may use.';

CREATE OR REPLACE FUNCTION api.give_reason(form text, key jsonb, code text, reason text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM report.give_reason(ops.form_named(form), key, code, reason);
END
$$;
COMMENT ON FUNCTION api.give_reason(text, jsonb, text, text) IS
'理由の回答 / Answers a warning (see findings): why the figures are right though the rule doubts them.';

CREATE OR REPLACE FUNCTION api.resubmit(id bigint, patch jsonb DEFAULT '{}') RETURNS jsonb
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
RETURN report.resubmit(id, patch);
COMMENT ON FUNCTION api.resubmit(bigint, jsonb) IS
'差し戻し分の再提出 / Hands in a rejected row again, with the items of "patch" in place of its own. Answers as submit does.';

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
	FROM report."check"(ops.form_named(form), record) AS c;
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
		'SELECT to_json(t) FROM %s AS t WHERE t.%I BETWEEN $1 AND $2 %s ORDER BY %s',
		known.form, known.period,
		CASE WHEN reporter IS NOT NULL THEN format('AND t.%I::text = $3', known.reporter) ELSE '' END,
		(SELECT string_agg(format('t.%I', k.key), ', ' ORDER BY k.place)
			FROM unnest(ARRAY[known.period, known.reporter] || known.keys) WITH ORDINALITY AS k (key, place)))
	USING from_date, to_date, reporter;
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
	RETURN QUERY EXECUTE format(
		'SELECT to_json(t) FROM report.as_known_at(NULL::%s, $3) AS t WHERE t.%I BETWEEN $1 AND $2 ORDER BY %s',
		known.form, known.period,
		(SELECT string_agg(format('t.%I', k.key), ', ' ORDER BY k.place)
			FROM unnest(ARRAY[known.period, known.reporter] || known.keys) WITH ORDINALITY AS k (key, place)))
	USING from_date, to_date, at;
END
$$;
COMMENT ON FUNCTION api.as_known_at(text, timestamptz, date, date) IS
'過去時点の閲覧 / The reports of a form for the periods from from_date to to_date as they stood at that moment, whatever was corrected since.';

CREATE OR REPLACE FUNCTION api.completeness(form text, on_period date)
RETURNS TABLE (institution outbreak.institution_code, prefecture smallint, answered boolean, reported_at timestamptz, status text)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT c.institution,
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
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT b.area,
		b.name_ja,
		b.expected,
		b.reported,
		b.carried_forward,
		b.beds_secured,
		b.beds_secured_lower,
		b.beds_secured_upper,
		b.beds_ready,
		b.beds_occupied,
		b.beds_occupied_lower,
		b.beds_occupied_upper,
		b.use_pct,
		b.severe_secured,
		b.severe_occupied,
		b.severe_use_pct
	FROM gmis.bed_occupancy(on_date, level, max_age_days) AS b;
END;
COMMENT ON FUNCTION api.bed_occupancy(date, text, integer) IS
'病床使用状況 / Beds secured, ready and occupied on a day, by level municipality, medical_area, prefecture or nation. "reported" of "expected" institutions are in the totals, "carried_forward" of them with a report up to max_age_days old; _lower and _upper bound what the total can be with the missing ones. use_pct is occupied on secured in whole per cent, halves up.';

CREATE OR REPLACE FUNCTION api.service_counts(on_date date, level text DEFAULT 'prefecture')
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
COMMENT ON FUNCTION api.service_counts(date, text) IS
'診療機能の集計 / How many institutions provide a service as usual (通常), limited (制限), have stopped it (停止), do not have it (設置なし) or did not answer (未回答) on a day, by area and service.';

CREATE OR REPLACE FUNCTION api.reporting_rate(on_date date)
RETURNS TABLE (population text, registered bigint, reported bigint, rate_pct numeric)
LANGUAGE SQL STABLE PARALLEL UNSAFE
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
RETURNS TABLE (institution outbreak.institution_code, name_ja text, distance_m double precision, free integer, reported_at timestamptz)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT n.institution,
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
RETURNS TABLE (institution outbreak.institution_code, name_ja text, prefecture smallint, item text, stock bigint, used_per_day numeric,
	expected_arrivals bigint, days_left numeric, week_on date)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT s.institution,
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
RETURNS TABLE (institution outbreak.institution_code, name_ja text, prefecture smallint, silent_since date, days integer, contact text, phone text)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT s.institution,
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
