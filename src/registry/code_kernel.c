/*-------------------------------------------------------------------------
 *
 * code_kernel.c
 *	  Reading, checking, writing and repairing the codes of the registry.
 *
 * Vocabulary and invariants are in code_kernel.h.
 *
 * Check digit of an institution code: Luhn's, over the nine digits before it;
 * but for medical institutions (table 1) of Saitama, Chiba, Tokyo and Kanagawa
 * (prefectures 11 to 14) over the six digits of district and facility alone.
 * No published text says so; all 97,024 codes of the nationwide lists do.
 *
 * Check digit of a municipality code: the last digit of
 * 11 - (6a + 5b + 4c + 3d + 2e) mod 11.
 *
 * Check digit of GTIN and SSCC: weights 3 and 1 in turns from the right, mod 10
 * (GS1 General Specifications 7.9). Zeros before the digits change nothing.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/code_kernel.h"

#include <string.h>

#define FIRST_PREFECTURE	1
#define LAST_PREFECTURE		47

/* Classes of one character; a digit is its own class 0 to 9 */
#define CLASS_SPACE			10
#define CLASS_SEPARATOR		11
#define CLASS_OTHER			12


int
ob_registry_code_length(CodeKind kind)
{
	static const int length[] = {CODE_INSTITUTION_DIGITS, CODE_MUNICIPALITY_DIGITS, CODE_GTIN_DIGITS, CODE_SSCC_DIGITS};

	return length[kind];
}

/* May a code of this kind be written with so many digits? */
static bool
length_is_right(CodeKind kind, int count)
{
	return count == ob_registry_code_length(kind) ||
		(kind == CODE_GTIN && (count == 8 || count == 12 || count == 13));
}

/* Class of a character beyond ASCII, given as its code point. */
static int
classify_wide(uint32_t point)
{
	if (point >= 0xFF10 && point <= 0xFF19)
		return (int) (point - 0xFF10);

	switch (point)
	{
		case 0x3000:			/* ideographic space */
			return CLASS_SPACE;
		case 0x2010:			/* hyphen */
		case 0x2011:			/* non-breaking hyphen */
		case 0x2013:			/* en dash */
		case 0x2212:			/* minus sign */
		case 0x30FC:			/* long vowel sign, often typed for a hyphen */
		case 0xFF0D:			/* full-width hyphen */
		case 0x3001:			/* ideographic comma */
		case 0xFF0C:			/* full-width comma */
		case 0x30FB:			/* middle dot */
		case 0xFF0E:			/* full-width full stop */
			return CLASS_SEPARATOR;
		default:
			return CLASS_OTHER;
	}
}

/*
 * Class of the character at p, of which "left" bytes remain (at least one);
 * sets its width in bytes.  All wide characters that mean something to us take
 * three bytes in UTF-8.
 */
static int
classify(const unsigned char *p, size_t left, bool utf8, int *width)
{
	*width = 1;

	if (*p >= '0' && *p <= '9')
		return *p - '0';

	switch (*p)
	{
		case ' ':
		case '\t':
		case '\n':
		case '\v':
		case '\f':
		case '\r':
			return CLASS_SPACE;
		case '-':
		case ',':
		case '.':
			return CLASS_SEPARATOR;
		default:
			break;
	}

	if (utf8 && (*p & 0xF0) == 0xE0 && left >= 3)
	{
		*width = 3;
		return classify_wide(((uint32_t) (p[0] & 0x0F) << 12) |
							 ((uint32_t) (p[1] & 0x3F) << 6) |
							 (uint32_t) (p[2] & 0x3F));
	}
	return CLASS_OTHER;
}

static void
refuse_character(CodeReading *reading, int character, size_t offset)
{
	reading->fault = CODE_BAD_CHARACTER;
	reading->character = character;
	reading->offset = (int) offset;
}

void
ob_registry_code_scan(const char *text, size_t length, int flags,
					  CodeReading *reading)
{
	const unsigned char *p = (const unsigned char *) text;
	size_t		offset = 0;
	int			character = 0;
	int			width = 1;
	int			gap = 0;		/* first space or separator since a digit */
	size_t		gap_offset = 0;
	bool		separated = false;	/* the gap holds a separator */

	memset(reading, 0, sizeof(*reading));

	/* Nearly every code is plain digits and nothing else: read these fast. */
	while (offset < length && offset < CODE_MAX_DIGITS &&
		   (unsigned char) (p[offset] - '0') <= 9)
	{
		reading->digit[offset] = (uint8_t) (p[offset] - '0');
		offset++;
	}
	reading->count = character = (int) offset;

	for (; offset < length; offset += width)
	{
		int			class = classify(p + offset, length - offset,
									 (flags & CODE_UTF8) != 0, &width);

		character++;

		if (class <= 9)
		{
			/* A gap is harmless before and after the digits, not between. */
			if (gap > 0 && (flags & CODE_SEPARATORS) == 0)
			{
				refuse_character(reading, gap, gap_offset);
				return;
			}
			gap = 0;
			separated = false;
			if (reading->count < CODE_MAX_DIGITS)
				reading->digit[reading->count] = (uint8_t) class;
			reading->count++;
			continue;
		}

		if (class == CLASS_OTHER ||
			(class == CLASS_SEPARATOR &&
			 ((flags & CODE_SEPARATORS) == 0 || reading->count == 0 || separated)))
		{
			refuse_character(reading, character, offset);
			return;
		}

		if (class == CLASS_SEPARATOR)
			separated = true;
		if (reading->count > 0 && (gap == 0 || class == CLASS_SEPARATOR))
		{
			gap = character;
			gap_offset = offset;
		}
	}

	/* A separator parts digits, so one at the end has lost something. */
	if (separated)
		refuse_character(reading, gap, gap_offset);
}

/* Luhn's check digit of digit[from] to digit[to - 1]. */
static int
luhn(const uint8_t *digit, int from, int to)
{
	static const uint8_t twice[10] = {0, 2, 4, 6, 8, 1, 3, 5, 7, 9};
	bool		doubled = true;
	int			sum = 0;

	for (int i = to - 1; i >= from; i--)
	{
		sum += doubled ? twice[digit[i]] : digit[i];
		doubled = !doubled;
	}
	return (10 - sum % 10) % 10;
}

int
ob_registry_code_gs1_check_digit(const uint8_t *digit, int n, uint8_t zero)
{
	int			sum = 0;

	for (int i = 0; i < n; i++)
		sum += ((n - i) & 1 ? 3 : 1) * (digit[i] - zero);
	return (10 - sum % 10) % 10;
}

int
ob_registry_code_check_digit(CodeKind kind, const uint8_t *digit)
{
	if (kind == CODE_GTIN || kind == CODE_SSCC)
		return ob_registry_code_gs1_check_digit(digit, ob_registry_code_length(kind) - 1, 0);
	if (kind == CODE_INSTITUTION)
	{
		int			prefecture = digit[0] * 10 + digit[1];
		bool		short_rule = digit[2] == CODE_TABLE_MEDICAL &&
			prefecture >= 11 && prefecture <= 14;

		return luhn(digit, short_rule ? 3 : 0, CODE_INSTITUTION_DIGITS - 1);
	}
	else
	{
		int			sum = 6 * digit[0] + 5 * digit[1] + 4 * digit[2] +
			3 * digit[3] + 2 * digit[4];

		return (11 - sum % 11) % 10;
	}
}

/* Judge so many digits, which the kind may have; sets *expected on BAD_CHECK. */
static CodeFault
judge_digits(CodeKind kind, const uint8_t *digit, int count, int *expected)
{
	int			prefecture = digit[0] * 10 + digit[1];
	int			check;

	if (kind == CODE_GTIN || kind == CODE_SSCC)
	{
		*expected = ob_registry_code_gs1_check_digit(digit, count - 1, 0);
		return *expected == digit[count - 1] ? CODE_OK : CODE_BAD_CHECK;
	}

	if (prefecture < FIRST_PREFECTURE || prefecture > LAST_PREFECTURE)
		return CODE_BAD_PREFECTURE;

	if (kind == CODE_INSTITUTION)
	{
		switch (digit[2])
		{
			case 1:
			case 3:
			case 4:
			case 6:
			case 9:
				break;
			default:
				return CODE_BAD_TABLE;
		}
	}

	check = ob_registry_code_check_digit(kind, digit);
	if (check != digit[ob_registry_code_length(kind) - 1])
	{
		*expected = check;
		return CODE_BAD_CHECK;
	}
	return CODE_OK;
}

static int64_t
digits_value(const uint8_t *digit, int count)
{
	int64_t		value = 0;

	for (int i = 0; i < count; i++)
		value = value * 10 + digit[i];
	return value;
}

CodeFault
ob_registry_code_judge(CodeKind kind, CodeReading *reading)
{
	if (reading->fault != CODE_OK)
		return reading->fault;

	if (!length_is_right(kind, reading->count))
		reading->fault = CODE_BAD_LENGTH;
	else
		reading->fault = judge_digits(kind, reading->digit, reading->count, &reading->expected);

	if (reading->fault == CODE_OK)
		reading->value = digits_value(reading->digit, reading->count);
	return reading->fault;
}

CodeFault
ob_registry_code_parse(CodeKind kind, const char *text, size_t length,
					   int flags, CodeReading *reading)
{
	ob_registry_code_scan(text, length, flags, reading);
	return ob_registry_code_judge(kind, reading);
}

CodeFault
ob_registry_code_from_value(CodeKind kind, int64_t value, CodeReading *reading)
{
	int			length = ob_registry_code_length(kind);
	int64_t		rest = value;

	memset(reading, 0, sizeof(*reading));

	for (int i = length - 1; i >= 0 && rest >= 0; i--)
	{
		reading->digit[i] = (uint8_t) (rest % 10);
		rest /= 10;
	}
	reading->count = length;
	if (rest != 0)
		reading->fault = CODE_BAD_RANGE;
	return ob_registry_code_judge(kind, reading);
}

void
ob_registry_code_format(CodeKind kind, int64_t value, char *out)
{
	for (int i = ob_registry_code_length(kind) - 1; i >= 0; i--)
	{
		out[i] = (char) ('0' + value % 10);
		value /= 10;
	}
}

/* Put the digits into the ascending list, unless they fail or are there. */
static int
add_suggestion(CodeKind kind, const uint8_t *digit, int64_t *codes, int count)
{
	int			expected;
	int64_t		value;
	int			at = count;

	if (judge_digits(kind, digit, ob_registry_code_length(kind), &expected) != CODE_OK)
		return count;

	value = digits_value(digit, ob_registry_code_length(kind));
	while (at > 0 && codes[at - 1] > value)
		at--;
	if (at > 0 && codes[at - 1] == value)
		return count;

	memmove(codes + at + 1, codes + at, (size_t) (count - at) * sizeof(*codes));
	codes[at] = value;
	return count + 1;
}

int
ob_registry_code_suggest(CodeKind kind, const uint8_t *digit, int64_t *codes)
{
	int			length = ob_registry_code_length(kind);
	uint8_t		trial[CODE_MAX_DIGITS];
	int			count;

	count = add_suggestion(kind, digit, codes, 0);
	if (count > 0)
		return count;

	memcpy(trial, digit, (size_t) length);
	for (int i = 0; i < length; i++)
	{
		for (trial[i] = 0; trial[i] <= 9; trial[i]++)
			count = add_suggestion(kind, trial, codes, count);
		trial[i] = digit[i];
	}

	for (int i = 0; i + 1 < length; i++)
	{
		trial[i] = digit[i + 1];
		trial[i + 1] = digit[i];
		count = add_suggestion(kind, trial, codes, count);
		trial[i] = digit[i];
		trial[i + 1] = digit[i + 1];
	}
	return count;
}
