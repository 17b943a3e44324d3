-- ---- recalls

CREATE OR REPLACE FUNCTION vsys.recall_lot(product text, lot text, reason text, as_of timestamptz DEFAULT now())
RETURNS TABLE (site outbreak.institution_code, prefecture smallint, name_ja text, phone text, vials bigint, open_doses bigint, doses_given bigint)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF coalesce(btrim(reason), '') = '' THEN
		RAISE EXCEPTION 'a recall needs a reason'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	-- what was recalled before stays recalled from then on
	UPDATE vsys.lot l
	SET recalled_at = least(l.recalled_at, as_of),
		recall_reason = recall_lot.reason
	WHERE l.product = recall_lot.product
		AND l.lot = recall_lot.lot;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no such lot, or it is not yours to recall'
			USING ERRCODE = 'no_data_found';
	END IF;
	RETURN QUERY
	SELECT r.site, r.prefecture, r.name_ja, r.phone, r.vials, r.open_doses, r.doses_given
	FROM vsys.lot_whereabouts(recall_lot.product, recall_lot.lot, as_of) AS r;
END
$$;
COMMENT ON FUNCTION vsys.recall_lot(text, text, text, timestamptz) IS
'ロットの回収 / recalls a lot from as_of on: vsys.stop_check refuses it at once, vsys.pick passes over it. Returns who has it and who gave it, as vsys.lot_whereabouts does, whom to call first. For the ministry. 22023 without a reason, P0002 for an unknown lot.';

CREATE OR REPLACE FUNCTION vsys.lot_whereabouts(product text, lot text, as_of timestamptz DEFAULT now())
RETURNS TABLE (site outbreak.institution_code, prefecture smallint, name_ja text, phone text, vials bigint, open_doses bigint, doses_given bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	SELECT t.site, outbreak.prefecture(t.site), i.name_ja, i.phone, t.vials, t.open_doses, t.given
	FROM (
		SELECT h.site, sum(a.doses / a.doses_per_vial)::bigint AS vials, sum(a.doses % a.doses_per_vial)::bigint AS open_doses, sum(a.given)::bigint AS given
		FROM (
			SELECT DISTINCT k.site
			FROM vsys.holding AS k
			WHERE k.product = lot_whereabouts.product
				AND k.lot = lot_whereabouts.lot
		) AS h
		CROSS JOIN LATERAL vsys.stock_account(h.site, as_of) AS a
		WHERE a.product = lot_whereabouts.product
			AND a.lot = lot_whereabouts.lot
		GROUP BY h.site
	) AS t
	JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) t.site
	WHERE t.vials > 0
		OR t.open_doses > 0
		OR t.given > 0
	ORDER BY t.vials DESC, t.open_doses DESC, t.given DESC, t.site;
END;
COMMENT ON FUNCTION vsys.lot_whereabouts(text, text, timestamptz) IS 'ロットの所在 / where a lot is as of a moment, most first: unopened vials and doses of opened ones on hand, and doses given, by site, from the ledger. For what the caller may see.';
