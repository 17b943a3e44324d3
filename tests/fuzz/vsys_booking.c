/*-------------------------------------------------------------------------
 *
 * vsys_booking.c
 *	  Fuzz target of src/vsys/booking_kernel.c; needs no server.
 *
 *	  clang -g -Isrc -fsanitize=fuzzer,address,undefined \
 *		  tests/fuzz/vsys_booking.c src/vsys/booking_kernel.c -o fuzz && ./fuzz -max_total_time=60
 *
 * or without libFuzzer, over random inputs of its own (argument: how many):
 *
 *	  cc -g -Isrc -DSTANDALONE -fsanitize=address,undefined \
 *		  tests/fuzz/vsys_booking.c src/vsys/booking_kernel.c -o fuzz && ./fuzz 100000
 *
 * Promises that are tried on every input, the facts of one booking
 *	  Every reason has a word.  Whoever is not staff learns nothing of a ticket
 *	  whose number and date of birth do not belong together: the answer stays
 *	  the same whatever else is changed about the ticket.  What is allowed
 *	  breaks no rule as they are written here once more, by a calendar that
 *	  counts the days one by one; what is refused breaks the rule of its reason.
 *	  Taking away a reason (a taken place, a booked dose) never brings an
 *	  earlier one.  Nobody comes of age later for being asked about fewer years.
 *
 *-------------------------------------------------------------------------
 */
#include "vsys/booking_kernel.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

/* Input is eaten byte by byte; when it ends, zeros follow. */
typedef struct Food
{
	const uint8_t *data;
	size_t		size;
} Food;

static int
eat(Food *food)
{
	if (food->size == 0)
		return 0;
	food->size--;
	return *food->data++;
}

/* A small number most of the time, any number now and then. */
static int
number(Food *food, int range)
{
	int			way = eat(food);
	uint32_t	any = 0;

	if (way != 255)
		return way % range;
	for (int i = 0; i < 4; i++)
		any = any << 8 | (uint32_t) eat(food);
	return (int) any;
}

/* ---- the calendar, counted day by day ---- */

static bool
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
month_days(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return days[month - 1] + (month == 2 && is_leap(year));
}

/* The day of a date, counted from 2000-01-01. */
static int
counted(int year, int month, int of_month)
{
	int			day = of_month - 1;

	for (int y = 2000; y < year; y++)
		day += is_leap(y) ? 366 : 365;
	for (int y = year; y < 2000; y++)
		day -= is_leap(y) ? 366 : 365;
	for (int m = 1; m < month; m++)
		day += month_days(year, m);
	return day;
}

/* Age is reached with the end of the day before the birthday; by who was born on 29 February always on the 28th. */
static int
of_age(int year, int month, int of_month, int years)
{
	if (month == 2 && of_month == 29)
		return counted(year + years, 2, 28);
	return counted(year + years, month, of_month) - 1;
}

static void
try_calendar(Food *food)
{
	int			year = 1800 + eat(food) + eat(food);
	int			month = eat(food) % 12 + 1;
	int			of_month = eat(food) % month_days(year, month) + 1;
	int			years = eat(food) % 131;
	int			day = counted(year, month, of_month);

	PROMISE(ob_vsys_year_of(day) == year);
	PROMISE(ob_vsys_year_of(counted(year, 1, 1)) == year && ob_vsys_year_of(counted(year, 1, 1) - 1) == year - 1);
	PROMISE(ob_vsys_comes_of_age(day, years) == of_age(year, month, of_month, years));
	if (years > 0)
	{
		PROMISE(ob_vsys_comes_of_age(day, years - 1) < ob_vsys_comes_of_age(day, years));
		PROMISE(ob_vsys_comes_of_age(day, years) <= ob_vsys_comes_of_age(day + 1, years));
	}
}

/* ---- the rules, once more ---- */

static void
fill(Food *food, BookingFacts *facts)
{
	int			flags = eat(food);
	int			more = eat(food);

	memset(facts, 0, sizeof(*facts));
	facts->staff = flags & 1;
	facts->queue = flags & 2;
	facts->with_first = flags & 4;
	/* mostly as it should be, so that later rules are reached */
	facts->open = !(flags & 8) || eat(food) % 4;
	facts->takes_queue = (flags & 16) ? facts->queue : eat(food) % 2;
	facts->ticket = !(flags & 32) || eat(food) % 4;
	facts->withdrawn = (flags & 64) && eat(food) % 2;
	facts->own = flags & 128;
	facts->same_programme = !(more & 1) || eat(food) % 4;
	facts->admitted = !(more & 2) || eat(food) % 4;
	facts->valid = !(more & 4) || eat(food) % 4;
	facts->birth = (more & 8) ? BIRTH_MATCHES : (BirthCheck) (eat(food) % 3);
	facts->as_of = number(food, 100);
	facts->starts_at = number(food, 200) + 50;
	facts->opens_at = number(food, 60);
	facts->closes_at = facts->opens_at + number(food, 200);
	facts->capacity = number(food, 5);
	facts->taken = number(food, 5);
	facts->on_day = 7600 + number(food, 200);
	facts->first_day = facts->on_day - number(food, 60) + 10;
	facts->first_dose = number(food, 3) + 1;
	facts->last_dose = facts->first_dose + number(food, 3);
	facts->wanted = number(food, 5);
	facts->dose = number(food, 3);
	facts->interval_min = eat(food) % 40;
	facts->interval_max = eat(food) % 80;
	facts->min_age = eat(food) % 121;
	facts->born_day = facts->on_day - facts->min_age * 365 - number(food, 60);
	facts->birth_year = ob_vsys_year_of(facts->born_day);
	facts->doses = eat(food) % 4;
	for (int i = 0; i < facts->doses; i++)
	{
		facts->booked[i].dose = eat(food) % 6;
		facts->booked[i].on_day = facts->on_day - 60 + eat(food) % 120;
		facts->booked[i].given = eat(food) % 2;
	}
}

/* Numbers that no table holds would overflow; the wrapper lets none through. */
static bool
sane(const BookingFacts *facts)
{
	return facts->on_day > -1000000 && facts->on_day < 1000000 && facts->born_day > -1000000 && facts->born_day < 1000000 &&
		facts->first_day > -1000000 && facts->first_day < 1000000 &&
		facts->first_dose > 0 && facts->first_dose < 100 && facts->last_dose < 200 && facts->last_dose >= facts->first_dose &&
		facts->wanted >= -1 && facts->wanted < 100;
}

static bool
recognised(const BookingFacts *facts)
{
	return facts->ticket && !facts->withdrawn && (facts->birth == BIRTH_MATCHES || (facts->birth == BIRTH_NOT_GIVEN && facts->own));
}

/* Does the booking break the rule of that reason? */
static bool
breaks(const BookingFacts *facts, BookingReason reason)
{
	int			dose = facts->wanted == 0 ? facts->first_dose : facts->wanted;
	int			year = ob_vsys_year_of(facts->on_day + 1);
	bool		before = facts->staff || facts->with_first || dose == facts->first_dose;

	switch (reason)
	{
		case BOOKING_TICKET_NOT_RECOGNISED:
			return !facts->staff && !recognised(facts);
		case BOOKING_TICKET_UNKNOWN:
			return facts->staff && !facts->ticket;
		case BOOKING_TICKET_WITHDRAWN:
			return facts->staff && facts->ticket && facts->withdrawn;
		case BOOKING_BIRTH_ON_DIFFERS:
			return facts->staff && facts->ticket && facts->birth == BIRTH_DIFFERS;
		case BOOKING_PROGRAMME_OTHER:
			return !facts->same_programme;
		case BOOKING_SESSION_CLOSED:
			return !facts->open;
		case BOOKING_QUEUE_ONLY:
			return facts->takes_queue && !facts->queue && !facts->staff;
		case BOOKING_NOT_QUEUE:
			return !facts->takes_queue && facts->queue;
		case BOOKING_NOT_OPEN_YET:
			return facts->as_of < facts->opens_at && !facts->staff;
		case BOOKING_BOOKING_CLOSED:
			return facts->as_of >= facts->starts_at || (facts->as_of >= facts->closes_at && !facts->staff);
		case BOOKING_DOSE_UNKNOWN:
			return dose < facts->first_dose || dose > facts->last_dose;
		case BOOKING_DOSE_OTHER:
			return facts->dose != 0 && facts->dose != dose;
		case BOOKING_GROUP_NOT_YET:
			return !facts->admitted;
		case BOOKING_TICKET_NOT_VALID:
			return !facts->valid;
		case BOOKING_TOO_YOUNG:
			/* with the date, by the day; without it, where the year alone says no */
			return facts->min_age > 0 && (facts->birth != BIRTH_NOT_GIVEN ? ob_vsys_comes_of_age(facts->born_day, facts->min_age) > facts->on_day :
										  facts->birth_year + facts->min_age > year);
		case BOOKING_BIRTH_ON_NEEDED:
			return facts->min_age > 0 && facts->birth == BIRTH_NOT_GIVEN && facts->birth_year + facts->min_age == year;
		case BOOKING_ALREADY_GIVEN:
		case BOOKING_ALREADY_BOOKED:
			for (int i = 0; i < facts->doses; i++)
				if (facts->booked[i].dose == dose && facts->booked[i].given == (reason == BOOKING_ALREADY_GIVEN))
					return true;
			return false;
		case BOOKING_FIRST_DOSE_MISSING:
			for (int i = 0; i < facts->doses; i++)
				before = before || facts->booked[i].dose == dose - 1;
			return !before;
		case BOOKING_INTERVAL_SHORT:
			for (int i = 0; i < facts->doses; i++)
			{
				int			apart = facts->booked[i].dose < dose ? facts->on_day - facts->booked[i].on_day : facts->booked[i].on_day - facts->on_day;

				if (facts->booked[i].dose != dose && apart < facts->interval_min)
					return true;
			}
			return facts->with_first && facts->on_day - facts->first_day < facts->interval_min;
		case BOOKING_INTERVAL_LONG:
			return facts->with_first && facts->interval_max > 0 && facts->on_day - facts->first_day > facts->interval_max;
		case BOOKING_SOLD_OUT:
			return facts->taken >= facts->capacity && !facts->queue;
		default:
			return false;
	}
}

static void
try_rules(Food *food)
{
	BookingFacts facts;
	BookingFacts other;
	BookingReason reason;

	fill(food, &facts);
	if (!sane(&facts))
		return;
	reason = ob_vsys_judge(&facts);
	PROMISE(reason >= BOOKING_ALLOWED && reason < BOOKING_REASONS);
	PROMISE((ob_vsys_reason(reason) == NULL) == (reason == BOOKING_ALLOWED));
	PROMISE(ob_vsys_dose(&facts) == (facts.wanted == 0 ? facts.first_dose : facts.wanted));

	/* the reason is a rule that is broken, and nothing that is allowed breaks one */
	PROMISE(reason == BOOKING_ALLOWED || breaks(&facts, reason));
	for (BookingReason r = BOOKING_TICKET_NOT_RECOGNISED; r < BOOKING_REASONS; r++)
	{
		if (reason == BOOKING_ALLOWED)
			PROMISE(!breaks(&facts, r));
		/* it is the first of them: a person's doses in the order in which they are found */
		else if (r < reason && r != BOOKING_ALREADY_GIVEN)
			PROMISE(!breaks(&facts, r));
	}

	/* who is not recognised learns nothing more of ticket, session and other bookings */
	if (!facts.staff && !recognised(&facts))
	{
		fill(food, &other);
		other.staff = false;
		other.ticket = facts.ticket;
		other.withdrawn = facts.withdrawn;
		other.birth = facts.birth;
		other.own = facts.own;
		PROMISE(ob_vsys_judge(&other) == BOOKING_TICKET_NOT_RECOGNISED);
		PROMISE(reason == BOOKING_TICKET_NOT_RECOGNISED);
	}

	/* what stood in the way is taken away: what stood before it does not appear */
	other = facts;
	other.taken = 0;
	other.capacity = 1;
	PROMISE(ob_vsys_judge(&other) == (reason == BOOKING_SOLD_OUT ? BOOKING_ALLOWED : reason));
	other = facts;
	other.queue = other.takes_queue = true;
	if (reason == BOOKING_QUEUE_ONLY || reason == BOOKING_NOT_QUEUE || reason == BOOKING_SOLD_OUT)
		PROMISE(ob_vsys_judge(&other) != BOOKING_QUEUE_ONLY && ob_vsys_judge(&other) != BOOKING_NOT_QUEUE && ob_vsys_judge(&other) != BOOKING_SOLD_OUT);
	/* staff is let through wherever the public is, if the ticket is theirs */
	other = facts;
	other.staff = true;
	if (reason == BOOKING_ALLOWED)
		PROMISE(ob_vsys_judge(&other) == BOOKING_ALLOWED);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Food		food = {data, size};

	try_calendar(&food);
	try_rules(&food);
	for (BookingReason r = BOOKING_SLOT_UNKNOWN; r < BOOKING_REASONS; r++)
		for (BookingReason s = r + 1; s < BOOKING_REASONS; s++)
			PROMISE(strcmp(ob_vsys_reason(r), ob_vsys_reason(s)) != 0);
	return 0;
}

#ifdef STANDALONE
int
main(int argc, char **argv)
{
	long		runs = argc > 1 ? atol(argv[1]) : 100000;
	int			seen[BOOKING_REASONS] = {0};
	int			missing = 0;
	uint8_t		data[96];

	srand(1);
	/* ten times as many, each is short */
	for (long i = 0; i < 10 * runs; i++)
	{
		BookingFacts facts;
		Food		food = {data, sizeof(data)};
		bool		tame = rand() % 2 == 0;

		for (size_t j = 0; j < sizeof(data); j++)
			data[j] = (uint8_t) (tame && rand() % 2 ? 0 : rand());
		LLVMFuzzerTestOneInput(data, sizeof(data));
		fill(&food, &facts);
		if (sane(&facts))
			seen[ob_vsys_judge(&facts)]++;
	}
	/* the inputs reach every rule, or they try nothing */
	for (BookingReason r = BOOKING_ALLOWED; runs >= 1000 && r < BOOKING_REASONS; r++)
		if (seen[r] == 0 && r != BOOKING_SLOT_UNKNOWN)
		{
			missing++;
			fprintf(stderr, "never reached: %s\n", r == BOOKING_ALLOWED ? "allowed" : ob_vsys_reason(r));
		}
	PROMISE(missing == 0);
	printf("%ld inputs, every promise kept\n", 10 * runs);
	return 0;
}
#endif
