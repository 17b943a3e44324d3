-- PostgREST keeps the plans of its statements, and runs them in whatever role the next request has. PostgreSQL looks
-- at the right to a function when it is called, but an SQL function that the planner puts in place of its call is not
-- called any more: the right was looked at when the plan was made, for whoever made it. Plans over tables with
-- policies are made anew for each role, and the functions inside are asked for their rights; what remains must not matter.
BEGIN;
\set ON_ERROR_ROLLBACK on
SET client_min_messages = warning;
CREATE SCHEMA kept;
GRANT USAGE ON SCHEMA kept TO PUBLIC;
-- the trap: a function that nobody may call, once by a kept plan
CREATE FUNCTION kept.careless() RETURNS text LANGUAGE SQL STABLE RETURN 'what nobody may call';
REVOKE EXECUTE ON FUNCTION kept.careless() FROM PUBLIC;
SET LOCAL plan_cache_mode = force_generic_plan;
PREPARE careless AS SELECT kept.careless();
EXPLAIN (COSTS OFF) EXECUTE careless;
SET LOCAL ROLE outbreak_anon;
SELECT kept.careless();
\echo :LAST_ERROR_SQLSTATE
EXECUTE careless;
RESET ROLE;
-- Every function of ours: planned by the owner, run by a role that has no right to it.
CREATE TABLE kept.answer (function text, role text, state text);
GRANT INSERT, SELECT ON kept.answer TO PUBLIC;
CREATE PROCEDURE kept.try(function regprocedure, role text)
LANGUAGE plpgsql
AS $$
DECLARE
	p pg_proc := (SELECT x FROM pg_proc x WHERE x.oid = function);
	call text := format('%s.%I(%s)', p.pronamespace::regnamespace, p.proname,
		(SELECT string_agg(format('NULL::%s', CASE t WHEN 'anyelement'::regtype THEN 'gmis.daily'::regtype WHEN 'record'::regtype THEN 'gmis.daily'::regtype WHEN '"any"'::regtype THEN 'text'::regtype ELSE t::regtype END), ', ') FROM unnest(p.proargtypes::oid[]) AS t));
	form text;
BEGIN
	FOREACH form IN ARRAY '{SELECT %s,SELECT * FROM %s}'::text[] LOOP
		BEGIN
			SET LOCAL ROLE outbreak_owner;
			EXECUTE format('PREPARE kept AS ' || form, call);
			-- plans, and does not run
			EXECUTE 'EXPLAIN EXECUTE kept';
			EXECUTE format('SET LOCAL ROLE %I', role);
			EXECUTE 'EXECUTE kept';
			RAISE EXCEPTION USING ERRCODE = 'HX000';
		EXCEPTION WHEN OTHERS THEN
			INSERT INTO kept.answer VALUES (function::text, role, SQLSTATE);
		END;
		IF EXISTS (SELECT FROM pg_prepared_statements WHERE name = 'kept') THEN
			DEALLOCATE kept;
		END IF;
	END LOOP;
END
$$;
DO $$
DECLARE
	f record;
BEGIN
	FOR f IN
		SELECT p.oid::regprocedure AS function, r.rolname
		FROM outbreak.deployment AS d
		JOIN pg_namespace AS n ON n.nspname = d.word
		JOIN pg_proc AS p ON p.pronamespace = n.oid
			AND p.prokind = 'f'
			AND p.prorettype <> 'trigger'::regtype
			-- of its arguments alone: there is nothing to learn
			AND p.provolatile <> 'i'
			-- a NULL is no call
			AND NOT p.proisstrict
		JOIN pg_roles AS r ON r.rolname = ANY ('{outbreak_anon,outbreak_citizen,outbreak_institution,outbreak_analyst}')
			AND NOT has_function_privilege(r.oid, p.oid, 'EXECUTE')
	LOOP
		CALL kept.try(f.function, f.rolname);
	END LOOP;
END
$$;
SELECT count(*) > 100 AS tried, count(*) FILTER (WHERE state = '42501') > 100 AS refused FROM kept.answer;
\pset format unaligned
-- What is left looks at nothing but its arguments and the catalogs. 22023: it went on to a function that the role may call.
\echo == not refused: function | state | roles
SELECT function, state, string_agg(DISTINCT role, ', ' ORDER BY role) FROM kept.answer WHERE state <> '42501' GROUP BY function, state ORDER BY function COLLATE "C", state;
ROLLBACK;
