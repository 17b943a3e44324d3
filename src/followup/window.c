/*-------------------------------------------------------------------------
 *
 * window.c
 *	  Windows in a person's time zone, and random checks that can be audited:
 *	  thin layers over window_kernel.c.
 *
 * Invariants
 *	  Everything follows from the arguments (and, for windows, from the rules
 *	  of the time zone): the same call gives the same answer in every session.
 *	  A window is never empty.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "pgtime.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/rangetypes.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"
#include "utils/uuid.h"

#include "common/compat.h"
#include "followup/window_kernel.h"

#define HASH_BYTES		32
#define SEED_BYTES		32
#define DRAW_BYTES		8
#define DRAWS_A_HASH	(HASH_BYTES / DRAW_BYTES)
#define EPOCH_SECONDS	((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY)
/* a prompt is a short word */
#define PROMPT_BYTES	64
/* a time zone has a name of this length at most (TZ_STRLEN_MAX) */
#define ZONE_BYTES		255

static pg_tz *
zone_of(text *name)
{
	char		zone[ZONE_BYTES + 1];
	pg_tz	   *found;

	text_to_cstring_buffer(name, zone, sizeof(zone));
	found = pg_tzset(zone);
	if (found == NULL || !pg_tz_acceptable(found))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("time zone \"%s\" not recognized", zone),
				 errhint("Zones are named like Asia/Tokyo; pg_timezone_names lists them.")));
	return found;
}

/* The change of clocks that a local time may be near: the first one after the day before it. */
static ClockChange
change_near(int64 local, pg_tz *zone)
{
	pg_time_t	from = local - 2 * SECS_PER_DAY;
	pg_time_t	boundary;
	long int	before;
	long int	after;
	int			before_isdst;
	int			after_isdst;
	int			found = pg_next_dst_boundary(&from, &before, &before_isdst, &boundary, &after, &after_isdst, zone);
	ClockChange change = {.happens = found > 0};

	if (found < 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("the time zone has no rules for that day")));
	change.before = before;
	if (found > 0)
	{
		change.at = boundary;
		change.after = after;
	}
	return change;
}

/* The instant, in microseconds since 2000, of a local time in microseconds since 2000. */
static TimestampTz
instant_of(Timestamp local, pg_tz *zone, bool closing)
{
	int64		seconds = local / USECS_PER_SEC;
	int64		rest = local % USECS_PER_SEC;
	int64		instant;
	ClockChange change;

	if (rest < 0)
	{
		rest += USECS_PER_SEC;
		seconds--;
	}
	change = change_near(seconds + EPOCH_SECONDS, zone);
	/* the clocks skip all of a second or nothing of it */
	if (!ob_followup_instant(seconds + EPOCH_SECONDS, &change, closing, &instant))
		rest = 0;
	return (instant - EPOCH_SECONDS) * USECS_PER_SEC + rest;
}

/* Refuses days that have no instants, or none that can be written. */
static void
check_day(DateADT day)
{
	/* a few days within what a timestamp holds, so that neither zones nor wrapping leave it; infinite days lie outside */
	if (day < DATETIME_MIN_JULIAN - POSTGRES_EPOCH_JDATE + 3 || day > TIMESTAMP_END_JULIAN - POSTGRES_EPOCH_JDATE - 4)
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
				 errmsg("date out of range for a window")));
}

/* outbreak.window_instant(day, window_from, window_to, zone): the instants of a window of local times. */
PG_FUNCTION_INFO_V1(ob_followup_window_instant);
Datum
ob_followup_window_instant(PG_FUNCTION_ARGS)
{
	DateADT		day = PG_GETARG_DATEADT(0);
	TimeADT		from = PG_GETARG_TIMEADT(1);
	TimeADT		to = PG_GETARG_TIMEADT(2);
	pg_tz	   *zone = zone_of(PG_GETARG_TEXT_PP(3));
	Timestamp	midnight;
	TypeCacheEntry *cache;
	RangeBound	lower = {0};
	RangeBound	upper = {0};
	TimestampTz opens;
	TimestampTz closes;

	check_day(day);
	midnight = (int64) day * USECS_PER_DAY;
	if (to <= from)
		to += USECS_PER_DAY;
	opens = instant_of(midnight + from, zone, false);
	closes = instant_of(midnight + to, zone, true);
	if (closes <= opens)
		closes = opens + (to - from);
	lower.inclusive = true;
	lower.lower = true;
	lower.val = TimestampTzGetDatum(opens);
	upper.val = TimestampTzGetDatum(closes);
	cache = range_get_typcache(fcinfo, TSTZRANGEOID);
	PG_RETURN_RANGE_P(make_range(cache, &lower, &upper, false));
}

static void
day_text(DateADT day, char *out, size_t size)
{
	int			year;
	int			month;
	int			mday;

	check_day(day);
	j2date(day + POSTGRES_EPOCH_JDATE, &year, &month, &mday);
	snprintf(out, size, "%04d-%02d-%02d", year, month, mday);
}

static void
check_seed(bytea *seed)
{
	if (VARSIZE_ANY_EXHDR(seed) != SEED_BYTES)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a seed has %d bytes", SEED_BYTES)));
}

/* The draws of a person on a day, as the comment of outbreak.random_check() describes them. */
static void
draw(bytea *seed, pg_uuid_t *person, DateADT day, text *prompt, int checks, uint64 *draws)
{
	char		written[11 + 16];
	char		asked[PROMPT_BYTES + 1];
	char	   *who = DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(person)));

	day_text(day, written, sizeof(written));
	if (VARSIZE_ANY_EXHDR(prompt) > PROMPT_BYTES)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a prompt has at most %d bytes", PROMPT_BYTES)));
	text_to_cstring_buffer(prompt, asked, sizeof(asked));
	for (int i = 0; i < checks; i++)
	{
		unsigned char hash[HASH_BYTES];
		int			within = i % DRAWS_A_HASH;

		if (within == 0)
		{
			char		message[UUID_LEN * 2 + 8 + sizeof(written) + sizeof(asked) + 16];
			int			length = snprintf(message, sizeof(message), "%s|%s|%s|%d", who, written, asked, i / DRAWS_A_HASH);

			if (HMAC(EVP_sha256(), VARDATA_ANY(seed), SEED_BYTES, (unsigned char *) message, length, hash, NULL) == NULL)
				elog(ERROR, "could not compute an HMAC");
		}
		draws[i] = 0;
		for (int b = 0; b < DRAW_BYTES; b++)
			draws[i] = draws[i] << 8 | hash[within * DRAW_BYTES + b];
	}
	pfree(who);
}

/* outbreak.random_check(seed, person, day, prompt, checks, n, opens, closes, min_gap): the n-th of the checks. */
PG_FUNCTION_INFO_V1(ob_followup_random_check);
Datum
ob_followup_random_check(PG_FUNCTION_ARGS)
{
	bytea	   *seed = PG_GETARG_BYTEA_PP(0);
	pg_uuid_t  *person = PG_GETARG_UUID_P(1);
	DateADT		day = PG_GETARG_DATEADT(2);
	text	   *prompt = PG_GETARG_TEXT_PP(3);
	int			checks = PG_GETARG_INT32(4);
	int			n = PG_GETARG_INT32(5);
	TimestampTz opens = PG_GETARG_TIMESTAMPTZ(6);
	TimestampTz closes = PG_GETARG_TIMESTAMPTZ(7);
	Interval   *min_gap = PG_GETARG_INTERVAL_P(8);
	uint64		draws[FOLLOWUP_CHECKS_MAX];
	int64		offsets[FOLLOWUP_CHECKS_MAX];
	int64		gap;
	int64		room = 0;

	check_seed(seed);
	if (checks < 1 || checks > FOLLOWUP_CHECKS_MAX || n < 1 || n > checks)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("no such check"),
				 errdetail("A day has 1 to %d random checks, counted from 1.", FOLLOWUP_CHECKS_MAX)));
	if (min_gap->month != 0 || min_gap->day < 0 || min_gap->day > 1000 || min_gap->time < 0 ||
		min_gap->time > INT64CONST(1000) * USECS_PER_DAY)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the gap between random checks is a time of hours and minutes, not below zero")));
	gap = min_gap->day * (int64) SECS_PER_DAY + (min_gap->time + USECS_PER_SEC - 1) / USECS_PER_SEC;
	if (!TIMESTAMP_NOT_FINITE(opens) && !TIMESTAMP_NOT_FINITE(closes) && closes > opens)
		room = ob_followup_room((closes - opens) / USECS_PER_SEC, checks, gap);
	if (room < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("random checks do not fit into their window"),
				 errhint("Widen the window, or ask for fewer checks or a smaller gap.")));
	draw(seed, person, day, prompt, checks, draws);
	ob_followup_spread(draws, checks, room, gap, offsets);
	PG_RETURN_TIMESTAMPTZ(opens + offsets[n - 1] * USECS_PER_SEC);
}

/* outbreak.seed_commitment(day, seed): SHA-256 of the day and the seed. */
PG_FUNCTION_INFO_V1(ob_followup_seed_commitment);
Datum
ob_followup_seed_commitment(PG_FUNCTION_ARGS)
{
	DateADT		day = PG_GETARG_DATEADT(0);
	bytea	   *seed = PG_GETARG_BYTEA_PP(1);
	char		message[11 + 16 + SEED_BYTES];
	size_t		length;
	bytea	   *result = (bytea *) palloc(VARHDRSZ + HASH_BYTES);

	check_seed(seed);
	day_text(day, message, sizeof(message) - SEED_BYTES);
	length = strlen(message);
	memcpy(message + length, VARDATA_ANY(seed), SEED_BYTES);
	SET_VARSIZE(result, VARHDRSZ + HASH_BYTES);
	if (!EVP_Digest(message, length + SEED_BYTES, (unsigned char *) VARDATA(result), NULL, EVP_sha256(), NULL))
		elog(ERROR, "could not compute a hash");
	PG_RETURN_BYTEA_P(result);
}
