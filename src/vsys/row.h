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

/* Writes rows into one table, which the caller has open until ob_vsys_end_rows(). */
typedef struct RowWriter RowWriter;

extern RowWriter *ob_vsys_begin_rows(Relation rel);
extern void ob_vsys_end_rows(RowWriter *writer);

/*
 * Inserts the row of the slot. With `once`, a unique index, it does what ON
 * CONFLICT DO NOTHING does, but does not wait for somebody who is about to
 * write the same: then false, and nothing was written.
 */
extern bool ob_vsys_write_row(RowWriter *writer, TupleTableSlot *slot, Oid once);

/*
 * After ob_vsys_write_row() was refused: waits for whoever is writing the
 * same. False when there is such a row now; true when it came to nothing.
 */
extern bool ob_vsys_wait_for_rival(RowWriter *writer, TupleTableSlot *slot, Oid once);

/* Enters a row that stands in the table already into the indexes. */
extern void ob_vsys_enter_row(RowWriter *writer, TupleTableSlot *slot);

/* Puts the row of the slot in the place of the one at *at, whatever became of that; false when it was deleted. */
extern bool ob_vsys_change_row(RowWriter *writer, ItemPointer at, TupleTableSlot *slot);

/* Is the part, column by column, as the whole? */
extern bool ob_vsys_same_columns(Relation whole, Relation part);

/* The next number of a sequence in the schema of a table, without regard to rights. */
extern int64 ob_vsys_next_number(Relation beside, const char *sequence);

#endif							/* OUTBREAK_VSYS_ROW_H */
