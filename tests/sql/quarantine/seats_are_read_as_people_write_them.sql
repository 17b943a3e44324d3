-- Seats and flight numbers come as people write them.
\pset format unaligned
SET client_min_messages = warning;
SELECT s.written, p.* FROM unnest(ARRAY['34A', '12-C', ' 5 d ', '034A', '007k', '３４Ａ', '34Ａ', 'A34', 'K-7', '34‐A', '34ーA', 'SEAT 21F', '座席：21F', '34A INF', '34A (INFANT)', '34A/LAP', '34A乳児', 'CREW', 'crew', '乗務員', 'JUMP SEAT', 'UNKNOWN', '不明', '', NULL, '-', '0A', '200A', '34', 'AA', '34AB', '34A 34B', 'ROW 34', 'DROP TABLE', E'34A\n']) WITH ORDINALITY AS s (written, n)
CROSS JOIN LATERAL quarantine.parse_seat(s.written) AS p ORDER BY s.n;
SELECT s.kind, s.written, quarantine.conveyance_key(s.kind, s.written)
FROM (VALUES (1, 'flight', 'NH 109'), (2, 'flight', 'nh0109'), (3, 'flight', 'ＮＨ－１０９'), (4, 'flight', 'NH-109'), (5, 'flight', 'JL 5'), (6, 'flight', 'JL005'), (7, 'flight', '3K 721'), (8, 'flight', '7C1102'), (9, 'flight', 'ANA 9'), (10, 'flight', 'NH 106A'), (11, 'flight', '--'), (12, 'ship', 'Diamond  Princess'), (13, 'ship', 'DIAMOND PRINCESS'), (14, 'ship', '第三海洋丸'), (15, 'other', 'private jet N123AB')) AS s (n, kind, written)
ORDER BY s.n;
-- rows that the cabin does not have are no distance
SELECT quarantine.rows_apart(12, 14), quarantine.rows_apart(12, 14, '{13}'), quarantine.rows_apart(15, 12, '{13,14}'), quarantine.rows_apart(13, 13, '{13}');
