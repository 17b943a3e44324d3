/*-------------------------------------------------------------------------
 *
 * allocation_flow_kernel.c
 *		Solves a DIMACS instance with the kernels of minimum-cost flow, for
 *		tests/bench/allocation_flow.sh; a line for each run:
 *
 *			METHOD MILLISECONDS COST POTENTIALS
 *
 *	  cc -O2 -Isrc tests/bench/allocation_flow_kernel.c src/allocation/flow_kernel.c src/allocation/flow_simplex.c
 *		  src/allocation/flow_scaling.c src/allocation/flow_verify.c -o kernel && ./kernel FILE METHOD RUNS
 *
 * METHOD is simplex, scaling or auto. The time is processor time, from arrays
 * to arrays, without potentials and then (last column) with them. Every answer is
 * verified.
 *
 *-------------------------------------------------------------------------
 */
#include <inttypes.h>
#include <limits.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "allocation/flow_kernel.h"
#include "allocation/flow_verify.h"

static FlowProblem problem;
static int *source;
static int *target;
static int64_t *lower;
static int64_t *capacity;
static int64_t *cost;
static int64_t *supply;

/* What one solution has been given. */
typedef struct Blocks
{
	int			n;
	void	   *block[64];
} Blocks;

static void *
need(size_t size)
{
	void	   *memory = malloc(size + 8);

	if (memory == NULL)
		abort();
	return memory;
}

static void *
allocate(void *context, size_t size)
{
	Blocks	   *blocks = context;

	if (blocks->n == 64)
		abort();
	return blocks->block[blocks->n++] = need(size);
}

static void
check_interrupt(void *context)
{
	(void) context;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1e3 + t.tv_nsec * 1e-6;
}

static void
read_instance(FILE *file)
{
	char		line[256];
	int			arcs = 0;

	while (fgets(line, sizeof(line), file) != NULL)
	{
		long long	number[5];

		if (sscanf(line, "p min %d %d", &problem.nnodes, &problem.narcs) == 2)
		{
			source = need(problem.narcs * sizeof(int));
			target = need(problem.narcs * sizeof(int));
			lower = need(problem.narcs * sizeof(int64_t));
			capacity = need(problem.narcs * sizeof(int64_t));
			cost = need(problem.narcs * sizeof(int64_t));
			supply = need(problem.nnodes * sizeof(int64_t));
			memset(supply, 0, problem.nnodes * sizeof(int64_t));
		}
		else if (sscanf(line, "n %lld %lld", &number[0], &number[1]) == 2)
			supply[number[0] - 1] = number[1];
		else if (sscanf(line, "a %lld %lld %lld %lld %lld", &number[0], &number[1], &number[2], &number[3], &number[4]) == 5)
		{
			source[arcs] = (int) number[0] - 1;
			target[arcs] = (int) number[1] - 1;
			lower[arcs] = number[2];
			capacity[arcs] = number[3];
			cost[arcs++] = number[4];
		}
	}
	problem.source = source;
	problem.target = target;
	problem.lower = lower;
	problem.capacity = capacity;
	problem.cost = cost;
	problem.supply = supply;
}

/* Milliseconds of one solution. */
static double
solve(FlowMethod method, int64_t *flow, int64_t *potential, FlowCheck *check)
{
	Blocks		blocks = {0};
	FlowHooks	hooks = {.context = &blocks, .allocate = allocate, .check_interrupt = check_interrupt};
	FlowAnswer	answer = {.flow = flow, .potential = potential};
	FlowBalance *balance = need(problem.nnodes * sizeof(FlowBalance));
	double		start = now();
	FlowFault	fault = ob_allocation_flow(&problem, method, &hooks, &answer);
	double		end = now();

	if (fault != FLOW_OPTIMAL || ob_allocation_verify_flow(&problem, flow, potential, balance, check) != FLOW_HOLDS)
	{
		fprintf(stderr, "no verified answer\n");
		exit(1);
	}
	while (blocks.n > 0)
		free(blocks.block[--blocks.n]);
	free(balance);
	return end - start;
}

int
main(int argc, char **argv)
{
	FILE	   *file = argc > 3 ? fopen(argv[1], "r") : NULL;
	FlowMethod	method;
	int64_t    *flow;
	int64_t    *potential;

	if (file == NULL)
	{
		fprintf(stderr, "usage: kernel FILE simplex|scaling|auto RUNS\n");
		return 2;
	}
	/* what was used once is used again: the time is not that of the kernel of the system, which gives memory page by page */
	mallopt(M_MMAP_THRESHOLD, 1 << 30);
	mallopt(M_TRIM_THRESHOLD, INT_MAX);
	read_instance(file);
	fclose(file);
	method = strcmp(argv[2], "simplex") == 0 ? FLOW_SIMPLEX : strcmp(argv[2], "scaling") == 0 ? FLOW_SCALING : FLOW_AUTO;
	flow = need(problem.narcs * sizeof(int64_t));
	potential = need(problem.nnodes * sizeof(int64_t));
	for (long run = strtol(argv[3], NULL, 10); run > 0; run--)
	{
		FlowCheck	check;
		double		flow_ms = solve(method, flow, NULL, &check);
		double		all_ms = solve(method, flow, potential, &check);

		printf("%s %.3f %" PRId64 " %.3f\n", argv[2], flow_ms, (int64_t) check.cost.low + (int64_t) (check.cost.high * ((__int128) 1 << 64)), all_ms);
	}
	return 0;
}
