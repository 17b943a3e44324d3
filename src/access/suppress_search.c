/*-------------------------------------------------------------------------
 *
 * suppress_search.c
 *		The cheapest direction that changes an atom and hides least.
 *
 * A state is a set of picks (atoms with their signs) and of shown cells that
 * it gives up (waives). Where its picks do not cancel in a shown cell, the
 * cell is open: it is closed by a pick of the other sign in it, or by being
 * waived, which costs its weight. A shown cell of one atom can only be waived,
 * which is done at once. A state without open cells is a direction. A beam
 * search goes on from the states with the least cost plus guess of what their
 * open cells will cost, always at the open cell with the fewest atoms, because
 * there the choice is smallest. In a table with margins it finds the corners
 * of a rectangle or box; nothing here knows of tables, though.
 *
 * Every pick leaves room for the whole step: no atom goes below 0, no hidden
 * cell below its floor. The order of everything is fixed, so that the same
 * input always gives the same answer.
 *
 *-------------------------------------------------------------------------
 */
#include "access/suppress_table.h"

#include <string.h>

#define MAX_BEAM	64
#define MAX_WAIVED	64
#define GUESS		100			/* what an open cell will cost, at most: one atom's cell and a little, … */
#define ROUNDS		3			/* … and where that proves too little, … */
#define FACTOR		16			/* … so many times more */

/* How hard a search looks. */
typedef struct Effort
{
	int			beam;
	int			levels;			/* picks and waivers on the way to a direction */
	int			scan_used;		/* atoms in use that are looked at in a cell, … */
	int			scan_other;		/* … and others */
	bool		at_any_price;	/* every waiver costs 1: only what cannot be waived counts */
} Effort;

static const Effort ordinary = {6, 36, 48, 32, false};
static const Effort desperate = {MAX_BEAM, MAX_PICKS + MAX_WAIVED, 256, 128, true};

typedef struct State
{
	int			npicks;
	int			nwaived;
	Pick		pick[MAX_PICKS];
	int			waive[MAX_WAIVED];
	int64_t		cost;
	int64_t		guess;			/* sum over the open cells */
	uint64_t	hash;
} State;

/* How one state leads to another. */
typedef struct Way
{
	int			from;			/* in the beam */
	int			atom;			/* picked, or -1 */
	int			sign;
	int			waive;			/* cell waived, or -1 */
	int64_t		cost;
	int64_t		guess;
	uint64_t	hash;
} Way;

typedef struct Search
{
	Table	   *t;
	const Effort *effort;
	int			target;
	int64_t		step;
	int			nways;
	Way			way[MAX_BEAM];
	State		beam[MAX_BEAM];
	State		next[MAX_BEAM];
	int64_t		guess;			/* what an open cell costs, at most */
	int64_t		bound;			/* cost of the best direction yet */
} Search;

/* How much memory a search needs, whatever the table. */
size_t
ob_suppress_search_size(void)
{
	return sizeof(Search);
}

static uint64_t
scramble(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

static int64_t
price_of(const Search *search, int cell)
{
	return search->effort->at_any_price ? 1 : search->t->weight[cell];
}

static int64_t
guess_of(const Search *search, int cell)
{
	int64_t		price = price_of(search, cell);

	return search->t->state[cell] == CELL_FIXED || price > search->guess ? search->guess : price;
}

/* Does a hidden cell stay above its floor when it changes by net for each of the steps? */
static bool
has_room(const Search *search, int cell, int net)
{
	return net >= 0 ||
		search->t->now_total[cell] + net * search->step >= ob_suppress_floor(search->t, cell);
}

/* Keeps a way if it is among the best, and not a second way to the same state. */
static void
offer(Search *search, const Way *way)
{
	int64_t		value = way->cost + way->guess;
	int			i = search->nways;

	if (way->cost >= search->bound)
		return;
	if (i == search->effort->beam && value >= search->way[i - 1].cost + search->way[i - 1].guess)
		return;
	for (int k = 0; k < search->nways; k++)
		if (search->way[k].hash == way->hash)
			return;
	if (i == search->effort->beam)
		i--;
	else
		search->nways++;
	while (i > 0 && value < search->way[i - 1].cost + search->way[i - 1].guess)
	{
		search->way[i] = search->way[i - 1];
		i--;
	}
	search->way[i] = *way;
}

/* What picking an atom does to cost and guess; false where it may not be picked. */
static bool
weigh_pick(const Search *search, int atom, int sign, Way *way)
{
	const Table *t = search->t;

	if (t->picked[atom] || t->frozen[atom])
		return false;
	if (sign < 0 && t->now[atom] < search->step)
		return false;
	for (int64_t l = t->first[atom]; l < t->first[atom + 1]; l++)
	{
		int			c = t->cell[l];
		int			before = t->net[c];
		int			after = before + sign;

		if (t->state[c] == CELL_HIDDEN || t->waived[c])
		{
			if (after < before && !has_room(search, c, after))
				return false;
		}
		else if (ob_suppress_natoms(t, c) == 1)
		{
			if (t->state[c] == CELL_FIXED || !has_room(search, c, after))
				return false;
			way->cost += price_of(search, c);
		}
		else if (before == 0)
			way->guess += guess_of(search, c);
		else if (after == 0)
			way->guess -= guess_of(search, c);
	}
	way->atom = atom;
	way->sign = sign;
	way->hash += scramble((uint64_t) atom * 4 + (sign > 0));
	return true;
}

/* Spreads a state over net, waived and picked; returns the number of entries in net. */
static int
spread(const Table *t, const State *state)
{
	int			n = 0;

	for (int i = 0; i < state->npicks; i++)
	{
		int			a = state->pick[i].atom;

		t->picked[a]++;
		for (int64_t l = t->first[a]; l < t->first[a + 1]; l++)
		{
			int			c = t->cell[l];

			if (!t->has_net[c])
			{
				t->has_net[c] = true;
				t->net_cells[n++] = c;
			}
			t->net[c] += state->pick[i].sign;
		}
	}
	for (int i = 0; i < state->nwaived; i++)
		t->waived[state->waive[i]] = true;
	return n;
}

static void
gather(const Table *t, const State *state, int n)
{
	for (int i = 0; i < n; i++)
	{
		t->net[t->net_cells[i]] = 0;
		t->has_net[t->net_cells[i]] = false;
	}
	for (int i = 0; i < state->npicks; i++)
		t->picked[state->pick[i].atom]--;
	for (int i = 0; i < state->nwaived; i++)
		t->waived[state->waive[i]] = false;
}

/* The open cell with the fewest atoms, or -1. */
static int
open_cell(const Table *t, int n)
{
	int			best = -1;

	for (int i = 0; i < n; i++)
	{
		int			c = t->net_cells[i];

		if (t->net[c] == 0 || t->state[c] == CELL_HIDDEN || t->waived[c] || ob_suppress_natoms(t, c) == 1)
			continue;
		if (best < 0 || ob_suppress_natoms(t, c) < ob_suppress_natoms(t, best) ||
			(ob_suppress_natoms(t, c) == ob_suppress_natoms(t, best) && c < best))
			best = c;
	}
	return best;
}

/* Offers picks among n links of a cell from start, at most scan of them, beginning somewhere. */
static void
offer_picks(Search *search, const Way *base, int64_t start, int64_t n, int scan, int sign, uint64_t somewhere)
{
	const Table *t = search->t;
	int64_t		at = n > scan ? (int64_t) (somewhere % (uint64_t) n) : 0;

	if (n < scan)
		scan = (int) n;
	for (int i = 0; i < scan; i++)
	{
		Way			way = *base;

		if (weigh_pick(search, t->atom_of[t->link[start + at]], sign, &way))
			offer(search, &way);
		if (++at == n)
			at = 0;
	}
}

/* Offers every way on from a state of the beam. */
static void
expand(Search *search, int from)
{
	const Table *t = search->t;
	const State *state = &search->beam[from];
	int			n = spread(t, state);
	int			c = open_cell(t, n);
	Way			base = {.from = from, .atom = -1, .waive = -1, .cost = state->cost, .guess = state->guess, .hash = state->hash};

	if (c >= 0)
	{
		int			sign = t->net[c] > 0 ? -1 : 1;
		int64_t		used = t->in_use[c];

		if (t->state[c] == CELL_SHOWN && state->nwaived < MAX_WAIVED && has_room(search, c, t->net[c]))
		{
			Way			way = base;

			way.waive = c;
			way.cost += price_of(search, c);
			way.guess -= guess_of(search, c);
			way.hash += scramble((uint64_t) c * 4 + 2);
			offer(search, &way);
		}
		if (state->npicks < MAX_PICKS)
		{
			uint64_t	somewhere = scramble(state->hash + (uint64_t) search->target);

			offer_picks(search, &base, t->start[c], used, search->effort->scan_used, sign, somewhere);
			offer_picks(search, &base, t->start[c] + used, ob_suppress_natoms(t, c) - used, search->effort->scan_other, sign, somewhere >> 8);
		}
	}
	gather(t, state, n);
}

/* Goes one way from the beam. */
static void
go(const Search *search, const Way *way, State *to)
{
	*to = search->beam[way->from];
	to->cost = way->cost;
	to->guess = way->guess;
	to->hash = way->hash;
	if (way->atom >= 0)
	{
		to->pick[to->npicks].atom = way->atom;
		to->pick[to->npicks++].sign = way->sign;
	}
	else
		to->waive[to->nwaived++] = way->waive;
}

/* Remembers a state without open cells as the direction found, if it is the best. */
static void
finish(Search *search, const State *state, Direction *found)
{
	if (state->cost >= search->bound)
		return;
	search->bound = state->cost;
	found->npicks = state->npicks;
	memcpy(found->pick, state->pick, state->npicks * sizeof(Pick));
	found->cost = state->cost;
}

/* Waives all cells of the target: always a direction where none of them was shown before. */
static void
try_alone(Search *search, int sign, Direction *found)
{
	const Table *t = search->t;
	int64_t		cost = 0;

	for (int64_t l = t->first[search->target]; l < t->first[search->target + 1]; l++)
	{
		int			c = t->cell[l];

		if (t->state[c] == CELL_FIXED || !has_room(search, c, sign))
			return;
		if (t->state[c] == CELL_SHOWN)
			cost += t->weight[c];
	}
	if (cost >= search->bound)
		return;
	search->bound = cost;
	found->npicks = 1;
	found->pick[0].atom = search->target;
	found->pick[0].sign = sign;
	found->cost = cost;
}

static void
exclude(const Table *t, int target, int keep, int by)
{
	if (keep < 0)
		return;
	for (int64_t i = t->start[keep]; i < t->start[keep + 1]; i++)
		if (t->atom_of[t->link[i]] != target)
			t->picked[t->atom_of[t->link[i]]] += by;
}

/* What hiding the cells that a direction changes really costs. */
static int64_t
cost_of(const Table *t, const Direction *direction)
{
	State		state = {.npicks = direction->npicks};
	int64_t		cost = 0;
	int			n;

	memcpy(state.pick, direction->pick, direction->npicks * sizeof(Pick));
	n = spread(t, &state);
	for (int i = 0; i < n; i++)
		if (t->net[t->net_cells[i]] != 0 && t->state[t->net_cells[i]] == CELL_SHOWN)
			cost += t->weight[t->net_cells[i]];
	gather(t, &state, n);
	return cost;
}

/* Follows the beam from the target alone; leaves the best direction in found. */
static void
follow(Search *search, int sign, Direction *found)
{
	Table	   *t = search->t;
	Way			way = {.from = 0, .atom = -1, .waive = -1};
	int			levels = search->effort->levels;
	int			nbeam = 1;

	memset(&search->beam[0], 0, sizeof(State));
	(void) weigh_pick(search, search->target, sign, &way);
	go(search, &way, &search->beam[0]);
	if (way.guess == 0)
	{
		finish(search, &search->beam[0], found);
		return;
	}
	for (int level = 0; nbeam > 0 && level < levels; level++)
	{
		int			n = 0;

		t->hooks->check_interrupt(t->hooks->context);
		search->nways = 0;
		for (int i = 0; i < nbeam; i++)
			if (search->beam[i].cost < search->bound)
				expand(search, i);
		for (int i = 0; i < search->nways; i++)
		{
			go(search, &search->way[i], &search->next[n]);
			if (search->next[n].guess > 0)
				n++;
			else
			{
				finish(search, &search->next[n], found);
				/* little is gained by looking on for long */
				if (levels > level + 3)
					levels = level + 3;
			}
		}
		memcpy(search->beam, search->next, n * sizeof(State));
		nbeam = n;
	}
}

/*
 * Finds a direction that changes the atom by sign and along which the moved
 * table can go the whole step, and in which no other atom of the cell keep
 * (-1: none) takes part; of those that it finds, the cheapest in cells to hide.
 * Hides nothing. False if it finds none that costs less than the limit.
 */
bool
ob_suppress_search(Table *t, int atom, int sign, int64_t step, int keep, int64_t limit, Direction *found)
{
	Search	   *search = t->search;
	Way			way = {.from = 0, .atom = -1, .waive = -1};

	search->t = t;
	search->effort = &ordinary;
	search->target = atom;
	search->step = step;
	search->bound = limit;
	search->guess = GUESS;
	if (!weigh_pick(search, atom, sign, &way))
		return false;
	try_alone(search, sign, found);
	exclude(t, atom, keep, 1);

	/* The dearer the best direction, the dearer open cells are taken to be. */
	search->effort = &ordinary;
	for (int round = 0; round < ROUNDS; round++)
	{
		follow(search, sign, found);
		if (search->bound <= 4 * search->guess)
			break;
		search->guess *= FACTOR;
	}
	if (search->bound == INT64_MAX)
	{
		search->effort = &desperate;
		search->guess = GUESS;
		follow(search, sign, found);
		if (search->bound < INT64_MAX)
			found->cost = search->bound = cost_of(t, found);
	}
	exclude(t, atom, keep, -1);
	return search->bound < limit;
}
