GRANT SELECT ON api.vsys_sites
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_analyst;
GRANT EXECUTE ON FUNCTION api.site_stock(text, timestamptz), api.site_books(text, timestamptz), api.site_storage(text, timestamptz),
	api.pick(text, text, integer, timestamptz), api.use_today(text, timestamptz), api.lot_whereabouts(text, text, timestamptz)
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst;
GRANT EXECUTE ON FUNCTION api.post_stock(jsonb), api.report_total(text, text, text, text, integer, timestamptz, text), api.reverse_stock(bigint, text, text),
	api.store(text, text, text, text, integer, timestamptz, text), api.stop_check(text, text, text, timestamptz),
	api.apply_site(text, text, text, text, bigint), api.register_site(text, text[], boolean, text, text, text, text),
	api.change_site(text, text), api.change_sites(text[], text)
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry;
GRANT EXECUTE ON FUNCTION api.recall_lot(text, text, text) TO outbreak_ministry;
