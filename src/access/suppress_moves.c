/*-------------------------------------------------------------------------
 *
 * suppress_moves.c
 *		Moves of small-cell suppression as numbers: kept when they are made,
 *		and found again by the atoms in them.
 *
 * A move that protected an atom once still does when more cells are published,
 * if the new cells that it changes are hidden; what it did to the old cells is
 * as it was. Whether it is possible is for suppress_kernel.c to find out: here
 * the numbers are only read with care.
 *
 *-------------------------------------------------------------------------
 */
#include "access/suppress_table.h"

#include <string.h>

/* Where the move at a place ends, or -1 where the numbers are no move. */
static int64_t
end_of_move(const SuppressMoves *moves, int64_t place)
{
	int64_t		nsteps = moves->number[place++];

	if (nsteps < 1 || nsteps > MAX_STEPS)
		return -1;
	for (int64_t i = 0; i < nsteps; i++)
	{
		int64_t		npicks;

		if (moves->n - place < 2)
			return -1;
		npicks = moves->number[place + 1];
		place += 2;
		if (npicks < 1 || npicks > MAX_PICKS || npicks > moves->n - place)
			return -1;
		place += npicks;
	}
	return place;
}

/* Reads the move at a place, whose end has been found; false where it makes no sense for this table. */
bool
ob_suppress_read_move(const Table *t, int64_t place, Move *move)
{
	const int64_t *number = t->hints->number + place;

	move->nsteps = (int) *number++;
	move->cost = 0;
	for (int i = 0; i < move->nsteps; i++)
	{
		Step	   *step = &move->step[i];

		step->step = *number++;
		if (step->step < 1 || step->step > SUPPRESS_MAX_THRESHOLD * INT64_C(2))
			return false;
		step->direction.cost = 0;
		step->direction.npicks = (int) *number++;
		for (int k = 0; k < step->direction.npicks; k++, number++)
		{
			if (*number < 0 || *number / 2 >= t->ninput)
				return false;
			step->direction.pick[k].atom = t->kind[*number / 2];
			step->direction.pick[k].sign = *number % 2 ? 1 : -1;
			for (int j = 0; j < k; j++)
				if (step->direction.pick[j].atom == step->direction.pick[k].atom)
					return false;
		}
	}
	return true;
}

/* Adds a move to the lists of its atoms, or (with count) to their lengths. */
static void
list_move(Table *t, const Move *move, int64_t place, bool target, int64_t *count)
{
	for (int i = 0; i < move->nsteps; i++)
	{
		for (int k = 0; k < move->step[i].direction.npicks; k++)
		{
			int			a = move->step[i].direction.pick[k].atom;
			bool		again = false;

			/* an atom of the first direction has it once, of the others again */
			for (int j = 0; i > 0 && j < move->step[0].direction.npicks; j++)
				again = again || move->step[0].direction.pick[j].atom == a;
			if (again || target != (i == 0 && k == 0))
				continue;
			if (count != NULL)
				count[a]++;
			else
				t->hint_of[t->hint_start[a]++] = place;
		}
	}
}

/* Lists the hints by atom: first those made for it, then the others. */
void
ob_suppress_load_hints(Table *t, const SuppressInput *input)
{
	int64_t    *count;
	Move		move;
	int64_t		total = 0;

	t->hints = input->hints;
	t->hint_start = NULL;
	if (t->hints == NULL)
		return;
	count = ob_suppress_allocate(t, t->natoms, sizeof(int64_t));
	memset(count, 0, t->natoms * sizeof(int64_t));
	for (int64_t place = 0, end; place < t->hints->n && (end = end_of_move(t->hints, place)) >= 0; place = end)
		for (int target = 1; target >= 0; target--)
			if (ob_suppress_read_move(t, place, &move))
				list_move(t, &move, place, target, count);

	t->hint_start = ob_suppress_allocate(t, (int64_t) t->natoms + 1, sizeof(int64_t));
	for (int a = 0; a < t->natoms; a++)
	{
		t->hint_start[a] = total;
		total += count[a];
	}
	t->hint_of = ob_suppress_allocate(t, total, sizeof(int64_t));
	for (int target = 1; target >= 0; target--)
		for (int64_t place = 0, end; place < t->hints->n && (end = end_of_move(t->hints, place)) >= 0; place = end)
			if (ob_suppress_read_move(t, place, &move))
				list_move(t, &move, place, target, NULL);
	/* filling has moved each start to its end, which is the next one's start */
	memmove(t->hint_start + 1, t->hint_start, t->natoms * sizeof(int64_t));
	t->hint_start[0] = 0;
}

static void
keep(Table *t, int64_t number)
{
	SuppressMoves *made = t->made;

	if (made->n == made->room)
	{
		int64_t    *more;

		made->room = made->room > 0 ? 2 * made->room : 1024;
		more = ob_suppress_allocate(t, made->room, sizeof(int64_t));
		if (made->n > 0)
			memcpy(more, made->number, made->n * sizeof(int64_t));
		made->number = more;
	}
	made->number[made->n++] = number;
}

/* Notes a move that was made. */
void
ob_suppress_keep_move(Table *t, const Move *move)
{
	if (t->made == NULL)
		return;
	keep(t, move->nsteps);
	for (int i = 0; i < move->nsteps; i++)
	{
		const Direction *direction = &move->step[i].direction;

		keep(t, move->step[i].step);
		keep(t, direction->npicks);
		for (int k = 0; k < direction->npicks; k++)
			keep(t, 2 * (int64_t) t->first_of_kind[direction->pick[k].atom] + (direction->pick[k].sign > 0));
	}
}
