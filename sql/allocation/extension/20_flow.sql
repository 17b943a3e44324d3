-- ---- minimum-cost flow

CREATE FUNCTION outbreak.min_cost_flow(edges text, supplies text DEFAULT NULL, method text DEFAULT 'auto')
RETURNS TABLE (edge_id bigint, flow bigint)
AS 'MODULE_PATHNAME', 'ob_allocation_min_cost_flow' LANGUAGE C STABLE PARALLEL UNSAFE ROWS 10000 COST 100000;
REVOKE EXECUTE ON FUNCTION outbreak.min_cost_flow(text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION outbreak.min_cost_flow(text, text, text) IS
'最小費用流 / The cheapest way to bring what is in some nodes to where it is wanted: the flow of every edge, in whole numbers, those without flow included, by edge.
edges is a query with the columns id, source, target, capacity (NULL: without limit), cost (of each unit; may be negative) and, if wanted, lower_bound (what must flow at least; below 0 what may flow backwards; NULL: 0), all bigint or other whole numbers; source and target name nodes, several edges may join the same two. supplies is a query with the columns node and supply: what the node sends out more than it receives, below 0 for a demand; nodes without a row have 0; without this argument all have. Both run with your rights, read only, in the snapshot of the statement. The same rows give the same flow, whatever their order.
method: simplex (primal network simplex), scaling (cost scaling) or auto: the simplex, which is faster nearly always, and scaling when it takes long, as in networks with long ways.
Errors: OB031 no flow meets supplies and demands; DETAIL is {"nodes", "supply", "lower_in", "capacity_out", "missing"}: these nodes have supply and must receive lower_in, more by "missing" than can leave them. OB032 no flow costs the least: DETAIL is {"edges", "cost"}, a cycle of edges without capacity. 22023 supplies and demands differ (HINT tells how to let supply stay or demand go unmet), or a value is wrong, with the edge or node named; 42703 a column is missing or unknown; 22003 numbers too large; 53400 more memory than outbreak.allocation_memory. Can be cancelled at any time.';

CREATE FUNCTION outbreak.min_cost_flow_duals(edges text, supplies text DEFAULT NULL, method text DEFAULT 'auto')
RETURNS TABLE (node bigint, potential bigint)
AS 'MODULE_PATHNAME', 'ob_allocation_min_cost_flow_duals' LANGUAGE C STABLE PARALLEL UNSAFE ROWS 1000 COST 100000;
REVOKE EXECUTE ON FUNCTION outbreak.min_cost_flow_duals(text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION outbreak.min_cost_flow_duals(text, text, text) IS
'双対価格 / Shadow prices of outbreak.min_cost_flow(): what one unit more would be worth at each node, the cheapest node being 0. They prove the flow optimal: where it is below capacity, cost + potential of the source - potential of the target is 0 or more; where it is above lower_bound, 0 or less. Of all potentials that do, these are the least that are not negative, so they depend neither on the method nor on which of several optimal flows was found. Arguments and errors as there.';

CREATE FUNCTION outbreak.min_cost_flow_solution(edges text, supplies text DEFAULT NULL, method text DEFAULT 'auto',
	OUT cost numeric, OUT edge_ids bigint[], OUT flows bigint[], OUT nodes bigint[], OUT potentials bigint[], OUT used_method text, OUT steps bigint)
AS 'MODULE_PATHNAME', 'ob_allocation_min_cost_flow_solution' LANGUAGE C STABLE PARALLEL UNSAFE COST 100000;
REVOKE EXECUTE ON FUNCTION outbreak.min_cost_flow_solution(text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION outbreak.min_cost_flow_solution(text, text, text) IS
'Flows and shadow prices at once, in one row of arrays: flows[i] is the flow of edge edge_ids[i], potentials[i] the potential of node nodes[i], as outbreak.min_cost_flow() and outbreak.min_cost_flow_duals() return them; read them with unnest(edge_ids, flows). cost: of the whole flow. used_method and steps: how it was found (pivots of the simplex, pushes of the scaling). Arguments and errors as there.';

CREATE FUNCTION outbreak.verify_flow(edges text, supplies text, flows text, potentials text DEFAULT NULL,
	OUT ok boolean, OUT cost numeric, OUT bound numeric, OUT edge_id bigint, OUT node bigint, OUT problem text)
AS 'MODULE_PATHNAME', 'ob_allocation_verify_flow_rows' LANGUAGE C STABLE PARALLEL UNSAFE COST 10000;
REVOKE EXECUTE ON FUNCTION outbreak.verify_flow(text, text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION outbreak.verify_flow(text, text, text, text) IS
'検証 / Whether a flow is one that outbreak.min_cost_flow() might return, without solving anything: edges and supplies are its arguments, flows a query with the columns edge_id and flow (edges without a row carry 0), potentials one with node and potential. Looks at bounds, then at supplies, then at reduced costs. problem: the first thing wrong, with its edge_id or node; NULL when ok. Without potentials ok says only that the flow keeps to bounds and supplies. cost: of this flow. bound: no flow that keeps to them costs less, by these potentials (NULL: they give no bound); cost = bound where ok. Errors as of outbreak.min_cost_flow().';
