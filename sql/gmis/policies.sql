-- The forms and their histories have the standard policies of report.register(); here is what G-MIS adds to them.

ALTER TABLE gmis.service ENABLE ROW LEVEL SECURITY;
ALTER TABLE gmis.service FORCE ROW LEVEL SECURITY;
ALTER TABLE gmis.supply_item ENABLE ROW LEVEL SECURITY;
ALTER TABLE gmis.supply_item FORCE ROW LEVEL SECURITY;
ALTER TABLE gmis.free_bed ENABLE ROW LEVEL SECURITY;
ALTER TABLE gmis.free_bed FORCE ROW LEVEL SECURITY;
ALTER TABLE gmis.changed_bed ENABLE ROW LEVEL SECURITY;
ALTER TABLE gmis.changed_bed FORCE ROW LEVEL SECURITY;
ALTER TABLE gmis.daily_by_municipality ENABLE ROW LEVEL SECURITY;
ALTER TABLE gmis.daily_by_municipality FORCE ROW LEVEL SECURITY;
ALTER TABLE gmis.daily_by_prefecture ENABLE ROW LEVEL SECURITY;
ALTER TABLE gmis.daily_by_prefecture FORCE ROW LEVEL SECURITY;
ALTER TABLE gmis.expected_step ENABLE ROW LEVEL SECURITY;
ALTER TABLE gmis.expected_step FORCE ROW LEVEL SECURITY;

DO $$
DECLARE
	table_name text;
BEGIN
	FOREACH table_name IN ARRAY '{service,supply_item,free_bed,changed_bed,daily_by_municipality,daily_by_prefecture,expected_step}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS owner ON gmis.%I', table_name);
		EXECUTE format('CREATE POLICY owner ON gmis.%I TO outbreak_owner USING (true) WITH CHECK (true)', table_name);
		EXECUTE format('DROP POLICY IF EXISTS ministry ON gmis.%I', table_name);
		EXECUTE format('CREATE POLICY ministry ON gmis.%I TO outbreak_ministry USING (true) WITH CHECK (true)', table_name);
	END LOOP;

	-- Code lists are public.
	FOREACH table_name IN ARRAY '{service,supply_item}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS readers ON gmis.%I', table_name);
		EXECUTE format('CREATE POLICY readers ON gmis.%I FOR SELECT TO outbreak_anon, outbreak_institution, outbreak_health_center, outbreak_prefecture, outbreak_analyst, outbreak_auditor, outbreak_worker USING (true)', table_name);
	END LOOP;

	-- Sums: a prefecture sees its own.
	FOREACH table_name IN ARRAY '{daily_by_municipality,daily_by_prefecture,expected_step}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS prefecture ON gmis.%I', table_name);
		EXECUTE format('CREATE POLICY prefecture ON gmis.%I FOR SELECT TO outbreak_prefecture USING (prefecture = outbreak.my_prefecture())', table_name);
		EXECUTE format('DROP POLICY IF EXISTS readers ON gmis.%I', table_name);
		EXECUTE format('CREATE POLICY readers ON gmis.%I FOR SELECT TO outbreak_analyst, outbreak_worker USING (true)', table_name);
	END LOOP;
END
$$;

-- Free beds are the board for admission and transfer, which do not stop at the border of a prefecture. What was free
-- at a past moment comes from the reports, of which everybody sees their own.
DROP POLICY IF EXISTS readers ON gmis.free_bed;
CREATE POLICY readers ON gmis.free_bed FOR SELECT
	TO outbreak_institution, outbreak_health_center, outbreak_prefecture, outbreak_analyst, outbreak_worker
	USING (true);
DROP POLICY IF EXISTS readers ON gmis.changed_bed;
CREATE POLICY readers ON gmis.changed_bed FOR SELECT
	TO outbreak_institution, outbreak_health_center, outbreak_prefecture, outbreak_analyst, outbreak_worker
	USING (true);

-- The public sees the state of the services that gmis.service calls public. Repeated here: policies hold no sub-selects.
DROP POLICY IF EXISTS public ON gmis.service_status;
CREATE POLICY public ON gmis.service_status FOR SELECT TO outbreak_anon
	USING (service = ANY ('{inpatient,outpatient,emergency}'));

-- … and which institutions are surveyed, so that those that do not answer show as 未回答.
DROP POLICY IF EXISTS gmis_public ON report.expected;
CREATE POLICY gmis_public ON report.expected FOR SELECT TO outbreak_anon
	USING (form = 'gmis.service_status'::regclass);
