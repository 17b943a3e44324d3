INSERT INTO credential.purpose (purpose, name_ja, name_en, automatic, sign_for, publish_ahead, longest, certified)
VALUES
	-- a stay lasts 14 days at most, and is entered up to a month before
	('ticket', '入国チケット', 'Arrival tickets', true, '90 days', '7 days', '60 days', false),
	('dcc', 'EUデジタルCOVID証明書', 'EU Digital COVID Certificates', false, '1 year', '30 days', '2 years', true);

INSERT INTO credential.ticket_kind (kind, code, name_ja, name_en)
VALUES
	(1, 'arrival', '入国者', 'Arrival'),
	(2, 'companion', '同伴者', 'Companion'),
	(3, 'crew', '乗員', 'Crew'),
	(4, 'transit', '乗継', 'Transit'),
	(5, 'staff', '検疫所職員', 'Quarantine staff'),
	(6, 'follow_up', '健康観察対象者', 'Person under follow-up');

INSERT INTO access.reveal_right (purpose, role)
VALUES
	('credential_code', 'outbreak_citizen')
ON CONFLICT DO NOTHING;

INSERT INTO access.retention (relation, since, action, keep, minimum, subject, columns, basis, comment)
VALUES
	('credential.stored', 'stored_at', 'delete', '90 days', '0', 'person', '{}',
		'個人情報保護法22条 / APPI art. 22: deleted without delay once not needed; no legal period',
		'保管した証明 / codes that people have shown, from when they were shown')
ON CONFLICT DO NOTHING;
