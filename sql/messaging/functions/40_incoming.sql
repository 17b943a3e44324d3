-- ---- what comes in

CREATE OR REPLACE FUNCTION messaging.handle(kind text, data jsonb, person uuid, at timestamptz) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	answer text := coalesce(data ->> 'data', data ->> 'text', '');
	handler regprocedure;
	taken boolean;
BEGIN
	SELECT h.function INTO handler
	FROM messaging.handler h
	WHERE h.kind = handle.kind
		AND starts_with(answer, h.prefix)
	ORDER BY length(h.prefix) DESC
	LIMIT 1;
	IF NOT found THEN
		RETURN 'none';
	END IF;
	EXECUTE format('SELECT %s($1, $2, $3, $4)', handler::regproc) INTO taken USING kind, person, data, at;
	RETURN CASE WHEN taken THEN 'taken' ELSE 'none' END;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || left(SQLERRM, 200);
END
$$;
COMMENT ON FUNCTION messaging.handle(text, jsonb, uuid, timestamptz) IS 'Gives an event to the handler whose prefix fits it best: taken, none (no handler, or it did not take it), or the SQLSTATE and message of its error, in which case nothing of what it did is kept.';

CREATE OR REPLACE FUNCTION messaging.take_event(event text, channel text, kind text, person uuid, data jsonb, at timestamptz, as_of timestamptz DEFAULT now()) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	on_day date := outbreak.local_date(at);
	outcome text;
BEGIN
	INSERT INTO messaging.incoming AS i (day, event, channel, kind, person, data, at, received_at)
	VALUES (on_day, event, channel, kind, person, coalesce(data, '{}'), at, as_of)
	ON CONFLICT DO NOTHING;
	IF NOT found THEN
		RETURN false;
	END IF;
	outcome := messaging.handle(kind, coalesce(data, '{}'), person, at);
	IF outcome <> 'none' THEN
		UPDATE messaging.incoming i
		SET taken_at = CASE outcome WHEN 'taken' THEN as_of END,
			problem = nullif(outcome, 'taken')
		WHERE i.day = on_day
			AND i.event = take_event.event;
	END IF;
	RETURN true;
END
$$;
COMMENT ON FUNCTION messaging.take_event(text, text, text, uuid, jsonb, timestamptz, timestamptz) IS 'Takes one event in, once, and gives it to its handler. False when it was taken in before.';

CREATE OR REPLACE FUNCTION messaging.receive_line(body bytea, signature text, as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	way messaging.endpoint;
	held boolean := false;
	message jsonb;
	event jsonb;
	user_id text;
	sender uuid;
	name text;
	happened timestamptz;
	details jsonb;
	taken integer := 0;
	repeated integer := 0;
	passed integer := 0;
BEGIN
	SELECT e.* INTO way
	FROM messaging.endpoint e
	WHERE e.style = 'line'
		AND e.secret IS NOT NULL
	ORDER BY e.enabled DESC, e.endpoint
	LIMIT 1;
	IF found THEN
		-- over the bytes as they came, before anything reads them
		held := outbreak.signature_holds(way.secret || '.channel', receive_line.body, receive_line.signature);
	END IF;
	IF NOT held THEN
		RAISE EXCEPTION 'this does not come from LINE'
			USING ERRCODE = 'OB112',
				DETAIL = 'The signature is not that of the body.';
	END IF;
	BEGIN
		message := convert_from(receive_line.body, 'UTF8')::jsonb;
	EXCEPTION WHEN data_exception THEN
		message := NULL;
	END;
	IF message IS NULL OR jsonb_typeof(message -> 'events') IS DISTINCT FROM 'array' THEN
		RAISE EXCEPTION 'the body is no webhook of LINE'
			USING ERRCODE = 'invalid_parameter_value',
				DETAIL = 'It has no array "events".';
	END IF;

	FOR event IN
		SELECT e.value
		FROM jsonb_array_elements(message -> 'events') AS e
	LOOP
		name := event ->> 'webhookEventId';
		-- another program of ours answers while the channel is in standby; an event without a number cannot be told from its repeats
		IF name IS NULL OR name !~ '^[0-9A-Za-z]{1,64}$' OR coalesce(event ->> 'mode', 'active') <> 'active' OR (event ->> 'type') IS NULL
			OR jsonb_typeof(event -> 'timestamp') IS DISTINCT FROM 'number' THEN
			passed := passed + 1;
			CONTINUE;
		END IF;
		happened := to_timestamp(least(greatest((event ->> 'timestamp')::numeric / 1000, 0), 32503680000)::double precision);
		user_id := event #>> '{source,userId}';
		sender := NULL;
		IF outbreak.is_address('line', user_id) THEN
			SELECT c.person INTO sender
			FROM messaging.contact c
			WHERE c.address OPERATOR(outbreak.=) outbreak.seal_lookup(user_id, 'line')
				AND c.channel = 'line'
			ORDER BY c.changed_at DESC, c.person
			LIMIT 1;
		END IF;
		details := CASE event ->> 'type'
			WHEN 'postback' THEN jsonb_build_object('data', event #>> '{postback,data}')
			WHEN 'message' THEN jsonb_build_object('text', event #>> '{message,text}', 'type', event #>> '{message,type}')
			WHEN 'accountLink' THEN jsonb_build_object('result', event #>> '{link,result}', 'nonce', event #>> '{link,nonce}')
			WHEN 'delivery' THEN jsonb_build_object('data', event #>> '{delivery,data}')
			ELSE '{}'
		END;
		IF messaging.take_event(name, 'line', event ->> 'type', sender, details, happened, as_of) THEN
			taken := taken + 1;
			-- who blocks us is not written to any more, who comes back is
			IF event ->> 'type' = ANY ('{follow,unfollow}'::text[]) AND sender IS NOT NULL THEN
				UPDATE messaging.contact c
				SET state = CASE event ->> 'type' WHEN 'follow' THEN 'active' ELSE 'blocked' END,
					changed_at = as_of
				WHERE c.person = sender
					AND c.channel = 'line'
					AND c.state <> CASE event ->> 'type' WHEN 'follow' THEN 'active' ELSE 'blocked' END;
			END IF;
			IF event ->> 'type' = 'accountLink' AND event #>> '{link,result}' = 'ok' AND outbreak.is_address('line', user_id) THEN
				PERFORM messaging.use_link(event #>> '{link,nonce}', user_id, as_of);
			END IF;
		ELSE
			repeated := repeated + 1;
		END IF;
	END LOOP;
	RETURN jsonb_build_object('taken', taken, 'repeated', repeated, 'passed', passed);
END
$$;
COMMENT ON FUNCTION messaging.receive_line(bytea, text, timestamptz) IS
'LINEの受信 / takes a webhook of LINE: the body as its bytes came, and the header x-line-signature. The signature is checked over the bytes, with the line NAME.channel of the secret file, before anything is read. Each event is taken once, by its webhookEventId: follow and unfollow open and close the contact, accountLink makes one, everything goes to the handlers in this transaction. Returns {"taken", "repeated", "passed"}; an empty "events" is the connection test of LINE and takes nothing. Errors: OB112 the signature does not fit; 22023 no webhook; OB113 no secret.';

CREATE OR REPLACE FUNCTION messaging.make_link(person uuid, as_of timestamptz DEFAULT now()) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	made text := translate(encode(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), 'base64'), E'+/=\n', '-_');
BEGIN
	IF NOT EXISTS (SELECT FROM registry.person p WHERE p.person = make_link.person) THEN
		RAISE EXCEPTION 'there is no such person'
			USING ERRCODE = 'P0002';
	END IF;
	INSERT INTO messaging.link (nonce, person, made_at)
	VALUES (sha256(convert_to(made, 'UTF8')), make_link.person, as_of);
	RETURN made;
END
$$;
COMMENT ON FUNCTION messaging.make_link(uuid, timestamptz) IS 'アカウント連携 / a random number (nonce) for the account link of LINE, good for 10 minutes and once: whoever comes back with it becomes the LINE contact of the person. P0002 for nobody.';

CREATE OR REPLACE FUNCTION messaging.use_link(nonce text, user_id text, as_of timestamptz DEFAULT now()) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	linked uuid;
BEGIN
	UPDATE messaging.link l
	SET used_at = as_of
	WHERE l.nonce = sha256(convert_to(coalesce(use_link.nonce, ''), 'UTF8'))
		AND l.used_at IS NULL
		AND l.made_at > as_of - interval '10 minutes'
	RETURNING l.person INTO linked;
	IF linked IS NULL THEN
		RETURN false;
	END IF;
	PERFORM messaging.set_contact(linked, 'line', user_id);
	UPDATE messaging.contact c
	SET state = 'active'
	WHERE c.person = linked
		AND c.channel = 'line';
	RETURN true;
END
$$;
COMMENT ON FUNCTION messaging.use_link(text, text, timestamptz) IS 'Part of messaging.receive_line(): makes the LINE user who came with the number of messaging.make_link() the contact of its person, once. Returns whether the number was good.';

-- ---- what gateways say afterwards

CREATE OR REPLACE FUNCTION messaging.bounce(day date, key uuid, reason text, at timestamptz DEFAULT now(), permanent boolean DEFAULT true) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	found_message messaging.message;
	outcome text;
BEGIN
	SELECT m.* INTO found_message
	FROM messaging.message m
	WHERE m.day = bounce.day
		AND m.key = bounce.key
	FOR UPDATE;
	IF NOT found OR found_message.bounced_at IS NOT NULL OR found_message.accepted_at IS NULL THEN
		RETURN false;
	END IF;
	-- first those who relied on the acceptance: the foreign key would not let it go otherwise
	outcome := messaging.handle('bounce', jsonb_build_object('day', day, 'key', key, 'reason', reason), found_message.person, at);
	IF outcome <> ALL ('{taken,none}'::text[]) THEN
		RAISE EXCEPTION 'a bounce could not be taken'
			USING ERRCODE = 'OB114',
				DETAIL = outcome;
	END IF;
	UPDATE messaging.acceptance a
	SET bounced_at = at
	WHERE a.day = bounce.day
		AND a.key = bounce.key
		AND a.stands;
	UPDATE messaging.message m
	SET state = CASE m.state WHEN 'accepted' THEN 'bounced' ELSE m.state END,
		bounced_at = at,
		reason = left(bounce.reason, 200)
	WHERE m.day = bounce.day
		AND m.key = bounce.key;
	IF permanent THEN
		UPDATE messaging.contact c
		SET state = 'blocked',
			changed_at = at
		WHERE c.person = found_message.person
			AND c.channel = found_message.channel
			AND c.state = 'active';
	END IF;
	RETURN true;
END
$$;
COMMENT ON FUNCTION messaging.bounce(date, uuid, text, timestamptz, boolean) IS
'不達の記録 / notes that a message which a gateway accepted did not arrive: the handlers of bounce are called, its acceptance no longer stands, and (permanent) the contact is blocked. Once; false for a message that is unknown, was never accepted, or bounced before. OB114 when a handler fails: then nothing is changed, and the gateway may say it again.';

CREATE OR REPLACE FUNCTION messaging.receive_status(endpoint text, body bytea, signature text, as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	way messaging.endpoint;
	held boolean := false;
	report jsonb;
	one jsonb;
	id text[];
	on_day date;
	taken integer := 0;
	passed integer := 0;
BEGIN
	SELECT e.* INTO way
	FROM messaging.endpoint e
	WHERE e.endpoint = receive_status.endpoint
		AND e.secret IS NOT NULL;
	IF found THEN
		held := outbreak.signature_holds(way.secret || '.callback', receive_status.body, receive_status.signature);
	END IF;
	IF NOT held THEN
		RAISE EXCEPTION 'this does not come from the gateway'
			USING ERRCODE = 'OB112',
				DETAIL = 'The signature is not that of the body.';
	END IF;
	BEGIN
		report := convert_from(receive_status.body, 'UTF8')::jsonb;
	EXCEPTION WHEN data_exception THEN
		report := NULL;
	END;
	IF report IS NULL OR jsonb_typeof(report) <> ALL ('{object,array}'::text[]) THEN
		RAISE EXCEPTION 'the body is no report of a gateway'
			USING ERRCODE = 'invalid_parameter_value',
				DETAIL = 'It is neither a JSON object nor an array of them.';
	END IF;
	FOR one IN
		SELECT e.value
		FROM jsonb_array_elements(CASE jsonb_typeof(report) WHEN 'array' THEN report ELSE jsonb_build_array(report) END) AS e
	LOOP
		id := regexp_match(one ->> 'id', '^([0-9]{8})-([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$');
		on_day := NULL;
		BEGIN
			on_day := to_date(id[1], 'YYYYMMDD');
		EXCEPTION WHEN data_exception THEN
			NULL;
		END;
		IF on_day IS NULL OR (one ->> 'status') IS NULL THEN
			passed := passed + 1;
		ELSIF one ->> 'status' = ANY ('{bounced,blocked}'::text[])
			AND messaging.bounce(on_day, id[2]::uuid, left(coalesce(one ->> 'reason', one ->> 'status'), 200), as_of, coalesce(one ->> 'permanent', 'true') <> 'false') THEN
			taken := taken + 1;
		ELSE
			passed := passed + 1;
		END IF;
	END LOOP;
	RETURN jsonb_build_object('taken', taken, 'passed', passed);
END
$$;
COMMENT ON FUNCTION messaging.receive_status(text, bytea, text, timestamptz) IS
'配信結果の受信 / takes what a gateway of style json reports later: {"id", "status": "delivered" | "bounced" | "blocked", "reason", "permanent"} or an array of them, signed like a webhook of LINE with the line NAME.callback of the secret file. id is that of the request. Returns {"taken": bounces noted, "passed": everything else}. Errors: OB112 the signature does not fit; 22023 no report; OB113 no secret; OB114 a handler failed.';

-- ---- evidence, and help for humans

CREATE OR REPLACE FUNCTION messaging.evidence(day date, key uuid) RETURNS jsonb
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT jsonb_build_object(
			'day', m.day,
			'key', m.key,
			'kind', m.kind,
			'channel', m.channel,
			'state', m.state,
			'made_at', m.made_at,
			'accepted_at', a.accepted_at,
			'bounced_at', a.bounced_at,
			'proven', coalesce(a.stands, false),
			'reason', m.reason,
			'attempts', coalesce((
				SELECT jsonb_agg(jsonb_build_object('attempt', t.attempt, 'at', t.at, 'took', t.took, 'endpoint', t.endpoint, 'status', t.status,
					'outcome', t.outcome, 'pack', t.pack, 'request', t.request, 'reason', t.reason) ORDER BY t.at, t.attempt)
				FROM messaging.attempt AS t
				WHERE t.day = m.day
					AND t.key = m.key), '[]'))
	FROM messaging.message AS m
	LEFT JOIN messaging.acceptance AS a ON a.day = m.day
		AND a.key = m.key
	WHERE m.day = evidence.day
		AND m.key = evidence.key;
END;
COMMENT ON FUNCTION messaging.evidence(date, uuid) IS '送信の証拠 / everything that is known of a message: its state, whether and when a gateway accepted it and whether that still stands (proven), and every try with its answer. NULL for one that is unknown, or not yours to see.';

CREATE OR REPLACE FUNCTION messaging.resume(day date, key uuid, as_of timestamptz DEFAULT now()) RETURNS boolean
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	WITH resumed AS (
		UPDATE messaging.message AS m
		SET state = 'queued',
			next_at = as_of,
			attempts = 0,
			first_tried_at = NULL,
			pack = NULL,
			expires_at = CASE WHEN coalesce(m.expires_at, '-infinity') <= as_of THEN as_of + interval '24 hours' ELSE m.expires_at END,
			reason = NULL
		WHERE m.day = resume.day
			AND m.key = resume.key
			AND m.state = 'parked'
		RETURNING 1
	)
	SELECT count(*) > 0
	FROM resumed;
END;
COMMENT ON FUNCTION messaging.resume(date, uuid, timestamptz) IS '保留の再開 / sends a parked message after all, with all its tries before it again. After a day LINE does not know the key any more: somebody who was told already may be told twice. Returns whether there was one.';
