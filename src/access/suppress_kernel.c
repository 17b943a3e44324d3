/*-------------------------------------------------------------------------
 *
 * suppress_kernel.c
 *		Small-cell suppression: what is to be protected, in which order.
 *
 * For every small atom and every small cell the table is moved to where the
 * guarantees of suppress_kernel.h want it, along the directions that hide
 * least, in one step or, where that is cheaper, in several. What a move needs
 * hidden stays hidden; what it reaches for others on its way is noted, so that
 * most atoms need no search of their own.
 *
 *-------------------------------------------------------------------------
 */
#include "access/suppress_table.h"

#include <string.h>

/* Hiding more than this for one atom is worth a second thought. */
#define CHEAP		(3 * 72)

/* So many known moves are tried for one atom or cell. */
#define MAX_HINTS	64

/* What is to be reached: an atom, or a cell, higher or lower by so much. */
typedef struct Goal
{
	int			atom;			/* or -1 */
	int			cell;			/* or -1 */
	int			sign;
	int64_t		by;
} Goal;

/* The atom that changes a cell next: the largest one. */
static int
largest_atom(const Table *t, int cell)
{
	int			best = t->atom_of[t->link[t->start[cell]]];

	for (int64_t i = t->start[cell]; i < t->start[cell + 1]; i++)
	{
		int			a = t->atom_of[t->link[i]];

		/* the first of equal ones: the order of a cell's links changes as they are used */
		if (a < best ? t->now[a] >= t->now[best] : t->now[a] > t->now[best])
			best = a;
	}
	return best;
}

/*
 * Moves the table to the goal in steps of at most grain, hiding what that
 * needs, at a cost below the limit. False if it gets stuck; what it has hidden
 * is in newly[].
 */
static bool
try_move(Table *t, const Goal *goal, int64_t grain, int64_t limit, Move *move)
{
	int64_t		left = goal->by;

	move->nsteps = 0;
	move->cost = 0;
	while (left > 0)
	{
		Step	   *step = &move->step[move->nsteps];
		int			atom = goal->atom;

		if (move->nsteps == MAX_STEPS)
			return false;
		step->step = left < grain ? left : grain;
		if (goal->cell >= 0)
		{
			atom = largest_atom(t, goal->cell);
			if (goal->sign < 0 && t->now[atom] < step->step)
				step->step = t->now[atom];
		}
		if (!ob_suppress_search(t, atom, goal->sign, step->step, goal->cell, limit - move->cost, &step->direction))
			return false;
		move->cost += step->direction.cost;
		ob_suppress_hide_for(t, &step->direction);
		ob_suppress_step(t, &step->direction, step->step);
		left -= step->step;
		move->nsteps++;
	}
	return true;
}

/*
 * Makes a move for good: hides its cells and notes the witnesses on its way,
 * also those a little further on and in the opposite direction.
 */
static void
make_move(Table *t, const Move *move)
{
	for (int i = 0; i < move->nsteps; i++)
		ob_suppress_hide_for(t, &move->step[i].direction);
	t->nnewly = 0;
	for (int i = 0; i < move->nsteps; i++)
	{
		const Direction *direction = &move->step[i].direction;

		if (i == 0)
		{
			int64_t		back = ob_suppress_room(t, direction, -1, 4 * t->threshold);
			int64_t		forth = ob_suppress_room(t, direction, 1, 4 * t->threshold);

			ob_suppress_step(t, direction, -back);
			ob_suppress_note(t);
			ob_suppress_step(t, direction, back + forth);
			ob_suppress_note(t);
			ob_suppress_step(t, direction, -forth);
		}
		ob_suppress_step(t, direction, move->step[i].step);
		ob_suppress_note(t);
	}
	ob_suppress_reset(t);
	ob_suppress_keep_move(t, move);
}

/* Is the goal reached where the table stands? */
static bool
reached(const Table *t, const Goal *goal)
{
	int64_t		change = goal->atom >= 0 ? t->now[goal->atom] - t->value[goal->atom] : t->now_total[goal->cell] - t->total[goal->cell];

	return change * goal->sign >= goal->by;
}

/* Can the table go one step of a known move, now that the cells it changes are hidden? */
static bool
step_is_possible(const Table *t, const Step *step)
{
	for (int i = 0; i < step->direction.npicks; i++)
		if (t->frozen[step->direction.pick[i].atom])
			return false;
	return !ob_suppress_changes_fixed(t, &step->direction) && ob_suppress_room(t, &step->direction, 1, step->step) == step->step;
}

/*
 * Does a known move reach the goal, at a cost below the limit? Goes through
 * the witnesses of make_move(); what it has hidden is in newly[].
 */
static bool
try_hint(Table *t, const Goal *goal, int64_t limit, Move *move)
{
	bool		found = false;

	for (int i = 0; i < move->nsteps; i++)
	{
		const Step *step = &move->step[i];

		if (!step_is_possible(t, step))
			return false;
		ob_suppress_hide_for(t, &step->direction);
		if (i == 0)
		{
			int64_t		back = ob_suppress_room(t, &step->direction, -1, 4 * t->threshold);
			int64_t		forth = ob_suppress_room(t, &step->direction, 1, 4 * t->threshold);

			ob_suppress_step(t, &step->direction, -back);
			found = found || reached(t, goal);
			ob_suppress_step(t, &step->direction, back + forth);
			found = found || reached(t, goal);
			ob_suppress_step(t, &step->direction, -forth);
		}
		ob_suppress_step(t, &step->direction, step->step);
		found = found || reached(t, goal);
	}
	move->cost = 0;
	for (int i = 0; i < t->nnewly; i++)
		move->cost += t->weight[t->newly[i]];
	return found && move->cost < limit;
}

/* The cheapest of the known moves of an atom that reaches the goal, in place of *best; *trial is the other of two moves. */
static void
try_hints(Table *t, const Goal *goal, int atom, Move **best, Move **trial, Move *moves)
{
	int64_t		end = t->hint_start[atom + 1];

	if (end - t->hint_start[atom] > MAX_HINTS)
		end = t->hint_start[atom] + MAX_HINTS;
	for (int64_t i = t->hint_start[atom]; i < end && (*best == NULL || (*best)->cost > CHEAP); i++)
	{
		bool		found = ob_suppress_read_move(t, t->hint_of[i], *trial) &&
		try_hint(t, goal, *best == NULL ? INT64_MAX : (*best)->cost, *trial);

		ob_suppress_undo_trial(t);
		if (found)
		{
			*best = *trial;
			*trial = *trial == &moves[0] ? &moves[1] : &moves[0];
		}
	}
}

/* Reaches the goal at the least cost of several ways that it tries. False if none leads there. */
static bool
reach(Table *t, const Goal *goal, Move *moves)
{
	int64_t		least = (goal->by + MAX_STEPS - 1) / MAX_STEPS;
	int64_t		grains[3] = {goal->by, (goal->by + 2) / 3, 1};
	Move	   *best = NULL;
	Move	   *trial = &moves[0];

	if (t->hint_start != NULL && goal->atom >= 0)
		try_hints(t, goal, goal->atom, &best, &trial, moves);
	else if (t->hint_start != NULL)
		for (int64_t i = t->start[goal->cell]; i < t->start[goal->cell + 1] && best == NULL; i++)
			try_hints(t, goal, t->atom_of[t->link[i]], &best, &trial, moves);
	for (int i = 0; i < 3 && (best == NULL || best->cost > CHEAP); i++)
	{
		int64_t		grain = grains[i] < least ? least : grains[i];
		bool		found;

		if (i > 0 && grain == grains[i - 1])
			continue;
		found = try_move(t, goal, grain, best == NULL ? INT64_MAX : best->cost, trial);
		ob_suppress_undo_trial(t);
		if (found)
		{
			best = trial;
			trial = trial == &moves[0] ? &moves[1] : &moves[0];
		}
	}
	if (best == NULL)
		return false;
	make_move(t, best);
	return true;
}

/* A fixed cell among those of an atom, to be named in an error. */
static int
fixed_cell_of(const Table *t, int atom)
{
	for (int64_t l = t->first[atom]; l < t->first[atom + 1]; l++)
		if (t->state[t->cell[l]] == CELL_FIXED)
			return t->cell[l];
	return t->cell[t->first[atom]];
}

/* Makes every small atom threshold + 1. */
static SuppressFault
protect_atoms(Table *t, Move *moves, int *culprit)
{
	for (int a = 0; a < t->natoms; a++)
	{
		Goal		goal = {.atom = a, .cell = -1, .sign = 1, .by = t->threshold + 1 - t->value[a]};

		if (t->value[a] == 0 || t->value[a] >= t->threshold || t->atom_high[a] > t->threshold ||
			t->first[a] == t->first[a + 1])
			continue;
		if (!reach(t, &goal, moves))
		{
			*culprit = fixed_cell_of(t, a);
			return SUPPRESS_UNPROTECTED;
		}
	}
	return SUPPRESS_OK;
}

/* How far a hidden cell has to go yet, up or (below 0) down, to have the range that it is promised. */
static int64_t
wanted(const Table *t, int cell)
{
	int64_t		high = t->cell_high[cell];
	int64_t		low = t->cell_low[cell];

	if (t->total[cell] == 0)
		return 0;
	if (t->total[cell] >= t->threshold)
		return high > low ? 0 : 1;
	if (ob_suppress_natoms(t, cell) == 1 && low > 1)
		return 1 - t->total[cell];
	return high - low < t->threshold ? low + t->threshold - t->total[cell] : 0;
}

/*
 * Makes every small cell of one atom 1, gives every small cell a range as wide
 * as the threshold (one of several atoms cannot always be 1, since the hidden
 * cells that it sums up are 1 at least), and every other hidden cell a second
 * value: those hidden by protect_atoms() have one, those hidden before may not.
 */
static SuppressFault
protect_cells(Table *t, Move *moves, int *culprit)
{
	for (int c = 0; c < t->ncells; c++)
	{
		int64_t		by;

		while (t->state[c] == CELL_HIDDEN && (by = wanted(t, c)) != 0)
		{
			Goal		goal = {.atom = -1, .cell = c, .sign = by > 0 ? 1 : -1, .by = by > 0 ? by : -by};

			if (!reach(t, &goal, moves))
			{
				*culprit = fixed_cell_of(t, largest_atom(t, c));
				return SUPPRESS_UNPROTECTED;
			}
		}
	}
	return SUPPRESS_OK;
}

SuppressFault
ob_access_suppress(const SuppressInput *input, const SuppressHooks *hooks,
				   uint8_t *state, int64_t *total, int *culprit)
{
	Table		table = {.hooks = hooks};
	SuppressFault fault = ob_suppress_load(&table, input, state, total, culprit);
	Move	   *moves;

	if (fault != SUPPRESS_OK)
		return fault;
	moves = ob_suppress_allocate(&table, 2, sizeof(Move));
	ob_suppress_load_hints(&table, input);
	table.made = input->made;
	fault = protect_atoms(&table, moves, culprit);
	if (fault == SUPPRESS_OK)
		fault = protect_cells(&table, moves, culprit);
	return fault;
}
