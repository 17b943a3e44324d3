GRANT SELECT ON vsys.stock_event, vsys.stock_key, vsys.holding, vsys.stock_day
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_auditor, outbreak_worker;
-- what the trigger fills in, nobody names
GRANT INSERT (site, product, lot, doses_per_vial, kind, vials, doses, total, of_event, happened_at, key, reason)
	ON vsys.stock_event TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry;

GRANT EXECUTE ON FUNCTION vsys.stock_account(outbreak.institution_code, timestamptz), vsys.stock(outbreak.institution_code, timestamptz)
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_auditor, outbreak_worker;
GRANT EXECUTE ON FUNCTION vsys.post_stock(outbreak.institution_code, text, text, text, integer, integer, timestamptz, text, smallint, text, bigint),
	vsys.reverse_stock(bigint, text, text),
	vsys.report_total(outbreak.institution_code, text, text, text, integer, timestamptz, text)
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry;
GRANT EXECUTE ON FUNCTION vsys.check_stock(timestamptz) TO outbreak_worker;
