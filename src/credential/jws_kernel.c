/*-------------------------------------------------------------------------
 *
 * jws_kernel.c
 *		base64url, and SMART Health Cards as QR codes write them.
 *
 *-------------------------------------------------------------------------
 */
#include "credential/jws_kernel.h"

#include <string.h>

#define PREFIX			"shc:/"
#define PREFIX_BYTES	5

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

size_t
ob_credential_base64url_encode(const uint8_t *in, size_t n, char *out)
{
	char	   *start = out;
	uint32_t	bits = 0;
	int			count = 0;

	for (size_t i = 0; i < n; i++)
	{
		bits = (bits << 8) | in[i];
		for (count += 8; count >= 6; count -= 6)
			*out++ = letters[(bits >> (count - 6)) & 63];
	}
	if (count > 0)
		*out++ = letters[(bits << (6 - count)) & 63];
	return (size_t) (out - start);
}

/* The six bits that a letter stands for, or -1. */
static int
letter_bits(char letter, bool both)
{
	if (letter >= 'A' && letter <= 'Z')
		return letter - 'A';
	if (letter >= 'a' && letter <= 'z')
		return letter - 'a' + 26;
	if (letter >= '0' && letter <= '9')
		return letter - '0' + 52;
	if (letter == '-' || (both && letter == '+'))
		return 62;
	return letter == '_' || (both && letter == '/') ? 63 : -1;
}

static bool
is_space(char letter)
{
	return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r';
}

static bool
decode(const char *in, size_t n, bool lax, uint8_t *out, size_t *length)
{
	uint8_t    *start = out;
	uint32_t	bits = 0;
	int			count = 0;

	if (lax)
		while (n > 0 && (in[n - 1] == '=' || is_space(in[n - 1])))
			n--;
	for (size_t i = 0; i < n; i++)
	{
		int			six = letter_bits(in[i], lax);

		if (six < 0 && lax && is_space(in[i]))
			continue;
		if (six < 0)
			return false;
		bits = (bits << 6) | (uint32_t) six;
		count += 6;
		if (count >= 8)
		{
			count -= 8;
			*out++ = (uint8_t) (bits >> count);
		}
	}
	*length = (size_t) (out - start);
	/* six bits alone are no byte, and what is left over is zero */
	return count < 6 && (bits & ((1u << count) - 1)) == 0;
}

bool
ob_credential_base64url_decode(const char *in, size_t n, uint8_t *out, size_t *length)
{
	return decode(in, n, false, out, length);
}

bool
ob_credential_base64_decode(const char *in, size_t n, uint8_t *out, size_t *length)
{
	return decode(in, n, true, out, length);
}

/* ---- chunks of digits ---- */

/* Reads a number of one or two digits; 0 for anything else. */
static int
small_number(const char *at, const char *end)
{
	if (end - at < 1 || end - at > 2)
		return 0;
	for (const char *c = at; c < end; c++)
		if (*c < '0' || *c > '9')
			return 0;
	return end - at == 1 ? at[0] - '0' : (at[0] - '0') * 10 + (at[1] - '0');
}

typedef struct Chunk
{
	const char *digits;
	size_t		length;
	int			number;			/* from 1 */
	int			of;
} Chunk;

/* Takes a chunk apart; its prefix has been seen. */
static bool
read_chunk(const char *at, const char *end, Chunk *chunk)
{
	const char *slash = memchr(at, '/', (size_t) (end - at));

	chunk->number = chunk->of = 1;
	if (slash != NULL)
	{
		const char *second = memchr(slash + 1, '/', (size_t) (end - slash - 1));

		if (second == NULL)
			return false;
		chunk->number = small_number(at, slash);
		chunk->of = small_number(slash + 1, second);
		at = second + 1;
		if (chunk->number < 1 || chunk->number > chunk->of)
			return false;
	}
	chunk->digits = at;
	chunk->length = (size_t) (end - at);
	return true;
}

/* Each pair of digits is a character's distance from '-'. */
static bool
read_digits(const Chunk *chunk, char *out)
{
	if (chunk->length == 0 || chunk->length % 2 != 0)
		return false;
	for (size_t i = 0; i < chunk->length; i += 2)
	{
		char		tens = chunk->digits[i];
		char		ones = chunk->digits[i + 1];
		int			value = (tens - '0') * 10 + (ones - '0');

		if (tens < '0' || tens > '9' || ones < '0' || ones > '9' || value > 'z' - '-')
			return false;
		*out++ = (char) ('-' + value);
	}
	return true;
}

static ShcFault
read_chunks(const char *text, const char *end, char *jws, size_t *length)
{
	Chunk		chunks[SHC_MAX_CHUNKS];
	int			of = 0;

	memset(chunks, 0, sizeof(chunks));
	while (text < end)
	{
		const char *stop = text;
		Chunk		chunk;

		while (stop < end && !is_space(*stop))
			stop++;
		if (stop - text < PREFIX_BYTES || memcmp(text, PREFIX, PREFIX_BYTES) != 0 ||
			!read_chunk(text + PREFIX_BYTES, stop, &chunk))
			return SHC_BAD_CHUNK;
		if (of != 0 && of != chunk.of)
			return SHC_BAD_CHUNK;
		of = chunk.of;
		if (chunks[chunk.number - 1].digits != NULL &&
			(chunks[chunk.number - 1].length != chunk.length ||
			 memcmp(chunks[chunk.number - 1].digits, chunk.digits, chunk.length) != 0))
			return SHC_BAD_CHUNK;
		chunks[chunk.number - 1] = chunk;
		for (text = stop; text < end && is_space(*text); text++)
			;
	}
	*length = 0;
	for (int i = 0; i < of; i++)
	{
		if (chunks[i].digits == NULL)
			return SHC_MISSING_CHUNK;
		if (!read_digits(&chunks[i], jws + *length))
			return SHC_BAD_DIGITS;
		*length += chunks[i].length / 2;
	}
	return SHC_OK;
}

ShcFault
ob_credential_shc_read(const char *text, size_t n, char *jws, size_t *length)
{
	const char *end = text + n;

	while (text < end && is_space(*text))
		text++;
	while (end > text && is_space(end[-1]))
		end--;
	if (end - text >= PREFIX_BYTES && memcmp(text, PREFIX, PREFIX_BYTES) == 0)
		return read_chunks(text, end, jws, length);
	/* {" in base64 is eyJ */
	if (end - text < 3 || memcmp(text, "eyJ", 3) != 0)
		return SHC_NONE;
	*length = (size_t) (end - text);
	memcpy(jws, text, *length);
	return SHC_OK;
}

bool
ob_credential_shc_write(const char *jws, size_t n, char *out)
{
	for (size_t i = 0; i < n; i++)
	{
		int			value = jws[i] - '-';

		if (jws[i] < '-' || jws[i] > 'z')
			return false;
		*out++ = (char) ('0' + value / 10);
		*out++ = (char) ('0' + value % 10);
	}
	return true;
}

bool
ob_credential_jws_split(const char *jws, size_t n, JwsPart part[3])
{
	const char *end = jws + n;

	for (int i = 0; i < 3; i++)
	{
		const char *dot = memchr(jws, '.', (size_t) (end - jws));

		if ((dot == NULL) != (i == 2))
			return false;
		part[i].text = jws;
		part[i].length = (size_t) ((i == 2 ? end : dot) - jws);
		if (part[i].length == 0)
			return false;
		if (i < 2)
			jws = dot + 1;
	}
	return true;
}

/* ---- JSON ---- */

/* Steps over a string, from its opening quote; NULL for one that does not end or holds \u0000. */
static const char *
skip_string(const char *at, const char *end)
{
	for (at++; at < end && *at != '"'; at++)
		if (*at == '\\')
		{
			at++;
			if (end - at >= 5 && memcmp(at, "u0000", 5) == 0)
				return NULL;
		}
	return at < end ? at + 1 : NULL;
}

/* Steps over a number; NULL for one that is too long or too large. */
static const char *
skip_number(const char *at, const char *end)
{
	const char *start = at;
	int			exponent = -1;

	for (; at < end && at - start <= 40; at++)
	{
		if ((*at == 'e' || *at == 'E') && exponent < 0)
			exponent = 0;
		else if (*at >= '0' && *at <= '9')
		{
			if (exponent >= 0)
				exponent = exponent * 10 + (*at - '0');
		}
		else if (*at != '-' && *at != '+' && *at != '.')
			break;
		if (exponent > 300)
			return NULL;
	}
	return at - start > 40 ? NULL : at;
}

bool
ob_credential_json_is_tame(const char *text, size_t n)
{
	const char *end = text + n;
	int			depth = 0;

	while (text != NULL && text < end)
	{
		if (*text == '"')
			text = skip_string(text, end);
		else if (*text == '-' || (*text >= '0' && *text <= '9'))
			text = skip_number(text, end);
		else
		{
			if (*text == '\0')
				return false;
			if (*text == '{' || *text == '[')
				depth++;
			else if (*text == '}' || *text == ']')
				depth--;
			if (depth > 64)
				return false;
			text++;
		}
	}
	return text != NULL;
}
