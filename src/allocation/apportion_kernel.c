/*-------------------------------------------------------------------------
 *
 * apportion_kernel.c
 *	  Apportionment of whole seats by six methods.
 *
 * Vocabulary and invariants are in apportion_kernel.h.
 *
 * How a divisor method is found without giving out seat by seat: what all units
 * have together at a level grows with the level, and can be counted exactly,
 * because a level is a number T / 2^k with T below 2^64. Newton's method, held
 * to a bracket that also halves, leads to two levels, one with too few seats
 * and one with too many, between which few seats lie. Of these candidates one
 * selection by exact priority finds the ones that are given. Floating point
 * only proposes levels; it decides nothing.
 *
 *-------------------------------------------------------------------------
 */
#include "allocation/apportion_kernel.h"

#include <math.h>
#include <string.h>

/*
 * A level T / 2^k with 2^63 <= T < 2^64 is numbered (MAX_SHIFT - k) * 2^63 + T -
 * 2^63, so that higher levels have higher numbers. At the lowest no unit's
 * amount reaches 2^-34, at the highest each is beyond 2^63.
 */
#define MAX_SHIFT		160
#define LEVEL_NONE		((i128) -1) /* below all levels: floors alone */
#define LEVEL_END		((i128) (MAX_SHIFT + 1) << 63)	/* above all: caps */

/* Candidates that are few enough to be selected from: so many, and one unit in so many. */
#define FEW				64
#define FEW_PART		8
/* From this many steps on, one candidate a unit will do. */
#define MANY_STEPS		8

typedef struct Apportioning
{
	const ApportionInput *input;
	const AllocationHooks *hooks;
} Apportioning;

/* What all units have at a level. */
typedef struct Holding
{
	i128		level;
	u128		seats;
} Holding;

const char *
ob_allocation_method_name(ApportionMethod method)
{
	static const char *const name[APPORTION_METHODS] = {
		"hamilton", "webster", "dhondt", "adams", "huntington_hill", "dean"
	};

	return name[method];
}

static inline int64_t
floor_of(const ApportionInput *input, int i)
{
	return input->floor != NULL ? input->floor[i] : 0;
}

/* The most that a unit can get. */
static inline int64_t
cap_of(const ApportionInput *input, int i)
{
	if (input->weight[i] == 0)
		return floor_of(input, i);
	return input->cap != NULL && input->cap[i] < input->seats ? input->cap[i] : input->seats;
}

static ApportionFault
check_units(const ApportionInput *input, ApportionProblem *problem)
{
	for (int i = 0; i < input->n; i++)
	{
		problem->unit = i;
		if (input->weight[i] < 0)
			return APPORTION_NEGATIVE_WEIGHT;
		if (input->floor != NULL && input->floor[i] < 0)
			return APPORTION_NEGATIVE_FLOOR;
		if (input->cap != NULL && input->cap[i] < 0)
			return APPORTION_NEGATIVE_CAP;
		if (input->cap != NULL && floor_of(input, i) > input->cap[i])
			return APPORTION_FLOOR_ABOVE_CAP;
	}
	return APPORTION_OK;
}

/* Can it be done? */
static ApportionFault
check(const ApportionInput *input, ApportionProblem *problem)
{
	ApportionFault fault;
	u128		floors = 0;
	u128		caps = 0;
	u128		weighted = 0;
	bool		weightless = true;

	problem->unit = 0;
	problem->total = 0;
	if (input->n < 1)
		return APPORTION_NO_UNITS;
	if (input->seats < 0)
		return APPORTION_NEGATIVE_SEATS;
	fault = check_units(input, problem);
	if (fault != APPORTION_OK)
		return fault;

	for (int i = 0; i < input->n; i++)
	{
		floors += (u128) floor_of(input, i);
		if (input->cap != NULL)
			caps += (u128) input->cap[i];
		weighted += (u128) cap_of(input, i);
		if (input->weight[i] > 0)
			weightless = false;
	}
	problem->total = floors;
	if (floors > (u128) input->seats)
		return APPORTION_FLOORS_ABOVE_SEATS;
	problem->total = caps;
	if (input->cap != NULL && caps < (u128) input->seats)
		return APPORTION_CAPS_BELOW_SEATS;
	problem->total = floors;
	if (weightless && floors < (u128) input->seats)
		return APPORTION_NO_WEIGHT;
	problem->total = weighted;
	if (weighted < (u128) input->seats)
		return APPORTION_WEIGHTED_CAPS_BELOW_SEATS;
	return APPORTION_OK;
}

/* The number as a level; not above 2^100. */
static i128
level_of(double number)
{
	int			exponent;
	double		mantissa = frexp(number, &exponent);
	int			shift = 64 - exponent;

	if (!(number > 0) || shift > MAX_SHIFT)
		return 0;
	if (shift < 0)
		return LEVEL_END - 1;
	return ((i128) (MAX_SHIFT - shift) << 63) + (i128) ((uint64_t) ldexp(mantissa, 64) - (UINT64_C(1) << 63));
}

static uint64_t
level_multiplier(i128 level)
{
	return (uint64_t) (level & (((i128) 1 << 63) - 1)) + (UINT64_C(1) << 63);
}

static int
level_shift(i128 level)
{
	return MAX_SHIFT - (int) (level >> 63);
}

static double
level_number(i128 level)
{
	return ldexp((double) level_multiplier(level), -level_shift(level));
}

/* Is d(s) at most product / 2^shift? Here s is at least 1 and is that quotient rounded down. */
static inline bool
reaches_signpost(ApportionMethod method, u128 product, int shift, uint64_t s)
{
	u128		rest = product - ((u128) s << shift);
	bool		half = shift > 0 && rest >= (u128) 1 << (shift - 1);

	switch (method)
	{
		case APPORTION_ADAMS:
			return true;
		case APPORTION_WEBSTER:
			return half;
		case APPORTION_HUNTINGTON_HILL:
			/* every signpost lies above s + 2/5 and below s + 1/2 */
			if (half)
				return true;
			if (shift > 3 && rest < ((u128) 3 << (shift - 3)))
				return false;
			return wide_compare_products(product, product, (u128) s << shift, (u128) (s + 1) << shift) >= 0;
		case APPORTION_DEAN:
			/* every signpost lies above s + 1/4 and below s + 1/2 */
			if (half)
				return true;
			if (shift > 2 && rest < ((u128) 1 << (shift - 2)))
				return false;
			return wide_compare_products(product, 2 * (u128) s + 1, (u128) s << shift, 2 * ((u128) s + 1)) >= 0;
		default:
			return false;
	}
}

/* Seats at the level T / 2^shift of a unit with a weight, were there no cap above the limit. */
static inline int64_t
seats_at(ApportionMethod method, int64_t weight, uint64_t multiplier, int shift, int64_t limit)
{
	u128		product = (u128) weight * multiplier;
	u128		quotient = shift < 128 ? product >> shift : 0;

	if (quotient >= (u128) limit)
		return limit;
	if (quotient > 0)
		return (int64_t) quotient + reaches_signpost(method, product, shift, (uint64_t) quotient);

	/* the first seat */
	switch (method)
	{
		case APPORTION_DHONDT:
			return 0;
		case APPORTION_WEBSTER:
			return shift > 0 && shift <= 128 && product >= (u128) 1 << (shift - 1);
		default:
			return 1;
	}
}

/*
 * Counts the seats at a level, between floors and caps; "each", unless NULL, is
 * what every unit has. Adds up to "slope" the weights of the units that are at
 * neither bound.
 */
static u128
count_seats(const Apportioning *apportioning, i128 level, int64_t *each, double *slope)
{
	const ApportionInput *input = apportioning->input;
	uint64_t	multiplier = level_multiplier(level);
	int			shift = level_shift(level);
	u128		sum = 0;
	double		moving = 0;

	apportioning->hooks->check_interrupt(apportioning->hooks->context);
	for (int i = 0; i < input->n; i++)
	{
		int64_t		lower = floor_of(input, i);
		int64_t		upper = cap_of(input, i);
		int64_t		seats = lower;

		if (level == LEVEL_END)
			seats = upper;
		else if (level != LEVEL_NONE && lower < upper)
		{
			seats = seats_at(input->method, input->weight[i], multiplier, shift, upper);
			if (seats <= lower)
				seats = lower;
			else if (seats < upper)
				moving += (double) input->weight[i];
		}
		sum += (u128) seats;
		if (each != NULL)
			each[i] = seats;
	}
	if (slope != NULL)
		*slope = moving;
	return sum;
}

/* A first guess of the level: what would be it without bounds, if seats were no whole numbers. */
static double
first_guess(const ApportionInput *input)
{
	double		weights = 0;
	double		seats = (double) input->seats;
	int			units = 0;

	for (int i = 0; i < input->n; i++)
	{
		weights += (double) input->weight[i];
		units += input->weight[i] > 0;
	}
	/* a unit has half a seat less, or more, than weight * level on average */
	if (input->method == APPORTION_DHONDT)
		seats += units / 2.0;
	else if (input->method == APPORTION_ADAMS)
		seats -= units / 2.0;
	return seats > 0 && weights > 0 ? seats / weights : 0;
}

/*
 * Narrows the bracket until few seats lie in it. Every other step halves it
 * once the guesses had their time, so that it ends in any case.
 */
static void
narrow(const Apportioning *apportioning, Holding *low, Holding *high)
{
	const ApportionInput *input = apportioning->input;
	u128		seats = (u128) input->seats;
	u128		few = (u128) input->n / FEW_PART + FEW;
	double		margin = (double) few / 4;
	double		guess = first_guess(input);

	for (int step = 0; high->level - low->level > 1; step++)
	{
		i128		level = level_of(guess);
		double		slope;
		u128		sum;

		if (high->seats - low->seats <= few ||
			(step >= MANY_STEPS && high->seats - low->seats <= (u128) input->n))
			break;
		if (level <= low->level || level >= high->level || (step >= MANY_STEPS / 2 && step % 2 == 1))
			level = low->level + (high->level - low->level) / 2;
		sum = count_seats(apportioning, level, NULL, &slope);
		guess = level_number(level);
		if (sum <= seats)
		{
			*low = (Holding) {level, sum};
			guess += slope > 0 ? ((double) (seats - sum) + margin) / slope : guess;
		}
		else
			*high = (Holding) {level, sum};
		if (sum >= seats)
		{
			*high = (Holding) {level, sum};
			guess -= slope > 0 ? ((double) (sum - seats) + margin) / slope : guess / 2;
		}
	}
}

/* Is the seat of a given before that of b? */
static bool
higher_priority(const void *context, const Candidate *a, const Candidate *b)
{
	const ApportionInput *input = context;
	u128		wa = (u128) input->weight[a->unit];
	u128		wb = (u128) input->weight[b->unit];
	u128		sa = a->key;		/* seats that the unit has before this one */
	u128		sb = b->key;
	int			order = 0;

	switch (input->method)
	{
		case APPORTION_DHONDT:
			order = wide_compare_products(wa, sb + 1, wb, sa + 1);
			break;
		case APPORTION_WEBSTER:
			order = wide_compare_products(wa, 2 * sb + 1, wb, 2 * sa + 1);
			break;
		case APPORTION_ADAMS:
			order = wide_compare_products(wa, sb, wb, sa);
			break;
		case APPORTION_HUNTINGTON_HILL:
			order = wide_compare_products(wa * wa, sb * (sb + 1), wb * wb, sa * (sa + 1));
			break;
		case APPORTION_DEAN:
			order = wide_compare_products(wa * (2 * sa + 1), sb * (sb + 1), wb * (2 * sb + 1), sa * (sa + 1));
			break;
		case APPORTION_HAMILTON:
			break;
	}
	/* two priorities without bound */
	if (sa == 0 && sb == 0 && order == 0 && wa != wb)
		return wa > wb;
	if (order != 0)
		return order > 0;
	if (a->unit != b->unit)
		return a->unit < b->unit;
	return sa < sb;
}

static void
give_by_priority(const Apportioning *apportioning, int64_t *result)
{
	const ApportionInput *input = apportioning->input;
	const AllocationHooks *hooks = apportioning->hooks;
	Holding		low = {LEVEL_NONE, count_seats(apportioning, LEVEL_NONE, NULL, NULL)};
	Holding		high = {LEVEL_END, count_seats(apportioning, LEVEL_END, NULL, NULL)};
	Candidate  *candidate;
	int64_t    *most;
	int64_t		ncandidates = 0;
	int64_t		left;

	narrow(apportioning, &low, &high);
	count_seats(apportioning, low.level, result, NULL);
	left = (int64_t) ((u128) input->seats - low.seats);
	if (left == 0)
		return;

	most = hooks->allocate(hooks->context, (size_t) input->n * sizeof(int64_t));
	count_seats(apportioning, high.level, most, NULL);
	candidate = hooks->allocate(hooks->context, (size_t) (high.seats - low.seats) * sizeof(Candidate));
	for (int i = 0; i < input->n; i++)
		for (int64_t s = result[i]; s < most[i]; s++)
			candidate[ncandidates++] = (Candidate) {.key = (u128) s,.unit = i};
	ob_allocation_select(candidate, ncandidates, left, higher_priority, input);
	for (int64_t c = 0; c < left; c++)
		result[candidate[c].unit]++;
}

ApportionFault
ob_allocation_apportion(const ApportionInput *input, const AllocationHooks *hooks, int64_t *result,
						ApportionProblem *problem)
{
	Apportioning apportioning = {input, hooks};
	ApportionFault fault = check(input, problem);

	if (fault != APPORTION_OK)
		return fault;
	if (input->method == APPORTION_HAMILTON)
	{
		Proration	proration = {.n = input->n,.weight = input->weight,.floor = input->floor,
		.cap = input->cap,.amount = input->seats,.divisor = 1};

		ob_allocation_prorate(&proration, hooks, result);
	}
	else
		give_by_priority(&apportioning, result);
	return APPORTION_OK;
}
