/*-------------------------------------------------------------------------
 *
 * base45.c
 *		Base45 in SQL, a thin layer over base45_kernel.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "common/compat.h"
#include "credential/base45_kernel.h"

/* outbreak.base45_encode(bytes bytea) returns text */
PG_FUNCTION_INFO_V1(ob_credential_base45_from_bytes);
Datum
ob_credential_base45_from_bytes(PG_FUNCTION_ARGS)
{
	bytea	   *bytes = PG_GETARG_BYTEA_PP(0);
	size_t		length = ob_credential_base45_length(VARSIZE_ANY_EXHDR(bytes));
	text	   *result;

	if (length > MaxAllocSize - VARHDRSZ)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("too many bytes for base45")));
	result = palloc(VARHDRSZ + length);
	SET_VARSIZE(result, VARHDRSZ + length);
	ob_credential_base45_encode((const uint8 *) VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes), VARDATA(result));
	PG_RETURN_TEXT_P(result);
}

/* outbreak.base45_decode(code text) returns bytea */
PG_FUNCTION_INFO_V1(ob_credential_base45_to_bytes);
Datum
ob_credential_base45_to_bytes(PG_FUNCTION_ARGS)
{
	text	   *code = PG_GETARG_TEXT_PP(0);
	const char *in = VARDATA_ANY(code);
	size_t		n = VARSIZE_ANY_EXHDR(code);
	bytea	   *result = palloc(VARHDRSZ + n / 3 * 2 + 1);
	size_t		length = 0;
	size_t		at = 0;
	Base45Fault fault = ob_credential_base45_decode(in, n, (uint8 *) VARDATA(result), &length, &at);

	if (fault != BASE45_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid base45"),
				 errdetail(fault == BASE45_BAD_CHARACTER ? "Character %d is not one of the 45." :
						   fault == BASE45_BAD_LENGTH ? "Character %d stands alone; groups have three characters, the last one two or three." :
						   "The group that begins with character %d stands for no bytes.",
						   pg_mbstrlen_with_len(in, (int) at) + 1)));
	SET_VARSIZE(result, VARHDRSZ + length);
	PG_RETURN_BYTEA_P(result);
}
