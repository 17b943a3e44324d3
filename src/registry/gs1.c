/*-------------------------------------------------------------------------
 *
 * gs1.c
 *	  The types outbreak.gtin and outbreak.sscc, thin layers over
 *	  code_kernel.c.
 *
 * Invariants
 *	  A Datum of either type is an int8 that holds the digits as a number, so
 *	  comparing, sorting and hashing are those of int8. Every way in checks
 *	  the code. A GTIN is written with 14 digits, however many were read.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"

#include "common/compat.h"
#include "registry/code_report.h"

/* Place of the package indicator in the number */
#define INDICATOR_UNIT	INT64CONST(10000000000000)

static Datum
code_in(CodeKind kind, const char *text)
{
	return Int64GetDatum(ob_registry_code_read(kind, text, strlen(text)));
}

static Datum
code_out(CodeKind kind, int64 value)
{
	int			length = ob_registry_code_length(kind);
	char	   *result = palloc(length + 1);

	ob_registry_code_format(kind, value, result);
	result[length] = '\0';
	return CStringGetDatum(result);
}

static Datum
code_recv(CodeKind kind, StringInfo buffer)
{
	return Int64GetDatum(ob_registry_code_receive(kind, pq_getmsgint64(buffer)));
}

static Datum
code_from_text(CodeKind kind, text *written)
{
	return Int64GetDatum(ob_registry_code_read(kind, VARDATA_ANY(written), VARSIZE_ANY_EXHDR(written)));
}

/* Text input: 8, 12, 13 or 14 digits, also full-width, spaces around them. */
PG_FUNCTION_INFO_V1(ob_registry_gtin_in);
Datum
ob_registry_gtin_in(PG_FUNCTION_ARGS)
{
	return code_in(CODE_GTIN, PG_GETARG_CSTRING(0));
}

PG_FUNCTION_INFO_V1(ob_registry_gtin_out);
Datum
ob_registry_gtin_out(PG_FUNCTION_ARGS)
{
	return code_out(CODE_GTIN, PG_GETARG_INT64(0));
}

PG_FUNCTION_INFO_V1(ob_registry_gtin_recv);
Datum
ob_registry_gtin_recv(PG_FUNCTION_ARGS)
{
	return code_recv(CODE_GTIN, (StringInfo) PG_GETARG_POINTER(0));
}

PG_FUNCTION_INFO_V1(ob_registry_gtin_from_text);
Datum
ob_registry_gtin_from_text(PG_FUNCTION_ARGS)
{
	return code_from_text(CODE_GTIN, PG_GETARG_TEXT_PP(0));
}

PG_FUNCTION_INFO_V1(ob_registry_gtin_to_text);
Datum
ob_registry_gtin_to_text(PG_FUNCTION_ARGS)
{
	return ob_registry_code_text(CODE_GTIN, PG_GETARG_INT64(0));
}

/* The first of the 14 digits. */
PG_FUNCTION_INFO_V1(ob_registry_gtin_indicator);
Datum
ob_registry_gtin_indicator(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT16((int16) (PG_GETARG_INT64(0) / INDICATOR_UNIT));
}

/* Text input: 18 digits, also full-width, spaces around them. */
PG_FUNCTION_INFO_V1(ob_registry_sscc_in);
Datum
ob_registry_sscc_in(PG_FUNCTION_ARGS)
{
	return code_in(CODE_SSCC, PG_GETARG_CSTRING(0));
}

PG_FUNCTION_INFO_V1(ob_registry_sscc_out);
Datum
ob_registry_sscc_out(PG_FUNCTION_ARGS)
{
	return code_out(CODE_SSCC, PG_GETARG_INT64(0));
}

PG_FUNCTION_INFO_V1(ob_registry_sscc_recv);
Datum
ob_registry_sscc_recv(PG_FUNCTION_ARGS)
{
	return code_recv(CODE_SSCC, (StringInfo) PG_GETARG_POINTER(0));
}

PG_FUNCTION_INFO_V1(ob_registry_sscc_from_text);
Datum
ob_registry_sscc_from_text(PG_FUNCTION_ARGS)
{
	return code_from_text(CODE_SSCC, PG_GETARG_TEXT_PP(0));
}

PG_FUNCTION_INFO_V1(ob_registry_sscc_to_text);
Datum
ob_registry_sscc_to_text(PG_FUNCTION_ARGS)
{
	return ob_registry_code_text(CODE_SSCC, PG_GETARG_INT64(0));
}
