DO $$
DECLARE
	table_name text;
BEGIN
	FOREACH table_name IN ARRAY '{release_rule,clinical,test,correction}'::text[]
	LOOP
		EXECUTE format('ALTER TABLE followup.%I ENABLE ROW LEVEL SECURITY', table_name);
		EXECUTE format('ALTER TABLE followup.%I FORCE ROW LEVEL SECURITY', table_name);
		EXECUTE format('DROP POLICY IF EXISTS owner ON followup.%I', table_name);
		EXECUTE format('CREATE POLICY owner ON followup.%I TO outbreak_owner USING (true) WITH CHECK (true)', table_name);
	END LOOP;

	-- by what rule somebody is released is no secret
	DROP POLICY IF EXISTS readers ON followup.release_rule;
	CREATE POLICY readers ON followup.release_rule FOR SELECT
		TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_quarantine, outbreak_analyst, outbreak_auditor, outbreak_worker
		USING (true);
	DROP POLICY IF EXISTS ministry ON followup.release_rule;
	CREATE POLICY ministry ON followup.release_rule TO outbreak_ministry USING (true);

	FOREACH table_name IN ARRAY '{clinical,test,correction}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS health_center ON followup.%I', table_name);
		EXECUTE format('CREATE POLICY health_center ON followup.%I FOR SELECT TO outbreak_health_center USING (health_center = outbreak.my_health_center())', table_name);
		EXECUTE format('DROP POLICY IF EXISTS prefecture ON followup.%I', table_name);
		EXECUTE format('CREATE POLICY prefecture ON followup.%I FOR SELECT TO outbreak_prefecture USING (prefecture = outbreak.my_prefecture())', table_name);
	END LOOP;
END
$$;
