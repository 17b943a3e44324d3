/*-------------------------------------------------------------------------
 *
 * apportion.c
 *	  outbreak.apportion() and outbreak.share(), over arrays and as window
 *	  functions: a thin layer over the kernels.
 *
 * A window function of ours reads its whole partition at the first row, works
 * once, and then hands out an element a row; the frame plays no part.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "windowapi.h"

#include "allocation/apportion_kernel.h"
#include "allocation/share_kernel.h"
#include "common/compat.h"
#include "common/errors.h"

typedef struct Numbers
{
	int			n;
	const int64 *value;
} Numbers;

static void *
allocate(void *context, size_t size)
{
	return MemoryContextAllocHuge(context, Max(size, 1));
}

static void
check_interrupt(void *context)
{
	CHECK_FOR_INTERRUPTS();
}

/* ---- words for what is wrong -------------------------------------------- */

static void
refuse_null(const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("the %s must not be null", what)));
}

/* "element" or "row", from 1 */
static void
refuse_null_element(const char *what, const char *place, int64 number)
{
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("the %s of %s " INT64_FORMAT " is null", what, place, number),
			 errhint("What is not known cannot be counted on; write coalesce(%s, …) if you mean a number.", what)));
}

/* A sum as decimal digits. */
static char *
decimal(u128 number)
{
	char		digits[40];
	char	   *at = digits + sizeof(digits) - 1;

	*at = '\0';
	do
	{
		*--at = '0' + (int) (number % 10);
		number /= 10;
	} while (number > 0);
	return pstrdup(at);
}

static void
refuse_value(const char *what, int64 value, const char *place, int unit, const char *must)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the %s of %s %d is " INT64_FORMAT, what, place, unit + 1, value),
			 errdetail("It must %s.", must)));
}

static void
refuse_apportionment(int64 seats, const char *why, u128 total)
{
	ereport(ERROR,
			(errcode(ERRCODE_OB_NOT_APPORTIONABLE),
			 errmsg(INT64_FORMAT " seats cannot be apportioned", seats),
			 errdetail(why, decimal(total))));
}

static void
report_apportionment(const ApportionInput *input, ApportionFault fault, const ApportionProblem *problem, const char *place)
{
	int			unit = problem->unit;

	switch (fault)
	{
		case APPORTION_OK:
			return;
		case APPORTION_NO_UNITS:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("there are no weights to apportion seats to")));
			break;
		case APPORTION_NEGATIVE_SEATS:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the seats are " INT64_FORMAT ", below 0", input->seats)));
			break;
		case APPORTION_NEGATIVE_WEIGHT:
			refuse_value("weight", input->weight[unit], place, unit, "not be negative");
			break;
		case APPORTION_NEGATIVE_FLOOR:
			refuse_value("floor", input->floor[unit], place, unit, "not be negative");
			break;
		case APPORTION_NEGATIVE_CAP:
			refuse_value("cap", input->cap[unit], place, unit, "not be negative");
			break;
		case APPORTION_FLOOR_ABOVE_CAP:
			refuse_value("floor", input->floor != NULL ? input->floor[unit] : 0, place, unit,
						 psprintf("not be above its cap, " INT64_FORMAT, input->cap[unit]));
			break;
		case APPORTION_FLOORS_ABOVE_SEATS:
			refuse_apportionment(input->seats, "The floors alone add up to %s.", problem->total);
			break;
		case APPORTION_CAPS_BELOW_SEATS:
			refuse_apportionment(input->seats, "The caps add up to %s.", problem->total);
			break;
		case APPORTION_NO_WEIGHT:
			refuse_apportionment(input->seats, "All weights are 0, and the floors add up to %s.", problem->total);
			break;
		case APPORTION_WEIGHTED_CAPS_BELOW_SEATS:
			refuse_apportionment(input->seats, "A weight of 0 gets its floor alone, and then no more than %s can be given.", problem->total);
			break;
	}
}

static void
report_share(const ShareInput *input, ShareFault fault, int unit, const char *place)
{
	switch (fault)
	{
		case SHARE_OK:
			return;
		case SHARE_NO_CLAIMS:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("there are no claims to share the estate among")));
			break;
		case SHARE_NEGATIVE_ESTATE:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the estate is " INT64_FORMAT ", below 0", input->estate)));
			break;
		case SHARE_NEGATIVE_CLAIM:
			refuse_value("claim", input->claim[unit], place, unit, "not be negative");
			break;
		case SHARE_BAD_WEIGHT:
			refuse_value("weight", input->weight[unit], place, unit, "be above 0");
			break;
		case SHARE_NOT_WEIGHTED:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("rule %s takes no weights", ob_allocation_rule_name(input->rule)),
					 errhint("The rules constrained_equal_awards and constrained_equal_losses take them.")));
			break;
		case SHARE_CLAIMS_TOO_LARGE:
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("the sum of the claims is out of range")));
			break;
	}
}

/* The number that a name has in a list, or an error that shows the list. */
static int
find_name(const text *written, const char *what, const char *(*name_of) (int), int count)
{
	char	   *name = text_to_cstring(written);
	StringInfoData list;

	for (int i = 0; i < count; i++)
		if (strcmp(name, name_of(i)) == 0)
			return i;
	initStringInfo(&list);
	for (int i = 0; i < count; i++)
		appendStringInfo(&list, "%s%s", i == 0 ? "" : i + 1 < count ? ", " : " and ", name_of(i));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("there is no %s \"%s\"", what, name),
			 errhint("There are %s.", list.data)));
}

static const char *
method_name(int number)
{
	return ob_allocation_method_name((ApportionMethod) number);
}

static const char *
rule_name(int number)
{
	return ob_allocation_rule_name((ShareRule) number);
}

/* ---- the work ------------------------------------------------------------ */

/* A division of either kind: what its name says, how much, and to whom. */
typedef struct Division
{
	bool		claims;			/* share(), not apportion() */
	int			how;			/* ApportionMethod or ShareRule */
	int64		amount;			/* seats or estate */
	Numbers		to;				/* weights or claims */
	const int64 *first;			/* floors, or weights of claims; or NULL */
	const int64 *second;		/* caps; or NULL */
	const char *place;			/* what an error counts: "element" or "row" */
} Division;

static void
divide(const Division *division, int64 *result)
{
	MemoryContext work = AllocSetContextCreate(CurrentMemoryContext, "outbreak division", ALLOCSET_DEFAULT_SIZES);
	AllocationHooks hooks = {.context = work,.allocate = allocate,.check_interrupt = check_interrupt};

	if (division->claims)
	{
		ShareInput	input = {.rule = (ShareRule) division->how,.estate = division->amount,.n = division->to.n,
		.claim = division->to.value,.weight = division->first};
		int			unit;
		ShareFault	fault = ob_allocation_share(&input, &hooks, result, &unit);

		report_share(&input, fault, unit, division->place);
	}
	else
	{
		ApportionInput input = {.method = (ApportionMethod) division->how,.seats = division->amount,.n = division->to.n,
		.weight = division->to.value,.floor = division->first,.cap = division->second};
		ApportionProblem problem;
		ApportionFault fault = ob_allocation_apportion(&input, &hooks, result, &problem);

		report_apportionment(&input, fault, &problem, division->place);
	}
	MemoryContextDelete(work);
}

static int
division_how(const Division *division, const text *name)
{
	return division->claims ? find_name(name, "rule", rule_name, SHARE_RULES) :
		find_name(name, "method", method_name, APPORTION_METHODS);
}

/* ---- arrays -------------------------------------------------------------- */

/* The elements of a bigint[] of one dimension, none null. */
static Numbers
array_numbers(ArrayType *array, const char *what)
{
	Numbers		numbers = {0, NULL};

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("the array of %ss has %d dimensions", what, ARR_NDIM(array)),
				 errdetail("It must have one.")));
	if (ARR_NDIM(array) == 0)
		return numbers;
	numbers.n = ARR_DIMS(array)[0];
	numbers.value = (const int64 *) ARR_DATA_PTR(array);
	if (array_contains_nulls(array))
		for (int i = 0; i < numbers.n; i++)
			if ((ARR_NULLBITMAP(array)[i / 8] & (1 << (i % 8))) == 0)
				refuse_null_element(what, "element", i + 1);
	return numbers;
}

/* The elements of an argument that may be left out and must be as long as another. */
static const int64 *
matching_numbers(FunctionCallInfo fcinfo, int argument, const char *what, const char *other, int n)
{
	Numbers		numbers;

	if (PG_NARGS() <= argument || PG_ARGISNULL(argument))
		return NULL;
	numbers = array_numbers(PG_GETARG_ARRAYTYPE_P(argument), what);
	if (numbers.n != n)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("there are %d %ss for %d %ss", numbers.n, what, n, other)));
	return numbers.value;
}

static Datum
divide_array(FunctionCallInfo fcinfo, Division *division, const char *amount, const char *to, const char *how, const char *first, const char *second)
{
	ArrayType  *result;
	Size		size;

	for (int i = 0; i < 3; i++)
		if (PG_ARGISNULL(i))
			refuse_null(i == 0 ? amount : i == 1 ? psprintf("%ss", to) : how);
	division->place = "element";
	division->amount = PG_GETARG_INT64(0);
	division->to = array_numbers(PG_GETARG_ARRAYTYPE_P(1), to);
	division->how = division_how(division, PG_GETARG_TEXT_PP(2));
	division->first = matching_numbers(fcinfo, 3, first, to, division->to.n);
	if (second != NULL)
		division->second = matching_numbers(fcinfo, 4, second, to, division->to.n);

	size = ARR_OVERHEAD_NONULLS(1) + (Size) division->to.n * sizeof(int64);
	result = palloc0(size);
	SET_VARSIZE(result, size);
	result->ndim = 1;
	result->elemtype = INT8OID;
	ARR_DIMS(result)[0] = division->to.n;
	ARR_LBOUND(result)[0] = 1;
	divide(division, (int64 *) ARR_DATA_PTR(result));
	PG_RETURN_ARRAYTYPE_P(result);
}

/* apportion(seats, weights, method, floors, caps) */
PG_FUNCTION_INFO_V1(ob_allocation_apportion_array);
Datum
ob_allocation_apportion_array(PG_FUNCTION_ARGS)
{
	Division	division = {.claims = false};

	return divide_array(fcinfo, &division, "seats", "weight", "method", "floor", "cap");
}

/* share(estate, claims, rule, weights) */
PG_FUNCTION_INFO_V1(ob_allocation_share_array);
Datum
ob_allocation_share_array(PG_FUNCTION_ARGS)
{
	Division	division = {.claims = true};

	return divide_array(fcinfo, &division, "estate", "claim", "rule", "weight", NULL);
}

/* ---- windows ------------------------------------------------------------- */

typedef struct Answer
{
	bool		known;
	int64		value[FLEXIBLE_ARRAY_MEMBER];
} Answer;

/* Arguments that all rows must agree on are "common": which row has the null says nothing. */
static Datum
window_argument(WindowObject window, int argument, int64 row, const char *what, bool common)
{
	bool		isnull;
	bool		isout;
	Datum		value = WinGetFuncArgInPartition(window, argument, (int) row, WINDOW_SEEK_HEAD, false, &isnull, &isout);

	if (isnull && common)
		refuse_null(what);
	if (isnull)
		refuse_null_element(what, "row", row + 1);
	return value;
}

/* The argument of every row of the partition. */
static const int64 *
window_numbers(WindowObject window, int argument, int64 n, const char *what)
{
	int64	   *value = MemoryContextAllocHuge(CurrentMemoryContext, (Size) n * sizeof(int64));

	for (int64 row = 0; row < n; row++)
	{
		if ((row & 0xfff) == 0)
			CHECK_FOR_INTERRUPTS();
		value[row] = DatumGetInt64(window_argument(window, argument, row, what, false));
	}
	return value;
}

static void
refuse_change(const char *what, int64 row)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the %s must be the same in all rows of a partition", what),
			 errdetail("Row " INT64_FORMAT " of the partition has another than row 1.", row + 1)));
}

/* The amount and the method, which all rows of the partition must agree on. */
static void
read_common_arguments(FunctionCallInfo fcinfo, WindowObject window, Division *division, int64 n, const char *amount, const char *how)
{
	/* the next row is read into the same place */
	text	   *name = DatumGetTextPCopy(window_argument(window, 2, 0, how, true));

	division->how = division_how(division, name);
	division->amount = DatumGetInt64(window_argument(window, 0, 0, amount, true));
	if (!get_fn_expr_arg_stable(fcinfo->flinfo, 0))
		for (int64 row = 1; row < n; row++)
			if (DatumGetInt64(window_argument(window, 0, row, amount, true)) != division->amount)
				refuse_change(amount, row);
	if (!get_fn_expr_arg_stable(fcinfo->flinfo, 2))
		for (int64 row = 1; row < n; row++)
		{
			text	   *other = DatumGetTextPP(window_argument(window, 2, row, how, true));

			if (VARSIZE_ANY_EXHDR(other) != VARSIZE_ANY_EXHDR(name) ||
				memcmp(VARDATA_ANY(other), VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name)) != 0)
				refuse_change(how, row);
		}
}

static Datum
divide_window(FunctionCallInfo fcinfo, Division *division, const char *amount, const char *to, const char *how, const char *first, const char *second)
{
	WindowObject window = PG_WINDOW_OBJECT();
	int64		n = WinGetPartitionRowCount(window);
	Answer	   *answer;

	if (n > PG_INT32_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many rows to divide among")));
	answer = WinGetPartitionLocalMemory(window, offsetof(Answer, value) + (Size) n * sizeof(int64));
	if (!answer->known)
	{
		division->place = "row";
		read_common_arguments(fcinfo, window, division, n, amount, how);
		division->to.n = (int) n;
		division->to.value = window_numbers(window, 1, n, to);
		if (PG_NARGS() > 3)
			division->first = window_numbers(window, 3, n, first);
		if (PG_NARGS() > 4)
			division->second = window_numbers(window, 4, n, second);
		divide(division, answer->value);
		answer->known = true;
	}
	PG_RETURN_INT64(answer->value[WinGetCurrentPosition(window)]);
}

/* apportion(seats, weight, method[, floor, cap]) OVER (…) */
PG_FUNCTION_INFO_V1(ob_allocation_apportion_window);
Datum
ob_allocation_apportion_window(PG_FUNCTION_ARGS)
{
	Division	division = {.claims = false};

	return divide_window(fcinfo, &division, "seats", "weight", "method", "floor", "cap");
}

/* share(estate, claim, rule[, weight]) OVER (…) */
PG_FUNCTION_INFO_V1(ob_allocation_share_window);
Datum
ob_allocation_share_window(PG_FUNCTION_ARGS)
{
	Division	division = {.claims = true};

	return divide_window(fcinfo, &division, "estate", "claim", "rule", "weight", NULL);
}
