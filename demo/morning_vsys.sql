-- What an official of the ministry looks at in the morning of :day, after the report on the hospitals. Reads only, as the role of the ministry.
\set ON_ERROR_STOP on
\set QUIET on
\pset pager off
\pset border 1
\pset footer off
\pset null '－'
\pset format aligned
SET ROLE outbreak_ministry;
SELECT :'day'::date + time '09:00' AS now \gset
SELECT max(round) AS round FROM vsys.round WHERE name_ja = '第9クール' \gset

\echo
\echo '════════════════════════════════════════════════════════════════════════════════'
SELECT format('%s 朝のワクチン接種状況 / vaccination on the morning of %s', to_char(date :'day', 'YYYY年FMMM月FMDD日'), :'day') AS title \gset
\echo :title
\echo '配分・配送・接種の中身は架空です / what was asked for, brought and given is invented'
\echo '════════════════════════════════════════════════════════════════════════════════'

\echo
\echo '■ 第9クールの割当 / what round 9 allotted, in boxes of 195 vials'
SELECT f.name AS "枠 / frame",
	sum(u.granted) AS "箱 / boxes",
	count(*) FILTER (WHERE u.granted > 0) AS "配分先 / units",
	min(a.rule) AS "方式 / rule"
FROM vsys.round_run AS x
JOIN allocation.run AS a ON a.run = x.run
JOIN allocation.run_unit AS u ON u.run = x.run
JOIN (
	VALUES (1, '基本計画枠 / basic'), (3, '調整枠 / adjustment'), (5, '追加枠 / bonus'), (6, '施設への配分 / to the sites')
) AS f (frame, name) ON f.frame = x.frame
WHERE x.round = :round
	AND x.pass = (SELECT pass FROM vsys.round WHERE round = :round)
GROUP BY f.frame, f.name
ORDER BY f.frame;
SELECT p.name_ja AS "都道府県",
	sum(a.vials) / 195 AS "箱 / boxes",
	to_char(sum(a.vials) * 6, 'FM9,999,999') AS "回分 / doses",
	count(*) FILTER (WHERE a.vials > 0) AS "施設 / sites",
	round(1000.0 * sum(a.vials) * 6 / n.persons, 1) AS "千人当たり回分 / doses a 1,000"
FROM vsys.allotment AS a
JOIN registry.prefecture AS p ON p.prefecture = a.prefecture
JOIN (SELECT prefecture, sum(persons) AS persons FROM vsys.population GROUP BY prefecture) AS n ON n.prefecture = a.prefecture
WHERE a.round = :round
	AND a.prefecture = ANY ('{1,13,14,23,27,31,40,47}'::integer[])
GROUP BY a.prefecture, p.name_ja, n.persons
ORDER BY a.prefecture;

\echo '■ 大阪府はなぜこの数か / why Osaka got its number                  vsys.explain(round, unit)'
SELECT '  ' || ja || E'\n  ' || en AS line
FROM vsys.explain(:round, '27')
\g (format=unaligned tuples_only=on)
\echo

\echo '■ 本日の配送 / deliveries of today'
SELECT p.name_ja AS "都道府県",
	count(*) AS "件 / stops",
	sum(d.vials) / 195 AS "箱 / boxes",
	count(*) FILTER (WHERE d.state = 'shipped') AS "輸送中 / on the road",
	count(*) FILTER (WHERE d.state = 'planned') AS "未確認 / not confirmed"
FROM vsys.delivery AS d
JOIN registry.prefecture AS p ON p.prefecture = d.prefecture
WHERE d.on_date = :'day'
	AND d.state <> ALL ('{cancelled,rerouted}'::text[])
GROUP BY d.prefecture, p.name_ja
ORDER BY 2 DESC, d.prefecture
LIMIT 8;
\echo '  通知が確認されていない配送 / deliveries of the next days of which the site has not confirmed that it knows     vsys.unnoticed(as_of)'
SELECT u.on_date AS "配送日",
	p.name_ja AS "都道府県",
	i.name_ja AS "施設 / site",
	u.vials AS "バイアル",
	b.company_ja AS "配送 / by",
	b.phone AS "電話 / phone"
FROM vsys.unnoticed(:'now') AS u
JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) u.site
JOIN registry.prefecture AS p ON p.prefecture = u.prefecture
JOIN vsys.branch AS b ON b.organisation = u.branch
WHERE u.recipient = 'site'
ORDER BY u.on_date, u.site
LIMIT 5;

\echo '■ 在庫日数の短い市区町村 / towns whose stock lasts the shortest        vsys.days_of_cover(as_of)'
SELECT p.name_ja || ' ' || m.name_ja AS "市区町村 / municipality",
	c.on_hand AS "在庫 回分 / doses on hand",
	c.per_day AS "1日 / a day",
	c.days_left AS "日数 / days"
FROM vsys.days_of_cover(:'now') AS c
JOIN registry.municipality AS m ON m.municipality::text = c.area
JOIN registry.prefecture AS p ON p.prefecture = c.prefecture
WHERE c.days_left IS NOT NULL
ORDER BY c.days_left, c.area
LIMIT 6;
SELECT to_char(sum(on_hand), 'FM999,999,999') AS on_hand FROM vsys.days_of_cover(:'now', 'prefecture') \gset
SELECT to_char(sum(vials), 'FM999,999,999') AS in_transit FROM vsys.in_transit(:'now') \gset
\echo '  全国の在庫 / on hand in the nation:' :on_hand '回分 / doses; 輸送中 / in transit:' :in_transit 'バイアル / vials'
\echo

\echo '■ 本日中に使うもの / to be used today                                vsys.use_today(site)'
SELECT p.name_ja AS "都道府県",
	i.name_ja AS "施設 / site",
	u.lot AS "ロット",
	u.vials AS "バイアル",
	u.open_doses AS "開封済 回分",
	to_char(u.expires_at, 'MM-DD HH24:MI') AS "期限 / until",
	CASE WHEN u.expired THEN '期限切れ・廃棄 / over' ELSE '使用 / use' END AS "　"
FROM (
	SELECT DISTINCT site
	FROM vsys.storage_move
	WHERE moved_at >= :'day'
	ORDER BY site
	LIMIT 20
) AS s
CROSS JOIN LATERAL vsys.use_today(s.site, :'now') AS u
JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) s.site
JOIN registry.prefecture AS p ON p.prefecture = i.prefecture
ORDER BY u.expires_at, i.institution
LIMIT 6;

\echo '■ 使用率 / usage rate: 登録の遅い町を罰しない / a town that enters late is not punished      vsys.usage_rate(as_of)'
\echo '  登録: doses entered; 使用率: raw; 補正: corrected for what is not entered yet; 区間: between these in 19 of 20 cases'
SELECT p.name_ja || ' ' || m.name_ja AS "市区町村 / municipality",
	u.delivered AS "配送 回分",
	u.given AS "登録",
	round(100 * u.raw, 1) AS "使用率%",
	round(100 * u.corrected, 1) AS "補正%",
	format('%s－%s', round(100 * u.lower, 1), round(100 * u.upper, 1)) AS "区間%",
	u.entered_within_3_days AS "3日以内登録 / within 3 days"
FROM vsys.usage_rate(:'now') AS u
JOIN registry.municipality AS m ON m.municipality::text = u.area
JOIN registry.prefecture AS p ON p.prefecture = u.prefecture
WHERE u.given > 0
ORDER BY u.entered_within_3_days NULLS LAST, u.area;

\echo '■ 接種率 / coverage of the places whose doses are known by person, first dose      vsys.coverage(programme, level, by_age)'
SELECT p.name_ja || ' ' || m.name_ja AS "市区町村 / municipality",
	c.age_from || '－' || coalesce((c.age_before - 1)::text, '') AS "年齢 / age",
	c.doses_lower || CASE WHEN c.doses_upper > c.doses_lower THEN '－' || c.doses_upper ELSE '' END AS "人 / persons",
	c.percent_lower || CASE WHEN c.percent_upper > c.percent_lower THEN '－' || c.percent_upper ELSE '' END AS "%"
FROM vsys.coverage('covid19_primary', 'municipality', true) AS c
JOIN registry.municipality AS m ON m.municipality::text = c.area
JOIN registry.prefecture AS p ON p.prefecture = c.prefecture
WHERE c.dose_number = 1
	AND c.age_from >= 65
	AND c.doses_upper > 0
ORDER BY c.area, c.age_from
LIMIT 12;
SELECT p.name_ja AS "都道府県", c.doses_lower AS "1回目 / first doses", c.percent_lower AS "%"
FROM vsys.coverage('covid19_primary', 'prefecture') AS c
JOIN registry.prefecture AS p ON p.prefecture = c.prefecture
WHERE c.dose_number = 1
	AND c.doses_lower > 0
ORDER BY c.prefecture;

\echo '■ 修正待ちの接種記録 / entries of doses that wait to be mended, without whose they are      vsys.issue_counts(level, as_of)'
SELECT c.message_ja AS "理由 / what is wrong",
	c.waiting AS "件 / entries",
	to_char(c.oldest_at, 'MM-DD HH24:MI') AS "最も古い / since"
FROM vsys.issue_counts('nation', :'now') AS c
ORDER BY c.waiting DESC, c.code;

\echo '■ 公平性 / fairness among prefectures                                vsys.fairness(as_of)'
SELECT CASE f.measure
		WHEN 'delivered_per_person' THEN '1人当たり配送 / delivered per person'
		WHEN 'vaccinated_per_person' THEN '1人当たり接種 / vaccinated per person'
		ELSE '配送に対する使用 / used of delivered'
	END AS "指標 / measure",
	f.lowest AS "最小", l.name_ja AS "　", f.highest AS "最大", h.name_ja AS "　　",
	f.min_max_ratio AS "最小/最大", f.gini AS "ジニ係数"
FROM vsys.fairness(:'now') AS f
LEFT JOIN registry.prefecture AS l ON l.code::text = f.lowest_area
LEFT JOIN registry.prefecture AS h ON h.code::text = f.highest_area;

\echo '■ 予約 / bookings: places by programme and day'
SELECT r.name_ja || ' / ' || r.name_en AS "事業 / programme",
	e.mode AS "受付 / way",
	min(e.on_date) || '－' || max(e.on_date) AS "日程 / days",
	sum(s.capacity) AS "定員 / places",
	sum(s.taken) AS "予約 / taken"
FROM vsys.session AS e
JOIN vsys.slot AS s ON s.session = e.session
JOIN vsys.programme AS r ON r.programme = e.programme
GROUP BY r.name_ja, r.name_en, e.mode
ORDER BY 1;
SELECT decided FROM vsys.allocator \gset
\echo '  順番予約で決まった申込 / requests decided in their order:' :decided
\echo

\echo '■ 公開されている予約状況 / what the public site shows in Osaka prefecture, now      outbreak.site_availability(site)'
SELECT CASE a.status
		WHEN 'available' THEN '予約可能 / available'
		WHEN 'few' THEN '残り僅か / few left'
		WHEN 'full' THEN '予約不可 / full'
		WHEN 'unneeded' THEN '予約不要 / no reservation needed'
		ELSE '施設に確認 / ask the site'
	END AS "状況 / status",
	count(*) AS "施設 / sites",
	sum(a.free) AS "空き / free places"
FROM vsys.site AS s
CROSS JOIN LATERAL outbreak.site_availability(s.site) AS a
WHERE s.prefecture = 27
	AND s.public
	AND s.state = 'open'
GROUP BY a.status
ORDER BY array_position('{available,few,full,unneeded}'::text[], a.status);
