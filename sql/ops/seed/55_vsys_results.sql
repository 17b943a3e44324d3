INSERT INTO ops.job (name, schedule, command, every, comment)
VALUES
	('fold_doses', '* * * * *', 'vsys.fold_doses', '1 minute',
		'接種集計の更新 / adds the doses that came in to the sums of V-SYS.'),
	('take_unbooked_doses', '35 * * * *', 'vsys.take_unbooked_doses', '1 hour',
		'未計上の接種の在庫計上 / takes doses from stock that were given before their lot was in the books of the site.'),
	('publish_coverage', '10 15 * * *', 'vsys.publish_coverage', '1 day',
		'接種率の公表 / publishes the coverage of the last week that is over; runs at 00:10 in Japan and does its work on Mondays.');
