-- The 47 prefectures. Blocks are those of the disaster medical teams (DMAT): 新潟 trains with the six of 東北, and
-- 中部 runs from 富山 to 三重 with 山梨 and 長野 (the prefectures named for the block exercises of 2023 and 2025).
INSERT INTO registry.prefecture (prefecture, code, name_ja, kana, name_en, block, iso)
VALUES
	(1, '010006', '北海道', 'ほっかいどう', 'Hokkaido', '北海道', 'JP-01'),
	(2, '020001', '青森県', 'あおもりけん', 'Aomori', '東北', 'JP-02'),
	(3, '030007', '岩手県', 'いわてけん', 'Iwate', '東北', 'JP-03'),
	(4, '040002', '宮城県', 'みやぎけん', 'Miyagi', '東北', 'JP-04'),
	(5, '050008', '秋田県', 'あきたけん', 'Akita', '東北', 'JP-05'),
	(6, '060003', '山形県', 'やまがたけん', 'Yamagata', '東北', 'JP-06'),
	(7, '070009', '福島県', 'ふくしまけん', 'Fukushima', '東北', 'JP-07'),
	(8, '080004', '茨城県', 'いばらきけん', 'Ibaraki', '関東', 'JP-08'),
	(9, '090000', '栃木県', 'とちぎけん', 'Tochigi', '関東', 'JP-09'),
	(10, '100005', '群馬県', 'ぐんまけん', 'Gunma', '関東', 'JP-10'),
	(11, '110001', '埼玉県', 'さいたまけん', 'Saitama', '関東', 'JP-11'),
	(12, '120006', '千葉県', 'ちばけん', 'Chiba', '関東', 'JP-12'),
	(13, '130001', '東京都', 'とうきょうと', 'Tokyo', '関東', 'JP-13'),
	(14, '140007', '神奈川県', 'かながわけん', 'Kanagawa', '関東', 'JP-14'),
	(15, '150002', '新潟県', 'にいがたけん', 'Niigata', '東北', 'JP-15'),
	(16, '160008', '富山県', 'とやまけん', 'Toyama', '中部', 'JP-16'),
	(17, '170003', '石川県', 'いしかわけん', 'Ishikawa', '中部', 'JP-17'),
	(18, '180009', '福井県', 'ふくいけん', 'Fukui', '中部', 'JP-18'),
	(19, '190004', '山梨県', 'やまなしけん', 'Yamanashi', '中部', 'JP-19'),
	(20, '200000', '長野県', 'ながのけん', 'Nagano', '中部', 'JP-20'),
	(21, '210005', '岐阜県', 'ぎふけん', 'Gifu', '中部', 'JP-21'),
	(22, '220001', '静岡県', 'しずおかけん', 'Shizuoka', '中部', 'JP-22'),
	(23, '230006', '愛知県', 'あいちけん', 'Aichi', '中部', 'JP-23'),
	(24, '240001', '三重県', 'みえけん', 'Mie', '中部', 'JP-24'),
	(25, '250007', '滋賀県', 'しがけん', 'Shiga', '近畿', 'JP-25'),
	(26, '260002', '京都府', 'きょうとふ', 'Kyoto', '近畿', 'JP-26'),
	(27, '270008', '大阪府', 'おおさかふ', 'Osaka', '近畿', 'JP-27'),
	(28, '280003', '兵庫県', 'ひょうごけん', 'Hyogo', '近畿', 'JP-28'),
	(29, '290009', '奈良県', 'ならけん', 'Nara', '近畿', 'JP-29'),
	(30, '300004', '和歌山県', 'わかやまけん', 'Wakayama', '近畿', 'JP-30'),
	(31, '310000', '鳥取県', 'とっとりけん', 'Tottori', '中国', 'JP-31'),
	(32, '320005', '島根県', 'しまねけん', 'Shimane', '中国', 'JP-32'),
	(33, '330001', '岡山県', 'おかやまけん', 'Okayama', '中国', 'JP-33'),
	(34, '340006', '広島県', 'ひろしまけん', 'Hiroshima', '中国', 'JP-34'),
	(35, '350001', '山口県', 'やまぐちけん', 'Yamaguchi', '中国', 'JP-35'),
	(36, '360007', '徳島県', 'とくしまけん', 'Tokushima', '四国', 'JP-36'),
	(37, '370002', '香川県', 'かがわけん', 'Kagawa', '四国', 'JP-37'),
	(38, '380008', '愛媛県', 'えひめけん', 'Ehime', '四国', 'JP-38'),
	(39, '390003', '高知県', 'こうちけん', 'Kochi', '四国', 'JP-39'),
	(40, '400009', '福岡県', 'ふくおかけん', 'Fukuoka', '九州・沖縄', 'JP-40'),
	(41, '410004', '佐賀県', 'さがけん', 'Saga', '九州・沖縄', 'JP-41'),
	(42, '420000', '長崎県', 'ながさきけん', 'Nagasaki', '九州・沖縄', 'JP-42'),
	(43, '430005', '熊本県', 'くまもとけん', 'Kumamoto', '九州・沖縄', 'JP-43'),
	(44, '440001', '大分県', 'おおいたけん', 'Oita', '九州・沖縄', 'JP-44'),
	(45, '450006', '宮崎県', 'みやざきけん', 'Miyazaki', '九州・沖縄', 'JP-45'),
	(46, '460001', '鹿児島県', 'かごしまけん', 'Kagoshima', '九州・沖縄', 'JP-46'),
	(47, '470007', '沖縄県', 'おきなわけん', 'Okinawa', '九州・沖縄', 'JP-47');

-- Borders on land: each prefecture with its neighbours of a higher number.
INSERT INTO registry.prefecture_neighbour (prefecture, neighbour, kind)
SELECT pair.prefecture, pair.neighbour, 'land'
FROM (
	VALUES
		(2, '{3,5}'::smallint[]),
		(3, '{4,5}'::smallint[]),
		(4, '{5,6,7}'::smallint[]),
		(5, '{6}'::smallint[]),
		(6, '{7,15}'::smallint[]),
		(7, '{8,9,10,15}'::smallint[]),
		(8, '{9,11,12}'::smallint[]),
		(9, '{10,11}'::smallint[]),
		(10, '{11,15,20}'::smallint[]),
		(11, '{12,13,19,20}'::smallint[]),
		(12, '{13}'::smallint[]),
		(13, '{14,19}'::smallint[]),
		(14, '{19,22}'::smallint[]),
		(15, '{16,20}'::smallint[]),
		(16, '{17,20,21}'::smallint[]),
		(17, '{18,21}'::smallint[]),
		(18, '{21,25,26}'::smallint[]),
		(19, '{20,22}'::smallint[]),
		(20, '{21,22,23}'::smallint[]),
		(21, '{23,24,25}'::smallint[]),
		(22, '{23}'::smallint[]),
		(23, '{24}'::smallint[]),
		(24, '{25,26,29,30}'::smallint[]),
		(25, '{26}'::smallint[]),
		(26, '{27,28,29}'::smallint[]),
		(27, '{28,29,30}'::smallint[]),
		(28, '{31,33}'::smallint[]),
		(29, '{30}'::smallint[]),
		(31, '{32,33,34}'::smallint[]),
		(32, '{34,35}'::smallint[]),
		(33, '{34}'::smallint[]),
		(34, '{35}'::smallint[]),
		(36, '{37,38,39}'::smallint[]),
		(37, '{38}'::smallint[]),
		(38, '{39}'::smallint[]),
		(40, '{41,43,44}'::smallint[]),
		(41, '{42}'::smallint[]),
		(43, '{44,45,46}'::smallint[]),
		(44, '{45}'::smallint[]),
		(45, '{46}'::smallint[])
) AS border (prefecture, neighbours)
CROSS JOIN LATERAL unnest(border.neighbours) AS listed (neighbour)
CROSS JOIN LATERAL (
	VALUES
		(border.prefecture, listed.neighbour),
		(listed.neighbour, border.prefecture)
) AS pair (prefecture, neighbour);

-- Bridges and tunnels between prefectures that have no border on land.
INSERT INTO registry.prefecture_neighbour (prefecture, neighbour, kind)
SELECT pair.prefecture, pair.neighbour, 'link'
FROM (
	VALUES
		(1, 2),	-- Seikan tunnel
		(12, 14),	-- Tokyo Bay Aqua-Line
		(28, 36),	-- Akashi and Onaruto bridges
		(33, 37),	-- Seto bridge
		(34, 38),	-- Shimanami bridges
		(35, 40)	-- Kanmon bridge and tunnels
) AS link (prefecture, neighbour)
CROSS JOIN LATERAL (
	VALUES
		(link.prefecture, link.neighbour),
		(link.neighbour, link.prefecture)
) AS pair (prefecture, neighbour);

-- Blocks touch where their prefectures do.
INSERT INTO registry.block_neighbour (block, neighbour, kind)
SELECT a.block, b.block, min(n.kind)	-- 'land' sorts before 'link'
FROM registry.prefecture_neighbour AS n
JOIN registry.prefecture AS a ON a.prefecture = n.prefecture
JOIN registry.prefecture AS b ON b.prefecture = n.neighbour
WHERE a.block <> b.block
GROUP BY a.block, b.block;
