/*-------------------------------------------------------------------------
 *
 * entity.h
 *		The entities that one statement reported about.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_REPORT_ENTITY_H
#define OUTBREAK_REPORT_ENTITY_H

#include "report/report.h"

/* An entity is named by the bytes of its key columns (all but the period). */
typedef struct EntityKey
{
	uint32		length;
	char	   *bytes;
} EntityKey;

typedef struct Entity
{
	uint32		hash;
	char		status;
	EntityKey	key;
	Datum		reporter;		/* a copy */
	bool		has_last;
	DateADT		last;			/* period of the last row seen */
	Datum	   *values;			/* of that row: form->previous_columns, in order */
	bool	   *nulls;
} Entity;

#define SH_PREFIX entities
#define SH_ELEMENT_TYPE Entity
#define SH_KEY_TYPE EntityKey
#define SH_SCOPE extern
#define SH_DECLARE
#include "lib/simplehash.h"

/* The entity that form->row is about, made if it is new in this statement. */
extern Entity *ob_report_entity(entities_hash *table, Form *form, MemoryContext context, bool *found);

/* Keeps form->row as the last row of the entity. */
extern void ob_report_entity_keep(Entity *entity, Form *form, MemoryContext context);

/* Puts the last row of the entity into form->previous. */
extern void ob_report_entity_recall(Entity *entity, Form *form);

#endif							/* OUTBREAK_REPORT_ENTITY_H */
