-- ---- keys of ours

CREATE OR REPLACE FUNCTION credential.new_key(purpose text, as_of timestamptz DEFAULT now(), valid_from timestamptz DEFAULT NULL)
RETURNS bytea
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	rule credential.purpose;
	number uuid := gen_random_uuid();
	made record;
	starts_at timestamptz := coalesce(valid_from, as_of);
	ends_at timestamptz;
	certificate bytea;
	its_kid bytea;
BEGIN
	SELECT p.* INTO rule
	FROM credential.purpose AS p
	WHERE p.purpose = new_key.purpose;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no such purpose of a key'
			USING ERRCODE = 'invalid_parameter_value',
				DETAIL = format('Purposes are: %s.', (SELECT string_agg(p.purpose, ', ' ORDER BY p.purpose) FROM credential.purpose AS p));
	END IF;
	made := outbreak.signing_key_make(number);
	its_kid := made.kid;
	ends_at := starts_at + rule.sign_for;
	IF rule.certified THEN
		certificate := outbreak.signing_key_certificate(number, made.sealed_key, rule.country, rule.name_en, starts_at, ends_at + rule.longest);
		its_kid := substr(sha256(certificate), 1, 8);
	END IF;
	INSERT INTO credential.signing_key (kid, purpose, key, public_key, certificate, sealed_key, valid, accepted_until, made_at)
	VALUES (its_kid, rule.purpose, number, made.public_key, certificate, made.sealed_key, tstzrange(starts_at, ends_at), ends_at + rule.longest, as_of);
	RETURN its_kid;
END
$$;
COMMENT ON FUNCTION credential.new_key(text, timestamptz, timestamptz) IS '署名鍵の作成 / makes a key for a purpose, which signs from valid_from (default: as_of) for as long as credential.purpose says, and returns its kid. A purpose that wants certificates gets one that the key signs itself; credential.certify_key() puts that of an authority in its place. Errors: 22023 unknown purpose, OB021 no usable master key.';

CREATE OR REPLACE FUNCTION credential.certify_key(kid bytea, certificate bytea)
RETURNS bytea
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	new_kid bytea := substr(sha256(certify_key.certificate), 1, 8);
BEGIN
	PERFORM FROM credential.signing_key AS k
	JOIN credential.purpose AS p ON p.purpose = k.purpose
	WHERE k.kid = certify_key.kid
		AND p.certified;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no such key that has a certificate'
			USING ERRCODE = 'no_data_found';
	END IF;
	UPDATE credential.signing_key AS k
	SET certificate = certify_key.certificate,
		kid = new_kid
	WHERE k.kid = certify_key.kid
		AND k.public_key = outbreak.public_key_of(certify_key.certificate);
	IF NOT found THEN
		RAISE EXCEPTION 'the certificate does not belong to this key'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'It must be X.509 in DER, of the public key of the row.';
	END IF;
	RETURN new_kid;
END
$$;
COMMENT ON FUNCTION credential.certify_key(bytea, bytea) IS '証明書の登録 / gives a key the certificate that an authority issued for its public key (X.509 in DER), and returns the kid that it has from now on. Do it before the key signs: codes name the kid. Errors: P0002 no such key, 22023 a certificate of another key.';

CREATE OR REPLACE FUNCTION credential.rotate_keys(as_of timestamptz DEFAULT now())
RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	rule credential.purpose;
	ends_at timestamptz;
	over record;
	made text[] := ARRAY[]::text[];
	destroyed text[] := ARRAY[]::text[];
	forgotten bigint;
BEGIN
	-- two runs at once would make two keys
	LOCK TABLE credential.signing_key IN SHARE ROW EXCLUSIVE MODE;
	FOR rule IN
		SELECT p.*
		FROM credential.purpose AS p
		WHERE p.automatic
			OR EXISTS (SELECT FROM credential.signing_key AS k WHERE k.purpose = p.purpose)
		ORDER BY p.purpose
	LOOP
		SELECT max(upper(k.valid)) INTO ends_at
		FROM credential.signing_key AS k
		WHERE k.purpose = rule.purpose
			AND k.revoked_at IS NULL
			AND k.sealed_key IS NOT NULL
			AND lower(k.valid) <= as_of + rule.publish_ahead;
		IF ends_at IS NULL OR ends_at <= as_of THEN
			made := made || encode(credential.new_key(rule.purpose, as_of), 'base64');
		ELSIF ends_at <= as_of + rule.publish_ahead THEN
			made := made || encode(credential.new_key(rule.purpose, as_of, ends_at), 'base64');
		END IF;
	END LOOP;
	FOR over IN
		UPDATE credential.signing_key AS k
		SET sealed_key = NULL,
			destroyed_at = as_of
		WHERE k.sealed_key IS NOT NULL
			AND (upper(k.valid) <= as_of OR k.revoked_at <= as_of)
		RETURNING k.kid, k.key
	LOOP
		PERFORM access.destroy_key(over.key);
		destroyed := destroyed || encode(over.kid, 'base64');
	END LOOP;
	DELETE FROM credential.revoked_ticket AS r
	USING credential.purpose AS p
	WHERE p.purpose = 'ticket'
		AND r.revoked_at + p.longest < as_of;
	GET DIAGNOSTICS forgotten = ROW_COUNT;
	RETURN jsonb_build_object('made', made, 'destroyed', destroyed, 'revoked_tickets_gone', forgotten);
END
$$;
COMMENT ON FUNCTION credential.rotate_keys(timestamptz) IS '鍵の更新 / job: makes the next key of each purpose in time to be published before it signs, destroys the private part of keys that sign no longer or were revoked, and forgets revoked tickets that would have expired anyway. Does nothing when there is nothing to do; may run late. Returns {"made", "destroyed", "revoked_tickets_gone"}, kids in base64. Errors: OB021 no usable master key.';

CREATE OR REPLACE FUNCTION credential.revoke_key(kid bytea, reason text, as_of timestamptz DEFAULT now())
RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF coalesce(btrim(revoke_key.reason), '') = '' THEN
		RAISE EXCEPTION 'say why the key is revoked'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	PERFORM FROM credential.signing_key AS k
	WHERE k.kid = revoke_key.kid;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no such key'
			USING ERRCODE = 'no_data_found';
	END IF;
	UPDATE credential.signing_key AS k
	SET revoked_at = as_of,
		reason = revoke_key.reason
	WHERE k.kid = revoke_key.kid
		AND k.revoked_at IS NULL;
	RETURN found;
END
$$;
COMMENT ON FUNCTION credential.revoke_key(bytea, text, timestamptz) IS '鍵の失効 / revokes a key of ours: nothing that it signed counts from then on, and it signs no more. The next ticket is signed with a new key; credential.rotate_keys() destroys the private part, credential.reverify() corrects the verdicts on codes that are kept. False when it was revoked already. Errors: P0002 no such key, 22023 no reason.';

CREATE OR REPLACE FUNCTION credential.signer(purpose text, as_of timestamptz)
RETURNS credential.signing_key
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	found_key credential.signing_key;
BEGIN
	FOR round IN 1 .. 2 LOOP
		SELECT k.* INTO found_key
		FROM credential.signing_key AS k
		WHERE k.purpose = signer.purpose
			AND k.valid @> as_of
			AND k.sealed_key IS NOT NULL
			AND (k.revoked_at IS NULL OR k.revoked_at > as_of)
		ORDER BY lower(k.valid) DESC, k.kid
		LIMIT 1;
		IF found THEN
			RETURN found_key;
		END IF;
		-- the first one ever, or one that came due before the job ran
		PERFORM credential.rotate_keys(as_of);
	END LOOP;
	RAISE EXCEPTION 'there is no key to sign with'
		USING ERRCODE = 'OB100',
			DETAIL = format('No key of purpose %s signs at this moment.', signer.purpose),
			HINT = 'credential.new_key() makes one.';
END
$$;
COMMENT ON FUNCTION credential.signer(text, timestamptz) IS 'The key of a purpose that signs at that moment; renews the keys when there is none. For credential.issue_ticket() and credential.sign_dcc(). Errors: OB100 no key, OB021 no usable master key.';

-- ---- tickets

CREATE OR REPLACE FUNCTION credential.issue_ticket(ticket uuid, kind text, valid tstzrange, place text, as_of timestamptz DEFAULT now())
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	number smallint;
	signer credential.signing_key;
	longest interval;
BEGIN
	PERFORM access.require_now(issue_ticket.as_of);
	SELECT k.kind INTO number
	FROM credential.ticket_kind AS k
	WHERE k.code = issue_ticket.kind;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no such kind of ticket'
			USING ERRCODE = 'invalid_parameter_value',
				DETAIL = format('Kinds are: %s.', (SELECT string_agg(k.code, ', ' ORDER BY k.kind) FROM credential.ticket_kind AS k));
	END IF;
	SELECT p.longest INTO STRICT longest
	FROM credential.purpose AS p
	WHERE p.purpose = 'ticket';
	IF issue_ticket.ticket IS NULL OR issue_ticket.valid IS NULL OR isempty(issue_ticket.valid)
		OR lower_inf(issue_ticket.valid) OR upper_inf(issue_ticket.valid) OR upper(issue_ticket.valid) > as_of + longest
	THEN
		RAISE EXCEPTION 'a ticket needs a number and a time from when until when it is valid'
			USING ERRCODE = 'invalid_parameter_value',
				DETAIL = format('It must end at the latest %s from now.', longest);
	END IF;
	signer := credential.signer('ticket', as_of);
	RETURN outbreak.ticket_sign_sealed(issue_ticket.ticket, number, lower(issue_ticket.valid), upper(issue_ticket.valid),
		coalesce(issue_ticket.place, ''), signer.kid, signer.sealed_key, signer.key);
END
$$;
COMMENT ON FUNCTION credential.issue_ticket(uuid, text, tstzrange, text, timestamptz) IS 'チケットの発行 / the code (OBT1:…) of a signed ticket, to be shown or printed as a QR code: number, kind (credential.ticket_kind), time of validity in whole seconds, and place (at most 32 ASCII characters, as a rule an airport). It names nobody. The same ticket may be issued again; each code holds until its own end. Errors: 22023 what does not fit, OB021 no usable master key, OB100 no key, 42501 another moment than now.';

CREATE OR REPLACE FUNCTION credential.ticket_trust(as_of timestamptz DEFAULT now(), of_kid bytea DEFAULT NULL)
RETURNS jsonb
-- in PL/pgSQL, whose plans last as long as the session: every reading of a ticket asks
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN (
		SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
			'kid', encode(k.kid, 'base64'),
			'publicKey', translate(encode(k.public_key, 'base64'), E'\n', ''),
			'revoked_at', extract(epoch FROM k.revoked_at))) ORDER BY k.made_at, k.kid), '[]')
		FROM credential.signing_key AS k
		WHERE k.purpose = 'ticket'
			AND (of_kid IS NULL OR k.kid = of_kid)
			AND (as_of IS NULL OR (k.accepted_until > as_of AND k.made_at <= as_of)));
END
$$;
COMMENT ON FUNCTION credential.ticket_trust(timestamptz, bytea) IS 'チケットの信頼リスト / the public keys of our tickets, as outbreak.ticket_verify() takes them: those whose tickets may be valid at that moment or later, all for NULL; only that of one kid if it is named.';

CREATE OR REPLACE FUNCTION credential.check_ticket(code text, as_of timestamptz DEFAULT now())
RETURNS TABLE (valid boolean, reason text, ticket uuid, kind text, place text, valid_from timestamptz, valid_until timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE
ROWS 1
BEGIN ATOMIC
	SELECT v.valid AND r.ticket IS NULL,
		CASE WHEN r.ticket IS NOT NULL THEN 'revoked' ELSE v.reason END,
		v.ticket,
		coalesce(k.code, v.kind::text),
		v.place,
		v.valid_from,
		v.valid_until
	FROM outbreak.ticket_verify(coalesce(check_ticket.code, ''),
		credential.ticket_trust(NULL, coalesce(outbreak.ticket_kid(check_ticket.code), '')), as_of) AS v
	LEFT JOIN credential.ticket_kind AS k ON k.kind = v.kind
	LEFT JOIN credential.revoked_ticket AS r ON r.ticket = v.ticket
		AND r.revoked_at <= as_of
		AND v.reason IS DISTINCT FROM 'key_revoked';
END;
COMMENT ON FUNCTION credential.check_ticket(text, timestamptz) IS 'チケットの確認 / one row: whether a ticket holds at that moment, and otherwise the reason: not_a_ticket, damaged, unknown_key (of another system), forged, key_revoked, not_yet_valid, expired, revoked. What the ticket says is NULL unless its signature holds. No code raises an error.';

CREATE OR REPLACE FUNCTION credential.revoke_ticket(ticket uuid, reason text, as_of timestamptz DEFAULT now())
RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM access.require_now(revoke_ticket.as_of);
	IF revoke_ticket.ticket IS NULL OR coalesce(btrim(revoke_ticket.reason), '') = '' THEN
		RAISE EXCEPTION 'say which ticket is revoked, and why'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	INSERT INTO credential.revoked_ticket (ticket, revoked_at, reason)
	VALUES (revoke_ticket.ticket, as_of, revoke_ticket.reason)
	ON CONFLICT ON CONSTRAINT revoked_ticket_pkey DO NOTHING;
	RETURN found;
END
$$;
COMMENT ON FUNCTION credential.revoke_ticket(uuid, text, timestamptz) IS 'チケットの失効 / revokes one ticket, whichever codes were issued for it. False when it was revoked already. Errors: 22023 no ticket or no reason, 42501 another moment than now.';

-- ---- EU Digital COVID Certificates of ours

CREATE OR REPLACE FUNCTION credential.sign_dcc(certificate jsonb, valid tstzrange, as_of timestamptz DEFAULT now())
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	signer credential.signing_key;
	rule credential.purpose;
BEGIN
	PERFORM access.require_now(sign_dcc.as_of);
	SELECT p.* INTO STRICT rule
	FROM credential.purpose AS p
	WHERE p.purpose = 'dcc';
	IF sign_dcc.certificate IS NULL OR sign_dcc.valid IS NULL OR isempty(sign_dcc.valid)
		OR lower_inf(sign_dcc.valid) OR upper_inf(sign_dcc.valid) OR upper(sign_dcc.valid) > as_of + rule.longest
	THEN
		RAISE EXCEPTION 'a certificate needs content and a time from when until when it is valid'
			USING ERRCODE = 'invalid_parameter_value',
				DETAIL = format('It must end at the latest %s from now.', rule.longest);
	END IF;
	PERFORM FROM credential.signing_key AS k
	WHERE k.purpose = 'dcc';
	IF NOT found THEN
		RAISE EXCEPTION 'there is no key to sign with'
			USING ERRCODE = 'OB100',
				DETAIL = 'No key of purpose dcc was ever made.',
				HINT = 'credential.new_key(''dcc'') makes one; have its certificate issued by the authority of the country.';
	END IF;
	signer := credential.signer('dcc', as_of);
	RETURN outbreak.dcc_sign_sealed(sign_dcc.certificate, rule.country, lower(sign_dcc.valid), upper(sign_dcc.valid),
		signer.kid, signer.sealed_key, signer.key);
END
$$;
COMMENT ON FUNCTION credential.sign_dcc(jsonb, tstzrange, timestamptz) IS 'EUデジタルCOVID証明書の発行 / the code (HC1:…) of a certificate, signed with our key (ES256). certificate is as the schema of EU Digital COVID Certificates demands. Errors: 22023 the member that is missing or does not fit, OB100 no key, OB021 no usable master key, 42501 another moment than now.';

-- ---- keys of others

CREATE OR REPLACE FUNCTION credential.load_trust(system text, list jsonb, source text, as_of timestamptz DEFAULT now())
RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	added bigint;
	withdrawn bigint;
	cards bigint := 0;
BEGIN
	IF load_trust.system IS NULL OR load_trust.system <> ALL ('{dcc,shc}'::text[]) THEN
		RAISE EXCEPTION 'there is no such system of codes'
			USING ERRCODE = 'invalid_parameter_value',
				DETAIL = 'Systems are: dcc, shc.';
	END IF;
	IF load_trust.list IS NULL OR coalesce(btrim(load_trust.source), '') = '' THEN
		RAISE EXCEPTION 'a trust list and its source are needed'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	WITH incoming AS MATERIALIZED (
		SELECT DISTINCT ON (fingerprint)
			sha256(convert_to(coalesce(k.issuer, '') || E'\n' || k.kid || E'\n', 'UTF8') || coalesce(k.certificate, k.public_key)) AS fingerprint,
			coalesce(k.issuer, '') AS issuer,
			k.kid,
			k.certificate,
			k.public_key
		FROM outbreak.trust_keys(load_trust.list, load_trust.system = 'shc') AS k
	), taken AS (
		INSERT INTO credential.trust_key AS t (system, fingerprint, issuer, kid, certificate, public_key, source, loaded_at)
		SELECT load_trust.system, i.fingerprint, i.issuer, i.kid, i.certificate, i.public_key, load_trust.source, as_of
		FROM incoming AS i
		ON CONFLICT ON CONSTRAINT trust_key_pkey DO UPDATE
		SET withdrawn_at = NULL,
			source = excluded.source
		WHERE t.withdrawn_at IS NOT NULL
		RETURNING 1
	), gone AS (
		UPDATE credential.trust_key AS t
		SET withdrawn_at = as_of
		WHERE t.system = load_trust.system
			AND t.withdrawn_at IS NULL
			AND NOT EXISTS (SELECT FROM incoming AS i WHERE i.fingerprint = t.fingerprint)
		RETURNING 1
	)
	SELECT (SELECT count(*) FROM taken), (SELECT count(*) FROM gone)
	INTO added, withdrawn;
	IF load_trust.system = 'shc' AND jsonb_typeof(load_trust.list) = 'object' THEN
		INSERT INTO credential.revoked_card (issuer, kid, rid, loaded_at)
		SELECT i.issuer, l.crl ->> 'kid', r.rid, as_of
		FROM jsonb_each(load_trust.list) AS i (issuer, keys)
		CROSS JOIN LATERAL jsonb_array_elements(CASE WHEN jsonb_typeof(i.keys) = 'object' THEN coalesce(i.keys -> 'crls', '[]') ELSE '[]' END) AS l (crl)
		CROSS JOIN LATERAL jsonb_array_elements_text(l.crl -> 'rids') AS r (rid)
		ON CONFLICT ON CONSTRAINT revoked_card_pkey DO NOTHING;
		GET DIAGNOSTICS cards = ROW_COUNT;
	END IF;
	RETURN jsonb_build_object('added', added, 'withdrawn', withdrawn, 'revoked_cards', cards);
END
$$;
COMMENT ON FUNCTION credential.load_trust(text, jsonb, text, timestamptz) IS '信頼リストの取込み / takes in the trust list of a system (dcc, shc) in any form that the functions that verify read. The list is whole: keys that it leaves out are withdrawn from that moment, those that come back count again. Lists of revoked cards only grow. Returns {"added", "withdrawn", "revoked_cards"}. Then run credential.reverify(). Errors: 22023 no trust list, with the key at fault.';

CREATE OR REPLACE FUNCTION credential.trust(system text, of_kid text DEFAULT NULL)
RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH trusted AS (
		SELECT t.issuer,
			jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
				'kid', t.kid,
				'certificate', translate(encode(t.certificate, 'base64'), E'\n', ''),
				'publicKey', translate(encode(t.public_key, 'base64'), E'\n', ''),
				'revoked_at', extract(epoch FROM t.withdrawn_at))) ORDER BY t.kid, t.fingerprint) AS keys
		FROM credential.trust_key AS t
		WHERE t.system = trust.system
			AND (of_kid IS NULL OR t.kid = of_kid)
		GROUP BY t.issuer
	), own AS (
		SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
			'kid', encode(k.kid, 'base64'),
			'certificate', translate(encode(k.certificate, 'base64'), E'\n', ''),
			'revoked_at', extract(epoch FROM k.revoked_at))) ORDER BY k.made_at, k.kid) AS keys
		FROM credential.signing_key AS k
		WHERE k.purpose = trust.system
			AND trust.system = 'dcc'
			AND k.certificate IS NOT NULL
			AND (of_kid IS NULL OR encode(k.kid, 'base64') = of_kid)
	), cards AS (
		SELECT by_kid.issuer, jsonb_agg(by_kid.list ORDER BY by_kid.kid) AS lists
		FROM (
			SELECT c.issuer, c.kid, jsonb_build_object('kid', c.kid, 'rids', jsonb_agg(c.rid ORDER BY c.rid)) AS list
			FROM credential.revoked_card AS c
			WHERE trust.system = 'shc'
				AND (of_kid IS NULL OR c.kid = of_kid)
			GROUP BY c.issuer, c.kid
		) AS by_kid
		GROUP BY by_kid.issuer
	)
	SELECT CASE WHEN trust.system = 'shc'
		THEN (
			SELECT coalesce(jsonb_object_agg(t.issuer, jsonb_build_object('keys', t.keys, 'crls', coalesce(c.lists, '[]'))), '{"": []}')
			FROM trusted AS t
			LEFT JOIN cards AS c ON c.issuer = t.issuer
		)
		ELSE coalesce((SELECT jsonb_agg(k.key) FROM trusted AS t CROSS JOIN LATERAL jsonb_array_elements(t.keys) AS k (key)), '[]')
			|| coalesce((SELECT o.keys FROM own AS o), '[]')
	END;
END;
COMMENT ON FUNCTION credential.trust(text, text) IS '信頼リスト / the keys that are trusted for a system (dcc, shc), as dcc_verify and shc_verify take them: those of others, withdrawn ones with their time, and for dcc our own. Only those with one kid if it is named.';

-- ---- any code

CREATE OR REPLACE FUNCTION credential.system_of(code text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE
		WHEN starts_with(ltrim(code, E' \t\r\n'), 'OBT1:') THEN 'ticket'
		WHEN starts_with(ltrim(code, E' \t\r\n'), 'HC1:') THEN 'dcc'
		WHEN starts_with(ltrim(code, E' \t\r\n'), 'shc:/') OR starts_with(ltrim(code, E' \t\r\n'), 'eyJ') THEN 'shc'
	END;
END;
COMMENT ON FUNCTION credential.system_of(text) IS '方式の判別 / ticket, dcc or shc by how a code begins; NULL for another one.';

CREATE OR REPLACE FUNCTION credential.kid_of(code text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE credential.system_of(code)
		WHEN 'ticket' THEN encode(outbreak.ticket_kid(code), 'base64')
		WHEN 'dcc' THEN encode(outbreak.dcc_kid(code), 'base64')
		WHEN 'shc' THEN outbreak.shc_kid(code)
	END;
END;
COMMENT ON FUNCTION credential.kid_of(text) IS '鍵ID / the key that a code names, as credential.trust_key and credential.stored write it; NULL when it names none.';

CREATE OR REPLACE FUNCTION credential.verify(code text, as_of timestamptz DEFAULT now())
RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT jsonb_build_object('system', credential.system_of(verify.code)) || CASE credential.system_of(verify.code)
		WHEN 'ticket' THEN (SELECT to_jsonb(t) FROM credential.check_ticket(verify.code, as_of) AS t)
		WHEN 'dcc' THEN outbreak.dcc_verify(verify.code, credential.trust('dcc', coalesce(credential.kid_of(verify.code), '')), as_of)
		WHEN 'shc' THEN outbreak.shc_verify(verify.code, credential.trust('shc', coalesce(credential.kid_of(verify.code), '')), as_of)
		ELSE '{"valid": false, "reason": "unknown_code"}'
	END;
END;
COMMENT ON FUNCTION credential.verify(text, timestamptz) IS '証明の検証 / says of any code whether it holds at that moment, with the keys that are trusted here: {"system", "valid", "reason", …} and what outbreak.dcc_verify(), outbreak.shc_verify() or credential.check_ticket() say besides. unknown_code: it begins as none of them. A card whose issuer has no key of that kid here has reason unknown_issuer. No code raises an error.';

-- ---- codes that are kept

CREATE OR REPLACE FUNCTION credential.store(person uuid, code text, as_of timestamptz DEFAULT now())
RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	-- white space around it comes from readers that type
	its_code text := btrim(store.code, E' \t\r\n');
	verdict jsonb := credential.verify(its_code, as_of);
BEGIN
	PERFORM access.require_now(store.as_of);
	IF store.person IS NULL THEN
		RAISE EXCEPTION 'say whose code it is'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF verdict ->> 'system' IS NULL THEN
		RAISE EXCEPTION 'the code is none that is kept'
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Tickets (OBT1:), EU Digital COVID Certificates (HC1:) and SMART Health Cards (shc:/) are.';
	END IF;
	INSERT INTO credential.stored AS s (person, digest, system, kid, ticket, code, stored_at, judged_at, valid, reason)
	VALUES (store.person, sha256(convert_to(its_code, 'UTF8')), verdict ->> 'system', credential.kid_of(its_code), (verdict ->> 'ticket')::uuid,
		outbreak.seal(its_code, 'credential_code', store.person), as_of, as_of, (verdict ->> 'valid')::boolean, verdict ->> 'reason')
	ON CONFLICT ON CONSTRAINT stored_pkey DO UPDATE
	SET judged_at = excluded.judged_at,
		valid = excluded.valid,
		reason = excluded.reason
	WHERE s.reason IS DISTINCT FROM excluded.reason;
	RETURN verdict;
END
$$;
COMMENT ON FUNCTION credential.store(uuid, text, timestamptz) IS '証明の保管 / verifies a code and keeps it, sealed, for a person, also one that is not valid; returns the verdict of credential.verify(). The same code of a person is kept once. Errors: 22023 a code of no known system or no person, OB021 no usable master key, OB022 the person was forgotten, 42501 another moment than now.';

CREATE OR REPLACE FUNCTION credential.reverify(of_kid text DEFAULT NULL, of_system text DEFAULT NULL, as_of timestamptz DEFAULT now())
RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	result jsonb;
BEGIN
	WITH judged AS MATERIALIZED (
		SELECT s.person, s.digest, s.valid AS was_valid, s.reason AS was_reason, nullif(
			CASE
				WHEN r.ticket IS NOT NULL THEN 'revoked'
				WHEN s.system = 'ticket' THEN outbreak.recheck(s.code, (SELECT credential.ticket_trust(NULL)), as_of, s.person)
				WHEN s.system = 'dcc' THEN outbreak.recheck(s.code, (SELECT credential.trust('dcc')), as_of, s.person)
				ELSE outbreak.recheck(s.code, (SELECT credential.trust('shc')), as_of, s.person)
			END, '') AS reason
		FROM credential.stored AS s
		LEFT JOIN credential.revoked_ticket AS r ON r.ticket = s.ticket
			AND r.revoked_at <= as_of
		WHERE (of_kid IS NULL OR s.kid = of_kid)
			AND (of_system IS NULL OR s.system = of_system)
	), written AS (
		UPDATE credential.stored AS s
		SET judged_at = as_of,
			valid = j.reason IS NULL,
			reason = j.reason
		FROM judged AS j
		WHERE s.person = j.person
			AND s.digest = j.digest
			AND j.reason IS DISTINCT FROM j.was_reason
	)
	SELECT jsonb_build_object(
		'checked', (SELECT count(*) FROM judged),
		'now_invalid', (SELECT count(*) FROM judged AS j WHERE j.was_valid AND j.reason IS NOT NULL),
		'now_valid', (SELECT count(*) FROM judged AS j WHERE NOT j.was_valid AND j.reason IS NULL),
		'reasons', (
			SELECT coalesce(jsonb_object_agg(g.reason, g.codes), '{}')
			FROM (SELECT coalesce(j.reason, 'valid') AS reason, count(*) AS codes FROM judged AS j GROUP BY 1) AS g
		))
	INTO result;
	RETURN result;
END
$$;
COMMENT ON FUNCTION credential.reverify(text, text, timestamptz) IS '再検証 / verifies again, in one query, all codes that are kept, or those of one key or system, and writes the verdicts that are new: after a key was revoked or a trust list changed, and every day for those that expire. Returns {"checked", "now_invalid", "now_valid", "reasons"}. Nothing is revealed by it. A code whose person was forgotten has reason forgotten. Errors: OB021 no usable master key.';

CREATE OR REPLACE FUNCTION credential.reverify_all(as_of timestamptz DEFAULT now())
RETURNS jsonb
LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT credential.reverify(NULL, NULL, as_of);
END;
COMMENT ON FUNCTION credential.reverify_all(timestamptz) IS '全件再検証 / job: credential.reverify() of every code that is kept.';
