DO $$
DECLARE
	table_name text;
BEGIN
	FOREACH table_name IN ARRAY '{purpose,signing_key,ticket_kind,revoked_ticket,trust_key,revoked_card,stored}'::text[]
	LOOP
		EXECUTE format('ALTER TABLE credential.%I ENABLE ROW LEVEL SECURITY', table_name);
		EXECUTE format('ALTER TABLE credential.%I FORCE ROW LEVEL SECURITY', table_name);
		EXECUTE format('DROP POLICY IF EXISTS owner ON credential.%I', table_name);
		EXECUTE format('CREATE POLICY owner ON credential.%I TO outbreak_owner USING (true) WITH CHECK (true)', table_name);
	END LOOP;

	-- Public keys are public; which columns are, grants say. Who holds a code that was revoked may know it.
	FOREACH table_name IN ARRAY '{trust_key,revoked_card}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS readers ON credential.%I', table_name);
		EXECUTE format('CREATE POLICY readers ON credential.%I FOR SELECT TO outbreak_health_center, outbreak_prefecture, outbreak_ministry, outbreak_quarantine, outbreak_worker USING (true)', table_name);
	END LOOP;
	FOREACH table_name IN ARRAY '{purpose,signing_key,ticket_kind}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS readers ON credential.%I', table_name);
		EXECUTE format('CREATE POLICY readers ON credential.%I FOR SELECT TO outbreak_anon, outbreak_citizen, outbreak_health_center, outbreak_prefecture, outbreak_ministry, outbreak_quarantine, outbreak_worker USING (true)', table_name);
	END LOOP;
	FOREACH table_name IN ARRAY '{purpose,signing_key,trust_key,revoked_card}'::text[]
	LOOP
		EXECUTE format('DROP POLICY IF EXISTS ministry ON credential.%I', table_name);
		EXECUTE format('CREATE POLICY ministry ON credential.%I TO outbreak_ministry USING (true) WITH CHECK (true)', table_name);
	END LOOP;
END
$$;

DROP POLICY IF EXISTS readers ON credential.revoked_ticket;
CREATE POLICY readers ON credential.revoked_ticket FOR SELECT TO outbreak_quarantine, outbreak_health_center, outbreak_prefecture, outbreak_ministry
	USING (true);

-- Quarantine stations see the verdicts on what travellers showed, at whichever airport; the codes themselves, which hold names, are in no
-- grant of theirs, and verdicts are written by credential.store() and credential.reverify() alone. Each person sees their own.
DROP POLICY IF EXISTS quarantine ON credential.stored;
CREATE POLICY quarantine ON credential.stored FOR SELECT TO outbreak_quarantine
	USING (true);
DROP POLICY IF EXISTS citizen ON credential.stored;
CREATE POLICY citizen ON credential.stored FOR SELECT TO outbreak_citizen
	USING (person = outbreak.my_person());
