/*-------------------------------------------------------------------------
 *
 * municipality_code.c
 *	  The type outbreak.municipality_code (全国地方公共団体コード), a thin
 *	  layer over code_kernel.c.
 *
 * Invariants
 *	  A Datum of the type is an int4 that holds the six digits as a number, so
 *	  comparing, sorting and hashing are those of int4 (extension.sql binds
 *	  PostgreSQL's own functions).  Every way in checks the code.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"

#include "common/compat.h"
#include "registry/code_report.h"

#define PREFECTURE_UNIT		10000

/* Text input: six digits, also full-width, spaces around them. */
PG_FUNCTION_INFO_V1(ob_registry_municipality_code_in);
Datum
ob_registry_municipality_code_in(PG_FUNCTION_ARGS)
{
	char	   *text = PG_GETARG_CSTRING(0);

	PG_RETURN_INT32(ob_registry_code_read(CODE_MUNICIPALITY, text, strlen(text)));
}

/* Text output: six ASCII digits. */
PG_FUNCTION_INFO_V1(ob_registry_municipality_code_out);
Datum
ob_registry_municipality_code_out(PG_FUNCTION_ARGS)
{
	char	   *result = palloc(CODE_MUNICIPALITY_DIGITS + 1);

	ob_registry_code_format(CODE_MUNICIPALITY, PG_GETARG_INT32(0), result);
	result[CODE_MUNICIPALITY_DIGITS] = '\0';
	PG_RETURN_CSTRING(result);
}

/* Binary input: int4, checked like text. */
PG_FUNCTION_INFO_V1(ob_registry_municipality_code_recv);
Datum
ob_registry_municipality_code_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buffer = (StringInfo) PG_GETARG_POINTER(0);
	int32		value = (int32) pq_getmsgint(buffer, 4);

	PG_RETURN_INT32(ob_registry_code_receive(CODE_MUNICIPALITY, value));
}

/* Cast from text. */
PG_FUNCTION_INFO_V1(ob_registry_municipality_code_from_text);
Datum
ob_registry_municipality_code_from_text(PG_FUNCTION_ARGS)
{
	text	   *written = PG_GETARG_TEXT_PP(0);

	PG_RETURN_INT32(ob_registry_code_read(CODE_MUNICIPALITY, VARDATA_ANY(written),
										  VARSIZE_ANY_EXHDR(written)));
}

/* Cast to text. */
PG_FUNCTION_INFO_V1(ob_registry_municipality_code_to_text);
Datum
ob_registry_municipality_code_to_text(PG_FUNCTION_ARGS)
{
	return ob_registry_code_text(CODE_MUNICIPALITY, PG_GETARG_INT32(0));
}

/* The prefecture of a code, 1 to 47. */
PG_FUNCTION_INFO_V1(ob_registry_municipality_code_prefecture);
Datum
ob_registry_municipality_code_prefecture(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT16(PG_GETARG_INT32(0) / PREFECTURE_UNIT);
}

/* Raise 22P02 for a JIS form that has no five digits. */
static void
refuse_jis_length(text *written, const CodeReading *reading)
{
	char	   *hint = "Six digits are a whole code: cast them to outbreak.municipality_code.";

	if (reading->count == 4)
		hint = psprintf("A leading zero may have been lost: 0%d%d%d%d.",
						reading->digit[0], reading->digit[1],
						reading->digit[2], reading->digit[3]);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid JIS municipality code: \"%s\"", text_to_cstring(written)),
			 errdetail("It must have 5 digits, not %d.", reading->count),
			 reading->count == 4 || reading->count == 6 ? errhint("%s", hint) : 0));
}

/* Add the check digit to the five digits of JIS X 0401 and JIS X 0402. */
PG_FUNCTION_INFO_V1(ob_registry_municipality_code_from_jis);
Datum
ob_registry_municipality_code_from_jis(PG_FUNCTION_ARGS)
{
	text	   *written = PG_GETARG_TEXT_PP(0);
	int			flags = ob_registry_code_flags();
	CodeReading reading;

	ob_registry_code_scan(VARDATA_ANY(written), VARSIZE_ANY_EXHDR(written),
						  flags, &reading);
	if (reading.fault == CODE_OK)
	{
		if (reading.count != CODE_MUNICIPALITY_DIGITS - 1)
			refuse_jis_length(written, &reading);
		reading.digit[reading.count++] =
			ob_registry_code_check_digit(CODE_MUNICIPALITY, reading.digit);
	}
	if (ob_registry_code_judge(CODE_MUNICIPALITY, &reading) != CODE_OK)
		ob_registry_code_refuse(CODE_MUNICIPALITY, VARDATA_ANY(written),
								VARSIZE_ANY_EXHDR(written), flags, &reading);
	PG_RETURN_INT32(reading.value);
}
