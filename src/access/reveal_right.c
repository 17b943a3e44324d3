/*-------------------------------------------------------------------------
 *
 * reveal_right.c
 *		Who may reveal sealed values of which purpose.
 *
 * Invariants
 *		What was allowed is remembered for one statement and one user, so that
 *		a right that is taken, and a SET ROLE, count from the next one on.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "access/data_key.h"
#include "access/reveal_right.h"
#include "common/compat.h"

/* Columns of access.reveal_right */
enum
{
	REVEAL_RIGHT_PURPOSE = 1,
	REVEAL_RIGHT_ROLE,
	REVEAL_RIGHT_COLUMNS = REVEAL_RIGHT_ROLE
};

#define PURPOSES	8

/* Purposes that `user` may reveal in this statement. */
static struct
{
	uint64		moment;
	Oid			user;
	int			count;
	char		purpose[PURPOSES][SEAL_PURPOSE_MAX + 1];
}			allowed;

/* Is there a row of the purpose for a role whose rights the user has? */
static bool
has_right(Oid user, const char *purpose)
{
	static const Oid types[] = {TEXTOID, TEXTOID};
	Relation	rel = table_open(ob_access_key_table("reveal_right", REVEAL_RIGHT_COLUMNS, types), AccessShareLock);
	Snapshot	snapshot = ob_access_latest_snapshot();
	SysScanDesc scan = systable_beginscan(rel, InvalidOid, false, snapshot, 0, NULL);
	HeapTuple	tuple;
	bool		may = false;

	while (!may && HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		bool		isnull;
		Datum		its = heap_getattr(tuple, REVEAL_RIGHT_PURPOSE, RelationGetDescr(rel), &isnull);
		Oid			role;

		if (strcmp(TextDatumGetCString(its), purpose) != 0)
			continue;
		its = heap_getattr(tuple, REVEAL_RIGHT_ROLE, RelationGetDescr(rel), &isnull);
		role = get_role_oid(TextDatumGetCString(its), true);
		may = OidIsValid(role) && has_privs_of_role(user, role);
	}
	systable_endscan(scan);
	UnregisterSnapshot(snapshot);
	table_close(rel, NoLock);
	return may;
}

bool
ob_access_may_reveal(const char *purpose)
{
	uint64		moment = ob_access_key_moment();
	Oid			user = GetUserId();

	if (allowed.moment != moment || allowed.user != user)
		allowed.count = 0;
	allowed.moment = moment;
	allowed.user = user;
	for (int i = 0; i < allowed.count; i++)
		if (strcmp(allowed.purpose[i], purpose) == 0)
			return true;
	if (!superuser() && !has_right(user, purpose))
		return false;
	if (allowed.count < PURPOSES)
		strlcpy(allowed.purpose[allowed.count++], purpose, SEAL_PURPOSE_MAX + 1);
	return true;
}
