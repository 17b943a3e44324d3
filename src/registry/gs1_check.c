/*-------------------------------------------------------------------------
 *
 * gs1_check.c
 *	  What the parts of values in a GS1 element string must be.
 *
 * Vocabulary is in gs1_kernel.h and gs1_table.h. Lengths and characters have
 * been judged before.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/gs1_kernel.h"

#include <string.h>

#include "registry/code_kernel.h"

#define CHARACTERS_82	"!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
#define CHARACTERS_32	"23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

#define N	(1 << GS1_DIGITS)
#define X	(1 << GS1_SET_82)
#define Y	(1 << GS1_SET_39)
#define Z	(1 << GS1_SET_64)

const uint8_t ob_registry_gs1_sets[256] = {
	['!'] = X,['"'] = X,['#'] = Y,['%'] = X,['&'] = X,['\''] = X,['('] = X,[')'] = X,['*'] = X,['+'] = X,
	[','] = X,['-'] = X | Y | Z,['.'] = X,['/'] = X | Y,['0' ... '9'] = N | X | Y | Z,[':'] = X,[';'] = X,
	['<'] = X,['='] = X | Z,['>'] = X,['?'] = X,['A' ... 'Z'] = X | Y | Z,['_'] = X | Z,['a' ... 'z'] = X | Z
};

int
ob_registry_gs1_year(int two_digits, int year)
{
	int			ahead = two_digits - year % 100;
	int			century = year - year % 100;

	if (ahead >= 51)
		century -= 100;
	else if (ahead <= -50)
		century += 100;
	return century + two_digits;
}

int
ob_registry_gs1_days(int year, int month)
{
	static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return days[month - 1] + (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
}

/* The number that n digits make. */
static int64_t
digits(const char *value, int n)
{
	int64_t		number = 0;

	for (int i = 0; i < n; i++)
		number = number * 10 + (value[i] - '0');
	return number;
}

static bool
is_day(int year, const char *month_and_day, bool month_alone)
{
	int			month = (int) digits(month_and_day, 2);
	int			day = (int) digits(month_and_day + 2, 2);

	return month >= 1 && month <= 12 && day <= ob_registry_gs1_days(year, month) && (day >= 1 || month_alone);
}

/* Two characters that weigh those before them, prime by prime from the right, mod 1021. */
static bool
check_pair_holds(const char *value, int length)
{
	static const uint8_t prime[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83};
	int			sum = 0;

	if (length < 2 || length - 2 > (int) sizeof(prime))
		return false;
	for (int i = 0; i < length - 2; i++)
	{
		const char *place = strchr(CHARACTERS_82, value[i]);

		if (value[i] == '\0' || place == NULL)
			return false;
		sum += (int) (place - CHARACTERS_82) * prime[length - 3 - i];
	}
	sum %= 1021;
	return value[length - 2] == CHARACTERS_32[sum >> 5] && value[length - 1] == CHARACTERS_32[sum & 31];
}

static bool
is_hexadecimal(char character)
{
	return (character >= '0' && character <= '9') || (character >= 'A' && character <= 'F') ||
		(character >= 'a' && character <= 'f');
}

static bool
percent_holds(const char *value, int length)
{
	for (int i = 0; i < length; i++)
		if (value[i] == '%' &&
			(i + 2 >= length || !is_hexadecimal(value[i + 1]) || !is_hexadecimal(value[i + 2])))
			return false;
	return true;
}

/* At most two =, at the end, of a whole number of threes: so the GS1 Syntax Dictionary. */
static bool
padding_holds(const char *value, int length)
{
	int			padding = 0;

	while (padding < length && value[length - 1 - padding] == '=')
		padding++;
	return memchr(value, '=', (size_t) (length - padding)) == NULL && padding <= 2 && (padding == 0 || length % 3 == 0);
}

/* A company prefix has at least four digits. */
static bool
prefix_holds(const char *value, int length)
{
	for (int i = 0; i < 4; i++)
		if (i >= length || value[i] < '0' || value[i] > '9')
			return false;
	return true;
}

static bool
is_one_of(const char *value, const char *allowed)
{
	return strchr(allowed, value[0]) != NULL;
}

bool
ob_registry_gs1_check(Gs1Check check, const char *value, int length, int year, int *expected)
{
	int			half = length / 2;

	switch (check)
	{
		case GS1_CHECK_DIGIT:
			*expected = ob_registry_code_gs1_check_digit((const uint8_t *) value, length - 1, '0');
			return *expected == value[length - 1] - '0';
		case GS1_CHECK_PAIR:
			return check_pair_holds(value, length) && prefix_holds(value, length);
		case GS1_PREFIX:
			return prefix_holds(value, length);
		case GS1_DATE_OR_MONTH:
		case GS1_DATE:
			return is_day(ob_registry_gs1_year((int) digits(value, 2), year), value + 2, check == GS1_DATE_OR_MONTH);
		case GS1_LONG_DATE:
			return is_day((int) digits(value, 4), value + 4, false);
		case GS1_TIME:
			return digits(value, 2) < 24 && digits(value + 2, 2) < 60;
		case GS1_HOUR:
			return digits(value, 2) < 24;
		case GS1_SIXTY:
			return digits(value, 2) < 60;
		case GS1_YES_NO:
			return is_one_of(value, "01");
		case GS1_ZERO:
			return digits(value, length) == 0;
		case GS1_NOT_ZERO:
			return digits(value, length) != 0;
		case GS1_NO_LEADING_ZERO:
			return value[0] != '0';
		case GS1_WINDING:
			return is_one_of(value, "019");
		case GS1_SEX:
			return is_one_of(value, "0129");
		case GS1_PIECE_OF_TOTAL:
			return digits(value, half) >= 1 && digits(value, half) <= digits(value + half, half);
		case GS1_POSITION_OF_TOTAL:
			return value[1] == '/' && is_one_of(value, "123456789") && is_one_of(value + 2, "123456789") && value[0] <= value[2];
		case GS1_HYPHEN:
			return value[0] == '-';
		case GS1_PERCENT:
			return percent_holds(value, length);
		case GS1_LATITUDE:
			return digits(value, length) <= INT64_C(1800000000);
		case GS1_LONGITUDE:
			return digits(value, length) <= INT64_C(3600000000);
		case GS1_MEDIA_TYPE:
			return digits(value, 2) >= 1 && (digits(value, 2) <= 10 || digits(value, 2) >= 80);
		case GS1_IMPORTER:
			return gs1_in_set(GS1_SET_64, (unsigned char) value[0]) && value[0] != '=';
		case GS1_BASE64:
			return padding_holds(value, length);
		case GS1_ANY:
			break;
	}
	return true;
}
