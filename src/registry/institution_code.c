/*-------------------------------------------------------------------------
 *
 * institution_code.c
 *	  The type outbreak.institution_code (医療機関コード), a thin layer over
 *	  code_kernel.c.
 *
 * Invariants
 *	  A Datum of the type is an int8 that holds the ten digits as a number, so
 *	  comparing, sorting and hashing are those of int8 (extension.sql binds
 *	  PostgreSQL's own functions).  Every way in checks the code: text, binary,
 *	  written forms.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"

#include "common/compat.h"
#include "registry/code_report.h"

/* Places of the parts in the number */
#define PREFECTURE_UNIT		INT64CONST(100000000)
#define TABLE_UNIT			INT64CONST(10000000)

#define MAX_SERIAL			999999

/* Text input: ten digits, also full-width, spaces around them. */
PG_FUNCTION_INFO_V1(ob_registry_institution_code_in);
Datum
ob_registry_institution_code_in(PG_FUNCTION_ARGS)
{
	char	   *text = PG_GETARG_CSTRING(0);

	PG_RETURN_INT64(ob_registry_code_read(CODE_INSTITUTION, text, strlen(text)));
}

/* Text output: ten ASCII digits. */
PG_FUNCTION_INFO_V1(ob_registry_institution_code_out);
Datum
ob_registry_institution_code_out(PG_FUNCTION_ARGS)
{
	char	   *result = palloc(CODE_INSTITUTION_DIGITS + 1);

	ob_registry_code_format(CODE_INSTITUTION, PG_GETARG_INT64(0), result);
	result[CODE_INSTITUTION_DIGITS] = '\0';
	PG_RETURN_CSTRING(result);
}

/* Binary input: int8, checked like text. */
PG_FUNCTION_INFO_V1(ob_registry_institution_code_recv);
Datum
ob_registry_institution_code_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buffer = (StringInfo) PG_GETARG_POINTER(0);

	PG_RETURN_INT64(ob_registry_code_receive(CODE_INSTITUTION, pq_getmsgint64(buffer)));
}

/* Cast from text. */
PG_FUNCTION_INFO_V1(ob_registry_institution_code_from_text);
Datum
ob_registry_institution_code_from_text(PG_FUNCTION_ARGS)
{
	text	   *written = PG_GETARG_TEXT_PP(0);

	PG_RETURN_INT64(ob_registry_code_read(CODE_INSTITUTION, VARDATA_ANY(written),
										  VARSIZE_ANY_EXHDR(written)));
}

/* Cast to text. */
PG_FUNCTION_INFO_V1(ob_registry_institution_code_to_text);
Datum
ob_registry_institution_code_to_text(PG_FUNCTION_ARGS)
{
	return ob_registry_code_text(CODE_INSTITUTION, PG_GETARG_INT64(0));
}

/* The prefecture of a code, 1 to 47. */
PG_FUNCTION_INFO_V1(ob_registry_institution_code_prefecture);
Datum
ob_registry_institution_code_prefecture(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT16((int16) (PG_GETARG_INT64(0) / PREFECTURE_UNIT));
}

/* Was the code issued by our own registry? */
PG_FUNCTION_INFO_V1(ob_registry_institution_code_is_provisional);
Datum
ob_registry_institution_code_is_provisional(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(PG_GETARG_INT64(0) / TABLE_UNIT % 10 == CODE_TABLE_PROVISIONAL);
}

/* Raise 22023 unless the number is a prefecture's. */
static void
require_prefecture(int32 prefecture)
{
	if (prefecture < 1 || prefecture > 47)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there is no prefecture %d", prefecture),
				 errhint("Prefectures are numbered 1 to 47 (JIS X 0401).")));
}

/*
 * Read a written form: 7 digits (district, facility, check digit), 9 (with the
 * prefecture before them) or all 10.  The shorter forms leave out the table
 * digit and belong to medical institutions.  A prefecture that is written must
 * be the given one.
 */
PG_FUNCTION_INFO_V1(ob_registry_institution_code_written);
Datum
ob_registry_institution_code_written(PG_FUNCTION_ARGS)
{
	int32		prefecture = PG_GETARG_INT32(0);
	text	   *written = PG_GETARG_TEXT_PP(1);
	char	   *start = VARDATA_ANY(written);
	int			length = VARSIZE_ANY_EXHDR(written);
	int			flags = ob_registry_code_flags() | CODE_SEPARATORS;
	CodeReading reading;
	uint8_t    *digit = reading.digit;
	int			stated;

	require_prefecture(prefecture);

	ob_registry_code_scan(start, length, flags, &reading);
	if (reading.fault == CODE_OK &&
		reading.count != 7 && reading.count != 9 && reading.count != 10)
		reading.fault = CODE_BAD_LENGTH;
	if (reading.fault != CODE_OK)
		ob_registry_code_refuse(CODE_INSTITUTION, start, length, flags, &reading);

	stated = reading.count == 7 ? prefecture : digit[0] * 10 + digit[1];
	if (stated != prefecture)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type institution_code: \"%s\"",
						text_to_cstring(written)),
				 errdetail("Its prefecture is %02d, but %02d was given.",
						   stated, prefecture)));

	if (reading.count < CODE_INSTITUTION_DIGITS)
	{
		memmove(digit + 3, digit + reading.count - 7, 7);
		digit[0] = prefecture / 10;
		digit[1] = prefecture % 10;
		digit[2] = CODE_TABLE_MEDICAL;
		reading.count = CODE_INSTITUTION_DIGITS;
	}
	if (ob_registry_code_judge(CODE_INSTITUTION, &reading) != CODE_OK)
		ob_registry_code_refuse(CODE_INSTITUTION, start, length, flags, &reading);
	PG_RETURN_INT64(reading.value);
}

/* Make the provisional code with this serial number, 0 to 999999. */
PG_FUNCTION_INFO_V1(ob_registry_institution_code_provisional);
Datum
ob_registry_institution_code_provisional(PG_FUNCTION_ARGS)
{
	int32		prefecture = PG_GETARG_INT32(0);
	int32		serial = PG_GETARG_INT32(1);
	int64		value;
	CodeReading reading;

	require_prefecture(prefecture);
	if (serial < 0 || serial > MAX_SERIAL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("serial number %d is out of range", serial),
				 errdetail("Serial numbers of provisional codes are 0 to %d.", MAX_SERIAL)));

	value = prefecture * PREFECTURE_UNIT + CODE_TABLE_PROVISIONAL * TABLE_UNIT +
		serial * INT64CONST(10);
	if (ob_registry_code_from_value(CODE_INSTITUTION, value, &reading) == CODE_BAD_CHECK)
		value += reading.expected;
	PG_RETURN_INT64(value);
}
