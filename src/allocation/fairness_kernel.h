/*-------------------------------------------------------------------------
 *
 * fairness_kernel.h
 *	  How evenly something was divided, in plain C: no PostgreSQL header, no
 *	  global state.
 *
 * Vocabulary
 *	  amount	what a unit got (doses, boxes)
 *	  weight	what it is for (inhabitants); above 0
 *	  share		amount / weight
 *	  envy		unit i envies unit j when j, with one piece less, still has the
 *				larger share: (amount_j - 1) / weight_j > amount_i / weight_i.
 *				Pieces cannot be cut, so a difference of less is nobody's fault
 *
 *-------------------------------------------------------------------------
 */
#ifndef OB_ALLOCATION_FAIRNESS_KERNEL_H
#define OB_ALLOCATION_FAIRNESS_KERNEL_H

#include <stddef.h>
#include <stdint.h>

typedef struct FairUnit
{
	double		amount;
	double		weight;
} FairUnit;

typedef struct FairCount
{
	int64_t		amount;
	int64_t		weight;
} FairCount;

/*
 * The Gini coefficient of the shares, each counted as often as its weight says:
 * 1 less twice the area under the Lorenz curve. 0 when all shares are equal, and
 * when there is nothing to divide. Amounts are 0 or more; sorts the units.
 */
extern double ob_allocation_gini(FairUnit *units, size_t n);

/*
 * How many ordered pairs (i, j) there are in which i envies j, at most
 * n * (n - 1). Exact for all values; sorts the units. scratch: room for n more.
 */
extern int64_t ob_allocation_envy(FairCount *units, FairCount *scratch, size_t n);

#endif							/* OB_ALLOCATION_FAIRNESS_KERNEL_H */
