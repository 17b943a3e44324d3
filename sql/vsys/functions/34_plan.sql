-- ---- the delivery plan

CREATE OR REPLACE FUNCTION vsys.plan_edges(plan bigint)
RETURNS TABLE (id bigint, source bigint, target bigint, capacity bigint, cost bigint, flow bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 200000
-- a setting keeps it from being put in place, where its rows would be taken for a few
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT e.id, e.source, e.target, e.capacity, e.cost, e.flow
	FROM vsys.plan_network AS n
	CROSS JOIN LATERAL unnest(n.sources, n.targets, n.capacities, n.costs, n.flows) WITH ORDINALITY AS e (source, target, capacity, cost, flow, id)
	WHERE n.plan = plan_edges.plan;
END;
COMMENT ON FUNCTION vsys.plan_edges(bigint) IS '計画の辺 / the edges of the network that a plan solved, with the stops that take them: what outbreak.min_cost_flow() was given, and its answer.';

CREATE OR REPLACE FUNCTION vsys.plan_nodes(plan bigint)
RETURNS TABLE (node bigint, kind text, branch bigint, site text, on_date date, supply bigint, stop_vials integer, vials integer, dual bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 20000
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT e.node, e.kind, e.branch, e.site, e.on_date, e.supply, e.stop_vials, e.vials, e.dual
	FROM vsys.plan_network AS n
	CROSS JOIN LATERAL unnest(n.kinds, n.branches, n.sites, n.dates, n.supplies, n.stop_vials, n.node_vials, n.duals) WITH ORDINALITY
		AS e (kind, branch, site, on_date, supply, stop_vials, vials, dual, node)
	WHERE n.plan = plan_nodes.plan;
END;
COMMENT ON FUNCTION vsys.plan_nodes(bigint) IS
'計画の節点 / the nodes of the network that a plan solved: supply, the vials of the largest stop of an arrival or a site, the vials that a branch can carry on a day or a site is to get, and the price that proves the plan the cheapest (metres: what one stop more would cost there).';

CREATE OR REPLACE FUNCTION vsys.undelivered(round bigint, of_prefecture smallint DEFAULT NULL)
RETURNS TABLE (site outbreak.institution_code, vials bigint)
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH kept AS (
		SELECT d.site,
			sum(CASE
				WHEN d.state = ANY ('{planned,noticed,cancelled}'::text[]) THEN 0
				WHEN m.delivery IS NULL THEN d.vials
				-- what was rejected or lost is to come again
				ELSE m.arrives
			END) AS vials
		FROM vsys.delivery AS d
		LEFT JOIN (
			SELECT v.delivery, sum(greatest(v.shipped, v.received + v.rejected + v.written_off + v.moved) - v.rejected - v.written_off) AS arrives
			FROM vsys.delivery_moves() AS v
			GROUP BY v.delivery
		) AS m ON m.delivery = d.delivery
		WHERE d.round = undelivered.round
			AND d.rerouted_from IS NULL
		GROUP BY d.site
	)
	SELECT a.site, a.vials - coalesce(k.vials, 0)
	FROM vsys.allotment AS a
	LEFT JOIN kept AS k ON k.site OPERATOR(outbreak.=) a.site
	WHERE a.round = undelivered.round
		AND a.prefecture = coalesce(of_prefecture, a.prefecture)
		AND a.vials > coalesce(k.vials, 0);
END;
COMMENT ON FUNCTION vsys.undelivered(bigint, smallint) IS '未出荷 / what of a round was not shipped to each site yet, or was rejected or lost: what a plan is to bring. What goes to another site by rerouting counts as brought.';

CREATE OR REPLACE FUNCTION vsys.branch_room(from_on date, to_on date, but_round bigint, of_prefecture smallint)
RETURNS TABLE (branch bigint, on_date date, stops integer, vials integer)
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT c.branch, c.on_date, c.stops - coalesce(l.stops, 0), c.vials - coalesce(l.vials, 0)
	FROM vsys.branch_capacity(from_on, to_on) AS c
	LEFT JOIN (
		SELECT d.branch, d.on_date, count(*)::integer AS stops, sum(d.vials)::integer AS vials
		FROM vsys.delivery AS d
		WHERE d.on_date BETWEEN from_on AND to_on
			AND d.state <> ALL ('{cancelled,rerouted}'::text[])
			AND (d.round = but_round AND d.state = ANY ('{planned,noticed}'::text[]) AND d.rerouted_from IS NULL
				AND d.prefecture = coalesce(of_prefecture, d.prefecture)) IS NOT TRUE
		GROUP BY d.branch, d.on_date
	) AS l ON l.branch = c.branch
		AND l.on_date = c.on_date;
END;
COMMENT ON FUNCTION vsys.branch_room(date, date, bigint, smallint) IS 'What branches can still bring on each day: their capacity without what they are to bring already. Deliveries of that round that were not shipped do not count, since they are planned anew. Below zero: more was promised than there is.';

CREATE OR REPLACE FUNCTION vsys.near_branches(product text, nearest integer, sites outbreak.institution_code[], locations @postgis@.geography[])
RETURNS TABLE (site outbreak.institution_code, branch bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 30000
SET search_path = pg_catalog, pg_temp
-- few branches seem quickly sorted to the planner, but it is done for each site: the index finds the nearest at once
SET enable_seqscan = off
SET enable_sort = off
BEGIN ATOMIC
	SELECT s.site, k.branch
	FROM unnest(sites, locations) AS s (site, location)
	CROSS JOIN LATERAL (
		SELECT b.organisation AS branch
		FROM vsys.branch AS b
		WHERE EXISTS (
			SELECT
			FROM vsys.branch_product AS bp
			WHERE bp.branch = b.organisation
				AND bp.product = near_branches.product
		)
		ORDER BY b.location OPERATOR(@postgis@.<->) s.location
		LIMIT nearest
	) AS k;
END;
COMMENT ON FUNCTION vsys.near_branches(text, integer, outbreak.institution_code[], @postgis@.geography[]) IS 'For each site the branches nearest to it that deliver the product.';

CREATE OR REPLACE FUNCTION vsys.draw_network(plan vsys.plan, to_on date, product vsys.product) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
-- what it joins is made on the way, and nobody can tell the planner how much of it there is
SET enable_nestloop = off
AS $$
DECLARE
	unit integer := CASE WHEN product.route = 'carrier' THEN product.vials_per_box ELSE 1 END;
BEGIN
	INSERT INTO vsys.plan_network (plan, kinds, branches, sites, dates, supplies, stop_vials, node_vials, sources, targets, capacities, costs)
	WITH coming AS (
		-- what is on its way, or announced and not planned anew, needs room too
		SELECT d.site, sum(d.vials) AS vials
		FROM vsys.delivery d
		WHERE d.product = product.product
			AND (d.state = 'shipped' OR d.state = ANY ('{planned,noticed}'::text[]) AND (d.round <> plan.round OR d.rerouted_from IS NOT NULL))
			AND d.on_date >= plan.from_on - 14
		GROUP BY d.site
	), need AS MATERIALIZED (
		SELECT u.site, u.vials / unit AS units, s.municipality, coalesce(i.location, m.location) AS location,
			coalesce(v.weekdays, '{1,2,3,4,5}') AS weekdays, coalesce(v.preferred, '{}') AS preferred, coalesce(v.drops, 1) AS drops, coalesce(v.use_vials, 0) AS use_vials,
			CASE WHEN f.site IS NOT NULL THEN greatest(f.vials - coalesce(o.vials, 0), 0) END AS room, h.valid
		FROM vsys.undelivered(plan.round, plan.prefecture) u
		JOIN vsys.site s ON s.site OPERATOR(outbreak.=) u.site
		JOIN registry.institution i ON i.institution OPERATOR(outbreak.=) u.site
		LEFT JOIN registry.municipality m ON m.municipality OPERATOR(outbreak.=) s.municipality
		LEFT JOIN vsys.site_product h ON h.site OPERATOR(outbreak.=) u.site
			AND h.product = product.product
		LEFT JOIN vsys.receiving v ON v.site OPERATOR(outbreak.=) u.site
			AND v.product = product.product
		LEFT JOIN vsys.site_room(product.product, plan.from_on) f ON f.site OPERATOR(outbreak.=) u.site
		LEFT JOIN coming o ON o.site OPERATOR(outbreak.=) u.site
		WHERE u.vials >= unit
	), span AS (
		SELECT a.municipality, a.branch, a.from_on, lead(a.from_on) OVER (PARTITION BY a.municipality ORDER BY a.from_on) AS until_on
		FROM vsys.branch_area a
		WHERE a.product = product.product
	), free AS MATERIALIZED (
		SELECT n.site, n.location
		FROM need n
		WHERE product.route = 'carrier'
			AND NOT EXISTS (
				SELECT
				FROM span s
				WHERE s.municipality OPERATOR(outbreak.=) n.municipality
					AND s.from_on <= to_on
			)
	), near AS (
		SELECT n.site, s.branch, s.from_on, s.until_on, n.location
		FROM need n
		JOIN span s ON s.municipality OPERATOR(outbreak.=) n.municipality
			AND s.from_on <= to_on
			AND coalesce(s.until_on > plan.from_on, true)
		WHERE s.branch IS NOT NULL
		UNION ALL
		-- the carrier has no areas but those that somebody gave it
		SELECT k.site, k.branch, '-infinity', NULL, n.location
		FROM vsys.near_branches(product.product, plan.nearest,
			ARRAY(SELECT f.site FROM free f ORDER BY f.site), ARRAY(SELECT f.location FROM free f ORDER BY f.site)) k
		JOIN need n ON n.site OPERATOR(outbreak.=) k.site
	), pair AS MATERIALIZED (
		SELECT n.site, n.branch, n.from_on, n.until_on, bp.valid, round(@postgis@.st_distance(b.location, n.location))::integer AS distance_m
		FROM near n
		JOIN vsys.branch b ON b.organisation = n.branch
		JOIN vsys.branch_product bp ON bp.branch = n.branch
			AND bp.product = product.product
	), branch_day AS MATERIALIZED (
		SELECT r.branch, r.on_date, r.stops, r.vials, 1 + row_number() OVER (ORDER BY r.branch, r.on_date) AS node
		FROM vsys.branch_room(plan.from_on, to_on, plan.round, plan.prefecture) r
		WHERE r.stops > 0
			AND r.branch IN (SELECT p.branch FROM pair p)
	), capable AS (
		SELECT p.site, max(b.vials) AS vials
		FROM pair p
		JOIN branch_day b ON b.branch = p.branch
		GROUP BY p.site
	), counted AS (
		-- as few stops as the freezer, the vehicle and the site's wish allow
		SELECT n.*, least(n.units, greatest(n.drops, ceil(n.units::numeric / greatest(1, least(n.units, coalesce(nullif(n.room / unit, 0), n.units), c.vials / unit)))))::integer AS stops
		FROM need n
		LEFT JOIN capable c ON c.site OPERATOR(outbreak.=) n.site
	), place AS MATERIALIZED (
		SELECT n.*, ceil(n.units::numeric / n.stops)::integer * unit AS stop_vials, n.stops > 1 OR coalesce(n.room < n.units * unit, false) AS chained,
			1 + (SELECT count(*) FROM branch_day) + row_number() OVER (ORDER BY n.site) AS node
		FROM counted n
	), current AS MATERIALIZED (
		SELECT d.site, d.branch, d.on_date
		FROM vsys.delivery d
		WHERE d.round = plan.round
			AND d.rerouted_from IS NULL
			AND d.state = ANY ('{planned,noticed}'::text[])
	), way AS MATERIALIZED (
		SELECT p.site, b.branch, b.on_date, b.node AS source, s.node AS site_node, s.chained,
			p.distance_m + plan.late_m * (b.on_date - plan.from_on)
				+ CASE WHEN s.preferred = '{}' OR extract(isodow FROM b.on_date)::smallint = ANY (s.preferred) THEN 0 ELSE plan.unwanted_m END
				+ CASE WHEN a.site IS NOT NULL AND c.site IS NULL THEN plan.change_m ELSE 0 END AS cost
		FROM pair p
		JOIN place s ON s.site OPERATOR(outbreak.=) p.site
		JOIN branch_day b ON b.branch = p.branch
			AND b.on_date >= p.from_on
			AND coalesce(b.on_date < p.until_on, true)
		LEFT JOIN (SELECT DISTINCT x.site, x.branch, x.on_date FROM current x) c ON c.site OPERATOR(outbreak.=) p.site
			AND c.branch = b.branch
			AND c.on_date = b.on_date
		LEFT JOIN (SELECT DISTINCT x.site FROM current x) a ON a.site OPERATOR(outbreak.=) p.site
		WHERE extract(isodow FROM b.on_date)::smallint = ANY (s.weekdays)
			AND s.valid @> b.on_date
			AND p.valid @> b.on_date
			AND s.stop_vials <= b.vials
	), site_day AS MATERIALIZED (
		SELECT d.site, d.on_date, d.site_node, s.stop_vials,
			(SELECT max(x.node) FROM place x) + 2 * row_number() OVER o - 1 AS arrival,
			(SELECT max(x.node) FROM place x) + 2 * row_number() OVER o AS node,
			lead(d.on_date) OVER (PARTITION BY d.site ORDER BY d.on_date) IS NULL AS last,
			-- stops that may have come by this day: the room there is, and what was used up until then
			CASE WHEN s.room IS NULL THEN s.stops ELSE least(s.stops, (s.room + s.use_vials * (d.on_date - plan.from_on)) / s.stop_vials) END AS capacity
		FROM (SELECT DISTINCT w.site, w.on_date, w.site_node FROM way w WHERE w.chained) d
		JOIN place s ON s.site OPERATOR(outbreak.=) d.site
		WINDOW o AS (ORDER BY d.site, d.on_date)
	), node AS (
		SELECT 1::bigint AS node, 'origin' AS kind, NULL::bigint AS branch, NULL::text AS site, NULL::date AS on_date, coalesce((SELECT sum(s.stops) FROM place s), 0)::bigint AS supply, NULL::integer AS stop_vials, NULL::integer AS vials
		UNION ALL
		SELECT b.node, 'branch_day', b.branch, NULL, b.on_date, 0, NULL, b.vials
		FROM branch_day b
		UNION ALL
		SELECT s.node, 'site', NULL, s.site::text, NULL, -s.stops, s.stop_vials, s.units * unit
		FROM place s
		UNION ALL
		SELECT d.arrival, 'arrival', NULL, d.site::text, d.on_date, 0, d.stop_vials, NULL
		FROM site_day d
		UNION ALL
		SELECT d.node, 'site_day', NULL, d.site::text, d.on_date, 0, NULL, NULL
		FROM site_day d
	), edge AS (
		SELECT 1::bigint AS source, b.node AS target, b.stops::bigint AS capacity, 0::bigint AS cost
		FROM branch_day b
		UNION ALL
		SELECT w.source, coalesce(d.arrival, w.site_node), 1, w.cost
		FROM way w
		LEFT JOIN site_day d ON w.chained
			AND d.site OPERATOR(outbreak.=) w.site
			AND d.on_date = w.on_date
		UNION ALL
		SELECT d.arrival, d.node, 1, 0
		FROM site_day d
		UNION ALL
		SELECT d.node, CASE WHEN d.last THEN d.site_node ELSE d.node + 2 END, d.capacity, 0
		FROM site_day d
		UNION ALL
		-- the stop that cannot be made: dearer than any way of making it
		SELECT 1, s.node, s.stops, 100000000000
		FROM place s
	)
	SELECT plan.plan, n.kinds, n.branches, n.sites, n.dates, n.supplies, n.stop_vials, n.node_vials, e.sources, e.targets, e.capacities, e.costs
	FROM (
		SELECT array_agg(o.kind) AS kinds, array_agg(o.branch) AS branches, array_agg(o.site) AS sites, array_agg(o.on_date) AS dates, array_agg(o.supply) AS supplies,
			array_agg(o.stop_vials) AS stop_vials, array_agg(o.vials) AS node_vials
		FROM (SELECT * FROM node ORDER BY node.node) o
	) n
	CROSS JOIN (
		SELECT coalesce(array_agg(o.source::integer), '{}') AS sources, coalesce(array_agg(o.target::integer), '{}') AS targets, coalesce(array_agg(o.capacity), '{}') AS capacities, coalesce(array_agg(o.cost), '{}') AS costs
		FROM (SELECT * FROM edge ORDER BY edge.source, edge.target) o
	) e;
END
$$;
COMMENT ON FUNCTION vsys.draw_network(vsys.plan, date, vsys.product) IS 'Writes the network of a plan into vsys.plan_network: see there, and vsys.plan_delivery() for what it stands for.';

CREATE OR REPLACE FUNCTION vsys.solve_network(plan bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	solution record;
	crowded bigint[];
	fitting bigint[];
BEGIN
	FOR attempt IN 1 .. 50 LOOP
		SELECT s.cost, s.flows, s.potentials INTO solution
		FROM outbreak.min_cost_flow_solution(
			format('SELECT e.id, e.source, e.target, e.capacity, e.cost FROM vsys.plan_edges(%s) AS e', solve_network.plan),
			format('SELECT n.node, n.supply FROM vsys.plan_nodes(%s) AS n WHERE n.supply <> 0', solve_network.plan)) s;
		UPDATE vsys.plan_network n
		SET flows = solution.flows,
			duals = solution.potentials
		WHERE n.plan = solve_network.plan;
		-- Stops are what the network counts. Where a branch could not carry the vials of as many, it gets fewer: those
		-- of its stops, small ones first, that fit.
		SELECT array_agg(f.node), array_agg(f.stops)
		INTO crowded, fitting
		FROM (
			SELECT b.node, count(*) FILTER (WHERE s.carried <= b.vials) AS stops
			FROM (
				SELECT e.source, sum(n.stop_vials) OVER (PARTITION BY e.source ORDER BY n.stop_vials, e.target) AS carried
				FROM vsys.plan_edges(solve_network.plan) e
				JOIN vsys.plan_nodes(solve_network.plan) n ON n.node = e.target
				WHERE e.flow > 0
					AND e.source > 1
					AND n.stop_vials IS NOT NULL
			) s
			JOIN vsys.plan_nodes(solve_network.plan) b ON b.node = s.source
				AND b.kind = 'branch_day'
			GROUP BY b.node
			HAVING max(s.carried) > max(b.vials)
		) f;
		IF crowded IS NULL THEN
			RETURN solution.cost;
		END IF;
		UPDATE vsys.plan_network n
		SET capacities = f.capacities
		FROM (
			SELECT array_agg(coalesce(c.stops, e.capacity) ORDER BY e.id) AS capacities
			FROM vsys.plan_edges(solve_network.plan) e
			LEFT JOIN unnest(crowded, fitting) AS c (node, stops) ON e.source = 1
				AND c.node = e.target
		) f
		WHERE n.plan = solve_network.plan;
	END LOOP;
	RAISE EXCEPTION 'no plan keeps to the vials that branches can carry'
		USING ERRCODE = 'OB061',
			HINT = 'Let vsys.branch_weekday and vsys.branch_day give more vials, or fewer stops that fit them.';
END
$$;
COMMENT ON FUNCTION vsys.solve_network(bigint) IS 'Solves the network of a plan, and again with fewer stops for branches that could not carry the vials of as many. Returns its cost in metres.';

CREATE OR REPLACE FUNCTION vsys.has_supplier(plan bigint, site text) RETURNS boolean
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT EXISTS (
		SELECT
		FROM vsys.plan AS p
		JOIN vsys.round AS r ON r.round = p.round
		JOIN vsys.product AS g ON g.product = r.product
		JOIN vsys.site AS s ON s.site OPERATOR(outbreak.=) has_supplier.site::outbreak.institution_code
		JOIN vsys.branch_product AS bp ON bp.product = r.product
		WHERE p.plan = has_supplier.plan
			AND (g.route = 'carrier' OR EXISTS (
				SELECT
				FROM vsys.branch_area AS a
				WHERE a.municipality OPERATOR(outbreak.=) s.municipality
					AND a.product = r.product
					AND a.from_on < upper(r.deliver)
					AND a.branch = bp.branch
			))
	);
END;
COMMENT ON FUNCTION vsys.has_supplier(bigint, text) IS 'Whether anybody delivers the product of a plan to a site at all, on whatever day.';

CREATE OR REPLACE FUNCTION vsys.plan_shortages(plan bigint)
RETURNS TABLE (cause text, branch bigint, site text, stops bigint, vials bigint, days date[], text_ja text, text_en text)
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH node AS MATERIALIZED (
		SELECT n.node, n.kind, n.branch, n.site, n.on_date, n.supply, n.stop_vials, n.vials, n.dual
		FROM vsys.plan_nodes(plan_shortages.plan) AS n
	), edge AS MATERIALIZED (
		SELECT e.source, e.target, e.capacity, e.cost, e.flow
		FROM vsys.plan_edges(plan_shortages.plan) AS e
	), unmet AS MATERIALIZED (
		SELECT s.node, s.site, e.flow AS stops, -s.supply AS wanted_stops, least(e.flow * s.stop_vials, s.vials) AS vials, s.vials AS wanted, s.stop_vials
		FROM edge AS e
		JOIN node AS s ON s.node = e.target
			AND s.kind = 'site'
		WHERE e.source = 1
			AND e.flow > 0
	), branch_day AS MATERIALIZED (
		SELECT b.node, b.branch, b.on_date, b.vials, e.capacity, e.flow, b.dual - (SELECT o.dual FROM node AS o WHERE o.node = 1) AS price
		FROM node AS b
		JOIN edge AS e ON e.source = 1
			AND e.target = b.node
		WHERE b.kind = 'branch_day'
	), way AS MATERIALIZED (
		-- branches and days that could reach a site that is left out
		SELECT u.node, b.branch, b.price, e.cost, e.flow
		FROM unmet AS u
		JOIN node AS a ON a.site = u.site
			AND a.kind = ANY ('{arrival,site}'::text[])
		JOIN edge AS e ON e.target = a.node
		JOIN branch_day AS b ON b.node = e.source
	), reached AS (
		SELECT w.node, sum(w.flow) AS flow, min(w.price) FILTER (WHERE w.flow = 0) AS price, (array_agg(w.branch ORDER BY w.cost, w.branch))[1] AS nearest
		FROM way AS w
		GROUP BY w.node
	), cold AS (
		SELECT d.site, min(e.capacity) FILTER (WHERE e.flow = e.capacity) AS room, array_agg(d.on_date ORDER BY d.on_date) AS days
		FROM node AS d
		JOIN edge AS e ON e.source = d.node
		WHERE d.kind = 'site_day'
		GROUP BY d.site
	), told AS (
		SELECT j.cause, CASE WHEN j.cause = 'branch' THEN j.nearest END AS branch, CASE WHEN j.cause <> 'branch' THEN j.site END AS site, sum(j.stops)::bigint AS stops, sum(j.vials)::bigint AS vials,
			max(j.wanted) AS wanted, max(j.stop_vials) AS stop_vials
		FROM (
			SELECT u.site, u.stops, u.vials, u.wanted, u.stop_vials, r.nearest,
				CASE
					WHEN r.node IS NULL THEN CASE
						WHEN NOT vsys.has_supplier(plan_shortages.plan, u.site) THEN 'supplier'
						WHEN u.stop_vials > (SELECT max(b.vials) FROM branch_day AS b) THEN 'vehicle'
						ELSE 'day'
					END
					-- a branch with time to spare would serve it, or all serve it already: the site itself is in the way
					WHEN r.price IS NULL OR r.price < 50000000000 THEN CASE WHEN c.room < u.wanted_stops THEN 'freezer' ELSE 'day' END
					ELSE 'branch'
				END AS cause
			FROM unmet AS u
			LEFT JOIN reached AS r ON r.node = u.node
			LEFT JOIN cold AS c ON c.site = u.site
		) AS j
		GROUP BY 1, 2, 3
	), dated AS (
		SELECT t.cause, t.branch, t.site, t.stops, t.vials, t.wanted, t.stop_vials, coalesce(f.days, c.days, '{}') AS days, f.room, o.name_ja AS branch_ja, i.name_ja AS site_ja
		FROM told AS t
		LEFT JOIN (
			SELECT b.branch, array_agg(b.on_date ORDER BY b.on_date) FILTER (WHERE b.flow = b.capacity) AS days, sum(b.capacity) AS room
			FROM branch_day AS b
			GROUP BY b.branch
		) AS f ON f.branch = t.branch
		LEFT JOIN cold AS c ON c.site = t.site
		LEFT JOIN registry.organisation AS o ON o.organisation = t.branch
		LEFT JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) t.site::outbreak.institution_code
	)
	SELECT t.cause, t.branch, t.site, t.stops, t.vials, t.days,
		CASE t.cause
			WHEN 'branch' THEN format('%s（%s）は期間中に%s件配送できますが、あと%s件（%sバイアル）足りません。', t.branch_ja, t.branch, t.room, t.stops, t.vials)
			WHEN 'freezer' THEN format('%s（%s）の冷凍庫は%sバイアル分足りません（割当 %sバイアル）。', t.site_ja, t.site, t.vials, t.wanted)
			WHEN 'supplier' THEN format('%s（%s）に配送する拠点がありません（%sバイアル）。', t.site_ja, t.site, t.vials)
			WHEN 'vehicle' THEN format('%s（%s）に一度に%sバイアルを運べる拠点がありません。', t.site_ja, t.site, t.stop_vials)
			ELSE format('%s（%s）に配送できる日が%s日足りません（%sバイアル）。', t.site_ja, t.site, t.stops, t.vials)
		END,
		CASE t.cause
			WHEN 'branch' THEN format('Branch %s can make %s stops in these days and would need %s more (%s vials).', t.branch, t.room, t.stops, t.vials)
			WHEN 'freezer' THEN format('The freezer of site %s is too small by %s vials; it is to get %s.', t.site, t.vials, t.wanted)
			WHEN 'supplier' THEN format('Nobody delivers to site %s (%s vials).', t.site, t.vials)
			WHEN 'vehicle' THEN format('No branch can bring %s vials at once to site %s.', t.stop_vials, t.site)
			ELSE format('Site %s can be delivered to on too few days: %s more needed (%s vials).', t.site, t.stops, t.vials)
		END
	FROM dated AS t
	ORDER BY t.vials DESC, t.branch, t.site;
END;
COMMENT ON FUNCTION vsys.plan_shortages(bigint) IS
'不足の内訳 / why stops of a network could not be made, in words: branch (all its days are full), freezer (the site has no room for more), day (there are too few days on which the site can be delivered to), supplier (nobody delivers there), vehicle (nobody carries as much at once); with the stops and vials that found no place. The sums over all rows are what is missing altogether. It follows from the prices of the solution: a branch is called full only if one stop more of it would serve one more.';

CREATE OR REPLACE FUNCTION vsys.refuse_plan(plan bigint) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	found jsonb;
	stops bigint;
	vials bigint;
BEGIN
	SELECT jsonb_agg(jsonb_build_object('cause', s.cause, 'branch', s.branch, 'site', s.site, 'stops', s.stops, 'vials', s.vials, 'days', s.days, 'text_ja', s.text_ja, 'text_en', s.text_en)
			ORDER BY s.place) FILTER (WHERE s.place <= 200),
		sum(s.stops), sum(s.vials)
	INTO found, stops, vials
	FROM (
		SELECT x.*, row_number() OVER (ORDER BY x.vials DESC, x.branch, x.site) AS place
		FROM vsys.plan_shortages(refuse_plan.plan) x
	) s;
	IF found IS NOT NULL THEN
		RAISE EXCEPTION '% stops with % vials find no place', stops, vials
			USING ERRCODE = 'OB061',
				DETAIL = jsonb_build_object('stops', stops, 'vials', vials, 'shortages', found)::text,
				HINT = found -> 0 ->> 'text_en';
	END IF;
END
$$;
COMMENT ON FUNCTION vsys.refuse_plan(bigint) IS 'Raises OB061 where the network of a plan has stops that could not be made; the detail is what vsys.plan_shortages() says, the 200 largest of it.';

CREATE OR REPLACE FUNCTION vsys.refuse_allotments(round vsys.round, of_prefecture smallint, product vsys.product) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	faults jsonb;
BEGIN
	SELECT jsonb_agg(jsonb_build_object('site', f.site, 'vials', f.vials, 'fault', f.fault) ORDER BY f.site)
	INTO faults
	FROM (
		SELECT a.site::text AS site, a.vials,
			CASE
				WHEN product.route = 'carrier' AND a.vials % product.vials_per_box <> 0 THEN 'not_whole_boxes'
				WHEN product.route = 'carrier' AND s.kind <> 'basic' THEN 'not_basic'
				WHEN s.state = ANY ('{applied,authorised,closed}'::text[]) THEN 'not_open'
				WHEN h.site IS NULL THEN 'product_not_handled'
				WHEN i.location IS NULL AND m.location IS NULL THEN 'no_location'
			END AS fault
		FROM vsys.allotment a
		JOIN vsys.site s ON s.site OPERATOR(outbreak.=) a.site
		JOIN registry.institution i ON i.institution OPERATOR(outbreak.=) a.site
		LEFT JOIN registry.municipality m ON m.municipality OPERATOR(outbreak.=) s.municipality
		LEFT JOIN vsys.site_product h ON h.site OPERATOR(outbreak.=) a.site
			AND h.product = product.product
			AND h.valid && round.deliver
		WHERE a.round = round.round
			AND a.prefecture = coalesce(of_prefecture, a.prefecture)
			AND a.vials > 0
	) f
	WHERE f.fault IS NOT NULL;
	IF faults IS NOT NULL THEN
		RAISE EXCEPTION '% allotments of round % cannot be delivered as they are', jsonb_array_length(faults), round.round
			USING ERRCODE = 'OB060',
				DETAIL = faults::text,
				HINT = 'not_whole_boxes: the carrier brings whole boxes. not_basic: the basic site passes them on. not_open, product_not_handled, no_location: see vsys.site, vsys.site_product, registry.institution.';
	END IF;
END
$$;
COMMENT ON FUNCTION vsys.refuse_allotments(vsys.round, smallint, vsys.product) IS 'Raises OB060 with each allotment of a round that no plan can deliver, and why.';

CREATE OR REPLACE FUNCTION vsys.plan_delivery(round bigint, of_prefecture smallint DEFAULT NULL, nearest smallint DEFAULT 3, late_m integer DEFAULT 2000, unwanted_m integer DEFAULT 20000, change_m integer DEFAULT 50000, as_of timestamptz DEFAULT now())
RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	planned vsys.round;
	product vsys.product;
	made vsys.plan;
	unit integer;
	last_on date;
BEGIN
	SELECT * INTO planned
	FROM vsys.round r
	WHERE r.round = plan_delivery.round;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no round %', coalesce(plan_delivery.round::text, 'NULL')
			USING ERRCODE = 'OB060';
	ELSIF planned.state <> ALL ('{decided,published}'::text[]) THEN
		RAISE EXCEPTION 'round % is %', planned.round, planned.state
			USING ERRCODE = 'OB062',
				HINT = 'A round is delivered once it is decided.';
	END IF;
	-- the day after, since who is told today is delivered to tomorrow at the earliest
	made.from_on := greatest(lower(planned.deliver), outbreak.local_date(as_of) + 1);
	last_on := upper(planned.deliver) - 1;
	IF made.from_on > last_on THEN
		RAISE EXCEPTION 'the days of round % are over', planned.round
			USING ERRCODE = 'OB060',
				DETAIL = jsonb_build_object('round', planned.round, 'deliver', planned.deliver)::text;
	END IF;
	SELECT * INTO product
	FROM vsys.product p
	WHERE p.product = planned.product;
	unit := CASE WHEN product.route = 'carrier' THEN product.vials_per_box ELSE 1 END;
	PERFORM vsys.refuse_allotments(planned, of_prefecture, product);

	INSERT INTO vsys.plan AS p (round, prefecture, nearest, late_m, unwanted_m, change_m, from_on, stops, vials, cost_m, distance_m, made_at)
	VALUES (planned.round, of_prefecture, plan_delivery.nearest, plan_delivery.late_m, plan_delivery.unwanted_m, plan_delivery.change_m, made.from_on, 0, 0, 0, 0, as_of)
	RETURNING * INTO made;
	PERFORM vsys.draw_network(made, last_on, product);
	made.cost_m := vsys.solve_network(made.plan);

	INSERT INTO vsys.plan_line (plan, line, site, branch, on_date, vials, distance_m)
	SELECT made.plan, row_number() OVER (ORDER BY v.on_date, v.branch, v.site), v.site::outbreak.institution_code, v.branch, v.on_date,
		-- equal parts, larger ones first
		(v.units / v.stops + CASE WHEN v.part <= v.units % v.stops THEN 1 ELSE 0 END) * unit,
		round(@postgis@.st_distance(b.location, coalesce(i.location, m.location)))
	FROM (
		SELECT f.branch, f.on_date, t.site, t.vials / unit AS units, -t.supply AS stops, row_number() OVER (PARTITION BY t.site ORDER BY f.on_date, f.branch) AS part
		FROM vsys.plan_edges(made.plan) e
		JOIN vsys.plan_nodes(made.plan) f ON f.node = e.source
			AND f.kind = 'branch_day'
		JOIN vsys.plan_nodes(made.plan) a ON a.node = e.target
		JOIN vsys.plan_nodes(made.plan) t ON t.site = a.site
			AND t.kind = 'site'
		WHERE e.flow > 0
	) v
	JOIN vsys.branch b ON b.organisation = v.branch
	JOIN registry.institution i ON i.institution OPERATOR(outbreak.=) v.site::outbreak.institution_code
	JOIN vsys.site s ON s.site OPERATOR(outbreak.=) i.institution
	LEFT JOIN registry.municipality m ON m.municipality OPERATOR(outbreak.=) s.municipality;
	GET DIAGNOSTICS made.stops = ROW_COUNT;
	IF made.stops < (SELECT n.supplies[1] FROM vsys.plan_network n WHERE n.plan = made.plan) THEN
		PERFORM vsys.refuse_plan(made.plan);
	END IF;
	UPDATE vsys.plan p
	SET stops = l.stops,
		vials = l.vials,
		distance_m = l.distance_m,
		cost_m = made.cost_m
	FROM (
		SELECT count(*) AS stops, coalesce(sum(x.vials), 0) AS vials, coalesce(sum(x.distance_m), 0) AS distance_m
		FROM vsys.plan_line x
		WHERE x.plan = made.plan
	) l
	WHERE p.plan = made.plan;
	RETURN made.plan;
END
$$;
COMMENT ON FUNCTION vsys.plan_delivery(bigint, smallint, smallint, integer, integer, integer, timestamptz) IS
'配送計画の作成 / plans who brings the allotments of a round to the sites on which day, so that distance, lateness and unwanted weekdays cost the least together, and returns the number of the plan, a draft. Nothing is a delivery before vsys.publish_plan(). A plan for a round that is being delivered leaves alone what was shipped, plans the rest anew from the day after as_of, and changes what was announced only where that saves more than change_m.

The unit is the stop: a site''s share comes at once, or in as many equal parts as its freezer, the vehicles or vsys.receiving ask for. Whole boxes go by the maker''s carrier to basic sites (product.route carrier), vials by the branch whose area it is (wholesaler); where the carrier has no areas the nearest branches are candidates. Limits: stops and vials of each branch on each day without what it brings already, one stop a site and day, weekdays of the site, days on which site and branch have the product, and the room in the freezer by day. Stops are a network whose cheapest flow is found and proved (vsys.verify_plan); where the vials of a branch do not fit, it is given fewer stops and the rest is solved again.

late_m: metres that a day later counts as. unwanted_m: metres for a weekday that the site did not ask for. nearest: candidates of a site without an area.

Errors: OB060 no such round, its days are over, or allotments that nobody can deliver, each with its fault; OB061 not everything finds a place: the detail lists branches, freezers and days that are too small, and by how much, in both languages; OB062 the round is not decided.';

CREATE OR REPLACE FUNCTION vsys.verify_plan(plan bigint)
RETURNS TABLE (claim text, holds boolean, detail text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	edges text := format('SELECT e.id, e.source, e.target, e.capacity, e.cost FROM vsys.plan_edges(%s) AS e', verify_plan.plan);
	supplies text := format('SELECT n.node, n.supply FROM vsys.plan_nodes(%s) AS n WHERE n.supply <> 0', verify_plan.plan);
BEGIN
	IF NOT EXISTS (SELECT FROM vsys.plan_network n WHERE n.plan = verify_plan.plan) THEN
		RAISE EXCEPTION 'there is no plan %', coalesce(verify_plan.plan::text, 'NULL')
			USING ERRCODE = 'OB060';
	END IF;
	RETURN QUERY
	SELECT 'the flow keeps to the limits, and none is cheaper', v.ok AND v.cost = v.bound, coalesce(v.problem, format('cost %s = bound %s', v.cost, v.bound))
	FROM outbreak.verify_flow(edges, supplies,
		format('SELECT e.id AS edge_id, e.flow FROM vsys.plan_edges(%s) AS e', verify_plan.plan),
		format('SELECT n.node, n.dual AS potential FROM vsys.plan_nodes(%s) AS n', verify_plan.plan)) v;
	RETURN QUERY
	SELECT 'every stop of the flow is a delivery, and every delivery a stop', count(*) = 0, CASE WHEN count(*) > 0 THEN format('%s differ', count(*)) ELSE '' END
	FROM (
		SELECT b.branch, b.on_date, t.site
		FROM vsys.plan_edges(verify_plan.plan) e
		JOIN vsys.plan_nodes(verify_plan.plan) b ON b.node = e.source
			AND b.kind = 'branch_day'
		JOIN vsys.plan_nodes(verify_plan.plan) t ON t.node = e.target
		WHERE e.flow > 0
	) f
	FULL JOIN (
		SELECT l.branch, l.on_date, l.site::text AS site
		FROM vsys.plan_line l
		WHERE l.plan = verify_plan.plan
	) l ON l.branch = f.branch
		AND l.on_date = f.on_date
		AND l.site = f.site
	WHERE f.site IS NULL
		OR l.site IS NULL;
	RETURN QUERY
	SELECT 'every site gets all that it is to get', count(*) = 0, coalesce(string_agg(format('%s: %s of %s', s.site, coalesce(l.vials, 0), s.vials), ', ' ORDER BY s.site), '')
	FROM vsys.plan_nodes(verify_plan.plan) s
	LEFT JOIN (
		SELECT x.site::text AS site, sum(x.vials) AS vials
		FROM vsys.plan_line x
		WHERE x.plan = verify_plan.plan
		GROUP BY x.site
	) l ON l.site = s.site
	WHERE s.kind = 'site'
		AND s.vials <> coalesce(l.vials, 0);
	RETURN QUERY
	SELECT 'no branch brings more vials on a day than it can carry', count(*) = 0, coalesce(string_agg(format('%s on %s: %s of %s', v.branch, v.on_date, v.vials, v.room), ', ' ORDER BY v.branch, v.on_date), '')
	FROM (
		SELECT l.branch, l.on_date, sum(l.vials) AS vials, max(b.vials) AS room
		FROM vsys.plan_line l
		LEFT JOIN vsys.plan_nodes(verify_plan.plan) b ON b.kind = 'branch_day'
			AND b.branch = l.branch
			AND b.on_date = l.on_date
		WHERE l.plan = verify_plan.plan
		GROUP BY l.branch, l.on_date
	) v
	WHERE v.vials > coalesce(v.room, 0);
	RETURN QUERY
	SELECT 'boxes stay whole', count(*) = 0, coalesce(string_agg(format('%s: %s vials', l.site, l.vials), ', ' ORDER BY l.site::text), '')
	FROM vsys.plan_line l
	JOIN vsys.plan p ON p.plan = l.plan
	JOIN vsys.round r ON r.round = p.round
	JOIN vsys.product g ON g.product = r.product
	WHERE l.plan = verify_plan.plan
		AND g.route = 'carrier'
		AND l.vials % g.vials_per_box <> 0;
END
$$;
COMMENT ON FUNCTION vsys.verify_plan(bigint) IS
'配送計画の検証 / checks a plan against its stored network without solving it: that the flow keeps to stops, days and freezers and that the prices prove none cheaper (outbreak.verify_flow), that lines and flow are the same, that every site gets its share, that vials fit the vehicles and boxes stay whole. One row a claim. OB060 for a plan that is not there.';

CREATE OR REPLACE FUNCTION vsys.publish_plan(plan bigint, reason text DEFAULT NULL, as_of timestamptz DEFAULT now())
RETURNS TABLE (made bigint, changed bigint, unchanged bigint, cancelled bigint)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	draft vsys.plan;
	planned vsys.round;
	stale jsonb;
BEGIN
	SELECT * INTO draft
	FROM vsys.plan p
	WHERE p.plan = publish_plan.plan;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no plan %', coalesce(publish_plan.plan::text, 'NULL')
			USING ERRCODE = 'OB060';
	END IF;
	-- one at a time for a round, and nothing of it ships meanwhile
	PERFORM
	FROM vsys.plan p
	WHERE p.round = draft.round
	ORDER BY p.plan
	FOR UPDATE;
	PERFORM
	FROM vsys.delivery d
	WHERE d.round = draft.round
		AND d.state = ANY ('{planned,noticed,shipped,partly_received}'::text[])
	ORDER BY d.delivery
	FOR NO KEY UPDATE;
	SELECT * INTO draft
	FROM vsys.plan p
	WHERE p.plan = publish_plan.plan;
	SELECT * INTO planned
	FROM vsys.round r
	WHERE r.round = draft.round;
	IF draft.state <> 'draft' THEN
		RAISE EXCEPTION 'plan % is % already', draft.plan, draft.state
			USING ERRCODE = 'OB062';
	END IF;

	-- what was shipped, allotted or promised otherwise since the plan was made
	SELECT jsonb_agg(s.what)
	INTO stale
	FROM (
		SELECT jsonb_build_object('site', coalesce(u.site, n.site), 'planned', coalesce(n.vials, 0), 'needed', coalesce(u.vials, 0)) AS what
		FROM (
			SELECT x.site::text AS site, x.vials - x.vials % (CASE WHEN g.route = 'carrier' THEN g.vials_per_box ELSE 1 END) AS vials
			FROM vsys.undelivered(draft.round, draft.prefecture) x
			JOIN vsys.product g ON g.product = planned.product
		) u
		FULL JOIN (
			SELECT x.site, x.vials
			FROM vsys.plan_nodes(draft.plan) x
			WHERE x.kind = 'site'
		) n ON n.site = u.site
		WHERE coalesce(n.vials, 0) <> coalesce(u.vials, 0)
		UNION ALL
		SELECT jsonb_build_object('branch', l.branch, 'on_date', l.on_date, 'stops', l.stops, 'room', r.stops, 'vials', l.vials, 'room_vials', r.vials)
		FROM (
			SELECT x.branch, x.on_date, count(*) AS stops, sum(x.vials) AS vials
			FROM vsys.plan_line x
			WHERE x.plan = draft.plan
			GROUP BY x.branch, x.on_date
		) l
		LEFT JOIN vsys.branch_room(draft.from_on, upper(planned.deliver), draft.round, draft.prefecture) r ON r.branch = l.branch
			AND r.on_date = l.on_date
		WHERE l.stops > coalesce(r.stops, 0)
			OR l.vials > coalesce(r.vials, 0)
	) s;
	IF stale IS NOT NULL THEN
		RAISE EXCEPTION 'plan % is out of date', draft.plan
			USING ERRCODE = 'OB067',
				DETAIL = stale::text,
				HINT = 'Something was shipped, allotted or promised since it was made: plan again.';
	ELSIF draft.from_on <= outbreak.local_date(as_of) AND draft.stops > 0 THEN
		RAISE EXCEPTION 'plan % begins on %, which is too late to tell anybody', draft.plan, draft.from_on
			USING ERRCODE = 'OB067',
				HINT = 'Plan again.';
	END IF;

	-- Each site's deliveries that were not shipped become those of the plan, in the order of their days; what is left over
	-- is cancelled, what is missing is made.
	RETURN QUERY
	WITH wanted AS (
		SELECT l.line, l.site, l.branch, l.on_date, l.vials, row_number() OVER (PARTITION BY l.site ORDER BY l.on_date, l.line) AS place
		FROM vsys.plan_line l
		WHERE l.plan = draft.plan
	), there AS (
		SELECT d.delivery, d.site, d.branch, d.on_date, d.vials, row_number() OVER (PARTITION BY d.site ORDER BY d.on_date, d.delivery) AS place
		FROM vsys.delivery d
		WHERE d.round = draft.round
			AND d.rerouted_from IS NULL
			AND d.state = ANY ('{planned,noticed}'::text[])
			AND d.prefecture = coalesce(draft.prefecture, d.prefecture)
	), pairs AS MATERIALIZED (
		SELECT t.delivery, coalesce(w.site, t.site) AS site, w.line, w.branch, w.on_date, w.vials,
			(w.branch, w.on_date, w.vials) IS NOT DISTINCT FROM (t.branch, t.on_date, t.vials) AS same
		FROM wanted w
		FULL JOIN there t ON t.site OPERATOR(outbreak.=) w.site
			AND t.place = w.place
	), kept AS (
		UPDATE vsys.delivery d
		SET plan = draft.plan,
			branch = p.branch,
			on_date = p.on_date,
			vials = p.vials,
			reason = CASE WHEN p.same THEN d.reason ELSE publish_plan.reason END
		FROM pairs p
		WHERE d.delivery = p.delivery
			AND p.line IS NOT NULL
		RETURNING p.same
	), gone AS (
		UPDATE vsys.delivery d
		SET state = 'cancelled',
			reason = publish_plan.reason
		FROM pairs p
		WHERE d.delivery = p.delivery
			AND p.line IS NULL
		RETURNING d.delivery
	), fresh AS (
		INSERT INTO vsys.delivery (round, product, site, municipality, branch, on_date, vials, plan, reason)
		SELECT draft.round, planned.product, p.site, s.municipality, p.branch, p.on_date, p.vials, draft.plan, publish_plan.reason
		FROM pairs p
		JOIN vsys.site s ON s.site OPERATOR(outbreak.=) p.site
		WHERE p.delivery IS NULL
		ORDER BY p.line
		RETURNING delivery
	)
	SELECT (SELECT count(*) FROM fresh), (SELECT count(*) FROM kept k WHERE NOT k.same), (SELECT count(*) FROM kept k WHERE k.same), (SELECT count(*) FROM gone);
	UPDATE vsys.plan p
	SET state = 'replaced'
	WHERE p.round = draft.round
		AND p.state = 'published'
		AND (draft.prefecture IS NULL OR p.prefecture = draft.prefecture);
	UPDATE vsys.plan p
	SET state = 'published',
		published_at = as_of,
		reason = publish_plan.reason
	WHERE p.plan = draft.plan;
END
$$;
COMMENT ON FUNCTION vsys.publish_plan(bigint, text, timestamptz) IS
'配送計画の通知 / makes a draft plan deliveries, and tells each site, its municipality and its prefecture in the same transaction. Deliveries of the round that were announced and not shipped become those of the new plan: who gets another day, branch or number of vials is told old and new with the reason, who keeps them is not told again. Returns how many were made, changed, left as they were, and cancelled. Errors: OB060 no such plan, a change without a reason; OB062 published already; OB067 out of date: something was shipped, allotted or promised otherwise since it was made (the detail says what), or its first day has come.';

CREATE OR REPLACE FUNCTION vsys.withdraw_plan(plan bigint) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	UPDATE vsys.plan p
	SET state = 'withdrawn'
	WHERE p.plan = withdraw_plan.plan
		AND p.state = 'draft';
	IF NOT found THEN
		RAISE EXCEPTION 'there is no draft plan %', coalesce(withdraw_plan.plan::text, 'NULL')
			USING ERRCODE = 'OB060';
	END IF;
	-- nobody need prove what nobody does
	DELETE FROM vsys.plan_network n
	WHERE n.plan = withdraw_plan.plan;
END
$$;
COMMENT ON FUNCTION vsys.withdraw_plan(bigint) IS '配送計画の取消 / gives up a draft plan. OB060 where there is none of that number, or it is no draft.';
