/*-------------------------------------------------------------------------
 *
 * allocation_fairness.c
 *	  Fuzz target of src/allocation/fairness_kernel.c; needs no server.
 *
 *	  clang -g -Isrc -fsanitize=fuzzer,address,undefined \
 *		  tests/fuzz/allocation_fairness.c src/allocation/fairness_kernel.c -o fuzz && ./fuzz -max_total_time=60
 *
 * or without libFuzzer, over random inputs of its own (argument: how many):
 *
 *	  cc -g -Isrc -DSTANDALONE -fsanitize=address,undefined \
 *		  tests/fuzz/allocation_fairness.c src/allocation/fairness_kernel.c -lm -o fuzz && ./fuzz 100000
 *
 * Promises that are tried on every input
 *	  Envy is what a count over all pairs gives, for the largest values too. The
 *	  Gini coefficient lies from 0 to below 1, is that of the mean difference of
 *	  all pairs, and does not change with the order or the unit of the amounts.
 *
 *-------------------------------------------------------------------------
 */
#include "allocation/fairness_kernel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#define MOST 64

static void
try_envy(const FairCount *units, size_t n)
{
	FairCount	sorted[MOST];
	FairCount	scratch[MOST];
	int64_t		pairs = 0;

	memcpy(sorted, units, n * sizeof(FairCount));
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			pairs += ((__int128) units[j].amount - 1) * units[i].weight > (__int128) units[i].amount * units[j].weight;
	PROMISE(ob_allocation_envy(sorted, scratch, n) == pairs);
}

static void
try_gini(const FairCount *counts, size_t n)
{
	FairUnit	units[MOST];
	FairUnit	turned[MOST];
	double		amounts = 0;
	double		weights = 0;
	double		difference = 0;
	double		gini;

	for (size_t i = 0; i < n; i++)
	{
		units[i].amount = (double) (counts[i].amount % 100000);
		units[i].weight = (double) (1 + counts[i].weight % 100000);
		turned[n - 1 - i].amount = 1000 * units[i].amount;
		turned[n - 1 - i].weight = units[i].weight;
		amounts += units[i].amount;
		weights += units[i].weight;
	}
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			difference += fabs(units[i].amount * units[j].weight - units[j].amount * units[i].weight);
	gini = ob_allocation_gini(units, n);
	PROMISE(gini >= 0 && gini < 1);
	PROMISE(fabs(gini - ob_allocation_gini(turned, n)) < 1e-9);
	if (amounts > 0)
		PROMISE(fabs(gini - difference / (2 * amounts * weights)) < 1e-9);
	else
		PROMISE(gini == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FairCount	units[MOST];
	size_t		n = size / sizeof(FairCount);

	if (n > MOST)
		n = MOST;
	memcpy(units, data, n * sizeof(FairCount));
	for (size_t i = 0; i < n; i++)
	{
		units[i].amount &= INT64_MAX;
		units[i].weight &= INT64_MAX;
		if (units[i].weight == 0)
			units[i].weight = 1;
	}
	try_envy(units, n);
	try_gini(units, n);
	return 0;
}

#ifdef STANDALONE
/* Small numbers mostly, so that shares are often equal; now and then the largest. */
int
main(int argc, char **argv)
{
	long		runs = argc > 1 ? atol(argv[1]) : 100000;

	srand(20210705);
	for (long run = 0; run < runs; run++)
	{
		FairCount	units[MOST];
		size_t		n = (size_t) (rand() % MOST);

		for (size_t i = 0; i < n; i++)
		{
			units[i].amount = rand() % 20 == 0 ? INT64_MAX - rand() % 3 : rand() % 12;
			units[i].weight = rand() % 20 == 0 ? INT64_MAX - rand() % 3 : 1 + rand() % 6;
		}
		LLVMFuzzerTestOneInput((const uint8_t *) units, n * sizeof(FairCount));
	}
	printf("%ld inputs, every promise kept\n", runs);
	return 0;
}
#endif
