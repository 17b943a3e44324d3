INSERT INTO ops.job (name, schedule, command, every, comment)
VALUES
	('rotate_signing_keys', '17 * * * *', 'credential.rotate_keys', '1 hour',
		'署名鍵の更新 / makes the next signing keys in time, destroys the private parts of those that sign no longer or were revoked; every hour.'),
	('reverify_credentials', '40 19 * * *', 'credential.reverify_all', '1 day',
		'証明の再検証 / verifies again every code that is kept; runs at 04:40 in Japan.');
