-- ---- base45

CREATE FUNCTION outbreak.base45_encode(bytes bytea) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_credential_base45_from_bytes';
COMMENT ON FUNCTION outbreak.base45_encode(bytea) IS
'Base45 / bytes in the 45 characters that a QR code holds with 5.5 bits each: 0-9 A-Z space $%*+-./: Three for two bytes, two for a last one. base45_encode(''AB'') is BB8. Source: RFC 9285.';

CREATE FUNCTION outbreak.base45_decode(code text) RETURNS bytea
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_credential_base45_to_bytes';
COMMENT ON FUNCTION outbreak.base45_decode(text) IS
'Base45 の復号 / the bytes of a base45 text. Raises 22P02 with the character at fault for what no bytes are written as: a character that is not one of the 45, one that stands alone, a group above its largest value (GGW). Source: RFC 9285.';

-- ---- QR codes

CREATE FUNCTION outbreak.qr_svg(data text, ec text DEFAULT 'M') RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000
AS 'MODULE_PATHNAME', 'ob_credential_qr_svg_of_text';
COMMENT ON FUNCTION outbreak.qr_svg(text, text) IS
'QRコード (SVG) / the smallest QR code that holds the text, drawn as one path, with its margin of four modules; it scales to any size. Digits, capital letters and other text are packed as is shortest; text beyond ASCII is UTF-8 and says so (ECI 26). ec is the error correction: L, M, Q or H for 7, 15, 25 or 30 percent.
Raises 22023 for an empty text, for one that is too long (the DETAIL says what the largest code holds), and for another ec. Source: ISO/IEC 18004.';

CREATE FUNCTION outbreak.qr_svg(data bytea, ec text DEFAULT 'M') RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000
AS 'MODULE_PATHNAME', 'ob_credential_qr_svg_of_bytes';
COMMENT ON FUNCTION outbreak.qr_svg(bytea, text) IS
'QRコード (SVG) / the same for bytes, which go in as they are (byte mode).';

CREATE FUNCTION outbreak.qr_png(data text, ec text DEFAULT 'M', module integer DEFAULT 4) RETURNS bytea
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000
AS 'MODULE_PATHNAME', 'ob_credential_qr_png_of_text';
COMMENT ON FUNCTION outbreak.qr_png(text, text, integer) IS
'QRコード (PNG) / the QR code of a text as a black and white picture; module is the side of one module in pixels, 1 to 32. Otherwise as qr_svg.';

CREATE FUNCTION outbreak.qr_png(data bytea, ec text DEFAULT 'M', module integer DEFAULT 4) RETURNS bytea
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000
AS 'MODULE_PATHNAME', 'ob_credential_qr_png_of_bytes';
COMMENT ON FUNCTION outbreak.qr_png(bytea, text, integer) IS
'QRコード (PNG) / the same for bytes, which go in as they are (byte mode).';

CREATE FUNCTION outbreak.qr_version(data text, ec text DEFAULT 'M') RETURNS integer
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000
AS 'MODULE_PATHNAME', 'ob_credential_qr_version_of_text';
COMMENT ON FUNCTION outbreak.qr_version(text, text) IS
'QRコードの型番 / version of the code that qr_svg and qr_png make of it, 1 to 40: it has 17 + 4 * version modules a side. Raises what they raise.';

CREATE FUNCTION outbreak.qr_version(data bytea, ec text DEFAULT 'M') RETURNS integer
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000
AS 'MODULE_PATHNAME', 'ob_credential_qr_version_of_bytes';
COMMENT ON FUNCTION outbreak.qr_version(bytea, text) IS
'QRコードの型番 / the same for bytes.';

-- ---- keys of ours

CREATE FUNCTION outbreak.signing_key_make(key uuid, OUT kid bytea, OUT public_key bytea, OUT sealed_key bytea)
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ob_credential_signing_key_make';
COMMENT ON FUNCTION outbreak.signing_key_make(uuid) IS
'署名鍵の作成 / for credential.new_key(): a new P-256 key. kid: the first 8 bytes of the SHA-256 of the public key; public_key: DER of SubjectPublicKeyInfo; sealed_key: the private part, sealed with the data key that is made for the number (access.data_key). It can be used through it and never be read. Errors: OB021 no usable master key, 25006 read-only transaction.';
REVOKE EXECUTE ON FUNCTION outbreak.signing_key_make(uuid) FROM PUBLIC;

CREATE FUNCTION outbreak.signing_key_certificate(key uuid, sealed_key bytea, country text, name text, valid_from timestamptz, valid_until timestamptz) RETURNS bytea
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'ob_credential_signing_key_certificate';
COMMENT ON FUNCTION outbreak.signing_key_certificate(uuid, bytea, text, text, timestamptz, timestamptz) IS
'自己署名証明書 / for credential.new_key(): an X.509 certificate (DER) of a sealed key, signed by itself. Errors: OB020 the key cannot be opened, OB021 no usable master key, 22023 country, name or times.';
REVOKE EXECUTE ON FUNCTION outbreak.signing_key_certificate(uuid, bytea, text, text, timestamptz, timestamptz) FROM PUBLIC;

CREATE FUNCTION outbreak.public_key_of(certificate bytea) RETURNS bytea
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100
AS 'MODULE_PATHNAME', 'ob_credential_public_key_of';
COMMENT ON FUNCTION outbreak.public_key_of(bytea) IS
'証明書の公開鍵 / the public key (DER of SubjectPublicKeyInfo) of an X.509 certificate in DER; NULL for what is no certificate, or has a key that is neither P-256 nor RSA of 2048 to 8192 bits.';

CREATE FUNCTION outbreak.public_key_jwk(public_key bytea) RETURNS jsonb
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100
AS 'MODULE_PATHNAME', 'ob_credential_public_key_jwk';
COMMENT ON FUNCTION outbreak.public_key_jwk(bytea) IS
'公開鍵の JWK / a P-256 public key (DER of SubjectPublicKeyInfo) as a JWK with alg, use and kid, which is its thumbprint. Raises 22023 for another key. Source: RFC 7517, RFC 7638.';

-- ---- tickets

CREATE FUNCTION outbreak.ticket_verify(code text, keys jsonb, at timestamptz DEFAULT now(),
	OUT valid boolean, OUT reason text, OUT ticket uuid, OUT kind smallint, OUT place text, OUT valid_from timestamptz, OUT valid_until timestamptz, OUT kid bytea)
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 5000
AS 'MODULE_PATHNAME', 'ob_credential_ticket_verify';
COMMENT ON FUNCTION outbreak.ticket_verify(text, jsonb, timestamptz) IS
'チケットの検証 / reads a signed ticket (OBT1:…) and says whether it holds at that moment. keys is a trust list, as credential.ticket_trust() gives it: with it a reader can work without this database, and does not know of single tickets that were revoked.
reason: NULL it is valid; not_a_ticket another code; damaged begins as a ticket and cannot be read; unknown_key no key of that number; forged the signature does not hold; key_revoked the key was revoked at that moment; not_yet_valid; expired. Ticket, kind, place and times are NULL unless the signature holds. A bad code never raises an error; a trust list that is none raises 22023.
Layout: src/credential/ticket_kernel.h.';

CREATE FUNCTION outbreak.ticket_kid(code text) RETURNS bytea
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 20
AS 'MODULE_PATHNAME', 'ob_credential_ticket_kid';
COMMENT ON FUNCTION outbreak.ticket_kid(text) IS
'チケットの鍵ID / the key that a ticket names, 8 bytes; NULL when the code is no ticket. The signature is not checked.';

CREATE FUNCTION outbreak.ticket_sign(ticket uuid, kind smallint, valid_from timestamptz, valid_until timestamptz, place text, kid bytea, private_key bytea) RETURNS text
LANGUAGE c VOLATILE STRICT PARALLEL SAFE COST 5000
AS 'MODULE_PATHNAME', 'ob_credential_ticket_sign';
COMMENT ON FUNCTION outbreak.ticket_sign(uuid, smallint, timestamptz, timestamptz, text, bytea, bytea) IS
'チケットの署名 / the code of a ticket, signed with a P-256 key of the caller''s own (PKCS #8 in DER). Pass the key as a parameter, never in the text of a statement. kind is 0 to 255, times count in whole seconds, place has at most 32 ASCII characters, kid 8 bytes. Raises 22023 for anything else. credential.issue_ticket() signs with the keys of this database.';
REVOKE EXECUTE ON FUNCTION outbreak.ticket_sign(uuid, smallint, timestamptz, timestamptz, text, bytea, bytea) FROM PUBLIC;

CREATE FUNCTION outbreak.ticket_sign_sealed(ticket uuid, kind smallint, valid_from timestamptz, valid_until timestamptz, place text, kid bytea, sealed_key bytea, key uuid) RETURNS text
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE COST 5000
AS 'MODULE_PATHNAME', 'ob_credential_ticket_sign_sealed';
COMMENT ON FUNCTION outbreak.ticket_sign_sealed(uuid, smallint, timestamptz, timestamptz, text, bytea, bytea, uuid) IS
'For credential.issue_ticket(): signs with a sealed key. Errors: OB020 the key cannot be opened, OB021 no usable master key, 22023 as ticket_sign.';
REVOKE EXECUTE ON FUNCTION outbreak.ticket_sign_sealed(uuid, smallint, timestamptz, timestamptz, text, bytea, bytea, uuid) FROM PUBLIC;

-- ---- EU Digital COVID Certificates

CREATE FUNCTION outbreak.dcc_verify(code text, trust jsonb, at timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 5000
AS 'MODULE_PATHNAME', 'ob_credential_dcc_verify';
COMMENT ON FUNCTION outbreak.dcc_verify(text, jsonb, timestamptz) IS
'EUデジタルCOVID証明書の検証 / reads an EU Digital COVID Certificate (HC1:…) and says whether it holds at that moment: {"valid", "reason", "kid", "alg", "issuer", "issued_at", "expires_at", "certificate"}. trust is a list of document signer certificates, base64 of DER or PEM, or of objects with "certificate", with "kid" and "publicKey", or JWKs; "revoked_at" (seconds since 1970) ends the trust in a key. Every key with the kid of the code is tried. A list that is passed again is not read again.
reason: null it is valid; not_a_dcc another prefix; bad_base45; bad_zlib; too_large; bad_cbor; bad_cose no signed message; unsupported_algorithm neither ES256 nor PS256; unknown_key no key with that kid; forged the signature does not hold; key_revoked; bad_claims no expiry or no certificate in it; bad_schema not as the schema 1.3.3 demands, or more than one entry; wrong_key_usage the certificate of the signer is for other kinds (extended key usage); not_yet_valid; expired. What the code says is null unless the signature holds. A bad code never raises an error; a trust list that is none raises 22023.
Sources: eu-dcc-hcert-spec 1.0.8, RFC 9052, RFC 8392.';

CREATE FUNCTION outbreak.dcc_kid(code text) RETURNS bytea
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100
AS 'MODULE_PATHNAME', 'ob_credential_dcc_kid';
COMMENT ON FUNCTION outbreak.dcc_kid(text) IS
'証明書の鍵ID / the key that a code names, as a rule 8 bytes; NULL when it names none or is no EU Digital COVID Certificate. The signature is not checked.';

CREATE FUNCTION outbreak.dcc_sign(certificate jsonb, issuer text, issued_at timestamptz, expires_at timestamptz, kid bytea, private_key bytea) RETURNS text
LANGUAGE c VOLATILE STRICT PARALLEL SAFE COST 5000
AS 'MODULE_PATHNAME', 'ob_credential_dcc_sign';
COMMENT ON FUNCTION outbreak.dcc_sign(jsonb, text, timestamptz, timestamptz, bytea, bytea) IS
'EUデジタルCOVID証明書の署名 / the code (HC1:…) of a certificate, signed with a key of the caller''s own (PKCS #8 in DER): ES256 with a P-256 key, PS256 with an RSA key of 2048 to 8192 bits. Pass the key as a parameter, never in the text of a statement. issuer is a country (two letters), kid the first 8 bytes of the SHA-256 of the signer''s certificate. Raises 22023 for a certificate that is not as the schema demands, with the member at fault, and for other arguments that do not fit.';
REVOKE EXECUTE ON FUNCTION outbreak.dcc_sign(jsonb, text, timestamptz, timestamptz, bytea, bytea) FROM PUBLIC;

CREATE FUNCTION outbreak.dcc_sign_sealed(certificate jsonb, issuer text, issued_at timestamptz, expires_at timestamptz, kid bytea, sealed_key bytea, key uuid) RETURNS text
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE COST 5000
AS 'MODULE_PATHNAME', 'ob_credential_dcc_sign_sealed';
COMMENT ON FUNCTION outbreak.dcc_sign_sealed(jsonb, text, timestamptz, timestamptz, bytea, bytea, uuid) IS
'For credential.sign_dcc(): signs with a sealed key. Errors: OB020 the key cannot be opened, OB021 no usable master key, 22023 as dcc_sign.';
REVOKE EXECUTE ON FUNCTION outbreak.dcc_sign_sealed(jsonb, text, timestamptz, timestamptz, bytea, bytea, uuid) FROM PUBLIC;

-- ---- SMART Health Cards

CREATE FUNCTION outbreak.shc_verify(code text, trust jsonb, at timestamptz DEFAULT now()) RETURNS jsonb
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 5000
AS 'MODULE_PATHNAME', 'ob_credential_shc_verify';
COMMENT ON FUNCTION outbreak.shc_verify(text, jsonb, timestamptz) IS
'SMART Health Card の検証 / reads a SMART Health Card and says whether it holds at that moment: {"valid", "reason", "kid", "alg", "issuer", "issued_at", "expires_at", "certificate"}, and "rid" where it has one; certificate is the member vc with its FHIR bundle. code is what the QR codes hold, shc:/… or all chunks shc:/1/3/… in any order with white space between them, or the JWS itself. trust is an object of JWK sets by issuer, {"https://…": {"keys": […], "crls": […]}}, where crls are the issuer''s lists of revoked cards ({"kid", "rids"}); "revoked_at" in a key (seconds since 1970) ends the trust in it.
reason: null it is valid; not_an_shc; bad_digits; bad_chunk; missing_chunk; bad_jws; too_large; bad_deflate; bad_json; bad_claims; unsupported_algorithm other than ES256; unknown_issuer; unknown_key; forged; key_revoked; revoked its number is on a list; not_yet_valid; expired. What the card says is null unless the signature holds, but for the issuer. A bad code never raises an error; a trust list that is none raises 22023.
Source: SMART Health Cards Framework.';

CREATE FUNCTION outbreak.shc_kid(code text) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100
AS 'MODULE_PATHNAME', 'ob_credential_shc_kid';
COMMENT ON FUNCTION outbreak.shc_kid(text) IS
'カードの鍵ID / the key that a SMART Health Card names; NULL when it names none or is no card. The signature is not checked.';

CREATE FUNCTION outbreak.shc_digits(jws text) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ob_credential_shc_digits';
COMMENT ON FUNCTION outbreak.shc_digits(text) IS
'QR用の数字列 / a JWS as the QR code of a SMART Health Card holds it: shc:/ and two digits for each character. One code holds a JWS of up to 1,195 characters (version 22, error correction L). Raises 22P02 for characters that no JWS has.';

-- ---- trust lists, and codes that are kept

CREATE FUNCTION outbreak.trust_keys(trust jsonb, kids_are_text boolean DEFAULT false)
RETURNS TABLE (issuer text, kid text, certificate bytea, public_key bytea)
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
ROWS 100
AS 'MODULE_PATHNAME', 'ob_credential_trust_keys';
COMMENT ON FUNCTION outbreak.trust_keys(jsonb, boolean) IS
'信頼リストの鍵 / the keys of a trust list, a row each, as dcc_verify and ticket_verify read it, or shc_verify where kids_are_text. kid is base64, or as it is written; certificate is NULL for a bare key, public_key DER of SubjectPublicKeyInfo. Keys of other algorithms are left out. Raises 22023, with the key at fault, for what is no trust list.';

CREATE FUNCTION outbreak.recheck(code outbreak.sealed, trust jsonb, at timestamptz, person uuid) RETURNS text
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE COST 5000
AS 'MODULE_PATHNAME', 'ob_credential_recheck';
COMMENT ON FUNCTION outbreak.recheck(outbreak.sealed, jsonb, timestamptz, uuid) IS
'For credential.reverify(): verifies a code that is kept sealed, and says the reason why it does not hold, an empty text when it does. Nothing of the code comes back, so that it does not count as revealed. forgotten: it can no longer be opened. Errors: OB021 no usable master key.';
REVOKE EXECUTE ON FUNCTION outbreak.recheck(outbreak.sealed, jsonb, timestamptz, uuid) FROM PUBLIC;
