-- ---- what ends

CREATE OR REPLACE FUNCTION quarantine.close_gone(as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	today date := outbreak.local_date(as_of);
	never bigint;
	over bigint;
BEGIN
	-- who has not come by the end of the ticket does not come
	WITH gone AS (
		UPDATE quarantine.traveller t
		SET gone_on = e.on_date
		FROM quarantine.entry e
		WHERE e.entry = t.entry
			AND e.state = 'open'
			AND t.gone_on IS NULL
			AND upper(quarantine.ticket_span(e)) <= as_of
		RETURNING t.person, t.gone_on
	), identities AS (
		UPDATE quarantine.identity i
		SET gone_on = g.gone_on
		FROM gone g
		WHERE i.person = g.person
	)
	SELECT count(*) INTO never
	FROM gone;
	-- who became a contact, or a case, after everything seemed to be over
	UPDATE quarantine.traveller t
	SET gone_on = NULL
	FROM followup.enrolment e
	WHERE e.person = t.person
		AND e.state = 'open'
		AND t.arrived_at IS NOT NULL
		AND t.gone_on IS NOT NULL;
	-- whose follow-up of any plan has ended
	WITH gone AS (
		UPDATE quarantine.traveller t
		SET gone_on = x.last_on
		FROM (
			SELECT c.person, max(outbreak.local_date(e.closed_at)) AS last_on
			FROM quarantine.traveller c
			JOIN followup.enrolment e ON e.person = c.person
			WHERE c.arrived_at IS NOT NULL
				AND c.gone_on IS NULL
			GROUP BY c.person
			HAVING bool_and(e.state <> 'open')
		) AS x
		WHERE x.person = t.person
			AND x.last_on <= today
		RETURNING t.person
	)
	SELECT count(*) INTO over
	FROM gone;
	RETURN jsonb_build_object('never_arrived', never, 'followed_to_the_end', over);
END
$$;
COMMENT ON FUNCTION quarantine.close_gone(timestamptz) IS '終了処理 / job: notes the end of arrivals that never were (their ticket is over) and of travellers whose follow-up has ended; from that day the retention counts. Whoever is followed again has not ended. Returns how many of each; a second call finds none.';

CREATE OR REPLACE FUNCTION quarantine.shred(as_of timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	today date := outbreak.local_date(as_of);
	elsewhere text;
	people uuid[];
	shredded bigint := 0;
	needed bigint;
BEGIN
	-- rows of any other word that speak of the person: a notified case, a patient's record; those have periods of their own
	SELECT string_agg(format('EXISTS (SELECT FROM %s AS o WHERE o.%I = t.person)', r.relation, r.subject), ' OR ') INTO elsewhere
	FROM (
		SELECT DISTINCT r.relation, r.subject
		FROM access.retention r
		JOIN pg_class c ON c.oid = r.relation
		WHERE r.subject IS NOT NULL
			AND c.relnamespace <> ALL ('{quarantine,followup,messaging,registry,access}'::regnamespace[])
	) AS r;
	EXECUTE format(
		'SELECT array_agg(v.person) FILTER (WHERE NOT v.needed), count(*) FILTER (WHERE v.needed)
		FROM (
			SELECT t.person,
				EXISTS (SELECT FROM quarantine.detection d WHERE d.person = t.person AND d.withdrawn_at IS NULL)
					OR EXISTS (SELECT FROM followup.enrolment e WHERE e.person = t.person AND e.state = ''open'')
					OR access.is_held(t.person) OR %s AS needed
			FROM quarantine.traveller AS t
			WHERE t.arrived_at IS NOT NULL
				AND t.gone_on + (quarantine.regime_of(t.on_date)).shred_after < $1
				AND EXISTS (SELECT FROM registry.identity i WHERE i.person = t.person)
			ORDER BY t.gone_on
			LIMIT 100000
			FOR UPDATE OF t SKIP LOCKED
		) AS v', coalesce(elsewhere, 'false'))
	INTO people, needed
	USING today;
	IF people IS NOT NULL THEN
		PERFORM outbreak.audit_images(false);
		DELETE FROM quarantine.identity i WHERE i.person = ANY (people);
		UPDATE quarantine.document d SET content = NULL WHERE d.person = ANY (people) AND d.content IS NOT NULL;
		DELETE FROM messaging.contact c WHERE c.person = ANY (people);
		DELETE FROM registry.identity i WHERE i.person = ANY (people);
		PERFORM outbreak.audit_images(true);
		SELECT count(access.destroy_key(p.person)) INTO shredded
		FROM unnest(people) AS p (person);
		PERFORM access.erase_images_of('registry.identity', '{}', people);
		UPDATE registry.person p SET closed_on = t.gone_on
		FROM quarantine.traveller t
		WHERE t.person = p.person
			AND p.person = ANY (people)
			AND p.closed_on IS NULL;
		PERFORM access.note('shred', NULL, jsonb_build_object('persons', shredded, 'on', today));
	END IF;
	RETURN jsonb_build_object('shredded', shredded, 'needed', coalesce(needed, 0));
END
$$;
COMMENT ON FUNCTION quarantine.shred(timestamptz) IS
'本人情報の廃棄 / job: whole days (quarantine.regime.shred_after) after the end of everything about a traveller, identity and contacts are deleted and the key is destroyed, so that not even a backup of these rows tells who it was; the pseudonymous rows stay for the statistics until their own retention. Who was found positive, is in follow-up, is under a legal hold, or has rows in another system, is left to the rules there (needed). Returns how many; a second call finds none.';
