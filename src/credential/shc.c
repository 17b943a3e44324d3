/*-------------------------------------------------------------------------
 *
 * shc.c
 *		SMART Health Cards in SQL: shc:/ and the digits of a JWS, whose payload
 *		is packed JSON (spec.smarthealth.cards).
 *
 * The issuer stands in the payload, so that is unpacked before the signature
 * is checked; nothing of it is told before but the issuer.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "common/jsonapi.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "common/compat.h"
#include "credential/deflate_kernel.h"
#include "credential/jws_kernel.h"
#include "credential/sign_kernel.h"
#include "credential/trust.h"
#include "credential/verdict.h"
#include "credential/verify.h"

#define MAX_CODE		1048576 /* characters of all chunks */
#define MAX_HEADER		4096
#define MAX_PAYLOAD		1048576 /* bytes, unpacked */

/* The parts of a card, each in the memory of the call. */
typedef struct Card
{
	JwsPart		part[3];
	const char *signed_text;	/* header and payload as they were sent */
	size_t		signed_length;
	Jsonb	   *header;
	Jsonb	   *payload;
	uint8		signature[SIGN_MAX_BYTES];
	size_t		signature_length;
} Card;

/* The jsonb of an object; NULL for a text that is none, whatever is wrong with it. */
static Jsonb *
read_json(char *text, size_t length)
{
	char	   *server;
	JsonLexContext *lex;
	Jsonb	   *value;

	if (!pg_verify_mbstr(PG_UTF8, text, (int) length, true) || !ob_credential_json_is_tame(text, length))
		return NULL;
	/* the input function of jsonb raises errors, so syntax is tried first */
	server = pnstrdup(text, length);
	if (GetDatabaseEncoding() != PG_UTF8)
		server = pg_any_to_server(server, (int) length, PG_UTF8);
	lex = ob_json_lexer(server, strlen(server), GetDatabaseEncoding());
	if (pg_parse_json(lex, &nullSemAction) != JSON_SUCCESS)
		return NULL;
	value = DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(server)));
	return JB_ROOT_IS_OBJECT(value) ? value : NULL;
}

/* Takes the header apart; the reason when it cannot. */
static const char *
read_header(Card *card, Verdict *verdict)
{
	uint8	   *bytes;
	size_t		n;
	int			length;
	const char *text;

	if (card->part[0].length > MAX_HEADER)
		return "too_large";
	bytes = palloc(card->part[0].length + 4);
	if (!ob_credential_base64url_decode(card->part[0].text, card->part[0].length, bytes, &n))
		return "bad_jws";
	card->header = read_json((char *) bytes, n);
	if (card->header == NULL)
		return "bad_jws";
	text = ob_credential_json_string(&card->header->root, "kid", &length);
	if (text != NULL)
		verdict->kid = pnstrdup(text, (Size) length);
	text = ob_credential_json_string(&card->header->root, "alg", &length);
	if (text != NULL)
		verdict->algorithm = pnstrdup(text, (Size) length);
	if (verdict->algorithm == NULL || strcmp(verdict->algorithm, "ES256") != 0)
		return "unsupported_algorithm";
	text = ob_credential_json_string(&card->header->root, "zip", &length);
	if (text == NULL || length != 3 || memcmp(text, "DEF", 3) != 0)
		return "bad_jws";
	return verdict->kid == NULL ? "unknown_key" : NULL;
}

static const char *
read_payload(Card *card)
{
	uint8	   *packed = palloc(card->part[1].length + 4);
	uint8	   *bytes;
	size_t		n;
	size_t		room;

	if (!ob_credential_base64url_decode(card->part[1].text, card->part[1].length, packed, &n))
		return "bad_jws";
	/* deflate packs a thousand to one at most */
	room = Min(MAX_PAYLOAD, n * 1100 + 1024);
	bytes = palloc(room);
	switch (ob_credential_inflate(DEFLATE_RAW, packed, n, bytes, room, &n))
	{
		case DEFLATE_OK:
			break;
		case DEFLATE_TOO_LARGE:
			return "too_large";
		case DEFLATE_FAILED:
			ereport(ERROR,
					(errcode(ERRCODE_OUT_OF_MEMORY),
					 errmsg("out of memory")));
			break;
		case DEFLATE_BROKEN:
			return "bad_deflate";
	}
	card->payload = read_json((char *) bytes, n);
	return card->payload == NULL ? "bad_json" : NULL;
}

/* From the code to a card that is taken apart; the reason when it cannot be. */
static const char *
read_card(text *code, Card *card, Verdict *verdict)
{
	size_t		n = VARSIZE_ANY_EXHDR(code);
	char	   *jws;
	size_t		length;
	const char *reason;
	size_t		room;
	uint8	   *signature;

	if (n > MAX_CODE)
		return "too_large";
	jws = palloc(n + 1);
	switch (ob_credential_shc_read(VARDATA_ANY(code), n, jws, &length))
	{
		case SHC_OK:
			break;
		case SHC_NONE:
			return "not_an_shc";
		case SHC_BAD_DIGITS:
			return "bad_digits";
		case SHC_BAD_CHUNK:
			return "bad_chunk";
		case SHC_MISSING_CHUNK:
			return "missing_chunk";
	}
	if (!ob_credential_jws_split(jws, length, card->part))
		return "bad_jws";
	card->signed_text = jws;
	card->signed_length = card->part[0].length + 1 + card->part[1].length;
	reason = read_header(card, verdict);
	if (reason != NULL)
		return reason;
	room = card->part[2].length + 4;
	signature = palloc(room);
	if (!ob_credential_base64url_decode(card->part[2].text, card->part[2].length, signature, &card->signature_length) ||
		card->signature_length > SIGN_MAX_BYTES)
		return "bad_jws";
	memcpy(card->signature, signature, card->signature_length);
	return read_payload(card);
}

/* Reads issuer and times; the reason when one is missing. */
static const char *
read_claims(Card *card, Verdict *verdict)
{
	JsonbContainer *root = &card->payload->root;
	JsonbValue	room;
	JsonbValue *value;

	verdict->issuer = ob_credential_json_string(root, "iss", &verdict->issuer_length);
	if (verdict->issuer == NULL)
		return "bad_claims";
	verdict->has_issued_at = ob_credential_json_number(root, "nbf", &verdict->issued_at);
	verdict->has_expires_at = ob_credential_json_number(root, "exp", &verdict->expires_at);
	if (!verdict->has_issued_at)
		return "bad_claims";
	value = getKeyJsonValueFromContainer(root, "vc", 2, &room);
	return value == NULL || value->type != jbvBinary || !JsonContainerIsObject(value->val.binary.data) ? "bad_claims" : NULL;
}

/* Tries the keys of the issuer with the kid; the reason when none holds. */
static const char *
judge_signature(Trust *trust, const Card *card, const Verdict *verdict, TimestampTz at)
{
	const char *reason = "unknown_key";
	int			next = 0;
	TrustKey   *key;

	if (!ob_credential_trust_issuer(trust, verdict->issuer, verdict->issuer_length))
		return "unknown_issuer";
	while ((key = ob_credential_trust_next(trust, verdict->kid, (int) strlen(verdict->kid),
										   verdict->issuer, verdict->issuer_length, &next)) != NULL)
	{
		if (key->key == NULL || ob_credential_key_algorithm(key->key) != SIGN_ES256)
			continue;
		if (ob_credential_verify(key->key, card->signed_text, card->signed_length, card->signature, card->signature_length))
			return key->is_revoked && key->revoked_at <= ob_credential_seconds(at) ? "key_revoked" : NULL;
		reason = "forged";
	}
	return reason;
}

/* The jsonb of vc, which becomes the certificate of the verdict, and its number for revoking. */
static void
take_content(Card *card, Verdict *verdict)
{
	JsonbValue	room;
	JsonbValue *value = getKeyJsonValueFromContainer(&card->payload->root, "vc", 2, &room);

	verdict->certificate = JsonbValueToJsonb(value);
	verdict->rid = ob_credential_json_string(value->val.binary.data, "rid", &verdict->rid_length);
}

void
ob_credential_judge_shc(FunctionCallInfo fcinfo, text *code, TimestampTz at, Verdict *verdict)
{
	Card		card;
	Trust	   *trust;
	const char *revoked;

	memset(&card, 0, sizeof(card));
	verdict->reason = read_card(code, &card, verdict);
	if (verdict->reason == NULL)
		verdict->reason = read_claims(&card, verdict);
	if (verdict->reason != NULL)
		return;
	trust = ob_credential_trust(fcinfo, 1, TRUST_TEXT);
	revoked = judge_signature(trust, &card, verdict, at);
	verdict->reason = revoked;
	if (revoked != NULL && strcmp(revoked, "key_revoked") != 0)
	{
		/* times are the signer's word */
		verdict->has_issued_at = verdict->has_expires_at = false;
		return;
	}
	take_content(&card, verdict);
	if (verdict->reason == NULL && verdict->rid != NULL &&
		ob_credential_trust_revoked(trust, verdict->issuer, verdict->issuer_length, verdict->kid, (int) strlen(verdict->kid),
									verdict->rid, verdict->rid_length, verdict->issued_at))
		verdict->reason = "revoked";
	if (verdict->reason == NULL)
		ob_credential_judge_time(verdict, verdict->issued_at, at);
}

/* outbreak.shc_verify(code text, trust jsonb, at timestamptz) returns jsonb */
PG_FUNCTION_INFO_V1(ob_credential_shc_verify);
Datum
ob_credential_shc_verify(PG_FUNCTION_ARGS)
{
	Verdict		verdict;

	memset(&verdict, 0, sizeof(verdict));
	ob_credential_judge_shc(fcinfo, PG_GETARG_TEXT_PP(0), PG_GETARG_TIMESTAMPTZ(2), &verdict);
	return ob_credential_verdict(&verdict);
}

/* outbreak.shc_digits(jws text) returns text: shc:/ and the digits of a JWS. */
PG_FUNCTION_INFO_V1(ob_credential_shc_digits);
Datum
ob_credential_shc_digits(PG_FUNCTION_ARGS)
{
	text	   *jws = PG_GETARG_TEXT_PP(0);
	size_t		n = VARSIZE_ANY_EXHDR(jws);
	text	   *code;

	if (n > MAX_CODE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the JWS is too long")));
	code = palloc(VARHDRSZ + 5 + 2 * n);
	SET_VARSIZE(code, VARHDRSZ + 5 + 2 * n);
	memcpy(VARDATA(code), "shc:/", 5);
	if (!ob_credential_shc_write(VARDATA_ANY(jws), n, VARDATA(code) + 5))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid JWS"),
				 errdetail("It holds a character that base64url does not.")));
	PG_RETURN_TEXT_P(code);
}

/* outbreak.shc_kid(code text) returns text: the key that a card names, NULL when it names none or is no card. */
PG_FUNCTION_INFO_V1(ob_credential_shc_kid);
Datum
ob_credential_shc_kid(PG_FUNCTION_ARGS)
{
	Verdict		verdict;
	Card		card;

	memset(&verdict, 0, sizeof(verdict));
	memset(&card, 0, sizeof(card));
	read_card(PG_GETARG_TEXT_PP(0), &card, &verdict);
	if (verdict.kid == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(verdict.kid));
}
