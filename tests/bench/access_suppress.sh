#!/bin/bash
# Small-cell suppression of a country: 1,741 municipalities x 10 ages x 2 sexes with prefecture and nation and all
# margins (59,037 cells), for a rare, a common and a very common disease; how long it takes, and how many cells it
# hides beyond those that are small. Then a month of daily releases of prefectures by age, each with its sum to date.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

sql "CREATE TABLE bench_atom (mean integer, value bigint, cells text[]);
	SELECT setseed(0.2020);
	-- a few large towns and many small ones; ages as those of cases are
	CREATE TABLE bench_town AS
	SELECT n AS town, 1 + (n - 1) * 47 / 1741 AS prefecture, exp(1.3 * (random() + random() + random() + random() + random() + random() - 3) * 1.41) AS size
	FROM generate_series(1, 1741) AS n;
	CREATE FUNCTION bench_poisson(mean double precision) RETURNS bigint LANGUAGE plpgsql AS \$\$
	DECLARE
		p double precision := 1;
		k bigint := 0;
	BEGIN
		IF mean > 30 THEN
			RETURN greatest(0, round(mean + sqrt(mean) * (random() + random() + random() + random() + random() + random() + random() + random() + random() + random() + random() + random() - 6)));
		END IF;
		LOOP
			p := p * random();
			EXIT WHEN p < exp(-mean);
			k := k + 1;
		END LOOP;
		RETURN k;
	END \$\$;
	INSERT INTO bench_atom
	SELECT m.mean, bench_poisson(m.mean * t.size * a.share / 20),
		access.crossed(ARRAY['town ' || t.town, 'prefecture ' || t.prefecture, 'nation'], ARRAY['age ' || a.age, 'all ages'], ARRAY[s.sex, 'both'])
	FROM unnest(ARRAY[30, 100, 1000]) AS m (mean)
	CROSS JOIN bench_town AS t
	CROSS JOIN (VALUES (0, 0.5), (1, 0.5), (2, 1.2), (3, 1.2), (4, 1.2), (5, 1.2), (6, 1.2), (7, 1.2), (8, 1.2), (9, 0.3)) AS a (age, share)
	CROSS JOIN (VALUES ('f'), ('m')) AS s (sex)"

for mean in 30 100 1000; do
	ms=$(sql_ms "CREATE TABLE bench_answer_$mean AS SELECT * FROM outbreak.suppress('SELECT value, cells FROM bench_atom WHERE mean = $mean')")
	echo "access_suppress: $mean cases a town on average: $(awk -v ms="$ms" 'BEGIN { printf "%.1f", ms / 1000 }') s; $(sql "
		WITH truth AS (SELECT c.cell, sum(a.value) AS value FROM bench_atom AS a CROSS JOIN LATERAL unnest(a.cells) AS c (cell) WHERE a.mean = $mean GROUP BY c.cell)
		SELECT format('%s cells, %s small (%s %%), %s hidden (%s %%); towns: %s small, %s hidden; prefectures and nation, every age and sex: %s small, %s hidden; without ages and sexes: %s hidden',
			count(*), count(*) FILTER (WHERE t.value BETWEEN 1 AND 9), round(100.0 * count(*) FILTER (WHERE t.value BETWEEN 1 AND 9) / count(*), 1),
			count(*) FILTER (WHERE b.hidden), round(100.0 * count(*) FILTER (WHERE b.hidden) / count(*), 1),
			count(*) FILTER (WHERE t.value BETWEEN 1 AND 9 AND t.cell LIKE 'town%|all ages|both'), count(*) FILTER (WHERE b.hidden AND t.cell LIKE 'town%|all ages|both'),
			count(*) FILTER (WHERE t.value BETWEEN 1 AND 9 AND t.cell NOT LIKE 'town%'), count(*) FILTER (WHERE b.hidden AND t.cell NOT LIKE 'town%'),
			count(*) FILTER (WHERE b.hidden AND t.cell NOT LIKE 'town%' AND t.cell LIKE '%|all ages|both'))
		FROM truth AS t JOIN bench_answer_$mean AS b USING (cell)")"
	at_most "seconds for $mean cases a town" "$(awk -v ms="$ms" 'BEGIN { printf "%.1f", ms / 1000 }')" 20
done

# each day: the day's figures and the sums to it, of 47 prefectures and the nation, 10 ages and all
sql "CREATE TABLE bench_case AS
	SELECT p AS prefecture, a AS age, d AS day, bench_poisson(2 + 60 * random() ^ 4) AS value
	FROM generate_series(1, 47) AS p CROSS JOIN generate_series(0, 9) AS a CROSS JOIN generate_series(1, 28) AS d"
for day in 1 7 14 21 28; do
	ms=$(sql_ms "SELECT count(*) FROM access.release('bench', 'SELECT value, access.crossed(ARRAY[''prefecture '' || prefecture, ''nation''], ARRAY[''age '' || age, ''all''],
		ARRAY[''day '' || day] || ARRAY(SELECT ''to '' || d FROM unnest(ARRAY[1, 7, 14, 21, 28]) AS d WHERE d BETWEEN day AND $day)) AS cells FROM bench_case WHERE day <= $day')")
	echo "access_suppress: release of day $day: $(awk -v ms="$ms" 'BEGIN { printf "%.1f", ms / 1000 }') s; $(sql "SELECT format('%s cells released, %s hidden', count(*), count(*) FILTER (WHERE hidden)) FROM access.released WHERE series = 'bench'")"
done
reached
