/*-------------------------------------------------------------------------
 *
 * suppress_table.c
 *		Atoms, cells and the moved table of small-cell suppression.
 *
 * Invariants
 *		now[] and now_total[] differ from the truth only at moved[] and
 *		touched[]. Where a cell is touched and not hidden, now_total is the
 *		truth once ob_suppress_hide_for() has run for the direction. A cell's
 *		links hold each atom of it once; the first in_use[] of them are those
 *		that directions have used, which a search looks at first because their
 *		cells are hidden already.
 *
 *-------------------------------------------------------------------------
 */
#include "access/suppress_table.h"

#include <stdlib.h>
#include <string.h>

/* What qsort compares by, since it passes no context: an atom and its cells. */
typedef struct Key
{
	const int  *cell;
	int64_t		ncells;
	int			atom;
} Key;

static int
compare_keys(const void *left, const void *right)
{
	const Key  *a = left;
	const Key  *b = right;

	if (a->ncells != b->ncells)
		return a->ncells < b->ncells ? -1 : 1;
	for (int64_t i = 0; i < a->ncells; i++)
		if (a->cell[i] != b->cell[i])
			return a->cell[i] < b->cell[i] ? -1 : 1;
	return (a->atom > b->atom) - (a->atom < b->atom);
}

static bool
same_cells(const Key *a, const Key *b)
{
	return a->ncells == b->ncells &&
		(a->ncells == 0 || memcmp(a->cell, b->cell, a->ncells * sizeof(int)) == 0);
}

/* Merges the atoms that count in the same cells; the order is that of their cells. */
static SuppressFault
merge_atoms(Table *t, const SuppressInput *input)
{
	Key		   *key = ob_suppress_allocate(t, input->natoms, sizeof(Key));
	int64_t		links = 0;

	t->kind = ob_suppress_allocate(t, input->natoms, sizeof(int));
	for (int a = 0; a < input->natoms; a++)
	{
		key[a].atom = a;
		key[a].ncells = input->first[a + 1] - input->first[a];
		key[a].cell = input->cell + input->first[a];
	}
	qsort(key, input->natoms, sizeof(Key), compare_keys);
	t->hooks->check_interrupt(t->hooks->context);

	t->natoms = 0;
	for (int i = 0; i < input->natoms; i++)
	{
		if (i == 0 || !same_cells(&key[i - 1], &key[i]))
		{
			t->natoms++;
			links += key[i].ncells;
		}
		t->kind[key[i].atom] = t->natoms - 1;
	}

	t->value = ob_suppress_allocate(t, t->natoms, sizeof(int64_t));
	t->first_of_kind = ob_suppress_allocate(t, t->natoms, sizeof(int));
	t->first = ob_suppress_allocate(t, (int64_t) t->natoms + 1, sizeof(int64_t));
	t->cell = ob_suppress_allocate(t, links, sizeof(int));
	memset(t->value, 0, t->natoms * sizeof(int64_t));
	links = 0;
	for (int i = 0, a = -1; i < input->natoms; i++)
	{
		int64_t		value = input->value[key[i].atom];

		if (t->kind[key[i].atom] != a)
		{
			a = t->kind[key[i].atom];
			t->first[a] = links;
			t->first_of_kind[a] = key[i].atom;
			if (key[i].ncells > 0)
				memcpy(t->cell + links, key[i].cell, key[i].ncells * sizeof(int));
			links += key[i].ncells;
		}
		if (value < 0)
			return SUPPRESS_NEGATIVE;
		if (value > SUPPRESS_MAX_VALUE - t->value[a])
			return SUPPRESS_TOO_LARGE;
		t->value[a] += value;
	}
	t->first[t->natoms] = links;
	return SUPPRESS_OK;
}

/* Sums up the cells and lists their atoms. */
static SuppressFault
fill_cells(Table *t)
{
	int64_t		links = t->first[t->natoms];
	int64_t    *next = ob_suppress_allocate(t, t->ncells, sizeof(int64_t));

	t->start = ob_suppress_allocate(t, (int64_t) t->ncells + 1, sizeof(int64_t));
	t->link = ob_suppress_allocate(t, links, sizeof(int64_t));
	t->place = ob_suppress_allocate(t, links, sizeof(int64_t));
	t->atom_of = ob_suppress_allocate(t, links, sizeof(int));
	memset(t->start, 0, ((size_t) t->ncells + 1) * sizeof(int64_t));
	memset(t->total, 0, (size_t) t->ncells * sizeof(int64_t));

	for (int64_t l = 0; l < links; l++)
		t->start[t->cell[l] + 1]++;
	for (int c = 0; c < t->ncells; c++)
	{
		t->start[c + 1] += t->start[c];
		next[c] = t->start[c];
	}
	for (int a = 0; a < t->natoms; a++)
	{
		for (int64_t l = t->first[a]; l < t->first[a + 1]; l++)
		{
			int			c = t->cell[l];

			if (t->value[a] > SUPPRESS_MAX_VALUE - t->total[c])
				return SUPPRESS_TOO_LARGE;
			t->total[c] += t->value[a];
			t->atom_of[l] = a;
			t->place[l] = next[c];
			t->link[next[c]++] = l;
		}
	}
	return SUPPRESS_OK;
}

/* What hiding a cell costs: mostly how many atoms it sums up, a little how large it is. */
static int
weight_of(const Table *t, int cell)
{
	int64_t		natoms = t->start[cell + 1] - t->start[cell];
	int			size = 0;

	for (int64_t v = t->total[cell]; v > 0; v >>= 1)
		size++;
	return (int) (natoms < 1000000 ? natoms : 1000000) * 64 + size;
}

/* Gets the scratch, and notes the truth as the first witness. */
static void
prepare(Table *t)
{
	t->now = ob_suppress_allocate(t, t->natoms, sizeof(int64_t));
	t->moved = ob_suppress_allocate(t, t->natoms, sizeof(int));
	t->is_moved = ob_suppress_allocate(t, t->natoms, sizeof(bool));
	t->atom_high = ob_suppress_allocate(t, t->natoms, sizeof(int64_t));
	t->picked = ob_suppress_allocate(t, t->natoms, sizeof(uint8_t));
	memcpy(t->now, t->value, t->natoms * sizeof(int64_t));
	memcpy(t->atom_high, t->value, t->natoms * sizeof(int64_t));
	memset(t->is_moved, 0, t->natoms * sizeof(bool));
	memset(t->picked, 0, t->natoms * sizeof(uint8_t));
	t->nmoved = 0;

	t->now_total = ob_suppress_allocate(t, t->ncells, sizeof(int64_t));
	t->touched = ob_suppress_allocate(t, t->ncells, sizeof(int));
	t->is_touched = ob_suppress_allocate(t, t->ncells, sizeof(bool));
	t->cell_high = ob_suppress_allocate(t, t->ncells, sizeof(int64_t));
	t->cell_low = ob_suppress_allocate(t, t->ncells, sizeof(int64_t));
	t->newly = ob_suppress_allocate(t, t->ncells, sizeof(int));
	t->net = ob_suppress_allocate(t, t->ncells, sizeof(int));
	t->net_cells = ob_suppress_allocate(t, t->ncells, sizeof(int));
	t->has_net = ob_suppress_allocate(t, t->ncells, sizeof(bool));
	t->waived = ob_suppress_allocate(t, t->ncells, sizeof(bool));
	t->in_use = ob_suppress_allocate(t, t->ncells, sizeof(int));
	t->weight = ob_suppress_allocate(t, t->ncells, sizeof(int));
	memcpy(t->now_total, t->total, t->ncells * sizeof(int64_t));
	memcpy(t->cell_high, t->total, t->ncells * sizeof(int64_t));
	memcpy(t->cell_low, t->total, t->ncells * sizeof(int64_t));
	memset(t->is_touched, 0, t->ncells * sizeof(bool));
	memset(t->net, 0, t->ncells * sizeof(int));
	memset(t->has_net, 0, t->ncells * sizeof(bool));
	memset(t->waived, 0, t->ncells * sizeof(bool));
	memset(t->in_use, 0, t->ncells * sizeof(int));
	t->ntouched = 0;
	t->search = ob_suppress_allocate(t, 1, ob_suppress_search_size());
	t->nnewly = 0;
	for (int c = 0; c < t->ncells; c++)
		t->weight[c] = weight_of(t, c);
}

/* Reads the input and hides the small cells. */
SuppressFault
ob_suppress_load(Table *t, const SuppressInput *input, uint8_t *state, int64_t *total, int *culprit)
{
	SuppressFault fault;

	t->threshold = input->threshold;
	t->ninput = input->natoms;
	t->ncells = input->ncells;
	t->state = state;
	t->total = total;
	fault = merge_atoms(t, input);
	if (fault == SUPPRESS_OK)
		fault = fill_cells(t);
	if (fault != SUPPRESS_OK)
		return fault;
	prepare(t);

	t->frozen = ob_suppress_allocate(t, t->natoms, sizeof(bool));
	memset(t->frozen, 0, t->natoms * sizeof(bool));
	for (int c = 0; c < t->ncells; c++)
	{
		if (t->total[c] > 0 && t->total[c] < t->threshold)
		{
			if (t->state[c] == CELL_FIXED)
			{
				*culprit = c;
				return SUPPRESS_FIXED_IS_SMALL;
			}
			t->state[c] = CELL_HIDDEN;
		}
		else if (t->total[c] == 0 && t->state[c] != CELL_HIDDEN)
		{
			for (int64_t i = t->start[c]; i < t->start[c + 1]; i++)
				t->frozen[t->atom_of[t->link[i]]] = true;
		}
	}
	return SUPPRESS_OK;
}

/*
 * Puts the atoms of a direction among those in use, where a search finds them
 * first.
 */
static void
mark_in_use(Table *t, int atom)
{
	for (int64_t l = t->first[atom]; l < t->first[atom + 1]; l++)
	{
		int			c = t->cell[l];
		int64_t		border = t->start[c] + t->in_use[c];

		if (t->place[l] >= border)
		{
			int64_t		other = t->link[border];

			t->link[t->place[l]] = other;
			t->place[other] = t->place[l];
			t->link[border] = l;
			t->place[l] = border;
			t->in_use[c]++;
		}
	}
}

/* Moves the table along a direction; step may be negative. */
void
ob_suppress_step(Table *t, const Direction *direction, int64_t step)
{
	for (int i = 0; i < direction->npicks; i++)
	{
		int			a = direction->pick[i].atom;
		int64_t		change = direction->pick[i].sign * step;

		t->now[a] += change;
		if (!t->is_moved[a])
		{
			t->is_moved[a] = true;
			t->moved[t->nmoved++] = a;
		}
		for (int64_t l = t->first[a]; l < t->first[a + 1]; l++)
		{
			int			c = t->cell[l];

			t->now_total[c] += change;
			if (!t->is_touched[c])
			{
				t->is_touched[c] = true;
				t->touched[t->ntouched++] = c;
			}
		}
	}
}

/* Adds the changes of the cells along a direction to net; returns how many cells have an entry. */
static int
add_up(const Table *t, const Direction *direction)
{
	int			n = 0;

	for (int i = 0; i < direction->npicks; i++)
	{
		int			a = direction->pick[i].atom;

		for (int64_t l = t->first[a]; l < t->first[a + 1]; l++)
		{
			int			c = t->cell[l];

			if (!t->has_net[c])
			{
				t->has_net[c] = true;
				t->net_cells[n++] = c;
			}
			t->net[c] += direction->pick[i].sign;
		}
	}
	return n;
}

static void
clear_net(const Table *t, int n)
{
	for (int i = 0; i < n; i++)
	{
		t->net[t->net_cells[i]] = 0;
		t->has_net[t->net_cells[i]] = false;
	}
}

/* How far, up to most, the table can go along sign * direction. */
int64_t
ob_suppress_room(const Table *t, const Direction *direction, int sign, int64_t most)
{
	int			n = add_up(t, direction);

	for (int i = 0; i < direction->npicks; i++)
		if (direction->pick[i].sign * sign < 0 && t->now[direction->pick[i].atom] < most)
			most = t->now[direction->pick[i].atom];
	for (int i = 0; i < n; i++)
	{
		int			c = t->net_cells[i];
		int64_t		net = (int64_t) t->net[c] * sign;

		if (net < 0)
		{
			int64_t		room = (t->now_total[c] - ob_suppress_floor(t, c)) / -net;

			if (room < most)
				most = room;
		}
	}
	clear_net(t, n);
	return most > 0 ? most : 0;
}

/* Does a direction change a cell that was shown before? */
bool
ob_suppress_changes_fixed(const Table *t, const Direction *direction)
{
	int			n = add_up(t, direction);
	bool		changes = false;

	for (int i = 0; i < n && !changes; i++)
		changes = t->net[t->net_cells[i]] != 0 && t->state[t->net_cells[i]] == CELL_FIXED;
	clear_net(t, n);
	return changes;
}

/* Hides the shown cells that a direction changes. */
void
ob_suppress_hide_for(Table *t, const Direction *direction)
{
	int			n = add_up(t, direction);

	for (int i = 0; i < n; i++)
	{
		int			c = t->net_cells[i];

		if (t->net[c] != 0 && t->state[c] == CELL_SHOWN)
		{
			t->state[c] = CELL_HIDDEN;
			t->newly[t->nnewly++] = c;
		}
	}
	clear_net(t, n);
	for (int i = 0; i < direction->npicks; i++)
		mark_in_use(t, direction->pick[i].atom);
}

/* The moved table is a witness: notes how far it reaches. */
void
ob_suppress_note(Table *t)
{
	for (int i = 0; i < t->nmoved; i++)
	{
		int			a = t->moved[i];

		if (t->now[a] > t->atom_high[a])
			t->atom_high[a] = t->now[a];
	}
	for (int i = 0; i < t->ntouched; i++)
	{
		int			c = t->touched[i];

		if (t->now_total[c] > t->cell_high[c])
			t->cell_high[c] = t->now_total[c];
		if (t->now_total[c] < t->cell_low[c])
			t->cell_low[c] = t->now_total[c];
	}
	if (t->hooks->witness != NULL)
		t->hooks->witness(t->hooks->context, t->kind, t->now);
}

/* Back to the truth. */
void
ob_suppress_reset(Table *t)
{
	for (int i = 0; i < t->nmoved; i++)
	{
		t->now[t->moved[i]] = t->value[t->moved[i]];
		t->is_moved[t->moved[i]] = false;
	}
	for (int i = 0; i < t->ntouched; i++)
	{
		t->now_total[t->touched[i]] = t->total[t->touched[i]];
		t->is_touched[t->touched[i]] = false;
	}
	t->nmoved = 0;
	t->ntouched = 0;
}

/* Shows again what was hidden since t->nnewly was 0, and goes back to the truth. */
void
ob_suppress_undo_trial(Table *t)
{
	while (t->nnewly > 0)
		t->state[t->newly[--t->nnewly]] = CELL_SHOWN;
	ob_suppress_reset(t);
}
