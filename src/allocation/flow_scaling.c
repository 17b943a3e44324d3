/*-------------------------------------------------------------------------
 *
 * flow_scaling.c
 *		Minimum-cost flow by cost scaling.
 *
 * The method is Goldberg and Tarjan's; augmenting along short paths and the
 * global update of prices are those of Goldberg (1997), Bünnagel, Korte and
 * Vygen (1998), and Kiraly and Kovacs, "Efficient implementations of
 * minimum-cost flow algorithms" (2012).
 *
 * Vocabulary
 *		residual	here a thing with a number: each arc of the network has one
 *					along it and one against it, its twin. A node's residuals
 *					stand together.
 *		price		the potential of a node, in units of 1 / (nnodes + 1) of the
 *					costs, so that costs are whole multiples of nnodes + 1
 *		epsilon		no residual has a reduced cost below -epsilon
 *		admissible	a residual with room whose reduced cost is negative
 *		excess		what a node has received, or owns, and not sent on; below 0 a
 *					deficit
 *
 * How it works
 *		Each phase lowers epsilon by FACTOR: it fills all admissible residuals,
 *		which leaves nodes with excess, and sends the excess on along admissible
 *		residuals, lowering the price of a node that has none, until no excess
 *		is left. When epsilon is 1, a cycle of residuals costs at least minus
 *		its length, which is less than nnodes + 1, so it costs 0 or more, and the
 *		flow is optimal. The supplies are the excess of the first phase.
 *
 *		That a node with excess cannot reach one with a deficit, which the global
 *		update sees, means that there is no flow.
 *
 * Why it ends
 *		Nodes with a deficit keep their price. From a node that can reach one the
 *		price sinks no further than the costs of the way and an epsilon a step
 *		demand; what is sunk next on a path has an admissible residual into it
 *		from such a node, so its price is bounded, too. A node with excess that
 *		sinks further reaches no deficit, and the global update, which comes after
 *		at most "patience" lowered prices, says so.
 *
 *-------------------------------------------------------------------------
 */
#include "allocation/flow_scaling.h"

#define FACTOR					16
#define MAX_PATH				4
#define MIN_RELABELS			100

typedef struct Residual
{
	int			head;
	int			twin;
	int64_t		cost;
	int64_t		room;
} Residual;

typedef struct Scaling
{
	int			nnodes;
	int			nresiduals;
	int			relabels;		/* since the last global update */
	int			patience;		/* how many until the next */
	int		   *first;			/* [nnodes + 1] */
	int		   *current;		/* of each node: residuals before it are not admissible */
	Residual   *residual;
	int64_t    *price;
	int64_t    *excess;
	int		   *queue;			/* a ring of nodes with excess */
	int			queue_start;
	int			queue_length;
	uint8_t    *queued;
	/* global update: how many epsilons the price of a node must sink, in lists by that number */
	int		   *rank;
	int		   *bucket;			/* [nnodes + 2]: the first node of that rank, or -1 */
	int		   *next;
	int		   *previous;
	int64_t		epsilon;
	int64_t		pushes;
} Scaling;

static inline int64_t
reduced_cost(const Scaling *s, int v, const Residual *r)
{
	return r->cost + s->price[v] - s->price[r->head];
}

/* ---- the network with its residuals ---- */

/*
 * Gives arcs without capacity one: more than all supply and all capacities
 * together. A flow that fills such an arc contains a cycle of them, which costs
 * nothing if the flow is optimal; so the arc has a reduced cost of 0, whether it
 * counts as full or not. A cut that proves that there is no flow has no such arc
 * out of it. False, and nothing done, when numbers could become too large.
 */
static bool
limit_capacities(FlowNetwork *net)
{
	__int128	sum = 1;
	__int128	cost = 0;

	for (int v = 0; v < net->nnodes; v++)
		if (net->supply[v] > 0)
			sum += net->supply[v];
	for (int e = 0; e < net->narcs; e++)
	{
		if (net->capacity[e] != FLOW_NO_CAPACITY)
			sum += net->capacity[e];
		if (net->cost[e] > cost)
			cost = net->cost[e];
		else if (-net->cost[e] > cost)
			cost = -net->cost[e];
	}
	/* the excess of a node: what all its arcs can bring */
	if (sum > INT64_MAX / 4 / ((int64_t) net->narcs + 1))
		return false;
	/* in a phase prices sink by at most (FACTOR + 1) * nnodes epsilons, in all by less than twice the costs * nnodes */
	if (cost > INT64_MAX / 16 / ((int64_t) net->nnodes + 1) / ((int64_t) net->nnodes + 1))
		return false;
	for (int e = 0; e < net->narcs; e++)
		if (net->capacity[e] == FLOW_NO_CAPACITY)
			net->capacity[e] = (int64_t) sum;
	return true;
}

static void
lay_residuals(Scaling *s, FlowNetwork *net)
{
	int			n = s->nnodes;

	for (int v = 0; v <= n; v++)
		s->first[v] = 0;
	for (int e = 0; e < net->narcs; e++)
	{
		s->first[net->source[e]]++;
		s->first[net->target[e]]++;
	}
	for (int v = 0; v < n; v++)
		s->first[v + 1] += s->first[v];
	for (int e = net->narcs - 1; e >= 0; e--)
	{
		int			along = --s->first[net->source[e]];
		int			against = --s->first[net->target[e]];
		int64_t		cost = net->cost[e] * (n + 1);

		s->residual[along] = (Residual) {net->target[e], against, cost, net->capacity[e]};
		s->residual[against] = (Residual) {net->source[e], along, -cost, 0};
		/* where the arc is, for the answer */
		net->flow[e] = against;
		if (cost > s->epsilon)
			s->epsilon = cost;
		else if (-cost > s->epsilon)
			s->epsilon = -cost;
	}
	for (int v = 0; v < n; v++)
	{
		s->price[v] = 0;
		s->excess[v] = net->supply[v];
	}
}

/* ---- the global update ---- */

static void
put_into_bucket(Scaling *s, int v, int rank)
{
	s->rank[v] = rank;
	s->previous[v] = -1;
	s->next[v] = s->bucket[rank];
	if (s->next[v] >= 0)
		s->previous[s->next[v]] = v;
	s->bucket[rank] = v;
}

static void
take_from_bucket(Scaling *s, int v)
{
	if (s->next[v] >= 0)
		s->previous[s->next[v]] = s->previous[v];
	if (s->previous[v] >= 0)
		s->next[s->previous[v]] = s->next[v];
	else
		s->bucket[s->rank[v]] = s->next[v];
}

/* A node of that rank: what leads to it with less effort than by other ways gets a lower rank. */
static void
scan_back(Scaling *s, int v, int rank)
{
	int			far = s->nnodes;

	for (int i = s->first[v]; i < s->first[v + 1]; i++)
	{
		const Residual *forward = &s->residual[i];
		int			u = forward->head;
		const Residual *back = &s->residual[forward->twin];
		int64_t		length;

		if (back->room == 0 || s->rank[u] <= rank)
			continue;
		length = reduced_cost(s, u, back);
		length = length < 0 ? 0 : length / s->epsilon + 1;
		if (length >= far - rank)
			length = far - rank;
		if (rank + (int) length >= s->rank[u])
			continue;
		if (s->rank[u] <= far)
			take_from_bucket(s, u);
		put_into_bucket(s, u, rank + (int) length);
	}
}

/*
 * Lowers prices so that each node with excess gets nearer to a deficit. Nodes
 * of which all that can be said is that they are far sink by as much as the
 * farthest. False when a node with excess cannot reach a deficit at all.
 */
static bool
update_prices(Scaling *s)
{
	int			far = s->nnodes;
	int			farthest = 0;
	int64_t		seen = 0;
	int64_t		active = 0;

	for (int r = 0; r <= far; r++)
		s->bucket[r] = -1;
	for (int v = 0; v < s->nnodes; v++)
	{
		s->rank[v] = far + 1;
		if (s->excess[v] < 0)
			put_into_bucket(s, v, 0);
		active += s->excess[v] > 0;
	}
	for (int r = 0; r <= far && seen < active; r++)
	{
		while (s->bucket[r] >= 0)
		{
			int			v = s->bucket[r];

			take_from_bucket(s, v);
			scan_back(s, v, r);
			if (s->excess[v] > 0)
				seen++;
			farthest = r;
		}
	}
	if (seen < active)
		return false;
	for (int v = 0; v < s->nnodes; v++)
	{
		int			rank = s->rank[v] < farthest ? s->rank[v] : farthest;

		s->price[v] -= rank * s->epsilon;
		s->current[v] = s->first[v];
	}
	s->relabels = 0;
	return true;
}

/* ---- one phase ---- */

static void
enqueue(Scaling *s, int v)
{
	int			at = s->queue_start + s->queue_length;

	if (s->queued[v])
		return;
	s->queued[v] = 1;
	s->queue[at < s->nnodes ? at : at - s->nnodes] = v;
	s->queue_length++;
}

static int
dequeue(Scaling *s)
{
	int			v = s->queue[s->queue_start];

	if (++s->queue_start == s->nnodes)
		s->queue_start = 0;
	s->queue_length--;
	s->queued[v] = 0;
	return v;
}

static void
push(Scaling *s, int from, Residual *r, int64_t amount)
{
	r->room -= amount;
	s->residual[r->twin].room += amount;
	s->excess[from] -= amount;
	s->excess[r->head] += amount;
	s->pushes++;
}

static void
fill_admissible(Scaling *s)
{
	for (int v = 0; v < s->nnodes; v++)
	{
		for (int i = s->first[v]; i < s->first[v + 1]; i++)
		{
			Residual   *r = &s->residual[i];

			if (r->room > 0 && reduced_cost(s, v, r) < 0)
				push(s, v, r, r->room);
		}
	}
}

/* The current residual of a node moves to the next admissible one; false when there is none. */
static bool
find_admissible(Scaling *s, int v)
{
	int			end = s->first[v + 1];

	for (int i = s->current[v]; i < end; i++)
	{
		const Residual *r = &s->residual[i];

		if (r->room > 0 && reduced_cost(s, v, r) < 0)
		{
			s->current[v] = i;
			return true;
		}
	}
	return false;
}

/*
 * Lowers the price of a node just so far that it has an admissible residual. A
 * node that nothing can leave sinks out of sight.
 */
static void
relabel(Scaling *s, int v)
{
	int64_t		least = INT64_MAX;

	for (int i = s->first[v]; i < s->first[v + 1]; i++)
	{
		const Residual *r = &s->residual[i];

		if (r->room > 0)
		{
			int64_t		reduced = reduced_cost(s, v, r);

			if (reduced < least)
				least = reduced;
		}
	}
	s->price[v] -= least != INT64_MAX ? least + s->epsilon : s->nnodes * s->epsilon;
	s->current[v] = s->first[v];
	s->relabels++;
}

/*
 * Sends excess of a node along a path of a few admissible residuals, or to a
 * deficit; less far when a global update is due.
 */
static void
send_on(Scaling *s, int start)
{
	int			path[MAX_PATH + 1];
	int			via[MAX_PATH];
	int			length = 0;

	path[0] = start;
	while (length < MAX_PATH && s->excess[path[length]] >= 0 && s->relabels <= s->patience)
	{
		int			tip = path[length];

		if (find_admissible(s, tip))
		{
			via[length++] = s->current[tip];
			path[length] = s->residual[s->current[tip]].head;
		}
		else
		{
			relabel(s, tip);
			if (length > 0)
				length--;
		}
	}
	for (int i = 0; i < length; i++)
	{
		Residual   *r = &s->residual[via[i]];
		int64_t		amount = s->excess[path[i]] < r->room ? s->excess[path[i]] : r->room;

		if (amount > 0)
			push(s, path[i], r, amount);
		if (s->excess[path[i]] > 0)
			enqueue(s, path[i]);
	}
	if (s->excess[path[length]] > 0)
		enqueue(s, path[length]);
}

/* From a flow that is optimal but for FACTOR * epsilon to one that is but for epsilon. False: there is no flow. */
static bool
refine(Scaling *s, const FlowHooks *hooks)
{
	s->patience = s->nnodes / 2 + MIN_RELABELS;
	fill_admissible(s);
	if (!update_prices(s))
		return false;
	for (int v = 0; v < s->nnodes; v++)
		if (s->excess[v] > 0)
			enqueue(s, v);
	for (int64_t i = 0; s->queue_length > 0; i++)
	{
		int			v = dequeue(s);

		if (i % 256 == 0)
			hooks->check_interrupt(hooks->context);
		if (s->excess[v] <= 0)
			continue;
		if (s->relabels > s->patience && !update_prices(s))
			return false;
		send_on(s, v);
	}
	return true;
}

/* ---- what has no least cost ---- */

/*
 * Looks for a cycle of negative cost among arcs without capacity (Bellman and
 * Ford's method, with a look for cycles among the predecessors each round).
 */
static bool
find_endless_cycle(FlowNetwork *net, int64_t *distance, int *pred, int *mark, const FlowHooks *hooks)
{
	bool		changed = true;

	for (int v = 0; v < net->nnodes; v++)
	{
		distance[v] = 0;
		pred[v] = -1;
	}
	while (changed)
	{
		changed = false;
		hooks->check_interrupt(hooks->context);
		for (int e = 0; e < net->narcs; e++)
		{
			int64_t		length = distance[net->source[e]] + net->cost[e];

			if (net->capacity[e] == FLOW_NO_CAPACITY && length < distance[net->target[e]])
			{
				distance[net->target[e]] = length;
				pred[net->target[e]] = e;
				changed = true;
			}
		}
		/* walk back from each node; who comes to a node of the same walk has gone round */
		for (int v = 0; v < net->nnodes; v++)
			mark[v] = -1;
		for (int v = 0; v < net->nnodes && changed; v++)
		{
			int			u = v;

			for (; mark[u] < 0 && pred[u] >= 0; u = net->source[pred[u]])
				mark[u] = v;
			if (mark[u] != v || pred[u] < 0)
				continue;
			net->cycle_length = 0;
			for (int w = u; net->cycle_length == 0 || w != u; w = net->source[pred[w]])
				net->cycle[net->cycle_length++] = pred[w];
			for (int i = 0, j = net->cycle_length - 1; i < j; i++, j--)
			{
				int			e = net->cycle[i];

				net->cycle[i] = net->cycle[j];
				net->cycle[j] = e;
			}
			return true;
		}
	}
	return false;
}

static bool
has_endless_saving(const FlowNetwork *net)
{
	for (int e = 0; e < net->narcs; e++)
		if (net->capacity[e] == FLOW_NO_CAPACITY && net->cost[e] < 0)
			return true;
	return false;
}

/* ---- all of it ---- */

static void
keep_answer(const Scaling *s, FlowNetwork *net)
{
	for (int e = 0; e < net->narcs; e++)
		net->flow[e] = s->residual[net->flow[e]].room;
	for (int v = 0; v < s->nnodes; v++)
	{
		net->potential[v] = s->price[v];
		/* what can reach a deficit is not the reason why there is no flow */
		net->missing[v] = s->excess[v] > 0 && s->rank[v] <= s->nnodes ? 0 : s->excess[v];
	}
	net->scale = s->nnodes + 1;
	net->steps = s->pushes;
}

/* Phases down to an epsilon of 1; without costs one is enough. */
static bool
run(Scaling *s, const FlowHooks *hooks)
{
	bool		feasible;

	do
	{
		s->epsilon = s->epsilon > FACTOR ? s->epsilon / FACTOR : 1;
		feasible = refine(s, hooks);
	} while (feasible && s->epsilon > 1);
	return feasible;
}

size_t
ob_allocation_flow_scaling_memory(int nnodes, int narcs)
{
	size_t		n = (size_t) nnodes + 2;
	size_t		m = 2 * (size_t) narcs + 1;

	return n * (2 * sizeof(int64_t) + 7 * sizeof(int) + sizeof(uint8_t)) + m * sizeof(Residual);
}

bool
ob_allocation_flow_scaling(FlowNetwork *net, const FlowHooks *hooks, FlowFault *fault)
{
	size_t		n = (size_t) net->nnodes + 2;
	Scaling		s = {.nnodes = net->nnodes, .nresiduals = 2 * net->narcs, .epsilon = 1};
	bool		endless = false;

	s.price = hooks->allocate(hooks->context, n * sizeof(int64_t));
	s.next = hooks->allocate(hooks->context, n * sizeof(int));
	s.rank = hooks->allocate(hooks->context, n * sizeof(int));
	if (has_endless_saving(net))
		endless = find_endless_cycle(net, s.price, s.next, s.rank, hooks);
	if (!limit_capacities(net))
		return false;
	s.residual = hooks->allocate(hooks->context, (2 * (size_t) net->narcs + 1) * sizeof(Residual));
	s.first = hooks->allocate(hooks->context, n * sizeof(int));
	s.current = hooks->allocate(hooks->context, n * sizeof(int));
	s.excess = hooks->allocate(hooks->context, n * sizeof(int64_t));
	s.queue = hooks->allocate(hooks->context, n * sizeof(int));
	s.queued = hooks->allocate(hooks->context, n * sizeof(uint8_t));
	s.bucket = hooks->allocate(hooks->context, n * sizeof(int));
	s.previous = hooks->allocate(hooks->context, n * sizeof(int));
	for (int v = 0; v < net->nnodes; v++)
		s.queued[v] = 0;

	if (endless)
		for (int e = 0; e < net->narcs; e++)
			net->cost[e] = 0;
	lay_residuals(&s, net);
	*fault = !run(&s, hooks) ? FLOW_INFEASIBLE : endless ? FLOW_UNBOUNDED : FLOW_OPTIMAL;
	keep_answer(&s, net);
	return true;
}
