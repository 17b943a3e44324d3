-- ---- deliveries, from the plan to the proof of receipt

CREATE SEQUENCE vsys.delivery_number;
COMMENT ON SEQUENCE vsys.delivery_number IS 'Numbers of deliveries.';
CREATE TABLE vsys.delivery (
	delivery bigint PRIMARY KEY DEFAULT nextval('vsys.delivery_number'),
	round bigint NOT NULL REFERENCES vsys.round,
	product text NOT NULL REFERENCES vsys.product,
	site outbreak.institution_code NOT NULL REFERENCES vsys.site,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(site)) STORED,
	municipality outbreak.municipality_code NOT NULL REFERENCES registry.municipality,
	branch bigint NOT NULL REFERENCES vsys.branch,
	on_date date NOT NULL,
	vials integer NOT NULL CHECK (vials > 0),
	state text NOT NULL DEFAULT 'planned' CHECK (state = ANY ('{planned,noticed,shipped,received,partly_received,rejected,rerouted,lost,cancelled}'::text[])),
	plan bigint REFERENCES vsys.plan,
	rerouted_from bigint REFERENCES vsys.delivery,
	reason text
);
ALTER SEQUENCE vsys.delivery_number OWNED BY vsys.delivery.delivery;
COMMENT ON TABLE vsys.delivery IS '配送 / one stop at one site on one day. Rows are made by vsys.publish_plan() and vsys.reroute; what happens to them stands in vsys.shipment, vsys.receipt, vsys.reroute and vsys.discrepancy, whose rows move the state.';
COMMENT ON COLUMN vsys.delivery.delivery IS '番号 / number, given here.';
COMMENT ON COLUMN vsys.delivery.round IS 'クール / round.';
COMMENT ON COLUMN vsys.delivery.product IS 'ワクチン / product.';
COMMENT ON COLUMN vsys.delivery.site IS '施設コード / site.';
COMMENT ON COLUMN vsys.delivery.prefecture IS '都道府県番号 / prefecture of the site.';
COMMENT ON COLUMN vsys.delivery.municipality IS '市区町村 / municipality of the site.';
COMMENT ON COLUMN vsys.delivery.branch IS '配送拠点 / branch that brings it.';
COMMENT ON COLUMN vsys.delivery.on_date IS '配送予定日 / local date.';
COMMENT ON COLUMN vsys.delivery.vials IS 'バイアル数 / vials that it is to bring.';
COMMENT ON COLUMN vsys.delivery.state IS '状態 / planned 予定 (the site has not confirmed this date yet), noticed 確認済 (it has), shipped 出荷済, received 受領済, partly_received 一部受領 (something is still on its way or unexplained), rejected 受領拒否, rerouted 送付先変更, lost 紛失, cancelled 取消.';
COMMENT ON COLUMN vsys.delivery.plan IS '計画 / plan that it stands in as it is now; NULL for one that was rerouted.';
COMMENT ON COLUMN vsys.delivery.rerouted_from IS '変更元 / delivery to another site that it was made of.';
COMMENT ON COLUMN vsys.delivery.reason IS '変更理由 / why it was changed last.';
CREATE INDEX delivery_round_idx ON vsys.delivery (round, site);
CREATE INDEX delivery_site_idx ON vsys.delivery (site, on_date);
CREATE INDEX delivery_branch_idx ON vsys.delivery (branch, on_date);
CREATE INDEX delivery_municipality_idx ON vsys.delivery (municipality, on_date);
CREATE INDEX delivery_prefecture_idx ON vsys.delivery (prefecture, on_date);
CREATE INDEX delivery_rerouted_from_idx ON vsys.delivery (rerouted_from) WHERE rerouted_from IS NOT NULL;
-- what is still to come, and what is under way: few rows of many
CREATE INDEX delivery_open_idx ON vsys.delivery (on_date) WHERE state = ANY ('{planned,noticed}'::text[]);
CREATE INDEX delivery_under_way_idx ON vsys.delivery (delivery) WHERE state = ANY ('{shipped,partly_received}'::text[]);

CREATE SEQUENCE vsys.notice_number;
COMMENT ON SEQUENCE vsys.notice_number IS 'Numbers of notices.';
CREATE TABLE vsys.notice (
	notice bigint PRIMARY KEY DEFAULT nextval('vsys.notice_number'),
	delivery bigint NOT NULL REFERENCES vsys.delivery,
	recipient text NOT NULL CHECK (recipient = ANY ('{site,municipality,prefecture}'::text[])),
	kind text NOT NULL CHECK (kind = ANY ('{planned,changed,shipped,cancelled}'::text[])),
	site outbreak.institution_code NOT NULL,
	municipality outbreak.municipality_code NOT NULL,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(site)) STORED,
	branch bigint NOT NULL,
	product text NOT NULL,
	on_date date NOT NULL,
	old_on_date date,
	vials integer NOT NULL,
	old_vials integer,
	boxes integer,
	lot text,
	reason text,
	made_at timestamptz NOT NULL,
	acknowledged_at timestamptz,
	acknowledged_by text,
	CHECK (acknowledged_by IS NULL OR acknowledged_at IS NOT NULL)
);
ALTER SEQUENCE vsys.notice_number OWNED BY vsys.notice.notice;
COMMENT ON TABLE vsys.notice IS '配送予定の通知 / who is told what about a delivery, and when. Written in the transaction that makes or changes the delivery, by whatever statement: there is none of which the site, its municipality and its prefecture were not told. Messages are sent from here.';
COMMENT ON COLUMN vsys.notice.notice IS '番号 / number, given here.';
COMMENT ON COLUMN vsys.notice.delivery IS '配送 / delivery.';
COMMENT ON COLUMN vsys.notice.recipient IS '宛先 / site 施設, municipality 市区町村, prefecture 都道府県: the one of the delivery.';
COMMENT ON COLUMN vsys.notice.kind IS '種類 / planned 予定, changed 変更, shipped 出荷, cancelled 取消.';
COMMENT ON COLUMN vsys.notice.site IS '施設コード / site.';
COMMENT ON COLUMN vsys.notice.municipality IS '市区町村 / municipality of the site.';
COMMENT ON COLUMN vsys.notice.prefecture IS '都道府県番号 / prefecture of the site.';
COMMENT ON COLUMN vsys.notice.branch IS '配送拠点 / branch.';
COMMENT ON COLUMN vsys.notice.product IS 'ワクチン / product.';
COMMENT ON COLUMN vsys.notice.on_date IS '配送予定日 / local date.';
COMMENT ON COLUMN vsys.notice.old_on_date IS '変更前の日 / date before the change.';
COMMENT ON COLUMN vsys.notice.vials IS 'バイアル数 / vials.';
COMMENT ON COLUMN vsys.notice.old_vials IS '変更前のバイアル数 / vials before the change.';
COMMENT ON COLUMN vsys.notice.boxes IS '箱数 / boxes, where it comes in whole boxes.';
COMMENT ON COLUMN vsys.notice.lot IS 'ロット / lots, if known.';
COMMENT ON COLUMN vsys.notice.reason IS '理由 / why it was changed.';
COMMENT ON COLUMN vsys.notice.made_at IS '作成日時 / when.';
COMMENT ON COLUMN vsys.notice.acknowledged_at IS '確認日時 / when the recipient confirmed it; NULL: not yet.';
COMMENT ON COLUMN vsys.notice.acknowledged_by IS '確認者 / who confirmed it; where the branch asked by telephone, whom it spoke to. NULL once its retention is over.';
CREATE INDEX notice_delivery_idx ON vsys.notice (delivery, recipient, notice);
CREATE INDEX notice_site_idx ON vsys.notice (site) WHERE acknowledged_at IS NULL;
CREATE INDEX notice_municipality_idx ON vsys.notice (municipality) WHERE acknowledged_at IS NULL;
CREATE INDEX notice_prefecture_idx ON vsys.notice (prefecture) WHERE acknowledged_at IS NULL;
CREATE INDEX notice_branch_idx ON vsys.notice (branch) WHERE acknowledged_at IS NULL;

CREATE SEQUENCE vsys.shipment_number;
COMMENT ON SEQUENCE vsys.shipment_number IS 'Numbers of shipments.';
CREATE TABLE vsys.shipment (
	shipment bigint PRIMARY KEY DEFAULT nextval('vsys.shipment_number'),
	delivery bigint NOT NULL REFERENCES vsys.delivery,
	site outbreak.institution_code NOT NULL,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(site)) STORED,
	municipality outbreak.municipality_code NOT NULL,
	branch bigint NOT NULL,
	product text NOT NULL,
	lot text NOT NULL,
	expiry_on date,
	vials integer NOT NULL CHECK (vials > 0),
	doses_per_vial smallint NOT NULL CHECK (doses_per_vial BETWEEN 1 AND 100),
	sscc text CHECK (sscc ~ '^[0-9]{18}$'),
	logger text,
	logger_ok boolean NOT NULL DEFAULT true,
	shipped_at timestamptz NOT NULL,
	moved_from bigint REFERENCES vsys.shipment,
	key text,
	FOREIGN KEY (product, lot) REFERENCES vsys.lot DEFERRABLE INITIALLY DEFERRED
);
ALTER SEQUENCE vsys.shipment_number OWNED BY vsys.shipment.shipment;
COMMENT ON TABLE vsys.shipment IS '出荷 / what left for a site: one row a lot, or a box. To insert a row is to ship. Rows never change.';
COMMENT ON COLUMN vsys.shipment.shipment IS '番号 / number, given here.';
COMMENT ON COLUMN vsys.shipment.delivery IS '配送 / delivery.';
COMMENT ON COLUMN vsys.shipment.site IS '施設コード / site, set from the delivery.';
COMMENT ON COLUMN vsys.shipment.prefecture IS '都道府県番号 / prefecture of the site.';
COMMENT ON COLUMN vsys.shipment.municipality IS '市区町村 / municipality of the site, set from the delivery.';
COMMENT ON COLUMN vsys.shipment.branch IS '配送拠点 / branch, set from the delivery.';
COMMENT ON COLUMN vsys.shipment.product IS 'ワクチン / product, set from the delivery.';
COMMENT ON COLUMN vsys.shipment.lot IS 'ロット / lot.';
COMMENT ON COLUMN vsys.shipment.expiry_on IS '最終有効年月日 / label expiry as scanned; makes a lot known that was not yet.';
COMMENT ON COLUMN vsys.shipment.vials IS 'バイアル数 / vials.';
COMMENT ON COLUMN vsys.shipment.doses_per_vial IS '1バイアルの回数 / doses that a vial of this shipment gives; the product''s where it is not said.';
COMMENT ON COLUMN vsys.shipment.sscc IS 'SSCC / serial number of the box, GS1 AI (00).';
COMMENT ON COLUMN vsys.shipment.logger IS '温度ロガー / number of the temperature logger that travels with it.';
COMMENT ON COLUMN vsys.shipment.logger_ok IS '温度確認 / the logger runs and shows the right temperature; nothing is shipped without.';
COMMENT ON COLUMN vsys.shipment.shipped_at IS '出荷日時 / when it left.';
COMMENT ON COLUMN vsys.shipment.moved_from IS '変更元 / shipment to another site that it was on its way as, before it was rerouted.';
COMMENT ON COLUMN vsys.shipment.key IS '冪等キー / name that the branch gave to this step: the same step again is recognised by it.';
CREATE INDEX shipment_delivery_idx ON vsys.shipment (delivery);
CREATE INDEX shipment_site_idx ON vsys.shipment (site);
CREATE INDEX shipment_municipality_idx ON vsys.shipment (municipality);
CREATE INDEX shipment_prefecture_idx ON vsys.shipment (prefecture);
CREATE INDEX shipment_moved_from_idx ON vsys.shipment (moved_from) WHERE moved_from IS NOT NULL;
CREATE UNIQUE INDEX shipment_sscc_idx ON vsys.shipment (branch, sscc) WHERE moved_from IS NULL;
CREATE UNIQUE INDEX shipment_key_idx ON vsys.shipment (branch, key);

CREATE SEQUENCE vsys.receipt_number;
COMMENT ON SEQUENCE vsys.receipt_number IS 'Numbers of receipts.';
CREATE TABLE vsys.receipt (
	receipt bigint PRIMARY KEY DEFAULT nextval('vsys.receipt_number'),
	delivery bigint NOT NULL REFERENCES vsys.delivery,
	site outbreak.institution_code NOT NULL,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(site)) STORED,
	municipality outbreak.municipality_code NOT NULL,
	branch bigint NOT NULL,
	product text NOT NULL,
	lot text NOT NULL,
	expiry_on date,
	vials integer NOT NULL CHECK (vials >= 0),
	rejected integer NOT NULL DEFAULT 0 CHECK (rejected >= 0),
	more_to_come boolean NOT NULL DEFAULT false,
	condition text NOT NULL DEFAULT 'good' CHECK (condition = ANY ('{good,temperature,damaged,wrong_product,expired,other}'::text[])),
	logger_ok boolean NOT NULL DEFAULT true,
	received_by text CHECK (btrim(received_by) <> ''),
	received_at timestamptz NOT NULL,
	recorded_at timestamptz NOT NULL DEFAULT now(),
	note text,
	key text,
	CHECK ((rejected > 0) = (condition <> 'good')),
	FOREIGN KEY (product, lot) REFERENCES vsys.lot DEFERRABLE INITIALLY DEFERRED
);
ALTER SEQUENCE vsys.receipt_number OWNED BY vsys.receipt.receipt;
COMMENT ON TABLE vsys.receipt IS '受領 / proof of receipt: who counted what, when, in what condition. To insert a row is to receive: the stock of the site is posted with it. Rows never change.';
COMMENT ON COLUMN vsys.receipt.receipt IS '番号 / number, given here.';
COMMENT ON COLUMN vsys.receipt.delivery IS '配送 / delivery.';
COMMENT ON COLUMN vsys.receipt.site IS '施設コード / site, set from the delivery.';
COMMENT ON COLUMN vsys.receipt.prefecture IS '都道府県番号 / prefecture of the site.';
COMMENT ON COLUMN vsys.receipt.municipality IS '市区町村 / municipality of the site, set from the delivery.';
COMMENT ON COLUMN vsys.receipt.branch IS '配送拠点 / branch, set from the delivery.';
COMMENT ON COLUMN vsys.receipt.product IS 'ワクチン / product, set from the delivery.';
COMMENT ON COLUMN vsys.receipt.lot IS 'ロット / lot as it stands on what came.';
COMMENT ON COLUMN vsys.receipt.expiry_on IS '最終有効年月日 / label expiry as scanned; makes a lot known that was not yet.';
COMMENT ON COLUMN vsys.receipt.vials IS '受領数 / vials taken into stock.';
COMMENT ON COLUMN vsys.receipt.rejected IS '受領拒否数 / vials sent back or not accepted.';
COMMENT ON COLUMN vsys.receipt.more_to_come IS '分割到着 / the rest of the lot comes separately; otherwise what is missing is a discrepancy.';
COMMENT ON COLUMN vsys.receipt.condition IS '状態 / good 良好; why something was rejected: temperature 温度逸脱, damaged 破損, wrong_product 品違い, expired 期限切れ, other その他.';
COMMENT ON COLUMN vsys.receipt.logger_ok IS '温度確認 / the logger shows that the temperature was kept. Otherwise nothing goes into stock.';
COMMENT ON COLUMN vsys.receipt.received_by IS '受領者 / who received it; NULL once its retention is over.';
COMMENT ON COLUMN vsys.receipt.received_at IS '受領日時 / when.';
COMMENT ON COLUMN vsys.receipt.recorded_at IS '登録日時 / when it was entered.';
COMMENT ON COLUMN vsys.receipt.note IS '備考 / note.';
COMMENT ON COLUMN vsys.receipt.key IS '冪等キー / name that the site gave to this step: the same step again is recognised by it.';
CREATE INDEX receipt_delivery_idx ON vsys.receipt (delivery);
CREATE INDEX receipt_municipality_idx ON vsys.receipt (municipality);
CREATE INDEX receipt_prefecture_idx ON vsys.receipt (prefecture);
CREATE INDEX receipt_branch_idx ON vsys.receipt (branch);
CREATE UNIQUE INDEX receipt_key_idx ON vsys.receipt (site, key);

CREATE SEQUENCE vsys.discrepancy_number;
COMMENT ON SEQUENCE vsys.discrepancy_number IS 'Numbers of discrepancies.';
CREATE TABLE vsys.discrepancy (
	discrepancy bigint PRIMARY KEY DEFAULT nextval('vsys.discrepancy_number'),
	delivery bigint NOT NULL REFERENCES vsys.delivery,
	site outbreak.institution_code NOT NULL,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(site)) STORED,
	municipality outbreak.municipality_code NOT NULL,
	branch bigint NOT NULL,
	product text NOT NULL,
	kind text NOT NULL CHECK (kind = ANY ('{missing,surplus,other_lot}'::text[])),
	lot text NOT NULL,
	vials integer NOT NULL CHECK (vials > 0),
	opened_at timestamptz NOT NULL,
	explanation text CHECK (explanation = ANY ('{found,lost,miscounted,relabelled}'::text[])),
	instead_of text,
	explained_at timestamptz,
	note text,
	written_off integer NOT NULL DEFAULT 0 CHECK (written_off >= 0),
	CHECK ((explanation IS NULL) = (explained_at IS NULL)),
	CHECK (explanation IS NULL OR btrim(note) <> ''),
	CHECK (instead_of IS NULL OR explanation = 'relabelled')
);
ALTER SEQUENCE vsys.discrepancy_number OWNED BY vsys.discrepancy.discrepancy;
COMMENT ON TABLE vsys.discrepancy IS '数量差異 / where what came is not what was sent. It stays open until somebody explains it; what is missing counts as in transit until then.';
COMMENT ON COLUMN vsys.discrepancy.discrepancy IS '番号 / number, given here.';
COMMENT ON COLUMN vsys.discrepancy.delivery IS '配送 / delivery.';
COMMENT ON COLUMN vsys.discrepancy.site IS '施設コード / site, set from the delivery.';
COMMENT ON COLUMN vsys.discrepancy.prefecture IS '都道府県番号 / prefecture of the site.';
COMMENT ON COLUMN vsys.discrepancy.municipality IS '市区町村 / municipality of the site, set from the delivery.';
COMMENT ON COLUMN vsys.discrepancy.branch IS '配送拠点 / branch, set from the delivery.';
COMMENT ON COLUMN vsys.discrepancy.product IS 'ワクチン / product, set from the delivery.';
COMMENT ON COLUMN vsys.discrepancy.kind IS '種類 / missing 不足, surplus 過剰, other_lot ロット相違 (a lot that was not sent).';
COMMENT ON COLUMN vsys.discrepancy.lot IS 'ロット / lot that is missing or too many.';
COMMENT ON COLUMN vsys.discrepancy.vials IS 'バイアル数 / how many vials.';
COMMENT ON COLUMN vsys.discrepancy.opened_at IS '発生日時 / when.';
COMMENT ON COLUMN vsys.discrepancy.explanation IS '説明 / found 到着した (by a later receipt), lost 紛失・破損, miscounted 出荷数の誤り, relabelled ロット取違え (it came instead of another lot).';
COMMENT ON COLUMN vsys.discrepancy.instead_of IS '取違えたロット / lot that it came instead of, which then is missing no longer.';
COMMENT ON COLUMN vsys.discrepancy.explained_at IS '説明日時 / when.';
COMMENT ON COLUMN vsys.discrepancy.note IS '説明内容 / what happened.';
COMMENT ON COLUMN vsys.discrepancy.written_off IS '輸送中からの除外数 / vials that are in transit no longer by this explanation.';
CREATE INDEX discrepancy_delivery_idx ON vsys.discrepancy (delivery);
CREATE INDEX discrepancy_site_idx ON vsys.discrepancy (site);
CREATE INDEX discrepancy_municipality_idx ON vsys.discrepancy (municipality);
CREATE INDEX discrepancy_prefecture_idx ON vsys.discrepancy (prefecture);
CREATE INDEX discrepancy_branch_idx ON vsys.discrepancy (branch);

CREATE SEQUENCE vsys.reroute_number;
COMMENT ON SEQUENCE vsys.reroute_number IS 'Numbers of reroutings.';
CREATE TABLE vsys.reroute (
	reroute bigint PRIMARY KEY DEFAULT nextval('vsys.reroute_number'),
	delivery bigint NOT NULL REFERENCES vsys.delivery,
	site outbreak.institution_code NOT NULL,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(site)) STORED,
	municipality outbreak.municipality_code NOT NULL,
	branch bigint NOT NULL,
	product text NOT NULL,
	to_site outbreak.institution_code NOT NULL REFERENCES vsys.site,
	to_prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(to_site)) STORED,
	on_date date NOT NULL,
	reason text NOT NULL CHECK (btrim(reason) <> ''),
	rerouted_at timestamptz NOT NULL,
	to_delivery bigint REFERENCES vsys.delivery,
	vials integer,
	CHECK (to_site OPERATOR(outbreak.<>) site)
);
ALTER SEQUENCE vsys.reroute_number OWNED BY vsys.reroute.reroute;
COMMENT ON TABLE vsys.reroute IS '送付先変更 / deliveries that go to another site than planned. To insert a row is to reroute: what is not received yet becomes a delivery of the other site. Rows never change.';
COMMENT ON COLUMN vsys.reroute.reroute IS '番号 / number, given here.';
COMMENT ON COLUMN vsys.reroute.delivery IS '配送 / delivery that is rerouted.';
COMMENT ON COLUMN vsys.reroute.site IS '施設コード / site that it was for, set from the delivery.';
COMMENT ON COLUMN vsys.reroute.prefecture IS '都道府県番号 / prefecture of that site.';
COMMENT ON COLUMN vsys.reroute.municipality IS '市区町村 / municipality of that site, set from the delivery.';
COMMENT ON COLUMN vsys.reroute.branch IS '配送拠点 / branch, set from the delivery.';
COMMENT ON COLUMN vsys.reroute.product IS 'ワクチン / product, set from the delivery.';
COMMENT ON COLUMN vsys.reroute.to_site IS '変更先施設コード / site that it goes to.';
COMMENT ON COLUMN vsys.reroute.to_prefecture IS '変更先都道府県番号 / prefecture of that site.';
COMMENT ON COLUMN vsys.reroute.on_date IS '配送予定日 / local date for the other site.';
COMMENT ON COLUMN vsys.reroute.reason IS '理由 / why.';
COMMENT ON COLUMN vsys.reroute.rerouted_at IS '変更日時 / when.';
COMMENT ON COLUMN vsys.reroute.to_delivery IS '変更後の配送 / delivery of the other site.';
COMMENT ON COLUMN vsys.reroute.vials IS 'バイアル数 / vials that went along.';
CREATE INDEX reroute_delivery_idx ON vsys.reroute (delivery);
CREATE INDEX reroute_municipality_idx ON vsys.reroute (municipality);
CREATE INDEX reroute_prefecture_idx ON vsys.reroute (prefecture);
CREATE INDEX reroute_to_prefecture_idx ON vsys.reroute (to_prefecture);
CREATE INDEX reroute_to_delivery_idx ON vsys.reroute (to_delivery);
CREATE INDEX reroute_branch_idx ON vsys.reroute (branch);
