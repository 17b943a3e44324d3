/*-------------------------------------------------------------------------
 *
 * timeout.c
 *		A request of the API that ran too long is no server error.
 *
 * PostgREST answers SQLSTATE 57014 (query cancelled) with HTTP status 500,
 * which tells a client to complain and a watchdog to ring. In sessions of the
 * authenticator the outermost executor therefore raises it again as PT504,
 * which PostgREST turns into status 504.
 *
 * Only the outermost one: inside of functions the code stays as it is, because
 * EXCEPTION WHEN OTHERS passes 57014 on and would swallow any other.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "executor/executor.h"

#include "access/scope.h"
#include "api/api.h"
#include "common/compat.h"

#define ERRCODE_GATEWAY_TIMEOUT		MAKE_SQLSTATE('P', 'T', '5', '0', '4')

static ExecutorRun_hook_type next_run_hook = NULL;
static int	depth = 0;

static void
run_next(QueryDesc *query, ScanDirection direction, uint64 count OB_RUN_ONCE_PARAMETER)
{
	(next_run_hook ? next_run_hook : standard_ExecutorRun) (query, direction, count OB_RUN_ONCE);
}

static void
run_and_name_timeout(QueryDesc *query, ScanDirection direction, uint64 count OB_RUN_ONCE_PARAMETER)
{
	MemoryContext caller = CurrentMemoryContext;
	bool		of_api = depth == 0 && ob_access_is_authenticator();

	depth++;
	PG_TRY();
	{
		run_next(query, direction, count OB_RUN_ONCE);
	}
	PG_CATCH();
	{
		depth--;
		if (of_api && geterrcode() == ERRCODE_QUERY_CANCELED)
		{
			ErrorData  *error;

			MemoryContextSwitchTo(caller);
			error = CopyErrorData();
			FlushErrorState();
			error->sqlerrcode = ERRCODE_GATEWAY_TIMEOUT;
			ReThrowError(error);
		}
		PG_RE_THROW();
	}
	PG_END_TRY();
	depth--;
}

void
ob_api_timeout_init(void)
{
	next_run_hook = ExecutorRun_hook;
	ExecutorRun_hook = run_and_name_timeout;
}
