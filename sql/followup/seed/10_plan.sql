INSERT INTO followup.plan (plan, kind, name_ja, name_en, ends)
VALUES
	('arrival', 'arrival', '入国者健康観察', 'Follow-up of arrivals', 'period'),
	('contact', 'contact', '濃厚接触者健康観察', 'Follow-up of contacts', 'period'),
	('patient', 'patient', '療養者健康観察', 'Follow-up of patients', 'release');

INSERT INTO followup.class (plan, class, name_ja, name_en, is_default)
VALUES
	('arrival', 'standard', '一般', 'everybody else', true),
	('arrival', 'vaccinated', 'ワクチン接種済', 'vaccinated, with a certificate', false),
	('arrival', 'test_release', '検査陰性で短縮', 'released by a negative test on day 3', false),
	('contact', 'standard', '一般', 'everybody', true),
	('patient', 'symptomatic', '有症状', 'with symptoms', true),
	('patient', 'asymptomatic', '無症状', 'without symptoms', false),
	('patient', 'severe', '重症', 'severe: was ventilated', false);

INSERT INTO followup.period (plan, class, valid, days, retroactive, basis)
VALUES
	('arrival', 'standard', '(,2022-01-15)', 14, false, '水際対策 / border measures of 2020: 14 days'),
	('arrival', 'standard', '[2022-01-15,2022-01-29)', 10, false, '水際対策 2022-01-15: 10日 / 10 days for all'),
	('arrival', 'standard', '[2022-01-29,)', 7, true, '水際対策 2022-01-29: 7日、入国済の者にも適用 / 7 days, also for those in the country already'),
	('arrival', 'vaccinated', '(,2021-10-01)', 14, false, '水際対策 / border measures of 2020: 14 days'),
	('arrival', 'vaccinated', '[2021-10-01,2022-01-29)', 10, false, '水際対策 2021-10-01: 接種証明で10日 / 10 days with a certificate'),
	('arrival', 'vaccinated', '[2022-01-29,)', 7, true, '水際対策 2022-01-29: 7日 / 7 days'),
	('arrival', 'test_release', '[2022-03-01,)', 3, false, '水際対策 2022-03-01: 3日目の陰性で解除 / released by a negative test on day 3'),
	('contact', 'standard', '(,)', 14, false, '積極的疫学調査実施要領 / 14 days after the last exposure'),
	('patient', 'symptomatic', '(,2022-09-07)', 10, false, '退院基準 2020-06-12: 発症後10日 / 10 days after onset; release decides'),
	('patient', 'symptomatic', '[2022-09-07,)', 7, true, '療養期間 2022-09-07: 発症後7日 / 7 days after onset; release decides'),
	('patient', 'asymptomatic', '(,2022-01-28)', 10, false, '退院基準 2020-06-12: 検体採取後10日 / 10 days after the specimen; release decides'),
	('patient', 'asymptomatic', '[2022-01-28,)', 7, true, '退院基準 2022-01-28: 検体採取後7日 / 7 days after the specimen; release decides'),
	('patient', 'severe', '(,)', 15, false, '退院基準 2021-02-25: 発症後15日 / 15 days after onset; release decides');

-- the message of 11:00 is answered until 14:00; positions several times, and a call once a day, at random times of the day
INSERT INTO followup.prompt (plan, prompt, valid, per_day, window_from, window_to, answer_within, random, min_gap, children, remind_after, second_channel_after, call_after, notify_after, template)
VALUES
	('arrival', 'health', '[2020-04-14,)', 1, '11:00', '14:00', NULL, false, '0', true, '2 hours', '3 hours', '4 hours', '4 days', 'followup.health'),
	('arrival', 'location', '[2021-03-28,)', 2, '09:00', '21:00', '1 hour', true, '3 hours', false, '30 minutes', NULL, '3 hours', '4 days', 'followup.location'),
	('arrival', 'video', '[2021-03-28,)', 1, '09:00', '18:00', '30 minutes', true, '0', false, NULL, NULL, '2 hours', '4 days', 'followup.video'),
	('contact', 'health', '(,)', 1, '08:00', '12:00', NULL, false, '0', true, '3 hours', '4 hours', '5 hours', NULL, 'followup.health'),
	('patient', 'health', '(,)', 2, '07:00', '19:00', '90 minutes', false, '0', true, '1 hour', '90 minutes', '2 hours', NULL, 'followup.health');

INSERT INTO followup.threshold (plan, measure, level, at_least, at_most, message_ja, message_en)
SELECT p.plan, t.measure, t.level, t.at_least, t.at_most, t.message_ja, t.message_en
FROM followup.plan AS p
CROSS JOIN (
	VALUES
		('temperature_c', 'caution', 37.5, NULL, '体温が37.5℃以上です。', 'The temperature is 37.5 °C or more.'),
		('temperature_c', 'warning', 38.0, NULL, '体温が38.0℃以上です。', 'The temperature is 38.0 °C or more.'),
		('fever', 'caution', 1, NULL, '37.5℃以上の発熱があります。', 'There is fever of 37.5 °C or more.'),
		('spo2', 'warning', NULL, 95, '酸素飽和度が95%以下です(中等症Ⅰ相当)。', 'SpO2 is 95 % or less (moderate I).'),
		('spo2', 'emergency', NULL, 93, '酸素飽和度が93%以下です(中等症Ⅱ相当、酸素投与が必要)。', 'SpO2 is 93 % or less (moderate II: oxygen is needed).'),
		('symptoms', 'caution', 1, NULL, '症状があります。', 'There are symptoms.'),
		('emergency_signs', 'emergency', 1, NULL, '緊急性の高い症状があります。', 'There are emergency signs.'),
		('household_yes', 'warning', 1, NULL, '世帯内に症状のある方がいます。本人に確認してください。', 'Somebody of the household has symptoms: call and find out who.'),
		('distance_m', 'warning', 0, NULL, '待機場所から離れています。', 'The person is away from the place of stay.'),
		('identity_unconfirmed', 'caution', 1, NULL, 'ビデオ通話で本人または場所を確認できませんでした。', 'The video call did not show the person, or not the place.')
) AS t (measure, level, at_least, at_most, message_ja, message_en)
WHERE p.kind = 'arrival'
	OR t.measure <> ALL ('{distance_m,identity_unconfirmed}'::text[]);

INSERT INTO report.rule (form, code, expression, severity, message_ja, message_en)
VALUES
	('followup.health_answer', 'temperature_range', 'temperature_c BETWEEN 33 AND 43', 'error',
		'体温は33.0から43.0℃の範囲で入力してください。', 'temperature_c must lie between 33.0 and 43.0 °C.'),
	('followup.health_answer', 'spo2_range', 'spo2 BETWEEN 50 AND 100', 'error',
		'酸素飽和度は50から100%の範囲で入力してください。', 'spo2 must lie between 50 and 100 per cent.'),
	('followup.health_answer', 'fever_contradicts', 'NOT (fever AND temperature_c < 37.5 OR NOT fever AND temperature_c >= 37.5)', 'error',
		'発熱の有無(37.5℃以上)と体温が一致しません。', 'fever (37.5 °C or more) contradicts temperature_c.'),
	('followup.health_answer', 'symptom_contradicts',
		'any_symptom OR NOT coalesce(cough OR sore_throat OR runny_nose OR blocked_nose OR fatigue OR breathlessness OR other_cold_symptom, false)', 'error',
		'症状「なし」と個別の症状が一致しません。', 'any_symptom is false, but a symptom is given.');

INSERT INTO messaging.handler (kind, prefix, function)
VALUES
	('postback', 'a=', 'followup.take_postback(text, uuid, jsonb, timestamptz)'),
	('bounce', '', 'followup.take_bounce(text, uuid, jsonb, timestamptz)')
ON CONFLICT DO NOTHING;

INSERT INTO messaging.template (template, language, body, buttons, parameters)
VALUES
	('followup.enrolled', 'ja', '{{plan_ja}}を{{day0}}から{{until}}まで行います。毎日の連絡に回答してください。', NULL, '{day0,until,plan_ja}'),
	('followup.enrolled', 'ja-x-easy', '{{day0}}から {{until}}まで、あなたの からだの ようすを ききます。まいにち メッセージが きます。こたえて ください。', NULL, '{day0,until}'),
	('followup.enrolled', 'en', '{{plan}}: from {{day0}} to {{until}} we ask you every day how you are. Please answer each message.', NULL, '{day0,until,plan}'),
	('followup.health', 'ja', '本日の健康状態を{{due}}までに回答してください。あなたまたは同居の方に、37.5℃以上の発熱、咳、のどの痛み、鼻水・鼻づまり、強いだるさ、息苦しさなどの症状はありますか。',
		'[{"label": "ない", "data": "a={{day}}.health.{{n}}.no"}, {"label": "ある", "data": "a={{day}}.health.{{n}}.yes"}]', '{day,n,due}'),
	('followup.health', 'ja-x-easy', '{{due}}までに こたえて ください。あなたや いっしょに すんでいる ひとに、ねつ(37.5ど いじょう)や せき、のどの いたみ、つかれは ありますか。',
		'[{"label": "ない", "data": "a={{day}}.health.{{n}}.no"}, {"label": "ある", "data": "a={{day}}.health.{{n}}.yes"}]', '{day,n,due}'),
	('followup.health', 'en', 'Please answer by {{due}}: do you, or does anybody living with you, have a temperature of 37.5 °C or more, a cough, sore throat, runny or blocked nose, severe fatigue, breathlessness or other cold symptoms?',
		'[{"label": "No", "data": "a={{day}}.health.{{n}}.no"}, {"label": "Yes", "data": "a={{day}}.health.{{n}}.yes"}]', '{day,n,due}'),
	('followup.health.remind', 'ja', '本日の健康状態の回答がまだ届いていません。{{due}}までの回答をお願いします。症状はありますか。',
		'[{"label": "ない", "data": "a={{day}}.health.{{n}}.no"}, {"label": "ある", "data": "a={{day}}.health.{{n}}.yes"}]', '{day,n,due}'),
	('followup.health.remind', 'ja-x-easy', 'きょうの こたえが まだ ありません。からだの ぐあいが わるい ひとは いますか。',
		'[{"label": "ない", "data": "a={{day}}.health.{{n}}.no"}, {"label": "ある", "data": "a={{day}}.health.{{n}}.yes"}]', '{day,n}'),
	('followup.health.remind', 'en', 'We have no answer from you yet today (due {{due}}). Does anybody have symptoms?',
		'[{"label": "No", "data": "a={{day}}.health.{{n}}.no"}, {"label": "Yes", "data": "a={{day}}.health.{{n}}.yes"}]', '{day,n,due}'),
	('followup.location', 'ja', '現在地を{{due}}までに報告してください。', NULL, '{due}'),
	('followup.location', 'ja-x-easy', 'いま いる ばしょを {{due}}までに おしえて ください。', NULL, '{due}'),
	('followup.location', 'en', 'Please report where you are by {{due}}.', NULL, '{due}'),
	('followup.location.remind', 'ja', '現在地の報告がまだ届いていません。{{due}}までに報告してください。', NULL, '{due}'),
	('followup.location.remind', 'ja-x-easy', 'いま いる ばしょを まだ きいて いません。{{due}}までに おしえて ください。', NULL, '{due}'),
	('followup.location.remind', 'en', 'We do not know yet where you are. Please report by {{due}}.', NULL, '{due}'),
	('followup.video', 'ja', 'これからビデオ通話をかけます。{{due}}までに応答してください。', NULL, '{due}'),
	('followup.video', 'ja-x-easy', 'いまから ビデオで でんわを します。{{due}}までに でて ください。', NULL, '{due}'),
	('followup.video', 'en', 'We are about to call you by video. Please answer by {{due}}.', NULL, '{due}'),
	('followup.video.remind', 'ja', 'ビデオ通話に応答がありませんでした。{{due}}までにもう一度おかけします。', NULL, '{due}'),
	('followup.video.remind', 'ja-x-easy', 'ビデオの でんわに でませんでした。{{due}}までに もういちど でんわを します。', NULL, '{due}'),
	('followup.video.remind', 'en', 'You did not answer the video call. We call again until {{due}}.', NULL, '{due}'),
	('followup.completed', 'ja', '{{plan_ja}}は{{until}}で終了しました。ご協力ありがとうございました。', NULL, '{until,plan_ja}'),
	('followup.completed', 'ja-x-easy', '{{until}}で おわりました。もう こたえなくて いいです。ありがとう ございました。', NULL, '{until}'),
	('followup.completed', 'en', '{{plan}} ended on {{until}}. Thank you for your help.', NULL, '{until,plan}')
ON CONFLICT DO NOTHING;

INSERT INTO access.retention (relation, since, action, keep, minimum, subject, columns, basis, comment)
VALUES
	('followup.slot', 'day', 'delete', '1 year', '0', 'person', '{}',
		'法定の期間なし / no legal period: as long as somebody may ask whether a person answered',
		'回答枠 / what was expected of a person, and whether it came'),
	('followup.escalation', 'day', 'delete', '1 year', '0', 'person', '{}',
		'法定の期間なし / no legal period: as long as the slots',
		'督促の経過 / what was done when no answer came'),
	('followup.health_answer', 'day', 'delete', '5 years', '5 years', 'person', '{}',
		'医師法24条 / Medical Practitioners'' Act art. 24: medical records, 5 years',
		'健康観察の回答 / answers about the state of health'),
	('followup.health_answer_history', 'day', 'delete', '5 years', '5 years', 'person', '{}',
		'医師法24条 / Medical Practitioners'' Act art. 24: what a record said before it was corrected belongs to it',
		'健康観察の修正履歴 / answers that were replaced'),
	('followup.location_answer', 'day', 'delete', '30 days', '0', 'person', '{}',
		'個人情報保護法22条 / APPI art. 22: deleted without delay once not needed; no legal period',
		'位置情報の回答 / distances from the place of stay'),
	('followup.video_answer', 'day', 'delete', '30 days', '0', 'person', '{}',
		'個人情報保護法22条 / APPI art. 22: deleted without delay once not needed; no legal period',
		'ビデオ通話の記録 / what was seen in video calls'),
	('followup.place_of_stay', 'leaves_on', 'delete', '14 days', '0', 'person', '{}',
		'個人情報保護法22条 / APPI art. 22: deleted without delay once not needed; no legal period',
		'待機場所 / where a person stayed, from the end of the follow-up'),
	('followup.alert', 'raised_at', 'delete', '5 years', '5 years', 'person', '{}',
		'医師法24条 / Medical Practitioners'' Act art. 24: medical records, 5 years',
		'警戒 / alerts and what was done about them'),
	('followup.call', 'made_at', 'delete', '5 years', '5 years', 'person', '{}',
		'医師法24条 / Medical Practitioners'' Act art. 24: medical records, 5 years',
		'架電リスト / calls of health centres'),
	('followup.notification', 'made_at', 'delete', '5 years', '0', 'person', '{}',
		'法定の期間なし / no legal period: as long as the records of the person',
		'知事通知 / what prefectures were notified of'),
	('followup.enrolment', 'closed_at', 'delete', '5 years', '5 years', 'person', '{}',
		'医師法24条 / Medical Practitioners'' Act art. 24: medical records, 5 years',
		'フォローアップ対象 / stays, from their end');

-- the random checks of the first weeks
SELECT followup.publish_commitment(now());
