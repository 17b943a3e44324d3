/*-------------------------------------------------------------------------
 *
 * availability.c
 *		How many places a site has, remembered for half a second.
 *
 * The public asks for the same sites many thousand times a second. Counting
 * the slots of a mass site takes a hundred microseconds; a row of sums that
 * every booking updates would be the row that everybody waits for. So the
 * slots are counted at most twice a second for each site, by whoever asks
 * then, and what was counted stands in shared memory for the others. Booking
 * writes nothing for it, and readers need no right to write: GET, READ ONLY
 * transactions and standbys work. Without shared_preload_libraries each
 * backend remembers for itself.
 *
 * What a transaction that has written something counts may never be
 * committed, so it neither takes from the memory nor adds to it.
 *
 * The counting itself is vsys.count_places(site), called as the owner of
 * vsys.slot: what comes out is public.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "storage/ipc.h"
#include "storage/lwlock.h"
#include "storage/shmem.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "common/compat.h"
#include "common/owner.h"
#include "vsys/availability.h"
#include "vsys/availability_kernel.h"

#define SETS			2048	/* 16,384 sites */
#define LOCKS			64
#define REMEMBERED_US	INT64_C(500000)

/* Columns of vsys.count_places(), and of what is returned with one more. */
enum
{
	COUNTED_STATUS = 1,
	COUNTED_FREE,
	COUNTED_PLACES,
	COUNTED_ENTERED_AT,
	COUNTED_COLUMNS = COUNTED_ENTERED_AT
};

/* The words of a status; their place is what is remembered. */
static const char *const status_words[] = {"available", "few", "full", "unneeded", "unknown"};

typedef struct PlacesTable
{
	LWLockPadded *locks;		/* NULL in the memory of one backend */
	PlacesSet	set[SETS];
} PlacesTable;

static PlacesTable *table = NULL;
static shmem_request_hook_type next_request_hook = NULL;
static shmem_startup_hook_type next_startup_hook = NULL;

static void
request_memory(void)
{
	if (next_request_hook)
		next_request_hook();
	RequestAddinShmemSpace(MAXALIGN(sizeof(PlacesTable)));
	RequestNamedLWLockTranche("outbreak availability", LOCKS);
}

static void
find_memory(void)
{
	bool		found;

	if (next_startup_hook)
		next_startup_hook();
	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	table = ShmemInitStruct("outbreak availability", sizeof(PlacesTable), &found);
	if (!found)
	{
		memset(table, 0, sizeof(*table));
		table->locks = GetNamedLWLockTranche("outbreak availability");
	}
	LWLockRelease(AddinShmemInitLock);
}

void
ob_vsys_availability_init(void)
{
	if (!process_shared_preload_libraries_in_progress)
		return;
	next_request_hook = shmem_request_hook;
	shmem_request_hook = request_memory;
	next_startup_hook = shmem_startup_hook;
	shmem_startup_hook = find_memory;
}

/* The set of a site, locked in that mode. */
static PlacesSet *
lock_set(PlacesKey key, LWLockMode mode, LWLock **lock)
{
	uint32		number = ob_vsys_places_set(key, SETS);

	if (table == NULL)
		table = MemoryContextAllocZero(TopMemoryContext, sizeof(PlacesTable));
	*lock = NULL;
	if (table->locks != NULL)
	{
		*lock = &table->locks[number % LOCKS].lock;
		LWLockAcquire(*lock, mode);
	}
	return &table->set[number];
}

static void
unlock_set(LWLock *lock)
{
	if (lock != NULL)
		LWLockRelease(lock);
}

static int
status_number(const char *word)
{
	for (int i = 0; i < lengthof(status_words); i++)
		if (strcmp(status_words[i], word) == 0)
			return i;
	elog(ERROR, "vsys.count_places() returned an unknown status");
	return 0;
}

/* Counts the places of a site; false for one that is not shown to the public. */
static bool
count_places(Datum site, Oid site_type, Places *places)
{
	static SPIPlanPtr plan = NULL;
	Oid			slot_table = ob_common_deployed_table("vsys", "slot");
	OwnerScope	owner;
	bool		found;

	if (!OidIsValid(slot_table))
		return false;
	ob_common_become_owner(slot_table, &owner);
	SPI_connect();
	if (plan == NULL)
	{
		SPIPlanPtr	made = SPI_prepare("SELECT c.status, c.free, c.places, c.entered_at FROM vsys.count_places($1) AS c",
									   1, &site_type);

		if (made == NULL || SPI_keepplan(made) != 0)
			elog(ERROR, "could not prepare counting places");
		plan = made;
	}
	if (SPI_execute_plan(plan, &site, NULL, true, 1) != SPI_OK_SELECT)
		elog(ERROR, "could not count places");
	found = SPI_processed > 0;
	if (found)
	{
		HeapTuple	row = SPI_tuptable->vals[0];
		TupleDesc	desc = SPI_tuptable->tupdesc;
		bool		isnull;
		Datum		entered;

		places->status = status_number(SPI_getvalue(row, desc, COUNTED_STATUS));
		places->free = DatumGetInt32(SPI_getbinval(row, desc, COUNTED_FREE, &isnull));
		places->places = DatumGetInt32(SPI_getbinval(row, desc, COUNTED_PLACES, &isnull));
		entered = SPI_getbinval(row, desc, COUNTED_ENTERED_AT, &isnull);
		places->entered_us = isnull ? 0 : DatumGetTimestampTz(entered);
	}
	SPI_finish();
	ob_common_leave_owner(&owner);
	return found;
}

/* The row type of the answer. It never changes while the library is loaded, and finding it in the catalogs at each call
 * takes longer than the rest. */
static TupleDesc
answer_type(FunctionCallInfo fcinfo)
{
	static TupleDesc kept = NULL;

	if (kept == NULL)
	{
		TupleDesc	found;
		MemoryContext before;

		if (get_call_result_type(fcinfo, NULL, &found) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "return type must be a row type");
		before = MemoryContextSwitchTo(TopMemoryContext);
		kept = BlessTupleDesc(CreateTupleDescCopy(found));
		MemoryContextSwitchTo(before);
	}
	return kept;
}

/*
 * outbreak.site_availability(site institution_code, OUT status text, OUT free integer, OUT places integer,
 *		OUT entered_at timestamptz, OUT counted_at timestamptz)
 */
PG_FUNCTION_INFO_V1(ob_vsys_site_availability);
Datum
ob_vsys_site_availability(PG_FUNCTION_ARGS)
{
	PlacesKey	key = {MyDatabaseId, PG_GETARG_INT64(0)};
	TimestampTz now = GetCurrentTimestamp();
	bool		clean = !TransactionIdIsValid(GetTopTransactionIdIfAny());
	Places		places;
	LWLock	   *lock;
	PlacesSet  *set;
	bool		known = false;
	Datum		values[COUNTED_COLUMNS + 1];
	bool		nulls[COUNTED_COLUMNS + 1] = {false};

	if (clean)
	{
		set = lock_set(key, LW_SHARED, &lock);
		known = ob_vsys_places_find(set, key, now - REMEMBERED_US, now, &places);
		unlock_set(lock);
	}
	if (!known)
	{
		memset(&places, 0, sizeof(places));
		if (!count_places(PG_GETARG_DATUM(0), get_fn_expr_argtype(fcinfo->flinfo, 0), &places))
			PG_RETURN_NULL();
		places.counted_us = now;
		if (clean)
		{
			set = lock_set(key, LW_EXCLUSIVE, &lock);
			ob_vsys_places_store(set, key, &places);
			unlock_set(lock);
		}
	}

	values[COUNTED_STATUS - 1] = CStringGetTextDatum(status_words[places.status]);
	values[COUNTED_FREE - 1] = Int32GetDatum(places.free);
	values[COUNTED_PLACES - 1] = Int32GetDatum(places.places);
	values[COUNTED_ENTERED_AT - 1] = TimestampTzGetDatum(places.entered_us);
	nulls[COUNTED_ENTERED_AT - 1] = places.entered_us == 0;
	values[COUNTED_COLUMNS] = TimestampTzGetDatum(places.counted_us);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(answer_type(fcinfo), values, nulls)));
}
