-- Persons' doses are for who gave them, the municipality of the ticket, and the person; sums are for officials.
DO $$
DECLARE
	table_name text;
BEGIN
	FOREACH table_name IN ARRAY '{dose,dose_default,person_dose,dose_fault,vrs_import,dose_issue,resident_number,result_entry,dose_change,doses_by_site,doses_by_site_default,doses_by_lag,doses_by_day,doses_by_age,doses_by_prefecture,doses_as_known,changed_result,unscanned}'::text[]
	LOOP
		EXECUTE format('ALTER TABLE vsys.%I ENABLE ROW LEVEL SECURITY', table_name);
		EXECUTE format('ALTER TABLE vsys.%I FORCE ROW LEVEL SECURITY', table_name);
		EXECUTE format('DROP POLICY IF EXISTS owner ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY owner ON vsys.%I TO outbreak_owner USING (true) WITH CHECK (true)', table_name);
	END LOOP;

	-- sums: all of them for those who see the whole country
	FOREACH table_name IN ARRAY '{dose_change,doses_by_site,doses_by_lag,doses_by_day,doses_by_age,doses_by_prefecture,doses_as_known,unscanned}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS readers ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY readers ON vsys.%I FOR SELECT TO outbreak_ministry, outbreak_analyst, outbreak_worker USING (true)', table_name);
	END LOOP;
	FOREACH table_name IN ARRAY '{doses_by_site,doses_by_lag,doses_by_day,doses_by_age,doses_by_prefecture,doses_as_known,unscanned}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS prefecture ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY prefecture ON vsys.%I FOR SELECT TO outbreak_prefecture USING (prefecture = outbreak.my_prefecture())', table_name);
	END LOOP;
	-- by the municipality of the site, or of the ticket
	FOREACH table_name IN ARRAY '{doses_by_site,doses_by_lag,doses_by_day,doses_by_age,doses_as_known}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS municipality ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY municipality ON vsys.%I FOR SELECT TO outbreak_municipality USING (municipality OPERATOR(outbreak.=) outbreak.my_municipality())', table_name);
	END LOOP;
	FOREACH table_name IN ARRAY '{dose_change,doses_by_site,unscanned}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS institution ON vsys.%I', table_name);
		EXECUTE format('CREATE POLICY institution ON vsys.%I FOR SELECT TO outbreak_institution USING (site OPERATOR(outbreak.=) ANY (outbreak.my_institutions()))', table_name);
	END LOOP;
END
$$;

DROP POLICY IF EXISTS prefecture ON vsys.dose_change;
CREATE POLICY prefecture ON vsys.dose_change FOR SELECT TO outbreak_prefecture
	USING (outbreak.prefecture(municipality) = outbreak.my_prefecture() OR outbreak.prefecture(site_municipality) = outbreak.my_prefecture());
DROP POLICY IF EXISTS municipality ON vsys.dose_change;
CREATE POLICY municipality ON vsys.dose_change FOR SELECT TO outbreak_municipality
	USING (municipality OPERATOR(outbreak.=) outbreak.my_municipality() OR site_municipality OPERATOR(outbreak.=) outbreak.my_municipality());

DROP POLICY IF EXISTS readers ON vsys.dose_fault;
CREATE POLICY readers ON vsys.dose_fault FOR SELECT
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_auditor, outbreak_worker
	USING (true);

-- ---- doses of persons

DROP POLICY IF EXISTS institution ON vsys.dose;
CREATE POLICY institution ON vsys.dose FOR SELECT TO outbreak_institution
	USING (site OPERATOR(outbreak.=) ANY (outbreak.my_institutions()));
DROP POLICY IF EXISTS municipality ON vsys.dose;
CREATE POLICY municipality ON vsys.dose FOR SELECT TO outbreak_municipality
	USING (municipality OPERATOR(outbreak.=) outbreak.my_municipality());
DROP POLICY IF EXISTS citizen ON vsys.dose;
CREATE POLICY citizen ON vsys.dose FOR SELECT TO outbreak_citizen
	USING (person = outbreak.my_person());

DROP POLICY IF EXISTS institution ON vsys.dose_issue;
CREATE POLICY institution ON vsys.dose_issue FOR SELECT TO outbreak_institution
	USING (site OPERATOR(outbreak.=) ANY (outbreak.my_institutions()));
DROP POLICY IF EXISTS municipality ON vsys.dose_issue;
CREATE POLICY municipality ON vsys.dose_issue FOR SELECT TO outbreak_municipality
	USING (municipality OPERATOR(outbreak.=) outbreak.my_municipality());

-- how many wait, and where: by columns that name nobody
DROP POLICY IF EXISTS prefecture ON vsys.dose_issue;
CREATE POLICY prefecture ON vsys.dose_issue FOR SELECT TO outbreak_prefecture
	USING (prefecture = outbreak.my_prefecture());
DROP POLICY IF EXISTS ministry ON vsys.dose_issue;
CREATE POLICY ministry ON vsys.dose_issue FOR SELECT TO outbreak_ministry
	USING (true);

DROP POLICY IF EXISTS municipality ON vsys.vrs_import;
CREATE POLICY municipality ON vsys.vrs_import FOR SELECT TO outbreak_municipality
	USING (municipality OPERATOR(outbreak.=) outbreak.my_municipality());
DROP POLICY IF EXISTS municipality ON vsys.resident_number;
CREATE POLICY municipality ON vsys.resident_number FOR SELECT TO outbreak_municipality
	USING (municipality OPERATOR(outbreak.=) outbreak.my_municipality());

-- ---- results reported as numbers: the form has the standard policies; municipalities read those of their sites through vsys.unscanned

DROP POLICY IF EXISTS institution ON vsys.result_entry;
CREATE POLICY institution ON vsys.result_entry TO outbreak_institution
	USING (site OPERATOR(outbreak.=) ANY (outbreak.my_institutions())) WITH CHECK (site OPERATOR(outbreak.=) ANY (outbreak.my_institutions()));
DROP POLICY IF EXISTS prefecture ON vsys.result_entry;
CREATE POLICY prefecture ON vsys.result_entry TO outbreak_prefecture
	USING (prefecture = outbreak.my_prefecture()) WITH CHECK (prefecture = outbreak.my_prefecture());
DROP POLICY IF EXISTS ministry ON vsys.result_entry;
CREATE POLICY ministry ON vsys.result_entry TO outbreak_ministry
	USING (true) WITH CHECK (true);
