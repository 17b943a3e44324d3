-- What cannot be apportioned or shared says why: every refusal, over arrays and in windows.
\set VERBOSITY verbose
\pset format unaligned
CREATE FUNCTION pg_temp.refusal(command text)
RETURNS TABLE (code text, message text, detail text, hint text)
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE command;
	message := 'accepted';
	RETURN NEXT;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
		detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN NEXT;
END $$;
\pset null '-'
SELECT r.*
FROM unnest(ARRAY[
	$$NULL, ARRAY[1]$$,
	$$1, NULL::bigint[]$$,
	$$1, ARRAY[1], NULL$$,
	$$1, ARRAY[]::bigint[]$$,
	$$0, ARRAY[]::bigint[]$$,
	$$1, ARRAY[1, NULL, 2]$$,
	$$1, ARRAY[[1, 2], [3, 4]]$$,
	$$-1, ARRAY[1]$$,
	$$1, ARRAY[1, -2]$$,
	$$1, ARRAY[1, 2], 'roundrobin'$$,
	$$1, ARRAY[1, 2], 'Hamilton'$$,
	$$1, ARRAY[1, 2], 'hamilton', ARRAY[1]$$,
	$$1, ARRAY[1, 2], 'hamilton', NULL, ARRAY[1, 2, 3]$$,
	$$1, ARRAY[1, 2], 'hamilton', ARRAY[0, NULL]$$,
	$$1, ARRAY[1, 2], 'hamilton', NULL, ARRAY[NULL, 5]$$,
	$$1, ARRAY[1, 2], 'hamilton', ARRAY[0, -1]$$,
	$$1, ARRAY[1, 2], 'hamilton', NULL, ARRAY[1, -1]$$,
	$$1, ARRAY[1, 2], 'hamilton', ARRAY[0, 3], ARRAY[9, 2]$$,
	$$5, ARRAY[1, 2], 'hamilton', ARRAY[3, 3]$$,
	$$5, ARRAY[1, 2], 'hamilton', ARRAY[9223372036854775807, 9223372036854775807]$$,
	$$5, ARRAY[1, 2], 'hamilton', NULL, ARRAY[2, 2]$$,
	$$5, ARRAY[0, 0]$$,
	$$5, ARRAY[0, 0], 'adams', ARRAY[1, 1]$$,
	$$5, ARRAY[1, 0], 'webster', ARRAY[0, 1], ARRAY[3, 9]$$]) AS arguments,
	pg_temp.refusal(format('SELECT outbreak.apportion(%s)', arguments)) AS r;
SELECT r.*
FROM unnest(ARRAY[
	$$5, w, 'hamilton'$$,
	$$n, 1, 'hamilton'$$,
	$$5, 1, CASE WHEN n = 3 THEN 'webster' ELSE 'dean' END$$,
	$$NULL, 1, 'hamilton'$$,
	$$5, 1, NULL$$,
	$$5, 2 - n, 'hamilton'$$,
	$$5, 1, 'hamilton', n, 2$$,
	$$5, 1, 'hamilton', NULL, 2$$,
	$$5, 1, 'hamilton', 0, 1$$]) AS arguments,
	pg_temp.refusal(format('SELECT outbreak.apportion(%s) OVER (ORDER BY n) FROM (VALUES (1, 1), (2, NULL), (3, 3)) AS t (n, w)', arguments)) AS r;
SELECT r.* FROM pg_temp.refusal('SELECT outbreak.apportion(5, 1, ''hamilton'')') AS r;
SELECT r.*
FROM unnest(ARRAY[
	$$NULL, ARRAY[1], 'talmud'$$,
	$$1, NULL::bigint[], 'talmud'$$,
	$$1, ARRAY[1], NULL$$,
	$$1, ARRAY[]::bigint[], 'talmud'$$,
	$$1, ARRAY[NULL::bigint], 'talmud'$$,
	$$-1, ARRAY[1], 'talmud'$$,
	$$1, ARRAY[1, -2], 'talmud'$$,
	$$1, ARRAY[1, 2], 'fair'$$,
	$$1, ARRAY[1, 2], 'talmud', ARRAY[1, 2]$$,
	$$1, ARRAY[1, 2], 'proportional', ARRAY[1, 2]$$,
	$$1, ARRAY[1, 2], 'constrained_equal_awards', ARRAY[1]$$,
	$$1, ARRAY[1, 2], 'constrained_equal_losses', ARRAY[1, 0]$$,
	$$1, ARRAY[9223372036854775807, 1], 'proportional'$$]) AS arguments,
	pg_temp.refusal(format('SELECT outbreak.share(%s)', arguments)) AS r;
SELECT r.* FROM pg_temp.refusal('SELECT outbreak.share(n, n, ''talmud'') OVER () FROM generate_series(1, 2) AS n') AS r;
SELECT r.* FROM pg_temp.refusal('SELECT outbreak.share(1, n, ''constrained_equal_awards'', 1 - n) OVER (ORDER BY n) FROM generate_series(0, 2) AS n') AS r;
