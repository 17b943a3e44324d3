/*-------------------------------------------------------------------------
 *
 * trust.c
 *		Trust lists: reading, keeping and asking them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/primnodes.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#include "common/compat.h"
#include "credential/jws_kernel.h"
#include "credential/trust.h"
#include "credential/verdict.h"

#define KID_BYTES		8
#define KEPT			4		/* lists that the process keeps … */
#define KEPT_BYTES		8192	/* … of at most so many bytes */

typedef enum KeyForm
{
	FORM_CERTIFICATE,
	FORM_SPKI,
	FORM_EC,				/* der: 4, x, y */
	FORM_RSA				/* der: modulus; exponent */
} KeyForm;

typedef struct Entry
{
	TrustKey	public;
	KeyForm	form;
	uint8	   *der;
	size_t		length;
	uint8	   *exponent;
	size_t		exponent_length;
	bool		made;			/* OpenSSL has been asked */
} Entry;

typedef struct Revocation
{
	const char *issuer;
	const char *kid;
	const char *rid;
	int			issuer_length;
	int			kid_length;
	int			rid_length;
	bool		has_before;
	double		before;			/* only cards issued before that second */
} Revocation;

struct Trust
{
	MemoryContext context;
	MemoryContextCallback callback;
	Jsonb	   *list;			/* as it was passed */
	TrustKids	kids;
	bool		by_issuer;
	Entry	   *entries;		/* by kid */
	int			count;
	int			room;
	Revocation *revoked;		/* by number */
	int			revoked_count;
	int			revoked_room;
	const char *issuer;			/* while reading: whose part it is */
	int			issuer_length;
};

/* ---- members of JSON objects ---- */

const char *
ob_credential_json_string(JsonbContainer *object, const char *name, int *length)
{
	JsonbValue	room;
	JsonbValue *value = getKeyJsonValueFromContainer(object, name, (int) strlen(name), &room);

	if (value == NULL || value->type != jbvString)
		return NULL;
	*length = value->val.string.len;
	return value->val.string.val;
}

bool
ob_credential_json_number(JsonbContainer *object, const char *name, double *number)
{
	JsonbValue	room;
	JsonbValue *value = getKeyJsonValueFromContainer(object, name, (int) strlen(name), &room);

	if (value == NULL || value->type != jbvNumeric)
		return false;
	*number = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, NumericGetDatum(value->val.numeric)));
	return true;
}

/* The array or object under that name, or NULL. */
static JsonbContainer *
member(JsonbContainer *object, const char *name)
{
	JsonbValue	room;
	JsonbValue *value = getKeyJsonValueFromContainer(object, name, (int) strlen(name), &room);

	return value != NULL && value->type == jbvBinary ? value->val.binary.data : NULL;
}

/* ---- reading a list ---- */

static void
refuse(const Trust *trust, const char *problem)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid trust list"),
			 errdetail("Key %d of the list: %s.", trust->count, problem),
			 errhint("A key is a certificate in base64 or PEM, {\"certificate\": …}, {\"kid\": …, \"publicKey\": …} or a JWK with its \"kid\".")));
}

static void
refuse_cards(const char *problem)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid trust list"),
			 errdetail("A list of revoked cards: %s.", problem)));
}

/* Decodes base64, or PEM of either kind, in which case it says of which. */
static uint8 *
decode(const Trust *trust, const char *text, int length, size_t *n, KeyForm *form)
{
	static const char begin[] = "-----BEGIN ";
	static const char dashes[] = "-----";
	const char *end = text + length;
	uint8	   *bytes = palloc((Size) length + 4);

	if (length > (int) sizeof(begin) && memcmp(text, begin, sizeof(begin) - 1) == 0)
	{
		const char *line = memchr(text, '\n', (size_t) length);

		*form = length > 23 && memcmp(text + sizeof(begin) - 1, "PUBLIC KEY", 10) == 0 ? FORM_SPKI : FORM_CERTIFICATE;
		if (line == NULL)
		{
			refuse(trust, "PEM that has no end of line");
			return NULL;
		}
		text = line + 1;
		for (line = text; end - line >= (int) sizeof(dashes) && memcmp(line, dashes, sizeof(dashes) - 1) != 0; line++)
			;
		end = line;
	}
	if (!ob_credential_base64_decode(text, (size_t) (end - text), bytes, n))
		refuse(trust, "what should be base64 is not");
	return bytes;
}

static Entry *
new_entry(Trust *trust)
{
	Entry	   *entry;

	if (trust->count == trust->room)
	{
		trust->room = trust->room == 0 ? 16 : trust->room * 2;
		trust->entries = trust->entries == NULL ?
			palloc(mul_size(sizeof(Entry), (Size) trust->room)) :
			repalloc(trust->entries, mul_size(sizeof(Entry), (Size) trust->room));
	}
	entry = &trust->entries[trust->count++];
	memset(entry, 0, sizeof(*entry));
	entry->public.issuer = trust->issuer;
	entry->public.issuer_length = trust->issuer_length;
	entry->public.usage = USAGE_ALL;
	return entry;
}

/* Sets the kid, from how it is written. */
static void
set_kid(Trust *trust, Entry *entry, const char *text, int length)
{
	uint8	   *bytes;
	size_t		n;

	if (trust->kids == TRUST_TEXT)
	{
		entry->public.kid = text;
		entry->public.kid_length = length;
		return;
	}
	bytes = palloc((Size) length + 4);
	if (!ob_credential_base64_decode(text, (size_t) length, bytes, &n))
		refuse(trust, "\"kid\" is not base64");
	entry->public.kid = (char *) bytes;
	entry->public.kid_length = (int) n;
}

/* The kid of a certificate: the first bytes of its SHA-256. */
static void
set_kid_of_certificate(Trust *trust, Entry *entry)
{
	uint8		digest[SIGN_SHA256_BYTES];
	uint8	   *kid = palloc(KID_BYTES);

	if (trust->kids == TRUST_TEXT || !ob_credential_sha256(entry->der, entry->length, digest))
		refuse(trust, "it has no \"kid\"");
	memcpy(kid, digest, KID_BYTES);
	entry->public.kid = (char *) kid;
	entry->public.kid_length = KID_BYTES;
}

/* Decodes a member of a JWK. */
static uint8 *
jwk_bytes(Trust *trust, JsonbContainer *jwk, const char *name, size_t *n)
{
	int			length;
	const char *text = ob_credential_json_string(jwk, name, &length);
	KeyForm	form;

	if (text == NULL)
		refuse(trust, psprintf("a JWK without \"%s\"", name));
	return decode(trust, text, length, n, &form);
}

static void
read_jwk(Trust *trust, Entry *entry, JsonbContainer *jwk, const char *type, int length)
{
	size_t		n;

	if (length == 3 && memcmp(type, "RSA", 3) == 0)
	{
		entry->form = FORM_RSA;
		entry->der = jwk_bytes(trust, jwk, "n", &entry->length);
		entry->exponent = jwk_bytes(trust, jwk, "e", &entry->exponent_length);
	}
	else if (length == 2 && memcmp(type, "EC", 2) == 0)
	{
		uint8	   *x = jwk_bytes(trust, jwk, "x", &n);
		size_t		m;
		uint8	   *y = jwk_bytes(trust, jwk, "y", &m);

		entry->form = FORM_EC;
		entry->der = palloc0(SIGN_POINT_BYTES);
		/* a key of another curve is one that cannot be used */
		if (n == 32 && m == 32)
		{
			entry->length = SIGN_POINT_BYTES;
			entry->der[0] = 4;
			memcpy(entry->der + 1, x, 32);
			memcpy(entry->der + 33, y, 32);
		}
	}
	else
		entry->form = FORM_SPKI;	/* of another type: not for us, and not an error */
}

static void
read_object(Trust *trust, Entry *entry, JsonbContainer *object)
{
	static const char *const certificates[] = {"certificate", "rawData"};
	static const char *const keys[] = {"publicKey", "subjectPk"};
	const char *text = NULL;
	int			length;
	int			kid_length;
	const char *kid = ob_credential_json_string(object, "kid", &kid_length);
	JsonbContainer *chain = member(object, "x5c");

	entry->public.is_revoked = ob_credential_json_number(object, "revoked_at", &entry->public.revoked_at);
	if (kid != NULL)
		set_kid(trust, entry, kid, kid_length);
	text = ob_credential_json_string(object, "kty", &length);
	if (text != NULL)
	{
		read_jwk(trust, entry, object, text, length);
		if (kid == NULL)
			refuse(trust, "a JWK without \"kid\"");
		return;
	}
	for (int i = 0; i < 2 && text == NULL; i++)
		text = ob_credential_json_string(object, certificates[i], &length);
	if (text == NULL && chain != NULL && JsonContainerIsArray(chain))
	{
		JsonbValue *first = getIthJsonbValueFromContainer(chain, 0);

		if (first != NULL && first->type == jbvString)
		{
			text = first->val.string.val;
			length = first->val.string.len;
		}
	}
	if (text != NULL)
	{
		entry->form = FORM_CERTIFICATE;
		entry->der = decode(trust, text, length, &entry->length, &entry->form);
		if (kid == NULL)
			set_kid_of_certificate(trust, entry);
		return;
	}
	for (int i = 0; i < 2 && text == NULL; i++)
		text = ob_credential_json_string(object, keys[i], &length);
	if (text == NULL)
		refuse(trust, "it has neither a certificate nor a public key");
	if (kid == NULL)
		refuse(trust, "a public key without \"kid\"");
	entry->form = FORM_SPKI;
	entry->der = decode(trust, text, length, &entry->length, &entry->form);
}

static void
read_array(Trust *trust, JsonbContainer *array)
{
	JsonbIterator *iterator = JsonbIteratorInit(array);
	JsonbIteratorToken token;
	JsonbValue	value;

	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		CHECK_FOR_INTERRUPTS();
		if (token != WJB_ELEM)
			continue;
		if (value.type == jbvString)
		{
			Entry	   *entry = new_entry(trust);

			entry->der = decode(trust, value.val.string.val, value.val.string.len, &entry->length, &entry->form);
			set_kid_of_certificate(trust, entry);
		}
		else if (value.type == jbvBinary && JsonContainerIsObject(value.val.binary.data))
			read_object(trust, new_entry(trust), value.val.binary.data);
		else
		{
			new_entry(trust);
			refuse(trust, "it is neither a string nor an object");
		}
	}
}

/* One number of a list of revoked cards: rid, or rid.seconds. */
static void
add_revoked(Trust *trust, const char *kid, int kid_length, const char *rid, int length)
{
	const char *dot = memchr(rid, '.', (size_t) length);
	Revocation *revoked;

	if (trust->revoked_count == trust->revoked_room)
	{
		trust->revoked_room = trust->revoked_room == 0 ? 64 : trust->revoked_room * 2;
		trust->revoked = trust->revoked == NULL ?
			palloc(mul_size(sizeof(Revocation), (Size) trust->revoked_room)) :
			repalloc(trust->revoked, mul_size(sizeof(Revocation), (Size) trust->revoked_room));
	}
	revoked = &trust->revoked[trust->revoked_count++];
	memset(revoked, 0, sizeof(*revoked));
	revoked->issuer = trust->issuer;
	revoked->issuer_length = trust->issuer_length;
	revoked->kid = kid;
	revoked->kid_length = kid_length;
	revoked->rid = rid;
	revoked->rid_length = dot != NULL ? (int) (dot - rid) : length;
	if (dot != NULL)
	{
		double		before = 0;

		for (const char *c = dot + 1; c < rid + length; c++)
		{
			if (*c < '0' || *c > '9')
				refuse_cards("a number is not written as rid or rid.seconds");
			before = before * 10 + (*c - '0');
		}
		revoked->has_before = true;
		revoked->before = before;
	}
}

/* Lists of revoked cards: [{"kid": …, "rids": […]}, …] */
static void
read_revocations(Trust *trust, JsonbContainer *lists)
{
	uint32		count = JsonContainerIsArray(lists) ? JsonContainerSize(lists) : 0;

	for (uint32 i = 0; i < count; i++)
	{
		JsonbValue *list = getIthJsonbValueFromContainer(lists, i);
		JsonbContainer *object = list->type == jbvBinary && JsonContainerIsObject(list->val.binary.data) ? list->val.binary.data : NULL;
		int			kid_length;
		const char *kid = object != NULL ? ob_credential_json_string(object, "kid", &kid_length) : NULL;
		JsonbContainer *rids = object != NULL ? member(object, "rids") : NULL;
		JsonbIterator *iterator;
		JsonbIteratorToken token;
		JsonbValue	value;

		if (kid == NULL || rids == NULL || !JsonContainerIsArray(rids))
			refuse_cards("it has no \"kid\" or \"rids\"");
		iterator = JsonbIteratorInit(rids);
		while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
			if (token == WJB_ELEM && value.type == jbvString)
				add_revoked(trust, kid, kid_length, value.val.string.val, value.val.string.len);
	}
}

/* Reads a list without issuers; false when it is none. */
static bool
read_list(Trust *trust, JsonbContainer *list)
{
	static const char *const names[] = {"keys", "certificates"};
	JsonbContainer *crls;

	if (JsonContainerIsArray(list) && !JsonContainerIsScalar(list))
	{
		read_array(trust, list);
		return true;
	}
	if (!JsonContainerIsObject(list))
		return false;
	for (int i = 0; i < 2; i++)
	{
		JsonbContainer *array = member(list, names[i]);

		if (array == NULL || !JsonContainerIsArray(array))
			continue;
		read_array(trust, array);
		crls = member(list, "crls");
		if (crls != NULL)
			read_revocations(trust, crls);
		return true;
	}
	return false;
}

static void
refuse_form(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid trust list"),
			 errdetail("It is neither an array of keys, nor an object with \"keys\" or \"certificates\", nor an object of such lists by issuer.")));
}

static int
compare_bytes(const char *a, int a_length, const char *b, int b_length)
{
	int			order = memcmp(a, b, (size_t) Min(a_length, b_length));

	return order != 0 ? order : a_length - b_length;
}

static int
compare_entries(const void *a, const void *b)
{
	const TrustKey *left = &((const Entry *) a)->public;
	const TrustKey *right = &((const Entry *) b)->public;

	return compare_bytes(left->kid, left->kid_length, right->kid, right->kid_length);
}

static int
compare_revocations(const void *a, const void *b)
{
	const Revocation *left = a;
	const Revocation *right = b;

	return compare_bytes(left->rid, left->rid_length, right->rid, right->rid_length);
}

static void
free_keys(void *arg)
{
	Trust	   *trust = arg;

	for (int i = 0; i < trust->count; i++)
		ob_credential_key_free(trust->entries[i].public.key);
}

/* Reads the whole list into the trust, whose context is the current one. */
static void
read_trust(Trust *trust)
{
	JsonbContainer *root = &trust->list->root;

	if (!read_list(trust, root))
	{
		JsonbIterator *iterator;
		JsonbIteratorToken token;
		JsonbValue	value;

		if (!JsonContainerIsObject(root))
			refuse_form();
		trust->by_issuer = true;
		iterator = JsonbIteratorInit(root);
		while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
		{
			if (token == WJB_KEY)
			{
				trust->issuer = value.val.string.val;
				trust->issuer_length = value.val.string.len;
			}
			else if (token == WJB_VALUE && (value.type != jbvBinary || !read_list(trust, value.val.binary.data)))
				refuse_form();
		}
	}
	if (trust->count > 0)
		qsort(trust->entries, (size_t) trust->count, sizeof(Entry), compare_entries);
	if (trust->revoked_count > 0)
		qsort(trust->revoked, (size_t) trust->revoked_count, sizeof(Revocation), compare_revocations);
}

/*
 * Is the argument written as a constant? A parameter would not do: PL/pgSQL
 * evaluates one expression with other parameters again.
 */
static bool
is_constant(FmgrInfo *flinfo, int argument)
{
	Node	   *call = flinfo->fn_expr;

	if (call == NULL || !IsA(call, FuncExpr) || list_length(((FuncExpr *) call)->args) <= argument)
		return false;
	return IsA(list_nth(((FuncExpr *) call)->args, argument), Const);
}

/* Reads a list into a memory context of its own, a child of that one. */
static Trust *
make_trust(const Jsonb *list, TrustKids kids, MemoryContext parent)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "outbreak trust list", ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	Trust	   *trust = palloc0(sizeof(Trust));

	trust->context = context;
	trust->kids = kids;
	trust->list = palloc(VARSIZE(list));
	memcpy(trust->list, list, VARSIZE(list));
	read_trust(trust);
	trust->callback.func = free_keys;
	trust->callback.arg = trust;
	MemoryContextRegisterResetCallback(context, &trust->callback);
	MemoryContextSetParent(context, parent);
	MemoryContextSwitchTo(old);
	return trust;
}

static bool
is_of(const Trust *trust, const Jsonb *list, TrustKids kids)
{
	return trust->kids == kids && VARSIZE(trust->list) == VARSIZE(list) && memcmp(trust->list, list, VARSIZE(list)) == 0;
}

/*
 * A small list, from the few that the process keeps. Whoever reads a ticket in
 * a query of its own would have OpenSSL make the key anew each time, which
 * takes four times as long as verifying. Good until the next list is asked for.
 */
static Trust *
kept_trust(const Jsonb *list, TrustKids kids)
{
	static Trust *kept[KEPT];
	static int	oldest = 0;
	Trust	   *made;
	int			place = oldest;

	for (int i = 0; i < KEPT; i++)
		if (kept[i] != NULL && is_of(kept[i], list, kids))
			return kept[i];
	made = make_trust(list, kids, TopMemoryContext);
	if (kept[place] != NULL)
		MemoryContextDelete(kept[place]->context);
	kept[place] = made;
	oldest = (place + 1) % KEPT;
	return made;
}

Trust *
ob_credential_trust(FunctionCallInfo fcinfo, int argument, TrustKids kids)
{
	Trust	   *trust = fcinfo->flinfo->fn_extra;
	Jsonb	   *list;

	if (trust != NULL && trust->kids == kids && is_constant(fcinfo->flinfo, argument))
		return trust;
	list = PG_GETARG_JSONB_P(argument);
	if (VARSIZE(list) <= KEPT_BYTES)
		return kept_trust(list, kids);
	if (trust != NULL)
	{
		if (is_of(trust, list, kids))
			return trust;
		fcinfo->flinfo->fn_extra = NULL;
		MemoryContextDelete(trust->context);
	}
	fcinfo->flinfo->fn_extra = trust = make_trust(list, kids, fcinfo->flinfo->fn_mcxt);
	return trust;
}

/* ---- asking it ---- */

/* Has OpenSSL make the key, once. */
static void
make_key(Entry *entry)
{
	entry->made = true;
	if (entry->der == NULL || entry->length == 0)
		return;
	switch (entry->form)
	{
		case FORM_CERTIFICATE:
			entry->public.key = ob_credential_key_of_certificate(entry->der, entry->length, &entry->public.usage);
			break;
		case FORM_SPKI:
			entry->public.key = ob_credential_key_of_spki(entry->der, entry->length);
			break;
		case FORM_EC:
			entry->public.key = ob_credential_key_of_point(entry->der);
			break;
		case FORM_RSA:
			entry->public.key = ob_credential_key_of_rsa(entry->der, entry->length, entry->exponent, entry->exponent_length);
			break;
	}
}

/* The first entry with that kid, or where it would stand. */
static int
first_entry(const Trust *trust, const char *kid, int length)
{
	int			low = 0;
	int			high = trust->count;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;
		const TrustKey *key = &trust->entries[middle].public;

		if (compare_bytes(key->kid, key->kid_length, kid, length) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

TrustKey *
ob_credential_trust_next(Trust *trust, const char *kid, int kid_length,
						 const char *issuer, int issuer_length, int *at)
{
	int			i = *at == 0 ? first_entry(trust, kid, kid_length) : *at;

	for (; i < trust->count; i++)
	{
		Entry	   *entry = &trust->entries[i];

		if (compare_bytes(entry->public.kid, entry->public.kid_length, kid, kid_length) != 0)
			break;
		if (issuer != NULL && entry->public.issuer != NULL &&
			compare_bytes(entry->public.issuer, entry->public.issuer_length, issuer, issuer_length) != 0)
			continue;
		if (!entry->made)
			make_key(entry);
		*at = i + 1;
		return &entry->public;
	}
	return NULL;
}

bool
ob_credential_trust_issuer(const Trust *trust, const char *issuer, int length)
{
	JsonbValue	room;

	return !trust->by_issuer ||
		getKeyJsonValueFromContainer(&trust->list->root, issuer, length, &room) != NULL;
}

bool
ob_credential_trust_revoked(const Trust *trust, const char *issuer, int issuer_length,
							const char *kid, int kid_length,
							const char *rid, int rid_length, double issued_at)
{
	int			low = 0;
	int			high = trust->revoked_count;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;
		const Revocation *at = &trust->revoked[middle];

		if (compare_bytes(at->rid, at->rid_length, rid, rid_length) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < trust->revoked_count; low++)
	{
		const Revocation *at = &trust->revoked[low];

		if (compare_bytes(at->rid, at->rid_length, rid, rid_length) != 0)
			break;
		if (compare_bytes(at->kid, at->kid_length, kid, kid_length) == 0 &&
			(at->issuer == NULL || compare_bytes(at->issuer, at->issuer_length, issuer, issuer_length) == 0) &&
			(!at->has_before || issued_at < at->before))
			return true;
	}
	return false;
}

/*
 * outbreak.trust_keys(trust jsonb, kids_are_text boolean) returns table
 * (issuer text, kid text, certificate bytea, public_key bytea): the keys of a
 * list that can be used.
 */
PG_FUNCTION_INFO_V1(ob_credential_trust_keys);
Datum
ob_credential_trust_keys(PG_FUNCTION_ARGS)
{
	bool		are_text = PG_GETARG_BOOL(1);
	Trust	   *trust = ob_credential_trust(fcinfo, 0, are_text ? TRUST_TEXT : TRUST_BYTES);
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < trust->count; i++)
	{
		Entry	   *entry = &trust->entries[i];
		uint8		spki[SIGN_SPKI_MAX];
		size_t		length;
		Datum		values[4] = {0};
		bool		nulls[4] = {true, false, true, false};

		CHECK_FOR_INTERRUPTS();
		if (!entry->made)
			make_key(entry);
		if (entry->public.key == NULL || (length = ob_credential_key_spki(entry->public.key, spki)) == 0)
			continue;
		if (entry->public.issuer != NULL)
		{
			values[0] = PointerGetDatum(cstring_to_text_with_len(entry->public.issuer, entry->public.issuer_length));
			nulls[0] = false;
		}
		values[1] = are_text ? PointerGetDatum(cstring_to_text_with_len(entry->public.kid, entry->public.kid_length)) :
			CStringGetTextDatum(ob_credential_base64((const uint8 *) entry->public.kid, entry->public.kid_length));
		if (entry->form == FORM_CERTIFICATE)
		{
			values[2] = PointerGetDatum(cstring_to_text_with_len((const char *) entry->der, (int) entry->length));
			nulls[2] = false;
		}
		values[3] = PointerGetDatum(cstring_to_text_with_len((const char *) spki, (int) length));
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}
