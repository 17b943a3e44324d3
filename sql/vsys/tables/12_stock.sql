-- ---- stock: the ledger, its sums by day and by parts of busy days, and what each site has in hand

CREATE SEQUENCE vsys.stock_event_number;
COMMENT ON SEQUENCE vsys.stock_event_number IS 'Numbers of stock events.';
CREATE TABLE vsys.stock_event (
	event bigint NOT NULL,
	site outbreak.institution_code NOT NULL REFERENCES vsys.site,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(site)) STORED,
	municipality outbreak.municipality_code NOT NULL,
	product text NOT NULL,
	lot text NOT NULL,
	doses_per_vial smallint NOT NULL CHECK (doses_per_vial BETWEEN 1 AND 100),
	kind text NOT NULL CHECK (kind = ANY ('{received,moved_in,moved_out,given,wasted,discarded,counted,reversed}'::text[])),
	vials integer NOT NULL DEFAULT 0 CHECK (vials BETWEEN -1000000 AND 1000000),
	doses integer NOT NULL DEFAULT 0 CHECK (doses BETWEEN -1000000 AND 1000000),
	total integer CHECK (total >= 0),
	of_event bigint,
	reversed_kind text CHECK (reversed_kind <> 'reversed'),
	delta integer NOT NULL GENERATED ALWAYS AS (
		doses_per_vial * vials * CASE coalesce(reversed_kind, kind) WHEN 'moved_out' THEN -1 WHEN 'discarded' THEN -1 ELSE 1 END - doses) STORED,
	happened_at timestamptz NOT NULL DEFAULT now() CHECK (isfinite(happened_at)),
	recorded_at timestamptz NOT NULL DEFAULT now(),
	recorded_by text NOT NULL DEFAULT current_user,
	key text CHECK (key ~ '^[[:graph:] ]{1,200}$'),
	reason text CHECK (reason <> ''),
	PRIMARY KEY (event, site, happened_at),
	FOREIGN KEY (product, lot) REFERENCES vsys.lot,
	CONSTRAINT stock_event_amount CHECK (
		CASE kind
			WHEN 'given' THEN vials = 0 AND doses > 0
			WHEN 'wasted' THEN vials = 0 AND doses > 0
			WHEN 'counted' THEN vials <> 0 AND doses = 0
			WHEN 'reversed' THEN (vials <> 0) <> (doses <> 0)
			ELSE vials > 0 AND doses = 0
		END),
	CONSTRAINT stock_event_names_its_event CHECK ((kind = 'reversed') = (reversed_kind IS NOT NULL) AND (kind <> 'reversed' OR of_event IS NOT NULL)
		AND (of_event IS NULL OR kind = ANY ('{reversed,moved_in}'::text[]))),
	CONSTRAINT stock_event_says_why CHECK (reason IS NOT NULL OR kind <> ALL ('{counted,reversed}'::text[]))
) PARTITION BY RANGE (happened_at);
ALTER SEQUENCE vsys.stock_event_number OWNED BY vsys.stock_event.event;
COMMENT ON TABLE vsys.stock_event IS '在庫台帳 / the ledger of stock: what came to a site, left it, was given, thrown away or counted. Events are added and never changed; a mistake is reversed by another event. What is on hand follows from nothing else. Written through vsys.post_stock(), vsys.report_total() and vsys.reverse_stock(); the trigger of an INSERT does the same work, so COPY keeps the rules too.';
COMMENT ON COLUMN vsys.stock_event.event IS '番号 / number, given here.';
COMMENT ON COLUMN vsys.stock_event.site IS '施設コード / site.';
COMMENT ON COLUMN vsys.stock_event.prefecture IS '都道府県番号 / prefecture of the site.';
COMMENT ON COLUMN vsys.stock_event.municipality IS '市区町村 / municipality of the site when the event was entered.';
COMMENT ON COLUMN vsys.stock_event.product IS 'ワクチン / product.';
COMMENT ON COLUMN vsys.stock_event.lot IS 'ロット番号 / lot.';
COMMENT ON COLUMN vsys.stock_event.doses_per_vial IS '1バイアルの回数 / doses that these vials give: a matter of the shipment, and never changed afterwards.';
COMMENT ON COLUMN vsys.stock_event.kind IS '区分 / received 受領, moved_in 融通受, moved_out 融通出, given 接種 (doses), wasted 残液廃棄 (doses left in an opened vial), discarded 廃棄 (unopened vials), counted 棚卸差異 (may be negative), reversed 取消.';
COMMENT ON COLUMN vsys.stock_event.vials IS 'バイアル数 / unopened vials; for a reversal the opposite of the reversed event.';
COMMENT ON COLUMN vsys.stock_event.doses IS '回数 / doses out of opened vials.';
COMMENT ON COLUMN vsys.stock_event.total IS '累計 / the running total that was entered, of which this event is the difference; NULL when the amount itself was entered.';
COMMENT ON COLUMN vsys.stock_event.of_event IS '対象 / the event that is reversed; for vials moved in, the event by which they left the other site.';
COMMENT ON COLUMN vsys.stock_event.reversed_kind IS '取消区分 / kind of the reversed event.';
COMMENT ON COLUMN vsys.stock_event.delta IS '増減 / what it adds to the doses on hand.';
COMMENT ON COLUMN vsys.stock_event.happened_at IS '発生日時 / when it happened: stock as of a moment counts what happened until then. A reversal happened when the reversed event did.';
COMMENT ON COLUMN vsys.stock_event.recorded_at IS '登録日時 / when it was entered.';
COMMENT ON COLUMN vsys.stock_event.recorded_by IS '登録者 / subject of the token or login role that entered it.';
COMMENT ON COLUMN vsys.stock_event.key IS '冪等キー / key of the sender: entered again, the event is the one that is there.';
COMMENT ON COLUMN vsys.stock_event.reason IS '理由 / why; needed for counts and reversals.';
CREATE INDEX stock_event_site_idx ON vsys.stock_event (site, happened_at);
CREATE INDEX stock_event_of_event_idx ON vsys.stock_event (of_event) WHERE of_event IS NOT NULL;
CREATE TABLE vsys.stock_event_default PARTITION OF vsys.stock_event DEFAULT;
COMMENT ON TABLE vsys.stock_event_default IS 'Events of months that have no partition.';

CREATE TABLE vsys.stock_key (
	site outbreak.institution_code NOT NULL REFERENCES vsys.site,
	key text NOT NULL,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(site)) STORED,
	municipality outbreak.municipality_code NOT NULL,
	event bigint NOT NULL,
	happened_at timestamptz NOT NULL,
	reverses bigint,
	PRIMARY KEY (site, key),
	UNIQUE (site, reverses)
);
COMMENT ON TABLE vsys.stock_key IS '冪等キー / which event each key stands for, and which events are reversed: a table of its own, since the ledger is partitioned.';
COMMENT ON COLUMN vsys.stock_key.site IS '施設コード / site.';
COMMENT ON COLUMN vsys.stock_key.key IS 'キー / the key.';
COMMENT ON COLUMN vsys.stock_key.prefecture IS '都道府県番号 / prefecture of the site.';
COMMENT ON COLUMN vsys.stock_key.municipality IS '市区町村 / municipality of the site.';
COMMENT ON COLUMN vsys.stock_key.event IS '番号 / the event.';
COMMENT ON COLUMN vsys.stock_key.happened_at IS '発生日時 / when it happened.';
COMMENT ON COLUMN vsys.stock_key.reverses IS '取消対象 / the event that this one reverses; one event is reversed once.';

CREATE TABLE vsys.holding (
	site outbreak.institution_code NOT NULL REFERENCES vsys.site,
	product text NOT NULL,
	lot text NOT NULL,
	doses_per_vial smallint NOT NULL,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(site)) STORED,
	municipality outbreak.municipality_code NOT NULL,
	doses bigint NOT NULL DEFAULT 0,
	opened_at timestamptz,
	version bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (site, product, lot, doses_per_vial),
	FOREIGN KEY (product, lot) REFERENCES vsys.lot
) WITH (fillfactor = 70);
COMMENT ON TABLE vsys.holding IS '在庫 / what each site has of a lot, after all events: one row for each number of doses that its vials give. Kept by the ledger''s trigger; whoever enters events of a lot takes turns on its row.';
COMMENT ON COLUMN vsys.holding.site IS '施設コード / site.';
COMMENT ON COLUMN vsys.holding.product IS 'ワクチン / product.';
COMMENT ON COLUMN vsys.holding.lot IS 'ロット番号 / lot.';
COMMENT ON COLUMN vsys.holding.doses_per_vial IS '1バイアルの回数 / doses that a vial gives.';
COMMENT ON COLUMN vsys.holding.prefecture IS '都道府県番号 / prefecture of the site.';
COMMENT ON COLUMN vsys.holding.municipality IS '市区町村 / municipality of the site.';
COMMENT ON COLUMN vsys.holding.doses IS '回数 / doses on hand: doses_per_vial for each unopened vial, and what is left in the opened one.';
COMMENT ON COLUMN vsys.holding.opened_at IS '開封日時 / when the vial was opened that was opened last; NULL: none was.';
COMMENT ON COLUMN vsys.holding.version IS 'Counts the changes: at commit the last one alone is checked.';
CREATE INDEX holding_lot_idx ON vsys.holding (product, lot, site);

CREATE TABLE vsys.stock_day (
	site outbreak.institution_code NOT NULL REFERENCES vsys.site,
	product text NOT NULL,
	lot text NOT NULL,
	doses_per_vial smallint NOT NULL,
	on_date date NOT NULL,
	block integer NOT NULL DEFAULT 1 CHECK (block > 0),
	latest boolean NOT NULL DEFAULT true,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(site)) STORED,
	municipality outbreak.municipality_code NOT NULL,
	events integer NOT NULL DEFAULT 0,
	received integer NOT NULL DEFAULT 0,
	moved_in integer NOT NULL DEFAULT 0,
	moved_out integer NOT NULL DEFAULT 0,
	given integer NOT NULL DEFAULT 0,
	wasted integer NOT NULL DEFAULT 0,
	discarded integer NOT NULL DEFAULT 0,
	counted integer NOT NULL DEFAULT 0,
	delta integer NOT NULL GENERATED ALWAYS AS (doses_per_vial * (received + moved_in - moved_out - discarded + counted) - given - wasted) STORED,
	low integer NOT NULL,
	low_before integer,
	first_at timestamptz NOT NULL,
	last_at timestamptz NOT NULL,
	PRIMARY KEY (site, on_date, product, lot, doses_per_vial, block)
) WITH (fillfactor = 70);
COMMENT ON TABLE vsys.stock_day IS '日別増減 / the ledger summed up by site, lot and local day, each day by itself, and a busy day in several blocks of some hundred events, one after the other in time: an event of the past changes the sums of its block and of no other. Kept by the ledger''s trigger.';
COMMENT ON COLUMN vsys.stock_day.site IS '施設コード / site.';
COMMENT ON COLUMN vsys.stock_day.product IS 'ワクチン / product.';
COMMENT ON COLUMN vsys.stock_day.lot IS 'ロット番号 / lot.';
COMMENT ON COLUMN vsys.stock_day.doses_per_vial IS '1バイアルの回数 / doses that a vial gives.';
COMMENT ON COLUMN vsys.stock_day.on_date IS '日 / local date on which the events happened.';
COMMENT ON COLUMN vsys.stock_day.block IS 'Number within the day, in the order in which the blocks were begun; their times do not overlap.';
COMMENT ON COLUMN vsys.stock_day.latest IS 'Whether it is the latest block of its day, in time.';
COMMENT ON COLUMN vsys.stock_day.prefecture IS '都道府県番号 / prefecture of the site.';
COMMENT ON COLUMN vsys.stock_day.municipality IS '市区町村 / municipality of the site.';
COMMENT ON COLUMN vsys.stock_day.events IS '件数 / events that are summed up here.';
COMMENT ON COLUMN vsys.stock_day.received IS '受領 / vials received, reversals taken off, here and below.';
COMMENT ON COLUMN vsys.stock_day.moved_in IS '融通受 / vials moved in from other sites.';
COMMENT ON COLUMN vsys.stock_day.moved_out IS '融通出 / vials moved out to other sites.';
COMMENT ON COLUMN vsys.stock_day.given IS '接種 / doses given.';
COMMENT ON COLUMN vsys.stock_day.wasted IS '残液廃棄 / doses thrown away out of opened vials.';
COMMENT ON COLUMN vsys.stock_day.discarded IS '廃棄 / unopened vials thrown away.';
COMMENT ON COLUMN vsys.stock_day.counted IS '棚卸差異 / vials found more (or less) at counts.';
COMMENT ON COLUMN vsys.stock_day.delta IS '増減 / what the block added to the doses on hand.';
COMMENT ON COLUMN vsys.stock_day.low IS '最小 / lowest that the doses on hand stood within the block, against its beginning: after all events of the same moment.';
COMMENT ON COLUMN vsys.stock_day.low_before IS 'The same before the moment last_at; NULL when there was none.';
COMMENT ON COLUMN vsys.stock_day.first_at IS 'When the first of its events happened.';
COMMENT ON COLUMN vsys.stock_day.last_at IS 'When the last of its events happened.';
CREATE INDEX stock_day_lot_idx ON vsys.stock_day (product, lot, site);
CREATE INDEX stock_day_date_idx ON vsys.stock_day (on_date);
