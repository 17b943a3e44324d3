-- ---- from site to site, in bags at 2 to 8 °C

CREATE TABLE vsys.transfer_rule (
	product text PRIMARY KEY REFERENCES vsys.product,
	at_most interval NOT NULL CHECK (at_most > interval '0' AND at_most <= interval '30 days')
);
COMMENT ON TABLE vsys.transfer_rule IS '小分け移送の時間 / how long vials may be under way between sites. For a product without a row: three hours.';
COMMENT ON COLUMN vsys.transfer_rule.product IS 'ワクチン / product.';
COMMENT ON COLUMN vsys.transfer_rule.at_most IS '移送時間の上限 / longest time between leaving and arriving.';

CREATE SEQUENCE vsys.permit_number;
COMMENT ON SEQUENCE vsys.permit_number IS 'Numbers of permits.';
CREATE TABLE vsys.permit (
	permit bigint PRIMARY KEY DEFAULT nextval('vsys.permit_number'),
	from_municipality outbreak.municipality_code NOT NULL REFERENCES registry.municipality,
	to_municipality outbreak.municipality_code NOT NULL REFERENCES registry.municipality,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(from_municipality)) STORED,
	product text NOT NULL REFERENCES vsys.product,
	vials integer NOT NULL CHECK (vials > 0),
	valid daterange NOT NULL CHECK (NOT isempty(valid) AND NOT lower_inf(valid) AND NOT upper_inf(valid)),
	reason text NOT NULL CHECK (btrim(reason) <> ''),
	made_at timestamptz NOT NULL DEFAULT now(),
	CHECK (from_municipality OPERATOR(outbreak.<>) to_municipality),
	CHECK (outbreak.prefecture(from_municipality) = outbreak.prefecture(to_municipality))
);
ALTER SEQUENCE vsys.permit_number OWNED BY vsys.permit.permit;
COMMENT ON TABLE vsys.permit IS '融通の承認 / the prefecture''s consent that vaccine goes from one of its municipalities to another.';
COMMENT ON COLUMN vsys.permit.permit IS '番号 / number, given here.';
COMMENT ON COLUMN vsys.permit.from_municipality IS '融通元市区町村 / municipality that gives.';
COMMENT ON COLUMN vsys.permit.to_municipality IS '融通先市区町村 / municipality that takes.';
COMMENT ON COLUMN vsys.permit.prefecture IS '都道府県番号 / prefecture of both.';
COMMENT ON COLUMN vsys.permit.product IS 'ワクチン / product.';
COMMENT ON COLUMN vsys.permit.vials IS 'バイアル数 / vials at most, of all transfers together.';
COMMENT ON COLUMN vsys.permit.valid IS '有効期間 / local dates on which they may leave.';
COMMENT ON COLUMN vsys.permit.reason IS '理由 / why.';
COMMENT ON COLUMN vsys.permit.made_at IS '承認日時 / when.';
CREATE INDEX permit_prefecture_idx ON vsys.permit (prefecture);
CREATE INDEX permit_between_idx ON vsys.permit (from_municipality, to_municipality, product);

CREATE SEQUENCE vsys.transfer_number;
COMMENT ON SEQUENCE vsys.transfer_number IS 'Numbers of transfers.';
CREATE TABLE vsys.transfer (
	transfer bigint PRIMARY KEY DEFAULT nextval('vsys.transfer_number'),
	from_site outbreak.institution_code NOT NULL REFERENCES vsys.site,
	to_site outbreak.institution_code NOT NULL REFERENCES vsys.site,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(from_site)) STORED,
	from_municipality outbreak.municipality_code,
	to_municipality outbreak.municipality_code,
	product text NOT NULL REFERENCES vsys.product,
	lot text NOT NULL,
	vials integer NOT NULL CHECK (vials > 0),
	doses_per_vial smallint CHECK (doses_per_vial BETWEEN 1 AND 100),
	left_at timestamptz NOT NULL,
	due_at timestamptz,
	state text NOT NULL DEFAULT 'sent' CHECK (state = ANY ('{sent,arrived}'::text[])),
	permit bigint REFERENCES vsys.permit,
	event bigint,
	key text,
	CHECK (from_site OPERATOR(outbreak.<>) to_site),
	CHECK (outbreak.prefecture(from_site) = outbreak.prefecture(to_site)),
	CHECK (due_at > left_at),
	FOREIGN KEY (product, lot) REFERENCES vsys.lot
);
ALTER SEQUENCE vsys.transfer_number OWNED BY vsys.transfer.transfer;
COMMENT ON TABLE vsys.transfer IS '小分け移送・融通 / vials that one site hands to another. To insert a row is to send: they leave the stock of the sender with it.';
COMMENT ON COLUMN vsys.transfer.transfer IS '番号 / number, given here.';
COMMENT ON COLUMN vsys.transfer.from_site IS '移送元 / site that sends.';
COMMENT ON COLUMN vsys.transfer.to_site IS '移送先 / site that receives.';
COMMENT ON COLUMN vsys.transfer.prefecture IS '都道府県番号 / prefecture of both.';
COMMENT ON COLUMN vsys.transfer.from_municipality IS '移送元市区町村 / municipality of the sender, set from it.';
COMMENT ON COLUMN vsys.transfer.to_municipality IS '移送先市区町村 / municipality of the receiver, set from it.';
COMMENT ON COLUMN vsys.transfer.product IS 'ワクチン / product.';
COMMENT ON COLUMN vsys.transfer.lot IS 'ロット / lot.';
COMMENT ON COLUMN vsys.transfer.vials IS 'バイアル数 / vials.';
COMMENT ON COLUMN vsys.transfer.doses_per_vial IS '1バイアルの回数 / doses that a vial gives; the product''s where it is not said.';
COMMENT ON COLUMN vsys.transfer.left_at IS '出発日時 / when they left the refrigerator.';
COMMENT ON COLUMN vsys.transfer.due_at IS '到着期限 / when they must have arrived, by vsys.transfer_rule. What comes later is no stock.';
COMMENT ON COLUMN vsys.transfer.state IS '状態 / sent 移送中, arrived 到着済 (every vial is accounted for).';
COMMENT ON COLUMN vsys.transfer.permit IS '承認 / permit, where they go to another municipality.';
COMMENT ON COLUMN vsys.transfer.event IS '台帳の番号 / event of vsys.stock_event by which they left the stock of the sender.';
COMMENT ON COLUMN vsys.transfer.key IS '冪等キー / name that the sender gave to this step: the same step again is recognised by it.';
CREATE INDEX transfer_from_site_idx ON vsys.transfer (from_site, left_at);
CREATE INDEX transfer_to_site_idx ON vsys.transfer (to_site, left_at);
CREATE INDEX transfer_from_municipality_idx ON vsys.transfer (from_municipality);
CREATE INDEX transfer_to_municipality_idx ON vsys.transfer (to_municipality);
CREATE INDEX transfer_prefecture_idx ON vsys.transfer (prefecture);
CREATE INDEX transfer_sent_idx ON vsys.transfer (due_at) WHERE state = 'sent';
CREATE INDEX transfer_permit_idx ON vsys.transfer (permit) WHERE permit IS NOT NULL;
CREATE UNIQUE INDEX transfer_key_idx ON vsys.transfer (from_site, key);

CREATE SEQUENCE vsys.arrival_number;
COMMENT ON SEQUENCE vsys.arrival_number IS 'Numbers of arrivals.';
CREATE TABLE vsys.arrival (
	arrival bigint PRIMARY KEY DEFAULT nextval('vsys.arrival_number'),
	transfer bigint NOT NULL REFERENCES vsys.transfer,
	from_site outbreak.institution_code NOT NULL,
	to_site outbreak.institution_code NOT NULL,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(to_site)) STORED,
	from_municipality outbreak.municipality_code NOT NULL,
	to_municipality outbreak.municipality_code NOT NULL,
	arrived_at timestamptz NOT NULL,
	vials integer NOT NULL DEFAULT 0 CHECK (vials >= 0),
	discarded integer NOT NULL DEFAULT 0 CHECK (discarded >= 0),
	lost integer NOT NULL DEFAULT 0 CHECK (lost >= 0),
	reason text,
	received_by text CHECK (btrim(received_by) <> ''),
	recorded_at timestamptz NOT NULL DEFAULT now(),
	key text,
	CHECK (vials + discarded + lost > 0),
	CHECK (discarded + lost = 0 OR btrim(reason) <> '')
);
ALTER SEQUENCE vsys.arrival_number OWNED BY vsys.arrival.arrival;
COMMENT ON TABLE vsys.arrival IS '移送の到着 / what came of a transfer. To insert a row is to receive: the stock of the receiver is posted with it. Rows never change.';
COMMENT ON COLUMN vsys.arrival.arrival IS '番号 / number, given here.';
COMMENT ON COLUMN vsys.arrival.transfer IS '移送 / transfer.';
COMMENT ON COLUMN vsys.arrival.from_site IS '移送元 / site that sent, set from the transfer.';
COMMENT ON COLUMN vsys.arrival.to_site IS '移送先 / site that receives, set from the transfer.';
COMMENT ON COLUMN vsys.arrival.prefecture IS '都道府県番号 / prefecture of both.';
COMMENT ON COLUMN vsys.arrival.from_municipality IS '移送元市区町村 / municipality of the sender, set from the transfer.';
COMMENT ON COLUMN vsys.arrival.to_municipality IS '移送先市区町村 / municipality of the receiver, set from the transfer.';
COMMENT ON COLUMN vsys.arrival.arrived_at IS '到着日時 / when they were put into the refrigerator. They are never frozen again.';
COMMENT ON COLUMN vsys.arrival.vials IS '受領数 / vials taken into stock; none after the time is over.';
COMMENT ON COLUMN vsys.arrival.discarded IS '廃棄数 / vials that came and are discarded: too late, broken.';
COMMENT ON COLUMN vsys.arrival.lost IS '紛失数 / vials that did not come and will not.';
COMMENT ON COLUMN vsys.arrival.reason IS '理由 / why they are discarded or lost.';
COMMENT ON COLUMN vsys.arrival.received_by IS '受領者 / who received them; NULL once its retention is over.';
COMMENT ON COLUMN vsys.arrival.recorded_at IS '登録日時 / when it was entered.';
COMMENT ON COLUMN vsys.arrival.key IS '冪等キー / name that the receiver gave to this step: the same step again is recognised by it.';
CREATE INDEX arrival_transfer_idx ON vsys.arrival (transfer);
CREATE INDEX arrival_from_site_idx ON vsys.arrival (from_site);
CREATE INDEX arrival_prefecture_idx ON vsys.arrival (prefecture);
CREATE INDEX arrival_from_municipality_idx ON vsys.arrival (from_municipality);
CREATE INDEX arrival_to_municipality_idx ON vsys.arrival (to_municipality);
CREATE UNIQUE INDEX arrival_key_idx ON vsys.arrival (to_site, key);
