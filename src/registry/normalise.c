/*-------------------------------------------------------------------------
 *
 * normalise.c
 *		One way of writing a personal value, for comparing.
 *
 * Unicode's NFKC (PostgreSQL's own) makes one of half-width and full-width
 * forms; what it leaves apart and a clerk does not see is made one by purpose:
 *
 *		phone		digits; +81 is the leading 0; + stays before other countries
 *		name		no spaces; ASCII letters small
 *		kana		the same, and hiragana become katakana
 *		address		as name, and every kind of hyphen becomes "-"
 *		others		no spaces around, ASCII letters small (mail too)
 *
 * Immutable: neither locale nor settings have a say, which is why letters
 * outside of ASCII keep their case. Tags of sealed values are made of what
 * comes out, so a change here would let stored ones no longer be found.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/unicode_norm.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "common/compat.h"
#include "registry/normalise.h"

typedef enum Purpose
{
	PURPOSE_PHONE,
	PURPOSE_NAME,
	PURPOSE_KANA,
	PURPOSE_ADDRESS,
	PURPOSE_OTHER
} Purpose;

static Purpose
purpose_of(const char *purpose, size_t length)
{
	static const struct
	{
		const char *name;
		Purpose		purpose;
	}			known[] = {
		{"phone", PURPOSE_PHONE},
		{"name", PURPOSE_NAME},
		{"kana", PURPOSE_KANA},
		{"address", PURPOSE_ADDRESS}
	};

	for (int i = 0; i < lengthof(known); i++)
		if (strlen(known[i].name) == length && memcmp(known[i].name, purpose, length) == 0)
			return known[i].purpose;
	return PURPOSE_OTHER;
}

static bool
is_ascii_text(const char *value, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (IS_HIGHBIT_SET(value[i]))
			return false;
	return true;
}

/* Characters that are seen as a gap, or not at all. NFKC has made plain spaces of most others. */
static bool
is_space(pg_wchar c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x0085 || c == 0x00A0 || c == 0x1680 ||
		(c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 || c == 0x3000 || c == 0xFEFF;
}

static bool
is_hyphen(pg_wchar c)
{
	return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x2043 || c == 0x2500;
}

static bool
is_digit(pg_wchar c)
{
	return c >= '0' && c <= '9';
}

/* Keeps the digits of a phone number, in place; returns how many characters are left. */
static size_t
keep_phone(pg_wchar *text, size_t length)
{
	size_t		kept = 0;
	size_t		from = 0;
	bool		abroad = false;

	while (from < length && is_space(text[from]))
		from++;
	if (from < length && text[from] == '+')
		abroad = true;
	for (size_t i = from; i < length; i++)
		if (is_digit(text[i]))
			text[kept++] = text[i];
	if (!abroad)
		return kept;
	if (kept >= 2 && text[0] == '8' && text[1] == '1')
	{
		/* +81 (0)90 is written, too */
		size_t		skip = kept >= 3 && text[2] == '0' ? 2 : 1;

		memmove(text, text + skip, sizeof(pg_wchar) * (kept - skip));
		text[0] = '0';
		return kept - skip;
	}
	/* the sign itself was not kept, so there is room for it */
	memmove(text + 1, text, sizeof(pg_wchar) * kept);
	text[0] = '+';
	return kept + 1;
}

/* Makes one of the ways of writing, in place; returns how many characters are left. */
static size_t
unify(pg_wchar *text, size_t length, Purpose purpose)
{
	size_t		kept = 0;
	size_t		from = 0;

	if (purpose == PURPOSE_PHONE)
		return keep_phone(text, length);
	if (purpose == PURPOSE_OTHER)
	{
		while (length > 0 && is_space(text[length - 1]))
			length--;
		while (from < length && is_space(text[from]))
			from++;
	}
	for (size_t i = from; i < length; i++)
	{
		pg_wchar	c = text[i];

		if (purpose != PURPOSE_OTHER && is_space(c))
			continue;
		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		else if (purpose == PURPOSE_KANA && ((c >= 0x3041 && c <= 0x3096) || c == 0x309D || c == 0x309E))
			c += 0x60;
		else if (purpose == PURPOSE_ADDRESS &&
				 (is_hyphen(c) ||
				  /* the sign of a long vowel, between the numbers of a house */
				  (c == 0x30FC && kept > 0 && is_digit(text[kept - 1]))))
			c = '-';
		text[kept++] = c;
	}
	return kept;
}

/* Unicode's NFKC, of a string that ends with 0; frees it when the result is another. */
static pg_wchar *
compose(pg_wchar *text)
{
	pg_wchar   *composed;

	if (unicode_is_normalized_quickcheck(UNICODE_NFKC, text) == UNICODE_NORM_QC_YES)
		return text;
	composed = unicode_normalize(UNICODE_NFKC, text);
	pfree(text);
	return composed;
}

static size_t
wide_length_of(const pg_wchar *text)
{
	size_t		length = 0;

	while (text[length] != 0)
		length++;
	return length;
}

/* The characters of a text outside of ASCII, ended by 0. */
static pg_wchar *
to_characters(const char *value, size_t length)
{
	const unsigned char *at = (const unsigned char *) value;
	const unsigned char *stop = at + length;
	pg_wchar   *text = palloc_extended(sizeof(pg_wchar) * (length + 1), MCXT_ALLOC_HUGE);
	size_t		count = 0;

	if (GetDatabaseEncoding() != PG_UTF8)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("only ASCII can be normalised in this database"),
				 errdetail("Unicode normalization needs a database of encoding UTF8.")));
	while (at < stop)
	{
		text[count++] = utf8_to_unicode(at);
		at += pg_utf_mblen(at);
	}
	text[count] = 0;
	return text;
}

char *
ob_registry_normalise(const char *value, size_t length,
					  const char *purpose, size_t purpose_length,
					  size_t *normalised_length)
{
	Purpose		known = purpose_of(purpose, purpose_length);
	pg_wchar   *wide;
	char	   *result;
	char	   *end;

	if (is_ascii_text(value, length))
	{
		wide = palloc_extended(sizeof(pg_wchar) * (length + 1), MCXT_ALLOC_HUGE);
		for (size_t i = 0; i < length; i++)
			wide[i] = (unsigned char) value[i];
		length = unify(wide, length, known);
	}
	else
	{
		wide = compose(to_characters(value, length));
		wide[unify(wide, wide_length_of(wide), known)] = 0;
		/* marks that stood behind a space now stand behind a letter */
		wide = compose(wide);
		length = wide_length_of(wide);
	}

	result = end = palloc_extended(length * 4 + 1, MCXT_ALLOC_HUGE);
	for (size_t i = 0; i < length; i++)
	{
		unicode_to_utf8(wide[i], (unsigned char *) end);
		end += pg_utf_mblen((unsigned char *) end);
	}
	pfree(wide);
	*normalised_length = end - result;
	return result;
}

/* outbreak.normalise(value text, purpose text) returns text */
PG_FUNCTION_INFO_V1(ob_registry_normalised);
Datum
ob_registry_normalised(PG_FUNCTION_ARGS)
{
	text	   *value = PG_GETARG_TEXT_PP(0);
	text	   *purpose = PG_GETARG_TEXT_PP(1);
	size_t		length;
	char	   *normalised = ob_registry_normalise(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value),
												   VARDATA_ANY(purpose), VARSIZE_ANY_EXHDR(purpose),
												   &length);

	PG_RETURN_TEXT_P(cstring_to_text_with_len(normalised, length));
}
