/*-------------------------------------------------------------------------
 *
 * fairness_kernel.c
 *	  Gini coefficient and envy of a division.
 *
 * Both sort by share and go over the units once. Shares are compared by cross
 * multiplication: as doubles for Gini, where equal shares may stand in any order
 * without changing the result, in 128 bits for envy, where they may not.
 *
 *-------------------------------------------------------------------------
 */
#include "allocation/fairness_kernel.h"

#include <stdlib.h>

static int
by_share(const void *a, const void *b)
{
	const FairUnit *x = a;
	const FairUnit *y = b;
	double		left = x->amount * y->weight;
	double		right = y->amount * x->weight;

	return (left > right) - (left < right);
}

double
ob_allocation_gini(FairUnit *units, size_t n)
{
	double		amounts = 0;
	double		weights = 0;
	double		area = 0;

	qsort(units, n, sizeof(FairUnit), by_share);
	for (size_t i = 0; i < n; i++)
	{
		/* twice the area under the curve between two units, not yet divided by the whole */
		area += units[i].weight * (2 * amounts + units[i].amount);
		amounts += units[i].amount;
		weights += units[i].weight;
	}
	if (amounts == 0)
		return 0;
	area = 1 - area / amounts / weights;
	/* rounding may leave a trace of either sign where all are equal */
	return area < 0 ? 0 : area;
}

static int
by_exact_share(const void *a, const void *b)
{
	const FairCount *x = a;
	const FairCount *y = b;
	__int128	left = (__int128) x->amount * y->weight;
	__int128	right = (__int128) y->amount * x->weight;

	return (left > right) - (left < right);
}

static int
by_share_less_one(const void *a, const void *b)
{
	const FairCount *x = a;
	const FairCount *y = b;
	__int128	left = ((__int128) x->amount - 1) * y->weight;
	__int128	right = ((__int128) y->amount - 1) * x->weight;

	return (left > right) - (left < right);
}

int64_t
ob_allocation_envy(FairCount *units, FairCount *scratch, size_t n)
{
	int64_t		pairs = 0;
	size_t		below = 0;

	for (size_t i = 0; i < n; i++)
		scratch[i] = units[i];
	qsort(units, n, sizeof(FairCount), by_exact_share);
	qsort(scratch, n, sizeof(FairCount), by_share_less_one);
	/* whoever envies a share envies every larger one too */
	for (size_t j = 0; j < n; j++)
	{
		while (below < n &&
			   (__int128) units[below].amount * scratch[j].weight < ((__int128) scratch[j].amount - 1) * units[below].weight)
			below++;
		pairs += (int64_t) below;
	}
	return pairs;
}
