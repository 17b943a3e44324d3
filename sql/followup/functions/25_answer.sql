-- ---- answers, and what they set off

CREATE OR REPLACE FUNCTION followup.level_rank(level text) RETURNS integer
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN array_position('{caution,warning,emergency}'::text[], level);
COMMENT ON FUNCTION followup.level_rank(text) IS 'Rank of a level of alerts: caution 1, warning 2, emergency 3.';

CREATE OR REPLACE FUNCTION followup.health_measures(answer followup.health_answer, lead boolean)
RETURNS TABLE (measure text, value numeric, details text[])
LANGUAGE SQL IMMUTABLE PARALLEL SAFE ROWS 6
BEGIN ATOMIC
	WITH listed AS (
		SELECT s.kind, array_agg(s.name ORDER BY s.place) FILTER (WHERE s.present) AS names
		FROM (
			VALUES
				(1, 'symptoms', 'cough', answer.cough),
				(2, 'symptoms', 'sore_throat', answer.sore_throat),
				(3, 'symptoms', 'runny_nose', answer.runny_nose),
				(4, 'symptoms', 'blocked_nose', answer.blocked_nose),
				(5, 'symptoms', 'fatigue', answer.fatigue),
				(6, 'symptoms', 'breathlessness', answer.breathlessness),
				(7, 'symptoms', 'headache', answer.headache),
				(8, 'symptoms', 'diarrhoea', answer.diarrhoea),
				(9, 'symptoms', 'taste_smell_loss', answer.taste_smell_loss),
				(10, 'symptoms', 'other_cold_symptom', answer.other_cold_symptom),
				(11, 'emergency_signs', 'face_pale', answer.face_pale),
				(12, 'emergency_signs', 'lips_purple', answer.lips_purple),
				(13, 'emergency_signs', 'behaviour_unusual', answer.behaviour_unusual),
				(14, 'emergency_signs', 'breathing_fast', answer.breathing_fast),
				(15, 'emergency_signs', 'dyspnoea_sudden', answer.dyspnoea_sudden),
				(16, 'emergency_signs', 'breathless_moving', answer.breathless_moving),
				(17, 'emergency_signs', 'chest_pain', answer.chest_pain),
				(18, 'emergency_signs', 'cannot_lie_flat', answer.cannot_lie_flat),
				(19, 'emergency_signs', 'shoulder_breathing', answer.shoulder_breathing),
				(20, 'emergency_signs', 'wheezing', answer.wheezing),
				(21, 'emergency_signs', 'response_dull', answer.response_dull),
				(22, 'emergency_signs', 'drowsy', answer.drowsy),
				(23, 'emergency_signs', 'pulse_irregular', answer.pulse_irregular)
		) AS s (place, kind, name, present)
		GROUP BY s.kind
	)
	SELECT m.measure, m.value, m.details
	FROM (
		SELECT 'temperature_c', answer.temperature_c, '{}'::text[]
		UNION ALL
		SELECT 'spo2', answer.spo2, '{}'
		UNION ALL
		SELECT 'fever', 1, '{}'
		WHERE answer.fever
			AND answer.temperature_c IS NULL
		UNION ALL
		SELECT 'household_yes', 1, '{}'
		WHERE answer.household_yes
			AND lead
		UNION ALL
		-- the one question about symptoms counts as one, unless they are listed
		SELECT l.kind, greatest(cardinality(l.names), CASE WHEN l.kind = 'symptoms' AND answer.any_symptom THEN 1 END), coalesce(l.names, '{}')
		FROM listed AS l
	) AS m (measure, value, details)
	WHERE m.value IS NOT NULL;
END;
COMMENT ON FUNCTION followup.health_measures(followup.health_answer, boolean) IS 'What of an answer is compared with thresholds: temperature, SpO2, the claimed fever (where no temperature is given), numbers of symptoms and of emergency signs with their names, the one YES of a household (for the lead of the household alone).';

CREATE OR REPLACE FUNCTION followup.raise_alerts(enrolments bigint[], day date, prompt text, n smallint, measures jsonb, as_of timestamptz) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	raised jsonb;
BEGIN
	WITH measured AS (
		SELECT m.measure, m.value, m.details
		FROM jsonb_to_recordset(measures) AS m (measure text, value numeric, details text[])
	), reached AS (
		-- the gravest of each measure; a prefecture's own threshold of a level stands in for the national one
		SELECT DISTINCT ON (e.enrolment, m.measure) e.enrolment, e.person, e.prefecture, e.health_center, m.measure, m.value, m.details, t.threshold, t.level
		FROM followup.enrolment e
		CROSS JOIN measured m
		JOIN followup.threshold t ON t.plan = e.plan
			AND t.measure = m.measure
			AND t.valid @> day
			AND (t.prefecture = e.prefecture OR t.prefecture IS NULL AND NOT EXISTS (
				SELECT
				FROM followup.threshold o
				WHERE o.plan = t.plan
					AND o.prefecture = e.prefecture
					AND o.measure = t.measure
					AND o.level = t.level
					AND o.valid @> day
			))
		WHERE e.enrolment = ANY (enrolments)
			AND (m.value >= t.at_least OR m.value <= t.at_most)
		ORDER BY e.enrolment, m.measure, followup.level_rank(t.level) DESC
	), written AS (
		INSERT INTO followup.alert AS a (enrolment, person, prefecture, health_center, day, prompt, n, measure, level, value, details, threshold, raised_at)
		SELECT r.enrolment, r.person, r.prefecture, r.health_center, day, prompt, n, r.measure, r.level, r.value, coalesce(r.details, '{}'), r.threshold, as_of
		FROM reached r
		ON CONFLICT ON CONSTRAINT alert_enrolment_day_prompt_n_measure_key DO UPDATE
		SET level = excluded.level,
			value = excluded.value,
			details = excluded.details,
			threshold = excluded.threshold,
			raised_at = excluded.raised_at,
			state = 'open',
			handled_at = NULL,
			handled_by = NULL,
			outcome = NULL
		-- the same again is no news
		WHERE a.state = 'withdrawn'
			OR (a.level, a.value, a.details) IS DISTINCT FROM (excluded.level, excluded.value, excluded.details)
		RETURNING a.enrolment, a.person, a.prefecture, a.health_center, a.measure, a.level
	), withdrawn AS (
		-- what a corrected answer does not say any more
		UPDATE followup.alert a
		SET state = 'withdrawn',
			handled_at = as_of
		WHERE a.enrolment = ANY (enrolments)
			AND a.day = raise_alerts.day
			AND a.prompt = raise_alerts.prompt
			AND a.n = raise_alerts.n
			AND a.state = 'open'
			AND NOT EXISTS (SELECT FROM reached r WHERE r.enrolment = a.enrolment AND r.measure = a.measure)
	), called AS (
		INSERT INTO followup.call AS c (enrolment, person, responder, prefecture, health_center, day, reason, priority, made_at)
		SELECT DISTINCT ON (e.enrolment) e.enrolment, e.person, e.responder, e.prefecture, e.health_center, day,
			CASE WHEN w.measure = 'household_yes' THEN 'household' ELSE 'alert' END, CASE w.level WHEN 'emergency' THEN 1 ELSE 3 END, as_of
		FROM written w
		JOIN followup.enrolment e ON e.enrolment = w.enrolment
		WHERE w.level = ANY ('{warning,emergency}'::text[])
			AND e.state = 'open'
		ORDER BY e.enrolment, followup.level_rank(w.level) DESC
		ON CONFLICT (enrolment) WHERE state = 'open' DO UPDATE
		SET reason = excluded.reason,
			priority = least(c.priority, excluded.priority),
			day = excluded.day
	), notified AS (
		-- an arrival that shows signs of illness: the governor is told where the person stays
		INSERT INTO followup.notification (enrolment, person, prefecture, health_center, day, reason, made_at)
		SELECT DISTINCT w.enrolment, w.person, w.prefecture, w.health_center, day, 'abnormal', as_of
		FROM written w
		JOIN followup.enrolment e ON e.enrolment = w.enrolment
		JOIN followup.plan p ON p.plan = e.plan
		WHERE p.kind = 'arrival'
			AND w.level = ANY ('{warning,emergency}'::text[])
			AND w.measure <> ALL ('{distance_m,identity_unconfirmed}'::text[])
		ON CONFLICT DO NOTHING
	)
	SELECT coalesce(jsonb_agg(jsonb_build_object('measure', r.measure, 'level', r.level, 'value', r.value, 'message_ja', t.message_ja, 'message_en', t.message_en)
			ORDER BY followup.level_rank(r.level) DESC, r.measure), '[]') INTO raised
	FROM (SELECT DISTINCT ON (r.measure) r.* FROM reached r ORDER BY r.measure, followup.level_rank(r.level) DESC) AS r
	JOIN followup.threshold t ON t.threshold = r.threshold;
	RETURN raised;
END
$$;
COMMENT ON FUNCTION followup.raise_alerts(bigint[], date, text, smallint, jsonb, timestamptz) IS '警戒の判定 / compares measured values of an answer with the thresholds of its plans, raises or renews alerts, withdraws those that a correction made void, puts people on the call list, and notifies the prefecture of arrivals with signs of illness. measures: [{"measure", "value", "details"}]. Returns the alerts as JSON, the gravest first. For functions that run as the owner.';

CREATE OR REPLACE FUNCTION followup.take_answer(
	person uuid,
	prompt text,
	answer jsonb,
	day date DEFAULT NULL,
	n integer DEFAULT NULL,
	channel text DEFAULT 'web',
	entered_by text DEFAULT NULL,
	lead boolean DEFAULT true,
	as_of timestamptz DEFAULT now()
) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	stay followup.enrolment;
	slot followup.slot;
	enrolments bigint[];
	of_day date;
	of_n smallint;
	limit_late interval;
	state text := 'answered';
	former jsonb;
	measures jsonb;
	alerts jsonb;
	filled bigint := 0;
BEGIN
	IF prompt IS NULL OR prompt <> ALL ('{health,location,video}'::text[]) THEN
		RAISE EXCEPTION 'nobody asks for that'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'The prompts are health, location and video.';
	END IF;
	IF channel IS NULL OR channel <> ALL ('{line,web,phone,call,staff,import}'::text[]) THEN
		RAISE EXCEPTION 'an answer does not come in that way'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'The channels are line, web, phone, call, staff and import.';
	END IF;
	IF jsonb_typeof(answer) IS DISTINCT FROM 'object' THEN
		RAISE EXCEPTION 'an answer is a JSON object'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;

	-- two answers of one person come one after the other; so do an answer and the end of the stay
	PERFORM
	FROM followup.enrolment e
	WHERE e.person = take_answer.person
		AND (e.state = 'open' OR e.closed_at > as_of - interval '3 days')
	ORDER BY e.enrolment
	FOR NO KEY UPDATE;
	IF NOT found THEN
		PERFORM followup.refuse('not_followed', 'OB122', 'the person is not in follow-up', 'フォローアップの対象ではありません。');
	END IF;

	-- the slot that is meant: one that is open and not answered, else the last of today that was
	SELECT s.* INTO slot
	FROM followup.enrolment e
	JOIN followup.slot s ON s.enrolment = e.enrolment
		AND s.day = ANY (CASE WHEN day IS NULL
			THEN ARRAY[(as_of AT TIME ZONE e.time_zone)::date, (as_of AT TIME ZONE e.time_zone)::date - 1]
			ELSE ARRAY[day] END)
	WHERE e.person = take_answer.person
		AND (e.state = 'open' OR e.closed_at > as_of - interval '3 days')
		AND s.prompt = take_answer.prompt
		AND s.state <> 'cancelled'
		AND (s.n = take_answer.n OR take_answer.n IS NULL)
		-- a random check cannot be answered before it is asked; the state of health of the day can
		AND (s.opens_at <= as_of OR prompt = 'health' AND s.day <= (as_of AT TIME ZONE e.time_zone)::date)
	ORDER BY (s.state <> 'answered' AND s.due_at > as_of AND s.opens_at <= as_of) DESC,
		(s.day = (as_of AT TIME ZONE e.time_zone)::date) DESC,
		(s.opens_at <= as_of) DESC,
		s.opens_at DESC,
		s.enrolment
	LIMIT 1;
	SELECT e.* INTO stay
	FROM followup.enrolment e
	WHERE e.person = take_answer.person
		AND (e.enrolment = slot.enrolment OR slot.enrolment IS NULL AND e.state = 'open')
	ORDER BY e.enrolment DESC
	LIMIT 1;

	IF slot.day IS NULL THEN
		IF stay.enrolment IS NULL THEN
			PERFORM followup.refuse('not_followed', 'OB122', 'the person is not in follow-up', 'フォローアップの対象ではありません。');
		ELSIF prompt <> 'health' OR day IS NOT NULL AND day <> (as_of AT TIME ZONE stay.time_zone)::date THEN
			PERFORM followup.refuse('not_asked', 'OB123', 'nothing of that kind is asked at this time', 'この時間帯の依頼はありません。');
		END IF;
		-- told without being asked: whoever feels ill need not wait
		state := 'unasked';
		of_day := (as_of AT TIME ZONE stay.time_zone)::date;
		of_n := 0;
		enrolments := ARRAY(SELECT e.enrolment FROM followup.enrolment e WHERE e.person = take_answer.person AND e.state = 'open' ORDER BY 1);
	ELSE
		of_day := slot.day;
		of_n := slot.n;
		SELECT q.late_until INTO limit_late
		FROM followup.prompt q
		WHERE q.plan = stay.plan
			AND q.prompt = take_answer.prompt
			AND q.valid @> of_day;
		IF as_of > slot.due_at + coalesce(limit_late, interval '0') THEN
			PERFORM followup.refuse('too_late', 'OB124', 'the answer is too late', '回答の受付は終了しました。');
		END IF;
		enrolments := ARRAY(
			SELECT s.enrolment
			FROM followup.enrolment e
			JOIN followup.slot s ON s.day = of_day
				AND s.enrolment = e.enrolment
				AND s.prompt = take_answer.prompt
				AND s.n = of_n
			WHERE e.person = take_answer.person
				AND s.state <> 'cancelled'
			ORDER BY 1
			FOR NO KEY UPDATE OF s);
	END IF;

	IF prompt = 'health' THEN
		former := followup.store_health(of_day, person, of_n, stay, answer, channel, entered_by, lead, as_of);
	ELSIF prompt = 'location' THEN
		former := followup.store_location(of_day, person, of_n, stay, answer, channel, as_of);
	ELSE
		former := followup.store_video(of_day, person, of_n, stay, answer, channel, entered_by, as_of);
	END IF;
	measures := former -> 'measures';
	IF former ->> 'was' = 'same' THEN
		state := 'repeated';
	ELSIF former ->> 'was' = 'other' THEN
		state := 'replaced';
	END IF;

	IF slot.day IS NOT NULL THEN
		UPDATE followup.slot s
		SET state = 'answered',
			answered_at = as_of,
			channel = take_answer.channel,
			evidence = NULL,
			reason = NULL
		WHERE s.day = of_day
			AND s.enrolment = ANY (enrolments)
			AND s.prompt = take_answer.prompt
			AND s.n = of_n
			AND s.state <> ALL ('{answered,cancelled}'::text[]);
		GET DIAGNOSTICS filled = ROW_COUNT;
	END IF;
	IF state <> 'repeated' OR filled > 0 THEN
		UPDATE followup.enrolment e
		SET last_answer_at = as_of
		WHERE e.enrolment = ANY (enrolments)
			AND e.last_answer_at IS DISTINCT FROM greatest(e.last_answer_at, as_of);
		UPDATE followup.call c
		SET state = 'overtaken',
			ended_at = as_of
		WHERE c.enrolment = ANY (enrolments)
			AND c.state = 'open'
			AND c.reason = ANY ('{missed,undelivered}'::text[]);
	END IF;
	IF prompt = 'health' THEN
		-- illness concerns every plan that the person is in, whichever asked
		enrolments := ARRAY(
			SELECT x.enrolment
			FROM unnest(enrolments) AS x (enrolment)
			UNION
			SELECT e.enrolment
			FROM followup.enrolment e
			WHERE e.person = take_answer.person
				AND e.state = 'open'
			ORDER BY 1);
	END IF;
	alerts := followup.raise_alerts(enrolments, of_day, prompt, of_n, measures, as_of);
	RETURN jsonb_build_object('state', state, 'day', of_day, 'n', of_n, 'late', coalesce(as_of > slot.due_at, false), 'slots', filled, 'alerts', alerts);
END
$$;
COMMENT ON FUNCTION followup.take_answer(uuid, text, jsonb, date, integer, text, text, boolean, timestamptz) IS
'回答の受付 / takes an answer of a person: stores it, fills the slots of every plan that asked for it, raises alerts, and takes the person off the call list, in one transaction. prompt health: an object of columns of followup.health_answer; location: latitude, longitude and accuracy_m, of which the distance from the place of stay alone is kept; video: mode, face_seen, place_seen. day and n NULL: the slot that is open now, else the last one of today or yesterday. The same answer again changes nothing (repeated), another one replaces it (replaced; the former stays in the history); the state of health may also be told without being asked (unasked, n 0), a random check not. Returns {"state", "day", "n", "late", "slots", "alerts": [{"measure", "level", "value", "message_ja", "message_en"}]}. For functions that run as the owner; people use followup.answer(). Errors: OB001 with every rule that the answer breaks, 22023, OB122 not in follow-up, OB123 nothing is asked, OB124 too late.';

CREATE OR REPLACE FUNCTION followup.store_health(day date, person uuid, n smallint, stay followup.enrolment, answer jsonb, channel text, entered_by text, lead boolean, as_of timestamptz) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	own text[] := '{day,person,n,prefecture,health_center,answered_at,channel,entered_by,source,reported_at,recorded_at}'::text[];
	wrong text;
	misfits jsonb;
	former followup.health_answer;
	latest followup.health_answer;
	was text := 'none';
BEGIN
	SELECT string_agg(k, ', ' ORDER BY k) INTO wrong
	FROM jsonb_object_keys(answer) AS k
	WHERE k = ANY (own)
		OR NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = 'followup.health_answer'::regclass AND a.attname = k AND a.attnum > 0 AND NOT a.attisdropped);
	IF wrong IS NOT NULL OR jsonb_strip_nulls(answer) = '{}' THEN
		PERFORM followup.refuse('unknown_item', 'OB125', CASE WHEN wrong IS NULL THEN 'the answer says nothing' ELSE 'the answer has items that nobody asks for' END, '回答項目が正しくありません。');
	END IF;
	misfits := report.misfits('followup.health_answer', answer || jsonb_build_object('day', day, 'person', person, 'n', n, 'prefecture', stay.prefecture, 'answered_at', as_of, 'channel', channel));
	IF misfits <> '[]' THEN
		RAISE EXCEPTION 'the answer cannot be read'
			USING ERRCODE = 'OB001',
				DETAIL = misfits;
	END IF;
	SELECT h.* INTO former
	FROM followup.health_answer h
	WHERE h.day = store_health.day
		AND h.person = store_health.person
		AND h.n = store_health.n;
	latest := jsonb_populate_record(NULL::followup.health_answer, answer);
	latest.day := day;
	latest.person := person;
	latest.n := n;
	latest.prefecture := stay.prefecture;
	latest.health_center := stay.health_center;
	latest.answered_at := as_of;
	latest.channel := channel;
	latest.entered_by := entered_by;
	latest.source := CASE WHEN channel = 'import' THEN 'import' WHEN entered_by IS NOT NULL THEN 'proxy' ELSE 'own' END;
	latest.reported_at := as_of;
	latest.recorded_at := now();
	IF former.day IS NOT NULL THEN
		IF to_jsonb(former) - own = to_jsonb(latest) - own THEN
			was := 'same';
		ELSE
			was := 'other';
			DELETE FROM followup.health_answer h
			WHERE h.day = store_health.day
				AND h.person = store_health.person
				AND h.n = store_health.n;
		END IF;
	END IF;
	IF was <> 'same' THEN
		INSERT INTO followup.health_answer VALUES (latest.*);
	END IF;
	RETURN jsonb_build_object('was', was, 'measures', (
		SELECT coalesce(jsonb_agg(to_jsonb(m)), '[]')
		FROM followup.health_measures(latest, lead) AS m));
END
$$;
COMMENT ON FUNCTION followup.store_health(date, uuid, smallint, followup.enrolment, jsonb, text, text, boolean, timestamptz) IS 'Part of followup.take_answer(): writes an answer about the state of health. Returns {"was": none, same or other, "measures"}. OB125 for items that nobody asks for, OB001 for broken rules.';

CREATE OR REPLACE FUNCTION followup.store_location(day date, person uuid, n smallint, stay followup.enrolment, answer jsonb, channel text, as_of timestamptz) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	latitude double precision;
	longitude double precision;
	accuracy integer;
	distance integer;
	away boolean;
	was text := 'none';
BEGIN
	IF answer - '{latitude,longitude,accuracy_m}'::text[] <> '{}' OR jsonb_typeof(answer -> 'latitude') IS DISTINCT FROM 'number' OR jsonb_typeof(answer -> 'longitude') IS DISTINCT FROM 'number'
		OR jsonb_typeof(answer -> 'accuracy_m') <> ALL ('{number,null}'::text[])
	THEN
		PERFORM followup.refuse('unknown_item', 'OB125', 'a position is latitude and longitude, and accuracy_m where known', '位置情報は緯度・経度(と精度)で回答してください。');
	END IF;
	IF (answer ->> 'latitude')::numeric NOT BETWEEN -90 AND 90 OR (answer ->> 'longitude')::numeric NOT BETWEEN -180 AND 180
		OR (answer ->> 'accuracy_m')::numeric NOT BETWEEN 0 AND 100000
	THEN
		PERFORM followup.refuse('no_place', 'OB125', 'no place on earth', '位置が正しくありません。');
	END IF;
	latitude := (answer ->> 'latitude')::numeric;
	longitude := (answer ->> 'longitude')::numeric;
	accuracy := ceil((answer ->> 'accuracy_m')::numeric);
	-- the position goes no further than this
	SELECT (round(d.metres / 10) * 10)::integer, d.metres - coalesce(accuracy, 0) > p.radius_m INTO distance, away
	FROM followup.place_of_stay p
	CROSS JOIN LATERAL (SELECT @postgis@.st_distance(p.location, @postgis@.st_setsrid(@postgis@.st_makepoint(longitude, latitude), 4326)::@postgis@.geography) AS metres) AS d
	WHERE p.enrolment = stay.enrolment;

	SELECT CASE WHEN (l.distance_m, l.accuracy_m, l.away) IS DISTINCT FROM (distance, accuracy, away) THEN 'other' ELSE 'same' END INTO was
	FROM followup.location_answer l
	WHERE l.day = store_location.day
		AND l.person = store_location.person
		AND l.n = store_location.n;
	IF NOT found THEN
		INSERT INTO followup.location_answer (day, person, n, prefecture, health_center, answered_at, channel, distance_m, accuracy_m, away)
		VALUES (day, person, n, stay.prefecture, stay.health_center, as_of, channel, distance, accuracy, away);
		was := 'none';
	ELSIF was = 'other' THEN
		-- the first position counts: whoever was away is not back by answering again
		was := 'same';
		SELECT l.distance_m, l.away INTO distance, away
		FROM followup.location_answer l
		WHERE l.day = store_location.day
			AND l.person = store_location.person
			AND l.n = store_location.n;
	END IF;
	RETURN jsonb_build_object('was', was, 'measures', CASE WHEN away THEN jsonb_build_array(jsonb_build_object('measure', 'distance_m', 'value', distance)) ELSE '[]' END);
END
$$;
COMMENT ON FUNCTION followup.store_location(date, uuid, smallint, followup.enrolment, jsonb, text, timestamptz) IS 'Part of followup.take_answer(): writes how far from the place of stay somebody was; the first position of a check counts. OB125 for what is no position.';

CREATE OR REPLACE FUNCTION followup.store_video(day date, person uuid, n smallint, stay followup.enrolment, answer jsonb, channel text, entered_by text, as_of timestamptz) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	was text;
BEGIN
	IF answer - '{mode,face_seen,place_seen}'::text[] <> '{}' OR (answer ->> 'mode') IS NULL OR (answer ->> 'mode') <> ALL ('{ai,staff}'::text[])
		OR jsonb_typeof(answer -> 'face_seen') <> ALL ('{boolean,null}'::text[]) OR jsonb_typeof(answer -> 'place_seen') <> ALL ('{boolean,null}'::text[])
	THEN
		PERFORM followup.refuse('unknown_item', 'OB125', 'a video call has mode (ai or staff), face_seen and place_seen', 'ビデオ通話の記録は方式、本人確認、場所確認です。');
	END IF;
	SELECT CASE WHEN (v.mode, v.face_seen, v.place_seen) IS DISTINCT FROM (answer ->> 'mode', (answer ->> 'face_seen')::boolean, (answer ->> 'place_seen')::boolean) THEN 'other' ELSE 'same' END INTO was
	FROM followup.video_answer v
	WHERE v.day = store_video.day
		AND v.person = store_video.person
		AND v.n = store_video.n;
	was := coalesce(was, 'none');
	IF was <> 'same' THEN
		INSERT INTO followup.video_answer AS v (day, person, n, prefecture, health_center, answered_at, channel, mode, face_seen, place_seen, entered_by)
		VALUES (day, person, n, stay.prefecture, stay.health_center, as_of, channel, answer ->> 'mode', (answer ->> 'face_seen')::boolean, (answer ->> 'place_seen')::boolean, entered_by)
		ON CONFLICT ON CONSTRAINT video_answer_pkey DO UPDATE
		SET answered_at = excluded.answered_at,
			channel = excluded.channel,
			mode = excluded.mode,
			face_seen = excluded.face_seen,
			place_seen = excluded.place_seen,
			entered_by = excluded.entered_by;
	END IF;
	RETURN jsonb_build_object('was', was, 'measures',
		CASE WHEN (answer ->> 'face_seen')::boolean AND (answer ->> 'place_seen')::boolean IS NOT FALSE THEN '[]'
		ELSE jsonb_build_array(jsonb_build_object('measure', 'identity_unconfirmed', 'value', 1)) END);
END
$$;
COMMENT ON FUNCTION followup.store_video(date, uuid, smallint, followup.enrolment, jsonb, text, text, timestamptz) IS 'Part of followup.take_answer(): writes what was seen in a video call. OB125 for what is no such record.';

-- ---- one answer for a household

CREATE OR REPLACE FUNCTION followup.take_household(responder uuid, yes boolean, day date DEFAULT NULL, n integer DEFAULT NULL, channel text DEFAULT 'line', entered_by text DEFAULT NULL, as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	persons uuid[];
	results jsonb := '[]';
BEGIN
	-- the responder first, and then by number: two answers of a household lock in the same order
	persons := ARRAY(
		SELECT e.person
		FROM followup.enrolment e
		WHERE e.responder = take_household.responder
			AND e.state = 'open'
		GROUP BY e.person
		ORDER BY e.person <> take_household.responder, min(e.enrolment));
	IF persons = '{}' THEN
		PERFORM followup.refuse('not_followed', 'OB122', 'the person is not in follow-up', 'フォローアップの対象ではありません。');
	END IF;
	FOR i IN 1..cardinality(persons) LOOP
		-- NO is everybody's answer; with YES it is not known whose, and staff call
		results := results || followup.take_answer(persons[i], 'health',
			CASE WHEN NOT yes THEN '{"fever": false, "any_symptom": false}'::jsonb
				WHEN cardinality(persons) = 1 THEN '{"any_symptom": true}'
				ELSE '{"household_yes": true}' END,
			day, n, channel, entered_by, i = 1, as_of);
	END LOOP;
	RETURN jsonb_build_object('persons', cardinality(persons), 'answers', results);
END
$$;
COMMENT ON FUNCTION followup.take_household(uuid, boolean, date, integer, text, text, timestamptz) IS '世帯の一括回答 / one YES or NO of a responder for everybody in follow-up whom the responder answers for. NO: no fever and no symptoms, each. YES: somebody has, and it is not known who, so the items stay open, one alert is raised and staff call. Returns {"persons", "answers"}. For functions that run as the owner. Errors as followup.take_answer().';

-- ---- LINE

CREATE OR REPLACE FUNCTION followup.take_postback(kind text, person uuid, data jsonb, at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	parts text[] := regexp_match(data ->> 'data', '^a=([0-9]{4}-[0-9]{2}-[0-9]{2})[.](health)[.]([0-9]{1,2})[.](yes|no)(?:[.]([0-9a-f-]{36}))?$');
	of_day date;
BEGIN
	IF parts IS NULL OR person IS NULL THEN
		RETURN false;
	END IF;
	of_day := registry.date_or_null(parts[1]);
	IF of_day IS NULL THEN
		RETURN false;
	END IF;
	IF parts[5] IS NULL THEN
		PERFORM followup.take_household(person, parts[4] = 'yes', of_day, parts[3]::integer, 'line', NULL, at);
	ELSE
		IF NOT EXISTS (
			SELECT
			FROM followup.enrolment e
			WHERE e.responder = take_postback.person
				AND e.person::text = parts[5]
				AND e.state = 'open'
		) THEN
			RETURN false;
		END IF;
		PERFORM followup.take_answer(parts[5]::uuid, 'health', CASE parts[4] WHEN 'no' THEN '{"fever": false, "any_symptom": false}'::jsonb ELSE '{"any_symptom": true}' END,
			of_day, parts[3]::integer, 'line', NULL, true, at);
	END IF;
	RETURN true;
END
$$;
COMMENT ON FUNCTION followup.take_postback(text, uuid, jsonb, timestamptz) IS 'LINEの回答 / handler of messaging for buttons: a=<day>.health.<n>.<yes or no>, for the whole household of who pressed it, or with .<person> for one of it. False for what is no such answer, or somebody else''s.';

CREATE OR REPLACE FUNCTION followup.take_bounce(kind text, person uuid, data jsonb, at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	-- whoever is marking slots as missed by this evidence has finished before we look
	PERFORM
	FROM messaging.acceptance a
	WHERE a.day = (data ->> 'day')::date
		AND a.key = (data ->> 'key')::uuid
	FOR UPDATE;
	UPDATE followup.slot s
	SET state = 'undelivered',
		evidence = NULL,
		reason = 'bounced'
	WHERE s.day = (data ->> 'day')::date
		AND s.message_key = (data ->> 'key')::uuid
		AND s.evidence;
	RETURN true;
END
$$;
COMMENT ON FUNCTION followup.take_bounce(text, uuid, jsonb, timestamptz) IS '不達の取消 / handler of messaging for messages that bounce after they were accepted: nobody missed them; the slots become undelivered.';

CREATE OR REPLACE FUNCTION followup.take_incoming(as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	event record;
	taken bigint := 0;
	waiting bigint := 0;
BEGIN
	FOR event IN
		SELECT i.day, i.event, i.person, i.data, i.at
		FROM messaging.incoming i
		WHERE i.kind = 'postback'
			AND i.day >= outbreak.local_date(as_of) - 2
			AND i.taken_at IS NULL
			AND starts_with(i.data ->> 'data', 'a=')
		ORDER BY i.at
		FOR UPDATE SKIP LOCKED
	LOOP
		BEGIN
			IF followup.take_postback('postback', event.person, event.data, event.at) THEN
				UPDATE messaging.incoming i
				SET taken_at = as_of,
					problem = NULL
				WHERE i.day = event.day
					AND i.event = event.event;
				taken := taken + 1;
			ELSE
				waiting := waiting + 1;
			END IF;
		EXCEPTION WHEN OTHERS THEN
			waiting := waiting + 1;
		END;
	END LOOP;
	RETURN jsonb_build_object('taken', taken, 'waiting', waiting);
END
$$;
COMMENT ON FUNCTION followup.take_incoming(timestamptz) IS '受信の再処理 / job: tries answers of the last two days again that could not be taken when they came, as of when they came. Returns {"taken", "waiting"}.';
