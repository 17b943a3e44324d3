/*-------------------------------------------------------------------------
 *
 * limit.c
 *		How much anybody may do in a while: requests a second, units an hour.
 *
 * PostgREST runs GET in READ ONLY transactions, also on standbys, so the
 * counts cannot stand in a table. They stand in shared memory of a fixed size
 * when outbreak is in shared_preload_libraries, and in the memory of each
 * backend otherwise, where they count for that backend alone. They are lost at
 * a restart, and nothing of them is written anywhere.
 *
 * Keys are hashed with a secret that is drawn when the server starts, so that
 * nobody can choose one that shares another's place. Requests and hourly
 * allowances have a table each: requests of many made-up addresses must not
 * push out what somebody revealed.
 *
 * One lock guards so many sets of both tables, for the time of one look.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "common/hashfn.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "storage/ipc.h"
#include "storage/lwlock.h"
#include "storage/shmem.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "access/limit.h"
#include "access/limit_kernel.h"

#define REQUEST_SETS		4096	/* 32,768 keys */
#define ALLOWANCE_SETS		1024	/* 8,192 keys */
#define LOCKS				64

typedef struct LimitTables
{
	LWLockPadded *locks;		/* NULL in the memory of one backend */
	uint64		secret[2];
	LimitSet	request[REQUEST_SETS];
	LimitSet	allowance[ALLOWANCE_SETS];
} LimitTables;

static LimitTables *tables = NULL;
static shmem_request_hook_type next_request_hook = NULL;
static shmem_startup_hook_type next_startup_hook = NULL;

static void
init_tables(LimitTables *fresh)
{
	memset(fresh, 0, sizeof(*fresh));
	if (!pg_strong_random(fresh->secret, sizeof(fresh->secret)))
		elog(ERROR, "could not draw random numbers");
}

static void
request_memory(void)
{
	if (next_request_hook)
		next_request_hook();
	RequestAddinShmemSpace(MAXALIGN(sizeof(LimitTables)));
	RequestNamedLWLockTranche("outbreak limits", LOCKS);
}

static void
find_memory(void)
{
	bool		found;

	if (next_startup_hook)
		next_startup_hook();
	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	tables = ShmemInitStruct("outbreak limits", sizeof(LimitTables), &found);
	if (!found)
	{
		init_tables(tables);
		tables->locks = GetNamedLWLockTranche("outbreak limits");
	}
	LWLockRelease(AddinShmemInitLock);
}

void
ob_access_limit_init(void)
{
	if (!process_shared_preload_libraries_in_progress)
		return;
	next_request_hook = shmem_request_hook;
	shmem_request_hook = request_memory;
	next_startup_hook = shmem_startup_hook;
	shmem_startup_hook = find_memory;
}

/* Locks a set of one of the tables for the key and returns it; the lock, if any, goes to *lock. */
static LimitSet *
lock_set(bool requests, const char *text, LimitKey *key, LWLock **lock)
{
	uint32		number;

	if (tables == NULL)
	{
		LimitTables *own = MemoryContextAllocHuge(TopMemoryContext, sizeof(LimitTables));

		init_tables(own);
		tables = own;
	}
	/*
	 * The login role is part of the key: who connects directly cannot use up
	 * what belongs to somebody of the API.
	 */
	key->high = hash_bytes_extended((const unsigned char *) text, strlen(text),
									hash_combine64(tables->secret[0], GetSessionUserId()));
	key->low = hash_bytes_extended((const unsigned char *) text, strlen(text),
								   hash_combine64(tables->secret[1], GetSessionUserId()));
	number = ob_access_limit_set(*key, requests ? REQUEST_SETS : ALLOWANCE_SETS);
	*lock = NULL;
	if (tables->locks != NULL)
	{
		*lock = &tables->locks[number % LOCKS].lock;
		LWLockAcquire(*lock, LW_EXCLUSIVE);
	}
	return requests ? &tables->request[number] : &tables->allowance[number];
}

bool
ob_access_hourly_allowance(const char *text, int amount, int limit)
{
	LimitKey	key;
	LWLock	   *lock;
	LimitSet   *set;
	bool		allowed;

	if (limit <= 0)
		return true;
	set = lock_set(false, text, &key, &lock);
	allowed = ob_access_limit_use(set, key, GetCurrentTimestamp(), amount, limit);
	if (lock != NULL)
		LWLockRelease(lock);
	return allowed;
}

/* A rate that is one: more than nothing a second, a burst of at least 1. */
static void
check_rate(double per_second, int burst)
{
	if (!(per_second > 0) || isinf(per_second) || burst < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a rate needs more than 0 requests a second and a burst of at least 1")));
}

double
ob_access_tokens_left(const char *text, double per_second, int burst)
{
	LimitKey	key;
	LWLock	   *lock;
	LimitSet   *set = lock_set(true, text, &key, &lock);
	double		left = ob_access_limit_left(set, key, GetCurrentTimestamp(), per_second, burst);

	if (lock != NULL)
		LWLockRelease(lock);
	return left;
}

int64
ob_access_use_token(const char *text, double per_second, int burst)
{
	LimitKey	key;
	LWLock	   *lock;
	LimitSet   *set = lock_set(true, text, &key, &lock);
	int64		wait = ob_access_limit_take(set, key, GetCurrentTimestamp(), per_second, burst);

	if (lock != NULL)
		LWLockRelease(lock);
	return wait;
}

/* outbreak.tokens_left(key text, per_second double precision, burst integer) returns double precision */
PG_FUNCTION_INFO_V1(ob_access_sql_tokens_left);
Datum
ob_access_sql_tokens_left(PG_FUNCTION_ARGS)
{
	double		per_second = PG_GETARG_FLOAT8(1);
	int			burst = PG_GETARG_INT32(2);

	check_rate(per_second, burst);
	PG_RETURN_FLOAT8(ob_access_tokens_left(text_to_cstring(PG_GETARG_TEXT_PP(0)), per_second, burst));
}

/* outbreak.take_token(key text, per_second double precision, burst integer) returns interval */
PG_FUNCTION_INFO_V1(ob_access_take_token);
Datum
ob_access_take_token(PG_FUNCTION_ARGS)
{
	double		per_second = PG_GETARG_FLOAT8(1);
	int			burst = PG_GETARG_INT32(2);
	Interval   *wait = palloc0(sizeof(Interval));

	check_rate(per_second, burst);
	wait->time = ob_access_use_token(text_to_cstring(PG_GETARG_TEXT_PP(0)), per_second, burst);
	PG_RETURN_INTERVAL_P(wait);
}
