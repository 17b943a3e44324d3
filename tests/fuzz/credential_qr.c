/*-------------------------------------------------------------------------
 *
 * credential_qr.c
 *	  Fuzz target of QR codes and their pictures; needs no server.
 *
 *	  clang -g -Isrc -fsanitize=fuzzer,address,undefined \
 *		  tests/fuzz/credential_qr.c src/credential/qr_kernel.c -lqrencode -lz -o fuzz && ./fuzz -max_total_time=60
 *
 * or without libFuzzer, over random inputs of its own (argument: how many):
 *
 *	  cc -g -Isrc -DSTANDALONE -fsanitize=address,undefined \
 *		  tests/fuzz/credential_qr.c src/credential/qr_kernel.c -lqrencode -lz -o fuzz && ./fuzz 10000
 *
 * Promises that are tried on every input
 *	  Data of any length and content make a code or are told to be too long,
 *	  and nothing shorter is. A code has the width of its version. The path of
 *	  the SVG, drawn, and the pixels of the PNG, unpacked, are the modules of
 *	  the code with a margin around them, and neither takes more than its room.
 *
 *-------------------------------------------------------------------------
 */
#include "credential/qr_kernel.h"

#include <string.h>
#include <zlib.h>

#include "fuzz.h"

#define SIDE_MAX	(QR_MAX_WIDTH + 2 * QR_MARGIN)

static Qr	qr;
static uint8_t drawn[SIDE_MAX][SIDE_MAX];

static long
number(const char **at)
{
	char	   *end;
	long		value = strtol(*at, &end, 10);

	PROMISE(end != *at);
	*at = end;
	return value;
}

/* Follows the pen of the path. */
static void
try_svg(void)
{
	size_t		room = ob_credential_qr_svg_room(&qr);
	char	   *svg = malloc(room + 1);
	size_t		length = ob_credential_qr_svg(&qr, svg);
	const char *at;
	long		x;
	long		y;

	PROMISE(length <= room);
	svg[length] = '\0';
	at = strstr(svg, "stroke=\"#000\" d=\"M");
	PROMISE(at != NULL);
	at += strlen("stroke=\"#000\" d=\"M");
	x = number(&at);
	y = number(&at);
	PROMISE(memcmp(at, ".5", 2) == 0);
	at += 2;
	memset(drawn, 0, sizeof(drawn));
	while (*at == 'm')
	{
		at++;
		x += number(&at);
		y += number(&at);
		PROMISE(*at == 'h');
		at++;
		for (long run = number(&at); run > 0; run--)
		{
			PROMISE(x >= 0 && y >= 0 && x < SIDE_MAX && y < SIDE_MAX);
			drawn[y][x++] = 1;
		}
	}
	PROMISE(strcmp(at, "\"/></svg>") == 0);
	for (int row = 0; row < qr.width; row++)
		for (int column = 0; column < qr.width; column++)
			PROMISE(drawn[row + QR_MARGIN][column + QR_MARGIN] == qr.dark[row * qr.width + column]);
	free(svg);
}

/* Unpacks the pixels and looks at the middle of each module. */
static void
try_png(int module)
{
	size_t		room = ob_credential_qr_png_room(&qr, module);
	uint8_t    *png = malloc(room);
	size_t		length = ob_credential_qr_png(&qr, module, png);
	int			side = (qr.width + 2 * QR_MARGIN) * module;
	uLongf		bytes = (uLongf) (1 + (side + 7) / 8);
	uLongf		size = bytes * (uLongf) side;
	uint8_t    *pixels = malloc(size);
	size_t		packed = (size_t) png[33] << 24 | (size_t) png[34] << 16 | (size_t) png[35] << 8 | png[36];

	PROMISE(length > 0 && length <= room);
	PROMISE(memcmp(png + 37, "IDAT", 4) == 0 && length == 41 + packed + 4 + 12);
	PROMISE(uncompress(pixels, &size, png + 41, packed) == Z_OK && size == bytes * (uLongf) side);
	for (int y = 0; y < side; y++)
	{
		uint8_t    *row = pixels + (size_t) y * bytes;

		PROMISE(row[0] == 0 || (row[0] == 2 && y > 0));
		if (row[0] == 2)
			for (uLongf i = 1; i < bytes; i++)
				row[i] = (uint8_t) (row[i] + row[i - bytes]);
		for (int x = 0; x < side; x++)
		{
			int			column = x / module - QR_MARGIN;
			int			line = y / module - QR_MARGIN;
			int			dark = column >= 0 && line >= 0 && column < qr.width && line < qr.width && qr.dark[line * qr.width + column];

			PROMISE(((row[1 + x / 8] >> (7 - x % 8)) & 1) != dark);
		}
	}
	free(png);
	free(pixels);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	QrLevel		level;
	bool		is_text;
	QrResult	result;
	uint8_t    *copy;

	if (size < 1 || size > 8000)
		return 0;
	level = (QrLevel) (data[0] & 3);
	is_text = (data[0] & 4) != 0;
	copy = malloc(size);
	memcpy(copy, data + 1, size - 1);
	result = ob_credential_qr_make(copy, size - 1, is_text, level, &qr);
	if (size == 1)
		PROMISE(result == QR_EMPTY);
	else if (size - 1 <= 1200)
		PROMISE(result == QR_OK);
	else
		PROMISE(result == QR_OK || result == QR_TOO_LONG);
	if (result == QR_OK)
	{
		PROMISE(qr.version >= 1 && qr.version <= QR_MAX_VERSION && qr.width == 17 + 4 * qr.version);
		try_svg();
		try_png(1 + data[0] % 4);
	}
	free(copy);
	return 0;
}

#ifdef STANDALONE
int
main(int argc, char **argv)
{
	static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
	long		runs = argc > 1 ? atol(argv[1]) : 10000;

	srand(20210401);
	for (long run = 0; run < runs / 10 + 1; run++)
	{
		uint8_t		input[8001];
		size_t		size = 1 + (size_t) rand() % (rand() % 20 == 0 ? 7500 : 300);
		int			kind = rand() % 3;

		input[0] = (uint8_t) rand();
		for (size_t i = 1; i < size; i++)
			input[i] = kind == 0 ? (uint8_t) rand() : kind == 1 ? (uint8_t) ('0' + rand() % 10) : (uint8_t) letters[rand() % 45];
		LLVMFuzzerTestOneInput(input, size);
	}
	printf("%ld inputs, every promise kept\n", runs / 10 + 1);
	return 0;
}
#endif
