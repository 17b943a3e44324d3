/*-------------------------------------------------------------------------
 *
 * booking.h
 *		What booking.c finds out about a ticket and a slot, and where the
 *		tables of booking stand; for place.c, which books.
 *
 *-------------------------------------------------------------------------
 */
#ifndef OUTBREAK_VSYS_BOOKING_H
#define OUTBREAK_VSYS_BOOKING_H

#include "executor/tuptable.h"
#include "storage/itemptr.h"
#include "utils/date.h"
#include "utils/timestamp.h"

#include "vsys/booking_kernel.h"

typedef enum BookingTable
{
	SLOT,
	SESSION,
	TICKET,
	BOOKING,
	REQUEST,
	BOOKING_TABLES
} BookingTable;

enum
{
	SLOT_SESSION, SLOT_SITE, SLOT_PREFECTURE, SLOT_STARTS_AT, SLOT_CAPACITY, SLOT_TAKEN, SLOT_OPEN
};

/* All columns of vsys.booking. */
enum
{
	BOOKING_NUMBER, BOOKING_SLOT, BOOKING_PERSON, BOOKING_BOOKED_AT, BOOKING_SITE, BOOKING_MUNICIPALITY, BOOKING_ON_DATE,
	BOOKING_PREFECTURE, BOOKING_DOSE, BOOKING_IN_FORCE, BOOKING_PROGRAMME, BOOKING_TICKET, BOOKING_STATE, BOOKING_SOURCE,
	BOOKING_PAIR, BOOKING_KEY, BOOKING_ENDED_AT, BOOKING_WHY,
	BOOKING_COLUMNS
};

/* All columns of vsys.queue_request. */
enum
{
	REQUEST_NUMBER, REQUEST_AT, REQUEST_CLAIM, REQUEST_PERSON, REQUEST_MUNICIPALITY, REQUEST_DOSE, REQUEST_WAIT, REQUEST_TICKET,
	REQUEST_PROGRAMME, REQUEST_SLOTS, REQUEST_SECOND_SLOTS, REQUEST_STATE, REQUEST_DECIDED_AT, REQUEST_WHY, REQUEST_BOOKING,
	REQUEST_COLUMNS
};

/* A question to ob_vsys_judge_asked(). */
typedef struct BookingAsked
{
	bool		has_slot;
	int64		slot;
	bool		has_ticket;
	int32		municipality;
	text	   *number;
	bool		has_born;
	DateADT		born;
	int			dose;			/* 0: the first of the programme; -1: none that there is */
	TimestampTz as_of;
	bool		queue;
	bool		with_first;		/* the dose before, on first_day, is booked along */
	DateADT		first_day;
	bool		replaces;		/* the booking that this one is made instead of */
	int64		instead_of;
	text	   *key;			/* NULL: none */
} BookingAsked;

/* What is known of it: the OUT parameters of outbreak.judge_booking(), in their order. */
enum
{
	JUDGED_REASON, JUDGED_PERSON, JUDGED_PROGRAMME, JUDGED_DOSE, JUDGED_SESSION, JUDGED_SITE, JUDGED_PREFECTURE, JUDGED_PRODUCT,
	JUDGED_ON_DATE, JUDGED_STAFF, JUDGED_FAILED_LATELY,
	JUDGED_COLUMNS
};

typedef struct BookingJudged
{
	BookingReason reason;
	bool		staff;
	bool		failed_lately;
	bool		key_used;		/* a booking of the person was made with this key before */
	ItemPointerData slot_at;	/* the row of the slot that was read */
	Datum		values[JUDGED_COLUMNS];
	bool		nulls[JUDGED_COLUMNS];
} BookingJudged;

/* The number of a dose as it is asked for: NULL is none in particular, and what cannot be one is no dose. */
extern int	ob_vsys_wanted_dose(bool isnull, int32 dose);

/* Judges it, as of the active snapshot and without regard to the rights of the caller. */
extern void ob_vsys_judge_asked(const BookingAsked *asked, BookingJudged *judged);

/* Has the person one of these doses of a programme in force, as of the active snapshot? */
extern bool ob_vsys_has_dose(Datum person, Datum programme, int from, int to);

/* Finds the tables of booking; ob_vsys_judge_asked() does too. */
extern void ob_vsys_find_booking_tables(void);

/* Where a table of booking and its columns stand, once they were found. */
extern Oid	ob_vsys_booking_table(BookingTable which);
extern Oid	ob_vsys_booking_index(BookingTable which);
extern AttrNumber ob_vsys_booking_column(BookingTable which, int column);

/* Gives a column of a row that is being made a value. */
static inline void
ob_vsys_set(TupleTableSlot *row, BookingTable which, int column, Datum value)
{
	AttrNumber	number = ob_vsys_booking_column(which, column);

	row->tts_values[number - 1] = value;
	row->tts_isnull[number - 1] = false;
}

#endif							/* OUTBREAK_VSYS_BOOKING_H */
