/*-------------------------------------------------------------------------
 *
 * verdict.c
 *		What is said about a code that was verified, as jsonb.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "common/base64.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/json.h"

#include "common/compat.h"
#include "credential/verdict.h"

static void
put_key(JsonbParseState **state, const char *key)
{
	JsonbValue	value;

	value.type = jbvString;
	value.val.string.val = (char *) key;
	value.val.string.len = (int) strlen(key);
	pushJsonbValue(state, WJB_KEY, &value);
}

/* A text of that length; NULL gives null. */
static void
put_text(JsonbParseState **state, const char *key, const char *text, int length)
{
	JsonbValue	value;

	put_key(state, key);
	value.type = jbvNull;
	if (text != NULL)
	{
		value.type = jbvString;
		value.val.string.val = (char *) text;
		value.val.string.len = length;
	}
	pushJsonbValue(state, WJB_VALUE, &value);
}

static void
put_string(JsonbParseState **state, const char *key, const char *text)
{
	put_text(state, key, text, text == NULL ? 0 : (int) strlen(text));
}

/* A moment, in UTC; null where there is none that PostgreSQL can hold. */
static void
put_time(JsonbParseState **state, const char *key, bool has, double seconds)
{
	char	   *text = NULL;
	int			utc = 0;
	double		lowest = -(double) (POSTGRES_EPOCH_JDATE - DATETIME_MIN_JULIAN) * SECS_PER_DAY;

	/* floor, and beneath the end of the calendar, so that no sum overflows */
	if (has && seconds > lowest + SECS_PER_DAY && seconds < 9.2e12)
	{
		TimestampTz at = (TimestampTz) rint((seconds - (double) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY) * USECS_PER_SEC);

		text = palloc(MAXDATELEN + 1);
		JsonEncodeDateTime(text, TimestampTzGetDatum(at), TIMESTAMPTZOID, &utc);
	}
	put_string(state, key, text);
}

Datum
ob_credential_verdict(const Verdict *verdict)
{
	JsonbParseState *state = NULL;
	JsonbValue	value;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	put_key(&state, "valid");
	value.type = jbvBool;
	value.val.boolean = verdict->reason == NULL;
	pushJsonbValue(&state, WJB_VALUE, &value);
	put_string(&state, "reason", verdict->reason);
	put_string(&state, "kid", verdict->kid);
	put_string(&state, "alg", verdict->algorithm);
	put_text(&state, "issuer", verdict->issuer, verdict->issuer_length);
	put_time(&state, "issued_at", verdict->has_issued_at, verdict->issued_at);
	put_time(&state, "expires_at", verdict->has_expires_at, verdict->expires_at);
	if (verdict->rid != NULL)
		put_text(&state, "rid", verdict->rid, verdict->rid_length);
	put_key(&state, "certificate");
	value.type = jbvNull;
	if (verdict->certificate != NULL)
	{
		value.type = jbvBinary;
		value.val.binary.data = &verdict->certificate->root;
		value.val.binary.len = VARSIZE(verdict->certificate) - VARHDRSZ;
	}
	pushJsonbValue(&state, WJB_VALUE, &value);
	return JsonbPGetDatum(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL)));
}

double
ob_credential_seconds(TimestampTz at)
{
	if (TIMESTAMP_NOT_FINITE(at))
		return TIMESTAMP_IS_NOBEGIN(at) ? -INFINITY : INFINITY;
	return (double) at / USECS_PER_SEC + (double) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY;
}

void
ob_credential_judge_time(Verdict *verdict, double from, TimestampTz at)
{
	double		now = ob_credential_seconds(at);

	if (now < from)
		verdict->reason = "not_yet_valid";
	else if (verdict->has_expires_at && now >= verdict->expires_at)
		verdict->reason = "expired";
}

char *
ob_credential_base64(const uint8 *bytes, int length)
{
	int			room = pg_b64_enc_len(length);
	char	   *text = palloc(room + 1);
	int			written = pg_b64_encode((const char *) bytes, length, text, room);

	text[Max(written, 0)] = '\0';
	return text;
}
