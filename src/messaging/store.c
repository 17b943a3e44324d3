/*-------------------------------------------------------------------------
 *
 * store.c
 *		What a delivery worker does in the database: each call is one
 *		transaction, in which nothing waits for the network.
 *
 * The worker has the rights of outbreak.messaging_role and no others: the role
 * is taken in each transaction as a security-definer function takes one, so
 * that nothing which runs in it can go back to being a superuser.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <time.h>

#include <openssl/crypto.h>

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "common/compat.h"
#include "common/owner.h"
#include "common/settings.h"
#include "messaging/secret.h"
#include "messaging/worker.h"

char		ob_messaging_store_problem[MESSAGING_PROBLEM] = "";

/* ---- transactions ----------------------------------------------------- */

typedef void (*Work) (void *argument);

/* The role that the worker acts as; raises an error when there is none. */
static Oid
worker_role(void)
{
	return get_role_oid(ob_messaging_role, false);
}

/* Does the work in a transaction, as the worker's role. False when it fails: it is undone, the error is in the server log and kept for people. */
static bool
in_transaction(Work work, void *argument, bool as_role, const char *what)
{
	MemoryContext caller = CurrentMemoryContext;
	Oid			session_user;
	int			session_context;
	volatile bool well = true;

	GetUserIdAndSecContext(&session_user, &session_context);
	PG_TRY();
	{
		SetCurrentStatementStartTimestamp();
		StartTransactionCommand();
		pgstat_report_activity(STATE_RUNNING, what);
		if (as_role)
			SetUserIdAndSecContext(worker_role(), session_context | SECURITY_LOCAL_USERID_CHANGE);
		if (SPI_connect() != SPI_OK_CONNECT)
			elog(ERROR, "SPI_connect failed");
		PushActiveSnapshot(GetTransactionSnapshot());
		work(argument);
		SPI_finish();
		PopActiveSnapshot();
		CommitTransactionCommand();
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(caller);
		error = CopyErrorData();
		strlcpy(ob_messaging_store_problem, error->message, sizeof(ob_messaging_store_problem));
		FreeErrorData(error);
		EmitErrorReport();
		FlushErrorState();
		AbortCurrentTransaction();
		well = false;
	}
	PG_END_TRY();
	SetUserIdAndSecContext(session_user, session_context);
	MemoryContextSwitchTo(caller);
	pgstat_report_stat(true);
	pgstat_report_activity(STATE_IDLE, NULL);
	if (well)
		ob_messaging_store_problem[0] = '\0';
	return well;
}

/* A column of a row as text in the current memory context; NULL for NULL. */
static char *
column(HeapTuple row, TupleDesc desc, int number)
{
	return SPI_getvalue(row, desc, number);
}

static Datum
value(HeapTuple row, TupleDesc desc, int number, bool *isnull)
{
	return SPI_getbinval(row, desc, number, isnull);
}

/* ---- is there anything to do here? ------------------------------------ */

static void
look_for_tables(void *argument)
{
	*(bool *) argument = OidIsValid(get_extension_oid("outbreak", true)) &&
		OidIsValid(ob_common_deployed_table("messaging", "message")) &&
		OidIsValid(ob_common_deployed_table("messaging", "breaker"));
}

bool
ob_messaging_store_is_deployed(void)
{
	bool		deployed = false;

	return in_transaction(look_for_tables, &deployed, false, "looking for messaging") && deployed;
}

/* ---- endpoints -------------------------------------------------------- */

static Style
style_named(const char *name)
{
	return strcmp(name, "line") == 0 ? STYLE_LINE : strcmp(name, "twilio") == 0 ? STYLE_TWILIO :
		strcmp(name, "smtp") == 0 ? STYLE_SMTP : STYLE_JSON;
}

static Lane *
lane_named(Worker *worker, const char *name)
{
	Lane	   *lane;

	for (int i = 0; i < worker->lanes; i++)
		if (strcmp(worker->lane[i].name, name) == 0)
			return &worker->lane[i];
	if (worker->lanes == LANES)
		return NULL;
	lane = &worker->lane[worker->lanes++];
	memset(lane, 0, sizeof(*lane));
	strlcpy(lane->name, name, sizeof(lane->name));
	lane->memory = AllocSetContextCreate(worker->memory, "outbreak messaging lane", ALLOCSET_SMALL_SIZES);
	dlist_init(&lane->ready);
	lane->more = true;
	return lane;
}

/* Reads the secret of a lane; what is wrong with it becomes the lane's problem. */
static void
read_secret(Lane *lane, const char *name)
{
	MemoryContext caller = CurrentMemoryContext;
	char	   *volatile secret = NULL;

	if (name == NULL)
		return;
	PG_TRY();
	{
		secret = ob_messaging_secret(name, false);
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(caller);
		error = CopyErrorData();
		FlushErrorState();
		snprintf(lane->problem, sizeof(lane->problem), "%s: %s", error->message, error->detail != NULL ? error->detail : "");
		FreeErrorData(error);
	}
	PG_END_TRY();
	if (secret == NULL)
		return;
	/* nothing of it may become a header of its own */
	for (const char *c = secret; *c != '\0'; c++)
		if ((unsigned char) *c < 0x20 || *c == 0x7f)
			strlcpy(lane->problem, "the secret has characters that no header can hold", sizeof(lane->problem));
	lane->authorization = MemoryContextAlloc(lane->memory, strlen(secret) + 32);
	snprintf(lane->authorization, strlen(secret) + 32, lane->style == STYLE_LINE || lane->style == STYLE_JSON ? "Authorization: Bearer %s" : "%s", secret);
	OPENSSL_cleanse(secret, strlen(secret));
	pfree(secret);
}

/* Jobs keep nothing of what is freed here, and libcurl has copies of its own. */
static void
read_lane(Lane *lane, HeapTuple row, TupleDesc desc)
{
	char	   *url = column(row, desc, 3);
	char	   *secret = column(row, desc, 4);
	char	   *sender = column(row, desc, 5);
	bool		isnull;

	if (lane->authorization != NULL)
		OPENSSL_cleanse(lane->authorization, strlen(lane->authorization));
	lane->authorization = NULL;
	lane->problem[0] = '\0';
	MemoryContextReset(lane->memory);
	strlcpy(lane->kind, column(row, desc, 2), sizeof(lane->kind));
	lane->style = style_named(column(row, desc, 6));
	lane->url = MemoryContextStrdup(lane->memory, url);
	lane->pack_url = lane->url;
	if (lane->style == STYLE_LINE)
	{
		lane->url = MemoryContextStrdup(lane->memory, psprintf("%s/push", url));
		lane->pack_url = MemoryContextStrdup(lane->memory, psprintf("%s/multicast", url));
	}
	lane->sender = sender != NULL ? MemoryContextStrdup(lane->memory, sender) : NULL;
	lane->per_second = DatumGetInt32(value(row, desc, 7, &isnull));
	lane->burst = DatumGetInt32(value(row, desc, 8, &isnull));
	lane->in_flight_most = DatumGetInt32(value(row, desc, 9, &isnull));
	lane->pack = DatumGetInt32(value(row, desc, 10, &isnull));
	lane->timeout = DatumGetInt64(value(row, desc, 11, &isnull));
	lane->backoff = DatumGetInt64(value(row, desc, 12, &isnull));
	lane->backoff_most = DatumGetInt64(value(row, desc, 13, &isnull));
	lane->limits.failures = DatumGetInt32(value(row, desc, 14, &isnull));
	lane->limits.window = DatumGetInt64(value(row, desc, 15, &isnull));
	lane->limits.pause = DatumGetInt64(value(row, desc, 16, &isnull));
	lane->limits.most = Max(lane->limits.pause, INT64CONST(600) * USECS_PER_SEC);
	if (!ob_messaging_allow_http && strncmp(url, "https:", 6) != 0 && strncmp(url, "smtps:", 6) != 0)
		strlcpy(lane->problem, "the URL is not https (outbreak.messaging_allow_http)", sizeof(lane->problem));
	read_secret(lane, secret);
	pfree(url);
}

/* The breaker as it was left, for a lane that this process meets first. */
static void
read_breaker(Lane *lane, HeapTuple row, TupleDesc desc)
{
	char	   *state = column(row, desc, 17);
	bool		isnull;

	if (state == NULL || strcmp(state, "closed") == 0)
		return;
	/* whoever was probing is gone: the next one probes */
	lane->breaker.state = BREAKER_OPEN;
	lane->breaker.failures = DatumGetInt32(value(row, desc, 18, &isnull));
	lane->breaker.pause = DatumGetInt64(value(row, desc, 19, &isnull));
	lane->breaker.until_at = DatumGetTimestampTz(value(row, desc, 20, &isnull));
	if (isnull)
		lane->breaker.until_at = 0;
}

static void
load_lanes(void *argument)
{
	static const char query[] =
		"SELECT e.endpoint, e.kind, e.url, e.secret, e.sender, e.style, e.per_second, e.burst, e.in_flight, e.pack,"
		" (extract(epoch FROM e.timeout) * 1000000)::bigint, (extract(epoch FROM e.backoff) * 1000000)::bigint,"
		" (extract(epoch FROM e.backoff_most) * 1000000)::bigint, e.break_after, (extract(epoch FROM e.break_window) * 1000000)::bigint,"
		" (extract(epoch FROM e.break_pause) * 1000000)::bigint, b.state, b.failures, (extract(epoch FROM b.pause) * 1000000)::bigint, b.until_at,"
		" messaging.next_due(e.kind)"
		" FROM messaging.endpoint AS e LEFT JOIN messaging.breaker AS b ON b.endpoint = e.endpoint"
		" WHERE e.enabled ORDER BY e.endpoint";
	Worker	   *worker = argument;

	for (int i = 0; i < worker->lanes; i++)
		worker->lane[i].enabled = false;
	if (SPI_execute(query, true, LANES) != SPI_OK_SELECT)
		elog(ERROR, "could not read messaging.endpoint");
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		HeapTuple	row = SPI_tuptable->vals[i];
		TupleDesc	desc = SPI_tuptable->tupdesc;
		int			known = worker->lanes;
		Lane	   *lane = lane_named(worker, column(row, desc, 1));
		bool		isnull;
		TimestampTz due;

		if (lane == NULL)
			continue;
		lane->enabled = true;
		if (worker->lanes > known)
			read_breaker(lane, row, desc);
		read_lane(lane, row, desc);
		due = DatumGetTimestampTz(value(row, desc, 21, &isnull));
		lane->next_due = isnull ? 0 : due;
	}
}

bool
ob_messaging_load_lanes(Worker *worker)
{
	bool		well = in_transaction(load_lanes, worker, true, "reading messaging.endpoint");

	/* what was waiting for an endpoint that is used no longer comes due again by its lease */
	for (int i = 0; i < worker->lanes; i++)
		if (worker->lane[i].problem[0] != '\0' && worker->lane[i].enabled)
			strlcpy(ob_messaging_store_problem, worker->lane[i].problem, sizeof(ob_messaging_store_problem));
	return well;
}

/* ---- taking messages -------------------------------------------------- */

typedef struct Claim
{
	Worker	   *worker;
	Lane	   *lane;
	int			most;
	TimestampTz leased_until;
	int			rows;
} Claim;

/* Memory of jobs, for the kernels; the context is the current one. */
static void *
grow(void *old, size_t size)
{
	return old == NULL ? palloc(size) : repalloc(old, size);
}

static bool
fits(Lane *lane, const char *address)
{
	if (address == NULL)
		return false;
	if (strcmp(lane->kind, "line") == 0)
		return ob_messaging_is_line_user(address);
	if (strcmp(lane->kind, "sms") == 0)
		return ob_messaging_is_phone(address);
	if (strcmp(lane->kind, "mail") == 0)
		return ob_messaging_is_mail(address);
	return address[0] != '\0';
}

/* Now, as mail wants it. */
static char *
mail_date(void)
{
	static const char *const weekdays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t		now = time(NULL);
	struct tm	parts;

	gmtime_r(&now, &parts);
	return psprintf("%s, %02d %s %d %02d:%02d:%02d +0000", weekdays[parts.tm_wday], parts.tm_mday, months[parts.tm_mon],
					parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

/* Writes the key of a job: that of the pack or of the message; for gateways that report later, with the day before it. */
static void
name_job(Job *job, const pg_uuid_t *key, DateADT day)
{
	char	   *text = DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(key)));

	if (job->lane->style == STYLE_LINE)
		strlcpy(job->id, text, sizeof(job->id));
	else
	{
		int			year;
		int			month;
		int			of_month;

		j2date(day + POSTGRES_EPOCH_JDATE, &year, &month, &of_month);
		snprintf(job->id, sizeof(job->id), "%04d%02d%02d-%s", year, month, of_month, text);
	}
}

/* A message of a pack whose contact is gone meanwhile: it ends without being sent, and the others go. */
static void
make_unreached(Claim *claim, const Member *member)
{
	MemoryContext memory = AllocSetContextCreate(claim->worker->memory, "outbreak messaging job", ALLOCSET_SMALL_SIZES);
	Job		   *job = MemoryContextAllocZero(memory, sizeof(Job));

	job->lane = claim->lane;
	job->memory = memory;
	job->count = 1;
	job->member = MemoryContextAlloc(memory, sizeof(Member));
	*job->member = *member;
	job->malformed = true;
	dlist_push_tail(&claim->lane->ready, &job->node);
	claim->lane->ready_count++;
}

/* Makes the request of rows [from, to) of the result, which are one message or one pack. */
static void
make_job(Claim *claim, uint64 from, uint64 to)
{
	TupleDesc	desc = SPI_tuptable->tupdesc;
	HeapTuple	first = SPI_tuptable->vals[from];
	MemoryContext memory = AllocSetContextCreate(claim->worker->memory, "outbreak messaging job", ALLOCSET_SMALL_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(memory);
	Job		   *job = palloc0(sizeof(Job));
	const char **to_addresses = palloc(sizeof(char *) * (to - from));
	int			addresses = 0;
	Letter		letter = {0};
	double		seconds_left = 0;
	bool		isnull;
	Datum		pack;

	job->lane = claim->lane;
	job->memory = memory;
	job->member = palloc(sizeof(Member) * (to - from));
	job->attempt = DatumGetInt16(value(first, desc, 4, &isnull));
	pack = value(first, desc, 5, &isnull);
	job->packed = !isnull;
	for (uint64 i = from; i < to; i++)
	{
		HeapTuple	row = SPI_tuptable->vals[i];
		char	   *address = column(row, desc, 6);
		Member	   *member = &job->member[job->count];

		member->day = DatumGetDateADT(value(row, desc, 1, &isnull));
		member->key = *DatumGetUUIDP(value(row, desc, 2, &isnull));
		if (fits(claim->lane, address))
			to_addresses[addresses++] = address;
		else if (to - from > 1)
		{
			make_unreached(claim, member);
			continue;
		}
		job->count++;
		seconds_left = Max(seconds_left, DatumGetFloat8(value(row, desc, 10, &isnull)));
	}
	name_job(job, job->packed ? DatumGetUUIDP(pack) : &job->member[0].key, job->member[0].day);
	job->leased_until = claim->leased_until;
	job->expires_at = GetCurrentTimestamp() + (int64) (Min(seconds_left, 1e9) * USECS_PER_SEC);
	if (job->count == 0)
	{
		/* nobody of the pack is left */
		MemoryContextSwitchTo(caller);
		MemoryContextDelete(memory);
		return;
	}
	job->malformed = addresses == 0;
	job->body.grow = grow;
	letter.id = job->id;
	letter.from = claim->lane->sender;
	letter.subject = column(first, desc, 7);
	letter.text = column(first, desc, 8);
	letter.buttons = column(first, desc, 9);
	if (letter.text == NULL)
		letter.text = "";
	if (addresses > 0)
	{
		letter.to = job->to = to_addresses[0];
		switch (claim->lane->style)
		{
			case STYLE_LINE:
				/* a pack stays a multicast when one message of it is left: its key was one's */
				ob_messaging_line_body(&job->body, &letter, to_addresses, addresses, job->packed);
				break;
			case STYLE_JSON:
				ob_messaging_json_body(&job->body, &letter);
				break;
			case STYLE_TWILIO:
				ob_messaging_twilio_body(&job->body, &letter);
				break;
			case STYLE_SMTP:
				letter.date = mail_date();
				ob_messaging_mail_body(&job->body, &letter);
				break;
		}
	}
	MemoryContextSwitchTo(caller);
	dlist_push_tail(&claim->lane->ready, &job->node);
	claim->lane->ready_count++;
}

/* The plan of a query, prepared once in the life of the process. */
static SPIPlanPtr
prepared(SPIPlanPtr *plan, const char *query, int count, Oid *types)
{
	if (*plan == NULL)
	{
		SPIPlanPtr	made = SPI_prepare(query, count, types);

		if (made == NULL)
			elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
		SPI_keepplan(made);
		*plan = made;
	}
	return *plan;
}

static bool
same_pack(HeapTuple one, HeapTuple other, TupleDesc desc)
{
	bool		one_null;
	bool		other_null;
	Datum		one_pack = value(one, desc, 5, &one_null);
	Datum		other_pack = value(other, desc, 5, &other_null);

	return !one_null && !other_null && memcmp(DatumGetUUIDP(one_pack)->data, DatumGetUUIDP(other_pack)->data, UUID_LEN) == 0;
}

static void
claim_work(void *argument)
{
	/* those of a pack one after another, in an order that is always the same */
	static const char query[] =
		"SELECT c.day, c.key, c.decision, c.attempt, c.pack, c.address, c.subject, c.body, c.buttons, c.seconds_left"
		" FROM messaging.claim($1, $2, $3 * interval '1 microsecond') AS c ORDER BY c.pack NULLS FIRST, c.day, c.key";
	static const char due_query[] = "SELECT messaging.next_due($1)";
	static SPIPlanPtr plan = NULL;
	static SPIPlanPtr due_plan = NULL;
	Claim	   *claim = argument;
	Oid			types[] = {TEXTOID, INT4OID, INT8OID};
	int64		lease = Max((int64) ob_messaging_lease * USECS_PER_SEC, 2 * claim->lane->timeout + USECS_PER_SEC);
	Datum		values[] = {
		CStringGetTextDatum(claim->lane->name), Int32GetDatum(claim->most), Int64GetDatum(lease)
	};
	Datum		kind = CStringGetTextDatum(claim->lane->kind);

	claim->leased_until = GetCurrentTimestamp() + lease;
	if (SPI_execute_plan(prepared(&plan, query, 3, types), values, NULL, false, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not take messages");
	claim->rows = (int) SPI_processed;
	for (uint64 from = 0; from < SPI_processed;)
	{
		uint64		to = from + 1;
		char	   *decision = column(SPI_tuptable->vals[from], SPI_tuptable->tupdesc, 3);

		while (to < SPI_processed && same_pack(SPI_tuptable->vals[from], SPI_tuptable->vals[to], SPI_tuptable->tupdesc))
			to++;
		if (strcmp(decision, "send") == 0)
			make_job(claim, from, to);
		from = to;
	}
	if (claim->rows == 0)
	{
		bool		isnull;
		Datum		due;

		if (SPI_execute_plan(prepared(&due_plan, due_query, 1, types), &kind, NULL, false, 0) != SPI_OK_SELECT || SPI_processed != 1)
			elog(ERROR, "could not look for the next message");
		due = value(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull);
		claim->lane->next_due = isnull ? 0 : DatumGetTimestampTz(due);
	}
}

bool
ob_messaging_claim(Worker *worker, Lane *lane, int most, int *rows)
{
	Claim		claim = {.worker = worker, .lane = lane, .most = most};
	dlist_node *last = dlist_is_empty(&lane->ready) ? NULL : dlist_tail_node(&lane->ready);
	bool		well = in_transaction(claim_work, &claim, true, "taking messages");

	/* what a failed transaction took is not ours */
	while (!well && !dlist_is_empty(&lane->ready) && dlist_tail_node(&lane->ready) != last)
	{
		Job		   *job = dlist_tail_element(Job, node, &lane->ready);

		dlist_delete(&job->node);
		lane->ready_count--;
		MemoryContextDelete(job->memory);
	}
	*rows = claim.rows;
	return well;
}

/* ---- writing outcomes ------------------------------------------------- */

typedef struct Writing
{
	Worker	   *worker;
	int			from;			/* outcomes [from, to) */
	int			to;
	bool		breakers;
} Writing;

enum {DAYS, KEYS, ATS, TOOKS, WHATS, STATUSES, REQUESTS, REASONS, NEXTS, LISTS};

/* Writes those outcomes among [from, to) that belong to a lane. */
static void
write_lane(Writing *writing, int number)
{
	static const Oid element[LISTS] = {DATEOID, UUIDOID, TIMESTAMPTZOID, INT4OID, TEXTOID, INT2OID, TEXTOID, TEXTOID, TIMESTAMPTZOID};
	static const Oid array[LISTS] = {DATEARRAYOID, UUIDARRAYOID, TIMESTAMPTZARRAYOID, INT4ARRAYOID, TEXTARRAYOID, INT2ARRAYOID, TEXTARRAYOID, TEXTARRAYOID, TIMESTAMPTZARRAYOID};
	static SPIPlanPtr plan = NULL;
	Worker	   *worker = writing->worker;
	ArrayBuildState *list[LISTS];
	Oid			types[LISTS + 1] = {TEXTOID};
	Datum		values[LISTS + 1];
	int			count = 0;

	for (int i = 0; i < LISTS; i++)
		list[i] = initArrayResult(element[i], CurrentMemoryContext, false);
	for (int i = writing->from; i < writing->to; i++)
	{
		Outcome    *outcome = &worker->outcome[i];
		bool		no_reason = outcome->reason[0] == '\0';
		bool		no_request = outcome->request[0] == '\0';

		if (outcome->lane != number)
			continue;
		count++;
		accumArrayResult(list[DAYS], DateADTGetDatum(outcome->member.day), false, DATEOID, CurrentMemoryContext);
		accumArrayResult(list[KEYS], UUIDPGetDatum(&outcome->member.key), false, UUIDOID, CurrentMemoryContext);
		accumArrayResult(list[ATS], TimestampTzGetDatum(outcome->at), false, TIMESTAMPTZOID, CurrentMemoryContext);
		accumArrayResult(list[TOOKS], Int32GetDatum(outcome->took), false, INT4OID, CurrentMemoryContext);
		accumArrayResult(list[WHATS], CStringGetTextDatum(outcome->what), false, TEXTOID, CurrentMemoryContext);
		accumArrayResult(list[STATUSES], Int16GetDatum((int16) outcome->status), outcome->status == 0, INT2OID, CurrentMemoryContext);
		accumArrayResult(list[REQUESTS], no_request ? (Datum) 0 : CStringGetTextDatum(outcome->request), no_request, TEXTOID, CurrentMemoryContext);
		accumArrayResult(list[REASONS], no_reason ? (Datum) 0 : CStringGetTextDatum(outcome->reason), no_reason, TEXTOID, CurrentMemoryContext);
		accumArrayResult(list[NEXTS], TimestampTzGetDatum(outcome->next_at), outcome->next_at == 0, TIMESTAMPTZOID, CurrentMemoryContext);
	}
	if (count == 0)
		return;
	values[0] = CStringGetTextDatum(worker->lane[number].name);
	for (int i = 0; i < LISTS; i++)
	{
		types[i + 1] = array[i];
		values[i + 1] = makeArrayResult(list[i], CurrentMemoryContext);
	}
	if (SPI_execute_plan(prepared(&plan, "SELECT messaging.record_results($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", LISTS + 1, types),
						 values, NULL, false, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not write outcomes");
}

static void
write_breaker(Lane *lane)
{
	static const char *const states[] = {"closed", "open", "probing"};
	static SPIPlanPtr plan = NULL;
	Oid			types[] = {TEXTOID, TEXTOID, INT4OID, INT8OID, TIMESTAMPTZOID, TEXTOID};
	Datum		values[] = {
		CStringGetTextDatum(lane->name), CStringGetTextDatum(states[lane->breaker.state]), Int32GetDatum(lane->breaker.failures),
		Int64GetDatum(lane->breaker.pause), TimestampTzGetDatum(lane->breaker.until_at), CStringGetTextDatum(lane->breaker_reason)
	};
	char		nulls[7] = "      ";

	if (lane->breaker.until_at == 0)
		nulls[4] = 'n';
	if (lane->breaker_reason[0] == '\0')
		nulls[5] = 'n';
	if (SPI_execute_plan(prepared(&plan, "SELECT messaging.note_breaker($1, $2, $3, $4 * interval '1 microsecond', $5, $6)", 6, types),
						 values, nulls, false, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not write messaging.breaker");
}

static void
write_work(void *argument)
{
	Writing    *writing = argument;
	Worker	   *worker = writing->worker;

	for (int i = 0; i < worker->lanes; i++)
	{
		write_lane(writing, i);
		if (writing->breakers && worker->lane[i].breaker_changed)
			write_breaker(&worker->lane[i]);
	}
}

bool
ob_messaging_write_outcomes(Worker *worker)
{
	Writing		all = {.worker = worker, .from = 0, .to = worker->outcomes, .breakers = true};
	bool		well = in_transaction(write_work, &all, true, "writing outcomes");

	/* One bad row must not hold the others up: each by itself. What cannot be written comes due again by its lease. */
	for (int i = 0; i < worker->outcomes && !well; i++)
	{
		Writing		one = {.worker = worker, .from = i, .to = i + 1, .breakers = i == 0};

		if (in_transaction(write_work, &one, true, "writing outcomes"))
			all.from++;
		else if (i >= 20 && all.from == 0)
			break;
	}
	if (well || all.from > 0 || worker->outcomes == 0)
		for (int i = 0; i < worker->lanes; i++)
			worker->lane[i].breaker_changed = false;
	well = well || all.from > 0;
	worker->outcomes = 0;
	return well;
}
