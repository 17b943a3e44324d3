#!/bin/bash
# Whether a site has places, as the public asks for it many thousand times a second: outbreak.site_availability(), which
# counts a site at most twice a second, against a sum over its slots for everybody who asks. The sites have 10 slots, or
# 2,000 (a mass site: 4 weeks with a slot each quarter of an hour). Then the list of a prefecture.
#
# pgbench runs on the same machine, and so may others: the issue's figure is held against how many reads a second two
# cores have the CPU for.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
scripts=$(mktemp -d)
trap 'rm -rf "$scripts"' EXIT
each=${BENCH_EACH:-10000}

psql -qX -v ON_ERROR_STOP=1 -v tickets=10 -f "$(dirname "$0")/vsys_booking_world.sql" >/dev/null
mass=$(sql 'SELECT site FROM public.bench_place WHERE n = 100')
sql "SELECT * FROM vsys.make_sessions('$mass', 'bench', 'bench', '[{\"weekday\": 1, \"start\": \"00:00\", \"end\": \"24:00\", \"capacity\": 9}, {\"weekday\": 2, \"start\": \"00:00\", \"end\": \"24:00\", \"capacity\": 9},
		{\"weekday\": 3, \"start\": \"00:00\", \"end\": \"24:00\", \"capacity\": 9}]', '2037-07-01', '2037-08-18')" >/dev/null
sql 'VACUUM ANALYZE vsys.slot, vsys.session' 
sql "CREATE TABLE public.bench_site AS SELECT n, site FROM public.bench_place WHERE n <= 100;
	CREATE UNIQUE INDEX ON public.bench_site (n);
	GRANT SELECT ON public.bench_site TO PUBLIC"
sum="SELECT sum(t.capacity - t.taken), sum(t.capacity) FROM vsys.session AS n JOIN vsys.slot AS t ON t.session = n.session
	WHERE n.site OPERATOR(outbreak.=) %s AND n.on_date >= outbreak.local_date(now()) AND n.opens_at <= now() AND n.closes_at > now() AND t.open AND t.starts_at > now() GROUP BY n.site;"
any='(SELECT s.site FROM public.bench_site AS s WHERE s.n = :n)'
{ echo '\set n random(1, 100)'; echo "SELECT * FROM outbreak.site_availability($any);"; } >"$scripts/any"
{ echo '\set n random(1, 100)'; printf "$sum" "$any"; echo; } | tr '\n\t' '  ' | sed 's/100) /100)\n/' >"$scripts/any_sum"
echo "SELECT * FROM outbreak.site_availability('$mass');" >"$scripts/mass"
printf "$sum" "'$mass'::outbreak.institution_code" | tr '\n\t' '  ' >"$scripts/mass_sum"

echo "vsys_availability: $(nproc) cores, pgbench on the same machine; a mass site has $(sql "SELECT count(*) FROM vsys.slot WHERE site::text = '$mass'") slots"
compare() {	# compare NAME OURS OTHER EACH-OF-OTHER
	local ours us cores
	# the public may ask; only the owner may sum
	load_options='-c role=outbreak_anon'
	load "$1" "$scripts/$2" 4 "$each"
	cost '  one' "$scripts/$2" "$each"
	ours=$per_second us=$server_us cores=$two_cores
	load_options=
	load '  as a sum over its slots' "$scripts/$3" 4 "$4"
	cost '  one' "$scripts/$3" "$4"
	awk -v r="$ours" -v o="$per_second" -v a="$us" -v b="$server_us" 'BEGIN { printf "  %.1f times the rate, ratio %.2f of its CPU\n", r / o, a / b }'
	at_least "  $1 a second that two cores have the CPU for" "$cores" 30000
}
compare 'reads of any of 100 sites' any any_sum $((each / 4))
compare 'reads of a mass site' mass mass_sum $((each / 40))

session="SET plan_cache_mode = auto; SET role = outbreak_anon"
single 'all sites of a prefecture, in a list' "SELECT count(*) FROM vsys.public_sites(13::smallint)" 15
reached
