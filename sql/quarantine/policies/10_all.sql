-- Each table: the owner; who reads it; who writes it. Travellers have no rows of their own to read: what is theirs they get
-- by their token, from functions that run as the owner.
DO $$
DECLARE
	table_name text;
BEGIN
	FOREACH table_name IN ARRAY '{station,port,reader,flight,regime,requirement,class_rule,language,item,text,reason,entry,traveller,identity,document,reading,reading_default,detection,contact}'::text[]
	LOOP
		EXECUTE format('ALTER TABLE quarantine.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', table_name);
		EXECUTE format('DROP POLICY IF EXISTS owner ON quarantine.%I', table_name);
		EXECUTE format('CREATE POLICY owner ON quarantine.%I TO outbreak_owner USING (true) WITH CHECK (true)', table_name);
	END LOOP;

	-- ports, rules and texts are public; the ministry keeps them
	FOREACH table_name IN ARRAY '{station,port,regime,requirement,class_rule,language,item,text,reason}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS readers ON quarantine.%I', table_name);
		EXECUTE format('CREATE POLICY readers ON quarantine.%I FOR SELECT TO outbreak_anon, outbreak_citizen, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_quarantine, outbreak_analyst, outbreak_auditor, outbreak_worker USING (true)', table_name);
		EXECUTE format('DROP POLICY IF EXISTS ministry ON quarantine.%I', table_name);
		EXECUTE format('CREATE POLICY ministry ON quarantine.%I TO outbreak_ministry USING (true) WITH CHECK (true)', table_name);
	END LOOP;

	-- a station has its devices, flights, entries, travellers and readings
	FOREACH table_name IN ARRAY '{reader,flight,entry,traveller,identity,document,reading,detection,contact}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS station ON quarantine.%I', table_name);
		EXECUTE format('CREATE POLICY station ON quarantine.%I FOR SELECT TO outbreak_quarantine USING (station = outbreak.my_organisation())', table_name);
	END LOOP;
	-- no person is in these
	FOREACH table_name IN ARRAY '{reader,flight,reading}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS readers ON quarantine.%I', table_name);
		EXECUTE format('CREATE POLICY readers ON quarantine.%I FOR SELECT TO outbreak_ministry, outbreak_analyst, outbreak_worker USING (true)', table_name);
	END LOOP;
	-- who looks after a person where the person stays
	FOREACH table_name IN ARRAY '{traveller,detection,contact,questionnaire}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS prefecture ON quarantine.%I', table_name);
		EXECUTE format('CREATE POLICY prefecture ON quarantine.%I FOR SELECT TO outbreak_prefecture USING (prefecture = outbreak.my_prefecture())', table_name);
		EXECUTE format('DROP POLICY IF EXISTS health_center ON quarantine.%I', table_name);
		EXECUTE format('CREATE POLICY health_center ON quarantine.%I FOR SELECT TO outbreak_health_center USING (health_center = outbreak.my_health_center())', table_name);
	END LOOP;
	-- pseudonyms, for figures
	FOREACH table_name IN ARRAY '{traveller,detection,contact,entry}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS readers ON quarantine.%I', table_name);
		EXECUTE format('CREATE POLICY readers ON quarantine.%I FOR SELECT TO outbreak_ministry, outbreak_analyst USING (true)', table_name);
	END LOOP;
	-- retention, and requests to be forgotten
	FOREACH table_name IN ARRAY '{entry,traveller,identity,document,detection,contact}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS worker ON quarantine.%I', table_name);
		EXECUTE format('CREATE POLICY worker ON quarantine.%I FOR SELECT TO outbreak_worker USING (true)', table_name);
	END LOOP;
	-- the questionnaire has its policies as a form; officers of the station besides
	FOREACH table_name IN ARRAY '{questionnaire,questionnaire_history}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS station ON quarantine.%I', table_name);
		EXECUTE format('CREATE POLICY station ON quarantine.%I FOR SELECT TO outbreak_quarantine USING (station = outbreak.my_organisation())', table_name);
	END LOOP;
END
$$;

-- flights are told by the station of the port, or by the ministry
DROP POLICY IF EXISTS station_tells ON quarantine.flight;
CREATE POLICY station_tells ON quarantine.flight TO outbreak_quarantine
	USING (station = outbreak.my_organisation()) WITH CHECK (station = outbreak.my_organisation());
DROP POLICY IF EXISTS ministry ON quarantine.flight;
CREATE POLICY ministry ON quarantine.flight TO outbreak_ministry
	USING (true) WITH CHECK (true);
