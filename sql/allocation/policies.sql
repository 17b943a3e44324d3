ALTER TABLE allocation.run ENABLE ROW LEVEL SECURITY;
ALTER TABLE allocation.run FORCE ROW LEVEL SECURITY;
ALTER TABLE allocation.run_unit ENABLE ROW LEVEL SECURITY;
ALTER TABLE allocation.run_unit FORCE ROW LEVEL SECURITY;

DO $$
DECLARE
	table_name text;
BEGIN
	FOREACH table_name IN ARRAY '{run,run_unit}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS owner ON allocation.%I', table_name);
		EXECUTE format('CREATE POLICY owner ON allocation.%I TO outbreak_owner USING (true) WITH CHECK (true)', table_name);
		EXECUTE format('DROP POLICY IF EXISTS ministry ON allocation.%I', table_name);
		EXECUTE format('CREATE POLICY ministry ON allocation.%I TO outbreak_ministry USING (true) WITH CHECK (true)', table_name);
		EXECUTE format('DROP POLICY IF EXISTS readers ON allocation.%I', table_name);
		EXECUTE format('CREATE POLICY readers ON allocation.%I FOR SELECT TO outbreak_analyst, outbreak_auditor USING (true)', table_name);
	END LOOP;
END
$$;

-- A run tells amount, level and cut-off, but nothing of any unit: those of the nation and of one's own chain.
DROP POLICY IF EXISTS prefecture ON allocation.run;
CREATE POLICY prefecture ON allocation.run FOR SELECT TO outbreak_prefecture
	USING (prefecture IS NULL OR prefecture = outbreak.my_prefecture());
DROP POLICY IF EXISTS municipality ON allocation.run;
CREATE POLICY municipality ON allocation.run FOR SELECT TO outbreak_municipality
	USING (prefecture IS NULL OR (prefecture = outbreak.prefecture(outbreak.my_municipality())
		AND (municipality IS NULL OR municipality OPERATOR(outbreak.=) outbreak.my_municipality())));

-- Of units: a prefecture itself and all below it; a municipality itself, all below it, and its prefecture.
DROP POLICY IF EXISTS prefecture ON allocation.run_unit;
CREATE POLICY prefecture ON allocation.run_unit FOR SELECT TO outbreak_prefecture
	USING (prefecture = outbreak.my_prefecture());
DROP POLICY IF EXISTS municipality ON allocation.run_unit;
CREATE POLICY municipality ON allocation.run_unit FOR SELECT TO outbreak_municipality
	USING (municipality OPERATOR(outbreak.=) outbreak.my_municipality()
		OR (municipality IS NULL AND institution IS NULL AND prefecture = outbreak.prefecture(outbreak.my_municipality())));
