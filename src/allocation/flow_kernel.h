/*-------------------------------------------------------------------------
 *
 * flow_kernel.h
 *		Minimum-cost flows of whole numbers, in plain C on arrays: no PostgreSQL
 *		header, no global state, memory and interrupts through callbacks.
 *
 * Vocabulary
 *		arc			goes from source to target, carries a flow from its lower
 *					bound to its capacity, at a cost for each unit
 *		supply		what a node sends out more than it receives; below 0 a demand
 *		residual	a direction in which the flow of an arc can still change: along
 *					it, or against it
 *		potential	a price at each node. The reduced cost of an arc is its cost
 *					plus the potential of its source less that of its target.
 *
 * What the answer proves (FLOW_OPTIMAL)
 *		Every flow is within its bounds and every node sends out its supply.
 *		Where the flow is below capacity the reduced cost is 0 or more, where it
 *		is above the lower bound 0 or less. Then no flow costs less: by any
 *		other flow the cost changes by the sum of reduced cost times change,
 *		of which no term is negative. ob_allocation_verify_flow() looks at just
 *		this.
 *
 *		FLOW_INFEASIBLE: in_cut marks nodes that have more supply, with the lower
 *		bounds of the arcs into them, than the arcs out of them can carry.
 *		FLOW_UNBOUNDED: the cycle is one of arcs without capacity, of negative
 *		cost; and a flow within the bounds exists.
 *
 * Numbers
 *		All are int64. So that no sum overflows, the sum of positive supplies
 *		and of absolute lower bounds is at most FLOW_MAX_SUPPLY, and the reach of the
 *		costs, the sum over all nodes of the largest absolute cost at the node,
 *		at most FLOW_MAX_REACH. A path or cycle passes each node once, so its
 *		cost is at most the reach; an artificial arc costs one more than the
 *		reach, a potential is at most 2 reach + 1, a reduced cost 5 reach + 2.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OB_ALLOCATION_FLOW_KERNEL_H
#define OB_ALLOCATION_FLOW_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A capacity that is none. */
#define FLOW_NO_CAPACITY	INT64_MAX
#define FLOW_MAX_SUPPLY		(INT64_MAX / 4)
#define FLOW_MAX_REACH		(INT64_MAX / 8)
/* Nodes, and arcs: what numbers of 32 bits leave room for. */
#define FLOW_MAX_SIZE		(INT32_MAX / 4)

typedef enum FlowFault
{
	FLOW_OPTIMAL,
	FLOW_INFEASIBLE,			/* in_cut tells why */
	FLOW_UNBOUNDED,				/* cycle tells why */
	FLOW_SUPPLY_RANGE,			/* supplies and lower bounds are above FLOW_MAX_SUPPLY, or a capacity less its lower bound above int64 */
	FLOW_COST_RANGE,			/* costs are above FLOW_MAX_REACH */
	FLOW_FLOW_RANGE,			/* the flow of an arc without capacity is above int64 */
	FLOW_GIVEN_UP				/* by the simplex, for scaling to go on; not an answer */
} FlowFault;

typedef enum FlowMethod
{
	FLOW_SIMPLEX,				/* primal network simplex */
	FLOW_SCALING,				/* cost scaling */
	FLOW_AUTO					/* the simplex; when it takes long, scaling */
} FlowMethod;

typedef struct FlowHooks
{
	void	   *context;
	/* memory that the caller frees after the call; does not return NULL */
	void	   *(*allocate) (void *context, size_t size);
	/* called often; may leave by longjmp */
	void		(*check_interrupt) (void *context);
} FlowHooks;

/* Capacities are 0 or more, lower bounds at most the capacity; supplies add up to 0. */
typedef struct FlowProblem
{
	int			nnodes;
	int			narcs;
	const int  *source;			/* [narcs] */
	const int  *target;
	const int64_t *lower;		/* NULL: all are 0 */
	const int64_t *capacity;
	const int64_t *cost;
	const int64_t *supply;		/* [nnodes] */
} FlowProblem;

typedef struct FlowAnswer
{
	int64_t    *flow;			/* [narcs], of the caller */
	int64_t    *potential;		/* [nnodes], of the caller; NULL: not wanted */
	uint8_t    *in_cut;			/* [nnodes]: 1 in the cut; made for FLOW_INFEASIBLE */
	int		   *cycle;			/* arcs one after the other; made for FLOW_UNBOUNDED */
	int			cycle_length;
	FlowMethod	method;			/* that was used */
	int64_t		steps;			/* pivots of the simplex, pushes of the scaling */
} FlowAnswer;

/*
 * Solves a problem. The potentials are the least that are 0 or more and prove
 * the flow optimal; they do not depend on the method, nor on which of several
 * optimal flows it finds.
 */
extern FlowFault ob_allocation_flow(const FlowProblem *problem, FlowMethod method, const FlowHooks *hooks, FlowAnswer *answer);

/* Bytes that ob_allocation_flow() asks for at most; at most FLOW_MAX_SIZE nodes and arcs. */
extern size_t ob_allocation_flow_memory(int nnodes, int narcs, FlowMethod method, bool potentials);

/* ---- between the kernels ---- */

/*
 * What is left to solve: no lower bounds, no loops, no arc without capacity,
 * numbers within the ranges above.
 */
typedef struct FlowNetwork
{
	int			nnodes;
	int			narcs;
	int		   *source;
	int		   *target;
	int64_t    *capacity;		/* above 0; FLOW_NO_CAPACITY stays so, whatever flows */
	int64_t    *cost;
	int64_t    *supply;
	int64_t		reach;			/* of the costs */
	int64_t		work_limit;		/* steps after which the simplex gives up */
	int64_t    *flow;			/* the answer */
	int64_t    *potential;		/* times scale; no residual has a reduced cost below 0, or -1 if scale is above 1 */
	int64_t		scale;
	int64_t    *missing;		/* after FLOW_INFEASIBLE: supply that flow does not send out, of each node */
	int		   *cycle;			/* after FLOW_UNBOUNDED; [nnodes] */
	int			cycle_length;
	int64_t		steps;
} FlowNetwork;

#endif							/* OB_ALLOCATION_FLOW_KERNEL_H */
