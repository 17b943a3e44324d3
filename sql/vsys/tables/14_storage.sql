-- ---- storage: what a vial may go through, and what it went through

CREATE TABLE vsys.storage_state (
	product text NOT NULL REFERENCES vsys.product,
	state text NOT NULL CHECK (state ~ '^[a-z0-9_]+$'),
	since date NOT NULL DEFAULT '-infinity',
	name_ja text NOT NULL CHECK (name_ja <> ''),
	name_en text NOT NULL CHECK (name_en <> ''),
	from_c numeric(4,1) NOT NULL CHECK (from_c BETWEEN -200 AND 60),
	to_c numeric(4,1) NOT NULL CHECK (to_c BETWEEN -200 AND 60),
	max_stay interval CHECK (max_stay > interval '0'),
	cumulative boolean NOT NULL DEFAULT false,
	arrival boolean NOT NULL DEFAULT false,
	opened boolean NOT NULL DEFAULT false,
	PRIMARY KEY (product, state, since),
	CHECK (from_c <= to_c),
	CHECK (NOT (arrival AND opened))
);
COMMENT ON TABLE vsys.storage_state IS '保管条件 / in which states a vial may be kept, and how long. A rule counts from its day until the next rule of the same state; vials keep the rule of the day on which they entered the state.';
COMMENT ON COLUMN vsys.storage_state.product IS 'ワクチン / product.';
COMMENT ON COLUMN vsys.storage_state.state IS '状態コード / such as ultra_cold 超低温, frozen 冷凍, thawed 冷蔵, room 室温, diluted 希釈後.';
COMMENT ON COLUMN vsys.storage_state.since IS '適用開始日 / first local date of the rule.';
COMMENT ON COLUMN vsys.storage_state.name_ja IS '名称 / name.';
COMMENT ON COLUMN vsys.storage_state.name_en IS '英語名 / name in English.';
COMMENT ON COLUMN vsys.storage_state.from_c IS '温度(下限) / lowest temperature in degrees Celsius.';
COMMENT ON COLUMN vsys.storage_state.to_c IS '温度(上限) / highest temperature in degrees Celsius.';
COMMENT ON COLUMN vsys.storage_state.max_stay IS '最長期間 / how long a vial may stay; NULL: until its label expiry.';
COMMENT ON COLUMN vsys.storage_state.cumulative IS '通算 / true: stays in this state add up, and the clock stands still elsewhere; false: once begun the clock goes on, wherever the vial is kept next.';
COMMENT ON COLUMN vsys.storage_state.arrival IS '納入時 / whether shipments arrive in it.';
COMMENT ON COLUMN vsys.storage_state.opened IS '開封後 / whether it is the state of an opened (diluted) vial.';

CREATE TABLE vsys.storage_step (
	product text NOT NULL REFERENCES vsys.product,
	from_state text NOT NULL,
	to_state text NOT NULL,
	most smallint CHECK (most >= 1),
	PRIMARY KEY (product, from_state, to_state),
	CHECK (from_state <> to_state)
);
COMMENT ON TABLE vsys.storage_step IS '保管状態の移行 / from which state a vial may be brought into which; what is not listed is not allowed, such as freezing again.';
COMMENT ON COLUMN vsys.storage_step.product IS 'ワクチン / product.';
COMMENT ON COLUMN vsys.storage_step.from_state IS '移行元 / state before.';
COMMENT ON COLUMN vsys.storage_step.to_state IS '移行先 / state after.';
COMMENT ON COLUMN vsys.storage_step.most IS '回数 / how often in the life of a vial; NULL: as often as one likes.';

CREATE SEQUENCE vsys.storage_number;
COMMENT ON SEQUENCE vsys.storage_number IS 'Numbers of batches and moves of storage.';

CREATE TABLE vsys.storage_batch (
	batch bigint NOT NULL,
	site outbreak.institution_code NOT NULL REFERENCES vsys.site,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(site)) STORED,
	municipality outbreak.municipality_code NOT NULL,
	product text NOT NULL,
	lot text NOT NULL,
	doses_per_vial smallint NOT NULL,
	state text NOT NULL,
	since timestamptz NOT NULL,
	used jsonb NOT NULL DEFAULT '{}',
	taken jsonb NOT NULL DEFAULT '{}',
	deadline timestamptz,
	expires_at timestamptz NOT NULL,
	vials integer NOT NULL CHECK (vials >= 0),
	PRIMARY KEY (batch, site),
	FOREIGN KEY (product, lot) REFERENCES vsys.lot
) WITH (fillfactor = 70);
COMMENT ON TABLE vsys.storage_batch IS '保管単位 / unopened vials of a site that went through the same: since when they are in which state, what they have used up of their clocks, and when they must be used by. What a site has unopened of a lot is the sum of its batches.';
COMMENT ON COLUMN vsys.storage_batch.batch IS '番号 / number, given here.';
COMMENT ON COLUMN vsys.storage_batch.site IS '施設コード / site.';
COMMENT ON COLUMN vsys.storage_batch.prefecture IS '都道府県番号 / prefecture of the site.';
COMMENT ON COLUMN vsys.storage_batch.municipality IS '市区町村 / municipality of the site.';
COMMENT ON COLUMN vsys.storage_batch.product IS 'ワクチン / product.';
COMMENT ON COLUMN vsys.storage_batch.lot IS 'ロット番号 / lot.';
COMMENT ON COLUMN vsys.storage_batch.doses_per_vial IS '1バイアルの回数 / doses that a vial gives.';
COMMENT ON COLUMN vsys.storage_batch.state IS '保管状態 / state; stored where the product has no rules of storage.';
COMMENT ON COLUMN vsys.storage_batch.since IS '開始日時 / when they entered the state.';
COMMENT ON COLUMN vsys.storage_batch.used IS '使用済期間 / seconds spent before in states whose stays add up, by state.';
COMMENT ON COLUMN vsys.storage_batch.taken IS '移行回数 / how often they went from one state to another, of steps that are limited ("frozen ultra_cold").';
COMMENT ON COLUMN vsys.storage_batch.deadline IS '期限 / when a clock runs out that began in an earlier state and goes on; NULL: none does.';
COMMENT ON COLUMN vsys.storage_batch.expires_at IS '使用期限 / effective expiry: the earliest of the end of the label''s last day, deadline, and what the state allows.';
COMMENT ON COLUMN vsys.storage_batch.vials IS 'バイアル数 / unopened vials that are left.';
CREATE INDEX storage_batch_site_idx ON vsys.storage_batch (site, product, expires_at) WHERE vials > 0;
CREATE INDEX storage_batch_lot_idx ON vsys.storage_batch (site, product, lot, doses_per_vial) WHERE vials > 0;
CREATE INDEX storage_batch_expires_idx ON vsys.storage_batch (expires_at) WHERE vials > 0;
CREATE INDEX storage_batch_of_lot_idx ON vsys.storage_batch (product, lot, site);

CREATE TABLE vsys.storage_move (
	move bigint NOT NULL,
	site outbreak.institution_code NOT NULL REFERENCES vsys.site,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(site)) STORED,
	municipality outbreak.municipality_code NOT NULL,
	product text NOT NULL,
	lot text NOT NULL,
	state text NOT NULL,
	vials integer NOT NULL CHECK (vials BETWEEN 1 AND 1000000),
	moved_at timestamptz NOT NULL DEFAULT now() CHECK (isfinite(moved_at)),
	recorded_at timestamptz NOT NULL DEFAULT now(),
	recorded_by text NOT NULL DEFAULT current_user,
	key text CHECK (key ~ '^[[:graph:] ]{1,200}$'),
	PRIMARY KEY (move, site),
	UNIQUE (site, key),
	FOREIGN KEY (product, lot) REFERENCES vsys.lot
);
COMMENT ON TABLE vsys.storage_move IS '保管状態の変更 / vials that a site brought from one state into another: thawed, frozen, returned. Written through vsys.store(); added to and never changed.';
COMMENT ON COLUMN vsys.storage_move.move IS '番号 / number, given here.';
COMMENT ON COLUMN vsys.storage_move.site IS '施設コード / site.';
COMMENT ON COLUMN vsys.storage_move.prefecture IS '都道府県番号 / prefecture of the site.';
COMMENT ON COLUMN vsys.storage_move.municipality IS '市区町村 / municipality of the site.';
COMMENT ON COLUMN vsys.storage_move.product IS 'ワクチン / product.';
COMMENT ON COLUMN vsys.storage_move.lot IS 'ロット番号 / lot.';
COMMENT ON COLUMN vsys.storage_move.state IS '移行先 / state that they were brought into.';
COMMENT ON COLUMN vsys.storage_move.vials IS 'バイアル数 / vials.';
COMMENT ON COLUMN vsys.storage_move.moved_at IS '移行日時 / when.';
COMMENT ON COLUMN vsys.storage_move.recorded_at IS '登録日時 / when it was entered.';
COMMENT ON COLUMN vsys.storage_move.recorded_by IS '登録者 / subject of the token or login role that entered it.';
COMMENT ON COLUMN vsys.storage_move.key IS '冪等キー / key of the sender.';

CREATE TABLE vsys.storage_flow (
	site outbreak.institution_code NOT NULL REFERENCES vsys.site,
	flow bigint NOT NULL,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(site)) STORED,
	municipality outbreak.municipality_code NOT NULL,
	batch bigint NOT NULL,
	vials integer NOT NULL CHECK (vials <> 0),
	at timestamptz NOT NULL,
	event bigint,
	move bigint,
	PRIMARY KEY (flow, site),
	CHECK (num_nonnulls(event, move) = 1)
);
COMMENT ON TABLE vsys.storage_flow IS '保管単位の増減 / the history of the batches: which vials each event of the ledger and each move put in or took out. Kept by triggers.';
COMMENT ON COLUMN vsys.storage_flow.site IS '施設コード / site.';
COMMENT ON COLUMN vsys.storage_flow.flow IS '番号 / number, given here.';
COMMENT ON COLUMN vsys.storage_flow.prefecture IS '都道府県番号 / prefecture of the site.';
COMMENT ON COLUMN vsys.storage_flow.municipality IS '市区町村 / municipality of the site.';
COMMENT ON COLUMN vsys.storage_flow.batch IS '保管単位 / batch.';
COMMENT ON COLUMN vsys.storage_flow.vials IS 'バイアル数 / vials that came in; below zero: that were taken out.';
COMMENT ON COLUMN vsys.storage_flow.at IS '日時 / when.';
COMMENT ON COLUMN vsys.storage_flow.event IS '在庫台帳番号 / event of the ledger that did it.';
COMMENT ON COLUMN vsys.storage_flow.move IS '移行番号 / move that did it.';
CREATE INDEX storage_flow_event_idx ON vsys.storage_flow (event) WHERE event IS NOT NULL;
CREATE INDEX storage_flow_batch_idx ON vsys.storage_flow (batch);

CREATE TABLE vsys.freezer (
	site outbreak.institution_code NOT NULL REFERENCES vsys.site,
	freezer text NOT NULL CHECK (freezer ~ '^[[:graph:]]{1,40}$'),
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(site)) STORED,
	state text NOT NULL CHECK (state ~ '^[a-z0-9_]+$'),
	vials integer NOT NULL CHECK (vials BETWEEN 0 AND 10000000),
	valid daterange NOT NULL DEFAULT '(,)' CHECK (NOT isempty(valid)),
	PRIMARY KEY (site, freezer)
);
COMMENT ON TABLE vsys.freezer IS '冷凍庫・冷蔵庫 / freezers and refrigerators of sites, and how many vials they hold.';
COMMENT ON COLUMN vsys.freezer.site IS '施設コード / site.';
COMMENT ON COLUMN vsys.freezer.freezer IS '管理番号 / number of the appliance within the site.';
COMMENT ON COLUMN vsys.freezer.prefecture IS '都道府県番号 / prefecture of the site.';
COMMENT ON COLUMN vsys.freezer.state IS '保管状態 / what it keeps vials in: ultra_cold (−75 °C deep freezers), frozen (−20 °C), thawed (2 to 8 °C).';
COMMENT ON COLUMN vsys.freezer.vials IS '容量 / vials that it holds.';
COMMENT ON COLUMN vsys.freezer.valid IS '期間 / local dates on which it stands there and works.';
CREATE INDEX freezer_prefecture_idx ON vsys.freezer (prefecture, state);
