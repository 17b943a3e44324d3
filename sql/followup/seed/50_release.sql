-- Release criteria as the ministry's notices set them (退院基準・療養解除基準).
INSERT INTO followup.release_rule (rule, class, setting, valid, after_days, eased_hours, negatives, methods, negative_after_days, negative_eased_hours, negatives_apart, name_ja, name_en, basis)
VALUES
	('symptomatic_time', 'symptomatic', 'any', '[2020-06-12,2022-09-07)', 10, 72, 0, '{}', NULL, NULL, '0',
		'発症日から10日間経過し、かつ症状軽快後72時間経過', '10 days after onset and 72 hours after the symptoms eased', '退院基準 2020-06-12 / notice of 12 June 2020'),
	('symptomatic_tests', 'symptomatic', 'any', '[2020-06-12,)', NULL, NULL, 2, '{naat,antigen}', NULL, 24, '24 hours',
		'症状軽快後24時間経過した後、24時間以上間隔をあけた2回の検査で陰性', '24 hours after the symptoms eased, two negative tests 24 hours apart', '退院基準 2020-06-12 / notice of 12 June 2020'),
	('symptomatic_home_2022', 'symptomatic', 'home', '[2022-09-07,)', 7, 24, 0, '{}', NULL, NULL, '0',
		'発症日から7日間経過し、かつ症状軽快後24時間経過(自宅・宿泊療養)', '7 days after onset and 24 hours after the symptoms eased, at home', '療養期間の見直し 2022-09-07 / notice of 7 September 2022'),
	('symptomatic_facility_2022', 'symptomatic', 'facility', '[2022-09-07,)', 10, 72, 0, '{}', NULL, NULL, '0',
		'発症日から10日間経過し、かつ症状軽快後72時間経過(入院・高齢者施設)', '10 days after onset and 72 hours after the symptoms eased, in a hospital or a home for the elderly', '療養期間の見直し 2022-09-07 / notice of 7 September 2022'),
	('asymptomatic_time', 'asymptomatic', 'any', '[2020-06-12,2022-01-28)', 10, NULL, 0, '{}', NULL, NULL, '0',
		'検体採取日から10日間経過', '10 days after the specimen', '退院基準 2020-06-12 / notice of 12 June 2020'),
	('asymptomatic_tests', 'asymptomatic', 'any', '[2020-06-12,)', NULL, NULL, 2, '{naat,antigen}', 6, NULL, '24 hours',
		'検体採取日から6日間経過後、24時間以上間隔をあけた2回の検査で陰性', 'after 6 days two negative tests 24 hours apart', '退院基準 2020-06-12 / notice of 12 June 2020'),
	('asymptomatic_7_days', 'asymptomatic', 'any', '[2022-01-28,)', 7, NULL, 0, '{}', NULL, NULL, '0',
		'検体採取日から7日間経過', '7 days after the specimen', '無症状者の療養期間 2022-01-28 / notice of 28 January 2022'),
	('asymptomatic_kit', 'asymptomatic', 'any', '[2022-09-07,)', 5, NULL, 1, '{kit,naat,antigen}', 4, NULL, '0',
		'5日目に検査キットで陰性を確認し、5日間経過', 'a negative kit on day 5, and 5 days after the specimen', '療養期間の見直し 2022-09-07 / notice of 7 September 2022'),
	('severe_time', 'severe', 'any', '[2021-02-25,)', 15, 72, 0, '{}', NULL, NULL, '0',
		'発症日から15日間経過し、かつ症状軽快後72時間経過(20日間までは感染予防策を継続)', '15 days after onset and 72 hours after the symptoms eased; precautions until day 20', '退院基準 2021-02-25 / notice of 25 February 2021'),
	('severe_tests', 'severe', 'any', '[2021-02-25,)', NULL, NULL, 2, '{naat,antigen}', NULL, 24, '24 hours',
		'症状軽快後24時間経過した後、24時間以上間隔をあけた2回の検査で陰性', '24 hours after the symptoms eased, two negative tests 24 hours apart', '退院基準 2021-02-25 / notice of 25 February 2021');

INSERT INTO messaging.template (template, language, body, buttons, parameters)
VALUES
	('followup.released', 'ja', '療養は{{on}}に解除されました。これ以降の回答は必要ありません。', NULL, '{on}'),
	('followup.released', 'ja-x-easy', '{{on}}に おわりました。もう こたえなくて いいです。', NULL, '{on}'),
	('followup.released', 'en', 'You are released as of {{on}}. You need not answer any more.', NULL, '{on}'),
	('followup.corrected', 'ja', 'これまでのお知らせを訂正します。期間は{{day0}}から{{until}}までです。誤った内容の連絡についてお詫びします。', NULL, '{day0,until}'),
	('followup.corrected', 'ja-x-easy', 'まえの おしらせは まちがいでした。ただしい きかんは {{day0}}から {{until}}までです。ごめんなさい。', NULL, '{day0,until}'),
	('followup.corrected', 'en', 'We correct what we told you: your period is from {{day0}} to {{until}}. We are sorry for the mistake.', NULL, '{day0,until}'),
	('followup.withdrawn', 'ja', 'これまでのお知らせを取り消します。あなたは健康観察の対象ではありません。誤ったご連絡についてお詫びします。', NULL, '{}'),
	('followup.withdrawn', 'ja-x-easy', 'まえの おしらせは まちがいでした。こたえなくて いいです。ごめんなさい。', NULL, '{}'),
	('followup.withdrawn', 'en', 'We take back what we told you: you need not be followed up, and need not answer. We are sorry for the mistake.', NULL, '{}'),
	('followup.period', 'ja', '期間の基準が変わりました。あなたの期間は{{until}}までになります。', NULL, '{until}'),
	('followup.period', 'ja-x-easy', 'きまりが かわりました。あなたは {{until}}までに なりました。', NULL, '{until}'),
	('followup.period', 'en', 'The rules have changed: your period now ends on {{until}}.', NULL, '{until}')
ON CONFLICT DO NOTHING;

INSERT INTO access.retention (relation, since, action, keep, minimum, subject, columns, basis, comment)
VALUES
	('followup.clinical', 'entered_at', 'delete', '5 years', '5 years', 'person', '{}',
		'医師法24条 / Medical Practitioners'' Act art. 24: medical records, 5 years',
		'療養の事実 / what a release went by'),
	('followup.test', 'taken_at', 'delete', '5 years', '5 years', 'person', '{}',
		'医師法24条 / Medical Practitioners'' Act art. 24: medical records, 5 years',
		'検査 / tests during follow-up'),
	('followup.correction', 'corrected_at', 'delete', '5 years', '5 years', 'person', '{}',
		'医師法24条 / Medical Practitioners'' Act art. 24: what a record said before it was corrected belongs to it',
		'訂正の記録 / what was corrected, and what followed');
