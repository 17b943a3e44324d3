/*-------------------------------------------------------------------------
 *
 * gs1_report.c
 *	  How the server speaks about GS1 element strings.
 *
 * An error says at which character the fault lies, in which AI, and what would
 * be right. It shows no value: what is scanned may name a person.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"

#include "common/compat.h"
#include "registry/gs1_report.h"

static char *
ai_digits(int number)
{
	return psprintf(number < 100 ? "%02d" : "%d", number);
}

char *
ob_registry_gs1_label(const Gs1Ai *ai, int number)
{
	return psprintf("(%s) %s", ai_digits(number), ai->title);
}

/* How long a value of the AI is, in words. */
static char *
length_words(const Gs1Ai *ai)
{
	int			shortest = 0;
	int			longest = 0;
	bool		digits = true;

	for (int c = 0; c < GS1_COMPONENTS && ai->component[c].set != GS1_NO_SET; c++)
	{
		if (!ai->component[c].optional)
			shortest += ai->component[c].shortest;
		longest += ai->component[c].longest;
		digits = digits && ai->component[c].set == GS1_DIGITS;
	}
	if (shortest == longest)
		return psprintf("%d %s", longest, digits ? "digits" : "characters");
	return psprintf("%d to %d %s", shortest, longest, digits ? "digits" : "characters");
}

static const char *
set_words(Gs1Set set)
{
	switch (set)
	{
		case GS1_DIGITS:
			return "a digit";
		case GS1_SET_39:
			return "a digit, a capital letter or one of # - /";
		case GS1_SET_64:
			return "a digit, a letter or one of - _ =";
		default:
			return "a digit, a letter or one of ! \" % & ' ( ) * + , - . / : ; < = > ? _";
	}
}

/* What the content must be, in words that follow "must". */
static const char *
check_words(Gs1Check check)
{
	switch (check)
	{
		case GS1_CHECK_PAIR:
			return "begin with a company prefix and end in the two check characters that follow from the others";
		case GS1_PREFIX:
			return "begin with a company prefix, at least four digits";
		case GS1_DATE_OR_MONTH:
			return "be a date YYMMDD, where DD may be 00 for the end of the month";
		case GS1_DATE:
			return "be a date YYMMDD";
		case GS1_LONG_DATE:
			return "be a date YYYYMMDD";
		case GS1_TIME:
			return "be a time HHMM, 0000 to 2359";
		case GS1_HOUR:
			return "be an hour, 00 to 23";
		case GS1_SIXTY:
			return "be 00 to 59";
		case GS1_YES_NO:
			return "be 0 or 1";
		case GS1_ZERO:
			return "be 0";
		case GS1_NOT_ZERO:
			return "not be 0";
		case GS1_NO_LEADING_ZERO:
			return "not begin with 0";
		case GS1_WINDING:
			return "be 0, 1 or 9";
		case GS1_SEX:
			return "be 0, 1, 2 or 9";
		case GS1_PIECE_OF_TOTAL:
			return "be the number of a piece, from 1, and behind it that of all pieces";
		case GS1_POSITION_OF_TOTAL:
			return "be a number, a slash, and the number of all, as 1/2";
		case GS1_HYPHEN:
			return "be a hyphen";
		case GS1_PERCENT:
			return "have two hexadecimal digits behind each %";
		case GS1_LATITUDE:
			return "be a latitude, 0000000000 to 1800000000";
		case GS1_LONGITUDE:
			return "be a longitude, 0000000000 to 3600000000";
		case GS1_MEDIA_TYPE:
			return "be 01 to 10 or 80 to 99";
		case GS1_IMPORTER:
			return "be a digit, a letter, - or _";
		case GS1_BASE64:
			return "have no more than two =, at its end";
		case GS1_CHECK_DIGIT:
		case GS1_ANY:
			break;
	}
	return "be something else";
}

/* A list as "01,31nn+21" in words: "(01), or (31nn) with (21)". */
static char *
needs_words(const char *needs)
{
	StringInfoData words;

	initStringInfo(&words);
	appendStringInfoChar(&words, '(');
	for (const char *p = needs; *p != '\0'; p++)
	{
		if (*p == ',')
			appendStringInfoString(&words, strchr(p + 1, ',') != NULL ? "), (" : ") or (");
		else if (*p == '+')
			appendStringInfoString(&words, ") with (");
		else
			appendStringInfoChar(&words, *p);
	}
	appendStringInfoChar(&words, ')');
	return words.data;
}

/* The character at an offset, as it may be shown. */
static char *
character_words(const char *text, size_t length, int offset)
{
	unsigned char byte = (unsigned char) text[offset];

	if (byte == GS1_FNC1)
		return "a separator (FNC1)";
	if (byte < ' ' || byte == 0x7F || (IS_HIGHBIT_SET(byte) && GetDatabaseEncoding() == PG_SQL_ASCII))
		return psprintf("byte 0x%02x", byte);
	return psprintf("\"%s\"", pnstrdup(text + offset, Min((size_t) pg_mblen(text + offset), length - offset)));
}

static char *
fault_words(const char *text, size_t length, const Gs1Reading *reading)
{
	char	   *label = reading->ai != NULL ? ob_registry_gs1_label(reading->ai, reading->ai_number) : NULL;

	switch (reading->fault)
	{
		case GS1_EMPTY:
			return "there is no element";
		case GS1_BAD_SYMBOLOGY:
			return "this is no symbology identifier of GS1 data";
		case GS1_BAD_GTIN_LENGTH:
			return psprintf("behind this symbology identifier there must be %d digits and nothing else", reading->number);
		case GS1_NO_BRACKET:
			return "an application identifier in brackets must stand here";
		case GS1_UNKNOWN_AI:
			if (reading->number < 0)
				return "an application identifier must stand here";
			if (reading->number < 100)
				return psprintf("no application identifier of GS1 begins with %s", ai_digits(reading->number));
			return psprintf("%d is no application identifier of GS1", reading->number);
		case GS1_TOO_SHORT:
			return psprintf("the value of %s is too short; it has %s", label, length_words(reading->ai));
		case GS1_TOO_LONG:
			return psprintf("the value of %s is too long; it has %s", label, length_words(reading->ai));
		case GS1_BAD_CHARACTER:
			return psprintf("%s may not stand in the value of %s; here it must be %s",
							character_words(text, length, reading->offset), label, set_words(reading->set));
		case GS1_BAD_CONTENT:
			if (reading->check == GS1_CHECK_DIGIT)
				return psprintf("the value of %s has a wrong check digit; it must be %d", label, reading->number);
			return psprintf("this part of the value of %s must %s", label, check_words(reading->check));
		case GS1_MISSING:
			return psprintf("%s needs %s beside it", label, needs_words(reading->ai->needs));
		case GS1_EXCLUDED:
			return psprintf("%s may not stand beside %s", label,
							ob_registry_gs1_label(ob_registry_gs1_ai(reading->number), reading->number));
		case GS1_UNSERIALISED:
			return psprintf("beside (8030) DIGSIG the value of %s must have its serial part", label);
		case GS1_REPEATED:
			return psprintf("%s comes again with another value", label);
		case GS1_TOO_MANY:
			return psprintf("there are more than %d elements", GS1_MAX_ELEMENTS);
		case GS1_OK:
			break;
	}
	elog(ERROR, "GS1 element string refused without a fault");
	return NULL;
}

/* Does the text hold so many digits and nothing else? */
static bool
is_bare_number(const char *text, size_t length)
{
	if (length != 8 && length != 12 && length != 13 && length != 14)
		return false;
	for (size_t i = 0; i < length; i++)
		if (text[i] < '0' || text[i] > '9')
			return false;
	return true;
}

static const char *
fault_hint(const char *text, size_t length, const Gs1Reading *reading)
{
	static const char separator[] =
		"A value without predefined length ends at a separator (FNC1, sent as GS, 0x1D); is the scanner set to send it?";

	switch (reading->fault)
	{
		case GS1_BAD_SYMBOLOGY:
			return "GS1 data come with ]C1, ]d2, ]Q3, ]e0 or ]J1, a bare GTIN with ]E0, ]E4 or ]I1.";
		case GS1_NO_BRACKET:
			return "Write (01)04912345678904(10)AB12; an opening bracket inside a value is written \\(.";
		case GS1_UNKNOWN_AI:
			if (is_bare_number(text, length))
				return "A GTIN alone is read by a cast to outbreak.gtin.";
			if (length > 4 && pg_strncasecmp(text, "http", 4) == 0)
				return "This is a web address; GS1 Digital Link is not read here.";
			if (reading->bracketed || reading->count == 0)
				return NULL;
			return separator;
		case GS1_TOO_LONG:
			return reading->bracketed || reading->ai->predefined ? NULL : separator;
		default:
			return NULL;
	}
}

void
ob_registry_gs1_refuse(const char *text, size_t length, const Gs1Reading *reading)
{
	int			offset = Min(reading->offset, (int) length);
	const char *hint = fault_hint(text, length, reading);

	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid GS1 element string"),
			 errdetail_internal("At character %d: %s.", pg_mbstrlen_with_len(text, offset) + 1, fault_words(text, length, reading)),
			 hint ? errhint("%s", hint) : 0));
}
