/*-------------------------------------------------------------------------
 *
 * flow.c
 *		Minimum-cost flow in SQL: outbreak.min_cost_flow(), its companions, and
 *		outbreak.verify_flow().
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "catalog/pg_type.h"

#include "allocation/flow_read.h"
#include "allocation/flow_verify.h"
#include "common/compat.h"
#include "common/errors.h"

/* A problem that has been solved. */
typedef struct Solved
{
	FlowRows   *rows;
	FlowProblem problem;
	FlowAnswer	answer;
} Solved;

/* ---- numbers beyond bigint ---- */

#define WIDE_DIGITS	48

/* The decimal digits of a number, in a buffer of WIDE_DIGITS; returns where they begin. */
static char *
wide_digits(__int128 number, char *buffer)
{
	char	   *at = buffer + WIDE_DIGITS - 1;
	unsigned __int128 rest = number < 0 ? -(unsigned __int128) number : (unsigned __int128) number;

	*at = '\0';
	do
	{
		*--at = '0' + (int) (rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (number < 0)
		*--at = '-';
	return at;
}

static Datum
wide_numeric(__int128 number)
{
	char		buffer[WIDE_DIGITS];

	return DirectFunctionCall3(numeric_in, CStringGetDatum(wide_digits(number, buffer)), ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
}

static Datum
sum_numeric(const WideSum *sum)
{
	__int128	high = sum->high + (__int128) (sum->low >> 64);
	Datum		unit = wide_numeric((__int128) 1 << 64);
	Datum		low = wide_numeric((__int128) (uint64) sum->low);

	return DirectFunctionCall2(numeric_add, DirectFunctionCall2(numeric_mul, wide_numeric(high), unit), low);
}

/* ---- solving ---- */

static void *
allocate(void *context, size_t size)
{
	return MemoryContextAllocHuge(context, size);
}

static void
check_interrupt(void *context)
{
	CHECK_FOR_INTERRUPTS();
}

static FlowMethod
method_named(const char *name)
{
	if (strcmp(name, "auto") == 0)
		return FLOW_AUTO;
	if (strcmp(name, "simplex") == 0)
		return FLOW_SIMPLEX;
	if (strcmp(name, "scaling") == 0)
		return FLOW_SCALING;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("there is no method \"%s\" of minimum-cost flow", name),
			 errhint("The methods are auto, simplex and scaling.")));
}

/* The cut in the terms of the caller: what must leave it, and what can. */
static void
raise_infeasible(const Solved *solved)
{
	const FlowRows *rows = solved->rows;
	const uint8_t *in_cut = solved->answer.in_cut;
	__int128	supply = 0;
	__int128	lower_in = 0;
	__int128	capacity_out = 0;
	StringInfoData detail;
	char		digits[4][WIDE_DIGITS];
	const char *separator = "";
	int			n = 0;

	initStringInfo(&detail);
	appendStringInfoString(&detail, "{\"nodes\": [");
	for (int v = 0; v < rows->nnodes; v++)
	{
		if (!in_cut[v])
			continue;
		appendStringInfo(&detail, "%s" INT64_FORMAT, separator, rows->node_id[v]);
		separator = ", ";
		supply += rows->supply[v];
		n++;
	}
	for (int e = 0; e < rows->nedges; e++)
	{
		if (in_cut[rows->source[e]] && !in_cut[rows->target[e]])
			capacity_out += rows->capacity[e];
		if (!in_cut[rows->source[e]] && in_cut[rows->target[e]])
			lower_in += rows->lower[e];
	}
	appendStringInfo(&detail, "], \"supply\": %s, \"lower_in\": %s, \"capacity_out\": %s, \"missing\": %s}",
					 wide_digits(supply, digits[0]), wide_digits(lower_in, digits[1]), wide_digits(capacity_out, digits[2]),
					 wide_digits(supply + lower_in - capacity_out, digits[3]));
	ereport(ERROR,
			(errcode(ERRCODE_OB_INFEASIBLE),
			 errmsg_plural("no flow meets the supplies and demands: %d node has to send out %s, and %s can leave it",
						   "no flow meets the supplies and demands: %d nodes have to send out %s together, and %s can leave them",
						   n, n, wide_digits(supply + lower_in, digits[0]), wide_digits(capacity_out, digits[2])),
			 errdetail_internal("%s", detail.data),
			 errhint("Give the edges out of these nodes more capacity, or let supply stay and demand go unmet through a node of their own.")));
}

static void
raise_unbounded(const Solved *solved)
{
	const FlowRows *rows = solved->rows;
	__int128	cost = 0;
	StringInfoData detail;
	char		digits[WIDE_DIGITS];

	initStringInfo(&detail);
	appendStringInfoString(&detail, "{\"edges\": [");
	for (int i = 0; i < solved->answer.cycle_length; i++)
	{
		int			e = solved->answer.cycle[i];

		appendStringInfo(&detail, "%s" INT64_FORMAT, i > 0 ? ", " : "", rows->edge_id[e]);
		cost += rows->cost[e];
	}
	appendStringInfo(&detail, "], \"cost\": %s}", wide_digits(cost, digits));
	ereport(ERROR,
			(errcode(ERRCODE_OB_UNBOUNDED),
			 errmsg("no flow costs the least: a cycle of edges without capacity costs %s", wide_digits(cost, digits)),
			 errdetail_internal("%s", detail.data),
			 errhint("Give one of these edges a capacity, or correct a cost.")));
}

static void
raise_fault(const Solved *solved, FlowFault fault)
{
	switch (fault)
	{
		case FLOW_OPTIMAL:
			break;
		case FLOW_INFEASIBLE:
			raise_infeasible(solved);
			break;
		case FLOW_UNBOUNDED:
			raise_unbounded(solved);
			break;
		case FLOW_SUPPLY_RANGE:
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("supplies and lower bounds add up to more than " INT64_FORMAT ", or leave a capacity out of range of bigint", (int64) FLOW_MAX_SUPPLY)));
			break;
		case FLOW_COST_RANGE:
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("costs are too large to compute with"),
					 errdetail("The largest cost at each node, added up over the nodes, is above " INT64_FORMAT ".", (int64) FLOW_MAX_REACH),
					 errhint("Give costs in a larger unit.")));
			break;
		case FLOW_FLOW_RANGE:
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("the flow of an edge without capacity is out of range of bigint")));
			break;
		case FLOW_GIVEN_UP:
			elog(ERROR, "no method of minimum-cost flow went to its end");
			break;
	}
}

static const char *
text_argument(FunctionCallInfo fcinfo, int n, const char *what)
{
	if (PG_ARGISNULL(n))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s is null", what)));
	return text_to_cstring(PG_GETARG_TEXT_PP(n));
}

/* Reads and solves the problem of the arguments edges, supplies, method. */
static void
solve(FunctionCallInfo fcinfo, bool potentials, Solved *solved)
{
	const char *edges = text_argument(fcinfo, 0, "the query of the edges");
	const char *supplies = PG_ARGISNULL(1) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(1));
	FlowMethod	method = method_named(text_argument(fcinfo, 2, "the method"));
	FlowHooks	hooks = {.allocate = allocate, .check_interrupt = check_interrupt};
	FlowRows   *rows;
	MemoryContext work;
	Size		kernel;
	FlowFault	fault;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	solved->rows = rows = ob_allocation_read_flow_problem(edges, supplies);
	ob_allocation_check_flow_balance(rows);
	solved->problem = ob_allocation_flow_problem(rows);
	kernel = ob_allocation_flow_memory(rows->nnodes, rows->nedges, method, potentials);
	ob_allocation_charge(rows, add_size(kernel, add_size(mul_size(rows->nedges, sizeof(int64)), mul_size(rows->nnodes, sizeof(int64)))));
	solved->answer.flow = MemoryContextAllocHuge(rows->context, mul_size(Max(rows->nedges, 1), sizeof(int64)));
	if (potentials)
		solved->answer.potential = MemoryContextAllocHuge(rows->context, mul_size(Max(rows->nnodes, 1), sizeof(int64)));
	work = AllocSetContextCreate(rows->context, "outbreak flow kernel", ALLOCSET_DEFAULT_SIZES);
	hooks.context = work;
	fault = ob_allocation_flow(&solved->problem, method, &hooks, &solved->answer);
	raise_fault(solved, fault);
	MemoryContextDelete(work);
}

/* Rows of an id and its value. */
static Datum
return_pairs(FunctionCallInfo fcinfo, const int64 *id, const int64 *value, int n)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	for (int i = 0; i < n; i++)
	{
		Datum		values[2] = {Int64GetDatum(id[i]), Int64GetDatum(value[i])};
		bool		nulls[2] = {false, false};

		if ((i & 0xfff) == 0)
			CHECK_FOR_INTERRUPTS();
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	SPI_finish();
	return (Datum) 0;
}

/* outbreak.min_cost_flow(edges, supplies, method): the flow of each edge. */
PG_FUNCTION_INFO_V1(ob_allocation_min_cost_flow);
Datum
ob_allocation_min_cost_flow(PG_FUNCTION_ARGS)
{
	Solved		solved = {0};

	InitMaterializedSRF(fcinfo, 0);
	solve(fcinfo, false, &solved);
	return return_pairs(fcinfo, solved.rows->edge_id, solved.answer.flow, solved.rows->nedges);
}

/* outbreak.min_cost_flow_duals(edges, supplies, method): the potential of each node. */
PG_FUNCTION_INFO_V1(ob_allocation_min_cost_flow_duals);
Datum
ob_allocation_min_cost_flow_duals(PG_FUNCTION_ARGS)
{
	Solved		solved = {0};

	InitMaterializedSRF(fcinfo, 0);
	solve(fcinfo, true, &solved);
	return return_pairs(fcinfo, solved.rows->node_id, solved.answer.potential, solved.rows->nnodes);
}

static Datum
bigint_array(const int64 *value, int n)
{
	Size		size = add_size(ARR_OVERHEAD_NONULLS(1), mul_size(n, sizeof(int64)));
	ArrayType  *array;

	if (n == 0)
		return PointerGetDatum(construct_empty_array(INT8OID));
	if (!AllocSizeIsValid(size))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the solution has too many elements for an array"),
				 errhint("Use outbreak.min_cost_flow() and outbreak.min_cost_flow_duals(), which return rows.")));
	array = palloc0(size);
	SET_VARSIZE(array, size);
	array->ndim = 1;
	array->elemtype = INT8OID;
	ARR_DIMS(array)[0] = n;
	ARR_LBOUND(array)[0] = 1;
	memcpy(ARR_DATA_PTR(array), value, n * sizeof(int64));
	return PointerGetDatum(array);
}

/* outbreak.min_cost_flow_solution(edges, supplies, method): one row with flows, potentials and cost. */
PG_FUNCTION_INFO_V1(ob_allocation_min_cost_flow_solution);
Datum
ob_allocation_min_cost_flow_solution(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	Solved		solved = {0};
	WideSum		cost = {0};
	Datum		values[7];
	bool		nulls[7] = {0};
	TupleDesc	desc;
	HeapTuple	tuple;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	solve(fcinfo, true, &solved);
	for (int e = 0; e < solved.rows->nedges; e++)
		ob_allocation_wide_add(&cost, solved.rows->cost[e], solved.answer.flow[e]);
	MemoryContextSwitchTo(caller);
	values[0] = sum_numeric(&cost);
	values[1] = bigint_array(solved.rows->edge_id, solved.rows->nedges);
	values[2] = bigint_array(solved.answer.flow, solved.rows->nedges);
	values[3] = bigint_array(solved.rows->node_id, solved.rows->nnodes);
	values[4] = bigint_array(solved.answer.potential, solved.rows->nnodes);
	values[5] = CStringGetTextDatum(solved.answer.method == FLOW_SIMPLEX ? "simplex" : "scaling");
	values[6] = Int64GetDatum(solved.answer.steps);
	tuple = heap_form_tuple(BlessTupleDesc(desc), values, nulls);
	SPI_finish();
	PG_RETURN_DATUM(HeapTupleGetDatum(tuple));
}

/* ---- verifying ---- */

/* What a query gives for the edges or nodes of a problem. */
typedef struct Given
{
	const char *what;			/* "edge" */
	const int64 *ids;
	int			n;
	int64	   *value;			/* [n] */
	bool	   *is_given;		/* [n] */
	bool		has_stranger;	/* whether an id came that is not among ids: */
	int64		stranger;
} Given;

static void
keep_given(void *context, int64 id, int64 value)
{
	Given	   *given = context;
	int			at = ob_allocation_find_id(given->ids, given->n, id);

	if (at < 0)
	{
		if (!given->has_stranger)
			given->stranger = id;
		given->has_stranger = true;
		return;
	}
	if (given->is_given[at])
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s " INT64_FORMAT " is there twice", given->what, id)));
	given->is_given[at] = true;
	given->value[at] = value;
}

static Given
read_given(FlowRows *rows, const char *query, bool of_edges)
{
	Given		given = {.what = of_edges ? "the flow of edge" : "the potential of node", .ids = of_edges ? rows->edge_id : rows->node_id,
	.n = of_edges ? rows->nedges : rows->nnodes};

	ob_allocation_charge(rows, mul_size(given.n, sizeof(int64) + sizeof(bool)));
	given.value = MemoryContextAllocExtended(rows->context, mul_size(Max(given.n, 1), sizeof(int64)), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	given.is_given = MemoryContextAllocExtended(rows->context, Max(given.n, 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	if (of_edges)
		ob_allocation_read_pairs(query, "flows", "edge_id", "flow", keep_given, &given);
	else
		ob_allocation_read_pairs(query, "potentials", "node", "potential", keep_given, &given);
	return given;
}

/* The first breach as a sentence; NULL when there is none. */
static char *
describe_breach(const FlowRows *rows, FlowBreach breach, const FlowCheck *check, const int64 *flow)
{
	int			e = check->arc;
	int			v = check->node;
	char		digits[WIDE_DIGITS];

	switch (breach)
	{
		case FLOW_HOLDS:
			break;
		case FLOW_BELOW_LOWER:
			return psprintf("edge " INT64_FORMAT ": the flow " INT64_FORMAT " is below the lower bound " INT64_FORMAT, rows->edge_id[e], flow[e], rows->lower[e]);
		case FLOW_ABOVE_CAPACITY:
			return psprintf("edge " INT64_FORMAT ": the flow " INT64_FORMAT " is above the capacity " INT64_FORMAT, rows->edge_id[e], flow[e], rows->capacity[e]);
		case FLOW_NOT_CONSERVED:
			return psprintf("node " INT64_FORMAT ": sends out %s more than it receives, its supply is " INT64_FORMAT,
							rows->node_id[v], wide_digits(check->sent, digits), rows->supply[v]);
		case FLOW_MORE_IS_CHEAPER:
			return psprintf("edge " INT64_FORMAT ": carries " INT64_FORMAT ", less than it can, although its reduced cost is %s",
							rows->edge_id[e], flow[e], wide_digits(check->reduced_cost, digits));
		case FLOW_LESS_IS_CHEAPER:
			return psprintf("edge " INT64_FORMAT ": carries " INT64_FORMAT ", more than it must, although its reduced cost is %s",
							rows->edge_id[e], flow[e], wide_digits(check->reduced_cost, digits));
	}
	return NULL;
}

/* What a check says is wrong, and of which edge or node. */
typedef struct Verdict
{
	char	   *problem;		/* NULL: nothing */
	bool		of_edge;
	bool		of_node;
	int64		id;
} Verdict;

/* Flows and potentials of what is not there, and a potential that is missing. */
static Verdict
judge_given(const Given *flows, const Given *potentials)
{
	Verdict		verdict = {0};

	if (flows->has_stranger)
		return (Verdict) {.of_edge = true, .id = flows->stranger,
			.problem = psprintf("edge " INT64_FORMAT ": has a flow, but is not among the edges", flows->stranger)};
	if (potentials == NULL)
		return verdict;
	if (potentials->has_stranger)
		return (Verdict) {.of_node = true, .id = potentials->stranger,
			.problem = psprintf("node " INT64_FORMAT ": has a potential, but is not among the nodes", potentials->stranger)};
	for (int v = 0; v < potentials->n; v++)
		if (!potentials->is_given[v])
			return (Verdict) {.of_node = true, .id = potentials->ids[v],
				.problem = psprintf("node " INT64_FORMAT ": has no potential", potentials->ids[v])};
	return verdict;
}

static Verdict
judge_flow(const FlowRows *rows, FlowBreach breach, const FlowCheck *check, const int64_t *flow)
{
	Verdict		verdict = {.problem = describe_breach(rows, breach, check, flow), .of_edge = check->arc >= 0, .of_node = check->node >= 0};

	if (verdict.of_edge)
		verdict.id = rows->edge_id[check->arc];
	if (verdict.of_node)
		verdict.id = rows->node_id[check->node];
	return verdict;
}

/* outbreak.verify_flow(edges, supplies, flows, potentials): whether a flow is one, and costs the least. */
PG_FUNCTION_INFO_V1(ob_allocation_verify_flow_rows);
Datum
ob_allocation_verify_flow_rows(PG_FUNCTION_ARGS)
{
	const char *edges = text_argument(fcinfo, 0, "the query of the edges");
	const char *supplies = PG_ARGISNULL(1) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(1));
	const char *flow_query = text_argument(fcinfo, 2, "the query of the flows");
	MemoryContext caller = CurrentMemoryContext;
	FlowRows   *rows;
	FlowProblem problem;
	FlowCheck	check;
	FlowBreach	breach;
	Given		flows;
	Given		potentials;
	bool		priced = !PG_ARGISNULL(3);
	FlowBalance *balance;
	Verdict		verdict;
	Datum		values[6];
	bool		nulls[6] = {0};
	TupleDesc	desc;
	HeapTuple	tuple;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	rows = ob_allocation_read_flow_problem(edges, supplies);
	flows = read_given(rows, flow_query, true);
	if (priced)
		potentials = read_given(rows, text_to_cstring(PG_GETARG_TEXT_PP(3)), false);
	ob_allocation_charge(rows, mul_size(rows->nnodes, sizeof(FlowBalance)));
	balance = MemoryContextAllocHuge(rows->context, mul_size(Max(rows->nnodes, 1), sizeof(FlowBalance)));
	problem = ob_allocation_flow_problem(rows);
	breach = ob_allocation_verify_flow(&problem, flows.value, priced ? potentials.value : NULL, balance, &check);

	MemoryContextSwitchTo(caller);
	verdict = judge_given(&flows, priced ? &potentials : NULL);
	if (verdict.problem == NULL)
		verdict = judge_flow(rows, breach, &check, flows.value);
	values[0] = BoolGetDatum(verdict.problem == NULL);
	values[1] = sum_numeric(&check.cost);
	nulls[2] = !check.bounded;
	values[2] = check.bounded ? sum_numeric(&check.bound) : (Datum) 0;
	nulls[3] = !verdict.of_edge;
	values[3] = Int64GetDatum(verdict.id);
	nulls[4] = !verdict.of_node;
	values[4] = Int64GetDatum(verdict.id);
	nulls[5] = verdict.problem == NULL;
	values[5] = verdict.problem == NULL ? (Datum) 0 : CStringGetTextDatum(verdict.problem);
	tuple = heap_form_tuple(BlessTupleDesc(desc), values, nulls);
	SPI_finish();
	PG_RETURN_DATUM(HeapTupleGetDatum(tuple));
}
