/*-------------------------------------------------------------------------
 *
 * statement.c
 *		What one statement entered into a form, judged when it ends.
 *
 * The CHECK sees one row at a time and may only refuse. Everything else that
 * a new report sets off is settled once a statement: rules about the previous
 * report, warnings, quarantine, unknown reporters, and the notes for rollups.
 * Statement triggers with transition tables could do that, but a table that
 * has one loses COPY's multi-insert when it is partitioned. So the CHECK
 * notices, cheaply and in memory, which rows need a second look ("suspects"),
 * and the AFTER trigger looks at those rows where they now stand.
 *
 * A row is a suspect when a row rule is violated; and, where rules look at
 * previous.*, when the row before it is not known from this statement, or is
 * known and violates such a rule. Judging reads the stored rows, so noticing
 * too much (a row that ON CONFLICT left out, say) does no harm.
 *
 * Statements are kept in a list, by form. BEFORE triggers open one, AFTER
 * triggers close it; INSERT … ON CONFLICT DO UPDATE fires both for INSERT and
 * for UPDATE, so openings are counted. What an aborted (sub)transaction opened
 * is dropped with it. Where the triggers do not fire, nothing is open, and the
 * CHECK does nothing but check.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/partition.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "common/compat.h"
#include "common/errors.h"
#include "common/owner.h"
#include "common/settings.h"
#include "report/entity.h"
#include "report/settle.h"

/* A day of a prefecture whose rollups are no longer right. */
typedef struct DirtyKey
{
	DateADT		period;
	int32		prefecture;
} DirtyKey;

static Statement *statements = NULL;

/* Drops the statements of this nesting level and deeper. */
static void
drop_statements(int level)
{
	Statement **link = &statements;

	while (*link != NULL)
	{
		Statement  *statement = *link;

		if (statement->level >= level)
		{
			*link = statement->next;
			MemoryContextDelete(statement->context);
		}
		else
			link = &statement->next;
	}
}

static void
at_transaction_end(XactEvent event, void *arg)
{
	/* The memory goes with TopTransactionContext. */
	if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE)
		statements = NULL;
}

static void
at_subtransaction_end(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
		drop_statements(GetCurrentTransactionNestLevel());
}

/* Once per session. */
void
ob_report_statement_init(void)
{
	RegisterXactCallback(at_transaction_end, NULL);
	RegisterSubXactCallback(at_subtransaction_end, NULL);
}

void
ob_report_init(void)
{
	ob_report_form_init();
	ob_report_statement_init();
}

/* The statement that is entering rows into the form, or NULL. */
Statement *
ob_report_open_statement(Oid relid)
{
	for (Statement *statement = statements; statement != NULL; statement = statement->next)
		if (statement->relid == relid && !statement->settling)
			return statement;
	return NULL;
}

/* May this statement set a bad row aside? Only new rows: an update would lose the old one. */
bool
ob_report_may_reject(Statement *statement)
{
	return ob_on_invalid == ON_INVALID_QUARANTINE && statement->inserts && !statement->updates;
}

/* Makes room for one more suspect and copies the key of form->row there. */
static void
add_suspect(Statement *statement, Form *form)
{
	Datum	   *key;
	MemoryContext old = MemoryContextSwitchTo(statement->context);

	if (statement->nsuspects == statement->maxsuspects)
	{
		statement->maxsuspects = Max(64, statement->maxsuspects * 2);
		if (statement->suspects == NULL)
			statement->suspects = MemoryContextAllocHuge(statement->context,
														 sizeof(Datum) * form->nkeys * statement->maxsuspects);
		else
			statement->suspects = repalloc_huge(statement->suspects,
												sizeof(Datum) * form->nkeys * statement->maxsuspects);
	}
	key = statement->suspects + form->nkeys * statement->nsuspects++;
	for (int i = 0; i < form->nkeys; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(form->desc, form->keys[i] - 1);

		key[i] = datumCopy(form->row->tts_values[form->keys[i] - 1], attribute->attbyval, attribute->attlen);
	}
	MemoryContextSwitchTo(old);
}

/* Does a rule about the previous report, as the entity remembers it, call for a second look? */
static bool
previous_calls(Statement *statement, Form *form, Entity *entity)
{
	if (!entity->has_last || form->step == 0 || entity->last + form->step != ob_report_period(form))
		return true;
	ob_report_entity_recall(entity, form);
	for (int i = 0; i < form->nrules; i++)
		if (form->rules[i].uses_previous &&
			ob_report_judge_rule(form, &form->rules[i], true) == VERDICT_VIOLATED)
			return true;
	return false;
}

/* Notes that rollups of the report's day and prefecture are no longer right. */
static void
note_dirty(Statement *statement, Form *form)
{
	DirtyKey	key;

	if (form->prefecture == 0 || form->row->tts_isnull[form->prefecture - 1])
		return;
	key.period = ob_report_period(form);
	key.prefecture = DatumGetInt16(form->row->tts_values[form->prefecture - 1]);
	/* reports mostly come sorted by one of the two */
	if (key.period == statement->last_dirty_period && key.prefecture == statement->last_dirty_prefecture)
		return;
	statement->last_dirty_period = key.period;
	statement->last_dirty_prefecture = key.prefecture;
	hash_search(statement->dirty, &key, HASH_ENTER, NULL);
}

/*
 * The history stands on recorded_at, so it is the system's to set: the start
 * of the transaction, or what form_stamp made of it.
 */
static void
require_recorded_now(Form *form)
{
	TimestampTz recorded_at;

	if (form->recorded_at == 0)
		return;
	recorded_at = DatumGetTimestampTz(form->row->tts_values[form->recorded_at - 1]);
	if (!form->row->tts_isnull[form->recorded_at - 1] &&
		(recorded_at == GetCurrentTransactionStartTimestamp() ||
		 (recorded_at > GetCurrentTransactionStartTimestamp() && recorded_at <= GetCurrentTimestamp())))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_OB_REPORT_REFUSED),
			 errmsg("recorded_at is set by the system"),
			 errhint("Leave the column out. What the reporter says of the time belongs into reported_at.")));
}

/*
 * Called by the CHECK for a row that is about to be stored. "violated" says
 * that a row rule is.
 */
void
ob_report_note_row(Statement *statement, Form *form, bool violated)
{
	Entity	   *entity;
	bool		found;

	for (int i = 0; i < form->nkeys; i++)
		if (form->row->tts_isnull[form->keys[i] - 1])
			return;				/* NOT NULL refuses it */

	require_recorded_now(form);

	/* Rules that changed in mid-statement make what was remembered useless. */
	if (statement->generation != form->generation)
	{
		entities_iterator iterator;

		entities_start_iterate(statement->entities, &iterator);
		while ((entity = entities_iterate(statement->entities, &iterator)) != NULL)
		{
			entity->has_last = false;
			entity->values = NULL;
		}
		statement->generation = form->generation;
	}

	if (form->has_previous || form->reporter_is_institution || OidIsValid(form->on_change))
	{
		entity = ob_report_entity(statement->entities, form, statement->context, &found);
		if (form->has_previous)
		{
			violated |= previous_calls(statement, form, entity);
			ob_report_entity_keep(entity, form, statement->context);
		}
	}
	if (violated)
		add_suspect(statement, form);
	if (form->rollup)
		note_dirty(statement, form);
}

/* Begins a statement for the form, or counts one more opening of it. */
static void
open_statement(Oid relid, bool inserts)
{
	Statement  *statement = ob_report_open_statement(relid);
	MemoryContext context;
	HASHCTL		control;

	if (statement == NULL)
	{
		context = AllocSetContextCreate(TopTransactionContext, "outbreak statement", ALLOCSET_DEFAULT_SIZES);
		statement = MemoryContextAllocZero(context, sizeof(Statement));
		statement->context = context;
		statement->relid = relid;
		statement->caller = GetUserId();
		statement->level = GetCurrentTransactionNestLevel();
		statement->entities = entities_create(context, 64, NULL);
		control.keysize = sizeof(DirtyKey);
		control.entrysize = sizeof(DirtyKey);
		control.hcxt = context;
		statement->dirty = hash_create("outbreak dirty keys", 64, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
		statement->last_dirty_period = DATEVAL_NOBEGIN;
		statement->next = statements;
		statements = statement;
	}
	statement->open++;
	if (inserts)
		statement->inserts = true;
	else
		statement->updates = true;
}

/* Is this call the statement trigger it should be? */
static TriggerData *
statement_trigger(FunctionCallInfo fcinfo)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("this is a statement trigger of forms")));
	return trigger;
}

/* BEFORE INSERT OR UPDATE, for each statement */
PG_FUNCTION_INFO_V1(ob_report_before_statement);
Datum
ob_report_before_statement(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = statement_trigger(fcinfo);
	Oid			relid = RelationGetRelid(trigger->tg_relation);
	Form	   *form = ob_report_form(relid);

	/* Rather no reports than unchecked ones. */
	if (form->registered && !form->has_check)
		ereport(ERROR,
				(errcode(ERRCODE_OB_BAD_FORM),
				 errmsg("form %s has lost its check", form->name),
				 errdetail("A column of it was dropped since it was registered."),
				 errhint("Mend the rules that named the column, then run report.reattach() for the form.")));
	if (form->registered)
		open_statement(relid, TRIGGER_FIRED_BY_INSERT(trigger->tg_event));
	return PointerGetDatum(NULL);
}

/* The reporters of the statement, each once per entity, as an array. */
static ArrayType *
reporters_of(Statement *statement, Form *form)
{
	Form_pg_attribute attribute = TupleDescAttr(form->desc, form->reporter - 1);
	entities_iterator iterator;
	Entity	   *entity;
	Datum	   *reporters = palloc(sizeof(Datum) * (statement->entities->members + 1));
	int			count = 0;

	entities_start_iterate(statement->entities, &iterator);
	while ((entity = entities_iterate(statement->entities, &iterator)) != NULL)
		reporters[count++] = entity->reporter;
	return construct_array(reporters, count, attribute->atttypid, attribute->attlen, attribute->attbyval, attribute->attalign);
}

/* Writes the noted days and prefectures to report.dirty. */
static void
write_dirty(Statement *statement, Form *form)
{
	HASH_SEQ_STATUS scan;
	DirtyKey   *key;
	long		room = hash_get_num_entries(statement->dirty);
	Datum	   *periods = palloc(sizeof(Datum) * (room + 1));
	Datum	   *prefectures = palloc(sizeof(Datum) * (room + 1));
	int			count = 0;

	if (room == 0)
		return;
	hash_seq_init(&scan, statement->dirty);
	while ((key = hash_seq_search(&scan)) != NULL)
	{
		periods[count] = DateADTGetDatum(key->period);
		prefectures[count++] = Int16GetDatum((int16) key->prefecture);
	}
	ob_report_write_dirty(form,
						  construct_array(periods, count, DATEOID, sizeof(DateADT), true, TYPALIGN_INT),
						  construct_array(prefectures, count, INT2OID, sizeof(int16), true, TYPALIGN_SHORT));
}

/* Judges and settles what the statement entered, as the owner of the report tables. */
static void
settle(Statement *statement, Form *form)
{
	OwnerScope	owner;
	ArrayType  *reporters;

	ob_common_become_owner(ob_common_deployed_table("report", "form"), &owner);
	SPI_connect();
	reporters = reporters_of(statement, form);
	if (statement->entities->members > 0 && form->reporter_is_institution)
		ob_report_require_known(statement, form, reporters);
	if (statement->nsuspects > 0)
		ob_report_judge_suspects(statement, form);
	write_dirty(statement, form);
	if (statement->entities->members > 0 && OidIsValid(form->on_change))
		ob_report_call_on_change(form, reporters);
	SPI_finish();
	ob_common_leave_owner(&owner);
}

/* AFTER INSERT OR UPDATE, for each statement */
PG_FUNCTION_INFO_V1(ob_report_after_statement);
Datum
ob_report_after_statement(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = statement_trigger(fcinfo);
	Oid			relid = RelationGetRelid(trigger->tg_relation);
	Statement  *statement = ob_report_open_statement(relid);
	Statement **link;

	if (statement == NULL || --statement->open > 0)
		return PointerGetDatum(NULL);

	statement->settling = true;
	settle(statement, ob_report_form(relid));

	for (link = &statements; *link != statement; link = &(*link)->next)
		;
	*link = statement->next;
	MemoryContextDelete(statement->context);
	return PointerGetDatum(NULL);
}

/*
 * AFTER UPDATE or DELETE, for each statement, with the old rows as "replaced".
 * Comes before settling by the name of its trigger.
 */
PG_FUNCTION_INFO_V1(ob_report_replaced);
Datum
ob_report_replaced(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = statement_trigger(fcinfo);
	Oid			relid = RelationGetRelid(trigger->tg_relation);
	Form	   *form = ob_report_form(relid);
	OwnerScope	owner;

	if (!form->registered)
		return PointerGetDatum(NULL);
	ob_common_become_owner(ob_common_deployed_table("report", "form"), &owner);
	SPI_connect();
	if (form->history_lacks)
	{
		/* a column that an administrator added is kept from now on */
		if (SPI_execute(psprintf("SELECT report.complete_history(%u::pg_catalog.regclass)", relid), false, 0) != SPI_OK_SELECT)
			elog(ERROR, "could not complete the history of a form");
		form->valid = false;
		form = ob_report_form(relid);
	}
	if (SPI_register_trigger_data(trigger) != SPI_OK_TD_REGISTER)
		elog(ERROR, "could not see the replaced rows");
	ob_report_keep_replaced(form, TRIGGER_FIRED_BY_DELETE(trigger->tg_event));
	SPI_finish();
	ob_common_leave_owner(&owner);
	return PointerGetDatum(NULL);
}

/*
 * outbreak.is_settling() returns boolean: is a form's statement being settled
 * in this session? Then a DELETE on a form moves rows to report.rejected and
 * leaves no history.
 */
PG_FUNCTION_INFO_V1(ob_report_is_settling);
Datum
ob_report_is_settling(PG_FUNCTION_ARGS)
{
	for (Statement *statement = statements; statement != NULL; statement = statement->next)
		if (statement->settling)
			PG_RETURN_BOOL(true);
	PG_RETURN_BOOL(false);
}

/* The form that a table is, or is a partition of. */
static Oid
form_of(Relation relation)
{
	Oid			relid = RelationGetRelid(relation);

	if (relation->rd_rel->relispartition)
		relid = llast_oid(get_partition_ancestors(relid));
	return relid;
}

/* Refuses an update that changes a key column: that would be another report. */
static void
require_same_key(TriggerData *trigger, TupleDesc desc, Form *form)
{
	for (int i = 0; form->registered && i < form->nkeys; i++)
	{
		/* in a partition the column may have another number */
		const char *name = NameStr(TupleDescAttr(form->desc, form->keys[i] - 1)->attname);
		int			column = SPI_fnumber(desc, name);
		Form_pg_attribute attribute = TupleDescAttr(desc, column - 1);
		bool		old_isnull;
		bool		new_isnull;
		Datum		old_value = heap_getattr(trigger->tg_trigtuple, column, desc, &old_isnull);
		Datum		new_value = heap_getattr(trigger->tg_newtuple, column, desc, &new_isnull);

		if (new_isnull || !datumIsEqual(old_value, new_value, attribute->attbyval, attribute->attlen))
			ereport(ERROR,
					(errcode(ERRCODE_OB_REPORT_REFUSED),
					 errmsg("the key of a report does not change: column \"%s\" of %s", name, form->name),
					 errhint("Delete the report and enter it anew.")));
	}
}

/* Rank of who entered a report, as report.precedence() has it; 0 for anything else. */
static int
precedence(HeapTuple tuple, int column, TupleDesc desc)
{
	static const char *const sources[] = {"import", "proxy", "own"};
	char	   *source = SPI_getvalue(tuple, desc, column);

	for (int i = 0; source != NULL && i < lengthof(sources); i++)
		if (strcmp(source, sources[i]) == 0)
			return i + 1;
	return 0;
}

/* Refuses to replace an entry by one of lower precedence. */
static void
require_precedence(TriggerData *trigger, TupleDesc desc, Form *form)
{
	int			column = SPI_fnumber(desc, "source");

	if (form->registered && column > 0 &&
		precedence(trigger->tg_newtuple, column, desc) < precedence(trigger->tg_trigtuple, column, desc))
		ereport(ERROR,
				(errcode(ERRCODE_OB_REPORT_REFUSED),
				 errmsg("an entry of higher precedence stands in %s", form->name),
				 errdetail("What the institution enters itself goes before proxy entries, and these before imports."),
				 errhint("report.submit() sets such a report aside instead of failing.")));
}

/*
 * BEFORE UPDATE, for each row: keeps the key as it is, and stamps recorded_at,
 * never earlier than the row that is replaced, so that the history has no
 * overlap.
 */
PG_FUNCTION_INFO_V1(ob_report_stamp);
Datum
ob_report_stamp(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	Form	   *form;
	TupleDesc	desc;
	int			column;
	Datum		replaced;
	Datum		stamp;
	bool		isnull;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigger->tg_event) || !TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("form_stamp is a row trigger before updates")));
	desc = RelationGetDescr(trigger->tg_relation);
	form = ob_report_form(form_of(trigger->tg_relation));
	require_same_key(trigger, desc, form);
	require_precedence(trigger, desc, form);
	column = SPI_fnumber(desc, "recorded_at");
	if (column <= 0)
		return PointerGetDatum(trigger->tg_newtuple);

	replaced = heap_getattr(trigger->tg_trigtuple, column, desc, &isnull);
	stamp = TimestampTzGetDatum(GetCurrentTransactionStartTimestamp());
	if (!isnull && DatumGetTimestampTz(replaced) > DatumGetTimestampTz(stamp))
		stamp = replaced;
	isnull = false;
	return PointerGetDatum(heap_modify_tuple_by_cols(trigger->tg_newtuple, desc, 1, &column, &stamp, &isnull));
}
