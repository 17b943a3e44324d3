/*-------------------------------------------------------------------------
 *
 * row.h
 *		Writing single rows of deployed tables without a query.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_VSYS_ROW_H
#define OUTBREAK_VSYS_ROW_H

#include "executor/tuptable.h"
#include "utils/relcache.h"

/*
 * Is an INSERT into this table no more than its row and its index entries? It
 * is not where somebody has attached a trigger, a column, a check or a
 * generated value of their own; then the caller has to do with a query.
 */
extern bool ob_vsys_plain_for_insert(Relation rel, int columns);

/* The same for an UPDATE that leaves all keys as they are, of a table with so many checks that the caller keeps itself. */
extern bool ob_vsys_plain_for_update(Relation rel, int checks);

/*
 * Inserts the row of the slot. With `once`, a unique index, it does what ON
 * CONFLICT DO NOTHING does, but does not wait for somebody who is about to
 * write the same: then false, and nothing was written.
 */
extern bool ob_vsys_insert_row(Relation rel, TupleTableSlot *slot, Oid once);

/* Enters a row that stands in the table already into the indexes. */
extern void ob_vsys_enter_row(Relation rel, TupleTableSlot *slot);

#endif							/* OUTBREAK_VSYS_ROW_H */
