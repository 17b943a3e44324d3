-- ---- vaccine rounds

CREATE OR REPLACE FUNCTION api.request_vaccine(round bigint, requests jsonb) RETURNS jsonb
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT vsys.submit_requests(request_vaccine.round, ops.json_value(requests));
END;
COMMENT ON FUNCTION api.request_vaccine(bigint, jsonb) IS
'希望量の登録 / Asks for vaccine in a round: [{"site", "priority_group", "vials"}], a site for itself, a municipality or prefecture for its sites.

All or none: 400 with code OB051 and every fault in "details": [{"record", "site", "code", "message_ja", "message_en"}]. After the deadline nothing is taken; the fault names the deadline and the round that still takes requests ("next_round"). Asking again replaces what was asked. Answers {"accepted", "replaced"}.';

CREATE OR REPLACE FUNCTION api.explain_allotment(round bigint, unit text)
RETURNS TABLE (step bigint, frame smallint, level text, of_unit text, name_ja text, granted bigint, pack text, ja text, en text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE ROWS 10
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	-- officials see drafts of their own; everybody else what is published
	IF has_function_privilege('vsys.explain(bigint, text)', 'EXECUTE') THEN
		RETURN QUERY SELECT * FROM vsys.explain(explain_allotment.round, explain_allotment.unit);
	ELSE
		RETURN QUERY SELECT * FROM vsys.explain_published(explain_allotment.round, explain_allotment.unit);
	END IF;
EXCEPTION WHEN no_data_found THEN
	RAISE EXCEPTION '%', sqlerrm
		USING ERRCODE = 'PT404';
END
$$;
COMMENT ON FUNCTION api.explain_allotment(bigint, text) IS
'配分の説明 / Why a prefecture (two digits), municipality (six) or site (ten) got its number in a round: step by step through the frames and down its chain, in Japanese and English, the total last. 404 for a unit or round that is not there, or not published and not yours.';

CREATE OR REPLACE FUNCTION api.round_result(round bigint, level text DEFAULT 'prefecture')
RETURNS TABLE (unit text, name_ja text, vials bigint, boxes numeric, passed_on bigint, held bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 2000
BEGIN ATOMIC
	SELECT t.unit, vsys.unit_name(t.level, t.unit), t.received - t.taken, trim_scale(round((t.received - t.taken)::numeric / p.vials_per_box, 2)), t.passed_on, t.held
	FROM vsys.round AS r
	JOIN vsys.product AS p ON p.product = r.product
	CROSS JOIN LATERAL vsys.round_totals(r.round, r.pass) AS t
	WHERE r.round = round_result.round
		AND t.level = round_result.level
	ORDER BY t.unit COLLATE "C";
END;
COMMENT ON FUNCTION api.round_result(bigint, text) IS
'クールの結果 / What each prefecture, municipality, basic_site or site gets by the calculation of a round that counts, as far as you may see it: vials and boxes, what it passes on, and what it holds.';

CREATE OR REPLACE FUNCTION api.compare_rounds(round_a bigint, round_b bigint, level text DEFAULT 'prefecture')
RETURNS TABLE (unit text, name_ja text, vials_a bigint, vials_b bigint, difference bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 2000
BEGIN ATOMIC
	SELECT c.unit, c.name_ja, c.vials_a, c.vials_b, c.difference
	FROM vsys.compare_rounds(round_a, round_b, compare_rounds.level) AS c;
END;
COMMENT ON FUNCTION api.compare_rounds(bigint, bigint, text) IS 'クールの比較 / What each unit of a level (prefecture, municipality, basic_site, site) gets in two rounds, in vials, and the difference, as far as you may see it.';

CREATE OR REPLACE FUNCTION api.round_fairness(round bigint, level text DEFAULT 'municipality')
RETURNS TABLE (parent text, unit text, name_ja text, asked_boxes numeric, got_boxes numeric, percent numeric, parent_percent numeric, flagged boolean, message_ja text, message_en text)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 2000
BEGIN ATOMIC
	SELECT f.*
	FROM vsys.round_fairness(round_fairness.round, round_fairness.level) AS f;
END;
COMMENT ON FUNCTION api.round_fairness(bigint, text) IS '公平性の確認 / What part of its request each unit gets, beside the part that all units of its parent get together; flagged where it is less than half of that. As far as you may see it.';

CREATE OR REPLACE FUNCTION api.what_if_round(round bigint, changes jsonb DEFAULT '{}', level text DEFAULT 'prefecture')
RETURNS TABLE (unit text, name_ja text, vials_now bigint, vials_then bigint, difference bigint)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE ROWS 2000
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT w.unit, w.name_ja, w.vials_now, w.vials_then, w.difference
	FROM vsys.what_if(what_if_round.round, ops.json_value(changes), what_if_round.level) AS w;
EXCEPTION WHEN no_data_found THEN
	RAISE EXCEPTION '%', sqlerrm
		USING ERRCODE = 'PT404';
END
$$;
COMMENT ON FUNCTION api.what_if_round(bigint, jsonb, text) IS
'仮定の計算 / What a round would give under changes, beside what it gives now; nothing is written. changes: {"boxes", "frames": [{"frame", …}], "without": [frame, …], "indicators": [{"indicator", "level", "unit", "value"}], "requests": [{"site", "priority_group", "vials"}]}. 400 with OB030 or OB052 when it cannot be divided.';

CREATE OR REPLACE FUNCTION api.submit_split(round bigint, frame integer, parent text, amounts jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF submit_split.frame NOT BETWEEN 1 AND 100 THEN
		RAISE EXCEPTION 'there is no such frame'
			USING ERRCODE = 'PT404';
	END IF;
	RETURN vsys.submit_split(submit_split.round, submit_split.frame::smallint, submit_split.parent, ops.json_value(amounts));
EXCEPTION WHEN no_data_found THEN
	RAISE EXCEPTION '%', sqlerrm
		USING ERRCODE = 'PT404';
END
$$;
COMMENT ON FUNCTION api.submit_split(bigint, integer, text, jsonb) IS
'按分案の提出 / A prefecture or municipality divides its part of a frame itself: amounts is {"unit": number}, in boxes or vials as the frame counts, all of what round_result says it has. It counts from the next calculation on. 400 with OB053 when it does not add up or names a stranger, OB050 once the round is decided.';
