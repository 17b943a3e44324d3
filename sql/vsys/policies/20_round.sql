DO $$
DECLARE
	table_name text;
BEGIN
	FOREACH table_name IN ARRAY '{frame,indicator,request,split,round_pass,round_run,promise,promise_kept}'::text[]
	LOOP
		EXECUTE format('ALTER TABLE vsys.%I ENABLE ROW LEVEL SECURITY', table_name);
		EXECUTE format('ALTER TABLE vsys.%I FORCE ROW LEVEL SECURITY', table_name);
		EXECUTE format('DROP POLICY IF EXISTS owner ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY owner ON vsys.%I TO outbreak_owner USING (true) WITH CHECK (true)', table_name);
		EXECUTE format('DROP POLICY IF EXISTS ministry ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY ministry ON vsys.%I TO outbreak_ministry USING (true) WITH CHECK (true)', table_name);
	END LOOP;

	-- Rounds and the rules that they go by are no secret.
	FOREACH table_name IN ARRAY '{round,frame}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS readers ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY readers ON vsys.%I FOR SELECT TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_wholesaler, outbreak_analyst, outbreak_auditor USING (true)', table_name);
	END LOOP;
	FOREACH table_name IN ARRAY '{indicator,request,split,round_run,promise,promise_kept,allotment}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS readers ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY readers ON vsys.%I FOR SELECT TO outbreak_analyst, outbreak_auditor USING (true)', table_name);
	END LOOP;

	-- A prefecture sees its own.
	FOREACH table_name IN ARRAY '{indicator,promise,promise_kept,allotment,split}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS prefecture ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY prefecture ON vsys.%I FOR SELECT TO outbreak_prefecture USING (prefecture = outbreak.my_prefecture())', table_name);
	END LOOP;
END
$$;

-- … asks for its sites, and divides what is its own, not what its municipalities divide.
DROP POLICY IF EXISTS prefecture ON vsys.request;
CREATE POLICY prefecture ON vsys.request TO outbreak_prefecture
	USING (prefecture = outbreak.my_prefecture())
	WITH CHECK (prefecture = outbreak.my_prefecture());
DROP POLICY IF EXISTS prefecture_divides ON vsys.split;
CREATE POLICY prefecture_divides ON vsys.split FOR INSERT TO outbreak_prefecture
	WITH CHECK (prefecture = outbreak.my_prefecture() AND length(parent) = 2);
DROP POLICY IF EXISTS prefecture_divides_anew ON vsys.split;
CREATE POLICY prefecture_divides_anew ON vsys.split FOR UPDATE TO outbreak_prefecture
	USING (prefecture = outbreak.my_prefecture() AND length(parent) = 2)
	WITH CHECK (prefecture = outbreak.my_prefecture() AND length(parent) = 2);

-- … nor what was calculated with them, among those who divide.
DROP POLICY IF EXISTS readers ON vsys.round_pass;
CREATE POLICY readers ON vsys.round_pass FOR SELECT TO outbreak_municipality, outbreak_prefecture, outbreak_analyst, outbreak_auditor
	USING (true);

DROP POLICY IF EXISTS public ON vsys.round;
CREATE POLICY public ON vsys.round FOR SELECT TO outbreak_anon, outbreak_citizen
	USING (published_at IS NOT NULL);

-- Who divides what: the nation's runs and those of one's own chain.
DROP POLICY IF EXISTS prefecture ON vsys.round_run;
CREATE POLICY prefecture ON vsys.round_run FOR SELECT TO outbreak_prefecture
	USING (prefecture IS NULL OR prefecture = outbreak.my_prefecture());
DROP POLICY IF EXISTS municipality ON vsys.round_run;
CREATE POLICY municipality ON vsys.round_run FOR SELECT TO outbreak_municipality
	USING (prefecture IS NULL OR (prefecture = outbreak.prefecture(outbreak.my_municipality())
		AND (municipality IS NULL OR municipality OPERATOR(outbreak.=) outbreak.my_municipality())));

-- A municipality sees itself and its sites, asks for them, and divides among them.
DROP POLICY IF EXISTS municipality ON vsys.indicator;
CREATE POLICY municipality ON vsys.indicator FOR SELECT TO outbreak_municipality
	USING (unit = outbreak.text(outbreak.my_municipality()));
DROP POLICY IF EXISTS municipality ON vsys.promise;
CREATE POLICY municipality ON vsys.promise FOR SELECT TO outbreak_municipality
	USING (municipality OPERATOR(outbreak.=) outbreak.my_municipality());
DROP POLICY IF EXISTS municipality ON vsys.promise_kept;
CREATE POLICY municipality ON vsys.promise_kept FOR SELECT TO outbreak_municipality
	USING (municipality OPERATOR(outbreak.=) outbreak.my_municipality());
DROP POLICY IF EXISTS municipality ON vsys.allotment;
CREATE POLICY municipality ON vsys.allotment FOR SELECT TO outbreak_municipality
	USING (municipality OPERATOR(outbreak.=) outbreak.my_municipality());
DROP POLICY IF EXISTS municipality ON vsys.request;
CREATE POLICY municipality ON vsys.request TO outbreak_municipality
	USING (municipality OPERATOR(outbreak.=) outbreak.my_municipality())
	WITH CHECK (municipality OPERATOR(outbreak.=) outbreak.my_municipality());
DROP POLICY IF EXISTS municipality ON vsys.split;
CREATE POLICY municipality ON vsys.split TO outbreak_municipality
	USING (parent = outbreak.text(outbreak.my_municipality()))
	WITH CHECK (parent = outbreak.text(outbreak.my_municipality()));

-- A site sees what is its own, and asks for itself.
DROP POLICY IF EXISTS institution ON vsys.request;
CREATE POLICY institution ON vsys.request TO outbreak_institution
	USING (site OPERATOR(outbreak.=) ANY (outbreak.my_institutions()))
	WITH CHECK (site OPERATOR(outbreak.=) ANY (outbreak.my_institutions()));
DROP POLICY IF EXISTS institution ON vsys.allotment;
CREATE POLICY institution ON vsys.allotment FOR SELECT TO outbreak_institution
	USING (site OPERATOR(outbreak.=) ANY (outbreak.my_institutions()));
-- A branch sees what it is to bring.
DROP POLICY IF EXISTS wholesaler ON vsys.allotment;
CREATE POLICY wholesaler ON vsys.allotment FOR SELECT TO outbreak_wholesaler
	USING (branch = outbreak.my_organisation());
DROP POLICY IF EXISTS institution ON vsys.promise;
CREATE POLICY institution ON vsys.promise FOR SELECT TO outbreak_institution
	USING (unit = outbreak.text(outbreak.my_institution()));
