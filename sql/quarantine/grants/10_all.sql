GRANT USAGE ON SCHEMA quarantine TO outbreak_anon, outbreak_citizen, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_quarantine, outbreak_ministry, outbreak_analyst, outbreak_auditor, outbreak_worker;

-- ---- what is public: ports, rules, texts
GRANT SELECT ON quarantine.station, quarantine.port, quarantine.regime, quarantine.requirement, quarantine.class_rule, quarantine.language, quarantine.item, quarantine.text, quarantine.reason
	TO outbreak_anon, outbreak_citizen, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_quarantine, outbreak_ministry, outbreak_analyst, outbreak_auditor, outbreak_worker;
GRANT INSERT, UPDATE, DELETE ON quarantine.station, quarantine.port, quarantine.regime, quarantine.requirement, quarantine.class_rule, quarantine.language, quarantine.item, quarantine.text, quarantine.reason
	TO outbreak_ministry;
GRANT EXECUTE ON FUNCTION quarantine.form(text, date), quarantine.languages_for(text), quarantine.missing_texts(text), quarantine.say(text, text),
	quarantine.parse_seat(text), quarantine.conveyance_key(text, text), quarantine.plain(text), quarantine.regime_of(date)
	TO outbreak_anon, outbreak_citizen, outbreak_health_center, outbreak_municipality, outbreak_prefecture, outbreak_quarantine, outbreak_ministry, outbreak_analyst, outbreak_auditor, outbreak_worker;

-- ---- travellers: by the token alone
GRANT EXECUTE ON FUNCTION quarantine.enter(jsonb, jsonb, timestamptz), quarantine.change_entry(text, jsonb, jsonb, timestamptz), quarantine.cancel_entry(text, timestamptz),
	quarantine.my_entry(text, timestamptz), quarantine.submit_document(text, integer, text, text, text, timestamptz),
	quarantine.ticket_svg(text, timestamptz), quarantine.ticket_page(text, text, timestamptz)
	TO outbreak_anon, outbreak_citizen;

-- ---- stations
GRANT SELECT (reader, port, station, installed_on, retired_on, lane) ON quarantine.reader TO outbreak_quarantine, outbreak_ministry, outbreak_analyst, outbreak_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON quarantine.flight TO outbreak_quarantine, outbreak_ministry;
GRANT SELECT ON quarantine.flight, quarantine.reading TO outbreak_analyst, outbreak_worker;
GRANT SELECT ON quarantine.reading TO outbreak_quarantine, outbreak_ministry;
GRANT SELECT (entry, station, arrives_at, made_at, changed_at, arrived_at, on_date, persons, changes, state, port, kind, conveyance, conveyance_key, language, reader, reason)
	ON quarantine.entry TO outbreak_quarantine, outbreak_ministry, outbreak_analyst, outbreak_worker;
GRANT SELECT ON quarantine.traveller TO outbreak_quarantine, outbreak_health_center, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_worker;
GRANT SELECT ON quarantine.questionnaire TO outbreak_quarantine, outbreak_health_center, outbreak_prefecture;
GRANT SELECT ON quarantine.questionnaire_history TO outbreak_quarantine;
GRANT SELECT ON quarantine.identity, quarantine.document TO outbreak_quarantine, outbreak_worker;
GRANT SELECT ON quarantine.detection, quarantine.contact TO outbreak_quarantine, outbreak_health_center, outbreak_prefecture, outbreak_ministry, outbreak_analyst, outbreak_worker;
GRANT EXECUTE ON FUNCTION outbreak.reveal(outbreak.sealed, text, uuid) TO outbreak_quarantine;
GRANT EXECUTE ON FUNCTION quarantine.scan(text, text, timestamptz) TO outbreak_quarantine, outbreak_ministry;
GRANT EXECUTE ON FUNCTION quarantine.review(bigint, integer, text, text, text, timestamptz), quarantine.review_queue(text, timestamptz), quarantine.reveal_document(bigint, integer, text),
	quarantine.reveal_traveller(uuid), quarantine.is_device(), quarantine.correct_answers(uuid, jsonb, timestamptz), quarantine.retire_reader(text, text, timestamptz)
	TO outbreak_quarantine;
GRANT EXECUTE ON FUNCTION quarantine.review(bigint, integer, text, text, text, timestamptz), quarantine.retire_reader(text, text, timestamptz), quarantine.correct_answers(uuid, jsonb, timestamptz),
	quarantine.install_readers(text, integer, date, timestamptz)
	TO outbreak_ministry;

-- ---- cases: the station, and who looks after them where they stay
GRANT EXECUTE ON FUNCTION quarantine.positive(uuid, timestamptz, text, integer, timestamptz), quarantine.withdraw_positive(bigint, text, timestamptz),
	quarantine.decide_contact(bigint, uuid, boolean, text, timestamptz)
	TO outbreak_quarantine, outbreak_health_center, outbreak_prefecture, outbreak_ministry;
-- reads the flight and everybody on it
GRANT EXECUTE ON FUNCTION quarantine.contacts_of(uuid, integer), quarantine.rows_apart(integer, integer, smallint[])
	TO outbreak_quarantine, outbreak_ministry, outbreak_analyst;
GRANT EXECUTE ON FUNCTION quarantine.case_for_notification(uuid) TO outbreak_quarantine, outbreak_ministry;

-- ---- figures
GRANT EXECUTE ON FUNCTION quarantine.throughput(date, text), quarantine.forecast(text, date, integer, interval, interval), quarantine.seconds_per_reading(text, date)
	TO outbreak_quarantine, outbreak_ministry, outbreak_analyst;
GRANT EXECUTE ON FUNCTION quarantine.station_figures(date, timestamptz) TO outbreak_quarantine;
GRANT EXECUTE ON FUNCTION quarantine.daily_figures(date, text, integer, timestamptz), quarantine.national_figures(date, timestamptz), quarantine.unreachable(date, integer), quarantine.rate(bigint, bigint)
	TO outbreak_health_center, outbreak_prefecture, outbreak_ministry, outbreak_analyst;

-- Jobs run by ops.run_job(), as the owner.

-- every form lets the ministry write; this one is written by functions alone, which keep travellers and their seats in step
REVOKE INSERT, UPDATE, DELETE ON quarantine.questionnaire FROM outbreak_ministry;
