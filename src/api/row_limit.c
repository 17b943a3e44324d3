/*-------------------------------------------------------------------------
 *
 * row_limit.c
 *		How many rows an answer of the API may have, by role.
 *
 * PostgREST's db-max-rows is one number for everybody. access.before_request()
 * sets outbreak.api_max_rows for the role of the request; here it becomes the
 * LIMIT of the query that follows in the same transaction.
 *
 * PostgREST 12 wraps every read, of a table, a view or a function, in
 *
 *		WITH pgrst_source AS (SELECT ...)
 *		SELECT ..., json_agg(_postgrest_t), ...
 *		FROM (SELECT ... FROM pgrst_source LIMIT ... OFFSET ...) _postgrest_t
 *
 * and the planner hook caps the LIMIT of the sub-select _postgrest_t. What the
 * request asked for (its own limit, its offset) stands, only never more rows
 * come out; PostgREST counts them there, so that Content-Range tells the
 * truth. Where pgrst_source is an INSERT, UPDATE or DELETE, nothing is capped:
 * a client must see all that it wrote.
 *
 * Only sessions of the authenticator are touched. The cap is a function call
 * and no constant, since PostgREST prepares its statements and one plan serves
 * requests of several roles.
 *
 * Another version of PostgREST may write another query: then nothing is
 * capped here, db-max-rows alone holds, and the test
 * tests/api/everybody_has_limits fails.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "nodes/makefuncs.h"
#include "optimizer/planner.h"
#include "parser/parse_func.h"

#include "access/scope.h"
#include "api/api.h"
#include "common/settings.h"

static planner_hook_type next_planner_hook = NULL;

/* The function that gives the cap of the running request, or InvalidOid in a database without outbreak. */
static Oid
cap_function(void)
{
	if (!OidIsValid(get_namespace_oid("outbreak", true)))
		return InvalidOid;
	return LookupFuncName(list_make2(makeString("outbreak"), makeString("api_row_cap")), 0, NULL, true);
}

/* Does the query take its rows from PostgREST's own CTE, and does that read? */
static bool
reads_pgrst_source(Query *query)
{
	ListCell   *cell;

	foreach(cell, query->cteList)
	{
		CommonTableExpr *cte = lfirst_node(CommonTableExpr, cell);

		if (strcmp(cte->ctename, "pgrst_source") == 0)
			return castNode(Query, cte->ctequery)->commandType == CMD_SELECT;
	}
	return false;
}

/* Caps the LIMIT of PostgREST's sub-select, if the query has one. */
static void
cap_answer(Query *query)
{
	ListCell   *cell;

	foreach(cell, query->rtable)
	{
		RangeTblEntry *entry = lfirst_node(RangeTblEntry, cell);
		Query	   *answer = entry->subquery;
		Oid			function;
		Expr	   *cap;

		if (entry->rtekind != RTE_SUBQUERY || entry->alias == NULL ||
			strcmp(entry->alias->aliasname, "_postgrest_t") != 0 ||
			answer->commandType != CMD_SELECT || answer->limitOption != LIMIT_OPTION_COUNT)
			continue;
		function = cap_function();
		if (!OidIsValid(function))
			return;
		cap = (Expr *) makeFuncExpr(function, INT8OID, NIL, InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL);
		if (answer->limitCount != NULL)
		{
			/* LEAST leaves out a NULL on either side: a limit that is none */
			MinMaxExpr *least = makeNode(MinMaxExpr);

			least->minmaxtype = INT8OID;
			least->op = IS_LEAST;
			least->args = list_make2(answer->limitCount, cap);
			least->location = -1;
			cap = (Expr *) least;
		}
		answer->limitCount = (Node *) cap;
	}
}

static PlannedStmt *
plan_capped(Query *query, const char *text, int cursor_options, ParamListInfo params)
{
	if (query->commandType == CMD_SELECT && query->cteList != NIL && reads_pgrst_source(query) &&
		ob_access_is_authenticator())
		cap_answer(query);
	return (next_planner_hook ? next_planner_hook : standard_planner) (query, text, cursor_options, params);
}

void
ob_api_row_limit_init(void)
{
	next_planner_hook = planner_hook;
	planner_hook = plan_capped;
}

/* outbreak.api_row_cap() returns bigint: the cap of the running request, NULL for none. */
PG_FUNCTION_INFO_V1(ob_api_row_cap);
Datum
ob_api_row_cap(PG_FUNCTION_ARGS)
{
	if (ob_api_max_rows == 0)
		PG_RETURN_NULL();
	PG_RETURN_INT64(ob_api_max_rows);
}
