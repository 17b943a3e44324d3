-- Delivery: what a branch, a site and the offices do with it. Everything runs as the caller.

-- ---- what comes when

CREATE OR REPLACE FUNCTION api.delivery_schedule(from_date date DEFAULT outbreak.local_date(), to_date date DEFAULT outbreak.local_date() + 14)
RETURNS TABLE (delivery bigint, on_date date, state text, product text, product_ja text, vials integer, boxes integer, lots text[], site text, site_ja text, zip text, address text, phone text,
	municipality text, prefecture smallint, branch bigint, company_ja text, branch_ja text, branch_phone text, reason text)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT s.delivery, s.on_date, s.state, s.product, s.product_ja, s.vials, s.boxes, s.lots, s.site::text, s.site_ja, s.zip, s.address, s.phone,
		s.municipality::text, s.prefecture, s.branch, s.company_ja, s.branch_ja, s.branch_phone, s.reason
	FROM vsys.schedule(from_date, to_date) AS s;
END;
COMMENT ON FUNCTION api.delivery_schedule(date, date) IS
'配送予定 / Deliveries of your branch, site, municipality or prefecture from from_date to to_date (both included; without them the next fortnight): day, state, vials, boxes, lots once they are shipped, address and telephone of the site, telephone of the branch.

States: planned (the site has not confirmed the date), noticed, shipped, partly_received, received, rejected, rerouted, lost, cancelled.';

CREATE OR REPLACE FUNCTION api.delivery_schedule_geojson(from_date date DEFAULT outbreak.local_date(), to_date date DEFAULT outbreak.local_date() + 14)
RETURNS api."application/geo+json"
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT json_build_object(
			'type', 'FeatureCollection',
			'features', coalesce(json_agg(json_build_object(
				'type', 'Feature',
				'id', s.delivery,
				'geometry', CASE WHEN s.longitude IS NOT NULL THEN json_build_object('type', 'Point', 'coordinates', json_build_array(s.longitude, s.latitude)) END,
				'properties', json_build_object(
					'on_date', s.on_date,
					'state', s.state,
					'product_ja', s.product_ja,
					'vials', s.vials,
					'boxes', s.boxes,
					'site', s.site::text,
					'site_ja', s.site_ja,
					'address', s.address,
					'phone', s.phone,
					'branch', s.branch,
					'branch_ja', s.branch_ja))
				ORDER BY s.on_date, s.delivery), '[]'))::api."application/geo+json"
	FROM vsys.schedule(from_date, to_date) AS s;
END;
COMMENT ON FUNCTION api.delivery_schedule_geojson(date, date) IS '配送予定(地図) / What delivery_schedule lists, as a GeoJSON FeatureCollection of sites for a map (application/geo+json).';

CREATE OR REPLACE FUNCTION api.delivery_calendar(from_date date DEFAULT outbreak.local_date(), to_date date DEFAULT outbreak.local_date() + 14)
RETURNS api."text/calendar"
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	WITH event AS (
		SELECT s.on_date, s.delivery, n.changes, n.told_at,
			CASE s.state WHEN 'planned' THEN 'TENTATIVE' WHEN 'cancelled' THEN 'CANCELLED' WHEN 'rerouted' THEN 'CANCELLED' ELSE 'CONFIRMED' END AS status,
			s.product_ja || ' ' || coalesce(s.boxes || '箱 ', '') || '(' || s.vials || 'バイアル) ' || s.site_ja AS summary,
			concat_ws(' ', s.address, s.phone) AS location,
			concat_ws(E'\n', s.company_ja || ' ' || s.branch_ja || coalesce(' ' || s.branch_phone, ''), 'ロット: ' || nullif(array_to_string(s.lots, ', '), ''), s.reason) AS description
		FROM vsys.schedule(from_date, to_date) AS s
		CROSS JOIN LATERAL (
			SELECT count(*) FILTER (WHERE n.recipient = 'site' AND n.kind <> 'shipped') - 1 AS changes, max(n.made_at) AS told_at
			FROM vsys.notice AS n
			WHERE n.delivery = s.delivery
		) AS n
	), line AS (
		SELECT e.on_date, e.delivery, l.place, l.text
		FROM event AS e
		CROSS JOIN LATERAL unnest(ARRAY[
			'BEGIN:VEVENT',
			'UID:delivery-' || e.delivery || '@vsys',
			'DTSTAMP:' || to_char(coalesce(e.told_at, now()) AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISS"Z"'),
			'SEQUENCE:' || greatest(e.changes, 0),
			'DTSTART;VALUE=DATE:' || to_char(e.on_date, 'YYYYMMDD'),
			'DTEND;VALUE=DATE:' || to_char(e.on_date + 1, 'YYYYMMDD'),
			'STATUS:' || e.status,
			'SUMMARY:' || replace(regexp_replace(e.summary, '([\\,;])', '\\\1', 'g'), E'\n', '\n'),
			'LOCATION:' || replace(regexp_replace(e.location, '([\\,;])', '\\\1', 'g'), E'\n', '\n'),
			'DESCRIPTION:' || replace(regexp_replace(e.description, '([\\,;])', '\\\1', 'g'), E'\n', '\n'),
			'END:VEVENT']) WITH ORDINALITY AS l (text, place)
	), folded AS (
		-- a line has 75 bytes at most; the rest goes on behind a space
		SELECT l.on_date, l.delivery, l.place,
			CASE WHEN octet_length(l.text) <= 75 THEN l.text ELSE regexp_replace(l.text, '(.{18})(?=.)', E'\\1\r\n ', 'g') END AS text
		FROM line AS l
	)
	SELECT (concat_ws(E'\r\n', 'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//outbreak//vsys//JA', 'CALSCALE:GREGORIAN', 'METHOD:PUBLISH',
			string_agg(f.text, E'\r\n' ORDER BY f.on_date, f.delivery, f.place), 'END:VCALENDAR') || E'\r\n')::api."text/calendar"
	FROM folded AS f;
END;
COMMENT ON FUNCTION api.delivery_calendar(date, date) IS '配送予定(カレンダー) / What delivery_schedule lists, as an iCalendar to subscribe to (text/calendar): a whole-day entry a delivery, tentative until the site confirms it; a change of day changes the entry.';

CREATE OR REPLACE FUNCTION api.delivery_notices(open_only boolean DEFAULT true)
RETURNS TABLE (notice bigint, delivery bigint, recipient text, kind text, site text, municipality text, prefecture smallint, branch bigint, product text, on_date date, old_on_date date, vials integer, old_vials integer, boxes integer, lot text, reason text, made_at timestamptz, acknowledged_at timestamptz, acknowledged_by text)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT n.notice, n.delivery, n.recipient, n.kind, n.site::text, n.municipality::text, n.prefecture, n.branch, n.product, n.on_date, n.old_on_date, n.vials, n.old_vials, n.boxes, n.lot, n.reason, n.made_at, n.acknowledged_at, n.acknowledged_by
	FROM vsys.notice AS n
	WHERE NOT open_only
		OR n.acknowledged_at IS NULL
		AND NOT EXISTS (
			SELECT
			FROM vsys.notice AS x
			WHERE x.delivery = n.delivery
				AND x.recipient = n.recipient
				AND x.notice > n.notice
				AND x.kind <> 'shipped'
		)
	ORDER BY n.on_date, n.notice;
END;
COMMENT ON FUNCTION api.delivery_notices(boolean) IS
'配送予定の通知 / What you were told about deliveries: day, vials and lot; for a change the old day and the reason. open_only: those that hold now and nobody confirmed. Confirm them with confirm_delivery.';

CREATE OR REPLACE FUNCTION api.confirm_delivery(notice bigint, confirmed_by text) RETURNS void
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT vsys.acknowledge(notice, confirmed_by);
END;
COMMENT ON FUNCTION api.confirm_delivery(bigint, text) IS
'通知の確認 / Notes that you know of a delivery and its day. Nothing is shipped to a site that has not confirmed. A branch that tells a site by telephone confirms for it, with the name of whom it spoke to. 400 with OB062 when a newer notice holds.';

CREATE OR REPLACE FUNCTION api.unnoticed_deliveries(within_days integer DEFAULT 7)
RETURNS TABLE (delivery bigint, on_date date, days_left integer, recipient text, notice bigint, kind text, noticed_at timestamptz, site text, municipality text, prefecture smallint, branch bigint, product text, vials integer)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT u.delivery, u.on_date, u.days_left, u.recipient, u.notice, u.kind, u.noticed_at, u.site::text, u.municipality::text, u.prefecture, u.branch, u.product, u.vials
	FROM vsys.unnoticed(now(), within_days) AS u;
END;
COMMENT ON FUNCTION api.unnoticed_deliveries(integer) IS '未確認の配送予定 / Deliveries of the next days of which the site, the municipality or the prefecture has not confirmed the newest notice: whom to call.';

-- ---- what a branch does

CREATE OR REPLACE FUNCTION api.set_branch_day(on_date date, stops integer, vials integer, reason text DEFAULT NULL) RETURNS void
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	INSERT INTO vsys.branch_day AS d (branch, on_date, stops, vials, reason)
	VALUES (outbreak.my_organisation(), set_branch_day.on_date, set_branch_day.stops, set_branch_day.vials, set_branch_day.reason)
	ON CONFLICT ON CONSTRAINT branch_day_pkey DO UPDATE
	SET stops = EXCLUDED.stops,
		vials = EXCLUDED.vials,
		reason = EXCLUDED.reason;
END;
COMMENT ON FUNCTION api.set_branch_day(date, integer, integer, text) IS '配送能力(日別) / Says how many stops and vials your branch can bring on a day, other than on that weekday as a rule; 0 stops: none. Counts for plans from now on.';

CREATE OR REPLACE FUNCTION api.move_delivery(delivery bigint, on_date date, reason text) RETURNS void
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT vsys.move_delivery(delivery, on_date, reason);
END;
COMMENT ON FUNCTION api.move_delivery(bigint, date, text) IS '配送日の変更 / Gives a delivery another day, for a reason. The site, its municipality and its prefecture are told both days and the reason; the site confirms again.';

CREATE OR REPLACE FUNCTION api.ship_delivery(delivery bigint, lot text, vials integer, shipped_at timestamptz DEFAULT now(), doses_per_vial smallint DEFAULT NULL, sscc text DEFAULT NULL, expiry_on date DEFAULT NULL, logger text DEFAULT NULL, logger_ok boolean DEFAULT true, key text DEFAULT NULL)
RETURNS bigint
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT vsys.ship(delivery, lot, vials, shipped_at, doses_per_vial, sscc, expiry_on, logger, logger_ok, key);
END;
COMMENT ON FUNCTION api.ship_delivery(bigint, text, integer, timestamptz, smallint, text, date, text, boolean, text) IS
'出荷 / Notes that vials of a lot, or a box, left for the site of a delivery; answers the number of the shipment. One call for each lot or box. Send a key, and the same call again is recognised.

400 with OB060 (no such delivery of yours), OB062 (the site has not confirmed, or it is over), OB063 (key or box used before), OB064 (more than planned, no whole boxes, temperature logger not right), OB065 (lot unknown without expiry_on, expired, recalled).';

CREATE OR REPLACE FUNCTION api.ship_scan(delivery bigint, scan text, vials integer DEFAULT NULL, shipped_at timestamptz DEFAULT now(), doses_per_vial smallint DEFAULT NULL, logger text DEFAULT NULL, logger_ok boolean DEFAULT true, key text DEFAULT NULL)
RETURNS bigint
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT vsys.ship_scan(delivery, scan, vials, shipped_at, doses_per_vial, logger, logger_ok, key);
END;
COMMENT ON FUNCTION api.ship_scan(bigint, text, integer, timestamptz, smallint, text, boolean, text) IS '出荷(読取り) / ship_delivery by one scan of the box (GS1): lot, expiry, SSCC and vials come from it.';

CREATE OR REPLACE FUNCTION api.lose_delivery(delivery bigint, note text) RETURNS bigint
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT vsys.lose_delivery(delivery, note);
END;
COMMENT ON FUNCTION api.lose_delivery(bigint, text) IS '紛失 / Declares what is still on its way of a delivery lost; answers how many vials.';

-- ---- what a site does

CREATE OR REPLACE FUNCTION api.receive_delivery(delivery bigint, vials integer, received_by text, lot text DEFAULT NULL, rejected integer DEFAULT 0, condition text DEFAULT 'good', logger_ok boolean DEFAULT true, received_at timestamptz DEFAULT now(), more_to_come boolean DEFAULT false, expiry_on date DEFAULT NULL, note text DEFAULT NULL, key text DEFAULT NULL)
RETURNS bigint
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT vsys.receive(delivery, vials, received_by, lot, rejected, condition, logger_ok, received_at, more_to_come, expiry_on, note, key);
END;
COMMENT ON FUNCTION api.receive_delivery(bigint, integer, text, text, integer, text, boolean, timestamptz, boolean, date, text, text) IS
'受領 / The proof of receipt: who counted how many vials of which lot, how many were rejected and why (condition: temperature, damaged, wrong_product, expired, other). Your stock has them in the same moment. Answers the number of the receipt. Send a key, and the same call again is recognised.

A count or a lot other than shipped is taken as it is and shows under delivery_discrepancies. 400 with OB060 (no such delivery of yours, several lots and none said), OB062 (not shipped, rerouted), OB063 (received already), OB064 (temperature not kept: reject all), OB065 (lot unknown, expired or recalled).';

CREATE OR REPLACE FUNCTION api.receive_scan(delivery bigint, scan text, received_by text, vials integer DEFAULT NULL, rejected integer DEFAULT 0, condition text DEFAULT 'good', logger_ok boolean DEFAULT true, received_at timestamptz DEFAULT now(), more_to_come boolean DEFAULT false, note text DEFAULT NULL, key text DEFAULT NULL)
RETURNS bigint
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT vsys.receive_scan(delivery, scan, received_by, vials, rejected, condition, logger_ok, received_at, more_to_come, note, key);
END;
COMMENT ON FUNCTION api.receive_scan(bigint, text, text, integer, integer, text, boolean, timestamptz, boolean, text, text) IS '受領(読取り) / receive_delivery by one scan of the box (GS1): lot, expiry and vials come from it, or from the shipment of that SSCC.';

CREATE OR REPLACE FUNCTION api.send_vials(from_site text, to_site text, product text, lot text, vials integer, left_at timestamptz DEFAULT now(), key text DEFAULT NULL, doses_per_vial smallint DEFAULT NULL)
RETURNS bigint
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT vsys.send_vials(from_site::outbreak.institution_code, to_site::outbreak.institution_code, product, lot, vials, left_at, key, doses_per_vial);
END;
COMMENT ON FUNCTION api.send_vials(text, text, text, text, integer, timestamptz, text, smallint) IS
'小分け移送・融通 / Notes that vials left your site for another; answers the number of the transfer. They are out of your stock at once and must arrive within three hours, or what the product allows. To another municipality the prefecture must have permitted it (400, OB066).';

CREATE OR REPLACE FUNCTION api.receive_vials(transfer bigint, arrived_at timestamptz, vials integer, received_by text, discarded integer DEFAULT 0, lost integer DEFAULT 0, reason text DEFAULT NULL, key text DEFAULT NULL)
RETURNS bigint
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT vsys.receive_vials(transfer, arrived_at, vials, received_by, discarded, lost, reason, key);
END;
COMMENT ON FUNCTION api.receive_vials(bigint, timestamptz, integer, text, integer, integer, text, text) IS
'移送の受領 / Notes what came of a transfer to your site; answers the number of the arrival. What came too late is no stock (400, OB064): give it as discarded, with the reason.';

CREATE OR REPLACE FUNCTION api.overdue_transfers()
RETURNS TABLE (transfer bigint, from_site text, to_site text, prefecture smallint, product text, lot text, vials bigint, left_at timestamptz, due_at timestamptz, overdue interval)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT t.transfer, t.from_site::text, t.to_site::text, t.prefecture, t.product, t.lot, t.vials, t.left_at, t.due_at, t.overdue
	FROM vsys.overdue_transfers() AS t;
END;
COMMENT ON FUNCTION api.overdue_transfers() IS '到着遅れ / Transfers of which vials have not arrived though their time is over.';

-- ---- what offices do

CREATE OR REPLACE FUNCTION api.delivery_discrepancies(open_only boolean DEFAULT true)
RETURNS TABLE (discrepancy bigint, delivery bigint, kind text, site text, municipality text, prefecture smallint, branch bigint, product text, lot text, vials integer, opened_at timestamptz, explanation text, instead_of text, note text, explained_at timestamptz)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT x.discrepancy, x.delivery, x.kind, x.site::text, x.municipality::text, x.prefecture, x.branch, x.product, x.lot, x.vials, x.opened_at, x.explanation, x.instead_of, x.note, x.explained_at
	FROM vsys.discrepancy AS x
	WHERE NOT open_only
		OR x.explanation IS NULL
	ORDER BY x.opened_at, x.discrepancy;
END;
COMMENT ON FUNCTION api.delivery_discrepancies(boolean) IS '数量差異 / Where what came was not what was sent; open_only: what nobody has explained yet.';

CREATE OR REPLACE FUNCTION api.explain_discrepancy(discrepancy bigint, explanation text, note text, instead_of text DEFAULT NULL) RETURNS void
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT vsys.explain_discrepancy(discrepancy, explanation, note, instead_of);
END;
COMMENT ON FUNCTION api.explain_discrepancy(bigint, text, text, text) IS '差異の説明 / Says why a count or lot differed: lost, miscounted, relabelled (it came instead of the lot instead_of), found.';

CREATE OR REPLACE FUNCTION api.reroute_delivery(delivery bigint, to_site text, on_date date, reason text) RETURNS bigint
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT vsys.reroute_delivery(delivery, to_site::outbreak.institution_code, on_date, reason);
END;
COMMENT ON FUNCTION api.reroute_delivery(bigint, text, date, text) IS '送付先変更 / Sends a delivery, planned or on its way, to another site; answers the number of the delivery that it becomes. A prefecture does so between its own sites.';

CREATE OR REPLACE FUNCTION api.cancel_delivery(delivery bigint, reason text) RETURNS void
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT vsys.cancel_delivery(delivery, reason);
END;
COMMENT ON FUNCTION api.cancel_delivery(bigint, text) IS '配送の取消 / Calls off a delivery that was not shipped, for a reason; its vials are to be planned again.';

CREATE OR REPLACE FUNCTION api.in_transit(as_of timestamptz DEFAULT now())
RETURNS TABLE (kind text, number bigint, branch bigint, from_site text, to_site text, prefecture smallint, product text, lot text, vials bigint, missing bigint, since timestamptz, due_at timestamptz)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT t.kind, t.number, t.branch, t.from_site::text, t.to_site::text, t.prefecture, t.product, t.lot, t.vials, t.missing, t.since, t.due_at
	FROM vsys.in_transit(as_of) AS t
	ORDER BY t.since, t.kind, t.number, t.lot;
END;
COMMENT ON FUNCTION api.in_transit(timestamptz) IS '輸送中 / What was on its way at a moment, by delivery or transfer, and lot; missing: counted at the site and not found.';

CREATE OR REPLACE FUNCTION api.delivery_chain(round bigint)
RETURNS TABLE (site text, allotted bigint, unplanned bigint, planned bigint, shipped bigint, in_transit bigint, received bigint, rejected bigint, written_off bigint, surplus bigint, not_again bigint, rerouted_in bigint, rerouted_out bigint)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT c.site::text, c.allotted, c.unplanned, c.planned, c.shipped, c.in_transit, c.received, c.rejected, c.written_off, c.surplus, c.not_again, c.rerouted_in, c.rerouted_out
	FROM vsys.chain(round) AS c
	ORDER BY c.site::text;
END;
COMMENT ON FUNCTION api.delivery_chain(bigint) IS '配送の収支 / Where the vials of a round are, by site: allotted, still to be planned, planned, shipped, in transit, received, rejected, written off. Over all sites the parts add up.';

CREATE OR REPLACE FUNCTION api.plan_delivery(round bigint, of_prefecture smallint DEFAULT NULL, nearest smallint DEFAULT 3, late_m integer DEFAULT 2000, unwanted_m integer DEFAULT 20000, change_m integer DEFAULT 50000)
RETURNS bigint
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT vsys.plan_delivery(round, of_prefecture, nearest, late_m, unwanted_m, change_m);
END;
COMMENT ON FUNCTION api.plan_delivery(bigint, smallint, smallint, integer, integer, integer) IS
'配送計画の作成 / Plans the deliveries of a round so that distance, lateness and unwanted weekdays cost the least; answers the number of the draft. 400 with OB061 when not everything finds a place: details list which branches, freezers and days are too small, and by how much.';

CREATE OR REPLACE FUNCTION api.plan_lines(plan bigint)
RETURNS TABLE (line integer, site text, branch bigint, on_date date, vials integer, distance_m integer)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT l.line, l.site::text, l.branch, l.on_date, l.vials, l.distance_m
	FROM vsys.plan_line AS l
	WHERE l.plan = plan_lines.plan
	ORDER BY l.line;
END;
COMMENT ON FUNCTION api.plan_lines(bigint) IS '配送計画の明細 / The deliveries of a plan.';

CREATE OR REPLACE FUNCTION api.verify_plan(plan bigint)
RETURNS TABLE (claim text, holds boolean, detail text)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT v.claim, v.holds, v.detail
	FROM vsys.verify_plan(plan) AS v;
END;
COMMENT ON FUNCTION api.verify_plan(bigint) IS '配送計画の検証 / Checks a plan against its stored proof: limits kept, none cheaper, shares complete.';

CREATE OR REPLACE FUNCTION api.publish_plan(plan bigint, reason text DEFAULT NULL)
RETURNS TABLE (made bigint, changed bigint, unchanged bigint, cancelled bigint)
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT p.made, p.changed, p.unchanged, p.cancelled
	FROM vsys.publish_plan(plan, reason) AS p;
END;
COMMENT ON FUNCTION api.publish_plan(bigint, text) IS '配送計画の通知 / Makes a draft plan deliveries and tells each site, its municipality and its prefecture. 400 with OB067 when it is out of date.';

CREATE OR REPLACE FUNCTION api.withdraw_plan(plan bigint) RETURNS void
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT vsys.withdraw_plan(plan);
END;
COMMENT ON FUNCTION api.withdraw_plan(bigint) IS '配送計画の取消 / Gives up a draft plan.';

CREATE OR REPLACE FUNCTION api.assign_area(branch bigint, product text, from_on date, municipalities text[] DEFAULT NULL, of_prefecture smallint DEFAULT NULL)
RETURNS integer
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT vsys.assign_area(branch, product, from_on, municipalities::outbreak.municipality_code[], of_prefecture);
END;
COMMENT ON FUNCTION api.assign_area(bigint, text, date, text[], smallint) IS '担当地域の指定 / Gives municipalities, or all of a prefecture, to a branch (null: to nobody) for a product from a day on; answers how many. A prefecture does so for its own municipalities.';
