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

	-- Products, lots (a recall concerns everybody), which site has which vaccine, groups, programmes, and who is where, are
	-- public.
	FOREACH table_name IN ARRAY '{product,lot,site_product,priority_group,population,programme,programme_product}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS readers ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY readers ON vsys.%I FOR SELECT TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_wholesaler, outbreak_analyst, outbreak_auditor, outbreak_worker USING (true)', table_name);
	END LOOP;
END
$$;

-- Sites. The public sees those that are open and want to be seen, by columns.
DROP POLICY IF EXISTS public ON vsys.site;
CREATE POLICY public ON vsys.site FOR SELECT TO outbreak_anon, outbreak_citizen
	USING (public AND state = 'open');
-- a site sees itself and the sites that it serves; its association those that it speaks for
DROP POLICY IF EXISTS institution ON vsys.site;
CREATE POLICY institution ON vsys.site FOR SELECT TO outbreak_institution
	USING (site OPERATOR(outbreak.=) ANY (outbreak.my_institutions()) OR basic_site OPERATOR(outbreak.=) ANY (outbreak.my_institutions())
		OR association = outbreak.my_organisation());
-- it applies, changes what is its own, and its association confirms; the trigger says who may take which step
DROP POLICY IF EXISTS institution_applies ON vsys.site;
CREATE POLICY institution_applies ON vsys.site FOR INSERT TO outbreak_institution
	WITH CHECK (site OPERATOR(outbreak.=) ANY (outbreak.my_institutions()) AND state = 'applied');
DROP POLICY IF EXISTS institution_changes ON vsys.site;
CREATE POLICY institution_changes ON vsys.site FOR UPDATE TO outbreak_institution
	USING (site OPERATOR(outbreak.=) ANY (outbreak.my_institutions()) OR association = outbreak.my_organisation())
	WITH CHECK (site OPERATOR(outbreak.=) ANY (outbreak.my_institutions()) OR association = outbreak.my_organisation());
DROP POLICY IF EXISTS municipality ON vsys.site;
CREATE POLICY municipality ON vsys.site TO outbreak_municipality
	USING (municipality OPERATOR(outbreak.=) outbreak.my_municipality())
	WITH CHECK (municipality OPERATOR(outbreak.=) outbreak.my_municipality());
DROP POLICY IF EXISTS prefecture ON vsys.site;
CREATE POLICY prefecture ON vsys.site TO outbreak_prefecture
	USING (prefecture = outbreak.my_prefecture())
	WITH CHECK (prefecture = outbreak.my_prefecture());
DROP POLICY IF EXISTS wholesaler ON vsys.site;
CREATE POLICY wholesaler ON vsys.site FOR SELECT TO outbreak_wholesaler
	USING (wholesaler = outbreak.my_organisation());
DROP POLICY IF EXISTS readers ON vsys.site;
CREATE POLICY readers ON vsys.site FOR SELECT TO outbreak_analyst, outbreak_auditor, outbreak_worker
	USING (true);

-- everybody reads them; the municipality of a site is looked up where one is written
DROP POLICY IF EXISTS institution ON vsys.site_product;
CREATE POLICY institution ON vsys.site_product TO outbreak_institution
	USING (site OPERATOR(outbreak.=) ANY (outbreak.my_institutions()))
	WITH CHECK (site OPERATOR(outbreak.=) ANY (outbreak.my_institutions()));
DROP POLICY IF EXISTS municipality ON vsys.site_product;
CREATE POLICY municipality ON vsys.site_product TO outbreak_municipality
	USING (vsys.in_my_municipality(site))
	WITH CHECK (vsys.in_my_municipality(site));
DROP POLICY IF EXISTS prefecture ON vsys.site_product;
CREATE POLICY prefecture ON vsys.site_product TO outbreak_prefecture
	USING (prefecture = outbreak.my_prefecture())
	WITH CHECK (prefecture = outbreak.my_prefecture());

-- A shipment brings lots that nobody has entered: whoever ships enters them. Only the ministry changes them.
DROP POLICY IF EXISTS ships ON vsys.lot;
CREATE POLICY ships ON vsys.lot FOR INSERT TO outbreak_wholesaler, outbreak_prefecture
	WITH CHECK (recalled_at IS NULL);

-- Tickets are the municipality's, and each person's own.
DROP POLICY IF EXISTS municipality ON vsys.ticket;
CREATE POLICY municipality ON vsys.ticket TO outbreak_municipality
	USING (municipality OPERATOR(outbreak.=) outbreak.my_municipality())
	WITH CHECK (municipality OPERATOR(outbreak.=) outbreak.my_municipality());
DROP POLICY IF EXISTS citizen ON vsys.ticket;
CREATE POLICY citizen ON vsys.ticket FOR SELECT TO outbreak_citizen
	USING (person = outbreak.my_person());
