GRANT EXECUTE ON FUNCTION vsys.lot_whereabouts(text, text, timestamptz)
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_auditor, outbreak_worker;
GRANT EXECUTE ON FUNCTION vsys.recall_lot(text, text, text, timestamptz) TO outbreak_ministry;
