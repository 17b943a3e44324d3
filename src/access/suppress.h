/*-------------------------------------------------------------------------
 *
 * suppress.h
 *		Published counts as read from a query, between suppress.c and release.c.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_SUPPRESS_H
#define OUTBREAK_SUPPRESS_H

#include "access/suppress_kernel.h"
#include "fmgr.h"
#include "nodes/execnodes.h"
#include "utils/hsearch.h"

typedef struct Figures
{
	MemoryContext context;		/* holds all of it */
	HTAB	   *index;			/* name to number, while reading */

	int			natoms;
	int			atoms_room;
	int64_t    *value;			/* [natoms] */
	int64_t    *first;			/* [natoms + 1] */
	int		   *cell;
	int64_t		cell_room;

	int			ncells;
	int			cells_room;
	char	  **name;			/* [ncells] in byte order, once read */
	uint8_t    *state;			/* [ncells] CellState */
	int64_t    *total;			/* [ncells] after deciding */
} Figures;

/* Runs the query with the caller's rights and reads its atoms. Wants SPI connected. */
extern Figures *ob_access_read_figures(const char *atoms);

/* Number of a cell of that name, or -1. */
extern int	ob_access_find_cell(const Figures *figures, const char *name);

/*
 * Decides what is hidden; state says what is so already. Raises what stands in
 * the way. hints are moves to be tried first, made receives those made; both
 * may be NULL.
 */
extern void ob_access_decide(Figures *figures, int threshold, const SuppressMoves *hints, SuppressMoves *made);

/* The moves on which a series rests, as bytes that name atoms by the cells that they count in, and back. */
extern bytea *ob_access_write_moves(const Figures *figures, const SuppressMoves *moves);
extern SuppressMoves *ob_access_read_moves(const Figures *figures, const bool *known, bytea *bytes);

/* An error that names up to five cells, from a list that may be longer. */
extern void ob_access_refuse_cells(int sqlstate, const char *message, char **names, int n, const char *hint) pg_attribute_noreturn();

/* Returns (cell, value, hidden) of all cells as the result of a set-returning function. */
extern void ob_access_return_figures(FunctionCallInfo fcinfo, const Figures *figures);

#endif							/* OUTBREAK_SUPPRESS_H */
