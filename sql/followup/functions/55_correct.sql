-- ---- corrections: one input changes, and everything that follows from it

CREATE OR REPLACE FUNCTION followup.inputs(e followup.enrolment) RETURNS jsonb
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN jsonb_build_object('day0', e.day0, 'until', e.until, 'class', e.class, 'state', e.state, 'responder', e.responder, 'time_zone', e.time_zone);
COMMENT ON FUNCTION followup.inputs(followup.enrolment) IS 'What followup.correction keeps of an enrolment before and after.';

CREATE OR REPLACE FUNCTION followup.take_back_misses(enrolments bigint[], as_of timestamptz)
RETURNS TABLE (misses bigint, slots bigint, calls bigint, notifications bigint)
LANGUAGE SQL VOLATILE PARALLEL UNSAFE ROWS 1
BEGIN ATOMIC
	WITH gone AS (
		-- what was asked on days on which nothing was owed; what was answered stays
		UPDATE followup.slot AS s
		SET state = 'cancelled',
			evidence = NULL,
			reason = 'corrected'
		FROM followup.enrolment AS e
		JOIN followup.plan AS p ON p.plan = e.plan
		JOIN followup.slot AS was ON was.enrolment = e.enrolment
			AND was.day BETWEEN least(e.day0, outbreak.local_date(e.opened_at)) - 60 AND outbreak.local_date(as_of) + 1
			AND was.state = ANY ('{awaited,undelivered,missed}'::text[])
		WHERE e.enrolment = ANY (enrolments)
			AND s.day = was.day
			AND s.enrolment = was.enrolment
			AND s.prompt = was.prompt
			AND s.n = was.n
			AND (was.day <= e.day0 OR p.ends = 'period' AND was.day > e.until OR e.state = 'cancelled')
		RETURNING s.enrolment, was.state
	), ended AS (
		UPDATE followup.call AS c
		SET state = 'overtaken',
			ended_at = as_of
		FROM followup.enrolment AS e
		WHERE e.enrolment = ANY (enrolments)
			AND c.enrolment = e.enrolment
			AND c.state = 'open'
			AND (e.state <> 'open' OR c.reason = ANY ('{missed,undelivered}'::text[]) AND (c.day <= e.day0 OR c.day > e.until))
		RETURNING 1
	), withdrawn AS (
		UPDATE followup.notification AS n
		SET withdrawn_at = as_of
		FROM followup.enrolment AS e
		JOIN followup.plan AS p ON p.plan = e.plan
		WHERE e.enrolment = ANY (enrolments)
			AND n.enrolment = e.enrolment
			AND n.withdrawn_at IS NULL
			AND n.reason = ANY ('{unreachable,undelivered}'::text[])
			AND (n.day <= e.day0 OR p.ends = 'period' AND n.day > e.until OR e.state = 'cancelled')
		RETURNING 1
	)
	SELECT (SELECT count(*) FROM gone AS g WHERE g.state = 'missed'),
		(SELECT count(*) FROM gone),
		(SELECT count(*) FROM ended),
		(SELECT count(*) FROM withdrawn);
END;
COMMENT ON FUNCTION followup.take_back_misses(bigint[], timestamptz) IS 'Takes back what stands against these enrolments for days outside of their stay: slots (missed ones lose their evidence and are cancelled), calls, and notices to the prefecture. Answers stay.';

CREATE OR REPLACE FUNCTION followup.settle(enrolment bigint, as_of timestamptz) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	e followup.enrolment;
	ends text;
	days integer;
	last_day date;
	over timestamptz;
	new_state text;
	today date;
	live_before text[];
	live_after text[];
	taken record;
BEGIN
	SELECT x.* INTO STRICT e
	FROM followup.enrolment x
	WHERE x.enrolment = settle.enrolment;
	SELECT p.ends INTO STRICT ends
	FROM followup.plan p
	WHERE p.plan = e.plan;
	today := (as_of AT TIME ZONE e.time_zone)::date;
	days := followup.period_days(e.plan, e.class, e.day0, outbreak.local_date(as_of));
	IF days IS NULL THEN
		RAISE EXCEPTION 'no period is laid down for that plan, class and day'
			USING ERRCODE = 'OB120',
				DETAIL = jsonb_build_object('reason', 'no_period', 'plan', e.plan, 'class', e.class, 'day0', e.day0),
				HINT = 'followup.plan and followup.class list what there is, followup.period since when.';
	END IF;
	last_day := e.day0 + days;
	over := (last_day + 1)::timestamp AT TIME ZONE e.time_zone;
	new_state := CASE
		WHEN e.state = 'released' AND (SELECT m.verdict FROM followup.may_release(enrolment, e.closed_at) AS m) IS TRUE THEN 'released'
		WHEN ends = 'period' AND over <= as_of THEN 'completed'
		WHEN e.state <> 'open' AND EXISTS (
			SELECT
			FROM followup.enrolment x
			WHERE x.person = e.person
				AND x.plan = e.plan
				AND x.state = 'open'
		) THEN e.state
		ELSE 'open'
	END;

	SELECT coalesce(array_agg(s.day || ' ' || s.prompt || ' ' || s.n), '{}') INTO live_before
	FROM followup.slot s
	WHERE s.enrolment = settle.enrolment
		AND s.day BETWEEN today - 1 AND greatest(e.until, last_day, today) + 2
		AND s.state = 'awaited'
		AND s.due_at > as_of;
	-- everything that is still to come is taken away and planned anew; messages that were sent already stay sent
	PERFORM followup.cancel_slots(ARRAY[enrolment], today - 2, 'corrected', as_of);
	UPDATE followup.enrolment x
	SET until = last_day,
		state = new_state,
		closed_at = CASE new_state WHEN 'open' THEN NULL WHEN 'completed' THEN over ELSE x.closed_at END,
		reason = CASE new_state WHEN 'open' THEN NULL ELSE x.reason END
	WHERE x.enrolment = settle.enrolment
	RETURNING x.* INTO e;
	IF new_state = 'open' THEN
		DELETE FROM followup.slot s
		WHERE s.enrolment = settle.enrolment
			AND s.day BETWEEN greatest(today - 1, e.day0 + 1) AND last_day
			AND s.state = 'cancelled'
			AND s.reason = 'corrected'
			AND s.due_at > as_of;
		PERFORM followup.make_slots(ARRAY[enrolment], today - 1, as_of);
	END IF;
	SELECT t.* INTO taken
	FROM followup.take_back_misses(ARRAY[enrolment], as_of) AS t;
	SELECT coalesce(array_agg(s.day || ' ' || s.prompt || ' ' || s.n), '{}') INTO live_after
	FROM followup.slot s
	WHERE s.enrolment = settle.enrolment
		AND s.day BETWEEN today - 1 AND greatest(last_day, today) + 2
		AND s.state = 'awaited'
		AND s.due_at > as_of;
	RETURN jsonb_build_object(
		'slots_cancelled', (SELECT count(*) FROM unnest(live_before) AS b WHERE b <> ALL (live_after)),
		'slots_made', (SELECT count(*) FROM unnest(live_after) AS a WHERE a <> ALL (live_before)),
		'misses_taken_back', taken.misses,
		'calls_ended', taken.calls,
		'notifications_withdrawn', taken.notifications);
END
$$;
COMMENT ON FUNCTION followup.settle(bigint, timestamptz) IS 'Brings everything that follows from an enrolment into line with what it says now: last day, state (one that was completed or released and should not have been is opened again), slots to come and their messages, misses, calls and notices of days outside of it. Returns the counts of followup.correction.effects.';

CREATE OR REPLACE FUNCTION followup.patch_faults(e followup.enrolment, patch jsonb, as_of timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	item record;
	said text;
	at timestamptz;
	faults jsonb := '[]';
BEGIN
	IF jsonb_typeof(patch) IS DISTINCT FROM 'object' OR patch = '{}' THEN
		RETURN '[{"code": "nothing", "message_ja": "訂正する項目がありません。", "message_en": "A correction is a JSON object with at least one item."}]';
	END IF;
	FOR item IN SELECT p.key, p.value, patch ->> p.key AS text FROM jsonb_each(patch) AS p ORDER BY p.key LOOP
		said := NULL;
		BEGIN
			CASE item.key
			WHEN 'day0' THEN
				IF item.text IS NULL OR item.text !~ '^\d{4}-\d{2}-\d{2}$' OR item.text::date NOT BETWEEN '2000-01-01' AND (as_of AT TIME ZONE e.time_zone)::date THEN
					said := 'a day that has come, YYYY-MM-DD';
				END IF;
			WHEN 'class' THEN
				IF NOT EXISTS (SELECT FROM followup.class c WHERE c.plan = e.plan AND c.class = item.text) THEN
					said := 'a class of the plan';
				END IF;
			WHEN 'time_zone' THEN
				IF NOT EXISTS (SELECT FROM pg_timezone_names z WHERE z.name = item.text) THEN
					said := 'the name of a time zone';
				END IF;
			WHEN 'responder' THEN
				IF item.text IS NULL OR NOT EXISTS (SELECT FROM registry.person p WHERE p.person = item.text::uuid) THEN
					said := 'the number of a person';
				END IF;
			WHEN 'began_at', 'eased_at' THEN
				at := item.text::timestamptz;
				IF at > as_of OR at < '2000-01-01' THEN
					said := 'a moment that has passed';
				END IF;
			WHEN 'eased', 'not_exposed' THEN
				IF jsonb_typeof(item.value) <> ALL ('{boolean,"null"}'::text[]) THEN
					said := 'true, false or null';
				END IF;
			WHEN 'setting' THEN
				IF item.text <> ALL ('{home,facility}'::text[]) THEN
					said := 'home, facility or null';
				END IF;
			ELSE
				faults := faults || jsonb_build_object('item', left(item.key, 40), 'code', 'unknown_item', 'message_ja', 'この項目は訂正できません。',
					'message_en', 'Items are day0, class, time_zone, responder, not_exposed, began_at, eased, eased_at, setting.');
			END CASE;
		EXCEPTION WHEN data_exception THEN
			said := CASE item.key WHEN 'responder' THEN 'the number of a person' WHEN 'day0' THEN 'a day that has come, YYYY-MM-DD' ELSE 'a moment, or null' END;
		END;
		IF said IS NOT NULL THEN
			faults := faults || jsonb_build_object('item', item.key, 'code', 'bad_value', 'message_ja', '値が正しくありません。', 'message_en', format('%s is %s.', item.key, said));
		END IF;
	END LOOP;
	IF faults = '[]' AND patch ? 'not_exposed' AND (patch ->> 'not_exposed')::boolean AND patch <> '{"not_exposed": true}' THEN
		faults := faults || '{"item": "not_exposed", "code": "alone", "message_ja": "対象外の訂正は他の項目と同時にできません。", "message_en": "Whoever need not be followed has nothing else to correct: not_exposed stands alone."}';
	END IF;
	RETURN faults;
END
$$;
COMMENT ON FUNCTION followup.patch_faults(followup.enrolment, jsonb, timestamptz) IS 'What is wrong with a correction: [{"item", "code", "message_ja", "message_en"}], empty when nothing is. Values are not repeated.';

CREATE OR REPLACE FUNCTION followup.correct(enrolment bigint, patch jsonb, reason text, as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	old followup.enrolment;
	new followup.enrolment;
	c followup.clinical;
	faults jsonb;
	effects jsonb;
	number bigint;
	tell text;
	told uuid;
	today date := outbreak.local_date(as_of);
	taken record;
BEGIN
	SELECT x.* INTO old
	FROM followup.enrolment x
	WHERE x.enrolment = correct.enrolment
	FOR NO KEY UPDATE;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no such enrolment'
			USING ERRCODE = 'no_data_found';
	ELSIF old.state <> ALL ('{open,completed,released}'::text[]) THEN
		PERFORM followup.refuse('ended', 'OB121', 'the follow-up has ended', 'フォローアップは終了しています。');
	ELSIF coalesce(btrim(reason), '') = '' THEN
		RAISE EXCEPTION 'a correction has a reason'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	faults := followup.patch_faults(old, patch, as_of);
	IF faults <> '[]' THEN
		RAISE EXCEPTION 'the correction is refused: %', faults -> 0 ->> 'message_en'
			USING ERRCODE = 'OB128',
				DETAIL = faults::text,
				HINT = 'Nothing was changed. DETAIL lists every fault.';
	END IF;

	IF (patch ->> 'not_exposed')::boolean THEN
		PERFORM followup.close(enrolment, 'cancelled', 'not_exposed', as_of);
		UPDATE followup.enrolment x
		SET state = 'cancelled',
			reason = 'not_exposed'
		WHERE x.enrolment = correct.enrolment;
		SELECT t.* INTO taken
		FROM followup.take_back_misses(ARRAY[enrolment], as_of) AS t;
		effects := jsonb_build_object('misses_taken_back', taken.misses, 'notifications_withdrawn', taken.notifications,
			'slots_cancelled', (SELECT count(*) FROM followup.slot s WHERE s.enrolment = correct.enrolment AND s.state = 'cancelled' AND s.day >= today - 1));
		tell := 'followup.withdrawn';
	ELSE
		UPDATE followup.enrolment x
		SET day0 = coalesce((patch ->> 'day0')::date, x.day0),
			until = greatest(x.until, coalesce((patch ->> 'day0')::date, x.day0)),
			class = coalesce(patch ->> 'class', x.class),
			time_zone = coalesce(patch ->> 'time_zone', x.time_zone),
			responder = coalesce((patch ->> 'responder')::uuid, x.responder)
		WHERE x.enrolment = correct.enrolment;
		SELECT k.* INTO c
		FROM followup.clinical k
		WHERE k.enrolment = correct.enrolment;
		IF patch ?| '{began_at,eased,eased_at,setting}'::text[] OR c.began_at IS NOT NULL AND patch ? 'day0' THEN
			c.began_at := CASE
				WHEN patch ? 'began_at' THEN (patch ->> 'began_at')::timestamptz
				-- an hour on another day is no longer known
				WHEN (c.began_at AT TIME ZONE coalesce(patch ->> 'time_zone', old.time_zone))::date = coalesce((patch ->> 'day0')::date, old.day0) THEN c.began_at
			END;
			IF (c.began_at AT TIME ZONE coalesce(patch ->> 'time_zone', old.time_zone))::date <> coalesce((patch ->> 'day0')::date, old.day0) THEN
				PERFORM followup.refuse('began_at', 'OB128', 'began_at does not lie on day 0', '発症時刻が0日目と一致しません。');
			END IF;
			c.eased_at := CASE WHEN patch ? 'eased_at' THEN (patch ->> 'eased_at')::timestamptz WHEN patch ? 'eased' THEN NULL ELSE c.eased_at END;
			c.eased := CASE WHEN c.eased_at IS NOT NULL THEN true WHEN patch ? 'eased' THEN (patch ->> 'eased')::boolean WHEN patch ? 'eased_at' THEN NULL ELSE c.eased END;
			IF c.eased AND c.eased_at IS NULL OR (patch ->> 'eased')::boolean IS FALSE AND c.eased_at IS NOT NULL THEN
				PERFORM followup.refuse('eased', 'OB128', 'eased goes with eased_at: since when', '軽快日時を入力してください。');
			END IF;
			c.setting := CASE WHEN patch ? 'setting' THEN patch ->> 'setting' ELSE c.setting END;
			INSERT INTO followup.clinical AS k (enrolment, person, prefecture, health_center, began_at, eased, eased_at, setting, entered_at, entered_by)
			VALUES (enrolment, old.person, old.prefecture, old.health_center, c.began_at, c.eased, c.eased_at, c.setting, as_of, outbreak.my_subject())
			ON CONFLICT ON CONSTRAINT clinical_pkey DO UPDATE
			SET began_at = excluded.began_at,
				eased = excluded.eased,
				eased_at = excluded.eased_at,
				setting = excluded.setting,
				entered_at = excluded.entered_at,
				entered_by = excluded.entered_by;
		END IF;
		effects := followup.settle(enrolment, as_of);
	END IF;

	SELECT x.* INTO new
	FROM followup.enrolment x
	WHERE x.enrolment = correct.enrolment;
	IF tell IS NULL AND ((new.day0, new.until) <> (old.day0, old.until) OR new.state <> old.state AND new.state = 'open' OR new.responder <> old.responder) THEN
		tell := 'followup.corrected';
	END IF;
	number := nextval('followup.correction_number');
	IF tell IS NOT NULL THEN
		-- a first message that has not gone out yet says what is right; one that has is taken back
		UPDATE messaging.message m
		SET parameters = m.parameters || jsonb_build_object('day0', new.day0, 'until', new.until),
			state = CASE WHEN tell = 'followup.withdrawn' THEN 'withdrawn' ELSE m.state END,
			next_at = CASE WHEN tell = 'followup.withdrawn' THEN NULL ELSE m.next_at END,
			ended_at = CASE WHEN tell = 'followup.withdrawn' THEN as_of ELSE m.ended_at END,
			reason = CASE WHEN tell = 'followup.withdrawn' THEN 'corrected' ELSE m.reason END
		WHERE m.day = outbreak.local_date(new.opened_at)
			AND m.key = outbreak.message_key(new.responder, outbreak.local_date(new.opened_at), 'enrolled.' || new.plan)
			AND m.state = 'queued';
		IF NOT found THEN
			told := messaging.send(new.responder, 'corrected.' || number, tell,
				CASE tell WHEN 'followup.withdrawn' THEN '{}' ELSE jsonb_build_object('day0', new.day0, 'until', new.until) END, today, priority => 2::smallint);
		END IF;
	END IF;
	effects := effects || jsonb_build_object('withdrawal', told);
	INSERT INTO followup.correction (correction, enrolment, person, prefecture, health_center, corrected_at, corrected_by, reason, patch, before, after, effects)
	VALUES (number, enrolment, new.person, new.prefecture, new.health_center, as_of, outbreak.my_subject(), btrim(reason), patch, followup.inputs(old), followup.inputs(new), effects);
	RETURN jsonb_build_object('correction', number, 'before', followup.inputs(old), 'after', followup.inputs(new), 'effects', effects);
END
$$;
COMMENT ON FUNCTION followup.correct(bigint, jsonb, text, timestamptz) IS
'訂正 / corrects what a follow-up goes by, and everything that follows from it in the same transaction: last day and state, slots and messages to come, misses and calls of days on which nothing was owed, notices to the prefecture, and a message that takes back what was told wrong. patch: {"day0", "class", "time_zone", "responder", "began_at", "eased", "eased_at", "setting"}, or {"not_exposed": true} for somebody who should never have been followed. A release that the corrected facts do not bear is taken back. Returns {"correction", "before", "after", "effects"} as followup.correction keeps them. For functions that run as the owner. Errors: P0002, OB121 ended otherwise, OB120 no period for that, OB128 with every fault in DETAIL, 22023 without a reason.';

CREATE OR REPLACE FUNCTION followup.staff_correct(enrolment bigint, patch jsonb, reason text, as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	to_whom uuid;
BEGIN
	PERFORM access.require_now(as_of);
	PERFORM followup.require_charge(enrolment);
	-- messages go to people in one's charge only
	IF jsonb_typeof(patch) = 'object' AND patch ? 'responder' THEN
		BEGIN
			to_whom := (patch ->> 'responder')::uuid;
		EXCEPTION WHEN data_exception THEN
			to_whom := NULL;
		END;
		IF NOT EXISTS (SELECT FROM registry.person p WHERE p.person = to_whom AND followup.in_charge(p.prefecture, p.health_center)) THEN
			RAISE EXCEPTION 'not in your charge'
				USING ERRCODE = 'insufficient_privilege';
		END IF;
	END IF;
	RETURN followup.correct(enrolment, patch, reason, as_of);
END
$$;
COMMENT ON FUNCTION followup.staff_correct(bigint, jsonb, text, timestamptz) IS '訂正 / followup.correct() for the health centre or prefecture in charge, of the responder too. Errors besides: 42501.';

CREATE OR REPLACE FUNCTION followup.enter_test(enrolment bigint, taken_at timestamptz, method text, result text DEFAULT NULL, as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	e followup.enrolment;
	was text;
	number bigint;
	reopened boolean := false;
BEGIN
	PERFORM access.require_now(as_of);
	e := followup.require_charge(enrolment);
	IF taken_at IS NULL OR taken_at > as_of OR taken_at < '2000-01-01' THEN
		RAISE EXCEPTION 'a specimen was taken at a moment that has passed'
			USING ERRCODE = 'invalid_parameter_value';
	ELSIF method IS NULL OR method <> ALL ('{naat,antigen,kit}'::text[]) THEN
		RAISE EXCEPTION 'there is no such method'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Methods are naat, antigen and kit.';
	ELSIF result <> ALL ('{negative,positive,invalid}'::text[]) THEN
		RAISE EXCEPTION 'there is no such result'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Results are negative, positive, invalid, or none yet.';
	END IF;
	PERFORM FROM followup.enrolment x WHERE x.enrolment = enter_test.enrolment FOR NO KEY UPDATE;
	SELECT t.test, t.result INTO number, was
	FROM followup.test t
	WHERE t.enrolment = enter_test.enrolment
		AND t.taken_at = enter_test.taken_at
		AND t.method = enter_test.method;
	IF number IS NULL THEN
		INSERT INTO followup.test AS t (enrolment, person, prefecture, health_center, taken_at, method, result, entered_at, entered_by)
		VALUES (enrolment, e.person, e.prefecture, e.health_center, taken_at, method, result, as_of, outbreak.my_subject())
		RETURNING t.test INTO number;
	ELSIF was IS DISTINCT FROM result THEN
		UPDATE followup.test t
		SET result = enter_test.result,
			entered_at = as_of,
			entered_by = outbreak.my_subject()
		WHERE t.test = number;
	END IF;
	-- a release that rested on it falls with it
	IF e.state = 'released' AND (SELECT m.verdict FROM followup.may_release(enrolment, e.closed_at) AS m) IS NOT TRUE THEN
		PERFORM followup.settle(enrolment, as_of);
		reopened := (SELECT x.state = 'open' FROM followup.enrolment x WHERE x.enrolment = enter_test.enrolment);
		IF reopened THEN
			PERFORM messaging.send(e.responder, 'reopened.' || number, 'followup.corrected', jsonb_build_object('day0', e.day0, 'until', e.until), outbreak.local_date(as_of), priority => 2::smallint);
		END IF;
	END IF;
	RETURN (SELECT jsonb_build_object('test', number, 'verdict', m.verdict, 'rule', m.rule, 'missing', m.missing, 'reopened', reopened)
		FROM followup.may_release(enrolment, as_of) AS m);
END
$$;
COMMENT ON FUNCTION followup.enter_test(bigint, timestamptz, text, text, timestamptz) IS '検査の入力 / enters a specimen, or the result of one that was entered (again: corrects it), for the health centre or prefecture in charge; returns {"test", "verdict", "rule", "missing", "reopened"}: whether the person may be released now, and whether a release that rested on the former result was taken back. Errors: 22023, 42501.';

-- ---- periods that change for whoever is in follow-up

CREATE OR REPLACE FUNCTION followup.preview_period(plan text, class text, days integer, from_on date, as_of timestamptz DEFAULT now())
RETURNS TABLE (enrolment bigint, prefecture smallint, health_center bigint, day0 date, until_now date, until_new date, effect text, slots_cancelled bigint, slots_made bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	WITH affected AS (
		SELECT e.enrolment, e.prefecture, e.health_center, e.plan, e.day0, e.child, e.until, e.day0 + preview_period.days AS until_new, e.time_zone
		FROM followup.enrolment AS e
		JOIN followup.plan AS p ON p.plan = e.plan
			AND p.ends = 'period'
		WHERE e.state = 'open'
			AND e.plan = preview_period.plan
			AND e.class = preview_period.class
			-- those who are in follow-up when it begins
			AND e.until >= greatest(from_on, outbreak.local_date(as_of))
			AND e.until <> e.day0 + preview_period.days
	)
	SELECT a.enrolment, a.prefecture, a.health_center, a.day0, a.until, a.until_new,
		CASE WHEN (a.until_new + 1)::timestamp AT TIME ZONE a.time_zone <= as_of THEN 'ends' WHEN a.until_new < a.until THEN 'shorter' ELSE 'longer' END,
		(
			SELECT count(*)
			FROM followup.slot AS s
			WHERE s.day IN (SELECT a.until_new + i FROM generate_series(1, a.until - a.until_new) AS i)
				AND s.enrolment = a.enrolment
				AND s.state = 'awaited'
				AND s.due_at > as_of
		),
		(
			SELECT count(*)
			FROM followup.asks(a.plan, a.time_zone, a.until + 1, a.until_new) AS q
			WHERE a.until_new > a.until
				AND (q.children OR NOT a.child)
				AND q.due_at > as_of
		)
	FROM affected AS a
	ORDER BY a.enrolment;
END;
COMMENT ON FUNCTION followup.preview_period(text, text, integer, date, timestamptz) IS '期間変更の影響 / who would be affected if people of this class were followed for so many days, from a day on and retroactively: their last day now and then, effect (shorter 短縮, longer 延長, ends 直ちに終了), and the slots that would go or come. Changes nothing. As far as the caller may see the people.';

CREATE OR REPLACE FUNCTION followup.apply_periods(as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	today date := outbreak.local_date(as_of);
	piece record;
	changed bigint := 0;
	shorter bigint := 0;
	cancelled bigint := 0;
	made bigint := 0;
	told bigint := 0;
	n bigint;
BEGIN
	-- those whose last day is another one by the rules of today, by how it changes
	FOR piece IN
		SELECT x.until, x.days_later, array_agg(x.enrolment ORDER BY x.enrolment) AS enrolments, min(x.old_until) AS old_until
		FROM (
			SELECT e.enrolment, e.until AS old_until, e.day0 + d.days AS until, sign(e.day0 + d.days - e.until) AS days_later
			FROM (
				SELECT k.plan, k.class, k.day0, followup.period_days(k.plan, k.class, k.day0, today) AS days
				FROM (SELECT DISTINCT e.plan, e.class, e.day0 FROM followup.enrolment e WHERE e.state = 'open') AS k
			) AS d
			JOIN followup.plan p ON p.plan = d.plan
				AND p.ends = 'period'
			JOIN followup.enrolment e ON e.plan = d.plan
				AND e.class = d.class
				AND e.day0 = d.day0
			WHERE e.state = 'open'
				AND e.until <> e.day0 + d.days
				-- whose period is over is followup.complete()'s
				AND e.until >= today
		) AS x
		GROUP BY x.until, x.days_later
		ORDER BY x.until, x.days_later
	LOOP
		-- the same order as everybody who takes several of them
		PERFORM
		FROM followup.enrolment e
		WHERE e.enrolment = ANY (piece.enrolments)
			AND e.state = 'open'
		ORDER BY e.enrolment
		FOR NO KEY UPDATE;
		IF piece.days_later < 0 THEN
			cancelled := cancelled + followup.cancel_slots(piece.enrolments, piece.until, 'period', as_of);
			shorter := shorter + cardinality(piece.enrolments);
		END IF;
		UPDATE followup.enrolment e
		SET until = piece.until
		WHERE e.enrolment = ANY (piece.enrolments)
			AND e.state = 'open';
		GET DIAGNOSTICS n = ROW_COUNT;
		changed := changed + n;
		IF piece.days_later > 0 THEN
			made := made + followup.make_slots(piece.enrolments, greatest(today, piece.old_until + 1), as_of);
		ELSE
			PERFORM followup.take_back_misses(piece.enrolments, as_of);
		END IF;
		-- whoever ends right away is told that it has ended; the others, when it will
		WITH queued AS (
			INSERT INTO messaging.message (day, key, person, prefecture, kind, template, parameters, priority, next_at)
			SELECT DISTINCT ON (e.responder) today, outbreak.message_key(e.responder, today, 'period.' || e.plan), e.responder, e.prefecture, 'period.' || e.plan,
				'followup.period', jsonb_build_object('until', e.until), 3, as_of
			FROM followup.enrolment e
			WHERE e.enrolment = ANY (piece.enrolments)
				AND (e.until + 1)::timestamp AT TIME ZONE e.time_zone > as_of
			ORDER BY e.responder, e.enrolment
			ON CONFLICT (day, key) DO NOTHING
			RETURNING 1
		)
		SELECT told + count(*) INTO told
		FROM queued;
	END LOOP;
	RETURN jsonb_build_object('changed', changed, 'shorter', shorter, 'slots_cancelled', cancelled, 'slots_made', made, 'told', told);
END
$$;
COMMENT ON FUNCTION followup.apply_periods(timestamptz) IS '期間の適用 / job: brings the last day of everybody in follow-up into line with the rules in force today: retroactive periods from their first day. Slots that are no longer owed are cancelled and their messages withdrawn, those that are now owed are made, and people are told. Returns {"changed", "shorter", "slots_cancelled", "slots_made", "told"}; a second call changes nothing. Patients end by release: their usual period is changed by followup.correct() alone.';

CREATE OR REPLACE FUNCTION followup.change_period(plan text, class text, days integer, from_on date, basis text, retroactive boolean DEFAULT false, as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	standing followup.period;
BEGIN
	PERFORM access.require_now(as_of);
	IF NOT (outbreak.acts_as('outbreak_ministry') OR outbreak.acts_as('outbreak_owner')) THEN
		RAISE EXCEPTION 'periods are set by the ministry'
			USING ERRCODE = 'insufficient_privilege';
	ELSIF from_on IS NULL OR retroactive IS NULL OR days IS NULL OR coalesce(btrim(basis), '') = '' THEN
		RAISE EXCEPTION 'a period needs days, a first day, and a basis'
			USING ERRCODE = 'invalid_parameter_value';
	ELSIF NOT EXISTS (SELECT FROM followup.class c WHERE c.plan = change_period.plan AND c.class = change_period.class) THEN
		RAISE EXCEPTION 'there is no such plan and class'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'followup.class lists them.';
	ELSIF EXISTS (SELECT FROM followup.period p WHERE p.plan = change_period.plan AND p.class = change_period.class AND lower(p.valid) > from_on) THEN
		RAISE EXCEPTION 'a later period is laid down already'
			USING ERRCODE = 'OB129',
				DETAIL = (SELECT jsonb_build_object('reason', 'later_period', 'from_on', min(lower(p.valid))) FROM followup.period p WHERE p.plan = change_period.plan AND p.class = change_period.class AND lower(p.valid) > from_on)::text,
				HINT = 'Periods are laid down one after the other: delete the later one from followup.period first.';
	END IF;
	SELECT p.* INTO standing
	FROM followup.period p
	WHERE p.plan = change_period.plan
		AND p.class = change_period.class
		AND p.valid @> from_on
	FOR UPDATE;
	IF lower(standing.valid) = from_on THEN
		UPDATE followup.period p
		SET days = change_period.days,
			retroactive = change_period.retroactive,
			basis = btrim(change_period.basis)
		WHERE (p.plan, p.class, p.valid) = (standing.plan, standing.class, standing.valid);
	ELSE
		UPDATE followup.period p
		SET valid = daterange(lower(p.valid), from_on)
		WHERE (p.plan, p.class, p.valid) = (standing.plan, standing.class, standing.valid);
		INSERT INTO followup.period (plan, class, valid, days, retroactive, basis)
		VALUES (plan, class, daterange(from_on, NULL), days, retroactive, btrim(basis));
	END IF;
	RETURN followup.apply_periods(as_of);
END
$$;
COMMENT ON FUNCTION followup.change_period(text, text, integer, date, text, boolean, timestamptz) IS '期間の変更 / lays down that people of a class are followed for so many days from a day on, ends the period before, and applies it (followup.apply_periods()): with retroactive also to whoever is in follow-up already, from that day on. Look with followup.preview_period() first. For the ministry. Returns what was changed. Errors: 42501, 22023, 23514 days that are none, OB129 a later period is laid down already.';
