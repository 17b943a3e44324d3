-- A function that runs with the owner's rights asks in which role its caller acts, and is told of the caller, not of the
-- owner: the role that was set, or the login, is it or has it. It makes no difference how deep the call is.
BEGIN;
CREATE ROLE ob_test_official LOGIN IN ROLE outbreak_municipality;
CREATE ROLE ob_test_reserved LOGIN NOINHERIT IN ROLE outbreak_municipality;
CREATE SCHEMA ob_test AUTHORIZATION outbreak_owner;
GRANT USAGE ON SCHEMA ob_test TO PUBLIC;
SET ROLE outbreak_owner;
CREATE FUNCTION ob_test.within() RETURNS TABLE (runs_as name, municipality boolean, prefecture boolean, owner boolean, nobody boolean) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	AS $$ SELECT current_user, outbreak.acts_as('outbreak_municipality'), outbreak.acts_as('outbreak_prefecture'), outbreak.acts_as('outbreak_owner'), outbreak.acts_as('ob_test_no_such_role') $$;
CREATE FUNCTION ob_test.around() RETURNS TABLE (runs_as name, municipality boolean, prefecture boolean, owner boolean, nobody boolean) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	AS $$ SELECT * FROM ob_test.within() $$;
GRANT EXECUTE ON FUNCTION ob_test.within(), ob_test.around() TO PUBLIC;
RESET ROLE;

SET SESSION AUTHORIZATION ob_test_official;
SELECT w.* FROM ob_test.within() AS w UNION ALL SELECT a.* FROM ob_test.around() AS a;
-- who does not inherit a role acts in it once it is set
SET SESSION AUTHORIZATION ob_test_reserved;
SELECT * FROM ob_test.within();
SET ROLE outbreak_municipality;
SELECT * FROM ob_test.within();
-- a superuser may do everything, but in a role acts in that alone
RESET SESSION AUTHORIZATION;
SELECT * FROM ob_test.within();
SET ROLE outbreak_prefecture;
SELECT * FROM ob_test.within();
RESET ROLE;
SELECT outbreak.acts_as(NULL) AS nobody_asked;
ROLLBACK;
