-- Vaccine at the sites: stock, storage, the check before the dose, recalls, and how one becomes a site. Everything runs
-- as the caller.

-- ---- stock

CREATE OR REPLACE FUNCTION api.site_stock(site text, as_of timestamptz DEFAULT now())
RETURNS TABLE (product text, lot text, vials integer, open_doses integer, doses_per_vial smallint, doses bigint, expiry_on date, recalled boolean)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT s.product, s.lot, s.vials, s.open_doses, s.doses_per_vial, s.doses, s.expiry_on, s.recalled
	FROM vsys.stock(site::outbreak.institution_code, as_of) AS s;
END;
COMMENT ON FUNCTION api.site_stock(text, timestamptz) IS
'施設在庫 / What a site has on hand as of a moment (without one: now): unopened vials, doses left in the opened vial, both in doses, label expiry, whether the lot is recalled. As far as you may see it.';

CREATE OR REPLACE FUNCTION api.site_books(site text, as_of timestamptz DEFAULT now())
RETURNS TABLE (product text, lot text, doses_per_vial smallint, received bigint, moved_in bigint, moved_out bigint, given bigint, wasted bigint,
	discarded bigint, counted bigint, doses bigint)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT a.product, a.lot, a.doses_per_vial, a.received, a.moved_in, a.moved_out, a.given, a.wasted, a.discarded, a.counted, a.doses
	FROM vsys.stock_account(site::outbreak.institution_code, as_of) AS a
	ORDER BY a.product, a.lot, a.doses_per_vial;
END;
COMMENT ON FUNCTION api.site_books(text, timestamptz) IS
'在庫の内訳 / The books of a site as of a moment, lot by lot: vials received, moved in and out, discarded unopened, found at counts; doses given and wasted; and what is on hand by them, in doses.';

CREATE OR REPLACE FUNCTION api.post_stock(events jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	given jsonb := ops.json_value(events);
	record jsonb;
	place integer := 0;
	entered jsonb := '[]';
	faults jsonb := '[]';
	detail text;
	hint text;
	name text;
BEGIN
	IF jsonb_typeof(given) = 'object' THEN
		given := jsonb_build_array(given);
	END IF;
	IF jsonb_typeof(given) IS DISTINCT FROM 'array' OR given = '[]' THEN
		RAISE EXCEPTION 'events are a JSON object, or an array of them'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	FOR record IN
		SELECT e.value
		FROM jsonb_array_elements(given) WITH ORDINALITY AS e (value, at)
		ORDER BY e.at
	LOOP
		place := place + 1;
		BEGIN
			IF jsonb_typeof(record) <> 'object' THEN
				RAISE EXCEPTION 'an event is a JSON object'
					USING ERRCODE = 'invalid_parameter_value';
			END IF;
			SELECT k INTO name
			FROM jsonb_object_keys(record) AS k
			WHERE k <> ALL ('{site,product,lot,kind,vials,doses,happened_at,key,doses_per_vial,reason,of_event}'::text[])
			ORDER BY k
			LIMIT 1;
			IF found THEN
				RAISE EXCEPTION 'an event has no item "%"', name
					USING ERRCODE = 'invalid_parameter_value',
						HINT = 'Items: site, product, lot, kind, vials, doses, happened_at, key, doses_per_vial, reason, of_event.';
			END IF;
			entered := entered || jsonb_build_array(jsonb_build_object('event', vsys.post_stock(
				(record ->> 'site')::outbreak.institution_code, record ->> 'product', record ->> 'lot', record ->> 'kind',
				(record ->> 'vials')::integer, (record ->> 'doses')::integer, (record ->> 'happened_at')::timestamptz, record ->> 'key',
				(record ->> 'doses_per_vial')::smallint, record ->> 'reason', (record ->> 'of_event')::bigint), 'key', record -> 'key'));
		EXCEPTION
			WHEN deadlock_detected OR serialization_failure OR query_canceled OR insufficient_privilege THEN
				RAISE;
			WHEN OTHERS THEN
				GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
				faults := faults || jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('record', place, 'code', SQLSTATE, 'message', SQLERRM,
					'detail', CASE WHEN starts_with(SQLSTATE, 'OB') THEN nullif(detail, '')::jsonb END, 'hint', nullif(hint, ''))));
		END;
	END LOOP;
	IF faults <> '[]' THEN
		RAISE EXCEPTION '% of % events cannot be entered', jsonb_array_length(faults), place
			USING ERRCODE = 'OB041',
				DETAIL = faults::text,
				HINT = 'Nothing was entered. Mend them and send all of them again.';
	END IF;
	-- said now, and not by the commit
	SET CONSTRAINTS vsys.covered IMMEDIATE;
	RETURN jsonb_build_object('entered', entered);
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'others are entering the same lots'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was entered. Send the events again in a moment.';
END
$$;
COMMENT ON FUNCTION api.post_stock(jsonb) IS
'在庫の登録 / Enters events into the ledgers of sites: one object or an array of {"site", "product", "lot", "kind", "vials", "doses", "happened_at", "key", "doses_per_vial", "reason", "of_event"}. Kinds: received, moved_in, moved_out, discarded (vials); given, wasted (doses); counted (vials more or less, with a reason); reversed (of_event and reason).

All or nothing: 400 with every fault in "details": [{"record", "code", "message", "detail", "hint"}]; 400 with OB040 when more would go out than there is at some moment. Otherwise {"entered": [{"event", "key"}]}; under a known key the event that is there.';

CREATE OR REPLACE FUNCTION api.report_total(site text, product text, lot text, kind text, total integer, at timestamptz DEFAULT now(), key text DEFAULT NULL)
RETURNS TABLE (event bigint, posted integer, message_ja text, message_en text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN QUERY
	SELECT t.event, t.posted, t.message_ja, t.message_en
	FROM vsys.report_total(site::outbreak.institution_code, product, lot, kind, total, at, key) AS t;
	SET CONSTRAINTS vsys.covered IMMEDIATE;
END
$$;
COMMENT ON FUNCTION api.report_total(text, text, text, text, integer, timestamptz, text) IS
'累計の登録 / Enters a running total of a lot (before 50, today 30: send 80): the difference to what is entered already, scans included, goes into the ledger. An equal total enters nothing and says so (posted 0); a lower one is 400 with OB043 and the difference.';

CREATE OR REPLACE FUNCTION api.reverse_stock(event bigint, reason text, key text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	reversal bigint;
BEGIN
	reversal := vsys.reverse_stock(event, reason, key);
	SET CONSTRAINTS vsys.covered IMMEDIATE;
	RETURN reversal;
END
$$;
COMMENT ON FUNCTION api.reverse_stock(bigint, text, text) IS '在庫の取消 / Takes an event of the ledger back, with a reason, as if it had not happened; returns the number of the reversal. 400 with OB041 when you have no such event, OB040 when later events need it.';

-- ---- storage, and the check before the dose

CREATE OR REPLACE FUNCTION api.site_storage(site text, as_of timestamptz DEFAULT now())
RETURNS TABLE (product text, lot text, doses_per_vial smallint, state text, name_ja text, since timestamptz, vials integer, expires_at timestamptz, expired boolean)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT s.product, s.lot, s.doses_per_vial, s.state, s.name_ja, s.since, s.vials, s.expires_at, s.expired
	FROM vsys.storage(site::outbreak.institution_code, as_of) AS s;
END;
COMMENT ON FUNCTION api.site_storage(text, timestamptz) IS '保管状況 / The unopened vials of a site by what they went through: state, since when, and until when they must be used.';

CREATE OR REPLACE FUNCTION api.store(site text, product text, lot text, state text, vials integer, at timestamptz DEFAULT now(), key text DEFAULT NULL) RETURNS bigint
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT vsys.store(site::outbreak.institution_code, product, lot, state, vials, at, key);
END;
COMMENT ON FUNCTION api.store(text, text, text, text, integer, timestamptz, text) IS '保管状態の変更 / Brings unopened vials of a lot into another state (frozen, thawed, room, diluted, back to ultra_cold once). 400 with OB044 and the rule for what is not allowed.';

CREATE OR REPLACE FUNCTION api.pick(site text, product text, vials integer, as_of timestamptz DEFAULT now())
RETURNS TABLE (place integer, lot text, doses_per_vial smallint, state text, vials integer, expires_at timestamptz)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT p.place, p.lot, p.doses_per_vial, p.state, p.vials, p.expires_at
	FROM vsys.pick(site::outbreak.institution_code, product, pick.vials, as_of) AS p;
END;
COMMENT ON FUNCTION api.pick(text, text, integer, timestamptz) IS '使用順 / Which vials to take, first expiry first out over the effective expiry; fewer than asked for when the site has no more good ones.';

CREATE OR REPLACE FUNCTION api.use_today(site text, as_of timestamptz DEFAULT now())
RETURNS TABLE (product text, lot text, doses_per_vial smallint, state text, vials integer, open_doses integer, expires_at timestamptz, expired boolean, message_ja text, message_en text)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT u.product, u.lot, u.doses_per_vial, u.state, u.vials, u.open_doses, u.expires_at, u.expired, u.message_ja, u.message_en
	FROM vsys.use_today(site::outbreak.institution_code, as_of) AS u;
END;
COMMENT ON FUNCTION api.use_today(text, timestamptz) IS '本日使用分 / What a site has to use today, soonest first, and what is over and waits to be thrown away.';

CREATE OR REPLACE FUNCTION api.stop_check(scan text, site text, programme text DEFAULT NULL, as_of timestamptz DEFAULT now())
RETURNS TABLE (ok boolean, product text, lot text, expiry_on date, use_by timestamptz, codes text[], reasons_ja text[], reasons_en text[])
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT s.ok, s.product, s.lot, s.expiry_on, s.use_by, s.codes, s.reasons_ja, s.reasons_en
	FROM vsys.stop_check(scan, site::outbreak.institution_code, programme, as_of) AS s;
END;
COMMENT ON FUNCTION api.stop_check(text, text, text, timestamptz) IS
'接種前確認 / Before the dose: whether the scanned vial (GS1 element string) may be given at this site now. One row: ok, or codes and reasons in both languages (expired, recalled, thawed_out, unknown_lot, not_on_hand, wrong_programme and so on). A bad vial is an answer; a scan that cannot be read is 400.';

-- ---- recalls

CREATE OR REPLACE FUNCTION api.lot_whereabouts(product text, lot text, as_of timestamptz DEFAULT now())
RETURNS TABLE (site text, prefecture smallint, name_ja text, phone text, vials bigint, open_doses bigint, doses_given bigint)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT w.site::text, w.prefecture, w.name_ja, w.phone, w.vials, w.open_doses, w.doses_given
	FROM vsys.lot_whereabouts(product, lot, as_of) AS w;
END;
COMMENT ON FUNCTION api.lot_whereabouts(text, text, timestamptz) IS 'ロットの所在 / Where a lot is, and where it was given, as of a moment; as far as you may see it.';

CREATE OR REPLACE FUNCTION api.recall_lot(product text, lot text, reason text)
RETURNS TABLE (site text, prefecture smallint, name_ja text, phone text, vials bigint, open_doses bigint, doses_given bigint)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN QUERY
	SELECT w.site::text, w.prefecture, w.name_ja, w.phone, w.vials, w.open_doses, w.doses_given
	FROM vsys.recall_lot(product, lot, reason) AS w;
EXCEPTION WHEN no_data_found THEN
	-- PostgREST would make a server error of it
	RAISE EXCEPTION 'there is no such lot'
		USING ERRCODE = 'PT404';
END
$$;
COMMENT ON FUNCTION api.recall_lot(text, text, text) IS 'ロットの回収 / Recalls a lot from now on and returns who has it and who gave it. For the ministry; 404 for an unknown lot.';

-- ---- sites

CREATE OR REPLACE FUNCTION api.apply_site(site text, municipality text, kind text DEFAULT 'basic', basic_site text DEFAULT NULL, association bigint DEFAULT NULL) RETURNS text
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT vsys.apply_site(site::outbreak.institution_code, municipality::outbreak.municipality_code, kind, basic_site::outbreak.institution_code, association);
END;
COMMENT ON FUNCTION api.apply_site(text, text, text, text, bigint) IS '施設の登録申請 / An institution applies to become a vaccination site, through the medical association that is to confirm it. 409 when it is one already.';

CREATE OR REPLACE FUNCTION api.register_site(site text, products text[], public boolean DEFAULT false, reservation text DEFAULT 'none',
	reservation_url text DEFAULT NULL, reservation_phone text DEFAULT NULL, notes text DEFAULT NULL)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN vsys.register_site(site::outbreak.institution_code, products, public, reservation, reservation_url, reservation_phone, notes);
EXCEPTION WHEN no_data_found THEN
	RAISE EXCEPTION 'there is no such site, or it is not yours'
		USING ERRCODE = 'PT404';
END
$$;
COMMENT ON FUNCTION api.register_site(text, text[], boolean, text, text, text, text) IS '初期登録 / The registration of a confirmed site: vaccines, public or not, way to reserve (vsys, web, phone, municipality, none). Again to correct it.';

CREATE OR REPLACE FUNCTION api.change_site(site text, state text) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN vsys.site_state(site::outbreak.institution_code, state);
EXCEPTION WHEN no_data_found THEN
	RAISE EXCEPTION 'there is no such site, or it is not yours'
		USING ERRCODE = 'PT404';
END
$$;
COMMENT ON FUNCTION api.change_site(text, text) IS '登録状況の変更 / Takes a site a step: authorised (by its medical association), registered, open, paused, closed. 400 with OB045 for a step that there is not, 403 for one that is another''s.';

CREATE OR REPLACE FUNCTION api.change_sites(sites text[], state text)
RETURNS TABLE (line integer, site text, done boolean, problem text)
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT c.line, c.site, c.done, c.problem
	FROM vsys.change_sites(sites, state) AS c;
END;
COMMENT ON FUNCTION api.change_sites(text[], text) IS '施設の一括変更 / Takes many sites a step by a list of their codes: one row a line, with what stood in the way.';
