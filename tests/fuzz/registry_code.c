/*-------------------------------------------------------------------------
 *
 * registry_code.c
 *	  Fuzz target of src/registry/code_kernel.c; needs no server.
 *
 *	  clang -g -Isrc -fsanitize=fuzzer,address,undefined \
 *		  tests/fuzz/registry_code.c src/registry/code_kernel.c -o fuzz && ./fuzz -max_total_time=60
 *
 * or without libFuzzer, over random inputs of its own (argument: how many):
 *
 *	  cc -g -Isrc -DSTANDALONE -fsanitize=address,undefined \
 *		  tests/fuzz/registry_code.c src/registry/code_kernel.c -o fuzz && ./fuzz 1000000
 *
 * Promises that are tried on every input
 *	  No text is read out of bounds.  What is read without fault is written
 *	  back to the same digits and accepted as a number.  A wrong digit at places
 *	  4 to 10 of an institution code, and at any place of a GTIN or SSCC, is
 *	  refused, with the expected check digit.
 *	  Suggestions ascend, pass the check and differ from the input in one
 *	  digit or two neighbours.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/code_kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

static void
try_round_trip(CodeKind kind, const CodeReading *reading)
{
	char		digits[CODE_MAX_DIGITS];
	CodeReading again;

	ob_registry_code_format(kind, reading->value, digits);
	for (int i = 0; i < ob_registry_code_length(kind); i++)
		PROMISE(digits[i] - '0' == reading->digit[i]);
	PROMISE(ob_registry_code_from_value(kind, reading->value, &again) == CODE_OK);
	PROMISE(again.value == reading->value);
}

static void
try_wrong_digits(const CodeReading *reading)
{
	for (int i = 3; i < CODE_INSTITUTION_DIGITS; i++)
		for (int wrong = 0; wrong <= 9; wrong++)
		{
			CodeReading trial = *reading;

			if (wrong == reading->digit[i])
				continue;
			trial.digit[i] = (uint8_t) wrong;
			PROMISE(ob_registry_code_judge(CODE_INSTITUTION, &trial) == CODE_BAD_CHECK);
			trial.fault = CODE_OK;
			trial.digit[CODE_INSTITUTION_DIGITS - 1] = (uint8_t) trial.expected;
			PROMISE(ob_registry_code_judge(CODE_INSTITUTION, &trial) == CODE_OK);
		}
}

/* GTIN and SSCC: written with all their digits, the value is the same; every wrong digit is refused. */
static void
try_gs1_kind(CodeKind kind, const char *text, size_t size, int flags)
{
	CodeReading reading;
	CodeReading again;
	char		digits[CODE_MAX_DIGITS];
	int			length = ob_registry_code_length(kind);

	if (ob_registry_code_parse(kind, text, size, flags, &reading) != CODE_OK)
		return;
	PROMISE(reading.count <= length);
	ob_registry_code_format(kind, reading.value, digits);
	PROMISE(ob_registry_code_parse(kind, digits, (size_t) length, 0, &again) == CODE_OK);
	PROMISE(again.value == reading.value);
	PROMISE(ob_registry_code_from_value(kind, reading.value, &again) == CODE_OK && again.value == reading.value);
	for (int i = 0; i < reading.count; i++)
		for (int wrong = 0; wrong <= 9; wrong++)
		{
			CodeReading trial = reading;

			if (wrong == reading.digit[i])
				continue;
			trial.digit[i] = (uint8_t) wrong;
			PROMISE(ob_registry_code_judge(kind, &trial) == CODE_BAD_CHECK);
			trial.fault = CODE_OK;
			trial.digit[trial.count - 1] = (uint8_t) trial.expected;
			PROMISE(ob_registry_code_judge(kind, &trial) == CODE_OK);
		}
}

static void
try_suggestions(CodeKind kind, const CodeReading *reading)
{
	int64_t		codes[CODE_MAX_SUGGESTIONS];
	int			count = ob_registry_code_suggest(kind, reading->digit, codes);

	PROMISE(count >= 0 && count <= CODE_MAX_SUGGESTIONS);
	for (int i = 0; i < count; i++)
	{
		CodeReading found;
		int			differences = 0;

		PROMISE(i == 0 || codes[i - 1] < codes[i]);
		PROMISE(ob_registry_code_from_value(kind, codes[i], &found) == CODE_OK);
		for (int j = 0; j < ob_registry_code_length(kind); j++)
			differences += found.digit[j] != reading->digit[j];
		PROMISE(differences <= 2);
		PROMISE(differences > 0 || count == 1);
	}
}

static void
try_kind(CodeKind kind, const char *text, size_t size, int flags)
{
	CodeReading reading;
	CodeFault	fault = ob_registry_code_parse(kind, text, size, flags, &reading);

	if (fault == CODE_BAD_CHARACTER)
		PROMISE(reading.offset >= 0 && (size_t) reading.offset < size && reading.character > 0);
	if (fault == CODE_OK)
	{
		try_round_trip(kind, &reading);
		if (kind == CODE_INSTITUTION)
			try_wrong_digits(&reading);
	}
	if (fault != CODE_BAD_CHARACTER && reading.count == ob_registry_code_length(kind))
		try_suggestions(kind, &reading);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* A copy of just this size lets the sanitizer see reads beyond it. */
	char	   *text = malloc(size + 1);

	if (size > 0)
		memcpy(text, data, size);
	text = realloc(text, size > 0 ? size : 1);

	for (int flags = 0; flags <= (CODE_UTF8 | CODE_SEPARATORS); flags++)
	{
		try_kind(CODE_INSTITUTION, text, size, flags);
		try_kind(CODE_MUNICIPALITY, text, size, flags);
		try_gs1_kind(CODE_GTIN, text, size, flags);
		try_gs1_kind(CODE_SSCC, text, size, flags);
	}
	if (size >= sizeof(int64_t))
	{
		int64_t		value;
		CodeReading reading;

		memcpy(&value, data, sizeof(value));
		for (CodeKind kind = CODE_INSTITUTION; kind <= CODE_SSCC; kind++)
			if (ob_registry_code_from_value(kind, value, &reading) == CODE_OK)
				PROMISE(reading.value == value);
	}
	free(text);
	return 0;
}

#ifdef STANDALONE
/* Digits mostly, now and then another character, lengths around the right one. */
int
main(int argc, char **argv)
{
	static const char *const piece[] = {" ", "-", ",", "\xEF\xBC\x91", "\xE3\x80\x80", "\xEF\xBC", "x", "\xFF"};
	long		runs = argc > 1 ? atol(argv[1]) : 1000000;

	srand(20200413);
	for (long run = 0; run < runs; run++)
	{
		char		text[96] = "";
		static const int lengths[] = {10, 6, 10, 6, 8, 12, 13, 14, 18};
		int			length = rand() % 4 == 0 ? rand() % 20 : lengths[rand() % 9];

		for (int i = 0; i < length; i++)
		{
			char		digit[2] = {(char) ('0' + rand() % 10), '\0'};

			strcat(text, rand() % 20 == 0 ? piece[rand() % 8] : digit);
		}
		LLVMFuzzerTestOneInput((const uint8_t *) text, strlen(text));
	}
	printf("%ld inputs, every promise kept\n", runs);
	return 0;
}
#endif
