/*-------------------------------------------------------------------------
 *
 * grant.c
 *		Granting requests of the queue, a batch at a time.
 *
 * The requests of a batch are read, their slots locked and, at the end,
 * counted by one query each; the bookings and what became of the requests
 * are written row by row without one, which halves what a grant costs. Where
 * somebody has attached a trigger, a check or a column to these tables,
 * nothing is done here, and vsys.grant_requests() goes its longer way.
 *
 * Invariants
 *		Slots are locked by number before anything is written, as everybody
 *		does.
 *		A request is decided in its turn, on the places that those before it
 *		left. Who is booking elsewhere at that moment is waited for, in the
 *		order of the people as every batch does. Where that leaves a place
 *		over, nobody of the batch is told that all is taken: the next round
 *		has them.
 *		Tables are read and written as the current user, who is their owner.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "vsys/booking.h"
#include "vsys/grant_kernel.h"
#include "vsys/row.h"

#define CHOICES_MAX		10

/* The columns of a request come after these in the query of read_requests(). */
enum
{
	READ_CTID = 1,
	READ_TABLE,
	READ_REQUEST,
	READ_COLUMNS = READ_REQUEST + REQUEST_COLUMNS - 1
};

/* One of the tables that requests stand in. */
typedef struct Leaf
{
	Relation	rel;
	RowWriter  *writer;
	TupleTableSlot *row;
} Leaf;

/* What is to become of a request. */
typedef struct Decision
{
	int			request;		/* its place in the batch */
	bool		repeated;		/* a second one of its person, which waits until the first is decided */
	GrantOutcome outcome;
	int			first;			/* the places of its slots; second is -1 where there is one alone */
	int			second;
	int64		booking;		/* 0: none */
	pg_uuid_t	person;
} Decision;

typedef struct Batch
{
	TimestampTz as_of;

	SPITupleTable *requests;
	int			count;
	Decision   *decision;
	Decision  **by_person;		/* the same in the order of the people, and of the requests of each */
	bool		postponed;		/* somebody could not be booked, so a place is left that others were told is taken */
	Datum		value[READ_COLUMNS];	/* of the request that is being looked at */
	bool		isnull[READ_COLUMNS];

	/* the slots, by ascending number, and of each what is free, what was taken and where it is */
	GrantSlots	slots;
	int64	   *slot;
	int32	   *free;
	int32	   *taken;
	int64	   *site;
	int16	   *prefecture;
	DateADT    *day;

	Datum	   *withdrawn;		/* people whose tickets were withdrawn since the first of the requests */
	int			withdrawn_count;

	Relation	bookings;
	RowWriter  *writer;
	TupleTableSlot *booking;
	int			leaf_count;
	Leaf	   *leaf;

	/* what came out */
	int			decided;
	int64		reached;
	Datum	   *waiting;		/* numbers of requests that want to wait */
	int			waiting_count;
} Batch;

/* A plan that is made once for the session. */
static SPIPlanPtr
prepare(SPIPlanPtr *plan, const char *query, int nargs, Oid *types)
{
	if (*plan == NULL)
	{
		/* the planner's choice does not depend on the values */
		SPIPlanPtr	made = SPI_prepare_cursor(query, nargs, types, CURSOR_OPT_GENERIC_PLAN);

		if (made == NULL || SPI_keepplan(made) != 0)
			elog(ERROR, "could not prepare granting requests");
		*plan = made;
	}
	return *plan;
}

static void
run(SPIPlanPtr plan, Datum *values, int expected)
{
	if (SPI_execute_plan(plan, values, NULL, false, 0) != expected)
		elog(ERROR, "could not grant requests");
}

/* A column of the nth row of a result; what is NULL is 0. */
static Datum
get(SPITupleTable *rows, int n, int column, bool *isnull)
{
	return SPI_getbinval(rows->vals[n], rows->tupdesc, column, isnull);
}

/* Looks at the nth request. */
static void
look_at(Batch *batch, int n)
{
	heap_deform_tuple(batch->requests->vals[n], batch->requests->tupdesc, batch->value, batch->isnull);
}

/* A column of the request that is being looked at; those that may be NULL are found in isnull[]. */
static Datum
of_request(Batch *batch, int column)
{
	return batch->value[READ_REQUEST - 2 + ob_vsys_booking_column(REQUEST, column)];
}

static bool
is_null(Batch *batch, int column)
{
	return batch->isnull[READ_REQUEST - 2 + ob_vsys_booking_column(REQUEST, column)];
}

/* Reads the choices of a request; false when they are not as vsys.request_booking() writes them. */
static bool
read_choices(Batch *batch, GrantChoice *choices, int *count)
{
	bool		isnull;
	bool		no_seconds = is_null(batch, REQUEST_SECOND_SLOTS);
	ArrayType  *slots = DatumGetArrayTypeP(of_request(batch, REQUEST_SLOTS));
	Datum		seconds = of_request(batch, REQUEST_SECOND_SLOTS);

	*count = ArrayGetNItems(ARR_NDIM(slots), ARR_DIMS(slots));
	if (*count < 1 || *count > CHOICES_MAX || ARR_NDIM(slots) != 1 || ARR_LBOUND(slots)[0] != 1 || ARR_HASNULL(slots))
		return false;
	for (int i = 0; i < *count; i++)
	{
		int			which = i + 1;

		choices[i].slot = ((int64 *) ARR_DATA_PTR(slots))[i];
		choices[i].has_second = false;
		if (no_seconds)
			continue;
		choices[i].second = DatumGetInt64(array_get_element(seconds, 1, &which, -1, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &isnull));
		choices[i].has_second = !isnull;
	}
	return true;
}

/* Reads the next requests in the order of their numbers. */
static void
read_requests(Batch *batch, int64 low, int32 most)
{
	static SPIPlanPtr plan = NULL;
	Oid			types[] = {INT8OID, INT4OID};
	Datum		values[] = {Int64GetDatum(low), Int32GetDatum(most)};

	run(prepare(&plan,
				"SELECT w.ctid, w.tableoid, w.* FROM vsys.queue_request AS w "
				"WHERE w.state OPERATOR(pg_catalog.=) 'waiting' AND w.request OPERATOR(pg_catalog.>) $1 ORDER BY w.request LIMIT $2", 2, types), values, SPI_OK_SELECT);
	batch->requests = SPI_tuptable;
	batch->count = (int) SPI_processed;
}

static int
compare_slots(const void *one, const void *other)
{
	int64		a = *(const int64 *) one;
	int64		b = *(const int64 *) other;

	return a < b ? -1 : a > b;
}

/* An array of all slots that the requests name. */
static ArrayType *
named_slots(Batch *batch)
{
	int64	   *named = palloc(sizeof(int64) * 2 * CHOICES_MAX * batch->count);
	Datum	   *distinct;
	int			count = 0;
	int			kept = 0;

	for (int n = 0; n < batch->count; n++)
	{
		GrantChoice choices[CHOICES_MAX];
		int			its;

		look_at(batch, n);
		if (!read_choices(batch, choices, &its))
			elog(ERROR, "a request of vsys.queue_request is not as it was taken down");
		for (int i = 0; i < its; i++)
		{
			named[count++] = choices[i].slot;
			if (choices[i].has_second)
				named[count++] = choices[i].second;
		}
	}
	qsort(named, count, sizeof(int64), compare_slots);
	distinct = palloc(sizeof(Datum) * count);
	for (int i = 0; i < count; i++)
		if (i == 0 || named[i] != named[i - 1])
			distinct[kept++] = Int64GetDatum(named[i]);
	pfree(named);
	return construct_array(distinct, kept, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE);
}

/* Locks the slots by number and reads what is free of each. */
static void
lock_slots(Batch *batch)
{
	static SPIPlanPtr plan = NULL;
	Oid			types[] = {INT8ARRAYOID, TIMESTAMPTZOID};
	Datum		values[] = {PointerGetDatum(named_slots(batch)), TimestampTzGetDatum(batch->as_of)};
	SPITupleTable *rows;
	bool		isnull;
	int			count;

	run(prepare(&plan,
				"SELECT l.slot, CASE WHEN l.open AND l.starts_at OPERATOR(pg_catalog.>) $2 THEN l.capacity OPERATOR(pg_catalog.-) l.taken ELSE -1 END, "
				"l.site, l.prefecture, (SELECT e.on_date FROM vsys.session AS e WHERE e.session OPERATOR(pg_catalog.=) l.session) "
				"FROM (SELECT s.* FROM vsys.slot AS s WHERE s.slot OPERATOR(pg_catalog.=) ANY ($1) ORDER BY s.slot FOR NO KEY UPDATE) AS l",
				2, types), values, SPI_OK_SELECT);
	rows = SPI_tuptable;
	count = (int) SPI_processed;
	batch->slot = palloc(sizeof(int64) * count);
	batch->free = palloc(sizeof(int32) * count);
	batch->taken = palloc0(sizeof(int32) * count);
	batch->site = palloc(sizeof(int64) * count);
	batch->prefecture = palloc(sizeof(int16) * count);
	batch->day = palloc(sizeof(DateADT) * count);
	for (int i = 0; i < count; i++)
	{
		batch->slot[i] = DatumGetInt64(get(rows, i, 1, &isnull));
		batch->free[i] = DatumGetInt32(get(rows, i, 2, &isnull));
		batch->site[i] = DatumGetInt64(get(rows, i, 3, &isnull));
		batch->prefecture[i] = DatumGetInt16(get(rows, i, 4, &isnull));
		batch->day[i] = DatumGetDateADT(get(rows, i, 5, &isnull));
	}
	batch->slots = (GrantSlots) {count, batch->slot, batch->free};
}

/* Reads whose tickets were withdrawn since the first of the requests: they were judged when they came. */
static void
read_withdrawn(Batch *batch)
{
	static SPIPlanPtr plan = NULL;
	Oid			types[] = {TIMESTAMPTZOID};
	TimestampTz earliest = DT_NOEND;
	bool		isnull;
	Datum		value;

	for (int n = 0; n < batch->count; n++)
		earliest = Min(earliest, DatumGetTimestampTz(get(batch->requests, n, READ_REQUEST - 1 + ob_vsys_booking_column(REQUEST, REQUEST_AT), &isnull)));
	value = TimestampTzGetDatum(earliest);
	run(prepare(&plan,
				"SELECT t.person FROM vsys.ticket AS t "
				"WHERE t.withdrawn_at OPERATOR(pg_catalog.>=) $1 AND t.withdrawn_reason OPERATOR(pg_catalog.<>) 'reissued'",
				1, types), &value, SPI_OK_SELECT);
	batch->withdrawn_count = (int) SPI_processed;
	batch->withdrawn = palloc(sizeof(Datum) * SPI_processed);
	for (int i = 0; i < batch->withdrawn_count; i++)
		batch->withdrawn[i] = get(SPI_tuptable, i, 1, &isnull);
}

static bool
is_withdrawn(Batch *batch, const pg_uuid_t *person)
{
	for (int i = 0; i < batch->withdrawn_count; i++)
		if (memcmp(DatumGetUUIDP(batch->withdrawn[i]), person, UUID_LEN) == 0)
			return true;
	return false;
}

/* The table that a request stands in, open for writing; NULL when that takes more than writing. */
static Leaf *
leaf_of(Batch *batch, int n)
{
	bool		isnull;
	Oid			oid = DatumGetObjectId(get(batch->requests, n, READ_TABLE, &isnull));
	Leaf	   *leaf;

	for (int i = 0; i < batch->leaf_count; i++)
		if (RelationGetRelid(batch->leaf[i].rel) == oid)
			return &batch->leaf[i];
	batch->leaf = batch->leaf == NULL ? palloc(sizeof(Leaf)) : repalloc(batch->leaf, sizeof(Leaf) * (batch->leaf_count + 1));
	leaf = &batch->leaf[batch->leaf_count++];
	leaf->rel = table_open(oid, RowExclusiveLock);
	leaf->writer = ob_vsys_begin_rows(leaf->rel);
	leaf->row = table_slot_create(leaf->rel, NULL);
	return leaf;
}

/* Opens the tables that are written; false when that takes more than writing. */
static bool
open_tables(Batch *batch)
{
	Relation	requests = table_open(ob_vsys_booking_table(REQUEST), RowExclusiveLock);
	bool		plain = requests->trigdesc == NULL;

	for (int n = 0; n < batch->count; n++)
		leaf_of(batch, n);
	for (int i = 0; i < batch->leaf_count; i++)
		plain = plain && ob_vsys_plain_for_update(batch->leaf[i].rel, 0) && ob_vsys_same_columns(requests, batch->leaf[i].rel) &&
			RelationGetDescr(requests)->natts == REQUEST_COLUMNS;
	table_close(requests, NoLock);
	batch->bookings = table_open(ob_vsys_booking_table(BOOKING), RowExclusiveLock);
	batch->writer = ob_vsys_begin_rows(batch->bookings);
	batch->booking = table_slot_create(batch->bookings, NULL);
	return plain && ob_vsys_plain_for_insert(batch->bookings, BOOKING_COLUMNS);
}

static void
close_tables(Batch *batch)
{
	for (int i = 0; i < batch->leaf_count; i++)
	{
		ExecDropSingleTupleTableSlot(batch->leaf[i].row);
		ob_vsys_end_rows(batch->leaf[i].writer);
		table_close(batch->leaf[i].rel, NoLock);
	}
	ExecDropSingleTupleTableSlot(batch->booking);
	ob_vsys_end_rows(batch->writer);
	table_close(batch->bookings, NoLock);
}

/* Books a place of the batch's slots for a request; false when the person has that dose already. */
static bool
book(Batch *batch, int place, int further, int64 number, int64 pair)
{
	static const int same[][2] = {
		{BOOKING_PERSON, REQUEST_PERSON}, {BOOKING_MUNICIPALITY, REQUEST_MUNICIPALITY}, {BOOKING_PROGRAMME, REQUEST_PROGRAMME}, {BOOKING_TICKET, REQUEST_TICKET}
	};
	TupleTableSlot *row = batch->booking;
	Datum		dose = of_request(batch, REQUEST_DOSE);
	int64		request = DatumGetInt64(of_request(batch, REQUEST_NUMBER));

	ExecClearTuple(row);
	memset(row->tts_isnull, true, sizeof(bool) * row->tts_tupleDescriptor->natts);
	for (int i = 0; i < lengthof(same); i++)
		ob_vsys_set(row, BOOKING, same[i][0], of_request(batch, same[i][1]));
	ob_vsys_set(row, BOOKING, BOOKING_NUMBER, Int64GetDatum(number));
	ob_vsys_set(row, BOOKING, BOOKING_SLOT, Int64GetDatum(batch->slot[place]));
	ob_vsys_set(row, BOOKING, BOOKING_BOOKED_AT, TimestampTzGetDatum(batch->as_of));
	ob_vsys_set(row, BOOKING, BOOKING_SITE, Int64GetDatum(batch->site[place]));
	ob_vsys_set(row, BOOKING, BOOKING_ON_DATE, DateADTGetDatum(batch->day[place]));
	ob_vsys_set(row, BOOKING, BOOKING_PREFECTURE, Int16GetDatum(batch->prefecture[place]));
	ob_vsys_set(row, BOOKING, BOOKING_DOSE, Int16GetDatum(DatumGetInt16(dose) + further));
	ob_vsys_set(row, BOOKING, BOOKING_IN_FORCE, BoolGetDatum(true));
	ob_vsys_set(row, BOOKING, BOOKING_STATE, CStringGetTextDatum("booked"));
	ob_vsys_set(row, BOOKING, BOOKING_SOURCE, CStringGetTextDatum("queue"));
	ob_vsys_set(row, BOOKING, BOOKING_KEY, CStringGetTextDatum(psprintf("request " INT64_FORMAT, request)));
	if (pair != 0)
		ob_vsys_set(row, BOOKING, BOOKING_PAIR, Int64GetDatum(pair));
	ExecStoreVirtualTuple(row);
	while (!ob_vsys_write_row(batch->writer, row, ob_vsys_booking_index(BOOKING)))
		if (!ob_vsys_wait_for_rival(batch->writer, row, ob_vsys_booking_index(BOOKING)))
			return false;
	return true;
}

/* Books what a request is granted; 0 when the person has it already, and nothing of it was booked. */
static int64
book_granted(Batch *batch, int first, int second)
{
	int64		number = ob_vsys_next_number(batch->bookings, "booking_number");
	ItemPointerData at;

	if (!book(batch, first, 0, number, second >= 0 ? number : 0))
		return 0;
	at = batch->booking->tts_tid;
	if (second >= 0 && !book(batch, second, 1, ob_vsys_next_number(batch->bookings, "booking_number"), number))
	{
		/* both or none */
		CommandCounterIncrement();
		simple_table_tuple_delete(batch->bookings, &at, GetActiveSnapshot());
		return 0;
	}
	batch->taken[first]++;
	if (second >= 0)
		batch->taken[second]++;
	return number;
}

/* Writes what became of a request; false when somebody deleted it meanwhile. */
static bool
write_decision(Batch *batch, int n, const char *reason, int64 booking)
{
	Leaf	   *leaf = leaf_of(batch, n);
	TupleTableSlot *row = leaf->row;
	ItemPointerData at = *(ItemPointer) DatumGetPointer(batch->value[READ_CTID - 1]);

	ExecClearTuple(row);
	memcpy(row->tts_values, &batch->value[READ_REQUEST - 1], sizeof(Datum) * REQUEST_COLUMNS);
	memcpy(row->tts_isnull, &batch->isnull[READ_REQUEST - 1], sizeof(bool) * REQUEST_COLUMNS);
	ob_vsys_set(row, REQUEST, REQUEST_STATE, CStringGetTextDatum(booking != 0 ? "granted" : "refused"));
	ob_vsys_set(row, REQUEST, REQUEST_DECIDED_AT, TimestampTzGetDatum(batch->as_of));
	if (reason != NULL)
		ob_vsys_set(row, REQUEST, REQUEST_WHY, CStringGetTextDatum(reason));
	if (booking != 0)
		ob_vsys_set(row, REQUEST, REQUEST_BOOKING, Int64GetDatum(booking));
	ExecStoreVirtualTuple(row);
	return ob_vsys_change_row(leaf->writer, &at, row);
}

/* Has the person what is asked for, as is committed now, or as of a round before? */
static bool
has_already(Batch *batch)
{
	int			dose = DatumGetInt16(of_request(batch, REQUEST_DOSE));
	bool		has;

	PushActiveSnapshot(GetLatestSnapshot());
	has = ob_vsys_has_dose(of_request(batch, REQUEST_PERSON), of_request(batch, REQUEST_PROGRAMME),
						   dose, is_null(batch, REQUEST_SECOND_SLOTS) ? dose : dose + 1);
	PopActiveSnapshot();
	return has;
}

static int
compare_people(const void *one, const void *other)
{
	const Decision *a = *(Decision *const *) one;
	const Decision *b = *(Decision *const *) other;
	int			order = memcmp(a->person.data, b->person.data, UUID_LEN);

	return order != 0 ? order : a->request - b->request;
}

/* Finds out whose the requests are. */
static void
read_people(Batch *batch)
{
	batch->decision = palloc0(sizeof(Decision) * batch->count);
	batch->by_person = palloc(sizeof(Decision *) * batch->count);
	for (int n = 0; n < batch->count; n++)
	{
		look_at(batch, n);
		batch->decision[n].request = n;
		batch->decision[n].person = *DatumGetUUIDP(of_request(batch, REQUEST_PERSON));
		batch->by_person[n] = &batch->decision[n];
	}
	qsort(batch->by_person, batch->count, sizeof(Decision *), compare_people);
	for (int i = 1; i < batch->count; i++)
		batch->by_person[i]->repeated = memcmp(&batch->by_person[i]->person, &batch->by_person[i - 1]->person, UUID_LEN) == 0;
}

/* Decides a request on the places that those before it left. */
static void
decide(Batch *batch, int n)
{
	Decision   *decision = &batch->decision[n];
	GrantChoice choices[CHOICES_MAX];
	int			count;
	int			choice;

	look_at(batch, n);
	read_choices(batch, choices, &count);
	decision->outcome = is_withdrawn(batch, &decision->person) ? GRANT_WITHDRAWN :
		ob_vsys_grant_choose(&batch->slots, choices, count, &choice, &decision->first, &decision->second);
	if (decision->outcome != GRANT_GRANTED)
		return;
	batch->free[decision->first]--;
	if (decision->second >= 0)
		batch->free[decision->second]--;
}

/* Books what is granted, in the order of the people: neighbours in the index that is the largest. */
static void
book_all(Batch *batch, MemoryContext each)
{
	for (int i = 0; i < batch->count; i++)
	{
		Decision   *decision = batch->by_person[i];
		MemoryContext before;

		CHECK_FOR_INTERRUPTS();
		if (decision->repeated || decision->outcome != GRANT_GRANTED)
			continue;
		before = MemoryContextSwitchTo(each);
		look_at(batch, decision->request);
		decision->booking = book_granted(batch, decision->first, decision->second);
		batch->postponed = batch->postponed || decision->booking == 0;
		MemoryContextSwitchTo(before);
		MemoryContextReset(each);
	}
}

/*
 * Writes what became of a request. Who has the dose already is found out by
 * booking it, and looked up only when that fails, or when there was nothing to
 * book: it is the reason that goes before all others.
 */
static void
conclude(Batch *batch, int n)
{
	static const char *const reasons[] = {NULL, "sold_out", "session_closed", "ticket_withdrawn"};
	Decision   *decision = &batch->decision[n];
	const char *reason = reasons[decision->outcome];
	int64		number;

	look_at(batch, n);
	number = DatumGetInt64(of_request(batch, REQUEST_NUMBER));
	if (decision->booking == 0 && has_already(batch))
		reason = "already_booked";
	else if (decision->booking == 0 && (reason == NULL || (decision->outcome == GRANT_SOLD_OUT && batch->postponed)))
		return;					/* the next round knows more */
	else if (decision->outcome == GRANT_SOLD_OUT && DatumGetBool(of_request(batch, REQUEST_WAIT)))
		batch->waiting[batch->waiting_count++] = Int64GetDatum(number);
	/* one that retention deletes at this moment needs no answer */
	if (write_decision(batch, n, reason, decision->booking))
		batch->decided++;
	batch->reached = Max(batch->reached, number);
}

/* Counts what was taken of the slots. */
static void
count_slots(Batch *batch)
{
	static SPIPlanPtr plan = NULL;
	Oid			types[] = {INT8ARRAYOID, INT4ARRAYOID};
	Datum	   *slot = palloc(sizeof(Datum) * batch->slots.count);
	Datum	   *taken = palloc(sizeof(Datum) * batch->slots.count);
	Datum		values[2];
	int			count = 0;

	for (int i = 0; i < batch->slots.count; i++)
	{
		if (batch->taken[i] == 0)
			continue;
		slot[count] = Int64GetDatum(batch->slot[i]);
		taken[count++] = Int32GetDatum(batch->taken[i]);
	}
	if (count == 0)
		return;
	values[0] = PointerGetDatum(construct_array(slot, count, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
	values[1] = PointerGetDatum(construct_array(taken, count, INT4OID, sizeof(int32), true, TYPALIGN_INT));
	run(prepare(&plan,
				"UPDATE vsys.slot AS s SET taken = s.taken OPERATOR(pg_catalog.+) t.bookings "
				"FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) AS t (slot, bookings) WHERE s.slot OPERATOR(pg_catalog.=) t.slot",
				2, types), values, SPI_OK_UPDATE);
}

/* Decides the requests that were read, and writes all of it. */
static void
decide_all(Batch *batch)
{
	MemoryContext each = AllocSetContextCreate(CurrentMemoryContext, "request", ALLOCSET_DEFAULT_SIZES);

	batch->waiting = palloc(sizeof(Datum) * batch->count);
	lock_slots(batch);
	read_withdrawn(batch);
	read_people(batch);
	for (int n = 0; n < batch->count; n++)
		if (!batch->decision[n].repeated)
			decide(batch, n);
	book_all(batch, each);
	for (int n = 0; n < batch->count; n++)
	{
		MemoryContext before = MemoryContextSwitchTo(each);

		CHECK_FOR_INTERRUPTS();
		if (!batch->decision[n].repeated)
			conclude(batch, n);
		MemoryContextSwitchTo(before);
		MemoryContextReset(each);
	}
	CommandCounterIncrement();
	count_slots(batch);
}

/*
 * outbreak.decide_requests(low bigint, batch integer, as_of timestamptz, OUT decided integer, OUT reached bigint,
 *		OUT waiting bigint[]) returns record
 */
PG_FUNCTION_INFO_V1(ob_vsys_decide_requests);
Datum
ob_vsys_decide_requests(PG_FUNCTION_ARGS)
{
	Batch		batch = {0};
	MemoryContext caller = CurrentMemoryContext;
	TupleDesc	desc;
	Datum		values[3] = {0};
	bool		nulls[3] = {true, true, true};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	desc = BlessTupleDesc(desc);
	ob_vsys_find_booking_tables();
	batch.as_of = PG_GETARG_TIMESTAMPTZ(2);
	SPI_connect();
	read_requests(&batch, PG_GETARG_INT64(0), PG_GETARG_INT32(1));
	if (open_tables(&batch))
	{
		if (batch.count > 0)
			decide_all(&batch);
		nulls[0] = false;
		values[0] = Int32GetDatum(batch.decided);
		nulls[1] = batch.decided == 0;
		values[1] = Int64GetDatum(batch.reached);
		nulls[2] = batch.waiting_count == 0;
		if (batch.waiting_count > 0)
		{
			MemoryContextSwitchTo(caller);
			values[2] = PointerGetDatum(construct_array(batch.waiting, batch.waiting_count, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
		}
	}
	close_tables(&batch);
	SPI_finish();
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(desc, values, nulls)));
}
