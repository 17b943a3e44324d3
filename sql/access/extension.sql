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

-- ---- small cells

CREATE FUNCTION outbreak.suppress(atoms text, threshold integer DEFAULT 10, published text[] DEFAULT '{}')
RETURNS TABLE (cell text, value bigint, hidden boolean)
AS 'MODULE_PATHNAME', 'ob_access_suppress_cells' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE ROWS 1000 COST 100000;
REVOKE EXECUTE ON FUNCTION outbreak.suppress(text, integer, text[]) FROM PUBLIC;
COMMENT ON FUNCTION outbreak.suppress(text, integer, text[]) IS '秘匿処理 / Published counts without small cells. atoms is a query with the columns value (bigint) and cells (text[]): the finest counts, each with the names of all published cells that it counts in; it runs with your rights. A cell is the sum of its atoms. value is NULL where hidden: cells of 1 to threshold - 1, and the others that would give them back, by subtraction over totals, overlapping areas or days, even to somebody who knows this rule. Whatever count can be worked out from the rest is above threshold or is made of no count below it. 0 is always shown. published: cells that were shown before and so cannot be hidden any more. threshold: 10 as in the guideline of NDB, 4 as HHS.';

CREATE FUNCTION outbreak.release_cells(series text, atoms text, threshold integer)
RETURNS TABLE (cell text, value bigint, hidden boolean)
AS 'MODULE_PATHNAME', 'ob_access_release_cells' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE ROWS 1000 COST 100000;
REVOKE EXECUTE ON FUNCTION outbreak.release_cells(text, text, integer) FROM PUBLIC;
COMMENT ON FUNCTION outbreak.release_cells(text, text, integer) IS 'What access.release() does: runs the query with your rights, and keeps what is released with those of the owner of access.released.';
