-- ---- rounds: what is divided, and what each site gets in the end

CREATE SEQUENCE vsys.round_number;
COMMENT ON SEQUENCE vsys.round_number IS 'Numbers of rounds.';
CREATE TABLE vsys.round (
	round bigint PRIMARY KEY DEFAULT nextval('vsys.round_number'),
	product text NOT NULL REFERENCES vsys.product,
	name_ja text NOT NULL UNIQUE CHECK (name_ja <> ''),
	boxes integer NOT NULL CHECK (boxes >= 0),
	deliver daterange NOT NULL CHECK (NOT isempty(deliver) AND NOT lower_inf(deliver) AND NOT upper_inf(deliver)),
	state text NOT NULL DEFAULT 'draft' CHECK (state = ANY ('{draft,decided,published,withdrawn}'::text[]))
);
ALTER SEQUENCE vsys.round_number OWNED BY vsys.round.round;
COMMENT ON TABLE vsys.round IS 'クール / allocation rounds: how many boxes of a product are divided for a fortnight of deliveries.';
COMMENT ON COLUMN vsys.round.round IS '番号 / number, given here.';
COMMENT ON COLUMN vsys.round.product IS 'ワクチン / product.';
COMMENT ON COLUMN vsys.round.name_ja IS '名称 / such as 第9クール.';
COMMENT ON COLUMN vsys.round.boxes IS '箱数 / boxes that the nation divides.';
COMMENT ON COLUMN vsys.round.deliver IS '配送期間 / local dates of delivery.';
COMMENT ON COLUMN vsys.round.state IS '状態 / draft 作成中, decided 決定, published 通知済, withdrawn 取消.';

CREATE TABLE vsys.allotment (
	round bigint NOT NULL REFERENCES vsys.round,
	site outbreak.institution_code NOT NULL REFERENCES vsys.site,
	prefecture smallint NOT NULL GENERATED ALWAYS AS (outbreak.prefecture(site)) STORED,
	vials integer NOT NULL CHECK (vials >= 0),
	PRIMARY KEY (round, site)
);
COMMENT ON TABLE vsys.allotment IS '割当 / what each site gets in a round, in vials: the end of the chain nation, prefecture, municipality, site. Delivery is planned from here.';
COMMENT ON COLUMN vsys.allotment.round IS 'クール / round.';
COMMENT ON COLUMN vsys.allotment.site IS '施設コード / site.';
COMMENT ON COLUMN vsys.allotment.prefecture IS '都道府県番号 / prefecture of the site.';
COMMENT ON COLUMN vsys.allotment.vials IS 'バイアル数 / vials.';
CREATE INDEX allotment_site_idx ON vsys.allotment (site);
CREATE INDEX allotment_prefecture_idx ON vsys.allotment (prefecture);
