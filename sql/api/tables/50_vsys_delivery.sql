CREATE DOMAIN api."text/calendar" AS text;
COMMENT ON DOMAIN api."text/calendar" IS 'iCalendar (RFC 5545).';
