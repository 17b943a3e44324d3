-- Messaging: what gateways call, and what became of messages.

CREATE OR REPLACE FUNCTION api.line_webhook(json) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	-- the type json keeps the text as it came, byte for byte; jsonb would not
	RETURN messaging.receive_line(convert_to($1::text, 'UTF8'), current_setting('request.headers', true)::json ->> 'x-line-signature');
EXCEPTION
	WHEN SQLSTATE 'OB112' OR SQLSTATE 'OB113' THEN
		-- which of the two is nobody's business outside
		RAISE EXCEPTION 'the signature does not fit'
			USING ERRCODE = 'PT401';
	WHEN deadlock_detected OR serialization_failure THEN
		RAISE EXCEPTION 'the same events are being taken'
			USING ERRCODE = 'PT409',
				HINT = 'Nothing was taken. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.line_webhook(json) IS
'LINEのWebhook / What LINE calls: its webhook URL is .../rpc/line_webhook. The body as LINE sends it, with its header x-line-signature.

Answers {"taken", "repeated", "passed"}; each event is taken once, however often it is sent. 401 when the signature does not fit, 400 for a body that is no webhook.';

CREATE OR REPLACE FUNCTION api.delivery_report(json) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN messaging.receive_status(current_setting('request.headers', true)::json ->> 'x-outbreak-endpoint',
		convert_to($1::text, 'UTF8'), current_setting('request.headers', true)::json ->> 'x-outbreak-signature');
EXCEPTION
	WHEN SQLSTATE 'OB112' OR SQLSTATE 'OB113' THEN
		RAISE EXCEPTION 'the signature does not fit'
			USING ERRCODE = 'PT401';
	WHEN deadlock_detected OR serialization_failure THEN
		RAISE EXCEPTION 'the same messages are being changed'
			USING ERRCODE = 'PT409',
				HINT = 'Nothing was taken. Send it again in a moment.';
END
$$;
COMMENT ON FUNCTION api.delivery_report(json) IS
'配信結果の受信 / What SMS and mail gateways call when a message did not arrive: {"id", "status": "delivered" | "bounced" | "blocked", "reason", "permanent"} or an array of them.

Headers: x-outbreak-endpoint names the gateway, x-outbreak-signature is base64(HMAC-SHA256(secret, body)). Answers {"taken", "passed"}. 401 when the signature does not fit.';

CREATE OR REPLACE FUNCTION api.message_evidence(day date, key uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	found_evidence jsonb := messaging.evidence(message_evidence.day, message_evidence.key);
BEGIN
	IF found_evidence IS NULL THEN
		RAISE EXCEPTION 'there is no such message'
			USING ERRCODE = 'PT404',
				HINT = 'messages lists those that you may see.';
	END IF;
	RETURN found_evidence;
END
$$;
COMMENT ON FUNCTION api.message_evidence(date, uuid) IS '送信の証拠 / Everything that is known of a message: state, whether a gateway accepted it and whether that still stands ("proven"), and every try with its answer. 404 for one that is not yours to see.';

CREATE OR REPLACE FUNCTION api.stop_messages(channel text DEFAULT NULL) RETURNS integer
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT messaging.opt_out(outbreak.my_person(), channel);
END;
COMMENT ON FUNCTION api.stop_messages(text) IS '配信停止 / No more messages to me by a channel (line, sms, mail), or by any. Answers how many contacts that ended.';

CREATE OR REPLACE FUNCTION api.allow_messages(channel text) RETURNS boolean
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT messaging.opt_in(outbreak.my_person(), channel);
END;
COMMENT ON FUNCTION api.allow_messages(text) IS '配信再開 / Messages to me by a channel again. Answers whether that changed anything.';
