-- 3,000 random divisions by every rule, with and without weights, floors and caps: what the solver in C gives passes the
-- recheck, which knows nothing of the solver.
BEGIN;
DO $$
DECLARE
	rules text[] := '{hamilton,webster,dhondt,adams,huntington_hill,dean,proportional,constrained_equal_awards,constrained_equal_losses,talmud,ranked}';
	rule text;
	units text[];
	weights bigint[];
	claims bigint[];
	floors bigint[];
	caps bigint[];
	seats bigint;
	n integer;
BEGIN
	PERFORM setseed(0.25);
	FOR i IN 1 .. 3000 LOOP
		n := 1 + floor(random() * 9);
		rule := rules[1 + i % 11];
		units := ARRAY(SELECT 'u' || g FROM generate_series(1, n) AS g);
		weights := ARRAY(SELECT CASE WHEN random() < 0.1 AND rule !~ '^constrained' THEN 0 ELSE 1 + floor(random() * (ARRAY[3, 20, 1e15])[1 + i % 3])::bigint END FROM generate_series(1, n));
		claims := ARRAY(SELECT floor(random() * 30)::bigint FROM generate_series(1, n));
		floors := CASE WHEN random() < 0.4 THEN ARRAY(SELECT nullif(floor(random() * 5)::bigint, 4) FROM generate_series(1, n)) END;
		caps := CASE WHEN random() < 0.4 THEN ARRAY(SELECT nullif(4 + floor(random() * 10)::bigint, 13) FROM generate_series(1, n)) END;
		seats := floor(random() * 60) + (SELECT coalesce(sum(f), 0) FROM unnest(floors) AS f);
		PERFORM CASE
			WHEN rule = ANY (rules[1:6]) THEN allocation.divide('random', rule, seats, units, weights, NULL, floors, caps, hold => true)
			WHEN rule = 'ranked' THEN allocation.divide('random', rule, seats, units, weights, claims, hold => true)
			ELSE allocation.divide('random', rule, seats, units, CASE WHEN rule ~ '^constrained' AND random() < 0.5 THEN weights END, claims, hold => true)
		END;
	END LOOP;
END
$$;
SELECT r.rule, count(*) > 250 AS many, count(v.run) AS problems
FROM allocation.run AS r
LEFT JOIN allocation.verify_runs(ARRAY(SELECT x.run FROM allocation.run AS x WHERE x.purpose = 'random')) AS v ON v.run = r.run
WHERE r.purpose = 'random'
GROUP BY r.rule
ORDER BY r.rule;
ROLLBACK;
