/*-------------------------------------------------------------------------
 *
 * flow_kernel.c
 *		What both methods of minimum-cost flow share: makes a problem smaller
 *		and safe to compute with, and turns what a method found into an answer
 *		with its proof.
 *
 *-------------------------------------------------------------------------
 */
#include "allocation/flow_kernel.h"

#include "allocation/flow_scaling.h"
#include "allocation/flow_simplex.h"

/* The proof is looked for in steps of this many nodes between interrupts. */
#define NODES_BETWEEN_CHECKS	1024
/* Of the simplex, for each arc; scaling took 3 to 8 microseconds an arc, this is about 8 (measured). */
#define WORK_BEFORE_SCALING		INT64_C(2500)

typedef struct Work
{
	const FlowProblem *problem;
	const FlowHooks *hooks;
	FlowAnswer *answer;
	FlowNetwork net;
	int		   *origin;			/* [net.narcs]: the arc of the problem */
	int			endless_loop;	/* a loop that lowers the cost for ever, or -1 */
	int		   *first;			/* [nnodes + 1]: node v has the arcs incident[first[v]] … */
	int		   *incident;		/* … to incident[first[v + 1] - 1], of the network */
} Work;

static void *
need(const Work *work, size_t n, size_t size)
{
	/* n is at most 2^31, and size that of a number */
	return work->hooks->allocate(work->hooks->context, (n + 1) * size);
}

/* ---- the problem that is left to solve ---- */

static FlowFault
check_supplies(const FlowProblem *problem)
{
	__int128	sum = 0;

	for (int v = 0; v < problem->nnodes; v++)
		if (problem->supply[v] > 0)
			sum += problem->supply[v];
	for (int e = 0; e < problem->narcs && problem->lower != NULL; e++)
	{
		__int128	lower = problem->lower[e];

		sum += lower < 0 ? -lower : lower;
		if (problem->capacity[e] != FLOW_NO_CAPACITY && problem->capacity[e] - lower >= FLOW_NO_CAPACITY)
			return FLOW_SUPPLY_RANGE;
	}
	return sum > FLOW_MAX_SUPPLY ? FLOW_SUPPLY_RANGE : FLOW_OPTIMAL;
}

/* Takes lower bounds off, and leaves out what has nothing to decide: its flow is written down here. */
static void
reduce(Work *work)
{
	const FlowProblem *problem = work->problem;
	FlowNetwork *net = &work->net;

	net->nnodes = problem->nnodes;
	for (int v = 0; v < problem->nnodes; v++)
		net->supply[v] = problem->supply[v];
	for (int e = 0; e < problem->narcs; e++)
	{
		int64_t		lower = problem->lower != NULL ? problem->lower[e] : 0;
		int64_t		capacity = problem->capacity[e];
		int			source = problem->source[e];
		int			target = problem->target[e];

		work->answer->flow[e] = lower;
		net->supply[source] -= lower;
		net->supply[target] += lower;
		if (capacity != FLOW_NO_CAPACITY)
			capacity -= lower;
		if (capacity == 0)
			continue;
		if (source == target)
		{
			if (problem->cost[e] >= 0)
				continue;
			if (capacity == FLOW_NO_CAPACITY)
				work->endless_loop = e;
			else
				work->answer->flow[e] = problem->capacity[e];
			continue;
		}
		net->source[net->narcs] = source;
		net->target[net->narcs] = target;
		net->capacity[net->narcs] = capacity;
		net->cost[net->narcs] = problem->cost[e];
		work->origin[net->narcs++] = e;
	}
}

static inline int64_t
larger(int64_t largest, int64_t cost)
{
	/* the absolute value of the least int64 is none, but out of range all the same */
	if (cost < 0)
		cost = cost == INT64_MIN ? INT64_MAX : -cost;
	return cost > largest ? cost : largest;
}

/* The sum over the nodes of the largest absolute cost at each. */
static FlowFault
measure_reach(FlowNetwork *net)
{
	int64_t    *largest = net->potential;
	__int128	sum = 0;

	for (int v = 0; v < net->nnodes; v++)
		largest[v] = 0;
	for (int e = 0; e < net->narcs; e++)
	{
		largest[net->source[e]] = larger(largest[net->source[e]], net->cost[e]);
		largest[net->target[e]] = larger(largest[net->target[e]], net->cost[e]);
	}
	for (int v = 0; v < net->nnodes; v++)
		sum += largest[v];
	if (sum > FLOW_MAX_REACH)
		return FLOW_COST_RANGE;
	net->reach = (int64_t) sum;
	return FLOW_OPTIMAL;
}

/* ---- the answer ---- */

/* Which arcs each node has. */
static void
find_incident(Work *work)
{
	const FlowNetwork *net = &work->net;
	int		   *first = need(work, net->nnodes + 1, sizeof(int));
	int		   *incident = need(work, 2 * (size_t) net->narcs, sizeof(int));

	for (int v = 0; v <= net->nnodes; v++)
		first[v] = 0;
	for (int e = 0; e < net->narcs; e++)
	{
		first[net->source[e]]++;
		first[net->target[e]]++;
	}
	for (int v = 0; v < net->nnodes; v++)
		first[v + 1] += first[v];
	for (int e = net->narcs - 1; e >= 0; e--)
	{
		incident[--first[net->source[e]]] = e;
		incident[--first[net->target[e]]] = e;
	}
	work->first = first;
	work->incident = incident;
}

static inline bool
can_increase(const FlowNetwork *net, int e)
{
	return net->capacity[e] == FLOW_NO_CAPACITY || net->flow[e] < net->capacity[e];
}

/*
 * Marks what can be reached from a node that cannot send out all its supply. No
 * node that lacks supply is among it, or the method would have sent something
 * there; so all arcs out of it are full, those into it empty, and that is too little.
 */
static FlowFault
find_cut(Work *work)
{
	FlowNetwork *net = &work->net;
	uint8_t    *in_cut = work->answer->in_cut = need(work, net->nnodes, sizeof(uint8_t));
	int		   *queue = need(work, net->nnodes, sizeof(int));
	int			n = 0;

	find_incident(work);
	for (int v = 0; v < net->nnodes; v++)
	{
		in_cut[v] = 0;
		if (net->missing[v] > 0 && (n == 0 || net->missing[v] > net->missing[queue[0]]))
		{
			queue[0] = v;
			n = 1;
		}
	}
	if (n > 0)
		in_cut[queue[0]] = 1;
	for (int i = 0; i < n; i++)
	{
		int			v = queue[i];

		if (i % NODES_BETWEEN_CHECKS == 0)
			work->hooks->check_interrupt(work->hooks->context);
		/* can only be where a flow is out of range */
		if (net->missing[v] < 0)
			return FLOW_FLOW_RANGE;
		for (int k = work->first[v]; k < work->first[v + 1]; k++)
		{
			int			e = work->incident[k];
			bool		along = net->source[e] == v;
			int			to = along ? net->target[e] : net->source[e];

			if (!in_cut[to] && (along ? can_increase(net, e) : net->flow[e] > 0))
			{
				in_cut[to] = 1;
				queue[n++] = to;
			}
		}
	}
	return FLOW_INFEASIBLE;
}

/* A heap of nodes, the lowest label first, four children each. */
typedef struct Heap
{
	int			n;
	int		   *node;
	int		   *place;			/* of each node; -1: no longer there */
	int64_t    *label;
} Heap;

static void
heap_put(Heap *heap, int i, int v)
{
	heap->node[i] = v;
	heap->place[v] = i;
}

static void
heap_rise(Heap *heap, int v)
{
	int			i = heap->place[v];

	for (; i > 0 && heap->label[heap->node[(i - 1) / 4]] > heap->label[v]; i = (i - 1) / 4)
		heap_put(heap, i, heap->node[(i - 1) / 4]);
	heap_put(heap, i, v);
}

static void
heap_sink(Heap *heap, int i)
{
	int			v = heap->node[i];

	for (;;)
	{
		int			child = 4 * i + 1;
		int			end = child + 4 < heap->n ? child + 4 : heap->n;
		int			best = -1;

		for (; child < end; child++)
			if (best < 0 || heap->label[heap->node[child]] < heap->label[heap->node[best]])
				best = child;
		if (best < 0 || heap->label[heap->node[best]] >= heap->label[v])
			break;
		heap_put(heap, i, heap->node[best]);
		i = best;
	}
	heap_put(heap, i, v);
}

/* What a residual along or against an arc costs on the way from s to t, by the potentials of the method. */
static inline int64_t
residual_length(const FlowNetwork *net, int e, bool along)
{
	int64_t		reduced = net->cost[e] * net->scale + net->potential[net->source[e]] - net->potential[net->target[e]];

	return (along ? reduced : -reduced) + (net->scale > 1);
}

/*
 * From the potentials of a method to the least that are 0 or more and prove the
 * flow optimal. Along a residual of cost c from s to t the potential of s must
 * be that of t less c, or more; so it must be, for every t and every path, minus
 * the cost of the path, or more, and that is enough. In reduced costs, which are
 * 0 or more along residuals, the path to find is a shortest one from the
 * potential of t on: label[s] is the least potential of t plus length.
 *
 * With a scale, each residual is taken to cost 1 / scale more, which makes its
 * length 0 or more. A path has less residuals than scale, so its cost is rounded
 * down to what it is.
 */
static void
least_potentials(Work *work)
{
	FlowNetwork *net = &work->net;
	int			n = net->nnodes;
	Heap		heap = {.n = n, .node = need(work, n, sizeof(int)), .place = need(work, n, sizeof(int)), .label = need(work, n, sizeof(int64_t))};

	find_incident(work);
	for (int v = 0; v < n; v++)
	{
		heap.label[v] = net->potential[v];
		heap_put(&heap, v, v);
	}
	for (int i = (n - 2) / 4; i >= 0; i--)
		if (i < n)
			heap_sink(&heap, i);
	while (heap.n > 0)
	{
		int			t = heap.node[0];

		if (heap.n % NODES_BETWEEN_CHECKS == 0)
			work->hooks->check_interrupt(work->hooks->context);
		heap.place[t] = -1;
		if (--heap.n > 0)
		{
			heap_put(&heap, 0, heap.node[heap.n]);
			heap_sink(&heap, 0);
		}
		for (int k = work->first[t]; k < work->first[t + 1]; k++)
		{
			int			e = work->incident[k];
			bool		against = net->source[e] == t;
			int			s = against ? net->target[e] : net->source[e];
			int64_t		label;

			if (heap.place[s] < 0 || !(against ? net->flow[e] > 0 : can_increase(net, e)))
				continue;
			label = heap.label[t] + residual_length(net, e, !against);
			if (label < heap.label[s])
			{
				heap.label[s] = label;
				heap_rise(&heap, s);
			}
		}
	}
	for (int v = 0; v < n; v++)
	{
		/* minus the cost of the path, rounded down: rounded up */
		int64_t		potential = net->potential[v] - heap.label[v];

		work->answer->potential[v] = potential / net->scale + (potential % net->scale > 0);
	}
}

/* Adds what flows above the lower bounds. */
static FlowFault
keep_flow(Work *work)
{
	for (int e = 0; e < work->net.narcs; e++)
	{
		int64_t    *flow = &work->answer->flow[work->origin[e]];

		if (__builtin_add_overflow(*flow, work->net.flow[e], flow))
			return FLOW_FLOW_RANGE;
	}
	return FLOW_OPTIMAL;
}

static void
keep_cycle(Work *work)
{
	FlowAnswer *answer = work->answer;

	if (work->endless_loop >= 0)
	{
		answer->cycle = need(work, 1, sizeof(int));
		answer->cycle[0] = work->endless_loop;
		answer->cycle_length = 1;
		return;
	}
	answer->cycle = work->net.cycle;
	answer->cycle_length = work->net.cycle_length;
	for (int i = 0; i < answer->cycle_length; i++)
		answer->cycle[i] = work->origin[answer->cycle[i]];
}

static void
make_network(Work *work)
{
	FlowNetwork *net = &work->net;
	size_t		n = work->problem->nnodes;
	size_t		m = work->problem->narcs;

	net->source = need(work, m, sizeof(int));
	net->target = need(work, m, sizeof(int));
	net->capacity = need(work, m, sizeof(int64_t));
	net->cost = need(work, m, sizeof(int64_t));
	net->supply = need(work, n, sizeof(int64_t));
	net->flow = need(work, m, sizeof(int64_t));
	net->potential = need(work, n, sizeof(int64_t));
	net->missing = need(work, n, sizeof(int64_t));
	net->cycle = need(work, n, sizeof(int));
	work->origin = need(work, m, sizeof(int));
}

size_t
ob_allocation_flow_memory(int nnodes, int narcs, FlowMethod method, bool potentials)
{
	size_t		n = (size_t) nnodes + 2;
	size_t		m = (size_t) narcs + 1;
	size_t		simplex = ob_allocation_flow_simplex_memory(nnodes, narcs);
	size_t		scaling = ob_allocation_flow_scaling_memory(nnodes, narcs);
	size_t		network = n * (3 * sizeof(int64_t) + sizeof(int)) + m * (3 * sizeof(int64_t) + 3 * sizeof(int));
	/* a cut, or the least potentials: incidence lists, and a queue or a heap */
	size_t		proof = n * (sizeof(int) + (potentials ? 2 * sizeof(int) + sizeof(int64_t) : sizeof(int) + 1)) + 2 * m * sizeof(int);

	return network + proof + (method != FLOW_SCALING ? simplex : 0) + (method != FLOW_SIMPLEX ? scaling : 0);
}

/*
 * The simplex first: on nearly all problems it is faster. Where ways are long
 * (a strip of 2,000 by 10 nodes) it takes ten times as long as scaling, so
 * that takes over after as much work as it would have needed itself. Work is
 * counted, not timed: the same problem always takes the same way.
 */
static FlowFault
run_methods(Work *work, FlowMethod method)
{
	FlowNetwork *net = &work->net;
	FlowAnswer *answer = work->answer;
	FlowFault	fault;

	net->work_limit = INT64_MAX;
	if (method == FLOW_AUTO)
		net->work_limit = WORK_BEFORE_SCALING * ((int64_t) net->narcs + 1000);
	answer->method = FLOW_SIMPLEX;
	if (method != FLOW_SCALING)
	{
		fault = ob_allocation_flow_simplex(net, work->hooks);
		if (fault != FLOW_GIVEN_UP)
			return fault;
	}
	answer->method = FLOW_SCALING;
	if (ob_allocation_flow_scaling(net, work->hooks, &fault))
		return fault;
	net->work_limit = INT64_MAX;
	answer->method = FLOW_SIMPLEX;
	return ob_allocation_flow_simplex(net, work->hooks);
}

FlowFault
ob_allocation_flow(const FlowProblem *problem, FlowMethod method, const FlowHooks *hooks, FlowAnswer *answer)
{
	Work		work = {.problem = problem, .hooks = hooks, .answer = answer, .endless_loop = -1};
	FlowFault	fault = check_supplies(problem);

	if (fault != FLOW_OPTIMAL)
		return fault;
	make_network(&work);
	reduce(&work);
	fault = measure_reach(&work.net);
	if (fault != FLOW_OPTIMAL)
		return fault;
	fault = run_methods(&work, method);
	answer->steps = work.net.steps;
	if (fault == FLOW_OPTIMAL && work.endless_loop >= 0)
		fault = FLOW_UNBOUNDED;
	switch (fault)
	{
		case FLOW_OPTIMAL:
			if (answer->potential != NULL)
				least_potentials(&work);
			return keep_flow(&work);
		case FLOW_INFEASIBLE:
			return find_cut(&work);
		case FLOW_UNBOUNDED:
			keep_cycle(&work);
			return fault;
		default:
			return fault;
	}
}
