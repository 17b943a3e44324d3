/*-------------------------------------------------------------------------
 *
 * registry_gs1.c
 *	  Fuzz target of GS1 element strings; needs no server.
 *
 *	  clang -g -Isrc -fsanitize=fuzzer,address,undefined \
 *		  tests/fuzz/registry_gs1.c src/registry/gs1_kernel.c src/registry/gs1_check.c src/registry/gs1_table.c src/registry/code_kernel.c -o fuzz && ./fuzz -max_total_time=60
 *
 * or without libFuzzer, over random inputs of its own (argument: how many):
 *
 *	  cc -g -Isrc -DSTANDALONE -fsanitize=address,undefined \
 *		  tests/fuzz/registry_gs1.c src/registry/gs1_kernel.c src/registry/gs1_check.c src/registry/gs1_table.c src/registry/code_kernel.c -o fuzz && ./fuzz 1000000
 *
 * Promises that are tried on every input
 *	  No text is read out of bounds. A fault lies within the text or at its
 *	  end. What is read has elements, each with an AI of the table and a value
 *	  of its characters and length, and can be written in both forms, which
 *	  read as the same elements. Cut short or with one byte changed it is read
 *	  or refused, nothing else. The table ascends, and each AI has the length
 *	  that its first digits say.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/gs1_kernel.h"

#include <string.h>

#include "fuzz.h"

#define YEAR	2021
#define ROOM	(GS1_MAX_ELEMENTS * (2 * GS1_MAX_VALUE + 8))

static int
append_ai(char *out, int number, bool raw)
{
	return snprintf(out, 8, raw ? (number < 100 ? "%02d" : "%d") : (number < 100 ? "(%02d)" : "(%d)"), number);
}

/* Write the elements of a reading in one of the forms; returns the length. */
static int
write_elements(const Gs1Reading *reading, bool raw, char *out)
{
	int			length = 0;
	bool		open = false;

	for (int i = 0; i < reading->count; i++)
	{
		const Gs1Element *element = &reading->element[i];
		char		value[2 * GS1_MAX_VALUE];
		int			n = ob_registry_gs1_value(element, value);

		PROMISE(n >= 1 && n <= GS1_MAX_VALUE);
		if (raw && open)
			out[length++] = GS1_FNC1;
		length += append_ai(out + length, element->number, raw);
		for (int c = 0; c < n; c++)
		{
			if (!raw && value[c] == '(')
				out[length++] = '\\';
			out[length++] = value[c];
		}
		open = !element->ai->predefined;
	}
	return length;
}

/* The same elements, however they are written. */
static void
compare(const Gs1Reading *a, const Gs1Reading *b)
{
	PROMISE(a->count == b->count);
	for (int i = 0; i < a->count; i++)
	{
		char		left[2 * GS1_MAX_VALUE];
		char		right[2 * GS1_MAX_VALUE];
		int			n = ob_registry_gs1_value(&a->element[i], left);

		PROMISE(a->element[i].number == b->element[i].number);
		PROMISE(n == ob_registry_gs1_value(&b->element[i], right));
		PROMISE(memcmp(left, right, (size_t) n) == 0);
	}
}

static void
try_elements(const Gs1Reading *reading)
{
	PROMISE(reading->count >= 1 && reading->count <= GS1_MAX_ELEMENTS);
	for (int i = 0; i < reading->count; i++)
	{
		const Gs1Element *element = &reading->element[i];
		int			longest = 0;

		PROMISE(element->ai == ob_registry_gs1_ai(element->number));
		PROMISE(ob_registry_gs1_find(reading, element->number) <= element);
		for (int c = 0; c < GS1_COMPONENTS; c++)
			longest += element->ai->component[c].longest;
		PROMISE(element->length >= 1 && element->length <= 2 * longest);
		PROMISE(element->escaped || element->length <= longest);
	}
}

static Gs1Fault
read_text(const char *text, size_t length, Gs1Reading *reading)
{
	/* A copy of just this size lets the sanitizer see reads beyond it. */
	char	   *copy = malloc(length > 0 ? length : 1);
	Gs1Fault	fault;

	if (length > 0)
		memcpy(copy, text, length);
	fault = ob_registry_gs1_read(copy, length, YEAR, reading);
	if (fault == GS1_OK)
		try_elements(reading);
	else
		PROMISE(reading->offset >= 0 && (size_t) reading->offset <= length);
	free(copy);
	return fault;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *) data;
	static char written[2][ROOM];
	Gs1Reading	reading;
	Gs1Reading	again;

	if (size > 4096)
		return 0;
	read_text(text, size, &reading);
	if (ob_registry_gs1_read(text, size, YEAR, &reading) != GS1_OK)
		return 0;
	for (int raw = 0; raw <= 1; raw++)
	{
		int			length = write_elements(&reading, raw, written[raw]);

		PROMISE(read_text(written[raw], (size_t) length, &again) == GS1_OK);
		PROMISE(ob_registry_gs1_read(written[raw], (size_t) length, YEAR, &again) == GS1_OK);
		compare(&reading, &again);
		for (int cut = 0; cut < length; cut++)
			read_text(written[raw], (size_t) cut, &again);
		for (int at = 0; at < length; at++)
		{
			char		kept = written[raw][at];

			written[raw][at] = (char) (kept ^ (1 << at % 8));
			read_text(written[raw], (size_t) length, &again);
			written[raw][at] = kept;
		}
	}
	return 0;
}

#ifdef STANDALONE
static void
try_table(void)
{
	int			count;
	const Gs1Ai *table = ob_registry_gs1_table(&count);

	for (int i = 0; i < count; i++)
	{
		PROMISE(table[i].first <= table[i].last && (i == 0 || table[i - 1].last < table[i].first));
		PROMISE(table[i].component[0].set != GS1_NO_SET && table[i].title[0] != '\0');
		for (int number = table[i].first; number <= table[i].last; number++)
		{
			int			digits = number < 100 ? 2 : number < 1000 ? 3 : 4;

			PROMISE(ob_registry_gs1_ai(number) == &table[i]);
			PROMISE(ob_registry_gs1_ai_length(number < 100 ? number : number < 1000 ? number / 10 : number / 100) == digits);
		}
	}
	PROMISE(ob_registry_gs1_ai(-1) == NULL && ob_registry_gs1_ai(4) == NULL && ob_registry_gs1_ai(9999) == NULL);
}

/* A value that mostly fits the AI. */
static int
draw_value(const Gs1Ai *ai, char *out)
{
	static const char characters[] = "0123456789ABCxyz-_/=%(";
	int			length = 0;

	for (int c = 0; c < GS1_COMPONENTS && ai->component[c].set != GS1_NO_SET; c++)
	{
		const Gs1Component *component = &ai->component[c];
		int			n = component->shortest + rand() % (component->longest - component->shortest + 1);

		if (component->optional && rand() % 2)
			break;
		for (int i = 0; i < n; i++)
			out[length++] = component->set == GS1_DIGITS || rand() % 3 ? (char) ('0' + rand() % 10) : characters[rand() % 22];
		switch (component->check)
		{
			case GS1_CHECK_DIGIT:
				{
					int			expected = 0;

					ob_registry_gs1_check(GS1_CHECK_DIGIT, out + length - n, n, YEAR, &expected);
					out[length - 1] = (char) ('0' + expected);
					break;
				}
			case GS1_DATE:
			case GS1_DATE_OR_MONTH:
				memcpy(out + length - 4, "0228", 4);
				break;
			case GS1_TIME:
				memcpy(out + length - 4, "2359", 4);
				break;
			case GS1_PIECE_OF_TOTAL:
				memcpy(out + length - 4, "0102", 4);
				break;
			default:
				break;
		}
	}
	return length;
}

int
main(int argc, char **argv)
{
	static const int usual[] = {0, 1, 2, 37, 10, 11, 17, 21, 30, 414, 8020, 8006, 8018, 250, 3103, 3922, 99};
	static const char *const prefix[] = {"", "", "", "]C1", "]d2", "\x1D", "]E0", "]x9", " "};
	long		runs = argc > 1 ? atol(argv[1]) : 1000000;
	long		read = 0;
	int			count;
	const Gs1Ai *table = ob_registry_gs1_table(&count);

	try_table();
	srand(20210401);
	for (long run = 0; run < runs; run++)
	{
		char		text[1024];
		Gs1Reading	reading;
		bool		raw = rand() % 2;
		int			length = snprintf(text, 8, "%s", prefix[rand() % 9]);
		int			elements = 1 + rand() % 4;

		if (rand() % 50 == 0)
			length += snprintf(text + length, 32, "%013d", rand());
		for (int e = 0; e < elements; e++)
		{
			const Gs1Ai *ai = e == 0 && rand() % 4 ? ob_registry_gs1_ai(rand() % 8 ? 1 : 0) :
				rand() % 4 ? ob_registry_gs1_ai(usual[rand() % 17]) : &table[rand() % count];

			length += append_ai(text + length, ai->first + rand() % (ai->last - ai->first + 1), raw);
			length += draw_value(ai, text + length);
			if (raw && (!ai->predefined || rand() % 8 == 0) && rand() % 30)
				text[length++] = GS1_FNC1;
		}
		if (rand() % 20 == 0)
			text[rand() % length] = (char) rand();
		read += ob_registry_gs1_read(text, (size_t) length, YEAR, &reading) == GS1_OK;
		LLVMFuzzerTestOneInput((const uint8_t *) text, (size_t) length);
	}
	/* a target that refuses all it is given tries nothing */
	PROMISE(runs < 100 || read > runs / 20);
	printf("%ld inputs, %ld of them read, every promise kept\n", runs, read);
	return 0;
}
#endif
