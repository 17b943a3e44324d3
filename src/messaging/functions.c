/*-------------------------------------------------------------------------
 *
 * functions.c
 *		Functions of messaging for SQL: keys, texts, addresses, signatures.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "storage/shmem.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"
#include "utils/uuid.h"

#include "common/compat.h"
#include "common/errors.h"
#include "messaging/key_kernel.h"
#include "messaging/payload_kernel.h"
#include "messaging/secret.h"

#define MAX_KIND		200
#define MAX_WEBHOOK		200
#define SHA256_BYTES	32

/* Memory of the kernels. */
static void *
grow(void *old, size_t size)
{
	return old == NULL ? palloc(size) : repalloc(old, size);
}

/* ---- keys ------------------------------------------------------------- */

/* outbreak.message_key(person uuid, day date, kind text) returns uuid */
PG_FUNCTION_INFO_V1(ob_messaging_message_key);
Datum
ob_messaging_message_key(PG_FUNCTION_ARGS)
{
	pg_uuid_t  *person = PG_GETARG_UUID_P(0);
	DateADT		day = PG_GETARG_DATEADT(1);
	text	   *kind = PG_GETARG_TEXT_PP(2);
	size_t		kind_length = VARSIZE_ANY_EXHDR(kind);
	uint8_t		name[KEY_BYTES + 4 + MAX_KIND];
	pg_uuid_t  *key;

	if (DATE_NOT_FINITE(day))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the day of a message must be finite")));
	if (kind_length == 0 || kind_length > MAX_KIND)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the kind of a message must have 1 to %d bytes", MAX_KIND)));
	key = palloc(sizeof(pg_uuid_t));
	if (!ob_messaging_uuid5(ob_messaging_message_space, name,
							ob_messaging_message_name(person->data, day, VARDATA_ANY(kind), kind_length, name),
							key->data))
		elog(ERROR, "OpenSSL failed");
	PG_FREE_IF_COPY(kind, 2);
	PG_RETURN_UUID_P(key);
}

static int
compare_keys(const void *a, const void *b)
{
	return memcmp(a, b, KEY_BYTES);
}

/* outbreak.pack_key(keys uuid[]) returns uuid */
PG_FUNCTION_INFO_V1(ob_messaging_pack_key);
Datum
ob_messaging_pack_key(PG_FUNCTION_ARGS)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	Datum	   *elements;
	bool	   *nulls;
	int			count;
	uint8_t    *keys;
	pg_uuid_t  *key = palloc(sizeof(pg_uuid_t));

	deconstruct_array(array, UUIDOID, sizeof(pg_uuid_t), false, TYPALIGN_CHAR, &elements, &nulls, &count);
	if (count == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a pack has at least one message")));
	keys = palloc(mul_size(KEY_BYTES, count));
	for (int i = 0; i < count; i++)
	{
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("the key of a message must not be null")));
		memcpy(keys + (size_t) KEY_BYTES * i, DatumGetUUIDP(elements[i])->data, KEY_BYTES);
	}
	qsort(keys, count, KEY_BYTES, compare_keys);
	if (!ob_messaging_uuid5(ob_messaging_pack_space, keys, (size_t) KEY_BYTES * count, key->data))
		elog(ERROR, "OpenSSL failed");
	PG_RETURN_UUID_P(key);
}

/* ---- texts ------------------------------------------------------------ */

/* The parameter of that name in a JSON object, as ->> gives it. */
static bool
parameter(void *argument, const char *name, size_t name_length, const char **value, size_t *length)
{
	Jsonb	   *parameters = argument;
	JsonbValue	found;
	char	   *text;

	if (!JB_ROOT_IS_OBJECT(parameters) ||
		getKeyJsonValueFromContainer(&parameters->root, name, (int) name_length, &found) == NULL)
		return false;
	switch (found.type)
	{
		case jbvNull:
			return false;
		case jbvString:
			*value = found.val.string.val;
			*length = found.val.string.len;
			return true;
		case jbvNumeric:
			text = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(found.val.numeric)));
			break;
		case jbvBool:
			text = found.val.boolean ? "true" : "false";
			break;
		case jbvBinary:
			text = JsonbToCString(NULL, found.val.binary.data, found.val.binary.len);
			break;
		default:
			return false;
	}
	*value = text;
	*length = strlen(text);
	return true;
}

/* outbreak.render_template(template text, parameters jsonb, escaped boolean) returns text */
PG_FUNCTION_INFO_V1(ob_messaging_render_template);
Datum
ob_messaging_render_template(PG_FUNCTION_ARGS)
{
	text	   *template = PG_GETARG_TEXT_PP(0);
	Jsonb	   *parameters = PG_GETARG_JSONB_P(1);
	Bytes		bytes = {.grow = grow};
	size_t		fault;

	if (!ob_messaging_render(&bytes, VARDATA_ANY(template), VARSIZE_ANY_EXHDR(template), PG_GETARG_BOOL(2),
							 parameter, parameters, &fault))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(bytes.data, (int) bytes.length));
}

/* outbreak.template_parameters(template text) returns text[] */
PG_FUNCTION_INFO_V1(ob_messaging_template_parameters);
Datum
ob_messaging_template_parameters(PG_FUNCTION_ARGS)
{
	text	   *template = PG_GETARG_TEXT_PP(0);
	const char *data = VARDATA_ANY(template);
	size_t		length = VARSIZE_ANY_EXHDR(template);
	size_t		at = 0;
	size_t		begins = 0;
	const char *name;
	size_t		name_length;
	bool		fault;
	ArrayBuildState *names = initArrayResult(TEXTOID, CurrentMemoryContext, false);

	while (ob_messaging_next_placeholder(data, length, &at, &begins, &name, &name_length, &fault))
	{
		bool		known = false;

		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < names->nelems && !known; i++)
		{
			text	   *other = DatumGetTextPP(names->dvalues[i]);

			known = VARSIZE_ANY_EXHDR(other) == name_length && memcmp(VARDATA_ANY(other), name, name_length) == 0;
		}
		if (!known)
			accumArrayResult(names, PointerGetDatum(cstring_to_text_with_len(name, (int) name_length)), false, TEXTOID,
							 CurrentMemoryContext);
	}
	if (fault)
		ereport(ERROR,
				(errcode(ERRCODE_OB_PARAMETER),
				 errmsg("a text has {{ that no name and }} follow"),
				 errdetail("It stands at byte %zu.", begins + 1),
				 errhint("A name has letters, digits, \"_\" and \".\"; {{ cannot be written otherwise.")));
	PG_RETURN_DATUM(makeArrayResult(names, CurrentMemoryContext));
}

/* ---- addresses -------------------------------------------------------- */

/* outbreak.is_address(channel text, address text) returns boolean */
PG_FUNCTION_INFO_V1(ob_messaging_is_address);
Datum
ob_messaging_is_address(PG_FUNCTION_ARGS)
{
	char	   *channel = text_to_cstring(PG_GETARG_TEXT_PP(0));
	char	   *address = text_to_cstring(PG_GETARG_TEXT_PP(1));

	if (strcmp(channel, "line") == 0)
		PG_RETURN_BOOL(ob_messaging_is_line_user(address));
	if (strcmp(channel, "sms") == 0)
		PG_RETURN_BOOL(ob_messaging_is_phone(address));
	if (strcmp(channel, "mail") == 0)
		PG_RETURN_BOOL(ob_messaging_is_mail(address));
	PG_RETURN_BOOL(strcmp(channel, "webhook") == 0 && address[0] != '\0' && strlen(address) <= MAX_WEBHOOK);
}

/* ---- signatures ------------------------------------------------------- */

/* outbreak.signature_holds(secret text, body bytea, signature text) returns boolean */
PG_FUNCTION_INFO_V1(ob_messaging_signature_holds);
Datum
ob_messaging_signature_holds(PG_FUNCTION_ARGS)
{
	char	   *name;
	char	   *secret;
	bytea	   *body;
	char	   *given;
	unsigned char mac[SHA256_BYTES];
	unsigned int mac_length = 0;
	Bytes		expected = {.grow = grow};
	bool		computed;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_BOOL(false);
	name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	body = PG_GETARG_BYTEA_PP(1);
	given = text_to_cstring(PG_GETARG_TEXT_PP(2));
	secret = ob_messaging_secret(name, false);
	computed = HMAC(EVP_sha256(), secret, (int) strlen(secret), (const unsigned char *) VARDATA_ANY(body),
					VARSIZE_ANY_EXHDR(body), mac, &mac_length) != NULL && mac_length == SHA256_BYTES;
	OPENSSL_cleanse(secret, strlen(secret));
	pfree(secret);
	if (!computed)
		elog(ERROR, "OpenSSL failed");
	ob_messaging_add_base64(&expected, mac, SHA256_BYTES);
	PG_RETURN_BOOL(strlen(given) == expected.length && CRYPTO_memcmp(given, expected.data, expected.length) == 0);
}
