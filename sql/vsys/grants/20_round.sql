GRANT USAGE ON SCHEMA vsys TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_analyst, outbreak_auditor, outbreak_worker;

-- Rounds and their rules
GRANT SELECT ON vsys.round, vsys.frame
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_analyst, outbreak_auditor;
GRANT SELECT ON vsys.round_pass TO outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_auditor;
GRANT SELECT (round, product, name_ja, boxes, deliver, state, doses_per_vial, request_until, published_at, withdrawn_at) ON vsys.round TO outbreak_anon, outbreak_citizen;
-- state, calculation and certificate are set by the commands alone
GRANT INSERT (product, name_ja, boxes, deliver, doses_per_vial, request_until, promises), UPDATE (name_ja, boxes, deliver, doses_per_vial, request_until, promises) ON vsys.round TO outbreak_ministry;
GRANT INSERT, UPDATE, DELETE ON vsys.frame, vsys.indicator TO outbreak_ministry;
GRANT USAGE ON SEQUENCE vsys.round_number, vsys.promise_number TO outbreak_ministry;

-- What goes in, as far as row-level security lets it be seen
GRANT SELECT ON vsys.indicator, vsys.split, vsys.round_run
	TO outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_auditor;
GRANT SELECT ON vsys.request, vsys.promise
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_auditor;
GRANT INSERT (round, site, priority_group, vials, requested_at), UPDATE (vials, requested_at) ON vsys.request
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry;
GRANT INSERT (round, frame, parent, unit, amount, submitted_at), UPDATE (amount, submitted_at) ON vsys.split TO outbreak_municipality, outbreak_prefecture, outbreak_ministry;
GRANT INSERT (product, level, unit, municipality, due_on, vials) ON vsys.promise TO outbreak_ministry;
GRANT SELECT ON vsys.promise_kept TO outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_auditor;
GRANT SELECT ON vsys.allotment
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_analyst, outbreak_auditor;

-- Commands
GRANT EXECUTE ON FUNCTION vsys.make_round(text, text, integer, daterange, jsonb, timestamptz, boolean, smallint), vsys.set_indicator(bigint, text, text, jsonb),
	vsys.set_need(bigint, text, smallint, numeric, smallint, text[], integer),
	vsys.run_round(bigint), vsys.decide_round(bigint, text, timestamptz), vsys.publish_round(bigint, timestamptz), vsys.withdraw_round(bigint, text, timestamptz)
	TO outbreak_ministry;
GRANT EXECUTE ON FUNCTION vsys.request_faults(bigint, jsonb, timestamptz), vsys.submit_requests(bigint, jsonb, timestamptz)
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry;
GRANT EXECUTE ON FUNCTION vsys.submit_split(bigint, smallint, text, jsonb, timestamptz)
	TO outbreak_municipality, outbreak_prefecture, outbreak_ministry;

-- Reading: what comes back is a matter of row-level security
GRANT EXECUTE ON FUNCTION vsys.round_units(text, date, text, text), vsys.round_totals(bigint, integer), vsys.unit_name(text, text), vsys.word_for(text, text, boolean),
	vsys.explain(bigint, text), vsys.compare_rounds(bigint, bigint, text), vsys.round_fairness(bigint, text, text, numeric), vsys.paradoxes(bigint, bigint),
	vsys.source_values(vsys.round, text, text, text, smallint, integer, boolean, vsys.round_holding[], jsonb), vsys.requests_delivered(bigint, jsonb), vsys.open_promises(text, date)
	TO outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_auditor;
GRANT EXECUTE ON FUNCTION allocation.paradox(bigint, bigint) TO outbreak_municipality, outbreak_prefecture;
GRANT EXECUTE ON FUNCTION vsys.explain_published(bigint, text)
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_analyst, outbreak_auditor;
-- … and what needs all of it
GRANT EXECUTE ON FUNCTION vsys.verify(bigint), vsys.broken_promises(bigint), vsys.promise_shortfall(text, timestamptz, jsonb), vsys.hypothetical_frames(bigint, jsonb),
	vsys.nation_amounts(vsys.round, vsys.frame[], integer), vsys.frame_parents(vsys.round_holding[], text, text[], integer),
	vsys.frame_units(vsys.round, vsys.frame, integer, smallint, vsys.round_holding[], vsys.round_holding[], jsonb), vsys.frame_lines(vsys.round, vsys.frame, integer, smallint, vsys.round_holding[], vsys.round_holding[], jsonb),
	vsys.penalty_lines(vsys.round, vsys.frame, integer, vsys.round_holding[], vsys.round_holding[], jsonb), vsys.compute(bigint, jsonb), vsys.round_certificate(bigint), vsys.what_if(bigint, jsonb, text)
	TO outbreak_ministry, outbreak_analyst, outbreak_auditor;
GRANT EXECUTE ON FUNCTION vsys.site_room(text, date) TO outbreak_ministry, outbreak_analyst, outbreak_auditor;
