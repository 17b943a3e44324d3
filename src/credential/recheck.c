/*-------------------------------------------------------------------------
 *
 * recheck.c
 *		Verifying codes that are kept sealed, without revealing them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <openssl/crypto.h>

#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "access/data_key.h"
#include "access/seal_kernel.h"
#include "common/compat.h"
#include "credential/verify.h"

#define PURPOSE	"credential_code"

/* Opens a sealed code; NULL when that is not possible any more. */
static text *
open_code(const struct varlena *sealed, const pg_uuid_t *person)
{
	size_t		length = VARSIZE_ANY_EXHDR(sealed);
	bool		forgotten;
	SealCipher *cipher;
	text	   *code;
	SealResult	result;

	if (length < SEAL_OVERHEAD_BYTES)
		return NULL;
	cipher = ob_access_data_key(person, false, &forgotten);
	if (cipher == NULL)
		return NULL;
	code = palloc(VARHDRSZ + length - SEAL_OVERHEAD_BYTES);
	SET_VARSIZE(code, VARHDRSZ + length - SEAL_OVERHEAD_BYTES);
	result = ob_access_open(cipher, PURPOSE, strlen(PURPOSE), person->data,
							(const uint8 *) VARDATA_ANY(sealed), length, (uint8 *) VARDATA(code));
	if (result == SEAL_BROKEN)
		elog(ERROR, "OpenSSL failed");
	return result == SEAL_OK ? code : NULL;
}

static bool
begins(const text *code, const char *prefix)
{
	size_t		length = strlen(prefix);

	return VARSIZE_ANY_EXHDR(code) >= length && memcmp(VARDATA_ANY(code), prefix, length) == 0;
}

/*
 * outbreak.recheck(code outbreak.sealed, trust jsonb, at timestamptz, person
 * uuid) returns text: the reason why a code that is kept does not hold, '' when
 * it does.
 */
PG_FUNCTION_INFO_V1(ob_credential_recheck);
Datum
ob_credential_recheck(PG_FUNCTION_ARGS)
{
	TimestampTz at = PG_GETARG_TIMESTAMPTZ(2);
	text	   *code = open_code(PG_GETARG_VARLENA_PP(0), PG_GETARG_UUID_P(3));
	Verdict		verdict;

	memset(&verdict, 0, sizeof(verdict));
	if (code == NULL)
		verdict.reason = "forgotten";
	else
	{
		if (begins(code, "HC1:"))
			ob_credential_judge_dcc(fcinfo, code, at, &verdict);
		else if (begins(code, "OBT1:"))
			verdict.reason = ob_credential_judge_ticket(fcinfo, code, at);
		else
			ob_credential_judge_shc(fcinfo, code, at, &verdict);
		OPENSSL_cleanse(VARDATA(code), VARSIZE(code) - VARHDRSZ);
	}
	PG_RETURN_TEXT_P(cstring_to_text(verdict.reason != NULL ? verdict.reason : ""));
}
