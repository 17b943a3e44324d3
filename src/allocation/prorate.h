/*-------------------------------------------------------------------------
 *
 * prorate.h
 *	  Division in proportion to weights, between floors and caps, in whole
 *	  units: what Hamilton's method and the claims rules have in common. Plain
 *	  C: no PostgreSQL header, no global state.
 *
 * Vocabulary
 *	  level		the t at which the amounts clamp(weight * t, floor, cap) add up
 *				to what is divided; an amount is fixed when floor or cap
 *				decides it, and free otherwise
 *	  candidate a unit that may get one more, with a key that ranks it
 *
 * Invariants
 *	  All comparisons are exact, in integers of 128 and 256 bits. Ties go by
 *	  position, so the same input always has the same answer.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OB_ALLOCATION_PRORATE_H
#define OB_ALLOCATION_PRORATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "allocation/wide.h"

/* What the caller lends; memory stays the caller's to free. */
typedef struct AllocationHooks
{
	void	   *context;
	void	   *(*allocate) (void *context, size_t size);	/* never NULL */
	void		(*check_interrupt) (void *context);
} AllocationHooks;

typedef struct Candidate
{
	u128		key;
	int			unit;
} Candidate;

typedef bool (*RanksBefore) (const void *context, const Candidate *a, const Candidate *b);

/*
 * Move the first k of n candidates, in the strict total order of "before", to
 * the front; expected linear time.
 */
extern void ob_allocation_select(Candidate *candidate, int64_t n, int64_t k,
								 RanksBefore before, const void *context);

typedef struct Proration
{
	int			n;
	const int64_t *weight;		/* not negative; NULL: all 1 */
	const int64_t *floor;		/* NULL: 0 */
	const int64_t *cap;			/* NULL: none */
	int64_t		amount;			/* divisor times what is given out */
	int			divisor;		/* 1; 2: floors, caps and amount are in halves */
	bool		last_first;		/* ties go to the later unit */
} Proration;

/*
 * Divide amount / divisor: each unit gets its exact amount rounded down, and
 * what is left goes to the largest remainders, one each. A unit of weight 0
 * gets its floor. The caller has checked that it can be done: floors and
 * weights are not negative, no floor is above its cap, the floors do not
 * exceed the amount, and the caps of the units with a weight and the floors of
 * the others do not fall short of it.
 */
extern void ob_allocation_prorate(const Proration *input, const AllocationHooks *hooks,
								  int64_t *result);

#endif							/* OB_ALLOCATION_PRORATE_H */
