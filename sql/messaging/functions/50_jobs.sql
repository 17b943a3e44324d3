-- ---- jobs

CREATE OR REPLACE FUNCTION messaging.tend_messages(as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	WITH expired AS (
		-- the worker does this too, where it comes by
		UPDATE messaging.message AS m
		SET state = 'expired',
			next_at = NULL,
			ended_at = as_of,
			reason = coalesce(m.reason, 'too late')
		WHERE m.next_at <= as_of
			AND m.state = 'queued'
			AND coalesce(m.expires_at, (m.day + 2)::timestamp AT TIME ZONE outbreak.time_zone()) <= as_of
		RETURNING 1
	), closed AS (
		UPDATE messaging.contact AS c
		SET closed_on = p.closed_on
		FROM registry.person AS p
		WHERE p.person = c.person
			AND p.closed_on IS DISTINCT FROM c.closed_on
		RETURNING 1
	)
	SELECT jsonb_build_object(
			'expired', (SELECT count(*) FROM expired),
			'contacts', (SELECT count(*) FROM closed));
END;
COMMENT ON FUNCTION messaging.tend_messages(timestamptz) IS '連絡の整理 / job: ends messages whose time is over, and notes with contacts when everything about their person ended, from which their retention counts. Idempotent. Returns {"expired", "contacts"}.';

CREATE OR REPLACE FUNCTION messaging.check_messages(as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN (
		SELECT jsonb_build_object(
				'waiting', coalesce(sum(h.waiting), 0),
				'accepted', coalesce(sum(h.accepted), 0),
				'failed', coalesce(jsonb_agg(jsonb_build_object('channel', h.channel, 'problems', h.problems) ORDER BY h.channel)
					-- where nothing is sent nothing is wrong
					FILTER (WHERE h.problems <> '{}' AND (h.endpoint IS NOT NULL OR h.due > 0)), '[]'))
		FROM messaging.health h);
END
$$;
COMMENT ON FUNCTION messaging.check_messages(timestamptz) IS '配信の監視 / job: looks at messaging.health, so that a worker that is gone, an endpoint that fails, and messages that wait too long make ops.status say so. as_of does not matter. Returns {"waiting", "accepted", "failed": [{"channel", "problems"}]}.';
