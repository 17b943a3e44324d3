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

-- ---- persons

CREATE OR REPLACE FUNCTION registry.person_placed()
RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	NEW.prefecture := coalesce(
		(SELECT h.prefecture FROM registry.health_center h WHERE h.health_center = NEW.health_center),
		outbreak.prefecture(NEW.institution),
		NEW.prefecture,
		outbreak.my_prefecture(),
		outbreak.prefecture(NEW.municipality));
	IF NEW.prefecture IS NULL THEN
		RAISE EXCEPTION 'it is not known which prefecture is in charge of the person'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Name the health centre, the institution or the municipality.';
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION registry.person_placed() IS 'Trigger of registry.person: the prefecture in charge follows from the health centre, else the institution, else what it was, who enters, where the person lives. 22023 when none of them is known.';

CREATE OR REPLACE TRIGGER person_placed
BEFORE INSERT OR UPDATE ON registry.person
FOR EACH ROW
EXECUTE FUNCTION registry.person_placed();
COMMENT ON TRIGGER person_placed ON registry.person IS 'Says which prefecture is in charge.';

CREATE OR REPLACE FUNCTION registry.identity_follows()
RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	SELECT p.prefecture, p.health_center, p.institution, p.closed_on
	INTO NEW.prefecture, NEW.health_center, NEW.institution, NEW.closed_on
	FROM registry.person p
	WHERE p.person = NEW.person;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no such person'
			USING ERRCODE = 'foreign_key_violation';
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION registry.identity_follows() IS 'Trigger of registry.identity: whatever the statement says, the columns that policies look at are those of the person. 23503 when there is no such person, or the caller does not see it.';

CREATE OR REPLACE TRIGGER identity_follows
BEFORE INSERT OR UPDATE ON registry.identity
FOR EACH ROW
EXECUTE FUNCTION registry.identity_follows();
COMMENT ON TRIGGER identity_follows ON registry.identity IS 'Takes the scope of the person.';

CREATE OR REPLACE FUNCTION registry.person_moved()
RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	-- its own trigger fills in the rest; policies let the caller change both rows or neither
	UPDATE registry.identity i
	SET name = i.name
	WHERE i.person = NEW.person;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION registry.person_moved() IS 'Trigger of registry.person: the identity goes along.';

CREATE OR REPLACE TRIGGER person_moved
AFTER UPDATE OF prefecture, health_center, institution, closed_on ON registry.person
FOR EACH ROW
EXECUTE FUNCTION registry.person_moved();
COMMENT ON TRIGGER person_moved ON registry.person IS 'Takes the identity along.';
