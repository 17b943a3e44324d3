-- ---- queueing

CREATE OR REPLACE FUNCTION messaging.send(person uuid, kind text, template text, parameters jsonb DEFAULT '{}', day date DEFAULT NULL,
	not_before timestamptz DEFAULT NULL, expires_at timestamptz DEFAULT NULL, priority smallint DEFAULT 5, channel text DEFAULT NULL)
RETURNS uuid
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	on_day date := coalesce(send.day, outbreak.local_date());
	message_key uuid;
	home smallint;
	chosen text;
	needed text[];
	missing text;
BEGIN
	IF send.channel <> ALL ('{line,sms,mail,webhook}'::text[]) THEN
		RAISE EXCEPTION 'there is no channel "%"', send.channel
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'The channels are line, sms, mail and webhook; leave it out for the one that the person prefers.';
	END IF;
	IF send.priority NOT BETWEEN 1 AND 9 THEN
		RAISE EXCEPTION 'the priority of a message is 1 (first) to 9 (last)'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF jsonb_typeof(send.parameters) <> 'object' THEN
		RAISE EXCEPTION 'the parameters of a message must be a JSON object'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF send.expires_at <= coalesce(send.not_before, '-infinity') THEN
		RAISE EXCEPTION 'the message would expire before it may be sent'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT p.prefecture INTO home
	FROM registry.person p
	WHERE p.person = send.person;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no such person'
			USING ERRCODE = 'P0002';
	END IF;
	SELECT array_agg(DISTINCT n.name) INTO needed
	FROM messaging.template t
	CROSS JOIN LATERAL unnest(t.parameters) AS n (name)
	WHERE t.template = send.template;
	IF needed IS NULL AND NOT EXISTS (SELECT FROM messaging.template t WHERE t.template = send.template) THEN
		RAISE EXCEPTION 'there is no text "%"', send.template
			USING ERRCODE = 'OB110',
				HINT = 'messaging.template has the texts.';
	END IF;
	SELECT string_agg(format('"%s"', n.name), ', ' ORDER BY n.name) INTO missing
	FROM unnest(needed) AS n (name)
	WHERE send.parameters ->> n.name IS NULL;
	IF missing IS NOT NULL THEN
		RAISE EXCEPTION 'the text "%" needs parameters that are not given', send.template
			USING ERRCODE = 'OB111',
				DETAIL = format('Missing: %s.', missing);
	END IF;

	chosen := coalesce(send.channel, (
		SELECT c.channel
		FROM messaging.contact c
		WHERE c.person = send.person
			AND c.state = 'active'
		ORDER BY c.preference, c.channel
		LIMIT 1), 'line');
	message_key := outbreak.message_key(send.person, on_day, send.kind);
	INSERT INTO messaging.message (day, key, person, next_at, not_before, expires_at, prefecture, priority, fixed, channel, kind, template, parameters)
	VALUES (on_day, message_key, send.person, coalesce(send.not_before, now()), send.not_before, send.expires_at, home, coalesce(send.priority, 5::smallint),
		send.channel IS NOT NULL, chosen, send.kind, send.template, coalesce(send.parameters, '{}'))
	ON CONFLICT (day, key) DO NOTHING;
	RETURN message_key;
END
$$;
COMMENT ON FUNCTION messaging.send(uuid, text, text, jsonb, date, timestamptz, timestamptz, smallint, text) IS
'連絡の登録 / queues a message to a person and returns its key; it is sent once this transaction has committed. The same person, day and kind again is the same message: nothing is queued, and the same key comes back. day: what it is about, today by default; not_before: when it may go; expires_at: when it is too late (NULL: from the end of the day after its day); priority 1 (first, in quiet hours too) to 9; channel NULL: the one that the person prefers, another when that fails. Errors: 22023 a channel, priority or parameters that are none, or an end before the beginning; P0002 no such person; OB110 no such text; OB111 the text needs parameters that are not given.';

CREATE OR REPLACE FUNCTION messaging.withdraw(day date, key uuid, reason text) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF coalesce(btrim(withdraw.reason), '') = '' THEN
		RAISE EXCEPTION 'a withdrawal needs a reason'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	UPDATE messaging.message m
	SET state = 'withdrawn',
		next_at = NULL,
		ended_at = now(),
		reason = withdraw.reason
	WHERE m.day = withdraw.day
		AND m.key = withdraw.key
		AND m.state = ANY ('{queued,leased,parked}'::text[]);
	RETURN found;
END
$$;
COMMENT ON FUNCTION messaging.withdraw(date, uuid, text) IS
'連絡の取消 / withdraws a message that has not been accepted yet, for a reason, and returns whether there was one. A message that is on its way at this moment may still arrive; then its evidence says so. 22023 without a reason.';
