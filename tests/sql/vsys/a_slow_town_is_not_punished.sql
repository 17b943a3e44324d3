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
SELECT area, delivered, given, entered_within_3_days FROM rate ORDER BY area;
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
\echo -- calibration: 60 towns of random size and speed, a third of which enter on Fridays alone
SELECT setseed(0.19);
DELETE FROM vsys.doses_by_lag;
CREATE TEMP TABLE town AS
SELECT outbreak.municipality_code_from_jis(lpad(p::text, 2, '0') || lpad((800 + k)::text, 3, '0')) AS municipality, 5 * exp(random() * 3) AS size, 0.15 + 0.8 * random() ^ 2 AS speed, k = 3 AS weekly
FROM generate_series(1, 20) AS p
CROSS JOIN generate_series(1, 3) AS k;
CREATE TEMP TABLE entered AS
SELECT g.municipality, g.given_on, CASE WHEN g.weekly THEN e.day + (12 - extract(isodow FROM e.day)::integer) % 7 ELSE e.day END AS registered_on, count(*) AS doses
FROM (
	SELECT t.municipality, t.speed, t.weekly, day::date AS given_on,
		round(t.size * CASE WHEN extract(isodow FROM day) > 5 THEN 0.4 ELSE 1 END * (0.7 + 0.6 * random()))::integer AS doses
	FROM town AS t
	CROSS JOIN generate_series(timestamp '2021-04-25', '2021-06-30', '1 day') AS day
) AS g
CROSS JOIN LATERAL generate_series(1, g.doses) AS d
-- each dose waits a random number of days
CROSS JOIN LATERAL (SELECT g.given_on + floor(ln(1 - random() + 0 * d) / ln(1 - g.speed))::integer AS day) AS e
GROUP BY 1, 2, 3;
INSERT INTO vsys.doses_by_lag (municipality, given_on, registered_on, product, prefecture, doses)
SELECT municipality, given_on, registered_on, 't_pfizer', outbreak.prefecture(municipality), doses FROM entered WHERE registered_on <= '2021-06-30';
CREATE TEMP TABLE guess AS
SELECT m.*, t.true_missing
FROM vsys.missing_doses('2021-07-01 09:00+09', 't_pfizer') AS m
JOIN (SELECT municipality, coalesce(sum(doses) FILTER (WHERE registered_on > '2021-06-30' AND given_on <= '2021-06-30'), 0) AS true_missing FROM entered GROUP BY 1) AS t USING (municipality);
SELECT count(*) AS towns,
	count(*) FILTER (WHERE abs(missing - true_missing) <= 1.96 * deviation + 0.5) >= 0.88 * count(*) AS nineteen_of_twenty_hold,
	abs(sum(missing) / sum(true_missing) - 1) < 0.15 AS no_bias,
	avg(deviation / greatest(true_missing, 10)) < 0.5 AS and_not_by_being_vague
FROM guess;
ROLLBACK;
