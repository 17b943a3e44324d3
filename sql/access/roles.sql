-- Roles belong to the cluster, not to this database: they are made when missing and never dropped.
DO $$
DECLARE
	role_name text;
BEGIN
	FOREACH role_name IN ARRAY '{outbreak_owner,outbreak_anon,outbreak_citizen,outbreak_institution,outbreak_health_center,outbreak_municipality,outbreak_prefecture,outbreak_ministry,outbreak_wholesaler,outbreak_quarantine,outbreak_analyst,outbreak_auditor,outbreak_worker}'::text[]
	LOOP
		IF to_regrole(role_name) IS NULL THEN
			EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
		END IF;
	END LOOP;
	-- What PostgREST logs in as: it may become any of the others that face the outside, and is nothing itself.
	IF to_regrole('outbreak_authenticator') IS NULL THEN
		CREATE ROLE outbreak_authenticator LOGIN NOINHERIT;
	END IF;
	FOREACH role_name IN ARRAY '{outbreak_anon,outbreak_citizen,outbreak_institution,outbreak_health_center,outbreak_municipality,outbreak_prefecture,outbreak_ministry,outbreak_wholesaler,outbreak_quarantine,outbreak_analyst,outbreak_auditor}'::text[]
	LOOP
		IF NOT pg_has_role('outbreak_authenticator', role_name, 'MEMBER') THEN
			EXECUTE format('GRANT %I TO outbreak_authenticator', role_name);
		END IF;
	END LOOP;
	-- The server's log is no place for what clients send: DETAIL and CONTEXT of an error quote it (a body that is no JSON, say).
	IF NOT EXISTS (
		SELECT
		FROM pg_db_role_setting s
		WHERE s.setrole = 'outbreak_authenticator'::regrole
			AND s.setdatabase = 0
			AND 'log_error_verbosity=terse' = ANY (s.setconfig)
	) THEN
		ALTER ROLE outbreak_authenticator SET log_error_verbosity = terse;
	END IF;
END
$$;

COMMENT ON ROLE outbreak_owner IS 'Owns every deployed object of outbreak. Nobody logs in as it.';
COMMENT ON ROLE outbreak_anon IS 'The public: reads what the public portal shows.';
COMMENT ON ROLE outbreak_citizen IS '国民 / a citizen with a personal token.';
COMMENT ON ROLE outbreak_institution IS '医療機関・とりまとめ団体 / an institution, or an association that enters for its members.';
COMMENT ON ROLE outbreak_health_center IS '保健所 / a health centre.';
COMMENT ON ROLE outbreak_municipality IS '市町村 / a municipality.';
COMMENT ON ROLE outbreak_prefecture IS '都道府県 / a prefecture.';
COMMENT ON ROLE outbreak_ministry IS '厚生労働省 / the ministry.';
COMMENT ON ROLE outbreak_wholesaler IS '卸 / a wholesaler.';
COMMENT ON ROLE outbreak_quarantine IS '検疫所 / a quarantine station.';
COMMENT ON ROLE outbreak_analyst IS '分析者 / an analyst: pseudonymous data only.';
COMMENT ON ROLE outbreak_auditor IS '監査 / an auditor: the audit trail.';
COMMENT ON ROLE outbreak_worker IS 'Jobs: runs what ops schedules.';
COMMENT ON ROLE outbreak_authenticator IS 'The login of PostgREST; its sessions take their scope from request.jwt.claims.';

-- No function of ours is ever executable by PUBLIC unless somebody grants it.
ALTER DEFAULT PRIVILEGES FOR ROLE outbreak_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
