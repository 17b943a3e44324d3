/*-------------------------------------------------------------------------
 *
 * booking_kernel.c
 *	  The rules of a booking.
 *
 *-------------------------------------------------------------------------
 */
#include "vsys/booking_kernel.h"

static const char *const reasons[BOOKING_REASONS] = {
	0,
	"slot_unknown",
	"ticket_not_recognised",
	"ticket_unknown",
	"ticket_withdrawn",
	"birth_on_differs",
	"programme_other",
	"session_closed",
	"queue_only",
	"not_queue",
	"not_open_yet",
	"booking_closed",
	"dose_unknown",
	"dose_other",
	"group_not_yet",
	"ticket_not_valid",
	"too_young",
	"birth_on_needed",
	"already_given",
	"already_booked",
	"first_dose_missing",
	"interval_short",
	"interval_long",
	"sold_out"
};

const char *
ob_vsys_reason(BookingReason reason)
{
	return reasons[reason];
}

/* ---- the calendar: days since 2000-01-01 and the proleptic Gregorian calendar ---- */

#define DAYS_TO_2000	730425	/* from 0000-03-01 */
#define DAYS_OF_ERA		146097	/* 400 years */

/* Year, month and day of the month of a day. A year is counted from March, so that its leap day comes last. */
static void
civil(int day, int *year, int *month, int *of_month)
{
	int64_t		z = (int64_t) day + DAYS_TO_2000;
	int64_t		era = (z >= 0 ? z : z - DAYS_OF_ERA + 1) / DAYS_OF_ERA;
	int			of_era = (int) (z - era * DAYS_OF_ERA);
	int			year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int			of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int			march = (5 * of_year + 2) / 153;

	*of_month = of_year - (153 * march + 2) / 5 + 1;
	*month = march < 10 ? march + 3 : march - 9;
	*year = (int) (year_of_era + era * 400) + (*month <= 2);
}

static int
day_of(int year, int month, int of_month)
{
	int64_t		y = year - (month <= 2);
	int64_t		era = (y >= 0 ? y : y - 399) / 400;
	int			year_of_era = (int) (y - era * 400);
	int			of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + of_month - 1;
	int			of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;

	return (int) (era * DAYS_OF_ERA + of_era - DAYS_TO_2000);
}

int
ob_vsys_year_of(int day)
{
	int			year;
	int			month;
	int			of_month;

	civil(day, &year, &month, &of_month);
	return year;
}

int
ob_vsys_comes_of_age(int born_day, int years)
{
	int			year;
	int			month;
	int			of_month;

	civil(born_day, &year, &month, &of_month);
	if (month == 2 && of_month == 29)
		return day_of(year + years, 2, 28);
	return day_of(year + years, month, of_month) - 1;
}

/* ---- rules ---------------------------------------------------------------- */

int
ob_vsys_dose(const BookingFacts *facts)
{
	return facts->wanted != 0 ? facts->wanted : facts->first_dose;
}

/* Is it the ticket of whoever asks? */
static BookingReason
judge_ticket(const BookingFacts *facts)
{
	if (!facts->staff)
		/* one answer for whatever is wrong, so that neither number nor date can be guessed alone */
		return facts->ticket && !facts->withdrawn &&
			(facts->birth == BIRTH_MATCHES || (facts->birth == BIRTH_NOT_GIVEN && facts->own)) ?
			BOOKING_ALLOWED : BOOKING_TICKET_NOT_RECOGNISED;
	if (!facts->ticket)
		return BOOKING_TICKET_UNKNOWN;
	if (facts->withdrawn)
		return BOOKING_TICKET_WITHDRAWN;
	return facts->birth == BIRTH_DIFFERS ? BOOKING_BIRTH_ON_DIFFERS : BOOKING_ALLOWED;
}

/* Can the session be booked now, in this way? Staff books before and after the public does. */
static BookingReason
judge_session(const BookingFacts *facts)
{
	if (!facts->same_programme)
		return BOOKING_PROGRAMME_OTHER;
	if (!facts->open)
		return BOOKING_SESSION_CLOSED;
	if (facts->takes_queue && !facts->queue && !facts->staff)
		return BOOKING_QUEUE_ONLY;
	if (!facts->takes_queue && facts->queue)
		return BOOKING_NOT_QUEUE;
	if (facts->as_of < facts->opens_at && !facts->staff)
		return BOOKING_NOT_OPEN_YET;
	if (facts->as_of >= facts->starts_at || (facts->as_of >= facts->closes_at && !facts->staff))
		return BOOKING_BOOKING_CLOSED;
	return BOOKING_ALLOWED;
}

/* Is the session for this ticket? */
static BookingReason
judge_right(const BookingFacts *facts)
{
	int			dose = ob_vsys_dose(facts);

	if (dose < facts->first_dose || dose > facts->last_dose)
		return BOOKING_DOSE_UNKNOWN;
	if (facts->dose != 0 && facts->dose != dose)
		return BOOKING_DOSE_OTHER;
	if (!facts->admitted)
		return BOOKING_GROUP_NOT_YET;
	if (!facts->valid)
		return BOOKING_TICKET_NOT_VALID;
	if (facts->min_age == 0)
		return BOOKING_ALLOWED;
	if (facts->birth != BIRTH_NOT_GIVEN)
		return ob_vsys_comes_of_age(facts->born_day, facts->min_age) > facts->on_day ?
			BOOKING_TOO_YOUNG : BOOKING_ALLOWED;

	/* by the year alone; whoever was born on 1 January comes of age in the year before */
	if (facts->birth_year + facts->min_age > ob_vsys_year_of(facts->on_day + 1))
		return BOOKING_TOO_YOUNG;
	return facts->birth_year + facts->min_age == ob_vsys_year_of(facts->on_day + 1) ?
		BOOKING_BIRTH_ON_NEEDED : BOOKING_ALLOWED;
}

/* Does it go together with the other doses of the person? */
static BookingReason
judge_doses(const BookingFacts *facts)
{
	int			dose = ob_vsys_dose(facts);
	bool		before = facts->with_first || facts->staff || dose == facts->first_dose;

	for (int i = 0; i < facts->doses; i++)
	{
		if (facts->booked[i].dose == dose)
			return facts->booked[i].given ? BOOKING_ALREADY_GIVEN : BOOKING_ALREADY_BOOKED;
		before = before || facts->booked[i].dose == dose - 1;
	}
	if (!before)
		return BOOKING_FIRST_DOSE_MISSING;
	for (int i = 0; i < facts->doses; i++)
	{
		int			earlier = facts->booked[i].dose < dose ? facts->booked[i].on_day : facts->on_day;
		int			later = facts->booked[i].dose < dose ? facts->on_day : facts->booked[i].on_day;

		if (later < earlier + facts->interval_min)
			return BOOKING_INTERVAL_SHORT;
	}
	if (!facts->with_first)
		return BOOKING_ALLOWED;
	if (facts->on_day < facts->first_day + facts->interval_min)
		return BOOKING_INTERVAL_SHORT;
	return facts->interval_max != 0 && facts->on_day > facts->first_day + facts->interval_max ?
		BOOKING_INTERVAL_LONG : BOOKING_ALLOWED;
}

BookingReason
ob_vsys_judge(const BookingFacts *facts)
{
	static BookingReason (*const parts[]) (const BookingFacts *) = {
		judge_ticket, judge_session, judge_right, judge_doses
	};

	for (unsigned i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
	{
		BookingReason reason = parts[i] (facts);

		if (reason != BOOKING_ALLOWED)
			return reason;
	}
	/* told from what was read: nobody waits for a lock to hear that all is taken */
	return facts->taken >= facts->capacity && !facts->queue ? BOOKING_SOLD_OUT : BOOKING_ALLOWED;
}
