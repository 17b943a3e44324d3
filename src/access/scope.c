/*-------------------------------------------------------------------------
 *
 * scope.c
 *		Whom a session acts for: prefecture, institution, organisation.
 *
 * Anybody who can run SQL can set request.jwt.claims, so the claims are
 * believed only in sessions whose login role is the configured authenticator
 * (what PostgREST logs in as). Every other session has the scope of its login
 * role in access.account. Nothing found, or a value of the wrong shape, is an
 * empty scope: the getters return NULL, and policies let nothing through.
 *
 * A scope is worked out once a transaction, and again when the claims or the
 * session user change within it. The getters are LEAKPROOF: they take no
 * argument and raise no error that depends on rows.
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
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#include "access/scope.h"
#include "common/owner.h"
#include "common/settings.h"
#include "registry/code_kernel.h"

typedef struct Scope
{
	LocalTransactionId transaction; /* the transaction it was worked out in */
	Oid			session_user;
	char	   *claims;			/* the claims that it comes from, or NULL */

	bool		has_prefecture;
	bool		has_institution;
	bool		has_organisation;
	int16		prefecture;
	int64		institution;
	int64		organisation;

	char	   *actor;			/* "sub" of the claims, or NULL */
	ArrayType  *institutions;	/* own and proxied; NULL until asked for */
} Scope;

static MemoryContext scope_context = NULL;
static Scope *scope = NULL;

/* Sets up the memory that holds the current scope. */
void
ob_access_init(void)
{
	scope_context = AllocSetContextCreate(TopMemoryContext, "outbreak scope", ALLOCSET_SMALL_SIZES);
}

/* Is the login role of this session the one that speaks for others? */
static bool
is_authenticator(void)
{
	char	   *login = GetUserNameFromId(GetSessionUserId(), true);

	return login != NULL && strcmp(login, ob_access_authenticator) == 0;
}

/*
 * The claim of that name as text in C locale: a string as it is, a number in
 * digits. NULL when it is absent or of another kind.
 */
static char *
claim_text(Jsonb *claims, const char *name)
{
	JsonbValue	buffer;
	JsonbValue *value;

	if (!JB_ROOT_IS_OBJECT(claims))
		return NULL;
	value = getKeyJsonValueFromContainer(&claims->root, name, strlen(name), &buffer);
	if (value == NULL)
		return NULL;
	if (value->type == jbvString)
		return pnstrdup(value->val.string.val, value->val.string.len);
	if (value->type == jbvNumeric)
		return DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
	return NULL;
}

/* Reads a whole number between 1 and max; false for anything else. */
static bool
claim_number(Jsonb *claims, const char *name, int64 max, int64 *number)
{
	char	   *text = claim_text(claims, name);
	char	   *end;

	if (text == NULL || *text == '\0')
		return false;
	errno = 0;
	*number = strtoll(text, &end, 10);
	return errno == 0 && *end == '\0' && *number >= 1 && *number <= max;
}

/* Reads an institution code; false when the text is none. */
static bool
read_institution(const char *text, int64 *institution)
{
	CodeReading reading;

	if (ob_registry_code_parse(CODE_INSTITUTION, text, strlen(text), 0, &reading) != CODE_OK)
		return false;
	*institution = reading.value;
	return true;
}

/* Fills the scope from a token's claims. */
static void
read_claims(Scope *into, const char *text)
{
	Jsonb	   *claims = DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(text)));
	int64		number;
	char	   *code = claim_text(claims, "sub");

	if (code != NULL)
		into->actor = MemoryContextStrdup(scope_context, code);
	if (claim_number(claims, "prefecture", 47, &number))
	{
		into->has_prefecture = true;
		into->prefecture = (int16) number;
	}
	into->has_organisation = claim_number(claims, "organisation", PG_INT64_MAX, &into->organisation);
	code = claim_text(claims, "institution");
	if (code != NULL)
		into->has_institution = read_institution(code, &into->institution);
}

/* Fills the scope from the account of the login role, if there is one. */
static void
read_account(Scope *into)
{
	Oid			table = ob_common_deployed_table("access", "account");
	Oid			argtypes[1] = {TEXTOID};
	Datum		values[1];
	OwnerScope	owner;
	char	   *login = GetUserNameFromId(GetSessionUserId(), true);

	if (!OidIsValid(table) || login == NULL)
		return;
	values[0] = CStringGetTextDatum(login);

	ob_common_become_owner(table, &owner);
	SPI_connect();
	if (SPI_execute_with_args("SELECT a.prefecture, a.institution, a.organisation "
							  "FROM access.account AS a "
							  "WHERE a.login OPERATOR(pg_catalog.=) $1 "
							  "AND a.valid OPERATOR(pg_catalog.@>) outbreak.local_date()",
							  1, argtypes, values, NULL, true, 1) != SPI_OK_SELECT)
		elog(ERROR, "could not read access.account");
	if (SPI_processed > 0)
	{
		HeapTuple	row = SPI_tuptable->vals[0];
		TupleDesc	desc = SPI_tuptable->tupdesc;
		bool		isnull;

		into->prefecture = DatumGetInt16(SPI_getbinval(row, desc, 1, &isnull));
		into->has_prefecture = !isnull;
		into->institution = DatumGetInt64(SPI_getbinval(row, desc, 2, &isnull));
		into->has_institution = !isnull;
		into->organisation = DatumGetInt64(SPI_getbinval(row, desc, 3, &isnull));
		into->has_organisation = !isnull;
	}
	SPI_finish();
	ob_common_leave_owner(&owner);
}

/* The scope of this session in this transaction. */
static Scope *
current_scope(void)
{
	const char *claims = GetConfigOption("request.jwt.claims", true, false);
	LocalTransactionId transaction = MyProc->lxid;
	Oid			session_user = GetSessionUserId();
	Scope		fresh;

	if (scope != NULL && scope->transaction == transaction && scope->session_user == session_user &&
		(scope->claims == NULL || (claims != NULL && strcmp(scope->claims, claims) == 0)))
		return scope;

	/* Built aside, so that an error leaves no half-made scope behind. */
	memset(&fresh, 0, sizeof(fresh));
	fresh.transaction = transaction;
	fresh.session_user = session_user;
	scope = NULL;
	MemoryContextReset(scope_context);

	if (is_authenticator())
	{
		if (claims == NULL)
			claims = "";
		if (*claims != '\0')
			read_claims(&fresh, claims);
		fresh.claims = MemoryContextStrdup(scope_context, claims);
	}
	else
		read_account(&fresh);

	scope = MemoryContextAlloc(scope_context, sizeof(Scope));
	*scope = fresh;
	return scope;
}

const char *
ob_access_actor(void)
{
	return current_scope()->actor;
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
	if (of->has_institution)
		codes[count++] = Int64GetDatum(of->institution);

	if (of->has_organisation && OidIsValid(table))
	{
		Oid			argtypes[1] = {INT8OID};
		Datum		values[1] = {Int64GetDatum(of->organisation)};
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
		if (of->has_institution)
			codes[0] = Int64GetDatum(of->institution);
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

/* outbreak.my_prefecture() returns smallint */
PG_FUNCTION_INFO_V1(ob_access_my_prefecture);
Datum
ob_access_my_prefecture(PG_FUNCTION_ARGS)
{
	Scope	   *mine = current_scope();

	if (!mine->has_prefecture)
		PG_RETURN_NULL();
	PG_RETURN_INT16(mine->prefecture);
}

/* outbreak.my_institution() returns outbreak.institution_code */
PG_FUNCTION_INFO_V1(ob_access_my_institution);
Datum
ob_access_my_institution(PG_FUNCTION_ARGS)
{
	Scope	   *mine = current_scope();

	if (!mine->has_institution)
		PG_RETURN_NULL();
	PG_RETURN_INT64(mine->institution);
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

/* outbreak.my_organisation() returns bigint */
PG_FUNCTION_INFO_V1(ob_access_my_organisation);
Datum
ob_access_my_organisation(PG_FUNCTION_ARGS)
{
	Scope	   *mine = current_scope();

	if (!mine->has_organisation)
		PG_RETURN_NULL();
	PG_RETURN_INT64(mine->organisation);
}
