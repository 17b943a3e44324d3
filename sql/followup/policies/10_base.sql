DO $$
DECLARE
	table_name text;
BEGIN
	FOREACH table_name IN ARRAY '{plan,class,period,prompt,random_seed,random_commitment,enrolment,place_of_stay,slot,slot_default,health_answer,health_answer_default,health_answer_history,location_answer,location_answer_default,video_answer,video_answer_default,threshold,alert,escalation,escalation_default,call,notification}'::text[]
	LOOP
		EXECUTE format('ALTER TABLE followup.%I ENABLE ROW LEVEL SECURITY', table_name);
		EXECUTE format('ALTER TABLE followup.%I FORCE ROW LEVEL SECURITY', table_name);
		EXECUTE format('DROP POLICY IF EXISTS owner ON followup.%I', table_name);
		EXECUTE format('CREATE POLICY owner ON followup.%I TO outbreak_owner USING (true) WITH CHECK (true)', table_name);
	END LOOP;

	-- The rules are no secret, and everybody may check the random checks. The seeds themselves are the functions' alone.
	FOREACH table_name IN ARRAY '{plan,class,period,prompt,threshold,random_commitment}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS readers ON followup.%I', table_name);
		EXECUTE format('CREATE POLICY readers ON followup.%I FOR SELECT TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_quarantine, outbreak_analyst, outbreak_auditor, outbreak_worker USING (true)', table_name);
		EXECUTE format('DROP POLICY IF EXISTS ministry ON followup.%I', table_name);
		EXECUTE format('CREATE POLICY ministry ON followup.%I %s TO outbreak_ministry USING (true)', table_name, CASE table_name WHEN 'random_commitment' THEN 'FOR SELECT' ELSE '' END);
	END LOOP;
	-- a prefecture sets thresholds of its own
	DROP POLICY IF EXISTS prefecture_writes ON followup.threshold;
	CREATE POLICY prefecture_writes ON followup.threshold TO outbreak_prefecture
		USING (prefecture = outbreak.my_prefecture());

	-- Who is in charge sees them; so do the ministry and analysts, under pseudonyms.
	FOREACH table_name IN ARRAY '{enrolment,slot,health_answer,health_answer_history,location_answer,video_answer,alert,escalation,call,notification}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS health_center ON followup.%I', table_name);
		EXECUTE format('CREATE POLICY health_center ON followup.%I FOR SELECT TO outbreak_health_center USING (health_center = outbreak.my_health_center())', table_name);
		EXECUTE format('DROP POLICY IF EXISTS prefecture ON followup.%I', table_name);
		EXECUTE format('CREATE POLICY prefecture ON followup.%I FOR SELECT TO outbreak_prefecture USING (prefecture = outbreak.my_prefecture())', table_name);
		EXECUTE format('DROP POLICY IF EXISTS worker ON followup.%I', table_name);
		EXECUTE format('CREATE POLICY worker ON followup.%I FOR SELECT TO outbreak_worker USING (true)', table_name);
		EXECUTE format('DROP POLICY IF EXISTS ministry ON followup.%I', table_name);
		EXECUTE format('DROP POLICY IF EXISTS analyst ON followup.%I', table_name);
		-- what was replaced is for who looks after the person
		CONTINUE WHEN table_name = 'health_answer_history';
		EXECUTE format('CREATE POLICY ministry ON followup.%I FOR SELECT TO outbreak_ministry USING (true)', table_name);
		EXECUTE format('CREATE POLICY analyst ON followup.%I FOR SELECT TO outbreak_analyst USING (true)', table_name);
	END LOOP;
	-- Quarantine officers see which arrivals are followed, at whichever place of stay. Patients and contacts are not theirs; of slots they
	-- see no person (the columns are in the grants), and notifications are made for arrivals alone.
	DROP POLICY IF EXISTS quarantine ON followup.enrolment;
	CREATE POLICY quarantine ON followup.enrolment FOR SELECT TO outbreak_quarantine
		USING (plan = 'arrival');
	FOREACH table_name IN ARRAY '{slot,notification}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS quarantine ON followup.%I', table_name);
		EXECUTE format('CREATE POLICY quarantine ON followup.%I FOR SELECT TO outbreak_quarantine USING (true)', table_name);
	END LOOP;

	-- where somebody stays concerns who looks after them
	DROP POLICY IF EXISTS health_center ON followup.place_of_stay;
	CREATE POLICY health_center ON followup.place_of_stay FOR SELECT TO outbreak_health_center
		USING (health_center = outbreak.my_health_center());
	DROP POLICY IF EXISTS prefecture ON followup.place_of_stay;
	CREATE POLICY prefecture ON followup.place_of_stay FOR SELECT TO outbreak_prefecture
		USING (prefecture = outbreak.my_prefecture());

	-- What was done about it: who is in charge says so. The columns are in the grants.
	FOREACH table_name IN ARRAY '{alert,call,notification}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS prefecture_works ON followup.%I', table_name);
		EXECUTE format('CREATE POLICY prefecture_works ON followup.%I FOR UPDATE TO outbreak_prefecture USING (prefecture = outbreak.my_prefecture())', table_name);
	END LOOP;
	FOREACH table_name IN ARRAY '{alert,call}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS health_center_works ON followup.%I', table_name);
		EXECUTE format('CREATE POLICY health_center_works ON followup.%I FOR UPDATE TO outbreak_health_center USING (health_center = outbreak.my_health_center())', table_name);
	END LOOP;

	-- people see what is theirs, and that of those whom they answer for
	FOREACH table_name IN ARRAY '{enrolment,slot}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS citizen ON followup.%I', table_name);
		EXECUTE format('CREATE POLICY citizen ON followup.%I FOR SELECT TO outbreak_citizen USING (person = outbreak.my_person() OR responder = outbreak.my_person())', table_name);
	END LOOP;
	FOREACH table_name IN ARRAY '{health_answer,health_answer_history,location_answer,video_answer}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS citizen ON followup.%I', table_name);
		EXECUTE format('CREATE POLICY citizen ON followup.%I FOR SELECT TO outbreak_citizen USING (person = outbreak.my_person())', table_name);
	END LOOP;
END
$$;

-- report.register() lets the ministry write a form; these answers are written by functions alone
DROP POLICY IF EXISTS ministry ON followup.health_answer;
CREATE POLICY ministry ON followup.health_answer FOR SELECT TO outbreak_ministry
	USING (true);
