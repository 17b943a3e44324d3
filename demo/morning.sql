-- What an official of the ministry looks at in the morning after :day. Reads only, as the role of the ministry.
\set ON_ERROR_STOP on
\set QUIET on
\pset pager off
\pset border 1
\pset footer off
\pset null '－'
\pset format aligned
SET ROLE outbreak_ministry;

\echo '════════════════════════════════════════════════════════════════════════════════'
SELECT format('%s 現在の朝の報告 / the morning report for %s', to_char(date :'day', 'YYYY年FMMM月FMDD日'), :'day') AS title \gset
\echo :title
\echo '報告の中身は架空です / what the reports say is invented'
\echo '════════════════════════════════════════════════════════════════════════════════'

\echo
\echo '■ 報告率 / reporting rate                              gmis.reporting_rate(on_date)'
SELECT CASE population
		WHEN 'designated' THEN '感染症指定医療機関 / designated hospitals'
		WHEN 'hospital' THEN '病院 / hospitals'
		WHEN 'clinic' THEN '診療・検査医療機関 / fever clinics'
	END AS "区分 / institutions",
	to_char(registered, 'FM999,999') AS "登録 / registered",
	to_char(reported, 'FM999,999') AS "報告 / reported",
	rate_pct AS "率 / rate %"
FROM gmis.reporting_rate(:'day')
WHERE population <> 'all'
	AND registered > 0
ORDER BY array_position('{hospital,designated,clinic}'::text[], population);

\echo '■ 病床使用率 / bed use, nation and the ten fullest prefectures      gmis.bed_occupancy(on_date)'
\echo '  報告: reported of expected; 確保・即応・使用: secured, ready, occupied; 重症: severe'
\echo '  下限－上限: between these lies what is occupied, as the missing reports leave it open'
SELECT name_ja AS "地域",
	format('%s/%s', reported, expected) AS "報告",
	beds_secured AS "確保",
	beds_ready AS "即応",
	beds_occupied AS "使用",
	use_pct AS "使用率%",
	format('%s－%s', beds_occupied_lower, coalesce(beds_occupied_upper::text, '?')) AS "下限－上限",
	severe_secured AS "重症確保",
	severe_occupied AS "重症使用",
	severe_use_pct AS "重症%"
FROM (
	SELECT 0 AS part, b.*
	FROM gmis.bed_occupancy(:'day', 'nation') AS b
	UNION ALL
	(
		SELECT 1, b.*
		FROM gmis.bed_occupancy(:'day', 'prefecture') AS b
		ORDER BY b.use_pct DESC NULLS LAST, b.area
		LIMIT 10
	)
) AS b
ORDER BY part, use_pct DESC NULLS LAST, area;

SELECT EXISTS (SELECT FROM registry.medical_area) AS areas \gset
\if :areas
\echo '■ 使用率の高い二次医療圏 / the fullest medical areas      gmis.bed_occupancy(on_date, level => ''medical_area'')'
SELECT p.name_ja AS "都道府県",
	b.name_ja AS "医療圏",
	format('%s/%s', b.reported, b.expected) AS "報告",
	b.beds_secured AS "確保",
	b.beds_occupied AS "使用",
	b.use_pct AS "使用率%"
FROM gmis.bed_occupancy(:'day', 'medical_area') AS b
LEFT JOIN registry.prefecture AS p ON p.prefecture = left(b.area, 2)::smallint
WHERE b.beds_secured >= 50
	AND b.area IS NOT NULL
ORDER BY b.use_pct DESC NULLS LAST, b.area
LIMIT 6;
\endif

\echo '■ 47都道府県の病床使用率 / bed use of all 47 prefectures, %'
WITH cell AS (
	SELECT format('%s %s', rpad(replace(b.name_ja, '県', ''), 4, '　'), lpad(coalesce(b.use_pct::text, '－'), 3)) AS text,
		(row_number() OVER (ORDER BY b.area) - 1) % 8 AS line,
		(row_number() OVER (ORDER BY b.area) - 1) / 8 AS place
	FROM gmis.bed_occupancy(:'day', 'prefecture') AS b
)
SELECT string_agg(c.text, '    ' ORDER BY c.place) AS line
FROM cell AS c
GROUP BY c.line
ORDER BY c.line
\g (format=unaligned tuples_only=on)

\echo
\echo '■ 新たに停止した診療機能 / services stopped since the last report      gmis.stopped(on_date)'
SELECT p.name_ja AS "都道府県",
	s.name_ja AS "医療機関 / institution",
	s.service_ja AS "機能",
	coalesce(s.status_before, '－') || ' → 停止' AS "変化 / change"
FROM gmis.stopped(:'day') AS s
JOIN registry.prefecture AS p ON p.prefecture = s.prefecture
ORDER BY s.prefecture, s.institution
LIMIT 12;
SELECT string_agg(format('%s %s', c.name_ja, c.stopped), '  ' ORDER BY c.position) AS stopped
FROM (
	SELECT v.name_ja, v.position, sum(n.stopped) AS stopped
	FROM gmis.service_counts(:'day', 'nation') AS n
	JOIN gmis.service AS v ON v.service = n.service
	GROUP BY v.name_ja, v.position
) AS c \gset
\echo '  停止中の総数 / stopped in all:' :stopped
\echo

\echo '■ 7日以内に尽きる物資 / supplies that run out within 7 days      gmis.supply_outlook(on_date)'
SELECT i.name_ja || ' / ' || i.name_en AS "物資 / item",
	count(*) AS "医療機関数 / institutions",
	min(o.days_left) AS "最短日数 / least days"
FROM gmis.supply_outlook(:'day') AS o
JOIN gmis.supply_item AS i ON i.item = o.item
WHERE o.days_left < 7
GROUP BY i.name_ja, i.name_en
ORDER BY 2 DESC, 1;
\echo '  在庫: stock; 1日使用: used a day; 入荷予定: arrivals expected; 残り日数: days left'
SELECT p.name_ja AS "都道府県",
	o.name_ja AS "医療機関",
	i.name_ja AS "物資",
	o.stock AS "在庫",
	o.used_per_day AS "1日使用",
	o.expected_arrivals AS "入荷予定",
	o.days_left AS "残り日数"
FROM gmis.supply_outlook(:'day') AS o
JOIN gmis.supply_item AS i ON i.item = o.item
JOIN registry.prefecture AS p ON p.prefecture = o.prefecture
ORDER BY o.days_left, o.institution, o.item
LIMIT 8;

\echo '■ 理由を求める警告 / warnings that want a reason: 未回答 open, 回答済 answered      report.finding'
SELECT format('  %s open, %s answered  %s: %s', lpad(count(*) FILTER (WHERE f.reason IS NULL)::text, 3), lpad(count(f.reason)::text, 3),
	r.code, replace(r.message_ja, '理由を入力してください。', '')) AS line
FROM report.finding AS f
JOIN report.rule AS r ON r.form = f.form AND r.code = f.code
WHERE f.period = :'day'
GROUP BY r.code, r.message_ja
ORDER BY count(*) FILTER (WHERE f.reason IS NULL) DESC, r.code
LIMIT 8
\g (format=unaligned tuples_only=on)
\echo
SELECT p.name_ja AS "都道府県",
	i.name_ja AS "医療機関 / institution",
	f.code AS "規則 / rule",
	coalesce(f.reason, '(未回答 / open)') AS "理由 / reason"
FROM report.finding AS f
JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) f.reporter
JOIN registry.prefecture AS p ON p.prefecture = i.prefecture
WHERE f.period = :'day'
	AND f.form = 'gmis.daily'::regclass
ORDER BY f.reason IS NULL, f.reporter, f.code
LIMIT 8;

\echo '■ 差し戻した行 / rejected rows      report.rejected, mend with report.resubmit(id, patch)'
SELECT format('  #%s %s %s (%s)', r.id, p.name_ja, i.name_ja, r.reporter)
	|| string_agg(format(E'\n      %s: %s %s', v.finding ->> 'code', v.finding ->> 'message_ja', (
		SELECT string_agg(n || '=' || coalesce(r.record ->> n, '?'), ' ')
		FROM jsonb_array_elements_text(v.finding -> 'fields') AS n
	)), '' ORDER BY v.finding ->> 'code') AS line
FROM report.rejected AS r
JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) r.reporter
JOIN registry.prefecture AS p ON p.prefecture = i.prefecture
CROSS JOIN LATERAL jsonb_array_elements(r.findings) AS v (finding)
WHERE r.resubmitted_at IS NULL
	AND v.finding ->> 'severity' = 'error'
	AND v.finding ->> 'verdict' = 'violated'
GROUP BY r.id, p.name_ja, i.name_ja, r.reporter
ORDER BY r.id
LIMIT 10
\g (format=unaligned tuples_only=on)
\echo

\echo '■ 未報告の指定医療機関 / designated hospitals that did not report, whom to call      gmis.silent(on_date)'
SELECT p.name_ja AS "都道府県",
	s.name_ja AS "医療機関 / institution",
	s.silent_since AS "未報告開始 / since",
	s.days AS "日数 / days",
	s.contact AS "連絡先 / contact",
	s.phone AS "電話 / phone"
FROM gmis.silent(:'day') AS s
JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) s.institution
JOIN registry.prefecture AS p ON p.prefecture = s.prefecture
WHERE 'designated_infectious_disease' = ANY (i.designation)
ORDER BY s.days, s.institution
LIMIT 10;
SELECT count(*) AS silent,
	count(*) FILTER (WHERE s.days <= 14) AS lately
FROM gmis.silent(:'day') AS s
JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) s.institution
WHERE i.kind = 'hospital' \gset
\echo '  未報告の病院 / silent hospitals in all:' :silent ' うち14日以内に途絶 / fell silent within 14 days:' :lately
\echo

\echo '■ 東京駅に最も近い空床 / free beds nearest to Tokyo Station      gmis.nearest_free(location, bed_kind)'
SELECT n.name_ja AS "医療機関 / institution",
	round(n.distance_m) AS "距離 m",
	n.free AS "空床 / free",
	to_char(n.reported_at, 'MM-DD HH24:MI') AS "報告 / reported"
FROM gmis.nearest_free(st_setsrid(st_makepoint(139.7671, 35.6812), 4326), 'general', 2, 5, now(), now() - :'day') AS n
ORDER BY n.distance_m;
