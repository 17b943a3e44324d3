/*-------------------------------------------------------------------------
 *
 * booking.c
 *		May this ticket book this slot? The SQL side of booking_kernel.c.
 *
 * Every booking asks it, so the four rows that it takes (slot, session,
 * ticket, and the other doses of the person) are read by their indexes here,
 * without a query: a quarter of what the same SELECT costs. Nothing is locked
 * and nothing is written.
 *
 * Invariants
 *		Rows are seen as the active snapshot sees them. They are read without
 *		regard to the rights of the caller: the function is for functions that
 *		run as the owner of these tables, and nobody else is granted it.
 *		Where the tables stand is found out once and kept until something
 *		about a relation changes. Columns are found by name, so an
 *		administrator may add some.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/skey.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rangetypes.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"
#include "utils/uuid.h"

#include "access/limit.h"
#include "access/scope.h"
#include "access/seal.h"
#include "common/compat.h"
#include "common/owner.h"
#include "vsys/booking.h"

/* The bucket of failures of a ticket with everybody; vsys.count_attempt() has the same numbers. */
#define ATTEMPTS_PER_SECOND	0.05
#define ATTEMPTS_BURST		30

enum
{
	SESSION_PROGRAMME, SESSION_PRODUCT, SESSION_ON_DATE, SESSION_DOSE, SESSION_MODE, SESSION_OPENS_AT, SESSION_CLOSES_AT,
	SESSION_GROUPS, SESSION_MIN_AGE, SESSION_FIRST_DOSE, SESSION_LAST_DOSE, SESSION_INTERVAL_MIN, SESSION_INTERVAL_MAX
};
enum
{
	TICKET_PROGRAMME, TICKET_PERSON, TICKET_BIRTH_YEAR, TICKET_BIRTH_ON, TICKET_GROUP, TICKET_VALID, TICKET_WITHDRAWN_AT
};

#define COLUMNS_MAX	BOOKING_COLUMNS

/* The columns that are read or written, in the order of the enums here and in booking.h. */
static const struct
{
	const char *name;
	const char *index;			/* NULL: the primary key */
	const char *columns[COLUMNS_MAX + 1];
}			described[BOOKING_TABLES] = {
	{"slot", NULL, {"session", "site", "prefecture", "starts_at", "capacity", "taken", "open", NULL}},
	{"session", NULL, {"programme", "product", "on_date", "dose", "mode", "opens_at", "closes_at", "priority_groups", "min_age",
	"first_dose", "last_dose", "interval_min_days", "interval_max_days", NULL}},
	{"ticket", NULL, {"programme", "person", "birth_year", "birth_on", "priority_group", "valid", "withdrawn_at", NULL}},
	{"booking", "booking_once", {"booking", "slot", "person", "booked_at", "site", "municipality", "on_date", "prefecture", "dose",
	"in_force", "programme", "number", "state", "source", "pair", "key", "ended_at", "reason", NULL}},
	{"queue_request", NULL, {"request", "requested_at", "claim", "person", "municipality", "dose", "wait", "number", "programme", "slots",
	"second_slots", "state", "decided_at", "reason", "booking", NULL}}
};

/* Where they stand, until something about a relation changes. */
static struct
{
	bool		valid;
	Oid			table[BOOKING_TABLES];
	Oid			index[BOOKING_TABLES];
	AttrNumber	column[BOOKING_TABLES][COLUMNS_MAX];
}			place;

/* A table that is being read, and its current row. */
typedef struct Reading
{
	BookingTable which;
	Relation	table;
	Relation	index;
	IndexScanDesc scan;
	TupleTableSlot *row;
} Reading;

static void
relation_changed(Datum arg, Oid relation)
{
	place.valid = false;
}

/* Finds the tables, their indexes and columns. */
void
ob_vsys_find_booking_tables(void)
{
	static bool registered = false;

	if (place.valid)
		return;
	if (!registered)
	{
		CacheRegisterRelcacheCallback(relation_changed, (Datum) 0);
		registered = true;
	}
	/* what changes while it is looked up counts as changed */
	place.valid = true;
	for (BookingTable t = 0; t < BOOKING_TABLES; t++)
	{
		Oid			table = ob_common_deployed_table("vsys", described[t].name);
		Relation	rel;

		if (!OidIsValid(table))
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_TABLE),
					 errmsg("relation \"vsys.%s\" does not exist", described[t].name),
					 errhint("Run CALL outbreak.deploy() first.")));
		rel = table_open(table, AccessShareLock);
		place.table[t] = table;
		place.index[t] = described[t].index != NULL ?
			get_relname_relid(described[t].index, RelationGetNamespace(rel)) : RelationGetPrimaryKeyIndex(rel);
		for (int c = 0; described[t].columns[c] != NULL; c++)
			if ((place.column[t][c] = get_attnum(table, described[t].columns[c])) == InvalidAttrNumber)
				elog(ERROR, "vsys.%s is not as it was deployed", described[t].name);
		table_close(rel, NoLock);
		if (!OidIsValid(place.index[t]))
			elog(ERROR, "vsys.%s is not as it was deployed", described[t].name);
	}
}

/* Begins to read the rows of a table that have these values in the first columns of its index. */
static void
begin_reading(Reading *reading, BookingTable which, int nkeys, const Datum *values, const RegProcedure *equal)
{
	ScanKeyData keys[2];

	reading->which = which;
	reading->table = table_open(place.table[which], AccessShareLock);
	reading->index = index_open(place.index[which], AccessShareLock);
	reading->row = table_slot_create(reading->table, NULL);
	reading->scan = ob_index_beginscan(reading->table, reading->index, GetActiveSnapshot(), nkeys);
	for (int i = 0; i < nkeys; i++)
	{
		ScanKeyInit(&keys[i], i + 1, BTEqualStrategyNumber, equal[i], values[i]);
		keys[i].sk_collation = reading->index->rd_indcollation[i];
	}
	index_rescan(reading->scan, keys, nkeys, NULL, 0);
}

static bool
next_row(Reading *reading)
{
	return index_getnext_slot(reading->scan, ForwardScanDirection, reading->row);
}

static void
end_reading(Reading *reading)
{
	index_endscan(reading->scan);
	ExecDropSingleTupleTableSlot(reading->row);
	/* the locks stay until the transaction ends, as after a query */
	index_close(reading->index, NoLock);
	table_close(reading->table, NoLock);
}

static Datum
column(Reading *reading, int which, bool *isnull)
{
	return slot_getattr(reading->row, place.column[reading->which][which], isnull);
}

/* A column that is NOT NULL. */
static Datum
value(Reading *reading, int which)
{
	bool		isnull;
	Datum		datum = column(reading, which, &isnull);

	if (isnull)
		elog(ERROR, "vsys.%s.%s is null", described[reading->which].name, described[reading->which].columns[which]);
	return datum;
}

/* A smallint column, 0 where it is NULL. */
static int
small(Reading *reading, int which)
{
	bool		isnull;
	Datum		datum = column(reading, which, &isnull);

	return isnull ? 0 : DatumGetInt16(datum);
}

/* A copy of a text column that outlives the row. */
static text *
copy_text(Reading *reading, int which)
{
	return DatumGetTextPCopy(value(reading, which));
}

static bool
same_text(const text *one, const text *other)
{
	return VARSIZE_ANY_EXHDR(one) == VARSIZE_ANY_EXHDR(other) &&
		memcmp(VARDATA_ANY(one), VARDATA_ANY(other), VARSIZE_ANY_EXHDR(one)) == 0;
}

static bool
is_word(Datum datum, const char *word)
{
	text	   *it = DatumGetTextPP(datum);

	return VARSIZE_ANY_EXHDR(it) == strlen(word) && memcmp(VARDATA_ANY(it), word, strlen(word)) == 0;
}

/* Is the text among the elements of an array of text? An empty array has everybody. */
static bool
admits(ArrayType *groups, const text *group)
{
	Datum	   *elements;
	bool	   *nulls;
	int			count;

	if (ArrayGetNItems(ARR_NDIM(groups), ARR_DIMS(groups)) == 0)
		return true;
	deconstruct_array(groups, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &count);
	for (int i = 0; i < count; i++)
		if (!nulls[i] && same_text(DatumGetTextPP(elements[i]), group))
			return true;
	return false;
}

/* Is a day within a range of dates, which is [from, before) or without an end? */
static bool
within(RangeType *range, int day)
{
	RangeBound	lower;
	RangeBound	upper;
	bool		empty;

	range_deserialize(lookup_type_cache(RangeTypeGetOid(range), TYPECACHE_RANGE_INFO), range, &lower, &upper, &empty);
	return !empty &&
		(lower.infinite || DatumGetDateADT(lower.val) <= day) &&
		(upper.infinite || day < DatumGetDateADT(upper.val));
}

static void
give(BookingJudged *judged, int which, Datum datum)
{
	judged->values[which] = datum;
	judged->nulls[which] = false;
}

/* Reads the slot and its session; false when there is no such slot. */
static bool
read_session(int64 slot, BookingFacts *facts, BookingJudged *judged, text **programme, ArrayType **groups)
{
	static const RegProcedure equal[] = {F_INT8EQ};
	Datum		key = Int64GetDatum(slot);
	Reading		reading;
	int64		session;

	begin_reading(&reading, SLOT, 1, &key, equal);
	if (!next_row(&reading))
	{
		end_reading(&reading);
		return false;
	}
	session = DatumGetInt64(value(&reading, SLOT_SESSION));
	facts->starts_at = DatumGetTimestampTz(value(&reading, SLOT_STARTS_AT));
	facts->capacity = DatumGetInt32(value(&reading, SLOT_CAPACITY));
	facts->taken = DatumGetInt32(value(&reading, SLOT_TAKEN));
	facts->open = DatumGetBool(value(&reading, SLOT_OPEN));
	judged->slot_at = reading.row->tts_tid;
	give(judged, JUDGED_SESSION, Int64GetDatum(session));
	give(judged, JUDGED_SITE, value(&reading, SLOT_SITE));
	give(judged, JUDGED_PREFECTURE, value(&reading, SLOT_PREFECTURE));
	end_reading(&reading);

	key = Int64GetDatum(session);
	begin_reading(&reading, SESSION, 1, &key, equal);
	if (!next_row(&reading))
	{
		end_reading(&reading);
		return false;
	}
	facts->takes_queue = is_word(value(&reading, SESSION_MODE), "queue");
	facts->opens_at = DatumGetTimestampTz(value(&reading, SESSION_OPENS_AT));
	facts->closes_at = DatumGetTimestampTz(value(&reading, SESSION_CLOSES_AT));
	facts->on_day = DatumGetDateADT(value(&reading, SESSION_ON_DATE));
	facts->dose = small(&reading, SESSION_DOSE);
	facts->first_dose = small(&reading, SESSION_FIRST_DOSE);
	facts->last_dose = small(&reading, SESSION_LAST_DOSE);
	facts->min_age = small(&reading, SESSION_MIN_AGE);
	facts->interval_min = small(&reading, SESSION_INTERVAL_MIN);
	facts->interval_max = small(&reading, SESSION_INTERVAL_MAX);
	*groups = DatumGetArrayTypePCopy(value(&reading, SESSION_GROUPS));
	*programme = copy_text(&reading, SESSION_PROGRAMME);
	give(judged, JUDGED_PROGRAMME, PointerGetDatum(*programme));
	give(judged, JUDGED_PRODUCT, PointerGetDatum(copy_text(&reading, SESSION_PRODUCT)));
	give(judged, JUDGED_ON_DATE, DateADTGetDatum(facts->on_day));
	give(judged, JUDGED_DOSE, Int16GetDatum(ob_vsys_dose(facts)));
	end_reading(&reading);
	return true;
}

/* Is the date of birth, as it was given, that of the ticket? */
static BirthCheck
check_birth(Reading *ticket, bool given, DateADT born)
{
	bool		isnull;
	Datum		sealed = column(ticket, TICKET_BIRTH_ON, &isnull);
	struct pg_tm tm;
	char		written[MAXDATELEN + 1];

	if (!given)
		return BIRTH_NOT_GIVEN;
	if (isnull || DATE_NOT_FINITE(born))
		return BIRTH_DIFFERS;
	j2date(born + POSTGRES_EPOCH_JDATE, &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
	EncodeDateOnly(&tm, USE_ISO_DATES, written);
	return ob_access_sealed_is(sealed, written, "birth_on") ? BIRTH_MATCHES : BIRTH_DIFFERS;
}

/* Reads the ticket. */
static void
read_ticket(const BookingAsked *asked, const text *programme, ArrayType *groups, BookingFacts *facts, BookingJudged *judged)
{
	static const RegProcedure equal[] = {F_INT4EQ, F_TEXTEQ};
	Datum		keys[] = {Int32GetDatum(asked->municipality), PointerGetDatum(asked->number)};
	Reading		reading;
	bool		isnull;

	begin_reading(&reading, TICKET, 2, keys, equal);
	facts->ticket = next_row(&reading);
	if (facts->ticket)
	{
		pg_uuid_t  *person = palloc(sizeof(pg_uuid_t));

		*person = *DatumGetUUIDP(value(&reading, TICKET_PERSON));
		give(judged, JUDGED_PERSON, UUIDPGetDatum(person));
		column(&reading, TICKET_WITHDRAWN_AT, &isnull);
		facts->withdrawn = !isnull;
		facts->birth_year = small(&reading, TICKET_BIRTH_YEAR);
		facts->same_programme = same_text(DatumGetTextPP(value(&reading, TICKET_PROGRAMME)), programme);
		facts->admitted = admits(groups, DatumGetTextPP(value(&reading, TICKET_GROUP)));
		facts->valid = within(DatumGetRangeTypeP(value(&reading, TICKET_VALID)), facts->on_day);
		facts->birth = check_birth(&reading, asked->has_born, asked->born);
		facts->own = !asked->has_born && ob_access_is_my_person(person->data);
	}
	end_reading(&reading);
}

/* Was this booking made with the key? */
static bool
has_key(Reading *booking, const text *key)
{
	bool		isnull;
	Datum		its = column(booking, BOOKING_KEY, &isnull);

	return !isnull && same_text(DatumGetTextPP(its), key);
}

/* Reads what else the person has of the programme. */
static void
read_doses(const BookingAsked *asked, BookingFacts *facts, BookingJudged *judged)
{
	static const RegProcedure equal[] = {F_UUID_EQ, F_TEXTEQ};
	Datum		keys[] = {judged->values[JUDGED_PERSON], judged->values[JUDGED_PROGRAMME]};
	Reading		reading;

	begin_reading(&reading, BOOKING, 2, keys, equal);
	while (next_row(&reading))
	{
		BookedDose *booked = &facts->booked[facts->doses];
		bool		isnull;

		judged->key_used = judged->key_used || (asked->key != NULL && has_key(&reading, asked->key));
		column(&reading, BOOKING_IN_FORCE, &isnull);
		if (isnull || (asked->replaces && DatumGetInt64(value(&reading, BOOKING_NUMBER)) == asked->instead_of))
			continue;
		if (facts->doses == BOOKING_DOSES_MAX)
			elog(ERROR, "a person has more than %d bookings in force", BOOKING_DOSES_MAX);
		booked->dose = small(&reading, BOOKING_DOSE);
		booked->on_day = DatumGetDateADT(value(&reading, BOOKING_ON_DATE));
		booked->given = is_word(value(&reading, BOOKING_STATE), "completed");
		facts->doses++;
	}
	end_reading(&reading);
}

bool
ob_vsys_has_dose(Datum person, Datum programme, int from, int to)
{
	static const RegProcedure equal[] = {F_UUID_EQ, F_TEXTEQ};
	Datum		keys[] = {person, programme};
	Reading		reading;
	bool		has = false;

	begin_reading(&reading, BOOKING, 2, keys, equal);
	while (!has && next_row(&reading))
	{
		bool		isnull;
		int			dose = small(&reading, BOOKING_DOSE);

		column(&reading, BOOKING_IN_FORCE, &isnull);
		has = !isnull && dose >= from && dose <= to;
	}
	end_reading(&reading);
	return has;
}

int
ob_vsys_wanted_dose(bool isnull, int32 dose)
{
	if (isnull)
		return 0;
	/* 0 is no dose, and not the first of the programme */
	return dose < 1 || dose > 9 ? -1 : dose;
}

void
ob_vsys_judge_asked(const BookingAsked *asked, BookingJudged *judged)
{
	BookingFacts facts = {0};
	text	   *programme;
	ArrayType  *groups;

	if (!ActiveSnapshotSet())
		elog(ERROR, "a booking needs a snapshot");
	ob_vsys_find_booking_tables();
	memset(judged->nulls, true, sizeof(judged->nulls));
	judged->reason = BOOKING_SLOT_UNKNOWN;
	judged->key_used = false;
	facts.wanted = asked->dose;
	facts.as_of = asked->as_of;
	facts.queue = asked->queue;
	facts.with_first = asked->with_first;
	facts.first_day = asked->first_day;
	facts.born_day = asked->has_born ? asked->born : 0;
	facts.staff = asked->has_ticket && ob_access_acts_as("outbreak_municipality") && ob_access_is_my_municipality(asked->municipality);

	if (asked->has_slot && read_session(asked->slot, &facts, judged, &programme, &groups))
	{
		if (asked->has_ticket)
			read_ticket(asked, programme, groups, &facts, judged);
		if (facts.ticket)
			read_doses(asked, &facts, judged);
		judged->reason = ob_vsys_judge(&facts);
	}
	judged->staff = facts.staff;
	judged->failed_lately = asked->has_ticket && !facts.staff &&
		ob_access_tokens_left(psprintf("ticket %06d %s", asked->municipality, text_to_cstring(asked->number)),
							  ATTEMPTS_PER_SECOND, ATTEMPTS_BURST) < ATTEMPTS_BURST;
	if (judged->reason != BOOKING_ALLOWED)
		give(judged, JUDGED_REASON, CStringGetTextDatum(ob_vsys_reason(judged->reason)));
	give(judged, JUDGED_STAFF, BoolGetDatum(judged->staff));
	give(judged, JUDGED_FAILED_LATELY, BoolGetDatum(judged->failed_lately));
}

Oid
ob_vsys_booking_table(BookingTable which)
{
	return place.table[which];
}

Oid
ob_vsys_booking_index(BookingTable which)
{
	return place.index[which];
}

AttrNumber
ob_vsys_booking_column(BookingTable which, int column)
{
	return place.column[which][column];
}

/*
 * outbreak.judge_booking(slot bigint, municipality municipality_code, number text, birth_on date, dose integer, as_of timestamptz,
 *		queue boolean, first_on date, instead_of bigint,
 *		OUT reason text, OUT person uuid, OUT programme text, OUT dose_number smallint, OUT session bigint, OUT site institution_code,
 *		OUT prefecture smallint, OUT product text, OUT on_date date, OUT staff boolean, OUT failed_lately boolean)
 */
PG_FUNCTION_INFO_V1(ob_vsys_judge_booking);
Datum
ob_vsys_judge_booking(PG_FUNCTION_ARGS)
{
	BookingAsked asked = {0};
	BookingJudged judged;

	asked.has_slot = !PG_ARGISNULL(0);
	asked.slot = asked.has_slot ? PG_GETARG_INT64(0) : 0;
	asked.has_ticket = !PG_ARGISNULL(1) && !PG_ARGISNULL(2);
	if (asked.has_ticket)
	{
		asked.municipality = PG_GETARG_INT32(1);
		asked.number = PG_GETARG_TEXT_PP(2);
	}
	asked.has_born = !PG_ARGISNULL(3);
	asked.born = asked.has_born ? PG_GETARG_DATEADT(3) : 0;
	asked.dose = ob_vsys_wanted_dose(PG_ARGISNULL(4), PG_ARGISNULL(4) ? 0 : PG_GETARG_INT32(4));
	asked.as_of = PG_ARGISNULL(5) ? GetCurrentTransactionStartTimestamp() : PG_GETARG_TIMESTAMPTZ(5);
	asked.queue = !PG_ARGISNULL(6) && PG_GETARG_BOOL(6);
	asked.with_first = !PG_ARGISNULL(7);
	asked.first_day = asked.with_first ? PG_GETARG_DATEADT(7) : 0;
	asked.replaces = !PG_ARGISNULL(8);
	asked.instead_of = asked.replaces ? PG_GETARG_INT64(8) : 0;
	ob_vsys_judge_asked(&asked, &judged);

	if (fcinfo->flinfo->fn_extra == NULL)
	{
		TupleDesc	desc;
		MemoryContext caller = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);

		if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "return type must be a row type");
		fcinfo->flinfo->fn_extra = BlessTupleDesc(CreateTupleDescCopy(desc));
		MemoryContextSwitchTo(caller);
	}
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(fcinfo->flinfo->fn_extra, judged.values, judged.nulls)));
}

/* outbreak.comes_of_age(born date, years integer) returns date */
PG_FUNCTION_INFO_V1(ob_vsys_sql_comes_of_age);
Datum
ob_vsys_sql_comes_of_age(PG_FUNCTION_ARGS)
{
	DateADT		born = PG_GETARG_DATEADT(0);
	int			years = PG_GETARG_INT32(1);

	if (DATE_NOT_FINITE(born) || years < 0 || years > 200)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("an age is that of a date, and lies between 0 and 200 years")));
	PG_RETURN_DATEADT(ob_vsys_comes_of_age(born, years));
}
