/*-------------------------------------------------------------------------
 *
 * total.c
 *		A sum that never passes a part off as the whole.
 *
 * outbreak.total(value, low, high) adds up reported values and keeps count of
 * those that are missing. A missing value may lie anywhere from low to high;
 * without high it may be any size, and then the sum has no upper bound.
 *
 * The state is a bigint[6], a type that parallel workers, rollup tables and
 * other nodes can carry: expected, reported, total, low and high of what is
 * missing, and the number of missing values without high.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "common/int.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/array.h"

#include "common/compat.h"

enum
{
	EXPECTED, REPORTED, TOTAL, MISSING_LOW, MISSING_HIGH, UNBOUNDED, MEMBERS
};

/* The members of a state, writable only in the aggregate's own copy. */
static int64 *
members(ArrayType *state)
{
	if (ARR_NDIM(state) != 1 || ARR_DIMS(state)[0] != MEMBERS || ARR_HASNULL(state) || ARR_ELEMTYPE(state) != INT8OID)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("a state of outbreak.total is a bigint[] of %d members", MEMBERS)));
	return (int64 *) ARR_DATA_PTR(state);
}

/* Adds to a member; an error instead of a wrong sum. */
static void
add(int64 *member, int64 value)
{
	if (pg_add_s64_overflow(*member, value, member))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("sum out of range")));
}

/* The state to change: the aggregate's own, or a copy when called by hand. */
static ArrayType *
own_state(FunctionCallInfo fcinfo)
{
	return AggCheckCallContext(fcinfo, NULL) ? PG_GETARG_ARRAYTYPE_P(0) : PG_GETARG_ARRAYTYPE_P_COPY(0);
}

/* total_add(bigint[], value bigint, low bigint, high bigint) returns bigint[] */
PG_FUNCTION_INFO_V1(ob_report_total_add);
Datum
ob_report_total_add(PG_FUNCTION_ARGS)
{
	ArrayType  *state;
	int64	   *member;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = own_state(fcinfo);
	member = members(state);
	member[EXPECTED]++;
	if (!PG_ARGISNULL(1))
	{
		member[REPORTED]++;
		add(&member[TOTAL], PG_GETARG_INT64(1));
	}
	else
	{
		if (!PG_ARGISNULL(2))
			add(&member[MISSING_LOW], PG_GETARG_INT64(2));
		if (!PG_ARGISNULL(3))
			add(&member[MISSING_HIGH], PG_GETARG_INT64(3));
		else
			member[UNBOUNDED]++;
	}
	PG_RETURN_ARRAYTYPE_P(state);
}

/* total_combine(bigint[], bigint[]) returns bigint[] */
PG_FUNCTION_INFO_V1(ob_report_total_combine);
Datum
ob_report_total_combine(PG_FUNCTION_ARGS)
{
	ArrayType  *state = own_state(fcinfo);
	int64	   *into = members(state);
	int64	   *from = members(PG_GETARG_ARRAYTYPE_P(1));

	for (int i = 0; i < MEMBERS; i++)
		add(&into[i], from[i]);
	PG_RETURN_ARRAYTYPE_P(state);
}

/* total_result(bigint[]) returns outbreak.partial_total */
PG_FUNCTION_INFO_V1(ob_report_total_result);
Datum
ob_report_total_result(PG_FUNCTION_ARGS)
{
	int64	   *member = members(PG_GETARG_ARRAYTYPE_P(0));
	TupleDesc	desc;
	Datum		values[5];
	bool		nulls[5] = {false};
	int64		lower = member[TOTAL];
	int64		upper = member[TOTAL];

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	add(&lower, member[MISSING_LOW]);
	add(&upper, member[MISSING_HIGH]);
	values[0] = Int64GetDatum(member[EXPECTED]);
	values[1] = Int64GetDatum(member[REPORTED]);
	values[2] = Int64GetDatum(member[TOTAL]);
	values[3] = Int64GetDatum(lower);
	values[4] = Int64GetDatum(upper);
	nulls[2] = member[REPORTED] == 0;
	nulls[4] = member[UNBOUNDED] > 0;
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}
