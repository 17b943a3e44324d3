CREATE OR REPLACE VIEW api.vaccine_rounds WITH (security_invoker = true) AS
SELECT r.round,
	r.product,
	r.name_ja,
	r.boxes,
	lower(r.deliver) AS deliver_from,
	upper(r.deliver) - 1 AS deliver_to,
	r.state,
	r.request_until,
	r.published_at,
	r.withdrawn_at
FROM vsys.round AS r;
COMMENT ON VIEW api.vaccine_rounds IS 'クール一覧 / Allocation rounds. The public sees those that were published.';
COMMENT ON COLUMN api.vaccine_rounds.round IS '番号 / number.';
COMMENT ON COLUMN api.vaccine_rounds.product IS 'ワクチン / product.';
COMMENT ON COLUMN api.vaccine_rounds.name_ja IS '名称 / name.';
COMMENT ON COLUMN api.vaccine_rounds.boxes IS '箱数 / boxes that the nation divides.';
COMMENT ON COLUMN api.vaccine_rounds.deliver_from IS '配送開始日 / first day of delivery.';
COMMENT ON COLUMN api.vaccine_rounds.deliver_to IS '配送終了日 / last day of delivery.';
COMMENT ON COLUMN api.vaccine_rounds.state IS '状態 / draft, decided, published, withdrawn.';
COMMENT ON COLUMN api.vaccine_rounds.request_until IS '希望量の締切 / when requests close; null: with the decision.';
COMMENT ON COLUMN api.vaccine_rounds.published_at IS '通知日時 / when it was published.';
COMMENT ON COLUMN api.vaccine_rounds.withdrawn_at IS '取消日時 / when it was withdrawn.';

CREATE OR REPLACE VIEW api.vaccine_requests WITH (security_invoker = true) AS
SELECT r.round,
	r.site::text AS site,
	r.prefecture,
	r.municipality::text AS municipality,
	r.priority_group,
	r.vials,
	r.requested_at
FROM vsys.request AS r;
COMMENT ON VIEW api.vaccine_requests IS '希望量 / What sites asked for, as far as you may see it; request_vaccine hands it in.';
COMMENT ON COLUMN api.vaccine_requests.round IS 'クール / round.';
COMMENT ON COLUMN api.vaccine_requests.site IS '施設コード / site.';
COMMENT ON COLUMN api.vaccine_requests.prefecture IS '都道府県番号 / prefecture.';
COMMENT ON COLUMN api.vaccine_requests.municipality IS '市区町村 / municipality.';
COMMENT ON COLUMN api.vaccine_requests.priority_group IS '優先区分 / for whom.';
COMMENT ON COLUMN api.vaccine_requests.vials IS 'バイアル数 / vials.';
COMMENT ON COLUMN api.vaccine_requests.requested_at IS '登録日時 / when.';

CREATE OR REPLACE VIEW api.vaccine_allotments WITH (security_invoker = true) AS
SELECT a.round,
	r.name_ja,
	r.state,
	r.product,
	a.site::text AS site,
	a.prefecture,
	a.municipality::text AS municipality,
	a.vials,
	round(a.vials::numeric / p.vials_per_box, 2) AS boxes,
	a.vials * coalesce(r.doses_per_vial, p.doses_per_vial) AS doses,
	a.branch
FROM vsys.allotment AS a
JOIN vsys.round AS r ON r.round = a.round
JOIN vsys.product AS p ON p.product = r.product;
COMMENT ON VIEW api.vaccine_allotments IS '割当 / What each site gets in published rounds, as far as you may see it; explain_allotment says why. state is withdrawn where a round was taken back.';
COMMENT ON COLUMN api.vaccine_allotments.round IS 'クール / round.';
COMMENT ON COLUMN api.vaccine_allotments.name_ja IS '名称 / name of the round.';
COMMENT ON COLUMN api.vaccine_allotments.state IS '状態 / state of the round.';
COMMENT ON COLUMN api.vaccine_allotments.product IS 'ワクチン / product.';
COMMENT ON COLUMN api.vaccine_allotments.site IS '施設コード / site.';
COMMENT ON COLUMN api.vaccine_allotments.prefecture IS '都道府県番号 / prefecture.';
COMMENT ON COLUMN api.vaccine_allotments.municipality IS '市区町村 / municipality.';
COMMENT ON COLUMN api.vaccine_allotments.vials IS 'バイアル数 / vials.';
COMMENT ON COLUMN api.vaccine_allotments.boxes IS '箱数 / the same in boxes.';
COMMENT ON COLUMN api.vaccine_allotments.doses IS '回数 / the same in doses.';
COMMENT ON COLUMN api.vaccine_allotments.branch IS '地域担当卸 / branch of the wholesaler that supplies the area, where one does.';
CREATE OR REPLACE TRIGGER refuse_write INSTEAD OF INSERT OR UPDATE OR DELETE ON api.vaccine_allotments
	FOR EACH ROW EXECUTE FUNCTION ops.refuse_write();
COMMENT ON TRIGGER refuse_write ON api.vaccine_allotments IS 'Nobody writes here.';
