#!/bin/bash
# The nearest free bed among 29,943 institutions that reported today: one in ten has a general bed free, one in a
# thousand an ICU bed. Against a sort of all free beds by geodesic distance. The points are random.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
psql -qX -f "$(dirname "$0")/gmis_country.sql" >/dev/null

sql "INSERT INTO gmis.daily (institution, on_date, beds_secured, beds_ready, beds_occupied, icu_present, icu_used)
	SELECT institution, outbreak.local_date(), 10, 10, CASE WHEN n % 10 = 0 THEN 8 ELSE 10 END, 5, CASE WHEN n % 1000 = 0 THEN 3 ELSE 5 END
	FROM (SELECT institution, row_number() OVER (ORDER BY institution) AS n FROM registry.institution) AS i
	ON CONFLICT (institution, on_date) DO NOTHING"
sql 'SELECT gmis.fold()' >/dev/null
sql 'VACUUM ANALYZE gmis.free_bed'
point='ST_SetSRID(ST_MakePoint(129 + 16 * random(), 31 + 14 * random()), 4326)'
for kind in general icu; do
	pair "gmis.nearest_free, 5 institutions, $kind ($(sql "SELECT count(*) FROM gmis.free_bed WHERE bed_kind = '$kind' AND available") have one)" \
		"SELECT * FROM gmis.nearest_free($point, '$kind', k => 5)" \
		"SELECT f.institution, ST_Distance(f.location, p.point) AS distance_m
		FROM (SELECT $point::geography AS point) AS p
		CROSS JOIN gmis.free_bed AS f
		WHERE f.bed_kind = '$kind' AND f.free >= 1 AND f.accepting AND f.reported_at > now() - interval '24 hours'
		ORDER BY 2 LIMIT 5" 101
	at_most 'nearest_free, median (ms)' "$ours_ms" 5
done
single 'gmis.nearest_free, an hour ago, from the reports' "SELECT * FROM gmis.nearest_free($point, 'general', as_of => now() - interval '1 hour')" 5
reached
