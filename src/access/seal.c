/*-------------------------------------------------------------------------
 *
 * seal.c
 *		The type outbreak.sealed, and sealing and revealing values: a thin
 *		layer over seal_kernel.c and data_key.c.
 *
 * Invariants
 *		A Datum of the type is an envelope that ob_access_envelope_valid()
 *		accepts; text and binary input check it. Its text form is the envelope
 *		again, never the value.
 *		Whatever keeps a value from being opened, the error is the same
 *		(OB020): it tells nobody whether the key, the subject, the purpose or
 *		the bytes were wrong.
 *		No message holds a value, a purpose's value or a key. Text that is no
 *		envelope is not shown either: it may be a value that somebody meant to
 *		seal.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <openssl/crypto.h>

#include "access/xact.h"
#include "common/hashfn.h"
#include "fmgr.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/uuid.h"

#include "access/audit.h"
#include "access/data_key.h"
#include "access/key.h"
#include "access/limit.h"
#include "access/reveal_right.h"
#include "access/scope.h"
#include "access/seal.h"
#include "access/seal_kernel.h"
#include "common/compat.h"
#include "common/errors.h"
#include "common/settings.h"
#include "registry/normalise.h"

typedef struct varlena Sealed;

#define PG_GETARG_SEALED_PP(n)	((Sealed *) PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(n)))
#define PG_RETURN_SEALED_P(x)	PG_RETURN_POINTER(x)

static inline uint8_t *
envelope_of(Sealed *sealed)
{
	return (uint8_t *) VARDATA_ANY(sealed);
}

static Sealed *
make_sealed(size_t length)
{
	Sealed	   *sealed = palloc(VARHDRSZ + length);

	SET_VARSIZE(sealed, VARHDRSZ + length);
	return sealed;
}

/* ---- the type --------------------------------------------------------- */

/* Raises 22P02. */
static void
refuse_text(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input syntax for type sealed"),
			 errdetail("The text is no envelope; it is not shown, since it may be what was to be sealed."),
			 errhint("Seal a value with outbreak.seal(value, purpose, subject).")));
}

/* Text input: the one way of writing an envelope. */
PG_FUNCTION_INFO_V1(ob_access_sealed_in);
Datum
ob_access_sealed_in(PG_FUNCTION_ARGS)
{
	char	   *text = PG_GETARG_CSTRING(0);
	size_t		text_length = strlen(text);
	size_t		length = ob_access_envelope_length(text_length);
	Sealed	   *sealed;

	if (length == 0)
		refuse_text();
	sealed = make_sealed(length);
	if (!ob_access_envelope_read(text, text_length, envelope_of(sealed)))
		refuse_text();
	PG_RETURN_SEALED_P(sealed);
}

/* Text output: the envelope. */
PG_FUNCTION_INFO_V1(ob_access_sealed_out);
Datum
ob_access_sealed_out(PG_FUNCTION_ARGS)
{
	Sealed	   *sealed = PG_GETARG_SEALED_PP(0);
	size_t		length = VARSIZE_ANY_EXHDR(sealed);
	size_t		text_length = ob_access_envelope_text_length(length);
	char	   *text = palloc(text_length + 1);

	ob_access_envelope_write(envelope_of(sealed), length, text);
	text[text_length] = '\0';
	PG_RETURN_CSTRING(text);
}

/* Binary input: the bytes of an envelope, checked like text. */
PG_FUNCTION_INFO_V1(ob_access_sealed_recv);
Datum
ob_access_sealed_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buffer = (StringInfo) PG_GETARG_POINTER(0);
	int			length = buffer->len - buffer->cursor;
	const char *bytes = pq_getmsgbytes(buffer, length);
	Sealed	   *sealed;

	if (!ob_access_envelope_valid((const uint8_t *) bytes, length))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary representation of type sealed"),
				 errdetail("The bytes are no envelope.")));
	sealed = make_sealed(length);
	memcpy(envelope_of(sealed), bytes, length);
	PG_RETURN_SEALED_P(sealed);
}

/* What is compared: the tag. It stands at the same place in every envelope. */
static int
compare(FunctionCallInfo fcinfo)
{
	Sealed	   *one = PG_GETARG_SEALED_PP(0);
	Sealed	   *other = PG_GETARG_SEALED_PP(1);
	int			result = memcmp(envelope_of(one) + 2, envelope_of(other) + 2, SEAL_TAG_BYTES);

	PG_FREE_IF_COPY(one, 0);
	PG_FREE_IF_COPY(other, 1);
	return result;
}

PG_FUNCTION_INFO_V1(ob_access_sealed_eq);
Datum
ob_access_sealed_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) == 0);
}

PG_FUNCTION_INFO_V1(ob_access_sealed_ne);
Datum
ob_access_sealed_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) != 0);
}

PG_FUNCTION_INFO_V1(ob_access_sealed_lt);
Datum
ob_access_sealed_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) < 0);
}

PG_FUNCTION_INFO_V1(ob_access_sealed_le);
Datum
ob_access_sealed_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) <= 0);
}

PG_FUNCTION_INFO_V1(ob_access_sealed_gt);
Datum
ob_access_sealed_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) > 0);
}

PG_FUNCTION_INFO_V1(ob_access_sealed_ge);
Datum
ob_access_sealed_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) >= 0);
}

PG_FUNCTION_INFO_V1(ob_access_sealed_cmp);
Datum
ob_access_sealed_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare(fcinfo));
}

PG_FUNCTION_INFO_V1(ob_access_sealed_hash);
Datum
ob_access_sealed_hash(PG_FUNCTION_ARGS)
{
	Sealed	   *sealed = PG_GETARG_SEALED_PP(0);
	Datum		hash = hash_any(envelope_of(sealed) + 2, SEAL_TAG_BYTES);

	PG_FREE_IF_COPY(sealed, 0);
	return hash;
}

PG_FUNCTION_INFO_V1(ob_access_sealed_hash_extended);
Datum
ob_access_sealed_hash_extended(PG_FUNCTION_ARGS)
{
	Sealed	   *sealed = PG_GETARG_SEALED_PP(0);
	Datum		hash = hash_any_extended(envelope_of(sealed) + 2, SEAL_TAG_BYTES, PG_GETARG_INT64(1));

	PG_FREE_IF_COPY(sealed, 0);
	return hash;
}

/* ---- arguments -------------------------------------------------------- */

/* The purpose, an argument that must be there, be a word and fit. */
static char *
purpose_argument(FunctionCallInfo fcinfo, int n)
{
	char	   *purpose;

	if (PG_ARGISNULL(n))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the purpose of a sealed value must not be null")));
	purpose = text_to_cstring(PG_GETARG_TEXT_PP(n));
	if (*purpose == '\0' || strlen(purpose) > SEAL_PURPOSE_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the purpose of a sealed value must have 1 to %d bytes", SEAL_PURPOSE_MAX)));
	return purpose;
}

static pg_uuid_t *
subject_argument(FunctionCallInfo fcinfo, int n)
{
	if (PG_ARGISNULL(n))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the subject of a sealed value must not be null")));
	return PG_GETARG_UUID_P(n);
}

/* Makes the tag of a value. */
static void
make_tag(SealTagger *tagger, text *value, const char *purpose, uint8_t *tag)
{
	size_t		purpose_length = strlen(purpose);
	size_t		length;
	char	   *normalised = ob_registry_normalise(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value),
												   purpose, purpose_length, &length);
	bool		made = ob_access_tagger_tag(tagger, purpose, purpose_length, normalised, length,
											tag, SEAL_TAG_BYTES);

	OPENSSL_cleanse(normalised, length);
	pfree(normalised);
	if (!made)
		elog(ERROR, "OpenSSL failed");
}

/* Raises OB020: the one error for whatever keeps a value closed. */
static void
refuse_to_open(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_OB_SEALED),
			 errmsg("sealed value cannot be opened")));
}

/* ---- sealing ---------------------------------------------------------- */

/* outbreak.seal(value text, purpose text, subject uuid) returns outbreak.sealed */
PG_FUNCTION_INFO_V1(ob_access_sealed_seal);
Datum
ob_access_sealed_seal(PG_FUNCTION_ARGS)
{
	text	   *value;
	char	   *purpose;
	pg_uuid_t  *subject;
	uint8_t		tag[SEAL_TAG_BYTES];
	SealCipher *cipher;
	Sealed	   *sealed;
	size_t		length;
	bool		forgotten;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	purpose = purpose_argument(fcinfo, 1);
	subject = subject_argument(fcinfo, 2);
	value = PG_GETARG_TEXT_PP(0);
	length = VARSIZE_ANY_EXHDR(value);
	if (length > SEAL_VALUE_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the value is too long to be sealed"),
				 errdetail("It has %zu bytes; at most %d are sealed.", length, SEAL_VALUE_MAX)));

	/* the tag first: what makes a key ends the life of everything that was obtained before */
	make_tag(ob_access_tag_key(true), value, purpose, tag);
	cipher = ob_access_data_key(subject, true, &forgotten);
	if (forgotten)
		ereport(ERROR,
				(errcode(ERRCODE_OB_FORGOTTEN),
				 errmsg("the person has been forgotten"),
				 errdetail("Nothing is sealed for a person whose key was destroyed.")));
	if (cipher == NULL)
		refuse_to_open();
	sealed = make_sealed(length + SEAL_OVERHEAD_BYTES);
	if (ob_access_seal(cipher, tag, purpose, strlen(purpose), subject->data,
					   (const uint8_t *) VARDATA_ANY(value), length, envelope_of(sealed)) != SEAL_OK)
		elog(ERROR, "OpenSSL failed");
	PG_RETURN_SEALED_P(sealed);
}

/* outbreak.seal_lookup(value text, purpose text) returns outbreak.sealed */
PG_FUNCTION_INFO_V1(ob_access_sealed_lookup);
Datum
ob_access_sealed_lookup(PG_FUNCTION_ARGS)
{
	char	   *purpose;
	SealTagger *tagger;
	uint8_t		tag[SEAL_TAG_BYTES];
	Sealed	   *sealed;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	purpose = purpose_argument(fcinfo, 1);
	tagger = ob_access_tag_key(false);
	if (tagger != NULL)
		make_tag(tagger, PG_GETARG_TEXT_PP(0), purpose, tag);
	else if (!ob_access_random(tag, sizeof(tag)))	/* nothing was ever sealed, so nothing may be equal */
		elog(ERROR, "OpenSSL failed");
	sealed = make_sealed(SEAL_HEADER_BYTES);
	ob_access_seal_lookup(tag, envelope_of(sealed));
	PG_RETURN_SEALED_P(sealed);
}

bool
ob_access_sealed_is(Datum sealed, const char *value, const char *purpose)
{
	Sealed	   *envelope = (Sealed *) PG_DETOAST_DATUM_PACKED(sealed);
	SealTagger *tagger = ob_access_known_tag_key();
	uint8_t		tag[SEAL_TAG_BYTES];

	/* nothing was ever sealed, so nothing may be equal */
	if (tagger == NULL)
		return false;
	make_tag(tagger, cstring_to_text(value), purpose, tag);
	return memcmp(envelope_of(envelope) + 2, tag, SEAL_TAG_BYTES) == 0;
}

/* ---- revealing -------------------------------------------------------- */

/* Raises an error unless the current user may reveal a value of that purpose now. */
static void
require_right(const char *purpose)
{
	const char *actor;

	if (XactReadOnly)
		ereport(ERROR,
				(errcode(ERRCODE_READ_ONLY_SQL_TRANSACTION),
				 errmsg("cannot reveal a sealed value in a read-only transaction"),
				 errdetail("What is revealed is noted in the audit trail.")));
	PreventCommandIfParallelMode("outbreak.reveal()");
	if (!ob_access_may_reveal(purpose))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied to reveal sealed values of purpose \"%s\"", purpose),
				 errhint("Rows of access.reveal_right say which roles may.")));
	if (ob_access_reveal_limit == 0)
		return;
	/* the user is the person that the token names, or the login role */
	actor = ob_access_actor();
	if (!ob_access_hourly_allowance(actor != NULL ? actor : GetUserNameFromId(GetSessionUserId(), false), 1, ob_access_reveal_limit))
		ereport(ERROR,
				(errcode(ERRCODE_OB_REVEAL_LIMIT),
				 errmsg("too many sealed values revealed"),
				 errdetail("A user may reveal %d in an hour.", ob_access_reveal_limit)));
}

/* outbreak.reveal(sealed outbreak.sealed, purpose text, subject uuid) returns text */
PG_FUNCTION_INFO_V1(ob_access_sealed_reveal);
Datum
ob_access_sealed_reveal(PG_FUNCTION_ARGS)
{
	char	   *purpose;
	pg_uuid_t  *subject;
	Sealed	   *sealed;
	SealCipher *cipher;
	size_t		length;
	text	   *value;
	SealResult	result;
	bool		forgotten;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	purpose = purpose_argument(fcinfo, 1);
	subject = subject_argument(fcinfo, 2);
	require_right(purpose);

	sealed = PG_GETARG_SEALED_PP(0);
	length = VARSIZE_ANY_EXHDR(sealed);
	if (length < SEAL_OVERHEAD_BYTES)
		refuse_to_open();
	cipher = ob_access_data_key(subject, false, &forgotten);
	if (cipher == NULL)
		refuse_to_open();
	value = palloc(VARHDRSZ + length - SEAL_OVERHEAD_BYTES);
	SET_VARSIZE(value, VARHDRSZ + length - SEAL_OVERHEAD_BYTES);
	result = ob_access_open(cipher, purpose, strlen(purpose), subject->data,
							envelope_of(sealed), length, (uint8_t *) VARDATA(value));
	if (result == SEAL_REFUSED)
		refuse_to_open();
	if (result == SEAL_BROKEN)
		elog(ERROR, "OpenSSL failed");
	ob_access_audit_reveal(purpose, subject);
	PG_RETURN_TEXT_P(value);
}
