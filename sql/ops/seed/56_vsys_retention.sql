INSERT INTO ops.job (name, schedule, command, every, comment)
VALUES
	('purge_drafts', '50 18 * * *', 'vsys.purge_drafts', '1 day',
		'過去の計算の廃棄 / deletes the lines of old calculations of rounds that do not count; runs at 03:50 in Japan.'),
	('purge_stock_keys', '55 18 * * 6', 'vsys.purge_stock_keys', '7 days',
		'冪等キーの廃棄 / forgets keys of the stock ledger after 13 months; runs on Sundays at 03:55 in Japan.');
