/*-------------------------------------------------------------------------
 *
 * audit_image.h
 *		The image of a changed row: JSON text that says the same in every session.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_AUDIT_IMAGE_H
#define OUTBREAK_AUDIT_IMAGE_H

#include "executor/tuptable.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/relcache.h"
#include "utils/uuid.h"

/* How the value of a column is written. */
typedef enum ColumnKind
{
	COLUMN_INT2,
	COLUMN_INT4,
	COLUMN_INT8,
	COLUMN_BOOL,
	COLUMN_TEXT,
	COLUMN_DATE,
	COLUMN_TIMESTAMP,
	COLUMN_TIMESTAMPTZ,
	COLUMN_UUID,
	COLUMN_OTHER				/* a JSON string of what the output function says */
} ColumnKind;

typedef struct AuditColumn
{
	int			attnum;
	ColumnKind	kind;
	bool		by_value;
	int16		length;
	char	   *label;			/* "name": */
	int			label_length;
	FmgrInfo	output;			/* of COLUMN_OTHER */
} AuditColumn;

typedef struct AuditRelation
{
	Oid			relid;			/* the table whose trigger fires: a partition, say */
	bool		valid;
	MemoryContext context;
	char	   *name;			/* schema.table, of the topmost parent */
	int			ncolumns;
	AuditColumn *columns;		/* without dropped and generated ones */
	int			settings;		/* what the output functions depend on */
} AuditRelation;

/* What is known of the relation; good until the next catalog access. */
extern AuditRelation *ob_access_audit_relation(Relation relation);

/*
 * Appends {"old": …, "new": …}; either slot may be NULL. With both, "new" has
 * the changed columns only; false, and nothing appended, when there is none.
 */
extern bool ob_access_audit_image(StringInfo into, AuditRelation *relation, TupleTableSlot *old_row, TupleTableSlot *new_row);

/* Appends a JSON string. */
extern void ob_access_audit_json(StringInfo into, const char *text, size_t length);

/* Appends a UUID in its usual form. */
extern void ob_access_audit_uuid(StringInfo into, const pg_uuid_t *uuid);

#endif							/* OUTBREAK_AUDIT_IMAGE_H */
