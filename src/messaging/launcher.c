/*-------------------------------------------------------------------------
 *
 * launcher.c
 *		The process that starts delivery workers.
 *
 * It is in no database, so it keeps none from being dropped, and it starts a
 * worker for a database of outbreak.messaging_databases when a transaction
 * there has queued something, when the last worker said that something would
 * be due now, and every outbreak.messaging_poll. A worker that finds nothing
 * to do goes away again.
 *
 * It is registered only when outbreak is in shared_preload_libraries, starts
 * when recovery has finished, and so never runs on a standby.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/pg_database.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/lwlock.h"
#include "storage/proc.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/varlena.h"
#include "utils/wait_event.h"

#include "common/compat.h"
#include "common/settings.h"
#include "messaging/messaging.h"
#include "messaging/shared.h"

#define RESTART_SECONDS		5
#define MOST_REST			(INT64CONST(60) * USECS_PER_SEC)	/* between workers that fail */

/* What the launcher alone knows of a place. */
typedef struct Start
{
	BackgroundWorkerHandle *handle; /* of the worker that was started last, until it is gone */
	TimestampTz looked_at;
} Start;

static Start start[MESSAGING_PLACES];

void
ob_messaging_init(void)
{
	BackgroundWorker worker;

	if (!process_shared_preload_libraries_in_progress || IsBinaryUpgrade)
		return;
	ob_messaging_shared_init();
	memset(&worker, 0, sizeof(worker));
	worker.bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION;
	worker.bgw_start_time = BgWorkerStart_RecoveryFinished;
	worker.bgw_restart_time = RESTART_SECONDS;
	strlcpy(worker.bgw_library_name, "outbreak", sizeof(worker.bgw_library_name));
	strlcpy(worker.bgw_function_name, "ob_messaging_launcher_main", sizeof(worker.bgw_function_name));
	strlcpy(worker.bgw_name, "outbreak messaging launcher", sizeof(worker.bgw_name));
	strlcpy(worker.bgw_type, "outbreak messaging launcher", sizeof(worker.bgw_type));
	RegisterBackgroundWorker(&worker);
}

static void
at_exit(int code, Datum argument)
{
	LWLockAcquire(ob_messaging_shared->lock, LW_EXCLUSIVE);
	ob_messaging_shared->launcher = -1;
	ob_messaging_shared->launcher_pid = 0;
	LWLockRelease(ob_messaging_shared->lock);
}

/* ---- which databases -------------------------------------------------- */

/* The numbers of the databases in outbreak.messaging_databases that there are; returns how many. */
static int
named_databases(Oid *found)
{
	char	   *list = pstrdup(ob_messaging_databases);
	List	   *names;
	ListCell   *cell;
	int			count = 0;
	Relation	rel;
	SysScanDesc scan;
	HeapTuple	tuple;

	if (!SplitIdentifierString(list, ',', &names))
	{
		static bool said = false;

		if (!said)
			ereport(LOG,
					(errmsg("outbreak.messaging_databases is no list of names: no messages are delivered")));
		said = true;
		return 0;
	}
	SetCurrentStatementStartTimestamp();
	StartTransactionCommand();
	PushActiveSnapshot(GetTransactionSnapshot());
	/* Without an index: after a crash a process in no database has none of the catalogs' indexes at hand. */
	rel = table_open(DatabaseRelationId, AccessShareLock);
	scan = systable_beginscan(rel, InvalidOid, false, NULL, 0, NULL);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_database database = (Form_pg_database) GETSTRUCT(tuple);

		foreach(cell, names)
			if (strcmp(lfirst(cell), NameStr(database->datname)) == 0 && database->datallowconn && count < MESSAGING_PLACES)
			{
				found[count++] = database->oid;
				break;
			}
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	PopActiveSnapshot();
	CommitTransactionCommand();
	pgstat_report_stat(true);
	return count;
}

/* Gives each of the databases a place, and takes the places of the others away. */
static void
settle_places(void)
{
	Oid			found[MESSAGING_PLACES];
	int			count = named_databases(found);

	LWLockAcquire(ob_messaging_shared->lock, LW_EXCLUSIVE);
	for (int i = 0; i < MESSAGING_PLACES; i++)
	{
		MessagingPlace *place = &ob_messaging_shared->place[i];
		bool		wanted = false;

		for (int d = 0; d < count; d++)
			wanted |= found[d] == place->database;
		/* one with a worker stays until that is gone */
		if (OidIsValid(place->database) && !wanted && start[i].handle == NULL)
		{
			memset(place, 0, sizeof(*place));
			place->worker = -1;
		}
	}
	for (int d = 0; d < count; d++)
	{
		if (ob_messaging_place_of(found[d]) != NULL)
			continue;
		for (int i = 0; i < MESSAGING_PLACES; i++)
		{
			MessagingPlace *place = &ob_messaging_shared->place[i];

			if (OidIsValid(place->database))
				continue;
			memset(place, 0, sizeof(*place));
			place->worker = -1;
			place->database = found[d];
			place->wanted = true;
			start[i].looked_at = 0;
			break;
		}
	}
	LWLockRelease(ob_messaging_shared->lock);
}

/* ---- workers ---------------------------------------------------------- */

/* Takes note of a worker that is gone. */
static void
reap(int number)
{
	pid_t		pid;

	if (start[number].handle == NULL || GetBackgroundWorkerPid(start[number].handle, &pid) != BGWH_STOPPED)
		return;
	pfree(start[number].handle);
	start[number].handle = NULL;
}

/* When a place needs a worker; 0: now. */
static TimestampTz
needed_at(int number, TimestampTz now)
{
	MessagingPlace place;
	TimestampTz at;
	TimestampTz poll = start[number].looked_at + ob_messaging_poll * USECS_PER_SEC;

	LWLockAcquire(ob_messaging_shared->lock, LW_SHARED);
	place = ob_messaging_shared->place[number];
	LWLockRelease(ob_messaging_shared->lock);
	if (!OidIsValid(place.database))
		return DT_NOEND;
	at = place.wanted ? 0 : place.next_due != 0 && place.next_due < poll ? place.next_due : poll;
	if (place.failures > 0)
	{
		int64		rest = place.failures > 6 ? MOST_REST : Min(MOST_REST, USECS_PER_SEC << (place.failures - 1));

		at = Max(at, start[number].looked_at + rest);
	}
	return at <= now ? 0 : at;
}

static void
start_worker(int number, TimestampTz now)
{
	BackgroundWorker worker;
	MemoryContext caller;

	memset(&worker, 0, sizeof(worker));
	worker.bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION;
	worker.bgw_start_time = BgWorkerStart_RecoveryFinished;
	worker.bgw_restart_time = BGW_NEVER_RESTART;
	strlcpy(worker.bgw_library_name, "outbreak", sizeof(worker.bgw_library_name));
	strlcpy(worker.bgw_function_name, "ob_messaging_worker_main", sizeof(worker.bgw_function_name));
	strlcpy(worker.bgw_name, "outbreak messaging worker", sizeof(worker.bgw_name));
	strlcpy(worker.bgw_type, "outbreak messaging worker", sizeof(worker.bgw_type));
	worker.bgw_main_arg = Int32GetDatum(number);
	worker.bgw_notify_pid = MyProcPid;
	/* looked at in any case: without a free slot for workers it is tried again after a while */
	start[number].looked_at = now;
	caller = MemoryContextSwitchTo(TopMemoryContext);
	if (!RegisterDynamicBackgroundWorker(&worker, &start[number].handle))
		start[number].handle = NULL;
	MemoryContextSwitchTo(caller);
	LWLockAcquire(ob_messaging_shared->lock, LW_EXCLUSIVE);
	if (start[number].handle != NULL)
		ob_messaging_shared->place[number].wanted = false;
	else
		ob_messaging_shared->place[number].next_due = now + USECS_PER_SEC;
	LWLockRelease(ob_messaging_shared->lock);
	if (start[number].handle == NULL)
		ereport(LOG,
				(errmsg("no messages are delivered: all slots for background workers are taken"),
				 errhint("max_worker_processes is too low.")));
}

/* Starts what is needed now; returns the time until something is needed, in milliseconds. */
static long
look_around(void)
{
	TimestampTz now = GetCurrentTimestamp();
	TimestampTz next = now + ob_messaging_poll * USECS_PER_SEC;

	for (int i = 0; i < MESSAGING_PLACES; i++)
	{
		TimestampTz at;

		reap(i);
		if (start[i].handle != NULL)
			continue;
		at = needed_at(i, now);
		if (at == 0)
			start_worker(i, now);
		else if (at < next)
			next = at;
	}
	return Max(1, (long) ((next - now) / 1000) + 1);
}

void
ob_messaging_launcher_main(Datum argument)
{
	MemoryContext memory;

	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGTERM, SignalHandlerForShutdownRequest);
	BackgroundWorkerUnblockSignals();
	BackgroundWorkerInitializeConnection(NULL, NULL, 0);
	before_shmem_exit(at_exit, 0);

	LWLockAcquire(ob_messaging_shared->lock, LW_EXCLUSIVE);
	ob_messaging_shared->launcher = OB_MY_PROC_NUMBER;
	ob_messaging_shared->launcher_pid = MyProcPid;
	LWLockRelease(ob_messaging_shared->lock);

	memory = AllocSetContextCreate(TopMemoryContext, "outbreak messaging launcher", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(memory);
	while (!ShutdownRequestPending)
	{
		long		timeout;

		ResetLatch(MyLatch);
		CHECK_FOR_INTERRUPTS();
		if (ConfigReloadPending)
		{
			ConfigReloadPending = false;
			ProcessConfigFile(PGC_SIGHUP);
		}
		settle_places();
		timeout = look_around();
		MemoryContextSwitchTo(memory);
		MemoryContextReset(memory);
		pgstat_report_activity(STATE_IDLE, NULL);
		/* a database of the list may be made at any time */
		(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, Min(timeout, 10000L), PG_WAIT_EXTENSION);
	}
	/* 1: the postmaster starts it again, unless it is shutting down itself */
	proc_exit(1);
}
