-- ---- the 13 quarantine stations, and the ports where people from abroad land
INSERT INTO quarantine.station (code, name_ja, name_en, prefecture)
VALUES
	('otaru', '小樽検疫所', 'Otaru Quarantine Station', 1),
	('sendai', '仙台検疫所', 'Sendai Quarantine Station', 4),
	('narita', '成田空港検疫所', 'Narita Airport Quarantine Station', 12),
	('tokyo', '東京検疫所', 'Tokyo Quarantine Station', 13),
	('yokohama', '横浜検疫所', 'Yokohama Quarantine Station', 14),
	('niigata', '新潟検疫所', 'Niigata Quarantine Station', 15),
	('nagoya', '名古屋検疫所', 'Nagoya Quarantine Station', 23),
	('osaka', '大阪検疫所', 'Osaka Quarantine Station', 27),
	('kansai', '関西空港検疫所', 'Kansai Airport Quarantine Station', 27),
	('kobe', '神戸検疫所', 'Kobe Quarantine Station', 28),
	('hiroshima', '広島検疫所', 'Hiroshima Quarantine Station', 34),
	('fukuoka', '福岡検疫所', 'Fukuoka Quarantine Station', 40),
	('naha', '那覇検疫所', 'Naha Quarantine Station', 47);

INSERT INTO quarantine.port (port, kind, name_ja, name_en, prefecture, station)
SELECT p.port, p.kind, p.name_ja, p.name_en, p.prefecture, s.station
FROM (VALUES
	('NRT', 'airport', '成田国際空港', 'Narita International Airport', 12, 'narita'),
	('HND', 'airport', '東京国際空港(羽田)', 'Tokyo International Airport (Haneda)', 13, 'tokyo'),
	('KIX', 'airport', '関西国際空港', 'Kansai International Airport', 27, 'kansai'),
	('NGO', 'airport', '中部国際空港', 'Chubu Centrair International Airport', 23, 'nagoya'),
	('FUK', 'airport', '福岡空港', 'Fukuoka Airport', 40, 'fukuoka'),
	('CTS', 'airport', '新千歳空港', 'New Chitose Airport', 1, 'otaru'),
	('SDJ', 'airport', '仙台空港', 'Sendai Airport', 4, 'sendai'),
	('KIJ', 'airport', '新潟空港', 'Niigata Airport', 15, 'niigata'),
	('HIJ', 'airport', '広島空港', 'Hiroshima Airport', 34, 'hiroshima'),
	('OKA', 'airport', '那覇空港', 'Naha Airport', 47, 'naha'),
	('JPTYO', 'seaport', '東京港', 'Port of Tokyo', 13, 'tokyo'),
	('JPYOK', 'seaport', '横浜港', 'Port of Yokohama', 14, 'yokohama'),
	('JPNGO', 'seaport', '名古屋港', 'Port of Nagoya', 23, 'nagoya'),
	('JPOSA', 'seaport', '大阪港', 'Port of Osaka', 27, 'osaka'),
	('JPUKB', 'seaport', '神戸港', 'Port of Kobe', 28, 'kobe'),
	('JPHKT', 'seaport', '博多港', 'Port of Hakata', 40, 'fukuoka'),
	('JPNAH', 'seaport', '那覇港', 'Port of Naha', 47, 'naha')
) AS p (port, kind, name_ja, name_en, prefecture, station)
JOIN quarantine.station AS s ON s.code = p.station;

-- ---- rules
INSERT INTO quarantine.regime (from_on, close_before, basis)
VALUES
	('2020-09-01', '16 hours', '質問票WEB / the web questionnaire, from the end of September 2020; closing time as with Fast Track'),
	('2022-11-01', '6 hours', 'Visit Japan Web / with Visit Japan Web, from 1 November 2022');

INSERT INTO quarantine.requirement (document, valid, hours, waived_by, min_age, at_desk, basis)
VALUES
	('test', '[2022-04-01,2022-11-01)', 72, NULL, 0, true, '2022年4月の様式 / form of April 2022: a test within 72 hours before departure'),
	('pledge', '[2022-04-01,2022-11-01)', NULL, NULL, 0, true, '検疫法16条の2 / Quarantine Act art. 16-2: the written pledge');

INSERT INTO quarantine.class_rule (position, class, valid, min_doses, basis)
VALUES
	(10, 'vaccinated', '[2021-10-01,2022-01-15)', 2, '2021年10月1日 / 10 days for the vaccinated, from 1 October 2021 until 10 days held for all');

-- ---- who may open what only the border asks for
INSERT INTO access.reveal_right (purpose, role)
SELECT p.purpose, r.role
FROM unnest('{passport,document}'::text[]) AS p (purpose)
CROSS JOIN unnest('{outbreak_quarantine,outbreak_ministry}'::text[]) AS r (role)
WHERE p.purpose = 'passport' AND r.role = 'outbreak_quarantine'
	OR p.purpose = 'document' AND r.role = 'outbreak_quarantine'
ON CONFLICT DO NOTHING;

-- ---- retention
INSERT INTO access.retention (relation, since, action, keep, minimum, subject, columns, basis, comment)
VALUES
	('quarantine.identity', 'gone_on', 'forget', '14 days', '0', 'person', '{}',
		'個人情報保護法22条 / APPI art. 22: deleted without delay once not needed; no legal period',
		'来なかった入国者の本人情報 / who an arrival was that never came, from its day; of who came quarantine.shred() does the same'),
	('quarantine.document', 'on_date', 'delete', '14 days', '0', 'person', '{}',
		'個人情報保護法22条 / APPI art. 22: deleted without delay once not needed; no legal period',
		'提出書類 / documents, from the day of arrival'),
	('quarantine.questionnaire', 'on_date', 'delete', '1 year', '0', 'person', '{}',
		'法定の期間なし / no legal period: as long as the follow-up of an outbreak asks for them, under the pseudonym',
		'質問票 / answers, from the day of arrival'),
	('quarantine.questionnaire_history', 'on_date', 'delete', '1 year', '0', 'person', '{}',
		'法定の期間なし / no legal period: as the questionnaire',
		'質問票の修正履歴 / former answers'),
	('quarantine.traveller', 'gone_on', 'delete', '1 year', '0', 'person', '{}',
		'法定の期間なし / no legal period: as the questionnaire',
		'入国者 / flight, seat and place of stay under the pseudonym, from the end of everything'),
	('quarantine.entry', 'on_date', 'delete', '1 year', '0', NULL, '{}',
		'法定の期間なし / no legal period: as the questionnaire',
		'事前登録 / entries, from the day of arrival, once their travellers are gone'),
	('quarantine.reading', 'scanned_at', 'delete', '1 year', '0', NULL, '{}',
		'法定の期間なし / no legal period: throughput of the year before is what the next forecast rests on',
		'読取記録 / readings of tickets'),
	('quarantine.detection', 'found_at', 'delete', '5 years', '5 years', 'person', '{}',
		'医師法24条 / Medical Practitioners'' Act art. 24: medical records, 5 years',
		'陽性者 / positive travellers'),
	('quarantine.contact', 'made_at', 'delete', '5 years', '5 years', 'person', '{}',
		'医師法24条 / Medical Practitioners'' Act art. 24: medical records, 5 years',
		'機内濃厚接触者 / who came near them')
ON CONFLICT DO NOTHING;

-- ---- reasons
INSERT INTO quarantine.reason (reason, sqlstate, colour, message_ja, message_en)
VALUES
	-- colours
	('colour_approved', NULL, 'blue', '手続きは完了しています。検疫へお進みください。', 'Everything is approved. Please go on to quarantine.'),
	('colour_in_review', NULL, 'yellow', '書類を審査しています。', 'Your documents are under review.'),
	('colour_to_show', NULL, 'yellow', '空港の窓口で書類を提示してください。', 'Please show your documents at the desk of the airport.'),
	('colour_unwell', NULL, 'yellow', '検疫官が健康状態をお尋ねします。', 'A quarantine officer will ask about your health.'),
	('colour_met_patient', NULL, 'yellow', '検疫官が接触の状況をお尋ねします。', 'A quarantine officer will ask about the contact that you had.'),
	('colour_not_sent', NULL, 'red', '必要な書類が提出されていません。', 'A document that is needed has not been sent.'),
	('colour_missing', NULL, 'red', '必要な書類がありません。', 'A document that is needed is missing.'),
	('colour_refused', NULL, 'red', '書類が承認されませんでした。理由を確認し、再提出してください。', 'A document was not accepted. See why, and send another one.'),
	('colour_positive', NULL, 'red', '検査結果が陰性ではありません。', 'A test before departure was not negative.'),
	('colour_cancelled', NULL, 'red', 'この登録は取り消されています。', 'This entry was cancelled.'),
	('colour_duplicate', NULL, 'red', '同じ旅券で既に入国手続きが済んでいます。', 'The same passport has come in already.'),
	-- entries
	('no_entry', 'OB131', NULL, '登録が見つかりません。', 'There is no such entry.'),
	('no_traveller', 'OB131', NULL, '入国者が見つかりません。', 'There is no such traveller.'),
	('no_detection', 'OB131', NULL, '陽性者の登録が見つかりません。', 'There is no such detection.'),
	('no_contact', 'OB131', NULL, '接触者の登録が見つかりません。', 'There is no such contact.'),
	('arrived_already', 'OB132', NULL, '入国手続きが済んでいるため、変更できません。', 'The ticket was read already; nothing can be changed.'),
	('entry_cancelled', 'OB132', NULL, 'この登録は取り消されています。', 'This entry was cancelled.'),
	('review_closed', 'OB132', NULL, '事前審査の受付は終了しました。空港の窓口で書類を提示してください。', 'Documents are no longer taken for review. Please show them at the desk of the airport.'),
	('flight_full', 'OB133', NULL, 'この便の登録可能な人数を超えています。', 'More people than it can carry have entered themselves for this flight or vessel.'),
	('too_many_changes', 'OB133', NULL, '変更回数の上限に達しました。', 'The entry was changed too often.'),
	('document_malformed', 'OB130', NULL, '書類の形式が正しくありません。', 'That is no document of a person of this entry: test, vaccination or pledge, as JPEG, PNG, PDF (base64) or text.'),
	('document_accepted', 'OB135', NULL, 'この書類は既に承認されています。', 'The document is accepted already.'),
	('document_decided', 'OB135', NULL, '入国前に判断された書類は変更できません。', 'What was decided before the arrival stays.'),
	('no_document', 'OB135', NULL, '書類が見つかりません。', 'There is no such document.'),
	-- devices
	('no_reader', 'OB134', NULL, 'この端末では読み取れません。', 'There is no such reader, or it is not yours.'),
	('reader_not_in_use', 'OB134', NULL, 'この端末は使用されていません。', 'The reader is not in use at that time.'),
	('clock', 'OB134', NULL, '端末の時計を確認してください。', 'The time of the reading lies in the future, or too far back.'),
	-- readings
	('registered', NULL, NULL, '登録しました。', 'Registered.'),
	('seen_before', NULL, NULL, 'この券は既に読み取られています。', 'This ticket was read before.'),
	('refused', NULL, NULL, 'この券は使えません。', 'This ticket cannot be used.'),
	('other_port', NULL, NULL, '登録しました。申告と異なる空港です。', 'Registered. The ticket is for another port.'),
	('same_passport', NULL, NULL, '同じ旅券で既に入国手続きが済んでいます。', 'The same passport has come in by another entry.'),
	('nothing_read', NULL, NULL, '何も読み取れませんでした。', 'Nothing was read.'),
	('not_a_ticket', NULL, NULL, '入国者の券ではありません。', 'That is no ticket.'),
	('damaged', NULL, NULL, '券が読み取れません。破損しています。', 'The ticket is damaged.'),
	('forged', NULL, NULL, '券の署名が正しくありません。', 'The signature of the ticket is not right.'),
	('unknown_key', NULL, NULL, '券の署名鍵が登録されていません。', 'The ticket is signed with a key that is not known.'),
	('key_revoked', NULL, NULL, '券の署名鍵は失効しています。', 'The key that signed the ticket was revoked.'),
	('not_yet_valid', NULL, NULL, '券の有効期間前です。', 'The ticket is not valid yet.'),
	('expired', NULL, NULL, '券の有効期間が過ぎています。', 'The ticket has expired.'),
	('revoked', NULL, NULL, '券は失効しています。新しい券を表示してください。', 'The ticket was revoked. Please show the new one.'),
	('unknown_entry', NULL, NULL, '登録が見つかりません。', 'There is no entry for this ticket.'),
	('other_ticket', NULL, NULL, '入国用の券ではありません。', 'The ticket is not one of an arrival.'),
	('foreign_dcc', NULL, NULL, '外国のデジタル証明書です。窓口へご案内ください。', 'That is a digital COVID certificate. Please see the desk.'),
	('foreign_shc', NULL, NULL, 'SMART Health Cardです。窓口へご案内ください。', 'That is a SMART Health Card. Please see the desk.'),
	('foreign_vds', NULL, NULL, 'ICAOの証明書(VDS-NC)です。窓口へご案内ください。', 'That is a certificate of ICAO (VDS-NC). Please see the desk.'),
	('foreign_link', NULL, NULL, 'ウェブのアドレスです。', 'That is a web address.'),
	('foreign_boarding_pass', NULL, NULL, '搭乗券です。', 'That is a boarding pass.'),
	-- cases
	('specimen_time', 'OB135', NULL, '検体採取日時が正しくありません。', 'The specimen lies in the future, or long before the arrival.'),
	('detection_withdrawn', 'OB135', NULL, 'この結果は取り消されています。', 'The result was taken back.'),
	('is_case', 'OB135', NULL, '本人が陽性者です。接触者としての健康観察は行いません。', 'The person is a case and followed as a patient.'),
	('notified', 'OB135', NULL, '発生届が提出されています。届出を訂正してください。', 'It is a notified case already. Correct the notification.');

-- ---- messages
INSERT INTO messaging.template (template, language, subject, body)
VALUES
	('quarantine.near', 'ja', '【検疫所】機内での接触について', '{{on_date}}到着の{{conveyance}}便で、あなたの近くの座席の方が新型コロナウイルス陽性と判明しました。到着日から健康観察の対象となります。毎日の確認に回答し、体調に変化があればすぐにご連絡ください。'),
	('quarantine.near', 'ja-x-easy', '【けんえきしょ】ひこうきの おしらせ', '{{on_date}}に ついた ひこうき {{conveyance}}で、あなたの 近くに すわった 人が 新型コロナウイルスの 病気でした。まいにち しつもんを 送ります。こたえてください。体の 調子が 悪いときは、すぐに 教えてください。'),
	('quarantine.near', 'en', 'Quarantine: somebody near your seat', 'A passenger near your seat on {{conveyance}}, arrived {{on_date}}, tested positive for COVID-19. You are followed up from the day of arrival. Please answer the daily checks, and tell us at once when you feel unwell.'),
	('quarantine.near', 'zh-Hans', '【检疫所】关于机上接触', '{{on_date}}抵达的{{conveyance}}航班上，您座位附近的乘客新冠病毒检测呈阳性。自抵达之日起您将接受健康观察。请每天回答健康询问，如感不适请立即联系我们。'),
	('quarantine.near', 'zh-Hant', '【檢疫所】關於機上接觸', '{{on_date}}抵達的{{conveyance}}航班上，您座位附近的乘客新冠病毒檢測呈陽性。自抵達之日起您將接受健康觀察。請每天回答健康詢問，如感不適請立即聯絡我們。'),
	('quarantine.near', 'ko', '[검역소] 기내 접촉 안내', '{{on_date}} 도착 {{conveyance}}편에서 귀하의 좌석 근처 승객이 코로나19 양성으로 확인되었습니다. 도착일부터 건강 관찰 대상이 됩니다. 매일 확인에 응답하시고 몸 상태가 나빠지면 즉시 연락해 주십시오.'),
	('quarantine.not_near', 'ja', '【検疫所】お知らせの訂正', '{{on_date}}到着の{{conveyance}}便での接触に関する先日のお知らせは誤りでした。お詫びして取り消します。接触者としての健康観察は終了です。'),
	('quarantine.not_near', 'ja-x-easy', '【けんえきしょ】まちがいの おしらせ', '{{on_date}}に ついた ひこうき {{conveyance}}の おしらせは まちがいでした。ごめんなさい。ひこうきの ことで しつもんに こたえる 必要は ありません。'),
	('quarantine.not_near', 'en', 'Quarantine: a correction', 'Our message about a contact on {{conveyance}}, arrived {{on_date}}, was a mistake. We apologise. You are no longer followed up as a contact.'),
	('quarantine.not_near', 'zh-Hans', '【检疫所】更正通知', '此前关于{{on_date}}抵达的{{conveyance}}航班上接触的通知有误，特此致歉并撤销。您作为接触者的健康观察已结束。'),
	('quarantine.not_near', 'zh-Hant', '【檢疫所】更正通知', '先前關於{{on_date}}抵達的{{conveyance}}航班上接觸的通知有誤，特此致歉並撤銷。您作為接觸者的健康觀察已結束。'),
	('quarantine.not_near', 'ko', '[검역소] 정정 안내', '{{on_date}} 도착 {{conveyance}}편의 접촉에 관한 안내는 잘못된 것이었습니다. 사과드리며 취소합니다. 접촉자로서의 건강 관찰은 종료되었습니다.')
ON CONFLICT DO NOTHING;
