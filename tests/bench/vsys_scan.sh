#!/bin/bash
# How many doses are recorded a second: 16 clients over 1,000 sites, and 16 clients at one mass site, each dose with its
# record, sums, stock and booking in a transaction of its own; what auditing each new row besides would cost; the fold
# that keeps the sums, and that afterwards they equal the doses. The issue names no figure; 1,500 a second are aimed at.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

seconds=${BENCH_SECONDS:-8}
people=${BENCH_PEOPLE:-200000}
script=$(mktemp)
trap 'rm -f "$script"' EXIT

sql "
SET search_path = public, outbreak;
INSERT INTO registry.municipality (municipality, prefecture, name_ja) VALUES ('131016', 13, '千代田区') ON CONFLICT DO NOTHING;
INSERT INTO registry.institution (institution, municipality, kind, name_ja)
SELECT provisional_institution_code(13, 600000 + n), '131016', 'clinic', '計測' || n FROM generate_series(1, 1001) AS n;
INSERT INTO vsys.product (product, name_ja, name_en, maker_ja, vials_per_box, doses_per_vial, course_doses, interval_min_days, interval_days, interval_max_days, min_age, route)
VALUES ('bench', '計測', 'Bench', '計測製薬', 195, 6, 2, 18, 21, 42, 12, 'carrier');
INSERT INTO vsys.lot (product, lot, expiry_on) VALUES ('bench', 'LOT1', current_date + 100), ('bench', 'LOT2', current_date + 100);
INSERT INTO vsys.site (site, municipality, kind, state) SELECT institution, municipality, 'basic', 'open' FROM registry.institution WHERE name_ja LIKE '計測%';
INSERT INTO vsys.site_product (site, product) SELECT site, 'bench' FROM vsys.site JOIN registry.institution ON institution = site WHERE name_ja LIKE '計測%';
INSERT INTO vsys.priority_group (priority_group, position, name_ja, name_en) VALUES ('bench', 9999, '計測', 'Bench');
INSERT INTO vsys.programme (programme, name_ja, name_en, valid) VALUES ('bench', '計測', 'Bench', '(,)');
INSERT INTO vsys.programme_product (programme, product) VALUES ('bench', 'bench');
INSERT INTO registry.person (person, birth_year, municipality, prefecture)
SELECT ('00000000-0000-4000-9000-' || lpad(n::text, 12, '0'))::uuid, 1950, '131016', 13 FROM generate_series(1, $people) AS n;
INSERT INTO vsys.ticket (municipality, number, programme, person, birth_year, priority_group, valid)
SELECT '131016', lpad(n::text, 10, '0'), 'bench', ('00000000-0000-4000-9000-' || lpad(n::text, 12, '0'))::uuid, 1950, 'bench', '(,)' FROM generate_series(1, $people) AS n;
SELECT count(vsys.post_stock(site, 'bench', 'LOT' || l, 'received', CASE WHEN name_ja = '計測1001' THEN 100000 ELSE 1000 END, happened_at => now() - interval '1 day'))
FROM vsys.site JOIN registry.institution ON institution = site CROSS JOIN generate_series(1, 2) AS l WHERE name_ja LIKE '計測%'" >/dev/null
sql 'SELECT ops.make_partitions(now())' >/dev/null
sql 'CREATE SEQUENCE next_person' >/dev/null
sql 'VACUUM ANALYZE vsys.ticket, registry.person, vsys.site, vsys.holding' >/dev/null

rate() {	# rate SITE: doses a second of 16 clients; SITE is an SQL expression of :n
	cat >"$script" <<-END
	SELECT nextval('next_person') AS n \gset
	SELECT vsys.record_dose($1, '11' || '131016' || lpad(:n::text, 10, '0'), 'bench LOT' || 1 + :n::bigint % 2, now());
	END
	"$PGBIN/pgbench" -n -M prepared -c 16 -j 2 -T "$seconds" -f "$script" 2>&1 | sed -n 's/^tps = \([0-9.]*\).*/\1/p'
}
spread='outbreak.provisional_institution_code(13, 600001 + (:n::bigint % 1000)::integer)'
one='outbreak.provisional_institution_code(13, 601001)'

echo "fsync $(sql 'SHOW fsync'), synchronous_commit $(sql 'SHOW synchronous_commit'), $(nproc) cores, pgbench on the same machine"
rate "$spread" >/dev/null
spread_rates=()
one_rates=()
audited_rates=()
for run in 1 2 3; do
	sql 'SELECT vsys.fold_doses()' >/dev/null
	spread_rates+=("$(rate "$spread")")
	one_rates+=("$(rate "$one")")
	sql "SET ROLE outbreak_owner; SELECT access.audit_table('vsys.dose', 'person')" >/dev/null
	audited_rates+=("$(rate "$spread")")
	sql "SET ROLE outbreak_owner; DROP TRIGGER audit ON vsys.dose; CREATE TRIGGER audit AFTER UPDATE OR DELETE ON vsys.dose FOR EACH ROW EXECUTE FUNCTION outbreak.audit_change('person')" >/dev/null
done
spread_tps=$(median "${spread_rates[@]}")
one_tps=$(median "${one_rates[@]}")
audited_tps=$(median "${audited_rates[@]}")
echo "16 clients, 1,000 sites: ours $spread_tps/s, other (each new row audited) $audited_tps/s, ratio $(awk -v a="$spread_tps" -v b="$audited_tps" 'BEGIN { printf "%.2f", a / b }')"
echo "16 clients, one mass site with two lots: ours $one_tps/s"
at_least 'doses recorded a second over 1,000 sites' "$spread_tps" 1500

pending=$(sql 'SELECT count(*) FROM vsys.dose_change')
ours_ms=$(sql_ms 'SELECT vsys.fold_doses()')
echo "fold of $pending doses: ours $ours_ms ms"
at_most 'doses by which the sums differ' "$(sql "
	SELECT coalesce(sum(abs(s.doses - d.doses)), 0) + (SELECT abs(sum(doses) - (SELECT count(*) FROM vsys.dose)) FROM vsys.doses_by_day)
	FROM (SELECT site, sum(doses) AS doses FROM vsys.doses_by_site GROUP BY site) AS s
	FULL JOIN (SELECT site, count(*) AS doses FROM vsys.dose GROUP BY site) AS d ON d.site OPERATOR(outbreak.=) s.site")" 0
at_most 'doses that the stock ledger does not know' "$(sql 'SELECT count(*) - (SELECT sum(given) FROM vsys.stock_day) FROM vsys.dose')" 0
reached
