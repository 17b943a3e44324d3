#!/bin/bash
# The delivery plan of the nation: 10,000 basic sites in a fortnight, 500 branches with some stops a day, each site within
# reach of its five nearest branches. Against what is done by hand: site after site takes the cheapest stop that is left.
# The costs are compared, not the times alone. Then the check of the proof, the publication with its 30,000 notices, and a
# plan made anew after a branch fell out.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

sql "SELECT setseed(0.5);
	INSERT INTO registry.municipality (municipality, prefecture, name_ja) SELECT code, prefecture, name_ja FROM registry.prefecture ON CONFLICT DO NOTHING;
	INSERT INTO vsys.product (product, name_ja, name_en, maker_ja, vials_per_box, doses_per_vial, course_doses, interval_days, route)
	VALUES ('bench', '計測', 'Bench', '計測', 195, 6, 2, 21, 'carrier');
	CREATE TABLE public.bench_point AS
	SELECT n, p.prefecture, p.code, ST_SetSRID(ST_MakePoint(p.lng + 0.25 * r * cos(a), p.lat + 0.25 * r * sin(a)), 4326)::geography AS location
	FROM (SELECT n, random() AS u, 2 * pi() * random() AS a, random() + random() AS r FROM generate_series(1, 10500) AS n) AS g
	JOIN (
		SELECT f.prefecture, f.lat, f.lng, m.code, numrange((sum(f.inhabitants) OVER o - f.inhabitants) / sum(f.inhabitants) OVER ()::numeric, sum(f.inhabitants) OVER o / sum(f.inhabitants) OVER ()::numeric) AS stretch
		FROM demo.profile() AS f
		JOIN registry.prefecture AS m USING (prefecture)
		WINDOW o AS (ORDER BY f.prefecture)
	) AS p ON p.stretch @> g.u::numeric;
	INSERT INTO registry.institution (institution, municipality, kind, name_ja, location)
	SELECT outbreak.provisional_institution_code(prefecture, 600000 + n), code, 'hospital', '計測配送 ' || n, location FROM public.bench_point WHERE n <= 10000;
	INSERT INTO vsys.site (site, municipality, kind, state) SELECT outbreak.provisional_institution_code(prefecture, 600000 + n), code, 'basic', 'open' FROM public.bench_point WHERE n <= 10000;
	INSERT INTO vsys.site_product (site, product) SELECT site, 'bench' FROM vsys.site;
	INSERT INTO registry.organisation (organisation, kind, name_ja) SELECT 900000 + n, 'carrier_branch', '計測' || n FROM public.bench_point WHERE n > 10000;
	INSERT INTO vsys.branch (organisation, kind, company_ja, municipality, location) SELECT 900000 + n, 'carrier', '計測', code, location FROM public.bench_point WHERE n > 10000;
	INSERT INTO vsys.branch_product (branch, product) SELECT organisation, 'bench' FROM vsys.branch;
	INSERT INTO vsys.branch_weekday (branch, weekday, stops, vials) SELECT organisation, w, 5, 3000 FROM vsys.branch CROSS JOIN generate_series(1, 5) AS w;
	INSERT INTO vsys.round (round, product, name_ja, boxes, deliver, state) VALUES (900001, 'bench', '計測', 20000, '[2021-07-05,2021-07-17)', 'decided');
	INSERT INTO vsys.allotment (round, site, vials) SELECT 900001, site, 195 * (1 + floor(3 * random())::integer) FROM vsys.site;
	ANALYZE" >/dev/null

sql "-- By hand: the sites in the order of their codes; each takes the cheapest stop that is left among its nearest five
	-- branches, and of all branches when those are full.
	CREATE FUNCTION public.by_hand() RETURNS bigint LANGUAGE plpgsql AS \$\$
	DECLARE
		s record;
		best record;
		total bigint := 0;
	BEGIN
		CREATE TEMP TABLE left_over ON COMMIT DROP AS SELECT branch, on_date, stops, vials, on_date - date '2021-07-05' AS day FROM vsys.branch_capacity('2021-07-05', '2021-07-16');
		CREATE INDEX ON left_over (branch, day);
		FOR s IN SELECT a.site, a.vials, i.location FROM vsys.allotment AS a JOIN registry.institution AS i ON i.institution = a.site WHERE a.round = 900001 ORDER BY a.site LOOP
			SELECT l.ctid AS place, round(ST_Distance(b.location, s.location)) + 2000 * l.day AS cost INTO best
			FROM (SELECT organisation, location FROM vsys.branch ORDER BY location <-> s.location LIMIT 5) AS b
			JOIN left_over AS l ON l.branch = b.organisation
			WHERE l.stops > 0 AND l.vials >= s.vials
			ORDER BY 2, 1
			LIMIT 1;
			IF NOT found THEN
				SELECT l.ctid AS place, round(ST_Distance(b.location, s.location)) + 2000 * l.day AS cost INTO best
				FROM vsys.branch AS b
				JOIN left_over AS l ON l.branch = b.organisation
				WHERE l.stops > 0 AND l.vials >= s.vials
				ORDER BY 2, 1
				LIMIT 1;
			END IF;
			UPDATE left_over SET stops = stops - 1, vials = vials - s.vials WHERE ctid = best.place;
			total := total + best.cost;
		END LOOP;
		RETURN total;
	END
	\$\$" >/dev/null

arguments="900001, nearest => 5::smallint, as_of => '2021-06-28 09:00+09'"
session="SET search_path = public, outbreak"
pair 'a national plan, 10,000 sites, 500 branches, 10 days' "SELECT vsys.plan_delivery($arguments)" 'SELECT public.by_hand()' 1
echo "  network: $(sql 'SELECT cardinality(kinds) || $$ nodes, $$ || cardinality(sources) || $$ edges$$ FROM vsys.plan_network ORDER BY plan DESC LIMIT 1')"
at_most 'plan_delivery (ms)' "$ours_ms" 60000
ours=$(sql 'SELECT cost_m FROM vsys.plan ORDER BY plan DESC LIMIT 1')
other=$(sql 'SET search_path = public, outbreak; SELECT public.by_hand()')
echo "  cost: ours $ours m, by hand $other m, ratio $(awk -v a="$ours" -v b="$other" 'BEGIN { printf "%.3f", a / b }')"
at_most 'cost of the plan / cost by hand' "$(awk -v a="$ours" -v b="$other" 'BEGIN { printf "%.3f", a / b }')" 1
plan=$(sql 'SELECT max(plan) FROM vsys.plan')
echo "  claims that hold: $(sql "SELECT count(*) FILTER (WHERE holds) || ' of ' || count(*) FROM vsys.verify_plan($plan)")"
echo "vsys.verify_plan: ours $(sql_ms "SELECT * FROM vsys.verify_plan($plan)") ms"
echo "vsys.publish_plan, 10,000 deliveries and 30,000 notices: ours $(sql_ms "SELECT * FROM vsys.publish_plan($plan, as_of => '2021-06-28 09:00+09')") ms"
sql "INSERT INTO vsys.branch_day (branch, on_date, stops, vials, reason) SELECT 910001, d, 0, 0, '休業' FROM generate_series(date '2021-07-05', '2021-07-16', '1 day') AS d" >/dev/null
echo "planning anew without one branch: ours $(sql_ms "SELECT vsys.plan_delivery($arguments)") ms"
echo "  $(sql "SELECT 'made ' || made || ', changed ' || changed || ', unchanged ' || unchanged FROM vsys.publish_plan((SELECT max(plan) FROM vsys.plan), '休業', '2021-06-28 09:00+09')")"
reached
