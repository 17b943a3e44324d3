-- ---- who sat near a positive traveller

CREATE OR REPLACE FUNCTION quarantine.rows_apart(one integer, other integer, missing smallint[] DEFAULT '{}') RETURNS integer
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN abs(one - other) - (
	SELECT count(*)::integer
	FROM unnest(missing) AS m (seat_row)
	WHERE m.seat_row > least(one, other)
		AND m.seat_row < greatest(one, other)
);
COMMENT ON FUNCTION quarantine.rows_apart(integer, integer, smallint[]) IS '列の隔たり / rows between two rows of a cabin; numbers that the cabin does not have (such as 13) do not count.';

CREATE OR REPLACE FUNCTION quarantine.contacts_of(person uuid, rows_near integer DEFAULT 2)
RETURNS TABLE (person uuid, relation text, rows_apart smallint, automatic boolean)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 20
BEGIN ATOMIC
	SELECT o.person,
		k.relation,
		d.rows_apart::smallint,
		k.relation = ANY ('{companion,row,lap}'::text[])
	FROM quarantine.traveller AS c
	JOIN quarantine.entry AS e ON e.entry = c.entry
	CROSS JOIN LATERAL (SELECT CASE e.kind WHEN 'flight' THEN interval '12 hours' ELSE interval '24 hours' END AS together) AS h
	JOIN quarantine.traveller AS o ON o.conveyance_key = c.conveyance_key
		-- who came by one flight may be read before and after midnight; a day later it is another flight
		AND o.on_date = ANY (ARRAY[c.on_date - 1, c.on_date, c.on_date + 1])
		AND o.arrived_at BETWEEN c.arrived_at - h.together AND c.arrived_at + h.together
		AND o.person <> c.person
	LEFT JOIN LATERAL (
		-- by the time at which the flight came in: a flight that landed elsewhere is looked up under any port
		SELECT f.missing_rows
		FROM quarantine.flight AS f
		WHERE f.conveyance_key = c.conveyance_key
			AND f.on_date = ANY (ARRAY[c.on_date - 1, c.on_date, c.on_date + 1])
		ORDER BY greatest(f.scheduled_at - c.arrived_at, c.arrived_at - f.scheduled_at)
		LIMIT 1
	) AS f ON true
	CROSS JOIN LATERAL (
		SELECT CASE WHEN c.seat_row IS NOT NULL AND o.seat_row IS NOT NULL
			THEN quarantine.rows_apart(c.seat_row, o.seat_row, coalesce(f.missing_rows, '{}')) END AS rows_apart
	) AS d
	CROSS JOIN LATERAL (
		SELECT CASE
			WHEN o.entry = c.entry THEN 'companion'
			WHEN d.rows_apart <= contacts_of.rows_near THEN CASE o.seat_kind WHEN 'lap' THEN 'lap' ELSE 'row' END
			WHEN o.seat_kind = 'crew' THEN 'crew'
			-- nobody knows how near: of the other or of the case itself
			WHEN d.rows_apart IS NULL THEN 'unknown_seat'
		END AS relation
	) AS k
	WHERE c.person = contacts_of.person
		AND c.arrived_at IS NOT NULL
		AND k.relation IS NOT NULL
	ORDER BY (k.relation <> ALL ('{companion,row,lap}'::text[])), d.rows_apart NULLS LAST, o.seat_row, o.seat_letter, o.person;
END;
COMMENT ON FUNCTION quarantine.contacts_of(uuid, integer) IS
'機内の接触者 / who came near a traveller on the way, of those who arrived by the same flight or vessel, read within 12 hours of the traveller (24 for a vessel), before or after midnight: companions of the same entry wherever they sat, passengers within so many rows (2) in front and behind and infants on their laps, who are contacts by the rule (automatic); and crew and people of unknown seats, about whom an officer decides. rows_apart is NULL where a seat is not known.';

CREATE OR REPLACE FUNCTION quarantine.is_case(person uuid) RETURNS boolean
LANGUAGE SQL STABLE PARALLEL SAFE
RETURN EXISTS (
	SELECT
	FROM quarantine.detection AS d
	WHERE d.person = is_case.person
		AND d.withdrawn_at IS NULL
) OR EXISTS (
	SELECT
	FROM followup.enrolment AS e
	JOIN followup.plan AS p ON p.plan = e.plan
	WHERE e.person = is_case.person
		AND e.state = 'open'
		AND p.kind = 'patient'
);
COMMENT ON FUNCTION quarantine.is_case(uuid) IS 'Is a traveller a case: by a result here that stands, or followed as a patient whoever found it?';

CREATE OR REPLACE FUNCTION quarantine.settle_contacts(detection bigint, as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	d quarantine.detection;
	c quarantine.traveller;
	one record;
	of_enrolment bigint;
	followed integer := 0;
	undecided integer := 0;
	withdrawn integer := 0;
BEGIN
	SELECT x.* INTO d
	FROM quarantine.detection x
	WHERE x.detection = settle_contacts.detection
	FOR NO KEY UPDATE;
	SELECT x.* INTO c
	FROM quarantine.traveller x
	WHERE x.person = d.person;
	FOR one IN
		SELECT t.person, t.station, t.prefecture, t.health_center, n.relation, n.rows_apart, n.automatic,
			k.person IS NOT NULL AS known, k.state, k.enrolment, k.decided_by, n.person IS NOT NULL AS near,
			quarantine.is_case(t.person) AS is_case,
			-- the person was a case for a while, by mistake, and is a contact again
			EXISTS (SELECT FROM followup.enrolment e WHERE e.enrolment = k.enrolment AND e.state = 'converted' AND e.until >= outbreak.local_date(as_of)) AS cut_short
		FROM quarantine.contacts_of(d.person, d.rows_near) AS n
		FULL JOIN (SELECT x.* FROM quarantine.contact x WHERE x.detection = d.detection) AS k ON k.person = n.person
		JOIN quarantine.traveller t ON t.person = coalesce(n.person, k.person)
		WHERE d.withdrawn_at IS NULL
			OR k.person IS NOT NULL
		ORDER BY t.person
	LOOP
		-- a patient is followed as one, whoever else on board is a case
		CONTINUE WHEN one.near AND one.is_case AND d.withdrawn_at IS NULL;
		IF one.near AND d.withdrawn_at IS NULL AND (one.automatic OR one.state = 'followed' AND one.decided_by IS NOT NULL) THEN
			-- what was decided by a person stays decided
			CONTINUE WHEN one.state = 'dismissed' OR one.state = 'followed' AND NOT one.cut_short;
			of_enrolment := quarantine.follow_contact(one.person, d.detection, c.on_date, as_of);
			INSERT INTO quarantine.contact AS k (detection, person, station, prefecture, health_center, relation, rows_apart, state, enrolment, decided_at)
			VALUES (d.detection, one.person, one.station, one.prefecture, one.health_center, one.relation, one.rows_apart, 'followed', of_enrolment, as_of)
			ON CONFLICT ON CONSTRAINT contact_pkey DO UPDATE
			SET relation = excluded.relation,
				rows_apart = excluded.rows_apart,
				state = 'followed',
				enrolment = excluded.enrolment,
				decided_at = excluded.decided_at,
				reason = NULL;
			followed := followed + 1;
		ELSIF one.near AND d.withdrawn_at IS NULL THEN
			CONTINUE WHEN one.state = ANY ('{undecided,dismissed}'::text[]);
			IF one.state = 'followed' THEN
				PERFORM quarantine.release_contact(one.person, d.detection, one.enrolment, 'the seat was corrected', as_of);
				withdrawn := withdrawn + 1;
			END IF;
			INSERT INTO quarantine.contact AS k (detection, person, station, prefecture, health_center, relation, rows_apart, state)
			VALUES (d.detection, one.person, one.station, one.prefecture, one.health_center, one.relation, one.rows_apart, 'undecided')
			ON CONFLICT ON CONSTRAINT contact_pkey DO UPDATE
			SET relation = excluded.relation,
				rows_apart = excluded.rows_apart,
				state = 'undecided',
				decided_at = NULL,
				decided_by = NULL,
				reason = NULL;
			undecided := undecided + 1;
		ELSIF one.state = ANY ('{followed,undecided}'::text[]) THEN
			IF one.state = 'followed' THEN
				PERFORM quarantine.release_contact(one.person, d.detection, one.enrolment, coalesce(d.reason, 'the seat was corrected'), as_of);
			END IF;
			UPDATE quarantine.contact k
			SET state = 'withdrawn',
				decided_at = as_of,
				reason = coalesce(d.reason, 'the seat was corrected')
			WHERE k.detection = d.detection
				AND k.person = one.person;
			withdrawn := withdrawn + 1;
		END IF;
	END LOOP;
	RETURN jsonb_build_object('followed', followed, 'undecided', undecided, 'withdrawn', withdrawn);
END
$$;
COMMENT ON FUNCTION quarantine.settle_contacts(bigint, timestamptz) IS '接触者の再計算 / brings the contacts of a detection to what seats and result say now: new ones are followed and told, those who are none any more are released and told that it was a mistake, in this transaction. Who is a case is followed as a patient alone. What an officer decided stays. Under the lock of the flight (quarantine.lock_flight). Returns {"followed", "undecided", "withdrawn"}; a second call changes nothing.';

CREATE OR REPLACE FUNCTION quarantine.lock_flight(conveyance_key text, alone boolean) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF lock_flight.alone THEN
		PERFORM pg_advisory_xact_lock(hashtextextended('quarantine.flight ' || lock_flight.conveyance_key, 0));
	ELSE
		PERFORM pg_advisory_xact_lock_shared(hashtextextended('quarantine.flight ' || lock_flight.conveyance_key, 0));
	END IF;
END
$$;
COMMENT ON FUNCTION quarantine.lock_flight(text, boolean) IS '便の排他 / until the end of the transaction: those who read tickets of a flight or vessel hold it together, whoever enters, changes or takes back a case on board holds it alone, and takes it before any row. So a reading and a result always see one another, in whichever order they are committed.';

CREATE OR REPLACE FUNCTION quarantine.settle_flight_contacts(conveyance_key text, on_date date, as_of timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	-- a reading that comes in later was made before the result
	PERFORM quarantine.settle_contacts(d.detection, greatest(as_of, d.found_at))
	FROM (
		SELECT x.detection, x.found_at
		FROM quarantine.detection x
		WHERE x.conveyance_key = settle_flight_contacts.conveyance_key
			AND x.on_date BETWEEN settle_flight_contacts.on_date - 1 AND settle_flight_contacts.on_date + 1
			AND x.withdrawn_at IS NULL
		ORDER BY x.detection
	) AS d;
END
$$;
COMMENT ON FUNCTION quarantine.settle_flight_contacts(text, date, timestamptz) IS 'quarantine.settle_contacts() of every case that came by a flight or vessel on that day or the days beside it: when somebody arrives, a seat is corrected, or a result is taken back.';

CREATE OR REPLACE FUNCTION quarantine.follow_contact(person uuid, detection bigint, exposed_on date, as_of timestamptz) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	t quarantine.traveller;
	answers_for uuid;
	number bigint;
BEGIN
	SELECT x.* INTO t
	FROM quarantine.traveller x
	WHERE x.person = follow_contact.person;
	-- who answered until now answers on
	SELECT e.responder INTO answers_for
	FROM followup.enrolment e
	WHERE e.enrolment = t.enrolment;
	number := followup.enrol(t.person, 'contact', exposed_on, NULL, answers_for, t.health_center, NULL,
		jsonb_build_object('detection', follow_contact.detection, 'conveyance', t.conveyance_key, 'on_date', t.on_date), as_of);
	PERFORM messaging.send(coalesce(answers_for, t.person), 'quarantine.near.' || follow_contact.detection, 'quarantine.near',
		jsonb_build_object('conveyance', t.conveyance_key, 'on_date', t.on_date), outbreak.local_date(as_of), as_of, NULL, 2::smallint);
	RETURN number;
END
$$;
COMMENT ON FUNCTION quarantine.follow_contact(uuid, bigint, date, timestamptz) IS 'Takes a traveller into the follow-up of contacts, counted from the day of the flight, and tells who answers for the person. Returns the number of the enrolment.';

CREATE OR REPLACE FUNCTION quarantine.release_contact(person uuid, detection bigint, enrolment bigint, reason text, as_of timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	answers_for uuid;
	t quarantine.traveller;
	told boolean;
BEGIN
	SELECT x.* INTO t
	FROM quarantine.traveller x
	WHERE x.person = release_contact.person;
	SELECT e.responder INTO answers_for
	FROM followup.enrolment e
	WHERE e.enrolment = release_contact.enrolment;
	-- another case on the same flight may still make the person a contact
	IF NOT EXISTS (
		SELECT
		FROM quarantine.contact k
		WHERE k.person = release_contact.person
			AND k.detection <> release_contact.detection
			AND k.state = 'followed'
			AND k.enrolment = release_contact.enrolment
	) THEN
		PERFORM followup.close(release_contact.enrolment, 'cancelled', release_contact.reason, as_of);
	END IF;
	-- messages that have not gone are withdrawn; what has gone is taken back in words
	told := NOT coalesce((
		SELECT bool_or(messaging.withdraw(d.day, outbreak.message_key(coalesce(answers_for, t.person), d.day, k.kind), release_contact.reason) AND k.kind LIKE 'quarantine.%')
		FROM (
			SELECT g.day::date AS day
			FROM generate_series(outbreak.local_date(as_of) - 30, outbreak.local_date(as_of), interval '1 day') AS g (day)
		) AS d
		CROSS JOIN (VALUES ('quarantine.near.' || release_contact.detection), ('enrolled.contact')) AS k (kind)), false);
	IF told THEN
		PERFORM messaging.send(coalesce(answers_for, t.person), 'quarantine.not_near.' || release_contact.detection, 'quarantine.not_near',
			jsonb_build_object('conveyance', t.conveyance_key, 'on_date', t.on_date), outbreak.local_date(as_of), as_of, NULL, 2::smallint);
	END IF;
END
$$;
COMMENT ON FUNCTION quarantine.release_contact(uuid, bigint, bigint, text, timestamptz) IS 'Ends the follow-up of somebody who turned out to be no contact, unless another case makes one of the person; withdraws the message if it has not gone, and tells that it was a mistake if it has.';

-- ---- a positive result

CREATE OR REPLACE FUNCTION quarantine.positive(person uuid, specimen_at timestamptz, method text DEFAULT 'naat', rows_near integer DEFAULT 2, as_of timestamptz DEFAULT now(),
	OUT detection bigint, OUT enrolment bigint, OUT contacts integer, OUT undecided integer)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	t quarantine.traveller;
	q quarantine.questionnaire;
	d quarantine.detection;
	standing bigint;
	onset date;
BEGIN
	PERFORM access.require_now(positive.as_of);
	PERFORM quarantine.lock_flight(x.conveyance_key, true)
	FROM quarantine.traveller x
	WHERE x.person = positive.person;
	SELECT x.* INTO t
	FROM quarantine.traveller x
	WHERE x.person = positive.person
	FOR NO KEY UPDATE;
	PERFORM quarantine.require_case_worker(t.station, t.health_center, t.prefecture);
	IF t.person IS NULL OR t.arrived_at IS NULL THEN
		PERFORM quarantine.refuse('no_traveller');
	ELSIF positive.specimen_at IS NULL OR positive.specimen_at > positive.as_of OR positive.specimen_at < t.arrived_at - interval '30 days' THEN
		PERFORM quarantine.refuse('specimen_time');
	ELSIF coalesce(positive.method, '') <> ALL ('{naat,antigen_quantitative,antigen_kit}'::text[]) OR coalesce(positive.rows_near, -1) NOT BETWEEN 0 AND 20 THEN
		RAISE EXCEPTION 'there is no such method, or no such number of rows'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'method is naat, antigen_quantitative or antigen_kit; rows_near is 0 to 20.';
	END IF;
	INSERT INTO quarantine.detection AS x (person, station, prefecture, health_center, conveyance_key, on_date, specimen_at, found_at, method, rows_near, found_by)
	VALUES (t.person, t.station, t.prefecture, t.health_center, t.conveyance_key, t.on_date, positive.specimen_at, positive.as_of, positive.method, positive.rows_near, coalesce(outbreak.my_subject(), session_user))
	ON CONFLICT (person, specimen_at) WHERE withdrawn_at IS NULL DO NOTHING
	RETURNING x.* INTO d;
	IF d.detection IS NULL THEN
		-- the same result entered again
		SELECT x.* INTO d
		FROM quarantine.detection x
		WHERE x.person = t.person
			AND x.specimen_at = positive.specimen_at
			AND x.withdrawn_at IS NULL;
	ELSE
		SELECT x.* INTO q
		FROM quarantine.questionnaire x
		WHERE x.person = t.person
			AND x.on_date = t.answers_on;
		onset := q.onset_on;
		-- one more specimen of a patient is no news to the follow-up: the days count from where they did
		SELECT e.enrolment INTO enrolment
		FROM followup.enrolment e
		JOIN followup.plan p ON p.plan = e.plan
			AND p.kind = 'patient'
		WHERE e.person = t.person
			AND e.state = 'open'
		ORDER BY e.enrolment
		LIMIT 1;
		-- the follow-up of the arrival, and of a contact, becomes that of a patient
		SELECT e.enrolment INTO standing
		FROM followup.enrolment e
		WHERE e.person = t.person
			AND e.state = 'open'
			AND e.plan = ANY ('{arrival,contact}'::text[])
		ORDER BY e.plan
		LIMIT 1;
		IF enrolment IS NULL AND standing IS NOT NULL THEN
			enrolment := followup.convert(standing, 'patient', coalesce(onset, outbreak.local_date(positive.specimen_at)), CASE WHEN onset IS NULL THEN 'asymptomatic' ELSE 'symptomatic' END,
				jsonb_build_object('detection', d.detection, 'specimen_at', positive.specimen_at, 'onset_on', onset), positive.as_of);
		ELSIF enrolment IS NULL THEN
			enrolment := followup.enrol(t.person, 'patient', coalesce(onset, outbreak.local_date(positive.specimen_at)), CASE WHEN onset IS NULL THEN 'asymptomatic' ELSE 'symptomatic' END,
				NULL, t.health_center, NULL, jsonb_build_object('detection', d.detection, 'specimen_at', positive.specimen_at, 'onset_on', onset), positive.as_of);
		END IF;
		PERFORM followup.close(e.enrolment, 'converted', 'patient', positive.as_of)
		FROM followup.enrolment e
		WHERE e.person = t.person
			AND e.state = 'open'
			AND e.plan = ANY ('{arrival,contact}'::text[]);
		UPDATE quarantine.detection x
		SET enrolment = positive.enrolment,
			former = standing
		WHERE x.detection = d.detection
		RETURNING x.* INTO d;
	END IF;
	PERFORM quarantine.settle_contacts(d.detection, positive.as_of);
	detection := d.detection;
	enrolment := d.enrolment;
	SELECT count(*) FILTER (WHERE k.state = 'followed'), count(*) FILTER (WHERE k.state = 'undecided') INTO contacts, undecided
	FROM quarantine.contact k
	WHERE k.detection = d.detection;
END
$$;
COMMENT ON FUNCTION quarantine.positive(uuid, timestamptz, text, integer, timestamptz) IS
'陽性の登録 / enters a positive result of a traveller who arrived. In one transaction the follow-up becomes that of a patient (from the onset that was answered, else from the specimen; of who is a patient it stays as it is), and companions and everybody within rows_near rows on the same flight are followed as contacts from the day of the flight, each with a message. Returns the numbers of detection and follow-up, how many contacts are followed and how many wait for a decision. The same result again changes nothing. For officers of the station, and the health centre and prefecture of the place of stay. Errors: 42501; OB131 no such traveller; OB135 the specimen lies in the future or long before the arrival; 22023.';

CREATE OR REPLACE FUNCTION quarantine.require_case_worker(station bigint, health_center bigint, prefecture integer) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF coalesce(health_center = outbreak.my_health_center() AND outbreak.acts_as('outbreak_health_center'), false)
		OR coalesce(prefecture = outbreak.my_prefecture() AND outbreak.acts_as('outbreak_prefecture'), false) THEN
		RETURN;
	END IF;
	PERFORM quarantine.require_officer(station);
END
$$;
COMMENT ON FUNCTION quarantine.require_case_worker(bigint, bigint, integer) IS 'Raises 42501 unless the session acts for the station, or for the health centre or prefecture of the place of stay.';

CREATE OR REPLACE FUNCTION quarantine.withdraw_positive(detection bigint, reason text, as_of timestamptz DEFAULT now(), OUT released integer, OUT enrolment bigint)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	d quarantine.detection;
	other quarantine.detection;
	stay followup.enrolment;
	old record;
	number bigint;
BEGIN
	PERFORM access.require_now(withdraw_positive.as_of);
	PERFORM quarantine.lock_flight(x.conveyance_key, true)
	FROM quarantine.detection x
	WHERE x.detection = withdraw_positive.detection;
	SELECT x.* INTO d
	FROM quarantine.detection x
	WHERE x.detection = withdraw_positive.detection
	FOR NO KEY UPDATE;
	PERFORM quarantine.require_case_worker(d.station, d.health_center, d.prefecture);
	IF d.detection IS NULL THEN
		PERFORM quarantine.refuse('no_detection');
	ELSIF coalesce(btrim(withdraw_positive.reason), '') = '' THEN
		RAISE EXCEPTION 'a result is taken back for a reason'
			USING ERRCODE = 'invalid_parameter_value';
	ELSIF d.withdrawn_at IS NOT NULL THEN
		released := 0;
		RETURN;
	ELSIF d.notified_at IS NOT NULL THEN
		PERFORM quarantine.refuse('notified');
	END IF;
	UPDATE quarantine.detection x
	SET withdrawn_at = withdraw_positive.as_of,
		reason = btrim(withdraw_positive.reason)
	WHERE x.detection = d.detection;
	released := (quarantine.settle_contacts(d.detection, withdraw_positive.as_of) ->> 'withdrawn')::integer;
	SELECT e.* INTO stay
	FROM followup.enrolment e
	WHERE e.enrolment = d.enrolment;
	SELECT x.* INTO other
	FROM quarantine.detection x
	WHERE x.person = d.person
		AND x.enrolment = d.enrolment
		AND x.withdrawn_at IS NULL
	ORDER BY x.specimen_at
	LIMIT 1;
	IF found THEN
		-- another specimen bears the follow-up, from its own day on where the day was that of the wrong one
		enrolment := d.enrolment;
		IF stay.state = 'open' AND stay.class = 'asymptomatic' AND stay.day0 = outbreak.local_date(d.specimen_at) AND stay.day0 <> outbreak.local_date(other.specimen_at) THEN
			PERFORM followup.correct(stay.enrolment, jsonb_build_object('day0', outbreak.local_date(other.specimen_at)), btrim(withdraw_positive.reason), withdraw_positive.as_of);
		END IF;
	ELSIF EXISTS (SELECT FROM quarantine.detection x WHERE x.person = d.person AND x.detection::text = stay.basis ->> 'detection') THEN
		-- a result made it; a follow-up that somebody else began is not ours to end
		PERFORM followup.close(stay.enrolment, 'cancelled', btrim(withdraw_positive.reason), withdraw_positive.as_of);
		-- what the wrong result ended goes on
		FOR old IN
			SELECT e.enrolment, e.plan, e.class, e.day0, e.responder, e.health_center, e.time_zone, e.basis
			FROM followup.enrolment e
			WHERE e.person = d.person
				AND e.plan = ANY ('{arrival,contact}'::text[])
				AND e.state = 'converted'
				AND e.closed_at IN (SELECT x.found_at FROM quarantine.detection x WHERE x.person = d.person)
				AND e.until >= outbreak.local_date(withdraw_positive.as_of)
			ORDER BY e.enrolment
		LOOP
			number := followup.enrol(d.person, old.plan, old.day0, old.class, old.responder, old.health_center, old.time_zone, old.basis || jsonb_build_object('withdrawn_detection', d.detection), withdraw_positive.as_of);
			-- that of the arrival, where there is one
			IF enrolment IS NULL OR old.plan = 'arrival' THEN
				enrolment := number;
			END IF;
			UPDATE quarantine.traveller x
			SET enrolment = number
			WHERE x.person = d.person
				AND old.plan = 'arrival';
		END LOOP;
	END IF;
	-- and who was no case may be a contact of one
	PERFORM quarantine.settle_flight_contacts(d.conveyance_key, d.on_date, withdraw_positive.as_of);
END
$$;
COMMENT ON FUNCTION quarantine.withdraw_positive(bigint, text, timestamptz) IS
'陽性の取消 / takes a positive result back that was wrong, with everything that followed: the follow-up as a patient ends unless another result bears it, that which it ended goes on (enrolment: the one that goes on), contacts are released and told that it was a mistake (released: how many), messages that have not gone are withdrawn, and the person is a contact again of other cases on board; all in one transaction. A second call changes nothing. Errors: 42501, OB131 no such detection, OB135 it is a notified case already (correct that), 22023 no reason.';

CREATE OR REPLACE FUNCTION quarantine.decide_contact(detection bigint, person uuid, contact boolean, reason text DEFAULT NULL, as_of timestamptz DEFAULT now()) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	k quarantine.contact;
	d quarantine.detection;
	exposed_on date;
	number bigint;
BEGIN
	PERFORM access.require_now(decide_contact.as_of);
	PERFORM quarantine.lock_flight(x.conveyance_key, true)
	FROM quarantine.detection x
	WHERE x.detection = decide_contact.detection;
	SELECT x.* INTO d
	FROM quarantine.detection x
	WHERE x.detection = decide_contact.detection
	FOR NO KEY UPDATE;
	PERFORM quarantine.require_case_worker(d.station, d.health_center, d.prefecture);
	SELECT x.* INTO k
	FROM quarantine.contact x
	WHERE x.detection = d.detection
		AND x.person = decide_contact.person;
	IF NOT found OR decide_contact.contact IS NULL THEN
		PERFORM quarantine.refuse('no_contact');
	ELSIF d.withdrawn_at IS NOT NULL THEN
		PERFORM quarantine.refuse('detection_withdrawn');
	ELSIF decide_contact.contact AND k.state <> 'followed' AND quarantine.is_case(k.person) THEN
		PERFORM quarantine.refuse('is_case');
	ELSIF NOT decide_contact.contact AND coalesce(btrim(decide_contact.reason), '') = '' THEN
		RAISE EXCEPTION 'a contact is dismissed for a reason'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF decide_contact.contact AND k.state <> 'followed' THEN
		SELECT t.on_date INTO exposed_on
		FROM quarantine.traveller t
		WHERE t.person = d.person;
		number := quarantine.follow_contact(k.person, d.detection, exposed_on, decide_contact.as_of);
	ELSIF NOT decide_contact.contact AND k.state = 'followed' THEN
		PERFORM quarantine.release_contact(k.person, d.detection, k.enrolment, btrim(decide_contact.reason), decide_contact.as_of);
	END IF;
	UPDATE quarantine.contact x
	SET state = CASE WHEN decide_contact.contact THEN 'followed' ELSE 'dismissed' END,
		enrolment = coalesce(number, x.enrolment),
		decided_at = decide_contact.as_of,
		decided_by = coalesce(outbreak.my_subject(), session_user),
		reason = nullif(btrim(decide_contact.reason), '')
	WHERE x.detection = k.detection
		AND x.person = k.person;
	RETURN coalesce(number, k.enrolment);
END
$$;
COMMENT ON FUNCTION quarantine.decide_contact(bigint, uuid, boolean, text, timestamptz) IS '接触者の判断 / an officer decides about somebody whose seat was not known, or crew, or whom the rule took in: true follows the person as a contact, false dismisses, with a reason. Returns the number of the follow-up. The decision outlasts later corrections of seats. Errors: 42501, OB131 no such contact, OB135 the result was taken back, or the person is a case, 22023 no reason.';

-- ---- the joint to HER-SYS

CREATE OR REPLACE FUNCTION quarantine.case_for_notification(person uuid)
RETURNS TABLE (
	person uuid, detection bigint, prefecture smallint, municipality outbreak.municipality_code, health_center bigint, station bigint,
	age smallint, sex text, nationality text, occupation text, is_minor boolean, guardian uuid,
	disease text, kind text, symptoms text[], onset_on date, temperature_c numeric,
	specimen_at timestamptz, method text, diagnosed_at timestamptz, arrived_on date, port text, conveyance text, seat text,
	countries text[], country_days smallint[], infection_place text, infection_region text, met_patient boolean, vaccine_doses smallint, last_dose_on date,
	stay_kind text, companions integer, contacts integer, missing text[])
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT d.person, d.detection, t.prefecture, t.municipality, t.health_center, t.station,
		t.age, q.sex, q.nationality, q.occupation, t.age < 18,
		CASE WHEN t.age < 18 THEN (SELECT g.person FROM quarantine.traveller AS g WHERE g.entry = t.entry AND g.n = 1 AND g.person <> t.person) END,
		'covid19',
		CASE WHEN s.symptoms = '{}' AND q.onset_on IS NULL AND coalesce(q.temperature_c < 37.5, true) THEN 'carrier' ELSE 'patient' END,
		s.symptoms, q.onset_on, q.temperature_c,
		d.specimen_at, d.method, d.found_at, t.on_date, t.port, e.conveyance, q.seat,
		q.countries, q.country_days, q.infection_place,
		-- by the seats and days alone: abroad for who fell ill within the days of incubation after arrival
		CASE
			WHEN q.infection_place IS NOT NULL THEN q.infection_place
			WHEN coalesce(q.onset_on, outbreak.local_date(d.specimen_at)) <= t.on_date + 14 THEN array_to_string(q.countries, ',')
		END,
		q.met_patient, q.vaccine_doses, q.last_dose_on, q.stay_kind,
		e.persons - 1,
		(SELECT count(*)::integer FROM quarantine.contact AS k WHERE k.detection = d.detection AND k.state = 'followed'),
		array_remove(ARRAY[
			CASE WHEN q.occupation IS NULL THEN 'occupation' END,
			CASE WHEN t.municipality IS NULL THEN 'municipality' END,
			CASE WHEN t.health_center IS NULL THEN 'health_center' END,
			CASE WHEN q.onset_on IS NULL AND s.symptoms <> '{}' THEN 'onset_on' END,
			CASE WHEN q.sex IS NULL THEN 'sex' END], NULL)
	FROM quarantine.detection AS d
	JOIN quarantine.traveller AS t ON t.person = d.person
	JOIN quarantine.entry AS e ON e.entry = t.entry
	JOIN quarantine.questionnaire AS q ON q.person = t.person
		AND q.on_date = t.answers_on
	CROSS JOIN LATERAL (
		SELECT array_remove(ARRAY[
			CASE WHEN q.fever OR q.temperature_c >= 37.5 THEN 'fever' END,
			CASE WHEN q.cough THEN 'cough' END,
			CASE WHEN q.sore_throat THEN 'sore_throat' END,
			CASE WHEN q.runny_nose THEN 'runny_nose' END,
			CASE WHEN q.fatigue THEN 'fatigue' END,
			CASE WHEN q.breathlessness THEN 'breathlessness' END,
			CASE WHEN q.taste_smell_loss THEN 'taste_smell_loss' END,
			CASE WHEN q.other_symptom THEN 'other' END], NULL) AS symptoms
	) AS s
	WHERE d.person = case_for_notification.person
		AND d.withdrawn_at IS NULL
	ORDER BY d.found_at DESC
	LIMIT 1;
END;
COMMENT ON FUNCTION quarantine.case_for_notification(uuid) IS
'発生届への引継ぎ / everything that the notification of a positive traveller asks for (Infectious Diseases Act art. 12, Enforcement Regulation art. 4) and that is known from the border, so that nobody types it again: HER-SYS reads this row and takes over the person, whose name, birth date, address and telephone are in registry.identity under the same pseudonym. kind: patient or carrier (無症状病原体保有者). guardian: the first person of the entry, for minors. infection_region: as answered, else the countries of stay where the onset lies within 14 days of the arrival. missing: items of the notification that nobody answered yet. No row without a positive result in force, or for who may not see it.';

CREATE OR REPLACE FUNCTION quarantine.set_notified(detection bigint, as_of timestamptz DEFAULT now()) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	UPDATE quarantine.detection d
	SET notified_at = as_of
	WHERE d.detection = set_notified.detection
		AND d.notified_at IS NULL
		AND d.withdrawn_at IS NULL;
	RETURN found;
END
$$;
COMMENT ON FUNCTION quarantine.set_notified(bigint, timestamptz) IS '届出済 / says that a detection became a notified case; from then on it is corrected there. For the notification, which runs as the owner. False when it was, or was taken back.';
