INSERT INTO gmis.service (service, name_ja, name_en, public, position)
VALUES
	('inpatient', '入院', 'Inpatient care', true, 1),
	('outpatient', '外来', 'Outpatient care', true, 2),
	('emergency', '救急', 'Emergency care', true, 3),
	('surgery', '手術', 'Surgery', false, 4),
	('dialysis', '透析', 'Dialysis', false, 5),
	('chemotherapy', '化学療法', 'Chemotherapy', false, 6);

INSERT INTO gmis.supply_item (item, name_ja, name_en, unit)
VALUES
	('surgical_mask', 'サージカルマスク', 'Surgical masks', '枚'),
	('n95_mask', 'N95等マスク', 'N95 and equal masks', '枚'),
	('isolation_gown', 'アイソレーションガウン', 'Isolation gowns', '枚'),
	('face_shield', 'フェイスシールド', 'Face shields', '枚'),
	('goggles', 'ゴーグル', 'Goggles', '個'),
	('gloves', '非滅菌手袋', 'Non-sterile gloves', '双');

-- ---- rules of the daily survey ------------------------------------------------------------
-- Sources: the machine-checkable rules of the NHSN hospital form (facts 3.1) where G-MIS publishes none.

-- Every count lies in 0 to 10,000.
INSERT INTO report.rule (form, code, expression, severity, message_ja, message_en)
SELECT 'gmis.daily'::regclass,
	item.name || '_range',
	format('%I BETWEEN 0 AND 10000', item.name),
	'error',
	format('%sは0から10,000までの整数で入力してください。', split_part(item.label, ' / ', 1)),
	format('%s must lie between 0 and 10,000.', item.name)
FROM (
	SELECT a.attname AS name, col_description(a.attrelid, a.attnum) AS label
	FROM pg_attribute AS a
	WHERE a.attrelid = 'gmis.daily'::regclass
		AND a.attnum > 0
		AND a.atttypid = 'integer'::regtype
) AS item;

-- A part is not above its whole.
INSERT INTO report.rule (form, code, expression, severity, message_ja, message_en)
SELECT 'gmis.daily'::regclass,
	format('%s_within_%s', bound.part, bound.whole),
	format('%I <= %I', bound.part, bound.whole),
	bound.severity,
	format(
		CASE bound.severity
			WHEN 'error' THEN '%sは%sを超えられません。'
			ELSE '%sが%sを超えています。理由を入力してください。'
		END,
		split_part(col_description('gmis.daily'::regclass, part.attnum), ' / ', 1),
		split_part(col_description('gmis.daily'::regclass, whole.attnum), ' / ', 1)
	),
	format(
		CASE bound.severity
			WHEN 'error' THEN '%s must not be above %s.'
			ELSE '%s is above %s. Give the reason.'
		END,
		bound.part, bound.whole
	)
FROM (
	VALUES
		('beds_ready', 'beds_secured', 'error'),
		('severe_secured', 'beds_secured', 'error'),
		('severe_ready', 'severe_secured', 'error'),
		('severe_occupied', 'beds_occupied', 'error'),
		('icu_used', 'icu_present', 'error'),
		('ventilators_used', 'ventilators_present', 'error'),
		('ecmo_used', 'ecmo_present', 'error'),
		('ventilator_patients', 'inpatients', 'error'),
		('severe_patients', 'inpatients', 'error'),
		('positives', 'tests', 'error'),
		-- a surge puts patients into beds that were not secured for them
		('beds_occupied', 'beds_secured', 'warning'),
		('severe_occupied', 'severe_secured', 'warning'),
		-- only patients of the disease are counted as occupants
		('beds_occupied', 'inpatients', 'warning'),
		-- who is on a ventilator is a severe case by definition
		('ventilator_patients', 'severe_patients', 'warning')
) AS bound (part, whole, severity)
JOIN pg_attribute AS part ON part.attrelid = 'gmis.daily'::regclass AND part.attname = bound.part
JOIN pg_attribute AS whole ON whole.attrelid = 'gmis.daily'::regclass AND whole.attname = bound.whole;

-- The state of staff is one of three words.
INSERT INTO report.rule (form, code, expression, severity, message_ja, message_en)
SELECT 'gmis.daily'::regclass,
	staff.item || '_known',
	format('%I IN (''通常'', ''欠員あり'', ''枯渇'')', staff.item),
	'error',
	format('%sは「通常」「欠員あり」「枯渇」のいずれかを選んでください。', staff.label_ja),
	format('%s must be 通常, 欠員あり or 枯渇.', staff.item)
FROM (
	VALUES
		('doctors', '医師の充足状況'),
		('nurses', '看護師の充足状況'),
		('other_staff', 'その他職員の充足状況')
) AS staff (item, label_ja);

-- Jumps against the previous report: by more than half of it, and by more than 20.
INSERT INTO report.rule (form, code, expression, severity, message_ja, message_en)
SELECT 'gmis.daily'::regclass,
	jump.item || '_jump',
	format('abs(%1$I - previous.%1$I) <= 20 OR 2 * abs(%1$I - previous.%1$I) <= previous.%1$I', jump.item),
	'warning',
	format('%sが前回の報告から大きく(半分を超え、かつ20を超えて)変わりました。理由を入力してください。', jump.label_ja),
	format('%s changed by more than half and by more than 20 since the previous report. Give the reason.', jump.item)
FROM (
	VALUES
		('beds_secured', '確保病床数'),
		('inpatients', '入院患者数')
) AS jump (item, label_ja);

INSERT INTO report.rule (form, code, expression, severity, message_ja, message_en)
VALUES
	(
		'gmis.daily', 'ventilator_patients_per_ventilator', 'ventilator_patients <= 4 * ventilators_used', 'error',
		'人工呼吸器装着患者数は、人工呼吸器使用数の4倍を超えられません。',
		'ventilator_patients must not be above four times ventilators_used.'
	);

-- ---- rules of the other surveys -----------------------------------------------------------

INSERT INTO report.rule (form, code, expression, severity, message_ja, message_en)
VALUES
	(
		'gmis.service_status', 'status_known', 'status IN (''通常'', ''制限'', ''停止'', ''設置なし'')', 'error',
		'提供状況は「通常」「制限」「停止」「設置なし」のいずれかを選んでください。',
		'status must be 通常, 制限, 停止 or 設置なし.'
	),
	(
		'gmis.service_status', 'status_installed_overnight', 'NOT (previous.status = ''設置なし'' AND status = ''通常'')', 'warning',
		'前回「設置なし」の診療機能が「通常」になりました。理由を入力してください。',
		'A service that was not installed (設置なし) in the previous report is now normal (通常). Give the reason.'
	),
	(
		'gmis.weekly_supply', 'week_on_monday', 'extract(isodow FROM week_on) = 1', 'error',
		'調査週は月曜日の日付で入力してください。',
		'week_on must be a Monday.'
	),
	(
		'gmis.weekly_supply', 'stock_range', 'stock BETWEEN 0 AND 10000000', 'error',
		'在庫数は0から10,000,000までの整数で入力してください。',
		'stock must lie between 0 and 10,000,000.'
	),
	(
		'gmis.weekly_supply', 'used_range', 'used BETWEEN 0 AND 10000000', 'error',
		'使用数は0から10,000,000までの整数で入力してください。',
		'used must lie between 0 and 10,000,000.'
	),
	(
		'gmis.weekly_supply', 'expected_arrivals_range', 'expected_arrivals BETWEEN 0 AND 10000000', 'error',
		'入荷予定数は0から10,000,000までの整数で入力してください。',
		'expected_arrivals must lie between 0 and 10,000,000.'
	),
	(
		'gmis.weekly_supply', 'used_within_supply', 'used <= previous.stock + previous.expected_arrivals', 'warning',
		'使用数が前回の在庫数と入荷予定数の合計を超えています。理由を入力してください。',
		'used is above the previous stock and the arrivals expected then. Give the reason.'
	),
	(
		'gmis.weekly_supply', 'stock_within_supply', 'stock <= previous.stock + previous.expected_arrivals - used', 'warning',
		'在庫数が、前回の在庫数と入荷予定数から使用数を引いた数を超えています。理由を入力してください。',
		'stock is above what the previous stock and the arrivals expected then leave after use. Give the reason.'
	);

-- ---- date windows of all surveys ----------------------------------------------------------
-- The zone is a literal: a rule that is judged again when a dump is restored may not depend on a setting.

INSERT INTO report.rule (form, code, expression, severity, message_ja, message_en)
SELECT survey.form::regclass,
	survey.period || '_not_future',
	format('%I <= (reported_at AT TIME ZONE ''Asia/Tokyo'')::date', survey.period),
	'error',
	'未来の日付は報告できません。',
	format('%s must not be after the day of reporting.', survey.period)
FROM (
	VALUES
		('gmis.daily', 'on_date'),
		('gmis.service_status', 'on_date'),
		('gmis.weekly_supply', 'week_on')
) AS survey (form, period)
UNION ALL
-- an import brings history, and is late on purpose
SELECT survey.form::regclass,
	survey.period || '_not_old',
	format('source = ''import'' OR %I >= (reported_at AT TIME ZONE ''Asia/Tokyo'')::date - 31', survey.period),
	'warning',
	'31日を超えて前の日付の報告です。理由を入力してください。',
	format('%s is more than 31 days before the day of reporting. Give the reason.', survey.period)
FROM (
	VALUES
		('gmis.daily', 'on_date'),
		('gmis.service_status', 'on_date'),
		('gmis.weekly_supply', 'week_on')
) AS survey (form, period);
