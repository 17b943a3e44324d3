GRANT USAGE ON SCHEMA followup TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_quarantine, outbreak_analyst, outbreak_auditor, outbreak_worker;

-- ---- rules, and what proves the random checks
GRANT SELECT ON followup.plan, followup.class, followup.period, followup.prompt, followup.threshold, followup.random_commitment
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_quarantine, outbreak_analyst, outbreak_auditor, outbreak_worker;
GRANT INSERT, UPDATE, DELETE ON followup.plan, followup.class, followup.period, followup.prompt, followup.threshold TO outbreak_ministry;
GRANT INSERT, UPDATE, DELETE ON followup.threshold TO outbreak_prefecture;
GRANT USAGE ON SEQUENCE followup.threshold_number TO outbreak_ministry, outbreak_prefecture;
GRANT EXECUTE ON FUNCTION followup.period_of(text, text, date, date), followup.period_days(text, text, date, date), followup.asks(text, text, date, date), followup.level_rank(text),
	followup.refuse(text, text, text, text)
	TO outbreak_anon, outbreak_citizen, outbreak_institution, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_ministry, outbreak_quarantine, outbreak_analyst, outbreak_auditor, outbreak_worker;

-- ---- who is followed. report.register() grants writing of its forms; answers go through functions.
REVOKE ALL ON followup.health_answer, followup.health_answer_history FROM outbreak_ministry, outbreak_analyst;
GRANT SELECT ON followup.enrolment, followup.slot, followup.health_answer, followup.health_answer_history, followup.location_answer, followup.video_answer, followup.alert, followup.escalation, followup.call, followup.notification
	TO outbreak_health_center, outbreak_prefecture, outbreak_worker;
GRANT SELECT ON followup.enrolment, followup.notification TO outbreak_quarantine;
GRANT SELECT ON followup.place_of_stay TO outbreak_health_center, outbreak_prefecture;
GRANT SELECT ON followup.enrolment, followup.slot, followup.health_answer, followup.health_answer_history, followup.location_answer, followup.video_answer TO outbreak_citizen;
GRANT UPDATE (state, handled_at, handled_by, outcome) ON followup.alert TO outbreak_health_center, outbreak_prefecture;
GRANT UPDATE (state, attempts, last_attempt_at, ended_at, ended_by, outcome) ON followup.call TO outbreak_health_center, outbreak_prefecture;
GRANT UPDATE (read_at, read_by) ON followup.notification TO outbreak_prefecture;

-- figures, without persons: analysts and the ministry (and, of slots, quarantine officers) do not get what tells one from another
GRANT SELECT (enrolment, health_center, plan, class, time_zone, state, day0, until, prefecture, child, opened_at, closed_at, last_answer_at, reason, former) ON followup.enrolment TO outbreak_ministry, outbreak_analyst;
GRANT SELECT (day, enrolment, prompt, n, prefecture, evidence, opens_at, due_at, answered_at, health_center, state, channel, reason) ON followup.slot TO outbreak_ministry, outbreak_analyst, outbreak_quarantine;
GRANT SELECT (day, n, prefecture, health_center, answered_at, channel, fever, any_symptom, household_yes, temperature_c, fever_reducer, spo2, cough, sore_throat, runny_nose, blocked_nose, fatigue, breathlessness, headache, diarrhoea, taste_smell_loss, other_cold_symptom,
	face_pale, lips_purple, behaviour_unusual, breathing_fast, dyspnoea_sudden, breathless_moving, chest_pain, cannot_lie_flat, shoulder_breathing, wheezing, response_dull, drowsy, pulse_irregular) ON followup.health_answer TO outbreak_ministry, outbreak_analyst;
GRANT SELECT (day, n, prefecture, health_center, answered_at, channel, distance_m, accuracy_m, away) ON followup.location_answer TO outbreak_ministry, outbreak_analyst;
GRANT SELECT (day, n, prefecture, health_center, answered_at, channel, mode, face_seen, place_seen) ON followup.video_answer TO outbreak_ministry, outbreak_analyst;
GRANT SELECT (alert, enrolment, prefecture, health_center, day, prompt, n, measure, level, value, details, threshold, raised_at, state, handled_at) ON followup.alert TO outbreak_ministry, outbreak_analyst;
GRANT SELECT (day, enrolment, prompt, n, step, prefecture, health_center, taken_at) ON followup.escalation TO outbreak_ministry, outbreak_analyst;
GRANT SELECT (call, enrolment, prefecture, health_center, day, reason, priority, made_at, state, attempts, last_attempt_at, ended_at, outcome) ON followup.call TO outbreak_ministry, outbreak_analyst;
GRANT SELECT (notification, enrolment, prefecture, health_center, day, reason, made_at, read_at) ON followup.notification TO outbreak_ministry, outbreak_analyst;

-- ---- what people do
GRANT EXECUTE ON FUNCTION followup.answer(uuid, text, jsonb, date, integer, text, timestamptz), followup.give_place_of_stay(bigint, double precision, double precision, integer, timestamptz)
	TO outbreak_citizen, outbreak_health_center, outbreak_prefecture;
GRANT EXECUTE ON FUNCTION followup.answer_household(boolean, date, integer, timestamptz) TO outbreak_citizen;
GRANT EXECUTE ON FUNCTION followup.staff_enrol(uuid, text, date, text, uuid, text, jsonb, timestamptz), followup.staff_close(bigint, text, text, timestamptz),
	followup.staff_convert(bigint, text, date, text, jsonb, timestamptz), followup.staff_move(bigint, bigint, timestamptz),
	followup.note_call(bigint, text, timestamptz), followup.handle_alert(bigint, text, timestamptz)
	TO outbreak_health_center, outbreak_prefecture;
GRANT EXECUTE ON FUNCTION followup.note_notification(bigint, timestamptz) TO outbreak_prefecture;

-- Jobs run by ops.run_job(), as the owner.
