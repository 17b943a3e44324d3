/*-------------------------------------------------------------------------
 *
 * gs1_scan.c
 *	  outbreak.gs1_parse(), outbreak.gs1_scan() and
 *	  outbreak.gs1_element_string(): what a scanner sent as rows and columns,
 *	  and back.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "datatype/timestamp.h"
#include "fmgr.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/tuplestore.h"

#include "common/compat.h"
#include "registry/code_kernel.h"
#include "registry/gs1_report.h"

#define SYN		0x16			/* some scanners fill with it */

/* The application identifiers that become columns */
#define AI_SSCC			0
#define AI_GTIN			1
#define AI_CONTENT		2
#define AI_MADE_TO_ORDER	3
#define AI_LOT			10
#define AI_MADE			11
#define AI_EXPIRY		17
#define AI_SERIAL		21
#define AI_VARIABLE_COUNT	30
#define AI_COUNT		37
#define AI_EXPIRY_TIME	7003
#define AI_PIECE		8006
#define AI_PIECE_CONTENT	8026

/* The year of a date argument. */
static int
year_of(DateADT date)
{
	int			year;
	int			month;
	int			day;

	if (DATE_NOT_FINITE(date))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("the date that decides the century must be finite")));
	j2date(date + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	return year;
}

/* Reads a scan, or says why not. The reading points into a copy without filling. */
static Gs1Reading *
read_scan(text *scan, int year)
{
	const char *written = VARDATA_ANY(scan);
	int			length = VARSIZE_ANY_EXHDR(scan);
	Gs1Reading *reading = palloc(sizeof(Gs1Reading));
	char	   *plain;
	int			n = 0;

	if (memchr(written, SYN, length) == NULL)
		plain = pnstrdup(written, n = length);
	else
	{
		plain = palloc(length + 1);
		for (int i = 0; i < length; i++)
			if (written[i] != SYN)
				plain[n++] = written[i];
	}
	if (ob_registry_gs1_read(plain, n, year, reading) != GS1_OK)
		ob_registry_gs1_refuse(plain, n, reading);
	return reading;
}

static text *
element_text(const Gs1Element *element)
{
	text	   *result = palloc(VARHDRSZ + element->length);

	SET_VARSIZE(result, VARHDRSZ + ob_registry_gs1_value(element, VARDATA(result)));
	return result;
}

/* Each element as a row: its place from 1, AI, value and data title. */
PG_FUNCTION_INFO_V1(ob_registry_gs1_parse);
Datum
ob_registry_gs1_parse(PG_FUNCTION_ARGS)
{
	Gs1Reading *reading = read_scan(PG_GETARG_TEXT_PP(0), year_of(PG_GETARG_DATEADT(1)));
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < reading->count; i++)
	{
		const Gs1Element *element = &reading->element[i];
		Datum		values[4] = {
			Int32GetDatum(i + 1),
			CStringGetTextDatum(psprintf(element->number < 100 ? "%02d" : "%d", element->number)),
			PointerGetDatum(element_text(element)),
			CStringGetTextDatum(element->ai->title)
		};
		bool		nulls[4] = {false};

		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* The first n digits of a value as a number. */
static int64
leading_number(const Gs1Element *element, int n)
{
	int64		number = 0;

	for (int i = 0; i < n; i++)
		number = number * 10 + (element->value[i] - '0');
	return number;
}

/* A date YYMMDD; DD 00 is the last day of the month. */
static DateADT
element_date(const Gs1Element *element, int present)
{
	int			number = (int) leading_number(element, 6);
	int			year = ob_registry_gs1_year(number / 10000, present);
	int			month = number / 100 % 100;
	int			day = number % 100;

	if (day == 0)
		day = ob_registry_gs1_days(year, month);
	return date2j(year, month, day) - POSTGRES_EPOCH_JDATE;
}

/* The first of these AIs that was read, or NULL. */
static const Gs1Element *
first_of(const Gs1Reading *reading, const int *numbers, int n)
{
	for (int i = 0; i < n; i++)
	{
		const Gs1Element *element = ob_registry_gs1_find(reading, numbers[i]);

		if (element != NULL)
			return element;
	}
	return NULL;
}

#define FIRST_OF(reading, ...) \
	first_of(reading, (const int[]) {__VA_ARGS__}, sizeof((const int[]) {__VA_ARGS__}) / sizeof(int))

/* A scan as one row. */
PG_FUNCTION_INFO_V1(ob_registry_gs1_scan);
Datum
ob_registry_gs1_scan(PG_FUNCTION_ARGS)
{
	int			present = year_of(PG_GETARG_DATEADT(1));
	Gs1Reading *reading = read_scan(PG_GETARG_TEXT_PP(0), present);
	const Gs1Element *gtin = FIRST_OF(reading, AI_GTIN, AI_CONTENT, AI_MADE_TO_ORDER, AI_PIECE, AI_PIECE_CONTENT);
	const Gs1Element *expiry = FIRST_OF(reading, AI_EXPIRY, AI_EXPIRY_TIME);
	const Gs1Element *lot = FIRST_OF(reading, AI_LOT);
	const Gs1Element *serial = FIRST_OF(reading, AI_SERIAL);
	const Gs1Element *quantity = FIRST_OF(reading, AI_VARIABLE_COUNT, AI_COUNT);
	const Gs1Element *sscc = FIRST_OF(reading, AI_SSCC);
	const Gs1Element *made = FIRST_OF(reading, AI_MADE);
	TupleDesc	desc;
	Datum		values[7] = {0};
	bool		nulls[7] = {!gtin, !expiry, !lot, !serial, !quantity, !sscc, !made};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	if (gtin)
		values[0] = Int64GetDatum(leading_number(gtin, CODE_GTIN_DIGITS));
	if (expiry)
		values[1] = DateADTGetDatum(element_date(expiry, present));
	if (lot)
		values[2] = PointerGetDatum(element_text(lot));
	if (serial)
		values[3] = PointerGetDatum(element_text(serial));
	if (quantity)
		values[4] = Int32GetDatum((int32) leading_number(quantity, quantity->length));
	if (sscc)
		values[5] = Int64GetDatum(leading_number(sscc, CODE_SSCC_DIGITS));
	if (made)
		values[6] = DateADTGetDatum(element_date(made, present));
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}

/* Appends an element; in the raw form with a separator before it if the last one needs an end. */
static void
append_element(StringInfo out, bool raw, bool *open, int number, const char *value)
{
	if (raw && *open)
		appendStringInfoChar(out, GS1_FNC1);
	appendStringInfo(out, raw ? "%02d" : "(%02d)", number);
	for (const char *p = value; *p != '\0'; p++)
	{
		if (!raw && *p == '(')
			appendStringInfoChar(out, '\\');
		appendStringInfoChar(out, *p);
	}
	*open = !ob_registry_gs1_ai(number)->predefined;
}

/* Appends a text, each character of which must be one that a value can hold. */
static void
append_text(StringInfo out, bool raw, bool *open, int number, text *value)
{
	char	   *plain = text_to_cstring(value);

	for (const char *p = plain; *p != '\0'; p++)
		if (!gs1_in_set(GS1_SET_82, (unsigned char) *p))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					 errmsg("%s has a character that no GS1 element string can hold", ob_registry_gs1_label(ob_registry_gs1_ai(number), number)),
					 errdetail("It is character %d.", pg_mbstrlen_with_len(plain, (int) (p - plain)) + 1),
					 errhint("Allowed are digits, letters and ! \" %% & ' ( ) * + , - . / : ; < = > ? _.")));
	append_element(out, raw, open, number, plain);
}

/* Write GTIN, expiry, quantity, lot and serial number; what is null is left out. */
PG_FUNCTION_INFO_V1(ob_registry_gs1_element_string);
Datum
ob_registry_gs1_element_string(PG_FUNCTION_ARGS)
{
	bool		raw = !PG_ARGISNULL(5) && PG_GETARG_BOOL(5);
	bool		open = false;
	int			year = 2000;
	StringInfoData out;
	Gs1Reading *reading;

	initStringInfo(&out);
	if (!PG_ARGISNULL(0))
	{
		char		digits[CODE_GTIN_DIGITS + 1];

		ob_registry_code_format(CODE_GTIN, PG_GETARG_INT64(0), digits);
		digits[CODE_GTIN_DIGITS] = '\0';
		append_element(&out, raw, &open, AI_GTIN, digits);
	}
	if (!PG_ARGISNULL(1))
	{
		DateADT		expiry = PG_GETARG_DATEADT(1);
		int			month;
		int			day;

		if (DATE_NOT_FINITE(expiry))
			ereport(ERROR,
					(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
					 errmsg("an expiry date must be finite")));
		j2date(expiry + POSTGRES_EPOCH_JDATE, &year, &month, &day);
		append_element(&out, raw, &open, AI_EXPIRY, psprintf("%02d%02d%02d", year % 100, month, day));
	}
	if (!PG_ARGISNULL(4))
		append_element(&out, raw, &open, AI_VARIABLE_COUNT, psprintf("%d", PG_GETARG_INT32(4)));
	if (!PG_ARGISNULL(2))
		append_text(&out, raw, &open, AI_LOT, PG_GETARG_TEXT_PP(2));
	if (!PG_ARGISNULL(3))
		append_text(&out, raw, &open, AI_SERIAL, PG_GETARG_TEXT_PP(3));

	/* what is written can be read */
	reading = palloc(sizeof(Gs1Reading));
	if (ob_registry_gs1_read(out.data, out.len, year, reading) != GS1_OK)
		ob_registry_gs1_refuse(out.data, out.len, reading);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}
