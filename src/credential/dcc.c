/*-------------------------------------------------------------------------
 *
 * dcc.c
 *		EU Digital COVID Certificates in SQL: HC1: and the base45 of the zlib
 *		of a COSE_Sign1 of a CWT (eu-dcc-hcert-spec 1.0.8).
 *
 * Nothing of a code is told before its signature has been checked but the key
 * that it names and its algorithm.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "fmgr.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "common/compat.h"
#include "credential/base45_kernel.h"
#include "credential/cbor_json.h"
#include "credential/cose_kernel.h"
#include "credential/dcc_check.h"
#include "credential/deflate_kernel.h"
#include "credential/signer.h"
#include "credential/trust.h"
#include "credential/verdict.h"
#include "credential/verify.h"

#define PREFIX			"HC1:"
#define PREFIX_BYTES	4
#define MAX_CODE		16384	/* characters; the largest QR code has 4296 */
#define MAX_MESSAGE		65536	/* bytes of the message, unpacked */

/* ---- verifying ---- */

/* Unpacks the code to the bytes of its message; the reason when it cannot. */
static const char *
unpack(text *code, uint8 **message, size_t *length)
{
	const char *at = VARDATA_ANY(code);
	const char *end = at + VARSIZE_ANY_EXHDR(code);
	uint8	   *packed;
	size_t		n;
	size_t		fault;

	/* white space comes from readers that type; base45 neither begins nor ends with it */
	while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n'))
		at++;
	while (end > at && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r' || end[-1] == '\n'))
		end--;
	if (end - at < PREFIX_BYTES || memcmp(at, PREFIX, PREFIX_BYTES) != 0)
		return "not_a_dcc";
	at += PREFIX_BYTES;
	if (end - at > MAX_CODE)
		return "too_large";
	packed = palloc((Size) (end - at) + 1);
	if (ob_credential_base45_decode(at, (size_t) (end - at), packed, &n, &fault) != BASE45_OK)
		return "bad_base45";
	*message = palloc(MAX_MESSAGE);
	switch (ob_credential_inflate(DEFLATE_ZLIB, packed, n, *message, MAX_MESSAGE, length))
	{
		case DEFLATE_OK:
			return NULL;
		case DEFLATE_TOO_LARGE:
			return "too_large";
		case DEFLATE_FAILED:
			ereport(ERROR,
					(errcode(ERRCODE_OUT_OF_MEMORY),
					 errmsg("out of memory")));
			break;
		case DEFLATE_BROKEN:
			break;
	}
	return "bad_zlib";
}

static const char *
algorithm_name(int64 algorithm)
{
	return algorithm == COSE_ES256 ? "ES256" : algorithm == COSE_PS256 ? "PS256" : psprintf(INT64_FORMAT, algorithm);
}

/* Tries every key with the kid; the reason when none holds. */
static const char *
judge_signature(Trust *trust, const CoseMessage *message, TimestampTz at, int *usage)
{
	SignAlgorithm algorithm = message->algorithm == COSE_ES256 ? SIGN_ES256 : SIGN_PS256;
	const char *reason = "unknown_key";
	uint8	   *signed_bytes = NULL;
	size_t		length = 0;
	int			next = 0;
	TrustKey   *key;

	while ((key = ob_credential_trust_next(trust, (const char *) message->kid.bytes, (int) message->kid.length, NULL, 0, &next)) != NULL)
	{
		if (key->key == NULL)
			continue;
		if (signed_bytes == NULL)
		{
			signed_bytes = palloc(ob_credential_cose_signed_room(message));
			length = ob_credential_cose_signed(message, signed_bytes);
		}
		if (ob_credential_key_algorithm(key->key) == algorithm &&
			ob_credential_verify(key->key, signed_bytes, length, message->signature.bytes, message->signature.length))
		{
			*usage = key->usage;
			return key->is_revoked && key->revoked_at <= ob_credential_seconds(at) ? "key_revoked" : NULL;
		}
		reason = "forged";
	}
	return reason;
}

/* Reads the claims of an authentic message into the verdict, and from when they are valid; the reason when they are no certificate. */
static const char *
read_claims(const CoseMessage *message, int allowed, Verdict *verdict, double *from)
{
	CoseClaims	claims;
	CoseFault	fault = ob_credential_cose_claims(message, &claims);
	int			usage;

	if (fault != COSE_OK)
		return fault == COSE_BAD_CBOR ? "bad_cbor" : "bad_claims";
	if (claims.issuer.bytes != NULL)
	{
		verdict->issuer = GetDatabaseEncoding() == PG_UTF8 ?
			(const char *) claims.issuer.bytes : pg_any_to_server((const char *) claims.issuer.bytes, (int) claims.issuer.length, PG_UTF8);
		verdict->issuer_length = verdict->issuer == (const char *) claims.issuer.bytes ?
			(int) claims.issuer.length : (int) strlen(verdict->issuer);
	}
	verdict->has_issued_at = claims.has_issued_at;
	verdict->issued_at = claims.issued_at;
	verdict->has_expires_at = claims.has_expires_at;
	verdict->expires_at = claims.expires_at;
	if (claims.certificate.bytes == NULL || !claims.has_expires_at)
		return "bad_claims";
	verdict->certificate = ob_credential_cbor_to_jsonb(claims.certificate.bytes, claims.certificate.length);
	if (verdict->certificate == NULL)
		return "bad_claims";
	if (ob_credential_dcc_fault(verdict->certificate, &usage) != NULL)
		return "bad_schema";
	if ((usage & allowed) == 0)
		return "wrong_key_usage";
	if (claims.has_not_before)
		*from = Max(*from, claims.not_before);
	if (claims.has_issued_at)
		*from = Max(*from, claims.issued_at);
	return NULL;
}

void
ob_credential_judge_dcc(FunctionCallInfo fcinfo, text *code, TimestampTz at, Verdict *verdict)
{
	uint8	   *bytes;
	size_t		length;
	CoseMessage message;
	CoseFault	fault;
	const char *revoked;
	int			allowed = USAGE_ALL;
	double		from = -INFINITY;

	verdict->reason = unpack(code, &bytes, &length);
	if (verdict->reason != NULL)
		return;
	fault = ob_credential_cose_read(bytes, length, &message);
	verdict->reason = fault == COSE_BAD_CBOR ? "bad_cbor" : fault != COSE_OK ? "bad_cose" : NULL;
	if (verdict->reason != NULL)
		return;
	if (message.kid.bytes != NULL)
		verdict->kid = ob_credential_base64(message.kid.bytes, (int) message.kid.length);
	if (message.has_algorithm)
		verdict->algorithm = algorithm_name(message.algorithm);
	if (!message.has_algorithm || (message.algorithm != COSE_ES256 && message.algorithm != COSE_PS256))
	{
		verdict->reason = "unsupported_algorithm";
		return;
	}
	verdict->reason = message.kid.bytes == NULL ? "unknown_key" :
		judge_signature(ob_credential_trust(fcinfo, 1, TRUST_BYTES), &message, at, &allowed);
	revoked = verdict->reason;
	if (revoked != NULL && strcmp(revoked, "key_revoked") != 0)
		return;
	verdict->reason = read_claims(&message, allowed, verdict, &from);
	if (verdict->reason == NULL)
		verdict->reason = revoked;
	if (verdict->reason == NULL)
		ob_credential_judge_time(verdict, from, at);
}

/* outbreak.dcc_verify(code text, trust jsonb, at timestamptz) returns jsonb */
PG_FUNCTION_INFO_V1(ob_credential_dcc_verify);
Datum
ob_credential_dcc_verify(PG_FUNCTION_ARGS)
{
	Verdict		verdict;

	memset(&verdict, 0, sizeof(verdict));
	ob_credential_judge_dcc(fcinfo, PG_GETARG_TEXT_PP(0), PG_GETARG_TIMESTAMPTZ(2), &verdict);
	return ob_credential_verdict(&verdict);
}

/*
 * outbreak.dcc_kid(code text) returns bytea: the key that a code names, NULL
 * when it names none or is no such code.
 */
PG_FUNCTION_INFO_V1(ob_credential_dcc_kid);
Datum
ob_credential_dcc_kid(PG_FUNCTION_ARGS)
{
	uint8	   *bytes;
	size_t		length;
	CoseMessage message;
	bytea	   *kid;

	if (unpack(PG_GETARG_TEXT_PP(0), &bytes, &length) != NULL ||
		ob_credential_cose_read(bytes, length, &message) != COSE_OK || message.kid.bytes == NULL)
		PG_RETURN_NULL();
	kid = palloc(VARHDRSZ + message.kid.length);
	SET_VARSIZE(kid, VARHDRSZ + message.kid.length);
	memcpy(VARDATA(kid), message.kid.bytes, message.kid.length);
	PG_RETURN_BYTEA_P(kid);
}

/* ---- signing ---- */

static int64
whole_seconds(TimestampTz at)
{
	if (TIMESTAMP_NOT_FINITE(at))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a certificate is issued at one moment and expires at a later one")));
	return (int64) floor(ob_credential_seconds(at));
}

/* The claims of a certificate, from the first four arguments. */
static void
make_claims(FunctionCallInfo fcinfo, StringInfo claims)
{
	Jsonb	   *certificate = PG_GETARG_JSONB_P(0);
	text	   *issuer = PG_GETARG_TEXT_PP(1);
	CoseBytes	country = {(const uint8 *) VARDATA_ANY(issuer), VARSIZE_ANY_EXHDR(issuer)};
	int64		issued_at = whole_seconds(PG_GETARG_TIMESTAMPTZ(2));
	int64		expires_at = whole_seconds(PG_GETARG_TIMESTAMPTZ(3));
	int			usage;
	const char *fault = ob_credential_dcc_fault(certificate, &usage);

	if (fault != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("not an EU Digital COVID Certificate"),
				 errdetail("Missing or not as the schema wants it: %s.", *fault != '\0' ? fault : "the object"),
				 errhint("See DCC.combined-schema.json: ver, nam, dob, and one entry of v, t or r.")));
	if (country.length != 2 || country.bytes[0] < 'A' || country.bytes[0] > 'Z' || country.bytes[1] < 'A' || country.bytes[1] > 'Z')
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid issuer"),
				 errdetail("It must be the two letters of a country (ISO 3166-1).")));
	if (expires_at <= issued_at)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a certificate is issued at one moment and expires at a later one")));
	enlargeStringInfo(claims, COSE_CLAIMS_MAX);
	claims->len = (int) ob_credential_cose_claims_head(country, issued_at, expires_at, (uint8 *) claims->data);
	ob_credential_jsonb_to_cbor(&certificate->root, claims);
}

/* Everything but the signature: header, claims, and what is to be signed. */
typedef struct Unsigned
{
	CoseMessage message;
	uint8		header[COSE_HEADER_MAX];
	StringInfoData claims;
	uint8	   *out;			/* room for the message; what is to be signed before */
} Unsigned;

static void
prepare(FunctionCallInfo fcinfo, Unsigned *prepared)
{
	bytea	   *kid = PG_GETARG_BYTEA_PP(4);

	memset(prepared, 0, sizeof(*prepared));
	initStringInfo(&prepared->claims);
	make_claims(fcinfo, &prepared->claims);
	prepared->message.kid.bytes = (const uint8 *) VARDATA_ANY(kid);
	prepared->message.kid.length = VARSIZE_ANY_EXHDR(kid);
	if (prepared->message.kid.length != 8)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid kid"),
				 errdetail("It must have 8 bytes: the first of the SHA-256 of the certificate of the key.")));
	prepared->message.payload.bytes = (const uint8 *) prepared->claims.data;
	prepared->message.payload.length = (size_t) prepared->claims.len;
	if (prepared->message.payload.length > MAX_MESSAGE - SIGN_MAX_BYTES - COSE_OVERHEAD_MAX - COSE_HEADER_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the certificate is too large")));
	prepared->out = palloc(prepared->message.payload.length + COSE_HEADER_MAX + COSE_OVERHEAD_MAX + SIGN_MAX_BYTES);
}

/* Signs, packs and writes it. */
static Datum
finish(Unsigned *prepared, SignKey *key)
{
	CoseMessage *message = &prepared->message;
	uint8		signature[SIGN_MAX_BYTES];
	size_t		length;
	uint8	   *packed;
	size_t		room;
	text	   *code;

	message->protected_header.bytes = prepared->header;
	message->protected_header.length =
		ob_credential_cose_header(ob_credential_private_algorithm(key) == SIGN_ES256 ? COSE_ES256 : COSE_PS256, message->kid, prepared->header);
	length = ob_credential_cose_signed(message, prepared->out);
	message->signature.length = ob_credential_sign_once(key, prepared->out, length, signature);
	message->signature.bytes = signature;
	length = ob_credential_cose_write(message, prepared->out);
	room = ob_credential_deflate_bound(length);
	packed = palloc(room);
	if (ob_credential_deflate(DEFLATE_ZLIB, prepared->out, length, packed, room, &length) != DEFLATE_OK)
		elog(ERROR, "zlib failed");
	room = PREFIX_BYTES + ob_credential_base45_length(length);
	code = palloc(VARHDRSZ + room);
	SET_VARSIZE(code, VARHDRSZ + room);
	memcpy(VARDATA(code), PREFIX, PREFIX_BYTES);
	ob_credential_base45_encode(packed, length, VARDATA(code) + PREFIX_BYTES);
	return PointerGetDatum(code);
}

/*
 * outbreak.dcc_sign(certificate jsonb, issuer text, issued_at timestamptz,
 * expires_at timestamptz, kid bytea, private_key bytea) returns text
 */
PG_FUNCTION_INFO_V1(ob_credential_dcc_sign);
Datum
ob_credential_dcc_sign(PG_FUNCTION_ARGS)
{
	Unsigned	prepared;

	prepare(fcinfo, &prepared);
	return finish(&prepared, ob_credential_signer_of(PG_GETARG_BYTEA_PP(5)));
}

/* outbreak.dcc_sign_sealed(…, kid bytea, sealed_key bytea, key uuid) returns text */
PG_FUNCTION_INFO_V1(ob_credential_dcc_sign_sealed);
Datum
ob_credential_dcc_sign_sealed(PG_FUNCTION_ARGS)
{
	Unsigned	prepared;

	prepare(fcinfo, &prepared);
	return finish(&prepared, ob_credential_signer_sealed(PG_GETARG_BYTEA_PP(5), PG_GETARG_UUID_P(6)));
}
