/*-------------------------------------------------------------------------
 *
 * suppress_table.h
 *		Between the files of small-cell suppression; see suppress_kernel.h.
 *
 * Files
 *		suppress_table.c	atoms and cells, and the table that is being moved
 *		suppress_search.c	finds the cheapest direction for an atom
 *		suppress_moves.c	moves as numbers, to be kept and tried again
 *		suppress_kernel.c	what is to be protected, in which order
 *
 *-------------------------------------------------------------------------
 */
#ifndef OB_ACCESS_SUPPRESS_TABLE_H
#define OB_ACCESS_SUPPRESS_TABLE_H

#include "access/suppress_kernel.h"

/* Atoms in one direction. */
#define MAX_PICKS	16

typedef struct Pick
{
	int			atom;
	int			sign;			/* -1 or +1 */
} Pick;

typedef struct Direction
{
	int			npicks;
	Pick		pick[MAX_PICKS];
	int64_t		cost;			/* of the cells that it hides */
} Direction;

/* A move may be made of so many steps. */
#define MAX_STEPS	24

typedef struct Step
{
	Direction	direction;
	int64_t		step;
} Step;

typedef struct Move
{
	int			nsteps;
	int64_t		cost;
	Step		step[MAX_STEPS];
} Move;

typedef struct Table
{
	const SuppressHooks *hooks;
	int64_t		threshold;
	int			ninput;			/* atoms of the input */

	/* atoms: those that count in the same cells are merged */
	int			natoms;
	int64_t    *value;			/* the truth */
	int64_t    *first;			/* [natoms + 1] */
	int		   *cell;			/* [links] cells of an atom, ascending */
	int64_t    *place;			/* [links] where the link stands in link[] */
	int		   *kind;			/* merged atom of each atom of the input */
	bool	   *frozen;			/* counts in a shown cell that is 0 */

	/* cells */
	int			ncells;
	int64_t    *total;			/* the truth */
	int64_t    *start;			/* [ncells + 1] */
	int64_t    *link;			/* [links] links of a cell: those in use first, … */
	int		   *in_use;			/* … so many of them */
	int		   *atom_of;		/* [links] atom of a link */
	uint8_t    *state;
	int		   *weight;			/* cost of hiding */

	/* the moved table */
	int64_t    *now;			/* [natoms] */
	int64_t    *now_total;		/* [ncells] */
	int		   *moved;			/* atoms that may differ from the truth */
	int			nmoved;
	bool	   *is_moved;
	int		   *touched;		/* cells likewise */
	int			ntouched;
	bool	   *is_touched;

	/* the ends of what witnesses reach */
	int64_t    *atom_high;
	int64_t    *cell_high;
	int64_t    *cell_low;

	/* cells hidden since begin_trial() */
	int		   *newly;
	int			nnewly;

	/* moves known beforehand, by the atoms in them */
	const SuppressMoves *hints;
	int64_t    *hint_start;		/* [natoms + 1] into hint_of, or NULL */
	int64_t    *hint_of;		/* places in hints->number */

	/* moves made */
	SuppressMoves *made;
	int		   *first_of_kind;	/* [natoms] an atom of the input */

	/* scratch of the search */
	void	   *search;		/* of suppress_search.c */
	int		   *net;			/* [ncells] change of a cell along the direction */
	int		   *net_cells;		/* cells with an entry in net */
	bool	   *has_net;
	bool	   *waived;			/* [ncells] to be hidden by the state looked at */
	uint8_t    *picked;			/* [natoms] in the state looked at, or excluded */
} Table;

static inline int
ob_suppress_natoms(const Table *t, int cell)
{
	int64_t		n = t->start[cell + 1] - t->start[cell];

	return (int) n;
}

/* The least that a hidden cell can be, for an adversary who knows that zeros are shown. */
static inline int64_t
ob_suppress_floor(const Table *t, int cell)
{
	return t->total[cell] > 0 ? 1 : 0;
}

static inline void *
ob_suppress_allocate(const Table *t, int64_t count, size_t size)
{
	return t->hooks->allocate(t->hooks->context, (size_t) (count > 0 ? count : 1) * size);
}

extern SuppressFault ob_suppress_load(Table *t, const SuppressInput *input, uint8_t *state, int64_t *total, int *culprit);
extern void ob_suppress_step(Table *t, const Direction *direction, int64_t step);
extern int64_t ob_suppress_room(const Table *t, const Direction *direction, int sign, int64_t most);
extern bool ob_suppress_changes_fixed(const Table *t, const Direction *direction);
extern void ob_suppress_hide_for(Table *t, const Direction *direction);
extern void ob_suppress_note(Table *t);
extern void ob_suppress_reset(Table *t);
extern void ob_suppress_undo_trial(Table *t);

extern size_t ob_suppress_search_size(void);
extern bool ob_suppress_search(Table *t, int atom, int sign, int64_t step, int keep, int64_t limit,
							   Direction *found);

extern void ob_suppress_load_hints(Table *t, const SuppressInput *input);
extern bool ob_suppress_read_move(const Table *t, int64_t place, Move *move);
extern void ob_suppress_keep_move(Table *t, const Move *move);

#endif							/* OB_ACCESS_SUPPRESS_TABLE_H */
