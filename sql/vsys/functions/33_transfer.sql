-- ---- transfers between sites

CREATE OR REPLACE FUNCTION vsys.transfer_filled() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	NEW.left_at := coalesce(NEW.left_at, now());
	NEW.doses_per_vial := coalesce(NEW.doses_per_vial, (SELECT p.doses_per_vial FROM vsys.product p WHERE p.product = NEW.product));
	NEW.due_at := NEW.left_at + coalesce((SELECT r.at_most FROM vsys.transfer_rule r WHERE r.product = NEW.product), interval '3 hours');
	NEW.state := 'sent';
	NEW.permit := NULL;
	NEW.event := NULL;
	NEW.from_municipality := NULL;
	NEW.to_municipality := NULL;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION vsys.transfer_filled() IS 'Trigger: what a transfer need not say (when it left, doses per vial: the product''s) and may not: when it is due, its permit and its municipalities.';

CREATE OR REPLACE FUNCTION vsys.transfer_sent() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	giver vsys.site;
	taker vsys.site;
	day date := outbreak.local_date(NEW.left_at);
	allowed vsys.permit;
	moved bigint;
BEGIN
	SELECT * INTO STRICT giver
	FROM vsys.site s
	WHERE s.site OPERATOR(outbreak.=) NEW.from_site;
	SELECT * INTO STRICT taker
	FROM vsys.site s
	WHERE s.site OPERATOR(outbreak.=) NEW.to_site;
	IF NEW.left_at > now() + interval '1 day' THEN
		RAISE EXCEPTION '% is in the future', NEW.left_at
			USING ERRCODE = 'OB060';
	END IF;
	PERFORM vsys.refuse_site(taker, NEW.product, day);
	PERFORM vsys.refuse_bad_lot(l, day)
	FROM vsys.lot l
	WHERE l.product = NEW.product
		AND l.lot = NEW.lot;
	-- from a basic site to its own, and within a municipality, nobody need be asked
	IF taker.basic_site OPERATOR(outbreak.=) giver.site IS NOT TRUE
			AND giver.municipality OPERATOR(outbreak.<>) taker.municipality THEN
		-- one at a time, so that a permit is not used twice
		PERFORM
		FROM vsys.permit p
		WHERE p.from_municipality OPERATOR(outbreak.=) giver.municipality
			AND p.to_municipality OPERATOR(outbreak.=) taker.municipality
			AND p.product = NEW.product
			AND p.valid @> day
		ORDER BY p.permit
		FOR NO KEY UPDATE;
		SELECT p.* INTO allowed
		FROM vsys.permit p
		WHERE p.from_municipality OPERATOR(outbreak.=) giver.municipality
			AND p.to_municipality OPERATOR(outbreak.=) taker.municipality
			AND p.product = NEW.product
			AND p.valid @> day
			AND p.vials >= NEW.vials + (SELECT coalesce(sum(t.vials), 0) FROM vsys.transfer t WHERE t.permit = p.permit)
		ORDER BY p.permit
		LIMIT 1;
		IF NOT found THEN
			RAISE EXCEPTION 'the prefecture has not permitted % vials of % from municipality % to %', NEW.vials, NEW.product, giver.municipality, taker.municipality
				USING ERRCODE = 'OB066',
					DETAIL = jsonb_build_object('from_municipality', giver.municipality::text, 'to_municipality', taker.municipality::text, 'product', NEW.product, 'vials', NEW.vials)::text,
					HINT = 'The prefecture permits it with a row of vsys.permit.';
		END IF;
	END IF;
	moved := vsys.post_stock(NEW.from_site, NEW.product, NEW.lot, 'moved_out', NEW.vials, happened_at => NEW.left_at, key => 'transfer ' || NEW.transfer,
		doses_per_vial => NEW.doses_per_vial);
	UPDATE vsys.transfer t
	SET from_municipality = giver.municipality,
		to_municipality = taker.municipality,
		permit = allowed.permit,
		event = moved
	WHERE t.transfer = NEW.transfer;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION vsys.transfer_sent() IS 'Trigger: sends what a row of vsys.transfer says: out of the stock of the sender. Errors: OB060 the other site cannot take it, OB065 the lot is expired or recalled, OB066 the prefecture did not permit it; and what the ledger says where there is not enough.';

CREATE OR REPLACE FUNCTION vsys.send_vials(from_site outbreak.institution_code, to_site outbreak.institution_code, product text, lot text, vials integer, left_at timestamptz DEFAULT now(), key text DEFAULT NULL, doses_per_vial smallint DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	made vsys.transfer;
BEGIN
	IF send_vials.from_site OPERATOR(outbreak.=) send_vials.to_site THEN
		RAISE EXCEPTION 'site % cannot send to itself', send_vials.to_site
			USING ERRCODE = 'OB060';
	ELSIF outbreak.prefecture(send_vials.from_site) <> outbreak.prefecture(send_vials.to_site) THEN
		RAISE EXCEPTION 'sites % and % are in different prefectures', send_vials.from_site, send_vials.to_site
			USING ERRCODE = 'OB066',
				HINT = 'Vials are handed on within a prefecture.';
	ELSIF send_vials.vials IS NULL OR send_vials.vials < 1 THEN
		RAISE EXCEPTION 'a transfer is of one vial or more'
			USING ERRCODE = 'OB060';
	END IF;
	INSERT INTO vsys.transfer AS t (from_site, to_site, product, lot, vials, left_at, key, doses_per_vial)
	VALUES (send_vials.from_site, send_vials.to_site, send_vials.product, send_vials.lot, send_vials.vials, send_vials.left_at, send_vials.key, send_vials.doses_per_vial)
	ON CONFLICT DO NOTHING
	RETURNING * INTO made;
	IF found THEN
		RETURN made.transfer;
	END IF;
	SELECT * INTO STRICT made
	FROM vsys.transfer t
	WHERE t.from_site OPERATOR(outbreak.=) send_vials.from_site
		AND t.key = send_vials.key;
	IF (made.to_site::text, made.product, made.lot, made.vials) IS DISTINCT FROM (send_vials.to_site::text, send_vials.product, send_vials.lot, send_vials.vials) THEN
		PERFORM vsys.refuse_reuse('transfer', made.transfer);
	END IF;
	RETURN made.transfer;
END
$$;
COMMENT ON FUNCTION vsys.send_vials(outbreak.institution_code, outbreak.institution_code, text, text, integer, timestamptz, text, smallint) IS
'小分け移送・融通 / notes that vials left one site for another in a bag of 2 to 8 °C, and returns the number of the transfer. They leave the stock of the sender in the same transaction, and must arrive within three hours, or what vsys.transfer_rule says. From a basic site to its linked and satellite sites and within a municipality freely; to another municipality with a permit of the prefecture (vsys.permit). The same call again with the same key returns the same number and moves nothing.

Errors: OB060 a site that is not there or does not handle the product; OB063 the key was used for another step; OB065 lot; OB066 not permitted; the ledger''s own where the sender has not that many.';

CREATE OR REPLACE FUNCTION vsys.follow_transfer() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	SELECT t.from_site, t.to_site, t.from_municipality, t.to_municipality INTO NEW.from_site, NEW.to_site, NEW.from_municipality, NEW.to_municipality
	FROM vsys.transfer t
	WHERE t.transfer = NEW.transfer;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no transfer %', coalesce(NEW.transfer::text, 'NULL')
			USING ERRCODE = 'OB060';
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION vsys.follow_transfer() IS 'Trigger: sites and municipalities of an arrival are those of the transfer, whatever the caller says. A transfer that the caller does not see is none (OB060).';

CREATE OR REPLACE FUNCTION vsys.arrival_applied() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	sent vsys.transfer;
	arrived bigint;
BEGIN
	SELECT * INTO STRICT sent
	FROM vsys.transfer t
	WHERE t.transfer = NEW.transfer
	FOR NO KEY UPDATE;
	IF sent.state = 'arrived' THEN
		RAISE EXCEPTION 'transfer % has arrived already', NEW.transfer
			USING ERRCODE = 'OB063',
				DETAIL = (
					SELECT jsonb_build_object('transfer', NEW.transfer, 'arrival', a.arrival, 'arrived_at', a.arrived_at, 'vials', a.vials)::text
					FROM vsys.arrival a
					WHERE a.transfer = NEW.transfer
						AND a.arrival <> NEW.arrival
					ORDER BY a.arrival DESC
					LIMIT 1
				);
	ELSIF NEW.arrived_at < sent.left_at OR NEW.arrived_at > now() + interval '1 day' THEN
		RAISE EXCEPTION 'transfer % cannot arrive at %: it left at %', NEW.transfer, NEW.arrived_at, sent.left_at
			USING ERRCODE = 'OB060';
	ELSIF NEW.vials > 0 AND NEW.arrived_at > sent.due_at THEN
		RAISE EXCEPTION 'transfer % came % too late: its vials are no stock', NEW.transfer, NEW.arrived_at - sent.due_at
			USING ERRCODE = 'OB064',
				DETAIL = jsonb_build_object('transfer', NEW.transfer, 'left_at', sent.left_at, 'due_at', sent.due_at, 'arrived_at', NEW.arrived_at)::text,
				HINT = 'They must be discarded: vials => 0, discarded => what came, reason => why it was late. They are not frozen again.';
	END IF;
	SELECT sum(a.vials + a.discarded + a.lost) INTO arrived
	FROM vsys.arrival a
	WHERE a.transfer = NEW.transfer;
	IF NEW.received_by IS NULL THEN
		RAISE EXCEPTION 'who received transfer % is not said', NEW.transfer
			USING ERRCODE = 'OB060';
	ELSIF arrived > sent.vials THEN
		RAISE EXCEPTION 'of transfer % % vials were sent, and with these % would have come', NEW.transfer, sent.vials, arrived
			USING ERRCODE = 'OB064',
				DETAIL = jsonb_build_object('transfer', NEW.transfer, 'sent', sent.vials, 'arrived', arrived)::text;
	END IF;
	IF NEW.vials + NEW.discarded > 0 THEN
		PERFORM vsys.post_stock(sent.to_site, sent.product, sent.lot, 'moved_in', NEW.vials + NEW.discarded, happened_at => NEW.arrived_at, key => 'arrival ' || NEW.arrival,
			doses_per_vial => sent.doses_per_vial, of_event => sent.event);
	END IF;
	IF NEW.discarded > 0 THEN
		-- in and out again, so that the ledger shows where they ended
		PERFORM vsys.post_stock(sent.to_site, sent.product, sent.lot, 'discarded', NEW.discarded, happened_at => NEW.arrived_at, key => 'arrival ' || NEW.arrival || ' discarded',
			doses_per_vial => sent.doses_per_vial, reason => NEW.reason);
	END IF;
	IF arrived = sent.vials THEN
		UPDATE vsys.transfer t
		SET state = 'arrived'
		WHERE t.transfer = NEW.transfer;
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION vsys.arrival_applied() IS 'Trigger: receives what a row of vsys.arrival says into the stock of the receiver. Errors: OB060, OB063 arrived already, OB064 too late for stock, or more than was sent.';

CREATE OR REPLACE FUNCTION vsys.receive_vials(transfer bigint, arrived_at timestamptz, vials integer, received_by text, discarded integer DEFAULT 0, lost integer DEFAULT 0, reason text DEFAULT NULL, key text DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	sent vsys.transfer;
	made vsys.arrival;
BEGIN
	SELECT * INTO sent
	FROM vsys.transfer t
	WHERE t.transfer = receive_vials.transfer;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no transfer %', coalesce(receive_vials.transfer::text, 'NULL')
			USING ERRCODE = 'OB060';
	ELSIF btrim(coalesce(receive_vials.received_by, '')) = '' THEN
		RAISE EXCEPTION 'who received transfer % is not said', receive_vials.transfer
			USING ERRCODE = 'OB060';
	ELSIF receive_vials.discarded + receive_vials.lost > 0 AND btrim(coalesce(receive_vials.reason, '')) = '' THEN
		RAISE EXCEPTION 'what is discarded or lost needs a reason'
			USING ERRCODE = 'OB060';
	END IF;
	INSERT INTO vsys.arrival AS a (transfer, arrived_at, vials, discarded, lost, reason, received_by, key)
	VALUES (receive_vials.transfer, receive_vials.arrived_at, receive_vials.vials, receive_vials.discarded, receive_vials.lost, receive_vials.reason, receive_vials.received_by, receive_vials.key)
	ON CONFLICT DO NOTHING
	RETURNING * INTO made;
	IF found THEN
		RETURN made.arrival;
	END IF;
	SELECT * INTO STRICT made
	FROM vsys.arrival a
	WHERE a.to_site OPERATOR(outbreak.=) sent.to_site
		AND a.key = receive_vials.key;
	IF (made.transfer, made.vials, made.discarded, made.lost) IS DISTINCT FROM (receive_vials.transfer, receive_vials.vials, receive_vials.discarded, receive_vials.lost) THEN
		PERFORM vsys.refuse_reuse('arrival', made.arrival);
	END IF;
	RETURN made.arrival;
END
$$;
COMMENT ON FUNCTION vsys.receive_vials(bigint, timestamptz, integer, text, integer, integer, text, text) IS
'移送の受領 / notes what came of a transfer, and returns the number of the arrival; the stock of the receiver is posted in the same transaction. After the time is over nothing is stock: vials => 0, discarded => n, with a reason. lost: what did not come and will not. What is not accounted for stays in transit and in vsys.overdue_transfers(). The same call again with the same key returns the same number and posts nothing.

Errors: OB060 no such transfer, nobody named, no reason; OB063 arrived already, or the key was used for another step; OB064 too late for stock, or more than was sent.';

CREATE OR REPLACE FUNCTION vsys.overdue_transfers(as_of timestamptz DEFAULT now())
RETURNS TABLE (transfer bigint, from_site outbreak.institution_code, to_site outbreak.institution_code, prefecture smallint, product text, lot text, vials bigint, left_at timestamptz, due_at timestamptz, overdue interval)
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT t.number, t.from_site, t.to_site, t.prefecture, t.product, t.lot, t.vials, t.since, t.due_at, as_of - t.due_at
	FROM vsys.in_transit(as_of) AS t
	WHERE t.kind = 'transfer'
		AND t.due_at < as_of
	ORDER BY t.due_at, t.number;
END;
COMMENT ON FUNCTION vsys.overdue_transfers(timestamptz) IS '到着遅れ / transfers of which vials had not arrived at as_of though their time was over, the oldest first. They cannot become stock any more: receive_vials() notes them as discarded or lost.';
