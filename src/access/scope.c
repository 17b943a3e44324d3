/*-------------------------------------------------------------------------
 *
 * scope.c
 *		Whom a session acts for: prefecture, institution, person and so on.
 *
 * Anybody who can run SQL can set request.jwt.claims, so the claims are
 * believed only in sessions whose login role is the configured authenticator
 * (what PostgREST logs in as). Every other session has the scope of the
 * account of its login role in access.account.
 *
 * A token whose subject has an account has the scope of that account and not
 * of its other claims, so that a withdrawn account is without scope at once,
 * however long its tokens live. Nothing found, or a value of the wrong shape,
 * is an empty scope: the getters return NULL, and policies let nothing through.
 *
 * A scope is worked out once a transaction, and again when the claims or the
 * session user change within it. It depends on nothing else: SET ROLE does not
 * touch it. The getters are LEAKPROOF: they take no argument and raise no
 * error that depends on rows.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "storage/proc.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/uuid.h"

#include "access/claims.h"
#include "access/scope.h"
#include "common/compat.h"
#include "common/owner.h"
#include "common/settings.h"

/* What a session acts for; the order of the columns that read_account() selects. */
typedef enum Field
{
	PREFECTURE,
	HEALTH_CENTER,
	MUNICIPALITY,
	INSTITUTION,
	ORGANISATION,
	PERSON,
	FIELD_COUNT
} Field;

/* Where a scope comes from. */
typedef enum Source
{
	SOURCE_NONE,				/* no claims, or no account for the login */
	SOURCE_CLAIMS,
	SOURCE_ACCOUNT,
	SOURCE_WITHDRAWN			/* there is an account, which does not count */
} Source;

typedef struct Scope
{
	LocalTransactionId transaction; /* the transaction it was worked out in */
	Oid			session_user;

	Source		source;
	int64		account;		/* number of the account, if there is one */
	char	   *account_role;	/* the role it is for; NULL for any */
	char	   *subject;		/* "sub" of the claims, or the login; or NULL */
	bool		has[FIELD_COUNT];
	Datum		value[FIELD_COUNT]; /* by value, but PERSON points to person */
	pg_uuid_t	person;

	ArrayType  *institutions;	/* own and proxied; NULL until asked for */
} Scope;

static MemoryContext scope_context = NULL;
static Scope *scope = NULL;

/* The setting of PostgREST, and whether it changed since the scope was made. */
static char *claims_setting = NULL;
static bool claims_changed = true;

static void
note_new_claims(const char *newval, void *extra)
{
	claims_changed = true;
}

/*
 * Sets up the memory that holds the current scope, and defines PostgREST's
 * setting: only then does a change of it come to our notice, and the getters,
 * which run once a row in a filter, need not compare it.
 */
void
ob_access_init(void)
{
	scope_context = AllocSetContextCreate(TopMemoryContext, "outbreak scope", ALLOCSET_SMALL_SIZES);
	DefineCustomStringVariable("request.jwt.claims",
							   "Claims of the token of the current request, as PostgREST sets them.",
							   "Believed only in sessions of outbreak.access_authenticator.",
							   &claims_setting,
							   "",
							   PGC_USERSET, GUC_NO_SHOW_ALL | GUC_NOT_IN_SAMPLE,
							   NULL, note_new_claims, NULL);
}

bool
ob_access_is_authenticator(void)
{
	char	   *login = GetUserNameFromId(GetSessionUserId(), true);
	bool		is = login != NULL && strcmp(login, ob_access_authenticator) == 0;

	if (login != NULL)
		pfree(login);
	return is;
}

static void
set_field(Scope *into, Field field, Datum value)
{
	into->value[field] = value;
	into->has[field] = true;
}

/* Fills the scope from a token's claims. */
static void
read_claims(Scope *into, const Claims *claims)
{
	int64		number;
	int32		municipality;

	into->source = SOURCE_CLAIMS;
	if (ob_access_claim_number(claims->text[CLAIM_PREFECTURE], 47, &number))
		set_field(into, PREFECTURE, Int16GetDatum((int16) number));
	if (ob_access_claim_number(claims->text[CLAIM_HEALTH_CENTER], PG_INT64_MAX, &number))
		set_field(into, HEALTH_CENTER, Int64GetDatum(number));
	if (ob_access_claim_municipality(claims->text[CLAIM_MUNICIPALITY], &municipality))
		set_field(into, MUNICIPALITY, Int32GetDatum(municipality));
	if (ob_access_claim_institution(claims->text[CLAIM_INSTITUTION], &number))
		set_field(into, INSTITUTION, Int64GetDatum(number));
	if (ob_access_claim_number(claims->text[CLAIM_ORGANISATION], PG_INT64_MAX, &number))
		set_field(into, ORGANISATION, Int64GetDatum(number));
	if (ob_access_claim_uuid(claims->text[CLAIM_PERSON], &into->person))
		set_field(into, PERSON, (Datum) 0);
}

/* Takes over a row of access.account that fill_from_account() has found. */
static void
take_account(Scope *into, HeapTuple row, TupleDesc desc)
{
	bool		isnull;
	Datum		value = SPI_getbinval(row, desc, 1, &isnull);
	char	   *role = SPI_getvalue(row, desc, 2);

	into->account = DatumGetInt64(value);
	if (role != NULL)
		into->account_role = MemoryContextStrdup(scope_context, role);
	if (!DatumGetBool(SPI_getbinval(row, desc, 3, &isnull)))
	{
		into->source = SOURCE_WITHDRAWN;
		return;
	}
	into->source = SOURCE_ACCOUNT;
	for (Field field = PREFECTURE; field < FIELD_COUNT; field++)
	{
		value = SPI_getbinval(row, desc, 4 + field, &isnull);
		if (isnull)
			continue;
		if (field == PERSON)
			into->person = *DatumGetUUIDP(value);
		set_field(into, field, field == PERSON ? (Datum) 0 : value);
	}
}

/* Fills the scope from the account of a login role, or of a token's subject. False when there is none. */
static bool
read_account(Scope *into, const char *name, bool is_login)
{
	static SPIPlanPtr plans[2] = {NULL, NULL};
	Oid			table = ob_common_deployed_table("access", "account");
	Oid			argtypes[1] = {TEXTOID};
	Datum		values[1];
	OwnerScope	owner;
	bool		found;

	if (!OidIsValid(table))
		return false;
	values[0] = CStringGetTextDatum(name);

	ob_common_become_owner(table, &owner);
	SPI_connect();
	if (plans[is_login] == NULL)
	{
		SPIPlanPtr	plan = SPI_prepare(psprintf(
												"SELECT a.account, a.role, "
												"a.withdrawn_at IS NULL AND a.valid OPERATOR(pg_catalog.@>) outbreak.local_date(), "
												"a.prefecture, a.health_center, a.municipality, a.institution, a.organisation, a.person "
												"FROM access.account AS a "
												"WHERE a.%s OPERATOR(pg_catalog.=) $1",
												is_login ? "login" : "subject"),
									   1, argtypes);

		if (plan == NULL || SPI_keepplan(plan) != 0)
			elog(ERROR, "could not prepare reading access.account");
		plans[is_login] = plan;
	}
	if (SPI_execute_plan(plans[is_login], values, NULL, true, 1) != SPI_OK_SELECT)
		elog(ERROR, "could not read access.account");
	found = SPI_processed > 0;
	if (found)
		take_account(into, SPI_tuptable->vals[0], SPI_tuptable->tupdesc);
	SPI_finish();
	ob_common_leave_owner(&owner);
	return found;
}

/* Works out the scope of the session. Its texts go to scope_context. */
static void
fill_scope(Scope *into)
{
	Claims		claims;
	char	   *login;

	if (ob_access_is_authenticator())
	{
		if (claims_setting == NULL || *claims_setting == '\0')
			return;
		ob_access_parse_claims(claims_setting, &claims);
		if (claims.text[CLAIM_SUBJECT] != NULL && *claims.text[CLAIM_SUBJECT] != '\0')
			into->subject = MemoryContextStrdup(scope_context, claims.text[CLAIM_SUBJECT]);
		if (into->subject == NULL || !read_account(into, into->subject, false))
			read_claims(into, &claims);
	}
	else if ((login = GetUserNameFromId(GetSessionUserId(), true)) != NULL)
	{
		into->subject = MemoryContextStrdup(scope_context, login);
		read_account(into, login, true);
	}
}

/* The scope of this session in this transaction. */
static Scope *
current_scope(void)
{
	Scope		fresh;

	if (likely(scope != NULL && !claims_changed && scope->transaction == OB_LOCAL_TRANSACTION &&
			   scope->session_user == GetSessionUserId()))
		return scope;

	/* Built aside, so that an error leaves no half-made scope behind. */
	scope = NULL;
	MemoryContextReset(scope_context);
	memset(&fresh, 0, sizeof(fresh));
	fresh.transaction = OB_LOCAL_TRANSACTION;
	fresh.session_user = GetSessionUserId();
	claims_changed = false;
	fill_scope(&fresh);

	scope = MemoryContextAlloc(scope_context, sizeof(Scope));
	*scope = fresh;
	if (scope->has[PERSON])
		scope->value[PERSON] = UUIDPGetDatum(&scope->person);
	return scope;
}

const char *
ob_access_actor(void)
{
	/* a direct login has none, and need not have its account looked up for that */
	return ob_access_is_authenticator() ? current_scope()->subject : NULL;
}

/*
 * The institutions that the session may enter for: its own, and those that
 * its organisation enters for by proxy today. Kept with the scope.
 */
static ArrayType *
my_institutions(Scope *of, Oid element_type)
{
	Oid			table = ob_common_deployed_table("registry", "proxy");
	Datum	   *codes;
	int			count = 0;
	MemoryContext caller = CurrentMemoryContext;

	if (of->institutions != NULL)
		return of->institutions;

	codes = palloc(sizeof(Datum));
	if (of->has[INSTITUTION])
		codes[count++] = of->value[INSTITUTION];

	if (of->has[ORGANISATION] && OidIsValid(table))
	{
		Oid			argtypes[1] = {INT8OID};
		Datum		values[1] = {of->value[ORGANISATION]};
		OwnerScope	owner;

		ob_common_become_owner(table, &owner);
		SPI_connect();
		if (SPI_execute_with_args("SELECT p.institution "
								  "FROM registry.proxy AS p "
								  "WHERE p.organisation OPERATOR(pg_catalog.=) $1 "
								  "AND p.valid OPERATOR(pg_catalog.@>) outbreak.local_date()",
								  1, argtypes, values, NULL, true, 0) != SPI_OK_SELECT)
			elog(ERROR, "could not read registry.proxy");
		if (SPI_processed > 0)
			codes = MemoryContextAlloc(caller, sizeof(Datum) * (SPI_processed + 1));
		if (of->has[INSTITUTION])
			codes[0] = of->value[INSTITUTION];
		for (uint64 i = 0; i < SPI_processed; i++)
		{
			bool		isnull;

			codes[count++] = SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull);
		}
		SPI_finish();
		ob_common_leave_owner(&owner);
	}

	caller = MemoryContextSwitchTo(scope_context);
	of->institutions = construct_array(codes, count, element_type, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE);
	MemoryContextSwitchTo(caller);
	return of->institutions;
}

/* What the getter of a field returns: its value, or NULL. */
static Datum
get_field(FunctionCallInfo fcinfo, Field field)
{
	Scope	   *mine = current_scope();

	if (!mine->has[field])
		PG_RETURN_NULL();
	return mine->value[field];
}

/* outbreak.my_prefecture() returns smallint */
PG_FUNCTION_INFO_V1(ob_access_my_prefecture);
Datum
ob_access_my_prefecture(PG_FUNCTION_ARGS)
{
	return get_field(fcinfo, PREFECTURE);
}

/* outbreak.my_health_center() returns bigint */
PG_FUNCTION_INFO_V1(ob_access_my_health_center);
Datum
ob_access_my_health_center(PG_FUNCTION_ARGS)
{
	return get_field(fcinfo, HEALTH_CENTER);
}

/* outbreak.my_municipality() returns outbreak.municipality_code */
PG_FUNCTION_INFO_V1(ob_access_my_municipality);
Datum
ob_access_my_municipality(PG_FUNCTION_ARGS)
{
	return get_field(fcinfo, MUNICIPALITY);
}

/* outbreak.my_institution() returns outbreak.institution_code */
PG_FUNCTION_INFO_V1(ob_access_my_institution);
Datum
ob_access_my_institution(PG_FUNCTION_ARGS)
{
	return get_field(fcinfo, INSTITUTION);
}

/* outbreak.my_organisation() returns bigint */
PG_FUNCTION_INFO_V1(ob_access_my_organisation);
Datum
ob_access_my_organisation(PG_FUNCTION_ARGS)
{
	return get_field(fcinfo, ORGANISATION);
}

/* outbreak.my_person() returns uuid. A copy: the scope may be worked out anew while the value is in use. */
PG_FUNCTION_INFO_V1(ob_access_my_person);
Datum
ob_access_my_person(PG_FUNCTION_ARGS)
{
	Scope	   *mine = current_scope();
	pg_uuid_t  *copy;

	if (!mine->has[PERSON])
		PG_RETURN_NULL();
	copy = palloc(sizeof(pg_uuid_t));
	*copy = mine->person;
	PG_RETURN_UUID_P(copy);
}

bool
ob_access_acts_as(const char *role)
{
	Oid			oid = get_role_oid(role, true);

	return OidIsValid(oid) && has_privs_of_role(GetOuterUserId(), oid);
}

/* outbreak.acts_as(role name) returns boolean */
PG_FUNCTION_INFO_V1(ob_access_sql_acts_as);
Datum
ob_access_sql_acts_as(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(ob_access_acts_as(NameStr(*PG_GETARG_NAME(0))));
}

bool
ob_access_is_my_municipality(int32 municipality)
{
	Scope	   *mine = current_scope();

	return mine->has[MUNICIPALITY] && DatumGetInt32(mine->value[MUNICIPALITY]) == municipality;
}

bool
ob_access_is_my_person(const unsigned char *person)
{
	Scope	   *mine = current_scope();

	return mine->has[PERSON] && memcmp(mine->person.data, person, UUID_LEN) == 0;
}

/* outbreak.my_subject() returns text */
PG_FUNCTION_INFO_V1(ob_access_my_subject);
Datum
ob_access_my_subject(PG_FUNCTION_ARGS)
{
	Scope	   *mine = current_scope();

	if (mine->subject == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(mine->subject));
}

/* outbreak.my_institutions() returns outbreak.institution_code[] */
PG_FUNCTION_INFO_V1(ob_access_my_institutions);
Datum
ob_access_my_institutions(PG_FUNCTION_ARGS)
{
	Oid			element_type = get_element_type(get_func_rettype(fcinfo->flinfo->fn_oid));
	ArrayType  *codes = my_institutions(current_scope(), element_type);

	PG_RETURN_POINTER(memcpy(palloc(VARSIZE(codes)), codes, VARSIZE(codes)));
}

/* Adds "key": text as the next member of a JSON object, where there is a text. */
static void
add_member(StringInfo json, const char *key, const char *text)
{
	if (text == NULL)
		return;
	appendStringInfo(json, "%s\"%s\": ", json->len > 1 ? ", " : "", key);
	escape_json(json, text);
}

/*
 * outbreak.scope() returns jsonb: all of it. Numbers too are given as text, as
 * the codes are, so that nobody rounds them.
 */
PG_FUNCTION_INFO_V1(ob_access_scope);
Datum
ob_access_scope(PG_FUNCTION_ARGS)
{
	static const char *const sources[] = {"none", "claims", "account", "withdrawn"};
	Scope	   *mine = current_scope();
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfoChar(&json, '{');
	add_member(&json, "source", sources[mine->source]);
	add_member(&json, "login", GetUserNameFromId(GetSessionUserId(), true));
	add_member(&json, "role", GetUserNameFromId(GetUserId(), true));
	add_member(&json, "subject", mine->subject);
	if (mine->source == SOURCE_ACCOUNT || mine->source == SOURCE_WITHDRAWN)
	{
		add_member(&json, "account", psprintf(INT64_FORMAT, mine->account));
		add_member(&json, "account_role", mine->account_role);
	}
	if (mine->has[PREFECTURE])
		add_member(&json, "prefecture", psprintf("%d", DatumGetInt16(mine->value[PREFECTURE])));
	if (mine->has[HEALTH_CENTER])
		add_member(&json, "health_center", psprintf(INT64_FORMAT, DatumGetInt64(mine->value[HEALTH_CENTER])));
	if (mine->has[MUNICIPALITY])
		add_member(&json, "municipality", psprintf("%06d", DatumGetInt32(mine->value[MUNICIPALITY])));
	if (mine->has[INSTITUTION])
		add_member(&json, "institution", psprintf("%010lld", (long long) DatumGetInt64(mine->value[INSTITUTION])));
	if (mine->has[ORGANISATION])
		add_member(&json, "organisation", psprintf(INT64_FORMAT, DatumGetInt64(mine->value[ORGANISATION])));
	if (mine->has[PERSON])
		add_member(&json, "person", DatumGetCString(DirectFunctionCall1(uuid_out, mine->value[PERSON])));
	appendStringInfoChar(&json, '}');
	PG_RETURN_DATUM(DirectFunctionCall1(jsonb_in, CStringGetDatum(json.data)));
}
