/*-------------------------------------------------------------------------
 *
 * access_suppress.c
 *	  Fuzz target of small-cell suppression; needs no server.
 *
 *	  clang -g -Isrc -fsanitize=fuzzer,address,undefined \
 *		  tests/fuzz/access_suppress.c src/access/suppress_*.c -o fuzz && ./fuzz -max_total_time=60
 *
 * or without libFuzzer, over random inputs of its own (argument: how many):
 *
 *	  cc -g -Isrc -DSTANDALONE -fsanitize=address,undefined \
 *		  tests/fuzz/access_suppress.c src/access/suppress_*.c -o fuzz && ./fuzz 100000
 *
 * Promises that are tried on every input
 *	  Every witness has no negative atom, no hidden cell below 1 (or its truth)
 *	  and every shown cell as it is. Together the witnesses reach what
 *	  suppress_kernel.h guarantees under (a), (c) and (d). What was shown
 *	  before is shown, what was hidden is hidden, every small cell is hidden, a
 *	  cell that is 0 is not. It fails only where a cell was shown before. The
 *	  same when more cells are published in a second step, with the moves of the
 *	  first as hints; and hints may be anything.
 *
 *-------------------------------------------------------------------------
 */
#include "access/suppress_kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#define MAX_ATOMS	64
#define MAX_CELLS	96
#define MAX_BLOCKS	4096

typedef struct Trial
{
	SuppressInput input;
	int64_t		value[MAX_ATOMS];
	int64_t		first[MAX_ATOMS + 1];
	int			cell[MAX_ATOMS * MAX_CELLS];
	uint8_t		before[MAX_CELLS];
	uint8_t		state[MAX_CELLS];
	int64_t		total[MAX_CELLS];
	int64_t		truth[MAX_CELLS];	/* summed up here */
	int64_t		low[MAX_CELLS];
	int64_t		high[MAX_CELLS];
	int64_t		atom_high[MAX_ATOMS];	/* by kind */
	int64_t		atom_truth[MAX_ATOMS];
	int			kinds[MAX_CELLS];	/* how many kinds a cell holds */
	int			kind[MAX_ATOMS];
	long		witnesses;
	void	   *block[MAX_BLOCKS];
	int			nblocks;
} Trial;

/* Bytes of the input, zeros after its end. */
typedef struct Bytes
{
	const uint8_t *data;
	size_t		left;
} Bytes;

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
	return trial->block[trial->nblocks++] = malloc(size);
}

static void
check_interrupt(void *context)
{
	(void) context;
}

static void
witness(void *context, const int *kind, const int64_t *table)
{
	Trial	   *trial = context;
	int64_t		sum[MAX_CELLS] = {0};
	bool		seen[MAX_ATOMS] = {false};

	trial->witnesses++;
	memcpy(trial->kind, kind, trial->input.natoms * sizeof(int));
	for (int a = 0; a < trial->input.natoms; a++)
	{
		int			k = kind[a];

		if (seen[k])
			continue;
		seen[k] = true;
		PROMISE(table[k] >= 0);
		if (table[k] > trial->atom_high[k])
			trial->atom_high[k] = table[k];
		for (int64_t l = trial->first[a]; l < trial->first[a + 1]; l++)
			sum[trial->cell[l]] += table[k];
	}
	for (int c = 0; c < trial->input.ncells; c++)
	{
		if (trial->state[c] != CELL_HIDDEN)
			PROMISE(sum[c] == trial->truth[c]);
		else
			PROMISE(sum[c] >= (trial->truth[c] > 0 ? 1 : 0));
		if (sum[c] < trial->low[c])
			trial->low[c] = sum[c];
		if (sum[c] > trial->high[c])
			trial->high[c] = sum[c];
	}
}

/* Names the kinds of atoms by the first of each. */
static void
find_kinds(Trial *trial)
{
	for (int a = 0; a < trial->input.natoms; a++)
	{
		int64_t		n = trial->first[a + 1] - trial->first[a];

		trial->kind[a] = a;
		trial->atom_truth[a] = trial->value[a];
		for (int b = 0; b < a; b++)
		{
			if (trial->kind[b] == b && trial->first[b + 1] - trial->first[b] == n &&
				(n == 0 || memcmp(trial->cell + trial->first[a], trial->cell + trial->first[b], n * sizeof(int)) == 0))
			{
				trial->kind[a] = b;
				trial->atom_truth[b] += trial->value[a];
				break;
			}
		}
		if (trial->kind[a] == a)
			for (int64_t l = trial->first[a]; l < trial->first[a + 1]; l++)
				trial->kinds[trial->cell[l]]++;
	}
}

/* A table with margins in up to three dimensions, or atoms that count here and there. */
static void
build(Trial *trial, Bytes *bytes)
{
	int			shape = next_byte(bytes) % 4;
	int			rows = 1 + next_byte(bytes) % 6;
	int			columns = 1 + next_byte(bytes) % 4;
	int			layers = shape == 2 ? 1 + next_byte(bytes) % 2 : 1;
	int			natoms = rows * columns * layers;
	int			scale = 1 + next_byte(bytes) % 40;
	int64_t		links = 0;

	trial->input.threshold = 1 + next_byte(bytes) % 12;
	trial->input.natoms = natoms;
	if (shape == 0)
		trial->input.ncells = 1 + next_byte(bytes) % 24;
	else
		trial->input.ncells = (rows + 1) * (columns + 1) * (layers + (shape == 2));
	if (trial->input.ncells > MAX_CELLS)
		trial->input.ncells = MAX_CELLS;
	for (int a = 0; a < natoms; a++)
	{
		int			row = a % rows;
		int			column = a / rows % columns;
		int			layer = a / rows / columns;
		bool		counts[MAX_CELLS] = {false};

		trial->value[a] = next_byte(bytes) % scale;
		if (shape == 0)
		{
			for (int i = 0; i < 5; i++)
				counts[next_byte(bytes) % trial->input.ncells] = true;
		}
		else
		{
			int			leave = shape == 3 ? next_byte(bytes) : 255;

			for (int i = 0; i < 8; i++)
			{
				int			r = i & 1 ? rows : row;
				int			k = i & 2 ? columns : column;
				int			y = i & 4 ? layers : layer;
				int			c = (y * (columns + 1) + k) * (rows + 1) + r;

				if (c < trial->input.ncells && (leave & (1 << i)))
					counts[c] = true;
			}
		}
		trial->first[a] = links;
		for (int c = 0; c < trial->input.ncells; c++)
		{
			if (counts[c])
			{
				trial->cell[links++] = c;
				trial->truth[c] += trial->value[a];
			}
		}
	}
	trial->first[natoms] = links;
	trial->input.value = trial->value;
	trial->input.first = trial->first;
	trial->input.cell = trial->cell;
}

static void
try_promises(const Trial *trial, SuppressFault fault, bool any_fixed)
{
	int64_t		threshold = trial->input.threshold;
	int64_t		high[MAX_ATOMS];

	PROMISE(fault == SUPPRESS_OK || (any_fixed && (fault == SUPPRESS_UNPROTECTED || fault == SUPPRESS_FIXED_IS_SMALL)));
	if (fault != SUPPRESS_OK)
		return;
	for (int c = 0; c < trial->input.ncells; c++)
	{
		bool		small = trial->truth[c] > 0 && trial->truth[c] < threshold;

		PROMISE(trial->total[c] == trial->truth[c]);
		if (trial->before[c] != CELL_SHOWN)
			PROMISE(trial->state[c] == trial->before[c]);
		else if (trial->truth[c] == 0)
			PROMISE(trial->state[c] == CELL_SHOWN);
		if (small)
		{
			PROMISE(trial->state[c] == CELL_HIDDEN);
			PROMISE(trial->high[c] > threshold);
			PROMISE(trial->high[c] - trial->low[c] >= threshold);
			if (trial->kinds[c] == 1)
				PROMISE(trial->low[c] == 1);
		}
		else if (trial->state[c] == CELL_HIDDEN && trial->truth[c] > 0)
			PROMISE(trial->high[c] > trial->low[c]);
	}
	/* the kernel has its own numbers of kinds: look at them through an atom of each */
	for (int a = 0; a < trial->input.natoms; a++)
	{
		high[a] = trial->witnesses > 0 ? trial->atom_high[trial->kind[a]] : 0;
		if (trial->first[a + 1] > trial->first[a] && trial->atom_truth[a] > 0 && trial->atom_truth[a] < threshold)
			PROMISE(high[a] > threshold);
	}
}

static long second_steps = 0;
static long refused = 0;

/* Publishes only the cells below a limit first; what is shown is fixed then. */
static void
publish_some(Trial *trial, int limit, const SuppressHooks *hooks, SuppressMoves *made)
{
	int			cell[MAX_ATOMS * MAX_CELLS];
	int64_t		first[MAX_ATOMS + 1];
	SuppressInput some = trial->input;
	SuppressHooks quiet = *hooks;
	int			culprit;
	int64_t		links = 0;

	for (int a = 0; a < some.natoms; a++)
	{
		first[a] = links;
		for (int64_t l = trial->first[a]; l < trial->first[a + 1]; l++)
			if (trial->cell[l] < limit)
				cell[links++] = trial->cell[l];
	}
	first[some.natoms] = links;
	some.first = first;
	some.cell = cell;
	some.ncells = limit;
	some.made = made;
	quiet.witness = NULL;
	PROMISE(ob_access_suppress(&some, &quiet, trial->state, trial->total, &culprit) == SUPPRESS_OK);
	for (int c = 0; c < limit; c++)
		if (trial->state[c] == CELL_SHOWN)
			trial->state[c] = CELL_FIXED;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Bytes		bytes = {data, size};
	SuppressMoves made = {0};
	int64_t		anything[64];
	Trial	   *trial = calloc(1, sizeof(Trial));
	SuppressHooks hooks = {.context = trial, .allocate = allocate, .check_interrupt = check_interrupt, .witness = witness};
	SuppressFault fault;
	bool		any_fixed = false;
	int			culprit = -1;
	int			kind[MAX_ATOMS];

	build(trial, &bytes);
	find_kinds(trial);
	memcpy(kind, trial->kind, sizeof(kind));
	for (int c = 0; c < trial->input.ncells; c++)
		trial->low[c] = trial->high[c] = trial->truth[c];
	trial->input.hints = &made;
	if (next_byte(&bytes) % 2)
	{
		second_steps++;
		any_fixed = true;
		publish_some(trial, next_byte(&bytes) % trial->input.ncells, &hooks, &made);
	}
	else
	{
		made.number = anything;
		for (made.n = 0; made.n < next_byte(&bytes) % 64; made.n++)
			anything[made.n] = (int64_t) (next_byte(&bytes) % 16) - 1;
		for (int c = 0; c < trial->input.ncells; c++)
		{
			int			draw = next_byte(&bytes);

			trial->state[c] = draw >= 250 ? CELL_HIDDEN : draw >= 230 ? CELL_FIXED : CELL_SHOWN;
			any_fixed = any_fixed || trial->state[c] == CELL_FIXED;
		}
	}
	memcpy(trial->before, trial->state, sizeof(trial->before));
	fault = ob_access_suppress(&trial->input, &hooks, trial->state, trial->total, &culprit);
	if (fault == SUPPRESS_UNPROTECTED || fault == SUPPRESS_FIXED_IS_SMALL)
		PROMISE(culprit >= 0 && culprit < trial->input.ncells && trial->before[culprit] == CELL_FIXED);

	refused += made.room > 0 && fault != SUPPRESS_OK;

	/* sums of each kind, in every atom of it */
	for (int a = 0; a < trial->input.natoms; a++)
		trial->atom_truth[a] = trial->atom_truth[kind[a]];
	try_promises(trial, fault, any_fixed);
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
	uint8_t		data[512];

	for (long round = 0; round < rounds; round++)
	{
		for (size_t i = 0; i < sizeof(data); i++)
		{
			seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
			data[i] = (uint8_t) (seed >> 56);
		}
		/* one input in four has nothing shown or hidden before */
		if (round % 4 == 0)
			memset(data + 256, 0, 256);
		LLVMFuzzerTestOneInput(data, round % 4 == 0 ? 200 : sizeof(data));
	}
	printf("%ld inputs, every promise kept; %ld with a second step, %ld of them refused\n", rounds, second_steps, refused);
	return 0;
}
#endif
