#!/bin/bash
# Apportionment of 20 boxes a unit to 1,741 municipalities and to 70,000 sites, and claims on a third of what is asked:
# median CPU of 5 rounds, each of 5 or 100 runs, in one session. CPU is the backend's own (/proc/self/schedstat), so neighbours do not disturb it.
# - Over arrays, each method; goals: 1 ms for 1,741 units, 20 ms for 70,000.
# - As a window function, against Hamilton's method written in SQL with numeric and row_number(); beside it what
#   PostgreSQL takes to sort the same rows, keep them and look at the last of each (last_value()), which is work that
#   our window function cannot save.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

figures=$(psql -qAtX -v ON_ERROR_STOP=1 <<'SQL'
SET client_min_messages = warning;
SET max_parallel_workers_per_gather = 0;
SET work_mem = '64MB';
SELECT setseed(0.1741) \g /dev/null

CREATE FUNCTION pg_temp.cpu_ms() RETURNS double precision
LANGUAGE sql VOLATILE AS $$
	SELECT split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::double precision / 1e6
$$;
CREATE TEMP TABLE cost (size integer, what text, cpu_ms double precision);
CREATE PROCEDURE pg_temp.measure(size integer, what text, command text)
LANGUAGE plpgsql AS $$
DECLARE
	-- the kernel may count CPU in steps of 4 ms
	times integer := CASE WHEN size < 10000 THEN 100 ELSE 5 END;
	start double precision := pg_temp.cpu_ms();
BEGIN
	FOR n IN 1 .. times LOOP
		EXECUTE command;
	END LOOP;
	INSERT INTO cost VALUES (size, what, (pg_temp.cpu_ms() - start) / times);
END $$;

-- a few large units and many small ones
CREATE TEMP TABLE unit AS
SELECT size, n AS unit, 1 + floor(400000 * random() ^ 6)::bigint AS weight
FROM (VALUES (1741), (70000)) AS s (size)
CROSS JOIN LATERAL generate_series(1, size) AS n;
CREATE TEMP TABLE units (size integer, weights bigint[], floors bigint[], caps bigint[]);
-- as an array is that a query has just built
ALTER TABLE units ALTER weights SET STORAGE EXTERNAL, ALTER floors SET STORAGE EXTERNAL, ALTER caps SET STORAGE EXTERNAL;
INSERT INTO units
SELECT size, array_agg(weight ORDER BY unit), array_agg(5 ORDER BY unit), array_agg(200 ORDER BY unit)
FROM unit
GROUP BY size;
ANALYZE unit, units;

DO $$
DECLARE
	size integer;
	method text;
	division text;
BEGIN
	FOR round IN 1 .. 5 LOOP
		FOREACH size IN ARRAY ARRAY[1741, 70000] LOOP
			FOREACH method IN ARRAY '{hamilton,webster,dhondt,adams,huntington_hill,dean}'::text[] LOOP
				CALL pg_temp.measure(size, 'array ' || method, format('SELECT cardinality(outbreak.apportion(20 * %1$s, weights, %2$L)) FROM units WHERE size = %1$s', size, method));
			END LOOP;
			FOREACH method IN ARRAY '{hamilton,webster}'::text[] LOOP
				CALL pg_temp.measure(size, 'array with floors and caps ' || method,
					format('SELECT cardinality(outbreak.apportion(20 * %1$s, weights, %2$L, floors, caps)) FROM units WHERE size = %1$s', size, method));
				CALL pg_temp.measure(size, 'window ' || method, format('SELECT sum(n) FROM (SELECT outbreak.apportion(20 * %1$s, weight, %2$L) OVER (ORDER BY unit) AS n FROM unit WHERE size = %1$s) AS r', size, method));
			END LOOP;
			FOREACH method IN ARRAY '{proportional,constrained_equal_awards,constrained_equal_losses,talmud}'::text[] LOOP
				CALL pg_temp.measure(size, 'share ' || method, format('SELECT cardinality(outbreak.share((SELECT sum(w) FROM unnest(weights) AS w)::bigint / 3, weights, %2$L)) FROM units WHERE size = %1$s', size, method));
			END LOOP;
			CALL pg_temp.measure(size, 'last_value()', format('SELECT sum(n) FROM (SELECT last_value(weight) OVER (ORDER BY unit ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS n FROM unit WHERE size = %s) AS r', size));
			CALL pg_temp.measure(size, 'hamilton in SQL', format('
				SELECT sum(n)
				FROM (
					SELECT unit, trunc(quota) + (row_number() OVER (ORDER BY quota - trunc(quota) DESC, unit) <= 20 * %1$s - sum(trunc(quota)) OVER ())::integer AS n
					FROM (SELECT unit, 20 * %1$s * weight::numeric / sum(weight) OVER () AS quota FROM unit WHERE size = %1$s) AS q
				) AS r', size));
		END LOOP;
		CALL pg_temp.measure(70000, 'equal weights, huntington_hill', 'SELECT cardinality(outbreak.apportion(100000, array_fill(7::bigint, ARRAY[70000]), ''huntington_hill''))');
		CALL pg_temp.measure(70000, '10^12 seats, dean', 'SELECT cardinality(outbreak.apportion(1000000000000, weights, ''dean'')) FROM units WHERE size = 70000');
	END LOOP;
END $$;
SELECT size, what, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY cpu_ms)::numeric, 2)
FROM cost
GROUP BY size, what
ORDER BY size, what COLLATE "C";
SQL
)
while IFS='|' read -r size what ms; do
	echo "allocation_apportion: $size units, $what: $ms ms"
	[[ $what != array* ]] || at_most "CPU for $size units, $what" "$ms" $((size == 1741 ? 1 : 20))
done <<<"$figures"
reached
