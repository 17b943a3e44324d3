-- Signed codes: the public trust list, checking of codes by quarantine stations and health centres, revoking, QR codes.
-- Everything runs as the caller. Codes are personal: they go in a POST.

-- ---- public

CREATE OR REPLACE FUNCTION api.trust_list()
RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT jsonb_build_object('keys', coalesce(jsonb_agg(
		outbreak.public_key_jwk(k.public_key) || jsonb_strip_nulls(jsonb_build_object(
			'kid', encode(k.kid, 'base64'),
			'purpose', k.purpose,
			'nbf', floor(extract(epoch FROM lower(k.valid))),
			'exp', floor(extract(epoch FROM k.accepted_until)),
			'revoked_at', extract(epoch FROM k.revoked_at),
			'x5c', CASE WHEN k.certificate IS NOT NULL THEN jsonb_build_array(translate(encode(k.certificate, 'base64'), E'\n', '')) END
		)) ORDER BY k.purpose, lower(k.valid), k.kid), '[]'))
	FROM credential.signing_key AS k
	WHERE k.accepted_until > now()
$$;
COMMENT ON FUNCTION api.trust_list() IS '公開鍵リスト / The public keys that sign our tickets and certificates, as a JSON Web Key Set for readers that verify offline; the next key stands in it before it signs, a revoked one with "revoked_at" (seconds since 1970). Fetch it daily. nbf: from when it signs; exp: from then on nothing that it signed is valid.';

-- ---- checking

CREATE OR REPLACE FUNCTION api.check_ticket(code text)
RETURNS TABLE (valid boolean, reason text, ticket uuid, kind text, place text, valid_from timestamptz, valid_until timestamptz)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
ROWS 1
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	PERFORM access.in_a_post();
	RETURN QUERY
	SELECT c.*
	FROM credential.check_ticket(check_ticket.code) AS c;
END
$$;
COMMENT ON FUNCTION api.check_ticket(text) IS 'チケットの確認 / Whether a ticket (OBT1:…) holds now, and otherwise the reason: not_a_ticket, damaged, unknown_key, forged, key_revoked, not_yet_valid, expired, revoked. Registers nothing. For quarantine stations, health centres and prefectures.';

CREATE OR REPLACE FUNCTION api.verify_code(code text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM access.in_a_post();
	RETURN credential.verify(verify_code.code);
END
$$;
COMMENT ON FUNCTION api.verify_code(text) IS '証明の検証 / Whether a code holds now: a ticket (OBT1:), an EU Digital COVID Certificate (HC1:) or a SMART Health Card (shc:/, its chunks with spaces between them), with the keys that are trusted here. {"system", "valid", "reason", …} and what the code says; a bad code is an answer and not an error. Keeps nothing.';

-- ---- revoking and trusting

CREATE OR REPLACE FUNCTION api.revoke_ticket(ticket uuid, reason text)
RETURNS boolean
LANGUAGE sql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT credential.revoke_ticket(revoke_ticket.ticket, revoke_ticket.reason)
$$;
COMMENT ON FUNCTION api.revoke_ticket(uuid, text) IS 'チケットの失効 / Revokes one ticket, whichever codes were issued for it; false when it was revoked already. For quarantine stations.';

CREATE OR REPLACE FUNCTION api.revoke_key(kid text, reason text)
RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN credential.revoke_key(decode(revoke_key.kid, 'base64'), revoke_key.reason);
EXCEPTION WHEN no_data_found THEN
	RAISE EXCEPTION 'there is no such key'
		USING ERRCODE = 'PT404',
			HINT = 'signing_keys lists them.';
END
$$;
COMMENT ON FUNCTION api.revoke_key(text, text) IS '鍵の失効 / Revokes one of our keys, by its kid in base64: nothing that it signed counts from now on. False when it was revoked already. For the ministry.';

CREATE OR REPLACE FUNCTION api.load_trust_list(system text, list jsonb, source text)
RETURNS jsonb
LANGUAGE sql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT credential.load_trust(load_trust_list.system, load_trust_list.list, load_trust_list.source)
$$;
COMMENT ON FUNCTION api.load_trust_list(text, jsonb, text) IS '信頼リストの取込み / Takes in the whole list of keys that are trusted for dcc (document signer certificates) or shc (JWK sets by issuer, with their lists of revoked cards); keys that it leaves out are withdrawn. {"added", "withdrawn", "revoked_cards"}. For the ministry.';

-- ---- drawing

CREATE OR REPLACE FUNCTION api.qr_svg(data text, ec text DEFAULT 'M')
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM access.in_a_post();
	RETURN outbreak.qr_svg(qr_svg.data, qr_svg.ec);
END
$$;
COMMENT ON FUNCTION api.qr_svg(text, text) IS 'QRコード / A QR code of a text as SVG, for a page or a print; ec is L, M, Q or H. 400 for what is empty or too long, with what the largest code holds.';
