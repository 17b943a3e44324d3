-- Each table: the owner; who reads it; who writes it.

ALTER TABLE registry.prefecture ENABLE ROW LEVEL SECURITY;
ALTER TABLE registry.prefecture FORCE ROW LEVEL SECURITY;
ALTER TABLE registry.prefecture_neighbour ENABLE ROW LEVEL SECURITY;
ALTER TABLE registry.prefecture_neighbour FORCE ROW LEVEL SECURITY;
ALTER TABLE registry.block_neighbour ENABLE ROW LEVEL SECURITY;
ALTER TABLE registry.block_neighbour FORCE ROW LEVEL SECURITY;
ALTER TABLE registry.municipality ENABLE ROW LEVEL SECURITY;
ALTER TABLE registry.municipality FORCE ROW LEVEL SECURITY;
ALTER TABLE registry.medical_area_vintage ENABLE ROW LEVEL SECURITY;
ALTER TABLE registry.medical_area_vintage FORCE ROW LEVEL SECURITY;
ALTER TABLE registry.medical_area ENABLE ROW LEVEL SECURITY;
ALTER TABLE registry.medical_area FORCE ROW LEVEL SECURITY;
ALTER TABLE registry.medical_area_municipality ENABLE ROW LEVEL SECURITY;
ALTER TABLE registry.medical_area_municipality FORCE ROW LEVEL SECURITY;
ALTER TABLE registry.health_center ENABLE ROW LEVEL SECURITY;
ALTER TABLE registry.health_center FORCE ROW LEVEL SECURITY;
ALTER TABLE registry.institution ENABLE ROW LEVEL SECURITY;
ALTER TABLE registry.institution FORCE ROW LEVEL SECURITY;
ALTER TABLE registry.institution_identifier ENABLE ROW LEVEL SECURITY;
ALTER TABLE registry.institution_identifier FORCE ROW LEVEL SECURITY;
ALTER TABLE registry.organisation ENABLE ROW LEVEL SECURITY;
ALTER TABLE registry.organisation FORCE ROW LEVEL SECURITY;
ALTER TABLE registry.proxy ENABLE ROW LEVEL SECURITY;
ALTER TABLE registry.proxy FORCE ROW LEVEL SECURITY;
ALTER TABLE registry.load ENABLE ROW LEVEL SECURITY;
ALTER TABLE registry.load FORCE ROW LEVEL SECURITY;
ALTER TABLE registry.load_issue ENABLE ROW LEVEL SECURITY;
ALTER TABLE registry.load_issue FORCE ROW LEVEL SECURITY;
ALTER TABLE registry.institution_code_list ENABLE ROW LEVEL SECURITY;
ALTER TABLE registry.institution_code_list FORCE ROW LEVEL SECURITY;

-- The owner and the ministry see and change everything; what they may do is a matter of grants.
DO $$
DECLARE
	table_name text;
BEGIN
	FOREACH table_name IN ARRAY '{prefecture,prefecture_neighbour,block_neighbour,municipality,medical_area_vintage,medical_area,medical_area_municipality,health_center,institution,institution_identifier,organisation,proxy,load,load_issue,institution_code_list}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS owner ON registry.%I', table_name);
		EXECUTE format('CREATE POLICY owner ON registry.%I TO outbreak_owner USING (true) WITH CHECK (true)', table_name);
		EXECUTE format('DROP POLICY IF EXISTS ministry ON registry.%I', table_name);
		EXECUTE format('CREATE POLICY ministry ON registry.%I TO outbreak_ministry USING (true) WITH CHECK (true)', table_name);
	END LOOP;

	-- Places and institutions are public; their columns are a matter of grants.
	FOREACH table_name IN ARRAY '{prefecture,prefecture_neighbour,block_neighbour,municipality,medical_area_vintage,medical_area,medical_area_municipality,health_center,institution}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS readers ON registry.%I', table_name);
		EXECUTE format('CREATE POLICY readers ON registry.%I FOR SELECT TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_wholesaler, outbreak_quarantine, outbreak_analyst, outbreak_auditor, outbreak_worker USING (true)', table_name);
	END LOOP;

	-- Who works with the system, but not the public, sees numbers of institutions and organisations.
	FOREACH table_name IN ARRAY '{institution_identifier,organisation}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS readers ON registry.%I', table_name);
		EXECUTE format('CREATE POLICY readers ON registry.%I FOR SELECT TO outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_wholesaler, outbreak_quarantine, outbreak_analyst, outbreak_auditor, outbreak_worker USING (true)', table_name);
	END LOOP;

	-- What the loaders found is for those who run the registry.
	FOREACH table_name IN ARRAY '{load,load_issue,institution_code_list}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS readers ON registry.%I', table_name);
		EXECUTE format('CREATE POLICY readers ON registry.%I FOR SELECT TO outbreak_prefecture, outbreak_auditor, outbreak_worker USING (true)', table_name);
	END LOOP;
END
$$;

-- Prefectures keep their own part, and place nothing into municipalities of others, whose figures it would change.
DROP POLICY IF EXISTS prefecture ON registry.institution;
CREATE POLICY prefecture ON registry.institution TO outbreak_prefecture
	USING (prefecture = outbreak.my_prefecture())
	WITH CHECK (prefecture = outbreak.my_prefecture() AND (municipality IS NULL OR outbreak.prefecture(municipality) = outbreak.my_prefecture()));
DROP POLICY IF EXISTS prefecture ON registry.health_center;
CREATE POLICY prefecture ON registry.health_center TO outbreak_prefecture
	USING (prefecture = outbreak.my_prefecture())
	WITH CHECK (prefecture = outbreak.my_prefecture() AND (municipality IS NULL OR outbreak.prefecture(municipality) = outbreak.my_prefecture()));
DROP POLICY IF EXISTS prefecture ON registry.proxy;
CREATE POLICY prefecture ON registry.proxy TO outbreak_prefecture
	USING (prefecture = outbreak.my_prefecture()) WITH CHECK (prefecture = outbreak.my_prefecture());

-- A proxy is seen by both of its sides. Not by outbreak.my_institutions(): that function reads this table.
DROP POLICY IF EXISTS own ON registry.proxy;
CREATE POLICY own ON registry.proxy FOR SELECT TO outbreak_institution
	USING (institution OPERATOR(outbreak.=) outbreak.my_institution() OR organisation = outbreak.my_organisation());
DROP POLICY IF EXISTS readers ON registry.proxy;
CREATE POLICY readers ON registry.proxy FOR SELECT TO outbreak_auditor, outbreak_worker
	USING (true);

-- ---- persons

ALTER TABLE registry.person ENABLE ROW LEVEL SECURITY;
ALTER TABLE registry.person FORCE ROW LEVEL SECURITY;
ALTER TABLE registry.identity ENABLE ROW LEVEL SECURITY;
ALTER TABLE registry.identity FORCE ROW LEVEL SECURITY;

-- The same on both: who treats a person, the person, and the worker that sends messages.
DO $$
DECLARE
	table_name text;
BEGIN
	FOREACH table_name IN ARRAY '{person,identity}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS owner ON registry.%I', table_name);
		EXECUTE format('CREATE POLICY owner ON registry.%I TO outbreak_owner USING (true) WITH CHECK (true)', table_name);
		EXECUTE format('DROP POLICY IF EXISTS citizen ON registry.%I', table_name);
		EXECUTE format('CREATE POLICY citizen ON registry.%I FOR SELECT TO outbreak_citizen USING (person = outbreak.my_person())', table_name);
		EXECUTE format('DROP POLICY IF EXISTS institution ON registry.%I', table_name);
		EXECUTE format('CREATE POLICY institution ON registry.%I TO outbreak_institution USING (institution OPERATOR(outbreak.=) ANY (outbreak.my_institutions())) WITH CHECK (institution OPERATOR(outbreak.=) ANY (outbreak.my_institutions()))', table_name);
		EXECUTE format('DROP POLICY IF EXISTS health_center ON registry.%I', table_name);
		EXECUTE format('CREATE POLICY health_center ON registry.%I TO outbreak_health_center USING (health_center = outbreak.my_health_center()) WITH CHECK (health_center = outbreak.my_health_center())', table_name);
		EXECUTE format('DROP POLICY IF EXISTS prefecture ON registry.%I', table_name);
		EXECUTE format('CREATE POLICY prefecture ON registry.%I TO outbreak_prefecture USING (prefecture = outbreak.my_prefecture()) WITH CHECK (prefecture = outbreak.my_prefecture())', table_name);
		EXECUTE format('DROP POLICY IF EXISTS worker ON registry.%I', table_name);
		EXECUTE format('CREATE POLICY worker ON registry.%I FOR SELECT TO outbreak_worker USING (true)', table_name);
	END LOOP;
END
$$;

-- Pseudonyms only: nothing of registry.identity is for them.
DROP POLICY IF EXISTS readers ON registry.person;
CREATE POLICY readers ON registry.person FOR SELECT TO outbreak_ministry, outbreak_analyst
	USING (true);
