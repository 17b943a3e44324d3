-- ---- the usage rate, with the doses that are given but not yet entered

CREATE OR REPLACE FUNCTION vsys.entered_doses(today date, days integer, product text)
RETURNS TABLE (municipality outbreak.municipality_code, prefecture smallint, given_on date, registered_on date, doses integer)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 100000
BEGIN ATOMIC
	SELECT r.municipality, r.prefecture, r.given_on, r.registered_on, r.doses
	FROM vsys.doses_by_lag AS r
	WHERE r.given_on BETWEEN today - days AND today
		AND r.registered_on <= today
		AND (entered_doses.product IS NULL OR r.product = entered_doses.product)
	UNION ALL
	SELECT c.site_municipality, outbreak.prefecture(c.site_municipality), c.given_on, greatest(c.registered_on, c.given_on), c.doses
	FROM vsys.dose_change AS c
	WHERE c.given_on BETWEEN today - days AND today
		AND c.registered_on <= today
		AND c.site_municipality IS NOT NULL
		AND (entered_doses.product IS NULL OR c.product = entered_doses.product);
END;
COMMENT ON FUNCTION vsys.entered_doses(date, integer, text) IS 'Recorded doses of the last days by municipality of the site, day of the vaccination and day on which they were entered; one row or several for each.';

CREATE OR REPLACE FUNCTION vsys.lag_cells(today date, days integer, product text)
RETURNS TABLE (municipality outbreak.municipality_code, prefecture smallint, given_on date, lag integer, doses bigint, late bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 100000
BEGIN ATOMIC
	SELECT u.municipality, u.prefecture, u.given_on, least(u.registered_on - u.given_on, 28),
		-- what came in today is not a whole day's yet
		coalesce(sum(u.doses) FILTER (WHERE u.registered_on < today), 0)::bigint,
		coalesce(sum(u.doses) FILTER (WHERE u.registered_on = today), 0)::bigint
	FROM vsys.entered_doses(today, days, lag_cells.product) AS u
	GROUP BY u.municipality, u.prefecture, u.given_on, least(u.registered_on - u.given_on, 28);
END;
COMMENT ON FUNCTION vsys.lag_cells(date, integer, text) IS 'Recorded doses of the last days by municipality of the site, day and lag (days until they were entered; 28 stands for 28 and more), as far as they were entered before a day (doses) and on it (late).';

CREATE OR REPLACE FUNCTION vsys.entry_lag(as_of timestamptz DEFAULT now(), product text DEFAULT NULL)
RETURNS TABLE (municipality outbreak.municipality_code, prefecture smallint, lag integer, entered double precision, error double precision, spread double precision)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 50000
-- the sets are large, whatever the planner thinks of them
SET enable_nestloop = off
SET enable_mergejoin = off
SET jit = off
BEGIN ATOMIC
	WITH cell AS MATERIALIZED (
		SELECT c.municipality, c.prefecture, c.given_on, 1 + (c.given_on - date '2001-01-01') % 7 AS weekday,
			outbreak.local_date(as_of) - 1 - c.given_on AS age, c.lag, c.doses
		FROM vsys.lag_cells(outbreak.local_date(as_of), 70, entry_lag.product) AS c
		WHERE c.given_on < outbreak.local_date(as_of)
			AND c.doses > 0
	), step AS MATERIALIZED (
		-- a cell is among those entered within k days for every k from its lag to the age of its day
		SELECT u.municipality, u.prefecture, u.weekday, u.k, sum(u.seen) AS seen, sum(u.just) AS just
		FROM (
			SELECT c.municipality, c.prefecture, c.weekday, greatest(c.lag, 1) AS k, c.doses AS seen, CASE WHEN c.lag > 0 THEN c.doses ELSE 0 END AS just
			FROM cell AS c
			WHERE c.age >= 1
			UNION ALL
			SELECT c.municipality, c.prefecture, c.weekday, c.age + 1, - c.doses, 0
			FROM cell AS c
			WHERE c.age BETWEEN 1 AND 27
		) AS u
		GROUP BY u.municipality, u.prefecture, u.weekday, u.k
	), grid AS (
		SELECT t.municipality, t.prefecture, w.weekday, k.k
		FROM (SELECT DISTINCT s.municipality, s.prefecture FROM step AS s) AS t
		CROSS JOIN generate_series(1, 7) AS w (weekday)
		CROSS JOIN generate_series(1, 28) AS k (k)
	), total AS MATERIALIZED (
		SELECT g.municipality, g.prefecture, g.weekday, g.k, coalesce(s.just, 0)::double precision AS just,
			coalesce(sum(s.seen) OVER (PARTITION BY g.municipality, g.weekday ORDER BY g.k), 0)::double precision AS seen
		FROM grid AS g
		LEFT JOIN step AS s ON s.municipality OPERATOR(outbreak.=) g.municipality
			AND s.weekday = g.weekday
			AND s.k = g.k
	), town AS MATERIALIZED (
		SELECT t.municipality, t.prefecture, t.k, sum(t.just) AS just, sum(t.seen) AS seen
		FROM total AS t
		GROUP BY t.municipality, t.prefecture, t.k
	), around AS MATERIALIZED (
		SELECT t.prefecture, t.k, sum(t.just) AS just, sum(t.seen) AS seen
		FROM town AS t
		GROUP BY t.prefecture, t.k
	), nation AS (
		SELECT a.k, sum(a.just) / nullif(sum(a.seen), 0) AS part
		FROM around AS a
		GROUP BY a.k
	), leaning AS MATERIALIZED (
		-- Few doses of a town lean on its prefecture, few of a prefecture on the nation.
		SELECT t.municipality, t.k, (t.just + 5 * (a.just + 5 * coalesce(n.part, 0)) / (a.seen + 5)) / (t.seen + 5) AS part
		FROM town AS t
		JOIN around AS a ON a.prefecture = t.prefecture
			AND a.k = t.k
		JOIN nation AS n ON n.k = t.k
	), hazard AS MATERIALIZED (
		-- Of the doses of a weekday that were entered within k days, the part that came on the last of them. Few doses lean on
		-- the other weekdays of the town.
		SELECT t.municipality, t.prefecture, t.weekday, t.k, t.seen, (t.just + 10 * l.part) / (t.seen + 10) AS h
		FROM total AS t
		JOIN leaning AS l ON l.municipality OPERATOR(outbreak.=) t.municipality
			AND l.k = t.k
	), probe AS MATERIALIZED (
		SELECT d.municipality, d.weekday, k.k, k.seen::double precision AS seen, coalesce(k.just, 0)::double precision AS just
		FROM (
			SELECT c.municipality, c.weekday, c.given_on, c.age,
				sum(c.doses) FILTER (WHERE c.lag <= 1) AS seen_1, sum(c.doses) FILTER (WHERE c.lag = 1) AS just_1,
				sum(c.doses) FILTER (WHERE c.lag <= 3) AS seen_3, sum(c.doses) FILTER (WHERE c.lag = 3) AS just_3,
				sum(c.doses) FILTER (WHERE c.lag <= 7) AS seen_7, sum(c.doses) FILTER (WHERE c.lag = 7) AS just_7,
				sum(c.doses) FILTER (WHERE c.lag <= 12) AS seen_12, sum(c.doses) FILTER (WHERE c.lag = 12) AS just_12
			FROM cell AS c
			GROUP BY c.municipality, c.weekday, c.given_on, c.age
		) AS d
		CROSS JOIN LATERAL (VALUES (1, d.seen_1, d.just_1), (3, d.seen_3, d.just_3), (7, d.seen_7, d.just_7), (12, d.seen_12, d.just_12)) AS k (k, seen, just)
		WHERE d.age >= k.k
			AND k.seen IS NOT NULL
	), spread AS (
		-- entries come in heaps: how much more they vary from week to week than single doses would
		SELECT p.municipality, greatest(avg((p.just - p.seen * h.h) ^ 2 / (p.seen * h.h * (1 - h.h))), 1) AS phi
		FROM probe AS p
		JOIN hazard AS h ON h.municipality OPERATOR(outbreak.=) p.municipality
			AND h.weekday = p.weekday
			AND h.k = p.k
		WHERE h.h BETWEEN 0.001 AND 0.999
		GROUP BY p.municipality
	), grown AS (
		SELECT h.municipality, h.prefecture, h.weekday, h.k - 1 AS lag,
			exp(sum(ln(greatest(1 - h.h, 1e-6))) OVER up) AS entered,
			sum(h.h / greatest(1 - h.h, 0.02) / (h.seen + 10)) OVER up AS doubt
		FROM hazard AS h
		WINDOW up AS (PARTITION BY h.municipality, h.weekday ORDER BY h.k DESC)
	)
	SELECT g.municipality, g.prefecture, g.lag, g.entered, g.entered * sqrt(coalesce(s.phi, 1) * g.doubt), coalesce(s.phi, 1)
	FROM grown AS g
	LEFT JOIN spread AS s ON s.municipality OPERATOR(outbreak.=) g.municipality
	-- of each age the weekday that it falls on
	WHERE g.weekday = 1 + (outbreak.local_date(as_of) - 1 - g.lag - date '2001-01-01') % 7;
END;
COMMENT ON FUNCTION vsys.entry_lag(timestamptz, text) IS
'登録の遅れ / how fast municipalities enter doses: entered is the part of the doses of the day that lies lag days before yesterday (0 to 27) that has been entered by its end, as a rule of that weekday (everything is entered within 28 days), learned from the last ten weeks by the chain ladder (each day in as far as it has come in), with its standard error; spread says how much more entries vary than single doses would (1: not at all). Municipalities with few doses lean on their prefecture, prefectures on the nation.';

CREATE OR REPLACE FUNCTION vsys.missing_doses(as_of timestamptz DEFAULT now(), product text DEFAULT NULL)
RETURNS TABLE (municipality outbreak.municipality_code, prefecture smallint, missing double precision, deviation double precision)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 2000
-- the sets are large, whatever the planner thinks of them
SET enable_nestloop = off
SET enable_mergejoin = off
SET jit = off
BEGIN ATOMIC
	WITH cell AS MATERIALIZED (
		SELECT c.municipality, c.prefecture, c.given_on,
			coalesce(sum(c.doses) FILTER (WHERE c.registered_on < outbreak.local_date(as_of)), 0) AS doses,
			coalesce(sum(c.doses) FILTER (WHERE c.registered_on = outbreak.local_date(as_of)), 0) AS late
		FROM vsys.entered_doses(outbreak.local_date(as_of), 56, missing_doses.product) AS c
		GROUP BY c.municipality, c.prefecture, c.given_on
	), town AS (
		SELECT c.municipality, c.prefecture, min(c.given_on) AS since
		FROM cell AS c
		GROUP BY c.municipality, c.prefecture
	), lag AS MATERIALIZED (
		SELECT l.municipality, l.lag, l.entered, l.error, l.spread
		FROM vsys.entry_lag(as_of, missing_doses.product) AS l
	), day AS MATERIALIZED (
		-- every day since the first dose, also those of which nothing has come in
		SELECT t.municipality, t.prefecture, g.given_on::date AS given_on, coalesce(c.doses, 0)::double precision AS doses, coalesce(c.late, 0)::double precision AS late,
			coalesce(l.entered, 1) AS entered, coalesce(l.error, 0) AS error, coalesce(l.spread, 1) AS spread
		FROM town AS t
		CROSS JOIN LATERAL generate_series(greatest(t.since, outbreak.local_date(as_of) - 56)::timestamp, outbreak.local_date(as_of) - 1, interval '1 day') AS g (given_on)
		LEFT JOIN cell AS c ON c.municipality OPERATOR(outbreak.=) t.municipality
			AND c.given_on = g.given_on::date
		LEFT JOIN lag AS l ON l.municipality OPERATOR(outbreak.=) t.municipality
			AND l.lag = outbreak.local_date(as_of) - 1 - g.given_on::date
	), usual AS (
		-- what the town gives on such a weekday, by the days that have mostly come in
		SELECT d.municipality, extract(isodow FROM d.given_on) AS weekday, grouping(extract(isodow FROM d.given_on)) = 1 AS any_day,
			avg(d.doses / d.entered) AS mean, count(*) AS days
		FROM day AS d
		WHERE d.entered >= 0.6
			AND d.given_on >= outbreak.local_date(as_of) - 43
		GROUP BY GROUPING SETS ((d.municipality, extract(isodow FROM d.given_on)), (d.municipality))
	), scatter AS (
		SELECT d.municipality, sum((d.doses / d.entered - u.mean) ^ 2) / greatest(count(*) - 7, 1) AS variance, avg(u.mean) AS mean
		FROM day AS d
		JOIN usual AS u ON u.municipality OPERATOR(outbreak.=) d.municipality
			AND NOT u.any_day
			AND u.weekday = extract(isodow FROM d.given_on)
		WHERE d.entered >= 0.6
			AND d.given_on >= outbreak.local_date(as_of) - 43
		GROUP BY d.municipality
	), part AS (
		SELECT d.municipality, d.prefecture, d.doses, d.late, d.entered, d.error, d.spread,
			-- few days of a weekday lean on the others; a town without grown days has its own ratio
			greatest(CASE
				WHEN w.days >= 3 THEN w.mean
				WHEN a.days > 0 THEN (coalesce(w.mean * w.days, 0) + (3 - coalesce(w.days, 0)) * a.mean) / 3
				ELSE sum(d.doses) OVER town / greatest(sum(d.entered) OVER town, 1e-6)
			END, 1e-6) AS mean,
			least(greatest(coalesce(s.mean ^ 2 / greatest(s.variance - s.mean, s.mean ^ 2 / 50), 2), 0.5), 50) AS shape
		FROM day AS d
		LEFT JOIN usual AS w ON w.municipality OPERATOR(outbreak.=) d.municipality
			AND NOT w.any_day
			AND w.weekday = extract(isodow FROM d.given_on)
		LEFT JOIN usual AS a ON a.municipality OPERATOR(outbreak.=) d.municipality
			AND a.any_day
		LEFT JOIN scatter AS s ON s.municipality OPERATOR(outbreak.=) d.municipality
		WINDOW town AS (PARTITION BY d.municipality)
	), weighed AS (
		-- The day's true number has a gamma distribution around the usual; what has come in is a Poisson part of it, which
		-- says the less the more entries come in heaps: a town that enters on Fridays says nothing on a Thursday.
		SELECT p.*,
			p.shape + p.doses / p.spread AS form,
			p.shape / p.mean + p.entered / p.spread AS rate
		FROM part AS p
	), guess AS (
		SELECT w.municipality, w.prefecture, w.late,
			(1 - w.entered) * w.form / w.rate AS missing,
			w.spread * (1 - w.entered) * w.form / w.rate + ((1 - w.entered) / w.rate) ^ 2 * w.form AS variance,
			w.error * w.form / w.rate * (1 + (1 - w.entered) / w.spread / w.rate) AS slack
		FROM weighed AS w
	)
	SELECT g.municipality, g.prefecture, greatest(sum(g.missing) - sum(g.late), 0), sqrt(sum(g.variance) + sum(g.slack) ^ 2)
	FROM guess AS g
	GROUP BY g.municipality, g.prefecture;
END;
COMMENT ON FUNCTION vsys.missing_doses(timestamptz, text) IS
'未登録の接種の推定 / doses that sites of a municipality have given up to yesterday and not entered yet: a guess with its standard deviation. For each of the last eight weeks'' days what has come in is a part (vsys.entry_lag) of a number that is as a rule that of the weekday; both are weighed against each other (gamma-Poisson), so that a town of which nothing has come in for days is not taken for idle. The deviation holds the chance of the counts, their heaps, and the doubt about the lag.';

CREATE OR REPLACE FUNCTION vsys.delivered_doses(until date, product text DEFAULT NULL)
RETURNS TABLE (municipality outbreak.municipality_code, prefecture smallint, delivered bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 2000
BEGIN ATOMIC
	SELECT d.municipality, d.prefecture, sum(d.doses_per_vial * (d.received + d.moved_in - d.moved_out))::bigint
	FROM vsys.stock_day AS d
	WHERE d.on_date <= until
		AND (delivered_doses.product IS NULL OR d.product = delivered_doses.product)
	GROUP BY d.municipality, d.prefecture;
END;
COMMENT ON FUNCTION vsys.delivered_doses(date, text) IS '配送済回数 / doses that came to the sites of each municipality until the end of a day, less what they moved on, by the stock ledger.';

CREATE OR REPLACE FUNCTION vsys.usage_rate(as_of timestamptz DEFAULT now(), level text DEFAULT 'municipality', product text DEFAULT NULL)
RETURNS TABLE (area text, prefecture smallint, delivered bigint, given bigint, raw numeric, corrected numeric, lower numeric, upper numeric, missing bigint, entered_within_3_days numeric)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 2000
-- the sets are large, whatever the planner thinks of them
SET enable_nestloop = off
SET enable_mergejoin = off
SET jit = off
BEGIN ATOMIC
	WITH given AS (
		SELECT g.municipality, g.prefecture, sum(g.doses) AS doses
		FROM (
			SELECT r.municipality, r.prefecture, r.doses
			FROM vsys.doses_by_lag AS r
			WHERE r.given_on <= outbreak.local_date(as_of)
				AND r.registered_on <= outbreak.local_date(as_of)
				AND (usage_rate.product IS NULL OR r.product = usage_rate.product)
			UNION ALL
			SELECT c.site_municipality, outbreak.prefecture(c.site_municipality), c.doses
			FROM vsys.dose_change AS c
			WHERE c.given_on <= outbreak.local_date(as_of)
				AND c.registered_on <= outbreak.local_date(as_of)
				AND (usage_rate.product IS NULL OR c.product = usage_rate.product)
				AND c.site_municipality IS NOT NULL
		) AS g
		GROUP BY g.municipality, g.prefecture
	), town AS (
		SELECT coalesce(d.municipality, g.municipality) AS municipality,
			coalesce(d.prefecture, g.prefecture) AS prefecture,
			coalesce(d.delivered, 0) AS delivered,
			coalesce(g.doses, 0) AS given,
			coalesce(m.missing, 0) AS missing,
			coalesce(m.deviation, 0) AS deviation,
			l.entered
		FROM vsys.delivered_doses(outbreak.local_date(as_of), usage_rate.product) AS d
		FULL JOIN given AS g ON g.municipality OPERATOR(outbreak.=) d.municipality
		LEFT JOIN vsys.missing_doses(as_of, usage_rate.product) AS m ON m.municipality OPERATOR(outbreak.=) coalesce(d.municipality, g.municipality)
		LEFT JOIN (
			-- of days of which everything has come in
			SELECT c.municipality, (sum(c.doses) FILTER (WHERE c.registered_on - c.given_on <= 3))::double precision / sum(c.doses)::double precision AS entered
			FROM vsys.entered_doses(outbreak.local_date(as_of), 70, usage_rate.product) AS c
			WHERE c.given_on < outbreak.local_date(as_of) - 28
				AND c.registered_on < outbreak.local_date(as_of)
			GROUP BY c.municipality
			HAVING sum(c.doses) > 0
		) AS l ON l.municipality OPERATOR(outbreak.=) coalesce(d.municipality, g.municipality)
	), area AS (
		SELECT CASE level WHEN 'municipality' THEN t.municipality::text WHEN 'prefecture' THEN p.code::text ELSE 'nation' END AS area,
			CASE WHEN level <> 'nation' THEN t.prefecture END AS prefecture,
			sum(t.delivered) AS delivered,
			sum(t.given) AS given,
			sum(t.missing) AS missing,
			sqrt(sum(t.deviation ^ 2)) AS deviation,
			sum(t.entered * t.given::double precision) / nullif(sum(t.given) FILTER (WHERE t.entered IS NOT NULL), 0)::double precision AS entered
		FROM town AS t
		JOIN registry.prefecture AS p ON p.prefecture = t.prefecture
		WHERE level IN ('nation', 'prefecture', 'municipality')
		GROUP BY 1, 2
	)
	SELECT a.area, a.prefecture, a.delivered::bigint, a.given::bigint,
		round(a.given / nullif(a.delivered, 0), 4),
		round((a.given + a.missing::numeric) / nullif(a.delivered, 0), 4),
		round((a.given + greatest(a.missing - 1.96 * a.deviation, 0)::numeric) / nullif(a.delivered, 0), 4),
		round((a.given + (a.missing + 1.96 * a.deviation)::numeric) / nullif(a.delivered, 0), 4),
		round(a.missing::numeric)::bigint,
		round(a.entered::numeric, 3)
	FROM area AS a
	ORDER BY a.area COLLATE "C";
END;
COMMENT ON FUNCTION vsys.usage_rate(timestamptz, text, text) IS
'使用率 / doses given divided by doses delivered, as of a moment, by nation, prefecture or municipality of the sites (level), of one vaccine or all. raw counts what is entered. A town that enters late looks as if it had stock left: corrected adds the doses that are given but not entered yet (vsys.missing_doses), and between lower and upper the true rate lies in 19 of 20 cases. Compare towns by their intervals: where they overlap, the figures do not tell them apart. entered_within_3_days says how fast the place enters. Rates are NULL where nothing was delivered; no row for an unknown level. For what the caller may see: a municipality itself, a prefecture its own.';
