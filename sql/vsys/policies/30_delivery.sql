-- Each table: the owner and the ministry; who reads it; who writes it.
DO $$
DECLARE
	table_name text;
BEGIN
	FOREACH table_name IN ARRAY '{branch,branch_product,branch_area,branch_weekday,branch_day,receiving,plan,plan_line,plan_network,delivery,notice,shipment,receipt,discrepancy,reroute,transfer_rule,permit,transfer,arrival}'::text[]
	LOOP
		EXECUTE format('ALTER TABLE vsys.%I ENABLE ROW LEVEL SECURITY', table_name);
		EXECUTE format('ALTER TABLE vsys.%I FORCE ROW LEVEL SECURITY', table_name);
		EXECUTE format('DROP POLICY IF EXISTS owner ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY owner ON vsys.%I TO outbreak_owner USING (true) WITH CHECK (true)', table_name);
		EXECUTE format('DROP POLICY IF EXISTS ministry ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY ministry ON vsys.%I TO outbreak_ministry USING (true) WITH CHECK (true)', table_name);
	END LOOP;

	-- Who supplies whom with what, and how long vials may be under way, whoever works with it knows.
	FOREACH table_name IN ARRAY '{branch,branch_product,branch_area,transfer_rule}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS readers ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY readers ON vsys.%I FOR SELECT TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_wholesaler, outbreak_analyst, outbreak_auditor, outbreak_worker USING (true)', table_name);
	END LOOP;

	-- What a branch can bring it says itself.
	FOREACH table_name IN ARRAY '{branch_weekday,branch_day}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS wholesaler ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY wholesaler ON vsys.%I TO outbreak_wholesaler USING (branch = outbreak.my_organisation()) WITH CHECK (branch = outbreak.my_organisation())', table_name);
	END LOOP;

	-- Deliveries and what happened to them: the branch, the site, its municipality and its prefecture.
	FOREACH table_name IN ARRAY '{delivery,notice,shipment,receipt,discrepancy,reroute}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS wholesaler ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY wholesaler ON vsys.%I FOR SELECT TO outbreak_wholesaler USING (branch = outbreak.my_organisation())', table_name);
		EXECUTE format('DROP POLICY IF EXISTS institution ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY institution ON vsys.%I FOR SELECT TO outbreak_institution USING (site OPERATOR(outbreak.=) outbreak.my_institution())', table_name);
		EXECUTE format('DROP POLICY IF EXISTS municipality ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY municipality ON vsys.%I FOR SELECT TO outbreak_municipality USING (municipality OPERATOR(outbreak.=) outbreak.my_municipality())', table_name);
		EXECUTE format('DROP POLICY IF EXISTS prefecture ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY prefecture ON vsys.%I FOR SELECT TO outbreak_prefecture USING (prefecture = outbreak.my_prefecture())', table_name);
		EXECUTE format('DROP POLICY IF EXISTS readers ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY readers ON vsys.%I FOR SELECT TO outbreak_analyst, outbreak_worker USING (true)', table_name);
	END LOOP;
END
$$;

DROP POLICY IF EXISTS prefecture ON vsys.branch_area;
CREATE POLICY prefecture ON vsys.branch_area TO outbreak_prefecture
	USING (prefecture = outbreak.my_prefecture())
	WITH CHECK (prefecture = outbreak.my_prefecture());

DROP POLICY IF EXISTS institution ON vsys.receiving;
CREATE POLICY institution ON vsys.receiving TO outbreak_institution
	USING (site OPERATOR(outbreak.=) outbreak.my_institution())
	WITH CHECK (site OPERATOR(outbreak.=) outbreak.my_institution());
DROP POLICY IF EXISTS prefecture ON vsys.receiving;
CREATE POLICY prefecture ON vsys.receiving TO outbreak_prefecture
	USING (prefecture = outbreak.my_prefecture())
	WITH CHECK (prefecture = outbreak.my_prefecture());

-- The branch gives its deliveries another date, ships, and says what became of what is missing.
DROP POLICY IF EXISTS wholesaler_moves ON vsys.delivery;
CREATE POLICY wholesaler_moves ON vsys.delivery FOR UPDATE TO outbreak_wholesaler
	USING (branch = outbreak.my_organisation())
	WITH CHECK (branch = outbreak.my_organisation());
DROP POLICY IF EXISTS wholesaler_ships ON vsys.shipment;
CREATE POLICY wholesaler_ships ON vsys.shipment FOR INSERT TO outbreak_wholesaler
	WITH CHECK (branch = outbreak.my_organisation() AND moved_from IS NULL);
DROP POLICY IF EXISTS wholesaler_loses ON vsys.discrepancy;
CREATE POLICY wholesaler_loses ON vsys.discrepancy FOR INSERT TO outbreak_wholesaler
	WITH CHECK (branch = outbreak.my_organisation() AND kind = 'missing' AND explanation = 'lost');
DROP POLICY IF EXISTS wholesaler_explains ON vsys.discrepancy;
CREATE POLICY wholesaler_explains ON vsys.discrepancy FOR UPDATE TO outbreak_wholesaler
	USING (branch = outbreak.my_organisation())
	WITH CHECK (branch = outbreak.my_organisation());
DROP POLICY IF EXISTS prefecture_explains ON vsys.discrepancy;
CREATE POLICY prefecture_explains ON vsys.discrepancy FOR UPDATE TO outbreak_prefecture
	USING (prefecture = outbreak.my_prefecture())
	WITH CHECK (prefecture = outbreak.my_prefecture());

-- The site receives.
DROP POLICY IF EXISTS institution_receives ON vsys.receipt;
CREATE POLICY institution_receives ON vsys.receipt FOR INSERT TO outbreak_institution
	WITH CHECK (site OPERATOR(outbreak.=) outbreak.my_institution());

-- A prefecture sends deliveries to another of its own sites.
DROP POLICY IF EXISTS prefecture_reroutes ON vsys.reroute;
CREATE POLICY prefecture_reroutes ON vsys.reroute FOR INSERT TO outbreak_prefecture
	WITH CHECK (prefecture = outbreak.my_prefecture() AND to_prefecture = outbreak.my_prefecture());

-- Each recipient confirms its own notices; the branch those of sites that it told by telephone.
DROP POLICY IF EXISTS institution_confirms ON vsys.notice;
CREATE POLICY institution_confirms ON vsys.notice FOR UPDATE TO outbreak_institution
	USING (recipient = 'site' AND site OPERATOR(outbreak.=) outbreak.my_institution())
	WITH CHECK (recipient = 'site' AND site OPERATOR(outbreak.=) outbreak.my_institution());
DROP POLICY IF EXISTS municipality_confirms ON vsys.notice;
CREATE POLICY municipality_confirms ON vsys.notice FOR UPDATE TO outbreak_municipality
	USING (recipient = 'municipality' AND municipality OPERATOR(outbreak.=) outbreak.my_municipality())
	WITH CHECK (recipient = 'municipality' AND municipality OPERATOR(outbreak.=) outbreak.my_municipality());
DROP POLICY IF EXISTS prefecture_confirms ON vsys.notice;
CREATE POLICY prefecture_confirms ON vsys.notice FOR UPDATE TO outbreak_prefecture
	USING (recipient = 'prefecture' AND prefecture = outbreak.my_prefecture())
	WITH CHECK (recipient = 'prefecture' AND prefecture = outbreak.my_prefecture());
DROP POLICY IF EXISTS wholesaler_confirms ON vsys.notice;
CREATE POLICY wholesaler_confirms ON vsys.notice FOR UPDATE TO outbreak_wholesaler
	USING (recipient = 'site' AND branch = outbreak.my_organisation())
	WITH CHECK (recipient = 'site' AND branch = outbreak.my_organisation());

-- Permits are the prefecture's; its municipalities read them.
DROP POLICY IF EXISTS prefecture ON vsys.permit;
CREATE POLICY prefecture ON vsys.permit TO outbreak_prefecture
	USING (prefecture = outbreak.my_prefecture())
	WITH CHECK (prefecture = outbreak.my_prefecture());
DROP POLICY IF EXISTS municipality ON vsys.permit;
CREATE POLICY municipality ON vsys.permit FOR SELECT TO outbreak_municipality
	USING (from_municipality OPERATOR(outbreak.=) outbreak.my_municipality() OR to_municipality OPERATOR(outbreak.=) outbreak.my_municipality());

-- Transfers: both sites see them; the sender sends, the receiver receives.
DO $$
DECLARE
	table_name text;
BEGIN
	FOREACH table_name IN ARRAY '{transfer,arrival}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS institution ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY institution ON vsys.%I FOR SELECT TO outbreak_institution USING (from_site OPERATOR(outbreak.=) outbreak.my_institution() OR to_site OPERATOR(outbreak.=) outbreak.my_institution())', table_name);
		EXECUTE format('DROP POLICY IF EXISTS municipality ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY municipality ON vsys.%I FOR SELECT TO outbreak_municipality USING (from_municipality OPERATOR(outbreak.=) outbreak.my_municipality() OR to_municipality OPERATOR(outbreak.=) outbreak.my_municipality())', table_name);
		EXECUTE format('DROP POLICY IF EXISTS prefecture ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY prefecture ON vsys.%I FOR SELECT TO outbreak_prefecture USING (prefecture = outbreak.my_prefecture())', table_name);
		EXECUTE format('DROP POLICY IF EXISTS readers ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY readers ON vsys.%I FOR SELECT TO outbreak_analyst, outbreak_worker USING (true)', table_name);
	END LOOP;
END
$$;
DROP POLICY IF EXISTS institution_sends ON vsys.transfer;
CREATE POLICY institution_sends ON vsys.transfer FOR INSERT TO outbreak_institution
	WITH CHECK (from_site OPERATOR(outbreak.=) outbreak.my_institution());
DROP POLICY IF EXISTS institution_receives ON vsys.arrival;
CREATE POLICY institution_receives ON vsys.arrival FOR INSERT TO outbreak_institution
	WITH CHECK (to_site OPERATOR(outbreak.=) outbreak.my_institution());
