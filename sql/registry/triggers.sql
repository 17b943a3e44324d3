CREATE OR REPLACE FUNCTION registry.refuse_delete()
RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RAISE EXCEPTION 'institution % cannot be deleted: reports refer to it', OLD.institution
		USING ERRCODE = 'OB010',
			DETAIL = jsonb_build_object('institution', OLD.institution::text)::text,
			HINT = format('Close it instead: UPDATE registry.institution SET valid = daterange(lower(valid), current_date) WHERE institution = %L;', OLD.institution::text);
END
$$;
COMMENT ON FUNCTION registry.refuse_delete() IS 'Trigger: institutions are closed, never deleted (OB010).';

CREATE OR REPLACE TRIGGER refuse_delete
BEFORE DELETE ON registry.institution
FOR EACH ROW
EXECUTE FUNCTION registry.refuse_delete();
COMMENT ON TRIGGER refuse_delete ON registry.institution IS 'Refuses every deletion with OB010.';
