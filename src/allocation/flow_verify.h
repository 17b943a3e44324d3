/*-------------------------------------------------------------------------
 *
 * flow_verify.h
 *		Whether a flow keeps to its bounds and supplies and costs the least, by
 *		the definition alone and without trust in what found it; in plain C.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OB_ALLOCATION_FLOW_VERIFY_H
#define OB_ALLOCATION_FLOW_VERIFY_H

#include "allocation/flow_kernel.h"

/* high * 2^64 + low: a sum of up to 2^31 products of two int64, exactly. */
typedef struct WideSum
{
	__int128	high;
	unsigned __int128 low;
} WideSum;

/* In memory that is aligned as for int64 only. */
typedef __int128 FlowBalance __attribute__((aligned(8)));

typedef enum FlowBreach
{
	FLOW_HOLDS,
	FLOW_BELOW_LOWER,			/* of arc */
	FLOW_ABOVE_CAPACITY,		/* of arc */
	FLOW_NOT_CONSERVED,			/* node sends out sent, not its supply */
	FLOW_MORE_IS_CHEAPER,		/* arc is below its capacity, and its reduced cost below 0 */
	FLOW_LESS_IS_CHEAPER		/* arc is above its lower bound, and its reduced cost above 0 */
} FlowBreach;

typedef struct FlowCheck
{
	int			arc;			/* the first that breaks the promise, or -1 */
	int			node;
	__int128	sent;			/* by node */
	__int128	reduced_cost;	/* of arc */
	WideSum		cost;			/* of the flow */
	bool		bounded;		/* whether there is a bound: */
	WideSum		bound;			/* no flow costs less, by these potentials */
} FlowCheck;

/*
 * Looks at bounds first, then at supplies, then, where potential is not NULL,
 * at reduced costs. balance is room for [nnodes].
 */
extern FlowBreach ob_allocation_verify_flow(const FlowProblem *problem, const int64_t *flow, const int64_t *potential,
											FlowBalance *balance, FlowCheck *check);

extern void ob_allocation_wide_add(WideSum *sum, int64_t a, int64_t b);

#endif							/* OB_ALLOCATION_FLOW_VERIFY_H */
