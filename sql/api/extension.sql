CREATE FUNCTION outbreak.api_row_cap() RETURNS bigint
AS 'MODULE_PATHNAME', 'ob_api_row_cap' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.api_row_cap() IS 'The setting outbreak.api_max_rows, NULL for none: the LIMIT that queries of PostgREST get.';
