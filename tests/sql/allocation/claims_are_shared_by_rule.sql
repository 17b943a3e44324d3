-- Claims are shared by rule: the rows of the Talmud and of its commentators, in whole units and exactly, and the
-- promises that every rule keeps.

-- Kethubot 93a: claims 100, 200, 300. Exact by thirds of a unit.
SELECT estate, outbreak.share(estate, ARRAY[100, 200, 300], rule) AS units, outbreak.share(3 * estate, ARRAY[300, 600, 900], rule) AS thirds, rule
FROM unnest('{talmud,proportional,constrained_equal_awards,constrained_equal_losses}'::text[]) WITH ORDINALITY AS r (rule, n)
CROSS JOIN unnest(ARRAY[0, 1, 100, 200, 300, 400, 500, 599, 600, 601]) AS estate
ORDER BY n, estate;
-- Bava Metzia 2a: two hold a cloak, one claims all of it, one half
SELECT outbreak.share(100, ARRAY[100, 50], 'talmud');
-- weights: an award, and a loss, of two parts against one
SELECT outbreak.share(90, ARRAY[100, 100, 10], 'constrained_equal_awards', ARRAY[2, 1, 1]),
	outbreak.share(120, ARRAY[100, 100, 10], 'constrained_equal_losses', ARRAY[2, 1, 1]),
	outbreak.share(90, ARRAY[100, 100, 10], 'constrained_equal_awards', NULL);
-- claims of 0, one claim, all that fits into bigint
SELECT rule, outbreak.share(5, ARRAY[0, 4, 0, 4], rule), outbreak.share(5, ARRAY[9], rule), outbreak.share(0, ARRAY[0], rule),
	outbreak.share(9223372036854775806, ARRAY[4611686018427387904, 4611686018427387903], rule)
FROM unnest('{talmud,proportional,constrained_equal_awards,constrained_equal_losses}'::text[]) AS rule;
-- in groups, by the window function and by arrays
CREATE TEMP TABLE request AS
SELECT * FROM (VALUES (13, 1, 10, 30), (13, 2, 20, 30), (13, 3, 30, 30), (27, 1, 7, 4), (27, 2, 7, 4)) AS t (prefecture, site, boxes, available);
SELECT prefecture, site, boxes, outbreak.share(available, boxes, 'constrained_equal_awards') OVER w AS awards,
	outbreak.share(available, boxes, 'constrained_equal_losses', site) OVER w AS losses
FROM request
WINDOW w AS (PARTITION BY prefecture ORDER BY site)
ORDER BY prefecture, site;
SELECT prefecture, u.*
FROM (
	SELECT prefecture, array_agg(site ORDER BY site) AS sites, outbreak.share(max(available), array_agg(boxes ORDER BY site), 'talmud') AS awards
	FROM request
	GROUP BY prefecture
) AS g
CROSS JOIN LATERAL unnest(sites, awards) AS u (site, award)
ORDER BY prefecture, site;

-- Random claims; only broken promises are printed: the sum, the bounds, that larger claims get no less (but for the
-- unit of rounding) and lack no less, and the exact amounts of each rule within a unit.
SELECT setseed(0.93);
CREATE TEMP TABLE division AS
SELECT instance, rule, estate, claims, outbreak.share(estate, claims, rule) AS awards
FROM (
	SELECT n AS instance, floor(random() * (SELECT sum(c) FROM unnest(claims) AS c))::bigint AS estate, claims
	FROM generate_series(1, 300) AS n
	CROSS JOIN LATERAL (SELECT array_agg(floor(random() * 50 + n % 3 + 0 * unit)::bigint) AS claims FROM generate_series(1, 1 + n % 7) AS unit) AS c
) AS i
CROSS JOIN unnest('{talmud,proportional,constrained_equal_awards,constrained_equal_losses}'::text[]) AS rule;
CREATE FUNCTION pg_temp.equal_awards(estate numeric, claims numeric[], claim numeric) RETURNS numeric
LANGUAGE sql AS $$
	-- whoever were the first not to be met in full, those after it would have the rest to divide; the level is the largest such share
	SELECT CASE WHEN estate >= (SELECT sum(c) FROM unnest(claims) AS c) THEN claim ELSE (
		SELECT least(claim, max((estate - met) / (cardinality(claims) - place + 1)))
		FROM (
			SELECT coalesce(sum(c) OVER (ORDER BY c, n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS met, row_number() OVER (ORDER BY c, n) AS place
			FROM unnest(claims) WITH ORDINALITY AS u (c, n)
		) AS l
	) END
$$;
CREATE TEMP VIEW exactly AS
SELECT d.*, claim, award, position, CASE rule
	WHEN 'proportional' THEN estate::numeric * claim / nullif(total, 0)
	WHEN 'constrained_equal_awards' THEN pg_temp.equal_awards(estate, claims, claim)
	WHEN 'constrained_equal_losses' THEN claim - pg_temp.equal_awards(total - estate, claims, claim)
	WHEN 'talmud' THEN CASE WHEN 2 * estate <= total THEN pg_temp.equal_awards(2 * estate, claims, claim) / 2 ELSE claim - pg_temp.equal_awards(2 * (total - estate), claims, claim) / 2 END
	END AS exact
FROM division AS d
CROSS JOIN LATERAL (SELECT sum(c) AS total FROM unnest(claims) AS c) AS t
CROSS JOIN LATERAL unnest(claims, awards) WITH ORDINALITY AS u (claim, award, position);
SELECT instance, rule, estate, claims, awards
FROM division
WHERE (SELECT sum(a) FROM unnest(awards) AS a) <> estate
	OR EXISTS (SELECT FROM unnest(claims, awards) AS u (c, a) WHERE a < 0 OR a > c OR a IS NULL);
SELECT *
FROM exactly
WHERE abs(award - exact) >= 1;
-- nobody gets the next unit before somebody with a larger remainder, or an equal one and an earlier place
SELECT a.instance, a.rule, a.estate, a.claims, a.awards
FROM exactly AS a
JOIN exactly AS b USING (instance, rule)
WHERE a.award > a.exact + 1e-9
	AND b.award < b.exact - 1e-9
	AND a.exact - floor(a.exact + 1e-9) < b.exact - floor(b.exact + 1e-9) + CASE WHEN a.position < b.position THEN -1e-9 ELSE 1e-9 END;
SELECT count(*) > 4000 AS many FROM exactly;
