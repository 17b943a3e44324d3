INSERT INTO access.retention (relation, since, action, keep, minimum, subject, columns, basis, comment)
VALUES
	('allocation.run', 'made_at', 'erase', '5 years', '0', NULL, '{made_by}',
		'法定の期間なし / no legal period: as long as what was allocated is asked about',
		'計算者 / who ran a calculation; the calculation stays');
