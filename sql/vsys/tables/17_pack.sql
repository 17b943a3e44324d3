-- ---- bar codes

CREATE TABLE vsys.product_pack (
	gtin outbreak.gtin PRIMARY KEY,
	product text NOT NULL REFERENCES vsys.product,
	level text NOT NULL CHECK (level = ANY ('{vial,box,carton}'::text[])),
	vials integer NOT NULL CHECK (vials BETWEEN 1 AND 1000000),
	CHECK (level <> 'vial' OR vials = 1)
);
COMMENT ON TABLE vsys.product_pack IS '包装 / the packs of a product and the GTIN that stands in the bar code of each: which vaccine a scan is, and how many vials. GTINs are entered from the labels; none comes with the system.';
COMMENT ON COLUMN vsys.product_pack.gtin IS '商品コード / GTIN, GS1 AI (01).';
COMMENT ON COLUMN vsys.product_pack.product IS 'ワクチン / product.';
COMMENT ON COLUMN vsys.product_pack.level IS '包装単位 / vial 調剤包装単位, box 販売包装単位, carton 元梱包装単位 (package indicators 0, 1 and 2 in Japan).';
COMMENT ON COLUMN vsys.product_pack.vials IS 'バイアル数 / vials in it.';
CREATE INDEX product_pack_product_idx ON vsys.product_pack (product);
