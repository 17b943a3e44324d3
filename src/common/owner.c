/*-------------------------------------------------------------------------
 *
 * owner.c
 *		Reading and writing deployed tables on behalf of the system.
 *
 * Queries run in this scope must qualify every name and operator: the
 * search_path is still the caller's.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "common/owner.h"

Oid
ob_common_deployed_table(const char *schema, const char *table)
{
	Oid			namespace = get_namespace_oid(schema, true);

	return OidIsValid(namespace) ? get_relname_relid(table, namespace) : InvalidOid;
}

void
ob_common_become_owner(Oid table, OwnerScope *scope)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(table));
	Oid			owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for relation %u", table);
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);

	GetUserIdAndSecContext(&scope->saved_user, &scope->saved_context);
	/*
	 * Without FORCE ROW LEVEL SECURITY: the owner's policies let everything
	 * through anyway, but under row_security = off, as pg_restore sets it, they
	 * would raise an error instead.
	 */
	SetUserIdAndSecContext(owner, scope->saved_context | SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS);
}

void
ob_common_leave_owner(const OwnerScope *scope)
{
	SetUserIdAndSecContext(scope->saved_user, scope->saved_context);
}
