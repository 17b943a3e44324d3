-- ---- storage states and the thaw clock

CREATE OR REPLACE FUNCTION vsys.storage_rule(product text, state text, on_date date)
RETURNS vsys.storage_state
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT s
	FROM vsys.storage_state AS s
	WHERE s.product = storage_rule.product
		AND s.state = storage_rule.state
		AND s.since <= on_date
	ORDER BY s.since DESC
	LIMIT 1;
END;
COMMENT ON FUNCTION vsys.storage_rule(text, text, date) IS '保管条件 / the rule that holds for a product in a state on a local date; NULL when there is none.';

CREATE OR REPLACE FUNCTION vsys.label_end(expiry_on date)
RETURNS timestamptz
LANGUAGE SQL STABLE PARALLEL SAFE
RETURN (expiry_on + 1)::timestamp AT TIME ZONE outbreak.time_zone();
COMMENT ON FUNCTION vsys.label_end(date) IS 'The end of the last day of a label: from then on a vial is expired.';

CREATE OR REPLACE FUNCTION vsys.effective_expiry(product text, state text, since timestamptz, used jsonb, deadline timestamptz, expiry_on date)
RETURNS timestamptz
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT least(vsys.label_end(expiry_on), deadline,
		since + (r.rule).max_stay - coalesce((used ->> state)::double precision, 0) * interval '1 second' * (r.rule).cumulative::integer)
	FROM (SELECT vsys.storage_rule(product, state, outbreak.local_date(since)) AS rule) AS r;
END;
COMMENT ON FUNCTION vsys.effective_expiry(text, text, timestamptz, jsonb, timestamptz, date) IS
'使用期限 / when a vial must be used by: the earliest of the end of the label''s last day, the deadline that it brought along, and what the rule of its state leaves it, by the rule of the day on which it entered the state.';

CREATE OR REPLACE FUNCTION vsys.fill_batch(event vsys.stock_event, state text, since timestamptz, used jsonb, taken jsonb, deadline timestamptz, vials integer)
RETURNS void
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	WITH made AS (
		INSERT INTO vsys.storage_batch (batch, site, municipality, product, lot, doses_per_vial, state, since, used, taken, deadline, expires_at, vials)
		SELECT nextval('vsys.storage_number'), (event).site, (event).municipality, (event).product, (event).lot, (event).doses_per_vial,
			fill_batch.state, fill_batch.since, fill_batch.used, fill_batch.taken, fill_batch.deadline,
			vsys.effective_expiry((event).product, fill_batch.state, fill_batch.since, fill_batch.used, fill_batch.deadline, l.expiry_on), fill_batch.vials
		FROM vsys.lot AS l
		WHERE l.product = (event).product
			AND l.lot = (event).lot
		RETURNING batch
	)
	INSERT INTO vsys.storage_flow (site, flow, municipality, batch, vials, at, event)
	SELECT (event).site, nextval('vsys.storage_number'), (event).municipality, m.batch, fill_batch.vials, (event).happened_at, (event).event
	FROM made AS m;
END;
COMMENT ON FUNCTION vsys.fill_batch(vsys.stock_event, text, timestamptz, jsonb, jsonb, timestamptz, integer) IS 'Puts vials that an event of the ledger brought into a new batch of storage.';

CREATE OR REPLACE FUNCTION vsys.take_from_batches(event vsys.stock_event, vials integer)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	source record;
	missing integer := vials;
	part integer;
	begun timestamptz := event.happened_at;
	opened_states text[] := array(SELECT s.state FROM vsys.storage_state s WHERE s.product = event.product AND s.opened);
BEGIN
	-- What a reversed event had brought goes first. Doses come out of diluted vials, which stay where they are; what is
	-- moved has to last the way. Then what expires first and is still good.
	FOR source IN
		SELECT b.batch, b.vials, b.since, b.state = ANY (opened_states) AS opened
		FROM vsys.storage_batch b
		WHERE b.site OPERATOR(outbreak.=) event.site
			AND b.product = event.product
			AND b.lot = event.lot
			AND b.doses_per_vial = event.doses_per_vial
			AND b.vials > 0
		ORDER BY event.kind = 'reversed' AND EXISTS (SELECT FROM vsys.storage_flow f WHERE f.event = event.of_event AND f.batch = b.batch AND f.vials > 0) DESC,
			(b.expires_at > event.happened_at + CASE event.kind WHEN 'moved_out' THEN interval '3 hours' ELSE interval '0' END) = (event.kind <> 'discarded') DESC,
			(b.state = ANY (opened_states)) = (event.kind <> 'moved_out') DESC,
			b.expires_at, b.batch
	LOOP
		EXIT WHEN missing = 0;
		part := least(missing, source.vials);
		UPDATE vsys.storage_batch b
		SET vials = b.vials - part
		WHERE b.batch = source.batch
			AND b.site OPERATOR(outbreak.=) event.site;
		INSERT INTO vsys.storage_flow (site, flow, municipality, batch, vials, at, event)
		VALUES (event.site, nextval('vsys.storage_number'), event.municipality, source.batch, - part, event.happened_at, event.event);
		missing := missing - part;
		begun := CASE WHEN source.opened THEN source.since ELSE event.happened_at END;
	END LOOP;
	IF event.kind = 'given' THEN
		UPDATE vsys.holding h
		SET opened_at = greatest(h.opened_at, begun)
		WHERE h.site OPERATOR(outbreak.=) event.site
			AND h.product = event.product
			AND h.lot = event.lot
			AND h.doses_per_vial = event.doses_per_vial;
	END IF;
END
$$;
COMMENT ON FUNCTION vsys.take_from_batches(vsys.stock_event, integer) IS 'Takes vials that an event of the ledger used, moved or threw away out of the batches: those that expire first and are good at that moment; what is thrown away comes from the expired ones first.';

CREATE OR REPLACE FUNCTION vsys.put_back_into_batches(event vsys.stock_event, vials integer)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	target record;
	missing integer := vials;
	part integer;
BEGIN
	-- into the batches from which the reversed event had taken them, or else the one from which was taken last
	FOR target IN
		SELECT b.batch, - sum(f.vials) AS vials
		FROM vsys.storage_batch b
		JOIN vsys.storage_flow f ON f.batch = b.batch
			AND f.site OPERATOR(outbreak.=) b.site
		WHERE b.site OPERATOR(outbreak.=) event.site
			AND b.product = event.product
			AND b.lot = event.lot
			AND b.doses_per_vial = event.doses_per_vial
			AND f.vials < 0
			AND f.event IS NOT NULL
		GROUP BY b.batch
		ORDER BY bool_or(f.event = event.of_event) DESC, max(f.flow) DESC
	LOOP
		EXIT WHEN missing = 0;
		part := least(missing, target.vials);
		UPDATE vsys.storage_batch b
		SET vials = b.vials + part
		WHERE b.batch = target.batch
			AND b.site OPERATOR(outbreak.=) event.site;
		INSERT INTO vsys.storage_flow (site, flow, municipality, batch, vials, at, event)
		VALUES (event.site, nextval('vsys.storage_number'), event.municipality, target.batch, part, event.happened_at, event.event);
		missing := missing - part;
	END LOOP;
	IF missing > 0 THEN
		PERFORM vsys.fill_batch(event, coalesce((
				SELECT s.state
				FROM vsys.storage_state s
				WHERE s.product = event.product
					AND s.arrival
				ORDER BY s.state
				LIMIT 1), 'stored'), event.happened_at, '{}', '{}', NULL, missing);
	END IF;
END
$$;
COMMENT ON FUNCTION vsys.put_back_into_batches(vsys.stock_event, integer) IS 'Puts vials back that a reversed event had taken out of batches, so that their clocks go on as if it had not been.';

CREATE OR REPLACE FUNCTION vsys.storage_follows(event vsys.stock_event, doses_before bigint)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	brought integer := 0;
	wanted bigint := greatest(floor((doses_before + event.delta)::numeric / event.doses_per_vial), 0);
	stored bigint;
	source record;
	part integer;
	arrives text;
BEGIN
	IF event.vials > 0 AND event.kind = ANY ('{received,moved_in,counted}'::text[]) THEN
		-- vials from another site bring their clocks along
		IF event.kind = 'moved_in' AND event.of_event IS NOT NULL THEN
			FOR source IN
				SELECT b.state, b.since, b.used, b.taken, b.deadline, - f.vials AS vials
				FROM vsys.storage_flow f
				JOIN vsys.storage_batch b ON b.batch = f.batch
					AND b.site OPERATOR(outbreak.=) f.site
				WHERE f.event = event.of_event
					AND f.vials < 0
					AND b.product = event.product
					AND b.lot = event.lot
				ORDER BY b.expires_at, b.batch
			LOOP
				part := least(source.vials, event.vials - brought);
				EXIT WHEN part = 0;
				PERFORM vsys.fill_batch(event, source.state, source.since, source.used, source.taken, source.deadline, part);
				brought := brought + part;
			END LOOP;
		END IF;
		IF brought < event.vials THEN
			-- bags for transfers keep 2 to 8 degrees: what is moved without a word is thawed, if it was ever frozen
			SELECT s.state INTO arrives
			FROM vsys.storage_state s
			WHERE s.product = event.product
				AND (s.arrival OR event.kind = 'moved_in' AND s.state = 'thawed')
			ORDER BY s.arrival, s.state
			LIMIT 1;
			PERFORM vsys.fill_batch(event, coalesce(arrives, 'stored'), event.happened_at, '{}', '{}', NULL, event.vials - brought);
		END IF;
	END IF;

	SELECT coalesce(sum(b.vials), 0) INTO stored
	FROM vsys.storage_batch b
	WHERE b.site OPERATOR(outbreak.=) event.site
		AND b.product = event.product
		AND b.lot = event.lot
		AND b.doses_per_vial = event.doses_per_vial
		AND b.vials > 0;
	IF stored > wanted THEN
		PERFORM vsys.take_from_batches(event, (stored - wanted)::integer);
	ELSIF stored < wanted THEN
		PERFORM vsys.put_back_into_batches(event, (wanted - stored)::integer);
	END IF;
END
$$;
COMMENT ON FUNCTION vsys.storage_follows(vsys.stock_event, bigint) IS
'Carries an event of the ledger into the batches of storage, so that they hold what is unopened: what comes in makes a batch (in the state in which it arrives, or with the clocks that it has from the other site), what is used or goes out is taken from those that expire first.';

CREATE OR REPLACE FUNCTION vsys.storage_step_fault(product text, from_state text, to_state text, taken jsonb)
RETURNS text
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE
		WHEN s.to_state IS NULL THEN format('from %s they may be brought into: %s', storage_step_fault.from_state,
			coalesce((SELECT string_agg(o.to_state, ', ' ORDER BY o.to_state) FROM vsys.storage_step AS o WHERE o.product = storage_step_fault.product AND o.from_state = storage_step_fault.from_state), 'nothing'))
		WHEN s.most <= coalesce((taken ->> (s.from_state || ' ' || s.to_state))::integer, 0)
			THEN format('from %s to %s they may be brought %s time(s), and were', s.from_state, s.to_state, s.most)
	END
	FROM (SELECT 1) AS one
	LEFT JOIN vsys.storage_step AS s ON s.product = storage_step_fault.product
		AND s.from_state = storage_step_fault.from_state
		AND s.to_state = storage_step_fault.to_state;
END;
COMMENT ON FUNCTION vsys.storage_step_fault(text, text, text, jsonb) IS 'Why vials that took these steps before may not be brought from one state into another: the rule, in words; NULL when they may.';

CREATE OR REPLACE FUNCTION vsys.storage_moved()
RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	rule vsys.storage_state;
	known vsys.storage_move;
	source record;
	missing integer := NEW.vials;
	part integer;
	made bigint;
	fault text;
	opens boolean;
	used_now jsonb;
	goes_on timestamptz;
BEGIN
	NEW.move := nextval('vsys.storage_number');
	NEW.recorded_at := now();
	NEW.recorded_by := coalesce(outbreak.my_subject(), session_user::text);
	SELECT s.municipality INTO NEW.municipality
	FROM vsys.site s
	WHERE s.site OPERATOR(outbreak.=) NEW.site;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no vaccination site %', NEW.site
			USING ERRCODE = 'foreign_key_violation';
	END IF;
	IF NEW.moved_at > now() + interval '10 minutes' THEN
		PERFORM vsys.stock_refused('what has not happened yet is not entered', NEW.site, jsonb_build_object('moved_at', NEW.moved_at), 'Enter the move when the vials are moved.');
	END IF;
	PERFORM
	FROM vsys.holding h
	WHERE h.site OPERATOR(outbreak.=) NEW.site
		AND h.product = NEW.product
		AND h.lot = NEW.lot
	ORDER BY h.doses_per_vial
	FOR NO KEY UPDATE;
	IF NEW.key IS NOT NULL THEN
		SELECT m.* INTO known
		FROM vsys.storage_move m
		WHERE m.site OPERATOR(outbreak.=) NEW.site
			AND m.key = NEW.key;
		IF found THEN
			IF (known.product, known.lot, known.state, known.vials) IS DISTINCT FROM (NEW.product, NEW.lot, NEW.state, NEW.vials) THEN
				RAISE EXCEPTION 'this key was used for another move'
					USING ERRCODE = 'OB042',
						DETAIL = jsonb_build_object('site', NEW.site::text, 'move', known.move, 'product', known.product, 'lot', known.lot,
							'state', known.state, 'vials', known.vials)::text;
			END IF;
			RETURN NULL;
		END IF;
	END IF;
	rule := vsys.storage_rule(NEW.product, NEW.state, outbreak.local_date(NEW.moved_at));
	IF rule.state IS NULL THEN
		RAISE EXCEPTION '% is not kept in the state %', NEW.product, NEW.state
			USING ERRCODE = 'OB044',
				DETAIL = jsonb_build_object('product', NEW.product, 'state', NEW.state)::text,
				HINT = format('Its states: %s.', coalesce((SELECT string_agg(DISTINCT s.state, ', ' ORDER BY s.state) FROM vsys.storage_state s WHERE s.product = NEW.product), 'none'));
	END IF;

	opens := rule.opened;
	FOR source IN
		SELECT b.*, vsys.storage_step_fault(b.product, b.state, NEW.state, b.taken) AS fault, s.most
		FROM vsys.storage_batch b
		LEFT JOIN vsys.storage_step s ON s.product = b.product
			AND s.from_state = b.state
			AND s.to_state = NEW.state
		WHERE b.site OPERATOR(outbreak.=) NEW.site
			AND b.product = NEW.product
			AND b.lot = NEW.lot
			AND b.vials > 0
			AND b.state <> NEW.state
			AND b.since <= NEW.moved_at
		ORDER BY b.expires_at, b.batch
	LOOP
		EXIT WHEN missing = 0;
		IF source.fault IS NOT NULL OR source.expires_at <= NEW.moved_at THEN
			fault := coalesce(fault, source.fault, format('the vials in state %s had to be used by %s', source.state,
				to_char(source.expires_at AT TIME ZONE outbreak.time_zone(), 'YYYY-MM-DD HH24:MI')));
			CONTINUE;
		END IF;
		part := least(missing, source.vials);
		rule := vsys.storage_rule(source.product, source.state, outbreak.local_date(source.since));
		used_now := source.used;
		goes_on := source.deadline;
		IF rule.cumulative THEN
			used_now := used_now || jsonb_build_object(source.state,
				coalesce((used_now ->> source.state)::double precision, 0) + extract(epoch FROM NEW.moved_at - source.since));
		ELSIF rule.max_stay IS NOT NULL THEN
			goes_on := least(goes_on, source.since + rule.max_stay);
		END IF;
		-- dilution in time ends the clocks before it: from then on its own counts
		IF opens THEN
			goes_on := NULL;
		END IF;
		UPDATE vsys.storage_batch b
		SET vials = b.vials - part
		WHERE b.batch = source.batch
			AND b.site OPERATOR(outbreak.=) source.site;
		made := nextval('vsys.storage_number');
		INSERT INTO vsys.storage_batch (batch, site, municipality, product, lot, doses_per_vial, state, since, used, taken, deadline, expires_at, vials)
		SELECT made, source.site, source.municipality, source.product, source.lot, source.doses_per_vial, NEW.state, NEW.moved_at, used_now,
			CASE WHEN source.most IS NULL THEN source.taken
				ELSE source.taken || jsonb_build_object(source.state || ' ' || NEW.state, coalesce((source.taken ->> (source.state || ' ' || NEW.state))::integer, 0) + 1) END,
			goes_on, vsys.effective_expiry(source.product, NEW.state, NEW.moved_at, used_now, goes_on, l.expiry_on), part
		FROM vsys.lot l
		WHERE l.product = source.product
			AND l.lot = source.lot;
		INSERT INTO vsys.storage_flow (site, flow, municipality, batch, vials, at, move)
		VALUES (source.site, nextval('vsys.storage_number'), source.municipality, source.batch, - part, NEW.moved_at, NEW.move),
			(source.site, nextval('vsys.storage_number'), source.municipality, made, part, NEW.moved_at, NEW.move);
		missing := missing - part;
	END LOOP;
	IF missing > 0 THEN
		RAISE EXCEPTION '% of % vials of lot % cannot be brought into the state %', missing, NEW.vials, NEW.lot, NEW.state
			USING ERRCODE = 'OB044',
				DETAIL = jsonb_build_object('site', NEW.site::text, 'product', NEW.product, 'lot', NEW.lot, 'state', NEW.state, 'vials', NEW.vials, 'missing', missing, 'rule', fault)::text,
				HINT = CASE WHEN fault IS NULL THEN 'The site does not have so many of them at that moment; vsys.storage(site) shows what is kept in which state.'
					ELSE format('The rule: %s.', fault) END;
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION vsys.storage_moved() IS
'Trigger of moves between states: takes the vials from the batches that expire first and may take the step, and makes batches with what is left of their clocks. OB044 when too few may: DETAIL and HINT quote the rule. Runs as the owner: batches are written by triggers alone.';

CREATE OR REPLACE FUNCTION vsys.store(site outbreak.institution_code, product text, lot text, state text, vials integer, at timestamptz DEFAULT now(), key text DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	entered bigint;
BEGIN
	INSERT INTO vsys.storage_move AS m (site, product, lot, state, vials, moved_at, key)
	VALUES (store.site, store.product, store.lot, store.state, store.vials, coalesce(store.at, now()), store.key)
	RETURNING m.move INTO entered;
	IF entered IS NULL THEN
		SELECT m.move INTO entered
		FROM vsys.storage_move m
		WHERE m.site OPERATOR(outbreak.=) store.site
			AND m.key = store.key;
	END IF;
	RETURN entered;
END
$$;
COMMENT ON FUNCTION vsys.store(outbreak.institution_code, text, text, text, integer, timestamptz, text) IS
'保管状態の変更 / brings unopened vials of a lot into another state (thawing, the −20 °C freezer, back into the deep freezer once), and returns the number of the move; the same under a known key. Those that expire first go first. What is not allowed (freezing again, a second return, vials whose time is over, more than there are) is refused with OB044 and the rule.';

CREATE OR REPLACE FUNCTION vsys.storage(site outbreak.institution_code, as_of timestamptz DEFAULT now())
RETURNS TABLE (product text, lot text, doses_per_vial smallint, state text, name_ja text, since timestamptz, vials integer, expires_at timestamptz, expired boolean)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 20
BEGIN ATOMIC
	SELECT b.product, b.lot, b.doses_per_vial, b.state, (vsys.storage_rule(b.product, b.state, outbreak.local_date(b.since))).name_ja, b.since,
		b.vials, b.expires_at, b.expires_at <= as_of
	FROM vsys.storage_batch AS b
	WHERE b.site OPERATOR(outbreak.=) storage.site
		AND b.vials > 0
	ORDER BY b.product, b.expires_at, b.batch;
END;
COMMENT ON FUNCTION vsys.storage(outbreak.institution_code, timestamptz) IS '保管状況 / the unopened vials that a site has now, by lot and by what they went through: state, since when, effective expiry, and whether that is over at as_of.';

CREATE OR REPLACE FUNCTION vsys.pick(site outbreak.institution_code, product text, vials integer, as_of timestamptz DEFAULT now())
RETURNS TABLE (place integer, lot text, doses_per_vial smallint, state text, vials integer, expires_at timestamptz)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 3
BEGIN ATOMIC
	SELECT (row_number() OVER (ORDER BY g.expires_at, g.batch))::integer, g.lot, g.doses_per_vial, g.state, least(g.vials, pick.vials - g.before)::integer, g.expires_at
	FROM (
		SELECT b.batch, b.lot, b.doses_per_vial, b.state, b.vials, b.expires_at,
			sum(b.vials) OVER (ORDER BY b.expires_at, b.batch) - b.vials AS before
		FROM vsys.storage_batch AS b
		JOIN vsys.lot AS l ON l.product = b.product
			AND l.lot = b.lot
		WHERE b.site OPERATOR(outbreak.=) pick.site
			AND b.product = pick.product
			AND b.vials > 0
			AND b.expires_at > as_of
			AND (l.recalled_at IS NULL OR l.recalled_at > as_of)
	) AS g
	WHERE g.before < pick.vials
	ORDER BY g.expires_at, g.batch;
END;
COMMENT ON FUNCTION vsys.pick(outbreak.institution_code, text, integer, timestamptz) IS
'使用順 / which vials to take: first expiry first out (先入先出ではなく使用期限順) over effective expiry, without what is expired at as_of or recalled by then. As many rows as make up the vials asked for; fewer vials than asked when the site has no more good ones. Looks at what is there now.';

CREATE OR REPLACE FUNCTION vsys.use_today(site outbreak.institution_code, as_of timestamptz DEFAULT now())
RETURNS TABLE (product text, lot text, doses_per_vial smallint, state text, vials integer, open_doses integer, expires_at timestamptz, expired boolean, message_ja text, message_en text)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	SELECT t.product, t.lot, t.doses_per_vial, t.state, t.vials, t.open_doses, t.expires_at, t.expires_at <= as_of,
		CASE WHEN t.expires_at <= as_of THEN '使用期限切れです。廃棄を登録してください。' ELSE '本日中に使用してください。' END,
		CASE WHEN t.expires_at <= as_of THEN 'Its time is over: throw it away and enter that.' ELSE 'To be used today.' END
	FROM (
		SELECT b.product, b.lot, b.doses_per_vial, b.state, b.vials, 0 AS open_doses, b.expires_at
		FROM vsys.storage_batch AS b
		WHERE b.site OPERATOR(outbreak.=) use_today.site
			AND b.vials > 0
			AND b.expires_at < vsys.label_end(outbreak.local_date(as_of))
		UNION ALL
		-- the opened vial: its clock began with its first dose
		SELECT s.product, s.lot, s.doses_per_vial, o.state, 0, s.open_doses, h.opened_at + o.max_stay
		FROM vsys.stock(use_today.site, as_of) AS s
		JOIN vsys.holding AS h ON h.site OPERATOR(outbreak.=) use_today.site
			AND h.product = s.product
			AND h.lot = s.lot
			AND h.doses_per_vial = s.doses_per_vial
		CROSS JOIN LATERAL (
			SELECT r.state, r.max_stay
			FROM vsys.storage_state AS r
			WHERE r.product = s.product
				AND r.opened
				AND r.since <= outbreak.local_date(h.opened_at)
			ORDER BY r.since DESC
			LIMIT 1
		) AS o
		WHERE s.open_doses > 0
	) AS t
	ORDER BY t.expires_at, t.product, t.lot, t.doses_per_vial, t.state;
END;
COMMENT ON FUNCTION vsys.use_today(outbreak.institution_code, timestamptz) IS
'本日使用分 / what a site has to use on the local day of as_of, soonest first: unopened vials whose effective expiry falls on it, and opened vials (open_doses) by the clock of opened vials; and what is over already and only waits to be thrown away (expired).';

CREATE OR REPLACE FUNCTION vsys.expiry_recomputed()
RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	UPDATE vsys.storage_batch b
	SET expires_at = vsys.effective_expiry(b.product, b.state, b.since, b.used, b.deadline, l.expiry_on)
	FROM vsys.lot l
	WHERE l.product = b.product
		AND l.lot = b.lot
		AND b.vials > 0
		AND b.product = NEW.product
		AND (TG_TABLE_NAME <> 'lot' OR b.lot = to_jsonb(NEW) ->> 'lot')
		AND b.expires_at <> vsys.effective_expiry(b.product, b.state, b.since, b.used, b.deadline, l.expiry_on);
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION vsys.expiry_recomputed() IS
'Trigger of lots and of rules of storage: a label that was extended, or a rule that was entered late, reaches the vials that are there. Deadlines that began under the old rule stay. Runs as the owner: whoever changes a lot need not have rights on stock.';

CREATE OR REPLACE FUNCTION vsys.freezer_room(site outbreak.institution_code, product text, as_of timestamptz DEFAULT now())
RETURNS TABLE (state text, capacity integer, kept integer, room integer)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT a.state, f.capacity, coalesce(k.vials, 0)::integer, greatest(f.capacity - coalesce(k.vials, 0), 0)::integer
	FROM (
		SELECT DISTINCT s.state
		FROM vsys.storage_state AS s
		WHERE s.product = freezer_room.product
			AND s.arrival
	) AS a
	CROSS JOIN LATERAL (
		SELECT sum(z.vials)::integer AS capacity
		FROM vsys.freezer AS z
		WHERE z.site OPERATOR(outbreak.=) freezer_room.site
			AND z.valid @> outbreak.local_date(as_of)
			AND (z.state = a.state OR a.state = 'refrigerated' AND z.state = 'thawed' OR a.state = 'thawed' AND z.state = 'refrigerated')
	) AS f
	-- whatever the vaccine
	LEFT JOIN LATERAL (
		SELECT sum(b.vials) AS vials
		FROM vsys.storage_batch AS b
		WHERE b.site OPERATOR(outbreak.=) freezer_room.site
			AND b.vials > 0
			AND (b.state = a.state OR a.state = 'refrigerated' AND b.state = 'thawed' OR a.state = 'thawed' AND b.state = 'refrigerated')
	) AS k ON true
	WHERE f.capacity IS NOT NULL;
END;
COMMENT ON FUNCTION vsys.freezer_room(outbreak.institution_code, text, timestamptz) IS
'冷凍庫の空き / how many vials of a product a site has room for, in the state in which shipments arrive: capacity of its freezers on the local day of as_of, vials of all vaccines that are kept so now, and what is left. No row when the site has no such freezer entered.';

CREATE OR REPLACE FUNCTION vsys.site_room(product text, on_date date)
RETURNS TABLE (site outbreak.institution_code, vials integer)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 10000
BEGIN ATOMIC
	WITH arrival AS (
		SELECT DISTINCT s.state
		FROM vsys.storage_state AS s
		WHERE s.product = site_room.product
			AND s.arrival
	), fits AS (
		SELECT a.state
		FROM arrival AS a
		UNION
		-- a refrigerator is a refrigerator
		SELECT v.other
		FROM arrival AS a
		JOIN (VALUES ('refrigerated', 'thawed'), ('thawed', 'refrigerated')) AS v (state, other) ON v.state = a.state
	), capacity AS (
		SELECT f.site, sum(f.vials) AS vials
		FROM vsys.freezer AS f
		JOIN fits AS s ON s.state = f.state
		WHERE f.valid @> on_date
		GROUP BY f.site
	), kept AS (
		SELECT b.site, sum(b.vials) AS vials
		FROM vsys.storage_batch AS b
		JOIN fits AS s ON s.state = b.state
		WHERE b.vials > 0
		GROUP BY b.site
	)
	SELECT c.site, greatest(c.vials - coalesce(k.vials, 0), 0)::integer
	FROM capacity AS c
	LEFT JOIN kept AS k ON k.site OPERATOR(outbreak.=) c.site;
END;
COMMENT ON FUNCTION vsys.site_room(text, date) IS '冷凍庫の空き(全施設) / vsys.freezer_room of all sites at once: the vials of a product that each has room for on a local date, by what is kept there now. Sites without such a freezer are not among them.';

CREATE OR REPLACE FUNCTION vsys.freezer_count(on_date date DEFAULT outbreak.local_date())
RETURNS TABLE (prefecture smallint, name_ja text, state text, sites bigint, freezers bigint, vials bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 150
BEGIN ATOMIC
	SELECT p.prefecture, CASE WHEN grouping(p.prefecture) = 0 THEN p.name_ja ELSE '合計' END, f.state,
		count(DISTINCT f.site::text), count(*), sum(f.vials)::bigint
	FROM vsys.freezer AS f
	JOIN registry.prefecture AS p ON p.prefecture = f.prefecture
	WHERE f.valid @> on_date
	GROUP BY GROUPING SETS ((p.prefecture, p.name_ja, f.state), (f.state))
	ORDER BY p.prefecture NULLS LAST, f.state;
END;
COMMENT ON FUNCTION vsys.freezer_count(date) IS '冷凍庫の配備状況 / freezers on a local date by prefecture and by what they keep vials in, those of all prefectures in last rows without a number (plan of 2021: 10,000 at −75 °C, 10,000 at −20 °C). For what the caller may see.';
