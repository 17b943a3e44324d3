-- Comirnaty by its package insert (facts of the ministry and the maker); since 28 May 2021 a month instead of five days
-- at 2 to 8 degrees. Of the others −20 ± 5 and 2 to 8 degrees are certain; their clocks are those of their inserts.
INSERT INTO vsys.storage_state (product, state, since, name_ja, name_en, from_c, to_c, max_stay, cumulative, arrival, opened)
VALUES
	('comirnaty', 'ultra_cold', '-infinity', '超低温', 'Ultra-cold', -90, -60, NULL, false, true, false),
	('comirnaty', 'frozen', '-infinity', '冷凍', 'Frozen', -25, -15, '14 days', true, false, false),
	('comirnaty', 'thawed', '-infinity', '冷蔵', 'Thawed, refrigerated', 2, 8, '5 days', false, false, false),
	('comirnaty', 'thawed', '2021-05-28', '冷蔵', 'Thawed, refrigerated', 2, 8, '31 days', false, false, false),
	('comirnaty', 'room', '-infinity', '室温', 'Room temperature', 8, 30, '2 hours', false, false, false),
	('comirnaty', 'diluted', '-infinity', '希釈後', 'Diluted', 2, 30, '6 hours', false, false, true),
	('spikevax', 'frozen', '-infinity', '冷凍', 'Frozen', -25, -15, NULL, false, true, false),
	('spikevax', 'thawed', '-infinity', '冷蔵', 'Thawed, refrigerated', 2, 8, '30 days', false, false, false),
	('spikevax', 'room', '-infinity', '室温', 'Room temperature', 8, 25, '12 hours', false, false, false),
	('spikevax', 'opened', '-infinity', '開封後', 'Opened', 2, 25, '6 hours', false, false, true),
	('vaxzevria', 'refrigerated', '-infinity', '冷蔵', 'Refrigerated', 2, 8, NULL, false, true, false),
	('vaxzevria', 'opened', '-infinity', '開封後', 'Opened', 2, 30, '6 hours', false, false, true);

INSERT INTO vsys.storage_step (product, from_state, to_state, most)
VALUES
	('comirnaty', 'ultra_cold', 'frozen', NULL),
	('comirnaty', 'frozen', 'ultra_cold', 1),
	('comirnaty', 'ultra_cold', 'thawed', NULL),
	('comirnaty', 'frozen', 'thawed', NULL),
	('comirnaty', 'ultra_cold', 'room', NULL),
	('comirnaty', 'frozen', 'room', NULL),
	('comirnaty', 'thawed', 'room', NULL),
	('comirnaty', 'thawed', 'diluted', NULL),
	('comirnaty', 'room', 'diluted', NULL),
	('spikevax', 'frozen', 'thawed', NULL),
	('spikevax', 'frozen', 'room', NULL),
	('spikevax', 'thawed', 'room', NULL),
	('spikevax', 'thawed', 'opened', NULL),
	('spikevax', 'room', 'opened', NULL),
	('vaxzevria', 'refrigerated', 'opened', NULL);
