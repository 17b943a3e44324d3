/*-------------------------------------------------------------------------
 *
 * signer.c
 *		Private keys of ours: made, sealed, and opened for the moment of
 *		signing.
 *
 * A private key is 32 bytes. They are sealed as any other secret of a subject
 * is (access/seal_kernel.h): with a data key of their own in access.data_key,
 * which a master key wraps. So access.rotate_keys() takes them along, and
 * destroying the data key destroys the private key in every later state of the
 * database.
 *
 * Invariants
 *		A private key is in memory only between opening and signing, and is
 *		cleansed there. No SQL function returns one, no error names one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <openssl/crypto.h>

#include "access/htup_details.h"
#include "access/xact.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "access/data_key.h"
#include "access/seal_kernel.h"
#include "common/compat.h"
#include "common/errors.h"
#include "credential/jws_kernel.h"
#include "credential/signer.h"

#define PURPOSE				"signing_key"
#define ENVELOPE_BYTES		(SIGN_SCALAR_BYTES + SEAL_OVERHEAD_BYTES)
#define KID_BYTES			8

static bytea *
make_bytes(const void *bytes, size_t length)
{
	bytea	   *result = palloc(VARHDRSZ + length);

	SET_VARSIZE(result, VARHDRSZ + length);
	memcpy(VARDATA(result), bytes, length);
	return result;
}

static void
refuse_to_open(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_OB_SEALED),
			 errmsg("the signing key cannot be opened"),
			 errhint("Its private part was destroyed, or belongs to another database or master key; credential.rotate_keys() makes a new one.")));
}

SignKey *
ob_credential_signer_of(const bytea *pkcs8)
{
	SignKey    *key = ob_credential_private_of_pkcs8((const uint8 *) VARDATA_ANY(pkcs8), VARSIZE_ANY_EXHDR(pkcs8));

	if (key == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid private key"),
				 errdetail("It must be PKCS #8 in DER, without a passphrase, of a P-256 key or of an RSA key with 2048 to 8192 bits.")));
	return key;
}

SignKey *
ob_credential_signer_sealed(const bytea *envelope, const pg_uuid_t *number)
{
	bool		forgotten;
	SealCipher *cipher;
	uint8_t		scalar[SIGN_SCALAR_BYTES];
	SealResult	result;
	SignKey    *key;

	if (VARSIZE_ANY_EXHDR(envelope) != ENVELOPE_BYTES)
		refuse_to_open();
	cipher = ob_access_data_key(number, false, &forgotten);
	if (cipher == NULL)
		refuse_to_open();
	result = ob_access_open(cipher, PURPOSE, strlen(PURPOSE), number->data,
							(const uint8 *) VARDATA_ANY(envelope), ENVELOPE_BYTES, scalar);
	key = result == SEAL_OK ? ob_credential_private_of_scalar(scalar) : NULL;
	OPENSSL_cleanse(scalar, sizeof(scalar));
	if (result == SEAL_REFUSED)
		refuse_to_open();
	if (key == NULL)
		elog(ERROR, "OpenSSL failed");
	return key;
}

size_t
ob_credential_sign_once(SignKey *key, const void *message, size_t length, uint8 signature[SIGN_MAX_BYTES])
{
	size_t		written = ob_credential_sign(key, message, length, signature);

	ob_credential_private_free(key);
	if (written == 0)
		elog(ERROR, "OpenSSL failed");
	return written;
}

/*
 * outbreak.signing_key_make(key uuid, OUT kid bytea, OUT public_key bytea,
 * OUT sealed_key bytea): a new P-256 key, its private part sealed for that
 * number.
 */
PG_FUNCTION_INFO_V1(ob_credential_signing_key_make);
Datum
ob_credential_signing_key_make(PG_FUNCTION_ARGS)
{
	pg_uuid_t  *number = PG_GETARG_UUID_P(0);
	bool		forgotten;
	SealCipher *cipher;
	SignKey    *key;
	uint8_t		scalar[SIGN_SCALAR_BYTES];
	uint8_t		envelope[ENVELOPE_BYTES];
	uint8_t		tag[SEAL_TAG_BYTES];
	uint8_t		spki[SIGN_SPKI_MAX];
	uint8_t		digest[SIGN_SHA256_BYTES];
	size_t		length = 0;
	bool		done;
	TupleDesc	desc;
	Datum		values[3];
	bool		nulls[3] = {false, false, false};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	PreventCommandIfReadOnly("outbreak.signing_key_make()");
	cipher = ob_access_data_key(number, true, &forgotten);
	if (cipher == NULL)
		refuse_to_open();
	/* nobody looks a key up by its value, so the tag is random */
	key = ob_credential_private_make(scalar);
	done = key != NULL && ob_access_random(tag, sizeof(tag)) &&
		ob_access_seal(cipher, tag, PURPOSE, strlen(PURPOSE), number->data, scalar, sizeof(scalar), envelope) == SEAL_OK;
	OPENSSL_cleanse(scalar, sizeof(scalar));
	if (done)
		length = ob_credential_private_spki(key, spki);
	ob_credential_private_free(key);
	if (length == 0 || !ob_credential_sha256(spki, length, digest))
		elog(ERROR, "OpenSSL failed");
	values[0] = PointerGetDatum(make_bytes(digest, KID_BYTES));
	values[1] = PointerGetDatum(make_bytes(spki, length));
	values[2] = PointerGetDatum(make_bytes(envelope, sizeof(envelope)));
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}

/*
 * outbreak.signing_key_certificate(key uuid, sealed_key bytea, country text,
 * name text, valid_from timestamptz, valid_until timestamptz) returns bytea: a
 * certificate of the key that it signs itself.
 */
PG_FUNCTION_INFO_V1(ob_credential_signing_key_certificate);
Datum
ob_credential_signing_key_certificate(PG_FUNCTION_ARGS)
{
	pg_uuid_t  *number = PG_GETARG_UUID_P(0);
	bytea	   *envelope = PG_GETARG_BYTEA_PP(1);
	char	   *country = text_to_cstring(PG_GETARG_TEXT_PP(2));
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(3));
	TimestampTz from = PG_GETARG_TIMESTAMPTZ(4);
	TimestampTz until = PG_GETARG_TIMESTAMPTZ(5);
	uint8_t		certificate[SIGN_CERTIFICATE_MAX];
	size_t		length;
	SignKey    *key;

	if (strlen(country) != 2 || strlen(name) < 1 || strlen(name) > 64)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid name of a certificate"),
				 errdetail("The country has two letters, the name 1 to 64 bytes.")));
	if (TIMESTAMP_NOT_FINITE(from) || TIMESTAMP_NOT_FINITE(until) || from >= until)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a certificate is valid from one moment until a later one")));
	key = ob_credential_signer_sealed(envelope, number);
	length = ob_credential_self_signed(key, country, name, timestamptz_to_time_t(from), timestamptz_to_time_t(until), certificate);
	ob_credential_private_free(key);
	if (length == 0)
		elog(ERROR, "OpenSSL failed");
	PG_RETURN_BYTEA_P(make_bytes(certificate, length));
}

/*
 * outbreak.public_key_of(certificate bytea) returns bytea: the public key of a
 * certificate, NULL when there is none that we use.
 */
PG_FUNCTION_INFO_V1(ob_credential_public_key_of);
Datum
ob_credential_public_key_of(PG_FUNCTION_ARGS)
{
	bytea	   *certificate = PG_GETARG_BYTEA_PP(0);
	uint8_t		spki[SIGN_SPKI_MAX];
	size_t		length;
	int			usage;
	VerifyKey  *key = ob_credential_key_of_certificate((const uint8 *) VARDATA_ANY(certificate), VARSIZE_ANY_EXHDR(certificate), &usage);

	if (key == NULL)
		PG_RETURN_NULL();
	length = ob_credential_key_spki(key, spki);
	ob_credential_key_free(key);
	if (length == 0)
		PG_RETURN_NULL();
	PG_RETURN_BYTEA_P(make_bytes(spki, length));
}

static void
put_member(JsonbParseState **state, const char *name, const char *text, int length)
{
	JsonbValue	value;

	value.type = jbvString;
	value.val.string.val = (char *) name;
	value.val.string.len = (int) strlen(name);
	pushJsonbValue(state, WJB_KEY, &value);
	value.val.string.val = (char *) text;
	value.val.string.len = length;
	pushJsonbValue(state, WJB_VALUE, &value);
}

/*
 * outbreak.public_key_jwk(public_key bytea) returns jsonb: a P-256 key as a
 * JWK, whose kid is its thumbprint (RFC 7638). Raises 22023 for another key.
 */
PG_FUNCTION_INFO_V1(ob_credential_public_key_jwk);
Datum
ob_credential_public_key_jwk(PG_FUNCTION_ARGS)
{
	bytea	   *public_key = PG_GETARG_BYTEA_PP(0);
	VerifyKey  *key = ob_credential_key_of_spki((const uint8 *) VARDATA_ANY(public_key), VARSIZE_ANY_EXHDR(public_key));
	uint8_t		point[SIGN_POINT_BYTES];
	bool		done = key != NULL && ob_credential_key_point(key, point);
	char		x[44];
	char		y[44];
	char		kid[44];
	char	   *canonical;
	uint8_t		digest[SIGN_SHA256_BYTES];
	JsonbParseState *state = NULL;

	ob_credential_key_free(key);
	if (!done)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid public key"),
				 errdetail("It must be the SubjectPublicKeyInfo of a P-256 key, in DER.")));
	x[ob_credential_base64url_encode(point + 1, 32, x)] = '\0';
	y[ob_credential_base64url_encode(point + 33, 32, y)] = '\0';
	canonical = psprintf("{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}", x, y);
	if (!ob_credential_sha256(canonical, strlen(canonical), digest))
		elog(ERROR, "OpenSSL failed");
	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	put_member(&state, "kty", "EC", 2);
	put_member(&state, "crv", "P-256", 5);
	put_member(&state, "alg", "ES256", 5);
	put_member(&state, "use", "sig", 3);
	put_member(&state, "x", x, (int) strlen(x));
	put_member(&state, "y", y, (int) strlen(y));
	put_member(&state, "kid", kid, (int) ob_credential_base64url_encode(digest, sizeof(digest), kid));
	PG_RETURN_JSONB_P(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL)));
}
