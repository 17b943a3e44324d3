GRANT USAGE ON SCHEMA messaging TO outbreak_anon, outbreak_citizen, outbreak_health_center, outbreak_prefecture, outbreak_quarantine, outbreak_ministry, outbreak_worker;

-- ---- the delivery worker
GRANT SELECT ON messaging.endpoint, messaging.contact, messaging.quiet_hours, messaging.template, messaging.fallback, messaging.acceptance TO outbreak_worker;
GRANT SELECT, INSERT, UPDATE ON messaging.breaker, messaging.pack TO outbreak_worker;
GRANT SELECT, UPDATE ON messaging.message TO outbreak_worker;
GRANT INSERT ON messaging.attempt, messaging.acceptance TO outbreak_worker;
GRANT UPDATE (state, changed_at) ON messaging.contact TO outbreak_worker;

-- ---- who runs the gateways and writes the texts
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.endpoint, messaging.quiet_hours, messaging.template, messaging.fallback TO outbreak_ministry;
GRANT SELECT ON messaging.breaker TO outbreak_ministry;
GRANT SELECT ON messaging.quiet_hours, messaging.template, messaging.fallback TO outbreak_health_center, outbreak_prefecture, outbreak_quarantine;

-- ---- what became of a message
GRANT SELECT (day, key, person, next_at, not_before, expires_at, made_at, first_tried_at, accepted_at, bounced_at, ended_at, prefecture, priority, attempts, fixed, state, channel, kind, template, language, reason)
	ON messaging.message TO outbreak_citizen, outbreak_health_center, outbreak_prefecture, outbreak_ministry;
GRANT SELECT (person, channel, language, state, preference, quiet_from, quiet_until, time_zone, prefecture, changed_at, closed_on)
	ON messaging.contact TO outbreak_citizen, outbreak_health_center, outbreak_prefecture;
