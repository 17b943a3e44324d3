INSERT INTO ops.job (name, schedule, command, every, comment)
VALUES
	('apply_periods', '5 15 * * *', 'followup.apply_periods', '1 day',
		'期間の適用 / brings the last day of everybody in follow-up into line with the rules of the day; runs at 0:05 in Japan.');
