/*-------------------------------------------------------------------------
 *
 * fairness.c
 *		outbreak.gini, outbreak.envy and outbreak.min_max_ratio: how evenly
 *		something was divided, as aggregates.
 *
 * The state is an array of numbers, amount and weight in turns (for the ratio:
 * the least and the greatest), a type that parallel workers, rollup tables and
 * other nodes can carry. It is kept expanded while rows come in, so that adding
 * a row does not copy the others.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/expandeddatum.h"

#include "allocation/fairness_kernel.h"

/* The array with one number more at its end; state is an expanded array that may be changed. */
static Datum
append(ExpandedArrayHeader *state, Datum value)
{
	int			at = state->ndims == 0 ? 1 : state->lbound[0] + state->dims[0];

	return array_set_element(EOHPGetRWDatum(&state->hdr), 1, &at, value, false, -1,
							 sizeof(Datum), true, TYPALIGN_DOUBLE);
}

/* The state with amount and weight appended; the aggregate's own, or a copy when called by hand. */
static Datum
append_pair(FunctionCallInfo fcinfo, Oid type, Datum amount, Datum weight)
{
	MemoryContext context;
	ExpandedArrayHeader *state;

	if (!AggCheckCallContext(fcinfo, &context))
		context = CurrentMemoryContext;
	if (PG_ARGISNULL(0))
		state = construct_empty_expanded_array(type, context, NULL);
	else
		state = DatumGetExpandedArray(PG_GETARG_DATUM(0));
	if (state->ndims > 1 || state->element_type != type)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("a state of this aggregate is an array of one dimension")));
	append(state, amount);
	return append(state, weight);
}

/* The pairs of a state, as a copy that may be sorted. */
static void *
pairs_of(ArrayType *state, int *n)
{
	int			numbers = ArrayGetNItems(ARR_NDIM(state), ARR_DIMS(state));

	if (ARR_HASNULL(state) || numbers % 2 != 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("a state of this aggregate holds pairs of numbers")));
	*n = numbers / 2;
	return memcpy(palloc(Max(numbers, 1) * sizeof(int64)), ARR_DATA_PTR(state), numbers * sizeof(int64));
}

static void
refuse(const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s", what)));
}

/* gini_add(double precision[], amount double precision [, weight double precision]) returns double precision[] */
PG_FUNCTION_INFO_V1(ob_allocation_gini_add);
Datum
ob_allocation_gini_add(PG_FUNCTION_ARGS)
{
	double		amount;
	double		weight = 1;

	if (PG_ARGISNULL(1) || (PG_NARGS() > 2 && PG_ARGISNULL(2)))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	amount = PG_GETARG_FLOAT8(1);
	if (PG_NARGS() > 2)
		weight = PG_GETARG_FLOAT8(2);
	if (!(amount >= 0) || isinf(amount))
		refuse("an amount must be a number of 0 or more");
	if (!(weight > 0) || isinf(weight))
		refuse("a weight must be a number above 0");
	PG_RETURN_DATUM(append_pair(fcinfo, FLOAT8OID, Float8GetDatum(amount), Float8GetDatum(weight)));
}

/* gini_result(double precision[]) returns double precision */
PG_FUNCTION_INFO_V1(ob_allocation_gini_result);
Datum
ob_allocation_gini_result(PG_FUNCTION_ARGS)
{
	int			n;
	FairUnit   *units = pairs_of(PG_GETARG_ARRAYTYPE_P(0), &n);
	double		gini;

	if (n == 0)
		PG_RETURN_NULL();
	gini = ob_allocation_gini(units, n);
	if (isnan(gini) || isinf(gini))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("the sum of the amounts is out of range")));
	PG_RETURN_FLOAT8(gini);
}

/* envy_add(bigint[], amount bigint, weight bigint) returns bigint[] */
PG_FUNCTION_INFO_V1(ob_allocation_envy_add);
Datum
ob_allocation_envy_add(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	if (PG_GETARG_INT64(1) < 0)
		refuse("an amount must be 0 or more");
	if (PG_GETARG_INT64(2) <= 0)
		refuse("a weight must be above 0");
	PG_RETURN_DATUM(append_pair(fcinfo, INT8OID, PG_GETARG_DATUM(1), PG_GETARG_DATUM(2)));
}

/* envy_result(bigint[]) returns bigint */
PG_FUNCTION_INFO_V1(ob_allocation_envy_result);
Datum
ob_allocation_envy_result(PG_FUNCTION_ARGS)
{
	int			n;
	FairCount  *units = pairs_of(PG_GETARG_ARRAYTYPE_P(0), &n);

	if (n == 0)
		PG_RETURN_NULL();
	PG_RETURN_INT64(ob_allocation_envy(units, palloc(n * sizeof(FairCount)), n));
}

/* min_max_add(double precision[], share double precision) returns double precision[] */
PG_FUNCTION_INFO_V1(ob_allocation_min_max_add);
Datum
ob_allocation_min_max_add(PG_FUNCTION_ARGS)
{
	double		share = PG_GETARG_FLOAT8(1);
	ArrayType  *state = AggCheckCallContext(fcinfo, NULL) ? PG_GETARG_ARRAYTYPE_P(0) : PG_GETARG_ARRAYTYPE_P_COPY(0);
	double	   *bound = (double *) ARR_DATA_PTR(state);

	if (ArrayGetNItems(ARR_NDIM(state), ARR_DIMS(state)) != 2 || ARR_HASNULL(state))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("a state of this aggregate holds two numbers")));
	if (!(share >= 0) || isinf(share))
		refuse("a share must be a number of 0 or more");
	bound[0] = Min(bound[0], share);
	bound[1] = Max(bound[1], share);
	PG_RETURN_ARRAYTYPE_P(state);
}
