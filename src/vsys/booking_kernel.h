/*-------------------------------------------------------------------------
 *
 * booking_kernel.h
 *	  The rules of a booking, in plain C: no PostgreSQL header.
 *
 * Vocabulary
 *	  ticket	what a municipality issued to a person for a programme
 *	  slot		a time of a session with its places
 *	  dose		number of a dose, as on the ticket
 *	  day		days since 2000-01-01, as PostgreSQL counts them
 *	  staff		of the municipality that issued the ticket
 *
 * Invariants
 *	  The reason is the first rule that is broken, in the order of the enum.
 *	  What is said to somebody who is not staff depends on nothing of the
 *	  ticket until number and date of birth were found to belong together.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OB_VSYS_BOOKING_KERNEL_H
#define OB_VSYS_BOOKING_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#define BOOKING_DOSES_MAX	16

typedef enum BookingReason
{
	BOOKING_ALLOWED,
	BOOKING_SLOT_UNKNOWN,
	BOOKING_TICKET_NOT_RECOGNISED,
	BOOKING_TICKET_UNKNOWN,
	BOOKING_TICKET_WITHDRAWN,
	BOOKING_BIRTH_ON_DIFFERS,
	BOOKING_PROGRAMME_OTHER,
	BOOKING_SESSION_CLOSED,
	BOOKING_QUEUE_ONLY,
	BOOKING_NOT_QUEUE,
	BOOKING_NOT_OPEN_YET,
	BOOKING_BOOKING_CLOSED,
	BOOKING_DOSE_UNKNOWN,
	BOOKING_DOSE_OTHER,
	BOOKING_GROUP_NOT_YET,
	BOOKING_TICKET_NOT_VALID,
	BOOKING_TOO_YOUNG,
	BOOKING_BIRTH_ON_NEEDED,
	BOOKING_ALREADY_GIVEN,
	BOOKING_ALREADY_BOOKED,
	BOOKING_FIRST_DOSE_MISSING,
	BOOKING_INTERVAL_SHORT,
	BOOKING_INTERVAL_LONG,
	BOOKING_SOLD_OUT,
	BOOKING_REASONS
} BookingReason;

typedef enum BirthCheck
{
	BIRTH_NOT_GIVEN,
	BIRTH_MATCHES,
	BIRTH_DIFFERS				/* or is not known of the ticket */
} BirthCheck;

/* A dose of the person and programme that is booked or given. */
typedef struct BookedDose
{
	int			dose;
	int			on_day;
	bool		given;
} BookedDose;

typedef struct BookingFacts
{
	/* what is asked */
	bool		staff;
	bool		queue;			/* as a request in the queue, which waits for its place */
	int64_t		as_of;			/* microseconds, as all instants here */
	int			wanted;			/* dose; 0: the first of the programme */
	bool		with_first;		/* the dose before it is booked along … */
	int			first_day;		/* … for this day */

	/* the slot and its session */
	bool		open;
	int64_t		starts_at;
	int			capacity;
	int			taken;
	bool		takes_queue;
	int64_t		opens_at;
	int64_t		closes_at;
	int			on_day;
	int			dose;			/* 0: every dose */
	int			first_dose;
	int			last_dose;
	int			min_age;
	int			interval_min;
	int			interval_max;	/* 0: no limit */

	/* the ticket */
	bool		ticket;			/* was one of this number issued? */
	bool		withdrawn;
	bool		own;			/* it is the person's who asks, by a token */
	BirthCheck	birth;
	int			born_day;		/* as given */
	int			birth_year;
	bool		same_programme;
	bool		admitted;		/* its group is one of the session's */
	bool		valid;			/* on the day of the session */

	/* what else the person has of the programme */
	int			doses;
	BookedDose	booked[BOOKING_DOSES_MAX];
} BookingFacts;

/* The dose that is asked for, by its number. */
extern int	ob_vsys_dose(const BookingFacts *facts);

/* Why it cannot be booked; BOOKING_ALLOWED when it can. */
extern BookingReason ob_vsys_judge(const BookingFacts *facts);

/* The code of a reason, as vsys.booking_reason has it. */
extern const char *ob_vsys_reason(BookingReason reason);

/*
 * The day on which somebody reaches an age as Japan counts it: the day before
 * the birthday; who was born on 29 February always on the 28th.
 */
extern int	ob_vsys_comes_of_age(int born_day, int years);

/* The year of a day. */
extern int	ob_vsys_year_of(int day);

#endif							/* OB_VSYS_BOOKING_KERNEL_H */
