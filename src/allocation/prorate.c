/*-------------------------------------------------------------------------
 *
 * prorate.c
 *	  Division in proportion to weights, between floors and caps, in whole
 *	  units.
 *
 * Vocabulary and invariants are in prorate.h.
 *
 * The level is found without sorting: a breakpoint (a level at which some unit
 * leaves its floor or reaches its cap) is drawn, and all units are asked what
 * they would get at it. Too much or too little, that settles the floors or the
 * caps of all units on one side of it, about half of what was open.
 *
 *-------------------------------------------------------------------------
 */
#include "allocation/prorate.h"

#include <string.h>

#define FLOOR_OPEN	1			/* the floor may decide the amount */
#define CAP_OPEN	2			/* the cap may */
#define FIXED		4			/* decided: in "result" */

typedef struct Level
{
	const Proration *input;
	uint8_t    *state;			/* of each unit; 0: free */
	int		   *open;			/* units with something open */
	int			nopen;
	u128		fixed;			/* sum of the fixed amounts */
	u128		free;			/* sum of the weights of the free units */
	uint64_t	draw;			/* of the pseudo-random numbers */
} Level;

static uint64_t
draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

void
ob_allocation_select(Candidate *candidate, int64_t n, int64_t k, RanksBefore before,
					 const void *context)
{
	uint64_t	random = UINT64_C(0x9E3779B97F4A7C15);
	int64_t		first = 0;
	int64_t		last = n - 1;

	while (k > first && k <= last)
	{
		Candidate	pivot = candidate[first + (int64_t) (draw(&random) % (uint64_t) (last - first + 1))];
		int64_t		i = first;
		int64_t		j = last;

		while (i <= j)
		{
			while (before(context, &candidate[i], &pivot))
				i++;
			while (before(context, &pivot, &candidate[j]))
				j--;
			if (i <= j)
			{
				Candidate	swap = candidate[i];

				candidate[i++] = candidate[j];
				candidate[j--] = swap;
			}
		}
		/* candidates to j rank before those from i; the pivot may stand between */
		if (k <= j)
			last = j;
		else if (k > i)
			first = i;
		else
			break;
	}
}

static inline int64_t
weight_of(const Proration *input, int i)
{
	return input->weight != NULL ? input->weight[i] : 1;
}

static inline int64_t
floor_of(const Proration *input, int i)
{
	return input->floor != NULL ? input->floor[i] : 0;
}

static inline int64_t
cap_of(const Proration *input, int i)
{
	return input->cap != NULL ? input->cap[i] : INT64_MAX;
}

static void
fix(Level *level, int i, int64_t amount, int64_t *result)
{
	level->state[i] = FIXED;
	level->fixed += (u128) amount;
	result[i] = amount;
}

/* What can be said without looking at any other unit. */
static void
open_units(Level *level, int64_t *result)
{
	const Proration *input = level->input;

	for (int i = 0; i < input->n; i++)
	{
		int64_t		lower = floor_of(input, i);
		int64_t		upper = cap_of(input, i);

		level->state[i] = 0;
		if (weight_of(input, i) == 0 || lower == upper)
			fix(level, i, lower, result);
		else
		{
			level->state[i] = (lower > 0 ? FLOOR_OPEN : 0) | (upper < input->amount ? CAP_OPEN : 0);
			if (level->state[i] != 0)
				level->open[level->nopen++] = i;
			else
				level->free += (u128) weight_of(input, i);
		}
	}
}

/* Would more than is there, or all of it, be given out at level numerator / denominator? */
static bool
enough(const Level *level, int64_t numerator, int64_t denominator)
{
	const Proration *input = level->input;
	u128		fixed = level->fixed;
	u128		free = level->free;

	for (int o = 0; o < level->nopen; o++)
	{
		int			i = level->open[o];
		int64_t		weight = weight_of(input, i);
		u128		at_level = (u128) weight * (u128) numerator;

		if ((level->state[i] & FLOOR_OPEN) && at_level <= (u128) floor_of(input, i) * (u128) denominator)
			fixed += (u128) floor_of(input, i);
		else if ((level->state[i] & CAP_OPEN) && at_level >= (u128) cap_of(input, i) * (u128) denominator)
			fixed += (u128) cap_of(input, i);
		else
			free += (u128) weight;
	}
	if (fixed >= (u128) input->amount)
		return true;
	return wide_compare_products(free, (u128) numerator, (u128) input->amount - fixed, (u128) denominator) >= 0;
}

/* Settles what follows from the level being at most, or above, numerator / denominator. */
static void
settle(Level *level, int64_t numerator, int64_t denominator, bool at_most, int64_t *result)
{
	const Proration *input = level->input;
	int			kept = 0;

	for (int o = 0; o < level->nopen; o++)
	{
		int			i = level->open[o];
		u128		at_level = (u128) weight_of(input, i) * (u128) numerator;
		u128		lower = (u128) floor_of(input, i) * (u128) denominator;
		u128		upper = (u128) cap_of(input, i) * (u128) denominator;

		if (at_most && (level->state[i] & FLOOR_OPEN) && at_level <= lower)
			fix(level, i, floor_of(input, i), result);
		else if (!at_most && (level->state[i] & CAP_OPEN) && at_level >= upper)
			fix(level, i, cap_of(input, i), result);
		else
		{
			if (at_most && at_level <= upper)
				level->state[i] &= ~CAP_OPEN;
			if (!at_most && at_level >= lower)
				level->state[i] &= ~FLOOR_OPEN;
			if (level->state[i] == 0)
				level->free += (u128) weight_of(input, i);
			else
				level->open[kept++] = i;
		}
	}
	level->nopen = kept;
}

static bool
larger_remainder(const void *context, const Candidate *a, const Candidate *b)
{
	if (a->key != b->key)
		return a->key > b->key;
	return *(const bool *) context ? a->unit > b->unit : a->unit < b->unit;
}

/* Turns exact amounts into whole units. */
static void
round_amounts(const Level *level, const AllocationHooks *hooks, int64_t *result)
{
	const Proration *input = level->input;
	Candidate  *candidate = hooks->allocate(hooks->context, (size_t) input->n * sizeof(Candidate));
	int			ncandidates = 0;
	u128		free = level->free > 0 ? level->free : 1;
	u128		rest = (u128) input->amount - level->fixed;
	int64_t		left = input->amount / input->divisor;

	for (int i = 0; i < input->n; i++)
	{
		u128		remainder;

		if (level->state[i] == FIXED)
		{
			remainder = (u128) (result[i] % input->divisor) * free;
			result[i] /= input->divisor;
		}
		else
		{
			u128		numerator = (u128) weight_of(input, i) * rest;
			u128		denominator = free * (u128) input->divisor;

			if (((numerator | denominator) >> 64) == 0)
			{
				result[i] = (int64_t) ((uint64_t) numerator / (uint64_t) denominator);
				remainder = (uint64_t) numerator % (uint64_t) denominator;
			}
			else
			{
				u128		quotient = numerator / denominator;

				result[i] = (int64_t) quotient;
				remainder = numerator - quotient * denominator;
			}
		}
		left -= result[i];
		if (remainder > 0)
		{
			candidate[ncandidates].key = remainder;
			candidate[ncandidates++].unit = i;
		}
	}
	ob_allocation_select(candidate, ncandidates, left, larger_remainder, &input->last_first);
	for (int64_t c = 0; c < left; c++)
		result[candidate[c].unit]++;
}

void
ob_allocation_prorate(const Proration *input, const AllocationHooks *hooks, int64_t *result)
{
	Level		level = {.input = input,.draw = UINT64_C(0x2545F4914F6CDD1D)};

	level.state = hooks->allocate(hooks->context, (size_t) input->n);
	level.open = hooks->allocate(hooks->context, (size_t) input->n * sizeof(int));
	open_units(&level, result);
	while (level.nopen > 0)
	{
		int			i = level.open[draw(&level.draw) % (uint64_t) level.nopen];
		int64_t		numerator = level.state[i] & FLOOR_OPEN ? floor_of(input, i) : cap_of(input, i);
		int64_t		denominator = weight_of(input, i);

		/* of two open bounds, now this and now that, so that neither kind is looked at alone */
		if (level.state[i] == (FLOOR_OPEN | CAP_OPEN) && (draw(&level.draw) & 1))
			numerator = cap_of(input, i);
		hooks->check_interrupt(hooks->context);
		settle(&level, numerator, denominator, enough(&level, numerator, denominator), result);
	}
	round_amounts(&level, hooks, result);
}
