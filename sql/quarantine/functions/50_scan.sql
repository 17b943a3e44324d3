-- ---- devices

CREATE OR REPLACE FUNCTION quarantine.install_readers(port text, readers integer, installed_on date DEFAULT outbreak.local_date(), as_of timestamptz DEFAULT now())
RETURNS TABLE (reader text, subject text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	p quarantine.port;
	last_number integer;
BEGIN
	IF NOT outbreak.acts_as('outbreak_ministry') AND NOT outbreak.acts_as('outbreak_owner') THEN
		RAISE EXCEPTION 'devices are installed by the ministry'
			USING ERRCODE = 'insufficient_privilege';
	END IF;
	SELECT x.* INTO p
	FROM quarantine.port x
	WHERE x.port = install_readers.port
	FOR NO KEY UPDATE;
	IF NOT found OR coalesce(install_readers.readers, 0) NOT BETWEEN 1 AND 1000 THEN
		RAISE EXCEPTION 'name a port, and 1 to 1000 devices'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT coalesce(max(split_part(r.reader, '-', 2)::integer), 0) INTO last_number
	FROM quarantine.reader r
	WHERE r.port = p.port;
	RETURN QUERY
	WITH made AS (
		INSERT INTO quarantine.reader AS r (reader, port, station, installed_on, subject)
		SELECT p.port || '-' || to_char(last_number + n, 'FM0000'), p.port, p.station, install_readers.installed_on,
			CASE WHEN install_readers.installed_on IS NOT NULL THEN 'reader ' || gen_random_uuid() END
		FROM generate_series(1, install_readers.readers) AS n
		RETURNING r.reader, r.subject, r.station
	), accounts AS (
		INSERT INTO access.account (subject, role, organisation, issued_at)
		SELECT m.subject, 'outbreak_quarantine', m.station, install_readers.as_of
		FROM made m
		WHERE m.subject IS NOT NULL
	)
	SELECT m.reader, m.subject
	FROM made m
	ORDER BY m.reader;
END
$$;
COMMENT ON FUNCTION quarantine.install_readers(text, integer, date, timestamptz) IS
'端末の設置 / enters devices of a port, numbered on from those that are there, and issues an account of its station to each; returns their numbers and the subjects to be put into their tokens. installed_on NULL: they are planned, without accounts. For the ministry. Errors: 42501; 22023 no such port, or not 1 to 1000.';

CREATE OR REPLACE FUNCTION quarantine.retire_reader(reader text, reason text, as_of timestamptz DEFAULT now()) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	r quarantine.reader;
BEGIN
	SELECT x.* INTO r
	FROM quarantine.reader x
	WHERE x.reader = retire_reader.reader
	FOR NO KEY UPDATE;
	PERFORM quarantine.require_officer(r.station);
	IF r.reader IS NULL THEN
		PERFORM quarantine.refuse('no_reader');
	ELSIF coalesce(btrim(retire_reader.reason), '') = '' THEN
		RAISE EXCEPTION 'a device is retired for a reason'
			USING ERRCODE = 'invalid_parameter_value';
	ELSIF r.retired_on IS NOT NULL THEN
		RETURN false;
	END IF;
	UPDATE quarantine.reader x
	SET retired_on = greatest(outbreak.local_date(retire_reader.as_of), x.installed_on)
	WHERE x.reader = r.reader;
	-- a stolen device reads nothing from this moment on
	UPDATE access.account a
	SET withdrawn_at = retire_reader.as_of,
		reason = retire_reader.reason
	WHERE a.subject = r.subject
		AND a.withdrawn_at IS NULL;
	RETURN true;
END
$$;
COMMENT ON FUNCTION quarantine.retire_reader(text, text, timestamptz) IS '端末の撤去 / takes a device out of use and withdraws its account at once; false when it was retired before. For officers of its station. Errors: 42501, OB134 no such device, 22023 no reason.';

-- ---- reading a ticket

CREATE OR REPLACE FUNCTION quarantine.foreign_code(code text) RETURNS text
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN code IS NULL OR btrim(code, E' \t\r\n') = '' THEN 'nothing_read'
	WHEN code ~* '^HC[0-9A-Z]:' THEN 'foreign_dcc'
	WHEN code ~* '^shc:/' THEN 'foreign_shc'
	WHEN code ~ '^[[:space:]]*[{].*"(hdr|data)"' THEN 'foreign_vds'
	WHEN code ~* '^(https?|mailto|tel|geo):' THEN 'foreign_link'
	WHEN code ~ '^M[1-9]' AND length(code) >= 58 THEN 'foreign_boarding_pass'
	ELSE 'not_a_ticket'
END;
COMMENT ON FUNCTION quarantine.foreign_code(text) IS '券以外のコード / what else was held before the reader: a digital COVID certificate (HC1:), a SMART Health Card, a VDS-NC, a link, a boarding pass; not_a_ticket for anything else.';

CREATE OR REPLACE FUNCTION quarantine.scan(ticket text, reader text, as_of timestamptz DEFAULT now(),
	OUT outcome text, OUT reason text, OUT message_ja text, OUT message_en text, OUT colour text, OUT colour_reason text,
	OUT number bigint, OUT persons integer, OUT arrived_at timestamptz, OUT port text, OUT first_reader text, OUT repeated boolean)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- the same few statements for each ticket: planning them again costs more than they do
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
	device quarantine.reader;
	checked record;
	party quarantine.entry;
	code_hash bytea := sha256(convert_to(coalesce(scan.ticket, ''), 'UTF8'));
	before quarantine.reading;
	age interval;
	rules quarantine.regime;
	other record;
BEGIN
	SELECT r.* INTO device
	FROM quarantine.reader r
	WHERE r.reader = scan.reader;
	-- the device itself, or an officer of its station
	IF device.reader IS NULL
		OR NOT quarantine.is_officer(device.station)
		OR (device.subject IS DISTINCT FROM outbreak.my_subject() AND EXISTS (SELECT FROM quarantine.reader r WHERE r.subject = outbreak.my_subject())) THEN
		PERFORM quarantine.refuse('no_reader');
	ELSIF device.installed_on IS NULL OR scan.as_of IS NULL OR NOT isfinite(scan.as_of)
		OR outbreak.local_date(scan.as_of) NOT BETWEEN device.installed_on AND coalesce(device.retired_on, 'infinity') THEN
		PERFORM quarantine.refuse('reader_not_in_use');
	END IF;
	rules := quarantine.regime_of(outbreak.local_date(scan.as_of));
	age := clock_timestamp() - scan.as_of;
	IF NOT outbreak.acts_as('outbreak_owner') AND (age < interval '-5 minutes' OR age > rules.offline_within) THEN
		PERFORM quarantine.refuse('clock', jsonb_build_object('within', rules.offline_within));
	END IF;
	repeated := false;
	port := device.port;
	persons := 0;
	IF age > interval '1 second' THEN
		-- what a device kept while it was offline, and sends again because the answer was lost
		SELECT x.* INTO before
		FROM quarantine.reading x
		WHERE x.reader = device.reader
			AND x.scanned_at = scan.as_of
			AND x.code = code_hash;
		repeated := found;
	END IF;

	IF repeated THEN
		outcome := before.outcome;
		reason := before.reason;
		colour := before.colour;
		number := before.entry;
		persons := before.persons;
		SELECT e.arrived_at, e.reader INTO arrived_at, first_reader
		FROM quarantine.entry e
		WHERE e.entry = before.entry;
		SELECT r.message_ja, r.message_en INTO message_ja, message_en
		FROM quarantine.reason r
		WHERE r.reason = coalesce(scan.reason, scan.outcome);
		RETURN;
	END IF;

	SELECT c.valid, c.reason, c.ticket, c.kind, c.place INTO checked
	FROM credential.check_ticket(scan.ticket, scan.as_of) AS c;
	IF NOT coalesce(checked.valid, false) OR checked.kind <> 'arrival' THEN
		outcome := 'refused';
		reason := CASE
			WHEN checked.valid THEN 'other_ticket'
			WHEN coalesce(checked.reason, 'not_a_ticket') = 'not_a_ticket' THEN quarantine.foreign_code(scan.ticket)
			ELSE checked.reason
		END;
	ELSE
		-- whoever comes second waits here for the first, and then finds it arrived
		UPDATE quarantine.entry e
		SET state = 'arrived',
			arrived_at = scan.as_of,
			reader = device.reader,
			port = device.port,
			station = device.station,
			on_date = outbreak.local_date(scan.as_of)
		WHERE e.ticket = checked.ticket
			AND e.state = 'open'
		RETURNING e.* INTO party;
		IF party.entry IS NOT NULL THEN
			outcome := 'registered';
			reason := CASE WHEN checked.place <> device.port THEN 'other_port' END;
			SELECT o.entry_there AS entry, o.arrived_at, o.reader INTO other
			FROM quarantine.same_passport(party.entry, scan.as_of) AS o;
			IF other.entry IS NOT NULL THEN
				UPDATE quarantine.entry e
				SET state = 'duplicate',
					reason = 'same passport as entry ' || other.entry
				WHERE e.entry = party.entry;
				outcome := 'seen_before';
				reason := 'same_passport';
				arrived_at := other.arrived_at;
				first_reader := other.reader;
				UPDATE quarantine.traveller t
				SET gone_on = party.on_date
				WHERE t.entry = party.entry;
				UPDATE quarantine.identity i
				SET gone_on = party.on_date
				FROM quarantine.traveller t
				WHERE t.entry = party.entry
					AND i.person = t.person;
			ELSE
				persons := quarantine.register_party(party, scan.as_of);
				arrived_at := party.arrived_at;
				first_reader := party.reader;
			END IF;
		ELSE
			SELECT e.* INTO party
			FROM quarantine.entry e
			WHERE e.ticket = checked.ticket;
			arrived_at := party.arrived_at;
			first_reader := party.reader;
			outcome := CASE WHEN party.state = ANY ('{arrived,duplicate}'::text[]) THEN 'seen_before' ELSE 'refused' END;
			reason := CASE
				WHEN party.entry IS NULL THEN 'unknown_entry'
				WHEN party.state = 'cancelled' THEN 'entry_cancelled'
				WHEN party.state = 'duplicate' THEN 'same_passport'
			END;
		END IF;
		number := party.entry;
		IF outcome <> 'refused' THEN
			SELECT c.colour, c.reason INTO colour, colour_reason
			FROM quarantine.colour_of(party.entry, scan.as_of) AS c;
		END IF;
	END IF;

	INSERT INTO quarantine.reading (scanned_at, station, entry, persons, reader, port, outcome, reason, colour, code)
	VALUES (scan.as_of, device.station, number, scan.persons, device.reader, device.port, outcome, scan.reason, scan.colour, code_hash)
	ON CONFLICT DO NOTHING;
	SELECT r.message_ja, r.message_en INTO message_ja, message_en
	FROM quarantine.reason r
	WHERE r.reason = coalesce(scan.reason, scan.outcome);
END
$$;
COMMENT ON FUNCTION quarantine.scan(text, text, timestamptz) IS
'券の読取 / reads the ticket of an arrival at a device. In one transaction: the signature and time of the ticket are verified, each person of the entry is registered, every slot of the follow-up is made and the first message is queued; a crash leaves all of it or nothing. outcome: registered (persons: how many), seen_before (arrived_at, first_reader: when and where; nothing is made again), refused (reason: damaged, forged, unknown_key, key_revoked, expired, not_yet_valid, revoked, unknown_entry, entry_cancelled, other_ticket, or what else it was: foreign_dcc, foreign_shc, foreign_vds, foreign_link, foreign_boarding_pass, not_a_ticket). Of a refused one the reading alone is kept, without the code. reason other_port: registered all the same, the flight landed elsewhere. as_of: when it was read; a device that was offline sends its readings later, each as often as it likes (repeated: it was here before). For the device itself and officers of its station. Errors: OB134 no such device, not one of yours, not in use, or a clock that is wrong.';

CREATE OR REPLACE FUNCTION quarantine.same_passport(entry bigint, as_of timestamptz, OUT entry_there bigint, OUT arrived_at timestamptz, OUT reader text)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	SELECT e.entry, e.arrived_at, e.reader INTO entry_there, arrived_at, reader
	FROM quarantine.traveller t
	JOIN quarantine.identity i ON i.person = t.person
	JOIN quarantine.identity o ON o.passport OPERATOR(outbreak.=) i.passport
		AND o.person <> i.person
	JOIN quarantine.traveller there ON there.person = o.person
	JOIN quarantine.entry e ON e.entry = there.entry
	WHERE t.entry = same_passport.entry
		AND there.arrived_at BETWEEN same_passport.as_of - interval '12 hours' AND same_passport.as_of + interval '12 hours'
		AND e.entry <> same_passport.entry
	ORDER BY e.arrived_at
	LIMIT 1;
END
$$;
COMMENT ON FUNCTION quarantine.same_passport(bigint, timestamptz) IS 'Somebody of an entry who came in by another entry within 12 hours, known by the tag of the passport number; NULLs when nobody did.';

CREATE OR REPLACE FUNCTION quarantine.class_for(t quarantine.traveller, q quarantine.questionnaire) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN (
		SELECT r.class
		FROM quarantine.class_rule r
		WHERE r.valid @> t.on_date
			AND (r.countries = '{}' OR r.countries && q.countries)
			AND (r.min_doses = 0 OR q.vaccine_doses >= r.min_doses
				AND EXISTS (SELECT FROM quarantine.document d WHERE d.person = t.person AND d.document = 'vaccination' AND d.state = 'accepted'))
		ORDER BY r.position
		LIMIT 1);
END
$$;
COMMENT ON FUNCTION quarantine.class_for(quarantine.traveller, quarantine.questionnaire) IS '健康観察区分 / the class of the plan of arrivals that the rules of quarantine.class_rule put a traveller into; NULL: the default.';

CREATE OR REPLACE FUNCTION quarantine.register_party(party quarantine.entry, as_of timestamptz) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	one record;
	head uuid;
	registered integer := 0;
BEGIN
	-- the persons, with the envelopes that were sealed for them at the entry: nothing is opened
	INSERT INTO registry.person (person, sex, birth_year, municipality, prefecture, health_center)
	SELECT t.person, q.sex, extract(year FROM party.on_date)::integer - t.age, t.municipality, t.prefecture, t.health_center
	FROM quarantine.traveller t
	JOIN quarantine.questionnaire q ON q.person = t.person
		AND q.on_date = t.answers_on
	WHERE t.entry = party.entry
	ORDER BY t.n;
	INSERT INTO registry.identity (person, prefecture, name, kana, birth_on, phone, mail, address)
	SELECT i.person, i.prefecture, i.name, i.kana, i.birth_on, i.phone, i.mail, i.address
	FROM quarantine.traveller t
	JOIN quarantine.identity i ON i.person = t.person
	WHERE t.entry = party.entry
	ORDER BY t.n;
	INSERT INTO messaging.contact (person, channel, address, language, preference, prefecture)
	SELECT t.person, c.channel, c.address, party.language, c.preference, t.prefecture
	FROM quarantine.traveller t
	JOIN quarantine.identity i ON i.person = t.person
	CROSS JOIN LATERAL (VALUES ('sms', i.phone, 1::smallint), ('mail', i.mail, 2::smallint)) AS c (channel, address, preference)
	WHERE t.entry = party.entry
		AND c.address IS NOT NULL
	ON CONFLICT DO NOTHING;

	FOR one IN
		SELECT t.person, t.n, t.health_center, quarantine.class_for(t, q) AS class, q.countries, q.seat, i.phone IS NOT NULL OR i.mail IS NOT NULL AS reachable, i.gone_on IS NOT NULL AS given_up
		FROM quarantine.traveller t
		JOIN quarantine.questionnaire q ON q.person = t.person
			AND q.on_date = t.answers_on
		JOIN quarantine.identity i ON i.person = t.person
		WHERE t.entry = party.entry
		ORDER BY t.n
	LOOP
		head := coalesce(head, one.person);
		UPDATE quarantine.traveller t
		SET arrived_at = as_of,
			gone_on = NULL,
			port = party.port,
			station = party.station,
			on_date = party.on_date,
			class = one.class,
			enrolment = followup.enrol(one.person, 'arrival', party.on_date, one.class,
				-- companions without a telephone of their own are answered for by the first
				CASE WHEN one.reachable THEN NULL ELSE head END,
				one.health_center, NULL,
				jsonb_build_object('entry', party.entry, 'n', one.n, 'port', party.port, 'conveyance', party.conveyance, 'seat', one.seat, 'countries', to_jsonb(one.countries)), as_of)
		WHERE t.person = one.person;
		IF one.given_up THEN
			-- read by a device that was offline until the ticket was over: who was given up has come after all
			UPDATE quarantine.identity i
			SET gone_on = NULL
			WHERE i.person = one.person;
		END IF;
		registered := registered + 1;
	END LOOP;
	-- a result may have been faster than the queue, or than a device that was offline
	PERFORM quarantine.lock_flight(party.conveyance_key, false);
	PERFORM quarantine.settle_flight_contacts(party.conveyance_key, party.on_date, as_of);
	RETURN registered;
END
$$;
COMMENT ON FUNCTION quarantine.register_party(quarantine.entry, timestamptz) IS 'What a reading of a ticket does for the persons of an entry: registry, contacts, follow-up; and who sat near a case that is known already is followed as a contact. Part of quarantine.scan().';
