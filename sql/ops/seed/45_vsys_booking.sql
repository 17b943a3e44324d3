INSERT INTO ops.job (name, schedule, command, every, comment)
VALUES
	('tend_bookings', '* * * * *', 'vsys.tend_bookings', '1 minute',
		'予約の世話 / decides requests that nobody asked about, and ends waiting that has expired; every minute.'),
	('verify_bookings', '50 18 * * *', 'vsys.verify_bookings', '1 day',
		'予約照合 / counts the bookings of every slot to come and reports where that is not what is taken; runs at 03:50 in Japan.');
