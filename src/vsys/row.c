/*-------------------------------------------------------------------------
 *
 * row.c
 *		Writing single rows of deployed tables without a query.
 *
 * What a query sets up to write one row takes longer than writing it. Here is
 * what is left of INSERT when nothing is attached to the table; whoever calls
 * finds out first whether that is so.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_trigger.h"
#include "commands/sequence.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "storage/lmgr.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "common/compat.h"
#include "vsys/row.h"

/* Does a trigger fire for it, but for those of foreign keys, which have nothing to do while the keys stay? */
static bool
has_triggers(Relation rel, bool insert)
{
	for (int i = 0; rel->trigdesc != NULL && i < rel->trigdesc->numtriggers; i++)
	{
		Trigger    *trigger = &rel->trigdesc->triggers[i];

		if (insert ? TRIGGER_FOR_INSERT(trigger->tgtype) :
			TRIGGER_FOR_UPDATE(trigger->tgtype) && RI_FKey_trigger_type(trigger->tgfoid) == RI_TRIGGER_NONE)
			return true;
	}
	return false;
}

/* Has the table rules, other checks than these, or columns that are worked out? */
static bool
has_more(Relation rel, int checks)
{
	TupleConstr *constr = RelationGetDescr(rel)->constr;

	return rel->rd_rel->relkind != RELKIND_RELATION || rel->rd_rel->relhasrules ||
		(constr != NULL ? constr->num_check : 0) != checks || (constr != NULL && constr->has_generated_stored);
}

bool
ob_vsys_plain_for_insert(Relation rel, int columns)
{
	return !has_more(rel, 0) && !has_triggers(rel, true) && RelationGetDescr(rel)->natts == columns;
}

bool
ob_vsys_plain_for_update(Relation rel, int checks)
{
	if (has_more(rel, checks) || has_triggers(rel, false))
		return false;
	/* raises an error where a publication could not tell which row it was */
	CheckCmdReplicaIdentity(rel, CMD_UPDATE);
	return true;
}

struct RowWriter
{
	Relation	rel;
	EState	   *estate;
	ResultRelInfo *target;
};

RowWriter *
ob_vsys_begin_rows(Relation rel)
{
	RowWriter  *writer = palloc(sizeof(RowWriter));

	writer->rel = rel;
	writer->estate = CreateExecutorState();
	writer->target = makeNode(ResultRelInfo);
	InitResultRelInfo(writer->target, rel, 1, NULL, 0);
	ExecOpenIndices(writer->target, false);
	return writer;
}

void
ob_vsys_end_rows(RowWriter *writer)
{
	ExecCloseIndices(writer->target);
	FreeExecutorState(writer->estate);
	pfree(writer->target);
	pfree(writer);
}

void
ob_vsys_enter_row(RowWriter *writer, TupleTableSlot *slot)
{
	slot->tts_tableOid = RelationGetRelid(writer->rel);
	(void) ob_insert_index_entries(writer->target, slot, writer->estate);
	ResetPerTupleExprContext(writer->estate);
}

bool
ob_vsys_write_row(RowWriter *writer, TupleTableSlot *slot, Oid once)
{
	bool		conflict = false;
	TransactionId xid;
	uint32		token;

	slot->tts_tableOid = RelationGetRelid(writer->rel);
	if (!OidIsValid(once))
	{
		table_tuple_insert(writer->rel, slot, GetCurrentCommandId(true), 0, NULL);
		ob_vsys_enter_row(writer, slot);
		return true;
	}
	xid = GetCurrentTransactionId();
	token = SpeculativeInsertionLockAcquire(xid);
	table_tuple_insert_speculative(writer->rel, slot, GetCurrentCommandId(true), 0, NULL, token);
	(void) ob_insert_index_entries_unless(writer->target, slot, writer->estate, &conflict, list_make1_oid(once));
	table_tuple_complete_speculative(writer->rel, slot, token, !conflict);
	SpeculativeInsertionLockRelease(xid);
	ResetPerTupleExprContext(writer->estate);
	return !conflict;
}

bool
ob_vsys_wait_for_rival(RowWriter *writer, TupleTableSlot *slot, Oid once)
{
	EState	   *estate = CreateExecutorState();
	ResultRelInfo *target = makeNode(ResultRelInfo);
	ItemPointerData rival;
	bool		none;

	InitResultRelInfo(target, writer->rel, 1, NULL, 0);
	ExecOpenIndices(target, true);
	none = ob_check_index_constraints(target, slot, estate, &rival, list_make1_oid(once));
	ExecCloseIndices(target);
	FreeExecutorState(estate);
	return none;
}

bool
ob_vsys_change_row(RowWriter *writer, ItemPointer at, TupleTableSlot *slot)
{
	Snapshot	snapshot = GetActiveSnapshot();

	for (;;)
	{
		TM_FailureData failure;
		LockTupleMode mode;
		OB_UPDATE_INDEXES indexes;
		TupleTableSlot *newest;
		TM_Result	result = table_tuple_update(writer->rel, at, slot, GetCurrentCommandId(true), snapshot, InvalidSnapshot, true,
												&failure, &mode, &indexes);

		if (result == TM_Ok)
		{
			if (ob_updates_indexes(indexes))
				ob_vsys_enter_row(writer, slot);
			return true;
		}
		if (result != TM_Updated)
			return false;
		if (IsolationUsesXactSnapshot())
			ereport(ERROR,
					(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
					 errmsg("could not serialize access due to concurrent update")));
		newest = table_slot_create(writer->rel, NULL);
		result = table_tuple_lock(writer->rel, at, snapshot, newest, GetCurrentCommandId(true), mode, LockWaitBlock,
								  TUPLE_LOCK_FLAG_FIND_LAST_VERSION, &failure);
		*at = newest->tts_tid;
		ExecDropSingleTupleTableSlot(newest);
		if (result != TM_Ok)
			return false;
	}
}

bool
ob_vsys_same_columns(Relation whole, Relation part)
{
	TupleDesc	desc = RelationGetDescr(whole);

	for (int i = 0; i < desc->natts && i < RelationGetDescr(part)->natts; i++)
		if (strcmp(NameStr(TupleDescAttr(desc, i)->attname), NameStr(TupleDescAttr(RelationGetDescr(part), i)->attname)) != 0)
			return false;
	return desc->natts == RelationGetDescr(part)->natts;
}

int64
ob_vsys_next_number(Relation beside, const char *sequence)
{
	return nextval_internal(get_relname_relid(sequence, RelationGetNamespace(beside)), false);
}
