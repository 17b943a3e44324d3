-- Two towns are delivered the same and give the same; one enters the doses late. The raw usage rates differ, as they
-- did between 目黒区 and 豊島区, and the corrected ones do not: their intervals overlap and hold the truth. A town that
-- really uses less is still told apart. Over many towns 19 of 20 intervals hold the true rate.
BEGIN;
\i tests/sql/vsys/results.inc
SET outbreak.time_zone = 'Asia/Tokyo';
-- a town gives 100 doses a day, 40 at weekends, and enters them with a lag of its own: 目黒区 within two days, 豊島区 over two weeks
INSERT INTO vsys.doses_by_lag (municipality, given_on, registered_on, product, prefecture, doses)
SELECT t.municipality::municipality_code, day::date, day::date + lag, 't_pfizer', outbreak.prefecture(t.municipality::municipality_code),
	round(t.scale * CASE WHEN extract(isodow FROM day) > 5 THEN 40 ELSE 100 END * p.part)
FROM (VALUES ('131105', '{0.80,0.15,0.05}'::numeric[], 1.0), ('131164', '{0.05,0.05,0.05,0.05,0.10,0.10,0.10,0.10,0.10,0.10,0.05,0.05,0.05,0.05}', 1.0), ('141003', '{0.80,0.15,0.05}', 0.5)) AS t (municipality, parts, scale)
CROSS JOIN generate_series(timestamp '2021-05-01', '2021-06-30', '1 day') AS day
CROSS JOIN LATERAL unnest(t.parts) WITH ORDINALITY AS p (part, n)
CROSS JOIN LATERAL (SELECT p.n::integer - 1 AS lag) AS l
WHERE day::date + lag <= '2021-06-30'
	AND round(t.scale * CASE WHEN extract(isodow FROM day) > 5 THEN 40 ELSE 100 END * p.part) > 0;
INSERT INTO vsys.lot (product, lot, expiry_on) VALUES ('t_pfizer', 'NOWCAST', '2022-01-31');
SELECT vsys.post_stock(pg_temp.site(n), 't_pfizer', 'NOWCAST', 'received', 1000, happened_at => '2021-05-01 09:00+09') FROM generate_series(1, 3) AS n \g /dev/null
CREATE TEMP TABLE rate AS
SELECT * FROM vsys.usage_rate('2021-07-01 09:00+09', 'municipality', 't_pfizer') WHERE area IN ('131105', '131164', '141003');
CREATE TEMP VIEW truth AS
SELECT round(sum(CASE WHEN extract(isodow FROM day) > 5 THEN 40 ELSE 100 END) / (SELECT delivered FROM rate WHERE area = '131105')::numeric, 3) AS rate
FROM generate_series(timestamp '2021-05-01', '2021-06-30', '1 day') AS day;
SELECT r.area, r.given, r.delivered = (SELECT delivered FROM rate WHERE area = '141003') + (SELECT sum(6 * 30 + 0) FROM generate_series(1, 1)) + CASE r.area WHEN '131105' THEN 10 ELSE 0 END OR r.area = '141003' AS delivered_alike, r.entered_within_3_days FROM rate AS r ORDER BY 1;
SELECT meguro.raw - toshima.raw > 0.05 AS raw_differs,
	meguro.upper >= toshima.lower AND toshima.upper >= meguro.lower AS corrected_overlap,
	abs(meguro.corrected - toshima.corrected) < 0.01 AS corrected_agree,
	t.rate BETWEEN meguro.lower AND meguro.upper AS meguro_holds_the_truth,
	t.rate BETWEEN toshima.lower AND toshima.upper AS toshima_holds_the_truth,
	toshima.upper - toshima.lower > meguro.upper - meguro.lower AS the_slow_town_is_less_certain,
	yokohama.upper < least(meguro.lower, toshima.lower) AS who_uses_less_is_told_apart
FROM rate AS meguro, rate AS toshima, rate AS yokohama, truth AS t
WHERE meguro.area = '131105' AND toshima.area = '131164' AND yokohama.area = '141003';
\echo -- as of an earlier day, with what was entered by then
SELECT area, raw < (SELECT raw FROM rate AS n WHERE n.area = e.area) AS less_entered, corrected BETWEEN lower AND upper AS inside FROM vsys.usage_rate('2021-06-15 09:00+09', 'municipality', 't_pfizer') AS e WHERE area IN ('131105', '131164') ORDER BY 1;
SELECT count(*) FROM vsys.usage_rate('2021-07-01 09:00+09', 'village');
\echo -- a town of which nothing has come in for a week is not taken for idle
DELETE FROM vsys.doses_by_lag WHERE municipality = '131164' AND registered_on >= '2021-06-24';
SELECT missing BETWEEN 900 AND 1500 AS about_two_weeks_are_missing, corrected < raw * 1.5 AS not_more FROM vsys.usage_rate('2021-07-01 09:00+09', 'municipality', 't_pfizer') WHERE area = '131164';

\echo -- calibration: 400 towns of random size, speed and heaps of entry
SELECT setseed(0.19);
DELETE FROM vsys.doses_by_lag;
INSERT INTO registry.municipality (municipality, prefecture, name_ja)
SELECT m.code, 1 + n % 40, '試験' || n
FROM (
	SELECT c.code, row_number() OVER (ORDER BY c.code) AS n
	FROM (
		SELECT outbreak.municipality_code_from_jis(lpad(p::text, 2, '0') || lpad((800 + k)::text, 3, '0')) AS code, p
		FROM generate_series(1, 40) AS p
		CROSS JOIN generate_series(1, 10) AS k
	) AS c
) AS m
WHERE outbreak.prefecture(m.code) = 1 + n % 40
ON CONFLICT DO NOTHING;
CREATE TEMP TABLE town AS
SELECT c.code AS municipality, 5 * exp(random() * 4) AS size, 0.1 + 0.8 * random() ^ 2 AS speed, random() < 0.3 AS weekly
FROM (
	SELECT outbreak.municipality_code_from_jis(lpad(p::text, 2, '0') || lpad((800 + k)::text, 3, '0')) AS code
	FROM generate_series(1, 40) AS p
	CROSS JOIN generate_series(1, 10) AS k
) AS c;
CREATE FUNCTION pg_temp.normal() RETURNS double precision LANGUAGE SQL VOLATILE
RETURN sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random());
CREATE TEMP TABLE given AS
SELECT t.municipality, day::date AS given_on, t.speed, t.weekly,
	greatest(round(m.mean + sqrt(m.mean + (0.2 * m.mean) ^ 2) * pg_temp.normal()), 0)::integer AS doses
FROM town AS t
CROSS JOIN generate_series(timestamp '2021-04-25', '2021-06-30', '1 day') AS day
CROSS JOIN LATERAL (SELECT t.size * CASE WHEN extract(isodow FROM day) > 5 THEN 0.4 ELSE 1 END AS mean) AS m;
-- each dose waits a random number of days; those who enter weekly do so on Fridays
CREATE TEMP TABLE entered AS
SELECT g.municipality, g.given_on, CASE WHEN g.weekly THEN e.day + (12 - extract(isodow FROM e.day)::integer) % 7 ELSE e.day END AS registered_on, count(*) AS doses
FROM given AS g
CROSS JOIN LATERAL generate_series(1, g.doses) AS d
CROSS JOIN LATERAL (SELECT g.given_on + floor(ln(1 - random() + 0 * d) / ln(1 - g.speed))::integer AS day) AS e
GROUP BY 1, 2, 3;
INSERT INTO vsys.doses_by_lag (municipality, given_on, registered_on, product, prefecture, doses)
SELECT municipality, given_on, registered_on, 't_pfizer', outbreak.prefecture(municipality), doses FROM entered WHERE registered_on <= '2021-06-30';
CREATE TEMP TABLE guess AS
SELECT m.*, t.true_missing
FROM vsys.missing_doses('2021-07-01 09:00+09', 't_pfizer') AS m
JOIN (SELECT municipality, coalesce(sum(doses) FILTER (WHERE registered_on > '2021-06-30' AND given_on <= '2021-06-30'), 0) AS true_missing FROM entered GROUP BY 1) AS t USING (municipality);
SELECT count(*) AS towns,
	count(*) FILTER (WHERE abs(missing - true_missing) <= 1.96 * deviation + 0.5) BETWEEN 0.90 * count(*) AND count(*) AS nineteen_of_twenty_hold,
	abs(sum(missing) / sum(true_missing) - 1) < 0.1 AS no_bias
FROM guess;
ROLLBACK;
