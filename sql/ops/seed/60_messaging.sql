INSERT INTO ops.job (name, schedule, command, every, comment)
VALUES
	('tend_messages', '*/10 * * * *', 'messaging.tend_messages', '10 minutes',
		'連絡の整理 / ends messages whose time is over; every 10 minutes.'),
	('check_messages', '*/5 * * * *', 'messaging.check_messages', '5 minutes',
		'配信の監視 / finds messages that do not go: worker, gateways, queue; every 5 minutes.');
