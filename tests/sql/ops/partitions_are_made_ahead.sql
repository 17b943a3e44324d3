-- From the month before as_of to the third month after it, for forms and histories; a second call makes nothing.
BEGIN;
SELECT p ->> 'partition' AS partition, p -> 'moved' AS moved
FROM jsonb_array_elements(ops.make_partitions('2131-01-31 15:00:00+00') -> 'made') AS p
WHERE p ->> 'partition' LIKE 'gmis.daily%'
ORDER BY 1;
SELECT ops.make_partitions('2131-01-31 15:00:00+00');
-- each is the owner's, with row-level security forced and nothing granted
SELECT c.relname, pg_get_expr(c.relpartbound, c.oid) AS bound, c.relrowsecurity AND c.relforcerowsecurity AS secured,
	c.relowner::regrole AS owner, coalesce(c.relacl = acldefault('r', c.relowner), true) AS nothing_granted
FROM pg_class AS c
WHERE c.relispartition
	AND c.relkind = 'r'
	AND c.relname LIKE 'daily\_2131%'
ORDER BY c.relname;
-- a month that another partition covers, or covers in part, is left alone
CREATE TABLE gmis.daily_2140 PARTITION OF gmis.daily FOR VALUES FROM ('2140-01-01') TO ('2140-12-15');
SELECT p ->> 'partition' AS partition
FROM jsonb_array_elements(ops.make_partitions('2140-11-15 00:00:00+00') -> 'made') AS p
WHERE p ->> 'partition' ~ '^gmis.daily_[0-9]'
ORDER BY 1;
-- the zone decides what month it is
SET LOCAL outbreak.time_zone = 'UTC';
SELECT min(p ->> 'partition') AS first
FROM jsonb_array_elements(ops.make_partitions('2150-01-31 15:00:00+00') -> 'made') AS p
WHERE p ->> 'partition' ~ '^gmis.daily_[0-9]';
ROLLBACK;
