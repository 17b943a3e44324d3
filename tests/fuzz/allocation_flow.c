/*-------------------------------------------------------------------------
 *
 * allocation_flow.c
 *	  Fuzz target of minimum-cost flow; needs no server.
 *
 *	  clang -g -Isrc -fsanitize=fuzzer,address,undefined \
 *		  tests/fuzz/allocation_flow.c src/allocation/flow_kernel.c src/allocation/flow_simplex.c src/allocation/flow_scaling.c src/allocation/flow_verify.c -o fuzz && ./fuzz -max_total_time=60
 *
 * or without libFuzzer, over random inputs of its own (argument: how many):
 *
 *	  cc -g -Isrc -DSTANDALONE -fsanitize=address,undefined \
 *		  tests/fuzz/allocation_flow.c src/allocation/flow_kernel.c src/allocation/flow_simplex.c src/allocation/flow_scaling.c src/allocation/flow_verify.c -o fuzz && ./fuzz 100000
 *
 * Promises that are tried on every input
 *	  Both methods say the same as an oracle: that there is no flow, that none
 *	  costs the least, or a flow of the same cost as the oracle's, which the
 *	  verifier finds optimal by its potentials; those are the same for both
 *	  methods, not negative, and no node can have less. The verifier finds any
 *	  change of the flow. A cut and a cycle prove what they are said to. With
 *	  numbers at the end of their range the answer is right or refused. No more
 *	  memory is asked for than announced.
 *
 * The oracle
 *	  Sends flow along shortest paths that carry something until lower bounds
 *	  and supplies are met (by Bellman and Ford's method, for feasibility
 *	  without costs), then around cycles of negative cost until there is none.
 *
 *-------------------------------------------------------------------------
 */
#include "allocation/flow_kernel.h"
#include "allocation/flow_verify.h"

#include <string.h>

#include "fuzz.h"

#define MAX_NODES	9
#define MAX_ARCS	28
#define MAX_BLOCKS	256
/* What an arc without capacity carries at most in the oracle. */
#define AMPLE		100000

typedef struct Trial
{
	FlowProblem problem;
	int			source[MAX_ARCS];
	int			target[MAX_ARCS];
	int64_t		lower[MAX_ARCS];
	int64_t		capacity[MAX_ARCS];
	int64_t		cost[MAX_ARCS];
	int64_t		supply[MAX_NODES];
	int64_t		flow[2][MAX_ARCS];
	int64_t		potential[2][MAX_NODES];
	FlowAnswer	answer[2];
	FlowFault	fault[2];
	bool		extreme;		/* numbers near the ends of their range: no oracle */
	size_t		asked;
	void	   *block[MAX_BLOCKS];
	int			nblocks;
} Trial;

typedef struct Bytes
{
	const uint8_t *data;
	size_t		left;
} Bytes;

static long answers[3];

static int
next_byte(Bytes *bytes)
{
	if (bytes->left == 0)
		return 0;
	bytes->left--;
	return *bytes->data++;
}

static void *
allocate(void *context, size_t size)
{
	Trial	   *trial = context;

	PROMISE(trial->nblocks < MAX_BLOCKS);
	trial->asked += size;
	return trial->block[trial->nblocks++] = malloc(size);
}

static void
check_interrupt(void *context)
{
	(void) context;
}

/* ---- the network of an input ---- */

static int64_t
extreme_number(Bytes *bytes)
{
	int			bits = next_byte(bytes) % 63;
	int64_t		number = (INT64_C(1) << bits) - 1 + next_byte(bytes) % 3;

	return number < 0 ? INT64_MAX : number;
}

static void
build(Trial *trial, Bytes *bytes)
{
	int			shape = next_byte(bytes);
	int			n = 1 + next_byte(bytes) % MAX_NODES;
	int			m = next_byte(bytes) % (MAX_ARCS + 1);
	int			limited = next_byte(bytes);
	int			most = 1 + next_byte(bytes) % 12;
	int			price = 1 + next_byte(bytes) % 30;
	int			below = shape & 1 ? next_byte(bytes) % (price + 1) : 0;

	trial->extreme = shape >= 240;
	for (int e = 0; e < m; e++)
	{
		trial->source[e] = next_byte(bytes) % n;
		trial->target[e] = shape & 4 ? trial->source[e] / 2 + n / 2 : next_byte(bytes) % n;
		trial->lower[e] = shape & 2 && next_byte(bytes) % 4 == 0 ? next_byte(bytes) % most - (shape & 8 ? most / 2 : 0) : 0;
		trial->capacity[e] = next_byte(bytes) % most;
		if (trial->capacity[e] < trial->lower[e])
			trial->capacity[e] = trial->lower[e];
		trial->cost[e] = next_byte(bytes) % price - below;
		if (next_byte(bytes) >= limited)
			trial->capacity[e] = FLOW_NO_CAPACITY;
		if (trial->extreme && next_byte(bytes) % 2)
			trial->capacity[e] = extreme_number(bytes);
		if (trial->extreme && next_byte(bytes) % 2)
			trial->cost[e] = extreme_number(bytes) * (below > 0 && next_byte(bytes) % 2 ? -1 : 1);
		if (trial->capacity[e] < trial->lower[e])
			trial->lower[e] = trial->capacity[e];
	}
	for (int pairs = next_byte(bytes) % 6; pairs > 0; pairs--)
	{
		int			from = next_byte(bytes) % n;
		int			to = next_byte(bytes) % n;
		int64_t		amount = trial->extreme ? extreme_number(bytes) / 8 : next_byte(bytes) % most;

		trial->supply[from] += amount;
		trial->supply[to] -= amount;
	}
	trial->problem = (FlowProblem) {.nnodes = n, .narcs = m, .source = trial->source, .target = trial->target,
		.lower = shape & 2 ? trial->lower : NULL, .capacity = trial->capacity, .cost = trial->cost, .supply = trial->supply};
	if (!(shape & 2))
		memset(trial->lower, 0, sizeof(trial->lower));
}

/* ---- the oracle ---- */

typedef struct Oracle
{
	const Trial *trial;
	int			nodes;			/* those of the problem, a source and a sink */
	int			arcs;
	int			source[MAX_ARCS + MAX_NODES];
	int			target[MAX_ARCS + MAX_NODES];
	int64_t		capacity[MAX_ARCS + MAX_NODES];
	int64_t		cost[MAX_ARCS + MAX_NODES];
	int64_t		flow[MAX_ARCS + MAX_NODES];
	int64_t		distance[MAX_NODES + 2];
	int			pred[MAX_NODES + 2];	/* 2 * arc, and 1 more against it */
} Oracle;

static int64_t
room(const Oracle *o, int r)
{
	return r % 2 ? o->flow[r / 2] : o->capacity[r / 2] - o->flow[r / 2];
}

/* Shortest paths from the nodes whose distance is 0; a node of a negative cycle, or -1. */
static int
shortest_paths(Oracle *o, bool with_costs)
{
	int			changed = -1;

	for (int round = 0; round <= o->nodes; round++)
	{
		changed = -1;
		for (int r = 0; r < 2 * o->arcs; r++)
		{
			int			from = r % 2 ? o->target[r / 2] : o->source[r / 2];
			int			to = r % 2 ? o->source[r / 2] : o->target[r / 2];
			int64_t		cost = with_costs ? (r % 2 ? -o->cost[r / 2] : o->cost[r / 2]) : 1;

			if (room(o, r) > 0 && o->distance[from] < INT32_MAX && o->distance[from] + cost < o->distance[to])
			{
				o->distance[to] = o->distance[from] + cost;
				o->pred[to] = r;
				changed = to;
			}
		}
		if (changed < 0)
			return -1;
	}
	return changed;
}

static int
before(const Oracle *o, int v)
{
	return o->pred[v] % 2 ? o->target[o->pred[v] / 2] : o->source[o->pred[v] / 2];
}

/* Sends all that fits along the predecessors of a node until stop comes, once at least. */
static int64_t
send(Oracle *o, int node, int stop)
{
	int64_t		most = INT64_MAX;
	int			v = node;

	do
	{
		if (room(o, o->pred[v]) < most)
			most = room(o, o->pred[v]);
		v = before(o, v);
	} while (v != stop);
	v = node;
	do
	{
		o->flow[o->pred[v] / 2] += o->pred[v] % 2 ? -most : most;
		v = before(o, v);
	} while (v != stop);
	return most;
}

static FlowFault
consult(const Trial *trial, int64_t *total)
{
	static Oracle oracle;
	Oracle	   *o = &oracle;
	int			n = trial->problem.nnodes;
	int			m = trial->problem.narcs;
	int64_t		supply[MAX_NODES];
	int64_t		wanted = 0;
	int			v;

	memset(o, 0, sizeof(*o));
	o->trial = trial;
	o->nodes = n + 2;
	memcpy(supply, trial->supply, sizeof(supply));
	for (int e = 0; e < m; e++)
	{
		o->source[e] = trial->source[e];
		o->target[e] = trial->target[e];
		o->capacity[e] = trial->capacity[e] == FLOW_NO_CAPACITY ? AMPLE : trial->capacity[e] - trial->lower[e];
		o->cost[e] = trial->cost[e];
		supply[o->source[e]] -= trial->lower[e];
		supply[o->target[e]] += trial->lower[e];
	}
	o->arcs = m;
	for (v = 0; v < n; v++)
	{
		o->source[o->arcs] = supply[v] > 0 ? n : v;
		o->target[o->arcs] = supply[v] > 0 ? v : n + 1;
		o->capacity[o->arcs++] = supply[v] > 0 ? supply[v] : -supply[v];
		wanted += supply[v] > 0 ? supply[v] : 0;
	}
	while (wanted > 0)
	{
		for (v = 0; v < o->nodes; v++)
			o->distance[v] = v == n ? 0 : INT32_MAX;
		PROMISE(shortest_paths(o, false) < 0);
		if (o->distance[n + 1] == INT32_MAX)
			return FLOW_INFEASIBLE;
		wanted -= send(o, n + 1, n);
	}
	/* what came from the source and went to the sink stays */
	o->arcs = m;
	for (;;)
	{
		memset(o->distance, 0, sizeof(o->distance));
		v = shortest_paths(o, true);
		if (v < 0)
			break;
		for (int i = 0; i < o->nodes; i++)
			v = before(o, v);
		send(o, v, v);
	}
	*total = 0;
	for (int e = 0; e < m; e++)
	{
		/* no finite cycle carries so much */
		if (trial->capacity[e] == FLOW_NO_CAPACITY && o->flow[e] > AMPLE / 2 && trial->cost[e] != 0)
			return FLOW_UNBOUNDED;
		*total += (o->flow[e] + trial->lower[e]) * trial->cost[e];
	}
	return *total < -AMPLE / 2 ? FLOW_UNBOUNDED : FLOW_OPTIMAL;
}

/* ---- promises ---- */

static void
try_cut(const Trial *trial, const FlowAnswer *answer)
{
	__int128	must_leave = 0;
	__int128	can_leave = 0;

	for (int v = 0; v < trial->problem.nnodes; v++)
		if (answer->in_cut[v])
			must_leave += trial->supply[v];
	for (int e = 0; e < trial->problem.narcs; e++)
	{
		bool		from = answer->in_cut[trial->source[e]];
		bool		to = answer->in_cut[trial->target[e]];

		if (!from && to)
			must_leave += trial->lower[e];
		if (from && !to)
		{
			PROMISE(trial->capacity[e] != FLOW_NO_CAPACITY);
			can_leave += trial->capacity[e];
		}
	}
	PROMISE(must_leave > can_leave);
}

static void
try_cycle(const Trial *trial, const FlowAnswer *answer)
{
	__int128	cost = 0;

	PROMISE(answer->cycle_length > 0 && answer->cycle_length <= trial->problem.nnodes);
	for (int i = 0; i < answer->cycle_length; i++)
	{
		int			e = answer->cycle[i];

		PROMISE(trial->capacity[e] == FLOW_NO_CAPACITY);
		PROMISE(trial->target[e] == trial->source[answer->cycle[(i + 1) % answer->cycle_length]]);
		cost += trial->cost[e];
	}
	PROMISE(cost < 0);
}

static FlowBreach
verify(const Trial *trial, const int64_t *flow, const int64_t *potential, FlowCheck *check)
{
	FlowBalance balance[MAX_NODES];

	return ob_allocation_verify_flow(&trial->problem, flow, potential, balance, check);
}

static bool
same(const WideSum *a, const WideSum *b)
{
	return a->high + (__int128) (a->low >> 64) == b->high + (__int128) (b->low >> 64) && (uint64_t) a->low == (uint64_t) b->low;
}

static void
try_optimum(const Trial *trial, int method)
{
	const int64_t *flow = trial->flow[method];
	int64_t		potential[MAX_NODES];
	FlowCheck	check;

	PROMISE(verify(trial, flow, trial->potential[method], &check) == FLOW_HOLDS);
	PROMISE(check.bounded && same(&check.cost, &check.bound));
	/* no set of nodes can have less: a potential above 0 rests on a residual without reduced cost to a lower one */
	memcpy(potential, trial->potential[method], sizeof(potential));
	for (int v = 0; v < trial->problem.nnodes; v++)
	{
		PROMISE(potential[v] >= 0);
		if (potential[v] > 0)
		{
			potential[v]--;
			if (verify(trial, flow, potential, &check) == FLOW_HOLDS)
				PROMISE(!"a node can have less");
			potential[v]++;
		}
	}
}

static void
try_changes(const Trial *trial, Bytes *bytes)
{
	int64_t		flow[MAX_ARCS];
	FlowCheck	check;
	int			e;

	if (trial->problem.narcs == 0)
		return;
	e = next_byte(bytes) % trial->problem.narcs;
	memcpy(flow, trial->flow[0], sizeof(flow));
	if (flow[e] == INT64_MAX)
		return;
	flow[e]++;
	/* a loop without cost alone may carry more */
	if (verify(trial, flow, trial->potential[0], &check) == FLOW_HOLDS)
		PROMISE(trial->source[e] == trial->target[e] && trial->cost[e] == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Bytes		bytes = {data, size};
	Trial	   *trial = calloc(1, sizeof(Trial));
	FlowHooks	hooks = {.context = trial, .allocate = allocate, .check_interrupt = check_interrupt};
	int64_t		total = 0;

	build(trial, &bytes);
	for (int method = 0; method < 2; method++)
	{
		trial->asked = 0;
		trial->answer[method] = (FlowAnswer) {.flow = trial->flow[method], .potential = trial->potential[method]};
		trial->fault[method] = ob_allocation_flow(&trial->problem, method, &hooks, &trial->answer[method]);
		PROMISE(trial->asked <= ob_allocation_flow_memory(trial->problem.nnodes, trial->problem.narcs, method, true)
				+ (method == FLOW_SCALING ? ob_allocation_flow_memory(trial->problem.nnodes, trial->problem.narcs, FLOW_SIMPLEX, false) : 0));
		if (trial->fault[method] == FLOW_INFEASIBLE)
			try_cut(trial, &trial->answer[method]);
		if (trial->fault[method] == FLOW_UNBOUNDED)
			try_cycle(trial, &trial->answer[method]);
		if (trial->fault[method] == FLOW_OPTIMAL)
			try_optimum(trial, method);
	}
	PROMISE(trial->fault[0] == trial->fault[1]);
	if (trial->fault[0] == FLOW_OPTIMAL)
	{
		PROMISE(memcmp(trial->potential[0], trial->potential[1], sizeof(trial->potential[0])) == 0);
		try_changes(trial, &bytes);
	}
	if (!trial->extreme)
	{
		FlowCheck	check;

		PROMISE(trial->fault[0] == consult(trial, &total));
		if (trial->fault[0] == FLOW_OPTIMAL)
		{
			verify(trial, trial->flow[0], NULL, &check);
			PROMISE(check.cost.high * ((__int128) 1 << 64) + (__int128) check.cost.low == total);
		}
		answers[trial->fault[0]]++;
	}
	while (trial->nblocks > 0)
		free(trial->block[--trial->nblocks]);
	free(trial);
	return 0;
}

#ifdef STANDALONE
int
main(int argc, char **argv)
{
	long		rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 100000;
	uint64_t	seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	uint8_t		data[400];

	for (long round = 0; round < rounds; round++)
	{
		for (size_t i = 0; i < sizeof(data); i++)
		{
			seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
			data[i] = (uint8_t) (seed >> 56);
		}
		LLVMFuzzerTestOneInput(data, sizeof(data));
	}
	printf("%ld inputs, every promise kept; %ld flows, %ld with none, %ld without a least cost\n", rounds, answers[0], answers[1], answers[2]);
	return 0;
}
#endif
