/*-------------------------------------------------------------------------
 *
 * suppress.c
 *		outbreak.suppress(): published counts without their small cells.
 *
 * Reads the atoms of a query and hands them to the kernel, in an order that
 * does not depend on the order of the rows: cells by name. The same counts
 * therefore always have the same cells hidden.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#include "access/suppress.h"
#include "common/compat.h"
#include "common/errors.h"

#define ROWS_AT_A_TIME	1000

typedef struct NameEntry
{
	const char *name;			/* key */
	int			number;
} NameEntry;

static uint32
hash_name(const void *key, Size size)
{
	const char *name = *(const char *const *) key;

	return hash_bytes((const unsigned char *) name, strlen(name));
}

static int
match_names(const void *left, const void *right, Size size)
{
	return strcmp(*(const char *const *) left, *(const char *const *) right);
}

static Figures *
new_figures(void)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "outbreak figures", ALLOCSET_DEFAULT_SIZES);
	Figures    *figures = MemoryContextAllocZero(context, sizeof(Figures));
	HASHCTL		control = {.keysize = sizeof(char *), .entrysize = sizeof(NameEntry), .hash = hash_name, .match = match_names, .hcxt = context};

	figures->context = context;
	figures->index = hash_create("outbreak cells", 1024, &control, HASH_ELEM | HASH_FUNCTION | HASH_COMPARE | HASH_CONTEXT);
	figures->atoms_room = 1024;
	figures->cell_room = 8192;
	figures->cells_room = 1024;
	figures->value = MemoryContextAlloc(context, figures->atoms_room * sizeof(int64_t));
	figures->first = MemoryContextAllocZero(context, (figures->atoms_room + 1) * sizeof(int64_t));
	figures->cell = MemoryContextAlloc(context, figures->cell_room * sizeof(int));
	figures->name = MemoryContextAlloc(context, figures->cells_room * sizeof(char *));
	return figures;
}

static void
too_many(const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("too many %s to be published together", what)));
}

/* Number of the cell of that name, made if there is none yet. */
static int
cell_number(Figures *figures, Datum text_name)
{
	char	   *name = TextDatumGetCString(text_name);
	bool		found;
	NameEntry  *entry = hash_search(figures->index, &name, HASH_ENTER, &found);

	if (!found)
	{
		if (figures->ncells == figures->cells_room)
		{
			if (figures->cells_room > PG_INT32_MAX / 4)
				too_many("cells");
			figures->cells_room *= 2;
			figures->name = repalloc_huge(figures->name, (Size) figures->cells_room * sizeof(char *));
		}
		entry->name = MemoryContextStrdup(figures->context, name);
		entry->number = figures->ncells;
		figures->name[figures->ncells++] = (char *) entry->name;
	}
	pfree(name);
	return entry->number;
}

/* Adds an atom that counts in the cells of an array. */
static void
add_atom(Figures *figures, int64 value, ArrayType *cells)
{
	int64_t		at = figures->first[figures->natoms];
	Datum	   *names;
	bool	   *nulls;
	int			n;

	if (value < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a count is negative")));
	deconstruct_array(cells, TEXTOID, -1, false, TYPALIGN_INT, &names, &nulls, &n);
	if (figures->natoms == figures->atoms_room)
	{
		if (figures->atoms_room > PG_INT32_MAX / 4)
			too_many("counts");
		figures->atoms_room *= 2;
		figures->value = repalloc_huge(figures->value, (Size) figures->atoms_room * sizeof(int64_t));
		figures->first = repalloc_huge(figures->first, ((Size) figures->atoms_room + 1) * sizeof(int64_t));
	}
	while (at + n > figures->cell_room)
	{
		figures->cell_room *= 2;
		figures->cell = repalloc_huge(figures->cell, (Size) figures->cell_room * sizeof(int));
	}
	for (int i = 0; i < n; i++)
	{
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("the name of a cell is null")));
		figures->cell[at++] = cell_number(figures, names[i]);
	}
	figures->value[figures->natoms++] = value;
	figures->first[figures->natoms] = at;
}

/* The column of that name among those of the query; its type is one of those given. */
static int
find_column(TupleDesc desc, const char *name, const Oid *types, int ntypes, const char *wanted)
{
	int			column = SPI_fnumber(desc, name);
	Oid			type;

	if (column <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("the query of the atoms has no column \"%s\"", name),
				 errhint("It must have the columns value (bigint) and cells (text[]).")));
	type = SPI_gettypeid(desc, column);
	for (int i = 0; i < ntypes; i++)
		if (type == types[i])
			return column;
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("column \"%s\" of the query of the atoms is of type %s, not %s", name, format_type_be(type), wanted)));
}

static int64
whole_number(Datum value, Oid type)
{
	switch (type)
	{
		case INT2OID:
			return DatumGetInt16(value);
		case INT4OID:
			return DatumGetInt32(value);
		case INT8OID:
			return DatumGetInt64(value);
		default:
			/* sum(bigint) is numeric, and whole */
			if (!DatumGetBool(DirectFunctionCall2(numeric_eq, value, DirectFunctionCall2(numeric_trunc, value, Int32GetDatum(0)))))
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("a count is not a whole number")));
			return DatumGetInt64(DirectFunctionCall1(numeric_int8, value));
	}
}

static int
compare_names(const void *left, const void *right)
{
	return strcmp((*(NameEntry *const *) left)->name, (*(NameEntry *const *) right)->name);
}

static int
compare_numbers(const void *left, const void *right)
{
	int			a = *(const int *) left;
	int			b = *(const int *) right;

	return (a > b) - (a < b);
}

/* Numbers the cells by name, and makes the cells of each atom ascend, each once. */
static void
put_in_order(Figures *figures)
{
	NameEntry **entries = MemoryContextAllocHuge(figures->context, (Size) Max(figures->ncells, 1) * sizeof(NameEntry *));
	int		   *number = MemoryContextAllocHuge(figures->context, (Size) Max(figures->ncells, 1) * sizeof(int));
	HASH_SEQ_STATUS scan;
	NameEntry  *entry;
	int64_t		to = 0;
	int64_t		from = 0;
	int			n = 0;

	hash_seq_init(&scan, figures->index);
	while ((entry = hash_seq_search(&scan)) != NULL)
		entries[n++] = entry;
	qsort(entries, n, sizeof(NameEntry *), compare_names);
	for (int i = 0; i < n; i++)
	{
		number[entries[i]->number] = i;
		entries[i]->number = i;
		figures->name[i] = (char *) entries[i]->name;
	}
	for (int a = 0; a < figures->natoms; a++)
	{
		int64_t		end = figures->first[a + 1];
		int64_t		start = to;

		if ((a & 0xfff) == 0)
			CHECK_FOR_INTERRUPTS();
		for (int64_t l = from; l < end; l++)
			figures->cell[l] = number[figures->cell[l]];
		qsort(figures->cell + from, end - from, sizeof(int), compare_numbers);
		for (; from < end; from++)
			if (to == start || figures->cell[to - 1] != figures->cell[from])
				figures->cell[to++] = figures->cell[from];
		figures->first[a + 1] = to;
	}
	figures->state = MemoryContextAllocExtended(figures->context, Max(figures->ncells, 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	figures->total = MemoryContextAllocHuge(figures->context, (Size) Max(figures->ncells, 1) * sizeof(int64_t));
}

Figures *
ob_access_read_figures(const char *atoms)
{
	static const Oid value_types[] = {INT8OID, INT4OID, INT2OID, NUMERICOID};
	static const Oid cells_types[] = {TEXTARRAYOID};
	Figures    *figures = new_figures();
	SPIPlanPtr	plan = SPI_prepare(atoms, 0, NULL);
	Portal		portal;
	MemoryContext row_context;

	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	if (!SPI_is_cursor_plan(plan))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the atoms must be one query that returns rows")));
	portal = SPI_cursor_open(NULL, plan, NULL, NULL, false);
	row_context = AllocSetContextCreate(CurrentMemoryContext, "outbreak figures row", ALLOCSET_DEFAULT_SIZES);
	for (;;)
	{
		SPITupleTable *rows;
		TupleDesc	desc;
		int			value_column;
		int			cells_column;

		SPI_cursor_fetch(portal, true, ROWS_AT_A_TIME);
		rows = SPI_tuptable;
		desc = rows->tupdesc;
		value_column = find_column(desc, "value", value_types, lengthof(value_types), "bigint");
		cells_column = find_column(desc, "cells", cells_types, lengthof(cells_types), "text[]");
		if (SPI_processed == 0)
		{
			SPI_freetuptable(rows);
			break;
		}
		for (uint64 i = 0; i < rows->numvals; i++)
		{
			MemoryContext old = MemoryContextSwitchTo(row_context);
			bool		value_null;
			bool		cells_null;
			Datum		value = SPI_getbinval(rows->vals[i], desc, value_column, &value_null);
			Datum		cells = SPI_getbinval(rows->vals[i], desc, cells_column, &cells_null);

			if (value_null || cells_null)
				ereport(ERROR,
						(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						 errmsg("column \"%s\" of the query of the atoms is null", value_null ? "value" : "cells"),
						 errhint("A count that is not known cannot be published; a count that stands in no cell has the array {}.")));
			add_atom(figures, whole_number(value, SPI_gettypeid(desc, value_column)), DatumGetArrayTypeP(cells));
			MemoryContextSwitchTo(old);
			MemoryContextReset(row_context);
		}
		SPI_freetuptable(rows);
		CHECK_FOR_INTERRUPTS();
	}
	SPI_cursor_close(portal);
	SPI_freeplan(plan);
	MemoryContextDelete(row_context);
	put_in_order(figures);
	return figures;
}

int
ob_access_find_cell(const Figures *figures, const char *name)
{
	NameEntry  *entry = hash_search(figures->index, &name, HASH_FIND, NULL);

	return entry != NULL ? entry->number : -1;
}

void
ob_access_refuse_cells(int sqlstate, const char *message, char **names, int n, const char *hint)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < n && i < 5; i++)
		appendStringInfo(&list, "%s\"%s\"", i > 0 ? ", " : "", names[i]);
	if (n > 5)
		appendStringInfo(&list, " and %d more", n - 5);
	ereport(ERROR,
			(errcode(sqlstate),
			 errmsg("%s: %s", message, list.data),
			 errhint("%s", hint)));
}

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

void
ob_access_decide(Figures *figures, int threshold, const SuppressMoves *hints, SuppressMoves *made)
{
	MemoryContext work = AllocSetContextCreate(figures->context, "outbreak suppression", ALLOCSET_DEFAULT_SIZES);
	SuppressHooks hooks = {.context = work, .allocate = allocate, .check_interrupt = check_interrupt};
	SuppressInput input = {.natoms = figures->natoms, .ncells = figures->ncells, .value = figures->value,
	.first = figures->first, .cell = figures->cell, .threshold = threshold, .hints = hints, .made = made};
	int			culprit = 0;

	if (threshold < 1 || threshold > SUPPRESS_MAX_THRESHOLD)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("threshold %d is not between 1 and %d", threshold, SUPPRESS_MAX_THRESHOLD)));
	switch (ob_access_suppress(&input, &hooks, figures->state, figures->total, &culprit))
	{
		case SUPPRESS_OK:
			break;
		case SUPPRESS_NEGATIVE:
			elog(ERROR, "a count is negative");
			break;
		case SUPPRESS_TOO_LARGE:
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("a sum of counts is out of range")));
			break;
		case SUPPRESS_FIXED_IS_SMALL:
			ob_access_refuse_cells(ERRCODE_OB_UNPROTECTED, "a cell that was shown before is below the threshold", &figures->name[culprit], 1,
								   "It was released with a lower threshold, or its figure has been revised.");
			break;
		case SUPPRESS_UNPROTECTED:
			ob_access_refuse_cells(ERRCODE_OB_UNPROTECTED, "a count below the threshold cannot be protected any more, by what was shown before of cell", &figures->name[culprit], 1,
								   "Publish fewer or coarser cells beside those shown before.");
			break;
	}
	/* the moves made lie in it */
	if (made == NULL)
		MemoryContextDelete(work);
}

void
ob_access_return_figures(FunctionCallInfo fcinfo, const Figures *figures)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	for (int c = 0; c < figures->ncells; c++)
	{
		bool		hidden = figures->state[c] == CELL_HIDDEN;
		text	   *name = cstring_to_text(figures->name[c]);
		Datum		values[3] = {PointerGetDatum(name), Int64GetDatum(figures->total[c]), BoolGetDatum(hidden)};
		bool		nulls[3] = {false, hidden, false};

		if ((c & 0xfff) == 0)
			CHECK_FOR_INTERRUPTS();
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		pfree(name);
	}
}

/* Marks the cells of a text[] as shown before; each must be among those of the query. */
static void
fix_published(Figures *figures, ArrayType *published)
{
	char	  **missing;
	Datum	   *names;
	bool	   *nulls;
	int			nmissing = 0;
	int			n;

	deconstruct_array(published, TEXTOID, -1, false, TYPALIGN_INT, &names, &nulls, &n);
	missing = palloc(sizeof(char *) * Max(n, 1));
	for (int i = 0; i < n; i++)
	{
		char	   *name;
		int			c;

		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("the name of a cell is null")));
		name = TextDatumGetCString(names[i]);
		c = ob_access_find_cell(figures, name);
		if (c < 0)
			missing[nmissing++] = name;
		else
			figures->state[c] = CELL_FIXED;
	}
	if (nmissing > 0)
		ob_access_refuse_cells(ERRCODE_INVALID_PARAMETER_VALUE, "the query of the atoms does not count these cells, which were shown before", missing, nmissing,
							   "Whoever knows them can subtract: give the atoms of all cells together, those shown before included.");
}

/* suppress(atoms text, threshold integer, published text[]) returns table (cell text, value bigint, hidden boolean) */
PG_FUNCTION_INFO_V1(ob_access_suppress_cells);
Datum
ob_access_suppress_cells(PG_FUNCTION_ARGS)
{
	Figures    *figures;

	InitMaterializedSRF(fcinfo, 0);
	SPI_connect();
	figures = ob_access_read_figures(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	fix_published(figures, PG_GETARG_ARRAYTYPE_P(2));
	ob_access_decide(figures, PG_GETARG_INT32(1), NULL, NULL);
	ob_access_return_figures(fcinfo, figures);
	SPI_finish();
	return (Datum) 0;
}
