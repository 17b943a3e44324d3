/*-------------------------------------------------------------------------
 *
 * qr_kernel.c
 *		QR codes with libqrencode, and drawing them.
 *
 *-------------------------------------------------------------------------
 */
#include "credential/qr_kernel.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <qrencode.h>
#include <zlib.h>

#define ECI_UTF8	26

static const QRecLevel levels[] = {QR_ECLEVEL_L, QR_ECLEVEL_M, QR_ECLEVEL_Q, QR_ECLEVEL_H};

void
ob_credential_qr_capacity(QrLevel level, int *digits, int *letters, int *bytes)
{
	static const int most[4][3] = {{7089, 4296, 2953}, {5596, 3391, 2331}, {3993, 2420, 1663}, {3057, 1852, 1273}};

	*digits = most[level][0];
	*letters = most[level][1];
	*bytes = most[level][2];
}

/* One segment of bytes, told to be UTF-8 if asked. */
static QRcode *
encode_bytes(const uint8_t *data, size_t length, bool utf8, QrLevel level)
{
	QRinput    *input = QRinput_new2(0, levels[level]);
	QRcode	   *code = NULL;
	int			error = ENOMEM;

	if (input != NULL)
	{
		if ((!utf8 || QRinput_appendECIheader(input, ECI_UTF8) == 0) &&
			QRinput_append(input, QR_MODE_8, (int) length, data) == 0)
			code = QRcode_encodeInput(input);
		error = errno;
		QRinput_free(input);
	}
	errno = error;
	return code;
}

QrResult
ob_credential_qr_make(const uint8_t *data, size_t length, bool is_text, QrLevel level, Qr *qr)
{
	bool		ascii = true;
	QRcode	   *code;

	if (length == 0)
		return QR_EMPTY;
	if (length > QR_MAX_DIGITS)
		return QR_TOO_LONG;
	for (size_t i = 0; i < length; i++)
		ascii = ascii && data[i] > 0 && data[i] < 0x80;
	errno = 0;
	if (is_text && ascii)
	{
		char		text[QR_MAX_DIGITS + 1];

		memcpy(text, data, length);
		text[length] = '\0';
		code = QRcode_encodeString(text, 0, levels[level], QR_MODE_8, 1);
	}
	else if (length > QR_MAX_BYTES)
		return QR_TOO_LONG;
	else
		code = encode_bytes(data, length, is_text, level);
	if (code == NULL)
		return errno == ERANGE ? QR_TOO_LONG : QR_FAILED;
	if (code->width > QR_MAX_WIDTH)
	{
		QRcode_free(code);
		return QR_FAILED;
	}
	qr->version = code->version;
	qr->width = code->width;
	for (int i = 0; i < code->width * code->width; i++)
		qr->dark[i] = code->data[i] & 1;
	QRcode_free(code);
	return QR_OK;
}

/* ---- SVG: one path, a stroke for each run of dark modules ---- */

#define SVG_HEAD_ROOM	300
#define SVG_RUN_ROOM	16		/* m-177,1h177 and more */

size_t
ob_credential_qr_svg_room(const Qr *qr)
{
	return SVG_HEAD_ROOM + (size_t) qr->width * ((size_t) qr->width / 2 + 1) * SVG_RUN_ROOM;
}

static char *
put_text(char *out, const char *text)
{
	size_t		length = strlen(text);

	memcpy(out, text, length);
	return out + length;
}

static char *
put_number(char *out, int number)
{
	char		digits[12];
	int			n = 0;

	if (number < 0)
	{
		*out++ = '-';
		number = -number;
	}
	do
		digits[n++] = (char) ('0' + number % 10);
	while ((number /= 10) > 0);
	while (n > 0)
		*out++ = digits[--n];
	return out;
}

/* Moves by that much, and draws a line of that length to the right. */
static char *
put_run(char *out, int right, int down, int length)
{
	*out++ = 'm';
	out = put_number(out, right);
	*out++ = ' ';
	out = put_number(out, down);
	*out++ = 'h';
	return put_number(out, length);
}

size_t
ob_credential_qr_svg(const Qr *qr, char *out)
{
	char	   *start = out;
	int			side = qr->width + 2 * QR_MARGIN;
	int			pen_x = 0;
	int			pen_y = 0;

	out = put_text(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ");
	out = put_number(out, side);
	*out++ = ' ';
	out = put_number(out, side);
	out = put_text(out, "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h");
	out = put_number(out, side);
	*out++ = 'v';
	out = put_number(out, side);
	out = put_text(out, "H0z\"/><path stroke=\"#000\" d=\"M");
	out = put_number(out, QR_MARGIN);
	*out++ = ' ';
	out = put_number(out, QR_MARGIN);
	/* lines lie in the middle of their row */
	out = put_text(out, ".5");
	for (int y = 0; y < qr->width; y++)
	{
		const uint8_t *row = qr->dark + y * qr->width;

		for (int x = 0; x < qr->width; x++)
			if (row[x])
			{
				int			run = 1;

				while (x + run < qr->width && row[x + run])
					run++;
				out = put_run(out, x - pen_x, y - pen_y, run);
				x += run;
				pen_x = x;
				pen_y = y;
			}
	}
	out = put_text(out, "\"/></svg>");
	return (size_t) (out - start);
}

/* ---- PNG ---- */

#define PNG_WINDOW	12
#define PNG_MEMORY	6
#define FILTER_UP	2			/* a row is told by its difference from the one above */

static uint8_t *
put_word(uint8_t *out, uint32_t word)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		*out++ = (uint8_t) (word >> shift);
	return out;
}

/* A chunk, whose data lies 8 bytes behind out already. */
static uint8_t *
close_chunk(uint8_t *out, const char *type, size_t length)
{
	put_word(out, (uint32_t) length);
	memcpy(out + 4, type, 4);
	return put_word(out + 8 + length, (uint32_t) crc32(0, out + 4, (uInt) (length + 4)));
}

static size_t
row_bytes(const Qr *qr, int module)
{
	return 1 + ((size_t) (qr->width + 2 * QR_MARGIN) * (size_t) module + 7) / 8;
}

size_t
ob_credential_qr_png_room(const Qr *qr, int module)
{
	size_t		raw = row_bytes(qr, module) * (size_t) (qr->width + 2 * QR_MARGIN) * (size_t) module;

	/* compressBound() and a little, the chunks, a row */
	return raw + (raw >> 9) + (raw >> 12) + (raw >> 14) + 128 + row_bytes(qr, module);
}

/* A row of pixels behind its filter byte; y outside of the code is margin. */
static void
draw_row(const Qr *qr, int module, int y, uint8_t *row)
{
	memset(row, 0xFF, row_bytes(qr, module));
	row[0] = 0;
	if (y < 0 || y >= qr->width)
		return;
	for (int x = 0; x < qr->width; x++)
		if (qr->dark[y * qr->width + x])
			for (int p = (x + QR_MARGIN) * module; p < (x + QR_MARGIN + 1) * module; p++)
				row[1 + p / 8] &= (uint8_t) ~(0x80 >> p % 8);
}

/* Packs all rows; row has room for one of them. */
static bool
pack_rows(const Qr *qr, int module, uint8_t *row, uint8_t *out, size_t room, size_t *length)
{
	z_stream	stream;
	int			state = Z_OK;

	memset(&stream, 0, sizeof(stream));
	/* little is repeated far away: a small window costs less to make than a large one saves */
	if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, PNG_WINDOW, PNG_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	stream.next_out = out;
	stream.avail_out = (uInt) room;
	for (int y = -QR_MARGIN; y < qr->width + QR_MARGIN && state == Z_OK; y++)
	{
		draw_row(qr, module, y, row);
		for (int copy = 0; copy < module && state == Z_OK; copy++)
		{
			/* the same row again: no difference from the one above, which packs faster */
			if (copy == 1)
			{
				memset(row, 0, row_bytes(qr, module));
				row[0] = FILTER_UP;
			}
			stream.next_in = row;
			stream.avail_in = (uInt) row_bytes(qr, module);
			state = deflate(&stream, Z_NO_FLUSH);
		}
	}
	if (state == Z_OK)
		state = deflate(&stream, Z_FINISH);
	*length = (size_t) stream.total_out;
	deflateEnd(&stream);
	return state == Z_STREAM_END;
}

size_t
ob_credential_qr_png(const Qr *qr, int module, uint8_t *out)
{
	static const uint8_t signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
	uint8_t    *start = out;
	uint8_t    *at;
	size_t		side = (size_t) (qr->width + 2 * QR_MARGIN) * (size_t) module;
	size_t		room = ob_credential_qr_png_room(qr, module);
	size_t		row = row_bytes(qr, module);
	size_t		length;

	memcpy(out, signature, sizeof(signature));
	out += sizeof(signature);
	at = put_word(out + 8, (uint32_t) side);
	at = put_word(at, (uint32_t) side);
	*at++ = 1;					/* bits of a pixel */
	memset(at, 0, 4);			/* shades of grey; the usual methods */
	out = close_chunk(out, "IHDR", 13);
	/* the last bytes of the room hold the row that is being drawn */
	if (!pack_rows(qr, module, start + room - row, out + 8, room - row - 64, &length))
		return 0;
	out = close_chunk(out, "IDAT", length);
	out = close_chunk(out, "IEND", 0);
	return (size_t) (out - start);
}
