/*-------------------------------------------------------------------------
 *
 * flow_verify.c
 *		Whether a flow keeps to its bounds and supplies and costs the least.
 *
 *-------------------------------------------------------------------------
 */
#include "allocation/flow_verify.h"

/* Adds a * b. */
void
ob_allocation_wide_add(WideSum *sum, int64_t a, int64_t b)
{
	__int128	product = (__int128) a * b;

	sum->high += product >> 64;
	sum->low += (uint64_t) product;
}

static void
subtract(WideSum *sum, int64_t a, int64_t b)
{
	__int128	product = -((__int128) a * b);

	sum->high += product >> 64;
	sum->low += (uint64_t) product;
}

static int64_t
lower_bound(const FlowProblem *problem, int e)
{
	return problem->lower != NULL ? problem->lower[e] : 0;
}

static __int128
reduced_cost(const FlowProblem *problem, const int64_t *potential, int e)
{
	return (__int128) problem->cost[e] + potential[problem->source[e]] - potential[problem->target[e]];
}

/*
 * What no flow can fall below: the potentials times the demands, and each
 * reduced cost times the least or the most that may flow there.
 */
static void
find_bound(const FlowProblem *problem, const int64_t *potential, FlowCheck *check)
{
	check->bounded = true;
	for (int v = 0; v < problem->nnodes; v++)
		subtract(&check->bound, potential[v], problem->supply[v]);
	for (int e = 0; e < problem->narcs; e++)
	{
		__int128	reduced = reduced_cost(problem, potential, e);
		int64_t		flow = reduced < 0 ? problem->capacity[e] : lower_bound(problem, e);

		if (reduced < 0 && flow == FLOW_NO_CAPACITY)
		{
			check->bounded = false;
			return;
		}
		/* term by term: the product with a reduced cost of 66 bits could be too large */
		ob_allocation_wide_add(&check->bound, problem->cost[e], flow);
		ob_allocation_wide_add(&check->bound, potential[problem->source[e]], flow);
		subtract(&check->bound, potential[problem->target[e]], flow);
	}
}

static FlowBreach
check_bounds(const FlowProblem *problem, const int64_t *flow, FlowCheck *check)
{
	for (int e = 0; e < problem->narcs; e++)
	{
		check->arc = e;
		if (flow[e] < lower_bound(problem, e))
			return FLOW_BELOW_LOWER;
		if (problem->capacity[e] != FLOW_NO_CAPACITY && flow[e] > problem->capacity[e])
			return FLOW_ABOVE_CAPACITY;
	}
	check->arc = -1;
	return FLOW_HOLDS;
}

static FlowBreach
check_supplies(const FlowProblem *problem, const int64_t *flow, FlowBalance *balance, FlowCheck *check)
{
	for (int v = 0; v < problem->nnodes; v++)
		balance[v] = 0;
	for (int e = 0; e < problem->narcs; e++)
	{
		balance[problem->source[e]] += flow[e];
		balance[problem->target[e]] -= flow[e];
	}
	for (int v = 0; v < problem->nnodes; v++)
	{
		if (balance[v] != problem->supply[v])
		{
			check->node = v;
			check->sent = balance[v];
			return FLOW_NOT_CONSERVED;
		}
	}
	return FLOW_HOLDS;
}

static FlowBreach
check_reduced_costs(const FlowProblem *problem, const int64_t *flow, const int64_t *potential, FlowCheck *check)
{
	for (int e = 0; e < problem->narcs; e++)
	{
		check->arc = e;
		check->reduced_cost = reduced_cost(problem, potential, e);
		if (check->reduced_cost < 0 && (problem->capacity[e] == FLOW_NO_CAPACITY || flow[e] < problem->capacity[e]))
			return FLOW_MORE_IS_CHEAPER;
		if (check->reduced_cost > 0 && flow[e] > lower_bound(problem, e))
			return FLOW_LESS_IS_CHEAPER;
	}
	check->arc = -1;
	return FLOW_HOLDS;
}

FlowBreach
ob_allocation_verify_flow(const FlowProblem *problem, const int64_t *flow, const int64_t *potential,
						  FlowBalance *balance, FlowCheck *check)
{
	FlowBreach	breach;

	*check = (FlowCheck) {.arc = -1, .node = -1};
	for (int e = 0; e < problem->narcs; e++)
		ob_allocation_wide_add(&check->cost, problem->cost[e], flow[e]);
	if (potential != NULL)
		find_bound(problem, potential, check);
	breach = check_bounds(problem, flow, check);
	if (breach == FLOW_HOLDS)
		breach = check_supplies(problem, flow, balance, check);
	if (breach == FLOW_HOLDS && potential != NULL)
		breach = check_reduced_costs(problem, flow, potential, check);
	return breach;
}
