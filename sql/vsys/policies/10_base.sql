-- Each table: the owner; who reads it; who writes it. The base tables; each later part has its own file.
DO $$
DECLARE
	table_name text;
BEGIN
	FOREACH table_name IN ARRAY '{product,lot,site,site_product,priority_group,population,programme,programme_product,ticket,round,allotment}'::text[]
	LOOP
		EXECUTE format('ALTER TABLE vsys.%I ENABLE ROW LEVEL SECURITY', table_name);
		EXECUTE format('ALTER TABLE vsys.%I FORCE ROW LEVEL SECURITY', table_name);
		EXECUTE format('DROP POLICY IF EXISTS owner ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY owner ON vsys.%I TO outbreak_owner USING (true) WITH CHECK (true)', table_name);
		-- tickets are the municipality's: the ministry counts doses, not people
		IF table_name <> 'ticket' THEN
			EXECUTE format('DROP POLICY IF EXISTS ministry ON vsys.%I', table_name);
			EXECUTE format('CREATE POLICY ministry ON vsys.%I TO outbreak_ministry USING (true) WITH CHECK (true)', table_name);
		END IF;
	END LOOP;

	-- Products, groups, programmes, and who is where, are public.
	FOREACH table_name IN ARRAY '{product,priority_group,population,programme,programme_product}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS readers ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY readers ON vsys.%I FOR SELECT TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_wholesaler, outbreak_analyst, outbreak_auditor, outbreak_worker USING (true)', table_name);
	END LOOP;
END
$$;
