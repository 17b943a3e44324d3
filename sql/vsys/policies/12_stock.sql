-- The ledger: a site's own, those of its municipality and prefecture, and the ministry read it and enter into it. What
-- the trigger writes, nobody but the owner writes.
DO $$
DECLARE
	table_name text;
BEGIN
	FOREACH table_name IN ARRAY '{stock_event,stock_key,holding,stock_day}'::text[]
	LOOP
		EXECUTE format('ALTER TABLE vsys.%I ENABLE ROW LEVEL SECURITY', table_name);
		EXECUTE format('ALTER TABLE vsys.%I FORCE ROW LEVEL SECURITY', table_name);
		EXECUTE format('DROP POLICY IF EXISTS owner ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY owner ON vsys.%I TO outbreak_owner USING (true) WITH CHECK (true)', table_name);
		EXECUTE format('DROP POLICY IF EXISTS institution ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY institution ON vsys.%I FOR SELECT TO outbreak_institution USING (site OPERATOR(outbreak.=) ANY (outbreak.my_institutions()))', table_name);
		EXECUTE format('DROP POLICY IF EXISTS municipality ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY municipality ON vsys.%I FOR SELECT TO outbreak_municipality USING (municipality OPERATOR(outbreak.=) outbreak.my_municipality())', table_name);
		EXECUTE format('DROP POLICY IF EXISTS prefecture ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY prefecture ON vsys.%I FOR SELECT TO outbreak_prefecture USING (prefecture = outbreak.my_prefecture())', table_name);
		EXECUTE format('DROP POLICY IF EXISTS readers ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY readers ON vsys.%I FOR SELECT TO outbreak_ministry, outbreak_analyst, outbreak_auditor, outbreak_worker USING (true)', table_name);
	END LOOP;
END
$$;

DROP POLICY IF EXISTS institution_enters ON vsys.stock_event;
CREATE POLICY institution_enters ON vsys.stock_event FOR INSERT TO outbreak_institution
	WITH CHECK (site OPERATOR(outbreak.=) ANY (outbreak.my_institutions()));
DROP POLICY IF EXISTS municipality_enters ON vsys.stock_event;
CREATE POLICY municipality_enters ON vsys.stock_event FOR INSERT TO outbreak_municipality
	WITH CHECK (municipality OPERATOR(outbreak.=) outbreak.my_municipality());
DROP POLICY IF EXISTS prefecture_enters ON vsys.stock_event;
CREATE POLICY prefecture_enters ON vsys.stock_event FOR INSERT TO outbreak_prefecture
	WITH CHECK (prefecture = outbreak.my_prefecture());
DROP POLICY IF EXISTS ministry_enters ON vsys.stock_event;
CREATE POLICY ministry_enters ON vsys.stock_event FOR INSERT TO outbreak_ministry
	WITH CHECK (true);

ALTER TABLE vsys.stock_event_default ENABLE ROW LEVEL SECURITY;
ALTER TABLE vsys.stock_event_default FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS owner ON vsys.stock_event_default;
CREATE POLICY owner ON vsys.stock_event_default TO outbreak_owner USING (true) WITH CHECK (true);
