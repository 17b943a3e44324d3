/*-------------------------------------------------------------------------
 *
 * tag.c
 *		The key that tags are made with, remembered from one transaction to
 *		the next.
 *
 * Whoever asks whether one value is the one that was sealed needs the tag key
 * for it. Deriving the key that it is wrapped with, unwrapping it and setting
 * up OpenSSL takes longer than all else that a booking does, and the outcome
 * is the same each time. So it is kept with what it was made from.
 *
 * Invariants
 *		Each transaction looks at access.master_key and at the key file. What
 *		was remembered is used only where both are byte for byte what they
 *		were then; otherwise data_key.c does everything, with all its checks
 *		and errors, and its outcome is remembered.
 *		The memory holds a key that lies in the same process as the master
 *		keys themselves (key.c), and is no more secret than they are. OpenSSL
 *		cleanses it when it is made anew.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/pg_type.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "access/data_key.h"
#include "access/key.h"

/* Rows of access.master_key beyond which nothing is remembered: so many rotations at once nobody has under way. */
#define ROWS_MAX	4

/* Columns of access.master_key, from the first on. */
enum
{
	VERSION,
	CHECK_VALUE,
	TAG_KEY,
	COLUMNS
};

/* What a row says; unused bytes are zero, so that two can be compared as they are. */
typedef struct MasterRow
{
	int32		version;
	int32		length[COLUMNS];	/* of the bytes; -1: NULL */
	char		check_value[32];
	char		tag_key[SEAL_WRAPPED_BYTES];
} MasterRow;

/* All that the tag key depends on. */
typedef struct Origin
{
	Oid			table;
	int			rows;
	uint64		keys;			/* which reading of the key file */
	MasterRow	row[ROWS_MAX];
} Origin;

static Origin made_from;
static SealTagger *remembered = NULL;

/* Takes over a bytea; false when it is longer than any that belongs there. */
static bool
take_bytes(TupleTableSlot *slot, int column, int32 *length, char *into, size_t size)
{
	bool		isnull;
	Datum		value = slot_getattr(slot, column + 1, &isnull);
	bytea	   *bytes;

	*length = -1;
	if (isnull)
		return true;
	bytes = DatumGetByteaPP(value);
	*length = VARSIZE_ANY_EXHDR(bytes);
	if (*length > (int32) size)
		return false;
	memcpy(into, VARDATA_ANY(bytes), *length);
	return true;
}

/* Reads all that the tag key depends on; false when that is more than can be remembered. */
static bool
read_origin(Origin *origin)
{
	static const Oid types[COLUMNS] = {INT4OID, BYTEAOID, BYTEAOID};
	Relation	rel;
	Snapshot	snapshot;
	TableScanDesc scan;
	TupleTableSlot *slot;
	bool		fits = true;

	memset(origin, 0, sizeof(*origin));
	origin->table = ob_access_key_table("master_key", COLUMNS, types);
	rel = table_open(origin->table, NoLock);
	snapshot = ob_access_latest_snapshot();
	slot = table_slot_create(rel, NULL);
	/* not synchronized with other scans, so that the rows come in one order */
	scan = table_beginscan_strat(rel, snapshot, 0, NULL, true, false);
	while (fits && table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		MasterRow  *row;
		bool		isnull;

		fits = origin->rows < ROWS_MAX;
		if (!fits)
			break;
		row = &origin->row[origin->rows++];
		row->version = DatumGetInt32(slot_getattr(slot, VERSION + 1, &isnull));
		fits = take_bytes(slot, CHECK_VALUE, &row->length[CHECK_VALUE], row->check_value, sizeof(row->check_value)) &&
			take_bytes(slot, TAG_KEY, &row->length[TAG_KEY], row->tag_key, sizeof(row->tag_key));
	}
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	UnregisterSnapshot(snapshot);
	table_close(rel, NoLock);
	/* without a row nothing was ever sealed, and nobody need have a file of keys */
	if (origin->rows > 0)
		origin->keys = ob_access_master_reading();
	return fits;
}

SealTagger *
ob_access_known_tag_key(void)
{
	Origin		now;
	SealTagger *fresh;

	if (!read_origin(&now))
		return ob_access_tag_key(false);
	if (remembered != NULL && memcmp(&now, &made_from, sizeof(now)) == 0)
		return remembered;

	ob_access_tagger_free(remembered);
	remembered = NULL;
	fresh = ob_access_tag_key(false);
	if (fresh == NULL)
		return NULL;
	/* the file may have been read again on the way: then what is remembered is found to be old next time */
	remembered = ob_access_tagger_copy(fresh);
	made_from = now;
	return remembered != NULL ? remembered : fresh;
}
