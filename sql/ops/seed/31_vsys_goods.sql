INSERT INTO ops.job (name, schedule, command, every, comment)
VALUES
	('check_stock', '30 18 * * *', 'vsys.check_stock', '1 day',
		'在庫照合 / adds the ledger of vaccine up anew and reports where its sums differ; runs at 03:30 in Japan.');
