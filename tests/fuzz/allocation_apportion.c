/*-------------------------------------------------------------------------
 *
 * allocation_apportion.c
 *	  Fuzz target of apportionment and of the claims rules; needs no server.
 *
 *	  clang -g -Isrc -fsanitize=fuzzer,address,undefined tests/fuzz/allocation_apportion.c \
 *		  src/allocation/apportion_kernel.c src/allocation/share_kernel.c src/allocation/prorate.c -lm -o fuzz && ./fuzz -max_total_time=60
 *
 * or without libFuzzer, over random inputs of its own (argument: how many):
 *
 *	  cc -g -Isrc -DSTANDALONE -fsanitize=address,undefined \
 *		  tests/fuzz/allocation_apportion.c src/allocation/apportion_kernel.c src/allocation/share_kernel.c src/allocation/prorate.c -lm -o fuzz && ./fuzz 100000
 *
 * Promises that are tried on every input
 *	  The sum is the seats, every number lies between its floor and its cap, a
 *	  weight of 0 gets its floor. Divisor methods give what giving seat by seat
 *	  gives, when the seats are few; for any seats no seat that was not given
 *	  has a higher priority than one that was, and one seat more never takes
 *	  one from anybody. Hamilton stays within quota, and between bounds equals a
 *	  slow clamp-remove-repeat. Units in another order get the same but for
 *	  ties. Awards add up to the lesser of estate and claims and grow with the
 *	  claim; equal losses and equal awards lie within a unit of a level found
 *	  by bisection, Talmud is its own dual but for ties.
 *
 *-------------------------------------------------------------------------
 */
#include "allocation/apportion_kernel.h"
#include "allocation/share_kernel.h"

#include <string.h>

#include "fuzz.h"

#define MAX_UNITS	12
#define MAX_BLOCKS	16
#define FEW_SEATS	200

typedef struct Trial
{
	ApportionInput input;
	int64_t		weight[MAX_UNITS];
	int64_t		floor[MAX_UNITS];
	int64_t		cap[MAX_UNITS];
	int64_t		result[MAX_UNITS];
} Trial;

typedef struct Bytes
{
	const uint8_t *at;
	size_t		left;
} Bytes;

static void *block[MAX_BLOCKS];
static int	nblocks;

static void *
allocate(void *context, size_t size)
{
	PROMISE(nblocks < MAX_BLOCKS);
	block[nblocks] = malloc(size > 0 ? size : 1);
	return block[nblocks++];
}

static void
check_interrupt(void *context)
{
}

static const AllocationHooks hooks = {NULL, allocate, check_interrupt};

static void
free_blocks(void)
{
	while (nblocks > 0)
		free(block[--nblocks]);
}

static ApportionFault
apportion(const ApportionInput *input, int64_t *result)
{
	ApportionProblem problem;
	ApportionFault fault = ob_allocation_apportion(input, &hooks, result, &problem);

	free_blocks();
	return fault;
}

static uint64_t
take(Bytes *bytes)
{
	uint64_t	value = 0;

	for (int i = 0; i < 8; i++)
	{
		value = value << 8 | (bytes->left > 0 ? *bytes->at : 0);
		if (bytes->left > 0)
		{
			bytes->at++;
			bytes->left--;
		}
	}
	return value;
}

/* A number of a size that is drawn too: few, many, or next to the largest. */
static int64_t
number(Bytes *bytes, uint64_t size)
{
	uint64_t	value = take(bytes);

	switch (size % 5)
	{
		case 0:
			return (int64_t) (value % 4);
		case 1:
			return (int64_t) (value % 20);
		case 2:
			return (int64_t) (value % 1000000);
		case 3:
			return INT64_MAX - (int64_t) (value % 4);
		default:
			return (int64_t) (value >> 1);
	}
}

static int64_t
least(const ApportionInput *input, int i)
{
	return input->floor != NULL ? input->floor[i] : 0;
}

static int64_t
most(const ApportionInput *input, int i)
{
	if (input->weight[i] == 0)
		return least(input, i);
	return input->cap != NULL ? input->cap[i] : INT64_MAX;
}

/* Numerator and denominator of the priority, or of its square, of seat s + 1. */
static void
priority(const ApportionInput *input, int i, int64_t seat, u128 *numerator, u128 *denominator)
{
	u128		s = (u128) seat;
	u128		w = (u128) input->weight[i];

	*numerator = w;
	switch (input->method)
	{
		case APPORTION_WEBSTER:
			*denominator = 2 * s + 1;
			break;
		case APPORTION_DHONDT:
			*denominator = s + 1;
			break;
		case APPORTION_ADAMS:
			*denominator = s;
			break;
		case APPORTION_HUNTINGTON_HILL:
			*numerator = w * w;
			*denominator = s * (s + 1);
			break;
		default:
			*numerator = w * (2 * s + 1);
			*denominator = s * (s + 1);
	}
}

/* Does the next seat after a seats of unit i come before that after b of unit j? */
static bool
before(const ApportionInput *input, int i, int64_t a, int j, int64_t b)
{
	u128		ni;
	u128		di;
	u128		nj;
	u128		dj;
	int			order;

	priority(input, i, a, &ni, &di);
	priority(input, j, b, &nj, &dj);
	if (di == 0 && dj == 0)
		order = (ni > nj) - (ni < nj);
	else
		order = wide_compare_products(ni, dj, nj, di);
	return order != 0 ? order > 0 : i < j;
}

static void
try_seat_by_seat(const Trial *trial)
{
	const ApportionInput *input = &trial->input;
	int64_t		slow[MAX_UNITS];
	int64_t		left = input->seats;

	for (int i = 0; i < input->n; i++)
		left -= slow[i] = least(input, i);
	if (left > FEW_SEATS)
		return;
	for (; left > 0; left--)
	{
		int			best = -1;

		for (int i = 0; i < input->n; i++)
			if (slow[i] < most(input, i) && (best < 0 || before(input, i, slow[i], best, slow[best])))
				best = i;
		PROMISE(best >= 0);
		slow[best]++;
	}
	PROMISE(memcmp(slow, trial->result, (size_t) input->n * sizeof(int64_t)) == 0);
}

/* No seat that was not given comes before one that was. */
static void
try_exchange(const Trial *trial)
{
	const ApportionInput *input = &trial->input;

	for (int i = 0; i < input->n; i++)
		for (int j = 0; j < input->n; j++)
			if (i != j && trial->result[i] < most(input, i) && trial->result[j] > least(input, j))
				PROMISE(!before(input, i, trial->result[i], j, trial->result[j] - 1));
}

static void
try_one_more(const Trial *trial)
{
	ApportionInput input = trial->input;
	int64_t		more[MAX_UNITS];

	if (input.seats == INT64_MAX)
		return;
	input.seats++;
	if (apportion(&input, more) == APPORTION_OK)
		for (int i = 0; i < input.n; i++)
			PROMISE(more[i] >= trial->result[i]);
}

/* Sets the units beyond a bound at it, on the side where more is beyond, until none is; then rounds. */
static void
try_hamilton(const Trial *trial)
{
	const ApportionInput *input = &trial->input;
	bool		fixed[MAX_UNITS];
	u128		rest = (u128) input->seats;
	u128		weights = 0;
	int64_t		slow[MAX_UNITS];
	u128		remainder[MAX_UNITS];
	bool		again = true;

	for (int i = 0; i < input->n; i++)
	{
		fixed[i] = input->weight[i] == 0;
		slow[i] = least(input, i);
		if (fixed[i])
			rest -= (u128) slow[i];
		else
			weights += (u128) input->weight[i];
	}
	while (again)
	{
		/* how much lies beyond the bounds, times the sum of weights; small enough below 2^20 */
		u128		under = 0;
		u128		over = 0;
		u128		taken = 0;
		u128		gone = 0;

		again = false;
		for (int i = 0; i < input->n; i++)
			if (!fixed[i])
			{
				u128		quota = (u128) input->weight[i] * rest;

				if (quota < (u128) least(input, i) * weights)
					under += (u128) least(input, i) * weights - quota;
				if (quota > (u128) most(input, i) * weights)
					over += quota - (u128) most(input, i) * weights;
			}
		for (int i = 0; i < input->n; i++)
			if (!fixed[i])
			{
				u128		quota = (u128) input->weight[i] * rest;
				bool		below = under > 0 && under >= over && quota < (u128) least(input, i) * weights;
				bool		above = over > 0 && over >= under && quota > (u128) most(input, i) * weights;

				if (!below && !above)
					continue;
				fixed[i] = again = true;
				slow[i] = below ? least(input, i) : most(input, i);
				taken += (u128) slow[i];
				gone += (u128) input->weight[i];
			}
		rest -= taken;
		weights -= gone;
	}
	for (int i = 0; i < input->n; i++)
	{
		remainder[i] = 0;
		if (fixed[i])
			continue;
		slow[i] = (int64_t) ((u128) input->weight[i] * rest / weights);
		remainder[i] = (u128) input->weight[i] * rest % weights;
	}
	for (;;)
	{
		int			best = 0;
		int64_t		sum = 0;

		for (int i = 0; i < input->n; i++)
		{
			sum += slow[i];
			if (remainder[i] > remainder[best])
				best = i;
		}
		if (sum == input->seats)
			break;
		PROMISE(sum < input->seats && remainder[best] > 0);
		slow[best]++;
		remainder[best] = 0;
	}
	PROMISE(memcmp(slow, trial->result, (size_t) input->n * sizeof(int64_t)) == 0);
}

/* Within quota: neither a whole seat below nor above. */
static void
try_quota(const Trial *trial)
{
	const ApportionInput *input = &trial->input;
	u128		weights = 0;

	for (int i = 0; i < input->n; i++)
		weights += (u128) input->weight[i];
	for (int i = 0; i < input->n && weights > 0; i++)
	{
		u128		quota = (u128) input->weight[i] * (u128) input->seats;

		PROMISE((u128) trial->result[i] >= quota / weights);
		PROMISE((u128) trial->result[i] <= quota / weights + (quota % weights > 0));
	}
}

/* The units backwards: by ties alone may numbers differ. */
static void
try_backwards(const Trial *trial)
{
	Trial		other = *trial;
	ApportionInput *input = &other.input;
	int			moved = 0;
	int			n = input->n;

	input->weight = other.weight;
	input->floor = trial->input.floor != NULL ? other.floor : NULL;
	input->cap = trial->input.cap != NULL ? other.cap : NULL;
	for (int i = 0; i < n; i++)
	{
		other.weight[i] = trial->weight[n - 1 - i];
		other.floor[i] = trial->floor[n - 1 - i];
		other.cap[i] = trial->cap[n - 1 - i];
	}
	PROMISE(apportion(input, other.result) == APPORTION_OK);
	for (int i = 0; i < n; i++)
	{
		moved += trial->result[i] != other.result[n - 1 - i];
		PROMISE(trial->result[i] - other.result[n - 1 - i] <= 1 && other.result[n - 1 - i] - trial->result[i] <= 1);
	}
	PROMISE(moved != 1);
	/* seats that changed hands were tied: both ways no seat outranks a given one */
	if (input->method != APPORTION_HAMILTON && moved > 0)
		for (int i = 0; i < n; i++)
			for (int j = 0; j < n; j++)
				if (trial->result[i] > other.result[n - 1 - i] && trial->result[j] < other.result[n - 1 - j])
				{
					PROMISE(i < j);
					PROMISE(before(&trial->input, i, trial->result[i] - 1, j, trial->result[j]));
					PROMISE(before(input, n - 1 - j, trial->result[j], n - 1 - i, trial->result[i] - 1));
				}
}

static void
try_apportionment(Trial *trial)
{
	const ApportionInput *input = &trial->input;
	u128		sum = 0;
	bool		small = input->seats < 1 << 20;

	if (apportion(input, trial->result) != APPORTION_OK)
		return;
	for (int i = 0; i < input->n; i++)
	{
		PROMISE(trial->result[i] >= least(input, i) && trial->result[i] <= most(input, i));
		sum += (u128) trial->result[i];
		small = small && input->weight[i] < 1 << 20 && (input->cap == NULL || input->cap[i] < 1 << 20);
	}
	PROMISE(sum == (u128) input->seats);
	try_backwards(trial);
	if (input->method == APPORTION_HAMILTON)
	{
		if (small)
			try_hamilton(trial);
		if (input->floor == NULL && input->cap == NULL)
			try_quota(trial);
		return;
	}
	try_seat_by_seat(trial);
	try_exchange(trial);
	try_one_more(trial);
}

static void
share(const ShareInput *input, int64_t *award)
{
	int			unit;

	PROMISE(ob_allocation_share(input, &hooks, award, &unit) == SHARE_OK);
	free_blocks();
}

/* Awards, or losses, within a unit of min(claim, weight * t): the lowest level at which they reach the sum. */
static void
try_equal(const ShareInput *input, const int64_t *part, int64_t sum)
{
	long double low = 0;
	long double high = 2e6L;

	for (int step = 0; step < 200; step++)
	{
		long double level = (low + high) / 2;
		long double total = 0;

		for (int i = 0; i < input->n; i++)
		{
			long double amount = level * (input->weight != NULL ? input->weight[i] : 1);

			total += amount < input->claim[i] ? amount : input->claim[i];
		}
		if (total < sum)
			low = level;
		else
			high = level;
	}
	for (int i = 0; i < input->n; i++)
	{
		long double amount = high * (input->weight != NULL ? input->weight[i] : 1);

		if (amount > input->claim[i])
			amount = input->claim[i];
		PROMISE(part[i] > amount - 1.000001L && part[i] < amount + 1.000001L);
	}
}

static void
try_share(Bytes *bytes, const Trial *trial, int n)
{
	int64_t		award[MAX_UNITS];
	int64_t		other[MAX_UNITS];
	int64_t		claims = 0;
	int64_t		sum = 0;
	ShareInput	input = {.rule = (ShareRule) (take(bytes) % SHARE_RULES),.n = n,.claim = trial->weight};

	for (int i = 0; i < n; i++)
	{
		if (trial->weight[i] >= 1 << 20 || trial->floor[i] <= 0 || trial->floor[i] >= 1 << 20)
			return;
		claims += trial->weight[i];
	}
	if ((input.rule == SHARE_EQUAL_AWARDS || input.rule == SHARE_EQUAL_LOSSES) && take(bytes) % 2)
		input.weight = trial->floor;
	input.estate = (int64_t) (take(bytes) % (uint64_t) (claims + 2));
	share(&input, award);
	for (int i = 0; i < n; i++)
	{
		PROMISE(award[i] >= 0 && award[i] <= input.claim[i]);
		sum += award[i];
		for (int j = 0; j < i && input.weight == NULL; j++)
			PROMISE(input.claim[i] == input.claim[j] ? award[j] == award[i] || award[j] == award[i] + 1 :
					(input.claim[i] > input.claim[j]) == (award[i] > award[j]) || award[i] == award[j] ||
					(award[i] - award[j] == 1 || award[j] - award[i] == 1));
	}
	PROMISE(sum == (input.estate < claims ? input.estate : claims));
	if (input.estate >= claims)
		return;
	if (input.rule == SHARE_EQUAL_AWARDS)
		try_equal(&input, award, input.estate);
	if (input.rule == SHARE_EQUAL_LOSSES)
	{
		for (int i = 0; i < n; i++)
			other[i] = input.claim[i] - award[i];
		try_equal(&input, other, claims - input.estate);
	}
	if (input.rule == SHARE_TALMUD)
	{
		input.estate = claims - input.estate;
		share(&input, other);
		for (int i = 0; i < n; i++)
			PROMISE(award[i] + other[i] >= input.claim[i] - 1 && award[i] + other[i] <= input.claim[i] + 1);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Bytes		bytes = {data, size};
	Trial		trial;
	ApportionInput *input = &trial.input;
	uint64_t	shape = take(&bytes);
	uint64_t	sizes = take(&bytes);

	memset(&trial, 0, sizeof(trial));
	input->n = 1 + (int) (shape % MAX_UNITS);
	input->method = (ApportionMethod) (shape / 16 % APPORTION_METHODS);
	input->weight = trial.weight;
	input->floor = shape / 256 % 2 ? trial.floor : NULL;
	input->cap = shape / 512 % 2 ? trial.cap : NULL;
	input->seats = number(&bytes, sizes);
	for (int i = 0; i < input->n; i++)
	{
		trial.weight[i] = number(&bytes, sizes / 5);
		trial.floor[i] = number(&bytes, sizes / 25 % 3);
		trial.cap[i] = number(&bytes, sizes / 75);
		/* mostly a cap that is not below its floor */
		if (trial.cap[i] < trial.floor[i] && shape / 1024 % 8)
			trial.cap[i] = trial.floor[i];
	}
	try_apportionment(&trial);
	try_share(&bytes, &trial, input->n);
	return 0;
}

#ifdef STANDALONE
#define LARGE_UNITS	3000

/* So many units that candidates are selected among many; the seat that comes next is not before the last that was given. */
static void
try_large(ApportionMethod method, int64_t largest_weight, int64_t seats, bool bounded)
{
	static int64_t weight[LARGE_UNITS];
	static int64_t floor[LARGE_UNITS];
	static int64_t cap[LARGE_UNITS];
	static int64_t result[LARGE_UNITS];
	ApportionInput input = {.method = method,.seats = seats,.n = LARGE_UNITS,.weight = weight,
	.floor = bounded ? floor : NULL,.cap = bounded ? cap : NULL};
	u128		sum = 0;
	int			next = -1;
	int			last = -1;

	for (int i = 0; i < LARGE_UNITS; i++)
	{
		weight[i] = (int64_t) (((uint64_t) rand() << 32 ^ (uint64_t) rand() << 8) % (uint64_t) largest_weight);
		floor[i] = rand() % (1 + seats / LARGE_UNITS / 2);
		cap[i] = floor[i] + rand() % (1 + seats / LARGE_UNITS * 4);
	}
	if (apportion(&input, result) != APPORTION_OK)
		return;
	for (int i = 0; i < LARGE_UNITS; i++)
	{
		sum += (u128) result[i];
		PROMISE(result[i] >= least(&input, i) && result[i] <= most(&input, i));
		if (result[i] < most(&input, i) && (next < 0 || before(&input, i, result[i], next, result[next])))
			next = i;
		if (result[i] > least(&input, i) && (last < 0 || before(&input, last, result[last] - 1, i, result[i] - 1)))
			last = i;
	}
	PROMISE(sum == (u128) seats);
	if (method != APPORTION_HAMILTON && next >= 0 && last >= 0 && next != last)
		PROMISE(!before(&input, next, result[next], last, result[last] - 1));
}

int
main(int argc, char **argv)
{
	long		runs = argc > 1 ? atol(argv[1]) : 100000;

	srand(20210405);
	for (long run = 0; run < runs; run++)
	{
		uint8_t		data[8 * (5 + 3 * MAX_UNITS + 3)];

		for (size_t i = 0; i < sizeof(data); i++)
			data[i] = (uint8_t) rand();
		LLVMFuzzerTestOneInput(data, sizeof(data));
		if (run % 100 == 0)
			try_large((ApportionMethod) (rand() % APPORTION_METHODS), rand() % 3 ? 1 + rand() % 5 : INT64_MAX,
					  rand() % 2 ? rand() % 20000 : (int64_t) 1 << (rand() % 62), rand() % 2);
	}
	printf("%ld inputs, every promise kept\n", runs);
	return 0;
}
#endif
