-- ---- colour: derived from what there is, never stored

CREATE OR REPLACE FUNCTION quarantine.closes_at(e quarantine.entry) RETURNS timestamptz
LANGUAGE SQL STABLE PARALLEL SAFE
RETURN e.arrives_at - (quarantine.regime_of(e.on_date)).close_before;
COMMENT ON FUNCTION quarantine.closes_at(quarantine.entry) IS '事前審査の締切 / until when documents of an entry are taken for review: so long before arrival as the rule of that day says (quarantine.regime).';

CREATE OR REPLACE FUNCTION quarantine.wanted_documents(entry bigint)
RETURNS TABLE (person uuid, n smallint, document text, state text, reason text, at_desk boolean)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 3
BEGIN ATOMIC
	-- what the rules of the day of arrival ask of each person, with what became of it
	SELECT t.person, t.n, r.document, d.state, d.reason, r.at_desk
	FROM quarantine.traveller AS t
	JOIN quarantine.requirement AS r ON r.valid @> t.on_date
		AND t.age >= r.min_age
	JOIN quarantine.questionnaire AS q ON q.person = t.person
		AND q.on_date = t.answers_on
	LEFT JOIN quarantine.document AS d ON d.person = t.person
		AND d.document = r.document
	WHERE t.entry = wanted_documents.entry
		AND (r.countries = '{}' OR r.countries && q.countries)
		AND NOT EXISTS (
			SELECT
			FROM quarantine.document AS o
			WHERE o.person = t.person
				AND o.document = r.waived_by
				AND o.state = 'accepted'
		)
		-- the pledge is a tick of the questionnaire, unless a signed one was sent
		AND NOT (r.document = 'pledge' AND q.pledged AND d.state IS NULL)
	UNION ALL
	-- what somebody sent without being asked is reviewed as well
	SELECT t.person, t.n, d.document, d.state, d.reason, true
	FROM quarantine.traveller AS t
	JOIN quarantine.document AS d ON d.person = t.person
	WHERE t.entry = wanted_documents.entry
		AND NOT EXISTS (
			SELECT
			FROM quarantine.requirement AS r
			WHERE r.document = d.document
				AND r.valid @> t.on_date
		);
END;
COMMENT ON FUNCTION quarantine.wanted_documents(bigint) IS '必要書類の状況 / the documents that the persons of an entry need or sent, by the rules of the day of arrival, with their state (NULL: not sent).';

CREATE OR REPLACE FUNCTION quarantine.is_unwell(q quarantine.questionnaire) RETURNS boolean
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN coalesce(q.temperature_c >= 37.5, false) OR coalesce(q.fever_reducer, false) OR coalesce(q.fever, false) OR coalesce(q.cough, false) OR coalesce(q.sore_throat, false)
	OR coalesce(q.runny_nose, false) OR coalesce(q.fatigue, false) OR coalesce(q.breathlessness, false) OR coalesce(q.taste_smell_loss, false)
	OR coalesce(q.other_symptom, false);
COMMENT ON FUNCTION quarantine.is_unwell(quarantine.questionnaire) IS '有症状 / does a questionnaire say of fever (37.5 °C and above), a fever reducer, or any symptom?';

-- In PL/pgSQL, whose plans last as long as the session: every reading of a ticket asks.
CREATE OR REPLACE FUNCTION quarantine.colour_of(entry bigint, as_of timestamptz DEFAULT now(), OUT colour text, OUT reason text, OUT message_ja text, OUT message_en text)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	e quarantine.entry;
	d record;
	h record;
BEGIN
	SELECT x.* INTO e
	FROM quarantine.entry x
	WHERE x.entry = colour_of.entry;
	IF NOT found THEN
		RETURN;
	END IF;
	SELECT bool_or(quarantine.is_unwell(q)) AS unwell,
		bool_or(coalesce(q.met_patient, false)) AS met_patient,
		bool_or(q.test_negative IS false) AS positive
	INTO h
	FROM quarantine.traveller t
	JOIN quarantine.questionnaire q ON q.person = t.person
		AND q.on_date = t.answers_on
	WHERE t.entry = colour_of.entry;
	SELECT bool_or(w.state = 'refused') AS refused,
		bool_or(w.state IS NULL AND NOT w.at_desk) AS missing,
		bool_or(w.state IS NULL AND w.at_desk) AS not_sent,
		bool_or(w.state = 'submitted') AS in_review,
		bool_or(w.state = 'at_desk') AS to_show
	INTO d
	FROM quarantine.wanted_documents(colour_of.entry) AS w;
	SELECT r.colour, r.reason, r.message_ja, r.message_en INTO colour, reason, message_ja, message_en
	FROM quarantine.reason r
	WHERE r.reason = CASE
		WHEN e.state = 'cancelled' THEN 'colour_cancelled'
		WHEN e.state = 'duplicate' THEN 'colour_duplicate'
		WHEN h.positive THEN 'colour_positive'
		WHEN d.refused THEN 'colour_refused'
		WHEN d.missing THEN 'colour_missing'
		WHEN d.not_sent AND colour_of.as_of < quarantine.closes_at(e) THEN 'colour_not_sent'
		WHEN h.unwell THEN 'colour_unwell'
		WHEN h.met_patient THEN 'colour_met_patient'
		WHEN d.in_review THEN 'colour_in_review'
		WHEN d.to_show OR d.not_sent THEN 'colour_to_show'
		ELSE 'colour_approved'
	END;
END
$$;
COMMENT ON FUNCTION quarantine.colour_of(bigint, timestamptz) IS
'画面の色 / the colour of an entry and why: red (something is missing or refused: finish it), yellow (a document is under review or to be shown, or somebody is to be asked about health), blue (everything is approved: go through). Derived from answers, documents and rules as they are now, so it is never out of date; the first reason that holds is named.';

-- ---- documents

CREATE OR REPLACE FUNCTION quarantine.submit_document(token text, n integer, document text, content text, media_type text DEFAULT 'image/jpeg', as_of timestamptz DEFAULT now(),
	OUT colour text, OUT reason text, OUT message_ja text, OUT message_en text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	e quarantine.entry;
	of_person uuid;
	now_state text;
BEGIN
	PERFORM access.require_now(submit_document.as_of);
	e := quarantine.entry_of(submit_document.token, true);
	IF e.state <> 'open' THEN
		PERFORM quarantine.refuse(CASE e.state WHEN 'cancelled' THEN 'entry_cancelled' ELSE 'arrived_already' END);
	END IF;
	IF submit_document.as_of >= quarantine.closes_at(e) THEN
		PERFORM quarantine.refuse('review_closed', jsonb_build_object('closed_at', quarantine.closes_at(e)));
	END IF;
	SELECT t.person INTO of_person
	FROM quarantine.traveller t
	WHERE t.entry = e.entry
		AND t.n = submit_document.n;
	IF NOT found
		OR coalesce(submit_document.document, '') <> ALL ('{test,vaccination,pledge}'::text[])
		OR coalesce(submit_document.media_type, '') <> ALL ('{image/jpeg,image/png,application/pdf,text/plain}'::text[])
		OR coalesce(length(submit_document.content), 0) NOT BETWEEN 8 AND 2000000
		OR submit_document.media_type <> 'text/plain' AND submit_document.content !~ '^[A-Za-z0-9+/\r\n]+={0,2}$' THEN
		PERFORM quarantine.refuse('document_malformed');
	END IF;
	INSERT INTO quarantine.document AS d (person, document, station, on_date, submitted_at, media_type, content)
	VALUES (of_person, submit_document.document, e.station, e.on_date, submit_document.as_of, submit_document.media_type, outbreak.seal(submit_document.content, 'document', of_person))
	ON CONFLICT ON CONSTRAINT document_pkey DO UPDATE
	SET station = excluded.station,
		on_date = excluded.on_date,
		submitted_at = excluded.submitted_at,
		media_type = excluded.media_type,
		content = excluded.content,
		state = 'submitted',
		reviewed_at = NULL,
		reviewed_by = NULL,
		reason = NULL
	-- an approved document stays as it was approved
	WHERE d.state <> 'accepted'
	RETURNING d.state INTO now_state;
	IF now_state IS NULL THEN
		PERFORM quarantine.refuse('document_accepted');
	END IF;
	SELECT c.colour, c.reason, c.message_ja, c.message_en INTO colour, reason, message_ja, message_en
	FROM quarantine.colour_of(e.entry, submit_document.as_of) AS c;
END
$$;
COMMENT ON FUNCTION quarantine.submit_document(text, integer, text, text, text, timestamptz) IS
'書類の提出 / sends in a document of the nth person for review: test, vaccination or pledge; content in base64 (image/jpeg, image/png, application/pdf) or the text of a digital certificate (text/plain), at most 2,000,000 characters, sealed at once. Sent again it replaces the former one, unless that was accepted. Returns the colour. Errors: OB131; OB132 too late for a review (closing time), arrived, cancelled; OB130 for what is no document.';

CREATE OR REPLACE FUNCTION quarantine.review(entry bigint, n integer, document text, decision text, reason text DEFAULT NULL, as_of timestamptz DEFAULT now(),
	OUT colour text, OUT why text, OUT message_ja text, OUT message_en text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	d quarantine.document;
BEGIN
	PERFORM access.require_now(review.as_of);
	PERFORM quarantine.require_officer((SELECT e.station FROM quarantine.entry e WHERE e.entry = review.entry));
	SELECT x.* INTO d
	FROM quarantine.traveller t
	JOIN quarantine.document x ON x.person = t.person
	WHERE t.entry = review.entry
		AND t.n = review.n
		AND x.document = review.document
	FOR NO KEY UPDATE OF x;
	IF NOT found THEN
		PERFORM quarantine.refuse('no_document');
	END IF;
	IF coalesce(review.decision, '') <> ALL ('{accepted,refused,at_desk}'::text[]) THEN
		RAISE EXCEPTION 'a document is accepted, refused or to be shown at the desk'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'decision is accepted, refused or at_desk.';
	ELSIF review.decision <> 'accepted' AND coalesce(btrim(review.reason), '') = '' THEN
		RAISE EXCEPTION 'the traveller must be told why'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Give a reason.';
	ELSIF d.state = review.decision THEN
		NULL;
	ELSIF d.state = ANY ('{accepted,refused}'::text[]) AND EXISTS (SELECT FROM quarantine.entry e WHERE e.entry = review.entry AND e.state <> 'open') THEN
		-- what was decided before the person went through is the record of that day
		PERFORM quarantine.refuse('document_decided');
	END IF;
	UPDATE quarantine.document x
	SET state = review.decision,
		reviewed_at = review.as_of,
		reviewed_by = coalesce(outbreak.my_subject(), session_user),
		reason = nullif(btrim(review.reason), '')
	WHERE x.person = d.person
		AND x.document = d.document;
	SELECT c.colour, c.reason, c.message_ja, c.message_en INTO colour, why, message_ja, message_en
	FROM quarantine.colour_of(review.entry, review.as_of) AS c;
END
$$;
COMMENT ON FUNCTION quarantine.review(bigint, integer, text, text, text, timestamptz) IS
'書類の審査 / decides on a document of the nth person of an entry: accepted, refused or at_desk, the last two with a reason, which the traveller reads. Returns the colour that the entry has now. A decision can be changed until the ticket is read, one that is still open afterwards too. For officers of the station of the port. Errors: 42501, 22023, OB135 no such document, or decided on before the arrival.';

CREATE OR REPLACE FUNCTION quarantine.review_queue(port text DEFAULT NULL, as_of timestamptz DEFAULT now())
RETURNS TABLE (entry bigint, n smallint, document text, port text, conveyance text, arrives_at timestamptz, submitted_at timestamptz, hours_left numeric, media_type text)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	SELECT e.entry, t.n, d.document, e.port, e.conveyance, e.arrives_at, d.submitted_at,
		round((extract(epoch FROM e.arrives_at - review_queue.as_of) / 3600)::numeric, 1), d.media_type
	FROM quarantine.document AS d
	JOIN quarantine.traveller AS t ON t.person = d.person
	JOIN quarantine.entry AS e ON e.entry = t.entry
	WHERE d.state = 'submitted'
		AND e.state = 'open'
		AND (review_queue.port IS NULL OR e.port = review_queue.port)
	ORDER BY e.arrives_at, d.submitted_at, e.entry, t.n, d.document;
END;
COMMENT ON FUNCTION quarantine.review_queue(text, timestamptz) IS '審査待ち / documents that wait for a review, who arrives first coming first; within what the caller may see. hours_left: hours until the arrival.';

CREATE OR REPLACE FUNCTION quarantine.reveal_document(entry bigint, n integer, document text, OUT media_type text, OUT content text)
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT d.media_type, outbreak.reveal(d.content, 'document', d.person)
	FROM quarantine.traveller AS t
	JOIN quarantine.document AS d ON d.person = t.person
	WHERE t.entry = reveal_document.entry
		AND t.n = reveal_document.n
		AND d.document = reveal_document.document
		AND NOT quarantine.is_device();
END;
COMMENT ON FUNCTION quarantine.reveal_document(bigint, integer, text) IS '書類の閲覧 / a document in clear, for who reviews it: with the caller''s rights, noted in the audit trail. NULLs when there is none that the caller may see, and for a device.';

CREATE OR REPLACE FUNCTION quarantine.reveal_traveller(person uuid)
RETURNS TABLE (name text, kana text, birth_on date, passport text, phone text, mail text, address text)
LANGUAGE SQL VOLATILE PARALLEL UNSAFE ROWS 1
BEGIN ATOMIC
	SELECT outbreak.reveal(i.name, 'name', i.person),
		outbreak.reveal(i.kana, 'kana', i.person),
		outbreak.reveal(i.birth_on, 'birth_on', i.person)::date,
		outbreak.reveal(i.passport, 'passport', i.person),
		outbreak.reveal(i.phone, 'phone', i.person),
		outbreak.reveal(i.mail, 'mail', i.person),
		outbreak.reveal(i.address, 'address', i.person)
	FROM quarantine.identity AS i
	WHERE i.person = reveal_traveller.person
		AND NOT quarantine.is_device();
END;
COMMENT ON FUNCTION quarantine.reveal_traveller(uuid) IS '入国者の本人情報の閲覧 / who a traveller is, in clear, for officers of the station; no row for one that the caller may not see, and for a device. Every value that comes out is in the audit trail.';

CREATE OR REPLACE FUNCTION quarantine.correct_answers(person uuid, answers jsonb, as_of timestamptz DEFAULT now()) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	t quarantine.traveller;
	merged jsonb;
	findings jsonb;
	s record;
BEGIN
	PERFORM access.require_now(correct_answers.as_of);
	PERFORM quarantine.lock_flight(x.conveyance_key, true)
	FROM quarantine.traveller x
	WHERE x.person = correct_answers.person;
	SELECT x.* INTO t
	FROM quarantine.traveller x
	WHERE x.person = correct_answers.person
	FOR NO KEY UPDATE;
	PERFORM quarantine.require_officer(t.station);
	IF t.person IS NULL THEN
		PERFORM quarantine.refuse('no_traveller');
	END IF;
	IF jsonb_typeof(correct_answers.answers) IS DISTINCT FROM 'object' OR EXISTS (SELECT FROM jsonb_object_keys(CASE WHEN jsonb_typeof(correct_answers.answers) = 'object' THEN correct_answers.answers ELSE '{}' END) AS k WHERE k <> ALL (quarantine.answer_fields())) THEN
		PERFORM quarantine.refuse_entry(jsonb_build_array(quarantine.finding(t.n, 'answers', 'unknown_field', '質問票にない項目があります', 'there is an item that the questionnaire does not have')));
	END IF;
	SELECT to_jsonb(q) - '{source,reported_at,recorded_at}'::text[] || correct_answers.answers INTO merged
	FROM quarantine.questionnaire q
	WHERE q.person = t.person
		AND q.on_date = t.answers_on;
	IF merged ->> 'municipality' IS NOT NULL THEN
		IF quarantine.town(merged ->> 'municipality') IS NULL THEN
			PERFORM quarantine.refuse_entry(jsonb_build_array(quarantine.finding(t.n, 'municipality', 'municipality', '市区町村コードが正しくありません', 'there is no such municipality')));
		END IF;
		merged := merged || jsonb_build_object('health_center', quarantine.health_center_of(quarantine.town(merged ->> 'municipality')));
	END IF;
	SELECT coalesce(jsonb_agg(jsonb_build_object('traveller', t.n, 'fields', to_jsonb(c.fields), 'code', c.code, 'severity', c.severity, 'message_ja', c.message_ja, 'message_en', c.message_en) ORDER BY c.code), '[]') INTO findings
	FROM report.check('quarantine.questionnaire', merged) AS c
	WHERE c.severity = 'error'
		AND c.verdict = 'violated';
	PERFORM quarantine.refuse_entry(findings);
	-- not by report.submit(), for which an officer's entry would be a lower one than the traveller's
	UPDATE quarantine.questionnaire q
	SET (seat, sex, nationality, occupation, prefecture, municipality, stay_kind, stay_until, countries, country_days, departed_at, infection_place, temperature_c, fever_reducer, fever, cough, sore_throat, runny_nose, fatigue, breathlessness, taste_smell_loss, other_symptom, onset_on, met_patient, test_at, test_method, test_negative, vaccine_doses, last_dose_on, pledged, declared_true, health_center) = (
		SELECT r.seat, r.sex, r.nationality, r.occupation, r.prefecture, r.municipality, r.stay_kind, r.stay_until, r.countries, r.country_days, r.departed_at, r.infection_place, r.temperature_c, r.fever_reducer, r.fever, r.cough, r.sore_throat, r.runny_nose, r.fatigue, r.breathlessness, r.taste_smell_loss, r.other_symptom, r.onset_on, r.met_patient, r.test_at, r.test_method, r.test_negative, r.vaccine_doses, r.last_dose_on, r.pledged, r.declared_true, r.health_center
		FROM jsonb_populate_record(NULL::quarantine.questionnaire, merged) AS r)
	WHERE q.person = t.person
		AND q.on_date = t.answers_on;
	SELECT * INTO s
	FROM quarantine.parse_seat(merged ->> 'seat');
	UPDATE quarantine.traveller x
	SET seat_row = s.seat_row,
		seat_letter = s.seat_letter,
		seat_kind = s.seat_kind,
		prefecture = (merged ->> 'prefecture')::smallint,
		municipality = quarantine.town(merged ->> 'municipality'),
		health_center = (merged ->> 'health_center')::bigint
	WHERE x.person = t.person;
	-- who sits near a case follows from the seats: a corrected seat takes its contacts along
	IF (s.seat_row, s.seat_kind) IS DISTINCT FROM (t.seat_row, t.seat_kind) AND t.arrived_at IS NOT NULL THEN
		PERFORM quarantine.settle_flight_contacts(t.conveyance_key, t.on_date, correct_answers.as_of);
	END IF;
END
$$;
COMMENT ON FUNCTION quarantine.correct_answers(uuid, jsonb, timestamptz) IS
'窓口での訂正 / an officer corrects answers of a traveller, also after the arrival: a wrong seat, a place of stay. The former answers stay in the history. Where a seat on a flight with a positive traveller changes, contacts are worked out anew in the same transaction: new ones are followed, wrong ones are told that it was a mistake. Errors: 42501, OB130, OB131 no such traveller.';
