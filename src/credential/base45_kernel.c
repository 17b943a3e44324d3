/*-------------------------------------------------------------------------
 *
 * base45_kernel.c
 *		Base45 (RFC 9285): bytes in the 45 characters of a QR code's
 *		alphanumeric mode.
 *
 *-------------------------------------------------------------------------
 */
#include "credential/base45_kernel.h"

static const char letters[45] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/* 1 + what each character stands for; 0: nothing */
static const uint8_t values[256] = {
	['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5, ['5'] = 6, ['6'] = 7, ['7'] = 8, ['8'] = 9, ['9'] = 10,
	['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16, ['G'] = 17, ['H'] = 18, ['I'] = 19,
	['J'] = 20, ['K'] = 21, ['L'] = 22, ['M'] = 23, ['N'] = 24, ['O'] = 25, ['P'] = 26, ['Q'] = 27, ['R'] = 28,
	['S'] = 29, ['T'] = 30, ['U'] = 31, ['V'] = 32, ['W'] = 33, ['X'] = 34, ['Y'] = 35, ['Z'] = 36,
	[' '] = 37, ['$'] = 38, ['%'] = 39, ['*'] = 40, ['+'] = 41, ['-'] = 42, ['.'] = 43, ['/'] = 44, [':'] = 45
};

size_t
ob_credential_base45_length(size_t n)
{
	return n / 2 * 3 + n % 2 * 2;
}

void
ob_credential_base45_encode(const uint8_t *in, size_t n, char *out)
{
	size_t		i;

	for (i = 0; i + 1 < n; i += 2)
	{
		unsigned	pair = in[i] << 8 | in[i + 1];

		*out++ = letters[pair % 45];
		*out++ = letters[pair / 45 % 45];
		*out++ = letters[pair / (45 * 45)];
	}
	if (i < n)
	{
		*out++ = letters[in[i] % 45];
		*out++ = letters[in[i] / 45];
	}
}

Base45Fault
ob_credential_base45_decode(const char *in, size_t n, uint8_t *out, size_t *length, size_t *at)
{
	uint8_t    *start = out;

	for (size_t i = 0; i < n; i += 3)
	{
		size_t		left = n - i < 3 ? n - i : 3;
		uint32_t	group = 0;

		for (size_t j = left; j-- > 0;)
		{
			uint8_t		value = values[(uint8_t) in[i + j]];

			*at = i + j;
			if (value == 0)
				return BASE45_BAD_CHARACTER;
			group = group * 45 + (value - 1);
		}
		*at = i;
		if (left == 1)
			return BASE45_BAD_LENGTH;
		if (group > (left == 3 ? 0xFFFF : 0xFF))
			return BASE45_BAD_GROUP;
		if (left == 3)
			*out++ = (uint8_t) (group >> 8);
		*out++ = (uint8_t) group;
	}
	*length = (size_t) (out - start);
	return BASE45_OK;
}
