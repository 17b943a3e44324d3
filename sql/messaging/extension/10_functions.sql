CREATE FUNCTION outbreak.message_key(person uuid, day date, kind text) RETURNS uuid
AS 'MODULE_PATHNAME', 'ob_messaging_message_key' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.message_key(uuid, date, text) IS
'冪等キー / the key of the message of that kind to a person about a day: a UUID of version 5, the same for ever. The kind has 1 to 200 bytes. 22023 for another length, or a day that is infinite.';
REVOKE EXECUTE ON FUNCTION outbreak.message_key(uuid, date, text) FROM PUBLIC;

CREATE FUNCTION outbreak.messaging_wake() RETURNS trigger
AS 'MODULE_PATHNAME', 'ob_messaging_wake' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION outbreak.messaging_wake() IS 'Trigger of messaging.message: when the transaction has committed, the worker that delivers is woken.';
REVOKE EXECUTE ON FUNCTION outbreak.messaging_wake() FROM PUBLIC;

CREATE FUNCTION outbreak.messaging_worker(OUT launcher integer, OUT served boolean, OUT worker integer, OUT started_at timestamptz, OUT last_round_at timestamptz,
	OUT in_flight integer, OUT tried bigint, OUT accepted bigint, OUT failures integer, OUT problem text) RETURNS record
AS 'MODULE_PATHNAME', 'ob_messaging_worker_state' LANGUAGE C VOLATILE PARALLEL RESTRICTED;
COMMENT ON FUNCTION outbreak.messaging_worker() IS
'配信プロセス / the processes that deliver the messages of this database: launcher, pid of the process that starts workers (NULL: outbreak is not preloaded, or the server is a standby); served: this database stands in outbreak.messaging_databases; worker, pid of its worker (NULL: it has nothing to do now), since when and when it last looked, requests in flight; tried and accepted: messages since the server started; failures: workers in a row that ended in an error, and the problem of the last.';
REVOKE EXECUTE ON FUNCTION outbreak.messaging_worker() FROM PUBLIC;

CREATE FUNCTION outbreak.pack_key(keys uuid[]) RETURNS uuid
AS 'MODULE_PATHNAME', 'ob_messaging_pack_key' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.pack_key(uuid[]) IS 'The key of a request that these messages share: a UUID of version 5 over their keys, in whatever order they are given. 22023 without a key, 22004 with a NULL.';
REVOKE EXECUTE ON FUNCTION outbreak.pack_key(uuid[]) FROM PUBLIC;

CREATE FUNCTION outbreak.render_template(template text, parameters jsonb, escaped boolean DEFAULT false) RETURNS text
AS 'MODULE_PATHNAME', 'ob_messaging_render_template' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.render_template(text, jsonb, boolean) IS '文面の差込み / the template with each {{name}} replaced by the parameter of that name: its text, or its JSON when it is no string. escaped: as inside of a JSON string. NULL when a parameter is missing or null, or the template is malformed.';
REVOKE EXECUTE ON FUNCTION outbreak.render_template(text, jsonb, boolean) FROM PUBLIC;

CREATE FUNCTION outbreak.template_parameters(template text) RETURNS text[]
AS 'MODULE_PATHNAME', 'ob_messaging_template_parameters' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.template_parameters(text) IS '差込項目 / the names of the parameters of a template, each once, in the order in which they first stand there. OB111 for a {{ that no name and }} follow.';
REVOKE EXECUTE ON FUNCTION outbreak.template_parameters(text) FROM PUBLIC;

CREATE FUNCTION outbreak.is_address(channel text, address text) RETURNS boolean
AS 'MODULE_PATHNAME', 'ob_messaging_is_address' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.is_address(text, text) IS 'Whether a text can be an address of a channel: line U and 32 hexadecimal digits, sms an optional + and 5 to 15 digits, mail one @ and no blanks or brackets, webhook 1 to 200 bytes.';
REVOKE EXECUTE ON FUNCTION outbreak.is_address(text, text) FROM PUBLIC;

CREATE FUNCTION outbreak.signature_holds(secret text, body bytea, signature text) RETURNS boolean
AS 'MODULE_PATHNAME', 'ob_messaging_signature_holds' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION outbreak.signature_holds(text, bytea, text) IS '署名の検証 / whether a signature is base64(HMAC-SHA256(secret, body)), as in the header x-line-signature. secret is the name of a line of outbreak.messaging_secret_file. Compared in constant time; false for NULL. OB113 without a usable file or a line of that name.';
REVOKE EXECUTE ON FUNCTION outbreak.signature_holds(text, bytea, text) FROM PUBLIC;
