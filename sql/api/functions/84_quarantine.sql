-- Quarantine: travellers before they arrive, devices and officers at the airport, and what is followed from there. Everything
-- runs as the caller. Tokens, tickets and what belongs to a person go in a POST.

-- ---- travellers

CREATE OR REPLACE FUNCTION api.arrival_form(language text DEFAULT 'ja', on_date date DEFAULT NULL)
RETURNS json
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT quarantine.form(language, coalesce(on_date, outbreak.local_date()))::json;
END;
COMMENT ON FUNCTION api.arrival_form(text, date) IS '質問票 / The questionnaire for arrivals of a day (today) in a language: parts with their questions, texts, choices and whether an answer is needed. Any language tag will do; what is not translated comes in the next language.';

CREATE OR REPLACE FUNCTION api.enter_arrival(entry jsonb, travellers jsonb)
RETURNS TABLE (token text, number bigint, ticket text, colour text, reason text, message_ja text, message_en text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN QUERY
	SELECT t.token, t.number, t.ticket, t.colour, t.reason, t.message_ja, t.message_en
	FROM quarantine.enter(entry, travellers) AS t;
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.enter_arrival(jsonb, jsonb) IS '事前登録 / Enters everybody who travels together: entry is {"port", "kind", "conveyance", "arrives_at", "language"}, travellers an array with an object for each person (arrival_form tells the items), the first of whom answers for all. Answers the token, with which alone the entry is seen and changed and which is not kept here, the text of the QR code, and the colour.

400 with every fault of every person in "details": [{"traveller", "fields", "code", "message_ja", "message_en"}].';

CREATE OR REPLACE FUNCTION api.change_arrival(token text, entry jsonb DEFAULT '{}', travellers jsonb DEFAULT '[]')
RETURNS TABLE (number bigint, ticket text, colour text, reason text, message_ja text, message_en text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN QUERY
	SELECT t.number, t.ticket, t.colour, t.reason, t.message_ja, t.message_en
	FROM quarantine.change_entry(token, entry, travellers) AS t;
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.change_arrival(text, jsonb, jsonb) IS '登録の変更 / Changes an entry until its ticket is read: what is sent of the arrival, and {"n": 2, …} for each person that changes; a new n is a companion more, {"n": 2, "remove": true} one less.';

CREATE OR REPLACE FUNCTION api.cancel_arrival(token text)
RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN quarantine.cancel_entry(token);
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.cancel_arrival(text) IS '登録の取消 / Cancels an entry and its ticket; false when it was cancelled before.';

CREATE OR REPLACE FUNCTION api.my_arrival(token text)
RETURNS json
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN quarantine.my_entry(token)::json;
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.my_arrival(text) IS '登録の確認 / The entry of a token: colour with its reason, the text of the QR code, until when documents are taken, answers of each person, and which items of identity are there; not what they are.';

CREATE OR REPLACE FUNCTION api.submit_document(token text, n integer, document text, content text, media_type text DEFAULT 'image/jpeg')
RETURNS TABLE (colour text, reason text, message_ja text, message_en text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN QUERY
	SELECT t.colour, t.reason, t.message_ja, t.message_en
	FROM quarantine.submit_document(token, n, document, content, media_type) AS t;
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.submit_document(text, integer, text, text, text) IS '書類の提出 / Sends in a document (test, vaccination, pledge) of the nth person for review, in base64, or the text of a digital certificate (text/plain).';

CREATE OR REPLACE FUNCTION api.arrival_ticket_page(token text, language text DEFAULT NULL)
RETURNS api."text/html"
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN quarantine.ticket_page(token, language)::api."text/html";
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.arrival_ticket_page(text, text) IS '券の画面 / The ticket of an entry as a page to be shown or printed, with its QR code and colour (Accept: text/html).';

CREATE OR REPLACE FUNCTION api.arrival_ticket_svg(token text)
RETURNS api."image/svg+xml"
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN quarantine.ticket_svg(token)::api."image/svg+xml";
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.arrival_ticket_svg(text) IS '券のQRコード / The QR code alone, as SVG (Accept: image/svg+xml).';

-- ---- at the airport

CREATE OR REPLACE FUNCTION api.scan_ticket(ticket text, reader text, scanned_at timestamptz DEFAULT NULL)
RETURNS TABLE (outcome text, reason text, message_ja text, message_en text, colour text, colour_reason text, number bigint, persons integer, arrived_at timestamptz, port text, first_reader text, repeated boolean)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN QUERY
	SELECT t.outcome, t.reason, t.message_ja, t.message_en, t.colour, t.colour_reason, t.number, t.persons, t.arrived_at, t.port, t.first_reader, t.repeated
	FROM quarantine.scan(ticket, reader, coalesce(scanned_at, now())) AS t;
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.scan_ticket(text, text, timestamptz) IS '券の読取 / Reads a ticket at a device: registered, seen_before (when and where), or refused with the reason. scanned_at for what was read while the device was offline; the same reading again is answered in the same way.';

CREATE OR REPLACE FUNCTION api.scan_tickets(readings jsonb)
RETURNS TABLE (line integer, outcome text, reason text, message_ja text, message_en text, colour text, colour_reason text, number bigint, persons integer, arrived_at timestamptz, port text, first_reader text, repeated boolean)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	readings := ops.json_value(readings);
	IF jsonb_typeof(readings) IS DISTINCT FROM 'array' OR jsonb_array_length(readings) > 500
		OR EXISTS (SELECT FROM jsonb_array_elements(readings) AS r WHERE jsonb_typeof(r) <> 'object' OR quarantine.json_instant(r ->> 'scanned_at') IS NULL) THEN
		RAISE EXCEPTION 'readings are an array of at most 500 objects'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Each is {"ticket", "reader", "scanned_at"}, the last as ISO 8601.';
	END IF;
	RETURN QUERY
	SELECT r.line::integer, t.outcome, t.reason, t.message_ja, t.message_en, t.colour, t.colour_reason, t.number, t.persons, t.arrived_at, t.port, t.first_reader, t.repeated
	FROM jsonb_array_elements(readings) WITH ORDINALITY AS r (reading, line)
	CROSS JOIN LATERAL quarantine.scan(r.reading ->> 'ticket', r.reading ->> 'reader', quarantine.json_instant(r.reading ->> 'scanned_at')) AS t;
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.scan_tickets(jsonb) IS 'オフライン読取の送信 / Sends what a device read while it was offline: [{"ticket", "reader", "scanned_at"}], at most 500, all or none. Sent again it is answered in the same way and done once.';

CREATE OR REPLACE FUNCTION api.review_document(number bigint, n integer, document text, decision text, reason text DEFAULT NULL)
RETURNS TABLE (colour text, why text, message_ja text, message_en text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN QUERY
	SELECT t.colour, t.why, t.message_ja, t.message_en
	FROM quarantine.review(number, n, document, decision, reason) AS t;
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.review_document(bigint, integer, text, text, text) IS '書類の審査 / Decides on a document: accepted, refused or at_desk, the last two with a reason that the traveller reads.';

CREATE OR REPLACE FUNCTION api.review_queue(port text DEFAULT NULL)
RETURNS TABLE (number bigint, n smallint, document text, port text, conveyance text, arrives_at timestamptz, submitted_at timestamptz, hours_left numeric, media_type text)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT q.entry, q.n, q.document, q.port, q.conveyance, q.arrives_at, q.submitted_at, q.hours_left, q.media_type
	FROM quarantine.review_queue($1) AS q;
END;
COMMENT ON FUNCTION api.review_queue(text) IS '審査待ち / Documents that wait for a review, who arrives first coming first.';

CREATE OR REPLACE FUNCTION api.arrival_document(number bigint, n integer, document text)
RETURNS TABLE (media_type text, content text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN QUERY
	SELECT t.media_type, t.content
	FROM quarantine.reveal_document(number, n, document) AS t
	WHERE t.media_type IS NOT NULL;
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.arrival_document(bigint, integer, text) IS '書類の閲覧 / A document in clear, for its review; noted in the audit trail.';

CREATE OR REPLACE FUNCTION api.reveal_traveller(person uuid)
RETURNS TABLE (name text, kana text, birth_on date, passport text, phone text, mail text, address text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN QUERY
	SELECT t.name, t.kana, t.birth_on, t.passport, t.phone, t.mail, t.address
	FROM quarantine.reveal_traveller(person) AS t;
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.reveal_traveller(uuid) IS '入国者の本人情報 / Who a traveller is, for officers of the station; noted in the audit trail.';

CREATE OR REPLACE FUNCTION api.correct_traveller(person uuid, answers jsonb)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	PERFORM quarantine.correct_answers(person, ops.json_value(answers));
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.correct_traveller(uuid, jsonb) IS '窓口での訂正 / Corrects answers of a traveller, such as a wrong seat; contacts on the flight follow.';

-- ---- positive travellers

CREATE OR REPLACE FUNCTION api.flight_contacts(person uuid, rows_near integer DEFAULT 2)
RETURNS TABLE (person uuid, relation text, rows_apart smallint, automatic boolean)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT c.person, c.relation, c.rows_apart, c.automatic
	FROM quarantine.contacts_of($1, $2) AS c;
END;
COMMENT ON FUNCTION api.flight_contacts(uuid, integer) IS '機内の接触者 / Who sat near a traveller, within the rows, or travelled along; what an officer decides is not automatic.';

CREATE OR REPLACE FUNCTION api.positive_arrival(person uuid, specimen_at timestamptz, method text DEFAULT 'naat', rows_near integer DEFAULT 2)
RETURNS TABLE (detection bigint, enrolment bigint, contacts integer, undecided integer)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN QUERY
	SELECT t.detection, t.enrolment, t.contacts, t.undecided
	FROM quarantine.positive(person, specimen_at, method, rows_near) AS t;
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.positive_arrival(uuid, timestamptz, text, integer) IS '陽性の登録 / Enters a positive result; the traveller is followed as a patient, and who came near as contacts with a message each, at once.';

CREATE OR REPLACE FUNCTION api.withdraw_positive_arrival(detection bigint, reason text)
RETURNS TABLE (released integer, enrolment bigint)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN QUERY
	SELECT t.released, t.enrolment
	FROM quarantine.withdraw_positive(detection, reason) AS t;
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.withdraw_positive_arrival(bigint, text) IS '陽性の取消 / Takes a wrong result back, with all that followed from it.';

CREATE OR REPLACE FUNCTION api.decide_flight_contact(detection bigint, person uuid, contact boolean, reason text DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN quarantine.decide_contact(detection, person, contact, reason);
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.decide_flight_contact(bigint, uuid, boolean, text) IS '接触者の判断 / Follows somebody as a contact, or dismisses with a reason.';

-- ---- figures

CREATE OR REPLACE FUNCTION api.arrival_throughput(on_date date, port text DEFAULT NULL)
RETURNS TABLE (port text, hour timestamptz, readings bigint, registered bigint, persons bigint, seen_before bigint, refused bigint, readers bigint, per_reader numeric, median_seconds numeric)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT t.port, t.hour, t.readings, t.registered, t.persons, t.seen_before, t.refused, t.readers, t.per_reader, t.median_seconds
	FROM quarantine.throughput($1, $2) AS t;
END;
COMMENT ON FUNCTION api.arrival_throughput(date, text) IS '読取実績 / Readings by port and hour.';

CREATE OR REPLACE FUNCTION api.arrival_forecast(port text, on_date date, readers integer DEFAULT NULL, wait_minutes integer DEFAULT 15)
RETURNS TABLE (hour timestamptz, persons bigint, entries bigint, without_entry bigint, capacity bigint, queue bigint, wait interval, readers_needed integer)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT t.hour, t.persons, t.entries, t.without_entry, t.capacity, t.queue, t.wait, t.readers_needed
	FROM quarantine.forecast($1, $2, $3, least(greatest($4, 0), 1440) * interval '1 minute') AS t;
END;
COMMENT ON FUNCTION api.arrival_forecast(text, date, integer, integer) IS '混雑予測 / What a day at a port will be like by hour, with as many readers as there are or as are given, and how many are needed for nobody to wait longer than so many minutes.';

CREATE OR REPLACE FUNCTION api.arrival_figures(day date, port text DEFAULT NULL, prefecture smallint DEFAULT NULL)
RETURNS TABLE (port text, prefecture smallint, in_followup bigint, health_asked bigint, health_answered bigint, health_rate numeric, location_asked bigint, location_answered bigint, location_rate numeric, video_asked bigint, video_answered bigint, video_rate numeric, missed bigint, undelivered bigint, unreachable bigint)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT t.port, t.prefecture, t.in_followup, t.health_asked, t.health_answered, t.health_rate, t.location_asked, t.location_answered, t.location_rate, t.video_asked, t.video_answered, t.video_rate, t.missed, t.undelivered, t.unreachable
	FROM quarantine.daily_figures($1, $2, $3) AS t;
END;
COMMENT ON FUNCTION api.arrival_figures(date, text, smallint) IS '日次集計 / Follow-up of arrivals on a day by port and prefecture: reply rates in per cent, missed checks, those that our message did not reach, and who has not answered for four days.';

CREATE OR REPLACE FUNCTION api.station_figures(day date)
RETURNS TABLE (port text, prefecture smallint, in_followup bigint, health_asked bigint, health_answered bigint, health_rate numeric, location_asked bigint, location_answered bigint, location_rate numeric, video_asked bigint, video_answered bigint, video_rate numeric, missed bigint, undelivered bigint, unreachable bigint)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM access.in_a_post();
	RETURN QUERY
	SELECT t.port, t.prefecture, t.in_followup, t.health_asked, t.health_answered, t.health_rate, t.location_asked, t.location_answered, t.location_rate, t.video_asked, t.video_answered, t.video_rate, t.missed, t.undelivered, t.unreachable
	FROM quarantine.station_figures(day) AS t;
EXCEPTION WHEN deadlock_detected OR serialization_failure THEN
	RAISE EXCEPTION 'somebody else is changing the same'
		USING ERRCODE = 'PT409',
			HINT = 'Nothing was done. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.station_figures(date) IS '検疫所の日次集計 / The same of the ports of a station, for its officers.';

CREATE OR REPLACE FUNCTION api.arrival_figures_of_the_nation(day date)
RETURNS TABLE (day date, in_followup bigint, health_rate numeric, location_rate numeric, video_rate numeric, health_no_reply bigint, location_no_reply bigint, unreachable bigint)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT t.day, t.in_followup, t.health_rate, t.location_rate, t.video_rate, t.health_no_reply, t.location_no_reply, t.unreachable
	FROM quarantine.national_figures($1) AS t;
END;
COMMENT ON FUNCTION api.arrival_figures_of_the_nation(date) IS '全国集計 / The figures of a day as the ministry published them.';

CREATE OR REPLACE FUNCTION api.unreachable_arrivals(day date, days integer DEFAULT 4)
RETURNS TABLE (person uuid, enrolment bigint, port text, prefecture smallint, health_center bigint, silent_since date, missed bigint, undelivered bigint)
LANGUAGE SQL STABLE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT t.person, t.enrolment, t.port, t.prefecture, t.health_center, t.silent_since, t.missed, t.undelivered
	FROM quarantine.unreachable($1, $2) AS t;
END;
COMMENT ON FUNCTION api.unreachable_arrivals(date, integer) IS '連絡不能 / Who has answered nothing for so many days.';
