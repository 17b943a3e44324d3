-- Sessions, slots, bookings and what belongs to them. Nobody writes them but the functions, which run as the owner.
DO $$
DECLARE
	table_name text;
BEGIN
	FOREACH table_name IN ARRAY '{session,slot,booking,waiting,booking_notice,queue_request,allocator,site_status,booking_reason,product_coding}'::text[]
	LOOP
		EXECUTE format('ALTER TABLE vsys.%I ENABLE ROW LEVEL SECURITY', table_name);
		EXECUTE format('ALTER TABLE vsys.%I FORCE ROW LEVEL SECURITY', table_name);
		EXECUTE format('DROP POLICY IF EXISTS owner ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY owner ON vsys.%I TO outbreak_owner USING (true) WITH CHECK (true)', table_name);
	END LOOP;
	ALTER TABLE vsys.queue_request_default ENABLE ROW LEVEL SECURITY;
	ALTER TABLE vsys.queue_request_default FORCE ROW LEVEL SECURITY;
	DROP POLICY IF EXISTS owner ON vsys.queue_request_default;
	CREATE POLICY owner ON vsys.queue_request_default TO outbreak_owner USING (true) WITH CHECK (true);

	-- Dates and places are no secret of officials; the public sees those of open sites, through functions.
	FOREACH table_name IN ARRAY '{session,slot}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS institution ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY institution ON vsys.%I FOR SELECT TO outbreak_institution USING (site OPERATOR(outbreak.=) ANY (outbreak.my_institutions()))', table_name);
		EXECUTE format('DROP POLICY IF EXISTS municipality ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY municipality ON vsys.%I FOR SELECT TO outbreak_municipality USING (municipality OPERATOR(outbreak.=) outbreak.my_municipality())', table_name);
		EXECUTE format('DROP POLICY IF EXISTS prefecture ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY prefecture ON vsys.%I FOR SELECT TO outbreak_prefecture USING (prefecture = outbreak.my_prefecture())', table_name);
		EXECUTE format('DROP POLICY IF EXISTS readers ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY readers ON vsys.%I FOR SELECT TO outbreak_ministry, outbreak_analyst USING (true)', table_name);
	END LOOP;

	-- A site sees who comes to it, a municipality what was done with its tickets: by number, never the person.
	FOREACH table_name IN ARRAY '{booking,waiting,booking_notice}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS institution ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY institution ON vsys.%I FOR SELECT TO outbreak_institution USING (site OPERATOR(outbreak.=) ANY (outbreak.my_institutions()))', table_name);
		EXECUTE format('DROP POLICY IF EXISTS municipality ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY municipality ON vsys.%I FOR SELECT TO outbreak_municipality USING (municipality OPERATOR(outbreak.=) outbreak.my_municipality())', table_name);
		EXECUTE format('DROP POLICY IF EXISTS citizen ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY citizen ON vsys.%I FOR SELECT TO outbreak_citizen USING (person = outbreak.my_person())', table_name);
	END LOOP;
	-- who tells people, says so
	DROP POLICY IF EXISTS institution_tells ON vsys.booking_notice;
	CREATE POLICY institution_tells ON vsys.booking_notice FOR UPDATE TO outbreak_institution
		USING (site OPERATOR(outbreak.=) ANY (outbreak.my_institutions()));
	DROP POLICY IF EXISTS municipality_tells ON vsys.booking_notice;
	CREATE POLICY municipality_tells ON vsys.booking_notice FOR UPDATE TO outbreak_municipality
		USING (municipality OPERATOR(outbreak.=) outbreak.my_municipality());
	DROP POLICY IF EXISTS worker ON vsys.booking_notice;
	CREATE POLICY worker ON vsys.booking_notice TO outbreak_worker
		USING (true);

	FOREACH table_name IN ARRAY '{site_status,booking_reason,product_coding}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS readers ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY readers ON vsys.%I FOR SELECT TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_worker USING (true)', table_name);
	END LOOP;
	DROP POLICY IF EXISTS ministry ON vsys.product_coding;
	CREATE POLICY ministry ON vsys.product_coding TO outbreak_ministry USING (true) WITH CHECK (true);
	DROP POLICY IF EXISTS readers ON vsys.allocator;
	CREATE POLICY readers ON vsys.allocator FOR SELECT TO outbreak_worker, outbreak_ministry USING (true);
END
$$;

-- Tickets are the municipality's, and each person's own.
DROP POLICY IF EXISTS municipality ON vsys.ticket;
CREATE POLICY municipality ON vsys.ticket TO outbreak_municipality
	USING (municipality OPERATOR(outbreak.=) outbreak.my_municipality())
	WITH CHECK (municipality OPERATOR(outbreak.=) outbreak.my_municipality());
DROP POLICY IF EXISTS citizen ON vsys.ticket;
CREATE POLICY citizen ON vsys.ticket FOR SELECT TO outbreak_citizen
	USING (person = outbreak.my_person());
