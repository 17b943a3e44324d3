-- PostgREST hands out what such a function returns whatever a client accepts: crawlers of open data say */* or nothing
CREATE DOMAIN api."*/*" AS text;
COMMENT ON DOMAIN api."*/*" IS 'What a function returns in a format of its own, which it names in the Content-Type header.';
