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
