DO $$
BEGIN
	-- other words make pages and pictures too
	IF to_regtype('api."text/html"') IS NULL THEN
		CREATE DOMAIN api."text/html" AS text;
		COMMENT ON DOMAIN api."text/html" IS 'A page of HTML.';
	END IF;
	IF to_regtype('api."image/svg+xml"') IS NULL THEN
		CREATE DOMAIN api."image/svg+xml" AS text;
		COMMENT ON DOMAIN api."image/svg+xml" IS 'A picture as SVG.';
	END IF;
END
$$;
