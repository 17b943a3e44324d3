#!/bin/bash
# The usage rate of the nation with its reporting lag: 1,741 towns, twelve weeks of doses of two vaccines, entered with lags
# of 0 to 28 days (some towns daily, some on Fridays alone). Against the raw rate, which is a sum and a division and
# punishes whoever enters late.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
psql -qX -f "$(dirname "$0")/vsys_country.sql" >/dev/null

sql "SET search_path = public, outbreak;
	INSERT INTO vsys.product (product, name_ja, name_en, maker_ja, vials_per_box, doses_per_vial, course_doses, interval_min_days, interval_days, min_age, route)
	VALUES ('bench2', '計測ワクチン2', 'Bench vaccine 2', '武田', 10, 10, 2, 21, 28, 18, 'wholesaler');
	INSERT INTO vsys.lot (product, lot, expiry_on) VALUES ('bench', 'L1', '2021-12-31'), ('bench2', 'L2', '2021-12-31');
	INSERT INTO vsys.stock_day (site, product, lot, doses_per_vial, on_date, municipality, received, low, first_at, last_at)
	SELECT s.site, l.product, l.lot, CASE l.product WHEN 'bench' THEN 6 ELSE 10 END, date '2021-04-05' + 14 * w, s.municipality, 195, 0,
		(date '2021-04-05' + 14 * w)::timestamptz, (date '2021-04-05' + 14 * w)::timestamptz
	FROM vsys.site AS s
	CROSS JOIN vsys.lot AS l
	CROSS JOIN generate_series(0, 5) AS w
	WHERE s.kind = 'basic' AND l.product LIKE 'bench%';
	-- of a day's doses so many per cent come in after so many days; town by town another mixture
	INSERT INTO vsys.doses_by_lag (municipality, given_on, registered_on, product, prefecture, doses)
	SELECT m.municipality, d.given_on, d.given_on + l.lag, p.product, m.prefecture, greatest(1, (m.size * l.part * (1 + m.n % 3))::integer)
	FROM (
		SELECT municipality, prefecture, row_number() OVER (ORDER BY municipality) AS n, 20 + 4000 / (10 + row_number() OVER (ORDER BY municipality)) AS size
		FROM registry.municipality
		WHERE name_ja LIKE '計測町%'
	) AS m
	CROSS JOIN (SELECT date '2021-04-12' + n AS given_on FROM generate_series(0, 83) AS n) AS d
	CROSS JOIN (VALUES ('bench'), ('bench2')) AS p (product)
	CROSS JOIN (VALUES (0, 0.5), (1, 0.2), (2, 0.1), (4, 0.1), (9, 0.06), (28, 0.04)) AS l (lag, part)
	WHERE (m.n % 4 <> 0 OR extract(isodow FROM d.given_on + l.lag) = 5)
		AND d.given_on + l.lag <= '2021-07-04'
		AND (extract(isodow FROM d.given_on) < 7 OR m.n % 2 = 0)" >/dev/null
sql 'VACUUM ANALYZE vsys.doses_by_lag, vsys.stock_day, registry.municipality'
echo "vsys_usage: $(sql "SELECT format('%s towns, %s sums of doses by day and lag', count(DISTINCT municipality), count(*)) FROM vsys.doses_by_lag")"
raw="SELECT m.municipality, m.doses / d.delivered::numeric
	FROM (SELECT municipality, sum(doses) AS doses FROM vsys.doses_by_lag WHERE registered_on <= '2021-07-04' GROUP BY municipality) AS m
	JOIN vsys.delivered_doses('2021-07-04') AS d USING (municipality)"
session='SET search_path = public, outbreak'
for level in municipality prefecture nation; do
	pair "vsys.usage_rate by $level, all vaccines" "SELECT * FROM vsys.usage_rate('2021-07-05 09:00+09', '$level')" "$raw" 1
done
single 'vsys.usage_rate by municipality, one vaccine' "SELECT * FROM vsys.usage_rate('2021-07-05 09:00+09', 'municipality', 'bench')" 1
