/*-------------------------------------------------------------------------
 *
 * suppress_kernel.h
 *		Which cells of published counts are hidden, in plain C: no PostgreSQL
 *		header, no global state, memory and interrupts through callbacks.
 *
 * Vocabulary
 *		atom		one of the finest counts, >= 0; atoms that count in the same
 *					cells are one atom here
 *		cell		a number that is published: the sum of its atoms
 *		small		1 .. threshold - 1; a small cell is always hidden, a cell
 *					that is 0 never is
 *		table		a value for every atom
 *		direction	a vector of -1, 0, +1 over the atoms
 *		witness		a table that differs from the true one in hidden cells only
 *
 * What is guaranteed when ob_access_suppress() returns SUPPRESS_OK
 *		The adversary knows which atoms count in which cells, every shown value,
 *		that counts are whole and not negative, the threshold, and that a hidden
 *		cell is not 0.  Then
 *
 *		(a) every atom of 1 .. threshold - 1 may, for all that he knows, be any
 *			number from what it is up to threshold + 1;
 *		(b) hence every count that he can work out exactly, of whatever set of
 *			atoms, is above the threshold or has no atom of 1 .. threshold - 1
 *			in it: differences of overlapping areas, sums of hidden cells and
 *			cumulative figures of successive days included;
 *		(c) every small cell may be threshold + 1, and its range is at least
 *			threshold wide; if it is one atom, the range starts at 1;
 *		(d) every other hidden cell (0 excepted, which only a revision of figures
 *			hidden before brings about) may have two values at least.
 *
 * Proof
 *		Cells are hidden so that certain witnesses exist: the true table plus
 *		steps along directions, where after every step atoms are 0 or more,
 *		hidden cells 1 or more (0, if they are 0 in truth), and shown cells
 *		unchanged.  Cells are only ever added to the hidden ones, so a witness
 *		stays one.  The adversary cannot tell the true table from a witness, nor
 *		from those between them, the constraints being linear and directions
 *		whole.  (a) is reached atom by atom.  (b): a sum that he knows is the
 *		same in all witnesses; if it holds an atom of 1 .. threshold - 1, the
 *		witness of (a) makes that atom alone threshold + 1, and the others are
 *		not negative.  The first half of (c) follows likewise, since the atoms
 *		of a small cell are small or 0; its second half is reached cell by cell.
 *		(d): such a cell was hidden because a witness changes it, or
 *		had been hidden before, and then a witness is made that changes it.
 *
 *		Atoms that count in the same cells are one atom in this; a part of them
 *		can be anything from 0 to their sum.  Not covered: what an adversary may
 *		infer from running this very procedure on every table that he holds
 *		possible (few tables give just these hidden cells: of 187 small cells in
 *		52 random tables of 2 x 3 with threshold 4, that told him 8), and what
 *		he knows of single atoms from elsewhere.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OB_ACCESS_SUPPRESS_KERNEL_H
#define OB_ACCESS_SUPPRESS_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum CellState
{
	CELL_SHOWN,					/* may be hidden */
	CELL_FIXED,					/* has been shown before: cannot be hidden any more */
	CELL_HIDDEN
} CellState;

typedef enum SuppressFault
{
	SUPPRESS_OK,
	SUPPRESS_NEGATIVE,			/* an atom is below 0 */
	SUPPRESS_TOO_LARGE,			/* a cell is above SUPPRESS_MAX_VALUE */
	SUPPRESS_FIXED_IS_SMALL,	/* a cell shown before is small */
	SUPPRESS_UNPROTECTED		/* what was shown before gives an atom away */
} SuppressFault;

#define SUPPRESS_MAX_VALUE		(INT64_MAX / 4)
#define SUPPRESS_MAX_THRESHOLD	1000000

typedef struct SuppressHooks
{
	void	   *context;
	/* memory that the caller frees after the call; does not return NULL */
	void	   *(*allocate) (void *context, size_t size);
	/* called often; may leave by longjmp */
	void		(*check_interrupt) (void *context);
	/*
	 * Told of every witness, for tests; may be NULL. table[kind[a]] is the sum
	 * over the atoms that count in the same cells as input atom a.
	 */
	void		(*witness) (void *context, const int *kind, const int64_t *table);
} SuppressHooks;

/*
 * The moves that a suppression rests on, so that a later one, over more cells,
 * need not find them again. For each move: how many steps; for each step: its
 * length, how many picks, and the picks, which are 2 * atom + 1 where the atom
 * (of the input) goes up and 2 * atom where it goes down.
 */
typedef struct SuppressMoves
{
	int64_t		n;
	int64_t		room;
	int64_t    *number;			/* [n] */
} SuppressMoves;

typedef struct SuppressInput
{
	int			natoms;
	int			ncells;
	const int64_t *value;		/* [natoms] */
	const int64_t *first;		/* [natoms + 1]: atom a counts in cell[first[a]] … */
	const int  *cell;			/* … to cell[first[a + 1] - 1], ascending, each once */
	int64_t		threshold;		/* 1 to SUPPRESS_MAX_THRESHOLD; 1: nothing is small */
	const SuppressMoves *hints; /* moves to be tried first, or NULL; need not be possible, nor well formed */
	SuppressMoves *made;		/* receives the moves made, or NULL */
} SuppressInput;

/*
 * Decides which cells are hidden.  state[ncells] holds what is so already and
 * receives the answer; total[ncells] receives the sums.  After
 * SUPPRESS_FIXED_IS_SMALL, *culprit is that cell; after SUPPRESS_UNPROTECTED,
 * a fixed cell with the atom that cannot be protected.
 */
extern SuppressFault ob_access_suppress(const SuppressInput *input, const SuppressHooks *hooks,
										uint8_t *state, int64_t *total, int *culprit);

#endif							/* OB_ACCESS_SUPPRESS_KERNEL_H */
