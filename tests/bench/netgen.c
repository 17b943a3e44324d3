/*-------------------------------------------------------------------------
 *
 * netgen.c
 *		Writes min-cost-flow instances of the NETGEN family in DIMACS format.
 *
 *	  cc -O2 tests/bench/netgen.c -o netgen && ./netgen 12 >netgen_8_12a.min
 *
 * The rule is that of Klingman, Napier and Stutz, "NETGEN: A Program for
 * Generating Large Scale Capacitated Assignment, Transportation, and Minimum
 * Cost Flow Network Problems", Management Science 20 (1974), as the version in
 * C follows it; written anew, and equal to it byte for byte on the instances
 * that benchmarks use: netgen_8_k has 2^k nodes, 8 arcs a node, sqrt(n) sources
 * and as many sinks, costs 1 to 10000, capacities 1 to 1000, and a supply of
 * 1000 a source. Transshipment sources and sinks, which they do not have, and
 * assignment problems are left out.
 *
 * How a network comes about
 *		Supplies are drawn. Every node that is neither source nor sink is put
 *		into the chain of one source, 60 % of them in turns. Each chain is hooked
 *		to some sinks, which take its supply: the skeleton, which makes the
 *		problem feasible. Then every node of a chain gets arcs to nodes drawn at
 *		random until there are as many as asked for.
 *
 *-------------------------------------------------------------------------
 */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct Family
{
	int64_t		nodes;
	int64_t		sources;
	int64_t		sinks;
	int64_t		arcs;
	int64_t		min_cost;
	int64_t		max_cost;
	int64_t		supply;
	int64_t		high_cost;		/* per cent of skeleton arcs with the highest cost */
	int64_t		capacitated;	/* per cent of arcs */
	int64_t		min_capacity;
	int64_t		max_capacity;
} Family;

typedef struct Arc
{
	int64_t		tail;
	int64_t		head;
	int64_t		capacity;
	int64_t		cost;
} Arc;

/*
 * The numbers from..to, from which some are taken out: the n-th that is left is
 * found in a tree of counts over all nodes, which is mended when the next urn
 * is opened.
 */
typedef struct Urn
{
	int64_t		from;
	int64_t		to;
	int64_t		left;
	int64_t		supposed;		/* as left, but numbers that were not in it count as taken out, too */
	int64_t		before;			/* numbers below from, all of them present in the tree */
	int64_t		size;
	int64_t		top;			/* highest power of 2 up to size */
	int64_t    *count;			/* Fenwick tree */
	bool	   *gone;
	int64_t    *taken;
	int64_t		ntaken;
} Urn;

static int64_t random_state;

/* Minimal standard generator of Park and Miller; a number of low..high. */
static int64_t
draw(int64_t low, int64_t high)
{
	random_state = random_state * 16807 % 2147483647;
	return high <= low ? high : low + random_state % (high - low + 1);
}

static void *
need(size_t n, size_t size)
{
	void	   *memory = calloc(n + 1, size);

	if (memory == NULL)
	{
		fprintf(stderr, "netgen: out of memory\n");
		exit(1);
	}
	return memory;
}

/* ---- the urn ---- */

static void
urn_add(Urn *urn, int64_t number, int by)
{
	for (int64_t i = number; i <= urn->size; i += i & -i)
		urn->count[i] += by;
}

static void
urn_init(Urn *urn, int64_t size)
{
	urn->size = size;
	urn->count = need(size + 1, sizeof(int64_t));
	urn->gone = need(size + 1, sizeof(bool));
	urn->taken = need(size + 1, sizeof(int64_t));
	urn->ntaken = 0;
	for (urn->top = 1; urn->top * 2 <= size;)
		urn->top *= 2;
	for (int64_t i = 1; i <= size; i++)
		urn_add(urn, i, 1);
}

static void
urn_open(Urn *urn, int64_t from, int64_t to)
{
	while (urn->ntaken > 0)
	{
		int64_t		number = urn->taken[--urn->ntaken];

		urn->gone[number] = false;
		urn_add(urn, number, 1);
	}
	urn->from = from;
	urn->to = to;
	urn->before = from - 1;
	urn->left = urn->supposed = to - from + 1;
}

static void
urn_take(Urn *urn, int64_t number)
{
	urn->gone[number] = true;
	urn_add(urn, number, -1);
	urn->taken[urn->ntaken++] = number;
	urn->left--;
}

/* Takes out a number, if it is there. */
static void
urn_remove(Urn *urn, int64_t number)
{
	urn->supposed--;
	if (number >= urn->from && number <= urn->to && !urn->gone[number])
		urn_take(urn, number);
}

/* Takes out the n-th number that is left; 0 when there are fewer. */
static int64_t
urn_nth(Urn *urn, int64_t n)
{
	int64_t		at = 0;
	int64_t		rest = urn->before + n;

	if (n < 1 || n > urn->left)
		return 0;
	for (int64_t step = urn->top; step > 0; step /= 2)
	{
		if (at + step <= urn->size && urn->count[at + step] < rest)
		{
			at += step;
			rest -= urn->count[at];
		}
	}
	urn->supposed--;
	urn_take(urn, at + 1);
	return at + 1;
}

/* ---- the network ---- */

typedef struct Network
{
	Family		family;
	Arc		   *arc;
	int64_t		narcs;
	int64_t    *balance;		/* [nodes + 1], from 1 */
	int64_t    *next;			/* the chain of a source: a ring through the source */
	int64_t		tails_left;		/* nodes that have no arcs yet */
	Arc		   *bone;			/* skeleton of one chain, from 1: tail and head */
	int64_t		nbones;
	Urn			urn;
} Network;

static void
add_arc(Network *net, int64_t tail, int64_t head, int64_t cost, int64_t capacity)
{
	net->arc[net->narcs++] = (Arc) {tail, head, capacity, cost};
}

static void
draw_supplies(Network *net)
{
	int64_t		sources = net->family.sources;
	int64_t		each = net->family.supply / sources;

	for (int64_t s = 1; s <= sources; s++)
	{
		int64_t		part = draw(1, each);

		net->balance[s] += part;
		net->balance[1 + draw(0, sources - 1)] += each - part;
	}
	net->balance[1 + draw(0, sources - 1)] += net->family.supply % sources;
}

static void
draw_chains(Network *net)
{
	const Family *f = &net->family;
	int64_t		between = f->nodes - f->sources - f->sinks;
	int64_t		in_turns = between - (4 * between + 9) / 10;
	int64_t		turn = 1;

	for (int64_t s = 1; s <= f->sources; s++)
		net->next[s] = s;
	urn_open(&net->urn, f->sources + 1, f->nodes - f->sinks);
	for (int64_t i = 0; i < between; i++)
	{
		int64_t		node = urn_nth(&net->urn, draw(1, net->urn.left));
		int64_t		source = i < in_turns ? turn : draw(1, f->sources);

		net->next[node] = net->next[source];
		net->next[source] = node;
		turn = turn == f->sources ? 1 : turn + 1;
	}
}

/* Arcs out of a node to nodes drawn from the urn. */
static void
draw_arcs(Network *net, int64_t tail)
{
	const Family *f = &net->family;
	int64_t		heads = f->nodes - f->sources;
	int64_t		missing = f->arcs - net->narcs;
	int64_t		n;

	net->tails_left--;
	if (2 * net->tails_left >= missing)
		return;
	/* without sign, as in the original: a negative number is very large */
	if ((uint64_t) (missing + heads - net->urn.supposed - 1) / (net->tails_left + 1) >= (uint64_t) heads - 1)
		n = heads;
	else
	{
		int64_t		most = 2 * (missing / (net->tails_left + 1) - 1);

		do
		{
			n = draw(1, most);
			if (net->tails_left == 0)
				n = missing;
		} while ((double) net->tails_left * (heads - 1) < (double) missing - n);
	}
	for (; n > 0; n--)
	{
		int64_t		head = urn_nth(&net->urn, draw(1, net->urn.supposed));
		int64_t		capacity = f->supply;

		if (draw(1, 100) <= f->capacitated)
			capacity = draw(f->min_capacity, f->max_capacity);
		if (head != 0)
			add_arc(net, tail, head, draw(f->min_cost, f->max_cost), capacity);
	}
}

/* By tail. The order of equal ones matters, so the gaps do. */
static void
shell_sort(Arc *bone, int64_t n)
{
	for (int64_t gap = n / 2; gap > 0; gap /= 2)
	{
		for (int64_t i = gap + 1; i <= n; i++)
		{
			Arc			moved = bone[i];
			int64_t		at = i;

			for (; at > gap && bone[at - gap].tail > moved.tail; at -= gap)
				bone[at] = bone[at - gap];
			bone[at] = moved;
		}
	}
}

/* Hooks the chain of a source to sinks, which share its supply. */
static void
hook_to_sinks(Network *net, int64_t source)
{
	const Family *f = &net->family;
	int64_t		between = f->nodes - f->sources - f->sinks;
	int64_t		length = net->nbones;
	int64_t		n = between == 0 ? f->sinks / f->sources + 1 : (int64_t) ((double) (2 * length * f->sinks) / (double) between);
	int64_t    *sink;
	int64_t		each;
	int64_t		node = net->next[source];

	n = n > f->sinks ? f->sinks : n;
	n = n < 2 ? 2 : n;
	sink = need(n + f->sinks, sizeof(int64_t));
	/* the urn counts sinks from 0, as the original does, so one is added */
	urn_open(&net->urn, f->nodes - f->sinks, f->nodes - 1);
	for (int64_t i = 0; i < n; i++)
		sink[i] = urn_nth(&net->urn, draw(1, net->urn.left)) + 1;
	if (source == f->sources)
	{
		while (net->urn.left > 0)
		{
			int64_t		unused = urn_nth(&net->urn, 1) + 1;

			if (net->balance[unused] == 0)
				sink[n++] = unused;
		}
	}
	each = net->balance[source] / n;
	for (int64_t i = 0; i < n; i++)
	{
		int64_t		part = draw(1, each);
		int64_t		other = draw(0, n - 1);

		net->bone[++net->nbones] = (Arc) {.tail = node, .head = sink[i]};
		net->balance[sink[i]] -= part;
		net->balance[sink[other]] -= each - part;
		node = source;
		for (int64_t steps = draw(1, length); steps > 0; steps--)
			node = net->next[node];
	}
	net->balance[sink[0]] -= net->balance[source] % n;
	free(sink);
}

static void
make_chain(Network *net, int64_t source)
{
	const Family *f = &net->family;

	net->nbones = 0;
	for (int64_t node = net->next[source]; node != source; node = net->next[node])
		net->bone[++net->nbones] = (Arc) {.tail = net->next[node], .head = node};
	hook_to_sinks(net, source);
	shell_sort(net->bone, net->nbones);
	for (int64_t i = 1; i <= net->nbones;)
	{
		int64_t		tail = net->bone[i].tail;

		urn_open(&net->urn, f->sources + 1, f->nodes);
		urn_remove(&net->urn, tail);
		for (; i <= net->nbones && net->bone[i].tail == tail; i++)
		{
			int64_t		capacity = f->supply;
			int64_t		cost = f->max_cost;

			urn_remove(&net->urn, net->bone[i].head);
			if (draw(1, 100) <= f->capacitated)
				capacity = net->balance[source] > f->min_capacity ? net->balance[source] : f->min_capacity;
			if (draw(1, 100) > f->high_cost)
				cost = draw(f->min_cost, f->max_cost);
			add_arc(net, tail, net->bone[i].head, cost, capacity);
		}
		draw_arcs(net, tail);
	}
}

static void
print(const Network *net, int64_t problem, int64_t seed)
{
	const Family *f = &net->family;

	printf("c NETGEN flow network generator (C version)\n");
	printf("c  Problem %2ld input parameters\n", (long) problem);
	printf("c  ---------------------------\n");
	printf("c   Random seed:          %10ld\n", (long) seed);
	printf("c   Number of nodes:      %10ld\n", (long) f->nodes);
	printf("c   Source nodes:         %10ld\n", (long) f->sources);
	printf("c   Sink nodes:           %10ld\n", (long) f->sinks);
	printf("c   Number of arcs:       %10ld\n", (long) f->arcs);
	printf("c   Minimum arc cost:     %10ld\n", (long) f->min_cost);
	printf("c   Maximum arc cost:     %10ld\n", (long) f->max_cost);
	printf("c   Total supply:         %10ld\n", (long) f->supply);
	printf("c   Transshipment -\n");
	printf("c     Sources:            %10d\n", 0);
	printf("c     Sinks:              %10d\n", 0);
	printf("c   Skeleton arcs -\n");
	printf("c     With max cost:      %10ld%%\n", (long) f->high_cost);
	printf("c     Capacitated:        %10ld%%\n", (long) f->capacitated);
	printf("c   Minimum arc capacity: %10ld\n", (long) f->min_capacity);
	printf("c   Maximum arc capacity: %10ld\n", (long) f->max_capacity);
	printf("c\nc  *** Minimum cost flow ***\nc\n");
	printf("p min %ld %ld\n", (long) f->nodes, (long) net->narcs);
	for (int64_t v = 1; v <= f->nodes; v++)
		if (net->balance[v] != 0)
			printf("n %ld %ld\n", (long) v, (long) net->balance[v]);
	for (int64_t e = 0; e < net->narcs; e++)
		printf("a %ld %ld 0 %ld %ld\n", (long) net->arc[e].tail, (long) net->arc[e].head, (long) net->arc[e].capacity, (long) net->arc[e].cost);
}

int
main(int argc, char **argv)
{
	int			k = argc > 1 ? (int) strtol(argv[1], NULL, 10) : 0;
	int64_t		seed = argc > 2 ? strtoll(argv[2], NULL, 10) : 13502460;
	Network		net = {0};
	Family	   *f = &net.family;

	if (k < 4 || k > 24 || seed < 1)
	{
		fprintf(stderr, "usage: netgen K [SEED]: the instance netgen_8_K with 2^K nodes, K from 4 to 24\n");
		return 2;
	}
	f->nodes = INT64_C(1) << k;
	f->sources = f->sinks = (int64_t) floor(sqrt((double) f->nodes) + 0.5);
	f->arcs = 8 * f->nodes;
	f->min_cost = 1;
	f->max_cost = 10000;
	f->supply = 1000 * f->sources;
	f->high_cost = 100;
	f->capacitated = 100;
	f->min_capacity = 1;
	f->max_capacity = 1000;

	random_state = seed;
	net.arc = need(2 * f->arcs, sizeof(Arc));
	net.balance = need(f->nodes + 1, sizeof(int64_t));
	net.next = need(f->nodes + 1, sizeof(int64_t));
	net.bone = need(f->nodes + 2 * f->sinks + 1, sizeof(Arc));
	net.tails_left = f->nodes - f->sinks;
	urn_init(&net.urn, f->nodes);
	draw_supplies(&net);
	draw_chains(&net);
	for (int64_t source = 1; source <= f->sources; source++)
		make_chain(&net, source);
	print(&net, k, seed);
	return 0;
}
