-- ---- release: three-valued, and naming what is not known

CREATE OR REPLACE FUNCTION followup.release_conditions(enrolment bigint, as_of timestamptz DEFAULT now())
RETURNS TABLE (rule text, condition text, holds boolean, ready_at timestamptz, lacks text)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	WITH rule AS (
		SELECT r.*, e.enrolment, e.day0, e.time_zone, c.began_at, c.eased, c.eased_at, c.setting AS stays,
			-- the hour counts where it is known
			coalesce(c.began_at + r.after_days * interval '24 hours', (e.day0 + r.after_days + 1)::timestamp AT TIME ZONE e.time_zone) AS days_over,
			coalesce(c.began_at + r.negative_after_days * interval '24 hours', (e.day0 + r.negative_after_days + 1)::timestamp AT TIME ZONE e.time_zone) AS tests_from
		FROM followup.enrolment AS e
		JOIN followup.release_rule AS r ON r.plan = e.plan
			AND r.class = e.class
			AND r.valid @> (as_of AT TIME ZONE e.time_zone)::date
		LEFT JOIN followup.clinical AS c ON c.enrolment = e.enrolment
		WHERE e.enrolment = release_conditions.enrolment
	), tests AS (
		-- specimens that count, or would if what is not known turned out well; none after a positive one
		SELECT r.rule,
			count(t.taken_at) FILTER (WHERE t.certain) AS certain,
			max(t.taken_at) FILTER (WHERE t.certain) - min(t.taken_at) FILTER (WHERE t.certain) AS certain_span,
			max(t.taken_at) FILTER (WHERE t.certain) AS last_at,
			count(t.taken_at) AS possible,
			max(t.taken_at) - min(t.taken_at) AS possible_span,
			count(t.taken_at) FILTER (WHERE t.result IS NULL) > 0 AS waits
		FROM rule AS r
		LEFT JOIN LATERAL (
			SELECT t.taken_at, t.result,
				t.result IS NOT NULL AND (r.negative_eased_hours IS NULL OR r.eased IS TRUE) AS certain
			FROM followup.test AS t
			WHERE t.enrolment = r.enrolment
				AND t.method = ANY (r.methods)
				AND t.taken_at <= as_of
				AND (t.result IS NULL OR t.result = 'negative')
				AND (r.negative_after_days IS NULL OR t.taken_at >= r.tests_from)
				AND (r.negative_eased_hours IS NULL OR r.eased IS NULL OR r.eased AND t.taken_at >= r.eased_at + r.negative_eased_hours * interval '1 hour')
				AND NOT EXISTS (
					SELECT
					FROM followup.test AS p
					WHERE p.enrolment = r.enrolment
						AND p.result = 'positive'
						AND p.taken_at >= t.taken_at
						AND p.taken_at <= as_of
				)
		) AS t ON true
		WHERE r.negatives > 0
		GROUP BY r.rule
	)
	SELECT r.rule, 'setting', r.stays = r.setting, NULL::timestamptz, CASE WHEN r.stays IS NULL THEN 'setting' END
	FROM rule AS r
	WHERE r.setting <> 'any'
	UNION ALL
	SELECT r.rule, 'days', as_of >= r.days_over, r.days_over, NULL
	FROM rule AS r
	WHERE r.after_days IS NOT NULL
	UNION ALL
	SELECT r.rule, 'eased', CASE WHEN r.eased THEN as_of >= r.eased_at + r.eased_hours * interval '1 hour' ELSE r.eased END,
		r.eased_at + r.eased_hours * interval '1 hour', CASE WHEN r.eased IS NULL THEN 'eased_at' END
	FROM rule AS r
	WHERE r.eased_hours IS NOT NULL
	UNION ALL
	SELECT r.rule, 'tests',
		CASE
			WHEN t.certain >= r.negatives AND (r.negatives = 1 OR t.certain_span >= r.negatives_apart) THEN true
			WHEN t.possible >= r.negatives AND (r.negatives = 1 OR t.possible_span >= r.negatives_apart) THEN NULL
			ELSE false
		END,
		NULL,
		CASE
			WHEN t.certain >= r.negatives AND (r.negatives = 1 OR t.certain_span >= r.negatives_apart) THEN NULL
			WHEN t.possible >= r.negatives AND (r.negatives = 1 OR t.possible_span >= r.negatives_apart) THEN CASE WHEN t.waits THEN 'test_result' ELSE 'eased_at' END
			ELSE 'negative_test'
		END
	FROM rule AS r
	JOIN tests AS t ON t.rule = r.rule;
END;
COMMENT ON FUNCTION followup.release_conditions(bigint, timestamptz) IS
'解除条件 / every condition of every rule that holds on the local day of as_of for the class of the enrolment: setting, days, eased, tests. holds: true, false, or NULL when it cannot be told; ready_at: when time alone makes it true; lacks: the fact that is missing (setting, eased_at, test_result of a specimen that was taken), or negative_test where none was made, which is no unknown but a no. Specimens before a positive one do not count.';

CREATE OR REPLACE FUNCTION followup.may_release(enrolment bigint, as_of timestamptz DEFAULT now())
RETURNS TABLE (verdict boolean, rule text, ready_at timestamptz, missing text[], reason_ja text, reason_en text)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	WITH judged AS (
		-- all conditions of a rule: false if one is, unknown if one is, else true
		SELECT c.rule,
			CASE WHEN bool_or(c.holds IS FALSE) THEN false WHEN bool_or(c.holds IS NULL) THEN NULL ELSE true END AS verdict,
			CASE WHEN bool_and(c.holds IS TRUE OR c.holds IS FALSE AND c.ready_at IS NOT NULL) THEN max(c.ready_at) END AS ready_at,
			-- what is worth finding out: of rules that nothing but time or what is not known stands against
			CASE WHEN bool_and(c.holds IS NOT FALSE OR c.ready_at IS NOT NULL) THEN array_agg(DISTINCT c.lacks) FILTER (WHERE c.holds IS NULL) END AS missing
		FROM followup.release_conditions(may_release.enrolment, may_release.as_of) AS c
		GROUP BY c.rule
	), whole AS (
		-- one rule is enough
		SELECT CASE WHEN bool_or(j.verdict) THEN true WHEN bool_or(j.verdict IS NULL) THEN NULL ELSE false END AS verdict,
			min(j.rule COLLATE "C") FILTER (WHERE j.verdict) AS rule,
			min(j.ready_at) AS ready_at,
			count(*) AS rules
		FROM judged AS j
	), unknown AS (
		SELECT coalesce(array_agg(DISTINCT m.fact COLLATE "C" ORDER BY m.fact COLLATE "C"), '{}') AS facts
		FROM judged AS j
		CROSS JOIN LATERAL unnest(j.missing) AS m (fact)
	)
	SELECT w.verdict,
		w.rule,
		w.ready_at,
		CASE WHEN w.verdict THEN '{}' ELSE u.facts END,
		CASE
			WHEN w.verdict THEN r.name_ja
			WHEN w.verdict IS NULL THEN '判断に必要な事実が不明です: ' || f.ja
			WHEN w.rules = 0 THEN 'この対象に適用される解除基準がありません。'
			WHEN w.ready_at IS NOT NULL THEN format('%s から解除できます。', to_char(w.ready_at AT TIME ZONE e.time_zone, 'YYYY-MM-DD HH24:MI'))
			WHEN u.facts <> '{}' THEN '期間が経過していません。不明な事実: ' || f.ja
			ELSE '解除基準を満たしていません。'
		END,
		CASE
			WHEN w.verdict THEN r.name_en
			WHEN w.verdict IS NULL THEN 'it cannot be told without: ' || f.en
			WHEN w.rules = 0 THEN 'no rule of release is for this follow-up'
			WHEN w.ready_at IS NOT NULL THEN format('may be released from %s', to_char(w.ready_at AT TIME ZONE e.time_zone, 'YYYY-MM-DD HH24:MI'))
			WHEN u.facts <> '{}' THEN 'the days are not over; not known: ' || f.en
			ELSE 'no rule of release is met'
		END
	FROM followup.enrolment AS e
	CROSS JOIN whole AS w
	CROSS JOIN unknown AS u
	CROSS JOIN LATERAL (
		SELECT string_agg(CASE m.fact WHEN 'eased_at' THEN '症状軽快日時' WHEN 'setting' THEN '療養場所' ELSE '検査結果' END, '、' ORDER BY m.fact COLLATE "C") AS ja,
			string_agg(CASE m.fact WHEN 'eased_at' THEN 'when the symptoms eased' WHEN 'setting' THEN 'where the person stays' ELSE 'the result of a test' END, ', ' ORDER BY m.fact COLLATE "C") AS en
		FROM unnest(u.facts) AS m (fact)
	) AS f
	LEFT JOIN followup.release_rule AS r ON r.rule = w.rule
	WHERE e.enrolment = may_release.enrolment;
END;
COMMENT ON FUNCTION followup.may_release(bigint, timestamptz) IS
'解除判定 / may somebody be released at that moment, by the rules in force on that day? verdict: true by rule, false, or NULL when it depends on what is not known; missing: the facts to find out (eased_at, setting, test_result), also while the days are not over; ready_at: from when it will be true if nothing but time has to pass. reason_ja and reason_en say so in words. Three-valued: an unknown fact is never taken for no, nor for yes. No row for an enrolment that is not there, or is not yours.';

CREATE OR REPLACE FUNCTION followup.release(enrolment bigint, as_of timestamptz DEFAULT now()) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	e followup.enrolment;
	v record;
	today date;
BEGIN
	SELECT x.* INTO e
	FROM followup.enrolment x
	WHERE x.enrolment = release.enrolment
	FOR NO KEY UPDATE;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no such enrolment'
			USING ERRCODE = 'no_data_found';
	ELSIF e.state = 'released' THEN
		RETURN e.reason;
	ELSIF e.state <> 'open' THEN
		PERFORM followup.refuse('ended', 'OB121', 'the follow-up has ended', 'フォローアップは終了しています。');
	END IF;
	SELECT m.* INTO v
	FROM followup.may_release(enrolment, as_of) AS m;
	IF v.verdict IS NOT TRUE THEN
		RAISE EXCEPTION 'not to be released yet: %', v.reason_en
			USING ERRCODE = 'OB127',
				DETAIL = jsonb_build_object('reason', CASE WHEN v.verdict IS NULL THEN 'unknown' ELSE 'not_met' END, 'verdict', v.verdict, 'ready_at', v.ready_at, 'missing', v.missing, 'message_ja', v.reason_ja, 'message_en', v.reason_en),
				HINT = v.reason_ja;
	END IF;
	PERFORM followup.close(enrolment, 'released', v.rule, as_of);
	today := outbreak.local_date(as_of);
	PERFORM messaging.send(e.responder, 'released.' || enrolment, 'followup.released', jsonb_build_object('on', (as_of AT TIME ZONE e.time_zone)::date), today);
	RETURN v.rule;
END
$$;
COMMENT ON FUNCTION followup.release(bigint, timestamptz) IS '解除 / releases somebody by the rule that followup.may_release() names, cancels what was still to be asked, and tells the responder; returns the rule. Done again it returns the same. For functions that run as the owner. Errors: P0002, OB121 ended otherwise, OB127 no rule is met or a fact is missing: DETAIL has verdict, ready_at and missing.';

CREATE OR REPLACE FUNCTION followup.staff_release(enrolment bigint, as_of timestamptz DEFAULT now()) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.require_now(as_of);
	PERFORM followup.require_charge(enrolment);
	RETURN followup.release(enrolment, as_of);
END
$$;
COMMENT ON FUNCTION followup.staff_release(bigint, timestamptz) IS '解除 / followup.release() for the health centre or prefecture in charge. Errors besides: 42501.';

CREATE OR REPLACE FUNCTION followup.ready_for_release(health_center bigint DEFAULT outbreak.my_health_center(), as_of timestamptz DEFAULT now())
RETURNS TABLE (enrolment bigint, person uuid, class text, day0 date, day integer, verdict boolean, rule text, ready_at timestamptz, missing text[], reason_ja text, reason_en text)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	SELECT e.enrolment, e.person, e.class, e.day0, (as_of AT TIME ZONE e.time_zone)::date - e.day0,
		m.verdict, m.rule, m.ready_at, m.missing, m.reason_ja, m.reason_en
	FROM followup.enrolment AS e
	JOIN followup.plan AS p ON p.plan = e.plan
		AND p.ends = 'release'
	CROSS JOIN LATERAL followup.may_release(e.enrolment, as_of) AS m
	WHERE e.state = 'open'
		AND (ready_for_release.health_center IS NULL OR e.health_center = ready_for_release.health_center)
		AND (m.verdict IS NOT FALSE OR (as_of AT TIME ZONE e.time_zone)::date >= e.until)
	ORDER BY m.verdict DESC NULLS LAST, e.day0, e.enrolment;
END;
COMMENT ON FUNCTION followup.ready_for_release(bigint, timestamptz) IS '解除候補 / patients of a health centre who may be released, and those for whom it hangs on a fact that nobody has found out, as far as the caller may see them; and whoever is at the end of the usual period. day: days since day 0. health_center NULL: all that the caller sees.';
