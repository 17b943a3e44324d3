-- Files of the VRS come in whole, in three encodings and with odd dates, and go out again as they came: every dose of a
-- file is recorded, known already, or kept with its line and reason.
BEGIN;
\i tests/sql/vsys/results.inc
\set ON_ERROR_ROLLBACK on
\set VERBOSITY terse

\echo -- dates
SELECT written, vsys.read_date(written)
FROM unnest('{20210501,2021-05-01,2021/5/1,2021.5.1,2021年5月1日,令和3年5月1日,令和元年5月1日,㋿3年5月1日,R3.5.1,r03/05/01,R030501,H31.4.30,平成31年4月30日,S64.1.7,Ｒ３．５．１,２０２１０５０１," R3. 5. 1 "}'::text[]) AS t (written);
SELECT written, vsys.read_date(written) AS none
FROM unnest('{20210229,20211301,2021-13-01,21-05-01,令和0年5月1日,平成31年5月1日,R1.4.30,S64.1.8,R3.2.29,X3.5.1,五月一日,"",0,44317,20210501120000}'::text[]) AS t (written);
SELECT written, vsys.read_time(written) FROM unnest('{20210501235959,20210501240000,20210501126000,2021/5/1 9:05,R3.5.1 09:05:06,20210501,x}'::text[]) AS t (written);

\echo -- formulas and quotes
SELECT value, vsys.safe_field(value) AS written, vsys.plain_field((SELECT fields[1] FROM registry.csv_records('h' || E'\n' || vsys.safe_field(value)) WHERE line = 1)) = value AS back
FROM unnest(ARRAY['=1+1', '+81', '-3', '@x', E'\ttab', E'\rcr', E'\nlf', '＝x', 'a=b', '''=x', '''s', 'a,b', 'say "hi"', E'two\nlines', '医師']) AS t (value);

\echo -- encodings
SELECT (vsys.text_of_file(f.file)).* FROM (VALUES (convert_to('髙﨑①～', 'UTF8')), ('\xefbbbf'::bytea || convert_to('髙﨑①', 'UTF8')), (convert_to('髙﨑①～', 'SJIS'))) AS f (file);
SELECT vsys.text_of_file('\xff00');
\echo :LAST_ERROR_SQLSTATE
SELECT convert_from(t.bytes, 'SJIS') AS text, t.replaced FROM unnest(ARRAY['𠮷野 é 〓', U&'\301C\FF5E\2212\2016\2225', '髙﨑①']) AS v (text) CROSS JOIN LATERAL vsys.to_cp932(v.text) AS t;

\echo -- a file: first and second doses, a place that is no site, quotes, a name with a line break
CREATE FUNCTION pg_temp.file(VARIADIC records text[]) RETURNS bytea LANGUAGE SQL
RETURN convert_to(E'宛名番号,登録日時,接種日,券番号,市区町村コード,接種会場,接種医師,メーカー,ロット番号,登録日時,接種日,券番号,市区町村コード,接種会場,接種医師,メーカー,ロット番号\r\n' || array_to_string(records, E'\r\n') || E'\r\n', 'UTF8');
SELECT pg_temp.file(
	'000012345,20210602101112,20210601,0000001001,131105,目黒区民センター,医師 一郎,ファイザー,EY0779,20210622101112,20210622,0000001001,131105,目黒区民センター,医師 一郎,ファイザー,FA7338',
	'12346,20210602101113,R3.6.1,1002,131105,"特別養護老人ホーム ""ひまわり""",医師 二郎,武田／モデルナ,3002332,,,,,,,,',
	E'12347,20210602101114,令和3年6月1日,0000001003,131105,"目黒区民\nセンター","=HYPERLINK(""x"")",ファイザー,ey0779,,,,,,,,') AS file \gset
SELECT vsys.import_vrs(:'file', 'june.csv') AS answer \gset
SELECT :'answer'::jsonb - 'import';
SELECT d.number, d.dose_number, d.given_on, d.registered_at, d.site = pg_temp.site(1) AS meguro, d.site_name, d.doctor, d.product, d.lot, d.source FROM vsys.dose AS d ORDER BY d.number, d.dose_number;
SELECT number, resident_number FROM vsys.resident_number ORDER BY number;
\echo -- the same file again, and in CP932: nothing new
SELECT vsys.import_vrs(:'file') - '{import,issues}'::text[];
SELECT vsys.import_vrs(convert_to(convert_from(:'file', 'UTF8'), 'SJIS')) - '{import,issues}'::text[];
SELECT vsys.import_vrs('\xefbbbf'::bytea || :'file'::bytea) - '{import,issues}'::text[];

\echo -- out again, in three encodings; what comes out goes in and changes nothing
SELECT convert_from(file, 'UTF8') AS file FROM vsys.export_vrs('131105', '2021-06-01', '2021-06-30', 'UTF8');
SELECT encoding, substr(e.file, 1, 3) = '\xefbbbf' AS bom, e.replaced, vsys.import_vrs(e.file) - '{import,issues}'::text[] AS back
FROM unnest('{UTF8,UTF8 with BOM,SJIS}'::text[]) AS c (encoding)
CROSS JOIN LATERAL vsys.export_vrs('131105', '2021-06-01', '2021-06-30', c.encoding) AS e;
SELECT vsys.export_vrs('131105', '2021-06-01', '2021-06-30', 'EUC');
\echo -- into another database, as it were: the doses are as they were
CREATE TEMP TABLE kept AS SELECT number, dose_number, given_on, registered_at, site, site_name, doctor, product, lot FROM vsys.dose;
SELECT file FROM vsys.export_vrs('131105', '2021-06-01', '2021-06-30', 'SJIS') \gset
DELETE FROM vsys.person_dose;
DELETE FROM vsys.dose;
SELECT vsys.import_vrs(:'file') - '{import,issues}'::text[];
SELECT (SELECT count(*) FROM (TABLE kept EXCEPT SELECT number, dose_number, given_on, registered_at, site, site_name, doctor, product, lot FROM vsys.dose) AS x) AS differences, count(*) FROM kept;

\echo -- what is wrong is kept, line by line
SELECT pg_temp.file(
	'1,20210602101112,20210601,0000002001,131164,豊島健診クリニック,,ファイザー,EY0779,,,,,,,,',
	'2,20210602101112,20210601,0000002002,131163,豊島健診クリニック,,ファイザー,EY0779,,,,,,,,',
	'3,20210602101112,20210601,9999999999,131164,豊島健診クリニック,,ファイザー,EY0779,,,,,,,,',
	'4,20210602101112,20210631,0000002004,131164,豊島健診クリニック,,ファイザー,EY0779,,,,,,,,',
	'5,20210602101112,29990601,0000002005,131164,豊島健診クリニック,,ファイザー,EY0779,,,,,,,,',
	'6,20210602101112,20210601,0000002006,131164,豊島健診クリニック,,その他,EY0779,,,,,,,,',
	'7,,,,,,,,,20210622101112,20210622,0000002007,131164,豊島健診クリニック,,ファイザー,EY0779',
	'8,20210602101112,20210601,0000002008,131164,豊島健診クリニック,,ファイザー',
	'9,20210602101112,20210601,0000000000,131164,豊島健診クリニック,,ファイザー,EY0779,,,,,,,,',
	'10,20210602101112,20210605,0000002001,131164,豊島健診クリニック,,ファイザー,EY0779,,,,,,,,',
	'11,20210602101112,20210601,0000002010,131164,,,ファイザー,EY0779,,,,,,,,',
	',,,,,,,,,,,,,,,,') AS file \gset
SELECT vsys.import_vrs(:'file', 'bad.csv') AS answer \gset
SELECT :'answer'::jsonb - '{import,issues}'::text[];
SELECT i ->> 'line' AS line, i ->> 'code' AS code, i ->> 'detail' AS detail, i ->> 'message_ja' AS message_ja FROM jsonb_array_elements(:'answer'::jsonb -> 'issues') AS i;
SELECT doses = recorded + duplicates + kept AS adds_up, kept = (SELECT count(*) FROM vsys.dose_issue AS k WHERE k.import = v.import) AS all_there, length(sha256) FROM vsys.vrs_import AS v WHERE name = 'bad.csv';
SELECT line, entry FROM vsys.dose_issue WHERE line IN (4, 8) AND import = (:'answer'::jsonb ->> 'import')::bigint ORDER BY line;
\echo -- mended from the list; the second dose that waited in the file comes with the first
SELECT pg_temp.said(vsys.mend_dose(issue, '{"given_on": "2021-06-30"}')) FROM vsys.dose_issue WHERE line = 4 AND state = 'open' AND code = 'date_unreadable';
SELECT pg_temp.said(vsys.record_dose(pg_temp.site(2), pg_temp.ticket(2, 7, 1), 't_pfizer EY0779', '2021-06-01 10:00+09'));
SELECT dose_number, source FROM vsys.dose WHERE person = pg_temp.person(2, 7) ORDER BY dose_number;

\echo -- no file of the VRS
SELECT vsys.import_vrs('a,b,c'::bytea);
\echo :LAST_ERROR_SQLSTATE
SELECT vsys.import_vrs(''::bytea);
SELECT vsys.import_vrs(convert_to('"a', 'UTF8'));
\echo :LAST_ERROR_SQLSTATE
SELECT count(*) AS no_file FROM vsys.vrs_import WHERE lines = 0;

\echo -- the open data
SELECT vsys.prefecture_ndjson('t_primary', '2021-06-01', '2021-06-30', 1);
SELECT count(*) AS small, count(*) FILTER (WHERE j::json ->> 'count' IS NULL) AS hidden FROM vsys.prefecture_ndjson('t_primary', '2021-06-01', '2021-06-30') AS j;
ROLLBACK;
