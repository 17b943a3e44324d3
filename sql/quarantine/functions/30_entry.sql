-- ---- entering before arrival: by anybody, with a token to come back with

CREATE OR REPLACE FUNCTION quarantine.token_hash(token text) RETURNS bytea
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN sha256(convert_to(token, 'UTF8'));
COMMENT ON FUNCTION quarantine.token_hash(text) IS 'What is kept of a token.';

CREATE OR REPLACE FUNCTION quarantine.entry_of(token text, lock boolean DEFAULT false) RETURNS quarantine.entry
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	e quarantine.entry;
BEGIN
	IF lock THEN
		SELECT x.* INTO e
		FROM quarantine.entry x
		WHERE x.token = quarantine.token_hash(entry_of.token)
		FOR NO KEY UPDATE;
	ELSE
		SELECT x.* INTO e
		FROM quarantine.entry x
		WHERE x.token = quarantine.token_hash(entry_of.token);
	END IF;
	IF NOT found THEN
		PERFORM quarantine.refuse('no_entry');
	END IF;
	RETURN e;
END
$$;
COMMENT ON FUNCTION quarantine.entry_of(text, boolean) IS 'The entry of a token; OB131 with the same words whatever is wrong with it.';

CREATE OR REPLACE FUNCTION quarantine.json_instant(value text) RETURNS timestamptz
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET datestyle = 'ISO, YMD'
AS $$
BEGIN
	IF value !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?$' THEN
		RETURN NULL;
	END IF;
	-- without an offset it is the time in Japan, where it is a time of arrival
	IF value ~ '(Z|[+-][0-9]{2}(:?[0-9]{2})?)$' THEN
		RETURN value::timestamptz;
	END IF;
	RETURN value::timestamp AT TIME ZONE outbreak.time_zone();
EXCEPTION WHEN datetime_field_overflow OR invalid_datetime_format THEN
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION quarantine.json_instant(text) IS 'A moment written as ISO 8601, without an offset in the time zone of the country; NULL for what is none.';

CREATE OR REPLACE FUNCTION quarantine.entry_faults(entry jsonb, as_of timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	faults jsonb := '[]';
	arrives_at timestamptz := quarantine.json_instant(entry ->> 'arrives_at');
	regime quarantine.regime;
	unknown text;
BEGIN
	SELECT string_agg(k, ', ' ORDER BY k) INTO unknown
	FROM jsonb_object_keys(entry) AS k
	WHERE k <> ALL ('{port,kind,conveyance,arrives_at,language}'::text[]);
	IF unknown IS NOT NULL THEN
		faults := faults || quarantine.finding(0, 'entry', 'unknown_field', '質問票にない項目があります', 'there is an item that the questionnaire does not have');
	END IF;
	IF NOT EXISTS (SELECT FROM quarantine.port p WHERE p.port = entry ->> 'port' AND p.open) THEN
		faults := faults || quarantine.finding(0, 'port', 'port', '到着する空港・海港を選んでください', 'choose the airport or seaport of arrival');
	END IF;
	IF coalesce(entry ->> 'kind', '') <> ALL ('{flight,ship,other}'::text[]) THEN
		faults := faults || quarantine.finding(0, 'kind', 'kind', '交通手段を選んでください', 'choose how you travel: flight, ship, other');
	END IF;
	IF coalesce(quarantine.conveyance_key(coalesce(entry ->> 'kind', 'other'), entry ->> 'conveyance'), '') ~ '^ ?$'
		OR length(entry ->> 'conveyance') > 80 OR entry ->> 'conveyance' ~ '[[:cntrl:]]' THEN
		faults := faults || quarantine.finding(0, 'conveyance', 'conveyance', '便名または船名を入力してください（80文字以内）', 'give the flight number or the name of the vessel, in at most 80 characters');
	ELSIF entry ->> 'kind' = 'flight' AND quarantine.conveyance_key('flight', entry ->> 'conveyance') !~ '^[A-Z0-9]{2,3}[0-9]{1,4}[A-Z]?$' THEN
		faults := faults || quarantine.finding(0, 'conveyance', 'flight_number', '便名は航空会社の記号と番号で入力してください（例：NH 109）', 'a flight number is the code of the airline and a number, such as NH 109');
	END IF;
	IF arrives_at IS NULL THEN
		faults := faults || quarantine.finding(0, 'arrives_at', 'arrives_at', '到着日時を入力してください', 'give date and time of arrival');
	ELSE
		regime := quarantine.regime_of(outbreak.local_date(arrives_at));
		IF regime.from_on IS NULL OR arrives_at > as_of + regime.ahead THEN
			faults := faults || quarantine.finding(0, 'arrives_at', 'too_early', '到着日が先すぎるため、まだ登録できません', 'the arrival is too far ahead to be entered yet');
		ELSIF arrives_at < as_of - interval '1 day' THEN
			faults := faults || quarantine.finding(0, 'arrives_at', 'in_the_past', '到着日時が過去の日時です', 'the arrival lies in the past');
		END IF;
	END IF;
	IF entry ->> 'language' IS NOT NULL AND NOT EXISTS (SELECT FROM quarantine.language l WHERE l.language = entry ->> 'language') THEN
		faults := faults || quarantine.finding(0, 'language', 'language', '言語を一覧から選んでください', 'choose a language of the list');
	END IF;
	RETURN faults;
END
$$;
COMMENT ON FUNCTION quarantine.entry_faults(jsonb, timestamptz) IS 'What is wrong with port, conveyance, time and language of an entry, as findings; an empty array when nothing is.';

CREATE OR REPLACE FUNCTION quarantine.identity_faults(n integer, who jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	faults jsonb;
BEGIN
	-- the registry says what a name, a birth date, a number, an address may be
	SELECT coalesce(jsonb_agg(quarantine.finding(n, f ->> 'field', f ->> 'field', f ->> 'message_ja', f ->> 'message_en') ORDER BY place), '[]') INTO faults
	FROM jsonb_array_elements(registry.person_faults(who ->> 'name', nullif(who ->> 'kana', ''), coalesce(who ->> 'birth_on', ''), NULL,
		nullif(who ->> 'phone', ''), nullif(who ->> 'mail', ''), nullif(who ->> 'address', ''), NULL, NULL, NULL)) WITH ORDINALITY AS x (f, place);
	IF coalesce(who ->> 'passport', '') = '' THEN
		faults := faults || quarantine.finding(n, 'passport', 'passport_missing', '旅券番号がありません', 'the number of the passport is missing');
	ELSIF who ->> 'passport' !~ '^[A-Za-z0-9 -]{5,20}$' THEN
		faults := faults || quarantine.finding(n, 'passport', 'passport', '旅券番号は英数字5〜20文字です', 'the number of a passport is 5 to 20 letters and digits');
	END IF;
	IF coalesce(who ->> 'address', '') = '' THEN
		faults := faults || quarantine.finding(n, 'address', 'address_missing', '日本での滞在先の住所がありません', 'the address of the place of stay in Japan is missing');
	END IF;
	IF n = 1 AND coalesce(who ->> 'phone', '') = '' AND coalesce(who ->> 'mail', '') = '' THEN
		faults := faults || quarantine.finding(n, 'phone', 'no_contact', '電話番号かメールアドレスが必要です', 'a telephone number or a mail address is needed');
	END IF;
	RETURN faults;
END
$$;
COMMENT ON FUNCTION quarantine.identity_faults(integer, jsonb) IS 'What is wrong with who the nth person of an entry is, as findings without values. Companions may be without telephone and mail: the first person answers for them.';

CREATE OR REPLACE FUNCTION quarantine.identity_fields() RETURNS text[]
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN '{name,kana,birth_on,passport,phone,mail,address}'::text[];
COMMENT ON FUNCTION quarantine.identity_fields() IS 'The items of a traveller that are sealed.';

CREATE OR REPLACE FUNCTION quarantine.answer_fields() RETURNS text[]
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN '{seat,sex,nationality,occupation,prefecture,municipality,stay_kind,stay_until,countries,country_days,departed_at,infection_place,temperature_c,fever_reducer,fever,cough,sore_throat,runny_nose,fatigue,breathlessness,taste_smell_loss,other_symptom,onset_on,met_patient,test_at,test_method,test_negative,vaccine_doses,last_dose_on,pledged,declared_true}'::text[];
COMMENT ON FUNCTION quarantine.answer_fields() IS 'The items of a traveller that are answers of the questionnaire.';

CREATE OR REPLACE FUNCTION quarantine.seal_identity(person uuid, who jsonb, station bigint, prefecture integer) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	sealed quarantine.identity;
BEGIN
	sealed.name := outbreak.seal(btrim(who ->> 'name', ' 　'), 'name', person);
	sealed.kana := outbreak.seal(nullif(btrim(who ->> 'kana', ' 　'), ''), 'kana', person);
	sealed.birth_on := outbreak.seal(who ->> 'birth_on', 'birth_on', person);
	sealed.passport := outbreak.seal(upper(regexp_replace(who ->> 'passport', '[ -]', '', 'g')), 'passport', person);
	sealed.phone := outbreak.seal(quarantine.phone_number(nullif(who ->> 'phone', '')), 'phone', person);
	sealed.mail := outbreak.seal(nullif(btrim(who ->> 'mail'), ''), 'mail', person);
	sealed.address := outbreak.seal(nullif(btrim(who ->> 'address', ' 　'), ''), 'address', person);
	-- what is not given stays; what is given as empty text goes, where it may
	UPDATE quarantine.identity i
	SET station = seal_identity.station,
		prefecture = seal_identity.prefecture,
		name = CASE WHEN who ? 'name' THEN sealed.name ELSE i.name END,
		kana = CASE WHEN who ? 'kana' THEN sealed.kana ELSE i.kana END,
		birth_on = CASE WHEN who ? 'birth_on' THEN sealed.birth_on ELSE i.birth_on END,
		passport = CASE WHEN who ? 'passport' THEN sealed.passport ELSE i.passport END,
		phone = CASE WHEN who ? 'phone' THEN sealed.phone ELSE i.phone END,
		mail = CASE WHEN who ? 'mail' THEN sealed.mail ELSE i.mail END,
		address = CASE WHEN who ? 'address' THEN sealed.address ELSE i.address END
	WHERE i.person = seal_identity.person;
	IF NOT found THEN
		INSERT INTO quarantine.identity (person, station, prefecture, name, kana, birth_on, passport, phone, mail, address)
		VALUES (person, station, prefecture, sealed.name, sealed.kana, sealed.birth_on, sealed.passport, sealed.phone, sealed.mail, sealed.address);
	END IF;
END
$$;
COMMENT ON FUNCTION quarantine.seal_identity(uuid, jsonb, bigint, integer) IS 'Seals who a traveller is; of one who is there only what is given.';

CREATE OR REPLACE FUNCTION quarantine.settle_flight(port text, kind text, conveyance text, on_date date, persons integer, but bigint) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	key text := quarantine.conveyance_key(kind, conveyance);
	regime quarantine.regime := quarantine.regime_of(on_date);
	most integer;
	there bigint;
BEGIN
	SELECT (f.passengers * 1.2)::integer + 10 INTO most
	FROM quarantine.flight f
	WHERE f.on_date = settle_flight.on_date
		AND f.conveyance_key = key
		AND f.port = settle_flight.port
		AND f.passengers IS NOT NULL;
	most := coalesce(most, CASE kind WHEN 'flight' THEN regime.flight_most ELSE regime.ship_most END);
	SELECT coalesce(sum(e.persons), 0) INTO there
	FROM quarantine.entry e
	WHERE e.on_date = settle_flight.on_date
		AND e.conveyance_key = key
		AND e.port = settle_flight.port
		AND e.state = ANY ('{open,arrived}'::text[])
		AND e.entry IS DISTINCT FROM but;
	IF there + persons > most THEN
		PERFORM quarantine.refuse('flight_full');
	END IF;
END
$$;
COMMENT ON FUNCTION quarantine.settle_flight(text, text, text, date, integer, bigint) IS 'Refuses (OB133) more persons than a flight or vessel can carry: nobody fills the list with people that there are not. but: the entry that is being changed.';

CREATE OR REPLACE FUNCTION quarantine.town(written text) RETURNS outbreak.municipality_code
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN (
		SELECT m.municipality
		FROM registry.municipality m
		WHERE m.municipality OPERATOR(outbreak.=) town.written::outbreak.municipality_code);
EXCEPTION WHEN data_exception THEN
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION quarantine.town(text) IS 'The municipality of a code as it is written, or NULL for text that is none and for one that the registry does not have.';

CREATE OR REPLACE FUNCTION quarantine.read_travellers(e quarantine.entry, travellers jsonb, faults jsonb, OUT findings jsonb, OUT records jsonb)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	one record;
	there quarantine.traveller;
	who jsonb;
	answers jsonb;
	born date;
	town outbreak.municipality_code;
BEGIN
	findings := faults;
	records := '[]';
	FOR one IN
		SELECT x.record, coalesce((x.record ->> 'n')::integer, x.place::integer) AS n
		FROM jsonb_array_elements(travellers) WITH ORDINALITY AS x (record, place)
	LOOP
		IF EXISTS (SELECT FROM jsonb_object_keys(one.record) AS k WHERE k <> ALL (quarantine.identity_fields() || quarantine.answer_fields() || '{n}'::text[])) THEN
			findings := findings || quarantine.finding(one.n, 'traveller', 'unknown_field', '質問票にない項目があります', 'there is an item that the questionnaire does not have');
		END IF;
		there := NULL;
		SELECT x.* INTO there
		FROM quarantine.traveller x
		WHERE x.entry = e.entry
			AND x.n = one.n;
		SELECT coalesce(jsonb_object_agg(k.key, CASE WHEN jsonb_typeof(k.value) = 'null' THEN '""'::jsonb ELSE k.value END), '{}') INTO who
		FROM jsonb_each(one.record) AS k
		WHERE k.key = ANY (quarantine.identity_fields());
		SELECT coalesce(jsonb_object_agg(k.key, k.value), '{}') INTO answers
		FROM jsonb_each(one.record) AS k
		WHERE k.key = ANY (quarantine.answer_fields());
		IF there.person IS NULL THEN
			findings := findings || quarantine.identity_faults(one.n, who);
		ELSIF who <> '{}' THEN
			-- what is not given is there already: something right stands in for it, so that what is given is judged alone
			findings := findings || quarantine.identity_faults(one.n,
				jsonb_build_object('name', '-', 'birth_on', '2000-01-01', 'passport', 'XX00000', 'address', '-')
				|| coalesce((
					SELECT jsonb_strip_nulls(jsonb_build_object('phone', CASE WHEN i.phone IS NOT NULL THEN '0312345678' END, 'mail', CASE WHEN i.mail IS NOT NULL THEN 'x@example.jp' END))
					FROM quarantine.identity i
					WHERE i.person = there.person), '{}')
				|| who);
		END IF;
		born := CASE WHEN who ->> 'birth_on' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' THEN registry.date_or_null(who ->> 'birth_on') END;
		IF answers ->> 'municipality' IS NOT NULL THEN
			town := quarantine.town(answers ->> 'municipality');
			IF town IS NULL THEN
				findings := findings || quarantine.finding(one.n, 'municipality', 'municipality', '市区町村コードが正しくありません', 'there is no such municipality');
				answers := answers - 'municipality';
			END IF;
		ELSE
			town := NULL;
		END IF;
		IF answers ->> 'prefecture' IS NULL AND town IS NOT NULL THEN
			answers := answers || jsonb_build_object('prefecture', outbreak.prefecture(town));
		END IF;
		answers := answers || jsonb_build_object(
			'person', coalesce(there.person, gen_random_uuid()),
			'on_date', e.on_date,
			'station', e.station,
			'port', e.port,
			'health_center', quarantine.health_center_of(town),
			'age', CASE WHEN born IS NOT NULL THEN extract(year FROM age(e.on_date, born))::integer ELSE there.age END);
		IF one.n = 1 AND (answers ->> 'age')::integer < 13 THEN
			findings := findings || quarantine.finding(1, 'birth_on', 'child_alone', '13歳未満の方は、同行者の登録に加えてください', 'a child under 13 is entered with the person who travels with it');
		END IF;
		findings := findings || coalesce((
			SELECT jsonb_agg(jsonb_build_object('traveller', one.n, 'fields', to_jsonb(c.fields), 'code', c.code, 'severity', c.severity, 'message_ja', c.message_ja, 'message_en', c.message_en) ORDER BY c.code)
			FROM report.check('quarantine.questionnaire', answers) AS c
			WHERE c.severity = 'error'
				AND c.verdict = 'violated'), '[]');
		records := records || jsonb_build_array(jsonb_build_object('n', one.n, 'who', who, 'answers', answers));
	END LOOP;
END
$$;
COMMENT ON FUNCTION quarantine.read_travellers(quarantine.entry, jsonb, jsonb) IS 'Reads the persons of an entry: findings are those that were there, and all of the persons, records what is to be written. Writes nothing.';

CREATE OR REPLACE FUNCTION quarantine.refuse_entry(findings jsonb) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF findings <> '[]' THEN
		RAISE EXCEPTION 'the entry is not taken; faults found: %', jsonb_array_length(findings)
			USING ERRCODE = 'OB130',
				DETAIL = findings,
				HINT = 'DETAIL lists each fault with the number of the person (0: the entry itself) and its fields. Mend them and send it again; nothing was taken.';
	END IF;
END
$$;
COMMENT ON FUNCTION quarantine.refuse_entry(jsonb) IS 'Raises OB130 with all findings as DETAIL; does nothing when there are none.';

CREATE OR REPLACE FUNCTION quarantine.write_travellers(e quarantine.entry, records jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	of_person uuid;
	one record;
BEGIN
	FOR one IN
		SELECT (r ->> 'n')::smallint AS n, r -> 'who' AS who, a.*, s.seat_row, s.seat_letter, s.seat_kind
		FROM jsonb_array_elements(records) AS r
		CROSS JOIN LATERAL jsonb_to_record(r -> 'answers') AS a (person uuid, age smallint, prefecture smallint, municipality outbreak.municipality_code, health_center bigint, seat text)
		CROSS JOIN LATERAL quarantine.parse_seat(a.seat) AS s
	LOOP
		of_person := one.person;
		INSERT INTO quarantine.traveller AS t (person, entry, n, station, port, on_date, answers_on, conveyance_key, age, prefecture, municipality, health_center, seat_row, seat_letter, seat_kind)
		VALUES (of_person, e.entry, one.n, e.station, e.port, e.on_date, e.on_date, e.conveyance_key, one.age, one.prefecture, one.municipality, one.health_center, one.seat_row, one.seat_letter, one.seat_kind)
		ON CONFLICT ON CONSTRAINT traveller_pkey DO UPDATE
		SET station = excluded.station,
			port = excluded.port,
			on_date = excluded.on_date,
			answers_on = excluded.answers_on,
			conveyance_key = excluded.conveyance_key,
			age = excluded.age,
			prefecture = excluded.prefecture,
			municipality = excluded.municipality,
			health_center = excluded.health_center,
			seat_row = excluded.seat_row,
			seat_letter = excluded.seat_letter,
			seat_kind = excluded.seat_kind;
		PERFORM quarantine.seal_identity(of_person, one.who, e.station, one.prefecture);
	END LOOP;
	-- an arrival on another day is another questionnaire; the former one stays in the history
	DELETE FROM quarantine.questionnaire q
	USING quarantine.traveller t
	WHERE t.entry = e.entry
		AND q.person = t.person
		AND q.on_date <> e.on_date;
	IF EXISTS (SELECT FROM jsonb_array_elements(records) AS r JOIN quarantine.questionnaire q ON q.person = (r -> 'answers' ->> 'person')::uuid) THEN
		PERFORM report.submit('quarantine.questionnaire', (SELECT jsonb_agg(r -> 'answers') FROM jsonb_array_elements(records) AS r));
	ELSE
		-- all of it is new, and was checked when it was read
		INSERT INTO quarantine.questionnaire
		SELECT a.*
		FROM jsonb_array_elements(records) AS r
		CROSS JOIN LATERAL jsonb_populate_record(NULL::quarantine.questionnaire, jsonb_build_object('source', 'own', 'reported_at', now(), 'recorded_at', now()) || (r -> 'answers')) AS a;
	END IF;
END
$$;
COMMENT ON FUNCTION quarantine.write_travellers(quarantine.entry, jsonb) IS 'Writes what quarantine.read_travellers() read: travellers, sealed identities, questionnaires.';

CREATE OR REPLACE FUNCTION quarantine.party_faults(travellers jsonb, most integer) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF jsonb_typeof(travellers) IS DISTINCT FROM 'array'
		OR EXISTS (SELECT FROM jsonb_array_elements(travellers) AS r WHERE jsonb_typeof(r) <> 'object') THEN
		RETURN jsonb_build_array(quarantine.finding(0, 'travellers', 'no_array', '同行者を含む全員の回答を配列で送ってください', 'send an array with an object for each person'));
	ELSIF jsonb_array_length(travellers) NOT BETWEEN 1 AND most THEN
		RETURN jsonb_build_array(quarantine.finding(0, 'travellers', 'party', format('1件の登録は1人から%s人までです', most), format('one entry is for 1 to %s persons', most)));
	ELSIF length(travellers::text) > 20000 * most THEN
		RETURN jsonb_build_array(quarantine.finding(0, 'travellers', 'too_long', '回答が長すぎます', 'the answers are too long'));
	END IF;
	RETURN '[]';
END
$$;
COMMENT ON FUNCTION quarantine.party_faults(jsonb, integer) IS 'Is it a list of 1 to so many persons? As findings.';

CREATE OR REPLACE FUNCTION quarantine.ticket_span(e quarantine.entry) RETURNS tstzrange
LANGUAGE SQL STABLE PARALLEL SAFE
RETURN (
	SELECT tstzrange(date_trunc('second', e.arrives_at - r.ticket_before), date_trunc('second', e.arrives_at + r.ticket_after))
	FROM quarantine.regime_of(e.on_date) AS r
);
COMMENT ON FUNCTION quarantine.ticket_span(quarantine.entry) IS '券の有効期間 / from when to when the ticket of an entry is valid.';

CREATE OR REPLACE FUNCTION quarantine.ticket_code(e quarantine.entry) RETURNS text
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
RETURN CASE WHEN e.state = 'open' THEN credential.issue_ticket(e.ticket, 'arrival', quarantine.ticket_span(e), e.port) END;
COMMENT ON FUNCTION quarantine.ticket_code(quarantine.entry) IS '入国者の券 / the signed text of the QR code of an entry that has not arrived; NULL afterwards.';

CREATE OR REPLACE FUNCTION quarantine.enter(entry jsonb, travellers jsonb, as_of timestamptz DEFAULT now(),
	OUT token text, OUT number bigint, OUT ticket text, OUT colour text, OUT reason text, OUT message_ja text, OUT message_en text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
	e quarantine.entry;
	regime quarantine.regime;
	faults jsonb;
	read record;
BEGIN
	PERFORM access.require_now(enter.as_of);
	IF jsonb_typeof(enter.entry) IS DISTINCT FROM 'object' THEN
		PERFORM quarantine.refuse_entry(jsonb_build_array(quarantine.finding(0, 'entry', 'no_object', '到着便の情報がありません', 'the arrival is missing')));
	END IF;
	faults := quarantine.entry_faults(enter.entry, enter.as_of);
	e.arrives_at := quarantine.json_instant(enter.entry ->> 'arrives_at');
	e.on_date := outbreak.local_date(e.arrives_at);
	regime := quarantine.regime_of(e.on_date);
	faults := faults || quarantine.party_faults(enter.travellers, coalesce(regime.party_most, 20));
	IF e.on_date IS NULL OR faults @? '$[*] ? (@.fields[0] == "travellers" || @.fields[0] == "arrives_at")' THEN
		PERFORM quarantine.refuse_entry(faults);
	END IF;
	SELECT p.port, p.station INTO e.port, e.station
	FROM quarantine.port p
	WHERE p.port = enter.entry ->> 'port';
	e.kind := enter.entry ->> 'kind';
	e.conveyance := btrim(enter.entry ->> 'conveyance');
	e.conveyance_key := quarantine.conveyance_key(e.kind, e.conveyance);
	e.language := coalesce(enter.entry ->> 'language', 'ja');
	e.persons := jsonb_array_length(enter.travellers);
	e.entry := nextval('quarantine.entry_number');
	-- the number of a person is its place, whatever the caller calls it
	SELECT * INTO read
	FROM quarantine.read_travellers(e, (SELECT jsonb_agg(r - 'n') FROM jsonb_array_elements(enter.travellers) AS r), faults);
	PERFORM quarantine.refuse_entry(read.findings);
	PERFORM quarantine.settle_flight(e.port, e.kind, e.conveyance, e.on_date, e.persons, NULL);

	-- 244 random bits
	token := rtrim(translate(encode(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), 'base64'), '+/', '-_'), '=');
	INSERT INTO quarantine.entry AS x (entry, token, station, arrives_at, made_at, changed_at, on_date, persons, port, kind, conveyance, conveyance_key, language)
	VALUES (e.entry, quarantine.token_hash(token), e.station, e.arrives_at, enter.as_of, enter.as_of, e.on_date, e.persons, e.port, e.kind, e.conveyance, e.conveyance_key, e.language)
	RETURNING x.* INTO e;
	PERFORM quarantine.write_travellers(e, read.records);
	number := e.entry;
	ticket := quarantine.ticket_code(e);
	SELECT c.colour, c.reason, c.message_ja, c.message_en INTO colour, reason, message_ja, message_en
	FROM quarantine.colour_of(e.entry, enter.as_of) AS c;
END
$$;
COMMENT ON FUNCTION quarantine.enter(jsonb, jsonb, timestamptz) IS
'事前登録 / makes an entry for all who travel together. entry: {"port": "NRT", "kind": "flight", "conveyance": "NH 109", "arrives_at": "2020-12-14T16:20+09:00", "language": "en"}; travellers: an object for each person, with the items of quarantine.form(); the first one answers for all. Returns the token, with which alone the entry can be read and changed and which is kept nowhere, the number, the text of the QR code, and the colour with its reason. Errors: OB130 with every fault of every person as DETAIL, without values; OB133 the flight is full; 42501 for another moment than now.';

CREATE OR REPLACE FUNCTION quarantine.change_entry(token text, entry jsonb DEFAULT '{}', travellers jsonb DEFAULT '[]', as_of timestamptz DEFAULT now(),
	OUT number bigint, OUT ticket text, OUT colour text, OUT reason text, OUT message_ja text, OUT message_en text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
	e quarantine.entry;
	former quarantine.entry;
	regime quarantine.regime;
	merged jsonb;
	faults jsonb := '[]';
	read record;
BEGIN
	PERFORM access.require_now(change_entry.as_of);
	e := quarantine.entry_of(change_entry.token, true);
	former := e;
	IF e.state <> 'open' THEN
		PERFORM quarantine.refuse(CASE e.state WHEN 'cancelled' THEN 'entry_cancelled' ELSE 'arrived_already' END);
	END IF;
	IF jsonb_typeof(change_entry.entry) IS DISTINCT FROM 'object' OR jsonb_typeof(change_entry.travellers) IS DISTINCT FROM 'array'
		OR EXISTS (SELECT FROM jsonb_array_elements(CASE WHEN jsonb_typeof(change_entry.travellers) = 'array' THEN change_entry.travellers END) AS r WHERE jsonb_typeof(r) <> 'object' OR coalesce(r ->> 'n', '') !~ '^[1-9][0-9]?$') THEN
		PERFORM quarantine.refuse_entry(jsonb_build_array(quarantine.finding(0, 'travellers', 'no_array', '変更する人の番号 n と項目を配列で送ってください', 'send an array with an object for each person that changes, with its number n')));
	END IF;

	IF change_entry.entry <> '{}' THEN
		merged := jsonb_build_object('port', e.port, 'kind', e.kind, 'conveyance', e.conveyance, 'arrives_at', to_char(e.arrives_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'language', e.language) || change_entry.entry;
		faults := quarantine.entry_faults(merged, change_entry.as_of);
		IF faults = '[]' THEN
			e.arrives_at := quarantine.json_instant(merged ->> 'arrives_at');
			e.on_date := outbreak.local_date(e.arrives_at);
			SELECT p.port, p.station INTO e.port, e.station
			FROM quarantine.port p
			WHERE p.port = merged ->> 'port';
			e.kind := merged ->> 'kind';
			e.conveyance := btrim(merged ->> 'conveyance');
			e.conveyance_key := quarantine.conveyance_key(e.kind, e.conveyance);
			e.language := merged ->> 'language';
		END IF;
	END IF;
	regime := quarantine.regime_of(e.on_date);
	IF e.changes >= regime.changes_most THEN
		PERFORM quarantine.refuse('too_many_changes');
	END IF;
	IF change_entry.travellers @? '$[*] ? (@.n == 1 && @.remove == true)' THEN
		PERFORM quarantine.refuse_entry(jsonb_build_array(quarantine.finding(1, 'n', 'first_stays', '代表者は削除できません。登録を取り消してください', 'the first person stays; cancel the entry instead')));
	END IF;

	-- everybody as they will be: what was answered, and over it what is sent
	SELECT jsonb_agg(coalesce((
				SELECT jsonb_object_agg(a.key, a.value)
				FROM quarantine.questionnaire q
				CROSS JOIN LATERAL jsonb_each(to_jsonb(q)) AS a
				WHERE q.person = t.person
					AND q.on_date = former.on_date
					AND a.key = ANY (quarantine.answer_fields())), '{}')
			|| coalesce(p.record - '{n,remove}'::text[], '{}')
			|| jsonb_build_object('n', w.n)
			ORDER BY w.n)
	INTO merged
	FROM (
		SELECT x.n
		FROM quarantine.traveller x
		WHERE x.entry = e.entry
		UNION
		SELECT (r ->> 'n')::smallint
		FROM jsonb_array_elements(change_entry.travellers) AS r
	) AS w
	LEFT JOIN quarantine.traveller t ON t.entry = e.entry
		AND t.n = w.n
	LEFT JOIN LATERAL (
		SELECT r AS record
		FROM jsonb_array_elements(change_entry.travellers) WITH ORDINALITY AS r (r, place)
		WHERE (r.r ->> 'n')::smallint = w.n
		ORDER BY r.place DESC
		LIMIT 1
	) AS p ON true
	WHERE p.record ->> 'remove' IS DISTINCT FROM 'true';
	faults := faults || quarantine.party_faults(merged, regime.party_most);
	e.persons := jsonb_array_length(merged);
	SELECT * INTO read
	FROM quarantine.read_travellers(e, merged, faults);
	PERFORM quarantine.refuse_entry(read.findings);
	IF e.persons > former.persons OR (e.port, e.on_date, e.conveyance_key) IS DISTINCT FROM (former.port, former.on_date, former.conveyance_key) THEN
		PERFORM quarantine.settle_flight(e.port, e.kind, e.conveyance, e.on_date, e.persons, e.entry);
	END IF;

	-- a ticket that says another place or time is worth nothing any more
	IF (e.port, e.arrives_at) IS DISTINCT FROM (former.port, former.arrives_at) THEN
		PERFORM credential.revoke_ticket(former.ticket, 'the arrival was changed', change_entry.as_of);
		e.ticket := gen_random_uuid();
	END IF;
	PERFORM quarantine.remove_traveller(t.person)
	FROM quarantine.traveller t
	JOIN jsonb_array_elements(change_entry.travellers) AS r ON (r ->> 'n')::smallint = t.n
		AND r ->> 'remove' = 'true'
	WHERE t.entry = e.entry;
	UPDATE quarantine.entry x
	SET ticket = e.ticket,
		station = e.station,
		arrives_at = e.arrives_at,
		changed_at = change_entry.as_of,
		on_date = e.on_date,
		persons = e.persons,
		changes = x.changes + 1,
		port = e.port,
		kind = e.kind,
		conveyance = e.conveyance,
		conveyance_key = e.conveyance_key,
		language = e.language
	WHERE x.entry = e.entry;
	PERFORM quarantine.write_travellers(e, read.records);
	UPDATE quarantine.document d
	SET station = e.station,
		on_date = e.on_date
	FROM quarantine.traveller t
	WHERE t.entry = e.entry
		AND d.person = t.person
		AND (d.station, d.on_date) IS DISTINCT FROM (e.station, e.on_date);
	number := e.entry;
	ticket := quarantine.ticket_code(e);
	SELECT c.colour, c.reason, c.message_ja, c.message_en INTO colour, reason, message_ja, message_en
	FROM quarantine.colour_of(e.entry, change_entry.as_of) AS c;
END
$$;
COMMENT ON FUNCTION quarantine.change_entry(text, jsonb, jsonb, timestamptz) IS
'登録内容の変更 / changes an entry until its ticket is read: entry holds what changes of the arrival, travellers an object {"n": 2, "seat": "31B"} for each person that changes; a number that is new is one more companion with all items, {"n": 3, "remove": true} one less. Answers that are not sent stay. Another place or time makes a new ticket and revokes the old one. Returns what quarantine.enter() returns, without the token. Errors: OB130, OB131 no such entry, OB132 it has arrived or was cancelled, OB133 the flight is full, or changed too often.';

CREATE OR REPLACE FUNCTION quarantine.remove_traveller(person uuid) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	DELETE FROM quarantine.document d WHERE d.person = remove_traveller.person;
	DELETE FROM quarantine.questionnaire q WHERE q.person = remove_traveller.person;
	DELETE FROM quarantine.questionnaire_history h WHERE h.person = remove_traveller.person;
	DELETE FROM quarantine.identity i WHERE i.person = remove_traveller.person;
	DELETE FROM quarantine.traveller t WHERE t.person = remove_traveller.person;
	PERFORM access.destroy_key(remove_traveller.person)
	WHERE NOT access.is_held(remove_traveller.person);
END
$$;
COMMENT ON FUNCTION quarantine.remove_traveller(uuid) IS 'Takes a person who does not come along out of an entry, with everything that was said, and destroys the key.';

CREATE OR REPLACE FUNCTION quarantine.cancel_entry(token text, as_of timestamptz DEFAULT now()) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	e quarantine.entry;
BEGIN
	PERFORM access.require_now(cancel_entry.as_of);
	e := quarantine.entry_of(cancel_entry.token, true);
	IF e.state = 'cancelled' THEN
		RETURN false;
	ELSIF e.state <> 'open' THEN
		PERFORM quarantine.refuse('arrived_already');
	END IF;
	UPDATE quarantine.entry x
	SET state = 'cancelled',
		changed_at = cancel_entry.as_of,
		reason = 'by the traveller'
	WHERE x.entry = e.entry;
	UPDATE quarantine.traveller t
	SET gone_on = outbreak.local_date(cancel_entry.as_of)
	WHERE t.entry = e.entry;
	UPDATE quarantine.identity i
	SET gone_on = outbreak.local_date(cancel_entry.as_of)
	FROM quarantine.traveller t
	WHERE t.entry = e.entry
		AND i.person = t.person;
	PERFORM credential.revoke_ticket(e.ticket, 'the entry was cancelled', cancel_entry.as_of);
	RETURN true;
END
$$;
COMMENT ON FUNCTION quarantine.cancel_entry(text, timestamptz) IS '登録の取消 / cancels an entry that has not arrived, and revokes its ticket; who it was is shredded soon. False when it was cancelled before. Errors: OB131, OB132.';

CREATE OR REPLACE FUNCTION quarantine.my_entry(token text, as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	e quarantine.entry;
	c record;
BEGIN
	PERFORM access.require_now(my_entry.as_of);
	e := quarantine.entry_of(my_entry.token);
	SELECT * INTO c
	FROM quarantine.colour_of(e.entry, my_entry.as_of);
	RETURN jsonb_build_object(
		'number', e.entry,
		'state', e.state,
		'colour', c.colour,
		'reason', c.reason,
		'message_ja', c.message_ja,
		'message_en', c.message_en,
		'entry', jsonb_build_object('port', e.port, 'kind', e.kind, 'conveyance', e.conveyance, 'arrives_at', e.arrives_at, 'language', e.language),
		'documents_until', quarantine.closes_at(e),
		'arrived_at', e.arrived_at,
		'ticket', quarantine.ticket_code(e),
		'travellers', (
			SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
					'n', t.n,
					-- which of them are there; what they are nobody is shown who only holds the token
					'given', (
						SELECT jsonb_agg(k.key ORDER BY k.key)
						FROM quarantine.identity i
						CROSS JOIN LATERAL (VALUES ('name', i.name), ('kana', i.kana), ('birth_on', i.birth_on), ('passport', i.passport), ('phone', i.phone), ('mail', i.mail), ('address', i.address)) AS k (key, value)
						WHERE i.person = t.person
							AND k.value IS NOT NULL),
					'answers', (
						SELECT jsonb_object_agg(a.key, a.value)
						FROM quarantine.questionnaire q
						CROSS JOIN LATERAL jsonb_each(to_jsonb(q)) AS a
						WHERE q.person = t.person
							AND q.on_date = t.answers_on
							AND a.key = ANY (quarantine.answer_fields())),
					'documents', (
						SELECT jsonb_agg(jsonb_build_object('document', d.document, 'state', d.state, 'reason', d.reason) ORDER BY d.document)
						FROM quarantine.document d
						WHERE d.person = t.person))) ORDER BY t.n)
			FROM quarantine.traveller t
			WHERE t.entry = e.entry));
END
$$;
COMMENT ON FUNCTION quarantine.my_entry(text, timestamptz) IS '登録内容の確認 / an entry as its traveller sees it: state, colour with its reason, the text of the QR code, until when documents may be sent, and for each person the answers, which identity items are there ("given": never their values) and what became of the documents. Errors: OB131.';
