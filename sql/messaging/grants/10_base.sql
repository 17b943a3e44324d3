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
GRANT SELECT ON messaging.attempt, messaging.acceptance TO outbreak_health_center, outbreak_prefecture, outbreak_ministry;
GRANT SELECT ON messaging.attempt TO outbreak_worker;
GRANT SELECT ON messaging.by_day TO outbreak_health_center, outbreak_prefecture, outbreak_ministry;
GRANT SELECT ON messaging.health TO outbreak_worker, outbreak_ministry;
GRANT EXECUTE ON FUNCTION messaging.evidence(date, uuid) TO outbreak_health_center, outbreak_prefecture, outbreak_ministry;
GRANT EXECUTE ON FUNCTION messaging.preview(text, text, text, jsonb), messaging.text_for(text, text, text), messaging.line_buttons(jsonb), outbreak.render_template(text, jsonb, boolean), outbreak.template_parameters(text)
	TO outbreak_health_center, outbreak_prefecture, outbreak_quarantine, outbreak_ministry;
GRANT EXECUTE ON FUNCTION outbreak.messaging_worker() TO outbreak_ministry;
GRANT EXECUTE ON FUNCTION messaging.receive_line(bytea, text, timestamptz), messaging.receive_status(text, bytea, text, timestamptz) TO outbreak_anon;
GRANT EXECUTE ON FUNCTION messaging.opt_out(uuid, text), messaging.opt_in(uuid, text) TO outbreak_citizen;
GRANT UPDATE (state, changed_at) ON messaging.contact TO outbreak_citizen;
GRANT SELECT (person, channel, language, state, preference, quiet_from, quiet_until, time_zone, prefecture, changed_at, closed_on)
	ON messaging.contact TO outbreak_citizen, outbreak_health_center, outbreak_prefecture;
GRANT EXECUTE ON FUNCTION messaging.claim(text, integer, interval, timestamptz), messaging.claim_packs(messaging.endpoint, integer, interval, timestamptz),
	messaging.record_results(text, date[], uuid[], timestamptz[], integer[], text[], smallint[], text[], text[], timestamptz[], timestamptz),
	messaging.next_due(text), messaging.note_breaker(text, text, integer, interval, timestamptz, text, timestamptz),
	messaging.text_for(text, text, text), messaging.line_buttons(jsonb), messaging.purpose(text), messaging.quiet_end(time, time, text, timestamptz),
	messaging.open_address(outbreak.sealed, text, uuid),
	outbreak.reveal(outbreak.sealed, text, uuid), outbreak.render_template(text, jsonb, boolean), outbreak.pack_key(uuid[]), outbreak.is_address(text, text), outbreak.messaging_worker()
	TO outbreak_worker;
