/*-------------------------------------------------------------------------
 *
 * audit_write.c
 *		Numbering, hashing and inserting the entries of a transaction.
 *
 * A transaction writes into one chain, the first that is free of those that
 * outbreak.access_audit_chains allows, and holds it to its end by a lock, so
 * that whatever number it gives follows the last committed one. The head of a
 * chain (its last number and hash) is the last row of access.audit_head for
 * it: rows are added there and never updated, since a row that every
 * transaction updates would grow an endless trail of dead versions behind any
 * long-lived snapshot. It is read with SnapshotSelf, which sees what is
 * committed now and what this transaction wrote, whatever the isolation level:
 * the lock says that nobody else is writing.
 *
 * Entries go straight into their partition, as COPY puts them there: no
 * trigger, rule, CHECK or policy of access.audit is asked.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/heapam.h"
#include "access/relation.h"
#include "access/skey.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"

#include "access/audit_write.h"
#include "common/compat.h"
#include "common/owner.h"
#include "common/partition.h"
#include "common/settings.h"

/* Rows that are handed to the table at once. */
#define BATCH 500

/* The chain that this transaction holds. */
static struct
{
	bool		held;
	bool		known;			/* are the fields below true? */
	int			level;			/* transaction nesting that the lock belongs to */
	int16		chain;
	int64		number;			/* of the last entry */
	TimestampTz recorded_at;	/* of the last entry, or -infinity */
	unsigned char hash[AUDIT_HASH]; /* of the last entry */
} mine;

const char *const ob_access_audit_column_names[AUDIT_COLUMNS] = {
	"number", "id", "recorded_at", "transaction", "subject", "chain", "login", "role", "actor", "action", "relation",
	"image", "salt", "image_hash", "hash"
};

/* Columns of access.audit_head and access.audit_anchor that matter here. */
enum
{
	HEAD_CHAIN,
	HEAD_NUMBER,
	HEAD_RECORDED_AT,
	HEAD_HASH,
	HEAD_COLUMNS
};
static const char *const head_column_names[HEAD_COLUMNS] = {"chain", "number", "recorded_at", "hash"};

/* Rows on their way into one table. */
typedef struct Inserter
{
	Relation	relation;
	EState	   *estate;
	ResultRelInfo *target;
	BulkInsertState bulk;
	TupleTableSlot **slots;
	int			nslots;
	int			used;
} Inserter;

void
ob_access_audit_chain_level_ends(int level, bool aborted)
{
	if (!mine.held)
		return;
	if (aborted)
	{
		mine.known = false;
		if (mine.level >= level)
			mine.held = false;
	}
	else if (mine.level >= level)
		mine.level = level - 1;
}

void
ob_access_audit_chain_ends(void)
{
	mine.held = false;
	mine.known = false;
}

void
ob_access_audit_columns(Relation relation, const char *const *names, int count, AttrNumber *attnums)
{
	TupleDesc	desc = RelationGetDescr(relation);

	for (int i = 0; i < count; i++)
	{
		attnums[i] = InvalidAttrNumber;
		/* nearly always the columns stand in the order that we made them in */
		for (int k = 0; k < desc->natts && attnums[i] == InvalidAttrNumber; k++)
		{
			Form_pg_attribute attribute = TupleDescAttr(desc, (i + k) % desc->natts);

			if (!attribute->attisdropped && strcmp(NameStr(attribute->attname), names[i]) == 0)
				attnums[i] = attribute->attnum;
		}
		if (attnums[i] == InvalidAttrNumber)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("column \"%s\" of \"%s\" is missing", names[i], RelationGetRelationName(relation))));
	}
}

/* ---- inserting ------------------------------------------------------------ */

static void
begin_insert(Inserter *inserter, Relation relation, int rows)
{
	inserter->relation = relation;
	inserter->estate = CreateExecutorState();
	inserter->target = makeNode(ResultRelInfo);
	InitResultRelInfo(inserter->target, relation, 1, NULL, 0);
	ExecOpenIndices(inserter->target, false);
	inserter->bulk = rows > 1 ? GetBulkInsertState() : NULL;
	inserter->nslots = Min(rows, BATCH);
	inserter->slots = palloc(sizeof(TupleTableSlot *) * inserter->nslots);
	for (int i = 0; i < inserter->nslots; i++)
		inserter->slots[i] = table_slot_create(relation, NULL);
	inserter->used = 0;
}

/* Writes the rows that are in the slots, and their index entries. */
static void
write_slots(Inserter *inserter)
{
	if (inserter->used == 0)
		return;
	table_multi_insert(inserter->relation, inserter->slots, inserter->used, GetCurrentCommandId(true), 0, inserter->bulk);
	for (int i = 0; i < inserter->used; i++)
	{
		if (inserter->target->ri_NumIndices > 0)
		{
			list_free(ob_insert_index_entries(inserter->target, inserter->slots[i], inserter->estate));
			ResetPerTupleExprContext(inserter->estate);
		}
		ExecClearTuple(inserter->slots[i]);
	}
	inserter->used = 0;
}

/* An empty row to fill; write_slots() follows when all of them are filled. */
static TupleTableSlot *
next_slot(Inserter *inserter)
{
	TupleTableSlot *slot;

	if (inserter->used == inserter->nslots)
		write_slots(inserter);
	slot = inserter->slots[inserter->used++];
	memset(slot->tts_isnull, true, sizeof(bool) * slot->tts_tupleDescriptor->natts);
	return slot;
}

static void
set(TupleTableSlot *slot, AttrNumber column, Datum value)
{
	slot->tts_values[column - 1] = value;
	slot->tts_isnull[column - 1] = false;
}

static void
end_insert(Inserter *inserter)
{
	write_slots(inserter);
	for (int i = 0; i < inserter->nslots; i++)
		ExecDropSingleTupleTableSlot(inserter->slots[i]);
	if (inserter->bulk != NULL)
		FreeBulkInsertState(inserter->bulk);
	ExecCloseIndices(inserter->target);
	FreeExecutorState(inserter->estate);
}

/* The partition that an instant belongs to, open. */
static Relation
open_partition(Relation parent, TimestampTz at)
{
	Relation	partition;

	if (parent->rd_rel->relkind != RELKIND_PARTITIONED_TABLE)
		return table_open(RelationGetRelid(parent), RowExclusiveLock);
	partition = ob_common_open_partition(parent, at);
	if (partition == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("\"%s\" has no partition for now", RelationGetRelationName(parent)),
				 errhint("Call ops.make_partitions(), or attach a default partition.")));
	if (partition->rd_rel->relkind != RELKIND_RELATION)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("partition \"%s\" of the audit trail is no ordinary table", RelationGetRelationName(partition))));
	return partition;
}

/* ---- the chain ------------------------------------------------------------ */

static LockAcquireResult
lock_chain(Oid audit, int chain, bool wait)
{
	LOCKTAG		tag;
	ResourceOwner owner = CurrentResourceOwner;
	LockAcquireResult result;

	SET_LOCKTAG_OBJECT(tag, MyDatabaseId, RelationRelationId, audit, chain + 1);
	/* to the end of the (sub)transaction, whatever statement is running */
	CurrentResourceOwner = CurTransactionResourceOwner;
	PG_TRY();
	{
		result = LockAcquire(&tag, ExclusiveLock, false, !wait);
	}
	PG_FINALLY();
	{
		CurrentResourceOwner = owner;
	}
	PG_END_TRY();
	return result;
}

/* Takes the first chain that is free, starting at one that depends on the session; waits for that one when none is. */
static void
take_chain(Oid audit)
{
	int			chains = ob_access_audit_chains;
	int			first = MyProcPid % chains;
	int			chain = first;

	do
	{
		if (lock_chain(audit, chain, false) != LOCKACQUIRE_NOT_AVAIL)
			break;
		chain = (chain + 1) % chains;
		if (chain == first)
		{
			(void) lock_chain(audit, chain, true);
			break;
		}
	} while (true);
	mine.held = true;
	mine.known = false;
	mine.level = GetCurrentTransactionNestLevel();
	mine.chain = (int16) chain;
}

/* Takes the last row of the chain in the table (audit_head, audit_anchor) over, if it goes further than what is known. */
static void
read_last(Oid table)
{
	Relation	relation = table_open(table, AccessShareLock);
	Relation	index;
	AttrNumber	columns[HEAD_COLUMNS];
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	bool		isnull;

	ob_access_audit_columns(relation, head_column_names, HEAD_COLUMNS, columns);
	list_free(RelationGetIndexList(relation));
	if (!OidIsValid(relation->rd_pkindex))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("\"%s\" has no primary key", RelationGetRelationName(relation))));
	index = index_open(relation->rd_pkindex, AccessShareLock);
	ScanKeyInit(&key, columns[HEAD_CHAIN], BTEqualStrategyNumber, F_INT2EQ, Int16GetDatum(mine.chain));
	scan = systable_beginscan_ordered(relation, index, SnapshotSelf, 1, &key);
	tuple = systable_getnext_ordered(scan, BackwardScanDirection);
	if (tuple != NULL)
	{
		TupleDesc	desc = RelationGetDescr(relation);
		int64		number = DatumGetInt64(heap_getattr(tuple, columns[HEAD_NUMBER], desc, &isnull));

		if (number > mine.number)
		{
			bytea	   *hash = DatumGetByteaPP(heap_getattr(tuple, columns[HEAD_HASH], desc, &isnull));

			if (VARSIZE_ANY_EXHDR(hash) != AUDIT_HASH)
				elog(ERROR, "a hash in \"%s\" has the wrong length", RelationGetRelationName(relation));
			memcpy(mine.hash, VARDATA_ANY(hash), AUDIT_HASH);
			mine.number = number;
			mine.recorded_at = DatumGetTimestampTz(heap_getattr(tuple, columns[HEAD_RECORDED_AT], desc, &isnull));
		}
	}
	systable_endscan_ordered(scan);
	index_close(index, AccessShareLock);
	table_close(relation, AccessShareLock);
}

/* Where the chain stands. */
static void
read_head(Oid head)
{
	Oid			anchor = ob_common_deployed_table("access", "audit_anchor");

	mine.number = 0;
	mine.recorded_at = DT_NOBEGIN;
	memset(mine.hash, 0, AUDIT_HASH);
	read_last(head);
	/* a head is missing only where nothing was written since the old partitions went */
	if (mine.number == 0 && OidIsValid(anchor))
		read_last(anchor);
	mine.known = true;
}

/* Makes the last number and hash known to the next transaction. */
static void
write_head(Oid head)
{
	Relation	relation = table_open(head, RowExclusiveLock);
	AttrNumber	columns[HEAD_COLUMNS];
	Inserter	inserter;
	TupleTableSlot *slot;
	struct
	{
		int32		header;
		unsigned char bytes[AUDIT_HASH];
	}			hash;

	ob_access_audit_columns(relation, head_column_names, HEAD_COLUMNS, columns);
	SET_VARSIZE(&hash, VARHDRSZ + AUDIT_HASH);
	memcpy(hash.bytes, mine.hash, AUDIT_HASH);
	begin_insert(&inserter, relation, 1);
	slot = next_slot(&inserter);
	set(slot, columns[HEAD_CHAIN], Int16GetDatum(mine.chain));
	set(slot, columns[HEAD_NUMBER], Int64GetDatum(mine.number));
	set(slot, columns[HEAD_RECORDED_AT], TimestampTzGetDatum(mine.recorded_at));
	set(slot, columns[HEAD_HASH], PointerGetDatum(&hash));
	ExecStoreVirtualTuple(slot);
	end_insert(&inserter);
	table_close(relation, NoLock);
}

/* ---- entries -------------------------------------------------------------- */

static AuditText
text_of(const text *value)
{
	AuditText	result = {NULL, 0};

	if (value != NULL)
	{
		result.bytes = VARDATA(value);
		result.length = VARSIZE(value) - VARHDRSZ;
	}
	return result;
}

static Datum
copy_bytes(const void *bytes, Size length)
{
	struct varlena *value = palloc(VARHDRSZ + length);

	SET_VARSIZE(value, VARHDRSZ + length);
	memcpy(VARDATA(value), bytes, length);
	return PointerGetDatum(value);
}

static void
set_text(TupleTableSlot *slot, AttrNumber column, const text *value)
{
	if (value != NULL)
		set(slot, column, PointerGetDatum(value));
}

/* Numbers and hashes one entry, and fills the slot with it. */
static void
fill_entry(TupleTableSlot *slot, const AttrNumber *columns, PendingEntry *waiting, const unsigned char *salt, uint64 transaction)
{
	AuditEntry	entry;
	unsigned char image_hash[AUDIT_HASH];
	unsigned char digest[AUDIT_HASH];
	bool		hashed = true;

	mine.number++;
	entry.chain = mine.chain;
	entry.number = mine.number;
	entry.recorded_at = mine.recorded_at + AUDIT_EPOCH;
	entry.transaction = transaction;
	entry.login = text_of(waiting->who.login);
	entry.role = text_of(waiting->who.role);
	entry.actor = text_of(waiting->who.actor);
	entry.action = text_of(waiting->action);
	entry.relation = text_of(waiting->relation);
	entry.subject = waiting->has_subject ? waiting->subject.data : NULL;
	entry.image_hash = NULL;
	if (waiting->image != NULL)
	{
		hashed = ob_access_audit_image_hash(salt, AUDIT_SALT, VARDATA(waiting->image), VARSIZE(waiting->image) - VARHDRSZ, image_hash);
		entry.image_hash = image_hash;
	}
	if (!hashed ||
		!ob_access_audit_digest(&entry, digest) ||
		!ob_access_audit_link(mine.hash, digest, mine.hash))
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not hash an entry of the audit trail")));

	set(slot, columns[AUDIT_NUMBER], Int64GetDatum(mine.number));
	set(slot, columns[AUDIT_ID], Int64GetDatum(AUDIT_ID_OF(mine.chain, mine.number)));
	set(slot, columns[AUDIT_RECORDED_AT], TimestampTzGetDatum(mine.recorded_at));
	set(slot, columns[AUDIT_TRANSACTION], UInt64GetDatum(transaction));
	if (waiting->has_subject)
		set(slot, columns[AUDIT_SUBJECT], UUIDPGetDatum(&waiting->subject));
	set(slot, columns[AUDIT_CHAIN], Int16GetDatum(mine.chain));
	set_text(slot, columns[AUDIT_LOGIN], waiting->who.login);
	set_text(slot, columns[AUDIT_ROLE], waiting->who.role);
	set_text(slot, columns[AUDIT_ACTOR], waiting->who.actor);
	set_text(slot, columns[AUDIT_ACTION], waiting->action);
	set_text(slot, columns[AUDIT_RELATION], waiting->relation);
	if (waiting->image != NULL)
	{
		set_text(slot, columns[AUDIT_IMAGE], waiting->image);
		set(slot, columns[AUDIT_SALT_COLUMN], copy_bytes(salt, AUDIT_SALT));
		set(slot, columns[AUDIT_IMAGE_HASH], copy_bytes(image_hash, AUDIT_HASH));
	}
	set(slot, columns[AUDIT_HASH_COLUMN], copy_bytes(mine.hash, AUDIT_HASH));
	ExecStoreVirtualTuple(slot);
}

/* Writes the entries into the chain that is held. */
static void
write_entries(Relation parent, PendingEntry *entries, int count)
{
	uint64		transaction = U64FromFullTransactionId(GetTopFullTransactionId());
	MemoryContext batch = AllocSetContextCreate(CurrentMemoryContext, "outbreak audit batch", ALLOCSET_DEFAULT_SIZES);
	unsigned char *salts = palloc(Min(count, BATCH) * AUDIT_SALT);
	Relation	relation;
	AttrNumber	columns[AUDIT_COLUMNS];
	Inserter	inserter;

	/* the clock may have been set back; the order of a chain is that of time */
	mine.recorded_at = Max(mine.recorded_at, GetCurrentTimestamp());
	relation = open_partition(parent, mine.recorded_at);
	ob_access_audit_columns(relation, ob_access_audit_column_names, AUDIT_COLUMNS, columns);
	begin_insert(&inserter, relation, count);
	for (int i = 0; i < count; i++)
	{
		MemoryContext old;

		if (i % BATCH == 0)
		{
			CHECK_FOR_INTERRUPTS();
			write_slots(&inserter);
			MemoryContextReset(batch);
			if (!pg_strong_random(salts, Min(count - i, BATCH) * AUDIT_SALT))
				ereport(ERROR,
						(errcode(ERRCODE_INTERNAL_ERROR),
						 errmsg("could not generate random values")));
		}
		old = MemoryContextSwitchTo(batch);
		fill_entry(next_slot(&inserter), columns, &entries[i], salts + i % BATCH * AUDIT_SALT, transaction);
		MemoryContextSwitchTo(old);
	}
	end_insert(&inserter);
	table_close(relation, NoLock);
}

void
ob_access_audit_write(PendingEntry *entries, int count)
{
	Oid			audit = ob_common_deployed_table("access", "audit");
	Oid			head = ob_common_deployed_table("access", "audit_head");
	OwnerScope	owner;
	Relation	parent;
	MemoryContext context;
	MemoryContext old;

	if (count == 0)
		return;
	if (!OidIsValid(audit) || !OidIsValid(head))
	{
		/* its owner dropped it in this very transaction */
		ereport(WARNING,
				(errmsg("there is no audit trail: %d entries are lost", count)));
		return;
	}
	context = AllocSetContextCreate(CurrentMemoryContext, "outbreak audit writing", ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(context);
	ob_common_become_owner(audit, &owner);

	/* before the chain: whoever waits for a partition to be made holds up nobody else */
	parent = table_open(audit, RowExclusiveLock);
	if (!mine.held)
		take_chain(audit);
	if (!mine.known)
		read_head(head);
	/* what is not written after all leaves a wrong state behind */
	mine.known = false;
	write_entries(parent, entries, count);
	write_head(head);
	mine.known = true;
	table_close(parent, NoLock);

	ob_common_leave_owner(&owner);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
}
