/*-------------------------------------------------------------------------
 *
 * apportion_kernel.h
 *	  Apportionment: whole seats (boxes, doses, teams) to units in proportion to
 *	  their weights, in plain C: no PostgreSQL header, no global state.
 *
 * Vocabulary
 *	  quota		seats * weight / sum of the weights, hardly ever a whole number
 *	  signpost	d(s), the number between s and s + 1 at which a divisor method
 *				rounds up to s + 1:
 *				  adams s, dean s(s+1)/(s+1/2), huntington_hill sqrt(s(s+1)),
 *				  webster s + 1/2, dhondt s + 1
 *	  priority	weight / d(s), of a unit's seat number s + 1. The seats with the
 *				highest priorities are given out. d(0) = 0 makes a priority
 *				without bound: such first seats come before all others, and if
 *				there are too few for all units, the larger weight comes first
 *	  level		a t; at it a unit has all the seats with d(s) <= weight * t
 *
 * Invariants
 *	  Seats, weights, floors and caps may be anything that an int64_t holds and
 *	  is not negative. Every comparison is exact. Ties go to the earlier unit.
 *	  The result adds up to the seats, or there is none.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OB_ALLOCATION_APPORTION_KERNEL_H
#define OB_ALLOCATION_APPORTION_KERNEL_H

#include "allocation/prorate.h"

typedef enum ApportionMethod
{
	APPORTION_HAMILTON,
	APPORTION_WEBSTER,
	APPORTION_DHONDT,
	APPORTION_ADAMS,
	APPORTION_HUNTINGTON_HILL,
	APPORTION_DEAN
} ApportionMethod;

#define APPORTION_METHODS	(APPORTION_DEAN + 1)

typedef enum ApportionFault
{
	APPORTION_OK,
	/* the input means nothing */
	APPORTION_NO_UNITS,
	APPORTION_NEGATIVE_SEATS,
	APPORTION_NEGATIVE_WEIGHT,	/* of the unit */
	APPORTION_NEGATIVE_FLOOR,
	APPORTION_NEGATIVE_CAP,
	APPORTION_FLOOR_ABOVE_CAP,
	/* it means something that cannot be done */
	APPORTION_FLOORS_ABOVE_SEATS,	/* total: of the floors */
	APPORTION_CAPS_BELOW_SEATS, /* total: of the caps */
	APPORTION_NO_WEIGHT,		/* all weights are 0; total: of the floors */
	APPORTION_WEIGHTED_CAPS_BELOW_SEATS /* total: what units with a weight may
										 * get, and floors of the others */
} ApportionFault;

typedef struct ApportionInput
{
	ApportionMethod method;
	int64_t		seats;
	int			n;
	const int64_t *weight;
	const int64_t *floor;		/* NULL: 0 */
	const int64_t *cap;			/* NULL: none */
} ApportionInput;

typedef struct ApportionProblem
{
	int			unit;			/* from 0 */
	u128		total;
} ApportionProblem;

/* The name of a method. */
extern const char *ob_allocation_method_name(ApportionMethod method);

/*
 * Apportion the seats to the n units; "result" has room for n. Hamilton's
 * method gives each unit its quota rounded down, and what is left to the
 * largest remainders; units whose quota lies beyond their floor or cap are
 * fixed there and the others' quotas are taken anew, until none does. The
 * divisor methods give out the seats between floors and caps by priority. A
 * unit of weight 0 gets its floor. Time is linear in n but for a factor of the
 * logarithm of the numbers; it does not depend on the seats.
 */
extern ApportionFault ob_allocation_apportion(const ApportionInput *input, const AllocationHooks *hooks,
											  int64_t *result, ApportionProblem *problem);

#endif							/* OB_ALLOCATION_APPORTION_KERNEL_H */
