-- Hours are GMT: 15 is midnight in Japan.
INSERT INTO ops.job (name, schedule, command, every, comment)
VALUES
	('publish_commitment', '0 14 * * *', 'followup.publish_commitment', '1 day',
		'無作為抽出の公表 / publishes the commitments of random checks to come, and reveals the seeds of days that are over; runs at 23:00 in Japan.'),
	('plan_days', '10 * * * *', 'followup.plan_days', '1 hour',
		'健康観察の日次計画 / plans the days that it is somewhere, or is about to be, and queues their messages; every hour, for all time zones and whoever came late.'),
	('escalate', '*/5 * * * *', 'followup.escalate', '5 minutes',
		'健康観察の督促 / reminders, other channels, call lists and notices to prefectures when no answer came; every five minutes.'),
	('complete_followup', '2 * * * *', 'followup.complete', '1 hour',
		'健康観察の期間満了 / ends follow-ups whose period is over where the person is; every hour.'),
	('take_answers', '*/10 * * * *', 'followup.take_incoming', '10 minutes',
		'受信回答の再処理 / tries answers again that could not be taken when they came.');
