/*-------------------------------------------------------------------------
 *
 * flow_read.c
 *		The rows of queries as a problem of minimum-cost flow.
 *
 *-------------------------------------------------------------------------
 */
#include "allocation/flow_read.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#include "common/settings.h"

#define ROWS_AT_A_TIME	1000
#define MAX_COLUMNS		6

typedef struct Column
{
	const char *name;
	bool		required;		/* the column must be there */
	bool		may_be_null;
	int			number;			/* in the query; 0: not there */
	Oid			type;
} Column;

/* A query whose columns are whole numbers, the first of them an id. */
typedef struct RowQuery
{
	const char *of;				/* what it is about: "edges" */
	const char *row;			/* what a row is: "edge" */
	const char *columns;		/* for hints */
	int			ncolumns;
	Column		column[MAX_COLUMNS];
	void		(*keep) (void *context, const int64 *value, const bool *null);
	void	   *context;
} RowQuery;

/* An id and where its row stands. */
typedef struct Place
{
	int64		id;
	int			at;
} Place;

typedef struct NodeEntry
{
	int64		id;
	int			number;
	char		status;
} NodeEntry;

#define SH_PREFIX node_table
#define SH_ELEMENT_TYPE NodeEntry
#define SH_KEY_TYPE int64
#define SH_KEY id
#define SH_HASH_KEY(table, key) ((uint32) (((uint64) (key) * UINT64CONST(0x9E3779B97F4A7C15)) >> 32))
#define SH_EQUAL(table, a, b) ((a) == (b))
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

/* ---- memory ---- */

void
ob_allocation_charge(FlowRows *rows, Size bytes)
{
	Size		limit = (Size) ob_allocation_memory * 1024;

	rows->used = add_size(rows->used, bytes);
	if (rows->used > limit)
		ereport(ERROR,
				(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
				 errmsg("this flow problem needs more memory than outbreak.allocation_memory allows"),
				 errdetail("With %d edges it needs at least %zu bytes; the limit is %zu bytes.", rows->nedges, rows->used, limit),
				 errhint("Raise outbreak.allocation_memory, or leave edges out that cannot be used.")));
}

/* An array that the context holds, its old contents kept; the old size is given back. */
static void *
resize(FlowRows *rows, void *array, int old_room, int room, Size size)
{
	rows->used -= mul_size(old_room, size);
	ob_allocation_charge(rows, mul_size(room, size));
	if (array == NULL)
		return MemoryContextAllocHuge(rows->context, mul_size(room, size));
	return repalloc_huge(array, mul_size(room, size));
}

static int
more_room(int room, const char *what)
{
	if (room >= FLOW_MAX_SIZE)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("more than %d %s", FLOW_MAX_SIZE, what)));
	return room == 0 ? 1024 : Min(room * 2, FLOW_MAX_SIZE);
}

/* ---- reading ---- */

static void
find_columns(RowQuery *query, TupleDesc desc)
{
	for (int c = 0; c < query->ncolumns; c++)
		query->column[c].number = 0;
	for (int i = 0; i < desc->natts; i++)
	{
		const char *name = NameStr(TupleDescAttr(desc, i)->attname);
		Oid			type = TupleDescAttr(desc, i)->atttypid;
		Column	   *column = NULL;

		for (int c = 0; c < query->ncolumns; c++)
			if (strcmp(query->column[c].name, name) == 0)
				column = &query->column[c];
		if (column == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("the query of the %s has a column \"%s\", which means nothing here", query->of, name),
					 errhint("Its columns are %s.", query->columns)));
		if (column->number != 0)
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_COLUMN),
					 errmsg("the query of the %s has two columns \"%s\"", query->of, name)));
		if (type != INT8OID && type != INT4OID && type != INT2OID && type != NUMERICOID)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("column \"%s\" of the query of the %s is of type %s, not bigint", name, query->of, format_type_be(type))));
		column->number = i + 1;
		column->type = type;
	}
	for (int c = 0; c < query->ncolumns; c++)
		if (query->column[c].required && query->column[c].number == 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("the query of the %s has no column \"%s\"", query->of, query->column[c].name),
					 errhint("Its columns are %s.", query->columns)));
}

/* A value that is a whole number within bigint; false when it is not. */
static bool
whole_number(Datum value, Oid type, int64 *number)
{
	Datum		whole;

	switch (type)
	{
		case INT2OID:
			*number = DatumGetInt16(value);
			return true;
		case INT4OID:
			*number = DatumGetInt32(value);
			return true;
		case INT8OID:
			*number = DatumGetInt64(value);
			return true;
	}
	/* sum(bigint) is numeric, and whole */
	if (numeric_is_nan(DatumGetNumeric(value)) || numeric_is_inf(DatumGetNumeric(value)))
		return false;
	whole = DirectFunctionCall2(numeric_trunc, value, Int32GetDatum(0));
	if (!DatumGetBool(DirectFunctionCall2(numeric_eq, value, whole)) ||
		DatumGetBool(DirectFunctionCall2(numeric_gt, value, DirectFunctionCall1(int8_numeric, Int64GetDatum(PG_INT64_MAX)))) ||
		DatumGetBool(DirectFunctionCall2(numeric_lt, value, DirectFunctionCall1(int8_numeric, Int64GetDatum(PG_INT64_MIN)))))
		return false;
	*number = DatumGetInt64(DirectFunctionCall1(numeric_int8, value));
	return true;
}

/* Names the row by its id, which is read first, or by its place. */
static void
refuse_value(const RowQuery *query, int column, uint64 row, int64 id, const char *problem)
{
	if (column == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("row " UINT64_FORMAT " of the query of the %s: column \"%s\" %s", row, query->of, query->column[0].name, problem)));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s " INT64_FORMAT ": column \"%s\" %s", query->row, id, query->column[column].name, problem)));
}

static void
read_row(const RowQuery *query, HeapTuple tuple, TupleDesc desc, uint64 row)
{
	int64		value[MAX_COLUMNS] = {0};
	bool		null[MAX_COLUMNS];

	for (int c = 0; c < query->ncolumns; c++)
	{
		const Column *column = &query->column[c];
		Datum		datum;

		null[c] = true;
		if (column->number == 0)
			continue;
		datum = SPI_getbinval(tuple, desc, column->number, &null[c]);
		if (null[c])
		{
			if (!column->may_be_null)
				refuse_value(query, c, row, value[0], "is null");
		}
		else if (!whole_number(datum, column->type, &value[c]))
			refuse_value(query, c, row, value[0], "is not a whole number within bigint");
	}
	query->keep(query->context, value, null);
}

/* Runs a query with the rights of the caller, and hands its rows over. */
static void
read_query(RowQuery *query, const char *sql)
{
	SPIPlanPtr	plan = SPI_prepare(sql, 0, NULL);
	Portal		portal;
	MemoryContext row_context;
	uint64		row = 0;

	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	if (!SPI_is_cursor_plan(plan))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the %s must be one query that returns rows", query->of)));
	portal = SPI_cursor_open(NULL, plan, NULL, NULL, true);
	row_context = AllocSetContextCreate(CurrentMemoryContext, "outbreak flow row", ALLOCSET_DEFAULT_SIZES);
	for (;;)
	{
		SPITupleTable *rows;

		SPI_cursor_fetch(portal, true, ROWS_AT_A_TIME);
		rows = SPI_tuptable;
		if (row == 0)
			find_columns(query, rows->tupdesc);
		for (uint64 i = 0; i < rows->numvals; i++)
		{
			MemoryContext old = MemoryContextSwitchTo(row_context);

			read_row(query, rows->vals[i], rows->tupdesc, ++row);
			MemoryContextSwitchTo(old);
			MemoryContextReset(row_context);
		}
		if (rows->numvals < ROWS_AT_A_TIME)
		{
			SPI_freetuptable(rows);
			break;
		}
		SPI_freetuptable(rows);
		CHECK_FOR_INTERRUPTS();
	}
	SPI_cursor_close(portal);
	SPI_freeplan(plan);
	MemoryContextDelete(row_context);
}

typedef struct Pairs
{
	KeepPair	keep;
	void	   *context;
} Pairs;

static void
keep_pair(void *context, const int64 *value, const bool *null)
{
	Pairs	   *pairs = context;

	pairs->keep(pairs->context, value[0], value[1]);
}

void
ob_allocation_read_pairs(const char *query, const char *what, const char *id, const char *value,
						 KeepPair keep, void *context)
{
	Pairs		pairs = {.keep = keep, .context = context};
	RowQuery		pair = {.of = what, .row = id, .columns = psprintf("%s and %s (bigint)", id, value), .ncolumns = 2,
		.column = {{.name = id, .required = true}, {.name = value, .required = true}},
	.keep = keep_pair, .context = &pairs};

	read_query(&pair, query);
}

/* ---- edges ---- */

static void
make_room_for_edges(FlowRows *rows)
{
	int			old = rows->edges_room;
	int			room = more_room(old, "edges");

	rows->edge_id = resize(rows, rows->edge_id, old, room, sizeof(int64));
	rows->source_id = resize(rows, rows->source_id, old, room, sizeof(int64));
	rows->target_id = resize(rows, rows->target_id, old, room, sizeof(int64));
	rows->lower = resize(rows, rows->lower, old, room, sizeof(int64));
	rows->capacity = resize(rows, rows->capacity, old, room, sizeof(int64));
	rows->cost = resize(rows, rows->cost, old, room, sizeof(int64));
	rows->edges_room = room;
}

static void
keep_edge(void *context, const int64 *value, const bool *null)
{
	FlowRows   *rows = context;
	int64		capacity = null[3] ? FLOW_NO_CAPACITY : value[3];
	int64		lower = null[5] ? 0 : value[5];
	int			n = rows->nedges;

	if (capacity < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("edge " INT64_FORMAT ": the capacity " INT64_FORMAT " is negative", value[0], capacity)));
	if (lower > capacity)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("edge " INT64_FORMAT ": the lower bound " INT64_FORMAT " is above the capacity " INT64_FORMAT, value[0], lower, capacity)));
	if (n == rows->edges_room)
		make_room_for_edges(rows);
	rows->edge_id[n] = value[0];
	rows->source_id[n] = value[1];
	rows->target_id[n] = value[2];
	rows->capacity[n] = capacity;
	rows->cost[n] = value[4];
	rows->lower[n] = lower;
	rows->nedges++;
}

static int
compare_places(const void *left, const void *right)
{
	const Place *a = left;
	const Place *b = right;

	return (a->id > b->id) - (a->id < b->id);
}

static void
permute(int64 *array, const Place *order, int n, int64 *scratch)
{
	for (int i = 0; i < n; i++)
		scratch[i] = array[order[i].at];
	memcpy(array, scratch, n * sizeof(int64));
}

static void
refuse_twice(const char *what, int64 id)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s " INT64_FORMAT " is there twice", what, id)));
}

/* By id. Rows that come in order need no sorting. */
static void
sort_edges(FlowRows *rows)
{
	int			n = rows->nedges;
	bool		ascending = true;
	Place	   *order;
	int64	   *scratch;

	for (int i = 1; i < n && ascending; i++)
		ascending = rows->edge_id[i - 1] < rows->edge_id[i];
	if (ascending)
		return;
	ob_allocation_charge(rows, mul_size(n, sizeof(Place) + sizeof(int64)));
	order = MemoryContextAllocHuge(rows->context, mul_size(n, sizeof(Place)));
	scratch = MemoryContextAllocHuge(rows->context, mul_size(n, sizeof(int64)));
	for (int i = 0; i < n; i++)
		order[i] = (Place) {rows->edge_id[i], i};
	qsort(order, n, sizeof(Place), compare_places);
	for (int i = 1; i < n; i++)
		if (order[i - 1].id == order[i].id)
			refuse_twice("edge", order[i].id);
	permute(rows->edge_id, order, n, scratch);
	permute(rows->source_id, order, n, scratch);
	permute(rows->target_id, order, n, scratch);
	permute(rows->lower, order, n, scratch);
	permute(rows->capacity, order, n, scratch);
	permute(rows->cost, order, n, scratch);
	pfree(order);
	pfree(scratch);
	rows->used -= mul_size(n, sizeof(Place) + sizeof(int64));
}

/* ---- nodes ---- */

static void
keep_supply(void *context, int64 node, int64 supply)
{
	FlowRows   *rows = context;

	if (rows->supplies == rows->nodes_room)
	{
		int			room = more_room(rows->nodes_room, "nodes");

		rows->node_id = resize(rows, rows->node_id, rows->nodes_room, room, sizeof(int64));
		rows->supply = resize(rows, rows->supply, rows->nodes_room, room, sizeof(int64));
		rows->nodes_room = room;
	}
	rows->node_id[rows->supplies] = node;
	rows->supply[rows->supplies++] = supply;
}

static int
compare_entries(const void *left, const void *right)
{
	int64		a = (*(NodeEntry *const *) left)->id;
	int64		b = (*(NodeEntry *const *) right)->id;

	return (a > b) - (a < b);
}

/* Numbers the nodes by id, those of edges and those of supplies, and puts the numbers into the edges. */
static void
number_nodes(FlowRows *rows)
{
	/* an entry, at 45 % of the table at worst, and a pointer to sort it by */
	Size		each = sizeof(NodeEntry) * 9 / 4 + sizeof(NodeEntry *);
	node_table_hash *table = node_table_create(rows->context, 1024, NULL);
	int64	   *supply_node = rows->node_id;
	int64	   *supply = rows->supply;
	NodeEntry **entries;
	NodeEntry  *entry;
	node_table_iterator scan;
	bool		found;
	int			n = 0;

	for (int i = 0; i < rows->supplies; i++)
	{
		node_table_insert(table, supply_node[i], &found);
		if (found)
			refuse_twice("the supply of node", supply_node[i]);
	}
	for (int e = 0; e < rows->nedges; e++)
	{
		node_table_insert(table, rows->source_id[e], &found);
		node_table_insert(table, rows->target_id[e], &found);
		if ((e & 0xfff) == 0)
		{
			CHECK_FOR_INTERRUPTS();
			if (table->members > FLOW_MAX_SIZE)
				(void) more_room(FLOW_MAX_SIZE, "nodes");
		}
	}
	rows->nnodes = table->members;
	ob_allocation_charge(rows, mul_size(rows->nnodes, each + 2 * sizeof(int64)));
	ob_allocation_charge(rows, mul_size(rows->nedges, 2 * sizeof(int)));
	entries = MemoryContextAllocHuge(rows->context, mul_size(Max(rows->nnodes, 1), sizeof(NodeEntry *)));
	node_table_start_iterate(table, &scan);
	while ((entry = node_table_iterate(table, &scan)) != NULL)
		entries[n++] = entry;
	qsort(entries, n, sizeof(NodeEntry *), compare_entries);
	rows->node_id = MemoryContextAllocHuge(rows->context, mul_size(Max(n, 1), sizeof(int64)));
	rows->supply = MemoryContextAllocExtended(rows->context, mul_size(Max(n, 1), sizeof(int64)), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (int v = 0; v < n; v++)
	{
		entries[v]->number = v;
		rows->node_id[v] = entries[v]->id;
	}
	for (int i = 0; i < rows->supplies; i++)
		rows->supply[node_table_lookup(table, supply_node[i])->number] = supply[i];
	rows->source = MemoryContextAllocHuge(rows->context, mul_size(Max(rows->nedges, 1), sizeof(int)));
	rows->target = MemoryContextAllocHuge(rows->context, mul_size(Max(rows->nedges, 1), sizeof(int)));
	for (int e = 0; e < rows->nedges; e++)
	{
		rows->source[e] = node_table_lookup(table, rows->source_id[e])->number;
		rows->target[e] = node_table_lookup(table, rows->target_id[e])->number;
	}
	node_table_destroy(table);
	pfree(entries);
	rows->used -= mul_size(n, each);
	if (supply_node != NULL)
	{
		pfree(supply_node);
		pfree(supply);
		rows->used -= mul_size(rows->nodes_room, 2 * sizeof(int64));
	}
}

/* What was needed for reading alone. */
static void
drop_ids(FlowRows *rows)
{
	if (rows->source_id == NULL)
		return;
	pfree(rows->source_id);
	pfree(rows->target_id);
	rows->source_id = rows->target_id = NULL;
	rows->used -= mul_size(rows->edges_room, 2 * sizeof(int64));
}

FlowRows *
ob_allocation_read_flow_problem(const char *edges, const char *supplies)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "outbreak flow", ALLOCSET_DEFAULT_SIZES);
	FlowRows   *rows = MemoryContextAllocZero(context, sizeof(FlowRows));
	RowQuery		edge = {.of = "edges", .row = "edge", .columns = "id, source, target, capacity, cost and, if wanted, lower_bound (bigint)", .ncolumns = 6,
		.column = {{.name = "id", .required = true}, {.name = "source", .required = true}, {.name = "target", .required = true},
		{.name = "capacity", .required = true, .may_be_null = true}, {.name = "cost", .required = true},
	{.name = "lower_bound", .may_be_null = true}}, .keep = keep_edge, .context = rows};

	rows->context = context;
	read_query(&edge, edges);
	sort_edges(rows);
	if (supplies != NULL)
		ob_allocation_read_pairs(supplies, "supplies", "node", "supply", keep_supply, rows);
	number_nodes(rows);
	drop_ids(rows);
	return rows;
}

void
ob_allocation_check_flow_balance(const FlowRows *rows)
{
	__int128	sum = 0;
	bool		over;
	char		difference[32];

	for (int v = 0; v < rows->nnodes; v++)
		sum += rows->supply[v];
	if (sum == 0)
		return;
	over = sum > 0;
	if (sum > PG_INT64_MAX || sum < -(__int128) PG_INT64_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("supplies and demands differ by more than " INT64_FORMAT, PG_INT64_MAX)));
	snprintf(difference, sizeof(difference), INT64_FORMAT, (int64) (over ? sum : -sum));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 over ? errmsg("the supplies are above the demands by %s", difference) : errmsg("the demands are above the supplies by %s", difference),
			 over ? errhint("To leave supply unused, add a node with the supply -%s, and an edge to it from each node that may keep some, at the cost of keeping it.", difference)
			 : errhint("To leave demand unmet, add a node with the supply %s, and an edge from it to each node that may miss some, at the cost of missing it.", difference)));
}

int
ob_allocation_find_id(const int64 *ids, int n, int64 id)
{
	int			low = 0;
	int			high = n;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (ids[middle] < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && ids[low] == id ? low : -1;
}

FlowProblem
ob_allocation_flow_problem(const FlowRows *rows)
{
	return (FlowProblem) {.nnodes = rows->nnodes, .narcs = rows->nedges, .source = rows->source, .target = rows->target,
		.lower = rows->lower, .capacity = rows->capacity, .cost = rows->cost, .supply = rows->supply};
}
