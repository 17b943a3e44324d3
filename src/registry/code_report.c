/*-------------------------------------------------------------------------
 *
 * code_report.c
 *	  How the server speaks about the codes of the registry.
 *
 * One place words every refusal, so that all types, the readers of written
 * forms and binary input say the same thing about the same fault: DETAIL names
 * what is wrong, HINT what would be right.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "common/compat.h"
#include "registry/code_report.h"

static const char *
type_name(CodeKind kind)
{
	static const char *const name[] = {"institution_code", "municipality_code", "gtin", "sscc"};

	return name[kind];
}

int
ob_registry_code_flags(void)
{
	return GetDatabaseEncoding() == PG_UTF8 ? CODE_UTF8 : 0;
}

/* The first n digits of a reading as a string. */
static char *
digits_string(const uint8_t *digit, int n)
{
	char	   *result = palloc(n + 1);

	for (int i = 0; i < n; i++)
		result[i] = '0' + digit[i];
	result[n] = '\0';
	return result;
}

/* What is wrong, as a sentence. */
static char *
fault_detail(CodeKind kind, const char *text, int flags, const CodeReading *reading)
{
	int			length = ob_registry_code_length(kind);

	switch (reading->fault)
	{
		case CODE_BAD_CHARACTER:
			/* Without an encoding a byte is not a character that can be shown. */
			if (GetDatabaseEncoding() == PG_SQL_ASCII && IS_HIGHBIT_SET(text[reading->offset]))
				return psprintf("Character %d is byte 0x%02x.", reading->character,
								(unsigned char) text[reading->offset]);
			return psprintf("Character %d is \"%s\".", reading->character,
							pnstrdup(text + reading->offset,
									 pg_mblen(text + reading->offset)));
		case CODE_BAD_LENGTH:
			return psprintf("It must have %s%d digits, not %d.",
							flags & CODE_SEPARATORS ? "7, 9 or " : kind == CODE_GTIN ? "8, 12, 13 or " : "",
							length, reading->count);
		case CODE_BAD_RANGE:
			return psprintf("It is not a number of %s%d digits.", kind == CODE_GTIN ? "up to " : "", length);
		case CODE_BAD_PREFECTURE:
			return psprintf("The first two digits are %s, which is no prefecture.",
							digits_string(reading->digit, 2));
		case CODE_BAD_TABLE:
			return psprintf("The third digit is %d.", reading->digit[2]);
		case CODE_BAD_CHECK:
			return psprintf("The check digit of %s is %d, not %d.",
							digits_string(reading->digit, reading->count - 1),
							reading->expected, reading->digit[reading->count - 1]);
		case CODE_OK:
			break;
	}
	elog(ERROR, "code of the registry refused without a fault");
	return NULL;
}

/* What to do about a wrong number of digits, or NULL. */
static char *
length_hint(CodeKind kind, const CodeReading *reading)
{
	int			length = ob_registry_code_length(kind);

	if (reading->count < length)
	{
		CodeReading padded = {0};

		memcpy(padded.digit + 1, reading->digit, reading->count);
		padded.count = reading->count + 1;
		if (ob_registry_code_judge(kind, &padded) == CODE_OK)
			return psprintf("A leading zero may have been lost: %s.",
							digits_string(padded.digit, padded.count));
	}
	if (kind == CODE_SSCC && reading->count == length + 2 && reading->digit[0] == 0 && reading->digit[1] == 0)
		return "Leave out the application identifier 00 before the code.";
	if (kind == CODE_GTIN && reading->count == 16 && reading->digit[0] == 0 && (reading->digit[1] == 1 || reading->digit[1] == 2))
		return "Leave out the application identifier before the code, or read the whole with outbreak.gs1_scan(text).";
	if (kind == CODE_MUNICIPALITY && reading->count == 5)
		return "The form without check digit is read by outbreak.municipality_code_from_jis(text).";
	if (kind == CODE_INSTITUTION && (reading->count == 7 || reading->count == 9))
		return "Shorter written forms are read by outbreak.institution_code(prefecture, written).";
	return NULL;
}

/* What would be right, as a sentence, or NULL. */
static char *
fault_hint(CodeKind kind, int flags, const CodeReading *reading)
{
	switch (reading->fault)
	{
		case CODE_BAD_CHARACTER:
			return flags & CODE_SEPARATORS ?
				"Between two digits a hyphen, comma or dot may stand, and spaces anywhere." :
				"Write digits only, with spaces at most before and after them.";
		case CODE_BAD_LENGTH:
			return flags & CODE_SEPARATORS ? NULL : length_hint(kind, reading);
		case CODE_BAD_PREFECTURE:
			return "Prefectures are numbered 01 to 47 (JIS X 0401).";
		case CODE_BAD_TABLE:
			return "The third digit is 1 (medical), 3 (dental), 4 (pharmacy), 6 (visiting nurse) or 9 (provisional).";
		case CODE_BAD_CHECK:
			return psprintf("If the other digits are right, the code is %s%d%s.",
							digits_string(reading->digit, reading->count - 1),
							reading->expected,
							kind == CODE_INSTITUTION || kind == CODE_MUNICIPALITY ?
							"; outbreak.suggest(text) lists every code one typing error away" : "");
		case CODE_BAD_RANGE:
		case CODE_OK:
			break;
	}
	return NULL;
}

void
ob_registry_code_refuse(CodeKind kind, const char *text, size_t length,
						int flags, const CodeReading *reading)
{
	char	   *written = pnstrdup(text, length);
	char	   *hint = fault_hint(kind, flags, reading);

	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input syntax for type %s: \"%s\"",
					type_name(kind), written),
			 errdetail_internal("%s", fault_detail(kind, written, flags, reading)),
			 hint ? errhint("%s", hint) : 0));
}

int64
ob_registry_code_read(CodeKind kind, const char *text, size_t length)
{
	int			flags = ob_registry_code_flags();
	CodeReading reading;

	if (ob_registry_code_parse(kind, text, length, flags, &reading) != CODE_OK)
		ob_registry_code_refuse(kind, text, length, flags, &reading);
	return reading.value;
}

int64
ob_registry_code_receive(CodeKind kind, int64 value)
{
	CodeReading reading;

	if (ob_registry_code_from_value(kind, value, &reading) != CODE_OK)
	{
		char	   *hint = fault_hint(kind, 0, &reading);

		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary representation of type %s: " INT64_FORMAT,
						type_name(kind), value),
				 errdetail_internal("%s", fault_detail(kind, NULL, 0, &reading)),
				 hint ? errhint("%s", hint) : 0));
	}
	return reading.value;
}

Datum
ob_registry_code_text(CodeKind kind, int64 value)
{
	int			length = ob_registry_code_length(kind);
	text	   *result = palloc(VARHDRSZ + length);

	SET_VARSIZE(result, VARHDRSZ + length);
	ob_registry_code_format(kind, value, VARDATA(result));
	PG_RETURN_TEXT_P(result);
}
