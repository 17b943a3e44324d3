/*-------------------------------------------------------------------------
 *
 * ticket.c
 *		Signed tickets in SQL, over ticket_kernel.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "common/compat.h"
#include "credential/signer.h"
#include "credential/ticket_kernel.h"
#include "credential/trust.h"
#include "credential/verdict.h"
#include "credential/verify.h"

/* ---- verifying ---- */

/* White space around a code comes from readers that type; none of ours begins or ends with it. */
static TicketFault
read_code(text *code, Ticket *ticket)
{
	const char *at = VARDATA_ANY(code);
	const char *end = at + VARSIZE_ANY_EXHDR(code);

	while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n'))
		at++;
	while (end > at && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r' || end[-1] == '\n'))
		end--;
	return ob_credential_ticket_read(at, (size_t) (end - at), ticket);
}

/* Whose signature is it? NULL when one holds, otherwise the reason. */
static const char *
judge_signature(Trust *trust, const Ticket *ticket, TimestampTz at)
{
	int			next = 0;
	const char *reason = "unknown_key";
	TrustKey   *key;

	while ((key = ob_credential_trust_next(trust, (const char *) ticket->kid, TICKET_KID_BYTES, NULL, 0, &next)) != NULL)
	{
		if (key->key == NULL || ob_credential_key_algorithm(key->key) != SIGN_ES256)
			continue;
		if (ob_credential_verify(key->key, ticket->signed_bytes, ticket->signed_length, ticket->signature, TICKET_SIGNATURE_BYTES))
			return key->is_revoked && key->revoked_at <= ob_credential_seconds(at) ? "key_revoked" : NULL;
		reason = "forged";
	}
	return reason;
}

static TimestampTz
moment(uint32 seconds)
{
	return time_t_to_timestamptz((pg_time_t) seconds);
}

static const char *
judge(FunctionCallInfo fcinfo, TicketFault fault, const Ticket *ticket, TimestampTz at, bool *authentic)
{
	const char *reason;

	*authentic = false;
	if (fault != TICKET_OK)
		return fault == TICKET_NONE ? "not_a_ticket" : "damaged";
	reason = judge_signature(ob_credential_trust(fcinfo, 1, TRUST_BYTES), ticket, at);
	*authentic = reason == NULL || strcmp(reason, "key_revoked") == 0;
	if (reason == NULL && at < moment(ticket->from))
		reason = "not_yet_valid";
	if (reason == NULL && at >= moment(ticket->until))
		reason = "expired";
	return reason;
}

const char *
ob_credential_judge_ticket(FunctionCallInfo fcinfo, text *code, TimestampTz at)
{
	Ticket		ticket;
	TicketFault fault = read_code(code, &ticket);
	bool		authentic;

	return judge(fcinfo, fault, &ticket, at, &authentic);
}

/*
 * outbreak.ticket_verify(code text, keys jsonb, at timestamptz, OUT valid
 * boolean, OUT reason text, OUT ticket uuid, OUT kind smallint, OUT place text,
 * OUT valid_from timestamptz, OUT valid_until timestamptz, OUT kid bytea)
 */
PG_FUNCTION_INFO_V1(ob_credential_ticket_verify);
Datum
ob_credential_ticket_verify(PG_FUNCTION_ARGS)
{
	TimestampTz at = PG_GETARG_TIMESTAMPTZ(2);
	Ticket		ticket;
	TicketFault fault = read_code(PG_GETARG_TEXT_PP(0), &ticket);
	bool		authentic;
	const char *reason = judge(fcinfo, fault, &ticket, at, &authentic);
	TupleDesc	desc;
	Datum		values[8] = {0};
	bool		nulls[8] = {false, true, true, true, true, true, true, true};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	values[0] = BoolGetDatum(reason == NULL);
	if (reason != NULL)
	{
		values[1] = CStringGetTextDatum(reason);
		nulls[1] = false;
	}
	/* nothing of a ticket that nobody signed */
	if (authentic)
	{
		pg_uuid_t  *id = palloc(sizeof(pg_uuid_t));

		memcpy(id->data, ticket.id, UUID_LEN);
		values[2] = UUIDPGetDatum(id);
		values[3] = Int16GetDatum(ticket.kind);
		values[4] = CStringGetTextDatum(ticket.place);
		values[5] = TimestampTzGetDatum(moment(ticket.from));
		values[6] = TimestampTzGetDatum(moment(ticket.until));
		memset(nulls + 2, false, 5);
	}
	if (fault == TICKET_OK)
	{
		bytea	   *kid = palloc(VARHDRSZ + TICKET_KID_BYTES);

		SET_VARSIZE(kid, VARHDRSZ + TICKET_KID_BYTES);
		memcpy(VARDATA(kid), ticket.kid, TICKET_KID_BYTES);
		values[7] = PointerGetDatum(kid);
		nulls[7] = false;
	}
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}

/* outbreak.ticket_kid(code text) returns bytea: the key that a ticket names, NULL when the code is no ticket. */
PG_FUNCTION_INFO_V1(ob_credential_ticket_kid);
Datum
ob_credential_ticket_kid(PG_FUNCTION_ARGS)
{
	Ticket		ticket;
	bytea	   *kid;

	if (read_code(PG_GETARG_TEXT_PP(0), &ticket) != TICKET_OK)
		PG_RETURN_NULL();
	kid = palloc(VARHDRSZ + TICKET_KID_BYTES);
	SET_VARSIZE(kid, VARHDRSZ + TICKET_KID_BYTES);
	memcpy(VARDATA(kid), ticket.kid, TICKET_KID_BYTES);
	PG_RETURN_BYTEA_P(kid);
}

/* ---- signing ---- */

/* Whole seconds since 1970 of a moment; a part of a second counts as one where `up` is set. */
static uint32
whole_seconds(TimestampTz at, bool up)
{
	int64		seconds;

	if (TIMESTAMP_NOT_FINITE(at) || at < moment(0) || at > moment(PG_UINT32_MAX))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid time of a ticket"),
				 errdetail("A ticket is valid from one moment until another, both between 1970 and 2106.")));
	seconds = (at - moment(0)) / USECS_PER_SEC;
	if (up && (at - moment(0)) % USECS_PER_SEC != 0)
		seconds++;
	return (uint32) seconds;
}

/* Fills a ticket from the first six arguments. */
static void
fill_ticket(FunctionCallInfo fcinfo, Ticket *ticket)
{
	int16		kind = PG_GETARG_INT16(1);
	text	   *place = PG_GETARG_TEXT_PP(4);
	bytea	   *kid = PG_GETARG_BYTEA_PP(5);

	memset(ticket, 0, sizeof(*ticket));
	memcpy(ticket->id, PG_GETARG_UUID_P(0)->data, TICKET_ID_BYTES);
	if (kind < 0 || kind > PG_UINT8_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid kind of ticket"),
				 errdetail("It must be 0 to 255.")));
	if (VARSIZE_ANY_EXHDR(kid) != TICKET_KID_BYTES)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid kid"),
				 errdetail("It must have %d bytes.", TICKET_KID_BYTES)));
	if (!ob_credential_ticket_place(VARDATA_ANY(place), VARSIZE_ANY_EXHDR(place)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid place of a ticket"),
				 errdetail("It must be at most %d ASCII characters without spaces, such as the code of an airport.", TICKET_PLACE_MAX)));
	ticket->kind = (uint8) kind;
	ticket->from = whole_seconds(PG_GETARG_TIMESTAMPTZ(2), false);
	ticket->until = whole_seconds(PG_GETARG_TIMESTAMPTZ(3), true);
	if (ticket->from >= ticket->until)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a ticket is valid until later than from when it is valid")));
	memcpy(ticket->kid, VARDATA_ANY(kid), TICKET_KID_BYTES);
	memcpy(ticket->place, VARDATA_ANY(place), VARSIZE_ANY_EXHDR(place));
	ob_credential_ticket_prepare(ticket);
}

/* Signs, and writes the code. */
static Datum
sign_ticket(SignKey *key, Ticket *ticket)
{
	uint8		signature[SIGN_MAX_BYTES];
	char		code[TICKET_TEXT_MAX];

	if (ob_credential_private_algorithm(key) != SIGN_ES256)
	{
		ob_credential_private_free(key);
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid private key"),
				 errdetail("Tickets are signed with a P-256 key.")));
	}
	if (ob_credential_sign_once(key, ticket->signed_bytes, ticket->signed_length, signature) != TICKET_SIGNATURE_BYTES)
		elog(ERROR, "OpenSSL failed");
	memcpy(ticket->signature, signature, TICKET_SIGNATURE_BYTES);
	return PointerGetDatum(cstring_to_text_with_len(code, (int) ob_credential_ticket_write(ticket, code)));
}

/*
 * outbreak.ticket_sign(ticket uuid, kind smallint, valid_from timestamptz,
 * valid_until timestamptz, place text, kid bytea, private_key bytea) returns
 * text
 */
PG_FUNCTION_INFO_V1(ob_credential_ticket_sign);
Datum
ob_credential_ticket_sign(PG_FUNCTION_ARGS)
{
	Ticket		ticket;

	fill_ticket(fcinfo, &ticket);
	return sign_ticket(ob_credential_signer_of(PG_GETARG_BYTEA_PP(6)), &ticket);
}

/* outbreak.ticket_sign_sealed(…, kid bytea, sealed_key bytea, key uuid) returns text */
PG_FUNCTION_INFO_V1(ob_credential_ticket_sign_sealed);
Datum
ob_credential_ticket_sign_sealed(PG_FUNCTION_ARGS)
{
	Ticket		ticket;

	fill_ticket(fcinfo, &ticket);
	return sign_ticket(ob_credential_signer_sealed(PG_GETARG_BYTEA_PP(6), PG_GETARG_UUID_P(7)), &ticket);
}
