-- 1/200 is half a per cent: it counts up, as the ministry's tables do. No denominator, no percentage.
SELECT n, d, outbreak.percent(n, d)
FROM (VALUES (0, 7), (1, 200), (1, 201), (644, 1995), (1, 3), (2, 3), (5, 4), (1, 0), (1, NULL), (9223372036854775807, 9223372036854775807)) AS v (n, d);
SET outbreak.time_zone = 'Asia/Tokyo';
SELECT outbreak.local_date('2020-12-14 14:59:59+00'), outbreak.local_date('2020-12-14 15:00:00+00');
SET outbreak.time_zone = 'UTC';
SELECT outbreak.local_date('2020-12-14 15:00:00+00');
SET outbreak.time_zone = 'Mars/Olympus';
RESET outbreak.time_zone;
