/*-------------------------------------------------------------------------
 *
 * access_limit.c
 *	  Fuzz target of src/access/limit_kernel.c; needs no server.
 *
 *	  clang -g -Isrc -fsanitize=fuzzer,address,undefined \
 *		  tests/fuzz/access_limit.c src/access/limit_kernel.c -lm -o fuzz && ./fuzz -max_total_time=60
 *
 * or without libFuzzer, over random inputs of its own (argument: how many):
 *
 *	  cc -g -Isrc -DSTANDALONE -fsanitize=address,undefined \
 *		  tests/fuzz/access_limit.c src/access/limit_kernel.c -lm -o fuzz && ./fuzz 100000
 *
 * Promises that are tried on every input, a history of requests of a few keys
 *	  In no stretch of time does a key that was not pushed out get more than its
 *	  burst and what the rate gives in it.  Who waits as long as was said, and
 *	  sends nothing meanwhile, is let through.  A wait is never negative.  In no
 *	  window of an hour is more used than the limit.  As long as no more keys
 *	  come than a set holds, none is pushed out.
 *
 *-------------------------------------------------------------------------
 */
#include "access/limit_kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#define MAX_STEPS	512

/* Requests of up to LIMIT_WAYS keys that share a set: none pushes another out. */
static void
try_tokens(const uint8_t *data, size_t size)
{
	static int64_t taken[LIMIT_WAYS][MAX_STEPS];
	int			count[LIMIT_WAYS] = {0};
	LimitSet	set = {0};
	double		per_second = 0.01 + data[0] * data[1];
	double		burst = 1 + data[2];
	int64_t		now = INT64_C(800000000000000) + data[3];

	for (size_t i = 4; i + 1 < size && i < MAX_STEPS; i += 2)
	{
		int			who = data[i] % LIMIT_WAYS;
		LimitKey	key = {(uint64_t) who * 4096, 7};
		int64_t		wait;
		double		left;

		now += (int64_t) data[i + 1] * data[i + 1] * 1000;
		left = ob_access_limit_left(&set, key, now, per_second, burst);
		PROMISE(left >= 0 && left <= burst);
		wait = ob_access_limit_take(&set, key, now, per_second, burst);
		PROMISE(wait >= 0);
		/* who looks first knows the answer, and looking changes nothing */
		PROMISE((left >= 1) == (wait == 0));
		if (wait == 0)
		{
			taken[who][count[who]++] = now;
			for (int first = 0; first < count[who]; first++)
				PROMISE(count[who] - first <= burst + (double) (now - taken[who][first]) / 1e6 * per_second + 1e-6);
		}
		else
		{
			LimitSet	later = set;

			/* time that runs backwards stands still */
			PROMISE(ob_access_limit_take(&later, key, now - 1000000, per_second, burst) == wait);
			PROMISE(ob_access_limit_take(&later, key, now + wait, per_second, burst) == 0);
		}
	}
}

/* Allowances: what is used in the hours of a key. */
static void
try_allowance(const uint8_t *data, size_t size)
{
	LimitSet	set = {0};
	LimitKey	key = {1, 2};
	double		limit = 1 + data[0];
	int64_t		now = INT64_C(800000000000000);
	int64_t		began = now - LIMIT_WINDOW_US;
	double		used = 0;

	for (size_t i = 1; i + 1 < size; i += 2)
	{
		double		units = data[i];
		bool		allowed;

		now += (int64_t) data[i + 1] * 10000000;
		if (now - began >= LIMIT_WINDOW_US)
		{
			began = now;
			used = 0;
		}
		allowed = ob_access_limit_use(&set, key, now, units, limit);
		PROMISE(allowed == (used + units <= limit));
		if (allowed)
			used += units;
	}
}

/* More keys than places: the one touched longest ago goes, the others stay. */
static void
try_eviction(const uint8_t *data, size_t size)
{
	LimitSet	set = {0};
	uint64_t	order[LIMIT_WAYS + 1] = {0};	/* oldest first */
	int			known = 0;
	int64_t		now = INT64_C(800000000000000);

	for (size_t i = 0; i < size; i++)
	{
		LimitKey	key = {data[i] % 24, 5};
		int			place = 0;

		now += 1;
		while (place < known && order[place] != key.high)
			place++;
		/* a burst of 1 and a rate that gives nothing back tell whether the key is known */
		PROMISE((ob_access_limit_take(&set, key, now, 1e-9, 1) == 0) == (place == known));
		if (place == known && known == LIMIT_WAYS)
			place = 0;
		else if (place == known)
			known++;
		memmove(&order[place], &order[place + 1], sizeof(order[0]) * (size_t) (known - place - 1));
		order[known - 1] = key.high;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 6)
		return 0;
	for (uint32_t i = 0; i < 6; i++)
		PROMISE(ob_access_limit_set((LimitKey) {data[i] * UINT64_C(0x9e3779b97f4a7c15), 0}, 64) < 64);
	try_tokens(data, size);
	try_allowance(data, size);
	try_eviction(data, size);
	return 0;
}

#ifdef STANDALONE
int
main(int argc, char **argv)
{
	long		runs = argc > 1 ? atol(argv[1]) : 100000;
	uint8_t		data[MAX_STEPS];

	srand(1);
	for (long i = 0; i < runs; i++)
	{
		size_t		size = (size_t) rand() % sizeof(data);
		int			slow = rand() % 3 == 0;

		for (size_t j = 0; j < size; j++)
			data[j] = (uint8_t) (slow ? rand() % 4 : rand());
		LLVMFuzzerTestOneInput(data, size);
	}
	printf("%ld inputs, every promise kept\n", runs);
	return 0;
}
#endif
