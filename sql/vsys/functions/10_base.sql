CREATE OR REPLACE FUNCTION vsys.in_my_municipality(site outbreak.institution_code)
RETURNS boolean
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT EXISTS (
		SELECT
		FROM vsys.site AS s
		WHERE s.site OPERATOR(outbreak.=) in_my_municipality.site
			AND s.municipality OPERATOR(outbreak.=) outbreak.my_municipality()
	);
END;
COMMENT ON FUNCTION vsys.in_my_municipality(outbreak.institution_code) IS 'Whether a site belongs to the municipality that the session acts for. For what is written now and then: it looks the site up.';

CREATE OR REPLACE FUNCTION vsys.may_enter(site outbreak.institution_code)
RETURNS boolean
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT pg_has_role(current_user, 'outbreak_owner', 'USAGE')
		OR pg_has_role(current_user, 'outbreak_ministry', 'USAGE')
		OR pg_has_role(current_user, 'outbreak_institution', 'USAGE') AND site OPERATOR(outbreak.=) ANY (outbreak.my_institutions())
		OR coalesce(pg_has_role(current_user, 'outbreak_prefecture', 'USAGE') AND outbreak.prefecture(site) = outbreak.my_prefecture(), false)
		OR pg_has_role(current_user, 'outbreak_municipality', 'USAGE') AND vsys.in_my_municipality(site);
END;
COMMENT ON FUNCTION vsys.may_enter(outbreak.institution_code) IS 'Whether the caller may enter what a site does: the site itself, its municipality and its prefecture, the ministry. What policies say as well, asked before anything is looked at.';

CREATE OR REPLACE FUNCTION vsys.entry_allowed() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	-- the policies would refuse it too, but after the trigger that compares it with what is there
	IF vsys.may_enter(NEW.site) IS NOT TRUE THEN
		RAISE EXCEPTION 'this site is not yours to enter stock for'
			USING ERRCODE = 'insufficient_privilege';
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION vsys.entry_allowed() IS 'Trigger of the ledger and of moves between states: refuses with 42501, before anything of another''s site is told, whoever may not enter for it.';
