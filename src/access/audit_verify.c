/*-------------------------------------------------------------------------
 *
 * audit_verify.c
 *		outbreak.audit_verify(): checks all chains, several at a time.
 *
 * A chain is checked by one process from its beginning to its end, but chains
 * do not depend on each other, so parallel workers take them from a common
 * list. Hashing is what takes the time.
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

/* What leader and workers share. */
typedef struct Shared
{
	TimestampTz from;
	TimestampTz to;
	int			nchains;
	pg_atomic_uint32 next;		/* the first chain that nobody took */
	ChainFinding findings[FLEXIBLE_ARRAY_MEMBER];	/* with the chain filled in */
} Shared;

extern PGDLLEXPORT void ob_access_audit_verify_worker(dsm_segment *segment, shm_toc *toc);

/* Checks chains until none is left. */
static void
check_chains(Shared *shared)
{
	struct AuditReader *reader = ob_access_audit_reader();

	while (true)
	{
		uint32		mine = pg_atomic_fetch_add_u32(&shared->next, 1);

		if (mine >= (uint32) shared->nchains)
			break;
		ob_access_audit_check_chain(reader, shared->findings[mine].chain, shared->from, shared->to, &shared->findings[mine]);
	}
	ob_access_audit_reader_close(reader);
}

/* Entry point of a parallel worker. */
void
ob_access_audit_verify_worker(dsm_segment *segment, shm_toc *toc)
{
	check_chains(shm_toc_lookup(toc, SHARED_KEY, false));
}

/* The chains that have entries, a head, a signed head or an anchor, in order; *count of them. */
static int16 *
list_chains(int *count)
{
	Oid			table = ob_common_deployed_table("access", "audit");
	struct AuditReader *reader = ob_access_audit_reader();
	MemoryContext caller = CurrentMemoryContext;
	bool	   *has = palloc0(PG_UINT16_MAX + 1);
	int16	   *chains;
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
	SPI_finish();
	ob_common_leave_owner(&owner);

	*count = 0;
	for (int i = 0; i <= PG_UINT16_MAX; i++)
		*count += has[i];
	chains = MemoryContextAlloc(caller, sizeof(int16) * Max(*count, 1));
	*count = 0;
	for (int i = 0; i <= PG_UINT16_MAX; i++)
		if (has[i])
			chains[(*count)++] = (int16) (i + PG_INT16_MIN);
	return chains;
}

static void
fill_shared(Shared *shared, TimestampTz from, TimestampTz to, const int16 *chains, int count)
{
	shared->from = from;
	shared->to = to;
	shared->nchains = count;
	pg_atomic_init_u32(&shared->next, 0);
	memset(shared->findings, 0, sizeof(ChainFinding) * count);
	for (int i = 0; i < count; i++)
		shared->findings[i].chain = chains[i];
}

/* Checks the chains with as many workers as a query may have; the findings lie in the caller's memory. */
static ChainFinding *
check_in_parallel(TimestampTz from, TimestampTz to, const int16 *chains, int count)
{
	Size		size = offsetof(Shared, findings) + sizeof(ChainFinding) * count;
	ChainFinding *findings = palloc(sizeof(ChainFinding) * Max(count, 1));
	int			workers = Min(max_parallel_workers_per_gather, count - 1);
	ParallelContext *parallel;
	Shared	   *shared;

	if (workers <= 0 || IsInParallelMode())
	{
		shared = palloc(size);
		fill_shared(shared, from, to, chains, count);
		check_chains(shared);
		memcpy(findings, shared->findings, sizeof(ChainFinding) * count);
		return findings;
	}
	EnterParallelMode();
	parallel = CreateParallelContext("outbreak", "ob_access_audit_verify_worker", workers);
	shm_toc_estimate_chunk(&parallel->estimator, size);
	shm_toc_estimate_keys(&parallel->estimator, 1);
	InitializeParallelDSM(parallel);
	shared = shm_toc_allocate(parallel->toc, size);
	fill_shared(shared, from, to, chains, count);
	shm_toc_insert(parallel->toc, SHARED_KEY, shared);
	LaunchParallelWorkers(parallel);
	check_chains(shared);
	WaitForParallelWorkersToFinish(parallel);
	memcpy(findings, shared->findings, sizeof(ChainFinding) * count);
	DestroyParallelContext(parallel);
	ExitParallelMode();
	return findings;
}

/* outbreak.audit_verify(from_at timestamptz, to_at timestamptz) returns table */
PG_FUNCTION_INFO_V1(ob_access_audit_verify);
Datum
ob_access_audit_verify(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	int			count;
	int16	   *chains;
	ChainFinding *findings;

	InitMaterializedSRF(fcinfo, 0);
	chains = list_chains(&count);
	findings = check_in_parallel(PG_GETARG_TIMESTAMPTZ(0), PG_GETARG_TIMESTAMPTZ(1), chains, count);
	for (int i = 0; i < count; i++)
	{
		ChainFinding *finding = &findings[i];
		Datum		values[7];
		bool		nulls[7] = {false};

		values[0] = Int16GetDatum(finding->chain);
		values[1] = Int64GetDatum(finding->first_number);
		values[2] = Int64GetDatum(finding->last_number);
		nulls[1] = nulls[2] = finding->first_number == 0 && finding->checked == 0;
		values[3] = Int64GetDatum(finding->checked);
		values[4] = Int64GetDatum(finding->broken_number);
		nulls[4] = nulls[6] = !finding->broken;
		values[5] = TimestampTzGetDatum(finding->broken_at);
		nulls[5] = !finding->has_time;
		values[6] = finding->broken ? CStringGetTextDatum(finding->problem) : (Datum) 0;
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
