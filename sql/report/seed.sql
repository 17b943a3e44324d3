INSERT INTO access.retention (relation, since, action, keep, minimum, subject, columns, basis, comment)
VALUES
	('report.rejected', 'rejected_at', 'delete', '1 year', '0', NULL, '{}',
		'個人情報保護法22条 / APPI art. 22: deleted without delay once not needed; no legal period',
		'差戻し / reports that were set aside, mended or not, as they came'),
	('report.finding', 'reason_at', 'erase', '3 years', '0', NULL, '{reason,reason_by}',
		'個人情報保護法22条 / APPI art. 22: deleted without delay once not needed; no legal period',
		'理由 / what a reporter wrote to a finding, and who; the finding itself stays');
