-- Release of patients, corrections, periods, and the lists of those who call. Everything runs as the caller; what is
-- written goes through functions of followup that say who may.

CREATE OR REPLACE FUNCTION api.may_release(enrolment bigint)
RETURNS TABLE (verdict boolean, rule text, ready_at timestamptz, missing text[], reason_ja text, reason_en text)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT m.verdict, m.rule, m.ready_at, m.missing, m.reason_ja, m.reason_en
	FROM followup.may_release(may_release.enrolment) AS m;
END;
COMMENT ON FUNCTION api.may_release(bigint) IS '解除判定 / May this patient be released now? verdict true by rule; false, from when (ready_at) if nothing but time has to pass; null when it hangs on facts that nobody has entered: missing names them (eased_at 症状軽快日時, setting 療養場所, test_result 検査結果). No row for somebody not in your charge.';

CREATE OR REPLACE FUNCTION api.ready_for_release(health_center bigint DEFAULT NULL)
RETURNS TABLE (enrolment bigint, person uuid, class text, day0 date, day integer, verdict boolean, rule text, ready_at timestamptz, missing text[], reason_ja text, reason_en text)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	SELECT r.enrolment, r.person, r.class, r.day0, r.day, r.verdict, r.rule, r.ready_at, r.missing, r.reason_ja, r.reason_en
	FROM followup.ready_for_release(ready_for_release.health_center) AS r;
END;
COMMENT ON FUNCTION api.ready_for_release(bigint) IS '解除候補 / Patients in your charge who may be released, for whom a fact is missing, or whose usual period ends.';

CREATE OR REPLACE FUNCTION api.release_patient(enrolment bigint) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN jsonb_build_object('enrolment', enrolment, 'rule', followup.staff_release(enrolment));
END
$$;
COMMENT ON FUNCTION api.release_patient(bigint) IS '解除 / Releases a patient in your charge by the rule that holds today, cancels what was still to be asked, and tells the person. Answers {"enrolment", "rule"}; again, the same. 400 with verdict, ready_at and missing in "details" when no rule is met or a fact is missing; 403 for somebody not in your charge.';

CREATE OR REPLACE FUNCTION api.enter_test(enrolment bigint, taken_at timestamptz, method text, result text DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN followup.enter_test(enrolment, taken_at, method, result);
END
$$;
COMMENT ON FUNCTION api.enter_test(bigint, timestamptz, text, text) IS '検査の入力 / Enters a specimen of a patient in your charge, or its result when it comes: method naat, antigen or kit; result negative, positive, invalid, or none yet. Again: corrects it. Answers {"test", "verdict", "rule", "missing", "reopened"}: whether the patient may be released now, and whether a release was taken back that rested on the former result.';

CREATE OR REPLACE FUNCTION api.correct_followup(enrolment bigint, patch jsonb, reason text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN followup.staff_correct(enrolment, ops.json_value(patch), reason);
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing this follow-up'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was changed. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.correct_followup(bigint, jsonb, text) IS '訂正 / Corrects what a follow-up in your charge goes by: patch is an object of day0, class, time_zone, responder, began_at, eased, eased_at, setting; or {"not_exposed": true} for somebody who should never have been followed. Everything that follows from it is put right at once: last day, slots and messages to come, misses and calls of days on which nothing was owed, notices, a release; and the person is told. Answers {"correction", "before", "after", "effects"}. 400 with every fault in "details".';

CREATE OR REPLACE FUNCTION api.preview_period(plan text, class text, days integer, from_on date)
RETURNS TABLE (enrolment bigint, prefecture smallint, health_center bigint, day0 date, until_now date, until_new date, effect text, slots_cancelled bigint, slots_made bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	SELECT v.enrolment, v.prefecture, v.health_center, v.day0, v.until_now, v.until_new, v.effect, v.slots_cancelled, v.slots_made
	FROM followup.preview_period(preview_period.plan, preview_period.class, preview_period.days, preview_period.from_on) AS v;
END;
COMMENT ON FUNCTION api.preview_period(text, text, integer, date) IS '期間変更の影響 / Who would be affected if people of a class were followed for so many days, retroactively from a day on: their last day now and then, and the slots that would go or come. Changes nothing.';

CREATE OR REPLACE FUNCTION api.change_period(plan text, class text, days integer, from_on date, basis text, retroactive boolean DEFAULT false) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN followup.change_period(plan, class, days, from_on, basis, retroactive);
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'follow-ups are being changed by others'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was changed. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.change_period(text, text, integer, date, text, boolean) IS '期間の変更 / For the ministry: people of a class are followed for so many days from a day on, with retroactive also those in follow-up already. Answers {"changed", "shorter", "slots_cancelled", "slots_made", "told"}. Look with preview_period first.';

CREATE OR REPLACE FUNCTION api.call_list(health_center bigint DEFAULT NULL)
RETURNS TABLE (call bigint, enrolment bigint, person uuid, responder uuid, plan text, day integer, reason text, priority smallint, alert_level text, waiting interval,
	attempts smallint, last_attempt_at timestamptz, last_answer_at timestamptz, missed bigint, undelivered bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	SELECT c.call, c.enrolment, c.person, c.responder, c.plan, c.day, c.reason, c.priority, c.alert_level, c.waiting,
		c.attempts, c.last_attempt_at, c.last_answer_at, c.missed, c.undelivered
	FROM followup.call_list(call_list.health_center) AS c;
END;
COMMENT ON FUNCTION api.call_list(bigint) IS '架電リスト / Whom your health centre is to call, the most urgent first. missed: our message arrived and no answer came; undelivered: it did not arrive, which counts against nobody.';

CREATE OR REPLACE FUNCTION api.workload(health_center bigint DEFAULT NULL, days integer DEFAULT 7, new_a_day numeric DEFAULT NULL)
RETURNS TABLE (day date, in_follow_up numeric, of_them_new numeric, messages numeric, calls numeric, hours numeric)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 7
BEGIN ATOMIC
	SELECT w.day, w.in_follow_up, w.of_them_new, w.messages, w.calls, w.hours
	FROM followup.workload(workload.health_center, outbreak.local_date(), least(workload.days, 60), workload.new_a_day) AS w;
END;
COMMENT ON FUNCTION api.workload(bigint, integer, numeric) IS '業務量の見込み / What your health centre has to expect on the coming days (60 at most): persons in follow-up, slots asked, calls and hours of calling, by what the last 14 days were like; new_a_day sets how many come. An estimate.';

CREATE OR REPLACE FUNCTION api.compliance(from_day date, to_day date, health_center bigint DEFAULT NULL)
RETURNS TABLE (day date, prompt text, expected bigint, answered bigint, in_time bigint, late bigint, missed bigint, undelivered bigint, awaited bigint, rate numeric, in_time_rate numeric)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 50
BEGIN ATOMIC
	SELECT c.day, c.prompt, c.expected, c.answered, c.in_time, c.late, c.missed, c.undelivered, c.awaited, c.rate, c.in_time_rate
	FROM followup.compliance(compliance.from_day, compliance.to_day, compliance.health_center) AS c;
END;
COMMENT ON FUNCTION api.compliance(date, date, bigint) IS '回答率 / Reply rates by day and prompt, of the slots that you may see: rate is per cent answered of those answered or missed; what we could not deliver counts against nobody.';

CREATE OR REPLACE FUNCTION api.compliance_by_channel(from_day date, to_day date, health_center bigint DEFAULT NULL)
RETURNS TABLE (day date, channel text, answered bigint, in_time bigint, share numeric, in_time_rate numeric)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 50
BEGIN ATOMIC
	SELECT c.day, c.channel, c.answered, c.in_time, c.share, c.in_time_rate
	FROM followup.compliance_by_channel(compliance_by_channel.from_day, compliance_by_channel.to_day, compliance_by_channel.health_center) AS c;
END;
COMMENT ON FUNCTION api.compliance_by_channel(date, date, bigint) IS '手段別の回答 / Through which channel the answers of a day came, and how many of them in time.';

CREATE OR REPLACE FUNCTION api.silent_persons(days integer DEFAULT 4, health_center bigint DEFAULT NULL)
RETURNS TABLE (enrolment bigint, person uuid, prefecture smallint, health_center_of bigint, plan text, silent_days integer, missed bigint, undelivered bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	SELECT s.enrolment, s.person, s.prefecture, s.health_center_of, s.plan, s.silent_days, s.missed, s.undelivered
	FROM followup.silent(silent_persons.days, silent_persons.health_center) AS s;
END;
COMMENT ON FUNCTION api.silent_persons(integer, bigint) IS '連絡不能 / Who has not answered anything for so many days. missed 0: none of our messages arrived; find another way to reach them.';
