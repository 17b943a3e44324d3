-- ---- who delivers: branches of wholesalers, and of the maker's carrier

CREATE TABLE vsys.branch (
	organisation bigint PRIMARY KEY REFERENCES registry.organisation,
	kind text NOT NULL CHECK (kind = ANY ('{wholesaler,carrier}'::text[])),
	company_ja text NOT NULL CHECK (company_ja <> ''),
	municipality outbreak.municipality_code NOT NULL REFERENCES registry.municipality,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(municipality)) STORED,
	location @postgis@.geography(Point, 4326) NOT NULL,
	phone text,
	valid daterange NOT NULL DEFAULT '(,)' CHECK (NOT isempty(valid))
);
COMMENT ON TABLE vsys.branch IS '配送拠点 / who brings vaccine to sites: branches of wholesalers (卸の営業所), and depots of the carrier that the maker sends by. Each is an organisation of the registry, whose number its accounts and tokens carry.';
COMMENT ON COLUMN vsys.branch.organisation IS '番号 / its number in registry.organisation.';
COMMENT ON COLUMN vsys.branch.kind IS '種別 / wholesaler 卸: products of route wholesaler; carrier 運送会社: those of route carrier, past the wholesalers.';
COMMENT ON COLUMN vsys.branch.company_ja IS '会社名 / company that it belongs to.';
COMMENT ON COLUMN vsys.branch.municipality IS '所在市区町村 / where it stands.';
COMMENT ON COLUMN vsys.branch.prefecture IS '都道府県番号 / prefecture where it stands.';
COMMENT ON COLUMN vsys.branch.location IS '所在地座標 / its point, WGS 84; distances are measured from here.';
COMMENT ON COLUMN vsys.branch.phone IS '電話番号 / telephone for sites that wait for it.';
COMMENT ON COLUMN vsys.branch.valid IS '有効期間 / local dates on which it delivers.';
CREATE INDEX branch_municipality_idx ON vsys.branch (municipality);
CREATE INDEX branch_location_idx ON vsys.branch USING gist (location);

CREATE TABLE vsys.branch_product (
	branch bigint NOT NULL REFERENCES vsys.branch,
	product text NOT NULL REFERENCES vsys.product,
	valid daterange NOT NULL DEFAULT '(,)' CHECK (NOT isempty(valid)),
	PRIMARY KEY (branch, product)
);
COMMENT ON TABLE vsys.branch_product IS '取扱ワクチン / which vaccines, needles and syringes a branch delivers. Its kind must be the route of the product (OB060).';
COMMENT ON COLUMN vsys.branch_product.branch IS '配送拠点 / branch.';
COMMENT ON COLUMN vsys.branch_product.product IS 'ワクチン / product.';
COMMENT ON COLUMN vsys.branch_product.valid IS '期間 / local dates on which it does.';
CREATE INDEX branch_product_product_idx ON vsys.branch_product (product);

CREATE TABLE vsys.branch_area (
	municipality outbreak.municipality_code NOT NULL REFERENCES registry.municipality,
	product text NOT NULL REFERENCES vsys.product,
	from_on date NOT NULL,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(municipality)) STORED,
	branch bigint,
	PRIMARY KEY (municipality, product, from_on),
	FOREIGN KEY (branch, product) REFERENCES vsys.branch_product
);
COMMENT ON TABLE vsys.branch_area IS '地域担当卸 / which branch supplies an area with a product from a day on, until the day of the next row. There is no end to overlap with another beginning: by the primary key an area never has two suppliers of one product, and so no site has.';
COMMENT ON COLUMN vsys.branch_area.municipality IS '市区町村 / area. A whole prefecture is given to a branch by vsys.assign_area().';
COMMENT ON COLUMN vsys.branch_area.product IS 'ワクチン / product.';
COMMENT ON COLUMN vsys.branch_area.from_on IS '開始日 / local date from which it does.';
COMMENT ON COLUMN vsys.branch_area.prefecture IS '都道府県番号 / prefecture of the area.';
COMMENT ON COLUMN vsys.branch_area.branch IS '配送拠点 / branch; NULL: nobody any more.';
CREATE INDEX branch_area_branch_idx ON vsys.branch_area (branch, product);
CREATE INDEX branch_area_prefecture_idx ON vsys.branch_area (prefecture);

CREATE TABLE vsys.branch_weekday (
	branch bigint NOT NULL REFERENCES vsys.branch,
	weekday smallint NOT NULL CHECK (weekday BETWEEN 1 AND 7),
	stops integer NOT NULL CHECK (stops >= 0),
	vials integer NOT NULL CHECK (vials >= 0),
	PRIMARY KEY (branch, weekday)
);
COMMENT ON TABLE vsys.branch_weekday IS '配送能力(曜日) / what a branch can bring on a weekday. On a weekday without a row it does not deliver.';
COMMENT ON COLUMN vsys.branch_weekday.branch IS '配送拠点 / branch.';
COMMENT ON COLUMN vsys.branch_weekday.weekday IS '曜日 / 1 Monday to 7 Sunday.';
COMMENT ON COLUMN vsys.branch_weekday.stops IS '配送件数 / sites that it can go to on such a day.';
COMMENT ON COLUMN vsys.branch_weekday.vials IS 'バイアル数 / vials that it can carry on such a day, of all products together.';

CREATE TABLE vsys.branch_day (
	branch bigint NOT NULL REFERENCES vsys.branch,
	on_date date NOT NULL,
	stops integer NOT NULL CHECK (stops >= 0),
	vials integer NOT NULL CHECK (vials >= 0),
	reason text,
	PRIMARY KEY (branch, on_date)
);
COMMENT ON TABLE vsys.branch_day IS '配送能力(日別) / days on which a branch can bring more or less than on that weekday: holidays, extra vehicles.';
COMMENT ON COLUMN vsys.branch_day.branch IS '配送拠点 / branch.';
COMMENT ON COLUMN vsys.branch_day.on_date IS '日付 / local date.';
COMMENT ON COLUMN vsys.branch_day.stops IS '配送件数 / sites that it can go to; 0: none.';
COMMENT ON COLUMN vsys.branch_day.vials IS 'バイアル数 / vials that it can carry.';
COMMENT ON COLUMN vsys.branch_day.reason IS '理由 / why.';

-- ---- how a site can be delivered to

CREATE TABLE vsys.receiving (
	site outbreak.institution_code NOT NULL,
	product text NOT NULL,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(site)) STORED,
	weekdays smallint[] NOT NULL DEFAULT '{1,2,3,4,5}' CHECK (cardinality(weekdays) > 0 AND weekdays <@ '{1,2,3,4,5,6,7}'::smallint[]),
	preferred smallint[] NOT NULL DEFAULT '{}' CHECK (preferred <@ weekdays),
	drops smallint NOT NULL DEFAULT 1 CHECK (drops BETWEEN 1 AND 14),
	use_vials integer NOT NULL DEFAULT 0 CHECK (use_vials >= 0),
	PRIMARY KEY (site, product),
	FOREIGN KEY (site, product) REFERENCES vsys.site_product
);
COMMENT ON TABLE vsys.receiving IS '受入条件 / when and how a site can take in a product. Without a row: Monday to Friday, all at once, nothing used up meanwhile.';
COMMENT ON COLUMN vsys.receiving.site IS '施設コード / site.';
COMMENT ON COLUMN vsys.receiving.product IS 'ワクチン / product.';
COMMENT ON COLUMN vsys.receiving.prefecture IS '都道府県番号 / prefecture of the site.';
COMMENT ON COLUMN vsys.receiving.weekdays IS '受入可能曜日 / weekdays on which somebody is there, 1 Monday to 7 Sunday.';
COMMENT ON COLUMN vsys.receiving.preferred IS '希望曜日 / those of them that it likes best; empty: no matter.';
COMMENT ON COLUMN vsys.receiving.drops IS '分納回数 / on how many days its share of a round is brought at least; more where the freezer asks for it.';
COMMENT ON COLUMN vsys.receiving.use_vials IS '1日使用量 / vials that it uses on a day, which makes room for the next delivery (vials).';
