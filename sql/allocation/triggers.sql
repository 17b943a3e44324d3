-- A certificate that can be changed proves nothing.
DO $$
DECLARE
	table_name text;
BEGIN
	FOREACH table_name IN ARRAY '{run,run_unit}'::text[]
	LOOP
		EXECUTE format('CREATE OR REPLACE TRIGGER guard BEFORE UPDATE OR DELETE OR TRUNCATE ON allocation.%I FOR EACH STATEMENT EXECUTE FUNCTION allocation.refuse_change()', table_name);
		EXECUTE format('COMMENT ON TRIGGER guard ON allocation.%I IS %L', table_name, 'Refuses every change with 42501.');
	END LOOP;
END
$$;
