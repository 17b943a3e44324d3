-- ---- preparing a round

CREATE OR REPLACE FUNCTION vsys.make_round(of_product text, name_ja text, boxes integer, deliver daterange, frames jsonb DEFAULT '[]', request_until timestamptz DEFAULT NULL, promises boolean DEFAULT false, doses_per_vial smallint DEFAULT NULL)
RETURNS bigint
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	WITH made AS (
		INSERT INTO vsys.round (product, name_ja, boxes, deliver, request_until, promises, doses_per_vial)
		VALUES (of_product, make_round.name_ja, make_round.boxes, make_round.deliver, make_round.request_until, make_round.promises, make_round.doses_per_vial)
		RETURNING round
	), framed AS (
		INSERT INTO vsys.frame (round, frame, kind, name_ja, name_en, from_level, to_level, pack, boxes, percent, takes, rule, weight, weight_age, claim, claim_less, floor, cap, cap_times, by_group, hold)
		SELECT m.round, coalesce(f.frame, x.n::smallint), f.kind, f.name_ja, f.name_en, coalesce(f.from_level, 'nation'), f.to_level, coalesce(f.pack, 'box'), f.boxes, f.percent, f.takes, f.rule,
			f.weight, f.weight_age, f.claim, coalesce(f.claim_less, false), f.floor, f.cap, coalesce(f.cap_times, 1), coalesce(f.by_group, false), coalesce(f.hold, false)
		FROM made AS m
		CROSS JOIN jsonb_array_elements(frames) WITH ORDINALITY AS x (frame, n)
		CROSS JOIN LATERAL jsonb_populate_record(NULL::vsys.frame, x.frame) AS f
	)
	SELECT m.round
	FROM made AS m;
END;
COMMENT ON FUNCTION vsys.make_round(text, text, integer, daterange, jsonb, timestamptz, boolean, smallint) IS
'クールの作成 / makes a draft with its frames, an array of objects of the columns of vsys.frame in their order, such as [{"kind": "basic", "to_level": "prefecture", "boxes": 8000, "rule": "hamilton", "weight": "population"}]. Returns its number. For the ministry.';

CREATE OR REPLACE FUNCTION vsys.set_indicator(of_round bigint, name text, of_level text, "values" jsonb) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	written bigint;
BEGIN
	INSERT INTO vsys.indicator AS i (round, indicator, level, unit, value)
	SELECT of_round, name, of_level, v.key, v.value::bigint
	FROM jsonb_each_text("values") AS v
	ON CONFLICT ON CONSTRAINT indicator_pkey DO UPDATE
	SET value = excluded.value
	WHERE i.value <> excluded.value;
	GET DIAGNOSTICS written = ROW_COUNT;
	RETURN written;
END
$$;
COMMENT ON FUNCTION vsys.set_indicator(bigint, text, text, jsonb) IS
'指標の登録 / enters values of an indicator: {"unit": value}, units as the level writes them (two, six or ten digits). A value that is there is replaced. Returns how many were new or changed. Error OB050 once the round is decided.';

CREATE OR REPLACE FUNCTION vsys.set_need(of_round bigint, name text, youngest smallint, percent numeric, doses smallint, minus text[] DEFAULT '{}', doses_per_box integer DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	per_box integer;
	written bigint;
BEGIN
	SELECT coalesce(set_need.doses_per_box, p.vials_per_box * coalesce(r.doses_per_vial, p.doses_per_vial)) INTO per_box
	FROM vsys.round AS r
	JOIN vsys.product AS p ON p.product = r.product
	WHERE r.round = of_round;
	INSERT INTO vsys.indicator AS i (round, indicator, level, unit, value)
	SELECT of_round, name, 'municipality', p.unit, ceil(greatest(0, trunc(p.persons * set_need.percent * set_need.doses / 100) - coalesce(d.doses, 0)) / per_box)
	FROM (
		SELECT b.municipality::text AS unit, sum(b.persons) AS persons
		FROM vsys.population AS b
		WHERE b.age_from >= youngest
		GROUP BY b.municipality
	) AS p
	LEFT JOIN (
		SELECT x.unit, sum(x.value) AS doses
		FROM vsys.indicator AS x
		WHERE x.round = of_round
			AND x.level = 'municipality'
			AND x.indicator = ANY (minus)
		GROUP BY x.unit
	) AS d ON d.unit = p.unit
	ON CONFLICT ON CONSTRAINT indicator_pkey DO UPDATE
	SET value = excluded.value
	WHERE i.value <> excluded.value;
	GET DIAGNOSTICS written = ROW_COUNT;
	RETURN written;
END
$$;
COMMENT ON FUNCTION vsys.set_need(bigint, text, smallint, numeric, smallint, text[], integer) IS
'必要量の算定 / enters as an indicator what each municipality still needs, in boxes (rounded up): that per cent of its inhabitants of the age and above, so many doses each, less the doses in the indicators named by minus (delivered of this and other products); never below 0. Rounds 13 to 15 of 2021: youngest 12, percent 80, doses 2. doses_per_box: NULL for those of the round.';

-- ---- requests

CREATE OR REPLACE FUNCTION vsys.request_faults(of_round bigint, requests jsonb, as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	r vsys.round;
	next_round vsys.round;
	fault text;
	closed text := '';
BEGIN
	SELECT * INTO r FROM vsys.round AS x WHERE x.round = of_round;
	IF r.round IS NULL THEN
		fault := 'unknown_round';
	ELSIF r.state <> 'draft' THEN
		fault := 'closed';
	ELSIF as_of > r.request_until THEN
		fault := 'deadline';
		closed := to_char(r.request_until AT TIME ZONE outbreak.time_zone(), 'YYYY-MM-DD HH24:MI');
	ELSIF jsonb_typeof(requests) IS DISTINCT FROM 'array' THEN
		fault := 'not_an_array';
	END IF;
	IF fault IS NOT NULL THEN
		SELECT * INTO next_round
		FROM vsys.round AS x
		WHERE fault = ANY ('{closed,deadline}'::text[])
			AND x.product = r.product
			AND x.state = 'draft'
			AND x.round <> r.round
			AND (x.request_until IS NULL OR x.request_until >= as_of)
			AND lower(x.deliver) >= lower(r.deliver)
		ORDER BY lower(x.deliver), x.round
		LIMIT 1;
		RETURN jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('code', fault, 'deadline', r.request_until, 'next_round', next_round.round,
			'message_ja', CASE fault
				WHEN 'unknown_round' THEN 'クールがありません。'
				WHEN 'closed' THEN 'このクールは決定済みのため、希望量を受け付けません。'
				WHEN 'deadline' THEN format('希望量の締切(%s)を過ぎています。', closed)
				ELSE '希望量は配列で送ってください。' END
				|| CASE WHEN next_round.round IS NOT NULL THEN format('次のクール「%s」に登録してください。', next_round.name_ja) ELSE '' END,
			'message_en', CASE fault
				WHEN 'unknown_round' THEN 'There is no such round.'
				WHEN 'closed' THEN 'The round is decided and takes no requests any more.'
				WHEN 'deadline' THEN format('The deadline for requests (%s) is over.', closed)
				ELSE 'Requests are sent as an array.' END
				|| CASE WHEN next_round.round IS NOT NULL THEN format(' Hand them in for the next round, %s.', next_round.round) ELSE '' END)));
	END IF;

	RETURN coalesce((
		WITH request AS (
			SELECT q.n,
				q.request ->> 'site' AS site,
				q.request ->> 'vials' AS vials,
				q.request ->> 'priority_group' AS priority_group,
				s.site AS known,
				s.state = ANY ('{registered,open}'::text[]) AS works,
				s.site OPERATOR(outbreak.=) ANY (outbreak.my_institutions())
					OR s.municipality OPERATOR(outbreak.=) outbreak.my_municipality()
					OR s.prefecture = outbreak.my_prefecture()
					-- who may ask for anybody has no scope of that kind
					OR (num_nonnulls(outbreak.my_institution(), outbreak.my_organisation(), outbreak.my_prefecture()) = 0 AND outbreak.my_municipality() IS NULL
						AND outbreak.acts_as('outbreak_ministry')) AS own,
				count(*) OVER (PARTITION BY q.request ->> 'site', q.request ->> 'priority_group') AS times,
				EXISTS (
					SELECT
					FROM vsys.site_product AS h
					WHERE h.site OPERATOR(outbreak.=) s.site
						AND h.product = r.product
						AND h.valid @> lower(r.deliver)
				) AS handles,
				EXISTS (SELECT FROM vsys.priority_group AS g WHERE g.priority_group = q.request ->> 'priority_group') AS known_group,
				-- for all groups together
				sum(CASE WHEN q.request ->> 'vials' ~ '^[0-9]{1,7}$' THEN (q.request ->> 'vials')::integer END) OVER (PARTITION BY q.request ->> 'site') AS asked
			FROM jsonb_array_elements(requests) WITH ORDINALITY AS q (request, n)
			LEFT JOIN vsys.site AS s ON s.site::text = q.request ->> 'site'
		), fault AS (
			SELECT q.n, q.site, f.code, f.message_ja, f.message_en
			FROM request AS q
			CROSS JOIN LATERAL (
				SELECT 'unknown_site' AS code, '接種施設が登録されていません。' AS message_ja, 'There is no such vaccination site.' AS message_en
				WHERE q.known IS NULL
				UNION ALL
				SELECT 'not_yours', '他の施設の希望量は登録できません。', 'You cannot ask for this site.'
				WHERE q.known IS NOT NULL
					AND q.own IS NOT TRUE
				UNION ALL
				SELECT 'not_open', 'この施設は稼働していません。', 'The site is not registered or open.'
				WHERE q.own
					AND NOT q.works
				UNION ALL
				SELECT 'not_handled', 'この施設はこのワクチンを取り扱っていません。', 'The site does not handle this vaccine.'
				WHERE q.known IS NOT NULL
					AND q.own
					AND NOT q.handles
				UNION ALL
				SELECT 'bad_vials', 'バイアル数は0から1,000,000までの整数で入力してください。', 'vials must be a whole number from 0 to 1,000,000.'
				WHERE q.vials IS NULL
					OR q.vials !~ '^[0-9]{1,7}$'
					OR q.vials::numeric > 1000000
				UNION ALL
				SELECT 'unknown_group', '優先区分が正しくありません。', 'There is no such priority group.'
				WHERE NOT q.known_group
				UNION ALL
				SELECT 'freezer', format('冷凍庫の容量(%s バイアル)を超えています。', z.capacity), format('The freezers of the site hold %s vials.', z.capacity)
				FROM vsys.freezer_room(q.known, r.product, lower(r.deliver)::timestamp AT TIME ZONE outbreak.time_zone()) AS z
				WHERE q.own
					AND q.vials ~ '^[0-9]{1,7}$'
					AND q.asked > z.capacity
				UNION ALL
				SELECT 'doubled', '同じ施設・優先区分の希望量が2件以上あります。', 'There are several requests of this site for this group.'
				WHERE q.times > 1
			) AS f
		)
		SELECT jsonb_agg(jsonb_build_object('record', f.n, 'site', f.site, 'code', f.code, 'message_ja', f.message_ja, 'message_en', f.message_en) ORDER BY f.n, f.code)
		FROM fault AS f
	), '[]');
END
$$;
COMMENT ON FUNCTION vsys.request_faults(bigint, jsonb, timestamptz) IS
'希望量の確認 / everything that is wrong with requests for a round, without taking them: [{"record", "site", "code", "message_ja", "message_en"}], empty when all is well. Codes: unknown_round, closed, deadline (with "deadline" and "next_round", the one that still takes requests), not_an_array; unknown_site, not_yours, not_open, not_handled, bad_vials, unknown_group, doubled, freezer (more than its freezers hold).';

CREATE OR REPLACE FUNCTION vsys.submit_requests(of_round bigint, requests jsonb, as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	faults jsonb := vsys.request_faults(of_round, requests, as_of);
	taken bigint;
	there bigint;
BEGIN
	IF faults <> '[]' THEN
		RAISE EXCEPTION 'the requests are refused: %', faults -> 0 ->> 'message_en'
			USING ERRCODE = 'OB051',
				DETAIL = faults::text,
				HINT = 'Nothing was taken. DETAIL lists every fault.';
	END IF;
	SELECT count(*) INTO there
	FROM vsys.request AS r
	JOIN jsonb_array_elements(requests) AS q ON (q ->> 'site') = r.site::text AND (q ->> 'priority_group') = r.priority_group
	WHERE r.round = of_round;
	INSERT INTO vsys.request AS r (round, site, priority_group, vials, requested_at)
	SELECT of_round, (q ->> 'site')::outbreak.institution_code, q ->> 'priority_group', (q ->> 'vials')::integer, as_of
	FROM jsonb_array_elements(requests) AS q
	ON CONFLICT ON CONSTRAINT request_pkey DO UPDATE
	SET vials = excluded.vials,
		requested_at = excluded.requested_at;
	GET DIAGNOSTICS taken = ROW_COUNT;
	RETURN jsonb_build_object('accepted', taken, 'replaced', there);
END
$$;
COMMENT ON FUNCTION vsys.submit_requests(bigint, jsonb, timestamptz) IS
'希望量の登録 / hands in requests for a round: [{"site", "priority_group", "vials"}]. All or none; asking again replaces what was asked before. Returns {"accepted", "replaced"}. A site asks for itself, a municipality and a prefecture for their sites. Error OB051 with every fault in DETAIL (vsys.request_faults): after the deadline nothing is taken, and the round that still takes requests is named.';

CREATE OR REPLACE FUNCTION vsys.request_checked() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	r vsys.round;
BEGIN
	-- whoever is not of the system cannot choose the moment
	IF NOT pg_has_role(session_user, 'outbreak_owner', 'MEMBER') THEN
		NEW.requested_at := now();
	END IF;
	-- waits for whoever decides on the round, and whoever decides waits for this
	SELECT * INTO r
	FROM vsys.round AS x
	WHERE x.round = NEW.round
	FOR KEY SHARE;
	SELECT s.municipality INTO NEW.municipality
	FROM vsys.site AS s
	JOIN vsys.site_product AS h ON h.site OPERATOR(outbreak.=) s.site
		AND h.product = r.product
		AND h.valid @> lower(r.deliver)
	WHERE s.site OPERATOR(outbreak.=) NEW.site
		AND s.state = ANY ('{registered,open}'::text[]);
	IF r.state <> 'draft' OR NEW.requested_at > r.request_until THEN
		RAISE EXCEPTION 'round % takes no requests any more', NEW.round
			USING ERRCODE = 'OB051',
				DETAIL = CASE WHEN r.state <> 'draft' THEN 'It is decided.'
					ELSE 'The deadline was ' || to_char(r.request_until AT TIME ZONE outbreak.time_zone(), 'YYYY-MM-DD HH24:MI') || '.' END;
	ELSIF NEW.municipality IS NULL THEN
		RAISE EXCEPTION 'this site cannot ask for this vaccine'
			USING ERRCODE = 'OB051',
				DETAIL = 'It is not registered or open, or does not handle the vaccine.';
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION vsys.request_checked() IS 'Trigger: refuses a request after the deadline or for a site that cannot use the vaccine (OB051), and notes the municipality.';

-- ---- what a prefecture or a municipality divides itself

CREATE OR REPLACE FUNCTION vsys.submit_split(of_round bigint, of_frame smallint, of_parent text, amounts jsonb, as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	f vsys.frame;
	has bigint;
	current_pass integer;
	given numeric;
	stranger text;
BEGIN
	SELECT r.pass INTO current_pass FROM vsys.round AS r WHERE r.round = of_round;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no round %', of_round
			USING ERRCODE = 'no_data_found';
	END IF;
	SELECT * INTO f FROM vsys.frame AS x WHERE x.round = of_round AND x.frame = of_frame AND x.from_level <> 'nation' AND x.kind <> 'penalty';
	IF f.frame IS NULL THEN
		RAISE EXCEPTION 'round % has no frame % that a prefecture or municipality divides', of_round, of_frame
			USING ERRCODE = 'OB052';
	ELSIF jsonb_typeof(amounts) IS DISTINCT FROM 'object'
		OR EXISTS (SELECT FROM jsonb_each(amounts) AS a WHERE jsonb_typeof(a.value) <> 'number' OR a.value::text !~ '^[0-9]{1,9}$') THEN
		RAISE EXCEPTION 'a split is an object of units and whole numbers, 0 and above'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT min(u.unit), sum(u.amount) INTO stranger, given
	FROM (
		SELECT CASE WHEN v.unit IS NULL THEN a.key END AS unit, a.value::numeric AS amount
		FROM jsonb_each_text(amounts) AS a
		LEFT JOIN vsys.round AS r ON r.round = of_round
		LEFT JOIN LATERAL vsys.round_units(r.product, lower(r.deliver), f.from_level, f.to_level) AS v ON v.unit = a.key AND v.parent = of_parent
	) AS u;
	SELECT sum(a.offered) INTO has
	FROM vsys.round_run AS x
	JOIN allocation.run AS a ON a.run = x.run
	WHERE x.round = of_round
		AND x.pass = current_pass
		AND x.frame = of_frame
		AND x.parent = of_parent;
	IF stranger IS NOT NULL THEN
		RAISE EXCEPTION '% is no % that % divides among', stranger, f.to_level, of_parent
			USING ERRCODE = 'OB053',
				DETAIL = jsonb_build_object('problem', 'unknown_unit', 'unit', stranger)::text;
	ELSIF has IS NULL THEN
		RAISE EXCEPTION '% has nothing to divide in this round yet', of_parent
			USING ERRCODE = 'OB053',
				DETAIL = jsonb_build_object('problem', 'nothing_to_divide', 'parent', of_parent)::text;
	ELSIF coalesce(given, 0) <> has THEN
		RAISE EXCEPTION 'the split adds up to % %, but % has %', coalesce(given, 0), CASE f.pack WHEN 'box' THEN 'boxes' ELSE 'vials' END, of_parent, has
			USING ERRCODE = 'OB053',
				DETAIL = jsonb_build_object('problem', 'sum', 'given', coalesce(given, 0), 'has', has)::text,
				HINT = 'Divide all of it.';
	END IF;
	-- whoever was in an earlier split and is not in this one gets nothing
	INSERT INTO vsys.split AS s (round, frame, parent, unit, amount, submitted_at)
	SELECT of_round, of_frame, of_parent, coalesce(a.key, e.unit), coalesce(a.value::integer, 0), as_of
	FROM jsonb_each_text(amounts) AS a
	FULL JOIN (
		SELECT x.unit
		FROM vsys.split AS x
		WHERE x.round = of_round
			AND x.frame = of_frame
			AND x.parent = of_parent
	) AS e ON e.unit = a.key
	ON CONFLICT ON CONSTRAINT split_pkey DO UPDATE
	SET amount = excluded.amount,
		submitted_at = excluded.submitted_at;
	RETURN jsonb_build_object('round', of_round, 'frame', of_frame, 'parent', of_parent, 'pack', f.pack, 'divided', given);
END
$$;
COMMENT ON FUNCTION vsys.submit_split(bigint, smallint, text, jsonb, timestamptz) IS
'按分案の提出 / a prefecture or municipality divides what it has of a frame itself: {"unit": amount}, in the pack of the frame, all of it. It takes the place of the frame''s rule when the round is calculated next. Replaces an earlier split. Errors: OB053 when it does not add up to what the last calculation gave, or names a unit that is not below the parent; OB052 for a frame that is not divided there; OB050 once the round is decided.';

CREATE OR REPLACE FUNCTION vsys.draft_only() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	of_round bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.round ELSE NEW.round END;
	state text;
BEGIN
	-- waits for whoever decides on the round, and whoever decides waits for this
	SELECT r.state INTO state
	FROM vsys.round AS r
	WHERE r.round = of_round
	FOR KEY SHARE;
	-- a round that is gone takes its rows along
	IF state <> 'draft' THEN
		RAISE EXCEPTION 'round % is % and does not change', of_round, state
			USING ERRCODE = 'OB050',
				HINT = 'Withdraw it and make another.';
	END IF;
	RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
COMMENT ON FUNCTION vsys.draft_only() IS 'Trigger: what a round goes by changes only while it is a draft (OB050).';
