-- What an entry of a dose may have wrong, the gravest first.
INSERT INTO vsys.dose_fault (position, code, outcome, message_ja, message_en)
SELECT row_number() OVER (), f.code, f.outcome, f.message_ja, f.message_en
FROM (
	VALUES
		-- whoever scans has ticket and vial in hand, and scans again
		('record_unreadable', 'refused', '項目数が合わず、読み取れません。', 'The record does not have the items that the header names.'),
		('ticket_unreadable', 'refused', '接種券の番号を読み取れません(18桁、または市区町村6桁と券番号10桁)。', 'The ticket cannot be read: 18 digits, or six of the municipality and ten of the number.'),
		('municipality_unknown', 'refused', '市区町村コードの検査数字が合わないか、存在しない市区町村です。', 'The check digit of the municipality is wrong, or there is no such municipality.'),
		('dose_number_unreadable', 'refused', '接種回数が読み取れません(1から9)。', 'The dose number cannot be read: 1 to 9.'),
		('date_unreadable', 'refused', '日付を読み取れません。', 'The date cannot be read.'),
		('date_in_future', 'refused', '未来の接種は登録できません。', 'A vaccination that has not happened yet is not recorded.'),
		('site_unknown', 'refused', '登録された接種施設ではありません。', 'This is no registered vaccination site.'),
		('vial_unreadable', 'refused', 'バイアルのコードを読み取れません。', 'The code of the vial cannot be read.'),
		('product_unknown', 'refused', 'ワクチンの種類を特定できません。', 'The vaccine cannot be told.'),
		('not_yours', 'refused', '他の市区町村の接種券です。', 'The ticket is another municipality''s.'),
		('vial_stopped', 'refused', '使用してはならないバイアルです。', 'The vial must not be used.'),
		-- the dose was given; somebody has to find out what the entry should say
		('ticket_unknown', 'kept', '発行された接種券に見当たりません。', 'No such ticket was issued.'),
		('ticket_withdrawn', 'kept', '失効した接種券です(転出、再発行など)。', 'The ticket was withdrawn before: moved away, or issued anew.'),
		('outside_programme', 'kept', '事業の実施期間外の日付です。', 'The day is outside the programme.'),
		('two_sites_within_hour', 'kept', '同じ接種券が1時間以内に別の施設で使われています。', 'The same ticket was used at another site within an hour.'),
		('already_recorded', 'kept', 'この回の接種は別の日または別の施設で登録済みです。', 'This dose number is recorded already, on another day or at another site.'),
		('two_doses_one_day', 'kept', '同じ日に2回の接種になります。', 'It would be the second dose of one day.'),
		('earlier_dose_missing', 'kept', '前の回の接種が登録されていません。', 'The dose before it is not recorded.'),
		('order_wrong', 'kept', '前後の回と日付の順序が逆です。', 'It would come before an earlier dose, or after a later one.'),
		-- recorded, and said
		('interval_short', 'warning', '前回からの間隔が最短間隔より短いです。', 'The interval since the dose before is shorter than the minimum.'),
		('interval_long', 'warning', '前回からの間隔が最長間隔を超えています。', 'The interval since the dose before is longer than the maximum.'),
		('product_mixed', 'warning', '前回と異なるワクチンです。', 'The vaccine is not that of the dose before.'),
		('product_not_in_programme', 'warning', 'この事業で使うワクチンではありません。', 'The programme does not use this vaccine.'),
		('product_not_at_site', 'warning', 'この施設の取扱ワクチンではありません。', 'The site is not registered for this vaccine.'),
		('course_complete', 'warning', '接種回数がワクチンの所定回数を超えています。', 'It is a dose more than the course of this vaccine has.'),
		('age_below_minimum', 'warning', '対象年齢に達していません。', 'The person is below the age for this vaccine.'),
		('outside_ticket_validity', 'warning', '接種券の有効期間外です。', 'The day is outside the validity of the ticket.'),
		('other_municipality', 'warning', '施設と異なる市区町村の住民です。', 'The person lives in another municipality than the site.'),
		('other_site_than_booked', 'warning', '予約した施設と異なります。', 'It is not the site that was booked.'),
		('lot_unknown', 'warning', 'ロット番号が登録されていません。', 'The lot is not known.'),
		('stock_short', 'warning', '施設の在庫にないロットです。在庫台帳には未計上です。', 'The site''s books hold none of this lot: it is not taken from stock yet.'),
		('site_not_open', 'warning', '稼働中の施設ではありません。', 'The site is not open.'),
		('site_name_unknown', 'warning', '接種会場から施設を特定できません。', 'The site cannot be told from its name.')
) AS f (code, outcome, message_ja, message_en);

INSERT INTO report.rule (form, code, expression, severity, message_ja, message_en)
VALUES
	(
		'vsys.result_report', 'doses_total_range', 'doses_total BETWEEN 0 AND 10000000', 'error',
		'接種回数(累計)は0から10,000,000までの整数で入力してください。', 'doses_total must lie between 0 and 10,000,000.'
	),
	(
		'vsys.result_report', 'dose_number_range', 'dose_number BETWEEN 1 AND 9', 'error',
		'回数は1から9までです。', 'dose_number must lie between 1 and 9.'
	),
	-- what V-SYS warned of: whoever enters the day's number instead of the total is caught here
	(
		'vsys.result_report', 'doses_total_falls', 'doses_total >= previous.doses_total', 'error',
		'接種回数(累計)が前回の報告を下回っています。当日分ではなく累計を入力してください。前回の報告が誤りであれば、先にそれを訂正してください。',
		'doses_total is lower than in the previous report. Enter the running total, not the doses of the day; if the previous report was wrong, mend that first.'
	),
	(
		'vsys.result_report', 'doses_total_jump', 'doses_total - previous.doses_total <= 5000', 'warning',
		'前回の報告から5,000回を超えて増えました。理由を入力してください。', 'More than 5,000 doses above the previous report. Give the reason.'
	),
	(
		'vsys.result_report', 'on_date_not_future', 'on_date <= (reported_at AT TIME ZONE ''Asia/Tokyo'')::date', 'error',
		'未来の日付は報告できません。', 'on_date must not be after the day of reporting.'
	);

INSERT INTO access.retention (relation, since, action, keep, minimum, subject, columns, basis, comment)
VALUES
	('vsys.dose', 'given_on', 'delete', '5 years', '5 years', 'person', '{}',
		'予防接種法施行令6条の2 / Order for Enforcement of the Immunization Act art. 6-2: vaccination records, 5 years from the vaccination',
		'接種記録 / doses, also corrected and withdrawn ones'),
	('vsys.person_dose', 'given_on', 'delete', '5 years', '5 years', 'person', '{}',
		'予防接種法施行令6条の2 / Order for Enforcement of the Immunization Act art. 6-2: vaccination records, 5 years from the vaccination',
		'接種済の回 / which doses a person has had'),
	('vsys.dose_issue', 'found_at', 'delete', '5 years', '5 years', 'person', '{}',
		'予防接種法施行令6条の2 / Order for Enforcement of the Immunization Act art. 6-2: an entry that waits for mending is a vaccination record',
		'要修正の接種記録 / entries that wait for mending, and what became of them'),
	('vsys.resident_number', 'noted_on', 'delete', '5 years', '0', 'person', '{}',
		'法定の期間なし / no legal period: as long as the vaccination records that are exchanged by it',
		'宛名番号 / numbers of residents');
