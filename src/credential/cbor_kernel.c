/*-------------------------------------------------------------------------
 *
 * cbor_kernel.c
 *		Reading and writing CBOR (RFC 8949), strictly.
 *
 *-------------------------------------------------------------------------
 */
#include "credential/cbor_kernel.h"

#include <math.h>
#include <string.h>

enum
{
	MAJOR_UNSIGNED,
	MAJOR_NEGATIVE,
	MAJOR_BYTES,
	MAJOR_TEXT,
	MAJOR_ARRAY,
	MAJOR_MAP,
	MAJOR_TAG,
	MAJOR_SIMPLE
};

#define INFO_INDEFINITE	31

/* Is it UTF-8, in its shortest form, without surrogates and NUL? */
static bool
is_text(const uint8_t *at, size_t length)
{
	const uint8_t *end = at + length;

	while (at < end)
	{
		int			more;
		uint32_t	code;

		if (*at < 0x80)
		{
			if (*at++ == 0)
				return false;
			continue;
		}
		more = *at >= 0xF0 ? 3 : *at >= 0xE0 ? 2 : 1;
		if (*at < 0xC2 || *at > 0xF4 || end - at <= more)
			return false;
		code = *at++ & (0x3F >> more);
		for (int i = 0; i < more; i++, at++)
		{
			if ((*at & 0xC0) != 0x80)
				return false;
			code = code << 6 | (*at & 0x3F);
		}
		if ((more == 2 && (code < 0x800 || (code >= 0xD800 && code <= 0xDFFF))) ||
			(more == 3 && (code < 0x10000 || code > 0x10FFFF)))
			return false;
	}
	return true;
}

/* A half-precision number (RFC 8949, appendix D). */
static double
half_real(unsigned half)
{
	int			exponent = (half >> 10) & 0x1F;
	int			mantissa = half & 0x3FF;
	double		value = exponent == 0 ? ldexp(mantissa, -24) :
		exponent != 31 ? ldexp(mantissa + 1024, exponent - 25) :
		mantissa == 0 ? INFINITY : NAN;

	return half & 0x8000 ? -value : value;
}

static bool
read_simple(int info, uint64_t number, CborItem *item)
{
	float		single;
	uint32_t	bits = (uint32_t) number;

	item->number = 0;
	switch (info)
	{
		case 20:
			item->type = CBOR_FALSE;
			return true;
		case 21:
			item->type = CBOR_TRUE;
			return true;
		case 22:
			item->type = CBOR_NULL;
			return true;
		case 23:
			item->type = CBOR_UNDEFINED;
			return true;
		case 25:
			item->real = half_real((unsigned) number);
			break;
		case 26:
			memcpy(&single, &bits, sizeof(single));
			item->real = single;
			break;
		case 27:
			memcpy(&item->real, &number, sizeof(item->real));
			break;
		default:
			return false;
	}
	item->type = CBOR_FLOAT;
	return true;
}

bool
ob_credential_cbor_next(CborCursor *cursor, CborItem *item)
{
	int			major;
	int			info;
	int			size;
	uint64_t	number = 0;

	if (cursor->at >= cursor->end)
		return false;
	major = *cursor->at >> 5;
	info = *cursor->at++ & 0x1F;
	item->bytes = NULL;
	item->length = 0;
	item->real = 0;
	if (info == INFO_INDEFINITE)
	{
		if (major == MAJOR_UNSIGNED || major == MAJOR_NEGATIVE || major == MAJOR_TAG)
			return false;
		item->type = major == MAJOR_SIMPLE ? CBOR_BREAK : (CborType) major;
		item->number = CBOR_OPEN;
		return true;
	}
	if (info > 27)
		return false;
	size = info < 24 ? 0 : 1 << (info - 24);
	if (cursor->end - cursor->at < size)
		return false;
	for (int i = 0; i < size; i++)
		number = number << 8 | *cursor->at++;
	if (size == 0)
		number = (uint64_t) info;
	if (major == MAJOR_SIMPLE)
		return read_simple(info, number, item);
	item->type = (CborType) major;
	item->number = number;
	if (major == MAJOR_BYTES || major == MAJOR_TEXT)
	{
		if (number > (uint64_t) (cursor->end - cursor->at))
			return false;
		item->bytes = cursor->at;
		item->length = (size_t) number;
		cursor->at += number;
	}
	return true;
}

bool
ob_credential_cbor_more(CborCursor *cursor, uint64_t *left)
{
	if (*left != CBOR_OPEN)
	{
		if (*left == 0)
			return false;
		(*left)--;
		return true;
	}
	if (cursor->at < cursor->end && *cursor->at == 0xFF)
	{
		cursor->at++;
		return false;
	}
	return cursor->at < cursor->end;
}

/* What an open level of the document still waits for. */
typedef struct Level
{
	CborType	type;			/* array, map, tag; text or bytes in pieces */
	uint64_t	left;			/* items; CBOR_OPEN until a break */
	bool		odd;			/* of an open map: a value is missing */
} Level;

/* Counts an item, and what it completes; leaves the depth at what is still open. */
static int
complete(Level *level, int depth)
{
	while (depth > 0)
	{
		Level	   *top = &level[depth - 1];

		top->odd = !top->odd;
		if (top->left == CBOR_OPEN || --top->left > 0)
			break;
		depth--;
	}
	return depth;
}

/* Walks over one item; with `strict` all that the header file promises is checked. */
static bool
walk(CborCursor *cursor, bool strict)
{
	Level		level[CBOR_MAX_DEPTH];
	int			depth = 0;

	do
	{
		CborItem	item;
		Level	   *top = depth > 0 ? &level[depth - 1] : NULL;
		bool		in_pieces = top != NULL && (top->type == CBOR_TEXT || top->type == CBOR_BYTES);

		if (!ob_credential_cbor_next(cursor, &item))
			return false;
		if (item.type == CBOR_BREAK)
		{
			if (top == NULL || top->left != CBOR_OPEN || (top->type == CBOR_MAP && top->odd))
				return false;
			depth = complete(level, depth - 1);
			continue;
		}
		/* a piece has a length, and the type of the whole */
		if (in_pieces && (item.type != top->type || item.bytes == NULL))
			return false;
		if (strict && item.type == CBOR_TEXT && item.bytes != NULL && !is_text(item.bytes, item.length))
			return false;
		if (item.type >= CBOR_BYTES && item.type <= CBOR_TAG && item.bytes == NULL &&
			(item.type == CBOR_TAG || item.number > 0))
		{
			uint64_t	left = item.type == CBOR_TAG ? 1 : item.number;

			if (item.type == CBOR_MAP && left != CBOR_OPEN)
			{
				if (left > UINT64_MAX / 4)
					return false;
				left *= 2;
			}
			/* each item takes a byte at least */
			if (depth == CBOR_MAX_DEPTH || (left != CBOR_OPEN && left > (uint64_t) (cursor->end - cursor->at)))
				return false;
			level[depth].type = item.type;
			level[depth].left = left;
			level[depth++].odd = false;
		}
		else
			depth = complete(level, depth);
	} while (depth > 0);
	return true;
}

bool
ob_credential_cbor_check(const uint8_t *bytes, size_t length)
{
	CborCursor	cursor = {bytes, bytes + length};

	return walk(&cursor, true) && cursor.at == cursor.end;
}

bool
ob_credential_cbor_skip(CborCursor *cursor)
{
	return walk(cursor, false);
}

bool
ob_credential_cbor_integer(const CborItem *item, int64_t *value)
{
	if ((item->type != CBOR_UNSIGNED && item->type != CBOR_NEGATIVE) || item->number > INT64_MAX)
		return false;
	*value = item->type == CBOR_UNSIGNED ? (int64_t) item->number : -1 - (int64_t) item->number;
	return true;
}

/* ---- writing ---- */

uint8_t *
ob_credential_cbor_put_head(uint8_t *out, CborType type, uint64_t number)
{
	int			major = type <= CBOR_TAG ? (int) type : MAJOR_SIMPLE;
	int			size;

	if (type > CBOR_TAG)
		number = 20 + (uint64_t) (type - CBOR_FALSE);
	size = number < 24 ? 0 : number <= 0xFF ? 1 : number <= 0xFFFF ? 2 : number <= 0xFFFFFFFF ? 4 : 8;
	*out++ = (uint8_t) (major << 5 | (size == 0 ? (int) number : size == 1 ? 24 : size == 2 ? 25 : size == 4 ? 26 : 27));
	while (size-- > 0)
		*out++ = (uint8_t) (number >> 8 * size);
	return out;
}

uint8_t *
ob_credential_cbor_put_integer(uint8_t *out, int64_t value)
{
	return value < 0 ? ob_credential_cbor_put_head(out, CBOR_NEGATIVE, (uint64_t) (-1 - value)) :
		ob_credential_cbor_put_head(out, CBOR_UNSIGNED, (uint64_t) value);
}

uint8_t *
ob_credential_cbor_put_bytes(uint8_t *out, CborType type, const void *bytes, size_t length)
{
	out = ob_credential_cbor_put_head(out, type, length);
	if (length > 0)
		memcpy(out, bytes, length);
	return out + length;
}

uint8_t *
ob_credential_cbor_put_double(uint8_t *out, double value)
{
	uint64_t	bits;

	memcpy(&bits, &value, sizeof(bits));
	*out++ = MAJOR_SIMPLE << 5 | 27;
	for (int shift = 56; shift >= 0; shift -= 8)
		*out++ = (uint8_t) (bits >> shift);
	return out;
}
