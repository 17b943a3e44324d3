-- ---- the check before the dose

CREATE OR REPLACE FUNCTION vsys.stop_check(scan text, site outbreak.institution_code, programme text DEFAULT NULL, as_of timestamptz DEFAULT now())
RETURNS TABLE (ok boolean, product text, lot text, expiry_on date, use_by timestamptz, codes text[], reasons_ja text[], reasons_en text[])
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	read record;
	known vsys.lot;
	stored record;
	opened record;
	begun record;
	on_date date := outbreak.local_date(as_of);
BEGIN
	SELECT s.gtin, s.expiry_on, s.lot INTO read
	FROM outbreak.gs1_scan(scan, on_date) AS s;
	codes := '{}';
	SELECT p.product INTO product
	FROM vsys.product_pack p
	WHERE p.gtin OPERATOR(outbreak.=) read.gtin;
	lot := read.lot;
	expiry_on := read.expiry_on;
	IF read.gtin IS NULL OR read.lot IS NULL THEN
		codes := codes || 'incomplete'::text;
	END IF;
	IF product IS NULL THEN
		codes := codes || 'unknown_product'::text;
	ELSE
		SELECT l.* INTO known
		FROM vsys.lot l
		WHERE l.product = stop_check.product
			AND l.lot = read.lot;
		IF NOT found THEN
			codes := codes || 'unknown_lot'::text;
		ELSE
			-- a label may have been extended after it was printed; it is never shortened
			IF read.expiry_on > known.expiry_on THEN
				codes := codes || 'expiry_differs'::text;
			END IF;
			expiry_on := known.expiry_on;
			IF known.recalled_at <= as_of THEN
				codes := codes || 'recalled'::text;
			END IF;
		END IF;
		IF programme IS NOT NULL AND NOT EXISTS (
			SELECT
			FROM vsys.programme_product v
			JOIN vsys.programme g ON g.programme = v.programme
			WHERE v.programme = stop_check.programme
				AND v.product = stop_check.product
				AND g.valid @> on_date
		) THEN
			codes := codes || 'wrong_programme'::text;
		END IF;
		-- the opened vial, and the unopened ones that are still good
		SELECT sum(s.vials) AS vials, sum(s.open_doses) AS open_doses INTO opened
		FROM vsys.stock(stop_check.site, as_of) s
		WHERE s.product = stop_check.product
			AND s.lot = read.lot;
		SELECT max(b.expires_at) AS last, min(b.expires_at) FILTER (WHERE b.expires_at > as_of) AS next INTO stored
		FROM vsys.storage_batch b
		WHERE b.site OPERATOR(outbreak.=) stop_check.site
			AND b.product = stop_check.product
			AND b.lot = read.lot
			AND b.vials > 0;
		-- several numbers of doses a vial: the opened vial that lasts longest
		SELECT max(u.expires_at) AS last INTO begun
		FROM vsys.use_today(stop_check.site, as_of) u
		WHERE u.product = stop_check.product
			AND u.lot = read.lot
			AND u.open_doses > 0;
		use_by := coalesce(CASE WHEN begun.last > as_of THEN begun.last END, stored.next, greatest(begun.last, stored.last));
		IF expiry_on < on_date THEN
			codes := codes || 'expired'::text;
		ELSIF use_by <= as_of AND coalesce(opened.vials, 0) + coalesce(opened.open_doses, 0) > 0 THEN
			codes := codes || 'thawed_out'::text;
		END IF;
		IF coalesce(opened.vials, 0) + coalesce(opened.open_doses, 0) = 0 AND codes <> '{unknown_lot}' THEN
			codes := codes || 'not_on_hand'::text;
		END IF;
	END IF;
	ok := codes = '{}';
	SELECT coalesce(array_agg(m.ja ORDER BY c.place), '{}'), coalesce(array_agg(m.en ORDER BY c.place), '{}')
	INTO reasons_ja, reasons_en
	FROM unnest(codes) WITH ORDINALITY AS c (code, place)
	JOIN (VALUES
		('incomplete', 'バーコードに商品コードまたはロット番号がありません。', 'The bar code lacks the GTIN or the lot.'),
		('unknown_product', '登録されていない商品コードです。', 'The GTIN is none of a vaccine that is known here.'),
		('unknown_lot', '登録されていないロットです。', 'The lot is not known.'),
		('expiry_differs', '使用期限が登録内容より後になっています。', 'The label says a later expiry than the one that is registered.'),
		('recalled', '回収対象のロットです。使用しないでください。', 'The lot is recalled: do not use it.'),
		('wrong_programme', 'この接種事業のワクチンではありません。', 'It is not a vaccine of this programme.'),
		('expired', '最終有効年月日を過ぎています。', 'The label has expired.'),
		('thawed_out', '解凍後等の使用期限を過ぎています。', 'Its time after thawing, or after opening, is over.'),
		('not_on_hand', '当施設の在庫にありません。', 'This site has none of it on hand.')
	) AS m (code, ja, en) ON m.code = c.code;
	RETURN NEXT;
END
$$;
COMMENT ON FUNCTION vsys.stop_check(text, outbreak.institution_code, text, timestamptz) IS
'接種前確認 / before the dose: may the scanned vial (a GS1 element string with GTIN, lot and expiry) be given at this site at that moment? One row: ok; product, lot, the expiry that is registered, and until when it must be used by its clock; otherwise codes and reasons in both languages: incomplete, unknown_product, unknown_lot, expiry_differs, recalled, wrong_programme (of the programme, if one is named), expired, thawed_out, not_on_hand. Bad vials raise nothing; a scan that cannot be read is 22P02 with its place.';
