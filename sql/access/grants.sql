GRANT USAGE ON SCHEMA access TO outbreak_ministry;
GRANT SELECT, INSERT, UPDATE, DELETE ON access.account TO outbreak_ministry;

-- ---- small cells

GRANT USAGE ON SCHEMA access
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_quarantine, outbreak_analyst, outbreak_auditor, outbreak_worker;
GRANT SELECT ON access.release_series, access.released
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_quarantine, outbreak_analyst, outbreak_auditor, outbreak_worker;
-- A trial of what would be hidden needs no more than rights on the counts; publishing is for those who answer for figures.
GRANT EXECUTE ON FUNCTION outbreak.suppress(text, integer, text[]), access.crossed(text[], text[], text[], text[])
	TO outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_quarantine, outbreak_analyst, outbreak_worker;
GRANT EXECUTE ON FUNCTION outbreak.release_cells(text, text, integer), access.release(text, text, integer)
	TO outbreak_prefecture, outbreak_ministry, outbreak_worker;
