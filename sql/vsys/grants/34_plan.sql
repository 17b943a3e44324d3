-- Planning is the ministry's.
GRANT EXECUTE ON FUNCTION vsys.plan_edges(bigint), vsys.plan_nodes(bigint), vsys.undelivered(bigint, smallint), vsys.branch_room(date, date, bigint, smallint),
	vsys.near_branches(text, integer, outbreak.institution_code[], @postgis@.geography[]), vsys.draw_network(vsys.plan, date, vsys.product), vsys.solve_network(bigint), vsys.plan_shortages(bigint), vsys.refuse_plan(bigint),
	vsys.refuse_allotments(vsys.round, smallint, vsys.product), vsys.has_supplier(bigint, text), vsys.site_room(text, date),
	vsys.plan_delivery(bigint, smallint, smallint, integer, integer, integer, timestamptz), vsys.verify_plan(bigint),
	vsys.publish_plan(bigint, text, timestamptz), vsys.withdraw_plan(bigint)
	TO outbreak_ministry;
