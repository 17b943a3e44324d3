-- ---- deliveries: the rows that move them

CREATE OR REPLACE FUNCTION vsys.the_delivery(delivery bigint) RETURNS vsys.delivery
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	known vsys.delivery;
BEGIN
	SELECT * INTO known
	FROM vsys.delivery d
	WHERE d.delivery = the_delivery.delivery;
	IF NOT found THEN
		-- the same whether there is none, or none of the caller's
		RAISE EXCEPTION 'there is no delivery %', coalesce(the_delivery.delivery::text, 'NULL')
			USING ERRCODE = 'OB060';
	END IF;
	RETURN known;
END
$$;
COMMENT ON FUNCTION vsys.the_delivery(bigint) IS 'The delivery of that number. A delivery that the caller does not see is none (OB060).';

CREATE OR REPLACE FUNCTION vsys.lock_delivery(delivery bigint) RETURNS vsys.delivery
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT d
	FROM vsys.delivery AS d
	WHERE d.delivery = lock_delivery.delivery
	FOR NO KEY UPDATE;
END;
COMMENT ON FUNCTION vsys.lock_delivery(bigint) IS 'The delivery of that number as it is now, which nobody else changes until the transaction ends. For triggers that run as the owner.';

CREATE OR REPLACE FUNCTION vsys.follow_delivery() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	goes vsys.delivery := vsys.the_delivery(NEW.delivery);
BEGIN
	NEW.site := goes.site;
	NEW.municipality := goes.municipality;
	NEW.branch := goes.branch;
	NEW.product := goes.product;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION vsys.follow_delivery() IS 'Trigger: site, municipality, branch and product of a row about a delivery are those of the delivery, whatever the caller says. A delivery that the caller does not see is none (OB060).';

CREATE OR REPLACE FUNCTION vsys.refuse_step(goes vsys.delivery, step text) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	other bigint;
BEGIN
	SELECT r.to_delivery INTO other
	FROM vsys.reroute r
	WHERE r.delivery = goes.delivery
		AND r.to_delivery IS NOT NULL
	ORDER BY r.reroute DESC
	LIMIT 1;
	RAISE EXCEPTION 'delivery % cannot be %: it is %', goes.delivery, step, replace(goes.state, '_', ' ')
		USING ERRCODE = 'OB062',
			DETAIL = jsonb_build_object('delivery', goes.delivery, 'state', goes.state, 'step', step, 'rerouted_to', other)::text,
			HINT = CASE goes.state
				WHEN 'planned' THEN 'The site has not confirmed this date yet: vsys.acknowledge() notes that it has, or whom the branch told by telephone.'
				WHEN 'noticed' THEN 'Nothing was shipped yet.'
				WHEN 'rerouted' THEN format('It goes on as delivery %s.', other)
				ELSE 'See vsys.receipt, vsys.discrepancy and vsys.reroute for what happened to it.'
			END;
END
$$;
COMMENT ON FUNCTION vsys.refuse_step(vsys.delivery, text) IS 'Raises OB062: a step that the state of a delivery does not allow, with what can be done.';

CREATE OR REPLACE FUNCTION vsys.delivery_moves(as_of timestamptz DEFAULT 'infinity')
RETURNS TABLE (delivery bigint, lot text, shipped bigint, received bigint, rejected bigint, written_off bigint, moved bigint)
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT m.delivery, m.lot, sum(m.shipped)::bigint, sum(m.received)::bigint, sum(m.rejected)::bigint, sum(m.written_off)::bigint, sum(m.moved)::bigint
	FROM (
		SELECT s.delivery, s.lot, s.vials AS shipped, 0 AS received, 0 AS rejected, 0 AS written_off, 0 AS moved
		FROM vsys.shipment AS s
		WHERE s.shipped_at <= as_of
		UNION ALL
		SELECT r.delivery, r.lot, 0, r.vials, r.rejected, 0, 0
		FROM vsys.receipt AS r
		WHERE r.received_at <= as_of
		UNION ALL
		-- a lot that came instead of another takes that one out of transit
		SELECT x.delivery, coalesce(x.instead_of, x.lot), 0, 0, 0, x.written_off, 0
		FROM vsys.discrepancy AS x
		WHERE x.explained_at <= as_of
			AND x.written_off > 0
		UNION ALL
		SELECT f.delivery, s.lot, 0, 0, 0, 0, s.vials
		FROM vsys.shipment AS s
		JOIN vsys.shipment AS f ON f.shipment = s.moved_from
		WHERE s.shipped_at <= as_of
	) AS m
	GROUP BY m.delivery, m.lot;
END;
COMMENT ON FUNCTION vsys.delivery_moves(timestamptz) IS
'配送別・ロット別の動き / for each delivery and lot, vials until as_of: shipped to the site (also by rerouting), received into stock, rejected, written off by an explanation, moved on to another site. shipped - received - rejected - written_off - moved is in transit; below zero more came than was sent.';

CREATE OR REPLACE FUNCTION vsys.lot_open(delivery bigint)
RETURNS TABLE (lot text, open bigint)
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT m.lot, m.shipped - m.received - m.rejected - m.written_off - m.moved
	FROM vsys.delivery_moves() AS m
	WHERE m.delivery = lot_open.delivery;
END;
COMMENT ON FUNCTION vsys.lot_open(bigint) IS 'What of each lot of a delivery is in transit; below zero: more came than was sent.';

CREATE OR REPLACE FUNCTION vsys.know_lot(product text, lot text, expiry_on date) RETURNS vsys.lot
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	known vsys.lot;
BEGIN
	SELECT * INTO known
	FROM vsys.lot l
	WHERE l.product = know_lot.product
		AND l.lot = know_lot.lot;
	IF NOT found AND know_lot.expiry_on IS NOT NULL THEN
		IF know_lot.lot !~ '^[!-z]{1,20}$' THEN
			RAISE EXCEPTION '"%" is no lot number', know_lot.lot
				USING ERRCODE = 'OB065',
					HINT = 'A lot number has 1 to 20 characters, none of them a space.';
		END IF;
		INSERT INTO vsys.lot AS l (product, lot, expiry_on)
		VALUES (know_lot.product, know_lot.lot, know_lot.expiry_on)
		ON CONFLICT ON CONSTRAINT lot_pkey DO NOTHING;
		SELECT * INTO known
		FROM vsys.lot l
		WHERE l.product = know_lot.product
			AND l.lot = know_lot.lot;
	END IF;
	IF known.lot IS NULL THEN
		RAISE EXCEPTION 'lot "%" of % is not known', know_lot.lot, know_lot.product
			USING ERRCODE = 'OB065',
				HINT = 'Scan the box, or give the expiry printed on it (expiry_on).';
	ELSIF known.expiry_on < know_lot.expiry_on THEN
		-- an earlier one is that of a label printed before the expiry was extended
		RAISE EXCEPTION 'lot "%" of % expires on %, not on %', known.lot, known.product, known.expiry_on, know_lot.expiry_on
			USING ERRCODE = 'OB065',
				DETAIL = jsonb_build_object('lot', known.lot, 'expiry_on', known.expiry_on, 'scanned', know_lot.expiry_on)::text;
	END IF;
	RETURN known;
END
$$;
COMMENT ON FUNCTION vsys.know_lot(text, text, date) IS 'The lot, made known with the scanned expiry if it was not. Errors: OB065 unknown without an expiry, or with a later expiry than is known.';

CREATE OR REPLACE FUNCTION vsys.refuse_bad_lot(known vsys.lot, on_date date) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF outbreak.local_date(known.recalled_at) <= on_date THEN
		RAISE EXCEPTION 'lot "%" of % is recalled', known.lot, known.product
			USING ERRCODE = 'OB065',
				DETAIL = jsonb_build_object('lot', known.lot, 'recalled_at', known.recalled_at, 'reason', known.recall_reason)::text;
	ELSIF known.expiry_on < on_date THEN
		RAISE EXCEPTION 'lot "%" of % expired on %', known.lot, known.product, known.expiry_on
			USING ERRCODE = 'OB065',
				DETAIL = jsonb_build_object('lot', known.lot, 'expiry_on', known.expiry_on)::text;
	END IF;
END
$$;
COMMENT ON FUNCTION vsys.refuse_bad_lot(vsys.lot, date) IS 'Raises OB065 for a lot that is recalled or expired on that day.';

CREATE OR REPLACE FUNCTION vsys.settle_delivery(delivery bigint) RETURNS void
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	UPDATE vsys.delivery AS d
	SET state = CASE
			WHEN m.open > 0 OR EXISTS (SELECT FROM vsys.discrepancy AS x WHERE x.delivery = d.delivery AND x.explanation IS NULL)
				THEN CASE WHEN EXISTS (SELECT FROM vsys.receipt AS r WHERE r.delivery = d.delivery) THEN 'partly_received' ELSE 'shipped' END
			WHEN m.received > 0 THEN 'received'
			WHEN m.rejected > 0 THEN 'rejected'
			WHEN m.moved > 0 THEN 'rerouted'
			ELSE 'lost'
		END
	FROM (
		SELECT sum(v.received) AS received, sum(v.rejected) AS rejected, sum(v.moved) AS moved,
			sum(greatest(v.shipped - v.received - v.rejected - v.written_off - v.moved, 0)) AS open
		FROM vsys.delivery_moves() AS v
		WHERE v.delivery = settle_delivery.delivery
	) AS m
	WHERE d.delivery = settle_delivery.delivery;
END;
COMMENT ON FUNCTION vsys.settle_delivery(bigint) IS 'Gives a delivery that was shipped the state that its rows make: while anything is in transit or unexplained it is not received.';

CREATE OR REPLACE FUNCTION vsys.delivery_guarded() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF (NEW.delivery, NEW.round, NEW.product, NEW.site::text, NEW.rerouted_from) IS DISTINCT FROM (OLD.delivery, OLD.round, OLD.product, OLD.site::text, OLD.rerouted_from) THEN
		RAISE EXCEPTION 'a delivery keeps its round, product and site'
			USING ERRCODE = 'OB062',
				HINT = 'vsys.reroute_delivery() sends it to another site.';
	END IF;
	IF (NEW.on_date, NEW.branch, NEW.vials) IS DISTINCT FROM (OLD.on_date, OLD.branch, OLD.vials) THEN
		IF OLD.state <> ALL ('{planned,noticed}'::text[]) THEN
			PERFORM vsys.refuse_step(OLD, 'changed');
		ELSIF btrim(coalesce(NEW.reason, '')) = '' THEN
			RAISE EXCEPTION 'a change of delivery % needs a reason', OLD.delivery
				USING ERRCODE = 'OB060',
					HINT = 'The site, its municipality and its prefecture are told it.';
		END IF;
		-- the site confirms the new date
		NEW.state := CASE WHEN NEW.state = 'noticed' THEN 'planned' ELSE NEW.state END;
	END IF;
	IF NEW.state = 'cancelled' AND OLD.state <> 'cancelled' AND btrim(coalesce(NEW.reason, '')) = '' THEN
		RAISE EXCEPTION 'a cancellation of delivery % needs a reason', OLD.delivery
			USING ERRCODE = 'OB060',
				HINT = 'The site, its municipality and its prefecture are told it.';
	END IF;
	IF NEW.state <> OLD.state AND NOT (CASE OLD.state
			WHEN 'planned' THEN NEW.state = ANY ('{noticed,cancelled,rerouted}'::text[]) OR (NEW.state = 'shipped' AND OLD.rerouted_from IS NOT NULL)
			WHEN 'noticed' THEN NEW.state = ANY ('{planned,shipped,cancelled,rerouted}'::text[])
			WHEN 'shipped' THEN NEW.state = ANY ('{received,partly_received,rejected,rerouted,lost}'::text[])
			WHEN 'partly_received' THEN NEW.state = ANY ('{received,rejected,rerouted,lost}'::text[])
			ELSE false
		END) THEN
		PERFORM vsys.refuse_step(OLD, replace(NEW.state, '_', ' '));
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION vsys.delivery_guarded() IS 'Trigger: a delivery changes only as its states allow; another date, branch or number of vials needs a reason and is to be confirmed again (OB060, OB062).';

-- ---- notices

CREATE OR REPLACE FUNCTION vsys.notify(goes vsys.delivery, kind text, reason text, old_on_date date, old_vials integer, lot text DEFAULT NULL) RETURNS void
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	INSERT INTO vsys.notice (delivery, recipient, kind, site, municipality, branch, product, on_date, old_on_date, vials, old_vials, boxes, lot, reason, made_at)
	SELECT (notify.goes).delivery, r.recipient, notify.kind, (notify.goes).site, (notify.goes).municipality, (notify.goes).branch, (notify.goes).product,
		(notify.goes).on_date, nullif(notify.old_on_date, (notify.goes).on_date), (notify.goes).vials, nullif(notify.old_vials, (notify.goes).vials),
		CASE WHEN p.route = 'carrier' THEN (notify.goes).vials / p.vials_per_box END, notify.lot, notify.reason, now()
	FROM unnest('{site,municipality,prefecture}'::text[]) WITH ORDINALITY AS r (recipient, place)
	JOIN vsys.product AS p ON p.product = (notify.goes).product
	ORDER BY r.place;
END;
COMMENT ON FUNCTION vsys.notify(vsys.delivery, text, text, date, integer, text) IS 'Writes the notices of one delivery: to the site, its municipality and its prefecture.';

CREATE OR REPLACE FUNCTION vsys.delivery_noticed() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF TG_OP = 'INSERT' THEN
		PERFORM vsys.notify(n::vsys.delivery, 'planned', n.reason, NULL, NULL)
		FROM now_there n
		ORDER BY n.delivery;
	ELSE
		PERFORM vsys.notify(n::vsys.delivery, CASE WHEN n.state = ANY ('{cancelled,rerouted}'::text[]) THEN 'cancelled' ELSE 'changed' END, n.reason, w.on_date, w.vials)
		FROM now_there n
		JOIN was_there w ON w.delivery = n.delivery
		WHERE (n.state = ANY ('{cancelled,rerouted}'::text[]) AND w.state <> n.state)
			OR (n.on_date, n.branch, n.vials) IS DISTINCT FROM (w.on_date, w.branch, w.vials)
		ORDER BY n.delivery;
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION vsys.delivery_noticed() IS 'Trigger: whatever statement makes, changes or cancels a delivery tells the site, its municipality and its prefecture in the same transaction.';

CREATE OR REPLACE FUNCTION vsys.notice_guarded() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF OLD.acknowledged_at IS NOT NULL THEN
		NEW.acknowledged_at := OLD.acknowledged_at;
		-- retention alone takes the name away
		IF NEW.acknowledged_by IS NOT NULL OR NOT pg_has_role(current_user, 'outbreak_owner', 'USAGE') THEN
			NEW.acknowledged_by := OLD.acknowledged_by;
		END IF;
	ELSE
		NEW.acknowledged_at := CASE WHEN NEW.acknowledged_by IS NOT NULL THEN coalesce(NEW.acknowledged_at, now()) END;
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION vsys.notice_guarded() IS 'Trigger: the first to confirm a notice has confirmed it.';

CREATE OR REPLACE FUNCTION vsys.notice_acknowledged() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	concerned bigint[];
BEGIN
	concerned := ARRAY(
		SELECT DISTINCT n.delivery
		FROM now_there n
		JOIN was_there w ON w.notice = n.notice
		WHERE n.recipient = 'site'
			AND n.acknowledged_at IS NOT NULL
			AND w.acknowledged_at IS NULL
	);
	IF concerned <> '{}' THEN
		-- first the locks, then a new look: the date may have changed meanwhile
		PERFORM
		FROM vsys.delivery d
		WHERE d.delivery = ANY (concerned)
		ORDER BY d.delivery
		FOR NO KEY UPDATE;
		UPDATE vsys.delivery d
		SET state = 'noticed'
		WHERE d.delivery = ANY (concerned)
			AND d.state = 'planned'
			AND (
				SELECT n.acknowledged_at IS NOT NULL
				FROM vsys.notice n
				WHERE n.delivery = d.delivery
					AND n.recipient = 'site'
				ORDER BY n.notice DESC
				LIMIT 1
			);
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION vsys.notice_acknowledged() IS 'Trigger: a delivery whose newest notice the site has confirmed is noticed, and may be shipped.';

CREATE OR REPLACE FUNCTION vsys.acknowledge(notice bigint, acknowledged_by text, at timestamptz DEFAULT now()) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	newer bigint;
BEGIN
	IF btrim(coalesce(acknowledge.acknowledged_by, '')) = '' THEN
		RAISE EXCEPTION 'who confirms the notice is not said'
			USING ERRCODE = 'OB060';
	END IF;
	SELECT max(m.notice) INTO newer
	FROM vsys.notice n
	JOIN vsys.notice m ON m.delivery = n.delivery
		AND m.recipient = n.recipient
		AND m.kind <> 'shipped'
	WHERE n.notice = acknowledge.notice;
	IF newer > acknowledge.notice THEN
		RAISE EXCEPTION 'notice % is out of date', acknowledge.notice
			USING ERRCODE = 'OB062',
				DETAIL = jsonb_build_object('notice', acknowledge.notice, 'newer', newer)::text,
				HINT = format('Notice %s says what holds now.', newer);
	END IF;
	UPDATE vsys.notice n
	SET acknowledged_at = acknowledge.at,
		acknowledged_by = acknowledge.acknowledged_by
	WHERE n.notice = acknowledge.notice;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no notice %', coalesce(acknowledge.notice::text, 'NULL')
			USING ERRCODE = 'OB060';
	END IF;
END
$$;
COMMENT ON FUNCTION vsys.acknowledge(bigint, text, timestamptz) IS
'通知の確認 / notes that the recipient knows of the delivery and its date. The site''s confirmation lets it be shipped; a branch may note whom at the site it told by telephone. Confirming twice changes nothing. Errors: OB060 no such notice, OB062 there is a newer one, named in the detail.';

CREATE OR REPLACE FUNCTION vsys.unnoticed(as_of timestamptz DEFAULT now(), within_days integer DEFAULT 7)
RETURNS TABLE (delivery bigint, on_date date, days_left integer, recipient text, notice bigint, kind text, noticed_at timestamptz, site outbreak.institution_code, municipality outbreak.municipality_code, prefecture smallint, branch bigint, product text, vials integer)
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT d.delivery, d.on_date, d.on_date - outbreak.local_date(as_of), r.recipient, n.notice, n.kind, n.made_at, d.site, d.municipality, d.prefecture, d.branch, d.product, d.vials
	FROM vsys.delivery AS d
	CROSS JOIN unnest('{site,municipality,prefecture}'::text[]) WITH ORDINALITY AS r (recipient, place)
	LEFT JOIN LATERAL (
		SELECT x.notice, x.kind, x.made_at, x.acknowledged_at
		FROM vsys.notice AS x
		WHERE x.delivery = d.delivery
			AND x.recipient = r.recipient
		ORDER BY x.notice DESC
		LIMIT 1
	) AS n ON true
	WHERE d.state = ANY ('{planned,noticed}'::text[])
		AND d.on_date <= outbreak.local_date(as_of) + within_days
		AND n.acknowledged_at IS NULL
	ORDER BY d.on_date, d.delivery, r.place;
END;
COMMENT ON FUNCTION vsys.unnoticed(timestamptz, integer) IS
'未確認の配送予定 / deliveries due within so many days after as_of (and overdue ones) of which the site, the municipality or the prefecture has not confirmed the newest notice: whom to call, with the notice that they were sent. One without any notice would be here with notice NULL; the triggers of vsys.delivery see to it that there is none.';

-- ---- shipping

CREATE OR REPLACE FUNCTION vsys.shipment_filled() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	NEW.doses_per_vial := coalesce(NEW.doses_per_vial, (SELECT p.doses_per_vial FROM vsys.product p WHERE p.product = NEW.product));
	NEW.shipped_at := coalesce(NEW.shipped_at, now());
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION vsys.shipment_filled() IS 'Trigger: doses per vial are the product''s where the shipment does not say otherwise.';

CREATE OR REPLACE FUNCTION vsys.shipment_applied() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	goes vsys.delivery := vsys.lock_delivery(NEW.delivery);
	product vsys.product;
	already bigint;
BEGIN
	IF NEW.moved_from IS NOT NULL THEN
		-- goes on to another site: what it is was looked at when it left
		RETURN NULL;
	END IF;
	IF goes.state <> ALL ('{noticed,shipped}'::text[]) THEN
		PERFORM vsys.refuse_step(goes, 'shipped');
	END IF;
	IF NOT NEW.logger_ok THEN
		RAISE EXCEPTION 'delivery % must not leave: its temperature logger does not show the right temperature', NEW.delivery
			USING ERRCODE = 'OB064',
				DETAIL = jsonb_build_object('delivery', NEW.delivery, 'logger', NEW.logger)::text;
	END IF;
	SELECT * INTO product
	FROM vsys.product p
	WHERE p.product = NEW.product;
	IF product.route = 'carrier' AND NEW.vials % product.vials_per_box <> 0 THEN
		RAISE EXCEPTION '% comes in whole boxes of % vials, not %', NEW.product, product.vials_per_box, NEW.vials
			USING ERRCODE = 'OB064',
				DETAIL = jsonb_build_object('delivery', NEW.delivery, 'vials', NEW.vials, 'vials_per_box', product.vials_per_box)::text;
	END IF;
	SELECT coalesce(sum(s.vials), 0) INTO already
	FROM vsys.shipment s
	WHERE s.delivery = NEW.delivery
		AND s.moved_from IS NULL;
	IF already > goes.vials THEN
		RAISE EXCEPTION 'delivery % is of % vials, and with these % would be shipped', NEW.delivery, goes.vials, already
			USING ERRCODE = 'OB064',
				DETAIL = jsonb_build_object('delivery', NEW.delivery, 'vials', goes.vials, 'shipped', already)::text;
	END IF;
	PERFORM vsys.refuse_bad_lot(vsys.know_lot(NEW.product, NEW.lot, NEW.expiry_on), outbreak.local_date(NEW.shipped_at));
	IF goes.state = 'noticed' THEN
		UPDATE vsys.delivery d
		SET state = 'shipped'
		WHERE d.delivery = NEW.delivery;
	END IF;
	-- each lot is told once
	IF NOT EXISTS (
		SELECT
		FROM vsys.notice n
		WHERE n.delivery = NEW.delivery
			AND n.kind = 'shipped'
			AND n.lot = NEW.lot
	) THEN
		PERFORM vsys.notify(goes, 'shipped', NULL, NULL, NULL, NEW.lot);
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION vsys.shipment_applied() IS 'Trigger: ships what a row of vsys.shipment says, or says why not: OB062 the delivery is not noticed or already over, OB064 more than planned, no whole boxes, or the temperature is not right, OB065 the lot is unknown, expired or recalled.';

CREATE OR REPLACE FUNCTION vsys.refuse_reuse(what text, number bigint) RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RAISE EXCEPTION 'this key was used for another step already'
		USING ERRCODE = 'OB063',
			DETAIL = jsonb_build_object(what, number)::text,
			HINT = 'The same key stands for the same step, sent again. Give every new step a new one.';
END
$$;
COMMENT ON FUNCTION vsys.refuse_reuse(text, bigint) IS 'Raises OB063 for an idempotency key that names a step with other contents.';

CREATE OR REPLACE FUNCTION vsys.ship(delivery bigint, lot text, vials integer, shipped_at timestamptz DEFAULT now(), doses_per_vial smallint DEFAULT NULL, sscc text DEFAULT NULL, expiry_on date DEFAULT NULL, logger text DEFAULT NULL, logger_ok boolean DEFAULT true, key text DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	goes vsys.delivery := vsys.the_delivery(ship.delivery);
	made vsys.shipment;
BEGIN
	IF ship.sscc IS NOT NULL AND (ship.sscc !~ '^[0-9]{18}$' OR (
		SELECT sum(substr(ship.sscc, i, 1)::integer * CASE WHEN i % 2 = 1 THEN 3 ELSE 1 END) % 10
		FROM generate_series(1, 18) AS i
	) <> 0) THEN
		RAISE EXCEPTION '"%" is no SSCC', ship.sscc
			USING ERRCODE = 'OB060',
				HINT = 'An SSCC has 18 digits, of which the last is a check digit.';
	END IF;
	INSERT INTO vsys.shipment AS s (delivery, lot, vials, shipped_at, doses_per_vial, sscc, expiry_on, logger, logger_ok, key)
	VALUES (ship.delivery, ship.lot, ship.vials, ship.shipped_at, ship.doses_per_vial, ship.sscc, ship.expiry_on, ship.logger, ship.logger_ok, ship.key)
	ON CONFLICT DO NOTHING
	RETURNING * INTO made;
	IF found THEN
		RETURN made.shipment;
	END IF;
	SELECT * INTO made
	FROM vsys.shipment s
	WHERE s.branch = goes.branch
		AND s.key = ship.key;
	IF NOT found THEN
		SELECT * INTO STRICT made
		FROM vsys.shipment s
		WHERE s.branch = goes.branch
			AND s.sscc = ship.sscc
			AND s.moved_from IS NULL;
		RAISE EXCEPTION 'box % was shipped already, with delivery %', ship.sscc, made.delivery
			USING ERRCODE = 'OB063',
				DETAIL = jsonb_build_object('shipment', made.shipment, 'delivery', made.delivery, 'shipped_at', made.shipped_at)::text;
	ELSIF (made.delivery, made.lot, made.vials, made.sscc) IS DISTINCT FROM (ship.delivery, ship.lot, ship.vials, ship.sscc) THEN
		PERFORM vsys.refuse_reuse('shipment', made.shipment);
	END IF;
	RETURN made.shipment;
END
$$;
COMMENT ON FUNCTION vsys.ship(bigint, text, integer, timestamptz, smallint, text, date, text, boolean, text) IS
'出荷 / notes that vials of a lot, or a box, left for the site of a delivery, and returns the number of the shipment. Call it for each lot or box. The site must have confirmed the date. The same call again with the same key returns the same number.

Errors: OB060 no such delivery, or no SSCC; OB062 not confirmed by the site, or already over; OB063 the key or the box was used before; OB064 more than planned, no whole boxes (route carrier), temperature logger not right; OB065 lot unknown (give expiry_on), expired or recalled.';

-- ---- receiving

CREATE OR REPLACE FUNCTION vsys.receipt_applied() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	goes vsys.delivery := vsys.lock_delivery(NEW.delivery);
	known vsys.lot;
	earlier vsys.receipt;
	sent vsys.shipment;
	-- in transit after this receipt; below zero more came than was sent
	open bigint;
	day date := outbreak.local_date(NEW.received_at);
BEGIN
	IF goes.state = ANY ('{received,rejected}'::text[]) THEN
		SELECT * INTO earlier
		FROM vsys.receipt r
		WHERE r.delivery = NEW.delivery
			AND r.receipt <> NEW.receipt
		ORDER BY r.receipt DESC
		LIMIT 1;
		RAISE EXCEPTION 'delivery % was received already, at %', NEW.delivery, to_char(earlier.received_at AT TIME ZONE outbreak.time_zone(), 'YYYY-MM-DD HH24:MI')
			USING ERRCODE = 'OB063',
				DETAIL = jsonb_build_object('delivery', NEW.delivery, 'receipt', earlier.receipt, 'vials', earlier.vials, 'received_at', earlier.received_at)::text;
	ELSIF goes.state <> ALL ('{shipped,partly_received}'::text[]) THEN
		PERFORM vsys.refuse_step(goes, 'received');
	ELSIF NEW.received_by IS NULL THEN
		RAISE EXCEPTION 'who received delivery % is not said', NEW.delivery
			USING ERRCODE = 'OB060';
	END IF;
	SELECT * INTO sent
	FROM vsys.shipment s
	WHERE s.delivery = NEW.delivery
	ORDER BY (s.lot = NEW.lot) DESC, s.shipped_at, s.shipment
	LIMIT 1;
	IF NEW.received_at < sent.shipped_at OR NEW.received_at > now() + interval '1 day' THEN
		RAISE EXCEPTION 'delivery % cannot be received at %: it left at %', NEW.delivery, NEW.received_at, sent.shipped_at
			USING ERRCODE = 'OB060';
	ELSIF NEW.vials > 0 AND NOT NEW.logger_ok THEN
		RAISE EXCEPTION 'nothing of delivery % goes into stock: its temperature was not kept', NEW.delivery
			USING ERRCODE = 'OB064',
				HINT = 'Reject all of it: vials => 0, rejected => what came, condition => ''temperature''.';
	END IF;
	known := vsys.know_lot(NEW.product, NEW.lot, NEW.expiry_on);
	IF NEW.vials > 0 THEN
		PERFORM vsys.refuse_bad_lot(known, day);
	END IF;

	SELECT o.open INTO open
	FROM vsys.lot_open(NEW.delivery) o
	WHERE o.lot = NEW.lot;
	IF open < 0 THEN
		INSERT INTO vsys.discrepancy (delivery, kind, lot, vials, opened_at)
		VALUES (NEW.delivery, CASE WHEN sent.lot = NEW.lot THEN 'surplus' ELSE 'other_lot' END, NEW.lot, least(-open, NEW.vials + NEW.rejected), NEW.received_at);
	ELSIF open > 0 AND NOT NEW.more_to_come AND NOT EXISTS (
		SELECT
		FROM vsys.discrepancy x
		WHERE x.delivery = NEW.delivery
			AND x.kind = 'missing'
			AND x.lot = NEW.lot
			AND x.explanation IS NULL
	) THEN
		INSERT INTO vsys.discrepancy (delivery, kind, lot, vials, opened_at)
		VALUES (NEW.delivery, 'missing', NEW.lot, open, NEW.received_at);
	END IF;
	IF open <= 0 THEN
		-- what was missing has come after all
		UPDATE vsys.discrepancy x
		SET explanation = 'found',
			explained_at = NEW.received_at,
			note = 'receipt ' || NEW.receipt
		WHERE x.delivery = NEW.delivery
			AND x.kind = 'missing'
			AND x.lot = NEW.lot
			AND x.explanation IS NULL;
	END IF;
	IF NEW.vials > 0 THEN
		PERFORM vsys.post_stock(NEW.site, NEW.product, NEW.lot, 'received', NEW.vials, happened_at => NEW.received_at, key => 'receipt ' || NEW.receipt, doses_per_vial => sent.doses_per_vial);
	END IF;
	PERFORM vsys.settle_delivery(NEW.delivery);
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION vsys.receipt_applied() IS 'Trigger: receives what a row of vsys.receipt says: posts the stock of the site, opens a discrepancy where lot or count differ from what was shipped, and moves the state. Errors: OB060, OB062 not shipped, rerouted, OB063 received already, OB064 temperature, OB065 lot.';

CREATE OR REPLACE FUNCTION vsys.receive(delivery bigint, vials integer, received_by text, lot text DEFAULT NULL, rejected integer DEFAULT 0, condition text DEFAULT 'good', logger_ok boolean DEFAULT true, received_at timestamptz DEFAULT now(), more_to_come boolean DEFAULT false, expiry_on date DEFAULT NULL, note text DEFAULT NULL, key text DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	goes vsys.delivery := vsys.the_delivery(receive.delivery);
	made vsys.receipt;
	lots text[];
	counted text := receive.lot;
BEGIN
	IF btrim(coalesce(receive.received_by, '')) = '' THEN
		RAISE EXCEPTION 'who received delivery % is not said', receive.delivery
			USING ERRCODE = 'OB060';
	ELSIF (coalesce(receive.rejected, 0) > 0) <> (coalesce(receive.condition, 'good') <> 'good') THEN
		RAISE EXCEPTION 'what is rejected needs a condition, and only that'
			USING ERRCODE = 'OB060',
				HINT = 'condition is one of temperature, damaged, wrong_product, expired, other.';
	END IF;
	IF counted IS NULL THEN
		lots := ARRAY(
			SELECT DISTINCT s.lot
			FROM vsys.shipment s
			WHERE s.delivery = receive.delivery
			ORDER BY s.lot
		);
		IF cardinality(lots) > 1 THEN
			RAISE EXCEPTION 'delivery % is of several lots: say which', receive.delivery
				USING ERRCODE = 'OB060',
					DETAIL = jsonb_build_object('delivery', receive.delivery, 'lots', lots)::text,
					HINT = 'Receive each lot by itself.';
		ELSIF lots = '{}' THEN
			PERFORM vsys.refuse_step(goes, 'received');
		END IF;
		counted := lots[1];
	END IF;
	INSERT INTO vsys.receipt AS r (delivery, lot, expiry_on, vials, rejected, more_to_come, condition, logger_ok, received_by, received_at, note, key)
	VALUES (receive.delivery, counted, receive.expiry_on, receive.vials, receive.rejected, receive.more_to_come, receive.condition, receive.logger_ok, receive.received_by, receive.received_at, receive.note, receive.key)
	ON CONFLICT DO NOTHING
	RETURNING * INTO made;
	IF found THEN
		RETURN made.receipt;
	END IF;
	SELECT * INTO STRICT made
	FROM vsys.receipt r
	WHERE r.site OPERATOR(outbreak.=) goes.site
		AND r.key = receive.key;
	IF (made.delivery, made.lot, made.vials, made.rejected) IS DISTINCT FROM (receive.delivery, counted, receive.vials, receive.rejected) THEN
		PERFORM vsys.refuse_reuse('receipt', made.receipt);
	END IF;
	RETURN made.receipt;
END
$$;
COMMENT ON FUNCTION vsys.receive(bigint, integer, text, text, integer, text, boolean, timestamptz, boolean, date, text, text) IS
'受領 / the proof of receipt: who counted how many vials of which lot, how many of them were rejected and why. Posts the stock of the site in the same transaction, and returns the number of the receipt. lot may be left out where one lot was shipped. The same call again with the same key returns the same number and posts nothing.

A count or a lot other than shipped is taken as it is and opens a row of vsys.discrepancy; the delivery stays partly received until that is explained. more_to_come: the rest is on another vehicle. All rejected: vials => 0, rejected => n.

Errors: OB060 no such delivery, nobody named; OB062 not shipped, or rerouted; OB063 received already, or the key was used for another step; OB064 the temperature was not kept, so all must be rejected; OB065 lot unknown (give expiry_on), or expired or recalled and not rejected.';

-- ---- by one scan

CREATE OR REPLACE FUNCTION vsys.read_box(delivery bigint, scan text, on_date date)
RETURNS TABLE (lot text, expiry_on date, sscc text, vials integer)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	goes vsys.delivery := vsys.the_delivery(read_box.delivery);
	read record;
	pack vsys.product_pack;
	sent vsys.shipment;
BEGIN
	SELECT s.gtin, s.lot, s.expiry_on, s.sscc::text AS sscc, s.quantity INTO read
	FROM outbreak.gs1_scan(scan, read_box.on_date) s;
	lot := read.lot;
	expiry_on := read.expiry_on;
	sscc := read.sscc;
	IF read.gtin IS NOT NULL THEN
		SELECT * INTO pack
		FROM vsys.product_pack p
		WHERE p.gtin OPERATOR(outbreak.=) read.gtin;
		IF pack.product IS DISTINCT FROM goes.product THEN
			RAISE EXCEPTION 'the scan is of %, and delivery % is of %', coalesce(pack.product, 'a pack that nobody entered'), goes.delivery, goes.product
				USING ERRCODE = 'OB065',
					DETAIL = jsonb_build_object('delivery', goes.delivery, 'gtin', read.gtin::text, 'scanned', pack.product, 'product', goes.product)::text,
					HINT = 'vsys.product_pack says which GTIN is which vaccine.';
		END IF;
		vials := CASE WHEN pack.level = 'vial' THEN coalesce(read.quantity, 1) ELSE pack.vials END;
	END IF;
	IF read.sscc IS NOT NULL AND lot IS NULL THEN
		-- the number of the box alone: what the branch said of it
		SELECT * INTO sent
		FROM vsys.shipment s
		WHERE s.delivery = goes.delivery
			AND s.sscc = read.sscc;
		lot := sent.lot;
		expiry_on := coalesce(expiry_on, sent.expiry_on);
		vials := coalesce(vials, sent.vials);
	END IF;
	IF lot IS NULL THEN
		RAISE EXCEPTION 'the scan does not say the lot'
			USING ERRCODE = 'OB065',
				HINT = 'Scan the code with the lot, (10), or a box (00) that was shipped with this delivery.';
	END IF;
	RETURN NEXT;
END
$$;
COMMENT ON FUNCTION vsys.read_box(bigint, text, date) IS
'GS1 読取り / what a scan says about a box of a delivery: lot, label expiry, SSCC, and the vials of such a pack (vsys.product_pack); of an SSCC alone, what was shipped in it. Errors: OB060 no such delivery, OB065 another product, an unknown pack or box, no lot; 22P02 no GS1 code.';

CREATE OR REPLACE FUNCTION vsys.ship_scan(delivery bigint, scan text, vials integer DEFAULT NULL, shipped_at timestamptz DEFAULT now(), doses_per_vial smallint DEFAULT NULL, logger text DEFAULT NULL, logger_ok boolean DEFAULT true, key text DEFAULT NULL)
RETURNS bigint
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT vsys.ship(ship_scan.delivery, b.lot, coalesce(ship_scan.vials, b.vials), ship_scan.shipped_at, ship_scan.doses_per_vial, b.sscc, b.expiry_on, ship_scan.logger, ship_scan.logger_ok, ship_scan.key)
	FROM vsys.read_box(ship_scan.delivery, ship_scan.scan, outbreak.local_date(ship_scan.shipped_at)) AS b;
END;
COMMENT ON FUNCTION vsys.ship_scan(bigint, text, integer, timestamptz, smallint, text, boolean, text) IS '出荷(読取り) / vsys.ship() of a scanned box: lot, expiry, SSCC and number of vials (unless given) come from the scan. Errors as there, and of vsys.read_box().';

CREATE OR REPLACE FUNCTION vsys.receive_scan(delivery bigint, scan text, received_by text, vials integer DEFAULT NULL, rejected integer DEFAULT 0, condition text DEFAULT 'good', logger_ok boolean DEFAULT true, received_at timestamptz DEFAULT now(), more_to_come boolean DEFAULT false, note text DEFAULT NULL, key text DEFAULT NULL)
RETURNS bigint
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT vsys.receive(receive_scan.delivery, coalesce(receive_scan.vials, b.vials - receive_scan.rejected), receive_scan.received_by, b.lot, receive_scan.rejected, receive_scan.condition, receive_scan.logger_ok,
		receive_scan.received_at, receive_scan.more_to_come, b.expiry_on, receive_scan.note, receive_scan.key)
	FROM vsys.read_box(receive_scan.delivery, receive_scan.scan, outbreak.local_date(receive_scan.received_at)) AS b;
END;
COMMENT ON FUNCTION vsys.receive_scan(bigint, text, text, integer, integer, text, boolean, timestamptz, boolean, text, text) IS '受領(読取り) / vsys.receive() of a scanned box: lot, expiry and number of vials (unless counted otherwise) come from the scan, or, of an SSCC alone, from the shipment. Where boxes of a lot are scanned one by one, more_to_come is true for all but the last. Errors as there, and of vsys.read_box().';

-- ---- discrepancies and losses

CREATE OR REPLACE FUNCTION vsys.discrepancy_guarded() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF OLD.explanation IS NOT NULL AND (NEW.explanation, NEW.instead_of, NEW.note) IS DISTINCT FROM (OLD.explanation, OLD.instead_of, OLD.note) THEN
		RAISE EXCEPTION 'discrepancy % is explained already', OLD.discrepancy
			USING ERRCODE = 'OB062',
				DETAIL = jsonb_build_object('discrepancy', OLD.discrepancy, 'explanation', OLD.explanation, 'explained_at', OLD.explained_at)::text;
	END IF;
	IF NEW.explanation IS NOT NULL THEN
		NEW.explained_at := coalesce(NEW.explained_at, now());
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION vsys.discrepancy_guarded() IS 'Trigger: an explanation stands once it is given (OB062).';

CREATE OR REPLACE FUNCTION vsys.discrepancy_explained() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	goes vsys.delivery := vsys.lock_delivery(NEW.delivery);
	off_lot text := coalesce(NEW.instead_of, NEW.lot);
	open bigint;
BEGIN
	IF goes.state <> ALL ('{shipped,partly_received}'::text[]) THEN
		PERFORM vsys.refuse_step(goes, 'explained');
	END IF;
	SELECT greatest(o.open, 0) INTO open
	FROM vsys.lot_open(NEW.delivery) o
	WHERE o.lot = off_lot;
	open := coalesce(open, 0);
	IF NEW.explanation = 'found' THEN
		IF open > 0 THEN
			RAISE EXCEPTION 'of lot "%" % vials are not received yet', NEW.lot, open
				USING ERRCODE = 'OB064',
					HINT = 'Receive what was found; that explains it.';
		END IF;
	ELSIF NEW.kind = 'missing' OR NEW.explanation = 'relabelled' THEN
		IF NEW.explanation = 'relabelled' AND open = 0 THEN
			RAISE EXCEPTION 'nothing of lot "%" is missing', off_lot
				USING ERRCODE = 'OB064',
					HINT = 'instead_of names the lot that was sent and did not come.';
		END IF;
		UPDATE vsys.discrepancy x
		SET written_off = least(open, NEW.vials)
		WHERE x.discrepancy = NEW.discrepancy;
		-- what was noted as missing of a lot of which nothing is missing any more
		UPDATE vsys.discrepancy x
		SET explanation = 'relabelled',
			explained_at = NEW.explained_at,
			note = 'discrepancy ' || NEW.discrepancy
		WHERE NEW.explanation = 'relabelled'
			AND open <= NEW.vials
			AND x.delivery = NEW.delivery
			AND x.discrepancy <> NEW.discrepancy
			AND x.kind = 'missing'
			AND x.lot = off_lot
			AND x.explanation IS NULL;
	END IF;
	PERFORM vsys.settle_delivery(NEW.delivery);
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION vsys.discrepancy_explained() IS 'Trigger: takes what an explanation accounts for out of transit, and moves the state of the delivery.';

CREATE OR REPLACE FUNCTION vsys.explain_discrepancy(discrepancy bigint, explanation text, note text, instead_of text DEFAULT NULL, explained_at timestamptz DEFAULT now()) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF explain_discrepancy.explanation IS NULL OR explain_discrepancy.explanation <> ALL ('{found,lost,miscounted,relabelled}'::text[]) THEN
		RAISE EXCEPTION '"%" is no explanation', explain_discrepancy.explanation
			USING ERRCODE = 'OB060',
				HINT = 'An explanation is one of found, lost, miscounted, relabelled.';
	ELSIF btrim(coalesce(explain_discrepancy.note, '')) = '' THEN
		RAISE EXCEPTION 'what happened is not said'
			USING ERRCODE = 'OB060';
	ELSIF (explain_discrepancy.explanation = 'relabelled') <> (explain_discrepancy.instead_of IS NOT NULL) THEN
		RAISE EXCEPTION 'instead_of names the lot that another came instead of, and is for "relabelled" alone'
			USING ERRCODE = 'OB060';
	END IF;
	UPDATE vsys.discrepancy x
	SET explanation = explain_discrepancy.explanation,
		explained_at = explain_discrepancy.explained_at,
		instead_of = explain_discrepancy.instead_of,
		note = explain_discrepancy.note
	WHERE x.discrepancy = explain_discrepancy.discrepancy;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no discrepancy %', coalesce(explain_discrepancy.discrepancy::text, 'NULL')
			USING ERRCODE = 'OB060';
	END IF;
END
$$;
COMMENT ON FUNCTION vsys.explain_discrepancy(bigint, text, text, text, timestamptz) IS
'差異の説明 / says why a count or lot differed: lost, miscounted (it was never sent, or more was sent than written), relabelled (it came instead of lot instead_of), found (a later receipt does this by itself). What is explained is in transit no longer; with the last one the delivery is received. For the branch, the prefecture and the ministry. Errors: OB060, OB062 explained already, OB064 the explanation does not fit the numbers.';

CREATE OR REPLACE FUNCTION vsys.lose_delivery(delivery bigint, note text, lost_at timestamptz DEFAULT now()) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	goes vsys.delivery := vsys.the_delivery(lose_delivery.delivery);
	lost bigint;
BEGIN
	IF btrim(coalesce(lose_delivery.note, '')) = '' THEN
		RAISE EXCEPTION 'what happened is not said'
			USING ERRCODE = 'OB060';
	END IF;
	SELECT sum(o.open) INTO lost
	FROM vsys.lot_open(lose_delivery.delivery) o
	WHERE o.open > 0;
	IF lost IS NULL THEN
		PERFORM vsys.refuse_step(goes, 'lost');
	END IF;
	UPDATE vsys.discrepancy x
	SET explanation = 'lost',
		explained_at = lose_delivery.lost_at,
		note = lose_delivery.note
	WHERE x.delivery = lose_delivery.delivery
		AND x.kind = 'missing'
		AND x.explanation IS NULL;
	INSERT INTO vsys.discrepancy (delivery, kind, lot, vials, opened_at, explanation, explained_at, note)
	SELECT lose_delivery.delivery, 'missing', o.lot, o.open, lose_delivery.lost_at, 'lost', lose_delivery.lost_at, lose_delivery.note
	FROM vsys.lot_open(lose_delivery.delivery) o
	WHERE o.open > 0;
	RETURN lost;
END
$$;
COMMENT ON FUNCTION vsys.lose_delivery(bigint, text, timestamptz) IS '紛失 / declares all that is still in transit of a delivery lost, and returns how many vials. For the branch and the ministry. Errors: OB060, OB062 nothing is in transit.';

-- ---- another date, another site, none

CREATE OR REPLACE FUNCTION vsys.move_delivery(delivery bigint, on_date date, reason text, as_of timestamptz DEFAULT now()) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF move_delivery.on_date < outbreak.local_date(as_of) THEN
		RAISE EXCEPTION '% is over', move_delivery.on_date
			USING ERRCODE = 'OB060';
	END IF;
	PERFORM vsys.the_delivery(move_delivery.delivery);
	UPDATE vsys.delivery d
	SET on_date = move_delivery.on_date,
		reason = move_delivery.reason
	WHERE d.delivery = move_delivery.delivery;
END
$$;
COMMENT ON FUNCTION vsys.move_delivery(bigint, date, text, timestamptz) IS '配送日の変更 / gives a delivery another date, for a reason. The site, its municipality and its prefecture are told the old date, the new one and the reason, and the site confirms again before it is shipped. For the branch and the ministry. Errors: OB060 no such delivery, a day that is over, no reason; OB062 shipped already.';

CREATE OR REPLACE FUNCTION vsys.cancel_delivery(delivery bigint, reason text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM vsys.the_delivery(cancel_delivery.delivery);
	UPDATE vsys.delivery d
	SET state = 'cancelled',
		reason = cancel_delivery.reason
	WHERE d.delivery = cancel_delivery.delivery;
END
$$;
COMMENT ON FUNCTION vsys.cancel_delivery(bigint, text) IS '配送の取消 / cancels a delivery that was not shipped; its vials are to be planned again. For the ministry. Errors: OB060, OB062.';

CREATE OR REPLACE FUNCTION vsys.reroute_applied() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	goes vsys.delivery := vsys.lock_delivery(NEW.delivery);
	target vsys.site;
	amount bigint;
	made bigint;
	under_way boolean;
BEGIN
	IF goes.state <> ALL ('{planned,noticed,shipped,partly_received}'::text[]) THEN
		PERFORM vsys.refuse_step(goes, 'rerouted');
	END IF;
	SELECT * INTO STRICT target
	FROM vsys.site s
	WHERE s.site OPERATOR(outbreak.=) NEW.to_site;
	PERFORM vsys.refuse_site(target, goes.product, NEW.on_date);
	IF target.kind <> 'basic' AND (SELECT p.route FROM vsys.product p WHERE p.product = goes.product) = 'carrier' THEN
		RAISE EXCEPTION '% goes to basic sites in whole boxes, and site % is %', goes.product, target.site, target.kind
			USING ERRCODE = 'OB060',
				HINT = 'Its basic site passes it on: vsys.send_vials().';
	END IF;
	under_way := goes.state = ANY ('{shipped,partly_received}'::text[]);
	IF under_way THEN
		IF EXISTS (
			SELECT
			FROM vsys.discrepancy x
			WHERE x.delivery = NEW.delivery
				AND x.explanation IS NULL
		) THEN
			RAISE EXCEPTION 'delivery % has a discrepancy that nobody explained yet', NEW.delivery
				USING ERRCODE = 'OB062',
					HINT = 'vsys.explain_discrepancy() first: only what is on its way can be rerouted.';
		END IF;
		SELECT sum(o.open) INTO amount
		FROM vsys.lot_open(NEW.delivery) o
		WHERE o.open > 0;
	ELSE
		amount := goes.vials;
	END IF;
	INSERT INTO vsys.delivery (round, product, site, municipality, branch, on_date, vials, rerouted_from, reason)
	VALUES (goes.round, goes.product, NEW.to_site, target.municipality, goes.branch, NEW.on_date, amount, goes.delivery, NEW.reason)
	RETURNING delivery INTO made;
	IF under_way THEN
		UPDATE vsys.delivery d
		SET state = 'shipped'
		WHERE d.delivery = made;
		-- of each lot the shipments that are open; a lot that came in part goes on from its newest shipment
		INSERT INTO vsys.shipment (delivery, lot, vials, doses_per_vial, sscc, logger, shipped_at, moved_from)
		SELECT made, l.lot, l.vials, l.doses_per_vial, l.sscc, l.logger, NEW.rerouted_at, l.shipment
		FROM (
			SELECT s.lot, s.doses_per_vial, s.sscc, s.logger, s.shipment,
				least(s.vials, o.open - coalesce(sum(s.vials) OVER (PARTITION BY s.lot ORDER BY s.shipment DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)) AS vials
			FROM vsys.shipment s
			JOIN vsys.lot_open(NEW.delivery) o ON o.lot = s.lot
			WHERE s.delivery = NEW.delivery
		) l
		WHERE l.vials > 0
		ORDER BY l.shipment;
		UPDATE vsys.delivery d
		SET reason = NEW.reason
		WHERE d.delivery = NEW.delivery;
		PERFORM vsys.settle_delivery(NEW.delivery);
	ELSE
		UPDATE vsys.delivery d
		SET state = 'rerouted',
			reason = NEW.reason
		WHERE d.delivery = NEW.delivery;
	END IF;
	UPDATE vsys.reroute r
	SET to_delivery = made,
		vials = amount
	WHERE r.reroute = NEW.reroute;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION vsys.reroute_applied() IS 'Trigger: makes a delivery of the other site out of what a row of vsys.reroute sends there, with the shipments that are on their way. Errors: OB060 the site cannot take it, OB062 the delivery is over, or has an unexplained discrepancy.';

CREATE OR REPLACE FUNCTION vsys.refuse_site(target vsys.site, product text, on_date date) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF target.state = ANY ('{applied,authorised,closed}'::text[]) OR NOT EXISTS (
		SELECT
		FROM vsys.site_product h
		WHERE h.site OPERATOR(outbreak.=) target.site
			AND h.product = refuse_site.product
			AND h.valid @> refuse_site.on_date
	) THEN
		RAISE EXCEPTION 'site % does not take in % on %', target.site, refuse_site.product, refuse_site.on_date
			USING ERRCODE = 'OB060',
				DETAIL = jsonb_build_object('site', target.site::text, 'state', target.state, 'product', refuse_site.product)::text,
				HINT = 'vsys.site and vsys.site_product say which sites are open, and for what.';
	END IF;
END
$$;
COMMENT ON FUNCTION vsys.refuse_site(vsys.site, text, date) IS 'Raises OB060 for a site that is not open, or does not handle the product on that day.';

CREATE OR REPLACE FUNCTION vsys.reroute_delivery(delivery bigint, to_site outbreak.institution_code, on_date date, reason text, rerouted_at timestamptz DEFAULT now()) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	goes vsys.delivery := vsys.the_delivery(reroute_delivery.delivery);
	made bigint;
BEGIN
	IF btrim(coalesce(reroute_delivery.reason, '')) = '' THEN
		RAISE EXCEPTION 'a rerouting needs a reason'
			USING ERRCODE = 'OB060';
	ELSIF goes.site OPERATOR(outbreak.=) reroute_delivery.to_site THEN
		RAISE EXCEPTION 'delivery % goes to site % already', reroute_delivery.delivery, reroute_delivery.to_site
			USING ERRCODE = 'OB060';
	END IF;
	INSERT INTO vsys.reroute AS r (delivery, to_site, on_date, reason, rerouted_at)
	VALUES (reroute_delivery.delivery, reroute_delivery.to_site, reroute_delivery.on_date, reroute_delivery.reason, reroute_delivery.rerouted_at)
	RETURNING r.reroute INTO made;
	RETURN (SELECT r.to_delivery FROM vsys.reroute r WHERE r.reroute = made);
END
$$;
COMMENT ON FUNCTION vsys.reroute_delivery(bigint, outbreak.institution_code, date, text, timestamptz) IS
'送付先変更 / sends a delivery, planned or on its way, to another site instead, and returns the number of the delivery that it becomes. What was received already stays. The old site and the new one, their municipalities and prefectures are told. For the ministry, and for a prefecture between its own sites. Errors: OB060 the site cannot take it, no reason; OB062 nothing of it is under way any more, or a discrepancy is open.';

-- ---- reading

CREATE OR REPLACE FUNCTION vsys.chain(round bigint, as_of timestamptz DEFAULT 'infinity')
RETURNS TABLE (site outbreak.institution_code, allotted bigint, unplanned bigint, planned bigint, shipped bigint, in_transit bigint, received bigint, rejected bigint, written_off bigint, surplus bigint, not_again bigint, rerouted_in bigint, rerouted_out bigint)
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH moved AS (
		SELECT m.delivery, sum(m.shipped) AS shipped, sum(m.received) AS received, sum(m.rejected) AS rejected, sum(m.written_off) AS written_off, sum(m.moved) AS moved,
			sum(greatest(m.shipped - m.received - m.rejected - m.written_off - m.moved, 0)) AS in_transit,
			sum(greatest(m.received + m.rejected + m.written_off + m.moved - m.shipped, 0)) AS surplus
		FROM vsys.delivery_moves(as_of) AS m
		GROUP BY m.delivery
	), stop AS (
		SELECT d.site, d.vials, d.rerouted_from IS NOT NULL AS elsewhere, m.delivery IS NOT NULL AS left_already,
			CASE WHEN d.state = ANY ('{planned,noticed}'::text[]) THEN d.vials ELSE 0 END AS planned,
			CASE WHEN d.state = 'rerouted' AND m.delivery IS NULL THEN d.vials ELSE 0 END AS gone,
			d.state = 'cancelled' AS cancelled,
			-- what was on its way to another site before left once, and not again
			CASE WHEN EXISTS (SELECT FROM vsys.shipment AS s WHERE s.delivery = d.delivery AND s.moved_from IS NOT NULL) THEN 0 ELSE coalesce(m.shipped, 0) END AS shipped,
			coalesce(m.in_transit, 0) AS in_transit, coalesce(m.received, 0) AS received, coalesce(m.rejected, 0) AS rejected, coalesce(m.written_off, 0) AS written_off,
			coalesce(m.surplus, 0) AS surplus, coalesce(m.moved, 0) AS moved,
			coalesce(m.shipped + m.surplus - m.rejected - m.written_off, 0) AS brought
		FROM vsys.delivery AS d
		LEFT JOIN moved AS m ON m.delivery = d.delivery
		WHERE d.round = chain.round
	), part AS (
		SELECT a.site, a.vials AS allotted, 0 AS committed, 0 AS planned, 0 AS shipped, 0 AS in_transit, 0 AS received, 0 AS rejected, 0 AS written_off, 0 AS surplus, 0 AS not_again, 0 AS rerouted_in, 0 AS rerouted_out
		FROM vsys.allotment AS a
		WHERE a.round = chain.round
		UNION ALL
		SELECT s.site, 0, CASE WHEN s.elsewhere THEN 0 ELSE s.planned + s.gone + s.brought END, s.planned, s.shipped, s.in_transit, s.received, s.rejected, s.written_off, s.surplus,
			CASE WHEN s.elsewhere AND (s.left_already OR s.cancelled) THEN s.vials - s.brought ELSE 0 END,
			CASE WHEN s.elsewhere THEN s.vials ELSE 0 END, s.gone + s.moved
		FROM stop AS s
	)
	SELECT p.site, sum(p.allotted)::bigint, (sum(p.allotted) - sum(p.committed))::bigint, sum(p.planned)::bigint, sum(p.shipped)::bigint, sum(p.in_transit)::bigint,
		sum(p.received)::bigint, sum(p.rejected)::bigint, sum(p.written_off)::bigint, sum(p.surplus)::bigint, sum(p.not_again)::bigint, sum(p.rerouted_in)::bigint, sum(p.rerouted_out)::bigint
	FROM part AS p
	GROUP BY p.site;
END;
COMMENT ON FUNCTION vsys.chain(bigint, timestamptz) IS
'配送の収支 / where the vials of a round are, by site: allotted to it; unplanned, of its allotment still to be planned (again, where something was rejected or lost); planned and not shipped; shipped; of that in transit, received, rejected, written off; surplus that came beyond what was sent; not_again, what of a rerouted delivery was rejected, lost or never shipped, and is not planned again; rerouted to it and away from it. Shipments, receipts and explanations until as_of.

Over all sites: allotted = unplanned + planned + shipped + surplus - rejected - written_off + not_again, and shipped + surplus = in_transit + received + rejected + written_off.';

CREATE OR REPLACE FUNCTION vsys.in_transit(as_of timestamptz DEFAULT now())
RETURNS TABLE (kind text, number bigint, branch bigint, from_site outbreak.institution_code, to_site outbreak.institution_code, prefecture smallint, product text, lot text, vials bigint, missing bigint, since timestamptz, due_at timestamptz)
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT 'delivery', d.delivery, d.branch, NULL::outbreak.institution_code, d.site, d.prefecture, d.product, m.lot,
		m.shipped - m.received - m.rejected - m.written_off - m.moved,
		(SELECT coalesce(sum(x.vials), 0) FROM vsys.discrepancy AS x WHERE x.delivery = d.delivery AND x.lot = m.lot AND x.kind = 'missing' AND x.opened_at <= as_of AND (x.explained_at IS NULL OR x.explained_at > as_of)),
		(SELECT min(s.shipped_at) FROM vsys.shipment AS s WHERE s.delivery = d.delivery AND s.lot = m.lot),
		NULL::timestamptz
	FROM vsys.delivery_moves(as_of) AS m
	JOIN vsys.delivery AS d ON d.delivery = m.delivery
	WHERE m.shipped - m.received - m.rejected - m.written_off - m.moved > 0
	UNION ALL
	SELECT 'transfer', t.transfer, NULL, t.from_site, t.to_site, t.prefecture, t.product, t.lot,
		t.vials - coalesce(a.vials, 0), 0, t.left_at, t.due_at
	FROM vsys.transfer AS t
	LEFT JOIN LATERAL (
		SELECT sum(x.vials + x.discarded + x.lost) AS vials
		FROM vsys.arrival AS x
		WHERE x.transfer = t.transfer
			AND x.arrived_at <= as_of
	) AS a ON true
	WHERE t.left_at <= as_of
		AND t.vials > coalesce(a.vials, 0);
END;
COMMENT ON FUNCTION vsys.in_transit(timestamptz) IS
'輸送中 / what was on its way at as_of, by delivery or transfer, and lot: vials = shipped - received - rejected - written off - rerouted, or sent - arrived - discarded - lost. missing: how many of them the site counted and did not find. Within what the caller may see.';

CREATE OR REPLACE FUNCTION vsys.schedule(from_on date, to_on date)
RETURNS TABLE (delivery bigint, on_date date, state text, product text, product_ja text, vials integer, boxes integer, lots text[], site outbreak.institution_code, site_ja text, zip text, address text, phone text, municipality outbreak.municipality_code, prefecture smallint, branch bigint, company_ja text, branch_ja text, branch_phone text, reason text, longitude double precision, latitude double precision)
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT d.delivery, d.on_date, d.state, d.product, p.name_ja, d.vials, CASE WHEN p.route = 'carrier' THEN d.vials / p.vials_per_box END,
		ARRAY(SELECT DISTINCT s.lot FROM vsys.shipment AS s WHERE s.delivery = d.delivery ORDER BY s.lot),
		d.site, i.name_ja, i.zip, i.address, i.phone, d.municipality, d.prefecture, d.branch, b.company_ja, o.name_ja, b.phone, d.reason,
		@postgis@.st_x(i.location::@postgis@.geometry), @postgis@.st_y(i.location::@postgis@.geometry)
	FROM vsys.delivery AS d
	JOIN vsys.product AS p ON p.product = d.product
	JOIN registry.institution AS i ON i.institution OPERATOR(outbreak.=) d.site
	LEFT JOIN vsys.branch AS b ON b.organisation = d.branch
	LEFT JOIN registry.organisation AS o ON o.organisation = d.branch
	WHERE d.on_date BETWEEN schedule.from_on AND schedule.to_on
	ORDER BY d.on_date, d.branch, d.site;
END;
COMMENT ON FUNCTION vsys.schedule(date, date) IS
'配送予定 / deliveries from from_on to to_on (both included) as far as the caller may see them: a branch its own with address and telephone of the sites, a site its own with the telephone of the branch, municipalities and prefectures theirs. lots is empty until they are shipped; boxes NULL for what comes by the vial.';
