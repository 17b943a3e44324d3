/*-------------------------------------------------------------------------
 *
 * gs1_kernel.c
 *	  Reading GS1 element strings.
 *
 * Vocabulary and invariants are in gs1_kernel.h.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/gs1_kernel.h"

#include <string.h>

typedef struct Reader
{
	const char *text;
	int			at;				/* where it reads */
	int			end;			/* where the data end */
	int			year;
	Gs1Reading *reading;
} Reader;

static bool
refuse(Reader *reader, Gs1Fault fault, int offset)
{
	reader->reading->fault = fault;
	reader->reading->offset = offset;
	return false;
}

static bool
refuse_in(Reader *reader, Gs1Fault fault, int offset, const Gs1Element *element)
{
	reader->reading->ai = element->ai;
	reader->reading->ai_number = element->number;
	return refuse(reader, fault, offset);
}

/* The byte at an offset, 0 behind the end. */
static inline unsigned char
byte_at(const Reader *reader, int offset)
{
	return offset < reader->end ? (unsigned char) reader->text[offset] : 0;
}

static inline bool
is_digit(unsigned char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool
is_filling(unsigned char byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r') || byte == GS1_FNC1;
}

/* ---- values --------------------------------------------------------------- */

/* The first byte of a component that is not of its set, or -1. */
static int
stranger(const Gs1Component *component, const char *value, int length)
{
	int			i = 0;

	if (component->set == GS1_DIGITS)
		while (i < length && is_digit((unsigned char) value[i]))
			i++;
	else
		while (i < length && gs1_in_set((Gs1Set) component->set, (unsigned char) value[i]))
			i++;
	return i < length ? i : -1;
}

/*
 * Judge a value without escapes. "offset" is where it stands, for errors: with
 * escapes before it, a fault is placed a little too early.
 */
static bool
judge_value(Reader *reader, const Gs1Element *element, const char *value, int length, int offset)
{
	const Gs1Component *component = element->ai->component;
	int			at = 0;

	for (int c = 0; c < GS1_COMPONENTS && component->set != GS1_NO_SET; c++, component++)
	{
		int			part = length - at < component->longest ? length - at : component->longest;
		int			bad;

		if (part == 0 && component->optional)
			break;
		if (part < component->shortest)
		{
			/* what stands there is worth saying first */
			bad = stranger(component, value + at, part);
			reader->reading->set = (Gs1Set) component->set;
			return bad >= 0 ? refuse_in(reader, GS1_BAD_CHARACTER, offset + at + bad, element) :
				refuse_in(reader, GS1_TOO_SHORT, offset + length, element);
		}
		bad = stranger(component, value + at, part);
		if (bad >= 0)
		{
			reader->reading->set = (Gs1Set) component->set;
			return refuse_in(reader, GS1_BAD_CHARACTER, offset + at + bad, element);
		}
		if (component->check != GS1_ANY &&
			!ob_registry_gs1_check((Gs1Check) component->check, value + at, part, reader->year, &reader->reading->number))
		{
			reader->reading->check = (Gs1Check) component->check;
			return refuse_in(reader, GS1_BAD_CONTENT, offset + at, element);
		}
		at += part;
	}
	if (at < length)
		return refuse_in(reader, GS1_TOO_LONG, offset + at, element);
	return true;
}

int
ob_registry_gs1_value(const Gs1Element *element, char *out)
{
	int			length = 0;

	for (int i = 0; i < element->length; i++)
	{
		if (element->escaped && element->value[i] == '\\' && i + 1 < element->length && element->value[i + 1] == '(')
			i++;
		out[length++] = element->value[i];
	}
	return length;
}

/* Take the element in, if its value is right. */
static bool
add_element(Reader *reader, const Gs1Element *element)
{
	Gs1Reading *reading = reader->reading;
	char		plain[2 * GS1_MAX_VALUE];
	const char *value = element->value;
	int			length = element->length;
	int			offset = (int) (element->value - reader->text);

	if (reading->count == GS1_MAX_ELEMENTS)
		return refuse(reader, GS1_TOO_MANY, element->at);
	if (length > (int) sizeof(plain))
		return refuse_in(reader, GS1_TOO_LONG, offset + GS1_MAX_VALUE, element);
	if (element->escaped)
	{
		length = ob_registry_gs1_value(element, plain);
		value = plain;
	}
	if (length == 0)
		return refuse_in(reader, GS1_TOO_SHORT, offset, element);
	if (!judge_value(reader, element, value, length, offset))
		return false;
	reading->element[reading->count++] = *element;
	return true;
}

/* ---- application identifiers ------------------------------------------------ */

/* Look up the AI of so many digits at the reading place, which are there, and move on behind it. */
static bool
look_up_ai(Reader *reader, int digits, Gs1Element *element)
{
	element->number = 0;
	for (int i = 0; i < digits; i++)
		element->number = element->number * 10 + byte_at(reader, reader->at + i) - '0';
	reader->reading->number = element->number;
	element->ai = ob_registry_gs1_ai(element->number);
	/* 010 is not 10, nor 01 one of three digits */
	if (element->ai == NULL || digits != (element->number < 100 ? 2 : element->number < 1000 ? 3 : 4))
		return refuse(reader, GS1_UNKNOWN_AI, reader->at);
	reader->at += digits;
	return true;
}

/* An AI without brackets: its first two digits say how many it has. */
static bool
read_raw_ai(Reader *reader, Gs1Element *element)
{
	int			prefix;
	int			digits;

	reader->reading->number = -1;
	if (!is_digit(byte_at(reader, reader->at)) || !is_digit(byte_at(reader, reader->at + 1)))
		return refuse(reader, GS1_UNKNOWN_AI, reader->at);
	prefix = (byte_at(reader, reader->at) - '0') * 10 + byte_at(reader, reader->at + 1) - '0';
	digits = ob_registry_gs1_ai_length(prefix);
	reader->reading->number = prefix;
	if (digits == 0)
		return refuse(reader, GS1_UNKNOWN_AI, reader->at);
	for (int i = 2; i < digits; i++)
		if (!is_digit(byte_at(reader, reader->at + i)))
			return refuse(reader, GS1_UNKNOWN_AI, reader->at);
	return look_up_ai(reader, digits, element);
}

/* ---- the two forms ---------------------------------------------------------- */

/* The length of a predefined value. */
static int
predefined_length(const Gs1Ai *ai)
{
	int			length = 0;

	for (int c = 0; c < GS1_COMPONENTS && ai->component[c].set != GS1_NO_SET; c++)
		length += ai->component[c].longest;
	return length;
}

static bool
read_raw(Reader *reader)
{
	while (reader->at < reader->end)
	{
		Gs1Element	element = {.at = reader->at};
		const char *stop;
		int			left;

		if (!read_raw_ai(reader, &element))
			return false;
		element.value = reader->text + reader->at;
		left = reader->end - reader->at;
		stop = memchr(element.value, GS1_FNC1, (size_t) left);
		element.length = stop != NULL ? (int) (stop - element.value) : left;
		if (element.ai->predefined && element.length > predefined_length(element.ai))
			element.length = predefined_length(element.ai);
		if (!add_element(reader, &element))
			return false;
		reader->at += element.length;
		/* a separator behind a predefined length is one too many, and harmless */
		if (byte_at(reader, reader->at) == GS1_FNC1)
			reader->at++;
	}
	return true;
}

static void
skip_spaces(Reader *reader)
{
	while (byte_at(reader, reader->at) == ' ')
		reader->at++;
}

static bool
read_bracketed(Reader *reader)
{
	while (reader->at < reader->end)
	{
		Gs1Element	element = {.at = reader->at};
		int			close = reader->at + 1;
		int			end;

		while (is_digit(byte_at(reader, close)))
			close++;
		if (byte_at(reader, reader->at) != '(' || byte_at(reader, close) != ')')
			return refuse(reader, GS1_NO_BRACKET, reader->at);
		reader->at++;
		if (close - reader->at < 2 || close - reader->at > 4)
			return refuse(reader, GS1_NO_BRACKET, element.at);
		if (!look_up_ai(reader, close - reader->at, &element))
			return false;
		reader->at = close + 1;
		skip_spaces(reader);
		element.value = reader->text + reader->at;
		for (end = reader->at; end < reader->end && reader->text[end] != '('; end++)
			if (reader->text[end] == '\\' && byte_at(reader, end + 1) == '(')
			{
				element.escaped = true;
				end++;
			}
		element.length = end - reader->at;
		while (element.length > 0 && element.value[element.length - 1] == ' ')
			element.length--;
		if (!add_element(reader, &element))
			return false;
		reader->at = end;
	}
	return true;
}

/* A GTIN without an AI, of n digits, as ]E0, ]E4 and ]I1 announce it. */
static bool
read_bare_gtin(Reader *reader, int n)
{
	Gs1Element	element = {.ai = ob_registry_gs1_ai(1),.number = 1,.at = reader->at};
	int			length = reader->end - reader->at;

	if (length != n)
	{
		reader->reading->number = n;
		return refuse(reader, GS1_BAD_GTIN_LENGTH, reader->at);
	}
	memset(reader->reading->gtin, '0', sizeof(reader->reading->gtin));
	memcpy(reader->reading->gtin + 14 - n, reader->text + reader->at, (size_t) n);
	element.value = reader->reading->gtin;
	element.length = 14;
	if (!judge_value(reader, &element, element.value, 14, reader->at - (14 - n)))
	{
		if (reader->reading->offset < reader->at)
			reader->reading->offset = reader->at;
		return false;
	}
	reader->reading->element[reader->reading->count++] = element;
	return true;
}

/* Skip a symbology identifier; sets *bare to the digits of a bare GTIN, or 0. */
static bool
read_symbology(Reader *reader, int *bare)
{
	static const char *const known[] = {"C1", "d2", "Q3", "e0", "J1"};
	unsigned char kind = byte_at(reader, reader->at + 1);
	unsigned char option = byte_at(reader, reader->at + 2);

	*bare = 0;
	if (byte_at(reader, reader->at) != ']')
		return true;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (kind == (unsigned char) known[i][0] && option == (unsigned char) known[i][1])
		{
			reader->at += 3;
			return true;
		}
	if (kind == 'E' && (option == '0' || option == '4'))
		*bare = option == '0' ? 13 : 8;
	else if (kind == 'I' && option == '1')
		*bare = 14;
	else
		return refuse(reader, GS1_BAD_SYMBOLOGY, reader->at);
	reader->at += 3;
	return true;
}

/* ---- associations ----------------------------------------------------------- */

/* Is there an element that the pattern means, as 01 or 31nn, other than "except"? Moves on behind the pattern. */
static const Gs1Element *
match(const Gs1Reading *reading, const char **pattern, int except)
{
	int			low = 0;
	int			span = 1;
	const char *p = *pattern;

	for (; (*p >= '0' && *p <= '9') || *p == 'n'; p++)
	{
		low = low * 10 + (*p == 'n' ? 0 : *p - '0');
		span = *p == 'n' ? span * 10 : 1;
	}
	*pattern = p;
	for (int i = 0; i < reading->count; i++)
	{
		int			number = reading->element[i].number;

		if (number >= low && number < low + span && number != except)
			return &reading->element[i];
	}
	return NULL;
}

static bool
needs_are_met(const Gs1Reading *reading, const char *needs)
{
	while (*needs != '\0')
	{
		bool		met = true;

		for (;;)
		{
			if (match(reading, &needs, -1) == NULL)
				met = false;
			if (*needs != '+')
				break;
			needs++;
		}
		if (met)
			return true;
		if (*needs == ',')
			needs++;
	}
	return false;
}

static const Gs1Element *
first_excluded(const Gs1Reading *reading, const Gs1Element *element)
{
	const char *pattern = element->ai->excludes;

	for (;;)
	{
		const Gs1Element *found = match(reading, &pattern, element->number);

		if (found != NULL)
			return found;
		if (*pattern != ',')
			return NULL;
		pattern++;
	}
}

/* A digital signature is of one thing: a key without serial number stands for many. */
static const Gs1Element *
unserialised(const Gs1Reading *reading)
{
	for (int i = 0; i < reading->count; i++)
	{
		const Gs1Element *element = &reading->element[i];

		if (((element->number == 253 || element->number == 255) && element->length == 13) ||
			(element->number == 8003 && element->length == 14))
			return element;
	}
	return NULL;
}

static bool
judge_associations(Reader *reader)
{
	Gs1Reading *reading = reader->reading;

	for (int i = 0; i < reading->count; i++)
	{
		const Gs1Element *element = &reading->element[i];

		for (int j = 0; j < i; j++)
			if (reading->element[j].number == element->number &&
				(reading->element[j].length != element->length ||
				 memcmp(reading->element[j].value, element->value, (size_t) element->length) != 0))
				return refuse_in(reader, GS1_REPEATED, element->at, element);
		if (element->ai->excludes != NULL)
		{
			const Gs1Element *found = first_excluded(reading, element);

			if (found != NULL)
			{
				reading->number = found->number;
				return refuse_in(reader, GS1_EXCLUDED, element->at, element);
			}
		}
		if (element->ai->needs != NULL && !needs_are_met(reading, element->ai->needs))
			return refuse_in(reader, GS1_MISSING, element->at, element);
		if (element->number == 8030 && unserialised(reading) != NULL)
			return refuse_in(reader, GS1_UNSERIALISED, unserialised(reading)->at, unserialised(reading));
	}
	return true;
}

Gs1Fault
ob_registry_gs1_read(const char *text, size_t length, int year, Gs1Reading *reading)
{
	Reader		reader = {.text = text,.end = (int) length,.year = year,.reading = reading};
	int			bare;

	/* the elements are written as they are counted */
	reading->fault = GS1_OK;
	reading->offset = reading->number = reading->ai_number = reading->count = 0;
	reading->check = GS1_ANY;
	reading->set = GS1_NO_SET;
	reading->ai = NULL;
	reading->bracketed = false;

	while (reader.end > 0 && is_filling((unsigned char) text[reader.end - 1]))
		reader.end--;
	while (reader.at < reader.end && is_filling((unsigned char) text[reader.at]))
		reader.at++;
	if (!read_symbology(&reader, &bare))
		return reading->fault;
	while (reader.at < reader.end && is_filling((unsigned char) text[reader.at]))
		reader.at++;
	if (reader.at == reader.end)
		refuse(&reader, GS1_EMPTY, reader.at);
	else if (bare != 0)
		read_bare_gtin(&reader, bare);
	else
	{
		reading->bracketed = byte_at(&reader, reader.at) == '(';
		if (reading->bracketed ? read_bracketed(&reader) : read_raw(&reader))
			judge_associations(&reader);
	}
	return reading->fault;
}

const Gs1Element *
ob_registry_gs1_find(const Gs1Reading *reading, int number)
{
	for (int i = 0; i < reading->count; i++)
		if (reading->element[i].number == number)
			return &reading->element[i];
	return NULL;
}
