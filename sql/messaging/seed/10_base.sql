INSERT INTO access.reveal_right (purpose, role)
SELECT p.purpose, r.role
FROM unnest('{line,webhook}'::text[]) AS p (purpose)
CROSS JOIN unnest('{outbreak_worker}'::text[]) AS r (role)
ON CONFLICT DO NOTHING;

-- LINE, as its documentation names it; nothing goes there until somebody sets enabled and the secret file has the line
INSERT INTO messaging.endpoint (endpoint, kind, style, url, secret, per_second, burst, in_flight, pack)
VALUES ('line', 'line', 'line', 'https://api.line.me/v2/bot/message', 'line', 1000, 1000, 128, 500);

INSERT INTO messaging.quiet_hours (channel, quiet_from, quiet_until)
VALUES
	('line', '21:00', '07:00'),
	('sms', '21:00', '07:00'),
	-- neither rings a bell
	('mail', '00:00', '00:00'),
	('webhook', '00:00', '00:00');

INSERT INTO messaging.fallback (language, position, other)
VALUES
	('ja-x-easy', 1, 'ja'),
	('ja', 1, 'ja-x-easy'),
	('*', 1, 'en'),
	('*', 2, 'ja-x-easy'),
	('en', 1, 'ja-x-easy');

INSERT INTO access.retention (relation, since, action, keep, minimum, subject, columns, basis, comment)
VALUES
	('messaging.contact', 'closed_on', 'delete', '30 days', '0', 'person', '{}',
		'個人情報保護法22条 / APPI art. 22: deleted without delay once not needed; no legal period',
		'連絡先 / how a person is reached, from the day on which everything about the person ended'),
	('messaging.message', 'ended_at', 'erase', '90 days', '0', 'person', '{parameters}',
		'個人情報保護法22条 / APPI art. 22: deleted without delay once not needed; no legal period',
		'連絡の差込値 / what stood in a message'),
	('messaging.message', 'ended_at', 'delete', '1 year', '0', 'person', '{}',
		'法定の期間なし / no legal period: as long as somebody may ask what a person was told, and when',
		'連絡 / messages, from their end'),
	('messaging.attempt', 'at', 'delete', '1 year', '0', NULL, '{}',
		'法定の期間なし / no legal period: as long as the messages',
		'送信記録 / tries'),
	('messaging.acceptance', 'accepted_at', 'delete', '1 year', '0', NULL, '{}',
		'法定の期間なし / no legal period: as long as the messages, and as long as something refers to it',
		'受理の証拠 / what gateways accepted'),
	('messaging.pack', 'ended_at', 'delete', '30 days', '0', NULL, '{}',
		'法定の期間なし / no legal period: longer than any retry',
		'一斉送信 / requests of several messages'),
	('messaging.link', 'made_at', 'delete', '1 day', '0', 'person', '{}',
		'個人情報保護法22条 / APPI art. 22: deleted without delay once not needed; no legal period',
		'アカウント連携 / numbers of account links, good for minutes'),
	('messaging.incoming', 'at', 'delete', '90 days', '0', 'person', '{}',
		'個人情報保護法22条 / APPI art. 22: deleted without delay once not needed; no legal period',
		'受信 / what came in; what it meant is kept where it was taken')
ON CONFLICT DO NOTHING;

INSERT INTO messaging.template (template, language, subject, body)
VALUES
	('notice.test', 'ja', '送信試験', 'これは送信試験です({{number}})。ご対応は必要ありません。'),
	('notice.test', 'ja-x-easy', 'テスト', 'これは テストです({{number}})。なにも しなくて だいじょうぶです。'),
	('notice.test', 'en', 'Test message', 'This is a test message ({{number}}). You need not do anything.'),
	('notice.withdrawn', 'ja', 'お知らせの取消', '{{date}}のお知らせは取り消されました。ご対応は必要ありません。'),
	('notice.withdrawn', 'ja-x-easy', 'おしらせの とりけし', '{{date}}の おしらせは なくなりました。なにも しなくて だいじょうぶです。'),
	('notice.withdrawn', 'en', 'Notice withdrawn', 'Our notice of {{date}} is withdrawn. You need not do anything.');
