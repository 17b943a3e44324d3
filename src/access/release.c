/*-------------------------------------------------------------------------
 *
 * release.c
 *		Releasing figures in series: what was said once is said for ever.
 *
 * access.released holds what was released of a series, and so knows what the
 * adversary knows. A new release must count the old cells too; those shown
 * stay shown, those hidden stay hidden, and the new ones are protected against
 * all of it together. The row of the series in access.release_series is locked
 * from the beginning to the end of the transaction, so that two releases of a
 * series never decide side by side; it is also updated, so that a transaction
 * with an old snapshot fails instead of deciding without the other's rows.
 *
 * The query runs with the rights of the caller, the two tables are read and
 * written with those of their owner: nobody else writes them.
 *
 * access.release_proof holds the moves on which the protection rests, since to
 * find one again among all that must not change any more is hard. It is the
 * owner's alone.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/int.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "access/audit.h"
#include "access/audit_image.h"
#include "access/suppress.h"
#include "common/compat.h"
#include "common/errors.h"
#include "common/owner.h"

/* Runs a statement; an error unless its result is the one expected. */
static void
run(const char *statement, int nargs, Oid *types, Datum *values, const char *nulls, int expected)
{
	int			result = SPI_execute_with_args(statement, nargs, types, values, nulls, false, 0);

	if (result != expected)
		elog(ERROR, "statement of a release failed: %s", SPI_result_code_string(result));
}

/* May the role release figures that belong to no prefecture? */
static bool
speaks_for_the_nation(Oid role)
{
	static const char *const national[] = {"outbreak_ministry", "outbreak_worker", "outbreak_owner"};

	for (int i = 0; i < lengthof(national); i++)
	{
		Oid			group = get_role_oid(national[i], true);

		if (OidIsValid(group) && has_privs_of_role(role, group))
			return true;
	}
	return false;
}

/* Locks the series, making it if there is none, and checks that this release may continue it. */
static void
open_series(Datum series, int threshold, Oid caller)
{
	Oid			types[2] = {TEXTOID, INT4OID};
	Datum		values[2] = {series, Int32GetDatum(threshold)};
	bool		isnull;
	int			before;

	run("SELECT outbreak.my_prefecture()", 0, NULL, NULL, NULL, SPI_OK_SELECT);
	(void) SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull);
	if (isnull && !speaks_for_the_nation(caller))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("you act for no prefecture"),
				 errhint("Figures of the nation are released by members of outbreak_ministry or outbreak_worker.")));

	run("INSERT INTO access.release_series (series, threshold, prefecture) VALUES ($1, $2, outbreak.my_prefecture()) "
		"ON CONFLICT (series) DO NOTHING",
		2, types, values, NULL, SPI_OK_INSERT);
	run("UPDATE access.release_series SET releases = releases OPERATOR(pg_catalog.+) 1, released_at = pg_catalog.now() "
		"WHERE series OPERATOR(pg_catalog.=) $1 "
		"RETURNING threshold, COALESCE(prefecture, 0) OPERATOR(pg_catalog.=) COALESCE(outbreak.my_prefecture(), 0)",
		1, types, values, NULL, SPI_OK_UPDATE_RETURNING);
	if (SPI_processed != 1)
		elog(ERROR, "the series of a release is gone");
	if (!DatumGetBool(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2, &isnull)))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("series \"%s\" belongs to somebody else", TextDatumGetCString(series)),
				 errhint("A series is continued by the prefecture, or the ministry, that began it.")));
	before = DatumGetInt32(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull));
	if (before != threshold)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("series \"%s\" is released with threshold %d, not %d", TextDatumGetCString(series), before, threshold),
				 errhint("Figures with another threshold are another series, of other persons or dates.")));
}

/*
 * Marks what was released before, keeps the values shown in shown[] and sets
 * known[] for the cells that access.released has. Refuses figures that do not
 * count all of it.
 */
static void
recall(Datum series, Figures *figures, int64 *shown, bool *known)
{
	Oid			type = TEXTOID;
	char	  **missing;
	int			nmissing = 0;

	run("SELECT cell, value FROM access.released WHERE series OPERATOR(pg_catalog.=) $1 ORDER BY cell COLLATE pg_catalog.\"C\"",
		1, &type, &series, NULL, SPI_OK_SELECT);
	missing = MemoryContextAllocHuge(figures->context, sizeof(char *) * Max(SPI_processed, 1));
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		char	   *name = SPI_getvalue(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1);
		int			c = ob_access_find_cell(figures, name);
		bool		hidden;
		Datum		value = SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 2, &hidden);

		if (c < 0)
		{
			missing[nmissing++] = name;
			continue;
		}
		known[c] = true;
		figures->state[c] = hidden ? CELL_HIDDEN : CELL_FIXED;
		if (!hidden)
			shown[c] = DatumGetInt64(value);
		pfree(name);
	}
	if (nmissing > 0)
		ob_access_refuse_cells(ERRCODE_INVALID_PARAMETER_VALUE, "the query of the atoms does not count these cells, which the series has released", missing, nmissing,
							   "Whoever knows them can subtract: give the atoms of all cells of the series, those released before included.");
	SPI_freetuptable(SPI_tuptable);
}

/* Refuses figures in which a cell has another value than the one shown. */
static void
refuse_revisions(const Figures *figures, const int64 *shown)
{
	int64	   *sum = MemoryContextAllocExtended(figures->context, sizeof(int64) * Max(figures->ncells, 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	char	  **revised = MemoryContextAllocHuge(figures->context, sizeof(char *) * Max(figures->ncells, 1));
	int			n = 0;

	for (int a = 0; a < figures->natoms; a++)
		for (int64_t l = figures->first[a]; l < figures->first[a + 1]; l++)
			if (pg_add_s64_overflow(sum[figures->cell[l]], figures->value[a], &sum[figures->cell[l]]))
				sum[figures->cell[l]] = PG_INT64_MAX;
	for (int c = 0; c < figures->ncells; c++)
		if (figures->state[c] == CELL_FIXED && sum[c] != shown[c])
			revised[n++] = figures->name[c];
	if (n > 0)
		ob_access_refuse_cells(ERRCODE_OB_REVISED, "these cells were released with another value", revised, n,
							   "Publish a revision under new names of cells; what both figures count, and what only one of them counts, are then atoms of their own.");
}

/* The moves that protect what the series has released, or NULL at its first release. */
static SuppressMoves *
recall_moves(Datum series, const Figures *figures, const bool *known)
{
	SuppressMoves *moves = NULL;
	Oid			type = TEXTOID;

	run("SELECT moves FROM access.release_proof WHERE series OPERATOR(pg_catalog.=) $1", 1, &type, &series, NULL, SPI_OK_SELECT);
	if (SPI_processed > 0)
	{
		bool		isnull;
		Datum		bytes = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull);

		moves = ob_access_read_moves(figures, known, DatumGetByteaPP(bytes));
	}
	SPI_freetuptable(SPI_tuptable);
	return moves;
}

/* Keeps the moves for the next release. */
static void
remember_moves(Datum series, const Figures *figures, const SuppressMoves *moves)
{
	Oid			types[2] = {TEXTOID, BYTEAOID};
	Datum		values[2] = {series, PointerGetDatum(ob_access_write_moves(figures, moves))};

	run("INSERT INTO access.release_proof (series, moves) VALUES ($1, $2) "
		"ON CONFLICT (series) DO UPDATE SET moves = excluded.moves",
		2, types, values, NULL, SPI_OK_INSERT);
}

/* Has the audit trail say who released how much of what. */
static void
note_release(Datum series, int cells, const bool *hidden)
{
	char	   *name = TextDatumGetCString(series);
	StringInfoData detail;
	int			nhidden = 0;

	for (int i = 0; i < cells; i++)
		nhidden += hidden[i];
	initStringInfo(&detail);
	appendStringInfoString(&detail, "{\"series\":");
	ob_access_audit_json(&detail, name, strlen(name));
	appendStringInfo(&detail, ",\"cells\":%d,\"hidden\":%d}", cells, nhidden);
	ob_access_audit_note("release", "access.released", NULL, detail.data);
}

/* Adds the cells that are new to access.released. */
static void
remember(Datum series, const Figures *figures, const bool *known)
{
	Oid			types[3] = {TEXTOID, TEXTARRAYOID, INT8ARRAYOID};
	Datum		values[3] = {series};
	Datum	   *names = MemoryContextAllocHuge(figures->context, sizeof(Datum) * Max(figures->ncells, 1));
	Datum	   *totals = MemoryContextAllocHuge(figures->context, sizeof(Datum) * Max(figures->ncells, 1));
	bool	   *hidden = MemoryContextAllocHuge(figures->context, sizeof(bool) * Max(figures->ncells, 1));
	int			n = 0;
	int			one = 1;

	for (int c = 0; c < figures->ncells; c++)
	{
		if (known[c])
			continue;
		names[n] = CStringGetTextDatum(figures->name[c]);
		totals[n] = Int64GetDatum(figures->total[c]);
		hidden[n++] = figures->state[c] == CELL_HIDDEN;
	}
	if (n == 0)
		return;
	values[1] = PointerGetDatum(construct_array(names, n, TEXTOID, -1, false, TYPALIGN_INT));
	values[2] = PointerGetDatum(construct_md_array(totals, hidden, 1, &n, &one, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
	run("INSERT INTO access.released (series, cell, value, hidden) "
		"SELECT $1, u.cell, u.value, u.value IS NULL FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3)) AS u (cell, value)",
		3, types, values, NULL, SPI_OK_INSERT);
	note_release(series, n, hidden);
}

/* release_cells(series text, atoms text, threshold integer) returns table (cell text, value bigint, hidden boolean) */
PG_FUNCTION_INFO_V1(ob_access_release_cells);
Datum
ob_access_release_cells(PG_FUNCTION_ARGS)
{
	Datum		series = PointerGetDatum(PG_GETARG_TEXT_PP(0));
	int			threshold = PG_GETARG_INT32(2);
	Oid			table = ob_common_deployed_table("access", "released");
	Figures    *figures;
	OwnerScope	owner;
	Oid			caller = GetUserId();
	SuppressMoves *hints;
	SuppressMoves made = {0};
	int64	   *shown;
	bool	   *known;

	if (!OidIsValid(table))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("access.released is not deployed"),
				 errhint("CALL outbreak.deploy() first.")));
	InitMaterializedSRF(fcinfo, 0);
	SPI_connect();

	ob_common_become_owner(table, &owner);
	open_series(series, threshold, caller);
	ob_common_leave_owner(&owner);

	figures = ob_access_read_figures(text_to_cstring(PG_GETARG_TEXT_PP(1)));
	shown = MemoryContextAllocHuge(figures->context, sizeof(int64) * Max(figures->ncells, 1));
	known = MemoryContextAllocExtended(figures->context, sizeof(bool) * Max(figures->ncells, 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);

	ob_common_become_owner(table, &owner);
	recall(series, figures, shown, known);
	hints = recall_moves(series, figures, known);
	ob_common_leave_owner(&owner);

	refuse_revisions(figures, shown);
	ob_access_decide(figures, threshold, hints, &made);

	ob_common_become_owner(table, &owner);
	remember(series, figures, known);
	remember_moves(series, figures, &made);
	ob_common_leave_owner(&owner);

	ob_access_return_figures(fcinfo, figures);
	SPI_finish();
	return (Datum) 0;
}
