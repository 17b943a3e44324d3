/*-------------------------------------------------------------------------
 *
 * place.c
 *		Booking a place, and asking for one in turn, where nothing stands in
 *		the way.
 *
 * This is the way of nearly every booking and request, so it is the short
 * one: the ticket is judged, the slot counted up and the row written without
 * a query. Whatever is out of the ordinary (a refusal, a key that was used
 * before, somebody who books for the same person at this moment, a trigger
 * that somebody attached) is left to vsys.book() and vsys.request_booking():
 * the functions here then return NULL and have changed nothing.
 *
 * Invariants
 *		A slot is counted up only as its newest version stands, as UPDATE does
 *		it: whoever comes second waits for the first, and judges anew whether
 *		there is a place and the slot is open.
 *		A booking is written after its slot, as everybody does.
 *		The tables are read and written without regard to the rights of the
 *		caller, which are those of vsys.book() and vsys.request_booking().
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/uuid.h"

#include "access/limit.h"
#include "common/compat.h"
#include "common/partition.h"
#include "vsys/booking.h"
#include "vsys/row.h"

/* vsys.slot has one: 0 <= taken <= capacity, and what booking does not change. */
#define SLOT_CHECKS		1

/* Requests of a person for a dose: three, and one more a minute; vsys.request_booking() has the same numbers. */
#define REQUESTS_PER_SECOND	(1 / 60.0)
#define REQUESTS_BURST		3

/* Is there a place, as this version of the slot says? */
static bool
has_place(TupleTableSlot *row)
{
	bool		isnull;

	return DatumGetInt32(slot_getattr(row, ob_vsys_booking_column(SLOT, SLOT_TAKEN), &isnull)) <
		DatumGetInt32(slot_getattr(row, ob_vsys_booking_column(SLOT, SLOT_CAPACITY), &isnull)) &&
		DatumGetBool(slot_getattr(row, ob_vsys_booking_column(SLOT, SLOT_OPEN), &isnull));
}

/* Fills `changed` with the row, counted up or down. */
static void
count(TupleTableSlot *row, int by, TupleTableSlot *changed)
{
	AttrNumber	taken = ob_vsys_booking_column(SLOT, SLOT_TAKEN);

	slot_getallattrs(row);
	ExecClearTuple(changed);
	memcpy(changed->tts_values, row->tts_values, sizeof(Datum) * row->tts_tupleDescriptor->natts);
	memcpy(changed->tts_isnull, row->tts_isnull, sizeof(bool) * row->tts_tupleDescriptor->natts);
	changed->tts_values[taken - 1] = Int32GetDatum(DatumGetInt32(row->tts_values[taken - 1]) + by);
	ExecStoreVirtualTuple(changed);
}

/* Enters a version of a row into the indexes: where there was no room left beside the old one. */
static void
enter_row(Relation rel, TupleTableSlot *row)
{
	RowWriter  *writer = ob_vsys_begin_rows(rel);

	ob_vsys_enter_row(writer, row);
	ob_vsys_end_rows(writer);
}

static bool
write_row(Relation rel, TupleTableSlot *row, Oid once)
{
	RowWriter  *writer = ob_vsys_begin_rows(rel);
	bool		written = ob_vsys_write_row(writer, row, once);

	ob_vsys_end_rows(writer);
	return written;
}

/*
 * Counts a slot up, from the row that was judged or whatever became of it;
 * false when there is no place any more. Afterwards *at is where it stands.
 */
static bool
count_up(Relation rel, ItemPointer at)
{
	Snapshot	snapshot = GetActiveSnapshot();
	TupleTableSlot *row = table_slot_create(rel, NULL);
	TupleTableSlot *changed = table_slot_create(rel, NULL);
	bool		there = table_tuple_fetch_row_version(rel, at, snapshot, row);
	bool		done = false;

	while (there && !done && has_place(row))
	{
		CommandId	command = GetCurrentCommandId(true);
		TM_FailureData failure;
		LockTupleMode mode;
		OB_UPDATE_INDEXES indexes;
		TM_Result	result;

		count(row, 1, changed);
		result = table_tuple_update(rel, at, changed, command, snapshot, InvalidSnapshot, true, &failure, &mode, &indexes);
		if (result == TM_Ok)
		{
			done = true;
			*at = changed->tts_tid;
			if (ob_updates_indexes(indexes))
				enter_row(rel, changed);
			break;
		}
		/* somebody was faster: go on from the version that they made, as UPDATE does; else it is for a query to say */
		there = result == TM_Updated && !IsolationUsesXactSnapshot() &&
			table_tuple_lock(rel, at, snapshot, row, command, mode, LockWaitBlock, TUPLE_LOCK_FLAG_FIND_LAST_VERSION, &failure) == TM_Ok;
		if (there)
			*at = row->tts_tid;
	}
	ExecDropSingleTupleTableSlot(row);
	ExecDropSingleTupleTableSlot(changed);
	return done;
}

/* Takes back what count_up() did in this transaction. */
static void
count_down(Relation rel, ItemPointer at)
{
	TupleTableSlot *row = table_slot_create(rel, NULL);
	TupleTableSlot *changed = table_slot_create(rel, NULL);
	TM_FailureData failure;
	LockTupleMode mode;
	OB_UPDATE_INDEXES indexes;

	CommandCounterIncrement();
	if (!table_tuple_fetch_row_version(rel, at, SnapshotAny, row))
		elog(ERROR, "a slot vanished while it was locked");
	count(row, -1, changed);
	if (table_tuple_update(rel, at, changed, GetCurrentCommandId(true), GetActiveSnapshot(), InvalidSnapshot, true,
						   &failure, &mode, &indexes) != TM_Ok)
		elog(ERROR, "a slot changed while it was locked");
	if (ob_updates_indexes(indexes))
		enter_row(rel, changed);
	ExecDropSingleTupleTableSlot(row);
	ExecDropSingleTupleTableSlot(changed);
}

/* An empty row, to be filled with ob_vsys_set() and stored. */
static TupleTableSlot *
new_row(Relation rel)
{
	TupleTableSlot *row = table_slot_create(rel, NULL);

	memset(row->tts_isnull, true, sizeof(bool) * row->tts_tupleDescriptor->natts);
	return row;
}

/* Writes the booking; false when the person has the dose booked meanwhile. */
static bool
write_booking(Relation rel, const BookingAsked *asked, const BookingJudged *judged, int64 number)
{
	TupleTableSlot *row = new_row(rel);
	bool		written;

	ob_vsys_set(row, BOOKING, BOOKING_NUMBER, Int64GetDatum(number));
	ob_vsys_set(row, BOOKING, BOOKING_SLOT, Int64GetDatum(asked->slot));
	ob_vsys_set(row, BOOKING, BOOKING_PERSON, judged->values[JUDGED_PERSON]);
	ob_vsys_set(row, BOOKING, BOOKING_BOOKED_AT, TimestampTzGetDatum(asked->as_of));
	ob_vsys_set(row, BOOKING, BOOKING_SITE, judged->values[JUDGED_SITE]);
	ob_vsys_set(row, BOOKING, BOOKING_MUNICIPALITY, Int32GetDatum(asked->municipality));
	ob_vsys_set(row, BOOKING, BOOKING_ON_DATE, judged->values[JUDGED_ON_DATE]);
	ob_vsys_set(row, BOOKING, BOOKING_PREFECTURE, judged->values[JUDGED_PREFECTURE]);
	ob_vsys_set(row, BOOKING, BOOKING_DOSE, judged->values[JUDGED_DOSE]);
	ob_vsys_set(row, BOOKING, BOOKING_IN_FORCE, BoolGetDatum(true));
	ob_vsys_set(row, BOOKING, BOOKING_PROGRAMME, judged->values[JUDGED_PROGRAMME]);
	ob_vsys_set(row, BOOKING, BOOKING_TICKET, PointerGetDatum(asked->number));
	ob_vsys_set(row, BOOKING, BOOKING_STATE, CStringGetTextDatum("booked"));
	ob_vsys_set(row, BOOKING, BOOKING_SOURCE, CStringGetTextDatum(judged->staff ? "staff" : "direct"));
	if (asked->key != NULL)
		ob_vsys_set(row, BOOKING, BOOKING_KEY, PointerGetDatum(asked->key));
	ExecStoreVirtualTuple(row);
	written = write_row(rel, row, ob_vsys_booking_index(BOOKING));
	ExecDropSingleTupleTableSlot(row);
	return written;
}

/* Takes over what both functions are asked alike. */
static void
read_ticket_asked(FunctionCallInfo fcinfo, BookingAsked *asked)
{
	asked->has_ticket = true;
	asked->municipality = PG_GETARG_INT32(1);
	asked->number = PG_GETARG_TEXT_PP(2);
	asked->has_born = !PG_ARGISNULL(3);
	asked->born = asked->has_born ? PG_GETARG_DATEADT(3) : 0;
	asked->dose = ob_vsys_wanted_dose(PG_ARGISNULL(4), PG_ARGISNULL(4) ? 0 : PG_GETARG_INT32(4));
}

/*
 * outbreak.book_place(slot bigint, municipality municipality_code, number text, birth_on date, dose integer, key text,
 *		as_of timestamptz) returns bigint
 */
PG_FUNCTION_INFO_V1(ob_vsys_book_place);
Datum
ob_vsys_book_place(PG_FUNCTION_ARGS)
{
	BookingAsked asked = {0};
	BookingJudged judged;
	Relation	slots;
	Relation	bookings;
	int64		number = 0;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(6) || XactReadOnly)
		PG_RETURN_NULL();
	asked.has_slot = true;
	asked.slot = PG_GETARG_INT64(0);
	read_ticket_asked(fcinfo, &asked);
	asked.key = PG_ARGISNULL(5) ? NULL : PG_GETARG_TEXT_PP(5);
	asked.as_of = PG_GETARG_TIMESTAMPTZ(6);
	ob_vsys_judge_asked(&asked, &judged);
	if (judged.reason != BOOKING_ALLOWED || judged.failed_lately || judged.key_used)
		PG_RETURN_NULL();

	slots = table_open(ob_vsys_booking_table(SLOT), RowExclusiveLock);
	bookings = table_open(ob_vsys_booking_table(BOOKING), RowExclusiveLock);
	if (ob_vsys_plain_for_update(slots, SLOT_CHECKS) && ob_vsys_plain_for_insert(bookings, BOOKING_COLUMNS) &&
		count_up(slots, &judged.slot_at))
	{
		number = ob_vsys_next_number(bookings, "booking_number");
		if (!write_booking(bookings, &asked, &judged, number))
		{
			count_down(slots, &judged.slot_at);
			number = 0;
		}
		CommandCounterIncrement();
	}
	table_close(bookings, NoLock);
	table_close(slots, NoLock);
	if (number == 0)
		PG_RETURN_NULL();
	PG_RETURN_INT64(number);
}

/* One of the slots that are asked for, or of those that go with them; false for NULL. */
static bool
slot_of(ArrayType *slots, int which, int64 *slot)
{
	bool		isnull;
	Datum		element;

	if (slots == NULL)
		return false;
	element = array_get_element(PointerGetDatum(slots), 1, &which, -1, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &isnull);
	*slot = DatumGetInt64(element);
	return !isnull;
}

/* May the ticket have each of the choices? *first is what was found out about the first. */
static bool
judge_choices(BookingAsked *asked, ArrayType *slots, ArrayType *seconds, BookingJudged *first)
{
	int			choices = ArrayGetNItems(ARR_NDIM(slots), ARR_DIMS(slots));

	for (int i = 1; i <= choices; i++)
	{
		BookingJudged one;
		BookingJudged two;
		BookingAsked with;

		asked->has_slot = slot_of(slots, i, &asked->slot);
		ob_vsys_judge_asked(asked, &one);
		if (one.reason != BOOKING_ALLOWED || one.failed_lately)
			return false;
		if (i == 1)
		{
			*first = one;
			asked->dose = DatumGetInt16(one.values[JUDGED_DOSE]);
		}
		with = *asked;
		if (!slot_of(seconds, i, &with.slot))
			continue;
		with.dose = asked->dose + 1;
		with.with_first = true;
		with.first_day = DatumGetDateADT(one.values[JUDGED_ON_DATE]);
		ob_vsys_judge_asked(&with, &two);
		if (two.reason != BOOKING_ALLOWED || with.slot == asked->slot ||
			!DatumGetBool(DirectFunctionCall2Coll(texteq, C_COLLATION_OID, one.values[JUDGED_PRODUCT], two.values[JUDGED_PRODUCT])))
			return false;
	}
	return true;
}

/* Writes the request. */
static void
write_request(Relation leaf, const BookingAsked *asked, const BookingJudged *first, ArrayType *slots, ArrayType *seconds, bool wait,
			  Datum number, Datum claim)
{
	TupleTableSlot *row = new_row(leaf);

	ob_vsys_set(row, REQUEST, REQUEST_NUMBER, number);
	ob_vsys_set(row, REQUEST, REQUEST_AT, TimestampTzGetDatum(asked->as_of));
	ob_vsys_set(row, REQUEST, REQUEST_CLAIM, claim);
	ob_vsys_set(row, REQUEST, REQUEST_PERSON, first->values[JUDGED_PERSON]);
	ob_vsys_set(row, REQUEST, REQUEST_MUNICIPALITY, Int32GetDatum(asked->municipality));
	ob_vsys_set(row, REQUEST, REQUEST_DOSE, first->values[JUDGED_DOSE]);
	ob_vsys_set(row, REQUEST, REQUEST_WAIT, BoolGetDatum(wait));
	ob_vsys_set(row, REQUEST, REQUEST_TICKET, PointerGetDatum(asked->number));
	ob_vsys_set(row, REQUEST, REQUEST_PROGRAMME, first->values[JUDGED_PROGRAMME]);
	ob_vsys_set(row, REQUEST, REQUEST_SLOTS, PointerGetDatum(slots));
	if (seconds != NULL)
		ob_vsys_set(row, REQUEST, REQUEST_SECOND_SLOTS, PointerGetDatum(seconds));
	ob_vsys_set(row, REQUEST, REQUEST_STATE, CStringGetTextDatum("waiting"));
	ExecStoreVirtualTuple(row);
	write_row(leaf, row, InvalidOid);
	ExecDropSingleTupleTableSlot(row);
}

/* Has the person asked too often for the dose? Counts this time. */
static bool
asks_too_often(const BookingJudged *first)
{
	char	   *person = DatumGetCString(DirectFunctionCall1(uuid_out, first->values[JUDGED_PERSON]));

	return ob_access_use_token(psprintf("request %s %d", person, DatumGetInt16(first->values[JUDGED_DOSE])),
							   REQUESTS_PER_SECOND, REQUESTS_BURST) > 0;
}

/* Judges the request, and writes it where nothing stands in the way: then true, and its number and key. */
static bool
note(const BookingAsked *what, ArrayType *slots, ArrayType *seconds, bool wait, Datum *number, Datum *claim)
{
	BookingAsked asked = *what;
	BookingJudged first = {0};
	Relation	requests;
	Relation	leaf;
	bool		noted;

	if (ARR_NDIM(slots) != 1 || ARR_LBOUND(slots)[0] != 1 || (seconds != NULL && (ARR_NDIM(seconds) != 1 || ARR_LBOUND(seconds)[0] != 1)) ||
		!judge_choices(&asked, slots, seconds, &first))
		return false;
	requests = table_open(ob_vsys_booking_table(REQUEST), RowExclusiveLock);
	leaf = ob_common_open_partition(requests, asked.as_of);
	noted = leaf != NULL && requests->trigdesc == NULL && ob_vsys_plain_for_insert(leaf, REQUEST_COLUMNS) && ob_vsys_same_columns(requests, leaf) &&
		(first.staff || !asks_too_often(&first));
	if (noted)
	{
		*number = Int64GetDatum(ob_vsys_next_number(requests, "queue_request_number"));
		*claim = DirectFunctionCall1(gen_random_uuid, (Datum) 0);
		write_request(leaf, &asked, &first, slots, seconds, wait, *number, *claim);
		CommandCounterIncrement();
	}
	if (leaf != NULL)
		table_close(leaf, NoLock);
	table_close(requests, NoLock);
	return noted;
}

/*
 * outbreak.note_request(slots bigint[], municipality municipality_code, number text, birth_on date, dose integer,
 *		second_slots bigint[], wait boolean, as_of timestamptz, OUT request bigint, OUT claim uuid)
 */
PG_FUNCTION_INFO_V1(ob_vsys_note_request);
Datum
ob_vsys_note_request(PG_FUNCTION_ARGS)
{
	BookingAsked asked = {0};
	TupleDesc	desc;
	Datum		values[2] = {0, 0};
	bool		nulls[2] = {true, true};

	if (!PG_ARGISNULL(0) && !PG_ARGISNULL(1) && !PG_ARGISNULL(2) && !PG_ARGISNULL(6) && !PG_ARGISNULL(7) && !XactReadOnly)
	{
		read_ticket_asked(fcinfo, &asked);
		asked.as_of = PG_GETARG_TIMESTAMPTZ(7);
		asked.queue = true;
		if (note(&asked, PG_GETARG_ARRAYTYPE_P(0), PG_ARGISNULL(5) ? NULL : PG_GETARG_ARRAYTYPE_P(5), PG_GETARG_BOOL(6), &values[0], &values[1]))
			nulls[0] = nulls[1] = false;
	}
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}
