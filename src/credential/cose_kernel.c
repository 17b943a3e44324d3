/*-------------------------------------------------------------------------
 *
 * cose_kernel.c
 *		COSE_Sign1 messages that hold a CWT.
 *
 *-------------------------------------------------------------------------
 */
#include "credential/cose_kernel.h"

#include <string.h>

#include "credential/cbor_kernel.h"

#define TAG_COSE_SIGN1	18
#define TAG_CWT			61

enum
{
	HEADER_ALGORITHM = 1,
	HEADER_KID = 4
};

enum
{
	CLAIM_ISSUER = 1,
	CLAIM_EXPIRES_AT = 4,
	CLAIM_NOT_BEFORE = 5,
	CLAIM_ISSUED_AT = 6
};

static const char context[] = "Signature1";

/* Reads alg and kid of a header whose cursor stands behind its head; sets only what was not set before. */
static bool
read_header(CborCursor *cursor, uint64_t left, CoseMessage *message)
{
	bool		has_algorithm = false;
	bool		has_kid = false;
	int64_t		algorithm = 0;
	CoseBytes	kid = {NULL, 0};

	while (ob_credential_cbor_more(cursor, &left))
	{
		CborItem	label;
		CborItem	value;
		CborCursor	before;
		int64_t		number;

		before = *cursor;
		if (!ob_credential_cbor_next(cursor, &label))
			return false;
		if (!ob_credential_cbor_integer(&label, &number) || (number != HEADER_ALGORITHM && number != HEADER_KID))
		{
			*cursor = before;
			if (!ob_credential_cbor_skip(cursor) || !ob_credential_cbor_skip(cursor))
				return false;
			continue;
		}
		if (!ob_credential_cbor_next(cursor, &value))
			return false;
		if (number == HEADER_ALGORITHM)
		{
			if (has_algorithm || !ob_credential_cbor_integer(&value, &algorithm))
				return false;
			has_algorithm = true;
		}
		else
		{
			if (has_kid || value.type != CBOR_BYTES || value.bytes == NULL)
				return false;
			has_kid = true;
			kid.bytes = value.bytes;
			kid.length = value.length;
		}
	}
	if (has_algorithm && !message->has_algorithm)
	{
		message->has_algorithm = true;
		message->algorithm = algorithm;
	}
	if (has_kid && message->kid.bytes == NULL)
		message->kid = kid;
	return true;
}

/* Reads a byte string that is in one piece. */
static bool
read_bytes(CborCursor *cursor, CoseBytes *into)
{
	CborItem	item;

	if (!ob_credential_cbor_next(cursor, &item) || item.type != CBOR_BYTES || item.bytes == NULL)
		return false;
	into->bytes = item.bytes;
	into->length = item.length;
	return true;
}

static bool
read_message(CborCursor *cursor, CoseMessage *message)
{
	CborItem	item;
	uint64_t	left;

	if (!ob_credential_cbor_next(cursor, &item))
		return false;
	if (item.type == CBOR_TAG && item.number == TAG_CWT && !ob_credential_cbor_next(cursor, &item))
		return false;
	if (item.type == CBOR_TAG && item.number == TAG_COSE_SIGN1 && !ob_credential_cbor_next(cursor, &item))
		return false;
	left = item.number;
	if (item.type != CBOR_ARRAY || !ob_credential_cbor_more(cursor, &left) ||
		!read_bytes(cursor, &message->protected_header))
		return false;
	if (message->protected_header.length > 0)
	{
		CborCursor	inner = {message->protected_header.bytes,
		message->protected_header.bytes + message->protected_header.length};

		if (!ob_credential_cbor_check(message->protected_header.bytes, message->protected_header.length) ||
			!ob_credential_cbor_next(&inner, &item) || item.type != CBOR_MAP ||
			!read_header(&inner, item.number, message))
			return false;
	}
	return ob_credential_cbor_more(cursor, &left) &&
		ob_credential_cbor_next(cursor, &item) && item.type == CBOR_MAP &&
		read_header(cursor, item.number, message) &&
		ob_credential_cbor_more(cursor, &left) && read_bytes(cursor, &message->payload) &&
		ob_credential_cbor_more(cursor, &left) && read_bytes(cursor, &message->signature) &&
		!ob_credential_cbor_more(cursor, &left);
}

CoseFault
ob_credential_cose_read(const uint8_t *bytes, size_t length, CoseMessage *message)
{
	CborCursor	cursor = {bytes, bytes + length};

	memset(message, 0, sizeof(*message));
	if (!ob_credential_cbor_check(bytes, length))
		return COSE_BAD_CBOR;
	return read_message(&cursor, message) ? COSE_OK : COSE_BAD_MESSAGE;
}

/* A NumericDate, with a fraction or without. */
static bool
read_time(CborCursor *cursor, bool *has, double *into)
{
	CborItem	item;
	int64_t		whole;

	if (*has || !ob_credential_cbor_next(cursor, &item))
		return false;
	/* tag 1 says what it is anyway */
	if (item.type == CBOR_TAG && item.number == 1 && !ob_credential_cbor_next(cursor, &item))
		return false;
	if (ob_credential_cbor_integer(&item, &whole))
		*into = (double) whole;
	else if (item.type == CBOR_FLOAT && item.real > -1e17 && item.real < 1e17)
		*into = item.real;
	else
		return false;
	*has = true;
	return true;
}

/* Finds the item under 1 in the map of health certificates. */
static bool
read_certificates(CborCursor *cursor, CoseClaims *claims)
{
	CborItem	item;
	uint64_t	left;

	if (claims->certificate.bytes != NULL || !ob_credential_cbor_next(cursor, &item) || item.type != CBOR_MAP)
		return false;
	left = item.number;
	while (ob_credential_cbor_more(cursor, &left))
	{
		CborCursor	before = *cursor;
		int64_t		number;
		bool		found = ob_credential_cbor_next(cursor, &item) &&
			ob_credential_cbor_integer(&item, &number) && number == 1;

		*cursor = before;
		if (!ob_credential_cbor_skip(cursor))
			return false;
		before = *cursor;
		if (!ob_credential_cbor_skip(cursor) || (found && claims->certificate.bytes != NULL))
			return false;
		if (found)
		{
			claims->certificate.bytes = before.at;
			claims->certificate.length = (size_t) (cursor->at - before.at);
		}
	}
	return claims->certificate.bytes != NULL;
}

static bool
read_claim(CborCursor *cursor, CoseClaims *claims)
{
	CborCursor	before = *cursor;
	CborItem	item;
	int64_t		number;

	if (!ob_credential_cbor_next(cursor, &item))
		return false;
	if (!ob_credential_cbor_integer(&item, &number))
		number = 0;				/* a label of another type, or of no claim that is read */
	switch (number)
	{
		case CLAIM_ISSUER:
			if (claims->issuer.bytes != NULL || !ob_credential_cbor_next(cursor, &item) ||
				item.type != CBOR_TEXT || item.bytes == NULL)
				return false;
			claims->issuer.bytes = item.bytes;
			claims->issuer.length = item.length;
			return true;
		case CLAIM_EXPIRES_AT:
			return read_time(cursor, &claims->has_expires_at, &claims->expires_at);
		case CLAIM_NOT_BEFORE:
			return read_time(cursor, &claims->has_not_before, &claims->not_before);
		case CLAIM_ISSUED_AT:
			return read_time(cursor, &claims->has_issued_at, &claims->issued_at);
		case COSE_HCERT:
			return read_certificates(cursor, claims);
		default:
			*cursor = before;
			return ob_credential_cbor_skip(cursor) && ob_credential_cbor_skip(cursor);
	}
}

CoseFault
ob_credential_cose_claims(const CoseMessage *message, CoseClaims *claims)
{
	CborCursor	cursor = {message->payload.bytes, message->payload.bytes + message->payload.length};
	CborItem	item;
	uint64_t	left;

	memset(claims, 0, sizeof(*claims));
	if (!ob_credential_cbor_check(message->payload.bytes, message->payload.length))
		return COSE_BAD_CBOR;
	if (!ob_credential_cbor_next(&cursor, &item) || item.type != CBOR_MAP)
		return COSE_BAD_CLAIMS;
	left = item.number;
	while (ob_credential_cbor_more(&cursor, &left))
		if (!read_claim(&cursor, claims))
			return COSE_BAD_CLAIMS;
	return COSE_OK;
}

size_t
ob_credential_cose_signed_room(const CoseMessage *message)
{
	return 2 + sizeof(context) + 3 * CBOR_HEAD_MAX + message->protected_header.length + message->payload.length;
}

size_t
ob_credential_cose_signed(const CoseMessage *message, uint8_t *out)
{
	uint8_t    *start = out;

	out = ob_credential_cbor_put_head(out, CBOR_ARRAY, 4);
	out = ob_credential_cbor_put_bytes(out, CBOR_TEXT, context, sizeof(context) - 1);
	out = ob_credential_cbor_put_bytes(out, CBOR_BYTES, message->protected_header.bytes, message->protected_header.length);
	out = ob_credential_cbor_put_bytes(out, CBOR_BYTES, NULL, 0);
	out = ob_credential_cbor_put_bytes(out, CBOR_BYTES, message->payload.bytes, message->payload.length);
	return (size_t) (out - start);
}

/* ---- writing ---- */

size_t
ob_credential_cose_header(int64_t algorithm, CoseBytes kid, uint8_t *out)
{
	uint8_t    *start = out;

	out = ob_credential_cbor_put_head(out, CBOR_MAP, 2);
	out = ob_credential_cbor_put_integer(out, HEADER_ALGORITHM);
	out = ob_credential_cbor_put_integer(out, algorithm);
	out = ob_credential_cbor_put_integer(out, HEADER_KID);
	out = ob_credential_cbor_put_bytes(out, CBOR_BYTES, kid.bytes, kid.length);
	return (size_t) (out - start);
}

size_t
ob_credential_cose_write(const CoseMessage *message, uint8_t *out)
{
	uint8_t    *start = out;

	out = ob_credential_cbor_put_head(out, CBOR_TAG, TAG_COSE_SIGN1);
	out = ob_credential_cbor_put_head(out, CBOR_ARRAY, 4);
	out = ob_credential_cbor_put_bytes(out, CBOR_BYTES, message->protected_header.bytes, message->protected_header.length);
	out = ob_credential_cbor_put_head(out, CBOR_MAP, 0);
	out = ob_credential_cbor_put_bytes(out, CBOR_BYTES, message->payload.bytes, message->payload.length);
	out = ob_credential_cbor_put_bytes(out, CBOR_BYTES, message->signature.bytes, message->signature.length);
	return (size_t) (out - start);
}

size_t
ob_credential_cose_claims_head(CoseBytes issuer, int64_t issued_at, int64_t expires_at, uint8_t *out)
{
	uint8_t    *start = out;

	out = ob_credential_cbor_put_head(out, CBOR_MAP, 4);
	out = ob_credential_cbor_put_integer(out, CLAIM_ISSUER);
	out = ob_credential_cbor_put_bytes(out, CBOR_TEXT, issuer.bytes, issuer.length);
	out = ob_credential_cbor_put_integer(out, CLAIM_EXPIRES_AT);
	out = ob_credential_cbor_put_integer(out, expires_at);
	out = ob_credential_cbor_put_integer(out, CLAIM_ISSUED_AT);
	out = ob_credential_cbor_put_integer(out, issued_at);
	out = ob_credential_cbor_put_integer(out, COSE_HCERT);
	out = ob_credential_cbor_put_head(out, CBOR_MAP, 1);
	out = ob_credential_cbor_put_integer(out, 1);
	return (size_t) (out - start);
}
