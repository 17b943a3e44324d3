-- Follow-up: what people in it see and answer, and what health centres and prefectures do. Everything runs as the caller;
-- what is written goes through functions of followup that say who may.

-- ---- for people: the own slots, and those of whom one answers for

CREATE OR REPLACE FUNCTION api.my_slots(day date DEFAULT NULL)
RETURNS TABLE (day date, person uuid, prompt text, n smallint, opens_at timestamptz, due_at timestamptz, state text, answered_at timestamptz)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 20
BEGIN ATOMIC
	SELECT s.day, s.person, s.prompt, s.n, s.opens_at, s.due_at,
		CASE WHEN s.state = ANY ('{missed,undelivered}'::text[]) THEN 'open' WHEN s.state = 'awaited' THEN 'asked' ELSE s.state END,
		s.answered_at
	FROM followup.enrolment AS e
	JOIN followup.slot AS s ON s.enrolment = e.enrolment
		AND s.day = ANY (CASE WHEN my_slots.day IS NULL
			THEN ARRAY[(now() AT TIME ZONE e.time_zone)::date, (now() AT TIME ZONE e.time_zone)::date - 1]
			ELSE ARRAY[my_slots.day] END)
	WHERE (e.person = outbreak.my_person() OR e.responder = outbreak.my_person())
		AND s.state <> 'cancelled'
		-- when a random check will come is no news before it does
		AND (s.opens_at <= now() OR s.prompt = 'health' AND s.day <= (now() AT TIME ZONE e.time_zone)::date)
	ORDER BY s.opens_at, s.person, s.prompt, s.n;
END;
COMMENT ON FUNCTION api.my_slots(date) IS '私の回答枠 / What I am asked on a day, and those whom I answer for: today and yesterday when no day is given. state: asked, open (the time is over, an answer is still taken), answered. Random checks show when they come.';

CREATE OR REPLACE FUNCTION api.my_followups()
RETURNS TABLE (enrolment bigint, person uuid, plan text, class text, day0 date, until date, day_of smallint, state text)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 5
BEGIN ATOMIC
	SELECT e.enrolment, e.person, e.plan, e.class, e.day0, e.until, ((now() AT TIME ZONE e.time_zone)::date - e.day0)::smallint, e.state
	FROM followup.enrolment AS e
	WHERE e.person = outbreak.my_person()
		OR e.responder = outbreak.my_person()
	ORDER BY e.day0 DESC, e.enrolment;
END;
COMMENT ON FUNCTION api.my_followups() IS '私のフォローアップ / The follow-ups of mine and of those whom I answer for: since when, until when, and the day that it is today (day 0 is that of entry, exposure or onset).';

CREATE OR REPLACE FUNCTION api.answer(prompt text, answer jsonb, person uuid DEFAULT NULL, day date DEFAULT NULL, n integer DEFAULT NULL, channel text DEFAULT 'web') RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN followup.answer(coalesce(person, outbreak.my_person()), prompt, answer, day, n, channel);
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'another answer is being taken'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was stored. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.answer(text, jsonb, uuid, date, integer, text) IS '回答 / Answers what is asked: prompt health with an object such as {"temperature_c": 36.5, "spo2": 98, "cough": false} (the items are the columns of followup.health_answer), or location with {"latitude", "longitude", "accuracy_m"}, of which only the distance from the place of stay is kept. person: somebody whom I answer for; me by default. day and n: which slot; by default the one that is open now.

Health centres and prefectures enter answers of people in their charge in the same way, with channel call, staff, phone or import, and video with {"mode": "staff", "face_seen": true, "place_seen": true}.

Answers {"state": "answered" | "repeated" | "replaced" | "unasked", "day", "n", "late", "slots", "alerts"}. 400 with every finding in "details"; 403 for somebody else''s.';

CREATE OR REPLACE FUNCTION api.answer_household(yes boolean, day date DEFAULT NULL, n integer DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN followup.answer_household(yes, day, n);
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'another answer is being taken'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was stored. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.answer_household(boolean, date, integer) IS '世帯の一括回答 / One word for all whom I answer for: false, nobody has fever or symptoms; true, somebody has, and the health centre calls. Answers {"persons", "answers"}.';

CREATE OR REPLACE FUNCTION api.set_place_of_stay(enrolment bigint, latitude double precision, longitude double precision, radius_m integer DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	PERFORM followup.give_place_of_stay(enrolment, latitude, longitude, radius_m);
END
$$;
COMMENT ON FUNCTION api.set_place_of_stay(bigint, double precision, double precision, integer) IS '待機場所の登録 / Where I stay (or somebody whom I answer for), in degrees; once. The health centre in charge changes it, and radius_m, the metres around it that count as there.';

-- ---- for health centres and prefectures

CREATE OR REPLACE FUNCTION api.enrol(person uuid, plan text, day0 date, class text DEFAULT NULL, responder uuid DEFAULT NULL, time_zone text DEFAULT NULL, basis jsonb DEFAULT '{}') RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN followup.staff_enrol(person, plan, day0, class, responder, time_zone, basis);
EXCEPTION
	WHEN no_data_found THEN
		RAISE EXCEPTION 'there is no such person'
			USING ERRCODE = 'PT404';
	WHEN deadlock_detected OR serialization_failure THEN
		RAISE EXCEPTION 'the person is being enrolled'
			USING ERRCODE = 'PT409',
				HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.enrol(uuid, text, date, text, uuid, text, jsonb) IS 'フォローアップ登録 / Takes a person of mine into a plan (arrival, contact, patient) from day0 on, and queues the first message. The same again answers with the same number; a later day0 restarts the period. 400 where no period is laid down for that plan, class and day.';

CREATE OR REPLACE FUNCTION api.close_followup(enrolment bigint, state text, reason text DEFAULT NULL) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN followup.staff_close(enrolment, state, reason);
END
$$;
COMMENT ON FUNCTION api.close_followup(bigint, text, text) IS 'フォローアップ終了 / Ends a follow-up as moved, lost, died or cancelled: nothing more is asked, messages that have not gone are withdrawn. Answers whether it was open.';

CREATE OR REPLACE FUNCTION api.convert_followup(enrolment bigint, plan text, day0 date, class text DEFAULT NULL, basis jsonb DEFAULT '{}') RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN followup.staff_convert(enrolment, plan, day0, class, basis);
END
$$;
COMMENT ON FUNCTION api.convert_followup(bigint, text, date, text, jsonb) IS '移行 / A contact or arrival became a patient: ends the follow-up as converted and opens one in the other plan. Answers its number; a second call the same.';

CREATE OR REPLACE FUNCTION api.move_followup(enrolment bigint, health_center bigint) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	PERFORM followup.staff_move(enrolment, health_center);
END
$$;
COMMENT ON FUNCTION api.move_followup(bigint, bigint) IS '転居 / Hands a person in follow-up to another health centre.';

CREATE OR REPLACE FUNCTION api.note_call(call bigint, outcome text) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN followup.note_call(call, outcome);
END
$$;
COMMENT ON FUNCTION api.note_call(bigint, text) IS '架電結果の入力 / Notes a call: answered, refused, hospital, visited or other take it off the list, no_answer and wrong_number leave it there. Answers its state.';

CREATE OR REPLACE FUNCTION api.handle_alert(alert bigint, outcome text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	PERFORM followup.handle_alert(alert, outcome);
END
$$;
COMMENT ON FUNCTION api.handle_alert(bigint, text) IS '警戒への対応 / Says what was done about an open alert.';

CREATE OR REPLACE FUNCTION api.note_notification(notification bigint) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	PERFORM followup.note_notification(notification);
END
$$;
COMMENT ON FUNCTION api.note_notification(bigint) IS '知事通知の確認 / The prefecture takes note of a notification (Quarantine Act art. 18(3)).';
