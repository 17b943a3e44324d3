/*-------------------------------------------------------------------------
 *
 * settle.h
 *		What a statement noted, and how the database is brought up to it.
 *
 * The functions run within SPI, as the owner of the report tables.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_REPORT_SETTLE_H
#define OUTBREAK_REPORT_SETTLE_H

#include "utils/array.h"
#include "utils/hsearch.h"

#include "report/report.h"

struct entities_hash;

struct Statement
{
	Statement  *next;
	MemoryContext context;
	Oid			relid;
	Oid			caller;			/* the role that runs the statement */
	int			level;			/* transaction nesting at its beginning */
	int			open;			/* openings less closings */
	bool		inserts;
	bool		updates;
	bool		settling;
	uint64		generation;		/* of the form, when rows were noted */
	struct entities_hash *entities;

	Datum	   *suspects;		/* keys to look at again: nkeys each */
	Size		nsuspects;
	Size		maxsuspects;

	HTAB	   *dirty;			/* DirtyKey */
	DateADT		last_dirty_period;
	int32		last_dirty_prefecture;
};

/* Refuses (or sets aside) the rows of reporters that are not in the registry. */
extern void ob_report_require_known(Statement *statement, Form *form, ArrayType *reporters);

/* Judges the suspects where they now stand: refuses, sets aside, records findings. */
extern void ob_report_judge_suspects(Statement *statement, Form *form);

/* Notes days and prefectures whose rollups are no longer right. */
extern void ob_report_write_dirty(Form *form, ArrayType *periods, ArrayType *prefectures);

/* Calls what the form wants called with the reporters touched. */
extern void ob_report_call_on_change(Form *form, ArrayType *reporters);

/*
 * Keeps the rows of the transition table "replaced" in the history, and takes
 * back what was derived from them. SPI knows the trigger's tables.
 */
extern void ob_report_keep_replaced(Form *form, bool deleted);

#endif							/* OUTBREAK_REPORT_SETTLE_H */
