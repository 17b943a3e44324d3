-- What an official of the ministry looks at in the morning after :day, after the report on vaccination. Reads only, as the role of the ministry;
-- the call list at its end as that of a health centre.
\set ON_ERROR_STOP on
\set QUIET on
\pset pager off
\pset border 1
\pset footer off
\pset null '－'
\pset format aligned
SELECT :'day'::date + 1 AS morning, :'day'::date + 1 + time '09:00' AS now \gset
SET ROLE outbreak_ministry;

\echo
\echo '════════════════════════════════════════════════════════════════════════════════'
SELECT format('%s 朝の検疫と健康観察 / quarantine and follow-up on the morning of %s', to_char(:'morning'::date, 'YYYY年FMMM月FMDD日'), :'morning') AS title \gset
\echo :title
\echo '便・入国者・回答は架空、連絡は送信していません / flights, travellers and answers are invented, and no message was sent'
\echo '════════════════════════════════════════════════════════════════════════════════'

\echo
\echo '■ 前日の入国 / arrivals of the day before, by airport          quarantine.throughput(day), forecast(port, day)'
\echo '  色: colour of the entry when its ticket was read; 最大待ち: longest wait by the forecast with all devices; 必要: devices that keep it below 15 minutes'
SELECT p.port || ' ' || p.name_ja AS "空港 / airport",
	sum(h.registered) AS "件 / entries",
	sum(h.persons) AS "人 / persons",
	c.blue AS "青 / blue", c.yellow AS "黄 / yellow", c.red AS "赤 / red",
	sum(h.seen_before) AS "再読 / again",
	sum(h.refused) AS "不可 / refused",
	f.devices AS "端末 / readers",
	f.wait AS "最大待ち / wait",
	f.needed AS "必要 / needed"
FROM quarantine.throughput(:'day') AS h
JOIN quarantine.port AS p ON p.port = h.port
CROSS JOIN LATERAL (
	SELECT count(*) FILTER (WHERE r.colour = 'blue') AS blue, count(*) FILTER (WHERE r.colour = 'yellow') AS yellow, count(*) FILTER (WHERE r.colour = 'red') AS red
	FROM quarantine.reading AS r
	WHERE r.port = p.port
		AND r.scanned_at >= :'day'::date
		AND r.scanned_at < :'morning'::date
		AND r.outcome = 'registered'
) AS c
CROSS JOIN LATERAL (
	SELECT max(f.wait) AS wait, max(f.readers_needed) AS needed, (SELECT count(*) FROM quarantine.reader AS r WHERE r.port = p.port AND r.installed_on IS NOT NULL) AS devices
	FROM quarantine.forecast(p.port, :'day') AS f
) AS f
GROUP BY p.port, p.name_ja, c.blue, c.yellow, c.red, f.devices, f.wait, f.needed
ORDER BY sum(h.persons) DESC;

\echo '■ 時間帯別 / by hour: 人 persons, 秒 median seconds between two readings of a device; 4台なら: queue and wait at Narita with 4 devices'
SELECT to_char(h.hour, 'HH24時') AS "時 / hour",
	sum(h.persons) FILTER (WHERE h.port = 'NRT') AS "NRT",
	sum(h.persons) FILTER (WHERE h.port = 'HND') AS "HND",
	sum(h.persons) FILTER (WHERE h.port = 'KIX') AS "KIX",
	sum(h.persons) FILTER (WHERE h.port = 'NGO') AS "NGO",
	sum(h.persons) FILTER (WHERE h.port = 'FUK') AS "FUK",
	max(h.readers) FILTER (WHERE h.port = 'NRT') AS "NRT端末",
	max(h.per_reader) FILTER (WHERE h.port = 'NRT') AS "件/端末",
	max(h.median_seconds) FILTER (WHERE h.port = 'NRT') AS "秒 / s",
	max(f.queue) AS "4台: 列 / queue",
	max(f.wait) AS "待ち / wait"
FROM quarantine.throughput(:'day') AS h
LEFT JOIN quarantine.forecast('NRT', :'day', 4) AS f ON f.hour = h.hour
GROUP BY h.hour
ORDER BY h.hour;

\echo '■ 読み取れなかった券 / refused, and read before                     quarantine.reading'
SELECT r.outcome AS "結果 / outcome",
	coalesce(r.reason, '') AS "理由 / reason",
	x.message_ja || ' / ' || x.message_en AS "表示 / what the device says",
	count(*) AS "件 / times",
	string_agg(DISTINCT r.port, ' ' ORDER BY r.port) AS "空港"
FROM quarantine.reading AS r
LEFT JOIN quarantine.reason AS x ON x.reason = coalesce(r.reason, r.outcome)
WHERE r.scanned_at >= :'day'::date
	AND r.scanned_at < :'morning'::date
	AND r.outcome <> 'registered'
GROUP BY r.outcome, r.reason, x.message_ja, x.message_en
ORDER BY r.outcome DESC, count(*) DESC, r.reason;

\echo '■ 健康観察 / in follow-up, and who answered, in per cent of the persons asked      quarantine.national_figures(day)'
SELECT f.day AS "日 / day",
	f.in_followup AS "健康観察中 / in follow-up",
	f.health_rate AS "健康 / health %",
	f.location_rate AS "位置 / location %",
	f.video_rate AS "ビデオ / video %",
	f.health_no_reply AS "健康無回答 / no reply",
	f.location_no_reply AS "位置無回答 / no reply",
	f.unreachable AS "4日連絡不能 / unreachable"
FROM generate_series(:'day'::date - 3, :'day'::date, interval '1 day') AS d (day)
CROSS JOIN LATERAL quarantine.national_figures(d.day::date, :'now') AS f
ORDER BY f.day;
SELECT f.port AS "空港 / airport",
	sum(f.in_followup) AS "健康観察中",
	quarantine.rate(sum(f.health_answered)::bigint, sum(f.health_asked)::bigint) AS "健康 %",
	quarantine.rate(sum(f.location_answered)::bigint, sum(f.location_asked)::bigint) AS "位置 %",
	quarantine.rate(sum(f.video_answered)::bigint, sum(f.video_asked)::bigint) AS "ビデオ %",
	sum(f.missed) AS "未回答 / missed",
	sum(f.undelivered) AS "未達 / undelivered"
FROM quarantine.daily_figures(:'day', as_of => :'now') AS f
GROUP BY f.port
ORDER BY 2 DESC;

\echo '■ 4日間連絡不能 / nothing answered for four days                     quarantine.unreachable(day)'
\echo '  未達のみ: our messages did not arrive, so nobody is to blame; a check counts as missed only where the acceptance of its message stands'
SELECT p.name_ja AS "滞在先 / stays in",
	count(*) AS "人 / persons",
	count(*) FILTER (WHERE u.missed > 0) AS "未回答 / did not answer",
	count(*) FILTER (WHERE u.missed = 0) AS "未達のみ / not reached",
	min(u.silent_since) AS "以来 / since"
FROM quarantine.unreachable(:'day') AS u
JOIN registry.prefecture AS p ON p.prefecture = u.prefecture
GROUP BY p.prefecture, p.name_ja
ORDER BY count(*) DESC, p.prefecture
LIMIT 8;
SELECT count(*) AS missed, count(*) FILTER (WHERE s.evidence) AS proven FROM followup.slot AS s WHERE s.day = :'day' AND s.state = 'missed' \gset
\echo '  昨日の未回答 / missed yesterday:' :missed '件、うち受理の証拠あり / of them with an acceptance that stands:' :proven
\echo

\echo '■ 警戒 / open alerts from what people answered                      followup.alert'
SELECT CASE a.level WHEN 'emergency' THEN '緊急 / emergency' WHEN 'warning' THEN '警戒 / warning' ELSE '注意 / caution' END AS "段階 / level",
	t.message_ja AS "内容 / what",
	count(*) AS "件 / alerts",
	count(*) FILTER (WHERE a.day = :'day') AS "昨日 / yesterday",
	string_agg(DISTINCT array_to_string(a.details, '+'), ', ') FILTER (WHERE a.measure = 'emergency_signs') AS "症状 / signs"
FROM followup.alert AS a
JOIN followup.threshold AS t ON t.threshold = a.threshold
WHERE a.state = 'open'
	AND a.raised_at < :'now'
GROUP BY a.level, a.measure, t.message_ja
ORDER BY followup.level_rank(a.level) DESC, count(*) DESC;
SELECT x.reason AS "知事への通知 / governors notified (検疫法18条3項)", count(*) AS "件", count(DISTINCT x.prefecture) AS "都道府県 / prefectures"
FROM followup.notification AS x
WHERE x.made_at < :'now'
GROUP BY x.reason
ORDER BY x.reason;

\echo '■ 機内の接触者 / contacts by seat of positive travellers              quarantine.contact'
SELECT e.conveyance AS "便 / flight",
	to_char(d.found_at, 'MM-DD HH24:MI') AS "判明 / found",
	c.relation AS "関係 / relation",
	c.rows_apart AS "列 / rows apart",
	count(*) AS "人 / persons",
	c.state AS "状態 / state",
	string_agg(coalesce(o.seat_row || o.seat_letter, '－'), ' ' ORDER BY o.seat_row, o.seat_letter) AS "座席 / seats",
	count(DISTINCT c.prefecture) AS "都道府県"
FROM quarantine.detection AS d
JOIN quarantine.traveller AS t ON t.person = d.person
JOIN quarantine.entry AS e ON e.entry = t.entry
JOIN quarantine.contact AS c ON c.detection = d.detection
JOIN quarantine.traveller AS o ON o.person = c.person
WHERE d.found_at BETWEEN :'morning' AND :'now'
GROUP BY e.conveyance, d.found_at, c.relation, c.rows_apart, c.state
ORDER BY 3, 4;

\echo '■ 連絡 / messages of the day before and of this morning, by what became of them       messaging.by_day'
SELECT CASE
		WHEN b.kind LIKE '%.remind' THEN '督促 / reminders'
		WHEN b.kind LIKE '%.second' THEN '別手段 / second channel'
		WHEN b.kind LIKE 'enrolled.%' THEN '登録通知 / enrolled'
		WHEN b.kind LIKE 'quarantine.%' THEN '機内接触 / near a case'
		WHEN b.kind LIKE 'health%' THEN '健康 / health'
		WHEN b.kind LIKE 'location%' THEN '位置 / location'
		ELSE 'ビデオ / video'
	END AS "種別 / kind",
	sum(b.messages) AS "件 / messages",
	sum(b.accepted) AS "受理 / accepted",
	sum(b.bounced) AS "不達 / bounced",
	sum(b.failed) AS "不可 / failed",
	sum(b.expired) AS "期限切れ / expired",
	sum(b.withdrawn) AS "取消 / withdrawn",
	sum(b.waiting) AS "待機 / waiting"
FROM messaging.by_day AS b
WHERE b.day IN (:'day', :'morning')
GROUP BY 1
ORDER BY 2 DESC;

\echo '■ 架電リスト / call lists of health centres: the longest, and the top of one     followup.call_list(health_center, as_of)'
SELECT coalesce(h.name_ja, p.name_ja || ' (保健所未定 / no centre known)') AS "保健所 / health centre",
	count(*) AS "件 / calls",
	count(*) FILTER (WHERE c.reason = 'alert') AS "警戒 / alert",
	count(*) FILTER (WHERE c.reason = 'missed') AS "未回答 / missed",
	count(*) FILTER (WHERE c.reason = 'undelivered') AS "未達 / undelivered"
FROM followup.call AS c
JOIN registry.prefecture AS p ON p.prefecture = c.prefecture
LEFT JOIN registry.health_center AS h ON h.health_center = c.health_center
WHERE c.state = 'open'
	AND c.made_at < :'now'
GROUP BY h.name_ja, CASE WHEN h.name_ja IS NULL THEN p.name_ja END, p.name_ja
ORDER BY 2 DESC, 1
LIMIT 6;
SELECT c.health_center AS center
FROM followup.call AS c
WHERE c.state = 'open'
	AND c.health_center IS NOT NULL
	AND c.made_at < :'now'
GROUP BY c.health_center
ORDER BY count(*) FILTER (WHERE c.reason = 'alert') DESC, count(*) DESC, c.health_center
LIMIT 1 \gset
SELECT name_ja AS center_name FROM registry.health_center WHERE health_center = :center \gset
-- what claims say counts where PostgREST logs in
RESET ROLE;
SET SESSION AUTHORIZATION outbreak_authenticator;
SELECT set_config('request.jwt.claims', json_build_object('role', 'outbreak_health_center', 'health_center', :center)::text, false) AS claims \gset
SET ROLE outbreak_health_center;
\echo ' ' :center_name
SELECT c.person AS "仮ID / pseudonym",
	c.day AS "日目 / day",
	c.reason AS "理由 / reason",
	c.alert_level AS "警戒 / alert",
	to_char(c.last_answer_at, 'MM-DD HH24:MI') AS "最終回答 / last answer",
	c.missed AS "未回答 / missed",
	c.undelivered AS "未達 / undelivered"
FROM followup.call_list(as_of => :'now') AS c
LIMIT 6;
