#!/bin/bash
# Stock as of a moment at a site with 10,000 events: the sums of days and the events of the day in which the moment lies,
# against the sum over all events. And an event of the past: ours writes it and the sums of its day; a running balance
# kept with every event, as OpenLMIS keeps it, is rewritten from there on.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
site="outbreak.provisional_institution_code(13, 900201)"

sql "INSERT INTO registry.municipality (municipality, prefecture, name_ja) VALUES ('131016', 13, '千代田区') ON CONFLICT DO NOTHING;
	INSERT INTO registry.institution (institution, kind, name_ja) VALUES ($site, 'hospital', '計測病院');
	INSERT INTO vsys.lot (product, lot, expiry_on) SELECT 'comirnaty', 'BENCH' || n, '2021-12-31' FROM generate_series(1, 5) AS n;
	INSERT INTO vsys.site (site, municipality, kind, state) VALUES ($site, '131016', 'basic', 'open');
	INSERT INTO vsys.stock_event (site, product, lot, kind, vials, happened_at)
	SELECT $site, 'comirnaty', 'BENCH' || n, 'received', 975, '2021-04-01 09:00+09' FROM generate_series(1, 5) AS n;"
entering=$(sql_ms "INSERT INTO vsys.stock_event (site, product, lot, kind, doses, happened_at)
	SELECT $site, 'comirnaty', 'BENCH' || 1 + n % 5, 'given', 1, '2021-04-02 09:00+09'::timestamptz + (n / 100) * interval '1 day' + (n % 100) * interval '5 minutes'
	FROM generate_series(0, 9994) AS n ORDER BY n")
echo "vsys_stock: 9,995 doses entered in $entering ms"
sql 'VACUUM ANALYZE vsys.stock_event, vsys.stock_day, vsys.holding'
every="SELECT e.product, e.lot, e.doses_per_vial, sum(e.delta) FROM vsys.stock_event AS e WHERE e.site OPERATOR(outbreak.=) $site AND e.happened_at <= %s GROUP BY 1, 2, 3"

session="SET plan_cache_mode = auto"
for at in "now()" "'2021-05-20 12:00+09'::timestamptz"; do
	pair "stock as of $at, 10,000 events over 100 days" "SELECT * FROM vsys.stock($site, $at)" "$(printf "$every" "$at")" 15
	at_most 'as-of stock (ms)' "$ours_ms" 1
done

# the running balance of every event, kept beside, brought up to an event of the second day
sql "CREATE TABLE bench_balance AS
	SELECT e.event, e.product, e.lot, e.happened_at, e.delta, sum(e.delta) OVER (PARTITION BY e.product, e.lot ORDER BY e.happened_at, e.event) AS balance
	FROM vsys.stock_event AS e WHERE e.site OPERATOR(outbreak.=) $site;
	CREATE INDEX ON bench_balance (product, lot, happened_at)"
between='ROLLBACK; BEGIN'
pair 'a dose of the second day, entered now' \
	"SELECT vsys.post_stock($site, 'comirnaty', 'BENCH1', 'given', 0, 1, '2021-04-03 09:02+09'); SET CONSTRAINTS ALL IMMEDIATE" \
	"INSERT INTO bench_balance VALUES (0, 'comirnaty', 'BENCH1', '2021-04-03 09:02+09', -1, 0);
	UPDATE bench_balance SET balance = balance - 1 WHERE product = 'comirnaty' AND lot = 'BENCH1' AND happened_at >= '2021-04-03 09:02+09'" 9
between=

# all on one day, as at a mass site
sql "INSERT INTO vsys.stock_event (site, product, lot, kind, vials, happened_at) SELECT $site, 'comirnaty', 'BENCH1', 'received', 2000, '2021-08-01 08:00+09';
	INSERT INTO vsys.stock_event (site, product, lot, kind, doses, happened_at)
	SELECT $site, 'comirnaty', 'BENCH1', 'given', 1, '2021-08-01 09:00+09'::timestamptz + n * interval '3 seconds' FROM generate_series(0, 9999) AS n ORDER BY n"
sql 'VACUUM ANALYZE vsys.stock_event, vsys.stock_day, vsys.holding'
single 'stock now, besides 10,000 events on one day' "SELECT * FROM vsys.stock($site)" 15
at_most 'as-of stock (ms)' "$ours_ms" 1
single 'stock at noon of a day with 10,000 events' "SELECT * FROM vsys.stock($site, '2021-08-01 13:00+09')" 15
reached
