-- Every row that a loader refuses, or takes in with something wrong, is listed with its reason in both languages;
-- accepted and refused add up to the rows of the list; a second run changes nothing.
\set ON_ERROR_STOP 1
\pset format unaligned
\pset null -
BEGIN;

\echo -- CSV: quotes, doubled quotes, line breaks in quotes, CRLF, a byte order mark, blank lines, a missing last line end
SELECT registry.csv_to_rows(U&'\FEFFa,b\000D\000A"1,x","say ""hi"""\000D\000A\000D\000A"two\000Alines",\000D\000Alast,"ü"');
SELECT registry.csv_to_rows(E'a,b\n1,2\n3\n4,5,6\n\n7,');
SELECT registry.csv_to_rows(E'a,b\n"x",1,2\n');
SELECT registry.csv_to_rows(E'a,b\n') AS header_only, registry.csv_to_rows('') AS nothing;
\set ON_ERROR_STOP 0
\set VERBOSITY terse
SAVEPOINT s;
SELECT registry.csv_to_rows(E'a,b\n"open,1\n');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK TO s;
SELECT registry.csv_to_rows(E'a,b\n"x"y,1\n');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK TO s;
SELECT registry.load_municipalities('{"code": "131041"}');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK TO s;
\set ON_ERROR_STOP 1

\echo -- municipalities: the three shapes
SELECT registry.load_municipalities('[
	{"code": "131041", "prefecture_name": "東京都", "name": "新宿区", "kana": "しんじゅくく", "lat": "35.693825", "lng": "139.703356"},
	{"code": "１３１１３０", "name": "渋谷区", "valid_from": "1947-05-03", "valid_until": "2099-01-01"},
	{"lgcode": "131059", "pref": "神奈川県", "city": "文京区"},
	{"lgcode": "131042", "pref": "東京都", "city": "検査数字誤り"},
	{"lgcode": "990001", "city": "県なし"},
	{"pref": "東京都", "city": "コードなし"},
	{"code": "131211", "name": " "},
	{"code": "131041", "name": "新宿区", "kana": "再掲"},
	{"code": "131211", "name": "足立区", "kana": "前の行は拒否"},
	{"code": "131016", "name": "千代田区", "valid_from": "2020-02-30"},
	{"code": "131024", "name": "中央区", "valid_from": "2021-01-01", "valid_until": "2020-01-01"},
	{"cid": "14101", "pref": "神奈川県", "city": "横浜市 鶴見区", "lat": "0.0", "lng": "0.0"},
	{"code": "141305", "name": "川崎市", "lat": "139.7", "lng": "35.5"},
	{"code": "103829", "pref": "群馬県", "city": "甘楽町"},
	"not an object",
	{"?fields": 3, "?record": ["a", "b", "c"]}
]', 'made up') AS load \gset
SELECT accepted, refused, source, loader FROM registry.load WHERE load = :load;
SELECT line, code, refused, reason_en FROM registry.load_issue WHERE load = :load ORDER BY line, code;
SELECT code, refused, issues, text_ja FROM registry.load_report(:load);
SELECT registry.load_municipalities('[{"code": "470007", "name": "沖縄県", "ruby": "おきなわけん", "municipalities": [
	{"code": "472018", "type": "municipality", "name": "那覇市", "ruby": "なはし"},
	{"code": "141003", "type": "municipality", "name": "横浜市", "ruby": "よこはまし", "wards": [{"code": "141011", "name": "鶴見区", "ruby": "つるみく"}]}]}]', 'tree') AS load \gset
SELECT accepted, refused FROM registry.load WHERE load = :load;
SELECT line, code, reason_ja, record FROM registry.load_issue WHERE load = :load ORDER BY line, code;
SELECT registry.load_municipalities('[{"name": "神奈川県", "municipalities": [
	{"code": "141003", "name": "横浜市", "ruby": "よこはまし", "wards": [{"code": "141011", "name": "鶴見区", "ruby": "つるみく"}]}]},
	{"code": "132012", "name": "八王子市", "lat": "35.6664", "lng": "139.3160"},
	{"code": "205834", "name": "信濃町", "lat": "36.8066", "lng": "138.2070"},
	{"code": "103829", "name": "南牧村", "lat": "36.1580", "lng": "138.7110"}]', 'tree') AS load \gset
SELECT municipality, prefecture, name_ja, kana, valid, public.ST_AsText(location) AS location
FROM registry.municipality
WHERE municipality::text ~ '^(13|14|10|20)'
	AND name_ja IN ('新宿区', '渋谷区', '横浜市', '横浜市鶴見区', '川崎市', '八王子市', '信濃町', '南牧村')
ORDER BY municipality;

\echo -- medical areas: no vintage is guessed
\set ON_ERROR_STOP 0
SAVEPOINT s;
SELECT registry.load_medical_areas('[{"published_fy": "R6", "area_code": "1304", "area_name": "区西部"}, {"published_fy": "R7", "area_code": "1304", "area_name": "区西部"}]');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK TO s;
SELECT registry.load_medical_areas('[{"area_code": "1304", "lgcode": "131041"}]');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK TO s;
SELECT registry.load_medical_areas('[{"area_code": "1304", "area_name": "区西部"}]', 'new');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK TO s;
\set ON_ERROR_STOP 1
SELECT registry.load_medical_areas('[
	{"published_fy": "X7", "area_code": "1304", "area_name": "区西部", "pref_name": "東京都", "population_2020": "1267718", "area_2020_km2": "67.83"},
	{"published_fy": "X7", "area_code": "1309", "area_name": "南多摩"},
	{"published_fy": "X7", "area_code": "1304", "area_name": "再掲"},
	{"published_fy": "X6", "area_code": "1303", "area_name": "前の版"},
	{"published_fy": "X7", "area_code": "", "area_name": "コードなし"},
	{"published_fy": "X7", "area_code": "9901", "area_name": "県なし"},
	{"published_fy": "X7", "area_code": "1405", "area_name": "県違い", "pref_name": "東京都"},
	{"published_fy": "X7", "area_code": "1310"},
	{"area_code": "1304", "area": "区西部", "lgcode": "131041", "pop": "349385"},
	{"area_code": "1304", "lgcode": "131041"},
	{"area_code": "", "lgcode": "131130"},
	{"area_code": "1304", "lgcode": "131131"},
	{"area_code": "1304", "lgcode": ""},
	{"area_code": "1304", "lgcode": "141003"},
	{"area_code": "1399", "lgcode": "131130"},
	{"area_code": "1304", "lgcode": "131156"},
	{"comment": "neither"}
]', 'X7', 'made up', '2025-04-01') AS load \gset
SELECT accepted, refused FROM registry.load WHERE load = :load;
SELECT line, code, refused, reason_en FROM registry.load_issue WHERE load = :load ORDER BY line, code;
SELECT * FROM registry.medical_area WHERE vintage = 'X7' ORDER BY area;
SELECT registry.load_medical_areas('[{"area_code": "1304", "area_name": "区西部(前版)"}]', 'X6', 'made up', '2024-04-01') AS load \gset
SELECT registry.area_of('131041', 'X7') AS x7, registry.area_of('131041', 'X6') AS x6, registry.current_vintage('2024-06-01') AS then, registry.current_vintage('2025-06-01') AS later, registry.current_vintage('2000-01-01') AS before;
SELECT registry.load_medical_areas('[{"published_fy": "X7", "area_code": "1304", "area_name": "区西部"}]', '2098') AS load \gset
SELECT accepted, refused, registry.current_vintage('2099-01-01') AS current FROM registry.load WHERE load = :load;

\echo -- institution codes
SELECT registry.load_institution_codes('[
	{"code10": "1310120129", "name": "x", "zip": "", "address": ""},
	{"code10": "", "name": "コードなし"},
	{"code10": "0110119385", "name": "医療法人社団 花園会 花園病院", "zip": "060-8543", "address": "新宿区花園１丁目"},
	{"code10": "0110119385", "name": "再掲"},
	{"code10": "0110116407", "name": ""}
]', 'made up') AS load \gset
SELECT accepted, refused FROM registry.load WHERE load = :load;
SELECT line, code, reason_en FROM registry.load_issue WHERE load = :load ORDER BY line, code;

\echo -- hospitals
SELECT left(outbreak.provisional_institution_code(13, 7)::text, 3) AS provisional;
CREATE TEMP TABLE code AS
SELECT (
	SELECT c
	FROM generate_series(0, 9) AS digit
	CROSS JOIN LATERAL (SELECT head || digit AS c) AS t
	WHERE registry.code_fault('institution', c) IS NULL
) AS code, name, address
FROM (
	VALUES
		('131042001', '医療法人社団　花園会　花園病院', '新宿区花園１－１'),
		('131042002', '同名病院', '渋谷区道玄坂１'),
		('131042003', '医療法人道玄会 同名病院', '渋谷区道玄坂２'),
		('131042004', '新宿第一病院', '八王子市元町')
) AS v (head, name, address);
SELECT registry.load_institution_codes(jsonb_agg(jsonb_build_object('code', code, 'name', name, 'address', address)), 'made up') AS load FROM code \gset
SELECT accepted, refused FROM registry.load WHERE load = :load;

\set list '[{"ID": "h1", "正式名称": "医療法人社団花園会　花園病院", "都道府県コード": "13", "市区町村コード": "104", "所在地": "東京都新宿区花園１丁目１番１号", "所在地座標（緯度）": "35.6930", "所在地座標（経度）": "139.7099", "一般病床": "100", "療養病床": "", "精神病床": "", "結核病床": "", "感染症病床": "4", "合計病床数": "104"},{"id": "h2", "name": "同名病院", "prefecture": "13", "municipality": "113", "lat": "0.0", "lng": "0.0", "beds_general": "20", "beds_licensed": "30"},{"id": "h3", "name": "新宿第一病院", "prefecture": "13", "municipality": "104", "lat": "35.70", "lng": "139.70"},{"id": "h4", "name": "遠い病院", "prefecture": "13", "municipality": "104", "lat": "35.6660", "lng": "139.3161", "beds_general": "1", "beds_licensed": "1"},{"id": "h5", "name": "他県病院", "prefecture": "10", "municipality": "382", "lat": "36.8060", "lng": "138.2071", "beds_general": "約20", "beds_licensed": "20"},{"id": "h6", "name": "新区病院", "prefecture": "14", "municipality": "199", "address": "神奈川県横浜市鶴見区中央１", "lat": "10.0", "lng": "139.70", "beds_licensed": "0"},{"id": "h7", "name": "どこか病院", "prefecture": "14", "municipality": "198", "address": "横浜"},{"id": "h1", "name": "再掲", "prefecture": "13"},{"id": "", "name": "IDなし", "prefecture": "13"},{"id": "h9", "name": "", "prefecture": "13"},{"id": "h10", "name": "県なし", "prefecture": "48"},7]'
SELECT registry.load_hospitals(:'list', 'made up') AS load \gset
SELECT accepted, refused FROM registry.load WHERE load = :load;
SELECT line, code, refused, reason_en FROM registry.load_issue WHERE load = :load ORDER BY line, code;
SELECT i.value, o.name_ja, outbreak.is_provisional(o.institution) AS provisional, o.prefecture, o.municipality, o.location IS NOT NULL AS located,
	o.beds_general AS g, o.beds_long_term AS l, o.beds_psychiatric AS p, o.beds_tuberculosis AS t, o.beds_infectious AS i, o.beds_licensed AS all
FROM registry.institution_identifier i
JOIN registry.institution o ON o.institution OPERATOR(outbreak.=) i.institution
WHERE i.system = 'iryojoho' AND i.value ~ '^h[0-9]$'
ORDER BY i.value;

\echo -- loaded again: the same codes; what only we know stays; who is gone is listed; a code that became known is noted
CREATE TEMP TABLE before AS
SELECT value, institution::text AS institution FROM registry.institution_identifier WHERE system = 'iryojoho' AND value ~ '^h[0-9]$';
UPDATE registry.institution o
SET phone = '03-0000-0000', contact = '事務長', location = 'POINT(139.7 35.66)'::public.geography
FROM before b
WHERE b.institution = o.institution::text AND b.value = 'h2';
UPDATE registry.institution_code_list SET name_ja = '別名病院' WHERE name_ja = '医療法人道玄会 同名病院';
SELECT registry.load_hospitals((:'list'::jsonb - 0) || '[{"id": "h0", "name": "新病院", "prefecture": "13", "municipality": "104", "beds_licensed": "9", "beds_general": "9"}]', 'made up') AS load \gset
SELECT accepted, refused FROM registry.load WHERE load = :load;
SELECT line, code, refused, regexp_replace(reason_en, '[0-9]{9}', 'nnnnnnnnn', 'g') AS reason_en
FROM registry.load_issue
WHERE load = :load AND code IN ('missing_from_list', 'code_now_known', 'code_ambiguous')
	AND (record ->> 'id' IN ('h1', 'h2', 'h3'))
ORDER BY line, code;
SELECT count(*) FILTER (WHERE b.institution <> i.institution::text) AS changed_codes, count(*) AS compared
FROM before b
JOIN registry.institution_identifier i ON i.system = 'iryojoho' AND i.value = b.value;
SELECT i.value, o.phone, o.contact, public.ST_AsText(o.location) AS location, o.beds_licensed
FROM registry.institution_identifier i
JOIN registry.institution o ON o.institution OPERATOR(outbreak.=) i.institution
WHERE i.system = 'iryojoho' AND i.value = 'h2';

\echo -- every kind of issue is in the list of kinds, with both texts
SELECT count(*) FILTER (WHERE k.code IS NULL OR i.reason_ja = '' OR i.reason_en = '' OR i.refused <> k.refused) AS unexplained
FROM registry.load_issue i
LEFT JOIN registry.issue_kind k ON k.code = i.code;
ROLLBACK;
