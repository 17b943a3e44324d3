-- ---- for people: the same with a look at who asks. They run as the owner, so each says first who may.

CREATE OR REPLACE FUNCTION followup.in_charge(prefecture smallint, health_center bigint) RETURNS boolean
LANGUAGE SQL STABLE PARALLEL SAFE
RETURN health_center = outbreak.my_health_center() AND outbreak.acts_as('outbreak_health_center')
	OR prefecture = outbreak.my_prefecture() AND outbreak.acts_as('outbreak_prefecture')
	OR outbreak.acts_as('outbreak_owner');
COMMENT ON FUNCTION followup.in_charge(smallint, bigint) IS 'Does the session act for this health centre, or for this prefecture (or is it an administrator''s)?';

CREATE OR REPLACE FUNCTION followup.require_charge(enrolment bigint) RETURNS followup.enrolment
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	found_enrolment followup.enrolment;
BEGIN
	SELECT e.* INTO found_enrolment
	FROM followup.enrolment e
	WHERE e.enrolment = require_charge.enrolment;
	-- one that is not there, and one that is others', look the same
	IF followup.in_charge(found_enrolment.prefecture, found_enrolment.health_center) IS NOT TRUE THEN
		RAISE EXCEPTION 'not in your charge'
			USING ERRCODE = 'insufficient_privilege';
	END IF;
	RETURN found_enrolment;
END
$$;
COMMENT ON FUNCTION followup.require_charge(bigint) IS 'The enrolment, if the session''s health centre or prefecture is in charge of it; 42501 otherwise, and for one that is not there.';

CREATE OR REPLACE FUNCTION followup.answer(person uuid, prompt text, answer jsonb, day date DEFAULT NULL, n integer DEFAULT NULL, channel text DEFAULT 'web', as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	me uuid := outbreak.my_person();
BEGIN
	PERFORM access.require_now(as_of);
	IF outbreak.acts_as('outbreak_citizen') AND NOT outbreak.acts_as('outbreak_owner') THEN
		IF person IS NULL OR me IS NULL OR person <> me AND NOT EXISTS (
			SELECT
			FROM followup.enrolment e
			WHERE e.responder = me
				AND e.person = answer.person
				AND e.state = 'open'
		) THEN
			RAISE EXCEPTION 'not somebody you answer for'
				USING ERRCODE = 'insufficient_privilege';
		END IF;
		-- a video call is what the other side saw
		IF prompt = 'video' THEN
			RAISE EXCEPTION 'a video call is recorded by who called'
				USING ERRCODE = 'insufficient_privilege';
		END IF;
		RETURN followup.take_answer(person, prompt, answer, day, n, 'web', NULL, true, as_of);
	END IF;
	IF NOT EXISTS (
		SELECT
		FROM followup.enrolment e
		WHERE e.person = answer.person
			AND followup.in_charge(e.prefecture, e.health_center)
			-- whoever was in charge before the person moved on, or fell ill elsewhere, is no longer
			AND (e.state = 'open' OR NOT EXISTS (SELECT FROM followup.enrolment o WHERE o.person = answer.person AND o.state = 'open'))
	) THEN
		RAISE EXCEPTION 'not in your charge'
			USING ERRCODE = 'insufficient_privilege';
	END IF;
	RETURN followup.take_answer(person, prompt, answer, day, n, channel, outbreak.my_subject(), true, as_of);
END
$$;
COMMENT ON FUNCTION followup.answer(uuid, text, jsonb, date, integer, text, timestamptz) IS
'回答 / an answer of a person, by the person, by whoever answers for the person (channel web), or entered by the health centre or prefecture in charge (channel call, staff, phone or import). What it says and returns: followup.take_answer(). Errors besides: 42501 not somebody that the caller may answer for, or another moment than now.';

CREATE OR REPLACE FUNCTION followup.answer_household(yes boolean, day date DEFAULT NULL, n integer DEFAULT NULL, as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.require_now(as_of);
	IF outbreak.my_person() IS NULL OR yes IS NULL THEN
		RAISE EXCEPTION 'an answer needs somebody who gives it'
			USING ERRCODE = 'insufficient_privilege';
	END IF;
	RETURN followup.take_household(outbreak.my_person(), yes, day, n, 'web', NULL, as_of);
END
$$;
COMMENT ON FUNCTION followup.answer_household(boolean, date, integer, timestamptz) IS '世帯の一括回答 / one YES or NO of the session''s person for everybody whom that person answers for; see followup.take_household(). Errors besides: 42501.';

CREATE OR REPLACE FUNCTION followup.staff_enrol(person uuid, plan text, day0 date, class text DEFAULT NULL, responder uuid DEFAULT NULL, time_zone text DEFAULT NULL, basis jsonb DEFAULT '{}', as_of timestamptz DEFAULT now()) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.require_now(as_of);
	IF (
		SELECT count(*)
		FROM registry.person p
		WHERE p.person = ANY (ARRAY[person, coalesce(responder, person)])
			AND followup.in_charge(p.prefecture, p.health_center)
	) < (CASE WHEN responder <> person THEN 2 ELSE 1 END) THEN
		RAISE EXCEPTION 'not in your charge'
			USING ERRCODE = 'insufficient_privilege';
	END IF;
	RETURN followup.enrol(person, plan, day0, class, responder, NULL, time_zone, basis, as_of);
END
$$;
COMMENT ON FUNCTION followup.staff_enrol(uuid, text, date, text, uuid, text, jsonb, timestamptz) IS 'フォローアップ登録 / followup.enrol() for the health centre or prefecture that is in charge of the person, and of the responder. Errors besides: 42501.';

CREATE OR REPLACE FUNCTION followup.staff_close(enrolment bigint, state text, reason text DEFAULT NULL, as_of timestamptz DEFAULT now()) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.require_now(as_of);
	PERFORM followup.require_charge(enrolment);
	IF state = ANY ('{converted,completed,released}'::text[]) THEN
		RAISE EXCEPTION 'a follow-up does not end in that state by hand'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'moved, lost, died and cancelled are entered; the others follow from what is known.';
	END IF;
	RETURN followup.close(enrolment, state, reason, as_of);
END
$$;
COMMENT ON FUNCTION followup.staff_close(bigint, text, text, timestamptz) IS 'フォローアップ終了 / followup.close() as moved, lost, died or cancelled, for the health centre or prefecture in charge. Errors besides: 42501.';

CREATE OR REPLACE FUNCTION followup.staff_convert(enrolment bigint, plan text, day0 date, class text DEFAULT NULL, basis jsonb DEFAULT '{}', as_of timestamptz DEFAULT now()) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.require_now(as_of);
	PERFORM followup.require_charge(enrolment);
	RETURN followup.convert(enrolment, plan, day0, class, basis, as_of);
END
$$;
COMMENT ON FUNCTION followup.staff_convert(bigint, text, date, text, jsonb, timestamptz) IS '移行 / followup.convert() for the health centre or prefecture in charge. Errors besides: 42501.';

CREATE OR REPLACE FUNCTION followup.staff_move(enrolment bigint, health_center bigint, as_of timestamptz DEFAULT now()) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.require_now(as_of);
	PERFORM followup.require_charge(enrolment);
	PERFORM followup.move(enrolment, health_center, as_of);
END
$$;
COMMENT ON FUNCTION followup.staff_move(bigint, bigint, timestamptz) IS '転居 / followup.move() for the health centre or prefecture in charge. Errors besides: 42501.';

CREATE OR REPLACE FUNCTION followup.give_place_of_stay(enrolment bigint, latitude double precision, longitude double precision, radius_m integer DEFAULT NULL, as_of timestamptz DEFAULT now()) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.require_now(as_of);
	IF outbreak.acts_as('outbreak_citizen') AND NOT outbreak.acts_as('outbreak_owner') THEN
		-- people say once where they stay; moving on is for the health centre to enter
		IF NOT EXISTS (
			SELECT
			FROM followup.enrolment e
			WHERE e.enrolment = give_place_of_stay.enrolment
				AND outbreak.my_person() = ANY (ARRAY[e.person, e.responder])
		) OR radius_m IS NOT NULL OR EXISTS (SELECT FROM followup.place_of_stay s WHERE s.enrolment = give_place_of_stay.enrolment) THEN
			RAISE EXCEPTION 'the place of stay is not yours to change'
				USING ERRCODE = 'insufficient_privilege',
					HINT = 'Once it is given, the health centre in charge changes it.';
		END IF;
	ELSE
		PERFORM followup.require_charge(enrolment);
	END IF;
	PERFORM followup.set_place_of_stay(enrolment, latitude, longitude, radius_m, as_of);
END
$$;
COMMENT ON FUNCTION followup.give_place_of_stay(bigint, double precision, double precision, integer, timestamptz) IS '待機場所の登録 / followup.set_place_of_stay() for the person (the first time), the responder, and the health centre or prefecture in charge. Errors besides: 42501.';

-- ---- calls, alerts and notifications: plain updates of rows that the caller sees

CREATE OR REPLACE FUNCTION followup.note_call(call bigint, outcome text, as_of timestamptz DEFAULT now()) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	now_state text;
BEGIN
	UPDATE followup.call c
	SET attempts = c.attempts + 1,
		last_attempt_at = as_of,
		outcome = note_call.outcome,
		state = CASE WHEN note_call.outcome = ANY ('{no_answer,wrong_number}'::text[]) THEN c.state ELSE 'done' END,
		ended_at = CASE WHEN note_call.outcome = ANY ('{no_answer,wrong_number}'::text[]) THEN c.ended_at ELSE as_of END,
		ended_by = CASE WHEN note_call.outcome = ANY ('{no_answer,wrong_number}'::text[]) THEN c.ended_by ELSE outbreak.my_subject() END
	WHERE c.call = note_call.call
		AND c.state = 'open'
	RETURNING c.state INTO now_state;
	IF NOT found THEN
		PERFORM followup.refuse('no_call', 'OB126', 'there is no such open call', '該当する架電はありません。');
	END IF;
	RETURN now_state;
END
$$;
COMMENT ON FUNCTION followup.note_call(bigint, text, timestamptz) IS '架電結果の入力 / notes a call: answered, refused, hospital, visited and other take it off the list; no_answer and wrong_number leave it there, with one attempt more. Returns its state. Errors: OB126 no such open call (of yours), 23514 an outcome that is none.';

CREATE OR REPLACE FUNCTION followup.handle_alert(alert bigint, outcome text, as_of timestamptz DEFAULT now()) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	IF outcome IS NULL OR btrim(outcome) = '' THEN
		RAISE EXCEPTION 'an alert is handled by doing something'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Say in outcome what was done.';
	END IF;
	UPDATE followup.alert a
	SET state = 'handled',
		handled_at = as_of,
		handled_by = outbreak.my_subject(),
		outcome = handle_alert.outcome
	WHERE a.alert = handle_alert.alert
		AND a.state = 'open';
	IF NOT found THEN
		PERFORM followup.refuse('no_alert', 'OB126', 'there is no such open alert', '該当する警戒はありません。');
	END IF;
END
$$;
COMMENT ON FUNCTION followup.handle_alert(bigint, text, timestamptz) IS '警戒への対応 / says what was done about an open alert. Errors: OB126 no such open alert (of yours), 22023 without an outcome.';

CREATE OR REPLACE FUNCTION followup.note_notification(notification bigint, as_of timestamptz DEFAULT now()) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	UPDATE followup.notification x
	SET read_at = coalesce(x.read_at, as_of),
		read_by = coalesce(x.read_by, outbreak.my_subject())
	WHERE x.notification = note_notification.notification;
	IF NOT found THEN
		PERFORM followup.refuse('no_notification', 'OB126', 'there is no such notification', '該当する通知はありません。');
	END IF;
END
$$;
COMMENT ON FUNCTION followup.note_notification(bigint, timestamptz) IS '知事通知の確認 / the prefecture takes note of a notification. OB126 no such notification (of yours).';
