/*-------------------------------------------------------------------------
 *
 * deflate_kernel.c
 *		Packing and unpacking with zlib, with a limit on what comes out.
 *
 *-------------------------------------------------------------------------
 */
#include "credential/deflate_kernel.h"

#include <string.h>
#include <zlib.h>

/* zlib counts in unsigned int; whatever is larger is no code that somebody shows. */
#define MOST	((size_t) 1 << 30)

static int
window(DeflateForm form)
{
	return form == DEFLATE_RAW ? -MAX_WBITS : MAX_WBITS;
}

DeflateResult
ob_credential_inflate(DeflateForm form, const uint8_t *in, size_t n, uint8_t *out, size_t room, size_t *length)
{
	z_stream	stream;
	uint8_t		beyond;
	int			state;
	DeflateResult result;

	if (n > MOST || room > MOST)
		return DEFLATE_TOO_LARGE;
	memset(&stream, 0, sizeof(stream));
	if (inflateInit2(&stream, window(form)) != Z_OK)
		return DEFLATE_FAILED;
	stream.next_in = (Bytef *) in;
	stream.avail_in = (uInt) n;
	stream.next_out = room > 0 ? out : &beyond;
	stream.avail_out = (uInt) room;
	state = inflate(&stream, Z_FINISH);
	if (state == Z_BUF_ERROR && stream.avail_out == 0)
	{
		/* it is full; is there another byte, or only the end? */
		stream.next_out = &beyond;
		stream.avail_out = 1;
		state = inflate(&stream, Z_FINISH);
		if (stream.avail_out == 0)
			state = Z_NEED_DICT + 1;	/* stands for "too large" */
	}
	*length = room;
	if (stream.total_out < room)
		*length = (size_t) stream.total_out;
	result = state == Z_STREAM_END && stream.avail_in == 0 ? DEFLATE_OK :
		state == Z_NEED_DICT + 1 ? DEFLATE_TOO_LARGE :
		state == Z_MEM_ERROR ? DEFLATE_FAILED : DEFLATE_BROKEN;
	inflateEnd(&stream);
	return result;
}

size_t
ob_credential_deflate_bound(size_t n)
{
	/* what compressBound() gives, and a little for other settings than the usual ones */
	return n > MOST ? 0 : n + (n >> 9) + (n >> 12) + (n >> 14) + 64;
}

/*
 * The window that reaches over all of n bytes: a larger one would only cost
 * memory, which takes longer than packing a certificate.
 */
static int
small_window(size_t n)
{
	int			bits = 9;

	while (bits < MAX_WBITS && ((size_t) 1 << bits) < n + 512)
		bits++;
	return bits;
}

DeflateResult
ob_credential_deflate(DeflateForm form, const uint8_t *in, size_t n, uint8_t *out, size_t room, size_t *length)
{
	z_stream	stream;
	int			bits = small_window(n);
	int			state;

	if (n > MOST || room > MOST * 2)
		return DEFLATE_TOO_LARGE;
	memset(&stream, 0, sizeof(stream));
	if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, form == DEFLATE_RAW ? -bits : bits, bits - 7, Z_DEFAULT_STRATEGY) != Z_OK)
		return DEFLATE_FAILED;
	stream.next_in = (Bytef *) in;
	stream.avail_in = (uInt) n;
	stream.next_out = out;
	stream.avail_out = (uInt) room;
	state = deflate(&stream, Z_FINISH);
	*length = (size_t) stream.total_out;
	deflateEnd(&stream);
	/* the usual head, for readers that know no other; it only promises a window of at most 32 kB */
	if (form == DEFLATE_ZLIB && *length >= 2)
	{
		out[0] = 0x78;
		out[1] = 0xDA;
	}
	return state == Z_STREAM_END ? DEFLATE_OK : DEFLATE_TOO_LARGE;
}
