INSERT INTO vsys.booking_reason (reason, sqlstate, message_ja, message_en)
VALUES
	-- one text for whatever is wrong with number or date, so that neither can be guessed alone
	('ticket_not_recognised', 'OB070', '接種券番号と生年月日の組合せが確認できません。', 'Number and date of birth are not those of an issued ticket.'),
	('ticket_unknown', 'OB070', '発行されていない接種券番号です。', 'No ticket of this number was issued.'),
	('ticket_withdrawn', 'OB070', '失効した接種券です。', 'The ticket was withdrawn.'),
	('birth_on_differs', 'OB070', '生年月日が一致しません。', 'The date of birth is not that of the ticket.'),
	('birth_on_needed', 'OB070', '対象年齢の確認のため生年月日が必要です。', 'The date of birth is needed to tell the age.'),
	('line_malformed', 'OB071', '接種券の読取文字は18桁の数字です。', 'The line of a ticket has 18 digits.'),
	('municipality_malformed', 'OB071', '市区町村コードは検査数字を含む6桁の数字です。', 'The code of the municipality has six digits, the last of which is a check digit.'),
	('number_malformed', 'OB071', '券番号は10桁の数字です。', 'The number of the ticket has ten digits.'),
	('number_zero', 'OB071', '券番号0000000000は存在しません。', 'There is no ticket 0000000000.'),
	('birth_on_malformed', 'OB071', '生年月日がYYYY-MM-DDの日付ではありません。', 'The date of birth is no date written as YYYY-MM-DD.'),
	('slot_malformed', 'OB071', '予約枠の指定が正しくありません。', 'The slots are not written as they must be.'),
	('programme_other', 'OB072', '別の接種事業の接種券です。', 'The ticket is for another programme.'),
	('dose_unknown', 'OB072', 'この事業にない接種回です。', 'The programme does not have this dose.'),
	('dose_other', 'OB072', 'この日程は別の接種回のためのものです。', 'The session is for another dose.'),
	('group_not_yet', 'OB072', 'お持ちの接種券の優先区分はまだ予約できません。', 'The turn of this group has not come.'),
	('ticket_not_valid', 'OB072', '接種券の有効期間外の日程です。', 'The session is not within the validity of the ticket.'),
	('too_young', 'OB072', '接種日に対象年齢に達していません。', 'The person is below the age for this session on its day.'),
	('first_dose_missing', 'OB072', '前の回の予約または接種がありません。', 'The dose before this one is neither booked nor given.'),
	('interval_short', 'OB072', '前後の回との間隔が最短間隔より短くなります。', 'It would be too near to another dose.'),
	('interval_long', 'OB072', '1回目と2回目の間隔が最長間隔を超えます。', 'The second dose would be too late after the first.'),
	('second_slot_wrong', 'OB072', '2回目の枠は同じ事業・同じワクチンの別の枠を選んでください。', 'The second slot must be another one, of the same programme and vaccine.'),
	('sold_out', 'OB073', '満員です。', 'All places are taken.'),
	('already_booked', 'OB074', 'この回は既に予約されています。', 'This dose is booked already.'),
	('already_given', 'OB074', 'この回は既に接種済みです。', 'This dose has been given already.'),
	('already_waiting', 'OB074', '既にキャンセル待ちに登録されています。', 'The person is on this waiting list already.'),
	('key_reused', 'OB074', '同じ再送キーで別の内容が送られました。', 'The key stands for something else that was sent before.'),
	('not_open_yet', 'OB075', 'まだ予約を受け付けていません。', 'Booking has not begun.'),
	('booking_closed', 'OB075', '予約受付は終了しました。', 'Booking has ended.'),
	('session_closed', 'OB075', 'この日程は中止になりました。', 'The session was closed.'),
	('queue_only', 'OB075', 'この日程は順番予約で受け付けています。', 'The session takes requests in a queue.'),
	('not_queue', 'OB075', 'この日程は順番予約ではありません。', 'The session is booked directly, without a queue.'),
	('not_full', 'OB075', '空きがあります。予約してください。', 'There are free places: book one.'),
	('too_many_attempts', 'OB076', '誤った入力が続いたため、しばらく受け付けられません。', 'Too many wrong attempts. Wait a little.'),
	('slot_unknown', 'OB077', '予約枠が見つかりません。', 'There is no such slot.'),
	('session_unknown', 'OB077', '日程が見つかりません。', 'There is no such session.'),
	('booking_unknown', 'OB077', '予約が見つかりません。', 'There is no such booking.'),
	('request_unknown', 'OB077', '受付が見つかりません。', 'There is no such request.'),
	('waiting_unknown', 'OB077', 'キャンセル待ちの登録が見つかりません。', 'There is no such entry of the waiting list.'),
	('capacity_below_taken', 'OB078', '定員を予約数より少なくすることはできません。', 'The capacity cannot be below what is booked.'),
	('booking_ended', 'OB079', 'この予約は既に終了しています。', 'The booking has ended.'),
	('too_late', 'OB079', '開始時刻を過ぎています。', 'Its time has come.');

INSERT INTO access.retention (relation, since, action, keep, minimum, subject, columns, basis, comment)
VALUES
	('vsys.ticket', 'valid', 'delete', '5 years', '5 years', 'person', '{}',
		'予防接種法施行令6条の2 / Order for Enforcement of the Immunization Act art. 6-2: vaccination records, 5 years from the vaccination',
		'接種券 / issued tickets, from the last day on which they could be used'),
	('vsys.ticket', 'withdrawn_at', 'delete', '5 years', '5 years', 'person', '{}',
		'予防接種法施行令6条の2 / Order for Enforcement of the Immunization Act art. 6-2: vaccination records, 5 years from the vaccination',
		'失効した接種券 / tickets that were withdrawn'),
	('vsys.booking', 'on_date', 'delete', '5 years', '5 years', 'person', '{}',
		'予防接種法施行令6条の2 / Order for Enforcement of the Immunization Act art. 6-2: vaccination records, 5 years from the vaccination',
		'予約 / bookings, from the day that they were for'),
	('vsys.waiting', 'ended_at', 'delete', '1 year', '0', 'person', '{}',
		'個人情報保護法22条 / APPI art. 22: deleted without delay once not needed; no legal period',
		'キャンセル待ち / entries of waiting lists, from their end'),
	('vsys.booking_notice', 'made_at', 'delete', '1 year', '0', 'person', '{}',
		'個人情報保護法22条 / APPI art. 22: deleted without delay once not needed; no legal period',
		'連絡対象 / who was to be told of a change'),
	('vsys.queue_request', 'decided_at', 'delete', '90 days', '0', 'person', '{}',
		'個人情報保護法22条 / APPI art. 22: deleted without delay once not needed; no legal period',
		'順番予約の申込 / requests in a queue, from their decision; the bookings stay');

-- CVX codes of the vaccines that were used in Japan, as far as they are registered
INSERT INTO vsys.product_coding (product, system, code, display)
SELECT p.product, 'http://hl7.org/fhir/sid/cvx', c.code, c.display
FROM vsys.product AS p
JOIN (
	VALUES
		('ファイザー', '208', 'COVID-19, mRNA, LNP-S, PF, 30 mcg/0.3 mL dose'),
		('武田/モデルナ', '207', 'COVID-19, mRNA, LNP-S, PF, 100 mcg/0.5mL dose or 50 mcg/0.25mL dose'),
		('アストラゼネカ', '210', 'COVID-19 vaccine, vector-nr, rS-ChAdOx1, PF, 0.5 mL')
) AS c (maker_ja, code, display) ON c.maker_ja = p.maker_ja
ON CONFLICT DO NOTHING;
