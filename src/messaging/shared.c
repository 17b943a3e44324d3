/*-------------------------------------------------------------------------
 *
 * shared.c
 *		What the processes of messaging share, and waking them.
 *
 * A transaction that queues messages wakes the worker of its database when it
 * has committed, by a latch: NOTIFY would make every such commit wait for one
 * lock of the whole cluster. A prepared transaction, or a server that is not
 * preloaded with outbreak, wakes nobody; the launcher looks by itself every
 * outbreak.messaging_poll.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/dbcommands.h"
#include "commands/trigger.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "storage/shmem.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "common/compat.h"
#include "messaging/shared.h"

MessagingShared *ob_messaging_shared = NULL;
bool		ob_messaging_in_worker = false;

static shmem_request_hook_type next_request_hook = NULL;
static shmem_startup_hook_type next_startup_hook = NULL;

/* Did this transaction queue something? The depth at which it did first. */
static int	queued_at_depth = 0;

static void
request_memory(void)
{
	if (next_request_hook)
		next_request_hook();
	RequestAddinShmemSpace(MAXALIGN(sizeof(MessagingShared)));
	RequestNamedLWLockTranche("outbreak messaging", 1);
}

static void
find_memory(void)
{
	bool		found;

	if (next_startup_hook)
		next_startup_hook();
	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	ob_messaging_shared = ShmemInitStruct("outbreak messaging", sizeof(MessagingShared), &found);
	if (!found)
	{
		memset(ob_messaging_shared, 0, sizeof(MessagingShared));
		ob_messaging_shared->lock = &GetNamedLWLockTranche("outbreak messaging")->lock;
		ob_messaging_shared->launcher = -1;
		for (int i = 0; i < MESSAGING_PLACES; i++)
			ob_messaging_shared->place[i].worker = -1;
	}
	LWLockRelease(AddinShmemInitLock);
}

void
ob_messaging_shared_init(void)
{
	next_request_hook = shmem_request_hook;
	shmem_request_hook = request_memory;
	next_startup_hook = shmem_startup_hook;
	shmem_startup_hook = find_memory;
}

MessagingPlace *
ob_messaging_place_of(Oid database)
{
	for (int i = 0; i < MESSAGING_PLACES; i++)
		if (ob_messaging_shared->place[i].database == database)
			return &ob_messaging_shared->place[i];
	return NULL;
}

void
ob_messaging_wake_process(int number)
{
	if (number >= 0)
		SetLatch(&GetPGProcByNumber(number)->procLatch);
}

/* ---- waking at commit ------------------------------------------------- */

static void
wake_worker(void)
{
	MessagingPlace *place;
	int			sleeper = -1;

	LWLockAcquire(ob_messaging_shared->lock, LW_EXCLUSIVE);
	place = ob_messaging_place_of(MyDatabaseId);
	if (place != NULL)
	{
		place->wanted = true;
		sleeper = place->worker >= 0 ? place->worker : ob_messaging_shared->launcher;
	}
	LWLockRelease(ob_messaging_shared->lock);
	ob_messaging_wake_process(sleeper);
}

static void
at_transaction_end(XactEvent event, void *arg)
{
	if (queued_at_depth == 0)
		return;
	if (event == XACT_EVENT_COMMIT)
		wake_worker();
	if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE)
		queued_at_depth = 0;
}

/* What a savepoint took back wakes nobody. */
static void
at_subtransaction_end(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	int			depth = GetCurrentTransactionNestLevel();

	if (queued_at_depth < depth)
		return;
	if (event == SUBXACT_EVENT_COMMIT_SUB)
		queued_at_depth = depth - 1;
	else if (event == SUBXACT_EVENT_ABORT_SUB)
		queued_at_depth = 0;
}

/* outbreak.messaging_wake() returns trigger */
PG_FUNCTION_INFO_V1(ob_messaging_wake);
Datum
ob_messaging_wake(PG_FUNCTION_ARGS)
{
	static bool registered = false;
	int			depth;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("outbreak.messaging_wake() was not called as a trigger")));
	if (ob_messaging_shared == NULL || ob_messaging_in_worker)
		PG_RETURN_POINTER(NULL);
	if (!registered)
	{
		RegisterXactCallback(at_transaction_end, NULL);
		RegisterSubXactCallback(at_subtransaction_end, NULL);
		registered = true;
	}
	depth = GetCurrentTransactionNestLevel();
	if (queued_at_depth == 0 || depth < queued_at_depth)
		queued_at_depth = depth;
	PG_RETURN_POINTER(NULL);
}

/* ---- what goes on ----------------------------------------------------- */

/*
 * outbreak.messaging_worker() returns record: one row for this database;
 * launcher NULL when the server is not preloaded with outbreak or is a standby.
 */
PG_FUNCTION_INFO_V1(ob_messaging_worker_state);
Datum
ob_messaging_worker_state(PG_FUNCTION_ARGS)
{
	enum {LAUNCHER, SERVED, WORKER, STARTED_AT, LAST_ROUND_AT, IN_FLIGHT, TRIED, ACCEPTED, FAILURES, PROBLEM, COLUMNS};
	TupleDesc	desc;
	Datum		values[COLUMNS] = {0};
	bool		nulls[COLUMNS] = {false};
	MessagingPlace place = {.worker = -1};
	int			launcher_pid = 0;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE || desc->natts != COLUMNS)
		elog(ERROR, "outbreak.messaging_worker() is not declared as it is built");
	if (ob_messaging_shared != NULL)
	{
		MessagingPlace *found;

		LWLockAcquire(ob_messaging_shared->lock, LW_SHARED);
		found = ob_messaging_place_of(MyDatabaseId);
		if (found != NULL)
			place = *found;
		launcher_pid = ob_messaging_shared->launcher_pid;
		LWLockRelease(ob_messaging_shared->lock);
	}
	values[LAUNCHER] = Int32GetDatum(launcher_pid);
	nulls[LAUNCHER] = launcher_pid == 0;
	values[SERVED] = BoolGetDatum(place.database == MyDatabaseId);
	values[WORKER] = Int32GetDatum(place.pid);
	nulls[WORKER] = place.worker < 0;
	values[STARTED_AT] = TimestampTzGetDatum(place.started_at);
	nulls[STARTED_AT] = place.started_at == 0;
	values[LAST_ROUND_AT] = TimestampTzGetDatum(place.last_round_at);
	nulls[LAST_ROUND_AT] = place.last_round_at == 0;
	values[IN_FLIGHT] = Int32GetDatum(place.in_flight);
	values[TRIED] = Int64GetDatum((int64) place.tried);
	values[ACCEPTED] = Int64GetDatum((int64) place.accepted);
	values[FAILURES] = Int32GetDatum((int32) place.failures);
	nulls[PROBLEM] = place.problem[0] == '\0';
	if (!nulls[PROBLEM])
		values[PROBLEM] = CStringGetTextDatum(place.problem);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}
