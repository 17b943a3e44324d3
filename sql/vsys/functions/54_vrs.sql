-- ---- files of the vaccination record system (VRS)

CREATE OR REPLACE FUNCTION vsys.vrs_items() RETURNS text[]
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN '{登録日時,接種日,券番号,市区町村コード,接種会場,接種医師,メーカー,ロット番号}'::text[];
COMMENT ON FUNCTION vsys.vrs_items() IS 'The items of a dose in a file of the VRS, in their order. Before them stands the number of the resident, once a record; they are repeated for each dose.';

CREATE OR REPLACE FUNCTION vsys.text_of_file(file bytea, OUT content text, OUT encoding text) RETURNS record
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF substr(file, 1, 3) = '\xefbbbf' THEN
		content := convert_from(substr(file, 4), 'UTF8');
		encoding := 'UTF8 with BOM';
		RETURN;
	END IF;
	BEGIN
		content := convert_from(file, 'UTF8');
		encoding := 'UTF8';
	EXCEPTION WHEN character_not_in_repertoire OR untranslatable_character THEN
		-- PostgreSQL's SJIS is CP932 (WIN932), with the characters of NEC and IBM
		content := convert_from(file, 'SJIS');
		encoding := 'SJIS';
	END;
EXCEPTION WHEN character_not_in_repertoire OR untranslatable_character THEN
	RAISE EXCEPTION 'the file is neither UTF-8 nor CP932'
		USING ERRCODE = 'OB083',
			HINT = 'Save it as CSV in UTF-8, or in Shift-JIS as Japanese spreadsheets write it.';
END
$$;
COMMENT ON FUNCTION vsys.text_of_file(bytea) IS 'The text of a file in UTF-8, with or without a byte order mark, or in CP932 (SJIS), and which of them it was. A file that is valid UTF-8 is UTF-8. OB083 for any other. The wave dash 0x8160 of CP932 becomes U+FF5E, as on Windows.';

CREATE OR REPLACE FUNCTION vsys.safe_field(value text) RETURNS text
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN value ~ '^[=+@\t\r\n＝＋＠－-]' OR value ~ E'^\'[=+@\t\r\n＝＋＠－-]' THEN '"' || replace('''' || value, '"', '""') || '"'
	WHEN value ~ '[",\r\n]' THEN '"' || replace(value, '"', '""') || '"'
	ELSE coalesce(value, '')
END;
COMMENT ON FUNCTION vsys.safe_field(text) IS 'A field of CSV: in quotes where it holds a comma, a quote or a line break; with an apostrophe in front where a spreadsheet would take it for a formula (first character = + - @, also full-width, tab, CR or LF).';

CREATE OR REPLACE FUNCTION vsys.plain_field(value text) RETURNS text
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN nullif(CASE WHEN value ~ E'^\'+[=+@\t\r\n＝＋＠－-]' THEN substr(value, 2) ELSE value END, '');
COMMENT ON FUNCTION vsys.plain_field(text) IS 'A field as it was before vsys.safe_field() put an apostrophe in front; NULL for an empty one.';

CREATE OR REPLACE FUNCTION vsys.to_cp932(content text, OUT bytes bytea, OUT replaced integer) RETURNS record
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	mapped text := content;
	letter text;
	foreign_letters text := '';
BEGIN
	replaced := 0;
	BEGIN
		bytes := convert_to(mapped, 'SJIS');
		RETURN;
	EXCEPTION WHEN untranslatable_character THEN
		NULL;
	END;
	FOR letter IN
		SELECT DISTINCT c.letter
		FROM regexp_split_to_table(content, '') AS c (letter)
		WHERE ascii(c.letter) > 127
	LOOP
		BEGIN
			PERFORM convert_to(letter, 'SJIS');
		EXCEPTION WHEN untranslatable_character THEN
			foreign_letters := foreign_letters || letter;
		END;
	END LOOP;
	mapped := translate(content, foreign_letters, repeat('〓', length(foreign_letters)));
	-- in the text, not in its 〓 of old
	SELECT sum(length(content) - length(replace(content, f.letter, ''))) INTO replaced
	FROM regexp_split_to_table(foreign_letters, '') AS f (letter);
	bytes := convert_to(mapped, 'SJIS');
END
$$;
COMMENT ON FUNCTION vsys.to_cp932(text) IS 'A text in CP932 (SJIS). A character that CP932 lacks (𠮷, é) becomes 〓, the printer''s sign for a missing type, and is counted; wave dash, minus and double bar have one form in CP932 whichever Unicode form they come in.';

CREATE OR REPLACE FUNCTION vsys.vrs_doses(fields text[], header text[]) RETURNS TABLE (dose_number integer, raw jsonb)
LANGUAGE SQL IMMUTABLE PARALLEL SAFE ROWS 2
BEGIN ATOMIC
	SELECT g.n, jsonb_strip_nulls(jsonb_build_object(
			'dose_number', g.n::text,
			'registered_at', vsys.plain_field(fields[8 * g.n - 6]),
			'given_on', vsys.plain_field(fields[8 * g.n - 5]),
			'number', vsys.plain_field(fields[8 * g.n - 4]),
			'municipality', vsys.plain_field(fields[8 * g.n - 3]),
			'site_name', vsys.plain_field(fields[8 * g.n - 2]),
			'doctor', vsys.plain_field(fields[8 * g.n - 1]),
			'maker', vsys.plain_field(fields[8 * g.n]),
			'lot', vsys.plain_field(fields[8 * g.n + 1])))
	FROM generate_series(1, (cardinality(header) - 1) / 8) AS g (n)
	-- a dose that was not given has no items at all
	WHERE array_to_string(fields[8 * g.n - 6 : 8 * g.n + 1], '') <> '';
END;
COMMENT ON FUNCTION vsys.vrs_doses(text[], text[]) IS 'The doses of a record of a VRS file, by item.';

CREATE OR REPLACE FUNCTION vsys.import_vrs(file bytea, name text DEFAULT 'file', as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	mine outbreak.municipality_code;
	content text;
	encoding text;
	header text[];
	this_import bigint;
	record record;
	dose record;
	read record;
	outcome jsonb;
	lines integer := 0;
	doses integer := 0;
	recorded integer := 0;
	duplicates integer := 0;
	kept integer := 0;
BEGIN
	IF NOT outbreak.acts_as('outbreak_owner') THEN
		mine := outbreak.my_municipality();
		IF mine IS NULL OR NOT outbreak.acts_as('outbreak_municipality') THEN
			RAISE EXCEPTION 'files of the VRS are imported by municipalities'
				USING ERRCODE = 'insufficient_privilege';
		END IF;
	END IF;
	SELECT t.content, t.encoding INTO content, encoding
	FROM vsys.text_of_file(file) AS t;
	SELECT c.fields INTO header
	FROM registry.csv_records(content) AS c
	WHERE c.line = 0;
	IF header IS NULL OR cardinality(header) < 9 OR cardinality(header) % 8 <> 1 OR cardinality(header) > 73 THEN
		RAISE EXCEPTION 'the file has % columns, where one and eight for each dose are needed', coalesce(cardinality(header), 0)
			USING ERRCODE = 'OB083',
				HINT = 'The first line names the columns: the number of the resident, then for each dose ' || array_to_string(vsys.vrs_items(), ', ') || '.';
	END IF;
	INSERT INTO vsys.vrs_import (municipality, name, encoding, sha256)
	VALUES (mine, left(coalesce(name, 'file'), 200), encoding, sha256(file))
	RETURNING vrs_import.import INTO this_import;

	FOR record IN
		SELECT c.line, c.fields
		FROM registry.csv_records(content) AS c
		WHERE c.line > 0
		ORDER BY c.line
	LOOP
		lines := lines + 1;
		IF cardinality(record.fields) <> cardinality(header) THEN
			doses := doses + 1;
			kept := kept + 1;
			INSERT INTO vsys.dose_issue (code, detail, municipality, entry, source, import, line)
			VALUES ('record_unreadable', format('%s <> %s', cardinality(record.fields), cardinality(header)), mine, jsonb_build_object('fields', to_jsonb(record.fields)),
				'vrs', this_import, record.line);
			CONTINUE;
		END IF;
		FOR dose IN
			SELECT d.raw
			FROM vsys.vrs_doses(record.fields, header) AS d
		LOOP
			doses := doses + 1;
			SELECT r.* INTO read
			FROM vsys.read_entry(dose.raw, 'vrs') AS r;
			IF (read.entry).municipality OPERATOR(outbreak.<>) mine THEN
				read.faults := read.faults || '{"not_yours": null}';
			END IF;
			outcome := vsys.enter_dose(read.entry, dose.raw, read.faults, 'file', as_of, this_import, record.line::integer);
			CASE outcome ->> 'outcome'
				WHEN 'recorded' THEN recorded := recorded + 1;
				WHEN 'duplicate' THEN duplicates := duplicates + 1;
				ELSE kept := kept + 1;
			END CASE;
			IF outcome ->> 'outcome' <> 'kept' AND record.fields[1] ~ '^[0-9A-Za-z-]{1,20}$' THEN
				INSERT INTO vsys.resident_number AS n (municipality, number, person, resident_number)
				SELECT (read.entry).municipality, (read.entry).number, t.person, record.fields[1]
				FROM vsys.ticket t
				WHERE t.municipality OPERATOR(outbreak.=) (read.entry).municipality
					AND t.number = (read.entry).number
				ON CONFLICT ON CONSTRAINT resident_number_pkey DO UPDATE
				SET resident_number = excluded.resident_number,
					noted_on = excluded.noted_on
				WHERE (n.resident_number, n.noted_on) <> (excluded.resident_number, excluded.noted_on);
			END IF;
		END LOOP;
	END LOOP;
	UPDATE vsys.vrs_import i
	SET lines = lines,
		doses = doses,
		recorded = recorded,
		duplicates = duplicates,
		kept = kept
	WHERE i.import = this_import;
	RETURN jsonb_build_object('import', this_import, 'encoding', encoding, 'lines', lines, 'doses', doses, 'recorded', recorded, 'duplicates', duplicates, 'kept', kept,
		'issues', (
			SELECT coalesce(jsonb_agg(jsonb_build_object('line', v.line, 'issue', v.issue, 'code', v.code, 'detail', v.detail, 'message_ja', v.message_ja, 'message_en', v.message_en)
				ORDER BY v.line, v.issue), '[]')
			FROM (
				SELECT i.line, i.issue, i.code, i.detail, f.message_ja, f.message_en
				FROM vsys.dose_issue i
				JOIN vsys.dose_fault f ON f.code = i.code
				WHERE i.import = this_import
				ORDER BY i.line, i.issue
				LIMIT 1000
			) AS v));
END
$$;
COMMENT ON FUNCTION vsys.import_vrs(bytea, text, timestamptz) IS
'VRSファイルの取込 / records the doses of a CSV file of the VRS: UTF-8 with or without a byte order mark, or CP932 (SJIS). The first line names the columns: the number of the resident (宛名番号), then for each dose 登録日時 (YYYYMMDDHHMMSS), 接種日 (YYYYMMDD; also 2021/5/1, 令和3年5月1日, R3.5.1), 券番号, 市区町村コード, 接種会場, 接種医師, メーカー (ファイザー, 武田/モデルナ, アストラゼネカ) and ロット番号; columns count by their place. Leading zeros that a spreadsheet took away are put back.

Nothing is lost: each dose is recorded, known already (a file may be imported again), or kept in vsys.dose_issue with its line and reason until somebody mends it. A place that is no site here is taken by its name; its vial is in nobody''s stock. Returns {"import", "encoding", "lines", "doses", "recorded", "duplicates", "kept", "issues": [{"line", "issue", "code", "detail", "message_ja", "message_en"}]} (up to 1,000 issues; all are in vsys.dose_issue). For a municipality, its own tickets; 42501 for others. OB083 for a file in another encoding or with other columns, OB012 when its quotes do not pair: then nothing is taken.';

CREATE OR REPLACE FUNCTION vsys.vrs_csv(municipality outbreak.municipality_code, from_on date, to_on date) RETURNS text
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH dose AS (
		SELECT d.person, d.programme, d.number, d.dose_number,
			array_to_string(ARRAY[
				to_char(d.registered_at AT TIME ZONE outbreak.time_zone(), 'YYYYMMDDHH24MISS'),
				to_char(d.given_on, 'YYYYMMDD'),
				d.number,
				d.municipality::text,
				vsys.safe_field(coalesce(d.site_name, i.name_ja, d.site::text)),
				vsys.safe_field(coalesce(d.doctor, '')),
				vsys.safe_field(p.maker_ja),
				vsys.safe_field(coalesce(d.lot, ''))], ',') AS items
		FROM vsys.dose AS d
		JOIN vsys.product AS p ON p.product = d.product
		LEFT JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) d.site
		WHERE d.municipality OPERATOR(outbreak.=) vrs_csv.municipality
			AND d.given_on BETWEEN from_on AND to_on
			AND d.state = 'in_force'
	), width AS (
		SELECT coalesce(max(d.dose_number), 1) AS doses
		FROM dose AS d
	), person AS (
		SELECT d.person, d.programme, min(d.number) AS number
		FROM dose AS d
		GROUP BY d.person, d.programme
	)
	SELECT '宛名番号,' || (SELECT string_agg(g.n || '回目_' || t.item, ',' ORDER BY g.n, t.at)
			FROM generate_series(1, w.doses) AS g (n) CROSS JOIN unnest(vsys.vrs_items()) WITH ORDINALITY AS t (item, at)) || E'\r\n'
		|| coalesce((
			SELECT string_agg(vsys.safe_field(coalesce(n.resident_number, '')) || ',' || (
					SELECT string_agg(coalesce(d.items, ',,,,,,,'), ',' ORDER BY g.n)
					FROM generate_series(1, w.doses) AS g (n)
					LEFT JOIN dose AS d ON d.person = e.person
						AND d.programme = e.programme
						AND d.dose_number = g.n) || E'\r\n', '' ORDER BY e.number, e.programme)
			FROM person AS e
			LEFT JOIN vsys.resident_number AS n ON n.municipality OPERATOR(outbreak.=) vrs_csv.municipality
				AND n.number = e.number), '')
	FROM width AS w;
END;
COMMENT ON FUNCTION vsys.vrs_csv(outbreak.municipality_code, date, date) IS 'Part of vsys.export_vrs(): the file as text.';

CREATE OR REPLACE FUNCTION vsys.export_vrs(municipality outbreak.municipality_code, from_on date, to_on date, encoding text DEFAULT 'UTF8 with BOM', OUT file bytea, OUT replaced integer) RETURNS record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	content text;
BEGIN
	IF municipality IS NULL OR NOT vsys.may_record(NULL, municipality) THEN
		RAISE EXCEPTION 'these doses are not yours to export'
			USING ERRCODE = 'insufficient_privilege';
	END IF;
	content := vsys.vrs_csv(municipality, from_on, to_on);
	replaced := 0;
	CASE encoding
		WHEN 'UTF8' THEN file := convert_to(content, 'UTF8');
		WHEN 'UTF8 with BOM' THEN file := '\xefbbbf'::bytea || convert_to(content, 'UTF8');
		WHEN 'SJIS' THEN
			SELECT t.bytes, t.replaced INTO file, replaced
			FROM vsys.to_cp932(content) AS t;
		ELSE
			RAISE EXCEPTION 'there is no such encoding of VRS files'
				USING ERRCODE = 'invalid_parameter_value',
					HINT = 'The encodings are: UTF8, UTF8 with BOM, SJIS (CP932).';
	END CASE;
	PERFORM access.note('export', NULL, jsonb_build_object('table', 'vsys.dose', 'municipality', municipality::text, 'from', from_on, 'to', to_on, 'bytes', length(file)));
END
$$;
COMMENT ON FUNCTION vsys.export_vrs(outbreak.municipality_code, date, date, text) IS
'VRSファイルの出力 / the doses in force of a municipality''s tickets that were given from one day to another (both included), as vsys.import_vrs() reads them: one record a person and programme, CRLF. encoding: UTF8, UTF8 with BOM (which spreadsheets open without garbling), or SJIS (CP932); replaced counts the characters that CP932 lacks, which became 〓. A field that a spreadsheet would take for a formula begins with an apostrophe; the import takes it away. Noted in the audit trail. For the municipality; 42501 for others, 22023 for an unknown encoding.';
