-- What a vaccine may go through is public. What a site's vials went through is read like its stock, and entered like it.
DO $$
DECLARE
	table_name text;
BEGIN
	FOREACH table_name IN ARRAY '{storage_state,storage_step,storage_batch,storage_move,storage_flow,freezer}'::text[]
	LOOP
		EXECUTE format('ALTER TABLE vsys.%I ENABLE ROW LEVEL SECURITY', table_name);
		EXECUTE format('ALTER TABLE vsys.%I FORCE ROW LEVEL SECURITY', table_name);
		EXECUTE format('DROP POLICY IF EXISTS owner ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY owner ON vsys.%I TO outbreak_owner USING (true) WITH CHECK (true)', table_name);
	END LOOP;

	FOREACH table_name IN ARRAY '{storage_state,storage_step}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS ministry ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY ministry ON vsys.%I TO outbreak_ministry USING (true) WITH CHECK (true)', table_name);
		EXECUTE format('DROP POLICY IF EXISTS readers ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY readers ON vsys.%I FOR SELECT TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_wholesaler, outbreak_analyst, outbreak_auditor, outbreak_worker USING (true)', table_name);
	END LOOP;

	FOREACH table_name IN ARRAY '{storage_batch,storage_move,storage_flow}'::text[]
	LOOP
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

DROP POLICY IF EXISTS institution_enters ON vsys.storage_move;
CREATE POLICY institution_enters ON vsys.storage_move FOR INSERT TO outbreak_institution
	WITH CHECK (site OPERATOR(outbreak.=) ANY (outbreak.my_institutions()));
DROP POLICY IF EXISTS municipality_enters ON vsys.storage_move;
CREATE POLICY municipality_enters ON vsys.storage_move FOR INSERT TO outbreak_municipality
	WITH CHECK (municipality OPERATOR(outbreak.=) outbreak.my_municipality());
DROP POLICY IF EXISTS prefecture_enters ON vsys.storage_move;
CREATE POLICY prefecture_enters ON vsys.storage_move FOR INSERT TO outbreak_prefecture
	WITH CHECK (prefecture = outbreak.my_prefecture());
DROP POLICY IF EXISTS ministry_enters ON vsys.storage_move;
CREATE POLICY ministry_enters ON vsys.storage_move FOR INSERT TO outbreak_ministry
	WITH CHECK (true);

-- Freezers: the ministry hands them out, prefectures say where they stand.
DROP POLICY IF EXISTS ministry ON vsys.freezer;
CREATE POLICY ministry ON vsys.freezer TO outbreak_ministry
	USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS prefecture ON vsys.freezer;
CREATE POLICY prefecture ON vsys.freezer TO outbreak_prefecture
	USING (prefecture = outbreak.my_prefecture())
	WITH CHECK (prefecture = outbreak.my_prefecture());
DROP POLICY IF EXISTS institution ON vsys.freezer;
CREATE POLICY institution ON vsys.freezer TO outbreak_institution
	USING (site OPERATOR(outbreak.=) ANY (outbreak.my_institutions()))
	WITH CHECK (site OPERATOR(outbreak.=) ANY (outbreak.my_institutions()));
DROP POLICY IF EXISTS municipality ON vsys.freezer;
CREATE POLICY municipality ON vsys.freezer TO outbreak_municipality
	USING (vsys.in_my_municipality(site))
	WITH CHECK (vsys.in_my_municipality(site));
DROP POLICY IF EXISTS readers ON vsys.freezer;
CREATE POLICY readers ON vsys.freezer FOR SELECT TO outbreak_analyst, outbreak_auditor, outbreak_worker
	USING (true);
