-- Hours are GMT: 15 is midnight in Japan.
INSERT INTO ops.job (name, schedule, command, every, comment)
VALUES
	('fold_rollups', '* * * * *', 'ops.fold_rollups', '1 minute',
		'集計の更新 / brings the rollups of G-MIS up to the reports that came in.'),
	('make_partitions', '5 15 * * *', 'ops.make_partitions', '1 day',
		'パーティション作成 / makes the monthly partitions of forms and their histories ahead, and empties the default partitions into months of their own.'),
	('remind', '10 3 * * *', 'ops.remind', '1 day',
		'督促 / notes who was expected to report and did not by the deadline; runs at 12:10 in Japan, after the usual deadline of noon.'),
	('check_rollups', '40 18 * * *', 'ops.check_rollups', '1 day',
		'集計照合 / compares the rollups of the last fortnight with the reports and records every difference.'),
	('purge', '20 17 * * *', 'ops.purge', '1 day',
		'保存期間満了の廃棄 / deletes, forgets or erases what access.retention no longer keeps; runs at 02:20 in Japan.'),
	('sign_audit', '15 * * * *', 'ops.sign_audit', '1 hour',
		'監査証跡の署名 / signs the heads of the audit trail; what it returns is to be published elsewhere.'),
	('verify_audit', '50 17 * * *', 'ops.verify_audit', '1 day',
		'監査証跡の検証 / checks the audit trail of the last two days.');

INSERT INTO access.retention (relation, since, action, keep, minimum, subject, columns, basis, comment)
VALUES
	('ops.job_run', 'finished_at', 'delete', '90 days', '0', NULL, '{}',
		'法定の期間なし / no legal period: errors may quote what failed',
		'ジョブの実行記録 / runs of jobs with their errors');

-- The first months are there from the start.
SELECT ops.make_partitions(now());
