/*-------------------------------------------------------------------------
 *
 * cbor_json.c
 *		Between CBOR and jsonb.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

#include "common/compat.h"
#include "credential/cbor_json.h"
#include "credential/jws_kernel.h"

/* ---- CBOR to jsonb ---- */

static void
set_string(JsonbValue *value, char *text, int length)
{
	value->type = jbvString;
	value->val.string.val = text;
	value->val.string.len = length;
}

/* Reads a text, or bytes as base64url, which may come in pieces. */
static bool
read_string(CborCursor *cursor, const CborItem *item, JsonbValue *value)
{
	char	   *joined;
	char	   *text;

	if (item->bytes != NULL && item->type == CBOR_TEXT)
		joined = (char *) item->bytes;
	else if (item->bytes != NULL)
	{
		joined = palloc(item->length * 4 / 3 + 4);
		set_string(value, joined, (int) ob_credential_base64url_encode(item->bytes, item->length, joined));
		return true;
	}
	else
	{
		StringInfoData all;
		CborItem	piece;

		initStringInfo(&all);
		while (ob_credential_cbor_next(cursor, &piece) && piece.type != CBOR_BREAK)
			appendBinaryStringInfo(&all, (const char *) piece.bytes, (int) piece.length);
		piece.type = item->type;
		piece.bytes = (const uint8_t *) all.data;
		piece.length = (size_t) all.len;
		return read_string(cursor, &piece, value);
	}
	if (GetDatabaseEncoding() == PG_UTF8)
		set_string(value, joined, (int) item->length);
	else
	{
		text = pg_any_to_server(joined, (int) item->length, PG_UTF8);
		set_string(value, text, text == joined ? (int) item->length : (int) strlen(text));
	}
	return true;
}

/* A number: whole ones exactly. */
static bool
read_number(const CborItem *item, JsonbValue *value)
{
	int64_t		whole;
	Datum		number;

	if (ob_credential_cbor_integer(item, &whole))
		number = NumericGetDatum(int64_to_numeric(whole));
	else if (item->type == CBOR_FLOAT)
	{
		if (isnan(item->real) || isinf(item->real))
			return false;
		number = DirectFunctionCall1(float8_numeric, Float8GetDatum(item->real));
	}
	else
	{
		/* beyond 2^63 */
		number = DirectFunctionCall1(float8_numeric, Float8GetDatum((double) item->number));
		if (item->type == CBOR_NEGATIVE)
			number = DirectFunctionCall1(numeric_uminus, number);
	}
	value->type = jbvNumeric;
	value->val.numeric = DatumGetNumeric(number);
	return true;
}

static bool read_item(CborCursor *cursor, const CborItem *item, JsonbParseState **state,
					  JsonbIteratorToken as, JsonbValue **result);

/* Reads the head of the next item, behind its tags. */
static bool
next_item(CborCursor *cursor, CborItem *item)
{
	do
	{
		if (!ob_credential_cbor_next(cursor, item))
			return false;
	} while (item->type == CBOR_TAG);
	return true;
}

/* Reads a key; an integer is written with digits. */
static bool
read_key(CborCursor *cursor, JsonbValue *key)
{
	CborItem	item;
	int64_t		number;

	if (!next_item(cursor, &item))
		return false;
	if (item.type == CBOR_TEXT)
		return read_string(cursor, &item, key);
	if (!ob_credential_cbor_integer(&item, &number))
		return false;
	set_string(key, psprintf(INT64_FORMAT, number), 0);
	key->val.string.len = (int) strlen(key->val.string.val);
	return true;
}

static bool
read_container(CborCursor *cursor, const CborItem *item, JsonbParseState **state, JsonbValue **result)
{
	bool		is_map = item->type == CBOR_MAP;
	uint64_t	left = item->number;

	pushJsonbValue(state, is_map ? WJB_BEGIN_OBJECT : WJB_BEGIN_ARRAY, NULL);
	while (ob_credential_cbor_more(cursor, &left))
	{
		CborItem	inner;
		JsonbValue	key;

		CHECK_FOR_INTERRUPTS();
		if (is_map)
		{
			if (!read_key(cursor, &key))
				return false;
			pushJsonbValue(state, WJB_KEY, &key);
		}
		if (!next_item(cursor, &inner) ||
			!read_item(cursor, &inner, state, is_map ? WJB_VALUE : WJB_ELEM, result))
			return false;
	}
	*result = pushJsonbValue(state, is_map ? WJB_END_OBJECT : WJB_END_ARRAY, NULL);
	return true;
}

/* Reads the rest of an item, whose head was read, as a value of what is open. */
static bool
read_item(CborCursor *cursor, const CborItem *item, JsonbParseState **state,
		  JsonbIteratorToken as, JsonbValue **result)
{
	JsonbValue	value;

	check_stack_depth();
	switch (item->type)
	{
		case CBOR_ARRAY:
		case CBOR_MAP:
			return read_container(cursor, item, state, result);
		case CBOR_TEXT:
		case CBOR_BYTES:
			if (!read_string(cursor, item, &value))
				return false;
			break;
		case CBOR_UNSIGNED:
		case CBOR_NEGATIVE:
		case CBOR_FLOAT:
			if (!read_number(item, &value))
				return false;
			break;
		case CBOR_FALSE:
		case CBOR_TRUE:
			value.type = jbvBool;
			value.val.boolean = item->type == CBOR_TRUE;
			break;
		case CBOR_NULL:
		case CBOR_UNDEFINED:
			value.type = jbvNull;
			break;
		default:
			return false;
	}
	pushJsonbValue(state, as, &value);
	return true;
}

Jsonb *
ob_credential_cbor_to_jsonb(const uint8 *bytes, size_t length)
{
	CborCursor	cursor = {bytes, bytes + length};
	CborItem	item;
	JsonbParseState *state = NULL;
	JsonbValue *result = NULL;

	if (!next_item(&cursor, &item) || item.type != CBOR_MAP ||
		!read_container(&cursor, &item, &state, &result))
		return NULL;
	return JsonbValueToJsonb(result);
}

/* ---- jsonb to CBOR ---- */

static void
put_head(StringInfo out, CborType type, uint64_t number)
{
	enlargeStringInfo(out, CBOR_HEAD_MAX);
	out->len = (int) (ob_credential_cbor_put_head((uint8_t *) out->data + out->len, type, number) - (uint8_t *) out->data);
}

static void
put_text(StringInfo out, const char *text, int length)
{
	char	   *utf8 = pg_server_to_any(text, length, PG_UTF8);

	if (utf8 != text)
		length = (int) strlen(utf8);
	put_head(out, CBOR_TEXT, (uint64_t) length);
	appendBinaryStringInfo(out, utf8, length);
}

static void
put_number(StringInfo out, Numeric number)
{
	Datum		whole = DirectFunctionCall2(numeric_trunc, NumericGetDatum(number), Int32GetDatum(0));
	double		real = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, NumericGetDatum(number)));

	enlargeStringInfo(out, CBOR_HEAD_MAX);
	if (fabs(real) < 9e18 && DatumGetBool(DirectFunctionCall2(numeric_eq, whole, NumericGetDatum(number))))
		out->len = (int) (ob_credential_cbor_put_integer((uint8_t *) out->data + out->len,
														 DatumGetInt64(DirectFunctionCall1(numeric_int8, whole))) - (uint8_t *) out->data);
	else
		out->len = (int) (ob_credential_cbor_put_double((uint8_t *) out->data + out->len, real) - (uint8_t *) out->data);
}

static void
put_scalar(StringInfo out, const JsonbValue *value)
{
	switch (value->type)
	{
		case jbvNull:
			put_head(out, CBOR_NULL, 0);
			break;
		case jbvBool:
			put_head(out, value->val.boolean ? CBOR_TRUE : CBOR_FALSE, 0);
			break;
		case jbvString:
			put_text(out, value->val.string.val, value->val.string.len);
			break;
		case jbvNumeric:
			put_number(out, value->val.numeric);
			break;
		default:
			elog(ERROR, "unexpected kind of jsonb value");
	}
}

void
ob_credential_jsonb_to_cbor(JsonbContainer *container, StringInfo out)
{
	JsonbIterator *iterator = JsonbIteratorInit(container);
	JsonbIteratorToken token;
	JsonbValue	value;

	while ((token = JsonbIteratorNext(&iterator, &value, false)) != WJB_DONE)
	{
		CHECK_FOR_INTERRUPTS();
		switch (token)
		{
			case WJB_BEGIN_OBJECT:
				put_head(out, CBOR_MAP, (uint64_t) value.val.object.nPairs);
				break;
			case WJB_BEGIN_ARRAY:
				if (!value.val.array.rawScalar)
					put_head(out, CBOR_ARRAY, (uint64_t) value.val.array.nElems);
				break;
			case WJB_KEY:
				put_text(out, value.val.string.val, value.val.string.len);
				break;
			case WJB_VALUE:
			case WJB_ELEM:
				put_scalar(out, &value);
				break;
			default:
				break;
		}
	}
}
