DO $$
DECLARE
	table_name text;
BEGIN
	FOREACH table_name IN ARRAY '{endpoint,breaker,contact,quiet_hours,template,fallback,message,message_default,pack,attempt,attempt_default,acceptance,acceptance_default,incoming,incoming_default,handler,link}'::text[]
	LOOP
		EXECUTE format('ALTER TABLE messaging.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', table_name);
		EXECUTE format('DROP POLICY IF EXISTS owner ON messaging.%I', table_name);
		EXECUTE format('CREATE POLICY owner ON messaging.%I TO outbreak_owner USING (true) WITH CHECK (true)', table_name);
	END LOOP;
	-- the worker delivers for everybody
	FOREACH table_name IN ARRAY '{endpoint,breaker,contact,quiet_hours,template,fallback,message,pack,attempt,acceptance}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS worker ON messaging.%I', table_name);
		EXECUTE format('CREATE POLICY worker ON messaging.%I TO outbreak_worker USING (true) WITH CHECK (true)', table_name);
	END LOOP;
	-- the ministry runs the gateways and writes the texts
	FOREACH table_name IN ARRAY '{endpoint,breaker,quiet_hours,template,fallback}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS ministry ON messaging.%I', table_name);
		EXECUTE format('CREATE POLICY ministry ON messaging.%I TO outbreak_ministry USING (true) WITH CHECK (true)', table_name);
	END LOOP;
	-- texts, and when they do not go, are no secret among those who work with them
	FOREACH table_name IN ARRAY '{quiet_hours,template,fallback}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS readers ON messaging.%I', table_name);
		EXECUTE format('CREATE POLICY readers ON messaging.%I FOR SELECT TO outbreak_health_center, outbreak_prefecture, outbreak_quarantine USING (true)', table_name);
	END LOOP;
END
$$;

-- a prefecture and its health centres see what the persons in their charge were told
DROP POLICY IF EXISTS prefecture ON messaging.message;
CREATE POLICY prefecture ON messaging.message FOR SELECT TO outbreak_prefecture, outbreak_health_center
	USING (prefecture = outbreak.my_prefecture());
DROP POLICY IF EXISTS ministry ON messaging.message;
CREATE POLICY ministry ON messaging.message FOR SELECT TO outbreak_ministry
	USING (true);
DROP POLICY IF EXISTS prefecture ON messaging.attempt;
CREATE POLICY prefecture ON messaging.attempt FOR SELECT TO outbreak_prefecture, outbreak_health_center
	USING (prefecture = outbreak.my_prefecture());
DROP POLICY IF EXISTS ministry ON messaging.attempt;
CREATE POLICY ministry ON messaging.attempt FOR SELECT TO outbreak_ministry
	USING (true);
DROP POLICY IF EXISTS prefecture ON messaging.acceptance;
CREATE POLICY prefecture ON messaging.acceptance FOR SELECT TO outbreak_prefecture, outbreak_health_center
	USING (prefecture = outbreak.my_prefecture());
DROP POLICY IF EXISTS ministry ON messaging.acceptance;
CREATE POLICY ministry ON messaging.acceptance FOR SELECT TO outbreak_ministry
	USING (true);
DROP POLICY IF EXISTS citizen ON messaging.message;
CREATE POLICY citizen ON messaging.message FOR SELECT TO outbreak_citizen
	USING (person = outbreak.my_person());

DROP POLICY IF EXISTS prefecture ON messaging.contact;
CREATE POLICY prefecture ON messaging.contact FOR SELECT TO outbreak_prefecture, outbreak_health_center
	USING (prefecture = outbreak.my_prefecture());
DROP POLICY IF EXISTS citizen ON messaging.contact;
CREATE POLICY citizen ON messaging.contact FOR SELECT TO outbreak_citizen
	USING (person = outbreak.my_person());
DROP POLICY IF EXISTS citizen_stops ON messaging.contact;
CREATE POLICY citizen_stops ON messaging.contact FOR UPDATE TO outbreak_citizen
	USING (person = outbreak.my_person()) WITH CHECK (person = outbreak.my_person());
