-- Seats are apportioned exactly: published and classic cases, where methods differ, and the paradox of Alabama.

CREATE FUNCTION pg_temp.by_method(seats bigint, weights bigint[], floors bigint[] DEFAULT NULL, caps bigint[] DEFAULT NULL)
RETURNS TABLE (method text, result bigint[])
LANGUAGE sql AS $$
	SELECT m, outbreak.apportion(seats, weights, m, floors, caps)
	FROM unnest('{hamilton,webster,dhondt,adams,huntington_hill,dean}'::text[]) WITH ORDINALITY AS t (m, n)
	ORDER BY n
$$;

-- Three equal remainders of 1/3: the earliest wins. In floating point the third would get the seat of the second.
SELECT outbreak.apportion(473, ARRAY[114000, 52000, 76000, 16000]);
SELECT outbreak.apportion(473, ARRAY[76000, 52000, 114000, 16000]);

-- 2021-04-05: 100 boxes to 47 prefectures, 4 to Tokyo, Kanagawa and Osaka, 2 to each other. Nobody gets an odd number:
-- the unit is the pair. 50 pairs, one to each, and three left: adams, huntington_hill and dean, which give everybody
-- the first before they look at the second, take them to the three largest. Census of 2020, thousands.
CREATE TEMP TABLE prefecture AS
SELECT *
FROM unnest(
	'{北海道,青森,岩手,宮城,秋田,山形,福島,茨城,栃木,群馬,埼玉,千葉,東京,神奈川,新潟,富山,石川,福井,山梨,長野,岐阜,静岡,愛知,三重,滋賀,京都,大阪,兵庫,奈良,和歌山,鳥取,島根,岡山,広島,山口,徳島,香川,愛媛,高知,福岡,佐賀,長崎,熊本,大分,宮崎,鹿児島,沖縄}'::text[],
	'{5225,1238,1211,2302,960,1068,1833,2867,1933,1939,7345,6284,14048,9237,2201,1035,1133,767,810,2048,1979,3633,7542,1770,1414,2578,8838,5465,1324,923,553,671,1888,2800,1342,720,950,1335,692,5135,811,1312,1738,1124,1070,1588,1467}'::bigint[]
) WITH ORDINALITY AS t (name, population, prefecture);
SELECT sum(population) FROM prefecture;
SELECT method, boxes, count(*) AS prefectures, CASE WHEN count(*) < 6 THEN string_agg(name, ' ' ORDER BY prefecture) END AS which
FROM unnest('{hamilton,webster,dhondt,adams,huntington_hill,dean}'::text[]) WITH ORDINALITY AS m (method, n)
CROSS JOIN LATERAL (SELECT p.*, 2 * outbreak.apportion(50, population, method) OVER (ORDER BY prefecture) AS boxes FROM prefecture AS p) AS p
GROUP BY n, method, boxes
HAVING n > 3
ORDER BY n, boxes DESC;
-- with one pair at least and two at most for each prefecture the other methods come to the same
SELECT method, (SELECT string_agg(name, ' ' ORDER BY prefecture) FROM prefecture WHERE 2 * b[prefecture] = 4) AS four
FROM unnest('{hamilton,webster,dhondt}'::text[]) AS method
CROSS JOIN LATERAL (SELECT outbreak.apportion(50, array_agg(population ORDER BY prefecture), method, array_fill(1, ARRAY[47])::bigint[], array_fill(2, ARRAY[47])::bigint[]) AS b FROM prefecture) AS r;

-- United States, census of 1790: 105 seats were taken by Jefferson's method, 120 by Hamilton's vetoed bill
SELECT * FROM pg_temp.by_method(105, ARRAY[630560, 475327, 432879, 353523, 331589, 278514, 236841, 206236, 179570, 141822, 85533, 70835, 68705, 68446, 55540]);
SELECT * FROM pg_temp.by_method(120, ARRAY[630560, 475327, 432879, 353523, 331589, 278514, 236841, 206236, 179570, 141822, 85533, 70835, 68705, 68446, 55540]);

-- United States, census of 2020: 435 seats by huntington_hill. Minnesota held the last; New York was 89 people short of it.
CREATE TEMP TABLE state (name text, population bigint, seats bigint);
INSERT INTO state VALUES
	('Alabama', 5030053, 7), ('Alaska', 736081, 1), ('Arizona', 7158923, 9), ('Arkansas', 3013756, 4), ('California', 39576757, 52),
	('Colorado', 5782171, 8), ('Connecticut', 3608298, 5), ('Delaware', 990837, 1), ('Florida', 21570527, 28), ('Georgia', 10725274, 14),
	('Hawaii', 1460137, 2), ('Idaho', 1841377, 2), ('Illinois', 12822739, 17), ('Indiana', 6790280, 9), ('Iowa', 3192406, 4),
	('Kansas', 2940865, 4), ('Kentucky', 4509342, 6), ('Louisiana', 4661468, 6), ('Maine', 1363582, 2), ('Maryland', 6185278, 8),
	('Massachusetts', 7033469, 9), ('Michigan', 10084442, 13), ('Minnesota', 5709752, 8), ('Mississippi', 2963914, 4), ('Missouri', 6160281, 8),
	('Montana', 1085407, 2), ('Nebraska', 1963333, 3), ('Nevada', 3108462, 4), ('New Hampshire', 1379089, 2), ('New Jersey', 9294493, 12),
	('New Mexico', 2120220, 3), ('New York', 20215751, 26), ('North Carolina', 10453948, 14), ('North Dakota', 779702, 1), ('Ohio', 11808848, 15),
	('Oklahoma', 3963516, 5), ('Oregon', 4241500, 6), ('Pennsylvania', 13011844, 17), ('Rhode Island', 1098163, 2), ('South Carolina', 5124712, 7),
	('South Dakota', 887770, 1), ('Tennessee', 6916897, 9), ('Texas', 29183290, 38), ('Utah', 3275252, 4), ('Vermont', 643503, 1),
	('Virginia', 8654542, 11), ('Washington', 7715946, 10), ('West Virginia', 1795045, 2), ('Wisconsin', 5897473, 8), ('Wyoming', 577719, 1);
SELECT count(*), sum(population), sum(seats) FROM state;
CREATE TEMP VIEW apportioned AS
SELECT name, seats, method, outbreak.apportion(435, population, method) OVER (PARTITION BY method ORDER BY name) AS result
FROM state
CROSS JOIN unnest('{hamilton,webster,dhondt,adams,huntington_hill,dean}'::text[]) AS method;
SELECT method, sum(result), string_agg(format('%s %s', name, to_char(result - seats, 'FMSG9')), ', ' ORDER BY name) FILTER (WHERE result <> seats) AS differs
FROM apportioned
GROUP BY method
ORDER BY method;
SELECT more, string_agg(name || ' ' || result, ', ' ORDER BY name) FILTER (WHERE name IN ('New York', 'Minnesota'))
FROM unnest(ARRAY[88, 89]) AS more
CROSS JOIN LATERAL (SELECT name, outbreak.apportion(435, population + CASE name WHEN 'New York' THEN more ELSE 0 END, 'huntington_hill') OVER (ORDER BY name) AS result FROM state) AS s
GROUP BY more;

-- textbook examples
SELECT * FROM pg_temp.by_method(8, ARRAY[100000, 80000, 30000, 20000]);
SELECT * FROM pg_temp.by_method(10, ARRAY[47000, 16000, 15800, 12000, 6100, 3100]);

-- Alabama paradox: with one seat more in all the third loses one, by hamilton alone
SELECT method, s.result AS of_10, t.result AS of_11
FROM pg_temp.by_method(10, ARRAY[6, 6, 2]) AS s
JOIN pg_temp.by_method(11, ARRAY[6, 6, 2]) AS t USING (method);
-- quota broken by divisor methods: 10 seats, quotas 8.7 and thirteen of 0.1; dhondt gives the first all
SELECT * FROM pg_temp.by_method(10, ARRAY[87, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);

-- fewer seats than units
SELECT * FROM pg_temp.by_method(2, ARRAY[5, 0, 9, 7, 7]);
SELECT * FROM pg_temp.by_method(0, ARRAY[5, 0, 9]);
SELECT * FROM pg_temp.by_method(0, ARRAY[0, 0]);
SELECT * FROM pg_temp.by_method(3, ARRAY[0, 0], ARRAY[1, 2]);
SELECT * FROM pg_temp.by_method(1, ARRAY[7]);
-- floors and caps
SELECT * FROM pg_temp.by_method(20, ARRAY[70, 20, 10, 0], ARRAY[0, 0, 5, 1], ARRAY[9, 20, 20, 1]);
SELECT * FROM pg_temp.by_method(20, ARRAY[70, 20, 10], NULL, ARRAY[20, 0, 20]);
-- only the caps leave room
SELECT * FROM pg_temp.by_method(20, ARRAY[70, 20, 10], ARRAY[1, 2, 3], ARRAY[5, 5, 10]);

-- as far as the numbers go
SELECT * FROM pg_temp.by_method(9223372036854775807, ARRAY[9223372036854775807, 9223372036854775807, 1]);
SELECT * FROM pg_temp.by_method(1000000000000, ARRAY[9223372036854775807, 9223372036854775806, 1, 0]);
SELECT * FROM pg_temp.by_method(9223372036854775807, ARRAY[3, 2, 1]);

-- the window function: partitions, ties by its order, bounds by row
SELECT prefecture, site, weight, outbreak.apportion(boxes, weight, 'hamilton') OVER w AS hamilton, outbreak.apportion(boxes, weight, 'adams') OVER w AS adams,
	outbreak.apportion(boxes, weight, 'webster', least(weight, 1), 3) OVER w AS bounded
FROM (VALUES (13, 1, 10, 5), (13, 2, 10, 5), (13, 3, 10, 5), (27, 1, 4, 6), (27, 2, 0, 6), (27, 3, 90, 6)) AS t (prefecture, site, weight, boxes)
WINDOW w AS (PARTITION BY prefecture ORDER BY site DESC)
ORDER BY prefecture, site;
