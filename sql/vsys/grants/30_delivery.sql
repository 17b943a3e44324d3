-- Who supplies whom.
GRANT SELECT ON vsys.branch, vsys.branch_product, vsys.branch_area, vsys.transfer_rule
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_analyst, outbreak_auditor, outbreak_worker;
GRANT INSERT, UPDATE, DELETE ON vsys.branch, vsys.branch_product, vsys.transfer_rule TO outbreak_ministry;
GRANT INSERT (municipality, product, from_on, branch), UPDATE (branch), DELETE ON vsys.branch_area TO outbreak_prefecture, outbreak_ministry;
GRANT SELECT, INSERT, UPDATE, DELETE ON vsys.branch_weekday, vsys.branch_day TO outbreak_wholesaler, outbreak_ministry;
GRANT SELECT, INSERT (site, product, weekdays, preferred, drops, use_vials), UPDATE (weekdays, preferred, drops, use_vials), DELETE
	ON vsys.receiving TO outbreak_institution, outbreak_prefecture, outbreak_ministry;

-- Plans are the ministry's; what comes of them is everybody's whom it concerns. Nobody names a number or what a trigger sets.
GRANT SELECT, INSERT, UPDATE ON vsys.plan, vsys.plan_line, vsys.plan_network TO outbreak_ministry;
GRANT DELETE ON vsys.plan_network, vsys.plan_line TO outbreak_ministry;
GRANT SELECT ON vsys.delivery, vsys.notice, vsys.shipment, vsys.receipt, vsys.discrepancy, vsys.reroute, vsys.transfer, vsys.arrival
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_worker;
-- analysts without who received or confirmed it, and without free text
GRANT SELECT ON vsys.delivery, vsys.shipment, vsys.transfer TO outbreak_analyst;
GRANT SELECT (notice, delivery, recipient, kind, site, municipality, prefecture, branch, product, on_date, old_on_date, vials, old_vials, boxes, lot, made_at, acknowledged_at)
	ON vsys.notice TO outbreak_analyst;
GRANT SELECT (receipt, delivery, site, prefecture, municipality, branch, product, lot, vials, rejected, more_to_come, condition, logger_ok, received_at, recorded_at)
	ON vsys.receipt TO outbreak_analyst;
GRANT SELECT (discrepancy, delivery, site, prefecture, municipality, branch, product, kind, lot, vials, opened_at, explanation, instead_of, explained_at, written_off)
	ON vsys.discrepancy TO outbreak_analyst;
GRANT SELECT (reroute, delivery, site, prefecture, municipality, branch, product, to_site, to_prefecture, on_date, rerouted_at, to_delivery, vials)
	ON vsys.reroute TO outbreak_analyst;
GRANT SELECT (arrival, transfer, from_site, to_site, prefecture, from_municipality, to_municipality, arrived_at, vials, discarded, lost, recorded_at)
	ON vsys.arrival TO outbreak_analyst;
GRANT SELECT ON vsys.delivery, vsys.notice, vsys.shipment, vsys.receipt, vsys.discrepancy, vsys.reroute TO outbreak_wholesaler;
GRANT INSERT (round, product, site, municipality, branch, on_date, vials, plan, reason), UPDATE (branch, on_date, vials, plan, state, reason) ON vsys.delivery TO outbreak_ministry;
GRANT UPDATE (on_date, reason) ON vsys.delivery TO outbreak_wholesaler;
GRANT UPDATE (acknowledged_at, acknowledged_by) ON vsys.notice
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler;
GRANT INSERT (delivery, lot, expiry_on, vials, doses_per_vial, sscc, logger, logger_ok, shipped_at, key) ON vsys.shipment TO outbreak_wholesaler, outbreak_ministry;
GRANT INSERT (delivery, lot, expiry_on, vials, rejected, more_to_come, condition, logger_ok, received_by, received_at, note, key) ON vsys.receipt TO outbreak_institution, outbreak_ministry;
GRANT INSERT (delivery, kind, lot, vials, opened_at, explanation, explained_at, note) ON vsys.discrepancy TO outbreak_wholesaler, outbreak_ministry;
GRANT UPDATE (explanation, instead_of, explained_at, note) ON vsys.discrepancy TO outbreak_wholesaler, outbreak_prefecture, outbreak_ministry;
GRANT INSERT (delivery, to_site, on_date, reason, rerouted_at) ON vsys.reroute TO outbreak_prefecture, outbreak_ministry;
GRANT SELECT, INSERT (from_municipality, to_municipality, product, vials, valid, reason), UPDATE (vials, valid, reason) ON vsys.permit TO outbreak_prefecture, outbreak_ministry;
GRANT SELECT ON vsys.permit TO outbreak_municipality;
GRANT INSERT (from_site, to_site, product, lot, vials, doses_per_vial, left_at, key) ON vsys.transfer TO outbreak_institution, outbreak_ministry;
GRANT INSERT (transfer, arrived_at, vials, discarded, lost, reason, received_by, key) ON vsys.arrival TO outbreak_institution, outbreak_ministry;
GRANT USAGE ON SEQUENCE vsys.plan_number, vsys.delivery_number TO outbreak_ministry;
GRANT USAGE ON SEQUENCE vsys.shipment_number, vsys.discrepancy_number TO outbreak_wholesaler, outbreak_ministry;
GRANT USAGE ON SEQUENCE vsys.receipt_number, vsys.transfer_number, vsys.arrival_number TO outbreak_institution, outbreak_ministry;
GRANT USAGE ON SEQUENCE vsys.reroute_number, vsys.permit_number TO outbreak_prefecture, outbreak_ministry;

-- What reads, within what the caller may see.
GRANT EXECUTE ON FUNCTION vsys.supplier(text, outbreak.municipality_code, date)
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_analyst;
GRANT EXECUTE ON FUNCTION vsys.branch_capacity(date, date) TO outbreak_wholesaler, outbreak_ministry;
GRANT EXECUTE ON FUNCTION vsys.schedule(date, date), vsys.unnoticed(timestamptz, integer),
	vsys.delivery_moves(timestamptz), vsys.lot_open(bigint)
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler, outbreak_analyst;
GRANT EXECUTE ON FUNCTION vsys.in_transit(timestamptz), vsys.overdue_transfers(timestamptz), vsys.chain(bigint, timestamptz)
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_analyst;

-- What does something. The steps themselves are rows; the functions say what is wrong before.
GRANT EXECUTE ON FUNCTION vsys.assign_area(bigint, text, date, outbreak.municipality_code[], smallint) TO outbreak_prefecture, outbreak_ministry;
GRANT EXECUTE ON FUNCTION vsys.acknowledge(bigint, text, timestamptz)
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler;
GRANT EXECUTE ON FUNCTION vsys.refuse_step(vsys.delivery, text), vsys.refuse_reuse(text, bigint), vsys.the_delivery(bigint)
	TO outbreak_institution, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_wholesaler;
GRANT EXECUTE ON FUNCTION vsys.read_box(bigint, text, date) TO outbreak_institution, outbreak_ministry, outbreak_wholesaler;
GRANT EXECUTE ON FUNCTION vsys.ship_scan(bigint, text, integer, timestamptz, smallint, text, boolean, text), vsys.ship(bigint, text, integer, timestamptz, smallint, text, date, text, boolean, text), vsys.lose_delivery(bigint, text, timestamptz),
	vsys.move_delivery(bigint, date, text, timestamptz)
	TO outbreak_wholesaler, outbreak_ministry;
GRANT EXECUTE ON FUNCTION vsys.receive_scan(bigint, text, text, integer, integer, text, boolean, timestamptz, boolean, text, text), vsys.receive(bigint, integer, text, text, integer, text, boolean, timestamptz, boolean, date, text, text),
	vsys.send_vials(outbreak.institution_code, outbreak.institution_code, text, text, integer, timestamptz, text, smallint),
	vsys.receive_vials(bigint, timestamptz, integer, text, integer, integer, text, text)
	TO outbreak_institution, outbreak_ministry;
GRANT EXECUTE ON FUNCTION vsys.explain_discrepancy(bigint, text, text, text, timestamptz) TO outbreak_wholesaler, outbreak_prefecture, outbreak_ministry;
GRANT EXECUTE ON FUNCTION vsys.reroute_delivery(bigint, outbreak.institution_code, date, text, timestamptz) TO outbreak_prefecture, outbreak_ministry;
GRANT EXECUTE ON FUNCTION vsys.cancel_delivery(bigint, text) TO outbreak_ministry;
