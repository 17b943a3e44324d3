-- ---- the ledger of stock

CREATE OR REPLACE FUNCTION vsys.stock_refused(what text, site outbreak.institution_code, detail jsonb, hint text DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RAISE EXCEPTION '%', what
		USING ERRCODE = 'OB041',
			DETAIL = (jsonb_build_object('site', site::text) || detail)::text,
			HINT = coalesce(hint, 'vsys.stock(site) shows what is on hand.');
END
$$;
COMMENT ON FUNCTION vsys.stock_refused(text, outbreak.institution_code, jsonb, text) IS 'Refuses an event of the ledger: OB041, the DETAIL is a JSON object.';

CREATE OR REPLACE FUNCTION vsys.split_block(day vsys.stock_day)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	middle timestamptz;
BEGIN
	-- the later half is never empty
	SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY e.happened_at) INTO middle
	FROM vsys.stock_event e
	WHERE e.site OPERATOR(outbreak.=) day.site
		AND e.happened_at >= day.first_at
		AND e.happened_at < day.last_at
		AND e.product = day.product
		AND e.lot = day.lot
		AND e.doses_per_vial = day.doses_per_vial;
	IF middle IS NULL THEN
		RETURN;
	END IF;
	WITH moment AS (
		SELECT e.happened_at AS at, e.happened_at > middle AS later, count(*) AS events, sum(e.delta) AS change,
			sum(e.vials) FILTER (WHERE a.account = 'received') AS received,
			sum(e.vials) FILTER (WHERE a.account = 'moved_in') AS moved_in,
			sum(e.vials) FILTER (WHERE a.account = 'moved_out') AS moved_out,
			sum(e.doses) FILTER (WHERE a.account = 'given') AS given,
			sum(e.doses) FILTER (WHERE a.account = 'wasted') AS wasted,
			sum(e.vials) FILTER (WHERE a.account = 'discarded') AS discarded,
			sum(e.vials) FILTER (WHERE a.account = 'counted') AS counted
		FROM vsys.stock_event e
		CROSS JOIN LATERAL (SELECT coalesce(e.reversed_kind, e.kind)) a (account)
		WHERE e.site OPERATOR(outbreak.=) day.site
			AND e.happened_at BETWEEN day.first_at AND day.last_at
			AND e.product = day.product
			AND e.lot = day.lot
			AND e.doses_per_vial = day.doses_per_vial
		GROUP BY e.happened_at
	), stood AS (
		SELECT m.*, sum(m.change) OVER (PARTITION BY m.later ORDER BY m.at) AS stand, max(m.at) OVER (PARTITION BY m.later) AS last_at
		FROM moment m
	), half AS (
		SELECT t.later, sum(t.events)::integer AS events, coalesce(sum(t.received), 0)::integer AS received, coalesce(sum(t.moved_in), 0)::integer AS moved_in,
			coalesce(sum(t.moved_out), 0)::integer AS moved_out, coalesce(sum(t.given), 0)::integer AS given, coalesce(sum(t.wasted), 0)::integer AS wasted,
			coalesce(sum(t.discarded), 0)::integer AS discarded, coalesce(sum(t.counted), 0)::integer AS counted,
			min(t.stand)::integer AS low, (min(t.stand) FILTER (WHERE t.at < t.last_at))::integer AS low_before, min(t.at) AS first_at, max(t.at) AS last_at
		FROM stood t
		GROUP BY t.later
	), earlier AS (
		UPDATE vsys.stock_day d
		SET latest = false,
			events = h.events,
			received = h.received,
			moved_in = h.moved_in,
			moved_out = h.moved_out,
			given = h.given,
			wasted = h.wasted,
			discarded = h.discarded,
			counted = h.counted,
			low = h.low,
			low_before = h.low_before,
			first_at = h.first_at,
			last_at = h.last_at
		FROM half h
		WHERE NOT h.later
			AND d.site OPERATOR(outbreak.=) day.site
			AND d.on_date = day.on_date
			AND d.product = day.product
			AND d.lot = day.lot
			AND d.doses_per_vial = day.doses_per_vial
			AND d.block = day.block
	)
	INSERT INTO vsys.stock_day (site, product, lot, doses_per_vial, on_date, block, latest, municipality, events, received, moved_in, moved_out, given, wasted, discarded, counted,
		low, low_before, first_at, last_at)
	SELECT day.site, day.product, day.lot, day.doses_per_vial, day.on_date,
		(
			SELECT max(d.block) + 1
			FROM vsys.stock_day d
			WHERE d.site OPERATOR(outbreak.=) day.site
				AND d.on_date = day.on_date
				AND d.product = day.product
				AND d.lot = day.lot
				AND d.doses_per_vial = day.doses_per_vial
		), day.latest, day.municipality, h.events, h.received, h.moved_in, h.moved_out, h.given, h.wasted, h.discarded, h.counted,
		h.low, h.low_before, h.first_at, h.last_at
	FROM half h
	WHERE h.later;
END
$$;
COMMENT ON FUNCTION vsys.split_block(vsys.stock_day) IS 'Makes two blocks of one that has grown large, at the moment in the middle of its events. One of a single moment stays.';

CREATE OR REPLACE FUNCTION vsys.stock_event_entered()
RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	known vsys.stock_key;
	original vsys.stock_event;
	day vsys.stock_day;
	local_day date;
	sign integer;
	change integer;
	entered bigint;
	account text;
	in_hand smallint;
	fresh_key boolean := false;
BEGIN
	NEW.event := nextval('vsys.stock_event_number');
	NEW.recorded_at := now();
	NEW.recorded_by := coalesce(outbreak.my_subject(), session_user::text);
	NEW.vials := coalesce(NEW.vials, 0);
	NEW.doses := coalesce(NEW.doses, 0);
	SELECT s.municipality INTO NEW.municipality
	FROM vsys.site s
	WHERE s.site OPERATOR(outbreak.=) NEW.site;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no vaccination site %', NEW.site
			USING ERRCODE = 'foreign_key_violation';
	END IF;
	IF NEW.happened_at > now() + interval '10 minutes' THEN
		PERFORM vsys.stock_refused('what has not happened yet is not entered', NEW.site, jsonb_build_object('happened_at', NEW.happened_at), 'The ledger holds what was done. A plan of deliveries stands elsewhere.');
	END IF;

	IF NEW.kind = 'reversed' THEN
		SELECT e.* INTO original
		FROM vsys.stock_event e
		WHERE e.event = NEW.of_event
			AND e.site OPERATOR(outbreak.=) NEW.site;
		IF NOT found OR original.kind = 'reversed' THEN
			PERFORM vsys.stock_refused(CASE WHEN original.kind IS NULL THEN 'this site has no such event to reverse' ELSE 'a reversal is not reversed: enter the event again' END,
				NEW.site, jsonb_build_object('event', NEW.of_event));
		END IF;
		NEW.product := original.product;
		NEW.lot := original.lot;
		NEW.doses_per_vial := original.doses_per_vial;
		NEW.reversed_kind := original.kind;
		NEW.vials := - original.vials;
		NEW.doses := - original.doses;
		NEW.happened_at := original.happened_at;
		NEW.key := coalesce(NEW.key, 'reverse ' || original.event);
	ELSE
		NEW.reversed_kind := NULL;
	END IF;
	account := coalesce(NEW.reversed_kind, NEW.kind);

	IF NEW.doses_per_vial IS NULL AND account = ANY ('{received,moved_in}'::text[]) THEN
		SELECT p.doses_per_vial INTO NEW.doses_per_vial
		FROM vsys.product p
		WHERE p.product = NEW.product;
	END IF;
	-- One after the other within a lot of a site. Everything below sees what those before have committed. Without a word
	-- the opened vial first, then the vials with fewer doses; a count finds more where there are some.
	SELECT h.doses_per_vial INTO in_hand
	FROM (
		SELECT x.doses_per_vial, x.doses
		FROM vsys.holding x
		WHERE x.site OPERATOR(outbreak.=) NEW.site
			AND x.product = NEW.product
			AND x.lot = NEW.lot
		ORDER BY x.doses_per_vial
		FOR NO KEY UPDATE
	) h
	ORDER BY h.doses_per_vial = NEW.doses_per_vial DESC,
		h.doses >= NEW.doses + h.doses_per_vial * CASE account WHEN 'counted' THEN - NEW.vials ELSE NEW.vials END DESC,
		h.doses % h.doses_per_vial > 0 DESC,
		h.doses_per_vial
	LIMIT 1;
	NEW.doses_per_vial := coalesce(NEW.doses_per_vial, in_hand);
	IF in_hand IS DISTINCT FROM NEW.doses_per_vial OR in_hand IS NULL THEN
		-- the first of its kind here
		IF NOT EXISTS (SELECT FROM vsys.lot l WHERE l.product = NEW.product AND l.lot = NEW.lot) THEN
			PERFORM vsys.stock_refused('this lot is not known', NEW.site, jsonb_build_object('product', NEW.product, 'lot', NEW.lot),
				'A lot is entered with its expiry before anything is done with it.');
		END IF;
		IF NEW.doses_per_vial IS NULL THEN
			SELECT p.doses_per_vial INTO NEW.doses_per_vial
			FROM vsys.product p
			WHERE p.product = NEW.product;
		END IF;
		INSERT INTO vsys.holding (site, product, lot, doses_per_vial, municipality)
		VALUES (NEW.site, NEW.product, NEW.lot, NEW.doses_per_vial, NEW.municipality)
		ON CONFLICT DO NOTHING;
		IF NOT found THEN
			-- another's, committed since: from here on it is waited for as above
			PERFORM
			FROM vsys.holding h
			WHERE h.site OPERATOR(outbreak.=) NEW.site
				AND h.product = NEW.product
				AND h.lot = NEW.lot
				AND h.doses_per_vial = NEW.doses_per_vial
			FOR NO KEY UPDATE;
		END IF;
	END IF;

	IF NEW.key IS NOT NULL AND NEW.total IS NULL THEN
		INSERT INTO vsys.stock_key (site, key, municipality, event, happened_at, reverses)
		VALUES (NEW.site, NEW.key, NEW.municipality, NEW.event, NEW.happened_at, CASE WHEN NEW.kind = 'reversed' THEN NEW.of_event END)
		ON CONFLICT DO NOTHING;
		fresh_key := found;
	END IF;
	IF NEW.key IS NOT NULL AND NOT fresh_key THEN
		SELECT k.* INTO known
		FROM vsys.stock_key k
		WHERE k.site OPERATOR(outbreak.=) NEW.site
			AND k.key = NEW.key;
		IF found THEN
			SELECT e.* INTO original
			FROM vsys.stock_event e
			WHERE e.event = known.event
				AND e.site OPERATOR(outbreak.=) known.site
				AND e.happened_at = known.happened_at;
			IF (original.product, original.lot, original.kind, original.of_event, original.total)
					IS DISTINCT FROM (NEW.product, NEW.lot, NEW.kind, NEW.of_event, NEW.total)
				OR NEW.total IS NULL AND (original.vials, original.doses) IS DISTINCT FROM (NEW.vials, NEW.doses) THEN
				RAISE EXCEPTION 'this key was used for another event'
					USING ERRCODE = 'OB042',
						DETAIL = jsonb_build_object('site', NEW.site::text, 'event', original.event, 'product', original.product, 'lot', original.lot,
							'kind', original.kind, 'vials', original.vials, 'doses', original.doses, 'total', original.total)::text,
						HINT = 'A key stands for one event. What was wrong about it is reversed, and entered again under another key.';
			END IF;
			RETURN NULL;
		END IF;
	END IF;

	IF NEW.total IS NOT NULL THEN
		SELECT coalesce(sum(CASE NEW.kind WHEN 'received' THEN t.received WHEN 'moved_in' THEN t.moved_in WHEN 'moved_out' THEN t.moved_out
				WHEN 'given' THEN t.given WHEN 'wasted' THEN t.wasted WHEN 'discarded' THEN t.discarded END), 0)
		INTO entered
		FROM vsys.stock_account(NEW.site, NEW.happened_at) t
		WHERE t.product = NEW.product
			AND t.lot = NEW.lot;
		IF NEW.total < entered THEN
			RAISE EXCEPTION 'the total of % is lower than the % that are entered', NEW.total, entered
				USING ERRCODE = 'OB043',
					DETAIL = jsonb_build_object('site', NEW.site::text, 'product', NEW.product, 'lot', NEW.lot, 'kind', NEW.kind, 'total', NEW.total,
						'entered', entered, 'difference', NEW.total - entered, 'at', NEW.happened_at)::text,
					HINT = format('If the %s were too many, reverse the event that was wrong (vsys.reverse_stock), and enter the total again.', entered);
		ELSIF NEW.total = entered THEN
			RETURN NULL;
		ELSIF NEW.kind = ANY ('{given,wasted}'::text[]) THEN
			NEW.vials := 0;
			NEW.doses := NEW.total - entered;
		ELSE
			NEW.vials := NEW.total - entered;
			NEW.doses := 0;
		END IF;
	END IF;

	IF NEW.key IS NOT NULL AND NOT fresh_key THEN
		INSERT INTO vsys.stock_key (site, key, municipality, event, happened_at, reverses)
		VALUES (NEW.site, NEW.key, NEW.municipality, NEW.event, NEW.happened_at, CASE WHEN NEW.kind = 'reversed' THEN NEW.of_event END)
		ON CONFLICT DO NOTHING;
		IF NOT found THEN
			IF NEW.kind = 'reversed' AND EXISTS (SELECT FROM vsys.stock_key k WHERE k.site OPERATOR(outbreak.=) NEW.site AND k.reverses = NEW.of_event) THEN
				PERFORM vsys.stock_refused('this event is reversed already', NEW.site, jsonb_build_object('event', NEW.of_event));
			END IF;
			RAISE EXCEPTION 'this key is being used for another event'
				USING ERRCODE = 'OB042',
					DETAIL = jsonb_build_object('site', NEW.site::text)::text;
		END IF;
	END IF;

	IF NEW.kind = 'wasted' THEN
		IF NEW.doses > (
			SELECT coalesce(sum(t.open_doses), 0)
			FROM vsys.stock(NEW.site, NEW.happened_at) t
			WHERE t.product = NEW.product
				AND t.lot = NEW.lot
				AND t.doses_per_vial = NEW.doses_per_vial
		) THEN
			PERFORM vsys.stock_refused('the opened vial does not hold so many doses', NEW.site, jsonb_build_object('product', NEW.product, 'lot', NEW.lot, 'doses', NEW.doses),
				'Vials that were never opened are discarded.');
		END IF;
	END IF;

	-- the sums of its day
	sign := CASE account WHEN 'moved_out' THEN -1 WHEN 'discarded' THEN -1 ELSE 1 END;
	change := NEW.doses_per_vial * NEW.vials * sign - NEW.doses;
	local_day := outbreak.local_date(NEW.happened_at);
	-- as a rule it is the last of its day so far
	UPDATE vsys.stock_day d
	SET events = d.events + 1,
		received = d.received + CASE account WHEN 'received' THEN NEW.vials ELSE 0 END,
		moved_in = d.moved_in + CASE account WHEN 'moved_in' THEN NEW.vials ELSE 0 END,
		moved_out = d.moved_out + CASE account WHEN 'moved_out' THEN NEW.vials ELSE 0 END,
		given = d.given + CASE account WHEN 'given' THEN NEW.doses ELSE 0 END,
		wasted = d.wasted + CASE account WHEN 'wasted' THEN NEW.doses ELSE 0 END,
		discarded = d.discarded + CASE account WHEN 'discarded' THEN NEW.vials ELSE 0 END,
		counted = d.counted + CASE account WHEN 'counted' THEN NEW.vials ELSE 0 END,
		low = least(CASE WHEN NEW.happened_at > d.last_at THEN d.low ELSE d.low_before END, d.delta + change),
		low_before = CASE WHEN NEW.happened_at > d.last_at THEN d.low ELSE d.low_before END,
		last_at = NEW.happened_at
	WHERE d.site OPERATOR(outbreak.=) NEW.site
		AND d.on_date = local_day
		AND d.product = NEW.product
		AND d.lot = NEW.lot
		AND d.doses_per_vial = NEW.doses_per_vial
		AND d.latest
		AND d.last_at <= NEW.happened_at
		AND (d.events < 400 OR d.last_at = NEW.happened_at);
	IF found THEN
		RETURN NEW;
	END IF;
	-- the block in which the moment lies, or the one before it, or the first
	FOR attempt IN 1..2 LOOP
		SELECT d.* INTO day
		FROM vsys.stock_day d
		WHERE d.site OPERATOR(outbreak.=) NEW.site
			AND d.on_date = local_day
			AND d.product = NEW.product
			AND d.lot = NEW.lot
			AND d.doses_per_vial = NEW.doses_per_vial
		ORDER BY d.first_at <= NEW.happened_at DESC,
			CASE WHEN d.first_at <= NEW.happened_at THEN NEW.happened_at - d.first_at ELSE d.first_at - NEW.happened_at END
		LIMIT 1;
		EXIT WHEN day.events < 800 OR day.site IS NULL OR NOT NEW.happened_at BETWEEN day.first_at AND day.last_at;
		PERFORM vsys.split_block(day);
	END LOOP;
	IF day.site IS NULL OR day.events >= 400 AND NOT NEW.happened_at BETWEEN day.first_at AND day.last_at THEN
		UPDATE vsys.stock_day d
		SET latest = false
		WHERE d.site OPERATOR(outbreak.=) NEW.site
			AND d.on_date = local_day
			AND d.product = NEW.product
			AND d.lot = NEW.lot
			AND d.doses_per_vial = NEW.doses_per_vial
			AND d.latest
			AND d.last_at < NEW.happened_at;
		INSERT INTO vsys.stock_day (site, product, lot, doses_per_vial, on_date, block, latest, municipality, low, first_at, last_at)
		SELECT NEW.site, NEW.product, NEW.lot, NEW.doses_per_vial, local_day, coalesce(max(d.block), 0) + 1, NOT coalesce(bool_or(d.latest), false),
			NEW.municipality, change, NEW.happened_at, NEW.happened_at
		FROM vsys.stock_day d
		WHERE d.site OPERATOR(outbreak.=) NEW.site
			AND d.on_date = local_day
			AND d.product = NEW.product
			AND d.lot = NEW.lot
			AND d.doses_per_vial = NEW.doses_per_vial
		RETURNING stock_day.block INTO day.block;
		day.low := change;
		day.low_before := NULL;
	ELSE
		-- something of it happened later: the block is gone through once
		SELECT min(s.stand), min(s.stand) FILTER (WHERE s.at < greatest(day.last_at, NEW.happened_at))
		INTO day.low, day.low_before
		FROM (
			SELECT t.at, sum(sum(t.change)) OVER (ORDER BY t.at) AS stand
			FROM (
				SELECT e.happened_at AS at, e.delta AS change
				FROM vsys.stock_event e
				WHERE e.site OPERATOR(outbreak.=) NEW.site
					AND e.happened_at BETWEEN day.first_at AND day.last_at
					AND e.product = NEW.product
					AND e.lot = NEW.lot
					AND e.doses_per_vial = NEW.doses_per_vial
				UNION ALL
				SELECT NEW.happened_at, change
			) t
			GROUP BY t.at
		) s;
	END IF;
	UPDATE vsys.stock_day d
	SET events = d.events + 1,
		received = d.received + CASE account WHEN 'received' THEN NEW.vials ELSE 0 END,
		moved_in = d.moved_in + CASE account WHEN 'moved_in' THEN NEW.vials ELSE 0 END,
		moved_out = d.moved_out + CASE account WHEN 'moved_out' THEN NEW.vials ELSE 0 END,
		given = d.given + CASE account WHEN 'given' THEN NEW.doses ELSE 0 END,
		wasted = d.wasted + CASE account WHEN 'wasted' THEN NEW.doses ELSE 0 END,
		discarded = d.discarded + CASE account WHEN 'discarded' THEN NEW.vials ELSE 0 END,
		counted = d.counted + CASE account WHEN 'counted' THEN NEW.vials ELSE 0 END,
		low = day.low,
		low_before = day.low_before,
		first_at = least(d.first_at, NEW.happened_at),
		last_at = greatest(d.last_at, NEW.happened_at)
	WHERE d.site OPERATOR(outbreak.=) NEW.site
		AND d.on_date = local_day
		AND d.product = NEW.product
		AND d.lot = NEW.lot
		AND d.doses_per_vial = NEW.doses_per_vial
		AND d.block = day.block;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION vsys.stock_event_entered() IS
'Trigger of the ledger: fills in what the sender leaves open, and carries the event into the sums of its day. An event under a known key, and a running total that is entered already, add no row. Errors: OB041 unknown lot, nothing to reverse, or a moment that has not come; OB042 a key of another event; OB043 a running total lower than what is entered. Runs as the owner: nobody else writes the sums.';

CREATE OR REPLACE FUNCTION vsys.stock_events_entered()
RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	entered record;
	of_open_vials boolean;
BEGIN
	-- all at once: a check in between would find some of the events in one sum and not in the other
	WITH summed AS (
		SELECT n.site, n.product, n.lot, n.doses_per_vial, sum(n.delta) AS change, count(*) AS events, bool_or(n.vials <> 0) AS whole
		FROM new_row n
		GROUP BY n.site, n.product, n.lot, n.doses_per_vial
	), changed AS (
		UPDATE vsys.holding h
		SET doses = h.doses + s.change,
			version = h.version + 1
		FROM summed s
		WHERE h.site OPERATOR(outbreak.=) s.site
			AND h.product = s.product
			AND h.lot = s.lot
			AND h.doses_per_vial = s.doses_per_vial
		RETURNING s.events = 1 AND NOT s.whole AND (h.doses - s.change) / h.doses_per_vial = h.doses / h.doses_per_vial AS of_open_vial
	)
	SELECT bool_and(c.of_open_vial) INTO of_open_vials
	FROM changed c;
	-- most doses come out of a vial that is open already, and change nothing of what is stored
	IF of_open_vials THEN
		RETURN NULL;
	END IF;
	FOR entered IN
		SELECT e AS event, t.before::bigint AS before
		FROM (
			SELECT n.event, n.site, n.happened_at, n.vials, n.delta, n.doses_per_vial,
				h.doses - sum(n.delta) OVER (PARTITION BY n.site, n.product, n.lot, n.doses_per_vial ORDER BY n.event ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS before
			FROM new_row n
			JOIN vsys.holding h ON h.site OPERATOR(outbreak.=) n.site
				AND h.product = n.product
				AND h.lot = n.lot
				AND h.doses_per_vial = n.doses_per_vial
		) t
		JOIN vsys.stock_event e ON e.event = t.event
			AND e.site OPERATOR(outbreak.=) t.site
			AND e.happened_at = t.happened_at
		WHERE t.vials <> 0
			OR floor(t.before / t.doses_per_vial) <> floor((t.before + t.delta) / t.doses_per_vial)
		ORDER BY t.event
	LOOP
		PERFORM vsys.storage_follows(entered.event, entered.before);
	END LOOP;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION vsys.stock_events_entered() IS
'Trigger of the ledger, once for a statement: brings what is on hand, and the batches of storage, up to the events. Only now are they in the table, so that a check at once (SET CONSTRAINTS ALL IMMEDIATE) finds them. Runs as the owner, as above.';

CREATE OR REPLACE FUNCTION vsys.holding_is_covered()
RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	sums bigint;
	short_day date;
	lowest bigint;
	stand_before bigint;
	moment timestamptz;
	stand bigint;
BEGIN
	-- every change of the row is queued; the last one sees them all
	IF NOT EXISTS (
		SELECT
		FROM vsys.holding h
		WHERE h.site OPERATOR(outbreak.=) NEW.site
			AND h.product = NEW.product
			AND h.lot = NEW.lot
			AND h.doses_per_vial = NEW.doses_per_vial
			AND h.version = NEW.version
	) THEN
		RETURN NULL;
	END IF;
	SELECT coalesce(sum(d.delta), 0), min(d.on_date) FILTER (WHERE d.before + d.low < 0), min(d.before + d.low)
	INTO sums, short_day, lowest
	FROM (
		SELECT t.on_date, t.low, t.delta, sum(t.delta) OVER (ORDER BY t.on_date, t.first_at) - t.delta AS before
		FROM vsys.stock_day t
		WHERE t.site OPERATOR(outbreak.=) NEW.site
			AND t.product = NEW.product
			AND t.lot = NEW.lot
			AND t.doses_per_vial = NEW.doses_per_vial
	) d;
	IF sums <> NEW.doses THEN
		RAISE EXCEPTION 'the sums of lot % at site % do not agree: % doses by days, % on hand', NEW.lot, NEW.site, sums, NEW.doses
			USING ERRCODE = 'data_corrupted',
				HINT = 'vsys.check_stock() compares the ledger with its sums.';
	END IF;
	IF short_day IS NULL THEN
		RETURN NULL;
	END IF;

	SELECT sum(t.delta) INTO stand_before
	FROM vsys.stock_day t
	WHERE t.site OPERATOR(outbreak.=) NEW.site
		AND t.product = NEW.product
		AND t.lot = NEW.lot
		AND t.doses_per_vial = NEW.doses_per_vial
		AND t.on_date < short_day;
	SELECT s.at, s.stand
	INTO moment, stand
	FROM (
		SELECT e.happened_at AS at, coalesce(stand_before, 0) + sum(sum(e.delta)) OVER (ORDER BY e.happened_at) AS stand
		FROM vsys.stock_day t
		JOIN vsys.stock_event e ON e.site OPERATOR(outbreak.=) t.site
			AND e.happened_at BETWEEN t.first_at AND t.last_at
			AND e.product = t.product
			AND e.lot = t.lot
			AND e.doses_per_vial = t.doses_per_vial
		WHERE t.site OPERATOR(outbreak.=) NEW.site
			AND t.product = NEW.product
			AND t.lot = NEW.lot
			AND t.doses_per_vial = NEW.doses_per_vial
			AND t.on_date = short_day
		GROUP BY e.happened_at
	) s
	WHERE s.stand < 0
	ORDER BY s.at
	LIMIT 1;
	RAISE EXCEPTION 'site % does not have so much of % lot %: % doses short at %', NEW.site, NEW.product, NEW.lot, - stand,
		to_char(moment AT TIME ZONE outbreak.time_zone(), 'YYYY-MM-DD HH24:MI:SS')
		USING ERRCODE = 'OB040',
			DETAIL = jsonb_build_object('site', NEW.site::text, 'product', NEW.product, 'lot', NEW.lot, 'doses_per_vial', NEW.doses_per_vial,
				'at', moment, 'doses_short', - stand, 'most_doses_short', - lowest)::text,
			HINT = 'Something else came or went before: enter what was received first, count the vials (kind counted), or reverse what was wrong.';
END
$$;
COMMENT ON FUNCTION vsys.holding_is_covered() IS
'Trigger at commit: what a site has of a lot is never less than nothing, at no moment, also where an event of the past takes away what a later one used. OB040 names site, lot, the first moment and the doses that are missing; DETAIL is {"site", "product", "lot", "doses_per_vial", "at", "doses_short", "most_doses_short"}. The sums by day, of which each was changed by its own events alone, are held against what is on hand as well.';

-- PL/pgSQL, since its plans are kept: planning over the partitions of the ledger costs more than adding up. Starting a
-- parallel worker would cost more still.
CREATE OR REPLACE FUNCTION vsys.stock_account(site outbreak.institution_code, as_of timestamptz DEFAULT now())
RETURNS TABLE (product text, lot text, doses_per_vial smallint, received bigint, moved_in bigint, moved_out bigint, given bigint, wasted bigint,
	discarded bigint, counted bigint, doses bigint)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 20
SET search_path = pg_catalog, pg_temp
SET max_parallel_workers_per_gather = 0
AS $$
DECLARE
	-- the moment lies in blocks of its local day; a day more on either side, should the zone ever have been another
	near daterange := daterange(outbreak.local_date(as_of) - 1, outbreak.local_date(as_of) + 2);
	block_begins timestamptz;
BEGIN
	IF as_of < 'infinity' THEN
		SELECT min(d.first_at) INTO block_begins
		FROM vsys.stock_day d
		WHERE d.site OPERATOR(outbreak.=) stock_account.site
			AND d.on_date >= lower(near)
			AND d.on_date < upper(near)
			AND d.first_at <= as_of
			AND d.last_at > as_of;
	END IF;
	IF block_begins IS NULL THEN
		-- whole blocks alone
		RETURN QUERY
		SELECT d.product, d.lot, d.doses_per_vial, sum(d.received), sum(d.moved_in), sum(d.moved_out), sum(d.given), sum(d.wasted),
			sum(d.discarded), sum(d.counted), sum(d.delta)
		FROM vsys.stock_day d
		WHERE d.site OPERATOR(outbreak.=) stock_account.site
			AND d.last_at <= as_of
		GROUP BY d.product, d.lot, d.doses_per_vial;
		RETURN;
	END IF;
	RETURN QUERY
	SELECT t.product, t.lot, t.doses_per_vial, sum(t.received), sum(t.moved_in), sum(t.moved_out), sum(t.given), sum(t.wasted),
		sum(t.discarded), sum(t.counted), sum(t.delta)
	FROM (
		SELECT d.product, d.lot, d.doses_per_vial, d.received, d.moved_in, d.moved_out, d.given, d.wasted, d.discarded, d.counted, d.delta
		FROM vsys.stock_day d
		WHERE d.site OPERATOR(outbreak.=) stock_account.site
			AND d.on_date < upper(near)
			AND d.last_at <= as_of
		UNION ALL
		-- the blocks in which the moment lies
		SELECT e.product, e.lot, e.doses_per_vial,
			CASE a.account WHEN 'received' THEN e.vials ELSE 0 END,
			CASE a.account WHEN 'moved_in' THEN e.vials ELSE 0 END,
			CASE a.account WHEN 'moved_out' THEN e.vials ELSE 0 END,
			CASE a.account WHEN 'given' THEN e.doses ELSE 0 END,
			CASE a.account WHEN 'wasted' THEN e.doses ELSE 0 END,
			CASE a.account WHEN 'discarded' THEN e.vials ELSE 0 END,
			CASE a.account WHEN 'counted' THEN e.vials ELSE 0 END,
			e.delta
		FROM vsys.stock_day d
		JOIN vsys.stock_event e ON e.site OPERATOR(outbreak.=) d.site
			AND e.product = d.product
			AND e.lot = d.lot
			AND e.doses_per_vial = d.doses_per_vial
			AND e.happened_at >= d.first_at
		CROSS JOIN LATERAL (SELECT coalesce(e.reversed_kind, e.kind)) AS a (account)
		WHERE d.site OPERATOR(outbreak.=) stock_account.site
			AND d.on_date >= lower(near)
			AND d.on_date < upper(near)
			AND d.first_at <= as_of
			AND d.last_at > as_of
			AND e.site OPERATOR(outbreak.=) stock_account.site
			AND e.happened_at >= block_begins
			AND e.happened_at <= as_of
	) t
	GROUP BY t.product, t.lot, t.doses_per_vial;
END
$$;
COMMENT ON FUNCTION vsys.stock_account(outbreak.institution_code, timestamptz) IS
'在庫の内訳 / the books of a site as of a moment, for each lot that it ever had and each number of doses that its vials give: vials received, moved in, moved out, discarded unopened, found at counts; doses given and wasted; and the doses that are on hand by them: doses_per_vial * (received + moved_in - moved_out - discarded + counted) - given - wasted, always. Adds up the blocks of events before, and the events of the block in which the moment lies.';

CREATE OR REPLACE FUNCTION vsys.stock(site outbreak.institution_code, as_of timestamptz DEFAULT now())
RETURNS TABLE (product text, lot text, vials integer, open_doses integer, doses_per_vial smallint, doses bigint, expiry_on date, recalled boolean)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN QUERY
	SELECT a.product, a.lot, (a.doses / a.doses_per_vial)::integer, (a.doses % a.doses_per_vial)::integer, a.doses_per_vial, a.doses,
		l.expiry_on, coalesce(l.recalled_at <= as_of, false)
	FROM vsys.stock_account(stock.site, as_of) AS a
	JOIN vsys.lot AS l ON l.product = a.product
		AND l.lot = a.lot
	WHERE a.doses <> 0
	ORDER BY a.product, l.expiry_on, a.lot, a.doses_per_vial;
END
$$;
COMMENT ON FUNCTION vsys.stock(outbreak.institution_code, timestamptz) IS
'施設在庫 / what a site has on hand as of a moment: unopened vials, doses left in the opened vial, and both together in doses; label expiry; whether the lot was recalled by then. Lots of which nothing is left are left out. Always available, from the ledger alone.';

CREATE OR REPLACE FUNCTION vsys.post_stock(site outbreak.institution_code, product text, lot text, kind text, vials integer, doses integer DEFAULT 0,
	happened_at timestamptz DEFAULT now(), key text DEFAULT NULL, doses_per_vial smallint DEFAULT NULL, reason text DEFAULT NULL, of_event bigint DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	entered bigint;
BEGIN
	INSERT INTO vsys.stock_event AS e (site, product, lot, kind, vials, doses, happened_at, key, doses_per_vial, reason, of_event)
	VALUES (post_stock.site, post_stock.product, post_stock.lot, post_stock.kind, coalesce(post_stock.vials, 0), coalesce(post_stock.doses, 0),
		coalesce(post_stock.happened_at, now()), post_stock.key, post_stock.doses_per_vial, post_stock.reason, post_stock.of_event)
	RETURNING e.event INTO entered;
	IF entered IS NULL THEN
		-- the key is known: the event that is there
		SELECT k.event INTO entered
		FROM vsys.stock_key k
		WHERE k.site OPERATOR(outbreak.=) post_stock.site
			AND k.key = coalesce(post_stock.key, 'reverse ' || post_stock.of_event);
	END IF;
	RETURN entered;
END
$$;
COMMENT ON FUNCTION vsys.post_stock(outbreak.institution_code, text, text, text, integer, integer, timestamptz, text, smallint, text, bigint) IS
'在庫の登録 / enters an event into the ledger of a site, and returns its number. kind: received, moved_in, moved_out, discarded (vials, unopened); given, wasted (doses, vials 0); counted (vials more or less than the books say, with a reason); reversed (of_event, with a reason; the rest is that event''s).

With a known key it enters nothing and returns the event that is there; OB042 when that event is another one (happened_at and reason aside). doses_per_vial: that of the shipment where something comes in (else the product''s); where something goes out the one that is in hand, the opened vial first. Whether it is all covered is judged at commit (OB040), so that the events of one transaction may come in any order; SET CONSTRAINTS ALL IMMEDIATE judges at once. OB041: unknown lot, nothing to reverse, not yet happened. Whoever may not enter for the site is refused with 42501.';

CREATE OR REPLACE FUNCTION vsys.reverse_stock(event bigint, reason text, key text DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	original vsys.stock_event;
BEGIN
	SELECT e.* INTO original
	FROM vsys.stock_event e
	WHERE e.event = reverse_stock.event;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no event % of the ledger', reverse_stock.event
			USING ERRCODE = 'OB041',
				DETAIL = jsonb_build_object('event', reverse_stock.event)::text;
	END IF;
	RETURN vsys.post_stock(original.site, original.product, original.lot, 'reversed', 0, happened_at => original.happened_at,
		key => reverse_stock.key, reason => reverse_stock.reason, of_event => original.event);
END
$$;
COMMENT ON FUNCTION vsys.reverse_stock(bigint, text, text) IS
'在庫の取消 / takes an event of the ledger back: enters its opposite at the moment at which it happened, with the reason, and returns the number of the reversal. Done again, it returns the same. A reversal is not reversed (OB041): enter the event anew.';

CREATE OR REPLACE FUNCTION vsys.report_total(site outbreak.institution_code, product text, lot text, kind text, total integer,
	at timestamptz DEFAULT now(), key text DEFAULT NULL)
RETURNS TABLE (event bigint, posted integer, message_ja text, message_en text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF report_total.kind IS NULL OR report_total.kind <> ALL ('{received,moved_in,moved_out,given,wasted,discarded}'::text[]) THEN
		RAISE EXCEPTION 'there is no running total of %', report_total.kind
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Kinds with a running total: received, moved_in, moved_out, given, wasted, discarded.';
	ELSIF report_total.total IS NULL THEN
		RAISE EXCEPTION 'the total is missing'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	INSERT INTO vsys.stock_event AS e (site, product, lot, kind, total, happened_at, key)
	VALUES (report_total.site, report_total.product, report_total.lot, report_total.kind, report_total.total, coalesce(report_total.at, now()), report_total.key)
	RETURNING e.event, e.vials + e.doses
	INTO event, posted;
	IF event IS NOT NULL THEN
		message_ja := format('累計%sを受け付け、差分%sを登録しました。', total, posted);
		message_en := format('The total is %s: the difference of %s was entered.', total, posted);
	ELSE
		posted := 0;
		SELECT k.event INTO event
		FROM vsys.stock_key k
		WHERE k.site OPERATOR(outbreak.=) report_total.site
			AND k.key = report_total.key;
		message_ja := format('累計%sは登録済みです。何も登録していません。', total);
		message_en := format('The total of %s is entered already: nothing was entered.', total);
	END IF;
	RETURN NEXT;
END
$$;
COMMENT ON FUNCTION vsys.report_total(outbreak.institution_code, text, text, text, integer, timestamptz, text) IS
'累計の登録 / enters a running total of a lot as V-SYS asked for it (before 50, today 30: enter 80): what is entered into the ledger is the difference to all that happened until that moment, whoever entered it, so that scans of single doses and totals never count twice. Kinds: received, moved_in, moved_out, discarded (vials), given, wasted (doses). Returns the event, how much was entered, and a text in both languages; an equal total enters nothing and says so, a lower one is refused (OB043) with the difference.';

CREATE OR REPLACE FUNCTION vsys.check_stock(as_of timestamptz DEFAULT now())
RETURNS jsonb
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	WITH ledger AS (
		SELECT e.site, e.product, e.lot, e.doses_per_vial, sum(e.delta) AS doses
		FROM vsys.stock_event AS e
		GROUP BY e.site, e.product, e.lot, e.doses_per_vial
	), days AS (
		SELECT d.site, d.product, d.lot, d.doses_per_vial, sum(d.delta) AS doses
		FROM vsys.stock_day AS d
		GROUP BY d.site, d.product, d.lot, d.doses_per_vial
	), difference AS (
		SELECT h.site, h.product, h.lot, h.doses_per_vial, coalesce(l.doses, 0) AS in_ledger, coalesce(d.doses, 0) AS by_days, h.doses AS on_hand
		FROM vsys.holding AS h
		LEFT JOIN ledger AS l ON l.site OPERATOR(outbreak.=) h.site
			AND l.product = h.product
			AND l.lot = h.lot
			AND l.doses_per_vial = h.doses_per_vial
		LEFT JOIN days AS d ON d.site OPERATOR(outbreak.=) h.site
			AND d.product = h.product
			AND d.lot = h.lot
			AND d.doses_per_vial = h.doses_per_vial
		WHERE h.doses <> coalesce(l.doses, 0)
			OR h.doses <> coalesce(d.doses, 0)
			OR h.doses < 0
	)
	SELECT jsonb_build_object(
			'differences', count(*),
			'failed', coalesce(jsonb_agg(jsonb_build_object('site', f.site::text, 'product', f.product, 'lot', f.lot, 'doses_per_vial', f.doses_per_vial,
				'in_ledger', f.in_ledger, 'by_days', f.by_days, 'on_hand', f.on_hand) ORDER BY f.site::text COLLATE "C", f.lot COLLATE "C"), '[]'))
	FROM difference AS f;
END;
COMMENT ON FUNCTION vsys.check_stock(timestamptz) IS
'在庫照合 / job: adds up the ledger anew and returns where its sums by day, or what is on hand, differ from it: {"differences", "failed": [{"site", "product", "lot", "doses_per_vial", "in_ledger", "by_days", "on_hand"}]}. as_of does not matter. Changes nothing.';
