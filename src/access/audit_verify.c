/*-------------------------------------------------------------------------
 *
 * audit_verify.c
 *		outbreak.audit_verify(): checks all chains, several stretches at a time.
 *
 * Hashing is what takes the time, so parallel workers take stretches of chains
 * from a common list. Every stretch believes the stored hash of the entry
 * before it; since the stretch before checks that one, all of them together
 * check every link.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/parallel.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "optimizer/cost.h"
#include "port/atomics.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "access/audit_verify.h"
#include "common/compat.h"
#include "common/owner.h"

#define SHARED_KEY UINT64CONST(1)

/* Entries of a chain that one process checks at a time. */
#define STRETCH 65536

/* What leader and workers share. */
typedef struct Shared
{
	TimestampTz from;
	TimestampTz to;
	int			count;
	pg_atomic_uint32 next;		/* the first stretch that nobody took */
	ChainFinding stretches[FLEXIBLE_ARRAY_MEMBER];
} Shared;

/* The stretches to check, by chain and number. */
typedef struct Stretches
{
	MemoryContext context;		/* that they live in; SPI has another */
	int			count;
	int			room;
	ChainFinding *of;
} Stretches;

extern PGDLLEXPORT void ob_access_audit_verify_worker(dsm_segment *segment, shm_toc *toc);

/* Checks stretches until none is left. */
static void
check_stretches(Shared *shared)
{
	struct AuditReader *reader = ob_access_audit_reader();

	while (true)
	{
		uint32		mine = pg_atomic_fetch_add_u32(&shared->next, 1);

		if (mine >= (uint32) shared->count)
			break;
		ob_access_audit_check_chain(reader, shared->from, shared->to, &shared->stretches[mine]);
	}
	ob_access_audit_reader_close(reader);
}

/* Entry point of a parallel worker. */
void
ob_access_audit_verify_worker(dsm_segment *segment, shm_toc *toc)
{
	check_stretches(shm_toc_lookup(toc, SHARED_KEY, false));
}

/* Adds a stretch of a chain. */
static void
add_stretch(Stretches *stretches, int16 chain, int64 after, int64 upto)
{
	ChainFinding *stretch;

	if (stretches->count == stretches->room)
	{
		stretches->room = Max(64, stretches->room * 2);
		if (stretches->of == NULL)
			stretches->of = MemoryContextAllocHuge(stretches->context, sizeof(ChainFinding) * stretches->room);
		else
			stretches->of = repalloc_huge(stretches->of, sizeof(ChainFinding) * stretches->room);
	}
	stretch = &stretches->of[stretches->count++];
	memset(stretch, 0, sizeof(*stretch));
	stretch->chain = chain;
	stretch->after = after;
	stretch->upto = upto;
}

/* Adds a chain, in stretches when all of it is to be checked; its head says how far it goes. */
static void
add_chain(Stretches *stretches, int16 chain, bool divide)
{
	Oid			types[1] = {INT2OID};
	Datum		values[1] = {Int16GetDatum(chain)};
	int64		after = NO_LOWER_END;
	int64		start;
	int64		head;
	bool		isnull;

	if (SPI_execute_with_args("SELECT coalesce((SELECT pg_catalog.max(a.number) FROM access.audit_anchor AS a WHERE a.chain OPERATOR(pg_catalog.=) $1), 0), "
							  "coalesce((SELECT pg_catalog.max(h.number) FROM access.audit_head AS h WHERE h.chain OPERATOR(pg_catalog.=) $1), 0)",
							  1, types, values, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not read the heads of the audit trail");
	start = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull));
	head = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2, &isnull));
	if (divide)
	{
		for (start += STRETCH; start > 0 && start < head; start += STRETCH)
		{
			CHECK_FOR_INTERRUPTS();
			add_stretch(stretches, chain, after, start);
			after = start;
		}
	}
	add_stretch(stretches, chain, after, NO_UPPER_END);
}

/* All chains that have entries, a head, a signed head or an anchor. */
static void
list_stretches(Stretches *stretches, bool divide)
{
	Oid			table = ob_common_deployed_table("access", "audit");
	struct AuditReader *reader = ob_access_audit_reader();
	bool	   *has = palloc0(PG_UINT16_MAX + 1);
	int16		chain;
	int32		after = PG_INT16_MIN - 1;
	OwnerScope	owner;

	while (ob_access_audit_next_chain(reader, after, &chain))
	{
		has[chain - PG_INT16_MIN] = true;
		after = chain;
	}
	ob_access_audit_reader_close(reader);

	ob_common_become_owner(table, &owner);
	SPI_connect();
	if (SPI_execute("SELECT h.chain FROM access.audit_head AS h UNION SELECT s.chain FROM access.audit_signature AS s "
					"UNION SELECT a.chain FROM access.audit_anchor AS a", true, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not read the heads of the audit trail");
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		bool		isnull;

		has[DatumGetInt16(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull)) - PG_INT16_MIN] = true;
	}
	for (int i = 0; i <= PG_UINT16_MAX; i++)
	{
		if (has[i])
			add_chain(stretches, (int16) (i + PG_INT16_MIN), divide);
	}
	SPI_finish();
	ob_common_leave_owner(&owner);
}

static void
fill_shared(Shared *shared, TimestampTz from, TimestampTz to, const Stretches *stretches)
{
	shared->from = from;
	shared->to = to;
	shared->count = stretches->count;
	pg_atomic_init_u32(&shared->next, 0);
	memcpy(shared->stretches, stretches->of, sizeof(ChainFinding) * stretches->count);
}

/* Checks the stretches with as many workers as a query may have, and fills in what was found. */
static void
check_in_parallel(TimestampTz from, TimestampTz to, Stretches *stretches)
{
	Size		size = offsetof(Shared, stretches) + sizeof(ChainFinding) * stretches->count;
	int			workers = Min(max_parallel_workers_per_gather, stretches->count - 1);
	ParallelContext *parallel;
	Shared	   *shared;

	if (stretches->count == 0)
		return;
	if (workers <= 0 || IsInParallelMode())
	{
		shared = MemoryContextAllocHuge(CurrentMemoryContext, size);
		fill_shared(shared, from, to, stretches);
		check_stretches(shared);
		memcpy(stretches->of, shared->stretches, sizeof(ChainFinding) * stretches->count);
		return;
	}
	EnterParallelMode();
	parallel = CreateParallelContext("outbreak", "ob_access_audit_verify_worker", workers);
	shm_toc_estimate_chunk(&parallel->estimator, size);
	shm_toc_estimate_keys(&parallel->estimator, 1);
	InitializeParallelDSM(parallel);
	shared = shm_toc_allocate(parallel->toc, size);
	fill_shared(shared, from, to, stretches);
	shm_toc_insert(parallel->toc, SHARED_KEY, shared);
	LaunchParallelWorkers(parallel);
	check_stretches(shared);
	WaitForParallelWorkersToFinish(parallel);
	memcpy(stretches->of, shared->stretches, sizeof(ChainFinding) * stretches->count);
	DestroyParallelContext(parallel);
	ExitParallelMode();
}

/* Joins the stretches of the chain that begins at *i into one finding, up to the first that is broken. */
static ChainFinding
join_stretches(const Stretches *stretches, int *i)
{
	ChainFinding whole = stretches->of[(*i)++];

	for (; *i < stretches->count && stretches->of[*i].chain == whole.chain; (*i)++)
	{
		const ChainFinding *next = &stretches->of[*i];

		if (whole.broken)
			continue;
		if (whole.checked == 0)
			whole.first_number = next->first_number;
		if (next->last_number > 0)
			whole.last_number = next->last_number;
		whole.checked += next->checked;
		whole.broken = next->broken;
		whole.broken_number = next->broken_number;
		whole.has_time = next->has_time;
		whole.broken_at = next->broken_at;
		strlcpy(whole.problem, next->problem, sizeof(whole.problem));
	}
	return whole;
}

/* outbreak.audit_verify(from_at timestamptz, to_at timestamptz) returns table */
PG_FUNCTION_INFO_V1(ob_access_audit_verify);
Datum
ob_access_audit_verify(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	TimestampTz from = PG_GETARG_TIMESTAMPTZ(0);
	TimestampTz to = PG_GETARG_TIMESTAMPTZ(1);
	Stretches	stretches = {0};
	int			i = 0;

	InitMaterializedSRF(fcinfo, 0);
	stretches.context = CurrentMemoryContext;
	list_stretches(&stretches, from == DT_NOBEGIN && to == DT_NOEND);
	check_in_parallel(from, to, &stretches);
	while (i < stretches.count)
	{
		ChainFinding finding = join_stretches(&stretches, &i);
		Datum		values[7];
		bool		nulls[7] = {false};

		values[0] = Int16GetDatum(finding.chain);
		values[1] = Int64GetDatum(finding.first_number);
		values[2] = Int64GetDatum(finding.last_number);
		nulls[1] = nulls[2] = finding.first_number == 0 && finding.checked == 0;
		values[3] = Int64GetDatum(finding.checked);
		values[4] = Int64GetDatum(finding.broken_number);
		nulls[4] = nulls[6] = !finding.broken;
		values[5] = TimestampTzGetDatum(finding.broken_at);
		nulls[5] = !finding.has_time;
		values[6] = finding.broken ? CStringGetTextDatum(finding.problem) : (Datum) 0;
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
