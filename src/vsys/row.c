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
#include "commands/trigger.h"
#include "executor/executor.h"
#include "storage/lmgr.h"
#include "utils/rel.h"

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

void
ob_vsys_enter_row(Relation rel, TupleTableSlot *slot)
{
	EState	   *estate = CreateExecutorState();
	ResultRelInfo *target = makeNode(ResultRelInfo);

	InitResultRelInfo(target, rel, 1, NULL, 0);
	ExecOpenIndices(target, false);
	slot->tts_tableOid = RelationGetRelid(rel);
	(void) ob_insert_index_entries(target, slot, estate);
	ExecCloseIndices(target);
	FreeExecutorState(estate);
}

bool
ob_vsys_insert_row(Relation rel, TupleTableSlot *slot, Oid once)
{
	EState	   *estate = CreateExecutorState();
	ResultRelInfo *target = makeNode(ResultRelInfo);
	bool		conflict = false;

	InitResultRelInfo(target, rel, 1, NULL, 0);
	ExecOpenIndices(target, false);
	slot->tts_tableOid = RelationGetRelid(rel);
	if (OidIsValid(once))
	{
		TransactionId xid = GetCurrentTransactionId();
		uint32		token = SpeculativeInsertionLockAcquire(xid);

		table_tuple_insert_speculative(rel, slot, GetCurrentCommandId(true), 0, NULL, token);
		(void) ob_insert_index_entries_unless(target, slot, estate, &conflict, list_make1_oid(once));
		table_tuple_complete_speculative(rel, slot, token, !conflict);
		SpeculativeInsertionLockRelease(xid);
	}
	else
	{
		table_tuple_insert(rel, slot, GetCurrentCommandId(true), 0, NULL);
		(void) ob_insert_index_entries(target, slot, estate);
	}
	ExecCloseIndices(target);
	FreeExecutorState(estate);
	return !conflict;
}
