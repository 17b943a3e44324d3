GRANT EXECUTE ON FUNCTION vsys.purge_drafts(timestamptz), vsys.purge_stock_keys(timestamptz) TO outbreak_worker;
