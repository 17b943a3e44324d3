/*-------------------------------------------------------------------------
 *
 * data_key.c
 *		Keys that lie in the database, wrapped by a master key.
 *
 * access.data_key holds a random key for each subject, access.master_key the
 * key that tags are made with, once for each version of the master key that is
 * in use. Both are wrapped with a key that is derived from a master key.
 *
 * Invariants
 *		A subject has one key, ever. Of two sessions that seal the first value
 *		of a subject at the same time, one makes the key and the other waits
 *		for it, as two inserts of one primary key do.
 *		Keys are read with a snapshot taken for it, so that a person who was
 *		forgotten stays so in a transaction with an older snapshot, and a key
 *		that was committed meanwhile is found in it.
 *		An unwrapped key is good within one statement and snapshot only, and
 *		cleansed at the end of the transaction at the latest.
 *
 * The tables are read and written here without SPI and without looking at the
 * rights of the caller: a call in bulk costs a few microseconds, and what it
 * may do is decided by EXECUTE on outbreak.seal() and outbreak.reveal().
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <openssl/crypto.h>

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/parallel.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/index.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "storage/proc.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "access/data_key.h"
#include "access/key.h"
#include "common/compat.h"
#include "common/errors.h"
#include "common/owner.h"

/* Columns of access.data_key and access.master_key; checked when a table is first opened in a statement. */
enum
{
	DATA_KEY_SUBJECT = 1,
	DATA_KEY_VERSION,
	DATA_KEY_WRAPPED,
	DATA_KEY_MADE_AT,
	DATA_KEY_FORGOTTEN_AT,
	DATA_KEY_COLUMNS = DATA_KEY_FORGOTTEN_AT
};

enum
{
	MASTER_KEY_VERSION = 1,
	MASTER_KEY_CHECK_VALUE,
	MASTER_KEY_TAG_KEY,
	MASTER_KEY_MADE_AT,
	MASTER_KEY_RETIRED_AT,
	MASTER_KEY_COLUMNS = MASTER_KEY_RETIRED_AT
};

/* Labels of derived keys; never to be changed. */
#define LABEL_WRAP		"outbreak wrap"
#define LABEL_CHECK		"outbreak check value"
#define CHECK_BYTES		16

/* Versions that a statement can meet without deriving a key again: the newest, and one that is on its way out. */
#define WRAPPERS	4

/* After so many subjects in a row without a key the next one is expected to have none either. */
#define MANY_NEW	32

typedef struct Wrapper
{
	int			version;		/* 0: unused */
	SealCipher *cipher;
} Wrapper;

/* What one statement found out; valid while moment_of() gives the same. */
typedef struct Moment
{
	LocalTransactionId transaction;
	TimestampTz statement;
	CommandId	command;
	TransactionId xmax;
	uint32		running;
} Moment;

static struct
{
	bool		valid;
	Moment		moment;

	Oid			data_key;		/* access.data_key and its primary key */
	Oid			data_key_index;
	bool		plain;			/* nothing of a DBA's own is attached to it */
	TupleTableSlot *slot;		/* for one of its rows; lives in key_context */
	LOCKMODE	locked;			/* how it is locked, until the transaction ends */
	Oid			master_key;

	int			version;		/* what new keys are wrapped with; 0: not known yet */
	int			next_wrapper;

	int			new_in_a_row;	/* subjects without a key, up to the last one */
	bool		has_subject;
	pg_uuid_t	subject;		/* whose key `cipher` has */
}			known;

/* How often something was found out anew. */
static uint64 moments = 0;

/* Memory of what one statement found out. */
static MemoryContext key_context = NULL;

/* Contexts of OpenSSL outlive a statement; their keys do not. */
static Wrapper wrapper[WRAPPERS];
static SealCipher *cipher = NULL;
static SealTagger *tagger = NULL;

/* ---- what is known in a statement ------------------------------------- */

/* Forgets everything, and every key. */
static void
forget_all(void)
{
	for (int i = 0; i < WRAPPERS; i++)
	{
		if (wrapper[i].version != 0)
			ob_access_cipher_wipe(wrapper[i].cipher);
		wrapper[i].version = 0;
	}
	if (cipher != NULL)
		ob_access_cipher_wipe(cipher);
	ob_access_tagger_free(tagger);
	tagger = NULL;
	memset(&known, 0, sizeof(known));
	if (key_context != NULL)
		MemoryContextReset(key_context);
}

static void
at_transaction_end(XactEvent event, void *arg)
{
	if (known.valid && (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE ||
					  event == XACT_EVENT_PARALLEL_COMMIT || event == XACT_EVENT_PARALLEL_ABORT))
		forget_all();
}

static void
at_subtransaction_end(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	/* a key that was made in it is gone */
	if (known.valid && event == SUBXACT_EVENT_ABORT_SUB)
		forget_all();
}

/* Raises XX000: OpenSSL refused to work, which no input explains. */
static void
broken(void)
{
	elog(ERROR, "OpenSSL failed");
}

Oid
ob_access_key_table(const char *name, int columns, const Oid *types)
{
	Oid			table = ob_common_deployed_table("access", name);
	Relation	rel;
	TupleDesc	desc;

	if (!OidIsValid(table))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation \"access.%s\" does not exist", name),
				 errhint("Run CALL outbreak.deploy() first.")));
	rel = table_open(table, AccessShareLock);
	desc = RelationGetDescr(rel);
	if (rel->rd_rel->relkind != RELKIND_RELATION || desc->natts < columns)
		elog(ERROR, "access.%s is not as it was deployed", name);
	for (int i = 0; i < columns; i++)
		if (TupleDescAttr(desc, i)->atttypid != types[i] || TupleDescAttr(desc, i)->attisdropped)
			elog(ERROR, "access.%s is not as it was deployed", name);
	table_close(rel, NoLock);
	return table;
}

static void
find_tables(void)
{
	static const Oid data_key_types[] = {UUIDOID, INT4OID, BYTEAOID, TIMESTAMPTZOID, TIMESTAMPTZOID};
	static const Oid master_key_types[] = {INT4OID, BYTEAOID, BYTEAOID, TIMESTAMPTZOID, TIMESTAMPTZOID};
	Relation	rel;
	MemoryContext caller;

	known.master_key = ob_access_key_table("master_key", MASTER_KEY_COLUMNS, master_key_types);
	known.data_key = ob_access_key_table("data_key", DATA_KEY_COLUMNS, data_key_types);
	rel = table_open(known.data_key, NoLock);
	known.data_key_index = RelationGetPrimaryKeyIndex(rel);
	if (!OidIsValid(known.data_key_index))
		elog(ERROR, "access.data_key has no primary key");
	known.plain = list_length(RelationGetIndexList(rel)) == 1 && rel->trigdesc == NULL &&
		RelationGetDescr(rel)->natts == DATA_KEY_COLUMNS;
	/* a slot with a descriptor of its own holds on to nothing between two calls */
	caller = MemoryContextSwitchTo(key_context);
	known.slot = MakeSingleTupleTableSlot(CreateTupleDescCopy(RelationGetDescr(rel)), table_slot_callbacks(rel));
	MemoryContextSwitchTo(caller);
	table_close(rel, NoLock);
	LockRelationOid(known.data_key_index, AccessShareLock);
}

/* Begins a statement, or goes on with the one that has begun. */
static void
enter(void)
{
	static bool registered = false;
	Snapshot	snapshot;
	Moment		moment;

	if (!registered)
	{
		RegisterXactCallback(at_transaction_end, NULL);
		RegisterSubXactCallback(at_subtransaction_end, NULL);
		key_context = AllocSetContextCreate(TopMemoryContext, "outbreak keys", ALLOCSET_SMALL_SIZES);
		registered = true;
	}
	if (!ActiveSnapshotSet())
		elog(ERROR, "sealed values need a snapshot");
	snapshot = GetActiveSnapshot();
	memset(&moment, 0, sizeof(moment));
	moment.transaction = OB_LOCAL_TRANSACTION;
	moment.statement = GetCurrentStatementStartTimestamp();
	moment.command = GetCurrentCommandId(false);
	moment.xmax = snapshot->xmax;
	moment.running = snapshot->xcnt;
	if (known.valid && memcmp(&known.moment, &moment, sizeof(moment)) == 0)
		return;

	forget_all();
	find_tables();
	memcpy(&known.moment, &moment, sizeof(moment));
	known.valid = true;
	moments++;
}

uint64
ob_access_key_moment(void)
{
	enter();
	return moments;
}

/* Locks access.data_key until the transaction ends; a reader's lock is there already. */
static void
lock_for_writing(void)
{
	if (known.locked == RowExclusiveLock)
		return;
	LockRelationOid(known.data_key, RowExclusiveLock);
	LockRelationOid(known.data_key_index, RowExclusiveLock);
	known.locked = RowExclusiveLock;
}

Snapshot
ob_access_latest_snapshot(void)
{
	Snapshot	snapshot;

	/* a parallel query has one snapshot, and makes no keys */
	if (IsInParallelMode())
		return RegisterSnapshot(GetActiveSnapshot());
	snapshot = RegisterSnapshot(GetLatestSnapshot());
	Assert(snapshot->copied && snapshot->regd_count == 1);
	snapshot->curcid = InvalidCommandId;
	return snapshot;
}

/* ---- master keys ------------------------------------------------------ */

/* The check value of a master key: known to the database, and of no use for guessing the key. */
static void
check_value(int version, unsigned char *check)
{
	unsigned char derived[MASTER_KEY_BYTES];

	ob_access_derive(version, LABEL_CHECK, derived);
	memcpy(check, derived, CHECK_BYTES);
	OPENSSL_cleanse(derived, sizeof(derived));
}

/* The cipher that keys are wrapped with under that version. Raises OB021. */
static SealCipher *
wrapping_cipher(int version)
{
	unsigned char key[MASTER_KEY_BYTES];
	Wrapper    *place;
	bool		set;

	for (int i = 0; i < WRAPPERS; i++)
		if (version > 0 && wrapper[i].version == version)
			return wrapper[i].cipher;

	place = &wrapper[known.next_wrapper];
	known.next_wrapper = (known.next_wrapper + 1) % WRAPPERS;
	place->version = 0;
	if (place->cipher == NULL)
		place->cipher = ob_access_cipher_make();
	if (place->cipher == NULL)
		broken();
	ob_access_derive(version, LABEL_WRAP, key);
	set = ob_access_cipher_set_key(place->cipher, key);
	OPENSSL_cleanse(key, sizeof(key));
	if (!set)
		broken();
	place->version = version;
	return place->cipher;
}

/* A bytea of that length in a tuple, or NULL. The copy lives as long as the tuple. */
static const uint8_t *
bytes_at(HeapTuple tuple, TupleDesc desc, int column, size_t length)
{
	bool		isnull;
	Datum		value = heap_getattr(tuple, column, desc, &isnull);
	bytea	   *bytes;

	if (isnull)
		return NULL;
	bytes = DatumGetByteaPP(value);
	return VARSIZE_ANY_EXHDR(bytes) == length ? (const uint8_t *) VARDATA_ANY(bytes) : NULL;
}

/*
 * Reads access.master_key: *version becomes the newest version there whose key
 * the file holds (0: none), *rows how many there are, and key the tag key
 * wrapped under it. Raises OB021 when the file's key of that version is
 * another one than the database was made with.
 */
static void
read_master_keys(int *version, int *rows, uint8_t *wrapped)
{
	Relation	rel = table_open(known.master_key, AccessShareLock);
	Snapshot	snapshot = ob_access_latest_snapshot();
	SysScanDesc scan = systable_beginscan(rel, InvalidOid, false, snapshot, 0, NULL);
	HeapTuple	tuple;
	uint8_t		stored[CHECK_BYTES];
	uint8_t		check[CHECK_BYTES];

	*version = *rows = 0;
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		bool		isnull;
		int			its = DatumGetInt32(heap_getattr(tuple, MASTER_KEY_VERSION, RelationGetDescr(rel), &isnull));
		const uint8_t *its_check = bytes_at(tuple, RelationGetDescr(rel), MASTER_KEY_CHECK_VALUE, CHECK_BYTES);
		const uint8_t *its_tag_key = bytes_at(tuple, RelationGetDescr(rel), MASTER_KEY_TAG_KEY, SEAL_WRAPPED_BYTES);

		++*rows;
		if (its <= *version || its_check == NULL || its_tag_key == NULL || !ob_access_master_known(its))
			continue;
		*version = its;
		memcpy(stored, its_check, sizeof(stored));
		memcpy(wrapped, its_tag_key, SEAL_WRAPPED_BYTES);
	}
	systable_endscan(scan);
	UnregisterSnapshot(snapshot);
	table_close(rel, NoLock);

	if (*version == 0)
		return;
	check_value(*version, check);
	if (CRYPTO_memcmp(check, stored, CHECK_BYTES) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_OB_NO_KEY),
				 errmsg("no usable master key"),
				 errdetail("Version %d in the key file is not the key that this database was sealed with.", *version)));
}

/* Notes in access.master_key that `version` is in use, with the tag key wrapped under it. */
static void
insert_master_key(int version, const uint8_t *tag_key)
{
	SealWrapping wrapping = {'t', version, NULL};
	bytea	   *check = palloc(VARHDRSZ + CHECK_BYTES);
	bytea	   *wrapped = palloc(VARHDRSZ + SEAL_WRAPPED_BYTES);
	Oid			types[3] = {INT4OID, BYTEAOID, BYTEAOID};
	Datum		values[3] = {Int32GetDatum(version), PointerGetDatum(check), PointerGetDatum(wrapped)};
	OwnerScope	owner;

	SET_VARSIZE(check, VARHDRSZ + CHECK_BYTES);
	check_value(version, (unsigned char *) VARDATA(check));
	SET_VARSIZE(wrapped, VARHDRSZ + SEAL_WRAPPED_BYTES);
	if (ob_access_wrap(wrapping_cipher(version), &wrapping, tag_key, (uint8_t *) VARDATA(wrapped)) != SEAL_OK)
		broken();

	ob_common_become_owner(known.master_key, &owner);
	SPI_connect();
	if (SPI_execute_with_args("INSERT INTO access.master_key (version, check_value, tag_key) VALUES ($1, $2, $3)",
							  3, types, values, NULL, false, 0) != SPI_OK_INSERT)
		elog(ERROR, "could not write access.master_key");
	SPI_finish();
	ob_common_leave_owner(&owner);
}

/* Unwraps the tag key into tag_key[]; raises OB021. */
static void
unwrap_tag_key(int version, const uint8_t *wrapped, uint8_t *tag_key)
{
	SealWrapping wrapping = {'t', version, NULL};
	SealResult	result = ob_access_unwrap(wrapping_cipher(version), &wrapping, wrapped, tag_key);

	if (result == SEAL_BROKEN)
		broken();
	if (result == SEAL_REFUSED)
		ereport(ERROR,
				(errcode(ERRCODE_OB_NO_KEY),
				 errmsg("no usable master key"),
				 errdetail("What access.master_key holds under version %d cannot be unwrapped.", version)));
}

/* Raises OB021 where the database is in use and the file has none of its versions. */
static void
refuse_foreign_file(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_OB_NO_KEY),
			 errmsg("no usable master key"),
			 errdetail("The key file holds no version that this database was sealed with."),
			 errhint("A version stays in the file until access.rotate_keys() has returned 0.")));
}

/*
 * Has the tag key unwrapped and, when `make` is set, the newest version of the
 * file in access.master_key. One session at a time makes a row there, so that
 * there is never a second tag key; where there is one, nobody waits to add the
 * newest version to it, but goes on with the older one.
 */
static void
load_tag_key(bool make, bool wait)
{
	int			newest;
	int			version;
	int			rows;
	uint8_t		wrapped[SEAL_WRAPPED_BYTES];
	uint8_t		tag_key[SEAL_KEY_BYTES];

	read_master_keys(&version, &rows, wrapped);
	if (version == 0 && rows > 0)
		refuse_foreign_file();
	newest = ob_access_master_version();
	/* where nothing can be written, what is there will do */
	if (make && version != 0 && (XactReadOnly || IsInParallelMode()))
		newest = version;
	if (make && version < newest)
	{
		bool		locked = true;

		PreventCommandIfReadOnly("outbreak.seal() with a new master key");
		PreventCommandIfParallelMode("outbreak.seal() with a new master key");
		if (wait || version == 0)
			LockRelationOid(known.master_key, ShareRowExclusiveLock);
		else
			locked = ConditionalLockRelationOid(known.master_key, ShareRowExclusiveLock);
		read_master_keys(&version, &rows, wrapped);
		if (version == 0 && rows > 0)
			refuse_foreign_file();
		if (!locked)
			newest = version;
	}
	if (version != 0)
		unwrap_tag_key(version, wrapped, tag_key);
	else if (!make)
		return;
	else if (!ob_access_random(tag_key, sizeof(tag_key)))
		broken();
	if (make && version < newest)
	{
		insert_master_key(newest, tag_key);
		version = newest;
	}
	tagger = ob_access_tagger_make(tag_key, sizeof(tag_key));
	OPENSSL_cleanse(tag_key, sizeof(tag_key));
	if (tagger == NULL)
		broken();
	known.version = make ? version : 0;
}

/* The tag key; with `wait` also the newest version of the file for sure. */
static SealTagger *
obtain_tag_key(bool make, bool wait)
{
	enter();
	if (tagger == NULL || (make && known.version == 0))
	{
		ob_access_tagger_free(tagger);
		tagger = NULL;
		/* from here on access.rotate_keys() waits for this transaction before it calls a version retired */
		if (make)
			lock_for_writing();
		load_tag_key(make, wait);
	}
	return tagger;
}

SealTagger *
ob_access_tag_key(bool make)
{
	return obtain_tag_key(make, false);
}

/* outbreak.use_newest_key() returns integer */
PG_FUNCTION_INFO_V1(ob_access_use_newest_key);
Datum
ob_access_use_newest_key(PG_FUNCTION_ARGS)
{
	enter();
	PreventCommandIfReadOnly("access.rotate_keys()");
	LockRelationOid(known.master_key, ShareRowExclusiveLock);
	ob_access_master_look_again();
	forget_all();
	obtain_tag_key(true, true);
	PG_RETURN_INT32(known.version);
}

/* ---- data keys -------------------------------------------------------- */

typedef enum Finding
{
	NOT_FOUND,
	FOUND,
	FORGOTTEN
} Finding;

static void
subject_key(ScanKey key, AttrNumber column, const pg_uuid_t *subject)
{
	ScanKeyInit(key, column, BTEqualStrategyNumber, F_UUID_EQ, UUIDPGetDatum(subject));
}

/*
 * Looks for the subject's row in access.data_key.  This is what a scan of a
 * system catalog does, less what it sets up anew each time.
 */
static Finding
find_data_key(Relation rel, Relation index, const pg_uuid_t *subject, int *version, uint8_t *wrapped)
{
	Snapshot	snapshot = ob_access_latest_snapshot();
	IndexScanDesc scan = ob_index_beginscan(rel, index, snapshot, 1);
	TupleTableSlot *slot = known.slot;
	ScanKeyData key;
	Finding		finding = NOT_FOUND;

	subject_key(&key, 1, subject);
	index_rescan(scan, &key, 1, NULL, 0);
	if (index_getnext_slot(scan, ForwardScanDirection, slot))
	{
		bytea	   *its;

		slot_getsomeattrs(slot, DATA_KEY_WRAPPED);
		*version = DatumGetInt32(slot->tts_values[DATA_KEY_VERSION - 1]);
		finding = FORGOTTEN;
		if (!slot->tts_isnull[DATA_KEY_WRAPPED - 1])
		{
			its = DatumGetByteaPP(slot->tts_values[DATA_KEY_WRAPPED - 1]);
			/* what is no wrapped key is one that cannot be unwrapped */
			memset(wrapped, 0, SEAL_WRAPPED_BYTES);
			memcpy(wrapped, VARDATA_ANY(its), Min(VARSIZE_ANY_EXHDR(its), SEAL_WRAPPED_BYTES));
			if ((Pointer) its != DatumGetPointer(slot->tts_values[DATA_KEY_WRAPPED - 1]))
				pfree(its);
			finding = FOUND;
		}
	}
	ExecClearTuple(slot);
	index_endscan(scan);
	UnregisterSnapshot(snapshot);
	return finding;
}

/* Waits until the transaction that is writing the subject's row has ended. */
static void
wait_for_writer(Relation rel, const pg_uuid_t *subject)
{
	SnapshotData dirty;
	ScanKeyData key;
	SysScanDesc scan;
	TransactionId writer = InvalidTransactionId;
	uint32		token = 0;
	ItemPointerData at;

	InitDirtySnapshot(dirty);
	subject_key(&key, DATA_KEY_SUBJECT, subject);
	scan = systable_beginscan(rel, known.data_key_index, true, &dirty, 1, &key);
	for (HeapTuple tuple; !TransactionIdIsValid(writer) && HeapTupleIsValid(tuple = systable_getnext(scan));)
	{
		writer = dirty.xmin;
		token = dirty.speculativeToken;
		at = tuple->t_self;
	}
	systable_endscan(scan);
	if (!TransactionIdIsValid(writer))
		return;
	if (token != 0)
		SpeculativeInsertionWait(writer, token);
	else
		XactLockTableWait(writer, rel, &at, XLTW_InsertIndexUnique);
}

/*
 * Inserts the row, unless somebody else has or is about to: then false. This
 * is what INSERT ... ON CONFLICT DO NOTHING does to the heap and the index; a
 * row that has to go again is gone for everybody at once.
 */
static bool
insert_plain(Relation rel, Relation index, Datum *values, bool *nulls)
{
	TupleTableSlot *slot = known.slot;
	TransactionId xid = GetCurrentTransactionId();
	uint32		token;
	bool		unique;

	memcpy(slot->tts_values, values, sizeof(Datum) * DATA_KEY_COLUMNS);
	memcpy(slot->tts_isnull, nulls, sizeof(bool) * DATA_KEY_COLUMNS);
	ExecStoreVirtualTuple(slot);

	token = SpeculativeInsertionLockAcquire(xid);
	table_tuple_insert_speculative(rel, slot, GetCurrentCommandId(true), 0, NULL, token);
	unique = index_insert(index, values, nulls, &slot->tts_tid, rel, UNIQUE_CHECK_PARTIAL, false, NULL);
	table_tuple_complete_speculative(rel, slot, token, unique);
	SpeculativeInsertionLockRelease(xid);

	ExecClearTuple(slot);
	return unique;
}

/* The same where somebody has attached a trigger, an index or a column of their own. */
static bool
insert_by_query(Datum *values)
{
	Oid			types[3] = {UUIDOID, INT4OID, BYTEAOID};
	OwnerScope	owner;
	bool		inserted;

	ob_common_become_owner(known.data_key, &owner);
	SPI_connect();
	if (SPI_execute_with_args("INSERT INTO access.data_key (subject, version, wrapped) VALUES ($1, $2, $3) ON CONFLICT (subject) DO NOTHING",
							  3, types, values, NULL, false, 0) != SPI_OK_INSERT)
		elog(ERROR, "could not write access.data_key");
	inserted = SPI_processed == 1;
	SPI_finish();
	ob_common_leave_owner(&owner);
	return inserted;
}

/* Makes a key for the subject; false when somebody else has. key[] gets the new key. */
static bool
make_data_key(Relation rel, Relation index, const pg_uuid_t *subject, uint8_t *key)
{
	SealWrapping wrapping = {'d', 0, subject->data};
	union
	{
		bytea		header;
		char		bytes[VARHDRSZ + SEAL_WRAPPED_BYTES];
	}			wrapped;
	Datum		values[DATA_KEY_COLUMNS] = {0};
	bool		nulls[DATA_KEY_COLUMNS] = {0};

	PreventCommandIfReadOnly("the first outbreak.seal() of a subject");
	PreventCommandIfParallelMode("the first outbreak.seal() of a subject");
	wrapping.version = known.version;
	SET_VARSIZE(&wrapped.header, sizeof(wrapped.bytes));
	if (!ob_access_random(key, SEAL_KEY_BYTES) ||
		ob_access_wrap(wrapping_cipher(known.version), &wrapping, key, (uint8_t *) wrapped.bytes + VARHDRSZ) != SEAL_OK)
		broken();

	values[DATA_KEY_SUBJECT - 1] = UUIDPGetDatum(subject);
	values[DATA_KEY_VERSION - 1] = Int32GetDatum(known.version);
	values[DATA_KEY_WRAPPED - 1] = PointerGetDatum(&wrapped);
	values[DATA_KEY_MADE_AT - 1] = TimestampTzGetDatum(GetCurrentTransactionStartTimestamp());
	nulls[DATA_KEY_FORGOTTEN_AT - 1] = true;
	return known.plain ? insert_plain(rel, index, values, nulls) : insert_by_query(values);
}

/* Unwraps a key into key[]. Raises OB021 without its master key; false when the wrapping is not as it was made. */
static bool
unwrap_data_key(const pg_uuid_t *subject, int version, const uint8_t *wrapped, uint8_t *key)
{
	SealWrapping wrapping = {'d', version, subject->data};
	SealResult	result = ob_access_unwrap(wrapping_cipher(version), &wrapping, wrapped, key);

	if (result == SEAL_BROKEN)
		broken();
	return result == SEAL_OK;
}

/* Finds or makes the subject's key. */
static Finding
obtain_data_key(const pg_uuid_t *subject, bool make, uint8_t *key)
{
	Relation	rel = table_open(known.data_key, NoLock);
	Relation	index = index_open(known.data_key_index, NoLock);
	uint8_t		wrapped[SEAL_WRAPPED_BYTES];
	int			version = 0;
	Finding		finding = NOT_FOUND;
	bool		made = false;

	/*
	 * Where everybody is new, inserting without looking first saves a quarter
	 * of the time. It leaves a dead row behind where it was wrong: at most one
	 * for MANY_NEW that were right.
	 */
	if (make && known.plain && known.new_in_a_row >= MANY_NEW)
	{
		made = make_data_key(rel, index, subject, key);
		if (!made)
			known.new_in_a_row = 0;
	}
	while (!made && (finding = find_data_key(rel, index, subject, &version, wrapped)) == NOT_FOUND && make)
	{
		known.new_in_a_row++;
		made = make_data_key(rel, index, subject, key);
		if (made)
			break;
		CHECK_FOR_INTERRUPTS();
		wait_for_writer(rel, subject);
	}
	if (finding != NOT_FOUND)
		known.new_in_a_row = 0;
	index_close(index, NoLock);
	table_close(rel, NoLock);
	if (made)
		return FOUND;
	if (finding == FOUND && !unwrap_data_key(subject, version, wrapped, key))
		finding = NOT_FOUND;
	return finding;
}

SealCipher *
ob_access_data_key(const pg_uuid_t *subject, bool make, bool *forgotten)
{
	uint8_t		key[SEAL_KEY_BYTES];
	Finding		finding;
	bool		set;

	if (make)
		ob_access_tag_key(true);	/* says which version is the newest */
	else
		enter();
	*forgotten = false;
	if (known.has_subject && memcmp(&known.subject, subject, sizeof(*subject)) == 0)
		return cipher;

	known.has_subject = false;
	finding = obtain_data_key(subject, make, key);
	*forgotten = finding == FORGOTTEN;
	if (finding != FOUND)
		return NULL;
	if (cipher == NULL)
		cipher = ob_access_cipher_make();
	set = cipher != NULL && ob_access_cipher_set_key(cipher, key);
	OPENSSL_cleanse(key, sizeof(key));
	if (!set)
		broken();
	known.subject = *subject;
	known.has_subject = true;
	return cipher;
}

/* outbreak.rewrap_key(subject uuid, version integer, wrapped bytea) returns bytea */
PG_FUNCTION_INFO_V1(ob_access_rewrap_key);
Datum
ob_access_rewrap_key(PG_FUNCTION_ARGS)
{
	pg_uuid_t  *subject = PG_GETARG_UUID_P(0);
	int			version = PG_GETARG_INT32(1);
	bytea	   *wrapped = PG_GETARG_BYTEA_PP(2);
	SealWrapping wrapping = {'d', 0, subject->data};
	uint8_t		key[SEAL_KEY_BYTES];
	bytea	   *result;
	SealResult	done;

	obtain_tag_key(true, true);
	if (VARSIZE_ANY_EXHDR(wrapped) != SEAL_WRAPPED_BYTES ||
		!unwrap_data_key(subject, version, (const uint8_t *) VARDATA_ANY(wrapped), key))
		ereport(ERROR,
				(errcode(ERRCODE_OB_NO_KEY),
				 errmsg("no usable master key"),
				 errdetail("A key that was wrapped by version %d cannot be unwrapped with what the key file holds under it.", version)));
	result = palloc(VARHDRSZ + SEAL_WRAPPED_BYTES);
	SET_VARSIZE(result, VARHDRSZ + SEAL_WRAPPED_BYTES);
	wrapping.version = known.version;
	done = ob_access_wrap(wrapping_cipher(known.version), &wrapping, key, (uint8_t *) VARDATA(result));
	OPENSSL_cleanse(key, sizeof(key));
	if (done != SEAL_OK)
		broken();
	PG_RETURN_BYTEA_P(result);
}
