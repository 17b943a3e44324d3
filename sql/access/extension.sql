-- ---- the scope of a session

CREATE FUNCTION outbreak.my_prefecture() RETURNS smallint
AS 'MODULE_PATHNAME', 'ob_access_my_prefecture' LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.my_prefecture() IS 'Prefecture (都道府県, JIS X 0401: 1 to 47) that the session acts for, or NULL. Taken from the claim "prefecture" when the login role is outbreak.access_authenticator and the token''s subject has no account, otherwise from access.account. So are all the getters below.';

CREATE FUNCTION outbreak.my_health_center() RETURNS bigint
AS 'MODULE_PATHNAME', 'ob_access_my_health_center' LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.my_health_center() IS 'Health centre (保健所) that the session acts for, or NULL; claim "health_center".';

CREATE FUNCTION outbreak.my_municipality() RETURNS outbreak.municipality_code
AS 'MODULE_PATHNAME', 'ob_access_my_municipality' LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.my_municipality() IS 'Municipality (市区町村) that the session acts for, or NULL; claim "municipality", six digits.';

CREATE FUNCTION outbreak.my_organisation() RETURNS bigint
AS 'MODULE_PATHNAME', 'ob_access_my_organisation' LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.my_organisation() IS 'Organisation (とりまとめ団体) that the session acts for, or NULL; claim "organisation".';

CREATE FUNCTION outbreak.my_institution() RETURNS outbreak.institution_code
AS 'MODULE_PATHNAME', 'ob_access_my_institution' LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.my_institution() IS 'Institution (医療機関) that the session acts for, or NULL; claim "institution".';

CREATE FUNCTION outbreak.my_institutions() RETURNS outbreak.institution_code[]
AS 'MODULE_PATHNAME', 'ob_access_my_institutions' LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.my_institutions() IS 'Institutions that the session may enter for: its own, and those of its organisation by proxy (代行入力) in registry.proxy today. Empty, never NULL.';

CREATE FUNCTION outbreak.my_person() RETURNS uuid
AS 'MODULE_PATHNAME', 'ob_access_my_person' LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.my_person() IS 'Person (本人) that the session acts for, or NULL; claim "person", a UUID in its usual form.';

CREATE FUNCTION outbreak.my_subject() RETURNS text
AS 'MODULE_PATHNAME', 'ob_access_my_subject' LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.my_subject() IS 'Who the session is: the claim "sub" of its token (NULL without one), or the login role of a direct connection.';

CREATE FUNCTION outbreak.scope() RETURNS jsonb
AS 'MODULE_PATHNAME', 'ob_access_scope' LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.scope() IS
'The whole scope of the session: {"source", "login", "role", "subject", "account", "account_role", "prefecture", "health_center", "municipality", "institution", "organisation", "person"}; what it has not is left out, and every value is text.

source is "claims" (of the token), "account" (of the login role, or of the token''s subject), "withdrawn" (there is such an account, but it is withdrawn or outside its dates: an empty scope) or "none".';
