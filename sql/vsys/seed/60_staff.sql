-- Who entered, received, confirmed or calculated something is asked as long as the records that it belongs to are kept;
-- then the name goes, and the row stays. (Doses and what waits to be mended go as a whole: 50_results.)
INSERT INTO access.retention (relation, since, action, keep, minimum, subject, columns, basis, comment)
SELECT s.relation, s.since, 'erase', '5 years', '0', NULL, ARRAY[s.name]::name[],
	'法定の期間なし / no legal period: as long as the vaccination records that it belongs to',
	s.comment
FROM (VALUES
	('vsys.receipt'::regclass, 'received_at'::name, 'received_by', '受領者名 / who received a delivery'),
	('vsys.arrival', 'arrived_at', 'received_by', '受領者名 / who received what another site sent'),
	('vsys.notice', 'acknowledged_at', 'acknowledged_by', '確認者名 / who confirmed the date of a delivery'),
	('vsys.stock_event', 'happened_at', 'recorded_by', '登録者 / who entered an event of the stock'),
	('vsys.storage_move', 'moved_at', 'recorded_by', '登録者 / who entered a move between states of storage'),
	('vsys.round_pass', 'made_at', 'made_by', '計算者 / who calculated a round'),
	('vsys.site_status', 'entered_at', 'entered_by', '入力者 / who entered the availability of a site'),
	('vsys.vrs_import', 'imported_at', 'imported_by', '取込者 / who imported a file of the VRS')
) AS s (relation, since, name, comment);
