-- ---- what came out

CREATE OR REPLACE FUNCTION vsys.round_totals(of_round bigint, of_pass integer)
RETURNS TABLE (level text, unit text, received bigint, taken bigint, passed_on bigint, held bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 70000
-- a calculation has just been written when it is read first, and no statistics tell of it
SET enable_nestloop = off
BEGIN ATOMIC
	WITH part AS MATERIALIZED (
		SELECT x.kind, x.from_level, x.to_level, x.parent, x.run, CASE x.pack WHEN 'box' THEN p.vials_per_box ELSE 1 END AS size
		FROM vsys.round_run AS x
		JOIN vsys.round_pass AS p ON p.round = x.round
			AND p.pass = x.pass
		WHERE x.round = of_round
			AND x.pass = of_pass
	), move AS (
		SELECT CASE WHEN x.kind = 'penalty' THEN x.from_level ELSE x.to_level END AS level, u.unit,
			CASE WHEN x.kind <> 'penalty' THEN u.granted * x.size ELSE 0 END AS received,
			CASE WHEN x.kind = 'penalty' THEN u.granted * x.size ELSE 0 END AS taken,
			0 AS passed_on
		FROM part AS x
		JOIN allocation.run_unit AS u ON u.run = x.run
		UNION ALL
		SELECT CASE WHEN x.kind = 'penalty' THEN x.to_level ELSE x.from_level END, x.parent,
			CASE WHEN x.kind = 'penalty' THEN r.seats * x.size ELSE 0 END,
			0,
			CASE WHEN x.kind <> 'penalty' THEN r.seats * x.size ELSE 0 END
		FROM part AS x
		JOIN allocation.run AS r ON r.run = x.run
	)
	SELECT m.level, m.unit, sum(m.received)::bigint, sum(m.taken)::bigint, sum(m.passed_on)::bigint, (sum(m.received) - sum(m.taken) - sum(m.passed_on))::bigint
	FROM move AS m
	GROUP BY m.level, m.unit;
END;
COMMENT ON FUNCTION vsys.round_totals(bigint, integer) IS
'クールの結果 / what each unit of each level got in a calculation of a round, in vials: received (with what penalties gave it), taken by penalties, passed on to the level below, and held in the end. What the nation divides comes from outside, so that its "held" is less than nothing by that. As far as the caller sees the runs.';

CREATE OR REPLACE FUNCTION vsys.unit_name(level text, unit text) RETURNS text
LANGUAGE SQL STABLE PARALLEL SAFE
RETURN CASE
	WHEN level = 'nation' THEN '国'
	WHEN level = 'prefecture' THEN (SELECT p.name_ja FROM registry.prefecture AS p WHERE p.prefecture = unit::smallint)
	WHEN level = 'municipality' THEN (SELECT m.name_ja FROM registry.municipality AS m WHERE m.municipality OPERATOR(outbreak.=) unit::outbreak.municipality_code)
	ELSE (SELECT i.name_ja FROM registry.institution AS i WHERE i.institution OPERATOR(outbreak.=) unit::outbreak.institution_code)
END;
COMMENT ON FUNCTION vsys.unit_name(text, text) IS '単位の名称 / the name of a prefecture, municipality or site in a round.';

-- ---- rechecking

CREATE OR REPLACE FUNCTION vsys.verify(of_round bigint)
RETURNS TABLE (problem text, frame smallint, parent text, unit text, run bigint, message_ja text, message_en text)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 1
SET enable_nestloop = off
BEGIN ATOMIC
	WITH r AS (
		SELECT x.*, p.boxes AS divided, p.vials_per_box, p.certificate AS proof, p.frames
		FROM vsys.round AS x
		JOIN vsys.round_pass AS p ON p.round = x.round
			AND p.pass = x.pass
		WHERE x.round = of_round
	), part AS MATERIALIZED (
		SELECT x.*, a.offered, a.seats, a.inputs_hash, a.result_hash, CASE x.pack WHEN 'box' THEN r.vials_per_box ELSE 1 END AS size
		FROM r
		JOIN vsys.round_run AS x ON x.round = r.round
			AND x.pass = r.pass
		LEFT JOIN allocation.run AS a ON a.run = x.run
	), total AS MATERIALIZED (
		SELECT t.*
		FROM r
		CROSS JOIN LATERAL vsys.round_totals(r.round, r.pass) AS t
	), found AS (
		SELECT 1 AS grade, v.problem, x.frame, x.parent, v.unit, x.run, v.message_ja, v.message_en
		FROM allocation.verify_runs(ARRAY(SELECT p.run FROM part AS p)) AS v
		JOIN part AS x ON x.run = v.run
		UNION ALL
		SELECT 0, 'not_calculated', NULL, NULL, NULL, NULL, 'このクールは計算されていません。', 'The round is not calculated.'
		WHERE NOT EXISTS (SELECT FROM part)
		UNION ALL
		-- no more goes down than came
		SELECT 2, 'levels', NULL, t.unit, NULL, NULL,
			format('%s(%s)は受けた量 %s バイアルより多く配分しています(%s)。', t.unit, t.level, t.received - t.taken, t.passed_on),
			format('%s (%s) passes on %s vials, but has %s.', t.unit, t.level, t.passed_on, t.received - t.taken)
		FROM total AS t
		WHERE t.level <> 'nation'
			AND t.held < 0
		UNION ALL
		SELECT 2, 'nation', NULL, '00', NULL, NULL,
			format('国の配分 %s バイアルがクールの %s バイアルと合いません。', t.passed_on - t.received, r.divided::bigint * r.vials_per_box),
			format('The nation divides %s vials, but the round has %s.', t.passed_on - t.received, r.divided::bigint * r.vials_per_box)
		FROM r
		JOIN total AS t ON t.level = 'nation'
		WHERE t.passed_on - t.received > r.divided::bigint * r.vials_per_box
			OR (t.passed_on - t.received <= (r.divided::bigint - 1) * r.vials_per_box
				AND NOT EXISTS (SELECT FROM jsonb_array_elements(r.frames) AS f WHERE (f ->> 'hold')::boolean OR f ->> 'kind' = 'promise'))
		UNION ALL
		-- units that something was passed on from, without having got it
		SELECT 2, 'parent', x.frame, x.parent, NULL, x.run,
			format('%s には配分するものがありません。', x.parent),
			format('%s has nothing to divide.', x.parent)
		FROM part AS x
		WHERE x.from_level <> 'nation'
			AND x.seats > 0
			AND x.kind <> 'penalty'
			AND NOT EXISTS (SELECT FROM total AS t WHERE t.level = x.from_level AND t.unit = x.parent AND t.received > 0)
		UNION ALL
		SELECT 3, 'certificate', NULL, NULL, NULL, NULL, '証明値が計算と合いません。', 'The certificate does not belong to the runs.'
		FROM r
		WHERE r.proof IS DISTINCT FROM r.certificate
			OR r.certificate IS DISTINCT FROM (
				SELECT allocation.digest(string_agg(encode(x.inputs_hash, 'hex') || encode(x.result_hash, 'hex'), '' ORDER BY x.frame, x.parent COLLATE "C", x.priority_group COLLATE "C"))
				FROM part AS x
			)
		UNION ALL
		SELECT 4, 'allotment', NULL, NULL, coalesce(a.site::text, t.unit), NULL,
			format('%s に通知した量(%s)が計算(%s)と合いません。', coalesce(a.site::text, t.unit), coalesce(a.vials, 0), coalesce(t.held, 0)),
			format('%s was told %s vials, but the calculation gives %s.', coalesce(a.site::text, t.unit), coalesce(a.vials, 0), coalesce(t.held, 0))
		FROM (
			SELECT x.site, x.vials
			FROM vsys.allotment AS x
			JOIN r ON r.round = x.round
		) AS a
		FULL JOIN (
			SELECT x.unit, sum(x.held) AS held
			FROM total AS x
			JOIN r ON r.published_at IS NOT NULL
			WHERE x.level = ANY ('{basic_site,site}'::text[])
			GROUP BY x.unit
		) AS t ON t.unit = a.site::text
		WHERE a.vials IS DISTINCT FROM t.held
	)
	SELECT f.problem, f.frame, f.parent, f.unit, f.run, f.message_ja, f.message_en
	FROM found AS f
	ORDER BY f.grade, f.frame, f.parent, f.unit;
END;
COMMENT ON FUNCTION vsys.verify(bigint) IS
'クールの検算 / rechecks the calculation of a round that counts, without the solver: every run (allocation.verify_runs), that no level passes on more than it got, that the nation divides what the round has, that the certificate belongs to the runs, and that what was published is what was calculated. One row for each problem; no row means that all is well. For who sees all of the round.';

-- ---- why

CREATE OR REPLACE FUNCTION vsys.word_for(what text, word text, in_japanese boolean) RETURNS text
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN coalesce((
	SELECT CASE WHEN in_japanese THEN w.ja ELSE w.en END
	FROM (VALUES
		('kind', 'promise', '2回目接種分の確保', 'promise of second doses'), ('kind', 'basic', '基本計画枠', 'basic frame'), ('kind', 'adjustment', '調整枠', 'adjustment frame'),
		('kind', 'bonus', '追加枠', 'bonus frame'), ('kind', 'equity', '公平枠', 'equity reserve'), ('kind', 'penalty', '在庫超過による削減', 'deduction for excess stock'), ('kind', 'split', '按分', 'split'),
		('level', 'nation', '国', 'the nation'), ('level', 'prefecture', '都道府県', 'prefectures'), ('level', 'municipality', '市区町村', 'municipalities'),
		('level', 'basic_site', '基本型施設', 'basic sites'), ('level', 'site', '接種施設', 'sites'),
		('rule', 'hamilton', '最大剰余法', 'largest remainders'), ('rule', 'webster', 'ウェブスター法', 'Webster''s method'), ('rule', 'dhondt', 'ドント法', 'd''Hondt''s method'),
		('rule', 'adams', 'アダムズ方式', 'Adams''s method'), ('rule', 'huntington_hill', 'ハンティントン・ヒル法', 'Huntington and Hill''s method'), ('rule', 'dean', 'ディーン法', 'Dean''s method'),
		('rule', 'proportional', '要求比例', 'proportion to claims'), ('rule', 'constrained_equal_awards', '均等配分(要求を上限)', 'equal awards up to the claim'),
		('rule', 'constrained_equal_losses', '均等削減', 'equal losses'), ('rule', 'talmud', 'タルムード方式', 'the Talmud rule'), ('rule', 'ranked', '順位順に満額', 'full claims by rank'),
		('rule', 'given', '指定した数量', 'amounts given'), ('rule', 'deduction', '一定割合の削減', 'deduction of a share'),
		('pack', 'box', '箱', 'boxes'), ('pack', 'vial', 'バイアル', 'vials'),
		('source', 'population', '人口', 'population'), ('source', 'request', '希望量', 'request'), ('source', 'promise', '約束分', 'promise'), ('source', 'room', '冷凍庫の空き', 'room in freezers')
	) AS w (what, word, ja, en)
	WHERE w.what = word_for.what
		AND w.word = word_for.word
), word);
COMMENT ON FUNCTION vsys.word_for(text, text, boolean) IS 'How a code is written for people: kind, level, rule, pack or source, in Japanese or in English.';

CREATE OR REPLACE FUNCTION vsys.explain(of_round bigint, of_unit text)
RETURNS TABLE (step bigint, frame smallint, level text, unit text, name_ja text, granted bigint, pack text, ja text, en text)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	r vsys.round;
	p vsys.round_pass;
	doses integer;
	asked text := btrim(of_unit);
	chain text[];
	levels text[];
	s vsys.site;
BEGIN
	SELECT * INTO r FROM vsys.round AS x WHERE x.round = of_round;
	SELECT * INTO p FROM vsys.round_pass AS x WHERE x.round = of_round AND x.pass = r.pass;
	IF p.round IS NULL THEN
		RAISE EXCEPTION 'there is no round %, or it is not calculated', of_round
			USING ERRCODE = 'no_data_found';
	END IF;
	doses := coalesce(r.doses_per_vial, (SELECT x.doses_per_vial FROM vsys.product AS x WHERE x.product = r.product));
	IF EXISTS (SELECT FROM registry.prefecture AS x WHERE to_char(x.prefecture, 'FM00') = lpad(asked, 2, '0') AND length(asked) <= 2) THEN
		chain := ARRAY[lpad(asked, 2, '0')];
		levels := '{prefecture}';
	ELSIF EXISTS (SELECT FROM registry.municipality AS x WHERE x.municipality::text = asked) THEN
		chain := ARRAY[left(asked, 2), asked];
		levels := '{prefecture,municipality}';
	ELSE
		IF asked ~ '^[0-9]{10}$' THEN
			SELECT * INTO s FROM vsys.site AS x WHERE x.site::text = asked;
		END IF;
		IF s.site IS NULL THEN
			RAISE EXCEPTION 'there is no such prefecture, municipality or site'
				USING ERRCODE = 'no_data_found',
					HINT = 'A prefecture has two digits, a municipality six, a site ten.';
		END IF;
		-- boxes come to the basic site by the municipality in which that lies
		chain := ARRAY[
			left(asked, 2),
			coalesce((SELECT b.municipality FROM vsys.site AS b WHERE b.site OPERATOR(outbreak.=) s.basic_site), s.municipality)::text,
			coalesce(s.basic_site, s.site)::text,
			asked];
		levels := '{prefecture,municipality,basic_site,site}';
	END IF;

	RETURN QUERY
	WITH link AS (
		SELECT l.level, l.unit
		FROM unnest(levels, chain) AS l (level, unit)
	), own AS MATERIALIZED (
		SELECT x.frame, x.parent, x.priority_group, x.kind, x.from_level, x.to_level, x.pack, x.split,
			CASE WHEN x.kind = 'penalty' THEN x.from_level ELSE x.to_level END AS level,
			f.frame AS f,
			a.rule, a.offered, a.seats, a.percent, a.units, a.level_numerator, a.level_denominator, a.cut_off,
			allocation.exact_denominator(a.rule, a.level_denominator) AS whole,
			u.run, u.unit, u.weight, u.claim, u.floor, u.cap, u.reserved, u.quota, u.remainder, u.granted, u.reason,
			CASE x.pack WHEN 'box' THEN p.vials_per_box ELSE 1 END AS size
		FROM vsys.round_run AS x
		JOIN link AS l ON l.level = CASE WHEN x.kind = 'penalty' THEN x.from_level ELSE x.to_level END
		JOIN allocation.run AS a ON a.run = x.run
		JOIN allocation.run_unit AS u ON u.run = x.run
			AND u.unit = l.unit
		LEFT JOIN jsonb_array_elements(p.frames) AS f (frame) ON (f.frame ->> 'frame')::smallint = x.frame
		WHERE x.round = of_round
			AND x.pass = p.pass
			AND x.parent = ANY ('00'::text || chain)
	), ranked AS (
		SELECT o.*,
			CASE WHEN o.reason = ANY ('{rounded_up,rounded_down}'::text[]) THEN (
				-- known to who sees all units of the run
				SELECT CASE WHEN count(*) = o.units THEN 1 + count(*) FILTER (WHERE v.remainder > o.remainder OR (v.remainder = o.remainder AND v."position" < w."position")) END
				FROM allocation.run_unit AS v
				JOIN allocation.run_unit AS w ON w.run = o.run
					AND w.unit = o.unit
				WHERE v.run = o.run
			) END AS place
		FROM own AS o
	), told AS (
		SELECT o.*,
			coalesce(o.f ->> 'name_ja', vsys.word_for('kind', o.kind, true)) AS title_ja,
			coalesce(o.f ->> 'name_en', vsys.word_for('kind', o.kind, false)) AS title_en,
			vsys.unit_name(CASE WHEN o.kind = 'penalty' THEN o.to_level ELSE o.from_level END, o.parent) AS parent_ja,
			vsys.word_for('pack', o.pack, true) AS pack_ja,
			vsys.word_for('pack', o.pack, false) AS pack_en,
			to_char(o.granted, 'FM999,999,999,990') AS got,
			to_char(o.weight, 'FM999,999,999,990') AS weight_text,
			to_char(o.claim, 'FM999,999,999,990') AS claim_text,
			to_char(round(o.quota / nullif(o.whole, 0), 4), 'FM999,999,990.0000') AS exact_text,
			to_char(round(o.remainder / nullif(o.whole, 0), 6), 'FM0.000000') AS remainder_text,
			to_char(round(o.cut_off / nullif(o.whole, 0), 6), 'FM0.000000') AS cut_text,
			to_char(round(100 * o.weight / nullif(o.level_denominator, 0), 4), 'FM990.0000') AS share_text
		FROM ranked AS o
	), sentence AS (
		SELECT t.*,
			concat(
				t.title_ja, ': ',
				CASE WHEN t.kind = 'penalty'
					THEN format('在庫が許容量を超える市区町村の配分の %s%%(切捨て)を%s へ移す。保有 %s%s、在庫 %s、許容量 %s。', trim_scale(t.percent), t.parent_ja, t.weight_text, t.pack_ja,
						coalesce(t.claim_text, '不明'), coalesce(to_char(t.cap, 'FM999,999,999,990'), '不明'))
					ELSE format('%sの %s%sを%s %s に%sで配分。', t.parent_ja, to_char(t.offered, 'FM999,999,999,990'), t.pack_ja, vsys.word_for('level', t.to_level, true), t.units, vsys.word_for('rule', t.rule, true))
				END,
				CASE WHEN t.priority_group <> '' THEN format('優先区分「%s」。', coalesce((SELECT g.name_ja FROM vsys.priority_group AS g WHERE g.priority_group = t.priority_group), t.priority_group)) END,
				CASE t.split WHEN 'used' THEN '配分元が提出した按分案による。' WHEN 'stale' THEN '提出された按分案は合計が合わないため使わない。' END,
				CASE WHEN t.kind <> 'penalty' AND t.weight IS NOT NULL AND t.rule <> 'given' AND t.claim IS NULL
					THEN format('%s %s', vsys.word_for('source', t.f ->> 'weight', true), t.weight_text) || CASE WHEN t.floor IS NULL AND t.cap IS NULL THEN coalesce('(' || t.share_text || '%)', '') ELSE '' END || '。' END,
				CASE WHEN t.kind <> 'penalty' AND t.claim IS NOT NULL
					THEN CASE WHEN t.reserved IS NOT NULL THEN '約束' WHEN (t.f ->> 'claim_less')::boolean THEN '既配分を除く要求' ELSE vsys.word_for('source', t.f ->> 'claim', true) END || ' ' || t.claim_text || t.pack_ja || '。' END,
				CASE WHEN t.rule = 'ranked' AND t.weight IS NOT NULL THEN format('順位の指標(%s)%s', vsys.word_for('source', t.f ->> 'weight', true), t.weight_text) || coalesce(format('、配分のあった最後の単位は %s', to_char(t.cut_off, 'FM999,999,999,990')), '') || '。' END,
				CASE WHEN t.exact_text IS NOT NULL AND t.kind <> 'penalty' THEN format('正確な配分 %s%s。', t.exact_text, t.pack_ja) END,
				CASE t.reason
					WHEN 'rounded_up' THEN format('端数 %s は切上げの境目 %s 以上のため切上げ%s。', t.remainder_text, t.cut_text, coalesce('(端数の順位 ' || t.place || ')', ''))
					WHEN 'rounded_down' THEN CASE WHEN t.cut_text IS NULL THEN '端数切捨て。'
						ELSE format('端数 %s は切上げの境目 %s に届かないため切捨て%s。', t.remainder_text, t.cut_text, coalesce('(端数の順位 ' || t.place || ')', '')) END
					WHEN 'exact' THEN '端数なし。'
					WHEN 'floor' THEN format('下限 %s を適用。', t.floor)
					WHEN 'cap' THEN format('上限 %s を適用。', t.cap)
					WHEN 'full' THEN '要求の満額。'
					WHEN 'promised' THEN '約束の満額。'
					WHEN 'partial' THEN '残りの分だけ。'
					WHEN 'none' THEN CASE WHEN t.claim > 0 THEN '順番が来る前に尽きた。' ELSE 'ウェイトまたは要求がないため配分なし。' END
					WHEN 'priority' THEN '優先値の順に1単位ずつ。'
					WHEN 'kept' THEN '許容量を超えないため削減なし。'
					WHEN 'deducted' THEN format('%s × %s%% を切捨て。', t.weight_text, trim_scale(t.percent))
				END,
				CASE WHEN t.kind = 'penalty' THEN '削減 ' ELSE '配分 ' END, t.got, t.pack_ja) AS ja,
			concat(
				t.title_en, ': ',
				CASE WHEN t.kind = 'penalty'
					THEN format('of municipalities whose stock is above their allowance, %s%% (rounded down) moves to %s. Had %s %s; stock %s, allowance %s. ', trim_scale(t.percent), coalesce(nullif(t.parent, '00'), 'the nation'), t.weight_text, t.pack_en,
						coalesce(t.claim_text, 'unknown'), coalesce(to_char(t.cap, 'FM999,999,999,990'), 'unknown'))
					ELSE format('%s %s of %s among %s %s by %s. ', to_char(t.offered, 'FM999,999,999,990'), t.pack_en, coalesce(nullif(t.parent, '00'), 'the nation'), t.units, vsys.word_for('level', t.to_level, false), vsys.word_for('rule', t.rule, false))
				END,
				CASE WHEN t.priority_group <> '' THEN format('Priority group %s. ', coalesce((SELECT g.name_en FROM vsys.priority_group AS g WHERE g.priority_group = t.priority_group), t.priority_group)) END,
				CASE t.split WHEN 'used' THEN 'As the one who divides submitted it. ' WHEN 'stale' THEN 'The split that was submitted does not add up and is not used. ' END,
				CASE WHEN t.kind <> 'penalty' AND t.weight IS NOT NULL AND t.rule <> 'given' AND t.claim IS NULL
					THEN format('%s %s', initcap(vsys.word_for('source', t.f ->> 'weight', false)), t.weight_text) || CASE WHEN t.floor IS NULL AND t.cap IS NULL THEN coalesce(' (' || t.share_text || '%)', '') ELSE '' END || '. ' END,
				CASE WHEN t.kind <> 'penalty' AND t.claim IS NOT NULL
					THEN CASE WHEN t.reserved IS NOT NULL THEN 'Promised' WHEN (t.f ->> 'claim_less')::boolean THEN 'Claim beyond what it has' ELSE initcap(vsys.word_for('source', t.f ->> 'claim', false)) END || ' ' || t.claim_text || ' ' || t.pack_en || '. ' END,
				CASE WHEN t.rule = 'ranked' AND t.weight IS NOT NULL THEN format('Ranked by %s: %s', vsys.word_for('source', t.f ->> 'weight', false), t.weight_text) || coalesce(format('; the last one served has %s', to_char(t.cut_off, 'FM999,999,999,990')), '') || '. ' END,
				CASE WHEN t.exact_text IS NOT NULL AND t.kind <> 'penalty' THEN format('Exact share %s. ', t.exact_text) END,
				CASE t.reason
					WHEN 'rounded_up' THEN format('Its remainder %s reaches the cut-off %s: rounded up%s. ', t.remainder_text, t.cut_text, coalesce(' (rank ' || t.place || ')', ''))
					WHEN 'rounded_down' THEN CASE WHEN t.cut_text IS NULL THEN 'Rounded down. '
						ELSE format('Its remainder %s is behind the cut-off %s: rounded down%s. ', t.remainder_text, t.cut_text, coalesce(' (rank ' || t.place || ')', '')) END
					WHEN 'exact' THEN 'No remainder. '
					WHEN 'floor' THEN format('Held at its floor of %s. ', t.floor)
					WHEN 'cap' THEN format('Held at its cap of %s. ', t.cap)
					WHEN 'full' THEN 'Met in full. '
					WHEN 'promised' THEN 'Kept in full. '
					WHEN 'partial' THEN 'What was left. '
					WHEN 'none' THEN CASE WHEN t.claim > 0 THEN 'Used up before its turn. ' ELSE 'No weight or claim. ' END
					WHEN 'priority' THEN 'One at a time to the highest priority. '
					WHEN 'kept' THEN 'Not above its allowance. '
					WHEN 'deducted' THEN format('%s%% of %s, rounded down. ', trim_scale(t.percent), t.weight_text)
				END,
				CASE WHEN t.kind = 'penalty' THEN 'Loses ' ELSE 'Gets ' END, t.got, ' ', t.pack_en) AS en
		FROM told AS t
	), listed AS (
		SELECT t.frame, t.level, t.unit, CASE WHEN t.kind = 'penalty' THEN -t.granted ELSE t.granted END AS granted, t.pack, t.ja, t.en, t.priority_group
		FROM sentence AS t
		UNION ALL
		-- what penalties below brought to a prefecture
		SELECT x.frame, x.to_level, x.parent, a.seats, x.pack,
			format('%s: 管内の市区町村からの移管 %s%s', vsys.word_for('kind', x.kind, true), to_char(a.seats, 'FM999,999,999,990'), vsys.word_for('pack', x.pack, true)),
			format('%s: moved here from below %s %s', vsys.word_for('kind', x.kind, false), to_char(a.seats, 'FM999,999,999,990'), vsys.word_for('pack', x.pack, false)),
			''
		FROM vsys.round_run AS x
		JOIN link AS l ON l.level = x.to_level
			AND l.unit = x.parent
		JOIN allocation.run AS a ON a.run = x.run
		WHERE x.round = of_round
			AND x.pass = p.pass
			AND x.kind = 'penalty'
	), numbered AS (
		SELECT row_number() OVER (ORDER BY t.frame, array_position(levels, t.level), t.priority_group) AS step, t.*
		FROM listed AS t
	), total AS (
		SELECT sum(n.granted * CASE n.pack WHEN 'box' THEN p.vials_per_box ELSE 1 END)::bigint AS vials
		FROM numbered AS n
		WHERE n.unit = chain[cardinality(chain)]
			AND (n.level = levels[cardinality(levels)] OR NOT EXISTS (SELECT FROM numbered AS m WHERE m.level = levels[cardinality(levels)]))
	)
	SELECT n.step, n.frame, n.level, n.unit, vsys.unit_name(n.level, n.unit), n.granted, n.pack, n.ja, n.en
	FROM numbered AS n
	UNION ALL
	SELECT (SELECT count(*) + 1 FROM numbered), NULL, levels[cardinality(levels)], chain[cardinality(chain)], vsys.unit_name(levels[cardinality(levels)], chain[cardinality(chain)]),
		coalesce(t.vials, 0), 'vial',
		format('合計 %sバイアル(%s箱、%s回分)', to_char(coalesce(t.vials, 0), 'FM999,999,999,990'), trim_scale(round(coalesce(t.vials, 0)::numeric / p.vials_per_box, 2)), to_char(coalesce(t.vials, 0) * doses, 'FM999,999,999,990')),
		format('In all %s vials (%s boxes, %s doses)', to_char(coalesce(t.vials, 0), 'FM999,999,999,990'), trim_scale(round(coalesce(t.vials, 0)::numeric / p.vials_per_box, 2)), to_char(coalesce(t.vials, 0) * doses, 'FM999,999,999,990'))
	FROM total AS t
	ORDER BY 1;
END
$$;
COMMENT ON FUNCTION vsys.explain(bigint, text) IS
'配分の説明 / why a prefecture (two digits), municipality (six) or site (ten) got its number in the calculation of a round that counts: step by step through the frames and down its chain, in Japanese and in English, with weight, exact share, remainder and cut-off, floor, cap, promise and penalty, and the total in the last row (frame NULL). What the caller may not see is left out. Errors: P0002 no such round or unit, or not calculated.';

CREATE OR REPLACE FUNCTION vsys.explain_published(of_round bigint, of_unit text)
RETURNS TABLE (step bigint, frame smallint, level text, unit text, name_ja text, granted bigint, pack text, ja text, en text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER ROWS 10
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	IF NOT EXISTS (SELECT FROM vsys.round AS r WHERE r.round = of_round AND r.published_at IS NOT NULL) THEN
		RAISE EXCEPTION 'round % is not published', of_round
			USING ERRCODE = 'no_data_found';
	ELSIF of_unit !~ '^[0-9]{1,2}$|^[0-9]{6}$'
		AND NOT EXISTS (SELECT FROM vsys.site AS s WHERE s.site::text = of_unit AND s.site OPERATOR(outbreak.=) ANY (outbreak.my_institutions())) THEN
		RAISE EXCEPTION 'there is no such prefecture, municipality or own site'
			USING ERRCODE = 'no_data_found';
	END IF;
	RETURN QUERY
	SELECT *
	FROM vsys.explain(of_round, of_unit);
END
$$;
COMMENT ON FUNCTION vsys.explain_published(bigint, text) IS
'公表済みの配分の説明 / the same of a published round, for everybody: any prefecture and municipality, since their numbers are public; a site for itself. P0002 otherwise.';

-- ---- comparing, trying

CREATE OR REPLACE FUNCTION vsys.compare_rounds(round_a bigint, round_b bigint, of_level text DEFAULT NULL)
RETURNS TABLE (level text, unit text, name_ja text, vials_a bigint, vials_b bigint, difference bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 2000
BEGIN ATOMIC
	SELECT coalesce(a.level, b.level), coalesce(a.unit, b.unit), vsys.unit_name(coalesce(a.level, b.level), coalesce(a.unit, b.unit)),
		coalesce(a.vials, 0), coalesce(b.vials, 0), coalesce(b.vials, 0) - coalesce(a.vials, 0)
	FROM (
		SELECT t.level, t.unit, t.received - t.taken AS vials
		FROM vsys.round AS r
		CROSS JOIN LATERAL vsys.round_totals(r.round, r.pass) AS t
		WHERE r.round = round_a
	) AS a
	FULL JOIN (
		SELECT t.level, t.unit, t.received - t.taken AS vials
		FROM vsys.round AS r
		CROSS JOIN LATERAL vsys.round_totals(r.round, r.pass) AS t
		WHERE r.round = round_b
	) AS b ON b.level = a.level
		AND b.unit = a.unit
	WHERE coalesce(a.level, b.level) <> 'nation'
		AND (of_level IS NULL OR coalesce(a.level, b.level) = of_level)
	ORDER BY array_position('{prefecture,municipality,basic_site,site}'::text[], coalesce(a.level, b.level)), coalesce(a.unit, b.unit) COLLATE "C";
END;
COMMENT ON FUNCTION vsys.compare_rounds(bigint, bigint, text) IS
'クールの比較 / what each unit got in two rounds, in vials, and the difference (b less a); of one level (prefecture, municipality, basic_site, site), or of all. The calculations that count, as far as the caller may see them.';

CREATE OR REPLACE FUNCTION vsys.what_if(of_round bigint, changes jsonb, of_level text DEFAULT NULL)
RETURNS TABLE (level text, unit text, name_ja text, vials_now bigint, vials_then bigint, difference bigint)
LANGUAGE SQL STABLE PARALLEL RESTRICTED ROWS 2000
BEGIN ATOMIC
	WITH line AS MATERIALIZED (
		SELECT l.*, CASE l.pack WHEN 'box' THEN (SELECT p.vials_per_box FROM vsys.round AS r JOIN vsys.product AS p ON p.product = r.product WHERE r.round = of_round) ELSE 1 END AS size
		FROM vsys.compute(of_round, changes) AS l
	), hypothetical AS (
		SELECT x.level, x.unit, sum(x.vials) AS vials
		FROM (
			SELECT CASE WHEN l.kind = 'penalty' THEN l.from_level ELSE l.to_level END AS level, l.unit, CASE WHEN l.kind = 'penalty' THEN -l.granted ELSE l.granted END * l.size AS vials
			FROM line AS l
			UNION ALL
			SELECT l.to_level, l.parent, l.granted * l.size
			FROM line AS l
			WHERE l.kind = 'penalty'
		) AS x
		GROUP BY x.level, x.unit
	), present AS (
		SELECT t.level, t.unit, t.received - t.taken AS vials
		FROM vsys.round AS r
		CROSS JOIN LATERAL vsys.round_totals(r.round, r.pass) AS t
		WHERE r.round = of_round
			AND r.pass IS NOT NULL
	)
	SELECT coalesce(h.level, n.level), coalesce(h.unit, n.unit), vsys.unit_name(coalesce(h.level, n.level), coalesce(h.unit, n.unit)),
		n.vials, coalesce(h.vials, 0)::bigint, (coalesce(h.vials, 0) - n.vials)::bigint
	FROM hypothetical AS h
	FULL JOIN present AS n ON n.level = h.level
		AND n.unit = h.unit
	WHERE coalesce(h.level, n.level) <> 'nation'
		AND (of_level IS NULL OR coalesce(h.level, n.level) = of_level)
	ORDER BY array_position('{prefecture,municipality,basic_site,site}'::text[], coalesce(h.level, n.level)), coalesce(h.unit, n.unit) COLLATE "C";
END;
COMMENT ON FUNCTION vsys.what_if(bigint, jsonb, text) IS
'仮定の計算 / what a round would give under changes, beside what its calculation gives now (NULL when there is none). Writes nothing and leaves nothing behind, so that it runs in a read-only transaction. changes: {"boxes": 9000, "frames": [{"frame": 1, "rule": "webster", "boxes": 7000}], "without": [2], "indicators": [{"indicator", "level", "unit", "value"}], "requests": [{"site", "priority_group", "vials"}]}; a frame with a new number is added, a site that is named asks for these vials alone. Errors as vsys.compute().';

CREATE OR REPLACE FUNCTION vsys.paradoxes(round_a bigint, round_b bigint)
RETURNS TABLE (frame smallint, parent text, paradox text, unit text, other text, granted_a bigint, granted_b bigint, message_ja text, message_en text)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	SELECT x.frame, x.parent, p.paradox, p.unit, p.other, p.granted_a, p.granted_b, p.message_ja, p.message_en
	FROM vsys.round AS a
	JOIN vsys.round AS b ON b.round = round_b
	JOIN vsys.round_run AS x ON x.round = a.round
		AND x.pass = a.pass
		AND x.kind <> 'penalty'
	JOIN vsys.round_run AS y ON y.round = b.round
		AND y.pass = b.pass
		AND y.parent = x.parent
		AND y.frame = x.frame
		AND y.to_level = x.to_level
		AND y.priority_group = x.priority_group
	CROSS JOIN LATERAL allocation.paradox(x.run, y.run) AS p
	WHERE a.round = round_a
	ORDER BY x.frame, x.parent, p.paradox, p.unit;
END;
COMMENT ON FUNCTION vsys.paradoxes(bigint, bigint) IS 'パラドックスの検出 / Alabama and population paradoxes between the same frames of two rounds (allocation.paradox).';

-- ---- fairness, and promises seen ahead

CREATE OR REPLACE FUNCTION vsys.round_fairness(of_round bigint, of_level text DEFAULT 'municipality', asked text DEFAULT 'request', tolerance numeric DEFAULT 0.5)
RETURNS TABLE (parent text, unit text, name_ja text, asked_boxes numeric, got_boxes numeric, percent numeric, parent_percent numeric, flagged boolean, message_ja text, message_en text)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 2000
BEGIN ATOMIC
	WITH r AS (
		SELECT x AS row, x.round, x.pass, x.product, x.deliver, p.vials_per_box
		FROM vsys.round AS x
		JOIN vsys.round_pass AS p ON p.round = x.round
			AND p.pass = x.pass
		WHERE x.round = of_round
	), unit AS (
		SELECT CASE of_level WHEN 'prefecture' THEN '00' WHEN 'municipality' THEN left(v.unit, 2) ELSE s.municipality::text END AS parent,
			v.unit,
			v.value * CASE WHEN of_level = 'site' AND asked = 'request' THEN 1 ELSE r.vials_per_box END AS asked,
			coalesce(t.vials, 0) AS got,
			r.vials_per_box
		FROM r
		CROSS JOIN LATERAL vsys.source_values(r.row, asked, of_level, CASE of_level WHEN 'site' THEN 'vial' ELSE 'box' END, 0::smallint, r.vials_per_box, false, vsys.requests_delivered(r.round)) AS v
		LEFT JOIN vsys.site AS s ON of_level = ANY ('{basic_site,site}'::text[])
			AND s.site::text = v.unit
		LEFT JOIN (
			SELECT x.unit, x.received - x.taken AS vials
			FROM r AS q
			CROSS JOIN LATERAL vsys.round_totals(q.round, q.pass) AS x
			WHERE x.level = of_level
		) AS t ON t.unit = v.unit
		WHERE v.value > 0
	), rated AS (
		SELECT u.*,
			100.0 * u.got / u.asked AS percent,
			100.0 * sum(u.got) OVER w / sum(u.asked) OVER w AS parent_percent
		FROM unit AS u
		WINDOW w AS (PARTITION BY u.parent)
	)
	SELECT x.parent, x.unit, vsys.unit_name(of_level, x.unit), trim_scale(round(x.asked::numeric / x.vials_per_box, 2)), trim_scale(round(x.got::numeric / x.vials_per_box, 2)),
		round(x.percent, 1), round(x.parent_percent, 1),
		x.percent < tolerance * x.parent_percent,
		CASE WHEN x.percent < tolerance * x.parent_percent
			THEN format('希望の %s%% しか配分されていません(%s 全体は %s%%)。理由は vsys.explain を確認してください。', round(x.percent, 1), x.parent, round(x.parent_percent, 1)) END,
		CASE WHEN x.percent < tolerance * x.parent_percent
			THEN format('Got %s%% of its request, where %s as a whole got %s%%. vsys.explain says why.', round(x.percent, 1), x.parent, round(x.parent_percent, 1)) END
	FROM rated AS x
	ORDER BY x.parent COLLATE "C", x.percent, x.unit COLLATE "C";
END;
COMMENT ON FUNCTION vsys.round_fairness(bigint, text, text, numeric) IS
'公平性の確認 / what part of its request each unit got, beside the part that all units of its parent got together. Flagged where that is below tolerance times the parent''s: the same request, another outcome, in one prefecture. asked: request, or an indicator in boxes. Figures in boxes and per cent.';

CREATE OR REPLACE FUNCTION vsys.promise_shortfall(of_product text, as_of timestamptz DEFAULT now(), supply jsonb DEFAULT NULL)
RETURNS TABLE (week_on date, due_vials bigint, supply_vials bigint, missing_vials bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 20
BEGIN ATOMIC
	WITH event AS (
		-- what is overdue is owed this week
		SELECT greatest(o.due_on, outbreak.local_date(as_of)) AS on_date, o.vials AS due, 0::bigint AS supply
		FROM vsys.open_promises(of_product) AS o
		UNION ALL
		SELECT greatest(lower(r.deliver), outbreak.local_date(as_of)), 0, r.boxes::bigint * p.vials_per_box
		FROM vsys.round AS r
		JOIN vsys.product AS p ON p.product = r.product
		WHERE supply IS NULL
			AND r.product = of_product
			AND r.state = ANY ('{draft,decided}'::text[])
			AND upper(r.deliver) > outbreak.local_date(as_of)
		UNION ALL
		SELECT e.key::date, 0, e.value::bigint * p.vials_per_box
		FROM jsonb_each_text(supply) AS e
		JOIN vsys.product AS p ON p.product = of_product
	), week AS (
		SELECT date_trunc('week', e.on_date::timestamp)::date AS week_on, sum(e.due) AS due, sum(e.supply) AS supply
		FROM event AS e
		GROUP BY 1
	)
	SELECT w.week_on, w.due::bigint, w.supply::bigint,
		greatest(0, sum(w.due) OVER before - sum(w.supply) OVER before)::bigint
	FROM week AS w
	WINDOW before AS (ORDER BY w.week_on)
	ORDER BY w.week_on;
END;
COMMENT ON FUNCTION vsys.promise_shortfall(text, timestamptz, jsonb) IS
'約束分の不足見込み / week by week (Mondays) what is promised for second doses, what is to come, and how much of the promises up to that week the supply up to it leaves uncovered: weeks ahead. supply is {"day": boxes}; NULL stands for the rounds that are drafted or decided and not delivered yet. Everything in vials.';
