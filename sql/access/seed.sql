-- ---- retention
-- The rules of this word and of the registry, which is deployed before it. The ministry may lengthen every period, and
-- shorten it down to the minimum.

INSERT INTO access.retention (relation, since, action, keep, minimum, subject, columns, basis, comment)
VALUES
	('access.legal_hold', 'valid', 'delete', '5 years', '0', 'subject', '{}',
		'法定の期間なし / no legal period: as long as the records that it kept would be kept',
		'廃棄停止の記録 / ended holds, from their last day'),
	('registry.load_issue', 'found_at', 'delete', '1 year', '0', NULL, '{}',
		'個人情報保護法22条 / APPI art. 22: deleted without delay once not needed; no legal period',
		'取込時の問題 / rows of official lists that were refused or doubted, as they came'),
	('registry.load', 'at', 'erase', '5 years', '0', NULL, '{by_role}',
		'法定の期間なし / no legal period: who loaded a list is asked as long as records made with it are kept',
		'取込の実行者 / who ran a loader'),
	('registry.institution', 'valid', 'erase', '1 year', '0', NULL, '{contact}',
		'個人情報保護法22条 / APPI art. 22: deleted without delay once not needed; no legal period',
		'閉鎖した医療機関の連絡先 / whom to call at an institution, from the day it closed');
