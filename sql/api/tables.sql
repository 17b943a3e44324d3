COMMENT ON SCHEMA api IS 'Outbreak
Reports of medical institutions in, the nation''s beds out. Every function stands under /rpc with named parameters: GET for reading, POST with a JSON object for both reading and writing. Bad input is answered with 400; a refused report carries every finding in "details" as JSON, with rule, fields and a text in Japanese and in English. No right is 401 without a token and 403 with one. Lists take limit and offset, views take filters as well.';

-- PostgREST answers with the media type that the result''s domain is named after.
CREATE DOMAIN api."application/geo+json" AS json;
COMMENT ON DOMAIN api."application/geo+json" IS 'GeoJSON (RFC 7946).';
