CREATE DOMAIN api."application/fhir+ndjson" AS text;
COMMENT ON DOMAIN api."application/fhir+ndjson" IS 'FHIR resources, one JSON object a line.';
