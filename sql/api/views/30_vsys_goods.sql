CREATE OR REPLACE VIEW api.vsys_sites WITH (security_invoker = true) AS
SELECT s.site::text AS site,
	s.prefecture,
	s.municipality::text AS municipality,
	s.kind,
	s.state,
	s.public,
	i.name_ja,
	i.zip,
	i.address,
	i.phone,
	@postgis@.st_y(i.location::@postgis@.geometry) AS latitude,
	@postgis@.st_x(i.location::@postgis@.geometry) AS longitude,
	s.reservation,
	s.reservation_url,
	s.reservation_phone,
	s.notes,
	(
		SELECT coalesce(array_agg(p.product ORDER BY p.product), '{}')
		FROM vsys.site_product AS p
		WHERE p.site OPERATOR(outbreak.=) s.site
			AND p.valid @> outbreak.local_date()
	) AS products
FROM vsys.site AS s
JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) s.site;
COMMENT ON VIEW api.vsys_sites IS '接種施設の登録 / How vaccination sites are registered: without a token those that are open and want to be seen, with one those that you may see. Whether they have free places, rpc/vaccination_sites tells.';
COMMENT ON COLUMN api.vsys_sites.site IS '施設コード / ten digits.';
COMMENT ON COLUMN api.vsys_sites.prefecture IS '都道府県番号 / prefecture.';
COMMENT ON COLUMN api.vsys_sites.municipality IS '市区町村 / six-digit code of the municipality.';
COMMENT ON COLUMN api.vsys_sites.kind IS '施設種別 / basic 基本型, linked 連携型, satellite サテライト型.';
COMMENT ON COLUMN api.vsys_sites.state IS '登録状況 / applied, authorised, registered, open, paused, closed.';
COMMENT ON COLUMN api.vsys_sites.public IS '公開 / whether the public sees it while it is open.';
COMMENT ON COLUMN api.vsys_sites.name_ja IS '名称 / name.';
COMMENT ON COLUMN api.vsys_sites.zip IS '郵便番号 / postal code.';
COMMENT ON COLUMN api.vsys_sites.address IS '所在地 / address.';
COMMENT ON COLUMN api.vsys_sites.phone IS '電話番号 / telephone.';
COMMENT ON COLUMN api.vsys_sites.latitude IS '緯度 / degrees, WGS 84.';
COMMENT ON COLUMN api.vsys_sites.longitude IS '経度 / degrees, WGS 84.';
COMMENT ON COLUMN api.vsys_sites.reservation IS '予約方法 / vsys, web, phone, municipality, none.';
COMMENT ON COLUMN api.vsys_sites.reservation_url IS '予約URL / page of its own reservation.';
COMMENT ON COLUMN api.vsys_sites.reservation_phone IS '予約電話番号 / telephone for reservations.';
COMMENT ON COLUMN api.vsys_sites.notes IS '備考 / notes for visitors.';
COMMENT ON COLUMN api.vsys_sites.products IS '取扱ワクチン / vaccines that it has today.';
CREATE OR REPLACE TRIGGER refuse_write
INSTEAD OF INSERT OR UPDATE OR DELETE ON api.vsys_sites
FOR EACH ROW
EXECUTE FUNCTION ops.refuse_write();
