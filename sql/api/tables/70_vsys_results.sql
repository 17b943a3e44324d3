CREATE DOMAIN api."text/csv" AS bytea;
COMMENT ON DOMAIN api."text/csv" IS 'CSV (RFC 4180), in the encoding that was asked for.';
CREATE DOMAIN api."application/x-ndjson" AS text;
COMMENT ON DOMAIN api."application/x-ndjson" IS 'One JSON object a line.';
