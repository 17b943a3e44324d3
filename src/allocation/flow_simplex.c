/*-------------------------------------------------------------------------
 *
 * flow_simplex.c
 *		Minimum-cost flow by the primal network simplex method.
 *
 * The method and its data structures are those of the literature: Ahuja,
 * Magnanti and Orlin, "Network Flows" (1993), chapter 11; Kiraly and Kovacs,
 * "Efficient implementations of minimum-cost flow algorithms" (2012).
 *
 * Vocabulary
 *		tree		the basis: a spanning tree over the nodes and a root, to which
 *					each node has an artificial arc. Only tree arcs have a flow
 *					between their bounds; reduced costs of tree arcs are 0.
 *		pred		the tree arc between a node and its parent
 *		up, down	residuals of pred: how much more it could carry to the parent,
 *					and from it
 *		thread		the nodes in preorder, in a ring; back is its inverse; last is
 *					the last node of a subtree in this order
 *		stem		the path that is turned around when a subtree is hung elsewhere
 *
 * Invariants
 *		An arc outside of the tree is kept as it can be entered: from the node
 *		from which it can still carry to the other, with the cost for this
 *		direction; "turned" arcs are at their capacity. So an arc is eligible if
 *		its reduced cost is negative, and no state need be looked at, since tree
 *		arcs have 0.
 *		Every node can send a positive amount up to the root (a strongly feasible
 *		tree): of several arcs that block, the last one on the cycle, seen from
 *		the join in the direction of the flow, leaves the tree. This is what
 *		makes the method end in spite of degenerate pivots.
 *		A residual of FLOW_NO_CAPACITY stays so, whatever flows.
 *
 *-------------------------------------------------------------------------
 */
#include "allocation/flow_simplex.h"

#define PIVOTS_BETWEEN_CHECKS	64
/* Of the square root of the number of arcs: arcs looked at for a pivot (measured). */
#ifndef BLOCK_FACTOR
#define BLOCK_FACTOR			2
#endif
#define MIN_BLOCK				16
/* What a step from node to node costs more than one from arc to arc. */
#define WALK					4

/* As it can be entered. */
typedef struct Arc
{
	int			source;
	int			target;
	int64_t		cost;
} Arc;

typedef struct Node
{
	int			parent;
	int			pred;			/* narcs + v: the artificial arc of node v */
	int			size;			/* of the subtree */
	int			last;
	int64_t		up;
	int64_t		down;
} Node;

typedef struct Simplex
{
	int			nnodes;
	int			narcs;
	int			root;			/* nnodes */
	int			next;			/* where the search for an arc goes on */
	int			block;
	Arc		   *arc;
	Node	   *node;
	/* apart from the nodes, so that a subtree can be walked through in little memory */
	int		   *thread;
	int		   *back;
	int64_t    *potential;
	const int64_t *capacity;	/* of the network */
	uint8_t    *turned;
	int64_t		artificial_cost;
	int64_t		pivots;
	int64_t		work;			/* arcs looked at, and WALK for each step in the tree */
} Simplex;

/* What a pivot is about. */
typedef struct Pivot
{
	int			arc;			/* that enters */
	int64_t		reduced_cost;
	int			join;			/* where the paths from both ends to the root meet */
	int64_t		amount;			/* that is sent around the cycle */
	int			leaving;		/* node whose pred leaves; -1: the entering arc itself blocks */
	bool		at_source;		/* the pred that leaves is on the path from the source */
} Pivot;

/* The integer square root, rounded down. */
static int
square_root(int64_t n)
{
	int64_t		root = 0;

	for (int64_t step = INT64_C(1) << 20; step > 0; step /= 2)
		if ((root + step) * (root + step) <= n)
			root += step;
	return (int) root;
}

/* Turns an arc around. */
static void
turn(Simplex *s, int e)
{
	Arc		   *arc = &s->arc[e];
	int			source = arc->source;

	arc->source = arc->target;
	arc->target = source;
	arc->cost = -arc->cost;
	s->turned[e] ^= 1;
}

/* Every node hangs at the root, by an arc that carries its supply or brings its demand. */
static void
start_tree(Simplex *s, const FlowNetwork *net)
{
	int			n = s->nnodes;

	s->node[s->root] = (Node) {.parent = -1, .pred = -1, .size = n + 1, .last = n > 0 ? n - 1 : s->root};
	s->thread[s->root] = n > 0 ? 0 : s->root;
	s->back[s->root] = s->node[s->root].last;
	s->potential[s->root] = 0;
	for (int v = 0; v < n; v++)
	{
		int64_t		supply = net->supply[v];

		s->node[v] = (Node) {.parent = s->root, .pred = s->narcs + v, .size = 1,
			.last = v,
			.up = supply >= 0 ? FLOW_NO_CAPACITY : -supply,
			.down = supply >= 0 ? supply : FLOW_NO_CAPACITY};
		s->thread[v] = v + 1 < n ? v + 1 : s->root;
		s->back[v] = v > 0 ? v - 1 : s->root;
		s->potential[v] = supply >= 0 ? -s->artificial_cost : s->artificial_cost;
	}
}

/*
 * The arc with the lowest reduced cost of the next block that has a negative
 * one. False when there is none at all.
 */
static bool
find_entering(Simplex *s, Pivot *pivot)
{
	const Arc  *arc = s->arc;
	const int64_t *potential = s->potential;
	int64_t		best = 0;
	int			entering = -1;
	int			e = s->next;

	for (int left = s->narcs; left > 0 && entering < 0;)
	{
		int			count = left < s->block ? left : s->block;

		left -= count;
		s->work += count;
		while (count > 0)
		{
			int			end = s->narcs - e < count ? s->narcs : e + count;

			count -= end - e;
			for (; e < end; e++)
			{
				int64_t		reduced = arc[e].cost + potential[arc[e].source] - potential[arc[e].target];

				if (reduced < best)
				{
					best = reduced;
					entering = e;
				}
			}
			if (e == s->narcs)
				e = 0;
		}
	}
	s->next = e;
	pivot->arc = entering;
	pivot->reduced_cost = best;
	return entering >= 0;
}

/* Finds the join of the cycle, how much it takes, and what leaves the tree. */
static void
find_leaving(Simplex *s, Pivot *pivot)
{
	const Node *node = s->node;
	int			u = s->arc[pivot->arc].source;
	int			v = s->arc[pivot->arc].target;
	int			at_source = -1;
	int			at_target = -1;
	int64_t		down = FLOW_NO_CAPACITY;
	int64_t		up = FLOW_NO_CAPACITY;
	int64_t		steps = 0;

	/* what is below the join has a smaller subtree than what is above it */
	while (u != v)
	{
		int			size = node[v].size;

		while (node[u].size < size)
		{
			if (node[u].down < down)
			{
				down = node[u].down;
				at_source = u;
			}
			u = node[u].parent;
			steps++;
		}
		if (u == v)
			break;
		size = node[u].size;
		do
		{
			if (node[v].up <= up)
			{
				up = node[v].up;
				at_target = v;
			}
			v = node[v].parent;
			steps++;
		} while (node[v].size < size);
	}
	s->work += WALK * steps;
	pivot->join = u;
	pivot->amount = s->capacity[pivot->arc];
	pivot->leaving = -1;
	if (at_source >= 0 && down < pivot->amount)
	{
		pivot->amount = down;
		pivot->leaving = at_source;
		pivot->at_source = true;
	}
	if (at_target >= 0 && up <= pivot->amount && up != FLOW_NO_CAPACITY)
	{
		pivot->amount = up;
		pivot->leaving = at_target;
		pivot->at_source = false;
	}
}

/* Moves an amount from one residual of an arc to the other; false when that is out of range. */
static inline bool
move(int64_t *from, int64_t *to, int64_t amount)
{
	if (*from != FLOW_NO_CAPACITY)
		*from -= amount;
	if (*to == FLOW_NO_CAPACITY)
		return true;
	*to = (int64_t) ((uint64_t) *to + (uint64_t) amount);
	return *to >= 0 && *to != FLOW_NO_CAPACITY;
}

/* Sends the amount around the cycle. */
static bool
send(Simplex *s, const Pivot *pivot)
{
	Node	   *node = s->node;
	bool		in_range = true;

	if (pivot->amount == 0)
		return true;
	for (int u = s->arc[pivot->arc].source; u != pivot->join; u = node[u].parent)
		in_range &= move(&node[u].down, &node[u].up, pivot->amount);
	for (int v = s->arc[pivot->arc].target; v != pivot->join; v = node[v].parent)
		in_range &= move(&node[v].up, &node[v].down, pivot->amount);
	return in_range;
}

/* Takes the subtree of a node out of the thread, and out of the subtrees of its ancestors. */
static void
cut_off(Simplex *s, int top, int join)
{
	Node	   *node = s->node;
	int			size = node[top].size;
	int			last = node[top].last;
	int			before = s->back[top];
	int			after = s->thread[last];
	int			u;

	for (u = node[top].parent; u != join; u = node[u].parent)
		node[u].size -= size;
	for (u = node[top].parent; u >= 0 && node[u].last == last; u = node[u].parent)
		node[u].last = before;
	s->thread[before] = after;
	s->back[after] = before;
}

/*
 * Turns the stem from a node up to the top of the subtree that was cut off
 * around, so that the node becomes its top; the node hangs below parent by arc
 * pred. The thread of the subtree is laid anew behind the parent: first what is
 * below the node, then for each node of the stem itself and what is below it,
 * without what has been laid already. Returns the end of it.
 */
static int
turn_stem(Simplex *s, int first, int top, int parent, int pred, int64_t up, int64_t down)
{
	Node	   *node = s->node;
	int			tail = parent;
	int			next = s->thread[parent];
	int			below = -1;		/* the node of the stem before this one */
	int			below_last = -1;	/* and as its subtree was: its last node, */
	int			below_size = 0; /* its size, */
	int			below_before = -1;	/* and what stood before and after it in the thread */
	int			below_after = -1;

	for (int u = first;;)
	{
		Node		old = node[u];
		int			end = old.last;
		int			before = s->back[u];
		int			after = old.last == below_last ? below_after : s->thread[old.last];

		s->thread[tail] = u;
		s->back[u] = tail;
		if (below >= 0)
		{
			if (old.last == below_last)
				end = below_before;
			else
			{
				s->thread[below_before] = below_after;
				s->back[below_after] = below_before;
			}
		}
		tail = end;
		node[u].parent = parent;
		node[u].pred = pred;
		node[u].up = up;
		node[u].down = down;
		/* for now without what is below it on the new stem */
		node[u].size = old.size - below_size;
		if (u == top)
			break;
		parent = u;
		pred = old.pred;
		up = old.down;
		down = old.up;
		below = u;
		below_last = old.last;
		below_size = old.size;
		below_before = before;
		below_after = after;
		u = old.parent;
	}
	s->thread[tail] = next;
	s->back[next] = tail;
	return tail;
}

/* Hangs the subtree that was cut off at top below the other end of the entering arc. */
static void
hang(Simplex *s, const Pivot *pivot, int top)
{
	Node	   *node = s->node;
	const Arc  *arc = &s->arc[pivot->arc];
	int			first = pivot->at_source ? arc->source : arc->target;
	int			parent = pivot->at_source ? arc->target : arc->source;
	int64_t		capacity = s->capacity[pivot->arc];
	int64_t		along = capacity == FLOW_NO_CAPACITY ? capacity : capacity - pivot->amount;
	int			size = 0;
	int			last;
	int			u;

	if (pivot->at_source)
		last = turn_stem(s, first, top, parent, pivot->arc, along, pivot->amount);
	else
		last = turn_stem(s, first, top, parent, pivot->arc, pivot->amount, along);
	/* the stem from its new lower end up */
	for (u = top;; u = node[u].parent)
	{
		size += node[u].size;
		node[u].size = size;
		node[u].last = last;
		if (u == first)
			break;
	}
	for (u = parent; u >= 0 && node[u].last == parent; u = node[u].parent)
		node[u].last = last;
	for (u = parent; u != pivot->join; u = node[u].parent)
		node[u].size += size;
}

/*
 * Shifts the potentials of a subtree so that the reduced cost of its pred is 0;
 * or those of all other nodes the other way, if they are fewer: only differences
 * count. When the root has gone far from 0, all go back with it.
 */
static void
shift_potentials(Simplex *s, int top, int64_t by)
{
	const int  *thread = s->thread;
	int64_t    *potential = s->potential;
	int			after = thread[s->node[top].last];

	if (s->node[top].size <= s->nnodes / 2)
	{
		s->work += WALK * s->node[top].size;
		for (int u = top; u != after; u = thread[u])
			potential[u] += by;
		return;
	}
	s->work += WALK * (s->nnodes - s->node[top].size);
	for (int u = after; u != top; u = thread[u])
		potential[u] -= by;
	by = potential[s->root];
	if (by > 2 * FLOW_MAX_REACH || by < -2 * FLOW_MAX_REACH)
		for (int u = 0; u <= s->nnodes; u++)
			potential[u] -= by;
}

/* Changes the tree: the entering arc comes in, the blocking one goes out. */
static void
exchange(Simplex *s, const Pivot *pivot)
{
	int			top = pivot->leaving;
	int			out = s->node[top].pred;

	/* what blocks downwards can be entered upwards */
	if (out < s->narcs && (s->arc[out].source == top) != pivot->at_source)
		turn(s, out);
	cut_off(s, top, pivot->join);
	hang(s, pivot, top);
	if (pivot->at_source)
		shift_potentials(s, s->arc[pivot->arc].source, -pivot->reduced_cost);
	else
		shift_potentials(s, s->arc[pivot->arc].target, pivot->reduced_cost);
}

/* The arcs of a cycle that takes any amount: all of them without capacity. */
static void
keep_cycle(const Simplex *s, const Pivot *pivot, FlowNetwork *net)
{
	const Node *node = s->node;
	int			n = 0;
	int			back;

	net->cycle[n++] = pivot->arc;
	for (int v = s->arc[pivot->arc].target; v != pivot->join; v = node[v].parent)
		net->cycle[n++] = node[v].pred;
	back = n;
	for (int u = s->arc[pivot->arc].source; u != pivot->join; u = node[u].parent)
		net->cycle[n++] = node[u].pred;
	/* from the join down */
	for (int i = back, j = n - 1; i < j; i++, j--)
	{
		int			e = net->cycle[i];

		net->cycle[i] = net->cycle[j];
		net->cycle[j] = e;
	}
	net->cycle_length = n;
}

/* Flows, potentials and what is left on artificial arcs. True when nothing is. */
static bool
keep_answer(const Simplex *s, FlowNetwork *net)
{
	bool		feasible = true;

	for (int e = 0; e < s->narcs; e++)
		net->flow[e] = s->turned[e] ? s->capacity[e] : 0;
	for (int v = 0; v < s->nnodes; v++)
	{
		const Node *node = &s->node[v];

		net->potential[v] = s->potential[v] - s->potential[s->root];
		net->missing[v] = 0;
		if (node->pred >= s->narcs)
		{
			/* what the arc carries is the residual against it */
			net->missing[v] = net->supply[v] >= 0 ? node->down : -node->up;
			feasible &= net->missing[v] == 0;
		}
		else if ((s->arc[node->pred].source == v) != s->turned[node->pred])
			net->flow[node->pred] = node->down;
		else
			net->flow[node->pred] = node->up;
	}
	return feasible;
}

/* Pivots until nothing can be improved. */
static FlowFault
improve(Simplex *s, FlowNetwork *net, const FlowHooks *hooks)
{
	Pivot		pivot = {0};

	while (find_entering(s, &pivot))
	{
		if (s->pivots++ % PIVOTS_BETWEEN_CHECKS == 0)
			hooks->check_interrupt(hooks->context);
		if (s->work > net->work_limit)
			return FLOW_GIVEN_UP;
		find_leaving(s, &pivot);
		if (pivot.amount == FLOW_NO_CAPACITY)
		{
			keep_cycle(s, &pivot, net);
			return FLOW_UNBOUNDED;
		}
		if (!send(s, &pivot))
			return FLOW_FLOW_RANGE;
		if (pivot.leaving < 0)
			turn(s, pivot.arc);
		else
			exchange(s, &pivot);
	}
	return FLOW_OPTIMAL;
}

/* From the beginning, with the costs of the arcs or, to see whether there is a flow at all, without. */
static FlowFault
run(Simplex *s, FlowNetwork *net, const FlowHooks *hooks, bool with_costs)
{
	FlowFault	fault;

	s->next = 0;
	s->artificial_cost = with_costs ? net->reach + 1 : 1;
	for (int e = 0; e < s->narcs; e++)
	{
		s->arc[e] = (Arc) {net->source[e], net->target[e], with_costs ? net->cost[e] : 0};
		s->turned[e] = 0;
	}
	start_tree(s, net);
	fault = improve(s, net, hooks);
	if (!keep_answer(s, net) && fault == FLOW_OPTIMAL)
		fault = FLOW_INFEASIBLE;
	return fault;
}

size_t
ob_allocation_flow_simplex_memory(int nnodes, int narcs)
{
	size_t		n = (size_t) nnodes + 1;
	size_t		m = (size_t) narcs + 1;

	return n * (sizeof(Node) + 2 * sizeof(int) + sizeof(int64_t)) + m * (sizeof(Arc) + sizeof(uint8_t));
}

FlowFault
ob_allocation_flow_simplex(FlowNetwork *net, const FlowHooks *hooks)
{
	size_t		n = (size_t) net->nnodes + 1;
	size_t		m = (size_t) net->narcs + 1;
	Simplex		s = {.nnodes = net->nnodes, .narcs = net->narcs, .root = net->nnodes};
	FlowFault	fault;

	s.arc = hooks->allocate(hooks->context, m * sizeof(Arc));
	s.node = hooks->allocate(hooks->context, n * sizeof(Node));
	s.thread = hooks->allocate(hooks->context, n * sizeof(int));
	s.back = hooks->allocate(hooks->context, n * sizeof(int));
	s.potential = hooks->allocate(hooks->context, n * sizeof(int64_t));
	s.capacity = net->capacity;
	s.turned = hooks->allocate(hooks->context, m * sizeof(uint8_t));
	s.block = BLOCK_FACTOR * square_root(net->narcs);
	if (s.block < MIN_BLOCK)
		s.block = MIN_BLOCK;

	fault = run(&s, net, hooks, true);
	/* a cycle that lowers the cost for ever counts only where there is a flow at all */
	if (fault == FLOW_UNBOUNDED)
	{
		int			length = net->cycle_length;

		fault = run(&s, net, hooks, false);
		net->cycle_length = length;
		if (fault == FLOW_OPTIMAL)
			fault = FLOW_UNBOUNDED;
	}
	net->scale = 1;
	net->steps = s.pivots;
	return fault;
}
