-- ---- contacts

CREATE OR REPLACE FUNCTION messaging.purpose(channel text) RETURNS text
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE channel WHEN 'sms' THEN 'phone' ELSE channel END;
COMMENT ON FUNCTION messaging.purpose(text) IS 'What addresses of a channel are sealed for: line, phone, mail, webhook.';

CREATE OR REPLACE FUNCTION messaging.set_contact(person uuid, channel text, address text, language text DEFAULT NULL, preference smallint DEFAULT NULL,
	quiet_from time DEFAULT NULL, quiet_until time DEFAULT NULL, time_zone text DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	home smallint;
	wrong text;
BEGIN
	SELECT p.prefecture INTO home
	FROM registry.person p
	WHERE p.person = set_contact.person;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no such person'
			USING ERRCODE = 'P0002';
	END IF;
	wrong := CASE
		WHEN set_contact.channel IS NULL OR set_contact.channel <> ALL ('{line,sms,mail,webhook}'::text[]) THEN 'there is no such channel'
		WHEN NOT coalesce(outbreak.is_address(set_contact.channel, set_contact.address), false) THEN 'this is no address of the channel'
		WHEN num_nonnulls(set_contact.quiet_from, set_contact.quiet_until) = 1 THEN 'quiet hours need a beginning and an end'
		WHEN set_contact.time_zone IS NOT NULL AND NOT EXISTS (SELECT FROM pg_timezone_names z WHERE z.name = set_contact.time_zone) THEN 'there is no such time zone'
	END;
	IF wrong IS NOT NULL THEN
		RAISE EXCEPTION 'contact not taken: %', wrong
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'line: U and 32 hexadecimal digits; sms: + and the number with its country code; mail: name@domain; zones as in pg_timezone_names.';
	END IF;
	INSERT INTO messaging.contact AS c (person, channel, address, language, preference, quiet_from, quiet_until, time_zone, prefecture)
	VALUES (set_contact.person, set_contact.channel, outbreak.seal(set_contact.address, messaging.purpose(set_contact.channel), set_contact.person),
		coalesce(set_contact.language, 'ja'), coalesce(set_contact.preference, 1::smallint), set_contact.quiet_from, set_contact.quiet_until, set_contact.time_zone, home)
	ON CONFLICT (person, channel) DO UPDATE
	SET address = excluded.address,
		language = coalesce(set_contact.language, c.language),
		preference = coalesce(set_contact.preference, c.preference),
		quiet_from = excluded.quiet_from,
		quiet_until = excluded.quiet_until,
		time_zone = excluded.time_zone,
		prefecture = excluded.prefecture,
		-- a new address may be reached; who asked for silence is not woken by it
		state = CASE WHEN c.state = 'blocked' THEN 'active' ELSE c.state END,
		changed_at = now();
END
$$;
COMMENT ON FUNCTION messaging.set_contact(uuid, text, text, text, smallint, time, time, text) IS
'連絡先の登録 / enters or replaces how a person is reached by a channel. The address is sealed for the person. language and preference stay as they were when NULL; quiet hours NULL are those of the channel. A blocked contact becomes active by a new address, one that opted out does not. Errors: P0002 no such person; 22023 a channel, address, zone or quiet hours that are none.';

CREATE OR REPLACE FUNCTION messaging.opt_out(person uuid, channel text DEFAULT NULL) RETURNS integer
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	WITH changed AS (
		UPDATE messaging.contact AS c
		SET state = 'opted_out',
			changed_at = now()
		WHERE c.person = opt_out.person
			AND c.channel = coalesce(opt_out.channel, c.channel)
			AND c.state <> 'opted_out'
		RETURNING c.channel
	)
	SELECT count(*)::integer
	FROM changed;
END;
COMMENT ON FUNCTION messaging.opt_out(uuid, text) IS '配信停止 / no more messages to a person by a channel (NULL: by any). Returns how many contacts it ended. Messages that wait go by another channel, or fail.';

CREATE OR REPLACE FUNCTION messaging.opt_in(person uuid, channel text) RETURNS boolean
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	WITH changed AS (
		UPDATE messaging.contact AS c
		SET state = 'active',
			changed_at = now()
		WHERE c.person = opt_in.person
			AND c.channel = opt_in.channel
			AND c.state <> 'active'
		RETURNING c.channel
	)
	SELECT count(*) > 0
	FROM changed;
END;
COMMENT ON FUNCTION messaging.opt_in(uuid, text) IS '配信再開 / messages to a person by a channel again. Returns whether that changed anything.';

CREATE OR REPLACE FUNCTION messaging.quiet_end(quiet_from time, quiet_until time, time_zone text, as_of timestamptz) RETURNS timestamptz
LANGUAGE SQL STABLE PARALLEL SAFE
RETURN CASE
	WHEN quiet_from < quiet_until THEN
		CASE WHEN (as_of AT TIME ZONE time_zone)::time >= quiet_from AND (as_of AT TIME ZONE time_zone)::time < quiet_until
			THEN ((as_of AT TIME ZONE time_zone)::date + quiet_until) AT TIME ZONE time_zone END
	WHEN quiet_from > quiet_until THEN
		CASE
			WHEN (as_of AT TIME ZONE time_zone)::time >= quiet_from THEN ((as_of AT TIME ZONE time_zone)::date + 1 + quiet_until) AT TIME ZONE time_zone
			WHEN (as_of AT TIME ZONE time_zone)::time < quiet_until THEN ((as_of AT TIME ZONE time_zone)::date + quiet_until) AT TIME ZONE time_zone
		END
END;
COMMENT ON FUNCTION messaging.quiet_end(time, time, text, timestamptz) IS
'静穏時間の終わり / when the quiet hours end in which a moment lies; NULL: it lies in none. The hours are local and may wrap midnight; where the clock is changed they end by the new time. Equal limits are no quiet hours.';

CREATE OR REPLACE FUNCTION messaging.open_address(address outbreak.sealed, channel text, person uuid) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN outbreak.reveal(address, messaging.purpose(channel), person);
EXCEPTION WHEN SQLSTATE 'OB020' THEN
	-- forgotten meanwhile: this one message fails, and not the whole batch
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION messaging.open_address(outbreak.sealed, text, uuid) IS 'The address of a contact, for the worker; NULL when it cannot be opened. Noted in the audit trail.';
