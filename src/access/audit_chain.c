/*-------------------------------------------------------------------------
 *
 * audit_chain.c
 *		Checking one chain of the audit trail.
 *
 * The entries of a chain are read through the primary keys of all partitions
 * at once, merged by number, so that it does not matter which partition an
 * entry lies in. Each one has to follow the one before it: number, hash of
 * its image, hash of the link. What the chain is held against besides: its
 * anchor (where old partitions were dropped), its head, and its signed heads.
 * The first thing that is wrong is named, and ends the check of the chain.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/relscan.h"
#include "access/skey.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "partitioning/partbounds.h"
#include "partitioning/partdesc.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "access/audit_sign.h"
#include "access/audit_verify.h"
#include "access/audit_write.h"
#include "common/owner.h"

/* Conditions on the primary key that every scan has: of the chain, and two of the number. */
#define SCAN_KEYS 3

/* One partition, and the next entry of the chain in it. */
typedef struct Leaf
{
	Relation	relation;
	Relation	index;
	AttrNumber	columns[AUDIT_COLUMNS];
	IndexScanDesc scan;
	TupleTableSlot *slot;
	TimestampTz lower;			/* its entries were recorded in [lower, upper) */
	TimestampTz upper;
	bool		has_row;
	int64		number;
} Leaf;

typedef struct AuditReader
{
	MemoryContext context;		/* scans allocate on the way: they run in here, or what they remember is lost */
	Oid			table;
	int			nleaves;
	Leaf	   *leaves;
	Leaf	   *current;		/* where the last row came from */
	int64		others;			/* lowest number that waits in another leaf */
} AuditReader;

/* A signed head. */
typedef struct Signature
{
	int64		number;
	bytea	   *hash;
	bytea	   *public_key;
	bytea	   *signature;
	char	   *message;
	int32		version;
} Signature;

/* A chain on its way. */
typedef struct Walk
{
	ChainFinding *finding;
	int64		number;			/* of the last entry seen; -1 when some were passed over unread */
	TimestampTz recorded_at;	/* of the last entry seen */
	unsigned char hash[AUDIT_HASH];
	int64		anchor_number;	/* 0, with a hash of zero bytes, where nothing was dropped */
	unsigned char anchor_hash[AUDIT_HASH];
	bool		has_head;
	int64		head_number;
	unsigned char head_hash[AUDIT_HASH];
	Signature  *signatures;		/* by number */
	int			nsignatures;
	int			next_signature;
} Walk;

/* Copies a hash; false when it has the wrong length. */
static bool
copy_hash(const bytea *from, unsigned char *into)
{
	if (from == NULL || VARSIZE_ANY_EXHDR(from) != AUDIT_HASH)
		return false;
	memcpy(into, VARDATA_ANY(from), AUDIT_HASH);
	return true;
}

/* ---- reading -------------------------------------------------------------- */

static void
open_leaf(Leaf *leaf, Oid relid)
{
	leaf->relation = table_open(relid, AccessShareLock);
	ob_access_audit_columns(leaf->relation, ob_access_audit_column_names, AUDIT_COLUMNS, leaf->columns);
	list_free(RelationGetIndexList(leaf->relation));
	if (!OidIsValid(leaf->relation->rd_pkindex))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("\"%s\" has no primary key", RelationGetRelationName(leaf->relation))));
	leaf->index = index_open(leaf->relation->rd_pkindex, AccessShareLock);
	if (leaf->index->rd_index->indkey.values[0] != leaf->columns[AUDIT_CHAIN] ||
		leaf->index->rd_index->indkey.values[1] != leaf->columns[AUDIT_NUMBER])
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the primary key of \"%s\" does not begin with chain and number", RelationGetRelationName(leaf->relation))));
	leaf->slot = table_slot_create(leaf->relation, NULL);
	leaf->scan = index_beginscan(leaf->relation, leaf->index, GetActiveSnapshot(), SCAN_KEYS, 0);
}

/* Goes to the first entry of the leaf in a chain (or with "later", in it or a later one), between two numbers. */
static void
scan_leaf(Leaf *leaf, int16 chain, bool later, int64 from_number, int64 to_number)
{
	ScanKeyData keys[SCAN_KEYS];

	ScanKeyInit(&keys[0], 1, later ? BTGreaterEqualStrategyNumber : BTEqualStrategyNumber, later ? F_INT2GE : F_INT2EQ, Int16GetDatum(chain));
	ScanKeyInit(&keys[1], 2, BTGreaterEqualStrategyNumber, F_INT8GE, Int64GetDatum(from_number));
	ScanKeyInit(&keys[2], 2, BTLessEqualStrategyNumber, F_INT8LE, Int64GetDatum(to_number));
	index_rescan(leaf->scan, keys, SCAN_KEYS, NULL, 0);
}

/* The bounds of the partition. */
static void
find_bounds(Leaf *leaf, Relation parent)
{
	PartitionDesc partitions;
	PartitionBoundInfo bounds;

	leaf->lower = DT_NOBEGIN;
	leaf->upper = DT_NOEND;
	if (parent->rd_rel->relkind != RELKIND_PARTITIONED_TABLE)
		return;
	partitions = RelationGetPartitionDesc(parent, true);
	bounds = partitions->boundinfo;
	for (int i = 0; i < partitions->nparts; i++)
	{
		if (partitions->oids[i] != RelationGetRelid(leaf->relation) || i == bounds->default_index)
			continue;
		/* indexes[k] is the partition that ends at bound k */
		for (int k = 0; k < bounds->ndatums; k++)
		{
			if (bounds->indexes[k] != i)
				continue;
			if (bounds->kind[k][0] == PARTITION_RANGE_DATUM_VALUE)
				leaf->upper = DatumGetTimestampTz(bounds->datums[k][0]);
			if (k > 0 && bounds->kind[k - 1][0] == PARTITION_RANGE_DATUM_VALUE)
				leaf->lower = DatumGetTimestampTz(bounds->datums[k - 1][0]);
		}
	}
}

AuditReader *
ob_access_audit_reader(void)
{
	AuditReader *reader = palloc0(sizeof(AuditReader));
	Relation	parent;
	List	   *tables;
	ListCell   *cell;

	reader->table = ob_common_deployed_table("access", "audit");
	if (!OidIsValid(reader->table))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("there is no audit trail"),
				 errhint("Deploy the word access: CALL outbreak.deploy();")));
	reader->context = CurrentMemoryContext;
	tables = find_all_inheritors(reader->table, AccessShareLock, NULL);
	reader->leaves = palloc0(sizeof(Leaf) * list_length(tables));
	parent = table_open(reader->table, NoLock);
	foreach(cell, tables)
	{
		if (get_rel_relkind(lfirst_oid(cell)) != RELKIND_RELATION)
			continue;
		open_leaf(&reader->leaves[reader->nleaves], lfirst_oid(cell));
		find_bounds(&reader->leaves[reader->nleaves++], parent);
	}
	table_close(parent, NoLock);
	return reader;
}

void
ob_access_audit_reader_close(AuditReader *reader)
{
	for (int i = 0; i < reader->nleaves; i++)
	{
		Leaf	   *leaf = &reader->leaves[i];

		index_endscan(leaf->scan);
		ExecDropSingleTupleTableSlot(leaf->slot);
		index_close(leaf->index, AccessShareLock);
		table_close(leaf->relation, AccessShareLock);
	}
}

bool
ob_access_audit_next_chain(AuditReader *reader, int32 after, int16 *chain)
{
	bool		found = false;

	if (after >= PG_INT16_MAX)
		return false;
	for (int i = 0; i < reader->nleaves; i++)
	{
		Leaf	   *leaf = &reader->leaves[i];
		bool		isnull;
		int16		first;

		scan_leaf(leaf, (int16) (after + 1), true, PG_INT64_MIN, PG_INT64_MAX);
		if (!index_getnext_slot(leaf->scan, ForwardScanDirection, leaf->slot))
			continue;
		first = DatumGetInt16(slot_getattr(leaf->slot, leaf->columns[AUDIT_CHAIN], &isnull));
		if (!found || first < *chain)
			*chain = first;
		found = true;
	}
	return found;
}

static void
advance(Leaf *leaf)
{
	bool		isnull;

	leaf->has_row = index_getnext_slot(leaf->scan, ForwardScanDirection, leaf->slot);
	if (leaf->has_row)
		leaf->number = DatumGetInt64(slot_getattr(leaf->slot, leaf->columns[AUDIT_NUMBER], &isnull));
}

/*
 * Goes to the beginning of the stretch, in the partitions that may hold entries
 * recorded in [from, to). True when entries before those are passed over.
 */
static bool
rewind_to(AuditReader *reader, const ChainFinding *stretch, TimestampTz from, TimestampTz to)
{
	bool		passed_over = false;

	for (int i = 0; i < reader->nleaves; i++)
	{
		Leaf	   *leaf = &reader->leaves[i];

		leaf->has_row = false;
		if (leaf->upper <= from && from != DT_NOBEGIN)
			passed_over = true;
		else if (leaf->lower < to || to == DT_NOEND)
		{
			scan_leaf(leaf, stretch->chain, false, stretch->after == NO_LOWER_END ? PG_INT64_MIN : stretch->after + 1, stretch->upto);
			advance(leaf);
		}
	}
	reader->current = NULL;
	return passed_over;
}

/* The stored hash of one entry, from the partitions that end before an instant. They are scanned for it. */
static bool
find_hash(AuditReader *reader, int16 chain, int64 number, TimestampTz before, unsigned char *hash)
{
	bool		found = false;

	for (int i = 0; i < reader->nleaves && !found; i++)
	{
		Leaf	   *leaf = &reader->leaves[i];

		if (leaf->upper > before)
			continue;
		scan_leaf(leaf, chain, false, number, number);
		if (index_getnext_slot(leaf->scan, ForwardScanDirection, leaf->slot))
		{
			bool		isnull;
			Datum		value = slot_getattr(leaf->slot, leaf->columns[AUDIT_HASH_COLUMN], &isnull);

			found = !isnull && copy_hash((const bytea *) DatumGetPointer(value), hash);
		}
	}
	return found;
}

/* The leaf whose slot holds the next entry of the chain, or NULL. */
static Leaf *
next_entry(AuditReader *reader)
{
	Leaf	   *lowest = NULL;

	if (reader->current != NULL)
	{
		advance(reader->current);
		if (reader->current->has_row && reader->current->number <= reader->others)
			return reader->current;
	}
	reader->others = PG_INT64_MAX;
	for (int i = 0; i < reader->nleaves; i++)
	{
		Leaf	   *leaf = &reader->leaves[i];

		if (!leaf->has_row)
			continue;
		if (lowest == NULL || leaf->number < lowest->number)
		{
			if (lowest != NULL)
				reader->others = Min(reader->others, lowest->number);
			lowest = leaf;
		}
		else
			reader->others = Min(reader->others, leaf->number);
	}
	reader->current = lowest;
	return lowest;
}

/* ---- what the chain is held against --------------------------------------- */

static bytea *
bytes_at(uint64 row, int column)
{
	bool		isnull;
	Datum		value = SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, &isnull);

	return isnull ? NULL : DatumGetByteaPCopy(value);
}

static int64
number_at(uint64 row, int column)
{
	bool		isnull;

	return DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, &isnull));
}

static void
fetch(const char *sql, int16 chain)
{
	Oid			types[1] = {INT2OID};
	Datum		values[1] = {Int16GetDatum(chain)};

	if (SPI_execute_with_args(sql, 1, types, values, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not read the audit trail");
}

/* Reads anchor, head and signed heads of the chain. */
static void
begin_walk(Walk *walk, ChainFinding *finding)
{
	MemoryContext caller = CurrentMemoryContext;
	int16		chain = finding->chain;

	memset(walk, 0, sizeof(*walk));
	walk->finding = finding;
	/* the entry before the first has number 0 and a hash of zero bytes */
	walk->recorded_at = DT_NOBEGIN;

	SPI_connect();
	fetch("SELECT a.number, a.hash FROM access.audit_anchor AS a WHERE a.chain OPERATOR(pg_catalog.=) $1 ORDER BY a.number DESC LIMIT 1", chain);
	if (SPI_processed > 0)
	{
		walk->anchor_number = walk->number = number_at(0, 1);
		(void) copy_hash(bytes_at(0, 2), walk->anchor_hash);
		memcpy(walk->hash, walk->anchor_hash, AUDIT_HASH);
	}
	fetch("SELECT h.number, h.hash FROM access.audit_head AS h WHERE h.chain OPERATOR(pg_catalog.=) $1 ORDER BY h.number DESC LIMIT 1", chain);
	if (SPI_processed > 0)
	{
		walk->head_number = number_at(0, 1);
		walk->has_head = copy_hash(bytes_at(0, 2), walk->head_hash);
	}
	fetch("SELECT s.number, s.hash, s.public_key, s.signature, s.message, s.version FROM access.audit_signature AS s "
		  "WHERE s.chain OPERATOR(pg_catalog.=) $1 ORDER BY s.number", chain);
	walk->nsignatures = (int) SPI_processed;
	walk->signatures = MemoryContextAllocHuge(caller, sizeof(Signature) * Max(SPI_processed, 1));
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		Signature  *signature = &walk->signatures[i];
		bool		isnull;
		MemoryContext spi = MemoryContextSwitchTo(caller);

		signature->number = number_at(i, 1);
		signature->hash = bytes_at(i, 2);
		signature->public_key = bytes_at(i, 3);
		signature->signature = bytes_at(i, 4);
		signature->message = TextDatumGetCString(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 5, &isnull));
		signature->version = DatumGetInt32(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 6, &isnull));
		MemoryContextSwitchTo(spi);
	}
	SPI_finish();
}

/* ---- judging -------------------------------------------------------------- */

/* Names what is wrong, and with which entry. */
static void
breaks(Walk *walk, int64 number, const TimestampTz *at, const char *problem)
{
	ChainFinding *finding = walk->finding;

	finding->broken = true;
	finding->broken_number = number;
	finding->has_time = at != NULL;
	if (at != NULL)
		finding->broken_at = *at;
	strlcpy(finding->problem, problem, sizeof(finding->problem));
}

/* A field of the entry in the slot; *length is -1 for NULL. */
static const char *
field(Leaf *leaf, int column, int *length)
{
	AttrNumber	attnum = leaf->columns[column];
	struct varlena *value;

	if (leaf->slot->tts_isnull[attnum - 1])
	{
		*length = -1;
		return NULL;
	}
	value = pg_detoast_datum_packed((struct varlena *) DatumGetPointer(leaf->slot->tts_values[attnum - 1]));
	*length = VARSIZE_ANY_EXHDR(value);
	return VARDATA_ANY(value);
}

static AuditText
text_field(Leaf *leaf, int column)
{
	AuditText	text;
	int			length;

	text.bytes = field(leaf, column, &length);
	text.length = Max(length, 0);
	return text;
}

static Datum
number_field(Leaf *leaf, int column)
{
	return leaf->slot->tts_values[leaf->columns[column] - 1];
}

/* Is the image what its hash says? An erased one leaves no image and no salt. */
static bool
image_holds(Leaf *leaf, const unsigned char *image_hash)
{
	int			image_length;
	int			salt_length;
	const char *image = field(leaf, AUDIT_IMAGE, &image_length);
	const char *salt = field(leaf, AUDIT_SALT_COLUMN, &salt_length);
	unsigned char hash[AUDIT_HASH];

	if (image == NULL)
		return salt == NULL;
	return salt != NULL && image_hash != NULL &&
		ob_access_audit_image_hash((const unsigned char *) salt, salt_length, image, image_length, hash) &&
		memcmp(hash, image_hash, AUDIT_HASH) == 0;
}

/* Checks the entry in the slot against the one before it, and steps to it. */
static bool
check_entry(Walk *walk, Leaf *leaf, TimestampTz recorded_at)
{
	AuditEntry	entry;
	unsigned char digest[AUDIT_HASH];
	unsigned char computed[AUDIT_HASH];
	const char *stored;
	int			length;
	AttrNumber	subject = leaf->columns[AUDIT_SUBJECT];

	if (leaf->number > walk->number + 1)
	{
		breaks(walk, walk->number + 1, NULL, leaf->number == walk->number + 2 ? "the entry is missing" : "this and the following entries are missing");
		return false;
	}
	if (leaf->number <= walk->number)
	{
		breaks(walk, leaf->number, &recorded_at, "the number stands twice, or below an anchor");
		return false;
	}
	entry.chain = walk->finding->chain;
	entry.number = leaf->number;
	entry.recorded_at = recorded_at + AUDIT_EPOCH;
	entry.transaction = DatumGetUInt64(number_field(leaf, AUDIT_TRANSACTION));
	entry.login = text_field(leaf, AUDIT_LOGIN);
	entry.role = text_field(leaf, AUDIT_ROLE);
	entry.actor = text_field(leaf, AUDIT_ACTOR);
	entry.action = text_field(leaf, AUDIT_ACTION);
	entry.relation = text_field(leaf, AUDIT_RELATION);
	entry.subject = leaf->slot->tts_isnull[subject - 1] ? NULL : DatumGetUUIDP(leaf->slot->tts_values[subject - 1])->data;
	entry.image_hash = (const unsigned char *) field(leaf, AUDIT_IMAGE_HASH, &length);
	if (entry.image_hash != NULL && length != AUDIT_HASH)
	{
		breaks(walk, leaf->number, &recorded_at, "the hash of the image has the wrong length");
		return false;
	}
	stored = field(leaf, AUDIT_HASH_COLUMN, &length);
	if (stored == NULL || length != AUDIT_HASH ||
		!ob_access_audit_digest(&entry, digest) ||
		!ob_access_audit_link(walk->hash, digest, computed) ||
		memcmp(computed, stored, AUDIT_HASH) != 0)
	{
		breaks(walk, leaf->number, &recorded_at, "a field of the entry or its link to the entry before it was changed");
		return false;
	}
	if (!image_holds(leaf, entry.image_hash))
	{
		breaks(walk, leaf->number, &recorded_at, "the image was changed");
		return false;
	}
	if (DatumGetInt64(number_field(leaf, AUDIT_ID)) != AUDIT_ID_OF(walk->finding->chain, leaf->number))
	{
		breaks(walk, leaf->number, &recorded_at, "the id was changed");
		return false;
	}
	memcpy(walk->hash, computed, AUDIT_HASH);
	walk->finding->checked++;
	return true;
}

/* Does the signed head agree with the chain, and is it signed? */
static bool
check_signature(Walk *walk, Signature *signature)
{
	char		hex[2 * AUDIT_HASH + 1];
	char	   *says;

	if (signature->hash == NULL || VARSIZE_ANY_EXHDR(signature->hash) != AUDIT_HASH ||
		memcmp(VARDATA_ANY(signature->hash), walk->hash, AUDIT_HASH) != 0)
	{
		breaks(walk, signature->number, &walk->recorded_at, "the chain contradicts the head that was signed here: it was rebuilt");
		return false;
	}
	hex_encode((const char *) walk->hash, AUDIT_HASH, hex);
	hex[2 * AUDIT_HASH] = '\0';
	says = psprintf("\nchain %d\nnumber " INT64_FORMAT "\nhash %s\n", walk->finding->chain, signature->number, hex);
	if (strstr(signature->message, says) == NULL ||
		signature->public_key == NULL || VARSIZE_ANY_EXHDR(signature->public_key) != AUDIT_KEY ||
		signature->signature == NULL || VARSIZE_ANY_EXHDR(signature->signature) != AUDIT_SIGNATURE ||
		!ob_access_audit_holds((const unsigned char *) VARDATA_ANY(signature->public_key), signature->message, strlen(signature->message),
							   (const unsigned char *) VARDATA_ANY(signature->signature)))
	{
		breaks(walk, signature->number, &walk->recorded_at, "the signature of the head here does not hold");
		return false;
	}
	if (!ob_access_audit_our_key(signature->version, (const unsigned char *) VARDATA_ANY(signature->public_key)))
	{
		breaks(walk, signature->number, &walk->recorded_at, "the head here was signed with a key that is not this system's");
		return false;
	}
	pfree(says);
	return true;
}

/* Checks the signed head of the entry that the walk stands on, if there is one; those before it are let be. */
static bool
check_signatures(Walk *walk)
{
	while (walk->next_signature < walk->nsignatures)
	{
		Signature  *signature = &walk->signatures[walk->next_signature];

		if (signature->number > walk->number)
			return true;
		walk->next_signature++;
		if (signature->number == walk->number && !check_signature(walk, signature))
			return false;
	}
	return true;
}

/* The end of the chain against its head and what was signed. */
static void
check_end(Walk *walk)
{
	if (walk->next_signature < walk->nsignatures)
		breaks(walk, walk->number + 1, NULL, psprintf("entries up to a signed head, number " INT64_FORMAT ", are missing",
													  walk->signatures[walk->nsignatures - 1].number));
	else if (walk->has_head && walk->head_number > walk->number)
		breaks(walk, walk->number + 1, NULL, psprintf("entries up to the head, number " INT64_FORMAT ", are missing", walk->head_number));
	else if (walk->number > 0 && walk->finding->checked > 0 && (!walk->has_head || walk->head_number < walk->number))
		breaks(walk, walk->has_head ? walk->head_number + 1 : walk->number, &walk->recorded_at, "the entry stands behind the head of the chain");
	else if (walk->has_head && memcmp(walk->head_hash, walk->hash, AUDIT_HASH) != 0)
		breaks(walk, walk->number, &walk->recorded_at, "the head of the chain has another hash");
}

/* Some entries were passed over: finds the one that the entry in the slot follows. */
static bool
find_entry_before(Walk *walk, AuditReader *reader, Leaf *leaf, TimestampTz from)
{
	walk->number = leaf->number - 1;
	if (walk->number == walk->anchor_number)
		memcpy(walk->hash, walk->anchor_hash, AUDIT_HASH);
	else if (!find_hash(reader, walk->finding->chain, walk->number, from, walk->hash))
	{
		breaks(walk, walk->number, NULL, "the entry is missing");
		return false;
	}
	return true;
}

/* No entry was read, for all are older: finds the last of them. */
static bool
find_last_entry(Walk *walk, AuditReader *reader)
{
	walk->number = walk->anchor_number;
	for (int i = 0; i < reader->nleaves; i++)
	{
		Leaf	   *leaf = &reader->leaves[i];
		bool		isnull;
		int64		number;

		scan_leaf(leaf, walk->finding->chain, false, PG_INT64_MIN, PG_INT64_MAX);
		if (!index_getnext_slot(leaf->scan, BackwardScanDirection, leaf->slot))
			continue;
		slot_getallattrs(leaf->slot);
		number = DatumGetInt64(slot_getattr(leaf->slot, leaf->columns[AUDIT_NUMBER], &isnull));
		if (number <= walk->number)
			continue;
		walk->number = number;
		walk->recorded_at = DatumGetTimestampTz(number_field(leaf, AUDIT_RECORDED_AT));
		(void) copy_hash((const bytea *) DatumGetPointer(number_field(leaf, AUDIT_HASH_COLUMN)), walk->hash);
	}
	return check_signatures(walk);
}

/* Reads the stretch from its beginning; true when the end was reached and everything held. */
static bool
walk_chain(Walk *walk, AuditReader *reader, TimestampTz from, TimestampTz to, MemoryContext rows)
{
	Leaf	   *leaf;
	bool		over = false;	/* at or beyond "to" */
	int			count = 0;

	if (rewind_to(reader, walk->finding, from, to))
		walk->number = -1;
	while ((leaf = next_entry(reader)) != NULL)
	{
		TimestampTz recorded_at;
		MemoryContext caller;
		bool		holds;

		if (++count % 1024 == 0)
		{
			CHECK_FOR_INTERRUPTS();
			MemoryContextReset(rows);
		}
		slot_getallattrs(leaf->slot);
		recorded_at = DatumGetTimestampTz(number_field(leaf, AUDIT_RECORDED_AT));
		if (walk->number < 0 && !find_entry_before(walk, reader, leaf, from))
			return false;
		if (recorded_at < from && walk->finding->checked == 0)
		{
			/* not asked for: only what the next entry follows */
			walk->number = leaf->number;
			walk->recorded_at = recorded_at;
			(void) copy_hash((const bytea *) DatumGetPointer(number_field(leaf, AUDIT_HASH_COLUMN)), walk->hash);
			continue;
		}
		if (recorded_at >= to && to != DT_NOEND)
		{
			over = true;
			continue;
		}
		if (over)
		{
			breaks(walk, leaf->number, &recorded_at, "the entry is older than one before it");
			return false;
		}
		if (walk->finding->checked == 0)
			walk->finding->first_number = leaf->number;
		walk->finding->last_number = leaf->number;
		caller = MemoryContextSwitchTo(rows);
		holds = check_entry(walk, leaf, recorded_at);
		if (holds)
		{
			walk->number = leaf->number;
			walk->recorded_at = recorded_at;
			holds = check_signatures(walk);
		}
		MemoryContextSwitchTo(caller);
		if (!holds)
			return false;
	}
	if (walk->number < 0 && to == DT_NOEND)
		return find_last_entry(walk, reader);
	return !over;
}

/* Steps to where the stretch begins; false when there is no such entry. */
static bool
begin_stretch(Walk *walk, AuditReader *reader)
{
	ChainFinding *stretch = walk->finding;

	if (stretch->after == NO_LOWER_END)
		return check_signatures(walk);	/* the anchor may have been signed */
	walk->number = stretch->after;
	if (!find_hash(reader, stretch->chain, stretch->after, DT_NOEND, walk->hash))
	{
		breaks(walk, stretch->after, NULL, "the entry is missing");
		return false;
	}
	while (walk->next_signature < walk->nsignatures && walk->signatures[walk->next_signature].number <= walk->number)
		walk->next_signature++;
	return true;
}

void
ob_access_audit_check_chain(AuditReader *reader, TimestampTz from, TimestampTz to, ChainFinding *finding)
{
	Walk		walk;
	OwnerScope	owner;
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "outbreak audit chain", ALLOCSET_DEFAULT_SIZES);
	MemoryContext rows = AllocSetContextCreate(context, "outbreak audit rows", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);

	ob_common_become_owner(reader->table, &owner);
	begin_walk(&walk, finding);
	ob_common_leave_owner(&owner);

	MemoryContextSwitchTo(reader->context);
	if (begin_stretch(&walk, reader) && walk_chain(&walk, reader, from, to, rows))
	{
		if (finding->upto == NO_UPPER_END)
		{
			if (to == DT_NOEND)
				check_end(&walk);
		}
		else if (walk.number < finding->upto)
			breaks(&walk, walk.number + 1, NULL, "this and the following entries are missing");
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
}
