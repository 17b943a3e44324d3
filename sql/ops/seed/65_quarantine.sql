INSERT INTO ops.job (name, schedule, command, every, comment)
VALUES
	('close_arrivals', '25 16 * * *', 'quarantine.close_gone', '1 day',
		'入国者の終了処理 / notes arrivals that never came and follow-up that has ended; runs at 01:25 in Japan, before the identities are shredded.'),
	('shred_identities', '40 16 * * *', 'quarantine.shred', '1 day',
		'入国者の本人情報の廃棄 / destroys the keys of travellers whose time is over; runs at 01:40 in Japan.');
