-- ---- the delivery plan of a round

CREATE SEQUENCE vsys.plan_number;
COMMENT ON SEQUENCE vsys.plan_number IS 'Numbers of delivery plans.';
CREATE TABLE vsys.plan (
	plan bigint PRIMARY KEY DEFAULT nextval('vsys.plan_number'),
	round bigint NOT NULL REFERENCES vsys.round,
	prefecture smallint REFERENCES registry.prefecture,
	state text NOT NULL DEFAULT 'draft' CHECK (state = ANY ('{draft,published,replaced,withdrawn}'::text[])),
	nearest smallint NOT NULL CHECK (nearest BETWEEN 1 AND 100),
	late_m integer NOT NULL CHECK (late_m BETWEEN 0 AND 1000000),
	unwanted_m integer NOT NULL CHECK (unwanted_m BETWEEN 0 AND 1000000),
	change_m integer NOT NULL CHECK (change_m BETWEEN 0 AND 1000000),
	from_on date NOT NULL,
	stops integer NOT NULL CHECK (stops >= 0),
	vials integer NOT NULL CHECK (vials >= 0),
	cost_m bigint NOT NULL,
	distance_m bigint NOT NULL,
	made_at timestamptz NOT NULL,
	published_at timestamptz,
	reason text,
	CHECK ((published_at IS NULL) = (state = ANY ('{draft,withdrawn}'::text[])))
);
ALTER SEQUENCE vsys.plan_number OWNED BY vsys.plan.plan;
COMMENT ON TABLE vsys.plan IS '配送計画 / delivery plans: who brings how much to whom on which day. A draft becomes deliveries with vsys.publish_plan().';
COMMENT ON COLUMN vsys.plan.plan IS '番号 / number, given here.';
COMMENT ON COLUMN vsys.plan.round IS 'クール / round that it delivers.';
COMMENT ON COLUMN vsys.plan.prefecture IS '都道府県番号 / the one prefecture that it plans; NULL: all.';
COMMENT ON COLUMN vsys.plan.state IS '状態 / draft 作成中, published 通知済, replaced 差替済 (by a later plan), withdrawn 取消.';
COMMENT ON COLUMN vsys.plan.nearest IS '候補拠点数 / how many branches were considered for a site that no area gives to one.';
COMMENT ON COLUMN vsys.plan.late_m IS '遅れの重み / metres that a day later counts as.';
COMMENT ON COLUMN vsys.plan.unwanted_m IS '希望外曜日の重み / metres that a weekday which the site did not ask for counts as.';
COMMENT ON COLUMN vsys.plan.change_m IS '変更の重み / metres that another day or branch than the one announced counts as.';
COMMENT ON COLUMN vsys.plan.from_on IS '計画初日 / first local date that it plans.';
COMMENT ON COLUMN vsys.plan.stops IS '配送件数 / deliveries planned, without those that were on their way already.';
COMMENT ON COLUMN vsys.plan.vials IS 'バイアル数 / vials planned.';
COMMENT ON COLUMN vsys.plan.cost_m IS '費用 / what was made as small as it can be: distance, lateness and weekdays, in metres.';
COMMENT ON COLUMN vsys.plan.distance_m IS '距離 / the distances in it, in metres.';
COMMENT ON COLUMN vsys.plan.made_at IS '作成日時 / the moment that it was made for.';
COMMENT ON COLUMN vsys.plan.published_at IS '通知日時 / when it was published.';
COMMENT ON COLUMN vsys.plan.reason IS '理由 / why it replaces the plan before; stands in the notices.';
CREATE INDEX plan_round_idx ON vsys.plan (round);
CREATE INDEX plan_prefecture_idx ON vsys.plan (prefecture);

CREATE TABLE vsys.plan_line (
	plan bigint NOT NULL REFERENCES vsys.plan,
	line integer NOT NULL,
	site outbreak.institution_code NOT NULL REFERENCES vsys.site,
	branch bigint NOT NULL REFERENCES vsys.branch,
	on_date date NOT NULL,
	vials integer NOT NULL CHECK (vials > 0),
	distance_m integer NOT NULL CHECK (distance_m >= 0),
	PRIMARY KEY (plan, line)
);
COMMENT ON TABLE vsys.plan_line IS '配送計画の明細 / the deliveries of a plan.';
COMMENT ON COLUMN vsys.plan_line.plan IS '計画 / plan.';
COMMENT ON COLUMN vsys.plan_line.line IS '行 / line.';
COMMENT ON COLUMN vsys.plan_line.site IS '施設コード / site.';
COMMENT ON COLUMN vsys.plan_line.branch IS '配送拠点 / branch that brings it.';
COMMENT ON COLUMN vsys.plan_line.on_date IS '日付 / local date.';
COMMENT ON COLUMN vsys.plan_line.vials IS 'バイアル数 / vials.';
COMMENT ON COLUMN vsys.plan_line.distance_m IS '距離 / from the branch to the site in metres.';
CREATE INDEX plan_line_site_idx ON vsys.plan_line (site);
CREATE INDEX plan_line_branch_idx ON vsys.plan_line (branch, on_date);

CREATE TABLE vsys.plan_network (
	plan bigint PRIMARY KEY REFERENCES vsys.plan,
	kinds text[] NOT NULL,
	branches bigint[] NOT NULL,
	sites text[] NOT NULL,
	dates date[] NOT NULL,
	supplies bigint[] NOT NULL,
	sources integer[] NOT NULL,
	targets integer[] NOT NULL,
	capacities bigint[] NOT NULL,
	costs bigint[] NOT NULL,
	stop_vials integer[] NOT NULL,
	node_vials integer[] NOT NULL,
	flows bigint[],
	duals bigint[],
	CHECK (cardinality(branches) = cardinality(kinds) AND cardinality(sites) = cardinality(kinds) AND cardinality(dates) = cardinality(kinds)
		AND cardinality(supplies) = cardinality(kinds) AND cardinality(stop_vials) = cardinality(kinds) AND cardinality(node_vials) = cardinality(kinds)
		AND cardinality(duals) = cardinality(kinds)),
	CHECK (cardinality(targets) = cardinality(sources) AND cardinality(capacities) = cardinality(sources) AND cardinality(costs) = cardinality(sources)
		AND cardinality(flows) = cardinality(sources))
);
COMMENT ON TABLE vsys.plan_network IS '計画の根拠 / the network that a plan solved, with its solution and the prices that prove it the cheapest: vsys.verify_plan() checks it without the solver. Whoever wants rows takes vsys.plan_nodes() and vsys.plan_edges().

One unit of flow is one stop: a delivery of a site''s share, or of an equal part of it. It runs from the depot over a branch on a day to the site; the arcs along a site''s days are its freezer. Each array of nodes has an entry a node, each array of edges an entry an edge.';
COMMENT ON COLUMN vsys.plan_network.plan IS '計画 / plan.';
COMMENT ON COLUMN vsys.plan_network.kinds IS '節点の種別 / nodes: origin (all stops begin here), branch_day, arrival (a site on a day, at most one stop), site_day (what the site has got by a day), site (what it is to get).';
COMMENT ON COLUMN vsys.plan_network.branches IS 'nodes: branch of a branch_day.';
COMMENT ON COLUMN vsys.plan_network.sites IS 'nodes: site of an arrival, a site_day, a site.';
COMMENT ON COLUMN vsys.plan_network.dates IS 'nodes: local date of a branch_day, an arrival, a site_day.';
COMMENT ON COLUMN vsys.plan_network.supplies IS 'nodes: stops that begin (positive) or end (negative) here.';
COMMENT ON COLUMN vsys.plan_network.sources IS 'edges: node that they leave.';
COMMENT ON COLUMN vsys.plan_network.targets IS 'edges: node that they enter.';
COMMENT ON COLUMN vsys.plan_network.capacities IS 'edges: stops at most. Out of the origin: what the branch can do on the day. Along a site''s days: what its freezer takes until then.';
COMMENT ON COLUMN vsys.plan_network.costs IS 'edges: metres a stop. From the origin straight to a site: what a stop costs that cannot be made.';
COMMENT ON COLUMN vsys.plan_network.stop_vials IS 'nodes: of an arrival or a site, the vials of its largest stop.';
COMMENT ON COLUMN vsys.plan_network.node_vials IS 'nodes: of a branch_day, the vials that it can carry; of a site, the vials that it is to get.';
COMMENT ON COLUMN vsys.plan_network.flows IS 'edges: stops that take them.';
COMMENT ON COLUMN vsys.plan_network.duals IS 'nodes: prices of outbreak.min_cost_flow_duals().';
