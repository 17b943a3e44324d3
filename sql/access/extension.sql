CREATE FUNCTION outbreak.my_prefecture() RETURNS smallint
AS 'MODULE_PATHNAME', 'ob_access_my_prefecture' LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.my_prefecture() IS 'Prefecture (都道府県, JIS X 0401: 1 to 47) that the session acts for, or NULL. Taken from the claim "prefecture" when the login role is outbreak.access_authenticator, otherwise from access.account.';

CREATE FUNCTION outbreak.my_organisation() RETURNS bigint
AS 'MODULE_PATHNAME', 'ob_access_my_organisation' LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.my_organisation() IS 'Organisation (とりまとめ団体) that the session acts for, or NULL; claim "organisation".';

CREATE FUNCTION outbreak.my_institution() RETURNS outbreak.institution_code
AS 'MODULE_PATHNAME', 'ob_access_my_institution' LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.my_institution() IS 'Institution (医療機関) that the session acts for, or NULL; claim "institution".';

CREATE FUNCTION outbreak.my_institutions() RETURNS outbreak.institution_code[]
AS 'MODULE_PATHNAME', 'ob_access_my_institutions' LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.my_institutions() IS 'Institutions that the session may enter for: its own, and those of its organisation by proxy (代行入力) in registry.proxy today. Empty, never NULL.';
