/*-------------------------------------------------------------------------
 *
 * entity.c
 *		The entities that one statement reported about.
 *
 * An entity is what has a last report: the reporter, with the other key
 * columns of forms that have some (a service, an item). Keys are told apart by
 * their bytes. Two values that are equal but differ in bytes make two
 * entities, and then the database is asked instead of this table.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "utils/datum.h"
#include "utils/memutils.h"

#include "report/entity.h"

#define SH_PREFIX entities
#define SH_ELEMENT_TYPE Entity
#define SH_KEY_TYPE EntityKey
#define SH_KEY key
#define SH_HASH_KEY(table, k) hash_bytes((unsigned char *) (k).bytes, (k).length)
#define SH_EQUAL(table, a, b) ((a).length == (b).length && memcmp((a).bytes, (b).bytes, (a).length) == 0)
#define SH_STORE_HASH
#define SH_GET_HASH(table, e) (e)->hash
#define SH_SCOPE extern
#define SH_DEFINE
#include "lib/simplehash.h"

/* The bytes of the key columns of form->row but the period, in a buffer that the next call reuses. */
static EntityKey
entity_key(Form *form)
{
	static StringInfoData buffer = {0};
	EntityKey	key;

	if (buffer.data == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);

		initStringInfo(&buffer);
		MemoryContextSwitchTo(old);
	}
	resetStringInfo(&buffer);
	for (int i = 0; i < form->nkeys - 1; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(form->desc, form->keys[i] - 1);
		Datum		value = form->row->tts_values[form->keys[i] - 1];

		if (form->row->tts_isnull[form->keys[i] - 1])
			continue;			/* not a key: the row will be refused */
		if (attribute->attbyval)
			appendBinaryStringInfo(&buffer, (char *) &value, sizeof(Datum));
		else
		{
			Size		size = datumGetSize(value, false, attribute->attlen);

			appendBinaryStringInfo(&buffer, (char *) &size, sizeof(Size));
			appendBinaryStringInfo(&buffer, DatumGetPointer(value), (int) size);
		}
	}
	key.length = (uint32) buffer.len;
	key.bytes = buffer.data;
	return key;
}

Entity *
ob_report_entity(entities_hash *table, Form *form, MemoryContext context, bool *found)
{
	EntityKey	key = entity_key(form);
	Entity	   *entity = entities_insert(table, key, found);

	if (!*found)
	{
		Form_pg_attribute attribute = TupleDescAttr(form->desc, form->reporter - 1);
		MemoryContext old = MemoryContextSwitchTo(context);

		entity->key.length = key.length;
		entity->key.bytes = memcpy(palloc(key.length), key.bytes, key.length);
		entity->reporter = datumCopy(form->row->tts_values[form->reporter - 1], attribute->attbyval, attribute->attlen);
		entity->has_last = false;
		entity->values = NULL;
		entity->nulls = NULL;
		MemoryContextSwitchTo(old);
	}
	return entity;
}

void
ob_report_entity_keep(Entity *entity, Form *form, MemoryContext context)
{
	int			column = -1;
	int			i = 0;
	MemoryContext old = MemoryContextSwitchTo(context);

	if (entity->values == NULL)
	{
		int			count = bms_num_members(form->previous_columns);

		entity->values = palloc(sizeof(Datum) * (count + 1));
		entity->nulls = palloc(sizeof(bool) * (count + 1));
		memset(entity->nulls, true, sizeof(bool) * (count + 1));
	}
	while ((column = bms_next_member(form->previous_columns, column)) >= 0)
	{
		Form_pg_attribute attribute = TupleDescAttr(form->desc, column - 1);

		if (!attribute->attbyval && !entity->nulls[i])
			pfree(DatumGetPointer(entity->values[i]));
		entity->nulls[i] = form->row->tts_isnull[column - 1];
		if (!entity->nulls[i])
			entity->values[i] = datumCopy(form->row->tts_values[column - 1], attribute->attbyval, attribute->attlen);
		i++;
	}
	entity->last = ob_report_period(form);
	entity->has_last = true;
	MemoryContextSwitchTo(old);
}

void
ob_report_entity_recall(Entity *entity, Form *form)
{
	int			column = -1;
	int			i = 0;

	ExecClearTuple(form->previous);
	memset(form->previous->tts_isnull, true, sizeof(bool) * form->desc->natts);
	while ((column = bms_next_member(form->previous_columns, column)) >= 0)
	{
		form->previous->tts_values[column - 1] = entity->values[i];
		form->previous->tts_isnull[column - 1] = entity->nulls[i];
		i++;
	}
	ExecStoreVirtualTuple(form->previous);
}
