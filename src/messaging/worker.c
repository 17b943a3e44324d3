/*-------------------------------------------------------------------------
 *
 * worker.c
 *		The delivery worker: takes messages that are due, sends them, writes
 *		what became of them.
 *
 * One loop: look at the network, write outcomes in batches, take messages
 * while there is room, send what limits let go, and sleep until a socket, the
 * latch or the clock says that there is something to do. It ends after
 * outbreak.messaging_linger without work, and tells the launcher when the next
 * message is due.
 *
 * What may be lost is the process, never a message: what it had taken is
 * leased, comes due again when the lease ends, and is sent again under the
 * same key.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/pg_prng.h"
#include "libpq/pqsignal.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

#include "common/compat.h"
#include "common/settings.h"
#include "messaging/worker.h"

#define OUTCOMES_AT_ONCE	256
#define OUTCOME_AGE			(INT64CONST(20) * 1000)	/* … or when the first has waited so long */
#define CLAIM_MOST			2000
#define LANES_AGE			(INT64CONST(5) * USECS_PER_SEC)
#define TROUBLES_MOST		5

static Worker worker;

/* ---- outcomes --------------------------------------------------------- */

static Outcome *
add_outcome(Worker *of, TimestampTz now)
{
	if (of->outcomes == of->outcome_room)
	{
		of->outcome_room = Max(256, of->outcome_room * 2);
		of->outcome = of->outcome == NULL
			? MemoryContextAllocHuge(of->memory, sizeof(Outcome) * of->outcome_room)
			: repalloc_huge(of->outcome, sizeof(Outcome) * of->outcome_room);
	}
	if (of->outcomes == 0)
		of->first_outcome_at = now;
	return &of->outcome[of->outcomes++];
}

void
ob_messaging_end_job(Worker *of, Job *job, const char *what, int status, const char *reason, TimestampTz next_at)
{
	TimestampTz now = GetCurrentTimestamp();
	int			lane = (int) (job->lane - of->lane);

	for (int i = 0; i < job->count; i++)
	{
		Outcome    *outcome = add_outcome(of, now);

		outcome->member = job->member[i];
		outcome->at = job->started_at != 0 ? job->started_at : now;
		outcome->took = job->started_at != 0 ? (int) ((now - job->started_at) / 1000) : 0;
		outcome->what = what;
		outcome->status = status;
		strlcpy(outcome->request, job->request, sizeof(outcome->request));
		strlcpy(outcome->reason, reason != NULL ? reason : "", sizeof(outcome->reason));
		outcome->next_at = next_at;
		outcome->lane = lane;
	}
	if (next_at != 0 && (job->lane->next_due == 0 || next_at < job->lane->next_due))
		job->lane->next_due = next_at;
	MemoryContextDelete(job->memory);
}

/* Gives back a job that was not sent. */
static void
release(Job *job, TimestampTz next_at)
{
	dlist_delete(&job->node);
	job->lane->ready_count--;
	ob_messaging_end_job(&worker, job, "released", 0, NULL, next_at);
}

static void
release_all(Lane *lane, TimestampTz next_at)
{
	while (!dlist_is_empty(&lane->ready))
		release(dlist_head_element(Job, node, &lane->ready), next_at);
}

/* ---- one round -------------------------------------------------------- */

/* When a lane may send again; now, if it may now. */
static TimestampTz
gate(Lane *lane, TimestampTz now)
{
	TimestampTz at = now;

	if (ob_messaging_bucket_room(&lane->bucket, lane->per_second, lane->burst, now) == 0)
		at = ob_messaging_bucket_next(&lane->bucket, lane->per_second, now);
	if (ob_messaging_breaker_room(&lane->breaker, now) == 0)
		at = Max(at, lane->breaker.state == BREAKER_PROBING ? now + lane->timeout : lane->breaker.until_at);
	return at;
}

/* How many requests a lane could start now. */
static int
room(Lane *lane, TimestampTz now)
{
	int			most = Min(lane->in_flight_most - lane->in_flight, ob_messaging_in_flight - worker.in_flight);

	most = Min(most, ob_messaging_bucket_room(&lane->bucket, lane->per_second, lane->burst, now));
	return Min(most, ob_messaging_breaker_room(&lane->breaker, now));
}

static void
send_ready(Lane *lane, TimestampTz now)
{
	while (!dlist_is_empty(&lane->ready))
	{
		Job		   *job = dlist_head_element(Job, node, &lane->ready);

		if (job->malformed)
		{
			dlist_delete(&job->node);
			lane->ready_count--;
			ob_messaging_end_job(&worker, job, "gone", 0, "the address is none", 0);
			continue;
		}
		/* what would outlive its lease, or comes too late, is judged anew */
		if (now + lane->timeout > job->leased_until || now >= job->expires_at)
		{
			release(job, now);
			lane->more = true;
			continue;
		}
		if (room(lane, now) < 1)
			break;
		dlist_delete(&job->node);
		lane->ready_count--;
		ob_messaging_bucket_take(&lane->bucket);
		if (ob_messaging_breaker_sent(&lane->breaker, now))
			lane->breaker_changed = true;
		lane->in_flight++;
		worker.in_flight++;
		worker.tried += job->count;
		dlist_push_tail(&worker.flying, &job->node);
		ob_messaging_transfer_start(&worker, job);
	}
	if (!dlist_is_empty(&lane->ready) && lane->breaker.state != BREAKER_CLOSED)
		release_all(lane, lane->breaker.state == BREAKER_OPEN ? lane->breaker.until_at : now + lane->timeout);
}

/* Takes messages for a lane, if it has room for them. False: the database failed. */
static bool
take_more(Lane *lane, TimestampTz now)
{
	int			requests;
	int			rows;

	if (!lane->more && lane->next_due != 0 && lane->next_due <= now)
		lane->more = true;
	if (!lane->enabled || lane->problem[0] != '\0' || !lane->more)
		return true;
	/* twice what may be in flight, so that nothing waits while the next are taken; a probe goes alone */
	requests = Min(2 * Min(lane->in_flight_most, ob_messaging_in_flight), lane->in_flight + 2 * ob_messaging_bucket_room(&lane->bucket, lane->per_second, lane->burst, now));
	requests = Min(requests - lane->ready_count - lane->in_flight / 2, ob_messaging_breaker_room(&lane->breaker, now));
	/* few at a time cost as much as many */
	if (requests < 1 || (lane->ready_count > 0 && requests < Min(lane->in_flight_most, ob_messaging_in_flight) / 2))
		return true;
	if (!ob_messaging_claim(&worker, lane, Min(CLAIM_MOST, requests * lane->pack), &rows))
		return false;
	if (rows == 0)
		lane->more = false;
	return true;
}

/* Publishes what goes on, and learns whether something was queued. */
static bool
publish(TimestampTz now)
{
	bool		wanted;

	LWLockAcquire(ob_messaging_shared->lock, LW_EXCLUSIVE);
	wanted = worker.place->wanted;
	worker.place->wanted = false;
	worker.place->last_round_at = now;
	worker.place->in_flight = worker.in_flight;
	worker.place->tried += worker.tried;
	worker.place->accepted += worker.accepted;
	LWLockRelease(ob_messaging_shared->lock);
	worker.tried = 0;
	worker.accepted = 0;
	return wanted;
}

/* When there is something to do that no socket tells; DT_NOEND: never. */
static TimestampTz
next_work(TimestampTz now)
{
	TimestampTz next = DT_NOEND;

	for (int i = 0; i < worker.lanes; i++)
	{
		Lane	   *lane = &worker.lane[i];
		TimestampTz work;

		if (!lane->enabled || lane->problem[0] != '\0')
			continue;
		if (lane->more || !dlist_is_empty(&lane->ready))
			work = now;
		else if (lane->next_due != 0)
			work = lane->next_due;
		else
			continue;
		/* full: an answer makes room */
		if (work <= now && (lane->in_flight >= lane->in_flight_most || worker.in_flight >= ob_messaging_in_flight))
			continue;
		work = Max(work, gate(lane, now));
		next = Min(next, work);
	}
	return next;
}

static void
sleep_until(TimestampTz at, TimestampTz now)
{
	long		timeout = 1000;
	long		curl_timeout;
	int			epoll = ob_messaging_transfer_wait(&curl_timeout);

	if (at <= now)
		timeout = 0;
	else if (at - now < (TimestampTz) timeout * 1000)
		timeout = (long) ((at - now + 999) / 1000);
	if (curl_timeout >= 0)
		timeout = Min(timeout, curl_timeout);
	pgstat_report_activity(worker.in_flight > 0 ? STATE_RUNNING : STATE_IDLE, worker.in_flight > 0 ? "waiting for gateways" : NULL);
	(void) WaitLatchOrSocket(MyLatch, WL_LATCH_SET | WL_SOCKET_READABLE | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
							 epoll, timeout, PG_WAIT_EXTENSION);
	ResetLatch(MyLatch);
}

/* Writes outcomes that are many or old enough, or all. False: the database failed. */
static bool
write_due(TimestampTz now, bool all)
{
	bool		changed = false;

	for (int i = 0; i < worker.lanes; i++)
		changed |= worker.lane[i].breaker_changed;
	if (worker.outcomes == 0 && !changed)
		return true;
	if (!all && !changed && worker.outcomes < OUTCOMES_AT_ONCE && now - worker.first_outcome_at < OUTCOME_AGE && worker.in_flight > 0)
		return true;
	return ob_messaging_write_outcomes(&worker);
}

/* ---- beginning and end ------------------------------------------------ */

static void
leave(int code, Datum argument)
{
	ob_messaging_transfer_end();
	LWLockAcquire(ob_messaging_shared->lock, LW_EXCLUSIVE);
	if (worker.place->pid == MyProcPid)
	{
		worker.place->worker = -1;
		worker.place->pid = 0;
		worker.place->in_flight = 0;
	}
	LWLockRelease(ob_messaging_shared->lock);
}

/* Tells the launcher how it went; false: something was queued meanwhile, and a worker that has no problem goes on. */
static bool
say_goodbye(const char *problem, TimestampTz next_due)
{
	bool		goes = true;

	LWLockAcquire(ob_messaging_shared->lock, LW_EXCLUSIVE);
	if (problem != NULL)
	{
		worker.place->failures++;
		strlcpy(worker.place->problem, problem, sizeof(worker.place->problem));
	}
	else
	{
		goes = !worker.place->wanted;
		worker.place->failures = 0;
		worker.place->problem[0] = '\0';
	}
	if (goes)
	{
		worker.place->next_due = next_due;
		worker.place->worker = -1;
	}
	LWLockRelease(ob_messaging_shared->lock);
	return goes;
}

/* Waits for answers as long as it is allowed to, writes what is known, and goes. */
static void
stop(const char *problem, TimestampTz next_due)
{
	TimestampTz deadline = GetCurrentTimestamp() + (int64) ob_messaging_grace * 1000;

	for (int i = 0; i < worker.lanes; i++)
		release_all(&worker.lane[i], GetCurrentTimestamp());
	while (worker.in_flight > 0 && GetCurrentTimestamp() < deadline)
	{
		TimestampTz now = GetCurrentTimestamp();

		CHECK_FOR_INTERRUPTS();
		sleep_until(deadline, now);
		ob_messaging_transfer_drive(&worker);
		(void) write_due(GetCurrentTimestamp(), false);
	}
	(void) write_due(GetCurrentTimestamp(), true);
	(void) publish(GetCurrentTimestamp());
	(void) say_goodbye(problem, next_due);
	proc_exit(0);
}

static void
begin(int number)
{
	Oid			database;

	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGTERM, SignalHandlerForShutdownRequest);
	BackgroundWorkerUnblockSignals();

	LWLockAcquire(ob_messaging_shared->lock, LW_SHARED);
	database = ob_messaging_shared->place[number].database;
	LWLockRelease(ob_messaging_shared->lock);
	if (!OidIsValid(database))
		proc_exit(0);
	BackgroundWorkerInitializeConnectionByOid(database, InvalidOid, 0);
	/* a lock that somebody holds long must not keep the server from stopping */
	SetConfigOption("lock_timeout", "3s", PGC_SUSET, PGC_S_OVERRIDE);
	SetConfigOption("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_OVERRIDE);
	SetConfigOption("jit", "off", PGC_USERSET, PGC_S_OVERRIDE);
	/* sending is what the addresses are there for: each batch is in the audit trail */
	SetConfigOption("outbreak.access_reveal_limit", "0", PGC_SUSET, PGC_S_OVERRIDE);

	ob_messaging_in_worker = true;
	memset(&worker, 0, sizeof(worker));
	worker.place = &ob_messaging_shared->place[number];
	worker.memory = AllocSetContextCreate(TopMemoryContext, "outbreak messaging worker", ALLOCSET_DEFAULT_SIZES);
	dlist_init(&worker.flying);
	MemoryContextSwitchTo(worker.memory);
	before_shmem_exit(leave, 0);
	LWLockAcquire(ob_messaging_shared->lock, LW_EXCLUSIVE);
	worker.place->worker = OB_MY_PROC_NUMBER;
	worker.place->pid = MyProcPid;
	worker.place->started_at = GetCurrentTimestamp();
	worker.place->wanted = true;
	LWLockRelease(ob_messaging_shared->lock);
	ob_messaging_transfer_init(&worker);
}

void
ob_messaging_worker_main(Datum argument)
{
	TimestampTz lanes_at = 0;
	TimestampTz idle_since = 0;
	int			troubles = 0;

	begin(DatumGetInt32(argument));
	if (!ob_messaging_store_is_deployed())
		stop(ob_messaging_store_problem[0] != '\0' ? ob_messaging_store_problem : NULL, 0);

	for (;;)
	{
		TimestampTz now = GetCurrentTimestamp();
		TimestampTz next;
		bool		well = true;

		CHECK_FOR_INTERRUPTS();
		if (ShutdownRequestPending)
			stop(NULL, now + USECS_PER_SEC);
		if (ConfigReloadPending)
		{
			bool		was_private = ob_messaging_allow_private;
			bool		was_http = ob_messaging_allow_http;

			ConfigReloadPending = false;
			ProcessConfigFile(PGC_SIGHUP);
			lanes_at = 0;
			/* connections that are open lead to where nothing may go any more: they end with this process */
			if ((was_private && !ob_messaging_allow_private) || (was_http && !ob_messaging_allow_http))
				stop(NULL, now);
		}
		if (publish(now))
		{
			for (int i = 0; i < worker.lanes; i++)
				worker.lane[i].more = true;
			if (now - lanes_at > USECS_PER_SEC)
				lanes_at = 0;
		}
		if (now - lanes_at > LANES_AGE || now < lanes_at)
		{
			well = ob_messaging_load_lanes(&worker);
			lanes_at = well ? now : 0;
		}
		for (int i = 0; i < worker.lanes && well; i++)
		{
			send_ready(&worker.lane[i], now);
			well = take_more(&worker.lane[i], now);
			send_ready(&worker.lane[i], now);
		}
		ob_messaging_transfer_drive(&worker);
		well = write_due(GetCurrentTimestamp(), false) && well;
		if (!well && ++troubles >= TROUBLES_MOST)
			stop(ob_messaging_store_problem, 0);
		if (well)
			troubles = 0;

		now = GetCurrentTimestamp();
		next = next_work(now);
		if (!well)
			next = now + 200000 * troubles;
		else if (worker.outcomes > 0)
			next = Min(next, worker.first_outcome_at + OUTCOME_AGE);
		/* one in trouble does not leave as if all were well */
		if (!well || worker.in_flight > 0 || worker.outcomes > 0 || next <= now + (int64) ob_messaging_linger * 1000)
			idle_since = 0;
		else if (idle_since == 0)
			idle_since = now;
		if (idle_since != 0 && now - idle_since >= (int64) ob_messaging_linger * 1000 &&
			say_goodbye(NULL, next == DT_NOEND ? 0 : next))
			proc_exit(0);
		sleep_until(idle_since != 0 ? Min(next, idle_since + (int64) ob_messaging_linger * 1000) : next, now);
	}
}
