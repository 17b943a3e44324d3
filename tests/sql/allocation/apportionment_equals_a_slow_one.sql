-- Apportionment equals a slow one: random instances with floors and caps, all six methods, against SQL in numeric.
-- Only what differs is printed.
SELECT setseed(0.47);

-- weights of every size, among them equal ones and 0
CREATE TEMP TABLE instance AS
SELECT instance, unit, seats,
	CASE kind WHEN 0 THEN floor(4 * random()) WHEN 1 THEN floor(1000 * random()) WHEN 2 THEN floor(1e18 * random()) ELSE floor(9e18 + random() * 10) END::bigint AS weight,
	CASE WHEN bounded % 2 = 1 THEN floor(3 * random()) ELSE 0 END::bigint AS floor,
	CASE WHEN bounded > 1 THEN 2 + floor(12 * random()) ELSE seats END::bigint AS cap
FROM (
	SELECT n AS instance, floor(60 * random())::bigint AS seats, floor(4 * random())::integer AS kind, floor(4 * random())::integer AS bounded,
		1 + floor(8 * random())::integer AS units
	FROM generate_series(1, 600) AS n
) AS i
CROSS JOIN LATERAL generate_series(1, units) AS unit;
CREATE TEMP TABLE possible AS
SELECT instance, seats, array_agg(weight ORDER BY unit) AS weights, array_agg(floor ORDER BY unit) AS floors, array_agg(greatest(floor, cap) ORDER BY unit) AS caps
FROM instance
GROUP BY instance, seats
HAVING sum(floor) <= seats
	AND sum(CASE WHEN weight > 0 THEN least(greatest(floor, cap), seats) ELSE floor END) >= seats;
SELECT count(*) > 200 AS many FROM possible;
CREATE TEMP TABLE ours AS
SELECT instance, method, outbreak.apportion(seats, weights, method, floors, caps) AS result
FROM possible
CROSS JOIN unnest('{hamilton,webster,dhondt,adams,huntington_hill,dean}'::text[]) AS method;

-- Divisor methods: every seat that could be given, by the square of its priority. div() of equal fractions is equal,
-- and of different ones, with 100 places, different.
CREATE TEMP TABLE slow AS
SELECT instance, method, array_agg(floor + given ORDER BY unit) AS result
FROM (
	SELECT instance, method, unit, floor, count(*) FILTER (WHERE place <= left_over AND s IS NOT NULL) AS given
	FROM (
		SELECT c.*, rank() OVER (PARTITION BY instance, method ORDER BY s IS NULL, CASE WHEN d.below = 0 THEN 0 ELSE 1 END,
			CASE WHEN d.below = 0 THEN weight::numeric ELSE div(weight::numeric ^ 2 * d.above * 1e100, nullif(d.below, 0)) END DESC, unit, s) AS place
		FROM (
			SELECT p.instance, method, unit, weight, floor, seats - (SELECT sum(f) FROM unnest(floors) AS f) AS left_over, s
			FROM possible AS p
			CROSS JOIN unnest('{webster,dhondt,adams,huntington_hill,dean}'::text[]) AS method
			CROSS JOIN unnest(weights, floors, caps) WITH ORDINALITY AS u (weight, floor, cap, unit)
			LEFT JOIN LATERAL generate_series(floor, least(cap, seats) - 1) AS s ON weight > 0
		) AS c
		CROSS JOIN LATERAL (
			-- 1 / d(s) squared
			SELECT CASE method WHEN 'dean' THEN (2 * s + 1) ^ 2 ELSE 1 END::numeric AS above,
				CASE method WHEN 'webster' THEN (2 * s + 1) ^ 2 WHEN 'dhondt' THEN (s + 1) ^ 2 WHEN 'adams' THEN s ^ 2 WHEN 'huntington_hill' THEN s * (s + 1) ELSE (s * (s + 1)) ^ 2 END::numeric AS below
		) AS d
	) AS ranked
	GROUP BY instance, method, unit, floor
) AS counted
GROUP BY instance, method;

-- Hamilton: clamp, remove, repeat, in numeric with 60 places, and then the largest remainders
CREATE FUNCTION pg_temp.slow_hamilton(seats bigint, weights bigint[], floors bigint[], caps bigint[])
RETURNS bigint[]
LANGUAGE plpgsql AS $$
DECLARE
	n integer := cardinality(weights);
	result numeric[] := floors;
	free boolean[] := ARRAY(SELECT w > 0 FROM unnest(weights) WITH ORDINALITY AS u (w, i) ORDER BY i);
	rest numeric;
	total numeric;
	under numeric;
	over numeric;
	moved boolean := true;
	remainder numeric[] := array_fill(0, ARRAY[n]);
BEGIN
	LOOP
		SELECT seats - coalesce(sum(result[i]) FILTER (WHERE NOT free[i]), 0), coalesce(sum(weights[i]) FILTER (WHERE free[i]), 0)
		INTO rest, total
		FROM generate_series(1, n) AS i;
		EXIT WHEN NOT moved;
		SELECT coalesce(sum(greatest(0, floors[i] * total - weights[i] * rest)), 0), coalesce(sum(greatest(0, weights[i] * rest - caps[i] * total)), 0)
		INTO under, over
		FROM generate_series(1, n) AS i
		WHERE free[i];
		moved := false;
		FOR i IN 1 .. n LOOP
			IF free[i] AND under > 0 AND under >= over AND weights[i] * rest < floors[i] * total THEN
				free[i] := false;
				result[i] := floors[i];
				moved := true;
			ELSIF free[i] AND over > 0 AND over >= under AND weights[i] * rest > caps[i] * total THEN
				free[i] := false;
				result[i] := caps[i];
				moved := true;
			END IF;
		END LOOP;
	END LOOP;
	FOR i IN 1 .. n LOOP
		IF free[i] THEN
			result[i] := div(weights[i] * rest, total);
			remainder[i] := weights[i] * rest - result[i] * total;
		END IF;
	END LOOP;
	RETURN ARRAY(
		SELECT (result[i] + (row_number() OVER (ORDER BY remainder[i] DESC, i) <= seats - (SELECT sum(r) FROM unnest(result) AS r))::integer)::bigint
		FROM generate_series(1, n) AS i
		ORDER BY i
	);
END $$;
INSERT INTO slow
SELECT instance, 'hamilton', pg_temp.slow_hamilton(seats, weights, floors, caps)
FROM possible;

SELECT p.*, method, o.result AS ours, s.result AS slow
FROM ours AS o
FULL JOIN slow AS s USING (instance, method)
JOIN possible AS p USING (instance)
WHERE o.result IS DISTINCT FROM s.result
ORDER BY instance, method;
-- the window function says the same
SELECT instance, method, array_agg(given ORDER BY unit) AS window, o.result
FROM (
	SELECT instance, method, unit, outbreak.apportion(seats, weight, method, floor, cap) OVER (PARTITION BY instance, method ORDER BY unit) AS given
	FROM possible
	CROSS JOIN unnest(weights, floors, caps) WITH ORDINALITY AS u (weight, floor, cap, unit)
	CROSS JOIN unnest('{hamilton,webster,dhondt,adams,huntington_hill,dean}'::text[]) AS method
) AS w
JOIN ours AS o USING (instance, method)
GROUP BY instance, method, o.result
HAVING array_agg(given ORDER BY unit) <> o.result;
-- how many were compared, and in how many the methods do not agree
SELECT method, count(*) = (SELECT count(*) FROM possible) AS all_of_them, count(*) FILTER (WHERE o.result <> w.result) > 10 AS differs_from_webster
FROM ours AS o
JOIN (SELECT instance, result FROM ours WHERE method = 'webster') AS w USING (instance)
GROUP BY method
ORDER BY method;
