#!/bin/bash
# Apportionment of boxes to 1,741 municipalities and to 70,000 sites: over arrays and as a window function, against
# the same in SQL with numeric and row_number(). The window function is timed against row_number() over the same rows
# too, which shows what PostgreSQL's own window machinery takes.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

sql "SELECT setseed(0.1741);
	CREATE TABLE bench_unit AS
	SELECT size, n AS unit, 1 + floor(400000 * random() ^ 6)::bigint AS weight
	FROM (VALUES (1741), (70000)) AS s (size)
	CROSS JOIN LATERAL generate_series(1, size) AS n;
	CREATE TABLE bench_units (size integer, weights bigint[]);
	-- not compressed, as an array that a query builds is not
	ALTER TABLE bench_units ALTER COLUMN weights SET STORAGE EXTERNAL;
	INSERT INTO bench_units SELECT size, array_agg(weight ORDER BY unit) FROM bench_unit GROUP BY size" >/dev/null
sql "VACUUM ANALYZE bench_unit, bench_units"

# Hamilton's method as one would write it
plain() {
	echo "SELECT sum(n), max(n) FROM (
		SELECT unit, trunc(quota) + (row_number() OVER (ORDER BY quota - trunc(quota) DESC, unit) <= 20 * $1 - sum(trunc(quota)) OVER ())::integer AS n
		FROM (SELECT unit, 20 * $1 * weight::numeric / sum(weight) OVER () AS quota FROM bench_unit WHERE size = $1) AS q) AS r"
}
window() { echo "SELECT sum(n), max(n) FROM (SELECT outbreak.apportion(20 * $1, weight, '$2') OVER (ORDER BY unit) AS n FROM bench_unit WHERE size = $1) AS r"; }

for size in 1741 70000; do
	limit=$((size == 1741 ? 1 : 20))
	for method in hamilton webster dhondt adams huntington_hill dean; do
		# detoasting is a fifth of a millisecond and more of the time for a large array, and not ours
		single "allocation_apportion: $size units, array, $method" "SELECT cardinality(outbreak.apportion(20 * $size, weights, '$method')) FROM bench_units WHERE size = $size" 9
		at_most "milliseconds for $size units by $method" "$ours_ms" "$limit"
	done
	pair "allocation_apportion: $size units, window, hamilton, against SQL" "$(window "$size" hamilton)" "$(plain "$size")"
	for method in hamilton webster huntington_hill; do
		pair "allocation_apportion: $size units, window, $method, against row_number()" "$(window "$size" $method)" \
			"SELECT sum(n), max(n) FROM (SELECT row_number() OVER (ORDER BY unit) AS n FROM bench_unit WHERE size = $size) AS r" 9
		at_most "milliseconds for $size units above row_number() by $method" "$(awk -v a="$ours_ms" -v b="$other_ms" 'BEGIN { printf "%.3f", a - b }')" $((size == 1741 ? 1 : 20))
	done
	single "allocation_apportion: $size units, array, floors and caps, hamilton" "SELECT cardinality(outbreak.apportion(20 * $size, weights, 'hamilton', array_fill(5, ARRAY[$size])::bigint[], array_fill(200, ARRAY[$size])::bigint[])) FROM bench_units WHERE size = $size"
	single "allocation_apportion: $size units, array, floors and caps, webster" "SELECT cardinality(outbreak.apportion(20 * $size, weights, 'webster', array_fill(5, ARRAY[$size])::bigint[], array_fill(200, ARRAY[$size])::bigint[])) FROM bench_units WHERE size = $size"
	for rule in proportional constrained_equal_awards constrained_equal_losses talmud; do
		single "allocation_apportion: $size claims, array, $rule" "SELECT cardinality(outbreak.share((SELECT sum(w) / 3 FROM unnest(weights) AS w)::bigint, weights, '$rule')) FROM bench_units WHERE size = $size"
	done
done
# equal weights tie everywhere
single "allocation_apportion: 70000 equal units, array, huntington_hill" "SELECT cardinality(outbreak.apportion(100000, array_fill(7, ARRAY[70000])::bigint[], 'huntington_hill'))"
single "allocation_apportion: 70000 units, 10^12 seats, array, dean" "SELECT cardinality(outbreak.apportion(1000000000000, weights, 'dean')) FROM bench_units WHERE size = 70000"
reached
