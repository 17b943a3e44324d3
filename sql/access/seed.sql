-- ---- limits of the API: a page for the public, a working day for officials, long queries for analysts
INSERT INTO access.api_limit (role, statement_timeout, max_rows, requests_per_second, burst)
VALUES
	-- all of the public together
	('outbreak_anon', '2 s', 1000, 200, 400),
	('outbreak_citizen', '2 s', 1000, 5, 30),
	('outbreak_institution', '15 s', 5000, 20, 200),
	('outbreak_health_center', '15 s', 5000, 20, 200),
	('outbreak_municipality', '15 s', 5000, 20, 200),
	('outbreak_wholesaler', '15 s', 5000, 20, 200),
	('outbreak_quarantine', '15 s', 5000, 50, 500),
	('outbreak_prefecture', '30 s', 10000, 50, 500),
	('outbreak_ministry', '60 s', 10000, 100, 1000),
	('outbreak_analyst', '60 s', 10000, 5, 50),
	('outbreak_auditor', '60 s', 10000, 5, 50);

-- ---- sealed fields: who treats a person may reveal who it is
INSERT INTO access.reveal_right (purpose, role)
SELECT p.purpose, r.role
FROM unnest('{name,kana,birth_on,phone,mail,address}'::text[]) AS p (purpose)
CROSS JOIN unnest('{outbreak_citizen,outbreak_institution,outbreak_health_center,outbreak_municipality,outbreak_prefecture,outbreak_quarantine,outbreak_worker}'::text[]) AS r (role);

-- ---- retention
-- The rules of this word and of the registry, which is deployed before it. The ministry may lengthen every period, and
-- shorten it down to the minimum.

INSERT INTO access.retention (relation, since, action, keep, minimum, subject, columns, basis, comment)
VALUES
	('registry.identity', 'closed_on', 'forget', '5 years', '5 years', 'person', '{}',
		'医師法24条 / Medical Practitioners'' Act art. 24: medical records, 5 years',
		'本人情報 / who a person is, from the day on which everything about the person ended'),
	('registry.person', 'closed_on', 'delete', '5 years', '5 years', 'person', '{}',
		'医師法24条 / Medical Practitioners'' Act art. 24: medical records, 5 years',
		'対象者 / the pseudonym, once nothing refers to it any more'),
	('access.data_key', 'forgotten_at', 'delete', '10 years', '0', NULL, '{}',
		'法定の期間なし / no legal period: longer than any backup is kept, so that a restored person can be forgotten again',
		'消去の記録 / pseudonyms whose key was destroyed'),
	('access.account', 'withdrawn_at', 'erase', '5 years', '0', 'person', '{person,reason}',
		'法定の期間なし / no legal period: as long as the records whose audit trail names the account',
		'停止したアカウント / whom a withdrawn account was for, and why it was withdrawn; the account itself stays, lest its tokens live again'),
	('access.account', 'valid', 'erase', '5 years', '0', 'person', '{person,reason}',
		'法定の期間なし / no legal period: as long as the records whose audit trail names the account',
		'期限の切れたアカウント / the same, from the last day of an account that ended by itself'),
	('access.audit', 'recorded_at', 'erase', '5 years', '5 years', 'subject', '{image,salt}',
		'医師法24条 / Medical Practitioners'' Act art. 24: what a record said before it was corrected belongs to it',
		'監査証跡の内容 / what rows looked like before and after; who did what when stays, and the chain still verifies'),
	('access.legal_hold', 'valid', 'delete', '5 years', '0', NULL, '{}',
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
