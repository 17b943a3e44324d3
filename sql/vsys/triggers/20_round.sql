CREATE OR REPLACE TRIGGER round_checked BEFORE UPDATE ON vsys.round
	FOR EACH ROW EXECUTE FUNCTION vsys.round_checked();
COMMENT ON TRIGGER round_checked ON vsys.round IS 'A round goes one way, and does not change once it is decided.';
CREATE OR REPLACE TRIGGER request_checked BEFORE INSERT OR UPDATE ON vsys.request
	FOR EACH ROW EXECUTE FUNCTION vsys.request_checked();
COMMENT ON TRIGGER request_checked ON vsys.request IS 'Refuses requests after the deadline, or for what a site does not handle.';

DO $$
DECLARE
	table_name text;
BEGIN
	FOREACH table_name IN ARRAY '{frame,indicator,split}'::text[]
	LOOP
		EXECUTE format('CREATE OR REPLACE TRIGGER draft_only BEFORE INSERT OR UPDATE OR DELETE ON vsys.%I FOR EACH ROW EXECUTE FUNCTION vsys.draft_only()', table_name);
		EXECUTE format('COMMENT ON TRIGGER draft_only ON vsys.%I IS %L', table_name, 'What a round goes by changes only while it is a draft.');
	END LOOP;
	FOREACH table_name IN ARRAY '{round_run,promise_kept,allotment}'::text[]
	LOOP
		EXECUTE format('CREATE OR REPLACE TRIGGER guard BEFORE UPDATE OR DELETE OR TRUNCATE ON vsys.%I FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_change()', table_name);
		EXECUTE format('COMMENT ON TRIGGER guard ON vsys.%I IS %L', table_name, 'Refuses every change with 42501.');
	END LOOP;
END
$$;
CREATE OR REPLACE TRIGGER guard
	BEFORE UPDATE ON vsys.round_pass
	FOR EACH ROW EXECUTE FUNCTION access.refuse_change('made_by');
COMMENT ON TRIGGER guard ON vsys.round_pass IS 'Refuses every change with 42501, but that retention takes away who calculated.';
CREATE OR REPLACE TRIGGER guard_removal
	BEFORE DELETE OR TRUNCATE ON vsys.round_pass
	FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_change();
COMMENT ON TRIGGER guard_removal ON vsys.round_pass IS 'Refuses every removal with 42501.';

-- Decisions and what they go by are in the trail; 70,000 lines of a calculation are not: their hash is, with the round.
SELECT access.audit_table(t.relation)
FROM unnest('{vsys.round,vsys.frame,vsys.indicator,vsys.split,vsys.request}'::regclass[]) AS t (relation);
