-- ---- from draft to publication

CREATE OR REPLACE FUNCTION vsys.round_for(of_round bigint, states text[], to_do text) RETURNS vsys.round
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	r vsys.round;
BEGIN
	SELECT * INTO r FROM vsys.round AS x WHERE x.round = of_round FOR UPDATE;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no round %', of_round
			USING ERRCODE = 'no_data_found';
	ELSIF r.state <> ALL (states) THEN
		RAISE EXCEPTION 'round % is % and cannot be %', of_round, r.state, to_do
			USING ERRCODE = 'OB050',
				DETAIL = jsonb_build_object('round', of_round, 'state', r.state, 'states', states)::text,
				HINT = format('Only a round that is %s can be.', array_to_string(states, ' or '));
	END IF;
	RETURN r;
END
$$;
COMMENT ON FUNCTION vsys.round_for(bigint, text[], text) IS 'Locks a round for a command and checks its state. Errors: P0002, OB050.';

CREATE OR REPLACE FUNCTION vsys.run_round(of_round bigint) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_nestloop = off
SET work_mem = '64MB'
AS $$
DECLARE
	r vsys.round := vsys.round_for(of_round, '{draft}', 'calculated');
	new_pass integer;
	proof bytea;
	made bigint;
	lines bigint;
BEGIN
	SELECT coalesce(max(p.pass), 0) + 1 INTO new_pass FROM vsys.round_pass AS p WHERE p.round = of_round;
	WITH line AS MATERIALIZED (
		SELECT *
		FROM vsys.compute(of_round)
	), hashed AS (
		-- sorted once, not each run by itself
		SELECT l.frame, l.parent, l.priority_group, count(*) AS units,
			string_agg(allocation.input_line(l.unit, l.weight, l.claim, l.floor, l.cap, l.reserved), '') AS inputs,
			string_agg(allocation.result_line(l.unit, l.granted, l.reason), '') AS results
		FROM (
			SELECT x.frame, x.parent COLLATE "C" AS parent, x.priority_group COLLATE "C" AS priority_group, x.unit, x.weight, x.claim, x.floor, x.cap, x.reserved, x.granted, x.reason
			FROM line AS x
			ORDER BY x.frame, x.parent COLLATE "C", x.priority_group COLLATE "C", x."position"
		) AS l
		GROUP BY l.frame, l.parent, l.priority_group
	), run AS MATERIALIZED (
		-- what all units of a run share stands with its first
		SELECT l.frame, h.parent, h.priority_group, l.kind, l.from_level, l.to_level, l.pack, l.split, l.parent_prefecture AS prefecture, l.parent_municipality::outbreak.municipality_code AS municipality,
			l.rule, l.percent, l.offered, l.seats, h.units, l.level_numerator, l.level_denominator, l.cut_off,
			allocation.digest(allocation.input_head(l.rule, l.offered, l.seats, l.percent) || h.inputs) AS inputs_hash,
			allocation.digest(h.results) AS result_hash
		FROM line AS l
		JOIN hashed AS h ON h.frame = l.frame
			AND h.parent = l.parent COLLATE "C"
			AND h.priority_group = l.priority_group COLLATE "C"
		WHERE l."position" = 1
	), numbered AS MATERIALIZED (
		SELECT x.*, nextval('allocation.run_number') AS run
		FROM (SELECT * FROM run ORDER BY frame, parent, priority_group) AS x
	), run_made AS (
		INSERT INTO allocation.run (run, purpose, rule, offered, seats, percent, units, level_numerator, level_denominator, cut_off, prefecture, municipality, inputs_hash, result_hash)
		SELECT n.run, 'vsys.round', n.rule, n.offered, n.seats, n.percent, n.units, n.level_numerator, n.level_denominator, n.cut_off, n.prefecture, n.municipality, n.inputs_hash, n.result_hash
		FROM numbered AS n
	), unit_made AS (
		INSERT INTO allocation.run_unit (run, position, unit, prefecture, municipality, institution, weight, claim, floor, cap, reserved, quota, remainder, granted, reason)
		SELECT n.run, l."position", l.unit, l.prefecture, l.municipality::outbreak.municipality_code, l.institution::outbreak.institution_code,
			l.weight, l.claim, l.floor, l.cap, l.reserved, l.quota, l.remainder, l.granted, l.reason
		FROM line AS l
		JOIN numbered AS n ON n.frame = l.frame
			AND n.parent = l.parent COLLATE "C"
			AND n.priority_group = l.priority_group COLLATE "C"
	), pass_made AS (
		INSERT INTO vsys.round_pass (round, pass, boxes, vials_per_box, frames, certificate)
		SELECT of_round, new_pass, r.boxes, p.vials_per_box,
			(SELECT jsonb_agg(jsonb_strip_nulls(to_jsonb(f)) ORDER BY f.frame) FROM vsys.frame AS f WHERE f.round = of_round),
			(SELECT allocation.digest(string_agg(encode(n.inputs_hash, 'hex') || encode(n.result_hash, 'hex'), '' ORDER BY n.frame, n.parent COLLATE "C", n.priority_group COLLATE "C")) FROM numbered AS n)
		FROM vsys.product AS p
		WHERE p.product = r.product
		RETURNING certificate
	), part_made AS (
		INSERT INTO vsys.round_run (round, pass, frame, parent, priority_group, kind, from_level, to_level, pack, split, run, prefecture, municipality)
		SELECT of_round, new_pass, n.frame, n.parent, n.priority_group, n.kind, n.from_level, n.to_level, n.pack, n.split, n.run, n.prefecture, n.municipality
		FROM numbered AS n
	)
	SELECT m.certificate, (SELECT count(*) FROM numbered), (SELECT count(*) FROM line)
	INTO proof, made, lines
	FROM pass_made AS m;
	UPDATE vsys.round AS x
	SET pass = new_pass,
		certificate = proof
	WHERE x.round = of_round;
	RETURN jsonb_build_object('round', of_round, 'pass', new_pass, 'runs', made, 'units', lines, 'certificate', encode(proof, 'hex'));
END
$$;
COMMENT ON FUNCTION vsys.run_round(bigint) IS
'クールの計算と保存 / calculates a draft through all its frames and levels, and keeps every run with its inputs, rule, proof and result. Returns {"round", "pass", "runs", "units", "certificate"}. May be repeated while the round is a draft: each calculation stays, the last one counts. For the ministry. Errors: OB050 the round is no draft; those of vsys.compute().';

CREATE OR REPLACE FUNCTION vsys.round_certificate(of_round bigint) RETURNS bytea
LANGUAGE SQL STABLE PARALLEL RESTRICTED
BEGIN ATOMIC
	SELECT allocation.digest(string_agg(encode(x.inputs_hash, 'hex') || encode(x.result_hash, 'hex'), '' ORDER BY x.frame, x.parent COLLATE "C", x.priority_group COLLATE "C"))
	FROM (
		SELECT l.frame, l.parent COLLATE "C" AS parent, l.priority_group COLLATE "C" AS priority_group,
			allocation.digest(allocation.input_head(min(l.rule), min(l.offered), min(l.seats), min(l.percent))
				|| string_agg(allocation.input_line(l.unit, l.weight, l.claim, l.floor, l.cap, l.reserved), '' ORDER BY l."position")) AS inputs_hash,
			allocation.digest(string_agg(allocation.result_line(l.unit, l.granted, l.reason), '' ORDER BY l."position")) AS result_hash
		FROM vsys.compute(of_round) AS l
		GROUP BY l.frame, l.parent COLLATE "C", l.priority_group COLLATE "C"
	) AS x;
END;
COMMENT ON FUNCTION vsys.round_certificate(bigint) IS '証明値の再計算 / the certificate that a calculation would have now: as long as it equals that of the round, nothing it goes by has changed.';

CREATE OR REPLACE FUNCTION vsys.broken_promises(of_round bigint)
RETURNS TABLE (level text, unit text, due_on date, promised bigint, kept bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	SELECT o.level, o.unit, min(o.due_on), sum(o.vials)::bigint, coalesce(min(g.vials), 0)::bigint
	FROM vsys.round AS r
	CROSS JOIN LATERAL vsys.open_promises(r.product, upper(r.deliver)) AS o
	LEFT JOIN LATERAL (
		SELECT sum(u.granted * CASE x.pack WHEN 'box' THEN p.vials_per_box ELSE 1 END) AS vials
		FROM vsys.round_run AS x
		JOIN vsys.round_pass AS p ON p.round = x.round
			AND p.pass = x.pass
		JOIN allocation.run_unit AS u ON u.run = x.run
			AND u.unit = o.unit
		WHERE x.round = r.round
			AND x.pass = r.pass
			AND x.kind = 'promise'
			AND x.from_level = 'nation'
			AND x.to_level = o.level
	) AS g ON true
	WHERE r.round = of_round
	GROUP BY o.level, o.unit
	HAVING sum(o.vials) > coalesce(min(g.vials), 0);
END;
COMMENT ON FUNCTION vsys.broken_promises(bigint) IS '履行できない約束 / promises due before the deliveries of the round end that its calculation does not keep in full: per unit what is owed and what the round gives.';

CREATE OR REPLACE FUNCTION vsys.decide_round(of_round bigint, accept_broken_promises text DEFAULT NULL, as_of timestamptz DEFAULT now()) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	r vsys.round := vsys.round_for(of_round, '{draft}', 'decided');
	problem record;
	broken jsonb;
BEGIN
	IF r.pass IS NULL THEN
		RAISE EXCEPTION 'round % is not calculated yet', of_round
			USING ERRCODE = 'OB050',
				HINT = 'vsys.run_round() calculates it.';
	ELSIF vsys.round_certificate(of_round) IS DISTINCT FROM r.certificate THEN
		RAISE EXCEPTION 'what round % goes by has changed since it was calculated', of_round
			USING ERRCODE = 'OB050',
				HINT = 'Calculate it again, and look at the result.';
	END IF;
	SELECT * INTO problem FROM vsys.verify(of_round) LIMIT 1;
	IF found THEN
		RAISE EXCEPTION 'round % does not pass its recheck: %', of_round, problem.message_en
			USING ERRCODE = 'OB054',
				DETAIL = to_jsonb(problem)::text;
	END IF;
	SELECT jsonb_agg(to_jsonb(b) ORDER BY b.level, b.unit) INTO broken
	FROM (SELECT * FROM vsys.broken_promises(of_round) ORDER BY level, unit LIMIT 100) AS b;
	IF broken IS NOT NULL AND coalesce(btrim(accept_broken_promises), '') = '' THEN
		RAISE EXCEPTION 'round % breaks promises of second doses', of_round
			USING ERRCODE = 'OB055',
				DETAIL = broken::text,
				HINT = 'Add a frame of kind promise or boxes, or say why in accept_broken_promises.';
	END IF;
	UPDATE vsys.round AS x
	SET state = 'decided',
		decided_at = as_of,
		remark = coalesce(CASE WHEN broken IS NOT NULL THEN accept_broken_promises END, x.remark)
	WHERE x.round = of_round;
END
$$;
COMMENT ON FUNCTION vsys.decide_round(bigint, text, timestamptz) IS
'クールの決定 / decides on the last calculation of a draft. Refuses (OB050) when anything it went by has changed since, (OB054) when the recheck of vsys.verify() finds something, (OB055, with the promises in DETAIL) when it breaks promises of second doses and no reason is given. From then on nothing of it changes. For the ministry.';

CREATE OR REPLACE FUNCTION vsys.publish_round(of_round bigint, as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	r vsys.round := vsys.round_for(of_round, '{decided}', 'published');
	sites bigint;
	given bigint;
	promised bigint := 0;
	keeps bigint;
BEGIN
	-- one round of a vaccine after the other, lest two keep the same promise
	PERFORM
	FROM vsys.product AS p
	WHERE p.product = r.product
	FOR NO KEY UPDATE;
	INSERT INTO vsys.allotment (round, site, municipality, branch, vials)
	SELECT of_round, t.unit::outbreak.institution_code, s.municipality, a.branch, sum(t.held)
	FROM vsys.round_totals(of_round, r.pass) AS t
	JOIN vsys.site AS s ON s.site OPERATOR(outbreak.=) t.unit::outbreak.institution_code
	LEFT JOIN (
		-- vsys.supplier() of every municipality, at once
		SELECT DISTINCT ON (x.municipality) x.municipality, x.branch
		FROM vsys.branch_area AS x
		WHERE x.product = r.product
			AND x.from_on <= lower(r.deliver)
		ORDER BY x.municipality, x.from_on DESC
	) AS a ON a.municipality OPERATOR(outbreak.=) s.municipality
	WHERE t.level = ANY ('{basic_site,site}'::text[])
	GROUP BY t.unit, s.municipality, a.branch;
	SELECT count(*), coalesce(sum(a.vials), 0) INTO sites, given FROM vsys.allotment AS a WHERE a.round = of_round;

	-- what it gives towards promises, the oldest first
	WITH due AS (
		SELECT o.promise, o.level, o.unit, o.prefecture, o.municipality, o.vials,
			sum(o.vials) OVER (PARTITION BY o.level, o.unit ORDER BY o.due_on, o.promise) - o.vials AS before
		FROM vsys.open_promises(r.product, upper(r.deliver)) AS o
	), granted AS (
		SELECT x.to_level AS level, u.unit, sum(u.granted * CASE x.pack WHEN 'box' THEN p.vials_per_box ELSE 1 END) AS vials
		FROM vsys.round_run AS x
		JOIN vsys.round_pass AS p ON p.round = x.round
			AND p.pass = x.pass
		JOIN allocation.run_unit AS u ON u.run = x.run
		WHERE x.round = of_round
			AND x.pass = r.pass
			AND x.kind = 'promise'
			AND x.from_level = 'nation'
		GROUP BY x.to_level, u.unit
	)
	INSERT INTO vsys.promise_kept (promise, round, prefecture, municipality, vials)
	SELECT d.promise, of_round, d.prefecture, d.municipality, least(d.vials, g.vials - d.before)
	FROM due AS d
	JOIN granted AS g ON g.level = d.level
		AND g.unit = d.unit
	WHERE g.vials > d.before;
	GET DIAGNOSTICS keeps = ROW_COUNT;

	UPDATE vsys.round AS x
	SET state = 'published',
		published_at = as_of
	WHERE x.round = of_round;
	IF r.promises THEN
		INSERT INTO vsys.promise (product, level, unit, municipality, due_on, vials, made_by, made_at)
		SELECT r.product, 'site', a.site::text, a.municipality, lower(r.deliver) + p.interval_days, a.vials, of_round, as_of
		FROM vsys.allotment AS a
		JOIN vsys.product AS p ON p.product = r.product
		WHERE a.round = of_round
			AND a.vials > 0
			AND p.interval_days IS NOT NULL
		ORDER BY a.site::text;
		GET DIAGNOSTICS promised = ROW_COUNT;
	END IF;
	RETURN jsonb_build_object('round', of_round, 'sites', sites, 'vials', given, 'promises_kept', keeps, 'promises_made', promised);
END
$$;
COMMENT ON FUNCTION vsys.publish_round(bigint, timestamptz) IS
'クールの通知 / publishes a decided round: writes what each site gets (vsys.allotment), notes which promises it keeps, and, for a round of first doses, promises each site the same once more, the product''s interval after the first day of delivery. Returns {"round", "sites", "vials", "promises_kept", "promises_made"}. For the ministry. Error OB050 for a round that is not decided.';

CREATE OR REPLACE FUNCTION vsys.withdraw_round(of_round bigint, reason text, as_of timestamptz DEFAULT now()) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	r vsys.round := vsys.round_for(of_round, '{draft,decided,published}', 'withdrawn');
BEGIN
	IF coalesce(btrim(reason), '') = '' THEN
		RAISE EXCEPTION 'a withdrawal needs a reason'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	UPDATE vsys.round AS x
	SET state = 'withdrawn',
		withdrawn_at = as_of,
		remark = reason
	WHERE x.round = r.round;
END
$$;
COMMENT ON FUNCTION vsys.withdraw_round(bigint, text, timestamptz) IS
'クールの取消 / withdraws a round, for a reason. Its numbers stay as they were; its promises, and what it gave towards others, are void. For the ministry. Errors: OB050 withdrawn already, 22023 no reason.';

CREATE OR REPLACE FUNCTION vsys.round_checked() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF OLD.state = 'draft' AND NEW.state = 'draft' THEN
		RETURN NEW;
	ELSIF OLD.state || ' to ' || NEW.state <> ALL ('{draft to decided,draft to withdrawn,decided to published,decided to withdrawn,published to withdrawn}'::text[])
		OR (NEW.round, NEW.product, NEW.name_ja, NEW.boxes, NEW.deliver, NEW.doses_per_vial, NEW.request_until, NEW.promises, NEW.pass, NEW.certificate)
			IS DISTINCT FROM (OLD.round, OLD.product, OLD.name_ja, OLD.boxes, OLD.deliver, OLD.doses_per_vial, OLD.request_until, OLD.promises, OLD.pass, OLD.certificate) THEN
		RAISE EXCEPTION 'round % is % and does not change', OLD.round, OLD.state
			USING ERRCODE = 'OB050',
				HINT = 'A draft is decided, then published; each can be withdrawn. Make another round instead.';
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION vsys.round_checked() IS 'Trigger: a round goes from draft to decided to published, each to withdrawn, and changes in no other way once it is decided (OB050).';
